/* SPDX-License-Identifier: MIT */
/* routes -- see routes.h. */
#include "routes.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Whether one path could match both.  Both start with '/' and have a :name
 * somewhere, so that no part of them is empty: "/" is none of them. */
static bool
overlap(const char *a, const char *b)
{
	size_t la, lb;

	while (*a == '/' && *b == '/') {
		a++;
		b++;
		la = strcspn(a, "/");
		lb = strcspn(b, "/");
		if (*a != ':' && *b != ':' &&
		    (la != lb || strncmp(a, b, la) != 0))
			return false;
		a += la;
		b += lb;
	}
	return *a == *b;
}

static const struct descriptor *
any_of(const struct route *route)
{
	int m = 0;

	while (route->by_method[m] == NULL)
		m++; /* there is one: add_route() */
	return route->by_method[m];
}

static int
conflict(const struct descriptor *a, const struct descriptor *b)
{
	return cli_fail(CLI_CONFLICT,
	    "change the route of one of them, or leave one out",
	    "%s (%s %s) and %s (%s %s) match the same path", a->name,
	    http_methods[a->method], a->path, b->name, http_methods[b->method],
	    b->path);
}

/* A literal path beside a pattern is no conflict: nginx takes the literal. */
static int
add_route(struct routes *c, const struct descriptor *d)
{
	bool literal = strstr(d->path, "/:") == NULL;
	enum http_method method = d->method;
	struct route *route;

	if (strncmp(d->path, "/_mayfly/", 9) == 0)
		return cli_fail(CLI_CONFLICT, "choose another path",
		    "%s: /_mayfly/ belongs to nginx itself", d->name);
	if (strcmp(d->path, "/metrics") == 0)
		return cli_fail(CLI_CONFLICT, "choose another path",
		    "%s: /metrics belongs to mayflyd", d->name);
	for (int i = 0; i < c->n; i++) {
		route = &c->list[i];
		if (strcmp(route->path, d->path) == 0) {
			if (route->by_method[method] != NULL)
				return conflict(route->by_method[method], d);
			route->by_method[method] = d;
			return CLI_OK;
		}
		if (!literal && !route->literal &&
		    overlap(route->path, d->path))
			return conflict(any_of(route), d);
	}
	route = &c->list[c->n++];
	*route = (struct route){.path = d->path, .literal = literal};
	route->by_method[method] = d;
	return CLI_OK;
}

static int
by_path(const void *a, const void *b)
{
	const struct route *x = a, *y = b;

	if (x->literal != y->literal)
		return x->literal ? -1 : 1;
	return strcmp(x->path, y->path);
}

int
routes_make(struct routes *routes, struct descriptor *const *list, int n)
{
	int code = CLI_OK;

	*routes = (struct routes){
	    .list = cli_alloc(((size_t)n + 1) * sizeof(struct route))};
	for (int i = 0; i < n && code == CLI_OK; i++)
		code = add_route(routes, list[i]);
	if (code != CLI_OK) {
		routes_free(routes);
		return code;
	}
	qsort(routes->list, (size_t)routes->n, sizeof(struct route), by_path);
	return CLI_OK;
}

void
routes_free(struct routes *routes)
{
	free(routes->list);
	*routes = (struct routes){.list = NULL};
}
