#!/bin/sh
# SPDX-License-Identifier: MIT
# Through nginx: what an author has not published, what is searched for, HTML,
# feeds, the site map, and that a client that has them already gets a 304.
. "${top_srcdir:-.}/tests/lib.sh"

get() { curl -s ${token:+-H "Authorization: Token $token"} "$url$1"; }
post() {
	curl -s -H 'Content-Type: application/json' \
	    ${token:+-H "Authorization: Token $token"} -d "$2" "$url$1"
}

stack_start
plan 9
token=''
token=$(post /api/users '{"user":{"username":"ann","email":"ann@example.org",
    "password":"correct horse"}}' | jq -r .user.token)
slug=$(post /api/articles '{"article":{"title":"The garden","description":"d",
    "body":"*b*","tagList":["c"]}}' | jq -r .article.slug)
post /api/articles '{"article":{"title":"secret","description":"d","body":"b",
    "publishedAt":null}}' >"$tmp/draft"

is "$(get /api/user/articles | jq -c '[.articles[].status]')" \
    '["draft","published"]' "an author's own"
is "$(get '/api/articles?q=gard' | jq -c '[.articles[].title]')" \
    '["The garden"]' 'what is searched for'
is "$(get "/api/articles/$slug?format=html" | jq -r .article.bodyHtml)" \
    '<p><em>b</em></p>' 'HTML'
token=''
is "$(get /feeds/rss | grep '^<link>')" "<link>$url/</link>
<link>$url/article/$slug</link>" 'RSS, with addresses of the setting'
is "$(get /feeds/json?tag=c | jq -r '.items[].url')" "$url/article/$slug" \
    'JSON Feed'
is "$(get /robots.txt | tail -n 1)" "Sitemap: $url/sitemap.xml" 'robots.txt'
like "$(get /sitemap.xml?part=1)" "<loc>$url/article/$slug</loc>" \
    'the site map'
for path in /feeds/rss /feeds/json /sitemap.xml '/api/articles?q=gard' \
    "/api/articles/$slug?format=html"; do
	etag=$(curl -si "$url$path" | tr -d '\r' | sed -n 's/^ETag: //p')
	curl -s -o "$tmp/out" -w '%{http_code}\n' -H "If-None-Match: $etag" \
	    "$url$path"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" 304 'who has them already gets a 304'
for path in /api/articles /api/tags /feeds/rss /feeds/json /sitemap.xml?part=1; do
	get "$path" | grep secret
done >"$tmp/seen"
is "$(cat "$tmp/seen")" '' 'and nobody a draft'
