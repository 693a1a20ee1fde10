-- migrate: 1
CREATE TABLE import_map (
	id @pk,
	kind @text NOT NULL,
	name @text NOT NULL,
	body @text NOT NULL,
	user_id @i64 REFERENCES account(id),
	at @i64 NOT NULL,
	UNIQUE (kind, name)
)@strict;
CREATE TABLE import_file (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	kind @text NOT NULL,
	name @text NOT NULL,
	file_id @i64,
	sha256 @text NOT NULL,
	map @text NOT NULL,
	map_name @text,
	state @text NOT NULL CHECK (state IN ('brought','tried','done','dropped')),
	progress @i64,
	added @i64 NOT NULL,
	known @i64 NOT NULL,
	refused @i64 NOT NULL,
	why @text,
	notes @text NOT NULL,
	user_id @i64 REFERENCES account(id),
	created_at @i64 NOT NULL,
	state_at @i64 NOT NULL
)@strict;
CREATE INDEX import_file_user ON import_file(user_id, id);

-- name: q_import_map_put
INSERT INTO import_map(kind, name, body, user_id, at) VALUES (:kind, :name, :body, :user_id, :now)
ON CONFLICT (kind, name) DO UPDATE SET body = excluded.body, user_id = excluded.user_id, at = excluded.at RETURNING id;

-- name: q_import_map_one
SELECT id, kind, name, body, at FROM import_map WHERE kind = :kind AND name = :name;

-- name: q_import_map_list
SELECT id, kind, name, body, at FROM import_map WHERE kind = :kind ORDER BY name LIMIT 200;

-- name: q_import_map_drop
DELETE FROM import_map WHERE id = :id;

-- name: q_import_insert
INSERT INTO import_file(kind, name, sha256, map, state, added, known, refused, notes, user_id, created_at, state_at)
VALUES (:kind, :name, :sha256, :map, 'brought', 0, 0, 0, '', :user_id, :now, :now) RETURNING id;

-- name: q_import_keep
UPDATE import_file SET file_id = :file_id WHERE id = :id;

-- name: q_import_set
UPDATE import_file SET state = :state, map = :map, map_name = :map_name, added = :added, known = :known, refused = :refused, why = :why, notes = :notes, file_id = :file_id,
	progress = NULL, state_at = :now, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_import_progress
UPDATE import_file SET progress = :progress WHERE id = :id;

-- name: q_import_files
SELECT id, ver, kind, name, file_id, sha256, map, map_name, state, progress, added, known, refused, why, notes, created_at, state_at FROM import_file
WHERE 1 = 1 [[id: AND id = :id ]] [[user_id: AND user_id = :user_id ]] [[before: AND id < :before ]]
ORDER BY id DESC LIMIT :limit;
