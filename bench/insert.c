/* insert.c — the same rows without a server: what AFTER has beyond BEFORE is put into BEFORE by prepared statements. */
#include "bench/bench.h"
#include "bench/raw.h"
#include "base/time.h"
#include <pthread.h>

enum { TABLES_MAX = 64, CONNS_MAX = 16, SQL_MAX = 8192 };
struct table { char name[64], insert[SQL_MAX]; int cols; struct cell *cell; int64_t rows; };
struct tables { struct table t[TABLES_MAX]; int n; };
struct part { pthread_t thread; const struct tables *all; struct raw *db; int64_t from, to, orders, per; };

/* ---- taking the rows ---- */

/* SQLite's tables have a rowid, PostgreSQL's most often an id; a table without one tells new rows by the transaction that made them. */
static struct raw_stmt *new_rows(struct raw *before, struct raw *after, const char *table, int64_t since, bool *ret_plain)
{
	bool pg = raw_is_pg(after);
	char sql[512];

	*ret_plain = pg && !raw_int(after, "SELECT count(*) FROM information_schema.columns WHERE table_name = '%s' AND column_name = 'id'", table);
	if (*ret_plain)
		snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" WHERE xmin::text::bigint >= %lld", table, (long long)since);
	else
		snprintf(sql, sizeof sql, pg ? "SELECT * FROM \"%s\" WHERE id > %lld ORDER BY id" : "SELECT rowid, * FROM \"%s\" WHERE rowid > %lld ORDER BY rowid", table,
			(long long)raw_int(before, "SELECT coalesce(max(%s), 0) FROM \"%s\"", pg ? "id" : "rowid", table));
	return raw_prepare(after, sql);
}

/* Where the id is the rowid it is named once. */
static int columns_to_skip(struct raw_stmt *s, bool pg)
{
	for (int i = 1; i < raw_columns(s) && !pg; i++)
		if (!strcmp(raw_name(s, i), "id"))
			return 1;
	return 0;
}

static void write_insert(struct table *t, struct raw_stmt *s, int skip, bool plain)
{
	struct buf b;

	buf_init(&b, SQL_MAX - 1);
	buf_fmt(&b, "INSERT INTO \"%s\"(", t->name);
	for (int i = 0; i < t->cols; i++)
		buf_fmt(&b, "%s\"%s\"", i ? ", " : "", raw_name(s, i + skip));
	for (int i = 0; i < t->cols; i++)
		buf_fmt(&b, "%s?%d", i ? ", " : ") VALUES (", i + 1);
	buf_fmt(&b, ")%s", plain ? " ON CONFLICT DO NOTHING" : "");
	memcpy(t->insert, b.p, b.n);
	buf_free(&b);
}

static void take_rows(struct raw *before, struct raw *after, struct table *t, int64_t since)
{
	int64_t room = 0;
	int skip = 0;
	bool plain;
	struct raw_stmt *s = new_rows(before, after, t->name, since, &plain);

	raw_query(s, NULL, 0);
	while (raw_next(s)) {
		if (!t->rows) {
			skip = columns_to_skip(s, raw_is_pg(after));
			t->cols = raw_columns(s) - skip;
			write_insert(t, s, skip, plain);
		}
		if (t->rows == room) {
			room = room ? room * 2 : 1024;
			t->cell = realloc(t->cell, sizeof *t->cell * (size_t)(room * t->cols));
		}
		for (int i = 0; i < t->cols; i++)
			t->cell[t->rows * t->cols + i] = cell_kept(raw_cell(s, i + skip));
		t->rows++;
	}
}

static void take_all(struct raw *before, struct raw *after, int64_t since, struct tables *all)
{
	struct raw_stmt *s = raw_prepare(before, raw_is_pg(before)
		? "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid"
		: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY rowid");
	char name[256][64];
	int n = 0;

	raw_query(s, NULL, 0);
	while (raw_next(s))
		snprintf(name[n++], sizeof *name, "%s", raw_cell(s, 0).p);
	for (int i = 0; i < n && all->n < TABLES_MAX; i++) {
		struct table *t = &all->t[all->n];

		/* Numbers are drawn, not inserted. */
		if (!strcmp(name[i], "number_series"))
			continue;
		memcpy(t->name, name[i], sizeof t->name);
		take_rows(before, after, t, since);
		all->n += t->rows > 0;
	}
}

/* ---- putting them ---- */

static void *put(void *arg)
{
	struct part *p = arg;
	struct raw_stmt *insert[TABLES_MAX], *begin, *commit, *series = NULL;
	char sql[200];

	for (int k = 0; k < p->all->n; k++)
		insert[k] = raw_prepare(p->db, p->all->t[k].insert);
	begin = raw_prepare(p->db, raw_is_pg(p->db) ? "BEGIN" : "BEGIN IMMEDIATE"), commit = raw_prepare(p->db, "COMMIT");
	/* On PostgreSQL this row would line up all connections: the floor goes without. */
	snprintf(sql, sizeof sql, "UPDATE number_series SET last = last + 1 WHERE name = 'order' AND period = '%06lld'",
		(long long)raw_int(p->db, "SELECT CAST(max(period) AS BIGINT) FROM number_series WHERE name = 'order'"));
	if (!raw_is_pg(p->db))
		series = raw_prepare(p->db, sql);
	for (int64_t i = p->from; i < p->to; i++) {
		if ((i - p->from) % p->per == 0)
			raw_run(begin, NULL, 0);
		if (series)
			raw_run(series, NULL, 0);
		for (int k = 0; k < p->all->n; k++) {
			const struct table *t = &p->all->t[k];

			for (int64_t r = t->rows * i / p->orders; r < t->rows * (i + 1) / p->orders; r++)
				raw_run(insert[k], &t->cell[r * t->cols], t->cols);
		}
		if ((i - p->from) % p->per == p->per - 1 || i == p->to - 1)
			raw_run(commit, NULL, 0);
	}
	return NULL;
}

int bench_insert(int argc, char **argv)
{
	static struct tables all;
	struct part part[CONNS_MAX];
	struct raw *before, *after;
	int64_t per = argc == 7 ? atoll(argv[3]) : 0, orders = argc == 7 ? atoll(argv[4]) : 0, conns = argc == 7 ? atoll(argv[5]) : 0, took;

	if (orders < 1 || per < 1 || conns < 1 || conns > CONNS_MAX)
		return 2;
	before = raw_open(argv[1], false);
	after = raw_open(argv[2], false);
	take_all(before, after, atoll(argv[6]), &all);
	raw_close(after);
	for (int64_t i = 0; i < conns; i++)
		part[i] = (struct part){ .all = &all, .db = i ? raw_open(argv[1], false) : before, .from = orders * i / conns, .to = orders * (i + 1) / conns, .orders = orders, .per = per };
	took = clock_mono_us();
	for (int64_t i = 0; i < conns; i++)
		if (pthread_create(&part[i].thread, NULL, put, &part[i]))
			return 1;
	for (int64_t i = 0; i < conns; i++)
		pthread_join(part[i].thread, NULL);
	took = clock_mono_us() - took;
	for (int64_t i = 0; i < conns; i++)
		raw_close(part[i].db);
	printf("{\"orders\": %lld, \"us\": %lld, \"tables\": {", (long long)orders, (long long)took);
	for (int k = 0; k < all.n; k++)
		printf("%s\"%s\": %lld", k ? ", " : "", all.t[k].name, (long long)all.t[k].rows);
	puts("}}");
	return 0;
}
