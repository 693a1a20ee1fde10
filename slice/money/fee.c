/* fee.c — what an order costs: lines from the price list, each paid or free and why; the customer's account follows them [F1, O10, W2]. One order, one currency [F6]. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/entitlement/entitlement.h"
#include "slice/money/money_int.h"
#include "slice/parts/parts.h"

#define L(m) FIELD(struct fee_line, m)
const struct field fee_line_fields[] = {
	L(id), L(ver), L(order_id), L(qty), L(tax_bp), L(allowance_id), FIELD_ENUM(struct fee_line, kind, fee_kinds), FIELD_ENUM(struct fee_line, basis, fee_bases), L(code), L(name), L(reason),
	L(priced_by), L(struck_why), L(by_name), L(unit_price), L(amount), L(tax), L(free), L(struck), L(billed), L(at), L(allowance_n), L(promise), { 0 }
};

bool fee_counts(const struct fee_line *l) { return !l->free && l->basis != WHY_OPEN; }

/* ---- currency ---- */

enum err fee_currency(struct ctx *c, const struct order *o, char ret[4])
{
	struct price_list l;
	bool found;

	if (o->fee.minor != NIL) {
		memcpy(ret, o->fee.cur, 4);
		return ERR_OK;
	}
	TRY(money_if_found(c, price_list_for(c, o->org_path, &l), &found));
	if (found)
		money_cur(l.currency, ret);
	else
		money_house_cur(c, ret);
	return ERR_OK;
}

/* ---- authority ---- */

/* Against the verdict only who may override it, and for free only as much as they may give away; what the customer wishes beyond it is theirs to pay. */
static enum err check_override(struct ctx *c, const struct fee_said *said, int basis, money amount)
{
	money limit = goodwill_limit(c);

	if (!said->by || basis == WHY_GOODWILL || basis == WHY_WISH || fee_basis_free[basis] == fee_basis_free[said->basis])
		return ERR_OK;
	if (!may(c, PERM_VERDICT_OVERRIDE))
		return fail_field(c, "basis", N_("The verdict says “{1}”. Only who may override verdicts can decide otherwise."), tr(c, fee_basis_titles[said->basis]));
	if (fee_basis_free[basis] && (amount.minor > limit.minor || !money_is(amount, limit.cur)))
		return fail_field(c, "basis", N_("You may grant up to {1}. Please ask for a write-off instead."), limit);
	return ERR_OK;
}

static enum err check_basis(struct ctx *c, const struct fee_said *said, int basis, str reason, money amount)
{
	if (basis < 0)
		return fail_field(c, "basis", N_("Free or paid, and why? The coverage of this device is not known yet."));
	if (basis == WHY_ALLOWANCE || basis == WHY_ACCEPTED || basis == WHY_OPEN)
		return fail_field(c, "basis", N_("“{1}” comes about by itself."), tr(c, fee_basis_titles[basis]));
	if (basis != said->basis && !str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	if (basis == WHY_GOODWILL && amount.minor > waiver_limit(c, amount.cur).minor)
		return fail_field(c, "basis", N_("You may grant up to {1}. Please ask for a write-off instead."), waiver_limit(c, amount.cur));
	return check_override(c, said, basis, amount);
}

/* ---- what it costs ---- */

/* A part that is on no price list costs what its catalogue says, else what we paid for it and the list's margin. */
static enum err catalogue_price(struct ctx *c, const struct price_list *list, const struct fee_new *n, struct fee_line *l, bool *ret_found)
{
	struct spare p;
	bool priced;

	*ret_found = false;
	if (!n->code.n || (n->kind >= 0 && n->kind != FEE_PART) || n->unit_price.minor != NIL)
		return ERR_OK;
	TRY(money_if_found(c, part_by_no(c, n->code, &p), ret_found));
	if (!*ret_found)
		return ERR_OK;
	priced = p.price.minor != NIL;
	*ret_found = (priced || p.cost.minor != NIL) && money_is(priced ? p.price : p.cost, l->unit_price.cur);
	l->kind = FEE_PART;
	l->code = p.no;
	l->name = p.name;
	if (*ret_found)
		l->unit_price = priced ? p.price : money_with_margin(p.cost, list->margin_bp);
	return ERR_OK;
}

static enum err item_price(struct ctx *c, const struct order *o, const struct price_list *list, const struct fee_new *n, struct fee_line *l, bool *ret_found)
{
	int64_t distance = n->distance_m != NIL ? n->distance_m : o->travel_m != NIL ? o->travel_m : 0;
	struct price_item item;

	*ret_found = false;
	if (!n->code.n)
		return ERR_OK;
	TRY(money_if_found(c, price_item_for(c, list, n->code, o->model, distance, &item), ret_found));
	if (!*ret_found)
		return ERR_OK;
	l->kind = item.kind;
	l->name = price_item_name(c, &item);
	l->unit_price = item.unit_price;
	l->tax_bp = item.tax_bp;
	l->support = item.support;
	return ERR_OK;
}

/* l->unit_price.cur is the order's currency. */
static enum err listed_price(struct ctx *c, const struct order *o, const struct fee_new *n, struct fee_line *l, bool *ret_found)
{
	struct price_list list;

	TRY(money_if_found(c, price_list_for(c, o->org_path, &list), ret_found));
	if (!*ret_found)
		return n->unit_price.minor == NIL ? fail_field(c, "code", N_("No price list is in force here.")) : ERR_OK;
	if (!str_eq(list.currency, str_c(l->unit_price.cur))) {
		*ret_found = false;
		return n->unit_price.minor == NIL ? fail_field(c, "code", N_("The price list here is in {1}, this order is in {2}."), list.currency, S_CUR(l->unit_price)) : ERR_OK;
	}
	l->tax_bp = list.tax_bp;
	l->priced_by = arena_fmt(c->a, "%.*s/%lld", STR_ARG(list.code), (long long)list.version);
	TRY(item_price(c, o, &list, n, l, ret_found));
	if (*ret_found)
		return ERR_OK;
	TRY(catalogue_price(c, &list, n, l, ret_found));
	if (!*ret_found && n->kind == FEE_PART && n->unit_price.minor != NIL)
		l->unit_price = money_with_margin(n->unit_price, list.margin_bp);
	return ERR_OK;
}

/* The order's currency, or the price that was typed in it. */
static enum err start_line(struct ctx *c, const struct order *o, const struct fee_new *n, struct fee_line *l)
{
	char cur[4];

	TRY(fee_currency(c, o, cur));
	*l = (struct fee_line){ .kind = n->kind, .code = n->code, .name = n->name, .qty = n->qty == NIL ? 1 : n->qty, .unit_price = n->unit_price, .allowance_id = NIL,
		.priced_by = S(PRICED_BY_HAND), .basis = n->basis, .reason = n->reason };
	if (n->unit_price.minor != NIL)
		TRY(money_same(c, "unit_price", n->unit_price, cur));
	memcpy(l->unit_price.cur, cur, 4);
	if (l->qty < 1 || l->qty > 10000)
		return fail_field(c, "qty", N_("A quantity lies between 1 and 10000."));
	return ERR_OK;
}

static enum err price_line(struct ctx *c, const struct order *o, const struct fee_new *n, struct fee_line *l)
{
	bool found;

	TRY(start_line(c, o, n, l));
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

static enum err amounts(struct ctx *c, struct fee_line *l)
{
	if (l->unit_price.minor > MONEY_MAX / l->qty)
		return fail_field(c, "unit_price", N_("This is more than any order may cost."));
	l->amount = money_part(l->unit_price, l->qty, 1);
	l->tax = money_tax_inside(l->amount, l->tax_bp);
	return ERR_OK;
}

static enum err put_line(struct ctx *c, const struct order *o, struct fee_line *l, const struct fee_said *said, int64_t *ret_id)
{
	int64_t verdict;

	l->free = fee_basis_free[l->basis];
	if (said->by)
		TRY(entitlement_keep(c, o->device_id, o->id, STAGE_QUOTE, said->by, &verdict));
	if (l->promise.n)
		TRY(promise_used(c, o->device_id, l->promise, (int)l->qty, 0));
	TRY(db_insert(c, &q_fee_insert, BIND(P(order_id, o->id), P(kind, fee_kinds[l->kind]), P(code, l->code), P(name, l->name), P(qty, l->qty), P(unit_price, l->unit_price),
		P(amount, l->amount), P(tax, l->tax), P(tax_bp, l->tax_bp), P(currency, (const char *)l->amount.cur), P(free, l->free), P(basis, fee_bases[l->basis]), P(reason, l->reason),
		P(priced_by, l->priced_by), P(allowance_id, l->allowance_id), P(allowance_n, l->allowance_n), P(promise, str_or_none(l->promise)), P(by_id, c->who->id),
		P(by_name, c->who->name), P(now, c->now)), ret_id));
	TRY(audit_add(c, "order", o->id, "fee", BIND(P(kind, fee_kinds[l->kind]), P(text, l->name), P(qty, l->qty), P(amount, l->amount), P(basis, fee_bases[l->basis]),
		P(reason, l->reason), P(priced_by, l->priced_by))));
	return fee_follow(c, o);
}

static void take_said(const struct fee_said *s, struct fee_line *l)
{
	l->basis = s->basis;
	l->reason = str_trim(l->reason).n ? l->reason : s->why;
	l->promise = s->promise;
}

enum err fee_add(struct ctx *c, const struct order *o, const struct fee_new *n, int64_t *ret_id)
{
	struct fee_said said;
	struct fee_line l;

	assert(db_writing(c->db));
	TRY(still_open(c, o));
	TRY(price_line(c, o, n, &l));
	TRY(fee_basis_said(c, o, l.kind, l.code, l.name, &said));
	TRY(amounts(c, &l));
	if (n->basis < 0) {
		take_said(&said, &l);
		TRY(fee_take_allowance(c, o, l.support || (l.kind == FEE_LABOUR && o->kind == KIND_SUPPORT), &l));
	}
	if (l.basis == WHY_ALLOWANCE)
		l.promise = (str){ 0 };
	else if (l.promise.n && l.qty > said.left)
		return fail_field(c, "qty", N_("Free visits left: {1}. Enter the others as a line of their own."), said.left);
	else
		TRY(check_basis(c, &said, l.basis, l.reason, l.amount));
	return put_line(c, o, &l, &said, ret_id);
}

/* A price nobody knows and a coverage nobody can tell leave the line open; they do not stop the repair. */
enum err fee_of_part(struct ctx *c, const struct order *o, const struct spare *p, int64_t qty, int64_t *ret_id)
{
	struct fee_new n = { .code = p->no, .kind = FEE_PART, .name = p->name, .unit_price = NO_MONEY, .qty = qty, .distance_m = NIL, .basis = -1 };
	struct fee_said said;
	struct fee_line l;
	enum err e;

	TRY(start_line(c, o, &n, &l));
	e = price_line(c, o, &n, &l);
	if (e && e != ERR_INVALID)
		return e;
	c->diag = (struct diag){ 0 };
	l.kind = FEE_PART;
	l.name = l.name.n ? l.name : p->name;
	TRY(fee_basis_said(c, o, FEE_PART, l.code, l.name, &said));
	take_said(&said, &l);
	if (e) {
		l.unit_price.minor = 0;
		l.priced_by = S(PRICED_BY_NOTHING);
	}
	if (e || l.basis < 0)
		l.basis = WHY_OPEN;
	TRY(amounts(c, &l));
	return put_line(c, o, &l, &said, ret_id);
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
	TRY(fee_give_back(c, o, &l));
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
	if (l.allowance_id != NIL || l.promise.n)
		return fail(c, ERR_CONFLICT, N_("This line used a free visit. Strike it and add it anew."));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(fee_basis_said(c, o, l.kind, l.code, l.name, &said));
	TRY(check_basis(c, &said, basis, reason, l.amount));
	return fee_set_basis(c, o, &l, basis, reason);
}

/* ---- the customer's account ---- */

enum err fee_bill_line(struct ctx *c, const struct order *o, const struct fee_line *l, int sign)
{
	struct cash_doc d = CASH_DOC(sign > 0 ? "bill" : "unbill", o->id, o->no, l->amount);
	int64_t org;
	str path;

	if (!fee_counts(l))
		return ERR_OK;
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
		if (fee_counts(&l[i]) && !l[i].billed)
			TRY(fee_bill_line(c, o, &l[i], 1));
	return ERR_OK;
}

struct sums { money fee, tax, unbilled; int64_t n, open; };
static const struct field sum_fields[] = {
	FIELD(struct sums, fee), FIELD(struct sums, tax), FIELD(struct sums, unbilled), FIELD(struct sums, n), FIELD(struct sums, open), { 0 }
};

/* In the order's currency also while nothing is summed. */
static enum err sums_of(struct ctx *c, const struct order *o, struct sums *ret)
{
	char cur[4];

	TRY(db_row(c, &q_fee_sums, BIND(P(order_id, o->id)), sum_fields, ret));
	if (ret->n)
		return ERR_OK;
	TRY(fee_currency(c, o, cur));
	ret->fee = ret->tax = ret->unbilled = money_zero(cur);
	return ERR_OK;
}

enum err fee_follow(struct ctx *c, const struct order *o)
{
	struct sums s;

	TRY(sums_of(c, o, &s));
	return order_fee_set(c, o->id, s.fee);
}

enum err fee_state_of(struct ctx *c, const struct order *o, const struct quote *q, const struct receipt *r, size_t n, struct fee_state *ret)
{
	struct fee_state f = { .approved = q && q->state == QUOTE_APPROVED ? q->total : NO_MONEY };
	struct sums s;
	int64_t due_on;

	TRY(sums_of(c, o, &s));
	TRY(cash_balance(c, CASH_CUSTOMER, o->id, s.fee.cur, &f.due));
	f.due.minor += s.unbilled.minor;
	f.paid = money_zero(s.fee.cur);
	for (size_t i = 0; i < n; i++) {
		if (r[i].state == RECEIPT_VOID)
			continue;
		f.paid.minor += (r[i].kind == RECEIPT_REFUND ? -1 : 1) * r[i].amount.minor;
		f.open_receipts += r[i].state == RECEIPT_TAKEN || r[i].state == RECEIPT_DISPUTED;
	}
	f.fee = s.fee;
	f.tax = s.tax;
	f.has_lines = s.n > 0;
	f.open_lines = s.open;
	f.waived = money_zero(s.fee.cur);
	f.waived.minor = f.fee.minor - f.paid.minor - f.due.minor;
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

/* ---- the order asks before it is settled or ends ---- */

static enum err settled_whole(struct ctx *c, const struct order *o, bool countersigned)
{
	struct fee_state f;

	TRY(fee_state(c, o, &f));
	if (f.open_lines)
		return fail(c, ERR_CONFLICT, N_("Of {1} lines nobody decided yet whether they are free."), f.open_lines);
	if (f.due.minor > 0 && !f.on_account)
		return fail(c, ERR_CONFLICT, N_("{1} of the fee are not paid yet."), f.due);
	if (f.due.minor < 0)
		return fail(c, ERR_CONFLICT, N_("{1} too much were taken. Please refund them first."), money_minus(f.due));
	if (countersigned && f.open_receipts)
		return fail(c, ERR_CONFLICT, N_("A receipt waits for the station head's countersignature."));
	return fee_bill(c, o);
}

/* What the diagnosis tells decides the lines that were open for lack of it. */
static enum err decide_open(struct ctx *c, const struct order *o)
{
	struct fee_said said;
	struct fee_line *l;
	size_t n;

	TRY(fee_lines(c, o->id, true, &l, &n));
	for (size_t i = 0; i < n; i++) {
		if (l[i].basis != WHY_OPEN || !l[i].unit_price.minor)
			continue;
		TRY(fee_basis_said(c, o, l[i].kind, l[i].code, l[i].name, &said));
		if (said.basis >= 0)
			TRY(fee_set_basis(c, o, &l[i], said.basis, said.why));
	}
	return ERR_OK;
}

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	struct sums s;

	if (a->fee.minor != NIL) {
		TRY(sums_of(c, o, &s));
		if (a->fee.minor != s.fee.minor || !money_is(a->fee, s.fee.cur))
			return fail_field(c, "fee", N_("The fee follows from its lines: {1}."), s.fee);
	}
	if (m->ev == ORDER_EV_DIAGNOSE)
		return decide_open(c, o);
	if (m->ev == ORDER_EV_SETTLE)
		return settled_whole(c, o, true);
	if (m->ev == ORDER_EV_CANCEL || m->ev == ORDER_EV_REJECT)
		return settled_whole(c, o, false);
	return ERR_OK;
}
const struct order_hook money_order_hook = { .name = "money", .on = on_move };
