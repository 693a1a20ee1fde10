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
