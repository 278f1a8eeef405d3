/* SPDX-License-Identifier: MIT */
/* password -- Argon2id by libsodium: see password.h. */
#include "password.h"

#include <sodium.h>
#include <sys/mman.h>

#include "die.h"

_Static_assert(PASSWORD_HASH_BYTES == crypto_pwhash_STRBYTES,
    "libsodium writes another length");

/*
 * Compared with when there is no user: the cost of a real hash, and the
 * password of nobody.  The cost stands in the text, so it must follow.
 */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1"
                             "$bm9ib2R5LW5vYm9keS1ubw"
                             "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
_Static_assert(PASSWORD_MEMORY_BYTES == 19456 * 1024 && PASSWORD_PASSES == 2,
    "change the cost in nobody[] too");

/* Picks the fast code for this processor; again is cheap. */
static void
start_sodium(void)
{
	if (sodium_init() < 0)
		bug("libsodium does not start");
}

static NORETURN void
out_of_memory(void)
{
	bug("no memory for a hash: see .limits.memory_max_mib");
}

/*
 * libsodium 1.0.18 says "mismatch" when it had no memory (argon2_verify() maps
 * every failure to one).  So after a mismatch the memory is asked for once
 * more: nothing is written to it, which makes that cheap.
 */
static void
check_memory(void)
{
	const size_t n = PASSWORD_MEMORY_BYTES + 4096; /* and alignment */
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		out_of_memory();
	munmap(p, n);
}

void
password_hash(const char *password, size_t len, char out[PASSWORD_HASH_BYTES])
{
	start_sodium();
	if (crypto_pwhash_str(out, password, len, PASSWORD_PASSES,
	        PASSWORD_MEMORY_BYTES) != 0)
		out_of_memory();
}

bool
password_matches(const char *hash, const char *password, size_t len)
{
	bool same;

	start_sodium();
	same = crypto_pwhash_str_verify(
	           hash != NULL ? hash : nobody, password, len) == 0;
	if (!same)
		check_memory();
	return same && hash != NULL;
}
