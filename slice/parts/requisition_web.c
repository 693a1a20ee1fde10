/* requisition_web.c — the doors of requisitions: list, one paper with its next step, asking, moving. */
#include "requisition.html.h"
#include "slice/account/perm.h"
#include "slice/parts/parts_web.h"

enum { EVENTS_SHOWN = 50, EVENTS_PAGE = 200 };

/* ---- what goes out ---- */

#define R(m) FIELD(struct requisition, m)
#define L(m) FIELD(struct req_line, m)
#define W(m) FIELD(struct req_row, m)
static const struct field line_out[] = {
	L(part_no), L(part), L(unit), L(instead_of), L(note), L(serial_tracked), L(owes_old), L(asked), L(approved), L(reserved), L(reserved_until), L(shipped), L(received),
	L(damaged), L(missing), L(used), L(returned), L(in_store), FIELD_LIST(struct req_line, serials, n_serials, NULL), { 0 }
};
static const struct field move_out[] = { FIELD(struct req_move_view, event), FIELD(struct req_move_view, verb), FIELD(struct req_move_view, primary), { 0 } };
static const struct field page_out[] = {
	R(no), R(ver), FIELD_ENUM(struct requisition, kind, requisition_kinds), FIELD_ENUM(struct requisition, state, requisition_states), R(order_no), R(requester), R(from_code),
	R(from), R(to_code), R(to), R(reason), R(decider), R(decision), R(needed_on), FIELD_IF(struct requisition, value, PERM_PARTS_PRICE), R(created_at), R(state_at),
	FIELD_LIST(struct requisition, lines, n_lines, line_out), FIELD_LIST(struct req_page, moves, n_moves, move_out), { 0 }
};
const struct field req_row_out[] = {
	W(no), W(ver), FIELD_ENUM(struct req_row, kind, requisition_kinds), FIELD_ENUM(struct req_row, state, requisition_states), W(order_no), W(requester), W(from), W(to),
	W(parts), W(needed_on), FIELD_IF(struct req_row, value, PERM_PARTS_PRICE), W(created_at), W(state_at), { 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct req_list_page, items, n, req_row_out), { 0 } };
static void draw_one(struct out *o, const struct ctx *c, const void *m) { requisition_page_html(o, c, m); }
static const struct field events_out[] = { FIELD_LIST(struct req_events_page, items, n, event_fields), { 0 } };
static void draw_events(struct out *o, const struct ctx *c, const void *m) { requisition_events_html(o, c, m); }
static void draw_list(struct out *o, const struct ctx *c, const void *m) { requisition_list_html(o, c, m); }
static void draw_new(struct out *o, const struct ctx *c, const void *m) { requisition_new_html(o, c, m); }
const struct view requisition_view = { "requisition", N_("Parts requisition"), draw_one, page_out, sizeof(struct req_page) };
const struct view requisition_list_view = { "requisition_list", N_("Requisitions"), draw_list, list_out, sizeof(struct req_list_page) };
const struct view requisition_events_view = { "requisition_events", N_("History"), draw_events, events_out, sizeof(struct req_events_page) };
const struct view requisition_new_view = { "requisition_new", N_("Ask for parts"), draw_new, NULL, 0 };

/* ---- what comes in ---- */

FORM(requisition_wish_form, struct req_wish,
	INPUT(struct req_wish, part_no, IN_TEXT, N_("Part"), .max = 60),
	INPUT(struct req_wish, qty, IN_INT, N_("Quantity"), .min = 1, .max = 10000),
	INPUT(struct req_wish, note, IN_TEXT, N_("Note"), .max = 200));
FORM(requisition_form, struct req_in,
	INPUT(struct req_in, order_no, IN_TOKEN, N_("Order"), .max = 40),
	INPUT(struct req_in, to, IN_TOKEN, N_("For warehouse"), .max = 64),
	INPUT(struct req_in, from, IN_TOKEN, N_("From warehouse"), .max = 64),
	{ .name = "wish", .label = N_("Parts"), .off = offsetof(struct req_in, wish), .kind = IN_LIST, .max = 50, .sub = &requisition_wish_form, .off_n = offsetof(struct req_in, n_wish) },
	INPUT(struct req_in, kit, IN_TOKEN, N_("Kit"), .max = 40),
	INPUT(struct req_in, reason, IN_LINES, N_("Reason"), .max = 500),
	INPUT(struct req_in, needed_on, IN_DAY, N_("Needed on"), .hint = N_("2026-11-25")));
FORM(requisition_piece_form, struct req_piece,
	INPUT(struct req_piece, part_no, IN_TEXT, N_("Part"), .required = true, .max = 60),
	INPUT(struct req_piece, qty, IN_INT, N_("Quantity"), .max = 10000),
	INPUT(struct req_piece, damaged, IN_INT, N_("Damaged"), .max = 10000),
	INPUT(struct req_piece, missing, IN_INT, N_("Missing pieces"), .max = 10000),
	INPUT(struct req_piece, serials, IN_LINES, N_("Serial numbers"), .max = 4000),
	INPUT(struct req_piece, instead, IN_TEXT, N_("Substitute"), .max = 60));
FORM(requisition_act_form, struct req_act_in,
	INPUT(struct req_act_in, event, IN_ENUM, N_("Event"), .names = requisition_events, .required = true),
	INPUT(struct req_act_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct req_act_in, reason, IN_LINES, N_("Reason"), .max = 500),
	INPUT(struct req_act_in, scan, IN_LINES, N_("Scan codes"), .max = 4000, .hint = N_("Part numbers, barcodes or serial numbers, one a line")),
	INPUT(struct req_act_in, at_counter, IN_BOOL, N_("Handed over in person")),
	{ .name = "piece", .label = N_("Parts"), .off = offsetof(struct req_act_in, piece), .kind = IN_LIST, .max = 100, .sub = &requisition_piece_form,
	  .off_n = offsetof(struct req_act_in, n_piece) });
struct req_events_in { int64_t after, limit; };
FORM(requisition_events_form, struct req_events_in,
	INPUT(struct req_events_in, after, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct req_events_in, limit, IN_INT, N_("Rows"), .min = 1, .max = EVENTS_PAGE));
struct list_in { int state; bool mine, all; int64_t before, limit; };
FORM(requisition_list_form, struct list_in,
	INPUT(struct list_in, state, IN_ENUM, N_("State"), .names = requisition_states),
	INPUT(struct list_in, mine, IN_BOOL, N_("Mine only")),
	INPUT(struct list_in, all, IN_BOOL, N_("Cleared too")),
	INPUT(struct list_in, before, IN_INT, N_("Cursor"), .min = 1, .max = INT64_MAX),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));

/* ---- one paper ---- */

str parts_event_title(const struct ctx *c, str kind)
{
	static const struct { const char *kind, *title; } titles[] = {
		{ "requested", N_("Asked for") }, { "approved_free", N_("Approved: below the limit") }, { "used", N_("Used on the order") }, { "unused", N_("Use taken back") }, { "order_ended", N_("The order ended") },
		{ "substituted", N_("Substituted") }, { "expired", N_("Reservation ran out") }, { "owed", N_("Owed") },
	};

	for (size_t i = 0; i < LEN(titles); i++)
		if (str_eq(kind, str_c(titles[i].kind)))
			return tr(c, titles[i].title);
	return kind;
}

static void moves_of(struct ctx *c, struct req_page *p)
{
	p->moves = NEW_N(c->a, struct req_move_view, REQ_EVENT_N);
	for (int ev = 0; ev < REQ_EVENT_N; ev++) {
		const struct req_move *m = requisition_move_for(c, &p->r, (enum req_event)ev);

		if (m)
			p->moves[p->n_moves++] = (struct req_move_view){ str_c(requisition_events[ev]), tr(c, requisition_event_verbs[ev]), m->primary, m->danger, m->fields, ev };
	}
}

enum err requisition_events_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct req_events_page *p = NEW(c->a, struct req_events_page);
	const struct req_events_in *in = r->form;
	size_t limit = in->limit == NIL ? EVENTS_PAGE : (size_t)in->limit;
	struct requisition paper;

	TRY(requisition_get(c, r->arg[0], &paper));
	TRY(audit_list(c, "requisition", paper.id, in->after == NIL ? 0 : in->after, (int)limit, &p->items, &p->n));
	p->req = r;
	p->no = paper.no;
	if (p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].seq);
	out->view = &requisition_events_view;
	out->model = p;
	return ERR_OK;
}

static enum err answer(struct ctx *c, struct req *r, const struct requisition *paper, struct reply *out)
{
	struct req_page *p = NEW(c->a, struct req_page);

	p->r = *paper;
	p->req = r;
	p->state_title = tr(c, requisition_state_titles[paper->state]);
	moves_of(c, p);
	if (r->as == AS_HTML)
		TRY(audit_last(c, "requisition", paper->id, EVENTS_SHOWN + 1, &p->event, &p->n_event));
	p->more_events = p->n_event > EVENTS_SHOWN;
	if (p->more_events)
		p->n_event = EVENTS_SHOWN;
	out->view = &requisition_view;
	out->model = p;
	out->title = paper->no;
	out->ver = paper->ver;
	return ERR_OK;
}

enum err requisition_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct requisition paper;

	TRY(requisition_get(c, r->arg[0], &paper));
	return answer(c, r, &paper, out);
}

enum err requisition_move(struct ctx *c, struct req *r, struct reply *out)
{
	const struct req_act_in *in = r->form;
	struct requisition_act a = { .ev = in->event, .ver = in->ver, .reason = in->reason, .piece = in->piece, .n = in->n_piece, .at_counter = in->at_counter };
	struct requisition paper;

	if (str_trim(in->scan).n) {
		TRY(requisition_get(c, r->arg[0], &paper));
		TRY(requisition_scan(c, &paper, in->scan, &a.piece, &a.n));
	}
	TRY(requisition_act(c, r->arg[0], &a, &paper));
	live_touch(c, "parts");
	out->location = arena_fmt(c->a, "/requisitions/%.*s", STR_ARG(paper.no));
	out->flash = trf(c, N_("{1} is now “{2}”."), paper.no, tr(c, requisition_state_titles[paper.state]));
	return answer(c, r, &paper, out);
}

/* ---- list ---- */

static enum err chips(struct ctx *c, const struct list_in *in, struct req_list_page *p)
{
	struct req_count *count;
	size_t n;

	TRY(requisition_counts(c, &count, &n));
	p->chip = NEW_N(c->a, struct ui_link, REQ_STATE_N + 2);
	p->chip[p->n_chip++] = (struct ui_link){ _("Open"), S("/requisitions"), in->state < 0 && !in->all, NIL };
	for (int s = 0; s < REQ_DONE; s++) {
		int64_t here = 0;

		for (size_t i = 0; i < n; i++)
			here += count[i].state == s ? count[i].n : 0;
		p->chip[p->n_chip++] = (struct ui_link){ tr(c, requisition_state_titles[s]), arena_fmt(c->a, "/requisitions?state=%s", requisition_states[s]), in->state == s, here };
	}
	p->chip[p->n_chip++] = (struct ui_link){ _("All"), S("/requisitions?all=1"), in->all, NIL };
	return ERR_OK;
}

enum err requisitions_list(struct ctx *c, struct req *r, struct reply *out)
{
	struct req_list_page *p = NEW(c->a, struct req_list_page);
	const struct list_in *in = r->form;
	struct requisition_filter f = { .state = in->state, .open = !in->all && in->state < 0, .mine = in->mine, .order_id = NIL, .before = in->before, .limit = (size_t)list_limit(in->limit) };
	int64_t next;

	TRY(requisition_list(c, &f, &p->items, &p->n, &next));
	if (next != NIL)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)next);
	p->req = r;
	if (r->as == AS_HTML)
		TRY(chips(c, in, p));
	out->view = &requisition_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- asking ---- */

enum err warehouse_options(struct ctx *c, struct ui_option **ret, size_t *ret_n)
{
	struct warehouse *w;
	size_t n;

	TRY(warehouse_list(c, &w, &n));
	*ret = NEW_N(c->a, struct ui_option, n + 1);
	*ret_n = 0;
	for (size_t i = 0; i < n; i++)
		if (w[i].active)
			(*ret)[(*ret_n)++] = (struct ui_option){ w[i].code, w[i].name };
	return ERR_OK;
}

static enum err kit_options(struct ctx *c, struct req_new_page *p)
{
	struct kit *k;

	TRY(kit_list(c, &k, &p->n_kit));
	p->kit = NEW_N(c->a, struct ui_option, p->n_kit + 1);
	for (size_t i = 0; i < p->n_kit; i++)
		p->kit[i] = (struct ui_option){ k[i].code, k[i].name };
	return ERR_OK;
}

enum err requisition_new_page(struct ctx *c, struct req *r, struct reply *out)
{
	struct req_new_page *p = NEW(c->a, struct req_new_page);

	p->req = r;
	p->order_no = ui_query(c, r, "order");
	TRY(warehouse_options(c, &p->warehouse, &p->n_warehouse));
	TRY(part_list(c, (str){ 0 }, (str){ 0 }, 300, &p->part, &p->n_part));
	TRY(kit_options(c, p));
	out->view = &requisition_new_view;
	out->model = p;
	return ERR_OK;
}

/* Rows of the form that were left empty are no wishes. */
static size_t drop_empty(struct req_wish *w, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (w[i].part_no.n) {
			w[k] = w[i];
			w[k].qty = w[k].qty == NIL ? 1 : w[k].qty;
			k++;
		}
	return k;
}

enum err requisition_ask(struct ctx *c, struct req *r, struct reply *out)
{
	const struct req_in *in = r->form;
	struct requisition_new n = { .order_no = in->order_no, .to = in->to, .from = in->from, .kit = in->kit, .reason = in->reason, .needed_on = in->needed_on, .wish = in->wish,
		.n = drop_empty(in->wish, in->n_wish) };
	struct requisition paper;

	TRY(requisition_request(c, &n, &paper));
	live_touch(c, "parts");
	out->created = true;
	out->location = n.order_no.n ? arena_fmt(c->a, "/orders/%.*s#parts", STR_ARG(n.order_no)) : arena_fmt(c->a, "/requisitions/%.*s", STR_ARG(paper.no));
	out->flash = trf(c, N_("{1} is now “{2}”."), paper.no, tr(c, requisition_state_titles[paper.state]));
	return answer(c, r, &paper, out);
}

/* ---- kits ---- */

static const struct field wish_out[] = { FIELD(struct req_wish, part_no), FIELD(struct req_wish, qty), { .name = "part", .off = offsetof(struct req_wish, note), .kind = K_STR, .size = sizeof(str) }, { 0 } };
static const struct field kit_out[] = { FIELD(struct kit, code), FIELD(struct kit, name), FIELD_LIST(struct kit, lines, n, wish_out), { 0 } };
static const struct field kits_out[] = { FIELD_LIST(struct kit_list_page, items, n, kit_out), { 0 } };
static void draw_kits(struct out *o, const struct ctx *c, const void *m) { kit_list_html(o, c, m); }
const struct view kit_list_view = { "kit_list", N_("Kits"), draw_kits, kits_out, sizeof(struct kit_list_page) };
FORM(kit_form, struct kit_in,
	INPUT(struct kit_in, code, IN_TOKEN, N_("Code"), .required = true, .max = 40),
	INPUT(struct kit_in, name, IN_TEXT, N_("Kit name"), .required = true, .max = 120),
	{ .name = "lines", .label = N_("Parts"), .off = offsetof(struct kit_in, lines), .kind = IN_LIST, .max = 50, .sub = &requisition_wish_form, .off_n = offsetof(struct kit_in, n_lines) });

enum err kits_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct kit_list_page *p = NEW(c->a, struct kit_list_page);

	p->req = r;
	TRY(kit_list(c, &p->items, &p->n));
	if (r->as == AS_HTML)
		TRY(part_list(c, (str){ 0 }, (str){ 0 }, 300, &p->part, &p->n_part));
	out->view = &kit_list_view;
	out->model = p;
	return ERR_OK;
}

enum err kit_post(struct ctx *c, struct req *r, struct reply *out)
{
	const struct kit_in *in = r->form;

	TRY(kit_put(c, &(struct kit){ .code = in->code, .name = in->name, .lines = in->lines, .n = drop_empty(in->lines, in->n_lines) }));
	TRY(kits_show(c, r, out));
	out->location = S("/kits");
	return ERR_OK;
}
