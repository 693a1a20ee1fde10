/* The figures agree with the orders: days begin at the reader's midnight, stations count what is theirs, and nobody counts what they may not see. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/calendar/calendar.h"
#include "slice/device/device.h"
#include "slice/order/order.h"
#include "slice/org/org.h"
#include "slice/report/report.h"
#include "slice/sla/sla.h"

extern const struct slice *const house_slices[];
static int64_t region;
static struct org station[2];

static enum err build(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	int64_t id;

	(void)arg;
	TRY(calendar_seed(c));
	TRY(sla_seed(c));
	TRY(org_add(c, &o, &id));
	o.kind = ORG_REGION, o.code = S("EAST"), o.parent_id = id;
	TRY(org_add(c, &o, &region));
	o.kind = ORG_STATION, o.parent_id = region;
	for (size_t i = 0; i < LEN(station); i++) {
		o.code = i ? S("ST2") : S("ST1");
		TRY(org_add(c, &o, &id));
		TRY(org_get(c, id, &station[i]));
	}
	return ERR_OK;
}

/* One order at a station, registered so many minutes before now. */
struct planted { size_t at; int64_t minutes; };
static enum err plant(struct ctx *c, void *arg)
{
	const struct planted *p = arg;
	struct order_new n = { .kind = -1, .mode = MODE_ONSITE, .channel = -1, .priority = -1, .frequency = 0, .data_choice = 0, .customer_id = NIL, .device_id = NIL,
		.customer_name = S("单雄信"), .phone = S("138 0013 8000"), .address = S("文三路 1 号"), .device_kind = DEVICE_NOTEBOOK, .proof = -1, .invoiced_on = NO_DAY,
		.fault = S("无法开机"), .window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL, .station = station[p->at].code, .in_spite = true };
	int64_t id;

	c->now.ms = world_now.ms - p->minutes * 60000;
	TRY(order_register(c, &n, &id));
	c->now = world_now;
	return ERR_OK;
}

static void counts(struct world *w)
{
	static const struct planted rows[] = {
		{ 0, 5 }, { 0, 629 },                             /* today, one of them at 00:01 */
		{ 1, 631 }, { 1, 2000 },                          /* yesterday, at 23:59 and at 01:10 */
		{ 0, 14 * 1440 },                                 /* before the first of the fourteen days */
	};
	struct report_trend t;
	struct report_place *p;
	struct report_day today;
	size_t n;

	CHECK(!world_write(w, build, NULL));
	for (size_t i = 0; i < LEN(rows); i++) {
		struct planted row = rows[i];

		CHECK(!world_write(w, plant, &row));
	}
	CHECK(!report_trend(&w->c, &t));
	CHECK(t.opened[REPORT_DAYS - 1] == 2 && t.opened[REPORT_DAYS - 2] == 2);
	for (int i = 0; i < REPORT_DAYS - 2; i++)
		CHECK_ROW(i, t.opened[i] == 0 && t.closed[i] == 0);
	CHECK(!report_today(&w->c, &today) && today.opened == 2 && today.open == 5 && today.overdue >= 1);
	CHECK(!report_places(&w->c, &p, &n) && n == 2);
	CHECK(str_eq(p[0].code, S("ST1")) && p[0].open == 3 && p[1].open == 2);
	CHECK(p[0].overdue + p[1].overdue == today.overdue);

	w->who.sight = SIGHT_ORG;
	w->who.org_path = station[1].path;
	CHECK(!report_trend(&w->c, &t) && t.opened[REPORT_DAYS - 1] == 0 && t.opened[REPORT_DAYS - 2] == 2);
	CHECK(!report_places(&w->c, &p, &n) && n == 1 && str_eq(p[0].code, S("ST2")));
}

static void both(void **state)
{
	(void)state;
	world_each(house_slices, counts);
}

int report_test(void);
int report_test(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(both) };

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
