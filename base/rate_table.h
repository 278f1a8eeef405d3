/* SPDX-License-Identifier: MIT */
/*
 * rate_table -- what of which quota is used, for all functions of a node: a
 * table of fixed size in memory that mayflyd makes and its instances share.
 *
 * An entry is one 64-bit word, changed by compare-and-swap: 24 bits of a key's
 * hash, and GCRA's theoretical arrival time in 40 bits.  So there is no lock to
 * be held by who dies, no entry half written, and whatever the words are they
 * are some state of some quotas: an instance that was taken over can make
 * others allow or refuse, and no more.
 *
 * A hash names a set of eight entries.  When all are taken, the one goes that
 * is back at its whole quota first: what is most used stays.  Two keys of one
 * set with the same 24 bits share a quota: one new key in two million.
 *
 * Times are those of CLOCK_MONOTONIC, so one of another boot says nothing: what
 * is further ahead than its window can be counts as none.
 */
#ifndef RATE_TABLE_H
#define RATE_TABLE_H

#include <stdatomic.h>

#include "base.h"
#include "rate_class.h"

enum {
	RATE_TABLE_SETS = 8192, /* of each part; a power of two */
	RATE_TABLE_WAYS = 8,    /* entries of a set: a cache line */
};

/* Marks last longer than counts, and would drive them out. */
enum rate_part { RATE_COUNTS, RATE_MARKS, RATE_PARTS };

struct rate_table {
	_Atomic uint64_t words[RATE_PARTS][RATE_TABLE_SETS][RATE_TABLE_WAYS];
};

/* What became of a request for some of a quota. */
struct rate_answer {
	bool allowed;
	int remaining;    /* of the quota */
	int64_t full_ms;  /* until all of it is back, from now; 0: it is */
	int64_t retry_ms; /* refused: until one is; else 0 */
};

/* How long one of a quota takes to come back; at least a millisecond. */
int64_t rate_table_step_ms(const struct rate_limit *limit);

/*
 * The answer that follows from a quota that is whole again ahead_ms from now,
 * one of it being asked for and refused, or not.  limit->quota is above 0.
 */
struct rate_answer rate_table_answer(
    const struct rate_limit *limit, bool allowed, int64_t ahead_ms);

/*
 * Take n of what the key with this hash has left of a quota: 1; 0 to look; -1
 * to give one back.  now_ms: stamp_monotonic_ms().  limit->quota is above 0.
 */
struct rate_answer rate_table_take(struct rate_table *table,
    enum rate_part part, uint64_t hash, const struct rate_limit *limit, int n,
    int64_t now_ms);

/*
 * mayflyd: a descriptor of an empty one that nobody can shorten, close-on-exec,
 * or -1 with errno.  An instance: the one that it inherited (board.h), mapped,
 * or NULL when it is not under mayflyd.
 */
int rate_table_open(void) MUST_CHECK;
struct rate_table *rate_table_attach(void);

#endif /* RATE_TABLE_H */
