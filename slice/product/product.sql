-- migrate: 1
CREATE TABLE product (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	brand @text NOT NULL,
	brand_key @text NOT NULL,
	model @text NOT NULL,
	model_key @text NOT NULL,
	series @text,
	kind @text NOT NULL,
	config @text,
	note @text,
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0,1)),
	UNIQUE (brand_key, model_key)
)@strict;
CREATE INDEX product_model ON product(model_key);
CREATE TABLE symptom (
	id @pk,
	code @text NOT NULL UNIQUE,
	grp @text NOT NULL,
	name_zh @text NOT NULL,
	name_en @text NOT NULL,
	source @text NOT NULL
)@strict;
CREATE TABLE fault (
	id @pk,
	code @text NOT NULL UNIQUE,
	grp @text NOT NULL,
	name_zh @text NOT NULL,
	name_en @text NOT NULL,
	source @text NOT NULL
)@strict;

-- name: q_product_insert
INSERT INTO product(brand, brand_key, model, model_key, series, kind, config, note)
VALUES (:brand, :brand_key, :model, :model_key, :series, :kind, :config, :note)
RETURNING id;

-- name: q_product_by_model
SELECT id, ver, brand, model, series, kind, config, note, active FROM product WHERE brand_key = :brand_key AND model_key = :model_key;

-- name: q_product_one
SELECT id, ver, brand, model, series, kind, config, note, active FROM product WHERE id = :id;

-- name: q_product_find
SELECT id, ver, brand, model, series, kind, config, note, active FROM product
WHERE 1 = 1 [[lo: AND model_key >= :lo ]] [[hi: AND model_key < :hi ]] [[before: AND id < :before ]]
ORDER BY id DESC LIMIT :limit;

-- name: q_product_brands
SELECT min(brand) AS brand FROM product WHERE brand_key >= :lo AND brand_key < :hi GROUP BY brand_key ORDER BY brand_key LIMIT :limit;

-- name: q_symptom_list
SELECT id, code, grp, name_zh, name_en, source FROM symptom
WHERE 1 = 1 [[code: AND code = :code ]] [[like: AND (code LIKE :like OR name_zh LIKE :like OR name_en LIKE :like) ]]
ORDER BY code LIMIT :limit;

-- name: q_fault_list
SELECT id, code, grp, name_zh, name_en, source FROM fault
WHERE 1 = 1 [[code: AND code = :code ]] [[like: AND (code LIKE :like OR name_zh LIKE :like OR name_en LIKE :like) ]]
ORDER BY code LIMIT :limit;

-- name: q_symptom_put
INSERT INTO symptom(code, grp, name_zh, name_en, source) VALUES (:code, :grp, :name_zh, :name_en, :source)
ON CONFLICT (code) DO UPDATE SET grp = excluded.grp, name_zh = excluded.name_zh, name_en = excluded.name_en, source = excluded.source;

-- name: q_fault_put
INSERT INTO fault(code, grp, name_zh, name_en, source) VALUES (:code, :grp, :name_zh, :name_en, :source)
ON CONFLICT (code) DO UPDATE SET grp = excluded.grp, name_zh = excluded.name_zh, name_en = excluded.name_en, source = excluded.source;
