/* order_talk_web.c — what was said on an order and what happened to it: the newest on its page, all of it from the beginning on pages of their own. */
#include "order_talk.html.h"
#include "slice/account/perm.h"
#include "slice/order/order_web.h"

const struct field order_message_fields[] = {
	FIELD(struct order_message, id), FIELD(struct order_message, at), FIELD(struct order_message, author), FIELD(struct order_message, text),
	FIELD(struct order_message, internal), FIELD(struct order_message, from_customer), { 0 }
};
static const struct field message_page_fields[] = { FIELD_LIST(struct message_page, items, n, order_message_fields), { 0 } };
static const struct field event_page_fields[] = { FIELD_LIST(struct event_page, items, n, event_fields), { 0 } };
static void draw_messages(struct out *o, const struct ctx *c, const void *m) { order_messages_html(o, c, m); }
static void draw_events(struct out *o, const struct ctx *c, const void *m) { order_events_html(o, c, m); }
const struct view message_list_view = { "message_list", N_("Talk"), draw_messages, message_page_fields, sizeof(struct message_page) };
const struct view event_list_view = { "event_list", N_("History"), draw_events, event_page_fields, sizeof(struct event_page) };

struct part_in { int64_t after, limit; };
FORM(order_part_form, struct part_in,
	INPUT(struct part_in, after, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct part_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));
struct say_in { str text; bool internal; };
FORM(order_say_form, struct say_in,
	INPUT(struct say_in, text, IN_LINES, N_("Message"), .required = true, .max = 4000),
	INPUT(struct say_in, internal, IN_BOOL, N_("Internal note, the customer never sees it")));

/* ---- history ---- */

enum { EVENTS_SHOWN = 199, PART = 200 };

/* Notices of clocks that follow each other are one line that opens. */
static void lines_of(struct ctx *c, const struct event *e, size_t n, struct event_line **ret, size_t *ret_n)
{
	struct event_line *line = NEW_N(c->a, struct event_line, n + 1), *run = NULL;
	struct event_names names = { 0 };

	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		struct event_line l = order_event_line(c, &names, &e[i]);

		if (l.notice && run) {
			run->more[run->n_more++] = l;
			continue;
		}
		line[*ret_n] = l;
		run = l.notice ? &line[*ret_n] : NULL;
		if (run)
			run->more = NEW_N(c->a, struct event_line, n - i);
		++*ret_n;
	}
	*ret = line;
}

enum err order_history(struct ctx *c, struct order_page *p)
{
	struct event *e;
	size_t n;

	TRY(audit_last(c, "order", p->o.id, EVENTS_SHOWN + 1, &e, &n));
	p->more_events = n > EVENTS_SHOWN;
	lines_of(c, e, p->more_events ? EVENTS_SHOWN : n, &p->line, &p->n_line);
	return ERR_OK;
}

enum err order_events_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct event_page *p = NEW(c->a, struct event_page);
	const struct part_in *in = r->form;
	size_t limit = in->limit == NIL ? PART : (size_t)in->limit;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(audit_list(c, "order", o.id, in->after == NIL ? 0 : in->after, (int)limit, &p->items, &p->n));
	for (size_t i = 0; i < p->n; i++)              /* corrections tell old and new phone and address */
		if (!order_reaches(c, &o) && str_eq(p->items[i].kind, S("edit")))
			p->items[i].data = (json){ 0 };
	lines_of(c, p->items, p->n, &p->line, &p->n_line);
	p->req = r;
	p->no = o.no;
	if (p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].seq);
	out->view = &event_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- talk ---- */

enum err order_messages_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct message_page *p = NEW(c->a, struct message_page);
	const struct part_in *in = r->form;
	size_t limit = in->limit == NIL ? PART : (size_t)in->limit;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(order_talk(c, o.id, may(c, PERM_STAFF), in->after, limit, &p->items, &p->n));
	p->req = r;
	p->no = o.no;
	if (p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	out->view = &message_list_view;
	out->model = p;
	return ERR_OK;
}

enum err order_say_post(struct ctx *c, struct req *r, struct reply *out)
{
	const struct say_in *in = r->form;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(order_say(c, &o, in->text, in->internal, c->who->name));
	live_touch(c, "orders");
	out->created = true;
	out->location = arena_fmt(c->a, "/orders/%.*s#talk", STR_ARG(o.no));
	return order_answer(c, r, o.no, out);
}
