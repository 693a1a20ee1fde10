/* fee_basis.c — why a line is paid or free: what the order and the verdict say of it, and the free visits and support months that go before [S2, W1, W2]. */
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/entitlement/entitlement.h"
#include "slice/money/money_int.h"
#include "slice/parts/parts.h"
#include "slice/ruling/ruling.h"

/* ---- what the order says ---- */

static bool excluded_cause(str cause)
{
	return cause.n && !str_eq(cause, S("quality")) && !str_eq(cause, S("unknown"));
}

int fee_basis_of(const struct order *o)
{
	if (o->kind == KIND_RECALL)
		return WHY_RECALL;
	if (excluded_cause(o->cause))
		return WHY_EXCLUDED;
	if (o->verdict >= 0 && str_eq(str_c(order_verdicts[o->verdict]), S("paid")))
		return WHY_PAID;
	return o->coverage.n ? WHY_WARRANTY : -1;
}

/* ---- what the verdict says ---- */

static const enum cost cost_of[FEE_KIND_N] = {
	[FEE_DIAGNOSIS] = COST_LABOUR, [FEE_VISIT] = COST_TRAVEL, [FEE_LABOUR] = COST_LABOUR, [FEE_PART] = COST_PARTS, [FEE_MATERIAL] = COST_PARTS, [FEE_OTHER] = COST_LABOUR,
};
/* Which promise it is free by. */
static int basis_of_policy(const struct policy *p)
{
	static const int by_kind[POLICY_KINDS] = { [POLICY_STATUTE] = WHY_WARRANTY, [POLICY_MAKER] = WHY_WARRANTY, [POLICY_PACK] = WHY_WARRANTY, [POLICY_CONTRACT] = WHY_CONTRACT,
		[POLICY_ACCIDENT] = WHY_WARRANTY, [POLICY_REPAIR] = WHY_REPAIR_WARRANTY, [POLICY_RECALL] = WHY_RECALL };

	return by_kind[p->kind];
}

/* A verdict that rests on facts nobody knows is no verdict; a share of the price is for a person to split. */
static int basis_of_verdict(const struct verdict *v, enum cost cost)
{
	const struct candidate *k = verdict_decided_by(v, cost);

	if (v->pay[cost] == PAY_FREE && k)
		return basis_of_policy(k->policy);
	if (v->pay[cost] != PAY_PAID || !k)
		return -1;
	return k->why == LOST_EXCLUDED ? WHY_EXCLUDED : v->missing ? -1 : WHY_PAID;
}

/* The part catalogue says which part a line is; where it does not, the line's words do, else the diagnosis. */
static enum err part_of_line(struct ctx *c, const struct order *o, int kind, str code, str name, struct ask *ret)
{
	struct spare p;
	enum part_by by;
	enum err e = kind == FEE_PART && code.n ? part_by_no(c, code, &p) : ERR_NOT_FOUND;

	if (e && e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	ret->part = kind == FEE_VISIT || kind == FEE_DIAGNOSIS ? PART_OTHER : (int)(e ? part_by_words(name) : spare_part(&p, &by));
	if (ret->part == PART_OTHER)
		return part_of_fault(c, o->fault_code, ret);
	ret->part_by = e ? PART_BY_WORDS : (int)by;
	ret->part_words = e ? name : p.name;
	return ERR_OK;
}

static enum err verdict_on(struct ctx *c, const struct order *o, int kind, str code, str name, struct entitlement *ret)
{
	struct ask a = ask_today(c);

	a.on = tz_day(c->who->zone, o->opened_at);
	a.cause = o->cause.n ? name_index(cause_names, o->cause) : -1;
	a.order_id = o->id;
	TRY(part_of_line(c, o, kind, code, name, &a));
	return entitlement_in_order(c, o->device_id, &a, ret);
}

/* A visit free by a promise that counts its visits. */
static enum err counted_promise(struct ctx *c, const struct order *o, int kind, struct fee_said *s)
{
	const struct candidate *k = verdict_decided_by(&s->by->v, COST_TRAVEL);
	struct promise_row *p;
	size_t n;

	if (kind != FEE_VISIT || !fee_basis_free[s->basis] || !k)
		return ERR_OK;
	TRY(promise_lineage(c, o->device_id, NIL, &p, &n));
	for (size_t i = 0; i < n; i++)
		if (p[i].visits != NIL && str_eq(p[i].policy, k->id)) {
			s->promise = p[i].policy;
			s->left = p[i].visits - p[i].visits_used;
		}
	return ERR_OK;
}

/* What the law and the promises give beats what the order says of itself. */
enum err fee_basis_said(struct ctx *c, const struct order *o, int kind, str code, str name, struct fee_said *ret)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	int own = fee_basis_of(o), by_rules;

	*ret = (struct fee_said){ .basis = own, .why = own == WHY_WARRANTY ? o->coverage : (str){ 0 } };
	if (own == WHY_RECALL || o->device_id == NIL || o->kind != KIND_REPAIR)
		return ERR_OK;
	TRY(verdict_on(c, o, kind, code, name, e));
	by_rules = basis_of_verdict(&e->v, cost_of[kind]);
	/* A cause that no policy excludes does not make an exclusion. */
	if (by_rules < 0 && own == WHY_EXCLUDED)
		own = ret->basis = by_rules = e->v.pay[cost_of[kind]] == PAY_PAID ? WHY_PAID : -1;
	if (by_rules < 0 || (own >= 0 && fee_basis_free[own] && !fee_basis_free[by_rules]))
		return ERR_OK;
	*ret = (struct fee_said){ .basis = by_rules, .why = verdict_reference(c->a, &e->facts, &e->v, cost_of[kind]), .by = e };
	return counted_promise(c, o, kind, ret);
}

enum err fee_exclusions_proved(struct ctx *c, const struct order *o, const struct fee_line *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!l[i].struck && l[i].basis == WHY_EXCLUDED && o->device_id != NIL && o->kind == KIND_REPAIR)
			return ruling_stands(c, o);
	}
	return ERR_OK;
}

/* ---- free visits and support months go before everything else ---- */

static bool pays_for(const struct allowance *a, const struct fee_line *l, bool support, int64_t *ret_n, day today)
{
	*ret_n = l->qty;
	if (a->kind == ALLOWANCE_VISIT)
		return l->kind == FEE_VISIT && a->granted - a->used >= l->qty;
	*ret_n = 1;
	if (a->month_from.d != NIL && today.d < day_add_months(a->month_from, 1).d)
		*ret_n = 0;
	return support && a->granted - a->used >= *ret_n;
}

enum err fee_take_allowance(struct ctx *c, const struct order *o, bool support, struct fee_line *l)
{
	day today = money_today(c);
	struct allowance *a;
	int64_t n;
	size_t count;

	if (l->kind != FEE_VISIT && !support)
		return ERR_OK;
	TRY(allowance_usable(c, o, &a, &count));
	for (size_t i = 0; i < count; i++) {
		if (!pays_for(&a[i], l, support, &n, today))
			continue;
		TRY(db_exec(c, &q_allowance_use, BIND(P(id, a[i].id), P(n, n), P(month_from, a[i].kind == ALLOWANCE_SUPPORT && n ? today : a[i].month_from)), 1));
		l->allowance_id = a[i].id;
		l->allowance_n = n;
		l->basis = WHY_ALLOWANCE;
		l->reason = a[i].source;
		return ERR_OK;
	}
	return ERR_OK;
}

/* A support month that other lines live on stays used: the next of them holds it then. */
static enum err give_month(struct ctx *c, const struct fee_line *l, bool *ret_kept)
{
	int64_t heir;

	*ret_kept = false;
	if (!l->allowance_n)
		return ERR_OK;
	TRY(money_if_found(c, db_int(c, &q_fee_month_heir, BIND(P(allowance_id, l->allowance_id), P(id, l->id)), &heir), ret_kept));
	return *ret_kept ? db_exec(c, &q_fee_month_move, BIND(P(id, heir)), 1) : ERR_OK;
}

enum err fee_give_back(struct ctx *c, const struct order *o, const struct fee_line *l)
{
	bool kept = false;

	if (l->promise.n)
		return promise_used(c, o->device_id, l->promise, (int)-l->qty, 0);
	if (l->allowance_id == NIL)
		return ERR_OK;
	TRY(give_month(c, l, &kept));
	return kept ? ERR_OK : db_exec(c, &q_allowance_use, BIND(P(id, l->allowance_id), P(n, -l->allowance_n), P(month_from, NO_DAY)), 1);
}
