#!/bin/sh
# SPDX-License-Identifier: MIT
# role -- "mayfly role" makes the first admin.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
plan 12

# try ARGUMENT...: sets $code and $out.
try() {
	code=0
	out=$("$top_builddir/mayfly" role "$@" 2>&1) || code=$?
}

try Ann admin
is "$code $out" '0 ann: admin' 'ann is an admin'
fn user-role -t "$ann"
is "$body" '{"user":{"username":"ann","role":"admin"}}' 'at once'
try ann admin
is "$code $(sql "SELECT concat_ws(' ', action, username, outcome,
    moderator_id) FROM moderation_log")" '0 user-role ann admin' \
    'again changes nothing; the log has it, of nobody'
try ann user
is "$code $out" '0 ann: user' 'even the last one, by this command'
try nobody admin
is "$code" 3 'nobody of this name'
like "$out" '^mayfly: error: nobody is called "nobody"$' 'is named'
try "' OR true --" admin
is "$code $(sql "SELECT count(*) FROM account WHERE role = 'admin'")" '3 0' \
    'SQL is text'
try ann king
is "$code" 2 'no such role'
try ann
is "$code" 2 'no role'
try --force ann
is "$code" 2 'no such option'
like "$out" 'there is no option "--force"' 'is named'
(unset MAYFLY_MIGRATE_URL && "$top_builddir/mayfly" role ann admin) \
    >"$tmp/o" 2>&1
is "$?" 2 'no connection string is misuse'
