/* SPDX-License-Identifier: MIT */
/*
 * comment -- comments as the RealWorld API shows them, and their limits.
 */
#ifndef COMMENT_H
#define COMMENT_H

#include "account.h" /* PROFILE_SHAPE */
#include "db.h"
#include "out.h"
#include "reply.h"

enum {
	COMMENT_BODY_MAX = 5000, /* characters; 100 of the largest, by authors
	                          * with the longest bio, fit 8 MiB */
	COMMENT_PAGE_MAX = 100,  /* comments in one answer */
	/* Threads in one answer: with the 3 replies that comment-threads.sql
	 * shows of each no more than a page. */
	COMMENT_THREADS_MAX = 25,
};

/* [ID] = {COMMENT_ID_INPUT}, of the path. */
#define COMMENT_ID_INPUT                                                       \
	.name = "id", .in = FN_PATH, .type = FN_INT, .min = 1,                 \
	.max = INT64_MAX, .about = "of the comment"

/* What is said; see comment-create.c. */
#define COMMENT_BODY_INPUT                                                     \
	.name = "body", .in = FN_BODY, .type = FN_TEXT, .required = true,      \
	.min = 1, .max = COMMENT_BODY_MAX, .about = "what is said"

/*
 * COMMENT_SHAPE, from the columns id, created_at, updated_at, body, username,
 * bio and image, as the value of key (NULL in a list).
 */
#define COMMENT_MEMBERS_SHAPE                                                  \
	"id: int, createdAt: time, updatedAt: time, body: text,"               \
	" author: " PROFILE_SHAPE
#define COMMENT_SHAPE "Comment{" COMMENT_MEMBERS_SHAPE "}"
#define COMMENT_REPLY_SHAPE "{comment: " COMMENT_SHAPE "}"
#define COMMENT_LIST_SHAPE "{comments: [" COMMENT_SHAPE "]}"
void comment_write(struct out *o, const char *key, struct db_rows *rows,
    int row, bool following);

/* COMMENT_ANSWER_SHAPE, from the columns parent_id and following as well.
 * parentId is null of what begins a thread. */
#define COMMENT_ANSWER_MEMBERS_SHAPE                                           \
	COMMENT_MEMBERS_SHAPE ", parentId: int?, edited: bool"
#define COMMENT_ANSWER_SHAPE "CommentAnswer{" COMMENT_ANSWER_MEMBERS_SHAPE "}"
void comment_write_answer(
    struct out *o, const char *key, struct db_rows *rows, int row);

/* COMMENT_THREAD_SHAPE, from the same columns and replies_count; the rows that
 * follow and have a parent are its replies.  Returns the row behind them. */
#define COMMENT_THREAD_SHAPE                                                   \
	"CommentThread{" COMMENT_ANSWER_MEMBERS_SHAPE                          \
	", repliesCount: int, replies: [" COMMENT_ANSWER_SHAPE "]}"
int comment_write_thread(struct out *o, struct db_rows *rows, int row);

/* COMMENT_REPLY_SHAPE from the first row, by oneself.  Returns status. */
enum http_status comment_reply(
    struct reply *reply, enum http_status status, struct db_rows *rows);

/*
 * Why a comment is not changed, from the column mine: 404 of the article
 * without a row, 404 of the comment when it is NULL, 403 of another author;
 * HTTP_OK otherwise.
 */
enum http_status comment_refuse(struct reply *reply, struct db_rows *rows);

#endif /* COMMENT_H */
