#!/bin/sh
# SPDX-License-Identifier: MIT
# doc/limits.md is true: at the place that each row names stands the number of
# the row, and no limit of the code is missing.
. "${top_srcdir:-.}/tests/lib.sh"

cd "$top" || exit 99

# rows: VALUE, FILE and NAME of each row of the tables, tabs between.
rows() {
	awk -F ' *[|] *' '$5 ~ /^`[^`]*:[^`]*`$/ {
		place = substr($5, 2, length($5) - 2)
		colon = index(place, ":")
		print $3 "\t" substr(place, 1, colon - 1) "\t" \
		    substr(place, colon + 1)
	}' doc/limits.md
}

# flat FILE: C or SQL on one line, without comments.
flat() {
	case $1 in
	*.sql) sed 's/--.*//' "$1" ;;
	*) cat "$1" ;;
	esac | tr '\n\t' '  ' |
	    sed 's|/\*|\n&|g; s|\*/|&\n|g' | sed '/^\/\*/d' |
	    tr -d '\n' | tr -s ' '
}

# number EXPRESSION FILE: its value; names stand for constants of the code.
number() {
	_text=$(echo "$1" | sed 's/INT64_C//g; s/^"\(.*\)"$/\1/')
	while _word=$(echo "$_text" | grep -oE '[A-Z][A-Z0-9_]+' | head -n 1) &&
	    test -n "$_word"; do
		_means=$(for _source in "$2" common/*.h; do
			constant "$_source" "$_word"
		done | head -n 1)
		test -n "$_means" || break
		_text=$(echo "$_text" | sed "s/$_word/($_means)/")
	done
	# shellcheck disable=SC2004 # an expression, not a name
	case $_text in
	*[!0-9\ \*+\<\>\(\)-]* | '') echo "$_text" ;;
	*) echo $(($_text)) ;;
	esac
}

# constant FILE NAME: the expression of NAME = ... or of #define NAME ...
constant() {
	{
		flat "$1" | grep -oE "(^|[^A-Za-z0-9_])$2 = [^,;}]+" |
		    sed 's/.* = //'
		sed -n "s/^#define $2 //p" "$1"
	} | sed 's/ *$//' | head -n 1
}

# entry FILE NAME: of {"NAME", DEFAULT, ..., MIN, MAX ...} in a table of
# settings, limits or inputs: "DEFAULT (MIN to MAX)" or "MIN to MAX".
entry() {
	flat "$1" | sed 's/offsetof([^)]*)/-/g' | grep -oE "\{\"$2\",[^}]*" |
	    head -n 1 | awk -F ' *, *' '{
		at = $2 ~ /^FN_/ ? 5 : 4
		first = $2 ~ /^(FN_|-)/ ? "" : $2
		if (match($0, /[.]or_else = "[^"]*"/))
			first = substr($0, RSTART + 11, RLENGTH - 11)
		gsub(/"/, "", first)
		print first "\t" $at "\t" $(at + 1)
	}' | while IFS= read -r _entry; do
		_first=${_entry%%	*} _entry=${_entry#*	}
		_range="$(number "${_entry%	*}" "$1") to \
$(number "${_entry#*	}" "$1")"
		test "$_first" != NULL || _first=none
		echo "${_first:+$_first (}$_range${_first:+)}"
	done
}

# column FILE TABLE.COLUMN: the length that its CHECK allows.
column() {
	flat "$1" | sed 's/CREATE TABLE/\n&/g' |
	    grep -E "^CREATE TABLE ${2%.*} " | sed 's/GRANT .*//' |
	    grep -oE "(char_length|octet_length|cardinality)\(${2#*.}\)\
 (<= [0-9]+|BETWEEN [0-9]+ AND [0-9]+)" | head -n 1 |
	    sed 's/.*<= //; s/.*BETWEEN //; s/ AND / to /'
}

# found FILE NAME: what stands in the file.
found() {
	case $1 in
	*.c | *.h)
		_found=$(entry "$1" "$2")
		test -n "$_found" ||
		    _found=$(number "$(constant "$1" "$2")" "$1")
		test -n "$_found" || # in a statement: LIMIT 100
		    _found=$(flat "$1" | grep -oE "$2 [0-9]+" | tail -n 1 |
			sed 's/.* //')
		echo "$_found"
		;;
	*.conf) sed -nE "s/^[[:space:]]*$2 (.*);.*/\1/p
	    s/.*[[:space:]]$2=([0-9]+).*/\1/p" "$1" ;;
	*.in) sed -n "s/^$2 = //p" "$1" ;;
	*.sql)
		case $2 in
		*.*) column "$1" "$2" ;;
		*) sed -n "s/^ALTER ROLE .* SET $2 = '\(.*\)';/\1/p" "$1" ;;
		esac
		;;
	scripts/*) sed -nE "s/^(.*[^a-z_])?$2=([0-9]+).*/\2/p" "$1" ;;
	esac
}

# Sizes that nothing from outside can reach.
inner=' CHARACTER_MAX_BYTES CLAIMS_MAX_BYTES COLUMNS_MAX PIECES_MAX TYPO_MAX
TYPO_NAME_MAX '

# limits: FILE:NAME of all that the code and the templates call a limit.  A
# constant that its file does not use limits nothing.
limits() {
	grep -rnoE --include='*.[ch]' \
	    '^	[A-Z][A-Z0-9_]*(MAX|MIN|MS|_S|SLOTS|STRIKES|BACKLOG|TRIES)(_[A-Z]+)? = ' \
	    cgi-bin common runtime cli |
	    tr -d '\t' | sed 's/:[0-9]*:/ /; s/ = $//' |
	    while read -r file name; do
		case $inner in
		*[[:space:]]"$name"[[:space:]]*) continue ;;
		esac
		case $file in
		*.c) test "$(grep -cw "$name" "$file")" -gt 1 || continue ;;
		esac
		echo "$file:$name"
	    done
	flat common/setting.c | grep -oE '\{"[A-Z_]+"' |
	    sed 's|{"\(.*\)"|common/setting.c:\1|'
	flat common/descriptor.c | grep -oE '\{"[a-z_]+", offsetof' |
	    sed 's|{"\(.*\)".*|common/descriptor.c:\1|'
	sed -nE 's/^[[:space:]]*([a-z_]*(timeout|_max_|buffer|size|tries|limit|connections)[a-z_]*) [0-9].*;.*/\1/p' \
	    nginx/mayfly.conf | sed 's|^|nginx/mayfly.conf:|'
	for file in scripts/pgbouncer.ini.in scripts/postgresql.conf.in; do
		sed -nE 's/^([a-z_]*(timeout|size|conn|retry|interval|buffers)[a-z_]*) = [0-9].*/\1/p' \
		    "$file" | grep -v '^log_' | sed "s|^|$file:|"
	done
}

rows >"$tmp/rows"
plan $(($(wc -l <"$tmp/rows") + 3))
while IFS='	' read -r value file name; do
	is "$(found "$file" "$name")" "$value" "$file: $name is $value"
done <"$tmp/rows"
is "$(sed 's/^[^	]*	//' "$tmp/rows" | sort | uniq -d)" '' \
    'no limit is listed twice'
sed 's/^[^	]*	\(.*\)	/\1:/' "$tmp/rows" | sort >"$tmp/listed"
limits | sort -u >"$tmp/limits"
is "$(comm -13 "$tmp/listed" "$tmp/limits")" '' 'no limit is missing'
is "$(grep -c '^| ' doc/limits.md)" \
    $(($(wc -l <"$tmp/rows") + 2 * $(grep -c '^| limit ' doc/limits.md))) \
    'each row of each table names its place'
