-- migrate: 1
CREATE TABLE ruling (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	device_id @i64 NOT NULL REFERENCES device(id),
	org_path @text NOT NULL,
	state @text NOT NULL CHECK (state IN ('open','sealed','withdrawn')),
	on_day @i64 NOT NULL,
	part @text NOT NULL,
	cause @text NOT NULL,
	clauses @text NOT NULL,
	needs @i64 NOT NULL,
	finding @text NOT NULL,
	token @text NOT NULL UNIQUE,
	opened_at @i64 NOT NULL,
	opened_id @i64 REFERENCES account(id),
	opened_by @text NOT NULL,
	sealed_at @i64,
	sealed_by @text,
	body @text,
	hash @text,
	sign @text,
	public_key @text,
	withdrawn_at @i64,
	withdrawn_by @text,
	reason @text,
	CHECK ((sealed_at IS NULL) = (hash IS NULL) AND (sealed_at IS NULL) = (body IS NULL)),
	CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (state <> 'sealed' OR sealed_at IS NOT NULL))
)@strict;
CREATE UNIQUE INDEX ruling_order ON ruling(order_id) WHERE state <> 'withdrawn';
CREATE INDEX ruling_orders ON ruling(order_id, id);
CREATE TABLE ruling_evidence (
	id @pk,
	ruling_id @i64 NOT NULL REFERENCES ruling(id),
	kind @text NOT NULL,
	words @text,
	attachment_id @i64 REFERENCES attachment(id),
	file @text,
	sha256 @text,
	by_id @i64 REFERENCES account(id),
	by_name @text NOT NULL,
	at @i64 NOT NULL,
	CHECK (words IS NOT NULL OR attachment_id IS NOT NULL)
)@strict;
CREATE INDEX ruling_evidence_ruling ON ruling_evidence(ruling_id, id);

-- name: q_rulings
SELECT r.id, r.ver, r.no, r.order_id, o.no AS order_no, r.device_id, r.org_path, r.state, r.on_day, r.part, r.cause, r.clauses, r.needs, r.finding, r.token,
	r.opened_at, r.opened_id, r.opened_by, r.sealed_at, r.sealed_by, r.body, r.hash, r.sign, r.public_key, r.withdrawn_at, r.withdrawn_by, r.reason
FROM ruling r JOIN work_order o ON o.id = r.order_id
WHERE 1 = 1 [[order_id: AND r.order_id = :order_id ]] [[token: AND r.token = :token AND r.hash IS NOT NULL ]]
ORDER BY r.id DESC LIMIT :limit;

-- name: q_rulings_after
SELECT r.id, r.ver, r.no, r.order_id, o.no AS order_no, r.device_id, r.org_path, r.state, r.on_day, r.part, r.cause, r.clauses, r.needs, r.finding, r.token,
	r.opened_at, r.opened_id, r.opened_by, r.sealed_at, r.sealed_by, r.body, r.hash, r.sign, r.public_key, r.withdrawn_at, r.withdrawn_by, r.reason
FROM ruling r JOIN work_order o ON o.id = r.order_id
WHERE r.id > :after AND r.hash IS NOT NULL ORDER BY r.id LIMIT :limit;

-- name: q_ruling_insert
INSERT INTO ruling(no, order_id, device_id, org_path, state, on_day, part, cause, clauses, needs, finding, token, opened_at, opened_id, opened_by)
VALUES (:no, :order_id, :device_id, :org_path, 'open', :on, :part, :cause, :clauses, :needs, :finding, :token, :now, :by_id, :by_name) RETURNING id;

-- name: q_ruling_seal
UPDATE ruling SET state = 'sealed', sealed_at = :now, sealed_by = :by_name, body = :body, hash = :hash, sign = :sign, public_key = :public_key, ver = ver + 1
WHERE id = :id AND ver = :ver AND state = 'open';

-- name: q_ruling_withdraw
UPDATE ruling SET state = 'withdrawn', withdrawn_at = :now, withdrawn_by = :by_name, reason = :reason, ver = ver + 1 WHERE id = :id AND ver = :ver AND state <> 'withdrawn';

-- name: q_evidence
SELECT id, kind, words, attachment_id, file, sha256, by_id, by_name, at FROM ruling_evidence WHERE ruling_id = :ruling_id ORDER BY id LIMIT :limit;

-- name: q_evidence_insert
INSERT INTO ruling_evidence(ruling_id, kind, words, attachment_id, file, sha256, by_id, by_name, at)
VALUES (:ruling_id, :kind, :words, :attachment_id, :file, :sha256, :by_id, :by_name, :now) RETURNING id;

-- name: q_rulings_untold
SELECT r.no AS text FROM ruling r
WHERE r.hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.subject_kind = 'order' AND e.subject_id = r.order_id AND e.kind = 'ruling_sealed'
	AND (e.data IS NULL OR e.data LIKE '%' || r.hash || '%'))
ORDER BY r.id LIMIT :limit;
