#!/bin/sh
# SPDX-License-Identifier: MIT
# session-logout ends the session of the token, and no other.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
plan 7

fn session-create \
    -d '{"session":{"email":"ann@example.org","password":"correct horse"}}'
access=$(json .session.accessToken) refresh=$(json .session.refreshToken)

fn session-logout -m DELETE
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no token'
fn session-logout -m DELETE -t "$access"
is "$status$body" 204 'the session ends'
fn user-get -t "$access"
is "$status" 401 'its token is no good'
fn session-refresh -d "{\"refreshToken\":\"$refresh\"}"
is "$status" 401 'nor is the other'
fn session-logout -m DELETE -t "$access"
is "$status" 401 'it cannot end twice'
fn user-get -t "$ann"
is "$status" 200 'others go on'

bad_input session-logout
