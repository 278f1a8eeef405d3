/* SPDX-License-Identifier: MIT */
/*
 * tree -- JSON as a tree of json-c, for commands that build a document or read
 * one that a function has printed.
 *
 * Without memory the command ends with CLI_FAILED.  What is read may be of any
 * type: what is not of the type asked for reads as if it were not there.
 */
#ifndef TREE_H
#define TREE_H

#include "base.h"

struct json_object; /* json-c */

/* New ones; the caller's until tree_add(). */
struct json_object *tree_object(void) MUST_CHECK;
struct json_object *tree_list(void) MUST_CHECK;
struct json_object *tree_string(const char *text) MUST_CHECK;
struct json_object *tree_int(int64_t value) MUST_CHECK;
struct json_object *tree_bool(bool value) MUST_CHECK;

/* Give child to parent, under key in an object, NULL for a list.  Returns
 * child. */
struct json_object *tree_add(
    struct json_object *parent, const char *key, struct json_object *child);

/* The same with a value; a text that is NULL adds nothing. */
void tree_add_text(
    struct json_object *parent, const char *key, const char *text);
void tree_add_int(struct json_object *parent, const char *key, int64_t value);
void tree_add_bool(struct json_object *parent, const char *key, bool value);

/* A new object or list as a member of parent. */
struct json_object *tree_add_object(
    struct json_object *parent, const char *key);
struct json_object *tree_add_list(struct json_object *parent, const char *key);

/* {"$ref": "#/components/KIND/NAME"}, new. */
struct json_object *tree_ref(const char *kind, const char *name) MUST_CHECK;

/* Members of from, which may be NULL; "not there" is NULL, 0 or false.  What is
 * returned stays from's. */
struct json_object *tree_get(
    struct json_object *from, const char *key) MUST_CHECK;
struct json_object *tree_get_object(
    struct json_object *from, const char *key) MUST_CHECK;
const char *tree_get_text(struct json_object *from, const char *key) MUST_CHECK;
int64_t tree_get_int(struct json_object *from, const char *key) MUST_CHECK;
bool tree_get_bool(struct json_object *from, const char *key) MUST_CHECK;

/* How many items the list of that name has (0 when it is none), and one. */
size_t tree_count(struct json_object *from, const char *key) MUST_CHECK;
struct json_object *tree_item(
    struct json_object *from, const char *key, size_t i) MUST_CHECK;

/* The members of an object in the order of their bytes: a new object; the old
 * one is put. */
struct json_object *tree_sorted(struct json_object *object) MUST_CHECK;

#endif /* TREE_H */
