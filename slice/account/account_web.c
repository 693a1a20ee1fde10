/* account_web.c — signing in and out, one's own account; the department's tables. */
#include "slice/account/account_view.h"
#include "account.html.h"
#include "account.sql.h"
#include "base/time.h"

static const struct db_schema schema = { "account", account_migrations, account_statements };

/* ---- forms ---- */

struct login_in { str login, password, next; };
FORM(login_form, struct login_in,
	INPUT(struct login_in, login, IN_TEXT, N_("Login"), .required = true, .max = 64),
	INPUT(struct login_in, password, IN_SECRET, N_("Password"), .required = true, .max = 128),
	INPUT(struct login_in, next, IN_TEXT, N_("Next page"), .max = 500));

static const char *const langs[] = { "zh", "en", NULL };
struct profile_in { int64_t ver; str name, phone, email, zone; int lang; };
FORM(profile_form, struct profile_in,
	INPUT(struct profile_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct profile_in, name, IN_TEXT, N_("Name"), .required = true, .max = 80),
	INPUT(struct profile_in, phone, IN_PHONE, N_("Phone")),
	INPUT(struct profile_in, email, IN_EMAIL, N_("E-mail")),
	INPUT(struct profile_in, lang, IN_ENUM, N_("Language"), .required = true, .names = langs),
	INPUT(struct profile_in, zone, IN_TEXT, N_("Time zone"), .max = 60));

struct password_in { str old, password, again; };
FORM(password_form, struct password_in,
	INPUT(struct password_in, old, IN_SECRET, N_("Present password"), .required = true, .max = 128),
	INPUT(struct password_in, password, IN_SECRET, N_("New password"), .required = true, .max = 128),
	INPUT(struct password_in, again, IN_SECRET, N_("New password once more"), .max = 128));

struct token_in { str name; str role; day expires_on; };
FORM(token_form, struct token_in,
	INPUT(struct token_in, name, IN_TEXT, N_("What it is for"), .required = true, .max = 80),
	INPUT(struct token_in, role, IN_TOKEN, N_("Role")),
	INPUT(struct token_in, expires_on, IN_DAY, N_("Expires on")));

/* ---- views ---- */

static const struct field account_fields[] = {
	FIELD_OBJ(struct account_page, user, user_fields), FIELD_LIST(struct account_page, sessions, n_sessions, session_fields),
	FIELD_LIST(struct account_page, tokens, n_tokens, token_fields), { 0 }
};
static const struct field token_page_fields[] = { FIELD(struct token_page, token), FIELD(struct token_page, name), { 0 } };

static void draw_login(struct out *o, const struct ctx *c, const void *m) { login_html(o, c, m); }
static void draw_account(struct out *o, const struct ctx *c, const void *m) { account_html(o, c, m); }
static void draw_token(struct out *o, const struct ctx *c, const void *m) { token_html(o, c, m); }
const struct view login_view = { "login", N_("Sign in"), draw_login, NULL, sizeof(struct login_page) };
const struct view account_view = { "account", N_("My account"), draw_account, account_fields, sizeof(struct account_page) };
const struct view token_view = { "token", N_("New token"), draw_token, token_page_fields, sizeof(struct token_page) };

/* ---- coming and going ---- */

str safe_next(str path)
{
	if (!path.n || path.p[0] != '/' || (path.n > 1 && path.p[1] == '/'))
		return S("/");
	for (size_t i = 0; i < path.n; i++)
		if (path.p[i] == '\\' || (unsigned char)path.p[i] < ' ')
			return S("/");
	return path;
}

str account_home(const struct actor *who)
{
	static const struct { uint64_t need; enum sight sight; const char *path; } home[] = {
		{ PERM_ORDER_WORK, SIGHT_OWN, "/day" }, { PERM_SETTINGS, SIGHT_NONE, "/desk" }, { PERM_ORDER_DISPATCH | PERM_ORDER_SETTLE | PERM_REPORT, SIGHT_NONE, "/figures" },
		{ PERM_ORDER_ASSIGN, SIGHT_NONE, "/board" }, { PERM_ORDER_REGISTER, SIGHT_NONE, "/desk" }, { PERM_PARTS_ISSUE, SIGHT_NONE, "/requisitions" },
		{ PERM_MONEY_FINANCE, SIGHT_NONE, "/finance" }, { PERM_CALLBACK, SIGHT_NONE, "/callbacks" }, { PERM_ORDER_READ, SIGHT_NONE, "/orders" }, { PERM_PORTAL, SIGHT_NONE, "/my" },
	};

	for (size_t i = 0; i < LEN(home); i++)
		if ((who->perms & home[i].need) == home[i].need && (home[i].sight == SIGHT_NONE || home[i].sight == who->sight))
			return str_c(home[i].path);
	return S("/account");
}

enum err login_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct login_page *m = NEW(c->a, struct login_page);
	str typed = req_typed(r, "next");

	*m = (struct login_page){ r, safe_next(typed.p ? typed : ui_query(c, r, "next")), setting_str(c, "name") };
	out->view = &login_view;
	out->model = m;
	return ERR_OK;
}

enum err login_lands(struct ctx *c, str token, str next, struct reply *out)
{
	const struct actor *who;
	struct user u;
	str csrf;

	next = safe_next(next);
	TRY(account_identify(c, token, (str){ 0 }, &who, &csrf));
	TRY(user_get(c, who->id, &u));
	out->location = u.must_change ? S("/account#password") : !who->perms ? S("/account#factor") : next.n > 1 ? next : account_home(who);
	return ERR_OK;
}

enum err login_send(struct ctx *c, struct req *r, struct reply *out)
{
	const struct login_in *f = r->form;
	struct signed_in in;

	TRY(account_sign_in(c, f->login, f->password, r->remote, r->agent, &in));
	out->set_session = in.token;
	if (!in.pending)
		return login_lands(c, in.token, f->next, out);
	out->location = arena_fmt(c->a, "/login/code?next=%.*s", STR_ARG(safe_next(f->next)));
	return ERR_OK;
}

enum err logout_send(struct ctx *c, struct req *r, struct reply *out)
{
	TRY(session_end(c, r->session));
	out->set_session = S("-");
	out->location = S("/login");
	return ERR_OK;
}

/* ---- my account ---- */

/* The first mark found counts: browsers name their forebears too. */
static const char *known(str agent, const char *const mark[][2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_find(agent, str_c(mark[i][0]), NULL))
			return mark[i][1];
	return NULL;
}

str agent_words(const struct ctx *c, str agent)
{
	static const char *const browsers[][2] = {
		{ "MicroMessenger", "WeChat" }, { "Edg", "Edge" }, { "OPR/", "Opera" }, { "Firefox", "Firefox" }, { "Chrome", "Chrome" }, { "Safari", "Safari" }, { "curl", "curl" },
	};
	static const char *const systems[][2] = {
		{ "HarmonyOS", "HarmonyOS" }, { "Android", "Android" }, { "iPhone", "iPhone" }, { "iPad", "iPad" }, { "Windows", "Windows" }, { "Mac OS", "macOS" }, { "Linux", "Linux" },
	};
	const char *browser = known(agent, browsers, LEN(browsers)), *os = known(agent, systems, LEN(systems));

	if (!browser && !os)
		return agent;
	return arena_fmt(c->a, "%s%s%s", browser ? browser : "", browser && os ? " · " : "", os ? os : "");
}

static void own_roles(struct ctx *c, struct account_page *m)
{
	m->role = NEW_N(c->a, struct ui_option, m->u.n_roles + 1);
	m->role[m->n_role++] = (struct ui_option){ S(""), _("All my roles") };
	for (size_t i = 0; i < m->u.n_roles; i++) {
		const struct role_info *info = &role_info[m->u.roles[i].role];
		bool twice = false;

		for (size_t k = 0; k < m->n_role; k++)
			twice |= str_eq(m->role[k].value, str_c(info->code));
		if (!twice)
			m->role[m->n_role++] = (struct ui_option){ str_c(info->code), tr(c, info->title) };
	}
}

enum err account_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct account_page *m = NEW(c->a, struct account_page);

	m->req = r;
	m->user = &m->u;
	TRY(user_get(c, c->who->id, &m->u));
	TRY(session_list(c, c->who->id, r->session, &m->sessions, &m->n_sessions));
	TRY(token_list(c, c->who->id, &m->tokens, &m->n_tokens));
	TRY(factor_get(c, c->who->id, &m->factor));
	m->must_enrol = !c->who->perms && !m->u.must_change;
	own_roles(c, m);
	out->view = &account_view;
	out->model = m;
	out->ver = m->u.ver;
	return ERR_OK;
}

static enum err done(struct reply *out, const char *flash, struct ctx *c)
{
	out->location = S("/account");
	out->flash = tr(c, flash);
	return ERR_OK;
}

enum err account_save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct profile_in *f = r->form;
	struct user u;

	TRY(user_get(c, c->who->id, &u));
	u.ver = f->ver;
	u.name = f->name;
	u.phone = f->phone;
	u.email = f->email;
	u.zone = f->zone.n ? f->zone : (str){ 0 };
	u.lang = str_c(langs[f->lang]);
	TRY(user_save(c, &u));
	return done(out, N_("Saved."), c);
}

enum err account_password(struct ctx *c, struct req *r, struct reply *out)
{
	const struct password_in *f = r->form;

	if (f->again.p && !str_eq(f->again, f->password))
		return fail_field(c, "again", N_("The two new passwords differ."));
	TRY(account_change_password(c, f->old, f->password, r->session));
	return done(out, N_("Your password is changed."), c);
}

enum err account_end_session(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return ERR_NOT_FOUND;
	TRY(session_end_id(c, c->who->id, id));
	return done(out, N_("The session has ended."), c);
}

struct making { const struct token_in *f; str text; };

static enum err make_token(struct ctx *c, void *arg)
{
	struct making *mk = arg;
	uint64_t roles = INT64_MAX;
	instant until = NO_INSTANT;

	if (mk->f->role.n) {
		int role = name_index(role_names, mk->f->role);

		if (role < 0)
			return fail_field(c, "role", N_("There is no such role."));
		roles = 1ULL << role;
	}
	if (mk->f->expires_on.d != NIL) {
		struct civil end = { 0 };

		day_split((day){ mk->f->expires_on.d + 1 }, &end.y, &end.mo, &end.d);
		until = tz_instant(c->who->zone, end);
	}
	return token_add(c, c->who->id, mk->f->name, roles, until, &mk->text);
}

/* Runs outside the usual write, so that the answer with the secret in it is not kept for repeated requests. */
enum err account_new_token(struct ctx *c, struct req *r, struct reply *out)
{
	struct making mk = { .f = r->form };
	struct token_page *m = NEW(c->a, struct token_page);

	TRY(db_write(db_of(c->db), c, make_token, &mk));
	*m = (struct token_page){ mk.text, mk.f->name };
	out->view = &token_view;
	out->model = m;
	return ERR_OK;
}

enum err account_end_token(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return ERR_NOT_FOUND;
	TRY(token_revoke(c, c->who->id, id));
	return done(out, N_("The token is revoked."), c);
}

/* ---- tables ---- */

static const struct route routes[] = {
	{ "GET", "/login", 0, R_PUBLIC | R_PAGE, NULL, login_show, &login_view, .summary = "Sign-in page" },
	{ "POST", "/login", 0, R_PUBLIC | R_LIMIT | R_SLOW | R_PAGE, &login_form, login_send, &login_view, login_show, .summary = "Sign in" },
	{ "GET", "/login/code", 0, R_PUBLIC | R_PAGE, NULL, step_show, &step_view, .summary = "Second step of signing in" },
	{ "POST", "/login/code", 0, R_PUBLIC | R_LIMIT | R_SLOW | R_PAGE, &code_form, step_send, &step_view, step_show, .summary = "Sign in with a code" },
	{ "POST", "/logout", 0, R_PUBLIC | R_PAGE, NULL, logout_send, NULL, .summary = "Sign out" },
	{ "GET", "/account", 0, 0, NULL, account_show, &account_view, .summary = "Own account: profile, sessions, tokens" },
	{ "POST", "/account", 0, 0, &profile_form, account_save, NULL, account_show, .summary = "Change own profile" },
	{ "POST", "/account/password", 0, R_LIMIT | R_SLOW, &password_form, account_password, NULL, account_show, .summary = "Change own password" },
	{ "GET", "/account/factor", 0, 0, NULL, factor_show, &setup_view, .summary = "QR code and secret of the second step that is being set up" },
	{ "POST", "/account/factor", 0, 0, NULL, factor_start, &setup_view, account_show, .summary = "Begin to set up the second step" },
	{ "POST", "/account/factor/confirm", 0, R_LIMIT | R_SLOW, &code_form, factor_on, &codes_view, factor_show, .summary = "Switch the second step on with its first code; recovery codes are answered once" },
	{ "POST", "/account/factor/codes", 0, R_LIMIT | R_SLOW, &code_form, factor_codes, &codes_view, account_show, .summary = "New recovery codes, answered once" },
	{ "POST", "/account/factor/end", 0, R_LIMIT | R_SLOW, &code_form, factor_end, NULL, account_show, .summary = "Switch the second step off" },
	{ "POST", "/account/sessions/{id}/end", 0, 0, NULL, account_end_session, NULL, .summary = "End one of one's own sessions" },
	{ "POST", "/account/tokens", 0, R_SLOW, &token_form, account_new_token, &token_view, account_show, .summary = "Make an API token; its text is answered once" },
	{ "POST", "/account/tokens/{id}/end", 0, 0, NULL, account_end_token, NULL, .summary = "Revoke one of one's own tokens" },
	{ "GET", "/admin", PERM_STAFF, R_PAGE, NULL, admin_show, &admin_view, .summary = "Administration" },
	{ "GET", "/admin/settings", PERM_SETTINGS, R_PAGE, NULL, settings_show, &settings_view, .summary = "Settings" },
	{ "GET", "/settings", PERM_SETTINGS, R_API, NULL, settings_show, &settings_view, .summary = "All settings with meaning, value and fallback" },
	{ "POST", "/admin/settings/{name}", PERM_SETTINGS, R_PAGE, &setting_form, setting_save, &settings_view, settings_show, .summary = "Change a setting" },
	{ "POST", "/settings/{name}", PERM_SETTINGS, R_API, &setting_form, setting_save, &settings_view, .summary = "Change a setting" },
	{ "GET", "/admin/outbox", PERM_SETTINGS, 0, NULL, outbox_show, &outbox_view, .summary = "Messages that did not get out" },
	{ "POST", "/admin/outbox/{id}/retry", PERM_SETTINGS, 0, NULL, outbox_again, NULL, .summary = "Send a message again" },
	{ "GET", "/admin/roles", PERM_STAFF, R_PAGE, NULL, roles_show, &roles_view, .summary = "Who may do what" },
	{ "GET", "/roles", PERM_STAFF, R_API, NULL, roles_show, &roles_view, .summary = "Roles and their permissions" },
};

static const struct setting settings[] = {
	{ "name", IN_TEXT, "报修·保修", N_("Name of the service as customers see it") },
	{ "lang", IN_TEXT, "zh", N_("Language of new people: zh or en") },
	{ "zone", IN_TEXT, "Asia/Shanghai", N_("Time zone for numbers, papers and people without one of their own") },
	{ "password.min", IN_INT, "10", N_("Characters a password needs at least") },
	{ "password.first_change", IN_BOOL, "1", N_("New people change their password at the first sign-in") },
	{ "session.idle_hours", IN_INT, "12", N_("Hours without use after which a session ends") },
	{ "session.max_days", IN_INT, "30", N_("Days after which a session ends in any case") },
	{ "factor.roles", IN_TEXT, "", N_("Roles that must sign in with a second step, with blanks between, such as admin finance") },
	{ "series.order", IN_TEXT, "BX{date}{4}", N_("Number pattern of work orders") },
	{ "series.customer", IN_TEXT, "KH{date}{4}", N_("Number pattern of customers") },
	{ "series.contract", IN_TEXT, "HT{year}{5}", N_("Number pattern of contracts") },
	{ "series.requisition", IN_TEXT, "SL{date}{4}", N_("Number pattern of requisitions") },
	{ "series.return", IN_TEXT, "FH{date}{4}", N_("Number pattern of old part returns") },
	{ "series.writeoff", IN_TEXT, "XZ{date}{4}", N_("Number pattern of write-offs") },
	{ "series.transfer", IN_TEXT, "DB{date}{4}", N_("Number pattern of stock transfers") },
	{ "series.stocktake", IN_TEXT, "PD{date}{4}", N_("Number pattern of stock counts") },
	{ "series.purchase", IN_TEXT, "CG{date}{4}", N_("Number pattern of purchase orders") },
	{ "series.loan", IN_TEXT, "JY{date}{4}", N_("Number pattern of loaner slips") },
	{ "series.quote", IN_TEXT, "BJ{date}{4}", N_("Number pattern of quotes") },
	{ "series.receipt", IN_TEXT, "SJ{date}{4}", N_("Number pattern of receipts") },
	{ "series.handin", IN_TEXT, "JK{date}{4}", N_("Number pattern of cash hand-ins") },
	{ "series.settlement", IN_TEXT, "JS{date}{4}", N_("Number pattern of station settlements") },
	{ "series.complaint", IN_TEXT, "TS{date}{4}", N_("Number pattern of complaints") },
	{ "series.rma", IN_TEXT, "FX{date}{4}", N_("Number pattern of depot batches") },
	{ "series.recall", IN_TEXT, "ZH{year}{3}", N_("Number pattern of recalls") },
};

static enum err outbox_job(struct ctx *c)
{
	int sent;

	return outbox_run(c, 50, &sent);
}

static const struct job jobs[] = {
	{ "account.sweep", 60 * 1000, session_sweep, N_("Notes the last use of sessions and removes what has expired") },
};
static const struct job outside[] = { { "account.outbox", 2000, outbox_job, N_("Sends what waits in the outbox") } };

const struct slice slice_account = { .name = "account", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings),
	.jobs = jobs, .n_jobs = LEN(jobs), .outside = outside, .n_outside = LEN(outside) };
