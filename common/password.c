/* SPDX-License-Identifier: MIT */
/* password -- Argon2id by libsodium: see password.h. */
#include "password.h"

#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "die.h"

enum {
	STACK_BYTES = 256 * 1024, /* of the thread; Argon2 takes 10 KiB */
};

/* One hash to be made: of a password, or to compare it with another. */
struct job {
	pthread_t thread;
	char *password;
	size_t len;
	char *compare; /* the other, or NULL */
	char made[PASSWORD_HASH_BYTES];
	bool good; /* the outcome */
};

/* Of an earlier call, and still yielding. */
static struct job *late;

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

/* Picks the fast code for this processor; again is cheap.  A thread that has
 * an arena of its own for malloc() takes 64 MiB of the address space. */
static void
start_sodium(void)
{
	mallopt(M_ARENA_MAX, 1);
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

static void
make_hash(struct job *job)
{
	if (job->compare != NULL)
		job->good = crypto_pwhash_str_verify(
		                job->compare, job->password, job->len) == 0;
	else
		job->good =
		    crypto_pwhash_str(job->made, job->password, job->len,
		        PASSWORD_PASSES, PASSWORD_MEMORY_BYTES) == 0;
}

static void *
make_hash_idle(void *job)
{
	const struct sched_param none = {.sched_priority = 0};

	/* Where that is not allowed it is a thread like others. */
	(void)sched_setscheduler(0, SCHED_IDLE, &none);
	make_hash(job);
	return NULL;
}

static struct job *
copy_job(const struct job *job)
{
	struct job *copy = xmalloc(sizeof(*copy));

	*copy = *job;
	copy->password = xmalloc(job->len + 1);
	memcpy(copy->password, job->password, job->len);
	if (job->compare != NULL) {
		copy->compare = xmalloc(strlen(job->compare) + 1);
		memcpy(copy->compare, job->compare, strlen(job->compare) + 1);
	}
	return copy;
}

static void
free_job(struct job *job)
{
	if (job == NULL)
		return;
	sodium_memzero(job->password, job->len);
	free(job->password);
	free(job->compare);
	free(job);
}

static bool
start_job(struct job *job)
{
	pthread_attr_t attributes;
	bool started;

	if (pthread_attr_init(&attributes) != 0)
		return false;
	started =
	    pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
	    pthread_create(&job->thread, &attributes, make_hash_idle, job) == 0;
	pthread_attr_destroy(&attributes);
	return started;
}

static bool
wait_for_job(const struct job *job, const struct timespec *end)
{
	return pthread_clockjoin_np(job->thread, NULL, CLOCK_MONOTONIC, end) ==
	       0;
}

/* Make the hash of a job, and yield for a while. */
static void
run_job(struct job *job)
{
	struct timespec end;
	struct job *copy;

	start_sodium();
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += PASSWORD_YIELD_MS / 1000;
	if (late != NULL && !wait_for_job(late, &end)) {
		make_hash(job);
		return;
	}
	free_job(late);
	late = NULL;
	copy = copy_job(job);
	if (!start_job(copy)) {
		make_hash(job);
	} else if (wait_for_job(copy, &end)) {
		memcpy(job->made, copy->made, sizeof(job->made));
		job->good = copy->good;
	} else {
		late = copy;
		make_hash(job);
		return;
	}
	free_job(copy);
}

/* What the functions of libsodium take and do not change. */
static char *
borrow(const char *text)
{
	return (char *)(uintptr_t)text;
}

void
password_hash(const char *password, size_t len, char out[PASSWORD_HASH_BYTES])
{
	struct job job = {.password = borrow(password), .len = len};

	run_job(&job);
	if (!job.good)
		out_of_memory();
	memcpy(out, job.made, sizeof(job.made));
}

bool
password_matches(const char *hash, const char *password, size_t len)
{
	struct job job = {.password = borrow(password),
	    .len = len,
	    .compare = borrow(hash != NULL ? hash : nobody)};

	run_job(&job);
	if (!job.good)
		check_memory();
	return job.good && hash != NULL;
}
