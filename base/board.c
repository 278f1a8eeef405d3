/* SPDX-License-Identifier: MIT */
/* board -- see board.h. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "stamp.h"

/* The format; when one of these fails, it is time for the next version. */
_Static_assert(sizeof(_Atomic uint64_t) == 8 && sizeof(_Atomic uint32_t) == 4,
    "an atomic number is as large as a number");
_Static_assert(sizeof(struct board_counts) == 304, "counts");
_Static_assert(offsetof(struct board_counts, dropped) == 48, "classes");
_Static_assert(offsetof(struct board_counts, latency) == 88, "buckets");
_Static_assert(offsetof(struct board_slot, since_ns) == 8, "slot");
_Static_assert(offsetof(struct board_slot, pid) == 16, "slot");
_Static_assert(offsetof(struct board_slot, served) == 24, "slot");
_Static_assert(offsetof(struct board_slot, counts) == 32, "slot");
_Static_assert(offsetof(struct board_slot, request_id) == 336, "slot");
_Static_assert(sizeof(struct board_slot) == BOARD_STRIDE, "stride");
_Static_assert(_Alignof(struct board_slot) % 64 == 0, "cache lines");
_Static_assert(offsetof(struct board_header, size) == 24, "header");
_Static_assert(offsetof(struct board_header, cold_starts) == 32, "header");
_Static_assert(offsetof(struct board_header, gone) == 64, "header");
_Static_assert(sizeof(struct board_header) <= BOARD_PAGE, "header");
_Static_assert(offsetof(struct board, slots) == BOARD_PAGE, "first slot");
_Static_assert(
    sizeof(struct board) == BOARD_PAGE + BOARD_SLOTS * BOARD_STRIDE, "board");

static const char magic[BOARD_MAGIC_BYTES] = "mayflyb";

/* ---- mayflyd's side ---- */

static struct board *
map_board(int fd, size_t size)
{
	void *map;

	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return map != MAP_FAILED ? map : NULL;
}

struct board *
board_create(int *fd)
{
	struct board *board = NULL;
	int saved;

	*fd = memfd_create("mayfly-board", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*fd < 0)
		return NULL;
	if (ftruncate(*fd, sizeof(*board)) == 0 &&
	    fcntl(*fd, F_ADD_SEALS,
	        F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		board = map_board(*fd, sizeof(*board));
	if (board == NULL) {
		saved = errno;
		close(*fd);
		*fd = -1;
		errno = saved;
		return NULL;
	}
	memcpy(board->header.magic, magic, sizeof(magic));
	board->header.version = BOARD_VERSION;
	board->header.stride = BOARD_STRIDE;
	board->header.slots = BOARD_SLOTS;
	board->header.size = sizeof(*board);
	return board;
}

/* Whether it is as this build has it; else what is not. */
static bool
check_board(
    const struct board_header *h, uint64_t size, char why[BOARD_WHY_BYTES])
{
	const struct {
		const char *what;
		uint64_t found, wanted;
	} numbers[] = {
	    {"version", h->version, BOARD_VERSION},
	    {"stride", h->stride, BOARD_STRIDE},
	    {"slots", h->slots, BOARD_SLOTS},
	    {"size", h->size, sizeof(struct board)},
	    {"bytes", size, sizeof(struct board)},
	};

	if (memcmp(h->magic, magic, sizeof(magic)) != 0) {
		snprintf(why, BOARD_WHY_BYTES,
		    "it is no scoreboard, or an older one: version %d is"
		    " wanted",
		    BOARD_VERSION);
		return false;
	}
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		if (numbers[i].found == numbers[i].wanted)
			continue;
		snprintf(why, BOARD_WHY_BYTES,
		    "its %s is %llu, where %llu is wanted", numbers[i].what,
		    (unsigned long long)numbers[i].found,
		    (unsigned long long)numbers[i].wanted);
		return false;
	}
	return true;
}

struct board *
board_map(int fd, char why[BOARD_WHY_BYTES])
{
	struct board *board;
	struct stat st;

	if (fstat(fd, &st) != 0) {
		snprintf(why, BOARD_WHY_BYTES, "it is not there: %s",
		    strerror(errno));
		return NULL;
	}
	if (st.st_size < BOARD_PAGE) {
		snprintf(why, BOARD_WHY_BYTES,
		    "it is no scoreboard: it has %lld bytes, where %zu are"
		    " wanted",
		    (long long)st.st_size, sizeof(*board));
		return NULL;
	}
	board = map_board(fd, (size_t)st.st_size);
	if (board == NULL) {
		snprintf(why, BOARD_WHY_BYTES, "it cannot be mapped: %s",
		    strerror(errno));
		return NULL;
	}
	if (check_board(&board->header, (uint64_t)st.st_size, why))
		return board;
	munmap(board, (size_t)st.st_size);
	return NULL;
}

void
board_unmap(struct board *board)
{
	if (board != NULL)
		munmap(board, sizeof(*board));
}

struct board_slot *
board_slot(struct board *board, int n)
{
	return n >= 0 && n < BOARD_SLOTS ? &board->slots[n] : NULL;
}

/* Only the owner of what it adds to calls this, so it need not be one step. */
static void
add(_Atomic uint64_t *to, uint64_t n)
{
	atomic_store_explicit(to,
	    atomic_load_explicit(to, memory_order_relaxed) + n,
	    memory_order_relaxed);
}

void
board_add(struct board_counts *to, const struct board_counts *from)
{
	for (int i = 0; i < BOARD_CLASSES; i++)
		add(&to->requests[i], from->requests[i]);
	add(&to->dropped, from->dropped);
	add(&to->cpu_ns, from->cpu_ns);
	add(&to->bytes_in, from->bytes_in);
	add(&to->bytes_out, from->bytes_out);
	add(&to->latency_ns, from->latency_ns);
	for (int i = 0; i < BOARD_BUCKETS; i++)
		add(&to->latency[i], from->latency[i]);
}

void
board_begin(struct board *board, int n, int64_t now_ns)
{
	struct board_slot *slot = &board->slots[n];

	if (board->header.used <= (uint32_t)n)
		board->header.used = (uint32_t)n + 1;
	memset(&slot->counts, 0, sizeof(slot->counts));
	atomic_store(&slot->state, BOARD_STARTING);
	atomic_store(&slot->ask, BOARD_GO_ON);
	atomic_store(&slot->since_ns, now_ns);
	atomic_store(&slot->pid, 0);
	atomic_store(&slot->served, 0);
	slot->request_id[0] = '\0';
}

void
board_fold(struct board *board, int n)
{
	struct board_counts *gone = &board->header.gone;
	struct board_slot *slot = &board->slots[n];

	if (atomic_load(&slot->state) == BOARD_BUSY)
		add(&gone->requests[0], 1);
	board_add(gone, &slot->counts);
	board_begin(board, n, 0);
}

void
board_bequeath(struct board *from, struct board *to)
{
	board_add(&to->header.gone, &from->header.gone);
	add(&to->header.cold_starts, from->header.cold_starts);
	add(&to->header.crashes, from->header.crashes);
	add(&to->header.killed, from->header.killed);
	add(&to->header.refused, from->header.refused);
}

/* CPU time of a process, by its clock: an instance that asked for its own at
 * each request would pay a system call for it. */
static uint64_t
cpu_of(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (pid <= 0 || clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) != 0)
		return 0;
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Slots that nobody has had are not looked at: looking takes memory. */
void
board_sum(const struct board *board, struct board_counts *sum)
{
	uint32_t used = board->header.used;

	memset(sum, 0, sizeof(*sum));
	board_add(sum, &board->header.gone);
	for (uint32_t n = 0; n < used && n < BOARD_SLOTS; n++) {
		board_add(sum, &board->slots[n].counts);
		add(&sum->cpu_ns, cpu_of(board->slots[n].pid));
	}
}

uint64_t
board_answered(const struct board_counts *counts)
{
	uint64_t n = 0;

	for (int i = 1; i < BOARD_CLASSES; i++)
		n += counts->requests[i];
	return n;
}

int64_t
board_percentile_us(const struct board_counts *counts, int percent)
{
	uint64_t all = 0, seen = 0, wanted;

	for (int i = 0; i < BOARD_BUCKETS; i++)
		all += counts->latency[i];
	if (all == 0)
		return 0;
	wanted = all - all / 100 * (uint64_t)(100 - percent) -
	         all % 100 * (uint64_t)(100 - percent) / 100;
	for (int i = 0; i < BOARD_BUCKETS - 1; i++) {
		seen += counts->latency[i];
		if (seen >= wanted)
			return INT64_C(1) << i;
	}
	return -1;
}

/* ---- an instance's side ---- */

bool
board_attach(struct board_slot **slot)
{
	const char *text = getenv("MAYFLY_SLOT");
	char why[BOARD_WHY_BYTES], *end;
	struct board *board;
	long n;

	*slot = NULL;
	if (text == NULL)
		return true;
	board = board_map(BOARD_FD_BOARD, why);
	if (board == NULL) {
		log_error("the scoreboard of mayflyd does not fit: %s; build "
		          "mayflyd and the function from one source",
		    why);
		return false;
	}
	n = strtol(text, &end, 10);
	if (end == text || *end != '\0' || n < 0 || n >= BOARD_SLOTS) {
		log_error("MAYFLY_SLOT is no slot of the scoreboard: %s", text);
		board_unmap(board);
		return false;
	}
	close(BOARD_FD_BOARD);
	*slot = board_slot(board, (int)n);
	return true;
}

void
board_enter(struct board_slot *slot, enum board_state state)
{
	atomic_store(&slot->since_ns, stamp_monotonic_ns());
	atomic_store(&slot->state, state);
}

/* The bucket whose bound, 2^i us, it does not exceed. */
static int
bucket_of(int64_t ns)
{
	int64_t us = (ns + 999) / 1000;
	int i = us <= 1 ? 0 : 64 - __builtin_clzll((uint64_t)us - 1);

	return i < BOARD_BUCKETS ? i : BOARD_BUCKETS - 1;
}

void
board_count(struct board_slot *slot, int status, int64_t begun_ns,
    size_t bytes_in, size_t bytes_out)
{
	struct board_counts *counts = &slot->counts;
	int64_t ns = stamp_monotonic_ns() - begun_ns;
	int class = status / 100;

	if (class < 0 || class >= BOARD_CLASSES)
		class = 0;
	add(&counts->requests[class], 1);
	add(&counts->bytes_in, bytes_in);
	if (class == 0)
		return;
	add(&counts->bytes_out, bytes_out);
	add(&counts->latency_ns, ns > 0 ? (uint64_t)ns : 0);
	add(&counts->latency[bucket_of(ns)], 1);
	add(&slot->served, 1);
}

void
board_drop(struct board_slot *slot)
{
	add(&slot->counts.requests[0], 1);
	add(&slot->counts.dropped, 1);
}
