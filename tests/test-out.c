/* SPDX-License-Identifier: MIT */
/* test-out -- JSON comes out as RFC 8259 wants it, up to its maximum. */
#include "out.h"

#include <stdint.h>
#include <string.h>

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
	out_json(&o, "b\"", "{}");
	out_end(&o);
	tap_is_text(
	    o.buf.data, "{\"a\":[{},true,null,[]],\"b\\\"\":{}}", "nesting");
	tap_ok(o.depth == 0, "everything is closed");
	out_reset(&o);
	out_bool(&o, NULL, false);
	tap_is_text(o.buf.data, "false", "a reset writer begins anew");
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
	out_text(&o, NULL, "");
	tap_ok(o.buf.failed && o.buf.len <= 7, "and a failure sticks");
	out_reset(&o);
	out_text(&o, NULL, "ok");
	tap_is_text(o.buf.data, "\"ok\"", "until the reset");
	buf_free(&o.buf);
}

int
main(void)
{
	test_strings();
	test_numbers();
	test_nesting();
	test_maximum();
	return tap_done();
}
