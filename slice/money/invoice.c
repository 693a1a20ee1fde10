/* invoice.c — electronic invoices of receipts: the outbox asks for them, a person writes them when it cannot [F2]. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/money/money_int.h"

#define I(m) FIELD(struct invoice, m)
static const struct field row_fields[] = {
	I(id), I(ver), I(receipt_id), I(order_id), I(receipt), I(order_no), I(title), I(tax_no), I(email), I(number), I(url), I(why), I(by_name), I(issued_by),
	FIELD_ENUM(struct invoice, state, invoice_states), I(amount), I(tax), I(at), I(issued_at), { 0 }
};
const struct field invoice_fields[] = {
	I(id), I(ver), I(receipt), I(order_no), FIELD_ENUM(struct invoice, state, invoice_states), I(title), I(tax_no), I(email), I(amount), I(tax), I(number), I(url), I(why), I(by_name), I(at),
	I(issued_by), I(issued_at), { 0 }
};

enum err invoice_get(struct ctx *c, int64_t id, struct invoice *ret)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_row(c, &q_invoices, BIND(P(id, id), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(limit, 1)), row_fields, ret);
}

enum err invoice_open(struct ctx *c, int64_t before, size_t limit, struct invoice **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_rows(c, &q_invoices, BIND(P(open, "issued"), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(before, before), P(limit, (int64_t)limit)), row_fields,
		sizeof **ret, limit, ret, ret_n);
}

enum err invoice_of_order(struct ctx *c, int64_t order_id, struct invoice **ret, size_t *ret_n)
{
	return db_rows(c, &q_invoices, BIND(P(order_id, order_id), P(limit, 100)), row_fields, sizeof **ret, 100, ret, ret_n);
}

static enum err may_have_one(struct ctx *c, const struct receipt *r, const struct invoice_new *n)
{
	struct invoice *old;
	size_t count;

	if (!str_trim(n->title).n)
		return fail_field(c, "title", N_("To whom is the invoice written?"));
	if (r->kind == RECEIPT_REFUND || r->state == RECEIPT_VOID)
		return fail(c, ERR_CONFLICT, N_("Only money received can be invoiced."));
	TRY(invoice_of_order(c, r->order_id, &old, &count));
	for (size_t i = 0; i < count; i++)
		if (old[i].receipt_id == r->id)
			return fail(c, ERR_CONFLICT, N_("There is an invoice of receipt {1} already."), r->no);
	return ERR_OK;
}

/* The receipt's share of the order's tax. */
static enum err tax_of(struct ctx *c, const struct receipt *r, money *ret)
{
	struct fee_state f;
	struct order o;

	TRY(order_fresh(c, r->order_id, &o));
	TRY(fee_state(c, &o, &f));
	*ret = f.fee.minor > 0 ? money_part(f.tax, r->amount.minor, f.fee.minor) : money_zero(r->amount.cur);
	return ERR_OK;
}

enum err invoice_ask(struct ctx *c, str receipt_no, const struct invoice_new *n, struct invoice *ret)
{
	bool by_outbox = setting_str(c, "money.invoice_url").n;
	struct receipt r;
	int64_t id;
	money tax;

	assert(db_writing(c->db));
	TRY(receipt_get(c, receipt_no, &r));
	TRY(may_have_one(c, &r, n));
	TRY(tax_of(c, &r, &tax));
	TRY(db_insert(c, &q_invoice_insert, BIND(P(receipt_id, r.id), P(order_id, r.order_id), P(org_path, r.org_path), P(state, invoice_states[by_outbox ? INVOICE_SENT : INVOICE_WANTED]),
		P(title, n->title), P(tax_no, n->tax_no), P(email, n->email), P(amount, r.amount), P(tax, tax), P(currency, S_CUR(r.amount)), P(by_name, c->who->name), P(now, c->now)), &id));
	if (by_outbox)
		TRY(outbox_put(c, "invoice", BIND(P(invoice, id), P(receipt, r.no), P(order, r.order_no), P(title, n->title), P(tax_no, n->tax_no), P(email, n->email),
			P(amount, r.amount), P(tax, tax))));
	TRY(audit_add(c, "order", r.order_id, "invoice", BIND(P(receipt, r.no), P(text, n->title), P(amount, r.amount))));
	return db_row(c, &q_invoices, BIND(P(id, id), P(limit, 1)), row_fields, ret);
}

static enum err put(struct ctx *c, const struct invoice *i)
{
	return db_exec(c, &q_invoice_set, BIND(P(id, i->id), P(ver, i->ver), P(state, invoice_states[i->state]), P(number, i->number), P(url, i->url), P(why, i->why),
		P(issued_by, i->issued_by), P(issued_at, i->issued_at)), 1);
}

enum err invoice_issue(struct ctx *c, int64_t id, int64_t ver, str number, str url, struct invoice *ret)
{
	struct invoice i;
	enum err e;

	assert(db_writing(c->db));
	TRY(invoice_get(c, id, &i));
	if (!may(c, PERM_MONEY_FINANCE) && !may(c, PERM_MONEY_COUNTERSIGN))
		return fail(c, ERR_FORBIDDEN, NULL);
	if (i.ver != ver || i.state == INVOICE_ISSUED)
		return fail(c, ERR_CONFLICT, NULL);
	if (!str_trim(number).n)
		return fail_field(c, "number", N_("Which number does the invoice have?"));
	i.state = INVOICE_ISSUED;
	i.number = number;
	i.url = url;
	i.issued_by = c->who->name;
	i.issued_at = c->now;
	e = put(c, &i);
	if (e == ERR_CONFLICT)
		return fail_field(c, "number", N_("This number is used already."));
	TRY(e);
	TRY(audit_add(c, "order", i.order_id, "invoice", BIND(P(receipt, i.receipt), P(no, number))));
	return invoice_get(c, id, ret);
}

enum err invoice_answered(struct ctx *c, int64_t id, str number, str url, str why)
{
	struct invoice i;

	assert(db_writing(c->db));
	TRY(invoice_get(c, id, &i));
	if (i.state == INVOICE_ISSUED)
		return ERR_OK;
	i.state = number.n ? INVOICE_ISSUED : INVOICE_FAILED;
	i.number = number;
	i.url = url;
	i.why = number.n ? (str){ 0 } : why;
	i.issued_by = number.n ? c->who->name : (str){ 0 };
	i.issued_at = number.n ? c->now : NO_INSTANT;
	TRY(put(c, &i));
	return audit_add(c, "order", i.order_id, "invoice", BIND(P(receipt, i.receipt), P(no, number), P(reason, i.why)));
}
