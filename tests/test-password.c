/* SPDX-License-Identifier: MIT */
/*
 * test-password -- common/password: known hashes, lengths, cost, no memory;
 * that a hash is made in the idle class, in its turn when that gets no time,
 * and as often and at the same cost for nobody as for somebody.
 */
#include "password.h"

#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sodium.h>
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

/* The linker sends libsodium's function here (--wrap), so that it is seen who
 * calls it for what; and those of the idle class can be kept waiting. */
static struct {
	int calls, policy;
	char cost[64];
	bool hold;
	sem_t go_on;
} seen;

int __real_crypto_pwhash_str_verify(
    const char *hash, const char *password, unsigned long long len);
int __wrap_crypto_pwhash_str_verify(
    const char *hash, const char *password, unsigned long long len);

int
__wrap_crypto_pwhash_str_verify(
    const char *hash, const char *password, unsigned long long len)
{
	const char *costs = strstr(hash, "m=");
	int policy = sched_getscheduler(0);

	if (policy == SCHED_IDLE && seen.hold)
		sem_wait(&seen.go_on);
	if (!seen.hold || policy != SCHED_IDLE) {
		seen.calls++;
		seen.policy = policy;
		snprintf(seen.cost, sizeof(seen.cost), "%.*s",
		    costs != NULL ? (int)strcspn(costs, "$") : 0,
		    costs != NULL ? costs : "");
	}
	return __real_crypto_pwhash_str_verify(hash, password, len);
}

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

/* Whether the last comparison was one, at the usual cost, in this class. */
static void
is_work(int policy, const char *what)
{
	tap_is_int(seen.calls, 1, "%s: one hash", what);
	tap_is_text(seen.cost, "m=19456,t=2,p=1", "%s: its cost", what);
	tap_is_int(seen.policy, policy, "%s: its class", what);
	seen.calls = 0;
}

static void
test_work(void)
{
	char hash[PASSWORD_HASH_BYTES];

	password_hash("password", 8, hash);
	seen.calls = 0;
	tap_ok(!matches(hash, "wrong", 5), "a wrong password");
	is_work(SCHED_IDLE, "for somebody");
	tap_ok(!matches(NULL, "wrong", 5), "nobody's");
	is_work(SCHED_IDLE, "for nobody");
	tap_is_int(sched_getscheduler(0), SCHED_OTHER,
	    "who asks stays in the usual class");

	/* Nobody gives time to the idle. */
	sem_init(&seen.go_on, 0, 0);
	seen.hold = true;
	tap_ok(matches(hash, "password", 8), "without time it is made, too");
	is_work(SCHED_OTHER, "without time");
	tap_ok(!matches(hash, "passwore", 8), "and the next");
	is_work(SCHED_OTHER, "the next");
	seen.hold = false;
	sem_post(&seen.go_on);
	tap_ok(matches(hash, "password", 8), "with time again");
	tap_is_int(seen.policy, SCHED_IDLE, "it yields again");
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
	test_work();
	test_no_memory();
	return tap_done();
}
