/* SPDX-License-Identifier: MIT */
/*
 * test-board -- the scoreboard: its places are those of the format, what is
 * counted adds up and outlives the instance, and who has another build is
 * refused, by name.
 */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stamp.h"
#include "tap.h"

#define MS 1000000LL /* nanoseconds */

/* A byte that stands where the format says is what the name says. */
static void
test_layout(struct board *board)
{
	const char *bytes = (const char *)board;
	uint32_t number;

	tap_is_text(bytes, "mayflyb", "it begins with its magic");
	memcpy(&number, bytes + 8, sizeof(number));
	tap_is_int(number, BOARD_VERSION, "then its version");
	memcpy(&number, bytes + 12, sizeof(number));
	tap_is_int(number, 512, "the stride");
	memcpy(&number, bytes + 16, sizeof(number));
	tap_is_int(number, 64, "the number of slots");
	tap_is_int((const char *)board_slot(board, 3) - bytes, 4096 + 3 * 512,
	    "a slot stands at its stride");
	tap_is_int((int64_t)board->header.size, 4096 + 64 * 512, "its size");
	tap_ok(board_slot(board, -1) == NULL &&
	           board_slot(board, BOARD_SLOTS) == NULL,
	    "there is no slot beyond");
}

static void
test_latency(void)
{
	static const struct {
		int64_t us;
		int bucket;
	} rows[] = {{0, 0}, {1, 0}, {2, 1}, {3, 2}, {4, 2}, {5, 3}, {1024, 10},
	    {1025, 11}, {1 << 25, 25}, {(1 << 25) + 1000, 26},
	    {3600 * 1000000LL, 26}};
	static struct board_slot slot;
	int bucket;

	for (size_t i = 0; i < LENGTH(rows); i++) {
		memset(&slot, 0, sizeof(slot));
		/* What passes until the look makes it no less. */
		board_count(
		    &slot, 200, stamp_monotonic_ns() - rows[i].us * 1000, 0, 0);
		for (bucket = 0; slot.counts.latency[bucket] == 0; bucket++)
			;
		if (rows[i].us < 1000)
			tap_ok(bucket >= rows[i].bucket,
			    "%lld us, and a moment", (long long)rows[i].us);
		else
			tap_ok(bucket == rows[i].bucket ||
			           bucket == rows[i].bucket + 1,
			    "%lld us: bucket %d", (long long)rows[i].us,
			    bucket);
	}
	memset(&slot, 0, sizeof(slot));
	board_count(&slot, 200, stamp_monotonic_ns() + 1000 * MS, 0, 0);
	tap_ok(slot.counts.latency[0] == 1 && slot.counts.latency_ns == 0,
	    "begun in the future: no time at all");
}

static void
test_percentile(void)
{
	struct board_counts counts = {.dropped = 0};

	tap_is_int(board_percentile_us(&counts, 50), 0, "nothing: no time");
	counts.latency[3] = 1;
	tap_is_int(board_percentile_us(&counts, 50), 8, "one: its own");
	tap_is_int(board_percentile_us(&counts, 99), 8, "and the slowest");
	counts.latency[3] = 50;
	counts.latency[5] = 50;
	tap_is_int(board_percentile_us(&counts, 50), 8, "half of a hundred");
	tap_is_int(board_percentile_us(&counts, 51), 32, "one more");
	counts.latency[3] = 99;
	counts.latency[5] = 1;
	tap_is_int(board_percentile_us(&counts, 99), 8, "99 of a hundred");
	counts.latency[5] = 2;
	tap_is_int(board_percentile_us(&counts, 99), 32, "of 101");
	counts.latency[BOARD_BUCKETS - 1] = 1000;
	tap_is_int(board_percentile_us(&counts, 99), -1, "beyond any bound");
	counts.latency[3] = UINT64_MAX / 2;
	tap_is_int(board_percentile_us(&counts, 50), 8, "very many");
}

static void
test_counts(struct board *board)
{
	int64_t now = stamp_monotonic_ns();
	struct board_slot *slot;
	struct board_counts sum;

	board_sum(board, &sum);
	tap_is_int((int64_t)board_answered(&sum), 0, "at first: nothing");
	board_begin(board, 0, now);
	board_begin(board, 2, now);
	slot = board_slot(board, 2);
	board_count(slot, 200, now, 10, 100);
	board_count(slot, 204, now, 1, 2);
	board_count(slot, 404, now, 0, 3);
	board_count(slot, 503, now, 0, 4);
	board_count(slot, 0, now, 5, 6);
	board_count(slot, 999, now, 0, 7);
	board_count(slot, -1, now, 0, 8);
	board_drop(slot);
	board_count(board_slot(board, 0), 301, now, 0, 1000);
	board_sum(board, &sum);
	tap_is_int((int64_t)sum.requests[2], 2, "2xx");
	tap_is_int((int64_t)sum.requests[3], 1, "3xx, in another slot");
	tap_is_int((int64_t)sum.requests[4], 1, "4xx");
	tap_is_int((int64_t)sum.requests[5], 1, "5xx");
	tap_is_int((int64_t)sum.requests[0], 4,
	    "no answer: one, two of no class, and one that was dropped");
	tap_is_int((int64_t)sum.dropped, 1, "dropped");
	tap_is_int((int64_t)sum.bytes_in, 16, "bytes in");
	tap_is_int((int64_t)sum.bytes_out, 1109, "bytes out, of answers");
	tap_is_int((int64_t)board_answered(&sum), 5, "answered");
	tap_is_int((int64_t)slot->served, 4, "of these, by one instance");
	tap_is_int((int64_t)sum.cpu_ns, 0, "there is no process");
	atomic_store(&slot->pid, getpid());
	board_sum(board, &sum);
	tap_ok(sum.cpu_ns > 0, "this one, and its CPU time");
	atomic_store(&slot->counts.cpu_ns, 5);

	board_enter(slot, BOARD_BUSY);
	board_fold(board, 2);
	tap_ok(slot->pid == 0 && slot->served == 0 &&
	           slot->counts.requests[2] == 0,
	    "an instance has ended: its slot is empty");
	board_sum(board, &sum);
	tap_is_int((int64_t)sum.requests[2], 2, "what it did is not lost");
	tap_is_int((int64_t)sum.cpu_ns, 5, "nor the time that it took");
	tap_is_int((int64_t)sum.requests[0], 5,
	    "the request that it was inside of got no answer");
	board_fold(board, 2);
	board_sum(board, &sum);
	tap_is_int((int64_t)sum.requests[0], 5, "once");
	tap_is_int((int64_t)board->header.gone.bytes_out, 109,
	    "those that are gone are in the header");
}

/* What an instance wrote there is no reason to look elsewhere. */
static void
test_damage(struct board *board)
{
	struct board_counts sum;

	board->header.used = UINT32_MAX;
	board_sum(board, &sum);
	tap_is_int((int64_t)sum.requests[2], 2, "a damaged number of slots");
}

/* ---- another build ---- */

static void
test_map(struct board *board, int fd)
{
	char why[BOARD_WHY_BYTES];
	struct board *again = board_map(fd, why);

	tap_ok(again != NULL && again != board, "mapped once more");
	board_begin(board, 5, 77);
	tap_ok(again != NULL && board_slot(again, 5)->since_ns == 77,
	    "it is the same");
	board_unmap(again);
	board_unmap(NULL);
	tap_ok(ftruncate(fd, 4096) != 0 && errno == EPERM &&
	           ftruncate(fd, 1 << 20) != 0 && errno == EPERM,
	    "nobody can resize it");
}

static const struct {
	const char *name;
	size_t size; /* of the memfd; 0: as it is */
	size_t at;   /* where this number is written; 0: nothing is */
	uint32_t number;
	const char *why;
} others[] = {
    {"empty", 1, 0, 0, "it is no scoreboard: it has 0 bytes"},
    {"less than a page", 4095, 0, 0, "it is no scoreboard: it has 4095"},
    {"zeros", 0, 1, 0, "it is no scoreboard, or an older one: version 1"},
    {"the next version", 0, 8, 2, "its version is 2, where 1 is wanted"},
    {"another stride", 0, 12, 1024, "its stride is 1024, where 512 is"},
    {"more slots", 0, 16, 65, "its slots is 65, where 64 is wanted"},
    {"another size", 0, 24, 5, "its size is 5, where 36864 is wanted"},
    {"shorter than it says", 4096, 0, 0,
        "its bytes is 4096, where 36864 is wanted"},
    {"longer", 40960, 0, 0, "its bytes is 40960, where 36864 is wanted"},
};

/* A copy of the header with that one fault. */
static int
make_other(const struct board *board, size_t i)
{
	int fd = memfd_create("other", MFD_CLOEXEC);
	size_t size = others[i].size > 0 ? others[i].size : sizeof(*board);

	if (others[i].size == 1)
		return fd;
	if (pwrite(fd, board, 256, 0) != 256 || ftruncate(fd, (off_t)size) != 0)
		exit(EXIT_SYSTEM);
	if (others[i].at > 0 &&
	    pwrite(fd, &others[i].number, sizeof(others[i].number),
	        (off_t)others[i].at) < 0)
		exit(EXIT_SYSTEM);
	return fd;
}

static void
test_others(const struct board *board)
{
	char why[BOARD_WHY_BYTES];
	int fd;

	for (size_t i = 0; i < LENGTH(others); i++) {
		fd = make_other(board, i);
		*why = '\0';
		tap_ok(
		    board_map(fd, why) == NULL &&
		        strncmp(why, others[i].why, strlen(others[i].why)) == 0,
		    "%s: %s", others[i].name, why);
		close(fd);
	}
	tap_ok(board_map(-1, why) == NULL, "none: %s", why);
}

/* What board_attach() says in a process with this board and slot: 0 refused, 1
 * no mayflyd, 2 attached; what it logs goes nowhere. */
static int
attach(int fd, const char *slot_text)
{
	struct board_slot *slot;
	int status = 0, null;
	pid_t pid = fork();

	if (pid == 0) {
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		dup2(null, STDERR_FILENO);
		if (fd >= 0)
			dup2(fd, BOARD_FD_BOARD);
		else
			close(BOARD_FD_BOARD);
		unsetenv("MAYFLY_SLOT");
		if (slot_text != NULL)
			setenv("MAYFLY_SLOT", slot_text, 1);
		if (!board_attach(&slot))
			_exit(0);
		if (slot == NULL)
			_exit(1);
		board_enter(slot, BOARD_BUSY);
		_exit(2);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_attach(struct board *board, int fd)
{
	static const char *const bad[] = {
	    "", "x", "1x", "-1", "64", "99999999999999999999"};
	int other;

	tap_is_int(attach(fd, NULL), 1, "not under mayflyd: no slot");
	tap_is_int(attach(fd, "9"), 2, "under mayflyd: a slot");
	tap_is_int(board_slot(board, 9)->state, BOARD_BUSY, "it is that one");
	for (size_t i = 0; i < LENGTH(bad); i++)
		tap_is_int(attach(fd, bad[i]), 0, "no slot: \"%s\"", bad[i]);
	tap_is_int(attach(-1, "9"), 0, "no board");
	other = make_other(board, 3);
	tap_is_int(attach(other, "9"), 0, "a board of another version");
	close(other);
}

int
main(void)
{
	struct board *board;
	int fd;

	board = board_create(&fd);
	if (board == NULL)
		return EXIT_SYSTEM;
	test_layout(board);
	test_latency();
	test_percentile();
	test_counts(board);
	test_damage(board);
	test_map(board, fd);
	test_others(board);
	test_attach(board, fd);
	board_unmap(board);
	close(fd);
	return tap_done();
}
