/* SPDX-License-Identifier: MIT */
/* notify -- see notify.h. */
#include "notify.h"

static bool
spans_equal(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* Graphic ASCII, without what parts names in LISTEN_FDNAMES. */
static bool
is_name(struct span name)
{
	if (name.len == 0 || name.len > NOTIFY_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] <= ' ' || name.at[i] > '~' || name.at[i] == ':')
			return false;
	}
	return true;
}

/* NAME=VALUE; false when what it says may not be said. */
static bool
read_field(struct span key, struct span value, struct notify *n)
{
	const struct {
		struct span key;
		bool *flag;
	} flags[] = {
	    {span_of("READY"), &n->ready},
	    {span_of("STOPPING"), &n->stopping},
	    {span_of("FDSTORE"), &n->store},
	    {span_of("FDSTOREREMOVE"), &n->remove},
	};

	for (size_t i = 0; i < LENGTH(flags); i++) {
		if (spans_equal(key, flags[i].key) &&
		    spans_equal(value, span_of("1")))
			*flags[i].flag = true;
	}
	if (!spans_equal(key, span_of("FDNAME")))
		return true;
	if (!is_name(value) ||
	    (n->name.len > 0 && !spans_equal(value, n->name)))
		return false;
	n->name = value;
	return true;
}

bool
notify_parse(struct span message, struct notify *n)
{
	const char *at = message.at, *end, *equals, *line_end;
	bool any = false;

	*n = (struct notify){.name = {"", 0}};
	if (message.len == 0 || message.len > NOTIFY_BYTES_MAX ||
	    memchr(at, '\0', message.len) != NULL)
		return false;
	end = at + message.len;
	while (at < end) {
		line_end = memchr(at, '\n', (size_t)(end - at));
		if (line_end == NULL)
			line_end = end;
		if (line_end > at) {
			equals = memchr(at, '=', (size_t)(line_end - at));
			if (equals == NULL ||
			    !read_field(
			        (struct span){at, (size_t)(equals - at)},
			        (struct span){equals + 1,
			            (size_t)(line_end - equals - 1)},
			        n))
				return false;
			any = true;
		}
		at = line_end + 1;
	}
	if (n->name.len == 0)
		n->name = span_of("stored");
	return any && !(n->store && n->remove);
}
