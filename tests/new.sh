#!/bin/sh
# SPDX-License-Identifier: MIT
# scripts/new makes a function that builds, answers and keeps to the rules.
. "${top_srcdir:-.}/tests/lib.sh"

tree=$tmp/tree
mkdir "$tree"
for part in Makefile.am cgi-bin configure.ac scripts .clang-format; do
	cp -r "$top/$part" "$tree"
done
mkdir "$tree/tests"

# made NAME: the new function, built with the library of this build.
made() {
	make -s -C "$top_builddir" one FN="$tree/cgi-bin/$1.c" \
	    >"$tmp/log" 2>&1 || {
		note "$(cat "$tmp/log")"
		return 1
	}
	! grep -i warning: "$tmp/log" | grep -v "Using '"
}

refuses() { ! "$@"; }

plan 23
ok 'a function without parameters' "$tree/scripts/new" hat-list 'GET /api/hats'
ok 'one with' "$tree/scripts/new" hat-get 'GET /api/hats/:id'
ok 'one that comes last' "$tree/scripts/new" zebra 'POST /api/zebras'
ok 'one for the root' "$tree/scripts/new" root 'GET /'
for name in hat-list hat-get zebra root; do
	ok "$name is laid out as it should be" \
	    "$(command -v clang-format-14 || command -v clang-format)" \
	    --dry-run -Werror "$tree/cgi-bin/$name.c"
done
is "$(sed -n '/^fn_PROGRAMS/,/[^\\]$/p' "$tree/Makefile.am" |
    grep -o 'cgi-bin/[a-z-]*' | sort -c 2>&1)" '' 'the list is sorted'
is "$(grep -c -e 'cgi-bin/hat-' -e 'cgi-bin/zebra' -e 'tests/hat-' \
    -e tests/zebra -e cgi-bin/root -e tests/root "$tree/Makefile.am")" 8 \
    'with eight new lines'
for name in hat-list hat-get zebra root; do
	ok "$name builds without a warning" made "$name"
	ok 'describes itself' "$tree/cgi-bin/$name" --describe
done
is "$(REQUEST_METHOD=GET PATH_INFO=/7 "$tree/cgi-bin/hat-get" </dev/null |
    tail -n 1)" '{"ok":true}' 'and answers'

for bad in Hat hat_x hat-list; do
	ok "refused: $bad" refuses "$tree/scripts/new" "$bad" 'GET /x'
done
ok 'refused: a route without a method' refuses "$tree/scripts/new" hat-new /x
