/* supply_web.c — the doors of purchases, proposals and counts. */
#include "base/time.h"
#include "base/words.h"
#include "slice/account/perm.h"
#include "slice/supply/supply_view.h"
#include "supply.html.h"
#include "supply.sql.h"

/* ---- what goes out ---- */

#define U(m) FIELD(struct purchase, m)
#define L(m) FIELD(struct purchase_line, m)
#define G(m) FIELD(struct proposal, m)
#define K(m) FIELD(struct stocktake, m)
#define T_(m) FIELD(struct take_line, m)
static const struct field purchase_line_out[] = { L(part_no), L(part), L(unit), L(serial_tracked), L(qty), L(received), FIELD_IF(struct purchase_line, price, PERM_PARTS_PRICE), { 0 } };
static const struct field purchase_out[] = {
	U(no), U(ver), FIELD_ENUM(struct purchase, state, purchase_states), U(supplier), U(warehouse), U(warehouse_name), U(expected_on), U(note), U(reason),
	FIELD_IF(struct purchase, value, PERM_PARTS_PRICE), U(buyer), U(created_at), U(state_at), FIELD_LIST(struct purchase, lines, n_lines, purchase_line_out), { 0 }
};
static const struct field purchases_out[] = { FIELD_LIST(struct purchase_list_page, items, n, purchase_out), { 0 } };
static const struct field proposal_out[] = {
	G(part_no), G(part), G(unit), G(warehouse), G(warehouse_name), G(free), G(coming), G(low), G(high), G(left90), G(propose), G(above), G(above_name), FIELD_IF(struct proposal, cost, PERM_PARTS_PRICE), { 0 }
};
static const struct field proposals_out[] = { FIELD_LIST(struct proposal_page, items, n, proposal_out), { 0 } };
static const struct field take_line_out[] = { T_(part_no), T_(part), T_(unit), T_(serial_tracked), T_(counted), T_(book), T_(diff), T_(serials), { 0 } };
static const struct field take_out[] = {
	K(no), K(ver), FIELD_ENUM(struct stocktake, state, take_states), K(warehouse), K(warehouse_name), K(counter), K(approver), K(reason), K(counted), K(off), K(mark), K(created_at), K(state_at),
	FIELD_LIST(struct stocktake, lines, n_lines, take_line_out), { 0 }
};
static const struct field takes_out[] = { FIELD_LIST(struct take_list_page, items, n, take_out), { 0 } };
static void draw_purchases(struct out *o, const struct ctx *c, const void *m) { purchase_list_html(o, c, m); }
static void draw_purchase(struct out *o, const struct ctx *c, const void *m) { purchase_html(o, c, m); }
static void draw_new(struct out *o, const struct ctx *c, const void *m) { purchase_new_html(o, c, m); }
static void draw_proposals(struct out *o, const struct ctx *c, const void *m) { proposal_html(o, c, m); }
#define R(m) FIELD(struct forecast_row, m)
#define NEXT(i, as) { .name = as, .off = offsetof(struct forecast_row, next) + i * sizeof(int64_t), .kind = K_INT, .size = sizeof(int64_t) }
static const struct field forecast_out[] = { R(part_no), R(part), R(unit), R(model), R(year), NEXT(0, "this_month"), NEXT(1, "next_month"), NEXT(2, "after_next"), R(stock), { 0 } };
static const struct field forecasts_out[] = { FIELD_LIST(struct forecast_page, items, n, forecast_out), { 0 } };
static void draw_forecast(struct out *o, const struct ctx *c, const void *m) { demand_html(o, c, m); }
static const struct view demand_view = { "demand", N_("Demand plan"), draw_forecast, forecasts_out, sizeof(struct forecast_page) };
static void draw_takes(struct out *o, const struct ctx *c, const void *m) { take_list_html(o, c, m); }
static void draw_take(struct out *o, const struct ctx *c, const void *m) { take_html(o, c, m); }
static const struct view purchase_list_view = { "purchase_list", N_("Purchase orders"), draw_purchases, purchases_out, sizeof(struct purchase_list_page) };
static const struct view purchase_view = { "purchase", N_("Purchase order"), draw_purchase, purchase_out, sizeof(struct purchase_page) };
static const struct view purchase_new_view = { "purchase_new", N_("New purchase order"), draw_new, NULL, 0 };
static const struct view proposal_view = { "proposal_list", N_("Proposals"), draw_proposals, proposals_out, sizeof(struct proposal_page) };
static const struct view take_list_view = { "stocktake_list", N_("Stock counts"), draw_takes, takes_out, sizeof(struct take_list_page) };
static const struct view take_view = { "stocktake", N_("Stock count"), draw_take, take_out, sizeof(struct take_page) };

/* ---- what comes in ---- */

FORM(purchase_wish_form, struct purchase_wish,
	INPUT(struct purchase_wish, part_no, IN_TEXT, N_("Part"), .max = 60),
	INPUT(struct purchase_wish, qty, IN_INT, N_("Quantity"), .min = 1, .max = 100000),
	INPUT(struct purchase_wish, price, IN_MONEY, N_("Price of a piece")));
FORM(purchase_form, struct purchase_in,
	INPUT(struct purchase_in, supplier, IN_TEXT, N_("Supplier"), .required = true, .max = 120),
	INPUT(struct purchase_in, warehouse, IN_TOKEN, N_("For warehouse"), .required = true, .max = 64),
	INPUT(struct purchase_in, expected_on, IN_DAY, N_("Expected on")),
	INPUT(struct purchase_in, note, IN_LINES, N_("Note"), .max = 500),
	{ .name = "wish", .label = N_("Parts"), .off = offsetof(struct purchase_in, wish), .kind = IN_LIST, .max = 100, .sub = &purchase_wish_form, .off_n = offsetof(struct purchase_in, n_wish) });
FORM(purchase_piece_form, struct purchase_piece,
	INPUT(struct purchase_piece, part_no, IN_TEXT, N_("Part"), .required = true, .max = 60),
	INPUT(struct purchase_piece, qty, IN_INT, N_("Quantity"), .max = 100000),
	INPUT(struct purchase_piece, serials, IN_LINES, N_("Serial numbers"), .max = 8000));
static const char *const purchase_events[] = { "receive", "close", NULL };
FORM(purchase_act_form, struct purchase_act_in,
	INPUT(struct purchase_act_in, event, IN_ENUM, N_("Event"), .names = purchase_events, .required = true),
	INPUT(struct purchase_act_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct purchase_act_in, reason, IN_LINES, N_("Reason"), .max = 500),
	{ .name = "piece", .label = N_("Parts"), .off = offsetof(struct purchase_act_in, piece), .kind = IN_LIST, .max = 200, .sub = &purchase_piece_form,
	  .off_n = offsetof(struct purchase_act_in, n_piece) });
FORM(take_count_form, struct take_count,
	INPUT(struct take_count, part_no, IN_TEXT, N_("Part"), .required = true, .max = 60),
	INPUT(struct take_count, qty, IN_INT, N_("Pieces counted"), .max = 1000000),
	INPUT(struct take_count, serials, IN_LINES, N_("Serial numbers"), .max = 8000));
static const char *const take_events[] = { "count", "submit", "approve", "cancel", NULL };
FORM(take_act_form, struct take_act_in,
	INPUT(struct take_act_in, event, IN_ENUM, N_("Event"), .names = take_events, .required = true),
	INPUT(struct take_act_in, ver, IN_INT, N_("Version"), .min = 1, .max = INT64_MAX),
	INPUT(struct take_act_in, mark, IN_INT, N_("Last movement known"), .min = 0, .max = INT64_MAX),
	INPUT(struct take_act_in, reason, IN_LINES, N_("Reason"), .max = 500),
	INPUT(struct take_act_in, scan, IN_LINES, N_("Scan codes"), .max = 8000, .hint = N_("Part numbers, barcodes or serial numbers, one a line")),
	{ .name = "line", .label = N_("Parts"), .off = offsetof(struct take_act_in, line), .kind = IN_LIST, .max = 5000, .sub = &take_count_form, .off_n = offsetof(struct take_act_in, n_line) });
struct start_in { str warehouse; };
FORM(take_start_form, struct start_in, INPUT(struct start_in, warehouse, IN_TOKEN, N_("Warehouse"), .required = true, .max = 64));
struct list_in { int state; bool all; int64_t before, limit; };
FORM_STATIC(purchase_list_form, struct list_in,
	INPUT(struct list_in, state, IN_ENUM, N_("State"), .names = purchase_states),
	INPUT(struct list_in, all, IN_BOOL, N_("Ended too")),
	INPUT(struct list_in, before, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));
struct proposal_in { str warehouse; };
FORM_STATIC(proposal_form, struct proposal_in, INPUT(struct proposal_in, warehouse, IN_TOKEN, N_("Warehouse"), .max = 64));

/* Engineers' stock is neither bought for nor proposed; it may be counted. */
static enum err warehouses(struct ctx *c, bool vans, struct ui_option **ret, size_t *ret_n)
{
	struct warehouse *w;
	size_t n;

	TRY(warehouse_list(c, &w, &n));
	*ret = NEW_N(c->a, struct ui_option, n + 1);
	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		if (vans || w[i].kind != WAREHOUSE_VAN)
			(*ret)[(*ret_n)++] = (struct ui_option){ w[i].code, w[i].name };
	return ERR_OK;
}

/* ---- purchases ---- */

static enum err list_purchases(struct ctx *c, struct req *r, struct reply *out)
{
	struct purchase_list_page *p = NEW(c->a, struct purchase_list_page);
	const struct list_in *in = r->form;
	size_t limit = (size_t)list_limit(in->limit);

	TRY(purchase_list(c, in->state, !in->all && in->state < 0, in->before, limit, &p->items, &p->n));
	if (p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	p->req = r;
	p->chip = NEW_N(c->a, struct ui_link, 2);
	p->chip[p->n_chip++] = (struct ui_link){ _("Open"), S("/purchases"), !in->all, NIL };
	p->chip[p->n_chip++] = (struct ui_link){ _("All"), S("/purchases?all=1"), in->all, NIL };
	out->view = &purchase_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err answer_purchase(struct ctx *c, struct req *r, const struct purchase *p, struct reply *out)
{
	struct purchase_page *m = NEW(c->a, struct purchase_page);

	m->p = *p;
	m->req = r;
	m->may_receive = p->state < PURCHASE_RECEIVED && may(c, PERM_PARTS_RECEIVE);
	m->may_close = p->state < PURCHASE_RECEIVED && may(c, PERM_PARTS_PRICE);
	out->view = &purchase_view;
	out->model = m;
	out->title = p->no;
	out->ver = p->ver;
	return ERR_OK;
}

static enum err show_purchase(struct ctx *c, struct req *r, struct reply *out)
{
	struct purchase p;

	TRY(purchase_get(c, r->arg[0], &p));
	return answer_purchase(c, r, &p, out);
}

/* With ?warehouse= the proposals for it stand in the form. */
static enum err new_purchase(struct ctx *c, struct req *r, struct reply *out)
{
	struct purchase_new_page *m = NEW(c->a, struct purchase_new_page);
	struct proposal *prop = NULL;
	struct warehouse w;
	size_t n = 0;

	m->req = r;
	m->to = ui_query(c, r, "warehouse");
	if (m->to.n) {
		TRY(warehouse_by_code(c, m->to, &w));
		TRY(proposal_list(c, w.id, &prop, &n));
	}
	n = n > 40 ? 40 : n;
	m->n_wish = n + 3;
	m->wish = NEW_N(c->a, struct purchase_wish, m->n_wish);
	for (size_t i = 0; i < m->n_wish; i++)
		m->wish[i] = i < n ? (struct purchase_wish){ prop[i].part_no, prop[i].propose, prop[i].cost } : (struct purchase_wish){ .qty = NIL, .price = { .minor = NIL } };
	TRY(warehouses(c, false, &m->warehouse, &m->n_warehouse));
	TRY(part_list(c, (str){ 0 }, (str){ 0 }, 300, &m->part, &m->n_part));
	out->view = &purchase_new_view;
	out->model = m;
	return ERR_OK;
}

static enum err add_purchase(struct ctx *c, struct req *r, struct reply *out)
{
	const struct purchase_in *in = r->form;
	struct purchase_new n = { in->supplier, in->warehouse, in->note, in->expected_on, in->wish, 0 };
	struct purchase p;

	for (size_t i = 0; i < in->n_wish; i++)
		if (in->wish[i].part_no.n)
			n.wish[n.n++] = in->wish[i];
	TRY(purchase_add(c, &n, &p));
	out->created = true;
	out->location = arena_fmt(c->a, "/purchases/%.*s", STR_ARG(p.no));
	return answer_purchase(c, r, &p, out);
}

static enum err move_purchase(struct ctx *c, struct req *r, struct reply *out)
{
	const struct purchase_act_in *in = r->form;
	struct purchase p;

	if (!may(c, in->event == PURCHASE_EV_RECEIVE ? PERM_PARTS_RECEIVE : PERM_PARTS_PRICE))
		return fail(c, ERR_FORBIDDEN, NULL);
	if (in->event == PURCHASE_EV_RECEIVE)
		TRY(purchase_receive(c, r->arg[0], in->ver, in->piece, in->n_piece, &p));
	else
		TRY(purchase_close(c, r->arg[0], in->ver, in->reason, &p));
	live_touch(c, "parts");
	out->location = arena_fmt(c->a, "/purchases/%.*s", STR_ARG(p.no));
	return answer_purchase(c, r, &p, out);
}

/* ---- proposals ---- */

static enum err show_proposals(struct ctx *c, struct req *r, struct reply *out)
{
	struct proposal_page *m = NEW(c->a, struct proposal_page);
	const struct proposal_in *in = r->form;
	struct warehouse w = { .id = NIL };

	if (in->warehouse.n)
		TRY(warehouse_by_code(c, in->warehouse, &w));
	m->req = r;
	m->chosen = in->warehouse;
	TRY(proposal_list(c, w.id, &m->items, &m->n));
	TRY(warehouses(c, false, &m->warehouse, &m->n_warehouse));
	out->view = &proposal_view;
	out->model = m;
	return ERR_OK;
}

/* ---- demand plan ---- */

FORM(demand_form, struct forecast_in,
	INPUT(struct forecast_in, by_model, IN_BOOL, N_("By model")),
	INPUT(struct forecast_in, model, IN_TEXT, N_("Model"), .max = 120));

static enum err model_choice(struct ctx *c, struct forecast_page *m)
{
	str *model;

	TRY(forecast_models(c, &model, &m->n_model));
	m->model = NEW_N(c->a, struct ui_option, m->n_model + 1);
	for (size_t i = 0; i < m->n_model; i++)
		m->model[i] = (struct ui_option){ model[i], model[i] };
	return ERR_OK;
}

static enum err show_forecast(struct ctx *c, struct req *r, struct reply *out)
{
	struct forecast_page *m = NEW(c->a, struct forecast_page);
	const struct forecast_in *in = r->form;
	struct civil now = tz_civil(c->who->zone, c->now);

	m->req = r;
	m->by_model = in->by_model;
	m->chosen = in->model;
	for (int i = 0; i < FORECAST_AHEAD; i++) {
		int y, mo, d;

		day_split(day_of(now.y, now.mo + i, 1), &y, &mo, &d);
		m->month[i] = arena_fmt(c->a, "%04d-%02d", y, mo);
	}
	TRY(forecast_list(c, in->by_model, in->model, &m->items, &m->n));
	if (r->as == AS_HTML)
		TRY(model_choice(c, m));
	m->chip = NEW_N(c->a, struct ui_link, 2);
	m->chip[m->n_chip++] = (struct ui_link){ _("By part"), S("/demand"), !in->by_model, NIL };
	m->chip[m->n_chip++] = (struct ui_link){ _("By part and model"), S("/demand?by_model=1"), in->by_model, NIL };
	out->view = &demand_view;
	out->model = m;
	return ERR_OK;
}

/* ---- counts ---- */

static enum err list_takes(struct ctx *c, struct req *r, struct reply *out)
{
	struct take_list_page *m = NEW(c->a, struct take_list_page);
	int64_t before = NIL;

	if (!str_int(ui_query(c, r, "before"), &before))
		before = NIL;
	m->req = r;
	TRY(stocktake_list(c, before, 50, &m->items, &m->n));
	if (m->n == 50)
		m->next = out->next = arena_fmt(c->a, "%lld", (long long)m->items[49].id);
	TRY(warehouses(c, true, &m->warehouse, &m->n_warehouse));
	out->view = &take_list_view;
	out->model = m;
	return ERR_OK;
}

static enum err answer_take(struct ctx *c, struct req *r, const struct stocktake *t, struct reply *out)
{
	struct take_page *m = NEW(c->a, struct take_page);

	m->t = *t;
	m->req = r;
	m->may_approve = t->state == TAKE_SUBMITTED && may(c, PERM_PARTS_WRITEOFF) && t->counter_id != c->who->id;
	out->view = &take_view;
	out->model = m;
	out->title = t->no;
	out->ver = t->ver;
	return ERR_OK;
}

static enum err show_take(struct ctx *c, struct req *r, struct reply *out)
{
	struct stocktake t;

	TRY(stocktake_get(c, r->arg[0], &t));
	return answer_take(c, r, &t, out);
}

static enum err start_take(struct ctx *c, struct req *r, struct reply *out)
{
	const struct start_in *in = r->form;
	struct stocktake t;

	TRY(stocktake_start(c, in->warehouse, &t));
	out->created = true;
	out->location = arena_fmt(c->a, "/stocktakes/%.*s", STR_ARG(t.no));
	return answer_take(c, r, &t, out);
}

/* One code adds a piece to what was counted of its part. */
static enum err scan_one(struct ctx *c, const struct stocktake *t, int64_t mark, str code, struct take_count *add, size_t *n)
{
	struct serial_at *at = NULL;
	struct spare p;
	size_t n_at = 0, i;
	enum err e = part_by_code(c, code, &p);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		TRY(serials_by_text(c, code, &at, &n_at));
		if (!n_at)
			return fail_field(c, "scan", N_("Nothing is known under {1}."), code);
		TRY(part_get(c, at[0].part_id, &p));
	} else {
		TRY(e);
		if (p.serial_tracked)
			return fail_field(c, "scan", N_("Scan the serial number of {1}, not its part number."), p.no);
	}
	for (i = 0; i < *n && !str_eq(add[i].part_no, p.no); i++)
		;
	if (i == *n) {
		add[(*n)++] = (struct take_count){ .part_no = p.no, .qty = 0, .serials = S(""), .since = mark };
		for (size_t k = 0; k < t->n_lines; k++)
			if (t->lines[k].part_id == p.id && t->lines[k].counted != NIL)
				add[i] = (struct take_count){ p.no, t->lines[k].counted, t->lines[k].serials, t->lines[k].mark };
	}
	add[i].qty++;
	if (n_at)
		add[i].serials = arena_fmt(c->a, "%.*s %.*s", STR_ARG(add[i].serials), STR_ARG(code));
	return ERR_OK;
}

static enum err count_lines(struct ctx *c, str no, const struct take_act_in *in, struct stocktake *t)
{
	struct take_count *add;
	str text = in->scan, line;
	size_t n = 0, lines = 1;

	for (size_t i = 0; i < in->n_line; i++)
		in->line[i].since = in->mark;
	if (!str_trim(text).n)
		return stocktake_count(c, no, in->line, in->n_line, t);
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	add = NEW_N(c->a, struct take_count, lines);
	TRY(stocktake_get(c, no, t));
	while (str_cut(&text, '\n', &line))
		if (str_trim(line).n)
			TRY(scan_one(c, t, in->mark, str_trim(line), add, &n));
	return stocktake_count(c, no, add, n, t);
}

static enum err move_take(struct ctx *c, struct req *r, struct reply *out)
{
	const struct take_act_in *in = r->form;
	str no = r->arg[0];
	struct stocktake t;

	if (in->event == TAKE_EV_APPROVE && !may(c, PERM_PARTS_WRITEOFF))
		return fail(c, ERR_FORBIDDEN, NULL);
	switch (in->event) {
	case TAKE_EV_COUNT: TRY(count_lines(c, no, in, &t)); break;
	case TAKE_EV_SUBMIT: TRY(stocktake_submit(c, no, in->ver, &t)); break;
	case TAKE_EV_APPROVE: TRY(stocktake_approve(c, no, in->ver, in->reason, &t)); break;
	default: TRY(stocktake_cancel(c, no, in->ver, in->reason, &t));
	}
	live_touch(c, "parts");
	out->location = arena_fmt(c->a, "/stocktakes/%.*s", STR_ARG(no));
	return answer_take(c, r, &t, out);
}

static const struct route routes[] = {
	{ "GET", "/purchases", PERM_PARTS_RECEIVE, 0, &purchase_list_form, list_purchases, &purchase_list_view, .summary = "Purchase orders in sight" },
	{ "POST", "/purchases", PERM_PARTS_PRICE, 0, &purchase_form, add_purchase, &purchase_view, .again = new_purchase, .summary = "Order parts from a supplier" },
	{ "GET", "/purchases/new", PERM_PARTS_PRICE, R_PAGE, NULL, new_purchase, &purchase_new_view, .summary = "Form of a purchase order" },
	{ "GET", "/purchases/{no}", PERM_PARTS_RECEIVE, 0, NULL, show_purchase, &purchase_view, .summary = "One purchase order" },
	{ "POST", "/purchases/{no}/events", PERM_PARTS_RECEIVE, 0, &purchase_act_form, move_purchase, &purchase_view, .again = show_purchase, .summary = "Receive some of it, or close it short" },
	{ "GET", "/proposals", PERM_PARTS_RECEIVE, 0, &proposal_form, show_proposals, &proposal_view, .summary = "Parts to order, from minimum and demand" },
	{ "GET", "/demand", PERM_PARTS_RECEIVE, 0, &demand_form, show_forecast, &demand_view, .summary = "Parts needed this month and the next two, from two years of use, by season; also by model" },
	{ "GET", "/stocktakes", PERM_PARTS_STOCKTAKE, 0, NULL, list_takes, &take_list_view, .summary = "Stock counts in sight" },
	{ "POST", "/stocktakes", PERM_PARTS_STOCKTAKE, 0, &take_start_form, start_take, &take_view, .again = list_takes, .summary = "Begin to count a warehouse" },
	{ "GET", "/stocktakes/{no}", PERM_PARTS_READ, 0, NULL, show_take, &take_view, .summary = "One stock count; blind while it runs" },
	{ "POST", "/stocktakes/{no}/events", PERM_PARTS_READ, 0, &take_act_form, move_take, &take_view, .again = show_take, .summary = "Count, submit, approve or give up" },
};
static const struct setting settings[] = { { "supply.lead_days", IN_INT, "14", N_("Days from ordering parts until they are there") } };
static const struct db_schema schema = { "supply", supply_migrations, supply_statements };
const struct slice slice_supply = { .name = "supply", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings) };
