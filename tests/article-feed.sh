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
plan 29

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

# Whoever follows a thousand or more: the same page, by whichever way it is found.
# same QUERY LIMIT OFFSET [BEFORE]: as the plainest statement has it.
same() {
	is "$(titles "$1")" "$(sql "WITH feed AS (SELECT a.* FROM article a
	    JOIN follow ON followed_id = author_id
	    WHERE follower_id = (SELECT id FROM account WHERE username = 'cat')
	    AND listed_at <= now()),
	    page AS (SELECT title, listed_at, id FROM feed
		WHERE listed_at < '${4:-infinity}'
		ORDER BY listed_at DESC, id DESC LIMIT $2 OFFSET $3)
	    SELECT jsonb_agg(title ORDER BY listed_at DESC, id DESC) ||
	    to_jsonb((SELECT count(*) FROM feed)) FROM page" | jq -c .)" "$5"
}
sql "INSERT INTO account (username, email, password_hash)
    SELECT 'm' || n, 'm' || n || '@x.example', 'h'
    FROM generate_series(1, 1500) AS n"
sql "INSERT INTO follow (follower_id, followed_id) SELECT cat.id, m.id
    FROM account cat, account m WHERE cat.username = 'cat' AND m.username ~ '^m'"
articles() {
	sql "INSERT INTO article (slug, author_id, title, description, body,
	    published_at) SELECT '$1-' || n, w.id, '$1-' || n, 'd', 'b',
	    timestamptz '$2' + n * interval '1 minute'
	    FROM generate_series(1, $3) AS n
	    JOIN account w ON username = ${4:-"'m' || 1 + n * 7919 % 1500"}"
}
articles old 2021-01-01 3000
same '' 20 0 '' 'of 1,500 authors'
same 'limit=7&offset=100' 7 100 '' 'a page of it'
same 'after=1609480800000000_1' 20 0 '2021-01-01 06:00:00Z' \
    'the end of it, where nothing fills the page'
articles noise 2022-01-01 1981 "'ann'"
same '' 20 0 '' 'of 1,500 authors of whom 19 have written lately'
same limit=19 19 0 '' 'those 19'
articles more 2022-02-01 100 "'ann'"
same '' 20 0 '' 'of 1,500 authors none of whom has'
same 'limit=50&offset=2970' 50 2970 '' 'the last page'
sql "DELETE FROM follow WHERE followed_id IN (SELECT id FROM account
    WHERE username ~ '^m' AND substring(username, 2)::integer > 999)"
same '' 20 0 '' 'of 999'
same 'offset=30' 20 30 '' 'a page of that'

sql 'UPDATE session SET ended_at = now()'
fn article-feed -t "$cat"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'

bad_input article-feed
