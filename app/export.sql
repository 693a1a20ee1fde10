-- name: q_export_customers
SELECT coalesce(c.external_ref, c.no) AS ref, c.no, c.name, c.kind, k.phone, k.email, k.title, a.text AS address, a.division, c.key_customer,
	coalesce(o.external_ref, o.no) AS organisation, c.note, c.created_at
FROM customer c
LEFT JOIN contact k ON k.customer_id = c.id AND k.is_main = 1
LEFT JOIN address a ON a.customer_id = c.id AND a.is_main = 1
LEFT JOIN customer o ON o.id = c.org_id
WHERE c.merged_into IS NULL [[since: AND c.created_at >= :since ]]
ORDER BY c.id;

-- name: q_export_devices
SELECT d.serial, d.brand, d.model, d.config AS series, d.kind, coalesce(c.external_ref, c.no) AS customer, d.proof, d.invoice_no, d.invoiced_on, d.delivered_on,
	d.installed_on, d.accepted_on, d.factory_on, d.asset_no, d.department, d.user_name, d.location, d.division, d.note, d.created_at
FROM device d LEFT JOIN customer c ON c.id = d.customer_id
WHERE 1 = 1 [[since: AND d.created_at >= :since ]]
ORDER BY d.id;

-- name: q_export_products
SELECT brand, model, series, kind, config, note FROM product ORDER BY id;

-- name: q_export_codes
SELECT code, grp, name_zh, name_en, 'symptom' AS kind, source FROM symptom
UNION ALL
SELECT code, grp, name_zh, name_en, 'fault' AS kind, source FROM fault
ORDER BY kind DESC, code;

-- name: q_export_stations
SELECT o.id, o.code, u.code AS parent, o.kind, o.name, o.name_en, o.address, o.phone, o.lat, o.lon, o.capacity
FROM org o LEFT JOIN org u ON u.id = o.parent_id
ORDER BY length(o.path) - length(replace(o.path, '.', '')), o.id;

-- name: q_export_people
SELECT a.id, a.login, a.name, a.phone, a.email, a.lang, a.zone, coalesce(c.external_ref, c.no) AS customer, a.active
FROM account a LEFT JOIN customer c ON c.id = a.customer_id ORDER BY a.id;

-- name: q_export_contracts
SELECT k.id, coalesce(k.external_ref, k.no) AS ref, coalesce(c.external_ref, c.no) AS customer, k.title, l.code AS level, w.code AS calendar, k.from_on, k.until_on, k.whole, k.active, k.note
FROM contract k JOIN customer c ON c.id = k.customer_id
LEFT JOIN service_binding b ON b.basis = 'contract' AND b.basis_id = k.id AND b.brand_key = ''
LEFT JOIN service_level l ON l.id = b.level_id
LEFT JOIN calendar w ON w.id = b.calendar_id
WHERE 1 = 1 [[since: AND k.created_at >= :since ]]
ORDER BY k.id;

-- name: q_export_covers
SELECT v.kind, CASE v.kind WHEN 'device' THEN d.serial WHEN 'product' THEN p.brand || ' ' || p.model ELSE v.brand END AS what
FROM contract_cover v LEFT JOIN device d ON d.id = v.device_id LEFT JOIN product p ON p.id = v.product_id
WHERE v.contract_id = :id ORDER BY v.id LIMIT 2000;

-- name: q_export_roles
SELECT r.role, o.code AS place FROM account_role r LEFT JOIN org o ON o.id = r.org_id WHERE r.user_id = :id ORDER BY r.role, o.code LIMIT 100;

-- name: q_export_divisions
SELECT code, name, parent, pinyin, lat, lon FROM division ORDER BY level, code;

-- name: q_export_policies
SELECT body FROM policy ORDER BY code, version;

-- name: q_export_parts
SELECT no, name, spec, unit, class, kind, brand, maker_no, barcode, serial_tracked, owes_old, supplier_months, price, cost, currency
FROM part WHERE 1 = 1 [[since: AND created_at >= :since ]] ORDER BY id;

-- name: q_export_stock
SELECT p.no AS part_no, w.code AS warehouse, b.qty, b.value, l.low, l.high,
	(SELECT group_concat(s.serial, ' ') FROM part_serial s WHERE s.part_id = b.part_id AND s.warehouse_id = b.warehouse_id AND s.bin = b.bin) AS serials
FROM stock_balance b
JOIN part p ON p.id = b.part_id
JOIN warehouse w ON w.id = b.warehouse_id
LEFT JOIN part_level l ON l.part_id = b.part_id AND l.warehouse_id = b.warehouse_id
WHERE b.bin = 'good' AND b.qty > 0
ORDER BY p.no_key, w.code;
-- pg:
SELECT p.no AS part_no, w.code AS warehouse, b.qty, b.value, l.low, l.high,
	(SELECT string_agg(s.serial, ' ') FROM part_serial s WHERE s.part_id = b.part_id AND s.warehouse_id = b.warehouse_id AND s.bin = b.bin) AS serials
FROM stock_balance b
JOIN part p ON p.id = b.part_id
JOIN warehouse w ON w.id = b.warehouse_id
LEFT JOIN part_level l ON l.part_id = b.part_id AND l.warehouse_id = b.warehouse_id
WHERE b.bin = 'good' AND b.qty > 0
ORDER BY p.no_key, w.code;

-- name: q_export_prices
SELECT l.code AS list, i.kind, i.code, i.name_zh AS name, i.name_en, i.model, i.from_m, i.to_m, i.unit_price AS price, i.tax_bp, i.currency
FROM price_item i JOIN price_list l ON l.id = i.list_id
WHERE l.state <> 'retired'
ORDER BY l.id, i.id;

-- name: q_export_orders
SELECT o.id, coalesce(o.external_ref, o.no) AS ref, o.no, o.kind, o.mode, o.channel, o.priority, o.state, coalesce(c.external_ref, c.no) AS customer, o.contact_name AS contact,
	o.phone, o.email, o.address, o.division, d.brand, d.model, d.serial, s.code AS station, e.login AS engineer, o.fault, o.symptom, o.note, o.fault_code, o.cause, o.verdict,
	o.finding, o.result, o.end_reason, o.fee, o.currency, o.satisfaction, o.opened_at, o.handed_over_at, o.closed_at
FROM work_order o
JOIN customer c ON c.id = o.customer_id
LEFT JOIN device d ON d.id = o.device_id
LEFT JOIN org s ON s.id = o.station_id
LEFT JOIN account e ON e.id = o.engineer_id
WHERE 1 = 1 [[since: AND o.opened_at >= :since ]]
ORDER BY o.id;

-- name: q_export_moves
SELECT kind, at, data FROM audit_event WHERE subject_kind = 'order' AND subject_id = :order_id ORDER BY seq;

-- name: q_export_ords
SELECT o.no, o.source, o.state, o.verdict, o.fault, o.end_reason, o.opened_at, d.brand, d.model, d.kind AS device_kind, d.factory_on, s.code AS station
FROM work_order o
LEFT JOIN device d ON d.id = o.device_id
LEFT JOIN org s ON s.id = o.station_id
WHERE o.kind = 'repair' AND (o.source IS NOT NULL OR o.state = 'closed') [[since: AND o.opened_at >= :since ]]
ORDER BY o.id;

-- name: q_export_messages
SELECT o.no AS order_no, m.at, m.author, m.text, m.internal, m.from_customer
FROM order_message m JOIN work_order o ON o.id = m.order_id
WHERE 1 = 1 [[since: AND m.at >= :since ]]
ORDER BY m.id;

-- name: q_export_events
SELECT id, subject_kind, subject_id, seq, at, device_at, user_id, actor, kind, data, data_hash, salt, hash
FROM audit_event WHERE 1 = 1 [[since: AND at >= :since ]]
ORDER BY id;
