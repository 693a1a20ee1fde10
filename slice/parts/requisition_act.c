/* requisition_act.c — approve, issue, receive, take back: each posts the stock it moves and lets the counters say the state [S2]. */
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"
#include "base/words.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/org/org.h"
#include "slice/parts/requisition_int.h"

/* ---- state and counters ---- */

static int counted_state(const struct requisition *r)
{
	int64_t under_way = 0, to_ship = 0, in_hand = 0;

	for (size_t i = 0; i < r->n_lines; i++) {
		const struct req_line *l = &r->lines[i];

		under_way += l->shipped - l->received - l->damaged - l->missing;
		to_ship += l->approved - l->shipped;
		in_hand += r->kind == REQ_FOR_ORDER ? l->received - l->used - l->returned : 0;
	}
	return under_way ? REQ_SHIPPED : to_ship ? REQ_APPROVED : in_hand ? REQ_RECEIVED : REQ_DONE;
}

enum err requisition_line_put(struct ctx *c, const struct req_line *l)
{
	return db_exec(c, &q_req_line_set, BIND(P(id, l->id), P(approved, l->approved), P(reserved, l->reserved), P(reserved_until, l->reserved ? l->reserved_until : NO_DAY),
		P(shipped, l->shipped), P(received, l->received), P(damaged, l->damaged), P(missing, l->missing), P(used, l->used), P(returned, l->returned)), 1);
}

enum err requisition_settle(struct ctx *c, struct requisition *r, int state, const char *event, const struct bind *data)
{
	int to = state == REQ_STATE_N ? counted_state(r) : state;

	TRY(db_exec(c, &q_req_set, BIND(P(id, r->id), P(ver, r->ver), P(state, requisition_states[to]), P(open, to < REQ_DONE), P(now, c->now), P(decided_by, r->decided_by),
		P(decision, r->decision)), 1));
	TRY(audit_add(c, "requisition", r->id, event, data));
	return requisition_load(c, r->id, r);
}

/* ---- pieces: which line, how many, which serials ---- */

struct portion { struct req_line *line; int64_t qty, damaged, missing; str *serials, instead; size_t n_serials; };

static enum err portion_of(struct ctx *c, struct requisition *r, const struct req_piece *p, size_t at, struct portion *ret)
{
	str no = fold(c->a, str_trim(p->part_no));

	*ret = (struct portion){ .qty = p->qty == NIL ? 0 : p->qty, .damaged = p->damaged == NIL ? 0 : p->damaged, .missing = p->missing == NIL ? 0 : p->missing,
		.instead = p->instead };
	for (size_t i = 0; i < r->n_lines; i++)
		if (str_eq(fold(c->a, r->lines[i].part_no), no))
			ret->line = &r->lines[i];
	if (!ret->line)
		return fail_field(c, arena_fmt(c->a, "piece.%zu.part_no", at).p, N_("{1} is not on this paper."), p->part_no);
	if (ret->qty < 0 || ret->damaged < 0 || ret->missing < 0)
		return fail_field(c, arena_fmt(c->a, "piece.%zu.qty", at).p, N_("A quantity is not negative."));
	return serials_of_text(c, arena_fmt(c->a, "piece.%zu.serials", at).p, p->serials, &ret->serials, &ret->n_serials);
}

/* Everything that is due in this move when nothing is named. */
static int64_t due_of(const struct req_line *l, int ev)
{
	switch (ev) {
	case REQ_EV_APPROVE: return l->asked;
	case REQ_EV_ISSUE: return l->approved - l->shipped;
	case REQ_EV_RECEIVE: return l->shipped - l->received - l->damaged - l->missing;
	case REQ_EV_RETURN: return l->received - l->used - l->returned;
	default: return 0;
	}
}

static enum err portions(struct ctx *c, struct requisition *r, const struct requisition_act *a, struct portion **ret, size_t *ret_n)
{
	size_t n = a->n ? a->n : r->n_lines;
	struct portion *p = NEW_N(c->a, struct portion, n + 1);

	for (size_t i = 0; i < n; i++) {
		if (a->n)
			TRY(portion_of(c, r, &a->piece[i], i, &p[i]));
		else
			p[i] = (struct portion){ .line = &r->lines[i], .qty = due_of(&r->lines[i], a->ev) };
		if (p[i].qty + p[i].damaged + p[i].missing > due_of(p[i].line, a->ev))
			return fail_field(c, arena_fmt(c->a, "piece.%zu.qty", i).p, N_("At most {1} of {2}."), due_of(p[i].line, a->ev), p[i].line->part_no);
		if (!a->n && a->ev != REQ_EV_ISSUE && p[i].line->serial_tracked)
			p[i].serials = p[i].line->serials, p[i].n_serials = p[i].line->n_serials;
	}
	*ret = p;
	*ret_n = n;
	return ERR_OK;
}

static struct stock_doc doc_of(const struct requisition *r, const struct req_line *l, str reason)
{
	return (struct stock_doc){ "requisition", r->id, l->id, r->order_id, r->no, reason };
}

/* ---- approval ---- */

static money limit(struct ctx *c, const char *setting)
{
	money m;

	return money_parse(setting_str(c, setting), "CNY", &m) ? m : CNY(0);
}

/* Up to a sum the station decides itself; nobody approves what they ask for themselves. */
static enum err may_approve(struct ctx *c, const struct requisition *r)
{
	struct org o;

	if (r->requester_id != NIL && r->requester_id == c->who->id)
		return fail(c, ERR_FORBIDDEN, N_("Somebody else must approve what you asked for."));
	if (c->who->sight != SIGHT_ORG || r->value.minor <= limit(c, "parts.station_limit").minor)
		return ERR_OK;
	TRY(org_get(c, c->who->org_id, &o));
	if (o.kind == ORG_STATION)
		return fail(c, ERR_FORBIDDEN, N_("Above {1} the region or the head office approves."), limit(c, "parts.station_limit"));
	return ERR_OK;
}

/* What is there is kept for this paper until it is issued or the date passes. */
static enum err keep_stock(struct ctx *c, const struct requisition *r, struct req_line *l)
{
	int64_t days = setting_int(c, "parts.reserve_days"), want = l->approved - l->shipped;
	day until = { tz_day(c->who->zone, c->now).d + days };

	l->reserved = l->in_store < 0 ? 0 : l->in_store < want ? l->in_store : want;
	l->reserved_until = r->needed_on.d != NIL && r->needed_on.d > until.d ? r->needed_on : until;
	TRY(stock_reserve(c, l->part_id, r->from_id, l->reserved));
	return requisition_line_put(c, l);
}

static enum err approve(struct ctx *c, struct requisition *r, const struct portion *p, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		p[i].line->approved = p[i].qty;
		sum += p[i].qty;
	}
	if (!sum)
		return fail_field(c, "piece", N_("Nothing is approved: refuse it instead, with the reason."));
	for (size_t i = 0; i < r->n_lines; i++)
		TRY(keep_stock(c, r, &r->lines[i]));
	r->decided_by = c->who->id;
	return ERR_OK;
}

enum err requisition_approve_free(struct ctx *c, struct requisition *r)
{
	struct requisition_act a = { .ev = REQ_EV_APPROVE };
	struct portion *p;
	size_t n;

	if (r->from_user_id == NIL && r->value.minor > limit(c, "parts.free_limit").minor)
		return ERR_OK;
	TRY(portions(c, r, &a, &p, &n));
	TRY(approve(c, r, p, n));
	r->decided_by = NIL;
	return requisition_settle(c, r, REQ_STATE_N, "approved_free", NULL);
}

/* ---- issue ---- */

static enum err in_sight(struct ctx *c, const struct requisition *r)
{
	if (r->from_user_id == c->who->id || c->who->sight == SIGHT_ALL || str_starts(r->from_path, c->who->org_path))
		return ERR_OK;
	return fail(c, ERR_FORBIDDEN, N_("{1} is not your warehouse."), r->from);
}

/* Another part goes out instead: one that is entered as its substitute, before anything was shipped. */
static enum err swap_line(struct ctx *c, const struct requisition *r, struct req_line *l, str no)
{
	struct spare p;
	int64_t fits;

	TRY(part_by_code(c, no, &p));
	TRY(db_int(c, &q_is_substitute, BIND(P(part_id, l->part_id), P(other_id, p.id)), &fits));
	if (!fits)
		return fail_field(c, "piece", N_("{1} is not entered as a substitute of {2}."), p.no, l->part_no);
	if (l->shipped)
		return fail_field(c, "piece", N_("Some of {1} have been issued already."), l->part_no);
	TRY(stock_reserve(c, l->part_id, r->from_id, -l->reserved));
	l->reserved = 0;
	TRY(requisition_line_put(c, l));
	TRY(db_exec(c, &q_req_line_swap, BIND(P(id, l->id), P(part_id, p.id)), 1));
	l->part_id = p.id;
	l->serial_tracked = p.serial_tracked;
	return audit_add(c, "requisition", r->id, "substituted", BIND(P(part, l->part_no), P(by, p.no)));
}

static enum err issue(struct ctx *c, struct requisition *r, const struct portion *p, size_t n, str reason)
{
	int64_t sum = 0;

	TRY(in_sight(c, r));
	for (size_t i = 0; i < n; i++) {
		struct req_line *l = p[i].line;
		struct stock_doc d = doc_of(r, l, reason);
		struct stock_entry e = { .kind = STOCK_SHIP, .qty = p[i].qty, .from = { r->from_id, BIN_GOOD }, .to = { r->to_id, BIN_TRANSIT },
			.serials = p[i].serials, .n_serials = p[i].n_serials };

		if (!p[i].qty)
			continue;
		if (p[i].instead.n)
			TRY(swap_line(c, r, l, p[i].instead));
		e.part_id = l->part_id;
		e.unreserve = l->reserved < p[i].qty ? l->reserved : p[i].qty;
		TRY(stock_post(c, &d, &e, 1, NULL));
		l->shipped += p[i].qty;
		l->reserved -= e.unreserve;
		TRY(requisition_line_put(c, l));
		sum += p[i].qty;
	}
	return sum ? ERR_OK : fail_field(c, "piece", N_("Nothing was picked."));
}

static enum err drop_rest(struct ctx *c, struct requisition *r)
{
	for (size_t i = 0; i < r->n_lines; i++) {
		struct req_line *l = &r->lines[i];

		TRY(stock_reserve(c, l->part_id, r->from_id, -l->reserved));
		l->reserved = 0;
		l->approved = l->shipped;
		TRY(requisition_line_put(c, l));
	}
	return ERR_OK;
}

/* ---- receive ---- */

/* What came broken is inspected and written off or claimed like an old part; an engineer brings it back first. */
static enum err owe_damaged(struct ctx *c, const struct requisition *r, const struct req_line *l, const struct stock_doc *d, const struct stock_entry *e)
{
	bool in_store = r->to_user_id == NIL;
	struct spare p;

	TRY(part_get(c, l->part_id, &p));
	for (int64_t i = 0; i < e->qty; i++)
		TRY(old_part_add(c, d, &(struct old_new){ .origin = "damaged", .use_id = NIL, .line_id = l->id, .order_id = r->order_id, .holder_id = r->to_user_id, .part = &p,
			.from = e->from, .at = { r->to_id, in_store ? BIN_QUARANTINE : BIN_BAD }, .org_path = r->org_path, .reason = d->reason, .kind = STOCK_DAMAGED,
			.taken_in = in_store, .serial = p.serial_tracked ? e->serials[i] : (str){ 0 } }));
	return ERR_OK;
}

/* Good pieces are kept for their order; damaged ones are owed back like old parts; missing ones wait in quarantine where they came from. */
static enum err receive_line(struct ctx *c, struct requisition *r, const struct portion *p, str reason)
{
	struct req_line *l = p->line;
	struct stock_doc d = doc_of(r, l, reason);
	size_t tracked = l->serial_tracked, off = 0;
	const struct { int64_t qty; enum stock_kind kind; struct stock_place to; } part[] = {
		{ p->damaged, STOCK_DAMAGED, { r->to_id, BIN_BAD } },
		{ p->missing, STOCK_MISSING, { r->from_id, BIN_QUARANTINE } },
		{ p->qty, STOCK_RECEIVE, { r->to_id, BIN_GOOD } },
	};

	if (l->serial_tracked && (int64_t)p->n_serials != p->qty + p->damaged + p->missing)
		return fail_field(c, "piece", N_("{1} needs {2} serial numbers, {3} were given."), l->part_no, p->qty + p->damaged + p->missing, p->n_serials);
	for (size_t i = 0; i < LEN(part); i++) {
		struct stock_entry e = { .kind = part[i].kind, .part_id = l->part_id, .qty = part[i].qty, .from = { r->to_id, BIN_TRANSIT }, .to = part[i].to,
			.serials = p->serials ? p->serials + off : NULL, .n_serials = tracked * (size_t)part[i].qty };

		if (!part[i].qty)
			continue;
		if (part[i].kind == STOCK_DAMAGED)
			TRY(owe_damaged(c, r, l, &d, &e));
		else
			TRY(stock_post(c, &d, &e, 1, NULL));
		off += e.n_serials;
	}
	if (r->kind == REQ_FOR_ORDER)
		TRY(stock_reserve(c, l->part_id, r->to_id, p->qty));
	l->received += p->qty;
	l->damaged += p->damaged;
	l->missing += p->missing;
	return requisition_line_put(c, l);
}

static enum err receive(struct ctx *c, struct requisition *r, const struct portion *p, size_t n, str reason)
{
	int64_t sum = 0, odd = 0;

	for (size_t i = 0; i < n; i++) {
		sum += p[i].qty + p[i].damaged + p[i].missing;
		odd += p[i].damaged + p[i].missing;
	}
	if (!sum)
		return fail_field(c, "piece", N_("Nothing was received."));
	if (odd && !str_trim(reason).n)
		return fail_field(c, "reason", N_("Something is missing or damaged: please say how it came."));
	for (size_t i = 0; i < n; i++)
		if (p[i].qty + p[i].damaged + p[i].missing)
			TRY(receive_line(c, r, &p[i], reason));
	return ERR_OK;
}

/* ---- back to the shelf ---- */

static enum err take_back(struct ctx *c, struct requisition *r, const struct portion *p, size_t n, str reason)
{
	for (size_t i = 0; i < n; i++) {
		struct req_line *l = p[i].line;
		struct stock_doc d = doc_of(r, l, reason);
		struct stock_entry e = { .kind = STOCK_UNUSED, .part_id = l->part_id, .qty = p[i].qty, .from = { r->to_id, BIN_GOOD }, .to = { r->from_id, BIN_GOOD },
			.unreserve = r->kind == REQ_FOR_ORDER ? p[i].qty : 0, .serials = p[i].serials, .n_serials = p[i].n_serials };

		if (!p[i].qty)
			continue;
		TRY(stock_post(c, &d, &e, 1, NULL));
		l->returned += p[i].qty;
		TRY(requisition_line_put(c, l));
	}
	return ERR_OK;
}

/* ---- one door ---- */

static enum err fire(struct ctx *c, struct requisition *r, const struct req_move *m, const struct requisition_act *a)
{
	struct portion *p;
	size_t n;

	TRY(portions(c, r, a, &p, &n));
	switch (m->ev) {
	case REQ_EV_APPROVE:
		TRY(may_approve(c, r));
		return approve(c, r, p, n);
	case REQ_EV_REJECT:
		r->decided_by = c->who->id;
		r->decision = a->reason;
		return ERR_OK;
	case REQ_EV_ISSUE:
		TRY(issue(c, r, p, n, a->reason));
		return a->at_counter ? receive(c, r, p, n, a->reason) : ERR_OK;
	case REQ_EV_SHORT: return drop_rest(c, r);
	case REQ_EV_RECEIVE: return receive(c, r, p, n, a->reason);
	case REQ_EV_RETURN: return take_back(c, r, p, n, a->reason);
	case REQ_EV_CANCEL: break;
	case REQ_EVENT_N: BUG("no such event");
	}
	return ERR_OK;
}

/* In this state, and with something left to do. */
static bool legal_for_somebody(const struct requisition *r, int ev)
{
	if (ev == REQ_EV_ISSUE && !requisition_left_to_ship(r))
		return false;
	for (size_t i = 0; i < requisition_moves_n; i++)
		if ((int)requisition_moves[i].ev == ev && (requisition_moves[i].from & 1u << r->state))
			return true;
	return false;
}

enum err requisition_act(struct ctx *c, str no, const struct requisition_act *a, struct requisition *ret)
{
	const struct req_move *m;
	struct requisition r;

	assert(db_writing(c->db));
	TRY(requisition_get(c, no, &r));
	m = requisition_move_for(c, &r, (enum req_event)a->ev);
	if (a->ver != r.ver)
		return fail(c, ERR_CONFLICT, N_("This paper changed meanwhile: it is now “{1}”. Reload to see what happened."), tr(c, requisition_state_titles[r.state]));
	if (!m && legal_for_somebody(&r, a->ev))
		return fail(c, ERR_FORBIDDEN, N_("“{1}” is not yours to do on this paper."), tr(c, requisition_event_verbs[a->ev]));
	if (!m)
		return fail(c, ERR_CONFLICT, N_("“{1}” does not fit a paper that is “{2}”."), tr(c, requisition_event_verbs[a->ev]), tr(c, requisition_state_titles[r.state]));
	if ((m->fields & REQ_NEED_REASON) && !str_trim(a->reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(fire(c, &r, m, a));
	TRY(requisition_settle(c, &r, (int)m->to, requisition_events[a->ev], BIND(P(reason, a->reason), P(at_counter, a->at_counter))));
	*ret = r;
	return ERR_OK;
}

/* ---- what was kept too long ---- */

struct kept { int64_t id, part_id, from_id, qty; };

static enum err release_expired(struct ctx *c, void *arg)
{
	static const struct field kept_fields[] = { FIELD(struct kept, id), FIELD(struct kept, part_id), FIELD(struct kept, from_id), FIELD(struct kept, qty), { 0 } };
	struct kept *k;
	size_t n;

	(void)arg;
	TRY(db_rows(c, &q_req_expired, BIND(P(today, tz_day(c->who->zone, c->now))), kept_fields, sizeof *k, 500, &k, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(db_exec(c, &q_req_line_release, BIND(P(id, k[i].id)), 1));
		TRY(stock_reserve(c, k[i].part_id, k[i].from_id, -k[i].qty));
	}
	return ERR_OK;
}

enum err requisition_expire(struct ctx *c) { return db_write(db_of(c->db), c, release_expired, NULL); }
