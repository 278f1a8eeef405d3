#!/bin/sh
# SPDX-License-Identifier: MIT
# article-list shows pages of articles, newest first, by tag, author, reader.
. "${top_srcdir:-.}/tests/lib.sh"

# titles QUERY: the titles of the page and the count.
titles() {
	fn article-list -q "$1"
	json '[(.articles[].title), .articlesCount] | @json'
}

db_start
ann=$(new_user ann)
fn user-create -d '{"user":{"username":"b o+b","email":"b@example.org",
    "password":"correct horse"}}'
bob=$(json .user.token)
plan 40

fn article-list
is "$status $body" '200 {"articles":[],"articlesCount":0}' 'an empty table'
for n in 1 2 3; do
	fn article-create -t "$ann" -d "{\"article\":{\"title\":\"a$n\",
	    \"description\":\"d\",\"body\":\"b\",\"tagList\":[\"c\",\"a&b $n\"]}}"
done
fn article-create -t "$bob" -d '{"article":{"title":"b1","description":"d",
    "body":"b","tagList":["c"]}}'
sql "INSERT INTO favorite (account_id, article_id)
    SELECT a.id, b.id FROM account a, article b
    WHERE a.username = 'ann' AND b.title IN ('a1', 'b1')"

fn article-list
is "$(json '.articles[0] | keys_unsorted | join(" ")')" \
    'slug title description tagList createdAt updatedAt favorited favoritesCount author' \
    'the members of an item, without body'
is "$(json '.articlesCount | type')" number 'the count is a number'
is "$(titles '')" '["b1","a3","a2","a1",4]' 'newest first'
is "$(titles limit=2)" '["b1","a3",4]' 'a page of 2'
is "$(titles 'limit=2&offset=3')" '["a1",4]' 'the last page'
is "$(titles offset=99)" '[4]' 'beyond it, the count stays'
is "$(titles tag=c)" '["b1","a3","a2","a1",4]' 'by tag'
is "$(titles 'tag=c&limit=1&offset=1')" '["a3",4]' 'by tag, a page'
is "$(titles tag=a%26b+2)" '["a2",1]' 'by a tag that is encoded'
is "$(titles tag=none)" '[0]' 'by a tag that is not in use'
is "$(titles author=ann)" '["a3","a2","a1",3]' 'by author'
is "$(titles author=b+o%2Bb)" '["b1",1]' 'by an author that is encoded'
is "$(titles author=nobody)" '[0]' 'by nobody'
is "$(titles favorited=ann)" '["b1","a1",2]' 'favourites'
is "$(titles 'favorited=ann&limit=1&offset=1')" '["a1",2]' 'favourites, a page'
is "$(titles favorited=nobody)" '[0]' 'favourites of nobody'
is "$(titles 'favorited=ann&author=ann')" '["a1",1]' 'favourite and author'
is "$(titles 'tag=c&author=b+o%2Bb')" '["b1",1]' 'tag and author'
is "$(titles 'tag=a%26b+1&favorited=ann')" '["a1",1]' 'tag and favourite'
is "$(titles 'tag=c&author=ann&favorited=ann')" '["a1",1]' 'all three'
is "$(titles 'tag=&author=&favorited=')" '["b1","a3","a2","a1",4]' \
    'an empty filter is none'
is "$(titles 'unknown=1&unknown=2')" '["b1","a3","a2","a1",4]' \
    'an unknown parameter is ignored'

fn article-list -t "$ann"
is "$(json '[.articles[].favorited] | @json')" '[true,false,false,true]' \
    'a reader sees favourites'
like "$headers" '^Cache-Control: no-store$' 'and nobody keeps that'
sql "UPDATE article SET published_at = '2020-01-01'"
is "$(titles '')" '["b1","a3","a2","a1",4]' 'of one moment: the later first'

for query in limit=101 limit=1001 limit=99999999999999999999; do
	is "$(titles "$query")" '["b1","a3","a2","a1",4]' "$query is as 100"
done
fn article-list -q 'offset=10001'
is "$status $(json '.errors.offset[0]')" '422 must be at most 10000' \
    'the deepest page has its limit'
is "$(titles 'tag=%20&author=+')" '["b1","a3","a2","a1",4]' \
    'a blank filter is none'
for query in limit=0 limit=x limit=1.5 limit=-99999999999999999999 \
    'limit=1&limit=2'; do
	fn article-list -q "$query"
	is "$status $(json '.errors | keys[0]')" '422 limit' "refused: $query"
done
fn article-list -q 'offset=-1&limit=%zz'
is "$status $(json '.errors | keys | join(" ")')" '422 limit offset' \
    'refused: both at once'
fn article-list -q 'tag=%ff'
is "$status $(json '.errors | keys[0]')" '422 tag' 'refused: not UTF-8'

# A page of the largest articles that there can be, in the longest form of JSON.
sql "INSERT INTO account (username, email, password_hash, bio, image)
    VALUES (repeat('𝄞', 64), 'big@x.example', 'h', repeat(E'\\x01', 5000),
	repeat('𝄞', 2048))"
sql "INSERT INTO article (slug, author_id, title, description, body, tag_list)
    SELECT repeat('𝄞', 500) || n, (SELECT id FROM account
	WHERE email = 'big@x.example'), repeat('𝄞', 200),
	repeat(E'\\x01', 1000), 'b', (SELECT array_agg(t || repeat('𝄞', 62))
	FROM generate_series(10, 41) AS t) FROM generate_series(1, 100) AS n"
fn article-list -q limit=500
is "$status $(json '.articles | length')" '200 100' \
    "a page of the largest articles: $(wc -c <"$tmp/out") bytes"

bad_input article-list
