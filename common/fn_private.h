/* SPDX-License-Identifier: MIT */
/* fn_private -- what the parts of the program share: fn.c, fn_check.c,
 * fn_shape.c. */
#ifndef FN_PRIVATE_H
#define FN_PRIVATE_H

#include "fn.h"

/* "article-get" out of article_get, cut at DESCRIPTOR_NAME_MAX. */
void fn_name(const struct fn_entry *entry, char out[DESCRIPTOR_NAME_MAX + 1]);

/* Step through words with blanks between: .choices, .settings.  False at the
 * end. */
struct fn_words {
	const char *at; /* NULL for none */
};
bool fn_next_word(struct fn_words *rest, struct span *word) MUST_CHECK;

/* Write a shape (struct fn_reply) as the value of key: words and nested objects
 * and lists of them; the name of an object is its first member, "$name".  False
 * when it is none; o is then of no use.  o may be NULL, to ask only. */
bool fn_shape(const char *shape, struct out *o, const char *key) MUST_CHECK;

/* The function's limits with the defaults filled in (0 stays where mayflyd
 * decides).  body_max_bytes is at least what the inputs can take. */
struct fn_limits fn_limits(const struct fn *fn);

/*
 * Everything about a descriptor that can be wrong before it serves.  Each
 * problem goes to say(), as "article-get.c: route: "/r/{code}": a path ...".
 * Returns how many.
 */
int fn_check(const struct fn_entry *entry,
    void (*say)(void *context, const char *problem), void *context);

enum {
	FN_OWN_STATEMENTS_MAX = 60, /* and four for the library */
};

/* All statements of a function, its own and the library's, up to NULL.  Returns
 * the one that asks for the session of a token, or NULL: a function that is
 * public, or asks no database, has none. */
const struct db_statement *fn_statements(const struct fn *fn,
    const struct db_statement *list[DESCRIPTOR_STATEMENTS_MAX + 1]);

/* The program of a function.  Returns its exit code. */
int fn_program(int argc, char *argv[], const struct fn_entry *entry);

#endif /* FN_PRIVATE_H */
