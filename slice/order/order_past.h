/* order_past.h — bringing in orders that happened elsewhere, with their history. */
#pragma once
#include "slice/order/order.h"

/* Reached at that time; wait with WAITING. event: by which move, when that is known; else by the shortest way. */
struct order_past_step { int state; int wait; instant at; str note, event; };
struct order_past {
	str external_ref;                              /* makes repeating harmless */
	int kind, mode, priority, verdict;             /* verdict -1 none */
	int64_t customer_id, device_id, station_id;    /* device and station may be NIL */
	str org_path, contact_name, fault, symptom, note, finding, result, end_reason, actor, words;
	json source;                                   /* the record as it came, kept for exporting it again */
	/* What only our own export knows; all may be absent (channel: "import", satisfaction 0, fee without currency). */
	str channel, phone, email, address, division, engineer, fault_code, cause;
	int satisfaction;
	money fee;
	instant opened_at;
	const struct order_past_step *steps; size_t n_steps;
};
/* One legal move on the way between two states. */
struct order_hop { enum order_event ev; int from, to, wait_from; };
/* Shortest way by the move table (room for ORDER_STATE_N hops); false when there is none. */
bool order_way(int mode, int from, int wait_from, int to, struct order_hop *ret, size_t *ret_n);
/* NULL when every step can be represented, else the first that cannot. */
const struct order_past_step *order_past_check(const struct order_past *p);
/* *ret_known: it was there already (nothing was changed). Steps without a way are left out. */
MUST enum err order_import(struct ctx *c, const struct order_past *p, int64_t *ret_id, bool *ret_known);
