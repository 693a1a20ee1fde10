/* report.c — see report.h. */
#include "base/time.h"
#include "db/db.h"
#include "report.sql.h"
#include "slice/order/order.h"
#include "slice/report/report_view.h"
#include "slice/sla/sla.h"

enum { DAY_MS = 86400000, QUARTER_MS = 900000 };

static int64_t midnight(const struct ctx *c, int days)
{
	int y, mo, d;

	day_split((day){ tz_day(c->who->zone, c->now).d + days }, &y, &mo, &d);
	return tz_instant(c->who->zone, (struct civil){ .y = y, .mo = mo, .d = d }).ms;
}

enum err report_today(struct ctx *c, struct report_day *ret)
{
	static const struct field f[] = { FIELD(struct report_day, opened), FIELD(struct report_day, closed), FIELD(struct report_day, due_today), FIELD(struct report_day, overdue),
		FIELD(struct report_day, open), FIELD(struct report_day, waiting), { 0 } };
	struct in_sight s;

	TRY(sight_of(c, &s));
	return db_row(c, &q_report_day, BIND(P(from, midnight(c, 0)), P(to, midnight(c, 1)), P(now, c->now), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), f, ret);
}

enum err report_content(struct ctx *c, struct report_satisfaction *ret)
{
	static const struct field f[] = { FIELD(struct report_satisfaction, closed), FIELD(struct report_satisfaction, answers), FIELD(struct report_satisfaction, content), { 0 } };
	struct in_sight s;

	TRY(sight_of(c, &s));
	TRY(db_row(c, &q_report_satisfaction, BIND(P(from, midnight(c, -30)), P(to, midnight(c, 1)), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), f, ret));
	if (ret->content == NIL)
		ret->content = 0;
	return ERR_OK;
}

enum err report_ages(struct ctx *c, int64_t ret[REPORT_BANDS])
{
	struct age { int64_t band, n; } *row;
	static const struct field f[] = { FIELD(struct age, band), FIELD(struct age, n), { 0 } };
	struct in_sight s;
	size_t n;

	TRY(sight_of(c, &s));
	memset(ret, 0, sizeof *ret * REPORT_BANDS);
	TRY(db_rows(c, &q_report_age, BIND(P(d3, c->now.ms - 3LL * DAY_MS), P(d7, c->now.ms - 7LL * DAY_MS), P(d15, c->now.ms - 15LL * DAY_MS), P(d30, c->now.ms - 30LL * DAY_MS),
		P(d60, c->now.ms - 60LL * DAY_MS), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), f, sizeof *row, 10, &row, &n));
	for (size_t i = 0; i < n; i++)
		ret[row[i].band] = row[i].n;
	return ERR_OK;
}

/* Counts by quarter of an hour become counts by day. */
static enum err by_day(struct ctx *c, const struct sql *q, int64_t ret[REPORT_DAYS])
{
	struct slot { int64_t quarter, n; } *row;
	static const struct field f[] = { FIELD(struct slot, quarter), FIELD(struct slot, n), { 0 } };
	int64_t until[REPORT_DAYS];
	struct in_sight s;
	size_t n, d = 0;

	TRY(sight_of(c, &s));
	memset(ret, 0, sizeof *ret * REPORT_DAYS);
	for (int i = 0; i < REPORT_DAYS; i++)
		until[i] = midnight(c, i + 2 - REPORT_DAYS);
	TRY(db_rows(c, q, BIND(P(from, midnight(c, 1 - REPORT_DAYS)), P(to, until[REPORT_DAYS - 1]), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), f, sizeof *row, 1440, &row, &n));
	for (size_t i = 0; i < n; i++) {
		while (d + 1 < REPORT_DAYS && row[i].quarter * QUARTER_MS >= until[d])
			d++;
		ret[d] += row[i].n;
	}
	return ERR_OK;
}

enum err report_trend(struct ctx *c, struct report_trend *ret)
{
	TRY(by_day(c, &q_report_opened, ret->opened));
	return by_day(c, &q_report_closed, ret->closed);
}

#define L(m) FIELD(struct report_place, m)
const struct field report_place_fields[] = { L(code), L(name), L(open), L(overdue), L(waiting), { 0 } };

enum err report_places(struct ctx *c, struct report_place **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(sight_of(c, &s));
	return db_rows(c, &q_report_places, BIND(P(now, c->now), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, REPORT_PLACES)), report_place_fields, sizeof **ret, REPORT_PLACES, ret, ret_n);
}

#define W(m) FIELD(struct forecast, m)
const struct field forecast_fields[] = {
	W(no), FIELD_ENUM(struct forecast, kind, sla_kinds), W(due_at), W(target), FIELD_ENUM(struct forecast, state, order_states), W(customer), W(station), W(engineer), { 0 }
};

enum err report_forecast(struct ctx *c, struct forecast **ret, size_t *ret_n, int64_t *ret_all)
{
	int64_t to = midnight(c, 1);
	struct in_sight s;

	TRY(sight_of(c, &s));
	TRY(db_int(c, &q_report_forecast_count, BIND(P(now, c->now), P(to, to), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), ret_all));
	return db_rows(c, &q_report_forecast, BIND(P(now, c->now), P(to, to), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, FORECAST_ROWS)), forecast_fields, sizeof **ret,
		FORECAST_ROWS, ret, ret_n);
}

enum err report_escalated(struct ctx *c, int64_t *ret) { return db_int(c, &q_report_escalated, BIND(P(me, c->who->id)), ret); }
