#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-delete deletes one's own comment.
. "${top_srcdir:-.}/tests/lib.sh"

# delete SLUG ID [TOKEN]: by bob.
delete() {
	fn comment-delete -m DELETE -t "${3-$bob}" -p "/$1/comments/$2"
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
for title in one two; do
	fn article-create -t "$ann" -d "{\"article\":{\"title\":\"$title\",
	    \"description\":\"d\",\"body\":\"b\"}}"
	slug=$(json .article.slug)
	fn comment-create -t "$bob" -p "/$slug/comments" \
	    -d '{"comment":{"body":"c"}}'
	id=$(json .comment.id)
	test "$title" = two || elsewhere=$id
done
plan 15

delete "$slug" "$id" "$ann"
is "$status $body" '403 {"errors":{"comment":["forbidden"]}}' \
    'not by another, be the article his'
fn comment-delete -m DELETE -p "/$slug/comments/$id"
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'not by a stranger'
delete no-such "$id"
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
delete "$slug" "$elsewhere"
is "$status $body" '404 {"errors":{"comment":["not found"]}}' \
    'the comment of another article'
delete "$slug" 9223372036854775807
is "$status $body" '404 {"errors":{"comment":["not found"]}}' 'an unknown one'
for bad in x 0 -1 1x 9223372036854775808 "1 OR 1=1"; do
	delete "$slug" "$bad"
	test "$status" = 404 || echo "$bad: $status"
done >"$tmp/statuses"
is "$(cat "$tmp/statuses")" '' 'what is no number'
is "$(sql 'SELECT count(*) FROM comment')" 2 'they are still there'
delete "$slug" "$id"
is "$status $body" '204 ' 'by its author'
is "$(echo "$headers" | grep -ciE '^Content-(Type|Length):')" 0 \
    'the answer has no body, and no type of one'
is "$(sql 'SELECT id FROM comment') $(disagreement)" "$elsewhere " \
    'it is gone, and counters agree'
delete "$slug" "$id"
is "$status" 404 'a second time there is none'
slug=$(sql "SELECT slug FROM article WHERE title = 'one'")
sql 'UPDATE article SET published_at = NULL'
delete "$slug" "$elsewhere"
is "$status" 404 'on a draft of another there is none'
sql 'UPDATE article SET published_at = now(); UPDATE session SET ended_at = now()'
delete "$slug" "$elsewhere"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql 'SELECT count(*) FROM comment')" 1 'deletes nothing'

bad_input comment-delete
