#!/bin/sh
# SPDX-License-Identifier: MIT
# moderation-log shows moderators what was done, newest first.
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
plan 7
log() {
	fn moderation-log -t "$mod" -q "$1"
	shown=$(json '[.log[].action] | join(" ")')
}

log ''
is "$status $body" '200 {"log":[]}' 'nothing yet'
go article-hide PUT "$mod" "/$slug/hidden" '{"hidden":{"reason":"spam"}}'
go user-set-role PUT "$adm" /bob/role '{"user":{"role":"moderator"}}'
"$top_builddir/mayfly" role bob user >"$tmp/o" 2>&1
log ''
is "$shown" 'user-role user-role article-hide' 'newest first'
is "$(json '[.log[] | del(.id, .createdAt)] | map(tojson) | .[]')" \
    '{"moderator":null,"action":"user-role","username":"bob","slug":null,"commentId":null,"outcome":"user","reason":null}
{"moderator":"adm","action":"user-role","username":"bob","slug":null,"commentId":null,"outcome":"moderator","reason":null}
{"moderator":"mod","action":"article-hide","username":"ann","slug":"'"$slug"'","commentId":null,"outcome":null,"reason":"spam"}' \
    'by whom, what, to whom and why'
log limit=2
after=$(echo "$headers" | sed -n 's/^Link: .*after=\([0-9_]*\).*/\1/p')
log "limit=2&after=$after"
is "$shown" article-hide 'the next page'
sql "DELETE FROM account WHERE username IN ('ann', 'adm')"
log ''
is "$shown $(json '[.log[].moderator] | @json')" \
    'user-role user-role article-hide [null,null,"mod"]' \
    'it outlives those that it is about'
is "$(json '.log[2].username')" ann 'whose names it keeps'

asked_by_moderator
bad_input moderation-log
