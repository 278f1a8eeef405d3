#!/bin/sh
# SPDX-License-Identifier: MIT
# doc/tasks.md is true: each of its examples, put into the frame that it shows,
# compiles without a warning and gives the answers that it shows.  How the
# document is made stands at its start; each task has the spelling of others,
# one example or more, and an exchange or more for each of those.
#
#	TASKS=FILE	another document than doc/tasks.md
. "${top_srcdir:-.}/tests/lib.sh"

tasks=27 # as many as the document promises
doc=${TASKS:-$top/doc/tasks.md}
work=$tmp/tasks
mkdir "$work"

# Takes the document apart: frame.c, tables.sql and settings of its start; of
# each example a folder NN-M with snippet, example.sql and exchange-K.  What a
# section lacks goes to lacks, its titles to titles.
take_apart() {
	awk -v to="$work" '
	function lacks(what) {
		print title ": no " what >(to "/lacks")
	}
	function end_example() {
		if (example && !exchanges)
			lacks("request and answer (```http) below an example")
		example = exchanges = 0
	}
	function end_section() {
		if (!number)
			return
		if (!examples)
			lacks("example (```c)")
		end_example()
		for (i = 1; i <= 3; i++)
			if (index(others, "\n" spelling[i] " ") == 0)
				lacks(spelling[i])
	}
	function open_block(language) {
		if (!number && language in start)
			return to "/" start[language]
		if (number && language == "text")
			return "others"
		if (number && language == "c") {
			end_example()
			example = 1
			folder = sprintf("%s/%02d-%d", to, number, ++examples)
			system("mkdir " folder)
			return folder "/snippet"
		}
		if (example && language == "sql")
			return folder "/example.sql"
		if (example && language == "http")
			return folder "/exchange-" ++exchanges
		lacks("place for a block of \"" language "\" in line " FNR)
		return "/dev/null"
	}
	BEGIN {
		split("Hono Express PHP", spelling)
		start["c"] = "frame.c"
		start["sql"] = "tables.sql"
		start["ini"] = "settings"
		title = "the start"
		printf "" >(to "/lacks")
	}
	/^## / {
		end_section()
		title = substr($0, 4)
		number = title + 0
		others = "\n"
		examples = example = exchanges = 0
		if (number) {
			print title >(to "/titles")
			if (number != ++last)
				lacks("section " last " before it")
		}
	}
	/^```/ {
		if (file != "") {
			if (file != "others")
				close(file)
			file = ""
		} else {
			file = open_block(substr($0, 4))
		}
		next
	}
	file == "others" { others = others $0 "\n" }
	file != "" && file != "others" { print >file }
	END {
		if (file != "")
			lacks("end of its last block")
		end_section()
	}' "$doc"
}

# assemble FOLDER: example.c, of its snippet and the frame.
assemble() {
	awk -v sql="$(test -e "$1/example.sql" && echo yes)" '
	function place_of(line) {
		if (line ~ /^#include/)
			return "#include"
		if (line ~ /^static/)
			return "static"
		if (line ~ /^\[/)
			return "[...]"
		return line ~ /^\./ ? "." : "the rest"
	}
	FNR == NR { # the snippet
		if ($0 == "" && !inside) {
			place = ""
			next
		}
		if (place == "") {
			place = place_of($0)
			text[place] = text[place] "\n"
		}
		text[place] = text[place] $0 "\n"
		inside = place == "static" && (inside || $0 ~ /^\{/) &&
		    $0 !~ /^\}/
		if (place == "[...]" && match($0, /^\[[A-Z_]+\]/))
			names = names substr($0, 2, RLENGTH - 2) ", "
		next
	}
	/^enum/ {
		if (names != "")
			print "enum { " names "};"
		next
	}
	/fn_input/, /^\}/ { if (names == "") next }
	/\.inputs/ && names == "" { next }
	(/\.sql\.h/ || /\.statements/) && sql == "" { next }
	/\.auth/ && text["."] ~ /\n\.auth/ { next }
	/^[ \t]*\/\* .* \*\/$/ {
		place = $0
		gsub(/^[ \t]*\/\* | \*\/$/, "", place)
		printf "%s", text[place]
		next
	}
	{ print }' "$1/snippet" "$work/frame.c" >"$1/example.c"
}

# shellcheck disable=SC2016 # for the inner shell
build_all() {
	printf '%s\n' "$work"/*/ | xargs -n 1 -P 2 sh -c '
	    make -s -C "$0" one FN="${1}example.c" >"${1}said" 2>&1' \
	    "$top_builddir"
}

# The linker warns of getaddrinfo() in what is linked statically.
warnings() { grep 'warning: ' "$1" | grep -v "warning: Using '"; }

compiles() {
	test -x "$1/example" && ! warnings "$1/said" && return
	cat "$1/said"
	return 1
}

# take_request FILE: $tmp/vars and $tmp/in are what a web server makes of it,
# $tmp/want is the answer.
take_request() {
	awk -v vars="$tmp/vars" -v in_file="$tmp/in" -v want="$tmp/want" '
	/^HTTP\/1\.1 [0-9]/ { answer = 1 }
	answer { print >want; next }
	NR == 1 {
		query = $2
		if (!sub(/^[^?]*[?]/, "", query))
			query = ""
		print "REQUEST_METHOD=" $1 "\nREQUEST_URI=" $2 \
		    "\nQUERY_STRING=" query >vars
		next
	}
	!body && $0 == "" { body = 1; next }
	!body {
		name = toupper(substr($0, 1, index($0, ":") - 1))
		gsub(/-/, "_", name)
		typed = typed || name == "CONTENT_TYPE"
		print (name == "CONTENT_TYPE" ? "" : "HTTP_") name "=" \
		    substr($0, index($0, ":") + 2) >vars
		next
	}
	{ line[++n] = $0 }
	END {
		while (n > 0 && line[n] == "")
			n--
		printf "" >in_file
		for (i = 1; i <= n; i++)
			printf "%s%s", (i > 1 ? "\n" : ""), line[i] >in_file
		if (n > 0 && !typed)
			print "CONTENT_TYPE=application/json" >vars
	}' "$1"
	sed -i "s/\bTOKEN\b/$token/" "$tmp/vars"
	echo "CONTENT_LENGTH=$(wc -c <"$tmp/in")" >>"$tmp/vars"
}

json='application/json; charset=utf-8'
# shown: of the answer what the document has to show: its status, the headers
# that it does show, the type if it is not JSON, and the content.
shown() {
	sed -n '1s|^Status: |HTTP/1.1 |p' "$tmp/reply"
	names=$(sed -n '2,/^$/s/:.*//p' "$tmp/want" | sort -u | paste -sd '|')
	grep -qix "content-type: $json" "$tmp/reply" ||
	    names="Content-Type${names:+|$names}"
	sed '1d; /^$/,$d' "$tmp/reply" | grep -iE "^(${names:-none}): "
	sed -n '/^$/,$p' "$tmp/reply"
}

# ask FOLDER FILE: the request of FILE.
ask() {
	take_request "$2"
	set -- "$1"
	while IFS= read -r variable; do
		set -- "$@" "$variable"
	done <"$tmp/vars"
	program=$1/example
	shift
	bare MAYFLY_TOKEN_SECRET="$secret" MAYFLY_ENV_FILE="$work/settings" \
	    "$@" "$program" <"$tmp/in" 2>"$tmp/log" | tr -d '\r' >"$tmp/reply"
}

# new_tables: each example finds the tables as the document shows them.
new_tables() {
	test -z "${tables-}" || sql "DROP TABLE $tables CASCADE"
	tables=$(sed -n 's/^CREATE TABLE \([a-z]*\).*/\1/p' \
	    "$work/tables.sql" | paste -sd ,)
	psql_cluster -d "$database" -f "$work/tables.sql" || exit 99
}

take_apart
chmod 600 "$work/settings"
for folder in "$work"/*/; do
	assemble "${folder%/}"
done
db_start
build_all
sql "INSERT INTO account (id, username, email, password_hash)
    OVERRIDING SYSTEM VALUE VALUES (7, 'ann', 'ann@example.org', 'h');
    INSERT INTO session (account_id, expires_at) VALUES (7, '2100-01-01')"
token=$(sign_token '{"alg":"HS256","typ":"JWT"}' \
    '{"sub":"7","sid":"1","iat":1764000000,"exp":4102444800}')

plan $((2 + $(find "$work" -name snippet -o -name 'exchange-*' | wc -l)))
is "$(cat "$work/lacks")" '' 'each task has all its parts'
is "$(wc -l <"$work/titles")" "$tasks" "there are $tasks tasks"
for folder in "$work"/*/; do
	folder=${folder%/}
	number=${folder##*/} number=${number%-*}
	title=$(sed -n "${number#0}p" "$work/titles")
	ok "$title: compiles" compiles "$folder"
	new_tables
	for exchange in "$folder"/exchange-*; do
		ask "$folder" "$exchange"
		is "$(shown)" "$(cat "$tmp/want")" \
		    "$title: $(head -n 1 "$exchange")"
		test ! -s "$tmp/log" || note "$(logged)"
	done
done
