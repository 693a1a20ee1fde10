/* db_test.h — what the test files of db/ share. */
#pragma once
#include "db/db.h"
struct world { struct db *db; struct conn *cn; struct ctx c; struct arena a, ca; struct actor actor; const char *dir; };   /* dir: of a database in a file */
void on_each(void (*test)(struct world *w));           /* in memory, in a file, on PostgreSQL */
void world_ctx(struct world *w, struct ctx *c, struct arena *a);
struct thing_arg { const char *code; int64_t n, id; };
enum err thing_new(struct ctx *c, void *arg);
int64_t count(struct ctx *c, const char *code);
void clear_diag(struct ctx *c);
extern const struct field thing_fields[];
struct thing {
	int64_t id, n, ver;
	str code, note;
	json extra;
	bool ok;
	int state;
	instant at;
	day due_on;
	money price;
};
void remove_dir(const char *dir);
void pg_wipe(const char *url);
