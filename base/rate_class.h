/* SPDX-License-Identifier: MIT */
/*
 * rate_class -- the classes of rate limits, one of which a function's
 * descriptor may name (.rate = "login"), and what MAYFLY_RATES changes of them.
 *
 * A class has two limits, each of which may be none:
 *
 *	address	of each address, an IPv6 one counting as its /64.  nginx counts,
 *		and wakes no function; without nginx (CGI) the function does
 *	subject	of each user who is logged in, or of what the function says is
 *		attacked, such as the account of a login.  The function counts,
 *		before any costly work: common/rate.h
 *
 * The rule of both is GCRA (ITU-T I.371), nginx's own: so many of the quota as
 * are left at once, and one of it back each window_s / quota seconds.
 *
 * MAYFLY_RATES is "off", which lifts all of them, or words with blanks between,
 * each of which changes one limit:
 *
 *	login=20/3600			of a subject: 20, and one each 180 s
 *	login.address=off default.address=200/1
 */
#ifndef RATE_CLASS_H
#define RATE_CLASS_H

#include "base.h"

enum {
	RATE_CLASS_QUOTA_MAX = 1000000,
	RATE_CLASS_WINDOW_MAX_S = 86400,
};

/* quota 0: there is no limit. */
struct rate_limit {
	int quota;
	int window_s; /* seconds, after which all of it is back */
};

struct rate_class {
	const char *name;
	struct rate_limit address, subject;
};

/* The i-th, from 0; NULL beyond the last.  The first is that of functions which
 * name none. */
const struct rate_class *rate_class_at(int i);

/* By its name, NULL for the first; NULL when there is none of that name. */
const struct rate_class *rate_class_find(const char *name) MUST_CHECK;

/*
 * Take the text of MAYFLY_RATES, in place of any that was taken before.  When
 * it is wrong, problem (size bytes) says why, and the usual limits are in
 * force.
 */
bool rate_class_change(const char *text, char *problem, size_t size) MUST_CHECK;

#endif /* RATE_CLASS_H */
