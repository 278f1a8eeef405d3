/* SPDX-License-Identifier: MIT */
/*
 * fn_shape -- the shape of a JSON body, from the words of a descriptor to JSON.
 *
 *	{user: User{name: line, tags: [line], bio: text?}}	goes in
 *	{"user":{"$name":"User","name":"line","tags":["line"],"bio":"text?"}}
 *								comes out
 *
 *	shape	= word ["?"] | "[" shape "]" |
 *		  [Name] "{" member *("," member) "}"
 *	member	= name ":" shape
 *
 * Name begins with a capital.  A name stands once in its object: mayflyd reads
 * the JSON of a descriptor and refuses one that has a key twice.
 */
#include <string.h>

#include "fn_private.h"

enum {
	NAME_BYTES = 64,
	DEPTH_MAX = OUT_DEPTH_MAX - 6, /* what stands around it has the rest */
};

struct shape {
	const char *at;
	struct out *o; /* or NULL */
	int depth;
};

static const char white[] = " \n\t";

/* Letters, digits and '_'. */
static const char name_bytes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789_";

static bool write_shape(struct shape *s, const char *key);

static char
peek(struct shape *s)
{
	s->at += strspn(s->at, white);
	return *s->at;
}

static bool
accept_char(struct shape *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static bool
take_name(struct shape *s, char name[NAME_BYTES])
{
	size_t len;

	peek(s);
	len = strspn(s->at, name_bytes);
	if (len == 0 || len >= NAME_BYTES - 1) /* '?' has room, too */
		return false;
	memcpy(name, s->at, len);
	name[len] = '\0';
	s->at += len;
	return true;
}

static bool
is_word(const char *word)
{
	if (strcmp(word, "float") == 0 || strcmp(word, "any") == 0)
		return true;
	for (int i = 1; i < FN_TYPES; i++)
		if (strcmp(word, descriptor_types[i].word) == 0)
			return true;
	return false;
}

/* Whether the members from there to where the name was taken have it, too. */
static bool
is_second(const struct shape *s, const char *from, const char *name)
{
	size_t len = strlen(name), n;
	const char *end = s->at - len;
	int depth = 0;

	for (; from < end; from += n) {
		n = strspn(from, name_bytes);
		if (n == 0) {
			depth += (*from == '{' || *from == '[') -
			         (*from == '}' || *from == ']');
			n = 1;
		} else if (depth == 0 && n == len &&
		           memcmp(from, name, len) == 0 &&
		           from[n + strspn(from + n, white)] == ':') {
			return true;
		}
	}
	return false;
}

static bool
write_members(struct shape *s)
{
	const char *from = s->at;
	char name[NAME_BYTES];

	do {
		if (!take_name(s, name) || is_second(s, from, name) ||
		    !accept_char(s, ':') || !write_shape(s, name))
			return false;
	} while (accept_char(s, ','));
	return accept_char(s, '}');
}

/* The end of an object or list, whose content was good. */
static bool
end_nested(struct shape *s)
{
	if (s->o != NULL)
		out_end(s->o);
	s->depth--;
	return true;
}

/* An object, behind its "{"; name may be NULL. */
static bool
write_named(struct shape *s, const char *key, const char *name)
{
	if (++s->depth > DEPTH_MAX)
		return false;
	if (s->o != NULL)
		out_begin(s->o, key);
	if (s->o != NULL && name != NULL)
		out_text(s->o, "$name", name);
	return write_members(s) && end_nested(s);
}

/* A list, behind its "[". */
static bool
write_items(struct shape *s, const char *key)
{
	if (++s->depth > DEPTH_MAX)
		return false;
	if (s->o != NULL)
		out_list(s->o, key);
	return write_shape(s, NULL) && accept_char(s, ']') && end_nested(s);
}

static bool
write_shape(struct shape *s, const char *key)
{
	char word[NAME_BYTES];

	if (accept_char(s, '{'))
		return write_named(s, key, NULL);
	if (accept_char(s, '['))
		return write_items(s, key);
	if (!take_name(s, word))
		return false;
	if (word[0] >= 'A' && word[0] <= 'Z')
		return accept_char(s, '{') && write_named(s, key, word);
	if (!is_word(word))
		return false;
	if (accept_char(s, '?')) {
		size_t len = strlen(word);

		word[len] = '?';
		word[len + 1] = '\0';
	}
	if (s->o != NULL)
		out_text(s->o, key, word);
	return true;
}

bool
fn_shape(const char *shape, struct out *o, const char *key)
{
	struct shape s = {.at = shape, .o = o};

	return write_shape(&s, key) && peek(&s) == '\0';
}
