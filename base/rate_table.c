/* SPDX-License-Identifier: MIT */
/* rate_table -- see rate_table.h. */
#include "rate_table.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "board.h"

enum {
	TIME_BITS = 40,      /* milliseconds: 34 years */
	TRIES_MAX = 1000000, /* against somebody who writes all the time */
};

static const uint64_t time_mask = (UINT64_C(1) << TIME_BITS) - 1;

/* 24 bits of a hash, in their place; never 0, which is an empty entry. */
static uint64_t
mark_of(uint64_t hash)
{
	uint64_t mark = hash & ~time_mask;

	return mark != 0 ? mark : UINT64_C(1) << TIME_BITS;
}

/* When the quota of an entry is whole, at the earliest now; one that is further
 * ahead than can be is of another boot, or of a longer window. */
static int64_t
arrival_of(uint64_t word, int64_t now_ms, int64_t most_ms)
{
	int64_t at = (int64_t)(word & time_mask);

	return at > now_ms && at - now_ms <= most_ms ? at : now_ms;
}

/* The entry of the mark; or, if there is none, the one to take for it.  *word
 * is what stands there. */
static _Atomic uint64_t *
find_word(_Atomic uint64_t set[RATE_TABLE_WAYS], uint64_t mark, int64_t now_ms,
    uint64_t *word)
{
	const int64_t most_ms = RATE_CLASS_WINDOW_MAX_S * INT64_C(1000);
	_Atomic uint64_t *oldest = NULL;
	int64_t least = INT64_MAX, arrival;
	uint64_t here;

	for (int i = 0; i < RATE_TABLE_WAYS; i++) {
		here = atomic_load(&set[i]);
		if ((here & ~time_mask) == mark) {
			*word = here;
			return &set[i];
		}
		arrival = arrival_of(here, now_ms, most_ms);
		if (arrival < least) {
			least = arrival;
			oldest = &set[i];
			*word = here;
		}
	}
	return oldest;
}

int64_t
rate_table_step_ms(const struct rate_limit *limit)
{
	int64_t step = limit->window_s * INT64_C(1000) / limit->quota;

	return step > 0 ? step : 1;
}

struct rate_answer
rate_table_answer(
    const struct rate_limit *limit, bool allowed, int64_t ahead_ms)
{
	int64_t step_ms = rate_table_step_ms(limit);
	int64_t left_ms = step_ms * limit->quota - ahead_ms;
	struct rate_answer answer = {.allowed = allowed, .full_ms = ahead_ms};

	if (left_ms > 0)
		answer.remaining = (int)(left_ms / step_ms);
	if (!allowed)
		answer.retry_ms = step_ms - left_ms;
	return answer;
}

struct rate_answer
rate_table_take(struct rate_table *table, enum rate_part part, uint64_t hash,
    const struct rate_limit *limit, int n, int64_t now_ms)
{
	_Atomic uint64_t *set = table->words[part][hash % RATE_TABLE_SETS];
	int64_t step_ms = rate_table_step_ms(limit), before, after;
	int64_t whole_ms = step_ms * limit->quota;
	uint64_t mark = mark_of(hash), word = 0;
	_Atomic uint64_t *entry;

	for (int tries = 0; tries < TRIES_MAX; tries++) {
		entry = find_word(set, mark, now_ms, &word);
		before = now_ms;
		if ((word & ~time_mask) == mark)
			before = arrival_of(word, now_ms, whole_ms);
		after = before + n * step_ms;
		if (n > 0 && after - now_ms > whole_ms)
			return rate_table_answer(limit, false, before - now_ms);
		if (after <= now_ms)
			after = now_ms;
		if (after == before ||
		    atomic_compare_exchange_strong(
		        entry, &word, mark | ((uint64_t)after & time_mask)))
			break;
	}
	return rate_table_answer(limit, true, after - now_ms);
}

int
rate_table_open(void)
{
	int fd = memfd_create("mayfly-rate", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd >= 0 && ftruncate(fd, sizeof(struct rate_table)) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) ==
	        0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

struct rate_table *
rate_table_attach(void)
{
	void *map;

	if (getenv("MAYFLY_SLOT") == NULL)
		return NULL;
	map = mmap(NULL, sizeof(struct rate_table), PROT_READ | PROT_WRITE,
	    MAP_SHARED, BOARD_FD_RATE, 0);
	close(BOARD_FD_RATE);
	return map != MAP_FAILED ? map : NULL;
}
