/* parts_view.h — models of the pages of parts, stock, requisitions and old parts. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/audit/audit.h"
#include "slice/order/order.h"
#include "slice/parts/parts.h"
#include "slice/parts/requisition.h"

struct part_list_page { struct spare *items; size_t n; struct req *req; str next; };
/* The part stands first so that its field table serves both. */
struct part_page {
	struct spare p;
	struct req *req;
	struct stock_row *stock; size_t n_stock;
	struct spare *other; size_t n_other;
	struct serial_at *serial; size_t n_serial;
	struct stock_move_row *move; size_t n_move;
	struct ui_option *warehouse; size_t n_warehouse;
};
struct part_in { str no, name, spec, unit, brand, maker_no, barcode; int class, kind; bool serial_tracked, owes_old, inactive; int64_t supplier_months; money price, cost; };
struct part_form_page { struct spare p; struct req *req; bool edit; };
struct stock_page {
	struct stock_row *items; size_t n;
	struct req *req;
	struct stock_row *sum; size_t n_sum;
	str next, warehouse_name;
	money value;
	bool narrowed, one;                            /* below the minimum or issuable only; of one warehouse */
};
struct moves_page { struct stock_move_row *items; size_t n; struct req *req; str next, title; struct supplier_warranty warranty; /* of a serial number */ };
struct warehouse_page { struct warehouse *items; size_t n; };
struct adjust_in { str part_no, warehouse, serials, reason; int kind, from, to; int64_t qty; money value; };
struct adjust_page { struct req *req; struct ui_option *warehouse; size_t n_warehouse; };
/* Where a movement comes from or goes to; the outside speaks the reader's language. */
str parts_place(const struct ctx *c, str warehouse, int bin);
extern const char *const stock_adjust_titles[];
extern const struct form part_form, part_level_form, part_other_form, stock_adjust_form;

struct req_move_view { str event, verb; bool primary, danger; unsigned fields; int ev; };
struct req_page {
	struct requisition r;
	struct req *req;
	str state_title;
	struct req_move_view *moves; size_t n_moves;
	struct event *event; size_t n_event;           /* the newest */
	bool more_events;
};
struct req_events_page { struct event *items; size_t n; struct req *req; str no, next; };
struct req_list_page { struct req_row *items; size_t n; struct req *req; struct ui_link *chip; size_t n_chip; str next; };
struct req_new_page {
	struct req *req;
	struct ui_option *warehouse; size_t n_warehouse;
	struct spare *part; size_t n_part;
	struct ui_option *kit; size_t n_kit;
	str order_no;
};
struct kit_list_page { struct kit *items; size_t n; struct req *req; struct spare *part; size_t n_part; };
struct kit_in { str code, name; struct req_wish *lines; size_t n_lines; };
extern const struct form kit_form;
struct req_in { str order_no, to, from, reason, kit; struct req_wish *wish; size_t n_wish; day needed_on; };
struct req_act_in { int event; int64_t ver; str reason, scan; bool at_counter; struct req_piece *piece; size_t n_piece; };
extern const struct form requisition_form, requisition_events_form, requisition_act_form, requisition_piece_form, requisition_wish_form;
extern const struct view requisition_view, requisition_events_view;
str parts_event_title(const struct ctx *c, str kind);    /* what the trail of papers says beyond their moves */

struct old_move_view { int ev; str event, verb; bool verdict, reason, danger, primary; };
struct old_list_page {
	struct old_part *items; size_t n;
	struct req *req;
	struct ui_link *chip; size_t n_chip;
	struct old_move_view *moves; size_t n_moves;   /* of the shown state */
	str next;
	day today;
	int state;                                     /* -1: all open ones */
};
struct code_row { str no; };
struct old_act_in { int event, verdict; struct code_row *no; size_t n_no; str scan, reason; money credit; };
extern const struct form old_act_form;
struct old_done_page { str slip; int64_t n; };

/* The engineer's pockets: on the day page and as a page of its own. */
struct carry_page { struct req *req; struct stock_row *carry; size_t n_carry; struct old_part *owed; size_t n_owed; struct req_row *coming; size_t n_coming; day today; };
struct use_in { str part_no, serial_in, serial_out, reason; int64_t qty; int no_old; };
struct undo_in { str reason; };
extern const struct form part_use_form, part_undo_form;
/* The order's panel "Parts", and the JSON of /orders/{no}/parts. */
struct order_parts {
	struct part_use *use; size_t n_use;
	struct req_row *paper; size_t n_paper;
	struct old_part *old; size_t n_old;
	struct stock_row *carry; size_t n_carry;
	int64_t open;                                  /* pieces given out, neither used nor returned */
	bool may_ask, may_use, may_undo, may_wait, missing;      /* missing: something asked for is not in stock yet */
	int64_t ver;
};
struct day_panel;
struct order_panel;
extern const struct order_panel parts_order_panel;
extern const struct day_panel parts_day_panel;
