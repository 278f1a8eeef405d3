#!/bin/sh
# SPDX-License-Identifier: MIT
# doc/mistakes.md is true: each of its mistakes is made, one after the other, in
# a function that is good without it, and what is said is what stands there.
# The last two rows need mayflyd: tests/stack-fault.sh.
# shellcheck disable=SC2016 # C, SQL and backquotes are not for this shell
. "${top_srcdir:-.}/tests/lib.sh"

tree=$tmp/tree doc=$top/doc/mistakes.md
mkdir "$tree" "$tree/bin"

# The good function.
good() {
	rm -rf "${tree:?}/bin" && mkdir "$tree/bin"
	cat >"$tree/hat-get.c" <<'END'
/* SPDX-License-Identifier: MIT */
#include "fn.h"
#include "hat-get.sql.h"

enum { ID };

static const struct fn_input inputs[] = {
    [ID] = {.name = "id", .in = FN_PATH, .type = FN_INT, .max = 1000},
};

static enum http_status
hat_get(struct req *req, struct reply *reply)
{
	struct db_rows *hat = req_query(req, &by_id,
	    DB_ARGS(req_text(req, ID)));

	if (hat->n == 0)
		return reply_not_found(reply, "hat");
	out_begin(&reply->out, NULL);
	out_span(&reply->out, "name", db_span(hat, 0, "name"));
	out_end(&reply->out);
	return HTTP_OK;
}

FN_DESCRIPTOR(hat_get) = {
    .route = "GET /api/hats/:id",
    .about = "One hat.",
    .auth = FN_PUBLIC,
    .inputs = FN_INPUTS(inputs),
    .statements = statements,
    .handle = hat_get,
};
END
	cat >"$tree/hat-get.sql" <<'END'
-- hat-get    $1 id
-- name: by-id
SELECT name, made_at FROM hat
WHERE id = $1::bigint
END
}

# build: what the compiler and embed-sql say.
build() {
	make -s -C "$top_builddir" one FN="$tree/hat-get.c" \
	    CFLAGS='-O2 -Wno-error' 2>&1 |
	    sed "s/‘/'/g; s/’/'/g" >"$tmp/said"
	test ! -x "$tree/hat-get" || mv "$tree/hat-get" "$tree/bin/"
}
describe() {
	build
	"$tree/bin/hat-get" --describe >"$tmp/described" 2>"$tmp/said"
}
place() {
	build
	"$top_builddir/mayfly" db statements "$tree/bin" >"$tmp/said" 2>&1
}
call() {
	build
	bare REQUEST_METHOD=GET \
	    REQUEST_URI="/api/hats/${hat:-1}" "$tree/bin/hat-get" \
	    >"$tmp/answer" 2>"$tmp/log"
	logged >"$tmp/said"
}

# says MISTAKE STAGE FILE SED...: make the mistake, and hear what is said.
says() {
	mistake=$1 stage=$2 file=$3
	shift 3
	good
	sed -i "$@" "$tree/$file"
	"$stage"
	said
}

# said: compare $tmp/said with the row of $mistake.
said() {
	# shellcheck disable=SC2016 # backquotes are backquotes
	want=$(awk -F ' [|] ' -v row="| $mistake" '$1 == row {
	    sub(/ [|]$/, "", $2); print $2 }' "$doc" | sed 's/^`//; s/`$//')
	regex=$(printf '%s' "$want" | sed 's/[][\.*^$()+?{|]/\\&/g' |
	    sed -E 's/\bN\b/[0-9]+/g')
	like "$(cat "$tmp/said")" "${regex:-none in the document}" \
	    "$mistake: $want"
}

rows() { grep '^| ' "$doc" | grep -vcE '^\| (mistake|---) '; }

db_start
sql 'CREATE TABLE hat (id bigint PRIMARY KEY, name text, made_at timestamptz)'
sql "GRANT SELECT ON hat TO ${roles}_reader"
sql "INSERT INTO hat VALUES (1, 'bowler', now())"
sql 'CREATE TABLE secret (id bigint, name text, made_at timestamptz)'
plan $(($(rows) - 2 + 3))

good
call
is "$(tail -n 1 "$tmp/answer") $(cat "$tmp/said")" '{"name":"bowler"} ' \
    'without a mistake it answers'

says 'an input that is not declared' build hat-get.c 's/req, ID/req, COLOUR/'
says 'a number where a text belongs' build hat-get.c \
    's/out_span(&reply->out, "name", .*/out_text(\&reply->out, "name", 7);/'
says 'a function that does not exist' build hat-get.c 's/out_span/out_string/'
says 'something the compiler only warns of' build hat-get.c \
    's/^	if (hat->n/	int unused;\n&/'
says 'a semicolon in SQL' build hat-get.sql 's/bigint$/&;/'
says 'a statement without a name' build hat-get.sql '/^-- name/d'
says 'two statements of one name' build hat-get.sql \
    '$s/$/\n-- name: by-id\nSELECT 1/'

says 'a route in another notation' describe hat-get.c 's/hats.:id/hats\/{id}/'
says 'a method that is none' describe hat-get.c 's/GET /FETCH /'
says 'a `:name` without an input' describe hat-get.c 's/hats.:id/&\/:size/'
says 'an input that the route does not have' describe hat-get.c \
    's/"id"/"colour"/'
says 'nothing said of who may call' describe hat-get.c '/\.auth/d'
says 'an input without a maximum' describe hat-get.c \
    's/FN_INT, .max = 1000/FN_LINE/'
says 'a body input of a GET' describe hat-get.c 's/FN_PATH/FN_BODY/'
says 'a limit out of range' describe hat-get.c \
    's/^    .auth/    .limits = {.deadline_ms = 9000000},\n&/'
says 'more memory than the process has' describe hat-get.c \
    's/^    .auth/    .limits = {.body_max_bytes = 50000000},\n&/'
says 'a statement that begins a transaction' describe hat-get.sql \
    's/^SELECT.*/BEGIN/; $d'
says 'a descriptor of another name' describe hat-get.c \
    's/FN_DESCRIPTOR(hat_get)/FN_DESCRIPTOR(hat_got)/'

says 'a column that is not there' place hat-get.sql 's/made_at/colour/'
says 'a type that does not fit' place hat-get.sql 's/::bigint/::text/'
says 'no GRANT in the migration' place hat-get.sql 's/FROM hat/FROM secret/'

good
build
mv "$tree/hat-get.sql" "$tree/hat-find.sql"
sed 's/hat_get/hat_find/g; s/hat-get/hat-find/; s/:id/:name/; s/"id"/"name"/' \
    "$tree/hat-get.c" >"$tree/hat-find.c"
make -s -C "$top_builddir" one FN="$tree/hat-find.c" >"$tmp/said" 2>&1
mv "$tree/hat-find" "$tree/bin"
"$top_builddir/mayfly" nginx --functions "$tree/bin" --run-dir "$tmp" \
    --template "$top/nginx/mayfly.conf" >"$tmp/config" 2>"$tmp/said"
mistake='two functions for one route'
said

mkdir -p "$tree/top/cgi-bin"
cp "$top/Makefile.am" "$tree/top"
ln -s "$top/scripts" "$top/tests" "$tree/top"
cp "$tree/hat-get.c" "$tree/top/cgi-bin"
top_srcdir=$tree/top sh "$top/tests/complete.sh" >"$tmp/said" 2>&1
mistake='no line in Makefile.am'
said

says 'a column that the statement does not return' call hat-get.c \
    's/"name"));/"colour"));/; s/db_span(hat, 0, "name")/db_span(hat, 0, "colour")/'
says 'a column read as another type' call hat-get.c \
    's/out_span(&reply->out, "name", .*/out_int(\&reply->out, "n", db_int(hat, 0, "name"));/'
# written SQL: the row as JSON, of these columns.
written() {
	good
	sed -i 's/out_span(&reply->out, "name", .*/db_write_row(\&reply->out, "hat", hat, 0);/' \
	    "$tree/hat-get.c"
	sed -i "s/name, made_at/$1/" "$tree/hat-get.sql"
	call
	said
}
mistake='a column of a type that no reader knows'
written 'name, point(1, 2) AS place'
mistake='two columns of one name, written as a row'
written 'name, made_at AS name'
hat=2
says 'a row that is not there' call hat-get.c '/hat->n == 0/,+1d'
says 'a 404 without an error' call hat-get.c \
    's/return reply_not_found.*/return HTTP_NOT_FOUND;/'
hat=1
says 'a missing `out_end()`' call hat-get.c '/out_end/d'
says 'a redirect to nowhere' call hat-get.c 's/return HTTP_OK/return HTTP_FOUND/'
says 'a page and JSON in one reply' call hat-get.c \
    's/^	out_begin.*/	buf_text(reply_body(reply, "text\/html"), "<p>");\n&/'
says 'a width in `html_format()`' call hat-get.c -e '/out_/d' -e \
    's/^	return HTTP_OK/	html_format(reply_body(reply, "text\/html"), "%5d", 1);\n&/' \
    -e 's/^#include "fn.h"/&\n#include "html.h"/'
says 'too few arguments' call hat-get.c \
    's/DB_ARGS(req_text(req, ID))/DB_NO_ARGS/'
like "$(cat "$tmp/answer")" '^Status: 500 ' 'which is a 500'
says 'a statement that the descriptor does not list' call hat-get.c \
    '/\.statements/d'
like "$(cat "$tmp/answer")" '^Status: 500 ' 'which is one, too'
