-- migrate: 1
CREATE TABLE audit_event (
	id @pk,
	subject_kind TEXT NOT NULL,
	subject_id @i64 NOT NULL,
	seq @i64 NOT NULL CHECK (seq > 0),
	at @i64 NOT NULL,
	device_at @i64,
	user_id @i64,
	actor TEXT NOT NULL,
	kind TEXT NOT NULL,
	data TEXT,
	salt TEXT,
	data_hash TEXT,
	hash TEXT NOT NULL,
	UNIQUE (subject_kind, subject_id, seq)
) @strict;
CREATE INDEX audit_event_user ON audit_event (user_id, id);
CREATE INDEX audit_event_kind ON audit_event (subject_kind, kind, id);
CREATE INDEX audit_event_at ON audit_event (at, id);
CREATE TABLE audit_head (
	subject_kind TEXT NOT NULL,
	subject_id @i64 NOT NULL,
	seq @i64 NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (subject_kind, subject_id)
) @strict;
CREATE TABLE audit_anchor (
	id @i64 PRIMARY KEY,
	upto_id @i64 NOT NULL,
	events @i64 NOT NULL,
	at @i64 NOT NULL,
	hash TEXT NOT NULL,
	sign TEXT
) @strict;

-- name: q_audit_head_next
INSERT INTO audit_head (subject_kind, subject_id, seq, hash) VALUES (:subject_kind, :subject_id, 1, '')
ON CONFLICT (subject_kind, subject_id) DO UPDATE SET seq = audit_head.seq + 1 RETURNING seq, hash;

-- name: q_audit_head_set
UPDATE audit_head SET hash = :hash WHERE subject_kind = :subject_kind AND subject_id = :subject_id;

-- name: q_audit_event_add
INSERT INTO audit_event (subject_kind, subject_id, seq, at, device_at, user_id, actor, kind, data, salt, hash)
VALUES (:subject_kind, :subject_id, :seq, :at, :device_at, :user_id, :actor, :kind, :data, :salt, :hash);

-- name: q_audit_event_of
SELECT id, subject_kind, subject_id, seq, at, device_at, user_id, actor, kind, data, salt, data_hash, hash
FROM audit_event WHERE subject_kind = :subject_kind AND subject_id = :subject_id AND seq > :after ORDER BY seq LIMIT :limit;

-- name: q_audit_event_last
SELECT id, subject_kind, subject_id, seq, at, device_at, user_id, actor, kind, data, salt, data_hash, hash
FROM audit_event WHERE subject_kind = :subject_kind AND subject_id = :subject_id ORDER BY seq DESC LIMIT :limit;

-- name: q_audit_event_search
SELECT id, subject_kind, subject_id, seq, at, device_at, user_id, actor, kind, data, salt, data_hash, hash
FROM audit_event WHERE id < :before
[[subject_kind: AND subject_kind = :subject_kind]]
[[subject_id: AND subject_id = :subject_id]]
[[user_id: AND user_id = :user_id]]
[[kind: AND kind = :kind]]
[[from: AND at >= :from]]
[[until: AND at < :until]]
ORDER BY id DESC LIMIT :limit;

-- name: q_audit_event_blank
UPDATE audit_event SET data = NULL, salt = NULL, data_hash = :data_hash WHERE id = :id AND data IS NOT NULL;

-- name: q_audit_quiet
UPDATE audit_anchor SET upto_id = upto_id WHERE id < 0;
-- pg:
LOCK TABLE audit_event IN SHARE MODE;

-- name: q_audit_anchor_last
SELECT id, upto_id, events, at, hash, sign FROM audit_anchor ORDER BY id DESC LIMIT 1;

-- name: q_audit_anchor_add
INSERT INTO audit_anchor (id, upto_id, events, at, hash, sign) VALUES (:id, :upto_id, :events, :at, :hash, :sign);

-- name: q_audit_anchor_next
SELECT id, hash FROM audit_event WHERE id > :after ORDER BY id LIMIT :limit;

-- name: q_audit_anchors
SELECT id, upto_id, events, at, hash, sign FROM audit_anchor WHERE id > :after ORDER BY id LIMIT :limit;

-- name: q_audit_walk_ids
SELECT id, hash FROM audit_event WHERE id > :after AND id <= :upto ORDER BY id;

-- name: q_audit_count
SELECT count(*) AS n FROM audit_event;

-- name: q_audit_walk
SELECT e.id, e.subject_kind, e.subject_id, e.seq, e.at, e.device_at, e.user_id, e.actor, e.kind, e.data, e.salt, e.data_hash, e.hash,
	h.seq AS head_seq, h.hash AS head_hash
FROM audit_event e LEFT JOIN audit_head h ON h.subject_kind = e.subject_kind AND h.subject_id = e.subject_id
ORDER BY e.subject_kind, e.subject_id, e.seq;

-- name: q_audit_bare_heads
SELECT h.subject_kind, h.subject_id, h.seq, h.hash FROM audit_head h
WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.subject_kind = h.subject_kind AND e.subject_id = h.subject_id)
ORDER BY h.subject_kind, h.subject_id LIMIT 1000;
