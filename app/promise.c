/* promise.c — clocks have no page of their own for customers: here they meet the portal. */
#include "app/promise.h"
#include "slice/portal/portal_view.h"

static bool always(const struct ctx *c, const struct order *o)
{
	(void)c, (void)o;
	return true;
}

static enum err load(struct ctx *c, const struct order *o, void **ret)
{
	struct sla_told_page *p = NEW(c->a, struct sla_told_page);

	TRY(sla_told(c, o->id, &p->items, &p->n));
	*ret = p;
	return ERR_OK;
}

static void draw(struct out *out, const struct ctx *c, const struct req *r, const struct order *o, void *data)
{
	(void)r, (void)o;
	sla_told_html(out, c, data);
}

const struct portal_panel promise_portal_panel = { N_("What we promised"), always, load, draw };
