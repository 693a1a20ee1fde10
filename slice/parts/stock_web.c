/* stock_web.c — the doors of stock: what lies where, the ledger, a scanned code, corrections by hand. */
#include "base/i18n.h"
#include "stock.html.h"
#include "slice/account/perm.h"
#include "slice/parts/parts_web.h"

#define S_(m) FIELD(struct stock_row, m)
const struct field stock_row_out[] = {
	S_(part_no), S_(part), S_(unit), S_(warehouse), S_(warehouse_name), FIELD_ENUM(struct stock_row, kind, warehouse_kinds), S_(qty), S_(reserved), S_(bad), S_(quarantine),
	S_(transit), FIELD_IF(struct stock_row, value, PERM_PARTS_PRICE), S_(low), S_(high), { 0 }
};
#define M(m) FIELD(struct stock_move_row, m)
static const struct field move_out[] = {
	M(id), M(at), FIELD_ENUM(struct stock_move_row, kind, stock_kinds), M(part_no), M(part), M(qty), FIELD_IF(struct stock_move_row, value, PERM_PARTS_PRICE), M(from),
	FIELD_ENUM(struct stock_move_row, from_bin, stock_bins), M(to), FIELD_ENUM(struct stock_move_row, to_bin, stock_bins), M(doc_kind), M(doc_no), M(order_no), M(user), M(reason), { 0 }
};
#define W(m) FIELD(struct warehouse, m)
static const struct field warehouse_out[] = { W(code), W(name), FIELD_ENUM(struct warehouse, kind, warehouse_kinds), W(active), { 0 } };
static const struct field list_out[] = { FIELD_LIST(struct stock_page, items, n, stock_row_out), { 0 } };
static const struct field moves_out[] = { FIELD_LIST(struct moves_page, items, n, move_out),
	{ .name = "bought_on", .off = offsetof(struct moves_page, warranty.bought_on), .kind = K_DAY, .size = sizeof(day) },
	{ .name = "supplier_until", .off = offsetof(struct moves_page, warranty.until), .kind = K_DAY, .size = sizeof(day) }, { 0 } };
static const struct field warehouses_out[] = { FIELD_LIST(struct warehouse_page, items, n, warehouse_out), { 0 } };
static void draw_stock(struct out *o, const struct ctx *c, const void *m) { stock_html(o, c, m); }
static void draw_moves(struct out *o, const struct ctx *c, const void *m) { stock_moves_html(o, c, m); }
static void draw_adjust(struct out *o, const struct ctx *c, const void *m) { stock_adjust_html(o, c, m); }
static void draw_warehouses(struct out *o, const struct ctx *c, const void *m) { warehouses_html(o, c, m); }
const struct view stock_view = { "stock", N_("Stock"), draw_stock, list_out, sizeof(struct stock_page) };
const struct view moves_view = { "stock_moves", N_("Movements"), draw_moves, moves_out, sizeof(struct moves_page) };
const struct view adjust_view = { "stock_adjust", N_("Correct stock"), draw_adjust, NULL, 0 };
const struct view warehouse_list_view = { "warehouse_list", N_("Warehouses"), draw_warehouses, warehouses_out, sizeof(struct warehouse_page) };

struct stock_in { str q, warehouse, part, after; bool low, issuable; int64_t limit; };
FORM(stock_form, struct stock_in,
	INPUT(struct stock_in, q, IN_TEXT, N_("Words"), .max = 100),
	INPUT(struct stock_in, warehouse, IN_TOKEN, N_("Warehouse"), .max = 64),
	INPUT(struct stock_in, part, IN_TEXT, N_("Part"), .max = 60),
	INPUT(struct stock_in, low, IN_BOOL, N_("Below the minimum only")),
	INPUT(struct stock_in, issuable, IN_BOOL, N_("Can be issued now")),
	LIST_INPUTS(struct stock_in));
struct move_in { str part, warehouse, order; int64_t before, limit; };
FORM(stock_move_form, struct move_in,
	INPUT(struct move_in, part, IN_TEXT, N_("Part"), .max = 60),
	INPUT(struct move_in, warehouse, IN_TOKEN, N_("Warehouse"), .max = 64),
	INPUT(struct move_in, order, IN_TOKEN, N_("Order"), .max = 40),
	INPUT(struct move_in, before, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct move_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));
static const char *const adjust_kinds[] = { "opening", "found", "spoiled", "lost", NULL };
const char *const stock_adjust_titles[] = { N_("Opening stock"), N_("Found: from quarantine to good stock"), N_("Spoiled: from good stock to bad"), N_("Lost: out of quarantine"), NULL };
FORM(stock_adjust_form, struct adjust_in,
	INPUT(struct adjust_in, kind, IN_ENUM, N_("What happened"), .names = adjust_kinds, .required = true),
	INPUT(struct adjust_in, warehouse, IN_TOKEN, N_("Warehouse"), .required = true, .max = 64),
	INPUT(struct adjust_in, part_no, IN_TEXT, N_("Part"), .required = true, .max = 60),
	INPUT(struct adjust_in, qty, IN_INT, N_("Quantity"), .required = true, .min = 1, .max = 100000),
	INPUT(struct adjust_in, serials, IN_LINES, N_("Serial numbers"), .max = 4000),
	INPUT(struct adjust_in, value, IN_MONEY, N_("Value of all of it")),
	INPUT(struct adjust_in, reason, IN_LINES, N_("Reason"), .required = true, .max = 500));

/* The outside is a warehouse with an English name of ours; people read its title. */
str parts_place(const struct ctx *c, str warehouse, int bin)
{
	static const char *const outside[] = { N_("Supplier"), N_("Customer"), N_("Maker"), N_("Scrap"), N_("Difference"), N_("Opening"), NULL };
	int i = bin == BIN_OUTSIDE ? name_index(outside, warehouse) : -1;

	if (i >= 0)
		return tr(c, outside[i]);
	return arena_fmt(c->a, "%.*s · %.*s", STR_ARG(warehouse), STR_ARG(tr(c, stock_bin_titles[bin])));
}

static enum err ids(struct ctx *c, str warehouse, str part, int64_t *ret_warehouse, int64_t *ret_part)
{
	struct warehouse w = { .id = NIL };
	struct spare p = { .id = NIL };

	if (warehouse.n)
		TRY(warehouse_by_code(c, warehouse, &w));
	if (part.n)
		TRY(part_by_code(c, part, &p));
	*ret_warehouse = w.id;
	*ret_part = p.id;
	return ERR_OK;
}

/* "WAREHOUSE_ID.PART_KEY" of the last row. */
static enum err cursor(struct ctx *c, str after, struct stock_filter *f)
{
	str id;

	f->after_warehouse = NIL;
	if (!after.n)
		return ERR_OK;
	if (!str_cut(&after, '.', &id) || !str_int(id, &f->after_warehouse))
		return fail_field(c, "after", N_("This page marker is not ours."));
	f->after_no = after;
	return ERR_OK;
}

enum err stock_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct stock_page *p = NEW(c->a, struct stock_page);
	const struct stock_in *in = r->form;
	struct stock_filter f = { .words = in->q, .low = in->low, .issuable = in->issuable, .limit = (size_t)list_limit(in->limit) };

	TRY(ids(c, in->warehouse, in->part, &f.warehouse_id, &f.part_id));
	TRY(cursor(c, in->after, &f));
	p->req = r;
	p->narrowed = in->low || in->issuable;
	p->one = f.warehouse_id != NIL;
	if (r->as == AS_HTML)
		TRY(stock_sums(c, &p->sum, &p->n_sum));
	for (size_t i = 0; i < p->n_sum; i++)
		if (p->sum[i].warehouse_id == f.warehouse_id) {
			p->warehouse_name = p->sum[i].warehouse_name;
			p->value = p->sum[i].value;
		}
	if (r->as != AS_HTML || p->one || p->narrowed || f.words.n || f.part_id != NIL)
		TRY(stock_list(c, &f, &p->items, &p->n));
	if (p->n == f.limit)
		p->next = out->next = arena_fmt(c->a, "%lld.%.*s", (long long)p->items[p->n - 1].warehouse_id, STR_ARG(p->items[p->n - 1].no_key));
	out->view = &stock_view;
	out->model = p;
	return ERR_OK;
}

enum err stock_moves_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct moves_page *p = NEW(c->a, struct moves_page);
	const struct move_in *in = r->form;
	struct move_filter f = { .before = in->before, .order_id = NIL, .limit = (size_t)list_limit(in->limit) };
	struct order o;

	TRY(ids(c, in->warehouse, in->part, &f.warehouse_id, &f.part_id));
	if (in->order.n) {
		TRY(order_get(c, in->order, &o));
		f.order_id = o.id;
	}
	TRY(stock_moves(c, &f, &p->items, &p->n));
	p->warranty = (struct supplier_warranty){ NO_DAY, NO_DAY };
	if (p->n == f.limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	p->req = r;
	p->title = in->part.n ? in->part : in->warehouse.n ? in->warehouse : in->order;
	out->view = &moves_view;
	out->model = p;
	return ERR_OK;
}

enum err serial_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct moves_page *p = NEW(c->a, struct moves_page);
	struct serial_at *s;
	size_t n;

	TRY(serials_by_text(c, r->arg[0], &s, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(serial_moves(c, s[0].id, &p->items, &p->n));
	TRY(serial_warranty(c, s[0].id, &p->warranty));
	p->req = r;
	p->title = s[0].serial;
	out->view = &moves_view;
	out->model = p;
	return ERR_OK;
}

enum err warehouses_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct warehouse_page *p = NEW(c->a, struct warehouse_page);

	(void)r;
	TRY(warehouse_list(c, &p->items, &p->n));
	out->view = &warehouse_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- a code ---- */

/* A paper, an old part, a part or a serial number: whatever it is, its page. */
enum err stock_scan(struct ctx *c, struct req *r, struct reply *out)
{
	str code = str_trim(ui_query(c, r, "code"));
	struct requisition paper;
	struct serial_at *s;
	struct old_part old;
	struct spare p;
	size_t n = 0;

	if (!requisition_get(c, code, &paper))
		out->location = arena_fmt(c->a, "/requisitions/%.*s", STR_ARG(paper.no));
	else if (!old_part_get(c, code, &old))
		out->location = arena_fmt(c->a, "/old-parts?state=%s", old_states[old.state]);
	else if (!part_by_code(c, code, &p))
		out->location = arena_fmt(c->a, "/parts/%.*s", STR_ARG(p.no));
	else if (!serials_by_text(c, code, &s, &n) && n)
		out->location = arena_fmt(c->a, "/stock/serials/%.*s", STR_ARG(s[0].serial));
	c->diag = (struct diag){ 0 };
	if (out->location.n)
		return ERR_OK;
	out->location = S("/stock");
	out->flash = trf(c, N_("Nothing is known under {1}."), code);
	return ERR_OK;
}

/* ---- corrections ---- */

enum err stock_adjust_page(struct ctx *c, struct req *r, struct reply *out)
{
	struct adjust_page *p = NEW(c->a, struct adjust_page);

	p->req = r;
	TRY(warehouse_options(c, &p->warehouse, &p->n_warehouse));
	out->view = &adjust_view;
	out->model = p;
	return ERR_OK;
}

static enum err adjust_places(struct ctx *c, const struct adjust_in *in, struct stock_entry *e)
{
	struct warehouse w;
	struct spare p;
	enum err err = warehouse_by_code(c, in->warehouse, &w);

	if (err == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "warehouse", N_("There is no warehouse {1}."), in->warehouse);
	}
	TRY(err);
	err = part_by_code(c, in->part_no, &p);
	if (err == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "part_no", N_("There is no part {1}."), in->part_no);
	}
	TRY(err);
	if (in->value.minor != NIL && !str_eq(str_c(in->value.cur), p.currency))
		return fail_field(c, "value", N_("{1} is kept in {2}."), p.no, p.currency);
	const struct { enum stock_kind kind; struct stock_place from, to; } ways[] = {
		{ STOCK_OPENING, OUTSIDE(OPENING), { w.id, BIN_GOOD } },
		{ STOCK_ADJUST, { w.id, BIN_QUARANTINE }, { w.id, BIN_GOOD } },
		{ STOCK_ADJUST, { w.id, BIN_GOOD }, { w.id, BIN_BAD } },
		{ STOCK_LOST, { w.id, BIN_QUARANTINE }, OUTSIDE(DIFFERENCE) },
	};
	*e = (struct stock_entry){ .kind = ways[in->kind].kind, .part_id = p.id, .qty = in->qty, .from = ways[in->kind].from, .to = ways[in->kind].to, .value = in->value.minor };
	return ERR_OK;
}

enum err stock_adjust_post(struct ctx *c, struct req *r, struct reply *out)
{
	const struct adjust_in *in = r->form;
	struct moves_page *p = NEW(c->a, struct moves_page);
	struct stock_entry e;
	str *serials;

	p->warranty = (struct supplier_warranty){ NO_DAY, NO_DAY };
	TRY(adjust_places(c, in, &e));
	if (in->kind == 3 && !may(c, PERM_PARTS_WRITEOFF))
		return fail(c, ERR_FORBIDDEN, NULL);
	TRY(serials_of_text(c, "serials", in->serials, &serials, &e.n_serials));
	e.serials = serials;
	TRY(stock_post(c, &(struct stock_doc){ "adjust", NIL, NIL, NIL, (str){ 0 }, in->reason }, &e, 1, NULL));
	live_touch(c, "parts");
	TRY(stock_moves(c, &(struct move_filter){ .part_id = e.part_id, .warehouse_id = NIL, .order_id = NIL, .before = NIL, .limit = 1 }, &p->items, &p->n));
	p->req = r;
	out->view = &moves_view;
	out->model = p;
	out->created = true;
	out->location = arena_fmt(c->a, "/stock/moves?part=%.*s", STR_ARG(p->items[0].part_no));
	return ERR_OK;
}
