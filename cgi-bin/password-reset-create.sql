-- SPDX-License-Identifier: MIT
-- password-reset-create    $1 email, $2 token, $3 its hash, $4 seconds that it
--                          lasts
--
-- name: as-compared
-- The email by which requests are counted, however it is written.
SELECT lower($1::text) AS account

-- name: reset
-- The mail goes to the account's own address, never to the one that was asked
-- for: lower() makes one of some that are two.
SELECT mail_secret((SELECT id FROM account WHERE lower(email) = lower($1::text)),
	'reset-password', $1::text, $2::text, $3::bytea,
	$4::bigint * interval '1 second')
