#!/bin/sh
# SPDX-License-Identifier: MIT
# profile-block keeps somebody away from what is mine.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 21
say "$ann" a
go profile-follow POST "$bob" /ann/follow
go profile-follow POST "$ann" /bob/follow

go profile-block PUT "$ann" /BOB/block
is "$status $body" \
    '200 {"profile":{"username":"bob","bio":null,"image":null,"following":true}}' \
    'he is blocked'
is "$(sql "SELECT count(*) FROM follow")" 1 'he follows no more'
go profile-block PUT "$ann" /bob/block
is "$status $(sql 'SELECT count(*) FROM block')" '200 1' 'again: the same'
forbidden='403 profile: forbidden'
go profile-follow POST "$bob" /ann/follow
is "$(refusal)" "$forbidden" 'he cannot follow'
say "$bob" b
is "$(refusal)" "$forbidden" 'nor comment'
go article-favorite POST "$bob" "/$slug/favorite"
is "$(refusal)" "$forbidden" 'nor make a favourite of an article'
is "$(sql 'SELECT favorites_count, comments_count FROM article')" '0|1' \
    'nothing of it happened'
go article-get GET "$bob" "/$slug"
is "$status" 200 'he may read'
say "$bob" '' 999
is "$(refusal)" "422 body: can't be blank" '422 comes first'
say "$bob" b 999
is "$(refusal)" '422 parentId: is no comment here' 'of the parent, too'

# An article of somebody else, on which both comment.
fn article-create -t "$mod" -d '{"article":{"title":"of mod",
    "description":"d","body":"b"}}'
slug=$(json .article.slug)
say "$ann" root
root=$id
say "$bob" own
is "$status" 201 'elsewhere he may comment'
own=$id
say "$bob" x "$root"
is "$(refusal)" "$forbidden" 'but not answer the comment'
say "$mod" y "$root"
say "$bob" x "$id"
is "$(refusal)" "$forbidden" 'nor an answer to it'
say "$ann" z "$own"
is "$status" 201 'who blocks may answer him'
say "$bob" x "$id"
is "$(refusal)" "$forbidden" 'but he not that, though it is below his own'
fn comment-list -t "$ann" -p "/$slug/comments"
is "$(json '[.comments[].body] | @json')" '["z","y","root"]' \
    'his comments are not shown to who blocks him'
fn comment-list -p "/$slug/comments"
is "$(json '.comments | length')" 4 'to all others they are'
go profile-block PUT "$ann" /ann/block
is "$(refusal)" '422 username: is your own' 'nobody blocks himself'
go profile-block PUT "$ann" /nobody/block
is "$(refusal)" '404 profile: not found' 'nobody of this name'
go profile-block PUT '' /nobody/block
is "$(refusal)" '401 token: is missing' 'a stranger'

bad_input profile-block
