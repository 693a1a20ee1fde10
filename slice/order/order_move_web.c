/* order_move_web.c — moves of an order: one form each, on the order's page, as a sheet on top of another, or as a page of its own. */
#include <sodium.h>
#include "base/i18n.h"
#include "order_move.html.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/order/order_web.h"
#include "slice/org/org.h"
#include "slice/product/product.h"

/* ---- what a move asks for ---- */

/* Stations for the address first, nearest first; then the rest of what the reader sees. */
static enum err station_options(struct ctx *c, const struct order *o, struct order_move_form *p)
{
	struct org_hit *hit = NULL;
	struct org *all;
	size_t n_hit = 0, n_all, n = 0;

	if (o->division.n)
		TRY(org_for_area(c, o->division, o->brand, 1, 8, &hit, &n_hit));
	TRY(org_list(c, ORG_STATION, c->who->sight == SIGHT_ORG ? c->who->org_path : (str){ 0 }, &all, &n_all));
	p->station = NEW_N(c->a, struct ui_option, n_hit + n_all + 1);
	for (size_t i = 0; i < n_hit; i++)
		p->station[n++] = (struct ui_option){ hit[i].org.code, hit[i].own_area ? trf(c, N_("{1} (serves this area)"), org_title(c, &hit[i].org))
			: trf(c, N_("{1} (neighbour, {2} km further)"), org_title(c, &hit[i].org), hit[i].extra_m / 1000) };
	for (size_t i = 0; i < n_all; i++)
		if (all[i].active)
			p->station[n++] = (struct ui_option){ all[i].code, org_title(c, &all[i]) };
	p->n_station = n;
	return ERR_OK;
}

static enum err engineer_options(struct ctx *c, const struct order *o, struct order_move_form *p)
{
	struct user *u;
	size_t n;

	TRY(user_at(c, ROLE_ENGINEER, o->org_path, &u, &n));
	p->engineer = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++)
		p->engineer[i] = (struct ui_option){ u[i].login, u[i].name };
	p->n_engineer = n;
	return ERR_OK;
}

enum err order_move_options(struct ctx *c, const struct order *o, unsigned fields, struct order_move_form *ret)
{
	if (fields & NEED_STATION)
		TRY(station_options(c, o, ret));
	return fields & NEED_ENGINEER ? engineer_options(c, o, ret) : ERR_OK;
}

/* ---- the form of one move ---- */

static void draw_move(struct out *o, const struct ctx *c, const void *m) { order_move_html(o, c, m); }
const struct view order_move_view = { "order_move", N_("Next step"), draw_move, NULL, sizeof(struct order_move_page) };

static enum err answer_move(struct ctx *c, struct req *r, str event, str back, struct reply *out)
{
	struct order_move_page *p = NEW(c->a, struct order_move_page);
	struct move_view *move;
	size_t n;

	TRY(order_get(c, r->arg[0], &p->o));
	order_moves_of(c, &p->o, &move, &n);
	p->form = (struct order_move_form){ .req = r, .o = &p->o, .back = back };
	for (size_t i = 0; i < n; i++)
		if (str_eq(move[i].event, event)) {
			p->form.move = move[i];
			p->found = true;
		}
	TRY(order_move_options(c, &p->o, p->form.move.fields, &p->form));
	out->view = &order_move_view;
	out->model = p;
	out->title = arena_fmt(c->a, "%.*s · %.*s", STR_ARG(p->o.no), STR_ARG(p->form.move.verb));
	return ERR_OK;
}

enum err order_move_show(struct ctx *c, struct req *r, struct reply *out)
{
	str back = ui_query(c, r, "back");

	if (name_index(order_events, r->arg[1]) < 0)
		return fail(c, ERR_NOT_FOUND, NULL);
	return answer_move(c, r, r->arg[1], name_index(order_backs, back) < 0 ? (str){ 0 } : back, out);
}

/* ---- the forms of all that lies ahead ---- */

enum { AHEAD = 8 };

static void draw_ahead(struct out *o, const struct ctx *c, const void *m) { order_ahead_html(o, c, m); }
const struct view order_ahead_view = { "order_ahead", N_("Steps ahead"), draw_ahead, NULL, sizeof(struct order_ahead_page) };

enum err order_ahead_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_ahead_page *p = NEW(c->a, struct order_ahead_page);
	const struct move_view *step;
	struct move_view *move;
	struct order then;
	size_t n;

	TRY(order_get(c, r->arg[0], &p->o));
	p->form = NEW_N(c->a, struct order_move_form, AHEAD);
	for (then = p->o; p->n < AHEAD; then.state = name_index(order_states, step->to)) {
		order_moves_of(c, &then, &move, &n);
		step = order_primary(move, n);
		if (!step || !step->to.n)
			break;
		p->form[p->n] = (struct order_move_form){ .req = r, .o = &p->o, .move = *step, .back = str_c(order_backs[0]) };
		TRY(order_move_options(c, &p->o, step->fields, &p->form[p->n++]));
	}
	out->view = &order_ahead_view;
	out->model = p;
	return ERR_OK;
}

/* The form failed: it stands alone with what was typed and why; the order may have moved on meanwhile. */
enum err order_move_again(struct ctx *c, struct req *r, struct reply *out)
{
	return answer_move(c, r, req_typed(r, "event"), req_typed(r, "back"), out);
}

/* "data:image/png;base64,…" or plain base64. */
enum err order_signature(struct ctx *c, str text, str *ret)
{
	size_t at, n;
	char *png;

	*ret = (str){ 0 };
	if (!text.n)
		return ERR_OK;
	if (str_find(text, S("base64,"), &at))
		text = (str){ text.p + at + 7, text.n - at - 7 };
	png = arena_alloc(c->a, text.n);
	if (sodium_base642bin((unsigned char *)png, text.n, text.p, text.n, " \r\n", &n, NULL, sodium_base64_VARIANT_ORIGINAL) || n < 8 || memcmp(png, "\x89PNG\r\n\x1a\n", 8))
		return fail_field(c, "signature", N_("The signature cannot be read. Please sign again."));
	*ret = (str){ png, n };
	return ERR_OK;
}

enum err order_move_post(struct ctx *c, struct req *r, struct reply *out)
{
	static const char *const pages[] = { "/day", "/board", NULL };
	const struct order_act_in *in = r->form;
	struct order_act a = { .ev = in->event, .ver = in->ver, .reason = in->reason, .note = in->note, .station = in->station, .engineer = in->engineer, .advice = in->advice,
		.fault_code = in->fault_code, .cause = in->cause < 0 ? (str){ 0 } : str_c(order_causes[in->cause]), .finding = in->finding, .result = in->result,
		.signer = in->signer, .wait = in->wait, .verdict = in->verdict, .satisfaction = in->satisfaction == NIL ? -1 : (int)in->satisfaction, .from = in->from,
		.until = in->until, .device_at = in->device_at, .fee = in->fee, .ticked = in->ticked, .returned = in->returned, .n_returned = in->n_returned };
	struct order o;

	TRY(order_signature(c, in->signature, &a.signature));
	TRY(order_act(c, r->arg[0], &a, &o));
	live_touch(c, "orders");
	out->flash = trf(c, N_("Order {1} is now “{2}”."), o.no, order_state_title(c, o.state));
	/* Who gave the order away may no longer see it: the answer is then its last state without the page. */
	if (order_get(c, o.no, &o)) {
		c->diag = (struct diag){ 0 };
		out->location = S("/day");
		return ERR_OK;
	}
	TRY(order_show(c, r, out));
	out->location = in->back < 0 ? arena_fmt(c->a, "/orders/%.*s", STR_ARG(o.no)) : str_c(pages[in->back]);
	return ERR_OK;
}

/* ---- fault codes as one types ---- */

struct fault_in { str fault_code; };
FORM(order_fault_form, struct fault_in, INPUT(struct fault_in, fault_code, IN_TEXT, N_("Fault code"), .max = 60));
static void draw_picks(struct out *o, const struct ctx *c, const void *m) { order_picks_html(o, c, m); }
const struct view order_picks_view = { "order_picks", N_("Fault code"), draw_picks, NULL, sizeof(struct order_picks) };

enum err order_fault_picks(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_picks *p = NEW(c->a, struct order_picks);
	const struct fault_in *in = r->form;

	TRY(fault_list(c, str_trim(in->fault_code), 8, &p->code, &p->n));
	out->view = &order_picks_view;
	out->model = p;
	return ERR_OK;
}
