/* SPDX-License-Identifier: MIT */
/* gateway_private -- what gateway.c knows of the two ways in. */
#ifndef GATEWAY_PRIVATE_H
#define GATEWAY_PRIVATE_H

#include <sys/uio.h>

#include "gateway.h"

/* Send to whoever waits.  False when it does not take all of it. */
bool gateway_cgi_send(const struct gateway_response *response) MUST_CHECK;
bool gateway_fastcgi_send(const struct gateway_response *response) MUST_CHECK;

/* Parts of which so many bytes are written: those that are left, of *n. */
struct iovec *gateway_left(struct iovec *parts, int *n, size_t written);

#endif /* GATEWAY_PRIVATE_H */
