/* SPDX-License-Identifier: MIT */
/*
 * store -- where releases are kept, and which of them an application serves.
 *
 *	STORE/HASH/NAME			an executable, never rewritten
 *	STORE/HASH/describe.json	what it printed with --describe
 *	STORE/HASH/arrival.json		{"at":RFC 3339,"why":text}
 *	STORE/APP/N.json		generation N:
 *	  {"generation":N,"at":RFC 3339,"why":text,"functions":[
 *	    {"name","release":HASH,"previous":HASH,"canary":HASH,"share":int}]}
 *	STORE/APP/current		a symbolic link to the N.json in force
 *
 * HASH is the SHA-256 of the executable (FIPS 180-4) in small hexadecimal
 * digits.  A release is known by it, and by its first 12 digits (HASH12) where
 * names are short: 48 bits, so that among the 5,120 releases of 512 functions
 * two of one function collide less often than once in 10^12 deploys; who stores
 * one checks.  previous, canary and share are absent where there is none.
 *
 * Here the store is read; the command line is what writes it, but for what is
 * in force.
 */
#ifndef STORE_H
#define STORE_H

#include "base.h"
#include "descriptor.h"

struct json_object; /* json-c */

enum {
	STORE_HASH_CHARS = 64,
	STORE_SHORT_CHARS = 12,
	STORE_PATH_MAX = 4096,            /* bytes, with NUL: PATH_MAX */
	STORE_FUNCTIONS_MAX = 512,        /* of an application */
	STORE_GENERATION_MAX = 999999999, /* the highest number of one */
	STORE_FILE_MAX_BYTES = 1024 * 1024,
};

struct store_function {
	char name[DESCRIPTOR_NAME_MAX + 1];
	char release[STORE_HASH_CHARS + 1];
	char previous[STORE_HASH_CHARS + 1]; /* "" for none */
	char canary[STORE_HASH_CHARS + 1];   /* "" for none */
	int share; /* percent of the requests that the canary gets */
};

struct store_generation {
	int number;
	char *at, *why;
	struct store_function *functions; /* sorted by name, each once */
	int n;
};

enum store_status {
	STORE_READ,
	STORE_NONE, /* there is no such generation, or none in force yet */
	STORE_BAD,  /* cannot be read, or is none; problem says why */
};

/*
 * Read a generation; number 0 is the one in force.  With STORE_READ *g is the
 * caller's (store_free), else it is empty; problem (size bytes) says why not.
 */
enum store_status store_read(const char *store, const char *app, int number,
    struct store_generation *g, char *problem, size_t size) MUST_CHECK;

/* From now on that generation is in force.  False with errno. */
bool store_make_current(
    const char *store, const char *app, int number) MUST_CHECK;

/* Accepts an empty one. */
void store_free(struct store_generation *g);

/* The function of that name, or NULL. */
const struct store_function *store_find(
    const struct store_generation *g, const char *name);

/* STORE/HASH/FILE into to (STORE_PATH_MAX bytes); false when it is longer. */
bool store_path(
    char *to, const char *store, const char *hash, const char *file) MUST_CHECK;

/* Whether the text is a HASH. */
bool store_is_hash(const char *text) MUST_CHECK;

/* The stored descriptor of a release, as descriptor_read() gives it: nothing is
 * run.  With printed, also all that it printed (json_object_put). */
struct descriptor *store_descriptor(const char *store, const char *hash,
    const char *name, char *problem, size_t size) MUST_CHECK;
struct descriptor *store_printed(const char *store, const char *hash,
    const char *name, struct json_object **printed, char *problem,
    size_t size) MUST_CHECK;

#endif /* STORE_H */
