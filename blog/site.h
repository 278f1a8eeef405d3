/* SPDX-License-Identifier: MIT */
/*
 * site -- where readers find the blog: the addresses of its pages, from the
 * setting MAYFLY_SITE_URL.  The Host header, which anybody may send, is not
 * asked.
 */
#ifndef SITE_H
#define SITE_H

#include "base.h"

struct arena;

/* An absolute URL: MAYFLY_SITE_URL, path, and segment percent-encoded. */
const char *site_url(
    struct arena *arena, const char *path, const char *segment) MUST_CHECK;

/* The same of the pages that RealWorld's front ends have. */
#define SITE_ARTICLE_PATH "/article/"
#define SITE_AUTHOR_PATH "/profile/"

#endif /* SITE_H */
