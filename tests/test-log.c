/* SPDX-License-Identifier: MIT */
/*
 * test-log -- base/log: whatever is logged, each line is one JSON object in
 * valid UTF-8 of at most LOG_LINE_MAX bytes: control characters, bytes that are
 * no UTF-8, texts that are cut at every place of a character.
 */
#include "log.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "json_in.h"
#include "tap.h"
#include "utf8.h"

static int ends[2]; /* of the pipe that is standard error here */
static char line[4 * LOG_LINE_MAX];
static size_t line_len;

/* Log msg, and read the line back; its "msg", or NULL when it is no line.  The
 * text lives until the next call. */
static const char *
logged(const char *msg)
{
	static struct json_object *root;
	struct json_object *value;
	ssize_t n;

	json_object_put(root);
	root = NULL;
	log_error("%s", msg);
	n = read(ends[0], line, sizeof(line) - 1);
	line_len = n > 0 ? (size_t)n : 0;
	line[line_len] = '\0';
	if (line_len == 0 || line_len > LOG_LINE_MAX ||
	    line[line_len - 1] != '\n' || strlen(line) != line_len ||
	    strchr(line, '\n') != line + line_len - 1 ||
	    utf8_length(line, line_len) < 0 ||
	    json_in_parse(line, line_len, &root) != JSON_IN_OK ||
	    !json_object_object_get_ex(root, "msg", &value))
		return NULL;
	return json_object_get_string(value);
}

static void
test_as_given(void)
{
	static const char *const texts[] = {"", "x", "a \"quoted\" \\ text",
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "a\tb\nc\rd\x01\x1f\x7f"};

	for (size_t i = 0; i < LENGTH(texts); i++)
		tap_is_text(logged(texts[i]), texts[i], "text %zu", i);
}

static void
test_control(void)
{
	char text[1001];
	const char *got;

	memset(text, 1, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	got = logged(text);
	tap_ok(got != NULL && strncmp(got, text, 500) == 0,
	    "1,000 control characters are not lost");
	tap_ok(got != NULL && strlen(got) > 3 &&
	           strcmp(got + strlen(got) - 3, "...") == 0,
	    "and it says that there were more");
}

/* Characters of 2, 3 and 4 bytes, and the cut at each of their bytes. */
static void
test_cut(void)
{
	static const char *const characters[] = {
	    "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
	static char text[2 * LOG_LINE_MAX];
	int bad = 0;

	for (size_t i = 0; i < LENGTH(characters); i++) {
		size_t n = strlen(characters[i]);

		for (size_t before = 0; before < 8; before++) {
			size_t at = before;

			memset(text, 'x', before);
			for (; at + n < sizeof(text); at += n)
				memcpy(text + at, characters[i], n);
			text[at] = '\0';
			if (logged(text) == NULL || line_len < LOG_LINE_MAX - 8)
				bad++;
		}
	}
	tap_is_int(bad, 0, "a long text is cut between two characters");
}

static void
test_bytes(void)
{
	char text[8] = "a?b";
	int bad = 0;

	for (int c = 0x80; c < 0x100; c++) {
		text[1] = (char)c;
		if (logged(text) == NULL)
			bad++;
	}
	tap_is_int(bad, 0, "each byte that is no UTF-8 alone");
	tap_is_text(logged("\xed\xa0\x80"),
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "a surrogate is replaced");
	tap_ok(logged("\xc0\x80\xf4\x90\x80\x80\xff") != NULL,
	    "overlong forms, and beyond U+10FFFF");
}

static void
test_names(void)
{
	static char long_id[2 * LOG_LINE_MAX];

	log_request("an \"id\"\n\xff");
	tap_is_text(logged("x"), "x", "an id that is no id");
	memset(long_id, '\x01', sizeof(long_id) - 1);
	log_request(long_id);
	tap_is_text(logged("x"), "x", "an id longer than a line");
	log_open(long_id, LOG_INFO);
	tap_is_text(logged("x"), "x", "and a name");
	log_request(NULL);
}

int
main(void)
{
	if (pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return EXIT_SYSTEM;
	log_open("test", LOG_INFO);
	test_as_given();
	test_control();
	test_cut();
	test_bytes();
	test_names();
	return tap_done();
}
