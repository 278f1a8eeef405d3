#!/bin/sh
# SPDX-License-Identifier: MIT
# article-own shows a user all articles that are his, by status, in pages.
. "${top_srcdir:-.}/tests/lib.sh"

# own QUERY: the titles of the page and the count.
own() {
	fn article-own -t "$ann" -q "$1"
	json '[(.articles[].title), .articlesCount] | @json'
}

# write TOKEN TITLE PUBLISHED_AT: its slug.
write() {
	fn article-create -t "$1" -d '{"article":{"title":"'"$2"'","description":"d",
	    "body":"b","publishedAt":'"$3"'}}'
	json .article.slug
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
plan 28

is "$(own '')" '[0]' 'nothing yet'
write "$ann" draft1 null >"$tmp/draft1"
write "$ann" hidden '"2000-01-01T00:00:00Z"' >"$tmp/hidden"
write "$ann" out1 '"2000-01-01T00:00:00Z"' >"$tmp/out1"
write "$ann" later2 '"2099-12-31T23:59:59.999999Z"' >"$tmp/later2"
write "$ann" later1 '"2099-01-01T00:00:00+01:00"' >"$tmp/later1"
write "$ann" draft2 null >"$tmp/draft2"
write "$ann" out2 '"2001-01-01T00:00:00Z"' >"$tmp/out2"
write "$bob" other null >"$tmp/other"
sql "UPDATE article SET hidden_at = now() WHERE title = 'hidden'"

is "$(own '')" \
    '["draft2","hidden","draft1","later2","later1","out2","out1",7]' \
    'all, what is not listed first'
fn article-own -t "$ann"
is "$(json '[.articles[].status] | @json')" \
    '["draft","hidden","draft","scheduled","scheduled","published","published"]' \
    'each says what it is'
is "$(json '.articles[0] | keys_unsorted | join(" ")')" \
    'slug title description tagList createdAt updatedAt favorited favoritesCount author publishedAt status version' \
    'the members of an item'
is "$(json '.articles | map([.publishedAt, .version]) | .[0,3,4] | @json')" \
    '[null,1]
["2099-12-31T23:59:59.999999Z",1]
["2098-12-31T23:00:00.000000Z",1]' 'when each is published, in which version'
is "$(json '.articles[5] | .publishedAt == .createdAt')" true \
    'a time that has passed is now'
is "$(own status=draft)" '["draft2","draft1",2]' 'drafts'
is "$(own status=hidden)" '["hidden",1]' 'hidden ones'
is "$(own status=scheduled)" '["later2","later1",2]' 'scheduled ones'
is "$(own status=published)" '["out2","out1",2]' 'published ones'
is "$(own 'limit=2&offset=1')" '["hidden","draft1",7]' 'a page by offset'
is "$(own 'status=published&offset=5')" '[2]' 'beyond the last the count stays'

# By the Link header, a page of two after the other.
for wanted in '' draft scheduled published hidden; do
	next="status=$wanted&limit=2" seen=''
	while test -n "$next"; do
		fn article-own -t "$ann" -q "$next"
		page=$(json '[.articles[].title] | join(" ")')
		seen=$seen${page:+ $page}
		next=$(printf '%s\n' "$headers" |
		    sed -n 's/^Link: <[^?]*?\(.*\)>; rel="next"$/\1/p')
	done
	is "${seen# }" "$(own "status=$wanted" |
	    jq -r '.[:-1] | join(" ")')" "the pages of \"$wanted\" make up all"
done

fn article-own -q ''
is "$status" 401 'a stranger has none'
fn article-own -t "$bob"
is "$(json '[.articles[].title, .articlesCount] | @json')" '["other",1]' \
    'another has his own'
fn article-own -t "$ann" -q status=gone
is "$status $body" \
    '422 {"errors":{"status":["must be one of: draft, scheduled, published, hidden"]}}' \
    'a status that there is not'

# --- moves -------------------------------------------------------------------

move() {
	fn article-update -t "$ann" -p "/$(cat "$tmp/$1")" -m PUT \
	    -d "{\"article\":{\"publishedAt\":$2}}"
	fn article-own -t "$ann"
	json ".articles[] | select(.title == \"$1\") |
	    [.status, .publishedAt, .version] | @json"
}
fn article-own -t "$ann"
was=$(json '.articles[] | select(.title == "out1").publishedAt')
is "$(move out1 '"2000-01-01T00:00:00Z"')" "[\"published\",\"$was\",2]" \
    'what is published stays where it is'
is "$(move out1 null)" '["draft",null,3]' 'it is taken back'
fn article-update -t "$ann" -p "/$(cat "$tmp/out1")" -m PUT \
    -d '{"article":{"body":"c"}}'
fn article-own -t "$ann" -q status=draft
is "$(json '.articles[] | select(.title == "out1").version')" 4 \
    'and stays so when its text changes'
is "$(move out1 '"2099-01-01T00:00:00Z"')" \
    '["scheduled","2099-01-01T00:00:00.000000Z",5]' 'then scheduled'
is "$(move out1 '"2099-02-01T00:00:00Z"')" \
    '["scheduled","2099-02-01T00:00:00.000000Z",6]' 'and later still'
like "$(move out1 '"2000-01-01T00:00:00Z"')" '^\["published","20[2-9]' \
    'then published at once'
for at in 2100-01-01T00:00:00Z 9999-12-31T23:59:59Z; do
	fn article-create -t "$ann" -d '{"article":{"title":"t","description":"d",
	    "body":"b","publishedAt":"'$at'"}}'
	echo "$status $body"
	fn article-update -t "$ann" -p "/$(cat "$tmp/out1")" -m PUT \
	    -d "{\"article\":{\"publishedAt\":\"$at\"}}"
	echo "$status $body"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" \
    '422 {"errors":{"publishedAt":["must be before the year 2100"]}}' \
    'a time too far ahead'

bad_input article-own
