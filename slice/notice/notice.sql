-- migrate: 1
CREATE TABLE hook (
	id @pk,
	ver @i64 NOT NULL DEFAULT 1,
	url @text NOT NULL,
	events @text NOT NULL,
	secret @text,
	active @i64 NOT NULL CHECK (active IN (0,1)),
	at @i64 NOT NULL
)@strict;
CREATE TABLE notice (
	id @pk,
	event @text NOT NULL,
	channel @text NOT NULL CHECK (channel IN ('mail','sms','hook')),
	org_path @text NOT NULL,
	order_id @i64 REFERENCES work_order(id),
	hook_id @i64,
	receiver @text NOT NULL,
	lang @text,
	zone @text,
	subject @text NOT NULL,
	body @text NOT NULL,
	key @text NOT NULL UNIQUE,
	state @text NOT NULL CHECK (state IN ('waiting','sent','given_up','dropped','undone')),
	tries @i64 NOT NULL DEFAULT 0,
	last_error @text,
	outbox_id @i64 NOT NULL,
	at @i64 NOT NULL,
	sent_at @i64
)@strict;
CREATE INDEX notice_outbox ON notice(outbox_id);
CREATE INDEX notice_order ON notice(order_id, id);
CREATE INDEX notice_state ON notice(state, id);
CREATE INDEX notice_at ON notice(at);
CREATE TABLE notice_wish (
	customer_id @i64 PRIMARY KEY REFERENCES customer(id),
	lang @text CHECK (lang IN ('zh','en')),
	stop @i64 NOT NULL CHECK (stop IN (0,1))
)@strict;

-- name: q_notice_add
INSERT INTO notice(event, channel, org_path, order_id, hook_id, receiver, lang, zone, subject, body, key, state, outbox_id, at)
VALUES (:event, :channel, :org_path, :order_id, :hook_id, :receiver, :lang, :zone, :subject, :body, :key, 'waiting', :outbox_id, :now) RETURNING id;

-- part: notice_rows
SELECT n.id, n.order_id, n.hook_id, n.tries, n.outbox_id, n.channel, n.state, n.event, o.no AS order_no, n.receiver, n.lang, n.zone, n.subject, n.body, n.key, n.last_error,
	n.at, n.sent_at, CASE WHEN n.state = 'waiting' THEN x.due_at END AS due_at, CASE WHEN n.state = 'waiting' AND x.taken = 0 THEN 1 ELSE 0 END AS undoable
FROM notice n LEFT JOIN work_order o ON o.id = n.order_id LEFT JOIN outbox x ON x.id = n.outbox_id

-- name: q_notice_by_outbox
@part(notice_rows)
WHERE n.outbox_id = :outbox_id AND n.state = 'waiting';

-- name: q_notice_one
@part(notice_rows)
WHERE n.id = :id [[order_id: AND n.order_id = :order_id ]] [[org_lo: AND n.org_path >= :org_lo AND n.org_path < :org_hi ]];

-- name: q_notice_of_order
@part(notice_rows)
WHERE n.order_id = :order_id AND n.channel <> 'hook' ORDER BY n.id DESC LIMIT 20;

-- name: q_notice_list
@part(notice_rows)
WHERE 1 = 1 [[state: AND n.state = :state ]] [[before: AND n.id < :before ]] [[org_lo: AND n.org_path >= :org_lo AND n.org_path < :org_hi ]]
ORDER BY n.id DESC LIMIT :limit;

-- name: q_notice_counts
SELECT state, count(*) AS n FROM notice WHERE 1 = 1 [[org_lo: AND org_path >= :org_lo AND org_path < :org_hi ]] GROUP BY state;

-- name: q_notice_pending
SELECT id, outbox_id FROM notice WHERE order_id = :order_id AND event = :event AND receiver = :receiver AND state = 'waiting' AND tries = 0 ORDER BY id LIMIT 5;

-- name: q_notice_state
UPDATE notice SET state = :state, tries = :tries, last_error = :why, sent_at = :sent_at WHERE id = :id AND state = 'waiting';

-- name: q_notice_end
UPDATE notice SET state = :state WHERE id = :id AND state IN ('waiting', 'given_up');

-- name: q_notice_carried
UPDATE notice SET outbox_id = :outbox_id, state = 'waiting', tries = :tries WHERE id = :id;

-- name: q_notice_forget
UPDATE notice SET receiver = '', subject = '', body = '', state = CASE WHEN state = 'waiting' THEN 'dropped' ELSE state END
WHERE order_id IN (SELECT id FROM work_order WHERE customer_id = :customer_id);

-- name: q_notice_sweep
DELETE FROM notice WHERE at < :before AND state <> 'waiting';

-- name: q_notice_lang
SELECT w.lang, COALESCE(w.stop, 0) AS stop, a.lang AS login_lang FROM customer k
LEFT JOIN notice_wish w ON w.customer_id = k.id LEFT JOIN account a ON a.customer_id = k.id
WHERE k.id = :customer_id ORDER BY a.id LIMIT 1;

-- name: q_wish_get
SELECT customer_id, lang, stop FROM notice_wish WHERE customer_id = :customer_id;

-- name: q_wish_put
INSERT INTO notice_wish(customer_id, lang, stop) VALUES (:customer_id, :lang, :stop)
ON CONFLICT (customer_id) DO UPDATE SET lang = excluded.lang, stop = excluded.stop;

-- name: q_hook_list
SELECT id, ver, url, events, CASE WHEN secret IS NULL THEN 0 ELSE 1 END AS has_secret, active, at FROM hook ORDER BY id LIMIT 50;

-- name: q_hook_active
SELECT id, ver, url, events, active, at FROM hook WHERE active = 1 ORDER BY id LIMIT 50;

-- name: q_hook_count
SELECT count(*) AS n FROM hook;

-- name: q_hook_insert
INSERT INTO hook(url, events, secret, active, at) VALUES (:url, :events, :secret, :active, :now) RETURNING id;

-- name: q_hook_save
UPDATE hook SET url = :url, events = :events, secret = COALESCE(CAST(:secret AS TEXT), secret), active = :active, ver = ver + 1 WHERE id = :id AND ver = :ver;

-- name: q_hook_remove
DELETE FROM hook WHERE id = :id;

-- name: q_hook_secret
SELECT secret AS text FROM hook WHERE id = :id;
