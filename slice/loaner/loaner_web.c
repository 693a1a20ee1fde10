/* loaner_web.c — the doors of loaners: the pool, lending on an order, taking back, erasing, papers. */
#include "base/time.h"
#include "loaner.html.h"
#include "loaner.sql.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/device/device.h"
#include "slice/loaner/loaner_view.h"
#include "slice/order/order_view.h"
#include "slice/org/org.h"

#define E(m) FIELD(struct loaner, m)
#define N(m) FIELD(struct loan, m)
static const struct field loaner_out[] = {
	E(code), E(ver), FIELD_ENUM(struct loaner, state, loaner_states), E(rank), E(serial), E(brand), E(model), E(org), E(org_name), E(note), E(loan_no), E(order_no), E(due_on), E(kept_for), E(kept_until), { 0 }
};
static const struct field loan_out_fields[] = {
	N(no), N(ver), FIELD_ENUM(struct loan, state, loaner_states), N(code), N(serial), N(model), N(order_no), FIELD_MASK(struct loan, customer, PERM_CUSTOMER_PII),
	FIELD_MASK(struct loan, phone, PERM_CUSTOMER_PII), N(due_on), N(condition_out), N(accessories), FIELD_MASK(struct loan, signer, PERM_CUSTOMER_PII), N(reason), N(out_at), N(lender),
	N(back_at), N(condition_back), N(taker), N(erased_at), FIELD_ENUM(struct loan, method, erase_methods), N(erase_note), N(eraser), { 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct loaner_list_page, items, n, loaner_out), { 0 } };
static const struct field loans_out[] = { FIELD_LIST(struct loan_list_page, items, n, loan_out_fields), { 0 } };
static void draw_list(struct out *o, const struct ctx *c, const void *m) { loaner_list_html(o, c, m); }
static void draw_loan(struct out *o, const struct ctx *c, const void *m) { loan_html(o, c, m); }
static const struct view loaner_view = { "loaner", N_("Loaner"), NULL, loaner_out, sizeof(struct loaner) };
static const struct view loaner_list_view = { "loaner_list", N_("Loaners"), draw_list, list_out, sizeof(struct loaner_list_page) };
static const struct view loan_view = { "loan", N_("Loan"), draw_loan, loan_out_fields, sizeof(struct loan_page) };
static const struct view loan_list_view = { "loan_list", N_("Loans"), NULL, loans_out, sizeof(struct loan_list_page) };

FORM(loaner_form, struct loaner_in,
	INPUT(struct loaner_in, code, IN_TOKEN, N_("Code on the label"), .required = true, .max = 40),
	INPUT(struct loaner_in, serial, IN_SERIAL, N_("Serial number"), .required = true),
	INPUT(struct loaner_in, brand, IN_TEXT, N_("Brand"), .max = 60),
	INPUT(struct loaner_in, model, IN_TEXT, N_("Model"), .max = 120),
	INPUT(struct loaner_in, kind, IN_ENUM, N_("Kind of device"), .names = device_kinds),
	INPUT(struct loaner_in, rank, IN_INT, N_("Specification rank"), .required = true, .min = 1, .max = RANK_MAX, .hint = N_("1 (lowest) to 9")),
	INPUT(struct loaner_in, org, IN_TOKEN, N_("Place"), .max = 40),
	INPUT(struct loaner_in, note, IN_LINES, N_("Note"), .max = 500));
FORM(loan_form, struct loan_in,
	INPUT(struct loan_in, code, IN_TOKEN, N_("Loaner"), .required = true, .max = 40),
	INPUT(struct loan_in, due_on, IN_DAY, N_("Due back"), .required = true, .hint = N_("2026-11-25")),
	INPUT(struct loan_in, condition, IN_LINES, N_("Condition"), .required = true, .max = 1000),
	INPUT(struct loan_in, accessories, IN_TEXT, N_("Accessories"), .max = 300),
	INPUT(struct loan_in, reason, IN_TEXT, N_("Why a lower one"), .max = 300),
	INPUT(struct loan_in, signer, IN_TEXT, N_("Signed by"), .required = true, .max = 100),
	INPUT(struct loan_in, signature, IN_TOKEN, N_("Signature"), .max = 400000));
FORM(loaner_keep_form, struct keep_in,
	INPUT(struct keep_in, code, IN_TOKEN, N_("Loaner"), .max = 40),
	INPUT(struct keep_in, until, IN_DAY, N_("Keep until")),
	INPUT(struct keep_in, drop, IN_BOOL, N_("No longer keep it")));
static const char *const loan_events[] = { "back", "extend", "erase", NULL };
FORM(loan_act_form, struct loan_act_in,
	INPUT(struct loan_act_in, event, IN_ENUM, N_("Event"), .names = loan_events, .required = true),
	INPUT(struct loan_act_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct loan_act_in, condition, IN_LINES, N_("Condition"), .max = 1000),
	INPUT(struct loan_act_in, due_on, IN_DAY, N_("Due back")),
	INPUT(struct loan_act_in, method, IN_ENUM, N_("How the data were erased"), .names = erase_methods),
	INPUT(struct loan_act_in, note, IN_LINES, N_("Note"), .max = 1000),
	INPUT(struct loan_act_in, reason, IN_LINES, N_("Reason"), .max = 500));
struct retire_in { int64_t ver; str reason; };
FORM_STATIC(retire_form, struct retire_in,
	INPUT(struct retire_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct retire_in, reason, IN_LINES, N_("Reason"), .required = true, .max = 500));
struct rank_in { str brand, model; int64_t rank; };
FORM_STATIC(rank_form, struct rank_in,
	INPUT(struct rank_in, brand, IN_TEXT, N_("Brand"), .required = true, .max = 60),
	INPUT(struct rank_in, model, IN_TEXT, N_("Model"), .required = true, .max = 120),
	INPUT(struct rank_in, rank, IN_INT, N_("Specification rank"), .required = true, .max = RANK_MAX));
struct list_in { int state; int64_t rank; };
FORM_STATIC(list_form, struct list_in,
	INPUT(struct list_in, state, IN_ENUM, N_("State"), .names = loaner_states),
	INPUT(struct list_in, rank, IN_INT, N_("Rank at least"), .min = 1, .max = RANK_MAX));

enum tone loaner_tone(int state)
{
	static const enum tone tones[LOANER_STATE_N] = { [LOANER_READY] = TONE_OK, [LOANER_OUT] = TONE_WARN, [LOANER_TO_ERASE] = TONE_INFO, [LOANER_RETIRED] = TONE_IDLE };

	return tones[state];
}

/* ---- the pool ---- */

static enum err places(struct ctx *c, struct loaner_list_page *p)
{
	struct org *o;
	size_t n;

	TRY(org_list(c, -1, c->who->sight == SIGHT_ALL ? (str){ 0 } : c->who->org_path, &o, &n));
	p->place = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++)
		p->place[p->n_place++] = (struct ui_option){ o[i].code, org_title(c, &o[i]) };
	return ERR_OK;
}

static enum err show_pool(struct ctx *c, struct req *r, struct reply *out)
{
	static const struct list_in none = { .state = -1, .rank = NIL };
	const struct list_in *in = r->route->form == &list_form ? r->form : &none;
	struct loaner_list_page *p = NEW(c->a, struct loaner_list_page);

	p->req = r;
	p->today = tz_day(c->who->zone, c->now);
	TRY(loaner_list(c, in->state, in->rank == NIL ? 0 : in->rank, &p->items, &p->n));
	if (r->as == AS_HTML) {
		TRY(loan_list(c, LOANER_OUT, 100, &p->due, &p->n_due));
		TRY(places(c, p));
		p->chip = NEW_N(c->a, struct ui_link, LOANER_STATE_N + 1);
		p->chip[p->n_chip++] = (struct ui_link){ _("All"), S("/loaners"), in->state < 0, NIL };
		for (int s = 0; s < LOANER_STATE_N; s++)
			p->chip[p->n_chip++] = (struct ui_link){ tr(c, loaner_state_titles[s]), arena_fmt(c->a, "/loaners?state=%s", loaner_states[s]), in->state == s, NIL };
	}
	out->view = &loaner_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err answer_loaner(struct ctx *c, str code, struct reply *out)
{
	struct loaner *l = NEW(c->a, struct loaner);

	TRY(loaner_get(c, code, l));
	out->view = &loaner_view;
	out->model = l;
	out->ver = l->ver;
	return ERR_OK;
}

static enum err show_loaner(struct ctx *c, struct req *r, struct reply *out) { return answer_loaner(c, r->arg[0], out); }

static enum err add(struct ctx *c, struct req *r, struct reply *out)
{
	const struct loaner_in *in = r->form;
	struct loaner l;

	TRY(loaner_add(c, &(struct loaner_new){ in->code, in->serial, in->brand, in->model, in->org, in->note, in->kind, in->rank }, &l));
	out->created = true;
	out->location = S("/loaners");
	return answer_loaner(c, l.code, out);
}

static enum err retire(struct ctx *c, struct req *r, struct reply *out)
{
	const struct retire_in *in = r->form;

	TRY(loaner_retire(c, r->arg[0], in->ver, in->reason));
	out->location = S("/loaners");
	return answer_loaner(c, r->arg[0], out);
}

static enum err rank_model(struct ctx *c, struct req *r, struct reply *out)
{
	const struct rank_in *in = r->form;

	TRY(model_rank_set(c, in->brand, in->model, in->rank));
	out->location = S("/loaners");
	return show_pool(c, r, out);
}

/* ---- loans ---- */

static enum err list_loans(struct ctx *c, struct req *r, struct reply *out)
{
	struct loan_list_page *p = NEW(c->a, struct loan_list_page);

	(void)r;
	TRY(loan_list(c, -1, 200, &p->items, &p->n));
	out->view = &loan_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err answer_loan(struct ctx *c, struct req *r, str no, struct reply *out)
{
	struct loan_page *p = NEW(c->a, struct loan_page);

	TRY(loan_get(c, no, &p->n));
	p->req = r;
	p->today = tz_day(c->who->zone, c->now);
	out->view = &loan_view;
	out->model = p;
	out->title = p->n.no;
	out->ver = p->n.ver;
	return ERR_OK;
}

static enum err show_loan(struct ctx *c, struct req *r, struct reply *out) { return answer_loan(c, r, r->arg[0], out); }

static enum err lend(struct ctx *c, struct req *r, struct reply *out)
{
	const struct loan_in *in = r->form;
	struct loan_new n = { .code = in->code, .condition = in->condition, .accessories = in->accessories, .signer = in->signer, .reason = in->reason, .due_on = in->due_on };
	struct order o;
	struct loan done;

	TRY(order_get(c, r->arg[0], &o));
	TRY(order_signature(c, in->signature, &n.signature));
	TRY(loan_out(c, &o, &n, &done));
	live_touch(c, "orders");
	out->created = true;
	TRY(answer_loan(c, r, done.no, out));
	out->location = arena_fmt(c->a, "/loans/%.*s", STR_ARG(done.no));
	return ERR_OK;
}

static enum err lend_again(struct ctx *c, struct req *r, struct reply *out)
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

static enum err act(struct ctx *c, struct req *r, struct reply *out)
{
	const struct loan_act_in *in = r->form;
	str no = r->arg[0];
	struct loan n;

	switch (in->event) {
	case LOAN_BACK: TRY(loan_back(c, no, in->ver, in->condition, &n)); break;
	case LOAN_EXTEND: TRY(loan_extend(c, no, in->ver, in->due_on, in->reason, &n)); break;
	default: TRY(loan_erase(c, no, in->ver, in->method, in->note, &n));
	}
	live_touch(c, "orders");
	out->location = arena_fmt(c->a, "/loans/%.*s", STR_ARG(no));
	return answer_loan(c, r, no, out);
}

/* ---- papers: loaner slip 备用机借用单, data-erasure certificate [O12] ---- */

static void pair(struct pdf *d, const struct ctx *c, const char *label, str value)
{
	if (value.n)
		pdf_pair(d, tr(c, label), value);
}

static enum err print(struct ctx *c, struct req *r, struct reply *out)
{
	bool erased = str_eq(r->arg[1], S("erasure")), thermal = str_eq(r->arg[1], S("slip-80mm"));
	const char *title = erased ? N_("Data-erasure certificate") : N_("Loaner slip");
	struct loan n;
	struct pdf *d;

	TRY(loan_get(c, r->arg[0], &n));
	if ((!erased && !thermal && !str_eq(r->arg[1], S("slip"))) || (erased && n.state != LOANER_READY))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(pdf_open(c, thermal ? PAPER_80MM : PAPER_A4, tr(c, title), &d));
	pdf_heading(d, tr(c, title), n.no);
	pdf_qr(d, arena_fmt(c->a, "%.*s/loans/%.*s", STR_ARG(r->base), STR_ARG(n.no)), 24);
	pair(d, c, N_("Loaner"), n.code);
	pair(d, c, N_("Serial number"), n.serial);
	pair(d, c, N_("Model"), n.model);
	pair(d, c, N_("Order"), n.order_no);
	if (erased) {
		pair(d, c, N_("How the data were erased"), tr(c, erase_method_titles[n.method]));
		pair(d, c, N_("Erased on"), show(c, V(n.erased_at)));
		pair(d, c, N_("Erased by"), n.eraser);
		pair(d, c, N_("Note"), n.erase_note);
		pdf_para(d, _("All data of the user of this loan were removed before the machine was lent again."));
		pdf_sign(d, (const str[]){ _("Erased by"), _("Seen by") }, 2, NULL);
	} else {
		pair(d, c, N_("Customer"), n.customer);
		pair(d, c, N_("Phone"), n.phone);
		pair(d, c, N_("Lent on"), show(c, V(n.out_at)));
		pair(d, c, N_("Due back"), show(c, V(n.due_on)));
		pair(d, c, N_("Condition"), n.condition_out);
		pair(d, c, N_("Accessories"), n.accessories);
		pdf_para(d, _("The loaner stays our property. Please keep no data on it that you need: they are erased when it comes back."));
		pair(d, c, N_("Signed by"), n.signer);
		pdf_sign(d, (const str[]){ _("Customer's signature"), _("Lent by") }, 2, (const str[]){ attachment_signature(c, n.signature_id), { 0 } });
	}
	TRY(pdf_close(d, &out->bytes));
	out->file_type = S("application/pdf");
	out->file_name = arena_fmt(c->a, "%.*s.pdf", STR_ARG(n.no));
	out->inline_file = true;
	return ERR_OK;
}

/* ---- kept for an order ---- */

enum { KEEP_DAYS = 3 };                                /* proposed */

static enum err keep(struct ctx *c, struct req *r, struct reply *out)
{
	const struct keep_in *in = r->form;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(in->drop ? loaner_release(c, &o) : loaner_keep(c, &o, in->code, in->until));
	out->location = arena_fmt(c->a, "/orders/%.*s#loaner", STR_ARG(o.no));
	return in->drop ? ERR_OK : answer_loaner(c, in->code, out);
}

/* ---- the order's panel ---- */

static bool shown(const struct ctx *c, const struct order *o) { (void)o; return may(c, PERM_LOANER); }

static enum err load(struct ctx *c, const struct order *o, void **ret)
{
	struct loaner_panel *p = NEW(c->a, struct loaner_panel);
	struct loaner *l;
	size_t n;

	*ret = p;
	p->today = tz_day(c->who->zone, c->now);
	p->due_on = (day){ p->today.d + setting_int(c, "loaner.days") };
	TRY(loan_of_order(c, o->id, &p->loan, &p->n_loan));
	p->may_lend = o->state < ORDER_HANDED_OVER && !(p->n_loan && p->loan[0].state == LOANER_OUT);
	if (!p->may_lend)
		return ERR_OK;
	TRY(model_rank_get(c, o->brand, o->model, &p->own_rank));
	TRY(loaner_promised(c, o, &p->promised, &p->promised_by));
	p->keep_until = (day){ p->today.d + KEEP_DAYS };
	TRY(loaner_list(c, LOANER_READY, 0, &l, &n));
	p->ready = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (l[i].kept_for.n && l[i].kept_order_id == o->id)
			p->kept_code = l[i].code, p->kept_until = l[i].kept_until;
		if (l[i].kept_for.n && l[i].kept_order_id != o->id)
			continue;
		p->ready[p->n_ready++] = (struct ui_option){ l[i].code, trf(c, N_("{1} {2}, rank {3}"), l[i].code, l[i].model, l[i].rank) };
	}
	return ERR_OK;
}

static void draw(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data) { loaner_panel_html(o, c, r, order, data); }
const struct order_panel loaner_order_panel = { N_("Loaner"), shown, draw, load };

static const struct route routes[] = {
	{ "GET", "/loaners", PERM_LOANER, 0, &list_form, show_pool, &loaner_list_view, .summary = "Loaners in sight, and what is out" },
	{ "POST", "/loaners", PERM_LOANER, 0, &loaner_form, add, &loaner_view, .again = show_pool, .summary = "Take a machine into the pool" },
	{ "GET", "/loaners/{code}", PERM_LOANER, R_API, NULL, show_loaner, &loaner_view, .summary = "One loaner" },
	{ "POST", "/loaners/{code}/retire", PERM_LOANER, 0, &retire_form, retire, &loaner_view, .again = show_pool, .summary = "Take a loaner out of the pool for good" },
	{ "PUT", "/model-ranks", PERM_LOANER, R_API, &rank_form, rank_model, &loaner_list_view, .summary = "Specification rank of a model; 0 forgets it" },
	{ "GET", "/loans", PERM_LOANER, R_API, NULL, list_loans, &loan_list_view, .summary = "Open loans, by due day" },
	{ "GET", "/loans/{no}", PERM_LOANER, 0, NULL, show_loan, &loan_view, .summary = "One loan" },
	{ "POST", "/loans/{no}/events", PERM_LOANER, 0, &loan_act_form, act, &loan_view, .again = show_loan, .summary = "Take back, extend, or record the erasure of data" },
	{ "GET", "/loans/{no}/papers/{paper}", PERM_LOANER, 0, NULL, print, NULL, .summary = "Loaner slip (slip, slip-80mm) or data-erasure certificate (erasure) as PDF" },
	{ "POST", "/orders/{no}/loaner", PERM_LOANER, 0, &loan_form, lend, &loan_view, .again = lend_again, .summary = "Lend a machine while the order runs" },
	{ "POST", "/orders/{no}/loaner/keep", PERM_LOANER, 0, &loaner_keep_form, keep, &loaner_view, .again = lend_again, .summary = "Keep a loaner for the order until a day, or no longer" },
};
static const struct setting settings[] = { { "loaner.days", IN_INT, "14", N_("Days a loaner is lent unless agreed otherwise") } };
static const struct job jobs[] = { { "loaner.remind", 3600 * 1000, loan_remind, N_("Reminds of loaners that are due back") } };
static const struct db_schema schema = { "loaner", loaner_migrations, loaner_statements };
const struct slice slice_loaner = { .name = "loaner", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings), .jobs = jobs, .n_jobs = LEN(jobs) };
