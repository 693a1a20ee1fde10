/* exchange.h — whole-unit exchange: which unit a customer gets for theirs, and where the old one goes [O9, R2].
 *
 * Owns unit_exchange. An order whose diagnosis says exchange is handed over only with the new unit recorded, by who hands over. It takes effect in the same write
 * as the hand-over: the new unit stands in the register with the old one's owner and place, lineage leads from the old one to it, contracts that name the old one
 * name the new one, and policies start their periods again or go on as they say. Until then the record may be corrected; another diagnosis drops it.
 * Orders are read in the caller's sight before. Everything handed out lives in c->a. Verbs that change need a write. */
#pragma once
#include "slice/device/device.h"
#include "slice/order/order.h"

#define EXCHANGE_STATES(X) X(NONE, "none", N_("Still to be recorded")) X(RECORDED, "recorded", N_("Recorded for the hand-over")) X(DONE, "done", N_("Handed over"))
enum exchange_state {
#define X(id, name, title) EXCHANGE_##id,
	EXCHANGE_STATES(X)
#undef X
	EXCHANGE_STATE_N
};
extern const char *const exchange_states[], *const exchange_state_titles[];
struct unit_exchange {
	int64_t id, ver, order_id, old_id, new_id;     /* ver 0: nothing recorded yet; new_id NIL until the hand-over */
	str serial, brand, model, config, invoice_no, note, fate_note, by_name;
	str old_serial, old_brand, old_model;
	bool not_lower;                                /* another model, and somebody says that it is not lower */
	int state, condition, fate;                    /* enum exchange_state, unit_condition, unit_fate */
	day invoiced_on, delivered_on;                 /* NO_DAY: not said; delivery is then the day of the hand-over */
	instant recorded_at, done_at;
};
/* Of an order whose diagnosis is exchange and of those exchanged before. With state NONE where nothing is recorded. NOT_FOUND: nothing is to be exchanged here. */
MUST enum err exchange_of_order(struct ctx *c, const struct order *o, struct unit_exchange *ret);
bool exchange_due(const struct order *o);              /* the diagnosis says exchange, and the order names the unit */
bool exchange_may(const struct ctx *c, const struct order *o);    /* who hands over: the engineer, or who gives the work out */
/* Records, or corrects what was recorded; e->ver says what was read (0: nothing). FORBIDDEN. INVALID names the field: serial, model, not_lower, note, invoiced_on,
 * delivered_on. CONFLICT: stale, not this order's time, or the unit is another customer's, has an open order or was exchanged itself. */
MUST enum err exchange_record(struct ctx *c, const struct order *o, const struct unit_exchange *e);
/* Where the old unit goes; also after the hand-over. CONFLICT: stale. */
MUST enum err exchange_fate(struct ctx *c, const struct order *o, int64_t ver, int fate, str note);
extern const struct order_hook exchange_order_hook;    /* before those that ask which unit was given */
