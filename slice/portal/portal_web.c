/* portal_web.c — see portal.h. */
#include "base/time.h"
#include "base/words.h"
#include "portal.html.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/customer/customer.h"
#include "slice/device/device_view.h"
#include "slice/org/org.h"
#include "slice/portal/portal.h"
#include "slice/portal/portal_view.h"

/* ---- models out ---- */

#define W(m) FIELD(struct follow_page, m)
static const struct field say_out[] = {
	FIELD(struct order_message, at), FIELD(struct order_message, author), FIELD(struct order_message, text), FIELD(struct order_message, from_customer), { 0 }
};
static const struct field item_out[] = { FIELD(struct order_item, name), FIELD(struct order_item, qty), { 0 } };
static const struct field file_out[] = { FIELD(struct attachment, id), FIELD(struct attachment, name), FIELD(struct attachment, type), FIELD(struct attachment, size), FIELD(struct attachment, at), { 0 } };
static const struct field follow_out[] = {
	W(no), W(ver), W(state), W(state_title), W(next), W(device), W(serial), W(fault), W(station), W(station_phone), W(engineer), W(result), W(wait), W(follow_url),
	W(opened_at), W(due_at), W(visit_from), W(refuse_until), W(fee), W(may_confirm), W(may_refuse), W(may_cancel),
	{ .name = "messages", .off = offsetof(struct follow_page, talk), .kind = K_LIST, .size = sizeof(struct order_message), .off_n = offsetof(struct follow_page, n_talk), .sub = say_out },
	{ .name = "files", .off = offsetof(struct follow_page, file), .kind = K_LIST, .size = sizeof(struct attachment), .off_n = offsetof(struct follow_page, n_file), .sub = file_out },
	FIELD_LIST(struct follow_page, accessories, n_accessories, item_out), { 0 }
};
#define R(m) FIELD(struct order_row, m)
static const struct field mine_row_out[] = {
	R(no), R(follow_token), R(ver), FIELD_ENUM(struct order_row, state, order_states), FIELD_ENUM(struct order_row, kind, order_kinds), FIELD_ENUM(struct order_row, mode, order_modes),
	R(customer), R(serial), R(model), R(station), R(engineer), R(fault), R(wait), R(opened_at), R(state_at), R(due_at), R(window_from), R(visit_from), R(visit_to), { 0 }
};
static const struct field mine_out[] = {
	{ .name = "orders", .off = offsetof(struct mine_page, order), .kind = K_LIST, .size = sizeof(struct order_row), .off_n = offsetof(struct mine_page, n_order), .sub = mine_row_out },
	{ .name = "devices", .off = offsetof(struct mine_page, device), .kind = K_LIST, .size = sizeof(struct device), .off_n = offsetof(struct mine_page, n_device), .sub = device_out }, { 0 }
};
static void draw_home(struct out *o, const struct ctx *c, const void *m) { portal_home_html(o, c, m); }
static void draw_report(struct out *o, const struct ctx *c, const void *m) { portal_report_html(o, c, m); }
static void draw_follow(struct out *o, const struct ctx *c, const void *m) { portal_follow_html(o, c, m); }
static const struct field talk_out[] = { FIELD_LIST(struct portal_talk_page, items, n, say_out), { 0 } };
static void draw_talk(struct out *o, const struct ctx *c, const void *m) { portal_talk_html(o, c, m); }
static void draw_mine(struct out *o, const struct ctx *c, const void *m) { portal_mine_html(o, c, m); }
static const struct view home_view = { "portal", N_("Repair service"), draw_home, NULL, sizeof(struct portal_home) };
static const struct view report_view = { "report", N_("Report a fault"), draw_report, NULL, sizeof(struct report_page) };
static const struct view follow_view = { "follow", N_("Follow your repair"), draw_follow, follow_out, sizeof(struct follow_page) };
static const struct view talk_view = { "follow_talk", N_("Questions and answers"), draw_talk, talk_out, sizeof(struct portal_talk_page) };
static const struct view mine_view = { "mine", N_("My repairs and devices"), draw_mine, mine_out, sizeof(struct mine_page) };

/* ---- forms in ---- */

/* What a customer can choose; the rest is the desk's decision. */
static const char *const portal_modes[] = { "onsite", "carry_in", "mail_in", NULL };
const char *const portal_mode_titles[] = { N_("Visit me"), N_("I bring it to a station"), N_("I send it by post"), NULL };
#define F(m, kind, label, ...) INPUT(struct report_in, m, kind, label, __VA_ARGS__)
FORM(report_form, struct report_in,
	F(serial, IN_SERIAL, N_("Serial number")),
	F(brand, IN_TEXT, N_("Brand"), .max = 60),
	F(model, IN_TEXT, N_("Model"), .max = 120),
	F(device_kind, IN_ENUM, N_("Kind of device"), .names = device_kinds),
	F(invoice_no, IN_TEXT, N_("Invoice number"), .max = 60),
	F(invoiced_on, IN_DAY, N_("Invoice date"), .hint = N_("2025-03-08")),
	F(fault, IN_LINES, N_("What is wrong?"), .required = true, .max = 2000),
	F(frequency, IN_ENUM, N_("How often"), .names = order_frequencies),
	F(data_choice, IN_ENUM, N_("Your data"), .names = order_data_choices),
	{ .name = "photos", .label = N_("Photos of the fault"), .off = offsetof(struct report_in, photos), .kind = IN_FILES, .max = 6, .off_n = offsetof(struct report_in, n_photos) },
	F(mode, IN_ENUM, N_("How shall we help?"), .names = portal_modes),
	F(name, IN_TEXT, N_("Your name"), .required = true, .max = 100),
	F(phone, IN_PHONE, N_("Phone"), .required = true, .hint = N_("138 0013 8000 or 010-8888 1234")),
	F(email, IN_EMAIL, N_("E-mail")),
	F(address, IN_TEXT, N_("Address"), .max = 300));
#undef F
struct portal_say { str text; };
FORM(portal_say_form, struct portal_say, INPUT(struct portal_say, text, IN_LINES, N_("Message"), .required = true, .max = 4000));
struct talk_in { int64_t after, limit; };
FORM_STATIC(talk_form, struct talk_in,
	INPUT(struct talk_in, after, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct talk_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));
struct portal_act { int event; int64_t ver; str reason; };
FORM(portal_act_form, struct portal_act,
	INPUT(struct portal_act, event, IN_ENUM, N_("Event"), .names = order_events, .required = true),
	INPUT(struct portal_act, ver, IN_INT, N_("Version"), .required = true, .min = 1),
	INPUT(struct portal_act, reason, IN_LINES, N_("Reason"), .max = 500));
struct portal_files { struct upload *files; size_t n; };
static const struct input portal_files_in[] = {
	{ .name = "files", .label = N_("Photos and files"), .off = offsetof(struct portal_files, files), .kind = IN_FILES, .required = true, .max = 6, .off_n = offsetof(struct portal_files, n) },
};
const struct form portal_files_form = { "portal_files_form", sizeof(struct portal_files), portal_files_in, LEN(portal_files_in) };
struct follow_in { str no, phone; };
FORM_STATIC(follow_form, struct follow_in,
	INPUT(struct follow_in, no, IN_TOKEN, N_("Order number"), .required = true, .max = 40),
	INPUT(struct follow_in, phone, IN_PHONE, N_("Phone"), .required = true));

/* ---- the holder of a link ---- */

static void act_as_customer(struct ctx *c, const struct order *o)
{
	struct actor *who = NEW(c->a, struct actor);

	*who = (struct actor){ .id = c->who->id, .sight = SIGHT_CUSTOMER, .org_id = NIL, .customer_id = o->customer_id, .name = o->customer, .login = S(""), .lang = c->who->lang,
		.zone = c->who->zone };
	c->who = who;
}

enum err portal_holder(struct ctx *c, str token, struct order *ret)
{
	TRY(order_by_token(c, token, ret));
	act_as_customer(c, ret);
	return ERR_OK;
}

/* What happens next, in one sentence, by state. */
static const char *const next_words[ORDER_STATE_N] = {
	[ORDER_REGISTERED] = N_("We have your request. A service agent looks at it and calls you if something is unclear."),
	[ORDER_TRIAGED] = N_("A service agent is working on it."),
	[ORDER_ACCEPTED] = N_("We choose the service station near you."),
	[ORDER_STATION_ASSIGNED] = N_("The station chooses an engineer."),
	[ORDER_RECEIVED] = N_("Your device is with us. An engineer looks at it next."),
	[ORDER_ENGINEER_ASSIGNED] = N_("An engineer has the job and will call you."),
	[ORDER_ENGINEER_ACCEPTED] = N_("The engineer agrees a time with you."),
	[ORDER_APPOINTED] = N_("The engineer comes at the agreed time."),
	[ORDER_UNDER_WAY] = N_("The engineer is on the way to you."),
	[ORDER_ARRIVED] = N_("The engineer is with you."),
	[ORDER_DIAGNOSED] = N_("The fault is found; the repair is under way."),
	[ORDER_WAITING] = N_("We are waiting. As soon as that is settled, we go on."),
	[ORDER_REPAIRED] = N_("Repaired. Now we test it."),
	[ORDER_TESTED] = N_("Tested and ready for you."),
	[ORDER_SOLVED_REMOTELY] = N_("Solved. Please confirm that it works, or tell us if it does not."),
	[ORDER_HANDED_OVER] = N_("Handed over. Please confirm that it works, or tell us if it does not."),
	[ORDER_CALLED_BACK] = N_("Thank you for your answer."),
	[ORDER_SETTLED] = N_("All is settled."),
	[ORDER_CLOSED] = N_("This repair is finished."),
	[ORDER_CANCELLED] = N_("This request was cancelled."),
	[ORDER_REJECTED] = N_("We could not accept this request. The reason stands below."),
};

static int64_t step_of(int state)
{
	static const unsigned char step[ORDER_STATE_N] = {
		[ORDER_STATION_ASSIGNED] = 1, [ORDER_RECEIVED] = 1, [ORDER_ENGINEER_ASSIGNED] = 1, [ORDER_ENGINEER_ACCEPTED] = 1, [ORDER_APPOINTED] = 1, [ORDER_UNDER_WAY] = 1,
		[ORDER_ARRIVED] = 2, [ORDER_DIAGNOSED] = 2, [ORDER_WAITING] = 2, [ORDER_REPAIRED] = 2, [ORDER_TESTED] = 3, [ORDER_SOLVED_REMOTELY] = 4, [ORDER_HANDED_OVER] = 4,
		[ORDER_CALLED_BACK] = 4, [ORDER_SETTLED] = 4, [ORDER_CLOSED] = 4, [ORDER_CANCELLED] = 4, [ORDER_REJECTED] = 4,
	};

	return step[state];
}

static enum err fill_panels(struct ctx *c, struct follow_page *p, const struct order *o)
{
	for (const struct portal_panel *const *pn = portal_panels; *pn; pn++) {
		void *data = NULL;

		if (!(*pn)->shown(c, o))
			continue;
		TRY((*pn)->load(c, o, &data));
		if (data)
			p->panel[p->n_panel++] = (struct portal_panel_data){ *pn, data };
	}
	return ERR_OK;
}

/* What staff keep to themselves is not told of, by name either. */
static enum err open_files(struct ctx *c, const struct order *o, struct attachment **ret, size_t *ret_n)
{
	size_t n, k = 0;

	TRY(attachment_list(c, "order", o->id, ret, &n));
	for (size_t i = 0; i < n; i++)
		if ((*ret)[i].open)
			(*ret)[k++] = (*ret)[i];
	*ret_n = k;
	return ERR_OK;
}

static enum err answer_follow(struct ctx *c, struct req *r, str token, struct reply *out)
{
	struct follow_page *p = NEW(c->a, struct follow_page);
	struct order *o = NEW(c->a, struct order);
	struct org station = { 0 };
	day until = NO_DAY;

	TRY(portal_holder(c, token, o));
	if (o->station_id != NIL)
		TRY(org_get(c, o->station_id, &station));
	if (o->handed_over_at.ms != NIL)
		TRY(order_refusal_until(c, o->handed_over_at, &until));
	*p = (struct follow_page){ .no = o->no, .ver = o->ver, .state = str_c(order_states[o->state]), .state_title = order_state_title(c, o->state), .next = tr(c, next_words[o->state]),
		.device = str_trim(arena_fmt(c->a, "%.*s %.*s", STR_ARG(o->brand), STR_ARG(o->model))), .serial = o->serial, .fault = o->fault,
		.station = o->station_id == NIL ? (str){ 0 } : org_title(c, &station), .station_phone = station.phone, .engineer = o->engineer,
		.result = o->result.n ? o->result : o->end_reason, .wait = o->wait < 0 ? (str){ 0 } : tr(c, order_wait_titles[o->wait]), .opened_at = o->opened_at,
		.due_at = o->due_at, .visit_from = o->visit_from, .refuse_until = NO_INSTANT, .fee = o->fee, .step = step_of(o->state),
		.may_confirm = order_move_for(c, o, ORDER_EV_CONFIRM), .may_refuse = order_move_for(c, o, ORDER_EV_REFUSE), .may_cancel = order_move_for(c, o, ORDER_EV_CANCEL),
		.ended = o->closed_at.ms != NIL, .accessories = o->accessories, .n_accessories = o->n_accessories, .req = r, .order = o, .token = token,
		.follow_url = arena_fmt(c->a, "%.*s/t/%.*s", STR_ARG(r->base), STR_ARG(token)) };
	if (until.d != NIL)
		p->refuse_until = (instant){ (until.d + 1) * 86400000LL - tz_offset(c->who->zone, c->now) * 1000LL };
	TRY(order_talk_last(c, o->id, false, TALK_SHOWN, &p->talk, &p->n_talk, &p->more_talk));
	TRY(open_files(c, o, &p->file, &p->n_file));
	TRY(fill_panels(c, p, o));
	out->view = &follow_view;
	out->model = p;
	out->title = o->no;
	out->ver = o->ver;
	return ERR_OK;
}

static enum err follow(struct ctx *c, struct req *r, struct reply *out) { return answer_follow(c, r, r->arg[0], out); }

static str follow_path(struct ctx *c, str token) { return arena_fmt(c->a, "/t/%.*s", STR_ARG(token)); }

static enum err follow_act(struct ctx *c, struct req *r, struct reply *out)
{
	const struct portal_act *in = r->form;
	struct order_act a = { .ev = in->event, .ver = in->ver, .reason = in->reason, .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT,
		.device_at = NO_INSTANT, .fee = { .minor = NIL } };
	struct order o;

	TRY(portal_holder(c, r->arg[0], &o));
	TRY(order_fire(c, &o, &a));
	live_touch(c, "orders");
	out->location = follow_path(c, r->arg[0]);
	return answer_follow(c, r, r->arg[0], out);
}

static enum err follow_say(struct ctx *c, struct req *r, struct reply *out)
{
	const struct portal_say *in = r->form;
	struct order o;

	TRY(portal_holder(c, r->arg[0], &o));
	TRY(order_say(c, &o, in->text, false, o.customer));
	live_touch(c, "orders");
	out->location = follow_path(c, r->arg[0]);
	return answer_follow(c, r, r->arg[0], out);
}

/* All that was said, from the beginning. */
static enum err follow_talk(struct ctx *c, struct req *r, struct reply *out)
{
	struct portal_talk_page *p = NEW(c->a, struct portal_talk_page);
	const struct talk_in *in = r->form;
	size_t limit = in->limit == NIL ? TALK_SHOWN : (size_t)in->limit;
	struct order o;

	TRY(portal_holder(c, r->arg[0], &o));
	TRY(order_talk(c, o.id, false, in->after, limit, &p->items, &p->n));
	p->req = r;
	p->no = o.no;
	p->token = r->arg[0];
	if (p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	out->view = &talk_view;
	out->model = p;
	return ERR_OK;
}

static enum err follow_files(struct ctx *c, struct req *r, struct reply *out)
{
	const struct portal_files *in = r->form;
	struct order o;

	TRY(portal_holder(c, r->arg[0], &o));
	TRY(order_photos(c, o.id, in->files, in->n, true));
	out->location = follow_path(c, r->arg[0]);
	return answer_follow(c, r, r->arg[0], out);
}

static enum err follow_file(struct ctx *c, struct req *r, struct reply *out)
{
	struct attachment f;
	struct order o;
	int64_t id;

	TRY(portal_holder(c, r->arg[0], &o));
	if (!str_int(r->arg[1], &id))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(attachment_get(c, id, &f));
	if (!f.open || f.subject_id != o.id || !str_eq(f.subject_kind, S("order")))
		return fail(c, ERR_NOT_FOUND, NULL);
	return attachment_answer(c, r, &f, out);
}

/* Number and phone together open the same page; either alone tells nothing. */
static enum err find_by_number(struct ctx *c, struct req *r, struct reply *out)
{
	static const struct actor clerk = { .id = NIL, .sight = SIGHT_ALL, .org_id = NIL, .customer_id = NIL };
	const struct follow_in *in = r->form;
	const struct actor *who = c->who;
	struct order o = { 0 };
	enum err e;

	c->who = &clerk;
	e = order_get(c, in->no, &o);
	c->who = who;
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || !str_eq(phone_key(c->a, o.phone), phone_key(c->a, in->phone))) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "no", N_("No order has this number and this phone. Please check both."));
	}
	TRY(answer_follow(c, r, o.follow_token, out));
	out->location = follow_path(c, o.follow_token);
	return ERR_OK;
}

/* ---- reporting ---- */

static enum err report_page(struct ctx *c, struct req *r, struct reply *out)
{
	struct report_page *p = NEW(c->a, struct report_page);
	int64_t id;

	p->req = r;
	if (c->who->sight == SIGHT_CUSTOMER && c->who->customer_id != NIL)
		TRY(customer_get(c, c->who->customer_id, &p->me));
	if (c->who->sight == SIGHT_CUSTOMER && str_int(ui_query(c, r, "device"), &id) && !device_get(c, id, &p->device))
		p->has_device = true;
	if (!r->failed)
		c->diag = (struct diag){ 0 };
	out->view = &report_view;
	out->model = p;
	return ERR_OK;
}

static enum err report(struct ctx *c, struct req *r, struct reply *out)
{
	const struct report_in *in = r->form;
	struct order_new n = { .kind = KIND_REPAIR, .mode = in->mode < 0 ? MODE_CARRY_IN : name_index(order_modes, str_c(portal_modes[in->mode])), .channel = CHANNEL_WEB, .priority = -1, .frequency = in->frequency, .data_choice = in->data_choice,
		.customer_id = c->who->sight == SIGHT_CUSTOMER ? c->who->customer_id : NIL, .device_id = NIL, .customer_name = in->name, .phone = in->phone, .email = in->email,
		.address = in->address, .serial = in->serial, .brand = in->brand, .model = in->model, .device_kind = in->device_kind, .invoice_no = in->invoice_no,
		.invoiced_on = in->invoiced_on, .proof = -1, .fault = in->fault, .window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL };
	struct division div;
	struct order o;
	int64_t id;

	if (n.address.n && !division_of_address(c, n.address, &div))
		n.division = div.code;
	c->diag = (struct diag){ 0 };
	TRY(order_register(c, &n, &id));
	TRY(order_photos(c, id, in->photos, in->n_photos, true));
	TRY(order_fresh(c, id, &o));
	live_touch(c, "orders");
	out->created = true;
	out->location = follow_path(c, o.follow_token);
	out->flash = trf(c, N_("Your request has the number {1}. Keep this page: it shows how it goes on."), o.no);
	return answer_follow(c, r, o.follow_token, out);
}

/* ---- home and one's own ---- */

static enum err home(struct ctx *c, struct req *r, struct reply *out)
{
	struct portal_home *p = NEW(c->a, struct portal_home);

	if (may(c, PERM_STAFF) && r->as == AS_HTML) {
		out->location = account_home(c->who);
		return ERR_OK;
	}
	p->req = r;
	out->view = &home_view;
	out->model = p;
	return ERR_OK;
}

static enum err mine(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_filter f = { .state = -1, .kind = -1, .wait = -1, .customer_id = c->who->customer_id, .device_id = NIL, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = 50 };
	struct mine_page *p = NEW(c->a, struct mine_page);
	int64_t next;

	p->req = r;
	TRY(order_list(c, &f, &p->order, &p->n_order, &next));
	TRY(device_of_customer(c, c->who->customer_id, &p->device, &p->n_device));
	out->view = &mine_view;
	out->model = p;
	return ERR_OK;
}

static const struct route routes[] = {
	{ "GET", "/", 0, R_PUBLIC | R_PAGE, NULL, home, &home_view, .summary = "The portal's front page" },
	{ "GET", "/report", 0, R_PUBLIC | R_PAGE, NULL, report_page, &report_view, .summary = "Form to report a fault without an account" },
	{ "POST", "/report", 0, R_PUBLIC | R_LIMIT, &report_form, report, &follow_view, .again = report_page, .summary = "Report a fault without an account" },
	{ "POST", "/follow", 0, R_PUBLIC | R_LIMIT, &follow_form, find_by_number, &follow_view, .again = home, .summary = "Find an order by number and phone" },
	{ "GET", "/t/{token}", 0, R_PUBLIC, NULL, follow, &follow_view, .summary = "Follow an order by its link" },
	{ "POST", "/t/{token}/events", 0, R_PUBLIC | R_LIMIT, &portal_act_form, follow_act, &follow_view, .again = follow, .summary = "Confirm, refuse or cancel by the link" },
	{ "POST", "/t/{token}/messages", 0, R_PUBLIC | R_LIMIT, &portal_say_form, follow_say, &follow_view, .again = follow, .summary = "Write on an order by its link" },
	{ "GET", "/t/{token}/messages", 0, R_PUBLIC, &talk_form, follow_talk, &talk_view, .summary = "All questions and answers by the link, from the beginning" },
	{ "POST", "/t/{token}/files", 0, R_PUBLIC | R_LIMIT, &portal_files_form, follow_files, &follow_view, .again = follow, .summary = "Add photos by the link" },
	{ "GET", "/t/{token}/files/{id}", 0, R_PUBLIC, NULL, follow_file, NULL, .summary = "A photo of an order by its link" },
	{ "GET", "/my", PERM_PORTAL, 0, NULL, mine, &mine_view, .summary = "The customer's own orders and devices" },
};
const struct slice slice_portal = { .name = "portal", SLICE_ROUTES(routes) };
