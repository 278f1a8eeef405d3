#!/bin/sh
# SPDX-License-Identifier: MIT
# feed gives the newest articles to feed readers, as RSS and as JSON Feed.
. "${top_srcdir:-.}/tests/lib.sh"

site=https://blog.example

# rss QUERY, then xpath EXPRESSION: what it finds.
rss() { fn feed -p /rss -q "$1" -e "MAYFLY_SITE_URL=$site/"; }
xpath() {
	printf '%s\n' "$body" | xmllint --nonet --xpath "$1" - 2>&1
}
feed_json() {
	fn feed -p /json -q "$1" -e "MAYFLY_SITE_URL=$site"
}

command -v xmllint >/dev/null || skip_all 'xmllint is not installed'
db_start
ann=$(new_user ann)
plan 28

rss ''
is "$status $(xpath 'count(/rss[@version="2.0"]/channel/item)')" '200 0' \
    'no articles, an empty feed'
like "$headers" '^Content-Type: application/rss\+xml; charset=utf-8$' \
    'its type'
fn article-create -t "$ann" -d '{"article":{"title":"One & <two> ]]>",
    "description":"d\u0001\u000b\ufffe","body":"# A *b*\n\n<script>x</script>",
    "tagList":["c&d","e"]}}'
slug=$(json .article.slug)
sql "UPDATE article SET published_at = '2026-02-03 04:05:06.5+00'"
rss ''
is "$(xpath 'string(/rss/channel/title)') $(xpath 'string(/rss/channel/link)')" \
    "Mayfly $site/" 'title and link of the channel'
is "$(xpath 'string(/rss/channel/description)')" Mayfly 'and its description'
is "$(xpath 'string(/rss/channel/*[local-name()="link" and @rel="self"]/@href)')" \
    "$site/feeds/rss" 'and where it is itself'
is "$(xpath 'string(//item/title)')" 'One & <two> ]]>' 'a title'
is "$(xpath 'string(//item/link)')" "$site/article/$slug" 'its page'
is "$(xpath 'string(//item/pubDate)')" 'Tue, 03 Feb 2026 04:05:06 +0000' \
    'when it was published'
is "$(xpath 'string(//item/guid[@isPermaLink="false"])')" \
    "$site/#article-$(sql 'SELECT id FROM article')" 'what it is known by'
is "$(xpath 'string(//item/*[local-name()="creator"])')" ann 'its author'
is "$(xpath 'string(//item/category[1])') $(xpath 'string(//item/category[2])')" \
    'c&d e' 'its tags'
is "$(xpath 'string(//item/description)')" 'd���' \
    'characters that XML has not are replaced'
is "$(xpath 'string(//item/*[local-name()="encoded"])')" \
    '<h1>A <em>b</em></h1>
<!-- raw HTML omitted -->' 'its content, without what runs'

feed_json ''
like "$headers" '^Content-Type: application/feed\+json; charset=utf-8$' \
    'JSON Feed: its type'
is "$(json '[.version, .title, .home_page_url, .feed_url] | @json')" \
    '["https://jsonfeed.org/version/1.1","Mayfly","'$site'/","'$site'/feeds/json"]' \
    'what it must have'
is "$(json '.items[0] | [.id, .url, .title, .content_html, .date_published,
    .tags, .authors] | @json')" \
    '["'"$site/#article-$(sql 'SELECT id FROM article')\",\"$site/article/$slug"'","One & <two> ]]>","<h1>A <em>b</em></h1>\n<!-- raw HTML omitted -->\n","2026-02-03T04:05:06.500000Z",["c&d","e"],[{"name":"ann","url":"'$site'/profile/ann"}]]' \
    'and an item'

# --- filters -------------------------------------------------------------------

for n in $(seq 1 21); do
	echo "INSERT INTO article (slug, author_id, title, description, body,
	    tag_list, published_at) VALUES ('s$n', (SELECT id FROM account
	    WHERE username = 'ann'), 't$n', 'd', 'b', '{all}',
	    now() - $n * interval '1 minute');"
done | psql_cluster -d "$database"
new_user bob >"$tmp/bob"
rss ''
is "$(xpath 'count(//item)') $(xpath 'string(//item[1]/title)')" '20 t1' \
    'the newest 20'
rss tag=c%26d
is "$(xpath 'count(//item)') $(xpath 'string(//channel/title)')" '1 Mayfly: c&d' \
    'of a tag'
is "$(xpath 'string(/rss/channel/*[local-name()="link"][@rel="self"]/@href)')" \
    "$site/feeds/rss?tag=c%26d" 'which is in its address'
rss author=ANN
is "$(xpath 'count(//item)') $(xpath 'string(//channel/link)')" \
    "20 $site/profile/ANN" 'of an author'
rss author=bob
is "$status $(xpath 'count(//item)')" '200 0' 'who has written nothing'
feed_json 'tag=all&author=ann'
is "$status $body" '422 {"errors":{"author":["does not go with tag"]}}' 'not both'

# --- sizes ----------------------------------------------------------------------

sql "UPDATE article SET body = repeat('x', 65537) WHERE slug = 's1'"
rss ''
is "$(xpath 'count(//item)') $(xpath \
    'count(//item/*[local-name()="encoded"])')" '20 19' \
    'a long article is without its content'
sql "UPDATE article SET body = repeat('\"', 65536)"
for format in rss json; do
	fn feed -p /$format
	is "$status" 200 "$format, of the largest: $(wc -c <"$tmp/out") bytes"
done
is "$(json '[.items[] | select(.content_html)] | length')" 2 \
    'as many with content as fit'

fn feed -p /atom
is "$status" 404 'another format'
fn feed -p /rss -e 'HTTP_HOST=evil.example'
is "$status $(printf '%s' "$body" | grep -c evil)" '200 0' \
    'the Host header is not asked'
