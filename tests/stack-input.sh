#!/bin/sh
# SPDX-License-Identifier: MIT
# Inputs of every type and from every place, through nginx: tests/input.table.
. "${top_srcdir:-.}/tests/lib.sh"

# send PLACE WHAT: one request; sets $status and $body.
send() {
	path=$some_id what='{}' query='' type=application/json
	set -- "$1" "$2" -X POST
	case $1 in
	body) what=$2 ;;
	json) what="{\"${2%% *}\":${2#* }}" ;;
	form) what=$2 type=application/x-www-form-urlencoded ;;
	query) query="?$2" ;;
	header) set -- "$@" -H "X-Api-Key: $2" ;;
	cookie) set -- "$@" -H "Cookie: $2" ;;
	path) path=$2 ;;
	esac
	shift 2
	status=$(curl -s --noproxy '*' -o "$tmp/body" -w '%{http_code}' "$@" \
	    -H "Content-Type: $type" --data-binary "$what" \
	    "$url/test/input/$path$query")
	body=$(cat "$tmp/body")
}

stack_start -f "$top_builddir/tests/fn"
input_table 3

# A body of any bytes, and a header that is a secret, for a guard.
raw() {
	curl -s --noproxy '*' -o "$tmp/body" -w '%{http_code}' -X POST \
	    -H "Content-Type: $type" "$@" "$url/test/guard"
}
type=text/plain
printf 'a\000b=%%zz&{' >"$tmp/raw"
is "$(raw -H 'X-Api-Key: key' --data-binary "@$tmp/raw") $(jq -c .by "$tmp/body")" \
    '200 "key"' 'a body of any bytes'
is "$(raw -H 'X-Api-Key: wrong' --data-binary "@$tmp/raw")" 401 'a wrong key'
type=text/html
is "$(raw -H 'X-Api-Key: key' -d x)" 415 \
    'of another type'
