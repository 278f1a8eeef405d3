/* SPDX-License-Identifier: MIT */
/*
 * test-rate -- base/rate_class: what MAYFLY_RATES may say; base/rate_table: a
 * quota, its exact count among processes, a full set, any bytes in it, and a
 * death in the middle of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rate_class.h"
#include "rate_table.h"
#include "tap.h"

enum {
	NOW = 1000000, /* milliseconds; nothing here looks at a clock */
	PROCESSES = 8,
	TRIES = 100000, /* of each */
	DEATHS = 200,
};

static struct rate_table *table;
static const struct rate_limit three = {3, 60};

/* The hash of the n-th key of a set. */
static uint64_t
key(unsigned set, uint64_t n)
{
	return set | n << 40;
}

static struct rate_answer
take(uint64_t hash, const struct rate_limit *limit, int n, int64_t now_ms)
{
	return rate_table_take(table, RATE_COUNTS, hash, limit, n, now_ms);
}

static void
empty(void)
{
	memset(table, 0, sizeof(*table));
}

/* ---- classes ---- */

static void
test_classes(void)
{
	static const struct {
		const char *text, *problem;
	} rows[] = {
	    {"", NULL},
	    {"   ", NULL},
	    {"off", NULL},
	    {"login=1/1", NULL},
	    {" login=1000000/86400  write.address=off ", NULL},
	    {"on", "MAYFLY_RATES: there is no class \"on\""},
	    {"off off", "MAYFLY_RATES: there is no class \"off\""},
	    {"logi=1/1", "MAYFLY_RATES: there is no class \"logi\""},
	    {"logins=1/1", "MAYFLY_RATES: there is no class \"logins\""},
	    {"login.subject=1/1",
	        "MAYFLY_RATES: there is no class \"login.subject\""},
	    {"login.=1/1", "MAYFLY_RATES: there is no class \"login.\""},
	    {"=1/1", "MAYFLY_RATES: there is no class \"\""},
	};
	static const char *const limits[] = {"login", "login=", "login=/",
	    "login=1", "login=1/", "login=/1", "login=0/1", "login=1/0",
	    "login=1000001/1", "login=1/86401", "login=-1/1", "login=+1/1",
	    "login=1/1/1", "login=1x/1", "login=1/1s", "login=Off",
	    "login=offf", "login=00000001/1", "login=99999999999999999999/1",
	    "login=1,1"};
	const struct rate_class *class;
	char problem[256];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		bool good =
		    rate_class_change(rows[i].text, problem, sizeof(problem));

		tap_is_text(good ? NULL : problem, rows[i].problem,
		    "MAYFLY_RATES \"%s\"", rows[i].text);
	}
	for (size_t i = 0; i < LENGTH(limits); i++)
		tap_ok(
		    !rate_class_change(limits[i], problem, sizeof(problem)) &&
		        strcmp(problem, "MAYFLY_RATES: login must be =off or"
		                        " =QUOTA/SECONDS, 1 to 1000000 and"
		                        " 1 to 86400") == 0,
		    "refused: %s", limits[i]);
	if (!rate_class_change("login=7/8 login.address=9/10 write=off",
	        problem, sizeof(problem)))
		tap_ok(false, "%s", problem);
	class = rate_class_find("login");
	tap_ok(class->subject.quota == 7 && class->subject.window_s == 8 &&
	           class->address.quota == 9 && class->address.window_s == 10,
	    "both limits of a class are changed");
	class = rate_class_find("write");
	tap_ok(class->subject.quota == 0 && class->address.quota > 0,
	    "one is lifted, and the other is not");
	tap_ok(rate_class_change("off", problem, sizeof(problem)), "off");
	for (int i = 0; (class = rate_class_at(i)) != NULL; i++)
		tap_ok(class->subject.quota == 0 && class->address.quota == 0,
		    "off lifts %s", class->name);
	tap_ok(rate_class_change("", problem, sizeof(problem)) &&
	           rate_class_find("login")->subject.quota == 10,
	    "without it the usual ones are back");
	tap_ok(rate_class_find("nothing") == NULL, "no class of that name");
	tap_is_text(rate_class_find(NULL)->name, "default", "no name");
}

/* ---- one quota ---- */

static void
is_answer(struct rate_answer got, bool allowed, int remaining, int64_t full_ms,
    int64_t retry_ms, const char *what)
{
	if (!tap_ok(got.allowed == allowed && got.remaining == remaining &&
	                got.full_ms == full_ms && got.retry_ms == retry_ms,
	        "%s", what))
		tap_note("got %d, %d left, full in %lld, retry in %lld",
		    got.allowed, got.remaining, (long long)got.full_ms,
		    (long long)got.retry_ms);
}

static void
test_quota(void)
{
	const struct rate_limit odd = {7, 60}, one = {1, 86400},
	                        many = {RATE_CLASS_QUOTA_MAX, 1};
	uint64_t k = key(1, 1);
	int n = 0;

	empty();
	is_answer(take(k, &three, 0, NOW), true, 3, 0, 0, "a look");
	is_answer(take(k, &three, -1, NOW), true, 3, 0, 0, "none to give back");
	is_answer(take(k, &three, 1, NOW), true, 2, 20000, 0, "the first");
	is_answer(take(k, &three, 1, NOW), true, 1, 40000, 0, "the second");
	is_answer(take(k, &three, 1, NOW), true, 0, 60000, 0, "the third");
	is_answer(take(k, &three, 1, NOW), false, 0, 60000, 20000, "no more");
	is_answer(take(k, &three, 0, NOW), true, 0, 60000, 0, "a look");
	is_answer(take(k, &three, 1, NOW + 19999), false, 0, 40001, 1,
	    "a moment too early");
	is_answer(
	    take(k, &three, 1, NOW + 20000), true, 0, 60000, 0, "one is back");
	is_answer(take(k, &three, -1, NOW + 20000), true, 1, 40000, 0,
	    "one is given back");
	is_answer(take(k, &three, 1, NOW + 20000), true, 0, 60000, 0,
	    "and taken again");
	is_answer(take(k, &three, 0, NOW + 80000), true, 3, 0, 0,
	    "after the window all is back");
	is_answer(take(key(1, 2), &three, 1, NOW), true, 2, 20000, 0,
	    "another key of the set");
	is_answer(
	    take(key(2, 1), &three, 1, NOW), true, 2, 20000, 0, "another set");
	is_answer(rate_table_take(table, RATE_MARKS, k, &three, 1, NOW), true,
	    2, 20000, 0, "the other part");
	is_answer(
	    take(key(3, 0), &three, 1, NOW), true, 2, 20000, 0, "no bits");
	is_answer(
	    take(key(3, 0), &three, 0, NOW), true, 2, 20000, 0, "is a key too");
	is_answer(take(key(4, 1), &one, 1, NOW), true, 0, 86400000, 0, "a day");
	is_answer(take(key(4, 1), &one, 1, NOW), false, 0, 86400000, 86400000,
	    "is over tomorrow");

	while (n < 100 && take(key(5, 1), &odd, 1, NOW).allowed)
		n++;
	tap_is_int(n, 7, "as many as the quota, where the window has a rest");
	while (n < INT_MAX && take(key(6, 1), &many, 1, NOW).allowed)
		n++;
	tap_is_int(n, 7 + RATE_CLASS_QUOTA_MAX, "and at the most there can be");

	/* The clock begins anew at a boot; a window may be shortened. */
	take(key(7, 1), &three, 1, NOW);
	is_answer(take(key(7, 1), &three, 0, 5), true, 3, 0, 0,
	    "a time of another boot is none");
	for (int i = 0; i < 3; i++)
		take(key(8, 1), &three, 1, NOW);
	is_answer(take(key(8, 1), &(struct rate_limit){3, 6}, 0, NOW), true, 3,
	    0, 0, "nor one beyond a window that was shortened");
}

/* ---- a full set ---- */

static void
test_full(void)
{
	bool kept = true;

	empty();
	for (int i = 0; i < 3; i++)
		take(key(1, 1), &three, 1, NOW);
	take(key(1, 2), &three, 1, NOW);
	for (uint64_t n = 3; n <= RATE_TABLE_WAYS; n++)
		for (int i = 0; i < 2; i++)
			take(key(1, n), &three, 1, NOW);
	take(key(1, 100), &three, 1, NOW);
	is_answer(take(key(1, 2), &three, 0, NOW), true, 3, 0, 0,
	    "the least used key of a full set goes");
	for (uint64_t n = 3; n <= RATE_TABLE_WAYS; n++)
		kept = kept && take(key(1, n), &three, 0, NOW).remaining == 1;
	tap_ok(kept, "no other does");
	for (uint64_t n = 1000; n < 200000; n++)
		take(key(1, n), &three, 1, NOW);
	is_answer(take(key(1, 1), &three, 1, NOW), false, 0, 60000, 20000,
	    "200,000 new keys do not drive out the one that is used up");

	/* What a boot long ago has left does not hold a place. */
	empty();
	for (uint64_t n = 1; n <= RATE_TABLE_WAYS; n++)
		take(key(1, n), &three, 1, NOW + INT64_C(864000000));
	take(key(1, 50), &three, 1, NOW);
	take(key(1, 51), &three, 1, NOW);
	tap_ok(take(key(1, 50), &three, 0, NOW).remaining == 2 &&
	           take(key(1, 51), &three, 0, NOW).remaining == 2,
	    "times of another boot give way");
}

/* Whatever stands in the table is a state of it. */
static void
test_any_bytes(void)
{
	static const uint64_t words[] = {0, 1, UINT64_MAX, UINT64_MAX - 1,
	    UINT64_C(1) << 39, UINT64_C(1) << 40, UINT64_C(1) << 63};
	uint64_t random = 1;
	int bad = 0;

	for (int round = 0; round < 20000; round++) {
		for (int i = 0; i < RATE_TABLE_WAYS; i++) {
			random = random * UINT64_C(6364136223846793005) + 1;
			table->words[RATE_COUNTS][1][i] =
			    round < (int)LENGTH(words) ? words[round] : random;
		}
		for (int n = -1; n <= 1; n++) {
			struct rate_answer a = take(
			    (random & ~UINT64_C(0x1fff)) | 1, &three, n, NOW);

			bad += a.remaining < 0 || a.remaining > 3 ||
			       a.full_ms < 0 || a.full_ms > 60000 ||
			       a.retry_ms < 0 || a.retry_ms > 20000;
		}
	}
	tap_is_int(bad, 0, "any bytes are a state, and answers stay in bounds");
}

/* ---- many processes ---- */

static pid_t
start(void (*run)(unsigned seed), unsigned seed)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(seed);
		_exit(0);
	}
	return pid;
}

static const struct rate_limit wide = {400000, 86400};
static _Atomic int *allowed;

/* The one key, and others of its set, which come and go. */
static void
take_many(unsigned seed)
{
	for (uint64_t i = 0; i < TRIES; i++) {
		if (take(key(9, 1), &wide, 1, NOW).allowed)
			atomic_fetch_add(allowed, 1);
		take(key(9, 2 + seed * TRIES + i), &three, 1, NOW);
	}
}

static void
test_race(void)
{
	pid_t pids[PROCESSES];

	empty();
	take(key(9, 1), &wide, 1, NOW); /* it is there, and is not the least */
	for (int i = 0; i < 3000; i++)
		take(key(9, 1), &wide, 1, NOW);
	atomic_store(allowed, 3001);
	for (unsigned i = 0; i < PROCESSES; i++)
		pids[i] = start(take_many, i);
	for (int i = 0; i < PROCESSES; i++)
		waitpid(pids[i], NULL, 0);
	tap_is_int(atomic_load(allowed), wide.quota,
	    "%d processes at once get the quota, not one more or less",
	    PROCESSES);
}

/* The first takers of a key that is not there yet, in a set with empty places.
 */
static void
take_new(unsigned seed)
{
	(void)seed;
	while (atomic_load(&allowed[1]) == 0)
		;
	for (unsigned set = 100; set < 400; set++)
		if (take(key(set, 7), &three, 1, NOW).allowed)
			atomic_fetch_add(allowed, 1);
}

static void
test_first(void)
{
	pid_t pids[PROCESSES];

	empty();
	atomic_store(allowed, 0);
	for (unsigned i = 0; i < PROCESSES; i++)
		pids[i] = start(take_new, i);
	atomic_store(&allowed[1], 1);
	for (int i = 0; i < PROCESSES; i++)
		waitpid(pids[i], NULL, 0);
	tap_is_int(atomic_load(allowed), 300 * three.quota,
	    "so do those who come first to a key");
}

static void
take_for_ever(unsigned seed)
{
	for (uint64_t i = seed;; i++)
		take(key(11, 1 + i % 12), &three, i % 3 == 0 ? -1 : 1, NOW);
}

static void
test_death(void)
{
	pid_t pid;

	empty();
	for (unsigned i = 0; i < DEATHS; i++) {
		_Atomic uint64_t *word = &table->words[RATE_COUNTS][11][0];

		atomic_store(word, 0);
		pid = start(take_for_ever, i);
		while (atomic_load(word) == 0)
			; /* it is at work */
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	for (uint64_t n = 1; n <= 12; n++)
		take(key(11, n), &three, 1, NOW);
	for (int i = 0; i < 3; i++)
		take(key(11, 50), &three, 1, NOW + 60000);
	tap_ok(!take(key(11, 50), &three, 1, NOW + 60000).allowed,
	    "after %d deaths inside of it, it counts as before", DEATHS);
}

/* ---- the memory ---- */

static void
test_memory(void)
{
	int fd = rate_table_open();
	struct stat st;

	tap_ok(fd >= 0 && fstat(fd, &st) == 0 &&
	           st.st_size == sizeof(struct rate_table),
	    "the memory is as large as the table");
	tap_ok((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0, "and close-on-exec");
	tap_ok(ftruncate(fd, 0) != 0 && errno == EPERM,
	    "who has it cannot shorten it under the others");
	tap_ok(
	    ftruncate(fd, 1 << 30) != 0 && errno == EPERM, "nor make it grow");
	close(fd);
	unsetenv("MAYFLY_SLOT");
	tap_ok(rate_table_attach() == NULL, "without mayflyd there is none");
}

int
main(void)
{
	table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	allowed = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (table == MAP_FAILED || allowed == MAP_FAILED)
		return EXIT_SYSTEM;
	test_classes();
	test_quota();
	test_full();
	test_any_bytes();
	test_race();
	test_first();
	test_death();
	test_memory();
	return tap_done();
}
