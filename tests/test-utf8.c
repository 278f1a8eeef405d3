/* SPDX-License-Identifier: MIT */
/* test-utf8 -- base/utf8: tables of texts, every code point, every prefix. */
#include "utf8.h"

#include <errno.h>

#include "guard.h"
#include "tap.h"

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1

static struct guard guard, out_guard;

static const struct {
	const char *name;
	const char *bytes;
	size_t len;
	ptrdiff_t want;
} lengths[] = {
    {"nothing", BYTES(""), 0},
    {"ASCII", BYTES("hello"), 5},
    {"two bytes", BYTES("\xc3\xa9"), 1},
    {"three bytes", BYTES("\xe2\x82\xac"), 1},
    {"four bytes", BYTES("\xf0\x9f\x98\x80"), 1},
    {"mixed", BYTES("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"), 5},
    {"first of two bytes", BYTES("\xc2\x80"), 1},
    {"last of two bytes", BYTES("\xdf\xbf"), 1},
    {"first of three bytes", BYTES("\xe0\xa0\x80"), 1},
    {"last before surrogates", BYTES("\xed\x9f\xbf"), 1},
    {"first after surrogates", BYTES("\xee\x80\x80"), 1},
    {"noncharacter U+FFFE", BYTES("\xef\xbf\xbe"), 1},
    {"noncharacter U+FFFF", BYTES("\xef\xbf\xbf"), 1},
    {"noncharacter U+FDD0", BYTES("\xef\xb7\x90"), 1},
    {"first of four bytes", BYTES("\xf0\x90\x80\x80"), 1},
    {"last of all, U+10FFFF", BYTES("\xf4\x8f\xbf\xbf"), 1},
    {"byte order mark",
        BYTES("\xef\xbb\xbf"
              "a"),
        2},
    {"control characters", BYTES("\x01\x7f"), 2},
    {"NUL", BYTES("\0"), -1},
    {"NUL inside", BYTES("a\0b"), -1},
    {"NUL at the end", BYTES("ab\0"), -1},
    {"overlong NUL", BYTES("\xc0\x80"), -1},
    {"overlong slash, two", BYTES("\xc0\xaf"), -1},
    {"overlong, C1 BF", BYTES("\xc1\xbf"), -1},
    {"overlong slash, three", BYTES("\xe0\x80\xaf"), -1},
    {"overlong, E0 9F BF", BYTES("\xe0\x9f\xbf"), -1},
    {"overlong slash, four", BYTES("\xf0\x80\x80\xaf"), -1},
    {"overlong, F0 8F BF BF", BYTES("\xf0\x8f\xbf\xbf"), -1},
    {"first surrogate", BYTES("\xed\xa0\x80"), -1},
    {"last surrogate", BYTES("\xed\xbf\xbf"), -1},
    {"surrogate pair (CESU-8)", BYTES("\xed\xa0\xbd\xed\xb8\x80"), -1},
    {"U+110000", BYTES("\xf4\x90\x80\x80"), -1},
    {"F5", BYTES("\xf5\x80\x80\x80"), -1},
    {"five bytes", BYTES("\xf8\x88\x80\x80\x80"), -1},
    {"six bytes", BYTES("\xfc\x84\x80\x80\x80\x80"), -1},
    {"FE", BYTES("\xfe"), -1},
    {"FF", BYTES("\xff"), -1},
    {"lone continuation", BYTES("\x80"), -1},
    {"continuation after ASCII", BYTES("a\xbf"), -1},
    {"cut after 1 of 2", BYTES("a\xc3"), -1},
    {"cut after 1 of 3", BYTES("a\xe2"), -1},
    {"cut after 2 of 3", BYTES("a\xe2\x82"), -1},
    {"cut after 1 of 4", BYTES("a\xf0"), -1},
    {"cut after 2 of 4", BYTES("a\xf0\x9f"), -1},
    {"cut after 3 of 4", BYTES("a\xf0\x9f\x98"), -1},
    {"ASCII where a continuation belongs", BYTES("\xc3("), -1},
    {"ASCII as third byte", BYTES("\xe2\x82("), -1},
    {"Latin-1", BYTES("caf\xe9"), -1},
};

static const struct {
	const char *bytes;
	size_t len;
	const char *want;
} trims[] = {
    {BYTES(""), ""},
    {BYTES("a"), "a"},
    {BYTES(" "), ""},
    {BYTES(" \t\r\n\v\f "), ""},
    {BYTES("  a  "), "a"},
    {BYTES("  a b  "), "a b"},
    {BYTES("a  "), "a"},
    {BYTES("  a"), "a"},
    {BYTES("\xe3\x80\x80\xe5\xb1\xb1\xe3\x80\x80"), "\xe5\xb1\xb1"},
    {BYTES("\xc2\xa0"
           "a\xc2\x85"),
        "a"},
    {BYTES("\xe1\x9a\x80\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaf\xe2\x81\x9f"), ""},
    /* Not White_Space: zero width space, its no-break kin, Mongolian. */
    {BYTES("\xe2\x80\x8b"), "\xe2\x80\x8b"},
    {BYTES("\xef\xbb\xbf"), "\xef\xbb\xbf"},
    {BYTES("\xe1\xa0\x8e"), "\xe1\xa0\x8e"},
    {BYTES("\x1c"), "\x1c"},
    {BYTES(" \xf0\x9f\x98\x80 "), "\xf0\x9f\x98\x80"},
    /* Not UTF-8: trimming ends there. */
    {BYTES(" \xff "), "\xff"},
    {BYTES(" \x80\x80\x80\x80\x80 "), "\x80\x80\x80\x80\x80"},
    {BYTES(" \xe3\x80"), "\xe3\x80"},
};

static const struct {
	const char *bytes;
	size_t len;
	bool want;
} controls[] = {
    {BYTES(""), false},
    {BYTES("plain text"), false},
    {BYTES("caf\xc3\xa9"), false},
    {BYTES("a\tb"), true},
    {BYTES("a\n"), true},
    {BYTES("\0"), true},
    {BYTES("\x1f"), true},
    {BYTES("\x7f"), true},
    {BYTES("\xc2\x80"), true},
    {BYTES("\xc2\x85"), true},
    {BYTES("\xc2\x9f"), true},
    {BYTES("\xc2\xa0"), false},
    {BYTES("\xe2\x80\xa8"), true},  /* line separator */
    {BYTES("\xe2\x80\xa9"), true},  /* paragraph separator */
    {BYTES("\xe2\x80\xae"), true},  /* right-to-left override */
    {BYTES("\xe2\x81\xa9"), true},  /* pop directional isolate */
    {BYTES("\xe2\x80\x8c"), false}, /* zero width non-joiner */
    {BYTES("\xe2\x80\x8d"), false}, /* zero width joiner */
    {BYTES("\xe2\x80\x8f"), false}, /* right-to-left mark */
    {BYTES("\x80"), true},          /* not UTF-8 */
    {BYTES("a\xc2"), true},
};

static const struct {
	const char *bytes;
	size_t len;
	bool want;
} blanks[] = {
    {BYTES(""), true},
    {BYTES(" \t\r\n"), true},
    {BYTES("\0"), true},
    {BYTES("\xc2\xad"), true},              /* soft hyphen */
    {BYTES("\xcd\x8f"), true},              /* combining grapheme joiner */
    {BYTES("\xe1\x85\x9f"), true},          /* Hangul choseong filler */
    {BYTES("\xe1\xa0\x8e"), true},          /* Mongolian vowel separator */
    {BYTES("\xe2\x80\x8b"), true},          /* zero width space */
    {BYTES("\xe2\x81\xa5"), true},          /* reserved U+2065 */
    {BYTES("\xe2\xa0\x80"), true},          /* braille blank */
    {BYTES("\xe3\x85\xa4"), true},          /* Hangul filler */
    {BYTES("\xef\xb8\x8f"), true},          /* variation selector 16 */
    {BYTES("\xef\xbb\xbf"), true},          /* byte order mark */
    {BYTES("\xef\xbe\xa0"), true},          /* halfwidth Hangul filler */
    {BYTES("\xef\xbf\xb0"), true},          /* reserved U+FFF0 */
    {BYTES("\xef\xbf\xb9"), true},          /* interlinear annotation */
    {BYTES("\xf0\x96\xbf\xa4"), true},      /* Khitan filler */
    {BYTES("\xf0\x9d\x85\x99"), true},      /* null notehead */
    {BYTES("\xf3\xa0\x80\x81"), true},      /* language tag */
    {BYTES("\xf3\xa0\xbf\xbf"), true},      /* reserved U+E0FFF */
    {BYTES(" \xe2\x80\x8b\xc2\xa0"), true}, /* several of them */
    {BYTES("a"), false},
    {BYTES("\xe2\x80\x8b."), false},
    {BYTES("\xdb\x9d"), false},     /* end of ayah: a format character, drawn */
    {BYTES("\xe2\xa0\x81"), false}, /* braille dot 1 */
    {BYTES("\xcc\x81"), false},     /* a combining accent, on nothing */
    {BYTES("\xf3\xa1\x80\x80"), false}, /* U+E1000, unassigned: a box */
    {BYTES("\x80"), false},             /* not UTF-8 */
    {BYTES(" \xe2\x80"), false},
};

/* From the tables of UAX #15 and UnicodeData.txt, not from utf8proc. */
static const struct {
	const char *name;
	const char *bytes;
	size_t len;
	const char *want;
} normals[] = {
    {"nothing", BYTES(""), ""},
    {"ASCII", BYTES("plain"), "plain"},
    {"composed", BYTES("\xc3\xa9va"), "\xc3\xa9va"},
    {"decomposed", BYTES("e\xcc\x81va"), "\xc3\xa9va"},
    {"two marks, either order: U+1E69",
        BYTES("s\xcc\x87\xcc\xa3 s\xcc\xa3\xcc\x87"),
        "\xe1\xb9\xa9 \xe1\xb9\xa9"},
    {"ohm, Kelvin, Angstrom", BYTES("\xe2\x84\xa6\xe2\x84\xaa\xe2\x84\xab"),
        "\xce\xa9K\xc3\x85"},
    {"Greek question mark", BYTES("\xcd\xbe"), ";"},
    {"compatibility stays", BYTES("\xef\xac\x81\xc2\xb2\xef\xbc\xa1"),
        "\xef\xac\x81\xc2\xb2\xef\xbc\xa1"},
    {"excluded from composing, U+0958", BYTES("\xe0\xa5\x98"),
        "\xe0\xa4\x95\xe0\xa4\xbc"},
    {"three times as long, U+1D160", BYTES("\xf0\x9d\x85\xa0"),
        "\xf0\x9d\x85\x98\xf0\x9d\x85\xa5\xf0\x9d\x85\xae"},
    {"Hangul L V T", BYTES("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8"),
        "\xea\xb0\x81"},
    {"U+11A7 is no final", BYTES("\xea\xb0\x80\xe1\x86\xa7"),
        "\xea\xb0\x80\xe1\x86\xa7"},
    {"U+11A7 between others",
        BYTES("\xe1\x86\xa7"
              "e\xcc\x81\xe1\x86\xa7\xe1\x86\xa7"
              "e\xcc\x81"),
        "\xe1\x86\xa7\xc3\xa9\xe1\x86\xa7\xe1\x86\xa7\xc3\xa9"},
};

static void
test_blanks(void)
{
	for (size_t i = 0; i < LENGTH(blanks); i++) {
		size_t len = blanks[i].len;
		const char *s = guard_tail(&guard, blanks[i].bytes, len);

		tap_is_int(
		    utf8_is_blank(s, len), blanks[i].want, "blank: row %zu", i);
	}
	tap_ok(utf8_is_blank(NULL, 0), "blank: NULL and 0");
}

/* With room for exactly so much in front of a page that may not be touched,
 * and with less. */
static void
test_normals(void)
{
	char fill[64];

	memset(fill, 'x', sizeof(fill));
	for (size_t i = 0; i < LENGTH(normals); i++) {
		size_t len = normals[i].len, want = strlen(normals[i].want);
		const char *s = guard_tail(&guard, normals[i].bytes, len);
		char *out = guard_tail(&out_guard, fill, want + 1);
		ptrdiff_t got = utf8_nfc(s, len, out, want + 1);
		int bad = 0;

		tap_ok(
		    got == (ptrdiff_t)want && strcmp(out, normals[i].want) == 0,
		    "nfc: %s", normals[i].name);
		for (size_t size = 0; size <= want; size++) {
			out = guard_tail(&out_guard, fill, size);
			errno = 0;
			if (utf8_nfc(s, len, out, size) != -1 ||
			    errno != ERANGE)
				bad++;
		}
		tap_is_int(bad, 0, "nfc: %s, no room", normals[i].name);
		tap_ok(want < UTF8_NFC_ROOM(len), "nfc: %s, the room promised",
		    normals[i].name);
	}
	tap_is_int(utf8_nfc(NULL, 0, fill, 1), 0, "nfc: NULL and 0");
	errno = 0;
	tap_ok(utf8_nfc("\xff", 1, fill, 64) == -1 && errno == EILSEQ,
	    "nfc: not UTF-8");
}

static void
test_next(void)
{
	static const char text[] = "a\0\xf0\x9f\x98\x80\xe2\x82";
	size_t len = sizeof(text) - 1;
	struct span rest = {guard_tail(&guard, text, len), len};
	int32_t c = -1;

	tap_ok(utf8_next(&rest, &c) && c == 'a' && rest.len == len - 1,
	    "next: ASCII");
	tap_ok(utf8_next(&rest, &c) && c == 0, "next: NUL");
	tap_ok(utf8_next(&rest, &c) && c == 0x1f600, "next: four bytes");
	tap_ok(!utf8_next(&rest, &c) && rest.len == 2, "next: cut");
	rest.len = 0;
	tap_ok(!utf8_next(&rest, &c), "next: the end");
}

static void
test_lengths(void)
{
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		const char *bytes = lengths[i].bytes;
		size_t len = lengths[i].len;

		tap_is_int(utf8_length(guard_tail(&guard, bytes, len), len),
		    lengths[i].want, "length: %s", lengths[i].name);
	}
	tap_is_int(utf8_length(NULL, 0), 0, "length: NULL and 0");
}

static void
test_trims(void)
{
	for (size_t i = 0; i < LENGTH(trims); i++) {
		size_t want = strlen(trims[i].want), len = trims[i].len;
		const char *s = guard_tail(&guard, trims[i].bytes, len);
		const char *got = utf8_trim(s, &len);

		tap_ok(len == want && memcmp(got, trims[i].want, len) == 0,
		    "trim: row %zu, at the end of a page", i);
		len = trims[i].len;
		s = guard_head(&guard, trims[i].bytes, len);
		got = utf8_trim(s, &len);
		tap_ok(got >= s && len == want &&
		           memcmp(got, trims[i].want, len) == 0,
		    "trim: row %zu, at the start of a page", i);
	}
}

static void
test_controls(void)
{
	for (size_t i = 0; i < LENGTH(controls); i++) {
		size_t len = controls[i].len;
		const char *s = guard_tail(&guard, controls[i].bytes, len);

		tap_is_int(utf8_has_control(s, len), controls[i].want,
		    "control: row %zu", i);
	}
}

/* A plain encoder, so that the tests do not trust the library under test. */
static size_t
encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* PropList.txt, White_Space, as it has been since Unicode 6.3. */
static bool
is_white(uint32_t c)
{
	return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xa0 ||
	       c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
	       c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

struct range {
	uint32_t first, last;
};

/* DerivedCoreProperties.txt of Unicode 15.0, Default_Ignorable_Code_Point;
 * UnicodeData.txt, category Cf that is neither that nor drawn; and the empty
 * glyphs. */
static const struct range invisible[] = {{0x00, 0x1f}, {0x7f, 0x9f},
    {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c}, {0x115f, 0x1160},
    {0x17b4, 0x17b5}, {0x180b, 0x180f}, {0x200b, 0x200f}, {0x202a, 0x202e},
    {0x2060, 0x206f}, {0x2800, 0x2800}, {0x3164, 0x3164}, {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0x13430, 0x1343f},
    {0x16fe4, 0x16fe4}, {0x1bca0, 0x1bca3}, {0x1d159, 0x1d159},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};

static bool
is_invisible(uint32_t c)
{
	for (size_t i = 0; i < LENGTH(invisible); i++)
		if (c >= invisible[i].first && c <= invisible[i].last)
			return true;
	return is_white(c);
}

static void
test_every_code_point(void)
{
	int bad = 0;

	for (uint32_t c = 0; c <= 0x110000; c++) {
		char s[4];
		size_t n = encode(c, s), len = n;
		bool valid =
		    c != 0 && !(c >= 0xd800 && c <= 0xdfff) && c <= 0x10ffff;
		bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f) ||
		               (c >= 0x2028 && c <= 0x202e) ||
		               (c >= 0x2066 && c <= 0x2069);
		bool same = utf8_length(s, n) == (valid ? 1 : -1);

		if (valid) {
			const char *trimmed = utf8_trim(s, &len);
			char out[UTF8_NFC_ROOM(4)];

			same = same && trimmed != NULL &&
			       (len == 0) == is_white(c) &&
			       utf8_has_control(s, n) == control &&
			       utf8_is_blank(s, n) == is_invisible(c) &&
			       utf8_nfc(s, n, out, UTF8_NFC_ROOM(n)) > 0;
		}
		if (!same && bad++ < 10)
			tap_note("U+%04X", c);
	}
	tap_is_int(bad, 0,
	    "every code point: length, white space, control, ink, room");
}

/* A prefix is UTF-8 exactly when it ends between two characters. */
static void
test_prefixes(void)
{
	static const char text[] = " \xc2\xa0"
	                           "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"
	                           "\xe3\x80\x80 ";
	int bad = 0;

	for (size_t n = 0; n < sizeof(text); n++) {
		const char *s = guard_tail(&guard, text, n);
		bool whole = ((unsigned char)text[n] & 0xc0) != 0x80;
		size_t len = n;
		const char *trimmed = utf8_trim(s, &len);

		if ((utf8_length(s, n) >= 0) != whole || trimmed < s ||
		    trimmed + len > s + n || utf8_has_control(s, n) == whole)
			bad++;
		s = guard_head(&guard, text + n, sizeof(text) - 1 - n);
		len = sizeof(text) - 1 - n;
		trimmed = utf8_trim(s, &len);
		if (trimmed < s)
			bad++;
	}
	tap_is_int(bad, 0, "every prefix and suffix of a mixed text");
}

int
main(void)
{
	guard = guard_new(64);
	out_guard = guard_new(64);
	test_lengths();
	test_trims();
	test_controls();
	test_blanks();
	test_normals();
	test_next();
	test_every_code_point();
	test_prefixes();
	return tap_done();
}
