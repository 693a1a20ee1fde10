-- migrate: 1
CREATE TABLE price_list (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	code @text NOT NULL,
	version @i64 NOT NULL,
	name @text NOT NULL,
	org_id @i64 NOT NULL REFERENCES org(id),
	org_path @text NOT NULL,
	currency @text NOT NULL,
	state @text NOT NULL CHECK (state IN ('draft','published','retired')),
	valid_from @i64 NOT NULL,
	margin_bp @i64 NOT NULL CHECK (margin_bp BETWEEN 0 AND 100000),
	tax_bp @i64 NOT NULL CHECK (tax_bp BETWEEN 0 AND 10000),
	by_id @i64,
	published_at @i64,
	UNIQUE (code, version)
)@strict;
CREATE INDEX price_list_valid ON price_list(state, valid_from);
CREATE TABLE price_item (
	id @pk,
	list_id @i64 NOT NULL REFERENCES price_list(id),
	kind @text NOT NULL CHECK (kind IN ('diagnosis','visit','labour','part','material','other')),
	code @text NOT NULL,
	name_zh @text NOT NULL,
	name_en @text NOT NULL,
	model @text NOT NULL DEFAULT '',
	from_m @i64 NOT NULL DEFAULT 0 CHECK (from_m >= 0),
	to_m @i64 NOT NULL,
	unit_price @i64 NOT NULL CHECK (unit_price >= 0),
	currency @text NOT NULL,
	tax_bp @i64 NOT NULL CHECK (tax_bp BETWEEN 0 AND 10000),
	support @i64 NOT NULL DEFAULT 0 CHECK (support IN (0,1)),
	UNIQUE (list_id, code, model, from_m)
)@strict;
CREATE TABLE allowance (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	customer_id @i64 NOT NULL REFERENCES customer(id),
	device_id @i64 REFERENCES device(id),
	kind @text NOT NULL CHECK (kind IN ('visit','support')),
	granted @i64 NOT NULL CHECK (granted > 0),
	used @i64 NOT NULL DEFAULT 0,
	valid_from @i64 NOT NULL,
	valid_until @i64 NOT NULL,
	source @text NOT NULL,
	month_from @i64,
	CHECK (used BETWEEN 0 AND granted)
)@strict;
CREATE INDEX allowance_customer ON allowance(customer_id, kind, valid_until);
CREATE TABLE fee_line (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	kind @text NOT NULL,
	code @text,
	name @text NOT NULL,
	qty @i64 NOT NULL CHECK (qty > 0),
	unit_price @i64 NOT NULL CHECK (unit_price >= 0),
	amount @i64 NOT NULL CHECK (amount >= 0),
	tax @i64 NOT NULL CHECK (tax >= 0),
	tax_bp @i64 NOT NULL,
	currency @text NOT NULL,
	free @i64 NOT NULL CHECK (free IN (0,1)),
	basis @text NOT NULL,
	reason @text,
	priced_by @text NOT NULL,
	allowance_id @i64 REFERENCES allowance(id),
	allowance_n @i64 NOT NULL DEFAULT 0,
	promise @text,
	struck @i64 NOT NULL DEFAULT 0 CHECK (struck IN (0,1)),
	struck_why @text,
	billed @i64 NOT NULL DEFAULT 0 CHECK (billed IN (0,1)),
	by_id @i64,
	by_name @text NOT NULL,
	at @i64 NOT NULL
)@strict;
CREATE INDEX fee_line_order ON fee_line(order_id, id);
CREATE INDEX fee_line_allowance ON fee_line(allowance_id, id) WHERE allowance_id IS NOT NULL;
CREATE TABLE fee_use (
	use_id @i64 NOT NULL UNIQUE,
	line_id @i64 NOT NULL REFERENCES fee_line(id),
	qty @i64 NOT NULL CHECK (qty > 0),
	made @i64 NOT NULL CHECK (made IN (0,1))
)@strict;
CREATE INDEX fee_use_line ON fee_use(line_id);
CREATE TABLE quote (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	org_path @text NOT NULL,
	state @text NOT NULL CHECK (state IN ('sent','approved','refused','withdrawn')),
	total @i64 NOT NULL,
	tax @i64 NOT NULL,
	deposit @i64 NOT NULL,
	currency @text NOT NULL,
	content @text NOT NULL,
	valid_until @i64 NOT NULL,
	by_id @i64,
	by_name @text NOT NULL,
	at @i64 NOT NULL,
	decided_at @i64,
	decided_by @text,
	decided_how @text CHECK (decided_how IN ('link','signature','phone')),
	reason @text,
	signature_id @i64
)@strict;
CREATE INDEX quote_order ON quote(order_id, id);
CREATE INDEX quote_org ON quote(org_path, id);
CREATE TABLE quote_line (
	id @pk,
	quote_id @i64 NOT NULL REFERENCES quote(id),
	line_id @i64 NOT NULL REFERENCES fee_line(id),
	kind @text NOT NULL,
	name @text NOT NULL,
	qty @i64 NOT NULL,
	unit_price @i64 NOT NULL,
	amount @i64 NOT NULL,
	currency @text NOT NULL,
	free @i64 NOT NULL CHECK (free IN (0,1)),
	basis @text NOT NULL
)@strict;
CREATE INDEX quote_line_quote ON quote_line(quote_id, id);
CREATE TABLE handin (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	level @text NOT NULL CHECK (level IN ('engineer','station')),
	state @text NOT NULL CHECK (state IN ('submitted','counted','confirmed','withdrawn')),
	holder_id @i64 NOT NULL,
	holder @text NOT NULL,
	org_id @i64 NOT NULL REFERENCES org(id),
	org_path @text NOT NULL,
	declared @i64 NOT NULL CHECK (declared > 0),
	counted @i64,
	currency @text NOT NULL,
	reference @text,
	reason @text,
	by_id @i64,
	by_name @text NOT NULL,
	at @i64 NOT NULL,
	counted_by @text,
	counted_id @i64,
	counted_at @i64,
	confirmed_by @text,
	confirmed_at @i64
)@strict;
CREATE UNIQUE INDEX handin_open ON handin(level, holder_id, currency) WHERE state = 'submitted';
CREATE INDEX handin_org ON handin(org_path, id);
CREATE INDEX handin_by ON handin(by_id, id);
CREATE TABLE receipt (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	kind @text NOT NULL CHECK (kind IN ('payment','deposit','refund')),
	method @text NOT NULL CHECK (method IN ('cash','wechat','alipay','card','transfer')),
	state @text NOT NULL CHECK (state IN ('taken','disputed','countersigned','confirmed','void')),
	amount @i64 NOT NULL CHECK (amount > 0),
	rounding @i64 NOT NULL DEFAULT 0,
	currency @text NOT NULL,
	reference @text,
	receipt_no @text,
	payer @text,
	holder_kind @text NOT NULL,
	holder_id @i64 NOT NULL,
	org_id @i64 NOT NULL REFERENCES org(id),
	org_path @text NOT NULL,
	by_id @i64,
	by_name @text NOT NULL,
	at @i64 NOT NULL,
	on_day @i64 NOT NULL,
	handin_id @i64 REFERENCES handin(id),
	reason @text,
	countersigned_id @i64,
	countersigned_by @text,
	countersigned_at @i64,
	confirmed_by @text,
	confirmed_at @i64
)@strict;
CREATE UNIQUE INDEX receipt_number ON receipt(receipt_no) WHERE state <> 'void' AND receipt_no IS NOT NULL;
CREATE INDEX receipt_order ON receipt(order_id, id);
CREATE INDEX receipt_org ON receipt(org_path, id);
CREATE INDEX receipt_state ON receipt(state, id) WHERE state IN ('taken','disputed','countersigned');
CREATE INDEX receipt_by ON receipt(by_id, id);
CREATE INDEX receipt_held ON receipt(holder_kind, holder_id, id) WHERE handin_id IS NULL AND method = 'cash';
CREATE TABLE waiver (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	no @text NOT NULL UNIQUE,
	order_id @i64 NOT NULL REFERENCES work_order(id),
	org_path @text NOT NULL,
	kind @text NOT NULL CHECK (kind IN ('discount','compensation','writeoff')),
	state @text NOT NULL CHECK (state IN ('requested','approved','rejected','noted')),
	amount @i64 NOT NULL CHECK (amount > 0),
	currency @text NOT NULL,
	reason @text NOT NULL,
	technical @text,
	agreement @text,
	by_id @i64,
	by_name @text NOT NULL,
	at @i64 NOT NULL,
	decided_by @text,
	decided_at @i64,
	decided_why @text,
	noted_by @text,
	noted_at @i64
)@strict;
CREATE INDEX waiver_order ON waiver(order_id, id);
CREATE INDEX waiver_org ON waiver(org_path, id);
CREATE TABLE on_account (
	order_id @i64 NOT NULL UNIQUE REFERENCES work_order(id),
	due_on @i64 NOT NULL,
	reason @text NOT NULL,
	by_name @text NOT NULL,
	at @i64 NOT NULL
)@strict;
-- migrate: 2
CREATE TABLE invoice (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	receipt_id @i64 NOT NULL UNIQUE REFERENCES receipt(id),
	order_id @i64 NOT NULL REFERENCES work_order(id),
	org_path @text NOT NULL,
	state @text NOT NULL CHECK (state IN ('wanted','sent','issued','failed')),
	title @text NOT NULL,
	tax_no @text,
	email @text,
	amount @i64 NOT NULL CHECK (amount > 0),
	tax @i64 NOT NULL,
	currency @text NOT NULL,
	number @text,
	url @text,
	why @text,
	by_name @text NOT NULL,
	at @i64 NOT NULL,
	issued_by @text,
	issued_at @i64
)@strict;
CREATE INDEX invoice_open ON invoice(state, id) WHERE state <> 'issued';
CREATE INDEX invoice_order ON invoice(order_id, id);
CREATE UNIQUE INDEX invoice_number ON invoice(number) WHERE number IS NOT NULL;

-- name: q_invoice_insert
INSERT INTO invoice(receipt_id, order_id, org_path, state, title, tax_no, email, amount, tax, currency, by_name, at)
VALUES (:receipt_id, :order_id, :org_path, :state, :title, :tax_no, :email, :amount, :tax, :currency, :by_name, :now) RETURNING id;

-- name: q_invoices
SELECT i.id, i.ver, i.receipt_id, i.order_id, r.no AS receipt, o.no AS order_no, i.state, i.title, i.tax_no, i.email, i.amount, i.tax, i.currency, i.number, i.url, i.why, i.by_name, i.at,
	i.issued_by, i.issued_at
FROM invoice i JOIN receipt r ON r.id = i.receipt_id JOIN work_order o ON o.id = i.order_id
WHERE 1 = 1 [[id: AND i.id = :id ]] [[order_id: AND i.order_id = :order_id ]] [[open: AND i.state <> :open ]] [[org_lo: AND i.org_path >= :org_lo AND i.org_path < :org_hi ]]
	[[own: AND r.by_id = :own ]] [[before: AND i.id < :before ]]
ORDER BY i.id DESC LIMIT :limit;

-- name: q_invoice_set
UPDATE invoice SET state = :state, number = :number, url = :url, why = :why, issued_by = :issued_by, issued_at = :issued_at, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_fee_orders_wrong
SELECT o.id, o.no, coalesce(o.fee, 0) AS fee, CAST(coalesce((SELECT sum(l.amount) FROM fee_line l WHERE l.order_id = o.id AND l.struck = 0 AND l.free = 0 AND l.basis <> 'open'), 0) AS @i64) AS lines
FROM work_order o
WHERE o.id IN (SELECT order_id FROM fee_line)
	AND (coalesce(o.fee, 0) <> coalesce((SELECT sum(l.amount) FROM fee_line l WHERE l.order_id = o.id AND l.struck = 0 AND l.free = 0 AND l.basis <> 'open'), 0)
		OR EXISTS (SELECT 1 FROM fee_line l WHERE l.order_id = o.id AND l.currency <> o.currency))
LIMIT :limit;

-- name: q_receivables
SELECT a.id, o.no AS order_no, o.contact_name AS customer, s.code AS station, a.balance AS amount, a.currency, a.due_on, CAST(:today AS @i64) - a.due_on AS age_days,
	CASE WHEN t.order_id IS NULL THEN 0 ELSE 1 END AS agreed, t.by_name AS agreed_by, t.reason AS agreed_why
FROM cash_account a
JOIN work_order o ON o.id = a.owner_id
LEFT JOIN on_account t ON t.order_id = o.id
LEFT JOIN org s ON s.id = o.station_id
WHERE a.kind = 'customer' AND a.balance > 0 [[org_lo: AND a.org_path >= :org_lo AND a.org_path < :org_hi ]] [[due_lo: AND a.due_on >= :due_lo AND a.due_on <= :due_hi ]]
	[[after: AND (a.due_on, a.id) > (:after_due, :after) ]]
ORDER BY a.due_on, a.id LIMIT :limit;

-- name: q_receivable_due
SELECT due_on FROM cash_account WHERE id = :id;

-- name: q_receivable_sums
SELECT a.currency, count(*) AS n, CAST(sum(CASE WHEN a.due_on >= :today THEN a.balance ELSE 0 END) AS @i64) AS not_due,
	CAST(sum(CASE WHEN a.due_on < :today AND a.due_on >= :today - 30 THEN a.balance ELSE 0 END) AS @i64) AS d30,
	CAST(sum(CASE WHEN a.due_on < :today - 30 AND a.due_on >= :today - 60 THEN a.balance ELSE 0 END) AS @i64) AS d60,
	CAST(sum(CASE WHEN a.due_on < :today - 60 AND a.due_on >= :today - 90 THEN a.balance ELSE 0 END) AS @i64) AS d90,
	CAST(sum(CASE WHEN a.due_on < :today - 90 THEN a.balance ELSE 0 END) AS @i64) AS older, CAST(sum(a.balance) AS @i64) AS total
FROM cash_account a
WHERE a.kind = 'customer' AND a.balance > 0 [[org_lo: AND a.org_path >= :org_lo AND a.org_path < :org_hi ]]
GROUP BY a.currency ORDER BY a.currency LIMIT :limit;

-- name: q_on_account_put
INSERT INTO on_account(order_id, due_on, reason, by_name, at) VALUES (:order_id, :due_on, :reason, :by_name, :now)
ON CONFLICT (order_id) DO UPDATE SET due_on = excluded.due_on, reason = excluded.reason, by_name = excluded.by_name, at = excluded.at;

-- name: q_on_account
SELECT due_on FROM on_account WHERE order_id = :order_id;

-- name: q_price_list_insert
INSERT INTO price_list(code, version, name, org_id, org_path, currency, state, valid_from, margin_bp, tax_bp, by_id)
VALUES (:code, :version, :name, :org_id, :org_path, :currency, 'draft', :valid_from, :margin_bp, :tax_bp, :by_id) RETURNING id;

-- name: q_price_version_last
SELECT max(version) FROM price_list WHERE code = :code;

-- name: q_price_list_one
SELECT l.id, l.ver, l.code, l.version, l.name, l.org_id, l.org_path, s.code AS org, l.currency, l.state, l.valid_from, l.margin_bp, l.tax_bp, l.published_at,
	(SELECT count(*) FROM price_item i WHERE i.list_id = l.id) AS items
FROM price_list l JOIN org s ON s.id = l.org_id WHERE l.code = :code AND l.version = :version;

-- name: q_price_lists
SELECT l.id, l.ver, l.code, l.version, l.name, l.org_id, l.org_path, s.code AS org, l.currency, l.state, l.valid_from, l.margin_bp, l.tax_bp, l.published_at,
	(SELECT count(*) FROM price_item i WHERE i.list_id = l.id) AS items
FROM price_list l JOIN org s ON s.id = l.org_id WHERE 1 = 1 [[before: AND l.id < :before ]] [[state: AND l.state = :state ]]
ORDER BY l.id DESC LIMIT :limit;

-- name: q_price_list_for
SELECT l.id, l.ver, l.code, l.version, l.name, l.org_id, l.org_path, s.code AS org, l.currency, l.state, l.valid_from, l.margin_bp, l.tax_bp, l.published_at, 0 AS items
FROM price_list l JOIN org s ON s.id = l.org_id
WHERE l.state = 'published' AND l.valid_from <= :today AND substr(CAST(:org_path AS TEXT), 1, length(l.org_path)) = l.org_path
ORDER BY length(l.org_path) DESC, l.valid_from DESC, l.version DESC LIMIT 1;

-- name: q_price_list_save
UPDATE price_list SET name = :name, valid_from = :valid_from, margin_bp = :margin_bp, tax_bp = :tax_bp, ver = ver + 1 WHERE id = :id AND ver = :ver AND state = 'draft';

-- name: q_price_list_state
UPDATE price_list SET state = :state, published_at = coalesce(published_at, :published_at), ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_price_list_touch
UPDATE price_list SET ver = ver + 1 WHERE id = :id AND state = 'draft';

-- name: q_price_item_put
INSERT INTO price_item(list_id, kind, code, name_zh, name_en, model, from_m, to_m, unit_price, currency, tax_bp, support)
VALUES (:list_id, :kind, :code, :name_zh, :name_en, :model, :from_m, :to_m, :unit_price, :currency, :tax_bp, :support)
ON CONFLICT (list_id, code, model, from_m) DO UPDATE SET kind = excluded.kind, name_zh = excluded.name_zh, name_en = excluded.name_en, to_m = excluded.to_m,
	unit_price = excluded.unit_price, tax_bp = excluded.tax_bp, support = excluded.support;

-- name: q_price_item_drop
DELETE FROM price_item WHERE id = :id AND list_id = :list_id;

-- name: q_price_items_copy
INSERT INTO price_item(list_id, kind, code, name_zh, name_en, model, from_m, to_m, unit_price, currency, tax_bp, support)
SELECT :to_id, kind, code, name_zh, name_en, model, from_m, to_m, unit_price, currency, tax_bp, support FROM price_item WHERE list_id = :from_id;

-- name: q_price_items
SELECT id, list_id, kind, code, name_zh, name_en, model, from_m, to_m, unit_price, currency, tax_bp, support FROM price_item
WHERE list_id = :list_id [[kind: AND kind = :kind ]] ORDER BY kind, code, model, from_m LIMIT 2000;

-- name: q_price_item_for
SELECT id, list_id, kind, code, name_zh, name_en, model, from_m, to_m, unit_price, currency, tax_bp, support FROM price_item
WHERE list_id = :list_id AND code = :code AND model IN ('', :model) AND from_m <= :distance AND to_m > :distance
ORDER BY length(model) DESC, from_m DESC LIMIT 1;

-- name: q_allowance_add
INSERT INTO allowance(customer_id, device_id, kind, granted, valid_from, valid_until, source)
VALUES (:customer_id, :device_id, :kind, :granted, :valid_from, :valid_until, :source) RETURNING id;

-- part: allowances
SELECT a.id, a.customer_id, a.device_id, a.kind, a.granted, a.used, a.valid_from, a.valid_until, a.source, a.month_from, d.serial AS device
FROM allowance a LEFT JOIN device d ON d.id = a.device_id

-- name: q_allowance_left
@part(allowances)
WHERE a.customer_id = :customer_id AND a.valid_from <= :today AND a.valid_until >= :today
	AND (a.used < a.granted OR (a.month_from IS NOT NULL AND CAST(:open AS @i64) = 1)) AND (a.device_id IS NULL OR a.device_id = CAST(:device_id AS @i64))
ORDER BY a.valid_until, a.id LIMIT 20;

-- name: q_allowances
@part(allowances)
WHERE a.customer_id = :customer_id ORDER BY a.valid_until DESC, a.id DESC LIMIT :limit;

-- name: q_allowance_use
UPDATE allowance SET used = used + :n, month_from = :month_from, ver = ver + 1 WHERE id = :id AND used + :n BETWEEN 0 AND granted;

-- name: q_fee_month_heir
SELECT l.id FROM fee_line l WHERE l.allowance_id = :allowance_id AND l.id > :id AND l.struck = 0 AND l.allowance_n = 0
	AND l.id < coalesce((SELECT min(n.id) FROM fee_line n WHERE n.allowance_id = :allowance_id AND n.id > :id AND n.allowance_n > 0 AND n.struck = 0), l.id + 1)
ORDER BY l.id LIMIT 1;

-- name: q_fee_month_move
UPDATE fee_line SET allowance_n = 1 WHERE id = :id;

-- name: q_fee_line_quoted
SELECT l.id FROM fee_line l
WHERE l.order_id = :order_id AND l.kind = 'part' AND l.code = :code AND l.struck = 0 AND l.qty - coalesce((SELECT sum(u.qty) FROM fee_use u WHERE u.line_id = l.id), 0) >= :qty
ORDER BY l.id LIMIT 1;

-- name: q_fee_use_insert
INSERT INTO fee_use(use_id, line_id, qty, made) VALUES (:use_id, :line_id, :qty, :made);

-- name: q_fee_use
SELECT u.line_id, l.ver, CASE WHEN l.struck = 0 THEN u.made ELSE 0 END AS made FROM fee_use u JOIN fee_line l ON l.id = u.line_id WHERE u.use_id = :use_id;

-- name: q_fee_use_drop
DELETE FROM fee_use WHERE use_id = :use_id;

-- name: q_fee_insert
INSERT INTO fee_line(order_id, kind, code, name, qty, unit_price, amount, tax, tax_bp, currency, free, basis, reason, priced_by, allowance_id, allowance_n, promise, by_id, by_name, at)
VALUES (:order_id, :kind, :code, :name, :qty, :unit_price, :amount, :tax, :tax_bp, :currency, :free, :basis, :reason, :priced_by, :allowance_id, :allowance_n, :promise,
	:by_id, :by_name, :now)
RETURNING id;

-- name: q_fee_lines
SELECT id, ver, order_id, kind, code, name, qty, unit_price, amount, tax, tax_bp, currency, free, basis, reason, priced_by, allowance_id, allowance_n, promise, struck, struck_why,
	billed, by_name, at
FROM fee_line WHERE order_id = :order_id [[id: AND id = :id ]] [[live: AND struck <> :live ]] ORDER BY id LIMIT 300;

-- name: q_fee_strike
UPDATE fee_line SET struck = 1, struck_why = :why, billed = 0, ver = ver + 1 WHERE id = :id AND ver = :ver AND struck = 0;

-- name: q_fee_basis
UPDATE fee_line SET free = :free, basis = :basis, reason = :reason, billed = 0, ver = ver + 1 WHERE id = :id AND ver = :ver AND struck = 0;

-- name: q_fee_billed
UPDATE fee_line SET billed = 1 WHERE id = :id;

-- name: q_fee_sums
SELECT CAST(coalesce(sum(CASE WHEN free = 0 AND basis <> 'open' THEN amount ELSE 0 END), 0) AS @i64) AS fee,
	CAST(coalesce(sum(CASE WHEN free = 0 AND basis <> 'open' THEN tax ELSE 0 END), 0) AS @i64) AS tax,
	CAST(coalesce(sum(CASE WHEN free = 0 AND basis <> 'open' AND billed = 0 THEN amount ELSE 0 END), 0) AS @i64) AS unbilled, count(*) AS n,
	CAST(coalesce(sum(CASE WHEN basis = 'open' THEN 1 ELSE 0 END), 0) AS @i64) AS open, max(currency) AS currency
FROM fee_line WHERE order_id = :order_id AND struck = 0;

-- name: q_quote_insert
INSERT INTO quote(no, order_id, org_path, state, total, tax, deposit, currency, content, valid_until, by_id, by_name, at)
VALUES (:no, :order_id, :org_path, 'sent', :total, :tax, :deposit, :currency, :content, :valid_until, :by_id, :by_name, :now) RETURNING id;

-- name: q_quote_line_insert
INSERT INTO quote_line(quote_id, line_id, kind, name, qty, unit_price, amount, currency, free, basis)
VALUES (:quote_id, :line_id, :kind, :name, :qty, :unit_price, :amount, :currency, :free, :basis);

-- name: q_quote_lines
SELECT q.id, q.line_id, q.kind, q.name, q.qty, q.unit_price, q.amount, q.currency, q.free, q.basis, CASE WHEN q.basis = f.basis THEN f.reason END AS reason
FROM quote_line q JOIN fee_line f ON f.id = q.line_id WHERE q.quote_id = :quote_id ORDER BY q.id LIMIT 300;

-- name: q_quotes
SELECT q.id, q.ver, q.no, q.order_id, o.no AS order_no, q.state, q.total, q.tax, q.deposit, q.currency, q.content, q.valid_until, q.by_name, q.at, q.decided_at, q.decided_by,
	q.decided_how, q.reason, q.signature_id
FROM quote q JOIN work_order o ON o.id = q.order_id
WHERE 1 = 1 [[no: AND q.no = :no ]] [[order_id: AND q.order_id = :order_id ]] [[org_lo: AND q.org_path >= :org_lo AND q.org_path < :org_hi ]]
	[[own: AND o.engineer_id = :own ]] [[state: AND q.state = :state ]] [[before: AND q.id < :before ]]
ORDER BY q.id DESC LIMIT :limit;

-- name: q_quote_set
UPDATE quote SET state = :state, decided_at = :now, decided_by = :decided_by, decided_how = :decided_how, reason = :reason, signature_id = :signature_id, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_receipt_insert
INSERT INTO receipt(no, order_id, kind, method, state, amount, rounding, currency, reference, receipt_no, payer, holder_kind, holder_id, org_id, org_path, by_id, by_name, at, on_day, reason)
VALUES (:no, :order_id, :kind, :method, 'taken', :amount, :rounding, :currency, :reference, :receipt_no, :payer, :holder_kind, :holder_id, :org_id, :org_path, :by_id, :by_name,
	:now, :on_day, :reason)
RETURNING id;

-- name: q_receipts
SELECT r.id, r.ver, r.no, r.order_id, o.no AS order_no, o.contact_name AS customer, r.kind, r.method, r.state, r.amount, r.rounding, r.currency, r.reference, r.receipt_no, r.payer,
	r.holder_kind, r.holder_id, r.org_id, r.org_path, s.code AS station, r.by_id, r.by_name, r.at, r.on_day, r.handin_id, h.no AS handin_no, r.reason, r.countersigned_id, r.countersigned_by,
	r.countersigned_at, r.confirmed_by, r.confirmed_at
FROM receipt r JOIN work_order o ON o.id = r.order_id JOIN org s ON s.id = r.org_id LEFT JOIN handin h ON h.id = r.handin_id
WHERE 1 = 1 [[no: AND r.no = :no ]] [[order_id: AND r.order_id = :order_id ]] [[org_lo: AND r.org_path >= :org_lo AND r.org_path < :org_hi ]]
	[[own: AND r.by_id = :own ]] [[state: AND r.state = :state ]] [[before: AND r.id < :before ]]
ORDER BY r.id DESC LIMIT :limit;

-- name: q_receipt_number_used
SELECT r.id, r.no, o.no AS order_no FROM receipt r JOIN work_order o ON o.id = r.order_id WHERE r.receipt_no = :receipt_no AND r.state <> 'void' LIMIT 1;

-- name: q_receipt_set
UPDATE receipt SET state = :state, receipt_no = :receipt_no, reference = :reference, reason = :reason, countersigned_id = :countersigned_id, countersigned_by = :countersigned_by,
	countersigned_at = :countersigned_at, confirmed_by = :confirmed_by, confirmed_at = :confirmed_at, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_receipt_open_of_order
SELECT count(*) FROM receipt WHERE order_id = :order_id AND state IN ('taken','disputed');

-- name: q_receipts_into_handin
UPDATE receipt SET handin_id = :handin_id WHERE holder_kind = :holder_kind AND holder_id = :holder_id AND currency = :currency AND handin_id IS NULL AND method = 'cash' AND state <> 'void';

-- name: q_receipts_out_of_handin
UPDATE receipt SET handin_id = NULL WHERE handin_id = :handin_id;

-- name: q_handin_insert
INSERT INTO handin(no, level, state, holder_id, holder, org_id, org_path, declared, currency, reference, by_id, by_name, at)
VALUES (:no, :level, 'submitted', :holder_id, :holder, :org_id, :org_path, :declared, :currency, :reference, :by_id, :by_name, :now) RETURNING id;

-- name: q_handins
SELECT h.id, h.ver, h.no, h.level, h.state, h.holder_id, h.holder, h.org_id, h.org_path, s.code AS station, h.declared, h.counted, h.currency, h.reference, h.reason, h.by_id, h.by_name, h.at,
	h.counted_by, h.counted_id, h.counted_at, h.confirmed_by, h.confirmed_at
FROM handin h JOIN org s ON s.id = h.org_id
WHERE 1 = 1 [[no: AND h.no = :no ]] [[org_lo: AND h.org_path >= :org_lo AND h.org_path < :org_hi ]] [[own: AND h.by_id = :own ]] [[state: AND h.state = :state ]]
	[[before: AND h.id < :before ]]
ORDER BY h.id DESC LIMIT :limit;

-- name: q_handin_open
SELECT id FROM handin WHERE level = :level AND holder_id = :holder_id AND currency = :currency AND state = 'submitted';

-- name: q_handin_set
UPDATE handin SET state = :state, counted = :counted, reason = :reason, counted_id = :counted_id, counted_by = :counted_by, counted_at = :counted_at, confirmed_by = :confirmed_by,
	confirmed_at = :confirmed_at, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_waiver_insert
INSERT INTO waiver(no, order_id, org_path, kind, state, amount, currency, reason, technical, agreement, by_id, by_name, at)
VALUES (:no, :order_id, :org_path, :kind, 'requested', :amount, :currency, :reason, :technical, :agreement, :by_id, :by_name, :now) RETURNING id;

-- name: q_waivers
SELECT w.id, w.ver, w.no, w.order_id, o.no AS order_no, o.contact_name AS customer, w.kind, w.state, w.amount, w.currency, w.reason, w.technical, w.agreement, w.by_id, w.by_name, w.at,
	w.decided_by, w.decided_at, w.decided_why, w.noted_by, w.noted_at
FROM waiver w JOIN work_order o ON o.id = w.order_id
WHERE 1 = 1 [[no: AND w.no = :no ]] [[order_id: AND w.order_id = :order_id ]] [[org_lo: AND w.org_path >= :org_lo AND w.org_path < :org_hi ]]
	[[own: AND w.by_id = :own ]] [[state: AND w.state = :state ]] [[before: AND w.id < :before ]]
ORDER BY w.id DESC LIMIT :limit;

-- name: q_waiver_set
UPDATE waiver SET state = :state, decided_by = :decided_by, decided_at = :decided_at, decided_why = :decided_why, noted_by = :noted_by, noted_at = :noted_at, ver = ver + 1
WHERE id = :id AND ver = :ver;

-- name: q_period_open_receipts
SELECT count(*) FROM receipt WHERE state IN ('taken','disputed') AND on_day <= :until;

-- name: q_period_open_handins
SELECT count(*) FROM handin WHERE state = 'submitted' AND at < :until_at;
