#!/bin/sh
# SPDX-License-Identifier: MIT
# article-unfavorite takes an article from the favourites, once.
. "${top_srcdir:-.}/tests/lib.sh"

# mark SLUG [TOKEN]: by bob.
mark() { fn article-unfavorite -m DELETE -t "${2-$bob}" -p "/$1/favorite"; }

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn article-create -t "$ann" -d '{"article":{"title":"t","description":"d",
    "body":"b","tagList":["c"]}}'
slug=$(json .article.slug) article=$(json .article)
for token in "$ann" "$bob"; do
	fn article-favorite -m POST -t "$token" -p "/$slug/favorite"
done
plan 12

mark "$slug"
is "$status $(json '.article | [.favorited, .favoritesCount] | @json')" \
    '200 [false,1]' 'it is no favourite any more, and counted so'
mark "$slug"
is "$status $(json '.article | [.favorited, .favoritesCount] | @json')" \
    '200 [false,1]' 'again changes nothing'
fn article-list -q favorited=bob
is "$body" '{"articles":[],"articlesCount":0}' 'it is in no list'
mark "$slug" "$ann"
is "$(json .article)" "$article" 'it is as it was'
is "$(disagreement)" '' 'counters agree'
fn article-unfavorite -m DELETE -p "/$slug/favorite"
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'not by a stranger'
mark no-such
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
fn article-favorite -m POST -t "$bob" -p "/$slug/favorite"
sql 'UPDATE article SET published_at = NULL'
mark "$slug"
is "$status $(sql 'SELECT count(*) FROM favorite')" '404 1' \
    'a draft of another does not exist'
sql 'UPDATE article SET published_at = now()'
fn article-unfavorite -m DELETE -t "$ann" -p "/$slug/favorite"
is "$status $(sql 'SELECT count(*) FROM favorite')" '200 1' \
    'nobody takes away what is another'"'"'s'
sql 'UPDATE session SET ended_at = now()'
mark "$slug"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql 'SELECT count(*) FROM favorite')" 1 'takes nothing away'

bad_input article-unfavorite
