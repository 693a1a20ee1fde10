/* supply.h — where parts come from and whether they are there: purchase orders, proposals, counts [S3].
 *
 * Owns purchase, purchase_line, stocktake, stocktake_line. Stock itself changes only through parts (stock_post).
 *
 * A proposal looks back 90 days at what left a warehouse (shipped less taken back). It asks for parts when what is free or on its way is below
 * the larger of the minimum and the demand of the lead time, and fills up to the larger of the maximum and the demand of lead time + 30 days.
 * Whole pieces, demand rounded up. */
#pragma once
#include "slice/parts/parts.h"

/* ---- purchase orders ---- */
#define PURCHASE_STATES(X) \
	X(OPEN, "open", N_("Ordered"), "run") X(PARTIAL, "partial", N_("Partly received"), "wait") X(RECEIVED, "received", N_("Received"), "end") X(CLOSED, "closed", N_("Closed short"), "end")
enum purchase_state {
#define X(id, name, title, tone) PURCHASE_##id,
	PURCHASE_STATES(X)
#undef X
	PURCHASE_STATE_N
};
extern const char *const purchase_states[], *const purchase_state_titles[], *const purchase_state_tones[];
struct purchase_line { int64_t id, part_id; str part_no, part, unit; bool serial_tracked; int64_t qty, received; money price; /* a piece */ };
struct purchase {
	int64_t id, ver, warehouse_id;
	str no, supplier, warehouse, warehouse_name, org_path, note, buyer, reason;
	int state;
	day expected_on;
	money value;
	instant created_at, state_at;
	struct purchase_line *lines; size_t n_lines;
};
struct purchase_wish { str part_no; int64_t qty; money price; };
struct purchase_new { str supplier, warehouse, note; day expected_on; struct purchase_wish *wish; size_t n; };
struct purchase_piece { str part_no; int64_t qty; str serials; };
MUST enum err purchase_add(struct ctx *c, const struct purchase_new *n, struct purchase *ret);         /* INVALID names the field */
MUST enum err purchase_get(struct ctx *c, str no, struct purchase *ret);                               /* in sight; NOT_FOUND */
MUST enum err purchase_list(struct ctx *c, int state, bool open, int64_t before, size_t max, struct purchase **ret, size_t *ret_n);    /* newest first, without lines */
/* n 0: everything still due of counted parts. CONFLICT: stale, or more than ordered. The last price becomes the part's cost. */
MUST enum err purchase_receive(struct ctx *c, str no, int64_t ver, const struct purchase_piece *piece, size_t n, struct purchase *ret);
MUST enum err purchase_close(struct ctx *c, str no, int64_t ver, str reason, struct purchase *ret);    /* the rest does not come */

/* ---- proposals ---- */
struct proposal { int64_t part_id, warehouse_id; str part_no, part, unit, warehouse, warehouse_name, above /* warehouse up the tree that has it */, above_name; int64_t free, coming, low, high, left90, propose; money cost; };
MUST enum err proposal_list(struct ctx *c, int64_t warehouse_id, struct proposal **ret, size_t *ret_n);        /* NIL: all in sight; at most 500 */

/* ---- demand plan 物料需求计划 [S20]: see forecast.c for the rule ---- */
enum { FORECAST_BACK = 24, FORECAST_AHEAD = 3 };       /* whole months */
struct forecast_row { int64_t part_id, month[FORECAST_BACK] /* used, oldest first */, year /* the last twelve */, next[FORECAST_AHEAD] /* this month and on */, stock; str part_no, part, unit, model; };
/* What was used on orders in sight, most needed first, at most 2000; by_model: a row a part and model of the repaired machine. */
MUST enum err forecast_list(struct ctx *c, bool by_model, str model, struct forecast_row **ret, size_t *ret_n);
MUST enum err forecast_models(struct ctx *c, str **ret, size_t *ret_n);        /* with most parts used in a year, at most 60 */
int64_t forecast_need(const int64_t month[FORECAST_BACK], int ahead);          /* pure: ahead 0 is the month under way */

/* ---- counts 盘点: blind, differences approved by somebody else ---- */
#define TAKE_STATES(X) \
	X(COUNTING, "counting", N_("Counting"), "run") X(SUBMITTED, "submitted", N_("Differences to approve"), "new") X(POSTED, "posted", N_("Posted"), "end") X(CANCELLED, "cancelled", N_("Given up"), "end")
enum take_state {
#define X(id, name, title, tone) TAKE_##id,
	TAKE_STATES(X)
#undef X
	TAKE_STATE_N
};
extern const char *const take_states[], *const take_state_titles[], *const take_state_tones[];
struct take_line { int64_t id, part_id; str part_no, part, unit, serials; bool serial_tracked; int64_t counted /* NIL not yet */, book /* when it was counted; NIL while counting */, diff, mark; instant counted_at; };
struct stocktake {
	int64_t id, ver, warehouse_id, counter_id;
	str no, warehouse, warehouse_name, org_path, counter, approver, reason;
	int state;
	instant created_at, state_at;
	struct take_line *lines; size_t n_lines;
	int64_t counted, off;                          /* lines counted; lines with a difference (0 while counting) */
	int64_t mark;                                  /* the last ledger line of the warehouse; 0 when not counting */
};
MUST enum err stocktake_start(struct ctx *c, str warehouse, struct stocktake *ret);    /* CONFLICT: one runs there */
MUST enum err stocktake_get(struct ctx *c, str no, struct stocktake *ret);
MUST enum err stocktake_list(struct ctx *c, int64_t before, size_t max, struct stocktake **ret, size_t *ret_n);
struct take_count { str part_no; int64_t qty; str serials; int64_t since; };
/* Counts of some lines, each held against the books of this moment; a part that was not expected is added. Tracked parts are counted by their serial numbers. Counting again
 * replaces; a line given as it stands was not counted again. INVALID of the line: the part moved here after ledger line since (NIL: not asked), so nobody knows which pieces
 * the count saw. */
MUST enum err stocktake_count(struct ctx *c, str no, const struct take_count *t, size_t n, struct stocktake *ret);
MUST enum err stocktake_submit(struct ctx *c, str no, int64_t ver, struct stocktake *ret);             /* INVALID: lines not counted */
/* Posts the differences. FORBIDDEN to who counted. CONFLICT: meanwhile too few are there. */
MUST enum err stocktake_approve(struct ctx *c, str no, int64_t ver, str reason, struct stocktake *ret);
MUST enum err stocktake_cancel(struct ctx *c, str no, int64_t ver, str reason, struct stocktake *ret); /* or: count anew */
