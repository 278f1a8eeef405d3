/* SPDX-License-Identifier: MIT */
/* test-pg_array -- a PostgreSQL array in binary form, item by item, never a
 * byte beyond its end. */
#include "pg_array.h"

#include <string.h>

#include "guard.h"
#include "tap.h"

/* How many dimensions, NULLs or not, text (25); then the dimension. */
#define HEAD(dimensions, nulls) "\0\0\0" dimensions "\0\0\0" nulls "\0\0\0\x19"
#define ITEMS(n) "\0\0\0" n "\0\0\0\x01"
#define BYTES(literal) literal, sizeof(literal) - 1

/* Left as PostgreSQL 15 sends it, and what is none. */
static const struct {
	const char *what, *bytes;
	size_t len;
	const char *items; /* each followed by '|'; NULL: refused */
} rows[] = {
    {"{}", BYTES(HEAD("\0", "\0")), ""},
    {"{c}", BYTES(HEAD("\1", "\0") ITEMS("\1") "\0\0\0\1c"), "c|"},
    {"{a b,\"\",ü}",
        BYTES(HEAD("\1", "\0") ITEMS("\3") "\0\0\0\3a b"
                                           "\0\0\0\0"
                                           "\0\0\0\2\xc3\xbc"),
        "a b||\xc3\xbc|"},
    {"{a,NULL}",
        BYTES(HEAD("\1", "\1") ITEMS("\2") "\0\0\0\1a"
                                           "\xff\xff\xff\xff"),
        "a|(null)|"},
    {"nothing", BYTES(""), NULL},
    {"three bytes", BYTES("\0\0\0"), NULL},
    {"no type", BYTES("\0\0\0\1\0\0\0\0"), NULL},
    {"another type", BYTES("\0\0\0\0\0\0\0\0\0\0\0\x17"), NULL},
    {"no dimensions, but more", BYTES(HEAD("\0", "\0") "x"), NULL},
    {"two dimensions",
        BYTES(HEAD("\2", "\0") ITEMS("\1") ITEMS("\1") "\0\0\0\1x"), NULL},
    {"no count", BYTES(HEAD("\1", "\0") "\0\0\0"), NULL},
    {"fewer items than it says",
        BYTES(HEAD("\1", "\0") ITEMS("\3") "\0\0\0\1a"), "a|"},
    {"an item cut short", BYTES(HEAD("\1", "\0") ITEMS("\1") "\0\0\0\4abc"),
        ""},
    {"an item of nearly 2^32 bytes",
        BYTES(HEAD("\1", "\0") ITEMS("\1") "\xff\xff\xff\xfe"
                                           "abc"),
        ""},
};

/* The items, each followed by '|', into joined; false when refused. */
static bool
join(struct span bytes, char joined[128])
{
	struct pg_array array;
	struct span item;
	bool opened = pg_array_open(&array, bytes, 25);

	*joined = '\0';
	while (pg_array_next(&array, &item)) {
		if (item.at == NULL)
			item = (struct span){"(null)", 6};
		memcpy(joined, item.at, item.len);
		joined += item.len;
		memcpy(joined++, "|", 2);
	}
	return opened;
}

int
main(void)
{
	struct guard g = guard_new(256);
	char joined[128];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		const char *at = guard_tail(&g, rows[i].bytes, rows[i].len);
		bool opened = join((struct span){at, rows[i].len}, joined);

		tap_is_text(
		    opened ? joined : NULL, rows[i].items, "%s", rows[i].what);
	}
	for (size_t i = 0; i < LENGTH(rows); i++) {
		for (size_t n = 0; n <= rows[i].len; n++) {
			const char *at = guard_tail(&g, rows[i].bytes, n);

			join((struct span){at, n}, joined);
		}
	}
	tap_ok(true, "no prefix is read beyond its end");
	return tap_done();
}
