/* customer.h — persons and organisations, their contacts and addresses [P1].
 *
 * Owns customer, contact, address. Neither phone nor e-mail is unique; duplicates are found by phone key and folded name and merged without
 * losing history: the merged row stays, points to the kept one, and every reader is led there.
 * A reader who works at a place sees the customers it deals with (org_holds); a portal user their own file [N5].
 * Phones and names are masked where the reader lacks PERM_CUSTOMER_PII; a full view is logged by audit_read [A4].
 * Everything handed out lives in c->a. Verbs that change need a write (db.h) and check `ver`. */
#pragma once
#include "base/base.h"

enum customer_kind { CUSTOMER_PERSON, CUSTOMER_ORGANISATION };
extern const char *const customer_kinds[];             /* "person", "organisation" */

struct contact { int64_t id; str name, phone, email, title; bool is_main; };
struct address { int64_t id; str label, division, text; int64_t lat, lon; /* micro-degrees, NIL unknown */ bool is_main; };
struct customer {
	int64_t id, ver;
	str no, name, note, external_ref;
	int kind;                                      /* enum customer_kind */
	bool key_customer;
	int64_t merged_into;                           /* NIL unless merged */
	int64_t org_id;                                /* employees of an organisation point to it [S14], NIL otherwise */
	instant created_at;
	str phone, email, address, division;           /* of the main contact and address */
	struct contact *contacts; size_t n_contacts;
	struct address *addresses; size_t n_addresses;
};
/* What intake and import bring. Empty text = none. */
struct customer_new {
	str name, phone, email, title, address, division, note, external_ref;
	int kind;
	bool key_customer;
	int64_t org_id, lat, lon;
};

MUST enum err customer_add(struct ctx *c, const struct customer_new *n, int64_t *ret_id);                  /* INVALID */
MUST enum err customer_get(struct ctx *c, int64_t id, struct customer *ret);                               /* NOT_FOUND; follows merges */
MUST enum err customer_by_no(struct ctx *c, str no, struct customer *ret);                                 /* NOT_FOUND */
/* The one customer with this phone and exactly this name, whoever asks: intake makes no doubles. NOT_FOUND. */
MUST enum err customer_same(struct ctx *c, str phone, str name, int64_t *ret_id);
/* Who this may be: same phone key, or same folded name with one equal piece (address, e-mail). At most 20, best first. */
struct customer_hit { int64_t id; str no, name, phone, address; bool key_customer; int64_t open_orders; };
MUST enum err customer_like(struct ctx *c, str phone, str name, struct customer_hit **ret, size_t *ret_n);
/* Search by phone (any piece of at least 4 digits), name, pinyin, initials. */
MUST enum err customer_search(struct ctx *c, str words, int64_t before, size_t max, struct customer_hit **ret, size_t *ret_n);
MUST enum err customer_by_ref(struct ctx *c, str ref, struct customer *ret);                               /* NOT_FOUND; import's own key */
/* org_id NIL: all customers. Newest first. */
MUST enum err customer_employees(struct ctx *c, int64_t org_id, int64_t before, size_t max, struct customer_hit **ret, size_t *ret_n);
MUST enum err customer_save(struct ctx *c, const struct customer *k);                                      /* name, kind, note, key mark; CONFLICT */
/* id NIL adds. The main one is what lists show. */
MUST enum err customer_contact_put(struct ctx *c, int64_t customer_id, const struct contact *k, int64_t *ret_id);
MUST enum err customer_address_put(struct ctx *c, int64_t customer_id, const struct address *a, int64_t *ret_id);
/* ---- portal logins [S14] ---- */
struct customer_login { int64_t id; str login, name, customer_no; bool active; instant login_at; };
/* Those of the customer, and of an organisation's employees; at most 200. */
MUST enum err customer_logins(struct ctx *c, const struct customer *k, struct customer_login **ret, size_t *ret_n);
/* From now on the login acts for k in the portal; with a name of an employee, for a person of their own who belongs to the organisation k.
 * hash: of a first password, for a login that is new; absent: the login exists. INVALID: of staff, or of another customer. */
MUST enum err customer_link(struct ctx *c, const struct customer *k, str login, str employee, str hash);
MUST enum err customer_unlink(struct ctx *c, const struct customer *k, str login);                         /* NOT_FOUND: not theirs */
/* Departments that hold customers take theirs over when two are merged; listed by the app, NULL-terminated. */
struct customer_merged { const char *name; enum err (*on)(struct ctx *c, int64_t keep, int64_t drop); };
extern const struct customer_merged *const customer_merged[];
/* A person's wish to be forgotten: names, numbers, addresses, notes and logins go, here and in the departments listed by the app (NULL-terminated), which may
 * refuse; events are blanked. CONFLICT: stale, or refused; INVALID of "why". */
#define CUSTOMER_ERASED S("—")
struct customer_erased { const char *name; enum err (*on)(struct ctx *c, int64_t customer_id, str why); };
extern const struct customer_erased *const customer_erased[];
MUST enum err customer_erase(struct ctx *c, const struct customer *k, int64_t ver, str why);
/* From now on `drop` leads to `keep`; contacts, addresses, devices and orders move along. */
MUST enum err customer_merge(struct ctx *c, int64_t keep, int64_t drop, int64_t ver);                      /* CONFLICT, NOT_FOUND */
