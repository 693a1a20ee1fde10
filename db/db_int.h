/* db_int.h — what the files of db/ share: connections, prepared statements, the write queue, and the table of what an engine does. */
#pragma once
#include "db/db.h"
#include <pthread.h>
#include <stdatomic.h>

enum { PARAMS_MAX = 60, BUCKETS = 256, BUCKET_MAX = 8, WHY_MAX = 320 };
enum { READ_LIMIT_S = 60, WRITE_LIMIT_S = 20 };

/* One statement in one combination of gates, prepared on one connection. The engine's struct begins with it. */
struct stmt {
	const struct sql *sql;
	uint64_t gates;                                /* bits: indices of the gate parameters that are on */
	uint64_t used;                                 /* bits: parameters that occur in this combination's text */
	bool busy, changes;                            /* running; may change rows */
	bool stream;                                   /* many rows: start() need not wait for them all */
	struct stmt *next;                             /* in its bucket */
	struct stmt *below;                            /* on the stack of running statements */
	int cols;
	const struct field *fields;                    /* those column[] was looked up in */
	int *column;                                   /* for each column the index of its field, -1 = skip */
	int currency;                                  /* index of the column `currency`, -1 = none */
};

enum step { STEP_ROW, STEP_DONE, STEP_FAILED };
enum control { CTL_BEGIN, CTL_COMMIT, CTL_ROLLBACK, CTL_SAVEPOINT, CTL_RELEASE, CTL_ROLLBACK_TO, CTL_N };

/* Whatever fails sets conn.err and conn.why. */
struct engine {
	enum db_engine id;
	bool (*prepare)(struct conn *cn, const struct sql *q, const char *text, struct stmt **ret);
	void (*finalize)(struct conn *cn, struct stmt *st);
	bool (*start)(struct conn *cn, struct stmt *st, const struct val *const *arg);   /* binds; arg[i] is NULL for unused parameters */
	enum step (*step)(struct conn *cn, struct stmt *st);
	void (*reset)(struct conn *cn, struct stmt *st);
	const char *(*column_name)(struct stmt *st, int i);
	bool (*integer)(struct stmt *st, int i, int64_t *ret);  /* false: not a whole number; NIL for NULL */
	str (*text)(struct stmt *st, int i);                    /* lives until the next step; {NULL} for NULL */
	int64_t (*changed)(struct conn *cn, struct stmt *st);
	bool (*control)(struct conn *cn, enum control what);
	bool (*script)(struct conn *cn, const char *text);            /* several statements without parameters */
	bool (*ready)(struct conn *cn);                               /* before a read: reconnects if need be */
	uint64_t (*epoch)(struct db *db, struct conn *cn);            /* cn: idle; NULL: none at hand */
	enum err (*conn_open)(struct db *db, struct conn **ret);
	void (*conn_close)(struct conn *cn);
	void (*close)(struct db *db);                                 /* after the queue's threads ended */
};

struct conn {
	struct db *db;
	const struct engine *eng;
	bool writing, poisoned;
	int depth;                                     /* nested writes */
	int64_t statements;
	uint64_t epoch;                                /* before this read began */
	int64_t deadline;                              /* clock_mono_us(); 0 = none */
	struct stmt *running;
	struct stmt *bucket[BUCKETS];
	enum err err;
	char why[WHY_MAX];
};

struct db {
	const struct engine *eng;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct db_job *head, **tail;                   /* under lock */
	bool closing;                                  /* under lock */
	uint64_t serial;                               /* counts the databases this process opened */
	bool alone;                                    /* ":memory:": one connection, writes on the caller's thread */
	int64_t read_us, write_us;                     /* longest statement of a reader, longest write; 0 no limit */
	_Atomic int fault;
	_Atomic bool hit;
	_Atomic int64_t statements, commits, batches, retries;
};

/* db_stmt.c */
void conn_error(struct conn *cn, enum err e, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool db_fault(struct db *db, struct conn *cn, const char *where);  /* the test's fault, if its turn has come */
enum err conn_report(struct conn *cn, struct ctx *c, const char *what);   /* conn.err into diag; poisons a write */
void conn_release(struct conn *cn, const struct stmt *down_to);    /* ends running statements above down_to */
void conn_forget(struct conn *cn);                                 /* finalizes all cached statements */
void stmt_free(struct stmt *st);                                   /* the common part's memory; called by finalize */
char *sql_text(const struct sql *q, enum db_engine e, uint64_t gates);    /* malloc'd */
bool control(struct conn *cn, enum control what);                  /* with fault injection */

/* db_write.c */
void db_init(struct db *db, const struct engine *eng);
void db_destroy(struct db *db);
struct db_job *queue_take(struct db *db, int max);                 /* waits; NULL = closing and drained */
void queue_close(struct db *db);
enum err write_run(struct conn *cn, struct db_job *j);             /* fn on cn; afterwards nothing runs on cn */
void job_rewind(struct db_job *j);                                 /* before it runs again */

/* db_sqlite.c, db_pg.c */
MUST enum err sqlite_open(const char *path, struct arena *a, struct db **ret, str *ret_why);
MUST enum err pg_open(const char *url, struct arena *a, struct db **ret, str *ret_why);
void sqlite_write_now(struct db *db, struct db_job *j);            /* for db.alone */
MUST enum err sqlite_backup(struct db *db, struct ctx *c, const char *path);
