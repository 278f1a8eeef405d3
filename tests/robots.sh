#!/bin/sh
# SPDX-License-Identifier: MIT
# robots says where the site map is.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
plan 3
fn robots -e MAYFLY_SITE_URL=https://blog.example/
is "$status $body" '200 User-agent: *
Disallow:

Sitemap: https://blog.example/sitemap.xml' 'all may be read'
like "$headers" '^Content-Type: text/plain; charset=utf-8$' 'its type'

bad_input robots
