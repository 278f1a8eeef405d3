/* SPDX-License-Identifier: MIT */
/* nginx-rate -- see nginx-rate.h. */
#include "nginx-rate.h"

#include "rate_class.h"

enum {
	ZONE_KIB = 1024, /* of each class: some 8,000 addresses (128 bytes
	                  * each); the longest unseen goes */
};

/* Whether nginx counts for a class: it has a limit, and a function. */
static bool
is_counted(
    const struct rate_class *class, struct descriptor *const *list, int n)
{
	for (int i = 0; i<n &&class->address.quota> 0; i++)
		if (list[i]->rate == class)
			return true;
	return false;
}

static int
per_minute(const struct rate_limit *limit)
{
	int64_t n = limit->quota * INT64_C(60);

	return (int)((n + limit->window_s - 1) / limit->window_s);
}

/* When one of the quota is back, as nginx counts; seconds, rounded up. */
static int
retry_s(const struct rate_limit *limit)
{
	return (60 + per_minute(limit) - 1) / per_minute(limit);
}

/* A map from the function's name; write() is what stands for those of a class
 * that is counted, and what there is for all others. */
static void
write_map(struct buf *b, const char *variable, struct descriptor *const *list,
    int n, void (*write)(struct buf *b, const struct rate_class *class))
{
	buf_format(b,
	    "\tmap $mayfly_function $mayfly_rate_%s {\n\t\tdefault \"\";\n",
	    variable);
	for (int i = 0; i < n; i++) {
		if (list[i]->rate->address.quota == 0)
			continue;
		buf_format(b, "\t\t%s ", list[i]->name);
		write(b, list[i]->rate);
		buf_text(b, ";\n");
	}
	buf_text(b, "\t}\n");
}

static void
write_policy(struct buf *b, const struct rate_class *class)
{
	buf_format(b, "'\"%s-address\";q=%d;w=%d'", class->name,
	    class->address.quota, class->address.window_s);
}

static void
write_state(struct buf *b, const struct rate_class *class)
{
	buf_format(b, "'\"%s-address\";r=0;t=%d'", class->name,
	    class->address.window_s);
}

static void
write_retry(struct buf *b, const struct rate_class *class)
{
	buf_format(b, "%d", retry_s(&class->address));
}

static void
write_zone(struct buf *b, const struct rate_class *class,
    struct descriptor *const *list, int n)
{
	buf_format(b,
	    "\tmap $mayfly_function $mayfly_rate_of_%s {\n"
	    "\t\tdefault \"\";\n",
	    class->name);
	for (int i = 0; i < n; i++)
		if (list[i]->rate == class)
			buf_format(
			    b, "\t\t%s $mayfly_network;\n", list[i]->name);
	buf_format(b,
	    "\t}\n"
	    "\tlimit_req_zone $mayfly_rate_of_%s zone=mayfly_%s:%dk"
	    " rate=%dr/m;\n",
	    class->name, class->name, ZONE_KIB, per_minute(&class->address));
}

void
nginx_rate_zones(struct buf *b, struct descriptor *const *list, int n)
{
	const struct rate_class *class;

	for (int i = 0; (class = rate_class_at(i)) != NULL; i++)
		if (is_counted(class, list, n))
			write_zone(b, class, list, n);
	write_map(b, "policy", list, n, write_policy);
	write_map(b, "state", list, n, write_state);
	write_map(b, "retry", list, n, write_retry);
}

void
nginx_rate_limits(struct buf *b, struct descriptor *const *list, int n)
{
	const struct rate_class *class;

	for (int i = 0; (class = rate_class_at(i)) != NULL; i++) {
		if (!is_counted(class, list, n))
			continue;
		buf_format(b, "\t\tlimit_req zone=mayfly_%s", class->name);
		if (class->address.quota > 1)
			buf_format(
			    b, " burst=%d nodelay", class->address.quota - 1);
		buf_text(b, ";\n");
	}
}
