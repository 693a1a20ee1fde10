/* cash.h — the double-entry cash ledger of the house: accounts of customers, engineers, stations and the bank, documents, books of a day, closed periods [F2, F6].
 *
 * Owns cash_account, cash_doc, cash_entry, cash_period, cash_period_total. Money moves only by cash_post: every document sums to zero in its one currency, cash is
 * never negative, what is closed stands. Nothing is ever converted: each currency has its own accounts. Rows outside the reader's sight do not exist for them. */
#pragma once
#include "base/base.h"
#include "base/money.h"
#include "slice/account/account.h"

/* ---- what the departments of money share ---- */
/* Rows in sight: org range or own; a nobody or a customer sees none. */
MUST enum err money_scope(struct ctx *c, struct in_sight *ret);
day money_today(struct ctx *c);
instant money_day_end(struct ctx *c, day d);
/* NOT_FOUND becomes *ret_found false and diag is calm. */
MUST enum err money_if_found(struct ctx *c, enum err e, bool *ret_found);
/* Settings like "200.00" (the house's currency) or "200.00; USD 30": the part for that currency, 0 without one. */
money money_setting(struct ctx *c, const char *name, const char cur[4]);
void money_cur(str text, char ret[4]);
void money_house_cur(struct ctx *c, char ret[4]);      /* setting money.currency */
enum err money_same(struct ctx *c, const char *field, money m, const char cur[4]);     /* INVALID of the field when m is of another currency */

/* ---- the ledger ---- */
/* code, title, never below zero */
#define CASH_ACCOUNTS(X) \
	X(CUSTOMER,     "customer",     N_("Customers owe"),          0)   /* owner: order */ \
	X(ENGINEER,     "engineer",     N_("Cash with engineers"),    1)   /* owner: user */ \
	X(STATION,      "station",      N_("Cash at stations"),       1)   /* owner: org */ \
	X(TRANSIT,      "transit",      N_("Electronic payments under way"), 0)   /* owner: org */ \
	X(BANK,         "bank",         N_("Bank"),                   0) \
	X(REVENUE,      "revenue",      N_("Revenue"),                0)   /* owner: org, sub: kind of fee */ \
	X(TAX,          "tax",          N_("Tax"),                    0)   /* owner: org */ \
	X(DISCOUNT,     "discount",     N_("Discounts"),              0) \
	X(COMPENSATION, "compensation", N_("Compensation"),           0) \
	X(WRITEOFF,     "writeoff",     N_("Write-offs"),             0) \
	X(ROUNDING,     "rounding",     N_("Rounding"),               0) \
	X(DIFFERENCE,   "difference",   N_("Cash differences"),       0)
enum cash_kind {
#define X(id, name, title, nonneg) CASH_##id,
	CASH_ACCOUNTS(X)
#undef X
	CASH_N
};
extern const char *const cash_kinds[], *const cash_kind_titles[];
/* A day of one cash book: opening + taken + given = closing (given is negative). */
struct cash_book { int64_t id, owner_id; int kind; str station, station_name, engineer; money opening, taken, given, closing; };
extern const struct field cash_book_fields[];
MUST enum err cash_books(struct ctx *c, day on, int64_t after, size_t limit, struct cash_book **ret, size_t *ret_n);
/* What moved in one book on a day, in order, with the balance after each. NOT_FOUND out of sight. */
struct cash_entry { int64_t id; int kind; str ref, order_no, by_name; instant at; money amount, balance; };
extern const struct field cash_entry_fields[];
extern const char *const cash_doc_kinds[], *const cash_doc_kind_titles[];
MUST enum err cash_journal(struct ctx *c, int64_t account_id, day on, struct cash_entry **ret, size_t *ret_n);
/* Where the cash of each station was at the end of a day, and what moved on it. */
struct cash_station { str station, station_name; money engineers, till, transit, taken, given; };
extern const struct field cash_station_fields[];
MUST enum err cash_stations(struct ctx *c, day on, str after, size_t limit, struct cash_station **ret, size_t *ret_n);
struct cash_total { int kind; str sub; money balance; };
MUST enum err cash_totals(struct ctx *c, struct cash_total **ret, size_t *ret_n);

/* ---- moving money ---- */
/* owner 0: the house's own */
struct cash_line { enum cash_kind kind; int64_t owner; str sub, org_path; int64_t amount; };
struct cash_doc { const char *kind; int64_t order_id; str ref; char currency[4]; day on; };     /* on NO_DAY: today */
#define CASH_DOC(kind_, order_, ref_, m_) { .kind = (kind_), .order_id = (order_), .ref = (ref_), .currency = { (m_).cur[0], (m_).cur[1], (m_).cur[2] }, .on = { NIL } }
/* The only way money moves. Lines of zero are left out; lines that do not sum to zero are a BUG. CONFLICT: cash would become negative. INVALID: the day is closed. */
MUST enum err cash_post(struct ctx *c, const struct cash_doc *d, const struct cash_line *l, size_t n);
/* 0 when there is no such account yet. */
MUST enum err cash_balance(struct ctx *c, enum cash_kind kind, int64_t owner, const char cur[4], money *ret);
/* What an engineer or a station holds, one of each currency that is not zero; at most CURRENCIES_MAX. */
enum { CURRENCIES_MAX = 32 };
MUST enum err cash_held(struct ctx *c, int64_t user_id, money **ret, size_t *ret_n);
MUST enum err cash_at_station(struct ctx *c, int64_t org_id, money **ret, size_t *ret_n);

/* The customer of this order owes from that day on. */
MUST enum err cash_customer_due(struct ctx *c, int64_t order_id, day due_on);

/* ---- periods: what is closed stands ---- */
struct cash_period { int64_t id; day until; instant at; str by_name, opened_by, opened_why; instant opened_at; };
extern const struct field cash_period_fields[];
/* Books up to that day stand: totals are kept, nothing is posted into it. INVALID: not over yet, or closed already. Other departments ask first what is
 * still open (money_period_close). */
MUST enum err cash_period_close(struct ctx *c, day until, struct cash_period *ret);
/* The last one only, with a reason; by who may change settings. */
MUST enum err cash_period_reopen(struct ctx *c, int64_t id, str reason);
MUST enum err cash_periods(struct ctx *c, struct cash_period **ret, size_t *ret_n);             /* newest first, at most 60 */
MUST enum err cash_closed_until(struct ctx *c, day *ret);                                       /* NO_DAY: nothing is closed */

/* For `verify`: documents and the whole sum to zero, balances are sums, cash is not negative, closed periods are as they were. found: a sentence in English each. */
MUST enum err cash_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg);
