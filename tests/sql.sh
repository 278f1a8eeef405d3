#!/bin/sh
# SPDX-License-Identifier: MIT
# sql -- the schema: what the functions' role may do, what the triggers keep
# right while many write at once, prepared statements, and scripts/seed.
. "${top_srcdir:-.}/tests/lib.sh"

pg_start
plan 64

ok 'the migrations apply' migrate

# as ROLE STATEMENT: the first line of its answer; for an error "permission
# denied", or the name of the constraint
as() {
	sql "SET ROLE ${roles}_$1; $2" 2>&1 | sed -n '
	    s/^ERROR:  \(permission denied\).*/\1/
	    s/^ERROR: .*constraint "\(.*\)".*/\1/
	    1p'
}

# The roles.
is "$(sql "SELECT count(*) FROM pg_roles JOIN function_role ON name = rolname
    WHERE rolcanlogin AND NOT (rolsuper OR rolcreatedb OR rolcreaterole
	OR rolreplication OR rolbypassrls)")" 3 \
    'the functions have three roles without attributes'
is "$(sql "SELECT unnest(rolconfig) FROM pg_roles
    JOIN function_role ON name = rolname" |
    grep -c -x -e 'statement_timeout=2500ms' -e 'lock_timeout=2s' \
	-e 'idle_in_transaction_session_timeout=5s' -e 'jit=off' \
	-e 'plan_cache_mode=force_generic_plan' -e 'search_path=public' \
	-e 'TimeZone=UTC' -e 'DateStyle=ISO' -e 'enable_memoize=off')" 27 \
    'with time-outs and generic plans'
for refused in \
    "INSERT INTO prepared_statement VALUES ('x', 'SELECT 1', 'reader')" \
    'DELETE FROM prepared_statement' \
    'SELECT FROM schema_migration' \
    'CREATE TABLE mine (x integer)' \
    'CREATE TEMP TABLE mine (x integer)' \
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'" \
    'UPDATE article SET favorites_count = 99' \
    'UPDATE article SET author_id = 1' \
    'UPDATE article_counter SET n = 0' \
    'DELETE FROM article_tag' \
    'DELETE FROM account' \
    'SELECT email FROM account' \
    'DELETE FROM tag' \
    'UPDATE article SET counted = true' \
    'UPDATE favorite SET listed_at = now()' \
    'UPDATE session SET ended_at = NULL' \
    "SELECT article_count('{}')" \
    'TRUNCATE article'; do
	is "$(as writer "$refused")" 'permission denied' "refused: $refused"
done

# Rows as the functions write them.
is "$(as account "INSERT INTO account (username, email, password_hash)
    SELECT 'user' || i, 'user' || i || '@x.example', 'h'
    FROM generate_series(1, 9) AS i RETURNING id")" 1 \
    'the role makes accounts'
is "$(as account "INSERT INTO account (username, email, password_hash)
    VALUES ('USER1', 'new@x.example', 'h')")" account_username_key \
    'names differ in more than case'
is "$(as account "INSERT INTO account (username, email, password_hash)
    VALUES ('new', 'User1@x.example', 'h')")" account_email_key \
    'and so do addresses'
is "$(as writer "INSERT INTO article (slug, author_id, title, description, body,
    tag_list) SELECT 'slug' || i, 1 + i % 3, 't', 'd', 'b', '{b,a,b}'
    FROM generate_series(1, 20) AS i RETURNING created_at = updated_at")" t \
    'and articles, whose two timestamps are the same'
is "$(as writer "INSERT INTO article (slug, author_id, title, description, body)
    VALUES ('slug1', 1, 't', 'd', 'b')")" article_slug_key \
    'an address is taken once'
is "$(as writer "INSERT INTO article (slug, author_id, title, description, body)
    VALUES ('new', 4711, 't', 'd', 'b')")" article_author_id_fkey \
    'an author must exist'
is "$(as writer 'INSERT INTO follow (follower_id, followed_id) VALUES (1, 1)')" \
    follow_not_oneself 'nobody follows himself'
is "$(sql 'SELECT count(*), min(tag), max(tag) FROM article_tag')" '40|a|b' \
    'each tag of an article has one row'
as writer "UPDATE article SET tag_list = '{c}' WHERE slug = 'slug1'" >"$tmp/o"
as writer "UPDATE article SET tag_list = '{}' WHERE slug = 'slug2'" >"$tmp/o"
as writer "INSERT INTO favorite (account_id, article_id)
    SELECT account.id, article.id FROM account, article
    WHERE slug IN ('slug1', 'slug2')" >"$tmp/o"
as writer 'DELETE FROM favorite WHERE account_id = 2' >"$tmp/o"
as writer "INSERT INTO comment (article_id, author_id, body)
    SELECT id, 1, 'c' FROM article" >"$tmp/o"
is "$(sql "SELECT favorites_count FROM article WHERE slug = 'slug1'")" 8 \
    'favourites are counted'
is "$(disagreement)" '' 'counters and tags agree'
as writer "DELETE FROM article WHERE slug = 'slug1'" >"$tmp/o"
sql 'DELETE FROM account WHERE id = 1'
is "$(disagreement)" '' 'and after an article and an account are deleted'
is "$(sql 'SELECT count(*) FROM comment
    WHERE article_id NOT IN (SELECT id FROM article)')" 0 \
    'what belonged to them went with them'

# Drafts, what is scheduled, and what is hidden.  $user8 has nothing yet.
listed() {
	sql "SELECT articles_count, (SELECT string_agg(tag || articles_count, ' '
	    ORDER BY tag) FROM tag WHERE tag ~ '^[mn]$'), (SELECT sum(n)
	    FROM article_counter) - $others FROM account
	    WHERE username = 'user8'"
}
others=$(sql 'SELECT sum(n) FROM article_counter')
write() {
	as writer "INSERT INTO article (slug, author_id, title, description,
	    body, tag_list, published_at) SELECT '$1', id, 't', 'd', 'b',
	    '{m,n,m}', $2 FROM account WHERE username = 'user8'"
}
write draft NULL
is "$(listed)$(disagreement)" '0||0' 'a draft is counted nowhere'
is "$(sql "SELECT count(*) FROM article_tag WHERE tag = 'm'")" 0 \
    'and has no tags yet'
as writer "UPDATE article SET published_at = now() WHERE slug = 'draft'"
is "$(listed)$(disagreement)" '1|m1 n1|1' 'until it is published'
as writer "INSERT INTO favorite (account_id, article_id)
    SELECT 3, id FROM article WHERE slug = 'draft'"
as writer "UPDATE article SET published_at = NULL WHERE slug = 'draft'"
is "$(listed)$(disagreement)" '0||0' 'and again when it is taken back'
as writer "UPDATE article SET published_at = '2020-01-01' WHERE slug = 'draft'"
sql "UPDATE article SET hidden_at = now() WHERE slug = 'draft'"
is "$(listed)$(disagreement)" '0||0' 'what is hidden is not counted either'
as writer "UPDATE article SET tag_list = '{m}' WHERE slug = 'draft'"
is "$(listed)$(disagreement)" '0||0' 'nor when its author changes it'
as writer "UPDATE article SET published_at = now() WHERE slug = 'draft'"
is "$(listed)$(disagreement)" '0||0' 'or publishes it again'
sql "UPDATE article SET hidden_at = NULL WHERE slug = 'draft'"
is "$(listed)$(disagreement)" '1|m1|1' 'until it is shown again'
write ahead "now() + interval '1 day'"
is "$(listed)$(disagreement)" '1|m1|1' 'what is scheduled is not counted'
# Its time has come: the constraint-like triggers are left out of it, as they are
# when the clock moves.
sql "SET session_replication_role = replica;
    UPDATE article SET published_at = now() - interval '1 minute'
    WHERE slug = 'ahead';
    UPDATE article_tag SET listed_at = (SELECT listed_at FROM article
	WHERE slug = 'ahead')
    WHERE article_id = (SELECT id FROM article WHERE slug = 'ahead')"
is "$(listed)" '1|m1|1' 'nor at once when its time has come'
write next 'now()'
is "$(listed)$(disagreement)" '3|m3 n2|3' 'but when anybody writes the next'
as writer "DELETE FROM article WHERE slug IN ('ahead', 'next', 'draft')"
is "$(listed)$(disagreement)" '0||0' 'and no more when they are deleted'

as writer "INSERT INTO comment (article_id, author_id, body)
    SELECT id, 3, 'c' FROM article WHERE slug IN ('slug5', 'slug5', 'slug6')"
sql "UPDATE comment SET hidden_at = now() WHERE author_id = 3
    AND article_id = (SELECT id FROM article WHERE slug = 'slug5')"
is "$(disagreement)" '' 'a hidden comment is not counted'
as writer "DELETE FROM comment WHERE author_id = 3"
is "$(disagreement)" '' 'also when it is deleted'

# Many writers at once, each statement a transaction; the articles that all of
# them change are taken in different orders.
worker() {
	sql "DO \$\$
	DECLARE made bigint;
	BEGIN
		FOR i IN 1..60 LOOP
			INSERT INTO article (slug, author_id, title,
			    description, body, tag_list)
			VALUES ('w$1-' || i, 2 + $1, 't', 'd', 'b',
			    ARRAY['t' || i % 7, 'w$1']) RETURNING id INTO made;
			COMMIT;
			INSERT INTO favorite (account_id, article_id)
			SELECT 2 + $1, id FROM article WHERE slug LIKE 'slug%'
			ORDER BY id ON CONFLICT DO NOTHING;
			COMMIT;
			PERFORM FROM article WHERE id % 3 = i % 3
			ORDER BY id FOR NO KEY UPDATE;
			DELETE FROM favorite WHERE account_id = 2 + $1
			    AND article_id % 3 = i % 3;
			COMMIT;
			INSERT INTO comment (article_id, author_id, body)
			SELECT id, 2 + $1, 'c' FROM article
			WHERE slug LIKE 'slug%'
			ORDER BY id * CASE i % 2 WHEN 0 THEN 1 ELSE -1 END;
			COMMIT;
			UPDATE article SET tag_list = ARRAY['x', 'y', 't' || i % 7],
			    published_at = CASE WHEN i % 5 > 0 THEN now() END
			WHERE slug = 'slug' || 3 + (i * $1) % 17;
			COMMIT;
			IF i % 3 = 0 THEN
				DELETE FROM article WHERE id = made;
			ELSE
				UPDATE article SET tag_list = '{x,y}'
				WHERE id = made - i % 2;
			END IF;
			COMMIT;
		END LOOP;
	END \$\$" >"$tmp/worker$1" 2>&1
}
pids=
for i in 1 2 3 4 5 6; do
	worker "$i" &
	pids="$pids $!"
done
failed=0
for pid in $pids; do
	wait "$pid" || failed=$((failed + 1))
done
cat "$tmp"/worker* | sed 's/^/# /'
is "$failed" 0 'six writers at once do not hinder each other'
is "$(sql "SELECT count(*) FROM article WHERE slug LIKE 'w%'")" 240 \
    'their articles are there'
is "$(disagreement)" '' 'and counters and tags agree'
sql 'TRUNCATE favorite' 2>"$tmp/e"
is "$(disagreement)" '' 'also after TRUNCATE favorite'
sql 'TRUNCATE comment' 2>"$tmp/e"
is "$(disagreement)" '' 'and TRUNCATE comment'
sql 'TRUNCATE account CASCADE' 2>"$tmp/e"
is "$(disagreement)$(sql 'SELECT sum(n) FROM article_counter')" 0 \
    'and after TRUNCATE account CASCADE'

# Prepared statements.
sql "INSERT INTO prepared_statement (name, sql, role) VALUES
    ('bad@1', 'SELECT nothing FROM nowhere', 'reader'),
    ('good@1', 'SELECT \$1::integer + 1 AS next', 'reader'),
    ('other@1', 'SELECT 1', 'writer'),
    ('worse@1', 'SELEKT', 'reader')"
is "$(sql "SET ROLE ${roles}_reader; SELECT prepare_statements();
    SELECT prepare_statements(); SELECT name FROM pg_prepared_statements;
    EXECUTE \"good@1\"(41)" | tr '\n' ' ')" '1 0 good@1 42 ' \
    'a role prepares its own, once, and passes over bad ones'

# "mayfly db statements", with functions that are shell scripts.
mkdir "$tmp/functions"
function_with() {
	cat >"$tmp/functions/probe" <<EOF
#!/bin/sh
cat <<'END'
$(printf '{"name":"probe","route":"GET /api/probe","method":"GET",')
"path":"/api/probe","about":"A probe.","auth":"public","role":"reader","body_root":null,
"inputs":[],"settings":[],"statements":[$1],"cache_tags":null,"limits":{
"body_max_bytes":1048576,"reply_max_bytes":6291456,"deadline_ms":3000,
"query_ms":2500,"queries":32,"max_instances":4,"idle_ms":1000,"max_requests":100,"memory_max_mib":128}}
END
EOF
	chmod +x "$tmp/functions/probe"
}
statements() {
	"$top_builddir/mayfly" db statements "$tmp/functions" 2>"$tmp/e"
	echo "$?"
	sed 's/^/# /' "$tmp/e" >&2
}
one='{"name":"probe.one","prepared":"probe.one@199e7bca63ea84f2","line":1,"arguments":0,"sql":"SELECT 1"}'
two='{"name":"probe.two","prepared":"probe.two@199e7aca63ea833f","line":1,"arguments":0,"sql":"SELECT 2"}'
wrong='{"name":"probe.two","prepared":"probe.two@1","line":1,"arguments":0,"sql":"SELECT 3"}'
sql 'DELETE FROM prepared_statement'
function_with "$one,$two"
is "$(statements | tr '\n' ' ')" 'changed: 2 statements of 1 functions, 2 added, 0 of older versions, 0 removed 0 ' \
    'new statements change the table'
is "$(statements | cut -d: -f1 | tr '\n' ' ')" 'unchanged 0 ' \
    'the second time nothing changes'
function_with "$two"
is "$(statements | head -n 1)" 'unchanged: 1 statements of 1 functions, 0 added, 1 of older versions, 0 removed' \
    'a statement that is not used any more stays'
sql "UPDATE prepared_statement SET seen_at = seen_at - interval '25 hours'"
is "$(statements | head -n 1)" 'unchanged: 1 statements of 1 functions, 0 added, 0 of older versions, 1 removed' \
    'for a day'
function_with "$one,$wrong"
is "$(statements 2>"$tmp/e2")" 1 'what is no function is refused'

# scripts/seed.
everything() {
	sql "SELECT md5(string_agg(row::text, ',' ORDER BY row::text)) FROM (
	    SELECT account::text AS row FROM account
	    UNION ALL SELECT article::text FROM article
	    UNION ALL SELECT article_tag::text FROM article_tag
	    UNION ALL SELECT favorite::text FROM favorite
	    UNION ALL SELECT follow::text FROM follow
	    UNION ALL SELECT comment::text FROM comment) AS t"
}
seed() { "$top_srcdir/scripts/seed" "$1" >"$tmp/seed" 2>&1; }
seed 500
is "$? $(sql 'SELECT count(*) FROM article')" '0 500' 'seed 500 makes 500'
before=$(everything)
seed 500
is "$? $(everything)" "0 $before" 'a second time it adds nothing'
is "$(disagreement)" '' 'counters and tags agree'
sql 'TRUNCATE account RESTART IDENTITY CASCADE' 2>"$tmp/e"
seed 300
seed 500
first=$(everything)
sql 'TRUNCATE account RESTART IDENTITY CASCADE' 2>"$tmp/e"
seed 500
is "$(everything)" "$first" 'the content depends on nothing but the number'
is "$(sql "SELECT count(*) FROM article WHERE created_at > now()")" 0 \
    'and lies in the past'
