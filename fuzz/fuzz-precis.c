/* SPDX-License-Identifier: MIT */
/*
 * fuzz-precis -- any bytes as a name and as a password.  What must hold: what
 * comes out is UTF-8 in NFC without control characters; it is accepted again
 * and becomes itself; text and its decomposed form have the same result; less
 * room is refused and not overstepped; a name is one segment of a path, can be
 * seen, and has no space at an end nor two in a row.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "die.h"
#include "precis.h"
#include "utf8.h"

typedef const char *precis_rule(struct span text, char *out, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
check_settled(precis_rule *rule, const char *out)
{
	size_t len = strlen(out), room = UTF8_NFC_ROOM(len);
	char *again = xmalloc(room);

	assert(utf8_length(out, len) > 0);
	assert(!utf8_has_control(out, len) && !utf8_is_blank(out, len));
	assert(utf8_nfc(out, len, again, room) == (ptrdiff_t)len);
	assert(strcmp(out, again) == 0);
	assert(rule((struct span){out, len}, again, room) == NULL);
	assert(strcmp(out, again) == 0);
	free(again);
}

/* The same text in its other normal form; only for UTF-8. */
static void
check_decomposed(
    precis_rule *rule, struct span text, const char *fault, const char *out)
{
	const char *other_fault;
	utf8proc_uint8_t *apart;
	char *other;
	ptrdiff_t n = utf8proc_map((const utf8proc_uint8_t *)text.at,
	    (utf8proc_ssize_t)text.len, &apart,
	    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);

	assert(n >= 0);
	other = xmalloc(UTF8_NFC_ROOM(n));
	other_fault = rule((struct span){(const char *)apart, (size_t)n}, other,
	    UTF8_NFC_ROOM(n));
	if (fault == NULL)
		assert(other_fault == NULL && strcmp(out, other) == 0);
	else
		assert(other_fault != NULL && strcmp(fault, other_fault) == 0);
	free(other);
	free(apart);
}

static void
check_room(precis_rule *rule, struct span text, const char *out)
{
	size_t need = strlen(out) + 1;
	char *exact = xmalloc(need);
	const char *fault = rule(text, exact, need - 1);

	assert(fault != NULL && strcmp(fault, "is too long") == 0);
	assert(rule(text, exact, need) == NULL && strcmp(exact, out) == 0);
	free(exact);
}

static void
check(precis_rule *rule, struct span text)
{
	char *out = xmalloc(UTF8_NFC_ROOM(text.len));
	const char *fault = rule(text, out, UTF8_NFC_ROOM(text.len));

	assert(fault != precis_no_memory);
	assert(fault == NULL || strcmp(fault, "is too long") != 0);
	if (utf8_length(text.at, text.len) < 0)
		assert(fault != NULL);
	else
		check_decomposed(rule, text, fault, out);
	if (fault == NULL) {
		check_settled(rule, out);
		check_room(rule, text, out);
	}
	if (fault == NULL && rule == precis_name) {
		assert(strpbrk(out, "/\\;?#%") == NULL);
		assert(strcmp(out, ".") != 0 && strcmp(out, "..") != 0);
		assert(out[0] != ' ' && out[strlen(out) - 1] != ' ');
		assert(strstr(out, "  ") == NULL);
	}
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span text = {(const char *)data, len};

	check(precis_name, text);
	check(precis_password, text);
	return 0;
}
