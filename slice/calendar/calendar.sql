-- migrate: 1
CREATE TABLE calendar (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	rev @i64 NOT NULL DEFAULT 1,
	code @text NOT NULL UNIQUE,
	name @text NOT NULL,
	name_en @text NOT NULL,
	zone @text NOT NULL,
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0,1))
)@strict;
CREATE TABLE calendar_version (
	calendar_id @i64 NOT NULL REFERENCES calendar(id),
	since @i64 NOT NULL,
	definition @text NOT NULL,
	national @text,
	note @text,
	saved_by @text NOT NULL,
	saved_at @i64 NOT NULL,
	PRIMARY KEY (calendar_id, since)
)@strict;
CREATE INDEX calendar_version_national ON calendar_version(national);
CREATE TABLE national_year (
	country @text NOT NULL,
	year @i64 NOT NULL,
	saved_at @i64 NOT NULL,
	PRIMARY KEY (country, year)
)@strict;
CREATE TABLE national_day (
	country @text NOT NULL,
	on_day @i64 NOT NULL,
	year @i64 NOT NULL,
	work @i64 NOT NULL CHECK (work IN (0,1)),
	PRIMARY KEY (country, on_day, year),
	FOREIGN KEY (country, year) REFERENCES national_year(country, year)
)@strict;

-- migrate: 2
ALTER TABLE national_year ADD COLUMN stamp @i64 NOT NULL DEFAULT 0;
UPDATE national_year SET stamp = (SELECT CAST(COALESCE(sum(d.on_day * d.on_day * (d.work + 1) + d.year * 7919), 0) * 1000 + count(*) AS @i64)
	FROM national_day d WHERE d.country = national_year.country AND d.year = national_year.year);

-- name: q_calendar_insert
INSERT INTO calendar(code, name, name_en, zone) VALUES (:code, :name, :name_en, :zone) RETURNING id;

-- name: q_calendar_save
UPDATE calendar SET name = :name, name_en = :name_en, active = :active, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_calendar_touch
UPDATE calendar SET ver = ver + 1, rev = rev + 1 WHERE id = :id AND ver = :ver;

-- name: q_calendar_one
SELECT id, ver, rev, code, name, name_en, zone, active FROM calendar WHERE 1 = 1 [[id: AND id = :id ]] [[code: AND code = :code ]] LIMIT 1;

-- name: q_calendar_list
SELECT id, ver, rev, code, name, name_en, zone, active FROM calendar ORDER BY code LIMIT 500;

-- name: q_calendar_versions
SELECT since, definition, note, saved_by, saved_at FROM calendar_version WHERE calendar_id = :id ORDER BY since LIMIT 500;

-- name: q_calendar_shelf
SELECT k.rev, v.since, v.definition, (SELECT CAST(COALESCE(sum(y.stamp), 0) AS @i64) FROM national_year y) AS stamp
FROM calendar k JOIN calendar_version v ON v.calendar_id = k.id WHERE k.id = :id ORDER BY v.since LIMIT 500;

-- name: q_calendar_version_put
INSERT INTO calendar_version(calendar_id, since, definition, national, note, saved_by, saved_at)
VALUES (:id, :since, :definition, :national, :note, :saved_by, :now)
ON CONFLICT (calendar_id, since) DO UPDATE SET definition = excluded.definition, national = excluded.national, note = excluded.note,
	saved_by = excluded.saved_by, saved_at = excluded.saved_at;

-- name: q_calendar_version_drop
DELETE FROM calendar_version WHERE calendar_id = :id AND since = :since;

-- name: q_calendar_national_changed
UPDATE calendar SET rev = rev + 1, ver = ver + 1 WHERE id IN (SELECT calendar_id FROM calendar_version WHERE national = :country);

-- name: q_national_years
SELECT year FROM national_year WHERE country = :country ORDER BY year LIMIT 200;

-- name: q_national_days
SELECT on_day, work FROM national_day WHERE country = :country ORDER BY on_day, year LIMIT 20000;

-- name: q_national_years_all
SELECT y.country, y.year, count(*) FILTER (WHERE d.work = 0) AS off, count(*) FILTER (WHERE d.work = 1) AS work, y.saved_at
FROM national_year y LEFT JOIN national_day d ON d.country = y.country AND d.year = y.year
GROUP BY y.country, y.year, y.saved_at ORDER BY y.year DESC, y.country LIMIT 200;

-- name: q_national_year_stamp
UPDATE national_year SET stamp = (SELECT CAST(COALESCE(sum(d.on_day * d.on_day * (d.work + 1) + d.year * 7919), 0) * 1000 + count(*) AS @i64)
	FROM national_day d WHERE d.country = national_year.country AND d.year = national_year.year)
WHERE country = :country AND year = :year;

-- name: q_national_year_put
INSERT INTO national_year(country, year, saved_at) VALUES (:country, :year, :now)
ON CONFLICT (country, year) DO UPDATE SET saved_at = excluded.saved_at;

-- name: q_national_year_clear
DELETE FROM national_day WHERE country = :country AND year = :year;

-- name: q_national_day_insert
INSERT INTO national_day(country, on_day, year, work) VALUES (:country, :on_day, :year, :work);

-- name: q_national_year_known
SELECT count(*) FROM national_year WHERE country = :country AND year = :year;
