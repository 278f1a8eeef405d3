-- SPDX-License-Identifier: MIT
--
-- The answers to requests with an Idempotency-Key, each stored in the
-- transaction that made it (common/idempotency.h).  No key, user or body stands
-- here, but hashes, which nobody without MAYFLY_TOKEN_SECRET can make.

CREATE TABLE idempotency_key (
	id bytea PRIMARY KEY CHECK (octet_length(id) = 32),
	request bytea NOT NULL CHECK (octet_length(request) = 32),
	status smallint NOT NULL CHECK (status BETWEEN 200 AND 399),
	-- What a function with .replay makes its answer anew from.
	kept text,
	-- Else the answer: "NAME: VALUE" and a line break each, Content-Type,
	-- the content.
	headers bytea NOT NULL,
	type text,
	content bytea NOT NULL,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp()
);
CREATE INDEX idempotency_key_oldest ON idempotency_key (created_at);

GRANT SELECT, DELETE,
	INSERT (id, request, status, kept, headers, type, content),
	UPDATE (request, status, kept, headers, type, content, created_at)
	ON idempotency_key TO :"writer", :"account";
