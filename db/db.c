/* db.c — opening by URL and the small questions. */
#include "db/db_int.h"

enum err db_open(const char *url, struct arena *a, struct db **ret, str *ret_why)
{
	if (!strncmp(url, "postgresql://", 13) || !strncmp(url, "postgres://", 11))
		return pg_open(url, a, ret, ret_why);
	return sqlite_open(strncmp(url, "sqlite:", 7) ? url : url + 7, a, ret, ret_why);
}

void db_close(struct db *db)
{
	queue_close(db);
	db->eng->close(db);
}

enum db_engine db_engine(const struct db *db) { return db->eng->id; }
enum err db_conn_open(struct db *db, struct conn **ret) { return db->eng->conn_open(db, ret); }
void db_patient(struct db *db) { db->read_us = db->write_us = 0; }
void db_conn_close(struct conn *cn) { cn->eng->conn_close(cn); }
bool db_writing(const struct conn *cn) { return cn->writing; }
struct db *db_of(const struct conn *cn) { return cn->db; }
int64_t conn_statements(const struct conn *cn) { return cn->statements; }

/* A read on the only connection there is, or inside a write, is its own snapshot already. */
static bool snapshots(const struct conn *cn) { return cn->eng->id == DB_SQLITE && !cn->db->alone; }

/* No two databases of a process share one. */
static uint64_t epoch_of(struct db *db, struct conn *cn)
{
	uint64_t n = db->eng->epoch(db, cn);

	return n ? n + (db->serial << 48) : 0;
}

enum err db_read_begin(struct conn *cn)
{
	if (!cn->eng->ready(cn))
		return cn->err;
	cn->epoch = epoch_of(cn->db, cn);
	if (!snapshots(cn))
		return ERR_OK;
	return control(cn, CTL_BEGIN) ? ERR_OK : cn->err;
}

void db_read_end(struct conn *cn)
{
	conn_release(cn, NULL);
	cn->epoch = 0;
	if (snapshots(cn))
		cn->eng->control(cn, CTL_ROLLBACK);
}

uint64_t db_epoch(struct db *db) { return epoch_of(db, NULL); }
uint64_t conn_epoch(const struct conn *cn) { return cn->writing ? 0 : cn->epoch; }

enum err db_backup(struct db *db, struct ctx *c, const char *path)
{
	if (db->eng->id != DB_SQLITE)
		BUG("db_backup is for SQLite");
	return sqlite_backup(db, c, path);
}

struct db_stats db_stats(struct db *db)
{
	return (struct db_stats){ .statements = db->statements, .commits = db->commits, .batches = db->batches, .retries = db->retries };
}
