#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-get shows a user as others see him.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
fn user-create -d '{"user":{"username":"b ü+b","email":"b@example.org",
    "password":"correct horse"}}'
plan 11

fn profile-get -p /ann
is "$status $body" \
    '200 {"profile":{"username":"ann","bio":null,"image":null,"following":false}}' \
    'all that is told'
fn profile-get -p /ANN
is "$(json .profile.username)" ann 'a name has no case'
fn profile-get -e 'REQUEST_URI=/api/profiles/b%20%C3%BC%2Bb'
is "$(json .profile.username)" 'b ü+b' 'it may be percent-encoded'
fn profile-get -e 'REQUEST_URI=/api/profiles/b%20%C3%BC+b'
is "$(json .profile.username)" 'b ü+b' 'a plus in a path is a plus'
sql "UPDATE account SET bio = 'b', image = 'i' WHERE username <> 'ann';
    INSERT INTO follow (follower_id, followed_id) SELECT a.id, b.id
    FROM account a, account b WHERE a.username = 'ann' AND b.username <> 'ann'"
fn profile-get -t "$ann" -p '/b ü+b'
is "$(json '.profile | [.bio, .image, .following] | @json')" '["b","i",true]' \
    'a reader sees whom he follows'
fn profile-get -p '/b ü+b'
is "$(json .profile.following)" false 'a stranger follows nobody'
fn profile-get -p /nobody
is "$status $body" '404 {"errors":{"profile":["not found"]}}' 'an unknown name'
fn profile-get -t junk -p /ann
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' 'a junk token'
fn profile-get -p /%25
is "$status" 404 'no pattern'
sql 'UPDATE session SET ended_at = now()'
fn profile-get -t "$ann" -p /ann
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'

bad_input profile-get
