/* The loop: asked, approved, issued, received with differences, used, old part back and written off — and every wrong turn refused whole. */
#include "tests/unit.h"
#include "tests/world.h"
#include "base/money.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/device/device.h"
#include "slice/order/order.h"
#include "slice/parts/parts_test.h"
#include "slice/parts/requisition.h"

/* ---- the tables are sound ---- */

static void tables(void **state)
{
	unsigned reach = 1u << REQ_REQUESTED, counted = 1u << REQ_APPROVED | 1u << REQ_SHIPPED | 1u << REQ_RECEIVED | 1u << REQ_DONE;
	unsigned old_reach = 1u << OLD_DUE | 1u << OLD_UNDONE;         /* no move of its own: part_use_undo ends it */

	(void)state;
	for (int round = 0; round < REQ_STATE_N; round++)
		for (size_t i = 0; i < requisition_moves_n; i++)
			if (requisition_moves[i].from & reach)
				reach |= requisition_moves[i].to == REQ_STATE_N ? counted : 1u << requisition_moves[i].to;
	CHECK(reach == (1u << REQ_STATE_N) - 1);
	for (int round = 0; round < OLD_STATE_N; round++)
		for (size_t i = 0; i < old_moves_n; i++)
			if (old_moves[i].from & old_reach)
				old_reach |= 1u << old_moves[i].to;
	CHECK(old_reach == (1u << OLD_STATE_N) - 1);
	for (size_t i = 0; i < requisition_moves_n; i++)
		for (size_t k = i + 1; k < requisition_moves_n; k++)
			CHECK_ROW(i, requisition_moves[i].ev != requisition_moves[k].ev || !(requisition_moves[i].from & requisition_moves[k].from));
	for (size_t i = 0; i < old_moves_n; i++)
		CHECK_ROW(i, old_moves[i].need);
}

/* ---- who acts ---- */

static void as(struct world *w, enum role role, int64_t id)
{
	bool top = id == net.manager;

	w->who = (struct actor){ .id = id, .perms = role_info[role].perms, .sight = role_info[role].sight, .org_id = top ? net.hq : net.station,
		.org_path = top ? S("1.") : net.path, .customer_id = NIL, .name = S("x"), .login = S("x"), .lang = "en", .zone = tz_get(S("Asia/Shanghai")) };
}
static void as_engineer(struct world *w) { as(w, ROLE_ENGINEER, net.engineer); }
static void as_keeper(struct world *w) { as(w, ROLE_STOREKEEPER, net.keeper); }
static void as_head(struct world *w) { as(w, ROLE_STATION_HEAD, net.head); }
static void as_manager(struct world *w) { as(w, ROLE_REGIONAL_MANAGER, net.manager); }
static void as_system(struct world *w)
{
	w->who = actor_system;
	w->who.lang = "en";
	w->who.zone = tz_get(S("Asia/Shanghai"));
}

/* ---- verbs as writes ---- */

static struct requisition paper;
static struct order order;

static enum err order_it(struct ctx *c, void *arg)
{
	const struct order_new n = { .kind = -1, .mode = MODE_ONSITE, .channel = -1, .priority = -1, .frequency = 0, .data_choice = 0, .customer_id = NIL, .device_id = NIL,
		.customer_name = S("单雄信"), .phone = S("138 0013 8000"), .address = S("杭州市文三路 1 号"), .serial = S("PF-1"), .brand = S("Lenovo"), .model = S("X1"), .device_kind = DEVICE_NOTEBOOK, .proof = -1,
		.invoiced_on = NO_DAY, .fault = S("屏幕碎裂"), .window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL, .station = S("HZ01"), .in_spite = true };
	struct order_act a = { .ev = ORDER_EV_ASSIGN, .engineer = S("eng"), .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT,
		.device_at = NO_INSTANT, .fee = NO_MONEY };
	int64_t id;

	(void)arg;
	TRY(order_register(c, &n, &id));
	TRY(order_by_id(c, id, &order));
	a.ver = order.ver;
	return order_act(c, order.no, &a, &order);
}

static enum err ask_it(struct ctx *c, void *arg) { return requisition_request(c, arg, &paper); }
static enum err act_it(struct ctx *c, void *arg) { return requisition_act(c, paper.no, arg, &paper); }
static enum err use_it(struct ctx *c, void *arg) { return part_use(c, &order, arg); }
static str slip;
static enum err old_it(struct ctx *c, void *arg) { return old_part_act(c, arg, &slip); }

static enum err ask(struct world *w, const char *part, int64_t qty)
{
	struct req_wish wish = { str_c(part), qty, { 0 } };
	struct requisition_new n = { .order_no = order.no, .wish = &wish, .n = 1, .reason = S("屏碎"), .needed_on = NO_DAY };

	return world_write(w, ask_it, &n);
}

static enum err act(struct world *w, int ev, const char *reason, struct req_piece *piece)
{
	struct requisition_act a = { .ev = ev, .ver = paper.ver, .reason = str_c(reason), .piece = piece, .n = piece != NULL };

	return world_write(w, act_it, &a);
}

static enum err use(struct world *w, const char *part, int64_t qty, const char *in, const char *out, int no_old)
{
	struct part_use_new n = { .part_no = str_c(part), .qty = qty, .serial_in = str_c(in), .serial_out = str_c(out), .no_old = no_old };

	return world_write(w, use_it, &n);
}

static enum err old(struct world *w, int ev, const str *no, size_t n, int verdict, const char *reason)
{
	struct old_act a = { .ev = ev, .no = no, .n = n, .verdict = verdict, .reason = str_c(reason), .credit = NO_MONEY };

	return world_write(w, old_it, &a);
}

static void start(struct world *w, int64_t stock)
{
	const str sn[] = { S("MB-1"), S("MB-2"), S("MB-3") };

	as_system(w);
	parts_net(w);
	CHECK(!world_write(w, order_it, NULL));
	CHECK(!post(w, STOCK_PURCHASE, net.counted, stock, stock * 70000, OUTSIDE(SUPPLIER), (struct stock_place){ net.store, BIN_GOOD }));
	CHECK(!post_serials(w, 3, OUTSIDE(SUPPLIER), (struct stock_place){ net.store, BIN_GOOD }, sn, 3));
}

static int64_t held(struct world *w, int64_t part, int64_t warehouse, enum stock_bin bin)
{
	struct stock_level l;

	world_calm(w);
	CHECK(!stock_at(&w->c, part, (struct stock_place){ warehouse, bin }, &l));
	return l.qty;
}

/* ---- the whole way ---- */

static void loop_on(struct world *w)
{
	struct old_part *owed;
	int64_t open;
	size_t n;

	start(w, 5);
	as_engineer(w);
	CHECK(!ask(w, "LCD-14", 3));
	CHECK(paper.state == REQ_REQUESTED && paper.kind == REQ_FOR_ORDER && paper.value.minor == 210000 && paper.from_id == net.store && paper.to_id == net.van);
	CHECK(act(w, REQ_EV_APPROVE, NULL, NULL) == ERR_FORBIDDEN);
	as_head(w);
	CHECK(!act(w, REQ_EV_APPROVE, NULL, &(struct req_piece){ .part_no = S("lcd-14"), .qty = 3 }));
	CHECK(paper.state == REQ_APPROVED && paper.lines[0].reserved == 3 && differences(w) == 0);
	as_engineer(w);
	CHECK(act(w, REQ_EV_ISSUE, NULL, NULL) == ERR_FORBIDDEN);
	as_keeper(w);
	CHECK(act(w, REQ_EV_ISSUE, NULL, &(struct req_piece){ .part_no = S("LCD-14"), .qty = 4 }) == ERR_INVALID);
	CHECK(!act(w, REQ_EV_ISSUE, NULL, NULL));
	CHECK(paper.state == REQ_SHIPPED && paper.lines[0].reserved == 0 && differences(w) == 0);
	as_engineer(w);
	CHECK(act(w, REQ_EV_RECEIVE, NULL, &(struct req_piece){ .part_no = S("LCD-14"), .qty = 2, .damaged = 1 }) == ERR_INVALID && world_field(w, "reason"));
	CHECK(!act(w, REQ_EV_RECEIVE, "箱子压坏", &(struct req_piece){ .part_no = S("LCD-14"), .qty = 2, .damaged = 1 }));
	CHECK(paper.state == REQ_RECEIVED && held(w, net.counted, net.van, BIN_GOOD) == 2 && held(w, net.counted, net.van, BIN_BAD) == 1 && differences(w) == 0);
	CHECK(!use(w, "LCD-14", 1, NULL, NULL, -1));
	CHECK(!parts_open_of_order(&w->c, order.id, &open) && open == 1);
	CHECK(held(w, net.counted, net.van, BIN_BAD) == 2 && differences(w) == 0);
	as_keeper(w);
	CHECK(!requisition_get(&w->c, paper.no, &paper));
	CHECK(!act(w, REQ_EV_RETURN, NULL, NULL));
	CHECK(paper.state == REQ_DONE && held(w, net.counted, net.store, BIN_GOOD) == 3);
	CHECK(!parts_open_of_order(&w->c, order.id, &open) && open == 0 && differences(w) == 0);
	/* What is owed: the damaged one and the old one. */
	as_engineer(w);
	CHECK(!old_part_list(&w->c, &(struct old_filter){ .state = -1, .holder_id = NIL, .after = NIL, .after_due = NIL, .limit = 10 }, &owed, &n));
	CHECK(n == 2 && owed[0].state == OLD_DUE && owed[0].due_on.d == tz_day(w->who.zone, world_now).d + 7);
	CHECK(old(w, OLD_EV_TAKE_IN, (str[]){ owed[0].no, owed[1].no }, 2, -1, NULL) == ERR_FORBIDDEN);
	as_keeper(w);
	CHECK(!old(w, OLD_EV_TAKE_IN, (str[]){ owed[0].no, owed[1].no }, 2, -1, NULL));
	CHECK(held(w, net.counted, net.van, BIN_BAD) == 0 && held(w, net.counted, net.store, BIN_QUARANTINE) == 2);
	CHECK(!old_part_of_slip(&w->c, slip, &owed, &n) && n == 2);
	CHECK(old(w, OLD_EV_INSPECT, &owed[0].no, 1, -1, NULL) == ERR_INVALID && world_field(w, "verdict"));
	CHECK(!old(w, OLD_EV_INSPECT, &owed[0].no, 1, 0, NULL));
	CHECK(!old(w, OLD_EV_INSPECT, &owed[1].no, 1, 1, NULL));
	CHECK(old(w, OLD_EV_RECOVER, &owed[0].no, 1, -1, "x") == ERR_CONFLICT);
	CHECK(!old(w, OLD_EV_RECOVER, &owed[1].no, 1, -1, "测试正常"));
	CHECK(!old(w, OLD_EV_CLAIM, &owed[0].no, 1, -1, NULL));
	CHECK(held(w, net.counted, OUTSIDE_MAKER, BIN_OUTSIDE) == 1 && differences(w) == 0);
	CHECK(!old(w, OLD_EV_REFUSED, &owed[0].no, 1, -1, "人为损坏"));
	CHECK(old(w, OLD_EV_WRITE_OFF, &owed[0].no, 1, -1, NULL) == ERR_INVALID && world_field(w, "reason"));
	CHECK(!old(w, OLD_EV_WRITE_OFF, &owed[0].no, 1, -1, "报废"));
	CHECK(held(w, net.counted, OUTSIDE_SCRAP, BIN_OUTSIDE) == 1 && held(w, net.counted, net.store, BIN_BAD) == 0 && differences(w) == 0);
}
static void loop(void **state) { (void)state; world_each(house_slices, loop_on); }

static void by_serial_on(struct world *w)
{
	struct device_part *change;
	struct part_use *used;
	size_t n;

	start(w, 5);
	as_engineer(w);
	CHECK(!ask(w, "MB-X1", 2));
	as_head(w);
	CHECK(!act(w, REQ_EV_APPROVE, NULL, NULL));
	as_keeper(w);
	CHECK(act(w, REQ_EV_ISSUE, NULL, NULL) == ERR_INVALID);
	CHECK(act(w, REQ_EV_ISSUE, NULL, &(struct req_piece){ .part_no = S("MB-X1"), .qty = 2, .serials = S("MB-1") }) == ERR_INVALID);
	CHECK(!act(w, REQ_EV_ISSUE, NULL, &(struct req_piece){ .part_no = S("MB-X1"), .qty = 2, .serials = S(" MB-1\r\nmb3 ") }));
	CHECK(paper.lines[0].n_serials == 2);
	as_engineer(w);
	CHECK(!act(w, REQ_EV_RECEIVE, "少一块", &(struct req_piece){ .part_no = S("MB-X1"), .qty = 1, .missing = 1, .serials = S("MB-3 MB-1") }));
	CHECK(held(w, net.tracked, net.store, BIN_QUARANTINE) == 1 && differences(w) == 0);
	CHECK(use(w, "MB-X1", 1, NULL, "OLD-1", -1) == ERR_INVALID && world_field(w, "serial_in"));
	CHECK(use(w, "MB-X1", 1, "MB-3", "OLD-1", -1) == ERR_INVALID && world_field(w, "serials"));
	CHECK(use(w, "MB-X1", 2, "MB-1", "OLD-1", -1) == ERR_INVALID && world_field(w, "qty"));
	CHECK(!use(w, "MB-X1", 1, "MB-1", NULL, -1));
	world_calm(w);
	CHECK(!requisition_get(&w->c, paper.no, &paper) && paper.state == REQ_DONE);
	CHECK(!device_parts(&w->c, order.device_id, &change, &n) && n == 1 && str_eq(change[0].serial_in, S("MB-1")));
	CHECK(!part_uses(&w->c, order.id, &used, &n) && n == 1 && used[0].value.minor == 50000);
	/* Its label stands for the number nobody could read. */
	CHECK(held(w, net.tracked, net.van, BIN_BAD) == 1 && differences(w) == 0);
}
static void by_serial(void **state) { (void)state; world_each(house_slices, by_serial_on); }

/* ---- a use that was a mistake ---- */

struct undoing { int64_t use; const char *reason; };
static enum err undo_it(struct ctx *c, void *arg)
{
	const struct undoing *u = arg;

	return part_use_undo(c, &order, u->use, str_c(u->reason));
}
static enum err undo(struct world *w, int64_t use, const char *reason) { return world_write(w, undo_it, &(struct undoing){ use, reason }); }
static struct undoing torn;
static int64_t moved;
static bool as_before(struct world *w) { return moves(w) == moved && differences(w) == 0; }

static void undo_on(struct world *w)
{
	struct part_use *used;
	struct old_part *owed;
	size_t n;

	start(w, 5);
	as_engineer(w);
	CHECK(!ask(w, "MB-X1", 1));
	as_head(w);
	CHECK(!act(w, REQ_EV_APPROVE, NULL, NULL));
	as_keeper(w);
	CHECK(!act(w, REQ_EV_ISSUE, NULL, &(struct req_piece){ .part_no = S("MB-X1"), .qty = 1, .serials = S("MB-1") }));
	as_engineer(w);
	CHECK(!act(w, REQ_EV_RECEIVE, NULL, NULL));
	CHECK(!use(w, "MB-X1", 1, "MB-1", "OLD-1", -1));
	CHECK(!part_uses(&w->c, order.id, &used, &n) && n == 1);
	CHECK(undo(w, used[0].id, " ") == ERR_INVALID && world_field(w, "reason"));
	as_head(w);
	CHECK(undo(w, used[0].id, "扫错") == ERR_FORBIDDEN);
	as_engineer(w);
	w->c.now.ms += 86400000;
	CHECK(undo(w, used[0].id, "扫错") == ERR_FORBIDDEN);
	w->c.now = world_now;
	torn = (struct undoing){ used[0].id, "扫错" };
	moved = moves(w);
	world_torture(w, undo_it, &torn, as_before);
	CHECK(held(w, net.tracked, net.van, BIN_GOOD) == 1 && held(w, net.tracked, net.van, BIN_BAD) == 0 && moves(w) == moved + 2 && differences(w) == 0);
	CHECK(!part_uses(&w->c, order.id, &used, &n) && n == 0);
	CHECK(!old_part_of_order(&w->c, order.id, &owed, &n) && n == 1 && owed[0].state == OLD_UNDONE);
	CHECK(!requisition_get(&w->c, paper.no, &paper) && paper.state == REQ_RECEIVED && paper.lines[0].used == 0);
	CHECK(undo(w, torn.use, "再来") == ERR_NOT_FOUND);
	/* Right this time; once the store has the old part there is no way back. */
	CHECK(!use(w, "MB-X1", 1, "MB-1", "OLD-1", -1));
	CHECK(!part_uses(&w->c, order.id, &used, &n) && n == 1);
	CHECK(!old_part_of_order(&w->c, order.id, &owed, &n) && n == 2);
	as_keeper(w);
	CHECK(!old(w, OLD_EV_TAKE_IN, &owed[1].no, 1, -1, NULL));
	CHECK(undo(w, used[0].id, "晚了") == ERR_CONFLICT && differences(w) == 0);
}
static void undone(void **state) { (void)state; world_each(house_slices, undo_on); }

/* ---- closed books, the supplier's warranty ---- */

static enum err close_books(struct ctx *c, void *arg) { return setting_set(c, "parts.closed_through", str_c(arg)); }
static enum err buy_one(struct ctx *c, void *arg)
{
	const str sn = str_c(arg);
	struct stock_entry e = { .kind = STOCK_PURCHASE, .part_id = net.tracked, .qty = 1, .value = 100, .from = OUTSIDE(SUPPLIER), .to = { net.store, BIN_GOOD }, .serials = &sn, .n_serials = 1 };

	return stock_post(c, &(struct stock_doc){ "test", NIL, NIL, NIL, S("T"), { 0 } }, &e, 1, NULL);
}
static enum err give_months(struct ctx *c, void *arg)
{
	struct spare p;

	TRY(part_get(c, net.tracked, &p));
	p.supplier_months = *(const int64_t *)arg;
	return part_save(c, &p);
}

static void books_on(struct world *w)
{
	struct supplier_warranty s;
	struct serial_at at;
	int64_t months = 12, before;

	start(w, 1);
	CHECK(!world_write(w, close_books, (void *)(uintptr_t)"2026-11-22"));
	before = moves(w);
	CHECK(world_write(w, buy_one, (void *)(uintptr_t)"W-1") == ERR_CONFLICT && moves(w) == before && differences(w) == 0);
	CHECK(!world_write(w, close_books, (void *)(uintptr_t)"2026-11-21"));
	CHECK(!world_write(w, buy_one, (void *)(uintptr_t)"W-1"));
	CHECK(!serial_find(&w->c, net.tracked, S("W-1"), &at));
	CHECK(!serial_warranty(&w->c, at.id, &s) && s.bought_on.d == tz_day(w->who.zone, world_now).d && s.until.d == NIL);
	CHECK(!world_write(w, give_months, &months));
	CHECK(!serial_warranty(&w->c, at.id, &s) && s.until.d == day_of(2027, 11, 22).d);
	CHECK(!serial_find(&w->c, net.tracked, S("MB-1"), &at) && !serial_warranty(&w->c, at.id, &s) && s.bought_on.d == NIL);
}
static void books(void **state) { (void)state; world_each(house_slices, books_on); }

/* ---- limits, sight, stale ---- */

static void limits_on(struct world *w)
{
	start(w, 200);
	as_engineer(w);
	CHECK(!ask(w, "SCREW", 10));
	CHECK(paper.state == REQ_APPROVED && paper.decided_by == NIL && paper.lines[0].reserved == 0);
	CHECK(ask(w, "NOPE", 1) == ERR_INVALID && world_field(w, "wish.0.part_no"));
	CHECK(ask(w, "SCREW", 0) == ERR_INVALID && world_field(w, "wish.0.qty"));
	CHECK(!ask(w, "LCD-14", 100));
	as_head(w);
	CHECK(act(w, REQ_EV_APPROVE, NULL, NULL) == ERR_FORBIDDEN);
	as_manager(w);
	CHECK(act(w, REQ_EV_REJECT, NULL, NULL) == ERR_INVALID && world_field(w, "reason"));
	CHECK(!act(w, REQ_EV_APPROVE, NULL, &(struct req_piece){ .part_no = S("LCD-14"), .qty = 40 }));
	CHECK(paper.lines[0].approved == 40 && paper.lines[0].reserved == 40);
	as_keeper(w);
	paper.ver--;
	CHECK(act(w, REQ_EV_ISSUE, NULL, NULL) == ERR_CONFLICT);
	paper.ver++;
	CHECK(!act(w, REQ_EV_ISSUE, NULL, &(struct req_piece){ .part_no = S("LCD-14"), .qty = 10 }));
	as_engineer(w);
	CHECK(!act(w, REQ_EV_RECEIVE, NULL, &(struct req_piece){ .part_no = S("LCD-14"), .qty = 3 }) && paper.lines[0].received == 3);
	CHECK(!act(w, REQ_EV_RECEIVE, NULL, NULL) && paper.lines[0].received == 10);
	CHECK(paper.state == REQ_APPROVED && differences(w) == 0);
	as_keeper(w);
	CHECK(!act(w, REQ_EV_SHORT, "停产", NULL));
	CHECK(paper.state == REQ_RECEIVED && paper.lines[0].reserved == 0 && differences(w) == 0);
	/* A stranger does not even see it. */
	as_engineer(w);
	w->who.id = net.head;
	world_calm(w);
	CHECK(requisition_get(&w->c, paper.no, &paper) == ERR_NOT_FOUND);
}
static void limits(void **state) { (void)state; world_each(house_slices, limits_on); }

/* Pieces received for one order are not there for another. */
static void kept_apart_on(struct world *w)
{
	struct order first;

	start(w, 2);
	first = order;
	as_engineer(w);
	CHECK(!ask(w, "LCD-14", 1));
	as_head(w);
	CHECK(!act(w, REQ_EV_APPROVE, NULL, NULL));
	as_keeper(w);
	CHECK(!world_write(w, act_it, &(struct requisition_act){ .ev = REQ_EV_ISSUE, .ver = paper.ver, .at_counter = true }));
	CHECK(paper.state == REQ_RECEIVED);
	as_system(w);
	CHECK(!world_write(w, order_it, NULL));
	as_engineer(w);
	CHECK(use(w, "LCD-14", 1, NULL, NULL, -1) == ERR_CONFLICT);
	order = first;
	CHECK(use(w, "LCD-14", 2, NULL, NULL, -1) == ERR_CONFLICT);
	CHECK(!use(w, "LCD-14", 1, NULL, NULL, 1));
	CHECK(held(w, net.counted, net.van, BIN_BAD) == 0 && differences(w) == 0);
}
static void kept_apart(void **state) { (void)state; world_each(house_slices, kept_apart_on); }

/* ---- scanning ---- */

static void scan_on(struct world *w)
{
	const struct { const char *text; int64_t qty[2]; const char *serials; bool refused; } rows[] = {
		{ "SCREW\nscrew\r\n\n SCREW ", { 3, 0 }, "", false },
		{ "6901234567890\nMB-2\nmb 1", { 1, 2 }, "MB-2 MB-1", false },
		{ "MB-X1", { 0, 0 }, "", true },               /* a tracked part is named by its serial number */
		{ "LCD-14", { 0, 0 }, "", true },              /* not on this paper */
		{ "SCREW\nNOPE", { 0, 0 }, "", true },
		{ "", { 0, 0 }, "", false },
	};
	struct req_wish wish[] = { { S("SCREW"), 5, { 0 } }, { S("MB-X1"), 2, { 0 } } };
	struct requisition_new n = { .order_no = { 0 }, .wish = wish, .n = 2, .needed_on = NO_DAY };

	start(w, 1);
	as_engineer(w);
	CHECK(!world_write(w, ask_it, &n));
	for (size_t i = 0; i < LEN(rows); i++) {
		struct req_piece *p;
		enum err e;
		size_t count;

		world_calm(w);
		e = requisition_scan(&w->c, &paper, str_c(rows[i].text), &p, &count);
		CHECK_ROW(i, (e == ERR_INVALID) == rows[i].refused);
		CHECK_ROW(i, !e || world_field(w, "scan"));
		CHECK_ROW(i, e || (count == 2 && p[0].qty == rows[i].qty[0] && p[1].qty == rows[i].qty[1] && str_eq(str_trim(p[1].serials), str_c(rows[i].serials))));
	}
}
static void scan(void **state) { (void)state; world_each(house_slices, scan_on); }

static enum err stand_in(struct ctx *c, void *arg)
{
	(void)arg;
	return part_substitute_set(c, net.screw, net.counted, true);
}

static void substitute_on(struct world *w)
{
	struct req_piece piece = { .part_no = S("SCREW"), .qty = 1, .instead = S("LCD-14") };

	start(w, 1);
	as_engineer(w);
	CHECK(!ask(w, "SCREW", 1));
	as_keeper(w);
	CHECK(act(w, REQ_EV_ISSUE, NULL, &piece) == ERR_INVALID);
	CHECK(!world_write(w, stand_in, NULL));
	CHECK(!act(w, REQ_EV_ISSUE, NULL, &piece));
	CHECK(paper.lines[0].part_id == net.counted && str_eq(paper.lines[0].instead_of, S("SCREW")) && differences(w) == 0);
}
static void substitute(void **state) { (void)state; world_each(house_slices, substitute_on); }

/* ---- between warehouses, and withdrawn ---- */

static void transfer_on(struct world *w)
{
	struct req_wish wish = { S("LCD-14"), 3, { 0 } };
	struct requisition_new n = { .to = S("HZ01"), .from = S("HQ"), .wish = &wish, .n = 1, .needed_on = NO_DAY };
	struct old_part *owed;
	size_t count;

	start(w, 1);
	CHECK(!post(w, STOCK_PURCHASE, net.counted, 3, 300, OUTSIDE(SUPPLIER), (struct stock_place){ net.hq_store, BIN_GOOD }));
	as_keeper(w);
	n.from = S("NOPE");
	CHECK(world_write(w, ask_it, &n) == ERR_INVALID && world_field(w, "from"));
	n.from = S("HZ01");
	CHECK(world_write(w, ask_it, &n) == ERR_INVALID && world_field(w, "from"));
	/* A keeper does not see the head office's shelves: the nearest that has it all is found for them. */
	n.from = (str){ 0 };
	CHECK(!world_write(w, ask_it, &n));
	CHECK(paper.kind == REQ_TRANSFER && paper.from_id == net.hq_store && paper.to_id == net.store);
	if (paper.state == REQ_REQUESTED) {
		as_manager(w);
		CHECK(!act(w, REQ_EV_APPROVE, NULL, NULL));
	}
	as_keeper(w);
	CHECK(act(w, REQ_EV_ISSUE, NULL, NULL) == ERR_FORBIDDEN);
	as_system(w);
	CHECK(!act(w, REQ_EV_ISSUE, NULL, NULL));
	as_keeper(w);
	CHECK(!act(w, REQ_EV_RECEIVE, "一块碎了", &(struct req_piece){ .part_no = S("LCD-14"), .qty = 2, .damaged = 1 }));
	CHECK(paper.state == REQ_DONE && held(w, net.counted, net.store, BIN_GOOD) == 3 && held(w, net.counted, net.store, BIN_QUARANTINE) == 1);
	CHECK(!old_part_list(&w->c, &(struct old_filter){ .state = OLD_BACK, .holder_id = NIL, .after = NIL, .after_due = NIL, .limit = 5 }, &owed, &count) && count == 1);
	CHECK(differences(w) == 0);
	as_engineer(w);
	CHECK(!ask(w, "LCD-14", 3));
	CHECK(act(w, REQ_EV_CANCEL, NULL, NULL) == ERR_INVALID && world_field(w, "reason"));
	CHECK(!act(w, REQ_EV_CANCEL, "不用了", NULL) && paper.state == REQ_CANCELLED);
	CHECK(act(w, REQ_EV_CANCEL, "x", NULL) == ERR_CONFLICT);
}
static void transfer(void **state) { (void)state; world_each(house_slices, transfer_on); }

static enum err kit_it(struct ctx *c, void *arg) { return kit_put(c, arg); }

static void kits_on(struct world *w)
{
	struct req_wish lines[] = { { S("LCD-14"), 1, { 0 } }, { S("SCREW"), 4, { 0 } } }, named = { S("screw"), 9, { 0 } };
	struct kit k = { .code = S("SCREEN"), .name = S("换屏"), .lines = lines, .n = 2 };
	struct requisition_new n = { .kit = S("SCREEN"), .wish = &named, .n = 1, .needed_on = NO_DAY };
	struct kit *all;
	size_t count;

	start(w, 3);
	lines[1].part_no = S("LCD-14");
	CHECK(world_write(w, kit_it, &k) == ERR_INVALID && world_field(w, "lines.1.part_no"));
	lines[1].part_no = S("SCREW");
	CHECK(!world_write(w, kit_it, &k) && !world_write(w, kit_it, &k));
	as_engineer(w);
	CHECK(!world_write(w, ask_it, &n));
	CHECK(paper.n_lines == 2 && paper.lines[0].asked == 9 && paper.lines[1].asked == 1);
	n.kit = S("NOPE");
	CHECK(world_write(w, ask_it, &n) == ERR_INVALID && world_field(w, "kit"));
	as_system(w);
	k.n = 0;
	CHECK(!world_write(w, kit_it, &k));
	CHECK(!kit_list(&w->c, &all, &count) && count == 0);
}
static void kits(void **state) { (void)state; world_each(house_slices, kits_on); }

/* ---- reservations run out ---- */

static void expiry_on(struct world *w)
{
	start(w, 3);
	as_engineer(w);
	CHECK(!ask(w, "LCD-14", 2));
	as_head(w);
	CHECK(!act(w, REQ_EV_APPROVE, NULL, NULL));
	as_system(w);
	w->c.now.ms += 7 * 86400000LL;
	CHECK(!requisition_expire(&w->c));
	CHECK(!requisition_get(&w->c, paper.no, &paper) && paper.lines[0].reserved == 2);
	w->c.now.ms += 86400000LL;
	CHECK(!requisition_expire(&w->c));
	CHECK(!requisition_get(&w->c, paper.no, &paper) && paper.lines[0].reserved == 0 && differences(w) == 0);
	w->c.now = world_now;
}
static void expiry(void **state) { (void)state; world_each(house_slices, expiry_on); }

/* ---- an order does not end with parts out ---- */

static enum err cancel_it(struct ctx *c, void *arg)
{
	struct order_act a = { .ev = ORDER_EV_CANCEL, .reason = S("客户取消"), .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT,
		.device_at = NO_INSTANT, .fee = NO_MONEY };

	(void)arg;
	TRY(order_by_id(c, order.id, &order));
	a.ver = order.ver;
	return order_act(c, order.no, &a, &order);
}

static void order_ends_on(struct world *w)
{
	struct requisition_filter cancelled = { .state = REQ_CANCELLED, .order_id = NIL, .before = NIL, .limit = 5 };
	struct requisition out;
	struct req_row *row;
	int64_t next;
	size_t n;

	start(w, 3);
	as_engineer(w);
	CHECK(!ask(w, "LCD-14", 1));
	as_head(w);
	CHECK(!act(w, REQ_EV_APPROVE, NULL, NULL));
	as_keeper(w);
	CHECK(!act(w, REQ_EV_ISSUE, NULL, NULL));
	out = paper;
	as_engineer(w);
	CHECK(!ask(w, "LCD-14", 2));
	CHECK(paper.state == REQ_REQUESTED);
	as_system(w);
	CHECK(world_write(w, cancel_it, NULL) == ERR_CONFLICT);
	CHECK(order.state == ORDER_ENGINEER_ASSIGNED);
	paper = out;
	as_engineer(w);
	CHECK(!act(w, REQ_EV_RECEIVE, NULL, NULL));
	as_system(w);
	CHECK(world_write(w, cancel_it, NULL) == ERR_CONFLICT);
	as_keeper(w);
	CHECK(!act(w, REQ_EV_RETURN, NULL, NULL));
	as_system(w);
	CHECK(!world_write(w, cancel_it, NULL));
	CHECK(!requisition_list(&w->c, &cancelled, &row, &n, &next) && n == 1);
	CHECK(differences(w) == 0);
}
static void order_ends(void **state) { (void)state; world_each(house_slices, order_ends_on); }

/* ---- torture ---- */

static int64_t moves_before;
static struct requisition paper_before;
static bool paper_same(struct world *w)
{
	struct requisition r;

	CHECK(!requisition_get(&w->c, paper_before.no, &r));
	return moves(w) == moves_before && r.ver == paper_before.ver && r.state == paper_before.state && differences(w) == 0;
}

static void torture_on(struct world *w)
{
	struct req_piece piece = { .part_no = S("LCD-14"), .qty = 1, .damaged = 1 };
	struct part_use_new n = { .part_no = S("LCD-14"), .qty = 1, .no_old = -1 };

	start(w, 5);
	CHECK(!ask(w, "LCD-14", 2));
	CHECK(!act(w, REQ_EV_APPROVE, NULL, NULL));
	paper_before = paper, moves_before = moves(w);
	world_torture(w, act_it, &(struct requisition_act){ .ev = REQ_EV_ISSUE, .ver = paper.ver }, paper_same);
	CHECK(!requisition_get(&w->c, paper_before.no, &paper));
	paper_before = paper, moves_before = moves(w);
	world_torture(w, act_it, &(struct requisition_act){ .ev = REQ_EV_RECEIVE, .ver = paper.ver, .reason = S("压坏"), .piece = &piece, .n = 1 }, paper_same);
	CHECK(!requisition_get(&w->c, paper_before.no, &paper));
	paper_before = paper, moves_before = moves(w);
	world_torture(w, use_it, &n, paper_same);
	CHECK(differences(w) == 0);
}
static void torture(void **state) { (void)state; world_each(house_slices, torture_on); }

UNIT_GROUP(requisition, T(tables), T(loop), T(by_serial), T(undone), T(books), T(limits), T(kept_apart), T(scan), T(substitute), T(transfer), T(kits), T(expiry), T(order_ends), T(torture))
