/* SPDX-License-Identifier: MIT */
/*
 * req -- one request, as a handler sees it: checked inputs, the user, queries.
 * Everything here lives until the reply is sent.
 *
 * An input is named by its place in the descriptor's array, a constant of the
 * file's enum: req_text(req, SLUG).  Raw input never reaches a handler.
 */
#ifndef REQ_H
#define REQ_H

#include "base.h"
#include "db.h"

struct arena;
struct req_private; /* req_private.h */

struct req {
	struct arena *arena;
	const char *id;      /* the request id, for logs and X-Request-Id */
	const char *user_id; /* decimal text for $n, or NULL when anonymous */
	const char *session_id; /* the same, of the token */
	const char *token;      /* the token as it came, or NULL */
	struct req_private *private;
};

/* The text of an input in its one form, ready for $n ("12", "true", a time in
 * UTC); its default; NULL when left out without a default, or null. */
const char *req_text(const struct req *req, int input);

/* The value of an input of that type that is not left out or has a default:
 * FN_INT; FN_BOOL; FN_CHOICE, as its place in .choices, from 0; FN_TIME, in
 * microseconds since 1970. */
int64_t req_int(const struct req *req, int input);
bool req_bool(const struct req *req, int input);
int req_choice(const struct req *req, int input);
int64_t req_time(const struct req *req, int input);

/* Whether an input was given; null is given, too. */
bool req_has(const struct req *req, int input);

/* Whether it was given as null. */
bool req_is_null(const struct req *req, int input);

/* A list: how many items, each of them, and all as the text of a PostgreSQL
 * array: {"a","b"}; {} when it was left out. */
int req_count(const struct req *req, int input);
const char *req_item(const struct req *req, int input, int item);
const char *req_array(const struct req *req, int input);

/* The body as it came; NUL-terminated beyond its length. */
struct span req_body(const struct req *req);

/* Who calls, an IPv4 or IPv6 address as the web server says; NULL where it says
 * none, as from a shell or through a unix socket. */
const char *req_address(const struct req *req);

/*
 * When nginx had all of the request and handed it on (MAYFLY_SENT_AT), before
 * it waited for an instance; when it was accepted, where nobody says.
 * Milliseconds since 1970 by this machine's clock, rounded up: whatever was
 * answered before the client sent it is older.
 */
int64_t req_sent_ms(const struct req *req);

/*
 * The versions (reply_version()) of which the client says that it has seen one,
 * by If-Match, as the text of a PostgreSQL array; NULL when it does not care:
 * without that header, or with "*".
 *
 *	UPDATE hat SET ... WHERE id = $1::bigint
 *	    AND ($2::text[] IS NULL OR version::text = ANY($2::text[]))
 *
 * When no row was changed and it is there, return reply_changed(reply, "hat").
 * The comparison is strong (RFC 9110, 13.1.1): a weak tag is no version, and
 * what is no tag, or has none, is {}, which matches nothing.
 */
const char *req_if_match(const struct req *req);

/* A setting that the descriptor lists.  Never NULL. */
const char *req_setting(const struct req *req, const char *name);

/* Run a statement, or several as one: db_query() and db_all() of db.h, on the
 * connection of this request. */
struct db_rows *req_query(const struct req *req,
    const struct db_statement *statement, const char *const *args, int n);
void req_query_all(const struct req *req, struct db_rows *rows[],
    const struct db_call *calls, int n);

#endif /* REQ_H */
