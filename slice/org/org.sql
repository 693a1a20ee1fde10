-- migrate: 1
CREATE TABLE org (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	parent_id @i64 REFERENCES org (id),
	kind TEXT NOT NULL CHECK (kind IN ('hq', 'region', 'station')),
	code TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	name_en TEXT,
	path TEXT NOT NULL,
	address TEXT,
	phone TEXT,
	lat @i64 CHECK (lat BETWEEN -90000000 AND 90000000),
	lon @i64 CHECK (lon BETWEEN -180000000 AND 180000000),
	calendar_id @i64,
	capacity @i64 CHECK (capacity >= 0),
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) @strict;
CREATE INDEX org_path ON org (path);
CREATE INDEX org_parent ON org (parent_id);
CREATE INDEX org_place ON org (kind, lat);
CREATE TABLE org_area (
	org_id @i64 NOT NULL REFERENCES org (id),
	division TEXT NOT NULL,
	PRIMARY KEY (org_id, division)
) @strict;
CREATE INDEX org_area_division ON org_area (division, org_id);
CREATE TABLE org_brand (
	org_id @i64 NOT NULL REFERENCES org (id),
	brand TEXT NOT NULL,
	brand_key TEXT NOT NULL,
	level @i64 NOT NULL CHECK (level BETWEEN 1 AND 4),
	from_on @i64,
	until_on @i64,
	PRIMARY KEY (org_id, brand_key)
) @strict;
CREATE TABLE division (
	code TEXT PRIMARY KEY,
	parent TEXT,
	level @i64 NOT NULL CHECK (level BETWEEN 1 AND 6),
	name TEXT NOT NULL,
	full_name TEXT NOT NULL,
	pinyin TEXT NOT NULL,
	lat @i64,
	lon @i64
) @strict;
CREATE INDEX division_parent ON division (parent, code);
CREATE INDEX division_level ON division (level, code);
CREATE INDEX division_name ON division (name);
CREATE INDEX division_full_name ON division (full_name);
CREATE INDEX division_pinyin ON division (pinyin);
CREATE TABLE staff_cert (
	id @pk,
	user_id @i64 NOT NULL,
	skill TEXT NOT NULL,
	number TEXT,
	level @i64 NOT NULL CHECK (level BETWEEN 1 AND 4),
	from_on @i64,
	until_on @i64
) @strict;
CREATE INDEX staff_cert_user ON staff_cert (user_id, skill);
CREATE INDEX staff_cert_until ON staff_cert (until_on);
CREATE TABLE roster (
	user_id @i64 NOT NULL,
	on_day @i64 NOT NULL,
	org_id @i64 NOT NULL REFERENCES org (id),
	shift TEXT NOT NULL CHECK (shift IN ('off', 'day', 'early', 'late', 'night', 'duty', 'leave')),
	PRIMARY KEY (user_id, on_day)
) @strict;
CREATE INDEX roster_day ON roster (on_day, org_id);

-- migrate: 2
CREATE TABLE org_file (
	org_id @i64 NOT NULL REFERENCES org (id),
	kind TEXT NOT NULL CHECK (kind IN ('customer', 'device')),
	of_id @i64 NOT NULL,
	PRIMARY KEY (org_id, kind, of_id)
) @strict;

-- name: q_org_file_put
INSERT INTO org_file (org_id, kind, of_id)
WITH RECURSIVE up (id, parent_id) AS (
	SELECT id, parent_id FROM org WHERE path = :path
	UNION ALL
	SELECT o.id, o.parent_id FROM up JOIN org o ON o.id = up.parent_id
)
SELECT id, CAST(:kind AS TEXT), CAST(:of_id AS @i64) FROM up WHERE parent_id IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: q_org_file_merge
INSERT INTO org_file (org_id, kind, of_id)
SELECT o.id, CAST(:kind AS TEXT), CAST(:keep AS @i64) FROM org o JOIN org_file f ON f.org_id = o.id AND f.kind = :kind AND f.of_id = :dropped WHERE 1 = 1
ON CONFLICT DO NOTHING;

-- name: q_org_file_rise
INSERT INTO org_file (org_id, kind, of_id)
WITH RECURSIVE up (id, parent_id) AS (
	SELECT id, parent_id FROM org WHERE id = :id
	UNION ALL
	SELECT o.id, o.parent_id FROM up JOIN org o ON o.id = up.parent_id
)
SELECT up.id, f.kind, f.of_id FROM up CROSS JOIN org_file f WHERE f.org_id = :id AND up.parent_id IS NOT NULL
ON CONFLICT DO NOTHING;

-- name: q_org_file_leave
DELETE FROM org_file
WHERE org_id = :above
	AND EXISTS (SELECT 1 FROM org_file m WHERE m.org_id = :moved AND m.kind = org_file.kind AND m.of_id = org_file.of_id)
	AND NOT EXISTS (SELECT 1 FROM org k JOIN org_file y ON y.org_id = k.id WHERE k.parent_id = :above AND y.kind = org_file.kind AND y.of_id = org_file.of_id);

-- name: q_org_add
INSERT INTO org (parent_id, kind, code, name, name_en, path, address, phone, lat, lon, calendar_id, capacity, active)
VALUES (:parent_id, :kind, :code, :name, :name_en, '', :address, :phone, :lat, :lon, :calendar_id, :capacity, :active)
ON CONFLICT (code) DO NOTHING RETURNING id;

-- name: q_org_set_path
UPDATE org SET path = :path WHERE id = :id;

-- name: q_org_save
UPDATE org SET parent_id = :parent_id, code = :code, name = :name, name_en = :name_en, address = :address, phone = :phone, lat = :lat, lon = :lon,
	calendar_id = :calendar_id, capacity = :capacity, active = :active, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_org_move
UPDATE org SET path = :new_path || substr(path, CAST(:cut AS INTEGER)) WHERE path >= :old_path AND path < :old_end;

-- name: q_org_by_id
SELECT id, ver, parent_id, kind, code, name, name_en, path, address, phone, lat, lon, calendar_id, capacity, active FROM org WHERE id = :id;

-- name: q_org_by_code
SELECT id, ver, parent_id, kind, code, name, name_en, path, address, phone, lat, lon, calendar_id, capacity, active FROM org WHERE code = :code;

-- name: q_org_root
SELECT id, ver, parent_id, kind, code, name, name_en, path, address, phone, lat, lon, calendar_id, capacity, active FROM org
WHERE kind = 'hq' AND parent_id IS NULL ORDER BY id LIMIT 1;

-- name: q_org_list
SELECT id, ver, parent_id, kind, code, name, name_en, path, address, phone, lat, lon, calendar_id, capacity, active FROM org
WHERE path >= :path AND path < :path_end [[kind: AND kind = :kind]] ORDER BY path LIMIT 2000;

-- name: q_org_above
SELECT u.id, u.ver, u.parent_id, u.kind, u.code, u.name, u.name_en, u.path, u.address, u.phone, u.lat, u.lon, u.calendar_id, u.capacity, u.active
FROM org o JOIN org u ON u.kind = :kind AND u.id <> o.id AND substr(o.path, 1, length(u.path)) = u.path
WHERE o.id = :id ORDER BY length(u.path) DESC LIMIT 1;

-- name: q_org_areas
SELECT a.org_id, a.division, d.full_name AS name FROM org_area a LEFT JOIN division d ON d.code = a.division WHERE a.org_id = :org_id ORDER BY a.division;

-- name: q_org_area_add
INSERT INTO org_area (org_id, division) VALUES (:org_id, :division) ON CONFLICT (org_id, division) DO NOTHING;

-- name: q_org_area_clear
DELETE FROM org_area WHERE org_id = :org_id;

-- name: q_org_brands
SELECT org_id, brand, level, from_on AS "from", until_on AS until FROM org_brand WHERE org_id = :org_id ORDER BY brand_key;

-- name: q_org_brand_add
INSERT INTO org_brand (org_id, brand, brand_key, level, from_on, until_on) VALUES (:org_id, :brand, :brand_key, :level, :from_on, :until_on)
ON CONFLICT (org_id, brand_key) DO UPDATE SET level = excluded.level, from_on = excluded.from_on, until_on = excluded.until_on;

-- name: q_org_brand_clear
DELETE FROM org_brand WHERE org_id = :org_id;

-- name: q_org_within
SELECT o.id, o.ver, o.parent_id, o.kind, o.code, o.name, o.name_en, o.path, o.address, o.phone, o.lat, o.lon, o.calendar_id, o.capacity, o.active
FROM org o WHERE o.kind = 'station' AND o.active = 1 AND o.lat >= :south AND o.lat <= :north AND o.lon >= :west AND o.lon <= :east
[[brand: AND (NOT EXISTS (SELECT 1 FROM org_brand b WHERE b.org_id = o.id) OR EXISTS (SELECT 1 FROM org_brand b WHERE b.org_id = o.id
	AND b.brand_key = :brand AND b.level >= :level AND (b.from_on IS NULL OR b.from_on <= :today) AND (b.until_on IS NULL OR b.until_on >= :today)))]]
ORDER BY o.id LIMIT 2000;

-- name: q_org_serving
WITH RECURSIVE up (code, depth) AS (
	SELECT CAST(:division AS TEXT), 0
	UNION ALL
	SELECT d.parent, up.depth + 1 FROM up JOIN division d ON d.code = up.code WHERE d.parent IS NOT NULL AND up.depth < 8
)
SELECT o.id, o.ver, o.parent_id, o.kind, o.code, o.name, o.name_en, o.path, o.address, o.phone, o.lat, o.lon, o.calendar_id, o.capacity, o.active
FROM org o JOIN (SELECT a.org_id, min(up.depth) AS depth FROM up JOIN org_area a ON a.division = up.code GROUP BY a.org_id) m ON m.org_id = o.id
WHERE o.kind = 'station' AND o.active = 1
[[brand: AND (NOT EXISTS (SELECT 1 FROM org_brand b WHERE b.org_id = o.id) OR EXISTS (SELECT 1 FROM org_brand b WHERE b.org_id = o.id
	AND b.brand_key = :brand AND b.level >= :level AND (b.from_on IS NULL OR b.from_on <= :today) AND (b.until_on IS NULL OR b.until_on >= :today)))]]
ORDER BY m.depth, o.id LIMIT 50;

-- name: q_division_put
INSERT INTO division (code, parent, level, name, full_name, pinyin, lat, lon)
VALUES (:code, :parent, :level, :name, :full_name, :pinyin, :lat, :lon)
ON CONFLICT (code) DO UPDATE SET parent = excluded.parent, level = excluded.level, name = excluded.name, full_name = excluded.full_name,
	pinyin = excluded.pinyin, lat = COALESCE(excluded.lat, division.lat), lon = COALESCE(excluded.lon, division.lon);

-- name: q_division_get
SELECT code, parent, level, name, full_name, pinyin, lat, lon FROM division WHERE code = :code;

-- name: q_division_place
WITH RECURSIVE up (code, depth) AS (
	SELECT CAST(:code AS TEXT), 0
	UNION ALL
	SELECT d.parent, up.depth + 1 FROM up JOIN division d ON d.code = up.code WHERE d.parent IS NOT NULL AND up.depth < 8
)
SELECT d.code, d.parent, d.level, d.name, d.full_name, d.pinyin, d.lat, d.lon FROM up JOIN division d ON d.code = up.code
WHERE d.lat IS NOT NULL AND d.lon IS NOT NULL ORDER BY up.depth LIMIT 1;

-- name: q_division_find
SELECT code, parent, level, name, full_name, pinyin, lat, lon FROM division
WHERE (name >= :text AND name < :text_end) OR (full_name >= :text AND full_name < :text_end)
	OR (pinyin >= :text AND pinyin < :text_end) OR (code >= :text AND code < :text_end)
ORDER BY level, code LIMIT 20;

-- name: q_division_level
SELECT code, parent, level, name, full_name, pinyin, lat, lon FROM division WHERE level = :level ORDER BY code LIMIT 5000;

-- name: q_division_children
SELECT code, parent, level, name, full_name, pinyin, lat, lon FROM division WHERE parent = :parent ORDER BY code LIMIT 1000;

-- name: q_cert_add
INSERT INTO staff_cert (user_id, skill, number, level, from_on, until_on) VALUES (:user_id, :skill, :number, :level, :from_on, :until_on) RETURNING id;

-- name: q_cert_save
UPDATE staff_cert SET skill = :skill, number = :number, level = :level, from_on = :from_on, until_on = :until_on WHERE id = :id AND user_id = :user_id;

-- name: q_cert_remove
DELETE FROM staff_cert WHERE id = :id AND user_id = :user_id;

-- name: q_cert_list
SELECT id, user_id, skill, number, level, from_on AS "from", until_on AS until FROM staff_cert WHERE user_id = :user_id ORDER BY skill, until_on DESC, id LIMIT 200;

-- name: q_cert_valid
SELECT count(*) AS n FROM staff_cert WHERE user_id = :user_id AND skill = :skill AND level >= :level
AND (from_on IS NULL OR from_on <= :today) AND (until_on IS NULL OR until_on >= :today);

-- name: q_roster_set
INSERT INTO roster (user_id, on_day, org_id, shift) VALUES (:user_id, :on_day, :org_id, :shift)
ON CONFLICT (user_id, on_day) DO UPDATE SET org_id = excluded.org_id, shift = excluded.shift;

-- name: q_roster_list
SELECT r.user_id, r.on_day AS "on", r.shift, r.org_id, a.name FROM roster r JOIN org o ON o.id = r.org_id JOIN account a ON a.id = r.user_id
WHERE r.on_day >= :first AND r.on_day <= :last AND o.path >= :path AND o.path < :path_end ORDER BY a.name, r.user_id, r.on_day LIMIT 5000;

-- name: q_roster_on
SELECT user_id, on_day AS "on", shift, org_id, '' AS name FROM roster WHERE user_id = :user_id AND on_day = :on_day;

-- name: q_people_roles
SELECT r.user_id, r.role, r.org_id, o.code AS org_code, o.name AS org_name, o.name_en AS org_name_en
FROM account a JOIN account_role r ON r.user_id = a.id LEFT JOIN org o ON o.id = r.org_id
WHERE a.login >= :first AND a.login <= :last ORDER BY a.login, r.role, o.code LIMIT 5000;
