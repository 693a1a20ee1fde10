-- migrate: 1
CREATE TABLE audit_test (id @pk) @strict;

-- name: q_forge_edit
UPDATE audit_event SET data = '{"to":"closed"}' WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 2;

-- name: q_forge_actor
UPDATE audit_event SET actor = 'somebody else' WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 1;

-- name: q_forge_delete_middle
DELETE FROM audit_event WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 2;

-- name: q_forge_delete_tail
DELETE FROM audit_event WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 3;

-- name: q_forge_delete_subject
DELETE FROM audit_event WHERE subject_kind = 'order' AND subject_id = 7;

-- name: q_forge_delete_head
DELETE FROM audit_head WHERE subject_kind = 'order' AND subject_id = 7;

-- name: q_forge_insert
INSERT INTO audit_event (subject_kind, subject_id, seq, at, actor, kind, data, salt, hash)
VALUES ('order', 7, 4, 1, 'x', 'moved', '{}', 'x', 'x');

-- name: q_forge_blank
UPDATE audit_event SET data = NULL, salt = NULL, data_hash = 'x' WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 2;

-- name: q_forge_anchor
DELETE FROM audit_anchor WHERE id = 1;

-- name: q_forge_head
UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_event WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 2)
WHERE subject_kind = 'order' AND subject_id = 7;

-- name: q_forge_order
UPDATE audit_event SET seq = 9 WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 3;

-- name: q_forge_at
UPDATE audit_event SET at = at - 3600000 WHERE subject_kind = 'order' AND subject_id = 7 AND seq = 3;

-- name: q_forge_sign
UPDATE audit_anchor SET sign = substr(sign, 1, 12) || 'AAAA' || substr(sign, 17) WHERE id = 1;
