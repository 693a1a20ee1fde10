/* An order's clocks follow what it is, where it lies and when things happened. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/order/order_test_bed.h"
#include "slice/account/perm.h"
#include "slice/product/product.h"
#include "slice/sla/sla.h"

/* A customer, product or station gets a level of its own whose fix takes 3 h; it reaches orders by intake and by dispatch. */
static enum err bind_level(struct ctx *c, void *arg)
{
	struct level_target fix[] = { { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, S("3h") } };
	struct level l = { .code = S("own"), .name = S("专属"), .name_en = S("Own"), .calendar = S("7x24"), .active = true, .target = fix, .n_target = 1, .binding = arg, .n_binding = 1 };
	int64_t id;

	return level_add(c, &l, &id);
}

static str level_of(struct world *w, int kind)
{
	struct sla_clock *k;
	size_t n;

	CHECK(!sla_clocks(&w->c, order_id, &k, &n));
	for (size_t i = 0; i < n; i++)
		if (k[i].kind == kind && k[i].tier == SLA_CUSTOMER)
			return k[i].level;
	return S("none");
}

static enum err a_product(struct ctx *c, void *arg)
{
	return product_add(c, &(struct product){ .brand = S("LENOVO"), .model = S("Thinkpad x1"), .kind = S("notebook") }, arg);
}

static void level_station_on(struct world *w)
{
	struct level_binding b = { .basis = BASIS_STATION };
	struct order_act a;

	start(w);
	CHECK(str_eq(level_of(w, SLA_FIX), S("standard")));
	b.basis_id = order_net.station;
	CHECK(!world_write(w, bind_level, &b));
	CHECK(!fire_it(w, act(ORDER_EV_ACCEPT)));
	a = act(ORDER_EV_DISPATCH), a.station = S("HZ01");
	CHECK(!fire_it(w, a) && str_eq(level_of(w, SLA_FIX), S("own")));
}

static void level_by_intake(struct world *w, int basis)
{
	struct order_new n = a_request();
	struct level_binding b = { .basis = basis };

	start(w);
	CHECK(!world_write(w, a_product, &b.basis_id));
	if (basis == BASIS_CUSTOMER)
		b.basis_id = now_of(w).customer_id;
	CHECK(!world_write(w, bind_level, &b));
	n.serial = S("PF-OTHER");
	CHECK(!world_write(w, register_it, &n) && str_eq(level_of(w, SLA_FIX), S("own")));
	CHECK(now_of(w).due_at.ms == world_now.ms + 3 * 3600000);
	n.serial = S("PF-THIRD"), n.model = S("Latitude"), n.customer_name = S("秦琼"), n.phone = S("13900000000");
	CHECK(!world_write(w, register_it, &n) && str_eq(level_of(w, SLA_FIX), S("standard")));
}
static void level_customer_on(struct world *w) { level_by_intake(w, BASIS_CUSTOMER); }
static void level_product_on(struct world *w) { level_by_intake(w, BASIS_PRODUCT); }

/* Impact × urgency give the priority unless it is set by hand; a change mid-way reaches the clocks. */
static void priority_on(struct world *w)
{
	static const struct { int impact, urgency, by_hand, priority; } row[] = {
		{ 3, 3, -1, SLA_URGENT }, { 1, 1, -1, SLA_LOW }, { 3, 3, SLA_LOW, SLA_LOW }, { 3, 0, -1, SLA_NORMAL }, { 0, 0, -1, SLA_NORMAL },
	};
	struct edit e = { .n = a_request() };
	struct order o;

	start(w);
	o = now_of(w);
	CHECK(o.due_at.ms == world_now.ms + 3600000);                  /* answer in 1 h; 30 min when urgent */
	e.no = o.no, e.ver = o.ver, e.n.priority = SLA_URGENT;
	CHECK(!world_write(w, edit_it, &e));
	CHECK(now_of(w).priority == SLA_URGENT && now_of(w).due_at.ms == world_now.ms + 1800000);
	for (size_t i = 0; i < LEN(row); i++) {
		struct order_new n = a_request();

		n.in_spite = true, n.impact = row[i].impact, n.urgency = row[i].urgency, n.priority = row[i].by_hand;
		CHECK_ROW(i, !world_write(w, register_it, &n) && now_of(w).priority == row[i].priority);
	}
	e.n.in_spite = true, e.n.impact = 4;
	CHECK(world_write(w, register_it, &e.n) == ERR_INVALID && world_field(w, "impact"));
}

/* Recorded without network: counted from then, within what the server knows. */
static void offline_on(struct world *w)
{
	const int64_t t0 = world_now.ms, minute = 60000;
	struct sla_clock *k;
	struct order_act a;
	size_t n;

	start(w);
	w->c.now.ms = t0 + 10 * minute;
	CHECK(!fire_it(w, act(ORDER_EV_ACCEPT)));
	to_station(w);
	as_engineer(w);
	CHECK(!fire_it(w, act(ORDER_EV_TAKE)));
	/* On the road at +20, there at +50; heard of at +200, when the promise of 2 h to arrive had long passed and was told of. */
	w->c.now.ms = t0 + 200 * minute;
	world_calm(w);
	CHECK(!sla_tick(&w->c));
	a = act(ORDER_EV_DEPART), a.device_at.ms = t0 + 20 * minute;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 20 * minute);
	a = act(ORDER_EV_ARRIVE), a.device_at.ms = t0 + 50 * minute;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 50 * minute);
	CHECK(!sla_clocks(&w->c, order_id, &k, &n));
	for (size_t i = 0; i < n; i++)
		CHECK_ROW(i, k[i].kind != SLA_ARRIVE || k[i].tier != SLA_CUSTOMER || (k[i].met && k[i].stopped_at.ms == t0 + 50 * minute && k[i].breached_at.ms == NIL));
	/* A clock that runs behind or ahead: not before the last event it had seen, not after receipt. */
	a = act(ORDER_EV_DIAGNOSE), a.verdict = 1, a.finding = S("x"), a.device_at.ms = t0;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 50 * minute);
	a = act(ORDER_EV_REPAIR), a.result = S("x"), a.device_at.ms = t0 + 900 * minute;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 200 * minute);
}

ON(level_station)
ON(level_customer)
ON(level_product)
ON(priority)
ON(offline)

UNIT_GROUP(order_clocks, T(level_station), T(level_customer), T(level_product), T(priority), T(offline))
