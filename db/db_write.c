/* db_write.c — writes: the queue, running a job inside its transaction, nested savepoints. The same for both engines. */
#include "db/db_int.h"
#include "base/time.h"
#include <semaphore.h>
#include <setjmp.h>

/* ---- the queue ---- */

void db_init(struct db *db, const struct engine *eng)
{
	static _Atomic uint64_t opened;

	db->eng = eng;
	db->serial = ++opened;
	db->tail = &db->head;
	db->read_us = READ_LIMIT_S * (int64_t)1000000;
	db->write_us = WRITE_LIMIT_S * (int64_t)1000000;
	pthread_mutex_init(&db->lock, NULL);
	pthread_cond_init(&db->more, NULL);
}

void db_destroy(struct db *db)
{
	pthread_cond_destroy(&db->more);
	pthread_mutex_destroy(&db->lock);
	free(db);
}

struct db_job *queue_take(struct db *db, int max)
{
	struct db_job *first, **last;

	pthread_mutex_lock(&db->lock);
	while (!db->head && !db->closing)
		pthread_cond_wait(&db->more, &db->lock);
	first = db->head;
	for (last = &db->head; *last && max > 0; max--)
		last = &(*last)->next;
	db->head = *last;
	*last = NULL;
	if (!db->head)
		db->tail = &db->head;
	pthread_mutex_unlock(&db->lock);
	return first;
}

void queue_close(struct db *db)
{
	pthread_mutex_lock(&db->lock);
	db->closing = true;
	pthread_cond_broadcast(&db->more);
	pthread_mutex_unlock(&db->lock);
}

void db_submit(struct db *db, struct db_job *j)
{
	j->next = NULL;
	j->mark = arena_mark(j->c->a);
	if (db->alone) {
		sqlite_write_now(db, j);
		return;
	}
	pthread_mutex_lock(&db->lock);
	if (db->closing)
		BUG("a write was submitted after db_close");
	*db->tail = j;
	db->tail = &j->next;
	pthread_cond_signal(&db->more);
	pthread_mutex_unlock(&db->lock);
}

/* ---- one job ---- */

/* A write whose arena runs full must unwind to its own transaction, wherever it runs. */
static _Thread_local jmp_buf *unwind_to;

static void unwind(void) { longjmp(*unwind_to, 1); }

static enum err guarded(struct ctx *c, enum err (*fn)(struct ctx *, void *), void *arg)
{
	void (*volatile outer_full)(void) = arena_full;
	jmp_buf *volatile outer = unwind_to;
	volatile enum err e = ERR_TOO_LARGE;
	jmp_buf here;

	unwind_to = &here;
	arena_full = unwind;
	if (!setjmp(here))
		e = fn(c, arg);
	unwind_to = outer;
	arena_full = outer_full;
	return e;
}

static enum err run_on(struct conn *cn, struct ctx *c, enum err (*fn)(struct ctx *, void *), void *arg)
{
	struct stmt *top = cn->running;
	struct conn *before = c->db;
	enum err e;

	c->db = cn;
	e = guarded(c, fn, arg);
	c->db = before;
	conn_release(cn, top);
	if (!e && cn->poisoned)
		e = ERR_DB;
	return e;
}

enum err write_run(struct conn *cn, struct db_job *j)
{
	enum err e;

	cn->writing = true;
	cn->deadline = cn->db->write_us ? clock_mono_us() + cn->db->write_us : 0;
	e = run_on(cn, j->c, j->fn, j->arg);
	cn->writing = false;
	cn->poisoned = false;
	return e;
}

void job_rewind(struct db_job *j)
{
	arena_reset(j->c->a, j->mark);
	j->c->diag = (struct diag){ 0 };
}

/* ---- waiting and nesting ---- */

struct waiter { struct db_job job; sem_t done; enum err e; };

static void wake(struct db_job *j, enum err e)
{
	struct waiter *w = (struct waiter *)j;

	w->e = e;
	sem_post(&w->done);
}

static enum err nested(struct ctx *c, enum err (*fn)(struct ctx *, void *), void *arg)
{
	struct conn *cn = c->db;
	enum err e;

	if (cn->poisoned)
		return fail(c, ERR_DB, NULL, "nested write", "the transaction has failed already");
	if (!control(cn, CTL_SAVEPOINT))
		return conn_report(cn, c, "savepoint");
	cn->depth++;
	e = run_on(cn, c, fn, arg);
	cn->depth--;
	if (!e && control(cn, CTL_RELEASE))
		return ERR_OK;
	if (!e)
		e = conn_report(cn, c, "release");
	cn->poisoned = !control(cn, CTL_ROLLBACK_TO) || !cn->eng->control(cn, CTL_RELEASE);
	return e;
}

enum err db_write(struct db *db, struct ctx *c, enum err (*fn)(struct ctx *, void *), void *arg)
{
	struct waiter w = { .job = { .c = c, .fn = fn, .arg = arg, .done = wake } };

	if (c->db && c->db->writing)
		return nested(c, fn, arg);
	sem_init(&w.done, 0, 0);
	db_submit(db, &w.job);
	while (sem_wait(&w.done))
		;
	sem_destroy(&w.done);
	return w.e;
}
