/* requisition.c — asking for parts, and reading what was asked. */
#include "base/i18n.h"
#include "base/money.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/org/org.h"
#include "slice/parts/requisition_int.h"

#define R(m) FIELD(struct requisition, m)
static const struct field requisition_fields[] = {
	R(id), R(ver), R(no), FIELD_ENUM(struct requisition, kind, requisition_kinds), FIELD_ENUM(struct requisition, state, requisition_states), R(order_id), R(requester_id),
	R(from_id), R(to_id), R(from_user_id), R(to_user_id), R(decided_by), R(order_no), R(requester), R(from_code), R(from), R(to_code), R(to), R(org_path), R(from_path),
	R(reason), R(decider), R(decision), R(needed_on), R(value), R(created_at), R(state_at), { 0 }
};
#define L(m) FIELD(struct req_line, m)
static const struct field line_fields[] = {
	L(id), L(part_id), L(part_no), L(part), L(unit), L(instead_of), L(note), L(serial_tracked), L(owes_old), L(asked), L(approved), L(reserved), L(shipped), L(received),
	L(damaged), L(missing), L(used), L(returned), L(reserved_until), L(in_store), { 0 }
};
#define W(m) FIELD(struct req_row, m)
static const struct field row_fields[] = {
	W(id), W(ver), W(no), FIELD_ENUM(struct req_row, kind, requisition_kinds), FIELD_ENUM(struct req_row, state, requisition_states), W(order_no), W(requester), W(from), W(to),
	W(parts), W(needed_on), W(value), W(created_at), W(state_at), { 0 }
};
struct serial_row { str serial; };
static const struct field serial_row_fields[] = { FIELD(struct serial_row, serial), { 0 } };

/* ---- reading ---- */

/* On the way they lie in transit, later in hand. */
static enum err load_serials(struct ctx *c, const struct requisition *r, struct req_line *l)
{
	bool under_way = l->shipped > l->received + l->damaged + l->missing;
	struct serial_row *row;

	if (!l->serial_tracked || !l->shipped)
		return ERR_OK;
	TRY(db_rows(c, &q_serials_of_line, BIND(P(line_id, l->id), P(warehouse_id, r->to_id), P(bin, stock_bins[under_way ? BIN_TRANSIT : BIN_GOOD])), serial_row_fields,
		sizeof *row, 500, &row, &l->n_serials));
	l->serials = NEW_N(c->a, str, l->n_serials + 1);
	for (size_t i = 0; i < l->n_serials; i++)
		l->serials[i] = row[i].serial;
	return ERR_OK;
}

static enum err load(struct ctx *c, const struct bind *b, struct requisition *ret)
{
	struct requisition r = { 0 };

	TRY(db_row(c, &q_req_one, b, requisition_fields, &r));
	TRY(db_rows(c, &q_req_lines, BIND(P(requisition_id, r.id), P(from_id, r.from_id)), line_fields, sizeof *r.lines, 100, &r.lines, &r.n_lines));
	for (size_t i = 0; i < r.n_lines; i++)
		TRY(load_serials(c, &r, &r.lines[i]));
	*ret = r;
	return ERR_OK;
}

enum err requisition_load(struct ctx *c, int64_t id, struct requisition *ret) { return load(c, BIND(P(id, id)), ret); }

enum err requisition_get(struct ctx *c, str no, struct requisition *ret)
{
	struct in_sight s;

	TRY(paper_sight(c, &s));
	return load(c, BIND(P(no, no), SIGHT_BINDS(s)), ret);
}

enum err requisition_list(struct ctx *c, const struct requisition_filter *f, struct req_row **ret, size_t *ret_n, int64_t *ret_next)
{
	struct in_sight s;

	TRY(paper_sight(c, &s));
	if (f->mine && s.own == NIL)
		s.own = c->who->id;
	TRY(db_rows(c, &q_req_list, BIND(P(before, f->before), { "state", f->state < 0 ? (struct val){ 0 } : V(requisition_states[f->state]) },
		{ "open", f->open ? v_int(1) : (struct val){ 0 } }, P(order_id, f->order_id), SIGHT_BINDS(s), P(limit, (int64_t)f->limit + 1)),
		row_fields, sizeof **ret, 201, ret, ret_n));
	*ret_next = NIL;
	if (*ret_n > f->limit) {
		*ret_n = f->limit;
		*ret_next = (*ret)[f->limit - 1].id;
	}
	return ERR_OK;
}

static const struct field count_fields[] = { FIELD_ENUM(struct req_count, state, requisition_states), FIELD(struct req_count, n), { 0 } };

enum err requisition_counts(struct ctx *c, struct req_count **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(paper_sight(c, &s));
	return db_rows(c, &q_req_count, BIND(SIGHT_BINDS(s)), count_fields, sizeof **ret, 20, ret, ret_n);
}

/* ---- asking ---- */

struct asking { const struct requisition_new *n; struct order order; struct warehouse from, to; struct spare *part; int64_t value; str currency; };

static enum err find_order(struct ctx *c, struct asking *a)
{
	enum err e;

	a->order.id = NIL;
	if (!a->n->order_no.n)
		return ERR_OK;
	e = order_get(c, a->n->order_no, &a->order);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "order_no", N_("There is no order {1}."), a->n->order_no);
	}
	TRY(e);
	if (a->order.state >= ORDER_SETTLED)
		return fail_field(c, "order_no", N_("Order {1} is {2}: no parts can be asked for."), a->order.no, tr(c, order_state_titles[a->order.state]));
	return ERR_OK;
}

static enum err find_store(struct ctx *c, const char *field, str code, struct warehouse *ret)
{
	enum err e = warehouse_by_code(c, code, ret);

	if (e == ERR_NOT_FOUND || (!e && (!ret->active || ret->kind == WAREHOUSE_OUTSIDE))) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, field, N_("There is no warehouse {1}."), code);
	}
	return e;
}

/* For an order the parts go to who works on it. */
static enum err find_receiver(struct ctx *c, struct asking *a)
{
	int64_t user = a->order.id != NIL && a->order.engineer_id != NIL ? a->order.engineer_id : c->who->id;

	if (a->n->to.n)
		return find_store(c, "to", a->n->to, &a->to);
	if (user == NIL)
		return fail_field(c, "to", N_("Which warehouse shall get the parts?"));
	return warehouse_of_user(c, user, &a->to);
}

/* The kit's parts stand behind what was asked for by name; a part in both is asked for once, by name. */
static enum err unpack_kit(struct ctx *c, struct requisition_new *n)
{
	struct req_wish *all;
	struct kit k;
	enum err e;

	if (!n->kit.n)
		return ERR_OK;
	e = kit_get(c, n->kit, &k);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "kit", N_("There is no kit {1}."), n->kit);
	}
	TRY(e);
	all = NEW_N(c->a, struct req_wish, n->n + k.n);
	memcpy(all, n->wish, n->n * sizeof *all);
	for (size_t i = 0; i < k.n; i++) {
		bool named = false;

		for (size_t w = 0; w < n->n && !named; w++)
			named = str_eq(fold(c->a, str_trim(all[w].part_no)), fold(c->a, k.lines[i].part_no));
		if (!named)
			all[n->n++] = (struct req_wish){ k.lines[i].part_no, k.lines[i].qty, { 0 } };
	}
	n->wish = all;
	return ERR_OK;
}

static enum err find_parts(struct ctx *c, struct asking *a)
{
	const struct requisition_new *n = a->n;

	if (!n->n)
		return fail_field(c, "wish", N_("Which parts, and how many?"));
	a->part = NEW_N(c->a, struct spare, n->n);
	for (size_t i = 0; i < n->n; i++) {
		str field = arena_fmt(c->a, "wish.%zu.part_no", i);
		enum err e = part_by_code(c, n->wish[i].part_no, &a->part[i]);

		if (e == ERR_NOT_FOUND || (!e && !a->part[i].active)) {
			c->diag = (struct diag){ 0 };
			return fail_field(c, field.p, N_("There is no part {1}."), n->wish[i].part_no);
		}
		TRY(e);
		if (n->wish[i].qty < 1 || n->wish[i].qty > 10000)
			return fail_field(c, arena_fmt(c->a, "wish.%zu.qty", i).p, N_("A quantity is a whole number from 1 to {1}."), 10000);
		for (size_t k = 0; k < i; k++)
			if (a->part[k].id == a->part[i].id)
				return fail_field(c, field.p, N_("{1} stands here twice."), a->part[i].no);
	}
	return ERR_OK;
}

static enum err has_all(struct ctx *c, const struct asking *a, int64_t warehouse_id, bool *ret)
{
	*ret = true;
	for (size_t i = 0; i < a->n->n && *ret; i++) {
		struct stock_level l;

		TRY(stock_at(c, a->part[i].id, (struct stock_place){ warehouse_id, BIN_GOOD }, &l));
		*ret = l.qty - l.reserved >= a->n->wish[i].qty;
	}
	return ERR_OK;
}

/* Up the tree from the receiver: the first that has it all, else the nearest. */
static enum err find_sender(struct ctx *c, struct asking *a)
{
	struct org o;
	bool found = false, all = false;

	if (a->n->from.n)
		return find_store(c, "from", a->n->from, &a->from);
	for (int64_t id = a->to.org_id; id != NIL && !all; id = o.parent_id) {
		struct warehouse w;

		TRY(org_get(c, id, &o));
		TRY(warehouse_of_org(c, id, &w));
		if (w.id == a->to.id)
			continue;
		TRY(has_all(c, a, w.id, &all));
		if (!found || all)
			a->from = w;
		found = true;
	}
	return found ? ERR_OK : fail_field(c, "from", N_("Which warehouse shall send the parts?"));
}

/* What the wish is worth: average cost in all good stock, else the last price paid, else the price to the customer. */
static enum err worth(struct ctx *c, struct asking *a)
{
	static const struct field level_fields[] = { FIELD(struct stock_level, qty), FIELD(struct stock_level, value), { 0 } };

	a->currency = a->part[0].currency;
	for (size_t i = 0; i < a->n->n; i++) {
		const struct spare *p = &a->part[i];
		struct stock_level l = { 0 };
		int64_t one = p->cost.minor != NIL ? p->cost.minor : p->price.minor != NIL ? p->price.minor : 0;

		TRY(db_row(c, &q_part_average, BIND(P(part_id, p->id)), level_fields, &l));
		a->value += l.qty ? money_part(CNY(l.value), a->n->wish[i].qty, l.qty).minor : one * a->n->wish[i].qty;
	}
	return ERR_OK;
}

static enum err insert(struct ctx *c, struct asking *a, struct requisition *ret)
{
	int kind = a->order.id != NIL ? REQ_FOR_ORDER : a->to.kind == WAREHOUSE_VAN && a->from.kind != WAREHOUSE_VAN ? REQ_FOR_VAN : REQ_TRANSFER;
	int64_t id, line;
	str no;

	TRY(series_next(c, kind == REQ_TRANSFER ? "transfer" : "requisition", &no));
	TRY(db_insert(c, &q_req_insert, BIND(P(no, no), P(kind, requisition_kinds[kind]), P(state, requisition_states[REQ_REQUESTED]), P(order_id, a->order.id),
		P(requester_id, c->who->id), P(from_id, a->from.id), P(to_id, a->to.id), P(org_path, a->to.org_path), P(from_path, a->from.org_path),
		P(reason, a->n->reason.n ? a->n->reason : (str){ 0 }), P(needed_on, a->n->needed_on), P(value, a->value), P(currency, a->currency), P(now, c->now)), &id));
	for (size_t i = 0; i < a->n->n; i++)
		TRY(db_insert(c, &q_req_line_insert, BIND(P(requisition_id, id), P(part_id, a->part[i].id), P(asked, a->n->wish[i].qty),
			P(note, a->n->wish[i].note.n ? a->n->wish[i].note : (str){ 0 })), &line));
	TRY(audit_add(c, "requisition", id, "requested", BIND(P(no, no), P(order, a->order.no), P(from, a->from.code), P(to, a->to.code), P(reason, a->n->reason))));
	if (a->order.id != NIL)
		TRY(audit_add(c, "order", a->order.id, "parts_requested", BIND(P(requisition, no))));
	return requisition_load(c, id, ret);
}

enum err requisition_request(struct ctx *c, const struct requisition_new *n, struct requisition *ret)
{
	struct requisition_new all = *n;
	struct asking a = { .n = &all };

	assert(db_writing(c->db));
	TRY(unpack_kit(c, &all));
	TRY(find_order(c, &a));
	TRY(find_parts(c, &a));
	TRY(find_receiver(c, &a));
	TRY(find_sender(c, &a));
	if (a.from.id == a.to.id)
		return fail_field(c, "from", N_("The parts are there already."));
	TRY(worth(c, &a));
	TRY(insert(c, &a, ret));
	return requisition_approve_free(c, ret);
}
