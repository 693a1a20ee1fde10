/* fee_web.c — the "Fees" panel of an order and its doors: lines, quotes, payment, write-offs, payment on account; the quote as the customer sees it. */
#include "money.html.h"
#include "slice/account/perm.h"
#include "slice/entitlement/entitlement.h"
#include "slice/money/money_view.h"
#include "slice/money/money_web.h"

/* ---- what comes in ---- */

#define F(m, kind, label, ...) INPUT(struct fee_in, m, kind, label, __VA_ARGS__)
FORM(fee_form, struct fee_in,
	F(code, IN_TOKEN, N_("Price or part number"), .max = 60),
	F(kind, IN_ENUM, N_("Kind of fee"), .names = fee_kinds),
	F(name, IN_TEXT, N_("What is charged"), .max = 120),
	F(unit_price, IN_MONEY, N_("Price (parts: their cost)"), .hint = N_("80.00")),
	F(qty, IN_INT, N_("Quantity"), .min = 1, .max = 10000),
	F(basis, IN_ENUM, N_("Free or paid"), .names = fee_bases),
	F(reason, IN_TEXT, N_("Reason"), .max = 300),
	F(currency, IN_TOKEN, N_("Currency"), .max = 3));
#undef F
FORM(strike_form, struct strike_in,
	INPUT(struct strike_in, ver, IN_INT, N_("Version"), .required = true, .min = 1),
	INPUT(struct strike_in, basis, IN_ENUM, N_("Free or paid"), .names = fee_bases),
	INPUT(struct strike_in, reason, IN_TEXT, N_("Reason"), .max = 300));
FORM(quote_form, struct quote_in,
	INPUT(struct quote_in, content, IN_LINES, N_("What will be done"), .max = 1000),
	INPUT(struct quote_in, deposit, IN_MONEY, N_("Deposit asked for")),
	INPUT(struct quote_in, valid_until, IN_DAY, N_("Valid until")),
	INPUT(struct quote_in, currency, IN_TOKEN, N_("Currency"), .max = 3));
#define F(m, kind, label, ...) INPUT(struct receipt_in, m, kind, label, __VA_ARGS__)
FORM(receipt_form, struct receipt_in,
	F(kind, IN_ENUM, N_("Payment, deposit or refund"), .names = receipt_kinds),
	F(amount, IN_MONEY, N_("Amount"), .required = true, .hint = N_("80.00")),
	F(method, IN_ENUM, N_("How it was paid"), .names = pay_methods, .required = true),
	F(receipt_no, IN_TEXT, N_("Invoice or receipt number"), .max = 60),
	F(reference, IN_TEXT, N_("Transaction number"), .max = 80),
	F(payer, IN_TEXT, N_("Paid by"), .max = 100),
	F(on, IN_DAY, N_("Paid on")),
	F(reason, IN_TEXT, N_("Reason"), .max = 300),
	F(currency, IN_TOKEN, N_("Currency"), .max = 3));
#undef F
#define F(m, kind, label, ...) INPUT(struct waiver_in, m, kind, label, __VA_ARGS__)
FORM(waiver_form, struct waiver_in,
	F(kind, IN_ENUM, N_("Discount, compensation or write-off"), .names = waiver_kinds, .required = true),
	F(amount, IN_MONEY, N_("Amount"), .required = true, .hint = N_("80.00")),
	F(reason, IN_LINES, N_("Reason"), .required = true, .max = 500),
	F(technical, IN_LINES, N_("Technical verdict after the visit"), .max = 1000),
	F(agreement, IN_LINES, N_("Agreement with the customer"), .max = 1000),
	F(currency, IN_TOKEN, N_("Currency"), .max = 3));
#undef F
FORM(account_form, struct account_in,
	INPUT(struct account_in, due_on, IN_DAY, N_("Pay until"), .required = true),
	INPUT(struct account_in, reason, IN_TEXT, N_("Reason"), .max = 300));
static const char *const places[] = { "order", "till", "finance", NULL };
#define F(m, kind, label, ...) INPUT(struct act_in, m, kind, label, __VA_ARGS__)
FORM(money_act_form, struct act_in,
	F(event, IN_TOKEN, N_("Event"), .max = 40, .required = true),
	F(ver, IN_INT, N_("Version"), .required = true, .min = 1),
	F(reason, IN_LINES, N_("Reason"), .max = 500),
	F(signer, IN_TEXT, N_("Agreed by"), .max = 100),
	F(signature, IN_TOKEN, N_("Signature"), .max = 400000),
	F(how, IN_ENUM, N_("How the customer agreed"), .names = quote_hows),
	F(receipt_no, IN_TEXT, N_("Invoice or receipt number"), .max = 60),
	F(reference, IN_TEXT, N_("Transaction number"), .max = 80),
	F(counted, IN_MONEY, N_("Cash counted")),
	F(currency, IN_TOKEN, N_("Currency"), .max = 3),
	F(from, IN_ENUM, N_("Page"), .names = places));
#undef F

/* Forms read a bare amount with two decimals; a currency without or with three has its own. */
static bool rescale(money *m, const char cur[4])
{
	int digits = money_digits(cur);

	for (; digits < 2; digits++) {
		if (m->minor % 10)
			return false;
		m->minor /= 10;
	}
	for (; digits > 2; digits--)
		if (__builtin_mul_overflow(m->minor, 10, &m->minor))
			return false;
	memcpy(m->cur, cur, 4);
	return true;
}

enum err money_typed(struct ctx *c, const char *field, str currency, const char cur[4], money *m)
{
	if (m->minor == NIL)
		return ERR_OK;
	if (!currency.n)
		return money_same(c, field, *m, cur);
	if (!str_eq(currency, str_c(cur)))
		return fail_field(c, field, N_("This is kept in {1}; an amount in {2} cannot be mixed in."), str_c(cur), currency);
	return rescale(m, cur) ? ERR_OK : fail_field(c, field, N_("{1} has no such small parts."), currency);
}

enum err money_act_from(struct ctx *c, const struct money_table *t, const struct act_in *in, struct money_act *ret)
{
	int ev = name_index(t->events, in->event);

	if (ev < 0)
		return fail_field(c, "event", N_("There is no such step here."));
	*ret = (struct money_act){ .ev = ev, .ver = in->ver, .reason = in->reason, .signer = in->signer, .how = in->how, .receipt_no = in->receipt_no, .reference = in->reference,
		.counted = in->counted };
	return order_signature(c, in->signature, &ret->signature);
}

/* ---- what goes out ---- */

static const struct field state_fields[] = {
	FIELD(struct fee_state, fee), FIELD(struct fee_state, tax), FIELD(struct fee_state, paid), FIELD(struct fee_state, waived), FIELD(struct fee_state, due),
	FIELD(struct fee_state, approved), FIELD(struct fee_state, on_account), { 0 }
};
struct fees_page { str no; struct fee_line *lines; size_t n; struct fee_state *state; struct quote *quote; struct receipt *receipts; size_t n_receipts; struct waiver *waivers; size_t n_waivers; };
static const struct field fees_fields[] = {
	FIELD(struct fees_page, no), FIELD_LIST(struct fees_page, lines, n, fee_line_fields), FIELD_OBJ(struct fees_page, state, state_fields),
	FIELD_OBJ(struct fees_page, quote, quote_fields), FIELD_LIST(struct fees_page, receipts, n_receipts, receipt_fields),
	FIELD_LIST(struct fees_page, waivers, n_waivers, waiver_fields), { 0 }
};
const struct view fee_view = { "fees", N_("Fees"), NULL, fees_fields, sizeof(struct fees_page) };

/* ---- filling the panel ---- */

static enum err price_options(struct ctx *c, struct fee_panel *p)
{
	struct price_list l;
	struct price_item *item;
	size_t n;
	enum err e = price_list_for(c, p->o.org_path, &l);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	p->cur = p->o.fee.minor == NIL ? l.currency : p->cur;
	if (!str_eq(p->cur, l.currency))
		return ERR_OK;
	TRY(price_items(c, l.id, &item, &n));
	p->price = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (p->n_price && str_eq(p->price[p->n_price - 1].value, item[i].code))
			continue;
		if (item[i].model.n && !str_eq(item[i].model, p->o.model))
			continue;
		p->price[p->n_price++] = (struct ui_option){ item[i].code, arena_fmt(c->a, "%.*s · %.*s", STR_ARG(price_item_name(c, &item[i])), STR_ARG(show(c, V(item[i].unit_price)))) };
	}
	return ERR_OK;
}

static void basis_options(struct ctx *c, struct fee_panel *p)
{
	p->basis = NEW_N(c->a, struct ui_option, WHY_N);
	for (int i = 0; i < WHY_N; i++)
		if (i != WHY_ALLOWANCE && i != WHY_ACCEPTED && i != WHY_OPEN)
			p->basis[p->n_basis++] = (struct ui_option){ str_c(fee_bases[i]), arena_fmt(c->a, "%.*s: %.*s",
				STR_ARG(fee_basis_free[i] ? _("Free") : _("Paid")), STR_ARG(tr(c, fee_basis_titles[i]))) };
}

static void rights(struct ctx *c, struct fee_panel *p)
{
	bool cashier = may(c, PERM_MONEY_COLLECT);

	p->open = p->o.state < ORDER_SETTLED;
	p->may_edit = p->may_quote = p->may_take = cashier && p->open;
	p->may_refund = (may(c, PERM_MONEY_COUNTERSIGN) || may(c, PERM_MONEY_FINANCE)) && p->state.due.minor < 0;
	p->may_waive = (cashier || may(c, PERM_MONEY_DISCOUNT)) && p->state.has_lines;
	p->may_account = may(c, PERM_MONEY_FINANCE) && p->state.due.minor > 0 && p->open;
	if (p->may_waive)
		p->limit = waiver_limit(c, p->state.fee.cur);
}

/* An order without a fee is not asked for its quote and its payments. */
static enum err fill_state(struct ctx *c, struct fee_panel *p)
{
	enum err e;

	p->state = (struct fee_state){ p->none, p->none, p->none, p->none, p->none, NO_MONEY, .has_lines = false };
	if (!p->n_line && !p->n_waiver)
		return ERR_OK;
	e = quote_of_order(c, &p->o, &p->quote);
	p->has_quote = !e;
	if (e && e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	TRY(receipt_of_order(c, p->o.id, &p->receipt, &p->n_receipt));
	return fee_state_of(c, &p->o, p->has_quote ? &p->quote : NULL, p->receipt, p->n_receipt, &p->state);
}

/* The rule a line follows, as a sentence. */
static enum err tell_reasons(struct ctx *c, struct fee_panel *p)
{
	struct rules by;

	if (!p->n_line)
		return ERR_OK;
	TRY(rules_in_use(c, &by));
	for (size_t i = 0; i < p->n_line; i++)
		p->line[i].reason = reference_told(c, by.set, p->line[i].reason);
	return ERR_OK;
}

enum err fee_panel_fill(struct ctx *c, struct req *r, const struct order *o, struct fee_panel **ret)
{
	struct fee_panel *p = NEW(c->a, struct fee_panel);

	p->o = *o;
	p->req = r;
	money_house_cur(c, p->none.cur);
	if (o->fee.minor != NIL)
		memcpy(p->none.cur, o->fee.cur, 4);
	p->cur = arena_str(c->a, S_CUR(p->none));
	TRY(fee_lines(c, o->id, false, &p->line, &p->n_line));
	TRY(tell_reasons(c, p));
	TRY(waiver_of_order(c, o->id, &p->waiver, &p->n_waiver));
	TRY(fill_state(c, p));
	rights(c, p);
	if (p->may_edit) {
		TRY(allowance_left(c, o, &p->allowance, &p->n_allowance));
		TRY(price_options(c, p));
		basis_options(c, p);
	}
	*ret = p;
	return ERR_OK;
}

static bool panel_shown(const struct ctx *c, const struct order *o)
{
	(void)o;
	return may(c, PERM_MONEY_READ);
}

static enum err panel_load(struct ctx *c, const struct order *o, void **ret)
{
	struct fee_panel *p;

	TRY(fee_panel_fill(c, NULL, o, &p));
	*ret = p;
	return ERR_OK;
}

static void panel_draw(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data)
{
	(void)order;
	fee_panel_html(o, c, r, data);
}
const struct order_panel money_order_panel = { N_("Fees"), panel_shown, panel_draw, panel_load };

/* ---- answers ---- */

static enum err fees_json(struct ctx *c, const struct order *o, struct reply *out)
{
	struct fees_page *p = NEW(c->a, struct fees_page);
	struct fee_panel *f;

	TRY(fee_panel_fill(c, NULL, o, &f));
	*p = (struct fees_page){ o->no, f->line, f->n_line, &f->state, f->has_quote ? &f->quote : NULL, f->receipt, f->n_receipt, f->waiver, f->n_waiver };
	out->view = &fee_view;
	out->model = p;
	out->ver = o->ver;
	return ERR_OK;
}

enum err fee_answer(struct ctx *c, struct req *r, const char *where, struct reply *out)
{
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	live_touch(c, "orders");
	out->location = arena_fmt(c->a, "/orders/%.*s#%s", STR_ARG(o.no), where);
	return fees_json(c, &o, out);
}

enum err fees_again(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_page *p;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(order_page_fill(c, r, &o, &p));
	out->view = &order_view;
	out->model = p;
	out->title = o.no;
	return ERR_OK;
}

/* ---- handlers ---- */

enum err fees_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	return fees_json(c, &o, out);
}

enum err fees_add(struct ctx *c, struct req *r, struct reply *out)
{
	const struct fee_in *in = r->form;
	struct fee_new n = { .code = in->code, .kind = in->kind, .name = in->name, .unit_price = in->unit_price, .qty = in->qty == NIL ? 1 : in->qty, .distance_m = NIL,
		.basis = in->basis, .reason = in->reason };
	struct order o;
	char cur[4];
	int64_t id;

	TRY(order_get(c, r->arg[0], &o));
	TRY(fee_currency(c, &o, cur));
	TRY(money_typed(c, "unit_price", in->currency, cur, &n.unit_price));
	TRY(fee_add(c, &o, &n, &id));
	out->created = true;
	return fee_answer(c, r, "fees", out);
}

static enum err line_id(struct ctx *c, struct req *r, struct order *o, int64_t *ret)
{
	TRY(order_get(c, r->arg[0], o));
	return str_int(r->arg[1], ret) ? ERR_OK : fail(c, ERR_NOT_FOUND, NULL);
}

enum err fees_strike(struct ctx *c, struct req *r, struct reply *out)
{
	const struct strike_in *in = r->form;
	struct order o;
	int64_t id;

	TRY(line_id(c, r, &o, &id));
	TRY(fee_strike(c, &o, id, in->ver, in->reason));
	return fee_answer(c, r, "fees", out);
}

enum err fees_rebase(struct ctx *c, struct req *r, struct reply *out)
{
	const struct strike_in *in = r->form;
	struct order o;
	int64_t id;

	TRY(line_id(c, r, &o, &id));
	TRY(fee_rebase(c, &o, id, in->ver, in->basis, in->reason));
	return fee_answer(c, r, "fees", out);
}

enum err fees_quote(struct ctx *c, struct req *r, struct reply *out)
{
	const struct quote_in *in = r->form;
	struct quote_new n = { in->content, in->valid_until, in->deposit };
	struct order o;
	struct quote q;
	char cur[4];

	TRY(order_get(c, r->arg[0], &o));
	TRY(fee_currency(c, &o, cur));
	TRY(money_typed(c, "deposit", in->currency, cur, &n.deposit));
	TRY(quote_make(c, &o, &n, &q));
	out->created = true;
	out->flash = trf(c, N_("Quote {1} is made: {2}."), q.no, q.total);
	return fee_answer(c, r, "fees", out);
}

enum err fees_answer_quote(struct ctx *c, struct req *r, struct reply *out)
{
	struct money_act a;
	struct order o;
	struct quote q;

	TRY(order_get(c, r->arg[0], &o));
	TRY(money_act_from(c, &quote_table, r->form, &a));
	TRY(quote_act(c, &o, r->arg[1], &a, &q));
	out->flash = trf(c, N_("Quote {1} is now “{2}”."), q.no, tr(c, quote_table.state_titles[q.state]));
	return fee_answer(c, r, "fees", out);
}

enum err fees_take(struct ctx *c, struct req *r, struct reply *out)
{
	const struct receipt_in *in = r->form;
	struct receipt_new n = { in->kind, in->method, in->amount, in->reference, in->receipt_no, in->payer, in->reason, in->on };
	struct receipt x;
	struct order o;
	char cur[4];

	TRY(order_get(c, r->arg[0], &o));
	TRY(fee_currency(c, &o, cur));
	TRY(money_typed(c, "amount", in->currency, cur, &n.amount));
	TRY(receipt_take(c, &o, &n, &x));
	live_touch(c, "till");
	out->created = true;
	out->flash = trf(c, N_("Receipt {1}: {2}."), x.no, x.amount);
	return fee_answer(c, r, "fees", out);
}

enum err fees_waive(struct ctx *c, struct req *r, struct reply *out)
{
	const struct waiver_in *in = r->form;
	struct waiver_new n = { in->kind, in->amount, in->reason, in->technical, in->agreement };
	struct waiver w;
	struct order o;
	char cur[4];

	TRY(order_get(c, r->arg[0], &o));
	TRY(fee_currency(c, &o, cur));
	TRY(money_typed(c, "amount", in->currency, cur, &n.amount));
	TRY(waiver_request(c, &o, &n, &w));
	live_touch(c, "till");
	out->created = true;
	out->flash = w.state == WAIVER_APPROVED ? trf(c, N_("{1} over {2} is granted; finance takes note."), w.no, w.amount)
		: trf(c, N_("{1} over {2} waits for a higher approval."), w.no, w.amount);
	return fee_answer(c, r, "fees", out);
}

enum err fees_on_account(struct ctx *c, struct req *r, struct reply *out)
{
	const struct account_in *in = r->form;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(fee_on_account(c, &o, in->due_on, in->reason));
	return fee_answer(c, r, "fees", out);
}

enum err fees_paper(struct ctx *c, struct req *r, struct reply *out)
{
	struct order o;
	struct quote q;

	TRY(order_get(c, r->arg[0], &o));
	if (str_eq(r->arg[1], S("quote"))) {
		TRY(quote_of_order(c, &o, &q));
		return quote_paper(c, r, &o, &q, out);
	}
	if (!str_eq(r->arg[1], S("settlement")) && !str_eq(r->arg[1], S("settlement-80mm")))
		return fail(c, ERR_NOT_FOUND, NULL);
	return settlement_paper(c, r, &o, str_ends(r->arg[1], S("80mm")), out);
}

/* ---- the customer's answer by link ---- */

static void as_holder(struct ctx *c, const struct order *o)
{
	struct actor *who = NEW(c->a, struct actor);

	*who = (struct actor){ .id = NIL, .sight = SIGHT_CUSTOMER, .org_id = NIL, .customer_id = o->customer_id, .name = o->customer, .login = S(""), .lang = c->who->lang, .zone = c->who->zone };
	c->who = who;
}

static enum err link_quote(struct ctx *c, struct req *r, struct order *o, struct quote *q)
{
	TRY(order_by_token(c, r->arg[0], o));
	as_holder(c, o);
	return quote_of_order(c, o, q);
}

static void draw_told(struct out *o, const struct ctx *c, const void *m) { quote_told_page_html(o, c, m); }
const struct view quote_told_view = { "quote_told", N_("Quote"), draw_told, quote_fields, sizeof(struct quote_told) };

enum err link_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct quote_told *t = NEW(c->a, struct quote_told);

	TRY(link_quote(c, r, &t->o, &t->q));
	t->token = r->arg[0];
	t->req = r;
	out->view = &quote_told_view;
	out->model = t;
	return ERR_OK;
}

enum err link_answer(struct ctx *c, struct req *r, struct reply *out)
{
	struct quote_told *t = NEW(c->a, struct quote_told);
	const struct act_in *in = r->form;
	struct money_act a;

	TRY(link_quote(c, r, &t->o, &t->q));
	TRY(money_act_from(c, &quote_table, in, &a));
	if (!a.signer.n)
		a.signer = t->o.customer;
	if (!a.reason.n)
		a.reason = S("-");
	TRY(quote_act(c, &t->o, t->q.no, &a, &t->q));
	live_touch(c, "orders");
	out->location = arena_fmt(c->a, "/t/%.*s", STR_ARG(r->arg[0]));
	out->flash = t->q.state == QUOTE_APPROVED ? _("Thank you. We go on with the repair.") : _("We have noted that you do not want the repair.");
	out->view = &quote_told_view;
	out->model = t;
	return ERR_OK;
}

enum err link_paper(struct ctx *c, struct req *r, struct reply *out)
{
	struct order o;
	struct quote q;

	TRY(link_quote(c, r, &o, &q));
	return quote_paper(c, r, &o, &q, out);
}

bool quote_told_shown(const struct ctx *c, const struct order *o)
{
	(void)c;
	return o->fee.minor != NIL;
}

enum err quote_told_load(struct ctx *c, const struct order *o, void **ret)
{
	struct quote_told *t = NEW(c->a, struct quote_told);
	enum err e = quote_of_order(c, o, &t->q);

	if (e && e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	t->o = *o;
	t->token = o->follow_token;
	if (e)
		t->q.id = NIL;
	*ret = t;
	return ERR_OK;
}

void quote_told_draw(struct out *out, const struct ctx *c, const struct req *r, const struct order *o, void *data)
{
	(void)o;
	quote_told_html(out, c, r, data);
}
