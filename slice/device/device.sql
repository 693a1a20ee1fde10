-- migrate: 1
CREATE TABLE device (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	serial @text NOT NULL,
	serial_key @text NOT NULL,
	brand @text NOT NULL,
	brand_key @text NOT NULL,
	model @text NOT NULL,
	model_key @text NOT NULL,
	kind @text NOT NULL,
	config @text,
	product_id @i64 REFERENCES product(id),
	customer_id @i64 REFERENCES customer(id),
	asset_no @text,
	department @text,
	user_name @text,
	location @text,
	division @text,
	proof @text NOT NULL DEFAULT 'none' CHECK (proof IN ('none','invoice','card','contract')),
	invoice_no @text,
	factory_on @i64,
	invoiced_on @i64,
	delivered_on @i64,
	installed_on @i64,
	accepted_on @i64,
	loaner @i64 NOT NULL DEFAULT 0 CHECK (loaner IN (0,1)),
	second_hand @i64 NOT NULL DEFAULT 0 CHECK (second_hand IN (0,1)),
	recall_open @i64 NOT NULL DEFAULT 0 CHECK (recall_open IN (0,1)),
	replaced_by @i64 REFERENCES device(id),
	note @text,
	external_ref @text UNIQUE,
	created_at @i64 NOT NULL,
	UNIQUE (serial_key, brand_key)
)@strict;
CREATE INDEX device_customer ON device(customer_id, id);
CREATE INDEX device_model ON device(model_key, id);
CREATE INDEX device_asset ON device(asset_no) WHERE asset_no IS NOT NULL;
CREATE TABLE device_part (
	id @pk,
	device_id @i64 NOT NULL REFERENCES device(id),
	part_no @text NOT NULL,
	serial_out @text,
	serial_in @text,
	order_id @i64,
	at @i64 NOT NULL
)@strict;
CREATE INDEX device_part_device ON device_part(device_id, id);
CREATE TABLE device_swap (
	id @pk,
	old_id @i64 NOT NULL REFERENCES device(id),
	new_id @i64 NOT NULL REFERENCES device(id),
	reason @text NOT NULL,
	order_id @i64,
	condition @text NOT NULL DEFAULT 'new' CHECK (condition IN ('new','refurbished')),
	fate @text NOT NULL DEFAULT 'open' CHECK (fate IN ('open','maker','refurbish','scrap','kept')),
	fate_note @text,
	at @i64 NOT NULL
)@strict;
CREATE INDEX device_swap_old ON device_swap(old_id);
CREATE INDEX device_swap_new ON device_swap(new_id);

-- part: device_new
INSERT INTO device(serial, serial_key, brand, brand_key, model, model_key, kind, config, product_id, customer_id, asset_no, department, user_name, location, division,
	proof, invoice_no, factory_on, invoiced_on, delivered_on, installed_on, accepted_on, loaner, second_hand, note, external_ref, created_at)
VALUES (:serial, :serial_key, :brand, :brand_key, :model, :model_key, :kind, :config, :product_id, :customer_id, :asset_no, :department, :user_name, :location, :division,
	:proof, :invoice_no, :factory_on, :invoiced_on, :delivered_on, :installed_on, :accepted_on, :loaner, :second_hand, :note, :external_ref, :now)

-- name: q_device_insert
@part(device_new)
RETURNING id;

-- name: q_device_import
@part(device_new)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: q_device_save
UPDATE device SET serial = :serial, serial_key = :serial_key, brand = :brand, brand_key = :brand_key, model = :model, model_key = :model_key, kind = :kind, config = :config,
	customer_id = :customer_id, asset_no = :asset_no, department = :department, user_name = :user_name, location = :location, division = :division,
	proof = :proof, invoice_no = :invoice_no, factory_on = :factory_on, invoiced_on = :invoiced_on, delivered_on = :delivered_on, installed_on = :installed_on,
	accepted_on = :accepted_on, loaner = :loaner, second_hand = :second_hand, note = :note, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- part: device_columns
d.id, d.ver, d.serial, d.brand, d.model, d.kind, d.config, d.product_id, d.customer_id, c.no AS customer_no, c.name AS customer_name, d.asset_no, d.department,
	d.user_name, d.location, d.division, d.proof, d.invoice_no, d.factory_on, d.invoiced_on, d.delivered_on, d.installed_on, d.accepted_on, d.loaner, d.second_hand,
	d.recall_open, d.replaced_by, d.note, d.external_ref, d.created_at

-- part: device_rows
SELECT @part(device_columns)
FROM device d LEFT JOIN customer c ON c.id = d.customer_id

-- part: device_in_territory
[[org: AND EXISTS (SELECT 1 FROM org_file f WHERE f.org_id = :org AND f.kind = 'device' AND f.of_id = d.id) ]]

-- part: device_owned
[[owner: AND d.customer_id IN (:owner, (SELECT e.org_id FROM customer e WHERE e.id = :owner)) ]]

-- name: q_device_of
@part(device_rows)
WHERE d.customer_id IN (:owner, (SELECT e.org_id FROM customer e WHERE e.id = :owner))
	AND (d.customer_id = :owner OR d.user_name = (SELECT e.name FROM customer e WHERE e.id = :owner)) @part(device_in_territory)
ORDER BY d.id DESC LIMIT 200;

-- name: q_device_find
@part(device_rows)
WHERE 1 = 1 [[id: AND d.id = :id ]] [[serial_key: AND d.serial_key = :serial_key ]] [[ref: AND d.external_ref = :ref ]]
	[[asset_no: AND d.asset_no = :asset_no ]] @part(device_owned) @part(device_in_territory) AND coalesce(:brand_key, d.brand_key) = d.brand_key
ORDER BY d.id DESC LIMIT 200;

-- name: q_device_prefix
@part(device_rows)
WHERE 1 = 1 [[serial_lo: AND d.serial_key >= :serial_lo ]] [[serial_hi: AND d.serial_key < :serial_hi ]]
	[[model_lo: AND d.model_key >= :model_lo ]] [[model_hi: AND d.model_key < :model_hi ]]
	@part(device_owned) @part(device_in_territory)
LIMIT :limit;

-- name: q_device_list
@part(device_rows)
WHERE 1 = 1 [[before: AND d.id < :before ]] @part(device_owned)
ORDER BY d.id DESC LIMIT :limit;

-- name: q_device_list_at
SELECT @part(device_columns)
FROM org_file f JOIN device d ON d.id = f.of_id LEFT JOIN customer c ON c.id = d.customer_id
WHERE f.org_id = :org AND f.kind = 'device' [[before: AND f.of_id < :before ]]
ORDER BY f.of_id DESC LIMIT :limit;

-- name: q_device_owner
UPDATE device SET customer_id = :customer_id, ver = ver + 1 WHERE id = :id;

-- name: q_device_owner_move
UPDATE device SET customer_id = :keep WHERE customer_id = :drop;

-- name: q_device_replaced
UPDATE device SET replaced_by = :new_id, ver = ver + 1 WHERE id = :old_id AND replaced_by IS NULL;

-- name: q_device_lives_again
UPDATE device SET replaced_by = NULL WHERE id = :id;

-- name: q_device_swap_insert
INSERT INTO device_swap(old_id, new_id, reason, order_id, condition, fate, fate_note, at) VALUES (:old_id, :new_id, :reason, :order_id, :condition, :fate, :fate_note, :now);

-- name: q_device_swap_last
SELECT id, fate FROM device_swap WHERE old_id = :old_id ORDER BY id DESC LIMIT 1;

-- name: q_device_fate
UPDATE device_swap SET fate = :fate, fate_note = :fate_note WHERE id = :id;

-- name: q_device_part_insert
INSERT INTO device_part(device_id, part_no, serial_out, serial_in, order_id, at) VALUES (:device_id, :part_no, :serial_out, :serial_in, :order_id, :now);

-- name: q_device_parts
SELECT part_no, serial_out, serial_in, order_id, at FROM device_part WHERE device_id = :device_id ORDER BY id DESC LIMIT 200;

-- name: q_device_lineage
WITH RECURSIVE before(id, unit) AS (
	SELECT s.id, s.old_id FROM device_swap s WHERE s.new_id = :device_id
	UNION ALL
	SELECT s.id, s.old_id FROM before b JOIN device_swap s ON s.new_id = b.unit AND s.id < b.id
), after(id, unit) AS (
	SELECT s.id, s.new_id FROM device_swap s WHERE s.old_id = :device_id
	UNION ALL
	SELECT s.id, s.new_id FROM after a JOIN device_swap s ON s.old_id = a.unit AND s.id > a.id
)
SELECT s.reason, s.at, s.order_id, s.old_id, s.new_id, s.condition, s.fate, s.fate_note, o.serial AS old_serial, n.serial AS new_serial
FROM device_swap s JOIN device o ON o.id = s.old_id JOIN device n ON n.id = s.new_id
WHERE s.id IN (SELECT id FROM before UNION SELECT id FROM after) ORDER BY s.id LIMIT 50;
