/* keep_test.c — policies brought in and closed, the repairer's record, verdicts kept, added to and given again, on both engines. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement_int.h"

extern const struct slice slice_audit, slice_account, slice_calendar, slice_org, slice_customer, slice_product, slice_device, slice_entitlement;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, &slice_org, &slice_customer, &slice_product, &slice_device,
	&slice_entitlement, NULL };

static int64_t unit_id, second_id, kept_id;

static enum err seed(struct ctx *c, void *arg)
{
	(void)arg;
	return entitlement_seed(c);
}

static enum err add_unit(struct ctx *c, void *arg)
{
	const struct customer_new k = { .name = S("单雄信"), .phone = S("13800138000"), .kind = CUSTOMER_PERSON, .address = S("文一路 1 号"), .division = S("330106001"), .org_id = NIL, .lat = NIL, .lon = NIL };
	struct device d = { .serial = S("SN-1"), .brand = S("Great Wall"), .model = S("N1"), .kind = DEVICE_NOTEBOOK, .proof = PROOF_INVOICE, .product_id = NIL,
		.replaced_by = NIL, .factory_on = day_of(2026, 8, 1), .invoiced_on = day_of(2026, 9, 1), .delivered_on = day_of(2026, 9, 2), .installed_on = NO_DAY,
		.accepted_on = NO_DAY };

	(void)arg;
	TRY(entitlement_seed(c));
	TRY(customer_add(c, &k, &d.customer_id));
	TRY(device_add(c, &d, &unit_id));
	d.serial = S("SN-2");
	d.invoiced_on = d.delivered_on = NO_DAY;
	d.proof = PROOF_NONE;
	return device_add(c, &d, &second_id);
}

static void begin(struct world *w)
{
	setting_use(slices, false);
	CHECK(!world_write(w, add_unit, NULL));
}

/* ---- policies ---- */

static const char pack_x[] = "{ \"id\": \"pack-x\", \"version\": 1, \"kind\": \"pack\", \"from\": \"2020-01-01\", \"title\": { \"en\": \"X\", \"zh\": \"某\" },\n"
	"\"source\": { \"en\": \"S\", \"zh\": \"源\" }, \"confidence\": \"confirmed\",\n"
	"\"clocks\": { \"whole\": { \"start\": { \"first\": [\"delivered\"] }, \"length\": \"5y\", \"clause\": { \"en\": \"C\", \"zh\": \"条\" } } },\n"
	"\"coverage\": [ { \"when\": { \"in\": \"whole\" }, \"parts\": [\"whole\", \"main\", \"part\"], \"causes\": [\"quality\"], \"percent\": { \"parts\": 100, \"labour\": 50 },\n"
	"\"payer\": \"maker\", \"clause\": { \"en\": \"C\", \"zh\": \"条\" }, \"text\": { \"en\": \"T\", \"zh\": \"文\" } } ] }";

static enum err bring(struct ctx *c, void *arg)
{
	size_t added;

	return policy_import(c, S("x.json"), str_c(arg), &added);
}

static enum err end_2024(struct ctx *c, void *arg) { return policy_close(c, str_c(arg), 1, day_of(2024, 12, 31)); }

static char *changed(struct world *w, const char *from, const char *to)
{
	str text = str_c(pack_x);
	size_t at;

	CHECK(str_find(text, str_c(from), &at));
	return arena_cstr(w->c.a, arena_fmt(w->c.a, "%.*s%s%s", (int)at, text.p, to, text.p + at + strlen(from)));
}

static void policies_on(struct world *w)
{
	const struct policy_set *set, *again;
	struct policy_row *row;
	size_t n, shipped;
	str body;

	begin(w);
	CHECK(!policy_list(&w->c, (str){ 0 }, &row, &shipped));
	CHECK(shipped >= 19 && !policies(&w->c, &set) && set->n == shipped);
	CHECK(!world_write(w, seed, NULL));
	CHECK(!policies(&w->c, &again) && again == set);
	CHECK(!world_write(w, bring, (void *)(uintptr_t)pack_x));
	CHECK(!policies(&w->c, &again) && again != set && again->n == shipped + 1);
	CHECK(!world_write(w, bring, (void *)(uintptr_t)pack_x));
	CHECK(world_write(w, bring, changed(w, "5y", "4y")) == ERR_CONFLICT);
	CHECK(world_write(w, bring, changed(w, "\"version\": 1", "\"version\": 2")) == ERR_INVALID && world_field(w, "body"));
	CHECK(!world_write(w, end_2024, (void *)(uintptr_t)"pack-x"));
	CHECK(!world_write(w, bring, changed(w, "1, \"kind\": \"pack\", \"from\": \"2020-01-01\"", "2, \"kind\": \"pack\", \"from\": \"2025-01-01\"")));
	CHECK(world_write(w, bring, changed(w, "5y", "five years")) == ERR_INVALID);
	CHECK(!policy_list(&w->c, S("pack-x"), &row, &n) && n == 2 && row[0].to_on.d == day_of(2024, 12, 31).d && row[1].to_on.d == NIL);
	CHECK(!policy_body(&w->c, S("pack-x"), 1, &body) && str_eq(body, str_c(pack_x)));
	CHECK(policy_body(&w->c, S("pack-x"), 7, &body) == ERR_NOT_FOUND);
	world_calm(w);
}

static bool no_pack_x(struct world *w)
{
	struct policy_row *row;
	size_t n;

	return !policy_list(&w->c, S("pack-x"), &row, &n) && !n;
}

static void import_torture_on(struct world *w)
{
	begin(w);
	world_torture(w, bring, (void *)(uintptr_t)pack_x, no_pack_x);
}

/* ---- the record, and what it leads to ---- */

static const struct repair_of job1 = { 0, 71, { "BX1", 3 }, { "1.3.", 4 } }, job2 = { 0, 72, { "BX2", 3 }, { "1.3.", 4 } };

static enum err two_failed_repairs(struct ctx *c, void *arg)
{
	struct repair_of a = job1, b = job2;

	(void)arg;
	a.device_id = b.device_id = unit_id;
	TRY(repair_in(c, &a, day_of(2026, 10, 8)));
	TRY(repair_wait(c, 71, day_of(2026, 10, 9)));
	TRY(repair_wait(c, 71, day_of(2026, 10, 10)));
	TRY(repair_resume(c, 71, day_of(2026, 10, 12)));
	TRY(repair_part(c, 71, PART_DISPLAY));
	TRY(repair_out(c, 71, day_of(2026, 10, 13), 1, false));
	TRY(repair_judged(c, 71, false));
	TRY(repair_in(c, &b, day_of(2026, 10, 20)));
	TRY(repair_out(c, 72, day_of(2026, 10, 22), 0, false));
	return repair_out(c, 999, day_of(2026, 10, 22), 0, false);
}

static enum err asked(struct ctx *c, enum part part, struct entitlement *e)
{
	struct ask a = ask_today(c);

	a.part = (int)part;
	a.cause = CAUSE_QUALITY;
	a.listed = 1;
	return entitlement_for(c, unit_id, &a, e);
}

static void record_on(struct world *w)
{
	struct entitlement e;

	begin(w);
	CHECK(!asked(&w->c, PART_DISPLAY, &e));
	CHECK(str_eq(e.facts.province, S("CN-ZJ")) && e.facts.buyer == BUYER_CONSUMER && e.facts.kind == MACHINE_NOTEBOOK && e.facts.proof == PROVEN_INVOICE);
	CHECK(e.v.pay[COST_PARTS] == PAY_FREE && e.v.options == (uint64_t)1 << OPTION_REPAIR);
	CHECK(e.v.until[PERIOD_WHOLE].d == day_of(2027, 9, 2).d);
	CHECK(!world_write(w, two_failed_repairs, NULL));
	CHECK(!asked(&w->c, PART_DISPLAY, &e));
	CHECK(e.facts.n_stay == 2 && e.facts.stay[0].n_waiting == 1 && e.facts.stay[0].waiting[0].to.d == day_of(2026, 10, 12).d);
	CHECK(e.v.failed == 2 && str_eq(e.v.winner->id, S("cn-zj")));
	CHECK(e.v.options == ((uint64_t)1 << OPTION_REFUND | (uint64_t)1 << OPTION_EXCHANGE));
	CHECK(e.v.until[PERIOD_WHOLE].d == day_of(2027, 9, 9).d);              /* 5 + 2 days */
	CHECK(e.v.until[PERIOD_MAIN].d == day_of(2028, 10, 16).d);             /* new display on 13 Oct 2026, two days in repair after it: Sunday 15, so Monday 16 */
	CHECK(entitlement_for(&w->c, 999999, &(struct ask){ .on = day_of(2026, 11, 1), .part = 0, .cause = 0, .listed = 0 }, &e) == ERR_NOT_FOUND);
	world_calm(w);
}

/* ---- promises ---- */

static enum err promise_pack(struct ctx *c, void *arg)
{
	struct promise_row p = { .device_id = unit_id, .policy = str_c(arg), .length = S("3y"), .visits = 2 };

	return promise_put(c, &p);
}

static enum err use_visits(struct ctx *c, void *arg)
{
	(void)arg;
	return promise_used(c, unit_id, S("pack-commitment-letter"), 2, 0);
}

static enum err drop_pack(struct ctx *c, void *arg) { return promise_drop(c, unit_id, str_c(arg)); }

static void promises_on(struct world *w)
{
	struct entitlement e;

	begin(w);
	CHECK(world_write(w, promise_pack, (void *)(uintptr_t)"pack-nowhere") == ERR_INVALID && world_field(w, "policy"));
	CHECK(!world_write(w, promise_pack, (void *)(uintptr_t)"pack-commitment-letter"));
	CHECK(!asked(&w->c, PART_FAN, &e));
	CHECK(e.v.pay[COST_TRAVEL] == PAY_FREE && e.v.until[PERIOD_WHOLE].d == day_of(2029, 9, 3).d);
	CHECK(!world_write(w, use_visits, NULL));
	CHECK(!asked(&w->c, PART_FAN, &e) && e.v.pay[COST_TRAVEL] == PAY_PAID);
	CHECK(!world_write(w, drop_pack, (void *)(uintptr_t)"pack-commitment-letter"));
	CHECK(world_write(w, drop_pack, (void *)(uintptr_t)"pack-commitment-letter") == ERR_NOT_FOUND);
	world_calm(w);
}

/* ---- lineage ---- */

static enum err exchange(struct ctx *c, void *arg)
{
	struct repair_of a = job1;

	(void)arg;
	a.device_id = unit_id;
	TRY(repair_in(c, &a, day_of(2026, 10, 8)));
	TRY(repair_out(c, 71, day_of(2026, 10, 12), -1, true));
	return device_swap(c, &(struct device_swap){ .old_id = unit_id, .new_id = second_id, .order_id = 71, .reason = S("exchange") });
}

static void lineage_on(struct world *w)
{
	struct ask a = { .on = day_of(2026, 10, 20), .part = PART_WHOLE, .cause = CAUSE_QUALITY, .listed = 0, .order_id = NIL };
	struct tally t = { 0 };
	struct rules by;
	struct entitlement e;
	int64_t last;

	begin(w);
	CHECK(!world_write(w, exchange, NULL));
	CHECK(!entitlement_for(&w->c, second_id, &a, &e));
	CHECK(e.facts.n_stay == 1 && e.facts.stay[0].exchanged && e.facts.proof == PROVEN_INVOICE);
	CHECK(e.v.until[PERIOD_WHOLE].d == day_of(2027, 10, 12).d);
	CHECK(!rules_in_use(&w->c, &by) && !entitlement_last_device(&w->c, &last));
	CHECK(!entitlement_bulk(&w->c, &by, a.on, 0, last, &t, NULL, NULL));
	CHECK(t.devices == 1 && t.pay[PAY_FREE] == 1);                          /* the unit that was replaced is no longer out there */
}

/* ---- verdicts kept ---- */

static enum err keep_one(struct ctx *c, void *arg)
{
	struct entitlement e;

	(void)arg;
	TRY(asked(c, PART_DISPLAY, &e));
	return entitlement_keep(c, unit_id, NIL, STAGE_ASKED, &e, &kept_id);
}

static enum err grant(struct ctx *c, void *arg) { return goodwill_add(c, kept_id, arg); }

static void kept_on(struct world *w)
{
	struct goodwill g = { PAY_SHARED, -1, PAY_FREE, S("long-standing customer"), { 12000, "CNY" } };
	struct goodwill no_reason = { -1, -1, PAY_FREE, S(" "), { 1, "CNY" } }, fine = { -1, -1, PAY_FREE, S("long-standing customer"), { 12000, "CNY" } };
	struct goodwill dear = { -1, -1, PAY_FREE, S("reason"), { 50001, "CNY" } };
	struct actor clerk = { .id = NIL, .perms = PERM_VERDICT_OVERRIDE, .sight = SIGHT_ALL, .org_id = NIL, .customer_id = NIL, .lang = "en" };
	const struct actor *system = w->c.who;
	struct rules by;
	struct entitlement again;
	struct kept k;

	begin(w);
	CHECK(!world_write(w, two_failed_repairs, NULL) && !world_write(w, keep_one, NULL));
	CHECK(!kept_get(&w->c, kept_id, &k));
	CHECK(str_eq(k.source, S("cn-zj")) && str_eq(k.parts, S("free")) && str_eq(k.options, S("exchange refund")) && str_find(k.used, S("cn-sanbao-pc@2"), NULL));
	CHECK(!rules_in_use(&w->c, &by) && !kept_replay(&w->c, &k, &by, &again));
	CHECK(again.v.winner && str_eq(again.v.winner->id, k.source) && again.facts.n_stay == 2 && again.v.until[PERIOD_MAIN].d == day_of(2028, 10, 16).d);
	CHECK(world_write(w, grant, &g) == ERR_INVALID && world_field(w, "parts"));
	CHECK(world_write(w, grant, &no_reason) == ERR_INVALID && world_field(w, "reason"));
	w->c.who = &clerk;
	CHECK(world_write(w, grant, &dear) == ERR_FORBIDDEN);
	CHECK(!world_write(w, grant, &fine));
	CHECK(world_write(w, grant, &fine) == ERR_CONFLICT);
	clerk.perms = 0;
	CHECK(world_write(w, grant, &fine) == ERR_FORBIDDEN);
	w->c.who = system;
	CHECK(!kept_get(&w->c, kept_id, &k) && str_eq(k.goodwill_travel, S("free")) && k.goodwill_amount == 12000 && !k.goodwill_parts.n);
	world_calm(w);
}

/* ---- exposure ---- */

static enum err long_repair(struct ctx *c, void *arg)
{
	struct repair_of a = job1, b = job2;

	a.device_id = b.device_id = unit_id;
	TRY(repair_in(c, &a, day_of(2026, 11, 22 - *(int *)arg)));
	return remedy_demanded(c, &b, OPTION_EXCHANGE, day_of(2026, 11, 11));
}

static enum err settle(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(remedy_done(c, 72, day_of(2026, 11, 22)));
	return repair_out(c, 71, day_of(2026, 11, 22), 1, false);
}

/* Nobody has the roles here: each danger is kept for quality and for the region, to nobody by name, and stands in the order's trail. */
static int64_t notices_told(struct world *w)
{
	struct event *e;
	size_t n, more;

	CHECK(!audit_list(&w->c, "order", 71, 0, 200, &e, &n));
	CHECK(!audit_list(&w->c, "order", 72, 0, 200, &e, &more));
	return (int64_t)(n + more);
}

static void exposure_on(struct world *w)
{
	struct actor head = { .sight = SIGHT_ORG, .org_path = S("1.4."), .lang = "en", .zone = w->c.who->zone };
	const struct actor *system = w->c.who;
	struct exposed *x;
	size_t n;
	int days = 20;

	begin(w);
	CHECK(!exposure(&w->c, &x, &n) && n == 0);
	CHECK(!world_write(w, long_repair, &days));
	CHECK(!exposure(&w->c, &x, &n) && n == 2);
	CHECK(x[0].reached == 11 && str_eq(x[0].unit, S("days")) && x[0].limit == 15 && x[1].reached == 20 && x[1].limit == 30);
	w->c.who = &head;
	CHECK(!exposure(&w->c, &x, &n) && n == 0);
	w->c.who = system;
	CHECK(!exposure_tell(&w->c) && notices_told(w) == 4);
	CHECK(!exposure_tell(&w->c) && notices_told(w) == 4);
	w->c.now.ms += 11LL * 86400 * 1000;
	CHECK(!exposure_tell(&w->c) && notices_told(w) == 10);         /* both limits are passed now, and 35 days in all come near */
	CHECK(!world_write(w, settle, NULL));
	CHECK(!exposure(&w->c, &x, &n) && n == 0);
}

#define ON_BOTH(name) static void name##_both(void **state) { (void)state; world_each(slices, name##_on); }
ON_BOTH(policies)
ON_BOTH(import_torture)
ON_BOTH(record)
ON_BOTH(promises)
ON_BOTH(lineage)
ON_BOTH(kept)
ON_BOTH(exposure)
UNIT_GROUP(entitlement_keep, T(policies_both), T(import_torture_both), T(record_both), T(promises_both), T(lineage_both), T(kept_both), T(exposure_both))
