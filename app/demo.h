/* demo.h — a believable service network made by rule from a fixed seed, through the departments' own verbs. No real person, no real number. */
#pragma once
#include "app/house.h"
#include "slice/account/perm.h"
#include "slice/order/order.h"

enum { DEMO_STATIONS = 64, DEMO_STAFF = 400, DEMO_CUSTOMERS = 1500, DEMO_DEVICES = 3000, DEMO_ORDERS = 2000, DEMO_HISTORY_DAYS = 90 };

struct demo_city {
	const char *code, *name, *en;                  /* code: of the city; its first two digits are the province's */
	int region;                                    /* index of demo_regions */
	int64_t lat, lon;                              /* micro-degrees */
	bool station;
};
extern const struct demo_city demo_cities[];
extern const size_t demo_cities_n;
struct demo_region { const char *code, *name, *en, *city; };
extern const struct demo_region demo_regions[];
enum { DEMO_REGIONS = 7 };
extern const char *const demo_provinces[];             /* "33 浙江省", NULL-terminated */

struct demo_model { const char *brand, *series, *model, *kind, *config; int weight; };
extern const struct demo_model demo_models[];
extern const size_t demo_models_n;
/* A trouble from the customer's words to the bill. */
struct demo_trouble {
	const char *symptom, *group, *zh, *en;         /* symptom code */
	const char *said;
	const char *fault, *fault_zh, *fault_en;       /* fault code */
	const char *finding, *result, *cause, *verdict;
	int64_t fee;                                   /* fen when it is not free; 0 never charged */
	const char *kinds;                             /* of devices, blank-separated */
};
extern const struct demo_trouble demo_troubles[];
extern const size_t demo_troubles_n;

struct demo_rand { uint64_t s; };
uint32_t demo_next(struct demo_rand *r, uint32_t below);
static inline bool demo_chance(struct demo_rand *r, uint32_t percent) { return demo_next(r, 100) < percent; }
str demo_person(struct arena *a, struct demo_rand *r);
str demo_mobile(struct arena *a, struct demo_rand *r); /* of a block that is not given to persons */
str demo_street(struct arena *a, struct demo_rand *r, const struct demo_city *at);
str demo_company(struct arena *a, struct demo_rand *r, const struct demo_city *at);

struct demo_staff { int64_t id, org_id; enum role role; int station, region; str login, name; const struct actor *actor; };   /* station, region: -1 none */
struct demo_place { int64_t id; str code, path; int region; const struct demo_city *city; };
struct demo_customer { int64_t id; str name, phone, address; const struct demo_city *city; int station; bool org; int employer; };   /* employer: index, -1 none */
struct demo_device { int64_t id, exchanged_by; str serial; int customer, model; day invoiced; };     /* exchanged_by: the order, 0 none: once is enough */
struct demo {
	struct house h;
	struct arena keep;                             /* until the end of the run */
	struct demo_rand r;
	instant now;
	str hash;                                      /* of the one password */
	struct demo_place hq, region[DEMO_REGIONS], station[DEMO_STATIONS];
	size_t n_stations, n_staff;
	struct demo_staff staff[DEMO_STAFF];
	struct demo_customer *customer;
	struct demo_device *device;
	struct actor portal;                           /* reader of the sample customer */
	size_t stopped;                                /* histories cut short because a rule refused the next step */
	str stop_reason;
};
/* Each is one write; they leave what the next needs in the struct. */
MUST enum err demo_network(struct ctx *c, void *demo);
MUST enum err demo_catalogue(struct ctx *c, void *demo);
MUST enum err demo_customers(struct ctx *c, void *demo);
MUST enum err demo_devices(struct ctx *c, void *demo);
MUST enum err demo_contracts(struct ctx *c, void *demo);
MUST enum err demo_prices(struct ctx *c, void *demo);
struct order;
/* Along an order's history, as c->who. fee: minor units the customer pays where no verdict says otherwise, 0 when it is free; later: the quote is sent and
 * waits; second: who gives the second opinion on an exclusion. */
MUST enum err demo_quote(struct ctx *c, const struct order *o, int64_t fee, bool later, const struct actor *second, str signature);
/* The customer says yes to the quote that waits; *ret_woken: the order went on with it. */
MUST enum err demo_accept(struct ctx *c, const struct order *o, bool *ret_woken);
MUST enum err demo_pay(struct ctx *c, const struct order *o, int salt);
MUST enum err demo_pay_later(struct ctx *c, const struct order *o);              /* as finance */
MUST enum err demo_countersign(struct ctx *c, const struct order *o);
MUST enum err demo_hand_in(struct ctx *c, const struct actor *holder, const struct actor *counter, int level, str station, int salt);
/* From here on the moves write messages; later: what became of them, and sending is off again. */
MUST enum err demo_notices_on(struct ctx *c, void *demo);
MUST enum err demo_notices_told(struct ctx *c, void *demo);
/* Parts, stock and loaners, before the first order. */
MUST enum err demo_stock(struct ctx *c, void *demo);
/* What a step of an order means for parts and loaners; c->who: the engineer. The order as it is after the step. */
str demo_part_for(str fault);                          /* number of the part a diagnosis wants; absent: none */
MUST enum err demo_parts(struct demo *d, struct ctx *c, const struct order *o, enum order_event ev, bool parts_wait, int salt, str signature);
/* Not in a write: opens its own. */
MUST bool demo_orders(struct demo *d);
/* Somebody with this role at the station (then its region, then headquarters); NULL when there is none. */
const struct demo_staff *demo_one(struct demo *d, enum role role, int station);
