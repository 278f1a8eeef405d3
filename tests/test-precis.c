/* SPDX-License-Identifier: MIT */
/*
 * test-precis -- base/precis: tables of names and passwords, every code point,
 * every room.
 */
#include "precis.h"

#include <utf8proc.h>

#include "guard.h"
#include "starve.h"
#include "tap.h"
#include "utf8.h"

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1

#define CONTROL "can't contain control characters"
#define INVISIBLE "can't contain invisible characters"
#define UNDEFINED "can't contain private or unassigned characters"
#define PATH "can't contain / \\ ; ? # or %"
#define BLANK "can't be blank"
#define MARK "can't begin with a combining mark"
#define BYTES_FAULT "is not valid UTF-8 text without NUL"

typedef const char *precis_rule(struct span text, char *out, size_t size);

enum {
	TEXT_MAX = 64, /* bytes of a row */
	/* Characters that alone are a name, a password, in Unicode 15.0;
	 * counted with another hand: unicodedata of Python 3.12. */
	NAMES_FINE = 146524,
	PASSWORDS_FINE = 1107784,
};

static struct guard guard, out_guard;

struct row {
	const char *bytes;
	size_t len;
	const char *want;  /* what it becomes, or NULL */
	const char *fault; /* or what is said */
};

static const struct row names[] = {
    {BYTES("eva"), "eva", NULL},
    {BYTES("Eva"), "Eva", NULL}, /* case stays */
    {BYTES("\xc3\xa9va"), "\xc3\xa9va", NULL},
    {BYTES("e\xcc\x81va"), "\xc3\xa9va", NULL},
    {BYTES("  a  b  "), "a b", NULL},
    {BYTES("\t\na\r\n"), "a", NULL},
    {BYTES("  Eva   de  Lu "), "Eva de Lu", NULL},
    {BYTES("\xe3\x80\x80\xe5\xb1\xb1\xe3\x80\x80\xc2\xa0\xe7\x94\xb0"),
        "\xe5\xb1\xb1 \xe7\x94\xb0", NULL},
    {BYTES("\xd0\xa4\xd1\x91\xd0\xb4\xd0\xbe\xd1\x80"),
        "\xd0\xa4\xd1\x91\xd0\xb4\xd0\xbe\xd1\x80", NULL},
    {BYTES("a_b-c.d,e!(f)&g=h'i+j@k:l~1"), "a_b-c.d,e!(f)&g=h'i+j@k:l~1", NULL},
    {BYTES("..."), "...", NULL},
    {BYTES(".a"), ".a", NULL},
    /* Width: fullwidth "Ab", halfwidth "ga" of two, won, hangul, arrow. */
    {BYTES("\xef\xbc\xa1\xef\xbd\x82"), "Ab", NULL},
    {BYTES("\xef\xbd\xb6\xef\xbe\x9e"), "\xe3\x82\xac", NULL},
    {BYTES("\xef\xbf\xa6\xef\xbe\xa1\xef\xbf\xa9"),
        "\xe2\x82\xa9\xe3\x84\xb1\xe2\x86\x90", NULL},
    {BYTES("\xef\xbf\xa3"), "\xc2\xaf", NULL},     /* U+FFE3: one step only */
    {BYTES("\xef\xac\x81"), "\xef\xac\x81", NULL}, /* a ligature stays */
    /* Emoji, and the heart that a telephone sends. */
    {BYTES("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80", NULL},
    {BYTES("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"),
        "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", NULL},
    {BYTES("\xe2\x9d\xa4\xef\xb8\x8f"), "\xe2\x9d\xa4", NULL},
    {BYTES("e\xef\xb8\x8e\xcc\x81"), "\xc3\xa9", NULL},
    {BYTES("a \xef\xb8\x8f b \xef\xb8\x8f"), "a b", NULL},
    {BYTES("\xef\xb8\x8f a"), "a", NULL},
    /* Joiners behind a virama (Devanagari "ksha"), and elsewhere. */
    {BYTES("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7"),
        "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7", NULL},
    {BYTES("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8c\xe0\xa4\xb7"),
        "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8c\xe0\xa4\xb7", NULL},
    {BYTES("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe2\x80\x8d"), NULL,
        INVISIBLE},
    {BYTES("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8b"), NULL, INVISIBLE},
    {BYTES("a\xe2\x80\x8d"
           "b"),
        NULL, INVISIBLE},
    {BYTES("\xe2\x80\x8c"
           "a"),
        NULL, INVISIBLE},
    {BYTES("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"), NULL, INVISIBLE},
    /* Invisible. */
    {BYTES("a\xc2\xad"), NULL, INVISIBLE},
    {BYTES("a\xe2\x80\x8b"), NULL, INVISIBLE},
    {BYTES("a\xe2\x80\x8e"), NULL, INVISIBLE},
    {BYTES("a\xe3\x85\xa4"), NULL, INVISIBLE},
    {BYTES("a\xef\xbe\xa0"), NULL, INVISIBLE},
    {BYTES("a\xe1\x85\x9f"), NULL, INVISIBLE},
    {BYTES("a\xef\xb8\x80"), NULL, INVISIBLE},
    {BYTES("a\xf3\xa0\x84\x80"), NULL, INVISIBLE},
    {BYTES("a\xf3\xa0\x81\xa5"), NULL, INVISIBLE},
    {BYTES("a\xe2\xa0\x80"), NULL, INVISIBLE},
    {BYTES("a\xef\xbb\xbf"), NULL, INVISIBLE},
    {BYTES("a\xe1\xa0\x8e"), NULL, INVISIBLE},
    {BYTES("\xef\xbb\xbf"
           "a"),
        NULL, INVISIBLE},
    {BYTES("a\xdb\x9d"), NULL, INVISIBLE},
    /* Control: also what breaks or re-orders a line. */
    {BYTES("a\tb"), NULL, CONTROL},
    {BYTES("a\nb"), NULL, CONTROL},
    {BYTES("a\x7f"), NULL, CONTROL},
    {BYTES("a\xc2\x85"
           "b"),
        NULL, CONTROL},
    {BYTES("a\xe2\x80\xa8"
           "b"),
        NULL, CONTROL},
    {BYTES("a\xe2\x80\xae"
           "b"),
        NULL, CONTROL},
    {BYTES("a\xe2\x81\xa6"
           "b"),
        NULL, CONTROL},
    /* Nothing to see. */
    {BYTES(""), NULL, BLANK},
    {BYTES("   "), NULL, BLANK},
    {BYTES("\xe3\x80\x80\t"), NULL, BLANK},
    {BYTES("\xe2\x80\x8b"), NULL, BLANK},
    {BYTES("\xef\xb8\x8f"), NULL, BLANK},
    {BYTES("\xe3\x85\xa4"), NULL, BLANK},
    /* Undefined: unassigned, private, noncharacters. */
    {BYTES("a\xcd\xb8"), NULL, UNDEFINED},
    {BYTES("a\xee\x80\x80"), NULL, UNDEFINED},
    {BYTES("a\xf4\x8f\xbf\xbd"), NULL, UNDEFINED},
    {BYTES("a\xef\xbf\xbe"), NULL, UNDEFINED},
    {BYTES("a\xef\xb7\x90"), NULL, UNDEFINED},
    /* Marks. */
    {BYTES("\xcc\x81"
           "a"),
        NULL, MARK},
    {BYTES(" \xcc\x81"
           "a"),
        NULL, MARK},
    {BYTES("\xef\xb8\x8f\xcc\x81"), NULL, MARK},
    {BYTES("\xe0\xa4\xbe"), NULL, MARK},
    {BYTES("\xe2\x83\x9d"), NULL, MARK},
    {BYTES("\xef\xbe\x9e"), NULL, MARK}, /* halfwidth, becomes one */
    {BYTES("a \xcc\x81"), "a \xcc\x81", NULL},
    /* A segment of a path, also in disguise: U+FF0F, U+FF05, U+037E. */
    {BYTES("a/b"), NULL, PATH},
    {BYTES("a\\b"), NULL, PATH},
    {BYTES("a;b"), NULL, PATH},
    {BYTES("a?"), NULL, PATH},
    {BYTES("#a"), NULL, PATH},
    {BYTES("%61"), NULL, PATH},
    {BYTES("a\xef\xbc\x8f"
           "b"),
        NULL, PATH},
    {BYTES("a\xef\xbc\x85"
           "b"),
        NULL, PATH},
    {BYTES("a\xcd\xbe"
           "b"),
        NULL, PATH},
    {BYTES("."), NULL, "can't be . or .."},
    {BYTES(" .. "), NULL, "can't be . or .."},
    {BYTES("\xef\xbc\x8e\xef\xbc\x8e"), NULL, "can't be . or .."},
    {BYTES(".\xef\xb8\x8f"), NULL, "can't be . or .."},
    /* Not text. */
    {BYTES("a\0b"), NULL, BYTES_FAULT},
    {BYTES("\xff"), NULL, BYTES_FAULT},
    {BYTES("a\xc3"), NULL, BYTES_FAULT},
    {BYTES("\xed\xa0\x80"), NULL, BYTES_FAULT},
};

static const struct row passwords[] = {
    {BYTES("correct horse battery staple"), "correct horse battery staple",
        NULL},
    {BYTES(" a  b "), " a  b ", NULL}, /* nothing is trimmed */
    {BYTES("\xc3\xa9va"), "\xc3\xa9va", NULL},
    {BYTES("e\xcc\x81va"), "\xc3\xa9va", NULL},
    {BYTES("a\xc2\xa0\xe3\x80\x80\xe2\x80\xaf"
           "b"),
        "a   b", NULL},
    {BYTES("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", NULL},
    {BYTES("\xef\xbc\xa1"), "\xef\xbc\xa1", NULL}, /* width stays */
    /* An emoji with joiners, one newer than Unicode 15.0, a private one. */
    {BYTES("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9"),
        "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", NULL},
    {BYTES("\xe2\x9d\xa4\xef\xb8\x8f"), "\xe2\x9d\xa4\xef\xb8\x8f", NULL},
    {BYTES("\xf0\x9f\xab\xa9"), "\xf0\x9f\xab\xa9", NULL},
    {BYTES("\xee\x80\x80"), "\xee\x80\x80", NULL},
    {BYTES("\xcc\x81"
           "a"),
        "\xcc\x81"
        "a",
        NULL},
    {BYTES("a\xe2\x80\x8f"), "a\xe2\x80\x8f", NULL},
    {BYTES("\xea\xb0\x80\xe1\x86\xa7"), "\xea\xb0\x80\xe1\x86\xa7", NULL},
    {BYTES("a\n"), NULL, CONTROL},
    {BYTES("\ta"), NULL, CONTROL},
    {BYTES("a\x7f"), NULL, CONTROL},
    {BYTES("a\xe2\x80\xa9"), NULL, CONTROL},
    {BYTES("a\xe2\x80\xad"), NULL, CONTROL},
    {BYTES(""), NULL, BLANK},
    {BYTES("        "), NULL, BLANK},
    {BYTES("\xe2\x80\x8b\xe2\x80\x8b"), NULL, BLANK},
    {BYTES("a\0"), NULL, BYTES_FAULT},
    {BYTES("caf\xe9"), NULL, BYTES_FAULT},
};

/* Applied to bytes in front of a page, into size bytes in front of another. */
static const char *
apply(precis_rule *rule, const struct row *row, char **out, size_t size)
{
	static const char fill[UTF8_NFC_ROOM(TEXT_MAX)];
	struct span text = {guard_tail(&guard, row->bytes, row->len), row->len};

	*out = guard_tail(&out_guard, fill, size);
	return rule(text, *out, size);
}

/* Room that does not suffice is never overstepped, and says so. */
static int
count_bad_rooms(precis_rule *rule, const struct row *row)
{
	int bad = 0;

	for (size_t size = 0; size <= strlen(row->want); size++) {
		char *out;
		const char *fault = apply(rule, row, &out, size);

		if (fault == NULL || strcmp(fault, "is too long") != 0)
			bad++;
	}
	return bad;
}

static void
test_rows(const char *what, precis_rule *rule, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *row = &rows[i];
		size_t room = row->want != NULL ? strlen(row->want) + 1
		                                : UTF8_NFC_ROOM(row->len);
		char *out;
		const char *fault = apply(rule, row, &out, room);
		char again[UTF8_NFC_ROOM(UTF8_NFC_ROOM(TEXT_MAX))];

		tap_is_text(fault, row->fault, "%s: row %zu", what, i);
		if (row->want == NULL || fault != NULL)
			continue;
		tap_is_text(out, row->want, "%s: row %zu becomes", what, i);
		fault =
		    rule((struct span){out, strlen(out)}, again, sizeof(again));
		tap_ok(fault == NULL && strcmp(again, row->want) == 0,
		    "%s: row %zu stays so", what, i);
		tap_is_int(count_bad_rooms(rule, row), 0,
		    "%s: row %zu, too little room", what, i);
	}
}

static size_t
encode(uint32_t c, char out[4])
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	out[0] = (char)(n == 1 ? c : lead[n] | c);
	return n;
}

/* Whether the rule, when it accepts text, accepts what it made of it, too, and
 * leaves it as it is. */
static bool
is_settled(precis_rule *rule, struct span text, bool *fine)
{
	char out[64], again[256];

	*fine = rule(text, out, sizeof(out)) == NULL;
	return !*fine ||
	       (utf8_length(out, strlen(out)) > 0 &&
	           rule((struct span){out, strlen(out)}, again,
	               sizeof(again)) == NULL &&
	           strcmp(out, again) == 0 &&
	           (rule != precis_name || strpbrk(out, "/\\;?#%") == NULL));
}

/* By itself, and between letters with another mark. */
static void
test_every_code_point(precis_rule *rule, const char *what, int want_fine)
{
	int bad = 0, count = 0;

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char text[16] = "e";
		size_t n = encode(c, text + 1);
		bool fine;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		memcpy(text + 1 + n, "\xcc\x81", 2);
		if (!is_settled(rule, (struct span){text, n + 3}, &fine) ||
		    !is_settled(rule, (struct span){text + 1, n}, &fine))
			bad++;
		count += fine;
	}
	tap_is_int(bad, 0, "every code point: a %s stays as it is", what);
	if (strcmp(utf8proc_unicode_version(), "15.0.0") != 0)
		tap_skip("the count is that of Unicode 15.0");
	else
		tap_is_int(count, want_fine,
		    "every code point: what a %s can be", what);
}

/* Whichever allocation fails: it says so, with that very pointer, or does
 * without. */
static void
test_memory(precis_rule *rule, const char *what)
{
	struct span text = {"e\xcc\x81va", 5};
	int told = 0, bad = 0;
	long n = 0, count;

	do {
		char out[UTF8_NFC_ROOM(5)];
		const char *fault;

		starve_begin(++n, false);
		fault = rule(text, out, sizeof(out));
		count = starve_end();
		if (fault == precis_no_memory)
			told++;
		else if (fault != NULL || strcmp(out, "\xc3\xa9va") != 0)
			bad++;
	} while (n <= count);
	tap_is_int(bad, 0, "%s: each allocation fails once", what);
	tap_ok(told >= 2, "%s: which is told, %d times", what, told);
}

int
main(void)
{
	guard = guard_new(TEXT_MAX);
	out_guard = guard_new(UTF8_NFC_ROOM(TEXT_MAX));
	test_rows("name", precis_name, names, LENGTH(names));
	test_rows("password", precis_password, passwords, LENGTH(passwords));
	test_every_code_point(precis_name, "name", NAMES_FINE);
	test_every_code_point(precis_password, "password", PASSWORDS_FINE);
	test_memory(precis_name, "name");
	test_memory(precis_password, "password");
	return tap_done();
}
