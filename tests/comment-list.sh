#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-list shows the comments on an article, newest first.
. "${top_srcdir:-.}/tests/lib.sh"

# bodies [QUERY]
bodies() {
	fn comment-list -p "/$slug/comments" -q "${1-}"
	json '[.comments[].body] | @json'
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn article-create -t "$ann" -d '{"article":{"title":"t","description":"d",
    "body":"b"}}'
slug=$(json .article.slug)
plan 15

fn comment-list -p "/$slug/comments"
is "$status $body" '200 {"comments":[]}' 'none yet'
for n in 1 2 3; do
	fn comment-create -t "$bob" -p "/$slug/comments" \
	    -d "{\"comment\":{\"body\":\"c$n\"}}"
done
is "$(bodies)" '["c3","c2","c1"]' 'newest first'
is "$(bodies limit=2)" '["c3","c2"]' 'a page'
fn comment-list -p "/$slug/comments" -q limit=2
next=$(echo "$headers" | sed -n 's|^Link: <[^?]*?\(.*\)>; rel="next"$|\1|p')
is "$(bodies "$next")" '["c1"]' 'the next, by its Link'
is "$(bodies limit=3; echo "$headers" | grep -c ^Link)" '["c3","c2","c1"]
1' 'a full page has a next one, for all it knows'
fn profile-follow -m POST -t "$ann" -p /bob/follow
fn comment-list -t "$ann" -p "/$slug/comments"
is "$(json '[.comments[].author.following] | unique | @json')" '[true]' \
    'a reader sees whom he follows'
fn comment-list -p "/$slug/comments"
is "$(json '[.comments[].author.following] | unique | @json')" '[false]' \
    'a stranger follows nobody'
sql "UPDATE comment SET hidden_at = now() WHERE body = 'c2'"
is "$(bodies)" '["c3","c1"]' 'what is hidden is not shown'
fn comment-list -p /no-such/comments
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
fn comment-list -t junk -p "/$slug/comments"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' 'a junk token'
sql 'UPDATE article SET published_at = NULL'
fn comment-list -t "$bob" -p "/$slug/comments"
is "$status" 404 'a draft of another does not exist'
fn comment-list -t "$ann" -p "/$slug/comments"
is "$status" 200 "one's own does"
sql 'UPDATE session SET ended_at = now(); UPDATE article SET published_at = now()'
fn comment-list -t "$ann" -p "/$slug/comments"
is "$status" 401 'a session that has ended'

sql "UPDATE account SET bio = repeat(E'\\x01', 5000), image = repeat('𝄞', 2048);
    INSERT INTO comment (article_id, author_id, body)
    SELECT 1, 1, repeat(E'\\x01', 5000) FROM generate_series(1, 100)"
fn comment-list -p "/$slug/comments" -q limit=999
is "$status $(json '.comments | length')" '200 100' \
    "a page of the largest: $(wc -c <"$tmp/out") bytes"

bad_input comment-list
