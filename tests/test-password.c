/* SPDX-License-Identifier: MIT */
/* test-password -- common/password: known hashes, lengths, cost, no memory. */
#include "password.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "guard.h"
#include "tap.h"

static struct guard guard;

/*
 * Source: the test vectors of the reference implementation (phc-winner-argon2,
 * src/test.c, Argon2id, version 13): "password", salt "somesalt".
 */
static const char known[] = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
                            "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

static const char *const broken[] = {
    "",
    "x",
    "$",
    "$argon2id$",
    "password",
    "$2b$12$abcdefghijklmnopqrstuuvwxyzabcdefghijklmnopqrstuvwxyz012",
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$",
    "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ"
    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ"
    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
    "$argon2id$v=19$m=256,t=2,p=1$!!!!"
    "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
};

static bool
matches(const char *hash, const char *password, size_t len)
{
	return password_matches(hash, guard_tail(&guard, password, len), len);
}

static void
test_round_trip(void)
{
	char hash[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES];
	char changed[PASSWORD_HASH_BYTES];
	const char *password = guard_tail(&guard, "correct horse", 13);
	char *last;

	password_hash(password, 13, hash);
	tap_ok(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0,
	    "the hash states its cost: %s", hash);
	password_hash(password, 13, again);
	tap_ok(strcmp(hash, again) != 0, "the same password is salted anew");
	tap_ok(matches(hash, "correct horse", 13), "the password matches");
	tap_ok(matches(again, "correct horse", 13), "the other hash too");
	tap_ok(!matches(hash, "correct horsf", 13), "another does not");
	tap_ok(!matches(hash, "correct hors", 12), "nor a shorter one");
	tap_ok(!matches(hash, "correct horse ", 14), "nor a longer one");
	tap_ok(!matches(hash, "Correct horse", 13), "nor in upper case");
	tap_ok(!matches(hash, "", 0), "nor nothing");

	memcpy(changed, hash, sizeof(changed));
	last = strrchr(changed, '$') + 1;
	*last = *last == 'A' ? 'B' : 'A';
	tap_ok(!matches(changed, "correct horse", 13),
	    "nor against a changed hash");
}

/* Each text is hashed, matches itself, and not its part without the last. */
static void
test_lengths(void)
{
	static const size_t lengths[] = {0, 1, 8, 72, 73, 1024};
	char text[1024], hash[PASSWORD_HASH_BYTES];

	memset(text, 'p', sizeof(text));
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		size_t n = lengths[i];

		password_hash(guard_tail(&guard, text, n), n, hash);
		tap_ok(matches(hash, text, n), "%zu bytes", n);
		if (n > 0)
			tap_ok(!matches(hash, text, n - 1), "not %zu", n - 1);
	}
	password_hash("a\0b", 3, hash);
	tap_ok(matches(hash, "a\0b", 3), "a NUL inside counts");
	tap_ok(!matches(hash, "a\0c", 3), "and what follows it");
	tap_ok(!matches(hash, "a", 1), "and does not end it");
}

static void
test_known(void)
{
	int bad = 0;

	tap_ok(matches(known, "password", 8), "the reference vector matches");
	tap_ok(!matches(known, "passwore", 8), "and only with its password");
	for (size_t i = 0; i < LENGTH(broken); i++)
		tap_ok(!matches(broken[i], "password", 8),
		    "not a hash, row %zu", i);
	for (size_t n = 0; n < sizeof(known) - 1; n++) {
		char part[sizeof(known)];

		memcpy(part, known, n);
		part[n] = '\0';
		if (password_matches(
		        guard_tail(&guard, part, n + 1), "password", 8))
			bad++;
	}
	tap_is_int(bad, 0, "no prefix of a hash matches");
}

static void
test_nobody(void)
{
	tap_ok(!matches(NULL, "password", 8), "no user: no match");
	tap_ok(!matches(NULL, "", 0), "no user: nor with nothing");
}

/* Out of memory ends the process: never "wrong password". */
static void
test_no_memory(void)
{
#if defined(__SANITIZE_ADDRESS__)
	tap_skip("the address sanitizer needs the memory");
#else
	char hash[PASSWORD_HASH_BYTES];
	int status = 0;
	pid_t pid;

	password_hash("password", 8, hash);
	pid = fork();
	if (pid == 0) {
		const struct rlimit few = {16 << 20, 16 << 20};
		const struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		setrlimit(RLIMIT_AS, &few);
		_exit(password_matches(hash, "password", 8) ? 1 : 2);
	}
	waitpid(pid, &status, 0);
	tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT,
	    "without memory it aborts");
#endif
}

int
main(void)
{
	guard = guard_new(2048);
	test_round_trip();
	test_lengths();
	test_known();
	test_nobody();
	test_no_memory();
	return tap_done();
}
