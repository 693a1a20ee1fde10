-- migrate: 1
CREATE TABLE purchase (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	supplier @text NOT NULL,
	warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	org_path @text NOT NULL,
	state @text NOT NULL CHECK (state IN ('open','partial','received','closed')),
	open @i64 NOT NULL CHECK (open IN (0,1)),
	expected_on @i64,
	note @text,
	reason @text,
	value @i64 NOT NULL,
	currency @text NOT NULL,
	buyer_id @i64 REFERENCES account(id),
	created_at @i64 NOT NULL,
	state_at @i64 NOT NULL
)@strict;
CREATE INDEX purchase_path ON purchase(org_path, id);
CREATE INDEX purchase_open ON purchase(warehouse_id, id) WHERE open = 1;
CREATE TABLE purchase_line (
	id @pk,
	purchase_id @i64 NOT NULL REFERENCES purchase(id),
	part_id @i64 NOT NULL REFERENCES part(id),
	qty @i64 NOT NULL CHECK (qty > 0),
	received @i64 NOT NULL DEFAULT 0,
	price @i64 NOT NULL CHECK (price >= 0),
	UNIQUE (purchase_id, part_id),
	CHECK (received BETWEEN 0 AND qty)
)@strict;
CREATE INDEX purchase_line_part ON purchase_line(part_id, purchase_id);
CREATE TABLE stocktake (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	warehouse_id @i64 NOT NULL REFERENCES warehouse(id),
	org_path @text NOT NULL,
	state @text NOT NULL CHECK (state IN ('counting','submitted','posted','cancelled')),
	counter_id @i64 REFERENCES account(id),
	approver_id @i64 REFERENCES account(id),
	reason @text,
	created_at @i64 NOT NULL,
	state_at @i64 NOT NULL
)@strict;
CREATE UNIQUE INDEX stocktake_running ON stocktake(warehouse_id) WHERE state IN ('counting','submitted');
CREATE INDEX stocktake_path ON stocktake(org_path, id);
CREATE TABLE stocktake_line (
	id @pk,
	stocktake_id @i64 NOT NULL REFERENCES stocktake(id),
	part_id @i64 NOT NULL REFERENCES part(id),
	counted @i64 CHECK (counted >= 0),
	book @i64,
	counted_at @i64,
	mark @i64,
	serials @text,
	UNIQUE (stocktake_id, part_id)
)@strict;

-- name: q_purchase_insert
INSERT INTO purchase(no, supplier, warehouse_id, org_path, state, open, expected_on, note, value, currency, buyer_id, created_at, state_at)
VALUES (:no, :supplier, :warehouse_id, :org_path, 'open', 1, :expected_on, :note, :value, :currency, :buyer_id, :now, :now) RETURNING id;

-- name: q_purchase_line_insert
INSERT INTO purchase_line(purchase_id, part_id, qty, price) VALUES (:purchase_id, :part_id, :qty, :price) RETURNING id;

-- name: q_purchase_list
SELECT p.id, p.ver, p.no, p.supplier, p.warehouse_id, w.code AS warehouse, w.name AS warehouse_name, p.org_path, p.state, p.expected_on, p.note, p.reason, p.value, p.currency,
	a.name AS buyer, p.created_at, p.state_at
FROM purchase p JOIN warehouse w ON w.id = p.warehouse_id LEFT JOIN account a ON a.id = p.buyer_id
WHERE 1 = 1 [[no: AND p.no = :no ]] [[state: AND p.state = :state ]] [[open: AND p.open = :open ]] [[before: AND p.id < :before ]]
	[[org_lo: AND p.org_path >= :org_lo AND p.org_path < :org_hi ]]
ORDER BY p.id DESC LIMIT :limit;

-- name: q_purchase_lines
SELECT l.id, l.part_id, p.no AS part_no, p.name AS part, p.unit, p.serial_tracked, l.qty, l.received, l.price, p.currency
FROM purchase_line l JOIN part p ON p.id = l.part_id WHERE l.purchase_id = :purchase_id ORDER BY l.id LIMIT 200;

-- name: q_purchase_line_received
UPDATE purchase_line SET received = received + :qty WHERE id = :id;

-- name: q_purchase_set
UPDATE purchase SET state = :state, open = :open, reason = :reason, state_at = :now, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_proposals
SELECT p.id AS part_id, w.id AS warehouse_id, p.no AS part_no, p.name AS part, p.unit, w.code AS warehouse, w.name AS warehouse_name, p.cost, p.currency,
	coalesce(l.low, 0) AS low, coalesce(l.high, 0) AS high,
	CAST(coalesce((SELECT b.qty - b.reserved FROM stock_balance b WHERE b.part_id = p.id AND b.warehouse_id = w.id AND b.bin = 'good'), 0) AS @i64) AS free,
	CAST(coalesce((SELECT sum(q.approved - q.received - q.damaged - q.missing) FROM requisition_line q JOIN requisition r ON r.id = q.requisition_id
			WHERE q.part_id = p.id AND r.to_id = w.id AND r.open = 1), 0)
		+ coalesce((SELECT sum(u.qty - u.received) FROM purchase_line u JOIN purchase o ON o.id = u.purchase_id WHERE u.part_id = p.id AND o.warehouse_id = w.id AND o.open = 1), 0)
		AS @i64) AS coming,
	CAST(coalesce((SELECT sum(-s.qty) FROM stock_line s JOIN stock_move m ON m.id = s.move_id
		WHERE s.part_id = p.id AND s.warehouse_id = w.id AND s.bin = 'good' AND m.kind IN ('ship', 'unused') AND m.at >= :since), 0) AS @i64) AS left90
FROM (SELECT part_id, warehouse_id FROM part_level UNION SELECT b.part_id, b.warehouse_id FROM stock_balance b WHERE b.bin = 'good') k
JOIN part p ON p.id = k.part_id AND p.active = 1
JOIN warehouse w ON w.id = k.warehouse_id AND w.kind <> 'van'
LEFT JOIN part_level l ON l.part_id = k.part_id AND l.warehouse_id = k.warehouse_id
WHERE 1 = 1 [[warehouse_id: AND w.id = :warehouse_id ]] [[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]]
ORDER BY w.org_path, p.no_key LIMIT 20000;

-- name: q_forecast_month
SELECT u.part_id, p.no AS part_no, p.name AS part, p.unit, coalesce(d.model, '') AS model, CAST(sum(u.qty) AS @i64) AS qty
FROM part_use u JOIN part p ON p.id = u.part_id JOIN warehouse w ON w.id = u.warehouse_id JOIN work_order o ON o.id = u.order_id LEFT JOIN device d ON d.id = o.device_id
WHERE u.at >= :from AND u.at < :until AND u.undone_at IS NULL [[model: AND d.model = :model ]] [[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]]
GROUP BY u.part_id, p.no, p.name, p.unit, d.model ORDER BY p.no, model LIMIT 2000;

-- name: q_forecast_models
SELECT d.model, CAST(sum(u.qty) AS @i64) AS qty FROM part_use u JOIN warehouse w ON w.id = u.warehouse_id JOIN work_order o ON o.id = u.order_id JOIN device d ON d.id = o.device_id
WHERE u.at >= :from AND u.undone_at IS NULL AND d.model IS NOT NULL [[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]]
GROUP BY d.model ORDER BY sum(u.qty) DESC, d.model LIMIT 60;

-- name: q_forecast_stock
SELECT b.part_id, CAST(sum(b.qty - b.reserved) AS @i64) AS qty FROM stock_balance b JOIN warehouse w ON w.id = b.warehouse_id
WHERE b.bin = 'good' [[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]] GROUP BY b.part_id ORDER BY b.part_id LIMIT 20000;

-- name: q_above
SELECT w.code AS above, w.name AS above_name FROM stock_balance b JOIN warehouse w ON w.id = b.warehouse_id, warehouse h
WHERE h.id = :warehouse_id AND b.part_id = :part_id AND b.bin = 'good' AND b.qty - b.reserved >= :qty AND w.user_id IS NULL AND w.id <> h.id
	AND substr(h.org_path, 1, length(w.org_path)) = w.org_path
ORDER BY length(w.org_path) DESC LIMIT 1;

-- name: q_take_insert
INSERT INTO stocktake(no, warehouse_id, org_path, state, counter_id, created_at, state_at) VALUES (:no, :warehouse_id, :org_path, 'counting', :counter_id, :now, :now) RETURNING id;

-- name: q_take_lines_open
INSERT INTO stocktake_line(stocktake_id, part_id) SELECT :stocktake_id, b.part_id FROM stock_balance b WHERE b.warehouse_id = :warehouse_id AND b.bin = 'good' AND b.qty > 0;

-- name: q_take_list
SELECT t.id, t.ver, t.no, t.warehouse_id, w.code AS warehouse, w.name AS warehouse_name, t.org_path, t.state, t.counter_id, a.name AS counter, b.name AS approver, t.reason, t.created_at, t.state_at,
	(SELECT count(*) FROM stocktake_line l WHERE l.stocktake_id = t.id AND l.counted IS NOT NULL) AS counted,
	(SELECT count(*) FROM stocktake_line l WHERE l.stocktake_id = t.id AND l.counted <> l.book AND t.state <> 'counting') AS off
FROM stocktake t JOIN warehouse w ON w.id = t.warehouse_id LEFT JOIN account a ON a.id = t.counter_id LEFT JOIN account b ON b.id = t.approver_id
WHERE 1 = 1 [[no: AND t.no = :no ]] [[before: AND t.id < :before ]] [[org_lo: AND t.org_path >= :org_lo AND t.org_path < :org_hi ]]
ORDER BY t.id DESC LIMIT :limit;

-- name: q_take_lines
SELECT l.id, l.part_id, p.no AS part_no, p.name AS part, p.unit, p.serial_tracked, l.counted, CASE WHEN CAST(:blind AS @i64) = 1 THEN NULL ELSE l.book END AS book,
	CASE WHEN CAST(:blind AS @i64) = 1 THEN NULL ELSE l.counted - l.book END AS diff, l.serials, l.counted_at, l.mark
FROM stocktake_line l JOIN part p ON p.id = l.part_id WHERE l.stocktake_id = :stocktake_id ORDER BY p.no_key LIMIT 5000;

-- name: q_take_count
INSERT INTO stocktake_line(stocktake_id, part_id, counted, book, serials, counted_at, mark) VALUES (:stocktake_id, :part_id, :counted, :book, :serials, :now, :mark)
ON CONFLICT (stocktake_id, part_id) DO UPDATE SET counted = excluded.counted, book = excluded.book, serials = excluded.serials, counted_at = excluded.counted_at, mark = excluded.mark;

-- name: q_take_mark
SELECT coalesce(max(id), 0) FROM stock_line WHERE warehouse_id = :warehouse_id;

-- name: q_take_moved
SELECT count(*) FROM stock_line WHERE part_id = :part_id AND warehouse_id = :warehouse_id AND bin = 'good' AND id > :mark;

-- name: q_take_set
UPDATE stocktake SET state = :state, approver_id = :approver_id, reason = :reason, state_at = :now, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_take_touch
UPDATE stocktake SET ver = ver + 1 WHERE id = :id AND state = 'counting';

-- name: q_serials_here
SELECT s.serial FROM part_serial s WHERE s.part_id = :part_id AND s.warehouse_id = :warehouse_id AND s.bin = 'good' AND s.at <= :at ORDER BY s.id LIMIT 5000;
