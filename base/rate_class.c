/* SPDX-License-Identifier: MIT */
/* rate_class -- see rate_class.h.  The table is the list of all classes. */
#include "rate_class.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CLASSES = 6,
	DIGITS_MAX = 7, /* of a number */
};

/*
 * The first is such that no page of a front end meets it.  A login is 20 ms of
 * a core: 500 addresses may have 50 of them a second, which leaves half of two
 * cores.  Behind one address may be a school, or a suite of tests: what it may
 * do at once is more than one person does.  10 wrong passwords in a quarter of
 * an hour are 960 a day: OWASP ASVS 5.0, 6.3.1; NIST SP 800-63B, 5.2.2.
 */
static const struct rate_class usual[CLASSES] = {
    {"default", .address = {6000, 60}},
    {"login", .address = {20, 200}, .subject = {10, 900}},
    {"register", .address = {300, 3600}},
    {"report", .address = {60, 3600}, .subject = {30, 3600}},
    {"reset", .address = {10, 600}, .subject = {3, 3600}},
    {"write", .address = {600, 60}, .subject = {300, 60}},
};

static struct rate_class changed[CLASSES];
static const struct rate_class *classes = usual;

const struct rate_class *
rate_class_at(int i)
{
	return i >= 0 && i < CLASSES ? &classes[i] : NULL;
}

const struct rate_class *
rate_class_find(const char *name)
{
	for (int i = 0; i < CLASSES; i++)
		if (name == NULL || strcmp(classes[i].name, name) == 0)
			return &classes[i];
	return NULL;
}

/* "login" or "login.address": the limit of that name, or NULL. */
static struct rate_limit *
find_limit(struct rate_class *of, struct span name)
{
	static const char address[] = ".address";
	size_t len;

	for (int i = 0; i < CLASSES; i++) {
		len = strlen(of[i].name);
		if (name.len < len || memcmp(name.at, of[i].name, len) != 0)
			continue;
		if (name.len == len)
			return &of[i].subject;
		if (name.len == len + strlen(address) &&
		    memcmp(name.at + len, address, strlen(address)) == 0)
			return &of[i].address;
	}
	return NULL;
}

/* A number from 1 to max, with nothing but digits; 0 when it is none. */
static int
read_number(const char *text, size_t len, int max)
{
	int64_t n = 0;

	if (len == 0 || len > DIGITS_MAX)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		n = n * 10 + (text[i] - '0');
	}
	return n <= max ? (int)n : 0;
}

/* "off" or "20/3600". */
static bool
read_limit(struct span text, struct rate_limit *limit)
{
	const char *slash = memchr(text.at, '/', text.len);
	size_t len;

	if (text.len == 3 && memcmp(text.at, "off", 3) == 0) {
		*limit = (struct rate_limit){0, 0};
		return true;
	}
	if (slash == NULL)
		return false;
	len = (size_t)(slash - text.at);
	limit->quota = read_number(text.at, len, RATE_CLASS_QUOTA_MAX);
	limit->window_s =
	    read_number(slash + 1, text.len - len - 1, RATE_CLASS_WINDOW_MAX_S);
	return limit->quota > 0 && limit->window_s > 0;
}

/* "login=20/3600" */
static bool
read_word(struct span word, char *problem, size_t size)
{
	const char *equals = memchr(word.at, '=', word.len);
	size_t len = equals != NULL ? (size_t)(equals - word.at) : word.len;
	struct rate_limit *limit =
	    find_limit(changed, (struct span){word.at, len});

	if (limit == NULL) {
		snprintf(problem, size,
		    "MAYFLY_RATES: there is no class \"%.*s\"", (int)len,
		    word.at);
		return false;
	}
	if (equals != NULL &&
	    read_limit((struct span){equals + 1, word.len - len - 1}, limit))
		return true;
	snprintf(problem, size,
	    "MAYFLY_RATES: %.*s must be =off or =QUOTA/SECONDS, 1 to %d and 1"
	    " to %d",
	    (int)len, word.at, RATE_CLASS_QUOTA_MAX, RATE_CLASS_WINDOW_MAX_S);
	return false;
}

bool
rate_class_change(const char *text, char *problem, size_t size)
{
	bool off = strcmp(text, "off") == 0;
	struct span word;

	classes = usual;
	memcpy(changed, usual, sizeof(changed));
	for (int i = 0; off && i < CLASSES; i++)
		changed[i].address.quota = changed[i].subject.quota = 0;
	if (off)
		text = "";
	for (text += strspn(text, " "); *text != '\0';
	     text += strspn(text, " ")) {
		word = (struct span){text, strcspn(text, " ")};
		if (!read_word(word, problem, size))
			return false;
		text += word.len;
	}
	classes = changed;
	return true;
}
