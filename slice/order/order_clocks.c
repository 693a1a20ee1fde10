/* order_clocks.c — what the moves of an order do to its clocks: the customer's promise, and the station's own from the hand-over on [C1, C2, N4]. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/contract/contract.h"
#include "slice/order/order_int.h"
#include "slice/sla/sla.h"

_Static_assert(CLOCK_ANSWER == SLA_BIT(SLA_ANSWER) && CLOCK_ASSIGN == SLA_BIT(SLA_ASSIGN) && CLOCK_ARRIVE == SLA_BIT(SLA_ARRIVE) && CLOCK_FIX == SLA_BIT(SLA_FIX)
	&& CLOCK_COMPLETE == SLA_BIT(SLA_COMPLETE), "the bits of a move are those of the clocks");
enum { FOLLOW_MAX = 2000 /* orders under way that one change of a contract reaches */ };
enum { CITY_M = 30000, SURROUNDINGS_M = 150000 };      /* area bands by road from the station [S19] */

static int area_of(const struct order *o)
{
	return o->travel_m == NIL ? AREA_CITY : o->travel_m <= CITY_M ? AREA_CITY : o->travel_m <= SURROUNDINGS_M ? AREA_SURROUNDINGS : AREA_PROVINCE;
}

static struct sla_facts facts_of(const struct order *o)
{
	return (struct sla_facts){ .contract_id = o->contract_id, .customer_id = o->customer_id, .product_id = o->product_id, .brand = o->brand, .station_id = o->station_id,
		.tier_calendar_id = o->station_calendar_id, .order_kind = str_c(order_kinds[o->kind]), .org_path = o->org_path, .priority = o->priority, .area = area_of(o) };
}

/* Nobody travels to a bench or a phone. */
static unsigned kinds_of(const struct order *o)
{
	return o->mode == MODE_ONSITE ? SLA_ALL_KINDS & ~SLA_BIT(SLA_SPARE) : SLA_ALL_KINDS & ~(SLA_BIT(SLA_SPARE) | SLA_BIT(SLA_ARRIVE));
}

enum err order_promise(struct ctx *c, struct order *o)
{
	struct sla_promise p;

	TRY(sla_due(c, o->id, &p));
	o->due_at = p.due;
	o->paused = p.paused;
	return ERR_OK;
}

static enum err keep_promise(struct ctx *c, struct order *o)
{
	TRY(order_promise(c, o));
	return db_exec(c, &q_order_due_set, BIND(P(id, o->id), { "due_at", v_int(o->due_at.ms == NIL ? DUE_NEVER : o->due_at.ms) }, P(paused, o->paused)), 1);
}

/* The contract of the day it came in. */
static enum err contract_meant(struct ctx *c, const struct order *o, int64_t *ret_id)
{
	const struct contract_ask a = { o->customer_id, o->device_id, o->product_id, o->brand, tz_day(c->who->zone, o->opened_at) };

	return contract_for(c, &a, ret_id);
}

static enum err bind_contract(struct ctx *c, struct order *o, int64_t id)
{
	if (id == o->contract_id)
		return ERR_OK;
	o->contract_id = id;
	return db_exec(c, &q_order_contract_set, BIND(P(id, o->id), P(contract_id, id)), 1);
}

static enum err find_contract(struct ctx *c, struct order *o)
{
	int64_t id;

	TRY(contract_meant(c, o, &id));
	return bind_contract(c, o, id);
}

enum err order_clocks_begin(struct ctx *c, struct order *o)
{
	struct sla_facts f;

	TRY(find_contract(c, o));
	f = facts_of(o);
	TRY(sla_start(c, o->id, &f, kinds_of(o), SLA_CUSTOMER, c->now));
	return keep_promise(c, o);
}

enum err order_clocks_facts(struct ctx *c, struct order *o)
{
	struct sla_facts f;

	TRY(find_contract(c, o));
	f = facts_of(o);
	TRY(sla_facts_changed(c, o->id, &f, c->now));
	return keep_promise(c, o);
}

/* ---- a contract was made, changed or ended ---- */

static enum err tell_contract(struct ctx *c, const struct order *o, const struct contract *k, const char *event, instant before)
{
	str due = before.ms == o->due_at.ms ? (str){ 0 } : arena_fmt(c->a, "%.*s → %.*s", STR_ARG(before.ms == NIL ? S("–") : instant_iso(c->a, c->who->zone, before)),
		STR_ARG(o->due_at.ms == NIL ? S("–") : instant_iso(c->a, c->who->zone, o->due_at)));

	return audit_add(c, "order", o->id, event, BIND(P(what, k->no), P(level, k->level), P(note, str_or_none(due))));
}

/* Better at once; worse only when the contract no longer runs on the day the order came in. */
static enum err follow_contract(struct ctx *c, int64_t id, const struct contract *k)
{
	struct order o;
	struct sla_facts f;
	instant before;
	int64_t was, now;
	bool over;

	TRY(order_fresh(c, id, &o));
	was = o.contract_id;
	before = o.due_at;
	over = !contract_runs(k, tz_day(c->who->zone, o.opened_at));
	TRY(contract_meant(c, &o, &now));
	if (was == k->id && !over)
		now = k->id;                           /* a machine taken out of it keeps this order under it */
	if (was != k->id && now != k->id)
		return ERR_OK;
	TRY(bind_contract(c, &o, now));
	f = facts_of(&o);
	TRY(over ? sla_facts_changed(c, o.id, &f, c->now) : sla_facts_sooner(c, o.id, &f, c->now));
	TRY(keep_promise(c, &o));
	if (o.contract_id == was && o.due_at.ms == before.ms)
		return ERR_OK;
	return tell_contract(c, &o, k, over ? "contract_ended" : was == k->id ? "contract_changed" : "contract_bound", before);
}

static enum err on_contract(struct ctx *c, const struct contract *k)
{
	struct row { int64_t id; } *row;
	static const struct field f[] = { FIELD(struct row, id), { 0 } };
	size_t n;

	TRY(db_rows(c, &q_orders_of_contract, BIND(P(contract_id, k->id), P(customer_id, k->customer_id)), f, sizeof *row, FOLLOW_MAX, &row, &n));
	for (size_t i = 0; i < n; i++)
		TRY(follow_contract(c, row[i].id, k));
	return ERR_OK;
}
const struct contract_news order_contract_news = { "order", on_contract };

static enum err tiers(struct ctx *c, const struct order *o, const struct order_move *m, instant at)
{
	struct sla_facts f = facts_of(o);

	if (m->ev == ORDER_EV_DISPATCH) {
		TRY(sla_facts_changed(c, o->id, &f, at));
		return sla_start(c, o->id, &f, kinds_of(o) & ~(SLA_BIT(SLA_ANSWER) | SLA_BIT(SLA_COMPLETE)), SLA_STATION, at);
	}
	if (m->ev == ORDER_EV_STATION_DECLINE)
		return sla_stop(c, o->id, SLA_ALL_KINDS, SLA_STATION, at);
	if (m->ev == ORDER_EV_ESCALATE)
		return sla_start(c, o->id, &f, SLA_BIT(SLA_FIX), SLA_REGION, at);
	if (m->ev == ORDER_EV_RESUME)
		return sla_stop(c, o->id, SLA_BIT(SLA_FIX), SLA_REGION, at);
	return ERR_OK;
}

/* A machine that is fixed needs no spare one in its place. */
static unsigned stopped_by(const struct order_move *m) { return m->stops & CLOCK_FIX ? m->stops | SLA_BIT(SLA_SPARE) : m->stops; }

enum err order_clocks_move(struct ctx *c, struct order *o, enum order_state from, const struct order_move *m, const struct order_act *a)
{
	if (from == ORDER_WAITING && o->state != ORDER_WAITING)
		TRY(sla_resume(c, o->id, a->at));
	if (m->stops)
		TRY(sla_stop(c, o->id, stopped_by(m), -1, a->at));
	TRY(tiers(c, o, m, a->at));
	if (m->ev == ORDER_EV_REOPEN || m->ev == ORDER_EV_REFUSE)
		TRY(sla_reopen(c, o->id, SLA_BIT(SLA_ANSWER) | SLA_BIT(SLA_ASSIGN) | SLA_BIT(SLA_FIX) | SLA_BIT(SLA_COMPLETE), a->at));
	if (o->state == ORDER_WAITING && from != ORDER_WAITING)
		TRY(sla_pause(c, o->id, &(struct sla_pause_new){ str_c(order_waits[o->wait]), -1, a->until, a->reason }, a->at));
	return order_promise(c, o);
}

/* ---- news of the clocks ---- */

static enum err resume_order(struct ctx *c, struct order *o)
{
	struct order_act a = { ORDER_ACT_EMPTY, .ev = ORDER_EV_RESUME, .ver = o->ver };

	return o->state == ORDER_WAITING ? order_fire(c, o, &a) : ERR_OK;
}

static enum err on_news(struct ctx *c, const struct sla_news *n)
{
	struct order o;
	enum err e;

	if (n->what == SLA_MOVED)
		return n->clock->tier == SLA_CUSTOMER ? db_exec(c, &q_order_due_follow, BIND(P(id, n->subject_id), { "never", v_int(DUE_NEVER) }), -1) : ERR_OK;
	e = order_fresh(c, n->subject_id, &o);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	if (n->what == SLA_RESUMED)
		return resume_order(c, &o);
	TRY(audit_add(c, "order", o.id, sla_whats[n->what], BIND(P(clock, sla_kinds[n->clock->kind]), P(tier, sla_tiers[n->clock->tier]), P(due, n->clock->due_at),
		{ "percent", n->what == SLA_WARN ? v_int(n->percent) : (struct val){ 0 } }, P(receiver, n->receiver))));
	return keep_promise(c, &o);
}
const struct sla_hook order_sla_hook = { "order", on_news };
