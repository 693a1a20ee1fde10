/* calendar_web.c — calendars: list, year view, editor that shows what a change would do, national years. */
#include "calendar.html.h"
#include "calendar.sql.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/calendar/calendar_int.h"
#include "slice/calendar/calendar_view.h"

enum { DIFF_DAYS = 800, DIFF_MAX = 400 };

static const struct db_schema schema = { "calendar", calendar_migrations, calendar_statements };
const struct calendar_watch *calendar_watcher;

void calendar_use(const struct calendar_watch *w) { calendar_watcher = w; }

/* ---- what goes out ---- */

#define K(m) FIELD(struct calendar, m)
static const struct field row_out[] = { K(code), K(ver), K(name), K(name_en), K(zone), K(active), { 0 } };
#define VIEW(m) FIELD(struct version_view, m)
static const struct field version_out[] = { VIEW(since), VIEW(definition), VIEW(note), VIEW(saved_by), VIEW(saved_at), { 0 } };
static const struct field one_out[] = {
	K(code), K(ver), K(name), K(name_en), K(zone), K(active), FIELD_LIST(struct calendar_page, versions, n_versions, version_out), { 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct calendar_list_page, items, n, row_out), { 0 } };
#define D(m) FIELD(struct day_view, m)
static const struct field day_out[] = { D(on), D(rule), D(hours), D(workday), { 0 } };
static const struct field days_out[] = {
	FIELD(struct calendar_days_page, year), FIELD(struct calendar_days_page, workdays), FIELD(struct calendar_days_page, published),
	FIELD_LIST(struct calendar_days_page, items, n, day_out), { 0 }
};
#define P_(m) FIELD(struct calendar_preview, m)
static const struct field preview_out[] = {
	P_(code), P_(since), P_(definition), P_(clocks), P_(moved), FIELD_LIST(struct calendar_preview, changes, n_changes, calendar_change_fields), { 0 }
};
struct holidays_page { struct national_year_row *items; size_t n; const struct req *req; };
static const struct field holidays_out[] = { FIELD_LIST(struct holidays_page, items, n, national_year_fields), { 0 } };

static void draw_list(struct out *o, const struct ctx *c, const void *m) { calendar_list_html(o, c, m); }
static void draw_one(struct out *o, const struct ctx *c, const void *m) { calendar_html(o, c, m); }
static void draw_new(struct out *o, const struct ctx *c, const void *m) { calendar_new_html(o, c, m); }
static void draw_preview(struct out *o, const struct ctx *c, const void *m) { calendar_preview_html(o, c, m); }
static void draw_holidays(struct out *o, const struct ctx *c, const void *m)
{
	const struct holidays_page *p = m;

	holidays_html(o, c, p->items, p->n, p->req);
}
static const struct view list_view = { "calendar_list", N_("Calendars"), draw_list, list_out, sizeof(struct calendar_list_page) };
static const struct view one_view = { "calendar", N_("Calendar"), draw_one, one_out, sizeof(struct calendar_page) };
static const struct view new_view = { "calendar_new", N_("New calendar"), draw_new, NULL, sizeof(struct calendar_page) };
static const struct view days_view = { "calendar_days", N_("Days of a calendar"), NULL, days_out, sizeof(struct calendar_days_page) };
static const struct view preview_view = { "calendar_preview", N_("What would change"), draw_preview, preview_out, sizeof(struct calendar_preview) };
static const struct view holidays_view = { "holidays", N_("National holidays"), draw_holidays, holidays_out, sizeof(struct holidays_page) };

/* ---- what comes in ---- */

#define F(m, kind, label, ...) INPUT(struct calendar_in, m, kind, label, __VA_ARGS__)
#define HOURS N_("09:00-12:00 13:30-18:00; empty = closed; 22:00-06:00 runs over midnight")
#define LINES_OF_DEFINITION \
	F(zone, IN_TEXT, N_("Time zone"), .max = 60, .hint = N_("Asia/Shanghai")), \
	F(national, IN_TOKEN, N_("National holidays"), .max = 3, .hint = N_("CN, or empty for none")), \
	F(mon, IN_TEXT, N_("Monday"), .hint = HOURS), F(tue, IN_TEXT, N_("Tuesday")), F(wed, IN_TEXT, N_("Wednesday")), F(thu, IN_TEXT, N_("Thursday")), \
	F(fri, IN_TEXT, N_("Friday")), F(sat, IN_TEXT, N_("Saturday")), F(sun, IN_TEXT, N_("Sunday")), \
	F(days, IN_LINES, N_("Special days"), .max = 20000, .hint = N_("One a line: 2026-10-01/2026-10-07 closed, or 2026-02-14 09:00-18:00")), \
	F(definition, IN_JSON, N_("Definition"))
FORM(calendar_in_form, struct calendar_in,
	F(code, IN_TOKEN, N_("Code"), .required = true, .max = 40, .hint = N_("office")),
	F(name, IN_TEXT, N_("Chinese name"), .required = true, .max = 100),
	F(name_en, IN_TEXT, N_("English name"), .required = true, .max = 100),
	LINES_OF_DEFINITION);
FORM(calendar_names_form, struct calendar_in,
	F(ver, IN_INT, N_("Version"), .required = true, .min = 1),
	F(name, IN_TEXT, N_("Chinese name"), .required = true, .max = 100),
	F(name_en, IN_TEXT, N_("English name"), .required = true, .max = 100),
	F(active, IN_BOOL, N_("In use")));
FORM(calendar_version_form, struct calendar_in,
	F(ver, IN_INT, N_("Version"), .required = true, .min = 1),
	F(since, IN_DAY, N_("Takes effect on"), .required = true, .hint = N_("2026-12-01")),
	F(note, IN_TEXT, N_("Why"), .max = 200),
	LINES_OF_DEFINITION);
FORM(calendar_withdraw_form, struct calendar_in,
	F(ver, IN_INT, N_("Version"), .required = true, .min = 1),
	F(since, IN_DAY, N_("Takes effect on"), .required = true));
FORM(holidays_form, struct holidays_in, INPUT(struct holidays_in, text, IN_JSON, N_("Published year as JSON"), .required = true));

/* ---- one calendar, one year ---- */

str calendar_weekday(const struct ctx *c, int weekday)
{
	static const char *const names[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun") };

	return tr(c, names[weekday]);
}

static str mark_of(struct ctx *c, enum cal_rule rule)
{
	switch (rule) {
	case CAL_HOLIDAY: return _("off");
	case CAL_MAKEUP: return _("work");
	case CAL_OVERRIDE: return _("special");
	case CAL_WEEK: break;
	}
	return (str){ 0 };
}

static void fill_month(struct ctx *c, struct cal *cal, int year, int mo, struct month_view *m)
{
	day first = day_of(year, mo, 1), next = mo == 12 ? day_of(year + 1, 1, 1) : day_of(year, mo + 1, 1);
	int at = day_weekday(first);

	m->name = arena_fmt(c->a, "%d-%02d", year, mo);
	m->workdays = cal_workdays(cal, first, (day){ next.d - 1 });
	for (day d = first; d.d < next.d; d.d++, at++) {
		enum cal_rule rule;
		struct cal_hours h = cal_hours_on(cal, d, &rule);

		m->cell[at] = (struct cell){ (int)(d.d - first.d) + 1, mark_of(c, rule), calendar_hours_text(c, h), h.n == 0 };
	}
	m->weeks = (at + 6) / 7;
}

static int year_asked(struct ctx *c, const struct req *r)
{
	int64_t y;

	if (str_int(ui_query(c, r, "year"), &y) && y >= 1970 && y <= 2098)
		return (int)y;
	return tz_civil(c->who->zone, c->now).y;
}

static enum err load_versions(struct ctx *c, struct calendar_page *p)
{
	struct calendar_version *v;

	TRY(calendar_versions(c, p->k.id, &v, &p->n_versions));
	p->versions = NEW_N(c->a, struct version_view, p->n_versions + 1);
	for (size_t i = 0; i < p->n_versions; i++)
		p->versions[i] = (struct version_view){ v[i].since.d ? v[i].since : NO_DAY, { v[i].definition }, v[i].note, v[i].saved_by, v[i].saved_at };
	return ERR_OK;
}

static enum err load_year(struct ctx *c, struct calendar_page *p)
{
	day today = tz_day(c->who->zone, c->now);
	struct calendar standard;
	struct cal_def def;
	struct cal *cal;
	enum err e;

	TRY(calendar_load(c, p->k.id, &cal));
	TRY(calendar_ruling(c, p->k.id, today, &def));
	p->now = calendar_lines_of(c, &def);
	p->since = (day){ today.d + 1 };
	p->workdays = cal_workdays(cal, day_of(p->year, 1, 1), day_of(p->year, 12, 31));
	p->published = !def.national || national_published(def.national, p->year);
	p->month = NEW_N(c->a, struct month_view, 12);
	for (int mo = 1; mo <= 12; mo++)
		fill_month(c, cal, p->year, mo, &p->month[mo - 1]);
	e = calendar_default(c, &standard);
	if (e == ERR_NOT_FOUND)
		c->diag = (struct diag){ 0 };
	else
		TRY(e);
	p->is_default = !e && standard.id == p->k.id;
	return ERR_OK;
}

static enum err answer_one(struct ctx *c, struct req *r, struct reply *out)
{
	struct calendar_page *p = NEW(c->a, struct calendar_page);

	p->req = r;
	p->year = year_asked(c, r);
	p->may_edit = may(c, PERM_CALENDAR);
	TRY(calendar_by_code(c, r->arg[0], &p->k));
	TRY(load_versions(c, p));
	if (r->as == AS_HTML)
		TRY(load_year(c, p));
	if (calendar_watcher)
		TRY(calendar_watcher->progress(c, p->k.id, &p->progress));
	out->view = &one_view;
	out->model = p;
	out->title = calendar_title(c, &p->k);
	out->ver = p->k.ver;
	return ERR_OK;
}

static enum err calendar_show(struct ctx *c, struct req *r, struct reply *out) { return answer_one(c, r, out); }

static enum err days_show(struct ctx *c, struct req *r, struct reply *out)
{
	static const char *const rules[] = { "week", "holiday", "makeup", "override" };
	struct calendar_days_page *p = NEW(c->a, struct calendar_days_page);
	int year = year_asked(c, r);
	day first = day_of(year, 1, 1), last = day_of(year, 12, 31);
	struct calendar k;
	struct cal *cal;

	TRY(calendar_by_code(c, r->arg[0], &k));
	TRY(calendar_load(c, k.id, &cal));
	p->year = year;
	p->workdays = cal_workdays(cal, first, last);
	p->published = !cal_unpublished(cal, tz_instant(cal_zone(cal), (struct civil){ .y = year, .mo = 1, .d = 1 }),
		tz_instant(cal_zone(cal), (struct civil){ .y = year, .mo = 12, .d = 31 }));
	p->items = NEW_N(c->a, struct day_view, 366);
	for (day d = first; d.d <= last.d; d.d++) {
		enum cal_rule rule;
		struct cal_hours h = cal_hours_on(cal, d, &rule);

		p->items[p->n++] = (struct day_view){ d, str_c(rules[rule]), calendar_hours_text(c, h), h.n > 0 };
	}
	out->view = &days_view;
	out->model = p;
	return ERR_OK;
}

/* ---- list and new ---- */

static enum err list_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct calendar_list_page *p = NEW(c->a, struct calendar_list_page);

	p->req = r;
	p->may_edit = may(c, PERM_CALENDAR);
	TRY(calendar_list(c, &p->items, &p->n));
	out->view = &list_view;
	out->model = p;
	return ERR_OK;
}

static enum err new_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct calendar_page *p = NEW(c->a, struct calendar_page);

	p->req = r;
	p->now = (struct calendar_lines){ .zone = setting_str(c, "zone"), .national = S("CN"), .days = S("") };
	for (int d = 0; d < 7; d++)
		p->now.week[d] = d < 5 ? S("09:00-18:00") : S("");
	out->view = &new_view;
	out->model = p;
	return ERR_OK;
}

static enum err calendar_make(struct ctx *c, struct req *r, struct reply *out)
{
	const struct calendar_in *in = r->form;
	struct calendar k = { .code = in->code, .name = in->name, .name_en = in->name_en };
	str definition;
	int64_t id;

	TRY(calendar_compose(c, in, &definition));
	TRY(calendar_add(c, &k, definition, &id));
	out->location = arena_fmt(c->a, "/calendars/%.*s", STR_ARG(in->code));
	out->created = true;
	out->flash = _("Saved.");
	r->arg[0] = in->code;
	return r->as == AS_JSON ? answer_one(c, r, out) : ERR_OK;
}

/* ---- changing one ---- */

static enum err changed(struct ctx *c, struct req *r, const struct calendar *k, struct reply *out)
{
	out->location = arena_fmt(c->a, "/calendars/%.*s", STR_ARG(k->code));
	out->flash = _("Saved.");
	return r->as == AS_JSON ? answer_one(c, r, out) : ERR_OK;
}

static enum err calendar_rename(struct ctx *c, struct req *r, struct reply *out)
{
	const struct calendar_in *in = r->form;
	struct calendar k;

	TRY(calendar_by_code(c, r->arg[0], &k));
	k.ver = in->ver;
	k.name = in->name;
	k.name_en = in->name_en;
	k.active = in->active;
	TRY(calendar_save(c, &k));
	return changed(c, r, &k, out);
}

static enum err version_preview(struct ctx *c, struct req *r, struct reply *out)
{
	const struct calendar_in *in = r->form;
	struct calendar_version v = { .since = in->since, .note = in->note };
	struct calendar_preview *p = NEW(c->a, struct calendar_preview);
	day today = tz_day(c->who->zone, c->now), from;
	struct cal *before, *after;
	struct calendar k;

	TRY(calendar_by_code(c, r->arg[0], &k));
	TRY(calendar_compose(c, in, &v.definition));
	TRY(calendar_load(c, k.id, &before));
	TRY(calendar_draft(c, k.id, &v, &after));
	from = in->since.d < today.d - DIFF_DAYS ? (day){ today.d - DIFF_DAYS } : in->since;
	*p = (struct calendar_preview){ .code = k.code, .ver = in->ver, .since = in->since, .definition = { v.definition }, .note = in->note, .req = r, .moved = NIL, .clocks = NIL };
	calendar_diff(c, before, after, from, (day){ (from.d > today.d ? from.d : today.d) + DIFF_DAYS }, DIFF_MAX, &p->changes, &p->n_changes);
	if (calendar_watcher)
		TRY(calendar_watcher->preview(c, k.id, after, &p->clocks, &p->moved));
	out->view = &preview_view;
	out->model = p;
	return ERR_OK;
}

static enum err version_save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct calendar_in *in = r->form;
	struct calendar_version v = { .since = in->since, .note = in->note };
	struct calendar k;

	TRY(calendar_by_code(c, r->arg[0], &k));
	TRY(calendar_compose(c, in, &v.definition));
	TRY(calendar_revise(c, k.id, in->ver, &v));
	return changed(c, r, &k, out);
}

static enum err version_withdraw(struct ctx *c, struct req *r, struct reply *out)
{
	const struct calendar_in *in = r->form;
	struct calendar k;

	TRY(calendar_by_code(c, r->arg[0], &k));
	TRY(calendar_withdraw(c, k.id, in->ver, in->since));
	return changed(c, r, &k, out);
}

/* ---- national years ---- */

static enum err holidays_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct holidays_page *p = NEW(c->a, struct holidays_page);

	p->req = r;
	TRY(national_years(c, &p->items, &p->n));
	out->view = &holidays_view;
	out->model = p;
	return ERR_OK;
}

static enum err holidays_import(struct ctx *c, struct req *r, struct reply *out)
{
	const struct holidays_in *in = r->form;
	struct national_import done;

	TRY(national_import(c, in->text, &done));
	out->location = S("/calendars/holidays");
	out->flash = trf(c, N_("{1}: {2} days off and {3} make-up workdays stored."), arena_fmt(c->a, "%lld", (long long)done.year), done.off, done.work);
	return r->as == AS_JSON ? holidays_show(c, r, out) : ERR_OK;
}

/* ---- tables ---- */

static const struct route routes[] = {
	{ "GET", "/calendars", PERM_STAFF, 0, NULL, list_show, &list_view, .summary = "Calendars" },
	{ "POST", "/calendars", PERM_CALENDAR, 0, &calendar_in_form, calendar_make, &one_view, new_show, .summary = "Add a calendar: definition, or zone, week and days as lines" },
	{ "GET", "/calendars/new", PERM_CALENDAR, R_PAGE, NULL, new_show, &new_view, .summary = "New calendar" },
	{ "GET", "/calendars/holidays", PERM_STAFF, 0, NULL, holidays_show, &holidays_view, .summary = "National years that are stored" },
	{ "POST", "/calendars/holidays", PERM_CALENDAR, 0, &holidays_form, holidays_import, &holidays_view, holidays_show, .summary = "Store a published national year" },
	{ "GET", "/calendars/{code}", PERM_STAFF, 0, NULL, calendar_show, &one_view, .summary = "One calendar with its versions" },
	{ "POST", "/calendars/{code}", PERM_CALENDAR, 0, &calendar_names_form, calendar_rename, &one_view, calendar_show, .summary = "Names of a calendar" },
	{ "GET", "/calendars/{code}/days", PERM_STAFF, R_API, NULL, days_show, &days_view, .summary = "Every day of a year with its hours" },
	{ "POST", "/calendars/{code}/preview", PERM_CALENDAR, R_READ, &calendar_version_form, version_preview, &preview_view, calendar_show,
	  .summary = "What a version would change, days and deadlines, without saving" },
	{ "POST", "/calendars/{code}/versions", PERM_CALENDAR, 0, &calendar_version_form, version_save, &one_view, calendar_show, .summary = "Add or replace the version of a day" },
	{ "POST", "/calendars/{code}/withdraw", PERM_CALENDAR, 0, &calendar_withdraw_form, version_withdraw, &one_view, calendar_show, .summary = "Take back a version" },
};

static const struct setting settings[] = {
	{ "calendar.default", IN_TEXT, "statutory", N_("Calendar where nothing else is said") },
};

const struct slice slice_calendar = { .name = "calendar", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings) };
