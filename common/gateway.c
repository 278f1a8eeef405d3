/* SPDX-License-Identifier: MIT */
/* gateway -- see gateway.h: what CGI and FastCGI have in common. */
#include "gateway.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway_private.h"
#include "stamp.h"

enum {
	SENT_DIGITS = 12, /* of seconds since 1970: 30,000 years */
};

const char *
gateway_variable(const struct gateway_request *request, const char *name)
{
	size_t len = strlen(name);

	for (char *const *v = request->variables; *v != NULL; v++) {
		if (strncmp(*v, name, len) == 0 && (*v)[len] == '=')
			return *v + len + 1;
	}
	return NULL;
}

int64_t
gateway_content_length(const struct gateway_request *request)
{
	const char *text;
	int64_t n = 0;

	text = gateway_variable(request, "CONTENT_LENGTH");
	if (text == NULL || *text == '\0')
		return -1;
	if (strlen(text) > 18)
		return -2;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -2;
		n = n * 10 + (*text - '0');
	}
	return n;
}

/* nginx's $msec: "1764176428.123", always three digits. */
int64_t
gateway_sent_ms(const struct gateway_request *request)
{
	const char *text = gateway_variable(request, "MAYFLY_SENT_AT");
	size_t len = text != NULL ? strspn(text, "0123456789") : 0;
	int64_t ms = 0;

	if (len == 0 || len > SENT_DIGITS || text[len] != '.' ||
	    strspn(text + len + 1, "0123456789") != 3 || text[len + 4] != '\0')
		return -1;
	for (; *text != '\0'; text++)
		if (*text != '.')
			ms = ms * 10 + (*text - '0');
	ms++;
	return ms <= stamp_unix_ms() ? ms : -1;
}

bool
gateway_variables_fit(char *const *variables)
{
	size_t name_len, value_len, total = 0;
	const char *equals;
	int n = 0;

	for (; *variables != NULL; variables++) {
		equals = strchr(*variables, '=');
		if (equals == NULL)
			return false;
		name_len = (size_t)(equals - *variables);
		value_len = strlen(equals + 1);
		total += name_len + value_len;
		if (++n > GATEWAY_VARIABLES_MAX ||
		    name_len > GATEWAY_VARIABLE_NAME_MAX ||
		    value_len > GATEWAY_VARIABLE_VALUE_MAX ||
		    total > GATEWAY_VARIABLES_TOTAL_MAX)
			return false;
	}
	return true;
}

bool
gateway_is_fastcgi(void)
{
	socklen_t len = sizeof(int);
	int listening = 0;

	return getsockopt(STDIN_FILENO, SOL_SOCKET, SO_ACCEPTCONN, &listening,
	           &len) == 0 &&
	       listening != 0;
}

void
gateway_send(const struct gateway_response *response)
{
	bool taken = gateway_is_fastcgi() ? gateway_fastcgi_send(response)
	                                  : gateway_cgi_send(response);

	(void)taken; /* there is nothing left to be done about it */
}

struct iovec *
gateway_left(struct iovec *parts, int *n, size_t written)
{
	while (*n > 0 && written >= parts->iov_len) {
		written -= parts->iov_len;
		parts++;
		(*n)--;
	}
	if (*n > 0) {
		parts->iov_base = (char *)parts->iov_base + written;
		parts->iov_len -= written;
	}
	return parts;
}
