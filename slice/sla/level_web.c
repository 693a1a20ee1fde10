/* level_web.c — whom a service level applies to, found by name; and the running clocks that lag behind a revised one. */
#include "slice/account/perm.h"
#include "slice/customer/customer.h"
#include "slice/org/org.h"
#include "slice/product/product.h"
#include "slice/sla/sla_int.h"
#include "slice/sla/sla_view.h"

enum { HITS = 8, HITS_ALL = 4 * HITS };

/* ---- names of what a level is bound to ---- */

static struct level_bound of_customer(struct ctx *c, int64_t id, str name, str no, const char *mark)
{
	return (struct level_bound){ .basis = BASIS_CUSTOMER, .basis_id = id, .name = arena_fmt(c->a, "%.*s · %.*s%s", STR_ARG(name), STR_ARG(no), mark),
		.href = arena_fmt(c->a, "/customers/%.*s", STR_ARG(no)) };
}

static struct level_bound of_product(struct ctx *c, const struct product *p)
{
	return (struct level_bound){ .basis = BASIS_PRODUCT, .basis_id = p->id, .name = arena_fmt(c->a, "%.*s %.*s", STR_ARG(p->brand), STR_ARG(p->model)) };
}

static struct level_bound of_station(struct ctx *c, const struct org *o)
{
	return (struct level_bound){ .basis = BASIS_STATION, .basis_id = o->id, .name = arena_fmt(c->a, "%.*s · %.*s", STR_ARG(org_title(c, o)), STR_ARG(o->code)) };
}

static enum err name_of(struct ctx *c, const struct level_binding *b, struct level_bound *ret)
{
	struct customer k;
	struct product p;
	struct org o;

	*ret = (struct level_bound){ .basis = b->basis, .basis_id = b->basis_id, .brand = b->brand };
	switch (b->basis) {
	case BASIS_CUSTOMER:
		TRY(customer_get(c, b->basis_id, &k));
		*ret = of_customer(c, k.id, k.name, k.no, "");
		return ERR_OK;
	case BASIS_PRODUCT:
		TRY(product_get(c, b->basis_id, &p));
		*ret = of_product(c, &p);
		return ERR_OK;
	case BASIS_STATION:
		TRY(org_get(c, b->basis_id, &o));
		*ret = of_station(c, &o);
		return ERR_OK;
	case BASIS_BRAND:
		ret->name = b->brand;
		return ERR_OK;
	default:
		ret->name = b->basis == BASIS_DEFAULT ? _("Everybody else") : arena_fmt(c->a, "%lld", (long long)b->basis_id);
		return ERR_OK;
	}
}

enum err level_names(struct ctx *c, const struct level *l, struct level_bound **ret, size_t *ret_n)
{
	struct level_bound *list = NEW_N(c->a, struct level_bound, l->n_binding + 1);

	for (size_t i = 0; i < l->n_binding; i++) {
		enum err e = name_of(c, &l->binding[i], &list[i]);

		if (e && e != ERR_NOT_FOUND)
			return e;
		/* Gone or out of sight: its number is all there is to say. */
		if (e) {
			c->diag = (struct diag){ 0 };
			list[i].name = arena_fmt(c->a, "%lld", (long long)list[i].basis_id);
		}
	}
	*ret = list;
	*ret_n = l->n_binding;
	return ERR_OK;
}

/* ---- found by words ---- */

static enum err find_customers(struct ctx *c, str words, struct level_bound *list, size_t *n)
{
	struct customer_hit *k;
	size_t found;

	TRY(customer_search(c, words, NIL, HITS, &k, &found));
	for (size_t i = 0; i < found && i < HITS; i++)
		list[(*n)++] = of_customer(c, k[i].id, k[i].name, k[i].no, k[i].key_customer ? " ★" : "");
	return ERR_OK;
}

static enum err find_products(struct ctx *c, str words, struct level_bound *list, size_t *n)
{
	struct product *p;
	size_t found;

	TRY(product_find(c, words, NIL, HITS, &p, &found));
	for (size_t i = 0; i < found && i < HITS; i++)
		list[(*n)++] = of_product(c, &p[i]);
	return ERR_OK;
}

static enum err find_brands(struct ctx *c, str words, struct level_bound *list, size_t *n)
{
	struct product *p;
	size_t found;

	TRY(product_brands(c, words, HITS, &p, &found));
	for (size_t i = 0; i < found && i < HITS; i++)
		list[(*n)++] = (struct level_bound){ .basis = BASIS_BRAND, .brand = p[i].brand, .name = p[i].brand };
	return ERR_OK;
}

static enum err find_stations(struct ctx *c, str words, struct level_bound *list, size_t *n)
{
	struct org *o;
	size_t found, taken = 0;

	TRY(org_list(c, ORG_STATION, (str){ 0 }, &o, &found));
	for (size_t i = 0; i < found && taken < HITS; i++) {
		if (!str_find(o[i].name, words, NULL) && !str_find(o[i].code, words, NULL) && !str_find(o[i].name_en, words, NULL))
			continue;
		list[(*n)++] = of_station(c, &o[i]);
		taken++;
	}
	return ERR_OK;
}

enum err level_whom(struct ctx *c, str words, struct level_bound **ret, size_t *ret_n)
{
	struct level_bound *list = NEW_N(c->a, struct level_bound, HITS_ALL);
	size_t n = 0;

	words = str_trim(words);
	if (words.n) {
		TRY(find_customers(c, words, list, &n));
		TRY(find_products(c, words, list, &n));
		TRY(find_brands(c, words, list, &n));
		TRY(find_stations(c, words, list, &n));
	}
	*ret = list;
	*ret_n = n;
	return ERR_OK;
}

/* ---- bound and unbound ---- */

static enum err read_level(struct ctx *c, struct req *r, struct level *ret)
{
	const struct level_bind_in *in = r->form;

	TRY(level_get(c, r->arg[0], ret));
	if (in->ver != ret->ver)
		return fail(c, ERR_CONFLICT, N_("This service level changed meanwhile. Reload to see it."));
	return ERR_OK;
}

static enum err done(struct ctx *c, const struct level *l, struct reply *out, str flash)
{
	out->location = arena_fmt(c->a, "/services/%.*s", STR_ARG(l->code));
	out->flash = flash;
	return ERR_OK;
}

enum err level_bind(struct ctx *c, struct req *r, struct reply *out)
{
	const struct level_bind_in *in = r->form;
	struct level_binding *list;
	struct level_bound known;
	struct level l;
	enum err e;

	TRY(read_level(c, r, &l));
	list = NEW_N(c->a, struct level_binding, l.n_binding + 1);
	for (size_t i = 0; i < l.n_binding; i++)
		list[i] = l.binding[i];
	list[l.n_binding] = (struct level_binding){ in->basis, in->basis_id, in->brand };
	e = name_of(c, &list[l.n_binding], &known);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "basis_id", N_("There is no such customer, product, brand or station."));
	}
	TRY(e);
	l.binding = list;
	l.n_binding++;
	TRY(level_save(c, &l));
	return done(c, &l, out, trf(c, N_("Applies to {1} from now on."), known.name));
}

enum err level_unbind(struct ctx *c, struct req *r, struct reply *out)
{
	const struct level_bind_in *in = r->form;
	size_t kept = 0;
	struct level l;

	TRY(read_level(c, r, &l));
	for (size_t i = 0; i < l.n_binding; i++)
		if (l.binding[i].basis != in->basis || l.binding[i].basis_id != in->basis_id || !str_eq(l.binding[i].brand, in->brand))
			l.binding[kept++] = l.binding[i];
	if (kept == l.n_binding)
		return fail(c, ERR_NOT_FOUND, NULL);
	l.n_binding = kept;
	TRY(level_save(c, &l));
	return done(c, &l, out, _("Saved."));
}

/* ---- clocks that lag behind ---- */

enum err level_lag_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct level_lag_page *p = NEW(c->a, struct level_lag_page);

	p->req = r;
	p->may_edit = may(c, PERM_POLICY);
	TRY(level_get(c, r->arg[0], &p->l));
	TRY(level_lag(c, &p->l, &p->lag));
	out->view = &level_lag_view;
	out->model = p;
	out->title = level_title(c, &p->l);
	return ERR_OK;
}

enum err level_apply_post(struct ctx *c, struct req *r, struct reply *out)
{
	struct level l;
	int64_t changed;

	TRY(read_level(c, r, &l));
	TRY(level_apply(c, &l, &changed));
	out->location = arena_fmt(c->a, "/services/%.*s%s", STR_ARG(l.code), changed == LEVEL_APPLY ? "/clocks" : "");
	out->flash = trf(c, N_("{1} clocks now follow this level."), changed);
	return ERR_OK;
}
