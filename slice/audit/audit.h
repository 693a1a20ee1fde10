/* audit.h — every change is an event: who, when, what; append-only and chained by hash. [O5 A4 A5]
 *
 * Owns audit_event, audit_head and audit_anchor. Each subject (order 12, customer 7 …) has a chain of its own, so writers of different
 * subjects do not wait for each other. The head row of a subject names its last event, so a cut tail is seen at once; anchors taken by
 * a job chain all events over all subjects, so a subject that vanished whole is seen too. */
#pragma once
#include "base/base.h"
#include "db/db.h"

struct event {
	int64_t id;
	str subject_kind;                              /* "order", "customer", "user" … */
	int64_t subject_id, seq;                       /* seq counts from 1 within the subject */
	instant at, device_at;                         /* device_at: when it was recorded offline, else none */
	int64_t user_id;                               /* NIL: nobody signed in, or the system */
	str actor;                                     /* name at that time */
	str kind;                                      /* "registered", "moved", "read" … */
	json data;                                     /* object; absent once erased */
	str data_hash, salt, hash;
};
extern const struct field event_fields[];              /* of struct event, for JSON */

/* A text or number of the event's data, in c->a; absent when it has none of that name. */
str event_text(const struct ctx *c, const struct event *e, const char *key);
/* Several at once, for the price of one: ret[i] belongs to keys[i]; NULL ends keys. */
void event_texts(const struct ctx *c, const struct event *e, const char *const *keys, str *ret);

/* Appends inside the caller's write. data: BIND(P(from, …), P(to, …)), may be NULL; becomes one JSON object (absent values left out). */
MUST enum err audit_add(struct ctx *c, const char *subject_kind, int64_t subject_id, const char *kind, const struct bind *data);
/* The same for what happened earlier on a device without network. */
MUST enum err audit_add_at(struct ctx *c, const char *subject_kind, int64_t subject_id, const char *kind, const struct bind *data, instant device_at);
/* The same with an object written by view/ (lists, nested objects). at: when it happened (imports), else c->now. */
struct audit_entry { const char *subject_kind; int64_t subject_id; const char *kind; json data; instant at, device_at; str actor; };
MUST enum err audit_put(struct ctx *c, const struct audit_entry *e);
/* One JSON object of the bound values, absent ones left out; in c->a. */
json audit_data(struct ctx *c, const struct bind *data);
/* Personal data was shown to c->who: what names it ("phone"). Opens a write of its own when there is none. [A4] */
MUST enum err audit_read(struct ctx *c, const char *subject_kind, int64_t subject_id, const char *what);

/* Newest last, after seq `after` (0 = from the start), at most limit (≤ 200). */
MUST enum err audit_list(struct ctx *c, const char *subject_kind, int64_t subject_id, int64_t after, int limit, struct event **ret, size_t *ret_n);
/* The newest first, at most limit (≤ 200). */
MUST enum err audit_last(struct ctx *c, const char *subject_kind, int64_t subject_id, int limit, struct event **ret, size_t *ret_n);
/* Over all subjects, newest first; absent members do not filter. before: id of the last row of the page before, NIL = newest. */
struct audit_query { str subject_kind, kind; int64_t subject_id, user_id; instant from, until; int64_t before; int limit; };
MUST enum err audit_search(struct ctx *c, const struct audit_query *q, struct event **ret, size_t *ret_n);
/* Blanks the data of a subject's events (a person's wish); the chain stays provable and an event "erased" tells of it. [A4] */
MUST enum err audit_erase(struct ctx *c, const char *subject_kind, int64_t subject_id, str why);

/* Chains events not yet anchored; the job's verb, in a write. Signed when a key was given. */
MUST enum err audit_anchor(struct ctx *c);
/* 32 bytes, kept outside the database, so that who can only write the database cannot sign; static storage, at start. NULL = unsigned. */
void audit_key(const unsigned char *key);
/* Walks everything on a read connection. found is called for each difference (text: a sentence in English); progress may be NULL. */
struct audit_walk {
	void (*found)(void *arg, str what);
	void (*progress)(void *arg, int64_t done, int64_t total);
	void *arg;
	int64_t events, subjects, anchors, differences;    /* results */
	int64_t unsigned_anchors;                          /* without a signature of our key: not a difference, but proving less */
	str tip;                                           /* last anchor: number and hash, to be noted elsewhere */
};
MUST enum err audit_verify(struct ctx *c, struct audit_walk *w);
/* Signs a document for anybody to check (Ed25519, from the same key; base64url), and the public key that proves it; both absent without a key. */
str audit_sign(struct arena *a, str text);
str audit_public_key(struct arena *a);
bool audit_signed(str text, str sign, str public_key);
