/* SPDX-License-Identifier: MIT */
/* store-prune -- see store-prune.h. */
#include "store-prune.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "store-file.h"
#include "store-write.h"

enum {
	KEY_BYTES = 256, /* APP/NAME, with NUL */
};

/* The releases of one function that stay, the newest first. */
struct kept {
	char name[KEY_BYTES];
	char hashes[STORE_PRUNE_RELEASES + 3][STORE_HASH_CHARS + 1];
	int n;
};

struct keeping {
	struct kept *list; /* sorted by name */
	int n, room;
};

static struct kept *
find_kept(struct keeping *k, const char *name, int *place)
{
	int low = 0, high = k->n, middle, order;

	while (low < high) {
		middle = (low + high) / 2;
		order = strcmp(k->list[middle].name, name);
		if (order == 0)
			return &k->list[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*place = low;
	return NULL;
}

static struct kept *
add_kept(struct keeping *k, const char *app, const char *function)
{
	char name[KEY_BYTES];
	struct kept *one;
	int place = 0;

	snprintf(name, sizeof(name), "%s/%s", app, function);
	one = find_kept(k, name, &place);
	if (one != NULL)
		return one;
	if (k->n == k->room) {
		k->room = k->room * 2 + 64;
		k->list =
		    cli_realloc(k->list, (size_t)k->room * sizeof(*k->list));
	}
	one = &k->list[place];
	memmove(one + 1, one, (size_t)(k->n - place) * sizeof(*one));
	k->n++;
	one->n = 0;
	snprintf(one->name, sizeof(one->name), "%s", name);
	return one;
}

static bool
is_kept(const struct kept *one, const char *hash)
{
	for (int i = 0; i < one->n; i++)
		if (strcmp(one->hashes[i], hash) == 0)
			return true;
	return false;
}

/* Whether it stays: it did so before, or there is room.  What counts now always
 * has room. */
static bool
keep_release(struct kept *one, const char *hash, bool always)
{
	if (hash[0] == '\0' || is_kept(one, hash))
		return true;
	if (one->n >=
	    (always ? (int)LENGTH(one->hashes) : STORE_PRUNE_RELEASES))
		return false;
	memcpy(one->hashes[one->n++], hash, STORE_HASH_CHARS + 1);
	return true;
}

/* Whether the generation stays, and then all that it serves. */
static bool
keep_generation(struct keeping *k, const char *app,
    const struct store_generation *g, bool always)
{
	bool good = true;

	for (int i = 0; i < g->n; i++) {
		const struct store_function *f = &g->functions[i];
		struct kept *one = add_kept(k, app, f->name);

		good = keep_release(one, f->release, always) && good;
		good = keep_release(one, f->canary, always) && good;
		if (always)
			good = keep_release(one, f->previous, true) && good;
	}
	return good || always;
}

static bool
is_served_now(const char *hash, char *const *served, int n)
{
	for (int i = 0; i < n; i++)
		if (strncmp(served[i], hash, STORE_SHORT_CHARS) == 0)
			return true;
	return false;
}

static int
compare_hashes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Folders of releases that nothing names. */
static void
remove_releases(
    const char *store, const struct keeping *k, char *const *served, int n)
{
	const char **hashes;
	char path[STORE_PATH_MAX];
	struct dirent *entry;
	const char *key;
	size_t total = 0;
	DIR *dir;

	for (int i = 0; i < k->n; i++)
		total += (size_t)k->list[i].n;
	hashes = cli_alloc((total + 1) * sizeof(*hashes));
	total = 0;
	for (int i = 0; i < k->n; i++)
		for (int h = 0; h < k->list[i].n; h++)
			hashes[total++] = k->list[i].hashes[h];
	qsort(hashes, total, sizeof(*hashes), compare_hashes);
	dir = opendir(store);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		key = entry->d_name;
		if (!store_is_hash(key) || is_served_now(key, served, n) ||
		    bsearch(&key, hashes, total, sizeof(*hashes),
		        compare_hashes) != NULL ||
		    !store_path(path, store, key, ""))
			continue;
		path[strlen(path) - 1] = '\0'; /* the '/' */
		store_file_remove(path);
	}
	if (dir != NULL)
		closedir(dir);
	free(hashes);
}

/* What one of another application names is not ours to remove. */
static void
keep_others(struct keeping *k, const char *store, const char *app)
{
	struct store_generation g;
	char problem[256];
	struct dirent *entry;
	int *numbers, n;
	DIR *dir;

	dir = opendir(store);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' || store_is_hash(entry->d_name) ||
		    strcmp(entry->d_name, app) == 0)
			continue;
		n = store_write_numbers(
		    store, entry->d_name, &numbers, problem, sizeof(problem));
		for (int i = 0; i < n; i++) {
			if (store_read(store, entry->d_name, numbers[i], &g,
			        problem, sizeof(problem)) == STORE_READ)
				keep_generation(k, entry->d_name, &g, true);
			store_free(&g);
		}
		free(numbers);
	}
	if (dir != NULL)
		closedir(dir);
}

void
store_prune(const char *store, const char *app, char *const *served, int n)
{
	struct keeping k = {.list = NULL};
	struct store_generation g;
	char problem[256];
	int *numbers, total, current;

	if (store_read(store, app, 0, &g, problem, sizeof(problem)) !=
	    STORE_READ)
		return;
	current = g.number;
	keep_generation(&k, app, &g, true);
	store_free(&g);
	total =
	    store_write_numbers(store, app, &numbers, problem, sizeof(problem));
	for (int i = 0; i < total; i++) {
		if (numbers[i] >= current)
			continue;
		if (store_read(store, app, numbers[i], &g, problem,
		        sizeof(problem)) != STORE_READ ||
		    i >= STORE_PRUNE_GENERATIONS ||
		    !keep_generation(&k, app, &g, false))
			store_write_remove(store, app, numbers[i]);
		store_free(&g);
	}
	free(numbers);
	keep_others(&k, store, app);
	remove_releases(store, &k, served, n);
	free(k.list);
}
