/* SPDX-License-Identifier: MIT */
/* test-slug -- common/slug: titles, limits, and what every slug promises. */
#include "slug.h"

#include <utf8proc.h>

#include "guard.h"
#include "tap.h"
#include "utf8.h"

static struct guard guard;

static const struct {
	const char *title, *want;
} rows[] = {
    {"", ""},
    {"a", "a"},
    {"Hello World", "hello-world"},
    {"Ünïcode & C: a Story", "unicode-c-a-story"},
    {"  --  leading and trailing  --  ", "leading-and-trailing"},
    {"a---b___c...d", "a-b-c-d"},
    {"!!!", ""},
    {"\t\n", ""},
    {"don't", "don-t"},
    {"100% C11", "100-c11"},
    {"../../etc/passwd", "etc-passwd"},
    {"<script>alert(1)</script>", "script-alert-1-script"},
    {"a%2fb?c#d", "a-2fb-c-d"},
    /* Accents, composed and decomposed, fall. */
    {"Crème Brûlée", "creme-brulee"},
    {"Cre\xcc\x80me", "creme"},
    {"ÀÉÎÕÜÇÑ", "aeioucn"},
    {"Tiếng Việt", "tieng-viet"},
    {"Žluťoučký kůň", "zlutoucky-kun"},
    {"z\xcc\x81\xcc\x82\xcc\x83\xcc\x84"
     "algo",
        "zalgo"},
    {"İstanbul", "istanbul"},
    {"ǽon", "æon"},
    /* Latin letters that are letters of their own stay. */
    {"Łódź", "łodz"},
    {"Straße", "straße"},
    {"SMØRREBRØD", "smørrebrød"},
    /* Compatibility forms are written plainly. */
    {"ﬁne", "fine"},
    {"Ｆｕｌｌ　Ｗｉｄｔｈ １２３", "full-width-123"},
    {"x²", "x2"},
    {"½", "1-2"},
    {"№ 5", "no-5"},
    {"Ⅷ", "viii"},
    {"K and Å", "k-and-a"}, /* Kelvin and Angstrom signs */
    {"①", "1"},
    {"㍿", "株式会社"},
    /* Other scripts stay as they are, with their marks, in lower case. */
    {"Привет, Мир", "привет-мир"},
    {"ЙОД и ЁЖ", "йод-и-ёж"},
    {"Καλημέρα Κόσμε", "καλημέρα-κόσμε"},
    {"日本語のタイトル", "日本語のタイトル"},
    {"がぎぐ", "がぎぐ"},
    {"か\xe3\x82\x99", "か\xe3\x82\x99"},
    {"안녕하세요 세계", "안녕하세요-세계"},
    {"हिन्दी में", "हिन्दी-में"},
    {"ภาษาไทยที่", "ภาษาไทยที่"},
    {"مرحبا بالعالم", "مرحبا-بالعالم"},
    {"שָׁלוֹם", "שָׁלוֹם"},
    {"١٢٣", "١٢٣"},
    {"𝐁𝐨𝐥𝐝", "bold"},
    {"𐐀𐐁", "𐐨𐐩"}, /* Deseret capitals, four bytes each */
    /* What has no letter separates; what cannot be seen vanishes. */
    {"I ❤️ C", "i-c"},
    {"👩‍💻 dev", "dev"},
    {"1️⃣", "1"},
    {"co\xc2\xad"
     "op",
        "coop"},
    {"a\xe2\x80\x8b"
     "b",
        "ab"},
    {"\xef\xbb\xbf"
     "bom",
        "bom"},
    {"\xe2\x80\xae"
     "rtl",
        "rtl"},
    {"\xcc\x81"
     "a",
        "a"},
    {"日 \xe3\x82\x99 本", "日-本"},
    /* Not UTF-8: a gap each. */
    {"a\xff"
     "b",
        "a-b"},
    {"caf\xe9", "caf"},
    {"\xc3", ""},
    {"a\xe2\x82", "a"},
    {"\xed\xa0\x80"
     "a",
        "a"},
};

/* NULL when out is all that a slug promises to be, else what it is not. */
static const char *
complaint(const char *out)
{
	char again[SLUG_MAX_BYTES + 1];
	size_t len = strlen(out);

	if (len > SLUG_MAX_BYTES)
		return "too long";
	if (utf8_length(out, len) < 0)
		return "not UTF-8";
	if (utf8_has_control(out, len))
		return "control character";
	if (len > 0 && (out[0] == '-' || out[len - 1] == '-'))
		return "'-' at an end";
	if (strstr(out, "--") != NULL)
		return "'--'";
	for (const char *p = out; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x80 && *p != '-' &&
		    !(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9'))
			return "an ASCII character that needs escaping";
	}
	slug_from_title(out, again);
	return strcmp(out, again) == 0 ? NULL : "its slug is another";
}

static void
test_rows(void)
{
	char out[SLUG_MAX_BYTES + 1];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *title = guard_tail(
		    &guard, rows[i].title, strlen(rows[i].title) + 1);

		slug_from_title(title, out);
		tap_is_text(out, rows[i].want, "row %zu: %s", i, rows[i].want);
		tap_is_text(
		    complaint(out), NULL, "row %zu keeps the promises", i);
	}
}

/* n times unit, then tail: the slug's length and promises. */
static void
is_cut(const char *unit, int n, const char *tail, size_t want)
{
	char title[1024] = "", out[SLUG_MAX_BYTES + 1];
	size_t len = 0;

	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(
		    title + len, sizeof(title) - len, "%s", unit);
	snprintf(title + len, sizeof(title) - len, "%s", tail);
	memset(out, 'x', sizeof(out));
	slug_from_title(guard_tail(&guard, title, strlen(title) + 1), out);
	tap_is_int((int64_t)strlen(out), (int64_t)want,
	    "cut: %d times '%s' and '%s'", n, unit, tail);
	tap_is_text(complaint(out), NULL, "and it keeps the promises");
}

static void
test_limit(void)
{
	is_cut("a", 120, "", 120);
	is_cut("a", 121, "", 120);
	is_cut("a", 1000, "", 120);
	is_cut("a", 119, " b", 119); /* no '-' at the end */
	is_cut("a", 118, " b", 120);
	is_cut("a", 119, "\xc3\x9f", 119); /* half a character does not go in */
	is_cut("a", 118, "\xc3\x9f", 120);
	is_cut("\xe5\xb1\xb1", 40, "x", 120);
	is_cut("\xe5\xb1\xb1", 41, "", 120);
	is_cut("\xe5\xb1\xb1", 39, "ab\xc3\x9f", 119);
	is_cut("a", 119, "\xe5\xb1\xb1z", 119); /* and nothing after it */
	is_cut(" ", 900, "end", 3);
	is_cut("- ", 450, "end", 3);
}

static void
test_every_code_point(void)
{
	int bad = 0;

	for (utf8proc_int32_t c = 1; c <= 0x10ffff; c++) {
		char title[16] = "ab", out[SLUG_MAX_BYTES + 1];
		utf8proc_ssize_t n;
		const char *what;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = utf8proc_encode_char(c, (utf8proc_uint8_t *)title + 1);
		title[1 + n] = 'b';
		title[2 + n] = '\0';
		slug_from_title(title, out);
		what = complaint(out);
		if (what == NULL && out[0] != 'a')
			what = "the 'a' before it is gone";
		if (what == NULL) {
			slug_from_title(title + 1, out);
			what = complaint(out);
		}
		if (what != NULL && bad++ < 20)
			tap_note("U+%04X: %s: %s", (unsigned)c, what, out);
	}
	tap_is_int(bad, 0, "every code point keeps the promises");
}

static void
test_prefixes(void)
{
	int bad = 0;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		char title[256], out[SLUG_MAX_BYTES + 1];
		size_t len = strlen(rows[i].title);

		for (size_t n = 0; n <= len; n++) {
			memcpy(title, rows[i].title, n);
			title[n] = '\0';
			slug_from_title(guard_tail(&guard, title, n + 1), out);
			if (complaint(out) != NULL)
				bad++;
		}
	}
	tap_is_int(bad, 0, "every prefix of every title keeps the promises");
}

int
main(void)
{
	guard = guard_new(2048);
	test_rows();
	test_limit();
	test_every_code_point();
	test_prefixes();
	return tap_done();
}
