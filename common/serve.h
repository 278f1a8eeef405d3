/* SPDX-License-Identifier: MIT */
/*
 * serve -- one request of a function: from variables and a body to the bytes
 * of a response.
 */
#ifndef SERVE_H
#define SERVE_H

#include "fn.h"
#include "gateway.h"

enum {
	SERVE_HEAD_MAX_BYTES = 64 * 1024, /* of a response, before its body */
};

struct serve; /* what a process keeps between requests */

/* limits: filled in, see fn_limits().  Never NULL. */
struct serve *serve_new(const struct fn *fn, const struct fn_limits *limits);

/* Answer a request, forget it: struct gateway's answer() and done(), with a
 * struct serve. */
void serve_answer(void *serve, const struct gateway_request *request,
    struct gateway_response *response);
void serve_done(void *serve);

void serve_free(struct serve *serve);

#endif /* SERVE_H */
