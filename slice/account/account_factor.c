/* account_factor.c — the second factor: codes by the clock from a secret that lies sealed, and recovery codes that are kept only as hashes. */
#include "base/i18n.h"
#include "slice/account/account_int.h"
#include "slice/account/totp.h"
#include "slice/audit/audit.h"
#include "account.sql.h"
#include <sodium.h>

enum { GROUPS = 4, GROUP = 4, CODE_BYTES = 10 };

struct factor_row { str secret; instant confirmed_at; int64_t last_step; };
static const struct field factor_row_fields[] = { FIELD(struct factor_row, secret), FIELD(struct factor_row, confirmed_at), FIELD(struct factor_row, last_step), { 0 } };

static enum err row_of(struct ctx *c, int64_t user_id, struct factor_row *ret)
{
	enum err e = db_row(c, &q_factor_get, BIND(P(user_id, user_id)), factor_row_fields, ret);

	if (e != ERR_NOT_FOUND)
		return e;
	*ret = (struct factor_row){ .confirmed_at = NO_INSTANT };
	return ERR_OK;
}

static enum err key_of(struct ctx *c, const struct factor_row *f, str *ret)
{
	return secret_open(c->a, f->secret, ret) ? ERR_OK : fail(c, ERR_DB, N_("The secret was sealed with another key."));
}

enum err factor_get(struct ctx *c, int64_t user_id, struct factor *ret)
{
	struct factor_row f;
	str key;

	TRY(row_of(c, user_id, &f));
	*ret = (struct factor){ .since = f.confirmed_at, .on = f.confirmed_at.ms != NIL };
	TRY(db_int(c, &q_recovery_count, BIND(P(user_id, user_id)), &ret->codes_left));
	if (ret->on || !f.secret.n || user_id != c->who->id)
		return ERR_OK;
	TRY(key_of(c, &f, &key));
	ret->secret = base32(c->a, key);
	return ERR_OK;
}

enum err factor_begin(struct ctx *c)
{
	char noise[TOTP_KEY];
	struct factor_row f;
	str sealed;

	assert(db_writing(c->db));
	TRY(row_of(c, c->who->id, &f));
	if (f.confirmed_at.ms != NIL)
		return fail(c, ERR_CONFLICT, N_("The second step is switched on already."));
	randombytes_buf(noise, sizeof noise);
	if (!secret_seal(c->a, (str){ noise, sizeof noise }, &sealed))
		return fail(c, ERR_CONFLICT, N_("Secrets cannot be kept: this service has no key for them."));
	return db_exec(c, &q_factor_put, BIND(P(user_id, c->who->id), P(secret, sealed)), 1);
}

/* ---- recovery codes ---- */

/* What is typed may have other case, blanks and dashes. */
static str code_hash(struct ctx *c, int64_t user_id, str typed)
{
	char plain[GROUPS * GROUP + 1];
	size_t n = 0;

	for (size_t i = 0; i < typed.n && n < sizeof plain; i++) {
		char ch = typed.p[i];

		if (ch != ' ' && ch != '-')
			plain[n++] = ch >= 'a' && ch <= 'z' ? (char)(ch - 'a' + 'A') : ch;
	}
	return secret_hash(c->a, "recovery", arena_fmt(c->a, "%lld:%.*s", (long long)user_id, (int)n, plain));
}

static enum err codes_new(struct ctx *c, int64_t user_id, str ret[RECOVERY_CODES])
{
	TRY(db_exec(c, &q_recovery_drop, BIND(P(user_id, user_id)), -1));
	for (int i = 0; i < RECOVERY_CODES; i++) {
		char noise[CODE_BYTES];
		str t;

		randombytes_buf(noise, sizeof noise);
		t = base32(c->a, (str){ noise, sizeof noise });
		ret[i] = arena_fmt(c->a, "%.4s-%.4s-%.4s-%.4s", t.p, t.p + GROUP, t.p + 2 * GROUP, t.p + 3 * GROUP);
		TRY(db_exec(c, &q_recovery_add, BIND(P(user_id, user_id), P(hash, code_hash(c, user_id, ret[i]))), 1));
	}
	return ERR_OK;
}

/* ---- using ---- */

/* Each code and each recovery code opens once; two that come at the same time do not both. */
static enum err use(struct ctx *c, int64_t user_id, str typed, bool *ret_good)
{
	struct factor_row f;
	int64_t step;
	enum err e;
	str key;

	*ret_good = false;
	TRY(row_of(c, user_id, &f));
	if (!f.secret.n)
		return ERR_OK;
	TRY(key_of(c, &f, &key));
	step = totp_match(key, typed, c->now, f.last_step);
	if (step >= 0)
		e = db_exec(c, &q_factor_used, BIND(P(step, step), P(user_id, user_id)), 1);
	else
		e = db_exec(c, &q_recovery_use, BIND(P(user_id, user_id), P(hash, code_hash(c, user_id, typed))), 1);
	if (e && e != ERR_CONFLICT)
		return e;
	*ret_good = !e;
	if (!e && step < 0)
		TRY(audit_add(c, "user", user_id, "recovery_code_used", NULL));
	return ERR_OK;
}

static str attempts_of(struct ctx *c, int64_t user_id) { return secret_hash(c->a, "factor", arena_fmt(c->a, "%lld", (long long)user_id)); }

struct trial { int64_t user_id; str typed, remote; bool good; };

static enum err try_write(struct ctx *c, void *arg)
{
	struct trial *t = arg;
	str hash = attempts_of(c, t->user_id);

	TRY(use(c, t->user_id, t->typed, &t->good));
	return t->good ? attempt_clear(c, hash) : attempt_failed(c, hash, t->user_id, t->remote, "second_step_failed");
}

/* A wrong code is noted although what it was for fails. */
static enum err check_code(struct ctx *c, int64_t user_id, str typed, str remote)
{
	struct trial t = { .user_id = user_id, .typed = typed, .remote = remote };

	assert(!db_writing(c->db));
	TRY(attempt_allowed(c, attempts_of(c, user_id)));
	TRY(db_write(db_of(c->db), c, try_write, &t));
	return t.good ? ERR_OK : fail_field(c, "code", N_("This code is wrong or was used already. Wait for the next one; the clock of your phone must be right."));
}

struct change { int64_t user_id; str codes[RECOVERY_CODES]; };

static enum err confirm_write(struct ctx *c, void *arg)
{
	struct change *k = arg;

	TRY(db_exec(c, &q_factor_confirm, BIND(P(at, c->now), P(user_id, k->user_id)), 1));
	TRY(codes_new(c, k->user_id, k->codes));
	return audit_add(c, "user", k->user_id, "factor_on", NULL);
}

static enum err renew_write(struct ctx *c, void *arg)
{
	struct change *k = arg;

	TRY(codes_new(c, k->user_id, k->codes));
	return audit_add(c, "user", k->user_id, "recovery_codes_new", NULL);
}

static enum err drop(struct ctx *c, int64_t user_id, const char *what)
{
	TRY(db_exec(c, &q_recovery_drop, BIND(P(user_id, user_id)), -1));
	TRY(db_exec(c, &q_factor_drop, BIND(P(user_id, user_id)), 1));
	return audit_add(c, "user", user_id, what, NULL);
}

static enum err off_write(struct ctx *c, void *arg) { return drop(c, ((struct change *)arg)->user_id, "factor_off"); }

static enum err changed(struct ctx *c, bool on, str code, str remote, enum err (*fn)(struct ctx *c, void *arg), str *ret_codes)
{
	struct change k = { .user_id = c->who->id };
	struct factor f;

	TRY(factor_get(c, k.user_id, &f));
	if (f.on != on)
		return fail(c, ERR_CONFLICT, NULL);
	TRY(check_code(c, k.user_id, code, remote));
	TRY(db_write(db_of(c->db), c, fn, &k));
	if (ret_codes)
		memcpy(ret_codes, k.codes, sizeof k.codes);
	return ERR_OK;
}

enum err factor_confirm(struct ctx *c, str code, str remote, str ret_codes[RECOVERY_CODES]) { return changed(c, false, code, remote, confirm_write, ret_codes); }
enum err factor_renew(struct ctx *c, str code, str remote, str ret_codes[RECOVERY_CODES]) { return changed(c, true, code, remote, renew_write, ret_codes); }
enum err factor_off(struct ctx *c, str code, str remote) { return changed(c, true, code, remote, off_write, NULL); }

enum err factor_reset(struct ctx *c, int64_t user_id)
{
	enum err e;

	assert(db_writing(c->db));
	e = drop(c, user_id, "factor_reset");
	return e == ERR_CONFLICT ? fail(c, ERR_CONFLICT, N_("This person has no second step.")) : e;
}

/* ---- signing in, second step ---- */

struct entry { int64_t user_id; str pending, remote, agent, token; };

static enum err enter_write(struct ctx *c, void *arg)
{
	struct entry *en = arg;

	TRY(session_end(c, en->pending));
	TRY(session_start(c, en->user_id, en->remote, en->agent, &en->token));
	return audit_add(c, "user", en->user_id, "signed_in", BIND(P(remote, en->remote), P(second_step, true)));
}

enum err account_second_step(struct ctx *c, str pending, str code, str remote, str agent, str *ret_token)
{
	struct entry en = { .pending = pending, .remote = remote, .agent = agent };

	assert(!db_writing(c->db));
	TRY(session_pending(c, pending, &en.user_id));
	TRY(check_code(c, en.user_id, code, remote));
	TRY(db_write(db_of(c->db), c, enter_write, &en));
	*ret_token = arena_str(c->a, en.token);
	return ERR_OK;
}

enum err session_pending(struct ctx *c, str token, int64_t *ret_user)
{
	enum err e = token.n ? db_int(c, &q_session_pending, BIND(P(hash, secret_hash(c->a, "session", token)), P(now, c->now)), ret_user) : ERR_NOT_FOUND;

	return e == ERR_NOT_FOUND ? fail(c, ERR_UNAUTHORIZED, N_("Your session has ended. Please sign in again.")) : e;
}

/* ---- who must have one ---- */

bool factor_required(str roles, const char *role)
{
	str piece;

	while (str_cut(&roles, ' ', &piece))
		if (str_eq(piece, str_c(role)))
			return true;
	return false;
}

enum err factor_roles_ok(struct ctx *c, const char *name, str value)
{
	str piece;

	while (str_cut(&value, ' ', &piece))
		if (piece.n && name_index(role_names, piece) < 0)
			return fail_field(c, name, N_("There is no role {1}."), piece);
	return ERR_OK;
}
