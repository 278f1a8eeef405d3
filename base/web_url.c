/* SPDX-License-Identifier: MIT */
/* web_url -- see web_url.h. */
#include "web_url.h"

#include <string.h>
#include <strings.h>

#include "utf8.h"

enum {
	HOST_MAX_BYTES = 253, /* RFC 1035, 2.3.4, less the root's dot */
	LABEL_MAX_BYTES = 63,
	PORT_MAX = 65535,
};

/* A text being read, and what is written. */
struct reader {
	const char *at, *end;
	char *out;
};

static char
lower_case(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'f');
}

static bool
read_scheme(struct reader *r)
{
	static const char *const schemes[] = {"https://", "http://"};
	size_t len;

	for (size_t i = 0; i < LENGTH(schemes); i++) {
		len = strlen(schemes[i]);
		if ((size_t)(r->end - r->at) < len ||
		    strncasecmp(r->at, schemes[i], len) != 0)
			continue;
		memcpy(r->out, schemes[i], len);
		r->out += len;
		r->at += len;
		return true;
	}
	return false;
}

/* "[::1]" */
static bool
read_address(struct reader *r)
{
	const char *from = r->at;

	*r->out++ = *r->at++;
	while (r->at < r->end &&
	       (is_hex(*r->at) || *r->at == ':' || *r->at == '.'))
		*r->out++ = lower_case(*r->at++);
	if (r->at == r->end || *r->at != ']' || r->at - from < 3)
		return false;
	*r->out++ = *r->at++;
	return true;
}

/* Labels with dots between; one dot may stand at the end. */
static bool
read_name(struct reader *r)
{
	const char *from = r->at;
	int label = 0;
	char c = '.';

	for (; r->at < r->end; r->at++) {
		char before = c;

		c = lower_case(*r->at);
		if (c == '.') {
			if (label == 0 || before == '-')
				return false;
			label = 0;
		} else if ((c >= 'a' && c <= 'z') || is_digit(c) || c == '_' ||
		           (c == '-' && label > 0)) {
			if (++label > LABEL_MAX_BYTES)
				return false;
		} else {
			c = before;
			break;
		}
		*r->out++ = c;
	}
	return r->at > from && c != '-' && r->at - from <= HOST_MAX_BYTES;
}

static bool
read_port(struct reader *r)
{
	int port = 0;

	if (r->at == r->end || *r->at != ':')
		return true;
	*r->out++ = *r->at++;
	if (r->at == r->end || !is_digit(*r->at))
		return false;
	for (; r->at < r->end && is_digit(*r->at); r->at++) {
		port = port * 10 + (*r->at - '0');
		if (port > PORT_MAX)
			return false;
		*r->out++ = *r->at;
	}
	return true;
}

static void
put_percent(struct reader *r, unsigned char byte)
{
	static const char digits[] = "0123456789ABCDEF";

	*r->out++ = '%';
	*r->out++ = digits[byte >> 4];
	*r->out++ = digits[byte & 15];
}

/* Path, query and fragment, to the end. */
static bool
read_rest(struct reader *r)
{
	bool path = true;

	if (r->at < r->end && strchr("/?#", *r->at) == NULL)
		return false;
	for (; r->at < r->end; r->at++) {
		unsigned char c = (unsigned char)*r->at;

		if (c <= ' ' || c == 0x7f)
			return false;
		if (c == '%' && (r->end - r->at < 3 || !is_hex(r->at[1]) ||
		                    !is_hex(r->at[2])))
			return false;
		path = path && c != '?' && c != '#';
		if (c >= 0x80 || strchr("\"<>\\^`{|}", c) != NULL ||
		    (path && (c == '[' || c == ']')))
			put_percent(r, c);
		else
			*r->out++ = (char)c;
	}
	return true;
}

ptrdiff_t
web_url_read(struct span text, char *out)
{
	struct reader r = {text.at, text.at + text.len, out};

	if (text.len == 0 || utf8_length(text.at, text.len) < 0 ||
	    utf8_has_control(text.at, text.len))
		return -1;
	if (!read_scheme(&r))
		return -1;
	if (r.at < r.end && *r.at == '[' ? !read_address(&r) : !read_name(&r))
		return -1;
	if (!read_port(&r) || !read_rest(&r))
		return -1;
	*r.out = '\0';
	return r.out - out;
}
