-- migrate: 1
CREATE TABLE policy (
	id @pk,
	code @text NOT NULL,
	version @i64 NOT NULL,
	kind @text NOT NULL CHECK (kind IN ('statute','maker','pack','contract','accident','repair-warranty','recall')),
	title_en @text NOT NULL,
	title_zh @text NOT NULL,
	from_on @i64 NOT NULL,
	to_on @i64,
	confidence @text NOT NULL CHECK (confidence IN ('confirmed','unverified')),
	body @text NOT NULL,
	created_at @i64 NOT NULL,
	created_by @text NOT NULL,
	UNIQUE (code, version)
)@strict;
CREATE TABLE policy_mark (
	id @i64 NOT NULL PRIMARY KEY CHECK (id = 1),
	n @i64 NOT NULL
)@strict;
INSERT INTO policy_mark(id, n) VALUES (1, 0);
CREATE TABLE device_promise (
	id @pk,
	device_id @i64 NOT NULL REFERENCES device(id),
	policy @text NOT NULL,
	contract @text,
	clock @text,
	length @text,
	visits @i64,
	visits_used @i64 NOT NULL DEFAULT 0 CHECK (visits_used >= 0),
	claims_used @i64 NOT NULL DEFAULT 0 CHECK (claims_used >= 0),
	created_at @i64 NOT NULL,
	UNIQUE (device_id, policy)
)@strict;
CREATE TABLE promise_use (
	order_id @i64 NOT NULL,
	policy @text NOT NULL,
	device_id @i64 NOT NULL REFERENCES device(id),
	visits @i64 NOT NULL,
	claims @i64 NOT NULL,
	at @i64 NOT NULL,
	PRIMARY KEY (order_id, policy)
)@strict;
CREATE TABLE repair_record (
	id @pk,
	device_id @i64 NOT NULL REFERENCES device(id),
	order_id @i64 NOT NULL,
	order_no @text NOT NULL,
	org_path @text NOT NULL,
	in_on @i64 NOT NULL,
	out_on @i64,
	fixed @i64 CHECK (fixed IN (0,1)),
	exchanged @i64 NOT NULL DEFAULT 0 CHECK (exchanged IN (0,1)),
	replaced @i64 NOT NULL DEFAULT 0,
	CHECK (out_on IS NULL OR out_on >= in_on)
)@strict;
CREATE UNIQUE INDEX repair_record_order ON repair_record(order_id, in_on);
CREATE INDEX repair_record_device ON repair_record(device_id, in_on);
CREATE INDEX repair_record_open ON repair_record(in_on) WHERE out_on IS NULL;
CREATE INDEX repair_record_failed ON repair_record(device_id) WHERE fixed = 0;
CREATE TABLE repair_wait (
	id @pk,
	record_id @i64 NOT NULL REFERENCES repair_record(id),
	from_on @i64 NOT NULL,
	to_on @i64,
	CHECK (to_on IS NULL OR to_on >= from_on)
)@strict;
CREATE INDEX repair_wait_record ON repair_wait(record_id, from_on);
CREATE TABLE verdict (
	id @pk,
	device_id @i64 NOT NULL REFERENCES device(id),
	order_id @i64,
	stage @text NOT NULL CHECK (stage IN ('asked','intake','diagnosis','quote','settlement')),
	on_day @i64 NOT NULL,
	part @text NOT NULL,
	cause @text NOT NULL,
	facts @text NOT NULL,
	used @text NOT NULL,
	source @text,
	parts @text NOT NULL CHECK (parts IN ('free','shared','decide','paid')),
	labour @text NOT NULL CHECK (labour IN ('free','shared','decide','paid')),
	travel @text NOT NULL CHECK (travel IN ('free','shared','decide','paid')),
	loaner @text NOT NULL CHECK (loaner IN ('free','shared','decide','paid')),
	transport @text NOT NULL CHECK (transport IN ('free','shared','decide','paid')),
	options @text NOT NULL,
	until @text NOT NULL,
	at @i64 NOT NULL,
	actor @text NOT NULL
)@strict;
CREATE INDEX verdict_device ON verdict(device_id, id);
CREATE INDEX verdict_order ON verdict(order_id, id) WHERE order_id IS NOT NULL;
CREATE TABLE goodwill (
	id @pk,
	verdict_id @i64 NOT NULL UNIQUE REFERENCES verdict(id),
	parts @text CHECK (parts IN ('free','shared')),
	labour @text CHECK (labour IN ('free','shared')),
	travel @text CHECK (travel IN ('free','shared')),
	reason @text NOT NULL,
	amount @i64 NOT NULL CHECK (amount >= 0),
	currency @text NOT NULL,
	at @i64 NOT NULL,
	actor @text NOT NULL
)@strict;
CREATE TABLE remedy_demand (
	id @pk,
	device_id @i64 NOT NULL REFERENCES device(id),
	order_id @i64 NOT NULL,
	order_no @text NOT NULL,
	org_path @text NOT NULL,
	remedy @text NOT NULL CHECK (remedy IN ('repair','reduction','refund-less-use','exchange','refund')),
	demanded_on @i64 NOT NULL,
	done_on @i64,
	UNIQUE (order_id, remedy)
)@strict;
CREATE INDEX remedy_demand_open ON remedy_demand(demanded_on) WHERE done_on IS NULL;
CREATE TABLE exposure_notice (
	id @pk,
	device_id @i64 NOT NULL REFERENCES device(id),
	order_no @text NOT NULL,
	org_path @text NOT NULL,
	danger @text NOT NULL CHECK (danger IN ('failed-repair','one-repair','all-repairs','remedy')),
	over @i64 NOT NULL CHECK (over IN (0,1)),
	reached @i64 NOT NULL,
	bound @i64 NOT NULL,
	role @text NOT NULL,
	receiver_id @i64 REFERENCES account(id),
	receiver @text,
	at @i64 NOT NULL,
	seen_at @i64,
	UNIQUE (order_no, danger, over, role)
)@strict;
CREATE INDEX exposure_notice_receiver ON exposure_notice(receiver_id, id);

-- name: q_policy_list
SELECT id, code, version, kind, title_en, title_zh, from_on, to_on, confidence, created_at, created_by
FROM policy WHERE 1 = 1 [[code: AND code = :code ]] [[version: AND version = :version ]] ORDER BY code, version;

-- name: q_policy_bodies
SELECT code, version, to_on, body FROM policy WHERE 1 = 1 [[code: AND code = :code ]] [[version: AND version = :version ]] ORDER BY code, version;

-- name: q_policy_mark
SELECT n AS policies, (SELECT CAST(COALESCE(MAX(y.saved_at), 0) + COUNT(*) AS @i64) FROM national_year y WHERE y.country = 'CN') AS holidays FROM policy_mark WHERE id = 1;

-- name: q_policy_mark_set
UPDATE policy_mark SET n = :n WHERE id = 1;

-- name: q_policy_insert
INSERT INTO policy(code, version, kind, title_en, title_zh, from_on, to_on, confidence, body, created_at, created_by)
VALUES (:code, :version, :kind, :title_en, :title_zh, :from_on, :to_on, :confidence, :body, :now, :by) RETURNING id;

-- name: q_policy_close
UPDATE policy SET to_on = :to_on WHERE code = :code AND version = :version;

-- name: q_promise_put
INSERT INTO device_promise(device_id, policy, contract, clock, length, visits, created_at) VALUES (:device_id, :policy, :contract, :clock, :length, :visits, :now)
ON CONFLICT (device_id, policy) DO UPDATE SET contract = :contract, clock = :clock, length = :length, visits = :visits
RETURNING id;

-- name: q_promise_use
UPDATE device_promise SET visits_used = visits_used + :visits, claims_used = claims_used + :claims WHERE device_id = :device_id AND policy = :policy;

-- name: q_promise_use_insert
INSERT INTO promise_use(order_id, policy, device_id, visits, claims, at) VALUES (:order_id, :policy, :device_id, :visits, :claims, :now) ON CONFLICT (order_id, policy) DO NOTHING;

-- name: q_promise_use_known
SELECT COUNT(*) AS n FROM promise_use WHERE order_id = :order_id AND policy = :policy;

-- name: q_promise_drop
DELETE FROM device_promise WHERE device_id = :device_id AND policy = :policy;

-- name: q_promises
SELECT device_id, policy, contract, clock, length, visits, visits_used, claims_used FROM device_promise
WHERE 1 = 1 [[device_id: AND device_id = :device_id ]] [[low: AND device_id > :low ]] [[high: AND device_id <= :high ]]
ORDER BY device_id, id;

-- part: lineage
WITH RECURSIVE unit(id, depth, swap) AS (
	SELECT d.id, 0, CAST(9007199254740991 AS @i64) FROM device d WHERE d.id = :device_id
	UNION ALL
	SELECT s.old_id, u.depth + 1, s.id FROM unit u JOIN device_swap s ON s.new_id = u.id AND s.id < u.swap WHERE u.depth < 8
)

-- name: q_promises_lineage
@part(lineage)
SELECT p.device_id, p.policy, p.contract, p.clock, p.length, p.visits, p.visits_used - COALESCE(x.visits, 0) AS visits_used, p.claims_used - COALESCE(x.claims, 0) AS claims_used
FROM unit u JOIN device_promise p ON p.device_id = u.id
LEFT JOIN promise_use x ON x.order_id = CAST(:order_id AS @i64) AND x.policy = p.policy AND x.device_id = p.device_id
ORDER BY u.depth, p.id LIMIT :limit;

-- name: q_repair_in
INSERT INTO repair_record(device_id, order_id, order_no, org_path, in_on) VALUES (:device_id, :order_id, :order_no, :org_path, :on)
ON CONFLICT (order_id, in_on) DO UPDATE SET out_on = NULL, fixed = NULL
RETURNING id;

-- name: q_repair_of_order
SELECT id, device_id, order_id, in_on, out_on, fixed, exchanged, replaced FROM repair_record WHERE order_id = :order_id ORDER BY in_on DESC LIMIT 1;

-- name: q_repair_out
UPDATE repair_record SET out_on = :on, fixed = :fixed, exchanged = :exchanged, replaced = :replaced WHERE id = :id;

-- name: q_repair_judged
UPDATE repair_record SET fixed = :fixed WHERE id = :id;

-- name: q_repair_parts
UPDATE repair_record SET replaced = :replaced WHERE id = :id;

-- name: q_repairs
@part(lineage)
SELECT r.id, r.device_id, r.order_id, r.in_on, r.out_on, r.fixed, r.exchanged, r.replaced
FROM unit u JOIN repair_record r ON r.device_id = u.id ORDER BY r.in_on, r.id LIMIT :limit;

-- name: q_repair_waits
@part(lineage)
SELECT w.record_id, w.from_on, w.to_on
FROM unit u CROSS JOIN repair_record r CROSS JOIN repair_wait w
WHERE r.device_id = u.id AND w.record_id = r.id ORDER BY w.record_id, w.from_on LIMIT :limit;

-- name: q_lineage_dates
@part(lineage)
SELECT d.factory_on, d.invoiced_on, d.delivered_on, d.installed_on, d.accepted_on, d.serial, d.proof, c.kind AS owner_kind,
	(SELECT s.at FROM device_swap s WHERE s.old_id = d.id ORDER BY s.id DESC LIMIT 1) AS gone_at,
	(SELECT a.division FROM address a WHERE a.customer_id = d.customer_id ORDER BY a.is_main DESC, a.id LIMIT 1) AS owner_division
FROM unit u JOIN device d ON d.id = u.id LEFT JOIN customer c ON c.id = d.customer_id ORDER BY u.depth DESC LIMIT 9;

-- name: q_repair_wait_open
SELECT w.id FROM repair_wait w WHERE w.record_id = :record_id AND w.to_on IS NULL;

-- name: q_repair_wait_insert
INSERT INTO repair_wait(record_id, from_on) VALUES (:record_id, :on) RETURNING id;

-- name: q_repair_wait_end
UPDATE repair_wait SET to_on = :on WHERE record_id = :record_id AND to_on IS NULL;

-- name: q_verdict_insert
INSERT INTO verdict(device_id, order_id, stage, on_day, part, cause, facts, used, source, parts, labour, travel, loaner, transport, options, until, at, actor)
VALUES (:device_id, :order_id, :stage, :on, :part, :cause, :facts, :used, :source, :parts, :labour, :travel, :loaner, :transport, :options, :until, :now, :actor)
RETURNING id;

-- name: q_verdicts
SELECT v.id, v.device_id, v.order_id, v.stage, v.on_day, v.part, v.cause, v.facts, v.used, v.source, v.parts, v.labour, v.travel, v.loaner, v.transport, v.options, v.until,
	v.at, v.actor, g.parts AS goodwill_parts, g.labour AS goodwill_labour, g.travel AS goodwill_travel, g.reason AS goodwill_reason, g.amount AS goodwill_amount,
	g.currency AS goodwill_currency, g.actor AS goodwill_actor
FROM verdict v LEFT JOIN goodwill g ON g.verdict_id = v.id
WHERE 1 = 1 [[id: AND v.id = :id ]] [[device_id: AND v.device_id = :device_id ]] [[order_id: AND v.order_id = :order_id ]] [[before: AND v.id < :before ]]
ORDER BY v.id DESC LIMIT :limit;

-- name: q_verdicts_older
SELECT COUNT(*) AS n FROM verdict WHERE id < :id;

-- name: q_goodwill_insert
INSERT INTO goodwill(verdict_id, parts, labour, travel, reason, amount, currency, at, actor)
VALUES (:verdict_id, :parts, :labour, :travel, :reason, :amount, :currency, :now, :actor) RETURNING id;

-- name: q_demand_insert
INSERT INTO remedy_demand(device_id, order_id, order_no, org_path, remedy, demanded_on) VALUES (:device_id, :order_id, :order_no, :org_path, :remedy, :on)
ON CONFLICT (order_id, remedy) DO UPDATE SET done_on = NULL
RETURNING id;

-- name: q_demand_done
UPDATE remedy_demand SET done_on = :on WHERE order_id = :order_id AND done_on IS NULL;

-- name: q_exposed_open
SELECT r.device_id, r.order_id, r.org_path, r.order_no, r.in_on, d.serial, d.brand, d.model,
	(SELECT COUNT(*) FROM repair_record f WHERE f.device_id = r.device_id AND f.fixed = 0 AND f.exchanged = 0) AS failed,
	(SELECT CAST(COALESCE(SUM(COALESCE(t.out_on, CAST(:today AS @i64)) - t.in_on), 0) AS @i64) FROM repair_record t WHERE t.device_id = r.device_id) AS total_days,
	(SELECT CAST(COALESCE(SUM(COALESCE(w.to_on, CAST(:today AS @i64)) - w.from_on), 0) AS @i64) FROM repair_wait w WHERE w.record_id = r.id) AS waiting_days
FROM repair_record r JOIN device d ON d.id = r.device_id
WHERE r.out_on IS NULL [[org_lo: AND r.org_path >= :org_lo AND r.org_path < :org_hi ]]
ORDER BY r.in_on, r.id LIMIT :limit;

-- name: q_exposed_demands
SELECT m.device_id, m.order_id, m.org_path, m.order_no, m.remedy, m.demanded_on, d.serial, d.brand, d.model
FROM remedy_demand m JOIN device d ON d.id = m.device_id
WHERE m.done_on IS NULL AND m.demanded_on <= :since [[org_lo: AND m.org_path >= :org_lo AND m.org_path < :org_hi ]]
ORDER BY m.demanded_on, m.id LIMIT :limit;

-- name: q_notice_known
SELECT COUNT(*) AS n FROM exposure_notice WHERE order_no = :order_no AND danger = :danger AND over = :over AND role = :role;

-- name: q_notice_insert
INSERT INTO exposure_notice(device_id, order_no, org_path, danger, over, reached, bound, role, receiver_id, receiver, at)
VALUES (:device_id, :order_no, :org_path, :danger, :over, :reached, :bound, :role, :receiver_id, :receiver, :now) RETURNING id;

-- name: q_notices
SELECT n.id, n.device_id, n.order_no, d.serial, n.danger, n.reached, n.bound, n.role, n.receiver, n.at, n.seen_at
FROM exposure_notice n JOIN device d ON d.id = n.device_id WHERE n.receiver_id = :receiver_id ORDER BY n.id DESC LIMIT :limit;

-- name: q_notices_seen
UPDATE exposure_notice SET seen_at = :now WHERE receiver_id = :receiver_id AND seen_at IS NULL;

-- name: q_bulk_devices
SELECT d.id, d.serial, d.kind, d.proof, d.division, d.factory_on, d.invoiced_on, d.delivered_on, d.installed_on, d.accepted_on, d.second_hand, d.recall_open, c.kind AS customer_kind
FROM device d LEFT JOIN customer c ON c.id = d.customer_id
WHERE d.id > :low AND d.id <= :high AND d.replaced_by IS NULL ORDER BY d.id LIMIT :limit;

-- name: q_bulk_repairs
SELECT r.id, r.device_id, r.order_id, r.in_on, r.out_on, r.fixed, r.exchanged, r.replaced
FROM repair_record r WHERE r.device_id > :low AND r.device_id <= :high ORDER BY r.device_id, r.in_on, r.id;

-- name: q_bulk_waits
SELECT w.record_id, w.from_on, w.to_on
FROM repair_record r JOIN repair_wait w ON w.record_id = r.id WHERE r.device_id > :low AND r.device_id <= :high ORDER BY r.device_id, r.in_on, r.id, w.from_on;

-- name: q_bulk_swapped
SELECT s.new_id AS id FROM device_swap s WHERE s.new_id > :low AND s.new_id <= :high ORDER BY s.new_id;

-- name: q_device_last
SELECT COALESCE(MAX(id), 0) AS n FROM device;
