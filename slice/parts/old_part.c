/* old_part.c — what came out of devices, and what came damaged: owed, taken in, inspected, written off 销帐, claimed or put back [S2]. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/parts/requisition_int.h"

#define K(m) FIELD(struct old_part, m)
static const struct field old_fields[] = {
	K(id), K(ver), K(order_id), K(part_id), K(use_id), K(holder_id), K(warehouse_id), K(no), K(part_no), K(part), K(serial_tracked), K(serial), K(order_no), K(holder),
	K(warehouse), K(org_path), K(slip), K(reason), FIELD_ENUM(struct old_part, state, old_states), FIELD_ENUM(struct old_part, verdict, old_verdicts), K(due_on), K(credit),
	K(created_at), K(state_at), K(bought_at), K(supplier_months), { 0 }
};

static void warranties(struct ctx *c, struct old_part *o, size_t n)
{
	for (size_t i = 0; i < n; i++)
		o[i].supplier_until = supplier_warranty(c, o[i].bought_at, o[i].supplier_months).until;
}

/* ---- owing ---- */

/* A tracked part whose number cannot be read goes by the label we stick on it. */
enum err old_part_add(struct ctx *c, const struct stock_doc *d, const struct old_new *n)
{
	day due = { tz_day(c->who->zone, c->now).d + setting_int(c, "parts.old_days") };
	struct stock_entry e = { .kind = n->kind, .part_id = n->part->id, .qty = 1, .from = n->from, .to = n->at, .n_serials = n->part->serial_tracked };
	str no, serial = str_trim(n->serial);
	int64_t id;

	TRY(series_next(c, "old_part", &no));
	if (n->part->serial_tracked && !serial.n)
		serial = no;
	e.serials = &serial;
	TRY(stock_post(c, d, &e, 1, NULL));
	TRY(db_insert(c, &q_old_insert, BIND(P(no, no), P(state, old_states[n->taken_in ? OLD_BACK : OLD_DUE]), P(origin, n->origin), P(use_id, n->use_id), P(line_id, n->line_id),
		P(order_id, n->order_id), P(part_id, n->part->id), P(serial, serial.n ? serial : (str){ 0 }), P(holder_id, n->holder_id), P(warehouse_id, n->at.warehouse_id),
		P(org_path, n->org_path), P(due_on, due), P(reason, n->reason.n ? n->reason : (str){ 0 }), P(currency, n->part->currency), P(now, c->now)), &id));
	return audit_add(c, "old_part", id, "owed", BIND(P(no, no), P(part, n->part->no), P(serial, serial), P(order, d->no)));
}

enum err old_part_undo(struct ctx *c, const struct stock_doc *d, int64_t use_id)
{
	struct old_part *o;
	size_t n;

	TRY(db_rows(c, &q_old_of, BIND(P(use_id, use_id)), old_fields, sizeof *o, 500, &o, &n));
	for (size_t i = 0; i < n; i++) {
		struct stock_entry e = { .kind = STOCK_UNUSE, .part_id = o[i].part_id, .qty = 1, .from = { o[i].warehouse_id, BIN_BAD }, .to = OUTSIDE(CUSTOMER), .serials = &o[i].serial,
			.n_serials = o[i].serial_tracked };

		if (o[i].state != OLD_DUE)
			return fail(c, ERR_CONFLICT, N_("Old part {1} is “{2}” already: the use can no longer be taken back."), o[i].no, tr(c, old_state_titles[o[i].state]));
		TRY(stock_post(c, d, &e, 1, NULL));
		TRY(db_exec(c, &q_old_set, BIND(P(id, o[i].id), P(ver, o[i].ver), P(state, old_states[OLD_UNDONE]), P(open, false), P(warehouse_id, o[i].warehouse_id),
			P(org_path, o[i].org_path), P(slip, (str){ 0 }), P(verdict, (str){ 0 }), P(reason, d->reason), P(credit, NIL), P(now, c->now)), 1));
		TRY(audit_add(c, "old_part", o[i].id, "undone", BIND(P(reason, d->reason))));
	}
	return ERR_OK;
}

/* ---- reading ---- */

enum err old_part_get(struct ctx *c, str no, struct old_part *ret)
{
	struct in_sight s;

	TRY(paper_sight(c, &s));
	TRY(db_row(c, &q_old_one, BIND(P(no, str_trim(no)), SIGHT_BINDS(s)), old_fields, ret));
	warranties(c, ret, 1);
	return ERR_OK;
}

enum err old_part_list(struct ctx *c, const struct old_filter *f, struct old_part **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(paper_sight(c, &s));
	TRY(db_rows(c, &q_old_list, BIND({ "state", f->state < 0 ? (struct val){ 0 } : V(old_states[f->state]) }, P(holder_id, s.own != NIL ? s.own : f->holder_id),
		{ "before", f->overdue ? V(tz_day(c->who->zone, c->now)) : (struct val){ 0 } }, P(after, f->after), P(after_due, f->after_due), P(org_lo, s.org_lo), P(org_hi, s.org_hi),
		P(limit, (int64_t)f->limit)), old_fields, sizeof **ret, 500, ret, ret_n));
	warranties(c, *ret, *ret_n);
	return ERR_OK;
}

enum err old_part_of_order(struct ctx *c, int64_t order_id, struct old_part **ret, size_t *ret_n)
{
	TRY(db_rows(c, &q_old_of, BIND(P(order_id, order_id)), old_fields, sizeof **ret, 500, ret, ret_n));
	warranties(c, *ret, *ret_n);
	return ERR_OK;
}

enum err old_part_of_slip(struct ctx *c, str slip, struct old_part **ret, size_t *ret_n)
{
	TRY(db_rows(c, &q_old_of, BIND(P(slip, slip)), old_fields, sizeof **ret, 500, ret, ret_n));
	warranties(c, *ret, *ret_n);
	return ERR_OK;
}

/* ---- moves ---- */

struct step { const struct old_act *a; const struct old_move *m; str slip; struct warehouse here; };

/* Where the piece goes. Events without a row post nothing. */
static const struct { enum old_event ev; enum stock_kind kind; enum stock_bin from; enum stock_bin to; int64_t outside; bool back; } ways[] = {
	{ OLD_EV_TAKE_IN, STOCK_OLD_BACK, BIN_BAD, BIN_QUARANTINE, 0, false },
	{ OLD_EV_WAIVE, STOCK_LOST, BIN_BAD, BIN_OUTSIDE, OUTSIDE_DIFFERENCE, false },
	{ OLD_EV_INSPECT, STOCK_INSPECT, BIN_QUARANTINE, BIN_BAD, 0, false },
	{ OLD_EV_WRITE_OFF, STOCK_WRITE_OFF, BIN_BAD, BIN_OUTSIDE, OUTSIDE_SCRAP, false },
	{ OLD_EV_CLAIM, STOCK_CLAIM, BIN_BAD, BIN_OUTSIDE, OUTSIDE_MAKER, false },
	{ OLD_EV_REFUSED, STOCK_CLAIM, BIN_BAD, BIN_OUTSIDE, OUTSIDE_MAKER, true },
	{ OLD_EV_RECOVER, STOCK_RECOVER, BIN_BAD, BIN_GOOD, 0, false },
};

static enum err post_way(struct ctx *c, struct old_part *o, const struct step *s)
{
	int64_t store = s->a->ev == OLD_EV_TAKE_IN ? s->here.id : o->warehouse_id;

	for (size_t i = 0; i < LEN(ways); i++) {
		struct stock_place from = { o->warehouse_id, ways[i].from }, to = { ways[i].outside ? ways[i].outside : store, ways[i].to };
		struct stock_entry e = { .kind = ways[i].kind, .part_id = o->part_id, .qty = 1, .from = ways[i].back ? to : from, .to = ways[i].back ? from : to, .value = NIL,
			.serials = &o->serial, .n_serials = o->serial_tracked };

		if ((int)ways[i].ev != s->a->ev)
			continue;
		o->warehouse_id = store;
		return stock_post(c, &(struct stock_doc){ "old_part", o->id, NIL, o->order_id, o->no, s->a->reason }, &e, 1, NULL);
	}
	return ERR_OK;
}

static enum err refuse(struct ctx *c, const struct old_part *o, int ev)
{
	for (size_t i = 0; i < old_moves_n; i++)
		if ((int)old_moves[i].ev == ev && o->state >= 0 && (old_moves[i].from & 1u << o->state))
			return fail(c, ERR_FORBIDDEN, NULL);
	return fail(c, ERR_CONFLICT, N_("“{1}” does not fit old part {2}: it is “{3}”."), tr(c, old_event_verbs[ev]), o->no, tr(c, old_state_titles[o->state]));
}

static enum err one(struct ctx *c, str no, size_t at, struct step *s)
{
	const struct old_act *a = s->a;
	struct old_part o;
	enum err e = old_part_get(c, no, &o);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, arena_fmt(c->a, "no.%zu", at).p, N_("There is no old part {1}."), no);
	}
	TRY(e);
	s->m = old_move_for(c, &o, (enum old_event)a->ev);
	if (!s->m)
		return refuse(c, &o, a->ev);
	if (s->m->reason && !str_trim(a->reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	if (s->m->verdict && a->verdict < 0)
		return fail_field(c, "verdict", N_("What did the inspection find?"));
	if (a->ev == OLD_EV_RECOVER && o.verdict != name_index(old_verdicts, S("no_fault")))
		return fail(c, ERR_CONFLICT, N_("Only a part without fault goes back to good stock: {1} is not."), o.no);
	TRY(post_way(c, &o, s));
	TRY(db_exec(c, &q_old_set, BIND(P(id, o.id), P(ver, o.ver), P(state, old_states[s->m->to]), P(open, s->m->to <= OLD_CLAIMED), P(warehouse_id, o.warehouse_id),
		P(org_path, a->ev == OLD_EV_TAKE_IN ? s->here.org_path : o.org_path), P(slip, s->slip), P(verdict, s->m->verdict ? str_c(old_verdicts[a->verdict]) : (str){ 0 }),
		P(reason, a->reason.n ? a->reason : (str){ 0 }), P(credit, a->credit.minor), P(now, c->now)), 1));
	return audit_add(c, "old_part", o.id, old_events[a->ev], BIND(P(slip, s->slip), P(reason, a->reason), P(credit, a->credit),
		P(verdict, s->m->verdict ? str_c(old_verdicts[a->verdict]) : (str){ 0 })));
}

enum err old_part_act(struct ctx *c, const struct old_act *a, str *ret_slip)
{
	struct step s = { .a = a };

	assert(db_writing(c->db));
	if (!a->n)
		return fail_field(c, "no", N_("Which old parts? Scan their labels."));
	if (a->ev == OLD_EV_TAKE_IN) {
		if (c->who->org_id == NIL)
			return fail(c, ERR_FORBIDDEN, N_("Old parts are taken in at a place of the network."));
		TRY(warehouse_of_org(c, c->who->org_id, &s.here));
		TRY(series_next(c, "return", &s.slip));
	}
	if (a->ev == OLD_EV_WRITE_OFF)
		TRY(series_next(c, "writeoff", &s.slip));
	for (size_t i = 0; i < a->n; i++)
		TRY(one(c, a->no[i], i, &s));
	*ret_slip = s.slip;
	return ERR_OK;
}
