/* SPDX-License-Identifier: MIT */
/*
 * json_in -- JSON from outside: three looks at the same bytes.
 *
 * 1. utf8_length(): json-c's own check lets overlong forms and surrogates by.
 * 2. scan(): token by token, what json-c 0.16 takes though RFC 8259 does not
 *    (NaN, Infinity, control characters), changes silently (integers out of
 *    range, lone surrogates), or what is awkward later (\u0000, depth).
 * 3. json-c: the grammar, and the tree.  It keeps the last of two equal keys,
 *    so a tree with fewer members than the text has colons lost one.
 *
 * Nothing recurses before the depth is known to be JSON_IN_DEPTH_MAX or less.
 */
#include "json_in.h"

#include <json-c/json.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

struct scan {
	const char *at;
	const char *end;
	size_t colons; /* outside strings: one for each member */
	int depth;     /* open objects and lists */
};

/* What the tree holds. */
struct tally {
	size_t members;
	bool infinite; /* a number too big for a double */
};

/* Four hexadecimal digits, or -1. */
static int
scan_unit(struct scan *s)
{
	int unit = 0;

	if (s->end - s->at < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char c = *s->at++;

		if (c >= '0' && c <= '9')
			unit = unit * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			unit = unit * 16 + (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			unit = unit * 16 + (c - 'A' + 10);
		else
			return -1;
	}
	return unit;
}

/* What follows a backslash.  Source: RFC 8259, section 7. */
static enum json_in_status
scan_escape(struct scan *s)
{
	int unit;

	if (s->at == s->end)
		return JSON_IN_BAD;
	if (*s->at != 'u') {
		if (memchr("\"\\/bfnrt", *s->at, 8) == NULL)
			return JSON_IN_BAD;
		s->at++;
		return JSON_IN_OK;
	}
	s->at++;
	unit = scan_unit(s);
	if (unit == 0)
		return JSON_IN_NUL;
	if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return JSON_IN_BAD;
	if (unit < 0xd800 || unit > 0xdbff)
		return JSON_IN_OK;
	/* The first half of a surrogate pair: the second must follow. */
	if (s->end - s->at < 2 || s->at[0] != '\\' || s->at[1] != 'u')
		return JSON_IN_BAD;
	s->at += 2;
	unit = scan_unit(s);
	return unit >= 0xdc00 && unit <= 0xdfff ? JSON_IN_OK : JSON_IN_BAD;
}

static enum json_in_status
scan_string(struct scan *s)
{
	s->at++;
	while (s->at < s->end) {
		unsigned char c = (unsigned char)*s->at++;
		enum json_in_status status;

		if (c == '"')
			return JSON_IN_OK;
		if (c < 0x20)
			return JSON_IN_BAD;
		if (c != '\\')
			continue;
		status = scan_escape(s);
		if (status != JSON_IN_OK)
			return status;
	}
	return JSON_IN_BAD;
}

static size_t
scan_digits(struct scan *s)
{
	const char *start = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return (size_t)(s->at - start);
}

/* Whether n digits without leading zeros are beyond int64_t. */
static bool
beyond_int64(const char *digits, size_t n, bool negative)
{
	static const char most[] = "9223372036854775807";
	static const char least[] = "9223372036854775808";

	if (n != sizeof(most) - 1)
		return n > sizeof(most) - 1;
	return memcmp(digits, negative ? least : most, n) > 0;
}

static enum json_in_status
scan_number(struct scan *s)
{
	bool negative = *s->at == '-', whole = true;
	const char *digits;
	size_t n;

	if (negative)
		s->at++;
	digits = s->at;
	n = scan_digits(s);
	if (n == 0 || (n > 1 && *digits == '0'))
		return JSON_IN_BAD;
	if (s->at < s->end && *s->at == '.') {
		whole = false;
		s->at++;
		if (scan_digits(s) == 0)
			return JSON_IN_BAD;
	}
	if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
		whole = false;
		s->at++;
		if (s->at < s->end && (*s->at == '+' || *s->at == '-'))
			s->at++;
		if (scan_digits(s) == 0)
			return JSON_IN_BAD;
	}
	return whole && beyond_int64(digits, n, negative) ? JSON_IN_BIG_NUMBER
	                                                  : JSON_IN_OK;
}

static enum json_in_status
scan_word(struct scan *s)
{
	static const char *const words[] = {"true", "false", "null"};

	for (size_t i = 0; i < LENGTH(words); i++) {
		size_t n = strlen(words[i]);

		if ((size_t)(s->end - s->at) < n ||
		    memcmp(s->at, words[i], n) != 0)
			continue;
		s->at += n;
		return JSON_IN_OK;
	}
	return JSON_IN_BAD;
}

/* One token or one white space; the order of tokens is json-c's to judge. */
static enum json_in_status
scan_token(struct scan *s)
{
	switch (*s->at) {
	case '"':
		return scan_string(s);
	case '{':
	case '[':
		s->depth++;
		break;
	case '}':
	case ']':
		s->depth--;
		break;
	case ':':
		s->colons++;
		break;
	case ',':
	case ' ':
	case '\t':
	case '\n':
	case '\r':
		break;
	case 't':
	case 'f':
	case 'n':
		return scan_word(s);
	default:
		return scan_number(s);
	}
	s->at++;
	if (s->depth > JSON_IN_DEPTH_MAX)
		return JSON_IN_TOO_DEEP;
	return s->depth < 0 ? JSON_IN_BAD : JSON_IN_OK;
}

/* Recurses at most JSON_IN_DEPTH_MAX deep: scan() has seen to it. */
static void
count(struct json_object *value, struct tally *tally)
{
	switch (json_object_get_type(value)) {
	case json_type_object: {
		json_object_object_foreach(value, key, member)
		{
			(void)key;
			tally->members++;
			count(member, tally);
		}
		break;
	}
	case json_type_array:
		for (size_t i = 0; i < json_object_array_length(value); i++)
			count(json_object_array_get_idx(value, i), tally);
		break;
	case json_type_double:
		if (!isfinite(json_object_get_double(value)))
			tally->infinite = true;
		break;
	default:
		break;
	}
}

/* The tree, with json-c; *root may be NULL on JSON_IN_OK. */
static enum json_in_status
parse(const char *text, size_t len, struct json_object **root)
{
	struct json_tokener *tok;
	enum json_tokener_error error;

	/* json-c needs one level more for the values in the last list. */
	tok = json_tokener_new_ex(JSON_IN_DEPTH_MAX + 1);
	if (tok == NULL)
		abort();
	json_tokener_set_flags(
	    tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*root = json_tokener_parse_ex(tok, text, (int)len);
	error = json_tokener_get_error(tok);
	if (error == json_tokener_continue) {
		/* "12" could go on: its end is told by a NUL. */
		*root = json_tokener_parse_ex(tok, "", 1);
		error = json_tokener_get_error(tok);
	}
	json_tokener_free(tok);
	if (error == json_tokener_success)
		return JSON_IN_OK;
	json_object_put(*root);
	*root = NULL;
	return JSON_IN_BAD;
}

enum json_in_status
json_in_parse(const char *text, size_t len, struct json_object **root)
{
	struct scan s = {.at = text};
	struct tally tally = {0};
	enum json_in_status status;

	*root = NULL;
	if (len == 0 || len >= INT_MAX || utf8_length(text, len) < 0)
		return JSON_IN_BAD;
	s.end = text + len;
	while (s.at < s.end) {
		status = scan_token(&s);
		if (status != JSON_IN_OK)
			return status;
	}
	status = parse(text, len, root);
	if (status != JSON_IN_OK)
		return status;
	count(*root, &tally);
	if (tally.members == s.colons && !tally.infinite)
		return JSON_IN_OK;
	json_object_put(*root);
	*root = NULL;
	return tally.infinite ? JSON_IN_BIG_NUMBER : JSON_IN_TWICE;
}

const char *
json_in_message(enum json_in_status status)
{
	switch (status) {
	case JSON_IN_OK:
		return "is valid JSON";
	case JSON_IN_BAD:
		break;
	case JSON_IN_TOO_DEEP:
		return "is nested too deeply";
	case JSON_IN_TWICE:
		return "has the same key twice";
	case JSON_IN_NUL:
		return "has a NUL character";
	case JSON_IN_BIG_NUMBER:
		return "has a number out of range";
	}
	return "is not valid JSON";
}
