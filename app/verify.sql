-- name: q_verify_foreign
SELECT "table" || ' ' || coalesce(rowid, 0) || ' names a row of ' || parent || ' that is not there' AS text FROM pragma_foreign_key_check LIMIT :limit;
-- pg:
SELECT conrelid::regclass::text || ': ' || conname || ' is not validated' AS text FROM pg_constraint WHERE NOT convalidated LIMIT :limit;

-- name: q_verify_pages
SELECT integrity_check AS text FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT :limit;
-- pg:
SELECT indexrelid::regclass::text || ' is not a valid index' AS text FROM pg_index WHERE NOT indisvalid LIMIT :limit;

-- name: q_verify_order_top
SELECT greatest FROM (SELECT max(id) AS greatest FROM work_order) m;

-- name: q_verify_order_events
SELECT e.subject_id AS order_id, e.seq, e.kind, e.data, o.no, o.state, o.open
FROM audit_event e LEFT JOIN work_order o ON o.id = e.subject_id
WHERE e.subject_kind = 'order' AND e.subject_id > :after AND e.subject_id <= :upto
ORDER BY e.subject_id, e.seq;

-- name: q_verify_silent_orders
SELECT 'order ' || o.no || ' has no events' AS text FROM work_order o
WHERE NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.subject_kind = 'order' AND h.subject_id = o.id) ORDER BY o.id LIMIT :limit;

-- name: q_verify_files
SELECT id, sha256, size FROM attachment WHERE removed_at IS NULL AND id > :after ORDER BY id LIMIT :limit;

-- name: q_backup_files
SELECT DISTINCT sha256 FROM attachment WHERE removed_at IS NULL AND sha256 > :after ORDER BY sha256 LIMIT :limit;
