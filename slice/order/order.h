/* order.h — the work order: one repair from the first call to the closed file [O1–O12].
 *
 * Owns work_order, order_accessory, order_message. Every change is an event in the audit chain; state and event are written together or
 * not at all. What may happen next is one table (order_moves): it draws the buttons, answers the API, checks the POST and prints the diagram.
 *
 * Rows outside the reader's sight do not exist for them (NOT_FOUND). Everything handed out lives in c->a. Verbs that change need a write. */
#pragma once
#include "base/base.h"
struct sla_hook;


/* name, title, open (1) or ended (0), tone of its badge */
#define ORDER_STATES(X) \
	X(REGISTERED,        "registered",        N_("Registered"),         1, "new") \
	X(TRIAGED,           "triaged",           N_("Triaged"),            1, "new") \
	X(ACCEPTED,          "accepted",          N_("To dispatch"),        1, "new") \
	X(STATION_ASSIGNED,  "station_assigned",  N_("At the station"),     1, "run") \
	X(RECEIVED,          "received",          N_("Unit received"),      1, "run") \
	X(ENGINEER_ASSIGNED, "engineer_assigned", N_("Engineer assigned"),  1, "run") \
	X(ENGINEER_ACCEPTED, "engineer_accepted", N_("Engineer accepted"),  1, "run") \
	X(APPOINTED,         "appointed",         N_("Appointment agreed"), 1, "run") \
	X(UNDER_WAY,         "under_way",         N_("On the way"),         1, "run") \
	X(ARRIVED,           "arrived",           N_("On site"),            1, "run") \
	X(DIAGNOSED,         "diagnosed",         N_("Diagnosed"),          1, "run") \
	X(WAITING,           "waiting",           N_("Waiting"),            1, "wait") \
	X(REPAIRED,          "repaired",          N_("Repaired"),           1, "run") \
	X(TESTED,            "tested",            N_("Tested"),             1, "run") \
	X(SOLVED_REMOTELY,   "solved_remotely",   N_("Solved remotely"),    1, "done") \
	X(HANDED_OVER,       "handed_over",       N_("Handed over"),        1, "done") \
	X(CALLED_BACK,       "called_back",       N_("Called back"),        1, "done") \
	X(SETTLED,           "settled",           N_("Settled"),            1, "done") \
	X(CLOSED,            "closed",            N_("Closed"),             0, "end") \
	X(CANCELLED,         "cancelled",         N_("Cancelled"),          0, "end") \
	X(REJECTED,          "rejected",          N_("Rejected"),           0, "end")
enum order_state {
#define X(id, name, title, open, tone) ORDER_##id,
	ORDER_STATES(X)
#undef X
	ORDER_STATE_N
};

/* name, verb on the button */
#define ORDER_EVENTS(X) \
	X(TRIAGE,          "triage",          N_("Triage")) \
	X(SOLVE,           "solve",           N_("Solved remotely")) \
	X(ACCEPT,          "accept",          N_("Accept for repair")) \
	X(DISPATCH,        "dispatch",        N_("Dispatch to station")) \
	X(STATION_DECLINE, "station_decline", N_("Decline (station)")) \
	X(RECEIVE,         "receive",         N_("Receive unit")) \
	X(ASSIGN,          "assign",          N_("Assign engineer")) \
	X(TAKE,            "take",            N_("Accept job")) \
	X(DECLINE,         "decline",         N_("Decline job")) \
	X(APPOINT,         "appoint",         N_("Agree appointment")) \
	X(DEPART,          "depart",          N_("On the way")) \
	X(ARRIVE,          "arrive",          N_("Arrived")) \
	X(DIAGNOSE,        "diagnose",        N_("Record diagnosis")) \
	X(WAIT,            "wait",            N_("Wait")) \
	X(RESUME,          "resume",          N_("Resume")) \
	X(ESCALATE,        "escalate",        N_("Escalate")) \
	X(REPAIR,          "repair",          N_("Repair done")) \
	X(PASS,            "pass",            N_("Test passed")) \
	X(FAIL,            "fail",            N_("Test failed")) \
	X(HAND_OVER,       "hand_over",       N_("Hand over")) \
	X(CALL_BACK,       "call_back",       N_("Record call-back")) \
	X(CONFIRM,         "confirm",         N_("Confirm solved")) \
	X(REFUSE,          "refuse",          N_("Not solved")) \
	X(SETTLE,          "settle",          N_("Settle")) \
	X(CLOSE,           "close",           N_("Close")) \
	X(REOPEN,          "reopen",          N_("Reopen")) \
	X(CANCEL,          "cancel",          N_("Cancel order")) \
	X(REJECT,          "reject",          N_("Reject"))
enum order_event {
#define X(id, name, verb) ORDER_EV_##id,
	ORDER_EVENTS(X)
#undef X
	ORDER_EVENT_N
};

extern const char *const order_states[], *const order_state_titles[], *const order_state_tones[];
/* Nothing more happens to it unless it is opened again. */
static inline bool order_ended(int s) { return s == ORDER_CLOSED || s == ORDER_CANCELLED || s == ORDER_REJECTED; }
extern const char *const order_events[], *const order_event_verbs[];
extern const char *const order_kinds[];        /* repair installation delivery exchange inspection support consultation complaint recall */
extern const char *const order_kind_titles[];
extern const char *const order_modes[];        /* remote onsite carry_in mail_in depot */
extern const char *const order_mode_titles[];
extern const char *const order_channels[];     /* phone web counter email client import api */
extern const char *const order_priorities[];   /* low normal high urgent */
extern const char *const order_impacts[], *const order_impact_titles[];       /* one group all */
extern const char *const order_urgencies[], *const order_urgency_titles[];    /* later soon now */
extern const char *const order_frequencies[];  /* always intermittent once unknown */
extern const char *const order_data_choices[]; /* keep backed_up may_erase retain_drive */
extern const char *const order_waits[];        /* customer quote parts higher_tier vendor */
extern const char *const order_wait_titles[];
extern const char *const order_verdicts[];     /* in_place part refurbish exchange refund paid no_fault software rejected [O9] */
extern const char *const order_verdict_titles[];
extern const char *const order_finding_phrases[], *const order_result_phrases[];     /* N_(): sentences to tap */
extern const char *const order_causes[];       /* as in the verdict vectors: quality drop liquid … */
extern const char *const order_channel_titles[], *const order_priority_titles[], *const order_frequency_titles[], *const order_data_choice_titles[], *const order_cause_titles[];
enum { KIND_REPAIR, KIND_INSTALLATION, KIND_DELIVERY, KIND_EXCHANGE, KIND_INSPECTION, KIND_SUPPORT, KIND_CONSULTATION, KIND_COMPLAINT, KIND_RECALL };
enum { MODE_REMOTE, MODE_ONSITE, MODE_CARRY_IN, MODE_MAIL_IN, MODE_DEPOT, MODE_N };
enum { CHANNEL_PHONE, CHANNEL_WEB, CHANNEL_COUNTER, CHANNEL_EMAIL, CHANNEL_CLIENT, CHANNEL_IMPORT, CHANNEL_API };
enum { WAIT_CUSTOMER, WAIT_QUOTE, WAIT_PARTS, WAIT_HIGHER_TIER, WAIT_VENDOR };

struct contract_news;
extern const struct contract_news order_contract_news; /* orders under way follow their contract, with an event */

/* ---- intake [O3] ---- */
struct order_item { str name; int64_t qty; };
struct order_new {
	int kind, mode, channel, priority, frequency, data_choice;   /* -1 = the usual one */
	int impact, urgency;                           /* 1 … 3, 0 = not said: give the priority where none was set by hand */
	int64_t customer_id, device_id;                /* NIL: taken from the fields below, found or made */
	str customer_name, phone, email, address, division;
	str serial, brand, model; int device_kind;
	str invoice_no; day invoiced_on; int proof;
	str fault, symptom, self_test, condition, unlock, note;
	instant window_from, window_to;
	str station;                                   /* code: goes straight there (counter) */
	struct order_item *accessories; size_t n_accessories;
	bool in_spite;                                 /* the clerk saw the open order or duplicate and goes on */
	str external_ref;                              /* import: makes repeating harmless */
	str parent;                                    /* number of the order this one follows up; absent: stands alone */
	int64_t lat, lon;
};
/* What the clerk must see before saving: an open order of this serial, a repeat fault, an open recall, likely duplicates of the customer. */
struct order_warning { const char *code; str text, href; };
MUST enum err order_check(struct ctx *c, const struct order_new *n, struct order_warning **ret, size_t *ret_n);
/* CONFLICT when the serial has an open order and !in_spite: with its number, or where it is for who may not see it; INVALID names the field. */
MUST enum err order_register(struct ctx *c, const struct order_new *n, int64_t *ret_id);

/* ---- reading ---- */
/* One line of lists, boards and cards. */
struct order_row {
	int64_t id, ver, priority_rank;
	str no, follow_token, customer, phone, address, serial, model, station, engineer, engineer_login, fault, wait;
	int kind, mode, state, priority;
	instant opened_at, state_at, due_at, window_from, visit_from, visit_to;
	bool paused, urgent;
};
struct order {
	int64_t id, ver;
	str no, follow_token, external_ref;
	int kind, mode, channel, state, priority, frequency, data_choice, wait, wait_from, verdict, reopened;
	int64_t customer_id, device_id, product_id, station_id, station_calendar_id, engineer_id, agent_id, parent_id, satisfaction;
	int64_t contract_id; str contract;             /* that covers it: id and number */
	str customer_no, customer, phone, email, address, division;
	str serial, brand, model, invoice_no;
	int device_kind;
	str station, station_name, engineer, engineer_login, org_path;
	str fault, symptom, self_test, condition, note, remote_advice;
	str fault_code, cause, finding, result, end_reason, coverage, signer;
	bool has_unlock, unit_in, paused;
	int64_t signature_id;
	money fee;
	instant window_from, window_to, visit_from, visit_to, opened_at, state_at, due_at, wait_until, handed_over_at, closed_at;
	struct order_item *accessories; size_t n_accessories;
	int64_t lat, lon, travel_m;                    /* extra travel when a neighbour serves the area [N3] */
};
/* Whether the reader needs the customer's telephone, e-mail and address: by permission, and for an engineer until the job is over [N5]. */
bool order_reaches(const struct ctx *c, const struct order *o);
MUST enum err order_get(struct ctx *c, str no, struct order *ret);                     /* NOT_FOUND */
MUST enum err order_by_id(struct ctx *c, int64_t id, struct order *ret);               /* NOT_FOUND */
MUST enum err order_by_token(struct ctx *c, str token, struct order *ret);             /* NOT_FOUND; sees this one order whoever asks */
/* One just registered, whoever asks. */
MUST enum err order_fresh(struct ctx *c, int64_t id, struct order *ret);
#define ORDER_FILTER_ANY .state = -1, .kind = -1, .wait = -1, .customer_id = NIL, .device_id = NIL, .before = NIL, .limit = 50, .opened_from = NO_DAY, .opened_until = NO_DAY, \
	.closed_from = NO_DAY, .closed_until = NO_DAY
struct order_filter {
	int state, kind, wait;                         /* -1 any */
	bool open_only, overdue, running;              /* running: by_due only, without those whose clocks are paused */
	str org, station, engineer, q;                 /* code of a region or station and all below, code, login, words */
	int64_t customer_id, device_id;                /* NIL any */
	int64_t before;                                /* keyset: id of the last row seen, NIL from the newest */
	size_t limit;                                  /* 1 … 200 */
	day opened_from, opened_until, closed_from, closed_until;     /* inclusive, in the reader's zone; NO_DAY: not asked. Both of a pair or none */
	bool by_due;                                   /* open orders by next deadline instead of newest first */
};
/* *ret_next: cursor of the next page, NIL at the end. */
MUST enum err order_list(struct ctx *c, const struct order_filter *f, struct order_row **ret, size_t *ret_n, int64_t *ret_next);
struct order_count { int state; int64_t n, overdue; };
MUST enum err order_counts(struct ctx *c, const struct order_filter *f, struct order_count **ret, size_t *ret_n);      /* open orders in sight, by state; of f only org and kind count, NULL: all */
/* Of each of the counted states the f->limit most urgent, by state and deadline. */
MUST enum err order_firsts(struct ctx *c, const struct order_filter *f, const struct order_count *count, size_t n_count, struct order_row **ret, size_t *ret_n);
MUST enum err order_children(struct ctx *c, int64_t id, struct order_row **ret, size_t *ret_n);                      /* follow-up orders, at most 20 */

/* ---- moves [O4] ---- */
struct order_act {                                     /* what comes with a move; which are required says the table */
	int ev;
	int64_t ver;
	str reason, note, station, engineer, advice, fault_code, cause, finding, result, signer;
	str signature;                                 /* PNG bytes */
	int wait, verdict, satisfaction /* 1–5, -1 */;
	instant from, until, device_at;                /* device_at: recorded offline [O5] */
	instant at;                                    /* when it happened: device_at within what the server knows, else now. Set by order_fire; callers leave it out */
	money fee;
	bool solved;
	bool ticked;                                   /* accessories were ticked off: those not in returned need a note */
	str *returned; size_t n_returned;              /* their names */
};
#define ORDER_ACT_EMPTY .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT, .device_at = NO_INSTANT, .fee = { .minor = NIL }
enum { NEED_REASON = 1, NEED_STATION = 2, NEED_ENGINEER = 4, NEED_FROM = 8, NEED_WAIT = 16, NEED_FAULT = 32, NEED_VERDICT = 64, NEED_FINDING = 128,
       NEED_RESULT = 256, NEED_SIGNER = 512, NEED_SATISFACTION = 1024, NEED_ADVICE = 2048, NEED_UNTIL = 4096 };
/* Clocks of the service levels a move starts or stops (bits by enum clock_kind of sla). */
enum { CLOCK_ANSWER = 1, CLOCK_ASSIGN = 2, CLOCK_ARRIVE = 4, CLOCK_FIX = 8, CLOCK_COMPLETE = 16 };
enum { WHO_STAFF = 1, WHO_ENGINEER = 2 /* the one it is given to, or who may assign */, WHO_CUSTOMER = 4 };
struct order_move {
	uint32_t from;                                 /* bits of states */
	enum order_event ev;
	enum order_state to;                           /* ORDER_STATE_N: back to where the wait began */
	unsigned modes;                                /* bits of modes; 0 = all */
	unsigned who;
	uint64_t need;                                 /* permission bits of staff */
	unsigned fields;                               /* NEED_… */
	unsigned stops;                                /* CLOCK_… */
	bool primary;                                  /* the one button of its state */
	bool danger;                                   /* asks before it does */
	bool passes;                                   /* the test is recorded as passed first, in the same write: six taps a visit [D3] */
	enum err (*guard)(struct ctx *c, const struct order *o, const struct order_act *a);   /* may refuse with a reason */
	enum err (*effect)(struct ctx *c, struct order *o, const struct order_act *a);        /* beyond state and plain fields */
};
extern const struct order_move order_moves[];
extern const size_t order_moves_n;
/* The move this reader may make with ev from this state; NULL if none. */
const struct order_move *order_move_for(const struct ctx *c, const struct order *o, enum order_event ev);
/* Fires a->ev. CONFLICT: not legal from here, or a->ver stale (the detail says what happened meanwhile). FORBIDDEN, INVALID (field missing). */
MUST enum err order_act(struct ctx *c, str no, const struct order_act *a, struct order *ret);
/* The same on an order read by another way (follow link); c->who says as whom. *o becomes the new state of affairs. */
MUST enum err order_fire(struct ctx *c, struct order *o, const struct order_act *a);
/* Last day a result handed over at `since` may be refused: 7 working days (setting order.refusal_days) [S13]. */
MUST enum err order_refusal_until(struct ctx *c, instant since, day *ret);
/* What other departments add: called after the state is set, inside the same write; may refuse (fail). Listed by the app in order_hooks. */
struct order_hook { const char *name; enum err (*on)(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a);
	enum err (*begun)(struct ctx *c, const struct order *o); /* it was registered; may be NULL */ };
extern const struct sla_hook order_sla_hook;           /* deadlines that moved, waits that ended */
extern const struct order_hook *const order_hooks[];   /* NULL-terminated */

/* Of the newest 100000 orders, those no verdict was kept for: that name no device, that were brought in, the rest. */
struct order_unjudged { int64_t orders, no_device, imported, other; };
MUST enum err order_unjudged(struct ctx *c, struct order_unjudged *ret);

/* ---- talk [O6, O7] ---- */
struct order_message { int64_t id, author_id; instant at; str author, text; bool internal, from_customer; };
MUST enum err order_say(struct ctx *c, const struct order *o, str text, bool internal, str author);        /* customers cannot write internal */
/* Oldest first, behind message `after` (NIL: from the first), at most max (≤ 201). */
MUST enum err order_talk(struct ctx *c, int64_t order_id, bool internal, int64_t after, size_t max, struct order_message **ret, size_t *ret_n);
/* The newest max (≤ 200) in the order they were said; *ret_more: there are earlier ones. */
MUST enum err order_talk_last(struct ctx *c, int64_t order_id, bool internal, size_t max, struct order_message **ret, size_t *ret_n, bool *ret_more);
/* Decrypts the unlock secret, logging who saw it; NOT_FOUND when destroyed. */
MUST enum err order_unlock(struct ctx *c, const struct order *o, str *ret);
MUST enum err order_edit(struct ctx *c, str no, const struct order_new *n, int64_t ver);                   /* facts of intake; logged old → new */
/* The fee follows from lines kept elsewhere; in a write. A move of the same order that was read before is stale then. */
MUST enum err order_fee_set(struct ctx *c, int64_t order_id, money fee);
enum err order_org_moved(struct ctx *c, str old_path, str new_path);                   /* hook of org_save */
enum err order_customer_merged(struct ctx *c, int64_t keep, int64_t drop);             /* hook of customer_merge */
enum err order_customer_erased(struct ctx *c, int64_t customer_id, str why);           /* hook of customer_erase; CONFLICT while one is open */
