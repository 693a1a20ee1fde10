/* account_session.c — coming in: password, session cookie or token; and what is known of sessions and tokens. */
#include "slice/account/account_int.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/audit/audit.h"
#include "account.sql.h"
#include <pthread.h>
#include <sodium.h>

enum { HOUR = 3600 * 1000, DAY = 24 * HOUR, FREE_TRIES = 5, LOCK_FIRST = 30 * 1000, LOCK_MAX = 15 * 60 * 1000, LIST_MAX = 100, AGENT_MAX = 200, PENDING = 5 * 60 * 1000 };

const struct field session_fields[] = {
	FIELD(struct session, id), FIELD(struct session, user_id), FIELD(struct session, remote), FIELD(struct session, agent),
	FIELD(struct session, created_at), FIELD(struct session, seen_at), FIELD(struct session, expires_at), FIELD(struct session, current), { 0 }
};
static const struct field token_row_fields[] = {
	FIELD(struct token, id), FIELD(struct token, user_id), FIELD(struct token, name), FIELD(struct token, roles),
	FIELD(struct token, created_at), FIELD(struct token, used_at), FIELD(struct token, expires_at), { 0 }
};
const struct field token_fields[] = {
	FIELD(struct token, id), FIELD(struct token, user_id), FIELD(struct token, name), FIELD(struct token, scope),
	FIELD(struct token, created_at), FIELD(struct token, used_at), FIELD(struct token, expires_at), { 0 }
};

/* ---- secrets ---- */

str secret_hash(struct arena *a, const char *what, str secret)
{
	unsigned char b[32];
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, sizeof b);
	crypto_generichash_update(&h, (const unsigned char *)what, strlen(what) + 1);
	crypto_generichash_update(&h, (const unsigned char *)(secret.p ? secret.p : ""), secret.n);
	crypto_generichash_final(&h, b, sizeof b);
	return str_base64(a, b, sizeof b);
}

str secret_random(struct arena *a)
{
	unsigned char b[32];

	randombytes_buf(b, sizeof b);
	return str_base64(a, b, sizeof b);
}

/* ---- last use: noted in memory at every request, written by the sweep ---- */

enum { TOUCHES = 4096, TOUCH_EVERY = 60 * 1000, HASH_TEXT = 43 };
static struct touch { int64_t seen; bool token; char hash[HASH_TEXT]; } touches[TOUCHES];
static pthread_mutex_t touch_lock = PTHREAD_MUTEX_INITIALIZER;

/* Notes the use and returns when it was last seen before, as far as this process knows. */
static int64_t touch(str hash, bool token, int64_t seen, int64_t now)
{
	size_t slot = 0;
	struct touch *t;

	for (size_t i = 0; i < 8; i++)
		slot = slot * 31 + (unsigned char)hash.p[i];
	t = &touches[slot % TOUCHES];
	pthread_mutex_lock(&touch_lock);
	if (!memcmp(t->hash, hash.p, HASH_TEXT)) {
		seen = t->seen > seen ? t->seen : seen;
		t->seen = now;
	} else if (now - seen >= TOUCH_EVERY) {
		*t = (struct touch){ .seen = now, .token = token };
		memcpy(t->hash, hash.p, HASH_TEXT);
	}
	pthread_mutex_unlock(&touch_lock);
	return seen;
}

static size_t touches_copy(struct touch *to)
{
	size_t n = 0;

	pthread_mutex_lock(&touch_lock);
	for (size_t i = 0; i < TOUCHES; i++)
		if (touches[i].seen)
			to[n++] = touches[i];
	pthread_mutex_unlock(&touch_lock);
	return n;
}

/* What was used again meanwhile stays noted. */
static void touches_drop(const struct touch *done, size_t n)
{
	pthread_mutex_lock(&touch_lock);
	for (size_t i = 0, k = 0; i < TOUCHES && k < n; i++) {
		if (memcmp(touches[i].hash, done[k].hash, HASH_TEXT))
			continue;
		if (touches[i].seen == done[k].seen)
			touches[i] = (struct touch){ 0 };
		k++;
	}
	pthread_mutex_unlock(&touch_lock);
}

struct seen { struct touch *t; size_t n; };

static enum err sweep_write(struct ctx *c, void *arg)
{
	const struct seen *s = arg;

	for (size_t i = 0; i < s->n; i++)
		TRY(db_exec(c, s->t[i].token ? &q_token_seen : &q_session_seen,
			BIND(P(seen_at, s->t[i].seen), P(hash, ((str){ s->t[i].hash, HASH_TEXT }))), -1));
	TRY(db_exec(c, &q_session_sweep, BIND(P(now, c->now)), -1));
	TRY(db_exec(c, &q_attempt_sweep, BIND(P(before, c->now.ms - DAY)), -1));
	return db_exec(c, &q_idem_sweep, BIND(P(before, c->now.ms - DAY)), -1);
}

enum err session_sweep(struct ctx *c)
{
	struct seen s = { .t = NEW_N(c->a, struct touch, TOUCHES) };

	s.n = touches_copy(s.t);
	TRY(db_write(db_of(c->db), c, sweep_write, &s));
	touches_drop(s.t, s.n);
	return ERR_OK;
}

/* ---- who is it ---- */

struct pass {
	int64_t id, customer_id, org_id, seen_at, idle_ms, expires_at, roles;
	int role;
	str name, login, lang, zone, org_path;
	str must_roles;                                /* roles that need a second factor, when this person has none */
	bool must_change, pending;
};
static const struct field pass_fields[] = {
	FIELD(struct pass, id), FIELD(struct pass, customer_id), FIELD(struct pass, org_id), FIELD(struct pass, seen_at),
	FIELD(struct pass, idle_ms), FIELD(struct pass, expires_at), FIELD(struct pass, roles), FIELD_ENUM(struct pass, role, role_names),
	FIELD(struct pass, name), FIELD(struct pass, login), FIELD(struct pass, lang), FIELD(struct pass, zone), FIELD(struct pass, org_path),
	FIELD(struct pass, must_change), FIELD(struct pass, pending), FIELD(struct pass, must_roles), { 0 }
};

static const struct tz *zone_of(struct ctx *c, str zone)
{
	const struct tz *z = zone.p ? tz_get(zone) : NULL;

	return z ? z : tz_get(setting_str(c, "zone"));
}

/* Permissions are the union of the roles; the place is that of the role that sees most, the highest in the tree among equals. */
static const struct actor *actor_make(struct ctx *c, const struct pass *p, size_t n, uint64_t roles)
{
	struct actor *who = NEW(c->a, struct actor);

	*who = (struct actor){ .id = p->id, .org_id = NIL, .customer_id = p->customer_id, .name = p->name, .login = p->login,
		.lang = str_eq(p->lang, S("en")) ? "en" : "zh", .zone = zone_of(c, p->zone), .until = { p->expires_at } };
	for (size_t i = 0; i < n && !p->must_change; i++) {
		const struct role_info *info;

		if (p[i].role < 0 || !(roles >> p[i].role & 1))
			continue;
		info = &role_info[p[i].role];
		if (info->sight == SIGHT_ORG && !p[i].org_path.n)
			continue;                      /* an empty path would be the start of every path */
		who->perms |= info->perms;
		if (info->sight > who->sight || (info->sight == who->sight && p[i].org_path.n < who->org_path.n)) {
			who->sight = info->sight;
			who->org_id = p[i].org_id ? p[i].org_id : NIL;
			who->org_path = p[i].org_path;
		}
	}
	return who;
}

static enum err nobody(struct ctx *c, const struct actor **ret)
{
	struct actor *who = NEW(c->a, struct actor);

	*who = actor_nobody;
	who->lang = NULL;                              /* the browser's */
	who->zone = zone_of(c, (str){ 0 });
	*ret = who;
	return ERR_OK;
}

static enum err rows_of(struct ctx *c, const struct sql *q, const struct bind *b, struct pass **ret, size_t *ret_n)
{
	return db_rows(c, q, b, pass_fields, sizeof **ret, 1000, ret, ret_n);
}

static enum err by_token(struct ctx *c, str bearer, const struct actor **ret)
{
	str hash = secret_hash(c->a, "token", bearer);
	struct pass *p;
	size_t n;

	TRY(rows_of(c, &q_account_actor_by_token, BIND(P(hash, hash)), &p, &n));
	if (!n || (p->expires_at != NIL && p->expires_at <= c->now.ms))
		return fail(c, ERR_UNAUTHORIZED, N_("This token is not valid."));
	touch(hash, true, p->seen_at == NIL ? 0 : p->seen_at, c->now.ms);
	p->must_change = false;                        /* holds back whoever signs in by password, not their scripts */
	*ret = actor_make(c, p, n, (uint64_t)p->roles);
	return ERR_OK;
}

/* Until they have a second factor they may do no more than set one up. */
static bool must_enrol(const struct pass *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i].role >= 0 && factor_required(p->must_roles, role_names[p[i].role]))
			return true;
	return false;
}

static enum err by_session(struct ctx *c, str session, const struct actor **ret, str *ret_csrf)
{
	str hash = secret_hash(c->a, "session", session);
	struct pass *p;
	size_t n;

	TRY(rows_of(c, &q_account_actor_by_session, BIND(P(hash, hash)), &p, &n));
	if (!n || p->expires_at <= c->now.ms || touch(hash, false, p->seen_at, c->now.ms) + p->idle_ms <= c->now.ms)
		return fail(c, ERR_UNAUTHORIZED, N_("Your session has ended. Please sign in again."));
	*ret_csrf = secret_hash(c->a, "csrf", session);
	if (p->pending)
		return nobody(c, ret);
	p->must_change |= must_enrol(p, n);
	*ret = actor_make(c, p, n, UINT64_MAX);
	return ERR_OK;
}

enum err account_identify(struct ctx *c, str session, str bearer, const struct actor **ret, str *ret_csrf)
{
	if (bearer.n)
		return by_token(c, bearer, ret);
	if (session.n)
		return by_session(c, session, ret, ret_csrf);
	return nobody(c, ret);
}

enum err account_actor(struct ctx *c, int64_t user_id, const struct actor **ret)
{
	struct pass *p;
	size_t n;

	TRY(rows_of(c, &q_account_actor_by_id, BIND(P(id, user_id)), &p, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	*ret = actor_make(c, p, n, UINT64_MAX);
	return ERR_OK;
}

/* ---- signing in ---- */

struct secret { int64_t id; str password; bool active; };
static const struct field secret_fields[] = { FIELD(struct secret, id), FIELD(struct secret, password), FIELD(struct secret, active), { 0 } };
struct attempt { int64_t fails, locked_until; };
static const struct field attempt_fields[] = { FIELD(struct attempt, fails), FIELD(struct attempt, locked_until), { 0 } };
struct entry { str login_hash, remote, agent, rehash, token; int64_t user_id; bool ok, pending; };

static int64_t lock_ms(int64_t fails)
{
	int64_t over = fails - FREE_TRIES;

	if (over < 0)
		return 0;
	return over > 5 ? LOCK_MAX : LOCK_FIRST << over;
}

enum err attempt_failed(struct ctx *c, str hash, int64_t user_id, str remote, const char *what)
{
	int64_t fails;

	TRY(db_int(c, &q_attempt_failed, BIND(P(hash, hash), P(at, c->now)), &fails));
	if (lock_ms(fails))
		TRY(db_exec(c, &q_attempt_lock, BIND(P(until, c->now.ms + lock_ms(fails)), P(hash, hash)), 1));
	if (user_id == NIL)
		return ERR_OK;
	return audit_add(c, "user", user_id, what, BIND(P(remote, remote), P(fails, fails)));
}

enum err attempt_clear(struct ctx *c, str hash) { return db_exec(c, &q_attempt_clear, BIND(P(hash, hash)), -1); }

static enum err session_put(struct ctx *c, int64_t user_id, str remote, str agent, bool pending, str *ret_token)
{
	str token = secret_random(c->a);
	int64_t idle = pending ? PENDING : setting_int(c, "session.idle_hours") * HOUR, most = pending ? PENDING : setting_int(c, "session.max_days") * DAY;

	assert(db_writing(c->db));
	if (agent.n > AGENT_MAX)
		agent = S("");
	TRY(db_exec(c, &q_session_add, BIND(P(user_id, user_id), P(hash, secret_hash(c->a, "session", token)), P(remote, remote.p ? remote : S("")),
		P(agent, agent.p ? agent : S("")), P(at, c->now), P(idle_ms, idle), P(expires_at, c->now.ms + most), P(pending, pending)), 1));
	*ret_token = token;
	return ERR_OK;
}

static enum err entry_write(struct ctx *c, void *arg)
{
	struct entry *en = arg;
	struct factor f;

	if (!en->ok)
		return attempt_failed(c, en->login_hash, en->user_id, en->remote, "sign_in_failed");
	TRY(attempt_clear(c, en->login_hash));
	if (en->rehash.p)
		TRY(db_exec(c, &q_account_rehash, BIND(P(password, en->rehash), P(id, en->user_id)), 1));
	TRY(db_exec(c, &q_account_signed_in, BIND(P(at, c->now), P(id, en->user_id)), 1));
	TRY(factor_get(c, en->user_id, &f));
	en->pending = f.on;
	if (f.on)
		return session_put(c, en->user_id, en->remote, en->agent, true, &en->token);
	TRY(session_start(c, en->user_id, en->remote, en->agent, &en->token));
	return audit_add(c, "user", en->user_id, "signed_in", BIND(P(remote, en->remote)));
}

enum err attempt_allowed(struct ctx *c, str hash)
{
	struct attempt at;
	enum err e = db_row(c, &q_attempt_get, BIND(P(hash, hash)), attempt_fields, &at);

	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	if (at.locked_until > c->now.ms)
		return fail(c, ERR_TOO_MANY, N_("Too many attempts. Try again after {1}."), (instant){ at.locked_until });
	return ERR_OK;
}

/* Unknown logins go the whole way too: the time taken and the answer do not tell them apart. */
static enum err entry_check(struct ctx *c, str login, str password, struct entry *en)
{
	struct secret s = { .id = NIL };
	enum err e = db_row(c, &q_account_secret, BIND(P(login, login)), secret_fields, &s);

	if (e && e != ERR_NOT_FOUND)
		return e;
	en->ok = password_matches(c, s.password, password, &e) && s.active;
	TRY(e);
	en->user_id = s.id;
	if (en->ok && password_outdated(c->a, s.password) && password_hash(c, password, &en->rehash))
		c->diag = (struct diag){ 0 };          /* an old, now too short password still opens */
	return ERR_OK;
}

enum err account_sign_in(struct ctx *c, str login, str password, str remote, str agent, struct signed_in *ret)
{
	str key = login_key(c, login);
	struct entry en = { .login_hash = secret_hash(c->a, "login", key), .remote = remote, .agent = agent };

	assert(!db_writing(c->db));
	TRY(attempt_allowed(c, en.login_hash));
	TRY(entry_check(c, key, password, &en));
	TRY(db_write(db_of(c->db), c, entry_write, &en));
	if (!en.ok)
		return fail(c, ERR_UNAUTHORIZED, N_("Login or password is wrong."));
	*ret = (struct signed_in){ en.user_id, arena_str(c->a, en.token), en.pending };
	return ERR_OK;
}

/* ---- sessions ---- */

enum err session_start(struct ctx *c, int64_t user_id, str remote, str agent, str *ret_token) { return session_put(c, user_id, remote, agent, false, ret_token); }

enum err session_end(struct ctx *c, str token)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_session_end, BIND(P(hash, secret_hash(c->a, "session", token))), -1);
}

enum err session_list(struct ctx *c, int64_t user_id, str current, struct session **ret, size_t *ret_n)
{
	return db_rows(c, &q_session_list, BIND(P(current, secret_hash(c->a, "session", current)), P(user_id, user_id), P(now, c->now)),
		session_fields, sizeof(struct session), LIST_MAX, ret, ret_n);
}

enum err session_end_id(struct ctx *c, int64_t user_id, int64_t id)
{
	enum err e;

	assert(db_writing(c->db));
	e = db_exec(c, &q_session_end_id, BIND(P(id, id), P(user_id, user_id)), 1);
	return e == ERR_CONFLICT ? fail(c, ERR_NOT_FOUND, NULL) : e;
}

/* ---- passwords ---- */

static enum err password_store(struct ctx *c, int64_t user_id, str hash, bool must_change, str keep)
{
	TRY(db_exec(c, &q_account_password_set, BIND(P(password, hash), P(must_change, must_change), P(id, user_id)), 1));
	TRY(db_exec(c, &q_session_end_all, BIND(P(user_id, user_id), P(keep, keep)), -1));
	return audit_add(c, "user", user_id, "password_set", BIND(P(must_change, must_change)));
}

enum err password_set(struct ctx *c, int64_t user_id, str hash, bool must_change)
{
	assert(db_writing(c->db));
	return password_store(c, user_id, hash, must_change, (str){ 0 });
}

struct change { str hash, keep; };

static enum err change_write(struct ctx *c, void *arg)
{
	const struct change *ch = arg;

	return password_store(c, c->who->id, ch->hash, false, ch->keep);
}

enum err account_change_password(struct ctx *c, str old, str fresh, str session)
{
	struct secret s;
	struct change ch = { .keep = session.n ? secret_hash(c->a, "session", session) : (str){ 0 } };
	enum err e;

	assert(!db_writing(c->db));
	TRY(db_row(c, &q_account_secret_by_id, BIND(P(id, c->who->id)), secret_fields, &s));
	if (!password_matches(c, s.password, old, &e))
		return e ? e : fail_field(c, "old", N_("This is not your present password."));
	TRY(password_hash(c, fresh, &ch.hash));
	return db_write(db_of(c->db), c, change_write, &ch);
}

/* ---- tokens ---- */

enum err token_add(struct ctx *c, int64_t user_id, str name, uint64_t roles, instant expires_at, str *ret_text)
{
	str text = arena_fmt(c->a, "bx_%.*s", STR_ARG(secret_random(c->a)));
	int64_t id;

	assert(db_writing(c->db));
	name = str_trim(name);
	if (!name.n || utf8_len(name) > 80)
		return fail_field(c, "name", N_("Name what the token is for."));
	if (expires_at.ms != NIL && expires_at.ms <= c->now.ms)
		return fail_field(c, "expires_at", N_("The token would already have expired."));
	TRY(db_insert(c, &q_token_add, BIND(P(user_id, user_id), P(hash, secret_hash(c->a, "token", text)), P(name, name),
		P(roles, (int64_t)(roles & INT64_MAX)), P(at, c->now), P(expires_at, expires_at)), &id));
	TRY(audit_add(c, "user", user_id, "token_added", BIND(P(token, id), P(name, name))));
	*ret_text = text;
	return ERR_OK;
}

static str scope_of(struct arena *a, uint64_t roles)
{
	str part[ROLE_N];
	size_t n = 0;

	for (int i = 0; i < ROLE_N; i++)
		if (roles >> i & 1)
			part[n++] = str_c(role_names[i]);
	return n == ROLE_N ? (str){ 0 } : arena_join(a, part, n, S(" "));
}

enum err token_list(struct ctx *c, int64_t user_id, struct token **ret, size_t *ret_n)
{
	struct token *t;
	size_t n;

	TRY(db_rows(c, &q_token_list, BIND(P(user_id, user_id)), token_row_fields, sizeof *t, LIST_MAX, &t, &n));
	for (size_t i = 0; i < n; i++)
		t[i].scope = scope_of(c->a, t[i].roles);
	*ret = t;
	*ret_n = n;
	return ERR_OK;
}

enum err token_revoke(struct ctx *c, int64_t user_id, int64_t id)
{
	enum err e;

	assert(db_writing(c->db));
	e = db_exec(c, &q_token_revoke, BIND(P(id, id), P(user_id, user_id)), 1);
	if (e == ERR_CONFLICT)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(e);
	return audit_add(c, "user", user_id, "token_revoked", BIND(P(token, id)));
}
