/* requisition_int.h — what the files about requisitions and old parts share. */
#pragma once
#include "slice/order/order.h"
#include "slice/parts/parts_int.h"
#include "slice/parts/requisition.h"

MUST enum err requisition_load(struct ctx *c, int64_t id, struct requisition *ret);    /* whoever asks */
/* The state the counters speak of, stored with the log entry; *r is read anew. */
MUST enum err requisition_settle(struct ctx *c, struct requisition *r, int state, const char *event, const struct bind *data);
MUST enum err requisition_line_put(struct ctx *c, const struct req_line *l);
/* Small requests, and what goes back to a warehouse, need nobody's word. */
MUST enum err requisition_approve_free(struct ctx *c, struct requisition *r);
/* A piece that somebody owes back: out of a device, or one that came damaged. */
struct old_new {
	const char *origin;
	int64_t use_id, line_id, order_id, holder_id;
	const struct spare *part;
	struct stock_place from, at;                   /* out of which they come; where they lie until taken in */
	str org_path, serial, reason;
	enum stock_kind kind;
	bool taken_in;                                 /* it lies in a warehouse already: to be inspected next */
};
/* Nothing is owed for a use that was taken back. CONFLICT: the piece was taken in already. */
MUST enum err old_part_undo(struct ctx *c, const struct stock_doc *d, int64_t use_id);
MUST enum err old_part_add(struct ctx *c, const struct stock_doc *d, const struct old_new *n);
bool requisition_left_to_ship(const struct requisition *r);      /* approved and not shipped */
