/* admin_web.c — administration: its start page, settings, roles, messages that did not get out. */
#include "slice/account/account_int.h"
#include "slice/account/account_view.h"
#include "account.html.h"

enum { SETTINGS_MAX = 500 };

struct setting_in { str value; bool shipped; };
FORM(setting_form, struct setting_in,
	INPUT(struct setting_in, value, IN_LINES, N_("Value")),
	INPUT(struct setting_in, shipped, IN_BOOL, N_("As shipped")));

static const struct field setting_row_fields[] = {
	FIELD(struct setting_row, name), FIELD(struct setting_row, department), FIELD(struct setting_row, value), FIELD(struct setting_row, fallback),
	FIELD(struct setting_row, changed), FIELD(struct setting_row, set), FIELD(struct setting_row, meaning), { 0 }
};
static const struct field settings_fields[] = { FIELD_LIST(struct settings_page, items, n, setting_row_fields), { 0 } };
static const struct field outbox_item_fields[] = {
	FIELD(struct outbox_item, id), FIELD(struct outbox_item, topic), FIELD(struct outbox_item, payload), FIELD(struct outbox_item, tries),
	FIELD(struct outbox_item, at), FIELD(struct outbox_item, last_error), { 0 }
};
static const struct field outbox_fields[] = { FIELD_LIST(struct outbox_page, items, n, outbox_item_fields), { 0 } };
static const struct field perm_fields[] = { FIELD(struct perm_view, code), FIELD(struct perm_view, title), { 0 } };
static const struct field role_fields[] = {
	FIELD(struct role_view, code), FIELD(struct role_view, title), FIELD(struct role_view, sight),
	FIELD_LIST(struct role_view, permissions, n_permissions, perm_fields), { 0 }
};
static const struct field roles_fields[] = { FIELD_LIST(struct roles_page, items, n, role_fields), { 0 } };

static void draw_admin(struct out *o, const struct ctx *c, const void *m) { admin_html(o, c, m); }
static void draw_settings(struct out *o, const struct ctx *c, const void *m) { settings_html(o, c, m); }
static void draw_outbox(struct out *o, const struct ctx *c, const void *m) { outbox_html(o, c, m); }
static void draw_roles(struct out *o, const struct ctx *c, const void *m) { roles_html(o, c, m); }
const struct view admin_view = { "admin", N_("Administration"), draw_admin, NULL, sizeof(struct admin_page) };
const struct view settings_view = { "settings", N_("Settings"), draw_settings, settings_fields, sizeof(struct settings_page) };
const struct view outbox_view = { "outbox", N_("Messages that did not get out"), draw_outbox, outbox_fields, sizeof(struct outbox_page) };
const struct view roles_view = { "roles", N_("Who may do what"), draw_roles, roles_fields, sizeof(struct roles_page) };

static const struct admin_tile tiles[] = {
	{ "/admin/users", "user", N_("People"), N_("Who works here, with which role, at which place"), PERM_USER_EDIT },
	{ "/admin/roles", "key", N_("Who may do what"), N_("Roles and permissions as one matrix"), PERM_STAFF },
	{ "/stations/all", "station", N_("Service network"), N_("Regions and stations, their areas and authorisations"), PERM_STAFF },
	{ "/admin/roster", "day", N_("Roster"), N_("Who works when"), PERM_STAFF_EDIT },
	{ "/calendars", "clock", N_("Calendars"), N_("Opening hours and holidays"), PERM_CALENDAR },
	{ "/policies", "shield", N_("Warranty policies"), N_("What is free, by whom, until when"), PERM_POLICY },
	{ "/exposure", "shield", N_("Legal exposure"), N_("Repairs and remedies about to become a legal claim"), PERM_REPORT },
	{ "/services", "bell", N_("Service levels"), N_("How fast each promise must be kept"), PERM_POLICY },
	{ "/contracts", "file", N_("Service contracts"), N_("Which machines of a customer are served how fast, until when"), PERM_POLICY },
	{ "/admin/settings", "admin", N_("Settings"), N_("Everything that can be set, with its meaning"), PERM_SETTINGS },
	{ "/imports", "file", N_("Import"), N_("Tables from Excel or CSV: customers, devices, parts, stock, prices"), PERM_IMPORT },
	{ "/admin/outbox", "inbox", N_("Messages that did not get out"), N_("What failed again and again on its way to other services"), PERM_SETTINGS },
	{ "/notices", "message", N_("Messages"), N_("What customers and staff are sent: what, to whom, whether it arrived"), PERM_REPORT },
	{ "/admin/audit", "search", N_("Audit trail"), N_("Every change: who, when, what"), PERM_AUDIT_READ },
};
_Static_assert(LEN(tiles) <= LEN(((struct admin_page *)0)->tile), "the page has room for every tile");

enum err admin_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct admin_page *m = NEW(c->a, struct admin_page);

	(void)r;
	for (size_t i = 0; i < LEN(tiles); i++)
		if (may(c, tiles[i].need))
			m->tile[m->n++] = &tiles[i];
	out->view = &admin_view;
	out->model = m;
	return ERR_OK;
}

/* ---- settings ---- */

static enum err row_of(struct ctx *c, const struct slice *s, const struct setting *set, struct setting_row *row)
{
	*row = (struct setting_row){ .name = str_c(set->name), .value = setting_str(c, set->name), .fallback = str_c(set->fallback),
		.meaning = tr(c, set->meaning), .department = str_c(s->name), .kind = (int)set->kind };
	row->changed = !str_eq(row->value, row->fallback);
	row->set = row->kind == IN_SECRET && row->value.n;
	if (row->kind == IN_SECRET)
		row->value = (str){ 0 };
	return ERR_OK;
}

enum err settings_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct settings_page *m = NEW(c->a, struct settings_page);

	m->req = r;
	m->items = NEW_N(c->a, struct setting_row, SETTINGS_MAX);
	for (const struct slice *const *s = setting_slices(); s && *s; s++)
		for (size_t i = 0; i < (*s)->n_settings && m->n < SETTINGS_MAX; i++)
			TRY(row_of(c, *s, &(*s)->settings[i], &m->items[m->n++]));
	out->view = &settings_view;
	out->model = m;
	return ERR_OK;
}

enum err setting_save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct setting_in *f = r->form;
	str value = f->shipped ? (str){ 0 } : f->value.p ? f->value : S("");

	TRY(setting_set(c, arena_cstr(c->a, r->arg[0]), value));
	out->location = S("/admin/settings");
	out->flash = _("Saved.");
	return r->as == AS_JSON ? settings_show(c, r, out) : ERR_OK;
}

/* ---- roles ---- */

static void matrix(struct ctx *c, struct roles_page *m)
{
	for (int k = 0; k < PERM_N; k++) {
		m->perm[k] = (struct perm_row){ .code = str_c(perm_info[k].code), .title = tr(c, perm_info[k].title) };
		for (int i = 0; i < ROLE_N; i++)
			m->perm[k].has[i] = role_info[i].perms >> k & 1;
	}
}

static struct role_view role_of(struct ctx *c, const struct roles_page *m, int role)
{
	static const char *const sight[] = { "none", "customer", "own", "org", "all" };
	const struct role_info *info = &role_info[role];
	struct role_view v = { .code = str_c(info->code), .title = tr(c, info->title), .sight = str_c(sight[info->sight]) };

	v.permissions = NEW_N(c->a, struct perm_view, PERM_N);
	for (int k = 0; k < PERM_N; k++)
		if (m->perm[k].has[role])
			v.permissions[v.n_permissions++] = (struct perm_view){ m->perm[k].code, m->perm[k].title };
	return v;
}

enum err roles_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct roles_page *m = NEW(c->a, struct roles_page);

	(void)r;
	matrix(c, m);
	m->items = NEW_N(c->a, struct role_view, ROLE_N);
	for (m->n = 0; m->n < ROLE_N; m->n++)
		m->items[m->n] = role_of(c, m, (int)m->n);
	out->view = &roles_view;
	out->model = m;
	return ERR_OK;
}

/* ---- outbox ---- */

enum err outbox_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct outbox_page *m = NEW(c->a, struct outbox_page);

	m->req = r;
	TRY(outbox_dead(c, &m->items, &m->n));
	out->view = &outbox_view;
	out->model = m;
	return ERR_OK;
}

enum err outbox_again(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return ERR_NOT_FOUND;
	TRY(outbox_retry(c, id));
	out->location = S("/admin/outbox");
	out->flash = _("It is sent again in a moment.");
	return ERR_OK;
}
