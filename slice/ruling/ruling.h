/* ruling.h — a warranty is denied only with evidence: what excludes it, what proves that, sealed for the customer to check [W3, O9].
 *
 * Owns ruling, ruling_evidence. One ruling an order at a time: open while evidence is gathered, sealed for good, or withdrawn with a reason. The seal is
 * SHA-256 over the text of the ruling as it stood (body), signed by the house and told to the order's audit trail; whoever has the paper checks it at /v/TOKEN.
 * What counts as evidence says each policy's exclusion. Rulings are reached by their order, which was read in sight, or by their token.
 * Everything handed out lives in c->a. Verbs that change need a write. */
#pragma once
#include "slice/entitlement/entitlement.h"
#include "slice/order/order.h"

#define RULING_STATES(X) X(OPEN, "open", N_("Evidence being gathered")) X(SEALED, "sealed", N_("Sealed")) X(WITHDRAWN, "withdrawn", N_("Withdrawn"))
enum ruling_state {
#define X(id, name, title) RULING_##id,
	RULING_STATES(X)
#undef X
	RULING_STATE_N
};
extern const char *const ruling_states[], *const ruling_state_titles[];
struct ruling {
	int64_t id, ver, order_id, device_id, needs /* EVIDENCE bits */, opened_id;
	str no, order_no, org_path, clauses /* references with a blank between */, finding, token, opened_by, sealed_by, withdrawn_by, reason;
	str body, hash /* hex */, sign, public_key;    /* once sealed; sign absent when the house had no key */
	int state, part, cause;
	day on_day;
	instant opened_at, sealed_at, withdrawn_at;
};
struct ruling_proof { int64_t id, attachment_id, by_id; int kind; str words, file, sha256, by_name; instant at; };   /* kind: enum evidence */

struct ruling_new { int part, cause; str finding; };   /* -1: as diagnosed */
/* INVALID of cause: nothing is excluded by it, or something covers it. CONFLICT: there is one already. */
MUST enum err ruling_open(struct ctx *c, const struct order *o, const struct ruling_new *n, struct ruling *ret);
struct evidence_new { int kind; str words; int64_t attachment_id /* NIL */; };
/* INVALID: a photo is missing, a measurement without a figure, no words. FORBIDDEN: a second opinion of the same person. CONFLICT: not open. */
MUST enum err ruling_prove(struct ctx *c, const struct ruling *r, const struct evidence_new *n);
/* CONFLICT: evidence is missing (named), stale, or not open. */
MUST enum err ruling_seal(struct ctx *c, const struct order *o, const struct ruling *r, int64_t ver);
MUST enum err ruling_withdraw(struct ctx *c, const struct ruling *r, int64_t ver, str reason);
MUST enum err ruling_of_order(struct ctx *c, int64_t order_id, struct ruling *ret);          /* the newest; NOT_FOUND without a word */
MUST enum err ruling_by_token(struct ctx *c, str token, struct ruling *ret);                 /* sealed or withdrawn after; NOT_FOUND */
MUST enum err ruling_evidence(struct ctx *c, const struct ruling *r, struct ruling_proof **ret, size_t *ret_n, uint64_t *ret_missing);
/* CONFLICT unless a sealed ruling stands for this order: nobody charges an excluded fault without it. */
MUST enum err ruling_stands(struct ctx *c, const struct order *o);

/* ---- what was sealed ---- */
struct sealed_clause { int line; str reference, en, zh; };
struct sealed_proof { int line; int kind; str words, file, sha256, by, at; };
struct sealed {
	int line;
	str no, order, serial, device, finding, opened_by, sealed_by, sealed_at;
	day on;
	int part, cause;
	struct sealed_clause *clause; size_t n_clause;
	struct sealed_proof *proof; size_t n_proof;
};
MUST enum err ruling_sealed(struct ctx *c, const struct ruling *r, struct sealed *ret);
/* The body has that hash and, where the house signed, that signature. */
bool ruling_unchanged(struct arena *a, const struct ruling *r);
/* For `verify`: every seal holds and the audit trail knows it. found: a sentence in English each. */
MUST enum err ruling_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg);
