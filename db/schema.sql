-- Which schema steps of which department this database has.
-- migrate: 1
CREATE TABLE IF NOT EXISTS schema_step (
	slice TEXT NOT NULL,
	version @i64 NOT NULL,
	at @i64 NOT NULL,
	PRIMARY KEY (slice, version)
) @strict;

-- name: q_schema_version
SELECT COALESCE(MAX(version), 0) FROM schema_step WHERE slice = :slice;

-- name: q_schema_step_add
INSERT INTO schema_step (slice, version, at) VALUES (:slice, :version, :at);

-- A step over a large table may take its time.
-- name: q_schema_patience
SELECT 1
-- pg:
SET LOCAL statement_timeout = 0;

-- One process at a time takes steps; on SQLite the transaction itself sees to it.
-- name: q_schema_lock
SELECT 1
-- pg:
LOCK TABLE schema_step IN EXCLUSIVE MODE;

-- name: q_database_suits
SELECT 1
-- pg:
SELECT CASE WHEN datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8') AND pg_encoding_to_char(encoding) = 'UTF8' THEN 1 ELSE 0 END
FROM pg_database WHERE datname = current_database();
