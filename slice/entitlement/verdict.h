/* verdict.h — for this device, part and fault, on this day: what is due, who pays, until when, and why [W1, W2, O9].
 *
 * A pure function of facts, policies and working days: no clock, no I/O, no allocation; a few microseconds. Facts that are missing are said to be missing,
 * together with what would follow; they are never guessed in silence. */
#pragma once
#include "slice/entitlement/policy.h"

/* Which days are worked, for last days that fall on a holiday. */
struct workdays {
	bool (*works)(const void *of, day d);
	bool (*published)(const void *of, int year);   /* false: only weekends are known for that year */
	const void *of;
};

/* ---- facts ---- */
#define PROVEN_LIST(X) X(NONE, "none") X(INVOICE, "invoice") X(CERTIFICATE, "certificate") X(CARD, "warranty-card") X(RECEIPT, "receipt") X(ORDER, "order") \
	X(CONTRACT, "contract") X(RECORD, "record") X(OTHER, "other")
#define X(n, ...) PROVEN_##n,
enum proof { PROVEN_LIST(X) PROVENS };
#undef X
extern const char *const proof_names[];
struct gap { day from, to; };                          /* [from, to); to NO_DAY: goes on */
struct stay {                                          /* one repair, from coming in to going out */
	int line;
	day in, out;                                   /* out NO_DAY: still here */
	int fixed;                                     /* -1 not recorded */
	int exchanged;                                 /* the whole unit was exchanged */
	uint64_t replaced;                             /* PART bits: new parts fitted */
	struct gap *waiting; size_t n_waiting;         /* waiting for parts */
};
/* What a contract filled in; period -1, visits -1: not. visits_used, claims_used: of this promise; -1: those of the facts. */
struct terms { int line; str policy; int period; struct span_of length; int visits, visits_used, claims_used; };
enum { STAYS_MAX = 64, WAITS_MAX = 8, LISTED_MAX = 24 /* policies a verdict weighs */ };
/* Flags are 0, 1 or -1 for not known. Days are NO_DAY when not known. */
enum part_by { PART_BY_PERSON, PART_BY_CATALOGUE, PART_BY_WORDS };      /* who says which part it is: the catalogue goes before words */
struct facts {
	int line;
	day on;
	int kind;                                      /* enum machine_kind, -1 */
	int part;                                      /* enum part */
	day basis[STARTS];                              /* REPAIRED is taken from the stays */
	int proof, buyer;                              /* enum proof; enum buyer, -1 */
	str province;                                  /* ISO 3166: "CN-ZJ", "DE" */
	int original_owner, used, marked, bought_in, recall /* an open one names this unit */, same_model, declined, unrepairable, listed;
	int cause;                                     /* enum cause */
	const struct stay *stay; size_t n_stay;        /* in order of `in` */
	const str *policy; size_t n_policy;            /* ids to weigh; none = every statute of the place */
	const struct terms *terms; size_t n_terms;
	int visits_used, claims_used;
	int part_by; str part_words;                   /* enum part_by, and the words it was read from */
	day gone;                                      /* the unit was exchanged for another, which takes over what was due to it */
	str replaces;                                  /* serial of the unit this one was given for */
};
void facts_init(struct facts *f);                      /* nothing known */
/* From JSON as in a verdict vector: on, policies, device, part, facts, fault, history, terms. Other keys of the map are left alone. */
MUST bool facts_read(const struct reader *r, const struct node *n, struct facts *ret);

/* ---- the verdict ---- */
enum pay { PAY_FREE, PAY_SHARED, PAY_DECIDE, PAY_PAID };
extern const char *const pay_names[];                  /* by enum: free shared decide paid */
extern const char *const pay_texts[];
/* Why a candidate did not win; %LOST_WON did. */
#define LOST_LIST(X) \
	X(WON, "won", N_("is what counts")) X(BEATEN, "beaten", N_("applies too, but another gives more")) \
	X(UNKNOWN_ID, "unknown-policy", N_("is not known here")) X(NOT_IN_FORCE, "not-in-force", N_("was not in force on that day")) \
	X(ELSEWHERE, "elsewhere", N_("holds in another place")) \
	X(PLACE_UNKNOWN, "place-unknown", N_("depends on the place, which is not known")) \
	X(BUYER, "other-buyer", N_("is for another kind of buyer")) X(KIND, "other-device", N_("is for other devices")) \
	X(PART, "other-part", N_("is for other parts")) X(OWNER, "not-transferable", N_("holds for the first buyer only")) \
	X(NO_START, "no-start", N_("cannot be dated")) X(EXPIRED, "expired", N_("has run out")) \
	X(EXCLUDED, "excluded", N_("excludes this")) X(NOT_COVERED, "not-covered", N_("does not cover this")) \
	X(UNDECIDED, "undecided", N_("depends on the cause, which is not known")) X(USED_UP, "used-up", N_("is used up")) \
	X(GONE, "replaced", N_("went over to the unit this one was exchanged for"))
#define X(n, ...) LOST_##n,
enum lost { LOST_LIST(X) LOSTS };
#undef X
extern const char *const lost_names[], *const lost_texts[];
#define MISSING_LIST(X) \
	X(PROOF, "proof", N_("proof of purchase")) X(INVOICED, "invoiced", N_("invoice date")) \
	X(DELIVERED, "delivered", N_("delivery date")) X(INSTALLED, "installed", N_("installation date")) \
	X(ACCEPTED, "accepted", N_("acceptance date")) X(FACTORY, "factory", N_("factory date")) \
	X(BUYER, "buyer", N_("consumer or business")) X(PROVINCE, "province", N_("place")) X(CAUSE, "cause", N_("cause of the fault")) \
	X(LISTED, "listed", N_("whether the fault is on the statutory list")) \
	X(OWNER, "original-owner", N_("whether it is the first buyer")) X(TERMS, "terms", N_("what the contract filled in")) \
	X(KIND, "kind", N_("kind of device"))
#define X(n, ...) MISSING_##n,
enum missing { MISSING_LIST(X) MISSINGS };
#undef X
extern const char *const missing_names[], *const missing_texts[];

/* One clock, computed. */
struct stretch {
	bool on;                                       /* the policy has it */
	day start, end;                                /* NO_DAY: cannot be dated */
	day plain;                                     /* end before anything lengthened it */
	int not_counted;                               /* days in repair or waiting that lengthened it */
	short basis;
	bool unproven;                                 /* started by the fallback for missing proof */
	bool anew;                                     /* started again by an exchange or a new part */
	bool kept;                                     /* lengthened to what must be left after a repair */
	bool extended, rolled, unpublished;
};
struct candidate {
	str id;
	const struct policy *policy;                   /* NULL: UNKNOWN_ID, NOT_IN_FORCE */
	enum lost why;
	const struct exclusion *exclusion;
	struct stretch clock[PERIODS];
	enum pay pay[COSTS];
	int percent[COSTS];
	const struct cover *cover[COSTS];
	const struct remedy *remedy;
	bool presumed;                                 /* the cause is presumed to be quality */
	uint64_t missing;
};
struct verdict {
	enum pay pay[COSTS];
	int percent[COSTS];
	const struct candidate *by[COSTS];             /* who pays this class: NULL when the customer does */
	const struct candidate *winner;                /* NULL: nothing is free */
	uint64_t options, also;                        /* OPTION bits: due · may be had instead */
	day until[PERIODS];                            /* latest of all that apply */
	const struct candidate *until_by[PERIODS];
	uint64_t missing;                              /* MISSING bits */
	int failed, repair_days, repair_days_total, waiting_days, open_days, used_days;   /* what the remedies counted, on this unit */
	size_t n;
	struct candidate candidate[LISTED_MAX];
};
/* More than LISTED_MAX policies: the rest is not weighed (callers refuse before). */
void verdict_of(const struct policy_set *set, const struct facts *f, const struct workdays *w, struct verdict *ret);
/* a is at least as good for the customer as b in every cost class. */
bool verdict_covers(const struct verdict *a, const struct verdict *b);

/* ---- period arithmetic (period.c) ---- */
enum run { RUN_UNKNOWN, RUN_ON, RUN_OVER };
struct stretch stretch_of(const struct policy *p, enum period_name name, const struct facts *f, const struct workdays *w);
enum run stretch_run(const struct stretch *s, day on);
/* Days of the stays that do not count, after `from` up to and with `to`; EXCLUDE_* bits; each day once. */
int days_not_counted(const struct facts *f, uint64_t excludes, day from, day to);
day facts_exchanged(const struct facts *f);            /* last whole-unit exchange up to on, else NO_DAY */
day facts_sale(const struct facts *f);                 /* earliest day the sale is known by; the factory day, else on */
/* LOST_WON: it holds there; else LOST_ELSEWHERE or LOST_PLACE_UNKNOWN. */
enum lost policy_place(const struct policy *p, str province);
enum part_class part_class(const struct policy *p, int kind, enum part part);

/* ---- explanation (explain.c) ---- */
/* Numbered lines in the reader's language, in c->a: dates, clauses, why the others lost, what is missing and what would follow. */
void verdict_explain(const struct ctx *c, const struct facts *f, const struct verdict *v, str **ret, size_t *ret_n);
