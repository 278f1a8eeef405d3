/* SPDX-License-Identifier: MIT */
/* rate -- see rate.h. */
#include "rate.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "buf.h"
#include "die.h"
#include "fn.h"
#include "gateway.h"
#include "rate_table.h"
#include "req_private.h"
#include "setting.h"
#include "stamp.h"

enum {
	KEY_BYTES = 16,
	SECRET_BYTES = 32,
	ADDRESS_BYTES = 16, /* of IPv6; of that its first half counts */
	NUMBER_BYTES = 24,
};

/* Of an address that is known, and of its absence. */
static const struct rate_limit known = {1, RATE_KNOWN_S};

static const struct db_statement take_one = {.name = "rate.take",
    .sql = "SELECT allowed, full_ms"
           " FROM rate_take($1::bytea, $2::bigint, $3::bigint, $4::integer)",
    .nargs = 4};

struct rate {
	const struct rate_class *class;
	struct rate_table *table; /* NULL: the database counts */
	bool alone;               /* nobody in front counts addresses */
	unsigned char secret[SECRET_BYTES];

	/* Of the request: */
	const char *address; /* one text for all that count as one */
	const char *own;     /* that, where it is known; else "" */
	const char *name;    /* of what was counted last; NULL: nothing */
	const struct rate_limit *limit;
	struct rate_answer answer;
	bool counted; /* a subject was */
};

/* What is counted; each a part of the keys. */
enum kind { ADDRESS = 'a', USER = 'u', SUBJECT = 's', KNOWN = 'k' };

/* ---- of the process ---- */

static void
make_secret(struct rate *rate)
{
	const char *text = setting_text(SETTING_TOKEN_SECRET);

	if (text == NULL)
		text = "";
	crypto_generichash(rate->secret, SECRET_BYTES,
	    (const unsigned char *)text, strlen(text), NULL, 0);
}

struct rate *
rate_new(const struct fn *fn)
{
	struct rate_table *table = rate_table_attach();
	struct rate *rate;

	if (fn->rate == NULL)
		return NULL;
	rate = xmalloc(sizeof(*rate));
	*rate = (struct rate){.class = rate_class_find(fn->rate),
	    .table = table,
	    .alone = !gateway_is_fastcgi()};
	if (rate->class == NULL)
		bug("there is no class of rate limits \"%s\"", fn->rate);
	make_secret(rate);
	return rate;
}

void
rate_free(struct rate *rate)
{
	free(rate);
}

/* ---- counting ---- */

/* All of IPv4, the /64 of IPv6 (RFC 6177: a site has at least that); "" for
 * what is no address. */
static const char *
network_of(struct arena *arena, const char *text)
{
	unsigned char a[ADDRESS_BYTES];

	if (text != NULL && inet_pton(AF_INET, text, a) == 1)
		return text;
	if (text == NULL || inet_pton(AF_INET6, text, a) != 1)
		return "";
	return arena_format(arena,
	    "%02x%02x:%02x%02x:%02x%02x:%02x%02x::", a[0], a[1], a[2], a[3],
	    a[4], a[5], a[6], a[7]);
}

static void
make_key(const struct rate *rate, enum kind kind, const char *subject,
    const char *address, unsigned char key[KEY_BYTES])
{
	const char *parts[] = {rate->class->name, subject, address};
	crypto_generichash_state state;
	unsigned char first = (unsigned char)kind;

	crypto_generichash_init(&state, rate->secret, SECRET_BYTES, KEY_BYTES);
	crypto_generichash_update(&state, &first, 1);
	for (size_t i = 0; i < LENGTH(parts); i++)
		crypto_generichash_update(&state,
		    (const unsigned char *)parts[i], strlen(parts[i]) + 1);
	crypto_generichash_final(&state, key, KEY_BYTES);
}

/* In the database: when that fails, it is answered 503, and all is allowed. */
static struct rate_answer
take_stored(const struct req *req, const unsigned char key[KEY_BYTES],
    const struct rate_limit *limit, int n)
{
	int64_t step_ms = rate_table_step_ms(limit);
	char hex[2 * KEY_BYTES + 3] = "\\x", step[NUMBER_BYTES],
	                         whole[NUMBER_BYTES], number[NUMBER_BYTES];
	struct db_rows *rows;

	sodium_bin2hex(hex + 2, sizeof(hex) - 2, key, KEY_BYTES);
	snprintf(step, sizeof(step), "%lld", (long long)step_ms);
	snprintf(
	    whole, sizeof(whole), "%lld", (long long)(step_ms * limit->quota));
	snprintf(number, sizeof(number), "%d", n);
	rows = db_query_apart(
	    req->private->db, &take_one, DB_ARGS(hex, step, whole, number));
	if (rows->n == 0)
		return rate_table_answer(limit, true, 0);
	return rate_table_answer(
	    limit, db_bool(rows, 0, "allowed"), db_int(rows, 0, "full_ms"));
}

static struct rate_answer
take_some(const struct req *req, enum kind kind, const char *subject,
    const char *address, const struct rate_limit *limit, int n)
{
	const struct rate *rate = req->private->rate;
	unsigned char key[KEY_BYTES];
	uint64_t hash;

	make_key(rate, kind, subject, address, key);
	if (rate->table == NULL)
		return take_stored(req, key, limit, n);
	memcpy(&hash, key, sizeof(hash));
	return rate_table_take(rate->table,
	    kind == KNOWN ? RATE_MARKS : RATE_COUNTS, hash, limit, n,
	    stamp_monotonic_ms());
}

static int64_t
seconds(int64_t ms)
{
	return (ms + 999) / 1000;
}

/* Take one, and remember it for the head of the response. */
static enum http_status
count(struct req *req, struct reply *reply, enum kind kind, const char *subject,
    const char *address, const struct rate_limit *limit)
{
	struct rate *rate = req->private->rate;
	const char *class = rate->class->name;

	rate->answer = take_some(req, kind, subject, address, limit, 1);
	rate->limit = limit;
	rate->name = kind == ADDRESS
	                 ? arena_format(req->arena, "%s-address", class)
	                 : class;
	if (rate->answer.allowed)
		return HTTP_OK;
	reply_header(reply, "Retry-After",
	    arena_format(
	        req->arena, "%lld", (long long)seconds(rate->answer.retry_ms)));
	return reply_error(reply, HTTP_TOO_MANY_REQUESTS, "rate",
	    "limit is exceeded, try again later");
}

/* ---- for a handler ---- */

static struct rate *
of_subjects(const struct req *req)
{
	struct rate *rate = req->private->rate;

	if (rate == NULL)
		bug("the descriptor names no class of rate limits: .rate");
	return rate->class->subject.quota > 0 ? rate : NULL;
}

bool
rate_allows(struct req *req, struct reply *reply, const char *subject)
{
	struct rate *rate = of_subjects(req);

	if (rate == NULL || subject == NULL || rate->counted)
		return true;
	rate->counted = true;
	rate->own = "";
	if (take_some(req, KNOWN, subject, rate->address, &known, 0)
	        .remaining == 0)
		rate->own = rate->address;
	return count(req, reply, SUBJECT, subject, rate->own,
	           &rate->class->subject) == HTTP_OK;
}

void
rate_forgive(struct req *req, const char *subject)
{
	struct rate *rate = of_subjects(req);

	if (rate == NULL || subject == NULL || !rate->counted)
		return;
	rate->answer = take_some(
	    req, SUBJECT, subject, rate->own, &rate->class->subject, -1);
	take_some(req, KNOWN, subject, rate->address, &known, 1);
}

/* ---- for serve.c and response.c ---- */

enum http_status
rate_begin(
    struct req *req, struct reply *reply, const struct gateway_request *request)
{
	struct rate *rate = req->private->rate;
	enum http_status status = HTTP_OK;

	if (rate == NULL)
		return HTTP_OK;
	rate->address =
	    network_of(req->arena, gateway_variable(request, "REMOTE_ADDR"));
	if (rate->alone && rate->address[0] != '\0' &&
	    rate->class->address.quota > 0)
		status = count(req, reply, ADDRESS, "", rate->address,
		    &rate->class->address);
	if (status == HTTP_OK && req->user_id != NULL &&
	    rate->class->subject.quota > 0)
		status = count(
		    req, reply, USER, req->user_id, "", &rate->class->subject);
	return status;
}

void
rate_head(const struct req *req, struct buf *head)
{
	const struct rate *rate = req->private->rate;

	if (rate == NULL || rate->name == NULL)
		return;
	buf_format(head,
	    "RateLimit-Policy: \"%s\";q=%d;w=%d\r\n"
	    "RateLimit: \"%s\";r=%d;t=%lld\r\n",
	    rate->name, rate->limit->quota, rate->limit->window_s, rate->name,
	    rate->answer.remaining, (long long)seconds(rate->answer.full_ms));
}

void
rate_end(struct req *req)
{
	struct rate *rate = req->private->rate;

	if (rate == NULL)
		return;
	rate->counted = false;
	rate->name = NULL;
}
