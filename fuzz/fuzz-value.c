/* SPDX-License-Identifier: MIT */
/*
 * fuzz-value -- words, a line break, and any bytes as one of the words.  What
 * must hold: the text is the word of the number it is given, and no word before
 * that; without a number it is none of them.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* As fn_check wants them: one blank between words, none around. */
static bool
are_choices(const char *words)
{
	size_t len = strlen(words);

	return len > 0 && words[0] != ' ' && words[len - 1] != ' ' &&
	       strstr(words, "  ") == NULL;
}

/* Consumes words. */
static int
second_reader(char *words, const char *text)
{
	char *rest = words, *word;

	for (int i = 0; (word = strsep(&rest, " ")) != NULL; i++)
		if (strcmp(word, text) == 0)
			return i;
	return -1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *copy = xmalloc(len + 1), *text;
	size_t words_len;
	int i, want;

	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	words_len = strcspn(copy, "\n");
	if (copy[words_len] == '\n') {
		copy[words_len] = '\0';
		text = copy + words_len + 1;
		len -= words_len + 1;
		if (are_choices(copy)) {
			/* The bytes themselves: a sanitizer knows their end. */
			i = value_choice(
			    copy, (struct span){
			              (const char *)data + words_len + 1, len});
			want = second_reader(copy, text);
			assert(i == (strlen(text) == len ? want : -1));
		}
	}
	free(copy);
	return 0;
}
