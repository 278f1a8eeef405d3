/* SPDX-License-Identifier: MIT */
/* test-url -- base/url: decoding, query strings, paths, route patterns. */
#include "url.h"

#include "guard.h"
#include "tap.h"

enum { OUT_MAX = 256 };

static struct guard guard;  /* what is read */
static struct guard output; /* what is written */

static const struct {
	const char *in;
	bool plus;
	const char *want; /* NULL: refused */
	ptrdiff_t want_len;
} decodes[] = {
    {"", false, "", 0},
    {"abc", false, "abc", 3},
    {"a%20b", false, "a b", 3},
    {"a+b", false, "a+b", 3},
    {"a+b", true, "a b", 3},
    {"a%2bb", true, "a+b", 3},
    {"%2B+%2b", true, "+ +", 3},
    {"%41%42%43", false, "ABC", 3},
    {"%c3%A9", false, "\xc3\xa9", 2},
    {"%aA%Ff", false, "\xaa\xff", 2},
    {"%00", false, "\0", 1},
    {"a%00b", true, "a\0b", 3},
    {"%25", false, "%", 1},
    {"%2541", false, "%41", 3},
    {"%252e%252e", false, "%2e%2e", 6},
    {"\xff\x80", false, "\xff\x80", 2},
    {"%", false, NULL, -1},
    {"%4", false, NULL, -1},
    {"abc%", false, NULL, -1},
    {"abc%4", false, NULL, -1},
    {"%%", false, NULL, -1},
    {"%%41", false, NULL, -1},
    {"%g1", false, NULL, -1},
    {"%1g", false, NULL, -1},
    {"% 1", false, NULL, -1},
    {"%+1", true, NULL, -1},
    {"%-1", false, NULL, -1},
    {"%0x", false, NULL, -1},
    {"%u0041", false, NULL, -1},
    {"%\xc3\xa9", false, NULL, -1},
    {"%:0", false, NULL, -1},
    {"%@0", false, NULL, -1},
    {"%/0", false, NULL, -1},
    {"%`0", false, NULL, -1},
    {"%G0", false, NULL, -1},
};

/* The parts as "name=value;" one after the other. */
static const struct {
	const char *query, *want;
} queries[] = {
    {"", ""},
    {"a=1", "a=1;"},
    {"a=1&b=2", "a=1;b=2;"},
    {"a", "a=;"},
    {"a=", "a=;"},
    {"=1", "=1;"},
    {"=", "=;"},
    {"==", "==;"},
    {"a=b=c", "a=b=c;"},
    {"&", ""},
    {"&&&", ""},
    {"&a=1", "a=1;"},
    {"a=1&", "a=1;"},
    {"a=1&&b=2", "a=1;b=2;"},
    {"a&b&c", "a=;b=;c=;"},
    {"a=1&a=2", "a=1;a=2;"},
    {"a=%26&b=%3D", "a=%26;b=%3D;"},
    {"tag=a+b&author=%C3%A9", "tag=a+b;author=%C3%A9;"},
    {"a=1;b=2", "a=1;b=2;"}, /* one part: ';' separates nothing */
    {"a[]=1&a[]=2", "a[]=1;a[]=2;"},
    {"?a=1", "?a=1;"},
    {"a=1#b", "a=1#b;"},
};

/* The params as "text,text"; NULL: no match. */
static const struct {
	const char *pattern, *path, *want;
} matches[] = {
    {"/", "/", ""},
    {"/api/tags", "/api/tags", ""},
    {"/api/tags", "/api/tag", NULL},
    {"/api/tags", "/api/tagss", NULL},
    {"/api/tags", "/api/tags/", NULL},
    {"/api/tags", "/api//tags", NULL},
    {"/api/tags", "api/tags", NULL},
    {"/api/tags", "/API/tags", NULL},
    {"/api/tags", "/api/%74ags", NULL},
    {"/api/tags", "/api/tags?x=1", NULL},
    {"/api/tags", "", NULL},
    {"/", "", NULL},
    {"/", "//", NULL},
    {"/api/articles/:slug", "/api/articles/a-b", "a-b"},
    {"/api/articles/:slug", "/api/articles/a%2Fb", "a%2Fb"},
    {"/api/articles/:slug", "/api/articles/:slug", ":slug"},
    {"/api/articles/:slug", "/api/articles/%C3%A9", "%C3%A9"},
    {"/api/articles/:slug", "/api/articles/..", ".."},
    {"/api/articles/:slug", "/api/articles/", NULL},
    {"/api/articles/:slug", "/api/articles", NULL},
    {"/api/articles/:slug", "/api/articles/a/", NULL},
    {"/api/articles/:slug", "/api/articles/a/b", NULL},
    {"/api/articles/:slug", "/api/articles//a", NULL},
    {"/api/articles/:slug/comments/:id", "/api/articles/x/comments/12", "x,12"},
    {"/api/articles/:slug/comments/:id", "/api/articles//comments/12", NULL},
    {"/api/articles/:slug/comments/:id", "/api/articles/x/comments/", NULL},
    {"/api/articles/:slug/comments/:id", "/api/articles/x/comment/12", NULL},
    {"/api/articles/:slug/favorite", "/api/articles/x/favorite", "x"},
    {"/api/articles/:slug/favorite", "/api/articles/x/y/favorite", NULL},
    {"/:a", "/x", "x"},
    {"/:a", "/", NULL},
    {"/:a/:b", "/x/y", "x,y"},
    {"/:a/", "/x/", "x"},
    {"/:a/", "/x", NULL},
    {"/a:b", "/a:b", ""},
    {"/a:b", "/axb", NULL},
    {"/:1/:2/:3/:4/:5/:6/:7/:8", "/a/b/c/d/e/f/g/h", "a,b,c,d,e,f,g,h"},
    {"/:1/:2/:3/:4/:5/:6/:7/:8/:9", "/a/b/c/d/e/f/g/h/i", NULL},
};

/* url_is() says the same: it is what it decodes to, and nothing longer or
 * shorter; want is NULL for what cannot be decoded. */
static void
test_is(struct span s, const char *want, size_t len)
{
	char longer[OUT_MAX + 1] = "", shorter[OUT_MAX] = "";

	if (want == NULL) {
		tap_ok(!url_is(s, "") && !url_is(s, "x"), "and is nothing");
		return;
	}
	if (len > 0)
		memcpy(longer, want, len);
	longer[len] = 'x';
	memcpy(shorter, want, len > 0 ? len - 1 : 0);
	tap_ok(url_is(s, want) == (strlen(want) == len), "and is that");
	tap_ok(!url_is(s, longer), "and no more");
	tap_ok(len == 0 || strlen(shorter) < len - 1 || !url_is(s, shorter),
	    "and no less");
}

static void
test_decode(void)
{
	for (size_t i = 0; i < LENGTH(decodes); i++) {
		size_t len = strlen(decodes[i].in);
		struct span s = {guard_tail(&guard, decodes[i].in, len), len};
		char *out = guard_tail(&output, decodes[i].in, len + 1);
		ptrdiff_t n = url_decode(s, decodes[i].plus, out);

		tap_is_int(
		    n, decodes[i].want_len, "decode: '%s'", decodes[i].in);
		if (decodes[i].plus)
			test_is(s, n < 0 ? NULL : decodes[i].want, (size_t)n);
		if (n < 0)
			continue;
		tap_ok(memcmp(out, decodes[i].want, (size_t)n + 1) == 0,
		    "and its bytes");
	}
}

/* A prefix is refused exactly when it ends inside a %XX. */
/* What comes back from url_encode() decodes to the same text. */
static void
test_encode(void)
{
	static const struct {
		const char *text, *keep, *want;
	} rows[] = {
	    {"", URL_UNRESERVED, ""},
	    {"aZ09-._~", URL_UNRESERVED, "aZ09-._~"},
	    {" ", URL_UNRESERVED, "%20"},
	    {"a+b&c=d", URL_UNRESERVED, "a%2Bb%26c%3Dd"},
	    {"a/b?c#d", URL_UNRESERVED, "a%2Fb%3Fc%23d"},
	    {"a/b", URL_UNRESERVED "/", "a/b"},
	    {"100%41", URL_UNRESERVED, "100%2541"},
	    {"\xc3\xa9\xff\x01\x7f", URL_UNRESERVED, "%C3%A9%FF%01%7F"},
	    {"<a>\r\n\"", URL_UNRESERVED, "%3Ca%3E%0D%0A%22"},
	    {"abc", "", "%61%62%63"},
	};
	char every[256], encoded[URL_ENCODED_MAX(sizeof(every) - 1)];
	char back[sizeof(encoded)];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t len = strlen(rows[i].text);
		size_t want = strlen(rows[i].want);
		const char *text = guard_tail(&guard, rows[i].text, len + 1);
		char *out = guard_tail(&output, rows[i].want, want + 1);

		memset(out, 'x', want + 1);
		tap_is_int((int64_t)url_encode(text, rows[i].keep, out),
		    (int64_t)want, "encode: row %zu", i);
		tap_is_text(out, rows[i].want, "and that");
	}
	for (int c = 1; c < 256; c++)
		every[c - 1] = (char)c;
	every[255] = '\0';
	url_encode(every, URL_UNRESERVED, encoded);
	tap_ok(url_decode((struct span){encoded, strlen(encoded)}, false,
	           back) == 255 &&
	           memcmp(back, every, 255) == 0,
	    "every byte comes back");
	tap_ok(strspn(encoded, URL_UNRESERVED "%") == strlen(encoded),
	    "and none of it means anything in a URL");
	url_encode(every, "", encoded);
	tap_is_int((int64_t)strlen(encoded) + 1, (int64_t)sizeof(encoded),
	    "URL_ENCODED_MAX is enough, and not more");
}

static void
test_decode_prefixes(void)
{
	static const char text[] = "a%41b%c3%a9+%2541%00c";
	char out[sizeof(text)];
	int bad = 0;

	for (size_t n = 0; n < sizeof(text); n++) {
		struct span s = {guard_tail(&guard, text, n), n};
		bool cut = (n > 0 && text[n - 1] == '%') ||
		           (n > 1 && text[n - 2] == '%');

		if ((url_decode(s, true, out) < 0) != cut)
			bad++;
	}
	tap_is_int(bad, 0, "decode: every prefix");
}

/* Every byte as %XX, in both cases, is that byte. */
static void
test_decode_bytes(void)
{
	int bad = 0;

	for (int c = 0; c < 256; c++) {
		char text[8], out[8];
		struct span s = {text, 3};

		snprintf(text, sizeof(text), "%%%02x", (unsigned)c);
		if (url_decode(s, false, out) != 1 || out[0] != (char)c)
			bad++;
		snprintf(text, sizeof(text), "%%%02X", (unsigned)c);
		if (url_decode(s, true, out) != 1 || out[0] != (char)c ||
		    out[1] != '\0')
			bad++;
	}
	tap_is_int(bad, 0, "decode: every byte");
}

static void
append(char *out, size_t *at, struct span s, char end)
{
	if (s.len > 0)
		memcpy(out + *at, s.at, s.len);
	*at += s.len;
	out[(*at)++] = end;
}

static void
test_next(void)
{
	for (size_t i = 0; i < LENGTH(queries); i++) {
		size_t len = strlen(queries[i].query), at = 0;
		struct span rest = {
		    guard_tail(&guard, queries[i].query, len), len};
		struct span name, value;
		char got[OUT_MAX];

		while (url_next(&rest, &name, &value)) {
			append(got, &at, name, '=');
			append(got, &at, value, ';');
		}
		got[at] = '\0';
		tap_is_text(
		    got, queries[i].want, "query: '%s'", queries[i].query);
		tap_ok(!url_next(&rest, &name, &value), "and it stays at the "
		                                        "end");
	}
}

static void
test_next_null(void)
{
	struct span rest = {NULL, 0}, name, value;

	tap_ok(!url_next(&rest, &name, &value), "query: NULL and 0");
}

static void
test_next_prefixes(void)
{
	static const char text[] = "a=1&bb=%20&&=x&c&d==&e=";
	int bad = 0;

	for (size_t n = 0; n < sizeof(text); n++) {
		struct span rest = {guard_tail(&guard, text, n), n};
		const char *end = rest.at + n;
		struct span name, value;
		int parts = 0, want = 0;

		for (size_t i = 0; i < n; i++)
			want +=
			    text[i] != '&' && (i == 0 || text[i - 1] == '&');
		for (; url_next(&rest, &name, &value); parts++) {
			if (name.at + name.len > value.at ||
			    value.at + value.len > end)
				bad++;
		}
		if (parts != want || rest.at != end)
			bad++;
	}
	tap_is_int(bad, 0, "query: every prefix");
}

static void
test_match(void)
{
	for (size_t i = 0; i < LENGTH(matches); i++) {
		size_t len = strlen(matches[i].path), at = 0;
		struct span path = {
		    guard_tail(&guard, matches[i].path, len), len};
		struct span params[URL_PARAMS_MAX];
		char got[OUT_MAX] = "";
		int n = url_match(matches[i].pattern, path, params);

		for (int p = 0; p < n; p++)
			append(got, &at, params[p], ',');
		got[at > 0 ? at - 1 : 0] = '\0';
		tap_is_text(n < 0 ? NULL : got, matches[i].want,
		    "match: %s with %s", matches[i].pattern, matches[i].path);
	}
}

/* Only the prefixes that end in the last param match. */
static void
test_match_prefixes(void)
{
	static const char path[] = "/api/articles/x/comments/123";
	struct span params[URL_PARAMS_MAX];
	int bad = 0;

	for (size_t n = 0; n < sizeof(path); n++) {
		struct span s = {guard_tail(&guard, path, n), n};
		bool want = n > strlen("/api/articles/x/comments/");

		if ((url_match("/api/articles/:slug/comments/:id", s, params) ==
		        2) != want)
			bad++;
	}
	tap_is_int(bad, 0, "match: every prefix");
	tap_is_int(url_match("/a", (struct span){"/a\0b", 4}, params), -1,
	    "match: a NUL does not end the path");
	tap_is_int(url_match("/a", (struct span){NULL, 0}, params), -1,
	    "match: NULL and 0");
}

/* What nginx 1.22 makes of a target, and Apache passes as REQUEST_URI. */
static const struct {
	const char *target, *want; /* NULL: no path */
} paths[] = {
    {"/", "/"},
    {"/a/b", "/a/b"},
    {"/a/b/", "/a/b/"},
    {"/a?b=/c", "/a"},
    {"/a#b", "/a"},
    {"/?", "/"},
    {"//a//b", "/a/b"},
    {"///", "/"},
    {"/a//", "/a/"},
    {"/%61rticles/x", "/articles/x"},
    {"/a%20b", "/a b"},
    {"/a+b", "/a+b"},
    {"/a%3fb", "/a?b"},
    {"/a%23b", "/a#b"},
    {"/a%25b", "/a%b"},
    {"/a/./b", "/a/b"},
    {"/a/.", "/a/"},
    {"/a/../b", "/b"},
    {"/a/..", "/"},
    {"/a/b/..", "/a/"},
    {"/a/%2e%2E/b", "/b"},
    {"/a/%2e", "/a/"},
    {"/a//../b", "/b"},
    {"/.../..a/a..", "/.../..a/a.."},
    {"/a/...", "/a/..."},
    {"http://host/a/b", "/a/b"},
    {"HTTPS://host:8787/a?b", "/a"},
    {"http://host", "/"},
    {"http://host?a=b", "/"},
    {"http:///a", "/a"},
    {"/\xc3\xa9", "/\xc3\xa9"},
    {"", NULL},
    {"a", NULL},
    {"*", NULL},
    {"?", NULL},
    {"host:80", NULL},
    {"ftp://host/a", NULL},
    {"/..", NULL},
    {"/../a", NULL},
    {"/a/../../b", NULL},
    {"/a%2fb", NULL},
    {"/a%2Fb", NULL},
    {"/%2f", NULL},
    {"/a%00b", NULL},
    {"/%00", NULL},
    {"/%", NULL},
    {"/a%4", NULL},
    {"/a%zz", NULL},
    {"/a%4/1", NULL},
};

/* out has no byte more than promised: it ends at the guard page. */
static void
test_path(void)
{
	for (size_t i = 0; i < LENGTH(paths); i++) {
		size_t len = strlen(paths[i].target);
		struct span target = {
		    guard_tail(&guard, paths[i].target, len), len};
		char *out = guard_tail(&output, "", 0) - (len + 2);
		ptrdiff_t n = url_path(target, out);

		tap_is_text(n < 0 ? NULL : out, paths[i].want, "path: %s",
		    paths[i].target);
		if (n >= 0)
			tap_is_int(n, (intmax_t)strlen(out),
			    "path: the length of %s", paths[i].target);
	}
}

static void
test_param(void)
{
	static const char pattern[] = "/swap/:a/x/:ab/:c";

	tap_is_int(url_param(pattern, "a"), 0, "param: the first");
	tap_is_int(url_param(pattern, "ab"), 1, "param: the second");
	tap_is_int(url_param(pattern, "c"), 2, "param: the last");
	tap_is_int(url_param(pattern, "b"), -1, "param: none");
	tap_is_int(url_param(pattern, "x"), -1, "param: a word is none");
	tap_is_int(url_param("/", "a"), -1, "param: of the root");
}

int
main(void)
{
	guard = guard_new(OUT_MAX);
	output = guard_new(OUT_MAX);
	test_decode();
	test_encode();
	test_decode_prefixes();
	test_decode_bytes();
	test_next();
	test_next_null();
	test_next_prefixes();
	test_match();
	test_match_prefixes();
	test_path();
	test_param();
	return tap_done();
}
