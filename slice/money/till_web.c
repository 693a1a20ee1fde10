/* till_web.c — the station's till, finance, receipts, hand-ins and write-offs: pages and API. */
#include "base/time.h"
#include "slice/account/perm.h"
#include "slice/money/money_web.h"
#include "slice/org/org.h"
#include "money.html.h"
#include "till.html.h"

FORM(handin_form, struct handin_in,
	INPUT(struct handin_in, level, IN_ENUM, N_("From whom to whom"), .names = handin_levels, .required = true),
	INPUT(struct handin_in, station, IN_TOKEN, N_("Station"), .max = 40),
	INPUT(struct handin_in, reference, IN_TEXT, N_("Bank slip or bag number"), .max = 80));
struct list_in { str order, state; int64_t after, limit; day on; };
FORM(money_list_form, struct list_in,
	INPUT(struct list_in, order, IN_TOKEN, N_("Order"), .max = 40),
	INPUT(struct list_in, state, IN_TOKEN, N_("State"), .max = 20),
	INPUT(struct list_in, on, IN_DAY, N_("Day")),
	INPUT(struct list_in, after, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));

/* ---- what goes out ---- */

#define LIST(T, f) { FIELD_LIST(T, items, n, f), { 0 } }
static const struct field receipt_list_out[] = LIST(struct receipt_page, receipt_fields);
static const struct field quote_list_out[] = LIST(struct quote_page, quote_fields);
static const struct field handin_list_out[] = LIST(struct handin_page, handin_fields);
static const struct field waiver_list_out[] = LIST(struct waiver_page, waiver_fields);
#define ROWS(T, name_, m, n_, f) { .name = name_, .off = offsetof(T, m), .kind = K_LIST, .size = sizeof(*((T *)0)->m), .off_n = offsetof(T, n_), .sub = f }
static const struct field invoice_list_out[] = LIST(struct invoice_page, invoice_fields);
static const struct field till_out[] = {
	ROWS(struct till_page, "to_countersign", taken, n_taken, receipt_fields), ROWS(struct till_page, "queried", disputed, n_disputed, receipt_fields),
	ROWS(struct till_page, "to_count", open, n_open, handin_fields), ROWS(struct till_page, "counted", done, n_done, handin_fields),
	ROWS(struct till_page, "to_decide", asked, n_asked, waiver_fields), ROWS(struct till_page, "books", book, n_book, cash_book_fields),
	FIELD(struct till_page, held), FIELD(struct till_page, station), FIELD(struct till_page, on), { 0 }
};
static const struct field total_out[] = { FIELD_ENUM(struct cash_total, kind, cash_kinds), FIELD(struct cash_total, sub), FIELD(struct cash_total, balance), { 0 } };
static const struct field finance_out[] = {
	ROWS(struct finance_page, "accounts", total, n_total, total_out), ROWS(struct finance_page, "stations", book, n_book, cash_station_fields),
	ROWS(struct finance_page, "receivables", due, n_due, receivable_fields), ROWS(struct finance_page, "to_confirm", confirm, n_confirm, receipt_fields),
	ROWS(struct finance_page, "to_bank", bank, n_bank, handin_fields), ROWS(struct finance_page, "counted", counted, n_counted, handin_fields),
	ROWS(struct finance_page, "granted", granted, n_granted, waiver_fields), FIELD(struct finance_page, on), { 0 }
};
static void draw_till(struct out *o, const struct ctx *c, const void *m) { till_html(o, c, m); }
static void draw_finance(struct out *o, const struct ctx *c, const void *m) { finance_html(o, c, m); }
static void draw_receipts(struct out *o, const struct ctx *c, const void *m) { receipt_list_html(o, c, m); }
const struct view receipt_view = { "receipt", N_("Payment receipt"), NULL, receipt_fields, sizeof(struct receipt) };
const struct view receipt_list_view = { "receipt_list", N_("Receipts"), draw_receipts, receipt_list_out, sizeof(struct receipt_page) };
const struct view quote_view = { "quote", N_("Quote"), NULL, quote_fields, sizeof(struct quote) };
const struct view quote_list_view = { "quote_list", N_("Quotes"), NULL, quote_list_out, sizeof(struct quote_page) };
const struct view handin_view = { "handin", N_("Hand-in"), NULL, handin_fields, sizeof(struct handin) };
const struct view handin_list_view = { "handin_list", N_("Hand-ins"), NULL, handin_list_out, sizeof(struct handin_page) };
const struct view waiver_view = { "waiver", N_("Write-off"), NULL, waiver_fields, sizeof(struct waiver) };
const struct view waiver_list_view = { "waiver_list", N_("Write-offs"), NULL, waiver_list_out, sizeof(struct waiver_page) };
const struct view invoice_view = { "invoice", N_("Invoice"), NULL, invoice_fields, sizeof(struct invoice) };
const struct view invoice_list_view = { "invoice_list", N_("Invoices"), NULL, invoice_list_out, sizeof(struct invoice_page) };
const struct view till_view = { "till", N_("Till"), draw_till, till_out, sizeof(struct till_page) };
const struct view finance_view = { "finance", N_("Finance"), draw_finance, finance_out, sizeof(struct finance_page) };

/* ---- words ---- */

str money_verb(const struct ctx *c, const struct money_table *t, int state, int64_t by_id, int ev)
{
	return money_move_for(c, t, state, by_id, ev) ? tr(c, t->event_titles[ev]) : (str){ 0 };
}

/* What waits is amber, what went wrong is red, what nobody need look at again is quiet. */
enum tone money_tone(const struct money_table *t, int state)
{
	static const enum tone quote[] = { TONE_WARN, TONE_OK, TONE_BAD, TONE_IDLE }, receipt[] = { TONE_WARN, TONE_BAD, TONE_OK, TONE_OK, TONE_IDLE },
		handin[] = { TONE_WARN, TONE_OK, TONE_OK, TONE_IDLE }, waiver[] = { TONE_WARN, TONE_OK, TONE_BAD, TONE_OK };

	if (t == &quote_table)
		return quote[state];
	if (t == &receipt_table)
		return receipt[state];
	return t == &handin_table ? handin[state] : waiver[state];
}

/* ---- lists ---- */

static enum err filter_of(struct ctx *c, const struct req *r, const struct money_table *t, struct money_filter *ret)
{
	const struct list_in *in = r->form;

	*ret = (struct money_filter){ .order = in->order, .state = -1, .before = in->after, .limit = (size_t)list_limit(in->limit) };
	if (in->state.n && (ret->state = name_index(t->states, in->state)) < 0)
		return fail_field(c, "state", N_("There is no such state."));
	return ERR_OK;
}

static str next_of(struct ctx *c, size_t n, size_t limit, int64_t last)
{
	return n == limit ? arena_fmt(c->a, "%lld", (long long)last) : (str){ 0 };
}

static void receipt_chips(struct ctx *c, const struct money_filter *f, struct receipt_page *p)
{
	p->chip = NEW_N(c->a, struct ui_link, 8);
	p->chip[p->n_chip++] = (struct ui_link){ _("All"), S("/receipts"), f->state < 0, NIL };
	for (int s = 0; receipt_table.states[s]; s++)
		p->chip[p->n_chip++] = (struct ui_link){ tr(c, receipt_table.state_titles[s]), arena_fmt(c->a, "/receipts?state=%s", receipt_table.states[s]), f->state == s, NIL };
}

enum err receipts_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct receipt_page *p = NEW(c->a, struct receipt_page);
	struct money_filter f;

	TRY(filter_of(c, r, &receipt_table, &f));
	TRY(receipt_list(c, &f, &p->items, &p->n));
	p->next = out->next = p->n ? next_of(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
	p->req = r;
	receipt_chips(c, &f, p);
	out->view = &receipt_list_view;
	out->model = p;
	return ERR_OK;
}

enum err receipt_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct receipt *x = NEW(c->a, struct receipt);

	TRY(receipt_get(c, r->arg[0], x));
	out->view = &receipt_view;
	out->model = x;
	out->ver = x->ver;
	return ERR_OK;
}

enum err quotes_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct quote_page *p = NEW(c->a, struct quote_page);
	struct money_filter f;

	TRY(filter_of(c, r, &quote_table, &f));
	TRY(quote_list(c, &f, &p->items, &p->n));
	out->next = p->n ? next_of(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
	out->view = &quote_list_view;
	out->model = p;
	return ERR_OK;
}

enum err quote_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct quote *q = NEW(c->a, struct quote);

	TRY(quote_get(c, r->arg[0], q));
	out->view = &quote_view;
	out->model = q;
	out->ver = q->ver;
	return ERR_OK;
}

enum err handins_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct handin_page *p = NEW(c->a, struct handin_page);
	struct money_filter f;

	TRY(filter_of(c, r, &handin_table, &f));
	TRY(handin_list(c, &f, &p->items, &p->n));
	out->next = p->n ? next_of(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
	out->view = &handin_list_view;
	out->model = p;
	return ERR_OK;
}

enum err waivers_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct waiver_page *p = NEW(c->a, struct waiver_page);
	struct money_filter f;

	TRY(filter_of(c, r, &waiver_table, &f));
	TRY(waiver_list(c, &f, &p->items, &p->n));
	out->next = p->n ? next_of(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
	out->view = &waiver_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- the till ---- */

enum { TILL_ROWS = 100, FINANCE_ROWS = 20 };

static enum err receipts_in(struct ctx *c, int state, struct receipt **ret, size_t *ret_n)
{
	return receipt_list(c, &(struct money_filter){ .state = state, .before = NIL, .limit = TILL_ROWS }, ret, ret_n);
}

static enum err handins_in(struct ctx *c, int state, size_t limit, struct handin **ret, size_t *ret_n)
{
	return handin_list(c, &(struct money_filter){ .state = state, .before = NIL, .limit = limit }, ret, ret_n);
}

static enum err till_of_station(struct ctx *c, struct till_page *p)
{
	struct org at;

	if (c->who->org_id == NIL || c->who->sight == SIGHT_OWN)
		return ERR_OK;
	TRY(org_get(c, c->who->org_id, &at));
	if (at.kind != ORG_STATION)
		return ERR_OK;
	p->station_code = at.code;
	return cash_at_station(c, at.id, &p->station);
}

static enum err fill_till(struct ctx *c, struct req *r, day on, struct till_page *p)
{
	p->req = r;
	p->on = on;
	p->station = NO_MONEY;
	p->may_sign = may(c, PERM_MONEY_COUNTERSIGN);
	p->may_hand_in = may(c, PERM_MONEY_HANDIN);
	p->may_decide = may(c, PERM_MONEY_DISCOUNT);
	TRY(receipts_in(c, RECEIPT_TAKEN, &p->taken, &p->n_taken));
	TRY(receipts_in(c, RECEIPT_DISPUTED, &p->disputed, &p->n_disputed));
	TRY(handins_in(c, HANDIN_SUBMITTED, TILL_ROWS, &p->open, &p->n_open));
	TRY(handins_in(c, HANDIN_COUNTED, 8, &p->done, &p->n_done));
	TRY(waiver_list(c, &(struct money_filter){ .state = WAIVER_REQUESTED, .before = NIL, .limit = TILL_ROWS }, &p->asked, &p->n_asked));
	TRY(cash_books(c, on, NIL, TILL_ROWS, &p->book, &p->n_book));
	TRY(cash_held(c, c->who->id, &p->held));
	TRY(till_of_station(c, p));
	p->may_bank = p->may_sign && p->station.minor != NIL && p->station.minor > 0;
	p->to_sign = CNY(0);
	for (size_t i = 0; i < p->n_taken; i++)
		p->to_sign.minor += p->taken[i].amount.minor;
	return ERR_OK;
}

static day asked_day(const struct ctx *c, const struct req *r)
{
	const struct list_in *in = r->route->form == &money_list_form ? r->form : NULL;

	return in && in->on.d != NIL ? in->on : tz_day(c->who->zone, c->now);
}

enum err till_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct till_page *p = NEW(c->a, struct till_page);
	struct diag why = c->diag;

	c->diag = (struct diag){ 0 };
	TRY(fill_till(c, r, asked_day(c, r), p));
	if (r->failed)
		c->diag = why;
	out->view = &till_view;
	out->model = p;
	return ERR_OK;
}

enum err handins_submit(struct ctx *c, struct req *r, struct reply *out)
{
	const struct handin_in *in = r->form;
	struct handin *h = NEW(c->a, struct handin);

	TRY(handin_submit(c, in->level, in->station, in->reference, h));
	live_touch(c, "till");
	out->created = true;
	out->location = S("/till");
	out->flash = trf(c, N_("Hand-in {1} over {2} waits to be counted."), h->no, h->declared);
	out->view = &handin_view;
	out->model = h;
	return ERR_OK;
}

/* ---- moves ---- */

static str page_of(struct ctx *c, int from, str order)
{
	if (from == FROM_ORDER && order.n)
		return arena_fmt(c->a, "/orders/%.*s#fees", STR_ARG(order));
	return from == FROM_FINANCE ? S("/finance") : S("/till");
}

enum err receipts_move(struct ctx *c, struct req *r, struct reply *out)
{
	const struct act_in *in = r->form;
	struct receipt *x = NEW(c->a, struct receipt);
	struct money_act a;

	TRY(money_act_from(c, &receipt_table, in, &a));
	TRY(receipt_act(c, r->arg[0], &a, x));
	live_touch(c, "till");
	out->location = page_of(c, in->from, x->order_no);
	out->flash = trf(c, N_("Receipt {1} is now “{2}”."), x->no, tr(c, receipt_table.state_titles[x->state]));
	out->view = &receipt_view;
	out->model = x;
	out->ver = x->ver;
	return ERR_OK;
}

enum err handins_move(struct ctx *c, struct req *r, struct reply *out)
{
	const struct act_in *in = r->form;
	struct handin *h = NEW(c->a, struct handin);
	struct money_act a;

	TRY(money_act_from(c, &handin_table, in, &a));
	TRY(handin_act(c, r->arg[0], &a, h));
	live_touch(c, "till");
	out->location = page_of(c, in->from, (str){ 0 });
	out->flash = trf(c, N_("Hand-in {1} is now “{2}”."), h->no, tr(c, handin_table.state_titles[h->state]));
	out->view = &handin_view;
	out->model = h;
	out->ver = h->ver;
	return ERR_OK;
}

enum err waivers_move(struct ctx *c, struct req *r, struct reply *out)
{
	const struct act_in *in = r->form;
	struct waiver *w = NEW(c->a, struct waiver);
	struct money_act a;

	TRY(money_act_from(c, &waiver_table, in, &a));
	TRY(waiver_act(c, r->arg[0], &a, w));
	live_touch(c, "till");
	out->location = page_of(c, in->from, w->order_no);
	out->flash = trf(c, N_("{1} is now “{2}”."), w->no, tr(c, waiver_table.state_titles[w->state]));
	out->view = &waiver_view;
	out->model = w;
	out->ver = w->ver;
	return ERR_OK;
}

/* ---- finance ---- */

enum err finance_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct finance_page *p = NEW(c->a, struct finance_page);
	const struct list_in *in = r->route->form == &money_list_form ? r->form : NULL;
	size_t limit = in ? (size_t)list_limit(in->limit) : 50, n;
	struct handin *open;
	struct diag why = c->diag;

	c->diag = (struct diag){ 0 };
	p->req = r;
	p->on = asked_day(c, r);
	TRY(cash_totals(c, &p->total, &p->n_total));
	TRY(cash_stations(c, p->on, (str){ 0 }, 200, &p->book, &p->n_book));
	TRY(receivables(c, in ? in->after : NIL, limit, &p->due, &p->n_due, &p->ages));
	p->next = out->next = p->n_due ? next_of(c, p->n_due, limit, p->due[p->n_due - 1].id) : (str){ 0 };
	TRY(receipt_list(c, &(struct money_filter){ .state = RECEIPT_COUNTERSIGNED, .before = NIL, .limit = FINANCE_ROWS }, &p->confirm, &p->n_confirm));
	TRY(handins_in(c, HANDIN_SUBMITTED, 200, &open, &n));
	p->bank = NEW_N(c->a, struct handin, n + 1);
	for (size_t i = 0; i < n; i++)
		if (open[i].level == LEVEL_STATION)
			p->bank[p->n_bank++] = open[i];
	TRY(handins_in(c, HANDIN_COUNTED, FINANCE_ROWS, &p->counted, &p->n_counted));
	TRY(invoice_open(c, NIL, FINANCE_ROWS, &p->invoice, &p->n_invoice));
	TRY(waiver_list(c, &(struct money_filter){ .state = WAIVER_APPROVED, .before = NIL, .limit = TILL_ROWS }, &p->granted, &p->n_granted));
	if (r->failed)
		c->diag = why;
	out->view = &finance_view;
	out->model = p;
	return ERR_OK;
}

FORM(confirm_form, struct confirm_in, INPUT(struct confirm_in, on, IN_DAY, N_("Day"), .required = true));

enum err finance_confirm(struct ctx *c, struct req *r, struct reply *out)
{
	const struct confirm_in *in = r->form;
	struct money_filter f = { .state = RECEIPT_CONFIRMED, .before = NIL, .limit = 50 };
	struct receipt_page *p = NEW(c->a, struct receipt_page);
	int64_t n;

	TRY(receipt_confirm_all(c, in->on, &n));
	TRY(receipt_list(c, &f, &p->items, &p->n));
	receipt_chips(c, &f, p);
	p->req = r;
	live_touch(c, "till");
	out->location = S("/finance");
	out->flash = trn(c, "{1} receipt is confirmed.", "{1} receipts are confirmed.", n);
	out->view = &receipt_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- invoices ---- */

FORM(invoice_form, struct invoice_in,
	INPUT(struct invoice_in, title, IN_TEXT, N_("Invoice to"), .required = true, .max = 120),
	INPUT(struct invoice_in, tax_no, IN_TOKEN, N_("Tax number"), .max = 30),
	INPUT(struct invoice_in, email, IN_EMAIL, N_("E-mail")));
FORM(invoice_number_form, struct number_in,
	INPUT(struct number_in, ver, IN_INT, N_("Version"), .required = true, .min = 1),
	INPUT(struct number_in, number, IN_TEXT, N_("Invoice number"), .required = true, .max = 60),
	INPUT(struct number_in, url, IN_TEXT, N_("Where it lies"), .max = 300));

enum err invoices_ask(struct ctx *c, struct req *r, struct reply *out)
{
	const struct invoice_in *in = r->form;
	struct invoice *i = NEW(c->a, struct invoice);

	TRY(invoice_ask(c, r->arg[0], &(struct invoice_new){ in->title, in->tax_no, in->email }, i));
	out->created = true;
	out->location = arena_fmt(c->a, "/orders/%.*s#fees", STR_ARG(i->order_no));
	out->flash = trf(c, N_("The invoice is asked for: {1}."), tr(c, invoice_state_titles[i->state]));
	out->view = &invoice_view;
	out->model = i;
	return ERR_OK;
}

enum err invoices_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct invoice_page *p = NEW(c->a, struct invoice_page);
	const struct list_in *in = r->form;
	size_t limit = (size_t)list_limit(in->limit);

	TRY(invoice_open(c, in->after, limit, &p->items, &p->n));
	out->next = p->n ? next_of(c, p->n, limit, p->items[p->n - 1].id) : (str){ 0 };
	out->view = &invoice_list_view;
	out->model = p;
	return ERR_OK;
}

enum err invoices_issue(struct ctx *c, struct req *r, struct reply *out)
{
	const struct number_in *in = r->form;
	struct invoice *i = NEW(c->a, struct invoice);
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(invoice_issue(c, id, in->ver, in->number, in->url, i));
	out->location = S("/finance");
	out->view = &invoice_view;
	out->model = i;
	out->ver = i->ver;
	return ERR_OK;
}

/* ---- papers ---- */

enum err receipt_print(struct ctx *c, struct req *r, struct reply *out)
{
	struct receipt x;

	TRY(receipt_get(c, r->arg[0], &x));
	return receipt_paper(c, r, &x, str_eq(r->arg[1], S("paper-80mm")), out);
}

enum err handin_print(struct ctx *c, struct req *r, struct reply *out)
{
	struct handin h;

	TRY(handin_get(c, r->arg[0], &h));
	return handin_paper(c, r, &h, out);
}

enum err waiver_print(struct ctx *c, struct req *r, struct reply *out)
{
	struct waiver w;

	TRY(waiver_get(c, r->arg[0], &w));
	return waiver_paper(c, r, &w, out);
}

/* ---- cash I hold ---- */

static enum err load_held(struct ctx *c, void **ret)
{
	struct cash_panel *p = NEW(c->a, struct cash_panel);

	if (!may(c, PERM_MONEY_HANDIN))
		return ERR_OK;
	TRY(cash_held(c, c->who->id, &p->held));
	if (p->held.minor > 0)
		*ret = p;
	return ERR_OK;
}

static void draw_held(struct out *o, const struct ctx *c, const struct req *r, void *data) { cash_panel_html(o, c, r, data); }
const struct day_panel money_day_panel = { N_("Cash I hold"), load_held, draw_held };
