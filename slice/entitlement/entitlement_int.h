/* entitlement_int.h — what the files of this room share. */
#pragma once
#include "slice/entitlement/entitlement.h"
#include "slice/entitlement/vector.h"
#include "base/i18n.h"
#include "entitlement.sql.h"

struct repair_row { int64_t id, device_id, order_id, fixed, replaced; day in_on, out_on; bool exchanged; };
struct wait_row { int64_t record_id; day from_on, to_on; };
extern const struct field repair_row_fields[], wait_row_fields[];
struct stay stay_of(const struct repair_row *r);       /* without its waits */
/* The waits of record_id, which stand first in w; returns how many rows were its. At most WAITS_MAX are kept. */
size_t waits_of(const struct wait_row *w, size_t n, int64_t record_id, struct arena *a, struct stay *s);
/* An empty list has no address to count from. */
#define ROWS_FROM(p, i) ((p) ? (p) + (i) : NULL)
MUST enum err promises_between(struct ctx *c, int64_t low, int64_t high, struct promise_row **ret, size_t *ret_n);
/* Policies to weigh for a device: the statutes that may hold at its place, then what was promised for it. */
void facts_policies(struct arena *a, const struct policy_set *set, const struct promise_row *p, size_t n, struct facts *f);
int machine_of(str kind);                              /* kind of a device's row → enum machine_kind, -1 */
int proven_by(str proof);                              /* proof of a device's row → enum proof */
