/* order_papers.c — the order on paper: intake receipt, dispatch sheet, service report, label; a QR code on each leads back to the order [O12]. */
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/order/order_view.h"

#define PII(m) FIELD_MASK(struct order, m, PERM_CUSTOMER_PII)
static const struct field personal[] = { PII(phone), PII(email), PII(address), { 0 } };

static str title_of(const struct ctx *c, const char *const *titles, int i) { return i < 0 ? (str){ 0 } : tr(c, titles[i]); }

static void pair(struct pdf *d, const struct ctx *c, const char *label, str value)
{
	if (value.n)
		pdf_pair(d, tr(c, label), value);
}

static void head(struct pdf *d, struct ctx *c, const struct req *r, const struct order *o, const char *title)
{
	pdf_heading(d, tr(c, title), o->no);
	pdf_qr(d, arena_fmt(c->a, "%.*s/t/%.*s", STR_ARG(r->base), STR_ARG(o->follow_token)), 24);
}

static void who_and_what(struct pdf *d, struct ctx *c, const struct order *o)
{
	pair(d, c, N_("Customer"), o->customer);
	pair(d, c, N_("Phone"), o->phone);
	pair(d, c, N_("Address"), o->address);
	pair(d, c, N_("Registered"), show(c, V(o->opened_at)));
	pair(d, c, N_("Serial number"), o->serial);
	pair(d, c, N_("Device"), str_trim(arena_fmt(c->a, "%.*s %.*s", STR_ARG(o->brand), STR_ARG(o->model))));
	pair(d, c, N_("Invoice number"), o->invoice_no);
	pair(d, c, N_("Coverage"), o->coverage);
	pair(d, c, N_("Station"), o->station_name);
	pair(d, c, N_("Engineer"), o->engineer);
}

static void accessories(struct pdf *d, struct ctx *c, const struct order *o)
{
	static const int weight[] = { 4, 1 };
	const str cols[] = { _("Accessory"), _("Quantity") };
	str *cell = NEW_N(c->a, str, 2 * o->n_accessories + 1);

	for (size_t i = 0; i < o->n_accessories; i++) {
		cell[2 * i] = o->accessories[i].name;
		cell[2 * i + 1] = show(c, v_int(o->accessories[i].qty));
	}
	if (o->n_accessories)
		pdf_table(d, cols, weight, 2, cell, o->n_accessories);
}

static void signatures(struct pdf *d, struct ctx *c, const char *left, const char *right)
{
	const str label[] = { tr(c, left), tr(c, right) };

	pdf_sign(d, label, 2, NULL);
}

static void receipt(struct pdf *d, struct ctx *c, const struct req *r, const struct order *o)
{
	head(d, c, r, o, N_("Repair intake receipt"));
	who_and_what(d, c, o);
	pair(d, c, N_("Service mode"), title_of(c, order_mode_titles, o->mode));
	pair(d, c, N_("How often"), title_of(c, order_frequency_titles, o->frequency));
	pair(d, c, N_("Customer's data"), title_of(c, order_data_choice_titles, o->data_choice));
	pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("Fault in the customer's words")), STR_ARG(o->fault)));
	if (o->condition.n)
		pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("Condition on arrival")), STR_ARG(o->condition)));
	accessories(d, c, o);
	pdf_para(d, _("Please keep this receipt and bring it when you collect the device. Scan the code to follow the repair."));
	signatures(d, c, N_("Customer's signature"), N_("Received by"));
}

static void dispatch_sheet(struct pdf *d, struct ctx *c, const struct req *r, const struct order *o)
{
	head(d, c, r, o, N_("Dispatch sheet"));
	who_and_what(d, c, o);
	pair(d, c, N_("Appointment"), show(c, V(o->visit_from)));
	pair(d, c, N_("Due"), show(c, V(o->due_at)));
	pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("Fault in the customer's words")), STR_ARG(o->fault)));
	if (o->remote_advice.n)
		pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("Advice given")), STR_ARG(o->remote_advice)));
	signatures(d, c, N_("Engineer"), N_("Customer's signature"));
}

static void service_report(struct pdf *d, struct ctx *c, const struct req *r, const struct order *o)
{
	head(d, c, r, o, N_("Service report"));
	who_and_what(d, c, o);
	pair(d, c, N_("State"), order_state_title(c, o->state));
	pair(d, c, N_("To be done"), title_of(c, order_verdict_titles, o->verdict));
	pair(d, c, N_("Fault code"), o->fault_code);
	pair(d, c, N_("Fee"), show(c, V(o->fee)));
	pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("Fault in the customer's words")), STR_ARG(o->fault)));
	pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("What was found")), STR_ARG(o->finding)));
	pdf_para(d, arena_fmt(c->a, "%.*s: %.*s", STR_ARG(_("What was done")), STR_ARG(o->result)));
	accessories(d, c, o);
	signatures(d, c, N_("Customer's signature"), N_("Engineer"));
}

static void label(struct pdf *d, struct ctx *c, const struct req *r, const struct order *o)
{
	head(d, c, r, o, N_("Work order"));
	pair(d, c, N_("Customer"), o->customer);
	pair(d, c, N_("Device"), o->model);
	pair(d, c, N_("Serial number"), o->serial);
}

static const struct order_paper { const char *name, *title; enum paper paper; void (*draw)(struct pdf *d, struct ctx *c, const struct req *r, const struct order *o); } papers[] = {
	{ "receipt", N_("Repair intake receipt"), PAPER_A4, receipt },
	{ "receipt-80mm", N_("Repair intake receipt"), PAPER_80MM, receipt },
	{ "dispatch", N_("Dispatch sheet"), PAPER_A4, dispatch_sheet },
	{ "report", N_("Service report"), PAPER_A4, service_report },
	{ "label", N_("Work order"), PAPER_LABEL, label },
};

enum err order_paper(struct ctx *c, struct req *r, const struct order *o, str name, struct reply *out)
{
	struct order shown = *o;
	struct pdf *d;

	view_redact(c, personal, &shown);
	for (size_t i = 0; i < LEN(papers); i++) {
		if (!str_eq(name, str_c(papers[i].name)))
			continue;
		TRY(pdf_open(c, papers[i].paper, tr(c, papers[i].title), &d));
		papers[i].draw(d, c, r, &shown);
		TRY(pdf_close(d, &out->bytes));
		out->file_type = S("application/pdf");
		out->file_name = arena_fmt(c->a, "%.*s-%s.pdf", STR_ARG(o->no), papers[i].name);
		out->inline_file = true;
		return ERR_OK;
	}
	return fail(c, ERR_NOT_FOUND, NULL);
}
