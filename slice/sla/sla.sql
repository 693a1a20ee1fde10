-- migrate: 1
CREATE TABLE service_level (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	code @text NOT NULL UNIQUE,
	name @text NOT NULL,
	name_en @text NOT NULL,
	calendar_id @i64 NOT NULL REFERENCES calendar(id),
	note @text,
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0,1))
)@strict;
CREATE TABLE service_target (
	level_id @i64 NOT NULL REFERENCES service_level(id),
	kind @text NOT NULL CHECK (kind IN ('answer','assign','arrive','fix','complete','spare')),
	tier @text NOT NULL CHECK (tier IN ('customer','station','region','hq')),
	order_kind @text NOT NULL DEFAULT '',
	priority @text NOT NULL DEFAULT '' CHECK (priority IN ('','low','normal','high','urgent')),
	area @text NOT NULL DEFAULT '' CHECK (area IN ('','city','surroundings','province')),
	target @text NOT NULL,
	PRIMARY KEY (level_id, kind, tier, order_kind, priority, area)
)@strict;
CREATE TABLE service_escalation (
	level_id @i64 NOT NULL REFERENCES service_level(id),
	kind @text NOT NULL CHECK (kind IN ('answer','assign','arrive','fix','complete','spare')),
	step @i64 NOT NULL CHECK (step BETWEEN 1 AND 9),
	after @text NOT NULL,
	tier @text NOT NULL CHECK (tier IN ('station','region','hq')),
	role @text NOT NULL,
	PRIMARY KEY (level_id, kind, step)
)@strict;
CREATE TABLE service_binding (
	basis @text NOT NULL CHECK (basis IN ('contract','customer','product','station','default')),
	basis_id @i64 NOT NULL,
	level_id @i64 NOT NULL REFERENCES service_level(id),
	PRIMARY KEY (basis, basis_id)
)@strict;
CREATE INDEX service_binding_level ON service_binding(level_id);
CREATE TABLE pause_reason (
	code @text PRIMARY KEY NOT NULL,
	title @text NOT NULL,
	title_en @text NOT NULL,
	party @text NOT NULL CHECK (party IN ('customer','courier','maker','station','none')),
	ends @text NOT NULL CHECK (ends IN ('answer','date','arrival','manual')),
	stops_customer @i64 NOT NULL CHECK (stops_customer IN (0,1)),
	stops_tier @i64 NOT NULL CHECK (stops_tier IN (0,1)),
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0,1))
)@strict;
CREATE TABLE service_pause (
	level_id @i64 NOT NULL REFERENCES service_level(id),
	reason @text NOT NULL REFERENCES pause_reason(code),
	stops @i64 NOT NULL CHECK (stops IN (0,1)),
	PRIMARY KEY (level_id, reason)
)@strict;
CREATE TABLE priority_matrix (
	impact @i64 NOT NULL CHECK (impact BETWEEN 0 AND 2),
	urgency @i64 NOT NULL CHECK (urgency BETWEEN 0 AND 2),
	priority @text NOT NULL CHECK (priority IN ('low','normal','high','urgent')),
	PRIMARY KEY (impact, urgency)
)@strict;
CREATE TABLE sla_clock (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	subject_id @i64 NOT NULL,
	kind @text NOT NULL CHECK (kind IN ('answer','assign','arrive','fix','complete','spare')),
	tier @text NOT NULL CHECK (tier IN ('customer','station','region','hq')),
	level_id @i64 NOT NULL REFERENCES service_level(id),
	calendar_id @i64 NOT NULL REFERENCES calendar(id),
	calendar_rev @i64 NOT NULL,
	org_path @text NOT NULL,
	target @text NOT NULL,
	started_at @i64 NOT NULL,
	counted_from @i64 NOT NULL,
	carried_ms @i64 NOT NULL DEFAULT 0,
	due_at @i64,
	paused @i64 NOT NULL DEFAULT 0 CHECK (paused IN (0,1)),
	unpublished @i64 NOT NULL DEFAULT 0,
	stage @i64 NOT NULL DEFAULT 0,
	next_at @i64,
	breached_at @i64,
	stopped_at @i64,
	gross_ms @i64,
	net_ms @i64,
	met @i64 NOT NULL DEFAULT 0 CHECK (met IN (0,1)),
	moved_from @i64,
	moved_at @i64
)@strict;
CREATE UNIQUE INDEX sla_clock_running ON sla_clock(subject_id, kind, tier) WHERE stopped_at IS NULL;
CREATE INDEX sla_clock_subject ON sla_clock(subject_id, started_at, id);
CREATE INDEX sla_clock_next ON sla_clock(next_at) WHERE next_at IS NOT NULL;
CREATE INDEX sla_clock_calendar ON sla_clock(calendar_id, calendar_rev, id) WHERE stopped_at IS NULL;
CREATE TABLE sla_pause (
	id @pk,
	subject_id @i64 NOT NULL,
	clock_id @i64 REFERENCES sla_clock(id),
	reason @text NOT NULL REFERENCES pause_reason(code),
	party @text NOT NULL CHECK (party IN ('customer','courier','maker','station','none')),
	from_at @i64 NOT NULL,
	to_at @i64,
	until_at @i64,
	note @text,
	by_name @text NOT NULL
)@strict;
CREATE INDEX sla_pause_subject ON sla_pause(subject_id, from_at, id);
CREATE INDEX sla_pause_until ON sla_pause(until_at) WHERE to_at IS NULL AND until_at IS NOT NULL;

-- migrate: 2
ALTER TABLE sla_clock ADD COLUMN order_kind @text NOT NULL DEFAULT '';
ALTER TABLE sla_clock ADD COLUMN priority @text NOT NULL DEFAULT '' CHECK (priority IN ('','low','normal','high','urgent'));
ALTER TABLE sla_clock ADD COLUMN area @text NOT NULL DEFAULT '' CHECK (area IN ('','city','surroundings','province'));
CREATE INDEX sla_clock_level ON sla_clock(level_id, id) WHERE stopped_at IS NULL;
CREATE TABLE service_start (
	level_id @i64 NOT NULL REFERENCES service_level(id),
	kind @text NOT NULL CHECK (kind IN ('answer','assign','arrive','fix','complete')),
	starts @text NOT NULL CHECK (starts IN ('answer','assign','arrive','fix','complete','spare')),
	PRIMARY KEY (level_id, kind, starts)
)@strict;
INSERT INTO service_start(level_id, kind, starts) SELECT id, 'fix', 'spare' FROM service_level WHERE code = 'spare-machine';
CREATE TABLE sla_move (
	id @pk,
	clock_id @i64 NOT NULL REFERENCES sla_clock(id),
	at @i64 NOT NULL,
	why @text NOT NULL CHECK (why IN ('started','paused','resumed','reopened','calendar','facts','level')),
	due_from @i64,
	due_to @i64,
	pause_id @i64 REFERENCES sla_pause(id)
)@strict;
CREATE INDEX sla_move_clock ON sla_move(clock_id, id);
CREATE TABLE sla_escalation (
	id @pk,
	clock_id @i64 NOT NULL REFERENCES sla_clock(id),
	step @i64 NOT NULL,
	at @i64 NOT NULL,
	tier @text NOT NULL CHECK (tier IN ('station','region','hq')),
	role @text NOT NULL,
	receiver_id @i64 REFERENCES account(id),
	receiver @text,
	seen_at @i64,
	UNIQUE (clock_id, step)
)@strict;
CREATE INDEX sla_escalation_receiver ON sla_escalation(receiver_id, id) WHERE seen_at IS NULL;

-- migrate: 3
CREATE TABLE service_bond (
	basis @text NOT NULL CHECK (basis IN ('contract','customer','product','brand','station','default')),
	basis_id @i64 NOT NULL,
	brand_key @text NOT NULL DEFAULT '',
	brand @text,
	level_id @i64 NOT NULL REFERENCES service_level(id),
	calendar_id @i64 REFERENCES calendar(id),
	PRIMARY KEY (basis, basis_id, brand_key)
)@strict;
INSERT INTO service_bond(basis, basis_id, level_id) SELECT basis, basis_id, level_id FROM service_binding;
DROP TABLE service_binding;
ALTER TABLE service_bond RENAME TO service_binding;
CREATE INDEX service_binding_of_level ON service_binding(level_id);
ALTER TABLE sla_clock ADD COLUMN own_calendar @i64 NOT NULL DEFAULT 0 CHECK (own_calendar IN (0,1));
DROP INDEX sla_clock_calendar;
CREATE INDEX sla_clock_on_calendar ON sla_clock(calendar_id, id) WHERE stopped_at IS NULL;
CREATE TABLE sla_walk (
	calendar_id @i64 PRIMARY KEY NOT NULL REFERENCES calendar(id),
	rev @i64 NOT NULL,
	last_id @i64 NOT NULL,
	looked @i64 NOT NULL,
	moved @i64 NOT NULL,
	begun_at @i64 NOT NULL,
	done_at @i64
)@strict;

-- name: q_level_list
SELECT l.id, l.ver, l.code, l.name, l.name_en, l.calendar_id, k.code AS calendar, l.note, l.active
FROM service_level l JOIN calendar k ON k.id = l.calendar_id
WHERE 1 = 1 [[code: AND l.code = :code ]] [[id: AND l.id = :id ]]
ORDER BY l.code LIMIT 500;

-- name: q_level_insert
INSERT INTO service_level(code, name, name_en, calendar_id, note, active) VALUES (:code, :name, :name_en, :calendar_id, :note, :active) RETURNING id;

-- name: q_level_save
UPDATE service_level SET name = :name, name_en = :name_en, calendar_id = :calendar_id, note = :note, active = :active, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_level_targets
SELECT kind, tier, order_kind, NULLIF(priority, '') AS priority, NULLIF(area, '') AS area, target FROM service_target WHERE level_id = :id
ORDER BY kind, tier, order_kind, service_target.priority, service_target.area LIMIT 500;

-- name: q_level_targets_clear
DELETE FROM service_target WHERE level_id = :id;

-- name: q_level_target_insert
INSERT INTO service_target(level_id, kind, tier, order_kind, priority, area, target) VALUES (:id, :kind, :tier, :order_kind, :priority, :area, :target);

-- name: q_level_pauses
SELECT reason, stops FROM service_pause WHERE level_id = :id ORDER BY reason LIMIT 200;

-- name: q_level_pauses_clear
DELETE FROM service_pause WHERE level_id = :id;

-- name: q_level_pause_insert
INSERT INTO service_pause(level_id, reason, stops) VALUES (:id, :reason, :stops);

-- name: q_level_escalations
SELECT kind, step, after, tier, role FROM service_escalation WHERE level_id = :id ORDER BY kind, step LIMIT 200;

-- name: q_level_escalations_clear
DELETE FROM service_escalation WHERE level_id = :id;

-- name: q_level_escalation_insert
INSERT INTO service_escalation(level_id, kind, step, after, tier, role) VALUES (:id, :kind, :step, :after, :tier, :role);

-- name: q_level_starts
SELECT kind, starts FROM service_start WHERE level_id = :id ORDER BY kind, starts LIMIT 30;

-- name: q_level_starts_clear
DELETE FROM service_start WHERE level_id = :id;

-- name: q_level_start_insert
INSERT INTO service_start(level_id, kind, starts) VALUES (:id, :kind, :starts);

-- name: q_level_bindings
SELECT basis, basis_id, brand FROM service_binding WHERE level_id = :id AND basis <> 'contract' ORDER BY basis, basis_id, brand_key LIMIT 5000;

-- name: q_level_bindings_clear
DELETE FROM service_binding WHERE level_id = :id AND basis <> 'contract';

-- name: q_level_binding_insert
INSERT INTO service_binding(basis, basis_id, brand_key, brand, level_id) VALUES (:basis, :basis_id, :brand_key, :brand, :id);

-- name: q_level_bound
SELECT level_id FROM service_binding WHERE basis = :basis AND basis_id = :basis_id AND brand_key = :brand_key;

-- name: q_contract_bind
INSERT INTO service_binding(basis, basis_id, level_id, calendar_id) VALUES ('contract', :contract_id, :level_id, :calendar_id)
ON CONFLICT (basis, basis_id, brand_key) DO UPDATE SET level_id = excluded.level_id, calendar_id = excluded.calendar_id;

-- name: q_contract_unbind
DELETE FROM service_binding WHERE basis = 'contract' AND basis_id = :contract_id;

-- name: q_level_contracts
SELECT count(*) FROM service_binding WHERE level_id = :id AND basis = 'contract';

-- name: q_bound_touch
UPDATE service_level SET ver = ver + 1 WHERE id IN (SELECT level_id FROM service_binding WHERE basis = 'customer' AND basis_id = :customer_id);

-- name: q_bound_move
UPDATE service_binding SET basis_id = :keep WHERE basis = 'customer' AND basis_id = :drop
	AND NOT EXISTS (SELECT 1 FROM service_binding k WHERE k.basis = 'customer' AND k.basis_id = :keep);

-- name: q_bound_drop
DELETE FROM service_binding WHERE basis = 'customer' AND basis_id = :customer_id;

-- name: q_level_choose
SELECT b.basis, b.level_id, b.calendar_id FROM service_binding b JOIN service_level l ON l.id = b.level_id
WHERE l.active = 1 AND ((b.basis = 'contract' AND b.basis_id = CAST(:contract_id AS @i64)) OR (b.basis = 'customer' AND b.basis_id = CAST(:customer_id AS @i64))
	OR (b.basis = 'product' AND b.basis_id = CAST(:product_id AS @i64)) OR (b.basis = 'brand' AND b.basis_id = 0 AND b.brand_key = CAST(:brand_key AS TEXT))
	OR (b.basis = 'station' AND b.basis_id = CAST(:station_id AS @i64)) OR (b.basis = 'default' AND b.basis_id = 0))
LIMIT 10;

-- name: q_pause_reasons
SELECT code, title, title_en, party, ends, stops_customer, stops_tier, active FROM pause_reason [[code: WHERE code = :code ]] ORDER BY code LIMIT 200;

-- name: q_pause_reason_put
INSERT INTO pause_reason(code, title, title_en, party, ends, stops_customer, stops_tier, active)
VALUES (:code, :title, :title_en, :party, :ends, :stops_customer, :stops_tier, :active)
ON CONFLICT (code) DO UPDATE SET title = excluded.title, title_en = excluded.title_en, party = excluded.party, ends = excluded.ends,
	stops_customer = excluded.stops_customer, stops_tier = excluded.stops_tier, active = excluded.active;

-- name: q_matrix
SELECT impact, urgency, priority FROM priority_matrix ORDER BY impact, urgency LIMIT 9;

-- name: q_matrix_put
INSERT INTO priority_matrix(impact, urgency, priority) VALUES (:impact, :urgency, :priority)
ON CONFLICT (impact, urgency) DO UPDATE SET priority = excluded.priority;

-- name: q_clock_insert
INSERT INTO sla_clock(subject_id, kind, tier, level_id, calendar_id, calendar_rev, own_calendar, org_path, order_kind, priority, area, target, started_at, counted_from,
	due_at, paused, unpublished, next_at)
VALUES (:subject_id, :kind, :tier, :level_id, :calendar_id, :calendar_rev, :own_calendar, :org_path, :order_kind, :priority, :area, :target, :started_at, :started_at,
	:due_at, :paused, :unpublished, :next_at) RETURNING id;

-- part: clock_rows
SELECT k.id, k.ver, k.subject_id, k.kind, k.tier, k.level_id, l.code AS level, k.calendar_id, k.calendar_rev, k.own_calendar, k.org_path, k.order_kind,
	NULLIF(k.priority, '') AS priority, NULLIF(k.area, '') AS area, k.target, k.started_at, k.counted_from,
	k.carried_ms, k.due_at, k.paused, k.unpublished, k.stage, k.next_at, k.breached_at, k.stopped_at, k.gross_ms, k.net_ms, k.met, k.moved_from, k.moved_at
FROM sla_clock k JOIN service_level l ON l.id = k.level_id

-- name: q_clocks
@part(clock_rows)
WHERE k.subject_id = :subject_id [[running: AND k.stopped_at IS NULL AND 1 = :running ]]
ORDER BY k.started_at, k.id LIMIT 100;

-- name: q_clock_one
@part(clock_rows)
WHERE k.id = :id;

-- name: q_clocks_next
@part(clock_rows)
WHERE k.next_at IS NOT NULL AND k.next_at <= :now
ORDER BY k.next_at LIMIT :limit;

-- name: q_clocks_of_level
@part(clock_rows)
WHERE k.stopped_at IS NULL AND k.level_id = :level_id AND k.id > :after
ORDER BY k.id LIMIT :limit;

-- name: q_walk_due
SELECT k.id FROM calendar k LEFT JOIN sla_walk w ON w.calendar_id = k.id WHERE w.calendar_id IS NULL OR w.rev <> k.rev OR w.done_at IS NULL ORDER BY k.id LIMIT 1;

-- name: q_walk
SELECT calendar_id, rev, last_id, looked, moved, begun_at, done_at FROM sla_walk WHERE calendar_id = :calendar_id;

-- name: q_walk_put
INSERT INTO sla_walk(calendar_id, rev, last_id, looked, moved, begun_at, done_at) VALUES (:calendar_id, :rev, :last_id, :looked, :moved, :begun_at, :done_at)
ON CONFLICT (calendar_id) DO UPDATE SET rev = excluded.rev, last_id = excluded.last_id, looked = excluded.looked, moved = excluded.moved,
	begun_at = excluded.begun_at, done_at = excluded.done_at;

-- name: q_clocks_on
SELECT id, ver, subject_id, kind, tier, level_id, calendar_id, target, counted_from, carried_ms, due_at, unpublished, stage, next_at
FROM sla_clock WHERE stopped_at IS NULL AND calendar_id = :calendar_id AND id > :after ORDER BY id LIMIT :limit;

-- name: q_pauses_on
SELECT k.id AS clock_id, p.from_at, p.to_at
FROM sla_clock k JOIN sla_pause p ON p.subject_id = k.subject_id JOIN pause_reason r ON r.code = p.reason
LEFT JOIN service_pause s ON s.level_id = k.level_id AND s.reason = p.reason
WHERE k.stopped_at IS NULL AND k.calendar_id = :calendar_id AND k.id > :after AND k.id <= :last AND (p.clock_id = k.id OR (p.clock_id IS NULL AND
	CASE WHEN k.tier = 'customer' THEN COALESCE(s.stops, r.stops_customer) ELSE r.stops_tier END = 1))
ORDER BY k.id, p.from_at, p.id LIMIT :limit;

-- name: q_clock_moved
UPDATE sla_clock SET ver = ver + 1, calendar_rev = :rev, due_at = :due_at, unpublished = :unpublished, next_at = :next_at,
	moved_from = COALESCE(:moved_from, moved_from), moved_at = COALESCE(:moved_at, moved_at)
WHERE id = :id AND ver = :ver;

-- name: q_clock_count_of_calendar
SELECT count(*) FROM sla_clock WHERE stopped_at IS NULL AND calendar_id = :calendar_id;

-- name: q_clock_set
UPDATE sla_clock SET ver = ver + 1, level_id = :level_id, calendar_id = :calendar_id, calendar_rev = :calendar_rev, own_calendar = :own_calendar, org_path = :org_path,
	order_kind = :order_kind, priority = :priority, area = :area, target = :target,
	counted_from = :counted_from, carried_ms = :carried_ms, due_at = :due_at, paused = :paused, unpublished = :unpublished, stage = :stage, next_at = :next_at,
	breached_at = :breached_at, stopped_at = :stopped_at, gross_ms = :gross_ms, net_ms = :net_ms, met = :met, moved_from = :moved_from, moved_at = :moved_at
WHERE id = :id AND ver = :ver;

-- name: q_pause_insert
INSERT INTO sla_pause(subject_id, clock_id, reason, party, from_at, to_at, until_at, note, by_name)
VALUES (:subject_id, :clock_id, :reason, :party, :from_at, :to_at, :until_at, :note, :by_name);

-- name: q_pauses
SELECT p.id, p.clock_id, p.reason, r.title, r.title_en, p.party, p.from_at, p.to_at, p.until_at, p.note, p.by_name
FROM sla_pause p JOIN pause_reason r ON r.code = p.reason
WHERE p.subject_id = :subject_id ORDER BY p.from_at, p.id LIMIT 1000;

-- name: q_pauses_of
SELECT p.id, p.subject_id, p.clock_id, p.reason, r.title, r.title_en, p.party, p.from_at, p.to_at, p.until_at, p.note, p.by_name, r.stops_customer, r.stops_tier
FROM sla_pause p JOIN pause_reason r ON r.code = p.reason
WHERE p.subject_id IN (SELECT value FROM json_each(:subjects)) ORDER BY p.subject_id, p.from_at, p.id LIMIT 20000;
-- pg:
SELECT p.id, p.subject_id, p.clock_id, p.reason, r.title, r.title_en, p.party, p.from_at, p.to_at, p.until_at, p.note, p.by_name, r.stops_customer, r.stops_tier
FROM sla_pause p JOIN pause_reason r ON r.code = p.reason
WHERE p.subject_id IN (SELECT CAST(json_array_elements_text(CAST(:subjects AS json)) AS BIGINT)) ORDER BY p.subject_id, p.from_at, p.id LIMIT 20000;

-- name: q_pause_end
UPDATE sla_pause SET to_at = :at WHERE subject_id = :subject_id AND to_at IS NULL;

-- name: q_pause_end_one
UPDATE sla_pause SET to_at = :at WHERE id = :id AND to_at IS NULL;

-- name: q_pauses_over
SELECT id, subject_id, until_at FROM sla_pause WHERE to_at IS NULL AND until_at IS NOT NULL AND until_at <= :now ORDER BY until_at LIMIT :limit;

-- name: q_told_insert
INSERT INTO sla_move(clock_id, at, why, due_from, due_to, pause_id) VALUES (:clock_id, :at, :why, :due_from, :due_to, :pause_id);

-- name: q_told
SELECT m.clock_id, m.at, m.why, m.due_from, m.due_to, r.title, r.title_en, p.party, p.from_at, p.to_at
FROM sla_move m JOIN sla_clock k ON k.id = m.clock_id LEFT JOIN sla_pause p ON p.id = m.pause_id LEFT JOIN pause_reason r ON r.code = p.reason
WHERE k.subject_id = :subject_id ORDER BY m.id LIMIT 500;

-- name: q_escalation_insert
INSERT INTO sla_escalation(clock_id, step, at, tier, role, receiver_id, receiver) VALUES (:clock_id, :step, :at, :tier, :role, :receiver_id, :receiver);

-- name: q_escalation_seen
UPDATE sla_escalation SET seen_at = :now WHERE id = :id AND receiver_id = :receiver_id AND seen_at IS NULL;
