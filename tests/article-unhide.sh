#!/bin/sh
# SPDX-License-Identifier: MIT
# article-unhide lists an article again that was hidden.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
go article-hide PUT "$mod" "/$slug/hidden" '{"hidden":{"reason":"spam"}}'
plan 7

fn article-unhide -m DELETE -t "$mod" -p "/$slug/hidden" -q reason=mended
is "$status $body" '204 ' 'it is shown'
fn article-list
is "$(json '[.articles[].slug, .articlesCount] | @json')" "[\"$slug\",1]" \
    'in its place'
is "$(recount)" '' 'the counters are right'
is "$(sql "SELECT action || ' ' || reason FROM moderation_log
    ORDER BY id DESC LIMIT 1")" 'article-unhide mended' 'the log says why'
go article-unhide DELETE "$mod" "/$slug/hidden"
is "$status $(sql 'SELECT count(*) FROM moderation_log')" '204 2' \
    'again changes nothing'
sql "UPDATE article SET published_at = now() + interval '1 day',
    hidden_at = now()"
go article-unhide DELETE "$mod" "/$slug/hidden"
is "$status $(sql 'SELECT counted FROM article') $(recount)" '204 f ' \
    'what is scheduled goes on waiting'

asked_by_moderator
bad_input article-unhide
