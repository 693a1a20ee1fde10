/* notice.h — what leaves the house: messages to customers and staff by e-mail or SMS/IM gateway, and webhooks for other programs [K6, A3].
 *
 * Owns notice, notice_wish, hook. A move of an order writes its notices in the same write, each with an item of the outbox (topic "notice"); the app's handler sends
 * it later, outside any write, and notes what became of it. Nothing is written while setting notice.on is off. A notice keeps its key through all tries: the
 * Message-ID or Idempotency-Key by which a receiver knows a repetition. */
#pragma once
#include "base/base.h"
#include "slice/order/order.h"

struct tz;
enum notice_channel { NOTICE_MAIL, NOTICE_SMS, NOTICE_HOOK };
extern const char *const notice_channels[], *const notice_channel_titles[];    /* mail sms hook */
enum notice_state { NOTICE_WAITING, NOTICE_SENT, NOTICE_GIVEN_UP, NOTICE_DROPPED, NOTICE_UNDONE, NOTICE_STATE_N };
extern const char *const notice_states[], *const notice_state_titles[];

struct notice {
	int64_t id, order_id, hook_id, tries, outbox_id;
	int channel, state;
	str event, org_path, order_no, receiver, lang, zone, subject, body, key, last_error;
	instant at, due_at /* of the next try, while it waits */, sent_at;
	bool undoable;
};

/* ---- which event tells whom ---- */
enum notice_audience { TELL_CUSTOMER, TELL_ENGINEER, TELL_STATION };
struct notice_event {
	const char *name, *setting;                    /* setting: "notice.event.NAME", the switch */
	enum notice_audience to;
	int on;                                        /* enum order_event, or NOTICE_BEGUN */
	bool (*fits)(const struct ctx *c, const struct order *o, const struct order_act *a);       /* NULL: always */
	const char *title, *subject, *text, *ask;      /* N_(); {1} order, {2} device, {3} what the event says; ask: {1} the link */
};
enum { NOTICE_BEGUN = -1 };
extern const struct notice_event notice_events[];
extern const size_t notice_events_n;
struct notice_words { str subject, body; };
/* The words of an event in a language, times in a zone (NULL: the setting's). */
struct notice_words notice_compose(struct ctx *c, const struct notice_event *e, const struct order *o, const struct order_act *a, const char *lang, const struct tz *zone);
str notice_event_title(const struct ctx *c, str name); /* of an event, "test" and webhooks' events too */

/* ---- from the order's side ---- */
extern const struct order_hook notice_order_hook;
/* Newest first, at most 20. */
MUST enum err notice_of_order(struct ctx *c, int64_t order_id, struct notice **ret, size_t *ret_n);
/* Takes back what has not left. CONFLICT: it is under way or gone; NOT_FOUND: not of this order. */
MUST enum err notice_undo(struct ctx *c, int64_t order_id, int64_t id);

/* ---- the administrator's list, newest first, in the reader's sight ---- */
struct notice_query { int state /* -1 any */; int64_t before, limit; };
MUST enum err notice_list(struct ctx *c, const struct notice_query *q, struct notice **ret, size_t *ret_n, int64_t *ret_next);
struct notice_count { int state; int64_t n; };
MUST enum err notice_counts(struct ctx *c, int64_t ret[NOTICE_STATE_N]);
MUST enum err notice_again(struct ctx *c, int64_t id); /* given up or dropped: once more from the start; CONFLICT else */
MUST enum err notice_drop(struct ctx *c, int64_t id);  /* waiting or given up; CONFLICT else */
/* A test to c->who, sent even while sending is off. INVALID: they have no address for the channel, or the channel is not set up. */
MUST enum err notice_try(struct ctx *c, enum notice_channel channel, int64_t *ret_id);
bool notice_channel_ready(struct ctx *c, enum notice_channel channel);

/* ---- wishes of customers ---- */
struct notice_wish { int64_t customer_id; str lang /* "zh" "en", absent: their login's, else the setting's */; bool stop; };
MUST enum err notice_wish_get(struct ctx *c, int64_t customer_id, struct notice_wish *ret);
MUST enum err notice_wish_put(struct ctx *c, const struct notice_wish *w);
MUST enum err notice_forget(struct ctx *c, int64_t customer_id);               /* words and addresses of their notices are blanked [A4] */

/* ---- the sender's side ---- */
MUST enum err notice_by_outbox(struct ctx *c, int64_t outbox_id, struct notice *ret);  /* NOT_FOUND: it was undone, or another item carries it now */
/* In a write: what became of a try. waiting: it is tried again. */
MUST enum err notice_told(struct ctx *c, const struct notice *n, enum notice_state state, int64_t tries, str why);
MUST enum err notice_defer(struct ctx *c, const struct notice *n, instant until);      /* in a write */
/* The first moment from t on that is not in the quiet hours of the settings, in zone. */
instant notice_awake(struct ctx *c, const struct tz *zone, instant t);
/* Checks of settings (setting_check); url: smtp:// or http:// by the setting's name. INVALID names it. */
MUST enum err notice_quiet_ok(struct ctx *c, const char *name, str value);
MUST enum err notice_url_ok(struct ctx *c, const char *name, str value);
MUST enum err notice_template_ok(struct ctx *c, const char *name, str value);
MUST enum err notice_from_ok(struct ctx *c, const char *name, str value);
/* An RFC 5322 message, CRLF, headers encoded; refuses nothing: addresses were checked. */
struct mail { str from, from_name, to, subject, body, key; instant at; };
str notice_mime(struct arena *a, const struct mail *m);
bool notice_address_ok(str address);                   /* one plain addr-spec, no blanks, quotes or controls */
/* The gateway's JSON template with {to} {text} {subject} {event} {order} {id} filled in its strings; absent when the template is no JSON object. */
str notice_gateway_body(struct ctx *c, str template, const struct notice *n);
/* "t=SECONDS,sha256=HEX": HMAC-SHA256 of "SECONDS.BODY". */
str notice_signature(struct arena *a, str secret, instant at, str body);

/* ---- webhooks [A3] ---- */
struct hook { int64_t id, ver; str url, events /* "*" or names, blank-separated */, secret; bool active, has_secret; instant at; };
MUST enum err hook_list(struct ctx *c, struct hook **ret, size_t *ret_n);              /* at most 50; without secrets */
/* id NIL adds; an absent secret stays as it is. INVALID names the field; CONFLICT: stale. */
MUST enum err hook_save(struct ctx *c, const struct hook *h, int64_t *ret_id);
MUST enum err hook_remove(struct ctx *c, int64_t id);
MUST enum err hook_secret(struct ctx *c, int64_t id, str *ret);                        /* NOT_FOUND: removed */
