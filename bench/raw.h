/* raw.h — the database without us: prepared statements of either engine, for floors and for filling. Whatever fails is told and ends the tool. */
#pragma once
#include "base/base.h"

enum cell_kind { CELL_NULL, CELL_INT, CELL_TEXT };
struct cell { enum cell_kind kind; int64_t i; char *p; size_t n; };       /* p: text, NUL behind it */
#define CELL(x) ((struct cell){ CELL_INT, (x), NULL, 0 })
struct raw;
struct raw_stmt;

/* url as for the service. Durable (SQLite: WAL, full sync; PostgreSQL: as the server is set) and with foreign keys, unless it is for filling. */
struct raw *raw_open(const char *url, bool filling);
void raw_close(struct raw *r);                         /* statements too */
bool raw_is_pg(const struct raw *r);
void raw_exec(struct raw *r, const char *sql);         /* one or several statements */
int64_t raw_int(struct raw *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));      /* one integer, 0 when NULL */
struct raw_stmt *raw_prepare(struct raw *r, const char *sql);  /* parameters ?1 ?2 … */
void raw_run(struct raw_stmt *s, const struct cell *arg, int n);
/* raw_query(), then raw_next() until false; cells live until the next row. */
void raw_query(struct raw_stmt *s, const struct cell *arg, int n);
bool raw_next(struct raw_stmt *s);
int raw_columns(struct raw_stmt *s);
const char *raw_name(struct raw_stmt *s, int i);
struct cell raw_cell(struct raw_stmt *s, int i);
struct cell cell_kept(struct cell c);                  /* its text copied for good */
