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
#define REASON(name, number, reason)                                           \
	case name:                                                             \
		return reason;
		HTTP_STATUSES(REASON)
#undef REASON
	}
	return "";
}

const char http_token_chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz"
                                "0123456789!#$%&'*+-.^_`|~";

bool
http_is_token(const char *text)
{
	return *text != '\0' && text[strspn(text, http_token_chars)] == '\0';
}

bool
http_has_no_body(enum http_status status)
{
	return status == HTTP_NO_CONTENT || status == HTTP_NOT_MODIFIED;
}

bool
http_is_redirect(enum http_status status)
{
	return status >= HTTP_MOVED_PERMANENTLY && status < HTTP_BAD_REQUEST &&
	       status != HTTP_NOT_MODIFIED;
}
