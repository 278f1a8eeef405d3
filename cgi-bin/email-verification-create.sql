-- SPDX-License-Identifier: MIT
-- email-verification-create    $1 id of the user
-- name: unverified
SELECT email FROM account WHERE id = $1::bigint AND email_verified_at IS NULL

-- name: verify
-- $1 id of the account, $2 token, $3 its hash, $4 seconds that it lasts
SELECT mail_secret($1::bigint, 'verify-email', NULL, $2::text, $3::bytea,
	$4::bigint * interval '1 second')
