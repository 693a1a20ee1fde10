/* db.h — one seam over SQLite and PostgreSQL. SQL text lives only in the .sql files of the departments.
 *
 * A .sql file holds blocks, compiled to NAME.sql.h / NAME.sql.c by tools/sqlgen:
 *   -- migrate: 1                      schema step 1 of this department (several statements); macros below
 *   -- name: q_order_by_no             one statement; parameters :name; declares `extern const struct sql q_order_by_no`
 *   [[station: AND o.station_id = :station ]]   kept only when parameter `station` is bound to a value (not absent); up to 6 a statement.
 *                                      Every combination is text made at build time and prepared on both engines by the tests.
 *   -- part: order_row                 text that several statements below share: @part(order_row) puts it in, its parameters and [[ ]] too
 * Macros: @pk (auto-numbered primary key) @i64 @text @json @blob @strict (end of CREATE TABLE) @skiplocked. @replan: PostgreSQL plans the
 * statement for its values each time; for ranges that may hold little or nearly all of a large table. Full text always does.
 * A block whose text must differ on PostgreSQL is followed by `-- pg:` and that text.
 *
 * Full text: a department that searches gives each searched table an index beside it, keyed by the row's id:
 *   in a schema step     @fts_create(order_fts);
 *   with every change    -- name: q_order_fts_put      @fts_put(order_fts, :id, :words)        words: index_words() of all texts
 *   with every delete    -- name: q_order_fts_drop     @fts_drop(order_fts, :id)
 *   in a list            [[words: AND @fts_match(order_fts, o.id, :words) ]]                   words: fts_query() of what was typed
 *
 * PostgreSQL guesses a parameter's type from its use; where it cannot (`:x IS NULL`, `SELECT :x`), and for arguments of functions that
 * take an INTEGER (`substr(s, :n)`), write CAST(:x AS TEXT), CAST(:x AS @i64) or CAST(:n AS INTEGER). Whole numbers travel as 64 bits.
 *
 * Threads: a struct db is shared; a struct conn belongs to one thread at a time. Any database error inside a transaction poisons it:
 * every later statement fails with ERR_DB until rollback, on both engines. Not poisoned by: no row found, no row changed. */
#pragma once
#include "base/base.h"

struct sql_seg { const char *text; int gate; };        /* gate: index of the parameter that switches it on, -1 = always */
struct sql {
	const char *name;
	const char *const *params;                     /* NULL-terminated, in order of $1 … */
	const struct sql_seg *seg, *pg;                /* ended by text NULL; pg NULL = the same */
};
struct migration { int version; const char *text, *pg; };   /* pg NULL = the same text; ended by version 0 */
struct bind { const char *name; struct val v; };
#define P(name_, x) { #name_, V(x) }
#define BIND(...) (const struct bind[]){ __VA_ARGS__ __VA_OPT__(,) { 0 } }

struct db;
struct conn;
enum db_engine { DB_SQLITE, DB_POSTGRES };

/* url: "postgresql://…", "sqlite:PATH", a path, or ":memory:" (tests: one connection, writes run on the caller's thread).
 * On failure *ret_why (static or arena text) says what to do. */
MUST enum err db_open(const char *url, struct arena *a, struct db **ret, str *ret_why);
void db_close(struct db *db);                          /* waits for queued writes */
enum db_engine db_engine(const struct db *db);
/* Applies what is missing, department by department in the given order, each step in its own transaction. */
struct db_schema { const char *name; const struct migration *steps; const struct sql *const *statements; };
MUST enum err db_migrate(struct db *db, struct ctx *c, const struct db_schema *const *list);
/* Prepares every statement in every combination; the first failure goes to diag. */
MUST enum err db_prepare_all(struct conn *cn, struct ctx *c, const struct db_schema *const *list);

/* Read connections: one per worker. On SQLite a read sees one snapshot from db_read_begin to db_read_end. */
MUST enum err db_conn_open(struct db *db, struct conn **ret);
/* For commands: statements of connections opened from now on, and writes, may take as long as they need (else 60 s and 20 s). */
void db_patient(struct db *db);
void db_conn_close(struct conn *cn);
MUST enum err db_read_begin(struct conn *cn);
void db_read_end(struct conn *cn);
/* Names what is committed, whoever committed it: equal twice only if nothing was committed between. 0: not known. db_epoch() may notice
 * another process's commit 2 ms late; on PostgreSQL, which would have to be asked over the network, only conn_epoch() knows. */
uint64_t db_epoch(struct db *db);
uint64_t conn_epoch(const struct conn *cn);            /* as it was just before db_read_begin; 0 outside of a read */

/* A write: fn runs inside a transaction with c->db set to the writing connection. SQLite: on the one writer thread, in a savepoint of
 * a group commit; PostgreSQL: on a pool thread in a transaction of its own. fn may run again after a serialization failure or a lost
 * connection (its arena and diag are rolled back first), so it must have no effect outside the database.
 * done is called after COMMIT (or after failure) on a database thread: it only hands the job on. e: fn's error, or ERR_DB/ERR_FULL
 * when the commit failed; then nothing was changed. */
struct db_job {
	struct ctx *c;
	enum err (*fn)(struct ctx *c, void *arg);
	void *arg;
	void (*done)(struct db_job *j, enum err e);
	struct db_job *next;                           /* the queue's */
	struct arena_mark mark;
};
void db_submit(struct db *db, struct db_job *j);
/* The same and waits. Within a write already (c->db is a writing connection) it runs fn in a nested savepoint; a caller that goes on
 * after its failure clears c->diag. */
MUST enum err db_write(struct db *db, struct ctx *c, enum err (*fn)(struct ctx *, void *), void *arg);
bool db_writing(const struct conn *cn);                /* verbs that change assert this */
struct db *db_of(const struct conn *cn);

/* f, here and below: a static array ended by { 0 }; the columns found in it are remembered by its address.
 * One row into *out through fields (by column name; every column must have a field). ERR_NOT_FOUND, without a word in diag, when there
 * is none. Text is copied to c->a. A K_MONEY column holds the amount; the currency is the row's column `currency` (which needs no field
 * of its own), CNY without one. Columns of @json read back as text whose spacing and key order depend on the engine. */
MUST enum err db_row(struct ctx *c, const struct sql *q, const struct bind *b, const struct field *f, void *out);
/* All rows into a new array in c->a, at most max: more is ERR_TOO_LARGE, or cut off if the statement has its own LIMIT. */
MUST enum err db_rows(struct ctx *c, const struct sql *q, const struct bind *b, const struct field *f, size_t row_size, size_t max, void *ret_array, size_t *ret_n);
/* Streams rows; the row and its texts live until fn returns. fn's error stops and is returned. fn may run other statements. */
MUST enum err db_each(struct ctx *c, const struct sql *q, const struct bind *b, const struct field *f, size_t row_size, enum err (*fn)(struct ctx *c, void *row, void *arg), void *arg);
/* INSERT/UPDATE/DELETE. want >= 0: ERR_CONFLICT unless exactly so many rows changed (none: without a word in diag).
 * Unique violation: ERR_CONFLICT; foreign key, CHECK, NOT NULL: ERR_INVALID. */
MUST enum err db_exec(struct ctx *c, const struct sql *q, const struct bind *b, int want);
/* INSERT … RETURNING id. */
MUST enum err db_insert(struct ctx *c, const struct sql *q, const struct bind *b, int64_t *ret_id);
/* One integer of one row; NIL when NULL. */
MUST enum err db_int(struct ctx *c, const struct sql *q, const struct bind *b, int64_t *ret);

/* What a person typed, as the argument of @fts_match on this engine: words are ANDed, Chinese words match anywhere from one character on,
 * Latin words and numbers as beginnings; with whole, only the last of them: much quicker where a beginning is common. Absent when nothing searchable was typed, so that the gate stays shut. Lives in a. */
str fts_query(struct arena *a, str typed, bool whole, enum db_engine engine);
str fts_and(struct arena *a, str query, str word, enum db_engine engine);      /* and this one Latin word */

/* Online copy into a new SQLite file (SQLite only; PostgreSQL: see app/backup). */
MUST enum err db_backup(struct db *db, struct ctx *c, const char *path);
struct db_stats { int64_t statements, commits, batches, retries; };
struct db_stats db_stats(struct db *db);
int64_t conn_statements(const struct conn *cn);        /* run so far on this connection: budgets in tests */

/* Tests: the n-th database operation from now fails (0 = off); hit tells whether it did. */
void db_fault_at(struct db *db, int n);
bool db_fault_hit(struct db *db);
