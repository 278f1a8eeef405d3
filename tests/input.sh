#!/bin/sh
# SPDX-License-Identifier: MIT
# Inputs of every type and from every place, as CGI: tests/input.table.
. "${top_srcdir:-.}/tests/lib.sh"

# send PLACE WHAT: one request; sets $status and $body.
send() {
	path=$some_id what='{}'
	set -- "$1" "$2" ../tests/fn/input -m POST
	case $1 in
	body) what=$2 ;;
	json) what="{\"${2%% *}\":${2#* }}" ;;
	form)
		what=$2
		set -- "$@" -e CONTENT_TYPE=application/x-www-form-urlencoded
		;;
	query) set -- "$@" -q "$2" ;;
	header) set -- "$@" -e "HTTP_X_API_KEY=$2" ;;
	cookie) set -- "$@" -e "HTTP_COOKIE=$2" ;;
	path) path=$2 ;;
	esac
	shift 2
	fn "$@" -d "$what" -p "/$path"
}

input_table 8

# Where cookies count, a body must say what it is: without a type another site's
# page may send it, and no preflight asks.
fn ../tests/fn/input -m POST -p "/$some_id" -d '{}' -e CONTENT_TYPE=
is "$status $body" '415 {"errors":{"content-type":["must be application/json or application/x-www-form-urlencoded"]}}' \
    'a body of no type'
send form ''
is "$status" 200 'an empty form'

# A form has so many fields, and no more.
fields() { yes 'a=1' | head -n "$1" | paste -s -d '&'; }
send form "$(fields 4096)"
is "$status" 200 '4096 fields of a form'
send form "$(fields 4097)"
is "$status $body" '413 {"errors":{"body":["has too many fields"]}}' \
    'and one more'
send form "$(yes '&a=1' | head -n 30000 | tr -d '\n')"
is "$status" 413 'and 30,000'

# What a reference is made from.
"$top_builddir/tests/fn/input" --describe >"$tmp/fn.json"
is "$(jq -c '.replies' "$tmp/fn.json")" '[{"status":200,"about":"what was given, each as text","type":"application/json","shape":{"line":"line?","numbers":"text","limit_is":"int","time_is":"int"},"example":"{\"line\":\"a\",\"limit_is\":20}"},{"status":422,"about":"one of them is wrong","type":"application/json","shape":null,"example":null}]' \
    'the descriptor tells of replies'
is "$(jq -c '.body, (.inputs[] | select(.name == "colour" or
    .name == "decimal" or .name == "pattern") | [.name, .in, .type, .min, .max,
    .scale, .items_max, .unique, .choices, .pattern])' "$tmp/fn.json")" '["json","form"]
["colour","query","choice",0,0,0,2,true,["red","green","blue"],null]
["decimal","body","decimal",-100,100,2,0,false,[],null]
["pattern","body","line",0,20,0,0,false,[],"[a-z]+|[0-9]{2,4}"]' 'and of inputs'
like "$("$top_builddir/tests/fn/input" --help)" \
    'colour +query  list of choice: red green blue, optional' 'so does --help'
