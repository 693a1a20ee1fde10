/* Codes by the clock: the vectors of RFC 4226 and 6238, the edges of a step; setting up, signing in, losing the phone. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/account/account_int.h"
#include "slice/account/totp.h"
#include "slice/audit/audit.h"
#include "base/time.h"

extern const struct slice slice_audit, slice_account;
static const struct slice *const slices[] = { &slice_audit, &slice_account, NULL };
static const unsigned char seal[32] = "a key that only the tests know.";
#define RFC_KEY S("12345678901234567890")

static void vectors(void **state)
{
	static const struct { int64_t seconds, code; } rfc6238[] = {
		{ 59, 94287082 }, { 1111111109, 7081804 }, { 1111111111, 14050471 }, { 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 },
	};
	static const int64_t rfc4226[] = { 755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489 };
	static const struct { const char *plain, *coded; } rfc4648[] = { { "", "" }, { "f", "MY" }, { "fo", "MZXQ" }, { "foo", "MZXW6" }, { "foob", "MZXW6YQ" }, { "fooba", "MZXW6YTB" }, { "foobar", "MZXW6YTBOI" } };
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < LEN(rfc6238); i++)
		CHECK_ROW(i, totp_code(RFC_KEY, totp_step((instant){ rfc6238[i].seconds * 1000 }), 8) == rfc6238[i].code);
	for (size_t i = 0; i < LEN(rfc4226); i++)
		CHECK_ROW(i, totp_code(RFC_KEY, (int64_t)i, 6) == rfc4226[i]);
	for (size_t i = 0; i < LEN(rfc4648); i++)
		CHECK_ROW(i, str_eq(base32(&a, str_c(rfc4648[i].plain)), str_c(rfc4648[i].coded)));
	arena_free(&a);
}

/* Step 3 is from second 90 to 119; its code is 969429. */
static void edges(void **state)
{
	static const struct { const char *typed; int64_t ms, used, step; } rows[] = {
		{ "969429", 59999, -1, -1 }, { "969429", 60000, -1, 3 }, { "969429", 90000, -1, 3 }, { "969429", 149999, -1, 3 }, { "969429", 150000, -1, -1 },
		{ "969429", 90000, 3, -1 }, { "969429", 90000, 2, 3 }, { "359152", 90000, 2, -1 }, { "969 429", 90000, -1, 3 }, { "96942", 90000, -1, -1 }, { "9694290", 90000, -1, -1 },
		{ "", 90000, -1, -1 }, { "96942x", 90000, -1, -1 }, { "-69429", 90000, -1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, totp_match(RFC_KEY, str_c(rows[i].typed), (instant){ rows[i].ms }, rows[i].used) == rows[i].step);
}

/* ---- a person ---- */

static str password_text(void) { return S("correct horse battery"); }
struct person { int64_t id; str hash; };
static enum err hire(struct ctx *c, void *arg)
{
	struct person *p = arg;
	struct user u = { .login = S("anna"), .name = S("Anna"), .lang = S("en"), .active = true, .customer_id = NIL };

	TRY(user_add(c, &u, p->hash, &p->id));
	return user_grant(c, p->id, ROLE_AGENT, 1, S("1."));
}
static enum err begin(struct ctx *c, void *arg) { (void)arg; return factor_begin(c); }
static enum err reset(struct ctx *c, void *arg) { return factor_reset(c, *(int64_t *)arg); }
static enum err require(struct ctx *c, void *arg) { return setting_set(c, "factor.roles", str_c(arg)); }

static struct person meet(struct world *w)
{
	struct person p = { 0 };

	secret_key_use(seal);
	CHECK(!password_hash(&w->c, password_text(), &p.hash) && !world_write(w, hire, &p));
	w->who.id = p.id;
	return p;
}

/* The code of a step from now. */
static str code_at(struct world *w, str key32, int64_t step)
{
	char key[TOTP_KEY];
	uint64_t bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; i < key32.n; i++) {
		char ch = key32.p[i];

		bits = bits << 5 | (uint64_t)(ch >= 'A' ? ch - 'A' : ch - '2' + 26);
		if ((have += 5) >= 8)
			key[n++] = (char)(bits >> (have -= 8));
	}
	CHECK(n == TOTP_KEY);
	return arena_fmt(w->c.a, "%06lld", (long long)totp_code((str){ key, n }, totp_step(w->c.now) + step, TOTP_DIGITS));
}

static str set_up(struct world *w, str codes[RECOVERY_CODES])
{
	struct factor f;

	CHECK(!world_write(w, begin, NULL) && !factor_get(&w->c, w->who.id, &f) && !f.on && f.secret.n == 32);
	CHECK(factor_confirm(&w->c, S("000000"), S("::1"), codes) == ERR_INVALID && world_field(w, "code"));
	world_calm(w);
	CHECK(!factor_confirm(&w->c, code_at(w, f.secret, 0), S("::1"), codes));
	return f.secret;
}

static enum err sign_in(struct world *w, struct signed_in *in)
{
	world_calm(w);
	return account_sign_in(&w->c, S("anna"), password_text(), S("::1"), S("b"), in);
}

static enum err second(struct world *w, str pending, str code, str *token)
{
	world_calm(w);
	return account_second_step(&w->c, pending, code, S("::1"), S("b"), token);
}

static void steps_on(struct world *w)
{
	struct person p = meet(w);
	str codes[RECOVERY_CODES], secret, token, csrf;
	const struct actor *who;
	struct signed_in in;
	struct factor f;

	CHECK(!sign_in(w, &in) && !in.pending);
	secret = set_up(w, codes);
	CHECK(!factor_get(&w->c, p.id, &f) && f.on && f.codes_left == RECOVERY_CODES && !f.secret.n);
	CHECK(world_write(w, begin, NULL) == ERR_CONFLICT);
	CHECK(!sign_in(w, &in) && in.pending);
	/* What is pending opens nothing, and the code that confirmed opens no second time. */
	CHECK(!account_identify(&w->c, in.token, (str){ 0 }, &who, &csrf) && who->id == NIL && csrf.n);
	CHECK(second(w, in.token, code_at(w, secret, 0), &token) == ERR_INVALID);
	CHECK(second(w, S("nonsense"), code_at(w, secret, 1), &token) == ERR_UNAUTHORIZED);
	CHECK(!second(w, in.token, code_at(w, secret, 1), &token));
	CHECK(!account_identify(&w->c, token, (str){ 0 }, &who, &csrf) && who->id == p.id && who->perms);
	CHECK(second(w, in.token, code_at(w, secret, 1), &token) == ERR_UNAUTHORIZED);
	w->c.now.ms += 60000;
	CHECK(!sign_in(w, &in) && second(w, in.token, code_at(w, secret, -2), &token) == ERR_INVALID && second(w, in.token, code_at(w, secret, 2), &token) == ERR_INVALID);
	w->c.now.ms += 300000;
	CHECK(second(w, in.token, code_at(w, secret, 0), &token) == ERR_UNAUTHORIZED);
}

static void recovery_on(struct world *w)
{
	struct person p = meet(w);
	str codes[RECOVERY_CODES], fresh[RECOVERY_CODES], secret, token;
	struct signed_in in;
	struct factor f;

	secret = set_up(w, codes);
	CHECK(!sign_in(w, &in) && !second(w, in.token, codes[3], &token));
	CHECK(!sign_in(w, &in) && second(w, in.token, codes[3], &token) == ERR_INVALID);
	codes[4] = arena_fmt(w->c.a, " %c%.*s ", codes[4].p[0] >= 'A' ? codes[4].p[0] + 32 : codes[4].p[0], (int)codes[4].n - 1, codes[4].p + 1);
	CHECK(!second(w, in.token, codes[4], &token));
	CHECK(!factor_get(&w->c, p.id, &f) && f.codes_left == RECOVERY_CODES - 2);
	w->c.now.ms += 60000;
	CHECK(!factor_renew(&w->c, code_at(w, secret, 0), S("::1"), fresh));
	CHECK(!sign_in(w, &in) && second(w, in.token, codes[5], &token) == ERR_INVALID && !second(w, in.token, fresh[5], &token));
	w->c.now.ms += 60000;
	CHECK(!factor_off(&w->c, code_at(w, secret, 0), S("::1")));
	CHECK(!sign_in(w, &in) && !in.pending);
}

static void guessing_on(struct world *w)
{
	struct person p = meet(w);
	str codes[RECOVERY_CODES], secret, token;
	struct signed_in in;

	secret = set_up(w, codes);
	CHECK(!sign_in(w, &in));
	for (int i = 0; i < 5; i++)
		CHECK(second(w, in.token, S("123 45"), &token) == ERR_INVALID);
	CHECK(second(w, in.token, code_at(w, secret, 1), &token) == ERR_TOO_MANY);
	w->c.now.ms += 31000;
	CHECK(!second(w, in.token, code_at(w, secret, 1), &token));
	CHECK(!world_write(w, reset, &p.id) && world_write(w, reset, &p.id) == ERR_CONFLICT);
	CHECK(!sign_in(w, &in) && !in.pending);
}

/* Whose role needs one may only set it up; a token of theirs is not held back. */
static void required_on(struct world *w)
{
	struct person p = meet(w);
	str codes[RECOVERY_CODES], csrf;
	const struct actor *who;
	struct signed_in in;

	CHECK(!world_write(w, require, "finance") && !sign_in(w, &in) && !account_identify(&w->c, in.token, (str){ 0 }, &who, &csrf) && who->perms);
	CHECK(!world_write(w, require, "finance agent") && !account_identify(&w->c, in.token, (str){ 0 }, &who, &csrf) && who->id == p.id && !who->perms);
	set_up(w, codes);
	CHECK(!account_identify(&w->c, in.token, (str){ 0 }, &who, &csrf) && who->perms);
}

/* ---- the pages ---- */

static void pages_on(struct world *w)
{
	struct person p = meet(w);
	str codes[RECOVERY_CODES];
	struct door d;
	str page;
	size_t at;

	w->c.now = clock_now();
	set_up(w, codes);
	door_open(&d, w, slices, NULL, -1, NIL, (str){ 0 });
	door_ask(&d, "GET", "/login/code", "");
	CHECK(d.a.status == 303 && str_eq(d.a.location, S("/login")));
	door_ask(&d, "POST", "/login", "login=anna&password=correct+horse+battery&next=/orders");
	CHECK(d.a.status == 303 && str_eq(d.a.location, S("/login/code?next=/orders")));
	door_close(&d);
	(void)p;

	door_open(&d, w, slices, "bert", ROLE_AGENT, 1, S("1."));
	door_ask(&d, "POST", "/account/factor", "");
	CHECK(d.a.status == 303 && str_eq(d.a.location, S("/account/factor")));
	door_ask(&d, "GET", "/account/factor", "");
	page = (str){ d.o.b.p, d.o.b.n };
	CHECK(d.a.status == 200 && door_says(&d, "<svg class=\"qr\"") && str_find(page, S("mono\">"), &at));
	door_ask(&d, "POST", "/account/factor/confirm", "code=000000");
	CHECK(d.a.status == 422 && door_says(&d, "<svg class=\"qr\""));
	door_ask(&d, "GET", "/api/v1/account/factor", "");
	CHECK(d.a.status == 200 && door_says(&d, "otpauth://totp/") && door_says(&d, "&algorithm=SHA1&digits=6&period=30"));
	door_close(&d);
}

#define ON(name) static void name(void **state) { (void)state; world_each(slices, name##_on); }
ON(steps) ON(recovery) ON(guessing) ON(required) ON(pages)

UNIT_GROUP(factor, T(vectors), T(edges), T(steps), T(recovery), T(guessing), T(required), T(pages))
