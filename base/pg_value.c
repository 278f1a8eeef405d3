/* SPDX-License-Identifier: MIT */
/*
 * pg_value -- see pg_value.h.  The binary forms are those that each type's send
 * function writes, named below; they are in PostgreSQL's src/backend/utils/adt.
 * All numbers are big-endian.
 */
#include "pg_value.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stamp.h"
#include "uuid.h"

enum {
	/* Holds every text but numeric and bytea; the longest is a uuid. */
	SMALL_BYTES = 48,
	DAYS_PER_CYCLE = 146097, /* 400 years, then the calendar repeats */
	YEARS_PER_CYCLE = 400,
	BASE64 = sodium_base64_VARIANT_ORIGINAL, /* RFC 4648, section 4 */
};

#define DAY_US INT64_C(86400000000)
#define UNIX_US_OF_2000 INT64_C(946684800000000)

static size_t
room_small(struct span bytes)
{
	(void)bytes;
	return SMALL_BYTES;
}

/* A word that fits into SMALL_BYTES. */
static bool
put_word(const char *word, char *out, size_t *len)
{
	*len = strlen(word);
	memcpy(out, word, *len);
	return true;
}

/* len bytes, 1 to 8, without a sign. */
static uint64_t
unsigned_at(const char *at, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | (unsigned char)at[i];
	return value;
}

/* ---- boolsend(), int2send(), int4send(), int8send() ---- */

static bool
put_bool(struct span bytes, char *out, size_t *len)
{
	return bytes.len == 1 &&
	       put_word(*bytes.at != 0 ? "true" : "false", out, len);
}

bool
pg_value_int(struct span bytes, int64_t *value)
{
	uint64_t bits;

	if (bytes.len != 2 && bytes.len != 4 && bytes.len != 8)
		return false;
	bits = unsigned_at(bytes.at, bytes.len);
	if (bytes.len == 2)
		*value = (int16_t)bits;
	else if (bytes.len == 4)
		*value = (int32_t)bits;
	else
		*value = (int64_t)bits;
	return true;
}

static bool
put_int(struct span bytes, char *out, size_t *len)
{
	int64_t value;

	if (!pg_value_int(bytes, &value))
		return false;
	*len = (size_t)snprintf(out, SMALL_BYTES, "%" PRId64, value);
	return true;
}

/* ---- float4send(), float8send(): the bits of IEEE 754 ---- */

bool
pg_value_float(struct span bytes, double *value)
{
	uint64_t bits;
	uint32_t half;
	float single;

	if (bytes.len != sizeof(float) && bytes.len != sizeof(double))
		return false;
	bits = unsigned_at(bytes.at, bytes.len);
	half = (uint32_t)bits;
	memcpy(value, &bits, sizeof(*value));
	memcpy(&single, &half, sizeof(single));
	if (bytes.len == sizeof(single))
		*value = single;
	return true;
}

/* NaN and the infinities have the names that PostgreSQL's to_json() gives. */
static bool
put_no_number(double value, char *out, size_t *len)
{
	if (isnan(value))
		return put_word("NaN", out, len);
	return put_word(value > 0 ? "Infinity" : "-Infinity", out, len);
}

/*
 * The shortest of the texts that %g writes and that is read back as the same.
 * What has up to 15 digits (6 of a float) comes back from a normal number, 17
 * (9) are always enough: C11, 5.2.4.2.2, DBL_DIG and DBL_DECIMAL_DIG.  JSON
 * takes what %g writes, in the locale C.  It is the shortest there is, but for
 * 46 powers of two (compared with Python's repr()), where it has one digit
 * more: below those lies the next number nearer than above.
 */
static bool
put_float8(struct span bytes, char *out, size_t *len)
{
	int digits;
	double value;

	if (bytes.len != sizeof(value) || !pg_value_float(bytes, &value))
		return false;
	if (!isfinite(value))
		return put_no_number(value, out, len);
	digits = isnormal(value) ? 15 : 1;
	do
		*len =
		    (size_t)snprintf(out, SMALL_BYTES, "%.*g", digits++, value);
	while (digits <= 17 && strtod(out, NULL) != value);
	return true;
}

static bool
put_float4(struct span bytes, char *out, size_t *len)
{
	double wide;
	float value;
	int digits;

	if (bytes.len != sizeof(value) || !pg_value_float(bytes, &wide))
		return false;
	if (!isfinite(wide))
		return put_no_number(wide, out, len);
	value = (float)wide;
	digits = isnormal(value) ? 6 : 1;
	do
		*len =
		    (size_t)snprintf(out, SMALL_BYTES, "%.*g", digits++, wide);
	while (digits <= 9 && strtof(out, NULL) != value);
	return true;
}

/* ---- numeric_send(): four int16 and the digits, each below 10000 ---- */

struct numeric {
	const char *digits; /* two bytes each */
	int ndigits;
	int weight; /* digits before the point, less one; may be negative */
	unsigned sign;
	int scale; /* decimals to be shown */
};

enum {
	NUMERIC_HEAD_BYTES = 8,
	NUMERIC_NEGATIVE = 0x4000,
	NUMERIC_NAN = 0xc000,
	NUMERIC_INFINITY = 0xd000,
	NUMERIC_MINUS_INFINITY = 0xf000,
	NUMERIC_SCALE_LAST = 0x3fff,
	NUMERIC_DIGIT_DECIMALS = 4,
};

static bool
open_numeric(struct span bytes, struct numeric *n)
{
	if (bytes.len < NUMERIC_HEAD_BYTES)
		return false;
	n->digits = bytes.at + NUMERIC_HEAD_BYTES;
	n->ndigits = (int)unsigned_at(bytes.at, 2);
	n->weight = (int16_t)unsigned_at(bytes.at + 2, 2);
	n->sign = (unsigned)unsigned_at(bytes.at + 4, 2);
	n->scale = (int)unsigned_at(bytes.at + 6, 2);
	return n->scale <= NUMERIC_SCALE_LAST &&
	       bytes.len == NUMERIC_HEAD_BYTES + 2 * (size_t)n->ndigits;
}

/* The sign, the digits before the point and one more, the point, the decimals
 * and a NUL; or a word. */
static size_t
room_numeric(struct span bytes)
{
	struct numeric n;

	if (!open_numeric(bytes, &n))
		return SMALL_BYTES;
	return SMALL_BYTES +
	       (n.weight < 0 ? 0 : (size_t)n.weight + 1) *
	           NUMERIC_DIGIT_DECIMALS +
	       (size_t)n.scale;
}

/* A digit of base 10000; those that are not there are 0. */
static unsigned
numeric_digit(const struct numeric *n, int i)
{
	if (i < 0 || i >= n->ndigits)
		return 0;
	return (unsigned)unsigned_at(n->digits + 2 * (size_t)i, 2);
}

/* As get_str_from_var() in numeric.c, but that no zero leads, as JSON wants
 * it, also where the first digits are 0. */
static char *
put_decimals(const struct numeric *n, char *at)
{
	static const unsigned divisors[] = {1000, 100, 10, 1};
	const char *first = at;
	unsigned decimal;

	for (int i = 0; i < (n->weight + 1) * NUMERIC_DIGIT_DECIMALS; i++) {
		decimal = numeric_digit(n, i / NUMERIC_DIGIT_DECIMALS) /
		          divisors[i % NUMERIC_DIGIT_DECIMALS] % 10;
		if (decimal != 0 || at != first)
			*at++ = (char)('0' + decimal);
	}
	if (at == first)
		*at++ = '0';
	if (n->scale > 0)
		*at++ = '.';
	for (int i = 0; i < n->scale; i++) {
		decimal = numeric_digit(
		              n, n->weight + 1 + i / NUMERIC_DIGIT_DECIMALS) /
		          divisors[i % NUMERIC_DIGIT_DECIMALS] % 10;
		*at++ = (char)('0' + decimal);
	}
	return at;
}

static bool
put_numeric(struct span bytes, char *out, size_t *len)
{
	struct numeric n;
	char *at = out;

	if (!open_numeric(bytes, &n))
		return false;
	if (n.sign == NUMERIC_NAN)
		return put_word("NaN", out, len);
	if (n.sign == NUMERIC_INFINITY)
		return put_word("Infinity", out, len);
	if (n.sign == NUMERIC_MINUS_INFINITY)
		return put_word("-Infinity", out, len);
	if (n.sign != 0 && n.sign != NUMERIC_NEGATIVE)
		return false;
	for (int i = 0; i < n.ndigits; i++) {
		if (numeric_digit(&n, i) > 9999)
			return false;
	}
	if (n.sign == NUMERIC_NEGATIVE)
		*at++ = '-';
	*len = (size_t)(put_decimals(&n, at) - out);
	return true;
}

/* ---- date_send(), time_send(), timestamp_send(), timestamptz_send() ---- */

/*
 * Days since 2000-01-01 and microseconds, of one sign, of which the first tail
 * characters behind the year are written.  As PostgreSQL's style ISO has it,
 * years have more than four digits from 10000 on, and " BC" follows before the
 * year 1.  stamp_text() does a day of the same place in the calendar, in 1600
 * to 2399, and the year is put right.
 */
static bool
put_moment(int64_t day, int64_t us, size_t tail, char *out, size_t *len)
{
	int64_t cycle, year;
	char stamp[STAMP_TEXT_BYTES];

	cycle = day / DAYS_PER_CYCLE;
	day %= DAYS_PER_CYCLE;
	if (!stamp_text(UNIX_US_OF_2000 + day * DAY_US + us, stamp))
		return false;
	if (cycle == 0) {
		*len = 4 + tail;
		memcpy(out, stamp, *len);
		return true;
	}
	year = cycle * YEARS_PER_CYCLE + strtol(stamp, NULL, 10);
	*len = (size_t)snprintf(out, SMALL_BYTES, "%04" PRId64 "%.*s%s",
	    year < 1 ? 1 - year : year, (int)tail, stamp + 4,
	    year < 1 ? " BC" : "");
	return true;
}

/* int32: days since 2000-01-01. */
static bool
put_day(struct span bytes, char *out, size_t *len)
{
	int64_t day;

	if (bytes.len != 4 || !pg_value_int(bytes, &day))
		return false;
	if (day == INT32_MAX || day == INT32_MIN)
		return put_word(day > 0 ? "infinity" : "-infinity", out, len);
	return put_moment(day, 0, strlen("-MM-DD"), out, len);
}

/* int64: microseconds since midnight; 24:00 is one of them. */
static bool
put_time(struct span bytes, char *out, size_t *len)
{
	char stamp[STAMP_TEXT_BYTES];
	int64_t us;

	if (bytes.len != 8 || !pg_value_int(bytes, &us) || us < 0 ||
	    us > DAY_US || !stamp_text(us % DAY_US, stamp))
		return false;
	*len = strlen("hh:mm:ss.ffffff");
	memcpy(out, stamp + strlen("1970-01-01T"), *len);
	if (us == DAY_US)
		memcpy(out, "24", 2);
	return true;
}

/* int64: microseconds since 2000-01-01. */
static bool
put_instant(struct span bytes, size_t tail, char *out, size_t *len)
{
	int64_t us;

	if (bytes.len != 8 || !pg_value_int(bytes, &us))
		return false;
	if (us == INT64_MAX || us == INT64_MIN)
		return put_word(us > 0 ? "infinity" : "-infinity", out, len);
	return put_moment(us / DAY_US, us % DAY_US, tail, out, len);
}

static bool
put_timestamp(struct span bytes, char *out, size_t *len)
{
	return put_instant(bytes, strlen("-MM-DDThh:mm:ss.ffffff"), out, len);
}

static bool
put_timestamptz(struct span bytes, char *out, size_t *len)
{
	return put_instant(bytes, strlen("-MM-DDThh:mm:ss.ffffffZ"), out, len);
}

/* ---- uuid_send(), byteasend() ---- */

static bool
put_uuid(struct span bytes, char *out, size_t *len)
{
	if (bytes.len != UUID_BYTES)
		return false;
	uuid_text_of((const unsigned char *)bytes.at, out);
	*len = UUID_TEXT_BYTES - 1;
	return true;
}

static size_t
room_base64(struct span bytes)
{
	return sodium_base64_ENCODED_LEN(bytes.len, BASE64);
}

static bool
put_base64(struct span bytes, char *out, size_t *len)
{
	size_t room = room_base64(bytes);

	sodium_bin2base64(
	    out, room, (const unsigned char *)bytes.at, bytes.len, BASE64);
	*len = room - 1;
	return true;
}

/* ---- the types ---- */

enum {
	JSONB = 3802,
	JSONB_VERSION = 1, /* jsonb_send(): a byte before the text */
};

/*
 * Source: PostgreSQL's src/include/catalog/pg_type.dat, oid and array_type_oid.
 * Where there is no put, the text is the bytes: textsend(), varcharsend(),
 * bpcharsend(), namesend(), json_send() and, behind a version, jsonb_send().
 */
#define LIST(array, item)                                                      \
	{                                                                      \
		array, PG_VALUE_LIST, item, NULL, NULL                         \
	}
static const struct pg_value_type types[] = {
    {16, PG_VALUE_BOOL, 0, room_small, put_bool},            /* bool */
    {17, PG_VALUE_QUOTED, 0, room_base64, put_base64},       /* bytea */
    {19, PG_VALUE_TEXT, 0, NULL, NULL},                      /* name */
    {20, PG_VALUE_INT, 0, room_small, put_int},              /* int8 */
    {21, PG_VALUE_INT, 0, room_small, put_int},              /* int2 */
    {23, PG_VALUE_INT, 0, room_small, put_int},              /* int4 */
    {25, PG_VALUE_TEXT, 0, NULL, NULL},                      /* text */
    {114, PG_VALUE_JSON, 0, NULL, NULL},                     /* json */
    {700, PG_VALUE_NUMBER, 0, room_small, put_float4},       /* float4 */
    {701, PG_VALUE_NUMBER, 0, room_small, put_float8},       /* float8 */
    {1042, PG_VALUE_TEXT, 0, NULL, NULL},                    /* bpchar */
    {1043, PG_VALUE_TEXT, 0, NULL, NULL},                    /* varchar */
    {1082, PG_VALUE_QUOTED, 0, room_small, put_day},         /* date */
    {1083, PG_VALUE_QUOTED, 0, room_small, put_time},        /* time */
    {1114, PG_VALUE_QUOTED, 0, room_small, put_timestamp},   /* timestamp */
    {1184, PG_VALUE_QUOTED, 0, room_small, put_timestamptz}, /* timestamptz */
    {1700, PG_VALUE_NUMBER, 0, room_numeric, put_numeric},   /* numeric */
    {2950, PG_VALUE_QUOTED, 0, room_small, put_uuid},        /* uuid */
    {JSONB, PG_VALUE_JSON, 0, NULL, NULL},                   /* jsonb */
    LIST(199, 114),
    LIST(1000, 16),
    LIST(1001, 17),
    LIST(1003, 19),
    LIST(1005, 21),
    LIST(1007, 23),
    LIST(1009, 25),
    LIST(1014, 1042),
    LIST(1015, 1043),
    LIST(1016, 20),
    LIST(1021, 700),
    LIST(1022, 701),
    LIST(1115, 1114),
    LIST(1182, 1082),
    LIST(1183, 1083),
    LIST(1185, 1184),
    LIST(1231, 1700),
    LIST(2951, 2950),
    LIST(3807, JSONB),
};

const struct pg_value_type *
pg_value_type(uint32_t oid)
{
	for (size_t i = 0; i < LENGTH(types); i++) {
		if (types[i].oid == oid)
			return &types[i];
	}
	return NULL;
}

size_t
pg_value_room(const struct pg_value_type *type, struct span bytes)
{
	return type->room != NULL ? type->room(bytes) : 0;
}

bool
pg_value_text(const struct pg_value_type *type, struct span bytes, char *out,
    struct span *text)
{
	size_t len;

	if (type->form == PG_VALUE_LIST)
		return false;
	*text = bytes;
	if (type->oid == JSONB) {
		if (bytes.len == 0 || *bytes.at != JSONB_VERSION)
			return false;
		*text = (struct span){bytes.at + 1, bytes.len - 1};
	}
	if (type->put == NULL)
		return true;
	if (!type->put(bytes, out, &len))
		return false;
	out[len] = '\0';
	*text = (struct span){out, len};
	return true;
}

bool
pg_value_in_quotes(const struct pg_value_type *type, struct span text)
{
	if (type->form == PG_VALUE_NUMBER) {
		/* A number ends in a digit, no other word does. */
		return text.len == 0 || text.at[text.len - 1] > '9';
	}
	return type->form == PG_VALUE_TEXT || type->form == PG_VALUE_QUOTED;
}
