-- SPDX-License-Identifier: MIT
-- user-delete    $1 id of the user
-- name: by-id
SELECT password_hash FROM account WHERE id = $1::bigint

-- name: lock
-- This and what follows is one transaction.  Rows are locked as in
-- 003-blog-trigger.sql: first all articles whose row or counts will change, by
-- id.
SELECT count(*) FROM (SELECT id FROM article
	WHERE id IN (SELECT id FROM article WHERE author_id = $1::bigint
		UNION SELECT article_id FROM favorite
			WHERE account_id = $1::bigint
		UNION SELECT article_id FROM comment
			WHERE author_id = $1::bigint)
	ORDER BY id FOR NO KEY UPDATE) locked

-- name: remove-comments
-- Those of others on its articles, too: one by one, behind each article, they
-- would take many times as long.  The same goes for favourites.
DELETE FROM comment WHERE id IN (
	SELECT id FROM comment WHERE author_id = $1::bigint
	UNION SELECT c.id FROM article a
		CROSS JOIN LATERAL (SELECT id FROM comment
			WHERE article_id = a.id) c
		WHERE a.author_id = $1::bigint)

-- name: remove-favorites
DELETE FROM favorite WHERE (account_id, article_id) IN (
	SELECT account_id, article_id FROM favorite
		WHERE account_id = $1::bigint
	UNION SELECT f.account_id, f.article_id FROM article a
		CROSS JOIN LATERAL (SELECT account_id, article_id FROM favorite
			WHERE article_id = a.id) f
		WHERE a.author_id = $1::bigint)

-- name: remove-articles
DELETE FROM article WHERE author_id = $1::bigint

-- name: tell
INSERT INTO outbox (kind, recipient, payload)
SELECT 'account-deleted', email, jsonb_build_object('username', username)
FROM account WHERE id = $1::bigint

-- name: remove-account
DELETE FROM account WHERE id = $1::bigint
