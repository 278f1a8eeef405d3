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
	ACCOUNT_PASSWORD_MIN = 8,    /* bytes: OWASP ASVS 5.0, 6.2.1 */
	ACCOUNT_PASSWORD_MAX = 1024, /* bytes: bounds the work of hashing */
};

/* A token for a user, or NULL when no secret is configured (logged), and for
 * the id 0 of a query that failed. */
const char *account_token(struct arena *arena, int64_t id);

/*
 * USER_REPLY_SHAPE, from the columns username, email, bio, image.  Returns
 * status, or 500 when token is NULL.
 */
#define USER_SHAPE                                                             \
	"User{username: name, email: email, bio: text?, image: text?,"         \
	" token: text}"
#define USER_REPLY_SHAPE "{user: " USER_SHAPE "}"
enum http_status account_reply(struct reply *reply, enum http_status status,
    struct db_rows *rows, const char *token);

/* The members of PROFILE_SHAPE, from the columns username, bio and image. */
#define PROFILE_SHAPE                                                          \
	"Profile{username: name, bio: text?, image: text?, following: bool}"
#define PROFILE_REPLY_SHAPE "{profile: " PROFILE_SHAPE "}"
void account_write_profile(
    struct out *o, struct db_rows *rows, int row, bool following);

#endif /* ACCOUNT_H */
