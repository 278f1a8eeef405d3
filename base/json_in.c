/* SPDX-License-Identifier: MIT */
/*
 * json_in -- JSON from outside: three looks at the same bytes.
 *
 * 1. utf8_length(): are they UTF-8?
 * 2. scan(): are they JSON, within the bounds?  It allocates nothing, so that
 *    this answer does not depend on memory.
 * 3. build(): the tree.  What it reads is JSON by then, so it can fail for a
 *    key that stands twice, for a number beyond double, and for lack of memory.
 *
 * The parser of json-c 0.16 is not used: it does not look at what malloc(3)
 * returns.  A key then crashes it or becomes "", a text becomes "" or null, and
 * a member is lost.  It also takes NaN, control characters and equal keys.
 *
 * Nothing recurses.
 */
#include "json_in.h"

#include <json-c/json.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

/* What may come next. */
enum expect {
	A_VALUE,
	A_VALUE_OR_END, /* after [ */
	A_KEY,
	A_KEY_OR_END, /* after { */
	A_COLON,
	A_COMMA_OR_END,
	NOTHING, /* but white space: the value is whole */
};

struct scan {
	const char *at;
	const char *end;
	enum expect expect;
	int values;
	int depth;                      /* open objects and lists */
	bool object[JSON_IN_DEPTH_MAX]; /* which of them are objects */
};

struct build {
	const char *at;
	const char *end;
	struct json_object *root;
	int depth;
	struct json_object *open[JSON_IN_DEPTH_MAX]; /* parts of the root */
	char *key; /* of the member whose value comes next, or NULL */
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

/* A value is whole, or an object or list closed. */
static void
scan_after(struct scan *s)
{
	s->expect = s->depth > 0 ? A_COMMA_OR_END : NOTHING;
}

static enum json_in_status
scan_value(struct scan *s)
{
	enum json_in_status status;

	if (++s->values > JSON_IN_VALUES_MAX)
		return JSON_IN_TOO_MANY;
	switch (*s->at) {
	case '{':
	case '[':
		if (s->depth == JSON_IN_DEPTH_MAX)
			return JSON_IN_TOO_DEEP;
		s->object[s->depth++] = *s->at == '{';
		s->expect = *s->at == '{' ? A_KEY_OR_END : A_VALUE_OR_END;
		s->at++;
		return JSON_IN_OK;
	case '"':
		status = scan_string(s);
		break;
	case 't':
	case 'f':
	case 'n':
		status = scan_word(s);
		break;
	default:
		status = scan_number(s);
		break;
	}
	scan_after(s);
	return status;
}

/* A comma or the end, in an object or a list. */
static enum json_in_status
scan_next(struct scan *s)
{
	bool object = s->object[s->depth - 1];

	if (*s->at == ',') {
		s->expect = object ? A_KEY : A_VALUE;
	} else if (*s->at == (object ? '}' : ']')) {
		s->depth--;
		scan_after(s);
	} else {
		return JSON_IN_BAD;
	}
	s->at++;
	return JSON_IN_OK;
}

/* One token, or one white space. */
static enum json_in_status
scan_token(struct scan *s)
{
	char c = *s->at;

	if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		s->at++;
		return JSON_IN_OK;
	}
	switch (s->expect) {
	case A_VALUE_OR_END:
		return c == ']' ? scan_next(s) : scan_value(s);
	case A_VALUE:
		return scan_value(s);
	case A_KEY_OR_END:
		if (c == '}')
			return scan_next(s);
		/* fallthrough */
	case A_KEY:
		s->expect = A_COLON;
		return c == '"' ? scan_string(s) : JSON_IN_BAD;
	case A_COLON:
		s->expect = A_VALUE;
		s->at++;
		return c == ':' ? JSON_IN_OK : JSON_IN_BAD;
	case A_COMMA_OR_END:
		return scan_next(s);
	case NOTHING:
		break;
	}
	return JSON_IN_BAD;
}

static enum json_in_status
scan(const char *text, size_t len)
{
	struct scan s = {.at = text, .end = text + len};

	while (s.at < s.end) {
		enum json_in_status status = scan_token(&s);

		if (status != JSON_IN_OK)
			return status;
	}
	return s.expect == NOTHING ? JSON_IN_OK : JSON_IN_BAD;
}

/* From here on the text is JSON. */

/* Source: RFC 3629, section 3. */
static char *
put_character(char *to, unsigned c)
{
	if (c < 0x80) {
		*to++ = (char)c;
		return to;
	}
	if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*to++ = (char)(0xe0 | c >> 12);
		} else {
			*to++ = (char)(0xf0 | c >> 18);
			*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*to++ = (char)(0x80 | (c & 0x3f));
	return to;
}

/* Four digits of \uXXXX; *at is behind the u. */
static unsigned
take_unit(const char **at)
{
	struct scan s = {.at = *at, .end = *at + 4};

	*at += 4;
	return (unsigned)scan_unit(&s);
}

static unsigned
take_character(const char **at)
{
	unsigned unit = take_unit(at);

	if (unit < 0xd800 || unit > 0xdbff)
		return unit;
	*at += 2; /* the \u of the other half */
	return 0x10000 + ((unit - 0xd800) << 10) + (take_unit(at) - 0xdc00);
}

/* Decode what stands between two quotes; the bytes written to out, at most as
 * many as were read. */
static size_t
unescape(struct span raw, char *out)
{
	static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	const char *at = raw.at, *end = raw.at + raw.len, *letter;
	char *to = out;

	while (at < end) {
		const char *slash = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((slash != NULL ? slash : end) - at);

		memcpy(to, at, plain);
		to += plain;
		if (slash == NULL)
			break;
		at = slash + 2;
		letter = strchr(letters, slash[1]);
		if (slash[1] == 'u')
			to = put_character(to, take_character(&at));
		else
			*to++ = letter != NULL ? meanings[letter - letters]
			                       : slash[1];
	}
	return (size_t)(to - out);
}

/* What stands between the quotes at b->at, which goes behind them. */
static struct span
take_quoted(struct build *b)
{
	const char *start = ++b->at;

	while (*b->at != '"')
		b->at += *b->at == '\\' ? 2 : 1;
	return (struct span){start, (size_t)(b->at++ - start)};
}

static struct json_object *
take_string(struct build *b)
{
	struct span raw = take_quoted(b);
	struct json_object *value;
	char *text;

	/* Few texts have anything escaped. */
	if (memchr(raw.at, '\\', raw.len) == NULL)
		return json_object_new_string_len(raw.at, (int)raw.len);
	text = malloc(raw.len);
	if (text == NULL)
		return NULL;
	value = json_object_new_string_len(text, (int)unescape(raw, text));
	free(text);
	return value;
}

/* Of text that is in the range of int64_t: downwards, which has one more. */
static int64_t
whole_number(const char *text, size_t len)
{
	bool negative = *text == '-';
	int64_t n = 0;

	for (size_t i = negative ? 1 : 0; i < len; i++)
		n = n * 10 - (text[i] - '0');
	return negative ? n : -n;
}

/* strtod(3) wants a NUL, and json-c keeps the text: it writes that again.  The
 * locale is always C. */
static enum json_in_status
make_double(const char *text, size_t len, struct json_object **value)
{
	enum json_in_status status = JSON_IN_OK;
	char *copy = malloc(len + 1);
	double n;

	if (copy == NULL)
		return JSON_IN_NO_MEMORY;
	memcpy(copy, text, len);
	copy[len] = '\0';
	n = strtod(copy, NULL);
	if (!isfinite(n))
		status = JSON_IN_BIG_NUMBER;
	else
		*value = json_object_new_double_s(n, copy);
	free(copy);
	return status;
}

static enum json_in_status
make_number(struct build *b, struct json_object **value)
{
	const char *start = b->at;
	bool whole = true;
	size_t len;

	while (b->at < b->end && strchr("+-.0123456789Ee", *b->at) != NULL) {
		if (strchr(".Ee", *b->at) != NULL)
			whole = false;
		b->at++;
	}
	len = (size_t)(b->at - start);
	if (!whole)
		return make_double(start, len, value);
	*value = json_object_new_int64(whole_number(start, len));
	return JSON_IN_OK;
}

/* The value at b->at, an object or list still empty. */
static enum json_in_status
make_value(struct build *b, struct json_object **value)
{
	enum json_in_status status = JSON_IN_OK;

	*value = NULL;
	switch (*b->at) {
	case '{':
		b->at++;
		*value = json_object_new_object();
		break;
	case '[':
		b->at++;
		*value = json_object_new_array();
		break;
	case '"':
		*value = take_string(b);
		break;
	case 't':
		b->at += strlen("true");
		*value = json_object_new_boolean(true);
		break;
	case 'f':
		b->at += strlen("false");
		*value = json_object_new_boolean(false);
		break;
	case 'n':
		b->at += strlen("null");
		return JSON_IN_OK; /* json-c has NULL for it */
	default:
		status = make_number(b, value);
		break;
	}
	if (status == JSON_IN_OK && *value == NULL)
		status = JSON_IN_NO_MEMORY;
	return status;
}

/*
 * A member of the object that is open, whose key is b->key.  Into the table of
 * the object, because json_object_object_add() loses the copy of the key when
 * the table cannot grow.
 */
static enum json_in_status
add_member(struct build *b, struct json_object *value)
{
	struct lh_table *members =
	    json_object_get_object(b->open[b->depth - 1]);
	unsigned long hash = lh_get_hash(members, b->key);

	if (lh_table_lookup_entry_w_hash(members, b->key, hash) != NULL)
		return JSON_IN_TWICE;
	if (lh_table_insert_w_hash(members, b->key, value, hash, 0) != 0)
		return JSON_IN_NO_MEMORY;
	b->key = NULL; /* is the object's now */
	return JSON_IN_OK;
}

/* The tree takes the value, or it is given back. */
static enum json_in_status
add_value(struct build *b, struct json_object *value)
{
	enum json_in_status status = JSON_IN_OK;

	if (b->depth == 0)
		b->root = value;
	else if (b->key != NULL)
		status = add_member(b, value);
	else if (json_object_array_add(b->open[b->depth - 1], value) != 0)
		status = JSON_IN_NO_MEMORY;
	if (status != JSON_IN_OK)
		json_object_put(value);
	return status;
}

static enum json_in_status
build_key(struct build *b)
{
	struct span raw = take_quoted(b);

	b->key = malloc(raw.len + 1);
	if (b->key == NULL)
		return JSON_IN_NO_MEMORY;
	b->key[unescape(raw, b->key)] = '\0';
	return JSON_IN_OK;
}

static enum json_in_status
build_value(struct build *b)
{
	bool open = *b->at == '{' || *b->at == '[';
	struct json_object *value;
	enum json_in_status status = make_value(b, &value);

	if (status != JSON_IN_OK)
		return status;
	status = add_value(b, value);
	if (status == JSON_IN_OK && open)
		b->open[b->depth++] = value;
	return status;
}

static enum json_in_status
build_token(struct build *b)
{
	switch (*b->at) {
	case ' ':
	case '\t':
	case '\n':
	case '\r':
	case ',':
	case ':':
		b->at++;
		return JSON_IN_OK;
	case '}':
	case ']':
		b->at++;
		b->depth--;
		return JSON_IN_OK;
	case '"':
		if (b->depth > 0 && b->key == NULL &&
		    json_object_is_type(
		        b->open[b->depth - 1], json_type_object))
			return build_key(b);
		return build_value(b);
	default:
		return build_value(b);
	}
}

enum json_in_status
json_in_parse(const char *text, size_t len, struct json_object **root)
{
	struct build b = {.at = text};
	enum json_in_status status;

	*root = NULL;
	if (len == 0 || len >= INT_MAX || utf8_length(text, len) < 0)
		return JSON_IN_BAD;
	status = scan(text, len);
	b.end = text + len;
	while (status == JSON_IN_OK && b.at < b.end)
		status = build_token(&b);
	free(b.key);
	if (status == JSON_IN_OK)
		*root = b.root;
	else
		json_object_put(b.root);
	return status;
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
	case JSON_IN_TOO_MANY:
		return "has too many values (maximum is 32768)";
	case JSON_IN_TWICE:
		return "has the same key twice";
	case JSON_IN_NUL:
		return "has a NUL character";
	case JSON_IN_BIG_NUMBER:
		return "has a number out of range";
	case JSON_IN_NO_MEMORY:
		return "does not fit into memory";
	}
	return "is not valid JSON";
}
