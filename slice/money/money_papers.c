/* money_papers.c — quote, settlement list, receipt, hand-in sheet and the write-off form on paper; a QR code on each leads back to the order [O12, S6]. */
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/money/money_web.h"

static void pair(struct pdf *d, const struct ctx *c, const char *label, str value)
{
	if (value.n)
		pdf_pair(d, tr(c, label), value);
}

static void head(struct pdf *d, struct ctx *c, const struct req *r, const char *title, str no, str token)
{
	pdf_heading(d, tr(c, title), no);
	if (token.n)
		pdf_qr(d, arena_fmt(c->a, "%.*s/t/%.*s", STR_ARG(r->base), STR_ARG(token)), 24);
}

static void order_facts(struct pdf *d, struct ctx *c, const struct order *o)
{
	pair(d, c, N_("Order"), o->no);
	pair(d, c, N_("Customer"), o->customer);
	pair(d, c, N_("Phone"), o->phone);
	pair(d, c, N_("Device"), str_trim(arena_fmt(c->a, "%.*s %.*s", STR_ARG(o->brand), STR_ARG(o->model))));
	pair(d, c, N_("Serial number"), o->serial);
	pair(d, c, N_("Station"), o->station_name);
	pair(d, c, N_("Engineer"), o->engineer);
}

static str free_or_paid(const struct ctx *c, bool free, int basis)
{
	if (basis == WHY_OPEN)
		return tr(c, fee_basis_titles[basis]);
	return trf(c, N_("{1}: {2}"), free ? _("Free") : _("Paid"), tr(c, fee_basis_titles[basis]));
}

enum { COLS = 5 };
struct bill_row { str name; int64_t qty; money unit_price, amount; bool free; int basis; };

static void bill(struct pdf *d, struct ctx *c, const struct bill_row *row, size_t n)
{
	static const int weight[COLS] = { 5, 1, 2, 2, 4 };
	const str cols[COLS] = { _("Item"), _("Quantity"), _("Price"), _("Amount"), _("Free or paid") };
	str *cell = NEW_N(c->a, str, COLS * n + 1);

	for (size_t i = 0; i < n; i++) {
		cell[COLS * i] = row[i].name;
		cell[COLS * i + 1] = show(c, v_int(row[i].qty));
		cell[COLS * i + 2] = show(c, V(row[i].unit_price));
		cell[COLS * i + 3] = show(c, V(row[i].amount));
		cell[COLS * i + 4] = free_or_paid(c, row[i].free, row[i].basis);
	}
	if (n)
		pdf_table(d, cols, weight, COLS, cell, n);
}

static enum err finish(struct ctx *c, struct pdf *d, str no, const char *what, struct reply *out)
{
	TRY(pdf_close(d, &out->bytes));
	out->file_type = S("application/pdf");
	out->file_name = arena_fmt(c->a, "%.*s-%s.pdf", STR_ARG(no), what);
	out->inline_file = true;
	return ERR_OK;
}

enum err quote_paper(struct ctx *c, struct req *r, const struct order *o, const struct quote *q, struct reply *out)
{
	struct bill_row *row = NEW_N(c->a, struct bill_row, q->n_lines + 1);
	const str label[] = { _("Customer's signature"), _("For the service") };
	struct pdf *d;

	TRY(pdf_open(c, PAPER_A4, _("Quote"), &d));
	head(d, c, r, N_("Quote"), q->no, o->follow_token);
	order_facts(d, c, o);
	pair(d, c, N_("Made"), show(c, V(q->at)));
	pair(d, c, N_("Valid until"), show(c, V(q->valid_until)));
	pair(d, c, N_("What will be done"), q->content);
	for (size_t i = 0; i < q->n_lines; i++)
		row[i] = (struct bill_row){ q->lines[i].name, q->lines[i].qty, q->lines[i].unit_price, q->lines[i].amount, q->lines[i].free, q->lines[i].basis };
	bill(d, c, row, q->n_lines);
	pair(d, c, N_("You pay"), show(c, V(q->total)));
	pair(d, c, N_("Tax in it"), show(c, V(q->tax)));
	if (q->deposit.minor)
		pair(d, c, N_("Deposit asked for"), show(c, V(q->deposit)));
	pair(d, c, N_("State"), tr(c, quote_table.state_titles[q->state]));
	pair(d, c, N_("Agreed by"), q->state == QUOTE_APPROVED ? q->decided_by : (str){ 0 });
	pdf_para(d, _("We repair after you agree. Should more be needed, you get a new quote first. If you do not want the repair, only diagnosis and visit are charged."));
	pdf_sign(d, label, 2, (const str[]){ attachment_signature(c, q->signature_id), { 0 } });
	return finish(c, d, q->no, "quote", out);
}

/* A narrow paper has room for the number that counts. */
static void receipts_narrow(struct pdf *d, struct ctx *c, const struct receipt *x, size_t n)
{
	static const int weight[] = { 2, 3, 3 };
	const str cols[] = { _("Kind"), _("Amount"), _("Receipt number") };
	str *cell = NEW_N(c->a, str, LEN(cols) * n + 1);

	for (size_t i = 0; i < n; i++) {
		cell[LEN(cols) * i] = x[i].state == RECEIPT_VOID ? _("Void") : tr(c, receipt_kind_titles[x[i].kind]);
		cell[LEN(cols) * i + 1] = show(c, V(x[i].amount));
		cell[LEN(cols) * i + 2] = x[i].receipt_no.n ? x[i].receipt_no : x[i].no;
	}
	if (n)
		pdf_table(d, cols, weight, LEN(cols), cell, n);
}

static void receipts_table(struct pdf *d, struct ctx *c, const struct receipt *x, size_t n)
{
	static const int weight[] = { 3, 2, 2, 3, 3 };
	const str cols[] = { _("Payment receipt"), _("Kind"), _("Amount"), _("How it was paid"), _("Invoice or receipt number") };
	str *cell = NEW_N(c->a, str, COLS * n + 1);

	for (size_t i = 0; i < n; i++) {
		cell[COLS * i] = x[i].no;
		cell[COLS * i + 1] = x[i].state == RECEIPT_VOID ? _("Void") : tr(c, receipt_kind_titles[x[i].kind]);
		cell[COLS * i + 2] = show(c, V(x[i].amount));
		cell[COLS * i + 3] = tr(c, pay_method_titles[x[i].method]);
		cell[COLS * i + 4] = x[i].receipt_no;
	}
	if (n)
		pdf_table(d, cols, weight, COLS, cell, n);
}

/* What the customer sees before paying [F1]. */
enum err settlement_paper(struct ctx *c, struct req *r, const struct order *o, bool thermal, struct reply *out)
{
	const str label[] = { _("Customer's signature"), _("For the service") };
	struct bill_row *row;
	struct fee_line *l;
	struct fee_state f;
	struct receipt *x;
	struct pdf *d;
	size_t n, n_x;

	TRY(fee_lines(c, o->id, true, &l, &n));
	TRY(fee_state(c, o, &f));
	TRY(receipt_of_order(c, o->id, &x, &n_x));
	row = NEW_N(c->a, struct bill_row, n + 1);
	for (size_t i = 0; i < n; i++)
		row[i] = (struct bill_row){ l[i].name, l[i].qty, l[i].unit_price, l[i].amount, l[i].free, l[i].basis };
	TRY(pdf_open(c, thermal ? PAPER_80MM : PAPER_A4, _("Settlement list"), &d));
	head(d, c, r, N_("Settlement list"), o->no, o->follow_token);
	order_facts(d, c, o);
	pair(d, c, N_("What was done"), o->result);
	bill(d, c, row, n);
	pair(d, c, N_("Fee"), show(c, V(f.fee)));
	pair(d, c, N_("Tax in it"), show(c, V(f.tax)));
	pair(d, c, N_("Waived"), f.waived.minor ? show(c, V(f.waived)) : (str){ 0 });
	pair(d, c, N_("Paid so far"), show(c, V(f.paid)));
	pair(d, c, N_("Still due"), show(c, V(f.due)));
	(thermal ? receipts_narrow : receipts_table)(d, c, x, n_x);
	pdf_sign(d, label, 2, (const str[]){ attachment_signature(c, o->signature_id), { 0 } });
	return finish(c, d, o->no, "settlement", out);
}

enum err receipt_paper(struct ctx *c, struct req *r, const struct receipt *x, bool thermal, struct reply *out)
{
	const str label[] = { _("Customer's signature"), _("Taken by"), _("Countersigned by") };
	const char *title = x->kind == RECEIPT_REFUND ? N_("Refund receipt") : N_("Payment receipt");
	struct order o;
	struct pdf *d;

	TRY(order_fresh(c, x->order_id, &o));
	TRY(pdf_open(c, thermal ? PAPER_80MM : PAPER_A4, tr(c, title), &d));
	head(d, c, r, title, x->no, o.follow_token);
	order_facts(d, c, &o);
	pair(d, c, N_("Kind"), x->state == RECEIPT_VOID ? _("Void") : tr(c, receipt_kind_titles[x->kind]));
	pair(d, c, N_("Amount"), show(c, V(x->amount)));
	pair(d, c, N_("How it was paid"), tr(c, pay_method_titles[x->method]));
	pair(d, c, N_("Transaction number"), x->reference);
	pair(d, c, N_("Invoice or receipt number"), x->receipt_no);
	pair(d, c, N_("Paid by"), x->payer);
	pair(d, c, N_("Taken by"), x->by_name);
	pair(d, c, N_("When"), show(c, V(x->at)));
	pair(d, c, N_("Countersigned by"), x->countersigned_by);
	pair(d, c, N_("Cash hand-in"), x->handin_no);
	pair(d, c, N_("Reason"), x->reason);
	pair(d, c, N_("Signed by"), o.signer);
	pdf_sign(d, label, 3, (const str[]){ attachment_signature(c, o.signature_id), { 0 }, { 0 } });
	return finish(c, d, x->no, "receipt", out);
}

enum err handin_paper(struct ctx *c, struct req *r, const struct handin *h, struct reply *out)
{
	const str label[] = { _("Handed in by"), _("Counted by") };
	struct pdf *d;

	TRY(pdf_open(c, PAPER_A4, _("Cash hand-in"), &d));
	head(d, c, r, N_("Cash hand-in"), h->no, (str){ 0 });
	pdf_qr(d, arena_fmt(c->a, "%.*s/handins/%.*s", STR_ARG(r->base), STR_ARG(h->no)), 24);
	pair(d, c, N_("From whom to whom"), tr(c, handin_level_titles[h->level]));
	pair(d, c, N_("Holder"), h->holder);
	pair(d, c, N_("Station"), h->station);
	pair(d, c, N_("When"), show(c, V(h->at)));
	pair(d, c, N_("Declared"), show(c, V(h->declared)));
	pair(d, c, N_("Cash counted"), show(c, V(h->counted)));
	if (h->counted.minor != NIL)
		pair(d, c, N_("Difference"), show(c, V(money_add(h->counted, money_minus(h->declared)))));
	pair(d, c, N_("Reason"), h->reason);
	pair(d, c, N_("Bank slip or bag number"), h->reference);
	pair(d, c, N_("State"), tr(c, handin_table.state_titles[h->state]));
	pair(d, c, N_("Handed in by"), h->by_name);
	pair(d, c, N_("Counted by"), h->counted_by);
	pdf_sign(d, label, 2, NULL);
	return finish(c, d, h->no, "handin", out);
}

/* The quality write-off form [S6]. */
enum err waiver_paper(struct ctx *c, struct req *r, const struct waiver *w, struct reply *out)
{
	const str label[] = { _("Department"), _("Technician"), _("Customer"), _("General manager") };
	struct order o;
	struct pdf *d;

	TRY(order_fresh(c, w->order_id, &o));
	TRY(pdf_open(c, PAPER_A4, _("Quality handling and write-off form"), &d));
	head(d, c, r, N_("Quality handling and write-off form"), w->no, o.follow_token);
	order_facts(d, c, &o);
	pair(d, c, N_("Kind"), tr(c, waiver_kind_titles[w->kind]));
	pair(d, c, N_("Amount"), show(c, V(w->amount)));
	pair(d, c, N_("Asked by"), w->by_name);
	pair(d, c, N_("When"), show(c, V(w->at)));
	pair(d, c, N_("Reason"), w->reason);
	pair(d, c, N_("Technical verdict after the visit"), w->technical);
	pair(d, c, N_("Agreement with the customer"), w->agreement);
	pair(d, c, N_("State"), tr(c, waiver_table.state_titles[w->state]));
	pair(d, c, N_("Decided by"), w->decided_by);
	pair(d, c, N_("Noted by finance"), w->noted_by);
	pdf_sign(d, label, 4, NULL);
	return finish(c, d, w->no, "writeoff", out);
}
