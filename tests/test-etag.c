/* SPDX-License-Identifier: MIT */
/* test-etag -- base/etag: which lists name a tag. */
#include "etag.h"

#include "guard.h"
#include "tap.h"

static const struct {
	const char *list;
	bool listed; /* the tag a-1 */
} cases[] = {
    {"", false},
    {"*", true},
    {" * ", false}, /* nginx and Apache trim */
    {"**", false},
    {"\"*\"", false},
    {"\"a-1\"", true},
    {"W/\"a-1\"", true},
    {"w/\"a-1\"", false},
    {"W\"a-1\"", false},
    {"W/a-1", false},
    {"a-1", false},
    {"\"a-1", false},
    {"a-1\"", false},
    {"\"A-1\"", false},
    {"\"a-12\"", false},
    {"\"a-\"", false},
    {"\"\"", false},
    {"\"\", \"a-1\"", true},
    {"\"x\", \"a-1\"", true},
    {"\"x\",\"a-1\",\"y\"", true},
    {"\"x\" \t,\t W/\"a-1\"", true},
    {", ,, \"a-1\"", true},
    {"\"x\" \"a-1\"", false},
    {"\"x\", y, \"a-1\"", false},
    {"\"x\\\", \"a-1\"", true}, /* no escapes: the tag is x\ */
    {"\"x y\", \"a-1\"", false},
    {"\"x\x7f\", \"a-1\"", false},
    {"\"\xc3\xbc\", \"a-1\"", true},
    {"\"x,\", \"a-1\"", true},
    {"\"x, \"a-1\"", false},
    {"\"x\", *", false},
    {"\"a-1\" trailing", true},
};

int
main(void)
{
	static const char all[] = "\"x\", W/\"y\",, \"a-1\"";
	struct guard guard = guard_new(256);
	struct span tag = {"a-1", 3};
	int bad = 0;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t len = strlen(cases[i].list);
		struct span list = {
		    guard_tail(&guard, cases[i].list, len), len};

		tap_is_int(etag_is_listed(list, tag), cases[i].listed, "%s",
		    cases[i].list);
	}
	for (size_t n = 0; n < sizeof(all) - 1; n++)
		bad += etag_is_listed(
		    (struct span){guard_tail(&guard, all, n), n}, tag);
	tap_is_int(bad, 0, "no prefix names it");
	tap_ok(!etag_is_listed((struct span){NULL, 0}, tag), "NULL and 0");
	return tap_done();
}
