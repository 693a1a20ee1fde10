/* world.h — a database with the schema of some departments, frozen time and an actor: what department tests start from. */
#pragma once
#include "http/http.h"

struct world { struct db *db; struct conn *cn; struct ctx c; struct actor who; struct arena a; };
extern const instant world_now;                        /* 2026-11-22 10:30 in Asia/Shanghai, a Sunday */

/* Runs test on a fresh database in memory, and on PostgreSQL when TEST_PG_URL names one that may be emptied. The actor is the system. */
void world_each(const struct slice *const *slices, void (*test)(struct world *w));
/* The same with a file instead of memory: for tests with threads. */
void world_each_file(const struct slice *const *slices, void (*test)(struct world *w));
/* Forgets what failed before. */
void world_calm(struct world *w);
/* One write; diag is that of this write. */
enum err world_write(struct world *w, enum err (*fn)(struct ctx *c, void *arg), void *arg);
/* Fails every database operation of the write in turn: each time it must fail whole (same(w) still holds), at last it succeeds. */
void world_torture(struct world *w, enum err (*fn)(struct ctx *c, void *arg), void *arg, bool (*same)(struct world *w));
/* Diag names this field as wrong. */
bool world_field(const struct world *w, const char *field);
