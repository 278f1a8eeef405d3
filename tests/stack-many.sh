#!/bin/sh
# SPDX-License-Identifier: MIT
# Many functions, all idle: no process but mayflyd and its parent, little memory
# for each, and one more is deployed like the first.
# FUNCTIONS=500 sh tests/stack-many.sh is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

functions=${FUNCTIONS:-60}
kib_max=64 # of mayflyd's memory, for each function

mayfly=$top_builddir/mayfly run=$tmp/run
mkdir "$tmp/many" || exit 99
(umask 077 && cat >"$tmp/env") <<END
MAYFLY_RUN_DIR=$run
MAYFLY_STORE=$tmp/store
MAYFLY_FUNCTIONS=$tmp/many
MAYFLY_TOKEN_SECRET=$secret
DATABASE_URL=postgresql://nobody@127.0.0.1:9/nothing
END
mf() { MAYFLY_ENV_FILE=$tmp/env "$mayfly" "$@" >"$tmp/said" 2>&1; }
# many N: function number N, whose name is as long as that of its model.
many() {
	_name=$(printf 'f%04d' "$1")
	sed "s/which/$_name/g" "$top_builddir/tests/fn/which" \
	    >"$tmp/many/$_name" && chmod 755 "$tmp/many/$_name"
}
status() { "$mayfly" status -o json --run-dir "$run" 2>"$tmp/gone"; }
answers() { status >"$tmp/status"; }
resident() { awk '/^VmRSS:/ { print $2 }' "/proc/$(status | jq .pid)/status"; }
# ms CMD...: prints how long it takes.
ms() {
	_begin=$(date +%s%3N)
	"$@" || note "$(cat "$tmp/said")"
	echo $(($(date +%s%3N) - _begin))
}

plan 8
n=1
while test "$n" -le "$functions"; do
	many "$n"
	n=$((n + 1))
done
MAYFLY_ENV_FILE=$tmp/env "$top_builddir/mayfly-hold" \
    "$top_builddir/mayflyd" 2>"$tmp/log" &
hold=$!
kill_at_exit "$hold"
ok 'mayflyd serves nothing yet' wait_for answers
before=$(resident)
note "all deployed in $(ms mf deploy --no-database --no-smoke) ms"
is "$(status | jq '.functions | length')" "$functions" \
    "$functions functions are served"
is "$(status | jq '[.functions[].state] | unique | join(" ")' -r)" cold \
    'all idle'
is "$(tr ' ' '\n' <"/proc/$hold/task/$hold/children" | grep -c .)" 1 \
    'the parent has one child'
mayflyd=$(status | jq .pid)
is "$(cat "/proc/$mayflyd/task/$mayflyd/children")" '' 'and that has none'
after=$(resident)
note "mayflyd: $before KiB, with $functions functions $after KiB:" \
    "$(((after - before) / functions)) KiB for each"
if grep -q -- '--enable-sanitizers' "$top_builddir/options" 2>"$tmp/gone"; then
	count=$((count + 1))
	echo "ok $count - memory # SKIP a sanitizer takes more"
else
	ok "that is at most $kib_max KiB for each" test \
	    $(((after - before) / functions)) -le "$kib_max"
fi
many $((functions + 1))
note "one more in $(ms mf deploy --no-database \
    "$tmp/many/$(printf 'f%04d' $((functions + 1)))") ms," \
    "status in $(ms answers) ms"
is "$(status | jq '.functions | length')" $((functions + 1)) 'one more'
many 1 && printf x >>"$tmp/many/f0001"
note "another of one in $(ms mf deploy --no-database "$tmp/many/f0001") ms"
is "$(status | jq .generation)" 3 'and another of the first'
