#!/bin/sh
# SPDX-License-Identifier: MIT
# article-report tells the moderators of an article.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

# report TOKEN BODY [PATH]
report() {
	go article-report POST "$1" "${3-/$slug/reports}" "{\"report\":$2}"
}

db_start
cast
say "$ann" a
plan 14

report "$bob" '{"reason":"spam","details":"they sell"}'
is "$status $(json '.report | keys_unsorted | join(" ")')" \
    '201 id status reason details createdAt' 'it is made'
is "$(json '.report | [.status, .reason, .details] | @json')" \
    '["open","spam","they sell"]' 'as given'
first=$(json .report.id)
report "$bob" '{"reason":"abuse"}'
is "$status $(json '.report | [.id, .reason] | @json')" \
    "200 [$first,\"spam\"]" 'again: the one that is open'
report "$mod" '{"reason":"abuse","details":null}'
is "$status $(json '.report.details')" '201 null' 'by another user'
sql "UPDATE report SET status = 'closed', resolution = 'rejected',
    closed_at = now()"
report "$bob" '{"reason":"other","details":""}'
is "$status $(json '.report | [.reason, .details] | @json')" \
    '201 ["other",null]' 'when that is closed, another'
is "$(sql "SELECT count(*) FROM report WHERE comment_id IS NULL")" 3 \
    'three are stored'

# In this order.
report '' '{}' /nowhere/reports
is "$(refusal)" '401 token: is missing' 'a stranger'
report "$bob" '{}' /nowhere/reports
is "$(refusal)" "422 reason: can't be blank" 'no reason'
report "$bob" '{"reason":"boring"}'
is "$status $(json '.errors | keys[0]')" '422 reason' 'an unknown reason'
report "$bob" "{\"reason\":\"spam\",\"details\":\"$(repeat 1001 x)\"}"
is "$status $(json '.errors | keys[0]')" '422 details' 'too much of details'
report "$ann" '{"reason":"spam"}' /nowhere/reports
is "$(refusal)" '404 article: not found' 'no article'

sql "UPDATE article SET hidden_at = now()"
report "$ann" '{"reason":"spam"}'
is "$(refusal)" '404 article: not found' 'a hidden article'
go article-delete DELETE "$ann" "/$slug"
is "$status $(sql 'SELECT count(*) FROM report')" '204 0' \
    'reports go with the thing'

# shellcheck disable=SC2034 # for bad_input
stored_once=yes
bad_input article-report
