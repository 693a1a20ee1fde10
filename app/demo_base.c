/* demo_base.c — products, codes, customers with their people, devices with their papers. */
#include "app/demo.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement.h"
#include "slice/product/product.h"

enum { FIRMS = 90, STAFF_OF_FIRMS = 330 };
#define DAY_MS 86400000LL

enum err demo_catalogue(struct ctx *c, void *demo)
{
	int64_t id;

	(void)demo;
	for (size_t i = 0; i < demo_models_n; i++) {
		const struct demo_model *m = &demo_models[i];

		TRY(product_add(c, &(struct product){ .brand = str_c(m->brand), .model = str_c(m->model), .series = str_c(m->series), .kind = str_c(m->kind),
			.config = str_c(m->config), .active = true }, &id));
	}
	for (size_t i = 0; i < demo_troubles_n; i++) {
		const struct demo_trouble *t = &demo_troubles[i];

		TRY(code_put(c, false, &(struct code){ .code = str_c(t->symptom), .grp = str_c(t->group), .name_zh = str_c(t->zh), .name_en = str_c(t->en), .source = S("demo") }));
		TRY(code_put(c, true, &(struct code){ .code = str_c(t->fault), .grp = str_c(t->group), .name_zh = str_c(t->fault_zh), .name_en = str_c(t->fault_en), .source = S("demo") }));
	}
	return ERR_OK;
}

static int station_of(const struct demo *d, const struct demo_city *city)
{
	int near = -1;

	for (size_t i = 0; i < d->n_stations; i++) {
		if (d->station[i].city == city)
			return (int)i;
		if (d->station[i].region == city->region && near < 0)
			near = (int)i;
	}
	return near;
}

/* Hangzhou, where the sample logins work, is somewhat busier. */
static const struct demo_city *some_city(struct demo *d)
{
	if (demo_chance(&d->r, 8))
		for (size_t i = 0; i < demo_cities_n; i++)
			if (!strcmp(demo_cities[i].code, "3301"))
				return &demo_cities[i];
	return &demo_cities[demo_next(&d->r, (uint32_t)demo_cities_n)];
}

static enum err put_customer(struct demo *d, struct ctx *c, size_t i)
{
	struct demo_customer *k = &d->customer[i];
	int firm = i >= FIRMS && i < FIRMS + STAFF_OF_FIRMS ? (int)((i - FIRMS) % FIRMS) : -1;
	const struct demo_city *city = firm >= 0 ? d->customer[firm].city : some_city(d);
	str name = i < FIRMS ? demo_company(&d->keep, &d->r, city) : demo_person(&d->keep, &d->r);
	str address = firm >= 0 ? d->customer[firm].address : demo_street(&d->keep, &d->r, city);
	struct customer_new n = { .name = name, .phone = demo_mobile(&d->keep, &d->r), .address = address, .division = str_c(city->code),
		.kind = i < FIRMS ? CUSTOMER_ORGANISATION : CUSTOMER_PERSON, .key_customer = i < FIRMS ? demo_chance(&d->r, 25) : demo_chance(&d->r, 2),
		.org_id = firm >= 0 ? d->customer[firm].id : NIL, .title = firm >= 0 ? S("员工") : (str){ 0 }, .lat = city->lat + (int64_t)demo_next(&d->r, 100000) - 50000,
		.lon = city->lon + (int64_t)demo_next(&d->r, 100000) - 50000 };

	*k = (struct demo_customer){ NIL, n.name, n.phone, n.address, city, station_of(d, city), i < FIRMS, firm };
	if (demo_chance(&d->r, 40))
		n.email = arena_fmt(c->a, "c%04zu@example.org", i);
	c->now.ms = d->now.ms - (95 + 300 - 300 * (int64_t)i / DEMO_CUSTOMERS) * DAY_MS + demo_next(&d->r, 86400000 / 3);
	return customer_add(c, &n, &k->id);
}

/* The portal login: a person of Hangzhou. */
static enum err put_portal(struct demo *d, struct ctx *c)
{
	struct demo_customer *k = &d->customer[DEMO_CUSTOMERS - 1];
	struct ctx lasting = *c;
	const struct actor *who;
	int64_t id;

	TRY(user_add(c, &(struct user){ .login = S("customer"), .name = k->name, .phone = k->phone, .lang = S("zh"), .active = true, .customer_id = k->id }, d->hash, &id));
	TRY(user_grant(c, id, ROLE_CUSTOMER, NIL, (str){ 0 }));
	lasting.a = &d->keep;
	TRY(account_actor(&lasting, id, &who));
	d->portal = *who;
	return ERR_OK;
}

enum err demo_customers(struct ctx *c, void *demo)
{
	struct demo *d = demo;

	for (size_t i = 0; i < DEMO_CUSTOMERS; i++) {
		struct arena_mark m = arena_mark(c->a);

		TRY(put_customer(d, c, i));
		arena_reset(c->a, m);
	}
	return put_portal(d, c);
}

/* ---- devices ---- */

static int some_model(struct demo *d)
{
	int all = 0, at;

	for (size_t i = 0; i < demo_models_n; i++)
		all += demo_models[i].weight;
	at = (int)demo_next(&d->r, (uint32_t)all);
	for (size_t i = 0; i < demo_models_n; i++)
		if ((at -= demo_models[i].weight) < 0)
			return (int)i;
	BUG("demo: weights");
}

static str serial(struct demo *d, const struct demo_model *m)
{
	static const char letters[] = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
	char s[10];

	for (size_t i = 0; i < sizeof s; i++)
		s[i] = letters[demo_next(&d->r, sizeof letters - 1)];
	return arena_fmt(&d->keep, "%c%c%.*s", m->brand[0], m->series[0], (int)sizeof s, s);
}

/* Firms own most machines, bought in lots; the last ones are of the portal's customer. */
static int owner(struct demo *d, size_t i)
{
	if (i + 4 >= DEMO_DEVICES)
		return DEMO_CUSTOMERS - 1;
	return (int)(demo_chance(&d->r, 55) ? demo_next(&d->r, FIRMS) : FIRMS + STAFF_OF_FIRMS + demo_next(&d->r, DEMO_CUSTOMERS - FIRMS - STAFF_OF_FIRMS));
}

/* What was promised beyond the law: most firms bought a pack, some persons did. */
static enum err put_promise(struct ctx *c, const struct device *n, int64_t id, bool firm)
{
	static const struct { const char *policy, *length; int64_t visits; } of_firms[] = {
		{ "pack-36m", NULL, NIL }, { "pack-five-guarantees", NULL, NIL }, { "pack-nbd-onsite", "3y", NIL }, { "pack-2y-lifetime", NULL, NIL }, { "pack-commitment-letter", "3y", 4 },
	}, of_persons[] = { { "pack-accident", "2y", NIL }, { "pack-carry-in-7wd", "2y", NIL } };
	struct promise_row p = { .device_id = id, .visits = NIL };

	if (firm && id % 3) {
		p.policy = str_c(of_firms[id % (int64_t)LEN(of_firms)].policy);
		p.length = str_c(of_firms[id % (int64_t)LEN(of_firms)].length);
		p.visits = of_firms[id % (int64_t)LEN(of_firms)].visits;
		p.contract = arena_fmt(c->a, "HT-%04lld", (long long)(id % 97));
	} else if (!firm && id % 4 == 0) {
		p.policy = n->kind == DEVICE_NOTEBOOK ? S("pack-notebook-3y") : str_c(of_persons[id % 8 / 4].policy);
		p.length = n->kind == DEVICE_NOTEBOOK ? (str){ 0 } : str_c(of_persons[id % 8 / 4].length);
	}
	return p.policy.n ? promise_put(c, &p) : ERR_OK;
}

static enum err put_device(struct demo *d, struct ctx *c, size_t i)
{
	static const char *const departments[] = { "财务部", "销售部", "人事部", "研发部", "行政部", "前台" };
	struct demo_device *x = &d->device[i];
	int who = owner(d, i), model = some_model(d);
	const struct demo_customer *k = &d->customer[who];
	const struct demo_model *m = &demo_models[model];
	int64_t bought = tz_day(c->who->zone, d->now).d - 30 - demo_next(&d->r, demo_chance(&d->r, 70) ? 900 : 1900);
	struct device n = { .serial = serial(d, m), .brand = str_c(m->brand), .model = str_c(m->model), .config = str_c(m->config), .kind = name_index(device_kinds, str_c(m->kind)),
		.customer_id = k->id, .product_id = NIL, .replaced_by = NIL, .proof = demo_chance(&d->r, 85) ? PROOF_INVOICE : PROOF_CARD, .invoiced_on = { bought },
		.delivered_on = { bought + demo_next(&d->r, 5) }, .factory_on = { bought - 20 - demo_next(&d->r, 120) }, .installed_on = NO_DAY, .accepted_on = NO_DAY,
		.division = str_c(k->city->code) };

	if (n.proof == PROOF_INVOICE)
		n.invoice_no = arena_fmt(c->a, "%08u", 10000000 + demo_next(&d->r, 89999999));
	if (k->org) {
		n.asset_no = arena_fmt(c->a, "IT-%05zu", i + 1);
		n.department = str_c(departments[demo_next(&d->r, LEN(departments))]);
		n.user_name = demo_person(c->a, &d->r);
		n.installed_on.d = n.accepted_on.d = n.delivered_on.d + 2;
	}
	*x = (struct demo_device){ NIL, 0, n.serial, who, model, n.invoiced_on };
	c->now.ms = d->now.ms - 94 * DAY_MS;
	TRY(device_add(c, &n, &x->id));
	return put_promise(c, &n, x->id, k->org);
}

enum err demo_devices(struct ctx *c, void *demo)
{
	struct demo *d = demo;

	for (size_t i = 0; i < DEMO_DEVICES; i++) {
		struct arena_mark m = arena_mark(c->a);

		TRY(put_device(d, c, i));
		arena_reset(c->a, m);
	}
	return ERR_OK;
}
