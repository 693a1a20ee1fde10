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

