/* SPDX-License-Identifier: MIT */
/* test-json_in -- common/json_in: what is JSON, and what of it we take. */
#include "json_in.h"

#include <json-c/json.h>

#include "die.h"
#include "guard.h"
#include "starve.h"
#include "tap.h"

#define BYTES(literal) literal, sizeof(literal) - 1

static struct guard guard;

/* want is the text as json-c writes it back. */
static const struct {
	const char *text, *want;
} good[] = {
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {"0", "0"},
    {"-0", "0"},
    {"7", "7"},
    {" 7 ", "7"},
    {"\t\r\n 7\n", "7"},
    {"-1", "-1"},
    {"123456789", "123456789"},
    {"9223372036854775807", "9223372036854775807"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"1.5", "1.5"},
    {"-0.0", "-0.0"},
    {"1e3", "1e3"},
    {"1E+3", "1E+3"},
    {"1.25e-2", "1.25e-2"},
    {"1e308", "1e308"},
    {"1e-400", "1e-400"},
    {"18446744073709551616.0", "18446744073709551616.0"},
    {"\"\"", "\"\""},
    {"\"a\"", "\"a\""},
    {"\"a:b\"", "\"a:b\""},
    {"\"{[}]\"", "\"{[}]\""},
    {"\"\\\"\"", "\"\\\"\""},
    {"\"\\\\\"", "\"\\\\\""},
    {"\"\\\\u0000\"", "\"\\\\u0000\""}, /* a backslash and "u0000" */
    {"\"\\\\\\\\\"", "\"\\\\\\\\\""},
    {"\"\\/\\b\\f\\n\\r\\t\"", "\"\\/\\b\\f\\n\\r\\t\""},
    {"\"\\u0041\\u00e9\"", "\"A\xc3\xa9\""},
    {"\"\\u0001\"", "\"\\u0001\""},
    {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
    {"\"\\uD83D\\uDE00\"", "\"\xf0\x9f\x98\x80\""},
    {"\"\\ud7ff\\ue000\"", "\"\xed\x9f\xbf\xee\x80\x80\""},
    {"\"\xf0\x9f\x98\x80\"", "\"\xf0\x9f\x98\x80\""},
    {"\"\x7f\"", "\"\x7f\""},
    {"[]", "[]"},
    {"[ ]", "[]"},
    {"[1,2]", "[1,2]"},
    {"[null]", "[null]"},
    {"[[],[[]]]", "[[],[[]]]"},
    {"{}", "{}"},
    {"{\"a\":1}", "{\"a\":1}"},
    {" { \"a\" : 1 , \"b\" : [ ] } ", "{\"a\":1,\"b\":[]}"},
    {"{\"a\":null}", "{\"a\":null}"},
    {"{\"\":0}", "{\"\":0}"},
    {"{\"a\":{\"a\":{\"a\":1}}}", "{\"a\":{\"a\":{\"a\":1}}}"},
    {"[{\"a\":1},{\"a\":2}]", "[{\"a\":1},{\"a\":2}]"},
    {"{\"a:b\":\":\"}", "{\"a:b\":\":\"}"},
    {"{\"a\":1,\"A\":2}", "{\"a\":1,\"A\":2}"},
    {"{\"user\":{\"email\":\"a@b.c\",\"tags\":[\"x\",\"y\"],\"n\":-1.5e3}}",
        "{\"user\":{\"email\":\"a@b.c\",\"tags\":[\"x\",\"y\"],"
        "\"n\":-1.5e3}}"},
};

static const struct {
	const char *text;
	size_t len;
	enum json_in_status want;
} bad[] = {
    {BYTES(""), JSON_IN_BAD},
    {BYTES(" "), JSON_IN_BAD},
    {BYTES("\n\t"), JSON_IN_BAD},
    {BYTES("nul"), JSON_IN_BAD},
    {BYTES("nulll"), JSON_IN_BAD},
    {BYTES("Null"), JSON_IN_BAD},
    {BYTES("TRUE"), JSON_IN_BAD},
    {BYTES("tru"), JSON_IN_BAD},
    {BYTES("truefalse"), JSON_IN_BAD},
    {BYTES("true false"), JSON_IN_BAD},
    {BYTES("undefined"), JSON_IN_BAD},
    {BYTES("NaN"), JSON_IN_BAD},
    {BYTES("nan"), JSON_IN_BAD},
    {BYTES("-NaN"), JSON_IN_BAD},
    {BYTES("Infinity"), JSON_IN_BAD},
    {BYTES("-Infinity"), JSON_IN_BAD},
    {BYTES("[NaN]"), JSON_IN_BAD},
    {BYTES("[-Infinity]"), JSON_IN_BAD},
    {BYTES("a"), JSON_IN_BAD},
    {BYTES("'a'"), JSON_IN_BAD},
    {BYTES("{'a':1}"), JSON_IN_BAD},
    {BYTES("{a:1}"), JSON_IN_BAD},
    {BYTES("// x\n1"), JSON_IN_BAD},
    {BYTES("/* x */1"), JSON_IN_BAD},
    {BYTES("1/**/"), JSON_IN_BAD},
    {BYTES("# x\n1"), JSON_IN_BAD},
    /* Numbers. */
    {BYTES("-"), JSON_IN_BAD},
    {BYTES("+1"), JSON_IN_BAD},
    {BYTES("--1"), JSON_IN_BAD},
    {BYTES("1-"), JSON_IN_BAD},
    {BYTES("1-2"), JSON_IN_BAD},
    {BYTES("01"), JSON_IN_BAD},
    {BYTES("-01"), JSON_IN_BAD},
    {BYTES("00"), JSON_IN_BAD},
    {BYTES("1."), JSON_IN_BAD},
    {BYTES(".5"), JSON_IN_BAD},
    {BYTES("-.5"), JSON_IN_BAD},
    {BYTES("1.e5"), JSON_IN_BAD},
    {BYTES("1e"), JSON_IN_BAD},
    {BYTES("1e+"), JSON_IN_BAD},
    {BYTES("1e5.5"), JSON_IN_BAD},
    {BYTES("1e5e5"), JSON_IN_BAD},
    {BYTES("1.2.3"), JSON_IN_BAD},
    {BYTES("0x10"), JSON_IN_BAD},
    {BYTES("1 2"), JSON_IN_BAD},
    {BYTES("1,5"), JSON_IN_BAD},
    {BYTES("1a"), JSON_IN_BAD},
    {BYTES("\xef\xbc\x91"), JSON_IN_BAD}, /* a full-width 1 */
    {BYTES("9223372036854775808"), JSON_IN_BIG_NUMBER},
    {BYTES("-9223372036854775809"), JSON_IN_BIG_NUMBER},
    {BYTES("18446744073709551615"), JSON_IN_BIG_NUMBER},
    {BYTES("18446744073709551616"), JSON_IN_BIG_NUMBER},
    {BYTES("100000000000000000000000000"), JSON_IN_BIG_NUMBER},
    {BYTES("{\"a\":[9223372036854775808]}"), JSON_IN_BIG_NUMBER},
    {BYTES("1e309"), JSON_IN_BIG_NUMBER},
    {BYTES("[-1e400]"), JSON_IN_BIG_NUMBER},
    {BYTES("{\"a\":1.0e999999999999}"), JSON_IN_BIG_NUMBER},
    /* Strings. */
    {BYTES("\""), JSON_IN_BAD},
    {BYTES("\"a"), JSON_IN_BAD},
    {BYTES("\"a\\"), JSON_IN_BAD},
    {BYTES("\"a\\\""), JSON_IN_BAD},
    {BYTES("\"\\x41\""), JSON_IN_BAD},
    {BYTES("\"\\a\""), JSON_IN_BAD},
    {BYTES("\"\\'\""), JSON_IN_BAD},
    {BYTES("\"\\\0\""), JSON_IN_BAD},
    {BYTES("\"\\u\""), JSON_IN_BAD},
    {BYTES("\"\\u004\""), JSON_IN_BAD},
    {BYTES("\"\\u004g\""), JSON_IN_BAD},
    {BYTES("\"\\U0041\""), JSON_IN_BAD},
    {BYTES("\"\\u+041\""), JSON_IN_BAD},
    {BYTES("\"\\u 041\""), JSON_IN_BAD},
    {BYTES("\"\\u00"), JSON_IN_BAD},
    {BYTES("\"\n\""), JSON_IN_BAD},
    {BYTES("\"\t\""), JSON_IN_BAD},
    {BYTES("\"\x1f\""), JSON_IN_BAD},
    {BYTES("\"\x01\""), JSON_IN_BAD},
    {BYTES("\"\0\""), JSON_IN_BAD},
    {BYTES("{\"a\n\":1}"), JSON_IN_BAD},
    {BYTES("\"\\\n\""), JSON_IN_BAD},
    {BYTES("\"\\u0000\""), JSON_IN_NUL},
    {BYTES("\"a\\u0000b\""), JSON_IN_NUL},
    {BYTES("{\"\\u0000\":1}"), JSON_IN_NUL},
    {BYTES("[\"\\\\\\u0000\"]"), JSON_IN_NUL},
    {BYTES("\"\\ud800\""), JSON_IN_BAD},
    {BYTES("\"\\udfff\""), JSON_IN_BAD},
    {BYTES("\"\\ude00\\ud83d\""), JSON_IN_BAD},
    {BYTES("\"\\ud83d\\ud83d\""), JSON_IN_BAD},
    {BYTES("\"\\ud83dx\""), JSON_IN_BAD},
    {BYTES("\"\\ud83d\\n\""), JSON_IN_BAD},
    {BYTES("\"\\ud83d\\u0041\""), JSON_IN_BAD},
    {BYTES("\"\\ud83d\\u0000\""), JSON_IN_BAD},
    {BYTES("\"\\ud83d\\ude0\""), JSON_IN_BAD},
    {BYTES("\"\\ud83d\\\\ude00\""), JSON_IN_BAD},
    {BYTES("{\"\\ud800\":1}"), JSON_IN_BAD},
    /* Not UTF-8. */
    {BYTES("\"\xff\""), JSON_IN_BAD},
    {BYTES("\"\xc3\""), JSON_IN_BAD},
    {BYTES("\"\xc0\x80\""), JSON_IN_BAD},
    {BYTES("\"\xe0\x80\xaf\""), JSON_IN_BAD},
    {BYTES("\"\xed\xa0\x80\""), JSON_IN_BAD},
    {BYTES("\"\xf4\x90\x80\x80\""), JSON_IN_BAD},
    {BYTES("{\"\xff\":1}"), JSON_IN_BAD},
    {BYTES("\xef\xbb\xbf{}"), JSON_IN_BAD}, /* byte order mark */
    {BYTES("\xff\xfe{\0}\0"), JSON_IN_BAD},
    {BYTES("\xc2\xa0{}"), JSON_IN_BAD}, /* no-break space */
    {BYTES("\x0b{}"), JSON_IN_BAD},
    {BYTES("\x0c{}"), JSON_IN_BAD},
    {BYTES("{}\0"), JSON_IN_BAD},
    {BYTES("\0"), JSON_IN_BAD},
    {BYTES("1\0"), JSON_IN_BAD},
    /* Structure. */
    {BYTES("["), JSON_IN_BAD},
    {BYTES("]"), JSON_IN_BAD},
    {BYTES("[]]"), JSON_IN_BAD},
    {BYTES("[}"), JSON_IN_BAD},
    {BYTES("{]"), JSON_IN_BAD},
    {BYTES("[1"), JSON_IN_BAD},
    {BYTES("[1,"), JSON_IN_BAD},
    {BYTES("[1,]"), JSON_IN_BAD},
    {BYTES("[,1]"), JSON_IN_BAD},
    {BYTES("[,]"), JSON_IN_BAD},
    {BYTES("[1,,2]"), JSON_IN_BAD},
    {BYTES("[1 2]"), JSON_IN_BAD},
    {BYTES("[1:2]"), JSON_IN_BAD},
    {BYTES("{"), JSON_IN_BAD},
    {BYTES("}"), JSON_IN_BAD},
    {BYTES("{\"a\"}"), JSON_IN_BAD},
    {BYTES("{\"a\":}"), JSON_IN_BAD},
    {BYTES("{\"a\":1"), JSON_IN_BAD},
    {BYTES("{\"a\":1,"), JSON_IN_BAD},
    {BYTES("{\"a\":1,}"), JSON_IN_BAD},
    {BYTES("{,\"a\":1}"), JSON_IN_BAD},
    {BYTES("{\"a\":1 \"b\":2}"), JSON_IN_BAD},
    {BYTES("{\"a\"::1}"), JSON_IN_BAD},
    {BYTES("{\"a\":1:2}"), JSON_IN_BAD},
    {BYTES("{:1}"), JSON_IN_BAD},
    {BYTES("{1:2}"), JSON_IN_BAD},
    {BYTES("{null:2}"), JSON_IN_BAD},
    {BYTES("{}{}"), JSON_IN_BAD},
    {BYTES("{} x"), JSON_IN_BAD},
    {BYTES("{},"), JSON_IN_BAD},
    {BYTES(","), JSON_IN_BAD},
    {BYTES(":"), JSON_IN_BAD},
    {BYTES("\"a\":1"), JSON_IN_BAD},
    /* A key twice. */
    {BYTES("{\"a\":1,\"a\":1}"), JSON_IN_TWICE},
    {BYTES("{\"a\":1,\"a\":null}"), JSON_IN_TWICE},
    {BYTES("{\"a\":null,\"a\":1}"), JSON_IN_TWICE},
    {BYTES("{\"a\":1,\"b\":2,\"a\":3}"), JSON_IN_TWICE},
    {BYTES("{\"a\":1,\"\\u0061\":2}"), JSON_IN_TWICE},
    {BYTES("{\"\":1,\"\":2}"), JSON_IN_TWICE},
    {BYTES("{\"x\":{\"a\":1,\"a\":2}}"), JSON_IN_TWICE},
    {BYTES("[[{\"a\":1,\"a\":2}]]"), JSON_IN_TWICE},
    {BYTES("{\"a\":{\"b\":1,\"c\":2},\"a\":{\"b\":1,\"c\":2,\"d\":3}}"),
        JSON_IN_TWICE},
    {BYTES("{\"/\":1,\"\\/\":2}"), JSON_IN_TWICE},
    {BYTES("{\"\xc3\xa9\":1,\"\\u00e9\":2}"), JSON_IN_TWICE},
};

static void
test_good(void)
{
	for (size_t i = 0; i < LENGTH(good); i++) {
		size_t len = strlen(good[i].text);
		struct json_object *root = NULL;

		tap_is_int(json_in_parse(guard_tail(&guard, good[i].text, len),
		               len, &root),
		    JSON_IN_OK, "good row %zu: %s", i, good[i].want);
		tap_is_text(json_object_to_json_string_ext(
		                root, JSON_C_TO_STRING_PLAIN),
		    good[i].want, "and what it gives");
		json_object_put(root);
	}
}

static void
test_bad(void)
{
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct json_object *root = (struct json_object *)&guard;

		tap_is_int(
		    json_in_parse(guard_tail(&guard, bad[i].text, bad[i].len),
		        bad[i].len, &root),
		    bad[i].want, "bad row %zu", i);
		tap_ok(root == NULL, "and it gives nothing");
	}
}

/*
 * No proper prefix of a text that ends in a bracket, a quote or a word is
 * JSON.  A prefix of a number may be one.
 */
static void
test_prefixes(void)
{
	int wrong = 0;

	for (size_t i = 0; i < LENGTH(good); i++) {
		size_t len = strlen(good[i].text);
		char end = good[i].text[len - 1];

		for (size_t n = 0; n < len; n++) {
			const char *s = guard_tail(&guard, good[i].text, n);
			struct json_object *root;
			enum json_in_status status = json_in_parse(s, n, &root);

			if (strchr("}]\"el", end) != NULL &&
			    status == JSON_IN_OK)
				wrong++;
			if (status != JSON_IN_OK && root != NULL)
				wrong++;
			json_object_put(root);
		}
	}
	tap_is_int(wrong, 0, "no prefix of a whole text is JSON");
	for (size_t i = 0; i < LENGTH(bad); i++) {
		for (size_t n = 0; n < bad[i].len; n++) {
			const char *s = guard_tail(&guard, bad[i].text, n);
			struct json_object *root;

			if (json_in_parse(s, n, &root) == JSON_IN_OK)
				json_object_put(root);
			else if (root != NULL)
				wrong++;
		}
	}
	tap_is_int(wrong, 0, "every prefix of the bad ones");
}

/* n times open, middle, n times close. */
static enum json_in_status
nested(int n, const char *open, const char *middle, const char *close)
{
	size_t len =
	    (strlen(open) + strlen(close)) * (size_t)n + strlen(middle);
	char *text = xmalloc(len + 1);
	size_t at = 0;
	struct json_object *root;
	enum json_in_status status;

	text[0] = '\0';
	for (int i = 0; i < n; i++, at += strlen(open))
		memcpy(text + at, open, strlen(open));
	memcpy(text + at, middle, strlen(middle));
	at += strlen(middle);
	for (int i = 0; i < n; i++, at += strlen(close))
		memcpy(text + at, close, strlen(close));
	status = json_in_parse(text, at, &root);
	json_object_put(root);
	free(text);
	return status;
}

static void
test_depth(void)
{
	tap_is_int(nested(32, "[", "", "]"), JSON_IN_OK, "32 lists");
	tap_is_int(nested(32, "[", "1", "]"), JSON_IN_OK, "32 and a value");
	tap_is_int(nested(33, "[", "", "]"), JSON_IN_TOO_DEEP, "33 lists");
	tap_is_int(nested(32, "{\"a\":", "1", "}"), JSON_IN_OK, "32 objects");
	tap_is_int(nested(31, "{\"a\":", "{}", "}"), JSON_IN_OK,
	    "32 objects, the last one empty");
	tap_is_int(
	    nested(33, "{\"a\":", "1", "}"), JSON_IN_TOO_DEEP, "33 objects");
	tap_is_int(nested(16, "[{\"a\":", "1", "}]"), JSON_IN_OK, "16 of both");
	tap_is_int(
	    nested(17, "[{\"a\":", "1", "}]"), JSON_IN_TOO_DEEP, "17 of both");
	tap_is_int(
	    nested(1000000, "[", "", "]"), JSON_IN_TOO_DEEP, "a million lists");
	tap_is_int(nested(1000000, "[", "", ""), JSON_IN_TOO_DEEP,
	    "a million open lists");
	tap_is_int(nested(1000000, "{\"a\":", "", ""), JSON_IN_TOO_DEEP,
	    "a million open objects");
	tap_is_int(nested(1000000, "", "", "]"), JSON_IN_BAD,
	    "a million closing brackets");
	tap_is_int(nested(100, "[],", "[]", ""), JSON_IN_BAD,
	    "lists beside each other do not nest");
	tap_is_int(
	    nested(1, "[", "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"", "]"),
	    JSON_IN_OK, "brackets in a string do not nest");
}

/* [[],[],...] of n values, the outer list one of them. */
static enum json_in_status
many(size_t n)
{
	size_t len = 3 * (n - 1) + 1;
	char *text = xmalloc(len + 1);
	struct json_object *root;
	enum json_in_status status;

	for (size_t i = 0; i < n - 1; i++)
		memcpy(text + 3 * i, i == 0 ? "[[]" : ",[]", 3);
	text[len - 1] = ']';
	status = json_in_parse(text, len, &root);
	json_object_put(root);
	free(text);
	return status;
}

static void
test_many(void)
{
	tap_is_int(many(JSON_IN_VALUES_MAX), JSON_IN_OK, "32768 values");
	tap_is_int(many(JSON_IN_VALUES_MAX + 1), JSON_IN_TOO_MANY, "one more");
	tap_is_int(many(165000), JSON_IN_TOO_MANY, "165,000");
}

/* Each allocation fails once, alone and with all that follow it: the answer is
 * the right tree or that memory is out, never another fault or value. */
static void
test_memory(void)
{
	static const char text[] =
	    "{\"a\":[1,-2.5e3,true,null,\"b\\u00e9\",{}],\"a1\":1,\"a2\":2,"
	    "\"a3\":3,\"a4\":4,\"a5\":5,\"a6\":6,\"a7\":7,\"a8\":8,"
	    "\"a9\":9,\"b1\":1,\"b2\":2,\"b3\":3,\"b4\":4,\"b5\":5,\"b6\":6,"
	    "\"b7\":7,\"c\":{\"d\":[[],[[]]]}}";
	struct json_object *root, *whole;
	long n = 1, asked;
	int wrong = 0, out = 0;

	tap_is_int(json_in_parse(text, sizeof(text) - 1, &whole), JSON_IN_OK,
	    "with all memory");
	do {
		for (int later = 0; later < 2; later++) {
			enum json_in_status status;

			starve_begin(n, later == 1);
			status = json_in_parse(text, sizeof(text) - 1, &root);
			asked = starve_end();
			out += status == JSON_IN_NO_MEMORY;
			if (status == JSON_IN_OK
			        ? json_object_equal(root, whole) == 0
			        : status != JSON_IN_NO_MEMORY || root != NULL)
				wrong++;
			json_object_put(root);
		}
	} while (asked >= n++); /* until there is no n-th */
	json_object_put(whole);
	tap_is_int(wrong, 0, "without: never another answer");
	tap_ok(out >= 40, "which was tried %d times", out);
}

static void
test_messages(void)
{
	tap_is_text(json_in_message(JSON_IN_BAD), "is not valid JSON", "bad");
	for (enum json_in_status a = JSON_IN_OK; a <= JSON_IN_NO_MEMORY; a++)
		for (enum json_in_status b = JSON_IN_OK; b < a; b++)
			tap_ok(
			    strcmp(json_in_message(a), json_in_message(b)) != 0,
			    "messages %d and %d differ", a, b);
}

int
main(void)
{
	guard = guard_new(4096);
	test_good();
	test_bad();
	test_prefixes();
	test_depth();
	test_many();
	test_memory();
	test_messages();
	return tap_done();
}
