/* SPDX-License-Identifier: MIT */
/*
 * email -- see email.h.  An address is read as two lists of parts with dots
 * between, left and right of the first "@"; a second one is in no alphabet.
 */
#include "email.h"

#include <string.h>
#include <utf8proc.h>

#include "utf8.h"

enum {
	LOCAL_MAX_BYTES = 64,   /* RFC 5321, 4.5.3.1.1 */
	DOMAIN_MAX_BYTES = 255, /* RFC 5321, 4.5.3.1.2 */
	LABEL_MAX_BYTES = 63,   /* RFC 1035, 2.3.4 */
};

static bool
is_alphanumeric(int32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Forms of another width: of "@" and "." there are three more each. */
static bool
is_odd_form(int32_t c)
{
	switch (utf8proc_get_property(c)->decomp_type) {
	case UTF8PROC_DECOMP_TYPE_WIDE:
	case UTF8PROC_DECOMP_TYPE_NARROW:
	case UTF8PROC_DECOMP_TYPE_SMALL:
		return true;
	default:
		return false;
	}
}

/* atext: RFC 5322, 3.2.3, and RFC 6531, 3.3. */
static bool
is_local(int32_t c)
{
	if (c < 0x80)
		return is_alphanumeric(c) ||
		       (c != 0 && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CF:
		return false;
	default:
		return !utf8_is_invisible(c) && !is_odd_form(c);
	}
}

/* LetterDigits: RFC 5892, 2.1. */
static bool
is_domain(int32_t c)
{
	if (c < 0x80)
		return is_alphanumeric(c) || c == '-';
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ND:
		return !utf8_is_invisible(c) && !is_odd_form(c);
	default:
		return false;
	}
}

/* One part: not empty, no mark first, all of it from the alphabet. */
static bool
is_part(struct span part, bool (*is_in)(int32_t c))
{
	bool first = true;
	int32_t c;

	if (part.len == 0)
		return false;
	while (utf8_next(&part, &c)) {
		if (!is_in(c) || (first && utf8_is_mark(c)))
			return false;
		first = false;
	}
	return part.len == 0;
}

static bool
is_label(struct span part)
{
	return part.len <= LABEL_MAX_BYTES && is_part(part, is_domain) &&
	       part.at[0] != '-' && part.at[part.len - 1] != '-';
}

static bool
is_atom(struct span part)
{
	return is_part(part, is_local);
}

/* Whether each part of s between its dots is one. */
static bool
is_dotted(struct span s, bool (*is_one)(struct span part))
{
	for (;;) {
		const char *dot = s.len > 0 ? memchr(s.at, '.', s.len) : NULL;
		struct span part = s;

		if (dot == NULL)
			return is_one(part);
		part.len = (size_t)(dot - s.at);
		if (!is_one(part))
			return false;
		s.at = dot + 1;
		s.len -= part.len + 1;
	}
}

bool
email_is_address(struct span text)
{
	const char *at = text.len > 0 ? memchr(text.at, '@', text.len) : NULL;
	struct span local, domain;

	if (at == NULL)
		return false;
	local = (struct span){text.at, (size_t)(at - text.at)};
	domain = (struct span){at + 1, text.len - local.len - 1};
	return local.len <= LOCAL_MAX_BYTES && domain.len <= DOMAIN_MAX_BYTES &&
	       is_dotted(local, is_atom) && is_dotted(domain, is_label);
}
