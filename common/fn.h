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
 * The order of refusals is fixed: 405, 431, 413, 415, 401 of the token, 429,
 * 400 of an Idempotency-Key, 412 of an If-Match that nobody would look at, 404
 * of a path, what guard refuses, 400 or 413 of a body that cannot be read, 422
 * of the inputs, all of them and what check adds at once; 409 or 422 of the
 * key; then whatever handle decides (404, 403, 409, 412).
 *
 * A POST with statements heeds Idempotency-Key (idempotency.h): with it the
 * request runs as .atomic, and whoever repeats it gets the answer of the first
 * time.
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
 * One input.  Blank text where it is required, or has a min, is "can't be
 * blank"; a parameter of query or form, a header or a cookie that is empty or
 * blank counts as left out.  null in JSON is a fault, unless the input is
 * nullable or FN_JSON: absent, null and given are three things (req_has,
 * req_is_null).
 *
 * In a JSON body a name with dots leads into objects: "address.city".
 */
struct fn_input {
	const char *name; /* of a header: in small letters, "x-api-key" */
	enum fn_in in;
	enum fn_type type;
	bool required;       /* FN_PATH always is */
	bool nullable;       /* FN_BODY: null is a value */
	int64_t min, max;    /* characters, bytes or value: enum fn_measure */
	bool clamp;          /* FN_INT: what is above max counts as max */
	int scale;           /* FN_DECIMAL: digits behind the point, at most */
	int items_max;       /* above 0: a list of so many at most; the rest
	                      * says what each item is */
	bool unique;         /* of a list: what was there already is dropped */
	const char *choices; /* FN_CHOICE: "draft published" */
	const char *pattern; /* FN_LINE: a POSIX extended regular expression
	                      * that all of it matches; bytes, not characters */
	const char *message; /* what to say when it does not: "must be ..." */
	const char *or_else; /* text of the default, or NULL for none */
	const char *example; /* text of a good value, for the reference */
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

/*
 * One of the replies, for the reference.  shape says what a JSON body is:
 *
 *	{article: Article{slug: line, tagList: [line], image: line?}}
 *
 * Words are those of the types (descriptor.h), float and any; "?" says that it
 * may be null.  An object with a name, which begins with a capital, is one type
 * for all functions: clients made from the reference call it so.  It is the
 * same wherever it stands, so it is a macro beside what writes it
 * (blog/article.h).
 *
 * Refusals have no shape: all have one form (response.h).  Those that follow
 * from the rest of the descriptor need not be listed: 401 of .auth, 400 and 422
 * of inputs, 503 of a database and so on (cli/openapi.c).
 */
struct fn_reply {
	enum http_status status;
	const char *about;   /* when it is given, in a line */
	const char *type;    /* of the body; NULL: application/json */
	const char *shape;   /* of the body, or NULL */
	const char *example; /* a body, or NULL */
};

struct fn_replies {
	const struct fn_reply *list;
	int n;
};
/* In place: FN_REPLIES(FN_ANSWER(HTTP_OK, "the hat", "{hat: line}"),
 * FN_REFUSAL(HTTP_NOT_FOUND, "there is none")), or each in braces. */
#define FN_ANSWER(status_, about_, shape_)                                     \
	{                                                                      \
		.status = (status_), .about = (about_), .shape = (shape_)      \
	}
#define FN_REFUSAL(status_, about_) FN_ANSWER(status_, about_, NULL)
#define FN_REPLIES(...)                                                        \
	{                                                                      \
		(const struct fn_reply[]){__VA_ARGS__},                        \
		    (int)LENGTH(((const struct fn_reply[]){__VA_ARGS__}))      \
	}

struct fn {
	const char *route; /* "GET /api/articles/:slug" */
	const char *about; /* one line for people */
	enum fn_auth auth;
	/* Beside auth, and after it: who may, by the inputs that are not of the
	 * body (others are not there yet), req_body(), the settings, the
	 * database.  HTTP_OK lets the request on; otherwise its answer goes
	 * out, a refusal or a redirect.  It may set req->user_id.  Like handle
	 * it may run a second time, and touches nothing else; with .atomic it
	 * is part of the transaction. */
	enum http_status (*guard)(struct req *req, struct reply *reply);
	enum fn_role role; /* as which it asks the database: FN_READER */
	const char *rate;  /* its class of rate limits, of rate_class.c; NULL:
	                    * the first.  Whom the token names is counted by the
	                    * library, what is attacked by handle: rate.h */
	/* All queries of handle are one transaction, committed behind it and
	 * before the reply.  handle may run a second time (db.h), so it touches
	 * nothing but database and reply. */
	bool atomic;
	/* A POST that does no harm twice, such as a login: Idempotency-Key
	 * counts for nothing. */
	bool repeatable;
	/* A POST whose answer is not to be stored, because a secret is in it:
	 * with a key it is made anew, from what handle said by reply_keep().
	 * Like handle it may run a second time. */
	enum http_status (*replay)(
	    struct req *req, struct reply *reply, const char *kept);
	/* Not a GET: handle asks req_if_match().  Where it does not, a request
	 * with If-Match is refused: 412. */
	bool if_match;
	unsigned body; /* sum of enum fn_body; 0: JSON if inputs are FN_BODY */
	const char *body_type; /* FN_BODY_RAW: the Content-Type, NULL: any */
	const char *body_root; /* JSON: the member that holds the inputs, or
	                        * NULL when they are members of the body */
	struct fn_inputs inputs;
	/* What is wrong with the inputs together: it calls reply_invalid() for
	 * each fault, and asks no database.  An input that has a fault of its
	 * own reads as its default, or as "", 0 or false, and req_has() says
	 * that it is not there; the same goes for guard. */
	void (*check)(struct req *req, struct reply *reply);
	struct fn_replies replies;
	const struct db_statement *const *statements; /* of NAME.sql.h */
	const char *settings;   /* of its own: "STRIPE_KEY STRIPE_HOOK" */
	const char *cache_tags; /* for the edge: "articles tags", or NULL; only
	                         * answers to nobody in particular bear them */
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
