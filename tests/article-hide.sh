#!/bin/sh
# SPDX-License-Identifier: MIT
# article-hide takes an article out of all lists, and says why in the log.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
hide() { go article-hide PUT "$1" "/$slug/hidden" "$2"; }
plan 16

hide "$mod" '{"hidden":{"reason":"spam"}}'
is "$status $body" '204 ' 'it is hidden'
fn article-list
is "$(json '[.articles, .articlesCount] | @json')" '[[],0]' 'from the list'
fn tag-list
is "$(json '.tags | @json')" '[]' 'with its tags'
go article-get GET '' "/$slug"
is "$(refusal)" '404 article: not found' 'from strangers'
go article-get GET "$bob" "/$slug"
is "$(refusal)" '404 article: not found' 'from users'
go article-get GET "$ann" "/$slug"
is "$status" 200 'its author sees it'
go article-get GET "$mod" "/$slug"
is "$status" 200 'a moderator sees it'
go article-get GET "$adm" "/$slug"
is "$status" 200 'an admin does'
say "$bob" x
is "$(refusal)" '404 article: not found' 'nobody comments on it'
is "$(sql "SELECT concat_ws(' ', action, username, slug = '$slug', reason,
    (SELECT username FROM account WHERE id = moderator_id))
    FROM moderation_log")" 'article-hide ann t spam mod' \
    'the log says who, what and why'
hide "$adm" '{"hidden":{"reason":"again"}}'
is "$status $(sql 'SELECT count(*) FROM moderation_log')" '204 1' \
    'again changes nothing'
fn article-update -m PUT -t "$ann" -p "/$slug" \
    -d '{"article":{"body":"better"}}'
is "$status $(sql 'SELECT count(listed_at) FROM article')" '200 0' \
    'its author may mend it; it stays hidden'
sql "UPDATE article SET hidden_at = NULL, published_at = NULL"
hide "$mod" '{"hidden":{"reason":"x"}}'
is "$(refusal)" '404 article: not found' 'a draft is nobody else'\''s business'
hide "$mod" "{\"hidden\":{\"reason\":\"$(repeat 1001 x)\"}}"
is "$status $(json '.errors | keys[0]')" '422 reason' 'too long a reason'
hide "$mod" '{}'
is "$(refusal)" "422 hidden: can't be blank" 'no reason'

asked_by_moderator
bad_input article-hide
