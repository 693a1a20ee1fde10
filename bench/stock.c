/* stock.c — the ledger: movements posted through the department, the same rows without it, and balances read. Stands on the network of `baoxiu demo`. */
#include "bench/bench.h"
#include "bench/raw.h"
#include "app/house.h"
#include "base/time.h"
#include "slice/org/org.h"
#include "slice/parts/parts.h"

enum { PART_COUNT = 1000, PLACES_MAX = 64, PER_COMMIT = 1000, OPENING = 1000000, PRICE = 100, READS = 20000, PAGE = 50 };

struct net { int64_t part[PART_COUNT], store, place[PLACES_MAX]; int n_place; };
struct stock_run { struct house h; struct net net; int64_t from, to; };
struct move { int64_t part, qty, from, to; enum stock_kind kind; };

static uint64_t mix(uint64_t x)
{
	x ^= x >> 31, x *= 0x7fb5d329728ea185u;
	x ^= x >> 27, x *= 0x81dadef4bc2dd44du;
	return x ^ x >> 33;
}

/* Two pieces go to a station, one of them is used there. */
static struct move move_of(const struct net *n, int64_t i)
{
	uint64_t pair = mix((uint64_t)i / 2 + 1);
	int64_t part = n->part[pair % PART_COUNT], place = n->place[(pair >> 20) % (unsigned)n->n_place];

	return i % 2 ? (struct move){ part, 1, place, OUTSIDE_CUSTOMER, STOCK_USE } : (struct move){ part, 2, n->store, place, STOCK_SHIP };
}

static struct stock_place place_of(int64_t warehouse) { return (struct stock_place){ warehouse, warehouse <= OUTSIDE_OPENING ? BIN_OUTSIDE : BIN_GOOD }; }

/* ---- through the department ---- */

static enum err stock_part(struct ctx *c, int i, int64_t store, int64_t *ret)
{
	struct stock_doc doc = { .kind = "opening", .id = NIL, .line = NIL, .order_id = NIL };
	struct spare p = { .no = arena_fmt(c->a, "BENCH-%04d", i), .name = S("内存条 DDR4 8 GB"), .unit = S("个"), .class = PART_MAIN, .active = true, .supplier_months = NIL,
		.price = { 20000, "CNY" }, .cost = { PRICE, "CNY" }, .currency = S("CNY") };
	struct spare known;
	enum err e = part_by_no(c, p.no, &known);

	*ret = known.id;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	TRY(part_add(c, &p, ret));
	return stock_post(c, &doc, &(struct stock_entry){ .kind = STOCK_OPENING, .part_id = *ret, .qty = OPENING, .value = (int64_t)OPENING * PRICE, .from = OUTSIDE(OPENING),
		.to = { store, BIN_GOOD } }, 1, NULL);
}

static enum err prepare(struct ctx *c, void *arg)
{
	struct net *net = arg;
	struct org *station;
	struct warehouse w;
	size_t n;

	TRY(org_list(c, ORG_HQ, (str){ 0 }, &station, &n));
	TRY(warehouse_of_org(c, station[0].id, &w));
	net->store = w.id;
	TRY(org_list(c, ORG_STATION, (str){ 0 }, &station, &n));
	for (size_t i = 0; i < n && i < PLACES_MAX; i++) {
		TRY(warehouse_of_org(c, station[i].id, &w));
		net->place[net->n_place++] = w.id;
	}
	for (int i = 0; i < PART_COUNT; i++)
		TRY(stock_part(c, i, net->store, &net->part[i]));
	return ERR_OK;
}

static enum err post(struct ctx *c, void *arg)
{
	const struct stock_run *r = arg;
	struct stock_doc doc = { .kind = "bench", .id = NIL, .line = NIL, .order_id = NIL };

	for (int64_t i = r->from; i < r->to; i++) {
		struct arena_mark m = arena_mark(c->a);
		struct move v = move_of(&r->net, i);

		TRY(stock_post(c, &doc, &(struct stock_entry){ .kind = v.kind, .part_id = v.part, .qty = v.qty, .value = NIL, .from = place_of(v.from), .to = place_of(v.to) }, 1, NULL));
		arena_reset(c->a, m);
	}
	return ERR_OK;
}

static int64_t post_batch(struct stock_run *r, int64_t from, int64_t to)
{
	int64_t began = clock_mono_us();

	r->from = from, r->to = to;
	house_renew(&r->h);
	if (db_write(r->h.db, &r->h.c, post, r)) {
		house_complain(&r->h, "stock");
		exit(1);
	}
	return clock_mono_us() - began;
}

/* ---- without it ---- */

static void bind_balance(struct cell *a, const struct move *v, int64_t warehouse, int64_t qty)
{
	const char *bin = stock_bins[place_of(warehouse).bin];

	a[0] = CELL(v->part), a[1] = CELL(warehouse), a[2] = (struct cell){ CELL_TEXT, 0, (char *)(uintptr_t)bin, strlen(bin) };
	a[3] = CELL(qty), a[4] = CELL(qty * PRICE);
}

struct floor { struct raw *r; struct raw_stmt *take, *add, *move, *line; int64_t id, at; };

static void floor_open(struct floor *f, const char *url)
{
	f->r = raw_open(url, false);
	f->take = raw_prepare(f->r, "UPDATE stock_balance SET qty = qty + ?4, value = value + ?5 WHERE part_id = ?1 AND warehouse_id = ?2 AND bin = ?3");
	f->add = raw_prepare(f->r, "INSERT INTO stock_balance(part_id, warehouse_id, bin, no_key, qty, value) SELECT p.id, ?2, ?3, p.no_key, ?4, ?5 FROM part p WHERE p.id = ?1 "
		"ON CONFLICT (part_id, warehouse_id, bin) DO UPDATE SET qty = stock_balance.qty + excluded.qty, value = stock_balance.value + excluded.value");
	f->move = raw_prepare(f->r, "INSERT INTO stock_move(id, at, kind, part_id, qty, value, doc_kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'bench')");
	f->line = raw_prepare(f->r, "INSERT INTO stock_line(part_id, warehouse_id, bin, qty, value, move_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	if (raw_is_pg(f->r))                           /* ids by hand; lines go on behind theirs */
		raw_exec(f->r, "SELECT setval(pg_get_serial_sequence('stock_line', 'id'), (SELECT max(id) FROM stock_line))");
	f->id = raw_int(f->r, "SELECT max(id) FROM stock_move");
	f->at = clock_now().ms;
}

static int64_t floor_batch(struct floor *f, const struct net *net, int64_t from, int64_t to)
{
	int64_t began = clock_mono_us();

	raw_exec(f->r, "BEGIN");
	for (int64_t i = from; i < to; i++) {
		struct move v = move_of(net, i);
		struct cell out[6], in[6];
		const char *kind = stock_kinds[v.kind];

		bind_balance(out, &v, v.from, -v.qty);
		bind_balance(in, &v, v.to, v.qty);
		out[5] = in[5] = CELL(++f->id);
		raw_run(f->take, out, 5);
		raw_run(f->add, in, 5);
		raw_run(f->move, (struct cell[]){ CELL(f->id), CELL(f->at), { CELL_TEXT, 0, (char *)(uintptr_t)kind, strlen(kind) }, CELL(v.part), CELL(v.qty), CELL(v.qty * PRICE) }, 6);
		raw_run(f->line, out, 6);
		raw_run(f->line, in, 6);
	}
	raw_exec(f->r, "COMMIT");
	return clock_mono_us() - began;
}

/* ---- reading ---- */

static int up(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

enum { READ_BALANCE, READ_PART, READ_PLACE, READ_SHELF, READ_N };

static enum err read_one(struct ctx *c, int what, int64_t part, int64_t place)
{
	struct stock_filter f = { .warehouse_id = place, .part_id = what == READ_PART ? part : NIL, .issuable = what == READ_PLACE, .after_warehouse = NIL, .limit = PAGE };
	struct stock_level level;
	struct stock_row *row;
	struct spare *other;
	size_t n;

	if (what == READ_BALANCE)
		return stock_at(c, part, (struct stock_place){ place, BIN_GOOD }, &level);
	TRY(stock_list(c, &f, &row, &n));
	return what == READ_PART ? part_substitutes(c, part, &other, &n) : ERR_OK;
}

/* Half of all asked took less than p50, 99 of 100 less than p99. */
static void read_all(struct stock_run *r, int what, uint32_t *ret_p50, uint32_t *ret_p99)
{
	static uint32_t us[READS];
	int n = what >= READ_PLACE ? READS / 10 : READS;
	struct ctx *c = &r->h.c;

	for (int i = 0; i < n; i++) {
		uint64_t x = mix((uint64_t)i + 99);
		struct arena_mark m = arena_mark(c->a);
		int64_t began = clock_mono_us();

		if (db_read_begin(c->db) || read_one(c, what, r->net.part[x % PART_COUNT], r->net.place[(x >> 20) % (unsigned)r->net.n_place]))
			exit(1);
		db_read_end(c->db);
		us[i] = (uint32_t)(clock_mono_us() - began);
		arena_reset(c->a, m);
	}
	qsort(us, (size_t)n, sizeof *us, up);
	*ret_p50 = us[n / 2];
	*ret_p99 = us[n * 99 / 100];
}

int bench_stock(int argc, char **argv)
{
	static const char *const what[READ_N] = { "balance", "part", "place", "shelf" };
	static struct stock_run r;
	int64_t from = argc == 6 ? atoll(argv[4]) : -1, to = argc == 6 ? atoll(argv[5]) : -1, took = 0, took_floor = 0;
	bool floor = argc == 6 && strcmp(argv[3], "-") != 0;
	struct floor f = { 0 };

	if (from < 0 || to < from || from % 2 || !house_open(&r.h, argv[1], argv[2]))
		return 2;
	if (db_write(r.h.db, &r.h.c, prepare, &r.net)) {
		house_complain(&r.h, "stock: run baoxiu demo first");
		return 1;
	}
	if (floor)
		floor_open(&f, argv[3]);
	for (int64_t i = from; i < to; i += PER_COMMIT) {      /* in turns, so that other work on the machine meets both alike */
		int64_t end = i + PER_COMMIT < to ? i + PER_COMMIT : to;

		took += post_batch(&r, i, end);
		took_floor += floor ? floor_batch(&f, &r.net, i, end) : 0;
	}
	if (floor)
		raw_close(f.r);
	house_renew(&r.h);
	printf("{\"moves\": %lld, \"us\": %lld", (long long)(to - from), (long long)took);
	for (int i = 0; i < READ_N; i++) {
		uint32_t p50, p99;

		read_all(&r, i, &p50, &p99);
		printf(", \"%s_p50_us\": %u, \"%s_p99_us\": %u", what[i], p50, what[i], p99);
	}
	house_close(&r.h);
	printf(", \"floor_us\": %lld}\n", (long long)took_floor);
	return 0;
}
