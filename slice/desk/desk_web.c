/* desk_web.c — the agent's desk [ui 1] and the one search field [O1–O3, P1–P3]. */
#include "base/words.h"
#include "desk.html.h"
#include "slice/account/perm.h"
#include "slice/desk/counter_view.h"

enum { GROUP = 6, NEXT = 12 };

/* ---- one search field ---- */

static const struct field spare_out[] = { FIELD(struct spare, no), FIELD(struct spare, name), FIELD(struct spare, spec), FIELD(struct spare, brand), FIELD(struct spare, active), { 0 } };
static const struct field search_out[] = {
	FIELD(struct search_page, q), FIELD_LIST(struct search_page, orders, n_orders, order_row_fields),
	FIELD_LIST(struct search_page, customers, n_customers, customer_hit_out), FIELD_LIST(struct search_page, devices, n_devices, device_out),
	FIELD_LIST(struct search_page, parts, n_parts, spare_out), { 0 }
};
static void draw_search(struct out *o, const struct ctx *c, const void *m) { search_html(o, c, m); }
static const struct view search_view = { "search", N_("Search"), draw_search, search_out, sizeof(struct search_page) };
struct search_in { str q; };
FORM_STATIC(search_form, struct search_in, INPUT(struct search_in, q, IN_TEXT, N_("Search"), .max = 100));

/* An order number goes before everything else; whole or its last digits of today's form are matched by the word index. */
static enum err search_orders(struct ctx *c, str q, struct search_page *p)
{
	struct order_filter f = { .state = -1, .kind = -1, .wait = -1, .q = q, .customer_id = NIL, .device_id = NIL, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = GROUP };
	int64_t next;

	TRY(order_list(c, &f, &p->orders, &p->n_orders, &next));
	if (p->n_orders || !p->n_customers)
		return ERR_OK;
	f.q = (str){ 0 };
	f.customer_id = p->customers[0].id;
	return order_list(c, &f, &p->orders, &p->n_orders, &next);
}

static enum err search(struct ctx *c, struct req *r, struct reply *out)
{
	struct search_page *p = NEW(c->a, struct search_page);
	const struct search_in *in = r->form;
	struct order o;

	p->q = str_trim(in->q);
	p->hits = r->htmx && str_eq(r->target, S("search-hits"));
	out->view = &search_view;
	out->model = p;
	if (!p->q.n)
		return ERR_OK;
	if (may(c, PERM_CUSTOMER_READ))
		TRY(customer_search(c, p->q, NIL, GROUP, &p->customers, &p->n_customers));
	TRY(device_search(c, p->q, GROUP, &p->devices, &p->n_devices));
	TRY(search_orders(c, p->q, p));
	if (may(c, PERM_PARTS_READ) && fts_query(c->a, p->q, false, db_engine(db_of(c->db))).n)
		TRY(part_list(c, p->q, (str){ 0 }, GROUP, &p->parts, &p->n_parts));
	/* Enter on a whole number opens its order at once. */
	if (!r->htmx && r->as == AS_HTML && p->n_orders == 1 && str_eq(p->orders[0].no, p->q))
		out->location = arena_fmt(c->a, "/orders/%.*s", STR_ARG(p->q));
	if (!r->htmx && r->as == AS_HTML && !order_get(c, p->q, &o))
		out->location = arena_fmt(c->a, "/orders/%.*s", STR_ARG(o.no));
	if (out->location.n)
		out->view = NULL;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

/* ---- who calls, which machine ---- */

static void draw_caller(struct out *o, const struct ctx *c, const void *m) { caller_html(o, c, m); }
static void draw_lookup(struct out *o, const struct ctx *c, const void *m) { lookup_html(o, c, m); }
static const struct field caller_out[] = {
	FIELD_LIST(struct caller_page, customers, n_customers, customer_hit_out), FIELD_LIST(struct caller_page, orders, n_orders, order_row_fields),
	FIELD_LIST(struct caller_page, devices, n_devices, device_out), { 0 }
};
static const struct field lookup_out[] = { FIELD_LIST(struct lookup_page, devices, n_devices, device_out), { 0 } };
static const struct view caller_view = { "caller", N_("Caller"), draw_caller, caller_out, sizeof(struct caller_page) };
static const struct view lookup_view = { "device_lookup", N_("Device"), draw_lookup, lookup_out, sizeof(struct lookup_page) };
struct caller_in { str phone, customer_name; };
FORM_STATIC(caller_form, struct caller_in,
	INPUT(struct caller_in, phone, IN_TEXT, N_("Phone"), .max = 40),
	INPUT(struct caller_in, customer_name, IN_TEXT, N_("Customer"), .max = 100));
struct serial_in { str serial, brand; };
FORM_STATIC(serial_form, struct serial_in,
	INPUT(struct serial_in, serial, IN_TEXT, N_("Serial number"), .max = 100),
	INPUT(struct serial_in, brand, IN_TEXT, N_("Brand"), .max = 60));

static enum err fill_caller(struct ctx *c, str phone, str name, struct caller_page *p)
{
	struct order_filter f = { .state = -1, .kind = -1, .wait = -1, .customer_id = NIL, .device_id = NIL, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = GROUP };
	int64_t next;

	p->asked = phone_key(c->a, phone).n >= 4 || name.n;
	if (!p->asked)
		return ERR_OK;
	TRY(customer_like(c, phone, name, &p->customers, &p->n_customers));
	if (!p->n_customers && phone.n)
		TRY(customer_search(c, phone, NIL, GROUP, &p->customers, &p->n_customers));
	if (!p->n_customers)
		return ERR_OK;
	f.customer_id = p->customers[0].id;
	TRY(order_list(c, &f, &p->orders, &p->n_orders, &next));
	return device_of_customer(c, p->customers[0].id, &p->devices, &p->n_devices);
}

static enum err caller(struct ctx *c, struct req *r, struct reply *out)
{
	struct caller_page *p = NEW(c->a, struct caller_page);
	const struct caller_in *in = r->form;

	TRY(fill_caller(c, in->phone, in->customer_name, p));
	out->view = &caller_view;
	out->model = p;
	return ERR_OK;
}

static enum err lookup(struct ctx *c, struct req *r, struct reply *out)
{
	struct lookup_page *p = NEW(c->a, struct lookup_page);
	const struct serial_in *in = r->form;
	struct order_new n = { .customer_id = NIL, .device_id = NIL, .serial = in->serial, .brand = in->brand };

	p->serial = in->serial;
	out->view = &lookup_view;
	out->model = p;
	if (!in->serial.n)
		return ERR_OK;
	TRY(device_by_serial(c, in->serial, &p->devices, &p->n_devices));
	if (p->n_devices == 1)
		n.device_id = p->devices[0].id;
	if (p->n_devices <= 1)
		TRY(order_check(c, &n, &p->warning, &p->n_warning));
	return ERR_OK;
}

/* ---- the desk ---- */

static void draw_desk(struct out *o, const struct ctx *c, const void *m) { desk_html(o, c, m); }
static const struct view desk_view = { "desk", N_("Desk"), draw_desk, NULL, sizeof(struct desk_page) };
struct desk_in { str phone, serial, saved, customer, name, address; };
FORM_STATIC(desk_form, struct desk_in,
	INPUT(struct desk_in, phone, IN_TEXT, N_("Phone"), .max = 40),
	INPUT(struct desk_in, serial, IN_TEXT, N_("Serial number"), .max = 100),
	INPUT(struct desk_in, saved, IN_TOKEN, N_("Order"), .max = 40),
	INPUT(struct desk_in, customer, IN_TOKEN, N_("Customer number"), .max = 40),
	INPUT(struct desk_in, name, IN_TEXT, N_("Name"), .max = 100),
	INPUT(struct desk_in, address, IN_TEXT, N_("Address"), .max = 300));

/* By next deadline; those whose clocks stand still come after all that run. */
static enum err fill_next(struct ctx *c, struct desk_page *p)
{
	struct order_filter f = { ORDER_FILTER_ANY, .open_only = true, .by_due = true, .running = true };
	struct order_row *still, *all = NEW_N(c->a, struct order_row, NEXT);
	size_t n, n_still = 0;
	int64_t next;

	f.limit = NEXT;
	TRY(order_list(c, &f, &p->mine, &n, &next));
	p->n_mine = n;
	if (n == NEXT)
		return ERR_OK;
	f.running = false;
	TRY(order_list(c, &f, &still, &n_still, &next));
	for (size_t i = 0; i < n; i++)
		all[i] = p->mine[i];
	for (size_t i = 0; i < n_still && n < NEXT; i++)
		if (still[i].paused)
			all[n++] = still[i];
	p->mine = all;
	p->n_mine = n;
	return ERR_OK;
}

static enum err fill_desk(struct ctx *c, struct req *r, str phone, str customer, struct desk_page *p)
{
	struct order_count *count;
	size_t n;

	p->req = r;
	TRY(fill_next(c, p));
	TRY(order_counts(c, NULL, &count, &n));
	for (size_t i = 0; i < n; i++) {
		p->open += count[i].n;
		p->overdue += count[i].overdue;
		if (count[i].state == ORDER_WAITING)
			p->waiting = count[i].n;
	}
	TRY(symptom_list(c, (str){ 0 }, 500, &p->symptom, &p->n_symptom));
	if (customer.n && !customer_by_no(c, customer, &p->customer))
		p->has_customer = true;
	c->diag = (struct diag){ 0 };
	return fill_caller(c, phone, (str){ 0 }, &p->caller);
}

static enum err desk(struct ctx *c, struct req *r, struct reply *out)
{
	struct desk_page *p = NEW(c->a, struct desk_page);
	const struct desk_in *in = r->form;

	TRY(fill_desk(c, r, in->phone, in->customer, p));
	if (in->saved.n && !order_get(c, in->saved, &p->saved))
		p->has_saved = true;
	c->diag = (struct diag){ 0 };
	out->view = &desk_view;
	out->model = p;
	return ERR_OK;
}

/* The form failed: the desk again, with what was typed and why. */
static enum err desk_again(struct ctx *c, struct req *r, struct reply *out)
{
	struct desk_page *p = NEW(c->a, struct desk_page);

	TRY(fill_desk(c, r, (str){ 0 }, req_typed(r, "customer"), p));
	out->view = &desk_view;
	out->model = p;
	return ERR_OK;
}

static enum err desk_register(struct ctx *c, struct req *r, struct reply *out)
{
	const struct order_form_in *in = r->form;
	struct order_new n;
	struct order o;
	int64_t id;

	TRY(order_from_form(c, in, &n));
	TRY(order_register(c, &n, &id));
	TRY(order_photos(c, id, in->photos, in->n_photos, true));
	live_touch(c, "orders");
	TRY(order_by_id(c, id, &o));
	out->location = arena_fmt(c->a, "/desk?saved=%.*s", STR_ARG(o.no));
	return ERR_OK;
}

/* ---- codes ---- */

struct code_page { struct code *items; size_t n; };
static const struct field code_page_out[] = { FIELD_LIST(struct code_page, items, n, code_fields), { 0 } };
static const struct view code_view = { "code_list", N_("Codes"), NULL, code_page_out, sizeof(struct code_page) };

static enum err symptoms(struct ctx *c, struct req *r, struct reply *out)
{
	struct code_page *p = NEW(c->a, struct code_page);
	const struct search_in *in = r->form;

	TRY(symptom_list(c, in->q, 200, &p->items, &p->n));
	out->view = &code_view;
	out->model = p;
	return ERR_OK;
}

static enum err faults(struct ctx *c, struct req *r, struct reply *out)
{
	struct code_page *p = NEW(c->a, struct code_page);
	const struct search_in *in = r->form;

	TRY(fault_list(c, in->q, 200, &p->items, &p->n));
	out->view = &code_view;
	out->model = p;
	return ERR_OK;
}

/* ---- panels: orders and devices in the files of customers and devices ---- */

struct row_panel { struct order_row *row; size_t n; struct device *device; size_t n_device; };
static const struct field panel_out[] = { FIELD_LIST(struct row_panel, row, n, order_row_fields), FIELD_LIST(struct row_panel, device, n_device, device_out), { 0 } };

static enum err load_customer_orders(struct ctx *c, const struct customer *k, void **ret)
{
	struct order_filter f = { .state = -1, .kind = -1, .wait = -1, .customer_id = k->id, .device_id = NIL, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = 50 };
	struct row_panel *p = NEW(c->a, struct row_panel);
	int64_t next;

	TRY(order_list(c, &f, &p->row, &p->n, &next));
	view_redact(c, panel_out, p);
	*ret = p;
	return ERR_OK;
}

static enum err load_customer_devices(struct ctx *c, const struct customer *k, void **ret)
{
	struct row_panel *p = NEW(c->a, struct row_panel);

	TRY(device_of_customer(c, k->id, &p->device, &p->n_device));
	view_redact(c, panel_out, p);
	*ret = p;
	return ERR_OK;
}

static enum err load_device_orders(struct ctx *c, const struct device *d, void **ret)
{
	struct order_filter f = { .state = -1, .kind = -1, .wait = -1, .customer_id = NIL, .device_id = d->id, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = 50 };
	struct row_panel *p = NEW(c->a, struct row_panel);
	int64_t next;

	TRY(order_list(c, &f, &p->row, &p->n, &next));
	view_redact(c, panel_out, p);
	*ret = p;
	return ERR_OK;
}

static void draw_orders(struct out *o, const struct ctx *c, const struct row_panel *p)
{
	if (p->n)
		order_rows_short_html(o, c, p->row, p->n);
	else
		ui_empty(o, c, "inbox", _("No orders yet."), (str){ 0 }, (str){ 0 });
}

static void draw_customer_orders(struct out *o, const struct ctx *c, const struct req *r, const struct customer *k, void *data)
{
	(void)r, (void)k;
	draw_orders(o, c, data);
}

static void draw_device_orders(struct out *o, const struct ctx *c, const struct req *r, const struct device *d, void *data)
{
	(void)r, (void)d;
	draw_orders(o, c, data);
}

static void draw_customer_devices(struct out *o, const struct ctx *c, const struct req *r, const struct customer *k, void *data)
{
	const struct row_panel *p = data;

	(void)r, (void)k;
	if (p->n_device)
		device_rows_html(o, c, p->device, p->n_device);
	else
		ui_empty(o, c, "device", _("No devices yet."), (str){ 0 }, (str){ 0 });
}
const struct customer_panel desk_customer_orders = { N_("Orders"), load_customer_orders, draw_customer_orders };
const struct customer_panel desk_customer_devices = { N_("Devices"), load_customer_devices, draw_customer_devices };
const struct device_panel desk_device_orders = { N_("Orders"), load_device_orders, draw_device_orders };

static const struct route routes[] = {
	{ "GET", "/desk", PERM_ORDER_REGISTER, R_PAGE, &desk_form, desk, &desk_view, .summary = "The agent's desk; ?phone= is the screen-pop address" },
	{ "POST", "/desk", PERM_ORDER_REGISTER, R_PAGE, &order_form, desk_register, NULL, .again = desk_again, .summary = "Register from the desk" },
	{ "GET", "/customers/{no}/data", PERM_CUSTOMER_ERASE | PERM_CUSTOMER_PII, R_API, NULL, customer_data, &customer_data_view, .summary = "All that is kept of a person, as one document; logged" },
	{ "POST", "/customers/{no}/erase", PERM_CUSTOMER_ERASE | PERM_CUSTOMER_PII, 0, &customer_erase_form, customer_data_erase, NULL, .summary = "Erase a person's data here and on their orders; logged" },
	{ "GET", "/desk/caller", PERM_CUSTOMER_READ, 0, &caller_form, caller, &caller_view, .summary = "Who may be calling" },
	{ "GET", "/desk/device", PERM_DEVICE_READ, 0, &serial_form, lookup, &lookup_view, .summary = "What is known of a serial number" },
	{ "GET", "/counter", PERM_ORDER_REGISTER, R_PAGE, &counter_query_form, counter_show, &counter_view, .summary = "Carry-in in one screen" },
	{ "POST", "/counter", PERM_ORDER_REGISTER, R_PAGE, &counter_form, counter_receive, NULL, .again = counter_again, .summary = "Register and receive a unit at the own station" },
	{ "GET", "/counter/unit", PERM_ORDER_REGISTER, R_PAGE, &unit_query_form, counter_unit, &unit_view, .summary = "What a scanned serial means, and what to look at" },
	{ "GET", "/search", PERM_STAFF, 0, &search_form, search, &search_view, .summary = "One search over orders, customers, devices and parts" },
	{ "GET", "/symptoms", PERM_STAFF, R_API, &search_form, symptoms, &code_view, .summary = "Symptom codes" },
	{ "GET", "/faults", PERM_STAFF, R_API, &search_form, faults, &code_view, .summary = "Fault codes" },
};
const struct slice slice_desk = { .name = "desk", SLICE_ROUTES(routes) };
