/* People, passwords, sessions, tokens: who comes in and who does not. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account_int.h"
#include "slice/audit/audit.h"

extern const struct slice slice_audit, slice_account;
static const struct slice *const slices[] = { &slice_audit, &slice_account, NULL };
enum { HOUR = 3600 * 1000 };

/* ---- tables ---- */

static void tables(void **state)
{
	uint64_t given = 0;

	(void)state;
	for (int i = 0; i < PERM_N; i++) {
		CHECK_ROW(i, perm_info[i].code && *perm_info[i].code && perm_info[i].title);
		for (int k = 0; k < i; k++)
			CHECK_ROW(i, strcmp(perm_info[i].code, perm_info[k].code) && strcmp(perm_info[i].title, perm_info[k].title));
	}
	for (int i = 0; i < ROLE_N; i++) {
		const struct role_info *r = &role_info[i];

		CHECK_ROW(i, name_index(role_names, str_c(r->code)) == i && r->title && r->perms && r->sight != SIGHT_NONE);
		CHECK_ROW(i, !(r->perms & ~(uint64_t)PERM_ALL));
		CHECK_ROW(i, !(r->perms & PERM_STAFF) == (i == ROLE_CUSTOMER) && (r->sight == SIGHT_CUSTOMER) == (i == ROLE_CUSTOMER));
		given |= r->perms;
	}
	CHECK(given == PERM_ALL);
	/* Four eyes: who collects does not countersign alone without being head; who requests parts does not issue them. */
	CHECK(!(role_info[ROLE_ENGINEER].perms & (PERM_MONEY_COUNTERSIGN | PERM_PARTS_ISSUE | PERM_PARTS_APPROVE)));
	CHECK(!(role_info[ROLE_STOREKEEPER].perms & PERM_PARTS_APPROVE));
	for (int i = 0; i < ROLE_N; i++)
		CHECK_ROW(i, i == ROLE_ADMIN || !(role_info[i].perms & (PERM_USER_EDIT | PERM_SETTINGS | PERM_AUDIT_READ)));
}

/* ---- users ---- */

struct add { const char *login, *name, *lang, *zone, *field; int64_t id; str hash; };

static enum err add_user(struct ctx *c, void *arg)
{
	struct add *a = arg;
	struct user u = { .login = str_c(a->login), .name = str_c(a->name), .lang = str_c(a->lang), .zone = str_c(a->zone), .active = true,
		.customer_id = NIL, .phone = S("138-0013 8000") };

	return user_add(c, &u, a->hash, &a->id);
}

static int64_t someone(struct world *w, const char *login, str hash)
{
	struct add a = { login, "单雄信", "zh", NULL, NULL, 0, hash };

	CHECK(!world_write(w, add_user, &a));
	return a.id;
}

static void users_on(struct world *w)
{
	struct add rows[] = {
		{ "Wang.Lei", "王磊", "zh", NULL, NULL, 0, { 0 } },
		{ "wang.lei", "王雷", "zh", NULL, "login", 0, { 0 } },
		{ " ＷＡＮＧ.lei ", "王雷", "zh", NULL, "login", 0, { 0 } },
		{ "x", "王磊", "zh", NULL, "login", 0, { 0 } },
		{ "a b", "王磊", "zh", NULL, "login", 0, { 0 } },
		{ "a'b", "王磊", "zh", NULL, "login", 0, { 0 } },
		{ "anna", " ", "zh", NULL, "name", 0, { 0 } },
		{ "anna", "Anna", "fr", NULL, "lang", 0, { 0 } },
		{ "anna", "Anna", "en", "Mars/Base", "zone", 0, { 0 } },
		{ "anna", "Anna", "en", "Europe/Berlin", NULL, 0, { 0 } },
		{ "李雷", "李雷", "zh", NULL, NULL, 0, { 0 } },
	};
	struct user u;

	for (size_t i = 0; i < LEN(rows); i++) {
		enum err e = world_write(w, add_user, &rows[i]);

		CHECK_ROW(i, e == (rows[i].field ? ERR_INVALID : ERR_OK));
		CHECK_ROW(i, !rows[i].field || world_field(w, rows[i].field));
	}
	CHECK(!user_by_login(&w->c, S("WANG.LEI"), &u));
	CHECK(str_eq(u.login, S("wang.lei")) && str_eq(u.name, S("王磊")) && u.ver == 1 && u.active && !u.has_password && u.n_roles == 0);
	CHECK(user_by_login(&w->c, S("nobody"), &u) == ERR_NOT_FOUND);
}

struct save { struct user u; int64_t user; enum role role; int64_t org; const char *path; };
static enum err save_user(struct ctx *c, void *arg) { return user_save(c, &((struct save *)arg)->u); }
static enum err grant(struct ctx *c, void *arg)
{
	const struct save *s = arg;

	return user_grant(c, s->user, s->role, s->org, str_c(s->path));
}
static enum err revoke(struct ctx *c, void *arg)
{
	const struct save *s = arg;

	return user_revoke(c, s->user, s->role, s->org);
}

static void give(struct world *w, int64_t user, enum role role, int64_t org, const char *path)
{
	CHECK(!world_write(w, grant, &(struct save){ .user = user, .role = role, .org = org, .path = path }));
}

static void saving_on(struct world *w)
{
	int64_t id = someone(w, "admin", (str){ 0 }), other;
	struct save s = { .user = id };

	give(w, id, ROLE_ADMIN, 1, "1.");
	CHECK(!user_get(&w->c, id, &s.u));
	CHECK(s.u.ver == 2 && s.u.n_roles == 1 && s.u.roles[0].role == ROLE_ADMIN && s.u.roles[0].org_id == 1);
	s.u.name = S("管理员");
	CHECK(!world_write(w, save_user, &s));
	CHECK(world_write(w, save_user, &s) == ERR_CONFLICT);
	CHECK(!user_get(&w->c, id, &s.u));
	CHECK(str_eq(s.u.name, S("管理员")) && s.u.ver == 3);
	s.u.active = false;
	CHECK(world_write(w, save_user, &s) == ERR_CONFLICT);
	s.role = ROLE_ADMIN;
	s.org = 1;
	CHECK(world_write(w, revoke, &s) == ERR_CONFLICT);
	other = someone(w, "second", (str){ 0 });
	give(w, other, ROLE_ADMIN, NIL, "");
	CHECK(!world_write(w, revoke, &s));
	CHECK(world_write(w, revoke, &s) == ERR_CONFLICT);
	s.u.ver = 4;
	CHECK(!world_write(w, save_user, &s));
	w->who.id = other;
	CHECK(!user_get(&w->c, other, &s.u));
	CHECK(s.u.n_roles == 1 && s.u.roles[0].org_id == NIL);
	s.u.active = false;
	CHECK(world_write(w, save_user, &s) == ERR_CONFLICT);
	w->who.id = NIL;
}

static void listing_on(struct world *w)
{
	static const struct { struct user_query q; const char *logins; } rows[] = {
		{ { .role = -1, .org_id = NIL }, "anna bob carl" },
		{ { .role = -1, .org_id = NIL, .limit = 2 }, "anna bob" },
		{ { .role = -1, .org_id = NIL, .after = { "anna", 4 } }, "bob carl" },
		{ { .role = ROLE_ENGINEER, .org_id = NIL }, "anna carl" },
		{ { .role = ROLE_ENGINEER, .org_id = 2 }, "carl" },
		{ { .role = -1, .org_id = NIL, .q = { "sxx", 3 } }, "anna bob carl" },
		{ { .role = -1, .org_id = NIL, .q = { "BO", 2 } }, "bob" },
		{ { .role = -1, .org_id = NIL, .q = { "%", 1 } }, "" },
		{ { .role = -1, .org_id = NIL, .q = { "_", 1 } }, "" },
	};
	int64_t a = someone(w, "anna", (str){ 0 }), b = someone(w, "bob", (str){ 0 }), d = someone(w, "carl", (str){ 0 });
	struct user *u;
	size_t n;

	give(w, a, ROLE_ENGINEER, 3, "1.2.3.");
	give(w, a, ROLE_STATION_HEAD, 3, "1.2.3.");
	give(w, d, ROLE_ENGINEER, 2, "1.2.");
	give(w, b, ROLE_QUALITY, 1, "1.");
	for (size_t i = 0; i < LEN(rows); i++) {
		str names = S("");

		CHECK(!user_list(&w->c, &rows[i].q, &u, &n));
		for (size_t k = 0; k < n; k++)
			names = arena_fmt(&w->a, "%.*s%s%.*s", STR_ARG(names), k ? " " : "", STR_ARG(u[k].login));
		CHECK_ROW(i, str_eq(names, str_c(rows[i].logins)));
	}
	CHECK(!user_list(&w->c, &rows[0].q, &u, &n));
	CHECK(u[0].n_roles == 2 && u[1].n_roles == 1 && u[2].n_roles == 1 && u[1].roles[0].role == ROLE_QUALITY);
	CHECK(!user_at(&w->c, ROLE_ENGINEER, S("1.2."), &u, &n) && n == 2);
	CHECK(!user_at(&w->c, ROLE_ENGINEER, S("1.2.3."), &u, &n) && n == 1 && u[0].id == a);
	CHECK(!user_at(&w->c, ROLE_ENGINEER, S("1.20."), &u, &n) && n == 0);
}

static enum err org_moves(struct ctx *c, void *arg)
{
	(void)arg;
	return account_org_moved(c, S("1.2."), S("1.7.2."));
}

static void moved_on(struct world *w)
{
	int64_t a = someone(w, "anna", (str){ 0 }), b = someone(w, "bob", (str){ 0 });
	const struct actor *who;

	give(w, a, ROLE_ENGINEER, 3, "1.2.3.");
	give(w, b, ROLE_ENGINEER, 20, "1.20.");
	CHECK(!world_write(w, org_moves, NULL));
	CHECK(!account_actor(&w->c, a, &who) && str_eq(who->org_path, S("1.7.2.3.")));
	CHECK(!account_actor(&w->c, b, &who) && str_eq(who->org_path, S("1.20.")));
}

static void actors_on(struct world *w)
{
	int64_t a = someone(w, "anna", (str){ 0 });
	const struct actor *who;

	CHECK(!account_actor(&w->c, a, &who));
	CHECK(!who->perms && who->sight == SIGHT_NONE && who->org_id == NIL && !strcmp(who->lang, "zh") && who->zone);
	give(w, a, ROLE_ENGINEER, 3, "1.2.3.");
	CHECK(!account_actor(&w->c, a, &who) && who->sight == SIGHT_OWN && who->org_id == 3);
	give(w, a, ROLE_STOREKEEPER, 3, "1.2.3.");
	give(w, a, ROLE_STOREKEEPER, 2, "1.2.");
	CHECK(!account_actor(&w->c, a, &who));
	CHECK(who->perms == (role_info[ROLE_ENGINEER].perms | role_info[ROLE_STOREKEEPER].perms));
	CHECK(who->sight == SIGHT_ORG && who->org_id == 2 && str_eq(who->org_path, S("1.2.")));
	CHECK(world_write(w, grant, &(struct save){ .user = a, .role = ROLE_DISPATCHER, .org = NIL, .path = "" }) == ERR_INVALID && world_field(w, "org"));
	CHECK(account_actor(&w->c, a + 1, &who) == ERR_NOT_FOUND);
}

/* ---- passwords and sessions ---- */

static void passwords_on(struct world *w)
{
	static const struct { const char *text; bool ok; } rows[] = {
		{ "", false }, { "short", false }, { "1234567890", false }, { "aaaaaaaaaaaa", false }, { "Password123", false }, { "9876543210", false },
		{ "屏幕碎了键盘也坏了吧", true },
	};
	str hash, again;
	enum err e;

	for (size_t i = 0; i < LEN(rows); i++) {
		world_calm(w);
		CHECK_ROW(i, password_hash(&w->c, str_c(rows[i].text), &hash) == (rows[i].ok ? ERR_OK : ERR_INVALID));
		CHECK_ROW(i, rows[i].ok || world_field(w, "password"));
	}
	CHECK(str_starts(hash, S("$argon2id$v=19$m=65536,t=2,p=1$")));
	CHECK(password_matches(&w->c, hash, str_c(rows[LEN(rows) - 1].text), &e));
	CHECK(!password_matches(&w->c, hash, S("something else"), &e) && !e);
	CHECK(!password_matches(&w->c, (str){ 0 }, S("nobody"), &e) && !e);
	CHECK(!password_outdated(&w->a, hash));
	again = password_random(&w->a);
	CHECK(again.n == 20 && !str_eq(again, password_random(&w->a)));
}

static const str right = { "correct horse battery", 21 };

static int64_t with_password(struct world *w, const char *login)
{
	str hash;

	CHECK(!password_hash(&w->c, right, &hash));
	return someone(w, login, hash);
}

static enum err sign_in(struct world *w, const char *login, str password, str *ret_token)
{
	struct signed_in in;
	enum err e;

	world_calm(w);
	e = account_sign_in(&w->c, str_c(login), password, S("127.0.0.1"), S("a browser"), &in);
	if (!e)
		*ret_token = in.token;
	return e;
}

static enum err identify(struct world *w, str session, str bearer, const struct actor **who)
{
	str csrf = { 0 };
	enum err e;

	world_calm(w);
	e = account_identify(&w->c, session, bearer, who, &csrf);
	if (!e && session.n)
		CHECK(csrf.n == 43 && !str_eq(csrf, session));
	return e;
}

static void signing_in_on(struct world *w)
{
	int64_t id = with_password(w, "anna");
	const struct actor *who;
	struct save s = { 0 };
	str token, other;

	give(w, id, ROLE_AGENT, 1, "1.");
	CHECK(sign_in(w, "anna", S("wrong"), &token) == ERR_UNAUTHORIZED);
	CHECK(sign_in(w, "nobody", right, &token) == ERR_UNAUTHORIZED);
	CHECK(!sign_in(w, " ANNA", right, &token) && token.n == 43);
	CHECK(!identify(w, token, (str){ 0 }, &who));
	CHECK(who->id == id && who->sight == SIGHT_ALL && (who->perms & PERM_ORDER_REGISTER) && !(who->perms & PERM_USER_EDIT));
	CHECK(identify(w, S("no such session"), (str){ 0 }, &who) == ERR_UNAUTHORIZED);
	CHECK(!identify(w, (str){ 0 }, (str){ 0 }, &who) && who->id == NIL && !who->perms && who->sight == SIGHT_NONE);
	CHECK(!sign_in(w, "anna", right, &other) && !str_eq(token, other));
	w->c.now.ms += 12 * HOUR - 1;
	CHECK(!identify(w, token, (str){ 0 }, &who));
	w->c.now.ms += 1;
	CHECK(identify(w, other, (str){ 0 }, &who) == ERR_UNAUTHORIZED);
	CHECK(!identify(w, token, (str){ 0 }, &who));
	CHECK(!user_get(&w->c, id, &s.u));
	someone(w, "second", (str){ 0 });
	s.u.active = false;
	CHECK(!world_write(w, save_user, &s));
	CHECK(identify(w, token, (str){ 0 }, &who) == ERR_UNAUTHORIZED);
	CHECK(sign_in(w, "anna", right, &token) == ERR_UNAUTHORIZED);
}

static void lockout_on(struct world *w)
{
	str token;

	with_password(w, "anna");
	for (int i = 0; i < 5; i++) {
		CHECK_ROW(i, sign_in(w, "anna", S("wrong"), &token) == ERR_UNAUTHORIZED);
		CHECK_ROW(i, sign_in(w, "nobody", S("wrong"), &token) == ERR_UNAUTHORIZED);
	}
	CHECK(sign_in(w, "anna", right, &token) == ERR_TOO_MANY);
	CHECK(sign_in(w, "nobody", right, &token) == ERR_TOO_MANY);
	w->c.now.ms += 30 * 1000;
	CHECK(!sign_in(w, "anna", right, &token));
	CHECK(!sign_in(w, "anna", right, &token));
}

static enum err end_own(struct ctx *c, void *arg)
{
	const int64_t *id = arg;

	return session_end_id(c, id[0], id[1]);
}

static enum err end_token(struct ctx *c, void *arg) { return session_end(c, *(str *)arg); }

static void sessions_on(struct world *w)
{
	int64_t id = with_password(w, "anna"), other = someone(w, "bob", (str){ 0 });
	const struct actor *who;
	struct session *s;
	str one, two, three;
	size_t n;

	CHECK(!sign_in(w, "anna", right, &one));
	CHECK(!sign_in(w, "anna", right, &two));
	CHECK(!session_list(&w->c, id, two, &s, &n));
	CHECK(n == 2 && s[0].current + s[1].current == 1 && str_eq(s[0].remote, S("127.0.0.1")) && str_eq(s[0].agent, S("a browser")));
	w->c.now.ms += HOUR;
	CHECK(!identify(w, two, (str){ 0 }, &who));
	CHECK(!session_sweep(&w->c));
	CHECK(!session_list(&w->c, id, two, &s, &n));
	CHECK(n == 2 && s[0].current && s[0].seen_at.ms == w->c.now.ms && s[1].seen_at.ms == world_now.ms);
	CHECK(world_write(w, end_own, (int64_t[]){ other, s[1].id }) == ERR_NOT_FOUND);
	CHECK(!world_write(w, end_own, (int64_t[]){ id, s[1].id }));
	CHECK(identify(w, one, (str){ 0 }, &who) == ERR_UNAUTHORIZED);
	CHECK(!sign_in(w, "anna", right, &three));
	w->who.id = id;
	world_calm(w);
	CHECK(account_change_password(&w->c, S("wrong"), S("another good one"), two) == ERR_INVALID && world_field(w, "old"));
	world_calm(w);
	CHECK(!account_change_password(&w->c, right, S("another good one"), two));
	w->who.id = NIL;
	CHECK(identify(w, three, (str){ 0 }, &who) == ERR_UNAUTHORIZED);
	CHECK(!identify(w, two, (str){ 0 }, &who));
	CHECK(!world_write(w, end_token, &two));
	CHECK(identify(w, two, (str){ 0 }, &who) == ERR_UNAUTHORIZED);
	CHECK(sign_in(w, "anna", right, &one) == ERR_UNAUTHORIZED);
	CHECK(!sign_in(w, "anna", S("another good one"), &one));
	w->c.now.ms += 13 * (int64_t)HOUR;
	CHECK(!session_sweep(&w->c));
	CHECK(!session_list(&w->c, id, one, &s, &n) && n == 0);
}

struct tok { int64_t user, id; uint64_t roles; instant until; str name, text; };
static enum err add_token(struct ctx *c, void *arg)
{
	struct tok *t = arg;

	return token_add(c, t->user, t->name, t->roles, t->until, &t->text);
}
static enum err revoke_token(struct ctx *c, void *arg)
{
	const struct tok *t = arg;

	return token_revoke(c, t->user, t->id);
}

static void tokens_on(struct world *w)
{
	struct tok t = { .user = someone(w, "anna", (str){ 0 }), .roles = 1u << ROLE_ENGINEER, .until = { world_now.ms + HOUR }, .name = S("scanner") };
	const struct actor *who;
	struct token *list;
	size_t n;

	give(w, t.user, ROLE_ENGINEER, 3, "1.2.3.");
	give(w, t.user, ROLE_QUALITY, 1, "1.");
	CHECK(!world_write(w, add_token, &t));
	CHECK(t.text.n == 46 && str_starts(t.text, S("bx_")));
	CHECK(!identify(w, (str){ 0 }, t.text, &who));
	CHECK(who->id == t.user && who->perms == role_info[ROLE_ENGINEER].perms && who->sight == SIGHT_OWN && who->org_id == 3);
	CHECK(identify(w, t.text, (str){ 0 }, &who) == ERR_UNAUTHORIZED);
	CHECK(!session_sweep(&w->c));
	CHECK(!token_list(&w->c, t.user, &list, &n));
	CHECK(n == 1 && list[0].used_at.ms == world_now.ms && list[0].roles == t.roles);
	w->c.now.ms += HOUR;
	CHECK(identify(w, (str){ 0 }, t.text, &who) == ERR_UNAUTHORIZED);
	t.id = list[0].id;
	CHECK(!world_write(w, revoke_token, &t));
	CHECK(world_write(w, revoke_token, &t) == ERR_NOT_FOUND);
	CHECK(world_write(w, add_token, &t) == ERR_INVALID && world_field(w, "expires_at"));
	t.until = NO_INSTANT;
	t.name = S(" ");
	CHECK(world_write(w, add_token, &t) == ERR_INVALID && world_field(w, "name"));
}

/* ---- torture ---- */

static struct save tortured;
static bool user_unchanged(struct world *w)
{
	struct user u;
	struct event *e;
	size_t n, m;

	CHECK(!user_get(&w->c, tortured.user, &u));
	CHECK(!audit_list(&w->c, "user", tortured.user, 0, 0, &e, &n));
	CHECK(!token_list(&w->c, tortured.user, (struct token **)&(void *){ 0 }, &m));
	return u.ver == 1 && u.n_roles == 0 && u.active && n == 1 && m == 0;
}

static enum err everything(struct ctx *c, void *arg)
{
	struct save *s = arg;
	struct user u;
	str text;

	TRY(user_grant(c, s->user, ROLE_ENGINEER, 3, S("1.2.3.")));
	TRY(user_revoke(c, s->user, ROLE_ENGINEER, 3));
	TRY(user_get(c, s->user, &u));
	u.active = false;
	TRY(user_save(c, &u));
	TRY(password_set(c, s->user, S("hash"), true));
	TRY(session_start(c, s->user, S("::1"), S(""), &text));
	return token_add(c, s->user, S("x"), 1, NO_INSTANT, &text);
}

static void torture_on(struct world *w)
{
	tortured.user = someone(w, "anna", (str){ 0 });
	world_torture(w, everything, &tortured, user_unchanged);
}

static void users(void **state) { (void)state; world_each(slices, users_on); }
static void saving(void **state) { (void)state; world_each(slices, saving_on); }
static void listing(void **state) { (void)state; world_each(slices, listing_on); }
static void moved(void **state) { (void)state; world_each(slices, moved_on); }
static void actors(void **state) { (void)state; world_each(slices, actors_on); }
static void passwords(void **state) { (void)state; world_each(slices, passwords_on); }
static void signing_in(void **state) { (void)state; world_each(slices, signing_in_on); }
static void lockout(void **state) { (void)state; world_each(slices, lockout_on); }
static void sessions(void **state) { (void)state; world_each(slices, sessions_on); }
static void tokens(void **state) { (void)state; world_each(slices, tokens_on); }
static void torture(void **state) { (void)state; world_each(slices, torture_on); }

UNIT_GROUP(account, T(tables), T(users), T(saving), T(listing), T(moved), T(actors), T(passwords), T(signing_in), T(lockout), T(sessions), T(tokens),
	T(torture))
