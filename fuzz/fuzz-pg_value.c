/* SPDX-License-Identifier: MIT */
/*
 * fuzz-pg_value -- any bytes as a value of a type, which the first byte
 * chooses. What must hold: the text lies in the room that was asked for, or in
 * the bytes; what goes into JSON as it is, or in quotes, needs no escaping; a
 * number is one by the grammar of RFC 8259, section 6; a float is read back as
 * the same.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "pg_value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const uint32_t oids[] = {16, 17, 19, 20, 21, 23, 25, 114, 700, 701, 1042,
    1043, 1082, 1083, 1114, 1184, 1700, 2950, 3802, 1009};

static const char *
skip_digits(const char *at)
{
	assert(*at >= '0' && *at <= '9');
	return at + strspn(at, "0123456789");
}

static void
check_number(const char *at)
{
	if (*at == '-')
		at++;
	at = *at == '0' ? at + 1 : skip_digits(at);
	if (*at == '.')
		at = skip_digits(at + 1);
	if (*at == 'e') {
		at++;
		at = skip_digits(*at == '-' || *at == '+' ? at + 1 : at);
	}
	assert(*at == '\0');
}

static void
check_float(struct span bytes, const char *text)
{
	double value, again = strtod(text, NULL);

	assert(pg_value_float(bytes, &value));
	if (bytes.len == sizeof(float))
		again = strtof(text, NULL);
	assert(memcmp(&value, &again, sizeof(value)) == 0);
}

static void
check_text(
    const struct pg_value_type *type, struct span bytes, struct span text)
{
	assert(strlen(text.at) == text.len);
	assert(strpbrk(text.at, "\"\\") == NULL);
	for (size_t i = 0; i < text.len; i++)
		assert(text.at[i] >= ' ' && text.at[i] <= '~');
	if (type->form == PG_VALUE_INT || type->form == PG_VALUE_NUMBER) {
		if (!pg_value_in_quotes(type, text))
			check_number(text.at);
	}
	if ((type->oid == 700 || type->oid == 701) &&
	    !pg_value_in_quotes(type, text))
		check_float(bytes, text.at);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct pg_value_type *type;
	struct span bytes, text;
	size_t size;
	char *room;

	if (len == 0)
		return 0;
	type = pg_value_type(oids[data[0] % LENGTH(oids)]);
	bytes = (struct span){(const char *)data + 1, len - 1};
	size = pg_value_room(type, bytes);
	room = size > 0 ? xmalloc(size) : NULL;
	if (pg_value_text(type, bytes, room, &text)) {
		if (room != NULL) {
			assert(text.at == room && text.len < size);
			check_text(type, bytes, text);
		} else {
			assert(text.at + text.len == bytes.at + bytes.len);
			assert(text.len <= bytes.len);
		}
	}
	free(room);
	return 0;
}
