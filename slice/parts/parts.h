/* parts.h — the part catalogue, the warehouses and the ledger of stock [S1].
 *
 * Owns part, warehouse, stock_*, part_serial, requisition*, part_use, old_part. Quantities are whole pieces. Stock changes in one way only:
 * stock_post, which writes every movement as two lines that sum to zero. The world outside (supplier, customer, maker, scrap …) are
 * warehouses too; only theirs may go below zero.
 *
 * Value is kept at moving average, in minor units: a piece taken carries value × qty ÷ stock, rounded half away from zero, and the last
 * piece carries the rest, so no fraction is ever lost. Text handed out lives in c->a. Verbs that change need a write. */
#pragma once
#include "base/base.h"
#include "slice/entitlement/verdict.h"

/* ---- catalogue ---- */
extern const char *const part_classes[], *const part_class_titles[];       /* main ordinary consumable */
enum { PART_MAIN, PART_ORDINARY, PART_CONSUMABLE };
struct spare {
	int64_t id, ver;
	str no, name, spec, unit, brand, maker_no, barcode;
	int class;
	int kind;                                      /* enum part: the part the law and the promises mean; PART_WHOLE: not said */
	bool serial_tracked, owes_old, active;         /* owes_old: the part taken out must come back [S2] */
	int64_t supplier_months;                       /* supplier's warranty, NIL unknown */
	money price, cost;                             /* to the customer; last paid */
	str currency;                                  /* kept for good */
};
/* What the law calls it: as the catalogue says, a consumable by its class, else by the words of its name (*ret_by tells which); PART_OTHER when none tells. */
enum part spare_part(const struct spare *p, enum part_by *ret_by);
MUST enum err part_add(struct ctx *c, const struct spare *p, int64_t *ret_id);          /* INVALID of "no": taken */
MUST enum err part_save(struct ctx *c, const struct spare *p);                          /* CONFLICT: stale */
MUST enum err part_get(struct ctx *c, int64_t id, struct spare *ret);                   /* NOT_FOUND */
MUST enum err part_by_no(struct ctx *c, str no, struct spare *ret);                     /* NOT_FOUND; folded */
MUST enum err part_by_code(struct ctx *c, str code, struct spare *ret);                 /* number or barcode; NOT_FOUND */
MUST enum err part_list(struct ctx *c, str words, str after, size_t max, struct spare **ret, size_t *ret_n);    /* by number; after: number */
/* Adds, or updates what differs by number. */
MUST enum err part_put(struct ctx *c, const struct spare *p, int64_t *ret_id, bool *ret_added);

MUST enum err part_paid(struct ctx *c, int64_t id, money cost);                        /* the last price paid becomes the cost */

/* ---- warehouses: one an org and one an engineer, made when first needed ---- */
enum warehouse_kind { WAREHOUSE_HQ, WAREHOUSE_REGION, WAREHOUSE_STATION, WAREHOUSE_VAN, WAREHOUSE_OUTSIDE };
enum { OUTSIDE_SUPPLIER = 1, OUTSIDE_CUSTOMER, OUTSIDE_MAKER, OUTSIDE_SCRAP, OUTSIDE_DIFFERENCE, OUTSIDE_OPENING };   /* ids, by the first schema step */
extern const char *const warehouse_kinds[], *const warehouse_kind_titles[];
struct warehouse { int64_t id, ver; str code, name, org_path; int kind; int64_t org_id, user_id; bool active; };
MUST enum err warehouse_get(struct ctx *c, int64_t id, struct warehouse *ret);         /* whoever asks; NOT_FOUND */
MUST enum err warehouse_by_code(struct ctx *c, str code, struct warehouse *ret);       /* in sight; NOT_FOUND */
/* In sight: orgs in tree order (id NIL while nothing ever lay there), then engineers; without the outside. */
MUST enum err warehouse_list(struct ctx *c, struct warehouse **ret, size_t *ret_n);
MUST enum err warehouse_of_org(struct ctx *c, int64_t org_id, struct warehouse *ret);  /* in a write: makes it; else id 0, where nothing lies */
MUST enum err warehouse_of_user(struct ctx *c, int64_t user_id, struct warehouse *ret);/* an engineer's stock; in a write: makes it; else NOT_FOUND */

/* ---- ledger ---- */
enum stock_bin { BIN_GOOD, BIN_BAD, BIN_TRANSIT, BIN_QUARANTINE, BIN_OUTSIDE };
extern const char *const stock_bins[], *const stock_bin_titles[];
/* name, title */
#define STOCK_KINDS(X) \
	X(OPENING, "opening", N_("Opening stock")) X(PURCHASE, "purchase", N_("Purchase")) X(SHIP, "ship", N_("Shipped")) X(RECEIVE, "receive", N_("Received")) \
	X(MISSING, "missing", N_("Missing on arrival")) X(DAMAGED, "damaged", N_("Damaged on arrival")) X(USE, "use", N_("Used on an order")) \
	X(OLD, "old", N_("Old part taken out")) X(UNUSED, "unused", N_("Returned unused")) X(OLD_BACK, "old_back", N_("Old part returned")) \
	X(INSPECT, "inspect", N_("Inspected")) X(WRITE_OFF, "write_off", N_("Written off")) X(CLAIM, "claim", N_("Claimed from the maker")) \
	X(RECOVER, "recover", N_("Back to good stock")) X(LOST, "lost", N_("Lost")) X(COUNT, "count", N_("Counted")) X(ADJUST, "adjust", N_("Adjusted")) X(UNUSE, "unuse", N_("Use taken back"))
enum stock_kind {
#define X(id, name, title) STOCK_##id,
	STOCK_KINDS(X)
#undef X
	STOCK_KIND_N
};
extern const char *const stock_kinds[], *const stock_kind_titles[];
struct stock_place { int64_t warehouse_id; enum stock_bin bin; };
#define OUTSIDE(who) ((struct stock_place){ OUTSIDE_##who, BIN_OUTSIDE })
struct stock_doc { const char *kind; int64_t id, line, order_id; str no, reason; };     /* what the movement is for; ids may be NIL */
struct stock_entry {
	enum stock_kind kind;
	int64_t part_id, qty;
	struct stock_place from, to;
	int64_t value;                                 /* from outside: what came in is worth; else ignored */
	int64_t unreserve;                             /* this much was reserved for it */
	const str *serials; size_t n_serials;          /* serial-tracked parts: exactly qty of them */
};
/* Posts n movements, all or nothing. CONFLICT: not so many there, a serial is elsewhere, or the books are closed (setting parts.closed_through); INVALID of "serials". ret_move: n ids, or NULL. */
MUST enum err stock_post(struct ctx *c, const struct stock_doc *d, const struct stock_entry *e, size_t n, int64_t *ret_move);
/* Opening stock of a list: posted once for a part and warehouse (a tracked part: once for its first serial number); *ret_added false: it was.
 * INVALID of "part_no": it moved there without one. */
MUST enum err stock_open(struct ctx *c, const struct spare *p, const struct warehouse *w, int64_t qty, int64_t value, const str *serials, size_t n, bool *ret_added);
struct stock_level { int64_t qty, value, reserved; };
MUST enum err stock_at(struct ctx *c, int64_t part_id, struct stock_place at, struct stock_level *ret);    /* zeros when never any */
/* Keeps qty (may be negative: gives back) of the good stock for somebody. CONFLICT: not so many free. */
MUST enum err stock_reserve(struct ctx *c, int64_t part_id, int64_t warehouse_id, int64_t qty);
struct serial_at { int64_t id, part_id, warehouse_id, order_id; str serial, warehouse; int bin, kind; };
MUST enum err serial_find(struct ctx *c, int64_t part_id, str serial, struct serial_at *ret);              /* NOT_FOUND */

/* For `baoxiu verify`: every difference of ledger, balances, values, serials, reservations, transit and old parts as an English sentence. */
struct parts_check { void (*found)(void *arg, str what); void *arg; int64_t differences; };
MUST enum err parts_verify(struct ctx *c, struct parts_check *v);

/* ---- reading stock ---- */
struct stock_row { int64_t part_id, warehouse_id; str part_no, no_key, part, spec, unit, warehouse, warehouse_name; int kind; int64_t qty, reserved, bad, quarantine, transit; money value; int64_t low, high; };
struct stock_filter { int64_t warehouse_id, part_id; str words; bool low /* below the minimum */, issuable /* good and not reserved */; str after_no; int64_t after_warehouse; size_t limit; };    /* ids NIL: any */
MUST enum err stock_list(struct ctx *c, const struct stock_filter *f, struct stock_row **ret, size_t *ret_n);      /* by part, then warehouse */
MUST enum err stock_sums(struct ctx *c, struct stock_row **ret, size_t *ret_n);                                    /* one row a warehouse in sight */
struct stock_move_row { int64_t id, qty; instant at; int kind, from_bin, to_bin; str part_no, part, doc_kind, doc_no, order_no, user, reason, from, to; money value; };
struct move_filter { int64_t part_id, warehouse_id, order_id, before; size_t limit; };
MUST enum err stock_moves(struct ctx *c, const struct move_filter *f, struct stock_move_row **ret, size_t *ret_n); /* newest first */
MUST enum err serial_moves(struct ctx *c, int64_t serial_id, struct stock_move_row **ret, size_t *ret_n);
/* The supplier's warranty of a piece: from the day it was bought. Both NO_DAY when that is not known. */
struct supplier_warranty { day bought_on, until; };
struct supplier_warranty supplier_warranty(const struct ctx *c, instant bought_at, int64_t months);
MUST enum err serial_warranty(struct ctx *c, int64_t serial_id, struct supplier_warranty *ret);
MUST enum err serials_by_text(struct ctx *c, str serial, struct serial_at **ret, size_t *ret_n);                   /* of whatever part */
MUST enum err serials_of_part(struct ctx *c, int64_t part_id, struct serial_at **ret, size_t *ret_n);              /* in stock and in sight */
/* Serial numbers as typed or scanned, between blanks, commas or lines; INVALID of field: too many. */
MUST enum err serials_of_text(struct ctx *c, const char *field, str text, str **ret, size_t *ret_n);
/* Below low a proposal fills up to high; INVALID unless low <= high. */
MUST enum err stock_level_set(struct ctx *c, int64_t part_id, int64_t warehouse_id, int64_t low, int64_t high);
MUST enum err part_substitute_set(struct ctx *c, int64_t part_id, int64_t other_id, bool on);
MUST enum err part_substitutes(struct ctx *c, int64_t part_id, struct spare **ret, size_t *ret_n);
