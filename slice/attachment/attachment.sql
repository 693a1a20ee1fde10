-- migrate: 1
CREATE TABLE attachment (
	id @pk,
	subject_kind TEXT NOT NULL,
	subject_id @i64 NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	size @i64 NOT NULL CHECK (size >= 0),
	open @i64 NOT NULL CHECK (open IN (0, 1)),
	by_id @i64,
	by_name TEXT NOT NULL,
	at @i64 NOT NULL,
	removed_at @i64
) @strict;
CREATE INDEX attachment_subject ON attachment (subject_kind, subject_id, id);
CREATE INDEX attachment_sha256 ON attachment (sha256);

-- name: q_attachment_add
INSERT INTO attachment (subject_kind, subject_id, name, type, sha256, size, open, by_id, by_name, at)
VALUES (:subject_kind, :subject_id, :name, :type, :sha256, :size, :open, :by_id, :by_name, :at) RETURNING id;

-- name: q_attachment_of
SELECT id, subject_kind, subject_id, name, type, sha256, size, open, by_id, by_name, at FROM attachment
WHERE subject_kind = :subject_kind AND subject_id = :subject_id AND removed_at IS NULL ORDER BY id LIMIT 200;

-- name: q_attachment_get
SELECT id, subject_kind, subject_id, name, type, sha256, size, open, by_id, by_name, at FROM attachment WHERE id = :id AND removed_at IS NULL;

-- name: q_attachment_remove
UPDATE attachment SET removed_at = :at WHERE id = :id AND removed_at IS NULL;

-- name: q_attachment_move
UPDATE attachment SET subject_id = :to_id WHERE subject_kind = :subject_kind AND subject_id = :from_id;

-- name: q_attachment_named
SELECT count(*) AS n FROM attachment WHERE sha256 = :sha256 AND removed_at IS NULL;
