#!/bin/sh
# SPDX-License-Identifier: MIT
# comment-update changes one's own comment.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

# change TOKEN PATH TEXT
change() {
	go comment-update PUT "$1" "$2" "{\"comment\":{\"body\":\"$3\"}}"
}

db_start
cast
say "$bob" old
created=$(json .comment.createdAt)
at=/$slug/comments/$id
plan 17

change "$bob" "$at" new
is "$status $(json '.comment | [.id, .body, .createdAt, .author.username] |
    @json')" "200 [$id,\"new\",\"$created\",\"bob\"]" 'it is changed'
is "$(json '.comment | keys_unsorted | join(" ")')" \
    'id createdAt updatedAt body author' 'the usual members'
is "$(json '.comment | .updatedAt > .createdAt')" true 'with another updatedAt'
before=$(json .comment.updatedAt)
change "$bob" "$at" new
is "$(json ".comment.updatedAt > \"$before\"")" true 'each time'
fn comment-list -p "/$slug/comments"
is "$(json '.comments[0].body')" new 'it is stored'

# In this order.
change '' /nowhere/comments/999 ''
is "$(refusal)" '401 token: is missing' 'a stranger'
change "$ann" /nowhere/comments/999 ''
is "$(refusal)" "422 body: can't be blank" 'a blank body'
change "$ann" /nowhere/comments/999 x
is "$(refusal)" '404 article: not found' 'no article'
change "$ann" "/$slug/comments/999" x
is "$(refusal)" '404 comment: not found' 'no comment'
change "$ann" "$at" x
is "$(refusal)" '403 comment: forbidden' "somebody else's"
change "$mod" "$at" x
is "$(refusal)" '403 comment: forbidden' 'not even a moderator'
change "$bob" "$at" "$(repeat 5001 x)"
is "$status $(json '.errors | keys[0]')" '422 body' 'too long'
slug=$(new_article two)
change "$bob" "/$slug/comments/$id" x
is "$(refusal)" '404 comment: not found' 'of another article'
go profile-block PUT "$ann" /bob/block
change "$bob" "$at" x
is "$(refusal)" '403 profile: forbidden' 'where one may not comment'
go profile-unblock DELETE "$ann" /bob/block
sql "UPDATE comment SET hidden_at = now()"
change "$bob" "$at" x
is "$(refusal)" '404 comment: not found' 'a hidden one'
is "$(sql "SELECT body FROM comment WHERE id = $id")" new 'it stays as it was'

reader_sql="UPDATE comment SET hidden_at = NULL, author_id =
    (SELECT id FROM account WHERE username = 'reader')"
bad_input comment-update
