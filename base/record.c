/* SPDX-License-Identifier: MIT */
/* record -- see record.h. */
#include "record.h"

#include <string.h>

enum {
	VERSION_1 = 1,
	WORD_BYTES = 8, /* records are padded to these (section 3.3) */
};

static const struct {
	enum record_value value;
	const char *name;
	char answer;
} values[] = {
    {RECORD_VALUE_CONNS, "FCGI_MAX_CONNS", '1'},
    {RECORD_VALUE_REQS, "FCGI_MAX_REQS", '1'},
    {RECORD_VALUE_MPXS, "FCGI_MPXS_CONNS", '0'},
};

/* ---- what comes ---- */

bool
record_parse(const unsigned char at[RECORD_HEADER_BYTES], struct record *record)
{
	*record = (struct record){
	    .type = at[1],
	    .id = (unsigned)at[2] << 8 | at[3],
	    .len = (size_t)at[4] << 8 | at[5],
	    .padding = at[6],
	};
	return at[0] == VERSION_1;
}

unsigned
record_role(const unsigned char content[RECORD_BEGIN_BYTES])
{
	return (unsigned)content[0] << 8 | content[1];
}

/* One length off the front; false when the bytes end inside it. */
static bool
take_length(struct span *from, size_t *len)
{
	const unsigned char *at = (const unsigned char *)from->at;
	size_t n;

	if (from->len == 0)
		return false;
	n = at[0] >> 7 == 0 ? 1 : 4;
	if (from->len < n)
		return false;
	*len = at[0];
	if (n == 4)
		*len = (size_t)(at[0] & 0x7f) << 24 | (size_t)at[1] << 16 |
		       (size_t)at[2] << 8 | at[3];
	from->at += n;
	from->len -= n;
	return true;
}

size_t
record_pair(struct span bytes, size_t *name_len, size_t *value_len)
{
	struct span rest = bytes;
	size_t name, value;

	if (!take_length(&rest, &name) || !take_length(&rest, &value))
		return 0;
	*name_len = name;
	*value_len = value;
	return bytes.len - rest.len;
}

unsigned
record_value(struct span name)
{
	for (size_t i = 0; i < LENGTH(values); i++) {
		if (strlen(values[i].name) == name.len &&
		    memcmp(values[i].name, name.at, name.len) == 0)
			return values[i].value;
	}
	return 0;
}

/* ---- what is sent ---- */

static void
header(unsigned char *at, enum record_type type, unsigned id, size_t len)
{
	const unsigned char bytes[RECORD_HEADER_BYTES] = {
	    VERSION_1,
	    (unsigned char)type,
	    (unsigned char)(id >> 8),
	    (unsigned char)id,
	    (unsigned char)(len >> 8),
	    (unsigned char)len,
	};

	memcpy(at, bytes, sizeof(bytes));
}

void
record_stdout(unsigned char at[RECORD_HEADER_BYTES], unsigned id, size_t len)
{
	header(at, RECORD_STDOUT, id, len);
}

void
record_end(unsigned char at[RECORD_END_BYTES], unsigned id)
{
	header(at, RECORD_STDOUT, id, 0);
	record_refuse(at + RECORD_HEADER_BYTES, id, RECORD_COMPLETE);
}

void
record_refuse(unsigned char at[RECORD_REFUSAL_BYTES], unsigned id,
    enum record_status status)
{
	/* appStatus, four bytes, is zero: that is an exit code. */
	memset(at, 0, RECORD_REFUSAL_BYTES);
	header(at, RECORD_END_REQUEST, id,
	    RECORD_REFUSAL_BYTES - RECORD_HEADER_BYTES);
	at[RECORD_HEADER_BYTES + 4] = (unsigned char)status;
}

void
record_unknown(unsigned char at[RECORD_REFUSAL_BYTES], unsigned type)
{
	memset(at, 0, RECORD_REFUSAL_BYTES);
	header(at, RECORD_UNKNOWN_TYPE, 0,
	    RECORD_REFUSAL_BYTES - RECORD_HEADER_BYTES);
	at[RECORD_HEADER_BYTES] = (unsigned char)type;
}

size_t
record_values(unsigned char at[RECORD_VALUES_BYTES], unsigned wanted)
{
	size_t len = RECORD_HEADER_BYTES, name_len;

	memset(at, 0, RECORD_VALUES_BYTES);
	for (size_t i = 0; i < LENGTH(values); i++) {
		if ((wanted & values[i].value) == 0)
			continue;
		name_len = strlen(values[i].name);
		at[len++] = (unsigned char)name_len;
		at[len++] = 1;
		memcpy(at + len, values[i].name, name_len);
		len += name_len;
		at[len++] = (unsigned char)values[i].answer;
	}
	header(at, RECORD_GET_VALUES_RESULT, 0, len - RECORD_HEADER_BYTES);
	at[6] = (unsigned char)(-len % WORD_BYTES);
	return len + at[6];
}
