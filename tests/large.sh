#!/bin/sh
# SPDX-License-Identifier: MIT
# A reply of 40 MiB as CGI: whole, from where it was written, or the exit code
# tells.
. "${top_srcdir:-.}/tests/lib.sh"

program=$top_builddir/tests/fn/large
large() { REQUEST_METHOD=GET QUERY_STRING=bytes=41943040 "$program" </dev/null; }
whole() { # the length that the head names is that of what follows
	_named=$(tr -d '\r' <"$tmp/out" |
	    sed -n 's/^Content-Length: //p; /^$/q')
	test "$_named" -gt 41943040 &&
	    tail -c "$_named" "$tmp/out" | head -c 11 | grep -q '^{"texts":\["' &&
	    tail -c 1 "$tmp/out" | grep -q '^}'
}

plan 4
large >"$tmp/out" 2>"$tmp/log"
is "$?" 0 'it is answered'
ok 'whole' whole
(
	ulimit -v 100000 # KiB: not twice the reply; a sanitizer needs more
	# That a sanitizer cannot even start is no fault of ours.
	! grep -q ' -fsanitize=' "$top_builddir/Makefile" || exit 0
	large >"$tmp/out" 2>"$tmp/log" && whole
)
is "$?" 0 'also where there is no memory for a second copy'
large >/dev/full 2>"$tmp/log"
is "$? $(logged)" '111 the response could not be written' \
    'what cannot be written is no success'
