#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-create stores a comment as given.
. "${top_srcdir:-.}/tests/lib.sh"

# say JSON [TOKEN]: on the article $slug, by bob.
say() {
	fn comment-create -t "${2-$bob}" -p "/$slug/comments" -d "{\"comment\":$1}"
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn article-create -t "$ann" -d '{"article":{"title":"t","description":"d",
    "body":"b"}}'
slug=$(json .article.slug)
plan 18

say '{"body":" <b>Hi</b>\n\"x\" \ud83d\ude00 "}'
is "$status $(json '.comment | keys_unsorted | join(" ")')" \
    '201 id createdAt updatedAt body author' 'the members of a comment'
is "$(json '.comment | [(.id | type), .body] | @json')" \
    '["number"," <b>Hi</b>\n\"x\" 😀 "]' 'the text as it is'
like "$(json .comment.createdAt)" \
    '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}\.[0-9]{6}Z$' 'its time'
is "$(json '.comment | .createdAt == .updatedAt')" true 'both of them'
is "$(json '.comment.author | @json')" \
    '{"username":"bob","bio":null,"image":null,"following":false}' 'its author'
comment=$(json .comment)
fn comment-list -p "/$slug/comments"
is "$(json '.comments[0]')" "$comment" 'it is what is shown then'
is "$(disagreement)" '' 'and counted'
fn comment-create -p "/$slug/comments" -d '{"comment":{"body":" "}}'
is "$status $body" '401 {"errors":{"token":["is missing"]}}' \
    'not by a stranger, who is told first'
for bad in '""' '" "' null; do
	say "{\"body\":$bad}"
	is "$status $body" "422 {\"errors\":{\"body\":[\"can't be blank\"]}}" \
	    "refused: $bad"
done
say "{\"body\":\"$(repeat 5001 x)\"}"
is "$status" 422 'too long'
say "{\"body\":\"$(repeat 5000 x)\"}"
is "$status" 201 'the longest'
fn comment-create -t "$bob" -p /no-such/comments -d '{"comment":{"body":""}}'
is "$status" 422 'a blank text comes before an unknown slug'
fn comment-create -t "$bob" -p /no-such/comments -d '{"comment":{"body":"c"}}'
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
sql 'UPDATE article SET published_at = NULL'
say '{"body":"c"}'
is "$status" 404 'a draft of another does not exist'
sql 'UPDATE article SET published_at = now(); UPDATE session SET ended_at = now()'
say '{"body":"c"}'
is "$status $(sql 'SELECT count(*) FROM comment')" '401 2' \
    'a session that has ended writes nothing'

bad_input comment-create
