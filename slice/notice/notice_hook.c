/* notice_hook.c — other programs subscribe to the events of orders; what they are told names the order and nobody [A3]. */
#include "base/i18n.h"
#include "base/time.h"
#include "notice.sql.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/notice/notice_int.h"

enum { HOOKS_MAX = 50, SECRET_MIN = 16 };
static const struct field hook_row[] = {
	FIELD(struct hook, id), FIELD(struct hook, ver), FIELD(struct hook, url), FIELD(struct hook, events), FIELD(struct hook, has_secret), FIELD(struct hook, active), FIELD(struct hook, at), { 0 }
};
static const char register_event[] = "register";

static bool known_event(str name)
{
	return str_eq(name, str_c(register_event)) || name_index(order_events, name) >= 0;
}

static bool asks_for(str events, str name)
{
	str piece;

	if (str_eq(events, S("*")))
		return true;
	while (str_cut(&events, ' ', &piece))
		if (str_eq(piece, name))
			return true;
	return false;
}

/* Only what a receiver needs to ask for the rest with its own token; no word of the customer. */
static str told(struct ctx *c, const struct order *o, str event, const struct order_act *a)
{
	return audit_data(c, BIND(P(event, event), P(at, instant_iso(c->a, NULL, a->at)), P(order, o->no), P(state, order_states[o->state]), P(kind, order_kinds[o->kind]),
		P(mode, order_modes[o->mode]), P(station, o->station), P(path, arena_fmt(c->a, "/api/v1/orders/%.*s", STR_ARG(o->no))))).s;
}

enum err hook_tell(struct ctx *c, const struct order *o, int on, const struct order_act *a)
{
	str event = on == NOTICE_BEGUN ? str_c(register_event) : str_c(order_events[on]);
	struct hook *h;
	size_t n;

	TRY(db_rows(c, &q_hook_active, BIND(), hook_row, sizeof *h, HOOKS_MAX, &h, &n));
	for (size_t i = 0; i < n; i++) {
		struct notice one = { .event = event, .channel = NOTICE_HOOK, .org_path = o->org_path, .order_id = o->id, .hook_id = h[i].id, .receiver = h[i].url, .subject = event };

		if (!asks_for(h[i].events, event))
			continue;
		one.body = told(c, o, event, a);
		TRY(notice_write(c, &one, c->now, NULL));
	}
	return ERR_OK;
}

/* ---- subscriptions ---- */

enum err hook_list(struct ctx *c, struct hook **ret, size_t *ret_n)
{
	return db_rows(c, &q_hook_list, BIND(), hook_row, sizeof **ret, HOOKS_MAX, ret, ret_n);
}

static enum err check_events(struct ctx *c, str events, str *ret)
{
	str piece, clean = { 0 };

	if (str_eq(str_trim(events), S("*"))) {
		*ret = S("*");
		return ERR_OK;
	}
	while (str_cut(&events, ' ', &piece)) {
		if (!piece.n)
			continue;
		if (!known_event(piece))
			return fail_field(c, "events", N_("There is no event {1}."), piece);
		clean = clean.n ? arena_join(c->a, (const str[]){ clean, piece }, 2, S(" ")) : piece;
	}
	*ret = clean;
	return clean.n ? ERR_OK : fail_field(c, "events", N_("Name the events, or * for all."));
}

static enum err few_enough(struct ctx *c)
{
	int64_t n;

	TRY(db_int(c, &q_hook_count, BIND(), &n));
	return n < HOOKS_MAX ? ERR_OK : fail_field(c, "url", N_("There are {1} webhooks already."), n);
}

struct sealed { str text; };
static const struct field sealed_fields[] = { FIELD(struct sealed, text), { 0 } };

enum err hook_save(struct ctx *c, const struct hook *h, int64_t *ret_id)
{
	str events, sealed = { 0 };
	struct sealed before;

	assert(db_writing(c->db));
	if (h->id != NIL)
		TRY(db_row(c, &q_hook_secret, BIND(P(id, h->id)), sealed_fields, &before));
	TRY(notice_url_ok(c, "url", h->url));
	TRY(check_events(c, h->events, &events));
	if (h->secret.n && h->secret.n < SECRET_MIN)
		return fail_field(c, "secret", N_("A secret has at least {1} characters."), (int64_t)SECRET_MIN);
	if (h->secret.n && !secret_seal(c->a, h->secret, &sealed))
		return fail_field(c, "secret", N_("Secrets cannot be kept: this service has no key for them."));
	if (h->id != NIL) {
		*ret_id = h->id;
		TRY(db_exec(c, &q_hook_save, BIND(P(url, h->url), P(events, events), P(secret, sealed), P(active, h->active), P(id, h->id), P(ver, h->ver)), 1));
		return audit_add(c, "hook", h->id, "changed", BIND(P(url, h->url), P(events, events), P(active, h->active)));
	}
	if (!sealed.n)
		return fail_field(c, "secret", N_("A secret has at least {1} characters."), (int64_t)SECRET_MIN);
	TRY(few_enough(c));
	TRY(db_insert(c, &q_hook_insert, BIND(P(url, h->url), P(events, events), P(secret, sealed), P(active, h->active), P(now, c->now)), ret_id));
	return audit_add(c, "hook", *ret_id, "added", BIND(P(url, h->url), P(events, events)));
}

enum err hook_remove(struct ctx *c, int64_t id)
{
	enum err e = db_exec(c, &q_hook_remove, BIND(P(id, id)), 1);

	if (e == ERR_CONFLICT)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(e);
	return audit_add(c, "hook", id, "removed", NULL);
}

enum err hook_secret(struct ctx *c, int64_t id, str *ret)
{
	struct sealed sealed;

	TRY(db_row(c, &q_hook_secret, BIND(P(id, id)), sealed_fields, &sealed));
	return secret_open(c->a, sealed.text, ret) ? ERR_OK : fail(c, ERR_DB, N_("The secret was sealed with another key."));
}
