/* SPDX-License-Identifier: MIT */
/*
 * fn -- what a function is.
 *
 * A function is one const struct fn at the end of one file of cgi-bin/:
 *
 *	FN_DESCRIPTOR(article_get) = {
 *	    .route = "GET /api/articles/:slug",
 *	    .auth = FN_OPTIONAL,
 *	    ...
 *	    .handle = article_get,
 *	};
 *
 * The library does the rest, main() included: it checks the token, reads and
 * checks the inputs, calls handle, checks the outcome, sends the reply and
 * frees everything.  The same executable serves as
 *
 *	FastCGI		descriptor 0 is a listening socket: under mayflyd, which
 *			also passes a slot of its scoreboard, or mod_fcgid
 *	CGI once	otherwise: environment and standard input in, standard
 *			output back (RFC 3875)
 *	--describe	prints the descriptor as JSON, or what is wrong with it
 *	--help		the same for people
 *
 * The order of refusals is fixed: 405, 431, 413, 415, 401, 400 or 422 for the
 * body and the inputs, then whatever handle decides (404, 403, 409).
 *
 * The outcome of handle is checked.  A status of 400 and more goes with an
 * error, one below with none, a redirect with Location, a 2xx but 204 with
 * content (reply.h); a query that failed for no fault of the caller's
 * is answered 503 or 500 whatever handle returns.  Anything else is a bug.
 */
#ifndef FN_H
#define FN_H

#include "base.h"
#include "db.h"
#include "descriptor.h" /* FN_PUBLIC, FN_PATH, FN_LINE, struct fn_limits */
#include "http.h"
#include "reply.h"
#include "req.h"

/*
 * One input.  Blank text where it is required is "can't be blank"; a query
 * parameter that is empty or blank counts as left out.
 */
struct fn_input {
	const char *name;
	enum fn_in in;
	enum fn_type type;
	bool required;       /* FN_PATH always is */
	int64_t min, max;    /* of the length, or of the value for FN_INT */
	bool clamp;          /* FN_INT: what is above max counts as max */
	int items_max;       /* FN_LINES: how many */
	const char *or_else; /* text of the default, or NULL for none */
	const char *about;   /* one line for people */
};

/* An array designated by the file's enum of inputs: [SLUG] = {...}. */
struct fn_inputs {
	const struct fn_input *list;
	int n;
};
#define FN_INPUTS(array)                                                       \
	{                                                                      \
		(array), (int)LENGTH(array)                                    \
	}

struct fn {
	const char *route; /* "GET /api/articles/:slug" */
	const char *about; /* one line for people */
	enum fn_auth auth;
	/* All queries of handle are one transaction, committed behind it and
	 * before the reply.  handle may run a second time (db.h), so it touches
	 * nothing but database and reply. */
	bool atomic;
	const char *body_root; /* the member that holds the FN_BODY inputs */
	struct fn_inputs inputs;
	const struct db_statement *const *statements; /* of NAME.sql.h */
	const char *cache_tags; /* for the edge: "articles tags", or NULL */
	bool no_etag;           /* a GET whose content differs each time */
	struct fn_limits limits;
	enum http_status (*handle)(struct req *req, struct reply *reply);
};

/* A function as the linker collects it: article_get, for "article-get". */
struct fn_entry {
	const char *symbol;
	const char *file; /* for what is wrong with it */
	const struct fn *fn;
};

/* Comes before "= {...};", once in a file.  symbol is the function's name with
 * '_' for '-'. */
#define FN_DESCRIPTOR(symbol)                                                  \
	extern const struct fn symbol##_fn;                                    \
	static const struct fn_entry symbol##_entry = {                        \
	    #symbol, __FILE__, &symbol##_fn};                                  \
	static const struct fn_entry *const symbol##_place                     \
	    __attribute__((used, section("mayfly_fn"))) = &symbol##_entry;     \
	const struct fn symbol##_fn

#endif /* FN_H */
