-- SPDX-License-Identifier: MIT
-- user-update    $1 id of the user, $2 email, $3 username and $4 password hash,
--                each NULL to stay as it is, $5 and $7 whether there is a new
--                bio and image, $6 and $8 those
--
-- account_username_key and account_email_key tell what is taken.  Another
-- address has yet to be verified; the old one is told, of that and of another
-- password.  Neither leaves a mail behind by which the password can be reset.
-- name: change
WITH was AS (SELECT id, username, email,
		coalesce(lower($2::text) <> lower(email), false) AS moved
	FROM account WHERE id = $1::bigint FOR NO KEY UPDATE),
a AS (UPDATE account SET
	email_verified_at = CASE WHEN NOT was.moved
		THEN account.email_verified_at END,
	email = coalesce($2::text, account.email),
	username = coalesce($3::text, account.username),
	password_hash = coalesce($4::text, account.password_hash),
	bio = CASE WHEN $5::boolean THEN nullif($6::text, '')
		ELSE account.bio END,
	image = CASE WHEN $7::boolean THEN nullif($8::text, '')
		ELSE account.image END,
	updated_at = statement_timestamp()
	FROM was WHERE account.id = was.id
	RETURNING account.username, account.email, account.bio, account.image,
		was.moved),
told AS (INSERT INTO outbox (account_id, kind, recipient, payload)
	SELECT id, kind, email, jsonb_build_object('username', username)
	FROM was, LATERAL (VALUES ('password-changed', $4::text IS NOT NULL),
		('email-changed', moved)) AS news (kind, is_true)
	WHERE is_true),
void AS (DELETE FROM mail_token
	WHERE account_id = $1::bigint AND kind = 'reset-password'
	AND ($4::text IS NOT NULL OR (SELECT moved FROM was)))
SELECT username, email, bio, image, moved FROM a

-- name: end-others
-- $1 id of the user, $2 id of the session that goes on
UPDATE session SET ended_at = statement_timestamp()
WHERE account_id = $1::bigint AND id <> $2::bigint AND ended_at IS NULL

-- name: verify
-- $1 id of the account, $2 token, $3 its hash, $4 seconds that it lasts
SELECT mail_secret($1::bigint, 'verify-email', NULL, $2::text, $3::bytea,
	$4::bigint * interval '1 second')
