/* SPDX-License-Identifier: MIT */
/*
 * input -- an input of every type from every place: POST /test/input/:id
 *
 * Answers with each text, and what its number is; a list as its array.
 */
#include "fn.h"

enum {
	ID,
	LIMIT,
	COLOURS,
	KEY,
	SESSION,
	LINE,
	TEXT,
	NAME,
	EMAIL,
	SECRET,
	URL,
	INT,
	DECIMAL,
	BOOL,
	CHOICE,
	DATE,
	TIME,
	UUID,
	JSON,
	PATTERN,
	NOTE,
	CITY,
	ZIP,
	NUMBERS,
	FROM,
	TO
};

static const struct fn_input inputs[] = {
    [ID] = {.name = "id", .in = FN_PATH, .type = FN_UUID},
    [LIMIT] = {.name = "limit",
        .in = FN_QUERY,
        .type = FN_INT,
        .min = 1,
        .max = 100,
        .clamp = true,
        .or_else = "20"},
    [COLOURS] = {.name = "colour",
        .in = FN_QUERY,
        .type = FN_CHOICE,
        .choices = "red green blue",
        .items_max = 2,
        .unique = true},
    [KEY] = {.name = "x-api-key", .in = FN_HEADER, .type = FN_LINE, .max = 20},
    [SESSION] = {.name = "session",
        .in = FN_COOKIE,
        .type = FN_TEXT,
        .max = 20},
    [LINE] = {.name = "line", .in = FN_BODY, .type = FN_LINE, .max = 10},
    [TEXT] = {.name = "text", .in = FN_BODY, .type = FN_TEXT, .max = 10},
    [NAME] = {.name = "name", .in = FN_BODY, .type = FN_NAME, .max = 10},
    [EMAIL] = {.name = "email", .in = FN_BODY, .type = FN_EMAIL, .max = 40},
    [SECRET] = {.name = "secret",
        .in = FN_BODY,
        .type = FN_SECRET,
        .min = 2,
        .max = 10},
    [URL] = {.name = "url", .in = FN_BODY, .type = FN_URL, .max = 60},
    [INT] = {.name = "int",
        .in = FN_BODY,
        .type = FN_INT,
        .min = INT64_MIN,
        .max = INT64_MAX},
    [DECIMAL] = {.name = "decimal",
        .in = FN_BODY,
        .type = FN_DECIMAL,
        .min = -100,
        .max = 100,
        .scale = 2},
    [BOOL] = {.name = "bool", .in = FN_BODY, .type = FN_BOOL},
    [CHOICE] = {.name = "choice",
        .in = FN_BODY,
        .type = FN_CHOICE,
        .choices = "draft published",
        .or_else = "draft"},
    [DATE] = {.name = "date", .in = FN_BODY, .type = FN_DATE},
    [TIME] = {.name = "time", .in = FN_BODY, .type = FN_TIME},
    [UUID] = {.name = "uuid", .in = FN_BODY, .type = FN_UUID},
    [JSON] = {.name = "json", .in = FN_BODY, .type = FN_JSON, .max = 50},
    [PATTERN] = {.name = "pattern",
        .in = FN_BODY,
        .type = FN_LINE,
        .max = 20,
        .pattern = "[a-z]+|[0-9]{2,4}",
        .message = "must be letters, or 2 to 4 digits"},
    [NOTE] = {.name = "note",
        .in = FN_BODY,
        .type = FN_LINE,
        .nullable = true,
        .max = 10},
    [CITY] = {.name = "address.city",
        .in = FN_BODY,
        .type = FN_LINE,
        .max = 10},
    [ZIP] = {.name = "address.zip", .in = FN_BODY, .type = FN_INT, .max = 9999},
    [NUMBERS] = {.name = "numbers",
        .in = FN_BODY,
        .type = FN_INT,
        .max = 10,
        .items_max = 3},
    [FROM] = {.name = "from", .in = FN_BODY, .type = FN_DATE},
    [TO] = {.name = "to", .in = FN_BODY, .type = FN_DATE},
};

/* Dates of one form compare as texts. */
static void
in_order(struct req *req, struct reply *reply)
{
	const char *from = req_text(req, FROM), *to = req_text(req, TO);

	for (int i = 0; req_has(req, FROM) && req_has(req, TO); i++) {
		if (from[i] > to[i])
			reply_invalid(reply, "to", "must not be before from");
		if (from[i] != to[i] || from[i] == '\0')
			return;
	}
}

static enum http_status
input(struct req *req, struct reply *reply)
{
	struct out *o = &reply->out;

	out_begin(o, NULL);
	for (int i = 0; i < (int)LENGTH(inputs); i++) {
		if (inputs[i].items_max > 0 && req_has(req, i))
			out_text(o, inputs[i].name, req_array(req, i));
		else if (req_is_null(req, i))
			out_null(o, inputs[i].name);
		else if (req_text(req, i) != NULL && req_has(req, i))
			out_text(o, inputs[i].name, req_text(req, i));
	}
	out_int(o, "limit_is", req_int(req, LIMIT));
	out_int(o, "choice_is", req_choice(req, CHOICE));
	if (req_has(req, INT))
		out_int(o, "int_is", req_int(req, INT));
	if (req_has(req, BOOL))
		out_bool(o, "bool_is", req_bool(req, BOOL));
	if (req_has(req, TIME))
		out_int(o, "time_is", req_time(req, TIME));
	if (req_count(req, NUMBERS) > 0)
		out_text(o, "first", req_item(req, NUMBERS, 0));
	out_end(o);
	return HTTP_OK;
}

FN_DESCRIPTOR(input) = {
    .route = "POST /test/input/:id",
    .about = "Answers with what it was given.",
    .auth = FN_PUBLIC,
    .body = FN_BODY_JSON | FN_BODY_FORM,
    .inputs = FN_INPUTS(inputs),
    .check = in_order,
    .replies = FN_REPLIES(
        {.status = HTTP_OK,
            .about = "what was given, each as text",
            .shape =
                "{line: line?, numbers: text, limit_is: int, time_is: int}",
            .example = "{\"line\":\"a\",\"limit_is\":20}"},
        {.status = HTTP_UNPROCESSABLE_CONTENT,
            .about = "one of them is wrong"}),
    .handle = input,
};
