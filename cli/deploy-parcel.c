/* SPDX-License-Identifier: MIT */
/*
 * deploy-parcel -- what a deploy is given: files, or folders of them; and their
 * way into the store.
 *
 * Only what is not in the store is copied and described, all of it side by
 * side; nothing of it is stored unless all of it is good.
 */
#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deploy.h"
#include "setting.h"

static int
by_parcel_name(const void *a, const void *b)
{
	const struct deploy_parcel *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static const struct deploy_parcel *
find_parcel(const struct deploy *d, const char *name)
{
	for (int i = 0; i < d->nparcels; i++)
		if (strcmp(d->parcels[i].name, name) == 0)
			return &d->parcels[i];
	return NULL;
}

/* path is used up. */
static int
add_parcel(struct deploy *d, char *path)
{
	struct deploy_parcel *p;
	const char *name = strrchr(path, '/');
	const char *problem;

	name = name == NULL ? path : name + 1;
	problem = descriptor_name_problem(name);
	if (problem != NULL || d->nparcels == STORE_FUNCTIONS_MAX) {
		cli_fail(CLI_FAILED, "functions are in folders of their own",
		    "%s: %s%s", path, problem != NULL ? "its name " : "",
		    problem != NULL ? problem : "there are too many functions");
		free(path);
		return CLI_FAILED;
	}
	d->parcels = cli_realloc(
	    d->parcels, (size_t)(d->nparcels + 1) * sizeof(*d->parcels));
	p = &d->parcels[d->nparcels++];
	*p = (struct deploy_parcel){.path = path, .name = name};
	return CLI_OK;
}

static char *
join_path(const char *folder, const char *file)
{
	size_t size = strlen(folder) + strlen(file) + 2;
	char *path = cli_alloc(size);

	snprintf(path, size, "%s/%s", folder, file);
	return path;
}

/* The executables in a folder; the folder that stands first wins. */
static int
collect_folder(struct deploy *d, const char *folder)
{
	struct dirent *entry;
	struct stat st;
	int code = CLI_OK;
	char *path;
	DIR *dir;

	dir = opendir(folder);
	if (dir == NULL)
		return cli_fail(
		    CLI_NOT_FOUND, NULL, "%s: %s", folder, strerror(errno));
	while (code == CLI_OK) {
		errno = 0; /* the end of the folder leaves it so */
		entry = readdir(dir);
		if (entry == NULL && errno != 0)
			code = cli_fail(CLI_FAILED, NULL, "%s: %s", folder,
			    strerror(errno));
		if (entry == NULL)
			break;
		if (entry->d_name[0] == '.')
			continue;
		path = join_path(folder, entry->d_name);
		if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
		    access(path, X_OK) < 0 ||
		    find_parcel(d, entry->d_name) != NULL)
			free(path);
		else
			code = add_parcel(d, path);
	}
	closedir(dir);
	return code;
}

/* Folders with ':' between. */
static int
collect_folders(struct deploy *d, const char *folders)
{
	char *copy = join_path(folders, ""), *rest = copy, *folder;
	int code = CLI_OK;

	copy[strlen(copy) - 1] = '\0'; /* the '/' */
	while (code == CLI_OK && rest != NULL) {
		folder = strsep(&rest, ":");
		if (*folder != '\0')
			code = collect_folder(d, folder);
	}
	free(copy);
	return code;
}

static int
collect_file(struct deploy *d, const char *file)
{
	struct stat st;
	char *path;

	if (stat(file, &st) < 0)
		return cli_fail(
		    CLI_NOT_FOUND, NULL, "%s: %s", file, strerror(errno));
	if (!S_ISREG(st.st_mode) || access(file, X_OK) < 0)
		return cli_fail(CLI_FAILED, "chmod +x, if it is a function",
		    "%s is not executable", file);
	path = join_path(file, "");
	path[strlen(path) - 1] = '\0'; /* the '/' */
	return add_parcel(d, path);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return strchr(path, ':') != NULL ||
	       (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

int
deploy_collect(struct deploy *d)
{
	const char *folders = setting_text(SETTING_FUNCTIONS);
	int code = CLI_OK, nfolders = 0;

	for (int i = 0; i < d->nwords; i++)
		nfolders += is_folder(d->words[i]) ? 1 : 0;
	d->whole = d->nwords == 0 || nfolders > 0;
	if (nfolders > 0 && nfolders < d->nwords)
		return cli_fail(CLI_USAGE,
		    "folders are the whole application, files a part of it",
		    "files and folders at once");
	if (d->nwords == 0 && folders == NULL)
		return cli_fail(CLI_USAGE, "name folders, or files",
		    "nothing to deploy: MAYFLY_FUNCTIONS is not set");
	if (d->nwords == 0)
		code = collect_folders(d, folders);
	for (int i = 0; code == CLI_OK && i < d->nwords; i++)
		code = d->whole ? collect_folders(d, d->words[i])
		                : collect_file(d, d->words[i]);
	if (code != CLI_OK)
		return code;
	if (d->nparcels == 0)
		return cli_fail(CLI_NOT_FOUND, "build the functions first",
		    "there is no function in %s",
		    d->nwords > 0 ? d->words[0] : folders);
	qsort(d->parcels, (size_t)d->nparcels, sizeof(*d->parcels),
	    by_parcel_name);
	for (int i = 1; i < d->nparcels; i++)
		if (strcmp(d->parcels[i - 1].name, d->parcels[i].name) == 0)
			return cli_fail(CLI_USAGE, NULL, "%s and %s are one",
			    d->parcels[i - 1].path, d->parcels[i].path);
	return CLI_OK;
}

/* ---- into the store ---- */

static int
complain_of_parcel(const struct deploy_parcel *p, const char *problem)
{
	fprintf(stderr, "mayfly: %s: %s\n", p->path, problem);
	return 1;
}

/* Take the hash; copy what is new.  Returns how many failed: 0 or 1. */
static int
take_parcel(struct deploy *d, struct deploy_parcel *p)
{
	char problem[DEPLOY_PROBLEM_BYTES];

	if (!store_write_hash(p->path, p->hash, problem, sizeof(problem)))
		return complain_of_parcel(p, problem);
	if (store_write_has(d->store, p->hash, p->name))
		return 0;
	if (!store_write_take(d->store, p->path, p->name, &p->arrival, problem,
	        sizeof(problem)))
		return complain_of_parcel(p, problem);
	/* Whoever wrote it meanwhile is not waited for. */
	memcpy(p->hash, p->arrival.hash, sizeof(p->hash));
	return 0;
}

/* Whether what a parcel printed is a descriptor of that name. */
static int
check_printed(const struct deploy_parcel *p, struct descriptor_source *s)
{
	struct descriptor *one;

	if (s->printed == NULL)
		return complain_of_parcel(p, s->problem);
	one = descriptor_take(
	    p->arrival.program, s->printed, s->problem, sizeof(s->problem));
	if (one == NULL)
		return complain_of_parcel(p, s->problem);
	descriptor_free(one);
	return 0;
}

static int
keep_all(struct deploy *d, struct deploy_parcel *const *new,
    const struct descriptor_source *sources, int n)
{
	struct store_arrival **arrivals =
	    cli_alloc(((size_t)n + 1) * sizeof(*arrivals));
	const char **names = cli_alloc(((size_t)n + 1) * sizeof(*names));
	char problem[DEPLOY_PROBLEM_BYTES];
	int bad = 0;

	for (int i = 0; i < n; i++) {
		arrivals[i] = &new[i]->arrival;
		names[i] = new[i]->name;
		if (!store_write_describe(d->store, names[i], arrivals[i],
		        sources[i].printed, d->why, problem, sizeof(problem)))
			bad += complain_of_parcel(new[i], problem);
	}
	if (bad == 0 && !store_write_place(d->store, arrivals, names, n,
	                    problem, sizeof(problem)))
		bad += complain_of_parcel(new[0], problem);
	free(arrivals);
	free(names);
	return bad;
}

/* Describe what is new, and make releases of it. */
static int
describe_new(struct deploy *d, struct deploy_parcel *const *new, int n)
{
	struct descriptor_source *sources =
	    cli_alloc((size_t)(n + 1) * sizeof(*sources));
	int bad = 0;

	for (int i = 0; i < n; i++)
		sources[i] = (struct descriptor_source){
		    .program = new[i]->arrival.program};
	if (!descriptor_print_all(sources, n))
		exit(cli_fail(CLI_FAILED, NULL, "out of memory"));
	for (int i = 0; i < n; i++)
		bad += check_printed(new[i], &sources[i]);
	if (bad == 0)
		bad = keep_all(d, new, sources, n);
	for (int i = 0; i < n; i++)
		json_object_put(sources[i].printed);
	free(sources);
	return bad;
}

int
deploy_store(struct deploy *d)
{
	struct deploy_parcel **new =
	    cli_alloc((size_t)(d->nparcels + 1) * sizeof(*new));
	int bad = 0, n = 0;

	for (int i = 0; i < d->nparcels; i++) {
		bad += take_parcel(d, &d->parcels[i]);
		if (d->parcels[i].arrival.folder[0] != '\0')
			new[n++] = &d->parcels[i];
	}
	/* What is wrong with the others is said, too. */
	bad += describe_new(d, new, n);
	for (int i = 0; i < d->nparcels; i++)
		store_write_forget(&d->parcels[i].arrival);
	free(new);
	if (bad > 0)
		return cli_fail(CLI_FAILED,
		    "mend or remove them; functions are in folders of their "
		    "own",
		    "%d of %d executables cannot be functions", bad,
		    d->nparcels);
	return CLI_OK;
}
