/* requisition.h — the way of a part from the shelf to the device and of the old one back [S2, S3].
 *
 * Asked for on an order, for an engineer's own stock or from one warehouse to another: one paper, one table of moves. The state between
 * approval and the end is what the counters of its lines say. What is used on an order leaves an old part that is owed, or a reason. */
#pragma once
#include "slice/parts/parts.h"

struct order;
struct order_hook;

/* ---- the paper ---- */
extern const char *const requisition_kinds[], *const requisition_kind_titles[];        /* order van transfer */
enum { REQ_FOR_ORDER, REQ_FOR_VAN, REQ_TRANSFER };
/* name, title, open, tone */
#define REQ_STATES(X) \
	X(REQUESTED, "requested", N_("To approve"),        1, "new") \
	X(APPROVED,  "approved",  N_("To issue"),          1, "run") \
	X(SHIPPED,   "shipped",   N_("On the way to them"),1, "wait") \
	X(RECEIVED,  "received",  N_("In hand"),           1, "run") \
	X(DONE,      "done",      N_("Cleared"),           0, "end") \
	X(REJECTED,  "rejected",  N_("Refused"),           0, "end") \
	X(CANCELLED, "cancelled", N_("Withdrawn"),         0, "end")
enum req_state {
#define X(id, name, title, open, tone) REQ_##id,
	REQ_STATES(X)
#undef X
	REQ_STATE_N                                    /* as a move's end: as the counters say */
};
extern const char *const requisition_states[], *const requisition_state_titles[], *const requisition_state_tones[];
/* name, verb */
#define REQ_EVENTS(X) \
	X(APPROVE, "approve", N_("Approve")) X(REJECT, "reject", N_("Refuse")) X(CANCEL, "cancel", N_("Withdraw")) \
	X(ISSUE, "issue", N_("Issue")) X(SHORT, "short", N_("Nothing more comes")) X(RECEIVE, "receive", N_("Receive")) \
	X(RETURN, "return", N_("Take back unused"))
enum req_event {
#define X(id, name, verb) REQ_EV_##id,
	REQ_EVENTS(X)
#undef X
	REQ_EVENT_N
};
extern const char *const requisition_events[], *const requisition_event_verbs[];

struct req_line {
	int64_t id, part_id;
	str part_no, part, unit, instead_of, note;
	bool serial_tracked, owes_old;
	int64_t asked, approved, reserved, shipped, received, damaged, missing, used, returned;
	day reserved_until;
	int64_t in_store;                              /* free in the warehouse it comes from */
	str *serials; size_t n_serials;                /* on the way or in hand, tracked parts */
};
struct requisition {
	int64_t id, ver;
	str no;
	int kind, state;
	int64_t order_id, requester_id, from_id, to_id, from_user_id, to_user_id, decided_by;
	str order_no, requester, from_code, from, to_code, to, org_path, from_path, reason, decider, decision;
	day needed_on;
	money value;
	instant created_at, state_at;
	struct req_line *lines; size_t n_lines;
};
struct req_row { int64_t id, ver; str no, order_no, requester, from, to, parts; int kind, state; day needed_on; money value; instant created_at, state_at; };

/* ---- asking ---- */
struct req_wish { str part_no; int64_t qty; str note; };
struct requisition_new {
	str order_no;                                  /* for an order, else empty */
	str to, from;                                  /* warehouse codes; to: empty = own stock; from: empty = nearest up the tree that has it all */
	str kit;                                       /* code: its parts are asked for too */
	struct req_wish *wish; size_t n;
	str reason;
	day needed_on;
};
/* INVALID names the field. Up to the setting parts.free_limit it counts as approved at once. */
MUST enum err requisition_request(struct ctx *c, const struct requisition_new *n, struct requisition *ret);

MUST enum err requisition_get(struct ctx *c, str no, struct requisition *ret);         /* in sight; NOT_FOUND */
struct requisition_filter { int state; bool open, mine; int64_t order_id, before; size_t limit; };   /* -1 and NIL: any */
struct req_count { int state; int64_t n; };
MUST enum err requisition_counts(struct ctx *c, struct req_count **ret, size_t *ret_n);    /* open ones in sight, by state */
MUST enum err requisition_list(struct ctx *c, const struct requisition_filter *f, struct req_row **ret, size_t *ret_n, int64_t *ret_next);

/* ---- kits: what a job usually takes ---- */
struct kit { int64_t id; str code, name; struct req_wish *lines; size_t n; };
MUST enum err kit_put(struct ctx *c, const struct kit *k);                             /* adds or replaces by code; INVALID names the field; without lines it goes */
MUST enum err kit_get(struct ctx *c, str code, struct kit *ret);                       /* NOT_FOUND */
MUST enum err kit_list(struct ctx *c, struct kit **ret, size_t *ret_n);                /* by code, with lines, at most 200 */

/* ---- moves ---- */
enum { REQ_BY_REQUESTER = 1, REQ_BY_STAFF = 2, REQ_BY_SENDER = 4 /* whose stock it leaves */, REQ_BY_RECEIVER = 8 };
enum { REQ_NEED_REASON = 1, REQ_LINES = 2 };
struct req_move { uint32_t from; enum req_event ev; enum req_state to; unsigned who; uint64_t need; unsigned fields; bool primary, danger; };
extern const struct req_move requisition_moves[];
extern const size_t requisition_moves_n;
const struct req_move *requisition_move_for(const struct ctx *c, const struct requisition *r, enum req_event ev);  /* NULL: not now, or not theirs */
struct req_piece { str part_no; int64_t qty, damaged, missing; str serials /* blank-separated; receive: of the damaged and missing ones */; str instead; };
struct requisition_act {
	int ev;
	int64_t ver;
	str reason;
	struct req_piece *piece; size_t n;             /* none: everything that is due in this move */
	bool at_counter;                               /* issue: handed over in person, received at once */
};
/* What a scanner typed, a code a line: part numbers and barcodes count one each, serial numbers name their piece; a substitute's number stands in.
 * INVALID of "scan": a code that does not belong to this paper. */
MUST enum err requisition_scan(struct ctx *c, const struct requisition *r, str text, struct req_piece **ret, size_t *ret_n);
/* CONFLICT: not legal now, stale, or not in stock; FORBIDDEN; INVALID. */
MUST enum err requisition_act(struct ctx *c, str no, const struct requisition_act *a, struct requisition *ret);

/* Job: reservations whose day passed are given back. Opens its own write. */
MUST enum err requisition_expire(struct ctx *c);

/* ---- using on an order ---- */
/* Why no old part comes back. */
extern const char *const no_old_reasons[], *const no_old_titles[];                     /* installation kept lost destroyed */
struct part_use { int64_t id, order_id, part_id, warehouse_id, line_id, user_id, qty; str part_no, part, unit, serial_in, serial_out, no_old, user; money value, price; instant at; };
struct part_use_new { str part_no; int64_t qty; str serial_in, serial_out; int no_old; str reason; };     /* no_old -1: the old part is there */
/* From the stock of who works on the order. The device's genealogy follows. */
MUST enum err part_use(struct ctx *c, const struct order *o, const struct part_use_new *n);
/* A use that was a mistake is posted back with its reason, and the old part is no longer owed. Who used it may do so the same day; who issues parts,
 * any day. CONFLICT: the order is settled, the old part was taken in already, or it was taken back before. */
MUST enum err part_use_undo(struct ctx *c, const struct order *o, int64_t use_id, str reason);
MUST enum err part_uses(struct ctx *c, int64_t order_id, struct part_use **ret, size_t *ret_n);        /* oldest first, at most 200; without those taken back */
/* What other departments add to a part used, or to a use taken back: inside the same write; may refuse (fail). Listed by the app in part_hooks. */
struct part_hook { const char *name; enum err (*on)(struct ctx *c, const struct order *o, const struct spare *p, const struct part_use *u, bool back); };
extern const struct part_hook *const part_hooks[];     /* NULL-terminated */
MUST enum err part_use_tell(struct ctx *c, const struct order *o, const struct spare *p, const struct part_use *u, bool back);
/* Pieces given out for the order that are neither used nor returned. */
MUST enum err parts_open_of_order(struct ctx *c, int64_t order_id, int64_t *ret);
extern const struct order_hook parts_order_hook;       /* an order does not end with parts out; what was asked for it is withdrawn */

/* ---- old parts ---- */
#define OLD_STATES(X) \
	X(DUE, "due", N_("Owed"), 1, "new") X(BACK, "back", N_("To inspect"), 1, "run") X(INSPECTED, "inspected", N_("To decide"), 1, "run") \
	X(CLAIMED, "claimed", N_("Claimed from the maker"), 1, "wait") X(WRITTEN_OFF, "written_off", N_("Written off"), 0, "end") \
	X(CREDITED, "credited", N_("Maker settled"), 0, "end") X(RECOVERED, "recovered", N_("Back in stock"), 0, "end") X(WAIVED, "waived", N_("Waived"), 0, "end") \
	X(UNDONE, "undone", N_("Use taken back"), 0, "end")
enum old_state {
#define X(id, name, title, open, tone) OLD_##id,
	OLD_STATES(X)
#undef X
	OLD_STATE_N
};
#define OLD_EVENTS(X) \
	X(TAKE_IN, "take_in", N_("Take in")) X(INSPECT, "inspect", N_("Record inspection")) X(WRITE_OFF, "write_off", N_("Write off")) \
	X(CLAIM, "claim", N_("Claim from the maker")) X(CREDIT, "credit", N_("Maker settled it")) X(REFUSED, "refused", N_("Maker refused")) \
	X(RECOVER, "recover", N_("Back to good stock")) X(WAIVE, "waive", N_("Waive"))
enum old_event {
#define X(id, name, verb) OLD_EV_##id,
	OLD_EVENTS(X)
#undef X
	OLD_EVENT_N
};
extern const char *const old_states[], *const old_state_titles[], *const old_state_tones[], *const old_events[], *const old_event_verbs[];
extern const char *const old_verdicts[], *const old_verdict_titles[];                  /* bad no_fault our_damage */
struct old_part {
	int64_t id, ver, order_id, part_id, use_id, holder_id, warehouse_id;
	str no, part_no, part, serial, order_no, holder, warehouse, org_path, slip, reason;
	int state, verdict;
	day due_on, supplier_until;                    /* NO_DAY: not bought by us, or no warranty entered */
	money credit;
	instant created_at, state_at, bought_at;
	int64_t supplier_months;
	bool serial_tracked;
};
struct old_move { uint32_t from; enum old_event ev; enum old_state to; uint64_t need; bool verdict, reason, primary, danger; };
extern const struct old_move old_moves[];
extern const size_t old_moves_n;
const struct old_move *old_move_for(const struct ctx *c, const struct old_part *o, enum old_event ev);
/* Open ones, by due date; state -1, holder NIL: any. */
struct old_filter { int state; bool overdue; int64_t holder_id, after_due, after; size_t limit; };
MUST enum err old_part_of_order(struct ctx *c, int64_t order_id, struct old_part **ret, size_t *ret_n);    /* whatever became of them */
MUST enum err old_part_of_slip(struct ctx *c, str slip, struct old_part **ret, size_t *ret_n);
MUST enum err old_part_list(struct ctx *c, const struct old_filter *f, struct old_part **ret, size_t *ret_n);
MUST enum err old_part_get(struct ctx *c, str no, struct old_part *ret);               /* in sight */
struct old_act { int ev; const str *no; size_t n; int verdict; str reason; money credit; };
/* One move on many at once, all or nothing; papers of a bulk share a number. *ret_slip: of the return or the write-off. */
MUST enum err old_part_act(struct ctx *c, const struct old_act *a, str *ret_slip);
