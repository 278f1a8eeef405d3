/* SPDX-License-Identifier: MIT */
/* db-fill -- see db-fill.h.  The words are those of psqlscan.l (PostgreSQL). */
#include "db-fill.h"

#include <string.h>
#include <strings.h>

static bool
begins_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool
goes_on_word(char c)
{
	return begins_word(c) || (c >= '0' && c <= '9');
}

/* Behind the quote that closes the one at s; "''" is two strings. */
static const char *
skip_quoted(const char *s, bool backslash)
{
	char quote = *s++;

	while (*s != '\0' && *s != quote)
		s += backslash && *s == '\\' && s[1] != '\0' ? 2 : 1;
	return *s == quote ? s + 1 : s;
}

/* Behind $tag$ ... $tag$; behind the '$' when that begins none. */
static const char *
skip_dollar(const char *s)
{
	const char *end = s + 1;
	size_t len;

	if (begins_word(*end))
		while (goes_on_word(*end))
			end++;
	if (*end != '$')
		return s + 1;
	len = (size_t)(end + 1 - s);
	for (s = end + 1; *s != '\0'; s++)
		if (strncmp(s, end + 1 - len, len) == 0)
			return s + len;
	return s;
}

/* Comments of this kind may hold others. */
static const char *
skip_comment(const char *s)
{
	int depth = 0;

	while (*s != '\0') {
		if (s[0] == '/' && s[1] == '*') {
			depth++;
			s += 2;
		} else if (s[0] == '*' && s[1] == '/') {
			depth--;
			s += 2;
			if (depth == 0)
				break;
		} else {
			s++;
		}
	}
	return s;
}

/* Behind a word; E'...' is a string with backslashes, and "$" may be in a
 * word, but does not begin one. */
static const char *
skip_word(const char *s)
{
	const char *end = s + 1;

	while (goes_on_word(*end) || *end == '$')
		end++;
	if (end == s + 1 && (*s == 'e' || *s == 'E') && *end == '\'')
		return skip_quoted(end, true);
	return end;
}

/* The end of what begins at s, in which no placeholder begins. */
static const char *
token_end(const char *s)
{
	if (*s == '\'' || *s == '"')
		return skip_quoted(s, false);
	if (*s == '$')
		return skip_dollar(s);
	if (s[0] == '-' && s[1] == '-')
		return s + strcspn(s, "\n");
	if (s[0] == '/' && s[1] == '*')
		return skip_comment(s);
	if (s[0] == ':' && s[1] == ':') /* a cast: x::"reader" */
		return s + 2;
	return begins_word(*s) ? skip_word(s) : s + 1;
}

/* The name whose placeholder begins at s, or NULL. */
static const struct db_fill_name *
name_at(const char *s, const struct db_fill_name *names, size_t n)
{
	size_t len;

	if (s[0] != ':' || (s[1] != '"' && s[1] != '\''))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		len = strlen(names[i].name);
		if (strncmp(s + 2, names[i].name, len) == 0 &&
		    s[2 + len] == s[1])
			return &names[i];
	}
	return NULL;
}

void
db_fill(struct buf *out, const char *sql, const struct db_fill_name *names,
    size_t n)
{
	const struct db_fill_name *name;
	const char *end;

	while (*sql != '\0') {
		name = name_at(sql, names, n);
		if (name != NULL) {
			buf_text(out,
			    sql[1] == '"' ? name->identifier : name->literal);
			sql += strlen(":''") + strlen(name->name);
			continue;
		}
		end = token_end(sql);
		buf_add(out, sql, (size_t)(end - sql));
		sql = end;
	}
}

/* Behind what stands between words. */
static const char *
skip_blanks(const char *s)
{
	for (;;) {
		s += strspn(s, " \t\r\n\f\v");
		if (strncmp(s, "--", 2) != 0 && strncmp(s, "/*", 2) != 0)
			return s;
		s = token_end(s);
	}
}

/* Behind that word, in whatever letters; s when another one is there. */
static const char *
skip_keyword(const char *s, const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(s, word, len) != 0 || goes_on_word(s[len]) ||
	    s[len] == '$')
		return s;
	return skip_blanks(s + len);
}

/* Whether this statement does. */
static bool
ends(const char *s)
{
	const char *rest = skip_keyword(s, "rollback");

	if (rest == s)
		return skip_keyword(s, "abort") != s;
	rest = skip_keyword(skip_keyword(rest, "work"), "transaction");
	return skip_keyword(rest, "to") == rest;
}

bool
db_fill_ends(const char *sql)
{
	bool first = true; /* of a statement */

	for (sql = skip_blanks(sql); *sql != '\0';) {
		if (first && ends(sql))
			return true;
		first = *sql == ';';
		sql = skip_blanks(token_end(sql));
	}
	return false;
}
