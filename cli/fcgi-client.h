/* SPDX-License-Identifier: MIT */
/*
 * fcgi-client -- one request to a FastCGI responder, and its answer, as bytes.
 *
 * Pure.  Source: FastCGI Specification 1.0, sections 3.3, 3.4, 5 and 6.2.
 */
#ifndef FCGI_CLIENT_H
#define FCGI_CLIENT_H

#include "base.h"
#include "buf.h"

/* A whole request: variables as "NAME=value", up to a NULL, and a body.  The
 * responder closes the connection behind its answer.  to->failed says whether
 * it fits. */
void fcgi_client_request(
    struct buf *to, char *const *variables, const char *body);

enum fcgi_client_end {
	FCGI_CLIENT_DONE,    /* the answer is whole */
	FCGI_CLIENT_CUT,     /* it ends too early */
	FCGI_CLIENT_REFUSED, /* the responder took no part in it */
	FCGI_CLIENT_BAD,     /* this is no FastCGI */
};

/* What a responder sent up to the end: its standard output into to. */
enum fcgi_client_end fcgi_client_answer(
    struct span bytes, struct buf *to) MUST_CHECK;

#endif /* FCGI_CLIENT_H */
