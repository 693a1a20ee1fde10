-- migrate: 1
CREATE TABLE callback (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	wave @text NOT NULL CHECK (wave IN ('finish','week','month','quarter','half','year')),
	due_at @i64 NOT NULL,
	tries @i64 NOT NULL DEFAULT 0,
	state @text NOT NULL CHECK (state IN ('due','done','unreachable','void')),
	satisfaction @i64,
	note @text,
	by_id @i64 REFERENCES account(id),
	done_at @i64,
	UNIQUE (order_id, wave)
)@strict;
CREATE INDEX callback_due ON callback(due_at, id) WHERE state = 'due';

-- name: q_callback_insert
INSERT INTO callback(order_id, wave, due_at, state) VALUES (:order_id, :wave, :due_at, 'due')
ON CONFLICT (order_id, wave) DO UPDATE SET due_at = excluded.due_at, state = 'due', tries = 0, ver = callback.ver + 1;

-- name: q_callback_void
UPDATE callback SET state = 'void', ver = ver + 1 WHERE order_id = :order_id AND state = 'due';

-- part: callback_rows
SELECT b.id, b.ver, o.no, o.contact_name AS customer, o.phone, d.model, o.result, e.name AS engineer, o.fault, b.wave, b.due_at, b.tries, b.state, b.satisfaction, b.note, o.state AS order_state,
	b.order_id, o.handed_over_at
FROM callback b JOIN work_order o ON o.id = b.order_id
LEFT JOIN device d ON d.id = o.device_id
LEFT JOIN account e ON e.id = o.engineer_id

-- name: q_callback_one
@part(callback_rows)
WHERE b.id = :id [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]];

-- name: q_callback_due
@part(callback_rows)
WHERE b.state = 'due' [[until: AND b.due_at <= :until ]] [[after_due: AND (b.due_at, b.id) > (:after_due, :after) ]] [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]
ORDER BY b.due_at, b.id LIMIT :limit;

-- name: q_callback_done
UPDATE callback SET state = 'done', satisfaction = :satisfaction, note = :note, by_id = :by_id, done_at = :now, ver = ver + 1 WHERE id = :id AND ver = :ver AND state = 'due';

-- name: q_callback_missed
UPDATE callback SET tries = tries + 1, due_at = :due_at, state = :state, note = :note, by_id = :by_id, ver = ver + 1 WHERE id = :id AND ver = :ver AND state = 'due';

-- name: q_callback_due_of
SELECT due_at FROM callback WHERE id = :id;
