/* fee.c — what an order costs: lines from the price list, each paid or free and why; the customer's account follows them [F1, O10, W2]. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/entitlement/entitlement.h"
#include "slice/money/money_int.h"
#include "slice/parts/parts.h"

#define L(m) FIELD(struct fee_line, m)
const struct field fee_line_fields[] = {
	L(id), L(ver), L(order_id), L(qty), L(tax_bp), L(allowance_id), FIELD_ENUM(struct fee_line, kind, fee_kinds), FIELD_ENUM(struct fee_line, basis, fee_bases), L(code), L(name), L(reason),
	L(priced_by), L(struck_why), L(by_name), L(unit_price), L(amount), L(tax), L(free), L(struck), L(billed), L(at), { 0 }
};

/* ---- free or paid ---- */

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

/* A line's own words tell its part, else the diagnosis. */
static enum err part_of_line(struct ctx *c, const struct order *o, int kind, str name, int *ret)
{
	enum part part = kind == FEE_VISIT || kind == FEE_DIAGNOSIS ? PART_OTHER : part_by_words(name);

	if (part == PART_OTHER)
		TRY(part_of_fault(c, o->fault_code, &part));
	*ret = (int)part;
	return ERR_OK;
}

static enum err verdict_on(struct ctx *c, const struct order *o, int kind, str name, struct entitlement *ret)
{
	struct ask a = ask_today(c);

	a.on = tz_day(c->who->zone, o->opened_at);
	a.cause = o->cause.n ? name_index(cause_names, o->cause) : -1;
	a.order_id = o->id;
	TRY(part_of_line(c, o, kind, name, &a.part));
	return entitlement_in_order(c, o->device_id, &a, ret);
}

/* What the law and the promises give beats what the order says of itself. */
enum err fee_basis_said(struct ctx *c, const struct order *o, int kind, str name, struct fee_said *ret)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	int own = fee_basis_of(o), by_rules;

	*ret = (struct fee_said){ own, own == WHY_WARRANTY ? o->coverage : (str){ 0 }, NULL };
	if (own == WHY_RECALL || o->device_id == NIL || o->kind != KIND_REPAIR)
		return ERR_OK;
	TRY(verdict_on(c, o, kind, name, e));
	by_rules = basis_of_verdict(&e->v, cost_of[kind]);
	if (by_rules < 0 || (own >= 0 && fee_basis_free[own] && !fee_basis_free[by_rules]))
		return ERR_OK;
	*ret = (struct fee_said){ by_rules, verdict_reference(c->a, &e->facts, &e->v, cost_of[kind]), e };
	return ERR_OK;
}

/* Free visits and support months go before everything else. */
static enum err take_allowance(struct ctx *c, const struct order *o, struct fee_line *l)
{
	int want = l->kind == FEE_VISIT ? ALLOWANCE_VISIT : l->kind == FEE_LABOUR && o->kind == KIND_SUPPORT ? ALLOWANCE_SUPPORT : -1;
	struct allowance *a;
	size_t n;

	if (want < 0)
		return ERR_OK;
	TRY(allowance_left(c, o, &a, &n));
	for (size_t i = 0; i < n; i++)
		if (a[i].kind == want && a[i].granted - a[i].used >= l->qty) {
			TRY(db_exec(c, &q_allowance_use, BIND(P(id, a[i].id), P(n, l->qty)), 1));
			l->allowance_id = a[i].id;
			l->basis = WHY_ALLOWANCE;
			l->reason = a[i].source;
			return ERR_OK;
		}
	return ERR_OK;
}

/* Against the verdict only who may override it, and for free only as much as they may give away; what the customer wishes beyond it is theirs to pay. */
static enum err check_override(struct ctx *c, const struct fee_said *said, int basis, money amount)
{
	if (!said->by || basis == WHY_GOODWILL || basis == WHY_WISH || fee_basis_free[basis] == fee_basis_free[said->basis])
		return ERR_OK;
	if (!may(c, PERM_VERDICT_OVERRIDE))
		return fail_field(c, "basis", N_("The verdict says “{1}”. Only who may override verdicts can decide otherwise."), tr(c, fee_basis_titles[said->basis]));
	if (fee_basis_free[basis] && amount.minor > goodwill_limit(c).minor)
		return fail_field(c, "basis", N_("You may grant up to {1}. Please ask for a write-off instead."), goodwill_limit(c));
	return ERR_OK;
}

static enum err check_basis(struct ctx *c, const struct fee_said *said, int basis, str reason, money amount)
{
	if (basis < 0)
		return fail_field(c, "basis", N_("Free or paid, and why? The coverage of this device is not known yet."));
	if (basis == WHY_ALLOWANCE || basis == WHY_ACCEPTED)
		return fail_field(c, "basis", N_("“{1}” comes about by itself."), tr(c, fee_basis_titles[basis]));
	if (basis != said->basis && !str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	if (basis == WHY_GOODWILL && amount.minor > waiver_limit(c).minor)
		return fail_field(c, "basis", N_("You may grant up to {1}. Please ask for a write-off instead."), waiver_limit(c));
	return check_override(c, said, basis, amount);
}

/* ---- what it costs ---- */

/* A part that is on no price list costs what its catalogue says, else what we paid for it and the list's margin. */
static enum err catalogue_price(struct ctx *c, const struct price_list *list, const struct fee_new *n, struct fee_line *l, bool *ret_found)
{
	struct spare p;

	*ret_found = false;
	if (!n->code.n || (n->kind >= 0 && n->kind != FEE_PART) || n->unit_price.minor != NIL)
		return ERR_OK;
	TRY(money_if_found(c, part_by_no(c, n->code, &p), ret_found));
	if (!*ret_found)
		return ERR_OK;
	*ret_found = p.price.minor != NIL || p.cost.minor != NIL;
	l->kind = FEE_PART;
	l->name = p.name;
	l->unit_price = p.price.minor != NIL ? p.price : *ret_found ? money_with_margin(p.cost, list->margin_bp) : NO_MONEY;
	return ERR_OK;
}

static enum err listed_price(struct ctx *c, const struct order *o, const struct fee_new *n, struct fee_line *l, bool *ret_found)
{
	int64_t distance = n->distance_m != NIL ? n->distance_m : o->travel_m != NIL ? o->travel_m : 0;
	struct price_list list;
	struct price_item item;
	enum err e;

	TRY(money_if_found(c, price_list_for(c, o->org_path, &list), ret_found));
	if (!*ret_found)
		return n->unit_price.minor == NIL ? fail_field(c, "code", N_("No price list is in force here.")) : ERR_OK;
	l->tax_bp = list.tax_bp;
	l->priced_by = arena_fmt(c->a, "%.*s/%lld", STR_ARG(list.code), (long long)list.version);
	if (n->code.n) {
		e = price_item_for(c, &list, n->code, o->model, distance, &item);
		TRY(money_if_found(c, e, ret_found));
		if (*ret_found) {
			l->kind = item.kind;
			l->name = price_item_name(c, &item);
			l->unit_price = item.unit_price;
			l->tax_bp = item.tax_bp;
			return ERR_OK;
		}
	}
	TRY(catalogue_price(c, &list, n, l, ret_found));
	if (!*ret_found && n->kind == FEE_PART && n->unit_price.minor != NIL)
		l->unit_price = money_with_margin(n->unit_price, list.margin_bp);
	return ERR_OK;
}

static enum err price_line(struct ctx *c, const struct order *o, const struct fee_new *n, struct fee_line *l)
{
	bool found;

	*l = (struct fee_line){ .kind = n->kind, .code = n->code, .name = n->name, .qty = n->qty == NIL ? 1 : n->qty, .unit_price = n->unit_price, .allowance_id = NIL,
		.priced_by = S("by hand"), .basis = n->basis, .reason = n->reason };
	if (l->qty < 1 || l->qty > 10000)
		return fail_field(c, "qty", N_("A quantity lies between 1 and 10000."));
	TRY(listed_price(c, o, n, l, &found));
	if (found)
		return ERR_OK;
	if (n->code.n && (n->kind < 0 || n->unit_price.minor == NIL))
		return fail_field(c, "code", N_("The price list has no {1} for this device and distance."), n->code);
	if (n->kind < 0)
		return fail_field(c, "kind", N_("What kind of fee is it?"));
	if (!l->name.n)
		l->name = n->code;
	if (!l->name.n)
		return fail_field(c, "name", N_("What is charged?"));
	if (l->unit_price.minor == NIL || l->unit_price.minor < 0)
		return fail_field(c, "unit_price", N_("Please give a price, for example 80.00."));
	return ERR_OK;
}

static enum err still_open(struct ctx *c, const struct order *o)
{
	if (o->state >= ORDER_SETTLED)
		return fail(c, ERR_CONFLICT, N_("The order is “{1}”: its fee stands."), tr(c, order_state_titles[o->state]));
	return ERR_OK;
}

enum err fee_add(struct ctx *c, const struct order *o, const struct fee_new *n, int64_t *ret_id)
{
	struct fee_line l;
	struct fee_said said;
	int64_t verdict;

	assert(db_writing(c->db));
	TRY(still_open(c, o));
	TRY(price_line(c, o, n, &l));
	TRY(fee_basis_said(c, o, l.kind, l.name, &said));
	if (n->basis < 0) {
		l.basis = said.basis;
		l.reason = l.reason.n ? l.reason : said.why;
	}
	if (l.unit_price.minor > MONEY_MAX / l.qty)
		return fail_field(c, "unit_price", N_("This is more than any order may cost."));
	l.amount = money_part(l.unit_price, l.qty, 1);
	l.tax = money_tax_inside(l.amount, l.tax_bp);
	if (n->basis < 0)
		TRY(take_allowance(c, o, &l));
	if (l.basis != WHY_ALLOWANCE)
		TRY(check_basis(c, &said, l.basis, l.reason, l.amount));
	if (said.by)
		TRY(entitlement_keep(c, o->device_id, o->id, STAGE_QUOTE, said.by, &verdict));
	l.free = fee_basis_free[l.basis];
	TRY(db_insert(c, &q_fee_insert, BIND(P(order_id, o->id), P(kind, fee_kinds[l.kind]), P(code, l.code), P(name, l.name), P(qty, l.qty), P(unit_price, l.unit_price),
		P(amount, l.amount), P(tax, l.tax), P(tax_bp, l.tax_bp), P(currency, (const char *)l.amount.cur), P(free, l.free), P(basis, fee_bases[l.basis]), P(reason, l.reason),
		P(priced_by, l.priced_by), P(allowance_id, l.allowance_id), P(by_id, c->who->id), P(by_name, c->who->name), P(now, c->now)), ret_id));
	TRY(audit_add(c, "order", o->id, "fee", BIND(P(kind, fee_kinds[l.kind]), P(text, l.name), P(qty, l.qty), P(amount, l.amount), P(basis, fee_bases[l.basis]),
		P(reason, l.reason), P(priced_by, l.priced_by))));
	return fee_follow(c, o);
}

/* ---- taking back, deciding anew ---- */

enum err fee_lines(struct ctx *c, int64_t order_id, bool live, struct fee_line **ret, size_t *ret_n)
{
	return db_rows(c, &q_fee_lines, BIND(P(order_id, order_id), { "live", live ? v_int(1) : (struct val){ 0 } }), fee_line_fields, sizeof **ret, FEE_LINES_MAX, ret, ret_n);
}

static enum err line_of(struct ctx *c, const struct order *o, int64_t id, int64_t ver, struct fee_line *ret)
{
	struct fee_line *l;
	size_t n;

	TRY(still_open(c, o));
	TRY(db_rows(c, &q_fee_lines, BIND(P(order_id, o->id), P(id, id)), fee_line_fields, sizeof *l, 1, &l, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	if (l->struck || l->ver != ver)
		return fail(c, ERR_CONFLICT, N_("This line changed meanwhile. Reload to see what happened."));
	*ret = *l;
	return ERR_OK;
}

enum err fee_strike(struct ctx *c, const struct order *o, int64_t line_id, int64_t ver, str why)
{
	struct fee_line l;

	assert(db_writing(c->db));
	if (!str_trim(why).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(line_of(c, o, line_id, ver, &l));
	if (l.billed)
		TRY(fee_bill_line(c, o, &l, -1));
	if (l.allowance_id != NIL)
		TRY(db_exec(c, &q_allowance_use, BIND(P(id, l.allowance_id), P(n, -l.qty)), 1));
	TRY(db_exec(c, &q_fee_strike, BIND(P(id, l.id), P(ver, l.ver), P(why, why)), 1));
	TRY(audit_add(c, "order", o->id, "fee_struck", BIND(P(text, l.name), P(amount, l.amount), P(reason, why))));
	return fee_follow(c, o);
}

enum err fee_set_basis(struct ctx *c, const struct order *o, const struct fee_line *l, int basis, str reason)
{
	if (l->billed)
		TRY(fee_bill_line(c, o, l, -1));
	TRY(db_exec(c, &q_fee_basis, BIND(P(id, l->id), P(ver, l->ver), P(free, fee_basis_free[basis]), P(basis, fee_bases[basis]), P(reason, reason)), 1));
	TRY(audit_add(c, "order", o->id, "fee_basis", BIND(P(text, l->name), P(from, fee_bases[l->basis]), P(to, fee_bases[basis]), P(reason, reason))));
	return fee_follow(c, o);
}

enum err fee_rebase(struct ctx *c, const struct order *o, int64_t line_id, int64_t ver, int basis, str reason)
{
	struct fee_said said;
	struct fee_line l;

	assert(db_writing(c->db));
	TRY(line_of(c, o, line_id, ver, &l));
	if (l.allowance_id != NIL)
		return fail(c, ERR_CONFLICT, N_("This line used a free visit. Strike it and add it anew."));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(fee_basis_said(c, o, l.kind, l.name, &said));
	TRY(check_basis(c, &said, basis, reason, l.amount));
	return fee_set_basis(c, o, &l, basis, reason);
}

/* ---- the customer's account ---- */

enum err fee_bill_line(struct ctx *c, const struct order *o, const struct fee_line *l, int sign)
{
	struct cash_doc d = { .kind = sign > 0 ? "bill" : "unbill", .order_id = o->id, .ref = o->no };
	int64_t org;
	str path;

	if (l->free)
		return ERR_OK;
	memcpy(d.currency, l->amount.cur, sizeof d.currency);
	TRY(money_place(c, o, &org, &path));
	TRY(cash_post(c, &d, (const struct cash_line[]){
		{ CASH_CUSTOMER, o->id, { 0 }, path, sign * l->amount.minor },
		{ CASH_REVENUE, org, str_c(fee_kinds[l->kind]), path, -sign * (l->amount.minor - l->tax.minor) },
		{ CASH_TAX, org, { 0 }, path, -sign * l->tax.minor },
	}, 3));
	return sign > 0 ? db_exec(c, &q_fee_billed, BIND(P(id, l->id)), 1) : ERR_OK;
}

enum err fee_bill(struct ctx *c, const struct order *o)
{
	struct fee_line *l;
	size_t n;

	TRY(fee_lines(c, o->id, true, &l, &n));
	for (size_t i = 0; i < n; i++)
		if (!l[i].free && !l[i].billed)
			TRY(fee_bill_line(c, o, &l[i], 1));
	return ERR_OK;
}

struct sums { int64_t fee, tax, unbilled, n; };
static const struct field sum_fields[] = { FIELD(struct sums, fee), FIELD(struct sums, tax), FIELD(struct sums, unbilled), FIELD(struct sums, n), { 0 } };

enum err fee_follow(struct ctx *c, const struct order *o)
{
	struct sums s;

	TRY(db_row(c, &q_fee_sums, BIND(P(order_id, o->id)), sum_fields, &s));
	return order_fee_set(c, o->id, CNY(s.fee));
}

enum err fee_state_of(struct ctx *c, const struct order *o, const struct quote *q, const struct receipt *r, size_t n, struct fee_state *ret)
{
	struct fee_state f = { .paid = CNY(0), .approved = q && q->state == QUOTE_APPROVED ? q->total : NO_MONEY };
	money balance;
	struct sums s;
	int64_t due_on;

	TRY(db_row(c, &q_fee_sums, BIND(P(order_id, o->id)), sum_fields, &s));
	TRY(cash_balance(c, CASH_CUSTOMER, o->id, &balance));
	for (size_t i = 0; i < n; i++) {
		if (r[i].state == RECEIPT_VOID)
			continue;
		f.paid.minor += (r[i].kind == RECEIPT_REFUND ? -1 : 1) * r[i].amount.minor;
		f.open_receipts += r[i].state == RECEIPT_TAKEN || r[i].state == RECEIPT_DISPUTED;
	}
	f.fee = CNY(s.fee);
	f.tax = CNY(s.tax);
	f.has_lines = s.n > 0;
	f.due = CNY(balance.minor + s.unbilled);
	f.waived = CNY(f.fee.minor - f.paid.minor - f.due.minor);
	TRY(money_if_found(c, db_int(c, &q_on_account, BIND(P(order_id, o->id)), &due_on), &f.on_account));
	*ret = f;
	return ERR_OK;
}

enum err fee_state(struct ctx *c, const struct order *o, struct fee_state *ret)
{
	struct receipt *r;
	struct quote q;
	bool quoted;
	size_t n;

	TRY(money_if_found(c, quote_of_order(c, o, &q), &quoted));
	TRY(receipt_of_order(c, o->id, &r, &n));
	return fee_state_of(c, o, quoted ? &q : NULL, r, n, ret);
}

enum err fee_on_account(struct ctx *c, const struct order *o, day due_on, str reason)
{
	assert(db_writing(c->db));
	if (!may(c, PERM_MONEY_FINANCE))
		return fail(c, ERR_FORBIDDEN, N_("Payment on account is granted by finance."));
	if (due_on.d == NIL || due_on.d < money_today(c).d)
		return fail_field(c, "due_on", N_("Until which day may the customer pay?"));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(fee_bill(c, o));
	TRY(db_exec(c, &q_on_account_put, BIND(P(order_id, o->id), P(due_on, due_on), P(reason, reason), P(by_name, c->who->name), P(now, c->now)), 1));
	return audit_add(c, "order", o->id, "on_account", BIND(P(until, due_on), P(reason, reason)));
}

/* ---- the order asks before it is settled or ends ---- */

static enum err settled_whole(struct ctx *c, const struct order *o, bool countersigned)
{
	struct fee_state f;

	TRY(fee_state(c, o, &f));
	if (f.due.minor > 0 && !f.on_account)
		return fail(c, ERR_CONFLICT, N_("{1} of the fee are not paid yet."), f.due);
	if (f.due.minor < 0)
		return fail(c, ERR_CONFLICT, N_("{1} too much were taken. Please refund them first."), CNY(-f.due.minor));
	if (countersigned && f.open_receipts)
		return fail(c, ERR_CONFLICT, N_("A receipt waits for the station head's countersignature."));
	return fee_bill(c, o);
}

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	struct sums s;

	if (a->fee.minor != NIL) {
		TRY(db_row(c, &q_fee_sums, BIND(P(order_id, o->id)), sum_fields, &s));
		if (a->fee.minor != s.fee)
			return fail_field(c, "fee", N_("The fee follows from its lines: {1}."), CNY(s.fee));
	}
	if (m->ev == ORDER_EV_SETTLE)
		return settled_whole(c, o, true);
	if (m->ev == ORDER_EV_CANCEL || m->ev == ORDER_EV_REJECT)
		return settled_whole(c, o, false);
	return ERR_OK;
}
const struct order_hook money_order_hook = { "money", on_move };
