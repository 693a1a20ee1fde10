/* order_act.c — fires moves of the table: legal, allowed, complete, then state and event together [O4, O5]. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/order/order_int.h"
#include "slice/org/org.h"

/* ---- which move ---- */

static bool allowed(const struct ctx *c, const struct order *o, const struct order_move *m)
{
	if (c->who->sight == SIGHT_CUSTOMER)
		return m->who & WHO_CUSTOMER;
	if (!(m->who & (WHO_STAFF | WHO_ENGINEER)) || !may(c, m->need))
		return false;
	if ((m->who & WHO_STAFF) || o->engineer_id == c->who->id)
		return true;
	return may(c, PERM_ORDER_ASSIGN);              /* who gives the work out may act for the engineer */
}

static bool fits(const struct order *o, const struct order_move *m, enum order_event ev)
{
	return m->ev == ev && (m->from & 1u << o->state) && (!m->modes || (m->modes & 1u << o->mode));
}

const struct order_move *order_move_for(const struct ctx *c, const struct order *o, enum order_event ev)
{
	for (size_t i = 0; i < order_moves_n; i++)
		if (fits(o, &order_moves[i], ev) && allowed(c, o, &order_moves[i]))
			return &order_moves[i];
	return NULL;
}

static bool legal_for_somebody(const struct order *o, enum order_event ev)
{
	for (size_t i = 0; i < order_moves_n; i++)
		if (fits(o, &order_moves[i], ev))
			return true;
	return false;
}

/* ---- what must come with it ---- */

static bool text_missing(str s) { return !str_trim(s).n; }

static enum err check_fields(struct ctx *c, const struct order_move *m, const struct order_act *a)
{
	const struct { unsigned bit; const char *field; bool missing; const char *text; } need[] = {
		{ NEED_REASON, "reason", text_missing(a->reason), N_("Please give the reason.") },
		{ NEED_STATION, "station", text_missing(a->station), N_("Which station?") },
		{ NEED_ENGINEER, "engineer", text_missing(a->engineer), N_("Which engineer?") },
		{ NEED_FROM, "from", a->from.ms == NIL, N_("When? For example 2026-11-22 14:30.") },
		{ NEED_UNTIL, "until", a->until.ms == NIL, N_("Until when? For example 2026-11-22 14:30.") },
		{ NEED_WAIT, "wait", a->wait < 0, N_("Who or what is waited for?") },
		{ NEED_FAULT, "fault_code", text_missing(a->fault_code), N_("Which fault code?") },
		{ NEED_VERDICT, "verdict", a->verdict < 0, N_("What is to be done with the unit?") },
		{ NEED_FINDING, "finding", text_missing(a->finding), N_("What was found?") },
		{ NEED_RESULT, "result", text_missing(a->result), N_("What was done?") },
		{ NEED_SIGNER, "signer", text_missing(a->signer), N_("Who takes the unit or the work over?") },
		{ NEED_SATISFACTION, "satisfaction", a->satisfaction < 1 || a->satisfaction > 5, N_("How satisfied is the customer, from 1 to 5?") },
		{ NEED_ADVICE, "advice", text_missing(a->advice), N_("What was advised?") },
	};

	for (size_t i = 0; i < LEN(need); i++)
		if ((m->fields & need[i].bit) && need[i].missing)
			(void)fail_field(c, need[i].field, need[i].text);
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

/* ---- plain fields an act may bring along ---- */

static void keep(str *field, str brought)
{
	if (brought.n)
		*field = brought;
}

static void take_fields(struct order *o, const struct order_act *a)
{
	keep(&o->remote_advice, a->advice);
	keep(&o->fault_code, a->fault_code);
	keep(&o->cause, a->cause);
	keep(&o->finding, a->finding);
	keep(&o->result, a->result);
	keep(&o->signer, a->signer);
	if (a->verdict >= 0)
		o->verdict = a->verdict;
	if (a->satisfaction > 0)
		o->satisfaction = a->satisfaction;
	if (a->fee.minor != NIL)
		o->fee = a->fee;
	if (a->ev == ORDER_EV_APPOINT) {
		o->visit_from = a->from;
		o->visit_to = a->until;
	}
	if (a->ev == ORDER_EV_CANCEL || a->ev == ORDER_EV_REJECT)
		o->end_reason = a->reason;
}

static str name_or_none(const char *const *names, int i) { return i < 0 ? (str){ 0 } : str_c(names[i]); }

/* No sight check here: who acts has read the order in their sight before, and may have just given it away. */
enum err order_store(struct ctx *c, struct order *o)
{
	int64_t due = o->due_at.ms == NIL ? DUE_NEVER : o->due_at.ms;
	bool open = !order_ended(o->state);

	TRY(db_exec(c, &q_order_set, BIND(P(id, o->id), P(ver, o->ver), P(state, order_states[o->state]), P(open, open), P(now, o->state_at), P(station_id, o->station_id),
		P(org_path, o->org_path), P(travel_m, o->travel_m), P(engineer_id, o->engineer_id), P(remote_advice, o->remote_advice), P(fault_code, o->fault_code),
		P(cause, o->cause), P(verdict, name_or_none(order_verdicts, o->verdict)), P(finding, o->finding), P(result, o->result), P(end_reason, o->end_reason),
		P(coverage, o->coverage), P(fee, o->fee), P(signer, o->signer), P(signature_id, o->signature_id), { "satisfaction", o->satisfaction < 1 ? (struct val){ 0 } : v_int(o->satisfaction) }, P(reopened, o->reopened),
		P(unit_in, o->unit_in), P(wait, name_or_none(order_waits, o->wait)), P(wait_from, name_or_none(order_states, o->wait_from)), P(wait_until, o->wait_until),
		P(visit_from, o->visit_from), P(visit_to, o->visit_to), P(due_at, due), P(paused, o->paused), P(handed_over_at, o->handed_over_at),
		P(closed_at, o->closed_at)), 1));
	o->ver++;
	return ERR_OK;
}

/* What happened since the version somebody holds, for the message of a stale save. */
static enum err stale(struct ctx *c, const struct order *o)
{
	return fail(c, ERR_CONFLICT, N_("This order changed meanwhile: it is now “{1}”. Reload to see what happened."), tr(c, order_state_titles[o->state]));
}

static enum err log_move(struct ctx *c, const struct order *o, enum order_state from, const struct order_act *a)
{
	const struct bind *data = BIND(P(from, order_states[from]), P(to, order_states[o->state]), P(reason, a->reason), P(note, a->note), P(station, a->station),
		P(engineer, a->engineer), P(advice, a->advice), P(fault_code, a->fault_code), P(cause, a->cause), P(finding, a->finding), P(result, a->result),
		P(signer, a->signer), P(wait, name_or_none(order_waits, a->wait)), P(verdict, name_or_none(order_verdicts, a->verdict)),
		{ "satisfaction", a->satisfaction < 1 ? (struct val){ 0 } : v_int(a->satisfaction) }, P(visit_from, a->from), P(until, a->until), P(fee, a->fee),
		{ "counted_at", a->at.ms == c->now.ms ? (struct val){ 0 } : V(a->at) },
		P(returned, a->n_returned ? arena_join(c->a, a->returned, a->n_returned, S(", ")) : (str){ 0 }));

	return audit_add_at(c, "order", o->id, order_events[a->ev], data, a->device_at);
}

static enum err run_hooks(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	for (const struct order_hook *const *h = order_hooks; *h; h++)
		TRY((*h)->on(c, o, m, a));
	return ERR_OK;
}

static enum err fire(struct ctx *c, struct order *o, const struct order_move *m, const struct order_act *a)
{
	enum order_state from = (enum order_state)o->state;

	TRY(check_fields(c, m, a));
	if (m->guard)
		TRY(m->guard(c, o, a));
	take_fields(o, a);
	o->state_at = a->at;
	o->state = m->to == ORDER_STATE_N ? o->wait_from : (int)m->to;
	if (order_ended(o->state))
		o->closed_at = a->at;
	if (o->state == ORDER_WAITING)
		o->wait_from = (int)from;
	if (m->effect)
		TRY(m->effect(c, o, a));
	TRY(order_clocks_move(c, o, from, m, a));
	TRY(run_hooks(c, o, m, a));
	TRY(order_store(c, o));
	TRY(log_move(c, o, from, a));
	return order_index(c, o);
}

/* What a device recorded offline counts from then: not before the last event it had seen (it brings the version that made), not after receipt. */
static instant trusted(const struct ctx *c, const struct order *o, instant device_at)
{
	if (device_at.ms == NIL || device_at.ms >= c->now.ms || c->who->sight == SIGHT_CUSTOMER)
		return c->now;
	return device_at.ms < o->state_at.ms ? o->state_at : device_at;
}

/* What the customer signs for was tested before their eyes. */
static enum err pass_first(struct ctx *c, struct order *o, const struct order_act *a)
{
	struct order_act test = { ORDER_ACT_EMPTY, .ev = ORDER_EV_PASS, .ver = o->ver, .at = a->at };

	test.device_at = a->device_at;
	return fire(c, o, order_move_for(c, o, ORDER_EV_PASS), &test);
}

enum err order_fire(struct ctx *c, struct order *o, const struct order_act *given)
{
	struct order_act act = *given, *a = &act;
	const struct order_move *m = order_move_for(c, o, (enum order_event)a->ev);

	assert(db_writing(c->db));
	if (a->ver != o->ver)
		return stale(c, o);
	if (!m && legal_for_somebody(o, (enum order_event)a->ev))
		return fail(c, ERR_FORBIDDEN, N_("“{1}” is not yours to do on this order."), tr(c, order_event_verbs[a->ev]));
	if (!m)
		return fail(c, ERR_CONFLICT, N_("“{1}” does not fit an order that is “{2}”."), tr(c, order_event_verbs[a->ev]), tr(c, order_state_titles[o->state]));
	act.at = trusted(c, o, given->device_at);
	if (m->passes) {
		TRY(pass_first(c, o, a));
		m = order_move_for(c, o, (enum order_event)a->ev);
	}
	return fire(c, o, m, a);
}

enum err order_act(struct ctx *c, str no, const struct order_act *a, struct order *ret)
{
	struct order o;

	TRY(order_get(c, no, &o));
	TRY(order_fire(c, &o, a));
	return order_load(c, BIND(P(id, o.id)), ret);
}
