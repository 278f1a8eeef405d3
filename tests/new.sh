#!/bin/sh
# SPDX-License-Identifier: MIT
# scripts/new makes a function that builds, answers and keeps to the rules.
. "${top_srcdir:-.}/tests/lib.sh"

tree=$tmp/tree
mkdir "$tree"
for part in Makefile.am cgi-bin common configure.ac scripts .clang-format; do
	cp -r "$top/$part" "$tree"
done
mkdir "$tree/tests"

# run NAME: the new function, compiled against the library of this build.
run() {
	cat >"$tmp/made.mk" <<-END
		include Makefile
		made: ; \$(CC) \$(DEFS) -I. \$(AM_CPPFLAGS) \$(AM_CFLAGS) \$(CFLAGS) \
		    -Werror '$tree/cgi-bin/$1.c' \$(DYNAMIC_FLAGS) \
		    \$(DYNAMIC_LIBS) -o '$tmp/$1'
	END
	make -s -C "$top_builddir" -f "$tmp/made.mk" made \
	    >"$tmp/log" 2>&1 || {
		note "$(cat "$tmp/log")"
		return 1
	}
}

refuses() { ! "$@"; }

plan 14
ok 'a function without parameters' "$tree/scripts/new" hat-list 'GET /api/hats'
ok 'one with' "$tree/scripts/new" hat-get 'GET /api/hats/:id'
ok 'one that comes last' "$tree/scripts/new" zebra 'POST /api/zebras'
for name in hat-list hat-get zebra; do
	ok "$name is laid out as it should be" \
	    "$(command -v clang-format-14 || command -v clang-format)" \
	    --dry-run -Werror "$tree/cgi-bin/$name.c"
done
is "$(sed -n '/^fn_PROGRAMS/,/[^\\]$/p' "$tree/Makefile.am" |
    grep -o 'cgi-bin/[a-z-]*' | sort -c 2>&1)" '' 'the list is sorted'
is "$(grep -c -e 'cgi-bin/hat-' -e 'cgi-bin/zebra' -e 'tests/hat-' \
    -e 'tests/zebra' "$tree/Makefile.am")" 6 'with six new lines'
ok "it builds with -Werror" run hat-get
is "$(REQUEST_METHOD=GET PATH_INFO=/7 "$tmp/hat-get" </dev/null | tail -n 1)" \
    '{"ok":true}' 'and answers'

for bad in Hat hat_x hat-list; do
	ok "refused: $bad" refuses "$tree/scripts/new" "$bad" 'GET /x'
done
ok 'refused: a route without a method' refuses "$tree/scripts/new" hat-new /x
