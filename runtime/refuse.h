/* SPDX-License-Identifier: MIT */
/*
 * refuse -- 503 with Retry-After, at once, for connections that no instance
 * can take: the function crashes when it starts, or cannot be started.
 *
 * mayflyd speaks just enough FastCGI for that: the request id of the first
 * record goes back in the reply (specification 1.0, sections 3.3, 5.5).  What
 * the web server still sends is read and dropped, so that closing does not
 * reset the connection under the reply.
 */
#ifndef REFUSE_H
#define REFUSE_H

#include "base.h"

enum {
	REFUSE_MAX = 256,          /* at once; the oldest makes room */
	REFUSE_DEADLINE_MS = 1000, /* for the web server to read and close */
};

/* Accept what is queued on listener and refuse it, as far as there are
 * descriptors for it; Retry-After is retry_after_s.  Returns how many. */
int refuse_queued(int listener, int retry_after_s);

/* Accept one connection, if there is one, and close it: the web server says
 * 502, as when an instance dies inside a request. */
void refuse_unanswered(int listener);

/* Drop what is overdue; returns when to look again, or INT64_MAX. */
int64_t refuse_expire(int64_t now_ns);

#endif /* REFUSE_H */
