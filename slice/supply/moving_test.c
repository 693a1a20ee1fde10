/* Counting while stock moves: a difference is one of the moment of counting, and a count that cannot know which pieces it saw is refused. */
#include <pthread.h>
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/parts/parts_test.h"
#include "slice/supply/supply.h"

enum { HERE = 40, LOST = 3, CLIENTS = 6, TRIES = 25, COUNTS = 12 };

static struct stocktake take;
static enum err start_it(struct ctx *c, void *arg) { return stocktake_start(c, str_c(arg), &take); }
static enum err count_it(struct ctx *c, void *arg) { return stocktake_count(c, take.no, arg, 1, &take); }
static enum err submit_it(struct ctx *c, void *arg) { (void)arg; return stocktake_submit(c, take.no, take.ver, &take); }
static enum err approve_it(struct ctx *c, void *arg) { return stocktake_approve(c, take.no, take.ver, str_c(arg), &take); }

static struct stock_place good(int64_t warehouse) { return (struct stock_place){ warehouse, BIN_GOOD }; }

static int64_t held(struct world *w, int64_t warehouse)
{
	struct stock_level l;

	world_calm(w);
	CHECK(!stock_at(&w->c, net.counted, good(warehouse), &l));
	return l.qty;
}

/* ---- one after the other ---- */

/* what moves between the sheet and the entry, what is entered; then what moves until it is posted. */
static void steps_on(struct world *w)
{
	static const struct { int64_t out_before, in_before, counted, out_after; bool refused; int64_t diff; } rows[] = {
		{ 0, 0, HERE, 0, false, 0 },
		{ 0, 0, HERE - 2, 0, false, -2 },
		{ 0, 0, HERE + 2, 5, false, 2 },
		{ 0, 0, HERE - 2, 5, false, -2 },
		{ 1, 0, HERE, 0, true, 0 },
		{ 0, 1, HERE, 0, true, 0 },
		{ 1, 1, HERE, 0, true, 0 },            /* the same number, but not the same pieces */
	};

	parts_net(w);
	for (size_t i = 0; i < LEN(rows); i++) {
		struct take_count k = { S("LCD-14"), rows[i].counted, { 0 }, NIL };
		int64_t before = rows[i].in_before - rows[i].out_before, want = HERE + before + rows[i].diff - rows[i].out_after;

		CHECK_ROW(i, !post(w, STOCK_PURCHASE, net.counted, HERE + 1, 100, OUTSIDE(SUPPLIER), good(net.store)));
		CHECK_ROW(i, !post(w, STOCK_ADJUST, net.counted, 1, NIL, good(net.store), good(net.van)));
		CHECK_ROW(i, !world_write(w, start_it, (void *)(uintptr_t)"HZ01"));
		k.since = take.mark;
		if (rows[i].out_before)
			CHECK_ROW(i, !post(w, STOCK_SHIP, net.counted, rows[i].out_before, NIL, good(net.store), good(net.van)));
		if (rows[i].in_before)
			CHECK_ROW(i, !post(w, STOCK_PURCHASE, net.counted, rows[i].in_before, 10, OUTSIDE(SUPPLIER), good(net.store)));
		CHECK_ROW(i, !post(w, STOCK_PURCHASE, net.screw, 1, 10, OUTSIDE(SUPPLIER), good(net.store)));      /* another part may move */
		if (rows[i].refused) {
			CHECK_ROW(i, world_write(w, count_it, &k) == ERR_INVALID && world_field(w, "line.0.qty"));
			world_calm(w);
			CHECK_ROW(i, !stocktake_get(&w->c, take.no, &take) && take.counted == 0);
			k = (struct take_count){ S("LCD-14"), HERE + before, { 0 }, take.mark };
		}
		CHECK_ROW(i, !world_write(w, count_it, &k));
		if (rows[i].out_after)
			CHECK_ROW(i, !post(w, STOCK_SHIP, net.counted, rows[i].out_after, NIL, good(net.store), good(net.van)));
		k.since = 0;                           /* the sheet sent once more as it stands: no new count */
		CHECK_ROW(i, !world_write(w, count_it, &k));
		CHECK_ROW(i, !world_write(w, submit_it, NULL) && take.lines[0].diff == rows[i].diff);
		CHECK_ROW(i, !world_write(w, approve_it, (void *)(uintptr_t)"盘点"));
		CHECK_ROW(i, held(w, net.store) == want && differences(w) == 0);
		parts_wipe(w);
	}
}
static void steps(void **state) { (void)state; world_each(house_slices, steps_on); }

/* What was missing and then left altogether cannot be taken out once more. */
static void gone_on(struct world *w)
{
	struct take_count k = { S("LCD-14"), HERE - 2, { 0 }, NIL };
	int64_t before;

	parts_net(w);
	CHECK(!post(w, STOCK_PURCHASE, net.counted, HERE, 100, OUTSIDE(SUPPLIER), good(net.store)));
	CHECK(!world_write(w, start_it, (void *)(uintptr_t)"HZ01"));
	CHECK(!world_write(w, count_it, &k) && !world_write(w, submit_it, NULL));
	CHECK(!post(w, STOCK_SHIP, net.counted, HERE, NIL, good(net.store), good(net.van)));
	before = moves(w);
	CHECK(world_write(w, approve_it, (void *)(uintptr_t)"盘亏") == ERR_CONFLICT && moves(w) == before && differences(w) == 0);
	world_calm(w);
	CHECK(!stocktake_get(&w->c, take.no, &take) && take.state == TAKE_SUBMITTED);
}
static void gone(void **state) { (void)state; world_each(house_slices, gone_on); }

/* ---- many clients ---- */

struct mover { struct world *w; pthread_t t; int64_t left; int wrong; };

static enum err swing(struct ctx *c, void *arg)
{
	bool back = *(const int *)arg % 3 == 2;        /* two go, one comes back */
	const struct stock_entry e = { .kind = back ? STOCK_UNUSED : STOCK_SHIP, .part_id = net.counted, .qty = 1, .from = good(back ? net.van : net.store), .to = good(back ? net.store : net.van) };

	return stock_post(c, &(struct stock_doc){ "test", NIL, NIL, NIL, S("T1"), { 0 } }, &e, 1, NULL);
}

static void *move_main(void *arg)
{
	struct mover *m = arg;
	struct arena a;

	arena_init(&a, 8 << 20);
	for (int i = 0; i < TRIES; i++) {
		struct ctx c = { .a = &a, .who = &m->w->who, .now = world_now };
		enum err e = db_write(m->w->db, &c, swing, &i);

		m->left += e ? 0 : i % 3 == 2 ? -1 : 1;
		m->wrong += e && e != ERR_CONFLICT;
		arena_clear(&a);
	}
	arena_free(&a);
	return NULL;
}

/* Looks at the shelf, on which LOST pieces fewer lie than the books say, and enters that: in one glance, so nothing moves in between. */
static enum err glance(struct ctx *c, void *arg)
{
	struct stock_level l;
	struct take_count k = { S("LCD-14"), 0, { 0 }, NIL };

	(void)arg;
	TRY(stocktake_get(c, take.no, &take));
	TRY(stock_at(c, net.counted, good(net.store), &l));
	k.qty = l.qty - LOST;
	k.since = take.mark;
	return stocktake_count(c, take.no, &k, 1, &take);
}

static void crowd_on(struct world *w)
{
	struct mover m[CLIENTS];
	int64_t left = 0, here;

	parts_net(w);
	here = CLIENTS * TRIES + LOST;
	CHECK(!post(w, STOCK_PURCHASE, net.counted, here, 9999, OUTSIDE(SUPPLIER), good(net.store)));
	CHECK(!world_write(w, start_it, (void *)(uintptr_t)"HZ01"));
	for (int i = 0; i < CLIENTS; i++) {
		m[i] = (struct mover){ .w = w };
		CHECK(!pthread_create(&m[i].t, NULL, move_main, &m[i]));
	}
	for (int i = 0; i < COUNTS; i++)
		CHECK_ROW(i, !world_write(w, glance, NULL));
	CHECK(!world_write(w, submit_it, NULL) && take.lines[0].diff == -LOST);
	CHECK(!world_write(w, approve_it, (void *)(uintptr_t)"盘亏"));
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(m[i].t, NULL);
		left += m[i].left;
		CHECK_ROW(i, m[i].wrong == 0);
	}
	CHECK(held(w, net.store) == here - LOST - left && held(w, net.van) == left);
	CHECK(differences(w) == 0);
}
static void crowd(void **state) { (void)state; world_each_file(house_slices, crowd_on); }

UNIT_GROUP(moving, T(steps), T(gone), T(crowd))
