#!/bin/sh
# SPDX-License-Identifier: MIT
# If-Match: a row is changed by whoever has seen its last version, and by nobody
# else; what is shown beside it does not count.
. "${top_srcdir:-.}/tests/lib.sh"

get() { fn ../tests/fn/pair-get -p "/$1" -e "HTTP_IF_NONE_MATCH=${2-}"; }
put() { # put ID OTHER [IF-MATCH]
	fn ../tests/fn/pair-update -m PUT -p "/$1" -q "other=$2" \
	    ${3:+-e "HTTP_IF_MATCH=$3"}
}
etag() { sed -n 's/^ETag: //p' "$tmp/reply"; }

changed='412 {"errors":{"pair":["has changed"]}}'
plan 37
db_start
pair_table sql
sql 'INSERT INTO test_pair VALUES (1), (2), (3)'

get 1
tag=$(etag)
like "$tag" '^"0-[0-9a-f]{32}"$' 'the tag has the version in it'
get 1 "$tag"
is "$status $(etag)" "304 $tag" 'which a GET may have already'
sql 'INSERT INTO test_pair VALUES (4)'
get 1 "$tag"
later=$(etag)
is "$status $(echo "$later" | grep -c '^"0-')" '200 1' \
    'other content has another tag, of one version'
ok 'another' test "$later" != "$tag"

put 1 2 "$tag"
is "$status $body" '200 {"pair":{"id":1,"version":"2"}}' \
    'its version is still the last: changed'
put 1 3 "$tag"
is "$status $body" "$changed" 'it is no more: 412'
is "$(sql 'SELECT other FROM test_pair WHERE id = 1')" 2 'and nothing is stored'
put 9 3 "$tag"
is "$status $body" '404 {"errors":{"pair":["not found"]}}' 'no such row'
get 1
tag=$(etag) hash=${tag#*-}
is "${tag%-*}" '"2' 'it has the new version'
put 1 3 '*'
is "$status" 200 '*: any version'
put 1 2
is "$status" 200 'without a condition as well'

for list in "\"x\", $tag" "$tag,\"x\"" ",, $tag ,," "\"2-$(repeat 32 0)\""; do
	put 1 2 "$list"
	is "$status" 200 "it is in the list: $list"
done
# The rest are no version, or another.
for list in "W/$tag" "$(echo "$tag" | tr -d '"')" '"2"' "\"2$hash" \
    "\"-$hash" "\"$hash" '"x' x ', ,' "\"22-$hash" "\"{2-$hash" "\"2\\-$hash" \
    "\"$(printf '\303\251')-$hash" "\"x\" $tag" "* , $tag" "\"$(repeat 65 2)-$hash" \
    "\"NULL-$hash" "\"},{2-$hash"; do
	put 1 3 "$list"
	is "$status $body" "$changed" "it is not: $list"
done

fn ../tests/fn/atomic -m POST -e "HTTP_IF_MATCH=$tag"
is "$status $body" '412 {"errors":{"if-match":["is not supported here"]}}' \
    'where nobody looks at it, nothing is done'
fn ../tests/fn/pair-get -p /1 -e 'HTTP_IF_MATCH="x"'
is "$status" 200 'a GET shows what there is'
is "$("$top_builddir/tests/fn/pair-update" --describe | jq -c .if_match)" true \
    'the descriptor says who looks'
sed 's/req_if_match(req)/NULL/' "$top/tests/fn/pair-update.c" \
    >"$tmp/pair-update.c"
cp "$top/tests/fn/pair-update.sql" "$tmp"
make -s -C "$top_builddir" one FN="$tmp/pair-update.c" >"$tmp/make" 2>&1
DATABASE_URL=$(role_url writer) REQUEST_METHOD=PUT PATH_INFO=/1 \
    QUERY_STRING=other=3 "$tmp/pair-update" </dev/null \
    >"$tmp/out" 2>"$tmp/log"
like "$? $(logged)" '^134 bug: .*status 200 without req_if_match' \
    'whoever says so and does not is found out'
