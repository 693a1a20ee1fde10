/* Purchases arrive in parts and set the cost, proposals follow minimum and demand, counts are blind and posted by somebody else. */
#include "tests/unit.h"
#include "tests/world.h"
#include "base/money.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/org/org.h"
#include "slice/supply/supply.h"

extern const struct slice *const house_slices[];
static int64_t hq_store, store, screen, board;
static struct purchase buy;
static struct stocktake take;

static enum err build(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	struct spare p = { .no = S("LCD"), .name = S("屏"), .class = PART_MAIN, .active = true, .supplier_months = NIL, .price = NO_MONEY, .cost = NO_MONEY };
	struct warehouse w;
	int64_t hq, region, station;

	(void)arg;
	TRY(org_add(c, &o, &hq));
	o.kind = ORG_REGION, o.code = S("EAST"), o.parent_id = hq;
	TRY(org_add(c, &o, &region));
	o.kind = ORG_STATION, o.code = S("HZ01"), o.parent_id = region;
	TRY(org_add(c, &o, &station));
	TRY(warehouse_of_org(c, hq, &w));
	hq_store = w.id;
	TRY(warehouse_of_org(c, station, &w));
	store = w.id;
	TRY(part_add(c, &p, &screen));
	p.no = S("MB"), p.serial_tracked = true;
	return part_add(c, &p, &board);
}

static int64_t differences(struct world *w);
static void tell(void *arg, str what) { (void)arg; print_error("%.*s\n", STR_ARG(what)); }
static int64_t differences(struct world *w)
{
	struct parts_check v = { .found = tell };

	world_calm(w);
	CHECK(!parts_verify(&w->c, &v));
	return v.differences;
}

static struct stock_level at(struct world *w, int64_t part, int64_t warehouse)
{
	struct stock_level l;

	world_calm(w);
	CHECK(!stock_at(&w->c, part, (struct stock_place){ warehouse, BIN_GOOD }, &l));
	return l;
}

/* ---- purchases ---- */

static enum err buy_it(struct ctx *c, void *arg) { return purchase_add(c, arg, &buy); }
struct arrival { struct purchase_piece *piece; size_t n; int64_t ver; };
static enum err arrive_it(struct ctx *c, void *arg)
{
	const struct arrival *a = arg;

	return purchase_receive(c, buy.no, a->ver ? a->ver : buy.ver, a->piece, a->n, &buy);
}
static enum err close_it(struct ctx *c, void *arg) { return purchase_close(c, buy.no, buy.ver, str_c(arg), &buy); }

static struct purchase_new two_parts(struct purchase_wish *wish)
{
	wish[0] = (struct purchase_wish){ S("LCD"), 10, CNY(70000) };
	wish[1] = (struct purchase_wish){ S("MB"), 2, CNY(200000) };
	return (struct purchase_new){ .supplier = S("某供应商"), .warehouse = S("HZ01"), .expected_on = NO_DAY, .wish = wish, .n = 2 };
}

static int64_t stock_before;
static bool not_received(struct world *w) { return at(w, screen, store).qty == stock_before && differences(w) == 0; }

static void purchases_on(struct world *w)
{
	struct purchase_wish wish[2];
	struct purchase_new n = two_parts(wish);
	struct purchase_piece first[] = { { S("lcd"), 4, { 0 } }, { S("MB"), 1, S("M1") } }, rest[] = { { S("LCD"), 6, { 0 } }, { S("MB"), 1, S("M2") } };
	struct purchase_piece many = { S("LCD"), 7, { 0 } }, none = { S("LCD"), 0, { 0 } };
	struct spare p;

	CHECK(!world_write(w, build, NULL));
	wish[0].qty = 0;
	CHECK(world_write(w, buy_it, &n) == ERR_INVALID && world_field(w, "wish.0.qty"));
	n = two_parts(wish), wish[1].price = NO_MONEY;
	CHECK(world_write(w, buy_it, &n) == ERR_INVALID && world_field(w, "wish.1.price"));
	n = two_parts(wish), n.warehouse = S("NOPE");
	CHECK(world_write(w, buy_it, &n) == ERR_INVALID && world_field(w, "warehouse"));
	n = two_parts(wish);
	CHECK(!world_write(w, buy_it, &n));
	CHECK(buy.state == PURCHASE_OPEN && buy.value.minor == 1100000);
	CHECK(world_write(w, arrive_it, &(struct arrival){ &none, 1, 0 }) == ERR_INVALID);
	CHECK(world_write(w, arrive_it, &(struct arrival){ first, 2, 99 }) == ERR_CONFLICT);
	CHECK(!purchase_get(&w->c, buy.no, &buy));
	stock_before = 0;
	world_torture(w, arrive_it, &(struct arrival){ first, 2, buy.ver }, not_received);
	CHECK(buy.state == PURCHASE_PARTIAL && at(w, screen, store).value == 280000 && at(w, board, store).qty == 1);
	CHECK(!part_get(&w->c, screen, &p) && p.cost.minor == 70000);
	CHECK(world_write(w, arrive_it, &(struct arrival){ &many, 1, 0 }) == ERR_CONFLICT);
	CHECK(!purchase_get(&w->c, buy.no, &buy));
	CHECK(!world_write(w, arrive_it, &(struct arrival){ rest, 2, 0 }));
	CHECK(buy.state == PURCHASE_RECEIVED && at(w, screen, store).qty == 10 && differences(w) == 0);
	CHECK(world_write(w, close_it, "x") == ERR_CONFLICT);
	n = two_parts(wish);
	CHECK(!world_write(w, buy_it, &n));
	CHECK(world_write(w, close_it, "") == ERR_INVALID && world_field(w, "reason"));
	CHECK(!world_write(w, close_it, "停产") && buy.state == PURCHASE_CLOSED);
}
static void purchases(void **state) { (void)state; world_each(house_slices, purchases_on); }

/* ---- proposals ---- */

static enum err move_it(struct ctx *c, void *arg) { return stock_post(c, &(struct stock_doc){ "test", NIL, NIL, NIL, { 0 }, { 0 } }, arg, 1, NULL); }
static enum err level_it(struct ctx *c, void *arg) { return stock_level_set(c, screen, store, ((int64_t *)arg)[0], ((int64_t *)arg)[1]); }

/* shipped in the last 90 days, minimum, maximum, on the shelf; proposed: the larger of maximum and 44 days' demand, less what is there. */
static void proposals_on(struct world *w)
{
	static const struct { int64_t shipped, low, high, shelf, propose; } rows[] = {
		{ 0, 0, 0, 5, 0 }, { 0, 5, 20, 5, 0 }, { 0, 5, 20, 4, 16 }, { 90, 0, 0, 14, 0 }, { 90, 0, 0, 13, 31 }, { 90, 0, 100, 13, 87 }, { 1, 0, 0, 1, 0 }, { 1, 0, 0, 0, 1 },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		struct stock_entry in = { .kind = STOCK_OPENING, .qty = rows[i].shelf + rows[i].shipped, .value = 100, .from = OUTSIDE(OPENING), .to = { .bin = BIN_GOOD } };
		struct stock_entry ship = { .kind = STOCK_SHIP, .qty = rows[i].shipped, .from = { .bin = BIN_GOOD }, .to = OUTSIDE(CUSTOMER) };
		struct proposal *p;
		size_t n;

		if (!i)
			CHECK(!world_write(w, build, NULL));
		in.part_id = ship.part_id = screen, in.to.warehouse_id = ship.from.warehouse_id = store;
		CHECK_ROW(i, !rows[i].low || !world_write(w, level_it, (int64_t[]){ rows[i].low, rows[i].high }));
		CHECK_ROW(i, rows[i].low || !world_write(w, level_it, (int64_t[]){ 0, rows[i].high }));
		CHECK_ROW(i, !in.qty || !world_write(w, move_it, &in));
		CHECK_ROW(i, !ship.qty || !world_write(w, move_it, &ship));
		CHECK_ROW(i, !proposal_list(&w->c, store, &p, &n));
		CHECK_ROW(i, n == (rows[i].propose > 0) && (!n || (p[0].propose == rows[i].propose && p[0].free == rows[i].shelf)));
		/* The next row starts from an empty shelf and a new quarter. */
		w->c.now.ms += 91 * 86400000LL;
		in = (struct stock_entry){ .kind = STOCK_ADJUST, .part_id = screen, .qty = rows[i].shelf, .from = { store, BIN_GOOD }, .to = OUTSIDE(DIFFERENCE) };
		CHECK_ROW(i, !in.qty || !world_write(w, move_it, &in));
	}
	w->c.now = world_now;
}
static void proposals(void **state) { (void)state; world_each(house_slices, proposals_on); }

/* ---- counts ---- */

static enum err start_it(struct ctx *c, void *arg) { return stocktake_start(c, str_c(arg), &take); }
struct counting { struct take_count *line; size_t n; };
static enum err count_it(struct ctx *c, void *arg)
{
	const struct counting *k = arg;

	return stocktake_count(c, take.no, k->line, k->n, &take);
}
static enum err submit_it(struct ctx *c, void *arg) { (void)arg; return stocktake_submit(c, take.no, take.ver, &take); }
static enum err approve_it(struct ctx *c, void *arg) { return stocktake_approve(c, take.no, take.ver, str_c(arg), &take); }

static void counts_on(struct world *w)
{
	const str sn[] = { S("M1"), S("M2") };
	struct stock_entry in = { .kind = STOCK_OPENING, .qty = 10, .value = 1000, .from = OUTSIDE(OPENING), .to = { .bin = BIN_GOOD } };
	struct stock_entry tracked = { .kind = STOCK_OPENING, .qty = 2, .value = 500, .from = OUTSIDE(OPENING), .to = { .bin = BIN_GOOD }, .serials = sn, .n_serials = 2 };
	struct take_count line[] = { { S("LCD"), 8, { 0 }, NIL }, { S("MB"), NIL, S("M2 M3"), NIL } }, bare = { S("MB"), 2, { 0 }, NIL };
	int64_t counter;

	CHECK(!world_write(w, build, NULL));
	in.part_id = screen, tracked.part_id = board, in.to.warehouse_id = tracked.to.warehouse_id = store;
	CHECK(!world_write(w, move_it, &in) && !world_write(w, move_it, &tracked));
	CHECK(!world_write(w, start_it, "HZ01") && take.n_lines == 2);
	CHECK(world_write(w, start_it, "HZ01") == ERR_CONFLICT);
	CHECK(world_write(w, submit_it, NULL) == ERR_INVALID && world_field(w, "line"));
	CHECK(world_write(w, count_it, &(struct counting){ &bare, 1 }) == ERR_INVALID && world_field(w, "line.0.qty"));
	CHECK(!world_write(w, count_it, &(struct counting){ line, 2 }));
	CHECK(take.lines[0].counted == 8 && take.lines[0].book == NIL && take.lines[0].diff == NIL && take.off == 0);
	/* A piece leaves after it was counted: no difference. */
	in = (struct stock_entry){ .kind = STOCK_SHIP, .part_id = screen, .qty = 1, .from = { store, BIN_GOOD }, .to = { hq_store, BIN_GOOD } };
	CHECK(!world_write(w, move_it, &in));
	CHECK(!world_write(w, submit_it, NULL));
	CHECK(take.lines[0].book == 10 && take.lines[0].diff == -2 && take.off == 1);
	CHECK(world_write(w, approve_it, "") == ERR_INVALID && world_field(w, "reason"));
	counter = take.counter_id;
	CHECK(counter == NIL);
	CHECK(!world_write(w, approve_it, "盘亏"));
	CHECK(at(w, screen, store).qty == 7 && at(w, screen, store).value == 700 && at(w, board, store).qty == 2);
	CHECK(take.state == TAKE_POSTED && differences(w) == 0);
	CHECK(!world_write(w, start_it, "HZ01"));
}
static void counts(void **state) { (void)state; world_each(house_slices, counts_on); }

static void needs(void **state)
{
	static const struct { const char *months; int ahead; int64_t want; } rows[] = {
		{ "000000000000000000000000", 0, 0 },
		{ "111111111111111111111111", 0, 1 },
		{ "444444444444444444444444", 2, 4 },
		{ "000000000000000000000006", 0, 6 },          /* one month of history */
		{ "000000000000000000111111", 1, 1 },
		{ "000000000000001111113333", 0, 2 },          /* ten months: 18 ÷ 10 */
		{ "600000000000600000000000", 0, 4 },          /* 6 ÷ 12 × (1 + 12) ÷ 2 = 3.25 */
		{ "600000000000600000000000", 1, 1 },          /* off season: half of the average */
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		int64_t month[FORECAST_BACK];

		for (int k = 0; k < FORECAST_BACK; k++)
			month[k] = rows[i].months[k] - '0';
		CHECK_ROW(i, forecast_need(month, rows[i].ahead) == rows[i].want);
	}
}

UNIT_GROUP(supply, T(needs), T(purchases), T(proposals), T(counts))
