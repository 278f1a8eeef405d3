/* SPDX-License-Identifier: MIT */
/*
 * incoming -- one FastCGI request, put together from the bytes of a connection
 * in whatever pieces they come.
 *
 * No I/O: who reads the connection gives the bytes and is told what to do.
 * What a web server may send is bounded by gateway.h, and each length is looked
 * at before anything of it is kept.  The memory for variables is in the struct,
 * that for a body is kept for the next request; nothing else is allocated.
 *
 * A variable with NUL in it, or with '=' in its name, is refused with the whole
 * request: handed on as "NAME=value" it would read as another variable, and
 * left out it might be the one that matters (a CONTENT_LENGTH, a token).
 */
#ifndef INCOMING_H
#define INCOMING_H

#include "buf.h"
#include "gateway.h"
#include "record.h"

enum {
	/* Each variable has a '=' and a NUL besides. */
	INCOMING_TEXT_BYTES =
	    GATEWAY_VARIABLES_TOTAL_MAX + 2 * GATEWAY_VARIABLES_MAX,
	INCOMING_VALUE_NAME_BYTES = 16, /* longer than any in record.c */
};

enum incoming_event {
	INCOMING_MORE,  /* the bytes are used up: read on */
	INCOMING_REPLY, /* send reply, then go on with the rest of them */
	INCOMING_WHOLE, /* answer request; its state says whether it is good */
	INCOMING_CLOSE, /* no request: send reply, if there is one, and close */
};

/* What is in the record that is being read. */
enum incoming_content {
	INCOMING_SKIP,
	INCOMING_BEGIN,
	INCOMING_VALUES, /* FCGI_GET_VALUES */
	INCOMING_PARAMS,
	INCOMING_PARAMS_END,
	INCOMING_BODY,
	INCOMING_BODY_END,
};

/* A name-value pair that is being read; all zero between two pairs. */
struct incoming_pair {
	unsigned char lengths[RECORD_PAIR_BYTES];
	size_t got; /* bytes of them */
	bool open;  /* the lengths are known: */
	size_t name_left, value_left;
	bool named; /* the name is complete */
	bool kept;  /* it is wanted, and fits */
};

struct incoming {
	/* For the caller. */
	struct gateway_request request; /* begun_ns is the caller's */
	unsigned id;
	unsigned char reply[RECORD_VALUES_BYTES];
	size_t reply_len;

	/* The record that is being read. */
	unsigned char header[RECORD_HEADER_BYTES];
	size_t header_len;    /* bytes of it that have come */
	struct record record; /* len and padding: what is left of them */
	enum incoming_content content;
	enum incoming_event then; /* at its end */

	/* The request so far. */
	bool begun, params_done;
	unsigned char begin[RECORD_BEGIN_BYTES];
	size_t begin_len;
	struct incoming_pair pair, asked; /* of variables; of GET_VALUES */
	char value_name[INCOMING_VALUE_NAME_BYTES];
	size_t value_name_len;
	unsigned wanted;   /* a set of enum record_value */
	int64_t announced; /* length of the body; -1 for none */
	struct buf body;
	size_t total;    /* bytes of names and values that are kept */
	size_t text_len; /* of text */
	int n;           /* variables that are kept */
	char *variables[GATEWAY_VARIABLES_MAX + 1];
	char text[INCOMING_TEXT_BYTES];
};

/* body_max_bytes as in struct gateway. */
void incoming_open(struct incoming *in, int64_t body_max_bytes);

/* Forget the request, for that of the next connection. */
void incoming_reset(struct incoming *in);

/* Take bytes off the front of *bytes, as many as belong to what is returned. */
enum incoming_event incoming_take(
    struct incoming *in, struct span *bytes) MUST_CHECK;

/*
 * No more bytes will come.  INCOMING_WHOLE when variables were complete: the
 * body is not, which is what the request's state says.  Otherwise
 * INCOMING_CLOSE.
 */
enum incoming_event incoming_end(struct incoming *in) MUST_CHECK;

void incoming_free(struct incoming *in);

#endif /* INCOMING_H */
