/* contract.h — service contracts: what a customer has bought for which machines, until when, and the promise that goes with it [P5].
 *
 * Owns contract, contract_cover. A contract names its service level and, if its hours are its own, their calendar; slice/sla keeps both under the contract's id.
 * An order finds the contract that covers it at intake: the machine itself goes before its model, that before its brand, that before all of the customer's;
 * among equals the one that began last. Employees are covered by their organisation's. Rows of customers out of the reader's sight do not exist for them.
 * Everything handed out lives in c->a; verbs that change need a write and check `ver`. */
#pragma once
#include "base/base.h"

enum contract_cover_kind { COVER_DEVICE, COVER_PRODUCT, COVER_BRAND, COVER_N };
extern const char *const contract_covers[], *const contract_cover_titles[];     /* device product brand; N_() */
struct contract_cover { int64_t id; int kind; int64_t device_id, product_id; str brand, name, serial; };     /* name: brand and model, or the brand; serial of a device */
struct contract {
	int64_t id, ver, customer_id;
	str no, title, note, customer_no, customer, ref;       /* ref: its number elsewhere, import's own key */
	str level, level_name, level_name_en, calendar;        /* codes; calendar absent: the level's */
	day from_on, until_on;                         /* both inclusive */
	bool whole;                                    /* all machines of the customer; else what it lists */
	bool active;                                   /* else ended before its time */
	struct contract_cover *cover; size_t n_cover;
};

/* INVALID names the field (customer_id, title, level, calendar, until_on). no is given by the house. */
MUST enum err contract_add(struct ctx *c, const struct contract *k, int64_t *ret_id);
/* Title, level, calendar, days, reach, note, active. CONFLICT. */
MUST enum err contract_save(struct ctx *c, const struct contract *k);
MUST enum err contract_get(struct ctx *c, str no, struct contract *ret);                         /* with what it covers; NOT_FOUND */
MUST enum err contract_by_ref(struct ctx *c, str ref, struct contract *ret);                     /* by ref or number, whoever asks; NOT_FOUND */
/* Newest first; customer_id NIL any, level: code, absent any, words: of number, title or customer. *ret_next NIL at the end. Without cover. */
struct contract_filter { str words, level; int64_t customer_id, before; size_t limit; };
MUST enum err contract_list(struct ctx *c, const struct contract_filter *f, struct contract **ret, size_t *ret_n, int64_t *ret_next);
/* What is covered: a serial, a model or a brand, as typed. INVALID: unknown, not clear, or there already. */
MUST enum err contract_cover_add(struct ctx *c, const struct contract *k, int kind, str what);
MUST enum err contract_cover_drop(struct ctx *c, const struct contract *k, int64_t cover_id);    /* NOT_FOUND */

/* The contract that covers a request on a day, whoever asks; NIL none. */
struct contract_ask { int64_t customer_id, device_id, product_id; str brand; day on; };          /* ids NIL, brand absent: not known */
MUST enum err contract_for(struct ctx *c, const struct contract_ask *a, int64_t *ret_id);
/* Running contracts that name this machine or reach it by model, brand or owner. At most 20. */
MUST enum err contract_of_device(struct ctx *c, const struct contract_ask *a, struct contract **ret, size_t *ret_n);
MUST enum err contract_device_swapped(struct ctx *c, int64_t old_id, int64_t new_id);            /* contracts that name the old unit name the new one */
/* News of a contract, inside the write that made or changed it; for departments that are bound to it. Listed by the app, NULL-terminated.
 * The rule for orders under way: what is better for the customer holds at once, what is worse only when the contract was ended or no longer covers the day the
 * order came in; a machine taken out of a contract keeps its order under it. */
struct contract_news { const char *name; enum err (*on)(struct ctx *c, const struct contract *k); };
extern const struct contract_news *const contract_news[];
bool contract_runs(const struct contract *k, day on);  /* in use, and that day within it */
enum err contract_customer_merged(struct ctx *c, int64_t keep, int64_t drop);                    /* hook of customer_merge */
