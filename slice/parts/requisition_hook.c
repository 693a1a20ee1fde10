/* requisition_hook.c — what parts say to the moves of an order [S2, O4]. */
#include "base/i18n.h"
#include "slice/parts/requisition_int.h"

static bool ends(const struct order *o)
{
	return o->state == ORDER_SETTLED || o->state == ORDER_CLOSED || o->state == ORDER_CANCELLED || o->state == ORDER_REJECTED;
}

static enum err withdraw(struct ctx *c, int64_t id)
{
	struct requisition r;

	TRY(requisition_load(c, id, &r));
	for (size_t i = 0; i < r.n_lines; i++) {
		struct req_line *l = &r.lines[i];

		TRY(stock_reserve(c, l->part_id, r.from_id, -l->reserved));
		l->reserved = 0;
		l->approved = l->shipped;
		TRY(requisition_line_put(c, l));
	}
	/* Something of it came and was used: then it is cleared, not withdrawn. */
	return requisition_settle(c, &r, r.state == REQ_REQUESTED ? REQ_CANCELLED : REQ_STATE_N, "order_ended", NULL);
}

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	static const struct field id_fields[] = { FIELD(struct requisition, id), { 0 } };
	struct requisition *r;
	int64_t open;
	size_t n;

	(void)m;
	(void)a;
	if (!ends(o))
		return ERR_OK;
	TRY(parts_open_of_order(c, o->id, &open));
	if (open > 0)
		return fail(c, ERR_CONFLICT, N_("Parts given out for order {1} are neither used nor returned: {2} pieces."), o->no, open);
	TRY(db_rows(c, &q_req_withdraw, BIND(P(order_id, o->id)), id_fields, sizeof *r, 50, &r, &n));
	for (size_t i = 0; i < n; i++)
		TRY(withdraw(c, r[i].id));
	return ERR_OK;
}
const struct order_hook parts_order_hook = { .name = "parts", .on = on_move };
