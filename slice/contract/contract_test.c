/* contract_test.c — which contract covers a request, and what an order takes from it. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/calendar/calendar.h"
#include "slice/contract/contract.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order.h"
#include "slice/org/org.h"
#include "slice/product/product.h"
#include "slice/sla/sla.h"

extern const struct slice *const house_slices[];

/* A firm with an employee and two machines, a person with one; three levels to tell apart. */
static struct { int64_t hq, anna, firm, staff, person, product, x1, x2, alien; } net;
static str firm_no;

static enum err a_device(struct ctx *c, const char *serial, const char *brand, const char *model, int64_t customer, int64_t *ret)
{
	const struct device d = { .serial = str_c(serial), .brand = str_c(brand), .model = str_c(model), .kind = DEVICE_NOTEBOOK, .customer_id = customer, .product_id = NIL,
		.replaced_by = NIL, .factory_on = NO_DAY, .invoiced_on = NO_DAY, .delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY };

	return device_add(c, &d, ret);
}

static enum err a_level(struct ctx *c, const char *code, const char *target)
{
	struct level_target t = { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, str_c(target) };
	const struct level l = { .code = str_c(code), .name = S("x"), .name_en = str_c(code), .calendar = S("7x24"), .active = true, .target = &t, .n_target = 1 };
	int64_t id;

	return level_add(c, &l, &id);
}

static enum err build(struct ctx *c, void *arg)
{
	const struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	struct customer_new n = { .name = S("沧海电子"), .phone = S("057100000001"), .kind = CUSTOMER_ORGANISATION, .org_id = NIL, .lat = NIL, .lon = NIL };
	const struct product p = { .brand = S("Lenovo"), .model = S("ThinkPad X1"), .kind = S("notebook"), .active = true };
	struct user u = { .login = S("anna"), .name = S("Anna"), .lang = S("en"), .active = true, .customer_id = NIL };
	struct customer k;

	(void)arg;
	TRY(org_add(c, &o, &net.hq));
	TRY(user_add(c, &u, (str){ 0 }, &net.anna));
	TRY(calendar_seed(c));
	TRY(sla_seed(c));
	TRY(a_level(c, "gold", "2h"));
	TRY(a_level(c, "silver", "5h"));
	TRY(a_level(c, "bronze", "9h"));
	TRY(customer_add(c, &n, &net.firm));
	n.name = S("程咬金"), n.phone = S("13900000001"), n.kind = CUSTOMER_PERSON, n.org_id = net.firm;
	TRY(customer_add(c, &n, &net.staff));
	n.name = S("秦琼"), n.phone = S("13900000002"), n.org_id = NIL;
	TRY(customer_add(c, &n, &net.person));
	TRY(product_add(c, &p, &net.product));
	TRY(a_device(c, "PF-X1-1", "Lenovo", "ThinkPad X1", net.firm, &net.x1));
	TRY(a_device(c, "PF-X1-2", "Lenovo", "ThinkPad X1", net.firm, &net.x2));
	TRY(a_device(c, "PF-DELL", "Dell", "Latitude", net.person, &net.alien));
	TRY(customer_get(c, net.firm, &k));
	firm_no = k.no;
	return ERR_OK;
}

static void begin(struct world *w)
{
	CHECK(!world_write(w, build, NULL));
}

/* ---- one contract after another ---- */

struct signing { struct contract k; int cover[3]; const char *what[3]; str no; int64_t id; };

static enum err sign(struct ctx *c, void *arg)
{
	struct signing *s = arg;
	struct contract *made, k;
	int64_t next;
	size_t n;

	TRY(contract_add(c, &s->k, &s->id));
	TRY(contract_list(c, &(struct contract_filter){ .customer_id = NIL, .before = NIL, .limit = 1 }, &made, &n, &next));
	s->no = made[0].no;
	for (size_t i = 0; i < LEN(s->what) && s->what[i]; i++) {
		TRY(contract_get(c, s->no, &k));
		TRY(contract_cover_add(c, &k, s->cover[i], str_c(s->what[i])));
	}
	return ERR_OK;
}

static struct contract terms(const char *level, int64_t customer, const char *from, const char *until)
{
	struct contract k = { .customer_id = customer, .title = str_c(level), .level = str_c(level), .active = true };

	CHECK(day_parse(str_c(from), &k.from_on) && day_parse(str_c(until), &k.until_on));
	return k;
}

static str found(struct world *w, struct contract_ask a)
{
	struct contract *all;
	int64_t id, next;
	size_t n;

	CHECK(!contract_for(&w->c, &a, &id));
	CHECK(!contract_list(&w->c, &(struct contract_filter){ .customer_id = NIL, .before = NIL, .limit = 200 }, &all, &n, &next));
	for (size_t i = 0; i < n; i++)
		if (all[i].id == id)
			return all[i].title;
	return S("none");
}

/* The machine before its model, that before its brand, that before all; only while it runs; employees by their firm; nobody else's. */
static void finding_on(struct world *w)
{
	struct signing s[] = {
		{ .k = terms("bronze", net.firm, "2026-01-01", "2026-12-31") },
		{ .k = terms("silver", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_BRAND }, .what = { "LENOVO" } },
		{ .k = terms("gold", net.firm, "2026-06-01", "2026-11-30"), .cover = { COVER_DEVICE, COVER_PRODUCT }, .what = { "pf-x1-1", "lenovo thinkpad x1" } },
	};
	const struct { struct contract_ask a; const char *title; } row[] = {
		{ { net.firm, net.x1, net.product, S("Lenovo"), day_of(2026, 11, 22) }, "gold" },
		{ { net.firm, net.x2, net.product, S("Lenovo"), day_of(2026, 11, 30) }, "gold" },
		{ { net.firm, net.x2, net.product, S("Lenovo"), day_of(2026, 12, 1) }, "silver" },
		{ { net.firm, net.x2, NIL, S("lenovo"), day_of(2026, 5, 31) }, "silver" },
		{ { net.firm, NIL, NIL, { 0 }, day_of(2026, 11, 22) }, "bronze" },
		{ { net.staff, NIL, NIL, S("Dell"), day_of(2026, 1, 1) }, "bronze" },
		{ { net.staff, NIL, NIL, S("Dell"), day_of(2025, 12, 31) }, "none" },
		{ { net.person, net.x1, NIL, S("Lenovo"), day_of(2026, 11, 22) }, "gold" },        /* the machine is covered, whoever calls */
		{ { net.person, net.alien, net.product, S("Lenovo"), day_of(2026, 11, 22) }, "none" },
	};

	s[0].k.whole = true;
	for (size_t i = 0; i < LEN(s); i++) {
		s[i].k.customer_id = net.firm;
		CHECK_ROW(i, !world_write(w, sign, &s[i]));
	}
	for (size_t i = 0; i < LEN(row); i++)
		CHECK_ROW(i, str_eq(found(w, row[i].a), str_c(row[i].title)));
}

static enum err end_it(struct ctx *c, void *arg)
{
	struct contract k;

	TRY(contract_get(c, *(str *)arg, &k));
	k.active = false;
	return contract_save(c, &k);
}

static enum err uncover_it(struct ctx *c, void *arg)
{
	struct contract k;

	TRY(contract_get(c, *(str *)arg, &k));
	return contract_cover_drop(c, &k, k.cover[0].id);
}

/* A contract that lists machines and has lost the last covers none, not all. */
static void ending_on(struct world *w)
{
	struct signing s = { .k = terms("gold", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_DEVICE }, .what = { "PF-X1-1" } };
	const struct contract_ask a = { net.firm, net.x1, NIL, { 0 }, day_of(2026, 11, 22) };

	CHECK(!world_write(w, sign, &s) && str_eq(found(w, a), S("gold")));
	CHECK(!world_write(w, uncover_it, &s.no) && str_eq(found(w, a), S("none")));
	s.k.whole = true;
	CHECK(!world_write(w, sign, &s) && str_eq(found(w, a), S("gold")));
	CHECK(!world_write(w, end_it, &s.no) && str_eq(found(w, a), S("none")));
}

static void refused_on(struct world *w)
{
	const struct { struct signing s; const char *field; } row[] = {
		{ { .k = terms("", net.firm, "2026-01-01", "2026-12-31") }, "level" },
		{ { .k = terms("platinum", net.firm, "2026-01-01", "2026-12-31") }, "level" },
		{ { .k = terms("gold", net.firm, "2026-12-31", "2026-01-01") }, "until_on" },
		{ { .k = terms("gold", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_DEVICE }, .what = { "NOWHERE" } }, "what" },
		{ { .k = terms("gold", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_PRODUCT }, .what = { "ThinkPad" } }, "what" },
		{ { .k = terms("gold", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_BRAND, COVER_BRAND }, .what = { "Lenovo", "lenovo " } }, "what" },
	};
	struct contract *all;
	int64_t next;
	size_t n;

	for (size_t i = 0; i < LEN(row); i++) {
		struct signing s = row[i].s;

		if (!s.k.title.n)
			s.k.title = S("x");
		CHECK_ROW(i, world_write(w, sign, &s) == ERR_INVALID);
		CHECK_ROW(i, world_field(w, row[i].field));
	}
	world_calm(w);
	CHECK(!contract_list(&w->c, &(struct contract_filter){ .customer_id = NIL, .before = NIL, .limit = 5 }, &all, &n, &next) && n == 0);
}

/* ---- what an order takes from it ---- */

struct intake { struct order_new n; int64_t id; };
static enum err take_in(struct ctx *c, void *arg)
{
	struct intake *i = arg;

	return order_register(c, &i->n, &i->id);
}

static struct intake request(const char *serial, const char *name, const char *phone)
{
	return (struct intake){ .n = { .kind = -1, .mode = -1, .channel = -1, .priority = -1, .frequency = -1, .data_choice = -1, .customer_id = NIL, .device_id = NIL, .proof = -1,
		.device_kind = DEVICE_NOTEBOOK, .invoiced_on = NO_DAY, .window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL, .customer_name = str_c(name),
		.phone = str_c(phone), .address = S("somewhere 1"), .serial = str_c(serial), .fault = S("开不了机") } };
}

static struct sla_clock fix_of(struct world *w, int64_t order_id)
{
	struct sla_clock *k, none = { .id = NIL };
	size_t n;

	CHECK(!sla_clocks(&w->c, order_id, &k, &n));
	for (size_t i = 0; i < n; i++)
		if (k[i].kind == SLA_FIX && k[i].tier == SLA_CUSTOMER)
			return k[i];
	return none;
}

/* The contract's level and hours; an order that nobody's contract covers has the usual ones. world_now is a Sunday. */
static void order_on(struct world *w)
{
	struct signing s = { .k = terms("gold", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_DEVICE }, .what = { "PF-X1-1" } };
	struct intake in = request("PF-X1-1", "沧海电子", "057100000001"), out = request("PF-DELL", "秦琼", "13900000002");
	struct sla_clock k;
	struct order o;

	s.k.calendar = S("statutory");
	CHECK(!world_write(w, sign, &s));
	CHECK(!world_write(w, take_in, &in) && !world_write(w, take_in, &out));
	CHECK(!order_by_id(&w->c, in.id, &o) && o.contract_id == s.id && str_eq(o.contract, s.no));
	k = fix_of(w, in.id);
	CHECK(str_eq(k.level, S("gold")) && k.own_calendar && k.due_at.ms > w->c.now.ms + 12 * 3600000);
	CHECK(!order_by_id(&w->c, out.id, &o) && o.contract_id == NIL && !o.contract.n && str_eq(fix_of(w, out.id).level, S("standard")));
}

/* ---- a change reaches orders under way ---- */

struct changing { str no; const char *level; day until; bool active, whole; };
static enum err change_it(struct ctx *c, void *arg)
{
	const struct changing *h = arg;
	struct contract k;

	TRY(contract_get(c, h->no, &k));
	k.level = h->level ? str_c(h->level) : k.level;
	k.until_on = h->until.d != NIL ? h->until : k.until_on;
	k.active = h->active;
	k.whole = h->whole;
	return contract_save(c, &k);
}

static enum err drop_first(struct ctx *c, void *arg)
{
	struct contract k;

	TRY(contract_get(c, *(str *)arg, &k));
	return contract_cover_drop(c, &k, k.cover[0].id);
}

static size_t told(struct world *w, int64_t id, const char *kind)
{
	struct event *e;
	size_t n, hits = 0;

	CHECK(!audit_list(&w->c, "order", id, 0, 100, &e, &n));
	for (size_t i = 0; i < n; i++)
		hits += str_eq(e[i].kind, str_c(kind));
	return hits;
}

/* gold 2 h, silver 5 h, bronze 9 h round the clock. */
static void follows_on(struct world *w)
{
	struct signing s = { .k = terms("silver", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_DEVICE }, .what = { "PF-X1-1" } };
	struct intake in = request("PF-X1-1", "沧海电子", "057100000001");
	struct changing h = { .until = NO_DAY, .active = true };
	const int64_t hour = 3600000;
	struct order o;

	CHECK(!world_write(w, sign, &s) && !world_write(w, take_in, &in));
	h.no = s.no;
	CHECK(fix_of(w, in.id).due_at.ms == w->c.now.ms + 5 * hour);
	h.level = "bronze";
	CHECK(!world_write(w, change_it, &h));
	CHECK(fix_of(w, in.id).due_at.ms == w->c.now.ms + 5 * hour && str_eq(fix_of(w, in.id).level, S("silver")) && !told(w, in.id, "contract_changed"));     /* promised is promised */
	h.level = "gold";
	CHECK(!world_write(w, change_it, &h));
	CHECK(fix_of(w, in.id).due_at.ms == w->c.now.ms + 2 * hour && str_eq(fix_of(w, in.id).level, S("gold")) && told(w, in.id, "contract_changed") == 1);
	CHECK(!order_by_id(&w->c, in.id, &o) && o.due_at.ms <= w->c.now.ms + 2 * hour);
	CHECK(!world_write(w, drop_first, &s.no));
	CHECK(!order_by_id(&w->c, in.id, &o) && o.contract_id == s.id && str_eq(fix_of(w, in.id).level, S("gold")));        /* the machine left the contract, its order stays under it */
	h.until = day_of(2026, 11, 21);
	CHECK(!world_write(w, change_it, &h));                                  /* it ended the day before this order came in */
	CHECK(!order_by_id(&w->c, in.id, &o) && o.contract_id == NIL && told(w, in.id, "contract_ended") == 1);
	CHECK(str_eq(fix_of(w, in.id).level, S("standard")) && fix_of(w, in.id).due_at.ms > w->c.now.ms + 2 * hour);
}

/* The last day still covers; ended by hand it does not; a contract that comes to reach an order takes it. */
static void reaches_on(struct world *w)
{
	struct signing s = { .k = terms("gold", net.firm, "2026-01-01", "2026-12-31"), .cover = { COVER_DEVICE }, .what = { "PF-X1-2" } };
	struct intake in = request("PF-X1-1", "沧海电子", "057100000001");
	struct changing h = { .until = NO_DAY, .active = true, .whole = true };
	struct order o;

	CHECK(!world_write(w, sign, &s) && !world_write(w, take_in, &in));
	h.no = s.no;
	CHECK(!order_by_id(&w->c, in.id, &o) && o.contract_id == NIL);
	CHECK(!world_write(w, change_it, &h));
	CHECK(!order_by_id(&w->c, in.id, &o) && o.contract_id == s.id && str_eq(fix_of(w, in.id).level, S("gold")) && told(w, in.id, "contract_bound") == 1);
	h.until = day_of(2026, 11, 22);
	CHECK(!world_write(w, change_it, &h));
	CHECK(!order_by_id(&w->c, in.id, &o) && o.contract_id == s.id && !told(w, in.id, "contract_ended"));
	h.active = false;
	CHECK(!world_write(w, change_it, &h));
	CHECK(!order_by_id(&w->c, in.id, &o) && o.contract_id == NIL && told(w, in.id, "contract_ended") == 1);
}

struct two { int64_t keep, drop; };
static enum err join(struct ctx *c, void *arg)
{
	const struct two *t = arg;
	struct customer k;

	TRY(customer_get(c, t->drop, &k));
	return customer_merge(c, t->keep, t->drop, k.ver);
}

static void merged_on(struct world *w)
{
	struct signing s = { .k = terms("gold", net.firm, "2026-01-01", "2026-12-31") };
	struct two t = { net.person, net.firm };

	s.k.whole = true;
	CHECK(!world_write(w, sign, &s) && !world_write(w, join, &t));
	CHECK(str_eq(found(w, (struct contract_ask){ net.person, NIL, NIL, { 0 }, day_of(2026, 11, 22) }), S("gold")));
}

/* ---- the doors ---- */

static void doors_on(struct world *w)
{
	static struct door door;
	static struct actor clerk;

	clerk = w->who;
	clerk.id = net.anna;
	clerk.lang = "en";
	clerk.perms = PERM_ALL;
	door_as(&door, w, house_slices, &clerk);
	door_ask(&door, "GET", "/contracts", "");
	CHECK(door.a.status == 200 && door_says(&door, "/contracts/new"));
	door_ask(&door, "GET", arena_fmt(w->c.a, "/contracts/new?customer=%.*s", STR_ARG(firm_no)).p, "");
	CHECK(door.a.status == 200 && door_says(&door, "name=\"customer\"") && door_says(&door, firm_no.p));
	door_ask(&door, "POST", "/contracts", "customer=KH0&title=Gold&level=gold&from_on=2026-01-01&until_on=2026-12-31");
	CHECK(door.a.status == 422 && door_says(&door, "KH0"));
	door_ask(&door, "POST", "/contracts", arena_fmt(w->c.a, "customer=%.*s&title=Gold+service&level=gold&from_on=2026-01-01&until_on=2026-12-31", STR_ARG(firm_no)).p);
	CHECK(door.a.status == 303 && str_starts(door.a.location, S("/contracts/HT2026")));
	door_ask(&door, "GET", "/contracts/HT202600001", "");
	CHECK(door.a.status == 200 && door_says(&door, "Gold service") && door_says(&door, "PF-X1-2") && door_says(&door, "Nothing yet"));
	door_ask(&door, "POST", "/contracts/HT202600001/cover", "ver=1&kind=device&what=PF-X1-2");
	CHECK(door.a.status == 303);
	door_ask(&door, "POST", "/contracts/HT202600001/cover", "ver=1&kind=brand&what=Dell");
	CHECK(door.a.status == 409);
	door_ask(&door, "GET", "/api/v1/contracts/HT202600001", "");
	CHECK(door.a.status == 200 && door_says(&door, "\"serial\":\"PF-X1-2\"") && door_says(&door, "\"level\":\"gold\"") && door_says(&door, "\"until_on\":\"2026-12-31\""));
	door_ask(&door, "GET", arena_fmt(w->c.a, "/devices/%lld", (long long)net.x2).p, "");
	CHECK(door.a.status == 200 && door_says(&door, "HT202600001"));
	door_ask(&door, "GET", arena_fmt(w->c.a, "/customers/%.*s", STR_ARG(firm_no)).p, "");
	CHECK(door.a.status == 200 && door_says(&door, "HT202600001"));
	door_ask(&door, "GET", "/contracts?level=silver", "");
	CHECK(door.a.status == 200 && !door_says(&door, "HT202600001"));
	door_ask(&door, "GET", "/services/gold", "");
	CHECK(door.a.status == 200 && door_says(&door, "/contracts?level=gold"));
	clerk.perms = PERM_STAFF | PERM_CUSTOMER_READ;
	door_ask(&door, "GET", "/contracts/HT202600001", "");
	CHECK(door.a.status == 200 && !door_says(&door, "name=\"title\""));
	door_ask(&door, "POST", "/contracts/HT202600001/cover", "ver=2&kind=brand&what=Dell");
	CHECK(door.a.status == 403);
	clerk.lang = "zh";
	door_ask(&door, "GET", "/contracts/HT202600001", "");
	CHECK(door.a.status == 200 && door_says(&door, "覆盖范围内的设备") && door_says(&door, "生效中"));
	door_close(&door);
}

#define EACH(name) static void name##_in(struct world *w) { begin(w); name##_on(w); } static void name(void **state) { (void)state; world_each(house_slices, name##_in); }
EACH(finding) EACH(ending) EACH(refused) EACH(order) EACH(follows) EACH(reaches) EACH(merged) EACH(doors)
UNIT_GROUP(contract, T(finding), T(ending), T(refused), T(order), T(follows), T(reaches), T(merged), T(doors))
