#!/bin/sh
# SPDX-License-Identifier: MIT
# One transaction through PgBouncer, by prepared names: both or neither, also
# when the second name is not known on that connection, when a column has
# another type since, and when its connection is closed by the server.
. "${top_srcdir:-.}/tests/lib.sh"

owner() { psql -qXAt -h "$var/run" -U mayfly -d mayfly -c "$1"; }
stored() {
	owner 'SELECT count(*) FROM test_pair'
	owner 'DELETE FROM test_pair'
}
ask() {
	curl -s -X POST -w ' %{http_code}' "$url/test/$1?how=$2"
}

# PgBouncer opens new connections, which prepare what the table says now.
renew() {
	owner "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
	    WHERE usename LIKE 'mayfly\_%'" >"$tmp/ended"
}
answers() { test "$(ask "$1" 0)" = "$2"; }

mkdir "$tmp/some"
cp "$top_builddir/tests/fn/atomic" "$top_builddir/tests/fn/together" \
    "$top_builddir/tests/fn/column" "$top_builddir/tests/fn/gate" \
    "$tmp/some" || exit 99
stack_start -f "$tmp/some"
renew
plan 23

ask atomic 0 >"$tmp/first" # the connections are new
stored >"$tmp/first"
is "$(ask atomic 0) $(stored)" '{"ran":2} 201 2' 'atomic: both rows, at once'
is "$(ask atomic 1) $(stored)" '{"errors":{"id":["test_pair_pkey"]}} 409 0' \
    'one is taken: neither'
like "$(ask atomic 3)" 'conflicts.* 409$' 'the commit fails'
is "$(stored)" 0 'neither'
is "$(ask together 0) $(stored)" '{"ids":[1,2,3]} 201 3' 'together: all rows'
is "$(ask together 1) $(stored)" \
    '{"errors":{"id":["test_pair_pkey"]}} 409 0' 'one is taken: none'
is "$(ask together 2) $(stored)" \
    '{"errors":{"id":["test_pair_other"]}} 409 0' 'the commit fails: none'

# The second statement is not prepared: the handler runs once more, by text.
owner "DELETE FROM prepared_statement WHERE name LIKE 'atomic.insert@%'"
renew
ok 'an unknown name as the second statement' wait_for -t 5 \
    sh -c "curl -s -X POST '$url/test/atomic?how=0' | tee '$tmp/ran' |
	grep -q ran"
is "$(stored)" 2 'both rows, once'
before=$(jq .ran "$tmp/ran")
is "$(ask atomic 0)" "{\"ran\":$((before + 2))} 201" 'the handler ran twice for it'
is "$(stored)" 2 'and stored once'
owner "DELETE FROM prepared_statement WHERE name LIKE 'together.%'"
renew
ok 'an unknown name among several' wait_for -t 5 answers together \
    '{"ids":[1,2,3]} 201'
is "$(stored)" 3 'all rows, once'

# What a guard does is part of the transaction: when the handler runs once more,
# so does the guard, and a ticket lets nobody in twice.
gate() {
	curl -s -D "$tmp/headers" -o "$tmp/body" -w '%{http_code}' -X POST \
	    "$url/test/gate?ticket=10&a=1"
}
ticket() { owner 'INSERT INTO test_pair (id) VALUES (10)'; }
stored >"$tmp/first"
is "$(gate)" 303 'without a ticket the guard sends elsewhere'
like "$(tr -d '\r' <"$tmp/headers")" '^Location: /login$' 'to log in'
owner "DELETE FROM prepared_statement WHERE name LIKE 'gate.work@%'"
renew
rerun() {
	owner 'DELETE FROM test_pair' && ticket && gate >"$tmp/status" &&
	    test "$(jq .ran "$tmp/body")" = $((ran + 2)) && return
	ran=$(jq '.ran // 0' "$tmp/body")
	return 1
}
ran=0
ok 'with one, and an unknown name, the handler runs twice' wait_for -t 5 rerun
is "$(cat "$tmp/status") $(owner 'SELECT string_agg(id::text, $$,$$) FROM test_pair')" \
    '201 11' 'the ticket is gone all the same, and what it is for is there'
like "$(tr -d '\r' <"$tmp/headers")" '^X-Guard: was here$' \
    'with the headers of the guard'
stored >"$tmp/first"

# A column changes its type: the plans that are kept no longer fit (0A000).
is "$(ask together 0)" '{"ids":[1,2,3]} 201' 'before a column has another type'
stored >"$tmp/first"
owner 'ALTER TABLE test_pair ALTER COLUMN id TYPE bigint'
is "$(ask together 0) $(stored)" '{"ids":[1,2,3]} 201 3' 'and behind it'
is "$(ask atomic 0 | sed 's/.* //') $(stored)" '201 2' 'also in a transaction'

# The server ends all connections (57P01), PgBouncer's clients stay.
get() { curl -s -o "$tmp/body" -w '%{http_code}' "$url/readyz"; }
get >"$tmp/first"
renew
ok 'after the server has closed its connections' wait_for -t 5 \
    answers together '{"ids":[1,2,3]} 201'
is "$(get)" 200 'functions answer'
