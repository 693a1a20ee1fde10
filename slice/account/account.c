#include "slice/account/account_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/audit/audit.h"
#include "account.sql.h"

enum { PAGE_MAX = 200, AT_MAX = 500, ROLES_MAX = 2000, LOGIN_MIN = 2, LOGIN_MAX = 64, NAME_MAX_CP = 80 };

static const char *const lang_names[] = { "zh", "en", NULL };
static const struct field user_role_fields[] = {
	FIELD(struct user_role, user_id), FIELD_ENUM(struct user_role, role, role_names), FIELD(struct user_role, org_id),
	FIELD(struct user_role, org_path), { 0 }
};
const struct field user_fields[] = {
	FIELD(struct user, id), FIELD(struct user, ver), FIELD(struct user, login), FIELD(struct user, name),
	FIELD_MASK(struct user, phone, PERM_STAFF), FIELD_MASK(struct user, email, PERM_STAFF), FIELD(struct user, lang), FIELD(struct user, zone),
	FIELD(struct user, active), FIELD(struct user, must_change), FIELD(struct user, has_password), FIELD(struct user, customer_id),
	FIELD(struct user, created_at), FIELD(struct user, login_at), FIELD_LIST(struct user, roles, n_roles, user_role_fields), { 0 }
};

const struct actor actor_nobody = { .id = NIL, .org_id = NIL, .customer_id = NIL, .lang = "zh" };
const struct actor actor_system = { .id = NIL, .perms = PERM_ALL, .sight = SIGHT_ALL, .org_id = NIL, .customer_id = NIL,
	.name = { "system", 6 }, .login = { "system", 6 }, .lang = "zh" };

/* ---- words ---- */

str like_any(struct arena *a, str text)
{
	char *d = arena_alloc(a, 2 * text.n + 3);
	size_t n = 0;

	d[n++] = '%';
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '\\')
			d[n++] = '\\';
		d[n++] = text.p[i];
	}
	d[n++] = '%';
	return (str){ d, n };
}

str path_end(struct arena *a, str path)
{
	str end = arena_str(a, path);

	assert(path.n && path.p[path.n - 1] == '.');
	((char *)(size_t)end.p)[end.n - 1] = '.' + 1;
	return end;
}

str login_key(struct ctx *c, str login) { return fold(c->a, str_trim(login)); }

static bool login_char(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (ch && strchr("._-@", ch)) || (ch & 0x80);
}

static enum err login_check(struct ctx *c, str login)
{
	size_t n = utf8_len(login);
	bool ok = n >= LOGIN_MIN && n <= LOGIN_MAX;

	for (size_t i = 0; ok && i < login.n; i++)
		ok = login_char(login.p[i]);
	return ok ? ERR_OK : fail_field(c, "login", N_("A login has {1} to {2} letters, digits or . _ - @"), (int)LOGIN_MIN, (int)LOGIN_MAX);
}

static enum err user_check(struct ctx *c, const struct user *u)
{
	enum err e = ERR_OK;
	size_t n = utf8_len(str_trim(u->name));

	if (!n || n > NAME_MAX_CP)
		e = fail_field(c, "name", N_("A name of at most {1} characters is needed."), (int)NAME_MAX_CP);
	if (name_index(lang_names, u->lang) < 0)
		e = fail_field(c, "lang", N_("Choose Chinese or English."));
	if (u->zone.p && !tz_get(u->zone))
		e = fail_field(c, "zone", N_("This time zone is unknown; an example is Asia/Shanghai."));
	return e;
}

/* What the search of the people page looks through. */
static str search_text(struct ctx *c, const struct user *u, str login)
{
	const str spelled = pinyin(c->a, u->name), part[] = { login, fold(c->a, u->name), initials(c->a, spelled), spelled, phone_key(c->a, u->phone) };

	return arena_join(c->a, part, LEN(part), S(" "));
}

/* ---- reading ---- */

static void roles_fix(struct user_role *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!r[i].org_id)
			r[i].org_id = NIL;
}

static enum err with_roles(struct ctx *c, struct user *u)
{
	TRY(db_rows(c, &q_account_roles_of, BIND(P(user_id, u->id)), user_role_fields, sizeof *u->roles, ROLES_MAX, &u->roles, &u->n_roles));
	roles_fix(u->roles, u->n_roles);
	return ERR_OK;
}

enum err user_get(struct ctx *c, int64_t id, struct user *out)
{
	struct user u = { 0 };

	TRY(db_row(c, &q_account_by_id, BIND(P(id, id)), user_fields, &u));
	TRY(with_roles(c, &u));
	*out = u;
	return ERR_OK;
}

enum err user_by_login(struct ctx *c, str login, struct user *out)
{
	struct user u = { 0 };

	TRY(db_row(c, &q_account_by_login, BIND(P(login, login_key(c, login))), user_fields, &u));
	TRY(with_roles(c, &u));
	*out = u;
	return ERR_OK;
}

/* One statement for the roles of a page of users, both in order of login. */
static enum err deal_roles(struct ctx *c, struct user *u, size_t n)
{
	struct user_role *r;
	size_t m, at = 0;

	if (!n)
		return ERR_OK;
	TRY(db_rows(c, &q_account_roles_between, BIND(P(first, u[0].login), P(last, u[n - 1].login)), user_role_fields, sizeof *r,
		(size_t)PAGE_MAX * ROLE_N * 4, &r, &m));
	roles_fix(r, m);
	for (size_t i = 0; i < n; i++) {
		while (at < m && r[at].user_id != u[i].id && (i + 1 == n || r[at].user_id != u[i + 1].id))
			at++;
		u[i].roles = r + at;
		while (at < m && r[at].user_id == u[i].id)
			at++, u[i].n_roles++;
	}
	return ERR_OK;
}

enum err user_list(struct ctx *c, const struct user_query *q, struct user **ret, size_t *ret_n)
{
	str text = q->q.n ? like_any(c->a, fold(c->a, q->q)) : (str){ 0 };
	const char *role = q->role >= 0 && q->role < ROLE_N ? role_names[q->role] : NULL;
	int64_t limit = q->limit > 0 && q->limit < PAGE_MAX ? q->limit : PAGE_MAX;
	int64_t active = q->inactive ? NIL : 1;
	str after = q->after.p ? q->after : S("");
	struct user *u;
	size_t n;

	TRY(db_rows(c, &q_account_list, BIND(P(after, after), P(active, active), P(q, text), P(role, role), P(org_id, q->org_id), P(limit, limit)),
		user_fields, sizeof *u, PAGE_MAX, &u, &n));
	TRY(deal_roles(c, u, n));
	*ret = u;
	*ret_n = n;
	return ERR_OK;
}

enum err user_at(struct ctx *c, enum role role, str org_path, struct user **ret, size_t *ret_n)
{
	return db_rows(c, &q_account_at, BIND(P(path, org_path), P(path_end, path_end(c->a, org_path)), P(role, role_names[role])), user_fields,
		sizeof(struct user), AT_MAX, ret, ret_n);
}

/* ---- changing ---- */

enum err user_add(struct ctx *c, const struct user *u, str hash, int64_t *ret_id)
{
	str login = login_key(c, u->login);
	enum err bad = login_check(c, login), e;
	int64_t id;

	assert(db_writing(c->db));
	e = user_check(c, u);
	if (bad || e)
		return ERR_INVALID;
	e = db_insert(c, &q_account_add, BIND(P(login, login), P(name, str_trim(u->name)), P(phone, u->phone), P(email, u->email), P(lang, u->lang),
		P(zone, u->zone), P(active, u->active), P(must_change, u->must_change), P(password, hash), P(customer_id, u->customer_id),
		P(search, search_text(c, u, login)), P(created_at, c->now)), &id);
	if (e == ERR_NOT_FOUND)
		return fail_field(c, "login", N_("This login is taken."));
	TRY(e);
	TRY(audit_add(c, "user", id, "added", BIND(P(login, login), P(name, u->name))));
	*ret_id = id;
	return ERR_OK;
}

static bool is_admin(const struct user *u)
{
	for (size_t i = 0; i < u->n_roles; i++)
		if (u->roles[i].role == ROLE_ADMIN)
			return true;
	return false;
}

/* Somebody must be left who can let others in. */
static enum err keep_an_admin(struct ctx *c, const struct user *u)
{
	int64_t others;

	if (!u->active || !is_admin(u))
		return ERR_OK;
	TRY(db_int(c, &q_account_other_admins, BIND(P(id, u->id)), &others));
	return others ? ERR_OK : fail(c, ERR_CONFLICT, N_("This is the last administrator."));
}

enum err user_save(struct ctx *c, const struct user *u)
{
	struct user was;

	assert(db_writing(c->db));
	TRY(user_check(c, u));
	TRY(user_get(c, u->id, &was));
	if (was.active && !u->active) {
		if (c->who->id == u->id)
			return fail(c, ERR_CONFLICT, N_("You cannot switch off your own account."));
		TRY(keep_an_admin(c, &was));
		TRY(db_exec(c, &q_session_end_all, BIND(P(user_id, u->id), P(keep, (str){ 0 })), -1));
	}
	TRY(db_exec(c, &q_account_save, BIND(P(name, str_trim(u->name)), P(phone, u->phone), P(email, u->email), P(lang, u->lang), P(zone, u->zone),
		P(active, u->active), P(must_change, u->must_change), P(customer_id, u->customer_id), P(search, search_text(c, u, was.login)),
		P(id, u->id), P(ver, u->ver)), 1));
	return audit_add(c, "user", u->id, "changed", BIND(P(name, u->name), P(phone, u->phone), P(email, u->email), P(active, u->active)));
}

enum err user_grant(struct ctx *c, int64_t user_id, enum role role, int64_t org_id, str org_path)
{
	int64_t org = org_id == NIL ? 0 : org_id;
	enum sight sight = role_info[role].sight;

	assert(db_writing(c->db));
	if (org_id == NIL && (sight == SIGHT_ORG || sight == SIGHT_OWN))
		return fail_field(c, "org", N_("This role belongs to a place."));
	TRY(db_exec(c, &q_account_touch, BIND(P(id, user_id)), 1));
	TRY(db_exec(c, &q_account_grant, BIND(P(user_id, user_id), P(role, role_names[role]), P(org_id, org),
		P(org_path, org_path.p ? org_path : S(""))), 1));
	return audit_add(c, "user", user_id, "granted", BIND(P(role, role_names[role]), P(org_id, org_id)));
}

enum err user_revoke(struct ctx *c, int64_t user_id, enum role role, int64_t org_id)
{
	int64_t org = org_id == NIL ? 0 : org_id;
	struct user u;

	assert(db_writing(c->db));
	TRY(user_get(c, user_id, &u));
	if (role == ROLE_ADMIN)
		TRY(keep_an_admin(c, &u));
	TRY(db_exec(c, &q_account_touch, BIND(P(id, user_id)), 1));
	TRY(db_exec(c, &q_account_revoke, BIND(P(user_id, user_id), P(role, role_names[role]), P(org_id, org)), 1));
	return audit_add(c, "user", user_id, "revoked", BIND(P(role, role_names[role]), P(org_id, org_id)));
}

enum err account_org_moved(struct ctx *c, str old_path, str new_path)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_account_org_moved, BIND(P(new_path, new_path), P(cut, (int64_t)old_path.n + 1), P(old_path, old_path),
		P(old_end, path_end(c->a, old_path))), -1);
}
