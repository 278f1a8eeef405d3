/* SPDX-License-Identifier: MIT */
/*
 * descriptor -- the words of a function's descriptor, and a descriptor seen
 * from outside: what an executable prints for --describe, read back.  mayflyd,
 * the nginx routes and the prepared statements are all made from this.
 *
 *	{"name": str, "route": str, "method": str, "path": str, "about": str,
 *	 "auth": str, "role": str, "guard": bool, "rate": str|null,
 *	 "atomic": bool, "idempotency_key": bool, "if_match": bool,
 *	 "body": ["json"|"form"|"raw"], "body_type": str|null,
 *	 "body_root": str|null,
 *	 "inputs": [{"name","in","type","required","nullable","min","max",
 *	             "clamp","scale","items_max","unique","choices","pattern",
 *	             "or_else","example","about"}],
 *	 "replies": [{"status": int, "about": str, "type": str,
 *	              "shape": any, "example": str|null}],
 *	 "statements": [{"name": str, "prepared": str, "line": int,
 *	                 "arguments": int, "sql": str}],
 *	 "settings": [str], "cache_tags": str|null, "no_etag": bool,
 *	 "limits": {"body_max_bytes": int, ...}}
 *
 * or, with exit code 100, {"problems": [str]}: what is wrong with it.
 * The words and the limits stand in the tables below, and nowhere else.
 */
#ifndef DESCRIPTOR_H
#define DESCRIPTOR_H

#include "base.h"
#include "http.h"
#include "rate_class.h"

struct json_object; /* json-c */

/* Who may call.  0 is none of them: a function that does not say is refused. */
enum fn_auth {
	FN_PUBLIC = 1, /* no token is looked at */
	FN_OPTIONAL,   /* a token is checked when there is one */
	FN_REQUIRED,   /* 401 without one */
	FN_AUTHS
};

/* As which role of the database it runs its statements.  What each may do is
 * granted in sql/.  0 is the one that may least. */
enum fn_role {
	FN_READER,  /* reads; no address of an account, no password's hash */
	FN_WRITER,  /* and writes what is no account */
	FN_ACCOUNT, /* accounts, with address and hash */
	FN_ROLES
};

/* Where an input comes from. */
enum fn_in { FN_PATH = 1, FN_QUERY, FN_BODY, FN_HEADER, FN_COOKIE, FN_PLACES };

/* What a body is; a sum.  With several, Content-Type chooses. */
enum fn_body {
	FN_BODY_JSON = 1, /* application/json */
	FN_BODY_FORM = 2, /* application/x-www-form-urlencoded */
	FN_BODY_RAW = 4,  /* any bytes, for req_body(); goes with no other */
};

/* What an input is, and what becomes of it.  In JSON, FN_INT is a number,
 * FN_BOOL true or false, FN_DECIMAL a number or its text, FN_JSON anything, and
 * all others are text; everywhere else all are text. */
enum fn_type {
	FN_LINE = 1, /* one line of text, trimmed, NFC */
	FN_TEXT,     /* text as given */
	FN_NAME,     /* a line that can be a name, and a part of a path */
	FN_EMAIL,    /* a line that is an email address */
	FN_SECRET,   /* text, NFC, never logged */
	FN_URL,      /* http or https, made ASCII: web_url.h */
	FN_INT,      /* a whole number: int64_t */
	FN_DECIMAL,  /* exact, with up to .scale digits behind the point */
	FN_BOOL,     /* true, 1, on; false, 0, off: becomes true, false */
	FN_CHOICE,   /* one of .choices */
	FN_DATE,     /* 2026-11-23 */
	FN_TIME,     /* RFC 3339; becomes UTC with six digits of fraction */
	FN_UUID,     /* becomes small letters */
	FN_JSON,     /* any JSON, in a JSON body; becomes one line */
	FN_TYPES
};

/* What .min and .max of an input bound. */
enum fn_measure {
	FN_MEASURE_NONE, /* both are 0 */
	FN_MEASURE_CHARACTERS,
	FN_MEASURE_BYTES,
	FN_MEASURE_VALUE,
};

struct descriptor_type {
	const char *word;
	enum fn_measure measure;
};

extern const char *const descriptor_auths[FN_AUTHS];
extern const char *const descriptor_roles[FN_ROLES];
extern const char *const descriptor_places[FN_PLACES];
extern const struct descriptor_type descriptor_types[FN_TYPES];

enum {
	FN_ONE_PER_CORE = -1, /* for max_instances: what takes a whole core */
};

/* 0 stands for the default; those, the ranges and the units are in
 * descriptor_limits. */
struct fn_limits {
	int64_t body_max_bytes;  /* request body */
	int64_t reply_max_bytes; /* reply body */
	int64_t deadline_ms;     /* from accept to the end of the reply */
	int64_t query_ms;        /* one query */
	int64_t queries;         /* in one request */
	int64_t max_instances;   /* processes at once */
	int64_t idle_ms;         /* an instance leaves after */
	int64_t max_requests;    /* an instance leaves after */
	int64_t memory_max_mib;  /* address space (RLIMIT_AS) */
};

enum {
	DESCRIPTOR_LIMITS = 9,
	DESCRIPTOR_NAME_MAX = 48,       /* characters */
	DESCRIPTOR_PATH_MAX = 200,      /* characters */
	DESCRIPTOR_SEGMENTS_MAX = 32,   /* of a path */
	DESCRIPTOR_STATEMENTS_MAX = 64, /* of a function */
	DESCRIPTOR_HEADER_MAX = 64,     /* characters of its name */
	DESCRIPTOR_HEADERS_MAX = 16,    /* of a function */
	DESCRIPTOR_PROBLEM_BYTES = 512, /* of a text that says what is wrong */
};

/* or_else 0: mayflyd's setting decides. */
struct descriptor_limit {
	const char *name;
	size_t offset; /* in struct fn_limits; each is an int64_t */
	int64_t or_else, min, max;
	const char *unit;
};
extern const struct descriptor_limit descriptor_limits[DESCRIPTOR_LIMITS];

/* One of them; limit is an element of descriptor_limits. */
int64_t descriptor_limit_get(
    const struct fn_limits *from, const struct descriptor_limit *limit);
void descriptor_limit_set(
    struct fn_limits *to, const struct descriptor_limit *limit, int64_t value);

/* What is wrong with a name ([a-z][a-z0-9-]{0,47}) or a path; NULL for
 * nothing. */
const char *descriptor_name_problem(const char *name) MUST_CHECK;
const char *descriptor_path_problem(const char *path) MUST_CHECK;

/* The same for the name of a header that an input may be: small letters, digits
 * and '-', and none that the gateway keeps for itself. */
const char *descriptor_header_problem(const char *name) MUST_CHECK;

struct descriptor_statement {
	char *name, *prepared, *sql;
	enum fn_role role; /* of its function */
	int line;          /* of NAME.sql, on which sql begins */
	int arguments;     /* the highest $n */
};

struct descriptor {
	char *program; /* path of the executable */
	char *name, *path;
	enum http_method method;
	enum fn_auth auth;
	enum fn_role role;
	const struct rate_class *rate; /* never NULL */
	struct fn_limits limits;
	struct descriptor_statement *statements;
	int nstatements;
	char **headers; /* that its inputs are; "cookie" for those */
	int nheaders;
	char **settings; /* of its own, by name */
	int nsettings;
};

/*
 * Run "program --describe" (at most 2 s and 256 KiB) and read what it prints.
 * NULL when that fails, with the reason in problem (size bytes); the result is
 * the caller's.  Never aborts: daemons use it.
 */
struct descriptor *descriptor_read(
    const char *program, char *problem, size_t size) MUST_CHECK;

/*
 * All that it prints, as JSON; NULL as above.  Nothing in it has been checked
 * but that it is an object: the result is the caller's (json_object_put).
 */
struct json_object *descriptor_printed(
    const char *program, char *problem, size_t size) MUST_CHECK;

/* The same of many, which run side by side; printed is NULL where problem says
 * why.  False when memory is out. */
struct descriptor_source {
	const char *program;
	struct json_object *printed; /* the caller's (json_object_put) */
	char problem[DESCRIPTOR_PROBLEM_BYTES];
};
bool descriptor_print_all(struct descriptor_source *list, int n) MUST_CHECK;

/*
 * A descriptor from what program printed before, an object.  NULL as above;
 * what is printed stays the caller's.
 */
struct descriptor *descriptor_take(const char *program,
    struct json_object *printed, char *problem, size_t size) MUST_CHECK;

/* Free the statements, for who does not need them. */
void descriptor_drop_statements(struct descriptor *d);

/* Accepts NULL. */
void descriptor_free(struct descriptor *d);

/*
 * All executables in the folders (separated by ':'), sorted by name; they
 * describe themselves side by side.  On
 * success returns how many, and *list is the caller's (descriptor_list_free).
 * -1 when a folder cannot be read, or memory is out: errno says which.  A file
 * that is no function, or one that lacks a setting of its own, is passed over
 * and named by complain(), which may be NULL.
 */
int descriptor_list(const char *folders, struct descriptor ***list,
    void (*complain)(const char *program, const char *problem)) MUST_CHECK;
void descriptor_list_free(struct descriptor **list, int n);

#endif /* DESCRIPTOR_H */
