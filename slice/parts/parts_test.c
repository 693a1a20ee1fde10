/* The ledger: value follows the pieces to the last fen, nothing goes below zero whoever asks how often, and no forgery goes unseen. */
#include <pthread.h>
#include "tests/unit.h"
#include "tests/world.h"
#include "base/money.h"
#include "slice/parts/parts_test.h"

#define SUPPLIER OUTSIDE(SUPPLIER)

static struct stock_place at(int64_t w, enum stock_bin bin) { return (struct stock_place){ w, bin }; }

static struct stock_level level(struct world *w, int64_t part, struct stock_place p)
{
	struct stock_level l;

	world_calm(w);
	CHECK(!stock_at(&w->c, part, p, &l));
	return l;
}

/* ---- value ---- */

/* in: pieces for a value; out: pieces, and what they must carry. */
static void value_on(struct world *w)
{
	static const struct { int64_t in, worth, out, carries, left_qty, left_value; } rows[] = {
		{ 3, 1000, 0, 0, 3, 1000 },
		{ 0, 0, 1, 333, 2, 667 },
		{ 0, 0, 1, 334, 1, 333 },              /* 667 ÷ 2 = 333.5, half away from zero */
		{ 0, 0, 1, 333, 0, 0 },                /* the rest follows the last piece */
		{ 10, 10000, 0, 0, 10, 10000 },
		{ 10, 20000, 5, 7500, 15, 22500 },     /* moving average 15.00 */
		{ 0, 0, 15, 22500, 0, 0 },
		{ 7, 0, 3, 0, 4, 0 },                  /* worthless pieces are pieces */
		{ 1, 1, 2, 0, 3, 1 },                  /* 1 × 2 ÷ 5 = 0.4 */
		{ 0, 0, 3, 1, 0, 0 },
	};

	parts_net(w);
	for (size_t i = 0; i < LEN(rows); i++) {
		struct stock_level van = level(w, net.counted, at(net.van, BIN_GOOD)), l;

		if (rows[i].in)
			CHECK_ROW(i, !post(w, STOCK_PURCHASE, net.counted, rows[i].in, rows[i].worth, SUPPLIER, at(net.store, BIN_GOOD)));
		if (rows[i].out)
			CHECK_ROW(i, !post(w, STOCK_ADJUST, net.counted, rows[i].out, NIL, at(net.store, BIN_GOOD), at(net.van, BIN_GOOD)));
		l = level(w, net.counted, at(net.store, BIN_GOOD));
		CHECK_ROW(i, l.qty == rows[i].left_qty && l.value == rows[i].left_value);
		l = level(w, net.counted, at(net.van, BIN_GOOD));
		CHECK_ROW(i, l.qty == van.qty + rows[i].out && l.value == van.value + rows[i].carries);
		CHECK_ROW(i, differences(w) == 0);
	}
}
static void value(void **state) { (void)state; world_each(house_slices, value_on); }

/* ---- what is refused ---- */

static void refused_on(struct world *w)
{
	struct stock_level l;

	parts_net(w);
	CHECK(!post(w, STOCK_PURCHASE, net.counted, 5, 500, SUPPLIER, at(net.store, BIN_GOOD)));
	CHECK(post(w, STOCK_ADJUST, net.counted, 6, NIL, at(net.store, BIN_GOOD), at(net.van, BIN_GOOD)) == ERR_CONFLICT);
	CHECK(post(w, STOCK_ADJUST, net.counted, 1, NIL, at(net.store, BIN_BAD), at(net.van, BIN_GOOD)) == ERR_CONFLICT);
	CHECK(post(w, STOCK_ADJUST, net.counted, 0, NIL, at(net.store, BIN_GOOD), at(net.van, BIN_GOOD)) == ERR_INVALID && world_field(w, "qty"));
	CHECK(post(w, STOCK_ADJUST, net.counted, -1, NIL, at(net.store, BIN_GOOD), at(net.van, BIN_GOOD)) == ERR_INVALID);
	CHECK(post(w, STOCK_ADJUST, net.counted, INT64_MAX, NIL, at(net.store, BIN_GOOD), at(net.van, BIN_GOOD)) == ERR_INVALID);
	CHECK(post(w, STOCK_PURCHASE, net.counted, 1, -1, SUPPLIER, at(net.store, BIN_GOOD)) == ERR_INVALID && world_field(w, "value"));
	/* Reserved pieces are not free. */
	CHECK(!reserve(w, net.counted, net.store, 3));
	CHECK(reserve(w, net.counted, net.store, 3) == ERR_CONFLICT);
	CHECK(post(w, STOCK_ADJUST, net.counted, 3, NIL, at(net.store, BIN_GOOD), at(net.van, BIN_GOOD)) == ERR_CONFLICT);
	CHECK(!post(w, STOCK_ADJUST, net.counted, 2, NIL, at(net.store, BIN_GOOD), at(net.van, BIN_GOOD)));
	CHECK(reserve(w, net.counted, net.store, -4) == ERR_CONFLICT);
	CHECK(!reserve(w, net.counted, net.store, -3));
	l = level(w, net.counted, at(net.store, BIN_GOOD));
	CHECK(l.qty == 3 && l.value == 300 && l.reserved == 0);
	CHECK(differences(w) == 0);
}
static void refused(void **state) { (void)state; world_each(house_slices, refused_on); }

static void serials_on(struct world *w)
{
	const str two[] = { S("SN-0001"), S("SN-0002") }, again[] = { S("sn 0001") }, unknown[] = { S("SN-9") }, empty[] = { S(" - ") };
	struct stock_place store, van;
	struct serial_at s;

	parts_net(w);
	store = at(net.store, BIN_GOOD), van = at(net.van, BIN_GOOD);
	CHECK(post_serials(w, 3, SUPPLIER, store, two, 2) == ERR_INVALID && world_field(w, "serials"));
	CHECK(!post_serials(w, 2, SUPPLIER, store, two, 2));
	CHECK(post_serials(w, 1, SUPPLIER, store, again, 1) == ERR_INVALID);
	CHECK(post_serials(w, 1, store, van, unknown, 1) == ERR_INVALID);
	CHECK(post_serials(w, 1, SUPPLIER, store, empty, 1) == ERR_INVALID);
	CHECK(!post_serials(w, 1, store, van, again, 1));
	CHECK(post_serials(w, 1, store, van, again, 1) == ERR_INVALID);
	world_calm(w);
	CHECK(!serial_find(&w->c, net.tracked, S("SN0001"), &s));
	CHECK(s.warehouse_id == net.van && s.bin == BIN_GOOD && str_eq(s.serial, S("SN-0001")));
	CHECK(!post_serials(w, 1, van, OUTSIDE(CUSTOMER), again, 1));
	CHECK(!post_serials(w, 1, OUTSIDE(CUSTOMER), at(net.van, BIN_BAD), again, 1));
	CHECK(differences(w) == 0);
}
static void serials(void **state) { (void)state; world_each(house_slices, serials_on); }

/* ---- forgeries ---- */

static void forged_on(struct world *w)
{
	static const struct sql *const forgery[] = { &q_forge_balance, &q_forge_value, &q_forge_line, &q_forge_third, &q_forge_reserved, &q_forge_serial, &q_forge_transit };

	for (size_t i = 0; i < LEN(forgery); i++) {
		const str one[] = { S("SN-1") };

		parts_net(w);
		CHECK_ROW(i, !post(w, STOCK_PURCHASE, net.counted, 5, 500, SUPPLIER, at(net.store, BIN_GOOD)));
		CHECK_ROW(i, !post_serials(w, 1, SUPPLIER, at(net.store, BIN_GOOD), one, 1));
		CHECK_ROW(i, differences(w) == 0);
		CHECK_ROW(i, !world_write(w, run_sql, (void *)(uintptr_t)forgery[i]));
		CHECK_ROW(i, differences(w) > 0);
		parts_wipe(w);
	}
	CHECK(!post(w, STOCK_PURCHASE, net.counted, 5, 500, SUPPLIER, at(net.store, BIN_GOOD)));
	CHECK(world_write(w, run_sql, (void *)(uintptr_t)&q_forge_negative) != ERR_OK);
}
static void forged(void **state) { (void)state; world_each(house_slices, forged_on); }

/* ---- half of nothing ---- */

static int64_t before_moves;
static bool nothing_moved(struct world *w) { return moves(w) == before_moves && differences(w) == 0; }

static enum err two_moves(struct ctx *c, void *arg)
{
	const str sn[] = { S("SN-7") };
	const struct stock_entry e[] = {
		{ .kind = STOCK_ADJUST, .part_id = net.counted, .qty = 2, .from = at(net.store, BIN_GOOD), .to = at(net.van, BIN_GOOD) },
		{ .kind = STOCK_PURCHASE, .part_id = net.tracked, .qty = 1, .value = 100, .from = SUPPLIER, .to = at(net.store, BIN_GOOD), .serials = sn, .n_serials = 1 },
	};

	(void)arg;
	return stock_post(c, &(struct stock_doc){ "test", NIL, NIL, NIL, S("T1"), { 0 } }, e, LEN(e), NULL);
}

static void torture_on(struct world *w)
{
	parts_net(w);
	CHECK(!post(w, STOCK_PURCHASE, net.counted, 5, 500, SUPPLIER, at(net.store, BIN_GOOD)));
	before_moves = moves(w);
	world_torture(w, two_moves, NULL, nothing_moved);
	CHECK(moves(w) == before_moves + 2 && differences(w) == 0);
}
static void torture(void **state) { (void)state; world_each(house_slices, torture_on); }

/* ---- many clients, one shelf ---- */

enum { CLIENTS = 8, TRIES = 30, ON_SHELF = 100 };
struct client { struct world *w; int no; int taken, refused, wrong; pthread_t t; };

static enum err take_one(struct ctx *c, void *arg)
{
	int64_t from = *(const int64_t *)arg, to = from == net.store ? net.van : net.store;
	const struct stock_entry e = { .kind = STOCK_ADJUST, .part_id = net.counted, .qty = 1, .from = at(from, BIN_GOOD), .to = at(to, BIN_GOOD) };

	return stock_post(c, &(struct stock_doc){ "test", NIL, NIL, NIL, S("T1"), { 0 } }, &e, 1, NULL);
}

/* Each tries to take more than its share; one in five puts a piece back. */
static void *client_main(void *arg)
{
	struct client *k = arg;
	struct arena a;
	struct ctx c;

	arena_init(&a, 8 << 20);
	for (int i = 0; i < TRIES; i++) {
		int64_t from = i % 5 == 4 ? net.van : net.store;
		enum err e;

		c = (struct ctx){ .a = &a, .who = &k->w->who, .now = world_now };
		e = db_write(k->w->db, &c, take_one, &from);
		k->taken += e ? 0 : from == net.store ? 1 : -1;
		k->refused += e == ERR_CONFLICT;
		k->wrong += e && e != ERR_CONFLICT;
		arena_clear(&a);
	}
	arena_free(&a);
	return NULL;
}

static void crowd_on(struct world *w)
{
	struct client k[CLIENTS];
	int64_t taken = 0, refused_n = 0;
	struct stock_level l;

	parts_net(w);
	CHECK(!post(w, STOCK_PURCHASE, net.counted, ON_SHELF, 99999, SUPPLIER, at(net.store, BIN_GOOD)));
	for (int i = 0; i < CLIENTS; i++) {
		k[i] = (struct client){ .w = w, .no = i };
		CHECK(!pthread_create(&k[i].t, NULL, client_main, &k[i]));
	}
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(k[i].t, NULL);
		taken += k[i].taken, refused_n += k[i].refused;
		CHECK_ROW(i, k[i].wrong == 0);
	}
	l = level(w, net.counted, at(net.store, BIN_GOOD));
	CHECK(taken == level(w, net.counted, at(net.van, BIN_GOOD)).qty);
	CHECK(taken + l.qty == ON_SHELF && refused_n > 0);
	CHECK(l.value + level(w, net.counted, at(net.van, BIN_GOOD)).value == 99999);
	CHECK(differences(w) == 0);
}
static void crowd(void **state) { (void)state; world_each_file(house_slices, crowd_on); }

UNIT_GROUP(parts, T(value), T(refused), T(serials), T(forged), T(torture), T(crowd))
