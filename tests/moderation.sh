#!/bin/sh
# SPDX-License-Identifier: MIT
# moderation -- who may what: each route as a stranger, a user, a moderator and
# an admin; a role counts at once; what is counted is right whatever is hidden,
# and two moderators at once do one thing.
# shellcheck disable=SC2030,SC2031 # the second has a folder of its own
. "${top_srcdir:-.}/tests/lib.sh"
. "$top/tests/moderation_lib.sh"

db_start
cast
zoe=$(new_user zoe)
say "$bob" c
now_hidden='{"hidden":{"reason":"r"}}'
reported='{"report":{"reason":"spam"}}'
closed='{"report":{"status":"closed","resolution":"accepted"}}'

# FUNCTION METHOD PATH BODY STATUSES, these as stranger, user, moderator, admin.
table() {
	cat <<-END
	article-hide|PUT|/$slug/hidden|$now_hidden|401 403 204 204
	article-unhide|DELETE|/$slug/hidden||401 403 204 204
	article-hide|PUT|/nowhere/hidden|$now_hidden|401 403 404 404
	article-unhide|DELETE|/nowhere/hidden||401 403 404 404
	comment-hide|PUT|/$slug/comments/$id/hidden|$now_hidden|401 403 204 204
	comment-unhide|DELETE|/$slug/comments/$id/hidden||401 403 204 204
	comment-hide|PUT|/$slug/comments/999/hidden|$now_hidden|401 403 404 404
	comment-unhide|DELETE|/$slug/comments/999/hidden||401 403 404 404
	report-list|GET|||401 403 200 200
	report-close|PUT|/999|$closed|401 403 404 404
	moderation-log|GET|||401 403 200 200
	user-suspend|PUT|/zoe/suspension|{"suspension":{"reason":"r"}}|401 403 204 204
	user-unsuspend|DELETE|/zoe/suspension||401 403 204 204
	user-suspend|PUT|/mod/suspension|{"suspension":{"reason":"r"}}|401 403 403 204
	user-unsuspend|DELETE|/mod/suspension||401 403 403 204
	user-suspend|PUT|/adm/suspension|{"suspension":{"reason":"r"}}|401 403 403 403
	user-suspend|PUT|/nobody/suspension|{"suspension":{"reason":"r"}}|401 403 404 404
	user-unsuspend|DELETE|/nobody/suspension||401 403 404 404
	user-set-role|PUT|/zoe/role|{"user":{"role":"user"}}|401 403 403 200
	user-set-role|PUT|/adm/role|{"user":{"role":"user"}}|401 403 403 409
	user-set-role|PUT|/nobody/role|{"user":{"role":"user"}}|401 403 403 404
	user-role|GET|||401 200 200 200
	article-report|POST|/$slug/reports|$reported|401 201 201 201
	comment-report|POST|/$slug/comments/$id/reports|$reported|401 201 201 201
	comment-update|PUT|/$slug/comments/$id|{"comment":{"body":"d"}}|401 200 403 403
	profile-block|PUT|/zoe/block||401 200 200 200
	block-list|GET|||401 200 200 200
	profile-unblock|DELETE|/zoe/block||401 200 200 200
	END
}
table >"$tmp/table"
plan $(($(wc -l <"$tmp/table") + 32))

# The suspension of mod ends his session.
while IFS='|' read -r name method path data want; do
	got=
	for token in '' "$bob" "$mod" "$adm"; do
		go "$name" "$method" "$token" "$path" "$data"
		got="$got $status"
	done
	is "${got# }" "$want" "$name $path"
	test "$name$path" != user-suspend/mod/suspension ||
	    sql 'UPDATE session SET ended_at = NULL'
done <"$tmp/table"
is "$(cd "$top" && grep -lE '"[A-Z]+ /api/(moderation|admin)/' cgi-bin/*.c |
    sed 's|.*/||; s|\.c$||' | sort)" \
    "$(grep '403' "$tmp/table" | cut -d '|' -f 1 |
	grep -v comment-update | sort -u)" \
    'each route of moderators is in the table'
is "$(sql "SELECT count(*) FROM moderation_log")" 8 \
    'what changed nothing is not logged'

# Who has no role learns nothing; what is wrong with a body is no secret.
go article-hide PUT "$bob" /nowhere/hidden "$now_hidden"
is "$(refusal)" '403 user: forbidden' 'a user is told this, and no more'
go article-hide PUT "$bob" /nowhere/hidden '{"hidden":{"reason":" "}}'
is "$(refusal)" "422 reason: can't be blank" '422 comes first'
go user-suspend PUT "$mod" /adm/suspension '{"suspension":{"reason":"r"}}'
is "$(refusal)" '403 profile: forbidden' 'an admin is left alone'

# A role counts at once, and so does its end.
go user-set-role PUT "$adm" /bob/role '{"user":{"role":"moderator"}}'
is "$status $body" '200 {"user":{"username":"bob","role":"moderator"}}' \
    'bob becomes a moderator'
go report-list GET "$bob" ''
is "$status" 200 'and is one, with the token that he had'
go user-set-role PUT "$adm" /bob/role '{"user":{"role":"user"}}'
go report-list GET "$bob" ''
is "$status" 403 'and no more'
go user-role GET "$bob" ''
is "$body" '{"user":{"username":"bob","role":"user"}}' 'he can ask'
sql "UPDATE account SET suspended_at = now() WHERE username = 'mod';
    UPDATE session SET ended_at = NULL"
go report-list GET "$mod" ''
is "$status" 403 'a moderator who is suspended is none, even with a session'
sql "UPDATE account SET suspended_at = NULL"

# Two at once.  A third session holds what they all want until they wait.
waiting() {
	test "$(sql "SELECT count(*) FROM pg_stat_activity
	    WHERE wait_event_type = 'Lock'
	    AND datname = current_database()")" -ge "$1"
}
# at_once LOCK: runs first and second while the rows of the query LOCK are held;
# $statuses.
at_once() {
	mkfifo "$tmp/hold"
	psql_cluster -d "$database" <"$tmp/hold" >"$tmp/held" 2>&1 &
	holder=$!
	exec 9>"$tmp/hold"
	echo "BEGIN; $1;" >&9
	wait_for grep -q . "$tmp/held"
	(
		first
		echo "$status" >"$tmp/first"
	) &
	one=$!
	wait_for waiting 1
	(
		tmp=$tmp/second
		mkdir -p "$tmp"
		second
		echo "$status" >"$tmp/status"
	) &
	two=$!
	wait_for waiting 2
	echo 'COMMIT;' >&9
	exec 9>&-
	wait "$one" "$two" "$holder"
	rm "$tmp/hold"
	statuses="$(cat "$tmp/first") $(cat "$tmp/second/status")"
}
sql "DELETE FROM report"
go article-report POST "$bob" "/$slug/reports" "$reported"
report=$(json .report.id)
first() { go report-close PUT "$mod" "/$report" "$closed"; }
second() { go report-close PUT "$adm" "/$report" "$closed"; }
at_once "SELECT id FROM report FOR UPDATE"
is "$statuses" '200 409' 'two close one report: the second is told'
logged_before=$(sql 'SELECT count(*) FROM moderation_log')
first() { go article-hide PUT "$mod" "/$slug/hidden" "$now_hidden"; }
second() { go article-hide PUT "$adm" "/$slug/hidden" "$now_hidden"; }
at_once "SELECT id FROM article FOR UPDATE"
is "$statuses $(($(sql 'SELECT count(*) FROM moderation_log') -
    logged_before)) $(recount)" '204 204 1 ' \
    'two hide one article: it is hidden, and logged, once'
first() { go article-unhide DELETE "$mod" "/$slug/hidden"; }
second() { go comment-hide PUT "$adm" "/$slug/comments/$id/hidden" \
    "$now_hidden"; }
at_once "SELECT id FROM article FOR UPDATE"
is "$statuses $(recount)" '204 204 ' 'one shows it, another hides a comment'

# The last admin.
adm2=$(new_user adm2)
sql "UPDATE account SET role = 'admin' WHERE username = 'adm2'"
first() { go user-set-role PUT "$adm" /adm2/role '{"user":{"role":"user"}}'; }
second() { go user-set-role PUT "$adm2" /adm/role '{"user":{"role":"user"}}'; }
at_once "SELECT id FROM account WHERE role = 'admin' FOR UPDATE"
is "$statuses $(sql "SELECT string_agg(username, ' ') FROM account
    WHERE role = 'admin'")" '200 409 adm' \
    'two admins take the role from each other: one remains'
go user-set-role PUT "$adm" /adm/role '{"user":{"role":"moderator"}}'
is "$(refusal)" "409 role: is the last admin's" 'who keeps it'
go user-set-role PUT "$adm" /adm/role '{"user":{"role":"admin"}}'
is "$status" 200 'and may say so'
sql "UPDATE account SET role = 'admin' WHERE username = 'adm2'"
go user-set-role PUT "$adm" /adm/role '{"user":{"role":"user"}}'
is "$status $body" '200 {"user":{"username":"adm","role":"user"}}' \
    'with another one he may give it back'
sql "UPDATE account SET role = 'admin' WHERE username = 'adm'"

# Counters through all of it.
second_slug=$(new_article two)
for token in "$ann" "$bob" "$zoe"; do
	go article-favorite POST "$token" "/$slug/favorite"
	go article-favorite POST "$token" "/$second_slug/favorite"
	say "$token" d
	say "$token" e "$id"
done
is "$(recount)" '' 'counters equal a recount at first'
go article-hide PUT "$mod" "/$slug/hidden" "$now_hidden"
is "$status $(recount)" '204 ' 'with an article hidden'
fn article-list
is "$(json '[.articles[].slug, .articlesCount] | @json')" \
    "[\"$second_slug\",1]" 'which is not listed'
fn article-list -q author=ann
is "$(json .articlesCount)" 1 'nor with its author'
fn tag-list
is "$(json '.tags | @json')" '["two","x"]' 'nor is its tag'
fn article-list -q favorited=bob
is "$(json .articlesCount)" 1 'nor among favourites'
go comment-hide PUT "$mod" "/$slug/comments/$id/hidden" "$now_hidden"
is "$status $(recount)" '204 ' 'a comment on it hidden as well'
go comment-delete DELETE "$zoe" "/$slug/comments/$id"
is "$status" 404 'which nobody finds now'
go article-unhide DELETE "$mod" "/$slug/hidden"
is "$status $(recount)" '204 ' 'shown again'
go comment-delete DELETE "$zoe" "/$slug/comments/$id"
is "$status $(recount)" '204 ' 'a hidden comment is deleted by who wrote it'
go user-suspend PUT "$mod" /zoe/suspension '{"suspension":{"reason":"r"}}'
is "$status $(recount)" '204 ' 'a suspension changes no count'
go article-hide PUT "$mod" "/$second_slug/hidden" "$now_hidden"
go article-delete DELETE "$ann" "/$second_slug"
is "$status $(recount)" '204 ' 'a hidden article is deleted by its author'
sql "DELETE FROM account WHERE username = 'bob'"
is "$(recount)" '' 'an account goes, with comments, some hidden'
go report-list GET "$adm" '' ''
is "$status $(json '.reports | length')" '200 0' 'and with its reports'
is "$(sql "SET ROLE ${roles}_account; SELECT has_table_privilege(
    'moderation_log', 'UPDATE, DELETE, TRUNCATE')
    OR has_table_privilege('${roles}_writer', 'moderation_log',
	'UPDATE, DELETE, TRUNCATE')
    OR has_table_privilege('${roles}_reader', 'moderation_log', 'SELECT')")" \
    f 'no role of functions can change the log, nor a reader see it'
