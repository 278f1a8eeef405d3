/* SPDX-License-Identifier: MIT */
/* idempotency -- see idempotency.h. */
#include "idempotency.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "db_private.h"
#include "die.h"
#include "idempotency.sql.h"
#include "idempotency_key.h"
#include "log.h"
#include "req_private.h"
#include "setting.h"

enum {
	HASH_BYTES = 32, /* 256 bits: sql/ */
};

static const char name[] = "idempotency-key";

bool
idempotency_is_for(const struct fn *fn)
{
	return strncmp(fn->route, "POST ", 5) == 0 && !fn->repeatable &&
	       fn->role != FN_READER && fn->statements != NULL &&
	       fn->statements[0] != NULL;
}

enum http_status
idempotency_read(struct idempotency *idem, const struct fn *fn, struct req *req,
    struct reply *reply, const struct gateway_request *request)
{
	const char *header = gateway_variable(request, "HTTP_IDEMPOTENCY_KEY");
	char key[IDEMPOTENCY_KEY_MAX + 1];
	size_t len;

	*idem = (struct idempotency){.key = NULL};
	if (header == NULL || *header == '\0' || !idempotency_is_for(fn))
		return HTTP_OK;
	len = idempotency_key_read((struct span){header, strlen(header)}, key);
	if (len == 0)
		return reply_error(reply, HTTP_BAD_REQUEST, name,
		    arena_format(req->arena,
		        "must be 1 to %d visible ASCII characters",
		        IDEMPOTENCY_KEY_MAX));
	if (setting_text(SETTING_TOKEN_SECRET) == NULL) {
		log_error("MAYFLY_TOKEN_SECRET is not set");
		return reply_error(reply, HTTP_INTERNAL_SERVER_ERROR, "server",
		    "is not configured");
	}
	idem->key = arena_copy(req->arena, key, len);
	return HTTP_OK;
}

/* ---- hashes ---- */

static void
hash_begin(crypto_generichash_state *state)
{
	const char *secret = setting_text(SETTING_TOKEN_SECRET);
	unsigned char key[crypto_generichash_KEYBYTES];

	crypto_generichash(key, sizeof(key), (const unsigned char *)secret,
	    strlen(secret), NULL, 0);
	crypto_generichash_init(state, key, sizeof(key), HASH_BYTES);
	sodium_memzero(key, sizeof(key));
}

/* Each part behind its length, so that no two lists of parts look alike. */
static void
hash_bytes(crypto_generichash_state *state, struct span part)
{
	uint64_t len = part.at != NULL ? part.len : UINT64_MAX;

	crypto_generichash_update(
	    state, (const unsigned char *)&len, sizeof(len));
	if (part.at != NULL)
		crypto_generichash_update(
		    state, (const unsigned char *)part.at, part.len);
}

/* NULL is none, which is not an empty one. */
static void
hash_text(crypto_generichash_state *state, const char *text)
{
	hash_bytes(state, (struct span){text, text != NULL ? strlen(text) : 0});
}

static const char *
bytea(struct arena *arena, const void *bytes, size_t len)
{
	char *text = arena_alloc(arena, 2 + 2 * len + 1);

	text[0] = '\\';
	text[1] = 'x';
	sodium_bin2hex(text + 2, 2 * len + 1, bytes, len);
	return text;
}

/* What was asked: see "The same request". */
static void
hash_request(const struct req *req, unsigned char hash[HASH_BYTES])
{
	const struct fn_inputs *inputs = &req->private->fn->inputs;
	crypto_generichash_state state;

	hash_begin(&state);
	hash_text(&state, "request");
	hash_bytes(&state, req_body(req));
	for (int i = 0; i < inputs->n; i++) {
		if (inputs->list[i].in == FN_BODY)
			continue;
		hash_text(&state, inputs->list[i].items_max > 0
		                      ? req_array(req, i)
		                      : req_text(req, i));
	}
	crypto_generichash_final(&state, hash, HASH_BYTES);
}

/* Fill in id and request; the number of the lock is a part of id. */
static int64_t
hash_key(struct idempotency *idem, const struct req *req)
{
	unsigned char id[HASH_BYTES], request[HASH_BYTES];
	crypto_generichash_state state;
	int64_t number;

	hash_request(req, request);
	hash_begin(&state);
	hash_text(&state, "key");
	hash_text(&state, req->private->fn->route);
	hash_text(&state, idem->key);
	hash_text(&state, req->user_id);
	if (req->user_id == NULL)
		hash_bytes(&state, (struct span){(char *)request, HASH_BYTES});
	crypto_generichash_final(&state, id, HASH_BYTES);
	idem->id = bytea(req->arena, id, HASH_BYTES);
	idem->request = bytea(req->arena, request, HASH_BYTES);
	memcpy(&number, id, sizeof(number));
	return number;
}

/* ---- the answer that is there ---- */

static struct span
bytes_of(struct db_rows *rows, const char *column)
{
	int place;

	return db_value(rows, 0, column, &place);
}

static void
replay_headers(struct reply *reply, struct span lines)
{
	const char *at = lines.at, *end = lines.at + lines.len, *colon, *stop;

	while (at < end) {
		stop = memchr(at, '\n', (size_t)(end - at));
		colon = memchr(at, ':', (size_t)(end - at));
		if (stop == NULL || colon == NULL || colon > stop)
			bug("headers that were stored cannot be read");
		reply_header(reply,
		    arena_copy(reply->arena, at, (size_t)(colon - at)),
		    arena_copy(
		        reply->arena, colon + 2, (size_t)(stop - colon - 2)));
		at = stop + 1;
	}
}

static enum http_status
replay(struct req *req, struct reply *reply, struct db_rows *rows)
{
	const char *kept = db_text(rows, 0, "kept");
	const char *type = db_text(rows, 0, "type");
	struct span content = bytes_of(rows, "content");
	enum http_status status;

	if (kept != NULL && req->private->fn->replay != NULL) {
		status = req->private->fn->replay(req, reply, kept);
		reply->replayed = status < HTTP_BAD_REQUEST;
		return status;
	}
	if (kept != NULL)
		return reply_error(reply, HTTP_CONFLICT, name,
		    "was used with a version of this that is gone");
	replay_headers(reply, bytes_of(rows, "headers"));
	if (type != NULL)
		buf_add(reply_body(reply, type), content.at, content.len);
	reply->replayed = true;
	return (enum http_status)db_int(rows, 0, "status");
}

static bool
is_same(struct req *req, const char *request, struct db_rows *rows)
{
	struct span stored = bytes_of(rows, "request");

	return strcmp(request, bytea(req->arena, stored.at, stored.len)) == 0;
}

bool
idempotency_claim(struct idempotency *idem, struct req *req,
    struct reply *reply, enum http_status *status)
{
	struct db_rows *rows[2];
	const char *lock_args[1], *find_args[2];
	const struct db_call calls[] = {
	    {&lock, lock_args, LENGTH(lock_args)},
	    {&find, find_args, LENGTH(find_args)},
	};

	idem->replayed = false;
	*status = HTTP_OK;
	if (idem->key == NULL)
		return true;
	lock_args[0] =
	    arena_format(req->arena, "%lld", (long long)hash_key(idem, req));
	find_args[0] = idem->id;
	find_args[1] = arena_format(req->arena, "%d", IDEMPOTENCY_KEPT_S);
	db_library(req->private->db, rows, calls, LENGTH(calls));
	if (db_failed(rows[0]))
		return false;
	if (!db_bool(rows[0], 0, "locked")) {
		reply_header(reply, "Retry-After", "1");
		*status = reply_error(reply, HTTP_CONFLICT, name,
		    "is being used by a request under way");
	} else if (rows[1]->n == 0) {
		return true;
	} else if (!is_same(req, idem->request, rows[1])) {
		*status =
		    reply_invalid(reply, name, "was used with another body");
	} else {
		*status = replay(req, reply, rows[1]);
		idem->replayed = true;
	}
	return false;
}

/* ---- the answer that is new ---- */

/* A cookie may be a secret, as may be what .replay has made. */
static const char *
headers_text(const struct req *req, const struct reply *reply)
{
	struct buf lines = buf_new(REPLY_HEAD_MAX_BYTES + 1);
	const char *text;

	for (int i = 0; i < reply->nheaders; i++) {
		if (strcasecmp(reply->headers[i].name, "Set-Cookie") == 0)
			continue;
		buf_text(&lines, reply->headers[i].name);
		buf_text(&lines, ": ");
		buf_text(&lines, reply->headers[i].value);
		buf_text(&lines, "\n");
	}
	if (lines.failed)
		bug("no memory for the headers of an answer");
	text = bytea(req->arena, lines.data, lines.len);
	buf_free(&lines);
	return text;
}

int
idempotency_store(const struct idempotency *idem, const struct req *req,
    const struct reply *reply, enum http_status status,
    struct db_call calls[IDEMPOTENCY_CALLS])
{
	struct arena *arena = req->arena;
	const struct buf *content = reply_content(reply);
	bool anew = req->private->fn->replay != NULL;
	const char **args = arena_alloc(arena, 7 * sizeof(*args));
	const char **old = arena_alloc(arena, 2 * sizeof(*old));

	if (idem->key == NULL || idem->replayed)
		return 0;
	if (!anew && content->len > IDEMPOTENCY_CONTENT_MAX) {
		log_error("an answer of %zu bytes is not kept: at most %d",
		    content->len, IDEMPOTENCY_CONTENT_MAX);
		return -1;
	}
	args[0] = idem->id;
	args[1] = idem->request;
	args[2] = arena_format(arena, "%d", (int)status);
	args[3] = anew ? reply->kept : NULL;
	args[4] = anew ? "" : headers_text(req, reply);
	args[5] = anew ? NULL : reply_type(reply);
	args[6] = anew ? "" : bytea(arena, content->data, content->len);
	old[0] = arena_format(arena, "%d", IDEMPOTENCY_KEPT_S);
	old[1] = arena_format(arena, "%d", IDEMPOTENCY_SWEEP_ROWS);
	calls[0] = (struct db_call){&store, args, 7};
	calls[1] = (struct db_call){&sweep, old, 2};
	return IDEMPOTENCY_CALLS;
}
