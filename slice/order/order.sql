-- migrate: 1
CREATE TABLE work_order (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	follow_token @text NOT NULL UNIQUE,
	kind @text NOT NULL,
	mode @text NOT NULL,
	channel @text NOT NULL,
	state @text NOT NULL,
	open @i64 NOT NULL CHECK (open IN (0,1)),
	priority @text NOT NULL,
	customer_id @i64 NOT NULL REFERENCES customer(id),
	device_id @i64 REFERENCES device(id),
	contact_name @text NOT NULL,
	phone @text,
	email @text,
	address @text,
	division @text,
	lat @i64,
	lon @i64,
	station_id @i64 REFERENCES org(id),
	org_path @text NOT NULL,
	travel_m @i64,
	engineer_id @i64 REFERENCES account(id),
	agent_id @i64 REFERENCES account(id),
	parent_id @i64 REFERENCES work_order(id),
	fault @text NOT NULL,
	symptom @text,
	self_test @text,
	frequency @text,
	condition @text,
	note @text,
	data_choice @text,
	unlock_sealed @text,
	remote_advice @text,
	fault_code @text,
	cause @text,
	verdict @text,
	finding @text,
	result @text,
	end_reason @text,
	coverage @text,
	fee @i64,
	currency @text NOT NULL,
	signer @text,
	signature_id @i64,
	satisfaction @i64,
	reopened @i64 NOT NULL DEFAULT 0,
	unit_in @i64 NOT NULL DEFAULT 0 CHECK (unit_in IN (0,1)),
	wait @text,
	wait_from @text,
	wait_until @i64,
	window_from @i64,
	window_to @i64,
	visit_from @i64,
	visit_to @i64,
	due_at @i64 NOT NULL,
	paused @i64 NOT NULL DEFAULT 0 CHECK (paused IN (0,1)),
	opened_at @i64 NOT NULL,
	state_at @i64 NOT NULL,
	handed_over_at @i64,
	closed_at @i64,
	source @json,
	external_ref @text UNIQUE
)@strict;
CREATE INDEX work_order_customer ON work_order(customer_id, id);
CREATE INDEX work_order_device ON work_order(device_id, id);
CREATE INDEX work_order_station ON work_order(station_id, id);
CREATE INDEX work_order_engineer ON work_order(engineer_id, id);
CREATE INDEX work_order_due ON work_order(due_at, id) WHERE open = 1;
CREATE INDEX work_order_state ON work_order(state, due_at, id) WHERE open = 1;
CREATE INDEX work_order_org ON work_order(org_path, state, due_at) WHERE open = 1;
CREATE INDEX work_order_mine ON work_order(engineer_id, due_at) WHERE open = 1;
CREATE INDEX work_order_opened ON work_order(opened_at);
CREATE INDEX work_order_closed ON work_order(closed_at) WHERE closed_at IS NOT NULL;
CREATE TABLE order_accessory (
	id @pk,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	name @text NOT NULL,
	qty @i64 NOT NULL CHECK (qty > 0)
)@strict;
CREATE INDEX order_accessory_order ON order_accessory(order_id);
CREATE TABLE order_message (
	id @pk,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	at @i64 NOT NULL,
	author_id @i64 REFERENCES account(id),
	author @text NOT NULL,
	text @text NOT NULL,
	internal @i64 NOT NULL CHECK (internal IN (0,1)),
	from_customer @i64 NOT NULL CHECK (from_customer IN (0,1))
)@strict;
CREATE INDEX order_message_order ON order_message(order_id, id);
@fts_create(order_fts);

-- migrate: 2
DROP INDEX work_order_state;
CREATE INDEX work_order_state ON work_order(state, due_at, id, paused, open, org_path, station_id, engineer_id, kind) WHERE open = 1;
DROP INDEX work_order_org;
CREATE INDEX work_order_org ON work_order(org_path, state, due_at, paused, open) WHERE open = 1;
CREATE INDEX work_order_parent ON work_order(parent_id) WHERE parent_id IS NOT NULL;

-- migrate: 3
INSERT INTO org_file (org_id, kind, of_id)
SELECT DISTINCT g.id, 'customer', o.customer_id FROM work_order o JOIN org g ON g.parent_id IS NOT NULL AND substr(o.org_path, 1, length(g.path)) = g.path WHERE 1 = 1
ON CONFLICT DO NOTHING;
INSERT INTO org_file (org_id, kind, of_id)
SELECT DISTINCT g.id, 'device', o.device_id FROM work_order o JOIN org g ON g.parent_id IS NOT NULL AND substr(o.org_path, 1, length(g.path)) = g.path
WHERE o.device_id IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: q_order_org_moved
UPDATE work_order SET org_path = :new_path || substr(org_path, CAST(:cut AS INTEGER)) WHERE org_path >= :old_path AND org_path < :old_end;

-- migrate: 4
ALTER TABLE work_order ADD COLUMN contract_id @i64 REFERENCES contract(id);

-- migrate: 5
CREATE INDEX work_order_contract ON work_order(contract_id) WHERE open = 1;
CREATE INDEX work_order_running ON work_order(state, id, org_path, station_id, engineer_id, kind) WHERE open = 1;

-- name: q_order_insert
INSERT INTO work_order(no, follow_token, kind, mode, channel, state, open, priority, customer_id, device_id, contact_name, phone, email, address, division, lat, lon,
	station_id, org_path, travel_m, agent_id, parent_id, fault, symptom, self_test, frequency, condition, note, data_choice, unlock_sealed, coverage, currency,
	window_from, window_to, due_at, opened_at, state_at, external_ref)
VALUES (:no, :follow_token, :kind, :mode, :channel, :state, 1, :priority, :customer_id, :device_id, :contact_name, :phone, :email, :address, :division, :lat, :lon,
	:station_id, :org_path, :travel_m, :agent_id, :parent_id, :fault, :symptom, :self_test, :frequency, :condition, :note, :data_choice, :unlock_sealed, :coverage, :currency,
	:window_from, :window_to, :due_at, :now, :now, :external_ref)
RETURNING id;

-- name: q_order_accessory_insert
INSERT INTO order_accessory(order_id, name, qty) VALUES (:order_id, :name, :qty);

-- name: q_order_accessories
SELECT name, qty FROM order_accessory WHERE order_id = :order_id ORDER BY id LIMIT 100;

-- name: q_order_accessories_drop
DELETE FROM order_accessory WHERE order_id = :order_id;

-- part: order_in_sight
[[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi @replan ]]

-- name: q_order_one
SELECT o.id, o.ver, o.no, o.follow_token, o.external_ref, o.kind, o.mode, o.channel, o.state, o.priority, o.frequency, o.data_choice, o.wait, o.wait_from, o.verdict,
	o.satisfaction, o.reopened, o.customer_id, o.device_id, o.station_id, o.engineer_id, o.agent_id, o.parent_id, o.contract_id,
	(SELECT k.no FROM contract k WHERE k.id = o.contract_id) AS contract, c.no AS customer_no, o.contact_name AS customer, o.phone, o.email, o.address, o.division, d.serial, d.brand, d.model, d.invoice_no, d.kind AS device_kind,
	COALESCE(d.product_id, (SELECT p.id FROM product p WHERE p.brand_key = d.brand_key AND p.model_key = d.model_key)) AS product_id, s.code AS station, s.name AS station_name,
	s.calendar_id AS station_calendar_id, e.name AS engineer, e.login AS engineer_login, o.org_path, o.fault, o.symptom, o.self_test, o.condition, o.note,
	o.remote_advice, o.fault_code, o.cause, o.finding, o.result, o.end_reason, o.coverage, o.signer,
	CASE WHEN o.unlock_sealed IS NULL THEN 0 ELSE 1 END AS has_unlock, o.unit_in, o.signature_id, o.fee, o.currency, o.window_from, o.window_to, o.visit_from, o.visit_to,
	o.opened_at, o.state_at, o.due_at, o.wait_until, o.handed_over_at, o.closed_at, o.lat, o.lon, o.travel_m, o.paused
FROM work_order o
JOIN customer c ON c.id = o.customer_id
LEFT JOIN device d ON d.id = o.device_id
LEFT JOIN org s ON s.id = o.station_id
LEFT JOIN account e ON e.id = o.engineer_id
WHERE 1 = 1 [[id: AND o.id = :id ]] [[no: AND o.no = :no ]] [[token: AND o.follow_token = :token ]]
	@part(order_in_sight) [[own: AND o.engineer_id = :own ]] [[customer_id: AND o.customer_id = :customer_id ]]
LIMIT 1;

-- part: order_columns
SELECT o.id, o.ver, o.no, o.follow_token, o.contact_name AS customer, o.phone, o.address, d.serial, d.model, s.name AS station, e.name AS engineer, e.login AS engineer_login, o.fault, o.wait,
	o.kind, o.mode, o.state, o.priority, o.opened_at, o.state_at, o.due_at, o.window_from, o.visit_from, o.visit_to, o.paused

-- part: order_joins
LEFT JOIN device d ON d.id = o.device_id
LEFT JOIN org s ON s.id = o.station_id
LEFT JOIN account e ON e.id = o.engineer_id

-- part: order_rows
@part(order_columns)
FROM work_order o
@part(order_joins)

-- name: q_order_newest
@part(order_rows)
WHERE 1 = 1 [[before: AND o.id < :before ]] @part(order_in_sight) [[engineer_id: AND o.engineer_id = :engineer_id ]]
	[[station_id: AND o.station_id = :station_id ]] [[ended: AND o.state = :ended ]] [[running: AND o.state = :running AND o.open = 1 ]] AND (CAST(:kind AS TEXT) IS NULL OR o.kind = :kind)
ORDER BY o.id DESC LIMIT :limit;

-- name: q_order_of
@part(order_rows)
WHERE 1 = 1 [[customer_id: AND o.customer_id = :customer_id ]] [[device_id: AND o.device_id = :device_id ]] [[before: AND o.id < :before ]]
	@part(order_in_sight) [[engineer_id: AND o.engineer_id = :engineer_id ]] [[open: AND o.open = :open ]]
	AND (CAST(:state AS TEXT) IS NULL OR o.state = :state) AND (CAST(:kind AS TEXT) IS NULL OR o.kind = :kind) AND (CAST(:station_id AS @i64) IS NULL OR o.station_id = :station_id)
ORDER BY o.id DESC LIMIT :limit;

-- name: q_order_by_due
@part(order_rows)
WHERE o.open = 1 [[state: AND o.state = :state ]] @part(order_in_sight) [[engineer_id: AND o.engineer_id = :engineer_id ]]
	[[station_id: AND o.station_id = :station_id ]] [[overdue: AND o.due_at < :overdue AND o.paused = 0 ]] AND (CAST(:kind AS TEXT) IS NULL OR o.kind = :kind)
	[[after: AND (o.due_at, o.id) > (:after_due, :after) ]]
ORDER BY o.due_at, o.id LIMIT :limit;

-- part: order_firsts_of
SELECT i.id FROM work_order i WHERE i.open = 1 AND i.state = g.value [[org_lo: AND i.org_path >= :org_lo AND i.org_path < :org_hi ]]
	[[engineer_id: AND i.engineer_id = :engineer_id ]] [[station_id: AND i.station_id = :station_id ]] [[kind: AND i.kind = :kind ]]
ORDER BY i.due_at, i.id LIMIT :limit

-- name: q_order_firsts
@part(order_columns)
FROM json_each(:states) g
CROSS JOIN work_order o
@part(order_joins)
WHERE o.id IN (@part(order_firsts_of));
-- pg:
@part(order_columns)
FROM json_array_elements_text(CAST(:states AS JSON)) g(value)
CROSS JOIN LATERAL (@part(order_firsts_of)) f
JOIN work_order o ON o.id = f.id
@part(order_joins);

-- name: q_order_children
@part(order_rows)
WHERE o.parent_id = :parent_id @part(order_in_sight) [[own: AND o.engineer_id = :own ]] [[customer_id: AND o.customer_id = :customer_id ]]
ORDER BY o.id DESC LIMIT :limit;

-- name: q_order_counts
SELECT o.state, count(*) AS n, sum(CASE WHEN o.due_at < :now AND o.paused = 0 THEN 1 ELSE 0 END) AS overdue
FROM work_order o
WHERE o.open = 1 @part(order_in_sight) [[own: AND o.engineer_id = :own ]] [[kind: AND o.kind = :kind ]]
GROUP BY o.state LIMIT 100;

-- name: q_order_due_of
SELECT due_at FROM work_order WHERE id = :id;

-- name: q_order_open_of_device
SELECT o.no, o.fault, COALESCE(g.name, h.name) AS place, COALESCE(g.phone, h.phone) AS place_phone
FROM work_order o LEFT JOIN org g ON g.id = o.station_id LEFT JOIN org h ON h.parent_id IS NULL
WHERE o.device_id = :device_id AND o.open = 1 ORDER BY o.id DESC LIMIT 1;

-- name: q_order_last_of_device
SELECT o.no, o.fault, COALESCE(g.name, h.name) AS place, COALESCE(g.phone, h.phone) AS place_phone
FROM work_order o LEFT JOIN org g ON g.id = o.station_id LEFT JOIN org h ON h.parent_id IS NULL
WHERE o.device_id = :device_id AND o.open = 0 AND o.closed_at >= :since ORDER BY o.id DESC LIMIT 1;

-- name: q_order_by_ref
SELECT id FROM work_order WHERE external_ref = :ref;

-- name: q_order_set
UPDATE work_order SET state = :state, open = :open, state_at = :now, ver = ver + 1,
	station_id = :station_id, org_path = :org_path, travel_m = :travel_m, engineer_id = :engineer_id,
	remote_advice = :remote_advice, fault_code = :fault_code, cause = :cause, verdict = :verdict, finding = :finding, result = :result, end_reason = :end_reason,
	coverage = :coverage, fee = :fee, signer = :signer, signature_id = :signature_id, satisfaction = :satisfaction, reopened = :reopened, unit_in = :unit_in,
	wait = :wait, wait_from = :wait_from, wait_until = :wait_until, visit_from = :visit_from, visit_to = :visit_to,
	due_at = :due_at, paused = :paused, handed_over_at = :handed_over_at, closed_at = :closed_at
WHERE id = :id AND ver = :ver;

-- name: q_order_fee
UPDATE work_order SET fee = :fee, currency = :currency, ver = ver + 1 WHERE id = :id;

-- name: q_order_unlock_destroy
UPDATE work_order SET unlock_sealed = NULL WHERE id = :id;

-- name: q_order_unlock
SELECT unlock_sealed AS text FROM work_order WHERE id = :id AND unlock_sealed IS NOT NULL;

-- name: q_order_facts
UPDATE work_order SET contact_name = :contact_name, phone = :phone, email = :email, address = :address, division = :division, lat = :lat, lon = :lon, fault = :fault,
	symptom = :symptom, self_test = :self_test, frequency = :frequency, condition = :condition, note = :note, data_choice = :data_choice, priority = :priority,
	window_from = :window_from, window_to = :window_to, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_order_unjudged
SELECT COUNT(*) AS orders, COUNT(CASE WHEN u.why = 'device' THEN 1 END) AS no_device, COUNT(CASE WHEN u.why = 'imported' THEN 1 END) AS imported, COUNT(CASE WHEN u.why = 'other' THEN 1 END) AS other
FROM (SELECT CASE WHEN o.device_id IS NULL THEN 'device' WHEN EXISTS (SELECT 1 FROM verdict v WHERE v.order_id = o.id) THEN '' WHEN o.channel = 'import' THEN 'imported' ELSE 'other' END AS why
	FROM work_order o ORDER BY o.id DESC LIMIT 100000) u;

-- name: q_order_touch
UPDATE work_order SET ver = ver + 1 WHERE id = :id;

-- name: q_order_message_insert
INSERT INTO order_message(order_id, at, author_id, author, text, internal, from_customer)
VALUES (:order_id, :now, :author_id, :author, :text, :internal, :from_customer);

-- name: q_order_messages
SELECT id, author_id, at, author, text, internal, from_customer FROM order_message
WHERE order_id = :order_id [[public_only: AND internal = :public_only ]] [[after: AND id > :after ]]
ORDER BY id LIMIT :limit;

-- name: q_order_messages_last
SELECT id, author_id, at, author, text, internal, from_customer FROM order_message
WHERE order_id = :order_id [[public_only: AND internal = :public_only ]]
ORDER BY id DESC LIMIT :limit;

-- name: q_order_fts_put
@fts_put(order_fts, :id, :words)

-- part: order_words_rest
@part(order_in_sight)
	[[engineer_id: AND o.engineer_id = :engineer_id ]] [[customer_id: AND o.customer_id = :customer_id ]] [[state: AND o.state = :state ]] [[open: AND o.open = :open ]]
	AND (CAST(:kind AS TEXT) IS NULL OR o.kind = :kind) AND (CAST(:station_id AS @i64) IS NULL OR o.station_id = :station_id)
	AND (CAST(:overdue AS @i64) IS NULL OR (o.due_at < :overdue AND o.paused = 0))

-- part: order_words_lite
@part(order_columns)
FROM order_fts f
CROSS JOIN work_order o ON o.id = f.rowid
@part(order_joins)
WHERE f.order_fts MATCH :words AND f.rowid >= :since [[before: AND f.rowid < :before ]] @part(order_words_rest)

-- name: q_order_words
@part(order_words_lite)
ORDER BY f.rowid DESC LIMIT :limit;
-- pg:
@part(order_rows)
WHERE @fts_match(order_fts, o.id, :words) AND o.id >= :since [[before: AND o.id < :before ]] @part(order_words_rest)
ORDER BY o.id DESC LIMIT :limit;

-- name: q_order_words_since
@part(order_words_lite)
ORDER BY f.rowid DESC LIMIT :limit;
-- pg:
@part(order_columns)
FROM order_fts f
JOIN work_order o ON o.id = f.id
@part(order_joins)
WHERE f.id >= :since AND (f.words @@ to_tsquery('simple', :words)) IS TRUE @replan [[before: AND o.id < :before ]] @part(order_words_rest)
ORDER BY f.id DESC LIMIT :limit;

-- name: q_order_last
SELECT max(id) FROM work_order;

-- name: q_order_customer_move
UPDATE work_order SET customer_id = :keep WHERE customer_id = :drop;

-- name: q_order_past_insert
INSERT INTO work_order(no, follow_token, kind, mode, channel, state, open, priority, customer_id, device_id, contact_name, phone, email, address, division, station_id, org_path,
	engineer_id, fault, symptom, note, fault_code, cause, finding, result, end_reason, verdict, fee, currency, satisfaction, due_at, opened_at, state_at, source, external_ref)
VALUES (:no, :follow_token, :kind, :mode, :channel, 'registered', 1, :priority, :customer_id, :device_id, :contact_name, :phone, :email, :address, :division, :station_id, :org_path,
	:engineer_id, :fault, :symptom, :note, :fault_code, :cause, :finding, :result, :end_reason, :verdict, :fee, :currency, :satisfaction, :due_at, :opened_at, :opened_at, :source, :external_ref)
RETURNING id;

-- name: q_order_past_set
UPDATE work_order SET state = :state, open = :open, state_at = :state_at, wait = :wait, wait_from = :wait_from, paused = :paused, closed_at = :closed_at WHERE id = :id;

-- name: q_order_past_list
SELECT o.id, o.external_ref, o.source, o.no, o.state, o.fault, o.opened_at, d.brand, d.kind AS device_kind, d.model, o.verdict
FROM work_order o LEFT JOIN device d ON d.id = o.device_id
WHERE o.id > :after [[since: AND o.opened_at >= :since ]]
ORDER BY o.id LIMIT :limit;

-- name: q_orders_of_contract
SELECT o.id FROM work_order o WHERE o.contract_id = :contract_id AND o.open = 1
UNION SELECT o.id FROM work_order o WHERE o.customer_id = :customer_id AND o.open = 1
UNION SELECT o.id FROM customer e JOIN work_order o ON o.customer_id = e.id WHERE e.org_id = :customer_id AND o.open = 1
UNION SELECT o.id FROM contract_cover v JOIN work_order o ON o.device_id = v.device_id WHERE v.contract_id = :contract_id AND o.open = 1
ORDER BY 1 LIMIT 2000;

-- name: q_order_contract_set
UPDATE work_order SET contract_id = :contract_id WHERE id = :id;

-- name: q_order_due_set
UPDATE work_order SET due_at = :due_at, paused = :paused WHERE id = :id;

-- name: q_order_between
@part(order_rows)
WHERE 1 = 1 [[opened_from: AND o.opened_at >= :opened_from AND o.opened_at < :opened_to ]] [[closed_from: AND o.closed_at >= :closed_from AND o.closed_at < :closed_to ]]
	[[open: AND o.open = :open ]] [[after: AND o.id < :after ]] @part(order_in_sight) [[engineer_id: AND o.engineer_id = :engineer_id ]]
	AND (CAST(:state AS TEXT) IS NULL OR o.state = :state) AND (CAST(:kind AS TEXT) IS NULL OR o.kind = :kind) AND (CAST(:station_id AS @i64) IS NULL OR o.station_id = :station_id)
ORDER BY o.id DESC LIMIT :limit;

-- name: q_order_due_follow
UPDATE work_order SET due_at = COALESCE((SELECT min(k.due_at) FROM sla_clock k WHERE k.subject_id = work_order.id AND k.tier = 'customer' AND k.stopped_at IS NULL), :never)
WHERE id = :id;

-- name: q_order_escalations
SELECT x.id, x.step, x.at, x.tier, x.role, x.receiver, CASE WHEN x.receiver_id IS NULL THEN 0 ELSE 1 END AS mine, k.kind, k.due_at,
	o.no, o.contact_name AS customer, s.name AS station, e.name AS engineer, o.state
FROM sla_escalation x JOIN sla_clock k ON k.id = x.clock_id JOIN work_order o ON o.id = k.subject_id
LEFT JOIN org s ON s.id = o.station_id
LEFT JOIN account e ON e.id = o.engineer_id
WHERE x.seen_at IS NULL AND k.stopped_at IS NULL AND (x.receiver_id = :me OR (x.receiver_id IS NULL AND CAST(:orphans AS @i64) = 1)) @part(order_in_sight)
ORDER BY k.due_at, x.id LIMIT :limit;

-- name: q_order_ids_of
SELECT id, open FROM work_order WHERE customer_id = :customer_id ORDER BY id;

-- name: q_order_erase
UPDATE work_order SET contact_name = :name, phone = NULL, email = NULL, address = NULL, lat = NULL, lon = NULL, note = NULL, signer = NULL, unlock_sealed = NULL, source = NULL, ver = ver + 1
WHERE customer_id = :customer_id;

-- name: q_order_messages_erase
UPDATE order_message SET text = :name, author = :name WHERE from_customer = 1 AND order_id IN (SELECT id FROM work_order WHERE customer_id = :customer_id);
