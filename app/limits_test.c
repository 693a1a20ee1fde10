/* limits_test.c — what is settled: a line that became free by law is not charged; visits and claims a promise counts, the last free and the next paid; on both engines. */
#include "tests/unit.h"
#include "tests/world.h"
#include "app/wiring.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement.h"
#include "slice/money/fees_world_test.h"

static int64_t device_id;

struct dated { day bought; };
static enum err date_device(struct ctx *c, void *arg)
{
	const struct dated *when = arg;
	struct device d;

	TRY(device_get(c, device_id, &d));
	d.kind = DEVICE_NOTEBOOK;
	d.proof = PROOF_INVOICE;
	d.invoice_no = S("25332000001");
	d.division = S("330100");
	d.invoiced_on = d.delivered_on = when->bought;
	return device_save(c, &d);
}

static enum err seed(struct ctx *c, void *arg)
{
	(void)arg;
	return entitlement_seed(c);
}

/* The machine of money's little house, bought on that day. */
static void begin(struct world *w, int year, int month)
{
	struct dated when = { day_of(year, month, 20) };

	wiring_use();
	money_start(w);
	money_as(w, AS_SYSTEM);
	device_id = money_order(w).device_id;
	CHECK(!world_write(w, seed, NULL) && !world_write(w, date_device, &when));
}

struct moving { int ev; };
static enum err move_it(struct ctx *c, void *arg)
{
	const struct moving *m = arg;
	struct order_act a = { ORDER_ACT_EMPTY, .ev = m->ev, .reason = S("好"), .result = S("好"), .finding = S("屏坏"), .signer = S("好"), .cause = S("quality"),
		.signature = S("\x89PNG\r\n\x1a\n0000"), .station = S("HZ01"), .engineer = S("eng") };
	struct order o;

	a.verdict = m->ev == ORDER_EV_DIAGNOSE ? 1 : -1;
	TRY(order_get(c, till.no, &o));
	a.ver = o.ver;
	return order_act(c, till.no, &a, &o);
}

static enum err move(struct world *w, int ev) { return world_write(w, move_it, &(struct moving){ .ev = ev }); }

static void moves(struct world *w, const int *ev, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum err e = move(w, ev[i]);

		if (e)
			print_error("%s: %s\n", order_events[ev[i]], w->c.diag.n ? w->c.diag.f[0].text : w->c.diag.text);
		CHECK(!e);
	}
}

static const int given[] = { ORDER_EV_ACCEPT, ORDER_EV_DISPATCH, ORDER_EV_ASSIGN, ORDER_EV_TAKE };
static const int there[] = { ORDER_EV_DEPART, ORDER_EV_ARRIVE, ORDER_EV_DIAGNOSE }, repaired[] = { ORDER_EV_REPAIR, ORDER_EV_HAND_OVER };

static struct fee_line last_line(struct world *w)
{
	struct fee_line *l;
	size_t n;

	CHECK(!fee_lines(&w->c, money_order(w).id, true, &l, &n) && n);
	return l[n - 1];
}

/* ---- became free since the quote ---- */

static str told(struct world *w)
{
	return trf_(&w->c, w->c.diag.text ? w->c.diag.text : "", w->c.diag.arg, DIAG_ARGS);
}

static void freed_on(struct world *w)
{
	struct dated invoice = { day_of(2026, 10, 20) };
	struct quote q;

	begin(w, 2022, 10);
	moves(w, there, LEN(there));
	CHECK(!money_line(w, "LCD-140", -1, ""));
	CHECK(last_line(w).basis == WHY_PAID && !last_line(w).free && str_find(last_line(w).reason, S("@"), NULL));
	CHECK(!money_quote(w, &q));
	money_as(w, AS_ENGINEER);
	CHECK(!money_decide(w, QUOTE_EV_APPROVE));
	money_as(w, AS_SYSTEM);
	moves(w, repaired, LEN(repaired));
	/* The customer finds the true invoice: a month old, so Article 7's year covers it. */
	CHECK(!world_write(w, date_device, &invoice));
	CHECK(move(w, ORDER_EV_SETTLE) == ERR_CONFLICT);
	CHECK(str_find(told(w), S("14-inch display"), NULL) || str_find(told(w), S("液晶屏"), NULL));
	CHECK(str_find(told(w), S("now it is free"), NULL) && str_find(told(w), S("Art."), NULL) && str_find(told(w), S("China"), NULL));
	CHECK(money_order(w).state == ORDER_HANDED_OVER);
}

/* ---- three visits, two claims ---- */

static const char pack[] = "{ \"id\": \"pack-three-visits\", \"version\": 1, \"title\": { \"en\": \"Three visits\", \"zh\": \"三次上门\" }, \"kind\": \"pack\", \"from\": \"2000-01-01\",\n"
	"\"source\": { \"en\": \"test\", \"zh\": \"测试\" }, \"confidence\": \"confirmed\",\n"
	"\"clocks\": { \"whole\": { \"start\": { \"first\": [\"delivered\"] }, \"length\": \"20y\", \"clause\": { \"en\": \"1\", \"zh\": \"一\" } } },\n"
	"\"coverage\": [ { \"when\": { \"in\": \"whole\" }, \"parts\": [\"whole\", \"main\", \"part\"], \"causes\": [\"quality\"], \"percent\": { \"travel\": 100 }, \"payer\": \"seller\",\n"
	"\"visits\": 3, \"clause\": { \"en\": \"2\", \"zh\": \"二\" }, \"text\": { \"en\": \"Three visits.\", \"zh\": \"上门三次。\" } },\n"
	"{ \"when\": { \"in\": \"whole\" }, \"parts\": [\"whole\", \"main\", \"part\"], \"causes\": [\"quality\"], \"percent\": { \"parts\": 100, \"labour\": 100 }, \"payer\": \"seller\",\n"
	"\"claims\": 2, \"clause\": { \"en\": \"3\", \"zh\": \"三\" }, \"text\": { \"en\": \"Two claims.\", \"zh\": \"理赔两次。\" } } ],\n"
	"\"remedies\": [ { \"when\": { \"in\": \"whole\" }, \"options\": [\"repair\"], \"clause\": { \"en\": \"4\", \"zh\": \"四\" }, \"text\": { \"en\": \"Repair.\", \"zh\": \"维修。\" } } ],\n"
	"\"exclusions\": [], \"promises\": [], \"documents\": [] }";

struct promised { int64_t visits; };
static enum err promise(struct ctx *c, void *arg)
{
	const struct promised *p = arg;
	size_t added;

	TRY(policy_import(c, S("pack.json"), str_c(pack), &added));
	return promise_put(c, &(struct promise_row){ .device_id = device_id, .policy = S("pack-three-visits"), .visits = p->visits });
}

static enum err next_order(struct ctx *c, void *arg)
{
	struct order_new n = { .kind = -1, .mode = MODE_ONSITE, .channel = -1, .priority = -1, .frequency = -1, .data_choice = -1, .customer_id = NIL, .device_id = device_id,
		.customer_name = S("单雄信"), .phone = S("13800138000"), .address = S("杭州市西湖区文三路 1 号"), .device_kind = -1, .proof = -1, .invoiced_on = NO_DAY, .fault = S("又坏了"),
		.window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL, .in_spite = true };
	struct order o;
	int64_t id;

	(void)arg;
	TRY(order_register(c, &n, &id));
	TRY(order_by_id(c, id, &o));
	till.no = o.no;
	return ERR_OK;
}

static enum err add_line(struct ctx *c, void *arg)
{
	struct order o;
	int64_t id;

	TRY(order_get(c, till.no, &o));
	return fee_add(c, &o, arg, &id);
}

static enum pay paid(const struct kept *k, enum cost cost)
{
	return (enum pay)name_index(pay_names, cost == COST_TRAVEL ? k->travel : cost == COST_PARTS ? k->parts : k->labour);
}

/* One repair from the road to the settlement; its verdict at settlement. With a line for the visit, it is that which counts. */
static struct kept a_repair(struct world *w, bool line, bool *ret_visit_free)
{
	struct kept *k;
	size_t n;

	moves(w, there, LEN(there));
	if (line) {
		CHECK(!money_line(w, "SM", -1, ""));
		*ret_visit_free = last_line(w).free;
	}
	moves(w, repaired, LEN(repaired));
	if (!line || *ret_visit_free)
		moves(w, (const int[]){ ORDER_EV_SETTLE }, 1);
	CHECK(!kept_list(&w->c, NIL, money_order(w).id, NIL, 1, &k, &n) && n == 1);
	return k[0];
}

/* Forty days later: the repaired spot is out of its own thirty days (Art. 10). */
static void take_next(struct world *w)
{
	w->c.now.ms += 40 * 86400000LL;
	CHECK(!world_write(w, next_order, NULL));
	moves(w, given, LEN(given));
}

static int64_t used(struct world *w, bool visits)
{
	struct promise_row *p;
	size_t n;

	CHECK(!promise_list(&w->c, device_id, &p, &n) && n == 1);
	return visits ? p[0].visits_used : p[0].claims_used;
}

/* The policy's own limits: counted at settlement. */
static void counted_on(struct world *w)
{
	static const struct { enum pay travel, parts; int64_t visits, claims; } told_by[] = {
		{ PAY_FREE, PAY_FREE, 1, 1 }, { PAY_FREE, PAY_FREE, 2, 2 }, { PAY_FREE, PAY_PAID, 3, 2 }, { PAY_PAID, PAY_PAID, 3, 2 }, { PAY_PAID, PAY_PAID, 3, 2 },
	};
	struct promised p = { NIL };

	begin(w, 2016, 1);
	CHECK(!world_write(w, promise, &p));
	for (size_t i = 0; i < LEN(told_by); i++) {
		struct kept k;

		if (i)
			take_next(w);
		k = a_repair(w, false, NULL);
		CHECK(str_eq(k.stage, S("settlement")) && paid(&k, COST_TRAVEL) == told_by[i].travel && paid(&k, COST_PARTS) == told_by[i].parts && paid(&k, COST_LABOUR) == told_by[i].parts);
		CHECK(used(w, true) == told_by[i].visits && used(w, false) == told_by[i].claims);
	}
}

/* Reopened and settled again it counts once, and its own claim does not stand against it. */
static void once_on(struct world *w)
{
	struct promised p = { NIL };
	struct kept k;

	begin(w, 2016, 1);
	CHECK(!world_write(w, promise, &p));
	(void)a_repair(w, false, NULL);
	take_next(w);
	(void)a_repair(w, false, NULL);
	moves(w, (const int[]){ ORDER_EV_REOPEN }, 1);
	moves(w, given, LEN(given));
	k = a_repair(w, false, NULL);
	CHECK(paid(&k, COST_PARTS) == PAY_FREE && used(w, true) == 2 && used(w, false) == 2);
}

/* The contract filled in one visit: the fee line takes it, the next is charged; struck it comes back. */
static void filled_in_on(struct world *w)
{
	struct promised p = { 1 };
	struct fee_new two = { .code = S("SM"), .kind = -1, .unit_price = NO_MONEY, .qty = 2, .distance_m = NIL, .basis = -1 };
	bool is_free;

	begin(w, 2016, 1);
	CHECK(!world_write(w, promise, &p));
	moves(w, there, LEN(there));
	CHECK(world_write(w, add_line, &two) == ERR_INVALID && world_field(w, "qty") && used(w, true) == 0);
	CHECK(!money_line(w, "SM", -1, "") && last_line(w).free && str_eq(last_line(w).promise, S("pack-three-visits")) && used(w, true) == 1);
	moves(w, repaired, LEN(repaired));
	moves(w, (const int[]){ ORDER_EV_SETTLE }, 1);
	CHECK(used(w, true) == 1 && used(w, false) == 1);                       /* the line counted the visit, the settlement the claim */
	take_next(w);
	(void)a_repair(w, true, &is_free);
	CHECK(!is_free && last_line(w).basis == WHY_PAID && used(w, true) == 1);
}

#define ON_BOTH(name) static void name##_both(void **state) { (void)state; world_each(house_slices, name##_on); }
ON_BOTH(freed)
ON_BOTH(counted)
ON_BOTH(once)
ON_BOTH(filled_in)
UNIT_GROUP(limits, T(freed_both), T(counted_both), T(once_both), T(filled_in_both))
