/* SPDX-License-Identifier: MIT */
/* test-markdown -- blog/markdown: CommonMark, nothing that runs, bounds, time.
 */
#include "markdown.h"

#include <stdlib.h>

#include "arena.h"
#include "guard.h"
#include "safe_html.h"
#include "tap.h"

static struct guard guard;
static struct arena *arena;

static const char *
html_of(const char *text)
{
	size_t len = strlen(text);

	return markdown_html(
	    arena, (struct span){guard_tail(&guard, text, len), len})
	    .at;
}

static const struct {
	const char *text, *want;
} rows[] = {
    {"", ""},
    {"a", "<p>a</p>\n"},
    {"# T\n\n*a* **b** `c<d`", "<h1>T</h1>\n<p><em>a</em> <strong>b</strong> "
                               "<code>c&lt;d</code></p>\n"},
    {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
    {"3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"},
    {"> a\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr />\n"},
    {"```c\nif (a < b)\n```",
        "<pre><code class=\"language-c\">if (a &lt; b)\n</code></pre>\n"},
    {"[a](http://b/?c&d \"e\")",
        "<p><a href=\"http://b/?c&amp;d\" title=\"e\">a</a></p>\n"},
    {"![a](b.png)", "<p><img src=\"b.png\" alt=\"a\" /></p>\n"},
    {"<https://a.b/>", "<p><a href=\"https://a.b/\">https://a.b/</a></p>\n"},
    {"a  \nb", "<p>a<br />\nb</p>\n"},
    {"日本語 **é**", "<p>日本語 <strong>é</strong></p>\n"},
    {"<b>a</b>",
        "<p><!-- raw HTML omitted -->a<!-- raw HTML omitted --></p>\n"},
    {"<script>alert(1)</script>", "<!-- raw HTML omitted -->\n"},
    {"[a](javascript:alert(1))", "<p><a href=\"\">a</a></p>\n"},
};

static void
check_rows(void)
{
	for (size_t i = 0; i < LENGTH(rows); i++)
		tap_is_text(html_of(rows[i].text), rows[i].want, "row %zu", i);
}

/* What has been used against those who make HTML of texts. */
static const char *const attacks[] = {
    "<script>alert(1)</script>",
    "<ScRiPt src=//x></sCrIpT>",
    "a <img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)>",
    "<a href=\"javascript:alert(1)\">a</a>",
    "<div onmouseover=\"alert(1)\">a</div>",
    "<style>@import 'x'</style>",
    "<base href=//x>",
    "<meta http-equiv=refresh content=0>",
    "<form action=x><input type=submit>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[><script>alert(1)</script>]]>",
    "<?php x ?><script>alert(1)</script>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a]( javascript:alert(1))",
    "[a](<javascript:alert(1)>)",
    "[a](<\tjavascript:alert(1)>)",
    "[a](java&#115;cript:alert(1))",
    "[a](&#x6A;avascript:alert(1))",
    "[a](&#106&#97;vascript:alert(1))",
    "[a](java&Tab;script:alert(1))",
    "[a](java&NewLine;script:alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](&#1;javascript:alert(1))",
    "[a](java\\script:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](javascript&#58;alert(1))",
    "[a](vbscript:x)",
    "[a](VBScript:x)",
    "[a](file:///etc/passwd)",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml;base64,x)",
    "![a\" onerror=\"alert(1)](x)",
    "![a](x\"onerror=\"alert(1))",
    "![a](x 'y\" onerror=\"alert(1)')",
    "[a](x \"y\\\" onclick=\\\"alert(1)\")",
    "[a]: javascript:alert(1)\n\n[a]",
    "[a]: <java&#115;cript:alert(1)> 'x'\n\n[a][a]",
    "<javascript:alert(1)>",
    "<JAVASCRIPT:alert(1)>",
    "<data:text/html,x>",
    "<a@b.c\" onclick=\"alert(1)>",
    "```\"><script>alert(1)</script>\na\n```",
    "``` x\" onclick=\"alert(1)\na\n```",
    "~~~ <script>\n</code></pre><script>alert(1)</script>\n~~~",
    "    </code></pre><script>alert(1)</script>",
    "`</code><script>alert(1)</script>`",
    "# <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)</script>",
    "[<script>alert(1)</script>](x)",
    "[![a](x)](javascript:alert(1))",
    "**<b onclick=alert(1)>**",
};

static void
check_attacks(void)
{
	int unsafe = 0;

	for (size_t i = 0; i < LENGTH(attacks); i++) {
		const char *html = html_of(attacks[i]);

		if (find_unsafe(html) != NULL) {
			tap_note("%s gives %s", attacks[i], html);
			unsafe++;
		}
	}
	tap_is_int(
	    unsafe, 0, "none of %zu attacks leaves what runs", LENGTH(attacks));
}

/* The reader that says so finds what does run. */
static void
check_reader(void)
{
	static const char *const bad[] = {"<script>", "<p onclick=\"x\">",
	    "<a href=\"javascript:x\">", "<a href=\" JAVA\nSCRIPT:x\">",
	    "<img src=\"data:text/html,x\">", "<img src=x />", "<a href='x'>",
	    "a < b", "<!-- x -->", "<a href=\"&#106;avascript:x\">"};
	int missed = 0;

	for (size_t i = 0; i < LENGTH(bad); i++)
		missed += find_unsafe(bad[i]) == NULL;
	tap_is_int(missed, 0, "which would be seen");
}

/* One after the other: as long as a body can be, and done. */
static void
check_pathological(void)
{
	static const char *const parts[] = {"[", "![", "[a](", "*a ", "_a ",
	    "*a_ ", "**", "`", "a**b", "<!--", "<?", "<!A ", "<![CDATA[", "</",
	    "[a][", "[a]: ", "> ", "- ", "\"", "&", "a\n- ", "![[]()", "[[]",
	    "*_`[", "**_* ", ">", "- \n", "1. ", "[](<", "\\", "<a@b.c>"};
	size_t unsafe = 0;

	for (size_t i = 0; i < LENGTH(parts); i++) {
		size_t len = strlen(parts[i]), n = MARKDOWN_MAX / len;
		char *text = malloc(n * len + 1);

		for (size_t k = 0; k < n; k++)
			memcpy(text + k * len, parts[i], len);
		text[n * len] = '\0';
		unsafe += find_unsafe(html_of(text)) != NULL;
		free(text);
		arena_reset(arena);
	}
	tap_is_int(
	    (int64_t)unsafe, 0, "patterns that take long: %zu", LENGTH(parts));
}

static char *
repeat(const char *part, size_t n)
{
	size_t len = strlen(part);
	char *text = malloc(n * len + 1);

	for (size_t k = 0; k < n; k++)
		memcpy(text + k * len, part, len);
	text[n * len] = '\0';
	return text;
}

static void
check_bounds(void)
{
	static const struct {
		const char *part;
		size_t n;
		bool plain;
	} cases[] = {
	    {"x", MARKDOWN_MAX, false}, {"x", MARKDOWN_MAX + 1, true},
	    {"ü", MARKDOWN_MAX, false}, {"ü", MARKDOWN_MAX + 1, true},
	    {"![]", 4472, false}, /* the root of 20,000,000 */
	    {"![]", 4473, true},
	    {">", MARKDOWN_MAX, true}, /* 27 bytes of HTML for each */
	};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char *text = repeat(cases[i].part, cases[i].n);
		bool plain = strncmp(html_of(text), "<pre>", 5) == 0;

		tap_ok(plain == cases[i].plain, "%zu times %s is %s",
		    cases[i].n, cases[i].part, plain ? "plain" : "made");
		free(text);
		arena_reset(arena);
	}
	tap_is_text(markdown_html(arena, (struct span){"a\xff<", 3}).at,
	    "<pre>a\xff&lt;</pre>\n", "what is not UTF-8 is plain, too");
}

static void
check_minutes(void)
{
	static const struct {
		const char *part;
		size_t n;
		int64_t want;
	} cases[] = {{"", 0, 1}, {"word ", 238, 1}, {"word\n\n", 239, 2},
	    {"\xe6\xbc\xa2", 238, 1}, {"\xe6\xbc\xa2", 239, 2},
	    {"x\xe6\xbc\xa2", 238, 2}, {"ab", 100000, 1}, {" \t\n", 100, 1}};

	for (size_t i = 0; i < LENGTH(cases); i++) {
		char *text = repeat(cases[i].part, cases[i].n);

		tap_is_int(markdown_minutes((struct span){text, strlen(text)}),
		    cases[i].want, "%zu times text %zu", cases[i].n, i);
		free(text);
	}
}

int
main(void)
{
	guard = guard_new(4 * MARKDOWN_MAX + 8);
	arena = arena_new(64 << 20);
	check_rows();
	check_attacks();
	check_reader();
	check_pathological();
	check_bounds();
	check_minutes();
	arena_free(arena);
	return tap_done();
}
