/* SPDX-License-Identifier: MIT */
/* req_private -- what serve.c fills and req.c reads behind a struct req. */
#ifndef REQ_PRIVATE_H
#define REQ_PRIVATE_H

#include "input.h"

struct req_private {
	const struct fn *fn;
	struct db *db;
	struct rate *rate;          /* NULL: nothing is counted */
	struct input_value *values; /* one for each of fn->inputs */
	struct span body;
	const struct gateway_request *request;
	bool if_match_asked; /* by req_if_match() */
};

#endif /* REQ_PRIVATE_H */
