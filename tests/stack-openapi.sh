#!/bin/sh
# SPDX-License-Identifier: MIT
# A typed client from /openapi.json with programs that are not ours: types by
# openapi-typescript, compiled strictly, calls by openapi-fetch. Each answer on
# the way is what the document says it is.
. "${top_srcdir:-.}/tests/lib.sh"

command -v node >/dev/null || skip_all 'node is not installed'
npm_require
stack_start
curl -s --noproxy '*' "$url/openapi.json" >"$tmp/openapi.json"
cd "$tmp/client" || exit 99
echo '{"type":"module"}' >package.json

steps=$(echo [0-9]*.ts | wc -w)
plan "$((steps + 7))"
ok 'openapi-typescript makes types' \
    "$tmp/node_modules/.bin/openapi-typescript" "$tmp/openapi.json" -o api.d.ts
ok 'the client compiles, strictly' "$tmp/node_modules/.bin/tsc" -p .
sed 's/tag: .ts., limit: 5/tag: 5/' 20-articles.ts >99-wrong.ts
"$tmp/node_modules/.bin/tsc" -p . --noEmit >"$tmp/wrong"
like "$(cat "$tmp/wrong")" "^99-wrong.ts.*'number' is not assignable" \
    'and would not with an input of another type'

node main.js "$url" "$tmp/answers" >"$tmp/steps" 2>&1
for step in [0-9]*.js; do
	name=${step%.js}
	name=${name#*-}
	is "$(grep "^$name " "$tmp/steps")" "$name ok" "does: $name"
done
is "$(grep -v ' ok$' "$tmp/steps")" '' 'and says nothing else'
is "$(cd "$tmp" && node openapi.mjs answers openapi.json answers)" '' \
    'each answer is what the document says'
# Other routes have tests of their own.
{
	awk '/^  \/.*:$/ { path = substr($1, 1, length($1) - 1) }
	    /^    (get|post|put|delete):$/ { sub(":", "", $1)
		print toupper($1) " /api" path }' "$top/tests/npm/realworld.yml"
	printf '%s\n' 'POST /api/sessions' 'POST /api/sessions/refresh' \
	    'GET /api/user/sessions' 'DELETE /api/sessions/current'
} | sort >"$tmp/due"
is "$(wc -l <"$tmp/due")" 23 'the contract has 19 routes, sessions 4'
jq -r 'select(.status < 300) | "\(.method) \(.path)"' "$tmp/answers" |
    sort -u >"$tmp/done"
is "$(comm -23 "$tmp/due" "$tmp/done")" '' 'each of them has been called'
