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
plan 60

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

# Pages by their Link.  walk QUERY: the titles of all pages from there, one page
# a line; the articles of one moment are in it.
next_query() {
	echo "$headers" | sed -n 's|^Link: </api/articles?\(.*\)>; rel="next"$|\1|p'
}
walk() {
	_at=$1 _pages=0
	while test -n "$_at" && test $((_pages += 1)) -lt 9; do
		fn article-list ${2:+-t "$2"} -q "$_at"
		json '[.articles[].title] | join(" ")'
		_at=$(next_query)
	done
}
is "$(walk limit=3)" 'b1 a3 a2
a1' 'page by page'
is "$(walk limit=1 "$ann" | tr '\n' ' ')" 'b1 a3 a2 a1  ' 'one by one, for a reader; a full page may be the last'
is "$(walk 'tag=c&limit=3')" 'b1 a3 a2
a1' 'of a tag'
is "$(walk 'author=ann&limit=2')" 'a3 a2
a1' 'of an author'
is "$(walk 'favorited=ann&limit=1' | tr '\n' ' ')" 'b1 a1  ' 'of favourites'
is "$(walk 'tag=c&author=ann&limit=2')" 'a3 a2
a1' 'of several filters'
fn article-list -q 'author=b+o%2Bb&limit=1&offset=0&x=y'
like "$(next_query)" '^author=b%20o%2Bb&limit=1&after=1577836800000000_[0-9]+$' \
    'it has the parameters that were given, encoded, but offset'
fn article-list -q 'tag=a%26b%3D%22%3E%3B+2&limit=1'
is "$status $(next_query)" '200 ' 'no page, no next one'
sql "UPDATE article SET tag_list = '{\"a&b=\\\">; 2\"}' WHERE title = 'a2'"
fn article-list -q 'tag=a%26b%3D%22%3E%3B+2&limit=1'
like "$(next_query)" '^tag=a%26b%3D%22%3E%3B%202&limit=1&after=' \
    'what ends a Link in a parameter does not end this one'
fn article-list -q limit=999
is "$(next_query)" '' 'a page that is not full is the last'
fn article-list -q limit=2
at=$(next_query)
fn article-create -t "$ann" -d '{"article":{"title":"late","description":"d",
    "body":"b"}}'
fn article-list -q "$at"
is "$(json '[.articles[].title] | join(" ")') $(json .articlesCount)" \
    'a2 a1 5' 'what is written meanwhile does not shift it'
sql "DELETE FROM article WHERE title = 'late'"
for bad in x 1_ _1 1_x 12345678901234567_1 1_1234567890123456789 -1_1 1_1_1; do
	fn article-list -q "after=$bad"
	test "$status $(json '.errors.after[0]')" = \
	    '422 must come from a Link header' || echo "$bad: $status $body"
done >"$tmp/faults"
is "$(cat "$tmp/faults")" '' 'no such place'
fn article-list -q after=0_0
is "$status $(json '.articles | length')" '200 0' 'behind all'

# What is not published, whatever place is forged.
sql "UPDATE article SET published_at = now() + interval '1 day'
    WHERE title = 'a3'; UPDATE article SET published_at = NULL
    WHERE title = 'a2'; UPDATE article SET hidden_at = now() WHERE title = 'b1'"
for query in '' author=ann tag=c favorited=ann 'author=ann&tag=c' \
    'favorited=ann&tag=c'; do
	for after in '' '&after=9999999999999999_999999999999999999' \
	    "&after=$(($(date +%s) + 999999))000000_1"; do
		for token in '' "$ann"; do
			fn article-list ${token:+-t "$token"} -q "$query$after"
			test "$(json '[(.articles[].title), .articlesCount]
			    | join(" ")')" = 'a1 1' ||
			    echo "$query$after: $body"
		done
	done
done >"$tmp/faults"
is "$(cat "$tmp/faults")" '' 'drafts, scheduled and hidden are in no list'
fn tag-list
is "$(json '.tags | join(" ")')" 'a&b 1 c' 'nor are their tags'
is "$(disagreement)" '' 'counters agree'
# Its time has come; nobody has written since.
sql "SET session_replication_role = replica;
    UPDATE article SET published_at = now() - interval '1 minute'
    WHERE title = 'a3'; UPDATE article_tag SET listed_at = (SELECT listed_at
	FROM article WHERE title = 'a3') WHERE article_id = (SELECT id
	FROM article WHERE title = 'a3')"
for query in '' author=ann tag=c 'author=ann&tag=c'; do
	titles "$query"
done >"$tmp/titles"
is "$(sort -u "$tmp/titles")" '["a3","a1",2]' 'what is due is shown and counted'
fn tag-list
is "$(json '.tags | join(" ")')" 'a&b 1 a&b 3 c' 'with its tags'
fn article-create -t "$bob" -d '{"article":{"title":"b2","description":"d",
    "body":"b"}}'
is "$(titles '') $(disagreement)" '["b2","a3","a1",3] ' \
    'and is in the counters when somebody writes'
sql 'UPDATE session SET ended_at = now()'
fn article-list -t "$ann"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'

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
