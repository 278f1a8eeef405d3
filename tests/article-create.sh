#!/bin/sh
# SPDX-License-Identifier: MIT
# article-create stores an article as given, and refuses what is not one.
. "${top_srcdir:-.}/tests/lib.sh"

# publish JSON: by ann.
publish() { fn article-create -t "$ann" -d "{\"article\":$1}"; }

db_start
ann=$(new_user ann)
plan 37

publish '{"title":"Über C & Ünïcode","description":"d","body":"# b",
    "tagList":["d_","t_","d_"]}'
is "$status" 201 'an article is published'
is "$(json '.article | keys_unsorted | join(" ")')" \
    'slug title description body tagList createdAt updatedAt favorited favoritesCount author' \
    'with these members'
is "$(json '.article | [.title, .description, .body, .favorited,
    .favoritesCount] | @json')" \
    '["Über C & Ünïcode","d","# b",false,0]' 'and these values'
is "$(json '.article.tagList | @json')" '["d_","t_"]' \
    'tags in the order given, doubles dropped'
is "$(json '.article.author | @json')" \
    '{"username":"ann","bio":null,"image":null,"following":false}' \
    'by its author'
like "$(json .article.slug)" '^uber-c-unicode-[0-9a-f]{12}$' 'with a slug'
like "$(json .article.createdAt)" \
    '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}\.[0-9]{6}Z$' 'and times'
is "$(json '.article.createdAt == .article.updatedAt')" true 'that agree'
first=$(json .article.slug)
publish '{"title":"Über C & Ünïcode","description":"d","body":"b"}'
is "$status $(json '.article.tagList | @json')" '201 []' \
    'the same title again, without tags'
ok 'has another slug' test "$first" != "$(json .article.slug)"
publish '{"title":"???","description":"d","body":"b"}'
like "$(json .article.slug)" '^[0-9a-f]{12}$' 'a title without letters'

publish '{"title":"tags","description":"d","body":"b",
    "tagList":["a,b","{c}","\"q\"","b\\s","NULL"," sp "]}'
is "$(json '.article.tagList | @json')" \
    '["a,b","{c}","\"q\"","b\\s","NULL","sp"]' 'tags of all sorts come back'
is "$(sql "SELECT count(*) FROM article_tag WHERE tag = 'NULL'")" 1 \
    'the text NULL is a text'
publish '{"title":"\u0022; DROP TABLE article; --","description":"<script>",
    "body":"\u2028 \ud83d\ude00 \\ \n\ttab"}'
is "$status" 201 'SQL and script are text'
fn article-get -p "/$(json .article.slug)"
is "$(json '.article | [.title, .description, .body] | @json')" \
    "$(printf '%s' '["\"; DROP TABLE article; --","<script>","\u2028 😀 \\ \n\ttab"]' | jq -c .)" \
    'and come back as they were'

stored=$(sql 'SELECT count(*) FROM article')
fn article-create -d '{"article":{}}'
is "$status $body" '401 {"errors":{"token":["is missing"]}}' \
    'a stranger is refused, before the body is read'
publish '{"title":" ","description":"","body":"\n"}'
is "$status $body" "422 {\"errors\":{\"title\":[\"can't be blank\"],\"description\":[\"can't be blank\"],\"body\":[\"can't be blank\"]}}" \
    'blank fields, each by name'
publish '{"title":7,"description":{},"body":[],"tagList":"c"}'
is "$status $body" '422 {"errors":{"title":["must be text"],"description":["must be text"],"body":["must be text"],"tagList":["must be a list"]}}' \
    'wrong types, each by name'
good='"title":"t","description":"d","body":"b"'
publish "{$good,\"tagList\":null}"
is "$(json '.errors.tagList[0]')" 'must be a list' 'tags: null'
publish "{$good,\"tagList\":[\"\"]}"
is "$(json '.errors.tagList[0]')" "can't be blank" 'a blank tag'
publish "{$good,\"tagList\":[\"a\",1]}"
is "$(json '.errors.tagList[0]')" 'must be text' 'a number as tag'
publish "{$good,\"tagList\":[$(repeat 32 x | sed 's/x/"x",/g')\"y\"]}"
is "$(json '.errors.tagList[0]')" 'has too many items (maximum is 32)' \
    '33 tags'
publish "{\"title\":\"$(repeat 201 x)\",\"description\":\"d\",\"body\":\"b\"}"
is "$(json '.errors.title[0]')" 'is too long (maximum is 200 characters)' \
    'a title of 201 characters'

for bad in '' '{' '[]' '{"article":{"title":"a","title":"b"}}' \
    '{"article":{"title":"\u0000"}}' "$(repeat 100000 '[')" \
    '{"article":{}} x'; do
	fn article-create -t "$ann" -d "$bad"
	like "$status" '^4(00|22)$' "refused: $(echo "$bad" | cut -c 1-40)"
done
printf '{"article":{"title":"\377"}}' >"$tmp/latin"
fn article-create -t "$ann" -d "$(cat "$tmp/latin")"
is "$status $body" '400 {"errors":{"body":["is not valid JSON"]}}' \
    'refused: not UTF-8'
most=$("$top_builddir/cgi-bin/article-create" --describe |
    jq .limits.body_max_bytes)
fn article-create -t "$ann" -d "$good" -e CONTENT_LENGTH=$((most + 1))
is "$status" 413 "a body of $most bytes + 1"
long=$(repeat 200000 x | sed 's/x/\\ud83d\\ude00/g')
fn article-create -t "$ann" -d '{"article":{"title":"t","description":"d",
    "body":"'"$long"'"}}'
is "$status $(json '.article.body | length')" '201 200000' \
    'the longest text in its longest form: 2.4 MB'
stored=$((stored + 1))
fn article-create -t "$ann" -d "$good" -e HTTP_CONTENT_ENCODING=gzip
is "$status $(json '.errors | keys[0]')" '415 content-encoding' \
    'a compressed body'
fn article-create -t "$ann" -d "$good" -e CONTENT_TYPE=text/plain
is "$status" 415 'a body that says it is not JSON'
is "$(sql 'SELECT count(*) FROM article')" "$stored" 'nothing was stored'

bad_input article-create
