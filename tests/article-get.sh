#!/bin/sh
# SPDX-License-Identifier: MIT
# article-get shows an article, to strangers and to readers.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn article-create -t "$ann" -d '{"article":{"title":"Café","description":"d",
    "body":"b","tagList":["c"]}}'
slug=$(json .article.slug)
article=$body
plan 22

fn article-get -p "/$slug"
is "$status" 200 'by its slug'
is "$body" "$article" 'it is what was published'
like "$headers" '^Cache-Tag: articles$' 'an edge may keep it'
fn article-get -e "REQUEST_URI=/api/articles/$slug?x=1"
is "$status" 200 'by the path of the request'
fn article-get -e "REQUEST_URI=/api/articles/%63$(echo "$slug" | cut -c 2-)"
is "$status" 200 'which may be percent-encoded'
for path in "/api/%61rticles/$slug" "//api//articles/$slug" \
    "/api/./x/../articles/$slug" "http://host/api/articles/$slug"; do
	fn article-get -e "REQUEST_URI=$path"
	test "$status" = 200 || echo "$path: $status"
done >"$tmp/faults"
is "$(cat "$tmp/faults")" '' 'as nginx matches it: decoded, merged, resolved'

sql "INSERT INTO favorite (account_id, article_id)
    SELECT a.id, b.id FROM account a, article b WHERE a.username = 'bob';
    INSERT INTO follow (follower_id, followed_id)
    SELECT a.id, b.id FROM account a, account b
    WHERE a.username = 'bob' AND b.username = 'ann'"
fn article-get -t "$bob" -p "/$slug"
is "$(json '.article | [.favorited, .favoritesCount, .author.following] | @json')" \
    '[true,1,true]' 'a reader sees his favourite, by whom he follows'
fn article-get -t "$ann" -p "/$slug"
is "$(json '.article | [.favorited, .favoritesCount, .author.following] | @json')" \
    '[false,1,false]' 'another does not'
fn article-get -t undefined -p "/$slug"
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' 'a junk token'

fn article-get -p /no-such-slug
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
for path in /a/b / '' /%ff "/$(printf '\377')"; do
	fn article-get ${path:+-p "$path"}
	test "$status" = 404 || note "$path: $status"
	echo "$status"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" 404 'paths that are no slug'
for path in %20 %e2%80%8b %e3%85%a4; do
	fn ../tests/fn/blank -e "REQUEST_URI=/test/blank/$path"
	echo "$status"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" 404 'a segment in which nothing can be seen'
fn article-get -e 'REQUEST_URI=/api/articles/%ff%00%zz'
is "$status" 404 'and bad encodings'
fn article-get -p "/$(repeat 600 x)"
is "$status" 404 'and a slug that is too long'
fn article-get -p "/x' OR '1'='1"
is "$status" 404 'and SQL'

# --- as HTML -------------------------------------------------------------------

fn article-create -t "$ann" -d '{"article":{"title":"m","description":"d",
    "body":"# A *b*\n\n<script>x</script>\n[c](javascript:x \"d\")"}}'
slug=$(json .article.slug)
fn article-get -p "/$slug"
is "$(json '.article | has("bodyHtml") or has("readingTimeMinutes")')" false \
    'nobody gets HTML who does not ask for it'
fn article-get -p "/$slug" -q format=html
is "$(json '.article | [.body, .bodyHtml, .readingTimeMinutes] | @json')" \
    '["# A *b*\n\n<script>x</script>\n[c](javascript:x \"d\")","<h1>A <em>b</em></h1>\n<!-- raw HTML omitted -->\n<p><a href=\"\" title=\"d\">c</a></p>\n",1]' \
    'the body as HTML, without what could run'
is "$(json '.article | keys_unsorted | join(" ")')" \
    'slug title description body tagList createdAt updatedAt favorited favoritesCount author bodyHtml readingTimeMinutes' \
    'behind the other members'
like "$headers" '^ETag: ' 'which a cache may keep'
fn article-get -p "/$slug" -q format=pdf
is "$status $body" '422 {"errors":{"format":["must be one of: html"]}}' \
    'another format'
# The largest body, of characters that are longest in HTML and then in JSON.
for text in '"' '>' '![[]()' '𝄞'; do
	sql "UPDATE article SET body = left(repeat('$text', 200000), 200000)
	    WHERE slug = '$slug'"
	fn article-get -p "/$slug" -q format=html
	echo "$status $(json '.article.bodyHtml | length > 200000')"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" '200 true' 'the largest bodies, too'

bad_input article-get
