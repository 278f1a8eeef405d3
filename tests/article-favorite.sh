#!/bin/sh
# SPDX-License-Identifier: MIT
# article-favorite makes an article a favourite, once.
. "${top_srcdir:-.}/tests/lib.sh"

# mark SLUG [TOKEN]: by bob.
mark() { fn article-favorite -m POST -t "${2-$bob}" -p "/$1/favorite"; }

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn article-create -t "$ann" -d '{"article":{"title":"t","description":"d",
    "body":"b","tagList":["c"]}}'
slug=$(json .article.slug) article=$body
plan 19

mark "$slug"
is "$status $(json '.article | [.favorited, .favoritesCount] | @json')" \
    '200 [true,1]' 'it is a favourite, and counted'
is "$(json '.article | del(.favorited, .favoritesCount)')" \
    "$(printf '%s' "$article" | jq '.article | del(.favorited, .favoritesCount)')" \
    'of the article as it is'
mark "$slug"
is "$status $(json '.article | [.favorited, .favoritesCount] | @json')" \
    '200 [true,1]' 'again changes nothing'
mark "$slug" "$ann"
is "$(json '.article | [.favorited, .favoritesCount] | @json')" '[true,2]' \
    'one may favour what is one'"'"'s own'
fn article-get -p "/$slug"
is "$(json '.article | [.favorited, .favoritesCount] | @json')" '[false,2]' \
    'a stranger sees the count'
fn article-list -q favorited=bob
is "$(json '.articles | map(.slug) | @json')" "[\"$slug\"]" 'it is in the list'
is "$(sql 'SELECT f.listed_at = a.listed_at FROM favorite f JOIN article a
    ON a.id = article_id' | sort -u)" t 'in the order of articles'
sql "INSERT INTO follow (follower_id, followed_id) SELECT a.id, b.id
    FROM account a, account b WHERE a.username = 'bob' AND b.username = 'ann'"
mark "$slug"
is "$(json .article.author.following)" true 'whom one follows is told'
version=$(sql 'SELECT version, updated_at = created_at FROM article')
is "$version" '1|t' 'the article has not been changed by it'

fn article-favorite -m POST -p "/$slug/favorite"
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'not by a stranger'
fn article-favorite -m POST -p /no-such/favorite
is "$status" 401 'who is not told what there is'
mark no-such
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
fn article-favorite -m POST -t "$bob" \
    -e "REQUEST_URI=/api/articles/%74$(echo "$slug" | cut -c 2-)/favorite"
is "$status" 200 'a slug may be percent-encoded'

sql 'DELETE FROM favorite; UPDATE article SET published_at = NULL'
mark "$slug"
is "$status" 404 'a draft of another does not exist'
sql "UPDATE article SET published_at = now() + interval '1 day'"
mark "$slug"
is "$status" 404 'nor what is scheduled'
mark "$slug" "$ann"
is "$status $(disagreement)" '200 ' "one's own does, and counters agree"
sql "UPDATE article SET published_at = now(); UPDATE session SET ended_at = now()"
mark "$slug"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql 'SELECT count(*) FROM favorite')" 1 'writes nothing'

bad_input article-favorite
