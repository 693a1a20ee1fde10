-- migrate: 1
CREATE TABLE contract (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	external_ref @text UNIQUE,
	customer_id @i64 NOT NULL REFERENCES customer(id),
	title @text NOT NULL,
	from_on @i64 NOT NULL,
	until_on @i64 NOT NULL CHECK (until_on >= from_on),
	whole @i64 NOT NULL CHECK (whole IN (0,1)),
	note @text,
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
	created_by @text NOT NULL,
	created_at @i64 NOT NULL
)@strict;
CREATE INDEX contract_customer ON contract(customer_id, id);
CREATE TABLE contract_cover (
	id @pk,
	contract_id @i64 NOT NULL REFERENCES contract(id),
	kind @text NOT NULL CHECK (kind IN ('device','product','brand')),
	device_id @i64 REFERENCES device(id),
	product_id @i64 REFERENCES product(id),
	brand_key @text,
	brand @text
)@strict;
CREATE UNIQUE INDEX contract_cover_once ON contract_cover(contract_id, COALESCE(device_id, 0), COALESCE(product_id, 0), COALESCE(brand_key, ''));
CREATE INDEX contract_cover_device ON contract_cover(device_id) WHERE device_id IS NOT NULL;

-- name: q_contract_insert
INSERT INTO contract(no, external_ref, customer_id, title, from_on, until_on, whole, note, active, created_by, created_at)
VALUES (:no, :ref, :customer_id, :title, :from_on, :until_on, :whole, :note, :active, :created_by, :now) RETURNING id;

-- name: q_contract_save
UPDATE contract SET title = :title, from_on = :from_on, until_on = :until_on, whole = :whole, note = :note, active = :active, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- part: contract_rows
SELECT k.id, k.ver, k.no, k.external_ref AS ref, k.customer_id, k.title, k.from_on, k.until_on, k.whole, k.note, k.active, c.no AS customer_no, c.name AS customer,
	l.code AS level, l.name AS level_name, l.name_en AS level_name_en, w.code AS calendar
FROM contract k JOIN customer c ON c.id = k.customer_id
LEFT JOIN service_binding b ON b.basis = 'contract' AND b.basis_id = k.id AND b.brand_key = ''
LEFT JOIN service_level l ON l.id = b.level_id
LEFT JOIN calendar w ON w.id = b.calendar_id

-- part: contract_in_sight
[[org: AND EXISTS (SELECT 1 FROM org_file f WHERE f.org_id = :org AND f.kind = 'customer' AND f.of_id = k.customer_id) ]]

-- name: q_contract_one
@part(contract_rows)
WHERE k.no = :no @part(contract_in_sight)
LIMIT 1;

-- name: q_contract_by_ref
@part(contract_rows)
WHERE k.external_ref = :ref OR k.no = :ref
ORDER BY k.id LIMIT 1;

-- name: q_contract_list
@part(contract_rows)
WHERE 1 = 1 [[before: AND k.id < :before ]] [[customer_id: AND k.customer_id = :customer_id ]] [[level: AND l.code = :level ]]
	[[like: AND (k.no LIKE :like OR k.title LIKE :like OR c.name LIKE :like) ]] @part(contract_in_sight)
ORDER BY k.id DESC LIMIT :limit;

-- name: q_contract_covers
SELECT v.id, v.kind, v.device_id, v.product_id, COALESCE(d.brand, p.brand, v.brand) AS brand,
	CASE v.kind WHEN 'brand' THEN v.brand ELSE COALESCE(d.brand, p.brand) || ' ' || COALESCE(d.model, p.model, '') END AS name, d.serial
FROM contract_cover v LEFT JOIN device d ON d.id = v.device_id LEFT JOIN product p ON p.id = v.product_id
WHERE v.contract_id = :contract_id ORDER BY v.kind, v.id LIMIT 2000;

-- name: q_contract_cover_insert
INSERT INTO contract_cover(contract_id, kind, device_id, product_id, brand_key, brand) VALUES (:contract_id, :kind, :device_id, :product_id, :brand_key, :brand);

-- name: q_contract_cover_drop
DELETE FROM contract_cover WHERE contract_id = :contract_id AND id = :id;

-- name: q_contract_touch
UPDATE contract SET ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_contracts_naming
SELECT v.contract_id AS id, v.id AS cover_id FROM contract_cover v
WHERE v.device_id = :device_id AND NOT EXISTS (SELECT 1 FROM contract_cover w WHERE w.contract_id = v.contract_id AND w.device_id = :new_id)
ORDER BY v.id LIMIT 20;

-- name: q_contract_cover_swap
UPDATE contract_cover SET device_id = :device_id WHERE id = :id;

-- name: q_contract_changed
UPDATE contract SET ver = ver + 1 WHERE id = :id;

-- part: contract_reach
SELECT k.id, 1 AS closeness, k.from_on FROM contract_cover v JOIN contract k ON k.id = v.contract_id
WHERE v.device_id = CAST(:device_id AS @i64) AND k.active = 1 AND k.from_on <= :on AND k.until_on >= :on
UNION ALL
SELECT k.id, 2, k.from_on FROM contract k JOIN contract_cover v ON v.contract_id = k.id
WHERE k.customer_id IN (CAST(:customer_id AS @i64), (SELECT e.org_id FROM customer e WHERE e.id = CAST(:customer_id AS @i64))) AND v.product_id = CAST(:product_id AS @i64)
	AND k.active = 1 AND k.from_on <= :on AND k.until_on >= :on
UNION ALL
SELECT k.id, 3, k.from_on FROM contract k JOIN contract_cover v ON v.contract_id = k.id
WHERE k.customer_id IN (CAST(:customer_id AS @i64), (SELECT e.org_id FROM customer e WHERE e.id = CAST(:customer_id AS @i64))) AND v.brand_key = CAST(:brand_key AS TEXT)
	AND k.active = 1 AND k.from_on <= :on AND k.until_on >= :on
UNION ALL
SELECT k.id, 4, k.from_on FROM contract k
WHERE k.customer_id IN (CAST(:customer_id AS @i64), (SELECT e.org_id FROM customer e WHERE e.id = CAST(:customer_id AS @i64))) AND k.whole = 1
	AND k.active = 1 AND k.from_on <= :on AND k.until_on >= :on

-- name: q_contract_for
SELECT r.id FROM (@part(contract_reach)) r ORDER BY r.closeness, r.from_on DESC, r.id DESC LIMIT 1;

-- name: q_contract_of_device
@part(contract_rows)
JOIN (SELECT r.id, min(r.closeness) AS closeness FROM (@part(contract_reach)) r GROUP BY r.id) n ON n.id = k.id
WHERE 1 = 1 @part(contract_in_sight)
ORDER BY n.closeness, k.from_on DESC, k.id DESC LIMIT 20;

-- name: q_contract_customer_move
UPDATE contract SET customer_id = :keep, ver = ver + 1 WHERE customer_id = :drop;
