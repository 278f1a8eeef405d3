/* SPDX-License-Identifier: MIT */
/* out -- see out.h. */
#include "out.h"

#include <stdlib.h>
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

static void
add_escaped(struct buf *b, unsigned char c)
{
	char pair[2];

	if (escapes[c] == 'u') {
		buf_format(b, "\\u%04x", c);
		return;
	}
	pair[0] = '\\';
	pair[1] = escapes[c];
	buf_add(b, pair, sizeof(pair));
}

/* Text in quotes.  Runs of plain bytes are copied at once: in the feed this is
 * where the time goes. */
static void
add_string(struct buf *b, const char *text)
{
	const char *run;

	buf_add(b, "\"", 1);
	for (run = text; *text != '\0'; text++) {
		if (escapes[(unsigned char)*text] == 0)
			continue;
		buf_add(b, run, (size_t)(text - run));
		add_escaped(b, (unsigned char)*text);
		run = text + 1;
	}
	buf_add(b, run, (size_t)(text - run));
	buf_add(b, "\"", 1);
}

/* The comma and the key before a value. */
static void
before(struct out *o, const char *key)
{
	if (o->comma)
		buf_add(&o->buf, ",", 1);
	if (key != NULL) {
		add_string(&o->buf, key);
		buf_add(&o->buf, ":", 1);
	}
	o->comma = true;
}

static void
open_level(struct out *o, const char *key, const char *open, char close)
{
	if (o->depth == OUT_DEPTH_MAX)
		abort();
	before(o, key);
	buf_add(&o->buf, open, 1);
	o->close[o->depth++] = close;
	o->comma = false;
}

void
out_begin(struct out *o, const char *key)
{
	open_level(o, key, "{", '}');
}

void
out_list(struct out *o, const char *key)
{
	open_level(o, key, "[", ']');
}

void
out_end(struct out *o)
{
	if (o->depth == 0)
		abort();
	o->depth--;
	buf_add(&o->buf, &o->close[o->depth], 1);
	o->comma = true;
}

void
out_text(struct out *o, const char *key, const char *value)
{
	if (value == NULL) {
		out_null(o, key);
		return;
	}
	before(o, key);
	add_string(&o->buf, value);
}

void
out_int(struct out *o, const char *key, int64_t value)
{
	char digits[INT_TEXT_BYTES], *at;
	uint64_t rest;

	rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	at = digits + sizeof(digits);
	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		*--at = '-';
	before(o, key);
	buf_add(&o->buf, at, (size_t)(digits + sizeof(digits) - at));
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
out_json(struct out *o, const char *key, const char *value)
{
	before(o, key);
	buf_text(&o->buf, value);
}

void
out_reset(struct out *o)
{
	buf_reset(&o->buf);
	o->depth = 0;
	o->comma = false;
}
