-- migrate: 1
CREATE TABLE cash_account (
	id @pk,
	kind @text NOT NULL,
	owner_id @i64 NOT NULL,
	sub @text NOT NULL,
	currency @text NOT NULL,
	org_path @text NOT NULL,
	nonneg @i64 NOT NULL CHECK (nonneg IN (0,1)),
	balance @i64 NOT NULL DEFAULT 0,
	due_on @i64,
	UNIQUE (kind, owner_id, sub, currency),
	CHECK (nonneg = 0 OR balance >= 0)
)@strict;
CREATE INDEX cash_account_org ON cash_account(kind, org_path);
CREATE INDEX cash_account_open ON cash_account(kind, due_on, id) WHERE balance > 0;
CREATE TABLE cash_doc (
	id @pk,
	kind @text NOT NULL,
	order_id @i64 REFERENCES work_order(id),
	ref @text,
	at @i64 NOT NULL,
	on_day @i64 NOT NULL,
	by_id @i64,
	by_name @text NOT NULL
)@strict;
CREATE INDEX cash_doc_order ON cash_doc(order_id, id);
CREATE TABLE cash_entry (
	id @pk,
	doc_id @i64 NOT NULL REFERENCES cash_doc(id),
	account_id @i64 NOT NULL REFERENCES cash_account(id),
	amount @i64 NOT NULL CHECK (amount <> 0),
	on_day @i64 NOT NULL
)@strict;
CREATE INDEX cash_entry_account ON cash_entry(account_id, on_day);
CREATE INDEX cash_entry_day ON cash_entry(on_day, account_id);
CREATE INDEX cash_entry_doc ON cash_entry(doc_id);
CREATE TABLE cash_period (
	id @pk,
	until_on @i64 NOT NULL,
	at @i64 NOT NULL,
	by_name @text NOT NULL,
	opened_by @text,
	opened_why @text,
	opened_at @i64
)@strict;
CREATE UNIQUE INDEX cash_period_closed ON cash_period(until_on) WHERE opened_at IS NULL;
CREATE TABLE cash_period_total (
	period_id @i64 NOT NULL REFERENCES cash_period(id),
	kind @text NOT NULL,
	sub @text NOT NULL,
	currency @text NOT NULL,
	balance @i64 NOT NULL,
	PRIMARY KEY (period_id, kind, sub, currency)
)@strict;

-- name: q_cash_account_find
SELECT id FROM cash_account WHERE kind = :kind AND owner_id = :owner_id AND sub = :sub AND currency = :currency;

-- name: q_cash_account_make
INSERT INTO cash_account(kind, owner_id, sub, currency, org_path, nonneg) VALUES (:kind, :owner_id, :sub, :currency, :org_path, :nonneg) RETURNING id;

-- name: q_cash_balance
SELECT balance AS amount, currency FROM cash_account WHERE kind = :kind AND owner_id = :owner_id AND sub = '' AND currency = :currency;

-- name: q_cash_balances
SELECT balance AS amount, currency FROM cash_account WHERE kind = :kind AND owner_id = :owner_id AND sub = '' AND balance <> 0 ORDER BY currency LIMIT :limit;

-- name: q_period_until
SELECT max(until_on) FROM cash_period WHERE opened_at IS NULL;

-- name: q_period_last
SELECT max(id) FROM cash_period WHERE opened_at IS NULL;

-- name: q_periods
SELECT id, until_on, at, by_name, opened_by, opened_why, opened_at FROM cash_period WHERE 1 = 1 [[id: AND id = :id ]] ORDER BY id DESC LIMIT :limit;

-- name: q_period_insert
INSERT INTO cash_period(until_on, at, by_name) VALUES (:until_on, :now, :by_name) RETURNING id;

-- name: q_period_totals_keep
INSERT INTO cash_period_total(period_id, kind, sub, currency, balance)
SELECT CAST(:period_id AS @i64), a.kind, a.sub, a.currency, CAST(sum(e.amount) AS @i64)
FROM cash_entry e JOIN cash_account a ON a.id = e.account_id WHERE e.on_day <= :until_on GROUP BY a.kind, a.sub, a.currency;

-- name: q_period_reopen
UPDATE cash_period SET opened_by = :opened_by, opened_why = :opened_why, opened_at = :now WHERE id = :id AND opened_at IS NULL;

-- name: q_period_totals_off
SELECT k.kind, k.currency, p.until_on AS until, k.balance AS kept, CAST(coalesce(n.balance, 0) AS @i64) AS now
FROM cash_period p
JOIN cash_period_total k ON k.period_id = p.id
LEFT JOIN (SELECT b.id, a.kind, a.sub, a.currency, sum(e.amount) AS balance
	FROM cash_period b JOIN cash_entry e ON e.on_day <= b.until_on JOIN cash_account a ON a.id = e.account_id
	WHERE b.opened_at IS NULL GROUP BY b.id, a.kind, a.sub, a.currency) n ON n.id = p.id AND n.kind = k.kind AND n.sub = k.sub AND n.currency = k.currency
WHERE p.opened_at IS NULL AND k.balance <> coalesce(n.balance, 0) LIMIT :limit;

-- name: q_cash_move
UPDATE cash_account SET balance = balance + :amount, due_on = CASE WHEN balance <= 0 AND balance + :amount > 0 AND coalesce(due_on, 0) < :today THEN :today ELSE due_on END
WHERE id = :id AND (nonneg = 0 OR balance + :amount >= 0);

-- name: q_cash_doc_insert
INSERT INTO cash_doc(kind, order_id, ref, at, on_day, by_id, by_name) VALUES (:kind, :order_id, :ref, :now, :on_day, :by_id, :by_name) RETURNING id;

-- name: q_cash_entry_insert
INSERT INTO cash_entry(doc_id, account_id, amount, on_day) VALUES (:doc_id, :account_id, :amount, :on_day);

-- name: q_cash_sum
SELECT CAST(coalesce(sum(amount), 0) AS @i64) FROM cash_entry;

-- name: q_cash_docs_uneven
SELECT e.doc_id AS id, CAST(sum(e.amount) AS @i64) AS wrong FROM cash_entry e JOIN cash_account a ON a.id = e.account_id
GROUP BY e.doc_id, a.currency HAVING sum(e.amount) <> 0 LIMIT :limit;

-- name: q_cash_accounts_wrong
SELECT a.id, a.balance - CAST(coalesce((SELECT sum(e.amount) FROM cash_entry e WHERE e.account_id = a.id), 0) AS @i64) AS wrong
FROM cash_account a
WHERE a.balance <> coalesce((SELECT sum(e.amount) FROM cash_entry e WHERE e.account_id = a.id), 0) LIMIT :limit;

-- name: q_cash_held_wrong
SELECT a.owner_id AS id, a.balance AS wrong FROM cash_account a WHERE a.nonneg = 1 AND a.balance < 0 LIMIT :limit;

-- name: q_cash_books
SELECT a.id, a.kind, a.owner_id, a.currency,
	a.balance - CAST(coalesce((SELECT sum(e.amount) FROM cash_entry e WHERE e.account_id = a.id AND e.on_day >= :on_day), 0) AS @i64) AS opening,
	CAST(coalesce((SELECT sum(e.amount) FROM cash_entry e WHERE e.account_id = a.id AND e.on_day = :on_day AND e.amount > 0), 0) AS @i64) AS taken,
	CAST(coalesce((SELECT sum(e.amount) FROM cash_entry e WHERE e.account_id = a.id AND e.on_day = :on_day AND e.amount < 0), 0) AS @i64) AS given,
	a.balance - CAST(coalesce((SELECT sum(e.amount) FROM cash_entry e WHERE e.account_id = a.id AND e.on_day > :on_day), 0) AS @i64) AS closing,
	s.code AS station, s.name AS station_name, u.name AS engineer
FROM cash_account a
LEFT JOIN org s ON a.kind IN ('station','transit') AND s.id = a.owner_id
LEFT JOIN account u ON a.kind = 'engineer' AND u.id = a.owner_id
WHERE a.kind IN ('engineer','station','transit') [[org_lo: AND a.org_path >= :org_lo AND a.org_path < :org_hi ]] [[own: AND a.kind = 'engineer' AND a.owner_id = :own ]]
	[[after: AND a.id > :after ]] [[id: AND a.id = :id ]]
ORDER BY a.id LIMIT :limit;

-- name: q_cash_journal
SELECT e.id, d.kind, d.ref, o.no AS order_no, d.by_name, d.at, e.amount, a.currency
FROM cash_entry e JOIN cash_account a ON a.id = e.account_id JOIN cash_doc d ON d.id = e.doc_id LEFT JOIN work_order o ON o.id = d.order_id
WHERE e.account_id = :id AND e.on_day = :on_day ORDER BY e.id LIMIT :limit;

-- name: q_cash_stations
SELECT s.code AS station, s.name AS station_name, b.currency, CAST(sum(b.engineer) AS @i64) AS engineers, CAST(sum(b.station) AS @i64) AS till, CAST(sum(b.transit) AS @i64) AS transit,
	CAST(sum(b.taken) AS @i64) AS taken, CAST(sum(b.given) AS @i64) AS given
FROM (
	SELECT a.org_path, a.currency, CASE WHEN a.kind = 'engineer' THEN a.balance - coalesce(e.later, 0) ELSE 0 END AS engineer,
		CASE WHEN a.kind = 'station' THEN a.balance - coalesce(e.later, 0) ELSE 0 END AS station, CASE WHEN a.kind = 'transit' THEN a.balance - coalesce(e.later, 0) ELSE 0 END AS transit,
		coalesce(e.taken, 0) AS taken, coalesce(e.given, 0) AS given
	FROM cash_account a
	LEFT JOIN (
		SELECT account_id, sum(CASE WHEN on_day > :on_day THEN amount ELSE 0 END) AS later, sum(CASE WHEN on_day = :on_day AND amount > 0 THEN amount ELSE 0 END) AS taken,
			sum(CASE WHEN on_day = :on_day AND amount < 0 THEN amount ELSE 0 END) AS given
		FROM cash_entry WHERE on_day >= :on_day GROUP BY account_id) e ON e.account_id = a.id
	WHERE a.kind IN ('engineer','station','transit')) b
JOIN org s ON s.path = b.org_path
WHERE 1 = 1 [[after: AND s.code > :after ]] [[org_lo: AND b.org_path >= :org_lo AND b.org_path < :org_hi ]]
GROUP BY s.code, s.name, b.currency ORDER BY s.code LIMIT :limit;

-- name: q_cash_totals
SELECT kind, sub, currency, CAST(sum(balance) AS @i64) AS balance FROM cash_account WHERE kind <> 'customer' GROUP BY kind, sub, currency ORDER BY kind, sub LIMIT 100;

-- name: q_cash_due
UPDATE cash_account SET due_on = :due_on WHERE kind = 'customer' AND owner_id = :order_id;
