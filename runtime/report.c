/* SPDX-License-Identifier: MIT */
/*
 * report -- see report.h.
 *
 * The names follow Prometheus: base units, _total, _seconds, _bytes.  A family
 * stands together, so each is written for all functions, from sums that are
 * made once.
 */
#include "report.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "budget.h"

#define SECOND 1000000000ULL

enum {
	/* Bounds below this are in it: nothing is answered in 16 us. */
	FIRST_BUCKET = 5,
};

static const char *const classes[BOARD_CLASSES] = {
    "none", "1xx", "2xx", "3xx", "4xx", "5xx"};

/* ---- status ---- */

static void
status_percentile(struct out *o, const char *key,
    const struct board_counts *counts, int percent)
{
	int64_t us = board_percentile_us(counts, percent);

	if (us < 0)
		out_null(o, key);
	else
		out_int(o, key, us);
}

void
report_status(struct out *o, const struct board *board)
{
	const struct board_header *h = &board->header;
	struct board_counts sum;

	board_sum(board, &sum);
	out_int(o, "cold_starts", (int64_t)h->cold_starts);
	out_int(o, "served", (int64_t)board_answered(&sum));
	out_int(o, "crashes", (int64_t)h->crashes);
	out_int(o, "killed", (int64_t)h->killed);
	out_int(o, "refused", (int64_t)h->refused);
	out_begin(o, "requests");
	for (int i = 0; i < BOARD_CLASSES; i++)
		out_int(o, classes[i], (int64_t)sum.requests[i]);
	out_end(o);
	out_int(o, "dropped", (int64_t)sum.dropped);
	out_int(o, "cpu_ms", (int64_t)(sum.cpu_ns / 1000000));
	out_int(o, "bytes_in", (int64_t)sum.bytes_in);
	out_int(o, "bytes_out", (int64_t)sum.bytes_out);
	status_percentile(o, "p50_us", &sum, 50);
	status_percentile(o, "p99_us", &sum, 99);
	out_list(o, "latency");
	for (int i = 0; i < BOARD_BUCKETS; i++)
		out_int(o, NULL, (int64_t)sum.latency[i]);
	out_end(o);
}

/* ---- metrics ---- */

/* One that is written, and what of the scoreboards it needs. */
struct report {
	struct buf *to;
	const struct report_function *functions;
	const struct board_counts *sums;
	int n;
};

static void
begin_family(
    struct buf *b, const char *name, const char *type, const char *help)
{
	buf_format(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Up to the last label; names of functions and releases need no escape. */
static void
begin_sample(struct buf *b, const char *name, const struct report_function *f)
{
	buf_format(
	    b, "%s{function=\"%s\",version=\"%s\"", name, f->name, f->version);
}

static void
write_number(struct buf *b, uint64_t n)
{
	buf_format(b, "} %llu\n", (unsigned long long)n);
}

static void
write_seconds(struct buf *b, uint64_t ns)
{
	buf_format(b, "} %llu.%09llu\n", (unsigned long long)(ns / SECOND),
	    (unsigned long long)(ns % SECOND));
}

static void
write_requests(const struct report *r)
{
	static const char name[] = "mayfly_function_requests_total";

	begin_family(r->to, name, "counter",
	    "Requests by class of status; none got no answer.");
	for (int i = 0; i < r->n; i++) {
		for (int class = 0; class < BOARD_CLASSES; class ++) {
			begin_sample(r->to, name, &r->functions[i]);
			buf_format(
			    r->to, ",status_class=\"%s\"", classes[class]);
			write_number(r->to, r->sums[i].requests[class]);
		}
	}
}

static void
write_durations(const struct report *r)
{
	static const char name[] = "mayfly_function_duration_seconds";
	const struct report_function *f;
	const struct board_counts *sum;
	uint64_t seen;

	begin_family(r->to, name, "histogram",
	    "From the accept to the end of the answer.");
	for (int i = 0; i < r->n; i++) {
		f = &r->functions[i];
		sum = &r->sums[i];
		seen = 0;
		for (int k = 0; k < BOARD_BUCKETS; k++) {
			seen += sum->latency[k];
			if (k < FIRST_BUCKET)
				continue;
			begin_sample(r->to,
			    "mayfly_function_duration_seconds_bucket", f);
			if (k < BOARD_BUCKETS - 1)
				buf_format(r->to, ",le=\"%d.%06d\"",
				    (1 << k) / 1000000, (1 << k) % 1000000);
			else
				buf_text(r->to, ",le=\"+Inf\"");
			write_number(r->to, seen);
		}
		begin_sample(r->to, "mayfly_function_duration_seconds_sum", f);
		write_seconds(r->to, sum->latency_ns);
		begin_sample(
		    r->to, "mayfly_function_duration_seconds_count", f);
		write_number(r->to, seen);
	}
}

/* Numbers of a function, one for each. */
static void
write_counters(const struct report *r)
{
	enum { DROPPED, CPU, IN, OUT, COLD, CRASHES, KILLED, REFUSED };
	static const struct {
		const char *name, *help;
	} counters[] = {
	    [DROPPED] = {"mayfly_function_dropped_total",
	        "Requests that were not run, because nobody waited."},
	    [CPU] = {"mayfly_function_cpu_seconds_total",
	        "CPU time of the instances."},
	    [IN] = {"mayfly_function_request_bytes_total",
	        "Bodies of requests."},
	    [OUT] = {"mayfly_function_response_bytes_total",
	        "Heads and bodies of answers."},
	    [COLD] = {"mayfly_function_cold_starts_total",
	        "Starts of an instance when there was none."},
	    [CRASHES] = {"mayfly_function_crashes_total",
	        "Instances that died without being killed."},
	    [KILLED] = {"mayfly_function_killed_total",
	        "Instances that were killed past a deadline."},
	    [REFUSED] = {"mayfly_function_refused_total",
	        "Connections that mayflyd answered with 503."},
	};
	const struct board_header *h;

	for (size_t c = 0; c < LENGTH(counters); c++) {
		begin_family(
		    r->to, counters[c].name, "counter", counters[c].help);
		for (int i = 0; i < r->n; i++) {
			h = &r->functions[i].board->header;
			const uint64_t values[] = {
			    [DROPPED] = r->sums[i].dropped,
			    [CPU] = r->sums[i].cpu_ns,
			    [IN] = r->sums[i].bytes_in,
			    [OUT] = r->sums[i].bytes_out,
			    [COLD] = h->cold_starts,
			    [CRASHES] = h->crashes,
			    [KILLED] = h->killed,
			    [REFUSED] = h->refused,
			};

			begin_sample(r->to, counters[c].name, &r->functions[i]);
			if (c == CPU)
				write_seconds(r->to, values[c]);
			else
				write_number(r->to, values[c]);
		}
	}
}

static void
write_instances(const struct report *r)
{
	static const char name[] = "mayfly_function_instances";
	const struct report_function *f;

	begin_family(r->to, name, "gauge", "Processes by what they do.");
	for (int i = 0; i < r->n; i++) {
		f = &r->functions[i];
		const struct {
			const char *state;
			int n;
		} states[] = {{"starting", f->starting}, {"idle", f->idle},
		    {"busy", f->busy}};

		for (size_t k = 0; k < LENGTH(states); k++) {
			begin_sample(r->to, name, f);
			buf_format(r->to, ",state=\"%s\"", states[k].state);
			write_number(r->to, (uint64_t)states[k].n);
		}
	}
}

static void
write_gauge(struct buf *b, const char *name, const char *help, long long value)
{
	begin_family(b, name, "gauge", help);
	buf_format(b, "%s %lld\n", name, value);
}

/* Pages: all, and those in memory (proc(5), statm). */
static bool
read_memory(long long *all, long long *resident)
{
	char text[128];
	ssize_t n;
	int fd;

	fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return sscanf(text, "%lld %lld", all, resident) == 2;
}

static void
write_process(struct buf *b, int64_t started_s)
{
	long long all, resident, page = sysconf(_SC_PAGESIZE);
	struct rusage usage;

	write_gauge(b, "mayflyd_up", "1: mayflyd has answered.", 1);
	begin_family(b, "mayflyd_info", "gauge", "What runs.");
	buf_text(b, "mayflyd_info{version=\"" PACKAGE_VERSION "\"} 1\n");
	write_gauge(b, "mayflyd_descriptors_left",
	    "Descriptors that mayflyd may still open.", budget_left());
	write_gauge(b, "process_start_time_seconds",
	    "When mayflyd began, since 1970.", started_s);
	if (read_memory(&all, &resident)) {
		write_gauge(b, "process_resident_memory_bytes",
		    "Memory of mayflyd.", resident * page);
		write_gauge(b, "process_virtual_memory_bytes",
		    "Address space of mayflyd.", all * page);
	}
	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return;
	begin_family(
	    b, "process_cpu_seconds_total", "counter", "CPU time of mayflyd.");
	buf_format(b, "process_cpu_seconds_total %.6f\n",
	    (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) /
	            1e6);
}

void
report_metrics(struct buf *b, const struct report_function *functions, int n,
    int64_t started_s)
{
	struct board_counts *sums = calloc((size_t)n + 1, sizeof(*sums));
	const struct report r = {b, functions, sums, n};

	if (sums == NULL) {
		b->failed = b->no_memory = true;
		return;
	}
	for (int i = 0; i < n; i++)
		board_sum(functions[i].board, &sums[i]);
	write_requests(&r);
	write_durations(&r);
	write_counters(&r);
	write_instances(&r);
	write_process(b, started_s);
	free(sums);
}
