/* SPDX-License-Identifier: MIT */
/* registry -- see registry.h. */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#include "descriptor.h"
#include "log.h"
#include "service.h"

static struct service *services[REGISTRY_MAX];
static int nservices;

/* One that is being stopped has no name any more: its function may be back
 * before it has ended. */
static int
find_service(const char *name)
{
	for (int i = 0; i < nservices; i++) {
		if (!service_stopping(services[i]) &&
		    strcmp(service_name(services[i]), name) == 0)
			return i;
	}
	return -1;
}

static void
complain_left_out(const char *program, const char *problem)
{
	log_error("%s is left out: %s", program, problem);
}

/* Take one descriptor of the new list. */
static void
take_listed(
    struct descriptor *d, const char *run_dir, struct registry_change *change)
{
	int i;

	i = find_service(d->name);
	if (i >= 0 && !service_is_stale(services[i])) {
		change->unchanged++;
		descriptor_free(d);
	} else if (i >= 0) {
		change->replaced++;
		service_replace(services[i], d);
	} else if (nservices == REGISTRY_MAX) {
		log_error("%s is left out: more than %d functions", d->name,
		    REGISTRY_MAX);
		change->failed++;
		descriptor_free(d);
	} else {
		services[nservices] = service_new(d, run_dir);
		if (services[nservices] == NULL) {
			change->failed++;
			descriptor_free(d);
			return;
		}
		nservices++;
		change->added++;
	}
}

static bool
is_listed(struct descriptor *const *list, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(list[i]->name, name) == 0)
			return true;
	}
	return false;
}

bool
registry_load(
    const char *folders, const char *run_dir, struct registry_change *change)
{
	struct descriptor **list;
	int n;

	*change = (struct registry_change){0};
	n = descriptor_list(folders, &list, complain_left_out);
	if (n < 0)
		return false;
	for (int i = 0; i < nservices; i++) {
		if (service_stopping(services[i]) ||
		    is_listed(list, n, service_name(services[i])))
			continue;
		change->removed++;
		service_stop(services[i]);
	}
	for (int i = 0; i < n; i++)
		take_listed(list[i], run_dir, change);
	free(list); /* the descriptors have found their owners */
	return true;
}

int64_t
registry_tick(int64_t now_ns)
{
	int64_t due, next = INT64_MAX;
	int kept = 0;

	for (int i = 0; i < nservices; i++) {
		due = service_tick(services[i], now_ns);
		if (service_stopped(services[i])) {
			service_free(services[i]);
			continue;
		}
		if (due < next)
			next = due;
		services[kept++] = services[i];
	}
	nservices = kept;
	return next;
}

void
registry_stop(void)
{
	for (int i = 0; i < nservices; i++)
		service_stop(services[i]);
}

bool
registry_empty(void)
{
	return nservices == 0;
}

void
registry_status(struct out *o)
{
	for (int i = 0; i < nservices; i++)
		service_status(services[i], o);
}

int
registry_report(struct report_function *list)
{
	int n = 0;

	for (int i = 0; i < nservices; i++) {
		if (!service_stopping(services[i]))
			list[n++] = service_report(services[i]);
	}
	return n;
}

void
registry_free(void)
{
	for (int i = 0; i < nservices; i++)
		service_free(services[i]);
	nservices = 0;
}
