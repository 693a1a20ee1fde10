-- migrate: 1
CREATE TABLE loaner (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	code @text NOT NULL UNIQUE,
	device_id @i64 NOT NULL UNIQUE REFERENCES device(id),
	org_id @i64 NOT NULL REFERENCES org(id),
	org_path @text NOT NULL,
	rank @i64 NOT NULL CHECK (rank BETWEEN 1 AND 9),
	state @text NOT NULL CHECK (state IN ('ready','out','to_erase','retired')),
	note @text,
	kept_order_id @i64 REFERENCES work_order(id),
	kept_until @i64,
	CHECK ((kept_order_id IS NULL) = (kept_until IS NULL))
)@strict;
CREATE INDEX loaner_kept ON loaner(kept_order_id) WHERE kept_order_id IS NOT NULL;
CREATE INDEX loaner_state ON loaner(state, org_path, code);
CREATE TABLE loan (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	loaner_id @i64 NOT NULL REFERENCES loaner(id),
	order_id @i64 NOT NULL REFERENCES work_order(id),
	state @text NOT NULL CHECK (state IN ('out','to_erase','ready')),
	org_path @text NOT NULL,
	due_on @i64 NOT NULL,
	condition_out @text NOT NULL,
	accessories @text,
	signer @text NOT NULL,
	signature_id @i64,
	reason @text,
	out_at @i64 NOT NULL,
	lender_id @i64 REFERENCES account(id),
	back_at @i64,
	condition_back @text,
	taker_id @i64 REFERENCES account(id),
	erased_at @i64,
	method @text,
	erase_note @text,
	eraser_id @i64 REFERENCES account(id),
	reminded @i64 NOT NULL DEFAULT 0 CHECK (reminded IN (0,1)),
	CHECK ((state = 'ready') = (erased_at IS NOT NULL))
)@strict;
CREATE UNIQUE INDEX loan_open ON loan(loaner_id) WHERE state <> 'ready';
CREATE INDEX loan_order ON loan(order_id, id);
CREATE INDEX loan_due ON loan(due_on, id) WHERE state <> 'ready';
CREATE TABLE model_rank (
	model_key @text PRIMARY KEY,
	rank @i64 NOT NULL CHECK (rank BETWEEN 1 AND 9)
)@strict;

-- name: q_loaner_insert
INSERT INTO loaner(code, device_id, org_id, org_path, rank, state, note) VALUES (:code, :device_id, :org_id, :org_path, :rank, 'ready', :note) RETURNING id;

-- name: q_loaner_state
UPDATE loaner SET state = :state, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_loaner_list
SELECT l.id, l.ver, l.device_id, l.rank, l.state, l.code, d.serial, d.brand, d.model, o.code AS org, o.name AS org_name, l.org_path, l.note, n.no AS loan_no, w.no AS order_no, n.due_on,
	l.kept_order_id, l.kept_until, k.no AS kept_for
FROM loaner l JOIN device d ON d.id = l.device_id JOIN org o ON o.id = l.org_id
LEFT JOIN loan n ON n.loaner_id = l.id AND n.state <> 'ready'
LEFT JOIN work_order w ON w.id = n.order_id
LEFT JOIN work_order k ON k.id = l.kept_order_id AND l.kept_until >= :today
WHERE 1 = 1 [[code: AND l.code = :code ]] [[state: AND l.state = :state ]] [[rank: AND l.rank >= :rank ]] [[org_lo: AND l.org_path >= :org_lo AND l.org_path < :org_hi ]]
ORDER BY l.state, l.code LIMIT 500;

-- name: q_loaner_keep
UPDATE loaner SET kept_order_id = :order_id, kept_until = :until, ver = ver + 1 WHERE id = :id AND ver = :ver AND state = 'ready';

-- name: q_loaner_free
UPDATE loaner SET kept_order_id = NULL, kept_until = NULL, ver = ver + 1 WHERE kept_order_id = :order_id [[id: AND id = :id ]];

-- name: q_loan_insert
INSERT INTO loan(no, loaner_id, order_id, state, org_path, due_on, condition_out, accessories, signer, signature_id, reason, out_at, lender_id)
VALUES (:no, :loaner_id, :order_id, 'out', :org_path, :due_on, :condition_out, :accessories, :signer, :signature_id, :reason, :now, :lender_id) RETURNING id;

-- name: q_loan_list
SELECT n.id, n.ver, n.loaner_id, n.order_id, n.no, l.code, d.serial, d.model, w.no AS order_no, w.contact_name AS customer, w.phone, n.condition_out, n.accessories, n.signer, n.signature_id,
	n.condition_back, n.erase_note, a.name AS lender, b.name AS taker, e.name AS eraser, n.org_path, n.reason, n.state, n.method, n.due_on, n.out_at, n.back_at, n.erased_at, w.engineer_id, w.open AS order_open
FROM loan n JOIN loaner l ON l.id = n.loaner_id JOIN device d ON d.id = l.device_id JOIN work_order w ON w.id = n.order_id
LEFT JOIN account a ON a.id = n.lender_id LEFT JOIN account b ON b.id = n.taker_id LEFT JOIN account e ON e.id = n.eraser_id
WHERE 1 = 1 [[no: AND n.no = :no ]] [[order_id: AND n.order_id = :order_id ]] [[state: AND n.state = :state ]] [[open: AND n.state <> 'ready' AND :open = 1 ]]
	[[org_lo: AND n.org_path >= :org_lo AND n.org_path < :org_hi ]]
ORDER BY n.due_on, n.id DESC LIMIT :limit;

-- name: q_loan_back
UPDATE loan SET state = 'to_erase', back_at = :now, condition_back = :condition, taker_id = :user_id, ver = ver + 1 WHERE id = :id AND ver = :ver AND state = 'out';

-- name: q_loan_extend
UPDATE loan SET due_on = :due_on, reminded = 0, ver = ver + 1 WHERE id = :id AND ver = :ver AND state = 'out';

-- name: q_loan_erase
UPDATE loan SET state = 'ready', erased_at = :now, method = :method, erase_note = :note, eraser_id = :user_id, ver = ver + 1 WHERE id = :id AND ver = :ver AND state = 'to_erase';

-- name: q_loans_out
SELECT count(*) FROM loan WHERE order_id = :order_id AND state = 'out';

-- name: q_loan_due
SELECT n.id, n.order_id, n.no, l.code, n.due_on FROM loan n JOIN loaner l ON l.id = n.loaner_id
WHERE n.state = 'out' AND n.reminded = 0 AND n.due_on <= :day ORDER BY n.due_on, n.id LIMIT 200;

-- name: q_loan_reminded
UPDATE loan SET reminded = 1 WHERE id = :id;

-- name: q_rank_put
INSERT INTO model_rank(model_key, rank) VALUES (:key, :rank) ON CONFLICT (model_key) DO UPDATE SET rank = excluded.rank;

-- name: q_rank_drop
DELETE FROM model_rank WHERE model_key = :key;

-- name: q_rank
SELECT rank FROM model_rank WHERE model_key = :key;
