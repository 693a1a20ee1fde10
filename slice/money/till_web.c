/* till_web.c — the station's till, receipts, quotes, hand-ins and write-offs: pages and API. */
#include "base/time.h"
#include "slice/account/perm.h"
#include "slice/money/money_web.h"
#include "slice/org/org.h"
#include "money.html.h"
#include "till.html.h"

FORM(handin_form, struct handin_in,
	INPUT(struct handin_in, level, IN_ENUM, N_("From whom to whom"), .names = handin_levels, .required = true),
	INPUT(struct handin_in, station, IN_TOKEN, N_("Station"), .max = 40),
	INPUT(struct handin_in, reference, IN_TEXT, N_("Bank slip or bag number"), .max = 80),
	INPUT(struct handin_in, currency, IN_TOKEN, N_("Currency"), .max = 3));
FORM(money_list_form, struct list_in,
	INPUT(struct list_in, order, IN_TOKEN, N_("Order"), .max = 40),
	INPUT(struct list_in, state, IN_TOKEN, N_("State"), .max = 20),
	INPUT(struct list_in, age, IN_TOKEN, N_("How late"), .max = 20),
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
static const struct field purse_out[] = { FIELD(struct purse, amount), { 0 } };
static const struct field till_out[] = {
	ROWS(struct till_page, "to_sign", sign, n_sign, receipt_fields), ROWS(struct till_page, "signed_by_others", taken, n_taken, receipt_fields),
	ROWS(struct till_page, "to_count", count, n_count, handin_fields), ROWS(struct till_page, "counted_by_others", open, n_open, handin_fields),
	ROWS(struct till_page, "counted", done, n_done, handin_fields), ROWS(struct till_page, "to_decide", decide, n_decide, waiver_fields),
	ROWS(struct till_page, "decided_by_others", asked, n_asked, waiver_fields), ROWS(struct till_page, "books", book, n_book, cash_book_fields),
	ROWS(struct till_page, "journal", entry, n_entry, cash_entry_fields), ROWS(struct till_page, "held", held, n_held, purse_out),
	ROWS(struct till_page, "station", station, n_station, purse_out), FIELD(struct till_page, on), { 0 }
};
static void draw_till(struct out *o, const struct ctx *c, const void *m) { till_html(o, c, m); }
static void draw_receipts(struct out *o, const struct ctx *c, const void *m) { receipt_list_html(o, c, m); }
const struct view receipt_view = { "receipt", N_("Payment receipt"), NULL, receipt_fields, sizeof(struct receipt) };
const struct view receipt_list_view = { "receipt_list", N_("Receipts"), draw_receipts, receipt_list_out, sizeof(struct receipt_page) };
const struct view quote_view = { "quote", N_("Quote"), NULL, quote_fields, sizeof(struct quote) };
const struct view quote_list_view = { "quote_list", N_("Quotes"), NULL, quote_list_out, sizeof(struct quote_page) };
const struct view handin_view = { "handin", N_("Hand-in"), NULL, handin_fields, sizeof(struct handin) };
const struct view handin_list_view = { "handin_list", N_("Hand-ins"), NULL, handin_list_out, sizeof(struct handin_page) };
const struct view waiver_view = { "waiver", N_("Write-off"), NULL, waiver_fields, sizeof(struct waiver) };
const struct view waiver_list_view = { "waiver_list", N_("Write-offs"), NULL, waiver_list_out, sizeof(struct waiver_page) };
const struct view till_view = { "till", N_("Till"), draw_till, till_out, sizeof(struct till_page) };

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

enum err money_filter_of(struct ctx *c, const struct req *r, const struct money_table *t, struct money_filter *ret)
{
	const struct list_in *in = r->form;

	*ret = (struct money_filter){ .order = in->order, .state = -1, .before = in->after, .limit = (size_t)list_limit(in->limit) };
	if (in->state.n && (ret->state = name_index(t->states, in->state)) < 0)
		return fail_field(c, "state", N_("There is no such state."));
	return ERR_OK;
}

str money_next(struct ctx *c, size_t n, size_t limit, int64_t last)
{
	return n == limit ? arena_fmt(c->a, "%lld", (long long)last) : (str){ 0 };
}

void receipt_chips(struct ctx *c, const struct money_filter *f, struct receipt_page *p)
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

	TRY(money_filter_of(c, r, &receipt_table, &f));
	TRY(receipt_list(c, &f, &p->items, &p->n));
	p->next = out->next = p->n ? money_next(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
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

	TRY(money_filter_of(c, r, &quote_table, &f));
	TRY(quote_list(c, &f, &p->items, &p->n));
	out->next = p->n ? money_next(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
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

	TRY(money_filter_of(c, r, &handin_table, &f));
	TRY(handin_list(c, &f, &p->items, &p->n));
	out->next = p->n ? money_next(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
	out->view = &handin_list_view;
	out->model = p;
	return ERR_OK;
}

enum err waivers_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct waiver_page *p = NEW(c->a, struct waiver_page);
	struct money_filter f;

	TRY(money_filter_of(c, r, &waiver_table, &f));
	TRY(waiver_list(c, &f, &p->items, &p->n));
	out->next = p->n ? money_next(c, p->n, f.limit, p->items[p->n - 1].id) : (str){ 0 };
	out->view = &waiver_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- the till: what must I do next, what waits for others, the books, what is done ---- */

enum { TILL_ROWS = 100, DONE_ROWS = 20 };
static const char *const till_tabs[] = { "todo", "waiting", "book", "done", NULL };

struct ui_link money_tab(const struct ctx *c, const struct req *r, const char *title, const char *name, bool current, int64_t count)
{
	return (struct ui_link){ tr(c, title), ui_here(c, r, "view", str_c(name)), current, count };
}

struct purse *money_purse(struct ctx *c, const money *m, size_t n)
{
	struct purse *p = NEW_N(c->a, struct purse, n + 1);

	for (size_t i = 0; i < n; i++)
		p[i].amount = m[i];
	return p;
}

static enum err receipts_in(struct ctx *c, int state, struct receipt **ret, size_t *ret_n)
{
	return receipt_list(c, &(struct money_filter){ .state = state, .before = NIL, .limit = TILL_ROWS }, ret, ret_n);
}

enum err money_handins_in(struct ctx *c, int state, size_t limit, struct handin **ret, size_t *ret_n)
{
	return handin_list(c, &(struct money_filter){ .state = state, .before = NIL, .limit = limit }, ret, ret_n);
}

/* Those of one state: mine to do go to sign, the others to taken. */
static enum err part_receipts(struct ctx *c, int state, int ev, struct till_page *p)
{
	struct receipt *x;
	size_t n;

	TRY(receipts_in(c, state, &x, &n));
	for (size_t i = 0; i < n; i++) {
		if (money_verb(c, &receipt_table, x[i].state, x[i].by_id, ev).n)
			p->sign[p->n_sign++] = x[i];
		else
			p->taken[p->n_taken++] = x[i];
	}
	return ERR_OK;
}

static enum err fill_receipts(struct ctx *c, struct till_page *p)
{
	p->sign = NEW_N(c->a, struct receipt, 2 * TILL_ROWS);
	p->taken = NEW_N(c->a, struct receipt, 2 * TILL_ROWS);
	TRY(part_receipts(c, RECEIPT_DISPUTED, RECEIPT_EV_CORRECT, p));
	return part_receipts(c, RECEIPT_TAKEN, RECEIPT_EV_COUNTERSIGN, p);
}

bool handin_mine_to_count(const struct ctx *c, const struct handin *h)
{
	return money_verb(c, &handin_table, h->state, h->by_id, HANDIN_EV_COUNT).n && (h->level == LEVEL_ENGINEER || may(c, PERM_MONEY_FINANCE));
}

static enum err fill_handins(struct ctx *c, struct till_page *p)
{
	struct handin *h;
	size_t n;

	TRY(money_handins_in(c, HANDIN_SUBMITTED, TILL_ROWS, &h, &n));
	p->count = NEW_N(c->a, struct handin, n + 1);
	p->open = NEW_N(c->a, struct handin, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (handin_mine_to_count(c, &h[i]))
			p->count[p->n_count++] = h[i];
		else
			p->open[p->n_open++] = h[i];
	}
	return money_handins_in(c, HANDIN_COUNTED, DONE_ROWS, &p->done, &p->n_done);
}

static enum err fill_waivers(struct ctx *c, struct till_page *p)
{
	struct waiver *w;
	size_t n;

	TRY(waiver_list(c, &(struct money_filter){ .state = WAIVER_REQUESTED, .before = NIL, .limit = TILL_ROWS }, &w, &n));
	p->decide = NEW_N(c->a, struct waiver, n + 1);
	p->asked = NEW_N(c->a, struct waiver, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (w[i].amount.minor <= waiver_limit(c, w[i].amount.cur).minor)
			p->decide[p->n_decide++] = w[i];
		else
			p->asked[p->n_asked++] = w[i];
	}
	return ERR_OK;
}

/* What I hold, and what lies in my station's till. */
static enum err fill_cash(struct ctx *c, struct till_page *p)
{
	struct org at;
	money *m;

	p->may_hand_in = may(c, PERM_MONEY_HANDIN);
	if (p->may_hand_in) {
		TRY(cash_held(c, c->who->id, &m, &p->n_held));
		p->held = money_purse(c, m, p->n_held);
	}
	if (c->who->org_id == NIL || c->who->sight == SIGHT_OWN)
		return ERR_OK;
	TRY(org_get(c, c->who->org_id, &at));
	p->at_station = at.kind == ORG_STATION;
	if (!p->at_station)
		return ERR_OK;
	p->station_code = at.code;
	p->may_bank = may(c, PERM_MONEY_COUNTERSIGN);
	TRY(cash_at_station(c, at.id, &m, &p->n_station));
	p->station = money_purse(c, m, p->n_station);
	return ERR_OK;
}

static void sum_books(struct ctx *c, struct till_page *p)
{
	p->sum = NEW_N(c->a, struct cash_book, p->n_book + 1);
	for (size_t i = 0; i < p->n_book; i++) {
		const struct cash_book *b = &p->book[i];
		size_t k = 0;

		while (k < p->n_sum && !money_is(p->sum[k].closing, b->closing.cur))
			k++;
		if (k == p->n_sum) {
			p->sum[p->n_sum++] = *b;
			continue;
		}
		p->sum[k].opening = money_add(p->sum[k].opening, b->opening);
		p->sum[k].taken = money_add(p->sum[k].taken, b->taken);
		p->sum[k].given = money_add(p->sum[k].given, b->given);
		p->sum[k].closing = money_add(p->sum[k].closing, b->closing);
	}
}

static enum err fill_books(struct ctx *c, struct req *r, struct till_page *p)
{
	str account = ui_query(c, r, "account");

	TRY(cash_books(c, p->on, NIL, TILL_ROWS, &p->book, &p->n_book));
	sum_books(c, p);
	p->account = NIL;
	if (account.n && str_int(account, &p->account))
		TRY(cash_journal(c, p->account, p->on, &p->entry, &p->n_entry));
	return ERR_OK;
}

static int asked_tab(struct ctx *c, const struct req *r, const char *const *names)
{
	int tab = name_index(names, ui_query(c, r, "view"));

	return tab < 0 ? 0 : tab;
}

day money_asked_day(struct ctx *c, const struct req *r)
{
	const struct list_in *in = r->route->form == &money_list_form ? r->form : NULL;

	return in && in->on.d != NIL ? in->on : tz_day(c->who->zone, c->now);
}

static void till_links(struct ctx *c, struct req *r, struct till_page *p)
{
	int64_t todo = (int64_t)(p->n_sign + p->n_count + p->n_decide), waiting = (int64_t)(p->n_taken + p->n_open + p->n_asked);

	p->tabs[TILL_TODO] = money_tab(c, r, N_("To do"), "todo", p->tab == TILL_TODO, todo);
	p->tabs[TILL_WAITING] = money_tab(c, r, N_("Waits for others"), "waiting", p->tab == TILL_WAITING, waiting);
	p->tabs[TILL_BOOK] = money_tab(c, r, N_("Cash books"), "book", p->tab == TILL_BOOK, NIL);
	p->tabs[TILL_DONE] = money_tab(c, r, N_("Counted hand-ins"), "done", p->tab == TILL_DONE, NIL);
}

enum err till_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct till_page *p = NEW(c->a, struct till_page);

	p->req = r;
	p->on = money_asked_day(c, r);
	p->tab = asked_tab(c, r, till_tabs);
	TRY(fill_receipts(c, p));
	TRY(fill_handins(c, p));
	TRY(fill_waivers(c, p));
	TRY(fill_cash(c, p));
	TRY(fill_books(c, r, p));
	till_links(c, r, p);
	out->view = &till_view;
	out->model = p;
	return ERR_OK;
}

enum err handins_submit(struct ctx *c, struct req *r, struct reply *out)
{
	const struct handin_in *in = r->form;
	struct handin *h = NEW(c->a, struct handin);

	TRY(handin_submit(c, &(struct handin_new){ in->level, in->station, in->reference, in->currency }, h));
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
	TRY(handin_get(c, r->arg[0], h));
	TRY(money_typed(c, "counted", in->currency, h->declared.cur, &a.counted));
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
	money *m;

	if (!may(c, PERM_MONEY_HANDIN))
		return ERR_OK;
	TRY(cash_held(c, c->who->id, &m, &p->n));
	p->held = money_purse(c, m, p->n);
	if (p->n)
		*ret = p;
	return ERR_OK;
}

static void draw_held(struct out *o, const struct ctx *c, const struct req *r, void *data) { cash_panel_html(o, c, r, data); }
const struct day_panel money_day_panel = { N_("Cash I hold"), load_held, draw_held };
