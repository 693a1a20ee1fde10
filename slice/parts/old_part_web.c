/* old_part_web.c — the doors of old parts: what is owed, bulk moves by scan or by mark, labels, return and write-off papers. */
#include "base/time.h"
#include "base/money.h"
#include "old_part.html.h"
#include "slice/account/perm.h"
#include "slice/parts/parts_web.h"

#define K(m) FIELD(struct old_part, m)
const struct field old_part_out[] = {
	K(no), K(ver), FIELD_ENUM(struct old_part, state, old_states), K(part_no), K(part), K(serial), K(order_no), K(holder), K(warehouse), K(due_on), K(supplier_until),
	FIELD_ENUM(struct old_part, verdict, old_verdicts), K(reason), K(slip), FIELD_IF(struct old_part, credit, PERM_PARTS_PRICE), K(created_at), K(state_at), { 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct old_list_page, items, n, old_part_out), { 0 } };
static const struct field done_out[] = { FIELD(struct old_done_page, slip), FIELD(struct old_done_page, n), { 0 } };
static void draw_list(struct out *o, const struct ctx *c, const void *m) { old_part_list_html(o, c, m); }
const struct view old_list_view = { "old_part_list", N_("Old parts"), draw_list, list_out, sizeof(struct old_list_page) };
const struct view old_part_view = { "old_part", N_("Old part"), NULL, old_part_out, sizeof(struct old_part) };
const struct view old_done_view = { "old_parts_moved", N_("Old parts"), NULL, done_out, sizeof(struct old_done_page) };

FORM(old_code_form, struct code_row, INPUT(struct code_row, no, IN_TOKEN, N_("Old part"), .max = 40));
FORM(old_act_form, struct old_act_in,
	INPUT(struct old_act_in, event, IN_ENUM, N_("Event"), .names = old_events, .required = true),
	{ .name = "no", .label = N_("Old parts"), .off = offsetof(struct old_act_in, no), .kind = IN_LIST, .max = 200, .sub = &old_code_form, .off_n = offsetof(struct old_act_in, n_no) },
	INPUT(struct old_act_in, scan, IN_LINES, N_("Scan labels"), .max = 8000, .hint = N_("Labels of old parts, one a line")),
	INPUT(struct old_act_in, verdict, IN_ENUM, N_("Found on inspection"), .names = old_verdicts),
	INPUT(struct old_act_in, reason, IN_LINES, N_("Reason"), .max = 500),
	INPUT(struct old_act_in, credit, IN_MONEY, N_("Credit")));
struct list_in { int state; bool overdue; str after; int64_t limit; };
FORM(old_list_form, struct list_in,
	INPUT(struct list_in, state, IN_ENUM, N_("State"), .names = old_states),
	INPUT(struct list_in, overdue, IN_BOOL, N_("Overdue only")),
	LIST_INPUTS(struct list_in));

/* ---- list ---- */

/* Moves that this reader could make on what the list shows. */
static void moves_of(struct ctx *c, struct old_list_page *p)
{
	p->moves = NEW_N(c->a, struct old_move_view, OLD_EVENT_N);
	for (int ev = 0; ev < OLD_EVENT_N; ev++) {
		const struct old_move *m = old_move_for(c, &(struct old_part){ .state = p->state }, (enum old_event)ev);

		if (m)
			p->moves[p->n_moves++] = (struct old_move_view){ ev, str_c(old_events[ev]), tr(c, old_event_verbs[ev]), m->verdict, m->reason, m->danger, m->primary };
	}
}

static void chips(struct ctx *c, const struct list_in *in, struct old_list_page *p)
{
	p->chip = NEW_N(c->a, struct ui_link, OLD_STATE_N + 2);
	for (int s = 0; s <= OLD_CLAIMED; s++)
		p->chip[p->n_chip++] = (struct ui_link){ tr(c, old_state_titles[s]), arena_fmt(c->a, "/old-parts?state=%s", old_states[s]), p->state == s && !in->overdue, NIL };
	p->chip[p->n_chip++] = (struct ui_link){ _("Overdue"), S("/old-parts?state=due&overdue=1"), in->overdue, NIL };
}

/* "20784.17": due day and id of the last row. */
static enum err cursor(struct ctx *c, str after, struct old_filter *f)
{
	str due;

	f->after = f->after_due = NIL;
	if (!after.n)
		return ERR_OK;
	if (!str_cut(&after, '.', &due) || !str_int(due, &f->after_due) || !str_int(after, &f->after))
		return fail_field(c, "after", N_("This page marker is not ours."));
	return ERR_OK;
}

enum err old_parts_list(struct ctx *c, struct req *r, struct reply *out)
{
	static const struct list_in none = { .state = -1, .limit = NIL };
	const struct list_in *in = r->form && r->route->form == &old_list_form ? r->form : &none;
	struct old_list_page *p = NEW(c->a, struct old_list_page);
	struct old_filter f = { .state = in->state, .overdue = in->overdue, .holder_id = NIL, .limit = (size_t)list_limit(in->limit) };

	if (r->as == AS_HTML && f.state < 0)
		f.state = OLD_DUE;
	TRY(cursor(c, in->after, &f));
	TRY(old_part_list(c, &f, &p->items, &p->n));
	p->req = r;
	p->state = f.state;
	p->today = tz_day(c->who->zone, c->now);
	if (p->n == f.limit)
		p->next = out->next = arena_fmt(c->a, "%lld.%lld", (long long)p->items[p->n - 1].due_on.d, (long long)p->items[p->n - 1].id);
	moves_of(c, p);
	chips(c, in, p);
	out->view = &old_list_view;
	out->model = p;
	return ERR_OK;
}

enum err old_parts_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct old_part *o = NEW(c->a, struct old_part);

	TRY(old_part_get(c, r->arg[0], o));
	out->view = &old_part_view;
	out->model = o;
	out->ver = o->ver;
	return ERR_OK;
}

/* ---- bulk moves ---- */

static void gather(struct ctx *c, const struct old_act_in *in, str **ret, size_t *ret_n)
{
	size_t n = 0, lines = 1;
	str text = in->scan, line;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	*ret = NEW_N(c->a, str, in->n_no + lines);
	for (size_t i = 0; i < in->n_no; i++)
		if (in->no[i].no.n)
			(*ret)[n++] = in->no[i].no;
	while (str_cut(&text, '\n', &line))
		if (str_trim(line).n)
			(*ret)[n++] = str_trim(line);
	*ret_n = n;
}

enum err old_parts_move(struct ctx *c, struct req *r, struct reply *out)
{
	const struct old_act_in *in = r->form;
	struct old_done_page *p = NEW(c->a, struct old_done_page);
	struct old_act a = { .ev = in->event, .verdict = in->verdict, .reason = in->reason, .credit = in->credit };
	str *no;

	gather(c, in, &no, &a.n);
	a.no = no;
	TRY(old_part_act(c, &a, &p->slip));
	p->n = (int64_t)a.n;
	live_touch(c, "parts");
	out->view = &old_done_view;
	out->model = p;
	out->location = p->slip.n ? arena_fmt(c->a, "/old-parts?state=%s", old_states[in->event == OLD_EV_TAKE_IN ? OLD_BACK : OLD_INSPECTED]) : S("/old-parts");
	out->flash = p->slip.n ? trf(c, N_("{1} old parts, paper {2}."), p->n, p->slip) : trf(c, N_("{1} old parts."), p->n);
	return ERR_OK;
}
