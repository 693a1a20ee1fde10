/* people_web.c — who works where: people, their roles at places, certificates, roster. */
#include "slice/org/org_view.h"
#include "base/time.h"
#include "people.html.h"
#include "org.sql.h"

enum { ROLES_MAX = 5000, ROSTER_SPAN = 62 };

const char *const role_titles[ROLE_N] = {
#define X(n, code, title, sight, perms) [ROLE_##n] = title,
	ROLE_LIST(X)
#undef X
};

/* ---- forms ---- */

static const char *const langs[] = { "zh", "en", NULL };
struct people_in { str q, role, org, after; bool inactive; int64_t limit; };
FORM(people_form, struct people_in,
	INPUT(struct people_in, q, IN_TEXT, N_("Name, login, phone"), .max = 80),
	INPUT(struct people_in, role, IN_TOKEN, N_("Role")),
	INPUT(struct people_in, org, IN_TEXT, N_("Place"), .max = 32),
	INPUT(struct people_in, inactive, IN_BOOL, N_("Also who is switched off")),
	LIST_INPUTS(struct people_in));

struct person_in { int64_t ver; str login, name, phone, email, zone, org; int lang, role; bool active, remove; };
#define NAME INPUT(struct person_in, name, IN_TEXT, N_("Name"), .required = true, .max = 80)
#define REACH INPUT(struct person_in, phone, IN_PHONE, N_("Phone")), INPUT(struct person_in, email, IN_EMAIL, N_("E-mail")), \
	INPUT(struct person_in, lang, IN_ENUM, N_("Language"), .names = langs), INPUT(struct person_in, zone, IN_TEXT, N_("Time zone"), .max = 60)
#define ROLE INPUT(struct person_in, role, IN_ENUM, N_("Role"), .required = true, .names = role_names), \
	INPUT(struct person_in, org, IN_TEXT, N_("Place"), .max = 32)
FORM(person_form, struct person_in, INPUT(struct person_in, login, IN_TEXT, N_("Login"), .required = true, .max = 64, .hint = "wang.lei"), NAME, REACH, ROLE);
FORM(person_edit_form, struct person_in, INPUT(struct person_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX), NAME, REACH,
	INPUT(struct person_in, active, IN_BOOL, N_("May sign in")));
FORM(person_role_form, struct person_in, ROLE, INPUT(struct person_in, remove, IN_BOOL, N_("Take away")));
#undef NAME
#undef REACH
#undef ROLE

FORM(cert_form, struct cert,
	INPUT(struct cert, skill, IN_TEXT, N_("Skill"), .required = true, .max = 60, .hint = N_("notebook, printer, Lenovo level 3 …")),
	INPUT(struct cert, level, IN_INT, N_("Level"), .required = true, .min = 1, .max = 4),
	INPUT(struct cert, number, IN_TEXT, N_("Certificate number"), .max = 60),
	INPUT(struct cert, from, IN_DAY, N_("From")),
	INPUT(struct cert, until, IN_DAY, N_("Until")));

struct roster_in { day first; };
FORM(roster_form, struct roster_in, INPUT(struct roster_in, first, IN_DAY, N_("From")));
struct shift_in { str login; day on, until; int shift; };
FORM(shift_form, struct shift_in,
	INPUT(struct shift_in, login, IN_TEXT, N_("Engineer"), .required = true, .max = 64),
	INPUT(struct shift_in, on, IN_DAY, N_("Day"), .required = true),
	INPUT(struct shift_in, until, IN_DAY, N_("Until")),
	INPUT(struct shift_in, shift, IN_ENUM, N_("Shift"), .required = true, .names = shift_names));

/* ---- views ---- */

static const struct field role_row_fields[] = {
	FIELD(struct role_row, user_id), FIELD_ENUM(struct role_row, role, role_names), FIELD(struct role_row, org_id), FIELD(struct role_row, org_code),
	FIELD(struct role_row, org_name), FIELD(struct role_row, org_name_en), { 0 }
};
static const struct field people_fields[] = { FIELD_LIST(struct people_page, items, n, user_fields), { 0 } };
static const struct field person_fields[] = {
	FIELD_OBJ(struct person_page, user, user_fields), FIELD_LIST(struct person_page, role, n_role, role_row_fields),
	FIELD_LIST(struct person_page, certs, n_certs, cert_fields), { 0 }
};
static const struct field secret_fields[] = { FIELD(struct secret_page, login), FIELD(struct secret_page, password), { 0 } };
static const struct field shift_fields[] = {
	FIELD(struct shift_row, on), FIELD_ENUM(struct shift_row, shift, shift_names), FIELD(struct shift_row, user_id), FIELD(struct shift_row, name), { 0 }
};
static const struct field roster_fields[] = {
	FIELD(struct roster_page, first), FIELD(struct roster_page, last), FIELD_LIST(struct roster_page, shifts, n_shifts, shift_fields), { 0 }
};

static void draw_people(struct out *o, const struct ctx *c, const void *m) { people_html(o, c, m); }
static void draw_person(struct out *o, const struct ctx *c, const void *m) { person_html(o, c, m); }
static void draw_new(struct out *o, const struct ctx *c, const void *m) { person_new_html(o, c, m); }
static void draw_secret(struct out *o, const struct ctx *c, const void *m) { secret_html(o, c, m); }
static void draw_roster(struct out *o, const struct ctx *c, const void *m) { roster_html(o, c, m); }
const struct view people_view = { "users", N_("People"), draw_people, people_fields, sizeof(struct people_page) };
const struct view person_view = { "user", N_("Person"), draw_person, person_fields, sizeof(struct person_page) };
const struct view person_new_view = { "user_new", N_("New person"), draw_new, NULL, sizeof(struct person_new) };
const struct view secret_view = { "user_secret", N_("New password"), draw_secret, secret_fields, sizeof(struct secret_page) };
const struct view roster_view = { "roster", N_("Roster"), draw_roster, roster_fields, sizeof(struct roster_page) };

/* ---- people ---- */

static str org_name(const struct ctx *c, const struct role_row *r)
{
	return !strcmp(c->who->lang, "en") && r->org_name_en.n ? r->org_name_en : r->org_name;
}

/* "Engineer · Hangzhou 1, Storekeeper · Hangzhou 1" for each user of the page; both lists are in order of login. */
static enum err roles_text(struct ctx *c, struct people_page *m)
{
	struct role_row *r;
	size_t n, at = 0;

	m->roles = NEW_N(c->a, str, m->n);
	if (!m->n)
		return ERR_OK;
	TRY(db_rows(c, &q_people_roles, BIND(P(first, m->items[0].login), P(last, m->items[m->n - 1].login)), role_row_fields, sizeof *r, ROLES_MAX, &r, &n));
	for (size_t i = 0; i < m->n; i++) {
		str part[16];
		size_t k = 0;

		while (at < n && r[at].user_id != m->items[i].id && (i + 1 == m->n || r[at].user_id != m->items[i + 1].id))
			at++;
		for (; at < n && r[at].user_id == m->items[i].id; at++)
			if (k < LEN(part))
				part[k++] = arena_fmt(c->a, "%.*s%s%.*s", STR_ARG(tr(c, role_info[r[at].role].title)), r[at].org_code.n ? " · " : "", STR_ARG(org_name(c, &r[at])));
		m->roles[i] = arena_join(c->a, part, k, S(", "));
	}
	return ERR_OK;
}

static enum err org_id_of(struct ctx *c, str code, int64_t *ret_id, str *ret_path)
{
	struct org o;
	enum err e;

	*ret_id = NIL;
	*ret_path = (str){ 0 };
	if (!code.n)
		return ERR_OK;
	e = org_by_code(c, code, &o);
	if (e)
		return e == ERR_NOT_FOUND ? fail_field(c, "org", N_("There is no place with the code {1}."), code) : e;
	*ret_id = o.id;
	*ret_path = o.path;
	return ERR_OK;
}

enum err people_show(struct ctx *c, struct req *r, struct reply *out)
{
	const struct people_in *f = r->form;
	struct people_page *m = NEW(c->a, struct people_page);
	struct user_query q = { .q = f->q, .role = f->role.n ? name_index(role_names, f->role) : -1, .inactive = f->inactive, .after = f->after,
		.limit = (int)list_limit(f->limit) };
	str path;

	if (f->role.n && q.role < 0)
		return fail_field(c, "role", N_("There is no such role."));
	m->req = r;
	TRY(org_id_of(c, f->org, &q.org_id, &path));
	TRY(user_list(c, &q, &m->items, &m->n));
	TRY(roles_text(c, m));
	if (m->n == (size_t)q.limit)
		out->next = m->next = m->items[m->n - 1].login;
	m->role = NEW_N(c->a, struct ui_option, ROLE_N + 1);
	m->role[m->n_role++] = (struct ui_option){ S(""), _("Any role") };
	for (int i = 0; i < ROLE_N; i++)
		m->role[m->n_role++] = (struct ui_option){ str_c(role_names[i]), tr(c, role_titles[i]) };
	out->view = &people_view;
	out->model = m;
	return ERR_OK;
}

static enum err places(struct ctx *c, struct ui_option **ret, size_t *ret_n)
{
	struct ui_option *opt;
	struct org *o;
	size_t n;

	TRY(org_list(c, -1, (str){ 0 }, &o, &n));
	opt = NEW_N(c->a, struct ui_option, n + 1);
	opt[0] = (struct ui_option){ S(""), S("—") };
	for (size_t i = 0; i < n; i++)
		opt[i + 1] = (struct ui_option){ o[i].code, org_title(c, &o[i]) };
	*ret = opt;
	*ret_n = n + 1;
	return ERR_OK;
}

enum err person_new_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct person_new *m = NEW(c->a, struct person_new);

	m->req = r;
	TRY(places(c, &m->orgs, &m->n_orgs));
	out->view = &person_new_view;
	out->model = m;
	return ERR_OK;
}

enum err person_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct person_page *m = NEW(c->a, struct person_page);

	m->req = r;
	TRY(user_by_login(c, r->arg[0], &m->u));
	m->user = &m->u;
	TRY(db_rows(c, &q_people_roles, BIND(P(first, m->u.login), P(last, m->u.login)), role_row_fields, sizeof *m->role, ROLES_MAX, &m->role, &m->n_role));
	TRY(cert_list(c, m->u.id, &m->certs, &m->n_certs));
	TRY(places(c, &m->orgs, &m->n_orgs));
	TRY(factor_get(c, m->u.id, &m->factor));
	out->view = &person_view;
	out->model = m;
	out->title = m->u.name;
	out->ver = m->u.ver;
	return ERR_OK;
}

static enum err back(struct ctx *c, struct req *r, struct reply *out)
{
	out->location = arena_fmt(c->a, "/admin/users/%.*s", STR_ARG(r->arg[0]));
	out->flash = _("Saved.");
	return r->as == AS_JSON ? person_show(c, r, out) : ERR_OK;
}

static struct user filled(struct ctx *c, const struct person_in *f, struct user u)
{
	u.name = f->name;
	u.phone = f->phone;
	u.email = f->email;
	u.lang = f->lang < 0 ? setting_str(c, "lang") : str_c(langs[f->lang]);
	u.zone = f->zone.n ? f->zone : (str){ 0 };
	return u;
}

struct hiring { const struct person_in *f; str hash; };

static enum err hire(struct ctx *c, void *arg)
{
	const struct hiring *h = arg;
	struct user u = filled(c, h->f, (struct user){ .login = h->f->login, .active = true, .customer_id = NIL,
		.must_change = setting_bool(c, "password.first_change") });
	int64_t id, org;
	str path;

	TRY(org_id_of(c, h->f->org, &org, &path));
	TRY(user_add(c, &u, h->hash, &id));
	return user_grant(c, id, (enum role)h->f->role, org, path);
}

static enum err show_secret(struct ctx *c, str login, str password, struct reply *out)
{
	struct secret_page *m = NEW(c->a, struct secret_page);

	*m = (struct secret_page){ login, password };
	out->view = &secret_view;
	out->model = m;
	return ERR_OK;
}

enum err person_add(struct ctx *c, struct req *r, struct reply *out)
{
	struct hiring h = { .f = r->form };
	str password = password_random(c->a);

	if (h.f->role == ROLE_CUSTOMER)
		return fail_field(c, "role", N_("Customers come in by the portal."));
	TRY(password_hash(c, password, &h.hash));
	TRY(db_write(db_of(c->db), c, hire, &h));
	out->created = r->as == AS_JSON;
	out->location = r->as == AS_JSON ? arena_fmt(c->a, "/users/%.*s", STR_ARG(h.f->login)) : (str){ 0 };
	return show_secret(c, h.f->login, password, out);
}

enum err person_save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct person_in *f = r->form;
	struct user u;

	TRY(user_by_login(c, r->arg[0], &u));
	u = filled(c, f, u);
	u.ver = f->ver;
	u.active = f->active;
	TRY(user_save(c, &u));
	return back(c, r, out);
}

enum err person_role_save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct person_in *f = r->form;
	struct user u;
	int64_t org;
	str path;

	TRY(user_by_login(c, r->arg[0], &u));
	TRY(org_id_of(c, f->org, &org, &path));
	if (f->role == ROLE_CUSTOMER)
		return fail_field(c, "role", N_("Customers come in by the portal."));
	if (f->remove)
		TRY(user_revoke(c, u.id, (enum role)f->role, org));
	else
		TRY(user_grant(c, u.id, (enum role)f->role, org, path));
	return back(c, r, out);
}

struct renewal { int64_t id; str hash; };

static enum err renew(struct ctx *c, void *arg)
{
	const struct renewal *n = arg;

	return password_set(c, n->id, n->hash, c->who->id != n->id && setting_bool(c, "password.first_change"));
}

enum err person_password(struct ctx *c, struct req *r, struct reply *out)
{
	str password = password_random(c->a);
	struct renewal n;
	struct user u;

	TRY(user_by_login(c, r->arg[0], &u));
	n.id = u.id;
	TRY(password_hash(c, password, &n.hash));
	TRY(db_write(db_of(c->db), c, renew, &n));
	return show_secret(c, u.login, password, out);
}

/* Of somebody who lost their phone and their recovery codes; one's own is switched off with a code. */
enum err person_factor_reset(struct ctx *c, struct req *r, struct reply *out)
{
	struct user u;

	TRY(user_by_login(c, r->arg[0], &u));
	if (u.id == c->who->id)
		return fail(c, ERR_CONFLICT, N_("Your own second step is switched off under “My account”, with a code."));
	TRY(factor_reset(c, u.id));
	return back(c, r, out);
}

/* ---- certificates ---- */

enum err cert_save(struct ctx *c, struct req *r, struct reply *out)
{
	struct cert k = *(const struct cert *)r->form;
	struct user u;
	int64_t id;

	TRY(user_by_login(c, r->arg[0], &u));
	k.id = NIL;
	k.user_id = u.id;
	TRY(cert_put(c, &k, &id));
	return back(c, r, out);
}

enum err cert_drop(struct ctx *c, struct req *r, struct reply *out)
{
	struct user u;
	int64_t id;

	if (!str_int(r->arg[1], &id))
		return ERR_NOT_FOUND;
	TRY(user_by_login(c, r->arg[0], &u));
	TRY(cert_remove(c, u.id, id));
	return back(c, r, out);
}

/* ---- roster ---- */

/* Whose roster one may see and plan: those at one's own place and below; everybody's from the headquarters. */
static enum err own_branch(struct ctx *c, str *ret_path)
{
	struct org root;
	enum err e;

	*ret_path = c->who->org_path;
	if (c->who->sight != SIGHT_ALL)
		return c->who->org_path.n ? ERR_OK : ERR_NOT_FOUND;
	e = org_root(c, &root);
	*ret_path = e ? (str){ 0 } : root.path;
	return e;
}

static struct roster_row row_of(const struct user *u, const struct shift_row *s, size_t n, day first)
{
	struct roster_row row = { .login = u->login, .name = u->name };

	for (int d = 0; d < ROSTER_DAYS; d++)
		row.shift[d] = -1;
	for (size_t i = 0; i < n; i++)
		if (s[i].user_id == u->id)
			row.shift[s[i].on.d - first.d] = s[i].shift;
	return row;
}

enum err roster_show(struct ctx *c, struct req *r, struct reply *out)
{
	const struct roster_in *f = r->route->form == &roster_form ? r->form : NULL;
	struct roster_page *m = NEW(c->a, struct roster_page);
	day today = tz_day(c->who->zone, c->now);
	struct user *u = NULL;
	size_t n = 0;
	str path;
	enum err e = own_branch(c, &path);

	if (e && e != ERR_NOT_FOUND)
		return e;
	m->req = r;
	m->first = f && f->first.d != NIL ? f->first : (day){ today.d - day_weekday(today) };
	m->last.d = m->first.d + ROSTER_DAYS - 1;
	m->before.d = m->first.d - ROSTER_DAYS;
	m->after.d = m->first.d + ROSTER_DAYS;
	if (!e) {
		TRY(user_at(c, ROLE_ENGINEER, path, &u, &n));
		TRY(roster_list(c, path, m->first, m->last, &m->shifts, &m->n_shifts));
	}
	m->items = NEW_N(c->a, struct roster_row, n);
	m->people = NEW_N(c->a, struct ui_option, n);
	for (m->n = 0; m->n < n; m->n++) {
		m->items[m->n] = row_of(&u[m->n], m->shifts, m->n_shifts, m->first);
		m->people[m->n] = (struct ui_option){ u[m->n].login, u[m->n].name };
	}
	out->view = &roster_view;
	out->model = m;
	return ERR_OK;
}

static const struct user_role *role_below(const struct user *u, str path)
{
	for (size_t i = 0; i < u->n_roles; i++)
		if (u->roles[i].org_id != NIL && str_starts(u->roles[i].org_path, path))
			return &u->roles[i];
	return NULL;
}

enum err roster_save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct shift_in *f = r->form;
	day until = f->until.d == NIL ? f->on : f->until;
	const struct user_role *at;
	struct user u;
	str path;
	enum err e;

	TRY(own_branch(c, &path));
	e = user_by_login(c, f->login, &u);
	at = e ? NULL : role_below(&u, path);
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (!at)
		return fail_field(c, "login", N_("Nobody here has this login."));
	if (until.d < f->on.d || until.d > f->on.d + ROSTER_SPAN)
		return fail_field(c, "until", N_("At most {1} days at once, and not backwards."), (int)ROSTER_SPAN);
	for (day d = f->on; d.d <= until.d; d.d++)
		TRY(roster_set(c, u.id, at->org_id, d, (enum shift)f->shift));
	out->location = arena_fmt(c->a, "/admin/roster?first=%.*s", STR_ARG(day_iso(c->a, (day){ f->on.d - day_weekday(f->on) })));
	out->flash = _("Planned.");
	return ERR_OK;
}
