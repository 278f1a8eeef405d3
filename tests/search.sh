#!/bin/sh
# SPDX-License-Identifier: MIT
# article-list?q= finds articles by their words, the best first: in title, tags,
# description and body, with the last word cut off, with a typing error, of a
# tag, of an author.  No text is syntax, and none is too much.
. "${top_srcdir:-.}/tests/lib.sh"

# found QUERY: the titles, in order, and the count.
found() {
	fn article-list -q "$1"
	json '[(.articles[].title), .articlesCount] | @json'
}

write() {
	fn article-create -t "$1" -d "$(jq -nc --arg t "$2" --arg d "$3" \
	    --arg b "$4" --argjson tags "$5" '{article: {title: $t,
	    description: $d, body: $b, tagList: $tags}}')"
	json .article.slug
}

change() {
	fn article-update -t "$ann" -p "/$slug" -m PUT -d "{\"article\":$1}"
	slug=$(json .article.slug)
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
plan 39

is "$(found q=garden)" '[0]' 'nothing yet'
write "$ann" 'Body' 'd' 'of a garden' '[]' >"$tmp/1"
write "$ann" 'Description' 'the garden' 'b' '["c"]' >"$tmp/2"
write "$bob" 'Tagged' 'd' 'b' '["Garden","Two Words","c"]' >"$tmp/3"
write "$ann" 'The Garden' 'd' 'b' '[]' >"$tmp/4"
write "$ann" 'Die Gärten der Städte' 'd' 'programming, node.js & C++' '["c"]' \
    >"$tmp/5"

is "$(found q=garden)" '["The Garden","Tagged","Description","Body",4]' \
    'by title, then tag, description, body'
is "$(found q=GARDEN)" '["The Garden","Tagged","Description","Body",4]' \
    'in large letters'
is "$(found 'q=garden&limit=2&offset=1')" '["Tagged","Description",4]' 'a page'
is "$(found 'q=garden&offset=9')" '[4]' 'beyond it, the count stays'
is "$(found 'q=garden+the')" '["The Garden","Description",2]' 'all of the words'
is "$(found 'q=gard')" '["The Garden","Tagged","Description","Body",4]' \
    'the last word may go on'
is "$(found 'q=prog+node')" '[0]' 'another may not'
is "$(found 'q=prog')" '["Die Gärten der Städte",1]' 'of a body, too'
is "$(found 'q=ga')" '[0]' 'nor one of two letters'
is "$(found 'q=g%C3%A4rten')" '["Die Gärten der Städte",1]' 'other letters'
is "$(found 'q=ST%C3%84DTE')" '["Die Gärten der Städte",1]' 'and large ones'
is "$(found 'q=node.js')" '["Die Gärten der Städte",1]' 'with punctuation'
is "$(found 'q=js')" '["Die Gärten der Städte",1]' 'which words do not have'
is "$(found 'q=c%2B%2B')" \
    "$(found q=c)" 'so that C++ is C'
is "$(found 'q=gaden')" '["The Garden","Tagged","Description","Body",4]' \
    'a typing error in a word that a title or tag has'
is "$(found 'q=staedte')" '["Die Gärten der Städte",1]' 'or another spelling'
is "$(found 'q=progamming')" '[0]' 'but not one that only a body has'
is "$(found 'q=nothing+gaden')" '[0]' 'with all of the other words'

is "$(found 'q=garden&tag=c')" '["Tagged","Description",2]' 'with a tag'
is "$(found 'q=garden&tag=Two+Words')" '["Tagged",1]' 'of two words'
is "$(found 'q=garden&tag=two+words')" '[0]' 'which is that very tag'
is "$(found 'q=garden&author=ANN')" '["The Garden","Description","Body",3]' \
    'by an author'
is "$(found 'q=garden&author=bob&tag=c')" '["Tagged",1]' 'with both'
is "$(found 'q=garden&author=nobody')" '[0]' 'by nobody'
fn article-list -q q=garden -t "$bob"
is "$(json '.articles[0] | keys_unsorted | join(" ")')" \
    'slug title description tagList createdAt updatedAt favorited favoritesCount author' \
    'the members are those of a list'
fn article-list -q 'q=garden&favorited=ann&after=1_1'
is "$status $body" \
    '422 {"errors":{"favorited":["does not go with q"],"after":["does not go with q"]}}' \
    'what does not go with it is said'

# --- texts that are no words, or syntax to somebody --------------------------

for text in '!!!' '%26' '|' ':*' '%27' "%27%27" '%5C' '%5C%27' '%3C-%3E' '(' \
    '%21x' '@1' '%23c%23' '%F0%9F%98%80' "$(repeat 200 x |
	sed 's/x/%5C/g')" '%E3%81%82'; do
	found "q=$text" >>"$tmp/all"
	test "$status" = 200 || echo "$text: $status $body"
done >"$tmp/faults"
is "$(cat "$tmp/faults")" '' 'no text is refused'
is "$(found 'q=garden%27:A+%7C+!the')" "$(found q=garden+a+the)" \
    'operators are blanks'
is "$(found 'q=@1')" "$(found q=1)" 'an id of an author is a number like any'
is "$(found q=die+g%C3%A4rten+der+st%C3%A4dte+d+programming+node+js+zzz)" \
    '["Die Gärten der Städte",1]' 'what stands behind 8 words is left out'
fn article-list -q "q=$(repeat 201 x)"
is "$status $(json '.errors.q[0]')" \
    '422 is too long (maximum is 200 characters)' '201 characters'

# --- it follows the articles --------------------------------------------------

slug=$(cat "$tmp/4")
change '{"title":"The Meadow"}'
is "$(found q=meadow) $(found 'q=the+garden')" \
    '["The Meadow",1] ["Description",1]' 'a title that changes'
change '{"body":"snow","tagList":["winter"]}'
is "$(found q=snow) $(found q=winter)" '["The Meadow",1] ["The Meadow",1]' \
    'text and tags, too'
change '{"publishedAt":null}'
is "$(found q=meadow)$(found q=snow)" '[0][0]' 'taken back it is not found'
change '{"publishedAt":"2000-01-01T00:00:00Z"}'
is "$(found q=meadow)" '["The Meadow",1]' 'and again when it is published'
fn article-delete -t "$ann" -p "/$slug" -m DELETE
is "$(found q=meadow)" '[0]' 'deleted it is gone'

# The largest texts: of 2 bytes a word, of 4 bytes a letter, in one word.  And
# so many articles that not all of them are ranked.
sql "SET client_min_messages = notice;
    INSERT INTO article (slug, author_id, title, description, body, tag_list)
    SELECT 'large' || n, 1, repeat('𝄞 𠀀', 50), repeat('a b ', 250),
	CASE n WHEN 1 THEN (SELECT string_agg(chr(131072 + i % 42000), ' ')
		FROM generate_series(1, 100000) AS i)
	WHEN 2 THEN repeat('𠀀', 200000)
	WHEN 3 THEN (SELECT string_agg('h://a.b/' || i, '-')
		FROM generate_series(1, 14000) AS i)
	ELSE 'common' END, '{}' FROM generate_series(1, 1300) AS n" \
    >"$tmp/said" 2>&1
is "$(cat "$tmp/said") $(found 'q=common&limit=1' | jq -c '.[-1]') $(
    fn article-list -q q=common
    printf '%s' "$headers" | grep X-Total-Count-Capped)" \
    ' 1000 X-Total-Count-Capped: true' \
    'the largest are found, and of 1297 a thousand is said to be capped'
fn article-list -q q=garden
is "$(printf '%s' "$headers" | grep -c X-Total-Count-Capped)" 0 \
    'what is not capped is not'
