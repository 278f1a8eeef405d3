#!/bin/sh
# SPDX-License-Identifier: MIT
# The lists match the folders: what is there is built, tested and sorted.
. "${top_srcdir:-.}/tests/lib.sh"

# listed REGEX: the words of Makefile.am's lists that begin so, one a line.
listed() {
	sed '/^#/d' "$top/Makefile.am" | tr -s ' \t\134' '\n' | grep "^$1" | sort -u
}

# folder GLOB: the files in the tree, without their ending.
folder() {
	(cd "$top" && find . -path "./$1" | sed 's/^..//; s/\.[a-z]*$//' | sort)
}

plan 11
is "$(folder 'cgi-bin/*.c' | while read -r name; do
	listed 'cgi-bin/' | grep -qxF "$name" ||
	    echo "$name is in no list of Makefile.am; scripts/new adds one"
done)" '' 'each function is in Makefile.am'
is "$(listed 'cgi-bin/' | while read -r name; do
	test -e "$top/$name.c" || echo "$name"
done)" '' 'and nothing else'
is "$(folder 'cgi-bin/*.c' | sed 's|.*/||' | while read -r name; do
	grep -q "^bad_input $name\$" "$top/tests/$name.sh" || echo "$name"
done)" '' 'the test of each function tries bad input'
is "$(folder 'cgi-bin/*.c' | sed 's|.*/||' |
    while read -r name; do test -f "$top/tests/$name.sh" || echo "$name"; done)" \
    '' 'each function has a test'
is "$(listed 'tests/test-[a-z0-9_]*$')" \
    "$(folder 'tests/test-*.c')" 'each C test is in Makefile.am'
is "$(listed 'tests/[a-z_-]*\.sh$' | sed 's/\.sh$//' | sort)" \
    "$(folder 'tests/*.sh')" \
    'each shell test is in Makefile.am'
is "$(listed 'fuzz/fuzz-[a-z_0-9]*$')" "$(folder 'fuzz/fuzz-*.c')" \
    'each fuzz harness is in Makefile.am'
is "$(listed 'sql/')" "$(cd "$top" && find sql -name '*.sql' | sort)" \
    'each migration is in Makefile.am'
is "$(sed -n '/^fn_PROGRAMS/,/[^\\]$/p' "$top/Makefile.am" |
    grep -o 'cgi-bin/[a-z-]*')" "$(listed cgi-bin/)" \
    'functions are listed in order'
is "$(sed -n 's/.*{"\([A-Z_]*\)", .*/\1/p' "$top/base/setting.c" |
    while read -r name; do
	grep -q "$name" "$top/doc/limits.md" || echo "$name"
    done)" '' 'each setting is in doc/limits.md'
# CLASS ADDRESS SUBJECT, of the code and of the table.
limits_of() { sed -n 's/.*{\([0-9]*\), \([0-9]*\)}.*/\1\/\2/p'; }
# shellcheck disable=SC2016 # backquotes of Markdown
is "$(sed -n 's/^    {"\([a-z]*\)", \(.*\)},$/\1 \2/p' \
    "$top/base/rate_class.c" | while read -r name limits; do
	for part in address subject; do
		limit=$(echo "$limits" | grep -o "\.$part = {[^}]*}" | limits_of)
		printf '%s ' "${limit:-off}"
	done | sed "s/^/$name /; s/ \$//"
	echo
done)" "$(sed -n 's/^| `\([a-z]*\)`[^|]*| \([^ ]*\) | \([^ ]*\) |$/\1 \2 \3/p' \
    "$top/doc/limits.md")" 'each class of rate limits is there, with its limits'
