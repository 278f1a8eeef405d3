#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-unhide shows a comment again that was hidden.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
say "$bob" c
at=/$slug/comments/$id/hidden
go comment-hide PUT "$mod" "$at" '{"hidden":{"reason":"rude"}}'
plan 5

fn comment-unhide -m DELETE -t "$mod" -p "$at" -q 'reason=no+harm'
is "$status $body" '204 ' 'it is shown'
fn comment-list -p "/$slug/comments"
is "$(json '[.comments[].body] | @json')" '["c"]' 'in the list'
is "$(sql 'SELECT comments_count FROM article') $(recount)" '1 ' 'it counts'
go comment-unhide DELETE "$mod" "$at"
is "$status $(sql "SELECT string_agg(concat(action, ' ', reason), ', '
    ORDER BY id) FROM moderation_log")" \
    '204 comment-hide rude, comment-unhide no harm' \
    'again changes nothing; the log has both'

asked_by_moderator
bad_input comment-unhide
