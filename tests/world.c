#include "tests/unit.h"
#include "tests/world.h"
#include "base/time.h"
#include "slice/account/account.h"
#include <libpq-fe.h>
#include <unistd.h>

const instant world_now = { 1795314600000 };

static void wipe(const char *url)
{
	PGconn *h = PQconnectdb(url);
	PGresult *r = PQexec(h, "SET client_min_messages = error; DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");

	CHECK(PQresultStatus(r) == PGRES_COMMAND_OK);
	PQclear(r);
	PQfinish(h);
}

static void open_world(struct world *w, const struct slice *const *slices, const char *url)
{
	const struct db_schema *schemas[32] = { 0 };
	str why = { 0 };
	size_t n = 0;

	memset(w, 0, sizeof *w);
	arena_init(&w->a, 64 << 20);
	w->who = actor_system;
	w->who.lang = "en";
	w->who.zone = tz_get(S("Asia/Shanghai"));
	if (db_open(url, &w->a, &w->db, &why)) {
		print_error("%s: %.*s\n", url, STR_ARG(why));
		CHECK(false);
	}
	CHECK(!db_conn_open(w->db, &w->cn));
	w->c = (struct ctx){ .a = &w->a, .db = w->cn, .who = &w->who, .now = world_now };
	for (; slices[n]; n++) {
		CHECK(n + 1 < LEN(schemas));
		schemas[n] = slices[n]->schema;
	}
	setting_use(slices, false);
	CHECK(!db_migrate(w->db, &w->c, schemas));
	if (db_prepare_all(w->cn, &w->c, schemas)) {
		print_error("%.*s: %.*s\n", STR_ARG(w->c.diag.arg[0].s), STR_ARG(w->c.diag.arg[1].s));
		CHECK(false);
	}
}

static void close_world(struct world *w)
{
	db_conn_close(w->cn);
	db_close(w->db);
	arena_free(&w->a);
}

static void one(const struct slice *const *slices, const char *url, void (*test)(struct world *w))
{
	struct world w;

	open_world(&w, slices, url);
	test(&w);
	close_world(&w);
}

static void on_postgres(const struct slice *const *slices, void (*test)(struct world *w))
{
	const char *pg = getenv("TEST_PG_URL");

	if (!pg)
		return;
	wipe(pg);
	one(slices, pg, test);
}

void world_each(const struct slice *const *slices, void (*test)(struct world *w))
{
	one(slices, ":memory:", test);
	on_postgres(slices, test);
}

void world_each_file(const struct slice *const *slices, void (*test)(struct world *w))
{
	static const char *const rest[] = { "", "-wal", "-shm" };
	char dir[] = "/tmp/world-unit-XXXXXX", path[64];

	CHECK(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/w.db", dir);
	one(slices, path, test);
	for (size_t i = 0; i < LEN(rest); i++) {
		snprintf(path, sizeof path, "%s/w.db%s", dir, rest[i]);
		unlink(path);
	}
	rmdir(dir);
	on_postgres(slices, test);
}

void world_calm(struct world *w) { w->c.diag = (struct diag){ 0 }; }

enum err world_write(struct world *w, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
	world_calm(w);
	return db_write(w->db, &w->c, fn, arg);
}

void world_torture(struct world *w, enum err (*fn)(struct ctx *c, void *arg), void *arg, bool (*same)(struct world *w))
{
	enum { MANY = 1000 };

	for (int n = 1; n < MANY; n++) {
		enum err e;
		bool hit;

		db_fault_at(w->db, n);
		e = world_write(w, fn, arg);
		hit = db_fault_hit(w->db);
		db_fault_at(w->db, 0);
		if (!hit) {
			CHECK_ROW(n, e == ERR_OK);
			return;
		}
		/* A lost connection is not an answer: the write may have been run again and succeeded. */
		if (e == ERR_OK)
			return;
		world_calm(w);
		CHECK_ROW(n, same(w));
	}
	CHECK(false);
}

bool world_field(const struct world *w, const char *field)
{
	for (size_t i = 0; i < w->c.diag.n; i++)
		if (!strcmp(w->c.diag.f[i].field, field))
			return true;
	return false;
}
