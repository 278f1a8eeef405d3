/* SPDX-License-Identifier: MIT */
/* descriptors -- see descriptors.h. */
#include "descriptors.h"

#include <limits.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	OPEN_END = 1048576, /* fs.nr_open, proc(5), as the kernel sets it */
	OPEN_FEW = 1024,    /* when the limit is not known */
};

void
descriptors_close_above(int last)
{
	struct rlimit limit;
	int end = OPEN_FEW;

	if (close_range((unsigned)last + 1, UINT_MAX, 0) == 0)
		return;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
		end =
		    limit.rlim_max < OPEN_END ? (int)limit.rlim_max : OPEN_END;
	for (int fd = last + 1; fd < end; fd++)
		close(fd);
}
