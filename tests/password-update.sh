#!/bin/sh
# SPDX-License-Identifier: MIT
# password-update wants the password so far, ends all other sessions, and tells
# the user by mail.
. "${top_srcdir:-.}/tests/lib.sh"

# change TOKEN CURRENT NEW
change() {
	fn password-update -t "$1" -m PUT -d "$(jq -cn --arg c "$2" --arg p "$3" \
	    '{user: {currentPassword: $c, password: $p}}')"
}
login() {
	fn user-login -d "$(jq -cn --arg p "$1" \
	    '{user: {email: "ann@example.org", password: $p}}')"
}

db_start
ann=$(new_user ann)
new_user bob >"$tmp/token"
bob=$(cat "$tmp/token")
plan 18

login 'correct horse'
second=$(json .user.token)
fn password-reset-create -d '{"email":"ann@example.org"}'
change "$ann" 'wrong horse' 'better horse'
is "$status $body" '422 {"errors":{"currentPassword":["is wrong"]}}' \
    'a wrong password so far'
fn user-get -t "$second"
is "$status $(sql "SELECT count(*) FROM outbox WHERE kind = 'password-changed'")" \
    '200 0' 'changes nothing'
change "$ann" 'correct horse' short
is "$status $body" \
    '422 {"errors":{"password":["is too short (minimum is 8 bytes)"]}}' \
    'a new one that is too short'
change "$ann" 'correct horse' ''
is "$status" 422 'or none'
change '' 'correct horse' 'better horse'
is "$status" 401 'no token'

change "$ann" 'correct horse' 'better horse'
is "$status$body" 204 'the right one'
fn user-get -t "$ann"
is "$status" 200 'this session goes on'
fn user-get -t "$second"
is "$status" 401 'all others have ended'
fn user-get -t "$bob"
is "$status" 200 'but for those of others'
login 'correct horse'
is "$status" 401 'the old password is no good'
login 'better horse'
is "$status" 200 'the new one is'
is "$(sql "SELECT recipient, payload, sent_at IS NULL FROM outbox
    WHERE kind = 'password-changed'")" 'ann@example.org|{"username": "ann"}|t' \
    'a mail says so'
is "$(sql "SELECT count(*) FROM mail_token WHERE kind = 'reset-password'")" 0 \
    'and no mail that could reset it is left'

# RealWorld's route asks for no password so far; the rest is the same.
login 'better horse'
second=$(json .user.token)
fn user-update -t "$ann" -m PUT -d '{"user":{"password":"newest horse"}}'
is "$status $(json .user.token)" "200 $ann" "RealWorld's route"
fn user-get -t "$ann"
is "$status" 200 'this session goes on'
fn user-get -t "$second"
is "$status" 401 'all others have ended'
is "$(sql "SELECT count(*) FROM outbox WHERE kind = 'password-changed'")" 2 \
    'and a mail says so'

bad_input password-update
