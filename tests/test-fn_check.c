/* SPDX-License-Identifier: MIT */
/* test-fn_check -- common/fn_check: a descriptor that is good, and what is said
 * of one thing in it that is not. */
#include <stdio.h>
#include <string.h>

#include "fn_private.h"
#include "tap.h"

static enum http_status
handle(struct req *req, struct reply *reply)
{
	(void)req;
	(void)reply;
	return HTTP_NO_CONTENT;
}

/* The input that each row of inputs is tried as, in POST /hats/:id?... */
#define INPUT(...)                                                             \
	{                                                                      \
		.name = "x", __VA_ARGS__                                       \
	}
#define BODY(...) INPUT(.in = FN_BODY, __VA_ARGS__)

static const struct {
	struct fn_input input;
	const char *want; /* NULL: it is good */
} rows[] = {
    {BODY(.type = FN_LINE, .max = 1), NULL},
    {BODY(.type = FN_LINE), "has no max: the most characters it may have"},
    {BODY(.type = FN_URL), "has no max: the most bytes it may have"},
    {BODY(.type = FN_JSON, .max = 10), NULL},
    {BODY(.type = FN_LINE, .min = 2, .max = 1), "max 1 is below min 2"},
    {BODY(.type = FN_LINE, .min = -1, .max = 1), "min -1 is below 0"},
    {BODY(.type = FN_DATE), NULL},
    {BODY(.type = FN_DATE, .max = 1), "min and max are not for this type"},
    {BODY(.type = FN_DECIMAL, .max = 1, .scale = 2), NULL},
    {BODY(.type = FN_DECIMAL, .max = 1, .scale = 19),
        "scale 19 is not 0 to 18"},
    {BODY(.type = FN_INT, .max = 1, .scale = 2), "scale is for FN_DECIMAL"},
    {BODY(.type = FN_DECIMAL, .max = 1, .clamp = true), "clamp is for FN_INT"},
    {BODY(.max = 1), "has no .type: FN_LINE, FN_INT, ..."},
    {INPUT(.type = FN_DATE),
        "has no .in: FN_PATH, FN_QUERY, FN_BODY, FN_HEADER or FN_COOKIE"},
    {INPUT(.in = FN_PATH, .type = FN_DATE),
        "is FN_PATH, and \"/hats/:id\" has no :x"},
    /* words */
    {BODY(.type = FN_CHOICE, .choices = "a b"), NULL},
    {BODY(.type = FN_CHOICE), "has no choices: \"red green\""},
    {BODY(.type = FN_DATE, .choices = "a b"), "choices are for FN_CHOICE"},
    {BODY(.type = FN_CHOICE, .choices = "a a"),
        "choices are words with one blank between, each once"},
    {BODY(.type = FN_CHOICE, .choices = "a  b"),
        "choices are words with one blank between, each once"},
    {BODY(.type = FN_CHOICE, .choices = ""),
        "choices are words with one blank between, each once"},
    /* patterns */
    {BODY(.type = FN_LINE, .max = 9, .pattern = "[a-z]+"), NULL},
    {BODY(.type = FN_TEXT, .max = 9, .pattern = "[a-z]+"),
        "pattern is for FN_LINE of at most 1000"},
    {BODY(.type = FN_LINE, .max = 1001, .pattern = "[a-z]+"),
        "pattern is for FN_LINE of at most 1000"},
    {BODY(.type = FN_LINE, .max = 9, .pattern = "[a-z"),
        "pattern \"[a-z\": Unmatched [, [^, [:, [., or [="},
    {BODY(.type = FN_LINE, .max = 9, .message = "must be x"),
        "message is for a pattern"},
    /* lists */
    {BODY(.type = FN_INT, .max = 9, .items_max = 2), NULL},
    {INPUT(.in = FN_QUERY, .type = FN_INT, .max = 9, .items_max = 2), NULL},
    {INPUT(.in = FN_HEADER, .type = FN_INT, .max = 9, .items_max = 2),
        "is a list in the header"},
    {BODY(.type = FN_JSON, .max = 9, .items_max = 2),
        "is a list of FN_JSON: that has lists"},
    {BODY(.type = FN_INT, .max = 9, .items_max = -1),
        "items_max is not 0 to 4096"},
    {BODY(.type = FN_INT, .max = 9, .items_max = 4097),
        "items_max is not 0 to 4096"},
    {INPUT(.in = FN_QUERY, .type = FN_LINE, .max = INT64_MAX),
        "max is above 268435456"},
    {{.name = "a=b", .in = FN_COOKIE, .type = FN_DATE},
        "is no name of a cookie: RFC 6265, 4.1.1"},
    {BODY(.type = FN_INT, .max = 9, .unique = true),
        "unique is for lists: items_max"},
    /* null and defaults */
    {BODY(.type = FN_DATE, .nullable = true), NULL},
    {INPUT(.in = FN_QUERY, .type = FN_DATE, .nullable = true),
        "nullable is for FN_BODY, and without a default"},
    {BODY(.type = FN_DATE, .nullable = true, .or_else = "2026-11-23"),
        "nullable is for FN_BODY, and without a default"},
    {BODY(.type = FN_CHOICE, .or_else = "a"), "has no choices: \"red green\""},
    {BODY(.type = FN_LINE, .max = 9, .pattern = "[a", .or_else = "a"),
        "pattern \"[a\": Unmatched [, [^, [:, [., or [="},
    {BODY(.type = FN_DATE, .or_else = "2026-11-23"), NULL},
    {BODY(.type = FN_DATE, .or_else = "today"),
        "or_else \"today\" must be a date such as 2026-11-23"},
    {BODY(.type = FN_INT, .max = 9, .or_else = "10"),
        "or_else \"10\" must be at most 9"},
    {BODY(.type = FN_CHOICE, .choices = "a b", .or_else = "c"),
        "or_else \"c\" must be one of: a, b"},
    {BODY(.type = FN_DATE, .required = true, .or_else = "2026-11-23"),
        "is required and has a default, or_else"},
    {BODY(.type = FN_DATE, .items_max = 2, .or_else = "2026-11-23"),
        "is a list, and those have no default"},
    {BODY(.type = FN_JSON, .max = 9, .or_else = "{}"),
        "is FN_JSON, and has a default, or_else"},
    /* headers */
    {{.name = "x-api-key", .in = FN_HEADER, .type = FN_DATE}, NULL},
    {{.name = "X-Api-Key", .in = FN_HEADER, .type = FN_DATE},
        "is not [a-z0-9-]{1,64}, the name of a header"},
    {{.name = "cookie", .in = FN_HEADER, .type = FN_DATE},
        "is a header that the gateway keeps for itself"},
    {{.name = "proxy", .in = FN_HEADER, .type = FN_DATE},
        "is a header that the gateway keeps for itself"},
    {INPUT(.in = FN_QUERY, .type = FN_JSON, .max = 9),
        "is FN_JSON, which only a JSON body has"},
    {{.name = "a\"b", .in = FN_QUERY, .type = FN_DATE},
        "a name has at most 128 characters, none of them a quote or"
        " backslash"},
};

static const struct fn_reply shapes[] = {
    {.status = HTTP_OK, .about = "always", .shape = "{hat: line}"},
    {.status = HTTP_OK, .about = "always", .shape = "{hat: text, hat: text}"},
    {.status = (enum http_status)299, .about = "always"},
    {.status = HTTP_OK},
};

/* What is wrong with a descriptor beside its inputs; NULL: nothing. */
static const struct {
	struct fn fn;
	const char *want;
} functions[] = {
    {{.body = FN_BODY_RAW}, NULL},
    {{.body = FN_BODY_RAW, .body_type = "text/csv"}, NULL},
    {{.body = FN_BODY_FORM}, NULL},
    {{.body = FN_BODY_RAW | FN_BODY_FORM},
        "hat.c: body: FN_BODY_RAW goes with no other"},
    {{.body = 8}, "hat.c: body: is no sum of FN_BODY_JSON and so on"},
    {{.body_type = "text/csv"}, "hat.c: body_type: is for FN_BODY_RAW"},
    {{.body_root = "hat"},
        "hat.c: body_root: \"hat\", and no input is FN_BODY"},
    {{.settings = "STRIPE_KEY OTHER"}, NULL},
    {{.settings = "stripe_key"},
        "hat.c: settings: \"stripe_key\" is not [A-Z][A-Z0-9_]{0,63}"},
    {{.settings = "MAYFLY_TOKEN_SECRET"},
        "hat.c: settings: \"MAYFLY_TOKEN_SECRET\" is a name of Mayfly's own"},
    {{.settings = "HTTP_HOOK_KEY"},
        "hat.c: settings: \"HTTP_HOOK_KEY\" is, or begins like, a variable"
        " that a web server or the system sets"},
    {{.settings = "LD_PRELOAD"},
        "hat.c: settings: \"LD_PRELOAD\" is, or begins like, a variable that"
        " a web server or the system sets"},
    {{.role = FN_ROLES},
        "hat.c: role: is not FN_READER, FN_WRITER or FN_ACCOUNT"},
    {{.settings = "DATABASE_URL"},
        "hat.c: settings: \"DATABASE_URL\" is a name of Mayfly's own"},
    {{.rate = "login"}, NULL},
    {{.rate = "Log in"}, "hat.c: rate: \"Log in\" is none of default, login, "
                         "register, report, reset,"
                         " write"},
    {{.replies = {shapes, 1}}, NULL},
    {{.replies = {shapes + 1, 1}},
        "hat.c: replies[0]: shape \"{hat: text, hat: text}\" is not made of"
        " {name: word}, [word] and words, each name once"},
    {{.replies = {shapes + 2, 1}},
        "hat.c: replies[0]: 299 is no status of http.h"},
    {{.replies = {shapes + 3, 1}},
        "hat.c: replies[0]: has no about: when it is given"},
};

static char said[4096];

static void
take_problem(void *context, const char *problem)
{
	(void)context;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%s",
	    said[0] != '\0' ? "\n" : "", problem);
}

static const char *
say(struct fn fn)
{
	struct fn_entry entry = {"hat", "hat.c", &fn};

	fn.about = "A hat.";
	fn.auth = FN_PUBLIC;
	fn.handle = handle;
	said[0] = '\0';
	fn_check(&entry, take_problem, NULL);
	return said;
}

int
main(void)
{
	char want[512];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct fn_input both[] = {
		    {.name = "id", .in = FN_PATH, .type = FN_UUID},
		    rows[i].input};

		snprintf(want, sizeof(want), "hat.c: input \"%s\": %s",
		    rows[i].input.name, rows[i].want);
		tap_is_text(say((struct fn){.route = "POST /hats/:id",
		                .inputs = FN_INPUTS(both)}),
		    rows[i].want != NULL ? want : "", "input %zu", i);
	}
	for (size_t i = 0; i < LENGTH(functions); i++) {
		struct fn fn = functions[i].fn;

		fn.route = "POST /hats";
		tap_is_text(say(fn),
		    functions[i].want != NULL ? functions[i].want : "",
		    "function %zu", i);
	}
	return tap_done();
}
