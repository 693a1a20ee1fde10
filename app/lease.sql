-- migrate: 1
CREATE TABLE lease (
	name TEXT PRIMARY KEY,
	holder TEXT NOT NULL,
	until_at @i64 NOT NULL
) @strict;

-- name: q_lease_take
INSERT INTO lease (name, holder, until_at) VALUES (:name, :holder, :until_at)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at
WHERE lease.holder = excluded.holder OR lease.until_at < :now;

-- name: q_lease_drop
DELETE FROM lease WHERE name = :name AND holder = :holder;
