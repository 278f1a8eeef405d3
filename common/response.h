/* SPDX-License-Identifier: MIT */
/*
 * response -- from a reply to the head and the content of a response: status
 * line, headers, the form of an error, ETag and conditional requests.
 *
 * An error is one of two forms, by the request's Accept, so Vary says so:
 *
 *	{"errors":{"title":["can't be blank"]}}		as RealWorld has it
 *
 *	{"type":"about:blank","title":"Unprocessable Content","status":422,
 *	 "detail":"title can't be blank","instance":"/requests/ID",
 *	 "errors":{"title":["can't be blank"]},"requestId":"ID"}
 *
 * The second (RFC 9457) is sent to who names application/problem+json and wants
 * it no less than application/json; detail is the first error.  about:blank
 * means that the status says what kind of problem it is (4.2.1).
 */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "fn.h"
#include "gateway.h"

enum {
	RESPONSE_HASH_DIGITS = 32, /* 128 bits in hexadecimal */
	/* Two quotes, a version and '-', the hash, a NUL. */
	RESPONSE_ETAG_BYTES =
	    2 + REPLY_VERSION_MAX + 1 + RESPONSE_HASH_DIGITS + 1,
};

/* A response on its way.  The first four are set by the caller. */
struct response {
	const struct fn *fn;
	const struct req *req;
	struct reply *reply;
	const struct gateway_request *request;
	bool problem;                   /* errors in the form of RFC 9457 */
	char etag[RESPONSE_ETAG_BYTES]; /* with its quotes; "" for none */
};

/* What a status and a reply promise each other; a bug when they break it. */
void response_check(const struct reply *reply, enum http_status status);

/*
 * The last decisions: the errors are written, a reply that did not fit becomes
 * the 500 that says so, a 200 that the client has already a 304.  Returns the
 * status that it is; the reply holds all of the content.
 */
enum http_status response_finish(
    struct response *r, enum http_status status) MUST_CHECK;

/* The head, empty line included (RFC 3875, 6), behind what is in head. */
void response_head(
    const struct response *r, enum http_status status, struct buf *head);

/* The content, which may be none: for HEAD, a 204, a 304. */
struct span response_content(const struct response *r, enum http_status status);

#endif /* RESPONSE_H */
