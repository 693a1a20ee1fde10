/* db_test.h — what the test files of db/ share. */
#pragma once
#include "db/db.h"
struct bed { struct db *db; struct conn *cn; struct ctx c; struct arena a, ca; struct actor actor; const char *dir; };   /* dir: of a database in a file */
void db_each_engine(void (*test)(struct bed *w));           /* in memory, in a file, on PostgreSQL */
void thing_ctx(struct bed *w, struct ctx *c, struct arena *a);
struct thing_arg { const char *code; int64_t n, id; };
enum err thing_new(struct ctx *c, void *arg);
int64_t thing_count(struct ctx *c, const char *code);
void thing_calm(struct ctx *c);
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
void db_test_remove(const char *dir);
void db_test_wipe(const char *url);
