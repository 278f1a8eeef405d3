#!/bin/sh
# SPDX-License-Identifier: MIT
# user-login gives a token for the right password, and says no more.
. "${top_srcdir:-.}/tests/lib.sh"

# login EMAIL PASSWORD
login() {
	fn user-login -d "$(jq -cn --arg e "$1" --arg p "$2" \
	    '{user: {email: $e, password: $p}}')"
}

db_start
new_user ann >"$tmp/token"
plan 12

login ann@example.org 'correct horse'
is "$status" 200 'the right password'
is "$(json '.user | [.username, .email, .bio, .image] | @json')" \
    '["ann","ann@example.org",null,null]' 'gives the user'
token=$(json .user.token)
fn user-get -t "$token"
is "$status" 200 'with a token that holds'
login ANN@Example.org 'correct horse'
is "$status" 200 'an email has no case'

login ann@example.org 'correct horse '
is "$status $body" '401 {"errors":{"credentials":["invalid"]}}' \
    'a wrong password'
login nobody@example.org 'correct horse'
is "$status $body" '401 {"errors":{"credentials":["invalid"]}}' \
    'an unknown email: the same answer'
is "$(wc -c <"$tmp/log")" 0 'neither is logged'
login '' x
is "$status $body" "422 {\"errors\":{\"email\":[\"can't be blank\"]}}" \
    'a blank email'
login x ''
is "$status $body" "422 {\"errors\":{\"password\":[\"can't be blank\"]}}" \
    'a blank password'
login "' OR 1=1 --" "' OR 1=1 --"
is "$status" 401 'SQL is text'
fn user-login -d '{"user":"ann"}'
is "$status $body" '422 {"errors":{"user":["must be an object"]}}' \
    'a user that is no object'
fn user-login -d '{}'
is "$status $body" "422 {\"errors\":{\"user\":[\"can't be blank\"]}}" \
    'no user at all'
