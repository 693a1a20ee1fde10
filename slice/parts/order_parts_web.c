/* order_parts_web.c — parts on the order's page, on the engineer's day, and the two forms that belong there. */
#include "base/time.h"
#include "order_parts.html.h"
#include "slice/account/account.h"
#include "slice/order/order_view.h"
#include "slice/parts/parts_web.h"

#define U(m) FIELD(struct part_use, m)
static const struct field use_out[] = {
	U(id), U(part_no), U(part), U(unit), U(qty), U(serial_in), U(serial_out), U(no_old), U(user), U(at), U(price), FIELD_IF(struct part_use, value, PERM_PARTS_PRICE), { 0 }
};
static const struct field order_out[] = {
	{ .name = "uses", .off = offsetof(struct order_parts, use), .kind = K_LIST, .size = sizeof(struct part_use), .off_n = offsetof(struct order_parts, n_use), .sub = use_out },
	{ .name = "requisitions", .off = offsetof(struct order_parts, paper), .kind = K_LIST, .size = sizeof(struct req_row), .off_n = offsetof(struct order_parts, n_paper), .sub = req_row_out },
	{ .name = "old_parts", .off = offsetof(struct order_parts, old), .kind = K_LIST, .size = sizeof(struct old_part), .off_n = offsetof(struct order_parts, n_old), .sub = old_part_out },
	FIELD(struct order_parts, open), { 0 }
};
static const struct field carry_out[] = {
	{ .name = "carried", .off = offsetof(struct carry_page, carry), .kind = K_LIST, .size = sizeof(struct stock_row), .off_n = offsetof(struct carry_page, n_carry), .sub = stock_row_out },
	{ .name = "owed", .off = offsetof(struct carry_page, owed), .kind = K_LIST, .size = sizeof(struct old_part), .off_n = offsetof(struct carry_page, n_owed), .sub = old_part_out },
	{ .name = "coming", .off = offsetof(struct carry_page, coming), .kind = K_LIST, .size = sizeof(struct req_row), .off_n = offsetof(struct carry_page, n_coming), .sub = req_row_out },
	{ 0 }
};
static void draw_carry(struct out *o, const struct ctx *c, const void *m) { carry_page_html(o, c, m); }
const struct view order_parts_view = { "order_parts", N_("Parts"), NULL, order_out, sizeof(struct order_parts) };
const struct view carry_view = { "carried_parts", N_("What I carry"), draw_carry, carry_out, sizeof(struct carry_page) };

FORM(part_use_form, struct use_in,
	INPUT(struct use_in, part_no, IN_TEXT, N_("Part"), .required = true, .max = 60, .hint = N_("Part number or barcode")),
	INPUT(struct use_in, qty, IN_INT, N_("Quantity"), .min = 1, .max = 10000),
	INPUT(struct use_in, serial_in, IN_SERIAL, N_("New serial number")),
	INPUT(struct use_in, serial_out, IN_SERIAL, N_("Old serial number")),
	INPUT(struct use_in, no_old, IN_ENUM, N_("No old part, because"), .names = no_old_reasons),
	INPUT(struct use_in, reason, IN_TEXT, N_("Remark"), .max = 300));
FORM(part_undo_form, struct undo_in, INPUT(struct undo_in, reason, IN_LINES, N_("Reason"), .required = true, .max = 300));

/* ---- the order's panel ---- */

static enum err carried(struct ctx *c, int64_t user, struct stock_row **ret, size_t *ret_n)
{
	struct warehouse van;
	enum err e = user == NIL ? ERR_NOT_FOUND : warehouse_of_user(c, user, &van);

	*ret_n = 0;
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	return stock_list(c, &(struct stock_filter){ .warehouse_id = van.id, .part_id = NIL, .after_warehouse = NIL, .limit = 200 }, ret, ret_n);
}

static enum err fill(struct ctx *c, const struct order *o, struct order_parts *p)
{
	struct requisition_filter f = { .state = -1, .order_id = o->id, .before = NIL, .limit = 50 };
	int64_t next;

	TRY(part_uses(c, o->id, &p->use, &p->n_use));
	TRY(requisition_list(c, &f, &p->paper, &p->n_paper, &next));
	TRY(old_part_of_order(c, o->id, &p->old, &p->n_old));
	if (p->n_paper)
		TRY(parts_open_of_order(c, o->id, &p->open));
	for (size_t i = 0; i < p->n_paper; i++)
		p->missing = p->missing || p->paper[i].state == REQ_REQUESTED || p->paper[i].state == REQ_APPROVED || p->paper[i].state == REQ_SHIPPED;
	p->may_ask = may(c, PERM_PARTS_REQUEST) && o->state < ORDER_SETTLED;
	p->may_use = o->state < ORDER_SETTLED && (o->engineer_id == c->who->id || may(c, PERM_ORDER_ASSIGN) || may(c, PERM_PARTS_ISSUE));
	p->may_undo = o->state < ORDER_SETTLED && (o->engineer_id == c->who->id || may(c, PERM_PARTS_ISSUE));
	p->may_wait = p->missing && order_move_for(c, o, ORDER_EV_WAIT);
	p->ver = o->ver;
	return ERR_OK;
}

static bool shown(const struct ctx *c, const struct order *o) { (void)o; return may(c, PERM_PARTS_READ); }

static enum err load(struct ctx *c, const struct order *o, void **ret)
{
	struct order_parts *p = NEW(c->a, struct order_parts);

	TRY(fill(c, o, p));
	if (p->may_use)
		TRY(carried(c, o->engineer_id != NIL ? o->engineer_id : c->who->id, &p->carry, &p->n_carry));
	*ret = p;
	return ERR_OK;
}

static void draw(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data) { order_parts_html(o, c, r, order, data); }
const struct order_panel parts_order_panel = { N_("Parts"), shown, draw, load };

enum err order_parts_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_parts *p = NEW(c->a, struct order_parts);
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(fill(c, &o, p));
	out->view = &order_parts_view;
	out->model = p;
	return ERR_OK;
}

enum err order_parts_use(struct ctx *c, struct req *r, struct reply *out)
{
	const struct use_in *in = r->form;
	struct part_use_new n = { .part_no = in->part_no, .qty = in->qty == NIL ? 1 : in->qty, .serial_in = in->serial_in, .serial_out = in->serial_out, .no_old = in->no_old,
		.reason = in->reason };
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(part_use(c, &o, &n));
	live_touch(c, "parts");
	out->created = true;
	TRY(order_parts_show(c, r, out));
	out->location = arena_fmt(c->a, "/orders/%.*s#parts", STR_ARG(o.no));
	return ERR_OK;
}

enum err order_parts_undo(struct ctx *c, struct req *r, struct reply *out)
{
	const struct undo_in *in = r->form;
	struct order o;
	int64_t id;

	TRY(order_get(c, r->arg[0], &o));
	if (!str_int(r->arg[1], &id))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(part_use_undo(c, &o, id, in->reason));
	live_touch(c, "parts");
	TRY(order_parts_show(c, r, out));
	out->location = arena_fmt(c->a, "/orders/%.*s#parts", STR_ARG(o.no));
	return ERR_OK;
}

/* The order's page again, with what is wrong in the form. */
enum err order_parts_again(struct ctx *c, struct req *r, struct reply *out)
{
	struct order_page *p;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(order_page_fill(c, r, &o, &p));
	out->view = &order_view;
	out->model = p;
	out->title = o.no;
	return ERR_OK;
}

/* ---- the engineer's pockets ---- */

static enum err pockets(struct ctx *c, struct carry_page **ret)
{
	struct carry_page *p = NEW(c->a, struct carry_page);
	struct requisition_filter f = { .state = REQ_SHIPPED, .open = true, .mine = true, .order_id = NIL, .before = NIL, .limit = 20 };
	int64_t next;

	p->today = tz_day(c->who->zone, c->now);
	TRY(carried(c, c->who->id, &p->carry, &p->n_carry));
	TRY(old_part_list(c, &(struct old_filter){ .state = OLD_DUE, .holder_id = c->who->id, .after = NIL, .after_due = NIL, .limit = 100 }, &p->owed, &p->n_owed));
	TRY(requisition_list(c, &f, &p->coming, &p->n_coming, &next));
	*ret = p;
	return ERR_OK;
}

enum err carry_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct carry_page *p;

	TRY(pockets(c, &p));
	p->req = r;
	out->view = &carry_view;
	out->model = p;
	return ERR_OK;
}

static enum err day_load(struct ctx *c, void **ret)
{
	struct carry_page *p;

	*ret = NULL;
	if (!may(c, PERM_PARTS_READ) || c->who->id == NIL)
		return ERR_OK;
	TRY(pockets(c, &p));
	if (p->n_carry || p->n_owed || p->n_coming)
		*ret = p;
	return ERR_OK;
}

static void day_draw(struct out *o, const struct ctx *c, const struct req *r, void *data) { (void)r; carry_rows_html(o, c, data); }
const struct day_panel parts_day_panel = { N_("Parts I carry, old parts I owe"), day_load, day_draw };
