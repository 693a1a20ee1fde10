-- migrate: 1
CREATE TABLE account (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	login TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	phone TEXT,
	email TEXT,
	lang TEXT NOT NULL CHECK (lang IN ('zh', 'en')),
	zone TEXT,
	active @i64 NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
	must_change @i64 NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1)),
	password TEXT,
	customer_id @i64,
	search TEXT NOT NULL,
	created_at @i64 NOT NULL,
	login_at @i64
) @strict;
CREATE INDEX account_customer ON account (customer_id);
CREATE TABLE account_role (
	user_id @i64 NOT NULL REFERENCES account (id),
	role TEXT NOT NULL,
	org_id @i64 NOT NULL,
	org_path TEXT NOT NULL,
	PRIMARY KEY (user_id, role, org_id)
) @strict;
CREATE INDEX account_role_path ON account_role (org_path, role);
CREATE TABLE account_session (
	id @pk,
	user_id @i64 NOT NULL REFERENCES account (id),
	hash TEXT NOT NULL UNIQUE,
	remote TEXT NOT NULL,
	agent TEXT NOT NULL,
	created_at @i64 NOT NULL,
	seen_at @i64 NOT NULL,
	idle_ms @i64 NOT NULL,
	expires_at @i64 NOT NULL
) @strict;
CREATE INDEX account_session_user ON account_session (user_id, seen_at);
CREATE TABLE account_token (
	id @pk,
	user_id @i64 NOT NULL REFERENCES account (id),
	hash TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	roles @i64 NOT NULL,
	created_at @i64 NOT NULL,
	used_at @i64,
	expires_at @i64
) @strict;
CREATE INDEX account_token_user ON account_token (user_id, id);
CREATE TABLE account_attempt (
	hash TEXT PRIMARY KEY,
	fails @i64 NOT NULL,
	at @i64 NOT NULL,
	locked_until @i64 NOT NULL
) @strict;
CREATE INDEX account_attempt_at ON account_attempt (at);
CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) @strict;
CREATE TABLE number_series (
	name TEXT NOT NULL,
	period TEXT NOT NULL,
	last @i64 NOT NULL,
	PRIMARY KEY (name, period)
) @strict;
CREATE TABLE outbox (
	id @pk,
	topic TEXT NOT NULL,
	payload TEXT NOT NULL,
	at @i64 NOT NULL,
	due_at @i64 NOT NULL,
	tries @i64 NOT NULL DEFAULT 0,
	taken @i64 NOT NULL DEFAULT 0 CHECK (taken IN (0, 1)),
	dead @i64 NOT NULL DEFAULT 0 CHECK (dead IN (0, 1)),
	last_error TEXT
) @strict;
CREATE INDEX outbox_due ON outbox (dead, due_at, id);
CREATE TABLE idempotency (
	user_id @i64 NOT NULL,
	key TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	status @i64 NOT NULL,
	body TEXT NOT NULL,
	location TEXT,
	at @i64 NOT NULL,
	PRIMARY KEY (user_id, key)
) @strict;
CREATE INDEX idempotency_at ON idempotency (at);

-- migrate: 2
ALTER TABLE account_session ADD COLUMN pending @i64 NOT NULL DEFAULT 0;
CREATE TABLE account_factor (
	user_id @i64 PRIMARY KEY REFERENCES account (id),
	secret TEXT NOT NULL,
	confirmed_at @i64,
	last_step @i64 NOT NULL DEFAULT 0
) @strict;
CREATE TABLE account_recovery (
	user_id @i64 NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (user_id, hash)
) @strict;

-- name: q_account_add
INSERT INTO account (login, name, phone, email, lang, zone, active, must_change, password, customer_id, search, created_at)
VALUES (:login, :name, :phone, :email, :lang, :zone, :active, :must_change, :password, :customer_id, :search, :created_at)
ON CONFLICT (login) DO NOTHING RETURNING id;

-- name: q_account_save
UPDATE account SET name = :name, phone = :phone, email = :email, lang = :lang, zone = :zone, active = :active, must_change = :must_change,
	customer_id = :customer_id, search = :search, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_account_by_id
SELECT id, ver, login, name, phone, email, lang, zone, active, must_change, CASE WHEN password IS NULL THEN 0 ELSE 1 END AS has_password,
	customer_id, created_at, login_at
FROM account WHERE id = :id;

-- name: q_account_by_login
SELECT id, ver, login, name, phone, email, lang, zone, active, must_change, CASE WHEN password IS NULL THEN 0 ELSE 1 END AS has_password,
	customer_id, created_at, login_at
FROM account WHERE login = :login;

-- name: q_account_list
SELECT id, ver, login, name, phone, email, lang, zone, active, must_change, CASE WHEN password IS NULL THEN 0 ELSE 1 END AS has_password,
	customer_id, created_at, login_at
FROM account a WHERE login > :after
[[active: AND active = :active]]
[[q: AND search LIKE :q ESCAPE '\']]
[[role: AND EXISTS (SELECT 1 FROM account_role r WHERE r.user_id = a.id AND r.role = :role)]]
[[org_id: AND EXISTS (SELECT 1 FROM account_role r WHERE r.user_id = a.id AND r.org_id = :org_id)]]
ORDER BY login LIMIT :limit;

-- name: q_account_roles_of
SELECT user_id, role, org_id, org_path FROM account_role WHERE user_id = :user_id ORDER BY org_path, role;

-- name: q_account_roles_between
SELECT r.user_id, r.role, r.org_id, r.org_path FROM account_role r JOIN account a ON a.id = r.user_id
WHERE a.login >= :first AND a.login <= :last ORDER BY a.login, r.org_path, r.role;

-- name: q_account_at
SELECT DISTINCT a.id, a.ver, a.login, a.name, a.phone, a.email, a.lang, a.zone, a.active, a.must_change,
	CASE WHEN a.password IS NULL THEN 0 ELSE 1 END AS has_password, a.customer_id, a.created_at, a.login_at
FROM account_role r JOIN account a ON a.id = r.user_id
WHERE r.org_path >= :path AND r.org_path < :path_end AND r.role = :role AND a.active = 1
ORDER BY a.name, a.id LIMIT 500;

-- name: q_account_grant
INSERT INTO account_role (user_id, role, org_id, org_path) VALUES (:user_id, :role, :org_id, :org_path)
ON CONFLICT (user_id, role, org_id) DO UPDATE SET org_path = excluded.org_path;

-- name: q_account_revoke
DELETE FROM account_role WHERE user_id = :user_id AND role = :role AND org_id = :org_id;

-- name: q_account_touch
UPDATE account SET ver = ver + 1 WHERE id = :id;

-- name: q_account_other_admins
SELECT count(*) AS n FROM account a WHERE a.active = 1 AND a.id <> :id
AND EXISTS (SELECT 1 FROM account_role r WHERE r.user_id = a.id AND r.role = 'admin');

-- name: q_account_org_moved
UPDATE account_role SET org_path = :new_path || substr(org_path, CAST(:cut AS INTEGER)) WHERE org_path >= :old_path AND org_path < :old_end;

-- name: q_account_actor_by_session
SELECT s.pending, CASE WHEN f.confirmed_at IS NULL THEN (SELECT value FROM setting WHERE name = 'factor.roles') END AS must_roles, s.seen_at, s.idle_ms, s.expires_at, a.id, a.name, a.login, a.lang, a.zone, a.customer_id, a.must_change, r.role, r.org_id, r.org_path
FROM account_session s JOIN account a ON a.id = s.user_id LEFT JOIN account_role r ON r.user_id = a.id
LEFT JOIN account_factor f ON f.user_id = a.id
WHERE s.hash = :hash AND a.active = 1;

-- name: q_account_actor_by_token
SELECT t.roles, t.used_at AS seen_at, t.expires_at, a.id, a.name, a.login, a.lang, a.zone, a.customer_id, a.must_change, r.role, r.org_id, r.org_path
FROM account_token t JOIN account a ON a.id = t.user_id LEFT JOIN account_role r ON r.user_id = a.id
WHERE t.hash = :hash AND a.active = 1;

-- name: q_account_actor_by_id
SELECT a.id, a.name, a.login, a.lang, a.zone, a.customer_id, a.must_change, r.role, r.org_id, r.org_path
FROM account a LEFT JOIN account_role r ON r.user_id = a.id WHERE a.id = :id AND a.active = 1;

-- name: q_account_secret
SELECT id, password, active FROM account WHERE login = :login;

-- name: q_account_secret_by_id
SELECT id, password, active FROM account WHERE id = :id;

-- name: q_account_password_set
UPDATE account SET password = :password, must_change = :must_change, ver = ver + 1 WHERE id = :id;

-- name: q_account_rehash
UPDATE account SET password = :password WHERE id = :id;

-- name: q_account_signed_in
UPDATE account SET login_at = :at WHERE id = :id;

-- name: q_attempt_get
SELECT fails, locked_until FROM account_attempt WHERE hash = :hash;

-- name: q_attempt_failed
INSERT INTO account_attempt (hash, fails, at, locked_until) VALUES (:hash, 1, :at, 0)
ON CONFLICT (hash) DO UPDATE SET fails = account_attempt.fails + 1, at = excluded.at RETURNING fails;

-- name: q_attempt_lock
UPDATE account_attempt SET locked_until = :until WHERE hash = :hash;

-- name: q_attempt_clear
DELETE FROM account_attempt WHERE hash = :hash;

-- name: q_attempt_sweep
DELETE FROM account_attempt WHERE at < :before;

-- name: q_session_add
INSERT INTO account_session (user_id, hash, remote, agent, created_at, seen_at, idle_ms, expires_at, pending)
VALUES (:user_id, :hash, :remote, :agent, :at, :at, :idle_ms, :expires_at, :pending);

-- name: q_session_pending
SELECT user_id FROM account_session WHERE hash = :hash AND pending = 1 AND expires_at > :now;

-- name: q_factor_get
SELECT secret, confirmed_at, last_step FROM account_factor WHERE user_id = :user_id;

-- name: q_factor_put
INSERT INTO account_factor (user_id, secret) VALUES (:user_id, :secret) ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0;

-- name: q_factor_used
UPDATE account_factor SET last_step = :step WHERE user_id = :user_id AND last_step < :step;

-- name: q_factor_confirm
UPDATE account_factor SET confirmed_at = :at WHERE user_id = :user_id AND confirmed_at IS NULL;

-- name: q_factor_drop
DELETE FROM account_factor WHERE user_id = :user_id;

-- name: q_recovery_add
INSERT INTO account_recovery (user_id, hash) VALUES (:user_id, :hash);

-- name: q_recovery_use
DELETE FROM account_recovery WHERE user_id = :user_id AND hash = :hash;

-- name: q_recovery_drop
DELETE FROM account_recovery WHERE user_id = :user_id;

-- name: q_recovery_count
SELECT count(*) AS n FROM account_recovery WHERE user_id = :user_id;

-- name: q_session_end
DELETE FROM account_session WHERE hash = :hash;

-- name: q_session_end_all
DELETE FROM account_session WHERE user_id = :user_id [[keep: AND hash <> :keep]];

-- name: q_session_list
SELECT id, user_id, remote, agent, created_at, seen_at, expires_at, CASE WHEN hash = :current THEN 1 ELSE 0 END AS current
FROM account_session WHERE user_id = :user_id AND pending = 0 AND expires_at > :now AND seen_at + idle_ms > :now ORDER BY seen_at DESC LIMIT 100;

-- name: q_session_end_id
DELETE FROM account_session WHERE id = :id AND user_id = :user_id;

-- name: q_session_seen
UPDATE account_session SET seen_at = :seen_at WHERE hash = :hash AND seen_at < :seen_at;

-- name: q_session_sweep
DELETE FROM account_session WHERE expires_at <= :now OR seen_at + idle_ms <= :now;

-- name: q_token_add
INSERT INTO account_token (user_id, hash, name, roles, created_at, expires_at) VALUES (:user_id, :hash, :name, :roles, :at, :expires_at) RETURNING id;

-- name: q_token_list
SELECT id, user_id, name, roles, created_at, used_at, expires_at FROM account_token WHERE user_id = :user_id ORDER BY id DESC LIMIT 100;

-- name: q_token_revoke
DELETE FROM account_token WHERE id = :id AND user_id = :user_id;

-- name: q_token_seen
UPDATE account_token SET used_at = :seen_at WHERE hash = :hash AND (used_at IS NULL OR used_at < :seen_at);

-- name: q_setting_get
SELECT name, value FROM setting WHERE name = :name;

-- name: q_setting_all
SELECT name, value FROM setting ORDER BY name LIMIT 1000;

-- name: q_setting_put
INSERT INTO setting (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: q_setting_drop
DELETE FROM setting WHERE name = :name;

-- name: q_series_next
INSERT INTO number_series (name, period, last) VALUES (:name, :period, 1)
ON CONFLICT (name, period) DO UPDATE SET last = number_series.last + 1 RETURNING last;

-- name: q_outbox_put
INSERT INTO outbox (topic, payload, at, due_at) VALUES (:topic, :payload, :at, :due_at) RETURNING id;

-- name: q_outbox_cancel
DELETE FROM outbox WHERE id = :id AND taken = 0 AND dead = 0;

-- name: q_outbox_claim
UPDATE outbox SET taken = 1, tries = tries + 1, due_at = :lease
WHERE id = (SELECT id FROM outbox WHERE dead = 0 AND due_at <= :now ORDER BY due_at, id LIMIT 1 @skiplocked)
RETURNING id, topic, payload, tries, at, last_error;

-- name: q_outbox_done
DELETE FROM outbox WHERE id = :id;

-- name: q_outbox_again
UPDATE outbox SET taken = 0, due_at = :due_at, dead = :dead, last_error = :why WHERE id = :id;

-- name: q_outbox_dead
SELECT id, topic, payload, tries, at, last_error FROM outbox WHERE dead = 1 ORDER BY due_at DESC, id DESC LIMIT 200;

-- name: q_outbox_retry
UPDATE outbox SET dead = 0, taken = 0, tries = 0, due_at = :now WHERE id = :id AND dead = 1;

-- name: q_idem_find
SELECT sha256, status, body, location FROM idempotency WHERE user_id = :user_id AND key = :key;

-- name: q_idem_add
INSERT INTO idempotency (user_id, key, sha256, status, body, location, at) VALUES (:user_id, :key, :sha256, :status, :body, :location, :at);

-- name: q_idem_sweep
DELETE FROM idempotency WHERE at < :before;
