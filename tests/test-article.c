/* SPDX-License-Identifier: MIT */
/* test-article -- the text of a PostgreSQL array, item by item, never a byte
 * beyond its end. */
#include "article.h"

#include <string.h>

#include "guard.h"
#include "tap.h"

/* The items of text, each followed by '|', into joined. */
static void
join(const char *text, char *joined)
{
	char item[256];

	*joined = '\0';
	while (article_next_tag(&text, item)) {
		memcpy(joined, item, strlen(item));
		joined += strlen(item);
		*joined++ = '|';
		*joined = '\0';
	}
}

int
main(void)
{
	/* Left as PostgreSQL 15 prints it. */
	static const struct {
		const char *text, *joined;
	} cases[] = {
	    {"{}", ""},
	    {"{c}", "c|"},
	    {"{a,b,c}", "a|b|c|"},
	    {"{\"a b\",\"\",x}", "a b||x|"},
	    {"{\"a,b\",\"{c}\",\"\\\"q\\\"\",\"b\\\\s\",\"NULL\"}",
	        "a,b|{c}|\"q\"|b\\s|NULL|"},
	    {"{\xc3\xbc}", "\xc3\xbc|"},
	    /* Not from PostgreSQL: it ends, and that is all. */
	    {"", ""},
	    {"x", ""},
	    {"{", ""},
	    {"{\"a", ""},
	    {"{a\\", ""},
	    {"{a,\"b\\", "a|"},
	};
	struct guard g = guard_new(256);
	char joined[512], prefix[256];

	for (size_t i = 0; i < LENGTH(cases); i++) {
		join(cases[i].text, joined);
		tap_is_text(joined, cases[i].joined, "%s", cases[i].text);
	}
	for (size_t i = 0; i < LENGTH(cases); i++) {
		for (size_t n = 0; n <= strlen(cases[i].text); n++) {
			memcpy(prefix, cases[i].text, n);
			prefix[n] = '\0';
			join(guard_tail(&g, prefix, n + 1), joined);
		}
	}
	tap_ok(true, "no prefix is read beyond its NUL");
	return tap_done();
}
