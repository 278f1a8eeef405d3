#!/bin/sh
# SPDX-License-Identifier: MIT
# doc/limits.md is what scripts/limits makes of the code: each value is that of
# the place which its row names, no limit is missing, and none stands twice.
. "${top_srcdir:-.}/tests/lib.sh"

plan 6
"$top/scripts/limits" | diff "$top/doc/limits.md" - >"$tmp/diff"
is "$(cat "$tmp/diff")" '' 'the values are those of the code: scripts/limits -w'
is "$("$top/scripts/limits" -m)" '' 'no limit is missing, no place is wrong'
# shellcheck disable=SC2016 # backquotes are backquotes
rows=$(grep -oE '`[A-Za-z0-9_./-]+:[A-Za-z0-9_.]+` \|' "$top/doc/limits.md")
ok "there are many: $(echo "$rows" | wc -l)" test "$(echo "$rows" | wc -l)" -ge 150
is "$(echo "$rows" | sort | uniq -d)" '' 'none is listed twice'

# It notices what has changed.
mkdir "$tmp/tree"
for part in base blog cgi-bin cli common doc nginx runtime scripts sql; do
	cp -R "$top/$part" "$tmp/tree"
done
sed -i 's/ACCOUNT_NAME_MAX = 64/ACCOUNT_NAME_MAX = 32 * 2 + 1/' \
    "$tmp/tree/blog/account.h"
like "$("$tmp/tree/scripts/limits" | diff "$top/doc/limits.md" -)" \
    '^> .* 65 .*account.h:ACCOUNT_NAME_MAX' 'a constant that has changed'
sed -i 's/^enum {/enum {\n	NOT_LISTED_MAX = 7,/' "$tmp/tree/blog/slug.h"
is "$("$tmp/tree/scripts/limits" -m)" 'no row for blog/slug.h:NOT_LISTED_MAX' \
    'and one that is new'
