/* raw.c — SQLite and PostgreSQL by their own libraries. */
#include "bench/raw.h"
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdarg.h>

enum { STMTS_MAX = 128, PARAMS_MAX = 80, DIGITS = 24 };

struct raw_stmt { struct raw *r; sqlite3_stmt *lite; char name[16]; PGresult *rows; int at; };
struct raw { sqlite3 *lite; PGconn *pg; struct raw_stmt stmt[STMTS_MAX]; int n, named; };

__attribute__((noreturn))
static void die(const struct raw *r, const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, r->pg ? PQerrorMessage(r->pg) : sqlite3_errmsg(r->lite));
	exit(1);
}

struct raw *raw_open(const char *url, bool filling)
{
	struct raw *r = calloc(1, sizeof *r);

	if (!r)
		exit(1);
	if (!strncmp(url, "postgres", 8)) {
		r->pg = PQconnectdb(url);
		if (PQstatus(r->pg) != CONNECTION_OK)
			die(r, url);
		raw_exec(r, filling ? "SET synchronous_commit = off; SET client_min_messages = warning" : "SET client_min_messages = warning");
		return r;
	}
	if (sqlite3_open(strncmp(url, "sqlite:", 7) ? url : url + 7, &r->lite))
		die(r, url);
	sqlite3_busy_timeout(r->lite, 10000);
	raw_exec(r, filling ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 20000"
		: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384");
	return r;
}

void raw_close(struct raw *r)
{
	for (int i = 0; i < r->n; i++) {
		sqlite3_finalize(r->stmt[i].lite);
		PQclear(r->stmt[i].rows);
	}
	sqlite3_close(r->lite);
	if (r->pg)
		PQfinish(r->pg);
	free(r);
}

bool raw_is_pg(const struct raw *r) { return r->pg != NULL; }

static void check(struct raw *r, PGresult *res, const char *what)
{
	ExecStatusType st = PQresultStatus(res);

	if (st != PGRES_COMMAND_OK && st != PGRES_TUPLES_OK)
		die(r, what);
}

void raw_exec(struct raw *r, const char *sql)
{
	if (r->pg) {
		PGresult *res = PQexec(r->pg, sql);

		check(r, res, sql);
		PQclear(res);
	} else if (sqlite3_exec(r->lite, sql, NULL, NULL, NULL)) {
		die(r, sql);
	}
}

int64_t raw_int(struct raw *r, const char *fmt, ...)
{
	struct raw_stmt *s;
	char sql[1024];
	int64_t i = 0;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sql, sizeof sql, fmt, ap);
	va_end(ap);
	s = raw_prepare(r, sql);
	raw_query(s, NULL, 0);
	if (raw_next(s)) {
		struct cell c = raw_cell(s, 0);

		i = c.kind == CELL_TEXT ? atoll(c.p) : c.i;
	}
	while (raw_next(s))
		;
	r->n--;
	sqlite3_finalize(s->lite);
	return i;
}

/* ?1 is $1 to PostgreSQL. */
static char *dollars(const char *sql)
{
	char *text = strdup(sql);

	for (char *p = text; p && *p; p++)
		if (*p == '?' && p[1] >= '0' && p[1] <= '9')
			*p = '$';
	return text;
}

struct raw_stmt *raw_prepare(struct raw *r, const char *sql)
{
	struct raw_stmt *s = &r->stmt[r->n];

	if (r->n++ == STMTS_MAX)
		exit(1);
	*s = (struct raw_stmt){ .r = r };
	if (r->pg) {
		char *text = dollars(sql);
		PGresult *res;

		snprintf(s->name, sizeof s->name, "s%d", r->named++);
		res = PQprepare(r->pg, s->name, text, 0, NULL);
		check(r, res, sql);
		PQclear(res);
		free(text);
	} else if (sqlite3_prepare_v2(r->lite, sql, -1, &s->lite, NULL)) {
		die(r, sql);
	}
	return s;
}

static void start(struct raw_stmt *s, const struct cell *arg, int n)
{
	const char *value[PARAMS_MAX] = { 0 };
	char digits[PARAMS_MAX][DIGITS];

	for (int i = 0; i < n && !s->r->pg; i++) {
		if (arg[i].kind == CELL_NULL)
			sqlite3_bind_null(s->lite, i + 1);
		else if (arg[i].kind == CELL_INT)
			sqlite3_bind_int64(s->lite, i + 1, arg[i].i);
		else
			sqlite3_bind_text64(s->lite, i + 1, arg[i].p, arg[i].n, SQLITE_STATIC, SQLITE_UTF8);
	}
	if (!s->r->pg)
		return;
	for (int i = 0; i < n; i++) {
		if (arg[i].kind == CELL_INT)
			snprintf(digits[i], DIGITS, "%lld", (long long)arg[i].i);
		value[i] = arg[i].kind == CELL_NULL ? NULL : arg[i].kind == CELL_INT ? digits[i] : arg[i].p;
	}
	PQclear(s->rows);
	s->rows = PQexecPrepared(s->r->pg, s->name, n, value, NULL, NULL, 0);
	check(s->r, s->rows, s->name);
	s->at = -1;
}

void raw_query(struct raw_stmt *s, const struct cell *arg, int n) { start(s, arg, n); }

bool raw_next(struct raw_stmt *s)
{
	int rc;

	if (s->r->pg && ++s->at < PQntuples(s->rows))
		return true;
	if (s->r->pg) {
		PQclear(s->rows);
		s->rows = NULL;
		return false;
	}
	rc = sqlite3_step(s->lite);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		die(s->r, sqlite3_sql(s->lite));
	sqlite3_reset(s->lite);
	return false;
}

void raw_run(struct raw_stmt *s, const struct cell *arg, int n)
{
	start(s, arg, n);
	while (raw_next(s))
		;
}

int raw_columns(struct raw_stmt *s) { return s->r->pg ? PQnfields(s->rows) : sqlite3_column_count(s->lite); }
const char *raw_name(struct raw_stmt *s, int i) { return s->r->pg ? PQfname(s->rows, i) : sqlite3_column_name(s->lite, i); }

struct cell raw_cell(struct raw_stmt *s, int i)
{
	struct cell c = { 0 };

	if (s->r->pg) {
		if (PQgetisnull(s->rows, s->at, i))
			return c;
		return (struct cell){ CELL_TEXT, 0, PQgetvalue(s->rows, s->at, i), (size_t)PQgetlength(s->rows, s->at, i) };
	}
	switch (sqlite3_column_type(s->lite, i)) {
	case SQLITE_NULL:
		return c;
	case SQLITE_INTEGER:
		return CELL(sqlite3_column_int64(s->lite, i));
	}
	c = (struct cell){ CELL_TEXT, 0, (char *)(uintptr_t)sqlite3_column_text(s->lite, i), 0 };
	c.n = (size_t)sqlite3_column_bytes(s->lite, i);
	return c;
}

struct cell cell_kept(struct cell c)
{
	if (c.kind == CELL_TEXT)
		c.p = memcpy(calloc(1, c.n + 1), c.p, c.n);
	return c;
}
