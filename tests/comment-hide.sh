#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-hide takes a comment out of the lists.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
say "$bob" c
say "$ann" d "$id"
plan 10
hide() { go comment-hide PUT "$1" "$2" '{"hidden":{"reason":"rude"}}'; }
at=/$slug/comments/$((id - 1))/hidden

hide "$mod" "$at"
is "$status $body" '204 ' 'it is hidden'
fn comment-list -p "/$slug/comments"
is "$(json '[.comments[].body] | @json')" '["d"]' 'from the list'
fn comment-list -p "/$slug/comments" -t "$bob"
is "$(json '[.comments[].body] | @json')" '["d"]' \
    'even of who has written it'
fn comment-threads -p "/$slug/threads"
is "$body" '{"threads":[]}' 'a thread with its answers'
is "$(sql 'SELECT comments_count FROM article')" 1 'it counts no more'
is "$(sql "SELECT concat_ws(' ', action, username, comment_id = $((id - 1)),
    reason) FROM moderation_log")" 'comment-hide bob t rude' \
    'the log says of whom, what and why'
hide "$mod" "$at"
is "$status $(sql 'SELECT count(*) FROM moderation_log')" '204 1' \
    'again changes nothing'
hide "$mod" "/nowhere/comments/$id/hidden"
is "$(refusal)" '404 article: not found' 'no article'
hide "$mod" "/$(new_article two)/comments/$id/hidden"
is "$(refusal)" '404 comment: not found' 'a comment on another article'

asked_by_moderator
bad_input comment-hide
