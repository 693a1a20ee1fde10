/* exchange_test.c — a unit is exchanged on an order: what is refused, what the hand-over does, what the new unit is due, on both engines. */
#include "tests/unit.h"
#include "tests/world.h"
#include "tests/door.h"
#include "app/wiring.h"
#include "slice/audit/audit.h"
#include "slice/contract/contract.h"
#include "slice/customer/customer.h"
#include "slice/entitlement/entitlement.h"
#include "slice/exchange/exchange.h"
#include "slice/order/order_test_bed.h"

static const struct unit_exchange plain = { .serial = { "NEW-0001", 8 }, .invoiced_on = NO_DAY, .delivered_on = NO_DAY };

static struct order_act step(int ev)
{
	struct order_act a = act(ev);

	a.signature = S("\x89PNG\r\n\x1a\n0000");
	a.signer = S("单雄信");
	a.result = S("换机");
	a.finding = S("主板反复故障");
	a.cause = S("quality");
	a.advice = S("已重装系统");
	a.verdict = ev == ORDER_EV_DIAGNOSE ? name_index(order_verdicts, S("exchange")) : -1;
	return a;
}

static void through(struct world *w, const int *ev, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum err e = fire_it(w, step(ev[i]));

		if (e)
			print_error("%s: %s\n", order_events[ev[i]], w->c.diag.n ? w->c.diag.f[0].text : w->c.diag.text);
		CHECK(!e);
	}
}

static void at_station(struct world *w)
{
	static const int ev[] = { ORDER_EV_TRIAGE, ORDER_EV_ACCEPT };

	through(w, ev, LEN(ev));
	to_station(w);
}

/* The unit was bought a month ago in Hangzhou. */
static enum err bought(struct ctx *c, void *arg)
{
	struct device d;
	struct order *o = arg;

	TRY(entitlement_seed(c));
	TRY(device_get(c, o->device_id, &d));
	d.proof = PROOF_INVOICE;
	d.invoice_no = S("25332000001");
	d.invoiced_on = d.delivered_on = day_of(2026, 10, 20);
	d.asset_no = S("A-77");
	d.location = S("3 楼");
	return device_save(c, &d);
}

static struct order begin(struct world *w)
{
	static const int ev[] = { ORDER_EV_TAKE, ORDER_EV_DEPART, ORDER_EV_ARRIVE, ORDER_EV_DIAGNOSE };
	struct order o;

	wiring_use();
	start(w);
	o = now_of(w);
	CHECK(!world_write(w, bought, &o));
	at_station(w);
	through(w, ev, LEN(ev));
	return now_of(w);
}

struct recording { struct order o; struct unit_exchange e; };
static enum err record_it(struct ctx *c, void *arg)
{
	const struct recording *r = arg;

	return exchange_record(c, &r->o, &r->e);
}

static enum err record(struct world *w, struct unit_exchange e)
{
	struct recording r = { now_of(w), e };

	return world_write(w, record_it, &r);
}

static enum err fate_it(struct ctx *c, void *arg)
{
	const struct recording *r = arg;

	return exchange_fate(c, &r->o, r->e.ver, FATE_REFURBISH, S("仓库 B"));
}

/* ---- what is refused ---- */

static enum err strangers(struct ctx *c, void *arg)
{
	struct customer_new n = { .name = S("尉迟恭"), .phone = S("13900000009"), .kind = CUSTOMER_PERSON, .org_id = NIL, .lat = NIL, .lon = NIL };
	struct device d = { .serial = S("OTHERS-1"), .brand = S("Lenovo"), .model = S("ThinkPad X1"), .product_id = NIL, .replaced_by = NIL, .factory_on = NO_DAY,
		.invoiced_on = NO_DAY, .delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY };
	struct order_new busy = a_request();
	int64_t id, mine = order_id;

	(void)arg;
	TRY(customer_add(c, &n, &d.customer_id));
	TRY(device_add(c, &d, &id));
	busy.serial = S("BUSY-1");
	TRY(order_register(c, &busy, &id));
	order_id = mine;
	return ERR_OK;
}

static void refused_on(struct world *w)
{
	static const int back[] = { ORDER_EV_REPAIR };
	struct unit_exchange e = plain, got;
	struct order o = begin(w);

	CHECK(!exchange_of_order(&w->c, &o, &got) && got.state == EXCHANGE_NONE && got.ver == 0 && str_eq(got.old_serial, S("PF-3A 0001")) && str_eq(got.model, S("ThinkPad X1")));
	CHECK(!world_write(w, strangers, NULL));
	e.serial = S(" - ");
	CHECK(record(w, e) == ERR_INVALID && world_field(w, "serial"));
	e.serial = S("pf3a0001");
	CHECK(record(w, e) == ERR_INVALID && world_field(w, "serial"));
	e.serial = S("NEW-0001"), e.model = S("ThinkPad T16");
	CHECK(record(w, e) == ERR_INVALID && world_field(w, "not_lower"));
	e = plain, e.condition = UNIT_REFURBISHED;
	CHECK(record(w, e) == ERR_INVALID && world_field(w, "note"));
	e = plain, e.delivered_on = day_of(2026, 11, 23);
	CHECK(record(w, e) == ERR_INVALID && world_field(w, "delivered_on"));
	e = plain, e.serial = S("OTHERS-1");
	CHECK(record(w, e) == ERR_CONFLICT);
	e.serial = S("BUSY-1");
	CHECK(record(w, e) == ERR_CONFLICT);
	e = plain, e.ver = 3;
	CHECK(record(w, e) == ERR_CONFLICT);
	as(w, role_info[ROLE_ENGINEER].perms, SIGHT_ALL, order_net.engineer + 100, (str){ 0 });
	CHECK(record(w, plain) == ERR_FORBIDDEN);
	as_system(w);
	through(w, back, LEN(back));
	CHECK(fire_it(w, step(ORDER_EV_HAND_OVER)) == ERR_CONFLICT && now_of(w).state == ORDER_REPAIRED);      /* no unit recorded: the hand-over waits */
}

/* ---- recorded, corrected, dropped ---- */

static void corrected_on(struct world *w)
{
	struct unit_exchange e = plain, got;
	struct order_act other = step(ORDER_EV_DIAGNOSE);
	struct order o;

	(void)begin(w);
	CHECK(!record(w, e));
	o = now_of(w);
	CHECK(!exchange_of_order(&w->c, &o, &got) && got.state == EXCHANGE_RECORDED && got.ver == 1 && got.new_id == NIL);
	CHECK(record(w, e) == ERR_CONFLICT);                                    /* somebody else's page still says: nothing recorded */
	e.ver = 1, e.serial = S("NEW-0002"), e.model = S("ThinkPad P1"), e.not_lower = true;
	CHECK(!record(w, e));
	CHECK(!exchange_of_order(&w->c, &o, &got) && got.ver == 2 && str_eq(got.serial, S("NEW-0002")) && got.not_lower);
	other.verdict = name_index(order_verdicts, S("part"));
	CHECK(!fire_it(w, other));
	o = now_of(w);
	CHECK(exchange_of_order(&w->c, &o, &got) == ERR_NOT_FOUND);
	world_calm(w);
	CHECK(record(w, plain) == ERR_CONFLICT);
}

/* ---- the hand-over ---- */

static enum err cover_it(struct ctx *c, void *arg)
{
	const struct order *o = arg;
	struct contract k = { .customer_id = o->customer_id, .title = S("一年上门"), .level = S("standard"), .from_on = day_of(2026, 1, 1), .until_on = day_of(2027, 12, 31), .active = true };
	struct contract *made;
	int64_t id, next;
	size_t n;

	TRY(contract_add(c, &k, &id));
	TRY(contract_list(c, &(struct contract_filter){ .customer_id = o->customer_id, .before = NIL, .limit = 1 }, &made, &n, &next));
	TRY(contract_get(c, made[0].no, &k));
	TRY(contract_cover_add(c, &k, COVER_DEVICE, S("PF-3A 0001")));
	return promise_put(c, &(struct promise_row){ .device_id = o->device_id, .policy = S("pack-36m"), .visits = NIL });
}

static enum err lose_pack(struct ctx *c, void *arg) { return promise_drop(c, *(int64_t *)arg, S("pack-36m")); }

static struct entitlement *verdict_on(struct world *w, int64_t device_id, day on, enum part part)
{
	struct ask a = { .on = on, .part = (int)part, .cause = CAUSE_QUALITY, .listed = -1, .order_id = NIL };
	struct entitlement *e = NEW(w->c.a, struct entitlement);

	CHECK(!entitlement_for(&w->c, device_id, &a, e));
	return e;
}

static bool says(const struct entitlement *e, const char *words)
{
	for (size_t i = 0; i < e->n_line; i++)
		if (str_find(e->line[i], str_c(words), NULL))
			return true;
	return false;
}

static struct unit_exchange exchanged(struct world *w)
{
	static const int ev[] = { ORDER_EV_REPAIR, ORDER_EV_HAND_OVER };
	struct unit_exchange e = plain, got = { 0 };
	struct order o = begin(w);

	CHECK(!world_write(w, cover_it, &o));
	e.invoice_no = S("26332000009"), e.config = S("32 GB"), e.fate = FATE_MAKER;
	CHECK(!record(w, e));
	as_engineer(w);
	through(w, ev, LEN(ev));
	as_system(w);
	o = now_of(w);
	CHECK(o.state == ORDER_HANDED_OVER && !exchange_of_order(&w->c, &o, &got) && got.state == EXCHANGE_DONE);
	return got;
}

static void handed_over_on(struct world *w)
{
	struct unit_exchange got = exchanged(w);
	struct device old, unit;
	struct device_swap_row *s;
	struct contract *k;
	struct entitlement *e;
	day today = day_of(2026, 11, 22);
	size_t n;

	CHECK(!device_get(&w->c, got.old_id, &old) && !device_get(&w->c, got.new_id, &unit));
	CHECK(old.replaced_by == unit.id && unit.customer_id == old.customer_id && unit.customer_id != NIL);
	CHECK(str_eq(unit.asset_no, S("A-77")) && str_eq(unit.location, S("3 楼")) && str_eq(unit.config, S("32 GB")) && unit.delivered_on.d == today.d && unit.kind == old.kind);
	CHECK(!device_lineage(&w->c, unit.id, &s, &n) && n == 1 && s[0].fate == FATE_MAKER && s[0].condition == UNIT_NEW && s[0].old_id == old.id);
	CHECK(!device_lineage(&w->c, old.id, &s, &n) && n == 1);
	CHECK(!contract_of_device(&w->c, &(struct contract_ask){ NIL, unit.id, NIL, { 0 }, today }, &k, &n) && n == 1);
	CHECK(!contract_of_device(&w->c, &(struct contract_ask){ NIL, old.id, NIL, { 0 }, today }, &k, &n) && n == 0);
	/* Art. 21: the whole period begins again: a year from 22 November 2026, which in 2027 is a Monday. */
	e = verdict_on(w, unit.id, today, PART_WHOLE);
	CHECK(e->v.pay[COST_PARTS] == PAY_FREE && e->v.winner && says(e, "This unit was given for PF-3A 0001 on 2026-11-22"));
	for (size_t i = 0; i < e->v.n; i++) {
		const struct candidate *by = &e->v.candidate[i];

		CHECK(!str_eq(by->id, S("cn-sanbao-pc")) || by->clock[PERIOD_WHOLE].end.d == day_of(2027, 11, 22).d);
		CHECK(!str_eq(by->id, S("pack-36m")) || (by == e->v.winner && by->clock[PERIOD_WHOLE].end.d == day_of(2029, 10, 22).d));
	}
	CHECK(!world_write(w, lose_pack, &got.old_id));
	CHECK(says(verdict_on(w, unit.id, today, PART_WHOLE), "from 2026-11-22 (begun again by the exchange of the unit) until 2027-11-22"));
	/* The old unit is due nothing any more. */
	e = verdict_on(w, old.id, today, PART_WHOLE);
	CHECK(e->v.pay[COST_PARTS] == PAY_PAID && !e->v.winner && says(e, "This unit was exchanged on 2026-11-22") && e->v.candidate[0].why == LOST_GONE);
	e = verdict_on(w, old.id, day_of(2026, 11, 21), PART_WHOLE);
	CHECK(e->v.pay[COST_PARTS] == PAY_FREE);
}

/* Nothing of it happens before the hand-over, and all of it or nothing with it. */
static enum err hand_over_it(struct ctx *c, void *arg)
{
	struct firing *f = arg;

	return order_act(c, f->no, &f->a, &f->out);
}

static bool not_yet(struct world *w)
{
	struct order o = now_of(w);
	struct unit_exchange e;
	struct device d;
	bool same = o.state == ORDER_REPAIRED && !exchange_of_order(&w->c, &o, &e) && e.state == EXCHANGE_RECORDED && device_known(&w->c, S("NEW-0001"), (str){ 0 }, &d) == ERR_NOT_FOUND;

	world_calm(w);
	return same && !device_get(&w->c, o.device_id, &d) && d.replaced_by == NIL;
}

static void whole_on(struct world *w)
{
	static const int ev[] = { ORDER_EV_REPAIR };
	struct order o = begin(w);
	struct firing f = { .a = step(ORDER_EV_HAND_OVER), .no = o.no };

	CHECK(!record(w, plain));
	through(w, ev, LEN(ev));
	CHECK(not_yet(w));
	f.a.ver = now_of(w).ver;
	world_torture(w, hand_over_it, &f, not_yet);
	CHECK(now_of(w).state == ORDER_HANDED_OVER);
}

/* ---- where the old unit goes, and another life ---- */

static enum err second_order(struct ctx *c, void *arg)
{
	struct order_new n = a_request();

	(void)arg;
	n.serial = S("PF-9Z 0009"), n.customer_name = S("罗成"), n.phone = S("13900000010");
	return order_register(c, &n, &order_id);
}

static void refurbished_on(struct world *w)
{
	static const int ev[] = { ORDER_EV_TAKE, ORDER_EV_DEPART, ORDER_EV_ARRIVE, ORDER_EV_DIAGNOSE }, rest[] = { ORDER_EV_REPAIR, ORDER_EV_HAND_OVER };
	struct unit_exchange got = exchanged(w), again = plain;
	struct recording r = { now_of(w), got };
	struct device_swap_row *s;
	struct device d;
	struct facts f;
	struct ask a = { .on = day_of(2026, 11, 22), .part = PART_WHOLE, .cause = CAUSE_QUALITY, .listed = -1, .order_id = NIL };
	size_t n;

	CHECK(!world_write(w, second_order, NULL));
	at_station(w);
	through(w, ev, LEN(ev));
	again.serial = S("PF-3A 0001"), again.condition = UNIT_REFURBISHED, again.note = S("客户书面同意");
	CHECK(record(w, again) == ERR_CONFLICT);                                /* it went back to the maker */
	CHECK(!world_write(w, fate_it, &r));
	CHECK(world_write(w, fate_it, &r) == ERR_CONFLICT);                     /* stale */
	CHECK(!record(w, again));
	through(w, rest, LEN(rest));
	CHECK(!device_get(&w->c, got.old_id, &d) && d.replaced_by == NIL);
	CHECK(!device_lineage(&w->c, got.old_id, &s, &n) && n == 2 && s[0].fate == FATE_REFURBISH && s[1].condition == UNIT_REFURBISHED);
	/* Its first life's successor keeps the first owner's dates only, the unit itself stands for the second's. */
	CHECK(!entitlement_facts(&w->c, got.new_id, &a, &f) && f.basis[START_INVOICED].d == day_of(2026, 10, 20).d && str_eq(f.replaces, S("PF-3A 0001")));
	CHECK(!entitlement_facts(&w->c, got.old_id, &a, &f) && str_eq(f.replaces, S("PF-9Z 0009")) && f.basis[START_INVOICED].d == NIL && f.gone.d == NIL);
}

/* ---- doors ---- */

static void doors_on(struct world *w)
{
	struct order o = begin(w);
	str page = arena_fmt(&w->a, "/orders/%.*s/exchange", STR_ARG(o.no)), api = arena_fmt(&w->a, "/api/v1%.*s", STR_ARG(page));
	struct door d;

	door_open(&d, w, house_slices, "ruth", ROLE_ADMIN, order_net.hq, S("1."));
	door_ask(&d, "GET", page.p, "");
	CHECK(d.a.status == 200 && door_says(&d, "Serial number of the new unit"));
	door_ask(&d, "GET", api.p, "");
	CHECK(d.a.status == 200 && door_says(&d, "\"state\":\"none\"") && door_says(&d, "\"ver\":0"));
	door_ask(&d, "POST", api.p, "{\"ver\":0,\"serial\":\"PF-3A 0001\"}");
	CHECK(d.a.status == 422 && door_says(&d, "\"serial\""));
	door_ask(&d, "POST", page.p, "ver=0&serial=NEW-9&model=ThinkPad+T1");
	CHECK(d.a.status == 422 && door_says(&d, "NEW-9") && door_says(&d, "say that it is not lower"));         /* comes back with what was typed */
	door_ask(&d, "POST", api.p, "{\"ver\":0,\"serial\":\"NEW-9\",\"fate\":\"scrap\"}");
	CHECK(d.a.status == 200 && door_says(&d, "\"state\":\"recorded\"") && door_says(&d, "\"fate\":\"scrap\""));
	door_ask(&d, "POST", api.p, "{\"ver\":0,\"serial\":\"NEW-8\"}");
	CHECK(d.a.status == 409);
	door_ask(&d, "GET", arena_fmt(&w->a, "/orders/%.*s", STR_ARG(o.no)).p, "");
	CHECK(d.a.status == 200 && door_says(&d, "NEW-9") && door_says(&d, "Recorded for the hand-over"));
	door_close(&d);
}

ON(refused)
ON(corrected)
ON(handed_over)
ON(whole)
ON(refurbished)
ON(doors)
UNIT_GROUP(exchange, T(refused), T(corrected), T(handed_over), T(whole), T(refurbished), T(doors))
