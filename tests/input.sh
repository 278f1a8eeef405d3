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

input_table 3

# A form has so many fields, and no more; they cost no memory.
fields() { yes 'a=1' | head -n "$1" | paste -s -d '&'; }
send form "$(fields 4096)"
is "$status" 200 '4096 fields of a form'
send form "$(fields 4097)"
is "$status $body" '413 {"errors":{"body":["has too many fields"]}}' \
    'and one more'
send form "$(yes '&a=1' | head -n 30000 | tr -d '\n')"
is "$status" 413 'and 30,000'
