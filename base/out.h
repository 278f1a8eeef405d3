/* SPDX-License-Identifier: MIT */
/*
 * out -- JSON written front to back (RFC 8259), one line, no white space.
 *
 *	out_begin(&o, NULL);                   {
 *	out_text(&o, "title", "Hi");           "title":"Hi"
 *	out_list(&o, "tags");                  ,"tags":[
 *	out_text(&o, NULL, "c");               "c"
 *	out_end(&o);                           ]
 *	out_end(&o);                           }
 *
 * The key is NULL for the outermost value and for the items of a list; it is a
 * literal in which nothing needs escaping, or what out_span() makes of a text,
 * without the quotes.
 * Failure sticks in o->buf.failed, and nothing more is written.  Why, in this
 * order: o->misused, nesting deeper than OUT_DEPTH_MAX or an end without a
 * beginning, which is a bug of the caller; o->buf.no_memory; else the text is
 * larger than its maximum.
 */
#ifndef OUT_H
#define OUT_H

#include "buf.h"

enum {
	OUT_DEPTH_MAX = 16, /* objects and lists inside each other */
};

struct out {
	struct buf buf;
	int depth;                 /* how many are open */
	char close[OUT_DEPTH_MAX]; /* '}' or ']' for each of them */
	bool comma;                /* the next value needs one before it */
	bool misused;              /* a bug of the caller; buf.failed, too */
};

/* A writer whose text may grow to max_bytes. */
struct out out_new(size_t max_bytes);

void out_begin(struct out *o, const char *key);
void out_list(struct out *o, const char *key);
void out_end(struct out *o);

/* UTF-8, NUL-terminated or a span; NULL is written as null. */
void out_text(struct out *o, const char *key, const char *value);
void out_span(struct out *o, const char *key, struct span text);
void out_int(struct out *o, const char *key, int64_t value);
void out_bool(struct out *o, const char *key, bool value);
void out_null(struct out *o, const char *key);

/* value is JSON already, written as it is. */
void out_json(struct out *o, const char *key, const char *value);
void out_json_span(struct out *o, const char *key, struct span value);

/*
 * JSON that the caller writes in place: room for max bytes, and then where they
 * have ended.  NULL when so many do not fit; then there is no end to be said.
 */
char *out_room(struct out *o, const char *key, size_t max) MUST_CHECK;
void out_room_end(struct out *o, char *end);

/* Forget what was written and what failed, keep the memory. */
void out_reset(struct out *o);

#endif /* OUT_H */
