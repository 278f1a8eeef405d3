/* SPDX-License-Identifier: MIT */
/*
 * mail -- mails with a secret that shows who reads them (mail_secret() of
 * sql/009-account.sql).  They are written into the table outbox; sending them
 * is somebody else's.
 */
#ifndef MAIL_H
#define MAIL_H

#include "base.h"
#include "reply.h"
#include "req.h"

struct db_statement;

enum {
	MAIL_VERIFY_S = 24 * 60 * 60, /* seconds that an address may be
	                               * verified for */
	MAIL_RESET_S = 60 * 60,       /* and a password be reset */
	MAIL_TOKEN_MAX = 128, /* characters, more than ours has; another is
	                       * refused likewise */
};

/* [TOKEN] = {MAIL_TOKEN_INPUT}. */
#define MAIL_TOKEN_INPUT                                                       \
	.name = "token", .in = FN_BODY, .type = FN_LINE, .required = true,     \
	.min = 1, .max = MAIL_TOKEN_MAX, .about = "what the mail says"

/* Run a statement that calls mail_secret(), with $1 what it is for, an id or an
 * address, $2 the secret, $3 its hash, $4 the seconds it lasts. */
struct db_rows *mail_send(struct req *req, const struct db_statement *statement,
    const char *to, int lasts_s);

/* The hash of what came as a token, for $n. */
const char *mail_token(struct req *req, int input);

/* 422: nobody got this token, or it was used, or it is too old. */
enum http_status mail_no_token(struct reply *reply);

#endif /* MAIL_H */
