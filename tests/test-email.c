/* SPDX-License-Identifier: MIT */
/* test-email -- base/email: a table of addresses, lengths, every character. */
#include "email.h"

#include "guard.h"
#include "tap.h"

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1

static struct guard guard;

static const struct {
	const char *bytes;
	size_t len;
	bool want;
} addresses[] = {
    {BYTES("a@b"), true},
    {BYTES("a@localhost"), true},
    {BYTES("eva@example.com"), true},
    {BYTES("Eva.Lu+tag@Mail.example.co.uk"), true},
    {BYTES("!#$%&'*+-/=?^_`{|}~@example.com"), true},
    {BYTES("1@2.3"), true},
    {BYTES("a-@b"), true},
    {BYTES("-a@b"), true},
    {BYTES("a@b-c.d--e"), true},
    {BYTES("a@xn--bcher-kva.example"), true},
    {BYTES("\xc3\xa9va@b\xc3\xbc"
           "cher.example"),
        true},
    {BYTES("e\xcc\x81va@bu\xcc\x88"
           "cher.example"),
        true},
    {BYTES("\xe5\xb1\xb1@\xe4\xbe\x8b\xe3\x81\x88.\xe6\x97\xa5"), true},
    {BYTES("\xe0\xa4\x95\xe0\xa4\xbe@\xe0\xa4\x95\xe0\xa4\xbe"), true},
    {BYTES("\xf0\x9f\x98\x80@example.com"), true},
    /* Parts that are missing. */
    {BYTES(""), false},
    {BYTES("@"), false},
    {BYTES("a"), false},
    {BYTES("a@"), false},
    {BYTES("@b"), false},
    {BYTES("a.b"), false},
    {BYTES("a@b@c"), false},
    {BYTES("a@@b"), false},
    /* Dots. */
    {BYTES("a@."), false},
    {BYTES(".@b"), false},
    {BYTES(".a@b"), false},
    {BYTES("a.@b"), false},
    {BYTES("a..b@c"), false},
    {BYTES("a@.b"), false},
    {BYTES("a@b."), false},
    {BYTES("a@b..c"), false},
    /* Hyphens of labels. */
    {BYTES("a@-b"), false},
    {BYTES("a@b-"), false},
    {BYTES("a@-"), false},
    {BYTES("a@b.-c"), false},
    {BYTES("a@b-.c"), false},
    /* What a mail program, a header or a list would take apart. */
    {BYTES("<a@b>"), false},
    {BYTES("Eva <a@b>"), false},
    {BYTES("a,b@c.d"), false},
    {BYTES("a@b,c@d"), false},
    {BYTES("a;b@c"), false},
    {BYTES("a:b@c"), false},
    {BYTES("a(b)@c"), false},
    {BYTES("a@b(c)"), false},
    {BYTES("\"a b\"@c"), false},
    {BYTES("a\\@c"), false},
    {BYTES("a[b@c"), false},
    {BYTES("a@[127.0.0.1]"), false},
    {BYTES("a@b_c"), false},
    {BYTES("a@b:25"), false},
    {BYTES("a@b/c"), false},
    {BYTES("mailto:a@b"), false},
    /* White, invisible, control. */
    {BYTES(" a@b"), false},
    {BYTES("a@b "), false},
    {BYTES("a b@c"), false},
    {BYTES("a@b\n"), false},
    {BYTES("a@b\r\nBcc: c@d"), false},
    {BYTES("a\0@b"), false},
    {BYTES("a@b\0"), false},
    {BYTES("a\x7f@b"), false},
    {BYTES("a\xc2\xa0@b"), false},
    {BYTES("a@\xc2\xa0"
           "b"),
        false},
    {BYTES("\xe3\x80\x80"
           "a@b"),
        false},
    {BYTES("a\xe2\x80\x8b@b"), false},
    {BYTES("a\xe2\x80\xae@b"), false},
    {BYTES("a\xc2\xad@b"), false},
    {BYTES("a@b\xef\xb8\x8f"), false},
    {BYTES("\xe3\x85\xa4@b"), false},
    {BYTES("a@\xe3\x85\xa4"), false},
    {BYTES("\xe2\xa0\x80@b"), false},
    {BYTES("a\xdb\x9d@b"), false},
    /* In disguise: fullwidth and small "@", ".", ideographic full stop. */
    {BYTES("a\xef\xbc\xa0"
           "b"),
        false},
    {BYTES("a\xef\xbc\xa0"
           "b@c"),
        false},
    {BYTES("a\xef\xb9\xab"
           "b@c"),
        false},
    {BYTES("a@b\xef\xbc\x8e"
           "c"),
        false},
    {BYTES("a@b\xe3\x80\x82"
           "c"),
        false},
    {BYTES("a@\xef\xbd\x82"), false},
    /* Undefined, and not of a domain. */
    {BYTES("a\xcd\xb8@b"), false},
    {BYTES("a\xee\x80\x80@b"), false},
    {BYTES("a\xef\xbf\xbe@b"), false},
    {BYTES("a@b\xcd\xb8"), false},
    {BYTES("a@b\xee\x80\x80"), false},
    {BYTES("a@\xf0\x9f\x98\x80"), false},
    {BYTES("a@b\xc2\xb2"), false},
    /* A mark first. */
    {BYTES("\xcc\x81"
           "a@b"),
        false},
    {BYTES("a.\xcc\x81@b"), false},
    {BYTES("a@\xcc\x81"
           "b"),
        false},
    {BYTES("a@b.\xcc\x81"), false},
    /* Not UTF-8. */
    {BYTES("\xff@b"), false},
    {BYTES("a\xc3@b"), false},
    {BYTES("a@b\xe2\x82"), false},
    {BYTES("a\xc0\xaf@b"), false},
};

static void
test_addresses(void)
{
	for (size_t i = 0; i < LENGTH(addresses); i++) {
		size_t len = addresses[i].len;
		struct span text = {
		    guard_tail(&guard, addresses[i].bytes, len), len};

		tap_is_int(email_is_address(text), addresses[i].want,
		    "row %zu: %s", i, addresses[i].want ? "fine" : "refused");
	}
	tap_ok(!email_is_address((struct span){NULL, 0}), "NULL and 0");
}

/* An address with a local part of so many bytes, a domain of labels of so many
 * bytes and a last one that is what remains. */
static bool
is_fine(size_t local, size_t domain, size_t label)
{
	char text[512];
	size_t len;

	memset(text, 'a', sizeof(text));
	text[local] = '@';
	len = local + 1 + domain;
	for (size_t at = local + 1 + label; at < len; at += label + 1)
		text[at] = '.';
	return email_is_address(
	    (struct span){guard_tail(&guard, text, len), len});
}

static void
test_lengths(void)
{
	char text[2 * 33 + 3];

	tap_ok(is_fine(64, 1, 63), "local part of 64 bytes");
	tap_ok(!is_fine(65, 1, 63), "local part of 65 bytes");
	tap_ok(is_fine(1, 63, 63), "label of 63 bytes");
	tap_ok(!is_fine(1, 64, 64), "label of 64 bytes");
	tap_ok(!is_fine(1, 65 + 63, 64), "a label of 64 bytes before another");
	tap_ok(is_fine(1, 255, 63), "domain of 255 bytes");
	tap_ok(!is_fine(1, 257, 63), "domain of 257 bytes");
	tap_ok(!is_fine(1, 256, 62), "domain of 256 bytes");
	tap_ok(is_fine(64, 255, 63), "all of it");
	/* Bytes count, not characters. */
	for (size_t i = 0; i < 33; i++)
		memcpy(text + 2 * i, "\xc3\xa9", 2);
	memcpy(text + 64, "@b", 2);
	tap_ok(email_is_address((struct span){text, 66}), "32 of two bytes");
	memcpy(text + 64, "\xc3\xa9@b", 4);
	tap_ok(!email_is_address((struct span){text, 68}), "33 of two bytes");
}

/* What stands in RFC 5322, 3.2.3 and in a host name, and nothing else. */
static void
test_every_ascii_character(void)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	int bad = 0;

	for (int c = 0; c < 0x80; c++) {
		char local[] = {'a', (char)c, 'b', '@', 'c'};
		char domain[] = {'a', '@', 'b', (char)c, 'c'};
		bool letter = c != 0 && strchr(letters, c) != NULL;
		bool sign = c != 0 && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL;

		if (email_is_address((struct span){local, 5}) !=
		        (letter || sign) ||
		    email_is_address((struct span){domain, 5}) !=
		        (letter || c == '-' || c == '.'))
			bad++;
	}
	tap_is_int(bad, 0, "every ASCII character, in both parts");
}

int
main(void)
{
	guard = guard_new(512);
	test_addresses();
	test_lengths();
	test_every_ascii_character();
	return tap_done();
}
