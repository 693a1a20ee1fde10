/* floor.c — what the same machine can do without us: the same bytes from a bare server, the same rows without a server. */
#include "bench/bench.h"
#include "base/time.h"
#include <arpa/inet.h>
#include <microhttpd.h>
#include <sqlite3.h>
#include <unistd.h>

/* ---- a page ---- */

static struct MHD_Response *page;

static enum MHD_Result answer(void *arg, struct MHD_Connection *mc, const char *url, const char *method, const char *version, const char *data, size_t *n, void **state)
{
	(void)arg, (void)url, (void)method, (void)version, (void)data, (void)n;
	if (!*state) {
		*state = arg;
		return MHD_YES;
	}
	return MHD_queue_response(mc, 200, page);
}

int bench_page(int argc, char **argv)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static char body[1 << 20];
	struct MHD_Daemon *d;
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	size_t n = f ? fread(body, 1, sizeof body, f) : 0;

	if (!n)
		return 2;
	fclose(f);
	page = MHD_create_response_from_buffer(n, body, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(page, "Content-Type", "text/html; charset=utf-8");
	d = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, body, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&sa, MHD_OPTION_CONNECTION_LIMIT, 1024u, MHD_OPTION_END);
	if (!d)
		return 1;
	printf("%d\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	while (getchar() != EOF)
		;
	MHD_stop_daemon(d);
	return 0;
}

/* ---- rows ---- */

enum { TABLES_MAX = 64, COLS_MAX = 80 };
struct table { char name[64]; int cols; sqlite3_value **cell; size_t rows; sqlite3_stmt *insert; };

static sqlite3 *open_db(const char *path)
{
	sqlite3 *h;

	if (sqlite3_open(path, &h) || sqlite3_exec(h, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384", NULL, NULL, NULL)) {
		fprintf(stderr, "bench: %s: %s\n", path, sqlite3_errmsg(h));
		exit(1);
	}
	return h;
}

static sqlite3_stmt *prepare(sqlite3 *h, const char *text)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(h, text, -1, &st, NULL)) {
		fprintf(stderr, "bench: %s: %s\n", text, sqlite3_errmsg(h));
		exit(1);
	}
	return st;
}

static void step(sqlite3 *h, sqlite3_stmt *st)
{
	if (sqlite3_step(st) != SQLITE_DONE) {
		fprintf(stderr, "bench: %s: %s\n", sqlite3_sql(st), sqlite3_errmsg(h));
		exit(1);
	}
	sqlite3_reset(st);
}

static char *text_of(const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = sqlite3_vmprintf(fmt, ap);
	va_end(ap);
	return p;
}

/* Rows beyond those of BEFORE, kept in memory. */
static void take_rows(sqlite3 *h, struct table *t)
{
	sqlite3_stmt *st = prepare(h, text_of("SELECT rowid, * FROM src.\"%w\" WHERE rowid > (SELECT coalesce(max(rowid), 0) FROM main.\"%w\") ORDER BY rowid", t->name, t->name));
	char names[4096] = "rowid", marks[512] = "?";
	bool has_id = false;

	t->cols = sqlite3_column_count(st);
	for (int i = 1; i < t->cols; i++) {
		has_id |= !strcmp(sqlite3_column_name(st, i), "id");
		snprintf(names + strlen(names), sizeof names - strlen(names), ", \"%s\"", sqlite3_column_name(st, i));
		strcat(marks, ", ?");
	}
	while (sqlite3_step(st) == SQLITE_ROW) {
		t->cell = realloc(t->cell, sizeof *t->cell * (t->rows + 1) * (size_t)t->cols);
		for (int i = 0; i < t->cols; i++)
			t->cell[t->rows * (size_t)t->cols + (size_t)i] = sqlite3_value_dup(sqlite3_column_value(st, i));
		t->rows++;
	}
	sqlite3_finalize(st);
	/* The id is the rowid: named once. */
	t->insert = prepare(h, text_of("INSERT INTO main.\"%w\"(%s) VALUES (%s)", t->name, has_id ? names + strlen("rowid, ") : names, has_id ? marks + strlen("?, ") : marks));
}

static size_t take_all(sqlite3 *h, struct table *t)
{
	sqlite3_stmt *st = prepare(h, "SELECT name FROM src.sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY rowid");
	size_t n = 0;

	while (sqlite3_step(st) == SQLITE_ROW && n < TABLES_MAX) {
		snprintf(t[n].name, sizeof t[n].name, "%s", (const char *)sqlite3_column_text(st, 0));
		take_rows(h, &t[n]);
		n += t[n].rows > 0;
	}
	sqlite3_finalize(st);
	return n;
}

static void put_rows(sqlite3 *h, struct table *t, size_t from, size_t to)
{
	int skip = t->cols - sqlite3_bind_parameter_count(t->insert);

	for (size_t r = from; r < to; r++) {
		for (int i = skip; i < t->cols; i++)
			sqlite3_bind_value(t->insert, i - skip + 1, t->cell[r * (size_t)t->cols + (size_t)i]);
		step(h, t->insert);
	}
}

int bench_insert(int argc, char **argv)
{
	static struct table t[TABLES_MAX];
	int64_t orders = argc == 5 ? atoll(argv[4]) : 0, per = argc == 5 ? atoll(argv[3]) : 0, began;
	sqlite3_stmt *begin, *commit, *series;
	size_t n;
	sqlite3 *h;

	if (orders < 1 || per < 1)
		return 2;
	h = open_db(argv[1]);
	if (sqlite3_exec(h, text_of("ATTACH %Q AS src", argv[2]), NULL, NULL, NULL))
		return 1;
	n = take_all(h, t);
	sqlite3_exec(h, "DETACH src", NULL, NULL, NULL);
	begin = prepare(h, "BEGIN IMMEDIATE"), commit = prepare(h, "COMMIT");
	series = prepare(h, "UPDATE number_series SET last = last + 1 WHERE name = 'order'");
	began = clock_mono_us();
	for (int64_t i = 0; i < orders; i++) {
		if (i % per == 0)
			step(h, begin);
		step(h, series);
		for (size_t k = 0; k < n; k++)
			put_rows(h, &t[k], (size_t)((int64_t)t[k].rows * i / orders), (size_t)((int64_t)t[k].rows * (i + 1) / orders));
		if (i % per == per - 1 || i == orders - 1)
			step(h, commit);
	}
	began = clock_mono_us() - began;
	printf("{\"orders\": %lld, \"us\": %lld, \"tables\": {", (long long)orders, (long long)began);
	for (size_t k = 0; k < n; k++)
		printf("%s\"%s\": %zu", k ? ", " : "", t[k].name, t[k].rows);
	puts("}}");
	return 0;
}
