/* notice_web.c — the doors of messages: the list, the words and switches, webhooks, undoing on an order, a customer's wishes. */
#include "base/time.h"
#include "notice.html.h"
#include "notice.sql.h"
#include "slice/account/account.h"
#include "slice/notice/notice_int.h"
#include "slice/notice/notice_view.h"
#include "slice/order/order_view.h"

#define N(m) FIELD(struct notice, m)
#define X(m) FIELD(struct notice_text, m)
#define H(m) FIELD(struct hook, m)
static const struct field notice_out[] = {
	N(id), FIELD_ENUM(struct notice, channel, notice_channels), FIELD_ENUM(struct notice, state, notice_states), N(event), N(order_no), FIELD_MASK(struct notice, receiver, PERM_CUSTOMER_PII),
	N(lang), N(tries), N(last_error), N(at), N(due_at), N(sent_at), N(undoable), { 0 }
};
static const struct field of_order_out[] = {
	N(id), FIELD_ENUM(struct notice, channel, notice_channels), FIELD_ENUM(struct notice, state, notice_states), N(event), N(receiver),
	N(lang), N(subject), N(body), N(tries), N(last_error), N(at), N(due_at), N(sent_at), N(undoable), { 0 }
};
static const struct field page_out[] = { FIELD_LIST(struct notice_page, items, n, notice_out), { 0 } };
static const struct field panel_out[] = { FIELD_LIST(struct notice_panel, items, n, of_order_out), { 0 } };
static const struct field text_out[] = { X(name), X(title), X(to), X(zh_subject), X(zh_body), X(en_subject), X(en_body), X(on), { 0 } };
static const struct field texts_out[] = { FIELD_LIST(struct notice_text_page, items, n, text_out), FIELD(struct notice_text_page, on), FIELD(struct notice_text_page, mail), FIELD(struct notice_text_page, sms), { 0 } };
static const struct field hook_out[] = { H(id), H(ver), H(url), H(events), H(active), H(has_secret), H(at), { 0 } };
static const struct field hooks_out[] = { FIELD_LIST(struct hook_page, items, n, hook_out), { 0 } };

static void draw_list(struct out *o, const struct ctx *c, const void *m) { notice_list_html(o, c, m); }
static void draw_texts(struct out *o, const struct ctx *c, const void *m) { notice_texts_html(o, c, m); }
static void draw_hooks(struct out *o, const struct ctx *c, const void *m) { hooks_html(o, c, m); }
static const struct view list_view = { "notice_list", N_("Messages"), draw_list, page_out, sizeof(struct notice_page) };
static const struct view of_order_view = { "order_notices", N_("Messages"), NULL, panel_out, sizeof(struct notice_panel) };
static const struct view texts_view = { "notice_texts", N_("Words and switches"), draw_texts, texts_out, sizeof(struct notice_text_page) };
static const struct view hooks_view = { "hook_list", N_("Webhooks"), draw_hooks, hooks_out, sizeof(struct hook_page) };

struct list_in { int state; int64_t after, limit; };
FORM_STATIC(list_form, struct list_in,
	INPUT(struct list_in, state, IN_ENUM, N_("State"), .names = notice_states),
	INPUT(struct list_in, after, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));
static const char *const test_channels[] = { "mail", "sms", NULL };
FORM(notice_test_form, struct notice_test_in, INPUT(struct notice_test_in, channel, IN_ENUM, N_("Way of sending"), .names = test_channels, .required = true));
FORM(notice_switch_form, struct notice_switch_in, INPUT(struct notice_switch_in, on, IN_BOOL, N_("Switched on")));
static const char *const langs[] = { "zh", "en", NULL };
FORM(notice_wish_form, struct wish_in,
	INPUT(struct wish_in, lang, IN_ENUM, N_("Language of messages"), .names = langs),
	INPUT(struct wish_in, stop, IN_BOOL, N_("Wants no messages")));
FORM(hook_form, struct hook_in,
	INPUT(struct hook_in, ver, IN_INT, N_("Version"), .min = 1, .max = INT64_MAX),
	INPUT(struct hook_in, url, IN_TEXT, N_("Address"), .required = true, .max = 500, .hint = N_("https://example.com/hook")),
	INPUT(struct hook_in, events, IN_TEXT, N_("Events"), .required = true, .max = 500, .hint = N_("* for all, or names with blanks between")),
	INPUT(struct hook_in, secret, IN_SECRET, N_("Secret for the signature"), .max = 200),
	INPUT(struct hook_in, active, IN_BOOL, N_("Active")));

enum tone notice_tone(int state)
{
	static const enum tone tones[NOTICE_STATE_N] = { [NOTICE_WAITING] = TONE_INFO, [NOTICE_SENT] = TONE_OK, [NOTICE_GIVEN_UP] = TONE_BAD };

	return tones[state];
}

/* ---- the list ---- */

static void chips(struct ctx *c, struct notice_page *p, int state)
{
	p->chip = NEW_N(c->a, struct ui_link, NOTICE_STATE_N + 1);
	p->chip[p->n_chip++] = (struct ui_link){ _("All"), S("/notices"), state < 0, NIL };
	for (int s = 0; s < NOTICE_STATE_N; s++)
		p->chip[p->n_chip++] = (struct ui_link){ tr(c, notice_state_titles[s]), arena_fmt(c->a, "/notices?state=%s", notice_states[s]), state == s, p->count[s] };
}

static enum err fill(struct ctx *c, struct req *r, const struct list_in *in, struct reply *out)
{
	struct notice_query q = { .state = in->state, .before = in->after, .limit = list_limit(in->limit) };
	struct notice_page *p = NEW(c->a, struct notice_page);
	int64_t next;

	p->req = r;
	p->on = setting_bool(c, "notice.on");
	TRY(notice_list(c, &q, &p->items, &p->n, &next));
	if (r->as == AS_HTML) {
		TRY(notice_counts(c, p->count));
		chips(c, p, in->state);
	}
	if (next != NIL)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)next);
	out->view = &list_view;
	out->model = p;
	return ERR_OK;
}

static enum err list(struct ctx *c, struct req *r, struct reply *out) { return fill(c, r, r->form, out); }

static enum err whole(struct ctx *c, struct req *r, struct reply *out)
{
	static const struct list_in any = { .state = -1, .after = NIL, .limit = NIL };

	return fill(c, r, &any, out);
}

static enum err id_of(struct ctx *c, str arg, int64_t *ret)
{
	return str_int(arg, ret) ? ERR_OK : fail(c, ERR_NOT_FOUND, NULL);
}

static enum err again(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	TRY(id_of(c, r->arg[0], &id));
	TRY(notice_again(c, id));
	out->location = S("/notices");
	out->flash = _("It is sent again in a moment.");
	return whole(c, r, out);
}

static enum err drop(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	TRY(id_of(c, r->arg[0], &id));
	TRY(notice_drop(c, id));
	out->location = S("/notices");
	out->flash = _("The message is dropped.");
	return whole(c, r, out);
}

/* ---- words and switches ---- */

/* An order nobody has, to show how the words read. */
static struct order sample(void)
{
	return (struct order){ .no = S("BX2611220001"), .follow_token = S("····"), .brand = S("Lenovo"), .model = S("ThinkPad X1"), .station_name = S("杭州一站"), .fault = S("屏幕碎裂"),
		.kind = KIND_REPAIR, .mode = MODE_CARRY_IN };
}

static void preview(struct ctx *c, const struct notice_event *e, struct notice_text *t)
{
	static const char *const to[] = { [TELL_CUSTOMER] = N_("Customer"), [TELL_ENGINEER] = N_("Engineer"), [TELL_STATION] = N_("Station head") };
	struct order_act a = { ORDER_ACT_EMPTY, .at = c->now, .reason = S("……") };
	struct order o = sample();
	struct notice_words zh, en;

	a.from.ms = c->now.ms + 86400000;
	a.until.ms = a.from.ms + 7200000;
	zh = notice_compose(c, e, &o, &a, "zh", c->who->zone);
	en = notice_compose(c, e, &o, &a, "en", c->who->zone);
	*t = (struct notice_text){ str_c(e->name), tr(c, e->title), tr(c, to[e->to]), zh.subject, zh.body, en.subject, en.body, setting_bool(c, e->setting) };
}

static enum err texts(struct ctx *c, struct req *r, struct reply *out)
{
	struct notice_text_page *p = NEW(c->a, struct notice_text_page);

	*p = (struct notice_text_page){ .req = r, .on = setting_bool(c, "notice.on"), .mail = notice_channel_ready(c, NOTICE_MAIL), .sms = notice_channel_ready(c, NOTICE_SMS),
		.linked = setting_str(c, "notice.base").n > 0 };
	p->items = NEW_N(c->a, struct notice_text, notice_events_n);
	for (; p->n < notice_events_n; p->n++)
		preview(c, &notice_events[p->n], &p->items[p->n]);
	out->view = &texts_view;
	out->model = p;
	return ERR_OK;
}

static enum err switch_one(struct ctx *c, struct req *r, struct reply *out)
{
	const struct notice_switch_in *in = r->form;
	const char *name = str_eq(r->arg[0], S("all")) ? "notice.on" : NULL;

	for (size_t i = 0; i < notice_events_n; i++)
		if (str_eq(r->arg[0], str_c(notice_events[i].name)))
			name = notice_events[i].setting;
	if (!name)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(setting_set(c, name, in->on ? S("1") : S("0")));
	out->location = S("/notices/texts");
	out->flash = _("Saved.");
	return texts(c, r, out);
}

static enum err test(struct ctx *c, struct req *r, struct reply *out)
{
	const struct notice_test_in *in = r->form;
	int64_t id;

	TRY(notice_try(c, (enum notice_channel)in->channel, &id));
	out->location = S("/notices");
	out->flash = _("The test message leaves in a moment; its state stands in the list.");
	return texts(c, r, out);
}

/* ---- webhooks ---- */

static enum err hooks(struct ctx *c, struct req *r, struct reply *out)
{
	struct hook_page *p = NEW(c->a, struct hook_page);
	str name[ORDER_EVENT_N + 1];

	p->req = r;
	TRY(hook_list(c, &p->items, &p->n));
	name[0] = S("register");
	for (int i = 0; i < ORDER_EVENT_N; i++)
		name[i + 1] = str_c(order_events[i]);
	p->events = arena_join(c->a, name, LEN(name), S(" "));
	out->view = &hooks_view;
	out->model = p;
	return ERR_OK;
}

static enum err put_hook(struct ctx *c, struct req *r, struct reply *out, int64_t id)
{
	const struct hook_in *in = r->form;
	struct hook h = { .id = id, .ver = in->ver, .url = in->url, .events = in->events, .secret = in->secret, .active = in->active };

	TRY(hook_save(c, &h, &id));
	out->location = S("/hooks");
	out->flash = _("Saved.");
	return hooks(c, r, out);
}

static enum err add_hook(struct ctx *c, struct req *r, struct reply *out) { return put_hook(c, r, out, NIL); }

static enum err save_hook(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	TRY(id_of(c, r->arg[0], &id));
	return put_hook(c, r, out, id);
}

static enum err remove_hook(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	TRY(id_of(c, r->arg[0], &id));
	TRY(hook_remove(c, id));
	out->location = S("/hooks");
	out->flash = _("The webhook is removed.");
	return hooks(c, r, out);
}

/* ---- on an order's and a customer's page ---- */

static bool shown(const struct ctx *c, const struct order *o)
{
	(void)o;
	return c->who->sight != SIGHT_CUSTOMER && may(c, PERM_ORDER_READ);
}

static enum err panel_of(struct ctx *c, const struct order *o, struct notice_panel **ret)
{
	struct notice_panel *p = NEW(c->a, struct notice_panel);

	TRY(notice_of_order(c, o->id, &p->items, &p->n));
	p->may_undo = may(c, PERM_ORDER_TALK);
	for (size_t i = 0; i < p->n && !order_reaches(c, o); i++)
		p->items[i].receiver = mask_text(c->a, p->items[i].receiver);
	*ret = p;
	return ERR_OK;
}

static enum err load(struct ctx *c, const struct order *o, void **ret)
{
	struct notice_panel *p;

	TRY(panel_of(c, o, &p));
	*ret = p->n ? p : NULL;
	return ERR_OK;
}

static void draw(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data) { notice_panel_html(o, c, r, order, data); }
const struct order_panel notice_order_panel = { N_("Messages"), shown, draw, load };

static enum err of_order(struct ctx *c, struct req *r, struct reply *out)
{
	struct notice_panel *p;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(panel_of(c, &o, &p));
	out->view = &of_order_view;
	out->model = p;
	return ERR_OK;
}

static enum err undo(struct ctx *c, struct req *r, struct reply *out)
{
	struct order o;
	int64_t id;

	TRY(order_get(c, r->arg[0], &o));
	TRY(id_of(c, r->arg[1], &id));
	TRY(notice_undo(c, o.id, id));
	out->location = arena_fmt(c->a, "/orders/%.*s", STR_ARG(o.no));
	out->flash = _("The message does not leave.");
	return r->as == AS_JSON ? of_order(c, r, out) : ERR_OK;
}

static enum err load_wish(struct ctx *c, const struct customer *k, void **ret)
{
	struct wish_panel *p = NEW(c->a, struct wish_panel);

	TRY(notice_wish_get(c, k->id, &p->wish));
	*ret = may(c, PERM_CUSTOMER_EDIT) ? p : NULL;
	return ERR_OK;
}

static void draw_wish(struct out *o, const struct ctx *c, const struct req *r, const struct customer *k, void *data) { wish_html(o, c, r, k, data); }
const struct customer_panel notice_customer_panel = { N_("Messages"), load_wish, draw_wish };

static enum err wish(struct ctx *c, struct req *r, struct reply *out)
{
	const struct wish_in *in = r->form;
	struct customer k;
	struct notice_wish w;

	TRY(customer_by_no(c, r->arg[0], &k));
	w = (struct notice_wish){ k.id, in->lang < 0 ? (str){ 0 } : str_c(langs[in->lang]), in->stop };
	TRY(notice_wish_put(c, &w));
	out->location = arena_fmt(c->a, "/customers/%.*s", STR_ARG(k.no));
	out->flash = _("Saved.");
	return ERR_OK;
}

/* ---- tables ---- */

static const struct route routes[] = {
	{ "GET", "/notices", PERM_REPORT, 0, &list_form, list, &list_view, .summary = "Messages to customers and staff, newest first" },
	{ "POST", "/notices/{id}/again", PERM_SETTINGS, 0, NULL, again, &list_view, .again = whole, .summary = "Send a message again that was given up or dropped" },
	{ "POST", "/notices/{id}/drop", PERM_SETTINGS, 0, NULL, drop, &list_view, .again = whole, .summary = "Drop a message" },
	{ "GET", "/notices/texts", PERM_SETTINGS, 0, NULL, texts, &texts_view, .summary = "Which event tells whom, in which words" },
	{ "POST", "/notices/texts/{name}", PERM_SETTINGS, 0, &notice_switch_form, switch_one, &texts_view, .again = texts, .summary = "Switch an event, or with the name all sending itself, on or off" },
	{ "POST", "/notices/test", PERM_SETTINGS, R_LIMIT, &notice_test_form, test, &texts_view, .again = texts, .summary = "Send oneself a test message" },
	{ "GET", "/hooks", PERM_SETTINGS, 0, NULL, hooks, &hooks_view, .summary = "Webhooks" },
	{ "POST", "/hooks", PERM_SETTINGS, 0, &hook_form, add_hook, &hooks_view, .again = hooks, .summary = "Subscribe another program to events of orders" },
	{ "POST", "/hooks/{id}", PERM_SETTINGS, 0, &hook_form, save_hook, &hooks_view, .again = hooks, .summary = "Change a webhook" },
	{ "POST", "/hooks/{id}/remove", PERM_SETTINGS, 0, NULL, remove_hook, &hooks_view, .again = hooks, .summary = "Remove a webhook" },
	{ "GET", "/orders/{no}/notices", PERM_ORDER_READ | PERM_STAFF, R_API, NULL, of_order, &of_order_view, .summary = "Messages of an order" },
	{ "POST", "/orders/{no}/notices/{id}/undo", PERM_ORDER_TALK | PERM_STAFF, 0, NULL, undo, &of_order_view, .summary = "Take back a message that has not left" },
	{ "POST", "/customers/{no}/notices", PERM_CUSTOMER_EDIT, 0, &notice_wish_form, wish, NULL, .summary = "In which language a customer is written to, or that they want no messages" },
};

static const struct setting settings[] = {
	{ "notice.on", IN_BOOL, "0", N_("Send messages and webhooks at all") },
	{ "notice.base", IN_TEXT, "", N_("Address of this service as customers reach it, for links in messages") },
	{ "notice.delay_seconds", IN_INT, "60", N_("Seconds a message to a customer waits, so that it can be undone") },
	{ "notice.quiet_from", IN_TEXT, "21:30", N_("Customers are not written to from this time of the day") },
	{ "notice.quiet_until", IN_TEXT, "08:00", N_("until this time, in the zone of the station") },
	{ "notice.lang", IN_TEXT, "zh", N_("Language of messages to customers without one of their own: zh or en") },
	{ "notice.mail_first", IN_BOOL, "1", N_("E-mail before SMS/IM where a person has both") },
	{ "notice.mail_url", IN_TEXT, "", N_("Mail server, such as smtp://mail.example.com:587") },
	{ "notice.mail_user", IN_TEXT, "", N_("User at the mail server") },
	{ "notice.mail_password", IN_SECRET, "", N_("Password at the mail server") },
	{ "notice.mail_from", IN_TEXT, "", N_("Sender's e-mail address") },
	{ "notice.mail_tls", IN_BOOL, "1", N_("The mail server must encrypt (STARTTLS)") },
	{ "notice.sms_url", IN_TEXT, "", N_("Address of the SMS/IM gateway") },
	{ "notice.sms_method", IN_TEXT, "POST", N_("HTTP method of the gateway") },
	{ "notice.sms_template", IN_TEXT, "{ \"to\": \"{to}\", \"text\": \"{text}\", \"id\": \"{id}\" }", N_("What the gateway is sent: JSON with {to}, {text}, {subject}, {event}, {order}, {lang}, {id}") },
	{ "notice.sms_secret", IN_SECRET, "", N_("Bearer token for the gateway") },
	{ "notice.sms_sign", IN_SECRET, "", N_("Key that signs what the gateway is sent") },
	{ "notice.seconds", IN_INT, "20", N_("Seconds another server may take for one message") },
	{ "notice.keep_days", IN_INT, "365", N_("Days messages are kept in the list") },
	{ "notice.event.registered", IN_BOOL, "1", N_("Message: request registered") },
	{ "notice.event.complaint", IN_BOOL, "1", N_("Message: complaint acknowledged") },
	{ "notice.event.appointed", IN_BOOL, "1", N_("Message: visit agreed") },
	{ "notice.event.under_way", IN_BOOL, "1", N_("Message: engineer on the way") },
	{ "notice.event.quote", IN_BOOL, "1", N_("Message: quote to be decided") },
	{ "notice.event.question", IN_BOOL, "1", N_("Message: waiting for the customer") },
	{ "notice.event.ready", IN_BOOL, "1", N_("Message: ready to be fetched") },
	{ "notice.event.posted", IN_BOOL, "1", N_("Message: repaired, goes back by post") },
	{ "notice.event.done", IN_BOOL, "1", N_("Message: handed over, rating asked for") },
	{ "notice.event.solved", IN_BOOL, "1", N_("Message: solved remotely, rating asked for") },
	{ "notice.event.closed", IN_BOOL, "1", N_("Message: order closed") },
	{ "notice.event.cancelled", IN_BOOL, "1", N_("Message: order cancelled") },
	{ "notice.event.rejected", IN_BOOL, "1", N_("Message: order rejected") },
	{ "notice.event.job", IN_BOOL, "1", N_("Message to the engineer: a new job") },
	{ "notice.event.station", IN_BOOL, "0", N_("Message to the station: a new order") },
	{ "notice.event.refused", IN_BOOL, "1", N_("Message to the station: the result is refused") },
};
static const struct job jobs[] = { { "notice.sweep", 3600 * 1000, notice_sweep, N_("Removes messages older than the setting") } };
static const struct db_schema schema = { "notice", notice_migrations, notice_statements };
const struct slice slice_notice = { .name = "notice", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings), .jobs = jobs, .n_jobs = LEN(jobs) };
