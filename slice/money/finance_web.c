/* finance_web.c — finance: what is to be done, books, accounts, receivables with their age, closed periods, invoices. */
#include "base/time.h"
#include "finance.html.h"
#include "slice/account/perm.h"
#include "slice/money/money_web.h"

#define ROWS(T, name_, m, n_, f) { .name = name_, .off = offsetof(T, m), .kind = K_LIST, .size = sizeof(*((T *)0)->m), .off_n = offsetof(T, n_), .sub = f }
static const struct field total_out[] = { FIELD_ENUM(struct cash_total, kind, cash_kinds), FIELD(struct cash_total, sub), FIELD(struct cash_total, balance), { 0 } };
static const struct field finance_out[] = {
	ROWS(struct finance_page, "accounts", total, n_total, total_out), ROWS(struct finance_page, "stations", book, n_book, cash_station_fields),
	ROWS(struct finance_page, "receivables", due, n_due, receivable_sum_fields), ROWS(struct finance_page, "to_confirm", confirm, n_confirm, receipt_fields),
	ROWS(struct finance_page, "to_bank", bank, n_bank, handin_fields), ROWS(struct finance_page, "counted", counted, n_counted, handin_fields),
	ROWS(struct finance_page, "granted", granted, n_granted, waiver_fields), ROWS(struct finance_page, "periods", period, n_period, cash_period_fields),
	FIELD(struct finance_page, on), { 0 }
};
static const struct field receivable_out[] = {
	FIELD_LIST(struct receivable_page, items, n, receivable_fields), ROWS(struct receivable_page, "sums", sum, n_sum, receivable_sum_fields), { 0 }
};
static const struct field periods_out[] = { FIELD_LIST(struct period_page, items, n, cash_period_fields), { 0 } };
static const struct field invoice_list_out[] = { FIELD_LIST(struct invoice_page, items, n, invoice_fields), { 0 } };
static void draw_finance(struct out *o, const struct ctx *c, const void *m) { finance_html(o, c, m); }
static void draw_receivables(struct out *o, const struct ctx *c, const void *m) { receivables_html(o, c, m); }
const struct view finance_view = { "finance", N_("Finance"), draw_finance, finance_out, sizeof(struct finance_page) };
const struct view receivable_list_view = { "receivable_list", N_("Receivables"), draw_receivables, receivable_out, sizeof(struct receivable_page) };
const struct view period_view = { "cash_period", N_("Closed period"), NULL, cash_period_fields, sizeof(struct cash_period) };
const struct view period_list_view = { "cash_period_list", N_("Closed periods"), NULL, periods_out, sizeof(struct period_page) };
const struct view invoice_view = { "invoice", N_("Invoice"), NULL, invoice_fields, sizeof(struct invoice) };
const struct view invoice_list_view = { "invoice_list", N_("Invoices"), NULL, invoice_list_out, sizeof(struct invoice_page) };

/* ---- finance ---- */

enum { FINANCE_ROWS = 20, GRANTED_ROWS = 100, STATIONS_MAX = 200 };
static const char *const finance_tabs[] = { "todo", "books", "accounts", "periods", NULL };

static enum err fill_todo(struct ctx *c, struct finance_page *p)
{
	struct handin *open;
	size_t n;

	TRY(receipt_list(c, &(struct money_filter){ .state = RECEIPT_COUNTERSIGNED, .before = NIL, .limit = FINANCE_ROWS }, &p->confirm, &p->n_confirm));
	TRY(money_handins_in(c, HANDIN_SUBMITTED, STATIONS_MAX, &open, &n));
	p->bank = NEW_N(c->a, struct handin, n + 1);
	for (size_t i = 0; i < n; i++)
		if (open[i].level == LEVEL_STATION)
			p->bank[p->n_bank++] = open[i];
	TRY(money_handins_in(c, HANDIN_COUNTED, FINANCE_ROWS, &p->counted, &p->n_counted));
	TRY(invoice_open(c, NIL, FINANCE_ROWS, &p->invoice, &p->n_invoice));
	return waiver_list(c, &(struct money_filter){ .state = WAIVER_APPROVED, .before = NIL, .limit = GRANTED_ROWS }, &p->granted, &p->n_granted);
}

static void finance_links(struct ctx *c, struct req *r, struct finance_page *p)
{
	int64_t todo = (int64_t)(p->n_confirm + p->n_bank + p->n_counted + p->n_invoice + p->n_granted);

	p->tabs[FINANCE_TODO] = money_tab(c, r, N_("To do"), "todo", p->tab == FINANCE_TODO, todo);
	p->tabs[FINANCE_BOOKS] = money_tab(c, r, N_("Cash books"), "books", p->tab == FINANCE_BOOKS, NIL);
	p->tabs[FINANCE_ACCOUNTS] = money_tab(c, r, N_("Accounts"), "accounts", p->tab == FINANCE_ACCOUNTS, NIL);
	p->tabs[FINANCE_PERIODS] = money_tab(c, r, N_("Closed periods"), "periods", p->tab == FINANCE_PERIODS, NIL);
}

enum err finance_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct finance_page *p = NEW(c->a, struct finance_page);
	int tab = name_index(finance_tabs, ui_query(c, r, "view"));

	p->req = r;
	p->on = money_asked_day(c, r);
	p->yesterday = (day){ tz_day(c->who->zone, c->now).d - 1 };
	p->tab = ui_failed(r, &period_form) || ui_failed(r, &reopen_form) ? FINANCE_PERIODS : tab < 0 ? FINANCE_TODO : tab;
	TRY(cash_totals(c, &p->total, &p->n_total));
	TRY(cash_stations(c, p->on, (str){ 0 }, STATIONS_MAX, &p->book, &p->n_book));
	TRY(receivable_sums(c, &p->due, &p->n_due));
	TRY(cash_periods(c, &p->period, &p->n_period));
	TRY(money_period_waits(c, p->yesterday, &p->waits));
	TRY(fill_todo(c, p));
	finance_links(c, r, p);
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

/* ---- receivables ---- */

enum err receivables_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct receivable_page *p = NEW(c->a, struct receivable_page);
	const struct list_in *in = r->form;
	size_t limit = (size_t)list_limit(in->limit);

	p->req = r;
	p->age = in->age.n ? name_index(receivable_ages, in->age) : -1;
	if (in->age.n && p->age < 0)
		return fail_field(c, "age", N_("There is no such state."));
	TRY(receivable_sums(c, &p->sum, &p->n_sum));
	TRY(receivables(c, p->age, in->after, limit, &p->items, &p->n));
	p->next = out->next = p->n ? money_next(c, p->n, limit, p->items[p->n - 1].id) : (str){ 0 };
	p->chip[p->n_chip++] = (struct ui_link){ _("All"), S("/receivables"), p->age < 0, NIL };
	for (int i = 0; i < AGE_N; i++)
		p->chip[p->n_chip++] = (struct ui_link){ tr(c, receivable_age_titles[i]), arena_fmt(c->a, "/receivables?age=%s", receivable_ages[i]), p->age == i, NIL };
	out->view = &receivable_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- periods ---- */

FORM(period_form, struct period_in, INPUT(struct period_in, until, IN_DAY, N_("Close up to"), .required = true));
FORM(reopen_form, struct reason_in, INPUT(struct reason_in, reason, IN_TEXT, N_("Reason"), .required = true, .max = 300));

enum err periods_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct period_page *p = NEW(c->a, struct period_page);

	(void)r;
	TRY(cash_periods(c, &p->items, &p->n));
	out->view = &period_list_view;
	out->model = p;
	return ERR_OK;
}

enum err periods_close(struct ctx *c, struct req *r, struct reply *out)
{
	const struct period_in *in = r->form;
	struct cash_period *p = NEW(c->a, struct cash_period);

	TRY(money_period_close(c, in->until, p));
	out->created = true;
	out->location = S("/finance?view=periods");
	out->flash = trf(c, N_("The books are closed up to {1}."), p->until);
	out->view = &period_view;
	out->model = p;
	return ERR_OK;
}

enum err periods_reopen(struct ctx *c, struct req *r, struct reply *out)
{
	const struct reason_in *in = r->form;
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(cash_period_reopen(c, id, in->reason));
	TRY(periods_show(c, r, out));
	out->location = S("/finance?view=periods");
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
	out->next = p->n ? money_next(c, p->n, limit, p->items[p->n - 1].id) : (str){ 0 };
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

