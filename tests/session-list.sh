#!/bin/sh
# SPDX-License-Identifier: MIT
# session-list shows one's own sessions, those of RealWorld's routes too, and no
# secret.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
bob=$(new_user bob)
plan 14

fn session-list
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no token'
fn session-list -t "$ann"
is "$status $(json '.sessions | length')" '200 1' 'that of the registration'
is "$(json '.sessions[0] | keys_unsorted | join(" ")')" \
    'id current agent address createdAt usedAt expiresAt' \
    'with these members and no other'
is "$(json '.sessions[0] | [.current, .agent, .address] | @json')" \
    '[true,null,null]' 'it is the current one'
fn user-login -d '{"user":{"email":"ann@example.org","password":"correct horse"}}' \
    -e HTTP_USER_AGENT=two
fn session-create \
    -d '{"session":{"email":"ann@example.org","password":"correct horse"}}' \
    -e REMOTE_ADDR=192.0.2.7
fn session-list -t "$ann"
is "$(json '[.sessions[] | [.current, .agent, .address]] | @json')" \
    '[[false,null,"192.0.2.7"],[false,"two",null],[true,null,null]]' \
    'each login is one, newest first'
like "$(json '.sessions[0].createdAt')" '^20..-..-..T..:..:..[.][0-9]{6}Z$' \
    'times are as elsewhere'
fn session-list -t "$bob"
is "$(json '.sessions | length')" 1 'others see their own'

fn session-list -t "$ann" -q limit=2
is "$(json '.sessions | length')" 2 'a page'
next=$(echo "$headers" | sed -n 's/^Link: <.*?\(.*\)>; rel="next"$/\1/p')
fn session-list -t "$ann" -q "$next"
is "$(json '[.sessions[].current] | @json')" '[true]' 'and the next'
is "$(echo "$headers" | grep -c ^Link)" 0 'which is the last'
sql "UPDATE session SET ended_at = now() WHERE agent = 'two'"
sql "UPDATE session SET expires_at = now() WHERE address IS NOT NULL"
fn session-list -t "$ann"
is "$(json '.sessions | length')" 1 'what has ended or expired is none'

sql "INSERT INTO account (username, email, password_hash)
    SELECT 'u' || n, n || '@x.example', 'h' FROM generate_series(1, 1000) n"
sql "INSERT INTO session (account_id, expires_at) SELECT id, now() + interval '1 d'
    FROM account, generate_series(1, 50)"
sql 'VACUUM ANALYZE'
"$top_builddir/mayfly" db explain --analyze -o json \
    --functions "$top_builddir/cgi-bin" session-list.mine 1 1 20 \
    999999999999999999 >"$tmp/plan"
is "$(jq -r '[.. | objects | select(has("Node Type")) | .["Index Name"] //
    empty] | join(" ")' "$tmp/plan")" session_account 'a page walks its index'
ok 'and stops' test "$(jq '[.. | objects | select(has("Relation Name")) |
    .["Actual Rows"] + (.["Rows Removed by Filter"] // 0)] | add' \
    "$tmp/plan")" -le 30

bad_input session-list
