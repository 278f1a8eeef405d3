#!/bin/sh
# SPDX-License-Identifier: MIT
# tag-list shows each tag in use once.
. "${top_srcdir:-.}/tests/lib.sh"

db_start
ann=$(new_user ann)
plan 5

fn tag-list
is "$status $body" '200 {"tags":[]}' 'no articles, no tags'
for tags in '["b","a"]' '["a","c \"q\""]' '[]'; do
	fn article-create -t "$ann" -d "{\"article\":{\"title\":\"t\",
	    \"description\":\"d\",\"body\":\"b\",\"tagList\":$tags}}"
done
fn tag-list
is "$body" '{"tags":["a","b","c \"q\""]}' 'each once, by name'
sql "DELETE FROM article WHERE 'c \"q\"' = ANY (tag_list)"
fn tag-list
is "$body" '{"tags":["a","b"]}' 'only those in use'
fn tag-list -m POST -d '{}'
is "$status" 405 'POST is refused'

bad_input tag-list
