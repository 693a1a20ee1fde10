/* exchange_web.c — the doors of whole-unit exchange: the page on the order, its panel there, the same over the API. */
#include "base/i18n.h"
#include "exchange.html.h"
#include "exchange.sql.h"
#include "slice/account/perm.h"
#include "slice/exchange/exchange_view.h"
#include "slice/order/order_view.h"

#define E(m) FIELD(struct unit_exchange, m)
static const struct field page_out[] = {
	FIELD_ENUM(struct unit_exchange, state, exchange_states), E(ver), E(old_id), E(old_serial), E(old_brand), E(old_model), E(new_id), E(serial), E(brand), E(model), E(config),
	E(not_lower), FIELD_ENUM(struct unit_exchange, condition, unit_conditions), E(invoice_no), E(invoiced_on), E(delivered_on), E(note),
	FIELD_ENUM(struct unit_exchange, fate, unit_fates), E(fate_note), E(by_name), E(recorded_at), E(done_at), { 0 }
};
static void draw_page(struct out *o, const struct ctx *c, const void *m) { exchange_html(o, c, m); }
static const struct view exchange_view = { "unit_exchange", N_("Whole-unit exchange"), draw_page, page_out, sizeof(struct exchange_page) };

#define F(m, kind, label, ...) INPUT(struct exchange_in, m, kind, label, __VA_ARGS__)
FORM(exchange_form, struct exchange_in,
	F(ver, IN_INT, N_("Version"), .required = true, .min = 0, .max = INT64_MAX),
	F(serial, IN_SERIAL, N_("Serial number of the new unit"), .required = true),
	F(brand, IN_TEXT, N_("Brand"), .max = 60),
	F(model, IN_TEXT, N_("Model"), .max = 120),
	F(not_lower, IN_BOOL, N_("Another model, not lower than the old one")),
	F(config, IN_LINES, N_("Configuration"), .max = 2000),
	F(condition, IN_ENUM, N_("Condition of the new unit"), .names = unit_conditions),
	F(invoice_no, IN_TEXT, N_("Invoice number"), .max = 60),
	F(invoiced_on, IN_DAY, N_("Invoice date")),
	F(delivered_on, IN_DAY, N_("Delivered on"), .hint = N_("Empty: the day of the hand-over")),
	F(note, IN_LINES, N_("Note"), .max = 1000),
	F(fate, IN_ENUM, N_("Where the old unit goes"), .names = unit_fates),
	F(fate_note, IN_TEXT, N_("Word on the old unit"), .max = 300));
#undef F
FORM(exchange_fate_form, struct fate_in,
	INPUT(struct fate_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct fate_in, fate, IN_ENUM, N_("Where the old unit goes"), .required = true, .names = unit_fates),
	INPUT(struct fate_in, note, IN_TEXT, N_("Word on the old unit"), .max = 300));

static enum err show_one(struct ctx *c, struct req *r, struct reply *out)
{
	struct exchange_page *p = NEW(c->a, struct exchange_page);

	p->req = r;
	TRY(order_get(c, r->arg[0], &p->o));
	TRY(exchange_of_order(c, &p->o, &p->e));
	p->open = p->e.state != EXCHANGE_DONE;
	p->may_record = p->open && exchange_may(c, &p->o);
	p->may_fate = p->e.state == EXCHANGE_DONE && (c->who->perms & (PERM_ORDER_WORK | PERM_PARTS_RECEIVE | PERM_QUALITY));
	out->view = &exchange_view;
	out->model = p;
	out->title = arena_fmt(c->a, "%.*s %.*s", STR_ARG(_("Whole-unit exchange")), STR_ARG(p->o.no));
	out->ver = p->e.ver;
	return ERR_OK;
}

static enum err done(struct ctx *c, struct req *r, str flash, str location, struct reply *out)
{
	out->location = location;
	out->flash = flash;
	live_touch(c, "orders");
	return show_one(c, r, out);
}

static enum err record(struct ctx *c, struct req *r, struct reply *out)
{
	const struct exchange_in *in = r->form;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(exchange_record(c, &o, &(struct unit_exchange){ .ver = in->ver, .serial = in->serial, .brand = in->brand, .model = in->model, .config = in->config,
		.not_lower = in->not_lower, .condition = in->condition < 0 ? UNIT_NEW : in->condition, .invoice_no = in->invoice_no, .invoiced_on = in->invoiced_on,
		.delivered_on = in->delivered_on, .note = in->note, .fate = in->fate < 0 ? FATE_OPEN : in->fate, .fate_note = in->fate_note }));
	return done(c, r, trf(c, N_("Unit {1} is recorded; it counts from the hand-over on."), in->serial), arena_fmt(c->a, "/orders/%.*s", STR_ARG(r->arg[0])), out);
}

static enum err say_fate(struct ctx *c, struct req *r, struct reply *out)
{
	const struct fate_in *in = r->form;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(exchange_fate(c, &o, in->ver, in->fate, in->note));
	return done(c, r, _("Saved."), arena_fmt(c->a, "/orders/%.*s/exchange", STR_ARG(r->arg[0])), out);
}

/* ---- on the order's page ---- */

static bool shown(const struct ctx *c, const struct order *o)
{
	(void)c;
	return o->device_id != NIL;
}

static enum err load(struct ctx *c, const struct order *o, void **ret)
{
	struct unit_exchange *x = NEW(c->a, struct unit_exchange);
	enum err e = exchange_of_order(c, o, x);

	*ret = NULL;
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	*ret = x;
	return ERR_OK;
}

static void draw(struct out *out, const struct ctx *c, const struct req *r, const struct order *o, void *data)
{
	(void)r;
	exchange_panel_html(out, c, data, o);
}

const struct order_panel exchange_order_panel = { N_("Whole-unit exchange"), shown, draw, load };

static const struct db_schema schema = { "exchange", exchange_migrations, exchange_statements };
static const struct route routes[] = {
	{ "GET", "/orders/{no}/exchange", PERM_ORDER_READ | PERM_STAFF, 0, NULL, show_one, &exchange_view, .summary = "Whole-unit exchange of an order: the unit that came in, the unit that is given" },
	{ "POST", "/orders/{no}/exchange", PERM_ORDER_READ | PERM_ORDER_WORK, 0, &exchange_form, record, &exchange_view, .again = show_one,
	  .summary = "Record the unit that is given, or correct it before the hand-over (ver 0: nothing was recorded); it takes effect with the hand-over" },
	{ "POST", "/orders/{no}/exchange/old-unit", PERM_ORDER_READ | PERM_STAFF, 0, &exchange_fate_form, say_fate, &exchange_view, .again = show_one,
	  .summary = "Say where the unit that came in goes: maker, refurbish, scrap, kept" },
};
const struct slice slice_exchange = { .name = "exchange", .schema = &schema, SLICE_ROUTES(routes) };
