/* SPDX-License-Identifier: MIT */
/*
 * fuzz-incoming -- any bytes as what a web server sends.  What must hold: the
 * request, and all that is replied to it, do not depend on the pieces in which
 * the bytes come; what is accepted keeps to the limits of gateway.h.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "incoming.h"

enum {
	BODY_MAX_BYTES = 1000,
	TOLD_BYTES = 64 * 1024,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What came of it; replies beyond TOLD_BYTES are not compared. */
struct outcome {
	struct incoming *in;
	enum incoming_event event; /* the last one */
	struct buf told;
};

/* In pieces of 1 to most bytes, 0 for one piece, each in memory of its own. */
static void
give(struct outcome *o, const uint8_t *data, size_t len, size_t most)
{
	size_t n, size = 1;
	struct span bytes;
	char *piece;

	o->in = xmalloc(sizeof(*o->in));
	memset(o->in, 0xa5, sizeof(*o->in));
	o->told = buf_new(TOLD_BYTES);
	incoming_open(o->in, BODY_MAX_BYTES);
	o->event = INCOMING_MORE;
	for (size_t at = 0; at < len && o->event == INCOMING_MORE; at += n) {
		size = most == 0 ? len : (size * 31 + 7) % most + 1;
		n = len - at < size ? len - at : size;
		piece = xmalloc(n);
		memcpy(piece, data + at, n);
		bytes = (struct span){piece, n};
		do {
			o->event = incoming_take(o->in, &bytes);
			assert(o->in->reply_len <= sizeof(o->in->reply));
			buf_add(&o->told, o->in->reply, o->in->reply_len);
			assert((o->event == INCOMING_REPLY) <=
			       (o->in->reply_len > 0));
			assert(o->event != INCOMING_MORE || bytes.len == 0);
		} while (o->event == INCOMING_REPLY);
		free(piece);
	}
	if (o->event == INCOMING_MORE)
		o->event = incoming_end(o->in);
	assert(o->event == INCOMING_WHOLE || o->event == INCOMING_CLOSE);
}

static void
check_request(const struct incoming *in)
{
	const struct gateway_request *request = &in->request;
	int n = 0;

	assert(gateway_variables_fit(request->variables));
	for (char *const *v = request->variables; *v != NULL; v++, n++)
		assert(*v >= in->text && *v < in->text + sizeof(in->text));
	assert(n == in->n);
	assert(request->body_len <= BODY_MAX_BYTES);
	assert(request->body[request->body_len] == '\0');
	if (request->state != GATEWAY_WHOLE)
		assert(request->body_len == 0);
	else if (gateway_content_length(request) >= 0)
		assert(gateway_content_length(request) ==
		       (int64_t)request->body_len);
}

static void
check_same(const struct outcome *a, const struct outcome *b)
{
	char *const *v = a->in->request.variables;
	char *const *w = b->in->request.variables;

	assert(a->event == b->event);
	assert(a->told.len == b->told.len && a->told.failed == b->told.failed);
	assert(a->told.len == 0 ||
	       memcmp(a->told.data, b->told.data, a->told.len) == 0);
	if (a->event != INCOMING_WHOLE)
		return;
	assert(a->in->id == b->in->id);
	assert(a->in->request.state == b->in->request.state);
	assert(a->in->request.body_len == b->in->request.body_len);
	assert(memcmp(a->in->request.body, b->in->request.body,
	           a->in->request.body_len) == 0);
	for (; *v != NULL && *w != NULL; v++, w++)
		assert(strcmp(*v, *w) == 0);
	assert(*v == NULL && *w == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const size_t most[] = {1, 7, 300};
	struct outcome whole, pieces;

	give(&whole, data, len, 0);
	if (whole.event == INCOMING_WHOLE)
		check_request(whole.in);
	for (size_t i = 0; i < LENGTH(most); i++) {
		give(&pieces, data, len, most[i]);
		check_same(&whole, &pieces);
		incoming_free(pieces.in);
		buf_free(&pieces.told);
		free(pieces.in);
	}
	incoming_free(whole.in);
	buf_free(&whole.told);
	free(whole.in);
	return 0;
}
