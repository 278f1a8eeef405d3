#!/bin/sh
# SPDX-License-Identifier: MIT
# block-list shows whom one blocks, the last first.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 6
blocks() {
	fn block-list -t "$ann" -q "${1-}"
	shown=$(json '[.profiles[].username] | join(" ")')
}

blocks
is "$status $body" '200 {"profiles":[]}' 'nobody'
for name in bob mod adm; do
	go profile-block PUT "$ann" "/$name/block"
done
go profile-block PUT "$bob" /ann/block
go profile-follow POST "$ann" /mod/follow
blocks
is "$shown" 'adm mod bob' 'the last first'
is "$(json '.profiles[1] | @json')" \
    '{"username":"mod","bio":null,"image":null,"following":true}' 'as profiles'
blocks limit=2
after=$(echo "$headers" | sed -n 's/^Link: .*after=\([0-9_]*\).*/\1/p')
blocks "limit=2&after=$after"
is "$shown" bob 'the next page'
sql "UPDATE block SET created_at = '2026-01-01'"
blocks limit=1
first=$shown
after=$(echo "$headers" | sed -n 's/^Link: .*after=\([0-9_]*\).*/\1/p')
blocks "limit=1&after=$after"
is "$first $shown" 'adm mod' 'of one moment: by id'

bad_input block-list
