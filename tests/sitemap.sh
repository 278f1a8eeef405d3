#!/bin/sh
# SPDX-License-Identifier: MIT
# sitemap lists the pages of all articles, in parts.
. "${top_srcdir:-.}/tests/lib.sh"

site=https://blog.example
map() { fn sitemap -q "$1" -e "MAYFLY_SITE_URL=$site"; }
xpath() {
	printf '%s\n' "$body" | xmllint --nonet --xpath "$1" - 2>&1
}
locations() {
	printf '%s\n' "$body" | xmllint --nonet --xpath \
	    '//*[local-name()="loc"]/text()' - | tr '\n' ' '
}

command -v xmllint >/dev/null || skip_all 'xmllint is not installed'
db_start
new_user ann >"$tmp/ann"
plan 11

map ''
is "$status $(locations)" "200 $site/sitemap.xml?part=1 " \
    'without articles there is one part'
is "$(xpath 'namespace-uri(/*)') $(xpath 'name(/*)')" \
    'http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex' 'of an index'
map part=1
is "$status $(locations)" "200 $site/ " 'with the front page'
sql "INSERT INTO article (slug, author_id, title, description, body, tag_list)
    SELECT 's' || n, (SELECT id FROM account), 't', 'd', 'b', '{}'
    FROM generate_series(1, 12000) AS n"
sql "UPDATE article SET published_at = NULL
    WHERE slug = 's3' OR id BETWEEN 5000 AND 9999;
    UPDATE article SET hidden_at = now() WHERE slug = 's4';
    UPDATE article SET published_at = now() + interval '1 hour'
    WHERE slug = 's5'"
sql "UPDATE article SET slug = 'ü&' WHERE slug = 's2'"
map ''
is "$(locations)" "$site/sitemap.xml?part=1 $site/sitemap.xml?part=3 " \
    'parts in which there is something'
map part=1
is "$(locations | tr ' ' '\n' | sed -n '1,4p' | tr '\n' ' ')" \
    "$site/ $site/article/s1 $site/article/%C3%BC%26 $site/article/s6 " \
    'what is published alone'
is "$(xpath 'count(//*[local-name()="url"])') $(xpath 'name(/*)')" \
    '4997 urlset' 'up to 5000 in a part'
like "$(xpath 'string(//*[local-name()="lastmod"])')" \
    '^20[0-9-]{8}T[0-9:]{8}\.[0-9]{6}Z$' 'and when each has changed'
map part=3
is "$(xpath 'count(//*[local-name()="url"])')" "$(sql \
    'SELECT count(*) FROM article WHERE id >= 10000')" 'the last part'
for part in 2 4 50000; do
	map "part=$part"
	echo "$status $body"
done >"$tmp/statuses"
is "$(sort -u "$tmp/statuses")" '404 {"errors":{"part":["not found"]}}' \
    'a part without anything'

is "$(map part=1; printf '%s' "$headers" | grep -c '^ETag:')" 1 \
    'a cache may keep it'
bad_input sitemap
