#include "app/coverage.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/entitlement/entitlement_view.h"
#include "slice/exchange/exchange.h"
#include "slice/money/money.h"
#include "slice/parts/parts.h"
#include "slice/parts/requisition.h"
#include "slice/portal/portal_view.h"
#include "slice/ruling/ruling_view.h"

/* ---- the repairer's record follows the moves of an order ---- */

struct news { const struct order *o; const struct order_act *a; struct repair_of of; day on; };

static enum err came_in(struct ctx *c, const struct news *n) { return repair_in(c, &n->of, n->on); }
static enum err goes_on(struct ctx *c, const struct news *n) { return repair_resume(c, n->o->id, n->on); }
static enum err held(struct ctx *c, const struct news *n) { return repair_judged(c, n->o->id, true); }
static enum err failed(struct ctx *c, const struct news *n) { return repair_judged(c, n->o->id, false); }
static enum err went_as_it_was(struct ctx *c, const struct news *n) { return repair_out(c, n->o->id, n->on, -1, false); }

static enum err waits(struct ctx *c, const struct news *n)
{
	return n->a->wait == WAIT_PARTS ? repair_wait(c, n->o->id, n->on) : ERR_OK;
}

/* The question an order puts: its device, the part and cause diagnosed, on the day it was reported. */
static enum err question(struct ctx *c, const struct order *o, struct ask *ret)
{
	*ret = ask_today(c);
	ret->on = tz_day(c->who->zone, o->opened_at);
	ret->cause = o->cause.n ? name_index(cause_names, o->cause) : -1;
	ret->order_id = o->id;
	return part_of_fault(c, o->fault_code, ret);
}

static bool refund_due(const struct order *o) { return o->verdict >= 0 && str_eq(str_c(order_verdicts[o->verdict]), S("refund")); }

static enum err diagnosed(struct ctx *c, const struct news *n)
{
	struct ask a;

	TRY(question(c, n->o, &a));
	TRY(entitlement_note(c, n->o->device_id, STAGE_DIAGNOSIS, &a));
	if (exchange_due(n->o))
		return remedy_demanded(c, &n->of, OPTION_EXCHANGE, n->on);
	return refund_due(n->o) ? remedy_demanded(c, &n->of, OPTION_REFUND, n->on) : ERR_OK;
}

static enum err went_out(struct ctx *c, const struct news *n)
{
	TRY(remedy_done(c, n->o->id, n->on));
	return repair_out(c, n->o->id, n->on, 1, exchange_due(n->o));
}

/* A line that is charged because the rules said so, while by what is known now they say it is free, would charge the customer wrongly; what a person decided stands. */
static enum err charged_rightly(struct ctx *c, const struct order *o)
{
	struct fee_said said;
	struct fee_line *l;
	struct rules by;
	size_t n;

	TRY(fee_lines(c, o->id, true, &l, &n));
	TRY(fee_exclusions_proved(c, o, l, n));
	for (size_t i = 0; i < n; i++) {
		if (l[i].free || !str_find(l[i].reason, S("@"), NULL))
			continue;
		TRY(fee_basis_said(c, o, l[i].kind, l[i].code, l[i].name, &said));
		if (said.basis < 0 || !fee_basis_free[said.basis])
			continue;
		TRY(rules_in_use(c, &by));
		return fail(c, ERR_CONFLICT, N_("“{1}” is charged, but now it is free: {2}. Decide it anew."), l[i].name, reference_told(c, by.set, said.why));
	}
	return ERR_OK;
}

/* A visit that stands as a line of the bill has been counted with it. */
static enum err visit_counted(struct ctx *c, const struct order *o, bool *ret)
{
	struct fee_line *l;
	size_t n;

	*ret = false;
	TRY(fee_lines(c, o->id, true, &l, &n));
	for (size_t i = 0; i < n; i++)
		*ret = *ret || l[i].promise.n;
	return ERR_OK;
}

static enum err settled(struct ctx *c, const struct news *n)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct ask a;
	bool counted;
	int64_t id;

	TRY(charged_rightly(c, n->o));
	TRY(question(c, n->o, &a));
	TRY(entitlement_in_order(c, n->o->device_id, &a, e));
	TRY(entitlement_keep(c, n->o->device_id, n->o->id, STAGE_SETTLEMENT, e, &id));
	TRY(visit_counted(c, n->o, &counted));
	return promises_spend(c, n->o->device_id, n->o->id, &e->v, n->o->mode == MODE_ONSITE && !counted);
}

static const struct { enum order_event ev; enum err (*on)(struct ctx *c, const struct news *n); } follow[] = {
	{ ORDER_EV_RECEIVE, came_in }, { ORDER_EV_ARRIVE, came_in }, { ORDER_EV_DIAGNOSE, diagnosed }, { ORDER_EV_WAIT, waits }, { ORDER_EV_RESUME, goes_on },
	{ ORDER_EV_HAND_OVER, went_out }, { ORDER_EV_CONFIRM, held }, { ORDER_EV_REFUSE, failed }, { ORDER_EV_REOPEN, failed },
	{ ORDER_EV_SETTLE, settled }, { ORDER_EV_CANCEL, went_as_it_was }, { ORDER_EV_REJECT, went_as_it_was },
};

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	const struct news n = { o, a, { o->device_id, o->id, o->no, o->org_path }, tz_day(c->who->zone, c->now) };

	if (o->device_id == NIL || (o->kind != KIND_REPAIR && o->kind != KIND_EXCHANGE))
		return ERR_OK;
	for (size_t i = 0; i < LEN(follow); i++) {
		if (follow[i].ev == m->ev)
			TRY(follow[i].on(c, &n));
	}
	return ERR_OK;
}

const struct order_hook coverage_order_hook = { .name = "coverage", .on = on_move };

/* ---- a new part starts its own clock ---- */

static enum err on_part(struct ctx *c, const struct order *o, const struct spare *p, const struct part_use *u, bool back)
{
	uint64_t parts = 0;
	struct part_use *use;
	enum part_by by;
	size_t n;

	(void)p;
	if (o->device_id == NIL || o->kind != KIND_REPAIR)
		return ERR_OK;
	TRY(part_uses(c, o->id, &use, &n));
	for (size_t i = 0; i < n; i++) {
		struct spare one;

		if (back && use[i].id == u->id)
			continue;
		TRY(part_get(c, use[i].part_id, &one));
		parts |= (uint64_t)1 << spare_part(&one, &by);
	}
	return repair_parts(c, o->id, parts & ~((uint64_t)1 << PART_OTHER));
}

const struct part_hook coverage_part_hook = { "coverage", on_part };

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
	struct ask a;

	TRY(question(c, o, &a));
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

/* ---- what trying rules on the past cannot speak of ---- */

static enum err unjudged(struct ctx *c, struct unjudged *ret)
{
	struct order_unjudged u;

	TRY(order_unjudged(c, &u));
	*ret = (struct unjudged){ u.orders, u.no_device, u.imported, u.other };
	return ERR_OK;
}
enum err (*const orders_unjudged)(struct ctx *c, struct unjudged *ret) = unjudged;

/* ---- why it is not free, with the evidence ---- */

static enum err load_ruling(struct ctx *c, const struct order *o, void **ret)
{
	struct ruling_hint *h;

	TRY(ruling_hint_load(c, o, &h));
	*ret = h;
	return ERR_OK;
}

static void draw_ruling(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data)
{
	(void)r, (void)order;
	ruling_panel_html(o, c, data);
}

const struct order_panel ruling_order_panel = { N_("Exclusion ruling"), has_device, draw_ruling, load_ruling };

static void draw_ruling_told(struct out *o, const struct ctx *c, const struct req *r, const struct order *order, void *data)
{
	struct ruling_hint *h = data;

	(void)r;
	h->token = order->follow_token;
	ruling_customer_html(o, c, h);
}

/* The customer sees it once it is sealed. */
static enum err load_ruling_told(struct ctx *c, const struct order *o, void **ret)
{
	struct ruling_hint *h;

	TRY(ruling_hint_load(c, o, &h));
	*ret = h && h->there && h->r.state == RULING_SEALED ? h : NULL;
	return ERR_OK;
}

const struct portal_panel ruling_portal_panel = { N_("Why the warranty does not answer for this"), has_device, load_ruling_told, draw_ruling_told };
