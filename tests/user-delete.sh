#!/bin/sh
# SPDX-License-Identifier: MIT
# user-delete takes all of an account away, nothing of others, and leaves every
# count as it would be counted anew.
. "${top_srcdir:-.}/tests/lib.sh"

remove() { fn user-delete -t "$1" -m DELETE -d "{\"user\":{\"password\":\"$2\"}}"; }

# What is counted, and what a recount says: the same, twice.
counts() {
	sql "SELECT coalesce(sum(n), 0) FROM article_counter;
	    SELECT username, articles_count FROM account ORDER BY 1;
	    SELECT tag, articles_count FROM tag ORDER BY 1;
	    SELECT id, favorites_count, comments_count FROM article ORDER BY 1"
}
recount() {
	sql "SELECT count(*) FROM article WHERE counted;
	    SELECT username, (SELECT count(*) FROM article
		WHERE author_id = a.id AND counted) FROM account a ORDER BY 1;
	    SELECT tag, count(*) FROM article, unnest(tag_list) tag
		WHERE counted GROUP BY 1 ORDER BY 1;
	    SELECT id, (SELECT count(*) FROM favorite WHERE article_id = a.id),
		(SELECT count(*) FROM comment WHERE article_id = a.id
		AND hidden_at IS NULL) FROM article a ORDER BY 1"
}

db_start
ann=$(new_user ann)
bob=$(new_user bob)
a=$(sql "SELECT id FROM account WHERE username = 'ann'")
b=$(sql "SELECT id FROM account WHERE username = 'bob'")
sql "INSERT INTO article (slug, author_id, title, description, body, tag_list,
	published_at, hidden_at)
    SELECT 's' || n, CASE WHEN n <= 30 THEN $a ELSE $b END, 't', 'd', 'b',
	ARRAY['all', 't' || n % 7, CASE WHEN n <= 30 THEN 'hers' ELSE 'his' END],
	CASE n % 5 WHEN 0 THEN NULL WHEN 1 THEN now() + interval '1 d'
	    ELSE now() END,
	CASE WHEN n % 11 = 0 THEN now() END
    FROM generate_series(1, 60) n"
sql "INSERT INTO favorite (account_id, article_id)
    SELECT w, id FROM article, unnest(ARRAY[$a, $b]) w WHERE id % 3 = w % 3"
sql "INSERT INTO comment (article_id, author_id, body)
    SELECT id, w, 'c' FROM article, unnest(ARRAY[$a, $b]) w WHERE id % 4 < 3"
sql "INSERT INTO comment (article_id, author_id, body, parent_id)
    SELECT article_id, $b, 'answer', id FROM comment WHERE author_id = $a"
sql "INSERT INTO follow (follower_id, followed_id) VALUES ($a, $b), ($b, $a)"
fn session-create \
    -d '{"session":{"email":"ann@example.org","password":"correct horse"}}'
refresh=$(json .session.refreshToken)
plan 16

is "$(counts)" "$(recount)" 'the counts are right before'
fn user-delete -m DELETE -d '{"user":{"password":"correct horse"}}'
is "$status $body" '401 {"errors":{"token":["is missing"]}}' 'no token'
remove "$ann" 'wrong horse'
is "$status $body" '422 {"errors":{"password":["is wrong"]}}' 'a wrong password'
is "$(sql 'SELECT count(*) FROM article')" 60 'takes nothing away'
remove "$ann" 'correct horse'
is "$status$body" 204 'the right one'
is "$(counts)" "$(recount)" 'the counts are right after'
is "$(sql 'SELECT count(*) FROM article')" 30 'his articles stay'
is "$(sql "SELECT count(*) = 2 * (SELECT count(*) FROM article WHERE id % 4 < 3)
    FROM comment WHERE author_id = $b")" t \
    'and his comments on them, those that answered hers, too'
is "$(sql "SELECT count(*) FROM favorite WHERE account_id = $b")" \
    "$(sql "SELECT count(*) FROM article WHERE id % 3 = $b % 3")" \
    'and his favourites among them'
is "$(sql "SELECT string_agg(relname, ' ') FROM (VALUES
	('article'), ('favorite'), ('comment'), ('follow'), ('session'),
	('mail_token'), ('outbox')) t (relname)
    WHERE (xpath('//n/text()', query_to_xml(format('SELECT count(*) AS n
	FROM %I WHERE %L IN (to_jsonb(%I)->>''account_id'',
	to_jsonb(%I)->>''author_id'', to_jsonb(%I)->>''follower_id'',
	to_jsonb(%I)->>''followed_id'')', relname, '$a', relname, relname,
	relname, relname), true, false, '')))[1]::text <> '0'")" '' \
    'of hers nothing is left'
is "$(sql "SELECT recipient, payload, account_id FROM outbox
    WHERE kind = 'account-deleted'")" 'ann@example.org|{"username": "ann"}|' \
    'but the mail that says so'
fn user-get -t "$ann"
is "$status" 401 'her sessions have ended'
fn session-refresh -d "{\"refreshToken\":\"$refresh\"}"
is "$status" 401 'all of them'
fn user-get -t "$bob"
is "$status" 200 'his have not'
new_user ann >"$tmp/token"
is "$(sql "SELECT count(*) FROM account WHERE username = 'ann'")" 1 \
    'her name and address may be taken again'

bad_input user-delete
