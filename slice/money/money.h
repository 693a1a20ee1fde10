/* money.h — fees and cash: price lists, what an order costs and why, quotes, receipts, hand-ins, write-offs [F1–F6, O10, W2].
 *
 * Owns price_list, price_item, allowance, fee_line, fee_use, quote, quote_line, receipt, handin, waiver, on_account, invoice.
 *
 * Money moves only by cash_post of slice/cash. What may happen next to a quote, a receipt, a hand-in and a
 * write-off is one table each, as order_moves for the order. An order's fee is the sum of its paid lines.
 *
 * Currencies: an order, all its lines, quotes, receipts and write-offs have one, that of the price list in force when its fee began; what comes in another
 * is INVALID. Books, hand-ins and totals are kept for each currency apart; nothing is ever converted.
 *
 * Rounding [F6], half away from zero unless said otherwise:
 *   a line        unit price × quantity, exact
 *   part margin   cost × (1 + margin) → nearest minor unit, per piece, before the quantity
 *   tax           prices include it: amount × rate ÷ (1 + rate), per line; the total's tax is the sum of the lines'
 *   cash          the fee may be rounded down to setting money.cash_round, in the customer's favour, in the house's currency; the rest goes to the rounding account
 *   share         a receipt's share of the order's tax: tax × receipt ÷ fee
 *
 * Rows outside the reader's sight do not exist for them (NOT_FOUND). Everything handed out lives in c->a. Verbs that change need a write. */
#pragma once
#include "base/base.h"
#include "slice/cash/cash.h"
#include "slice/order/order.h"

/* ---- vocabularies: code, title ---- */
#define FEE_KINDS(X) \
	X(DIAGNOSIS, "diagnosis", N_("Diagnosis")) X(VISIT, "visit", N_("Visit")) X(LABOUR, "labour", N_("Labour")) X(PART, "part", N_("Part")) \
	X(MATERIAL, "material", N_("Material")) X(OTHER, "other", N_("Other"))
enum fee_kind {
#define X(id, name, title) FEE_##id,
	FEE_KINDS(X)
#undef X
	FEE_KIND_N
};
/* Why a line is paid or free [W2]: code, title, free */
#define FEE_BASES(X) \
	X(PAID,            "paid",            N_("Not under warranty"),            0) \
	X(EXCLUDED,        "excluded",        N_("Excluded from the warranty"),    0) \
	X(WISH,            "wish",            N_("The customer's wish"),           0) \
	X(WARRANTY,        "warranty",        N_("Under warranty"),                1) \
	X(CONTRACT,        "contract",        N_("Service contract"),              1) \
	X(ALLOWANCE,       "allowance",       N_("Free visit or month used"),      1) \
	X(ACCEPTED,        "accepted",        N_("Waived: the quote is accepted"), 1) \
	X(REPAIR_WARRANTY, "repair_warranty", N_("Warranty of the last repair"),   1) \
	X(RECALL,          "recall",          N_("Recall"),                        1) \
	X(GOODWILL,        "goodwill",        N_("Goodwill"),                      1) \
	X(OPEN,            "open",            N_("Not decided yet"),               0)   /* counts for nothing until somebody decides */
enum fee_basis {
#define X(id, name, title, free) WHY_##id,
	FEE_BASES(X)
#undef X
	WHY_N
};
enum { PRICE_DRAFT, PRICE_PUBLISHED, PRICE_RETIRED };
enum { METHOD_CASH, METHOD_WECHAT, METHOD_ALIPAY, METHOD_CARD, METHOD_TRANSFER };
enum { RECEIPT_PAYMENT, RECEIPT_DEPOSIT, RECEIPT_REFUND };
enum { LEVEL_ENGINEER, LEVEL_STATION };
enum { WAIVER_DISCOUNT, WAIVER_COMPENSATION, WAIVER_WRITEOFF };
enum { HOW_LINK, HOW_SIGNATURE, HOW_PHONE };
enum { ALLOWANCE_VISIT, ALLOWANCE_SUPPORT };
extern const char *const fee_kinds[], *const fee_kind_titles[], *const fee_bases[], *const fee_basis_titles[];
extern const bool fee_basis_free[];
extern const char *const price_states[], *const price_state_titles[], *const pay_methods[], *const pay_method_titles[], *const receipt_kinds[], *const receipt_kind_titles[];
extern const char *const handin_levels[], *const handin_level_titles[], *const waiver_kinds[], *const waiver_kind_titles[], *const quote_hows[], *const quote_how_titles[];
extern const char *const allowance_kinds[], *const allowance_kind_titles[];

/* ---- rounding: pure ---- */
money money_tax_inside(money gross, int64_t tax_bp);           /* the tax in a price that includes it */
money money_with_margin(money cost, int64_t margin_bp);
money money_cash_down(money m, int64_t unit);                  /* towards zero to a multiple of unit minor units */

/* ---- price lists with versions [F1] ---- */
struct price_item {
	int64_t id, list_id;
	int kind;
	str code, name_zh, name_en, model;
	int64_t from_m, to_m /* metres, to_m exclusive */, tax_bp;
	money unit_price;
	bool support;                                  /* software support: a free support month pays for it */
};
struct price_list {
	int64_t id, ver, version, org_id, items;
	str code, name, org, org_path;
	str currency;
	int state;
	day valid_from;
	int64_t margin_bp, tax_bp;                     /* basis points: 600 = 6 % */
	instant published_at;
};
enum { PRICE_FAR = 1000000000 };                               /* metres: no upper end of a distance band */
struct price_new { str code, name, org; day valid_from; int64_t margin_bp, tax_bp; str copy_of, currency; };   /* copy_of: a code whose last version's items are copied; currency absent: that one's, or the house's */
/* A new draft, the next version of its code. */
MUST enum err price_draft(struct ctx *c, const struct price_new *n, struct price_list *ret);
MUST enum err price_put(struct ctx *c, const struct price_list *l, const struct price_item *i);      /* by code, model and band; CONFLICT when not a draft */
/* The same by the list's code: nothing when its newest version says so already; else into its draft, which is made when there is none. */
MUST enum err price_merge(struct ctx *c, str list, const struct price_item *i, bool *ret_changed);
MUST enum err price_drop(struct ctx *c, const struct price_list *l, int64_t item_id);
/* CONFLICT: not a draft (publish), not published (retire), stale. A published version never changes. */
MUST enum err price_publish(struct ctx *c, const struct price_list *l);
MUST enum err price_retire(struct ctx *c, const struct price_list *l);
MUST enum err price_get(struct ctx *c, str code, int64_t version, struct price_list *ret);           /* version NIL: the newest */
MUST enum err price_lists(struct ctx *c, int64_t before, size_t limit, struct price_list **ret, size_t *ret_n);
MUST enum err price_items(struct ctx *c, int64_t list_id, struct price_item **ret, size_t *ret_n);
/* The list in force today for a place: the nearest one up its tree, its newest valid version. NOT_FOUND when there is none. */
MUST enum err price_list_for(struct ctx *c, str org_path, struct price_list *ret);
str price_item_name(const struct ctx *c, const struct price_item *i);

/* ---- free visits and support months [S2] ----
 * On any order of the customer a visit uses up a free visit; work marked as software support opens a free month, and what falls into an open month uses no other. */
struct allowance { int64_t id, customer_id, device_id, granted, used; int kind; day valid_from, valid_until, month_from /* of the open month */; str source, device; };
extern const struct field allowance_out[];
/* INVALID names the field. device_id NIL: any device of the customer. */
MUST enum err allowance_add(struct ctx *c, const struct allowance *a, int64_t *ret_id);
MUST enum err allowance_left(struct ctx *c, const struct order *o, struct allowance **ret, size_t *ret_n);      /* something left, the first to expire first */
MUST enum err allowance_of_customer(struct ctx *c, int64_t customer_id, struct allowance **ret, size_t *ret_n); /* all, also used up */

/* ---- fee lines ---- */
#define PRICED_BY_HAND "by hand"
#define PRICED_BY_NOTHING "no price"
struct fee_line {
	int64_t id, ver, order_id, qty, tax_bp, allowance_id, allowance_n;
	int kind, basis;
	str code, name, reason, priced_by /* "LIST/VERSION", or PRICED_BY_… */, struck_why, by_name, promise;      /* promise: the policy whose counted visit this is */
	money unit_price, amount, tax;
	bool free, struck, billed, support;
	instant at;
};
extern const struct field fee_line_fields[];
bool fee_counts(const struct fee_line *l);             /* the customer pays it */
/* The currency an order's money is in: fixed once it has a fee. */
MUST enum err fee_currency(struct ctx *c, const struct order *o, char ret[4]);
struct fee_new {
	str code;                                      /* of the price list; or absent with kind, name and unit_price */
	int kind;                                      /* -1: the item's */
	str name;
	money unit_price;                              /* parts off the list: their cost, to which the list's margin is added */
	int64_t qty, distance_m;                       /* distance_m NIL: the order's */
	int basis;                                     /* -1: as the order's coverage says */
	str reason;                                    /* needed when basis is not what the coverage says */
};
/* What the order itself says of its work: -1 when it says nothing. */
int fee_basis_of(const struct order *o);
/* What counts when nobody decides otherwise [W1, W2]: the verdict on the device for this line's class of cost and part (its name tells which, else the diagnosis);
 * where that says nothing, the order. basis -1: a person must decide. why: the rule, as reference_told reads it. by: the verdict it follows from, else NULL.
 * promise: the policy whose counted visit it uses. */
struct entitlement;
struct fee_said { int basis; str why; const struct entitlement *by; str promise; int64_t left; };   /* promise: that counts this visit, of which so many are left */
MUST enum err fee_basis_said(struct ctx *c, const struct order *o, int kind, str code, str name, struct fee_said *ret);
/* CONFLICT: a line is charged because a policy excludes the fault, and no sealed ruling proves that. */
MUST enum err fee_exclusions_proved(struct ctx *c, const struct order *o, const struct fee_line *l, size_t n);
/* INVALID names the field: no such price, quantity, basis to be chosen, reason missing, goodwill above authority. CONFLICT: the order has ended. */
MUST enum err fee_add(struct ctx *c, const struct order *o, const struct fee_new *n, int64_t *ret_id);
MUST enum err fee_strike(struct ctx *c, const struct order *o, int64_t line_id, int64_t ver, str why);
MUST enum err fee_rebase(struct ctx *c, const struct order *o, int64_t line_id, int64_t ver, int basis, str reason);
MUST enum err fee_lines(struct ctx *c, int64_t order_id, bool live, struct fee_line **ret, size_t *ret_n);
/* fee: paid lines · due: what the customer still owes, negative when we hold their money. */
struct fee_state { money fee, tax, paid, waived, due, approved; bool on_account, has_lines; int64_t open_receipts, open_lines; };
MUST enum err fee_state(struct ctx *c, const struct order *o, struct fee_state *ret);
struct quote;
struct receipt;
/* The same of a quote (NULL: none) and receipts already read. */
MUST enum err fee_state_of(struct ctx *c, const struct order *o, const struct quote *q, const struct receipt *r, size_t n, struct fee_state *ret);
/* The customer pays later: due on that day, confirmed by finance [F5]. */
MUST enum err fee_on_account(struct ctx *c, const struct order *o, day due_on, str reason);

/* ---- quotes, receipts, hand-ins, write-offs: one way of moving ---- */
enum { MOVER_STAFF = 1, MOVER_CUSTOMER = 2, MOVER_OWNER = 4 /* who made it */, MOVER_OTHER = 8 /* not who made it */ };
enum { ASK_REASON = 1, ASK_COUNTED = 2, ASK_RECEIPT_NO = 4, ASK_SIGNER = 8 };
struct money_move {
	unsigned from;                                 /* bits of states */
	int ev, to;
	unsigned who, asks;
	uint64_t any;                                  /* staff need one of these permissions */
	bool primary, danger;
};
struct money_act { int ev; int64_t ver; str reason, signer, signature /* PNG */, receipt_no, reference; int how /* -1 */; money counted; };
struct money_table { const char *const *states, *const *state_titles, *const *events, *const *event_titles; const struct money_move *move; size_t n; };
extern const struct money_table quote_table, receipt_table, handin_table, waiver_table;
/* The move this reader may make; NULL if none. by_id: who made the thing. */
const struct money_move *money_move_for(const struct ctx *c, const struct money_table *t, int state, int64_t by_id, int ev);

enum { QUOTE_SENT, QUOTE_APPROVED, QUOTE_REFUSED, QUOTE_WITHDRAWN };
enum { QUOTE_EV_APPROVE, QUOTE_EV_REFUSE, QUOTE_EV_WITHDRAW };
struct quote_line { int64_t id, line_id, qty; int kind, basis; str name, reason; money unit_price, amount; bool free; };
struct quote {
	int64_t id, ver, order_id, signature_id;
	str no, order_no, content, by_name, decided_by, reason;
	int state, decided_how;
	money total, tax, deposit;
	day valid_until;
	instant at, decided_at;
	struct quote_line *lines; size_t n_lines;
};
extern const struct field quote_fields[];
struct quote_new { str content; day valid_until; money deposit; };      /* valid_until NO_DAY: setting money.quote_days; deposit none: 0 */
/* Of the live lines; an earlier one still open is withdrawn. With other paid lines the diagnosis fee is shown as waived when accepted. */
MUST enum err quote_make(struct ctx *c, const struct order *o, const struct quote_new *n, struct quote *ret);
/* Approve and refuse also by the customer (c->who with SIGHT_CUSTOMER) on an order read by its token. Refused: work lines are struck, diagnosis and visit stay due. */
MUST enum err quote_act(struct ctx *c, const struct order *o, str no, const struct money_act *a, struct quote *ret);
MUST enum err quote_get(struct ctx *c, str no, struct quote *ret);
MUST enum err quote_of_order(struct ctx *c, const struct order *o, struct quote *ret);               /* the newest; NOT_FOUND without a word */
struct money_filter { str order; int state; int64_t before; size_t limit; };                         /* state -1, before NIL: any */
MUST enum err quote_list(struct ctx *c, const struct money_filter *f, struct quote **ret, size_t *ret_n);

enum { RECEIPT_TAKEN, RECEIPT_DISPUTED, RECEIPT_COUNTERSIGNED, RECEIPT_CONFIRMED, RECEIPT_VOID };
enum { RECEIPT_EV_COUNTERSIGN, RECEIPT_EV_DISPUTE, RECEIPT_EV_CORRECT, RECEIPT_EV_CONFIRM, RECEIPT_EV_VOID };
struct receipt {
	int64_t id, ver, order_id, org_id, holder_id, by_id, handin_id, countersigned_id;
	str no, order_no, customer, reference, receipt_no, payer, holder_kind, org_path, station, by_name, handin_no, reason, countersigned_by, confirmed_by;
	int kind, method, state;
	money amount, rounding;
	instant at, countersigned_at, confirmed_at;
	day on_day;
};
extern const struct field receipt_fields[];
struct receipt_new { int kind, method; money amount; str reference, receipt_no, payer, reason; day on; };      /* on: the day the money changed hands; NO_DAY: today */
/* INVALID: amount beyond what is due (or beyond what we hold, for refunds), another currency, reference missing for what is not cash, receipt number used, a day to come or of a
 * closed period.
 * CONFLICT: no approved quote covers the fee; not so much cash here to give back. */
MUST enum err receipt_take(struct ctx *c, const struct order *o, const struct receipt_new *n, struct receipt *ret);
MUST enum err receipt_act(struct ctx *c, str no, const struct money_act *a, struct receipt *ret);
/* All countersigned receipts in sight up to that day, at most 200 at a time; *ret_n: how many. */
MUST enum err receipt_confirm_all(struct ctx *c, day until, int64_t *ret_n);
MUST enum err receipt_get(struct ctx *c, str no, struct receipt *ret);
MUST enum err receipt_list(struct ctx *c, const struct money_filter *f, struct receipt **ret, size_t *ret_n);
MUST enum err receipt_of_order(struct ctx *c, int64_t order_id, struct receipt **ret, size_t *ret_n);

enum { HANDIN_SUBMITTED, HANDIN_COUNTED, HANDIN_CONFIRMED, HANDIN_WITHDRAWN };
enum { HANDIN_EV_COUNT, HANDIN_EV_CONFIRM, HANDIN_EV_WITHDRAW };
struct handin {
	int64_t id, ver, holder_id, org_id, by_id, counted_id;
	str no, holder, org_path, station, reference, reason, by_name, counted_by, confirmed_by;
	int level, state;
	money declared, counted;
	instant at, counted_at, confirmed_at;
};
extern const struct field handin_fields[];
struct handin_new { int level; str station, reference, currency; };      /* currency absent: the house's */
/* All the cash held of one currency: by the engineer to the station, or by the station (its code) to the bank. INVALID: nothing held. CONFLICT: one is still uncounted. */
MUST enum err handin_submit(struct ctx *c, const struct handin_new *n, struct handin *ret);
/* Counting moves the cash; a difference is booked with its reason. */
MUST enum err handin_act(struct ctx *c, str no, const struct money_act *a, struct handin *ret);
MUST enum err handin_get(struct ctx *c, str no, struct handin *ret);
MUST enum err handin_list(struct ctx *c, const struct money_filter *f, struct handin **ret, size_t *ret_n);
/* ---- compensation and write-off [F3, S6] ---- */
enum { WAIVER_REQUESTED, WAIVER_APPROVED, WAIVER_REJECTED, WAIVER_NOTED };
enum { WAIVER_EV_APPROVE, WAIVER_EV_REJECT, WAIVER_EV_NOTE };
struct waiver {
	int64_t id, ver, order_id, by_id;
	str no, order_no, customer, reason, technical, agreement, by_name, decided_by, decided_why, noted_by;
	int kind, state;
	money amount;
	instant at, decided_at, noted_at;
};
extern const struct field waiver_fields[];
struct waiver_new { int kind; money amount; str reason, technical, agreement; };
/* What this person may grant on their own in that currency (settings money.limit.*); 0 without the permission. */
money waiver_limit(struct ctx *c, const char cur[4]);
/* Within the asker's authority it is approved at once and finance takes note; above setting money.large the technical verdict and the agreement with the customer are needed. */
MUST enum err waiver_request(struct ctx *c, const struct order *o, const struct waiver_new *n, struct waiver *ret);
MUST enum err waiver_act(struct ctx *c, str no, const struct money_act *a, struct waiver *ret);
MUST enum err waiver_get(struct ctx *c, str no, struct waiver *ret);
MUST enum err waiver_list(struct ctx *c, const struct money_filter *f, struct waiver **ret, size_t *ret_n);
MUST enum err waiver_of_order(struct ctx *c, int64_t order_id, struct waiver **ret, size_t *ret_n);

/* ---- electronic invoices: asked for over the outbox, by hand when that fails; never in the way of closing ---- */
enum { INVOICE_WANTED, INVOICE_SENT, INVOICE_ISSUED, INVOICE_FAILED };
extern const char *const invoice_states[], *const invoice_state_titles[];
struct invoice {
	int64_t id, ver, receipt_id, order_id;
	str receipt, order_no, title, tax_no, email, number, url, why, by_name, issued_by;
	int state;
	money amount, tax;
	instant at, issued_at;
};
extern const struct field invoice_fields[];
struct invoice_new { str title, tax_no, email; };
/* CONFLICT: the receipt is a refund, void, or has one already. With setting money.invoice_url it goes to the outbox (topic "invoice"), else it waits for a person. */
MUST enum err invoice_ask(struct ctx *c, str receipt_no, const struct invoice_new *n, struct invoice *ret);
/* A person wrote it elsewhere: its number. INVALID: used. */
MUST enum err invoice_issue(struct ctx *c, int64_t id, int64_t ver, str number, str url, struct invoice *ret);
/* What the adapter answered. number absent: failed with why; it then waits for a person. Already issued: nothing. */
MUST enum err invoice_answered(struct ctx *c, int64_t id, str number, str url, str why);
MUST enum err invoice_get(struct ctx *c, int64_t id, struct invoice *ret);
MUST enum err invoice_open(struct ctx *c, int64_t before, size_t limit, struct invoice **ret, size_t *ret_n);      /* not yet issued */
MUST enum err invoice_of_order(struct ctx *c, int64_t order_id, struct invoice **ret, size_t *ret_n);

/* ---- receivables [F5] ---- */
/* Ageing counts from the day it was to be paid: as agreed with finance, else the day the customer came to owe it. */
enum receivable_age { AGE_NOT_DUE, AGE_30, AGE_60, AGE_90, AGE_OLDER, AGE_N };
extern const char *const receivable_ages[], *const receivable_age_titles[];
struct receivable { int64_t id, age_days /* overdue; 0 and less: not yet */; str order_no, customer, station, agreed_by, agreed_why; money amount; day due_on; bool agreed; };
struct receivable_sum { int64_t n; money not_due, d30, d60, d90, older, total; };        /* one of each currency */
extern const struct field receivable_fields[], receivable_sum_fields[];
/* The oldest first; age -1: all. */
MUST enum err receivables(struct ctx *c, int age, int64_t after, size_t limit, struct receivable **ret, size_t *ret_n);
MUST enum err receivable_sums(struct ctx *c, struct receivable_sum **ret, size_t *ret_n);

/* For `verify`: the ledger's proof (cash_verify), and an order's fee is its lines. found: a sentence in English each. */
MUST enum err money_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg);

/* What still has to be done before a day can be closed. */
struct period_waits { int64_t receipts, handins; };
MUST enum err money_period_waits(struct ctx *c, day until, struct period_waits *ret);
/* cash_period_close; CONFLICT: receipts not countersigned or hand-ins not counted up to that day. */
MUST enum err money_period_close(struct ctx *c, day until, struct cash_period *ret);

/* A part used on an order becomes its line; taken back, the line goes. */
struct part_hook;
extern const struct part_hook money_part_hook;
/* An order with paid lines is settled only when it is paid and countersigned, written off within authority, or on account. */
extern const struct order_hook money_order_hook;
