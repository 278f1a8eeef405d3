/* SPDX-License-Identifier: MIT */
/*
 * http -- the methods that a route may have, the statuses that Mayfly sends,
 * and their reason phrases.
 * Source: RFC 9110, sections 9 and 15; RFC 5789 for PATCH; RFC 6585 for 428,
 * 429 and 431.
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

/* Each with its number and its reason phrase; all else is made from this. */
#define HTTP_STATUSES(X)                                                       \
	X(HTTP_OK, 200, "OK")                                                  \
	X(HTTP_CREATED, 201, "Created")                                        \
	X(HTTP_ACCEPTED, 202, "Accepted")                                      \
	X(HTTP_NO_CONTENT, 204, "No Content")                                  \
	X(HTTP_MOVED_PERMANENTLY, 301, "Moved Permanently")                    \
	X(HTTP_FOUND, 302, "Found")                                            \
	X(HTTP_SEE_OTHER, 303, "See Other")                                    \
	X(HTTP_NOT_MODIFIED, 304, "Not Modified")                              \
	X(HTTP_TEMPORARY_REDIRECT, 307, "Temporary Redirect")                  \
	X(HTTP_PERMANENT_REDIRECT, 308, "Permanent Redirect")                  \
	X(HTTP_BAD_REQUEST, 400, "Bad Request")                                \
	X(HTTP_UNAUTHORIZED, 401, "Unauthorized")                              \
	X(HTTP_PAYMENT_REQUIRED, 402, "Payment Required")                      \
	X(HTTP_FORBIDDEN, 403, "Forbidden")                                    \
	X(HTTP_NOT_FOUND, 404, "Not Found")                                    \
	X(HTTP_METHOD_NOT_ALLOWED, 405, "Method Not Allowed")                  \
	X(HTTP_NOT_ACCEPTABLE, 406, "Not Acceptable")                          \
	X(HTTP_CONFLICT, 409, "Conflict")                                      \
	X(HTTP_GONE, 410, "Gone")                                              \
	X(HTTP_PRECONDITION_FAILED, 412, "Precondition Failed")                \
	X(HTTP_CONTENT_TOO_LARGE, 413, "Content Too Large")                    \
	X(HTTP_UNSUPPORTED_MEDIA_TYPE, 415, "Unsupported Media Type")          \
	X(HTTP_UNPROCESSABLE_CONTENT, 422, "Unprocessable Content")            \
	X(HTTP_PRECONDITION_REQUIRED, 428, "Precondition Required")            \
	X(HTTP_TOO_MANY_REQUESTS, 429, "Too Many Requests")                    \
	X(HTTP_HEADERS_TOO_LARGE, 431, "Request Header Fields Too Large")      \
	X(HTTP_INTERNAL_SERVER_ERROR, 500, "Internal Server Error")            \
	X(HTTP_NOT_IMPLEMENTED, 501, "Not Implemented")                        \
	X(HTTP_BAD_GATEWAY, 502, "Bad Gateway")                                \
	X(HTTP_SERVICE_UNAVAILABLE, 503, "Service Unavailable")                \
	X(HTTP_GATEWAY_TIMEOUT, 504, "Gateway Timeout")

#define HTTP_STATUS_NUMBER(name, number, reason) name = number,
enum http_status { HTTP_STATUSES(HTTP_STATUS_NUMBER) };

/* "Not Found" for 404; "" for a number that is not in the list. */
const char *http_reason(enum http_status status);

/* The bytes of a token, as names of headers and cookies are: tchar of RFC 9110,
 * 5.6.2; and whether a text is one. */
extern const char http_token_chars[];
bool http_is_token(const char *text) MUST_CHECK;

/* Whether the answer never has content: RFC 9110, 15.3.5 and 15.4.5. */
bool http_has_no_body(enum http_status status);

/* Whether the answer sends the client elsewhere, by Location: 301, 302, 303,
 * 307, 308. */
bool http_is_redirect(enum http_status status);

#endif /* HTTP_H */
