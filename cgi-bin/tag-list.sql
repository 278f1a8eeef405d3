-- SPDX-License-Identifier: MIT
-- tag-list    $1 how many
--
-- What has become due since somebody last wrote adds its own.
-- name: in-use
SELECT tag FROM (SELECT tag FROM (SELECT tag FROM tag ORDER BY tag
		LIMIT $1::bigint) counted
	UNION SELECT unnest(tag_list) COLLATE "C" FROM article
	WHERE NOT counted AND listed_at <= statement_timestamp()) used
ORDER BY tag LIMIT $1::bigint
