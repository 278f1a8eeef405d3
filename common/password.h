/* SPDX-License-Identifier: MIT */
/*
 * password -- Argon2id hashes in PHC form ("$argon2id$v=19$m=...").
 *
 * Cost: 19 MiB of memory, 2 passes, about 20 ms on one core.  Source: OWASP
 * Password Storage Cheat Sheet, the second of its equivalent settings.
 *
 * A hash yields to all else that the machine does: it is made in a thread that
 * runs as SCHED_IDLE (sched(7)).  A thread, since only root may leave that
 * class again.  While both cores are busy for others it gets nearly nothing; so
 * that nobody can keep people from logging in, a hash that is not there after
 * PASSWORD_YIELD_MS is made once more, as everything else is.  The first goes
 * on and is waited for by the next, within the time that that one yields.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "base.h"

enum {
	PASSWORD_MEMORY_BYTES = 19 * 1024 * 1024,
	PASSWORD_PASSES = 2,
	PASSWORD_HASH_BYTES = 128, /* a PHC string and its NUL */
	PASSWORD_YIELD_MS = 2000,
};

/* Hash len bytes, 0 or more; all count, NULs too.  Aborts when memory is out.
 */
void password_hash(
    const char *password, size_t len, char out[PASSWORD_HASH_BYTES]);

/*
 * Whether the password belongs to the hash.  hash NULL means there is no such
 * user: the same work is done, so that the time tells nothing, and the answer
 * is false.  A hash that is not an Argon2 PHC string matches nothing.  Aborts
 * when memory is out: that must not look like a wrong password.
 */
bool password_matches(
    const char *hash, const char *password, size_t len) MUST_CHECK;

#endif /* PASSWORD_H */
