/* SPDX-License-Identifier: MIT */
/* accept -- see accept.h. */
#include "accept.h"

#include <string.h>
#include <strings.h>

#include "http.h"

struct media_range {
	struct span type, subtype;
	int quality;
	bool narrow; /* a parameter that nothing here has */
};

enum {
	PRECISE = 3, /* precision() of a range that is the type itself */
};

static bool
is_char(struct span s, char c)
{
	return s.len > 0 && *s.at == c;
}

static void
move_on(struct span *s, size_t n)
{
	s->at += n;
	s->len -= n;
}

static void
skip_ows(struct span *s)
{
	while (is_char(*s, ' ') || is_char(*s, '\t'))
		move_on(s, 1);
}

/* A token off the front; false when there is none. */
static bool
take_http_token(struct span *s, struct span *token)
{
	size_t n = 0;

	while (n < s->len && s->at[n] != '\0' &&
	       strchr(http_token_chars, s->at[n]) != NULL)
		n++;
	*token = (struct span){s->at, n};
	move_on(s, n);
	return n > 0;
}

/* The same for a quoted string, without its quotes, escapes as they are. */
static bool
take_quoted_string(struct span *s, struct span *text)
{
	size_t n = 1;

	if (!is_char(*s, '"'))
		return false;
	while (n < s->len && s->at[n] != '"')
		n += s->at[n] == '\\' ? 2 : 1;
	if (n >= s->len)
		return false;
	*text = (struct span){s->at + 1, n - 1};
	move_on(s, n + 1);
	return true;
}

static bool
same_word(struct span s, const char *word, size_t len)
{
	return s.len == len && strncasecmp(s.at, word, len) == 0;
}

/* A qvalue: 0 or 1 and up to three digits; -1 for anything else. */
static int
quality_of(struct span s)
{
	int q, unit = ACCEPT_QUALITY_ONE;

	if ((!is_char(s, '0') && !is_char(s, '1')) || s.len > 5 ||
	    (s.len > 1 && s.at[1] != '.'))
		return -1;
	q = (s.at[0] - '0') * unit;
	for (size_t i = 2; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return -1;
		unit /= 10;
		q += (s.at[i] - '0') * unit;
	}
	return q <= ACCEPT_QUALITY_ONE ? q : -1;
}

/* ";name=value" behind a range; what follows q is an extension. */
static bool
take_parameter(struct span *s, struct media_range *range, bool *weighed)
{
	struct span name, value;

	move_on(s, 1); /* the ';' */
	skip_ows(s);
	if (!take_http_token(s, &name))
		return s->len == 0 || is_char(*s, ';') || is_char(*s, ',');
	if (!is_char(*s, '='))
		return *weighed;
	move_on(s, 1);
	if (!take_http_token(s, &value) && !take_quoted_string(s, &value))
		return false;
	if (*weighed)
		return true;
	if (same_word(name, "q", 1)) {
		*weighed = true;
		range->quality = quality_of(value);
		return range->quality >= 0;
	}
	range->narrow = range->narrow || !same_word(name, "charset", 7) ||
	                !same_word(value, "utf-8", 5);
	return true;
}

/* A range off the front, up to its comma or the end. */
static bool
take_range(struct span *s, struct media_range *range)
{
	bool weighed = false;

	*range = (struct media_range){.quality = ACCEPT_QUALITY_ONE};
	if (!take_http_token(s, &range->type) || !is_char(*s, '/'))
		return false;
	move_on(s, 1);
	if (!take_http_token(s, &range->subtype))
		return false;
	skip_ows(s);
	while (is_char(*s, ';')) {
		if (!take_parameter(s, range, &weighed))
			return false;
		skip_ows(s);
	}
	return s->len == 0 || is_char(*s, ',');
}

/* How precisely a range names a type: 3, 2 for "application/ *", 1 for any; 0
 * when it does not. */
static int
precision(const struct media_range *range, const char *type)
{
	size_t len = strcspn(type, "/");
	const char *subtype = type + len + 1;

	if (range->narrow)
		return 0;
	if (same_word(range->type, "*", 1))
		return same_word(range->subtype, "*", 1) ? 1 : 0;
	if (!same_word(range->type, type, len))
		return 0;
	if (same_word(range->subtype, "*", 1))
		return 2;
	return same_word(range->subtype, subtype, strlen(subtype)) ? PRECISE
	                                                           : 0;
}

int
accept_quality(struct span accept, const char *type, bool *named)
{
	int best = 0, quality = 0, precise;
	struct media_range range;
	struct span quoted;

	*named = false;
	skip_ows(&accept);
	if (accept.len == 0)
		return ACCEPT_QUALITY_ONE;
	while (accept.len > 0) {
		bool good = take_range(&accept, &range);

		while (accept.len > 0 && *accept.at != ',')
			if (!take_quoted_string(&accept, &quoted))
				move_on(&accept, 1);
		if (accept.len > 0)
			move_on(&accept, 1);
		skip_ows(&accept);
		precise = good ? precision(&range, type) : 0;
		if (precise == 0 || precise < best)
			continue;
		if (precise > best || range.quality > quality)
			quality = range.quality;
		best = precise;
		*named = precise == PRECISE;
	}
	return quality;
}
