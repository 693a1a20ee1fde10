/* device_web.c — devices: search by serial first, the page of one device [P3, ui 3], and the same over the API. */
#include "device.html.h"
#include "device.sql.h"
#include "slice/account/perm.h"
#include "slice/customer/customer.h"
#include "slice/device/device_view.h"

#define D(m) FIELD(struct device, m)
const struct field device_out[] = {
	D(id), D(ver), D(serial), D(brand), D(model), FIELD_ENUM(struct device, kind, device_kinds), D(config), D(customer_no), D(customer_name), D(asset_no), D(department),
	D(user_name), D(location), D(division), FIELD_ENUM(struct device, proof, device_proofs), D(invoice_no), D(factory_on), D(invoiced_on), D(delivered_on),
	D(installed_on), D(accepted_on), D(loaner), D(second_hand), D(recall_open), D(replaced_by), D(note), D(created_at), { 0 }
};
static const struct field part_out[] = {
	FIELD(struct device_part, part_no), FIELD(struct device_part, serial_out), FIELD(struct device_part, serial_in), FIELD(struct device_part, at), { 0 }
};
static const struct field swap_out[] = {
	FIELD(struct device_swap_row, old_serial), FIELD(struct device_swap_row, new_serial), FIELD(struct device_swap_row, reason),
	FIELD_ENUM(struct device_swap_row, condition, unit_conditions), FIELD_ENUM(struct device_swap_row, fate, unit_fates), FIELD(struct device_swap_row, fate_note),
	FIELD(struct device_swap_row, at), { 0 }
};
static const struct field page_out[] = {
	D(id), D(ver), D(serial), D(brand), D(model), FIELD_ENUM(struct device, kind, device_kinds), D(config), D(customer_no), D(customer_name), D(asset_no), D(department),
	D(user_name), D(location), D(division), FIELD_ENUM(struct device, proof, device_proofs), D(invoice_no), D(factory_on), D(invoiced_on), D(delivered_on),
	D(installed_on), D(accepted_on), D(loaner), D(second_hand), D(recall_open), D(replaced_by), D(note), D(created_at),
	{ .name = "parts", .off = offsetof(struct device_page, part), .kind = K_LIST, .size = sizeof(struct device_part), .off_n = offsetof(struct device_page, n_part), .sub = part_out },
	{ .name = "lineage", .off = offsetof(struct device_page, swap), .kind = K_LIST, .size = sizeof(struct device_swap_row), .off_n = offsetof(struct device_page, n_swap), .sub = swap_out },
	{ 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct device_list_page, items, n, device_out), { 0 } };
static void draw_one(struct out *o, const struct ctx *c, const void *m) { device_page_html(o, c, m); }
static void draw_list(struct out *o, const struct ctx *c, const void *m) { device_list_html(o, c, m); }
static void draw_form(struct out *o, const struct ctx *c, const void *m) { device_form_html(o, c, m); }
static const struct view device_view = { "device", N_("Device"), draw_one, page_out, sizeof(struct device_page) };
static const struct view device_list_view = { "device_list", N_("Devices"), draw_list, list_out, sizeof(struct device_list_page) };
static const struct view device_form_view = { "device_form", N_("Device"), draw_form, NULL, 0 };

#define F(m, kind_, label, ...) INPUT(struct device_in, m, kind_, label, __VA_ARGS__)
FORM(device_in_form, struct device_in,
	F(serial, IN_SERIAL, N_("Serial number")),
	F(brand, IN_TEXT, N_("Brand"), .max = 60),
	F(model, IN_TEXT, N_("Model"), .max = 120),
	F(kind, IN_ENUM, N_("Kind of device"), .names = device_kinds),
	F(config, IN_LINES, N_("Configuration"), .max = 2000),
	F(customer, IN_TOKEN, N_("Owner (customer number)"), .max = 40),
	F(proof, IN_ENUM, N_("Proof of purchase"), .names = device_proofs),
	F(invoice_no, IN_TEXT, N_("Invoice number"), .max = 60),
	F(factory_on, IN_DAY, N_("Made on")),
	F(invoiced_on, IN_DAY, N_("Invoice date"), .hint = N_("2025-03-08")),
	F(delivered_on, IN_DAY, N_("Delivered on")),
	F(installed_on, IN_DAY, N_("Installed on")),
	F(accepted_on, IN_DAY, N_("Accepted on")),
	F(asset_no, IN_TEXT, N_("Asset number"), .max = 60),
	F(department, IN_TEXT, N_("Department"), .max = 100),
	F(user_name, IN_TEXT, N_("User"), .max = 100),
	F(location, IN_TEXT, N_("Place"), .max = 200),
	F(division, IN_TOKEN, N_("Division code"), .max = 12),
	F(loaner, IN_BOOL, N_("Loaner")),
	F(second_hand, IN_BOOL, N_("Second-hand")),
	F(note, IN_LINES, N_("Note"), .max = 2000),
	F(ver, IN_INT, N_("Version"), .min = 1, .max = INT64_MAX));
#undef F
struct list_in { str q; int64_t after, limit; };
FORM_STATIC(list_form, struct list_in,
	INPUT(struct list_in, q, IN_TEXT, N_("Words"), .max = 100),
	INPUT(struct list_in, after, IN_INT, N_("Cursor"), .min = 1),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));

static enum err answer(struct ctx *c, struct req *r, int64_t id, struct reply *out)
{
	struct device_page *p = NEW(c->a, struct device_page);

	TRY(device_get(c, id, &p->d));
	p->req = r;
	TRY(device_parts(c, id, &p->part, &p->n_part));
	TRY(device_lineage(c, id, &p->swap, &p->n_swap));
	if (r->as == AS_HTML)
		for (const struct device_panel *const *pn = device_panels; *pn; pn++) {
			void *data = NULL;

			TRY((*pn)->load(c, &p->d, &data));
			p->panel[p->n_panel++] = (struct device_panel_data){ *pn, data };
		}
	out->view = &device_view;
	out->model = p;
	out->title = p->d.serial.n ? p->d.serial : p->d.model;
	out->ver = p->d.ver;
	return ERR_OK;
}

/* Addresses carry the id; the API also takes a serial number. */
static enum err id_of(struct ctx *c, str arg, int64_t *ret)
{
	struct device d;

	if (str_int(arg, ret) && !device_get(c, *ret, &d))
		return ERR_OK;
	c->diag = (struct diag){ 0 };
	TRY(device_find(c, arg, (str){ 0 }, &d));
	*ret = d.id;
	return ERR_OK;
}

static enum err show_one(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	TRY(id_of(c, r->arg[0], &id));
	return answer(c, r, id, out);
}

static enum err list(struct ctx *c, struct req *r, struct reply *out)
{
	struct device_list_page *p = NEW(c->a, struct device_list_page);
	const struct list_in *in = r->form;
	size_t limit = in->limit == NIL ? 50 : (size_t)in->limit;

	p->req = r;
	if (in->q.n)
		TRY(device_search(c, in->q, limit, &p->items, &p->n));
	else
		TRY(device_list(c, in->after, limit, &p->items, &p->n));
	if (!in->q.n && p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	out->view = &device_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err from_form(struct ctx *c, const struct device_in *in, struct device *d)
{
	struct customer k = { .id = NIL };
	enum err e;

	if (in->customer.n) {
		e = customer_by_no(c, in->customer, &k);
		if (e == ERR_NOT_FOUND) {
			c->diag = (struct diag){ 0 };
			return fail_field(c, "customer", N_("There is no customer {1}."), in->customer);
		}
		TRY(e);
	}
	d->serial = in->serial, d->brand = in->brand, d->model = in->model, d->config = in->config, d->asset_no = in->asset_no;
	d->department = in->department, d->user_name = in->user_name, d->location = in->location, d->division = in->division;
	d->invoice_no = in->invoice_no, d->note = in->note, d->kind = in->kind < 0 ? DEVICE_OTHER : in->kind, d->proof = in->proof < 0 ? PROOF_NONE : in->proof;
	d->factory_on = in->factory_on, d->invoiced_on = in->invoiced_on, d->delivered_on = in->delivered_on, d->installed_on = in->installed_on, d->accepted_on = in->accepted_on;
	d->loaner = in->loaner, d->second_hand = in->second_hand, d->customer_id = k.id;
	return ERR_OK;
}

static enum err add(struct ctx *c, struct req *r, struct reply *out)
{
	struct device d = { .product_id = NIL, .replaced_by = NIL };
	int64_t id;

	TRY(from_form(c, r->form, &d));
	TRY(device_add(c, &d, &id));
	out->created = true;
	out->location = arena_fmt(c->a, "/devices/%lld", (long long)id);
	return answer(c, r, id, out);
}

static enum err save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct device_in *in = r->form;
	struct device d;
	int64_t id;

	if (in->ver == NIL)
		return fail_field(c, "ver", N_("Please say which version you changed (If-Match)."));
	TRY(id_of(c, r->arg[0], &id));
	TRY(device_get(c, id, &d));
	d.ver = in->ver;
	TRY(from_form(c, in, &d));
	TRY(device_save(c, &d));
	out->location = arena_fmt(c->a, "/devices/%lld", (long long)id);
	return answer(c, r, id, out);
}

static enum err form_page(struct ctx *c, struct req *r, struct reply *out)
{
	struct device_form_page *p = NEW(c->a, struct device_form_page);
	int64_t id;

	p->d = (struct device){ .kind = -1, .proof = -1, .factory_on = NO_DAY, .invoiced_on = NO_DAY, .delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY };
	if (r->arg[0].n) {
		TRY(id_of(c, r->arg[0], &id));
		TRY(device_get(c, id, &p->d));
		p->edit = true;
	}
	p->req = r;
	out->view = &device_form_view;
	out->model = p;
	return ERR_OK;
}

static const struct route routes[] = {
	{ "GET", "/devices", PERM_DEVICE_READ, 0, &list_form, list, &device_list_view, .summary = "Find devices by serial number, asset number or model" },
	{ "POST", "/devices", PERM_DEVICE_EDIT, 0, &device_in_form, add, &device_view, .again = form_page, .summary = "Register a device" },
	{ "GET", "/devices/new", PERM_DEVICE_EDIT, R_PAGE, NULL, form_page, &device_form_view, .summary = "Form of a new device" },
	{ "GET", "/devices/{id}", PERM_DEVICE_READ, 0, NULL, show_one, &device_view, .summary = "One device, by id or serial number" },
	{ "GET", "/devices/{id}/edit", PERM_DEVICE_EDIT, R_PAGE, NULL, form_page, &device_form_view, .summary = "Form to change a device" },
	{ "POST", "/devices/{id}/edit", PERM_DEVICE_EDIT, R_PAGE, &device_in_form, save, &device_view, .again = form_page, .summary = "Change a device" },
	{ "PUT", "/devices/{id}", PERM_DEVICE_EDIT, R_API, &device_in_form, save, &device_view, .summary = "Change a device" },
};
static const struct db_schema schema = { "device", device_migrations, device_statements };
const struct slice slice_device = { .name = "device", .schema = &schema, SLICE_ROUTES(routes) };
