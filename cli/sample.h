/* SPDX-License-Identifier: MIT */
/* sample -- a value that fits a schema of openapi.h, to show what one looks
 * like. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include "base.h"

struct json_object; /* json-c */

/* New; the caller's.  document is where references lead. */
struct json_object *sample_of(
    struct json_object *document, struct json_object *schema) MUST_CHECK;

#endif /* SAMPLE_H */
