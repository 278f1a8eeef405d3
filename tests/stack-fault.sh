#!/bin/sh
# SPDX-License-Identifier: MIT
# Functions that misbehave: one that never ends, one that dies at start, one
# that exits inside a request, one that dies at every second request; and the
# rest of the stack meanwhile.
. "${top_srcdir:-.}/tests/lib.sh"

# get PATH: sets $status, $headers, $body and $ms.
get() {
	status=$(curl -s -D "$tmp/headers" -o "$tmp/body" \
	    -w '%{http_code} %{time_total}' "$url$1")
	ms=$(echo "${status#* }" | awk '{print int($1 * 1000)}')
	status=${status%% *}
	headers=$(tr -d '\r' <"$tmp/headers")
	body=$(cat "$tmp/body")
}
of() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" |
	    jq -r ".functions[] | select(.name == \"$1\") | $2"
}
killed() { test "$(of spin .killed)" -ge 1; }
recovered() { get /test/crash && test "$(of crash .crashes)" -gt 3; }

stack_start -f "$top_builddir/tests/fn"
plan 45
get /test/spin
is "$status $body" '504 {"errors":{"function":["took too long"]}}' \
    'a function that never ends: 504'
like "$headers" '^Retry-After: 1$' 'with Retry-After'
ok "at its deadline of 500 ms (after $ms ms)" test "$ms" -ge 490
ok 'and it is killed' wait_for -t 2 killed
is "$(of spin '.instances | length')" 0 'none is left'
like "$(cat "$var/log/mayflyd.log")" 'spin.*is killed after [6-9][0-9][0-9] ms' \
    'at its deadline and 100 ms'

get /test/crash
is "$status $body" \
    '503 {"errors":{"function":["is not available, try again"]}}' \
    'a function that dies at start: 503'
like "$headers" '^Retry-After: [12]$' 'with Retry-After'
is "$(of crash .state) $(of crash .crashes)" 'backoff 3' \
    'after three tries it is left alone'
like "$(cat "$var/log/mayflyd.log")" \
    'crash\[[0-9]+\] died of signal 6 \(Aborted\) while starting' \
    'the log says how it died'
get /test/crash
is "$status $(of crash .crashes)" '503 3' 'then the answer comes without a try'
note "in $ms ms"
# nginx sends a GET up to four times.  The fourth may meet an instance that was
# started before the third had ended: that is a 502, and a fourth crash.
get /test/quit
like "$status" '^50[23]$' 'a function that exits inside a request: no answer'
like "$(of quit .state) $(of quit .crashes)" '^(cold|warm) [34]$' \
    'it has crashed, though it exits with 0; one request is one fault'
get /test/quit
get /test/quit
is "$(of quit .state)" backoff 'and three are too many'
left_alone() {
	crashes=$(of quit .crashes)
	get /test/quit
	test "$status $(of quit .crashes)" = "503 $crashes"
}
ok 'then it is left alone: 503, and no further crash' wait_for -t 2 left_alone
is "$body" '{"errors":{"function":["is not available, try again"]}}' \
    'in the form of the API'
like "$(cat "$var/log/mayflyd.log")" \
    'quit\[[0-9]+\] exited with 0 inside a request, request [0-9a-f-]+"' \
    'the log says so'
get /api/articles
is "$status" 200 'the others serve on'
head -c 1000000 /dev/zero | tr '\0' x >"$tmp/large"
is "$(curl -s -o "$tmp/body" -w '%{http_code}' -X POST \
    --data-binary "@$tmp/large" "$url/test/crash")" 405 'other methods: 405'
ok 'when the time is over it is tried again' wait_for -t 5 recovered
like "$(of crash .backoff_ms)" '^1[0-9]{3}$' 'then left alone for twice as long'

failed=0 n=0
while test "$n" -lt 100; do
	get '/test/fault?n=2'
	test "$status" = 200 || failed=$((failed + 1))
	n=$((n + 1))
done
is "$failed" 0 'of 100 GETs, half of them crashing, none fails'
ok 'though instances died' test "$(of fault .crashes)" -ge 20
like "$(cat "$var/log/mayflyd.log")" \
    'fault\[[0-9]+\] died of signal 6 \(Aborted\) inside a request, request' \
    'of a signal, inside a request'

# One hangs while others of it crash.  Its deadline of 2.1 s comes in the
# middle of the second back-off, from 1 s to 3 s after the first crashes.
hung() { grep -q 'fault.*is killed after' "$var/log/mayflyd.log"; }
busy() { of "$1" '.instances[].state' | grep -q busy; }
curl -s -o "$tmp/hung" "$url/test/fault?ms=60000" &
kill_at_exit $!
ok 'a request hangs' wait_for busy fault
slowest=0
until hung || test "$(of fault .backoff_ms)" -gt 4000; do
	get '/test/fault?n=1'
	test "$ms" -le "$slowest" || slowest=$ms
	pause
done
like "$(cat "$var/log/mayflyd.log")" 'fault.*is killed after 2[1-9][0-9][0-9] ms' \
    'and is killed at its deadline, though the function is left alone'
ok "meanwhile the answer does not wait (at most $slowest ms)" \
    test "$slowest" -lt 1000

# Away and back again while a request still runs.
curl -s -o "$tmp/slow" -w '%{http_code}' "$url/test/nap?ms=2500" >"$tmp/code" &
slow=$!
ok 'a slow request runs' wait_for busy nap
as_service env -i PATH="$PATH" MAYFLY_ENV_FILE="$var/env" \
    "$var/bin/mayfly" delete --no-database nap >"$tmp/deleted" 2>&1 || note "$(cat "$tmp/deleted")"
is "$(of nap .state)" draining 'its function goes'
stack_up_or_end
wait "$slow"
is "$(cat "$tmp/code")" 200 'the request ends as it would have'
once() { test "$(of nap .name | wc -l)" = 1; }
ok 'the old one has gone' get '/test/nap?ms=1'
is "$status" 200 'and the function is there again'

# The only instance looks idle and is not: another is started beside it.
get '/test/nap?ms=1'
for pid in $(of nap '.instances[].pid'); do
	kill -STOP "$pid"
done
get '/test/nap?ms=1'
is "$status" 200 'with each instance stopped a request is served'
for pid in $(of nap '.instances[].pid'); do
	kill -CONT "$pid"
done

eight=''
for _ in 1 2 3 4 5 6 7 8; do
	curl -s "$url/test/nap?ms=300" >"$tmp/nap" &
	kill_at_exit $!
	eight="$eight $!"
done
naps() { test "$(of nap '.instances | length')" -ge 8; }
ok 'eight at once get eight instances' wait_for naps
"$var/bin/mayfly" status -o json --run-dir "$var/run" |
    jq -r '.functions[] | select(.name == "nap") | .instances[].pid' >"$tmp/pids"
kill -HUP "$(jq -r .pid <<-END
	$("$var/bin/mayfly" status -o json --run-dir "$var/run")
	END
)"
get '/test/nap?ms=1'
is "$status" 200 'a reload fails nothing'

# What is no FastCGI request is not counted as one that was served.
# shellcheck disable=SC2086 # eight words
wait $eight
at_rest() { ! busy nap; }
ok 'all of them end' wait_for at_rest
before=$(of nap .served)
for _ in 1 2 3; do
	curl -s --max-time 5 --unix-socket "$var/run/blog/fn/nap.sock" http://x/ \
	    >"$tmp/junk"
done
get /test/nap
ok 'the next request is served' wait_for at_rest
is "$status $(of nap .served)" "200 $((before + 1))" \
    'connections that are no request do not count'

mayflyd=$("$var/bin/mayfly" status -o json --run-dir "$var/run" | jq .pid)
curl -s -o "$tmp/slow" -w '%{http_code}' "$url/test/nap?ms=700" >"$tmp/code" &
slow=$!
ok 'a slow request runs' wait_for busy nap
kill -TERM "$mayflyd"
wait "$slow"
is "$(cat "$tmp/code")" 200 'SIGTERM lets it end'
stack_up >"$tmp/up.log" 2>&1
get /api/articles
is "$status" 200 'and scripts/up brings mayflyd back'

# One that never comes to accept: killed as too slow, which is a crash as well.
cat >"$tmp/fn/sloth" <<END
#!/bin/sh
test "\${1-}" != --describe || exec cat "$tmp/sloth.json"
exec sleep 100
END
"$tmp/fn/nap" --describe | sed 's/nap/sloth/g' >"$tmp/sloth.json"
chmod 755 "$tmp/fn/sloth"
ok 'a function that hangs at its start is there' stack_up
get /test/sloth
is "$status" 504 'nobody answers'
slow() { test "$(of sloth .killed)" -ge 1; }
ok 'its instance is killed' wait_for -t 5 slow
is "$(of sloth '.crashes == .killed')" true 'and counts as crashed'
