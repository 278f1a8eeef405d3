/* SPDX-License-Identifier: MIT */
/*
 * safe_html -- whether HTML holds nothing that could run: a reader of its own,
 * stricter than a browser.  Only the tags and attributes that CommonMark needs,
 * values in double quotes, no '<' elsewhere, and no address of a scheme that
 * runs or reads what is here.
 */
#ifndef SAFE_HTML_H
#define SAFE_HTML_H

#include <string.h>
#include <strings.h>

#include "base.h"

static inline bool
is_one_of(const char *words, const char *at, size_t len)
{
	for (const char *w = words; *w != '\0'; w += strspn(w, " ")) {
		size_t n = strcspn(w, " ");

		if (n == len && memcmp(w, at, n) == 0)
			return true;
		w += n;
	}
	return false;
}

/* As a browser finds the scheme: without what is invisible, in any case, and
 * with entities, of which any is suspect here but &amp;. */
static inline bool
is_safe_address(const char *at, size_t len)
{
	static const char *const bad[] = {
	    "javascript:", "vbscript:", "file:", "data:"};
	char text[32];
	size_t n = 0;

	for (size_t i = 0; i < len && n < sizeof(text) - 1; i++)
		if ((unsigned char)at[i] > ' ')
			text[n++] = at[i];
	text[n] = '\0';
	if (strncasecmp(text, "data:image/", 11) == 0)
		return strncasecmp(text + 11, "svg", 3) != 0;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (strncasecmp(text, bad[i], strlen(bad[i])) == 0)
			return false;
	return text[0] != '&' || strncmp(text, "&amp;", 5) == 0 ||
	       strncmp(text, "&#x27;", 6) == 0;
}

/* NAME="VALUE"; moves *at behind it. */
static inline bool
read_attribute(const char **at)
{
	size_t name = strcspn(*at, "= >/\""), value;
	const char *text;

	if (!is_one_of("href src alt title class start", *at, name) ||
	    strncmp(*at + name, "=\"", 2) != 0)
		return false;
	text = *at + name + 2;
	value = strcspn(text, "\"<");
	if (text[value] != '"' ||
	    (is_one_of("href src", *at, name) && !is_safe_address(text, value)))
		return false;
	*at = text + value + 1;
	return true;
}

/* Where the first is that does not belong there, or NULL. */
static inline const char *
find_unsafe(const char *html)
{
	static const char omitted[] = "<!-- raw HTML omitted -->";
	const char *at = html, *tag;
	size_t name;

	while ((tag = strchr(at, '<')) != NULL) {
		if (strncmp(tag, omitted, sizeof(omitted) - 1) == 0) {
			at = tag + sizeof(omitted) - 1;
			continue;
		}
		at = tag + 1 + (tag[1] == '/');
		name = strcspn(at, " >/");
		if (!is_one_of("p h1 h2 h3 h4 h5 h6 em strong a img ul ol li "
		               "blockquote pre code hr br",
		        at, name))
			return tag;
		at += name;
		while (at[0] == ' ' && at[1] != '/') {
			at++;
			if (!read_attribute(&at))
				return tag;
		}
		if (strncmp(at, " />", 3) == 0)
			at += 3;
		else if (*at++ != '>')
			return tag;
	}
	return NULL;
}

#endif /* SAFE_HTML_H */
