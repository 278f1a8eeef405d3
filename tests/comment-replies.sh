#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-replies shows all answers to a comment, oldest first.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

# replies ID [QUERY] [TOKEN]: sets $shown: what they say.
replies() {
	fn comment-replies -p "/$slug/comments/$1/replies" -q "${2-}" \
	    ${3:+-t "$3"}
	shown=$(json '[.comments[].body] | join(" ")')
}

db_start
cast
say "$ann" a
a=$id
plan 12

replies "$a"
is "$status $shown" '200 ' 'nobody has answered'
for n in 1 2 3 4 5; do
	say "$bob" "a$n" "$a"
done
replies "$a"
is "$shown" 'a1 a2 a3 a4 a5' 'oldest first'
is "$(json '.comments[0] | keys_unsorted | join(" ")')" \
    'id createdAt updatedAt body author parentId edited' 'with these members'
replies "$a" limit=2
is "$shown" 'a1 a2' 'a page of two'
like "$headers" "^Link: </api/articles/$slug/comments/$a/replies\?limit=2&after=" \
    'names the next'
after=$(echo "$headers" | sed -n 's/^Link: .*after=\([0-9_]*\).*/\1/p')
replies "$a" "limit=2&after=$after"
is "$shown" 'a3 a4' 'which goes on'
replies "$id"
is "$shown" '' 'an answer has none'
replies 999999
is "$(refusal)" '404 comment: not found' 'no such comment'
go comment-replies GET '' "/nowhere/comments/$a/replies"
is "$(refusal)" '404 article: not found' 'no such article'
go profile-block PUT "$ann" /bob/block
replies "$a" '' "$ann"
is "$shown" '' 'whom one blocks one does not see'
sql "UPDATE comment SET hidden_at = now() WHERE id = $a"
replies "$a"
is "$(refusal)" '404 comment: not found' 'of a hidden comment'

bad_input comment-replies
