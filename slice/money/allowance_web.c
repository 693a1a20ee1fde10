/* allowance_web.c — a customer's free visits and support months: on the customer's page, and the page that grants them [S2]. */
#include "finance.html.h"
#include "slice/account/perm.h"
#include "slice/customer/customer_view.h"
#include "slice/device/device.h"
#include "slice/money/money_web.h"

FORM(allowance_form, struct allowance_in,
	INPUT(struct allowance_in, kind, IN_ENUM, N_("What is free"), .names = allowance_kinds, .required = true),
	INPUT(struct allowance_in, granted, IN_INT, N_("How many"), .required = true, .min = 1, .max = 9999),
	INPUT(struct allowance_in, valid_from, IN_DAY, N_("Valid from"), .required = true),
	INPUT(struct allowance_in, valid_until, IN_DAY, N_("Valid until"), .required = true),
	INPUT(struct allowance_in, source, IN_TEXT, N_("Contract or promise"), .required = true, .max = 120),
	INPUT(struct allowance_in, device, IN_INT, N_("Only for the device"), .min = 1, .max = INT64_MAX));

static const struct field list_out[] = { FIELD_LIST(struct allowance_page, items, n, allowance_out), { 0 } };
static void draw_page(struct out *o, const struct ctx *c, const void *m) { allowances_html(o, c, m); }
const struct view allowance_list_view = { "allowance_list", N_("Free visits and support months"), draw_page, list_out, sizeof(struct allowance_page) };

static enum err device_options(struct ctx *c, struct allowance_page *p)
{
	struct device *d;
	size_t n;

	TRY(device_of_customer(c, p->k.id, &d, &n));
	p->device = NEW_N(c->a, struct ui_option, n + 1);
	p->device[p->n_device++] = (struct ui_option){ S(""), _("Every device") };
	for (size_t i = 0; i < n; i++)
		p->device[p->n_device++] = (struct ui_option){ arena_fmt(c->a, "%lld", (long long)d[i].id), arena_fmt(c->a, "%.*s %.*s", STR_ARG(d[i].model), STR_ARG(d[i].serial)) };
	return ERR_OK;
}

static enum err fill(struct ctx *c, struct req *r, struct allowance_page *p)
{
	p->req = r;
	p->may_edit = may(c, PERM_MONEY_FINANCE);
	TRY(allowance_of_customer(c, p->k.id, &p->items, &p->n));
	return p->may_edit ? device_options(c, p) : ERR_OK;
}

enum err allowances_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct allowance_page *p = NEW(c->a, struct allowance_page);

	TRY(customer_by_no(c, r->arg[0], &p->k));
	TRY(fill(c, r, p));
	out->view = &allowance_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err theirs(struct ctx *c, const struct customer *k, int64_t device)
{
	struct device *d;
	bool found = device == NIL;
	size_t n;

	TRY(device_of_customer(c, k->id, &d, &n));
	for (size_t i = 0; i < n; i++)
		found = found || d[i].id == device;
	return found ? ERR_OK : fail_field(c, "device", N_("This customer has no such device."));
}

enum err allowances_add(struct ctx *c, struct req *r, struct reply *out)
{
	struct allowance_page *p = NEW(c->a, struct allowance_page);
	const struct allowance_in *in = r->form;
	int64_t id;

	TRY(customer_by_no(c, r->arg[0], &p->k));
	TRY(theirs(c, &p->k, in->device));
	TRY(allowance_add(c, &(struct allowance){ .customer_id = p->k.id, .device_id = in->device, .kind = in->kind, .granted = in->granted, .valid_from = in->valid_from,
		.valid_until = in->valid_until, .source = in->source }, &id));
	TRY(fill(c, r, p));
	out->created = true;
	out->location = arena_fmt(c->a, "/customers/%.*s/allowances", STR_ARG(p->k.no));
	out->view = &allowance_list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- on the customer's page ---- */

static enum err load(struct ctx *c, const struct customer *k, void **ret)
{
	struct allowance_page *p = NEW(c->a, struct allowance_page);

	if (!may(c, PERM_MONEY_READ))
		return ERR_OK;
	p->k = *k;
	TRY(fill(c, NULL, p));
	*ret = p;
	return ERR_OK;
}

static void draw(struct out *o, const struct ctx *c, const struct req *r, const struct customer *k, void *data)
{
	(void)r, (void)k;
	allowance_panel_html(o, c, data);
}
const struct customer_panel money_customer_panel = { N_("Free visits and support months"), load, draw };
