/* order_web.c — the order's doors: register, list, page, moves, files. */
#include "base/time.h"
#include "order.html.h"
#include "order.sql.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order_web.h"
#include "slice/org/org.h"
#include "slice/product/product.h"
#include "slice/sla/sla_view.h"

/* ---- what goes out ---- */

#define O(m) FIELD(struct order, m)
#define PII(m) FIELD_MASK(struct order, m, PERM_CUSTOMER_PII)
static const struct field item_fields[] = { FIELD(struct order_item, name), FIELD(struct order_item, qty), { 0 } };
static const struct field move_fields[] = { FIELD(struct move_view, event), FIELD(struct move_view, verb), FIELD(struct move_view, to), FIELD(struct move_view, primary), { 0 } };
static const struct field order_page_fields[] = {
	O(no), O(ver), FIELD_ENUM(struct order, kind, order_kinds), FIELD_ENUM(struct order, mode, order_modes), FIELD_ENUM(struct order, channel, order_channels),
	FIELD_ENUM(struct order, state, order_states), FIELD_ENUM(struct order, priority, order_priorities), FIELD_ENUM(struct order, frequency, order_frequencies),
	FIELD_ENUM(struct order, data_choice, order_data_choices), FIELD_ENUM(struct order, wait, order_waits), FIELD_ENUM(struct order, verdict, order_verdicts),
	O(customer_no), O(customer), PII(phone), PII(email), PII(address), O(division), O(serial), O(brand), O(model), O(invoice_no), O(station), O(station_name), O(engineer),
	O(engineer_login), O(fault), O(symptom), O(self_test), O(condition), O(note), O(remote_advice), O(fault_code), O(cause), O(finding), O(result), O(end_reason),
	O(coverage), O(contract), O(signer), O(has_unlock), O(unit_in), O(fee), O(satisfaction), O(reopened), O(window_from), O(window_to), O(visit_from), O(visit_to), O(opened_at),
	O(state_at), O(due_at), O(wait_until), O(handed_over_at), O(closed_at), O(travel_m),
	FIELD_LIST(struct order, accessories, n_accessories, item_fields),
	FIELD_IF(struct order_page, follow_url, PERM_STAFF),
	{ .name = "moves", .off = offsetof(struct order_page, move), .kind = K_LIST, .size = sizeof(struct move_view), .off_n = offsetof(struct order_page, n_move), .sub = move_fields },
	{ .name = "messages", .off = offsetof(struct order_page, talk), .kind = K_LIST, .size = sizeof(struct order_message), .off_n = offsetof(struct order_page, n_talk), .sub = order_message_fields },
	{ .name = "files", .off = offsetof(struct order_page, file), .kind = K_LIST, .size = sizeof(struct attachment), .off_n = offsetof(struct order_page, n_file), .sub = attachment_fields },
	{ 0 }
};
#define R(m) FIELD(struct order_row, m)
const struct field order_row_fields[] = {
	R(no), R(ver), FIELD_ENUM(struct order_row, state, order_states), FIELD_ENUM(struct order_row, kind, order_kinds), FIELD_ENUM(struct order_row, mode, order_modes),
	FIELD_ENUM(struct order_row, priority, order_priorities), R(customer), FIELD_MASK(struct order_row, phone, PERM_CUSTOMER_PII), FIELD_MASK(struct order_row, address, PERM_CUSTOMER_PII), R(serial), R(model), R(station),
	R(engineer), R(engineer_login), R(fault), R(wait), R(opened_at), R(state_at), R(due_at), R(window_from), R(visit_from), R(visit_to), R(paused), { 0 }
};
static const struct field list_fields[] = { FIELD_LIST(struct order_list_page, items, n, order_row_fields), { 0 } };
static const struct field warning_fields[] = { FIELD(struct order_warning, text), FIELD(struct order_warning, href), { 0 } };
static const struct field check_fields[] = { FIELD_LIST(struct order_check_page, items, n, warning_fields), { 0 } };
static void draw_order(struct out *o, const struct ctx *c, const void *m) { order_page_html(o, c, m); }
static void draw_list(struct out *o, const struct ctx *c, const void *m) { order_list_html(o, c, m); }
static void draw_check(struct out *o, const struct ctx *c, const void *m) { order_check_html(o, c, m); }
static void draw_new(struct out *o, const struct ctx *c, const void *m) { order_new_html(o, c, m); }
const struct view order_view = { "order", N_("Work order"), draw_order, order_page_fields, sizeof(struct order_page) };
const struct view order_list_view = { "order_list", N_("Work orders"), draw_list, list_fields, sizeof(struct order_list_page) };
const struct view order_check_view = { "order_check", N_("Before saving"), draw_check, check_fields, sizeof(struct order_check_page) };
const struct view order_new_view = { "order_new", N_("New work order"), draw_new, NULL, 0 };

/* ---- what comes in ---- */

static const struct input accessory_in[] = {
	INPUT(struct order_item, name, IN_TEXT, N_("Accessory"), .required = true, .max = 100),
	INPUT(struct order_item, qty, IN_INT, N_("Quantity"), .required = true, .min = 1, .max = 1000),
};
const struct form order_accessory_form = { "accessory", sizeof(struct order_item), accessory_in, LEN(accessory_in) };
#define F(m, kind, label, ...) INPUT(struct order_form_in, m, kind, label, __VA_ARGS__)
FORM(order_form, struct order_form_in,
	F(customer, IN_TOKEN, N_("Customer number"), .max = 40),
	F(customer_name, IN_TEXT, N_("Customer"), .max = 100),
	F(phone, IN_PHONE, N_("Phone"), .hint = N_("138 0013 8000 or 010-8888 1234")),
	F(email, IN_EMAIL, N_("E-mail")),
	F(address, IN_TEXT, N_("Address"), .max = 300),
	F(division, IN_TOKEN, N_("Division code"), .max = 12),
	F(serial, IN_SERIAL, N_("Serial number")),
	F(brand, IN_TEXT, N_("Brand"), .max = 60),
	F(model, IN_TEXT, N_("Model"), .max = 120),
	F(device_kind, IN_ENUM, N_("Kind of device"), .names = device_kinds),
	F(proof, IN_ENUM, N_("Proof of purchase"), .names = device_proofs),
	F(invoice_no, IN_TEXT, N_("Invoice number"), .max = 60),
	F(invoiced_on, IN_DAY, N_("Invoice date"), .hint = N_("2025-03-08")),
	F(kind, IN_ENUM, N_("Kind of work"), .names = order_kinds),
	F(mode, IN_ENUM, N_("Service mode"), .names = order_modes),
	F(channel, IN_ENUM, N_("Channel"), .names = order_channels),
	F(priority, IN_ENUM, N_("Priority"), .names = order_priorities),
	F(impact, IN_ENUM, N_("Who is affected"), .names = order_impacts),
	F(urgency, IN_ENUM, N_("How soon"), .names = order_urgencies),
	F(fault, IN_LINES, N_("Fault in the customer's words"), .required = true, .max = 2000),
	F(symptom, IN_TOKEN, N_("Symptom code"), .max = 20),
	F(self_test, IN_TEXT, N_("Self-test or error code"), .max = 60),
	F(frequency, IN_ENUM, N_("How often"), .names = order_frequencies),
	F(condition, IN_LINES, N_("Condition on arrival"), .max = 1000),
	{ .name = "accessories", .label = N_("Accessories"), .off = offsetof(struct order_form_in, accessories), .kind = IN_LIST, .max = 30, .sub = &order_accessory_form,
	  .off_n = offsetof(struct order_form_in, n_accessories) },
	F(data_choice, IN_ENUM, N_("Customer's data"), .names = order_data_choices),
	F(unlock, IN_SECRET, N_("Unlock code"), .max = 100),
	{ .name = "photos", .label = N_("Photos and files"), .off = offsetof(struct order_form_in, photos), .kind = IN_FILES, .max = 10,
	  .off_n = offsetof(struct order_form_in, n_photos) },
	F(window_from, IN_INSTANT, N_("Wanted from")),
	F(window_to, IN_INSTANT, N_("Wanted until")),
	F(station, IN_TOKEN, N_("Station"), .max = 40),
	F(note, IN_LINES, N_("Internal note"), .max = 2000),
	F(parent, IN_TOKEN, N_("Follows up order"), .max = 40),
	F(ver, IN_INT, N_("Version"), .min = 1, .max = INT64_MAX),
	F(in_spite, IN_BOOL, N_("Register in spite of the open order")));
#undef F
#define F(m, kind, label, ...) INPUT(struct order_act_in, m, kind, label, __VA_ARGS__)
static const struct input returned_in[] = { { .name = "name", .label = N_("Accessory"), .off = 0, .kind = IN_TEXT, .max = 100 } };
static const struct form returned_form = { "returned", sizeof(str), returned_in, 1 };
const char *const order_backs[] = { "day", "board", NULL };
FORM(order_act_form, struct order_act_in,
	F(event, IN_ENUM, N_("Event"), .names = order_events, .required = true),
	F(ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	F(reason, IN_LINES, N_("Reason"), .max = 500),
	F(note, IN_LINES, N_("Note"), .max = 2000),
	F(station, IN_TOKEN, N_("Station"), .max = 40),
	F(engineer, IN_TOKEN, N_("Engineer"), .max = 64),
	F(advice, IN_LINES, N_("Advice given"), .max = 2000),
	F(fault_code, IN_TOKEN, N_("Fault code"), .max = 20),
	F(cause, IN_ENUM, N_("Cause"), .names = order_causes),
	F(finding, IN_LINES, N_("What was found"), .max = 2000),
	F(result, IN_LINES, N_("What was done"), .max = 2000),
	F(signer, IN_TEXT, N_("Signed by"), .max = 100),
	F(signature, IN_TOKEN, N_("Signature"), .max = 400000),
	F(wait, IN_ENUM, N_("Waiting for"), .names = order_waits),
	F(verdict, IN_ENUM, N_("To be done"), .names = order_verdicts),
	F(satisfaction, IN_INT, N_("Satisfaction (1–5)"), .min = 1, .max = 5),
	F(from, IN_INSTANT, N_("From")),
	F(until, IN_INSTANT, N_("Until")),
	F(device_at, IN_INSTANT, N_("Recorded at")),
	F(fee, IN_MONEY, N_("Fee")),
	F(ticked, IN_BOOL, N_("Accessories ticked off")),
	{ .name = "returned", .label = N_("Handed back"), .off = offsetof(struct order_act_in, returned), .kind = IN_LIST, .max = 100, .sub = &returned_form,
	  .off_n = offsetof(struct order_act_in, n_returned) },
	F(back, IN_ENUM, N_("Page to go back to"), .names = order_backs));
#undef F
struct files_in { struct upload *files; size_t n; };
const struct input order_files_form_in[] = {
	{ .name = "files", .label = N_("Photos and files"), .off = offsetof(struct files_in, files), .kind = IN_FILES, .required = true, .max = 10, .off_n = offsetof(struct files_in, n) },
};
const struct form order_files_form = { "order_files_form", sizeof(struct files_in), order_files_form_in, LEN(order_files_form_in) };
struct list_in { str q, org, station, engineer, customer; int state, kind; bool open, overdue, by_due; day opened_from, opened_until, closed_from, closed_until; int64_t after, limit; };
FORM_STATIC(list_form, struct list_in,
	INPUT(struct list_in, q, IN_TEXT, N_("Words"), .max = 200),
	INPUT(struct list_in, state, IN_ENUM, N_("State"), .names = order_states),
	INPUT(struct list_in, kind, IN_ENUM, N_("Kind of work"), .names = order_kinds),
	INPUT(struct list_in, org, IN_TOKEN, N_("Region or station"), .max = 40),
	INPUT(struct list_in, station, IN_TOKEN, N_("Station"), .max = 40),
	INPUT(struct list_in, engineer, IN_TOKEN, N_("Engineer"), .max = 64),
	INPUT(struct list_in, customer, IN_TOKEN, N_("Customer number"), .max = 40),
	INPUT(struct list_in, open, IN_BOOL, N_("Open only")),
	INPUT(struct list_in, overdue, IN_BOOL, N_("Overdue only")),
	INPUT(struct list_in, by_due, IN_BOOL, N_("By deadline")),
	INPUT(struct list_in, opened_from, IN_DAY, N_("Registered from")),
	INPUT(struct list_in, opened_until, IN_DAY, N_("Registered until")),
	INPUT(struct list_in, closed_from, IN_DAY, N_("Closed from")),
	INPUT(struct list_in, closed_until, IN_DAY, N_("Closed until")),
	INPUT(struct list_in, after, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));

enum err order_from_form(struct ctx *c, const struct order_form_in *in, struct order_new *ret)
{
	struct customer k = { .id = NIL };

	if (in->customer.n)
		TRY(customer_by_no(c, in->customer, &k));
	*ret = (struct order_new){ .kind = in->kind, .mode = in->mode, .channel = in->channel, .priority = in->priority, .impact = in->impact + 1, .urgency = in->urgency + 1, .frequency = in->frequency, .data_choice = in->data_choice,
		.customer_id = k.id, .device_id = NIL, .customer_name = in->customer_name, .phone = in->phone, .email = in->email, .address = in->address, .division = in->division,
		.serial = in->serial, .brand = in->brand, .model = in->model, .device_kind = in->device_kind, .invoice_no = in->invoice_no, .invoiced_on = in->invoiced_on,
		.proof = in->proof, .fault = in->fault, .symptom = in->symptom, .self_test = in->self_test, .condition = in->condition, .unlock = in->unlock, .note = in->note,
		.window_from = in->window_from, .window_to = in->window_to, .station = in->station, .parent = in->parent, .accessories = in->accessories, .n_accessories = in->n_accessories,
		.in_spite = in->in_spite, .lat = NIL, .lon = NIL };
	return ERR_OK;
}

static enum err family(struct ctx *c, struct order_page *p)
{
	struct order parent;
	enum err e;

	TRY(order_children(c, p->o.id, &p->child, &p->n_child));
	if (p->o.parent_id == NIL)
		return ERR_OK;
	e = order_by_id(c, p->o.parent_id, &parent);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	p->parent = parent.no;
	return e;
}

static enum err load_panels(struct ctx *c, struct order_page *p)
{
	size_t n = 0;

	while (order_panels[n])
		n++;
	p->panel = NEW_N(c->a, struct panel_view, n + 1);
	for (size_t i = 0; i < n; i++) {
		void *data = NULL;

		if (!order_panels[i]->shown(c, &p->o))
			continue;
		TRY(order_panels[i]->load(c, &p->o, &data));
		if (data)
			p->panel[p->n_panel++] = (struct panel_view){ order_panels[i], data };
	}
	return ERR_OK;
}

/* A code of the catalogue with its title; one that is not in it stands alone. */
static str code_words(struct ctx *c, str code, enum err (*get)(struct ctx *c, str code, struct code *ret))
{
	struct code k;
	enum err e = code.n ? get(c, code, &k) : ERR_NOT_FOUND;

	c->diag = (struct diag){ 0 };
	return e ? code : arena_fmt(c->a, "%.*s (%.*s)", STR_ARG(code_title(c, &k)), STR_ARG(code));
}

enum err order_page_fill(struct ctx *c, struct req *r, const struct order *o, struct order_page **ret)
{
	struct order_page *p = NEW(c->a, struct order_page);

	p->o = *o;
	p->req = r;
	p->staff = may(c, PERM_STAFF);
	p->state_title = order_state_title(c, o->state);
	p->wait_title = o->wait < 0 ? (str){ 0 } : tr(c, order_wait_titles[o->wait]);
	p->follow_url = arena_fmt(c->a, "%.*s/t/%.*s", STR_ARG(r->base), STR_ARG(o->follow_token));
	p->may_talk = p->staff ? may(c, PERM_ORDER_TALK) : true;
	p->may_edit = may(c, PERM_ORDER_REGISTER);
	p->may_attach = may(c, PERM_ATTACHMENT) || !p->staff;
	p->may_unlock = o->has_unlock && may(c, PERM_ORDER_SECRET);
	order_moves_of(c, o, &p->move, &p->n_move);
	p->step = order_primary(p->move, p->n_move);
	p->next = (struct order_move_form){ .req = r, .o = &p->o };
	if (p->step)
		p->next.move = *p->step;
	TRY(order_talk_last(c, o->id, p->staff, TALK_SHOWN, &p->talk, &p->n_talk, &p->more_talk));
	TRY(attachment_list(c, "order", o->id, &p->file, &p->n_file));
	if (r->as == AS_HTML) {
		p->symptom = code_words(c, o->symptom, symptom_get);
		p->fault_code = code_words(c, o->fault_code, fault_get);
	}
	if (p->staff && r->as == AS_HTML) {
		TRY(order_history(c, p));
		TRY(family(c, p));
		TRY(order_move_options(c, &p->o, p->next.move.fields, &p->next));
		TRY(load_panels(c, p));
	}
	*ret = p;
	return ERR_OK;
}

/* ---- handlers ---- */

enum err order_answer(struct ctx *c, struct req *r, str no, struct reply *out)
{
	struct order_page *p;
	struct order o;

	TRY(order_get(c, no, &o));
	TRY(order_page_fill(c, r, &o, &p));
	out->view = &order_view;
	out->model = p;
	out->title = o.no;
	out->ver = o.ver;
	return ERR_OK;
}

enum err order_show(struct ctx *c, struct req *r, struct reply *out) { return order_answer(c, r, r->arg[0], out); }

enum err order_photos(struct ctx *c, int64_t order_id, const struct upload *u, size_t n, bool open)
{
	int64_t id;

	for (size_t i = 0; i < n; i++)
		TRY(attachment_add(c, "order", order_id, &(struct attachment_file){ u[i].name, u[i].type, u[i].path, u[i].sha256, u[i].size }, open, &id));
	return ERR_OK;
}

static enum err register_order(struct ctx *c, struct req *r, struct reply *out)
{
	const struct order_form_in *in = r->form;
	struct order_new n;
	struct order o;
	int64_t id;

	TRY(order_from_form(c, in, &n));
	if (n.channel < 0)
		n.channel = r->as == AS_JSON ? CHANNEL_API : CHANNEL_PHONE;
	TRY(order_register(c, &n, &id));
	TRY(order_photos(c, id, in->photos, in->n_photos, true));
	live_touch(c, "orders");
	TRY(order_by_id(c, id, &o));
	out->created = true;
	out->location = arena_fmt(c->a, "/orders/%.*s", STR_ARG(o.no));
	out->flash = trf(c, N_("Order {1} is registered."), o.no);
	return order_answer(c, r, o.no, out);
}

static enum err new_order(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_form_page *p = NEW(c->a, struct order_form_page);
	str parent = r->failed ? req_typed(r, "parent") : ui_query(c, r, "parent");

	p->req = r;
	p->has_parent = parent.n && !order_get(c, parent, &p->parent);
	c->diag = (struct diag){ 0 };
	out->view = &order_new_view;
	out->model = p;
	return ERR_OK;
}

static enum err check_order(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_check_page *p = NEW(c->a, struct order_check_page);
	struct order_new n;

	TRY(order_from_form(c, r->form, &n));
	TRY(order_check(c, &n, &p->items, &p->n));
	out->view = &order_check_view;
	out->model = p;
	return ERR_OK;
}

/* A chip changes the state; words, place and kind stay. */
static str chip_address(struct ctx *c, const struct req *r, const char *query)
{
	static const char *const stay[] = { "q", "org", "station", "engineer", "kind", NULL };
	str all = arena_fmt(c->a, "/orders%s", query), rest = r->query, pair, key;

	while (str_cut(&rest, '&', &pair)) {
		str tail = pair;

		if (str_cut(&tail, '=', &key) && tail.n && name_index(stay, key) >= 0)
			all = arena_fmt(c->a, "%.*s%c%.*s", STR_ARG(all), memchr(all.p, '?', all.n) ? '&' : '?', STR_ARG(pair));
	}
	return all;
}

static void list_chips(struct ctx *c, struct req *r, const struct list_in *in, struct order_list_page *p)
{
	const struct { const char *label, *query; bool on; } chip[] = {
		{ N_("All"), "", !in->open && !in->overdue && in->state < 0 },
		{ N_("Open, by deadline"), "?open=1&by_due=1", in->open && !in->overdue },
		{ N_("Overdue"), "?overdue=1", in->overdue },
		{ N_("Waiting"), "?state=waiting", in->state == ORDER_WAITING },
		{ N_("Handed over"), "?state=handed_over", in->state == ORDER_HANDED_OVER },
		{ N_("Closed"), "?state=closed", in->state == ORDER_CLOSED },
	};

	p->chip = NEW_N(c->a, struct ui_link, LEN(chip));
	p->n_chip = LEN(chip);
	for (size_t i = 0; i < LEN(chip); i++)
		p->chip[i] = (struct ui_link){ tr(c, chip[i].label), chip_address(c, r, chip[i].query), chip[i].on, NIL };
}

static enum err list_orders(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_list_page *p = NEW(c->a, struct order_list_page);
	const struct list_in *in = r->form;
	struct order_filter f = { .state = in->state, .kind = in->kind, .wait = -1, .open_only = in->open, .overdue = in->overdue, .org = in->org, .station = in->station, .engineer = in->engineer,
		.q = in->q, .customer_id = NIL, .device_id = NIL, .before = in->after, .opened_from = in->opened_from, .opened_until = in->opened_until, .closed_from = in->closed_from, .closed_until = in->closed_until, .limit = in->limit == NIL ? 50 : (size_t)in->limit, .by_due = in->by_due };
	struct customer k;
	int64_t next;

	if ((f.opened_from.d == NIL) != (f.opened_until.d == NIL))
		return fail_field(c, "opened_until", N_("Please give both days."));
	if ((f.closed_from.d == NIL) != (f.closed_until.d == NIL))
		return fail_field(c, "closed_until", N_("Please give both days."));
	if (in->customer.n) {
		TRY(customer_by_no(c, in->customer, &k));
		f.customer_id = k.id;
	}
	TRY(order_list(c, &f, &p->items, &p->n, &next));
	if (next != NIL)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)next);
	p->req = r;
	p->org = in->org;
	p->kind = in->kind;
	if (r->as == AS_HTML)
		TRY(order_places(c, &p->place, &p->n_place));
	list_chips(c, r, in, p);
	out->view = &order_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err add_files(struct ctx *c, struct req *r, struct reply *out)
{
	const struct files_in *in = r->form;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(order_photos(c, o.id, in->files, in->n, true));
	out->created = true;
	out->location = arena_fmt(c->a, "/orders/%.*s#files", STR_ARG(o.no));
	return order_answer(c, r, o.no, out);
}

static enum err print_paper(struct ctx *c, struct req *r, struct reply *out)
{
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	return order_paper(c, r, &o, r->arg[1], out);
}

struct unlock_page { str unlock; };
static const struct field unlock_fields[] = { FIELD(struct unlock_page, unlock), { 0 } };
static void draw_unlock(struct out *o, const struct ctx *c, const void *m) { order_unlock_html(o, c, ((const struct unlock_page *)m)->unlock); }
static const struct view unlock_view = { "unlock", N_("Unlock code"), draw_unlock, unlock_fields, sizeof(struct unlock_page) };

static enum err show_unlock(struct ctx *c, struct req *r, struct reply *out)
{
	struct unlock_page *p = NEW(c->a, struct unlock_page);
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(order_unlock(c, &o, &p->unlock));
	out->view = &unlock_view;
	out->model = p;
	return ERR_OK;
}

static void draw_edit(struct out *o, const struct ctx *c, const void *m) { order_edit_html(o, c, m); }
static const struct view order_edit_view = { "order_edit", N_("Correct the order"), draw_edit, NULL, 0 };

static enum err edit_page(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_form_page *p = NEW(c->a, struct order_form_page);

	p->req = r;
	TRY(order_get(c, r->arg[0], &p->o));
	out->view = &order_edit_view;
	out->model = p;
	return ERR_OK;
}

static enum err edit_order(struct ctx *c, struct req *r, struct reply *out)
{
	const struct order_form_in *in = r->form;
	struct order_new n;

	if (in->ver == NIL)
		return fail_field(c, "ver", N_("Please say which version you changed (If-Match)."));
	TRY(order_from_form(c, in, &n));
	TRY(order_edit(c, r->arg[0], &n, in->ver));
	out->location = arena_fmt(c->a, "/orders/%.*s", STR_ARG(r->arg[0]));
	return order_answer(c, r, r->arg[0], out);
}

static const struct route order_routes[] = {
	{ "GET", "/orders", PERM_ORDER_READ, 0, &list_form, list_orders, &order_list_view, .summary = "List work orders in sight" },
	{ "POST", "/orders", PERM_ORDER_REGISTER, 0, &order_form, register_order, &order_view, .again = new_order, .summary = "Register a work order" },
	{ "GET", "/orders/new", PERM_ORDER_REGISTER, R_PAGE, NULL, new_order, &order_new_view, .summary = "Form of a new work order" },
	{ "POST", "/orders/check", PERM_ORDER_REGISTER, R_READ, &order_form, check_order, &order_check_view, .summary = "What to know before saving: open orders, repeats, recalls, duplicates" },
	{ "GET", "/orders/{no}", PERM_ORDER_READ, 0, NULL, order_show, &order_view, .summary = "One work order" },
	{ "PUT", "/orders/{no}", PERM_ORDER_REGISTER, R_API, &order_form, edit_order, &order_view, .summary = "Correct the intake facts of a work order" },
	{ "POST", "/orders/{no}/events", PERM_ORDER_READ, 0, &order_act_form, order_move_post, &order_view, .again = order_move_again, .summary = "Fire a move of the state table" },
	{ "GET", "/orders/{no}/moves/{event}", PERM_ORDER_READ, R_PAGE, NULL, order_move_show, &order_move_view, .summary = "Form of one move" },
	{ "GET", "/orders/{no}/ahead", PERM_ORDER_WORK, R_PAGE, NULL, order_ahead_show, &order_ahead_view, .summary = "Forms of all moves that lie ahead, for work without network" },
	{ "GET", "/orders/faults", PERM_ORDER_READ, R_PAGE, &order_fault_form, order_fault_picks, &order_picks_view, .summary = "Fault codes as one types" },
	{ "GET", "/orders/{no}/edit", PERM_ORDER_REGISTER, R_PAGE, NULL, edit_page, &order_edit_view, .summary = "Form to correct the intake facts" },
	{ "POST", "/orders/{no}/edit", PERM_ORDER_REGISTER, R_PAGE, &order_form, edit_order, &order_view, .again = edit_page, .summary = "Correct the intake facts from the form" },
	{ "GET", "/orders/{no}/events", PERM_ORDER_READ, 0, &order_part_form, order_events_show, &event_list_view, .summary = "Everything that happened to an order" },
	{ "GET", "/orders/{no}/clocks", PERM_STAFF | PERM_ORDER_READ, R_API, NULL, list_clocks, &sla_story_view, .summary = "Clocks of an order and how each deadline came about" },
	{ "GET", "/orders/{no}/promises", PERM_ORDER_READ, R_API, NULL, list_promises, &sla_told_view, .summary = "What the customer was promised, every change of it and why" },
	{ "GET", "/escalations", PERM_STAFF | PERM_ORDER_READ, 0, NULL, list_escalations, &escalation_list_view, .summary = "Open escalations to the reader, and those nobody received" },
	{ "POST", "/escalations/{id}/seen", PERM_STAFF | PERM_ORDER_READ, 0, NULL, see_escalation, &escalation_list_view, .summary = "Take note of an escalation" },
	{ "GET", "/orders/{no}/messages", PERM_ORDER_READ, 0, &order_part_form, order_messages_show, &message_list_view, .summary = "Talk on an order" },
	{ "POST", "/orders/{no}/messages", PERM_ORDER_TALK, 0, &order_say_form, order_say_post, &order_view, .again = order_show, .summary = "Say something on an order" },
	{ "POST", "/orders/{no}/files", PERM_ATTACHMENT, 0, &order_files_form, add_files, &order_view, .again = order_show, .summary = "Add photos and files to an order" },
	{ "GET", "/orders/{no}/papers/{paper}", PERM_ORDER_READ, 0, NULL, print_paper, NULL, .summary = "A paper of the order as PDF: receipt, receipt-80mm, dispatch, report, label" },
	{ "POST", "/orders/{no}/unlock", PERM_ORDER_SECRET, R_READ, NULL, show_unlock, &unlock_view, .summary = "Show the unlock code (logged)" },
	{ "GET", "/board", PERM_ORDER_READ, 0, &board_form, board_show, &board_view, .summary = "Open orders by state or engineer, by deadline" },
	{ "GET", "/day", PERM_ORDER_WORK, 0, NULL, day_show, &day_view, .summary = "The engineer's open jobs" },
};

static const struct setting order_settings[] = {
	{ "order.refusal_days", IN_INT, "7", N_("Working days in which a customer may refuse the result") },
};
static const struct db_schema order_schema = { "order", order_migrations, order_statements };
const struct slice slice_order = { .name = "order", .schema = &order_schema, SLICE_ROUTES(order_routes), .settings = order_settings, .n_settings = LEN(order_settings) };
