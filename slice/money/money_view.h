/* money_view.h — models of the pages of money; money_web.c and its sisters fill them, money.html, till.html and price.html draw them. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/money/money.h"
#include "slice/order/order_view.h"

/* ---- what comes in ---- */
struct fee_in { str code, name, reason; int kind, basis; int64_t qty; money unit_price; };
struct strike_in { int64_t ver; str reason; int basis; };
struct quote_in { str content; day valid_until; money deposit; };
struct act_in { str event, reason, signer, signature, receipt_no, reference; int how, from; int64_t ver; money counted; };
struct receipt_in { int kind, method; money amount; str reference, receipt_no, payer, reason; };
struct waiver_in { int kind; money amount; str reason, technical, agreement; };
struct account_in { day due_on; str reason; };
struct confirm_in { day on; };
struct handin_in { int level; str station, reference; };
struct invoice_in { str title, tax_no, email; };
struct number_in { int64_t ver; str number, url; };
struct price_in { str code, name, org, copy_of; day valid_from; money margin, tax; };      /* percent with two decimals */
struct item_in { str code, name_zh, name_en, model; int kind; int64_t from_km, to_km; money unit_price, tax; };
extern const struct form fee_form, strike_form, quote_form, money_act_form, receipt_form, waiver_form, account_form, handin_form, confirm_form, invoice_form, invoice_number_form, price_form, item_form;
enum { FROM_ORDER, FROM_TILL, FROM_FINANCE };          /* where a move was made: the page goes back there */

/* ---- the order's fees ---- */
struct fee_panel {
	struct order o;
	struct fee_line *line; size_t n_line;
	struct fee_state state;
	struct quote quote; bool has_quote;
	struct receipt *receipt; size_t n_receipt;
	struct waiver *waiver; size_t n_waiver;
	struct allowance *allowance; size_t n_allowance;
	struct ui_option *price; size_t n_price;
	struct ui_option *basis; size_t n_basis;
	money limit;
	bool may_edit, may_quote, may_take, may_refund, may_waive, may_account, open;
	struct req *req;
};
struct quote_told { struct quote q; struct order o; str token; struct req *req; };      /* what the customer sees */

/* ---- lists and pages ---- */
struct receipt_page { struct receipt *items; size_t n; struct req *req; struct ui_link *chip; size_t n_chip; str next; };
struct quote_page { struct quote *items; size_t n; str next; };
struct handin_page { struct handin *items; size_t n; str next; };
struct waiver_page { struct waiver *items; size_t n; str next; };
struct invoice_page { struct invoice *items; size_t n; };
struct till_page {
	struct req *req;
	struct receipt *taken, *disputed; size_t n_taken, n_disputed;
	struct handin *open, *done; size_t n_open, n_done;
	struct waiver *asked; size_t n_asked;
	struct cash_book *book; size_t n_book;
	money held, station, to_sign;
	str station_code;
	day on;
	bool may_sign, may_hand_in, may_bank, may_decide;
};
struct finance_page {
	struct req *req;
	struct cash_total *total; size_t n_total;
	struct cash_station *book; size_t n_book;
	struct receivable *due; size_t n_due;
	struct receivable_ages ages;
	struct receipt *confirm; size_t n_confirm;
	struct handin *bank, *counted; size_t n_bank, n_counted;
	struct waiver *granted; size_t n_granted;
	struct invoice *invoice; size_t n_invoice;
	day on;
	str next;
};
struct price_list_page { struct price_list *items; size_t n; struct req *req; str next; };
struct price_page { struct price_list l; struct price_item *item; size_t n; struct req *req; bool may_edit; };
struct cash_panel { money held; };

extern const struct view fee_view, quote_view, quote_list_view, receipt_view, receipt_list_view, handin_view, handin_list_view, waiver_view, waiver_list_view, invoice_view, invoice_list_view, till_view, finance_view,
	price_view, price_list_view;
extern const struct field fee_panel_fields[];
MUST enum err fee_panel_fill(struct ctx *c, struct req *r, const struct order *o, struct fee_panel **ret);
/* The order's page again, after a form on it failed or was done. */
MUST enum err fee_answer(struct ctx *c, struct req *r, const char *where, struct reply *out);
MUST enum err money_act_from(struct ctx *c, const struct money_table *t, const struct act_in *in, struct money_act *ret);
MUST enum err money_signature(struct ctx *c, str text, str *ret);
/* Verb of a move this reader may make now; absent when not. */
str money_verb(const struct ctx *c, const struct money_table *t, int state, int64_t by_id, int ev);
enum tone money_tone(const struct money_table *t, int state);

extern const struct order_panel money_order_panel;     /* "Fees" on the order's page */
extern const struct day_panel money_day_panel;         /* "Cash I hold" */
/* For the page a customer follows an order on: the quote and the two answers. */
bool quote_told_shown(const struct ctx *c, const struct order *o);
MUST enum err quote_told_load(struct ctx *c, const struct order *o, void **ret);
void quote_told_draw(struct out *out, const struct ctx *c, const struct req *r, const struct order *o, void *data);

/* One of the papers as PDF. */
MUST enum err quote_paper(struct ctx *c, struct req *r, const struct order *o, const struct quote *q, struct reply *out);
MUST enum err settlement_paper(struct ctx *c, struct req *r, const struct order *o, bool thermal, struct reply *out);
MUST enum err receipt_paper(struct ctx *c, struct req *r, const struct receipt *x, bool thermal, struct reply *out);
MUST enum err waiver_paper(struct ctx *c, struct req *r, const struct waiver *w, struct reply *out);
MUST enum err handin_paper(struct ctx *c, struct req *r, const struct handin *h, struct reply *out);
