/* SPDX-License-Identifier: MIT */
/* gateway_private -- what gateway.c knows of the two ways in. */
#ifndef GATEWAY_PRIVATE_H
#define GATEWAY_PRIVATE_H

#include "buf.h"

/* Send to whoever waits.  False when it does not take it. */
bool gateway_cgi_send(const struct buf *response) MUST_CHECK;
bool gateway_fastcgi_send(const struct buf *response) MUST_CHECK;

#endif /* GATEWAY_PRIVATE_H */
