#!/bin/sh
# SPDX-License-Identifier: MIT
# mayfly upgrade: mayflyd executes another in its place, after it has asked it.
. "${top_srcdir:-.}/tests/lib.sh"

mayfly=$top_builddir/mayfly
run=$tmp/run
log=$tmp/log
mkdir "$tmp/functions"
cp "$top_builddir/tests/fn/blank" "$tmp/functions"
cp "$top_builddir/mayflyd" "$tmp/mayflyd"
(umask 077 && cat >"$tmp/env") <<END
MAYFLY_FUNCTIONS=$tmp/functions
MAYFLY_STORE=$tmp/store
MAYFLY_RUN_DIR=$run
MAYFLY_TOKEN_SECRET=$secret
DATABASE_URL=postgresql://nobody@127.0.0.1/nothing
END

daemon() { MAYFLY_ENV_FILE=$tmp/env "$@"; }
start() {
	(cd "$tmp" && MAYFLY_ENV_FILE=$tmp/env exec "$top_builddir/mayfly-hold" \
	    ./mayflyd) 2>"$log" &
	holder=$!
	kill_at_exit "$holder"
	wait_for answers
}
status() { "$mayfly" status --run-dir "$run" -o json; }
answers() { status >/dev/null 2>&1; }
pid() { status | jq .pid; }
started() { status | jq .started_ns; }
# upgrade [FILE]: sets $code and $said.
upgrade() {
	said=$("$mayfly" upgrade --run-dir "$run" ${1:+--program "$1"} 2>&1)
	code=$?
}
gone() { ! kill -0 "$1" 2>/dev/null; }
# The inode of the memfd of the rate limits.
rates_file() {
	find "/proc/$(pid)/fd" -lname '/memfd:mayfly-rate*' \
	    -exec stat -L -c %i {} + | sort -u
}
# script TEXT: a program that is one.
script() {
	{
		echo '#!/bin/sh'
		echo "$1"
	} >"$tmp/script"
	chmod 755 "$tmp/script"
}
# refused FILE REGEX NAME: two results.
refused() {
	_before=$(started)
	upgrade "$1"
	like "$code $said" "^1 mayfly: error: no upgrade: $2" "$3"
	is "$(started)" "$_before" 'and it goes on'
}

plan 36
MAYFLY_ENV_FILE=$tmp/env "$mayfly" deploy --no-database --no-smoke \
    2>"$tmp/deployed" || note "$(cat "$tmp/deployed")"
start
before=$(pid) since=$(started) rates=$(rates_file)
upgrade
is "$code" 0 'upgrade'
like "$said" "^upgraded: mayflyd [0-9.]* -> [0-9.]*, pid $before, " \
    'says what it did'
is "$(pid)" "$before" 'it is the same process'
ok 'and another program' test "$(started)" != "$since"
is "$(status | jq '.functions | length')" 1 'with its functions'
is "$(rates_file)" "$rates" 'the rate limits are what they were'
daemon "$tmp/mayflyd" 2>"$tmp/second"
is "$?" 111 'the lock of the folder is held'

# Another version at the same path: of the one that runs nothing is left.
version=$("$mayfly" version | cut -d' ' -f2)
next=9${version#?}
sed "s/mayflyd $version/mayflyd $next/g; s/$version/$next/g" \
    "$tmp/mayflyd" >"$tmp/new"
chmod 755 "$tmp/new"
mv "$tmp/new" "$tmp/mayflyd"
upgrade
like "$said" "mayflyd $version -> $next, pid $before" \
    'what is at its path now takes its place'
is "$(status | jq -r .version)" "$next" 'and answers'
upgrade "$top_builddir/mayflyd"
like "$said" "mayflyd $next -> $version, pid $before" 'or what is named'

# Twenty in a row; who asks meanwhile waits, and is answered.
while test ! -e "$tmp/enough"; do
	status 2>&1 | jq -e .pid >/dev/null || echo failed
done >"$tmp/asked" &
asker=$!
kill_at_exit "$asker"
failed=0
n=0
while test "$n" -lt 20; do
	upgrade
	test "$code" -eq 0 || failed=$((failed + 1))
	n=$((n + 1))
done
: >"$tmp/enough"
wait "$asker"
is "$failed" 0 'twenty in a row'
is "$(cat "$tmp/asked")" '' 'who asks meanwhile is answered'
is "$(pid)" "$before" 'by the same process'
n=$(find "/proc/$before/fd" | wc -l)
upgrade
is "$(find "/proc/$before/fd" | wc -l)" "$n" 'with no more open than before'

# Who has begun to ask is answered first.
"$top_builddir/tests/kept" slow "$run/mayflyd.sock" status >"$tmp/asked" &
asker=$!
wait_for test -s "$tmp/asked"
upgrade
wait "$asker"
is "$code $(sed 1d "$tmp/asked" | jq .pid)" "0 $before" \
    'who has asked half is answered before it'

# --- what is not executed ---------------------------------------------------

refused /bin/true 'it is no mayflyd' 'a program that is none'
script "echo it has a headache; exit 1"
refused "$tmp/script" 'it has a headache' 'one that says no'
version=$(sed -n 's/^#define UPGRADE_VERSION "\(.*\)"/\1/p' \
    "$top/runtime/upgrade.h")
script "echo 'takes over $version: mayflyd 1'; exit 1"
refused "$tmp/script" "takes over $version" 'one that says yes, and fails'
# shellcheck disable=SC2016 # its own number
script 'kill -KILL $$'
refused "$tmp/script" 'it died of signal 9' 'one that dies'
script "exec '$top_builddir/mayflyd' -n --takeover 9.9"
refused "$tmp/script" 'mayflyd [0-9.]* knows version .* not 9.9' \
    'one that does not know what is handed on'
cp "$tmp/env" "$tmp/good"
echo 'MAYFLY_IDLE_MS="5"' >>"$tmp/env"
refused '' '.*MAYFLY_IDLE_MS' 'a wrong setting'
cat "$tmp/good" >"$tmp/env"
# shellcheck disable=SC2016 # the same
script 'echo $$ >"${0%/*}/hangs"; exec sleep 100'
"$mayfly" upgrade --run-dir "$run" --program "$tmp/script" \
    >"$tmp/slow" 2>&1 &
slow=$!
wait_for test -s "$tmp/hangs"
refused '' 'an upgrade is under way' 'another, while one is asked'
ok 'it answers meanwhile' answers
wait "$slow"
like "$(cat "$tmp/slow")" 'no upgrade: it did not answer in time' \
    'one that hangs'
ok 'it is ended' wait_for gone "$(cat "$tmp/hangs")"
upgrade "$tmp/nothing"
like "$code $said" '^3 mayfly: error: .*No such file' 'one that is not there'
is "$(pid)" "$before" 'after all that it is who it was'

kill -s KILL "$before"
wait_for gone "$before"
wait_for answers
is "$(rates_file)" "$rates" 'killed, it has the rate limits that it had'
kill "$holder"
wait "$holder"
is "$?" 0 'and it ends'
