/* loaner.h — spare machines lent while a customer's own is in repair 备用机 [S4].
 *
 * Owns loaner, loan, model_rank. A loaner is a device of the installed base that belongs to us. It goes out against a signature, comes back,
 * and is not lent again before somebody recorded that its data were erased. An order does not end while its loaner is out.
 * Specification rank 1 (lowest) to 9: what is lent is not lower than the customer's own, unless a person takes it with a reason [S18]. */
#pragma once
#include "base/base.h"

struct order;
struct order_hook;

/* name, title, tone */
#define LOANER_STATES(X) \
	X(READY, "ready", N_("Ready to lend"), "run") X(OUT, "out", N_("Lent"), "wait") X(TO_ERASE, "to_erase", N_("To erase"), "new") X(RETIRED, "retired", N_("Retired"), "end")
enum loaner_state {
#define X(id, name, title, tone) LOANER_##id,
	LOANER_STATES(X)
#undef X
	LOANER_STATE_N
};
extern const char *const loaner_states[], *const loaner_state_titles[], *const loaner_state_tones[];
extern const char *const erase_methods[], *const erase_method_titles[];        /* overwrite crypto reinstall replaced none_held */
enum { RANK_MAX = 9 };

/* kept_for: the order it is reserved for through kept_until; absent when nobody waits for it. */
struct loaner {
	int64_t id, ver, device_id, rank, kept_order_id;
	int state;
	str code, serial, brand, model, org, org_name, org_path, note, loan_no, order_no, kept_for;
	day due_on, kept_until;
};
struct loaner_new { str code, serial, brand, model, org, note; int kind; int64_t rank; };
/* Takes the device into the pool, registering it when the serial is new. INVALID names the field. */
MUST enum err loaner_add(struct ctx *c, const struct loaner_new *n, struct loaner *ret);
MUST enum err loaner_get(struct ctx *c, str code, struct loaner *ret);                         /* in sight; NOT_FOUND */
/* state -1, rank 0: any; by state and code. */
MUST enum err loaner_list(struct ctx *c, int state, int64_t rank, struct loaner **ret, size_t *ret_n);
MUST enum err loaner_retire(struct ctx *c, str code, int64_t ver, str reason);                 /* CONFLICT: it is out, or stale */
/* Reserves a ready one for an order through a day; one an order, the former is free again. CONFLICT: it is out, kept for another order, or the order has ended;
 * INVALID of "until". Lending it, the order's end or the day passing ends the reservation. */
MUST enum err loaner_keep(struct ctx *c, const struct order *o, str code, day until);
MUST enum err loaner_release(struct ctx *c, const struct order *o);                            /* none kept: nothing */
/* Whether the last verdict given for the order promises one [W4, S18]; *ret_by names the policy. */
MUST enum err loaner_promised(struct ctx *c, const struct order *o, bool *ret, str *ret_by);
/* Rank of a model, used for the customer's own device; 0 forgets it. */
MUST enum err model_rank_set(struct ctx *c, str brand, str model, int64_t rank);
MUST enum err model_rank_get(struct ctx *c, str brand, str model, int64_t *ret);               /* 0 unknown */

struct loan {
	int64_t id, ver, loaner_id, order_id, signature_id;
	str no, code, serial, model, order_no, customer, phone, condition_out, accessories, signer, condition_back, erase_note, lender, taker, eraser, org_path, reason;
	int state;                                     /* LOANER_OUT, LOANER_TO_ERASE, LOANER_READY: erased and done */
	int method;                                    /* of erase_methods, -1 */
	day due_on;
	instant out_at, back_at, erased_at;
	int64_t engineer_id;                           /* whose job the order is; NIL: nobody's */
	bool order_open;
};
struct loan_new { str code, condition, accessories, signer, signature /* PNG */, reason /* lower rank */; day due_on; };
/* CONFLICT: the order has one out already, the loaner is not ready; INVALID names the field (rank: reason). */
MUST enum err loan_out(struct ctx *c, const struct order *o, const struct loan_new *n, struct loan *ret);
MUST enum err loan_back(struct ctx *c, str no, int64_t ver, str condition, struct loan *ret);
MUST enum err loan_extend(struct ctx *c, str no, int64_t ver, day due_on, str reason, struct loan *ret);
MUST enum err loan_erase(struct ctx *c, str no, int64_t ver, int method, str note, struct loan *ret);
MUST enum err loan_get(struct ctx *c, str no, struct loan *ret);                               /* in sight */
MUST enum err loan_list(struct ctx *c, int state, size_t max, struct loan **ret, size_t *ret_n);       /* open ones by due day; state -1: any open */
MUST enum err loan_of_order(struct ctx *c, int64_t order_id, struct loan **ret, size_t *ret_n);        /* newest first */
/* Job: a word on the order the day before a loaner is due, once. Opens its own write. */
MUST enum err loan_remind(struct ctx *c);
extern const struct order_hook loaner_order_hook;
