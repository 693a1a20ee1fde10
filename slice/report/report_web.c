/* report_web.c — the manager's two minutes [ui 11]. */
#include "base/time.h"
#include "report.html.h"
#include "report.sql.h"
#include "slice/account/perm.h"
#include "slice/report/report_view.h"
#include "view/chart.h"

#define D(m) { .name = #m, .off = offsetof(struct figures_page, today.m), .kind = K_INT, .size = sizeof(int64_t) }
#define C_(name_, m) { .name = name_, .off = offsetof(struct figures_page, content.m), .kind = K_INT, .size = sizeof(int64_t) }
#define T(m) FIELD(struct trend_day, m)
static const struct field trend_fields[] = { T(day), T(opened), T(closed), { 0 } };
static const struct field figures_out[] = {
	D(opened), D(closed), D(due_today), D(overdue), D(open), D(waiting), C_("closed_30_days", closed), C_("answers_30_days", answers), C_("content_30_days", content),
	FIELD(struct figures_page, forecast), FIELD(struct figures_page, escalated),
	FIELD_LIST(struct figures_page, trend, n_trend, trend_fields), FIELD_LIST(struct figures_page, places, n_places, report_place_fields), { 0 }
};
static const struct field forecast_out[] = { { .name = "total", .off = offsetof(struct forecast_page, all), .kind = K_INT, .size = sizeof(int64_t) },
	FIELD_LIST(struct forecast_page, items, n, forecast_fields), { 0 } };
static void draw_forecast(struct out *o, const struct ctx *c, const void *m) { forecast_html(o, c, m); }
static const struct view forecast_view = { "forecast", N_("Will be missed today"), draw_forecast, forecast_out, sizeof(struct forecast_page) };
static void draw(struct out *o, const struct ctx *c, const void *m) { figures_html(o, c, m); }
static const struct view figures_view = { "figures", N_("Figures"), draw, figures_out, sizeof(struct figures_page) };

static str days_back(struct ctx *c, const char *what, int64_t from, int64_t until, bool open)
{
	day today = tz_day(c->who->zone, c->now);
	str a = day_iso(c->a, (day){ today.d - from }), b = day_iso(c->a, (day){ today.d - until });

	return arena_fmt(c->a, "/orders?%s_from=%.*s&%s_until=%.*s%s", what, STR_ARG(a), what, STR_ARG(b), open ? "&open=1" : "");
}

/* Fourteen days, drawn and as rows that lead to their orders. */
static enum err trend(struct ctx *c, struct figures_page *p)
{
	struct report_trend t;
	str label[REPORT_DAYS];
	struct series two[2] = { { _("Registered"), t.opened }, { _("Closed"), t.closed } };

	TRY(report_trend(c, &t));
	p->trend = NEW_N(c->a, struct trend_day, REPORT_DAYS);
	for (int i = 0; i < REPORT_DAYS; i++) {
		int back = REPORT_DAYS - 1 - i;
		str iso = day_iso(c->a, (day){ tz_day(c->who->zone, c->now).d - back });

		label[i] = (str){ iso.p + 5, iso.n - 5 };
		p->trend[i] = (struct trend_day){ label[i], iso, days_back(c, "opened", back, back, false), days_back(c, "closed", back, back, false), t.opened[i], t.closed[i] };
	}
	p->n_trend = REPORT_DAYS;
	p->chart = chart_bar(c, &(struct chart){ .title = _("Registered and closed, 14 days"), .label = label, .n = REPORT_DAYS, .series = two, .n_series = 2 });
	return ERR_OK;
}

static enum err figures(struct ctx *c, struct req *r, struct reply *out)
{
	static const struct { int from, until; const char *label; } bands[REPORT_BANDS] = {
		{ 3, 0, N_("0–3 days") }, { 7, 4, N_("4–7 days") }, { 15, 8, N_("8–15 days") }, { 30, 16, N_("16–30 days") }, { 60, 31, N_("31–60 days") }, { 3650, 61, N_("More than 60 days") },
	};
	struct figures_page *p = NEW(c->a, struct figures_page);
	struct forecast *row;
	int64_t age[REPORT_BANDS];
	size_t n;

	p->req = r;
	TRY(report_today(c, &p->today));
	TRY(report_content(c, &p->content));
	TRY(report_ages(c, age));
	TRY(report_forecast(c, &row, &n, &p->forecast));
	TRY(report_escalated(c, &p->escalated));
	TRY(trend(c, p));
	TRY(report_places(c, &p->places, &p->n_places));
	for (size_t i = 0; i < REPORT_BANDS; i++) {
		p->band[i] = (struct age_band){ tr(c, bands[i].label), days_back(c, "opened", bands[i].from, bands[i].until, true), age[i] };
		p->most = age[i] > p->most ? age[i] : p->most;
	}
	p->n_band = REPORT_BANDS;
	p->content_percent = p->content.answers ? p->content.content * 100 / p->content.answers : NIL;
	p->answer_percent = p->content.closed ? p->content.answers * 100 / p->content.closed : NIL;
	p->opened_href = days_back(c, "opened", 0, 0, false);
	p->closed_href = days_back(c, "closed", 0, 0, false);
	p->month_href = days_back(c, "closed", 30, 0, false);
	out->view = &figures_view;
	out->model = p;
	return ERR_OK;
}

static enum err forecast(struct ctx *c, struct req *r, struct reply *out)
{
	struct forecast_page *p = NEW(c->a, struct forecast_page);

	p->req = r;
	TRY(report_forecast(c, &p->items, &p->n, &p->all));
	out->view = &forecast_view;
	out->model = p;
	return ERR_OK;
}

static const struct route routes[] = {
	{ "GET", "/figures/forecast", PERM_REPORT, 0, NULL, forecast, &forecast_view, .summary = "Promises that will be missed today if nothing happens, earliest first" },
	{ "GET", "/figures", PERM_REPORT, 0, NULL, figures, &figures_view, .summary = "Today's counts, backlog by age, satisfaction" },
};
static const struct db_schema schema = { "report", report_migrations, report_statements };
const struct slice slice_report = { .name = "report", .schema = &schema, SLICE_ROUTES(routes) };
