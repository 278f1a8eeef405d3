/* SPDX-License-Identifier: MIT */
/* budget -- see budget.h. */
#include "budget.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>

static int left;

void
budget_open(void)
{
	struct rlimit limit = {.rlim_cur = 0};

	getrlimit(RLIMIT_NOFILE, &limit);
	left = limit.rlim_cur < INT_MAX ? (int)limit.rlim_cur : INT_MAX;
	/* At start-up all that is open has a low number. */
	for (int fd = 0; fd < 64; fd++)
		left -= fcntl(fd, F_GETFD) >= 0;
}

bool
budget_take(int n, int reserve)
{
	if (left - n < reserve) {
		errno = EMFILE;
		return false;
	}
	left -= n;
	return true;
}

void
budget_give(int n)
{
	left += n;
}

int
budget_left(void)
{
	return left;
}
