/* waiver.c — discounts, compensation and write-offs within authority: small sums by the department, large ones by verdict, agreement and approval [F3, S6]. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/money/money_int.h"

#define W(m) FIELD(struct waiver, m)
static const char *const waiver_states[] = { "requested", "approved", "rejected", "noted", NULL };
static const struct field row_fields[] = {
	W(id), W(ver), W(order_id), W(by_id), W(no), W(order_no), W(customer), W(reason), W(technical), W(agreement), W(by_name), W(decided_by), W(decided_why), W(noted_by),
	FIELD_ENUM(struct waiver, kind, waiver_kinds), FIELD_ENUM(struct waiver, state, waiver_states), W(amount), W(at), W(decided_at), W(noted_at), { 0 }
};
const struct field waiver_fields[] = {
	W(no), W(ver), W(order_no), W(customer), FIELD_ENUM(struct waiver, kind, waiver_kinds), FIELD_ENUM(struct waiver, state, waiver_states), W(amount), W(reason), W(technical),
	W(agreement), W(by_name), W(at), W(decided_by), W(decided_at), W(decided_why), W(noted_by), W(noted_at), { 0 }
};

/* ---- authority ---- */

/* Who has all these permissions may grant up to the setting; the highest row counts. */
static const struct { uint64_t need; const char *setting; } limits[] = {
	{ PERM_MONEY_DISCOUNT | PERM_MONEY_COUNTERSIGN, "money.limit.station" },
	{ PERM_MONEY_DISCOUNT | PERM_ORDER_DISPATCH, "money.limit.region" },
	{ PERM_MONEY_DISCOUNT | PERM_MONEY_FINANCE, "money.limit.finance" },
	{ PERM_MONEY_DISCOUNT | PERM_SETTINGS, "money.limit.manager" },
};

money waiver_limit(struct ctx *c, const char cur[4])
{
	money best = money_zero(cur);

	for (size_t i = 0; i < LEN(limits); i++) {
		money m;

		if (!may(c, limits[i].need))
			continue;
		m = money_setting(c, limits[i].setting, cur);
		if (m.minor > best.minor)
			best = m;
	}
	return best;
}

/* ---- reading ---- */

enum err waiver_get(struct ctx *c, str no, struct waiver *ret)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_row(c, &q_waivers, BIND(P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(limit, 1)), row_fields, ret);
}

enum err waiver_of_order(struct ctx *c, int64_t order_id, struct waiver **ret, size_t *ret_n)
{
	return db_rows(c, &q_waivers, BIND(P(order_id, order_id), P(limit, 100)), row_fields, sizeof **ret, 100, ret, ret_n);
}

enum err waiver_list(struct ctx *c, const struct money_filter *f, struct waiver **ret, size_t *ret_n)
{
	struct in_sight s;
	struct order o = { .id = NIL };
	str state = f->state < 0 ? (str){ 0 } : str_c(waiver_states[f->state]);

	TRY(money_scope(c, &s));
	if (f->order.n)
		TRY(order_get(c, f->order, &o));
	return db_rows(c, &q_waivers, BIND(P(order_id, o.id), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(state, state), P(before, f->before),
		P(limit, (int64_t)f->limit)), row_fields, sizeof **ret, f->limit, ret, ret_n);
}

/* ---- asking and granting ---- */

static enum err check_new(struct ctx *c, const struct order *o, const struct waiver_new *n)
{
	struct fee_state f;

	TRY(fee_state(c, o, &f));
	if (n->kind < 0)
		(void)fail_field(c, "kind", N_("Discount, compensation or write-off?"));
	if (n->amount.minor == NIL || n->amount.minor <= 0)
		(void)fail_field(c, "amount", N_("How much? For example 80.00."));
	else if (!money_is(n->amount, f.fee.cur))
		(void)money_same(c, "amount", n->amount, f.fee.cur);
	else if (n->kind != WAIVER_COMPENSATION && n->amount.minor > f.due.minor)
		(void)fail_field(c, "amount", N_("Only {1} are due."), f.due.minor > 0 ? f.due : money_zero(f.due.cur));
	if (!str_trim(n->reason).n)
		(void)fail_field(c, "reason", N_("Please give the reason."));
	if (n->amount.minor != NIL && n->amount.minor > money_setting(c, "money.large", f.fee.cur).minor) {
		if (!str_trim(n->technical).n)
			(void)fail_field(c, "technical", N_("A large sum needs a technical verdict after a visit."));
		if (!str_trim(n->agreement).n)
			(void)fail_field(c, "agreement", N_("A large sum needs an agreement with the customer."));
	}
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

static const enum cash_kind account_of[] = {
	[WAIVER_DISCOUNT] = CASH_DISCOUNT, [WAIVER_COMPENSATION] = CASH_COMPENSATION, [WAIVER_WRITEOFF] = CASH_WRITEOFF,
};

/* What is waived leaves the customer's account; a compensation may leave us owing it to them. */
static enum err post(struct ctx *c, const struct waiver *w)
{
	struct cash_doc d = CASH_DOC(waiver_kinds[w->kind], w->order_id, w->no, w->amount);
	struct fee_state f;
	struct order o;
	int64_t org;
	str path;

	TRY(order_by_id(c, w->order_id, &o));
	TRY(fee_state(c, &o, &f));
	if (w->kind != WAIVER_COMPENSATION && w->amount.minor > f.due.minor)
		return fail(c, ERR_CONFLICT, N_("Only {1} are still due."), f.due.minor > 0 ? f.due : money_zero(f.due.cur));
	TRY(money_place(c, &o, &org, &path));
	TRY(fee_bill(c, &o));
	if (o.fee.minor == NIL)
		TRY(fee_follow(c, &o));
	return cash_post(c, &d, (const struct cash_line[]){ { account_of[w->kind], org, { 0 }, path, w->amount.minor }, { CASH_CUSTOMER, o.id, { 0 }, path, -w->amount.minor } }, 2);
}

static enum err within_authority(struct ctx *c, const struct waiver *w)
{
	money limit = waiver_limit(c, w->amount.cur);

	if (w->amount.minor > limit.minor)
		return fail(c, ERR_FORBIDDEN, N_("You may grant up to {1}; this needs a higher approval."), limit);
	return ERR_OK;
}

static enum err granted(struct ctx *c, struct waiver *w, const struct money_act *a)
{
	TRY(within_authority(c, w));
	w->decided_by = c->who->name;
	w->decided_at = c->now;
	w->decided_why = a->reason;
	return post(c, w);
}

static enum err not_granted(struct ctx *c, struct waiver *w, const struct money_act *a)
{
	w->decided_by = c->who->name;
	w->decided_at = c->now;
	w->decided_why = a->reason;
	return ERR_OK;
}

static enum err noted(struct ctx *c, struct waiver *w, const struct money_act *a)
{
	(void)a;
	w->noted_by = c->who->name;
	w->noted_at = c->now;
	return ERR_OK;
}

static enum err (*const effects[])(struct ctx *c, struct waiver *w, const struct money_act *a) = {
	[WAIVER_EV_APPROVE] = granted, [WAIVER_EV_REJECT] = not_granted, [WAIVER_EV_NOTE] = noted,
};

static enum err act(struct ctx *c, struct waiver *w, const struct money_act *a)
{
	const struct money_move *m;

	TRY(money_move_check(c, &waiver_table, w->state, a->ver, w->by_id, a, &m));
	TRY(effects[a->ev](c, w, a));
	TRY(db_exec(c, &q_waiver_set, BIND(P(id, w->id), P(ver, w->ver), P(state, waiver_states[m->to]), P(decided_by, w->decided_by), P(decided_at, w->decided_at),
		P(decided_why, w->decided_why), P(noted_by, w->noted_by), P(noted_at, w->noted_at)), 1));
	return audit_add(c, "order", w->order_id, arena_fmt(c->a, "waiver_%s", waiver_table.events[a->ev]).p, BIND(P(no, w->no), P(amount, w->amount), P(reason, a->reason)));
}

enum err waiver_act(struct ctx *c, str no, const struct money_act *a, struct waiver *ret)
{
	struct waiver w;

	TRY(waiver_get(c, no, &w));
	TRY(act(c, &w, a));
	return waiver_get(c, no, ret);
}

enum err waiver_request(struct ctx *c, const struct order *o, const struct waiver_new *n, struct waiver *ret)
{
	struct money_act grant = { .ev = WAIVER_EV_APPROVE, .ver = 1, .reason = n->reason, .how = -1, .counted = NO_MONEY };
	struct waiver w;
	int64_t id;
	str no;

	assert(db_writing(c->db));
	if (o->state >= ORDER_CLOSED && n->kind != WAIVER_COMPENSATION)
		return fail(c, ERR_CONFLICT, N_("The order is “{1}”: its fee stands."), tr(c, order_state_titles[o->state]));
	TRY(check_new(c, o, n));
	TRY(series_next(c, "waiver", &no));
	TRY(db_insert(c, &q_waiver_insert, BIND(P(no, no), P(order_id, o->id), P(org_path, o->org_path), P(kind, waiver_kinds[n->kind]), P(amount, n->amount), P(currency, S_CUR(n->amount)),
		P(reason, n->reason), P(technical, n->technical), P(agreement, n->agreement), P(by_id, c->who->id), P(by_name, c->who->name), P(now, c->now)), &id));
	TRY(audit_add(c, "order", o->id, "waiver", BIND(P(no, no), P(kind, waiver_kinds[n->kind]), P(amount, n->amount), P(reason, n->reason))));
	TRY(db_row(c, &q_waivers, BIND(P(no, no), P(limit, 1)), row_fields, &w));
	if (n->amount.minor <= waiver_limit(c, n->amount.cur).minor)
		TRY(act(c, &w, &grant));
	return db_row(c, &q_waivers, BIND(P(no, no), P(limit, 1)), row_fields, ret);
}
