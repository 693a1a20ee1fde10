-- migrate: 1
CREATE TABLE unit_exchange (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	old_id @i64 NOT NULL REFERENCES device(id),
	new_id @i64 REFERENCES device(id),
	serial @text NOT NULL,
	brand @text NOT NULL,
	model @text NOT NULL,
	config @text,
	not_lower @i64 NOT NULL CHECK (not_lower IN (0,1)),
	condition @text NOT NULL CHECK (condition IN ('new','refurbished')),
	invoice_no @text,
	invoiced_on @i64,
	delivered_on @i64,
	note @text,
	fate @text NOT NULL CHECK (fate IN ('open','maker','refurbish','scrap','kept')),
	fate_note @text,
	by_name @text NOT NULL,
	recorded_at @i64 NOT NULL,
	done_at @i64,
	CHECK ((done_at IS NULL) = (new_id IS NULL))
)@strict;
CREATE UNIQUE INDEX unit_exchange_open ON unit_exchange(order_id) WHERE done_at IS NULL;
CREATE INDEX unit_exchange_order ON unit_exchange(order_id, id);

-- name: q_exchange_of_order
SELECT x.id, x.ver, x.order_id, x.old_id, x.new_id, x.serial, x.brand, x.model, x.config, x.not_lower, x.condition, x.invoice_no, x.invoiced_on, x.delivered_on, x.note, x.fate,
	x.fate_note, x.by_name, x.recorded_at, x.done_at, d.serial AS old_serial, d.brand AS old_brand, d.model AS old_model
FROM unit_exchange x JOIN device d ON d.id = x.old_id WHERE x.order_id = :order_id ORDER BY x.id DESC LIMIT 1;

-- name: q_exchange_insert
INSERT INTO unit_exchange(order_id, old_id, serial, brand, model, config, not_lower, condition, invoice_no, invoiced_on, delivered_on, note, fate, fate_note, by_name, recorded_at)
VALUES (:order_id, :old_id, :serial, :brand, :model, :config, :not_lower, :condition, :invoice_no, :invoiced_on, :delivered_on, :note, :fate, :fate_note, :by_name, :now) RETURNING id;

-- name: q_exchange_save
UPDATE unit_exchange SET serial = :serial, brand = :brand, model = :model, config = :config, not_lower = :not_lower, condition = :condition, invoice_no = :invoice_no,
	invoiced_on = :invoiced_on, delivered_on = :delivered_on, note = :note, fate = :fate, fate_note = :fate_note, by_name = :by_name, recorded_at = :now, ver = ver + 1
WHERE id = :id AND ver = :ver AND done_at IS NULL;

-- name: q_exchange_fate
UPDATE unit_exchange SET fate = :fate, fate_note = :fate_note, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_exchange_done
UPDATE unit_exchange SET new_id = :new_id, done_at = :now, ver = ver + 1 WHERE id = :id AND done_at IS NULL;

-- name: q_exchange_drop
DELETE FROM unit_exchange WHERE order_id = :order_id AND done_at IS NULL;
