/* SPDX-License-Identifier: MIT */
/* out -- see out.h. */
#include "out.h"

#include <string.h>

enum {
	INT_TEXT_BYTES = 20, /* digits of INT64_MIN and the sign */
};

struct out
out_new(size_t max_bytes)
{
	return (struct out){.buf = buf_new(max_bytes)};
}

/*
 * What a byte becomes inside a string: itself (0), \uXXXX ('u'), or a
 * backslash and this letter.  Source: RFC 8259, section 7.
 */
static const char escapes[256] = {
    ['\b'] = 'b',
    ['\t'] = 't',
    ['\n'] = 'n',
    ['\f'] = 'f',
    ['\r'] = 'r',
    ['"'] = '"',
    ['\\'] = '\\',
    [0x00] = 'u',
    [0x01] = 'u',
    [0x02] = 'u',
    [0x03] = 'u',
    [0x04] = 'u',
    [0x05] = 'u',
    [0x06] = 'u',
    [0x07] = 'u',
    [0x0b] = 'u',
    [0x0e] = 'u',
    [0x0f] = 'u',
    [0x10] = 'u',
    [0x11] = 'u',
    [0x12] = 'u',
    [0x13] = 'u',
    [0x14] = 'u',
    [0x15] = 'u',
    [0x16] = 'u',
    [0x17] = 'u',
    [0x18] = 'u',
    [0x19] = 'u',
    [0x1a] = 'u',
    [0x1b] = 'u',
    [0x1c] = 'u',
    [0x1d] = 'u',
    [0x1e] = 'u',
    [0x1f] = 'u',
    [0x7f] = 'u',
};

/* Sixteen bytes at once: GCC's vector extension, for any processor. */
typedef unsigned char chunk __attribute__((vector_size(16)));
typedef uint64_t halves __attribute__((vector_size(16)));

/* Whether each of them stands for itself: the same bytes as in escapes. */
static bool
is_plain(chunk c)
{
	halves bad =
	    (halves)((c < 0x20) | (c == '"') | (c == '\\') | (c == 0x7f));

	return (bad[0] | bad[1]) == 0;
}

/* Copy the bytes at the start that stand for themselves; how many.  The last
 * chunk of a text overlaps the one before. */
static size_t
copy_plain(char *to, const char *from, size_t len)
{
	size_t n = 0;
	chunk c;

	while (len >= sizeof(c)) {
		memcpy(&c, from + n, sizeof(c));
		if (!is_plain(c))
			break;
		memcpy(to + n, &c, sizeof(c));
		if (n == len - sizeof(c))
			return len;
		n += sizeof(c);
		if (n > len - sizeof(c))
			n = len - sizeof(c);
	}
	for (; n < len && escapes[(unsigned char)from[n]] == 0; n++)
		to[n] = from[n];
	return n;
}

static char *
put(char *at, const char *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

/*
 * The comma and the key before a value, and room for more bytes behind them:
 * where those go, or NULL when they do not fit.  finish() adds what was put.
 */
static char *
before(struct out *o, const char *key, size_t more)
{
	size_t key_len = key != NULL ? strlen(key) : 0;
	char *at;

	at = buf_room(&o->buf,
	    (o->comma ? 1 : 0) + (key != NULL ? key_len + 3 : 0) + more);
	if (at == NULL)
		return NULL;
	if (o->comma)
		*at++ = ',';
	if (key != NULL) {
		*at++ = '"';
		at = put(at, key, key_len);
		at = put(at, "\":", 2);
	}
	o->comma = true;
	return at;
}

static void
finish(struct out *o, char *at)
{
	*at = '\0';
	o->buf.len = (size_t)(at - o->buf.data);
}

/* How a byte is written that does not stand for itself. */
static size_t
escaped_len(unsigned char byte)
{
	return escapes[byte] == 'u' ? 6 : 2;
}

static char *
put_escaped(char *at, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";

	*at++ = '\\';
	*at++ = escapes[byte];
	if (escapes[byte] != 'u')
		return at;
	at = put(at, "00", 2);
	*at++ = digits[byte >> 4];
	*at++ = digits[byte & 15];
	return at;
}

/* The buffer fails with it, so that what writes need not ask for both. */
static void
misuse(struct out *o)
{
	o->misused = true;
	o->buf.failed = true;
}

static void
open_level(struct out *o, const char *key, char open, char close)
{
	char *at;

	if (o->depth == OUT_DEPTH_MAX) {
		misuse(o);
		return;
	}
	at = before(o, key, 1);
	if (at != NULL)
		finish(o, put(at, &open, 1));
	o->close[o->depth++] = close;
	o->comma = false;
}

void
out_begin(struct out *o, const char *key)
{
	open_level(o, key, '{', '}');
}

void
out_list(struct out *o, const char *key)
{
	open_level(o, key, '[', ']');
}

void
out_end(struct out *o)
{
	if (o->depth == 0) {
		misuse(o);
		return;
	}
	o->depth--;
	buf_add(&o->buf, &o->close[o->depth], 1);
	o->comma = true;
}

/* In the feed this is where the time goes; hardly a text has anything to
 * escape. */
void
out_span(struct out *o, const char *key, struct span text)
{
	size_t plain;
	char *at;

	if (text.at == NULL) {
		out_null(o, key);
		return;
	}
	at = before(o, key, text.len + 2);
	if (at == NULL)
		return;
	*at++ = '"';
	for (;;) {
		plain = copy_plain(at, text.at, text.len);
		at += plain;
		if (plain == text.len)
			break;
		text.at += plain;
		text.len -= plain;
		finish(o, at);
		at = buf_room(
		    &o->buf, escaped_len((unsigned char)*text.at) + text.len);
		if (at == NULL)
			return;
		at = put_escaped(at, (unsigned char)*text.at++);
		text.len--;
	}
	*at++ = '"';
	finish(o, at);
}

void
out_text(struct out *o, const char *key, const char *value)
{
	out_span(
	    o, key, (struct span){value, value != NULL ? strlen(value) : 0});
}

void
out_int(struct out *o, const char *key, int64_t value)
{
	char digits[INT_TEXT_BYTES], *first, *at;
	uint64_t rest;
	size_t len;

	rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	first = digits + sizeof(digits);
	do {
		*--first = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		*--first = '-';
	len = (size_t)(digits + sizeof(digits) - first);
	at = before(o, key, len);
	if (at != NULL)
		finish(o, put(at, first, len));
}

void
out_bool(struct out *o, const char *key, bool value)
{
	out_json(o, key, value ? "true" : "false");
}

void
out_null(struct out *o, const char *key)
{
	out_json(o, key, "null");
}

void
out_json_span(struct out *o, const char *key, struct span value)
{
	char *at;

	at = before(o, key, value.len);
	if (at != NULL)
		finish(o, put(at, value.at, value.len));
}

void
out_json(struct out *o, const char *key, const char *value)
{
	out_json_span(o, key, (struct span){value, strlen(value)});
}

char *
out_room(struct out *o, const char *key, size_t max)
{
	return before(o, key, max);
}

void
out_room_end(struct out *o, char *end)
{
	finish(o, end);
}

void
out_reset(struct out *o)
{
	buf_reset(&o->buf);
	o->depth = 0;
	o->comma = false;
	o->misused = false;
}
