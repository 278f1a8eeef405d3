#!/bin/sh
# SPDX-License-Identifier: MIT
# kill -9 of a random instance, again and again, under reads and writes: no GET
# fails, a POST only where its instance was hit, and nothing that was
# acknowledged is missing.  SECONDS_OF_LOAD=20 is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

# Kill one instance that is there; say what it did.
kill_one() {
	"$var/bin/mayfly" status -o json --run-dir "$var/run" | jq -r '
	    .functions[] | select(.name | startswith("article")) |
	    .name as $n | .instances[] | "\(.pid) \($n)"' |
	    shuf -n 1 >"$tmp/victim"
	read -r pid name <"$tmp/victim" || return 0
	kill -9 "$pid" 2>"$tmp/gone" && echo "$name" >>"$tmp/kills"
}
loading() { kill -0 "$load" 2>"$tmp/gone"; }

stack_start MAYFLY_IDLE_MS=2000
token=$(curl -s "$url/api/users" -H 'Content-Type: application/json' \
    -d '{"user":{"username":"ann","email":"a@example.org",
    "password":"correct horse"}}' | jq -r .user.token)
plan 5
: >"$tmp/kills"
"$top_builddir/tests/burst" -p "$port" -c 8 -n 10000000 \
    -s "${SECONDS_OF_LOAD:-6}" -w 20 -t "$token" -a "$tmp/acknowledged" \
    /api/articles >"$tmp/result" 2>"$tmp/failures" &
load=$!
kill_at_exit "$load"
while loading; do
	kill_one
	sleep 0.2 # the pace of the faults, not a wait for anything
done
wait "$load"
note "$(cat "$tmp/result"), $(wc -l <"$tmp/kills") killed"
ok 'instances were killed' test "$(wc -l <"$tmp/kills")" -ge 10
is "$(awk '{print $4}' "$tmp/result")" 0 'no GET failed'
ok 'no more POSTs failed than their instances were killed' test \
    "$(awk '{print $8}' "$tmp/result")" -le \
    "$(grep -c article-create "$tmp/kills")"
psql -qXAt -h "$var/run" -U mayfly -d mayfly \
    -c "SELECT title FROM article" | sort >"$tmp/stored"
is "$(sort "$tmp/acknowledged" | comm -23 - "$tmp/stored" | wc -l)" 0 \
    'every acknowledged POST is in the table'
ok 'there were many' test "$(wc -l <"$tmp/acknowledged")" -ge 100
