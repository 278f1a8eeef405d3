#!/bin/sh
# SPDX-License-Identifier: MIT
# report-close says what has become of a report, once.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
say "$bob" c
go comment-report POST "$ann" "/$slug/comments/$id/reports" \
    '{"report":{"reason":"abuse"}}'
report=$(json .report.id)
plan 9
close() { go report-close PUT "$mod" "$1" "{\"report\":$2}"; }

close "/$report" '{"status":"open","resolution":"accepted"}'
is "$status $(json '.errors | keys[0]')" '422 status' 'it opens nothing'
close "/$report" '{"status":"closed"}'
is "$(refusal)" "422 resolution: can't be blank" 'no resolution'
close /999 '{"status":"closed","resolution":"accepted"}'
is "$(refusal)" '404 report: not found' 'no such report'
close "/$report" '{"status":"closed","resolution":"accepted"}'
is "$status $(json '.report | [.id, .status, .resolution, .closedAt != null,
    .author, .comment] | @json')" \
    "200 [$report,\"closed\",\"accepted\",true,\"bob\",\"c\"]" 'it is closed'
fn report-list -t "$mod" -q status=closed
is "$(json '.reports[0] | keys_unsorted | @json')" \
    '["id","status","reason","details","createdAt","resolution","closedAt","reporter","author","slug","title","commentId","comment","hidden"]' \
    'and among those that are'
close "/$report" '{"status":"closed","resolution":"rejected"}'
is "$(refusal)" '409 report: is closed' 'once'
is "$(sql 'SELECT resolution FROM report')" accepted 'it stays as it was'
is "$(sql "SELECT concat_ws(' ', action, username, slug = '$slug',
    comment_id = $id, outcome) FROM moderation_log")" \
    'report-close bob t t accepted' 'the log says so'

asked_by_moderator
bad_input report-close
