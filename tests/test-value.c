/* SPDX-License-Identifier: MIT */
/* test-value -- common/value: which of some words a text is.  The rest is
 * tested through functions. */
#include "value.h"

#include "every_byte.h"

/* Bytes that may hold NUL. */
#define BYTES(literal) literal, sizeof(literal) - 1

static struct guard guard, text_guard;

static const struct {
	const char *choices;
	const char *bytes;
	size_t len;
	int want;
} rows[] = {
    {"small", BYTES("small"), 0},
    {"small medium large", BYTES("small"), 0},
    {"small medium large", BYTES("medium"), 1},
    {"small medium large", BYTES("large"), 2},
    {"a aa aaa", BYTES("a"), 0},
    {"a aa aaa", BYTES("aa"), 1},
    {"aaa aa a", BYTES("aa"), 1},
    {"aaa aa a", BYTES("a"), 2},
    {"\xc3\xa9 1 -", BYTES("\xc3\xa9"), 0},
    {"\xc3\xa9 1 -", BYTES("-"), 2},
    {"a b", BYTES(""), -1},
    {"a b", BYTES(" "), -1},
    {"a b", BYTES("a b"), -1},
    {"a b", BYTES("a "), -1},
    {"a b", BYTES(" b"), -1},
    {"a b", BYTES("A"), -1},
    {"a b", BYTES("c"), -1},
    {"a b", BYTES("ab"), -1},
    {"a b", BYTES("a\0"), -1},
    {"a b", BYTES("\0"), -1},
    {"a b", BYTES("a\0b"), -1},
    {"ab", BYTES("a"), -1},
    {"ab", BYTES("b"), -1},
    {"ab", BYTES("abc"), -1},
    {"", BYTES(""), -1},
    {"", BYTES("a"), -1},
};

/* Each of the two ends where a page begins. */
static int
choose(const char *choices, const char *bytes, size_t len)
{
	return value_choice(guard_tail(&guard, choices, strlen(choices) + 1),
	    (struct span){guard_tail(&text_guard, bytes, len), len});
}

static ptrdiff_t
read_choice(struct span text, char *out)
{
	static const char *const words[] = {"red", "rod", "bed", "reds"};
	int i = value_choice("red rod bed reds", text);

	if (i < 0)
		return -1;
	memcpy(out, words[i], strlen(words[i]) + 1);
	return (ptrdiff_t)strlen(out);
}

int
main(void)
{
	guard = guard_new(64);
	text_guard = guard_new(EVERY_BYTE_ROOM);
	for (size_t i = 0; i < LENGTH(rows); i++)
		tap_is_int(choose(rows[i].choices, rows[i].bytes, rows[i].len),
		    rows[i].want, "row %zu: of \"%s\"", i, rows[i].choices);
	tap_is_int(
	    value_choice("a b", (struct span){NULL, 0}), -1, "NULL and 0");
	tap_is_int(every_byte(&text_guard, "red", read_choice), 2 + 2 + 1,
	    "each byte of a word");
	return tap_done();
}
