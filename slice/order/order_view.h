/* order_view.h — models of the order's pages and of its JSON; order_web.c fills them, order.html draws them. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/order/order.h"
#include "slice/product/product.h"
#include "slice/sla/sla_view.h"

struct move_view { str event, verb, to; bool primary, danger; unsigned fields; bool passes; };
struct order_panel;
struct panel_view { const struct order_panel *panel; void *data; };
/* One move and what its form offers. back: the page that asked, else the order's. */
struct order_move_form {
	struct req *req;
	const struct order *o;
	struct move_view move;
	struct ui_option *station; size_t n_station;
	struct ui_option *engineer; size_t n_engineer;
	str back;
};
struct order_move_page { struct order o; struct order_move_form form; bool found; };
/* The forms of the moves that lie ahead of the reader, one after the other as if each were made: for a device that works without network [D3]. */
struct order_ahead_page { struct order o; struct order_move_form *form; size_t n; };
struct order_picks { struct code *code; size_t n; };
/* One line of the history; several notices of clocks in a row are one line that opens (more, newest first). */
struct event_line { str title, who, words; enum tone tone; bool notice /* of a clock */; instant at; struct event_line *more; size_t n_more; };
/* The order stands first so that its field table serves both. */
struct order_page {
	struct order o;
	struct req *req;
	str state_title, wait_title, follow_url, priority_title, promise, symptom, fault_code;     /* the codes with their titles */
	struct move_view *move; size_t n_move;
	struct order_message *talk; size_t n_talk;
	struct attachment *file; size_t n_file;
	struct order_move_form next;                   /* of the one primary move; next.move.event absent: nothing is to be done */
	const struct move_view *step;                  /* that move in move[], or NULL */
	struct event_line *line; size_t n_line;        /* newest first */
	struct order_row *child; size_t n_child;
	str parent;
	struct panel_view *panel; size_t n_panel;
	bool may_edit, may_talk, may_attach, may_unlock, staff;
	bool more_talk, more_events;                   /* earlier ones stand on pages of their own */
};
struct message_page { struct order_message *items; size_t n; struct req *req; str no, next; };
struct event_page { struct event *items; size_t n; struct event_line *line; size_t n_line; struct req *req; str no, next; };
struct clock_panel { struct sla_story *story; size_t n; struct sla_told_page told; };
/* A clock that was missed and went up the tiers. */
struct escalation { int64_t id, step; str no, customer, station, engineer, role, receiver; int kind, tier, state; instant at, due_at; bool mine; };
struct escalation_page { struct escalation *items; size_t n; struct req *req; };
extern const struct view escalation_list_view;
/* order_clocks_web.c */
handler list_clocks, list_promises, list_escalations, see_escalation;
struct order_list_page {
	struct order_row *items; size_t n;
	struct req *req;
	struct ui_link *chip; size_t n_chip;
	struct ui_option *place; size_t n_place;
	int kind;
	str next, org;
};
struct board_col { str name, title, href; int64_t count, overdue; struct order_row *card; size_t n_card; str *moves; };
struct board_page { struct board_col *col; size_t n_col; struct req *req; int64_t open, overdue; bool by_engineer; int kind; str org; struct ui_option *place; size_t n_place; };
/* What other departments show on the engineer's day (parts carried, old parts owed, cash held): the app lists them, NULL-terminated, at most DAY_PANELS.
 * Data left NULL: nothing to show today. */
struct day_panel { const char *title; enum err (*load)(struct ctx *c, void **ret_data); void (*draw)(struct out *o, const struct ctx *c, const struct req *r, void *data); };
extern const struct day_panel *const day_panels[];
enum { DAY_PANELS = 6 };
struct day_panel_data { const struct day_panel *panel; void *data; };
struct day_page { struct day_panel_data panel[DAY_PANELS]; size_t n_panel; struct order_row *job, *waiting; size_t n_job, n_waiting; /* job[0] is next */
	struct order next; bool has_next; struct move_view *move; size_t n_move; struct req *req; int64_t done; /* handed over, not closed */ };
struct order_check_page { struct order_warning *items; size_t n; };
struct order_form_page { struct req *req; struct order parent, o; bool has_parent; };

extern const struct form order_form, order_accessory_form, order_act_form, order_say_form, order_files_form;
extern const struct view order_view, order_list_view, board_view, day_view, order_check_view, order_new_view, message_list_view, event_list_view;
extern const struct field order_row_fields[];
extern const char *const order_backs[];                /* pages a move may lead back to: day board */
str order_state_title(const struct ctx *c, int state);
str order_wait_title(const struct ctx *c, str wait);    /* of a row's wait code; absent stays absent */
enum tone order_tone(int state);
struct event;
/* How an event reads: its kind as a title, and in one line what it says beyond: reasons, findings, who and where. */
struct event_name { bool place; str code, name; };
struct event_names { struct event_name known[8]; size_t n; };       /* of the events read together */
struct event_line order_event_line(struct ctx *c, struct event_names *k, const struct event *e);
/* "Today 14:30–16:30". */
str order_visit_words(const struct ctx *c, instant from, instant until);
/* The one thing to do next; NULL when nothing is. */
const struct move_view *order_primary(const struct move_view *v, size_t n);
/* Moves this reader may make now. */
void order_moves_of(struct ctx *c, const struct order *o, struct move_view **ret, size_t *ret_n);
/* Order page model of an order that was read. */
MUST enum err order_page_fill(struct ctx *c, struct req *r, const struct order *o, struct order_page **ret);
struct order_form_in;
/* The intake struct of what was typed; photos are the caller's to add. */
MUST enum err order_from_form(struct ctx *c, const struct order_form_in *in, struct order_new *ret);
struct order_form_in {
	str customer, customer_name, phone, email, address, division, serial, brand, model, invoice_no, fault, symptom, self_test, condition, unlock, note, station, parent;
	int kind, mode, channel, priority, impact, urgency, frequency, data_choice, device_kind, proof;
	day invoiced_on;
	instant window_from, window_to;
	struct order_item *accessories; size_t n_accessories;
	struct upload *photos; size_t n_photos;
	bool in_spite;
	int64_t ver;                                   /* corrections: the version that was changed */
};
struct order_act_in {
	int event, wait, verdict, cause;
	int64_t ver, satisfaction;
	str reason, note, station, engineer, advice, fault_code, finding, result, signer, signature;
	str *returned; size_t n_returned;
	bool ticked;
	int back;                                      /* of order_backs, -1: the order's page */
	instant from, until, device_at;
	money fee;
};
/* One of the papers receipt, receipt-80mm, dispatch, report, label as PDF. */
MUST enum err order_paper(struct ctx *c, struct req *r, const struct order *o, str name, struct reply *out);
#define ORDER_HAND_IN_PNG "signature-in.png"           /* attachment: signed when the unit was handed in */
/* "data:image/png;base64,…" or plain base64 → PNG bytes; absent stays absent, INVALID of "signature". */
MUST enum err order_signature(struct ctx *c, str text, str *ret_png);
MUST enum err order_photos(struct ctx *c, int64_t order_id, const struct upload *u, size_t n, bool open);
/* What other departments show on an order's page (parts, money, clocks, coverage): the app lists them in order. Data left NULL: nothing to show. */
struct order_panel { const char *title; bool (*shown)(const struct ctx *c, const struct order *o); void (*draw)(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data);
	enum err (*load)(struct ctx *c, const struct order *o, void **ret_data); };
extern const struct order_panel *const order_panels[];
extern const struct order_panel order_clock_panel;
