/* purchase.c — orders to suppliers, received in parts. */
#include "base/i18n.h"
#include "base/money.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/supply/supply_int.h"

#define FIRST(id, name, title, tone) name,
#define SECOND(id, name, title, tone) title,
#define THIRD(id, name, title, tone) tone,
const char *const purchase_states[] = { PURCHASE_STATES(FIRST) NULL };
const char *const purchase_state_titles[] = { PURCHASE_STATES(SECOND) NULL };
const char *const purchase_state_tones[] = { PURCHASE_STATES(THIRD) NULL };
#define U(m) FIELD(struct purchase, m)
static const struct field purchase_fields[] = {
	U(id), U(ver), U(no), U(supplier), U(warehouse_id), U(warehouse), U(warehouse_name), U(org_path), FIELD_ENUM(struct purchase, state, purchase_states), U(expected_on), U(note),
	U(reason), U(value), U(buyer), U(created_at), U(state_at), { 0 }
};
#define L(m) FIELD(struct purchase_line, m)
static const struct field line_fields[] = { L(id), L(part_id), L(part_no), L(part), L(unit), L(serial_tracked), L(qty), L(received), L(price), { 0 } };

enum err supply_sight(struct ctx *c, struct in_sight *ret)
{
	TRY(sight_of(c, ret));
	return ret->own != NIL || ret->customer != NIL ? fail(c, ERR_NOT_FOUND, NULL) : ERR_OK;
}

enum err purchase_get(struct ctx *c, str no, struct purchase *ret)
{
	struct in_sight s;

	TRY(supply_sight(c, &s));
	TRY(db_row(c, &q_purchase_list, BIND(P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, 1)), purchase_fields, ret));
	return db_rows(c, &q_purchase_lines, BIND(P(purchase_id, ret->id)), line_fields, sizeof *ret->lines, 200, &ret->lines, &ret->n_lines);
}

enum err purchase_list(struct ctx *c, int state, bool open, int64_t before, size_t max, struct purchase **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(supply_sight(c, &s));
	return db_rows(c, &q_purchase_list, BIND({ "state", state < 0 ? (struct val){ 0 } : V(purchase_states[state]) }, { "open", open ? v_int(1) : (struct val){ 0 } },
		P(before, before), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, (int64_t)max)), purchase_fields, sizeof **ret, max, ret, ret_n);
}

/* ---- ordering ---- */

static enum err find_parts(struct ctx *c, const struct purchase_new *n, struct spare *part, money *ret_value)
{
	if (!n->n)
		return fail_field(c, "wish", N_("Which parts, and how many?"));
	for (size_t i = 0; i < n->n; i++) {
		const struct purchase_wish *w = &n->wish[i];
		const char *at = arena_fmt(c->a, "wish.%zu.part_no", i).p, *price = arena_fmt(c->a, "wish.%zu.price", i).p;
		enum err e = part_by_code(c, w->part_no, &part[i]);

		if (e == ERR_NOT_FOUND) {
			c->diag = (struct diag){ 0 };
			return fail_field(c, at, N_("There is no part {1}."), w->part_no);
		}
		TRY(e);
		if (w->qty < 1 || w->qty > 100000)
			return fail_field(c, arena_fmt(c->a, "wish.%zu.qty", i).p, N_("A quantity is a whole number from 1 to {1}."), 100000);
		if (w->price.minor == NIL || w->price.minor < 0 || w->price.minor > MONEY_MAX / 100000)
			return fail_field(c, price, N_("What does one piece cost?"));
		if (!str_eq(str_c(w->price.cur), part[i].currency))
			return fail_field(c, price, N_("{1} is kept in {2}."), part[i].no, part[i].currency);
		if (!str_eq(part[i].currency, part[0].currency))
			return fail_field(c, price, N_("One paper, one currency: {1} is kept in {2}."), part[0].no, part[0].currency);
		for (size_t k = 0; k < i; k++)
			if (part[k].id == part[i].id)
				return fail_field(c, at, N_("{1} stands here twice."), part[i].no);
		*ret_value = (money){ .minor = ret_value->minor + w->price.minor * w->qty };
		memcpy(ret_value->cur, w->price.cur, sizeof ret_value->cur);
	}
	return ERR_OK;
}

enum err purchase_add(struct ctx *c, const struct purchase_new *n, struct purchase *ret)
{
	struct spare *part = NEW_N(c->a, struct spare, n->n + 1);
	money value = CNY(0);
	struct warehouse w;
	int64_t id, line;
	enum err e;
	str no;

	assert(db_writing(c->db));
	if (!str_trim(n->supplier).n)
		return fail_field(c, "supplier", N_("Which supplier?"));
	e = warehouse_by_code(c, n->warehouse, &w);
	if (e == ERR_NOT_FOUND || (!e && w.kind == WAREHOUSE_VAN)) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "warehouse", N_("There is no warehouse {1}."), n->warehouse);
	}
	TRY(e);
	TRY(find_parts(c, n, part, &value));
	TRY(series_next(c, "purchase", &no));
	TRY(db_insert(c, &q_purchase_insert, BIND(P(no, no), P(supplier, str_trim(n->supplier)), P(warehouse_id, w.id), P(org_path, w.org_path), P(expected_on, n->expected_on),
		P(note, n->note.n ? n->note : (str){ 0 }), P(value, value.minor), P(currency, part[0].currency), P(buyer_id, c->who->id), P(now, c->now)), &id));
	for (size_t i = 0; i < n->n; i++)
		TRY(db_insert(c, &q_purchase_line_insert, BIND(P(purchase_id, id), P(part_id, part[i].id), P(qty, n->wish[i].qty), P(price, n->wish[i].price.minor)), &line));
	TRY(audit_add(c, "purchase", id, "ordered", BIND(P(no, no), P(supplier, n->supplier), P(value, value))));
	return purchase_get(c, no, ret);
}

/* ---- receiving ---- */

static enum err store(struct ctx *c, struct purchase *p, enum purchase_state to, str reason, const char *event)
{
	TRY(db_exec(c, &q_purchase_set, BIND(P(id, p->id), P(ver, p->ver), P(state, purchase_states[to]), P(open, to < PURCHASE_RECEIVED), P(reason, reason.n ? reason : (str){ 0 }),
		P(now, c->now)), 1));
	TRY(audit_add(c, "purchase", p->id, event, BIND(P(state, purchase_states[to]), P(reason, reason))));
	return purchase_get(c, p->no, p);
}

static enum err receive_line(struct ctx *c, const struct purchase *p, struct purchase_line *l, int64_t qty, const str *serials, size_t n)
{
	struct stock_entry e = { .kind = STOCK_PURCHASE, .part_id = l->part_id, .qty = qty, .value = l->price.minor * qty, .from = OUTSIDE(SUPPLIER), .to = { p->warehouse_id, BIN_GOOD },
		.serials = serials, .n_serials = n };

	if (qty > l->qty - l->received)
		return fail(c, ERR_CONFLICT, N_("Only {1} of {2} are still due."), l->qty - l->received, l->part_no);
	TRY(stock_post(c, &(struct stock_doc){ "purchase", p->id, l->id, NIL, p->no, p->supplier }, &e, 1, NULL));
	TRY(db_exec(c, &q_purchase_line_received, BIND(P(id, l->id), P(qty, qty)), 1));
	l->received += qty;
	return part_paid(c, l->part_id, l->price);
}

static enum err receive_piece(struct ctx *c, const struct purchase *p, const struct purchase_piece *piece, size_t at)
{
	str *serials;
	size_t n;

	TRY(serials_of_text(c, arena_fmt(c->a, "piece.%zu.serials", at).p, piece->serials, &serials, &n));
	for (size_t i = 0; i < p->n_lines; i++) {
		struct purchase_line *l = &p->lines[i];

		if (!str_eq(fold(c->a, l->part_no), fold(c->a, str_trim(piece->part_no))))
			continue;
		return piece->qty == NIL || !piece->qty ? ERR_OK : receive_line(c, p, l, piece->qty, serials, n);
	}
	return fail_field(c, arena_fmt(c->a, "piece.%zu.part_no", at).p, N_("{1} is not on this paper."), piece->part_no);
}

static enum err open_one(struct ctx *c, str no, int64_t ver, struct purchase *p)
{
	assert(db_writing(c->db));
	TRY(purchase_get(c, no, p));
	if (p->state >= PURCHASE_RECEIVED)
		return fail(c, ERR_CONFLICT, N_("This order is “{1}”."), tr(c, purchase_state_titles[p->state]));
	p->ver = ver;
	return ERR_OK;
}

enum err purchase_receive(struct ctx *c, str no, int64_t ver, const struct purchase_piece *piece, size_t n, struct purchase *ret)
{
	int64_t before = 0, due = 0, here = 0;

	TRY(open_one(c, no, ver, ret));
	for (size_t i = 0; i < ret->n_lines; i++)
		before += ret->lines[i].received;
	for (size_t i = 0; i < n; i++)
		TRY(receive_piece(c, ret, &piece[i], i));
	for (size_t i = 0; !n && i < ret->n_lines; i++)
		if (ret->lines[i].qty > ret->lines[i].received)
			TRY(receive_line(c, ret, &ret->lines[i], ret->lines[i].qty - ret->lines[i].received, NULL, 0));
	for (size_t i = 0; i < ret->n_lines; i++) {
		here += ret->lines[i].received;
		due += ret->lines[i].qty - ret->lines[i].received;
	}
	if (here == before)
		return fail_field(c, "piece", N_("Nothing was received."));
	return store(c, ret, due ? PURCHASE_PARTIAL : PURCHASE_RECEIVED, (str){ 0 }, "received");
}

enum err purchase_close(struct ctx *c, str no, int64_t ver, str reason, struct purchase *ret)
{
	TRY(open_one(c, no, ver, ret));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	return store(c, ret, PURCHASE_CLOSED, reason, "closed");
}

/* ---- proposals ---- */

enum { LOOK_BACK = 90, REVIEW = 30 };                  /* days */
#define G(m) FIELD(struct proposal, m)
static const struct field proposal_fields[] = {
	G(part_id), G(warehouse_id), G(part_no), G(part), G(unit), G(warehouse), G(warehouse_name), G(cost), G(low), G(high), G(free), G(coming), G(left90), { 0 }
};
static const struct field above_fields[] = { G(above), G(above_name), { 0 } };

static int64_t demand(int64_t left90, int64_t days) { return left90 <= 0 ? 0 : (left90 * days + LOOK_BACK - 1) / LOOK_BACK; }
static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

static enum err above(struct ctx *c, struct proposal *p)
{
	enum err e = db_row(c, &q_above, BIND(P(warehouse_id, p->warehouse_id), P(part_id, p->part_id), P(qty, p->propose)), above_fields, p);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err proposal_list(struct ctx *c, int64_t warehouse_id, struct proposal **ret, size_t *ret_n)
{
	int64_t lead = setting_int(c, "supply.lead_days");
	struct in_sight s;
	struct proposal *all;
	size_t n, k = 0;

	TRY(supply_sight(c, &s));
	TRY(db_rows(c, &q_proposals, BIND(P(since, (instant){ c->now.ms - LOOK_BACK * 86400000LL }), P(warehouse_id, warehouse_id), P(org_lo, s.org_lo), P(org_hi, s.org_hi)),
		proposal_fields, sizeof *all, 20000, &all, &n));
	for (size_t i = 0; i < n && k < 500; i++) {
		struct proposal *p = &all[i];
		int64_t there = p->free + p->coming;

		if (there >= larger(p->low, demand(p->left90, lead)))
			continue;
		p->propose = larger(p->high, demand(p->left90, lead + REVIEW)) - there;
		TRY(above(c, p));
		all[k++] = *p;
	}
	*ret = all;
	*ret_n = k;
	return ERR_OK;
}
