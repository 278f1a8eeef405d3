/* SPDX-License-Identifier: MIT */
/* registry -- see registry.h. */
#include "registry.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http.h"
#include "links.h"
#include "log.h"
#include "release.h"
#include "service.h"
#include "setting.h"

static struct release *releases[REGISTRY_MAX];
static int nreleases;
static struct store_generation now; /* what is served */

/* ---- finding ---- */

/* One that leaves has no use any more: its function may be back before it has
 * ended. */
static struct release *
find_release(const char *name, const char *hash)
{
	for (int i = 0; i < nreleases; i++) {
		struct release *r = releases[i];

		if (r->use != RELEASE_LEAVING && strcmp(r->name, name) == 0 &&
		    strcmp(r->hash, hash) == 0)
			return r;
	}
	return NULL;
}

static struct release *
find_use(const char *name, enum release_use use)
{
	for (int i = 0; i < nreleases; i++)
		if (releases[i]->use == use &&
		    strcmp(releases[i]->name, name) == 0)
			return releases[i];
	return NULL;
}

/* Whether a file of RUN_DIR/APP is the socket of one of ours. */
static bool
is_used(const char *file)
{
	for (int i = 0; i < nreleases; i++) {
		const char *slash = strrchr(releases[i]->path, '/');

		if (releases[i]->bound && strcmp(slash + 1, file) == 0)
			return true;
	}
	return false;
}

/* ---- opening ---- */

static bool
open_release(const char *name, const char *hash, enum release_use use,
    struct registry_problem *problem)
{
	struct release *r;

	snprintf(problem->function, sizeof(problem->function), "%s", name);
	if (nreleases == REGISTRY_MAX) {
		snprintf(problem->text, sizeof(problem->text),
		    "there are %d releases at once: wait for old ones to end",
		    REGISTRY_MAX);
		return false;
	}
	/* One of the same that leaves: its names at the keeper are for this. */
	for (int i = 0; i < nreleases; i++)
		if (strcmp(releases[i]->hash, hash) == 0)
			release_unkeep(releases[i]);
	r = release_open(name, hash, use, problem->text, sizeof(problem->text));
	if (r == NULL)
		return false;
	releases[nreleases++] = r;
	return true;
}

/* What f serves has a socket. */
static bool
open_function(const struct store_function *f, struct registry_problem *problem)
{
	if (find_release(f->name, f->release) == NULL &&
	    !open_release(f->name, f->release, RELEASE_STAGED, problem))
		return false;
	return f->canary[0] == '\0' ||
	       find_release(f->name, f->canary) != NULL ||
	       open_release(f->name, f->canary, RELEASE_STAGED, problem);
}

static bool
read_generation(int generation, struct store_generation *g,
    struct registry_problem *problem)
{
	problem->function[0] = '\0';
	return store_read(setting_text(SETTING_STORE),
	           setting_text(SETTING_APP), generation, g, problem->text,
	           sizeof(problem->text)) == STORE_READ;
}

static bool
stage_all(const struct store_generation *g, struct registry_problem *problem)
{
	for (int i = 0; i < g->n; i++) {
		if (!open_function(&g->functions[i], problem)) {
			registry_drop();
			return false;
		}
	}
	return true;
}

bool
registry_stage(int generation, struct registry_problem *problem)
{
	struct store_generation g;
	bool good;

	if (!read_generation(generation, &g, problem))
		return false;
	good = stage_all(&g, problem);
	store_free(&g);
	return good;
}

void
registry_drop(void)
{
	for (int i = 0; i < nreleases; i++)
		if (releases[i]->use == RELEASE_STAGED)
			service_stop(releases[i], 0);
}

/* ---- flipping ---- */

static bool
link_function(const struct store_function *f)
{
	const struct release *r = find_release(f->name, f->release);

	if (r == NULL || !links_add(f->name, false, r->path))
		return false;
	if (f->canary[0] == '\0')
		return true;
	r = find_release(f->name, f->canary);
	return r != NULL && links_add(f->name, true, r->path);
}

/* The folder of g.  Who is gone, and was served, stays reachable until nginx
 * knows.  At the start some of g may be left out. */
static bool
link_all(const struct store_generation *g, bool all)
{
	if (!links_begin(g->number))
		return false;
	for (int i = 0; i < g->n; i++)
		if (!link_function(&g->functions[i]) && all)
			return false;
	for (int i = 0; i < nreleases; i++) {
		const struct release *r = releases[i];

		if ((r->use == RELEASE_CURRENT || r->use == RELEASE_CANARY) &&
		    store_find(g, r->name) == NULL &&
		    !links_add(r->name, r->use == RELEASE_CANARY, r->path))
			return false;
	}
	return true;
}

static void
count_change(const struct store_generation *g, struct registry_change *change)
{
	*change = (struct registry_change){0};
	for (int i = 0; i < g->n; i++) {
		const struct store_function *f = &g->functions[i];
		const struct store_function *was = store_find(&now, f->name);

		if (was == NULL)
			change->added++;
		else if (strcmp(was->release, f->release) == 0 &&
		         strcmp(was->canary, f->canary) == 0)
			change->unchanged++;
		else
			change->replaced++;
	}
	for (int i = 0; i < now.n; i++)
		if (store_find(g, now.functions[i].name) == NULL)
			change->removed++;
}

/* What each release is for, after a flip to g; what is for nothing leaves. */
static void
give_uses(const struct store_generation *g)
{
	for (int i = 0; i < nreleases; i++) {
		struct release *r = releases[i];
		const struct store_function *f = store_find(g, r->name);

		if (r->use == RELEASE_LEAVING)
			continue;
		if (f == NULL)
			continue; /* until it is settled */
		if (strcmp(f->release, r->hash) == 0)
			r->use = RELEASE_CURRENT;
		else if (strcmp(f->canary, r->hash) == 0)
			r->use = RELEASE_CANARY;
		else
			service_stop(r, SERVICE_LINGER_MS);
	}
}

/* Descriptors of hundreds of functions were read: give the memory back. */
static void
take_over(struct store_generation *g)
{
	give_uses(g);
	store_free(&now);
	now = *g;
	malloc_trim(0);
}

bool
registry_flip(int generation, struct registry_change *change,
    struct registry_problem *problem)
{
	struct store_generation g;
	int saved;

	if (!read_generation(generation, &g, problem))
		return false;
	if (!stage_all(&g, problem)) {
		store_free(&g);
		return false;
	}
	if (link_all(&g, true) &&
	    store_make_current(setting_text(SETTING_STORE),
	        setting_text(SETTING_APP), g.number) &&
	    links_commit()) {
		count_change(&g, change);
		take_over(&g);
		return true;
	}
	saved = errno;
	if (now.number > 0 && !store_make_current(setting_text(SETTING_STORE),
	                          setting_text(SETTING_APP), now.number))
		log_error("the store names generation %d, and %d is served",
		    g.number, now.number);
	snprintf(problem->text, sizeof(problem->text),
	    "the links cannot be changed: %s", strerror(saved));
	problem->function[0] = '\0';
	store_free(&g);
	return false;
}

void
registry_settle(void)
{
	for (int i = 0; i < nreleases; i++) {
		struct release *r = releases[i];

		if ((r->use != RELEASE_CURRENT && r->use != RELEASE_CANARY) ||
		    store_find(&now, r->name) != NULL)
			continue;
		links_remove(r->name);
		service_stop(r, SERVICE_LINGER_MS);
	}
}

/* Whether nothing of it was left out at the start. */
static bool
all_are_open(const struct store_generation *g)
{
	for (int i = 0; i < g->n; i++) {
		const struct store_function *f = &g->functions[i];

		if (find_release(f->name, f->release) == NULL ||
		    (f->canary[0] != '\0' &&
		        find_release(f->name, f->canary) == NULL))
			return false;
	}
	return true;
}

bool
registry_follow(bool renew, struct registry_change *change,
    struct registry_problem *problem)
{
	struct store_generation g;
	enum store_status status;
	bool good = true;

	*change = (struct registry_change){.unchanged = now.n};
	problem->function[0] = '\0';
	status =
	    store_read(setting_text(SETTING_STORE), setting_text(SETTING_APP),
	        0, &g, problem->text, sizeof(problem->text));
	good = status != STORE_BAD;
	if (status == STORE_READ &&
	    (g.number != now.number || !all_are_open(&g))) {
		good = registry_flip(g.number, change, problem);
		if (good)
			registry_settle();
	}
	store_free(&g);
	for (int i = 0; i < nreleases && renew; i++) {
		release_take_settings(releases[i]);
		if (releases[i]->use != RELEASE_LEAVING)
			service_renew(releases[i]);
	}
	return good;
}

/* ---- the start ---- */

/* The executable of a release in the store whose HASH begins with these digits:
 * its name and HASH.  False when there is none. */
static bool
look_up(const char *digits, char name[DESCRIPTOR_NAME_MAX + 1],
    char hash[STORE_HASH_CHARS + 1])
{
	char path[STORE_PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	hash[0] = name[0] = '\0';
	dir = opendir(setting_text(SETTING_STORE));
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, digits, STORE_SHORT_CHARS) == 0 &&
		    store_is_hash(entry->d_name))
			memcpy(hash, entry->d_name, STORE_HASH_CHARS + 1);
	if (dir != NULL)
		closedir(dir);
	if (hash[0] == '\0' ||
	    !store_path(path, setting_text(SETTING_STORE), hash, "."))
		return false;
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (descriptor_name_problem(entry->d_name) == NULL)
			memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
	if (dir != NULL)
		closedir(dir);
	return name[0] != '\0';
}

/* Sockets that were kept, and are of no release that is served: those that were
 * leaving.  Somebody may wait in their queues. */
static void
take_up_leaving(void)
{
	char name[DESCRIPTOR_NAME_MAX + 1], hash[STORE_HASH_CHARS + 1];
	struct registry_problem problem;
	const char *kept;

	for (int i = 0; (kept = fdstore_name(i)) != NULL; i++) {
		if (strlen(kept) != STORE_SHORT_CHARS + 2 ||
		    strcmp(kept + STORE_SHORT_CHARS, ".l") != 0)
			continue;
		if (!look_up(kept, name, hash) ||
		    !open_release(name, hash, RELEASE_LEAVING, &problem)) {
			log_warn("what waits for %.12s is lost", kept);
			continue;
		}
		service_stop(releases[nreleases - 1], SERVICE_LINGER_MS);
	}
}

bool
registry_open(struct registry_change *change, struct registry_problem *problem)
{
	struct store_generation g;
	enum store_status status;

	*change = (struct registry_change){0};
	problem->function[0] = '\0';
	status =
	    store_read(setting_text(SETTING_STORE), setting_text(SETTING_APP),
	        0, &g, problem->text, sizeof(problem->text));
	if (status == STORE_BAD)
		return false;
	if (!links_open()) {
		snprintf(problem->text, sizeof(problem->text),
		    "MAYFLY_RUN_DIR/MAYFLY_APP cannot be made: %s",
		    strerror(errno));
		store_free(&g);
		return false;
	}
	for (int i = 0; i < g.n; i++) {
		if (open_function(&g.functions[i], problem)) {
			change->added++;
			continue;
		}
		log_error(
		    "%s is left out: %s", problem->function, problem->text);
		change->failed++;
	}
	if (!link_all(&g, false) || !links_commit() || !links_sweep(is_used)) {
		snprintf(problem->text, sizeof(problem->text),
		    "the links cannot be made: %s", strerror(errno));
		problem->function[0] = '\0';
		store_free(&g);
		return false;
	}
	take_over(&g);
	take_up_leaving();
	return true;
}

int
registry_generation(void)
{
	return now.number;
}

/* ---- all the time ---- */

/* What one has done that is over is counted as its function's. */
static void
bury(struct release *r)
{
	struct release *heir = find_use(r->name, RELEASE_CURRENT);

	if (heir != NULL)
		release_bequeath(r, heir);
	release_unkeep(r);
	release_close(r);
}

/* Off the list first: its heir is looked for there. */
static void
bury_the_gone(void)
{
	int i = 0;

	while (i < nreleases) {
		struct release *r = releases[i];

		if (r->state != RELEASE_GONE) {
			i++;
			continue;
		}
		nreleases--;
		memmove(&releases[i], &releases[i + 1],
		    (size_t)(nreleases - i) * sizeof(struct release *));
		bury(r);
	}
}

int64_t
registry_tick(int64_t now_ns)
{
	int64_t due, next = INT64_MAX;

	for (int i = 0; i < nreleases; i++) {
		due = service_tick(releases[i], now_ns);
		if (due < next)
			next = due;
	}
	bury_the_gone();
	return next;
}

void
registry_stop(void)
{
	links_close();
	for (int i = 0; i < nreleases; i++)
		service_stop(releases[i], 0);
}

bool
registry_empty(void)
{
	return nreleases == 0;
}

int
registry_hand_on(struct fdstore_item *list, int max)
{
	int n = 0;

	for (int i = 0; i < nreleases; i++)
		n += release_hand_on(releases[i], list + n, max - n);
	errno = E2BIG;
	return n < max ? n : -1;
}

/* One that leaves while it is back is reported when it is over. */
int
registry_report(struct report_function *list)
{
	int n = 0;

	for (int i = 0; i < nreleases; i++) {
		struct release *r = releases[i];

		if (r->use != RELEASE_LEAVING ||
		    find_release(r->name, r->hash) == NULL)
			list[n++] = release_report(r);
	}
	return n;
}

void
registry_free(void)
{
	for (int i = 0; i < nreleases; i++)
		release_close(releases[i]);
	nreleases = 0;
	store_free(&now);
}

/* ---- status ---- */

/* Whether a release before the i-th has its name. */
static bool
is_listed_before(int i)
{
	for (int k = 0; k < i; k++)
		if (strcmp(releases[k]->name, releases[i]->name) == 0)
			return true;
	return false;
}

static void
function_status(const char *name, struct out *o)
{
	struct release *r = find_use(name, RELEASE_CURRENT);
	char route[512];

	for (int i = 0; r == NULL; i++)
		if (strcmp(releases[i]->name, name) == 0)
			r = releases[i];
	snprintf(route, sizeof(route), "%s %s",
	    http_methods[r->descriptor->method], r->descriptor->path);
	out_begin(o, NULL);
	out_text(o, "name", name);
	out_text(o, "route", route);
	release_status(r, o);
	out_list(o, "releases");
	for (int i = 0; i < nreleases; i++) {
		if (strcmp(releases[i]->name, name) != 0)
			continue;
		out_begin(o, NULL);
		release_status(releases[i], o);
		out_end(o);
	}
	out_end(o);
	out_end(o);
}

void
registry_status(struct out *o)
{
	for (int i = 0; i < nreleases; i++)
		if (!is_listed_before(i))
			function_status(releases[i]->name, o);
}
