/* sla.h — service levels: what was promised by when, how far its clocks are, who hears of it in time [C1, C2, N4].
 *
 * Owns service_level and its parts, pause_reason, sla_clock, sla_pause. A clock belongs to a subject (an order's id) this department knows nothing
 * else about. A clock's deadline is computed from its start, target, calendar and pauses (slice/calendar/clock.h) and kept on its row, so
 * that lists need only compare. All verbs that change run inside the caller's write. Texts live in c->a. */
#pragma once
#include "base/base.h"
#include "base/i18n.h"
#include "slice/calendar/clock.h"

/* ---- words ---- */
#define SLA_KINDS(X) \
	X(ANSWER,   "answer",   N_("Answer")) \
	X(ASSIGN,   "assign",   N_("Assignment")) \
	X(ARRIVE,   "arrive",   N_("Arrival")) \
	X(FIX,      "fix",      N_("Fix")) \
	X(COMPLETE, "complete", N_("Completion")) \
	X(SPARE,    "spare",    N_("Spare machine"))
enum sla_kind {
#define X(id, name, title) SLA_##id,
	SLA_KINDS(X)
#undef X
	SLA_KIND_N
};
/* Whose clock: the promise to the customer, or a tier's own from the hand-over to it (OLA). */
enum sla_tier { SLA_CUSTOMER, SLA_STATION, SLA_REGION, SLA_HQ, SLA_TIER_N };
enum sla_party { PARTY_CUSTOMER, PARTY_COURIER, PARTY_MAKER, PARTY_STATION, PARTY_NONE, PARTY_N };
enum sla_ends { ENDS_ANSWER, ENDS_DATE, ENDS_ARRIVAL, ENDS_MANUAL, ENDS_N };   /* what ends a pause: the customer's answer, a date, a part or parcel, a person */
enum sla_priority { SLA_LOW, SLA_NORMAL, SLA_HIGH, SLA_URGENT, SLA_PRIORITY_N };
enum sla_area { AREA_CITY, AREA_SURROUNDINGS, AREA_PROVINCE, AREA_N };         /* city, surroundings, other provinces */
enum sla_basis { BASIS_CONTRACT, BASIS_CUSTOMER, BASIS_PRODUCT, BASIS_BRAND, BASIS_STATION, BASIS_DEFAULT, BASIS_N };   /* in order of rank */
extern const char *const sla_kinds[], *const sla_kind_titles[], *const sla_tiers[], *const sla_tier_titles[], *const sla_parties[], *const sla_party_titles[];
extern const char *const sla_ends[], *const sla_end_titles[], *const sla_priorities[], *const sla_priority_titles[], *const sla_areas[], *const sla_area_titles[];
extern const char *const sla_bases[], *const sla_basis_titles[];

/* ---- service levels ---- */
/* A blank condition fits all; of several rows that fit, order kind weighs more than priority, priority more than area. */
struct level_target { int kind, tier; str order_kind; int priority, area; str target; };       /* priority, area: -1 any */
struct level_pause { str reason; bool stops; };        /* whether the reason stops the customer's clock */
struct level_escalation { int kind; int64_t step; str after; int tier; str role; };             /* step 1, 2 …; after the breach, in business time */
struct level_binding { int basis; int64_t basis_id; str brand; };      /* basis_id 0 for a brand, which has a name, and the default */
struct level_start { int kind, starts; };              /* a customer's clock of this kind is missed: that one starts */
struct level {
	int64_t id, ver, calendar_id;
	str code, name, name_en, calendar, note;       /* calendar: its code */
	bool active;
	struct level_target *target; size_t n_target;
	struct level_pause *pause; size_t n_pause;
	struct level_escalation *escalation; size_t n_escalation;
	struct level_binding *binding; size_t n_binding;       /* without contracts: they name their level themselves */
	struct level_start *start; size_t n_start;
};
extern const struct field level_fields[];
str level_title(const struct ctx *c, const struct level *l);
MUST enum err level_list(struct ctx *c, struct level **ret, size_t *ret_n);                     /* by code, without parts; at most 500 */
MUST enum err level_get(struct ctx *c, str code, struct level *ret);                            /* with its parts; NOT_FOUND */
/* INVALID names the field: code taken, unknown calendar, target unreadable, two targets with the same conditions, a binding another level has.
 * Running clocks keep the target they were started with. CONFLICT: stale ver. */
MUST enum err level_add(struct ctx *c, const struct level *l, int64_t *ret_id);
MUST enum err level_save(struct ctx *c, const struct level *l);
/* The level of one contract, and the calendar it counts on instead of the level's (absent: that). A level absent: none any more. INVALID: field level or calendar. */
MUST enum err sla_contract_bind(struct ctx *c, int64_t contract_id, str level, str calendar);
MUST enum err level_contracts(struct ctx *c, int64_t level_id, int64_t *ret);          /* how many contracts name it */
/* Hook of customer_merge: the kept customer's own level stays, else it takes over the other's. */
enum err level_customer_merged(struct ctx *c, int64_t keep, int64_t drop);
/* Running clocks of a level whose target or calendar is no longer what it says today. moves: whose deadline would be another one. */
struct level_lag { int64_t clocks, older, moves; bool more; struct level_lag_row *row; size_t n_row; };   /* more: too many to look at all; row: the first of them */
struct level_lag_row { int64_t subject_id; int kind, tier; str before, after; instant due_before, due_after; };
extern const struct field level_lag_fields[];
MUST enum err level_lag(struct ctx *c, const struct level *l, struct level_lag *ret);
/* Gives them today's target; time already used stays used. At most LEVEL_APPLY clocks a call; logged. */
enum { LEVEL_APPLY = 5000 };
MUST enum err level_apply(struct ctx *c, const struct level *l, int64_t *ret_changed);
/* Shipped levels, pause reasons and the priority matrix that are not there yet; needs calendar_seed before. Harmless to repeat. */
MUST enum err sla_seed(struct ctx *c);

struct pause_reason { str code, title, title_en; int party, ends; bool stops_customer, stops_tier, active; };
extern const struct field pause_reason_fields[];
MUST enum err pause_reason_list(struct ctx *c, struct pause_reason **ret, size_t *ret_n);       /* by code */
MUST enum err pause_reason_put(struct ctx *c, const struct pause_reason *r);                    /* adds or replaces */

/* Priority = impact × urgency, each 0 (small) … 2 (great). */
struct matrix_cell { int64_t impact, urgency; int priority; };
extern const struct field matrix_fields[];
MUST enum err sla_matrix(struct ctx *c, struct matrix_cell **ret, size_t *ret_n);
MUST enum err sla_matrix_set(struct ctx *c, const struct matrix_cell *cell);
MUST enum err sla_priority_of(struct ctx *c, int impact, int urgency, int *ret);

/* ---- clocks of a subject ---- */
struct sla_facts {
	int64_t contract_id, customer_id, product_id, station_id;      /* NIL none */
	int64_t tier_calendar_id;                      /* the station's opening hours, by which its own clocks count; NIL the level's */
	str brand;
	str order_kind, org_path;                      /* org_path: where escalation starts */
	int priority, area;                            /* area -1 unknown */
};
#define SLA_BIT(kind) (1u << (kind))
#define SLA_ALL_KINDS (SLA_BIT(SLA_KIND_N) - 1)
/* Starts the clocks of these kinds that the level has a target for and that do not run already. at: trusted time of the event. */
MUST enum err sla_start(struct ctx *c, int64_t subject, const struct sla_facts *f, unsigned kinds, enum sla_tier tier, instant at);
/* Stops running clocks of these kinds; tier -1: everybody's. */
MUST enum err sla_stop(struct ctx *c, int64_t subject, unsigned kinds, int tier, instant at);
/* Stopped clocks run again, their time kept; since the stop they count as paused. */
MUST enum err sla_reopen(struct ctx *c, int64_t subject, unsigned kinds, instant at);
/* party -1: the reason's own. until NO_INSTANT: until sla_resume, else it ends by itself then. INVALID: unknown reason, until not after at. */
struct sla_pause_new { str reason; int party; instant until; str note; };
MUST enum err sla_pause(struct ctx *c, int64_t subject, const struct sla_pause_new *p, instant at);
/* Ends the open pauses; harmless when there is none. */
MUST enum err sla_resume(struct ctx *c, int64_t subject, instant at);
/* Contract, priority, area or place changed: running clocks take the new target and keep the time already used. */
MUST enum err sla_facts_changed(struct ctx *c, int64_t subject, const struct sla_facts *f, instant at);

/* The same, but a clock whose deadline would come later keeps target and calendar: what was promised stays promised. */
MUST enum err sla_facts_sooner(struct ctx *c, int64_t subject, const struct sla_facts *f, instant at);

struct sla_clock {
	int64_t id, ver, subject_id, level_id, calendar_id, calendar_rev;
	int kind, tier;
	bool own_calendar;                             /* a contract's or a station's own: the level's does not matter */
	str level, target, org_path, order_kind;
	int priority, area;                            /* what chose the target, with order_kind; -1 unknown */
	instant started_at, due_at, stopped_at, breached_at, next_at;
	instant counted_from;                          /* business time runs from here; later than started_at after a change of calendar */
	int64_t carried_ms;                            /* used before counted_from */
	int64_t stage;                                 /* fired so far: 0, 50, 75, 90, 100 (breach), 100 + step */
	int64_t gross_ms, net_ms;                      /* when stopped, else NIL */
	int64_t unpublished;                           /* year whose holidays the deadline needs and nobody has published, else 0 */
	instant moved_from, moved_at;                  /* last move of the deadline by a change of calendar or facts */
	bool paused, met;                              /* met: when stopped */
	int64_t last_pause;                            /* of the pauses that stop it, as last computed; NIL none, not stored */
};
extern const struct field sla_clock_fields[];
MUST enum err sla_clocks(struct ctx *c, int64_t subject, struct sla_clock **ret, size_t *ret_n);    /* by start; at most 100 */
/* The customer's next deadline: for the order's row and lists. */
struct sla_promise { instant due; int kind; bool paused; int64_t unpublished; };   /* due NO_INSTANT, kind -1: none runs, or all stand still */
MUST enum err sla_due(struct ctx *c, int64_t subject, struct sla_promise *ret);
/* The ledger of pauses, in order. */
struct sla_pause {
	int64_t id, subject_id, clock_id;
	str reason, title, title_en, note, by_name;
	int party;
	instant from_at, to_at, until_at;
	bool stops_customer, stops_tier;               /* as its reason says; only inside */
};
extern const struct field sla_pause_fields[];
MUST enum err sla_pauses(struct ctx *c, int64_t subject, struct sla_pause **ret, size_t *ret_n);
/* Each clock with its story in the reader's language. */
struct sla_line { str text; };
struct sla_story { const struct sla_clock *clock; str title, waits /* why it stands still and who is waited for */; struct sla_line *line; size_t n_line; };
extern const struct field sla_story_fields[];
MUST enum err sla_explain(struct ctx *c, int64_t subject, struct sla_story **ret, size_t *ret_n);

/* What the customer was promised, and every change of it with its reason, in the reader's language. Nothing internal is in it. */
struct sla_told_line { instant at; str text; };
struct sla_told { int kind; str title; instant due, stopped_at; bool paused, met; str waits; struct sla_told_line *line; size_t n_line; };
extern const struct field sla_told_fields[];
MUST enum err sla_told(struct ctx *c, int64_t subject, struct sla_told **ret, size_t *ret_n);
/* Both from one reading. */
MUST enum err sla_explain_told(struct ctx *c, int64_t subject, struct sla_story **ret, size_t *ret_n, struct sla_told **ret_told, size_t *ret_n_told);
/* The receiver has taken note. NOT_FOUND: not theirs, or noted already. In a write. */
MUST enum err sla_escalation_seen(struct ctx *c, int64_t id);

/* ---- jobs ---- */
/* Fires what is due, once each: ends dated pauses, warns at 50, 75 and 90 %, tells of breaches, escalates. Any number of nodes may run it. */
MUST enum err sla_tick(struct ctx *c);
/* Recomputes running clocks whose calendar changed: a write for each few thousand of them, which notes how far it came. Any number of nodes may run it; one
 * that dies is followed by the next. Only rows that change are written. Hooks hear of each clock that moved, with the fields its deadline needs only. */
MUST enum err sla_recompute(struct ctx *c);
MUST enum err sla_recompute_some(struct ctx *c, bool *ret_more);      /* one such write; more: there may be another to do */
extern const struct calendar_watch sla_calendar_watch;

/* What others do about it: called inside the write that notes it. */
enum sla_what { SLA_WARN, SLA_BREACH, SLA_ESCALATE, SLA_RESUMED, SLA_MOVED };
extern const char *const sla_whats[];
struct sla_news {
	enum sla_what what;
	int64_t subject_id;
	const struct sla_clock *clock;                 /* RESUMED: NULL */
	int percent;                                   /* WARN */
	int tier; int64_t receiver_id; str receiver, role;   /* ESCALATE: receiver_id NIL when nobody has the role */
};
struct sla_hook { const char *name; enum err (*on)(struct ctx *c, const struct sla_news *n); };
/* NULL-terminated, at start; none by default. */
void sla_use(const struct sla_hook *const *list);
