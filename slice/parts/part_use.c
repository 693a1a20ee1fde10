/* part_use.c — a part goes into a device; the old one is owed, or there is a reason [S2, P3]. */
#include "base/i18n.h"
#include "base/words.h"
#include "base/time.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/parts/requisition_int.h"

enum { OLD_AT_ONCE = 50 };                             /* old parts of one use: each is a piece with its label */

struct using { const struct order *o; const struct part_use_new *n; struct spare p; struct warehouse van; int64_t user; };
struct lot { int64_t id, requisition_id, qty; };
static const struct field lot_fields[] = { FIELD(struct lot, id), FIELD(struct lot, requisition_id), FIELD(struct lot, qty), { 0 } };

static enum err check(struct ctx *c, struct using *u)
{
	const struct part_use_new *n = u->n;
	enum err e = part_by_code(c, n->part_no, &u->p);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "part_no", N_("There is no part {1}."), n->part_no);
	}
	TRY(e);
	if (n->qty < 1 || (u->p.owes_old && n->qty > OLD_AT_ONCE))
		return fail_field(c, "qty", N_("A quantity is a whole number from 1 to {1}."), OLD_AT_ONCE);
	if (u->p.serial_tracked && n->qty != 1)
		return fail_field(c, "qty", N_("Parts with serial numbers are used one by one."));
	if (u->p.serial_tracked && !str_trim(n->serial_in).n)
		return fail_field(c, "serial_in", N_("Please scan the serial number of the new part."));
	if (u->o->state >= ORDER_SETTLED)
		return fail(c, ERR_CONFLICT, N_("Order {1} is {2}: no parts can be used."), u->o->no, tr(c, order_state_titles[u->o->state]));
	return ERR_OK;
}

/* The engineer's own stock; who gives the work out may record it for them. */
static enum err find_van(struct ctx *c, struct using *u)
{
	bool own = u->o->engineer_id == c->who->id;

	u->user = u->o->engineer_id != NIL ? u->o->engineer_id : c->who->id;
	if (!own && !may(c, PERM_ORDER_ASSIGN) && !may(c, PERM_PARTS_ISSUE))
		return fail(c, ERR_FORBIDDEN, N_("Only who works on the order uses parts on it."));
	if (u->user == NIL)
		return fail(c, ERR_CONFLICT, N_("Nobody works on this order yet."));
	return warehouse_of_user(c, u->user, &u->van);
}

static enum err old_ones(struct ctx *c, const struct using *u, const struct stock_doc *d, int64_t use, int64_t line, int64_t qty)
{
	if (!u->p.owes_old || u->n->no_old >= 0)
		return ERR_OK;
	for (int64_t i = 0; i < qty; i++)
		TRY(old_part_add(c, d, &(struct old_new){ .origin = "use", .use_id = use, .line_id = line, .order_id = u->o->id, .holder_id = u->user, .part = &u->p,
			.from = OUTSIDE(CUSTOMER), .at = { u->van.id, BIN_BAD }, .org_path = u->van.org_path, .serial = qty == 1 ? u->n->serial_out : (str){ 0 }, .kind = STOCK_OLD }));
	return ERR_OK;
}

enum err part_use_tell(struct ctx *c, const struct order *o, const struct spare *p, const struct part_use *u, bool back)
{
	for (const struct part_hook *const *h = part_hooks; *h; h++)
		TRY((*h)->on(c, o, p, u, back));
	return ERR_OK;
}

/* line NIL: out of what the engineer carries for nobody in particular. */
static enum err use_some(struct ctx *c, const struct using *u, int64_t line, int64_t qty)
{
	const struct part_use_new *n = u->n;
	struct stock_doc d = { "use", u->o->id, line, u->o->id, u->o->no, n->reason };
	struct stock_entry e = { .kind = STOCK_USE, .part_id = u->p.id, .qty = qty, .from = { u->van.id, BIN_GOOD }, .to = OUTSIDE(CUSTOMER), .unreserve = line == NIL ? 0 : qty,
		.serials = &n->serial_in, .n_serials = u->p.serial_tracked };
	int64_t move, value, use;

	TRY(stock_post(c, &d, &e, 1, &move));
	TRY(db_int(c, &q_move_value, BIND(P(id, move)), &value));
	TRY(db_insert(c, &q_use_insert, BIND(P(order_id, u->o->id), P(part_id, u->p.id), P(qty, qty), P(value, value), P(serial_in, n->serial_in.n ? n->serial_in : (str){ 0 }),
		P(serial_out, n->serial_out.n ? n->serial_out : (str){ 0 }), P(warehouse_id, u->van.id), P(line_id, line), P(user_id, u->user),
		P(no_old, n->no_old < 0 ? (str){ 0 } : str_c(no_old_reasons[n->no_old])), P(now, c->now)), &use));
	TRY(old_ones(c, u, &d, use, line, qty));
	return part_use_tell(c, u->o, &u->p, &(struct part_use){ .id = use, .order_id = u->o->id, .part_id = u->p.id, .qty = qty, .part_no = u->p.no, .part = u->p.name }, false);
}

static enum err count_lot(struct ctx *c, const struct lot *l, int64_t qty)
{
	struct requisition r;

	TRY(db_exec(c, &q_req_line_used, BIND(P(id, l->id), P(qty, qty)), 1));
	TRY(requisition_load(c, l->requisition_id, &r));
	return requisition_settle(c, &r, REQ_STATE_N, "used", BIND(P(qty, qty)));
}

/* First what was given out for this order, then what is carried anyway. */
static enum err use_lots(struct ctx *c, const struct using *u)
{
	int64_t left = u->n->qty;
	struct lot *lot;
	size_t n;

	TRY(db_rows(c, &q_req_open_lines, BIND(P(order_id, u->o->id), P(to_id, u->van.id), P(part_id, u->p.id)), lot_fields, sizeof *lot, 100, &lot, &n));
	for (size_t i = 0; i < n && left; i++) {
		int64_t some = lot[i].qty < left ? lot[i].qty : left;

		TRY(use_some(c, u, lot[i].id, some));
		TRY(count_lot(c, &lot[i], some));
		left -= some;
	}
	return left ? use_some(c, u, NIL, left) : ERR_OK;
}

enum err part_use(struct ctx *c, const struct order *o, const struct part_use_new *n)
{
	struct using u = { .o = o, .n = n };

	assert(db_writing(c->db));
	TRY(check(c, &u));
	TRY(find_van(c, &u));
	TRY(use_lots(c, &u));
	if (o->device_id != NIL && (u.p.class != PART_CONSUMABLE))
		TRY(device_part_change(c, o->device_id, u.p.no, n->serial_out, n->serial_in, o->id));
	return audit_add(c, "order", o->id, "part_used", BIND(P(part, u.p.no), P(qty, n->qty), P(serial_in, n->serial_in), P(serial_out, n->serial_out),
		P(no_old, n->no_old < 0 ? (str){ 0 } : str_c(no_old_reasons[n->no_old])), P(reason, n->reason)));
}

#define U(m) FIELD(struct part_use, m)
static const struct field use_fields[] = {
	U(id), U(order_id), U(part_id), U(warehouse_id), U(line_id), U(user_id), U(qty), U(part_no), U(part), U(unit), U(serial_in), U(serial_out), U(no_old), U(user), U(value), U(price), U(at), { 0 }
};

enum err part_uses(struct ctx *c, int64_t order_id, struct part_use **ret, size_t *ret_n)
{
	return db_rows(c, &q_uses, BIND(P(order_id, order_id)), use_fields, sizeof **ret, 200, ret, ret_n);
}

/* ---- taking it back ---- */

static enum err may_undo(struct ctx *c, const struct order *o, const struct part_use *u)
{
	bool today = tz_day(c->who->zone, u->at).d == tz_day(c->who->zone, c->now).d;

	if (o->state >= ORDER_SETTLED)
		return fail(c, ERR_CONFLICT, N_("Order {1} is {2}: no parts can be used."), o->no, tr(c, order_state_titles[o->state]));
	if (may(c, PERM_PARTS_ISSUE) || (u->user_id == c->who->id && today))
		return ERR_OK;
	return u->user_id == c->who->id ? fail(c, ERR_FORBIDDEN, N_("A use can be taken back on the day itself; later the store does it."))
		: fail(c, ERR_FORBIDDEN, N_("Only who works on the order uses parts on it."));
}

/* The pieces are in hand for the order again. */
static enum err count_back(struct ctx *c, const struct part_use *u)
{
	struct requisition r;
	int64_t id;

	if (u->line_id == NIL)
		return ERR_OK;
	TRY(stock_reserve(c, u->part_id, u->warehouse_id, u->qty));
	TRY(db_exec(c, &q_req_line_used, BIND(P(id, u->line_id), P(qty, -u->qty)), 1));
	TRY(db_int(c, &q_req_of_line, BIND(P(id, u->line_id)), &id));
	TRY(requisition_load(c, id, &r));
	return requisition_settle(c, &r, REQ_STATE_N, "unused", BIND(P(qty, u->qty)));
}

enum err part_use_undo(struct ctx *c, const struct order *o, int64_t use_id, str reason)
{
	struct part_use u;
	struct stock_doc d;
	struct stock_entry e;
	struct spare p;

	assert(db_writing(c->db));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(db_row(c, &q_uses, BIND(P(order_id, o->id), P(id, use_id)), use_fields, &u));
	TRY(may_undo(c, o, &u));
	TRY(part_get(c, u.part_id, &p));
	d = (struct stock_doc){ "use", o->id, u.line_id, o->id, o->no, reason };
	e = (struct stock_entry){ .kind = STOCK_UNUSE, .part_id = u.part_id, .qty = u.qty, .value = u.value.minor, .from = OUTSIDE(CUSTOMER), .to = { u.warehouse_id, BIN_GOOD },
		.serials = &u.serial_in, .n_serials = p.serial_tracked };
	TRY(db_exec(c, &q_use_undo, BIND(P(id, u.id), P(user_id, c->who->id), P(reason, reason), P(now, c->now)), 1));
	TRY(old_part_undo(c, &d, u.id));
	TRY(stock_post(c, &d, &e, 1, NULL));
	TRY(count_back(c, &u));
	TRY(part_use_tell(c, o, &p, &u, true));
	if (o->device_id != NIL && p.class != PART_CONSUMABLE)
		TRY(device_part_change(c, o->device_id, p.no, u.serial_in, u.serial_out, o->id));
	return audit_add(c, "order", o->id, "part_unused", BIND(P(part, p.no), P(qty, u.qty), P(serial_in, u.serial_in), P(reason, reason)));
}

enum err parts_open_of_order(struct ctx *c, int64_t order_id, int64_t *ret) { return db_int(c, &q_req_open_of_order, BIND(P(order_id, order_id)), ret); }
