/* SPDX-License-Identifier: MIT */
/* test-web_url -- base/web_url: a table, lengths, every byte. */
#include "web_url.h"

#include "every_byte.h"

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1

static struct guard guard, out_guard;

static const struct {
	const char *bytes;
	size_t len;
	const char *want; /* NULL: refused */
} rows[] = {
    {BYTES("http://a"), "http://a"},
    {BYTES("https://example.com"), "https://example.com"},
    {BYTES("https://example.com/"), "https://example.com/"},
    {BYTES("https://example.com/a/b.html?c=d&e=f+g#h"),
        "https://example.com/a/b.html?c=d&e=f+g#h"},
    {BYTES("https://example.com?a"), "https://example.com?a"},
    {BYTES("https://example.com#a"), "https://example.com#a"},
    {BYTES("http://a/#b/?c#d"), "http://a/#b/?c#d"},
    {BYTES("http://a/;p!$&'()*+,=:@~-._"), "http://a/;p!$&'()*+,=:@~-._"},
    {BYTES("http://a//b/../c/./"), "http://a//b/../c/./"},
    {BYTES("http://a/@b"), "http://a/@b"},
    {BYTES("http://a?b@c"), "http://a?b@c"},
    /* Small letters, of scheme and host only. */
    {BYTES("HTTPS://EXAMPLE.Com/A?B#C"), "https://example.com/A?B#C"},
    {BYTES("hTTp://a"), "http://a"},
    {BYTES("http://[2001:DB8::A]/A"), "http://[2001:db8::a]/A"},
    /* Hosts. */
    {BYTES("http://1.2.3.4/"), "http://1.2.3.4/"},
    {BYTES("http://xn--bcher-kva.example/"), "http://xn--bcher-kva.example/"},
    {BYTES("http://a-b.c--d"), "http://a-b.c--d"},
    {BYTES("http://_dmarc.example"), "http://_dmarc.example"},
    {BYTES("http://example.com./a"), "http://example.com./a"},
    {BYTES("http://[::1]"), "http://[::1]"},
    {BYTES("http://[::ffff:1.2.3.4]:80/"), "http://[::ffff:1.2.3.4]:80/"},
    {BYTES("http://"), NULL},
    {BYTES("http:///a"), NULL},
    {BYTES("http://?a"), NULL},
    {BYTES("http://#a"), NULL},
    {BYTES("http://:80"), NULL},
    {BYTES("http://."), NULL},
    {BYTES("http://./"), NULL},
    {BYTES("http://.a"), NULL},
    {BYTES("http://a..b"), NULL},
    {BYTES("http://a.."), NULL},
    {BYTES("http://-a"), NULL},
    {BYTES("http://a-"), NULL},
    {BYTES("http://a-/"), NULL},
    {BYTES("http://a-:80"), NULL},
    {BYTES("http://a-.b"), NULL},
    {BYTES("http://a.-b"), NULL},
    {BYTES("http://a.b-"), NULL},
    {BYTES("http://a.b-."), NULL},
    {BYTES("http://b\xc3\xbc"
           "cher.example/"),
        NULL},
    {BYTES("http://a\xe3\x80\x82"
           "b/"),
        NULL},
    {BYTES("http://a%2eb/"), NULL},
    {BYTES("http://a,b"), NULL},
    {BYTES("http://a!"), NULL},
    {BYTES("http://["), NULL},
    {BYTES("http://[]"), NULL},
    {BYTES("http://[:]"), NULL},
    {BYTES("http://[::1"), NULL},
    {BYTES("http://[::1/]"), NULL},
    {BYTES("http://::1/"), NULL},
    {BYTES("http://[::1]a"), NULL},
    {BYTES("http://[::1%25eth0]/"), NULL},
    {BYTES("http://[v1.a:b]/"), NULL},
    {BYTES("http://[::1]]/"), NULL},
    {BYTES("http://a[::1]/"), NULL},
    /* Users. */
    {BYTES("http://eva@a/"), NULL},
    {BYTES("http://eva:secret@a/"), NULL},
    {BYTES("http://@a/"), NULL},
    {BYTES("https://bank.example@evil.example/"), NULL},
    {BYTES("https://bank.example:443@evil.example/"), NULL},
    {BYTES("https://bank.example:@evil.example/"), NULL},
    {BYTES("https://bank.example\\@evil.example/"), NULL},
    {BYTES("https://bank.example%2f@evil.example/"), NULL},
    {BYTES("https://[::1]@evil.example/"), NULL},
    /* Ports. */
    {BYTES("http://a:80"), "http://a:80"},
    {BYTES("http://a:0/"), "http://a:0/"},
    {BYTES("http://a:65535/"), "http://a:65535/"},
    {BYTES("http://a:00080?b"), "http://a:00080?b"},
    {BYTES("http://a:"), NULL},
    {BYTES("http://a:/"), NULL},
    {BYTES("http://a:65536/"), NULL},
    {BYTES("http://a:4294967376/"), NULL},
    {BYTES("http://a:99999999999999999999/"), NULL},
    {BYTES("http://a:-1/"), NULL},
    {BYTES("http://a:+1/"), NULL},
    {BYTES("http://a:8a/"), NULL},
    {BYTES("http://a: 80/"), NULL},
    {BYTES("http://a:80:80/"), NULL},
    /* Schemes. */
    {BYTES(""), NULL},
    {BYTES("/a"), NULL},
    {BYTES("//a/b"), NULL},
    {BYTES("a.example"), NULL},
    {BYTES("http:"), NULL},
    {BYTES("http:a"), NULL},
    {BYTES("http:/a"), NULL},
    {BYTES("http:\\\\a"), NULL},
    {BYTES("http//a"), NULL},
    {BYTES("https:"), NULL},
    {BYTES("httpx://a"), NULL},
    {BYTES("ftp://a/"), NULL},
    {BYTES("javascript:alert(1)"), NULL},
    {BYTES("javascript://a/%0aalert(1)"), NULL},
    {BYTES("data:text/html,a"), NULL},
    {BYTES("file:///etc/passwd"), NULL},
    {BYTES("http\0://a"), NULL},
    /* What becomes %XX. */
    {BYTES("http://a/\"<>\\^`{|}"), "http://a/%22%3C%3E%5C%5E%60%7B%7C%7D"},
    {BYTES("http://a?\"<>\\^`{|}"), "http://a?%22%3C%3E%5C%5E%60%7B%7C%7D"},
    {BYTES("http://a#\"<>\\^`{|}"), "http://a#%22%3C%3E%5C%5E%60%7B%7C%7D"},
    {BYTES("http://a/[b]?[c]#[d]"), "http://a/%5Bb%5D?[c]#[d]"},
    {BYTES("http://a#[b]"), "http://a#[b]"},
    {BYTES("http://a/\xc3\xbc?\xe2\x82\xac#\xf0\x9f\x98\x80"),
        "http://a/%C3%BC?%E2%82%AC#%F0%9F%98%80"},
    {BYTES("http://a/\xe3\x80\x80"), "http://a/%E3%80%80"},
    {BYTES("http://a/%c3%BC%00%0d%0a"), "http://a/%c3%BC%00%0d%0a"},
    {BYTES("http://a/%25"), "http://a/%25"},
    {BYTES("http://a/%"), NULL},
    {BYTES("http://a/%4"), NULL},
    {BYTES("http://a/%4g"), NULL},
    {BYTES("http://a/%g4"), NULL},
    {BYTES("http://a/%%41"), NULL},
    {BYTES("http://a?%"), NULL},
    {BYTES("http://a#%"), NULL},
    {BYTES("http://a/%4\xc3\xbc"), NULL},
    /* White, control, order of bytes. */
    {BYTES(" http://a"), NULL},
    {BYTES("http://a "), NULL},
    {BYTES("http://a/ "), NULL},
    {BYTES("http://a/b c"), NULL},
    {BYTES("http://a/\t"), NULL},
    {BYTES("ht\ntp://a/"), NULL},
    {BYTES("http://a/\r\nSet-Cookie: b=c"), NULL},
    {BYTES("http://a/\n"), NULL},
    {BYTES("http://a/\x7f"), NULL},
    {BYTES("http://a\0.b/"), NULL},
    {BYTES("http://a/\0"), NULL},
    {BYTES("http://a\0"), NULL},
    {BYTES("http://a/\xc2\x85"), NULL},
    {BYTES("http://a/\xe2\x80\xa8"), NULL},
    {BYTES("http://a/\xe2\x80\xae"), NULL},
    /* Not UTF-8. */
    {BYTES("http://a/\xff"), NULL},
    {BYTES("http://a/\xc3"), NULL},
    {BYTES("http://a/\xe2\x82"), NULL},
    {BYTES("http://a/\xc0\xaf"), NULL},
    {BYTES("http://a/\xed\xa0\x80"), NULL},
};

/* Into exactly the room that is asked for. */
static ptrdiff_t
read_url(struct span text, char *out)
{
	char room[WEB_URL_ROOM(340)], *written;
	ptrdiff_t n;

	memset(room, 'x', sizeof(room));
	written = guard_tail(&out_guard, room, WEB_URL_ROOM(text.len));
	n = web_url_read(text, written);
	if (n < 0)
		return -1;
	memcpy(out, written, (size_t)n + 1);
	return strlen(out) == (size_t)n ? n : -1;
}

static void
test_rows(void)
{
	char out[EVERY_BYTE_ROOM];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t len = rows[i].len;
		struct span text = {
		    guard_tail(&guard, rows[i].bytes, len), len};
		ptrdiff_t n = read_url(text, out);

		tap_is_text(n >= 0 ? out : NULL, rows[i].want, "row %zu: %s", i,
		    rows[i].want != NULL ? rows[i].want : "refused");
		if (n >= 0) {
			text = (struct span){
			    guard_tail(&guard, out, (size_t)n), (size_t)n};
			n = read_url(text, out);
			tap_is_text(n >= 0 ? out : NULL, rows[i].want,
			    "and it reads as itself");
		}
	}
	tap_is_int(web_url_read((struct span){NULL, 0}, out), -1, "NULL and 0");
}

/* A host of so many bytes in labels of so many, then a tail. */
static bool
is_fine(size_t host, size_t label, const char *tail)
{
	char text[340] = "http://", out[EVERY_BYTE_ROOM];
	size_t at = strlen(text), len = at + host;

	memset(text + at, 'a', host);
	for (at += label; at < len; at += label + 1)
		text[at] = '.';
	memcpy(text + len, tail, strlen(tail));
	len += strlen(tail);
	return read_url((struct span){guard_tail(&guard, text, len), len},
	           out) == (ptrdiff_t)len;
}

static void
test_lengths(void)
{
	tap_ok(is_fine(63, 63, ""), "a label of 63 bytes");
	tap_ok(!is_fine(64, 64, ""), "a label of 64 bytes");
	tap_ok(!is_fine(66, 64, ""), "a label of 64 bytes before another");
	tap_ok(!is_fine(64, 64, "/"), "a label of 64 bytes before a path");
	tap_ok(is_fine(253, 63, ""), "a host of 253 bytes");
	tap_ok(is_fine(253, 63, ":65535/"), "a host of 253 bytes and more");
	tap_ok(!is_fine(254, 63, ""), "a host of 254 bytes");
	tap_ok(!is_fine(254, 63, "/"), "a host of 254 bytes and a path");
}

static void
test_every_byte(void)
{
	enum {
		LETTERS = 63, /* and digits and '_': what a label is made of */
		ENDS = 3,     /* '/', '?', '#': behind a host, or a port */
		SIGNS = 93,   /* of a path: visible ASCII without '%' */
	};
	int want = 2 * 4 + 3; /* http and HTTP, "://" */

	want += LETTERS;            /* a */
	want += LETTERS + ENDS + 2; /* '.', or '-' */
	want += LETTERS + ENDS;     /* b */
	want += LETTERS + ENDS + 3; /* ':', or '.', or '-' */
	want += 10 + 10 + ENDS;     /* 80 */
	want += ENDS;               /* '/' */
	want += SIGNS + SIGNS + SIGNS;
	tap_is_int(every_byte(&guard, "http://a.b:80/[?[", read_url), want,
	    "each byte of http://a.b:80/[?[");
}

int
main(void)
{
	guard = guard_new(EVERY_BYTE_ROOM);
	out_guard = guard_new(EVERY_BYTE_ROOM);
	test_rows();
	test_lengths();
	test_every_byte();
	return tap_done();
}
