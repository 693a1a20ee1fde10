#include "app/coverage.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/entitlement/entitlement_view.h"
#include "slice/portal/portal_view.h"

/* ---- the repairer's record follows the moves of an order ---- */

struct news { const struct order *o; const struct order_act *a; struct repair_of of; day on; };
enum { VERDICT_EXCHANGE = 3, VERDICT_REFUND = 4 };     /* of order_verdicts */

static enum err came_in(struct ctx *c, const struct news *n) { return repair_in(c, &n->of, n->on); }
static enum err goes_on(struct ctx *c, const struct news *n) { return repair_resume(c, n->o->id, n->on); }
static enum err held(struct ctx *c, const struct news *n) { return repair_judged(c, n->o->id, true); }
static enum err failed(struct ctx *c, const struct news *n) { return repair_judged(c, n->o->id, false); }
static enum err went_as_it_was(struct ctx *c, const struct news *n) { return repair_out(c, n->o->id, n->on, -1, false); }

static enum err waits(struct ctx *c, const struct news *n)
{
	return n->a->wait == WAIT_PARTS ? repair_wait(c, n->o->id, n->on) : ERR_OK;
}

static enum err diagnosed(struct ctx *c, const struct news *n)
{
	if (n->o->verdict != VERDICT_EXCHANGE && n->o->verdict != VERDICT_REFUND)
		return ERR_OK;
	return remedy_demanded(c, &n->of, n->o->verdict == VERDICT_REFUND ? OPTION_REFUND : OPTION_EXCHANGE, n->on);
}

static enum err went_out(struct ctx *c, const struct news *n)
{
	TRY(remedy_done(c, n->o->id, n->on));
	return repair_out(c, n->o->id, n->on, 1, n->o->verdict == VERDICT_EXCHANGE);
}

static const struct { enum order_event ev; enum err (*on)(struct ctx *c, const struct news *n); } follow[] = {
	{ ORDER_EV_RECEIVE, came_in }, { ORDER_EV_ARRIVE, came_in }, { ORDER_EV_DIAGNOSE, diagnosed }, { ORDER_EV_WAIT, waits }, { ORDER_EV_RESUME, goes_on },
	{ ORDER_EV_HAND_OVER, went_out }, { ORDER_EV_CONFIRM, held }, { ORDER_EV_REFUSE, failed }, { ORDER_EV_REOPEN, failed },
	{ ORDER_EV_CANCEL, went_as_it_was }, { ORDER_EV_REJECT, went_as_it_was },
};

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	const struct news n = { o, a, { o->device_id, o->id, o->no, o->org_path }, tz_day(c->who->zone, c->now) };

	if (o->device_id == NIL || o->kind != KIND_REPAIR)
		return ERR_OK;
	for (size_t i = 0; i < LEN(follow); i++) {
		if (follow[i].ev == m->ev)
			TRY(follow[i].on(c, &n));
	}
	return ERR_OK;
}

const struct order_hook coverage_order_hook = { "coverage", on_move };

/* ---- what is free, on the order's page and on the customer's ---- */

struct told { struct verdict_view v; struct device d; };

static bool has_device(const struct ctx *c, const struct order *o)
{
	(void)c;
	return o->device_id != NIL;
}

static enum err load(struct ctx *c, const struct order *o, void **ret)
{
	struct told *t = NEW(c->a, struct told);
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct ask a = ask_today(c);

	a.on = tz_day(c->who->zone, o->opened_at);
	a.cause = o->cause.n ? name_index(cause_names, o->cause) : -1;
	a.order_id = o->id;
	TRY(device_get(c, o->device_id, &t->d));
	TRY(entitlement_of(c, &t->d, &a, e));
	verdict_view_fill(c, e, &t->v);
	*ret = t;
	return ERR_OK;
}

static void draw(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data)
{
	const struct told *t = data;

	(void)r, (void)order;
	entitlement_panel_html(o, c, &t->v, &t->d);
}

const struct order_panel coverage_order_panel = { N_("Free or paid"), has_device, draw, load };

/* Whoever follows by link sees this one order and the device in it. */
static enum err load_told(struct ctx *c, const struct order *o, void **ret)
{
	struct actor reader = actor_system;
	const struct actor *who = c->who;
	enum err e;

	reader.lang = who->lang;
	reader.zone = who->zone;
	c->who = &reader;
	e = load(c, o, ret);
	c->who = who;
	return e;
}

static void draw_told(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data)
{
	const struct told *t = data;

	(void)r, (void)order;
	entitlement_told_html(o, c, &t->v);
}

const struct portal_panel coverage_portal_panel = { N_("Free or paid"), has_device, load_told, draw_told };
