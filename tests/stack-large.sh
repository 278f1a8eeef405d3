#!/bin/sh
# SPDX-License-Identifier: MIT
# A reply of 40 MiB through nginx: whole, however slowly the client reads, which
# is more than nginx keeps for it; and nothing is left of a client that leaves.
. "${top_srcdir:-.}/tests/lib.sh"

get() {
	curl -s --noproxy '*' -o "$tmp/body" -w '%{http_code} %{size_download}' \
	    "$@" "$url/test/large?bytes=41943040"
}

mkdir "$tmp/one" && cp "$top_builddir/tests/fn/large" "$tmp/one" || exit 99
stack_start -f "$tmp/one"
plan 4
want='200 41943171'
is "$(get)" "$want" 'it is whole'
is "$(get --limit-rate 3M)" "$want" 'also for a slow client'
is "$(get --max-time 1 --limit-rate 1M | cut -d ' ' -f 1)" 200 \
    'a client leaves'
is "$(get)" "$want" 'the next gets its own'
