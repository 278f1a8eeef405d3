#!/bin/sh
# SPDX-License-Identifier: MIT
# Idempotency-Key and If-Match through nginx and PgBouncer: many at once with one
# key are one; what was killed in the middle is done by whoever asks again, and
# not twice.
. "${top_srcdir:-.}/tests/lib.sh"

# post KEY ID [QUERY]: prints the status; headers and body in $tmp/KEY.*.
post() {
	curl -s -D "$tmp/$1.headers" -o "$tmp/$1.body" -w '%{http_code}' \
	    -H "Idempotency-Key: ${2%/*}" -H 'Content-Type: application/json' \
	    -d "{\"id\":${2#*/}}" "$url/test/once${3+?$3}"
}
replayed() { grep -ciE '^Idempotency-Replayed: true' "$tmp/$1.headers"; }
rows() { stack_sql "SELECT count(*) FROM test_pair WHERE id = $1"; }
keys() { stack_sql 'SELECT count(*) FROM idempotency_key'; }
done_now() { test "$(post "$@")" = 201; }
in_handler() {
	test "$(stack_sql "SELECT count(*) FROM pg_stat_activity
	    WHERE wait_event = 'PgSleep'")" = 1
}
renew() {
	stack_sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
	    WHERE usename LIKE 'mayfly\_%'" >"$tmp/ended"
}

mkdir "$tmp/some"
cp "$top_builddir/tests/fn/once" "$top_builddir/tests/fn/pair-get" \
    "$top_builddir/tests/fn/pair-update" "$tmp/some" || exit 99
stack_start -f "$tmp/some"
plan 32

is "$(post a k1/1) $(replayed a)" '201 0' 'the first time'
is "$(post b '"k1"/1') $(replayed b)" '201 1' 'the second time'
is "$(cat "$tmp/b.body")" "$(cat "$tmp/a.body")" 'the answer is the same'
is "$(rows 1)" 1 'and there is one row'
is "$(post a 'k 1/1') $(cat "$tmp/a.body")" \
    '400 {"errors":{"idempotency-key":["must be 1 to 255 visible ASCII characters"]}}' \
    'what is no key'
like "$(tr -d '\r' <"$tmp/a.headers")" \
    '^Access-Control-Expose-Headers: .*Idempotency-Replayed' \
    'a script may see which answer it is'

# --- many at once -----------------------------------------------------------

many() { # many COMMAND...: twenty at once, with the number of each behind
	pids=''
	for i in $(seq 20); do
		"$@" "$i" &
		pids="$pids $!"
	done
	for pid in $pids; do wait "$pid"; done
}
ask() { post "m$1" many/2 >"$tmp/m$1.status"; }
many ask
is "$(cat "$tmp"/m*.status | sed 's/201/ 201/g; s/409/ 409/g' | tr ' ' '\n' |
    grep -vcE '^(201|409|)$')" 0 'of twenty at once each is answered 201 or 409'
is "$(rows 2)" 1 'one has done it'
for i in $(seq 20); do
	test "$(cat "$tmp/m$i.status")" = 201 || continue

	cat "$tmp/m$i.body" && echo
done | sort -u >"$tmp/bodies"
is "$(wc -l <"$tmp/bodies")" 1 'who is told so is told the same'
is "$(cat "$tmp"/m*.headers | grep -c '^HTTP/1.1 201') \
$(cat "$tmp"/m*.headers | grep -ci '^Idempotency-Replayed')" \
    "$(cat "$tmp"/m*.headers | grep -c '^HTTP/1.1 201') $(($(cat \
    "$tmp"/m*.headers | grep -c '^HTTP/1.1 201') - 1))" \
    'all but one of them as an answer of before'
ok 'those that were sent away ask again' wait_for done_now m1 many/2
is "$(replayed m1) $(rows 2)" '1 1' 'and get the answer'

register() {
	curl -s -o "$tmp/u$1.body" -H 'Idempotency-Key: user' \
	    -H 'Content-Type: application/json' -d '{"user":{"username":"ann",
	    "email":"ann@example.org","password":"correct horse"}}' \
	    "$url/api/users"
}
many register
is "$(stack_sql 'SELECT count(*) FROM account')" 1 'of twenty who register one'
cat "$tmp"/u*.body | jq -r '.user.token // empty' >"$tmp/tokens"
ok 'is there' test -s "$tmp/tokens"
while read -r token; do
	curl -s -H "Authorization: Token $token" "$url/api/user" |
	    jq -r .user.username
done <"$tmp/tokens" | sort -u >"$tmp/names"
is "$(cat "$tmp/names")" ann 'and each token is of that one'

# --- by prepared names, and when one is unknown -----------------------------

ran() { jq .ran "$tmp/p.body"; }
n=1000
by_name() {
	n=$((n + 1)) before=$(ran)
	done_now p "p$n/$n" && test "$(ran)" = $((before + 1))
}
by_text() {
	n=$((n + 1)) before=$(ran)
	done_now p "p$n/$n" && test "$(ran)" = $((before + 2))
}
post p p1000/1000 >"$tmp/first"
ok 'the handler runs once where its statements are prepared' wait_for by_name
stack_sql "DELETE FROM prepared_statement WHERE name LIKE 'once.insert@%'"
renew
ok 'and twice where one is not' wait_for by_text
is "$(rows "$n")" 1 'but stores once'
is "$(post p "p$n/$n") $(replayed p)" '201 1' 'with its answer'

# --- killed in the middle ---------------------------------------------------

post kill kill/3 how=6 >"$tmp/kill.status" &
waiting=$!
ok 'a handler has stored its row' wait_for in_handler
pid=$("$var/bin/mayfly" status -o json --run-dir "$var/run" | jq '
    .functions[] | select(.name == "once") | .instances[] |
    select(.state == "busy") | .pid')
kill -9 "$pid"
wait "$waiting"
is "$(cat "$tmp/kill.status") $(rows 3)" '502 0' 'and is killed: unknown, and undone'
ok 'who asks again' wait_for -t 20 done_now kill kill/3 how=6
is "$(replayed kill) $(rows 3)" '0 1' 'has it done, once'

# The client hangs up: whether it was done is not for him to know.
curl -s -m 1 -o "$tmp/hung" -H 'Idempotency-Key: hung' \
    -H 'Content-Type: application/json' -d '{"id":4}' "$url/test/once?how=6"
ok 'after hanging up, who asks again' wait_for -t 20 done_now hung hung/4 how=6
is "$(rows 4)" 1 'has it done once'

before=$(keys)
post pg pg/5 how=6 >"$tmp/pg.status" &
waiting=$!
wait_for in_handler
kill -9 "$(head -n 1 "$var/pg/postmaster.pid")"
wait "$waiting"
is "$(cat "$tmp/pg.status")" 503 'PostgreSQL is killed in the middle'
stack_up >"$tmp/up.log" 2>&1
is "$(rows 5) $(keys)" "0 $before" 'neither row nor answer is there'
ok 'who asks again' wait_for -t 20 done_now pg pg/5
is "$(rows 5)" 1 'has it done once'
kill -9 "$(head -n 1 "$var/pg/postmaster.pid")"
stack_up >"$tmp/up.log" 2>&1
ok 'killed behind the commit' wait_for -t 20 done_now pg pg/5
is "$(replayed pg) $(rows 5)" '1 1' 'the answer is there with the row'

# --- If-Match ---------------------------------------------------------------

tag=$(curl -s -D - -o "$tmp/pair" "$url/test/pairs/1" | tr -d '\r' |
    sed -n 's/^ETag: //p')
put() {
	curl -s -X PUT -o "$tmp/put" -w '%{http_code} ' -H "If-Match: $tag" \
	    "$url/test/pairs/1?other=$1"
}
is "$(put 2)$(put 3)$(stack_sql 'SELECT other FROM test_pair WHERE id = 1')" \
    '200 412 2' 'a version that is the last one, and that is not any more'
