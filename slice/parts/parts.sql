-- migrate: 1
CREATE TABLE part (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL,
	no_key @text NOT NULL UNIQUE,
	name @text NOT NULL,
	spec @text, unit @text NOT NULL,
	class @text NOT NULL CHECK (class IN ('main','ordinary','consumable')),
	brand @text, maker_no @text, barcode @text,
	serial_tracked @i64 NOT NULL CHECK (serial_tracked IN (0,1)),
	owes_old @i64 NOT NULL CHECK (owes_old IN (0,1)),
	supplier_months @i64,
	price @i64 CHECK (price >= 0), cost @i64 CHECK (cost >= 0),
	currency @text NOT NULL,
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
	created_at @i64 NOT NULL
)@strict;
CREATE INDEX part_barcode ON part(barcode) WHERE barcode IS NOT NULL;
@fts_create(part_fts);
CREATE TABLE warehouse (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	code @text NOT NULL UNIQUE,
	kind @text NOT NULL CHECK (kind IN ('hq','region','station','van','outside')),
	name @text NOT NULL,
	org_id @i64 REFERENCES org(id),
	org_path @text NOT NULL,
	user_id @i64 UNIQUE REFERENCES account(id),
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0,1))
)@strict;
CREATE UNIQUE INDEX warehouse_org ON warehouse(org_id) WHERE user_id IS NULL;
CREATE INDEX warehouse_path ON warehouse(org_path, id);
INSERT INTO warehouse(code, kind, name, org_path) VALUES ('supplier', 'outside', 'Supplier', ''), ('customer', 'outside', 'Customer', ''), ('maker', 'outside', 'Maker', ''),
	('scrap', 'outside', 'Scrap', ''), ('difference', 'outside', 'Difference', ''), ('opening', 'outside', 'Opening', '');
CREATE TABLE stock_balance (
	part_id @i64 NOT NULL REFERENCES part(id),
	warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	bin @text NOT NULL CHECK (bin IN ('good','bad','transit','quarantine','outside')),
	no_key @text NOT NULL,
	qty @i64 NOT NULL,
	value @i64 NOT NULL,
	reserved @i64 NOT NULL DEFAULT 0,
	issuable @i64 GENERATED ALWAYS AS (CASE WHEN bin = 'good' AND qty > reserved THEN 1 ELSE 0 END) STORED,
	PRIMARY KEY (part_id, warehouse_id, bin),
	CHECK (bin = 'outside' OR (qty >= 0 AND value >= 0 AND reserved >= 0 AND reserved <= qty AND (qty > 0 OR value = 0)))
)@strict;
CREATE INDEX stock_balance_place ON stock_balance(warehouse_id, no_key, part_id);
CREATE INDEX stock_balance_part ON stock_balance(no_key, warehouse_id, part_id);
CREATE INDEX stock_balance_issuable ON stock_balance(warehouse_id, no_key) WHERE issuable = 1;
CREATE TABLE stock_move (
	id @pk,
	at @i64 NOT NULL,
	kind @text NOT NULL,
	part_id @i64 NOT NULL REFERENCES part(id),
	qty @i64 NOT NULL CHECK (qty > 0),
	value @i64 NOT NULL CHECK (value >= 0),
	doc_kind @text NOT NULL, doc_id @i64, doc_line @i64, doc_no @text,
	order_id @i64 REFERENCES work_order(id),
	user_id @i64 REFERENCES account(id),
	reason @text
)@strict;
CREATE INDEX stock_move_part ON stock_move(part_id, id);
CREATE INDEX stock_move_doc ON stock_move(doc_kind, doc_id, id);
CREATE INDEX stock_move_order ON stock_move(order_id, id) WHERE order_id IS NOT NULL;
CREATE TABLE stock_line (
	id @pk,
	move_id @i64 NOT NULL REFERENCES stock_move(id),
	part_id @i64 NOT NULL REFERENCES part(id),
	warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	bin @text NOT NULL,
	qty @i64 NOT NULL CHECK (qty <> 0),
	value @i64 NOT NULL
)@strict;
CREATE INDEX stock_line_move ON stock_line(move_id);
CREATE INDEX stock_line_place ON stock_line(warehouse_id, id);
CREATE INDEX stock_line_part ON stock_line(part_id, warehouse_id, id);
CREATE TABLE part_serial (
	id @pk,
	part_id @i64 NOT NULL REFERENCES part(id),
	serial @text NOT NULL, serial_key @text NOT NULL,
	warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	bin @text NOT NULL,
	order_id @i64 REFERENCES work_order(id), line_id @i64,
	at @i64 NOT NULL,
	UNIQUE (part_id, serial_key)
)@strict;
CREATE INDEX part_serial_key ON part_serial(serial_key);
CREATE INDEX part_serial_place ON part_serial(warehouse_id, part_id, bin);
CREATE INDEX part_serial_line ON part_serial(line_id) WHERE line_id IS NOT NULL;
CREATE TABLE stock_serial (
	move_id @i64 NOT NULL REFERENCES stock_move(id), serial_id @i64 NOT NULL REFERENCES part_serial(id),
	PRIMARY KEY (move_id, serial_id)
)@strict;
CREATE INDEX stock_serial_serial ON stock_serial(serial_id, move_id);
CREATE TABLE requisition (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	kind @text NOT NULL CHECK (kind IN ('order','van','transfer')),
	state @text NOT NULL,
	open @i64 NOT NULL CHECK (open IN (0,1)),
	order_id @i64 REFERENCES work_order(id),
	requester_id @i64 REFERENCES account(id),
	from_id @i64 NOT NULL REFERENCES warehouse(id),
	to_id @i64 NOT NULL REFERENCES warehouse(id),
	org_path @text NOT NULL,
	from_path @text NOT NULL,
	reason @text, needed_on @i64,
	value @i64 NOT NULL,
	currency @text NOT NULL,
	decided_by @i64 REFERENCES account(id), decision @text,
	created_at @i64 NOT NULL,
	state_at @i64 NOT NULL,
	CHECK ((kind = 'order') = (order_id IS NOT NULL)),
	CHECK (from_id <> to_id)
)@strict;
CREATE INDEX requisition_state ON requisition(state, id) WHERE open = 1;
CREATE INDEX requisition_path ON requisition(org_path, id);
CREATE INDEX requisition_from ON requisition(from_path, id);
CREATE INDEX requisition_requester ON requisition(requester_id, id);
CREATE INDEX requisition_order ON requisition(order_id, id) WHERE order_id IS NOT NULL;
CREATE TABLE requisition_line (
	id @pk,
	requisition_id @i64 NOT NULL REFERENCES requisition(id),
	part_id @i64 NOT NULL REFERENCES part(id),
	instead_of @i64 REFERENCES part(id),
	asked @i64 NOT NULL CHECK (asked > 0),
	approved @i64 NOT NULL CHECK (approved >= 0),
	reserved @i64 NOT NULL DEFAULT 0 CHECK (reserved >= 0), reserved_until @i64,
	shipped @i64 NOT NULL DEFAULT 0, received @i64 NOT NULL DEFAULT 0 CHECK (received >= 0),
	damaged @i64 NOT NULL DEFAULT 0 CHECK (damaged >= 0), missing @i64 NOT NULL DEFAULT 0 CHECK (missing >= 0),
	used @i64 NOT NULL DEFAULT 0 CHECK (used >= 0), returned @i64 NOT NULL DEFAULT 0 CHECK (returned >= 0),
	note @text,
	UNIQUE (requisition_id, part_id),
	CHECK (shipped >= 0 AND shipped + reserved <= approved),
	CHECK (received + damaged + missing <= shipped),
	CHECK (used + returned <= received)
)@strict;
CREATE INDEX requisition_line_part ON requisition_line(part_id, requisition_id);
CREATE INDEX requisition_line_reserved ON requisition_line(reserved_until) WHERE reserved > 0;
CREATE TABLE part_use (
	id @pk,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	part_id @i64 NOT NULL REFERENCES part(id),
	qty @i64 NOT NULL CHECK (qty > 0),
	value @i64 NOT NULL,
	serial_in @text, serial_out @text,
	warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	line_id @i64 REFERENCES requisition_line(id),
	user_id @i64 REFERENCES account(id),
	no_old @text,
	at @i64 NOT NULL,
	undone_at @i64, undone_by @i64 REFERENCES account(id), undone_reason @text,
	CHECK ((undone_at IS NULL) = (undone_reason IS NULL))
)@strict;
CREATE INDEX part_use_order ON part_use(order_id, id);
CREATE INDEX part_use_part ON part_use(part_id, at);
CREATE INDEX part_use_at ON part_use(at);
CREATE TABLE old_part (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	state @text NOT NULL,
	open @i64 NOT NULL CHECK (open IN (0,1)),
	origin @text NOT NULL CHECK (origin IN ('use','damaged')),
	use_id @i64 REFERENCES part_use(id),
	line_id @i64 REFERENCES requisition_line(id),
	order_id @i64 REFERENCES work_order(id),
	part_id @i64 NOT NULL REFERENCES part(id),
	serial @text,
	holder_id @i64 REFERENCES account(id),
	warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	org_path @text NOT NULL,
	due_on @i64 NOT NULL,
	slip @text,
	verdict @text CHECK (verdict IN ('bad','no_fault','our_damage')),
	reason @text,
	credit @i64,
	currency @text NOT NULL,
	created_at @i64 NOT NULL, state_at @i64 NOT NULL
)@strict;
CREATE INDEX old_part_state ON old_part(state, due_on, id) WHERE open = 1;
CREATE INDEX old_part_holder ON old_part(holder_id, due_on, id) WHERE state = 'due';
CREATE INDEX old_part_path ON old_part(org_path, due_on, id) WHERE open = 1;
CREATE INDEX old_part_order ON old_part(order_id) WHERE order_id IS NOT NULL;
CREATE INDEX old_part_use ON old_part(use_id) WHERE use_id IS NOT NULL;
CREATE INDEX old_part_slip ON old_part(slip) WHERE slip IS NOT NULL;

-- name: q_part_insert
INSERT INTO part(no, no_key, name, spec, unit, class, kind, brand, maker_no, barcode, serial_tracked, owes_old, supplier_months, price, cost, currency, active, created_at)
VALUES (:no, :no_key, :name, :spec, :unit, :class, :kind, :brand, :maker_no, :barcode, :serial_tracked, :owes_old, :supplier_months, :price, :cost, :currency, :active, :now)
RETURNING id;

-- name: q_part_save
UPDATE part SET name = :name, spec = :spec, unit = :unit, class = :class, kind = :kind, brand = :brand, maker_no = :maker_no, barcode = :barcode, owes_old = :owes_old,
	supplier_months = :supplier_months, price = :price, cost = :cost, active = :active, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_part_cost
UPDATE part SET cost = :cost WHERE id = :id;

-- part: part_rows
SELECT id, ver, no, name, spec, unit, class, kind, brand, maker_no, barcode, serial_tracked, owes_old, supplier_months, price, cost, currency, active
FROM part

-- name: q_part_one
@part(part_rows) WHERE 1 = 1 [[id: AND id = :id ]] [[key: AND no_key = :key ]] [[barcode: AND barcode = :barcode ]] ORDER BY id LIMIT 1;

-- name: q_part_list
@part(part_rows) WHERE 1 = 1 [[after: AND no_key > :after ]] [[words: AND @fts_match(part_fts, id, :words) ]] [[active: AND active = :active ]]
ORDER BY no_key LIMIT :limit;

-- name: q_part_fts_put
@fts_put(part_fts, :id, :words)

-- name: q_warehouse_insert
INSERT INTO warehouse(code, kind, name, org_id, org_path, user_id) VALUES (:code, :kind, :name, :org_id, :org_path, :user_id) RETURNING id;

-- name: q_warehouse_one
SELECT w.id, w.ver, w.code, w.kind, w.name, w.org_id, w.org_path, w.user_id, w.active FROM warehouse w
WHERE 1 = 1 [[id: AND w.id = :id ]] [[code: AND w.code = :code ]] [[org_id: AND w.org_id = :org_id AND w.user_id IS NULL ]] [[user_id: AND w.user_id = :user_id ]]
	[[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]] [[own: AND (w.user_id IS NULL OR w.user_id = :own) ]]
ORDER BY w.id LIMIT 1;

-- name: q_warehouse_orgs
SELECT w.id, coalesce(w.ver, 0) AS ver, o.code, o.kind, o.name, o.id AS org_id, o.path AS org_path, o.active FROM org o
LEFT JOIN warehouse w ON w.org_id = o.id AND w.user_id IS NULL
WHERE 1 = 1 [[org_lo: AND o.path >= :org_lo AND o.path < :org_hi ]]
ORDER BY o.path LIMIT 2000;

-- name: q_warehouse_vans
SELECT w.id, w.ver, w.code, w.kind, w.name, w.org_id, w.org_path, w.user_id, w.active FROM warehouse w
WHERE w.kind = 'van' [[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]] [[own: AND w.user_id = :own ]]
ORDER BY w.org_path, w.id LIMIT 2000;

-- name: q_warehouse_move
UPDATE warehouse SET org_id = :org_id, org_path = :org_path, name = :name, ver = ver + 1 WHERE id = :id;

-- name: q_balance
SELECT b.qty, b.value, b.reserved FROM stock_balance b
WHERE b.part_id = :part_id AND b.warehouse_id = :warehouse_id AND b.bin = :bin;

-- name: q_balance_take
UPDATE stock_balance SET qty = qty - :qty, value = value - :value, reserved = reserved - :unreserve
WHERE part_id = :part_id AND warehouse_id = :warehouse_id AND bin = :bin;

-- name: q_balance_add
INSERT INTO stock_balance(part_id, warehouse_id, bin, no_key, qty, value) SELECT p.id, :warehouse_id, :bin, p.no_key, :qty, :value FROM part p WHERE p.id = :part_id
ON CONFLICT (part_id, warehouse_id, bin) DO UPDATE SET qty = stock_balance.qty + excluded.qty, value = stock_balance.value + excluded.value;

-- name: q_balance_reserve
UPDATE stock_balance SET reserved = reserved + :qty WHERE part_id = :part_id AND warehouse_id = :warehouse_id AND bin = 'good' AND reserved + :qty BETWEEN 0 AND qty;

-- name: q_move_insert
INSERT INTO stock_move(at, kind, part_id, qty, value, doc_kind, doc_id, doc_line, doc_no, order_id, user_id, reason)
VALUES (:now, :kind, :part_id, :qty, :value, :doc_kind, :doc_id, :doc_line, :doc_no, :order_id, :user_id, :reason) RETURNING id;

-- name: q_opened
SELECT m.doc_kind AS kind FROM stock_line l JOIN stock_move m ON m.id = l.move_id
WHERE l.part_id = :part_id AND l.warehouse_id = :warehouse_id ORDER BY m.doc_kind = 'opening' DESC, l.id LIMIT 1;

-- name: q_line_insert
INSERT INTO stock_line(move_id, part_id, warehouse_id, bin, qty, value) VALUES (:move_id, :part_id, :warehouse_id, :bin, :qty, :value);

-- part: serial_rows
SELECT s.id, s.part_id, s.serial, s.warehouse_id, s.bin, s.order_id, w.name AS warehouse, w.kind AS kind
FROM part_serial s JOIN warehouse w ON w.id = s.warehouse_id

-- name: q_serial_one
@part(serial_rows) WHERE s.part_id = :part_id AND s.serial_key = :key;

-- name: q_serial_insert
INSERT INTO part_serial(part_id, serial, serial_key, warehouse_id, bin, order_id, line_id, at) VALUES (:part_id, :serial, :key, :warehouse_id, :bin, :order_id, :line_id, :now) RETURNING id;

-- name: q_serial_move
UPDATE part_serial SET warehouse_id = :warehouse_id, bin = :bin, order_id = :order_id, line_id = :line_id, at = :now
WHERE id = :id AND warehouse_id = :from_id AND bin = :from_bin;

-- name: q_stock_serial_insert
INSERT INTO stock_serial(move_id, serial_id) VALUES (:move_id, :serial_id);

-- name: q_verify_moves
SELECT m.id, CAST(count(l.id) AS @i64) AS qty, CAST(coalesce(sum(l.qty), 0) AS @i64) AS value FROM stock_move m LEFT JOIN stock_line l ON l.move_id = m.id
GROUP BY m.id, m.qty, m.value
HAVING count(l.id) <> 2 OR sum(l.qty) <> 0 OR sum(l.value) <> 0 OR max(l.qty) <> m.qty OR max(l.value) <> m.value
ORDER BY m.id LIMIT 1000;

-- name: q_verify_balances
SELECT b.part_id, w.code AS warehouse, b.bin, b.qty, b.value, CAST(coalesce(l.qty, 0) AS @i64) AS ledger_qty, CAST(coalesce(l.value, 0) AS @i64) AS ledger_value
FROM stock_balance b JOIN warehouse w ON w.id = b.warehouse_id
LEFT JOIN (SELECT part_id, warehouse_id, bin, sum(qty) AS qty, sum(value) AS value FROM stock_line GROUP BY part_id, warehouse_id, bin) l
	ON l.part_id = b.part_id AND l.warehouse_id = b.warehouse_id AND l.bin = b.bin
WHERE b.qty <> coalesce(l.qty, 0) OR b.value <> coalesce(l.value, 0) OR (b.bin <> 'outside' AND (b.qty < 0 OR b.value < 0))
ORDER BY b.part_id LIMIT 1000;

-- name: q_verify_orphans
SELECT l.part_id, w.code AS warehouse, l.bin, CAST(sum(l.qty) AS @i64) AS ledger_qty, CAST(sum(l.value) AS @i64) AS ledger_value
FROM stock_line l JOIN warehouse w ON w.id = l.warehouse_id
WHERE NOT EXISTS (SELECT 1 FROM stock_balance b WHERE b.part_id = l.part_id AND b.warehouse_id = l.warehouse_id AND b.bin = l.bin)
GROUP BY l.part_id, w.code, l.bin ORDER BY l.part_id LIMIT 1000;

-- name: q_verify_serials
SELECT b.part_id, w.code AS warehouse, b.bin, b.qty, (SELECT count(*) FROM part_serial s WHERE s.part_id = b.part_id AND s.warehouse_id = b.warehouse_id AND s.bin = b.bin) AS ledger_qty
FROM stock_balance b JOIN part p ON p.id = b.part_id JOIN warehouse w ON w.id = b.warehouse_id
WHERE p.serial_tracked = 1 AND b.bin <> 'outside'
	AND b.qty <> (SELECT count(*) FROM part_serial s WHERE s.part_id = b.part_id AND s.warehouse_id = b.warehouse_id AND s.bin = b.bin)
ORDER BY b.part_id LIMIT 1000;

-- name: q_verify_reserved
SELECT part_id, warehouse, bin, qty, ledger_qty FROM (SELECT b.part_id, w.code AS warehouse, b.bin, b.reserved AS qty,
	CAST((SELECT coalesce(sum(CASE WHEN r.from_id = b.warehouse_id THEN l.reserved ELSE 0 END), 0)
		+ coalesce(sum(CASE WHEN r.kind = 'order' AND r.to_id = b.warehouse_id THEN l.received - l.used - l.returned ELSE 0 END), 0)
		FROM requisition_line l JOIN requisition r ON r.id = l.requisition_id WHERE l.part_id = b.part_id AND (r.from_id = b.warehouse_id OR r.to_id = b.warehouse_id)) AS @i64) AS ledger_qty
	FROM stock_balance b JOIN warehouse w ON w.id = b.warehouse_id WHERE b.bin = 'good') k
WHERE qty <> ledger_qty ORDER BY part_id LIMIT 1000;

-- name: q_verify_transit
SELECT part_id, warehouse, bin, qty, ledger_qty FROM (SELECT b.part_id, w.code AS warehouse, b.bin, b.qty,
	CAST((SELECT coalesce(sum(l.shipped - l.received - l.damaged - l.missing), 0) FROM requisition_line l JOIN requisition r ON r.id = l.requisition_id
		WHERE l.part_id = b.part_id AND r.to_id = b.warehouse_id) AS @i64) AS ledger_qty
	FROM stock_balance b JOIN warehouse w ON w.id = b.warehouse_id WHERE b.bin = 'transit') k
WHERE qty <> ledger_qty ORDER BY part_id LIMIT 1000;

-- name: q_verify_old
SELECT u.id, u.qty, CAST((SELECT count(*) FROM old_part o WHERE o.use_id = u.id) AS @i64) AS value
FROM part_use u JOIN part p ON p.id = u.part_id
WHERE p.owes_old = 1 AND u.no_old IS NULL AND u.qty <> (SELECT count(*) FROM old_part o WHERE o.use_id = u.id)
ORDER BY u.id LIMIT 1000;

-- name: q_serials_of_line
SELECT s.serial FROM part_serial s WHERE s.line_id = :line_id AND s.warehouse_id = :warehouse_id AND s.bin = :bin ORDER BY s.id LIMIT 500;

-- name: q_move_value
SELECT value FROM stock_move WHERE id = :id;

-- name: q_req_insert
INSERT INTO requisition(no, kind, state, open, order_id, requester_id, from_id, to_id, org_path, from_path, reason, needed_on, value, currency, created_at, state_at)
VALUES (:no, :kind, :state, 1, :order_id, :requester_id, :from_id, :to_id, :org_path, :from_path, :reason, :needed_on, :value, :currency, :now, :now) RETURNING id;

-- name: q_req_line_insert
INSERT INTO requisition_line(requisition_id, part_id, asked, approved, note) VALUES (:requisition_id, :part_id, :asked, 0, :note) RETURNING id;

-- part: requisition_in_sight
[[org_lo: AND (r.org_path >= :org_lo AND r.org_path < :org_hi OR r.from_path >= :org_lo AND r.from_path < :org_hi) ]]
	[[own: AND (r.requester_id = :own OR f.user_id = :own OR t.user_id = :own) ]]

-- name: q_req_one
SELECT r.id, r.ver, r.no, r.kind, r.state, r.order_id, r.requester_id, r.from_id, r.to_id, r.decided_by, o.no AS order_no, u.name AS requester, f.code AS from_code, f.name AS "from",
	t.code AS to_code, t.name AS "to", f.user_id AS from_user_id, t.user_id AS to_user_id, r.org_path, r.from_path, r.reason, d.name AS decider, r.decision, r.needed_on,
	r.value, r.currency, r.created_at, r.state_at
FROM requisition r
JOIN warehouse f ON f.id = r.from_id JOIN warehouse t ON t.id = r.to_id
LEFT JOIN account u ON u.id = r.requester_id
LEFT JOIN account d ON d.id = r.decided_by
LEFT JOIN work_order o ON o.id = r.order_id
WHERE 1 = 1 [[id: AND r.id = :id ]] [[no: AND r.no = :no ]]
	@part(requisition_in_sight);

-- name: q_req_lines
SELECT l.id, l.part_id, p.no AS part_no, p.name AS part, p.unit, i.no AS instead_of, l.note, p.serial_tracked, p.owes_old, l.asked, l.approved, l.reserved, l.shipped,
	l.received, l.damaged, l.missing, l.used, l.returned, l.reserved_until, CAST(coalesce(b.qty - b.reserved, 0) + l.reserved AS @i64) AS in_store
FROM requisition_line l JOIN part p ON p.id = l.part_id LEFT JOIN part i ON i.id = l.instead_of
LEFT JOIN stock_balance b ON b.part_id = l.part_id AND b.warehouse_id = :from_id AND b.bin = 'good'
WHERE l.requisition_id = :requisition_id ORDER BY l.id LIMIT 100;

-- name: q_req_list
SELECT r.id, r.ver, r.no, r.kind, r.state, o.no AS order_no, u.name AS requester, f.name AS "from", t.name AS "to", r.needed_on, r.value, r.currency, r.created_at, r.state_at,
	(SELECT min(p.name) FROM requisition_line l JOIN part p ON p.id = l.part_id WHERE l.requisition_id = r.id) AS parts
FROM requisition r
JOIN warehouse f ON f.id = r.from_id JOIN warehouse t ON t.id = r.to_id
LEFT JOIN account u ON u.id = r.requester_id
LEFT JOIN work_order o ON o.id = r.order_id
WHERE 1 = 1 [[before: AND r.id < :before ]] [[state: AND r.state = :state ]] [[open: AND r.open = :open ]] [[order_id: AND r.order_id = :order_id ]]
	@part(requisition_in_sight)
ORDER BY r.id DESC LIMIT :limit;

-- name: q_req_count
SELECT r.state, count(*) AS n FROM requisition r JOIN warehouse f ON f.id = r.from_id JOIN warehouse t ON t.id = r.to_id
WHERE r.open = 1 @part(requisition_in_sight)
GROUP BY r.state LIMIT 20;

-- name: q_req_set
UPDATE requisition SET state = :state, open = :open, state_at = :now, decided_by = :decided_by, decision = :decision, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_req_line_set
UPDATE requisition_line SET approved = :approved, reserved = :reserved, reserved_until = :reserved_until, shipped = :shipped, received = :received, damaged = :damaged,
	missing = :missing, used = :used, returned = :returned
WHERE id = :id;

-- name: q_req_open_lines
SELECT l.id, l.requisition_id, l.received - l.used - l.returned AS qty FROM requisition_line l JOIN requisition r ON r.id = l.requisition_id
WHERE r.order_id = :order_id AND r.to_id = :to_id AND l.part_id = :part_id AND l.received - l.used - l.returned > 0 ORDER BY l.id LIMIT 100;

-- name: q_req_open_of_order
SELECT CAST(coalesce(sum(l.shipped - l.damaged - l.missing - l.used - l.returned), 0) AS @i64) FROM requisition_line l JOIN requisition r ON r.id = l.requisition_id
WHERE r.order_id = :order_id;

-- name: q_req_line_used
UPDATE requisition_line SET used = used + :qty WHERE id = :id;

-- name: q_req_expired
SELECT l.id, l.part_id, r.from_id, l.reserved AS qty FROM requisition_line l JOIN requisition r ON r.id = l.requisition_id
WHERE l.reserved > 0 AND l.reserved_until < :today ORDER BY l.id LIMIT 500;

-- name: q_req_line_release
UPDATE requisition_line SET reserved = 0, reserved_until = NULL WHERE id = :id;

-- name: q_part_average
SELECT CAST(coalesce(sum(b.value), 0) AS @i64) AS value, CAST(coalesce(sum(b.qty), 0) AS @i64) AS qty FROM stock_balance b
WHERE b.part_id = :part_id AND b.bin = 'good';

-- name: q_use_insert
INSERT INTO part_use(order_id, part_id, qty, value, serial_in, serial_out, warehouse_id, line_id, user_id, no_old, at)
VALUES (:order_id, :part_id, :qty, :value, :serial_in, :serial_out, :warehouse_id, :line_id, :user_id, :no_old, :now) RETURNING id;

-- name: q_uses
SELECT u.id, u.order_id, u.part_id, u.warehouse_id, u.line_id, u.user_id, u.qty, p.no AS part_no, p.name AS part, p.unit, u.serial_in, u.serial_out, u.no_old, a.name AS "user", u.value, p.price, p.currency, u.at
FROM part_use u JOIN part p ON p.id = u.part_id LEFT JOIN account a ON a.id = u.user_id
WHERE u.order_id = :order_id AND u.undone_at IS NULL [[id: AND u.id = :id ]] ORDER BY u.id LIMIT 200;

-- name: q_use_undo
UPDATE part_use SET undone_at = :now, undone_by = :user_id, undone_reason = :reason WHERE id = :id AND undone_at IS NULL;

-- name: q_req_of_line
SELECT requisition_id FROM requisition_line WHERE id = :id;

-- name: q_old_insert
INSERT INTO old_part(no, state, open, origin, use_id, line_id, order_id, part_id, serial, holder_id, warehouse_id, org_path, due_on, reason, currency, created_at, state_at)
VALUES (:no, :state, 1, :origin, :use_id, :line_id, :order_id, :part_id, :serial, :holder_id, :warehouse_id, :org_path, :due_on, :reason, :currency, :now, :now) RETURNING id;

-- part: old_part_rows
SELECT k.id, k.ver, k.order_id, k.part_id, k.use_id, k.holder_id, k.warehouse_id, k.no, p.no AS part_no, p.name AS part, p.serial_tracked, k.serial, o.no AS order_no, h.name AS holder,
	w.name AS warehouse, k.org_path, k.slip, k.reason, k.state, k.verdict, k.due_on, k.credit, k.currency, k.created_at, k.state_at, p.supplier_months,
	(SELECT min(m.at) FROM part_serial ps JOIN stock_serial ss ON ss.serial_id = ps.id JOIN stock_move m ON m.id = ss.move_id
		WHERE ps.part_id = k.part_id AND ps.serial = k.serial AND m.kind = 'purchase') AS bought_at
FROM old_part k JOIN part p ON p.id = k.part_id JOIN warehouse w ON w.id = k.warehouse_id
LEFT JOIN account h ON h.id = k.holder_id LEFT JOIN work_order o ON o.id = k.order_id

-- name: q_old_one
@part(old_part_rows)
WHERE k.no = :no [[org_lo: AND k.org_path >= :org_lo AND k.org_path < :org_hi ]] [[own: AND k.holder_id = :own ]];

-- name: q_old_list
@part(old_part_rows)
WHERE k.open = 1 [[state: AND k.state = :state ]] [[holder_id: AND k.holder_id = :holder_id ]] [[before: AND k.due_on < :before ]]
	[[after: AND (k.due_on, k.id) > (:after_due, :after) ]] [[org_lo: AND k.org_path >= :org_lo AND k.org_path < :org_hi ]]
ORDER BY k.due_on, k.id LIMIT :limit;

-- name: q_old_of
@part(old_part_rows)
WHERE 1 = 1 [[order_id: AND k.order_id = :order_id ]] [[slip: AND k.slip = :slip ]] [[use_id: AND k.use_id = :use_id ]]
ORDER BY k.id LIMIT 500;

-- name: q_old_set
UPDATE old_part SET state = :state, open = :open, warehouse_id = :warehouse_id, org_path = :org_path, slip = coalesce(:slip, slip), verdict = coalesce(:verdict, verdict),
	reason = coalesce(:reason, reason), credit = coalesce(:credit, credit), state_at = :now, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- migrate: 2
CREATE TABLE part_level (
	part_id @i64 NOT NULL REFERENCES part(id), warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	low @i64 NOT NULL CHECK (low >= 0), high @i64 NOT NULL,
	PRIMARY KEY (part_id, warehouse_id),
	CHECK (high >= low)
)@strict;
CREATE INDEX part_level_place ON part_level(warehouse_id, part_id);
CREATE TABLE part_substitute (part_id @i64 NOT NULL REFERENCES part(id), other_id @i64 NOT NULL REFERENCES part(id), PRIMARY KEY (part_id, other_id), CHECK (part_id <> other_id))@strict;
CREATE TABLE kit (id @pk, code @text NOT NULL UNIQUE, name @text NOT NULL)@strict;
CREATE TABLE kit_line (
	kit_id @i64 NOT NULL REFERENCES kit(id), part_id @i64 NOT NULL REFERENCES part(id),
	qty @i64 NOT NULL CHECK (qty > 0),
	PRIMARY KEY (kit_id, part_id)
)@strict;

-- migrate: 3
ALTER TABLE part ADD COLUMN kind @text;

-- part: stock_columns
SELECT p.id AS part_id, w.id AS warehouse_id, p.no AS part_no, p.no_key, p.name AS part, p.spec, p.unit, w.code AS warehouse, w.name AS warehouse_name, w.kind,
	coalesce(g.qty, 0) AS qty, coalesce(g.reserved, 0) AS reserved, coalesce(d.qty, 0) AS bad, coalesce(q.qty, 0) AS quarantine, coalesce(t.qty, 0) AS transit,
	coalesce(g.value, 0) + coalesce(d.value, 0) + coalesce(q.value, 0) + coalesce(t.value, 0) AS value, p.currency, l.low, l.high

-- part: stock_joins
JOIN part p ON p.id = b.part_id JOIN warehouse w ON w.id = b.warehouse_id
LEFT JOIN part_level l ON l.part_id = b.part_id AND l.warehouse_id = b.warehouse_id
LEFT JOIN stock_balance g ON g.part_id = b.part_id AND g.warehouse_id = b.warehouse_id AND g.bin = 'good'
LEFT JOIN stock_balance d ON d.part_id = b.part_id AND d.warehouse_id = b.warehouse_id AND d.bin = 'bad'
LEFT JOIN stock_balance q ON q.part_id = b.part_id AND q.warehouse_id = b.warehouse_id AND q.bin = 'quarantine'
LEFT JOIN stock_balance t ON t.part_id = b.part_id AND t.warehouse_id = b.warehouse_id AND t.bin = 'transit'

-- part: stock_in_sight
[[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]] [[own: AND (w.user_id IS NULL OR w.user_id = :own) ]]

-- name: q_stock_list
@part(stock_columns)
FROM (SELECT DISTINCT s.no_key, s.warehouse_id, s.part_id FROM stock_balance s JOIN warehouse w ON w.id = s.warehouse_id
	WHERE s.bin <> 'outside' [[warehouse_id: AND s.warehouse_id = :warehouse_id ]] [[part_id: AND s.part_id = :part_id ]]
		AND (s.qty > 0 OR EXISTS (SELECT 1 FROM part_level k WHERE k.part_id = s.part_id AND k.warehouse_id = s.warehouse_id AND k.low > 0))
		[[after: AND (s.no_key, s.warehouse_id) > (:after, :after_id) ]] [[words: AND @fts_match(part_fts, s.part_id, :words) ]] @part(stock_in_sight)
	ORDER BY s.no_key, s.warehouse_id LIMIT :limit) b
@part(stock_joins)
ORDER BY b.no_key, b.warehouse_id;

-- name: q_stock_issuable
@part(stock_columns)
FROM stock_balance b @part(stock_joins)
WHERE b.issuable = 1 [[warehouse_id: AND b.warehouse_id = :warehouse_id ]] [[after: AND (b.no_key, b.warehouse_id) > (:after, :after_id) ]]
	[[words: AND @fts_match(part_fts, b.part_id, :words) ]] @part(stock_in_sight)
ORDER BY b.no_key, b.warehouse_id LIMIT :limit;

-- name: q_stock_low
@part(stock_columns)
FROM part_level b @part(stock_joins)
WHERE coalesce(g.qty - g.reserved, 0) < b.low [[warehouse_id: AND b.warehouse_id = :warehouse_id ]] [[after: AND (p.no_key, w.id) > (:after, :after_id) ]] @part(stock_in_sight)
ORDER BY p.no_key, w.id LIMIT :limit;

-- name: q_stock_sums
SELECT w.id AS warehouse_id, w.code AS warehouse, w.name AS warehouse_name, w.kind, p.currency,
	CAST(sum(CASE WHEN b.bin = 'good' THEN b.qty ELSE 0 END) AS @i64) AS qty, CAST(sum(b.reserved) AS @i64) AS reserved,
	CAST(sum(CASE WHEN b.bin = 'bad' THEN b.qty ELSE 0 END) AS @i64) AS bad, CAST(sum(CASE WHEN b.bin = 'quarantine' THEN b.qty ELSE 0 END) AS @i64) AS quarantine,
	CAST(sum(CASE WHEN b.bin = 'transit' THEN b.qty ELSE 0 END) AS @i64) AS transit, CAST(sum(b.value) AS @i64) AS value
FROM stock_balance b JOIN part p ON p.id = b.part_id JOIN warehouse w ON w.id = b.warehouse_id
WHERE b.bin <> 'outside' @part(stock_in_sight)
GROUP BY w.id, w.code, w.name, w.kind, w.org_path, p.currency HAVING sum(b.qty) > 0 ORDER BY w.org_path, w.id LIMIT 1000;

-- part: move_rows
SELECT m.id, m.at, m.kind, p.no AS part_no, p.name AS part, m.qty, m.value, p.currency, m.doc_kind, m.doc_no, o.no AS order_no, u.name AS "user", m.reason,
	fw.name AS "from", fl.bin AS from_bin, tw.name AS "to", tl.bin AS to_bin
FROM stock_move m
JOIN part p ON p.id = m.part_id
JOIN stock_line fl ON fl.move_id = m.id AND fl.qty < 0 JOIN warehouse fw ON fw.id = fl.warehouse_id
JOIN stock_line tl ON tl.move_id = m.id AND tl.qty > 0 JOIN warehouse tw ON tw.id = tl.warehouse_id
LEFT JOIN work_order o ON o.id = m.order_id LEFT JOIN account u ON u.id = m.user_id

-- name: q_stock_moves
@part(move_rows)
WHERE 1 = 1 [[before: AND m.id < :before ]] [[part_id: AND m.part_id = :part_id ]] [[order_id: AND m.order_id = :order_id ]]
	[[warehouse_id: AND m.id IN (SELECT l.move_id FROM stock_line l WHERE l.warehouse_id = :warehouse_id) ]]
	[[org_lo: AND (fw.org_path >= :org_lo AND fw.org_path < :org_hi OR tw.org_path >= :org_lo AND tw.org_path < :org_hi) ]]
	[[own: AND (fw.user_id = :own OR tw.user_id = :own) ]]
ORDER BY m.id DESC LIMIT :limit;

-- name: q_serial_moves
@part(move_rows)
JOIN stock_serial s ON s.move_id = m.id
WHERE s.serial_id = :serial_id ORDER BY m.id DESC LIMIT 200;

-- name: q_serial_bought
SELECT min(m.at) AS bought_at, p.supplier_months FROM part_serial s JOIN part p ON p.id = s.part_id
JOIN stock_serial ss ON ss.serial_id = s.id JOIN stock_move m ON m.id = ss.move_id AND m.kind = 'purchase'
WHERE s.id = :id GROUP BY p.supplier_months;

-- name: q_serials_by_key
@part(serial_rows) WHERE s.serial_key = :key ORDER BY s.id LIMIT 20;

-- name: q_serials_of_part
@part(serial_rows) WHERE s.part_id = :part_id AND s.bin <> 'outside' [[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]] [[own: AND (w.user_id IS NULL OR w.user_id = :own) ]]
ORDER BY s.id LIMIT 200;

-- name: q_level_put
INSERT INTO part_level(part_id, warehouse_id, low, high) VALUES (:part_id, :warehouse_id, :low, :high)
ON CONFLICT (part_id, warehouse_id) DO UPDATE SET low = excluded.low, high = excluded.high;

-- name: q_substitute_put
INSERT INTO part_substitute(part_id, other_id) VALUES (:part_id, :other_id) ON CONFLICT (part_id, other_id) DO NOTHING;

-- name: q_substitute_drop
DELETE FROM part_substitute WHERE part_id = :part_id AND other_id = :other_id;

-- name: q_substitutes
@part(part_rows) WHERE id IN (SELECT other_id FROM part_substitute WHERE part_id = :part_id) ORDER BY no_key LIMIT 50;

-- name: q_is_substitute
SELECT count(*) FROM part_substitute WHERE part_id = :part_id AND other_id = :other_id;

-- name: q_req_line_swap
UPDATE requisition_line SET instead_of = coalesce(instead_of, part_id), part_id = :part_id WHERE id = :id AND shipped = 0;

-- name: q_req_withdraw
SELECT r.id FROM requisition r WHERE r.order_id = :order_id AND r.open = 1 AND r.state IN ('requested', 'approved') ORDER BY r.id LIMIT 50;

-- name: q_kit_put
INSERT INTO kit(code, name) VALUES (:code, :name) ON CONFLICT (code) DO UPDATE SET name = excluded.name RETURNING id;

-- name: q_kit_lines_drop
DELETE FROM kit_line WHERE kit_id = :kit_id;

-- name: q_kit_drop
DELETE FROM kit WHERE id = :id;

-- name: q_kit_line_put
INSERT INTO kit_line(kit_id, part_id, qty) VALUES (:kit_id, :part_id, :qty);

-- name: q_kits
SELECT id, code, name FROM kit WHERE 1 = 1 [[code: AND code = :code ]] ORDER BY code LIMIT 200;

-- name: q_kit_lines
SELECT p.no AS part_no, l.qty, p.name AS note FROM kit_line l JOIN part p ON p.id = l.part_id WHERE l.kit_id = :kit_id ORDER BY p.no_key LIMIT 50;
