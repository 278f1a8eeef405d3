/* SPDX-License-Identifier: MIT */
/* test-escape -- html, xml, csv: texts from outside in other languages. */
#include <stdint.h>

#include "csv.h"
#include "guard.h"
#include "html.h"
#include "tap.h"
#include "xml.h"

#define FFFD "\xef\xbf\xbd"

static struct guard guard;

static const struct {
	const char *text, *html, *xml;
} texts[] = {
    {"", "", ""},
    {"plain", "plain", "plain"},
    {"&", "&amp;", "&amp;"},
    {"&amp;", "&amp;amp;", "&amp;amp;"},
    {"<b>'\"", "&lt;b&gt;&#39;&quot;", "&lt;b&gt;&#39;&quot;"},
    {"a<b", "a&lt;b", "a&lt;b"},
    {"]]>", "]]&gt;", "]]&gt;"},
    {"\xc3\xbc\xf0\x9f\x98\x80", "\xc3\xbc\xf0\x9f\x98\x80",
        "\xc3\xbc\xf0\x9f\x98\x80"},
    {"a\tb\nc\r\n", "a\tb\nc\r\n", "a\tb\nc&#13;\n"},
    {"a\x01\x1f<", "a\x01\x1f&lt;", "a" FFFD FFFD "&lt;"},
    {"\x7f\xc2\x80", "\x7f\xc2\x80", "\x7f\xc2\x80"},
    {"\xef\xbf\xbd\xef\xbf\xbe\xef\xbf\xbf",
        "\xef\xbf\xbd\xef\xbf\xbe\xef\xbf\xbf", FFFD FFFD FFFD},
    {"\xed\xa0\x80", "\xed\xa0\x80", FFFD FFFD FFFD},
    {"a\xff<\xc3", "a\xff&lt;\xc3", "a" FFFD "&lt;" FFFD},
    {"\xc0\x80", "\xc0\x80", FFFD FFFD},
};

static void
test_texts(void)
{
	struct buf b = buf_new(1000);

	for (size_t i = 0; i < LENGTH(texts); i++) {
		size_t len = strlen(texts[i].text);
		struct span s = {guard_tail(&guard, texts[i].text, len), len};

		buf_reset(&b);
		buf_add(&b, "", 0);
		html_text(&b, s);
		tap_is_text(b.data, texts[i].html, "HTML %zu", i);
		buf_reset(&b);
		xml_text(&b, s);
		tap_is_text(b.data, texts[i].xml, "XML %zu", i);
	}
	buf_reset(&b);
	html_text(&b, (struct span){"a\0<", 3});
	tap_ok(b.len == 6 && memcmp(b.data, "a\0&lt;", 6) == 0, "HTML: NUL");
	buf_reset(&b);
	xml_text(&b, (struct span){"a\0<", 3});
	tap_is_text(b.data, "a" FFFD "&lt;", "XML: NUL");
	buf_free(&b);
}

static void
test_format(void)
{
	struct buf b = buf_new(1000);
	const char *none = getenv("MAYFLY_NOT_SET"); /* NULL */

	html_format(&b, "<a b='%s'>%s</a>%s", "'", "<&", none);
	tap_is_text(b.data, "<a b='&#39;'>&lt;&amp;</a>", "format: texts");
	buf_reset(&b);
	html_format(&b, "%d %ld %lld %zu %% %" PRId64, -1, 2L, 3LL, (size_t)4,
	    INT64_MIN);
	tap_is_text(
	    b.data, "-1 2 3 4 % -9223372036854775808", "format: numbers");
	buf_reset(&b);
	html_format(&b, "%s", "");
	html_format(&b, "plain");
	tap_is_text(b.data, "plain", "format: no conversion");
	buf_reset(&b);
	xml_format(&b, "<a>%s</a>", "\r\x01");
	tap_is_text(b.data, "<a>&#13;" FFFD "</a>", "format: XML");
	tap_ok(!b.failed && !b.misused, "all is well");
	buf_free(&b);
}

static void
test_misuse(void)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	static const char *const formats[] = {"a%5d", "a%c", "a%-s", "a%u",
	    "a%hd", "a%lu", "a%l", "a%ll", "a%z", "a%", "a%.3s", "a% d", "a%*d",
	    "a%n", "a%p"};
	struct buf b = buf_new(1000);

	for (size_t i = 0; i < LENGTH(formats); i++) {
		buf_reset(&b);
		html_format(&b, formats[i], 1, 2);
		tap_ok(b.failed && b.misused && !b.no_memory && b.len == 1,
		    "misused: %s", formats[i]);
	}
	buf_reset(&b);
	tap_ok(!b.failed && !b.misused, "and forgotten");
	buf_free(&b);
	b = buf_new(4);
	html_format(&b, "%s", "<<");
	tap_ok(b.failed && !b.misused, "too long is no misuse");
	buf_free(&b);
#pragma GCC diagnostic pop
}

static const struct {
	const char *fields[3];
	int n;
	const char *line;
} rows[] = {
    {{"a"}, 1, "a\r\n"},
    {{""}, 1, "\"\"\r\n"},
    {{NULL}, 1, "\"\"\r\n"},
    {{"", NULL}, 2, ",\r\n"},
    {{"a", "b", "c"}, 3, "a,b,c\r\n"},
    {{"a,b", "c"}, 2, "\"a,b\",c\r\n"},
    {{"\"", "a\"\"b", "\"a\""}, 3, "\"\"\"\",\"a\"\"\"\"b\",\"\"\"a\"\"\"\r\n"},
    {{"a\nb", "\r", "c;d"}, 3, "\"a\nb\",\"\r\",c;d\r\n"},
    {{" a", "a\t", "a b"}, 3, "\" a\",\"a\t\",a b\r\n"},
    {{"\xc3\xbc", "=1+1", "'"}, 3, "\xc3\xbc,=1+1,'\r\n"},
};

static void
test_csv(void)
{
	struct buf b = buf_new(1000);

	for (size_t i = 0; i < LENGTH(rows); i++) {
		buf_reset(&b);
		csv_row(&b, rows[i].fields, rows[i].n);
		tap_is_text(b.data, rows[i].line, "CSV %zu", i);
	}
	buf_free(&b);
}

int
main(void)
{
	guard = guard_new(256);
	test_texts();
	test_format();
	test_misuse();
	test_csv();
	return tap_done();
}
