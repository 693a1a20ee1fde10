/* money_view.h — models of the pages of money; money_web.c and its sisters fill them, money.html, till.html and price.html draw them. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/customer/customer_view.h"
#include "slice/money/money.h"
#include "slice/order/order_view.h"

/* ---- what comes in ---- */
/* currency: the pages' forms say in which one their bare amounts are typed; over the API an amount brings its own. */
struct fee_in { str code, name, reason, currency; int kind, basis; int64_t qty; money unit_price; };
struct strike_in { int64_t ver; str reason; int basis; };
struct quote_in { str content, currency; day valid_until; money deposit; };
struct act_in { str event, reason, signer, signature, receipt_no, reference, currency; int how, from; int64_t ver; money counted; };
struct receipt_in { int kind, method; money amount; str reference, receipt_no, payer, reason, currency; day on; };
struct waiver_in { int kind; money amount; str reason, technical, agreement, currency; };
struct account_in { day due_on; str reason; };
struct confirm_in { day on; };
struct period_in { day until; };
struct reason_in { str reason; };
struct allowance_in { int kind; int64_t granted, device; day valid_from, valid_until; str source; };
struct handin_in { int level; str station, reference, currency; };
struct invoice_in { str title, tax_no, email; };
struct number_in { int64_t ver; str number, url; };
struct price_in { str code, name, org, copy_of, currency; day valid_from; money margin, tax; };      /* percent with two decimals */
struct item_in { str code, name_zh, name_en, model, currency; int kind; int64_t from_km, to_km; money unit_price, tax; bool support; };
extern const struct form fee_form, strike_form, quote_form, money_act_form, receipt_form, waiver_form, account_form, handin_form, confirm_form, invoice_form, invoice_number_form, price_form, item_form, period_form, reopen_form,
	allowance_form;
/* What was typed on a page without a currency was meant in `currency`; what came with one must be in cur. INVALID of the field. */
MUST enum err money_typed(struct ctx *c, const char *field, str currency, const char cur[4], money *m);
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
	str cur;                                       /* the order's currency */
	money none;                                    /* nothing of it */
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
/* A page of tabs: the first that has something to do is what must be done next. */
enum { TABS_MAX = 4 };
struct purse { money amount; };                        /* one of each currency */
enum till_tab { TILL_TODO, TILL_WAITING, TILL_BOOK, TILL_DONE };
struct till_page {
	struct req *req;
	int tab;
	struct ui_link tabs[TABS_MAX];
	struct receipt *sign, *taken; size_t n_sign, n_taken;          /* mine to countersign or correct; others' to do */
	struct handin *count, *open, *done; size_t n_count, n_open, n_done;
	struct waiver *decide, *asked; size_t n_decide, n_asked;
	struct cash_book *book, *sum; size_t n_book, n_sum;            /* sum: all books of one currency */
	struct cash_entry *entry; size_t n_entry;
	int64_t account;
	struct purse *held, *station; size_t n_held, n_station;
	str station_code;
	day on;
	bool may_hand_in, may_bank, at_station;
};
enum finance_tab { FINANCE_TODO, FINANCE_BOOKS, FINANCE_ACCOUNTS, FINANCE_PERIODS };
struct finance_page {
	struct req *req;
	int tab;
	struct ui_link tabs[TABS_MAX];
	struct cash_total *total; size_t n_total;
	struct cash_station *book; size_t n_book;
	struct receivable_sum *due; size_t n_due;
	struct receipt *confirm; size_t n_confirm;
	struct handin *bank, *counted; size_t n_bank, n_counted;
	struct waiver *granted; size_t n_granted;
	struct invoice *invoice; size_t n_invoice;
	struct cash_period *period; size_t n_period;
	struct period_waits waits;
	day on, yesterday;
};
struct receivable_page { struct receivable *items; size_t n; struct receivable_sum *sum; size_t n_sum; struct ui_link chip[AGE_N + 1]; size_t n_chip; struct req *req; int age; str next; };
struct period_page { struct cash_period *items; size_t n; };
struct allowance_page { struct customer k; struct allowance *items; size_t n; struct ui_option *device; size_t n_device; struct req *req; bool may_edit; };
struct price_list_page { struct price_list *items; size_t n; struct req *req; str next; };
struct price_page { struct price_list l; struct price_item *item; size_t n; struct req *req; bool may_edit; };
struct cash_panel { struct purse *held; size_t n; };

extern const struct view fee_view, quote_view, quote_list_view, receipt_view, receipt_list_view, handin_view, handin_list_view, waiver_view, waiver_list_view, invoice_view, invoice_list_view, till_view, finance_view,
	receivable_list_view, period_view, period_list_view, allowance_list_view,
	price_view, price_list_view;
extern const struct field fee_panel_fields[];
MUST enum err fee_panel_fill(struct ctx *c, struct req *r, const struct order *o, struct fee_panel **ret);
/* The order's page again, after a form on it failed or was done. */
MUST enum err fee_answer(struct ctx *c, struct req *r, const char *where, struct reply *out);
MUST enum err money_act_from(struct ctx *c, const struct money_table *t, const struct act_in *in, struct money_act *ret);
/* Verb of a move this reader may make now; absent when not. */
str money_verb(const struct ctx *c, const struct money_table *t, int state, int64_t by_id, int ev);
bool handin_mine_to_count(const struct ctx *c, const struct handin *h);
enum tone money_tone(const struct money_table *t, int state);

/* Rows of a page, shared by its files. */
struct ui_link money_tab(const struct ctx *c, const struct req *r, const char *title, const char *name, bool current, int64_t count);
struct purse *money_purse(struct ctx *c, const money *m, size_t n);
struct customer_panel;
str fee_priced_by(const struct ctx *c, str by);         /* in words */
extern const struct customer_panel money_customer_panel;/* "Free visits and support months" */
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
