/* parts_web.c — the doors of the catalogue, and the table of routes of this room. */
#include "parts.html.h"
#include "parts.sql.h"
#include "slice/account/perm.h"
#include "slice/parts/parts_web.h"

#define P_(m) FIELD(struct spare, m)
#define PART_OUT P_(no), P_(ver), P_(name), P_(spec), P_(unit), FIELD_ENUM(struct spare, class, part_classes), FIELD_ENUM(struct spare, kind, part_names), P_(brand), P_(maker_no), P_(barcode), P_(serial_tracked), \
	P_(owes_old), P_(supplier_months), P_(price), FIELD_IF(struct spare, cost, PERM_PARTS_PRICE), P_(active)
static const struct field part_out[] = { PART_OUT, { 0 } };
static const struct field serial_out[] = {
	FIELD(struct serial_at, serial), FIELD(struct serial_at, warehouse), FIELD_ENUM(struct serial_at, bin, stock_bins), { 0 }
};
static const struct field page_out[] = {
	PART_OUT,
	{ .name = "stock", .off = offsetof(struct part_page, stock), .kind = K_LIST, .size = sizeof(struct stock_row), .off_n = offsetof(struct part_page, n_stock), .sub = stock_row_out },
	{ .name = "substitutes", .off = offsetof(struct part_page, other), .kind = K_LIST, .size = sizeof(struct spare), .off_n = offsetof(struct part_page, n_other), .sub = part_out },
	{ .name = "serials", .off = offsetof(struct part_page, serial), .kind = K_LIST, .size = sizeof(struct serial_at), .off_n = offsetof(struct part_page, n_serial), .sub = serial_out },
	{ 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct part_list_page, items, n, part_out), { 0 } };
static void draw_one(struct out *o, const struct ctx *c, const void *m) { part_page_html(o, c, m); }
static void draw_list(struct out *o, const struct ctx *c, const void *m) { part_list_html(o, c, m); }
static void draw_form(struct out *o, const struct ctx *c, const void *m) { part_form_html(o, c, m); }
static void draw_look(struct out *o, const struct ctx *c, const void *m) { part_look_html(o, c, m); }
const struct view part_view = { "part", N_("Part"), draw_one, page_out, sizeof(struct part_page) };
const struct view part_list_view = { "part_list", N_("Parts"), draw_list, list_out, sizeof(struct part_list_page) };
const struct view part_form_view = { "part_form", N_("Part"), draw_form, NULL, 0 };
static const struct view part_look_view = { "part_look", N_("Parts"), draw_look, list_out, sizeof(struct part_list_page) };

#define F(m, kind_, label, ...) INPUT(struct part_in, m, kind_, label, __VA_ARGS__)
FORM(part_form, struct part_in,
	F(no, IN_TEXT, N_("Part number"), .required = true, .max = 60),
	F(name, IN_TEXT, N_("Part name"), .required = true, .max = 120),
	F(spec, IN_TEXT, N_("Specification"), .max = 200),
	F(unit, IN_TEXT, N_("Unit"), .max = 10),
	F(class, IN_ENUM, N_("Class"), .names = part_classes),
	F(kind, IN_ENUM, N_("Part by warranty terms"), .names = part_names),
	F(brand, IN_TEXT, N_("Brand"), .max = 60),
	F(maker_no, IN_TEXT, N_("Maker's number"), .max = 60),
	F(barcode, IN_TOKEN, N_("Barcode"), .max = 60),
	F(serial_tracked, IN_BOOL, N_("Tracked by serial number")),
	F(owes_old, IN_BOOL, N_("The old part must come back")),
	F(supplier_months, IN_INT, N_("Supplier's warranty in months"), .max = 240),
	F(price, IN_MONEY, N_("Price to the customer")),
	F(cost, IN_MONEY, N_("Unit cost")),
	F(inactive, IN_BOOL, N_("No longer used")));
#undef F
struct level_in { str warehouse; int64_t low, high; };
FORM(part_level_form, struct level_in,
	INPUT(struct level_in, warehouse, IN_TOKEN, N_("Warehouse"), .required = true, .max = 64),
	INPUT(struct level_in, low, IN_INT, N_("Minimum"), .required = true, .max = 1000000),
	INPUT(struct level_in, high, IN_INT, N_("Fill up to"), .required = true, .max = 1000000));
struct other_in { str part_no; bool drop; };
FORM(part_other_form, struct other_in,
	INPUT(struct other_in, part_no, IN_TEXT, N_("Part number"), .required = true, .max = 60),
	INPUT(struct other_in, drop, IN_BOOL, N_("Remove")));
struct list_in { str q, after; int64_t limit; };
FORM_STATIC(list_form, struct list_in, INPUT(struct list_in, q, IN_TEXT, N_("Words"), .max = 100), LIST_INPUTS(struct list_in));

enum err parts_show_list(struct ctx *c, struct req *r, struct reply *out)
{
	struct part_list_page *p = NEW(c->a, struct part_list_page);
	const struct list_in *in = r->form;
	size_t limit = (size_t)list_limit(in->limit);

	p->req = r;
	TRY(part_list(c, in->q, in->after, limit, &p->items, &p->n));
	if (p->n == limit)
		p->next = out->next = p->items[p->n - 1].no;
	out->view = &part_list_view;
	out->model = p;
	return ERR_OK;
}

/* What stands under a part field while one types. */
static enum err look(struct ctx *c, struct req *r, struct reply *out)
{
	struct part_list_page *p = NEW(c->a, struct part_list_page);
	str q = ui_query(c, r, "wish.0.part_no");

	p->req = r;
	if (str_trim(q).n)
		TRY(part_list(c, q, (str){ 0 }, 8, &p->items, &p->n));
	out->view = &part_look_view;
	out->model = p;
	return ERR_OK;
}

static enum err answer(struct ctx *c, struct req *r, int64_t id, struct reply *out)
{
	struct part_page *p = NEW(c->a, struct part_page);

	TRY(part_get(c, id, &p->p));
	p->req = r;
	TRY(stock_list(c, &(struct stock_filter){ .warehouse_id = NIL, .part_id = id, .after_warehouse = NIL, .limit = 200 }, &p->stock, &p->n_stock));
	TRY(part_substitutes(c, id, &p->other, &p->n_other));
	TRY(serials_of_part(c, id, &p->serial, &p->n_serial));
	if (r->as == AS_HTML) {
		TRY(stock_moves(c, &(struct move_filter){ .part_id = id, .warehouse_id = NIL, .order_id = NIL, .before = NIL, .limit = 10 }, &p->move, &p->n_move));
		TRY(warehouse_options(c, &p->warehouse, &p->n_warehouse));
	}
	out->view = &part_view;
	out->model = p;
	out->title = p->p.no;
	out->ver = p->p.ver;
	return ERR_OK;
}

enum err part_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct spare p;

	TRY(part_by_no(c, r->arg[0], &p));
	return answer(c, r, p.id, out);
}

static void from_form(const struct part_in *in, struct spare *p)
{
	p->name = in->name, p->spec = in->spec, p->unit = in->unit, p->brand = in->brand, p->maker_no = in->maker_no, p->barcode = in->barcode;
	p->class = in->class < 0 ? PART_ORDINARY : in->class;
	p->kind = in->kind < 0 ? PART_WHOLE : in->kind;
	p->owes_old = in->owes_old, p->active = !in->inactive, p->supplier_months = in->supplier_months, p->price = in->price;
}

static str address(struct ctx *c, str no)
{
	return arena_fmt(c->a, "/parts/%.*s", STR_ARG(no));
}

enum err part_add_post(struct ctx *c, struct req *r, struct reply *out)
{
	const struct part_in *in = r->form;
	struct spare p = { .no = in->no, .serial_tracked = in->serial_tracked, .cost = in->cost };
	int64_t id;

	from_form(in, &p);
	TRY(part_add(c, &p, &id));
	out->created = true;
	out->location = address(c, str_trim(in->no));
	return answer(c, r, id, out);
}

enum err part_save_post(struct ctx *c, struct req *r, struct reply *out)
{
	const struct part_in *in = r->form;
	struct spare p;
	int64_t ver;

	TRY(part_by_no(c, r->arg[0], &p));
	if (str_int(r->if_match, &ver) || str_int(req_typed(r, "_ver"), &ver))
		p.ver = ver;
	from_form(in, &p);
	if (may(c, PERM_PARTS_PRICE))
		p.cost = in->cost;
	TRY(part_save(c, &p));
	out->location = address(c, p.no);
	return answer(c, r, p.id, out);
}

enum err part_form_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct part_form_page *p = NEW(c->a, struct part_form_page);

	p->req = r;
	p->p = (struct spare){ .class = PART_ORDINARY, .owes_old = true, .active = true, .supplier_months = NIL, .price = { .minor = NIL }, .cost = { .minor = NIL } };
	p->edit = r->arg[0].n > 0;
	if (p->edit)
		TRY(part_by_no(c, r->arg[0], &p->p));
	out->view = &part_form_view;
	out->model = p;
	return ERR_OK;
}

enum err part_level_post(struct ctx *c, struct req *r, struct reply *out)
{
	const struct level_in *in = r->form;
	struct warehouse w;
	struct spare p;
	enum err e;

	TRY(part_by_no(c, r->arg[0], &p));
	e = warehouse_by_code(c, in->warehouse, &w);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "warehouse", N_("There is no warehouse {1}."), in->warehouse);
	}
	TRY(e);
	TRY(stock_level_set(c, p.id, w.id, in->low, in->high));
	out->location = address(c, p.no);
	return answer(c, r, p.id, out);
}

enum err part_other_post(struct ctx *c, struct req *r, struct reply *out)
{
	const struct other_in *in = r->form;
	struct spare p, other;
	enum err e;

	TRY(part_by_no(c, r->arg[0], &p));
	e = part_by_code(c, in->part_no, &other);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "part_no", N_("There is no part {1}."), in->part_no);
	}
	TRY(e);
	TRY(part_substitute_set(c, p.id, other.id, !in->drop));
	out->location = address(c, p.no);
	return answer(c, r, p.id, out);
}

/* ---- the table ---- */

extern const struct form stock_form, stock_move_form, requisition_list_form, old_list_form;
#define STORE (PERM_PARTS_ISSUE)
static const struct route routes[] = {
	{ "GET", "/parts", PERM_PARTS_READ, 0, &list_form, parts_show_list, &part_list_view, .summary = "List or find parts, by number" },
	{ "POST", "/parts", STORE, 0, &part_form, part_add_post, &part_view, .again = part_form_show, .summary = "Add a part to the catalogue" },
	{ "GET", "/parts/new", STORE, R_PAGE, NULL, part_form_show, &part_form_view, .summary = "Form of a new part" },
	{ "GET", "/parts/look", PERM_PARTS_READ, R_PAGE | R_BARE, NULL, look, &part_look_view, .summary = "Parts that fit what is typed" },
	{ "GET", "/parts/carried", PERM_PARTS_READ, 0, NULL, carry_show, &carry_view, .summary = "What the reader carries and owes" },
	{ "GET", "/parts/{no}", PERM_PARTS_READ, 0, NULL, part_show, &part_view, .summary = "One part with its stock" },
	{ "PUT", "/parts/{no}", STORE, R_API, &part_form, part_save_post, &part_view, .summary = "Change a part" },
	{ "GET", "/parts/{no}/edit", STORE, R_PAGE, NULL, part_form_show, &part_form_view, .summary = "Form to change a part" },
	{ "POST", "/parts/{no}/edit", STORE, R_PAGE, &part_form, part_save_post, &part_view, .again = part_form_show, .summary = "Change a part" },
	{ "POST", "/parts/{no}/levels", STORE, 0, &part_level_form, part_level_post, &part_view, .again = part_show, .summary = "Set minimum and maximum of a part in a warehouse" },
	{ "POST", "/parts/{no}/substitutes", STORE, 0, &part_other_form, part_other_post, &part_view, .again = part_show, .summary = "Add or remove a substitute" },
	{ "GET", "/parts/{no}/label", PERM_PARTS_READ, 0, NULL, part_label, NULL, .summary = "Label of a part as PDF" },
	{ "GET", "/stock", PERM_PARTS_READ, 0, &stock_form, stock_show, &stock_view, .summary = "Stock by part and warehouse" },
	{ "GET", "/stock/moves", PERM_PARTS_READ, 0, &stock_move_form, stock_moves_show, &moves_view, .summary = "Movements of the ledger, newest first" },
	{ "GET", "/stock/scan", PERM_PARTS_READ, R_PAGE, NULL, stock_scan, NULL, .summary = "Goes to what a scanned code means" },
	{ "GET", "/stock/adjust", PERM_PARTS_STOCKTAKE, R_PAGE, NULL, stock_adjust_page, &adjust_view, .summary = "Form to correct stock by hand" },
	{ "POST", "/stock/adjust", PERM_PARTS_STOCKTAKE, 0, &stock_adjust_form, stock_adjust_post, &moves_view, .again = stock_adjust_page, .summary = "Correct stock by hand, with a reason" },
	{ "GET", "/stock/serials/{serial}", PERM_PARTS_READ, 0, NULL, serial_show, &moves_view, .summary = "The way of a serial number" },
	{ "GET", "/warehouses", PERM_PARTS_READ, 0, NULL, warehouses_show, &warehouse_list_view, .summary = "Warehouses in sight" },
	{ "GET", "/requisitions", PERM_PARTS_READ, 0, &requisition_list_form, requisitions_list, &requisition_list_view, .summary = "List requisitions in sight" },
	{ "POST", "/requisitions", PERM_PARTS_REQUEST, 0, &requisition_form, requisition_ask, &requisition_view, .again = requisition_new_page, .summary = "Ask for parts" },
	{ "GET", "/requisitions/new", PERM_PARTS_REQUEST, R_PAGE, NULL, requisition_new_page, &requisition_new_view, .summary = "Form to ask for parts" },
	{ "GET", "/requisitions/{no}", PERM_PARTS_READ, 0, NULL, requisition_show, &requisition_view, .summary = "One requisition" },
	{ "POST", "/requisitions/{no}/events", PERM_PARTS_READ, 0, &requisition_act_form, requisition_move, &requisition_view, .again = requisition_show, .summary = "Approve, issue, receive, take back: a move of the requisition" },
	{ "GET", "/requisitions/{no}/events", PERM_PARTS_READ, 0, &requisition_events_form, requisition_events_show, &requisition_events_view, .summary = "Everything that happened to a requisition" },
	{ "GET", "/requisitions/{no}/papers/{paper}", PERM_PARTS_READ, 0, NULL, requisition_print, NULL, .summary = "The requisition as PDF: slip, slip-80mm" },
	{ "GET", "/kits", PERM_PARTS_READ, 0, NULL, kits_show, &kit_list_view, .summary = "Kits: what a job usually takes" },
	{ "POST", "/kits", STORE, 0, &kit_form, kit_post, &kit_list_view, .again = kits_show, .summary = "Add, replace or (without parts) remove a kit" },
	{ "GET", "/old-parts", PERM_PARTS_READ, 0, &old_list_form, old_parts_list, &old_list_view, .summary = "Old parts that are owed, to inspect, to decide or claimed, by due date" },
	{ "GET", "/old-parts/labels", PERM_PARTS_READ, 0, &old_list_form, old_parts_labels, NULL, .summary = "Labels of old parts as PDF" },
	{ "GET", "/old-parts/papers/{paper}", PERM_PARTS_READ, 0, NULL, old_parts_print, NULL, .summary = "Return slip of what the reader owes (return, return-80mm), or of a return or write-off by its number" },
	{ "POST", "/old-parts/events", PERM_PARTS_READ, 0, &old_act_form, old_parts_move, &old_done_view, .again = old_parts_list, .summary = "One move on many old parts" },
	{ "GET", "/old-parts/{no}", PERM_PARTS_READ, R_API, NULL, old_parts_show, &old_part_view, .summary = "One old part by its label" },
	{ "GET", "/orders/{no}/parts", PERM_PARTS_READ, R_API, NULL, order_parts_show, &order_parts_view, .summary = "Parts used on an order, asked for, and old ones owed" },
	{ "POST", "/orders/{no}/parts", PERM_PARTS_READ, 0, &part_use_form, order_parts_use, &order_parts_view, .again = order_parts_again, .summary = "Use a part on an order" },
	{ "POST", "/orders/{no}/parts/{id}/undo", PERM_PARTS_READ, 0, &part_undo_form, order_parts_undo, &order_parts_view, .again = order_parts_again, .summary = "Take the use of a part back: posted against it, with the reason" },
};
static const struct setting parts_settings[] = {
	{ "series.old_part", IN_TEXT, "JJ{date}{4}", N_("Number pattern of old parts' labels") },
	{ "parts.free_limit", IN_MONEY, "300", N_("Requests for parts worth up to this need no approval") },
	{ "parts.station_limit", IN_MONEY, "5000", N_("Requests for parts worth more than this are approved above the station") },
	{ "parts.reserve_days", IN_INT, "7", N_("Days approved parts are kept for a request") },
	{ "parts.closed_through", IN_DAY, "", N_("Stock books are closed through this day: nothing is posted before the next") },
	{ "parts.old_days", IN_INT, "7", N_("Days in which an old part must come back") },
};
static const struct job jobs[] = {
	{ "parts.expire", 3600 * 1000, requisition_expire, N_("Gives back parts that were kept longer than agreed") },
};
static const struct db_schema parts_schema = { "parts", parts_migrations, parts_statements };
const struct slice slice_parts = { .name = "parts", .schema = &parts_schema, SLICE_ROUTES(routes), .settings = parts_settings, .n_settings = LEN(parts_settings),
	.jobs = jobs, .n_jobs = LEN(jobs) };
