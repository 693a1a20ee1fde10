/* db_pg_write.c — the pool of writers: each job in a SERIALIZABLE transaction, which gives it the same world as SQLite's single writer;
 * what loses against another transaction runs again. The server itself groups commits. Where jobs wait and have lately lost against each
 * other, those that wait share a transaction instead, each in a savepoint, and one COMMIT. */
#include "db/db_pg.h"
#include "base/time.h"
#include "db/schema.sql.h"

enum { ATTEMPTS = 7, TOGETHER = 2 };                   /* attempts in all; those beside other jobs */
enum { BATCH = 32, BATCH_US = 40000, CROWDED = 64 };    /* jobs and microseconds of a shared transaction; batches a loss is remembered for */

/* ---- one job ---- */

/* False: nothing was changed and the job may run again. */
static bool attempt(struct conn *cn, struct db_job *j, bool *lost, enum err *ret)
{
	struct pg_conn *p = pg_of(cn);

	p->again = false;
	if (!pg_ready(cn) || !control(cn, CTL_BEGIN)) {
		*ret = conn_report(cn, j->c, "begin");
	} else {
		*ret = write_run(cn, j);
		if (!*ret && control(cn, CTL_COMMIT))
			return true;
		if (!*ret) {
			*ret = conn_report(cn, j->c, "commit");
			*lost = true;                  /* with the connection gone here nobody knows: never again */
		}
	}
	if (PQstatus(p->h) != CONNECTION_OK) {
		bool first = !*lost;

		*lost = true;
		return !first;
	}
	if (PQtransactionStatus(p->h) != PQTRANS_IDLE)
		cn->eng->control(cn, CTL_ROLLBACK);
	return !p->again;
}

static bool attempt_in_lane(struct conn *cn, struct db_job *j, int n, bool *lost, enum err *ret)
{
	struct pg_db *pd = (struct pg_db *)cn->db;
	bool over;

	if (n < TOGETHER)
		pthread_rwlock_rdlock(&pd->lane);
	else
		pthread_rwlock_wrlock(&pd->lane);
	over = attempt(cn, j, lost, ret);
	pthread_rwlock_unlock(&pd->lane);
	return over;
}

static enum err run_job(struct conn *cn, struct db_job *j)
{
	bool lost = false;
	enum err e;

	atomic_fetch_add_explicit(&cn->db->batches, 1, memory_order_relaxed);
	for (int n = 0; !attempt_in_lane(cn, j, n, &lost, &e) && n + 1 < ATTEMPTS; n++) {
		atomic_fetch_add_explicit(&cn->db->retries, 1, memory_order_relaxed);
		atomic_store_explicit(&((struct pg_db *)cn->db)->crowded, CROWDED, memory_order_relaxed);
		job_rewind(j);
	}
	if (!e)
		atomic_fetch_add_explicit(&cn->db->commits, 1, memory_order_relaxed);
	return e;
}

/* ---- a shared transaction ---- */

/* False: the transaction is spoilt and with it the jobs before this one. */
static bool run_in_savepoint(struct conn *cn, struct db_job *j, enum err *ret)
{
	if (!control(cn, CTL_SAVEPOINT))
		return false;
	*ret = write_run(cn, j);
	if (!*ret)
		return control(cn, CTL_RELEASE);
	return !pg_of(cn)->again && control(cn, CTL_ROLLBACK_TO) && cn->eng->control(cn, CTL_RELEASE);
}

/* Answers the jobs before `stop`. Not committed: the connection was gone by then, and nobody knows. */
static void answer(struct conn *cn, struct db_job *j, const struct db_job *stop, const enum err *e, bool committed)
{
	for (struct db_job *next; j != stop; j = next, e++) {
		next = j->next;
		if (!*e && committed)
			atomic_fetch_add_explicit(&cn->db->commits, 1, memory_order_relaxed);
		j->done(j, *e || committed ? *e : conn_report(cn, j->c, "commit"));
	}
}

/* Runs jobs from the list's beginning, not for long, and answers them. False: nothing was changed. */
static bool share(struct conn *cn, struct db_job **list, enum err *e)
{
	int64_t until = clock_mono_us() + BATCH_US;
	struct db_job *j = *list;
	bool committed;
	int n = 0;

	pg_of(cn)->again = false;
	if (!pg_ready(cn) || !control(cn, CTL_BEGIN))
		return false;
	for (; j && (!n || clock_mono_us() < until); j = j->next, n++)
		if (!run_in_savepoint(cn, j, &e[n]))
			return false;
	committed = control(cn, CTL_COMMIT);
	if (!committed && PQstatus(pg_of(cn)->h) == CONNECTION_OK)
		return false;
	answer(cn, *list, j, e, committed);
	*list = j;
	return true;
}

/* Those that wait, together; where that fails each by itself. */
static void run_together(struct conn *cn, struct db_job *list)
{
	struct pg_db *pd = (struct pg_db *)cn->db;
	enum err e[BATCH];
	bool shared = true;

	while (list && list->next && shared) {
		atomic_fetch_add_explicit(&cn->db->batches, 1, memory_order_relaxed);
		pthread_rwlock_wrlock(&pd->lane);
		shared = share(cn, &list, e);
		if (!shared && PQtransactionStatus(pg_of(cn)->h) != PQTRANS_IDLE)
			cn->eng->control(cn, CTL_ROLLBACK);
		pthread_rwlock_unlock(&pd->lane);
	}
	for (struct db_job *next; list; list = next) {
		next = list->next;
		if (!shared)
			job_rewind(list);
		e[0] = run_job(cn, list);
		list->done(list, e[0]);
	}
}

/* Have jobs lost lately? Each asking forgets a little. */
static bool take_crowded(struct pg_db *pd)
{
	int left = atomic_load_explicit(&pd->crowded, memory_order_relaxed);

	if (left > 0)
		atomic_store_explicit(&pd->crowded, left - 1, memory_order_relaxed);
	return left > 0;
}

void *pg_pool_main(void *arg)
{
	struct pg_db *pd = arg;
	struct conn *cn = NULL;
	struct db_job *j;

	while ((j = queue_take(&pd->common, take_crowded(pd) ? BATCH : 1))) {
		char why[WHY_MAX] = "";
		enum err e = cn ? ERR_OK : pg_conn_new(&pd->common, true, &cn, why);

		if (!e) {
			run_together(cn, j);
			continue;
		}
		for (struct db_job *next; j; j = next) {
			next = j->next;
			fail(j->c, e, NULL, "connect");
			j->done(j, e);
		}
	}
	if (cn)
		pg_conn_free(cn);
	return NULL;
}

/* ---- opening and closing ---- */

/* Takes "pool=N" out of the URL's query. */
static int take_pool(char *url)
{
	char *at = strstr(url, "pool="), *end;
	long n;

	if (!at || at == url || (at[-1] != '?' && at[-1] != '&'))
		return PG_POOL;
	n = strtol(at + 5, &end, 10);
	if (*end == '&')
		memmove(at, end + 1, strlen(end + 1) + 1);
	else
		at[-1] = 0;
	return n < 1 ? 1 : n > PG_POOL_MAX ? PG_POOL_MAX : (int)n;
}

/* Text must sort and compare by bytes, as on SQLite. */
static bool suits(struct db *db, struct arena *a, str *ret_why)
{
	char why[WHY_MAX] = "";
	struct ctx c = { .a = a };
	int64_t good = 0;

	if (pg_conn_new(db, false, &c.db, why)) {
		*ret_why = arena_fmt(a, "cannot connect to PostgreSQL: %s", why);
		return false;
	}
	if (db_int(&c, &q_database_suits, BIND(), &good) || good != 1)
		*ret_why = S("the PostgreSQL database must be created with ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0");
	pg_conn_free(c.db);
	return good == 1;
}

/* Without preference a job that wants the lane for itself would starve. */
static void lane_init(pthread_rwlock_t *lane)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(lane, &attr);
	pthread_rwlockattr_destroy(&attr);
}

static void pg_free(struct pg_db *pd)
{
	pthread_rwlock_destroy(&pd->lane);
	free(pd->url);
	db_destroy(&pd->common);
}

enum err pg_open(const char *url, struct arena *a, struct db **ret, str *ret_why)
{
	struct pg_db *pd = calloc(1, sizeof *pd);
	int wanted;

	if (!pd)
		BUG("out of memory");
	db_init(&pd->common, &pg_engine);
	lane_init(&pd->lane);
	pd->url = strdup(url);
	if (!pd->url)
		BUG("out of memory");
	wanted = take_pool(pd->url);
	if (!suits(&pd->common, a, ret_why)) {
		pg_free(pd);
		return ERR_DB;
	}
	while (pd->threads < wanted && !pthread_create(&pd->thread[pd->threads], NULL, pg_pool_main, pd))
		pd->threads++;
	*ret = &pd->common;
	if (pd->threads == wanted)
		return ERR_OK;
	*ret_why = S("cannot start the database's writer threads");
	db_close(&pd->common);
	return ERR_DB;
}

void pg_close_db(struct db *db)
{
	struct pg_db *pd = (struct pg_db *)db;

	for (int i = 0; i < pd->threads; i++)
		pthread_join(pd->thread[i], NULL);
	pg_free(pd);
}
