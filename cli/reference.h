/* SPDX-License-Identifier: MIT */
/* reference -- an OpenAPI document of ours as a page for people. */
#ifndef REFERENCE_H
#define REFERENCE_H

#include "base.h"
#include "buf.h"

struct json_object; /* json-c */

/* *to is the caller's (buf_free); false when the page is too long. */
bool reference_write(struct json_object *document, struct buf *to) MUST_CHECK;

#endif /* REFERENCE_H */
