/* SPDX-License-Identifier: MIT */
/* store-generation -- see store-write.h: generations. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "out.h"
#include "stamp.h"
#include "store-file.h"
#include "store-write.h"

/* STORE/APP/N.json */
static bool
path_of(char path[STORE_PATH_MAX], const char *store, const char *app,
    int number, char *problem, size_t size)
{
	char file[32];

	snprintf(file, sizeof(file), "%d.json", number);
	if (store_path(path, store, app, file))
		return true;
	snprintf(problem, size, "the path of the store is too long");
	return false;
}

/* Of "N.json"; 0 for another name. */
static int
generation_of_file(const char *file)
{
	size_t digits = strspn(file, "0123456789");
	long n;

	if (digits < 1 || digits > 9 || file[0] == '0' ||
	    strcmp(file + digits, ".json") != 0)
		return 0;
	n = strtol(file, NULL, 10);
	return (int)n;
}

/* Its parents are there; it is entered by the daemon's user alone. */
static bool
make_folder(const char *path, char *problem, size_t size)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return true;
	snprintf(problem, size, "%s: %s", path, strerror(errno));
	return false;
}

bool
store_write_folders(
    const char *store, const char *app, char *problem, size_t size)
{
	char path[STORE_PATH_MAX];

	if (!store_path(path, store, app, "")) {
		snprintf(problem, size, "the path of the store is too long");
		return false;
	}
	path[strlen(path) - 1] = '\0'; /* the '/' */
	return make_folder(store, problem, size) &&
	       make_folder(path, problem, size);
}

static int
descending(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return *x < *y ? 1 : *x > *y ? -1 : 0;
}

int
store_write_numbers(const char *store, const char *app, int **numbers,
    char *problem, size_t size)
{
	char path[STORE_PATH_MAX];
	struct dirent *entry;
	int n = 0, room = 0;
	DIR *dir = NULL;

	*numbers = NULL;
	if (store_path(path, store, app, ""))
		dir = opendir(path);
	if (dir == NULL && errno == ENOENT)
		return 0;
	if (dir == NULL) {
		snprintf(
		    problem, size, "%s/%s: %s", store, app, strerror(errno));
		return -1;
	}
	while ((entry = readdir(dir)) != NULL) {
		int number = generation_of_file(entry->d_name);

		if (number == 0)
			continue;
		if (n == room) {
			room = room * 2 + 16;
			*numbers = cli_realloc(
			    *numbers, (size_t)room * sizeof(**numbers));
		}
		(*numbers)[n++] = number;
	}
	closedir(dir);
	if (n > 0)
		qsort(*numbers, (size_t)n, sizeof(**numbers), descending);
	return n;
}

static void
write_function(struct out *o, const struct store_function *f)
{
	out_begin(o, NULL);
	out_text(o, "name", f->name);
	out_text(o, "release", f->release);
	if (f->previous[0] != '\0')
		out_text(o, "previous", f->previous);
	if (f->canary[0] != '\0') {
		out_text(o, "canary", f->canary);
		out_int(o, "share", f->share);
	}
	out_end(o);
}

bool
store_write_generation(const char *store, const char *app,
    const struct store_generation *g, char *problem, size_t size)
{
	struct out o = out_new(STORE_FILE_MAX_BYTES);
	char path[STORE_PATH_MAX], folder[STORE_PATH_MAX];
	char now[STAMP_TEXT_BYTES];
	bool good = false;

	stamp_now(now);
	out_begin(&o, NULL);
	out_int(&o, "generation", g->number);
	out_text(&o, "at", now);
	out_text(&o, "why", g->why);
	out_list(&o, "functions");
	for (int i = 0; i < g->n; i++)
		write_function(&o, &g->functions[i]);
	out_end(&o);
	out_end(&o);
	if (o.buf.failed)
		snprintf(problem, size, "the generation is too long");
	else
		good = path_of(path, store, app, g->number, problem, size) &&
		       store_path(folder, store, app, "") &&
		       store_file_write(
		           path, o.buf.data, o.buf.len, problem, size) &&
		       store_file_sync(folder, problem, size);
	buf_free(&o.buf);
	return good;
}

void
store_write_remove(const char *store, const char *app, int number)
{
	char path[STORE_PATH_MAX], problem[64];

	if (path_of(path, store, app, number, problem, sizeof(problem)))
		unlink(path);
}

/* Each file of a folder that wanted() is taken away. */
static void
sweep_folder(
    const char *store, const char *folder, bool (*unwanted)(const char *name))
{
	char path[STORE_PATH_MAX], file[STORE_PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int n;

	if (!store_path(path, store, folder, ""))
		return;
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (!unwanted(entry->d_name))
			continue;
		n = snprintf(file, sizeof(file), "%s%s", path, entry->d_name);
		if (n < 0 || (size_t)n >= sizeof(file))
			continue;
		if (unlink(file) != 0)
			store_file_remove(file);
	}
	if (dir != NULL)
		closedir(dir);
}

static bool
is_new_folder(const char *name)
{
	return strncmp(name, ".new-", 5) == 0;
}

static bool
is_beside(const char *name)
{
	size_t len = strlen(name);

	return len > 1 && name[len - 1] == '~';
}

void
store_write_sweep(const char *store, const char *app)
{
	struct store_generation g;
	char problem[256];
	int *numbers, n;

	sweep_folder(store, ".", is_new_folder);
	sweep_folder(store, app, is_beside);
	if (store_read(store, app, 0, &g, problem, sizeof(problem)) ==
	    STORE_BAD)
		return;
	n = store_write_numbers(store, app, &numbers, problem, sizeof(problem));
	for (int i = 0; i < n; i++)
		if (numbers[i] > g.number)
			store_write_remove(store, app, numbers[i]);
	free(numbers);
	store_free(&g);
}
