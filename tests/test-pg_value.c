/* SPDX-License-Identifier: MIT */
/* test-pg_value -- values in PostgreSQL's binary form become text, never a byte
 * is read beyond their end nor written beyond the room for it. */
#include "pg_value.h"

#include <string.h>

#include "guard.h"
#include "tap.h"

enum {
	BYTES_MAX = 64,
	ROOM_MAX = 160 * 1024, /* numeric: 131072 digits and 16383 decimals */
};

/* Bytes in hex as PostgreSQL 15 sends them, and what is no value; what it is in
 * JSON: NULL when it is refused. */
static const struct {
	uint32_t oid;
	const char *hex, *json;
} cases[] = {
    /* bool */
    {16, "01", "true"},
    {16, "00", "false"},
    {16, "", NULL},
    {16, "0000", NULL},
    /* int2, int4, int8 */
    {21, "0000", "0"},
    {21, "7fff", "32767"},
    {21, "8000", "-32768"},
    {23, "ffffffff", "-1"},
    {23, "7fffffff", "2147483647"},
    {23, "80000000", "-2147483648"},
    {20, "7fffffffffffffff", "9223372036854775807"},
    {20, "8000000000000000", "-9223372036854775808"},
    {20, "", NULL},
    {20, "000000", NULL},
    {20, "000000000000000000", NULL},
    /* float4 */
    {700, "3dcccccd", "0.1"},
    {700, "00000001", "1e-45"},
    {700, "7f7fffff", "3.4028235e+38"},
    {700, "00800000", "1.1754944e-38"},
    {700, "3eaaaaab", "0.33333334"},
    {700, "42c8d3a2", "100.413345"},
    {700, "4b800000", "16777216"},
    {700, "80000000", "-0"},
    {700, "7fc00000", "\"NaN\""},
    {700, "7f800000", "\"Infinity\""},
    {700, "ff800000", "\"-Infinity\""},
    {700, "0000", NULL},
    {700, "3fb999999999999a", NULL},
    /* float8 */
    {701, "0000000000000000", "0"},
    {701, "3fb999999999999a", "0.1"},
    {701, "3fd3333333333334", "0.30000000000000004"},
    {701, "4480f0cf064dd592", "1e+22"},
    {701, "3ee4f8b588e368f1", "1e-05"},
    {701, "0000000000000001", "5e-324"},
    {701, "7fefffffffffffff", "1.7976931348623157e+308"},
    {701, "0010000000000000", "2.2250738585072014e-308"},
    {701, "437b69b4ba630f35", "1.2345678901234568e+17"},
    {701, "4059000000000000", "100"},
    {701, "8000000000000000", "-0"},
    {701, "7ff8000000000000", "\"NaN\""},
    {701, "fff8000000000000", "\"NaN\""},
    {701, "7ff0000000000000", "\"Infinity\""},
    {701, "fff0000000000000", "\"-Infinity\""},
    {701, "3dcccccd", NULL},
    /* numeric: how many digits, weight, sign, scale; then the digits */
    {1700, "0000000000000000", "0"},
    {1700, "0000000000000002", "0.00"},
    {1700, "000200000000000200011388", "1.50"},
    {1700, "0001ffff400000040001", "-0.0001"},
    {1700, "0001ffff000000050001", "0.00010"},
    {1700, "00010001000000000001", "10000"},
    {1700, "0004000100000008270f270f270f270f", "99999999.99999999"},
    {1700, "0009000700000002000c0d801ed204d2162e23340d801ed204b0",
        "123456789012345678901234567890.12"},
    {1700, "00010005000000000001", "100000000000000000000"},
    {1700, "0001fffb000000140001", "0.00000000000000000001"},
    {1700, "00000000c0000000", "\"NaN\""},
    {1700, "00000000d0000020", "\"Infinity\""},
    {1700, "00000000f0000020", "\"-Infinity\""},
    {1700, "000200010000000000000005", "5"}, /* a first digit of 0 */
    {1700, "00020002000000000000000a", "100000"},
    {1700, "", NULL},
    {1700, "00000000000000", NULL},
    {1700, "0001000000000000", NULL},     /* its digit is missing */
    {1700, "000000000000000000", NULL},   /* a byte too many */
    {1700, "00010000000000002710", NULL}, /* 10000 is no digit */
    {1700, "00010000000040000001", NULL}, /* a scale of 16384 */
    {1700, "00010000800000000001", NULL}, /* no sign there is */
    /* date */
    {1082, "00000000", "\"2000-01-01\""},
    {1082, "ffffffff", "\"1999-12-31\""},
    {1082, "00002279", "\"2024-02-29\""},
    {1082, "fffdc58a", "\"1600-02-29\""},
    {1082, "fffdc54e", "\"1599-12-31\""},
    {1082, "00023ab0", "\"2399-12-31\""},
    {1082, "00023ab1", "\"2400-01-01\""},
    {1082, "fff4dbf9", "\"0001-01-01\""},
    {1082, "fff4dbf8", "\"0001-12-31 BC\""},
    {1082, "fff4d511", "\"0005-02-29 BC\""},
    {1082, "ffda97cd", "\"4713-01-01 BC\""},
    {1082, "002c95d3", "\"9999-12-31\""},
    {1082, "002c95d4", "\"10000-01-01\""},
    {1082, "7fda970c", "\"5874897-12-31\""},
    {1082, "7fffffff", "\"infinity\""},
    {1082, "80000000", "\"-infinity\""},
    {1082, "0000", NULL},
    {1082, "0000000000000000", NULL},
    /* time */
    {1083, "0000000000000000", "\"00:00:00.000000\""},
    {1083, "0000000a8be1bd20", "\"12:34:56.500000\""},
    {1083, "000000141dd75fff", "\"23:59:59.999999\""},
    {1083, "000000141dd76000", "\"24:00:00.000000\""},
    {1083, "000000141dd76001", NULL},
    {1083, "ffffffffffffffff", NULL},
    {1083, "00000000", NULL},
    /* timestamp */
    {1114, "000303ec5463cb80", "\"2026-11-23T08:41:33.123456\""},
    {1114, "ffffffffffffffff", "\"1999-12-31T23:59:59.999999\""},
    {1114, "ffd327a5d2569fff", "\"1599-12-31T23:59:59.999999\""},
    {1114, "ff1fe2ffc59c6000", "\"0001-01-01T00:00:00.000000\""},
    {1114, "0380e70b913b8000", "\"10000-01-01T00:00:00.000000\""},
    {1114, "ff1af9e8fb46d000", "\"0044-03-15T12:00:00.000000 BC\""},
    {1114, "7fffff5bb3b29fff", "\"294276-12-31T23:59:59.999999\""},
    {1114, "fd0f7fbdaf17e000", "\"4713-01-01T00:00:00.000000 BC\""},
    {1114, "8000000000000001", "\"290279-12-22T19:59:05.224193 BC\""},
    {1114, "7ffffffffffffffe", "\"294277-01-09T04:00:54.775806\""},
    {1114, "7fffffffffffffff", "\"infinity\""},
    {1114, "8000000000000000", "\"-infinity\""},
    {1114, "00000000", NULL},
    /* timestamptz */
    {1184, "000303ec5463cb80", "\"2026-11-23T08:41:33.123456Z\""},
    {1184, "ff1af9e8fb46d000", "\"0044-03-15T12:00:00.000000Z BC\""},
    {1184, "7fffff5bb3b29fff", "\"294276-12-31T23:59:59.999999Z\""},
    {1184, "7fffffffffffffff", "\"infinity\""},
    /* uuid */
    {2950, "a0eebc999c0b4ef8bb6d6bb9bd380a11",
        "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\""},
    {2950, "a0eebc999c0b4ef8bb6d6bb9bd380a", NULL},
    {2950, "a0eebc999c0b4ef8bb6d6bb9bd380a1100", NULL},
    /* bytea: RFC 4648, section 10, and the two last of the alphabet */
    {17, "", "\"\""},
    {17, "66", "\"Zg==\""},
    {17, "666f", "\"Zm8=\""},
    {17, "666f6f", "\"Zm9v\""},
    {17, "666f6f6261", "\"Zm9vYmE=\""},
    {17, "fbff", "\"+/8=\""},
    /* json, jsonb and texts: their own bytes */
    {114, "7b2261223a205b315d7d", "{\"a\": [1]}"},
    {3802, "017b2261223a205b315d7d", "{\"a\": [1]}"},
    {3802, "", NULL},
    {3802, "027b7d", NULL}, /* another version */
    {25, "61", "\"a\""},
    {25, "", "\"\""},
    {19, "c3bc", "\"\xc3\xbc\""},
    {1042, "612020", "\"a  \""},
    {1043, "61", "\"a\""},
    /* text[]: item by item, not so */
    {1009, "000000000000000000000019", NULL},
};

static size_t
from_hex(const char *hex, char bytes[BYTES_MAX])
{
	char pair[3] = "";
	size_t len = strlen(hex) / 2;

	for (size_t i = 0; i < len; i++) {
		memcpy(pair, hex + 2 * i, 2);
		bytes[i] = (char)strtol(pair, NULL, 16);
	}
	return len;
}

/* In room that ends at a page which must not be touched. */
static bool
text_of(const struct guard *room, const struct pg_value_type *type,
    struct span bytes, struct span *text)
{
	size_t size = pg_value_room(type, bytes);

	if (size > room->size) {
		tap_ok(false, "%zu bytes are no room", size);
		return false;
	}
	return pg_value_text(type, bytes, room->data + room->size - size, text);
}

static void
test_cases(const struct guard *in, const struct guard *room)
{
	char bytes[BYTES_MAX], json[BYTES_MAX];
	struct span value, text;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct pg_value_type *type = pg_value_type(cases[i].oid);
		bool good;

		value.len = from_hex(cases[i].hex, bytes);
		value.at = guard_tail(in, bytes, value.len);
		good = text_of(room, type, value, &text);
		if (good)
			snprintf(json, sizeof(json),
			    pg_value_in_quotes(type, text) ? "\"%.*s\""
			                                   : "%.*s",
			    (int)text.len, text.at);
		tap_is_text(good ? json : NULL, cases[i].json, "%u: %s",
		    cases[i].oid, cases[i].hex);
	}
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const struct pg_value_type *type = pg_value_type(cases[i].oid);

		for (size_t n = from_hex(cases[i].hex, bytes); n-- > 0;) {
			value = (struct span){guard_tail(in, bytes, n), n};
			(void)!text_of(room, type, value, &text);
		}
	}
	tap_ok(true, "no prefix is read beyond its end");
}

/* The largest that PostgreSQL has: 1e131071 and 1e-16383, and one text of as
 * many decimals as there can be. */
static void
test_large_numeric(const struct guard *in, const struct guard *room)
{
	static const char huge[] = "\0\1\x7f\xff\0\0\x3f\xff\0\1";
	static const char tiny[] = "\0\1\xf0\0\0\0\x3f\xff\0\x0a";
	const struct pg_value_type *type = pg_value_type(1700);
	struct span value = {guard_tail(in, huge, 10), 10}, text;

	if (tap_ok(text_of(room, type, value, &text), "the largest numeric")) {
		tap_is_int((int64_t)text.len,
		    1 + 32767 * INT64_C(4) + 1 + 16383, "all its digits");
		tap_ok(memcmp(text.at, "100", 3) == 0 &&
		           memcmp(text.at + text.len - 16385, "0.0", 3) == 0,
		    "its first and its last");
	}
	value.at = guard_tail(in, tiny, 10);
	if (tap_ok(text_of(room, type, value, &text), "the smallest")) {
		tap_is_int(
		    (int64_t)text.len, 2 + 16383, "and all its decimals");
		tap_is_text(text.at + text.len - 3, "001", "the last is a 1");
	}
}

static void
test_numbers(void)
{
	int64_t i = 7;
	double d = 7;

	tap_ok(pg_value_int((struct span){"\xff\xfe", 2}, &i) && i == -2,
	    "an int2 as a number");
	tap_ok(!pg_value_int((struct span){NULL, 0}, &i), "NULL is none");
	tap_ok(pg_value_float((struct span){"\xbf\x80\0\0", 4}, &d) &&
	           d >= -1 && d <= -1,
	    "a float4 as a number");
	tap_ok(pg_value_float((struct span){"\x40\x04\0\0\0\0\0\0", 8}, &d) &&
	           d >= 2.5 && d <= 2.5,
	    "a float8 as a number");
	tap_ok(!pg_value_float((struct span){NULL, 0}, &d), "NULL is none");
}

/* Each list is one of a type that is there and is no list itself. */
static void
test_types(void)
{
	static const uint32_t lists[] = {199, 1000, 1001, 1003, 1005, 1007,
	    1009, 1014, 1015, 1016, 1021, 1022, 1115, 1182, 1183, 1185, 1231,
	    2951, 3807};
	const struct pg_value_type *list, *item;
	int wrong = 0;

	for (size_t i = 0; i < LENGTH(lists); i++) {
		list = pg_value_type(lists[i]);
		item = list != NULL ? pg_value_type(list->item) : NULL;
		if (item == NULL || list->form != PG_VALUE_LIST ||
		    item->form == PG_VALUE_LIST) {
			tap_note("%u", lists[i]);
			wrong++;
		}
	}
	tap_is_int(wrong, 0, "lists have items");
	tap_ok(pg_value_type(600) == NULL, "a point is not in the table");
	tap_ok(pg_value_type(0) == NULL, "nor is no type");
}

int
main(void)
{
	struct guard in = guard_new(BYTES_MAX);
	struct guard room = guard_new(ROOM_MAX);

	test_cases(&in, &room);
	test_large_numeric(&in, &room);
	test_numbers();
	test_types();
	return tap_done();
}
