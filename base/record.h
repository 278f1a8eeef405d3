/* SPDX-License-Identifier: MIT */
/*
 * record -- FastCGI records: the pieces of those that come, and whole ones that
 * are sent, by an instance and by mayflyd.
 *
 * Pure: bytes in, structs or bytes out, no allocation.  What the pieces mean
 * together is for common/incoming.c to say.
 * Source: FastCGI Specification 1.0, sections 3.3, 3.4, 4, 5 and 8.
 */
#ifndef RECORD_H
#define RECORD_H

#include "base.h"

enum {
	RECORD_HEADER_BYTES = 8,
	RECORD_CONTENT_MAX = 65528, /* bytes; 16 bits, whole words of 8 */
	RECORD_BEGIN_BYTES = 8,     /* the content of FCGI_BEGIN_REQUEST */
	RECORD_PAIR_BYTES = 8,      /* the two lengths before a pair, at most */
	RECORD_REFUSAL_BYTES = 16,
	RECORD_END_BYTES = 24,
	/* Three pairs of one digit each, padded. */
	RECORD_VALUES_BYTES = 64,
};

enum record_type {
	RECORD_BEGIN_REQUEST = 1,
	RECORD_ABORT_REQUEST = 2,
	RECORD_END_REQUEST = 3,
	RECORD_PARAMS = 4,
	RECORD_STDIN = 5,
	RECORD_STDOUT = 6,
	RECORD_GET_VALUES = 9,
	RECORD_GET_VALUES_RESULT = 10,
	RECORD_UNKNOWN_TYPE = 11,
};

enum {
	RECORD_RESPONDER = 1, /* the only role we have */
};

/* Why a request ends: protocolStatus of FCGI_END_REQUEST. */
enum record_status {
	RECORD_COMPLETE = 0,
	RECORD_CANT_MULTIPLEX = 1,
	RECORD_UNKNOWN_ROLE = 3,
};

/* ---- what comes ---- */

struct record {
	unsigned type;  /* enum record_type, or what is not in it */
	unsigned id;    /* of the request; 0: the record is about no request */
	size_t len;     /* bytes of content that follow, */
	size_t padding; /* and bytes behind those, which mean nothing */
};

/* Read a header.  False when it is of another version than 1. */
bool record_parse(const unsigned char at[RECORD_HEADER_BYTES],
    struct record *record) MUST_CHECK;

/* The role that the content of FCGI_BEGIN_REQUEST asks for. */
unsigned record_role(const unsigned char content[RECORD_BEGIN_BYTES]);

/*
 * The lengths at the front of a name-value pair, each of one byte or of four.
 * Returns how many bytes they take, 2 to RECORD_PAIR_BYTES; or 0 when the bytes
 * end before they do, and then sets nothing.
 */
size_t record_pair(
    struct span bytes, size_t *name_len, size_t *value_len) MUST_CHECK;

/* What FCGI_GET_VALUES may ask for; a set of these. */
enum record_value {
	RECORD_VALUE_CONNS = 1,
	RECORD_VALUE_REQS = 2,
	RECORD_VALUE_MPXS = 4,
};

/* Which of them has this name; 0 for none. */
unsigned record_value(struct span name);

/* ---- what is sent ---- */

/* The header of a FCGI_STDOUT record with len bytes of content, without
 * padding.  id is that of the request. */
void record_stdout(
    unsigned char at[RECORD_HEADER_BYTES], unsigned id, size_t len);

/* What ends a response: an empty FCGI_STDOUT, then FCGI_END_REQUEST with
 * FCGI_REQUEST_COMPLETE. */
void record_end(unsigned char at[RECORD_END_BYTES], unsigned id);

/* FCGI_END_REQUEST alone, for a request that is not answered. */
void record_refuse(unsigned char at[RECORD_REFUSAL_BYTES], unsigned id,
    enum record_status status);

/* FCGI_UNKNOWN_TYPE, to a management record of a type that we do not know. */
void record_unknown(unsigned char at[RECORD_REFUSAL_BYTES], unsigned type);

/* FCGI_GET_VALUES_RESULT with what is wanted, a set of enum record_value: one
 * connection, one request, no multiplexing.  Returns its length. */
size_t record_values(unsigned char at[RECORD_VALUES_BYTES], unsigned wanted);

#endif /* RECORD_H */
