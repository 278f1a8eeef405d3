-- SPDX-License-Identifier: MIT
-- guestbook-show
--
-- name: newest
SELECT name, message, created_at
FROM guestbook_entry
ORDER BY id DESC
LIMIT 50

-- name: count
SELECT n FROM guestbook_counter
