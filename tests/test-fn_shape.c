/* SPDX-License-Identifier: MIT */
/* test-fn_shape -- common/fn_shape: a table of shapes, depth, every byte. */
#include "fn_private.h"

#include "every_byte.h"
#include "out.h"

static struct guard guard;

static const struct {
	const char *shape, *want; /* NULL: refused */
} rows[] = {
    {"line", "\"line\""},
    {"line?", "\"line?\""},
    {"any", "\"any\""},
    {"float", "\"float\""},
    {"json", "\"json\""},
    {"uuid?", "\"uuid?\""},
    {"[line]", "[\"line\"]"},
    {"[line?]", "[\"line?\"]"},
    {"[[int]]", "[[\"int\"]]"},
    {"{a: line}", "{\"a\":\"line\"}"},
    {"{a:line,b:int?,c:[bool]}",
        "{\"a\":\"line\",\"b\":\"int?\",\"c\":[\"bool\"]}"},
    {" { a : line ,\n\tb : [ int ] } ", "{\"a\":\"line\",\"b\":[\"int\"]}"},
    {"{user: {name: line, tags: [line], bio: text?}}",
        "{\"user\":{\"name\":\"line\",\"tags\":[\"line\"],\"bio\":\"text?\"}}"},
    {"[{a: line}]", "[{\"a\":\"line\"}]"},
    {"{A_1: any, 2b: any}", "{\"A_1\":\"any\",\"2b\":\"any\"}"},
    {"{line: line}", "{\"line\":\"line\"}"},
    {"line ?", "\"line?\""},
    /* Objects with a name. */
    {"A{a: line}", "{\"$name\":\"A\",\"a\":\"line\"}"},
    {"{user: User_2 { Name: line }, n: int}",
        "{\"user\":{\"$name\":\"User_2\",\"Name\":\"line\"},\"n\":\"int\"}"},
    {"[Tag{Tag: Tag{a: int}}]",
        "[{\"$name\":\"Tag\",\"Tag\":{\"$name\":\"Tag\",\"a\":\"int\"}}]"},
    {"A", NULL},
    {"A?", NULL},
    {"A{}", NULL},
    {"A{a: line", NULL},
    {"A{a: line}?", NULL},
    {"A[line]", NULL},
    {"A B{a: line}", NULL},
    {"{A{a: line}}", NULL},
    {"{a: A{a: int}, a: int}", NULL},
    {"user{a: line}", NULL},
    {"line{a: line}", NULL},
    {"2a{a: line}", NULL},
    {"_A{a: line}", NULL},
    {"{$name: line}", NULL},
    /* Nothing, or not the end. */
    {"", NULL},
    {" ", NULL},
    {"?", NULL},
    {"{", NULL},
    {"}", NULL},
    {"[", NULL},
    {"]", NULL},
    {"{}", NULL},
    {"[]", NULL},
    {"{a", NULL},
    {"{a:", NULL},
    {"{a: line", NULL},
    {"{a: line,", NULL},
    {"[line", NULL},
    {"[{a: line]", NULL},
    {"{a: [line}]", NULL},
    /* More than one. */
    {"line int", NULL},
    {"line,int", NULL},
    {"line??", NULL},
    {"line]", NULL},
    {"line}", NULL},
    {"{a: line}}", NULL},
    {"{a: line} x", NULL},
    {"{a: line}?", NULL},
    {"[line]?", NULL},
    {"[line,int]", NULL},
    {"[line int]", NULL},
    /* Members. */
    {"{line}", NULL},
    {"{a: line,}", NULL},
    {"{,a: line}", NULL},
    {"{a: line b: int}", NULL},
    {"{a: line; b: int}", NULL},
    {"{a line}", NULL},
    {"{a:: line}", NULL},
    {"{: line}", NULL},
    {"{a?: line}", NULL},
    {"{a-b: line}", NULL},
    {"{\"a\": line}", NULL},
    {"{a.b: line}", NULL},
    {"{\xc3\xa9: line}", NULL},
    /* A name twice in one object: mayflyd would not read the JSON. */
    {"{a: int, a: any}", NULL},
    {"{a : int, b: [int], a : int}", NULL},
    {"{a: {b: int}, a: int}", NULL},
    {"{b: {a: int, a: int}}", NULL},
    {"[{int: any?, int: any}]", NULL},
    {"{a: int, b: {a: int}}", "{\"a\":\"int\",\"b\":{\"a\":\"int\"}}"},
    {"{b: {a: int}, a: int}", "{\"b\":{\"a\":\"int\"},\"a\":\"int\"}"},
    {"{b: [{a: int}], a: int}", "{\"b\":[{\"a\":\"int\"}],\"a\":\"int\"}"},
    {"{a: int, int: any}", "{\"a\":\"int\",\"int\":\"any\"}"},
    {"{ab: int, a: int, abc: int}",
        "{\"ab\":\"int\",\"a\":\"int\",\"abc\":\"int\"}"},
    /* Words. */
    {"lines", NULL},
    {"lin", NULL},
    {"Line", NULL},
    {"string", NULL},
    {"null", NULL},
    {"-", NULL},
    {"line\r", NULL},
    {"\xff", NULL},
};

/* What is made of a shape that ends where the page begins; NULL when it is
 * refused.  Lives until the next call. */
static const char *
shape(const char *text)
{
	static struct out o;
	const char *at;
	bool good;

	if (o.buf.max == 0)
		o = out_new(1 << 16);
	out_reset(&o);
	at = guard_tail(&guard, text, strlen(text) + 1);
	good = fn_shape(at, &o, NULL);
	if (fn_shape(at, NULL, NULL) != good || (good && o.depth != 0))
		return "asking only, it is another";
	return good && !o.buf.failed ? o.buf.data : NULL;
}

static void
test_key(void)
{
	struct out o = out_new(100);

	out_begin(&o, NULL);
	tap_ok(fn_shape("[line]", &o, "shape"), "with a key");
	out_int(&o, "n", 1);
	out_end(&o);
	tap_is_text(
	    o.buf.data, "{\"shape\":[\"line\"],\"n\":1}", "it is inside");
	buf_free(&o.buf);
}

/* n lists in each other. */
static const char *
nested(int n)
{
	char text[64] = "";
	size_t len = (size_t)n;

	memset(text, '[', len);
	memcpy(text + len, "int", 3);
	memset(text + len + 3, ']', len);
	return shape(text);
}

/* A member with a name of n bytes. */
static const char *
named(int n)
{
	char text[96];

	snprintf(text, sizeof(text), "{%0*d:int}", n, 0);
	return shape(text);
}

static void
test_limits(void)
{
	char word[96];

	tap_is_text(
	    nested(10), "[[[[[[[[[[\"int\"]]]]]]]]]]", "ten lists deep");
	tap_is_text(nested(11), NULL, "eleven");
	tap_is_text(shape("{a:[[[[[[[[[int]]]]]]]]],b:[[[[[[[[[int]]]]]]]]]}"),
	    "{\"a\":[[[[[[[[[\"int\"]]]]]]]]],\"b\":[[[[[[[[[\"int\"]]]]]]]]]}",
	    "ten deep twice, beside each other");
	tap_ok(named(62) != NULL, "a name of 62 bytes");
	tap_is_text(named(63), NULL, "one of 63");
	snprintf(word, sizeof(word), "%063d", 0);
	tap_is_text(shape(word), NULL, "a word of 63");
}

/* The same shape again: JSON without its quotes. */
static ptrdiff_t
read_shape(struct span text, char *out)
{
	char copy[EVERY_BYTE_ROOM];
	const char *json;
	char *to = out;

	/* A shape is text of the C language. */
	if (memchr(text.at, '\0', text.len) != NULL)
		return -1;
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	json = shape(copy);
	if (json == NULL)
		return -1;
	for (; *json != '\0'; json++)
		if (*json != '"')
			*to++ = *json;
	*to = '\0';
	return to - out;
}

static void
test_every_byte(void)
{
	static struct guard other;

	other = guard_new(EVERY_BYTE_ROOM);
	/* { and [ need their ends; 62 of a name that is
	 * not the other; ':'; "int" and no other word,
	 * but "int" behind a blank; '?' or white; ']' and '}'. */
	tap_is_int(every_byte(&other, "{a:[int?],b:any}", read_shape),
	    1 + 62 + 1 + 1 + 3 + 4 + 1 + 1 + 62 + 1 + 3 + 1,
	    "each byte of a shape");
}

int
main(void)
{
	guard = guard_new(EVERY_BYTE_ROOM);
	for (size_t i = 0; i < LENGTH(rows); i++)
		tap_is_text(shape(rows[i].shape), rows[i].want, "row %zu: %s",
		    i, rows[i].want != NULL ? rows[i].want : "refused");
	test_key();
	test_limits();
	test_every_byte();
	return tap_done();
}
