/* account.h — who may come in, and the house's small registers: users, roles, sessions, tokens, settings, number series, outbox, idempotency.
 *
 * Owns account, account_role, account_session, account_token, setting, number_series, outbox, idempotency.
 * Verbs that change assert that they run inside a write; text handed out lives in c->a. */
#pragma once
#include "base/base.h"
#include "db/db.h"
#include "slice/account/perm.h"

struct slice;

/* ---- actors ---- */
extern const struct actor actor_nobody;                /* not signed in: no permission, sees no row */
extern const struct actor actor_system;                /* jobs and commands: all permissions, sees all rows */
/* The hook of the doors: session cookie or bearer token → actor; see http_app.identify. Read connection, one statement. */
MUST enum err account_identify(struct ctx *c, str session, str bearer, const struct actor **ret, str *ret_csrf);
/* The actor a user would be (commands, jobs that act for somebody). ERR_NOT_FOUND: no such active user. */
MUST enum err account_actor(struct ctx *c, int64_t user_id, const struct actor **ret);
str account_home(const struct actor *who);             /* the page where their kind of work begins */

/* ---- users ---- */
struct user_role { int64_t user_id; int role; int64_t org_id; str org_path; };   /* org_id NIL: customers */
struct user {
	int64_t id, ver;
	str login, name, phone, email, lang, zone;     /* lang "zh"|"en"; zone: IANA name, absent = the setting */
	bool active, must_change, has_password;
	int64_t customer_id;                           /* portal users, else NIL */
	instant created_at, login_at;
	struct user_role *roles; size_t n_roles;
};
extern const struct field user_fields[];
/* login: 2–64 of letters, digits, . _ - @, compared folded. hash: of password_hash, or absent (no sign-in by password).
 * ERR_INVALID names the field; a login that is taken is ERR_INVALID of "login". Roles are granted apart. */
MUST enum err user_add(struct ctx *c, const struct user *u, str hash, int64_t *ret_id);
/* Everything but login, password and roles. ERR_CONFLICT when u->ver is stale; nobody can switch off the last administrator or themselves. */
MUST enum err user_save(struct ctx *c, const struct user *u);
MUST enum err user_get(struct ctx *c, int64_t id, struct user *out);
MUST enum err user_by_login(struct ctx *c, str login, struct user *out);
struct user_query { str q; int role; int64_t org_id; bool inactive; str after; int limit; };   /* role -1, org_id NIL: any; after: login */
MUST enum err user_list(struct ctx *c, const struct user_query *q, struct user **ret, size_t *ret_n);
/* org_path: of that org, kept as a copy; roles that see an org's or their own rows need one (ERR_INVALID of "org"). Granting twice is fine. Revoking the last administrator is ERR_CONFLICT. */
MUST enum err user_grant(struct ctx *c, int64_t user_id, enum role role, int64_t org_id, str org_path);
MUST enum err user_revoke(struct ctx *c, int64_t user_id, enum role role, int64_t org_id);
/* Users with a role at an org or below it (path prefix), by name; at most 500. */
MUST enum err user_at(struct ctx *c, enum role role, str org_path, struct user **ret, size_t *ret_n);
/* An org moved in the tree: the copies of its path follow. */
MUST enum err account_org_moved(struct ctx *c, str old_path, str new_path);

/* ---- passwords: argon2id, 64 MiB, two at a time; slow (60 ms), so never inside a write ---- */
/* ERR_INVALID of "password": too short (setting) or too long, or found in the list of common ones; ERR_BUSY when too many wait. */
MUST enum err password_hash(struct ctx *c, str password, str *ret_hash);
/* Ends the user's sessions. */
MUST enum err password_set(struct ctx *c, int64_t user_id, str hash, bool must_change);
str password_random(struct arena *a);                  /* 20 characters, no look-alikes */

/* ---- sessions ---- */
struct session { int64_t id, user_id; str remote, agent; instant created_at, seen_at, expires_at; bool current; };
extern const struct field session_fields[];
/* Outside a write (it opens its own). ERR_UNAUTHORIZED: unknown, wrong, switched off — all alike and equally slow;
 * ERR_TOO_MANY: locked for a while after repeated failures. */
struct signed_in { int64_t user_id; str token; bool pending; /* the second step is still to come; until then the token opens nothing else */ };
MUST enum err account_sign_in(struct ctx *c, str login, str password, str remote, str agent, struct signed_in *ret);
/* Own password, old one checked; outside a write. Ends the other sessions. */
MUST enum err account_change_password(struct ctx *c, str old, str fresh, str session);
MUST enum err session_start(struct ctx *c, int64_t user_id, str remote, str agent, str *ret_token);
MUST enum err session_end(struct ctx *c, str token);
MUST enum err session_list(struct ctx *c, int64_t user_id, str current, struct session **ret, size_t *ret_n);
MUST enum err session_end_id(struct ctx *c, int64_t user_id, int64_t id);          /* ERR_NOT_FOUND when not theirs */
MUST enum err session_sweep(struct ctx *c);            /* job, outside a write: notes last use, removes expired */

/* ---- second factor: codes by the clock (RFC 6238), once each, one step early or late ---- */
enum { RECOVERY_CODES = 10 };
struct factor { bool on; instant since; int64_t codes_left; str secret; /* base32, while c->who sets it up */ };
MUST enum err factor_get(struct ctx *c, int64_t user_id, struct factor *ret);
MUST enum err factor_begin(struct ctx *c);             /* a new secret for c->who, not in force yet; in a write. CONFLICT: switched on already */
/* These check a code of c->who first: outside a write. INVALID of "code"; TOO_MANY: locked for a while after repeated failures; CONFLICT: (not) switched on.
 * Recovery codes are handed out once and not kept. */
MUST enum err factor_confirm(struct ctx *c, str code, str remote, str ret_codes[RECOVERY_CODES]);
MUST enum err factor_renew(struct ctx *c, str code, str remote, str ret_codes[RECOVERY_CODES]);
MUST enum err factor_off(struct ctx *c, str code, str remote);
MUST enum err factor_reset(struct ctx *c, int64_t user_id);    /* by an administrator, in a write. CONFLICT: there is none */
/* A code or a recovery code makes a whole session of a pending one. UNAUTHORIZED: the pending one has ended. Outside a write. */
MUST enum err account_second_step(struct ctx *c, str pending, str code, str remote, str agent, str *ret_token);
MUST enum err session_pending(struct ctx *c, str token, int64_t *ret_user);    /* UNAUTHORIZED: no such one */
bool factor_required(str roles, const char *role);     /* roles: as in setting factor.roles */
MUST enum err factor_roles_ok(struct ctx *c, const char *name, str value);     /* setting_check */

/* ---- API tokens ---- */
struct token { int64_t id, user_id; str name, scope; /* role codes, absent = all of the owner's */ uint64_t roles; instant created_at, used_at, expires_at; };
extern const struct field token_fields[];
/* roles: bit per enum role; what the token may use of its owner's roles. The text is shown once and not kept. */
MUST enum err token_add(struct ctx *c, int64_t user_id, str name, uint64_t roles, instant expires_at, str *ret_text);
MUST enum err token_list(struct ctx *c, int64_t user_id, struct token **ret, size_t *ret_n);
MUST enum err token_revoke(struct ctx *c, int64_t user_id, int64_t id);

/* ---- settings: the tables of all departments (struct setting in http.h), with stored overrides ---- */
/* At start, and in tests that read settings. cached: overrides are kept in the process and read anew by the first read after a commit. */
void setting_use(const struct slice *const *slices, bool cached);
/* An unknown name is a BUG. Settings of IN_SECRET lie sealed and are read open; pages and the audit trail never show them. Instants, days and money are read as text. */
int64_t setting_int(struct ctx *c, const char *name);
bool setting_bool(struct ctx *c, const char *name);
str setting_str(struct ctx *c, const char *name);
/* ERR_INVALID of the setting's name when the text does not fit its kind. Absent = back to the fallback. */
MUST enum err setting_set(struct ctx *c, const char *name, str value);

/* What a department asks of the values of its settings, beyond their kind; told the setting's name. Listed by the app, ended by name NULL. */
struct setting_check { const char *name; enum err (*ok)(struct ctx *c, const char *name, str value); };
void setting_checks(const struct setting_check *table);

/* ---- secrets that must be read again: sealed with a key outside the database ---- */
/* 32 bytes, at start, static storage. Without it nothing is sealed or opened. */
void secret_key_use(const unsigned char *key);
bool secret_seal(struct arena *a, str plain, str *ret);    /* false: no key */
bool secret_open(struct arena *a, str sealed, str *ret);   /* false: sealed with another key */

/* ---- number series: setting "series.NAME" is the pattern, as BX{date}{4} ---- */
/* {date} yymmdd in the setting's zone, {year} yyyy, {N} counter of at least N digits, from 1 for each day (or year, or ever). In a write. */
MUST enum err series_next(struct ctx *c, const char *name, str *ret);

/* ---- outbox: what must happen outside the database, after COMMIT ---- */
MUST enum err outbox_put(struct ctx *c, const char *topic, const struct bind *payload);
MUST enum err outbox_put_at(struct ctx *c, const char *topic, json payload, instant not_before, int64_t *ret_id);
/* Takes back what has not been sent. ERR_CONFLICT when it is under way or done. */
MUST enum err outbox_cancel(struct ctx *c, int64_t id);
struct outbox_item { int64_t id; str topic; json payload; int64_t tries; instant at; str last_error; };
struct outbox_handler { const char *topic; enum err (*run)(struct ctx *c, const struct outbox_item *it, str *ret_why); };
void outbox_use(const struct outbox_handler *table, size_t n);
enum { OUTBOX_TRIES = 10 };
/* Claims up to max due items one after the other, runs each outside a write, notes the outcome: retried with back-off (1 min … 6 h), dead after 10 tries. */
MUST enum err outbox_run(struct ctx *c, int max, int *ret_done);
MUST enum err outbox_dead(struct ctx *c, struct outbox_item **ret, size_t *ret_n);   /* newest 200 */
MUST enum err outbox_retry(struct ctx *c, int64_t id);

/* ---- idempotency: the hooks of the doors, see http_app ---- */
MUST enum err idem_find(struct ctx *c, str key, str sha256, bool *ret_hit, int *ret_status, str *ret_body, str *ret_location);
MUST enum err idem_store(struct ctx *c, str key, str sha256, int status, str body, str location);
