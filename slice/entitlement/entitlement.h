/* entitlement.h — what a customer is entitled to: policies kept in versions, promises made for a device, the repairer's record, verdicts given [W1–W4, O9].
 *
 * Owns policy, device_promise, repair_record, repair_wait, verdict, goodwill, remedy_demand. The rules themselves are pure (verdict.h); here are the facts they
 * are applied to and what was answered. A verdict kept names the policy versions it used and the facts it was given, so it can be given again under other rules.
 * Everything handed out lives in c->a, but policies, which live as long as the process. Verbs that change need a write. */
#pragma once
#include "slice/entitlement/verdict.h"
#include "db/db.h"

/* ---- policies ---- */
struct policy_row { int64_t id, version; str code, title_en, title_zh, created_by; int kind, confidence; day from_on, to_on; instant created_at; };
/* What verdicts are given by: all policies, and the working days as published so far. */
struct rules { const struct policy_set *set; struct workdays days; };
MUST enum err rules_in_use(struct ctx *c, struct rules *ret);
/* All versions in the house, linked; read from the database when they changed. */
MUST enum err policies(struct ctx *c, const struct policy_set **ret);
/* Every version, or those of one code, by code and version; at most POLICIES_MAX. */
MUST enum err policy_list(struct ctx *c, str code, struct policy_row **ret, size_t *ret_n);
/* The file as it was brought in. NOT_FOUND. */
MUST enum err policy_body(struct ctx *c, str code, int64_t version, str *ret);
/* One policy, or a list of them, as JSON. All or none: INVALID with "FILE:LINE: reason"; a version that is there already is left alone when it is the same
 * text and CONFLICT when it is not. *ret_added counts the new ones. */
MUST enum err policy_import(struct ctx *c, str file, str text, size_t *ret_added);
/* What the set would be with these policies in it; nothing is stored. A version that follows another ends that one. INVALID as policy_import. */
MUST enum err policy_draft(struct ctx *c, str file, str text, struct policy_set *ret);
/* Its last day; room for a next version. INVALID: it would end before it begins or overlap the next. NOT_FOUND. */
MUST enum err policy_close(struct ctx *c, str code, int64_t version, day to);
/* Shipped policies that are not there yet. Harmless to repeat. */
MUST enum err entitlement_seed(struct ctx *c);

/* ---- promises made for one device (packs, contracts, covers) ---- */
struct promise_row { int64_t device_id, visits, visits_used, claims_used; str policy, contract, clock, length; };   /* clock, length: what the contract filled in */
MUST enum err promise_put(struct ctx *c, const struct promise_row *p);      /* INVALID names the field */
MUST enum err promise_drop(struct ctx *c, int64_t device_id, str policy);   /* NOT_FOUND */
MUST enum err promise_used(struct ctx *c, int64_t device_id, str policy, int visits, int claims);   /* of it or of the unit it replaced; nothing without one */
/* What the verdict on a settled order uses up of promises that count visits (it was visited) or claims; harmless to repeat. */
MUST enum err promises_spend(struct ctx *c, int64_t device_id, int64_t order_id, const struct verdict *v, bool visited);
MUST enum err promise_list(struct ctx *c, int64_t device_id, struct promise_row **ret, size_t *ret_n);
/* Those of the units it replaced too. What the settlement of without_order used up is not counted (NIL: all is). */
MUST enum err promise_lineage(struct ctx *c, int64_t device_id, int64_t without_order, struct promise_row **ret, size_t *ret_n);

/* ---- the repairer's record: what the law counts ---- */
struct repair_of { int64_t device_id, order_id; str order_no, org_path; };
MUST enum err repair_in(struct ctx *c, const struct repair_of *r, day on);                   /* handed in; once more: goes on */
MUST enum err repair_wait(struct ctx *c, int64_t order_id, day on);                          /* waiting for parts begins; nothing without a record */
MUST enum err repair_resume(struct ctx *c, int64_t order_id, day on);
MUST enum err repair_part(struct ctx *c, int64_t order_id, enum part part);                  /* a new part was fitted */
MUST enum err repair_parts(struct ctx *c, int64_t order_id, uint64_t parts);                 /* PART bits: these and no others were fitted */
MUST enum err repair_out(struct ctx *c, int64_t order_id, day on, int fixed /* -1 not known */, bool exchanged);
MUST enum err repair_judged(struct ctx *c, int64_t order_id, bool fixed);                    /* the customer said later whether it holds */
/* A remedy was asked for; done or not. Refusing or delaying one for 15 days counts as deliberate. */
MUST enum err remedy_demanded(struct ctx *c, const struct repair_of *r, enum option remedy, day on);
MUST enum err remedy_done(struct ctx *c, int64_t order_id, day on);

/* ---- verdicts ---- */
struct ask { day on; int part, cause, listed; int64_t order_id; str place; int part_by; str part_words; };   /* cause -1 not known; listed -1; order NIL; place absent: the device's own */
struct ask ask_today(const struct ctx *c);
struct entitlement { struct facts facts; struct verdict v; str *line; size_t n_line; };
/* Facts of a device as recorded: dates and repairs of the units it replaced included. NOT_FOUND. */
MUST enum err entitlement_facts(struct ctx *c, int64_t device_id, const struct ask *a, struct facts *ret);
MUST enum err entitlement_for(struct ctx *c, int64_t device_id, const struct ask *a, struct entitlement *ret);
/* The same for who sees the order a->order_id the device is in, and with it the device. */
MUST enum err entitlement_in_order(struct ctx *c, int64_t device_id, const struct ask *a, struct entitlement *ret);
/* The same of a device that was read. */
struct device;
MUST enum err entitlement_of(struct ctx *c, const struct device *d, const struct ask *a, struct entitlement *ret);
void entitlement_judge(struct ctx *c, const struct rules *by, struct entitlement *e);   /* e->facts are there; fills the rest */
/* The facts as in a verdict vector; facts_read takes them back. */
json facts_json(struct ctx *c, const struct facts *f);

/* When a verdict was given. */
#define STAGE_LIST(X) X(ASKED, "asked", N_("asked")) X(INTAKE, "intake", N_("intake")) X(DIAGNOSIS, "diagnosis", N_("diagnosis")) X(QUOTE, "quote", N_("quote")) \
	X(SETTLEMENT, "settlement", N_("settlement"))
#define X(id, name, title) STAGE_##id,
enum stage { STAGE_LIST(X) STAGES };
#undef X
extern const char *const stage_names[], *const stage_texts[];
/* The rule that decides who pays this class, NULL while it is open; and as a short text to keep: "cn-sanbao-pc@2/c0/2027-03-08", coverage row 0 of version 2. */
const struct candidate *verdict_decided_by(const struct verdict *v, enum cost cost);
str verdict_reference(struct arena *a, const struct facts *f, const struct verdict *v, enum cost cost);
/* Such a text as a sentence with title, clause and date in the reader's language; any other text as it is. */
str reference_told(const struct ctx *c, const struct policy_set *set, str reference);
/* The part a fault code speaks of, by the words of its name; PART_WHOLE when it tells none. Fills part, part_by, part_words of the question. */
MUST enum err part_of_fault(struct ctx *c, str fault_code, struct ask *ret);

struct kept {
	int64_t id, device_id, order_id;
	day on_day;
	str stage, part, cause, facts, used, source, parts, labour, travel, loaner, transport, options, until, actor;
	instant at;
	str goodwill_parts, goodwill_labour, goodwill_travel, goodwill_reason, goodwill_currency, goodwill_actor;
	int64_t goodwill_amount;
};
MUST enum err entitlement_keep(struct ctx *c, int64_t device_id, int64_t order_id, enum stage stage, const struct entitlement *e, int64_t *ret_id);
MUST enum err entitlement_note(struct ctx *c, int64_t device_id, enum stage stage, const struct ask *a);           /* gives for a->order_id and keeps */
MUST enum err kept_get(struct ctx *c, int64_t id, struct kept *ret);                         /* NOT_FOUND */
/* Newest first, of a device or an order (NIL: any); before NIL from the newest. */
MUST enum err kept_list(struct ctx *c, int64_t device_id, int64_t order_id, int64_t before, size_t max, struct kept **ret, size_t *ret_n);
MUST enum err kept_older(struct ctx *c, int64_t than, int64_t *ret);                          /* how many were kept before that one */
/* The same facts under other rules. INVALID: they cannot be read. */
MUST enum err kept_replay(struct ctx *c, const struct kept *k, const struct rules *by, struct entitlement *ret);
/* A person adds to a verdict, never takes away. parts, labour, travel: -1 or PAY_FREE, PAY_SHARED. INVALID: no reason, or less than the verdict gives;
 * FORBIDDEN: without PERM_VERDICT_OVERRIDE, or above the setting entitlement.goodwill_limit without PERM_MONEY_FINANCE; CONFLICT: there is one already. */
struct goodwill { int parts, labour, travel; str reason; money amount; };
money goodwill_limit(struct ctx *c);                   /* what this person may give away against a verdict */
MUST enum err goodwill_add(struct ctx *c, int64_t verdict_id, const struct goodwill *g);

/* ---- legal exposure: what must be done before a right comes due ---- */
#define DANGER_LIST(X) X(FAILED, "failed-repair") X(ONE, "one-repair") X(ALL, "all-repairs") X(REMEDY, "remedy")
#define X(id, name) DANGER_##id,
enum danger { DANGER_LIST(X) DANGERS };
#undef X
extern const char *const danger_names[];
struct exposed { int64_t device_id, order_id, reached, limit /* of unit */; int danger; str unit /* days, failed-repairs */, order_no, org_path, serial, brand, model, why, todo; day since; };
str exposure_words(const struct ctx *c, int danger, int64_t reached, int64_t limit);          /* "21 of 30 days" */
/* Units at one failed repair, at 20 of 30 or 30 of 35 days, remedies open for 10 of 15 days; the most pressing first, at most 500. */
MUST enum err exposure(struct ctx *c, struct exposed **ret, size_t *ret_n);

/* Daily: quality and the region's manager are told of each, once when it comes near and once when its limit is passed. Not in a write: opens its own. */
struct exposure_notice { int64_t id, device_id, reached, bound; int danger; str order_no, serial, role, receiver; instant at, seen_at; };
enum { NOTICES_SHOWN = 100 };
MUST enum err exposure_tell(struct ctx *c);
MUST enum err exposure_notices(struct ctx *c, struct exposure_notice **ret, size_t *ret_n);  /* told to c->who, newest first */
MUST enum err exposure_seen(struct ctx *c);                                                  /* all of them */

/* ---- all devices ---- */
struct tally { int64_t devices, pay[4 /* enum pay, of parts */], unverified, no_start; };
/* Devices with low < id <= high, asked for the whole machine and a fault of quality. each may be NULL. c->a is given back. */
MUST enum err entitlement_bulk(struct ctx *c, const struct rules *by, day on, int64_t low, int64_t high, struct tally *t,
	void (*each)(void *arg, int64_t device_id, str serial, const struct verdict *v), void *arg);
MUST enum err entitlement_last_device(struct ctx *c, int64_t *ret);
str place_of_division(str division);                   /* Chinese division code → "CN-ZJ"; "CN" when it tells nothing */
