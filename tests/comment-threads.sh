#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-threads shows comments with their answers; comment-create answers.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

# threads [TOKEN] [QUERY]: sets $shown: what each says, how many answers it has
# and those.
threads() {
	fn comment-threads ${1:+-t "$1"} -p "/$slug/threads" -q "${2-}"
	shown=$(json '[.threads[] | "\(.body) \(.repliesCount) \([.replies[].body] |
	    join(","))"] | join("; ")')
}

db_start
cast
plan 30

go comment-threads GET '' "/$slug/threads"
is "$status $body" '200 {"threads":[]}' 'an article without comments'
go comment-threads GET '' /nowhere/threads
is "$(refusal)" '404 article: not found' 'no article'

say "$ann" a
a=$id
say "$bob" b
say "$bob" a1 "$a"
is "$status $(json '.comment | keys_unsorted | join(" ")')" \
    '201 id createdAt updatedAt body author' 'an answer has the usual form'
a1=$id
say "$ann" a2 "$a1"
is "$(sql "SELECT parent_id FROM comment WHERE id = $id")" "$a" \
    'an answer to an answer hangs below the same comment'
threads
is "$shown" 'b 0 ; a 2 a1,a2' \
    'threads newest first, their answers oldest first'
is "$(json '.threads[1] | keys_unsorted | join(" ")')" \
    'id createdAt updatedAt body author parentId edited repliesCount replies' \
    'the members of a thread'
is "$(json '.threads[1].replies[0] | keys_unsorted | join(" ")')" \
    'id createdAt updatedAt body author parentId edited' 'and of an answer'
is "$(json '.threads[1] | [.parentId, .edited, .replies[0].parentId] | @json')" \
    "[null,false,$a]" 'and their values'
say "$bob" a3 "$a"
say "$bob" a4 "$a"
threads
is "$shown" 'b 0 ; a 4 a1,a2,a3' 'three answers are shown, all counted'
threads '' limit=1
is "$shown" 'b 0 ' 'a page of one thread'
like "$headers" "^Link: </api/articles/$slug/threads\?limit=1&after=" \
    'names the next page'
after=$(echo "$headers" | sed -n 's/^Link: .*after=\([0-9_]*\).*/\1/p')
threads '' "limit=1&after=$after"
is "$shown" 'a 4 a1,a2,a3' 'which goes on'
fn comment-list -p "/$slug/comments"
is "$(json '[.comments[].body] | join(" ")')" 'a4 a3 a2 a1 b a' \
    'the usual list has all of them, flat'

# What cannot be answered.
say "$bob" x 999999
is "$(refusal)" '422 parentId: is no comment here' 'an unknown parent'
first=$slug
slug=$(new_article two)
say "$bob" x "$a"
is "$(refusal)" '422 parentId: is no comment here' \
    'a comment on another article'
slug=nowhere
say "$bob" x "$a"
is "$(refusal)" '404 article: not found' 'an unknown article comes first'
slug=$first
say "$bob" x 0
is "$status $(json '.errors | keys[0]')" '422 parentId' 'a number out of range'
say "$bob" '' "$a"
is "$(refusal)" "422 body: can't be blank" 'a blank body'
sql "UPDATE comment SET hidden_at = now() WHERE body IN ('a1', 'b')"
say "$ann" x "$a1"
is "$(refusal)" '422 parentId: is no comment here' 'a hidden comment'
threads
is "$shown" 'a 3 a2,a3,a4' 'what is hidden is neither shown nor counted'
is "$(sql "SELECT count(*) FROM comment WHERE body = 'x'")" 0 \
    'nothing was stored'

# Edited, deleted.
go comment-update PUT "$bob" "/$slug/comments/$(sql \
    "SELECT id FROM comment WHERE body = 'a4'")" '{"comment":{"body":"A4"}}'
threads
is "$shown $(json '.threads[0].replies[2] | .edited')" 'a 3 a2,a3,A4 true' \
    'an answer was edited'
go comment-delete DELETE "$ann" "/$slug/comments/$a"
gone=$status
threads
is "$gone $shown" '204 A4 0 ; a3 0 ; a2 0 ' \
    'an answer outlives what it answers'

# Whom one blocks.
say "$ann" c
say "$bob" c1 "$id"
go profile-block PUT "$ann" /bob/block
threads "$ann"
is "$shown" 'c 0 ; a2 0 ' 'whom one blocks one does not see'
threads "$bob"
is "$shown" 'c 1 c1; A4 0 ; a3 0 ; a2 0 ' 'he himself does'
threads
is "$shown" 'c 1 c1; A4 0 ; a3 0 ; a2 0 ' 'and strangers do'

sql "INSERT INTO comment (article_id, author_id, body)
    SELECT article_id, author_id, repeat(E'\\x01', 5000) FROM comment,
    generate_series(1, 30) WHERE body = 'a2'"
sql "INSERT INTO comment (article_id, author_id, parent_id, body)
    SELECT article_id, author_id, id, body FROM comment,
    generate_series(1, 4) WHERE body > E'\\x01\\x01' AND parent_id IS NULL
    AND body < 'A'"
sql "UPDATE account SET bio = repeat(E'\\x01', 5000),
    image = repeat(E'\\x01', 2048)"
fn comment-threads -p "/$slug/threads" -q limit=99
is "$status $(json '[.threads[] | .repliesCount, (.replies | length)] |
    group_by(.) | map("\(.[0]) x \(length)") | join(", ")')" \
    '200 3 x 25, 4 x 25' "the largest page: $(wc -c <"$tmp/out") bytes"
sql "UPDATE article SET hidden_at = now() WHERE slug = '$slug'"
go comment-threads GET "$bob" "/$slug/threads"
is "$(refusal)" '404 article: not found' 'of a hidden article'
go comment-threads GET "$ann" "/$slug/threads"
is "$status" 200 'but for its author'

bad_input comment-threads
