/* care.c — see care.h. */
#include "base/i18n.h"
#include "base/time.h"
#include "care.sql.h"
#include "db/db.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/care/care.h"

enum { DAY_MS = 86400000 };
static const struct { const char *name; int days; } waves[] = { { "finish", 1 }, { "week", 7 }, { "month", 30 }, { "quarter", 91 }, { "half", 182 }, { "year", 365 } };
#define B(m) FIELD(struct callback, m)
static const struct field callback_row[] = {
	B(id), B(ver), B(no), B(customer), B(phone), B(model), B(result), B(engineer), B(fault), B(wave), B(due_at), B(tries), B(state), B(satisfaction), B(note),
	B(order_state), B(order_id), B(handed_over_at), { 0 }
};

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	(void)a;
	if (m->ev == ORDER_EV_REOPEN || m->ev == ORDER_EV_REFUSE)
		return db_exec(c, &q_callback_void, BIND(P(order_id, o->id)), -1);
	if (m->to != ORDER_HANDED_OVER && m->to != ORDER_SOLVED_REMOTELY)
		return ERR_OK;
	for (size_t i = 0; i < LEN(waves); i++)
		TRY(db_exec(c, &q_callback_insert, BIND(P(order_id, o->id), P(wave, waves[i].name), P(due_at, c->now.ms + (int64_t)waves[i].days * DAY_MS)), 1));
	return ERR_OK;
}
const struct order_hook care_order_hook = { .name = "care", .on = on_move };

enum err callback_list(struct ctx *c, instant until, int64_t after, size_t limit, struct callback **ret, size_t *ret_n, int64_t *ret_next)
{
	int64_t after_due = NIL;
	struct in_sight s;

	TRY(sight_of(c, &s));
	if (after != NIL)
		TRY(db_int(c, &q_callback_due_of, BIND(P(id, after)), &after_due));
	TRY(db_rows(c, &q_callback_due, BIND(P(until, until), P(after_due, after_due), P(after, after), P(org_lo, s.org_lo), P(org_hi, s.org_hi),
		P(limit, (int64_t)limit + 1)), callback_row, sizeof **ret, 201, ret, ret_n));
	*ret_next = NIL;
	if (*ret_n > limit)
		*ret_next = (*ret)[--*ret_n - 1].id;
	return ERR_OK;
}

enum err callback_get(struct ctx *c, int64_t id, struct callback *ret)
{
	struct in_sight s;

	TRY(sight_of(c, &s));
	return db_row(c, &q_callback_one, BIND(P(id, id), P(org_lo, s.org_lo), P(org_hi, s.org_hi)), callback_row, ret);
}

/* The first call-back is a move of the order; later ones only belong to the file. */
static enum err move_order(struct ctx *c, const struct callback *b, int64_t satisfaction, str note)
{
	struct order_act a = { .ev = ORDER_EV_CALL_BACK, .wait = -1, .verdict = -1, .satisfaction = (int)satisfaction, .note = note, .from = NO_INSTANT, .until = NO_INSTANT,
		.device_at = NO_INSTANT, .fee = { .minor = NIL } };
	struct order o;

	TRY(order_by_id(c, b->order_id, &o));
	if (o.state != ORDER_HANDED_OVER && o.state != ORDER_SOLVED_REMOTELY)
		return ERR_OK;
	a.ver = o.ver;
	return order_fire(c, &o, &a);
}

enum err callback_done(struct ctx *c, int64_t id, int64_t ver, int64_t satisfaction, str note)
{
	struct callback b;

	assert(db_writing(c->db));
	TRY(callback_get(c, id, &b));
	if (satisfaction < 1 || satisfaction > 5)
		return fail_field(c, "satisfaction", N_("How satisfied is the customer, from 1 to 5?"));
	if (satisfaction <= 2 && !str_trim(note).n)
		return fail_field(c, "note", N_("A dissatisfied customer: please write down why."));
	TRY(db_exec(c, &q_callback_done, BIND(P(id, id), P(ver, ver), P(satisfaction, satisfaction), P(note, note.n ? note : (str){ 0 }), P(by_id, c->who->id), P(now, c->now)), 1));
	TRY(audit_add(c, "order", b.order_id, "callback", BIND(P(wave, b.wave), P(satisfaction, satisfaction), P(note, note))));
	return str_eq(b.wave, S("finish")) ? move_order(c, &b, satisfaction, note) : ERR_OK;
}

enum err callback_missed(struct ctx *c, int64_t id, int64_t ver, str note)
{
	struct callback b;
	bool last;

	assert(db_writing(c->db));
	TRY(callback_get(c, id, &b));
	last = b.tries + 1 >= setting_int(c, "care.tries");
	TRY(db_exec(c, &q_callback_missed, BIND(P(id, id), P(ver, ver), P(due_at, c->now.ms + DAY_MS), P(state, last ? "unreachable" : "due"),
		P(note, note.n ? note : (str){ 0 }), P(by_id, c->who->id)), 1));
	return audit_add(c, "order", b.order_id, "callback_missed", BIND(P(wave, b.wave), P(tries, b.tries + 1), P(note, note)));
}
