/* SPDX-License-Identifier: MIT */
/*
 * http -- the methods that a route may have, the statuses that Mayfly sends,
 * and their reason phrases.
 * Source: RFC 9110, sections 9 and 15; RFC 5789 for PATCH; RFC 6585 for 431.
 */
#ifndef HTTP_H
#define HTTP_H

#include "base.h"

/* In the order of the Allow header.  A function for GET answers HEAD, too. */
enum http_method {
	HTTP_GET,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_METHODS
};

extern const char *const http_methods[HTTP_METHODS];

/* The method of this name; false when it is none of them. */
bool http_method_find(struct span name, enum http_method *method) MUST_CHECK;

enum http_status {
	HTTP_OK = 200,
	HTTP_CREATED = 201,
	HTTP_NO_CONTENT = 204,
	HTTP_BAD_REQUEST = 400,
	HTTP_UNAUTHORIZED = 401,
	HTTP_FORBIDDEN = 403,
	HTTP_NOT_FOUND = 404,
	HTTP_METHOD_NOT_ALLOWED = 405,
	HTTP_CONFLICT = 409,
	HTTP_CONTENT_TOO_LARGE = 413,
	HTTP_UNSUPPORTED_MEDIA_TYPE = 415,
	HTTP_UNPROCESSABLE_CONTENT = 422,
	HTTP_HEADERS_TOO_LARGE = 431,
	HTTP_INTERNAL_SERVER_ERROR = 500,
	HTTP_SERVICE_UNAVAILABLE = 503,
};

/* "Not Found" for 404; "" for a number that is not in the list. */
const char *http_reason(enum http_status status);

#endif /* HTTP_H */
