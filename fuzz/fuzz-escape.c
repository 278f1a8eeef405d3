/* SPDX-License-Identifier: MIT */
/*
 * fuzz-escape -- any bytes as a text in HTML, XML and CSV.  What must hold:
 * nothing in it begins a tag or ends a value, and a reader gets back what was
 * written, in XML with U+FFFD for what that cannot hold.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "csv.h"
#include "die.h"
#include "html.h"
#include "utf8.h"
#include "xml.h"

enum {
	ROOM_BYTES = 16 << 20,
};

static const struct {
	const char *entity;
	char byte;
} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'},
    {"&#39;", '\''}, {"&#13;", '\r'}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What a reader makes of it, in place; the length. */
static size_t
read_entities(char *text, size_t len)
{
	size_t n = 0, i = 0, e;

	while (i < len) {
		assert(strchr("<>\"'", text[i]) == NULL || text[i] == '\0');
		for (e = 0; text[i] == '&'; e++) {
			assert(e < LENGTH(entities));
			if (strncmp(text + i, entities[e].entity,
			        strlen(entities[e].entity)) == 0)
				break;
		}
		if (text[i] != '&') {
			text[n++] = text[i++];
			continue;
		}
		text[n++] = entities[e].byte;
		i += strlen(entities[e].entity);
	}
	return n;
}

static void
check_html(struct span text)
{
	struct buf b = buf_new(ROOM_BYTES);

	html_text(&b, text);
	assert(!b.failed && read_entities(b.data, b.len) == text.len);
	assert(text.len == 0 || memcmp(b.data, text.at, text.len) == 0);
	buf_free(&b);
}

static void
check_xml(struct span text)
{
	struct buf b = buf_new(ROOM_BYTES);
	struct span got;
	int32_t is, was;

	buf_add(&b, "", 0);
	xml_text(&b, text);
	assert(!b.failed && (b.len == 0 || utf8_length(b.data, b.len) > 0));
	for (got = (struct span){b.data, read_entities(b.data, b.len)};
	     utf8_next(&got, &is);) {
		if (!utf8_next(&text, &was)) {
			assert(text.len > 0 && is == 0xfffd);
			text = (struct span){text.at + 1, text.len - 1};
			continue;
		}
		assert(is == was ||
		       (is == 0xfffd && (was < 0x20 || was >= 0xfffe)));
		assert(is >= 0x20 || is == '\t' || is == '\n' || is == '\r');
	}
	assert(got.len == 0 && text.len == 0);
	buf_free(&b);
}

/* One field between two others; what stands behind a NUL is no part of it. */
static void
check_csv(struct span text)
{
	char *field = xmalloc(text.len + 1), *at, *got;
	const char *const fields[] = {"a", field, NULL};
	struct buf b = buf_new(ROOM_BYTES);

	if (text.len > 0)
		memcpy(field, text.at, text.len);
	field[text.len] = '\0';
	csv_row(&b, fields, 3);
	assert(!b.failed && strncmp(b.data, "a,", 2) == 0);
	got = at = b.data + 2;
	if (*at != '"') {
		assert(strcspn(at, ",\r\n\"") == strlen(field));
		at += strlen(field);
	} else {
		char *to = got;

		for (at++; *at != '"' || at[1] == '"'; at++) {
			at += *at == '"' ? 1 : 0;
			assert(*at != '\0');
			*to++ = *at;
		}
		at++;
		assert((size_t)(to - got) == strlen(field));
	}
	assert(strncmp(got, field, strlen(field)) == 0);
	assert(strcmp(at, ",\r\n") == 0);
	buf_free(&b);
	free(field);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = {(const char *)data, len};

	check_html(text);
	check_xml(text);
	check_csv(text);
	return 0;
}
