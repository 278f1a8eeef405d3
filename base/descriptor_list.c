/* SPDX-License-Identifier: MIT */
/* descriptor_list -- all functions in folders: see descriptor.h. */
#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptor.h"
#include "setting.h"

enum {
	FUNCTIONS_MAX = 1024,     /* in all folders */
	PROGRAM_MAX_BYTES = 4096, /* PATH_MAX */
};

struct listing {
	struct descriptor_source *sources; /* FUNCTIONS_MAX of them */
	int n;
	void (*complain)(const char *program, const char *problem);
};

static int
by_descriptor_name(const void *a, const void *b)
{
	const struct descriptor *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static void
pass_over(const struct listing *l, const char *program, const char *problem)
{
	if (l->complain != NULL)
		l->complain(program, problem);
}

/* The folder that stands first wins, as in PATH. */
static bool
is_taken(const struct listing *l, const char *name)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(strrchr(l->sources[i].program, '/') + 1, name) == 0)
			return true;
	return false;
}

/* Only a file whose name could be a function's is run at all.  False when
 * memory is out. */
static bool
list_file(struct listing *l, const char *folder, const char *name)
{
	char program[PROGRAM_MAX_BYTES];
	struct stat st;
	int len;

	len = snprintf(program, sizeof(program), "%s/%s", folder, name);
	if (len < 0 || (size_t)len >= sizeof(program) ||
	    stat(program, &st) < 0 || !S_ISREG(st.st_mode) ||
	    access(program, X_OK) < 0)
		return true;
	if (descriptor_name_problem(name) != NULL) {
		pass_over(l, program, "its name is not [a-z][a-z0-9-]{0,47}");
		return true;
	}
	if (is_taken(l, name))
		return true;
	if (l->n == FUNCTIONS_MAX) {
		pass_over(l, program, "there are too many functions");
		return true;
	}
	l->sources[l->n].program = strdup(program);
	if (l->sources[l->n].program == NULL)
		return false;
	l->n++;
	return true;
}

/* False with errno. */
static bool
list_folder(struct listing *l, const char *folder)
{
	struct dirent *entry;
	bool good = true;
	int error = 0;
	DIR *dir;

	dir = opendir(folder);
	if (dir == NULL)
		return false;
	while (good) {
		errno = 0; /* the end of the folder leaves it so */
		entry = readdir(dir);
		error = errno;
		if (entry == NULL)
			break;
		if (entry->d_name[0] != '.')
			good = list_file(l, folder, entry->d_name);
	}
	closedir(dir);
	errno = good ? error : ENOMEM;
	return good && error == 0;
}

static bool
list_folders(struct listing *l, const char *folders)
{
	char *copy = strdup(folders), *rest = copy, *folder;
	bool good = copy != NULL;

	while (good && rest != NULL) {
		folder = strsep(&rest, ":");
		if (*folder != '\0')
			good = list_folder(l, folder);
	}
	free(copy);
	return good;
}

static struct descriptor *
take_source(const struct listing *l, struct descriptor_source *s)
{
	struct descriptor *d;

	if (s->printed == NULL) {
		pass_over(l, s->program, s->problem);
		return NULL;
	}
	d = descriptor_take(
	    s->program, s->printed, s->problem, sizeof(s->problem));
	if (d != NULL && setting_own_there(d->settings, d->nsettings,
	                     s->problem, sizeof(s->problem)))
		return d;
	pass_over(l, s->program, s->problem);
	descriptor_free(d);
	return NULL;
}

static void
listing_free(struct listing *l)
{
	union {
		const char *in;
		char *out;
	} program; /* of strdup() */

	for (int i = 0; i < l->n; i++) {
		program.in = l->sources[i].program;
		free(program.out);
		json_object_put(l->sources[i].printed);
	}
	free(l->sources);
}

int
descriptor_list(const char *folders, struct descriptor ***list,
    void (*complain_to)(const char *program, const char *problem))
{
	struct listing l = {.complain = complain_to};
	struct descriptor **found, *d;
	int n = 0;

	l.sources = calloc(FUNCTIONS_MAX, sizeof(*l.sources));
	found = calloc(FUNCTIONS_MAX, sizeof(struct descriptor *));
	if (l.sources == NULL || found == NULL || !list_folders(&l, folders) ||
	    !descriptor_print_all(l.sources, l.n)) {
		listing_free(&l);
		free(found);
		return -1;
	}
	for (int i = 0; i < l.n; i++) {
		d = take_source(&l, &l.sources[i]);
		if (d != NULL)
			found[n++] = d;
	}
	listing_free(&l);
	if (n > 0)
		qsort(found, (size_t)n, sizeof(struct descriptor *),
		    by_descriptor_name);
	*list = found;
	return n;
}

void
descriptor_list_free(struct descriptor **list, int n)
{
	for (int i = 0; i < n; i++)
		descriptor_free(list[i]);
	free(list);
}
