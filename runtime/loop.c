/* SPDX-License-Identifier: MIT */
/* loop -- see loop.h. */
#include "loop.h"

#include <limits.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "stamp.h"

static int epoll_fd = -1;

bool
loop_open(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return epoll_fd >= 0;
}

bool
loop_add(struct watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.ptr = watch};

	loop_remove(watch);
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, watch->fd, &event) != 0)
		return false;
	watch->added = true;
	return true;
}

void
loop_remove(struct watch *watch)
{
	if (!watch->added)
		return;
	epoll_ctl(epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->added = false;
}

void
loop_close(struct watch *watch)
{
	if (watch->fd < 0)
		return;
	loop_remove(watch);
	close(watch->fd);
	watch->fd = -1;
}

void
loop_wait(int64_t deadline_ns)
{
	struct epoll_event event;
	struct watch *watch;
	int64_t left_ms;
	int timeout = -1;

	if (deadline_ns != INT64_MAX) {
		left_ms =
		    (deadline_ns - stamp_monotonic_ns() + 999999) / 1000000;
		timeout = left_ms < 0         ? 0
		          : left_ms > INT_MAX ? INT_MAX
		                              : (int)left_ms;
	}
	if (epoll_wait(epoll_fd, &event, 1, timeout) != 1)
		return;
	watch = event.data.ptr;
	watch->on_event(watch->owner, event.events);
}
