#!/bin/sh
# SPDX-License-Identifier: MIT
# session-delete-others ends all sessions of the user but the current one.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
bob=$(new_user bob)
plan 7

fn user-login -d '{"user":{"email":"ann@example.org","password":"correct horse"}}'
second=$(json .user.token)
fn session-create \
    -d '{"session":{"email":"ann@example.org","password":"correct horse"}}'
refresh=$(json .session.refreshToken)

fn session-delete-others -m DELETE
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no token'
fn session-delete-others -m DELETE -t "$ann"
is "$status$body" 204 'they end'
fn session-list -t "$ann"
is "$status $(json '[.sessions[].current] | @json')" '200 [true]' \
    'all but the current one'
fn user-get -t "$second"
is "$status" 401 'their tokens are no good'
fn session-refresh -d "{\"refreshToken\":\"$refresh\"}"
is "$status" 401 'nor are those that refresh'
fn user-get -t "$bob"
is "$status" 200 'those of others go on'

bad_input session-delete-others
