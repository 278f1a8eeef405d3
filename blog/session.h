/* SPDX-License-Identifier: MIT */
/*
 * session -- what a login begins, and a token names (sql/005-session.sql).
 *
 * Those of RealWorld's routes have one token, which lasts as long as they do.
 * Those of POST /api/sessions have an access token of MAYFLY_ACCESS_TTL_S and a
 * refresh token, "FAMILY.SECRET".  Each refresh makes a new SECRET; FAMILY
 * stays and says whose it was.  So whoever comes with one that was spent,
 * however long ago, is known, and the session ends: the token is in two hands
 * (RFC 9700, 4.14.2).  Only hashes of both parts are stored.
 */
#ifndef SESSION_H
#define SESSION_H

#include "account.h"
#include "base.h"
#include "db.h"
#include "reply.h"
#include "req.h"

struct arena;

enum {
	/* Until it must be refreshed (OWASP ASVS 5.0, 7.3.1), and in all
	 * (7.3.2). */
	SESSION_IDLE_S = 30 * 24 * 60 * 60,
	SESSION_AGE_MAX_S = 365 * 24 * 60 * 60,
	SESSION_REFRESH_MAX = 256, /* characters of a refresh token, more than
	                            * ours has; another is refused likewise */
	SESSION_AGENT_MAX = 16384, /* characters of User-Agent: what nginx
	                            * takes; 255 are stored */
	SESSION_PAGE_MAX = 100,    /* sessions of a page */
};

/* [AGENT] = {SESSION_AGENT_INPUT}, and for $n: left($n::text, 255). */
#define SESSION_AGENT_INPUT                                                    \
	.name = "user-agent", .in = FN_HEADER, .type = FN_LINE,                \
	.max = SESSION_AGENT_MAX,                                              \
	.about = "by which the session is known in the list of them"

/* The first two of these, as text for $n. */
const char *session_idle_s(struct arena *arena);
const char *session_age_max_s(struct arena *arena);

/* A refresh token and its hashes, for $n. */
struct session_refresh {
	const char *text, *family, *secret;
};

/* A new one, of a new family. */
struct session_refresh session_refresh_new(struct arena *arena);

/* One that came, of any text, by its hashes. */
struct session_refresh session_refresh_read(
    struct arena *arena, const char *text);

/* The next of the same family. */
struct session_refresh session_refresh_next(
    struct arena *arena, const struct session_refresh *spent);

#define SESSION_SHAPE                                                          \
	"Session{id: int, accessToken: line, refreshToken: line,"              \
	" expiresIn: int, user: " USER_SHAPE "}"
#define SESSION_REPLY_SHAPE "{session: " SESSION_SHAPE "}"

/*
 * {"session":{"id","accessToken","refreshToken","expiresIn","user":{...}}},
 * where user is that of account_reply(), from the columns of that and the ids
 * account_id and session_id.  expiresIn are seconds of the access token.
 * Returns status, or 500 when no secret is configured.
 */
enum http_status session_reply(struct req *req, struct reply *reply,
    enum http_status status, struct db_rows *rows, const char *refresh);

/*
 * Who is it?  by_email is a statement with $1 an email and one row, whether
 * there is such a user or not: account, the email as it is compared; id,
 * password_hash and suspended, NULL when there is none.  Wrong passwords are
 * counted for that email.
 *
 * HTTP_OK and *user, whose password it is; otherwise the reply is a refusal:
 * 401 for nobody and a wrong password alike, after the same work, 403, 429.
 */
enum http_status session_login(struct req *req, struct reply *reply,
    const struct db_statement *by_email, const char *email,
    const char *password, struct db_rows **user);

/* 401: wrong, or nobody's. */
enum http_status session_no_login(struct reply *reply);

/*
 * After the password was checked: HTTP_OK, or 403 when the column suspended
 * says so.
 */
enum http_status session_refuse(struct reply *reply, struct db_rows *account);

#endif /* SESSION_H */
