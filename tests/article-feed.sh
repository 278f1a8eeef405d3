#!/bin/sh
# SPDX-License-Identifier: MIT
# article-feed shows what those whom one follows have published, newest first.
. "${top_srcdir:-.}/tests/lib.sh"

# titles [QUERY]: the titles of cat's page and the count.
titles() {
	fn article-feed -t "$cat" -q "${1-}"
	json '[(.articles[].title), .articlesCount] | @json'
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
cat=$(new_user cat)
plan 20

is "$(titles)" '[0]' 'of nobody: nothing'
n=0
for writer in "$ann" "$bob" "$ann" "$bob" "$cat"; do
	n=$((n + 1))
	fn article-create -t "$writer" -d "{\"article\":{\"title\":\"a$n\",
	    \"description\":\"d\",\"body\":\"b\",\"tagList\":[\"c\",\"d\"]}}"
done
is "$(titles)" '[0]' 'still, whatever others write'
fn profile-follow -m POST -t "$cat" -p /ann/follow
is "$(titles)" '["a3","a1",2]' 'of one author'
fn profile-follow -m POST -t "$cat" -p /bob/follow
is "$(titles)" '["a4","a3","a2","a1",4]' 'of two'
is "$(titles 'limit=2&offset=1')" '["a3","a2",4]' 'a page'
is "$(titles offset=99)" '[4]' 'beyond it, the count stays'
fn article-feed -t "$cat" -q limit=2
is "$(json '.articles[0] | keys_unsorted | join(" ")')" \
    'slug title description tagList createdAt updatedAt favorited favoritesCount author' \
    'the members of an item, without body'
is "$(json '[.articles[].author | [.username, .following]] | @json')" \
    '[["bob",true],["ann",true]]' 'by whom one follows'
next=$(echo "$headers" | sed -n 's|^Link: </api/articles/feed?\(.*\)>; rel="next"$|\1|p')
is "$(titles "$next")" '["a2","a1",4]' 'the next page, by its Link'
fn article-create -t "$ann" -d '{"article":{"title":"late","description":"d",
    "body":"b"}}'
is "$(titles "$next")" '["a2","a1",5]' 'which does not shift'
sql "UPDATE article SET published_at = '2020-01-01'"
is "$(titles)" '["late","a4","a3","a2","a1",5]' 'of one moment: the later first'
sql "UPDATE article SET published_at = now() + interval '1 day'
    WHERE title = 'a4'; UPDATE article SET published_at = NULL
    WHERE title = 'a3'; UPDATE article SET hidden_at = now() WHERE title = 'a2'"
is "$(titles)" '["late","a1",2]' 'no drafts, nothing scheduled or hidden'
is "$(titles after=9999999999999999_1)" '["late","a1",2]' 'also from the future'
fn profile-unfollow -m DELETE -t "$cat" -p /ann/follow
is "$(titles)" '[0]' 'not of those one follows no more'
fn article-feed
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'for nobody else'
for query in limit=0 offset=10001 after=x; do
	fn article-feed -t "$cat" -q "$query"
	is "$status $(json '.errors | keys[0]')" "422 ${query%=*}" \
	    "refused: $query"
done
sql 'UPDATE session SET ended_at = now()'
fn article-feed -t "$cat"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'

bad_input article-feed
