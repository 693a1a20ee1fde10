/* db_pg.h — what the files of the PostgreSQL engine share. */
#pragma once
#include "db/db_int.h"
#include <libpq-fe.h>

enum { PG_POOL = 8, PG_POOL_MAX = 64 };

struct pg_conn {
	struct conn common;
	PGconn *h;
	bool writer;
	bool again;                                    /* the transaction lost against another and may be run anew */
	unsigned long names;                           /* of prepared statements given so far */
	struct pg_stmt *streaming;                     /* whose rows are still on the wire */
	struct buf scratch;                            /* parameters that need a closing NUL */
};
struct pg_db {
	struct db common;
	char *url;                                     /* without our own ?pool= */
	pthread_rwlock_t lane;                         /* shared by jobs; a job that keeps losing takes it for itself */
	_Atomic int crowded;                           /* jobs lost lately: those that wait share transactions */
	int threads;
	pthread_t thread[PG_POOL_MAX];
};
static inline struct pg_conn *pg_of(struct conn *cn) { return (struct pg_conn *)cn; }

extern const struct engine pg_engine;
void *pg_pool_main(void *arg);                         /* a pool thread of struct pg_db: its connection, one job after the other */
MUST enum err pg_conn_new(struct db *db, bool writer, struct conn **ret, char why[WHY_MAX]);
void pg_conn_free(struct conn *cn);
bool pg_ready(struct conn *cn);                        /* reconnects if the connection is gone; outside transactions only */
void pg_close_db(struct db *db);
