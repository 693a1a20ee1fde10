/* org_web.c — the network's doors: find a station, the tree, one place; the department's tables. */
#include "slice/org/org_int.h"
#include "slice/org/org_view.h"
#include "slice/calendar/calendar.h"
#include "org.html.h"
#include "org.sql.h"

static const struct db_schema schema = { "org", org_migrations, org_statements };
enum { NEAR_MAX = 6 };

/* ---- forms ---- */

struct near_in { str near, brand, division, after; int64_t limit; };
FORM(near_form, struct near_in,
	INPUT(struct near_in, near, IN_TEXT, N_("Place"), .hint = N_("an address, a city or district, or latitude,longitude")),
	INPUT(struct near_in, brand, IN_TEXT, N_("Brand"), .max = 60),
	INPUT(struct near_in, division, IN_TOKEN, N_("Division code"), .max = 16),
	LIST_INPUTS(struct near_in));

struct station_in { int64_t ver; int kind; str code, parent, name, name_en, address, phone, calendar, lat, lon, areas, brands, capacity; bool active; };
FORM(station_form, struct station_in,
	INPUT(struct station_in, ver, IN_INT, N_("Version"), .min = 0, .max = INT64_MAX),
	INPUT(struct station_in, code, IN_TEXT, N_("Code"), .required = true, .max = 32, .hint = "HZ-01"),
	INPUT(struct station_in, kind, IN_ENUM, N_("Kind"), .names = org_kind_names),
	INPUT(struct station_in, parent, IN_TEXT, N_("Belongs to"), .max = 32),
	INPUT(struct station_in, name, IN_TEXT, N_("Name of the place"), .required = true, .max = 80),
	INPUT(struct station_in, name_en, IN_TEXT, N_("English name"), .max = 80),
	INPUT(struct station_in, address, IN_TEXT, N_("Address"), .max = 300),
	INPUT(struct station_in, phone, IN_TEXT, N_("Phone"), .max = 40),
	INPUT(struct station_in, calendar, IN_TEXT, N_("Opening hours"), .max = 40),
	INPUT(struct station_in, lat, IN_TEXT, N_("Latitude"), .max = 20, .hint = "30.274085"),
	INPUT(struct station_in, lon, IN_TEXT, N_("Longitude"), .max = 20, .hint = "120.15507"),
	INPUT(struct station_in, areas, IN_LINES, N_("Service area"), .hint = N_("division codes, one a line: 330106")),
	INPUT(struct station_in, brands, IN_LINES, N_("Authorised brands"), .hint = N_("NAME:LEVEL:FROM:UNTIL, one a line: Lenovo:2:2026-01-01:2026-12-31")),
	INPUT(struct station_in, capacity, IN_TEXT, N_("Jobs a day"), .max = 10),
	INPUT(struct station_in, active, IN_BOOL, N_("Open for work")));

/* ---- views ---- */

static const struct field near_fields[] = { FIELD_LIST(struct near_page, items, n, org_hit_fields), { 0 } };
static const struct field row_fields[] = {
	FIELD(struct org, code), FIELD_ENUM(struct org, kind, org_kind_names), FIELD(struct org, name), FIELD(struct org, name_en), FIELD(struct org, path),
	FIELD(struct org, address), FIELD(struct org, phone), FIELD(struct org, lat), FIELD(struct org, lon), FIELD(struct org, capacity),
	FIELD(struct org, active), { 0 }
};
static const struct field network_fields[] = { FIELD_LIST(struct network_page, items, n, row_fields), { 0 } };
static const struct field area_fields[] = { FIELD(struct org_area, division), FIELD(struct org_area, name), { 0 } };
static const struct field brand_fields[] = {
	FIELD(struct org_brand, brand), FIELD(struct org_brand, level), FIELD(struct org_brand, from), FIELD(struct org_brand, until), { 0 }
};
static const struct field public_fields[] = {
	FIELD(struct org, code), FIELD_ENUM(struct org, kind, org_kind_names), FIELD(struct org, name), FIELD(struct org, name_en), FIELD(struct org, address),
	FIELD(struct org, phone), FIELD(struct org, lat), FIELD(struct org, lon), FIELD(struct org, active), FIELD_IF(struct org, ver, PERM_STAFF),
	FIELD_IF(struct org, capacity, PERM_STAFF), FIELD_LIST(struct org, areas, n_areas, area_fields), FIELD_LIST(struct org, brands, n_brands, brand_fields), { 0 }
};
static const struct field station_fields[] = { FIELD_OBJ(struct station_page, org, public_fields), FIELD(struct station_page, calendar), { 0 } };

static void draw_near(struct out *o, const struct ctx *c, const void *m) { near_html(o, c, m); }
static void draw_network(struct out *o, const struct ctx *c, const void *m) { network_html(o, c, m); }
static void draw_station(struct out *o, const struct ctx *c, const void *m) { station_html(o, c, m); }
static void draw_edit(struct out *o, const struct ctx *c, const void *m) { station_edit_html(o, c, m); }
const struct view near_view = { "stations", N_("Find a station"), draw_near, near_fields, sizeof(struct near_page) };
const struct view network_view = { "network", N_("Service network"), draw_network, network_fields, sizeof(struct network_page) };
const struct view station_view = { "station", N_("Station"), draw_station, station_fields, sizeof(struct station_page) };
const struct view station_edit_view = { "station_edit", N_("Edit a place"), draw_edit, NULL, sizeof(struct station_edit) };

/* ---- find a station ---- */

/* "30.25,120.15", also with a full-width comma or a blank. */
static bool coordinates(str s, int64_t *ret_lat, int64_t *ret_lon)
{
	static const str mark[] = { { ",", 1 }, { "\xEF\xBC\x8C", 3 }, { " ", 1 } };
	size_t at;

	s = str_trim(s);
	for (size_t i = 0; i < LEN(mark); i++)
		if (str_find(s, mark[i], &at))
			return micro_parse((str){ s.p, at }, LAT_MAX, ret_lat) && micro_parse((str){ s.p + at + mark[i].n, s.n - at - mark[i].n }, LON_MAX, ret_lon)
				&& *ret_lat != NIL && *ret_lon != NIL;
	return false;
}

static enum err division_meant(struct ctx *c, str text, struct division *ret)
{
	struct division *d;
	size_t n;

	TRY(division_find(c, text, &d, &n));
	if (!n)
		return division_of_address(c, text, ret);
	*ret = d[0];
	return ERR_OK;
}

static enum err find_near(struct ctx *c, const struct near_in *f, struct near_page *m)
{
	struct division d;
	int64_t lat, lon;
	enum err e;

	if (coordinates(f->near, &lat, &lon)) {
		m->place = str_trim(f->near);
		return org_nearest(c, lat, lon, f->brand, 1, NEAR_MAX, &m->items, &m->n);
	}
	e = f->division.n ? division_get(c, f->division, &d) : division_meant(c, f->near, &d);
	if (e && e != ERR_NOT_FOUND)
		return e;
	m->unknown = e == ERR_NOT_FOUND;
	if (m->unknown)
		return ERR_OK;
	m->place = d.full_name;
	return org_for_area(c, d.code, f->brand, 1, NEAR_MAX, &m->items, &m->n);
}

/* Without a place: all of them, page by page in tree order. */
static enum err all_stations(struct ctx *c, const struct near_in *f, struct near_page *m)
{
	size_t n, limit = (size_t)list_limit(f->limit);
	struct org *o;

	TRY(org_list(c, ORG_STATION, (str){ 0 }, &o, &n));
	m->items = NEW_N(c->a, struct org_hit, limit);
	for (size_t i = 0; i < n; i++) {
		if (!o[i].active || (f->after.n && str_cmp(o[i].path, f->after) <= 0))
			continue;
		if (m->n == limit) {
			m->next = m->items[limit - 1].org.path;
			break;
		}
		m->items[m->n++] = (struct org_hit){ .org = o[i], .distance_m = NIL };
	}
	return ERR_OK;
}

enum err near_show(struct ctx *c, struct req *r, struct reply *out)
{
	const struct near_in *f = r->form;
	struct near_page *m = NEW(c->a, struct near_page);

	*m = (struct near_page){ .req = r, .near = f->near, .brand = f->brand };
	if (f->near.n || f->division.n)
		TRY(find_near(c, f, m));
	else
		TRY(all_stations(c, f, m));
	out->view = &near_view;
	out->model = m;
	out->next = m->next;
	return ERR_OK;
}

enum err network_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct network_page *m = NEW(c->a, struct network_page);

	m->req = r;
	m->may_edit = may(c, PERM_ORG_EDIT);
	TRY(org_list(c, -1, (str){ 0 }, &m->items, &m->n));
	out->view = &network_view;
	out->model = m;
	return ERR_OK;
}

/* ---- one place ---- */

static enum err calendar_name(struct ctx *c, int64_t id, bool code, str *ret)
{
	struct calendar k;
	enum err e = id == NIL ? calendar_default(c, &k) : calendar_by_id(c, id, &k);

	*ret = e ? (str){ 0 } : code ? k.code : calendar_title(c, &k);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err station_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct station_page *m = NEW(c->a, struct station_page);

	m->req = r;
	TRY(org_by_code(c, r->arg[0], &m->o));
	m->org = &m->o;
	m->has_up = m->o.parent_id != NIL;
	if (m->has_up)
		TRY(org_get(c, m->o.parent_id, &m->up));
	TRY(calendar_name(c, m->o.calendar_id, false, &m->calendar));
	m->may_edit = may(c, PERM_ORG_EDIT);
	out->view = &station_view;
	out->model = m;
	out->title = org_title(c, &m->o);
	out->ver = may(c, PERM_STAFF) ? m->o.ver : 0;
	return ERR_OK;
}

/* ---- editing ---- */

static enum err choices(struct ctx *c, struct station_edit *m)
{
	struct calendar *k;
	struct org *o;
	size_t n;

	TRY(org_list(c, -1, (str){ 0 }, &o, &n));
	m->parents = NEW_N(c->a, struct ui_option, n + 1);
	m->parents[m->n_parents++] = (struct ui_option){ S(""), S("—") };
	for (size_t i = 0; i < n; i++)
		if (o[i].kind != ORG_STATION && o[i].id != m->o.id)
			m->parents[m->n_parents++] = (struct ui_option){ o[i].code, org_title(c, &o[i]) };
	TRY(calendar_list(c, &k, &n));
	m->calendars = NEW_N(c->a, struct ui_option, n + 1);
	m->calendars[m->n_calendars++] = (struct ui_option){ S(""), _("The usual one") };
	for (size_t i = 0; i < n; i++)
		m->calendars[m->n_calendars++] = (struct ui_option){ k[i].code, calendar_title(c, &k[i]) };
	return ERR_OK;
}

static enum err edit_page(struct ctx *c, struct req *r, struct station_edit *m, struct reply *out)
{
	struct org up;

	m->req = r;
	TRY(choices(c, m));
	if (m->o.parent_id != NIL && !m->fresh) {
		TRY(org_get(c, m->o.parent_id, &up));
		m->parent = up.code;
	}
	if (m->o.calendar_id != NIL)
		TRY(calendar_name(c, m->o.calendar_id, true, &m->calendar));
	m->lat = micro_show(c->a, m->o.lat);
	m->lon = micro_show(c->a, m->o.lon);
	m->areas = org_areas_text(c, &m->o);
	m->brands = org_brands_text(c, &m->o);
	out->view = &station_edit_view;
	out->model = m;
	return ERR_OK;
}

enum err station_new_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct station_edit *m = NEW(c->a, struct station_edit);

	m->fresh = true;
	m->o = (struct org){ .id = NIL, .parent_id = NIL, .kind = ORG_STATION, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL, .active = true };
	return edit_page(c, r, m, out);
}

enum err station_edit_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct station_edit *m = NEW(c->a, struct station_edit);

	TRY(org_by_code(c, r->arg[0], &m->o));
	return edit_page(c, r, m, out);
}

static enum err from_form(struct ctx *c, const struct station_in *f, struct org *o)
{
	struct org_row row = { .code = f->code, .parent = f->parent, .name = f->name, .name_en = f->name_en, .address = f->address, .phone = f->phone,
		.lat = f->lat, .lon = f->lon, .areas = f->areas, .brands = f->brands, .capacity = f->capacity };
	struct calendar k;
	enum err e;

	o->calendar_id = NIL;
	o->active = f->active;
	if (f->calendar.n) {
		e = calendar_by_code(c, f->calendar, &k);
		if (e)
			return e == ERR_NOT_FOUND ? fail_field(c, "calendar", N_("There is no calendar {1}."), f->calendar) : e;
		o->calendar_id = k.id;
	}
	return org_read_row(c, &row, o);
}

static enum err answer(struct ctx *c, struct req *r, str code, struct reply *out)
{
	struct req shown = *r;

	shown.arg[0] = str_trim(code);
	out->location = arena_fmt(c->a, "/stations/%.*s", STR_ARG(shown.arg[0]));
	out->flash = _("Saved.");
	return r->as == AS_JSON ? station_show(c, &shown, out) : ERR_OK;
}

enum err station_add(struct ctx *c, struct req *r, struct reply *out)
{
	const struct station_in *f = r->form;
	struct org o = { .kind = f->kind < 0 ? ORG_STATION : f->kind };
	int64_t id;

	TRY(from_form(c, f, &o));
	o.active = true;
	TRY(org_add(c, &o, &id));
	out->created = true;
	return answer(c, r, o.code, out);
}

enum err station_save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct station_in *f = r->form;
	struct org o;

	TRY(org_by_code(c, r->arg[0], &o));
	TRY(from_form(c, f, &o));
	o.ver = f->ver;
	TRY(org_save(c, &o));
	return answer(c, r, o.code, out);
}

/* ---- tables ---- */

static const struct route routes[] = {
	{ "GET", "/stations", 0, R_PUBLIC, &near_form, near_show, &near_view, .summary = "Stations near an address, a division or coordinates; all without a place" },
	{ "GET", "/stations/all", PERM_STAFF, 0, NULL, network_show, &network_view, .summary = "The whole network as a tree" },
	{ "GET", "/stations/new", PERM_ORG_EDIT, R_PAGE, NULL, station_new_show, &station_edit_view, .summary = "Form for a new place" },
	{ "GET", "/stations/{code}", 0, R_PUBLIC, NULL, station_show, &station_view, .summary = "One station" },
	{ "GET", "/stations/{code}/edit", PERM_ORG_EDIT, R_PAGE, NULL, station_edit_show, &station_edit_view, .summary = "Form of a place" },
	{ "POST", "/stations", PERM_ORG_EDIT, 0, &station_form, station_add, &station_view, station_new_show, .summary = "Add a place to the network" },
	{ "POST", "/stations/{code}", PERM_ORG_EDIT, 0, &station_form, station_save, &station_view, station_edit_show, .summary = "Change a place" },
	/* The same under the administration's pages and in the API. */
#define BOTH(method, path, need, flags, form, run, view, again, text) \
	{ method, "/admin" path, need, R_PAGE | (flags), form, run, view, again, text }, { method, path, need, R_API | (flags), form, run, view, NULL, text }
	BOTH("GET", "/users", PERM_USER_EDIT, 0, &people_form, people_show, &people_view, NULL, "People"),
	BOTH("POST", "/users", PERM_USER_EDIT, R_SLOW, &person_form, person_add, &secret_view, person_new_show, "Add a person; the first password is answered once"),
	BOTH("GET", "/users/{login}", PERM_USER_EDIT, 0, NULL, person_show, &person_view, NULL, "One person"),
	BOTH("POST", "/users/{login}", PERM_USER_EDIT, 0, &person_edit_form, person_save, &person_view, person_show, "Change a person"),
	BOTH("POST", "/users/{login}/roles", PERM_USER_EDIT, 0, &person_role_form, person_role_save, &person_view, person_show, "Give or take a role"),
	BOTH("POST", "/users/{login}/password", PERM_USER_EDIT, R_SLOW, NULL, person_password, &secret_view, NULL, "Make a new password; it is answered once"),
	BOTH("POST", "/users/{login}/factor/reset", PERM_USER_EDIT, 0, NULL, person_factor_reset, &person_view, NULL, "Reset a person's second step at signing in"),
	BOTH("POST", "/users/{login}/certificates", PERM_USER_EDIT, 0, &cert_form, cert_save, &person_view, person_show, "Add a certificate"),
	BOTH("POST", "/users/{login}/certificates/{id}/remove", PERM_USER_EDIT, 0, NULL, cert_drop, &person_view, NULL, "Remove a certificate"),
	BOTH("GET", "/roster", PERM_STAFF_EDIT, 0, &roster_form, roster_show, &roster_view, NULL, "Who works when"),
	BOTH("POST", "/roster", PERM_STAFF_EDIT, 0, &shift_form, roster_save, NULL, roster_show, "Plan a shift"),
#undef BOTH
	{ "GET", "/admin/users/new", PERM_USER_EDIT, R_PAGE, NULL, person_new_show, &person_new_view, .summary = "Form for a new person" },
};

const struct slice slice_org = { .name = "org", .schema = &schema, SLICE_ROUTES(routes) };
