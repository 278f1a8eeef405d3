/* SPDX-License-Identifier: MIT */
/*
 * gateway -- how a request reaches a function: CGI once (gateway_cgi.c) or
 * FastCGI for as long as it lives (gateway_fastcgi.c).
 *
 * Both hand the same thing to answer(): variables and a body; and send what it
 * leaves in response: CGI headers, an empty line, a body (RFC 3875, 6).  Either
 * all of it goes out, or the peer can tell that it does not: by a connection
 * that ends without FCGI_END_REQUEST, or by the exit code.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include "base.h"
#include "buf.h"

/* What a web server may send besides the body; more is 431.  nginx passes
 * about 25 variables and headers of at most 16 KiB a line (doc/limits.md). */
enum {
	GATEWAY_VARIABLES_MAX = 128,
	GATEWAY_VARIABLE_NAME_MAX = 256,         /* bytes */
	GATEWAY_VARIABLE_VALUE_MAX = 16 * 1024,  /* bytes */
	GATEWAY_VARIABLES_TOTAL_MAX = 64 * 1024, /* bytes, names and values */
	GATEWAY_READ_TIMEOUT_S = 2, /* a peer that sends nothing; seconds */
};

enum gateway_state {
	GATEWAY_WHOLE,
	GATEWAY_VARIABLES_TOO_LARGE,
	GATEWAY_VARIABLES_MALFORMED, /* see incoming.h */
	GATEWAY_BODY_TOO_LARGE,      /* body is empty then */
	GATEWAY_BODY_MISMATCH,       /* not as long as CONTENT_LENGTH says */
};

struct gateway_request {
	char *const *variables; /* "NAME=value", up to NULL */
	const char *body;       /* NUL-terminated beyond body_len */
	size_t body_len;
	int64_t begun_ns; /* stamp_monotonic_ns(), when it was accepted */
	enum gateway_state state;
};

struct gateway_response {
	int status;       /* as the head says it, for the scoreboard */
	struct buf head;  /* headers and an empty line */
	struct span body; /* sent from where it is */
};

/* The answering side: context is the caller's own. */
struct gateway {
	int64_t body_max_bytes;
	int max_requests; /* FastCGI: leave after so many */
	/* CGI: the process is ended after that.  FastCGI: no request is read
	 * for longer, and no response waits for a peer that takes nothing. */
	int deadline_ms;
	void (*answer)(void *context, const struct gateway_request *request,
	    struct gateway_response *response);
	void (*done)(void *context); /* what body points at may go */
	void *context;
	struct gateway_response *response; /* emptied before each answer */
};

/* The value of a variable, or NULL. */
const char *gateway_variable(
    const struct gateway_request *request, const char *name);

/*
 * The body length that CONTENT_LENGTH announces: -1 when it is not there or
 * empty, -2 when it is no number of at most 18 digits.
 */
int64_t gateway_content_length(const struct gateway_request *request);

/*
 * When nginx had all of the request and handed it on (MAYFLY_SENT_AT), before
 * it waited for an instance: milliseconds since 1970, rounded up.  -1 where
 * nobody says, or what is said is no time or has not come yet.
 */
int64_t gateway_sent_ms(const struct gateway_request *request);

/* Whether the variables keep to the limits above. */
bool gateway_variables_fit(char *const *variables);

/* Whether descriptor 0 is a listening socket: FastCGI rather than CGI. */
bool gateway_is_fastcgi(void);

/* Send a response to the request that is being answered: what the gateway does
 * with struct gateway's response, for a function that dies before that. */
void gateway_send(const struct gateway_response *response);

/* Serve; returns an exit code.  FastCGI returns when asked to leave. */
int gateway_cgi(const struct gateway *gateway, char *const *variables);
int gateway_fastcgi(const struct gateway *gateway);

#endif /* GATEWAY_H */
