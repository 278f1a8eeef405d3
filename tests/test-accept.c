/* SPDX-License-Identifier: MIT */
/* test-accept -- base/accept: how much a client wants a type. */
#include "accept.h"

#include "guard.h"
#include "tap.h"

static const struct {
	const char *accept;
	int json, problem; /* application/json, application/problem+json */
} cases[] = {
    {"", 1000, 1000},
    {"  ", 1000, 1000},
    {"*/*", 1000, 1000},
    {"*/*;q=0.1", 100, 100},
    {"application/*", 1000, 1000},
    {"application/json", 1000, 0},
    {"application/problem+json", 0, 1000},
    {"APPLICATION/Json", 1000, 0},
    {"text/html", 0, 0},
    {"application/js", 0, 0},
    {"application/jsonx", 0, 0},
    /* RFC 9110, 12.5.1: the most precise range decides. */
    {"*/*;q=0.8, application/json;q=0.2", 200, 800},
    {"application/json;q=0, */*", 0, 1000},
    {"application/json;q=0.1, application/*;q=0.9, */*", 100, 900},
    {"application/json;q=0.1, application/json;q=0.4", 400, 0},
    {"application/json;q=0.4, application/json;q=0.1", 400, 0},
    {"text/html,application/xml;q=0.9,*/*;q=0.8", 800, 800},
    /* 12.4.2: weights */
    {"application/json;q=1", 1000, 0},
    {"application/json;q=1.000", 1000, 0},
    {"application/json;q=0.", 0, 0},
    {"application/json;q=0.5", 500, 0},
    {"application/json;q=0.123", 123, 0},
    {"application/json;Q=0.05", 50, 0},
    {"application/json ;\t q=0.5", 500, 0},
    {"application/json;q=1.001, */*;q=0.3", 300, 300},
    {"application/json;q=2, */*;q=0.3", 300, 300},
    {"application/json;q=0.1234, */*;q=0.3", 300, 300},
    {"application/json;q=.5, */*;q=0.3", 300, 300},
    {"application/json;q=-1, */*;q=0.3", 300, 300},
    {"application/json;q=, */*;q=0.3", 300, 300},
    {"application/json;q, */*;q=0.3", 300, 300},
    {"application/json;q=0.5 x, */*;q=0.3", 300, 300},
    {"application/json;q= 0.5, */*;q=0.3", 300, 300},
    /* parameters */
    {"application/json;charset=utf-8", 1000, 0},
    {"application/json;charset=\"UTF-8\";q=0.7", 700, 0},
    {"application/json;charset=latin1", 0, 0},
    {"application/json;version=2, */*;q=0.3", 300, 300},
    {"application/json;q=0.5;ext;more=\"a,b\"", 500, 0},
    {"application/json;;q=0.5;", 500, 0},
    {"a/b;c=\"x, application/json\"", 0, 0},
    {"a/b;c=\"\\\", application/json;q=0.5\"", 0, 0},
    {"a/b;c=\"x\", application/json;q=0.5", 500, 0},
    {"a/b;c=\"\\\", application/json, d\"", 0, 0},
    {"a b=\"x, application/json, d\"", 0, 0},
    {"application/json;version=2;charset=utf-8, */*;q=0.3", 300, 300},
    {"a/b;c=\"x, application/json", 1000, 0},
    /* lists */
    {",, application/json;q=0.5 ,", 500, 0},
    {"nonsense, application/json;q=0.5", 500, 0},
    {"/json, application/, */json, application/json;q=0.5", 500, 0},
    {"application/json application/xml", 0, 0},
    {"application/json;q=0.5,application/problem+json;q=0.6", 500, 600},
};

int
main(void)
{
	static const char all[] =
	    "a/b;c=\"x,\\\"\";q=0.5, application/json;q=0.5";
	struct guard guard = guard_new(256);
	bool named;
	int bad = 0;

	for (size_t i = 0; i < LENGTH(cases); i++) {
		size_t len = strlen(cases[i].accept);
		struct span accept = {
		    guard_tail(&guard, cases[i].accept, len), len};

		tap_is_int(accept_quality(accept, "application/json", &named),
		    cases[i].json, "JSON: %s", cases[i].accept);
		tap_is_int(
		    accept_quality(accept, "application/problem+json", &named),
		    cases[i].problem, "and a problem");
	}
	for (size_t n = 1; n < sizeof(all); n++) {
		int q =
		    accept_quality((struct span){guard_tail(&guard, all, n), n},
		        "application/json", &named);

		bad += q != 0 && q != 500 && q != 1000;
	}
	tap_is_int(bad, 0, "every prefix");
	tap_is_int(accept_quality((struct span){NULL, 0}, "a/b", &named), 1000,
	    "NULL and 0");
	tap_is_int(
	    accept_quality((struct span){"a/b;q=0.5, */*", 14}, "a/b", &named),
	    500, "one that is named");
	tap_is_int(named, 1, "is");
	tap_is_int(accept_quality((struct span){"a/*, */*", 8}, "a/b", &named),
	    1000, "one that is not");
	tap_is_int(named, 0, "is not");
	return tap_done();
}
