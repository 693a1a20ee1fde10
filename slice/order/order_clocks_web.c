/* order_clocks_web.c — the clocks of an order on its page, what its customer was promised, and what was escalated to whom. */
#include "order_clocks.html.h"
#include "slice/account/perm.h"
#include "slice/order/order_int.h"
#include "slice/order/order_view.h"

enum { MAX_ESCALATIONS = 200 };

/* ---- one order ---- */

enum err list_clocks(struct ctx *c, struct req *r, struct reply *out)
{
	struct sla_story_page *p = NEW(c->a, struct sla_story_page);
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(sla_explain(c, o.id, &p->items, &p->n));
	out->view = &sla_story_view;
	out->model = p;
	return ERR_OK;
}

enum err list_promises(struct ctx *c, struct req *r, struct reply *out)
{
	struct sla_told_page *p = NEW(c->a, struct sla_told_page);
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(sla_told(c, o.id, &p->items, &p->n));
	out->view = &sla_told_view;
	out->model = p;
	return ERR_OK;
}

static bool clocks_shown(const struct ctx *c, const struct order *o) { (void)o; return may(c, PERM_STAFF); }

static enum err clocks_load(struct ctx *c, const struct order *o, void **ret)
{
	struct clock_panel *p = NEW(c->a, struct clock_panel);

	TRY(sla_explain_told(c, o->id, &p->story, &p->n, &p->told.items, &p->told.n));
	*ret = p;
	return ERR_OK;
}

static void clocks_draw(struct out *out, const struct ctx *c, const struct req *r, const struct order *o, void *data)
{
	(void)r, (void)o;
	order_clocks_html(out, c, data);
}
const struct order_panel order_clock_panel = { N_("Clocks"), clocks_shown, clocks_draw, clocks_load };

/* ---- escalations ---- */

#define E(m) FIELD(struct escalation, m)
static const struct field escalation_fields[] = {
	E(id), E(no), FIELD_ENUM(struct escalation, kind, sla_kinds), FIELD_ENUM(struct escalation, tier, sla_tiers), E(step), E(role), E(receiver), E(mine), E(at), E(due_at),
	FIELD_ENUM(struct escalation, state, order_states), E(customer), E(station), E(engineer), { 0 }
};
static const struct field escalation_out[] = { FIELD_LIST(struct escalation_page, items, n, escalation_fields), { 0 } };
static void draw_escalations(struct out *o, const struct ctx *c, const void *m) { escalations_html(o, c, m); }
const struct view escalation_list_view = { "escalation_list", N_("Escalations"), draw_escalations, escalation_out, sizeof(struct escalation_page) };

/* Theirs; who reads the figures also those that found nobody. */
enum err list_escalations(struct ctx *c, struct req *r, struct reply *out)
{
	struct escalation_page *p = NEW(c->a, struct escalation_page);
	struct in_sight s;

	TRY(sight_of(c, &s));
	p->req = r;
	TRY(db_rows(c, &q_order_escalations, BIND(P(me, c->who->id), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(orphans, may(c, PERM_REPORT)), P(limit, MAX_ESCALATIONS)),
		escalation_fields, sizeof *p->items, MAX_ESCALATIONS, &p->items, &p->n));
	out->view = &escalation_list_view;
	out->model = p;
	return ERR_OK;
}

enum err see_escalation(struct ctx *c, struct req *r, struct reply *out)
{
	int64_t id;

	if (!str_int(r->arg[0], &id))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(sla_escalation_seen(c, id));
	out->location = S("/escalations");
	out->flash = _("Noted.");
	return r->as == AS_JSON ? list_escalations(c, r, out) : ERR_OK;
}
