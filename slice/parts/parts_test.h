/* parts_test.h — a small network with two parts, for the tests of this room. */
#pragma once
#include "db/db.h"
struct world;
#include "slice/parts/parts.h"
#include "parts_test.sql.h"

extern const struct slice *const house_slices[];       /* hooks of other departments hear of every move of an order */
struct parts_net {
	int64_t hq, region, station;                   /* orgs */
	str path;                                      /* of the station */
	int64_t engineer, keeper, head, manager;       /* people */
	int64_t hq_store, store, van;                  /* warehouses */
	int64_t counted, tracked, screw;               /* parts: counted and owing its old part; tracked by serial; a consumable */
};
extern struct parts_net net;
void parts_net(struct world *w);
void parts_wipe(struct world *w);                      /* forgets all stock, for another round */
enum err post(struct world *w, enum stock_kind kind, int64_t part, int64_t qty, int64_t value, struct stock_place from, struct stock_place to);
enum err post_serials(struct world *w, int64_t qty, struct stock_place from, struct stock_place to, const str *serials, size_t n);
enum err reserve(struct world *w, int64_t part, int64_t warehouse, int64_t qty);
enum err run_sql(struct ctx *c, void *sql);            /* arg: const struct sql * without parameters */
int64_t differences(struct world *w);                  /* of parts_verify */
int64_t moves(struct world *w);
