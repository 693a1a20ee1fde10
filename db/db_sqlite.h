/* db_sqlite.h — what the files of the SQLite engine share. */
#pragma once
#include "db/db_int.h"
#include <sqlite3.h>

enum { BUSY_MS = 10000 };                              /* patience with another process */
enum { WATCH_US = 2000 };                              /* so late another process's commit may be noticed where nothing is read anyway */

struct sqlite_conn {
	struct conn common;
	sqlite3 *h;
	bool writer;
	sqlite3_stmt *control[CTL_N];
};
/* A connection that never writes: to it every commit is another's, of this process or not. Asking it costs two locks on the file, so what
 * it said is believed for a moment, as long as this process commits nothing. */
struct sqlite_watch { pthread_mutex_t lock; struct conn *cn; sqlite3_stmt *version; uint64_t epoch; int64_t asked_us, commits; };
struct sqlite_db {
	struct db common;
	char *path;
	struct conn *writer;
	struct sqlite_watch watch;
	pthread_t thread;
};
static inline struct sqlite_conn *sqlite_of(struct conn *cn) { return (struct sqlite_conn *)cn; }

extern const struct engine sqlite_engine;
bool sqlite_failed(struct conn *cn);                   /* SQLite's error into the connection; always false */
MUST enum err sqlite_conn_new(struct db *db, bool writer, struct conn **ret, char why[WHY_MAX]);
void sqlite_conn_free(struct conn *cn);
MUST enum err sqlite_watch_open(struct sqlite_db *sd, char why[WHY_MAX]);
void sqlite_watch_close(struct sqlite_db *sd);
void sqlite_close_db(struct db *db);
