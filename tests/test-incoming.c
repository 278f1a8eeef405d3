/* SPDX-License-Identifier: MIT */
/*
 * test-incoming -- what becomes of the records of a connection, whole and byte
 * by byte, at a guard page.
 *
 * What happens is told in a line: replies as (type id protocolStatus), then
 * "close", or the state, the variables and the body.
 */
#include "incoming.h"

#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "record.h"
#include "tap.h"

enum {
	BODY_MAX = 16,
	BYTES_MAX = 256 * 1024,
	RECORDS_MAX = 10,
	REQUEST = 7, /* the id in most rows */
};

#define CONTENT(text) (text), sizeof(text) - 1
#define BEGIN                                                                  \
	{                                                                      \
		RECORD_BEGIN_REQUEST, REQUEST, 0, CONTENT("\0\1\0\0\0\0\0\0")  \
	}
#define PARAMS(text)                                                           \
	{                                                                      \
		RECORD_PARAMS, REQUEST, 0, CONTENT(text)                       \
	}
#define BODY(text)                                                             \
	{                                                                      \
		RECORD_STDIN, REQUEST, 0, CONTENT(text)                        \
	}
#define LENGTH_5 "\016\001CONTENT_LENGTH5"

struct given {
	unsigned type, id, padding;
	const char *content;
	size_t len;
};

static struct guard guard;
static struct incoming in;
static unsigned char bytes[BYTES_MAX];
static size_t bytes_len;

static void
add_given(const struct given *record)
{
	unsigned char *at = bytes + bytes_len;

	record_stdout(at, record->id, record->len);
	at[1] = (unsigned char)record->type;
	at[6] = (unsigned char)record->padding;
	if (record->len > 0)
		memcpy(at + RECORD_HEADER_BYTES, record->content, record->len);
	memset(at + RECORD_HEADER_BYTES + record->len, '\xee', record->padding);
	bytes_len += RECORD_HEADER_BYTES + record->len + record->padding;
}

/* In pieces of so many bytes. */
static const char *
outcome(size_t size)
{
	static char line[512];
	enum incoming_event event = INCOMING_MORE;
	struct span piece;
	size_t len = 0, n;

	incoming_reset(&in);
	for (size_t at = 0; at < bytes_len && event == INCOMING_MORE; at += n) {
		n = bytes_len - at < size ? bytes_len - at : size;
		piece = (struct span){guard_tail(&guard, bytes + at, n), n};
		do {
			event = incoming_take(&in, &piece);
			if (in.reply_len > 0)
				len += (size_t)snprintf(line + len,
				    sizeof(line) - len, "(%d %d %d) ",
				    in.reply[1], in.reply[3],
				    in.reply[1] == RECORD_END_REQUEST
				        ? in.reply[12]
				        : 0);
		} while (event == INCOMING_REPLY);
	}
	if (event == INCOMING_MORE)
		event = incoming_end(&in);
	if (event == INCOMING_CLOSE) {
		snprintf(line + len, sizeof(line) - len, "close");
		return line;
	}
	len += (size_t)snprintf(
	    line + len, sizeof(line) - len, "%d", (int)in.request.state);
	for (char *const *v = in.request.variables;
	     *v != NULL && len < sizeof(line); v++)
		len += (size_t)snprintf(
		    line + len, sizeof(line) - len, " %.40s", *v);
	if (len >= sizeof(line)) /* enough was seen */
		return line;
	if (in.request.body_len > 0)
		snprintf(
		    line + len, sizeof(line) - len, " [%s]", in.request.body);
	return line;
}

static void
is_outcome(const char *want, const char *name)
{
	tap_is_text(outcome(BYTES_MAX), want, "%s", name);
	tap_is_text(outcome(1), want, "%s, byte by byte", name);
}

static const struct {
	const char *name;
	struct given records[RECORDS_MAX];
	const char *want;
} cases[] = {
    {"nothing", {{0}}, "close"},
    {"no body", {BEGIN, PARAMS("\1\1Ab"), PARAMS(""), BODY("")}, "0 A=b"},
    {"a body",
        {BEGIN, PARAMS(LENGTH_5), PARAMS(""), BODY("he"), BODY("llo"),
            BODY("")},
        "0 CONTENT_LENGTH=5 [hello]"},
    {"no variables", {BEGIN, PARAMS(""), BODY("")}, "0"},
    {"lengths of four bytes",
        {BEGIN, PARAMS("\x80\0\0\1\x80\0\0\2Abc"), PARAMS(""), BODY("")},
        "0 A=bc"},
    {"empty name, empty value",
        {BEGIN, PARAMS("\0\0\1\0A\0\1b"), PARAMS(""), BODY("")}, "0 = A= =b"},
    {"padding everywhere",
        {{RECORD_BEGIN_REQUEST, REQUEST, 9, CONTENT("\0\1\0\0\0\0\0\0")},
            {RECORD_PARAMS, REQUEST, 255, CONTENT("\1\1Ab")},
            {RECORD_PARAMS, REQUEST, 8, CONTENT("")},
            {RECORD_STDIN, REQUEST, 1, CONTENT("x")},
            {RECORD_STDIN, REQUEST, 7, CONTENT("")}},
        "0 A=b [x]"},
    {"a pair in three records",
        {BEGIN, PARAMS("\1"), PARAMS("\3Ab"), PARAMS("cd"), PARAMS(""),
            BODY("")},
        "0 A=bcd"},
    {"records of other requests",
        {{RECORD_PARAMS, 3, 0, CONTENT("\1\1Xy")}, BEGIN,
            {RECORD_PARAMS, 8, 2, CONTENT("\1\1Xy")}, PARAMS("\1\1Ab"),
            {RECORD_STDIN, 9, 0, CONTENT("x")},
            {RECORD_ABORT_REQUEST, 9, 0, CONTENT("")}, PARAMS(""), BODY("")},
        "0 A=b"},
    {"a second request on the connection",
        {BEGIN, PARAMS("\1\1A"),
            {RECORD_BEGIN_REQUEST, 8, 0, CONTENT("\0\1\0\0\0\0\0\0")},
            PARAMS("b"), PARAMS(""), BODY("")},
        "(3 8 1) 0 A=b"},
    {"the same again", {BEGIN, BEGIN, PARAMS(""), BODY("")}, "close"},
    {"another role",
        {{RECORD_BEGIN_REQUEST, REQUEST, 0, CONTENT("\0\2\0\0\0\0\0\0")}},
        "(3 7 3) close"},
    {"a beginning of 9 bytes",
        {{RECORD_BEGIN_REQUEST, REQUEST, 0, CONTENT("\0\1\0\0\0\0\0\0\0")},
            PARAMS(""), BODY("")},
        "close"},
    {"given up inside the body",
        {BEGIN, PARAMS(""), BODY("x"),
            {RECORD_ABORT_REQUEST, REQUEST, 0, CONTENT("")}},
        "(3 7 0) close"},
    {"values, which change nothing",
        {{RECORD_GET_VALUES, 0, 0, CONTENT("\016\0FCGI_MAX_CONNS")}, BEGIN,
            PARAMS("\1\1A"), {RECORD_GET_VALUES, 0, 3, CONTENT("")},
            PARAMS("b"), PARAMS(""), BODY("")},
        "(10 0 0) (10 0 0) 0 A=b"},
    {"four names in FCGI_GET_VALUES",
        {{RECORD_GET_VALUES, 0, 0,
             CONTENT("\016\0FCGI_MAX_CONNS\016\0FCGI_MAX_CONNS"
                     "\017\0FCGI_MPXS_CONNS\015\0FCGI_MAX_REQS")},
            BEGIN, PARAMS(""), BODY("")},
        "(10 0 0) 0"},
    {"a type that nobody knows",
        {{99, 0, 5, CONTENT("anything")}, BEGIN, PARAMS(""), BODY("")},
        "(11 0 0) 0"},
    {"a beginning of no request",
        {{RECORD_BEGIN_REQUEST, 0, 0, CONTENT("\0\1\0\0\0\0\0\0")}},
        "(11 0 0) close"},
    {"a body before the variables are complete",
        {BEGIN, BODY("x"), PARAMS(""), BODY("")}, "close"},
    {"variables behind their end",
        {BEGIN, PARAMS(""), PARAMS("\1\1Ab"), BODY("")}, "4"},
    {"half a pair", {BEGIN, PARAMS("\1\2Ab"), PARAMS(""), BODY("")}, "close"},
    {"a name of 2^31 - 2 bytes",
        {BEGIN, PARAMS("\xff\xff\xff\xfe\0x"), PARAMS(""), BODY("")}, "close"},
    {"a = in a name", {BEGIN, PARAMS("\3\1A=Bc\1\1De"), PARAMS(""), BODY("")},
        "2 D=e"},
    {"a = in a value", {BEGIN, PARAMS("\1\3Ab=c"), PARAMS(""), BODY("")},
        "0 A=b=c"},
    {"NUL in a name", {BEGIN, PARAMS("\2\1A\0b"), PARAMS(""), BODY("")}, "2"},
    {"NUL in a value",
        {BEGIN, PARAMS("\1\1Bc\1\3Ad\0e\1\1Fg"), PARAMS(""), BODY("")},
        "2 B=c F=g"},
    {"less than announced",
        {BEGIN, PARAMS(LENGTH_5), PARAMS(""), BODY("hell"), BODY("")},
        "4 CONTENT_LENGTH=5"},
    {"more than announced",
        {BEGIN, PARAMS(LENGTH_5), PARAMS(""), BODY("hello!"), BODY("")},
        "4 CONTENT_LENGTH=5"},
    {"cut off", {BEGIN, PARAMS(LENGTH_5), PARAMS(""), BODY("hello")},
        "4 CONTENT_LENGTH=5"},
    {"the longest body",
        {BEGIN, PARAMS(""), BODY("0123456789abcdef"), BODY("")},
        "0 [0123456789abcdef]"},
    {"a longer one", {BEGIN, PARAMS(""), BODY("0123456789abcdef!"), BODY("")},
        "3"},
    {"one announced", {BEGIN, PARAMS("\016\002CONTENT_LENGTH17"), PARAMS("")},
        "3 CONTENT_LENGTH=17"},
};

static void
test_cases(void)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		bytes_len = 0;
		for (size_t j = 0; j < RECORDS_MAX; j++) {
			if (cases[i].records[j].content != NULL)
				add_given(&cases[i].records[j]);
		}
		is_outcome(cases[i].want, cases[i].name);
	}
}

/* n variables of these lengths, the last longer by more; what is the state? */
static void
is_state(int n, size_t name_len, size_t value_len, size_t more,
    enum gateway_state want, const char *name)
{
	static char pair[32 * 1024];
	struct given record = BEGIN;

	bytes_len = 0;
	add_given(&record);
	record.type = RECORD_PARAMS;
	record.content = pair;
	memset(pair, 'A', sizeof(pair));
	for (; n > 0; n--) {
		size_t value = value_len + (n == 1 ? more : 0);
		const char lengths[] = {(char)(name_len >> 24 | 0x80),
		    (char)(name_len >> 16), (char)(name_len >> 8),
		    (char)name_len, (char)(value >> 24 | 0x80),
		    (char)(value >> 16), (char)(value >> 8), (char)value};

		memcpy(pair, lengths, sizeof(lengths));
		record.len = sizeof(lengths) + name_len + value;
		add_given(&record);
	}
	record.len = 0;
	add_given(&record);
	record.type = RECORD_STDIN;
	add_given(&record);
	(void)outcome(1000);
	tap_is_int(in.request.state, want, "%s", name);
	tap_ok(gateway_variables_fit(in.request.variables),
	    "%s: what is kept fits", name);
}

static void
test_limits(void)
{
	const enum gateway_state whole = GATEWAY_WHOLE,
	                         large = GATEWAY_VARIABLES_TOO_LARGE;
	const size_t total = GATEWAY_VARIABLES_TOTAL_MAX;

	is_state(GATEWAY_VARIABLES_MAX, 4, 4, 0, whole, "as many as may be");
	is_state(GATEWAY_VARIABLES_MAX + 1, 4, 4, 0, large, "one more");
	is_state(1, GATEWAY_VARIABLE_NAME_MAX, 0, 0, whole, "the longest name");
	is_state(1, GATEWAY_VARIABLE_NAME_MAX + 1, 0, 0, large, "a longer one");
	is_state(
	    1, 4, GATEWAY_VARIABLE_VALUE_MAX, 0, whole, "the longest value");
	is_state(1, 4, GATEWAY_VARIABLE_VALUE_MAX, 1, large, "a longer value");
	is_state(8, 8, total / 8 - 8, 0, whole, "as much as may be in all");
	is_state(8, 8, total / 8 - 8, 1, large, "a byte more");
}

int
main(void)
{
	guard = guard_new(BYTES_MAX);
	incoming_open(&in, BODY_MAX);
	test_cases();
	test_limits();
	incoming_free(&in);
	return tap_done();
}
