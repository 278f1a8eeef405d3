/* SPDX-License-Identifier: MIT */
/* reply -- see reply.h.  fn.c sends it. */
#include "reply.h"

#include <stdlib.h>
#include <string.h>

void
reply_header(struct reply *reply, const char *name, const char *value)
{
	if (reply->nheaders == REPLY_HEADERS_MAX ||
	    strpbrk(value, "\r\n") != NULL)
		abort();
	reply->headers[reply->nheaders].name = name;
	reply->headers[reply->nheaders].value = value;
	reply->nheaders++;
}

enum http_status
reply_error(struct reply *reply, enum http_status status, const char *key,
    const char *message)
{
	if (reply->nerrors < REPLY_ERRORS_MAX) {
		reply->errors[reply->nerrors].name = key;
		reply->errors[reply->nerrors].value = message;
		reply->nerrors++;
	}
	return status;
}

enum http_status
reply_db(struct reply *reply, enum db_status st)
{
	enum http_status status;

	status = db_http(st);
	switch (status) {
	case HTTP_SERVICE_UNAVAILABLE:
		reply_header(reply, "Retry-After", "1");
		return reply_error(
		    reply, status, "database", "is not available, try again");
	case HTTP_CONFLICT:
		return reply_error(
		    reply, status, "request", "conflicts with what is stored");
	case HTTP_UNPROCESSABLE_CONTENT:
		return reply_error(reply, status, "request",
		    "holds a value that cannot be stored");
	default:
		return reply_error(
		    reply, HTTP_INTERNAL_SERVER_ERROR, "server", "failed");
	}
}
