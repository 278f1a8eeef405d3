-- SPDX-License-Identifier: MIT
-- user-update    $1 id of the user, $2 email, $3 username and $4 password hash,
--                each NULL to stay as it is, $5 and $7 whether there is a new
--                bio and image, $6 and $8 those
--
-- account_username_key and account_email_key tell what is taken.  Another
-- address has yet to be verified.
-- name: change
UPDATE account SET
	email_verified_at = CASE WHEN lower($2::text) <> lower(email) THEN NULL
		ELSE email_verified_at END,
	email = coalesce($2::text, email),
	username = coalesce($3::text, username),
	password_hash = coalesce($4::text, password_hash),
	bio = CASE WHEN $5::boolean THEN nullif($6::text, '') ELSE bio END,
	image = CASE WHEN $7::boolean THEN nullif($8::text, '') ELSE image END,
	updated_at = statement_timestamp()
WHERE id = $1::bigint
RETURNING username, email, bio, image
