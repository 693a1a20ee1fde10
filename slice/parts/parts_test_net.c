/* The tests' network: a head office, a region, a station with its people, three parts. */
#include "tests/unit.h"
#include "base/money.h"
#include "slice/account/account.h"
#include "slice/org/org.h"
#include "tests/world.h"
#include "slice/parts/parts_test.h"

struct parts_net net;

static enum err add_user(struct ctx *c, const char *login, enum role role, int64_t org, str path, int64_t *ret)
{
	TRY(user_add(c, &(struct user){ .login = str_c(login), .name = str_c(login), .lang = S("zh"), .active = true, .customer_id = NIL }, (str){ 0 }, ret));
	return user_grant(c, *ret, role, org, path);
}

static enum err add_parts(struct ctx *c)
{
	struct spare p = { .no = S("LCD-14"), .name = S("14 寸液晶屏"), .class = PART_MAIN, .owes_old = true, .active = true, .supplier_months = NIL, .price = CNY(80000), .cost = NO_MONEY };

	TRY(part_add(c, &p, &net.counted));
	p.no = S("MB-X1"), p.name = S("主板"), p.serial_tracked = true;
	TRY(part_add(c, &p, &net.tracked));
	p.barcode = S("6901234567890"), p.no = S("SCREW"), p.name = S("螺丝"), p.class = PART_CONSUMABLE, p.serial_tracked = p.owes_old = false, p.price = CNY(10);
	return part_add(c, &p, &net.screw);
}

static enum err build(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	struct warehouse w;
	struct org root;

	(void)arg;
	TRY(org_add(c, &o, &net.hq));
	TRY(org_get(c, net.hq, &root));
	o.kind = ORG_REGION, o.code = S("EAST"), o.name = S("华东"), o.parent_id = net.hq;
	TRY(org_add(c, &o, &net.region));
	o.kind = ORG_STATION, o.code = S("HZ01"), o.name = S("杭州一站"), o.parent_id = net.region;
	TRY(org_add(c, &o, &net.station));
	TRY(org_get(c, net.station, &o));
	net.path = o.path;
	TRY(add_user(c, "eng", ROLE_ENGINEER, net.station, o.path, &net.engineer));
	TRY(add_user(c, "keeper", ROLE_STOREKEEPER, net.station, o.path, &net.keeper));
	TRY(add_user(c, "head", ROLE_STATION_HEAD, net.station, o.path, &net.head));
	TRY(add_user(c, "manager", ROLE_REGIONAL_MANAGER, net.hq, root.path, &net.manager));
	TRY(warehouse_of_org(c, net.hq, &w));
	net.hq_store = w.id;
	TRY(warehouse_of_org(c, net.station, &w));
	net.store = w.id;
	TRY(warehouse_of_user(c, net.engineer, &w));
	net.van = w.id;
	return add_parts(c);
}

void parts_net(struct world *w)
{
	int64_t known;

	world_calm(w);
	if (db_int(&w->c, &q_count_parts, BIND(), &known) || !known)
		CHECK(!world_write(w, build, NULL));
	world_calm(w);
}

enum err run_sql(struct ctx *c, void *sql) { return db_exec(c, sql, BIND(), -1); }

void parts_wipe(struct world *w)
{
	static const struct sql *const all[] = { &q_wipe_serial_moves, &q_wipe_serials, &q_wipe_lines, &q_wipe_moves, &q_wipe_balances };

	for (size_t i = 0; i < LEN(all); i++)
		CHECK(!world_write(w, run_sql, (void *)(uintptr_t)all[i]));
}

struct posting { struct stock_entry e; };
static enum err post_it(struct ctx *c, void *arg)
{
	return stock_post(c, &(struct stock_doc){ "test", NIL, NIL, NIL, S("T1"), { 0 } }, &((struct posting *)arg)->e, 1, NULL);
}

enum err post(struct world *w, enum stock_kind kind, int64_t part, int64_t qty, int64_t value, struct stock_place from, struct stock_place to)
{
	struct posting p = { { .kind = kind, .part_id = part, .qty = qty, .value = value, .from = from, .to = to } };

	return world_write(w, post_it, &p);
}

enum err post_serials(struct world *w, int64_t qty, struct stock_place from, struct stock_place to, const str *serials, size_t n)
{
	struct posting p = { { .kind = STOCK_ADJUST, .part_id = net.tracked, .qty = qty, .value = 50000 * qty, .from = from, .to = to, .serials = serials, .n_serials = n } };

	return world_write(w, post_it, &p);
}

struct keeping { int64_t part, warehouse, qty; };
static enum err keep_it(struct ctx *c, void *arg)
{
	const struct keeping *k = arg;

	return stock_reserve(c, k->part, k->warehouse, k->qty);
}

enum err reserve(struct world *w, int64_t part, int64_t warehouse, int64_t qty)
{
	struct keeping k = { part, warehouse, qty };

	return world_write(w, keep_it, &k);
}

static void tell(void *arg, str what)
{
	if (arg)
		print_error("%.*s\n", STR_ARG(what));
}

int64_t differences(struct world *w)
{
	struct parts_check v = { .found = tell };

	world_calm(w);
	CHECK(!parts_verify(&w->c, &v));
	return v.differences;
}

int64_t moves(struct world *w)
{
	int64_t n;

	world_calm(w);
	CHECK(!db_int(&w->c, &q_count_moves, BIND(), &n));
	return n;
}
