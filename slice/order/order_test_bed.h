/* order_test_bed.h — tests of this room: a small network with one registered order, and who moves it. */
#pragma once
#include "slice/order/order_int.h"

/* The whole house: hooks of other departments hear of every move. */
extern const struct slice *const house_slices[];
struct order_net { int64_t hq, region, station, engineer; };
extern struct order_net order_net;                                 /* HQ, EAST, HZ01 with the engineer "eng" */
extern int64_t order_id;                               /* the order registered last */

struct order_new a_request(void);                      /* on site, serial PF-3A 0001 */
enum err register_it(struct ctx *c, void *arg);        /* struct order_new */
struct firing { struct order_act a; str no; struct order out; };
enum err act_it(struct ctx *c, void *arg);             /* struct firing */
struct edit { struct order_new n; str no; int64_t ver; };
enum err edit_it(struct ctx *c, void *arg);            /* struct edit */
struct order now_of(struct world *w);
struct order_act act(int ev);
enum err fire_it(struct world *w, struct order_act a); /* on the last order; a.ver 0: the present one */
void as(struct world *w, uint64_t perms, enum sight sight, int64_t id, str path);
void as_engineer(struct world *w);
void as_system(struct world *w);
void start(struct world *w);                           /* the network and a_request(), as the system */
void to_station(struct world *w);                      /* to HZ01 and its engineer */
#define ON(name) static void name(void **state) { (void)state; world_each(house_slices, name##_on); }
