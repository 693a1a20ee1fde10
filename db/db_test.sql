-- migrate: 1
CREATE TABLE thing (
	id @pk,
	code @text NOT NULL UNIQUE,
	n @i64,
	ok INTEGER NOT NULL DEFAULT 0 CHECK (ok IN (0, 1)),
	state TEXT CHECK (state IN ('open', 'closed')),
	at @i64,
	due_on @i64,
	price @i64,
	currency TEXT,
	note TEXT,
	extra @json
) @strict;
CREATE TABLE part (
	id @pk,
	thing_id @i64 NOT NULL REFERENCES thing(id)
) @strict;
CREATE INDEX part_thing ON part (thing_id);
@fts_create(thing_fts);

-- migrate: 2
ALTER TABLE thing ADD COLUMN ver @i64 NOT NULL DEFAULT 1;

-- name: q_thing_add
INSERT INTO thing (code, n, ok, state, at, due_on, price, currency, note, extra)
VALUES (:code, :n, :ok, :state, :at, :due_on, :price, :currency, :note, :extra) RETURNING id;

-- name: q_thing_put
INSERT INTO thing (id, code, n) VALUES (:id, :code, :n);

-- name: q_thing_by_code
SELECT id, code, n, ok, state, at, due_on, price, currency, note, extra, ver FROM thing WHERE code = :code;

-- name: q_thing_set_n
UPDATE thing SET n = :n, ver = ver + 1 WHERE code = :code AND ver = :ver;

-- name: q_thing_add_n
UPDATE thing SET n = n + :by WHERE code = :code;

-- name: q_thing_set_all
UPDATE thing SET n = :n;

-- name: q_thing_bad_ok
UPDATE thing SET ok = 7 WHERE code = :code;

-- name: q_thing_bad_code
UPDATE thing SET code = CAST(:none AS TEXT) WHERE code = :code;

-- name: q_thing_count
SELECT COUNT(*) FROM thing [[code: WHERE code = :code ]];

-- name: q_thing_sum
SELECT SUM(n) FROM thing [[code: WHERE code = :code ]];

-- name: q_thing_all
SELECT code, n FROM thing ORDER BY id;

-- name: q_thing_page
SELECT code, n FROM thing ORDER BY id LIMIT 3;

-- name: q_thing_gates
SELECT COUNT(*) FROM thing WHERE n > :low
[[a: AND n <> :a ]] [[b: AND n <> :b ]] [[c: AND n <> :c ]] [[d: AND n <> :d ]] [[e: AND n <> :e AND n <> :other ]] [[f: AND n <> :f]];

-- name: q_thing_note_start
SELECT code, n FROM thing WHERE substr(code, 1, CAST(:len AS INTEGER)) = :start ORDER BY code;

-- name: q_thing_newest
SELECT id, n FROM thing WHERE COALESCE(:at, 0) > 5 ORDER BY id DESC LIMIT 1;

-- name: q_thing_spin
WITH RECURSIVE spin(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM spin WHERE i < :rounds) SELECT MAX(i) FROM spin;

-- name: q_part_add
INSERT INTO part (thing_id) VALUES (:thing_id) RETURNING id;

-- name: q_part_count
SELECT COUNT(*) FROM part;

-- name: q_thing_drop
DELETE FROM thing WHERE code = :code;

-- name: q_fts_put
@fts_put(thing_fts, :id, :words);

-- name: q_fts_drop
@fts_drop(thing_fts, :id);

-- name: q_fts_find
SELECT code, n FROM thing WHERE n >= 0 [[words: AND @fts_match(thing_fts, thing.id, :words) ]] ORDER BY id;

-- name: q_engine_name
SELECT 'sqlite'
-- pg:
SELECT 'postgres' || CAST('' AS TEXT)

-- name: q_thing_spin_write
UPDATE thing SET n = (WITH RECURSIVE spin(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM spin WHERE i < :rounds) SELECT MAX(i) FROM spin) WHERE code = :code;

-- Ends the connection it runs on.
-- name: q_hang_up
SELECT 1
-- pg:
SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 0 END;
