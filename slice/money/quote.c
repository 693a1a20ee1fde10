/* quote.c — what the customer agrees to before work: made of the fee lines, approved by signature or link [F2, O10]. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/entitlement/entitlement.h"
#include "slice/money/money_int.h"

#define Q(m) FIELD(struct quote, m)
static const struct field line_fields[] = {
	FIELD(struct quote_line, id), FIELD(struct quote_line, line_id), FIELD(struct quote_line, qty), FIELD_ENUM(struct quote_line, kind, fee_kinds),
	FIELD_ENUM(struct quote_line, basis, fee_bases), FIELD(struct quote_line, name), FIELD(struct quote_line, unit_price), FIELD(struct quote_line, amount),
	FIELD(struct quote_line, free), FIELD(struct quote_line, reason), { 0 }
};
#define QUOTE_FIELDS Q(id), Q(ver), Q(order_id), Q(signature_id), Q(no), Q(order_no), Q(content), Q(by_name), Q(decided_by), Q(reason), Q(total), Q(tax), Q(deposit), Q(valid_until), \
	Q(at), Q(decided_at), FIELD_ENUM(struct quote, decided_how, quote_hows)
static const char *const quote_states[] = { "sent", "approved", "refused", "withdrawn", NULL };
static const struct field row_fields[] = { QUOTE_FIELDS, FIELD_ENUM(struct quote, state, quote_states), { 0 } };
const struct field quote_fields[] = {
	Q(no), Q(ver), Q(order_no), FIELD_ENUM(struct quote, state, quote_states), Q(total), Q(tax), Q(deposit), Q(content), Q(valid_until), Q(by_name), Q(at), Q(decided_at), Q(decided_by),
	FIELD_ENUM(struct quote, decided_how, quote_hows), Q(reason), FIELD_LIST(struct quote, lines, n_lines, line_fields), { 0 }
};

/* ---- reading ---- */

static enum err with_lines(struct ctx *c, struct quote *q)
{
	struct rules by;

	TRY(db_rows(c, &q_quote_lines, BIND(P(quote_id, q->id)), line_fields, sizeof *q->lines, FEE_LINES_MAX, &q->lines, &q->n_lines));
	TRY(rules_in_use(c, &by));
	for (size_t i = 0; i < q->n_lines; i++)
		q->lines[i].reason = reference_told(c, by.set, q->lines[i].reason);
	return ERR_OK;
}

static enum err load(struct ctx *c, const struct bind *b, struct quote *ret)
{
	struct quote q = { 0 };

	TRY(db_row(c, &q_quotes, b, row_fields, &q));
	TRY(with_lines(c, &q));
	*ret = q;
	return ERR_OK;
}

enum err quote_get(struct ctx *c, str no, struct quote *ret)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return load(c, BIND(P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(limit, 1)), ret);
}

/* The order was read in sight, or by its token. */
enum err quote_of_order(struct ctx *c, const struct order *o, struct quote *ret)
{
	return load(c, BIND(P(order_id, o->id), P(limit, 1)), ret);
}

enum err quote_list(struct ctx *c, const struct money_filter *f, struct quote **ret, size_t *ret_n)
{
	struct in_sight s;
	struct order o = { .id = NIL };
	str state = f->state < 0 ? (str){ 0 } : str_c(quote_states[f->state]);

	TRY(money_scope(c, &s));
	if (f->order.n)
		TRY(order_get(c, f->order, &o));
	return db_rows(c, &q_quotes, BIND(P(order_id, o.id), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(state, state), P(before, f->before),
		P(limit, (int64_t)f->limit)), row_fields, sizeof **ret, f->limit, ret, ret_n);
}

/* ---- making ---- */

static enum err withdraw_open(struct ctx *c, const struct order *o)
{
	struct quote q;
	bool found;

	TRY(money_if_found(c, quote_of_order(c, o, &q), &found));
	if (!found || q.state != QUOTE_SENT)
		return ERR_OK;
	TRY(db_exec(c, &q_quote_set, BIND(P(id, q.id), P(ver, q.ver), P(state, quote_states[QUOTE_WITHDRAWN]), P(now, c->now), P(decided_by, c->who->name),
		P(decided_how, (str){ 0 }), P(reason, "replaced"), P(signature_id, NIL)), 1));
	return audit_add(c, "order", o->id, "quote_withdraw", BIND(P(quote, q.no), P(reason, "replaced")));
}

/* The diagnosis is waived when there is other paid work to accept. */
static bool waived_if_accepted(struct ctx *c, const struct fee_line *l, size_t n)
{
	if (!setting_bool(c, "money.diagnosis_waived"))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!l[i].free && (l[i].kind == FEE_LABOUR || l[i].kind == FEE_PART || l[i].kind == FEE_MATERIAL))
			return true;
	return false;
}

static enum err put_line(struct ctx *c, int64_t quote_id, const struct fee_line *l, bool waive)
{
	bool accepted = waive && !l->free && l->kind == FEE_DIAGNOSIS;
	bool free = l->free || accepted;

	return db_exec(c, &q_quote_line_insert, BIND(P(quote_id, quote_id), P(line_id, l->id), P(kind, fee_kinds[l->kind]), P(name, l->name), P(qty, l->qty), P(unit_price, l->unit_price),
		P(amount, l->amount), P(currency, (const char *)l->amount.cur), P(free, free), P(basis, fee_bases[accepted ? WHY_ACCEPTED : l->basis])), 1);
}

static enum err check_new(struct ctx *c, const struct order *o, const struct quote_new *n, day *ret_until)
{
	int64_t least = setting_int(c, "money.quote_binding_days");
	day today = money_today(c), until = n->valid_until;

	if (o->state >= ORDER_SETTLED)
		return fail(c, ERR_CONFLICT, N_("The order is “{1}”: its fee stands."), tr(c, order_state_titles[o->state]));
	if (until.d == NIL)
		until.d = today.d + setting_int(c, "money.quote_days");
	if (until.d < today.d + least)
		return fail_field(c, "valid_until", N_("A quote binds us for {1} days at least."), least);
	*ret_until = until;
	return ERR_OK;
}

static void sums_of(const struct fee_line *l, size_t n, bool waive, money *total, money *tax)
{
	*total = *tax = money_zero(n ? l[0].amount.cur : "CNY");
	for (size_t i = 0; i < n; i++)
		if (fee_counts(&l[i]) && !(waive && l[i].kind == FEE_DIAGNOSIS)) {
			*total = money_add(*total, l[i].amount);
			*tax = money_add(*tax, l[i].tax);
		}
}

static enum err all_decided(struct ctx *c, const struct fee_line *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (l[i].basis == WHY_OPEN)
			return fail(c, ERR_CONFLICT, N_("Please decide first whether “{1}” is free."), l[i].name);
	return ERR_OK;
}

enum err quote_make(struct ctx *c, const struct order *o, const struct quote_new *n, struct quote *ret)
{
	money total, tax, deposit = n->deposit;
	struct fee_line *l;
	bool waive;
	size_t count;
	int64_t id;
	day until;
	str no;

	assert(db_writing(c->db));
	TRY(check_new(c, o, n, &until));
	TRY(fee_lines(c, o->id, true, &l, &count));
	if (!count)
		return fail(c, ERR_CONFLICT, N_("A quote needs at least one line."));
	TRY(all_decided(c, l, count));
	TRY(fee_exclusions_proved(c, o, l, count));
	waive = waived_if_accepted(c, l, count);
	sums_of(l, count, waive, &total, &tax);
	if (deposit.minor == NIL)
		deposit = money_zero(total.cur);
	TRY(money_same(c, "deposit", deposit, total.cur));
	if (deposit.minor < 0 || deposit.minor > total.minor)
		return fail_field(c, "deposit", N_("A deposit lies between 0 and {1}."), total);
	TRY(withdraw_open(c, o));
	TRY(series_next(c, "quote", &no));
	TRY(db_insert(c, &q_quote_insert, BIND(P(no, no), P(order_id, o->id), P(org_path, o->org_path), P(total, total), P(tax, tax), P(deposit, deposit), P(currency, S_CUR(total)),
		P(content, n->content.n ? n->content : S("")), P(valid_until, until), P(by_id, c->who->id), P(by_name, c->who->name), P(now, c->now)), &id));
	for (size_t i = 0; i < count; i++)
		TRY(put_line(c, id, &l[i], waive));
	TRY(audit_add(c, "order", o->id, "quote", BIND(P(quote, no), P(total, total), P(deposit, deposit), P(until, until), P(text, n->content))));
	return quote_of_order(c, o, ret);
}

/* ---- the answer ---- */

static enum err line_by_id(struct ctx *c, const struct order *o, int64_t id, struct fee_line *ret)
{
	struct fee_line *l;
	size_t n;

	TRY(db_rows(c, &q_fee_lines, BIND(P(order_id, o->id), P(id, id)), fee_line_fields, sizeof *l, 1, &l, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	*ret = *l;
	return ERR_OK;
}

/* A line that was struck or decided otherwise since the quote was made is not what the customer saw. */
static enum err still_as_quoted(struct ctx *c, const struct order *o, const struct quote *q)
{
	struct fee_line *l;
	size_t n;
	money total, tax;
	bool waive;

	TRY(fee_lines(c, o->id, true, &l, &n));
	waive = waived_if_accepted(c, l, n);
	sums_of(l, n, waive, &total, &tax);
	if (total.minor != q->total.minor || n != q->n_lines)
		return fail(c, ERR_CONFLICT, N_("The fee changed since this quote was made. Please make a new one."));
	return ERR_OK;
}

static enum err approved(struct ctx *c, const struct order *o, const struct quote *q)
{
	struct fee_line l;

	if (q->valid_until.d < money_today(c).d)
		return fail(c, ERR_CONFLICT, N_("This quote was valid until {1}. Please ask for a new one."), q->valid_until);
	TRY(still_as_quoted(c, o, q));
	for (size_t i = 0; i < q->n_lines; i++) {
		if (q->lines[i].basis != WHY_ACCEPTED)
			continue;
		TRY(line_by_id(c, o, q->lines[i].line_id, &l));
		if (!l.free && !l.struck)
			TRY(fee_set_basis(c, o, &l, WHY_ACCEPTED, q->no));
	}
	return ERR_OK;
}

/* Without the repair the customer pays what was already done: the diagnosis and the visit. */
static enum err refused(struct ctx *c, const struct order *o, const struct quote *q)
{
	struct fee_line *l;
	size_t n;

	TRY(fee_lines(c, o->id, true, &l, &n));
	for (size_t i = 0; i < n; i++)
		if (l[i].kind != FEE_DIAGNOSIS && l[i].kind != FEE_VISIT)
			TRY(fee_strike(c, o, l[i].id, l[i].ver, q->no));
	return ERR_OK;
}

/* An order that waits for this answer goes on: the house moves it, whoever answered. */
static enum err wake_order(struct ctx *c, const struct order *seen, const struct quote *q)
{
	struct order_act a = { .ev = ORDER_EV_RESUME, .note = q->no, .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT, .device_at = NO_INSTANT,
		.fee = NO_MONEY };
	const struct actor *who = c->who;
	struct order o;
	enum err e;

	if (seen->state != ORDER_WAITING || seen->wait != WAIT_QUOTE)
		return ERR_OK;
	c->who = &actor_system;
	e = order_by_id(c, seen->id, &o);
	if (!e) {
		a.ver = o.ver;
		e = order_fire(c, &o, &a);
	}
	c->who = who;
	return e;
}

static enum err keep_signature(struct ctx *c, const struct order *o, const struct money_act *a, int64_t *ret_id)
{
	*ret_id = NIL;
	if (!a->signature.n)
		return ERR_OK;
	return attachment_bytes(c, "order", o->id, S("quote-signature.png"), S("image/png"), a->signature, true, ret_id);
}

enum err quote_act(struct ctx *c, const struct order *o, str no, const struct money_act *a, struct quote *ret)
{
	bool customer = c->who->sight == SIGHT_CUSTOMER;
	int how = customer ? HOW_LINK : a->how < 0 ? a->signature.n ? HOW_SIGNATURE : HOW_PHONE : a->how;
	const struct money_move *m;
	struct quote q;
	int64_t signature;

	TRY(quote_of_order(c, o, &q));
	if (!str_eq(q.no, no))
		return fail(c, ERR_CONFLICT, N_("There is a newer quote: {1}."), q.no);
	TRY(money_move_check(c, &quote_table, q.state, a->ver, NIL, a, &m));
	if (a->ev == QUOTE_EV_APPROVE && how == HOW_SIGNATURE && !a->signature.n)
		return fail_field(c, "signature", N_("Please let the customer sign."));
	if (a->ev == QUOTE_EV_APPROVE)
		TRY(approved(c, o, &q));
	if (a->ev == QUOTE_EV_REFUSE)
		TRY(refused(c, o, &q));
	TRY(keep_signature(c, o, a, &signature));
	TRY(db_exec(c, &q_quote_set, BIND(P(id, q.id), P(ver, q.ver), P(state, quote_states[m->to]), P(now, c->now), P(decided_by, a->signer.n ? a->signer : c->who->name),
		P(decided_how, a->ev == QUOTE_EV_WITHDRAW ? (str){ 0 } : str_c(quote_hows[how])), P(reason, a->reason), P(signature_id, signature)), 1));
	TRY(audit_add(c, "order", o->id, arena_fmt(c->a, "quote_%s", quote_table.events[a->ev]).p, BIND(P(quote, q.no), P(total, q.total), P(signer, a->signer), P(reason, a->reason),
		P(how, quote_hows[how]))));
	if (a->ev != QUOTE_EV_WITHDRAW)
		TRY(wake_order(c, o, &q));
	return quote_of_order(c, o, ret);
}
