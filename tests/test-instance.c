/* SPDX-License-Identifier: MIT */
/*
 * test-instance -- what mayflyd believes of the scoreboard: while an instance
 * goes from idle to busy and back as fast as it can, its age is never that of
 * the process; and damaged values are hints, no more.
 */
#include "../runtime/instance.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stamp.h"
#include "tap.h"

enum {
	LOOKS = 500000,
};

/* An instance that began when the machine did. */
static struct instance
old_instance(struct board_slot *slot)
{
	return (struct instance){.slot = slot, .started_ns = 1};
}

static void
test_race(struct board_slot *slot)
{
	struct instance i = old_instance(slot);
	int64_t age, oldest = 0, begin = stamp_monotonic_ns();
	pid_t child;

	board_enter(slot, BOARD_IDLE);
	child = fork();
	if (child < 0) {
		tap_ok(false, "fork");
		return;
	}
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;) {
			board_enter(slot, BOARD_BUSY);
			board_enter(slot, BOARD_IDLE);
		}
	}
	for (int n = 0; n < LOOKS; n++) {
		instance_state(&i, &age);
		if (age > oldest)
			oldest = age;
	}
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	/* The child may have been put aside, but not for longer than this. */
	tap_ok(oldest <= stamp_monotonic_ns() - begin,
	    "the age is since the last change, not since the start");
}

static void
test_damage(struct board_slot *slot)
{
	static const struct {
		uint32_t state;
		enum board_state want;
	} states[] = {
	    {BOARD_STARTING, BOARD_STARTING},
	    {BOARD_IDLE, BOARD_IDLE},
	    {BOARD_BUSY, BOARD_BUSY},
	    {BOARD_BUSY + 1, BOARD_BUSY},
	    {UINT32_MAX, BOARD_BUSY},
	};
	static const int64_t times[] = {INT64_MIN, -1, 0, INT64_MAX};
	struct instance i = old_instance(slot);
	int64_t age, begin = stamp_monotonic_ns();

	for (size_t n = 0; n < LENGTH(states); n++) {
		atomic_store(&slot->state, states[n].state);
		tap_is_int(instance_state(&i, NULL), states[n].want, "state %u",
		    states[n].state);
	}
	for (size_t n = 0; n < LENGTH(times); n++) {
		atomic_store(&slot->since_ns, times[n]);
		instance_state(&i, &age);
		tap_ok(age >= begin - 1, "since %lld: as old as the instance",
		    (long long)times[n]);
	}
}

int
main(void)
{
	struct board_slot *slot;

	slot = mmap(NULL, sizeof(*slot), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slot == MAP_FAILED)
		return EXIT_SYSTEM;
	test_race(slot);
	test_damage(slot);
	return tap_done();
}
