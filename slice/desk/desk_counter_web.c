/* desk_counter_web.c — carry-in in one screen: registers and receives the unit at the own station in one write [ui 7, O3]. */
#include "base/i18n.h"
#include "counter.html.h"
#include "slice/account/perm.h"
#include "slice/attachment/attachment.h"
#include "slice/desk/counter_view.h"
#include "slice/org/org.h"

/* ---- what to look at ---- */

const char *const unit_parts[] = {
#define X(id, code, title, sign) code,
	UNIT_PARTS(X)
#undef X
	NULL
};
const char *const unit_part_titles[] = {
#define X(id, code, title, sign) title,
	UNIT_PARTS(X)
#undef X
	NULL
};
static const bool is_sign[] = {
#define X(id, code, title, sign) sign,
	UNIT_PARTS(X)
#undef X
};
const char *const unit_states[] = { "ok", "damaged", "missing", NULL };

const char *unit_state_title(enum unit_part p, enum unit_state s)
{
	static const char *const part[UNIT_STATE_N] = { N_("In order"), N_("Damaged"), N_("Not there") };
	static const char *const sign[UNIT_STATE_N] = { N_("None seen"), N_("Seen"), NULL };

	return is_sign[p] ? sign[s] : part[s];
}

enum { T_ADAPTER, T_CORD, T_BATTERY, T_MOUSE, T_KEYBOARD, T_STYLUS, T_DOCK, T_CABLE, T_BAG, T_DRIVE, T_RAILS, T_TRAY, T_BOX };
const char *const unit_things[] = { N_("Power adapter"), N_("Power cord"), N_("Removable battery"), N_("Mouse"), N_("Keyboard"), N_("Stylus"), N_("Docking station"), N_("Data cable"),
	N_("Bag"), N_("Hard drive"), N_("Rack rails"), N_("Paper tray"), N_("Original box"), NULL };
#define PART(id) (1u << UNIT_##id)
#define THING(id) (1u << T_##id)
#define DESKTOP_PARTS (PART(PORTS) | PART(CASE) | PART(DRIVES) | PART(FANS) | PART(SEAL) | PART(LIQUID))
const struct unit_kind unit_kinds[] = {
	[DEVICE_NOTEBOOK]    = { PART(SCREEN) | PART(HINGES) | PART(KEYBOARD) | PART(PORTS) | PART(CASE) | PART(CAMERA) | PART(SEAL) | PART(SWELLING) | PART(LIQUID),
				 THING(ADAPTER) | THING(BATTERY) | THING(MOUSE) | THING(DOCK) | THING(BAG) | THING(BOX) },
	[DEVICE_DESKTOP]     = { DESKTOP_PARTS, THING(CORD) | THING(MOUSE) | THING(KEYBOARD) | THING(CABLE) | THING(BOX) },
	[DEVICE_ALL_IN_ONE]  = { PART(SCREEN) | PART(STAND) | PART(CAMERA) | DESKTOP_PARTS, THING(ADAPTER) | THING(CORD) | THING(MOUSE) | THING(KEYBOARD) | THING(BOX) },
	[DEVICE_WORKSTATION] = { DESKTOP_PARTS, THING(CORD) | THING(MOUSE) | THING(KEYBOARD) | THING(DRIVE) | THING(BOX) },
	[DEVICE_SERVER]      = { DESKTOP_PARTS, THING(CORD) | THING(DRIVE) | THING(RAILS) },
	[DEVICE_TABLET]      = { PART(SCREEN) | PART(TOUCH) | PART(PORTS) | PART(CASE) | PART(CAMERA) | PART(SEAL) | PART(SWELLING) | PART(LIQUID), THING(ADAPTER) | THING(CABLE) | THING(STYLUS) | THING(KEYBOARD) | THING(BAG) | THING(BOX) },
	[DEVICE_PRINTER]     = { PART(SCREEN) | PART(PORTS) | PART(CASE) | PART(TRAY) | PART(TONER) | PART(LIQUID), THING(CORD) | THING(CABLE) | THING(TRAY) | THING(BOX) },
	[DEVICE_MONITOR]     = { PART(SCREEN) | PART(STAND) | PART(PORTS) | PART(CASE) | PART(LIQUID), THING(ADAPTER) | THING(CORD) | THING(CABLE) | THING(BOX) },
	[DEVICE_POS]         = { PART(SCREEN) | PART(TOUCH) | PART(PORTS) | PART(CASE) | PART(TRAY) | PART(LIQUID), THING(ADAPTER) | THING(CORD) | THING(CABLE) },
	[DEVICE_NETWORK]     = { PART(PORTS) | PART(CASE) | PART(FANS) | PART(SEAL) | PART(LIQUID), THING(ADAPTER) | THING(CORD) | THING(RAILS) },
	[DEVICE_OTHER]       = { PART(SCREEN) | PART(PORTS) | PART(CASE) | PART(SEAL) | PART(LIQUID), THING(ADAPTER) | THING(CORD) | THING(CABLE) | THING(BAG) | THING(BOX) },
};
_Static_assert(LEN(unit_kinds) == DEVICE_OTHER + 1, "every kind of device has its list");
#undef PART
#undef THING

/* ---- what comes in ---- */

static const struct input thing_in[] = { { .name = "name", .label = N_("Accessory"), .off = 0, .kind = IN_TEXT, .max = 100 } };
static const struct form thing_form = { "thing", sizeof(str), thing_in, 1 };
FORM(unit_check_form, struct unit_check,
	INPUT(struct unit_check, part, IN_ENUM, N_("Part"), .names = unit_parts, .required = true),
	INPUT(struct unit_check, state, IN_ENUM, N_("Condition"), .names = unit_states),
	INPUT(struct unit_check, note, IN_TEXT, N_("Note"), .max = 100));
#define F(m, kind, label, ...) INPUT(struct counter_in, m, kind, label, __VA_ARGS__)
FORM(counter_form, struct counter_in,
	F(serial, IN_SERIAL, N_("Serial number")),
	F(brand, IN_TEXT, N_("Brand"), .max = 60),
	F(model, IN_TEXT, N_("Model"), .max = 120),
	F(device_kind, IN_ENUM, N_("Kind of device"), .names = device_kinds),
	F(customer_name, IN_TEXT, N_("Customer"), .max = 100),
	F(phone, IN_PHONE, N_("Phone"), .hint = N_("138 0013 8000 or 010-8888 1234")),
	F(fault, IN_LINES, N_("Fault in the customer's words"), .required = true, .max = 2000),
	F(self_test, IN_TEXT, N_("Self-test or error code"), .max = 60),
	F(frequency, IN_ENUM, N_("How often"), .names = order_frequencies),
	{ .name = "things", .label = N_("Accessories"), .off = offsetof(struct counter_in, things), .kind = IN_LIST, .max = 20, .sub = &thing_form, .off_n = offsetof(struct counter_in, n_things) },
	{ .name = "accessories", .label = N_("Accessories"), .off = offsetof(struct counter_in, accessories), .kind = IN_LIST, .max = 10, .sub = &order_accessory_form,
	  .off_n = offsetof(struct counter_in, n_accessories) },
	{ .name = "checks", .label = N_("Condition on arrival"), .off = offsetof(struct counter_in, checks), .kind = IN_LIST, .max = UNIT_PART_N, .sub = &unit_check_form,
	  .off_n = offsetof(struct counter_in, n_checks) },
	F(condition, IN_TEXT, N_("Anything else"), .max = 300),
	{ .name = "photos", .label = N_("Photos"), .off = offsetof(struct counter_in, photos), .kind = IN_FILES, .max = 10, .off_n = offsetof(struct counter_in, n_photos) },
	F(data_choice, IN_ENUM, N_("Customer's data"), .names = order_data_choices),
	F(unlock, IN_SECRET, N_("Unlock code"), .max = 100),
	F(note, IN_LINES, N_("Internal note"), .max = 2000),
	F(signature, IN_TOKEN, N_("Signature"), .max = 400000),
	F(station, IN_TOKEN, N_("Station"), .max = 40),
	F(in_spite, IN_BOOL, N_("Register in spite of the open order")));
#undef F

bool counter_ticked(const struct req *r, const char *name, str value)
{
	for (size_t i = 0; i < r->n_typed; i++)
		if (str_eq(r->typed[i].name, str_c(name)) && str_eq(r->typed[i].value, value))
			return true;
	return false;
}

str counter_typed(const struct ctx *c, const struct req *r, size_t i, const char *member)
{
	str s = r->failed ? req_typed(r, arena_fmt(c->a, "checks.%zu.%s", i, member).p) : (str){ 0 };

	return s.p ? s : S("");
}

int counter_kind(const struct req *r)
{
	int k = r->failed ? name_index(device_kinds, req_typed(r, "device_kind")) : -1;

	return k < 0 ? DEVICE_NOTEBOOK : k;
}

/* ---- the page ---- */

static void draw_counter(struct out *o, const struct ctx *c, const void *m) { counter_html(o, c, m); }
static void draw_unit(struct out *o, const struct ctx *c, const void *m) { unit_html(o, c, m); }
const struct view counter_view = { "counter", N_("Counter"), draw_counter, NULL, sizeof(struct counter_page) };
const struct view unit_view = { "counter_unit", N_("Device"), draw_unit, NULL, sizeof(struct unit_lookup) };

/* The reader's own station, or the one they chose among those in sight. */
static enum err station_here(struct ctx *c, str code, struct org *ret, bool *ret_found)
{
	enum err e;

	*ret_found = false;
	if (c->who->org_id != NIL) {
		TRY(org_get(c, c->who->org_id, ret));
		*ret_found = ret->kind == ORG_STATION;
	}
	if (*ret_found || !code.n)
		return ERR_OK;
	e = org_by_code(c, code, ret);
	if (e == ERR_NOT_FOUND || (!e && (ret->kind != ORG_STATION || !ret->active || (c->who->sight == SIGHT_ORG && !str_starts(ret->path, c->who->org_path))))) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "station", N_("There is no active station {1}."), code);
	}
	*ret_found = !e;
	return e;
}

static enum err units_at(struct ctx *c, str station, int state, struct order_row **ret, size_t *ret_n)
{
	struct order_filter f = { ORDER_FILTER_ANY, .open_only = true, .by_due = true, .station = station };
	int64_t next;

	f.state = state;
	f.limit = 8;
	return order_list(c, &f, ret, ret_n, &next);
}

static enum err fill_counter(struct ctx *c, struct req *r, str station, struct counter_page *p)
{
	struct org *all;
	size_t n;
	bool found;

	p->req = r;
	TRY(station_here(c, station, &p->at, &found));
	if (found) {
		TRY(units_at(c, p->at.code, ORDER_RECEIVED, &p->received, &p->n_received));
		TRY(units_at(c, p->at.code, ORDER_TESTED, &p->ready, &p->n_ready));
	}
	p->placed = found && p->at.id == c->who->org_id;
	if (p->placed)
		return ERR_OK;
	TRY(org_list(c, ORG_STATION, c->who->sight == SIGHT_ORG ? c->who->org_path : (str){ 0 }, &all, &n));
	p->station = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++)
		if (all[i].active)
			p->station[p->n_station++] = (struct ui_option){ all[i].code, org_title(c, &all[i]) };
	return ERR_OK;
}

struct counter_query { str saved, station; };
FORM(counter_query_form, struct counter_query,
	INPUT(struct counter_query, saved, IN_TOKEN, N_("Order"), .max = 40),
	INPUT(struct counter_query, station, IN_TOKEN, N_("Station"), .max = 40));

enum err counter_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct counter_page *p = NEW(c->a, struct counter_page);
	const struct counter_query *in = r->form;

	TRY(fill_counter(c, r, in->station, p));
	if (in->saved.n)
		p->has_saved = !order_get(c, in->saved, &p->saved);
	c->diag = (struct diag){ 0 };
	out->view = &counter_view;
	out->model = p;
	return ERR_OK;
}

enum err counter_again(struct ctx *c, struct req *r, struct reply *out)
{
	struct counter_page *p = NEW(c->a, struct counter_page);

	if (fill_counter(c, r, req_typed(r, "station"), p)) {
		c->diag = (struct diag){ 0 };
		TRY(fill_counter(c, r, (str){ 0 }, p));
	}
	out->view = &counter_view;
	out->model = p;
	return ERR_OK;
}

/* ---- the scanned serial ---- */

struct unit_query { str serial; int device_kind; };
FORM(unit_query_form, struct unit_query,
	INPUT(struct unit_query, serial, IN_TEXT, N_("Serial number"), .max = 100),
	INPUT(struct unit_query, device_kind, IN_ENUM, N_("Kind of device"), .names = device_kinds));

enum err counter_unit(struct ctx *c, struct req *r, struct reply *out)
{
	struct unit_lookup *p = NEW(c->a, struct unit_lookup);
	const struct unit_query *in = r->form;
	struct order_new n = { .customer_id = NIL, .device_id = NIL, .serial = in->serial };

	p->req = r;
	p->kind = in->device_kind;
	p->found.serial = in->serial;
	out->view = &unit_view;
	out->model = p;
	if (!in->serial.n)
		return ERR_OK;
	TRY(device_by_serial(c, in->serial, &p->found.devices, &p->found.n_devices));
	if (p->found.n_devices == 1) {
		n.device_id = p->found.devices[0].id;
		p->kind = p->found.devices[0].kind;
	}
	return p->found.n_devices <= 1 ? order_check(c, &n, &p->found.warning, &p->found.n_warning) : ERR_OK;
}

/* ---- receiving ---- */

/* "Screen: damaged (crack at the left); Hinges: in order. Case scratched": one text, as it is printed on the receipt. */
static str condition_text(const struct ctx *c, const struct counter_in *in)
{
	str part[UNIT_PART_N + 1];
	size_t n = 0;

	for (size_t i = 0; i < in->n_checks; i++) {
		const struct unit_check *k = &in->checks[i];
		const char *state = k->state < 0 ? NULL : unit_state_title((enum unit_part)k->part, (enum unit_state)k->state);

		if (state && k->note.n)
			part[n++] = trf(c, N_("{1}: {2} ({3})"), tr(c, unit_part_titles[k->part]), tr(c, state), k->note);
		else if (state || k->note.n)
			part[n++] = trf(c, N_("{1}: {2}"), tr(c, unit_part_titles[k->part]), state ? tr(c, state) : k->note);
	}
	if (in->condition.n)
		part[n++] = in->condition;
	return arena_join(c->a, part, n, _("; "));
}

static void things_of(struct ctx *c, const struct counter_in *in, struct order_new *n)
{
	struct order_item *item = NEW_N(c->a, struct order_item, in->n_things + in->n_accessories + 1);

	for (size_t i = 0; i < in->n_things; i++)
		item[n->n_accessories++] = (struct order_item){ in->things[i], 1 };
	for (size_t i = 0; i < in->n_accessories; i++)
		item[n->n_accessories++] = in->accessories[i];
	n->accessories = item;
}

static enum err receive(struct ctx *c, int64_t id, struct order *ret)
{
	struct order_act a = { ORDER_ACT_EMPTY, .ev = ORDER_EV_RECEIVE };
	struct order o;

	TRY(order_by_id(c, id, &o));
	a.ver = o.ver;
	return order_act(c, o.no, &a, ret);
}

enum err counter_receive(struct ctx *c, struct req *r, struct reply *out)
{
	const struct counter_in *in = r->form;
	struct order_new n = { .kind = KIND_REPAIR, .mode = MODE_CARRY_IN, .channel = CHANNEL_COUNTER, .priority = -1, .frequency = in->frequency, .data_choice = in->data_choice,
		.customer_id = NIL, .device_id = NIL, .customer_name = in->customer_name, .phone = in->phone, .serial = in->serial, .brand = in->brand, .model = in->model,
		.device_kind = in->device_kind, .invoiced_on = NO_DAY, .proof = -1, .fault = in->fault, .self_test = in->self_test, .unlock = in->unlock, .note = in->note,
		.window_from = NO_INSTANT, .window_to = NO_INSTANT, .in_spite = in->in_spite, .lat = NIL, .lon = NIL };
	struct org at;
	struct order o;
	int64_t id, picture;
	bool found;
	str png;

	TRY(station_here(c, in->station, &at, &found));
	if (!found)
		return fail_field(c, "station", N_("Which station?"));
	n.station = at.code;
	n.condition = condition_text(c, in);
	things_of(c, in, &n);
	TRY(order_signature(c, in->signature, &png));
	TRY(order_register(c, &n, &id));
	TRY(order_photos(c, id, in->photos, in->n_photos, true));
	if (png.n)
		TRY(attachment_bytes(c, "order", id, S(ORDER_HAND_IN_PNG), S("image/png"), png, true, &picture));
	TRY(receive(c, id, &o));
	live_touch(c, "orders");
	out->location = arena_fmt(c->a, "/counter?saved=%.*s", STR_ARG(o.no));
	return ERR_OK;
}
