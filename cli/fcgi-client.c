/* SPDX-License-Identifier: MIT */
/* fcgi-client -- see fcgi-client.h. */
#include "fcgi-client.h"

#include <string.h>

#include "record.h"

enum {
	PROTOCOL = 1,
	REQUEST_ID = 1,
	LONG_LENGTH = 128,      /* from here on a length takes four bytes */
	PROTOCOL_STATUS_AT = 4, /* in the content of FCGI_END_REQUEST */
};

static void
add_record(struct buf *to, enum record_type type, size_t len)
{
	unsigned char h[RECORD_HEADER_BYTES] = {PROTOCOL, (unsigned char)type,
	    0, REQUEST_ID, (unsigned char)(len >> 8), (unsigned char)len};

	buf_add(to, h, sizeof(h));
}

/* Records of one type with all of the text, and the empty one that ends it. */
static void
add_stream(struct buf *to, enum record_type type, struct span text)
{
	size_t len;

	while (text.len > 0) {
		len = text.len < RECORD_CONTENT_MAX ? text.len
		                                    : RECORD_CONTENT_MAX;
		add_record(to, type, len);
		buf_add(to, text.at, len);
		text.at += len;
		text.len -= len;
	}
	add_record(to, type, 0);
}

static void
add_length(struct buf *to, size_t len)
{
	unsigned char bytes[4] = {(unsigned char)(len >> 24 | LONG_LENGTH),
	    (unsigned char)(len >> 16), (unsigned char)(len >> 8),
	    (unsigned char)len};

	if (len < LONG_LENGTH)
		buf_add(to, &bytes[3], 1);
	else
		buf_add(to, bytes, sizeof(bytes));
}

void
fcgi_client_request(struct buf *to, char *const *variables, const char *body)
{
	static const unsigned char begin[RECORD_BEGIN_BYTES] = {
	    0, RECORD_RESPONDER};
	struct buf pairs = buf_new(to->max);
	size_t name;

	add_record(to, RECORD_BEGIN_REQUEST, sizeof(begin));
	buf_add(to, begin, sizeof(begin));
	for (; *variables != NULL; variables++) {
		name = strcspn(*variables, "=");
		add_length(&pairs, name);
		add_length(&pairs, strlen(*variables + name + 1));
		buf_add(&pairs, *variables, name);
		buf_text(&pairs, *variables + name + 1);
	}
	if (pairs.failed)
		to->failed = true;
	else
		add_stream(
		    to, RECORD_PARAMS, (struct span){pairs.data, pairs.len});
	add_stream(to, RECORD_STDIN, span_of(body));
	buf_free(&pairs);
}

enum fcgi_client_end
fcgi_client_answer(struct span bytes, struct buf *to)
{
	const unsigned char *at = (const unsigned char *)bytes.at;
	struct record record;
	size_t left = bytes.len;

	while (left >= RECORD_HEADER_BYTES) {
		if (!record_parse(at, &record))
			return FCGI_CLIENT_BAD;
		at += RECORD_HEADER_BYTES;
		left -= RECORD_HEADER_BYTES;
		if (record.len + record.padding > left)
			return FCGI_CLIENT_CUT;
		if (record.type == RECORD_STDOUT)
			buf_add(to, at, record.len);
		else if (record.type == RECORD_END_REQUEST)
			return record.len > PROTOCOL_STATUS_AT &&
			               at[PROTOCOL_STATUS_AT] == RECORD_COMPLETE
			           ? FCGI_CLIENT_DONE
			           : FCGI_CLIENT_REFUSED;
		at += record.len + record.padding;
		left -= record.len + record.padding;
	}
	return FCGI_CLIENT_CUT;
}
