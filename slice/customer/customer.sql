-- migrate: 1
CREATE TABLE customer (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	kind @text NOT NULL CHECK (kind IN ('person','organisation')),
	name @text NOT NULL,
	name_key @text NOT NULL,
	pinyin @text NOT NULL,
	initials @text NOT NULL,
	sort_key @text NOT NULL,
	note @text,
	key_customer @i64 NOT NULL DEFAULT 0 CHECK (key_customer IN (0,1)),
	merged_into @i64 REFERENCES customer(id),
	org_id @i64 REFERENCES customer(id),
	external_ref @text UNIQUE,
	created_at @i64 NOT NULL
)@strict;
CREATE INDEX customer_name ON customer(name_key);
CREATE INDEX customer_pinyin ON customer(pinyin);
CREATE INDEX customer_initials ON customer(initials);
CREATE TABLE contact (
	id @pk,
	customer_id @i64 NOT NULL REFERENCES customer(id),
	name @text NOT NULL,
	phone @text,
	phone_key @text,
	phone_tail @text,
	email @text,
	email_key @text,
	title @text,
	is_main @i64 NOT NULL DEFAULT 0 CHECK (is_main IN (0,1))
)@strict;
CREATE INDEX contact_customer ON contact(customer_id, is_main);
CREATE INDEX contact_phone ON contact(phone_key);
CREATE INDEX contact_tail ON contact(phone_tail);
CREATE INDEX contact_email ON contact(email_key);
CREATE TABLE address (
	id @pk,
	customer_id @i64 NOT NULL REFERENCES customer(id),
	label @text,
	division @text,
	text @text NOT NULL,
	lat @i64,
	lon @i64,
	is_main @i64 NOT NULL DEFAULT 0 CHECK (is_main IN (0,1))
)@strict;
CREATE INDEX address_customer ON address(customer_id, is_main);

-- migrate: 2
CREATE INDEX customer_org ON customer(org_id, id) WHERE org_id IS NOT NULL;

-- name: q_customer_insert
INSERT INTO customer(no, kind, name, name_key, pinyin, initials, sort_key, note, key_customer, org_id, external_ref, created_at)
VALUES (:no, :kind, :name, :name_key, :pinyin, :initials, :sort_key, :note, :key_customer, :org_id, :external_ref, :now)
RETURNING id;

-- name: q_customer_save
UPDATE customer SET kind = :kind, name = :name, name_key = :name_key, pinyin = :pinyin, initials = :initials, sort_key = :sort_key,
	note = :note, key_customer = :key_customer, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_contact_insert
INSERT INTO contact(customer_id, name, phone, phone_key, phone_tail, email, email_key, title, is_main)
VALUES (:customer_id, :name, :phone, :phone_key, :phone_tail, :email, :email_key, :title, :is_main)
RETURNING id;

-- name: q_contact_save
UPDATE contact SET name = :name, phone = :phone, phone_key = :phone_key, phone_tail = :phone_tail, email = :email, email_key = :email_key, title = :title,
	is_main = :is_main
WHERE id = :id AND customer_id = :customer_id;

-- name: q_contact_main_off
UPDATE contact SET is_main = 0 WHERE customer_id = :customer_id AND is_main = 1;

-- name: q_address_insert
INSERT INTO address(customer_id, label, division, text, lat, lon, is_main)
VALUES (:customer_id, :label, :division, :text, :lat, :lon, :is_main)
RETURNING id;

-- name: q_address_main_off
UPDATE address SET is_main = 0 WHERE customer_id = :customer_id AND is_main = 1;

-- part: customer_main
FROM customer c
LEFT JOIN contact k ON k.customer_id = c.id AND k.is_main = 1
LEFT JOIN address a ON a.customer_id = c.id AND a.is_main = 1

-- part: customer_in_territory
[[org: AND EXISTS (SELECT 1 FROM org_file f WHERE f.org_id = :org AND f.kind = 'customer' AND f.of_id = c.id) ]]

-- name: q_customer_one
SELECT c.id, c.ver, c.no, c.kind, c.name, c.note, c.key_customer, c.merged_into, c.org_id, c.external_ref, c.created_at,
	k.phone, k.email, a.text AS address, a.division
@part(customer_main)
WHERE 1 = 1 [[id: AND c.id = :id ]] [[no: AND c.no = :no ]] [[ref: AND c.external_ref = :ref ]] @part(customer_in_territory)
LIMIT 1;

-- name: q_customer_contacts
SELECT id, name, phone, email, title, is_main FROM contact WHERE customer_id = :customer_id ORDER BY is_main DESC, id LIMIT 50;

-- name: q_customer_addresses
SELECT id, label, division, text, lat, lon, is_main FROM address WHERE customer_id = :customer_id ORDER BY is_main DESC, id LIMIT 50;

-- part: customer_row_columns
c.id, c.no, c.name, k.phone, a.text AS address, c.key_customer

-- name: q_customer_by_phone
SELECT @part(customer_row_columns)
FROM contact k
JOIN customer c ON c.id = k.customer_id
LEFT JOIN address a ON a.customer_id = c.id AND a.is_main = 1
WHERE c.merged_into IS NULL [[phone: AND k.phone_key = :phone ]] [[tail: AND k.phone_tail = :tail ]]
	[[lo: AND k.phone_key >= :lo ]] [[hi: AND k.phone_key < :hi ]] @part(customer_in_territory)
ORDER BY k.id DESC LIMIT 20;

-- name: q_customer_by_name
SELECT @part(customer_row_columns)
@part(customer_main)
WHERE c.merged_into IS NULL
	[[name_lo: AND c.name_key >= :name_lo ]] [[name_hi: AND c.name_key < :name_hi ]]
	[[pinyin_lo: AND c.pinyin >= :pinyin_lo ]] [[pinyin_hi: AND c.pinyin < :pinyin_hi ]]
	[[initials: AND c.initials = :initials ]] @part(customer_in_territory)
LIMIT 20;

-- name: q_customer_same
SELECT c.id FROM contact k JOIN customer c ON c.id = k.customer_id
WHERE c.merged_into IS NULL AND k.phone_key = :phone AND c.name = :name ORDER BY c.id LIMIT 1;

-- name: q_customer_list
SELECT @part(customer_row_columns)
@part(customer_main)
WHERE c.merged_into IS NULL [[before: AND c.id < :before ]] [[org_id: AND c.org_id = :org_id ]]
ORDER BY c.id DESC LIMIT :limit;

-- name: q_customer_list_at
SELECT @part(customer_row_columns)
FROM org_file f JOIN customer c ON c.id = f.of_id
LEFT JOIN contact k ON k.customer_id = c.id AND k.is_main = 1
LEFT JOIN address a ON a.customer_id = c.id AND a.is_main = 1
WHERE f.org_id = :org AND f.kind = 'customer' AND c.merged_into IS NULL [[before: AND f.of_id < :before ]] [[org_id: AND c.org_id = :org_id ]]
ORDER BY f.of_id DESC LIMIT :limit;

-- name: q_customer_logins
SELECT a.id, a.login, a.name, a.active, c.no AS customer_no, a.login_at FROM customer c JOIN account a ON a.customer_id = c.id WHERE c.id = :id
UNION ALL
SELECT a.id, a.login, a.name, a.active, c.no AS customer_no, a.login_at FROM customer c JOIN account a ON a.customer_id = c.id WHERE c.org_id = :id
ORDER BY login LIMIT 200;

-- name: q_customer_merge
UPDATE customer SET merged_into = :keep, ver = ver + 1 WHERE id = :drop AND ver = :ver AND merged_into IS NULL;

-- name: q_customer_merge_chain
UPDATE customer SET merged_into = :keep WHERE merged_into = :drop;

-- name: q_contact_move
UPDATE contact SET customer_id = :keep, is_main = 0 WHERE customer_id = :drop;

-- name: q_address_move
UPDATE address SET customer_id = :keep, is_main = 0 WHERE customer_id = :drop;

-- name: q_customer_blank
UPDATE customer SET name = :name, name_key = '', pinyin = '', initials = '', sort_key = '', note = NULL, key_customer = 0, org_id = NULL, external_ref = NULL, ver = ver + 1
WHERE id = :id;

-- name: q_contact_drop
DELETE FROM contact WHERE customer_id = :customer_id;

-- name: q_address_drop
DELETE FROM address WHERE customer_id = :customer_id;

-- name: q_customer_merged_ids
SELECT id FROM customer WHERE merged_into = :id ORDER BY id LIMIT 200;
