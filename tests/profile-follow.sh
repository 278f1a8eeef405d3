#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-follow: one follows a user, once.
. "${top_srcdir:-.}/tests/lib.sh"

# follow NAME [TOKEN]: by ann.
follow() { fn profile-follow -m POST -t "${2-$ann}" -p "/$1/follow"; }

db_start
ann=$(new_user ann)
bob=$(new_user bob)
plan 13

follow bob
is "$status $body" \
    '200 {"profile":{"username":"bob","bio":null,"image":null,"following":true}}' \
    'the profile of whom one follows'
follow BOB
is "$status $(json .profile.following)" '200 true' 'again changes nothing'
is "$(sql 'SELECT count(*) FROM follow')" 1 'it is stored once'
fn profile-get -t "$ann" -p /bob
is "$(json .profile.following)" true 'and told then'
fn profile-get -t "$bob" -p /ann
is "$(json .profile.following)" false 'the other does not follow back'
follow ann
is "$status $(json '.errors | keys[0]')" '422 username' 'nobody follows himself'
fn profile-follow -m POST -p /bob/follow
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no stranger'
fn profile-follow -m POST -p /nobody/follow
is "$status" 401 'who is not told who there is'
follow nobody
is "$status $body" '404 {"errors":{"profile":["not found"]}}' 'an unknown name'
fn profile-follow -m POST -t "$ann" -e 'REQUEST_URI=/api/profiles/%62ob/follow'
is "$status" 200 'it may be percent-encoded'
sql 'DELETE FROM follow; UPDATE session SET ended_at = now()'
follow bob
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql 'SELECT count(*) FROM follow')" 0 'writes nothing'

bad_input profile-follow
