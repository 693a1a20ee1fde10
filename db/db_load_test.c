/* Many writers, slow writers, lost connections, other processes, backup. */
#include "tests/unit.h"
#include "db/db_sqlite.h"
#include "db/db_test.sql.h"
#include "db/db_test.h"
#include <semaphore.h>
#include <unistd.h>

enum { THREADS = 16, JOBS = 40 };

struct client { struct bed *w; int no; int added; pthread_t t; };

/* ---- group commit ---- */

static enum err add_and_fail(struct ctx *c, void *arg)
{
	TRY(thing_new(c, arg));
	return fail(c, ERR_FORBIDDEN, NULL);
}

static enum err add_twice(struct ctx *c, void *arg)
{
	TRY(thing_new(c, arg));
	return thing_new(c, arg);
}

static void *client_main(void *arg)
{
	static const struct { enum err (*fn)(struct ctx *, void *); enum err want; } kinds[] = {
		{ thing_new, ERR_OK }, { add_and_fail, ERR_FORBIDDEN }, { thing_new, ERR_OK }, { add_twice, ERR_CONFLICT }, { thing_new, ERR_OK },
	};
	struct client *k = arg;
	struct arena a;
	struct ctx c;

	thing_ctx(k->w, &c, &a);
	c.db = NULL;
	for (int i = 0; i < JOBS; i++) {
		struct thing_arg t = { .code = arena_fmt(&a, "c%d-%d", k->no, i).p, .n = i };

		thing_calm(&c);
		if (db_write(k->w->db, &c, kinds[i % 5].fn, &t) != kinds[i % 5].want)
			k->added = -10000;
		k->added += !kinds[i % 5].want;
	}
	arena_free(&a);
	return NULL;
}

static void crowd_on(struct bed *w)
{
	struct client k[THREADS];
	int64_t before = db_stats(w->db).batches, commits = db_stats(w->db).commits;

	if (w->db->alone)
		return;
	for (int i = 0; i < THREADS; i++) {
		k[i] = (struct client){ .w = w, .no = i };
		CHECK(!pthread_create(&k[i].t, NULL, client_main, &k[i]));
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(k[i].t, NULL);
		CHECK_ROW(i, k[i].added == JOBS * 3 / 5);
	}
	CHECK(thing_count(&w->c, NULL) == THREADS * JOBS * 3 / 5);
	CHECK(db_stats(w->db).commits - commits == THREADS * JOBS * 3 / 5);
	if (w->dir)
		CHECK(db_stats(w->db).batches - before < THREADS * JOBS / 2);
}
static void crowd(void **state) { (void)state; db_each_engine(crowd_on); }

static enum err read_then_add(struct ctx *c, void *arg)
{
	struct thing t;

	(void)arg;
	TRY(db_row(c, &q_thing_by_code, BIND(P(code, "sum")), thing_fields, &t));
	return db_exec(c, &q_thing_set_n, BIND(P(code, "sum"), P(n, t.n + 1), P(ver, t.ver)), 1);
}

static void *adder_main(void *arg)
{
	struct client *k = arg;
	struct arena a;
	struct ctx c;

	thing_ctx(k->w, &c, &a);
	for (int i = 0; i < 20; i++) {
		thing_calm(&c);
		k->added += !db_write(k->w->db, &c, read_then_add, NULL);
	}
	arena_free(&a);
	return NULL;
}

/* Reading, thinking and writing is as if alone: no addition is lost, none is refused. */
static void serial_on(struct bed *w)
{
	struct thing_arg t = { .code = "sum", .n = 0 };
	struct client k[8];
	struct thing got;

	if (w->db->alone)
		return;
	CHECK(!db_write(w->db, &w->c, thing_new, &t));
	for (size_t i = 0; i < LEN(k); i++) {
		k[i] = (struct client){ .w = w };
		CHECK(!pthread_create(&k[i].t, NULL, adder_main, &k[i]));
	}
	for (size_t i = 0; i < LEN(k); i++) {
		pthread_join(k[i].t, NULL);
		CHECK_ROW(i, k[i].added == 20);
	}
	CHECK(!db_row(&w->c, &q_thing_by_code, BIND(P(code, "sum")), thing_fields, &got) && got.n == 160);
}
static void serial(void **state) { (void)state; db_each_engine(serial_on); }

/* ---- a batch that loses its transaction ---- */

struct seen { struct db_job j; sem_t *done; enum err e; struct arena a; struct ctx c; struct thing_arg t; };

static void note(struct db_job *j, enum err e)
{
	struct seen *s = (struct seen *)j;

	s->e = e;
	sem_post(s->done);
}

static enum err hold(struct ctx *c, void *arg)
{
	(void)c;
	while (sem_wait(arg))
		;
	return ERR_OK;
}

static enum err spin_write(struct ctx *c, void *arg)
{
	(void)arg;
	return db_exec(c, &q_thing_spin_write, BIND(P(rounds, 1000000000), P(code, "first")), -1);
}

static void slow_write_on(struct bed *w)
{
	static const char *const code[] = { "", "one", "", "two" };
	enum err (*const fn[])(struct ctx *, void *) = { hold, thing_new, spin_write, thing_new };
	struct thing_arg first = { .code = "first", .n = 1 };
	struct seen s[4];
	sem_t done, go;

	if (!w->dir)
		return;
	CHECK(!db_write(w->db, &w->c, thing_new, &first));
	w->db->write_us = 100000;
	sem_init(&done, 0, 0);
	sem_init(&go, 0, 0);
	for (size_t i = 0; i < LEN(s); i++) {
		s[i] = (struct seen){ .done = &done, .t = { .code = code[i], .n = (int64_t)i } };
		thing_ctx(w, &s[i].c, &s[i].a);
		s[i].j = (struct db_job){ .c = &s[i].c, .fn = fn[i], .arg = i ? (void *)&s[i].t : (void *)&go, .done = note };
		db_submit(w->db, &s[i].j);
	}
	sem_post(&go);
	sem_post(&go);                                /* it may run again, in the batch the slow write spoils */
	for (size_t i = 0; i < LEN(s); i++)
		while (sem_wait(&done))
			;
	for (size_t i = 0; i < LEN(s); i++) {
		CHECK_ROW(i, s[i].e == (i == 2 ? ERR_BUSY : ERR_OK));
		arena_free(&s[i].a);
	}
	CHECK(db_stats(w->db).retries > 0);
	CHECK(thing_count(&w->c, "one") == 1 && thing_count(&w->c, "two") == 1);
}
static void slow_write(void **state) { (void)state; db_each_engine(slow_write_on); }

/* A schema step may take longer than a write. */
static void slow_step_on(struct bed *w)
{
	static const struct migration steps[] = { { 1, "CREATE TABLE slow AS WITH RECURSIVE spin(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM spin WHERE i < 100000) SELECT i FROM spin", NULL }, { 0 } };
	static const struct db_schema slow = { "slow", steps, NULL };

	w->db->write_us = 1;
	CHECK(!db_migrate(w->db, &w->c, (const struct db_schema *const[]){ &slow, NULL }));
}
static void slow_step(void **state) { (void)state; db_each_engine(slow_step_on); }

static void slow_read_on(struct bed *w)
{
	int64_t n;

	if (db_engine(w->db) != DB_SQLITE)
		return;
	w->db->read_us = 50000;
	CHECK(db_int(&w->c, &q_thing_spin, BIND(P(rounds, 1000000000)), &n) == ERR_BUSY);
	thing_calm(&w->c);
	CHECK(!db_int(&w->c, &q_thing_spin, BIND(P(rounds, 10)), &n) && n == 10);
}
static void slow_read(void **state) { (void)state; db_each_engine(slow_read_on); }

static void commit_fault_on(struct bed *w)
{
	struct thing_arg t = { .code = "x", .n = 1 };
	int faults = 0;

	for (int n = 1; n < 12; n++) {
		bool hit;
		enum err e;

		db_fault_at(w->db, n);
		e = db_write(w->db, &w->c, thing_new, &t);
		hit = db_fault_hit(w->db);
		db_fault_at(w->db, 0);
		faults += hit;
		CHECK_ROW(n, hit == (e == ERR_DB));
		thing_calm(&w->c);
		if (!hit)
			break;
		CHECK_ROW(n, thing_count(&w->c, "x") == 0);
	}
	CHECK(faults >= 4 && thing_count(&w->c, "x") == 1);
}
static void commit_fault(void **state) { (void)state; db_each_engine(commit_fault_on); }

/* ---- reading ---- */

static void snapshot_on(struct bed *w)
{
	struct thing_arg t = { .code = "late", .n = 1 };

	if (!w->dir)
		return;
	CHECK(!db_read_begin(w->cn));
	CHECK(thing_count(&w->c, NULL) == 0);
	CHECK(!db_write(w->db, &w->c, thing_new, &t));
	CHECK(thing_count(&w->c, NULL) == 0);
	db_read_end(w->cn);
	CHECK(!db_read_begin(w->cn) && thing_count(&w->c, NULL) == 1);
	db_read_end(w->cn);
}
static void snapshot(void **state) { (void)state; db_each_engine(snapshot_on); }

static enum err reads_only(struct ctx *c, void *arg)
{
	(void)arg;
	return thing_count(c, NULL) >= 0 ? ERR_OK : ERR_DB;
}

static uint64_t epoch(struct conn *cn)
{
	uint64_t n;

	CHECK(!db_read_begin(cn));
	n = conn_epoch(cn);
	db_read_end(cn);
	return n;
}

/* Moves with every commit of ours and of another process, and with nothing else. */
static void epoch_on(struct bed *w)
{
	struct thing_arg t = { .code = "a", .n = 1 };
	uint64_t before = epoch(w->cn);

	CHECK(before && epoch(w->cn) == before && thing_count(&w->c, NULL) == 0 && epoch(w->cn) == before);
	CHECK(!db_write(w->db, &w->c, thing_new, &t));
	CHECK(epoch(w->cn) > before);
	before = epoch(w->cn);
	if (w->dir) {
		CHECK(db_epoch(w->db) == before);
		CHECK(!db_write(w->db, &w->c, reads_only, NULL) && db_epoch(w->db) == before);
	}
	if (db_engine(w->db) == DB_POSTGRES)
		CHECK(!db_epoch(w->db));
}

static void epoch_of_others_on(struct bed *w)
{
	const char *url = w->dir ? arena_fmt(&w->a, "%s/t.db", w->dir).p : getenv("TEST_PG_URL");
	struct thing_arg t = { .code = "theirs", .n = 1 };
	struct ctx c = w->c;
	uint64_t before;
	struct db *db;
	str why;

	if (!w->dir && db_engine(w->db) == DB_SQLITE)
		return;
	before = epoch(w->cn);
	CHECK(!db_open(url, &w->a, &db, &why));
	CHECK(!db_write(db, &c, thing_new, &t));
	CHECK(epoch(w->cn) > before);
	db_close(db);
}
static void epochs(void **state) { (void)state; db_each_engine(epoch_on); db_each_engine(epoch_of_others_on); }

static void budget_on(struct bed *w)
{
	int64_t before = conn_statements(w->cn);

	thing_count(&w->c, NULL);
	thing_count(&w->c, "a");
	CHECK(conn_statements(w->cn) == before + 2);
}
static void budget(void **state) { (void)state; db_each_engine(budget_on); }

/* More statements and combinations than the cache holds. */
static void eviction_on(struct bed *w)
{
	int64_t n;

	for (int i = 0; i < 3 * 64; i++) {
		struct sql *q = NEW_N(w->c.a, struct sql, 40);

		for (int k = 0; k < 40; k++) {
			q[k] = (struct sql){ "q_copy", q_thing_count.params, q_thing_count.seg, NULL };
			CHECK(!db_int(&w->c, &q[k], BIND(), &n) && n == 0);
		}
		if (db_engine(w->db) == DB_POSTGRES && i == 64)
			break;
	}
}
static void eviction(void **state) { (void)state; db_each_engine(eviction_on); }

/* ---- lost connections and other processes ---- */

static enum err hang_up_once(struct ctx *c, void *arg)
{
	struct thing_arg t = { .code = "back", .n = 1 };
	int64_t n;
	int *runs = arg;

	TRY(thing_new(c, &t));
	return (*runs)++ ? ERR_OK : db_int(c, &q_hang_up, BIND(), &n);
}

static void lost_on(struct bed *w)
{
	int64_t n;
	int runs = 0;

	if (db_engine(w->db) != DB_POSTGRES)
		return;
	CHECK(!db_write(w->db, &w->c, hang_up_once, &runs) && runs == 2 && !w->c.diag.code);
	CHECK(thing_count(&w->c, "back") == 1);
	CHECK(db_int(&w->c, &q_hang_up, BIND(), &n) == ERR_DB);
	thing_calm(&w->c);
	CHECK(!db_read_begin(w->cn) && thing_count(&w->c, "back") == 1);
	db_read_end(w->cn);
}
static void lost(void **state) { (void)state; db_each_engine(lost_on); }

static void *one_main(void *arg)
{
	struct client *k = arg;
	struct thing_arg t = { .code = "mine", .n = 1 };
	struct arena a;
	struct ctx c;

	thing_ctx(k->w, &c, &a);
	k->added = !db_write(k->w->db, &c, thing_new, &t);
	arena_free(&a);
	return NULL;
}

static void other_process_on(struct bed *w)
{
	struct client k = { .w = w };
	char path[80], *message = NULL;
	sqlite3 *other;

	if (!w->dir)
		return;
	snprintf(path, sizeof path, "%s/t.db", w->dir);
	CHECK(!sqlite3_open(path, &other));
	CHECK(!sqlite3_exec(other, "BEGIN IMMEDIATE; INSERT INTO thing(code) VALUES ('theirs')", NULL, NULL, &message));
	CHECK(!pthread_create(&k.t, NULL, one_main, &k));
	usleep(50000);
	CHECK(!k.added);
	CHECK(!sqlite3_exec(other, "COMMIT", NULL, NULL, NULL));
	pthread_join(k.t, NULL);
	CHECK(k.added == 1);
	CHECK(thing_count(&w->c, NULL) == 2);
	sqlite3_close(other);
}
static void other_process(void **state) { (void)state; db_each_engine(other_process_on); }

static void full_disk_on(struct bed *w)
{
	struct thing_arg t = { .code = "", .n = 1 };
	enum err e = ERR_OK;
	sqlite3 *h;

	if (db_engine(w->db) != DB_SQLITE)
		return;
	h = sqlite_of(((struct sqlite_db *)w->db)->writer)->h;
	CHECK(!sqlite3_exec(h, "PRAGMA max_page_count = 60", NULL, NULL, NULL));
	for (int i = 0; i < 20000 && !e; i++) {
		t.code = arena_fmt(w->c.a, "%080d", i).p;
		e = db_write(w->db, &w->c, thing_new, &t);
	}
	CHECK(e == ERR_FULL);
	thing_calm(&w->c);
	CHECK(!sqlite3_exec(h, "PRAGMA max_page_count = 100000", NULL, NULL, NULL));
	CHECK(!db_write(w->db, &w->c, thing_new, &t));
}
static void full_disk(void **state) { (void)state; db_each_engine(full_disk_on); }

/* ---- backup ---- */

static void *busy_main(void *arg)
{
	struct client *k = arg;
	struct arena a;
	struct ctx c;

	thing_ctx(k->w, &c, &a);
	for (int i = 0; i < 300; i++) {
		struct thing_arg t = { .code = arena_fmt(&a, "busy%d", i).p, .n = i };

		k->added += !db_write(k->w->db, &c, thing_new, &t);
	}
	arena_free(&a);
	return NULL;
}

static void check_copy(struct bed *w, const char *path)
{
	struct db *copy;
	struct ctx c = w->c;
	str why;

	CHECK(!db_open(path, w->c.a, &copy, &why));
	CHECK(!db_conn_open(copy, &c.db));
	CHECK(thing_count(&c, "before") == 1 && thing_count(&c, NULL) >= 1);
	CHECK(!db_prepare_all(c.db, &c, (const struct db_schema *const[]){ &(struct db_schema){ "db_test", db_test_migrations, db_test_statements }, NULL }));
	db_conn_close(c.db);
	db_close(copy);
}

static void backup_on(struct bed *w)
{
	struct thing_arg t = { .code = "before", .n = 1 };
	struct client k = { .w = w };
	char path[80];

	if (!w->dir)
		return;
	CHECK(!db_write(w->db, &w->c, thing_new, &t));
	CHECK(!pthread_create(&k.t, NULL, busy_main, &k));
	for (int i = 0; i < 5; i++) {
		snprintf(path, sizeof path, "%s/copy%d.db", w->dir, i);
		CHECK_ROW(i, !db_backup(w->db, &w->c, path));
		check_copy(w, path);
	}
	pthread_join(k.t, NULL);
	CHECK(k.added == 300);
	CHECK(db_backup(w->db, &w->c, path) == ERR_CONFLICT);
	thing_calm(&w->c);
	CHECK(db_backup(w->db, &w->c, "/nowhere/copy.db") == ERR_DB);
}
static void backup(void **state) { (void)state; db_each_engine(backup_on); }

static void opening(void **state)
{
	static const char *const bad[] = { "/nowhere/at/all.db", "/", "postgresql:///x?host=/nowhere", "/proc/version" };
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (size_t i = 0; i < LEN(bad); i++) {
		struct db *db;
		str why = { 0 };

		CHECK_ROW(i, db_open(bad[i], &a, &db, &why) && why.n > 20);
	}
	arena_free(&a);
}

UNIT_GROUP(db_load, T(crowd), T(serial), T(slow_write), T(slow_step), T(slow_read), T(commit_fault), T(snapshot), T(epochs), T(budget), T(eviction), T(lost),
	T(other_process), T(full_disk), T(backup), T(opening))
