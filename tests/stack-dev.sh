#!/bin/sh
# SPDX-License-Identifier: MIT
# With MAYFLY_DEV=1 each crash is seen at once: no request is sent a second
# time, and no function is left alone.
. "${top_srcdir:-.}/tests/lib.sh"

# answers PATH: the status of ten requests, once each.
answers() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		curl -s -m 5 -o "$tmp/body" -w '%{http_code}\n' "$url$1"
	done | sort | uniq -c | sed 's/^ *//' | paste -s -d ' '
}
of() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq -r ".functions[] | select(.name == \"$1\") | $2"
}
logged() { grep -c "$1" "$var/log/mayflyd.log"; }

mkdir "$tmp/some" || exit 99
for name in crash fault nap quit; do
	cp "$top_builddir/tests/fn/$name" "$tmp/some" || exit 99
done
stack_start -f "$tmp/some" MAYFLY_DEV=1
plan 14
is "$(answers '/test/fault?n=1')" '10 502' \
    'of ten requests that crash, each is answered 502'
is "$(of fault .crashes) $(of fault .state)" '10 cold' \
    'each was sent once, and started an instance'
is "$(answers '/test/fault?n=2')" '5 200 5 502' \
    'a GET that meets a crash is not sent again'
is "$(answers /test/quit)" '10 502' 'the same when it exits inside a request'
is "$(of quit .crashes) $(of quit .state)" '10 cold' 'once each'
is "$(logged 'quit.*exited with 0 inside a request')" 10 'each is logged'

is "$(answers /test/crash)" '10 502' 'the same when it dies at its start'
is "$(of crash .crashes) $(of crash .state)" '10 cold' 'once each'
pids=''
for _ in 1 2 3 4 5 6; do
	curl -s -m 5 -o "$tmp/body" -w '%{http_code}\n' "$url/test/crash" &
	pids="$pids $!"
done >"$tmp/codes"
# shellcheck disable=SC2086 # a list
wait $pids
is "$(sort "$tmp/codes" | uniq -c | sed 's/^ *//')" '6 502' \
    'and of six at once'
is "$(of crash .crashes) $(of crash .state)" '16 cold' 'once each'

is "$(logged 'backing off')" 0 'no function was left alone'
is "$(of crash .refused) $(of fault .refused)" '0 0' 'nor a request refused'
is "$(answers '/test/nap?ms=1')" '10 200' 'what does not crash serves'

sed -i 's/^MAYFLY_DEV=1/MAYFLY_DEV=0/' "$var/env"
stack_up >"$tmp/up.log" 2>&1
is "$(answers '/test/fault?n=2')" '10 200' \
    'without it a GET is sent again, to another instance'
