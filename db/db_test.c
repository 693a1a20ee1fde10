/* The seam on every engine: in memory, in a file, and on PostgreSQL when TEST_PG_URL names a database that may be emptied. */
#include "tests/unit.h"
#include "db/db.h"
#include "db/db_test.sql.h"
#include "db/db_test.h"
#include <pthread.h>

static const struct db_schema schema = { "db_test", db_test_migrations, db_test_statements };
static const struct db_schema *const schemas[] = { &schema, NULL };
static const char *const states[] = { "open", "closed", NULL };

const struct field thing_fields[] = {
	FIELD(struct thing, id), FIELD(struct thing, code), FIELD(struct thing, n), FIELD(struct thing, ok), FIELD_ENUM(struct thing, state, states),
	FIELD(struct thing, at), FIELD(struct thing, due_on), FIELD(struct thing, price), FIELD(struct thing, note), FIELD(struct thing, extra),
	FIELD(struct thing, ver), { 0 }
};

/* ---- a database for each test ---- */

void thing_ctx(struct bed *w, struct ctx *c, struct arena *a)
{
	arena_init(a, 4 << 20);
	*c = (struct ctx){ .a = a, .db = w->cn, .who = &w->actor, .now = { 1800000000000 } };
}

static void bed_open(struct bed *w, const char *url)
{
	str why = { 0 };

	memset(w, 0, sizeof *w);
	arena_init(&w->a, 16 << 20);
	if (db_open(url, &w->a, &w->db, &why)) {
		print_error("%s: %.*s\n", url, STR_ARG(why));
		CHECK(false);
	}
	CHECK(!db_conn_open(w->db, &w->cn));
	thing_ctx(w, &w->c, &w->ca);
	CHECK(!db_migrate(w->db, &w->c, schemas));
}

static void bed_close(struct bed *w)
{
	db_conn_close(w->cn);
	db_close(w->db);
	arena_free(&w->ca);
	arena_free(&w->a);
}

void db_each_engine(void (*test)(struct bed *w))
{
	char dir[] = "/tmp/db-unit-XXXXXX", path[64];
	const char *pg = getenv("TEST_PG_URL");
	struct bed w;

	bed_open(&w, ":memory:");
	test(&w);
	bed_close(&w);
	CHECK(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/t.db", dir);
	bed_open(&w, path);
	w.dir = dir;
	test(&w);
	bed_close(&w);
	db_test_remove(dir);
	if (!pg)
		return;
	db_test_wipe(pg);
	bed_open(&w, pg);
	test(&w);
	bed_close(&w);
}

enum err thing_new(struct ctx *c, void *arg)
{
	struct thing_arg *t = arg;

	return db_insert(c, &q_thing_add, BIND(P(code, t->code), P(n, t->n), P(ok, true), P(state, "open"), P(at, c->now), P(due_on, NO_DAY),
		P(price, (int64_t)NIL), P(currency, (str){ 0 }), P(note, (str){ 0 }), P(extra, (str){ 0 })), &t->id);
}

int64_t thing_count(struct ctx *c, const char *code)
{
	int64_t n = -1;

	CHECK(!db_int(c, &q_thing_count, BIND(P(code, code)), &n));
	return n;
}

void thing_calm(struct ctx *c) { c->diag = (struct diag){ 0 }; }

/* ---- values ---- */

static enum err add_two(struct ctx *c, void *arg)
{
	int64_t id;

	(void)arg;
	TRY(db_insert(c, &q_thing_add, BIND(P(code, "full"), P(n, INT64_MAX), P(ok, true), P(state, "closed"), P(at, ((instant){ 1800000000123 })),
		P(due_on, ((day){ -3 })), P(price, ((money){ -12345, "USD" })), P(currency, "USD"), P(note, "维修 'quoted' \\ \"x\" 😀"),
		P(extra, ((json){ S("{\"a\":1}") }))), &id));
	TRY(db_insert(c, &q_thing_add, BIND(P(code, ""), P(n, (int64_t)NIL), P(ok, false), P(state, (const char *)NULL), P(at, NO_INSTANT),
		P(due_on, NO_DAY), P(price, ((money){ NIL, "" })), P(currency, (str){ 0 }), P(note, (str){ 0 }), P(extra, ((json){ { 0 } }))), &id));
	return ERR_OK;
}

static void kinds_on(struct bed *w)
{
	struct thing t = { 0 };
	size_t at;

	CHECK(!db_write(w->db, &w->c, add_two, NULL));
	CHECK(!db_row(&w->c, &q_thing_by_code, BIND(P(code, "full")), thing_fields, &t));
	CHECK(t.n == INT64_MAX && t.ok && t.state == 1 && t.at.ms == 1800000000123 && t.due_on.d == -3 && t.ver == 1);
	CHECK(t.price.minor == -12345 && !strcmp(t.price.cur, "USD"));
	CHECK(str_eq(t.note, S("维修 'quoted' \\ \"x\" 😀")) && t.note.p[t.note.n] == 0);
	CHECK(str_find(t.extra.s, S("\"a\""), &at));
	CHECK(!db_row(&w->c, &q_thing_by_code, BIND(P(code, "")), thing_fields, &t));
	CHECK(t.n == NIL && !t.ok && t.state == -1 && t.at.ms == NIL && t.due_on.d == NIL && t.price.minor == NIL);
	CHECK(t.code.p && !t.code.n && !t.note.p && !t.extra.s.p);
	CHECK(db_row(&w->c, &q_thing_by_code, BIND(P(code, "none")), thing_fields, &t) == ERR_NOT_FOUND);
	CHECK(!w->c.diag.code);
}
static void kinds(void **state) { (void)state; db_each_engine(kinds_on); }

static void numbers_on(struct bed *w)
{
	struct thing_arg t = { .code = "a", .n = 4000000000 };
	struct thing got = { 0 };
	int64_t sum = 0;

	CHECK(!db_int(&w->c, &q_thing_sum, BIND(), &sum) && sum == NIL);
	CHECK(!db_write(w->db, &w->c, thing_new, &t));
	CHECK(!db_int(&w->c, &q_thing_sum, BIND(), &sum) && sum == 4000000000);
	CHECK(!db_row(&w->c, &q_thing_newest, BIND(P(at, w->c.now)), thing_fields, &got) && got.id == t.id);
	CHECK(db_int(&w->c, &q_engine_name, BIND(), &sum) && w->c.diag.code == ERR_DB);
}
static void numbers(void **state) { (void)state; db_each_engine(numbers_on); }

/* ---- lists ---- */

static enum err add_five(struct ctx *c, void *arg)
{
	static const char *const code[] = { "a", "b", "c", "d", "e" };

	(void)arg;
	for (int i = 0; i < 5; i++) {
		struct thing_arg t = { .code = code[i], .n = i };

		TRY(thing_new(c, &t));
	}
	return ERR_OK;
}

static enum err stop_at_c(struct ctx *c, void *row, void *arg)
{
	const struct thing *t = row;
	int64_t *sum = arg;

	*sum += 1 + thing_count(c, "a");
	return str_eq(t->code, S("c")) ? fail(c, ERR_FORBIDDEN, NULL) : ERR_OK;
}

static void lists_on(struct bed *w)
{
	struct thing *t = NULL;
	int64_t sum = 0;
	size_t n = 0;

	CHECK(!db_rows(&w->c, &q_thing_all, BIND(), thing_fields, sizeof *t, 10, &t, &n) && n == 0);
	CHECK(!db_write(w->db, &w->c, add_five, NULL));
	CHECK(!db_rows(&w->c, &q_thing_all, BIND(), thing_fields, sizeof *t, 5, &t, &n) && n == 5);
	CHECK(str_eq(t[4].code, S("e")) && t[4].n == 4);
	CHECK(!db_rows(&w->c, &q_thing_page, BIND(), thing_fields, sizeof *t, 2, &t, &n) && n == 2);
	CHECK(!db_rows(&w->c, &q_thing_note_start, BIND(P(len, 1), P(start, "b")), thing_fields, sizeof *t, 5, &t, &n) && n == 1);
	CHECK(db_rows(&w->c, &q_thing_all, BIND(), thing_fields, sizeof *t, 4, &t, &n) == ERR_TOO_LARGE);
	thing_calm(&w->c);
	CHECK(db_each(&w->c, &q_thing_all, BIND(), thing_fields, sizeof *t, stop_at_c, &sum) == ERR_FORBIDDEN && sum == 6);
	CHECK(thing_count(&w->c, NULL) == 5);
}
static void lists(void **state) { (void)state; db_each_engine(lists_on); }

static void gates_on(struct bed *w)
{
	CHECK(!db_write(w->db, &w->c, add_five, NULL));
	for (int m = 0; m < 64; m++) {
		struct bind b[9] = { { "low", v_int(-1) }, { "other", v_int(9) } };
		int64_t n = -1;

		for (int i = 0; i < 6; i++) {
			static const char *const name[] = { "a", "b", "c", "d", "e", "f" };

			b[2 + i] = (struct bind){ name[i], m >> i & 1 ? v_int(i) : (struct val){ 0 } };
		}
		CHECK(!db_int(&w->c, &q_thing_gates, b, &n));
		CHECK_ROW(m, n == 5 - __builtin_popcount((unsigned)m & 31));
	}
	CHECK(!db_prepare_all(w->cn, &w->c, schemas));
}
static void gates(void **state) { (void)state; db_each_engine(gates_on); }

/* ---- failures ---- */

struct failing { const struct sql *q; const struct bind *b; enum err want; };

static enum err exec_one(struct ctx *c, void *arg)
{
	struct failing *f = arg;

	return db_exec(c, f->q, f->b, 1);
}

static void mapping_on(struct bed *w)
{
	struct thing_arg t = { .code = "a", .n = 1 }, twin = t;
	struct failing rows[] = {
		{ &q_thing_put, BIND(P(id, 77), P(code, "a"), P(n, 1)), ERR_CONFLICT },
		{ &q_part_add, BIND(P(thing_id, 12345)), ERR_INVALID },
		{ &q_thing_bad_ok, BIND(P(code, "a")), ERR_INVALID },
		{ &q_thing_bad_code, BIND(P(code, "a"), P(none, (str){ 0 })), ERR_INVALID },
		{ &q_thing_set_n, BIND(P(code, "a"), P(n, 2), P(ver, 9)), ERR_CONFLICT },
		{ &q_thing_set_n, BIND(P(code, "a"), P(n, 2), P(ver, 1)), ERR_OK },
	};

	CHECK(!db_write(w->db, &w->c, thing_new, &t));
	CHECK(db_write(w->db, &w->c, thing_new, &twin) == ERR_CONFLICT);
	for (size_t i = 0; i < LEN(rows); i++) {
		thing_calm(&w->c);
		CHECK_ROW(i, db_write(w->db, &w->c, exec_one, &rows[i]) == rows[i].want);
	}
	CHECK(!w->c.diag.code);
}
static void mapping(void **state) { (void)state; db_each_engine(mapping_on); }

static enum err swallow(struct ctx *c, void *arg)
{
	struct thing_arg t = { .code = "kept", .n = 1 };
	enum err first, second;
	int64_t n;

	(void)arg;
	TRY(thing_new(c, &t));
	first = thing_new(c, &t);
	second = db_int(c, &q_thing_count, BIND(), &n);
	thing_calm(c);
	return first == ERR_CONFLICT && second == ERR_DB ? ERR_OK : fail(c, ERR_MALFORMED, NULL);
}

static void poison_on(struct bed *w)
{
	struct thing_arg t = { .code = "next", .n = 1 };

	CHECK(db_write(w->db, &w->c, swallow, NULL) == ERR_DB);
	thing_calm(&w->c);
	CHECK(thing_count(&w->c, "kept") == 0);
	CHECK(!db_write(w->db, &w->c, thing_new, &t) && thing_count(&w->c, NULL) == 1);
}
static void poison(void **state) { (void)state; db_each_engine(poison_on); }

static enum err inner(struct ctx *c, void *arg)
{
	struct thing_arg t = { .code = "inner", .n = 1 };

	TRY(thing_new(c, &t));
	return *(int *)arg ? thing_new(c, &t) : ERR_OK;
}

static enum err outer(struct ctx *c, void *arg)
{
	struct thing_arg t = { .code = "outer", .n = 1 };
	int bad = 1, good = 0;

	(void)arg;
	CHECK(db_writing(c->db));
	TRY(thing_new(c, &t));
	CHECK(db_write(db_of(c->db), c, inner, &bad) == ERR_CONFLICT);
	thing_calm(c);
	CHECK(thing_count(c, "inner") == 0 && thing_count(c, "outer") == 1);
	return db_write(db_of(c->db), c, inner, &good);
}

static void nested_on(struct bed *w)
{
	CHECK(!db_write(w->db, &w->c, outer, NULL));
	CHECK(thing_count(&w->c, NULL) == 2 && !db_writing(w->cn));
}
static void nested(void **state) { (void)state; db_each_engine(nested_on); }

static enum err fill_arena(struct ctx *c, void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++) {
		struct thing_arg t = { .code = arena_fmt(c->a, "x%d", i).p, .n = i };

		TRY(thing_new(c, &t));
		memset(arena_alloc(c->a, 65536), 1, 65536);
	}
	return ERR_OK;
}

static void full_arena_on(struct bed *w)
{
	struct arena_mark m = arena_mark(&w->ca);

	CHECK(db_write(w->db, &w->c, fill_arena, NULL) == ERR_TOO_LARGE);
	arena_reset(&w->ca, m);
	thing_calm(&w->c);
	CHECK(thing_count(&w->c, NULL) == 0);
	CHECK(!db_write(w->db, &w->c, add_five, NULL) && thing_count(&w->c, NULL) == 5);
}
static void full_arena(void **state) { (void)state; db_each_engine(full_arena_on); }

static enum err work(struct ctx *c, void *arg)
{
	struct thing_arg t = { .code = "fault", .n = 1 };
	struct thing row;
	int64_t id;

	(void)arg;
	TRY(thing_new(c, &t));
	TRY(db_row(c, &q_thing_by_code, BIND(P(code, "fault")), thing_fields, &row));
	TRY(db_exec(c, &q_thing_set_n, BIND(P(code, "fault"), P(n, 2), P(ver, 1)), 1));
	return db_insert(c, &q_part_add, BIND(P(thing_id, t.id)), &id);
}

static void faults_on(struct bed *w)
{
	int n = 0;
	enum err e;

	do {
		db_fault_at(w->db, ++n);
		e = db_write(w->db, &w->c, work, NULL);
		CHECK_ROW(n, !e == !db_fault_hit(w->db));
		db_fault_at(w->db, 0);
		thing_calm(&w->c);
		CHECK_ROW(n, thing_count(&w->c, "fault") == !e);
	} while (e);
	CHECK(n > 10);
}
static void faults(void **state) { (void)state; db_each_engine(faults_on); }

/* ---- schema ---- */

static void migration_on(struct bed *w)
{
	static const struct migration older[] = { { 1, "SELECT 1", NULL }, { 0 } }, broken[] = { { 1, "CREATE TABLE x (id INTEGER); nonsense;", NULL }, { 0 } };
	static const struct db_schema old = { "db_test", older, NULL }, bad = { "db_bad", broken, NULL };

	CHECK(!db_migrate(w->db, &w->c, schemas));
	CHECK(db_migrate(w->db, &w->c, (const struct db_schema *const[]){ &old, NULL }) == ERR_CONFLICT);
	thing_calm(&w->c);
	CHECK(db_migrate(w->db, &w->c, (const struct db_schema *const[]){ &bad, NULL }) == ERR_DB);
	thing_calm(&w->c);
	CHECK(db_migrate(w->db, &w->c, (const struct db_schema *const[]){ &bad, NULL }) == ERR_DB);
	thing_calm(&w->c);
	CHECK(thing_count(&w->c, NULL) == 0);
}
static void migration(void **state) { (void)state; db_each_engine(migration_on); }

UNIT_GROUP(db, T(kinds), T(numbers), T(lists), T(gates), T(mapping), T(poison), T(nested), T(full_arena), T(faults), T(migration))
