/* db_sqlite.h — what the files of the SQLite engine share. */
#pragma once
#include "db/db_int.h"
#include <sqlite3.h>

enum { BUSY_MS = 10000 };                              /* patience with another process */

struct sqlite_conn {
	struct conn common;
	sqlite3 *h;
	bool writer;
	sqlite3_stmt *control[CTL_N];
};
struct sqlite_db {
	struct db common;
	char *path;
	struct conn *writer;
	pthread_t thread;
};
static inline struct sqlite_conn *sqlite_of(struct conn *cn) { return (struct sqlite_conn *)cn; }

extern const struct engine sqlite_engine;
bool sqlite_failed(struct conn *cn);                   /* SQLite's error into the connection; always false */
MUST enum err sqlite_conn_new(struct db *db, bool writer, struct conn **ret, char why[WHY_MAX]);
void sqlite_conn_free(struct conn *cn);
void sqlite_close_db(struct db *db);
