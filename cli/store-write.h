/* SPDX-License-Identifier: MIT */
/*
 * store-write -- put releases and generations into the store (base/store.h).
 *
 * Killed at any moment this leaves the store whole: what is new is made in
 * STORE/.new-*, and in files that end in '~', and is renamed into place.
 * store_write_sweep() takes away what a killed one left.
 *
 * All that can fail returns false, with the reason in problem (size bytes).
 */
#ifndef STORE_WRITE_H
#define STORE_WRITE_H

#include "base.h"
#include "store.h"

struct json_object; /* json-c */

/* ---- releases ---- */

/* The SHA-256 of a file. */
bool store_write_hash(const char *path, char hash[STORE_HASH_CHARS + 1],
    char *problem, size_t size) MUST_CHECK;

/* Whether that release is in the store, whole. */
bool store_write_has(
    const char *store, const char *hash, const char *name) MUST_CHECK;

/* An executable on its way into the store. */
struct store_arrival {
	char hash[STORE_HASH_CHARS + 1]; /* of its content as it was copied */
	char folder[STORE_PATH_MAX];     /* STORE/.new-*; "" for none */
	char program[STORE_PATH_MAX];    /* folder/NAME */
};

/* Copy a file to where it can be described, and nobody changes it. */
bool store_write_take(const char *store, const char *path, const char *name,
    struct store_arrival *arrival, char *problem, size_t size) MUST_CHECK;

/* Lay beside it what it printed, and why it came.  False also when another
 * release of that name begins with the same 12 digits. */
bool store_write_describe(const char *store, const char *name,
    const struct store_arrival *arrival, struct json_object *printed,
    const char *why, char *problem, size_t size) MUST_CHECK;

/*
 * Make releases of n of them, with their names: written to the disk, then
 * renamed into place.  That one is there already is no failure.  Those that are
 * placed are used up.
 */
bool store_write_place(const char *store, struct store_arrival *const *arrivals,
    const char *const *names, int n, char *problem, size_t size) MUST_CHECK;

/* Take it away again; accepts one that is used up. */
void store_write_forget(const struct store_arrival *arrival);

/* ---- generations ---- */

/* Make the folders. */
bool store_write_folders(
    const char *store, const char *app, char *problem, size_t size) MUST_CHECK;

/* The numbers of all generations, the highest first, into an array for the
 * caller to free; how many, or -1. */
int store_write_numbers(const char *store, const char *app, int **numbers,
    char *problem, size_t size) MUST_CHECK;

/* Write generation g->number; at is now, whatever g says. */
bool store_write_generation(const char *store, const char *app,
    const struct store_generation *g, char *problem, size_t size) MUST_CHECK;

/* Take one away that has not come into force. */
void store_write_remove(const char *store, const char *app, int number);

/* Folders and files that a killed deploy left; nobody else is at work. */
void store_write_sweep(const char *store, const char *app);

#endif /* STORE_WRITE_H */
