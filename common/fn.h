/* SPDX-License-Identifier: MIT */
/*
 * fn -- what a function is, and the main() that serves it.
 *
 * A function is one const struct fn in one file of cgi-bin/.  fn_main() does
 * the rest: it checks the token, reads and checks the inputs, calls handle,
 * sends the reply and frees everything.  The same executable serves as
 *
 *	FastCGI		descriptor 0 is a listening socket: under mayflyd, which
 *			also passes a slot of its scoreboard, or mod_fcgid
 *	CGI once	otherwise: environment and standard input in, standard
 *			output back (RFC 3875)
 *	--describe	prints this struct as JSON; --help the same for people
 *
 * The order of refusals is fixed: 405, 413, 415, 401, 400 or 422 for the body
 * and the inputs, then whatever handle decides (404, 403, 409).
 */
#ifndef FN_H
#define FN_H

#include "base.h"
#include "db.h"
#include "http.h"
#include "reply.h"
#include "req.h"

enum fn_auth {
	FN_PUBLIC,   /* no token is looked at */
	FN_OPTIONAL, /* a token is checked when there is one */
	FN_REQUIRED, /* 401 without one */
};

enum fn_in { FN_PATH, FN_QUERY, FN_BODY };

enum fn_type {
	FN_LINE,   /* text, trimmed, no control characters; characters */
	FN_TEXT,   /* text as given; blank when only white space; characters */
	FN_EMAIL,  /* a line that looks like an address: something@something */
	FN_SECRET, /* text as given, never logged; bytes */
	FN_INT,    /* decimal; min and max bound the value */
	FN_LINES,  /* list of lines, doubles dropped, order kept; characters */
};

/*
 * One input.  Blank text where it is required is "can't be blank"; an empty
 * query parameter counts as left out.
 */
struct fn_input {
	const char *name;
	enum fn_in in;
	enum fn_type type;
	bool required;
	int64_t min, max;    /* of the length, or of the value for FN_INT */
	int items_max;       /* FN_LINES: how many */
	const char *or_else; /* text of the default, or NULL for none */
	const char *about;   /* one line for people */
};

enum {
	FN_ONE_PER_CORE = -1, /* for max_instances: what takes a whole core */
};

/* 0 stands for the default in the last column; all are in doc/limits.md. */
struct fn_limits {
	int64_t body_max_bytes;  /* request body                        1 MiB */
	int64_t reply_max_bytes; /* reply body                         6 MiB */
	int deadline_ms;         /* from accept to the end of the reply  3000 */
	int max_instances;  /* processes at once      SETTING_MAX_INSTANCES */
	int idle_ms;        /* an instance leaves after      SETTING_IDLE_MS */
	int max_requests;   /* an instance leaves after            10000 */
	int memory_max_mib; /* address space (RLIMIT_AS)             128 */
};

struct fn {
	const char *name;  /* the file's name: "article-get" */
	const char *route; /* "GET /api/articles/:slug" */
	const char *about; /* one line for people */
	enum fn_auth auth;
	const char *body_root; /* the member that holds the FN_BODY inputs */
	const struct fn_input *inputs; /* up to one without a name */
	const struct db_statement *const *statements; /* up to NULL */
	const char *cache_tags; /* for the edge: "articles tags", or NULL */
	struct fn_limits limits;
	enum http_status (*handle)(struct req *req, struct reply *reply);
};

/* Serve fn as described above.  Returns the exit code of the program. */
int fn_main(int argc, char *argv[], const struct fn *fn);

/* fn->limits with the defaults filled in (0 stays where mayflyd decides). */
struct fn_limits fn_limits(const struct fn *fn);

#endif /* FN_H */
