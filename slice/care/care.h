/* care.h — call-backs after the work [K1, K5]: one at once, then after a week, a month, a quarter, half a year, a year.
 * Owns callback. Planned when an order is handed over or solved, void when it is reopened or refused. */
#pragma once
#include "base/base.h"
#include "slice/order/order.h"

struct callback {
	int64_t id, ver, order_id, tries, satisfaction;
	str no, customer, phone, model, result, engineer, fault, wave, state, note, order_state;
	instant due_at, handed_over_at;
};
/* Due until the end of `until`, soonest first; after: id of the last row seen, NIL from the start. At most 200. */
MUST enum err callback_list(struct ctx *c, instant until, int64_t after, size_t limit, struct callback **ret, size_t *ret_n, int64_t *ret_next);
MUST enum err callback_get(struct ctx *c, int64_t id, struct callback *ret);                               /* NOT_FOUND */
/* The customer was reached. The first call-back also moves the order on; a 1 or 2 asks for a note. INVALID, CONFLICT (stale). */
MUST enum err callback_done(struct ctx *c, int64_t id, int64_t ver, int64_t satisfaction, str note);
/* Nobody answered: again the next day, unreachable after the setting's number of tries. */
MUST enum err callback_missed(struct ctx *c, int64_t id, int64_t ver, str note);
extern const struct order_hook care_order_hook;
