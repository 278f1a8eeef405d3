/* SPDX-License-Identifier: MIT */
/*
 * large -- a reply of many records: GET /test/large?bytes=41943040.
 *
 *	200	{"text": as many 'x'}
 *
 * The deadline leaves a slow client time to take it.
 */
#include <string.h>

#include "arena.h"
#include "fn.h"

enum { BYTES };

enum {
	PIECE_BYTES = 1024 * 1024,
};

static const struct fn_input inputs[] = {
    [BYTES] = {.name = "bytes",
        .in = FN_QUERY,
        .type = FN_INT,
        .max = 64 * 1024 * 1024,
        .or_else = "0",
        .about = "length of the text"},
};

static enum http_status
large(struct req *req, struct reply *reply)
{
	size_t left = (size_t)req_int(req, BYTES), n;
	char *piece = arena_alloc(req->arena, PIECE_BYTES);

	memset(piece, 'x', PIECE_BYTES);
	out_begin(&reply->out, NULL);
	out_list(&reply->out, "texts");
	for (; left > 0; left -= n) {
		n = left < PIECE_BYTES ? left : PIECE_BYTES;
		out_span(&reply->out, NULL, (struct span){piece, n});
	}
	out_end(&reply->out);
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(large) = {
    .route = "GET /test/large",
    .about = "Says much.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .limits = {.reply_max_bytes = 64 * 1024 * 1024,
        .deadline_ms = 30000,
        .memory_max_mib = 512},
    .handle = large,
};
