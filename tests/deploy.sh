#!/bin/sh
# SPDX-License-Identifier: MIT
# mayfly deploy with a mayflyd and no database: what is broken is refused, by
# name and with a cause, and what is served goes on as it was.
. "${top_srcdir:-.}/tests/lib.sh"

mayfly=$top_builddir/mayfly
store=$tmp/store run=$tmp/run fns=$top_builddir/tests/fn
mkdir "$tmp/in" "$tmp/bad"
(umask 077 && cat >"$tmp/env") <<END
MAYFLY_RUN_DIR=$run
MAYFLY_STORE=$store
MAYFLY_APP=shop
MAYFLY_TOKEN_SECRET=$secret
DATABASE_URL=postgresql://nobody@127.0.0.1:9/nothing
END

mf() {
	said=$(MAYFLY_ENV_FILE=$tmp/env "$mayfly" "$@" 2>&1)
	code=$?
}
deploy() { mf deploy --no-database "$@"; }
build() {
	sed "s/build-0000/build-$1/" "$fns/which" >"$tmp/in/new" &&
	    chmod 755 "$tmp/in/new" && mv "$tmp/in/new" "$tmp/in/which"
}
status() { "$mayfly" status --run-dir "$run" -o json 2>/dev/null; }
answers() { status >"$tmp/status"; }
# What is in force and what is served.
state() {
	cat "$store/shop/current" && find "$store/shop" -name '*.json' | sort &&
	    status | jq -c '[.generation, (.functions[] |
		[.name, (.releases[] | select(.use != "leaving") |
		    [.release, .use])])]'
}
# script NAME: a function that is a shell script; standard input is what it does
# as CGI, without a newline between it and its descriptor.
script() {
	{
		echo '#!/bin/sh'
		# shellcheck disable=SC2016 # for that shell
		echo 'case ${1-} in --describe) cat <<"END"'
		"$fns/which" --describe | jq -c --arg name "$1" \
		    --arg path "/test/$1" '.name = $name | .path = $path |
			.route = "GET " + $path'
		echo END
		echo 'exit 0 ;; esac'
		cat
	} >"$tmp/bad/$1"
	chmod 755 "$tmp/bad/$1"
}
# refused CODE REGEX WHAT [FILE]: two results.
refused() {
	state >"$tmp/before"
	deploy "${4:-$tmp/bad/broken}"
	is "$code" "$1" "$3: refused with $1"
	like "$said" "$2" "$3: says why"
	state >"$tmp/after"
	is "$(cat "$tmp/after")" "$(cat "$tmp/before")" "$3: nothing has changed"
	rm -f "$tmp"/bad/*
}

(
	cd "$tmp" && MAYFLY_ENV_FILE=$tmp/env \
	    exec "$top_builddir/mayfly-hold" "$top_builddir/mayflyd"
) >"$tmp/printed" 2>"$tmp/log" &
kill_at_exit $!
wait_for answers || exit 99
plan 67

build 0001
cp "$fns/nap" "$tmp/in"
deploy -o json "$tmp/in"
is "$code $(printf '%s' "$said" | jq -c '[.served, .added]')" \
    '0 [true,["nap","which"]]' 'a deploy to a mayflyd that runs'
is "$(status | jq -c '[.generation, [.functions[].name]]')" \
    '[1,["nap","which"]]' 'it is served'
ok 'nginx finds it' test -S "$run/shop/fn/which.sock"
build 0002
deploy "$tmp/in/which"
is "$code $(status | jq -r '.functions[] | select(.name == "which") |
    .release')" "0 $(sha256sum "$tmp/in/which" | cut -c 1-12)" \
    'another release is'
deploy "$tmp/in/which"
like "$said" '^unchanged' 'and once more nothing has changed'

# --- what is no function ----------------------------------------------------

: >"$tmp/bad/broken" && chmod 755 "$tmp/bad/broken"
refused 1 'broken: ' 'an empty file'
echo 'no program' >"$tmp/bad/broken" && chmod 755 "$tmp/bad/broken"
refused 1 'broken: cannot be run' 'a text'
# e_machine: byte 18 of the header of ELF
cp "$fns/which" "$tmp/bad/broken" &&
    printf '\377' | dd of="$tmp/bad/broken" bs=1 seek=18 conv=notrunc \
	2>"$tmp/dd"
refused 1 'broken: cannot be run' 'for another machine'
printf '#!/bin/sh\nexit 1\n' >"$tmp/bad/broken" && chmod 755 "$tmp/bad/broken"
refused 1 'broken: --describe exited with 1' 'one that exits'
# shellcheck disable=SC2016 # its own number
printf '#!/bin/sh\nkill -SEGV $$\n' >"$tmp/bad/broken" &&
    chmod 755 "$tmp/bad/broken"
refused 1 'broken: --describe died of signal 11' 'one that crashes'
printf '#!/bin/sh\nexec sleep 60\n' >"$tmp/bad/broken" &&
    chmod 755 "$tmp/bad/broken"
refused 1 'broken: --describe took over 2000 ms' 'one that hangs'
printf '#!/bin/sh\necho "{]"\n' >"$tmp/bad/broken" &&
    chmod 755 "$tmp/bad/broken"
refused 1 'broken: what --describe printed' 'one that prints garbage'
echo 'exit 0' | script other
mv "$tmp/bad/other" "$tmp/bad/broken"
refused 1 'broken: it names itself other than its file' 'a wrong name'
touch "$tmp/bad/broken" && chmod 644 "$tmp/bad/broken"
refused 1 'is not executable' 'one that may not be run'
refused 3 'No such file' 'one that is not there'

# --- what does not fit in ---------------------------------------------------

echo 'exit 0' | script broken
sed -i 's|/test/broken|/test/which|g' "$tmp/bad/broken"
refused 5 'broken.*which.*match the same path|which.*broken.*match the same' \
    'a route that is taken'
cp "$fns/guard" "$tmp/bad/guard"
refused 1 "guard: .*TEST_" "a setting that is missing" "$tmp/bad/guard"

# --- what does not work -----------------------------------------------------

# shellcheck disable=SC2016 # its own number
echo 'kill -SEGV $$' | script broken
refused 6 'broken: as CGI: it died of signal 11' 'one that crashes at its start'
printf 'printf "Status: 500\\r\\n\\r\\n"\n' | script broken
refused 6 'broken: as CGI: it answers 500 to GET /test/broken' '500'
echo 'echo hello' | script broken
refused 6 'broken: as CGI: its answer has no valid header' 'no header'
echo 'exit 3' | script broken
refused 6 'broken: as CGI: it exited with 3' 'one that ends by itself'
# A shell speaks CGI, and no FastCGI.
printf 'printf "Status: 200\\r\\n\\r\\n"\n' | script broken
refused 6 'broken: on its socket: ' 'one that is no FastCGI server'
cp "$fns/crash" "$tmp/bad/crash"
refused 6 'crash: as CGI: it died of signal 6' 'a handler that crashes' \
    "$tmp/bad/crash"

# One of many is enough, and all of them are named.
state >"$tmp/before"
cp "$fns/blank" "$fns/large" "$tmp/bad" && : >"$tmp/bad/a" &&
    : >"$tmp/bad/b" && chmod 755 "$tmp/bad/a" "$tmp/bad/b"
deploy "$tmp/bad"
like "$code $said" '2 of 4 executables' 'two of four: none is served'
like "$said" '/a: ' 'the one is named'
like "$said" '/b: ' 'and the other'
is "$(state)" "$(cat "$tmp/before")" 'nothing has changed'
rm -f "$tmp"/bad/*
for n in 1 2 3 4 5 6; do
	printf '#!/bin/sh\nexec sleep 60\n' >"$tmp/bad/h$n" &&
	    chmod 755 "$tmp/bad/h$n"
done
begin=$(uptime_s)
"$mayfly" list --functions "$tmp/bad" >"$tmp/list" 2>&1
ok 'what hangs does so side by side' \
    test $(($(uptime_s) - begin)) -le $((12 / $(nproc) + 3))
rm -f "$tmp"/bad/*

# --- a mayflyd that is not of the same mind ---------------------------------

build 0005
deploy "$tmp/in/which"
jq '.generation = 9' "$store/shop/current" >"$tmp/9" &&
    rm -f "$store/shop/current" && mv "$tmp/9" "$store/shop/9.json" &&
    ln -s 9.json "$store/shop/current" || exit 99
deploy "$tmp/in/which"
is "$code $(status | jq .generation)" '0 9' \
    'nothing to deploy, but mayflyd is told what is in force'
is "$(find "$run/shop" -name '*@*' -type s | wc -l)" 2 \
    'and nothing of what was refused has a socket'
like "$("$mayfly" help)" '6 health check failed' 'the help knows the code'
