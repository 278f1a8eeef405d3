/* SPDX-License-Identifier: MIT */
/* test-cookie -- base/cookie: tables of headers and of values, every byte. */
#include "cookie.h"

#include "every_byte.h"

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1

static struct guard guard, out_guard;

static const struct {
	const char *bytes;
	size_t len;
	const char *want; /* "NAME=VALUE|" for each */
} headers[] = {
    {BYTES("a=1"), "a=1|"},
    {BYTES("a=1; b=2"), "a=1|b=2|"},
    {BYTES("SID=31d4d96e407aad42; lang=en-US"), /* RFC 6265, 3.1 */
        "SID=31d4d96e407aad42|lang=en-US|"},
    {BYTES("a=1;b=2"), "a=1|b=2|"},
    {BYTES("a=1;  b=2 "), "a=1|b=2|"},
    {BYTES(" a = 1 ; b = 2 "), "a=1|b=2|"},
    {BYTES("\ta\t=\t1\t;\tb=2"), "a=1|b=2|"},
    {BYTES("a b=c d"), "a b=c d|"},
    /* Of one name several, in their order; names as they are. */
    {BYTES("a=1; a=2"), "a=1|a=2|"},
    {BYTES("A=1; a=2"), "A=1|a=2|"},
    {BYTES("$Version=1; a=1"), "$Version=1|a=1|"},
    {BYTES("__Host-a=1"), "__Host-a=1|"},
    /* '=' belongs to the value, ',' does, and '%' is left. */
    {BYTES("a=b=c"), "a=b=c|"},
    {BYTES("a==="), "a===|"},
    {BYTES("a=YQ=="), "a=YQ==|"},
    {BYTES("a=1,b=2"), "a=1,b=2|"},
    {BYTES("a=%20"), "a=%20|"},
    {BYTES("a=1&b=2"), "a=1&b=2|"},
    /* Quotes. */
    {BYTES("a=\"1\""), "a=1|"},
    {BYTES("a= \"1\" ; b=2"), "a=1|b=2|"},
    {BYTES("a=\" 1 \""), "a= 1 |"},
    {BYTES("a=\"\""), "a=|"},
    {BYTES("a=\""), "a=\"|"},
    {BYTES("a=\"1"), "a=\"1|"},
    {BYTES("a=1\""), "a=1\"|"},
    {BYTES("a=1\"2\"3"), "a=1\"2\"3|"},
    {BYTES("a=\"\"\""), "a=\"|"},
    {BYTES("a=\"\"1\"\""), "a=\"1\"|"},
    {BYTES("\"a\"=1"), "\"a\"=1|"},
    {BYTES("a=\"1;2\""), "a=\"1|"},
    {BYTES("a=\"1;b=2\""), "a=\"1|b=2\"|"},
    /* Nothing, or what is none. */
    {BYTES(""), ""},
    {BYTES(" "), ""},
    {BYTES(";"), ""},
    {BYTES(" ; ;; "), ""},
    {BYTES("a"), ""},
    {BYTES("="), ""},
    {BYTES("=1"), ""},
    {BYTES(" =1"), ""},
    {BYTES("\t=\t"), ""},
    {BYTES("a="), "a=|"},
    {BYTES("a= "), "a=|"},
    {BYTES("a;b=2"), "b=2|"},
    {BYTES("a=1;b"), "a=1|"},
    {BYTES("=1;b=2"), "b=2|"},
    {BYTES("a=1;"), "a=1|"},
    {BYTES(";a=1"), "a=1|"},
    {BYTES("a=1;;b=2"), "a=1|b=2|"},
    {BYTES("a=1; =; b; c=3"), "a=1|c=3|"},
    /* Any bytes. */
    {BYTES("a=\xff;\xc3\xa9=\x01"), "a=\xff|\xc3\xa9=\x01|"},
    {BYTES("a=1\n;b=2"), "a=1\n|b=2|"},
    {BYTES("a=\xc2\xa0"), "a=\xc2\xa0|"},
};

/* All cookies of text, each with an end; -1 when one is not in it. */
static ptrdiff_t
join(struct span text, const char *before_value, const char *end, char *out)
{
	struct span rest = text, name, value;
	size_t n = 0;

	while (cookie_next(&rest, &name, &value)) {
		if (name.at < text.at || name.at + name.len >= value.at ||
		    value.at + value.len > text.at + text.len)
			return -1;
		memcpy(out + n, name.at, name.len);
		n += name.len;
		memcpy(out + n, before_value, strlen(before_value));
		n += strlen(before_value);
		memcpy(out + n, value.at, value.len);
		n += value.len;
		memcpy(out + n, end, strlen(end));
		n += strlen(end);
	}
	out[n] = '\0';
	return rest.len == 0 ? (ptrdiff_t)n : -1;
}

/* As a header that means the same. */
static ptrdiff_t
read_header(struct span text, char *out)
{
	return join(text, "=\"", "\"; ", out);
}

static void
test_headers(void)
{
	struct span rest, name = {"old", 3}, value = {"gone", 4};
	char out[EVERY_BYTE_ROOM];

	for (size_t i = 0; i < LENGTH(headers); i++) {
		size_t len = headers[i].len;
		struct span text = {
		    guard_tail(&guard, headers[i].bytes, len), len};
		ptrdiff_t n = join(text, "=", "|", out);

		tap_is_text(
		    n >= 0 ? out : NULL, headers[i].want, "header %zu", i);
		text.at = guard_head(&guard, headers[i].bytes, len);
		if (join(text, "=", "|", out) != n)
			tap_ok(false, "the same with the page before it");
	}
	rest = (struct span){BYTES("a=\0; \0=1")};
	tap_ok(cookie_next(&rest, &name, &value) && value.len == 1 &&
	           cookie_next(&rest, &name, &value) && name.len == 1 &&
	           name.at[0] == '\0',
	    "NUL is a byte as others");
	name = value = (struct span){"old", 3};
	tap_ok(!cookie_next(&rest, &name, &value) && name.len == 3 &&
	           value.len == 3 && strcmp(name.at, "old") == 0,
	    "at the end name and value are left alone");
	rest = (struct span){NULL, 0};
	tap_ok(!cookie_next(&rest, &name, &value), "NULL and 0");
}

static void
test_every_byte(void)
{
	static const char header[] = "a=1; bc=\"2\"";

	/* None is refused: a header that is none has no cookies. */
	tap_is_int(every_byte(&guard, header, read_header),
	    256 * (int)strlen(header), "each byte of %s", header);
}

static const struct {
	const char *bytes;
	size_t len;
	const char *want;
	size_t want_len;
} values[] = {
    {BYTES(""), BYTES("")},
    {BYTES("abc"), BYTES("abc")},
    {BYTES("a%20b"), BYTES("a b")},
    {BYTES("%3B%3d"), BYTES(";=")},
    {BYTES("%25"), BYTES("%")},
    {BYTES("%2541"), BYTES("%41")},
    {BYTES("a+b"), BYTES("a+b")},
    {BYTES("%00"), BYTES("\0")},
    {BYTES("%fF%C3"), BYTES("\xff\xc3")},
    {BYTES("a\0b"), BYTES("a\0b")},
    /* One '%' that is none, and all is as it was. */
    {BYTES("%"), BYTES("%")},
    {BYTES("100%"), BYTES("100%")},
    {BYTES("%4"), BYTES("%4")},
    {BYTES("%4g"), BYTES("%4g")},
    {BYTES("%g4"), BYTES("%g4")},
    {BYTES("%%41"), BYTES("%%41")},
    {BYTES("%41%"), BYTES("%41%")},
    {BYTES("%41%zz%42"), BYTES("%41%zz%42")},
    {BYTES("%41%4\0"), BYTES("%41%4\0")},
};

static void
test_values(void)
{
	for (size_t i = 0; i < LENGTH(values); i++) {
		size_t len = values[i].len, n;
		struct span text = {
		    guard_tail(&guard, values[i].bytes, len), len};
		char room[64], *out;

		memset(room, 'x', sizeof(room));
		out = guard_tail(&out_guard, room, len + 1);
		n = cookie_decode(text, out);
		tap_ok(n == values[i].want_len &&
		           memcmp(out, values[i].want, n + 1) == 0,
		    "value %zu", i);
	}
}

int
main(void)
{
	guard = guard_new(EVERY_BYTE_ROOM);
	out_guard = guard_new(64);
	test_headers();
	test_every_byte();
	test_values();
	return tap_done();
}
