-- SPDX-License-Identifier: MIT
-- guestbook-sign    $1 name, $2 message
--
-- name: add-entry
INSERT INTO guestbook_entry (name, message) VALUES ($1::text, $2::text)

-- name: add-one
UPDATE guestbook_counter SET n = n + 1
