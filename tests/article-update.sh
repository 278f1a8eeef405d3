#!/bin/sh
# SPDX-License-Identifier: MIT
# article-update changes what is given, of one's own article, and nothing else.
. "${top_srcdir:-.}/tests/lib.sh"

# change JSON [TOKEN]: of the article $slug, by ann.
change() { fn article-update -m PUT -t "${2-$ann}" -p "/$slug" -d "$1"; }

db_start
ann=$(new_user ann)
bob=$(new_user bob)
fn article-create -t "$ann" -d '{"article":{"title":"Old","description":"d",
    "body":"b","tagList":["d_","t_"]}}'
slug=$(json .article.slug) old=$body
plan 33

change '{"article":{"body":"new"}}'
is "$status $(json '.article | [.slug, .title, .description, .body, .tagList]
    | @json')" "200 [\"$slug\",\"Old\",\"d\",\"new\",[\"d_\",\"t_\"]]" \
    'what is left out stays'
is "$(json '.article | keys_unsorted | join(" ")')" \
    "$(printf '%s' "$old" | jq -r '.article | keys_unsorted | join(" ")')" \
    'the members of an article'
is "$(json .article.createdAt)" \
    "$(printf '%s' "$old" | jq -r .article.createdAt)" \
    'createdAt is the same text'
ok 'updatedAt is later' test "$(json .article.updatedAt)" '>' \
    "$(json .article.createdAt)"
is "$(json '.article.author | @json')" \
    '{"username":"ann","bio":null,"image":null,"following":false}' 'its author'
changed=$(json .article)
fn article-get -t "$ann" -p "/$slug"
is "$(json .article)" "$changed" 'it is what is shown then'
sql "UPDATE article SET updated_at = '2100-01-01' WHERE slug = '$slug'"
change '{"article":{"description":"e"}}'
is "$(json .article.updatedAt)" 2100-01-01T00:00:00.001000Z \
    'updatedAt grows even when the clock has gone back'
fn article-favorite -m POST -t "$ann" -p "/$slug/favorite"
change '{"article":{"tagList":[]}}'
is "$(json '.article | [.tagList, .favorited, .favoritesCount] | @json')" \
    '[[],true,1]' '[] takes all tags away; favourites stay'
change '{"article":{"tagList":["b","a","b"]}}'
is "$(json '.article.tagList | @json')" '["b","a"]' 'in the order given'
change '{"article":{"title":"Old"}}'
is "$(json .article.slug)" "$slug" 'the same title keeps the slug'
change '{"article":{}}'
is "$status $(json .article.title)" '200 Old' 'nothing at all is fine'
change '{"article":{"title":"Über new","unknown":1}}'
like "$status $(json .article.slug)" '^200 uber-new-[0-9a-f]{12}$' \
    'another title makes another slug'
fn article-get -p "/$slug"
is "$status" 404 'the old one is nobody'"'"'s'
slug=$(sql 'SELECT slug FROM article')
version=$(sql 'SELECT version FROM article')
is "$(disagreement)" '' 'counters and tags agree'

change '{"article":{"title":"x"}}' "$bob"
is "$status $body" '403 {"errors":{"article":["forbidden"]}}' 'not by another'
fn article-update -m PUT -p "/$slug" -d '{"article":{"title":" "}}'
is "$status $body" '401 {"errors":{"token":["is missing"]}}' \
    'not by a stranger, who is told first'
change '{"article":{"title":" ","description":"","body":"\n"}}' "$bob"
is "$status $body" "422 {\"errors\":{\"title\":[\"can't be blank\"],\"description\":[\"can't be blank\"],\"body\":[\"can't be blank\"]}}" \
    'blank fields come before whose it is'
for field in title description body; do
	change "{\"article\":{\"$field\":null}}"
	is "$status $body" \
	    "422 {\"errors\":{\"$field\":[\"can't be blank\"]}}" "$field: null"
done
change '{"article":{"tagList":null}}'
is "$status $body" '422 {"errors":{"tagList":["must be a list"]}}' \
    'tagList: null'
fn article-update -m PUT -t "$ann" -p /no-such -d '{"article":{"title":""}}'
is "$status" 422 'so do they before an unknown slug'
fn article-update -m PUT -t "$ann" -p /no-such -d '{"article":{"title":"x"}}'
is "$status $body" '404 {"errors":{"article":["not found"]}}' 'unknown slug'
change "{\"article\":{\"title\":\"$(repeat 201 x)\"}}"
is "$status" 422 'too long'
is "$(sql 'SELECT version, title FROM article')" "$version|Über new" \
    'none of these changed anything'

sql 'UPDATE article SET published_at = NULL'
change '{"article":{"body":"draft"}}' "$bob"
is "$status" 404 'a draft of another does not exist'
change '{"article":{"body":"draft"}}'
is "$status $(json .article.body)" '200 draft' "one's own does"
sql 'UPDATE article SET published_at = now()'

sql "UPDATE session SET ended_at = now()
    WHERE account_id = (SELECT id FROM account WHERE username = 'ann')"
change '{"article":{"body":"after"}}'
is "$status $body" '401 {"errors":{"token":["is invalid"]}}' \
    'a session that has ended'
is "$(sql "SELECT count(*) FROM article WHERE body = 'after'")" 0 \
    'writes nothing'
fn article-update -m PUT -e \
    "REQUEST_URI=/api/articles/%75$(echo "$slug" | cut -c 2-)" \
    -d '{"article":{}}'
is "$status" 401 'a slug may be percent-encoded'
fn article-update -m POST -t "$bob" -p "/$slug" -d '{}'
is "$status $(echo "$headers" | grep ^Allow)" '405 Allow: PUT' 'only PUT'
is "$(wc -c <"$tmp/log")" 0 'nothing is logged'

bad_input article-update
