/* Bad input at the doors: each is refused with its reason, and nothing of it is posted. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/account/perm.h"
#include "slice/parts/parts_test.h"

static struct door d;
static struct actor all;                               /* may everything at the station */

static void ready(struct world *w)
{
	const str sn[] = { S("MB-1"), S("MB-2") };

	parts_net(w);
	CHECK(!post(w, STOCK_PURCHASE, net.counted, 5, 500, OUTSIDE(SUPPLIER), (struct stock_place){ net.store, BIN_GOOD }));
	CHECK(!post_serials(w, 2, OUTSIDE(SUPPLIER), (struct stock_place){ net.store, BIN_GOOD }, sn, 2));
	all = (struct actor){ .id = net.manager, .perms = actor_system.perms, .sight = SIGHT_ALL, .org_id = net.hq, .org_path = S("1."), .customer_id = NIL, .name = S("x"), .login = S("x"),
		.lang = "en", .zone = w->who.zone };
	door_as(&d, w, house_slices, &all);
}

/* Answered so, saying this; the ledger is as it was. */
static bool stays(struct world *w, const char *path, const char *body, int status, const char *says)
{
	int64_t before = moves(w);

	door_ask(&d, "POST", path, body);
	if (d.a.status == status && door_says(&d, says) && moves(w) == before && differences(w) == 0)
		return true;
	print_error("%s %s\n%d %.*s\n", path, body, d.a.status, (int)d.o.b.n, d.o.b.p);
	return false;
}

#define ADJUST(rest) "{\"warehouse\": \"HZ01\", \"reason\": \"盘\", " rest "}"

static void quantity_on(struct world *w)
{
	static const struct { const char *body, *says; } rows[] = {
		{ ADJUST("\"kind\": \"opening\", \"part_no\": \"MB-X1\", \"qty\": 1.5, \"serials\": \"A-1 A-2\""), "whole number" },
		{ ADJUST("\"kind\": \"opening\", \"part_no\": \"MB-X1\", \"qty\": \"0.5\", \"serials\": \"A-1\""), "whole number" },
		{ ADJUST("\"kind\": \"opening\", \"part_no\": \"LCD-14\", \"qty\": 2.5"), "whole number" },
		{ ADJUST("\"kind\": \"opening\", \"part_no\": \"LCD-14\", \"qty\": -2"), "qty" },
		{ ADJUST("\"kind\": \"spoiled\", \"part_no\": \"LCD-14\", \"qty\": 0"), "qty" },
		{ ADJUST("\"kind\": \"opening\", \"part_no\": \"LCD-14\", \"qty\": 1, \"value\": \"-5\""), "outside the allowed range" },
		{ ADJUST("\"kind\": \"opening\", \"part_no\": \"MB-X1\", \"qty\": 2, \"serials\": \"A-1\""), "needs 2 serial numbers" },
		{ ADJUST("\"kind\": \"opening\", \"part_no\": \"LCD-14\", \"qty\": 1, \"serials\": \"A-1\""), "not tracked by serial number" },
	};

	ready(w);
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, stays(w, "/api/v1/stock/adjust", rows[i].body, 422, rows[i].says));
	CHECK(stays(w, "/api/v1/stock/adjust", ADJUST("\"kind\": \"spoiled\", \"part_no\": \"LCD-14\", \"qty\": 6"), 409, "Only 5 of LCD-14 are free"));
}
static void quantity(void **state) { (void)state; world_each(house_slices, quantity_on); }

static void serial_twice_on(struct world *w)
{
	ready(w);
	CHECK(stays(w, "/api/v1/stock/adjust", ADJUST("\"kind\": \"opening\", \"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"mb1\""), 422, "mb1 is in"));
	CHECK(stays(w, "/api/v1/stock/adjust", ADJUST("\"kind\": \"opening\", \"part_no\": \"MB-X1\", \"qty\": 2, \"serials\": \"N-1 n1\""), 422, "n1 is in"));       /* twice in one breath */
	CHECK(stays(w, "/api/v1/stock/adjust", ADJUST("\"kind\": \"spoiled\", \"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"N-1\""), 422, "not known"));
}
static void serial_twice(void **state) { (void)state; world_each(house_slices, serial_twice_on); }

static enum err close_books(struct ctx *c, void *arg) { return setting_set(c, "parts.closed_through", str_c(arg)); }

static void closed_on(struct world *w)
{
	ready(w);
	CHECK(!world_write(w, close_books, (void *)(uintptr_t)"2999-12-31"));       /* the doors look at the real clock */
	CHECK(stays(w, "/api/v1/stock/adjust", ADJUST("\"kind\": \"opening\", \"part_no\": \"LCD-14\", \"qty\": 1"), 409, "books are closed through"));
	CHECK(stays(w, "/api/v1/stock/adjust", ADJUST("\"kind\": \"opening\", \"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"A-1\""), 409, "2999"));
}
static void closed(void **state) { (void)state; world_each(house_slices, closed_on); }

static void currency_on(struct world *w)
{
	static const char *const wish = "{\"supplier\": \"京东方\", \"warehouse\": \"HZ01\", \"wish\": [{\"part_no\": \"SCREW\", \"qty\": 1, \"price\": \"1.00\"},"
		" {\"part_no\": \"LCD-14\", \"qty\": 1, \"price\": {\"amount\": 100, \"currency\": \"USD\"}}]}";

	ready(w);
	CHECK(stays(w, "/api/v1/stock/adjust", ADJUST("\"kind\": \"opening\", \"part_no\": \"LCD-14\", \"qty\": 1, \"value\": {\"amount\": 100, \"currency\": \"USD\"}"), 422, "LCD-14 is kept in CNY"));
	CHECK(stays(w, "/api/v1/purchases", wish, 422, "wish.1.price"));
	door_ask(&d, "GET", "/api/v1/purchases?all=1", "");
	CHECK(d.a.status == 200 && !door_says(&d, "京东方"));
}
static void currency(void **state) { (void)state; world_each(house_slices, currency_on); }

/* A requisition issued, received and bought in twice: by the same paper seen before, and by the paper as it is now. */
static void twice_on(struct world *w)
{
	static const struct { const char *body; bool refused; int status; const char *says; } rows[] = {
		{ "{\"event\": \"approve\", \"ver\": 1}", false, 200, "approved" },
		{ "{\"event\": \"issue\", \"ver\": 2, \"piece\": [{\"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"MB-1\"}, {\"part_no\": \"LCD-14\", \"qty\": 9}]}", true, 422, "piece" },
		{ "{\"event\": \"issue\", \"ver\": 2, \"piece\": [{\"part_no\": \"LCD-14\", \"qty\": 2}, {\"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"NOPE\"}]}", true, 422, "not known" },
		{ "{\"event\": \"issue\", \"ver\": 2, \"piece\": [{\"part_no\": \"LCD-14\", \"qty\": 2}, {\"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"MB-1\"}]}", false, 200, "shipped" },
		{ "{\"event\": \"issue\", \"ver\": 2, \"piece\": [{\"part_no\": \"LCD-14\", \"qty\": 2}, {\"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"MB-1\"}]}", true, 409, "conflict" },
		{ "{\"event\": \"issue\", \"ver\": 3, \"piece\": [{\"part_no\": \"LCD-14\", \"qty\": 2}, {\"part_no\": \"MB-X1\", \"qty\": 1, \"serials\": \"MB-2\"}]}", true, 409, "conflict" },
		{ "{\"event\": \"receive\", \"ver\": 3}", false, 200, "received" },
		{ "{\"event\": \"receive\", \"ver\": 3}", true, 409, "conflict" },
		{ "{\"event\": \"receive\", \"ver\": 4}", true, 409, "conflict" },
	};
	char path[80];
	str page;
	size_t at;

	ready(w);
	door_ask(&d, "POST", "/api/v1/requisitions", "{\"to\": \"EAST\", \"from\": \"HZ01\", \"reason\": \"补\", \"wish\": [{\"part_no\": \"LCD-14\", \"qty\": 2}, {\"part_no\": \"MB-X1\", \"qty\": 1}]}");
	page = (str){ d.o.b.p, d.o.b.n };
	CHECK(d.a.status == 201 && str_find(page, S("\"no\":\""), &at));
	all.id = net.head;                             /* who asks does not approve */
	snprintf(path, sizeof path, "/api/v1/requisitions/%.*s/events", 12, page.p + at + 6);
	for (size_t i = 0; i < LEN(rows); i++) {
		if (rows[i].refused) {
			CHECK_ROW(i, stays(w, path, rows[i].body, rows[i].status, rows[i].says));
			continue;
		}
		door_ask(&d, "POST", path, rows[i].body);
		if (d.a.status != rows[i].status)
			print_error("%s\n%d %.*s\n", path, d.a.status, (int)d.o.b.n, d.o.b.p);
		CHECK_ROW(i, d.a.status == rows[i].status && door_says(&d, rows[i].says) && differences(w) == 0);
	}
}
static void twice(void **state) { (void)state; world_each(house_slices, twice_on); }

UNIT_GROUP(refused_parts, T(quantity), T(serial_twice), T(closed), T(currency), T(twice))
