/* db_sqlite.c — the SQLite engine: connections and statements. Writing is in db_sqlite_write.c. */
#include "db/db_sqlite.h"
#include "base/time.h"

enum { PROGRESS_OPS = 20000 };

/* ---- errors ---- */

static enum err err_of(int rc)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE: case SQLITE_CONSTRAINT_PRIMARYKEY: case SQLITE_CONSTRAINT_ROWID:
		return ERR_CONFLICT;
	case SQLITE_CONSTRAINT_FOREIGNKEY: case SQLITE_CONSTRAINT_CHECK: case SQLITE_CONSTRAINT_NOTNULL: case SQLITE_CONSTRAINT_TRIGGER:
		return ERR_INVALID;
	}
	switch (rc & 0xFF) {
	case SQLITE_FULL: return ERR_FULL;
	case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_INTERRUPT: return ERR_BUSY;
	default: return ERR_DB;
	}
}

bool sqlite_failed(struct conn *cn)
{
	sqlite3 *h = sqlite_of(cn)->h;

	conn_error(cn, err_of(sqlite3_extended_errcode(h)), "%d %s", sqlite3_extended_errcode(h), sqlite3_errmsg(h));
	return false;
}

/* ---- statements ---- */

struct lite_stmt {
	struct stmt common;
	sqlite3_stmt *h;
	int index[PARAMS_MAX];                         /* SQLite's number of parameter i, 0 = not in this text */
};

static struct lite_stmt *lite(struct stmt *st) { return (struct lite_stmt *)st; }

static bool lite_prepare(struct conn *cn, const struct sql *q, const char *text, struct stmt **ret)
{
	struct lite_stmt *st = calloc(1, sizeof *st);

	if (!st)
		BUG("out of memory");
	if (sqlite3_prepare_v3(sqlite_of(cn)->h, text, -1, SQLITE_PREPARE_PERSISTENT, &st->h, NULL)) {
		free(st);
		return sqlite_failed(cn);
	}
	for (int i = 0; q->params[i]; i++) {
		char name[16];

		snprintf(name, sizeof name, "$%d", i + 1);
		st->index[i] = sqlite3_bind_parameter_index(st->h, name);
		if (st->index[i])
			st->common.used |= (uint64_t)1 << i;
	}
	st->common.cols = sqlite3_column_count(st->h);
	st->common.changes = !sqlite3_stmt_readonly(st->h);
	*ret = &st->common;
	return true;
}

static void lite_finalize(struct conn *cn, struct stmt *st)
{
	(void)cn;
	sqlite3_finalize(lite(st)->h);
	stmt_free(st);
}

static int bind_value(sqlite3_stmt *h, int i, const struct val *v)
{
	switch (v->kind) {
	case K_NONE:
		return sqlite3_bind_null(h, i);
	case K_STR: case K_ENUM: case K_JSON: case K_HTML:
		return sqlite3_bind_text64(h, i, v->s.p ? v->s.p : "", v->s.n, SQLITE_STATIC, SQLITE_UTF8);
	case K_INT: case K_BOOL: case K_INSTANT: case K_DAY: case K_MONEY:
		return sqlite3_bind_int64(h, i, v->i);
	case K_OBJ: case K_LIST:
		break;
	}
	BUG("value of kind %d is no parameter", (int)v->kind);
}

static bool lite_start(struct conn *cn, struct stmt *st, const struct val *const *arg)
{
	struct lite_stmt *s = lite(st);

	for (int i = 0; st->used >> i; i++)
		if (s->index[i] && bind_value(s->h, s->index[i], arg[i]))
			return sqlite_failed(cn);
	return true;
}

static enum step lite_step(struct conn *cn, struct stmt *st)
{
	switch (sqlite3_step(lite(st)->h)) {
	case SQLITE_ROW: return STEP_ROW;
	case SQLITE_DONE: return STEP_DONE;
	}
	sqlite_failed(cn);
	return STEP_FAILED;
}

static void lite_reset(struct conn *cn, struct stmt *st)
{
	(void)cn;
	sqlite3_reset(lite(st)->h);
}

static const char *lite_column_name(struct stmt *st, int i) { return sqlite3_column_name(lite(st)->h, i); }

static bool lite_integer(struct stmt *st, int i, int64_t *ret)
{
	sqlite3_stmt *h = lite(st)->h;
	int type = sqlite3_column_type(h, i);

	*ret = type == SQLITE_NULL ? NIL : sqlite3_column_int64(h, i);
	return type == SQLITE_INTEGER || type == SQLITE_NULL;
}

static str lite_text(struct stmt *st, int i)
{
	sqlite3_stmt *h = lite(st)->h;
	const char *p;

	if (sqlite3_column_type(h, i) == SQLITE_NULL)
		return (str){ 0 };
	p = (const char *)sqlite3_column_text(h, i);
	return (str){ p ? p : "", (size_t)sqlite3_column_bytes(h, i) };
}

static int64_t lite_changed(struct conn *cn, struct stmt *st)
{
	return st->changes ? sqlite3_changes64(sqlite_of(cn)->h) : 0;
}

/* ---- transactions ---- */

static bool lite_script(struct conn *cn, const char *text)
{
	return !sqlite3_exec(sqlite_of(cn)->h, text, NULL, NULL, NULL) || sqlite_failed(cn);
}

static bool lite_control(struct conn *cn, enum control what)
{
	static const char *const text[CTL_N] = { "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT s", "RELEASE s", "ROLLBACK TO s" };
	struct sqlite_conn *s = sqlite_of(cn);
	int rc;

	if (what == CTL_ROLLBACK && sqlite3_get_autocommit(s->h))
		return true;
	if (!s->control[what] && sqlite3_prepare_v3(s->h, what == CTL_BEGIN && s->writer ? "BEGIN IMMEDIATE" : text[what], -1,
	    SQLITE_PREPARE_PERSISTENT, &s->control[what], NULL))
		return sqlite_failed(cn);
	rc = sqlite3_step(s->control[what]);
	if (rc != SQLITE_DONE)
		sqlite_failed(cn);
	sqlite3_reset(s->control[what]);
	return rc == SQLITE_DONE;
}

/* ---- connections ---- */

static int watch(void *arg)
{
	const struct conn *cn = arg;

	return cn->deadline && clock_mono_us() > cn->deadline;
}

static bool set_up(struct sqlite_conn *s)
{
	sqlite3_busy_timeout(s->h, BUSY_MS);
	sqlite3_extended_result_codes(s->h, 1);
	sqlite3_db_config(s->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(s->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_progress_handler(s->h, PROGRESS_OPS, watch, &s->common);
	return lite_script(&s->common, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY")
		&& lite_script(&s->common, s->writer ? "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -6144"
			: "PRAGMA query_only = ON; PRAGMA cache_size = -2048");
}

enum err sqlite_conn_new(struct db *db, bool writer, struct conn **ret, char why[WHY_MAX])
{
	struct sqlite_db *sd = (struct sqlite_db *)db;
	struct sqlite_conn *s = calloc(1, sizeof *s);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writer ? SQLITE_OPEN_CREATE : 0);
	enum err e;

	if (!s)
		BUG("out of memory");
	s->common.db = db;
	s->common.eng = db->eng;
	s->writer = writer;
	if (!sqlite3_open_v2(sd->path, &s->h, flags, NULL) && set_up(s)) {
		*ret = &s->common;
		return ERR_OK;
	}
	sqlite_failed(&s->common);
	e = s->common.err;
	if (why)
		memcpy(why, s->common.why, WHY_MAX);
	sqlite_conn_free(&s->common);
	return e;
}

void sqlite_conn_free(struct conn *cn)
{
	struct sqlite_conn *s = sqlite_of(cn);

	conn_forget(cn);
	for (int i = 0; i < CTL_N; i++)
		sqlite3_finalize(s->control[i]);
	if (sqlite3_close(s->h))
		BUG("a statement outlives its connection: %s", sqlite3_errmsg(s->h));
	free(s);
}

/* ---- what is committed ---- */

enum err sqlite_watch_open(struct sqlite_db *sd, char why[WHY_MAX])
{
	pthread_mutex_init(&sd->watch.lock, NULL);
	if (sd->common.alone)
		return ERR_OK;
	TRY(sqlite_conn_new(&sd->common, false, &sd->watch.cn, why));
	if (!sqlite3_prepare_v3(sqlite_of(sd->watch.cn)->h, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT, &sd->watch.version, NULL))
		return ERR_OK;
	sqlite_failed(sd->watch.cn);
	memcpy(why, sd->watch.cn->why, WHY_MAX);
	return ERR_DB;
}

void sqlite_watch_close(struct sqlite_db *sd)
{
	sqlite3_finalize(sd->watch.version);
	if (sd->watch.cn)
		sqlite_conn_free(sd->watch.cn);
	pthread_mutex_destroy(&sd->watch.lock);
}

/* A read is told exactly; what only compares may be told what was true a moment ago. */
static uint64_t lite_epoch(struct db *db, struct conn *cn)
{
	struct sqlite_watch *w = &((struct sqlite_db *)db)->watch;
	int64_t now = clock_mono_us(), commits = db->commits;
	uint64_t n;

	if (db->alone)
		return (uint64_t)commits + 1;
	pthread_mutex_lock(&w->lock);
	if (cn || commits != w->commits || now - w->asked_us >= WATCH_US) {
		w->epoch = sqlite3_step(w->version) == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(w->version, 0) + 1 : 0;
		sqlite3_reset(w->version);
		w->commits = commits;
		w->asked_us = now;
	}
	n = w->epoch;
	pthread_mutex_unlock(&w->lock);
	return n;
}

static bool lite_ready(struct conn *cn)
{
	(void)cn;
	return true;
}

static enum err lite_conn_open(struct db *db, struct conn **ret)
{
	if (db->alone) {
		*ret = ((struct sqlite_db *)db)->writer;
		return ERR_OK;
	}
	return sqlite_conn_new(db, false, ret, NULL);
}

static void lite_conn_close(struct conn *cn)
{
	if (!cn->db->alone)
		sqlite_conn_free(cn);
}

const struct engine sqlite_engine = {
	.id = DB_SQLITE, .prepare = lite_prepare, .finalize = lite_finalize, .start = lite_start, .step = lite_step, .reset = lite_reset,
	.column_name = lite_column_name, .integer = lite_integer, .text = lite_text, .changed = lite_changed, .control = lite_control,
	.script = lite_script, .ready = lite_ready, .epoch = lite_epoch, .conn_open = lite_conn_open, .conn_close = lite_conn_close, .close = sqlite_close_db,
};
