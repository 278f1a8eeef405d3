/* SPDX-License-Identifier: MIT */
/*
 * comment -- comments as the RealWorld API shows them, and their limits.
 */
#ifndef COMMENT_H
#define COMMENT_H

#include "account.h" /* PROFILE_SHAPE */
#include "db.h"
#include "out.h"

enum {
	COMMENT_BODY_MAX = 5000, /* characters; 100 of the largest, by authors
	                          * with the longest bio, fit 8 MiB */
	COMMENT_PAGE_MAX = 100,  /* comments in one answer */
};

/* [ID] = {COMMENT_ID_INPUT}, of the path. */
#define COMMENT_ID_INPUT                                                       \
	.name = "id", .in = FN_PATH, .type = FN_INT, .min = 1,                 \
	.max = INT64_MAX, .about = "of the comment"

/*
 * COMMENT_SHAPE, from the columns id, created_at, updated_at, body, username,
 * bio and image, as the value of key (NULL in a list).
 */
#define COMMENT_SHAPE                                                          \
	"Comment{id: int, createdAt: time, updatedAt: time, body: text,"       \
	" author: " PROFILE_SHAPE "}"
#define COMMENT_REPLY_SHAPE "{comment: " COMMENT_SHAPE "}"
#define COMMENT_LIST_SHAPE "{comments: [" COMMENT_SHAPE "]}"
void comment_write(struct out *o, const char *key, struct db_rows *rows,
    int row, bool following);

#endif /* COMMENT_H */
