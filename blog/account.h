/* SPDX-License-Identifier: MIT */
/*
 * account -- users as the RealWorld API shows them, and the limits of their
 * fields, which more than one function checks.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include "base.h"
#include "db.h"
#include "reply.h"

enum {
	ACCOUNT_NAME_MAX = 64,       /* characters */
	ACCOUNT_EMAIL_MAX = 254,     /* characters; RFC 5321, 4.5.3.1.3: 256
	                              * octets with < and > */
	ACCOUNT_BIO_MAX = 5000,      /* characters: a page of 100 articles
	                              * with theirs fits a reply */
	ACCOUNT_IMAGE_MAX = 2048,    /* characters */
	ACCOUNT_PASSWORD_MIN = 8,    /* bytes: OWASP ASVS 5.0, 6.2.1 */
	ACCOUNT_PAGE_MAX = 100,      /* profiles in one answer */
	ACCOUNT_PASSWORD_MAX = 1024, /* bytes: bounds the work of hashing */
};

/* [USERNAME] = {ACCOUNT_NAME_PATH}, of a profile. */
#define ACCOUNT_NAME_PATH                                                      \
	.name = "username", .in = FN_PATH, .type = FN_LINE, .min = 1,          \
	.max = ACCOUNT_NAME_MAX, .about = "of the profile"

/* What an account is made from: see user-create.c. */
#define ACCOUNT_NAME_INPUT                                                     \
	.name = "username", .in = FN_BODY, .type = FN_NAME, .min = 1,          \
	.max = ACCOUNT_NAME_MAX, .about = "how the user is called"
#define ACCOUNT_EMAIL_INPUT                                                    \
	.name = "email", .in = FN_BODY, .type = FN_EMAIL, .min = 3,            \
	.max = ACCOUNT_EMAIL_MAX, .about = "the address to log in with"
#define ACCOUNT_PASSWORD_INPUT                                                 \
	.name = "password", .in = FN_BODY, .type = FN_SECRET,                  \
	.min = ACCOUNT_PASSWORD_MIN, .max = ACCOUNT_PASSWORD_MAX,              \
	.about = "the password to log in with"

/* What one logs in with: no address is none of anybody, and refused as such. */
#define ACCOUNT_LOGIN_INPUT                                                    \
	.name = "email", .in = FN_BODY, .type = FN_LINE, .required = true,     \
	.min = 1, .max = ACCOUNT_EMAIL_MAX,                                    \
	.about = "the address the user registered with"
#define ACCOUNT_KNOWN_PASSWORD_INPUT(name_)                                    \
	.name = (name_), .in = FN_BODY, .type = FN_SECRET, .required = true,   \
	.min = 1, .max = ACCOUNT_PASSWORD_MAX, .about = "the password so far"

/* A token for a user's session, or NULL when no secret is configured (logged),
 * and for the ids 0 of a query that failed.  It lasts MAYFLY_TOKEN_TTL_S, or,
 * where it can be refreshed (session.h), MAYFLY_ACCESS_TTL_S. */
const char *account_token(
    struct arena *arena, int64_t user_id, int64_t session_id);
const char *account_access_token(
    struct arena *arena, int64_t user_id, int64_t session_id);

/* Seconds that a session of the RealWorld routes lasts, and its token, as text
 * for $n. */
const char *account_session_s(struct arena *arena);

/* 500 where that is so. */
enum http_status account_no_secret(struct reply *reply);

/* 409 for a name or address that a query found taken. */
enum http_status account_taken(struct reply *reply, struct db_rows *rows);

/* {"profile":{"username","bio","image","following"}} from the first row's
 * columns of these names; 404 without one. */
enum http_status account_reply_profile(
    struct reply *reply, struct db_rows *rows);

/*
 * USER_REPLY_SHAPE, from the columns username, email, bio, image.  Returns
 * status; 401 without a row, 500 when token is NULL.
 */
#define USER_SHAPE                                                             \
	"User{username: name, email: email, bio: text?, image: text?,"         \
	" token: text}"
#define USER_REPLY_SHAPE "{user: " USER_SHAPE "}"
enum http_status account_reply(struct reply *reply, enum http_status status,
    struct db_rows *rows, const char *token);

/* "user":{...} of account_reply(), from the first row. */
void account_write(struct out *o, struct db_rows *rows, const char *token);

/* The members of PROFILE_SHAPE, from the columns username, bio and image. */
#define PROFILE_SHAPE                                                          \
	"Profile{username: name, bio: text?, image: text?, following: bool}"
#define PROFILE_REPLY_SHAPE "{profile: " PROFILE_SHAPE "}"
void account_write_profile(
    struct out *o, struct db_rows *rows, int row, bool following);

#endif /* ACCOUNT_H */
