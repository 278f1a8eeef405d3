/* SPDX-License-Identifier: MIT */
/*
 * store-prune -- what the store does not keep: of each function the releases
 * beyond STORE_PRUNE_RELEASES, generations that name one of those or are beyond
 * STORE_PRUNE_GENERATIONS, and releases that no generation names.
 *
 * What is current, previous, a canary, or served now stays.
 */
#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include "base.h"

enum {
	STORE_PRUNE_RELEASES = 10, /* of a function that are kept, or more */
	STORE_PRUNE_GENERATIONS = 100, /* that are kept */
};

/* served holds n HASH12s.  Nobody else is at work; what cannot be done is done
 * the next time. */
void store_prune(
    const char *store, const char *app, char *const *served, int n);

#endif /* STORE_PRUNE_H */
