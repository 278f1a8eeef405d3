/* SPDX-License-Identifier: MIT */
/* reply -- see reply.h.  serve.c sends it. */
#include "reply.h"

#include <string.h>

#include "die.h"

void
reply_header(struct reply *reply, const char *name, const char *value)
{
	if (reply->nheaders == REPLY_HEADERS_MAX)
		bug("more than %d headers", REPLY_HEADERS_MAX);
	if (strpbrk(value, "\r\n") != NULL)
		bug("the header %s has a line break", name);
	reply->headers[reply->nheaders].name = name;
	reply->headers[reply->nheaders].value = value;
	reply->nheaders++;
}

enum http_status
reply_error(struct reply *reply, enum http_status status, const char *key,
    const char *message)
{
	for (int i = 0; i < reply->nerrors; i++)
		if (strcmp(reply->errors[i].name, key) == 0 &&
		    strcmp(reply->errors[i].value, message) == 0)
			return status;
	if (reply->nerrors < REPLY_ERRORS_MAX) {
		reply->errors[reply->nerrors].name = key;
		reply->errors[reply->nerrors].value = message;
		reply->nerrors++;
	}
	return status;
}

enum http_status
reply_invalid(struct reply *reply, const char *input, const char *message)
{
	return reply_error(reply, HTTP_UNPROCESSABLE_CONTENT, input, message);
}

enum http_status
reply_not_found(struct reply *reply, const char *what)
{
	return reply_error(reply, HTTP_NOT_FOUND, what, "not found");
}

enum http_status
reply_no_user(struct reply *reply)
{
	return reply_error(reply, HTTP_UNAUTHORIZED, "token", "is invalid");
}

enum http_status
reply_failure(struct reply *reply, enum db_status status)
{
	static const struct {
		enum http_status status;
		const char *key, *message;
	} table[] = {
	    [DB_DUPLICATE] = {HTTP_CONFLICT, "request",
	        "conflicts with what is stored"},
	    [DB_NO_PARENT] = {HTTP_CONFLICT, "request",
	        "conflicts with what is stored"},
	    [DB_BAD_VALUE] = {HTTP_UNPROCESSABLE_CONTENT, "request",
	        "holds a value that cannot be stored"},
	    [DB_AGAIN] = {HTTP_SERVICE_UNAVAILABLE, "database",
	        "is not available, try again"},
	    [DB_DOWN] = {HTTP_SERVICE_UNAVAILABLE, "database",
	        "is not available, try again"},
	    [DB_FAILED] = {HTTP_INTERNAL_SERVER_ERROR, "server", "failed"},
	};

	reply_reset(reply);
	if (table[status].status == HTTP_SERVICE_UNAVAILABLE)
		reply_header(reply, "Retry-After", "1");
	return reply_error(reply, table[status].status, table[status].key,
	    table[status].message);
}

void
reply_reset(struct reply *reply)
{
	out_reset(&reply->out);
	reply->nheaders = reply->nerrors = 0;
}
