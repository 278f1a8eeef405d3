/* SPDX-License-Identifier: MIT */
/*
 * fuzz-cookie -- any bytes as a Cookie header, and as the value of one.  What
 * must hold: the cookies are those of a second reader, which goes from byte to
 * byte; written as NAME="VALUE" they read as themselves; a value is decoded as
 * url_decode() does it or not at all, and is itself when every byte was %XX.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cookie.h"
#include "die.h"
#include "url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool
is_white(char c)
{
	return c == ' ' || c == '\t';
}

/* Where the next cookie of s[0..len) from *at on is; false for none.  The ends
 * are pulled together from both sides. */
static bool
second_reader(const char *s, size_t len, size_t *at, struct span *name,
    struct span *value)
{
	while (*at < len) {
		size_t from = *at, equals, end = *at;

		while (end < len && s[end] != ';')
			end++;
		*at = end + 1;
		for (equals = from; equals < end && s[equals] != '='; equals++)
			continue;
		if (equals == end)
			continue;
		name->at = s + from;
		name->len = equals - from;
		value->at = s + equals + 1;
		value->len = end - equals - 1;
		for (int i = 0; i < 2; i++) {
			struct span *part = i == 0 ? name : value;

			while (part->len > 0 && is_white(*part->at)) {
				part->at++;
				part->len--;
			}
			while (
			    part->len > 0 && is_white(part->at[part->len - 1]))
				part->len--;
		}
		if (name->len == 0)
			continue;
		if (value->len > 1 && *value->at == '"' &&
		    value->at[value->len - 1] == '"') {
			value->at++;
			value->len -= 2;
		}
		return true;
	}
	return false;
}

static size_t
put(char *out, size_t at, const char *bytes, size_t len)
{
	if (len > 0)
		memcpy(out + at, bytes, len);
	return at + len;
}

/* All cookies of header as one that means the same.  A cookie is three bytes at
 * least, with its ';', and four more become of it. */
static size_t
write_again(struct span header, char *out)
{
	struct span name, value;
	size_t n = 0;

	while (cookie_next(&header, &name, &value)) {
		n = put(out, n, name.at, name.len);
		n = put(out, n, "=\"", 2);
		n = put(out, n, value.at, value.len);
		n = put(out, n, "\"; ", 3);
	}
	return n;
}

static void
check_header(struct span header)
{
	char *once = xmalloc(4 * header.len + 8);
	char *twice = xmalloc(4 * (4 * header.len + 8) + 8);
	struct span rest = header, name, value, second_name, second_value;
	size_t at = 0, n;

	while (cookie_next(&rest, &name, &value)) {
		assert(second_reader(
		    header.at, header.len, &at, &second_name, &second_value));
		assert(name.at == second_name.at);
		assert(name.len == second_name.len && name.len > 0);
		assert(value.len == second_value.len);
		assert(value.at == second_value.at || value.len == 0);
		assert(
		    value.len == 0 || memchr(value.at, ';', value.len) == NULL);
	}
	assert(!second_reader(
	    header.at, header.len, &at, &second_name, &second_value));
	assert(rest.len == 0 && rest.at == header.at + header.len);
	name = value = header;
	assert(!cookie_next(&rest, &name, &value));
	assert(name.at == header.at && name.len == header.len);
	assert(value.at == header.at && value.len == header.len);
	n = write_again(header, once);
	assert(n <= 4 * header.len + 8);
	assert(write_again((struct span){once, n}, twice) == n);
	assert(memcmp(once, twice, n) == 0);
	free(once);
	free(twice);
}

static void
check_value(struct span value)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	char *out = xmalloc(value.len + 1), *by_url = xmalloc(value.len + 1);
	char *encoded = xmalloc(3 * value.len);
	char *back = xmalloc(3 * value.len + 1);
	size_t n = cookie_decode(value, out);
	ptrdiff_t want = url_decode(value, false, by_url);

	assert(out[n] == '\0');
	if (want >= 0)
		assert(n == (size_t)want && memcmp(out, by_url, n) == 0);
	else
		assert(n == value.len && memcmp(out, value.at, n) == 0);
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		encoded[3 * i] = '%';
		encoded[3 * i + 1] = hex[c >> 4];
		encoded[3 * i + 2] = hex[c % 16 + (c % 16 > 9 && c > 127) * 6];
	}
	assert(cookie_decode((struct span){encoded, 3 * value.len}, back) ==
	       value.len);
	assert(value.len == 0 || memcmp(back, value.at, value.len) == 0);
	free(out);
	free(by_url);
	free(encoded);
	free(back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span s = {(const char *)data, len};

	check_header(s);
	check_value(s);
	return 0;
}
