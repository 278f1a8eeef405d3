#!/bin/sh
# SPDX-License-Identifier: MIT
# The store: releases by their content, generations by number, what is kept and
# what goes, who may write, and what a killed deploy leaves.
. "${top_srcdir:-.}/tests/lib.sh"

mayfly=$top_builddir/mayfly
store=$tmp/store app=$tmp/store/shop
mkdir "$tmp/in"
(umask 077 && cat >"$tmp/env") <<END
MAYFLY_RUN_DIR=$tmp/run
MAYFLY_STORE=$store
MAYFLY_APP=shop
MAYFLY_TOKEN_SECRET=$secret
END

# mf COMMAND...: sets $code, $said (both streams).
mf() {
	said=$(MAYFLY_ENV_FILE=$tmp/env "$mayfly" "$@" 2>&1)
	code=$?
}
deploy() { mf deploy --no-database "$@"; }
# build N: the N-th build of which, at $tmp/in/which.
build() {
	sed "s/build-0000/build-$1/" "$top_builddir/tests/fn/which" \
	    >"$tmp/in/which.new" && chmod 755 "$tmp/in/which.new" &&
	    mv "$tmp/in/which.new" "$tmp/in/which"
}
hash_of() { sha256sum "$1" | cut -d ' ' -f 1; }
now() { jq -r "$1" "$app/current"; }
releases() { find "$store" -maxdepth 1 -name '????????????????*' | wc -l; }

plan 43
build 0001
first=$(hash_of "$tmp/in/which")
deploy -m 'the first' "$tmp/in/which"
is "$code" 0 'a deploy without a mayflyd'
like "$said" 'generation 1 of shop: 1 added.*when mayflyd starts' 'says so'
is "$(readlink "$app/current")" 1.json 'generation 1 is in force'
is "$(now '.generation, .why, .functions[0].name, .functions[0].release' |
    paste -sd ' ')" "1 the first which $first" 'and is what was said'
is "$(stat -c %a "$store/$first/which")" 555 'the executable is read-only'
is "$(hash_of "$store/$first/which")" "$first" 'its content is its name'
is "$(jq -r .name "$store/$first/describe.json")" which 'beside its descriptor'
is "$(jq -r .why "$store/$first/arrival.json")" 'the first' 'and why it came'
like "$(jq -r .at "$store/$first/arrival.json")" '^20..-..-..T.*Z$' 'and when'

deploy "$tmp/in/which"
like "$code $said" '^0 unchanged: generation 1' 'the same again changes nothing'
is "$(find "$app" -name '*.json' -type f | wc -l)" 1 'not even a file'
touch "$tmp/in/which"
deploy "$tmp/in/which"
like "$said" '^unchanged' 'content counts, not its date'

build 0002
second=$(hash_of "$tmp/in/which")
deploy -o json "$tmp/in/which"
is "$(printf '%s' "$said" | jq -c '[.generation, .before, .replaced, .added]')" \
    '[2,1,["which"],[]]' 'another: the outcome as JSON'
is "$(now '.functions[0] | .release, .previous' | paste -sd ' ')" \
    "$second $first" 'the one before is the previous one'
mf versions
like "$said" '^ *2 .* current .* deploy .*/which$' 'versions: the generations'
mf versions which
is "$(printf '%s\n' "$said" | awk 'NR > 1 { print $1, $3 }' | paste -sd ' ')" \
    "$(printf %.12s "$second") current $(printf %.12s "$first") previous" \
    'and the releases of one'
mf versions nothing
is "$code" 3 'of what is not there: 3'
mf versions -o json which
is "$(printf '%s' "$said" | jq -r '.releases[1].release')" "$first" 'as JSON'

mf rollback --no-database which
is "$code $(now '.functions[0].release')" "0 $first" 'rollback NAME'
mf rollback --no-database
is "$code $(now '.functions[0].release')" "0 $second" \
    'rollback: what was served before that'
mf rollback --no-database 1
is "$code $(now '.generation, .functions[0].release' | paste -sd ' ')" \
    "0 5 $first" 'rollback N, as a new generation'
mf rollback --no-database 99
is "$code" 3 'one that is not there: 3'

cp "$top_builddir/tests/fn/nap" "$tmp/in/nap"
deploy "$tmp/in"
is "$(now '[.functions[].name] | join(" ")')" 'nap which' \
    'a folder is the whole application'
deploy "$tmp/in/which"
is "$(now '[.functions[].name] | join(" ")')" 'nap which' \
    'a file is a part of it'
mf delete --no-database nap
is "$code $(now '[.functions[].name] | join(" ")')" '0 which' 'delete'
mf delete --no-database nap
is "$code" 3 'what is not served: 3'

# --- canaries ---------------------------------------------------------------

build 0003
third=$(hash_of "$tmp/in/which")
before=$(now '.functions[0].release')
deploy --canary 10 "$tmp/in/which"
is "$code $(now '.functions[0] | .release, .canary, .share' | paste -sd ' ')" \
    "0 $before $third 10" 'a canary beside the release'
mf promote --no-database which
is "$(now '.functions[0] | .release, .previous, .canary' | paste -sd ' ')" \
    "$third $before null" 'promoted'
mf promote --no-database which
is "$code" 3 'without a canary: 3'
build 0004
deploy --canary 10 "$tmp/in/which"
mf rollback --no-database which
is "$(now '.functions[0] | .release, .canary' | paste -sd ' ')" "$third null" \
    'rolled back: only the canary goes'
deploy --canary 10 "$tmp/in/nap"
is "$code" 3 'a canary beside nothing: 3'
deploy --canary 100 "$tmp/in/which"
is "$code" 2 'all requests are no share'

# --- what is kept -----------------------------------------------------------

for n in 11 12 13 14 15 16 17 18 19 20 21 22; do
	build "00$n"
	deploy "$tmp/in/which"
done
mf versions which
is "$(printf '%s\n' "$said" | tail -n +2 | wc -l)" 10 \
    'ten releases of a function are kept'
ok 'the first is gone' test ! -e "$store/$first"
is "$(for file in "$app"/[0-9]*.json; do
	jq -r '.functions[].release' "$file"
done | sort -u | while read -r hash; do
	test -x "$store/$hash/which" || echo "$hash"
done)" '' 'no generation names what is gone'

# --- one at a time, and a killed one ----------------------------------------

(
	flock 8
	echo 4711 >&8
	touch "$tmp/locked"
	while test ! -e "$tmp/enough"; do pause; done
) 8>>"$app/lock" &
kill_at_exit $!
wait_for test -e "$tmp/locked"
build 0023
deploy "$tmp/in/which"
like "$code $said" '^5 .*process [0-9]+ is changing shop' \
    'a second one at a time: 5, and who it is'
: >"$tmp/enough"
wait

mkdir "$store/.new-left" && echo >"$store/.new-left/which" &&
    echo '{"half' >"$app/99.json" && echo >"$app/100.json~" || exit 99
number=$(now .generation)
deploy "$tmp/in/which"
is "$code $(now .generation)" "0 $((number + 1))" \
    'what a killed one left is swept away'
is "$(find "$store" -name '.new-*' -o -name '*~' -o -name 99.json)" '' 'all of it'

failed=0
for n in 31 32 33 34 35 36 37 38 39 40; do
	build "00$n"
	(
		MAYFLY_ENV_FILE=$tmp/env exec "$mayfly" deploy --no-database \
		    "$tmp/in/which" >"$tmp/killed" 2>&1
	) &
	victim=$!
	sleep "0.0$((n % 7 + 1))" # the moment of the fault
	kill -9 "$victim" 2>"$tmp/gone"
	wait "$victim" 2>"$tmp/gone"
	hash=$(now '.functions[0].release')
	test "$(hash_of "$store/$hash/which")" = "$hash" ||
	    failed=$((failed + 1))
done
is "$failed" 0 'killed at any moment: what is in force is whole'
deploy "$tmp/in/which"
is "$code $(now '.functions[0].release')" "0 $(hash_of "$tmp/in/which")" \
    'and the next one does its work'
is "$(find "$store" -name '.new-*' -o -name '*~')" '' 'nothing is left'

# --- what cannot be ---------------------------------------------------------

twelve=$(printf '%.12s' "$(hash_of "$tmp/in/nap")")$(repeat 52 0)
mkdir "$store/$twelve" && cp "$tmp/in/nap" "$store/$twelve/nap" || exit 99
deploy "$tmp/in/nap"
like "$code $said" '^1 .*another release of it begins with' \
    'two releases of a function with one socket: refused'
rm -rf "${store:?}/$twelve"
cp "$tmp/in/which" "$tmp/in/twin"
deploy "$tmp/in/twin"
is "$code" 1 'one content under two names: refused'
