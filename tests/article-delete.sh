#!/bin/sh
# SPDX-License-Identifier: MIT
# article-delete deletes one's own article with all that belongs to it.
. "${top_srcdir:-.}/tests/lib.sh"

# delete SLUG [TOKEN]: by ann.
delete() { fn article-delete -m DELETE -t "${2-$ann}" -p "/$1"; }

db_start
ann=$(new_user ann)
bob=$(new_user bob)
for _ in 1 2; do
	fn article-create -t "$ann" -d '{"article":{"title":"t",
	    "description":"d","body":"b","tagList":["c","d"]}}'
	slug=$(json .article.slug)
	fn article-favorite -m POST -t "$bob" -p "/$slug/favorite"
	fn comment-create -t "$bob" -p "/$slug/comments" \
	    -d '{"comment":{"body":"c"}}'
done
plan 15

delete "$slug" "$bob"
is "$status $body" '403 {"errors":{"article":["forbidden"]}}' 'not by another'
fn article-delete -m DELETE -p "/$slug"
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'not by a stranger'
fn article-delete -m DELETE -p /no-such
is "$status" 401 'who is not told what there is'
delete no-such
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
is "$(sql 'SELECT count(*) FROM article')" 2 'they are still there'
delete "$slug"
is "$status $body $code" '204  0' 'by its author'
is "$(echo "$headers" | grep -ciE '^Content-(Type|Length):')" 0 \
    'the answer has no body, and no type of one'
fn article-get -p "/$slug"
is "$status" 404 'it is gone'
is "$(sql 'SELECT (SELECT count(*) FROM comment), (SELECT count(*) FROM favorite),
    (SELECT count(*) FROM article_tag), (SELECT count(*) FROM article)')" \
    '1|1|2|1' 'with its comments, favourites and tags, and nothing of others'
is "$(disagreement)" '' 'counters agree'
delete "$slug"
is "$status" 404 'a second time there is none'

slug=$(sql 'SELECT slug FROM article')
sql 'UPDATE article SET published_at = NULL'
delete "$slug" "$bob"
is "$status" 404 'a draft of another does not exist'
sql 'UPDATE session SET ended_at = now()'
delete "$slug"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql 'SELECT count(*) FROM article')" 1 'deletes nothing'

bad_input article-delete
