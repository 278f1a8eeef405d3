/* SPDX-License-Identifier: MIT */
/*
 * main -- run a fuzz target over files, without libFuzzer.
 *
 *	fuzz-NAME [FILE | FOLDER]...
 *
 * Gives each file, and each file in a folder, to LLVMFuzzerTestOneInput() and
 * prints one TAP result for it; a broken property aborts.  Without arguments
 * the folder is fuzz/corpus/NAME below $top_srcdir (default "."), so the
 * program can stand in a list of tests as it is.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base.h"
#include "die.h"

enum {
	INPUT_MAX_BYTES = 1 << 20, /* as libFuzzer's -max_len at most */
	PATH_MAX_BYTES = 4096,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int count;

static NORETURN void
fail(const char *path)
{
	perror(path);
	exit(EXIT_SYSTEM);
}

/* In memory of exactly its size, so that a sanitizer sees every overrun. */
static void
run_file(const char *path, size_t len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;

	if (file == NULL)
		fail(path);
	if (len > INPUT_MAX_BYTES)
		len = INPUT_MAX_BYTES;
	data = xmalloc(len);
	if (fread(data, 1, len, file) != len)
		fail(path);
	fclose(file);
	printf("# %s\n", path);
	fflush(stdout); /* so that an abort shows which one it was */
	LLVMFuzzerTestOneInput(data, len);
	free(data);
	printf("ok %d - %s\n", ++count, path);
}

/* Files in a folder are run; folders in it are not entered. */
static void
run_path(const char *path, bool enter)
{
	char inner[PATH_MAX_BYTES];
	struct dirent **names;
	struct stat st;
	int n;

	if (stat(path, &st) != 0)
		fail(path);
	if (!S_ISDIR(st.st_mode)) {
		run_file(path, (size_t)st.st_size);
		return;
	}
	if (!enter)
		return;
	n = scandir(path, &names, NULL, alphasort);
	if (n < 0)
		fail(path);
	for (int i = 0; i < n; i++) {
		snprintf(inner, sizeof(inner), "%s/%s", path, names[i]->d_name);
		run_path(inner, false);
		free(names[i]);
	}
	free(names);
}

static void
run_corpus(const char *program)
{
	const char *top = getenv("top_srcdir");
	const char *name = strrchr(program, '/');
	char path[PATH_MAX_BYTES];

	name = name != NULL ? name + 1 : program;
	if (strncmp(name, "fuzz-", 5) == 0)
		name += 5;
	snprintf(path, sizeof(path), "%s/fuzz/corpus/%s",
	    top != NULL ? top : ".", name);
	run_path(path, true);
}

int
main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		run_path(argv[i], true);
	if (argc < 2)
		run_corpus(argv[0]);
	printf("1..%d\n", count);
	return EXIT_OK;
}
