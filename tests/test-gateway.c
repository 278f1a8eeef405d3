/* SPDX-License-Identifier: MIT */
/* test-gateway -- variables are found, lengths are read, and what is too much
 * is noticed, at each limit and one beyond it. */
#include "gateway.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "tap.h"

enum {
	SOME_MAX = GATEWAY_VARIABLES_MAX + 2, /* variables in a test */
};

/* Literals as an environment, which nobody writes to either. */
static char *const *
environment(const char *const *literals)
{
	return (char *const *)literals;
}

static void
test_variable(void)
{
	static const char *const variables[] = {
	    "AB=1", "A=2", "EMPTY=", "A=3", "EQUALS=a=b", "=4", "BARE", NULL};
	const struct gateway_request request = {
	    .variables = environment(variables)};
	static const struct {
		const char *name, *value;
	} rows[] = {
	    {"A", "2"},
	    {"AB", "1"},
	    {"EMPTY", ""},
	    {"EQUALS", "a=b"},
	    {"", "4"},
	    {"BARE", NULL},
	    {"ABC", NULL},
	    {"a", NULL},
	    {"EMPTY=", NULL},
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		tap_is_text(gateway_variable(&request, rows[i].name),
		    rows[i].value, "the variable \"%s\"", rows[i].name);
}

static void
test_content_length(void)
{
	static const struct {
		const char *text; /* NULL: no such variable */
		int64_t want;
	} rows[] = {
	    {NULL, -1},
	    {"", -1},
	    {"0", 0},
	    {"00", 0},
	    {"7", 7},
	    {"0000000000000007", 7},
	    {"1048576", 1048576},
	    {"4294967296", 4294967296},
	    {"999999999999999999", 999999999999999999},
	    {"1000000000000000000", -2},
	    {"9223372036854775807", -2},
	    {"18446744073709551617", -2},
	    {"99999999999999999999999999", -2},
	    {"-1", -2},
	    {"+1", -2},
	    {" 1", -2},
	    {"1 ", -2},
	    {"1x", -2},
	    {"x", -2},
	    {"0x10", -2},
	    {"1e3", -2},
	    {"1.0", -2},
	    {"1,1", -2},
	    {"\xd9\xa1", -2}, /* an Arabic one */
	    {":", -2},
	    {"/", -2},
	};

	for (size_t i = 0; i < LENGTH(rows); i++) {
		char text[64] = "CONTENT_LENGTH=";
		const char *const variables[] = {
		    rows[i].text != NULL ? text : "CONTENT_TYPE=7", NULL};
		const struct gateway_request request = {
		    .variables = environment(variables)};

		if (rows[i].text != NULL)
			memcpy(text + strlen(text), rows[i].text,
			    strlen(rows[i].text) + 1);
		tap_is_int(gateway_content_length(&request), rows[i].want,
		    "a length of \"%s\"",
		    rows[i].text != NULL ? rows[i].text : "(none)");
	}
}

/* Whether n variables of these lengths fit, the last of them longer. */
static bool
fit(int n, size_t name_len, size_t value_len, size_t more)
{
	char *variables[SOME_MAX + 1] = {NULL};
	size_t len = name_len + 1 + value_len + more;
	bool answer;

	for (int i = 0; i < n; i++) {
		variables[i] = xmalloc(len + 1);
		memset(variables[i], 'A', len);
		variables[i][name_len] = '=';
		variables[i][i == n - 1 ? len : len - more] = '\0';
	}
	answer = gateway_variables_fit(variables);
	for (int i = 0; i < n; i++)
		free(variables[i]);
	return answer;
}

static void
test_fit(void)
{
	static const char *const none[] = {NULL},
	                         *const empty[] = {"=", "A=", NULL},
	                         *const bare[] = {"A=b", "BARE", NULL};
	const size_t total = GATEWAY_VARIABLES_TOTAL_MAX;

	tap_ok(gateway_variables_fit(environment(none)), "no variables");
	tap_ok(gateway_variables_fit(environment(empty)), "empty ones");
	tap_ok(!gateway_variables_fit(environment(bare)), "one without =");
	tap_ok(fit(GATEWAY_VARIABLES_MAX, 4, 4, 0), "as many as may be");
	tap_ok(!fit(GATEWAY_VARIABLES_MAX + 1, 4, 4, 0), "one more");
	tap_ok(fit(1, GATEWAY_VARIABLE_NAME_MAX, 0, 0), "the longest name");
	tap_ok(!fit(1, GATEWAY_VARIABLE_NAME_MAX + 1, 0, 0), "a longer one");
	tap_ok(fit(1, 4, GATEWAY_VARIABLE_VALUE_MAX, 0), "the longest value");
	tap_ok(!fit(1, 4, GATEWAY_VARIABLE_VALUE_MAX, 1), "a longer one");
	tap_ok(fit(8, 8, total / 8 - 8, 0), "as much as may be in all");
	tap_ok(!fit(8, 8, total / 8 - 8, 1), "a byte more");
}

int
main(void)
{
	test_variable();
	test_content_length();
	test_fit();
	return tap_done();
}
