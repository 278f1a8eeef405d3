#!/bin/sh
# SPDX-License-Identifier: MIT
# Deploys of the whole stack, under load: no request fails, every answer is of
# the old release or the new one, a schema comes before the code that needs it,
# and what cannot be deployed leaves what serves.  DEPLOYS=100 is the long form.
. "${top_srcdir:-.}/tests/lib.sh"

fns=$top_builddir/tests/fn
mkdir "$tmp/in" "$tmp/some" && chmod 755 "$tmp/in" "$tmp/some"

# mf COMMAND...: as scripts/up does; sets $code, $said.
mf() {
	code=0
	said=$(run "$@" 2>&1) || code=$?
}
run() {
	as_service env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
	    MAYFLY_MIGRATE_URL="postgresql:///mayfly?host=$var/run&user=mayfly" \
	    MAYFLY_ENV_FILE="$var/env" "$var/bin/mayfly" "$@"
}
deploy() { mf deploy --migrations "$tmp/sql" "$@"; }
build() {
	sed "s/build-0000/build-$1/" "$fns/which" >"$tmp/in/new" &&
	    chmod 755 "$tmp/in/new" && mv "$tmp/in/new" "$tmp/in/which"
}
which() {
	curl -s --noproxy '*' --max-time 10 "$url/test/which" | jq -r .build
}
code_of() {
	curl -s --noproxy '*' --max-time 10 -o "$tmp/answer" -w '%{http_code}' \
	    "$url$1"
}
generation() { run versions -o json | jq '.generations[0].generation'; }
started() { run status -o json --run-dir "$var/run" | jq .started_ns; }

# Answers, a line each: status and build.  The number in the path keeps one
# connection going.
load() {
	: >"$tmp/loading"
	while test -e "$tmp/loading"; do
		curl -s --noproxy '*' --max-time 10 -w ' %{http_code}\n' \
		    "$url/test/which?n=[1-200]" 2>&1
	done >"$tmp/answers.$1" &
	kill_at_exit $!
}
load_ends() {
	rm -f "$tmp/loading"
	for _load in "$@"; do
		wait "$_load"
	done
}

cp "$fns/which" "$tmp/some"
stack_start -f "$tmp/some"
cp -R "$top/sql" "$tmp/sql" && chmod -R a+rX "$tmp/sql"
next=$(find "$tmp/sql" -name '*.sql' | wc -l)
plan 46

is "$(which)" build-0000 'scripts/up deploys what is in MAYFLY_FUNCTIONS'
is "$(generation)" 1 'as generation 1'
before=$(started)
ok 'scripts/up once more' stack_up
is "$(generation) $(started)" "1 $before" 'changes nothing, and starts nothing'

# --- deploys and rollbacks under load ---------------------------------------

load 1
first=$!
load 2
second=$!
bad=0 wrong=0 n=0 last=build-0000
begin=$(uptime_s)
while test "$n" -lt "${DEPLOYS:-10}"; do
	n=$((n + 1))
	if test $((n % 3)) -eq 0; then
		mf rollback which
		now=$before
		before=$last last=$now
	else
		build "$((1000 + n))"
		deploy "$tmp/in/which"
		before=$last last=build-$((1000 + n))
	fi
	test "$code" -eq 0 || { bad=$((bad + 1)) && note "$said"; }
	test "$(which)" = "$last" || wrong=$((wrong + 1))
done
note "$n deploys and rollbacks in $(($(uptime_s) - begin)) s"
load_ends "$first" "$second"
is "$bad" 0 'each deploy and rollback succeeds'
is "$wrong" 0 'and behind it the new release answers'
cat "$tmp"/answers.* >"$tmp/answers"
note "$(wc -l <"$tmp/answers") answers"
ok 'there was load' test "$(wc -l <"$tmp/answers")" -ge 200
is "$(grep -Evc '^\{"build":"build-[01][0-9]{3}"\} 200$' "$tmp/answers")" 0 \
    'no request failed'
ok 'of many builds' test \
    "$(cut -d '"' -f 4 "$tmp/answers" | sort -u | wc -l)" -ge 4

# --- killed at any moment ---------------------------------------------------

load 3
first=$!
n=0
while test "$n" -lt "${DEPLOYS:-10}"; do
	n=$((n + 1))
	build "$((1200 + n))"
	run deploy --migrations "$tmp/sql" "$tmp/in/which" \
	    >"$tmp/killed" 2>&1 &
	victim=$!
	sleep "0.$(printf %02d $((n * 7 % 30)))" # the moment of the fault
	pkill -9 -P "$victim" 2>"$tmp/gone" || kill -9 "$victim" 2>"$tmp/gone"
	wait "$victim" 2>"$tmp/gone"
done
build 1999
deploy "$tmp/in/which"
is "$code $(which)" '0 build-1999' \
    'deploys that are killed: the next one does its work'
load_ends "$first"
is "$(grep -Evc '^\{"build":"build-1[0-9]{3}"\} 200$' "$tmp/answers.3")" 0 \
    'and no request failed'
run deploy --migrations "$tmp/sql" -m one "$tmp/in/which" "$fns/nap" \
    >"$tmp/one" 2>&1 &
one=$!
mf deploy --migrations "$tmp/sql" -m two "$fns/nap"
wait "$one"
case $?$code in
00 | 05 | 50) result 0 'two at once: both one after the other, or one is told' ;;
*) result 1 "two at once: $? $code $said $(cat "$tmp/one")" ;;
esac

mf delete nap
is "$code $(code_of /test/nap)" '0 404' 'delete: its route is gone'
mf rollback
is "$code $(code_of /test/nap)" '0 200' 'and is back'

# --- schema and code --------------------------------------------------------

mkdir "$tmp/pair" && cp "$fns/pair-get" "$tmp/pair" && chmod -R a+rX "$tmp/pair"
number=$(generation)
deploy "$tmp/pair/pair-get"
is "$code" 1 'code for a schema that is not there: refused'
like "$said" 'pair-get.sql:[0-9]+: relation "test_pair" does not exist' \
    'with file, line and cause'
is "$(generation)" "$number" 'nothing has changed'
bad_file=$tmp/sql/$(printf %03d $((next + 1)))-pair.sql
echo 'CREATE TABLE test_pair (id integr);' >"$bad_file"
deploy "$tmp/pair/pair-get"
like "$code $said" '^1 |integr' 'a broken migration: refused'
is "$(generation) $(which)" "$number build-1999" 'what serves goes on'
is "$(stack_sql "SELECT count(*) FROM schema_migration")" "$next" \
    'no migration was applied'
cat >"$bad_file" <<'END'
CREATE TABLE test_pair (id integer PRIMARY KEY, other integer);
GRANT SELECT ON test_pair TO :"reader";
GRANT SELECT, INSERT, UPDATE, DELETE ON test_pair TO :"writer";
END
deploy "$tmp/pair/pair-get"
is "$code" 0 'with its migration it is deployed'
is "$(stack_sql "SELECT to_regclass('test_pair')")" test_pair 'table and all'
ok 'and answers' test "$(code_of "$("$fns/pair-get" --describe |
    jq -r '.path | sub(":id"; "1")')")" -lt 500

break_file=$tmp/sql/$(printf %03d $((next + 2)))-break.sql
echo 'ALTER TABLE test_pair RENAME other TO another;' >"$break_file"
number=$(generation)
build 2001
deploy "$tmp/in/which"
is "$code" 1 'a migration that breaks what serves: refused'
like "$said" 'pair-get' 'by its name'
is "$(generation) $(which)" "$number build-1999" 'nothing has changed'
deploy "$var/cgi-bin" "$tmp/in"
is "$code $(generation)" "1 $number" 'also where it is to go'
deploy --break "$var/cgi-bin" "$tmp/in"
is "$code $(which)" '0 build-2001' 'unless --break says so'
is "$(code_of "$("$fns/pair-get" --describe |
    jq -r '.path | sub(":id"; "1")')")" 404 'its route is gone'
mf rollback
is "$code" 1 'back to what does not prepare any more: refused'
like "$said" 'pair-get.sql:[0-9]+' 'by file and line'

# --- scripts/up -------------------------------------------------------------

stack_sql "DELETE FROM schema_migration WHERE number > $next"
number=$(generation)
printf '#!/bin/sh\nexit 1\n' >"$tmp/fn/which"
# shellcheck disable=SC2119
stack_up >"$tmp/up.log" 2>&1
is "$?" 1 'a function that is broken: scripts/up fails'
like "$(cat "$tmp/up.log")" 'which: --describe exited with 1' 'with the cause'
is "$(generation) $(which)" "$number build-2001" 'and it goes on serving'
build 2002
cp "$tmp/in/which" "$tmp/fn/which"
before=$(started)
cp "$var/env" "$tmp/env"
echo 'MAYFLY_IDLE_MS="5"' >>"$var/env"
stack_up >"$tmp/up.log" 2>&1
is "$? $(which) $(started)" "1 build-2001 $before" \
    'a bad setting: scripts/up fails, and nothing has changed'
cat "$tmp/env" >"$var/env"
echo 'MAYFLY_IDLE_MS=2500' >>"$var/env"
load 4
first=$!
ok 'a good one is taken' stack_up
load_ends "$first"
is "$(which) $(started)" "build-2002 $before" 'without another mayflyd'
is "$(grep -Evc '^\{"build":"build-200[12]"\} 200$' "$tmp/answers.4")" 0 \
    'and no request failed'

# --- canaries ---------------------------------------------------------------

build 3001
mf deploy --canary 50 "$tmp/in/which"
is "$code" 0 'a canary'
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	which
done >"$tmp/builds"
is "$(sort -u "$tmp/builds" | paste -sd ' ')" 'build-2002 build-3001' \
    'gets some of the requests'
mf promote which
for n in 1 2 3 4 5 6 7 8 9 10; do
	which
done >"$tmp/builds"
is "$code $(sort -u "$tmp/builds")" '0 build-3001' 'promoted: all'
build 3002
run deploy --canary 50 --for 60 "$tmp/in/which" >"$tmp/watched" 2>&1 &
watcher=$!
crashed() {
	code_of '/test/which?n=666' >"$tmp/code"
	! kill -0 "$watcher" 2>"$tmp/gone"
}
wait_for -t 50 crashed
wait "$watcher"
is "$?" 6 'one that crashes is rolled back'
like "$(cat "$tmp/watched")" 'which: the canary did worse' 'with the cause'
is "$(run versions -o json which | jq -r \
    '[.releases[].state | select(. == "canary")] | length')" 0 'it is none'
build 3003
mf deploy --canary 50 --for 2 "$tmp/in/which"
is "$code" 0 'one that does no worse is promoted'
wait_for test "$(which)" = build-3003
is "$(which)" build-3003 'and serves'
