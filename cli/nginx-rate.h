/* SPDX-License-Identifier: MIT */
/*
 * nginx-rate -- the rate limits of each address, as nginx counts them: a zone
 * for each class that some function is of (base/rate_class.h).
 *
 * nginx knows whole requests a minute, so that one a minute is the least; what
 * lies between two is rounded up.
 */
#ifndef NGINX_RATE_H
#define NGINX_RATE_H

#include "buf.h"
#include "descriptor.h"

/* For http{}: the zones, and what a refusal says, of n functions. */
void nginx_rate_zones(struct buf *b, struct descriptor *const *list, int n);

/* For server{}: that they count. */
void nginx_rate_limits(struct buf *b, struct descriptor *const *list, int n);

#endif /* NGINX_RATE_H */
