/* SPDX-License-Identifier: MIT */
/*
 * descriptor -- a function's descriptor seen from outside: what its
 * executable prints for --describe, read back.  mayflyd, the nginx routes and
 * the prepared statements are all made from this.
 *
 *	{"name": str, "route": str, "method": str, "path": str, "about": str,
 *	 "auth": "public"|"optional"|"required", "body_root": str|null,
 *	 "inputs": [{"name","in","type","required","min","max","items_max",
 *	             "or_else","about"}],
 *	 "statements": [{"name": str, "prepared": str, "sql": str}],
 *	 "cache_tags": str|null,
 *	 "limits": {"body_max_bytes","reply_max_bytes","deadline_ms",
 *	            "max_instances","idle_ms","max_requests","memory_max_mib"}}
 */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include "base.h"
#include "fn.h"

struct descriptor_statement {
	char *name, *prepared, *sql;
};

struct descriptor {
	char *program; /* path of the executable */
	char *name, *method, *path;
	enum fn_auth auth;
	struct fn_limits limits;
	struct descriptor_statement *statements;
	int nstatements;
};

/* The JSON for --describe, into a fresh writer of the caller. */
void descriptor_write(struct out *o, const struct fn *fn);

/*
 * Run "program --describe" (at most 2 s and 256 KiB) and read what it prints.
 * NULL when that fails, with the reason in problem (size bytes); the result is
 * the caller's.  Never aborts: daemons use it.
 */
struct descriptor *descriptor_read(
    const char *program, char *problem, size_t size) MUST_CHECK;

/* Accepts NULL. */
void descriptor_free(struct descriptor *d);

/*
 * All executables in the folders (separated by ':'), sorted by name.  On
 * success returns how many, and *list is the caller's (descriptor_list_free).
 * -1 when a folder cannot be read.  A file that is no function is passed over
 * and named by complain(), which may be NULL.
 */
int descriptor_list(const char *folders, struct descriptor ***list,
    void (*complain)(const char *program, const char *problem)) MUST_CHECK;
void descriptor_list_free(struct descriptor **list, int n);

#endif /* DESCRIPTOR_H */
