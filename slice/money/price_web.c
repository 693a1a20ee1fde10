/* price_web.c — price lists: versions, prices, coming into force. */
#include "base/time.h"
#include "price.html.h"
#include "slice/account/perm.h"
#include "slice/money/money_web.h"

#define F(m, kind, label, ...) INPUT(struct price_in, m, kind, label, __VA_ARGS__)
FORM(price_form, struct price_in,
	F(code, IN_TOKEN, N_("Code"), .required = true, .max = 20),
	F(name, IN_TEXT, N_("Price list name"), .required = true, .max = 100),
	F(org, IN_TOKEN, N_("Region or station"), .max = 40),
	F(valid_from, IN_DAY, N_("Valid from"), .required = true),
	F(margin, IN_MONEY, N_("Margin on parts, percent"), .hint = N_("25")),
	F(tax, IN_MONEY, N_("Tax rate, percent"), .hint = N_("6")),
	F(currency, IN_TOKEN, N_("Currency"), .max = 3, .hint = N_("CNY")),
	F(copy_of, IN_TOKEN, N_("Copy the prices of"), .max = 20));
#undef F
#define F(m, kind, label, ...) INPUT(struct item_in, m, kind, label, __VA_ARGS__)
FORM(item_form, struct item_in,
	F(kind, IN_ENUM, N_("Kind of fee"), .names = fee_kinds, .required = true),
	F(code, IN_TOKEN, N_("Code"), .required = true, .max = 60),
	F(name_zh, IN_TEXT, N_("Name in Chinese"), .required = true, .max = 120),
	F(name_en, IN_TEXT, N_("Name in English"), .max = 120),
	F(model, IN_TEXT, N_("Only for the model"), .max = 120),
	F(from_km, IN_INT, N_("From km"), .min = 0, .max = 100000),
	F(to_km, IN_INT, N_("Up to km"), .min = 1, .max = 1000000),
	F(unit_price, IN_MONEY, N_("Price"), .required = true, .hint = N_("80.00")),
	F(tax, IN_MONEY, N_("Tax rate, percent")),
	F(support, IN_BOOL, N_("Software support: a free support month pays for it")),
	F(currency, IN_TOKEN, N_("Currency"), .max = 3));
#undef F

static const struct field item_out[] = {
	FIELD(struct price_item, id), FIELD_ENUM(struct price_item, kind, fee_kinds), FIELD(struct price_item, code), FIELD(struct price_item, name_zh), FIELD(struct price_item, name_en),
	FIELD(struct price_item, model), FIELD(struct price_item, from_m), FIELD(struct price_item, to_m), FIELD(struct price_item, unit_price), FIELD(struct price_item, tax_bp), FIELD(struct price_item, support), { 0 }
};
#define LIST_FIELDS FIELD(struct price_list, code), FIELD(struct price_list, version), FIELD(struct price_list, ver), FIELD(struct price_list, name), FIELD(struct price_list, org), \
	FIELD(struct price_list, currency), FIELD_ENUM(struct price_list, state, price_states), FIELD(struct price_list, valid_from), FIELD(struct price_list, margin_bp), \
	FIELD(struct price_list, tax_bp), FIELD(struct price_list, published_at)
static const struct field list_out[] = { LIST_FIELDS, FIELD(struct price_list, items), { 0 } };
static const struct field lists_out[] = { FIELD_LIST(struct price_list_page, items, n, list_out), { 0 } };
static const struct field page_out[] = {
	LIST_FIELDS, { .name = "items", .off = offsetof(struct price_page, item), .kind = K_LIST, .size = sizeof(struct price_item), .off_n = offsetof(struct price_page, n), .sub = item_out }, { 0 }
};
static void draw_lists(struct out *o, const struct ctx *c, const void *m) { price_list_html(o, c, m); }
static void draw_one(struct out *o, const struct ctx *c, const void *m) { price_html(o, c, m); }
const struct view price_list_view = { "price_list", N_("Price lists"), draw_lists, lists_out, sizeof(struct price_list_page) };
const struct view price_view = { "price", N_("Price list"), draw_one, page_out, sizeof(struct price_page) };

/* ---- reading ---- */

enum err prices_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct price_list_page *p = NEW(c->a, struct price_list_page);
	size_t limit = 50;
	int64_t before = NIL;

	if (!str_int(ui_query(c, r, "after"), &before))
		before = NIL;
	TRY(price_lists(c, before, limit, &p->items, &p->n));
	if (p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	p->req = r;
	out->view = &price_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err list_of(struct ctx *c, struct req *r, struct price_list *ret)
{
	int64_t version;

	if (!str_int(r->arg[1], &version))
		return fail(c, ERR_NOT_FOUND, NULL);
	return price_get(c, r->arg[0], version, ret);
}

enum err price_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct price_page *p = NEW(c->a, struct price_page);

	TRY(list_of(c, r, &p->l));
	TRY(price_items(c, p->l.id, &p->item, &p->n));
	p->req = r;
	p->may_edit = may(c, PERM_MONEY_FINANCE) && p->l.state == PRICE_DRAFT;
	out->view = &price_view;
	out->model = p;
	out->title = arena_fmt(c->a, "%.*s/%lld", STR_ARG(p->l.code), (long long)p->l.version);
	out->ver = p->l.ver;
	return ERR_OK;
}

/* ---- changing ---- */

/* "25" and "12.5" percent as basis points: percent has two decimals, as money has. */
static int64_t basis_points(money percent, int64_t none) { return percent.minor == NIL ? none : percent.minor; }

enum err prices_draft(struct ctx *c, struct req *r, struct reply *out)
{
	const struct price_in *in = r->form;
	struct price_page *p = NEW(c->a, struct price_page);
	struct price_new n = { .code = in->code, .name = in->name, .org = in->org, .valid_from = in->valid_from, .margin_bp = basis_points(in->margin, 2500),
		.tax_bp = basis_points(in->tax, 600), .copy_of = in->copy_of, .currency = in->currency };

	TRY(price_draft(c, &n, &p->l));
	TRY(price_items(c, p->l.id, &p->item, &p->n));
	p->req = r;
	out->created = true;
	out->location = arena_fmt(c->a, "/prices/%.*s/%lld", STR_ARG(p->l.code), (long long)p->l.version);
	out->view = &price_view;
	out->model = p;
	return ERR_OK;
}

static enum err done(struct ctx *c, struct req *r, struct reply *out)
{
	TRY(price_show(c, r, out));
	out->location = arena_fmt(c->a, "/prices/%.*s/%.*s", STR_ARG(r->arg[0]), STR_ARG(r->arg[1]));
	return ERR_OK;
}

enum err price_put_item(struct ctx *c, struct req *r, struct reply *out)
{
	const struct item_in *in = r->form;
	struct price_item i = { .kind = in->kind, .code = in->code, .name_zh = in->name_zh, .name_en = in->name_en, .model = in->model, .from_m = in->from_km == NIL ? 0 : in->from_km * 1000,
		.to_m = in->to_km == NIL ? PRICE_FAR : in->to_km * 1000, .tax_bp = basis_points(in->tax, -1), .unit_price = in->unit_price, .support = in->support };
	struct price_list l;
	char cur[4] = "";

	TRY(list_of(c, r, &l));
	memcpy(cur, l.currency.p, 3);
	TRY(money_typed(c, "unit_price", in->currency, cur, &i.unit_price));
	TRY(price_put(c, &l, &i));
	return done(c, r, out);
}

enum err price_drop_item(struct ctx *c, struct req *r, struct reply *out)
{
	struct price_list l;
	int64_t id;

	TRY(list_of(c, r, &l));
	if (!str_int(r->arg[2], &id))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(price_drop(c, &l, id));
	return done(c, r, out);
}

enum err price_move(struct ctx *c, struct req *r, struct reply *out)
{
	const struct act_in *in = r->form;
	struct price_list l;

	TRY(list_of(c, r, &l));
	if (l.ver != in->ver)
		return fail(c, ERR_CONFLICT, NULL);
	if (str_eq(in->event, S("publish")))
		TRY(price_publish(c, &l));
	else if (str_eq(in->event, S("retire")))
		TRY(price_retire(c, &l));
	else
		return fail_field(c, "event", N_("There is no such step here."));
	return done(c, r, out);
}
