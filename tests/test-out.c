/* SPDX-License-Identifier: MIT */
/* test-out -- JSON comes out as RFC 8259 wants it, up to its maximum. */
#include "out.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "guard.h"
#include "tap.h"

static void
test_strings(void)
{
	static const struct {
		const char *text, *json;
	} cases[] = {
	    {"", "\"\""},
	    {"plain", "\"plain\""},
	    {"\"\\/", "\"\\\"\\\\/\""},
	    {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
	    {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
	    {"a\nb\"", "\"a\\nb\\\"\""},
	    {"\xc3\xbc\xf0\x9f\x98\x80", "\"\xc3\xbc\xf0\x9f\x98\x80\""},
	    {NULL, "null"},
	};
	struct out o;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		o = out_new(1024);
		out_text(&o, NULL, cases[i].text);
		tap_is_text(o.buf.data, cases[i].json, "%s", cases[i].json);
		buf_free(&o.buf);
	}
}

/* What RFC 8259, section 7, makes of one byte, in the shortest form. */
static void
escape(unsigned char c, char out[8])
{
	static const char *const shorts[256] = {['\b'] = "\\b",
	    ['\t'] = "\\t",
	    ['\n'] = "\\n",
	    ['\f'] = "\\f",
	    ['\r'] = "\\r",
	    ['"'] = "\\\"",
	    ['\\'] = "\\\\"};

	if (shorts[c] != NULL)
		snprintf(out, 8, "%s", shorts[c]);
	else if (c < 0x20 || c == 0x7f)
		snprintf(out, 8, "\\u%04x", c);
	else
		snprintf(out, 8, "%c", c);
}

/* Bytes are looked at sixteen at a time, the last of them together with some
 * from before: each value in each place of texts of each length, with
 * neighbours from both ends of the range. */
static void
test_every_byte(void)
{
	struct guard g = guard_new(64);
	char text[36], want[64], one[8];
	struct out o = out_new(1024);
	int bad = 0;

	for (int c = 1; c < 256; c++) {
		escape((unsigned char)c, one);
		for (size_t n = 0; n < 2 * sizeof(text) * sizeof(text); n++) {
			size_t len = n % sizeof(text) + 1;
			size_t at = n / sizeof(text) % len;
			char other =
			    n < sizeof(text) * sizeof(text) ? '\xff' : ' ';

			memset(text, other, len);
			text[at] = (char)c;
			out_reset(&o);
			out_span(&o, NULL,
			    (struct span){guard_tail(&g, text, len), len});
			snprintf(want, sizeof(want), "\"%.*s%s%.*s\"", (int)at,
			    text, one, (int)(len - at - 1), text + at + 1);
			bad += strcmp(o.buf.data, want) != 0;
		}
	}
	tap_is_int(bad, 0, "each byte in each place");
	out_reset(&o);
	out_span(&o, NULL, (struct span){"a\0b", 3});
	tap_is_text(o.buf.data, "\"a\\u0000b\"", "NUL in a span");
	out_reset(&o);
	out_span(&o, NULL, (struct span){NULL, 0});
	tap_is_text(o.buf.data, "null", "no span");
	buf_free(&o.buf);
}

static void
test_numbers(void)
{
	struct out o = out_new(1024);

	out_list(&o, NULL);
	out_int(&o, NULL, INT64_MIN);
	out_int(&o, NULL, -1);
	out_int(&o, NULL, 0);
	out_int(&o, NULL, INT64_MAX);
	out_end(&o);
	tap_is_text(o.buf.data,
	    "[-9223372036854775808,-1,0,9223372036854775807]", "integers");
	buf_free(&o.buf);
}

static void
test_nesting(void)
{
	struct out o = out_new(1024);

	out_begin(&o, NULL);
	out_list(&o, "a");
	out_begin(&o, NULL);
	out_end(&o);
	out_bool(&o, NULL, true);
	out_null(&o, NULL);
	out_list(&o, NULL);
	out_end(&o);
	out_end(&o);
	out_json(&o, "b", "{}");
	out_end(&o);
	tap_is_text(
	    o.buf.data, "{\"a\":[{},true,null,[]],\"b\":{}}", "nesting");
	tap_ok(o.depth == 0, "everything is closed");
	out_reset(&o);
	out_bool(&o, NULL, false);
	tap_is_text(o.buf.data, "false", "a reset writer begins anew");
	buf_free(&o.buf);
}

/* What the caller writes in place, in a list: less than the room, or all. */
static void
test_in_place(void)
{
	struct out o = out_new(16);
	char *at;

	out_list(&o, NULL);
	out_json_span(&o, NULL, (struct span){"[1] no more", 3});
	at = out_room(&o, NULL, 9);
	if (tap_ok(at != NULL, "9 bytes fit behind a list of 4")) {
		memcpy(at, "22", 2);
		out_room_end(&o, at + 2);
	}
	out_int(&o, NULL, 3);
	out_end(&o);
	tap_is_text(o.buf.data, "[[1],22,3]", "in place, and as it is");
	at = out_room(&o, NULL, 5);
	tap_ok(at != NULL, "5 bytes and a comma fit behind 10");
	out_room_end(&o, at);
	tap_ok(out_room(&o, NULL, 5) == NULL && o.buf.failed, "5 more do not");
	tap_is_int((int64_t)o.buf.len, 11, "and nothing is written");
	buf_free(&o.buf);
}

static void
test_maximum(void)
{
	struct out o = out_new(7);

	out_text(&o, NULL, "12345");
	tap_ok(!o.buf.failed && o.buf.len == 7, "7 bytes fit into 7");
	out_reset(&o);
	out_text(&o, NULL, "123456");
	tap_ok(o.buf.failed, "8 do not");
	out_reset(&o);
	out_text(&o, NULL, "\n12\n");
	tap_ok(o.buf.failed && o.buf.len <= 7, "nor 8 that are 6 unescaped");
	out_reset(&o);
	out_text(&o, NULL, "1\n23");
	tap_is_text(o.buf.data, "\"1\\n23\"", "7 with an escape do");
	out_text(&o, NULL, "");
	tap_ok(o.buf.failed && o.buf.len <= 7, "and a failure sticks");
	out_reset(&o);
	out_text(&o, NULL, "ok");
	tap_is_text(o.buf.data, "\"ok\"", "until the reset");
	buf_free(&o.buf);
}

static void
test_misuse(void)
{
	struct out o = out_new(1024);

	for (int i = 0; i < OUT_DEPTH_MAX; i++)
		out_list(&o, NULL);
	tap_ok(!o.misused && !o.buf.failed, "as deep as it goes");
	out_begin(&o, NULL);
	tap_ok(o.misused && o.buf.failed, "one more is misuse");
	tap_ok(!o.buf.no_memory, "and not lack of memory");
	out_text(&o, NULL, "x");
	out_span(&o, NULL, (struct span){"x", 1});
	out_int(&o, NULL, 1);
	for (int i = 0; i < 2 * OUT_DEPTH_MAX; i++)
		out_end(&o);
	for (int i = 0; i < 2 * OUT_DEPTH_MAX; i++)
		out_list(&o, NULL);
	tap_is_text(
	    o.buf.data, "[[[[[[[[[[[[[[[[", "nothing is written after it");
	out_reset(&o);
	tap_ok(!o.misused && !o.buf.failed, "until the reset");
	out_list(&o, NULL);
	out_end(&o);
	tap_ok(!o.misused, "a list and its end");
	out_end(&o);
	tap_ok(o.misused && o.buf.failed, "an end without a beginning");
	tap_is_text(o.buf.data, "[]", "is not written");
	buf_free(&o.buf);
	o = out_new(3);
	for (int i = 0; i < OUT_DEPTH_MAX; i++)
		out_list(&o, NULL);
	tap_ok(o.buf.failed && !o.misused, "too large is no misuse");
	buf_free(&o.buf);
}

int
main(void)
{
	test_strings();
	test_every_byte();
	test_numbers();
	test_nesting();
	test_in_place();
	test_maximum();
	test_misuse();
	return tap_done();
}
