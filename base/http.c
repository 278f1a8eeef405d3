/* SPDX-License-Identifier: MIT */
/* http -- see http.h. */
#include "http.h"

#include <string.h>

const char *const http_methods[HTTP_METHODS] = {
    [HTTP_GET] = "GET",
    [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",
    [HTTP_PATCH] = "PATCH",
    [HTTP_DELETE] = "DELETE",
};

bool
http_method_find(struct span name, enum http_method *method)
{
	for (int i = 0; i < HTTP_METHODS; i++) {
		if (strlen(http_methods[i]) == name.len &&
		    memcmp(http_methods[i], name.at, name.len) == 0) {
			*method = (enum http_method)i;
			return true;
		}
	}
	return false;
}

const char *
http_reason(enum http_status status)
{
	switch (status) {
	case HTTP_OK:
		return "OK";
	case HTTP_CREATED:
		return "Created";
	case HTTP_NO_CONTENT:
		return "No Content";
	case HTTP_BAD_REQUEST:
		return "Bad Request";
	case HTTP_UNAUTHORIZED:
		return "Unauthorized";
	case HTTP_FORBIDDEN:
		return "Forbidden";
	case HTTP_NOT_FOUND:
		return "Not Found";
	case HTTP_METHOD_NOT_ALLOWED:
		return "Method Not Allowed";
	case HTTP_CONFLICT:
		return "Conflict";
	case HTTP_CONTENT_TOO_LARGE:
		return "Content Too Large";
	case HTTP_UNSUPPORTED_MEDIA_TYPE:
		return "Unsupported Media Type";
	case HTTP_UNPROCESSABLE_CONTENT:
		return "Unprocessable Content";
	case HTTP_HEADERS_TOO_LARGE:
		return "Request Header Fields Too Large";
	case HTTP_INTERNAL_SERVER_ERROR:
		return "Internal Server Error";
	case HTTP_SERVICE_UNAVAILABLE:
		return "Service Unavailable";
	}
	return "";
}
