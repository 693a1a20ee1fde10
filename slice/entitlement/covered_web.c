/* covered_web.c — "is my computer still covered?", asked by anybody with the serial number and the proof of purchase. What is known of a unit is told to who
 * has its proof; everybody else hears what the law says about the dates they give. */
#include "base/i18n.h"
#include "base/words.h"
#include "covered.html.h"
#include "slice/account/account.h"
#include "slice/entitlement/entitlement_int.h"
#include "slice/entitlement/entitlement_web.h"

FORM(covered_form, struct covered_in,
	INPUT(struct covered_in, serial, IN_SERIAL, N_("Serial number"), .required = true),
	INPUT(struct covered_in, invoice_no, IN_TEXT, N_("Invoice number"), .max = 60),
	INPUT(struct covered_in, bought_on, IN_DAY, N_("Day of purchase"), .hint = N_("2025-03-08")),
	INPUT(struct covered_in, kind, IN_ENUM, N_("Kind of device"), .names = device_kinds));

#define P_(m) FIELD(struct covered_page, m)
static const struct field span_out[] = { FIELD(struct cover_span, policy), FIELD(struct cover_span, title), FIELD(struct cover_span, from), FIELD(struct cover_span, to), FIELD(struct cover_span, running), { 0 } };
static const struct field row_out[] = { FIELD(struct cover_row, part), FIELD(struct cover_row, title), FIELD(struct cover_row, pay), FIELD(struct cover_row, until), FIELD_LIST(struct cover_row, span, n, span_out), { 0 } };
const struct field coverage_fields[] = { FIELD(struct coverage, today), FIELD_LIST(struct coverage, row, n, row_out), { 0 } };
static const struct field page_out[] = { P_(known), P_(device), FIELD_OBJ(struct covered_page, verdict, verdict_view_fields), FIELD_OBJ(struct covered_page, coverage, coverage_fields), { 0 } };
static void draw(struct out *o, const struct ctx *c, const void *m) { covered_html(o, c, m); }
const struct view covered_view = { "covered", N_("Is my computer still covered?"), draw, page_out, sizeof(struct covered_page) };

/* ---- who may know ---- */

/* The number of the invoice proves; where it is not given, the day of purchase does. */
static bool proves(struct ctx *c, const struct device *d, const struct covered_in *in)
{
	if (in->invoice_no.n)
		return d->invoice_no.n && str_eq(fold(c->a, in->invoice_no), fold(c->a, d->invoice_no));
	return in->bought_on.d != NIL && (d->invoiced_on.d == in->bought_on.d || d->delivered_on.d == in->bought_on.d);
}

static enum err proven_unit(struct ctx *c, const struct covered_in *in, struct device *ret, bool *ret_found)
{
	const struct actor *who = c->who;
	struct device *d;
	size_t n;
	enum err e;

	c->who = &actor_system;
	e = device_by_serial(c, in->serial, &d, &n);
	c->who = who;
	TRY(e);
	*ret_found = false;
	for (size_t i = 0; i < n && !*ret_found; i++) {
		*ret_found = proves(c, &d[i], in);
		*ret = d[i];
	}
	return ERR_OK;
}

/* ---- answers ---- */

static enum err answer_unit(struct ctx *c, const struct device *d, struct covered_page *p)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct ask a = ask_today(c);

	a.cause = CAUSE_QUALITY;
	TRY(entitlement_of(c, d, &a, e));
	p->known = true;
	p->device = str_trim(arena_fmt(c->a, "%.*s %.*s", STR_ARG(d->brand), STR_ARG(d->model)));
	p->verdict = NEW(c->a, struct verdict_view);
	p->coverage = NEW(c->a, struct coverage);
	verdict_view_fill(c, e, p->verdict);
	return coverage_by(c, &e->facts, p->coverage);
}

/* A unit nobody knows: the law of the country, on the day that was given. */
static enum err answer_law(struct ctx *c, const struct covered_in *in, struct covered_page *p)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct facts *f = &e->facts;
	struct rules by;

	TRY(rules_in_use(c, &by));
	facts_init(f);
	f->on = ask_today(c).on;
	f->kind = in->kind < 0 ? -1 : machine_of(str_c(device_kinds[in->kind]));
	f->cause = CAUSE_QUALITY;
	f->proof = PROVEN_INVOICE;
	f->basis[START_INVOICED] = in->bought_on;
	f->province = S("CN");
	facts_policies(c->a, by.set, NULL, 0, f);
	entitlement_judge(c, &by, e);
	p->verdict = NEW(c->a, struct verdict_view);
	verdict_view_fill(c, e, p->verdict);
	return ERR_OK;
}

/* ---- doors ---- */

static enum err page_of(struct ctx *c, struct req *r, struct reply *out, struct covered_page **ret)
{
	struct covered_page *p = NEW(c->a, struct covered_page);

	p->req = r;
	out->view = &covered_view;
	out->model = p;
	*ret = p;
	return ERR_OK;
}

/* A customer who is signed in asks about their own device without typing. */
enum err covered_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct covered_page *p;
	struct device d;
	int64_t id;

	TRY(page_of(c, r, out, &p));
	if (r->failed || c->who->sight != SIGHT_CUSTOMER || !str_int(ui_query(c, r, "device"), &id))
		return ERR_OK;
	TRY(device_get(c, id, &d));
	p->serial = d.serial;
	return answer_unit(c, &d, p);
}

enum err covered_ask(struct ctx *c, struct req *r, struct reply *out)
{
	const struct covered_in *in = r->form;
	struct covered_page *p;
	struct device d;
	bool found;

	if (!in->invoice_no.n && in->bought_on.d == NIL)
		return fail_field(c, "invoice_no", N_("Please give the invoice number, or the day it was bought."));
	if (in->bought_on.d != NIL && in->bought_on.d > ask_today(c).on.d)
		return fail_field(c, "bought_on", N_("This day is still to come."));
	TRY(page_of(c, r, out, &p));
	p->serial = in->serial;
	TRY(proven_unit(c, in, &d, &found));
	if (found)
		return answer_unit(c, &d, p);
	if (in->bought_on.d == NIL)
		return fail_field(c, "invoice_no", N_("We know no device with this serial number and this invoice. Give the day it was bought, and we tell what the law says."));
	return answer_law(c, in, p);
}
