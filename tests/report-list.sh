#!/bin/sh
# SPDX-License-Identifier: MIT
# report-list shows moderators what they were told of.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
say "$bob" c
plan 11
reports() {
	fn report-list -t "$mod" -q "$1"
	shown=$(json '[.reports[] | .reason + (.commentId // "" | tostring)] |
	    join(" ")')
}

reports ''
is "$status $body" '200 {"reports":[]}' 'none'
go article-report POST "$bob" "/$slug/reports" \
    '{"report":{"reason":"spam","details":"they sell"}}'
go comment-report POST "$ann" "/$slug/comments/$id/reports" \
    '{"report":{"reason":"abuse"}}'
reports ''
is "$shown" "abuse$id spam" 'newest first'
is "$(json '.reports[0] | del(.id, .createdAt, .slug) | @json')" \
    '{"status":"open","reason":"abuse","details":null,"resolution":null,"closedAt":null,"reporter":"ann","author":"bob","title":"one","commentId":'"$id"',"comment":"c","hidden":false}' \
    'one of a comment'
is "$(json '.reports[1] | del(.id, .createdAt) | @json')" \
    '{"status":"open","reason":"spam","details":"they sell","resolution":null,"closedAt":null,"reporter":"bob","author":"ann","slug":"'"$slug"'","title":"one","commentId":null,"comment":null,"hidden":false}' \
    'and one of an article'
reports limit=1
after=$(echo "$headers" | sed -n 's/^Link: .*after=\([0-9_]*\).*/\1/p')
reports "limit=1&after=$after"
is "$shown" spam 'the next page'
go report-close PUT "$mod" "/$(json '.reports[0].id')" \
    '{"report":{"status":"closed","resolution":"rejected"}}'
reports status=open
is "$shown" "abuse$id" 'those that are open'
reports status=closed
is "$shown $(json '.reports[0] | .resolution')" 'spam rejected' \
    'those that are closed'
reports status=lost
is "$status $(json '.errors | keys[0]')" '422 status' 'no such status'
sql "UPDATE comment SET hidden_at = now()"
reports ''
is "$(json '.reports[0].hidden')" true 'what is hidden already'
sql "UPDATE article SET published_at = NULL, title = 'private'"
reports ''
is "$(json '.reports[0] | [.slug, .title] | @json')" '[null,null]' \
    'an article that was taken back is not shown'

asked_by_moderator
bad_input report-list
