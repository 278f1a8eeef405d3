#!/bin/sh
# SPDX-License-Identifier: MIT
# examples/links, whole: its tables and functions beside the blog's, through
# nginx, seen by its own test.
. "${top_srcdir:-.}/tests/lib.sh"

links=$top/examples/links
built=$top_builddir/examples/links/functions
test -x "$built/link-list" ||
    fail "not built: $built/link-list" "run: make -C $top_builddir check"
stack_start
psql -qX1 -v ON_ERROR_STOP=1 -h "$var/run" -U mayfly -d mayfly \
    -v reader=mayfly_reader -v writer=mayfly_writer \
    -f "$links/sql/101-links.sql" || exit 99
mkdir "$tmp/links" && find "$built" -maxdepth 1 -type f -perm -u+x \
    -exec cp {} "$tmp/links" \;
sed -i /^MAYFLY_FUNCTIONS=/d "$var/env"
echo "MAYFLY_FUNCTIONS=$var/cgi-bin:$tmp/links" >>"$var/env"
stack_up_or_end
LINKS_URL=$url LINKS_DATABASE="host=$var/run user=mayfly dbname=mayfly" \
    LINKS_TOKEN_SECRET=$(sed -n 's/^MAYFLY_TOKEN_SECRET=//p' "$var/env") \
    sh "$links/tests/links.sh" >"$tmp/result"
status=$?
cat "$tmp/result"
failures=$(grep -c '^not ok' "$tmp/result")
test "$status" -eq 0 || failures=$((failures + 1))
exit "$status"
