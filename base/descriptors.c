/* SPDX-License-Identifier: MIT */
/* descriptors -- see descriptors.h. */
#include "descriptors.h"

#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

void
descriptors_close_above(int last)
{
	struct rlimit limit;
	int end = 1024; /* as select(2) has it, when the limit is not known */

	if (close_range((unsigned)last + 1, UINT_MAX, 0) == 0)
		return;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		end = limit.rlim_max < INT_MAX ? (int)limit.rlim_max : INT_MAX;
	for (int fd = last + 1; fd < end; fd++)
		close(fd);
}
