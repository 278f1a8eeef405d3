/* SPDX-License-Identifier: MIT */
/*
 * store-lock -- one deploy of an application at a time: an flock(2) on
 * STORE/APP/lock, which holds the number of the process that has it.  The
 * kernel gives it back when that ends, however it ends.
 */
#ifndef STORE_LOCK_H
#define STORE_LOCK_H

#include "base.h"

/* A descriptor that is the lock, for the caller to close; -1 when it cannot be
 * had, with the reason in problem (size bytes), and in *holder who has it: -1
 * for somebody who has not said so yet, 0 for nobody. */
int store_lock_take(const char *store, const char *app, int *holder,
    char *problem, size_t size) MUST_CHECK;

#endif /* STORE_LOCK_H */
