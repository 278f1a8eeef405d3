/* SPDX-License-Identifier: MIT */
/* test-idempotency_key -- base/idempotency_key: what is a key, in both
 * spellings. */
#include "idempotency_key.h"

#include "every_byte.h"
#include "guard.h"
#include "tap.h"

static const struct {
	const char *header, *key; /* NULL: it is none */
} cases[] = {
    {"a", "a"},
    {"8e03978e-40d5-43dd-bc93-6894a57f9324",
        "8e03978e-40d5-43dd-bc93-6894a57f9324"},
    {"\"8e03978e-40d5\"", "8e03978e-40d5"},
    {" \t a \t", "a"},
    {" \"a\" ", "a"},
    {"!~", "!~"},
    {"a\"b\\c", "a\"b\\c"}, /* without quotes nothing is escaped */
    {"\"a\\\"b\\\\c\"", "a\"b\\c"},
    {"\"\\\"\"", "\""},
    {"a,b;c=d", "a,b;c=d"},
    {"", NULL},
    {" \t ", NULL},
    {"\"\"", NULL},
    {"\"", NULL},
    {"\"a", NULL},
    {"\"a\\\"", NULL},
    {"\"a\\", NULL},
    {"\"a\\b\"", NULL},
    {"\"a\"b\"", NULL},
    {"\"a\";p=1", NULL},
    {"\"a\", \"b\"", NULL},
    {"a b", NULL},
    {"a, b", NULL},
    {"\"a b\"", NULL},
    {"a\tb", NULL},
    {"a\x7f", NULL},
    {"a\x1f", NULL},
    {"a\n", NULL},
    {"\xc3\xa9", NULL},
};

static struct guard guard;

static size_t
read_text(const char *header, size_t len, char *out)
{
	return idempotency_key_read(
	    (struct span){guard_tail(&guard, header, len), len}, out);
}

/* What is read is read again as it is: unless it begins with a quote, it is
 * the other spelling. */
static ptrdiff_t
read_again(struct span text, char *out)
{
	size_t n = idempotency_key_read(text, out);

	return n > 0 ? (ptrdiff_t)n : -1;
}

static void
test_lengths(void)
{
	char text[2 * IDEMPOTENCY_KEY_MAX + 8], out[IDEMPOTENCY_KEY_MAX + 1];

	memset(text, 'x', sizeof(text));
	tap_is_int((int)read_text(text, IDEMPOTENCY_KEY_MAX, out),
	    IDEMPOTENCY_KEY_MAX, "the longest");
	tap_is_int((int)read_text(text, IDEMPOTENCY_KEY_MAX + 1, out), 0,
	    "one character more");
	text[0] = text[IDEMPOTENCY_KEY_MAX + 1] = '"';
	tap_is_int((int)read_text(text, IDEMPOTENCY_KEY_MAX + 2, out),
	    IDEMPOTENCY_KEY_MAX, "the longest in quotes");
	text[IDEMPOTENCY_KEY_MAX + 1] = 'x';
	text[IDEMPOTENCY_KEY_MAX + 2] = '"';
	tap_is_int((int)read_text(text, IDEMPOTENCY_KEY_MAX + 3, out), 0,
	    "one more in quotes");
	memset(text, '\\', sizeof(text));
	text[0] = text[2 * IDEMPOTENCY_KEY_MAX + 1] = '"';
	tap_is_int((int)read_text(text, 2 * IDEMPOTENCY_KEY_MAX + 2, out),
	    IDEMPOTENCY_KEY_MAX, "the longest, all of it escaped");
}

int
main(void)
{
	char out[IDEMPOTENCY_KEY_MAX + 1];

	guard = guard_new(1024);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		const char *header = cases[i].header;
		size_t n = read_text(header, strlen(header), out);

		tap_is_text(n > 0 ? out : "(none)",
		    cases[i].key != NULL ? cases[i].key : "(none)", "%s",
		    header);
	}
	tap_is_int((int)idempotency_key_read((struct span){NULL, 0}, out), 0,
	    "NULL and 0");
	test_lengths();
	/* Of 256: 94 are visible in each place.  At both ends two blanks more
	 * are passed over, and a quote at the front would need another. */
	tap_is_int(every_byte(&guard, "abcd", read_again), 94 * 4 + 2 * 2 - 1,
	    "every byte in every place");
	return tap_done();
}
