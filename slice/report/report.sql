-- name: q_report_day
SELECT
	(SELECT count(*) FROM work_order o WHERE o.opened_at >= :from AND o.opened_at < :to [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]) AS opened,
	(SELECT count(*) FROM work_order o WHERE o.closed_at >= :from AND o.closed_at < :to [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]) AS closed,
	(SELECT count(*) FROM work_order o WHERE o.open = 1 AND o.due_at >= :now AND o.due_at < :to [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]) AS due_today,
	(SELECT count(*) FROM work_order o WHERE o.open = 1 AND o.due_at < :now AND o.paused = 0 [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]) AS overdue,
	(SELECT count(*) FROM work_order o WHERE o.open = 1 [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]) AS open,
	(SELECT count(*) FROM work_order o WHERE o.open = 1 AND o.state = 'waiting' [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]) AS waiting;

-- name: q_report_satisfaction
SELECT count(*) AS closed, count(o.satisfaction) AS answers, sum(CASE WHEN o.satisfaction >= 4 THEN 1 ELSE 0 END) AS content
FROM work_order o WHERE o.closed_at >= :from AND o.closed_at < :to [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]];

-- name: q_report_age
SELECT CASE WHEN o.opened_at > :d3 THEN 0 WHEN o.opened_at > :d7 THEN 1 WHEN o.opened_at > :d15 THEN 2 WHEN o.opened_at > :d30 THEN 3 WHEN o.opened_at > :d60 THEN 4 ELSE 5 END AS band,
	count(*) AS n
FROM work_order o WHERE o.open = 1 [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]
GROUP BY 1 ORDER BY 1 LIMIT 10;

-- Quarters of an hour: every zone's days begin on one.
-- name: q_report_opened
SELECT o.opened_at / 900000 AS quarter, count(*) AS n
FROM work_order o WHERE o.opened_at >= :from AND o.opened_at < :to [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]
GROUP BY 1 ORDER BY 1 LIMIT 1440;

-- name: q_report_closed
SELECT o.closed_at / 900000 AS quarter, count(*) AS n
FROM work_order o WHERE o.closed_at >= :from AND o.closed_at < :to [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]
GROUP BY 1 ORDER BY 1 LIMIT 1440;

-- name: q_report_places
SELECT s.code, s.name, count(*) AS open, sum(CASE WHEN o.due_at < :now AND o.paused = 0 THEN 1 ELSE 0 END) AS overdue,
	sum(CASE WHEN o.state = 'waiting' THEN 1 ELSE 0 END) AS waiting
FROM work_order o JOIN org s ON s.id = o.station_id
WHERE o.open = 1 [[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]
GROUP BY s.id, s.code, s.name ORDER BY 4 DESC, 3 DESC, 1 LIMIT :limit;

-- part: report_forecast
FROM sla_clock k JOIN work_order o ON o.id = k.subject_id
WHERE k.next_at < :to AND k.due_at >= :now AND k.due_at < :to AND k.stopped_at IS NULL AND k.paused = 0 AND k.tier = 'customer'
	[[org_lo: AND o.org_path >= :org_lo AND o.org_path < :org_hi ]]

-- name: q_report_forecast
SELECT o.no, o.contact_name AS customer, o.state, k.kind, k.due_at, k.target, (SELECT s.name FROM org s WHERE s.id = o.station_id) AS station,
	(SELECT e.name FROM account e WHERE e.id = o.engineer_id) AS engineer
@part(report_forecast)
ORDER BY k.due_at, k.id LIMIT :limit;

-- name: q_report_forecast_count
SELECT count(*)
@part(report_forecast);

-- name: q_report_escalated
SELECT count(*) FROM sla_escalation x JOIN sla_clock k ON k.id = x.clock_id WHERE x.receiver_id = :me AND x.seen_at IS NULL AND k.stopped_at IS NULL;
