/* product_web.c — brands and models over the API; symptom and fault codes are served by the desk. */
#include "product.sql.h"
#include "http/http.h"
#include "slice/account/perm.h"
#include "slice/product/product.h"

struct product_page { struct product *items; size_t n; };
static const struct field product_out[] = {
	FIELD(struct product, id), FIELD(struct product, brand), FIELD(struct product, model), FIELD(struct product, series), FIELD(struct product, kind),
	FIELD(struct product, config), FIELD(struct product, active), { 0 }
};
static const struct field page_out[] = { FIELD_LIST(struct product_page, items, n, product_out), { 0 } };
static const struct view product_list_view = { "product_list", N_("Products"), NULL, page_out, sizeof(struct product_page) };
struct list_in { str q; int64_t after, limit; };
FORM_STATIC(list_form, struct list_in,
	INPUT(struct list_in, q, IN_TEXT, N_("Words"), .max = 100),
	INPUT(struct list_in, after, IN_INT, N_("Cursor"), .min = 1),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));

static enum err list(struct ctx *c, struct req *r, struct reply *out)
{
	struct product_page *p = NEW(c->a, struct product_page);
	const struct list_in *in = r->form;
	size_t limit = in->limit == NIL ? 50 : (size_t)in->limit;

	TRY(product_find(c, in->q, in->after, limit, &p->items, &p->n));
	if (p->n == limit)
		out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	out->view = &product_list_view;
	out->model = p;
	return ERR_OK;
}

static const struct route routes[] = {
	{ "GET", "/products", PERM_STAFF, R_API, &list_form, list, &product_list_view, .summary = "Find products by model" },
};
static const struct db_schema schema = { "product", product_migrations, product_statements };
const struct slice slice_product = { .name = "product", .schema = &schema, SLICE_ROUTES(routes) };
