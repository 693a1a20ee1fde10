/* db_sqlite_write.c — one writer thread with group commit, and the online backup.
 * While one batch waits for the disk the next gathers in the queue; each job has a savepoint of its own and is answered after COMMIT. */
#include "db/db_sqlite.h"
#include "base/time.h"
#include <unistd.h>

enum { BATCH = 256, BATCH_US = 20000, COPY_PAGES = 256 };

/* ---- a batch ---- */

struct batch {
	struct db_job *job[BATCH];
	enum err e[BATCH];
	int n;
};

/* Runs j in a savepoint. False: SQLite gave up the whole transaction, and with it the jobs before this one. */
static bool run_job(struct conn *cn, struct db_job *j, enum err *ret)
{
	enum err e;

	if (!control(cn, CTL_SAVEPOINT)) {
		*ret = conn_report(cn, j->c, "savepoint");
		return !sqlite3_get_autocommit(sqlite_of(cn)->h);
	}
	e = write_run(cn, j);
	if (!e && !control(cn, CTL_RELEASE))
		e = conn_report(cn, j->c, "release");
	*ret = e;
	if (sqlite3_get_autocommit(sqlite_of(cn)->h))
		return false;
	return !e || (control(cn, CTL_ROLLBACK_TO) && cn->eng->control(cn, CTL_RELEASE));
}

/* The jobs that went well before job k spoilt the transaction, then those that did not run: in the old order. */
static struct db_job *again(struct db *db, struct batch *b, int k, struct db_job *rest)
{
	struct db_job *list = NULL, **tail = &list;

	for (int i = 0; i < k; i++) {
		struct db_job *j = b->job[i];

		if (b->e[i]) {
			j->done(j, b->e[i]);
			continue;
		}
		job_rewind(j);
		atomic_fetch_add_explicit(&db->retries, 1, memory_order_relaxed);
		*tail = j;
		tail = &j->next;
	}
	*tail = rest;
	b->job[k]->done(b->job[k], b->e[k]);
	return list;
}

static void answer(struct conn *cn, struct batch *b)
{
	bool committed = control(cn, CTL_COMMIT);

	for (int i = 0; i < b->n; i++)
		if (!committed && !b->e[i])
			b->e[i] = conn_report(cn, b->job[i]->c, "commit");
	cn->poisoned = false;
	if (!committed)
		cn->eng->control(cn, CTL_ROLLBACK);
	for (int i = 0; i < b->n; i++) {
		if (committed && !b->e[i])
			atomic_fetch_add_explicit(&cn->db->commits, 1, memory_order_relaxed);
		b->job[i]->done(b->job[i], b->e[i]);
	}
}

/* Nobody shares the transaction: it is the job's own. Without a savepoint around a long job SQLite need not keep the old pages of all it
 * changes, nor walk through them at the end of every statement. */
static void run_alone(struct conn *cn, struct db_job *j)
{
	enum err e = write_run(cn, j);

	if (!e && !control(cn, CTL_COMMIT))
		e = conn_report(cn, j->c, "commit");
	cn->poisoned = false;
	if (e)
		cn->eng->control(cn, CTL_ROLLBACK);
	else
		atomic_fetch_add_explicit(&cn->db->commits, 1, memory_order_relaxed);
	j->done(j, e);
}

/* Runs and answers jobs from the list's beginning; returns those still to run. */
static struct db_job *run_batch(struct conn *cn, struct db_job *list)
{
	int64_t until = clock_mono_us() + BATCH_US;
	struct batch b = { .n = 0 };

	atomic_fetch_add_explicit(&cn->db->batches, 1, memory_order_relaxed);
	if (!control(cn, CTL_BEGIN)) {
		struct db_job *rest = list->next;
		enum err e = conn_report(cn, list->c, "begin");

		list->done(list, e);
		return rest;
	}
	if (!list->next) {
		run_alone(cn, list);
		return NULL;
	}
	while (list && b.n < BATCH && (!b.n || clock_mono_us() < until)) {
		struct db_job *j = list;

		list = j->next;
		b.job[b.n] = j;
		if (!run_job(cn, j, &b.e[b.n])) {
			cn->eng->control(cn, CTL_ROLLBACK);
			return again(cn->db, &b, b.n, list);
		}
		b.n++;
	}
	answer(cn, &b);
	return list;
}

static void run_all(struct conn *cn, struct db_job *list)
{
	while (list)
		list = run_batch(cn, list);
}

static void *writer_main(void *arg)
{
	struct sqlite_db *sd = arg;
	struct db_job *list;

	while ((list = queue_take(&sd->common, BATCH)))
		run_all(sd->writer, list);
	return NULL;
}

void sqlite_write_now(struct db *db, struct db_job *j)
{
	struct conn *cn = ((struct sqlite_db *)db)->writer;

	if (cn->writing)
		BUG("a write was submitted inside a write of a database in memory");
	run_all(cn, j);
}

/* ---- opening and closing ---- */

enum err sqlite_open(const char *path, struct arena *a, struct db **ret, str *ret_why)
{
	struct sqlite_db *sd = calloc(1, sizeof *sd);
	char why[WHY_MAX] = "";
	enum err e;

	if (!sd)
		BUG("out of memory");
	/* Counting its memory would make all threads wait for one lock at every allocation. Refused, and fine, once SQLite has started. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	db_init(&sd->common, &sqlite_engine);
	sd->common.alone = !strcmp(path, ":memory:");
	sd->path = strdup(path);
	e = sqlite_conn_new(&sd->common, true, &sd->writer, why);
	if (!e)
		e = sqlite_watch_open(sd, why);
	if (e)
		*ret_why = arena_fmt(a, "cannot open the database file %s: %s; check the path and that its folder can be written", path, why);
	if (!e && !sd->common.alone && pthread_create(&sd->thread, NULL, writer_main, sd)) {
		e = ERR_DB;
		*ret_why = S("cannot start the database's writer thread");
	}
	if (e) {
		sqlite_watch_close(sd);
		if (sd->writer)
			sqlite_conn_free(sd->writer);
		free(sd->path);
		db_destroy(&sd->common);
		return e;
	}
	*ret = &sd->common;
	return ERR_OK;
}

void sqlite_close_db(struct db *db)
{
	struct sqlite_db *sd = (struct sqlite_db *)db;

	if (!db->alone)
		pthread_join(sd->thread, NULL);
	sqlite_watch_close(sd);
	sqlite_conn_free(sd->writer);
	free(sd->path);
	db_destroy(db);
}

/* ---- backup ---- */

static bool copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc;

	if (!b)
		return false;
	do
		rc = sqlite3_backup_step(b, COPY_PAGES);
	while (rc == SQLITE_OK);
	return sqlite3_backup_finish(b) == SQLITE_OK && rc == SQLITE_DONE;
}

/* The source is a reader with an open snapshot: writes go on beside it and never make the copy start anew. */
static enum err copy_to(struct conn *cn, struct ctx *c, const char *part)
{
	sqlite3 *to = NULL;
	bool ok = !sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	bool read = !cn->db->alone;

	ok = ok && (!read || (control(cn, CTL_BEGIN) && cn->eng->script(cn, "PRAGMA user_version")));
	ok = ok && copy_pages(sqlite_of(cn)->h, to);
	if (!ok)
		conn_error(cn, sqlite3_errcode(to) == SQLITE_FULL ? ERR_FULL : ERR_DB, "%s", sqlite3_errmsg(to));
	if (read)
		cn->eng->control(cn, CTL_ROLLBACK);
	if (sqlite3_close(to) && ok)
		ok = false;
	return ok ? ERR_OK : conn_report(cn, c, "backup");
}

enum err sqlite_backup(struct db *db, struct ctx *c, const char *path)
{
	char *part = arena_cstr(c->a, arena_fmt(c->a, "%s.part", path));
	struct conn *cn;
	enum err e;

	if (!access(path, F_OK))
		return fail(c, ERR_CONFLICT, NULL, "backup", "the file is there already");
	unlink(part);
	e = db_conn_open(db, &cn);
	if (e)
		return fail(c, e, NULL, "backup", "cannot open a connection");
	e = copy_to(cn, c, part);
	db_conn_close(cn);
	if (!e && rename(part, path))
		e = fail(c, ERR_DB, NULL, "backup", "cannot rename the copy");
	if (e)
		unlink(part);
	return e;
}
