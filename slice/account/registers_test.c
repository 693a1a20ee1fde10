/* Settings, number series, outbox, idempotency. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account_int.h"
#include "slice/audit/audit.h"
#include <pthread.h>

extern const struct slice slice_audit, slice_account;
static const struct slice *const slices[] = { &slice_audit, &slice_account, NULL };

/* ---- settings ---- */

struct pair_of { const char *name; str value; };
static enum err set(struct ctx *c, void *arg)
{
	const struct pair_of *p = arg;

	return setting_set(c, p->name, p->value);
}

static void settings_on(struct world *w)
{
	static const struct { struct pair_of p; enum err e; } rows[] = {
		{ { "password.min", { "12", 2 } }, ERR_OK }, { { "password.min", { "many", 4 } }, ERR_INVALID }, { { "password.first_change", { "0", 1 } }, ERR_OK },
		{ { "password.first_change", { "yes", 3 } }, ERR_INVALID }, { { "zone", { "Mars/Base", 9 } }, ERR_INVALID }, { { "zone", { "Europe/Berlin", 13 } }, ERR_OK },
		{ { "no.such", { "1", 1 } }, ERR_NOT_FOUND },
	};

	CHECK(setting_int(&w->c, "password.min") == 10 && setting_bool(&w->c, "password.first_change"));
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, world_write(w, set, (void *)(size_t)&rows[i].p) == rows[i].e);
		CHECK_ROW(i, rows[i].e != ERR_INVALID || world_field(w, rows[i].p.name));
	}
	CHECK(setting_int(&w->c, "password.min") == 12 && !setting_bool(&w->c, "password.first_change") && str_eq(setting_str(&w->c, "zone"), S("Europe/Berlin")));
	CHECK(!world_write(w, set, &(struct pair_of){ "password.min", { 0 } }));
	CHECK(setting_int(&w->c, "password.min") == 10);
	setting_use(slices, true);
	CHECK(str_eq(setting_str(&w->c, "zone"), S("Europe/Berlin")));
	CHECK(!world_write(w, set, &(struct pair_of){ "zone", S("UTC") }));
	CHECK(str_eq(setting_str(&w->c, "zone"), S("UTC")));
	setting_use(slices, false);
}

static void tables(void **state)
{
	(void)state;
	setting_use(slices, false);
	for (size_t i = 0; i < slice_account.n_settings; i++) {
		const struct setting *s = &slice_account.settings[i];
		int64_t n;

		CHECK_ROW(i, s->fallback && s->meaning && setting_find(s->name) == s);
		CHECK_ROW(i, s->kind != IN_INT || str_int(str_c(s->fallback), &n));
		CHECK_ROW(i, s->kind != IN_BOOL || !strcmp(s->fallback, "0") || !strcmp(s->fallback, "1"));
	}
}

/* ---- number series ---- */

struct number { const char *name; str no; };
static enum err number(struct ctx *c, void *arg)
{
	struct number *n = arg;

	return series_next(c, n->name, &n->no);
}

static str next(struct world *w, const char *name)
{
	struct number n = { .name = name };

	CHECK(!world_write(w, number, &n));
	return n.no;
}

static enum err number_lost(struct ctx *c, void *arg)
{
	TRY(number(c, arg));
	return fail(c, ERR_CONFLICT, NULL);
}

static void series_on(struct world *w)
{
	static const struct { const char *pattern, *no; } rows[] = {
		{ "{4}", "0001" }, { "A-{year}-{3}-B", "A-2026-001-B" }, { "{date}{2}", "26112201" }, { "X", NULL }, { "X{0}", NULL }, { "X{4", NULL }, { "{day}{4}", NULL }, { "{3}{4}", NULL },
	};

	CHECK(str_eq(next(w, "order"), S("BX2611220001")));
	CHECK(world_write(w, number_lost, &(struct number){ .name = "order" }) == ERR_CONFLICT);
	CHECK(str_eq(next(w, "order"), S("BX2611220002")));
	CHECK(str_eq(next(w, "customer"), S("KH2611220001")));
	w->c.now.ms += (int64_t)(13 * 3600 + 30 * 60) * 1000 - 1;      /* 23:59:59.999 in Shanghai */
	CHECK(str_eq(next(w, "order"), S("BX2611220003")));
	w->c.now.ms += 1;
	CHECK(str_eq(next(w, "order"), S("BX2611230001")));
	w->c.now = world_now;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct number n = { .name = "quote" };

		CHECK_ROW(i, world_write(w, set, &(struct pair_of){ "series.quote", str_c(rows[i].pattern) }) == (rows[i].no ? ERR_OK : ERR_INVALID));
		if (!rows[i].no)
			continue;
		CHECK_ROW(i, !world_write(w, number, &n) && str_eq(n.no, str_c(rows[i].no)));
	}
}

/* Several threads, a file or PostgreSQL: no number twice, none left out. */
enum { TAKERS = 4, TAKES = 25 };
struct taker { struct db *db; int64_t got[TAKES]; pthread_t thread; };

static void *take(void *arg)
{
	struct taker *t = arg;
	struct arena a;
	struct conn *cn;
	int64_t v;

	arena_init(&a, 16 << 20);
	if (db_conn_open(t->db, &cn))
		return NULL;
	for (int i = 0; i < TAKES; i++) {
		struct ctx c = { .a = &a, .db = cn, .who = &actor_system, .now = world_now };
		struct number n = { .name = "receipt" };

		t->got[i] = !db_write(t->db, &c, number, &n) && str_int((str){ n.no.p + 8, n.no.n - 8 }, &v) ? v : -1;
	}
	db_conn_close(cn);
	arena_free(&a);
	return NULL;
}

static void crowd_on(struct world *w)
{
	struct taker t[TAKERS];
	bool seen[TAKERS * TAKES + 1] = { false };

	for (int i = 0; i < TAKERS; i++) {
		t[i].db = w->db;
		CHECK(!pthread_create(&t[i].thread, NULL, take, &t[i]));
	}
	for (int i = 0; i < TAKERS; i++)
		pthread_join(t[i].thread, NULL);
	for (int i = 0; i < TAKERS; i++)
		for (int k = 0; k < TAKES; k++) {
			CHECK_ROW(k, t[i].got[k] >= 1 && t[i].got[k] <= TAKERS * TAKES && !seen[t[i].got[k]]);
			seen[t[i].got[k]] = true;
		}
}

/* ---- outbox ---- */

static enum err put(struct ctx *c, void *arg)
{
	(void)arg;
	return outbox_put(c, "mail", BIND(P(to, "a@example.com"), P(order, (int64_t)7)));
}
struct later { int64_t id; instant at; };
static enum err put_later(struct ctx *c, void *arg)
{
	struct later *l = arg;

	return outbox_put_at(c, "mail", (json){ S("{}") }, l->at, &l->id);
}
static enum err cancel(struct ctx *c, void *arg) { return outbox_cancel(c, ((struct later *)arg)->id); }
static enum err retry(struct ctx *c, void *arg) { return outbox_retry(c, *(int64_t *)arg); }

static int sent, refuse;
static enum err send_mail(struct ctx *c, const struct outbox_item *it, str *ret_why)
{
	CHECK(!db_writing(c->db) && str_eq(it->topic, S("mail")) && it->payload.s.n);
	if (refuse) {
		*ret_why = S("the mail server said 421");
		return fail(c, ERR_BUSY, NULL);
	}
	sent++;
	return ERR_OK;
}
static const struct outbox_handler table[] = { { "mail", send_mail } };

static int ran(struct world *w)
{
	int done = -1;

	world_calm(w);
	CHECK(!outbox_run(&w->c, 10, &done));
	CHECK(!w->c.diag.code);
	return done;
}

static void outbox_on(struct world *w)
{
	struct later l = { .at = { world_now.ms + 60000 } };
	struct outbox_item *dead;
	size_t n;

	outbox_use(table, LEN(table));
	sent = refuse = 0;
	CHECK(!world_write(w, put, NULL));
	CHECK(!world_write(w, put_later, &l));
	CHECK(ran(w) == 1 && sent == 1);
	CHECK(ran(w) == 0);
	w->c.now.ms += 60000;
	refuse = 1;
	CHECK(ran(w) == 1 && sent == 1);
	w->c.now.ms += 59999;
	CHECK(ran(w) == 0);
	w->c.now.ms += 1;
	for (int i = 2; i <= 10; i++) {
		CHECK_ROW(i, ran(w) == 1);
		w->c.now.ms += 6 * 3600 * 1000;
	}
	CHECK(ran(w) == 0);
	CHECK(!outbox_dead(&w->c, &dead, &n) && n == 1 && dead[0].tries == 10 && str_eq(dead[0].last_error, S("the mail server said 421")));
	CHECK(world_write(w, cancel, &l) == ERR_CONFLICT);
	refuse = 0;
	CHECK(!world_write(w, retry, &dead[0].id));
	CHECK(ran(w) == 1 && sent == 2);
	l.at = (instant){ w->c.now.ms + 60000 };
	CHECK(!world_write(w, put_later, &l));
	CHECK(!world_write(w, cancel, &l));
	w->c.now.ms += 60000;
	CHECK(ran(w) == 0 && sent == 2);
	w->c.now = world_now;
}

/* ---- idempotency ---- */

struct kept { const char *key, *sha; bool hit; int status; str body, location; };
static enum err find(struct ctx *c, void *arg)
{
	struct kept *k = arg;

	return idem_find(c, str_c(k->key), str_c(k->sha), &k->hit, &k->status, &k->body, &k->location);
}
static enum err store(struct ctx *c, void *arg)
{
	const struct kept *k = arg;

	return idem_store(c, str_c(k->key), str_c(k->sha), k->status, k->body, k->location);
}

static void idempotency_on(struct world *w)
{
	struct kept k = { .key = "k1", .sha = "aa", .status = 201, .body = S("{}"), .location = S("/orders/1") }, again = { .key = "k1", .sha = "aa" };

	CHECK(!world_write(w, find, &again) && !again.hit);
	CHECK(!world_write(w, store, &k));
	CHECK(!world_write(w, find, &again) && again.hit && again.status == 201 && str_eq(again.location, k.location) && str_eq(again.body, k.body));
	again.sha = "bb";
	CHECK(world_write(w, find, &again) == ERR_CONFLICT);
	w->who.id = 5;
	CHECK(!world_write(w, find, &again) && !again.hit);
	w->who.id = NIL;
	w->c.now.ms += 25 * 3600 * 1000;
	CHECK(!session_sweep(&w->c));
	again.sha = "aa";
	CHECK(!world_write(w, find, &again) && !again.hit);
}

/* ---- torture ---- */

static enum err registers(struct ctx *c, void *arg)
{
	int64_t id;
	str no;

	(void)arg;
	TRY(setting_set(c, "name", S("x")));
	TRY(series_next(c, "order", &no));
	TRY(outbox_put_at(c, "mail", (json){ S("{}") }, NO_INSTANT, &id));
	TRY(idem_store(c, S("k"), S("a"), 200, S(""), (str){ 0 }));
	return outbox_cancel(c, id);
}

static bool untouched(struct world *w)
{
	struct kept k = { .key = "k", .sha = "a" };
	struct event *e;
	size_t n;

	CHECK(!idem_find(&w->c, str_c(k.key), str_c(k.sha), &k.hit, &k.status, &k.body, &k.location));
	CHECK(!audit_list(&w->c, "setting", 0, 0, 0, &e, &n));
	return !k.hit && !n && !str_eq(setting_str(&w->c, "name"), S("x"));
}

static void torture_on(struct world *w) { world_torture(w, registers, NULL, untouched); }

static void settings(void **state) { (void)state; world_each(slices, settings_on); }
static void series(void **state) { (void)state; world_each(slices, series_on); }
static void crowd(void **state) { (void)state; world_each_file(slices, crowd_on); }
static void outbox(void **state) { (void)state; world_each(slices, outbox_on); }
static void idempotency(void **state) { (void)state; world_each(slices, idempotency_on); }
static void torture(void **state) { (void)state; world_each(slices, torture_on); }

UNIT_GROUP(registers, T(tables), T(settings), T(series), T(crowd), T(outbox), T(idempotency), T(torture))
