/* receipt.c — payments, deposits and refunds, countersigned by the station head [F2, S11]. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/money/money_int.h"

#define R(m) FIELD(struct receipt, m)
static const char *const receipt_states[] = { "taken", "disputed", "countersigned", "confirmed", "void", NULL };
static const struct field row_fields[] = {
	R(id), R(ver), R(order_id), R(org_id), R(holder_id), R(by_id), R(handin_id), R(countersigned_id), R(no), R(order_no), R(customer), R(reference), R(receipt_no), R(payer),
	R(holder_kind), R(org_path), R(station), R(by_name), R(handin_no), R(reason), R(countersigned_by), R(confirmed_by), FIELD_ENUM(struct receipt, kind, receipt_kinds),
	FIELD_ENUM(struct receipt, method, pay_methods), FIELD_ENUM(struct receipt, state, receipt_states), R(amount), R(rounding), R(at), R(countersigned_at), R(confirmed_at),
	R(on_day), { 0 }
};
const struct field receipt_fields[] = {
	R(no), R(ver), R(order_no), R(customer), FIELD_ENUM(struct receipt, kind, receipt_kinds), FIELD_ENUM(struct receipt, method, pay_methods),
	FIELD_ENUM(struct receipt, state, receipt_states), R(amount), R(rounding), R(reference), R(receipt_no), R(payer), R(station), R(by_name), R(at), R(on_day), R(handin_no), R(reason),
	R(countersigned_by), R(countersigned_at), R(confirmed_by), R(confirmed_at), { 0 }
};

/* ---- reading ---- */

enum err receipt_get(struct ctx *c, str no, struct receipt *ret)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_row(c, &q_receipts, BIND(P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(limit, 1)), row_fields, ret);
}

enum err receipt_of_order(struct ctx *c, int64_t order_id, struct receipt **ret, size_t *ret_n)
{
	return db_rows(c, &q_receipts, BIND(P(order_id, order_id), P(limit, 200)), row_fields, sizeof **ret, 200, ret, ret_n);
}

enum err receipt_list(struct ctx *c, const struct money_filter *f, struct receipt **ret, size_t *ret_n)
{
	struct in_sight s;
	struct order o = { .id = NIL };
	str state = f->state < 0 ? (str){ 0 } : str_c(receipt_states[f->state]);

	TRY(money_scope(c, &s));
	if (f->order.n)
		TRY(order_get(c, f->order, &o));
	return db_rows(c, &q_receipts, BIND(P(order_id, o.id), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(state, state), P(before, f->before),
		P(limit, (int64_t)f->limit)), row_fields, sizeof **ret, f->limit, ret, ret_n);
}

/* ---- taking ---- */

struct used { int64_t id; str no, order_no; };
static const struct field used_fields[] = { FIELD(struct used, id), FIELD(struct used, no), FIELD(struct used, order_no), { 0 } };

/* Each printed number stands for one receipt. */
static enum err number_free(struct ctx *c, str receipt_no, int64_t except)
{
	struct used u;
	bool found;

	if (!receipt_no.n)
		return ERR_OK;
	TRY(money_if_found(c, db_row(c, &q_receipt_number_used, BIND(P(receipt_no, receipt_no)), used_fields, &u), &found));
	if (found && u.id != except)
		return fail_field(c, "receipt_no", N_("Number {1} is already used on order {2}."), receipt_no, u.order_no);
	return ERR_OK;
}

static enum err check_day(struct ctx *c, day on)
{
	day closed, today = money_today(c);

	if (on.d > today.d)
		return fail_field(c, "on", N_("This day is still to come."));
	TRY(cash_closed_until(c, &closed));
	return closed.d != NIL && on.d <= closed.d ? fail_field(c, "on", N_("The books are closed up to {1}."), closed) : ERR_OK;
}

static enum err check_new(struct ctx *c, const struct receipt_new *n, const char cur[4])
{
	if (n->amount.minor == NIL || n->amount.minor <= 0)
		(void)fail_field(c, "amount", N_("How much? For example 80.00."));
	else
		(void)money_same(c, "amount", n->amount, cur);
	if (n->method < 0)
		(void)fail_field(c, "method", N_("How was it paid?"));
	else if (n->method != METHOD_CASH && !n->reference.n)
		(void)fail_field(c, "reference", N_("Please note the payment's transaction number."));
	if (n->kind == RECEIPT_REFUND && !str_trim(n->reason).n)
		(void)fail_field(c, "reason", N_("Please give the reason."));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

/* Nobody pays what they have not agreed to [O10]. */
static enum err agreed(struct ctx *c, const struct fee_state *f)
{
	if (!setting_bool(c, "money.quote_required"))
		return ERR_OK;
	if (f->approved.minor == NIL)
		return fail(c, ERR_CONFLICT, N_("The customer has not approved a quote yet."));
	if (f->fee.minor > f->approved.minor)
		return fail(c, ERR_CONFLICT, N_("The fee of {1} is above the approved quote of {2}. Please make a new quote."), f->fee, f->approved);
	return ERR_OK;
}

/* The whole fee in cash may leave a few fen behind, in the customer's favour. */
static enum err check_amount(struct ctx *c, const struct receipt_new *n, const struct fee_state *f, int64_t *ret_rounding)
{
	money least = f->due;
	char house[4];

	money_house_cur(c, house);
	if (money_is(f->due, house))
		least = money_cash_down(f->due, setting_int(c, "money.cash_round"));
	*ret_rounding = 0;
	if (n->kind == RECEIPT_REFUND) {
		if (n->amount.minor > -f->due.minor)
			return fail_field(c, "amount", N_("We hold {1} too much of this customer; strike a line or grant a compensation first."), f->due.minor < 0 ? money_minus(f->due) : money_zero(f->due.cur));
		return ERR_OK;
	}
	TRY(agreed(c, f));
	if (n->amount.minor > f->due.minor)
		return fail_field(c, "amount", N_("Only {1} are due."), f->due.minor > 0 ? f->due : money_zero(f->due.cur));
	if (n->method == METHOD_CASH && n->kind == RECEIPT_PAYMENT && n->amount.minor == least.minor)
		*ret_rounding = f->due.minor - least.minor;
	return ERR_OK;
}

/* Where the money is now: with the engineer; at the counter in the station's cash; electronic money is under way to the bank. */
static void holder_of(const struct ctx *c, int method, int64_t org, enum cash_kind *kind, int64_t *owner)
{
	*kind = method != METHOD_CASH ? CASH_TRANSIT : may(c, PERM_MONEY_COUNTERSIGN) ? CASH_STATION : CASH_ENGINEER;
	*owner = *kind == CASH_ENGINEER ? c->who->id : org;
}

/* What is made void leaves the books on the day it is found out. */
static enum err post(struct ctx *c, const struct receipt *r, enum cash_kind holder, int sign)
{
	int64_t in = (r->kind == RECEIPT_REFUND ? -1 : 1) * sign * r->amount.minor;
	struct cash_doc d = CASH_DOC(sign > 0 ? receipt_kinds[r->kind] : "void", r->order_id, r->no, r->amount);

	if (sign > 0)
		d.on = r->on_day;
	return cash_post(c, &d, (const struct cash_line[]){
		{ holder, r->holder_id, { 0 }, r->org_path, in },
		{ CASH_ROUNDING, r->org_id, { 0 }, r->org_path, sign * r->rounding.minor },
		{ CASH_CUSTOMER, r->order_id, { 0 }, r->org_path, -in - sign * r->rounding.minor },
	}, 3);
}

static bool may_take(const struct ctx *c, int kind)
{
	if (kind == RECEIPT_REFUND)
		return may(c, PERM_MONEY_COUNTERSIGN) || may(c, PERM_MONEY_FINANCE);
	return may(c, PERM_MONEY_COLLECT);
}

enum err receipt_take(struct ctx *c, const struct order *o, const struct receipt_new *n, struct receipt *ret)
{
	struct receipt r = { .order_id = o->id, .kind = n->kind < 0 ? RECEIPT_PAYMENT : n->kind, .method = n->method, .amount = n->amount,
		.on_day = n->on.d == NIL ? money_today(c) : n->on };
	struct receipt_new whole = *n;
	enum cash_kind holder;
	struct fee_state f;
	int64_t id;

	assert(db_writing(c->db));
	whole.kind = r.kind;
	if (!may_take(c, r.kind))
		return fail(c, ERR_FORBIDDEN, NULL);
	TRY(fee_state(c, o, &f));
	TRY(check_new(c, &whole, f.fee.cur));
	TRY(check_day(c, r.on_day));
	r.rounding = money_zero(f.fee.cur);
	TRY(check_amount(c, &whole, &f, &r.rounding.minor));
	TRY(number_free(c, n->receipt_no, NIL));
	TRY(money_place(c, o, &r.org_id, &r.org_path));
	holder_of(c, n->method, r.org_id, &holder, &r.holder_id);
	TRY(fee_bill(c, o));
	TRY(series_next(c, "receipt", &r.no));
	TRY(db_insert(c, &q_receipt_insert, BIND(P(no, r.no), P(order_id, o->id), P(kind, receipt_kinds[r.kind]), P(method, pay_methods[r.method]), P(amount, r.amount),
		P(rounding, r.rounding), P(currency, S_CUR(r.amount)), P(reference, n->reference), P(receipt_no, n->receipt_no), P(payer, n->payer.n ? n->payer : o->customer),
		P(holder_kind, cash_kinds[holder]), P(holder_id, r.holder_id), P(org_id, r.org_id), P(org_path, r.org_path), P(by_id, c->who->id), P(by_name, c->who->name), P(now, c->now),
		P(on_day, r.on_day), P(reason, n->reason)), &id));
	TRY(post(c, &r, holder, 1));
	TRY(audit_add(c, "order", o->id, receipt_kinds[r.kind], BIND(P(receipt, r.no), P(amount, r.amount), P(method, pay_methods[r.method]), P(receipt_no, n->receipt_no),
		P(reference, n->reference), P(reason, n->reason))));
	return db_row(c, &q_receipts, BIND(P(no, r.no), P(limit, 1)), row_fields, ret);
}

/* ---- moves ---- */

static enum err countersigned(struct ctx *c, struct receipt *r, const struct money_act *a)
{
	if (a->receipt_no.n)
		r->receipt_no = a->receipt_no;
	if (!r->receipt_no.n && setting_bool(c, "money.receipt_no_required"))
		return fail_field(c, "receipt_no", N_("Please note the invoice or receipt number."));
	TRY(number_free(c, r->receipt_no, r->id));
	r->countersigned_id = c->who->id;
	r->countersigned_by = c->who->name;
	r->countersigned_at = c->now;
	return ERR_OK;
}

static enum err corrected(struct ctx *c, struct receipt *r, const struct money_act *a)
{
	if (a->receipt_no.n)
		r->receipt_no = a->receipt_no;
	if (a->reference.n)
		r->reference = a->reference;
	r->countersigned_id = NIL;
	r->countersigned_by = (str){ 0 };
	r->countersigned_at = NO_INSTANT;
	return number_free(c, r->receipt_no, r->id);
}

/* Electronic money arrives at the bank when finance finds it there. */
static enum err confirmed(struct ctx *c, struct receipt *r, const struct money_act *a)
{
	int64_t in = (r->kind == RECEIPT_REFUND ? -1 : 1) * r->amount.minor;
	struct cash_doc d = CASH_DOC("arrived", r->order_id, r->no, r->amount);

	(void)a;
	r->confirmed_by = c->who->name;
	r->confirmed_at = c->now;
	if (r->method == METHOD_CASH)
		return ERR_OK;
	return cash_post(c, &d, (const struct cash_line[]){ { CASH_BANK, 0, { 0 }, { 0 }, in }, { CASH_TRANSIT, r->holder_id, { 0 }, r->org_path, -in } }, 2);
}

static enum err voided(struct ctx *c, struct receipt *r, const struct money_act *a)
{
	r->reason = a->reason;
	if (r->handin_id != NIL)
		return fail(c, ERR_CONFLICT, N_("It is part of hand-in {1}: refund it instead."), r->handin_no);
	return post(c, r, (enum cash_kind)name_index(cash_kinds, r->holder_kind), -1);
}

static enum err disputed(struct ctx *c, struct receipt *r, const struct money_act *a)
{
	(void)c;
	r->reason = a->reason;
	return ERR_OK;
}

static enum err (*const effects[])(struct ctx *c, struct receipt *r, const struct money_act *a) = {
	[RECEIPT_EV_COUNTERSIGN] = countersigned, [RECEIPT_EV_DISPUTE] = disputed, [RECEIPT_EV_CORRECT] = corrected, [RECEIPT_EV_CONFIRM] = confirmed, [RECEIPT_EV_VOID] = voided,
};

enum err receipt_act(struct ctx *c, str no, const struct money_act *a, struct receipt *ret)
{
	const struct money_move *m;
	struct receipt r;

	TRY(receipt_get(c, no, &r));
	TRY(money_move_check(c, &receipt_table, r.state, a->ver, r.by_id, a, &m));
	TRY(effects[a->ev](c, &r, a));
	TRY(db_exec(c, &q_receipt_set, BIND(P(id, r.id), P(ver, r.ver), P(state, receipt_states[m->to]), P(receipt_no, r.receipt_no), P(reference, r.reference), P(reason, r.reason),
		P(countersigned_id, r.countersigned_id), P(countersigned_by, r.countersigned_by), P(countersigned_at, r.countersigned_at), P(confirmed_by, r.confirmed_by),
		P(confirmed_at, r.confirmed_at)), 1));
	TRY(audit_add(c, "order", r.order_id, arena_fmt(c->a, "receipt_%s", receipt_table.events[a->ev]).p, BIND(P(receipt, r.no), P(amount, r.amount), P(receipt_no, r.receipt_no),
		P(reason, a->reason))));
	return receipt_get(c, no, ret);
}

enum { CONFIRM_MAX = 200 };

enum err receipt_confirm_all(struct ctx *c, day until, int64_t *ret_n)
{
	struct money_filter f = { .state = RECEIPT_COUNTERSIGNED, .before = NIL, .limit = CONFIRM_MAX };
	struct receipt *r, done;
	size_t n;

	*ret_n = 0;
	TRY(receipt_list(c, &f, &r, &n));
	for (size_t i = 0; i < n; i++) {
		if (r[i].on_day.d > until.d)
			continue;
		TRY(receipt_act(c, r[i].no, &(struct money_act){ .ev = RECEIPT_EV_CONFIRM, .ver = r[i].ver, .how = -1, .counted = NO_MONEY }, &done));
		++*ret_n;
	}
	return ERR_OK;
}
