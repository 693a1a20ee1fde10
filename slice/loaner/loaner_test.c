/* Loaners: out against a signature, not lower than the customer's own, back, erased, lent again; an order does not end while one is out. */
#include "tests/unit.h"
#include "tests/world.h"
#include "base/money.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/device/device.h"
#include "slice/loaner/loaner.h"
#include "slice/order/order.h"
#include "slice/org/org.h"

extern const struct slice *const house_slices[];
static const char png[] = "\x89PNG\r\n\x1a\n0000";
static struct order order;
static int64_t other;                                  /* another order */
static struct loaner loaner;
static struct loan loan;

static enum err build(struct ctx *c, void *arg)
{
	struct order_new n = { .kind = -1, .mode = MODE_CARRY_IN, .channel = -1, .priority = -1, .frequency = 0, .data_choice = 0, .customer_id = NIL, .device_id = NIL,
		.customer_name = S("单雄信"), .phone = S("138 0013 8000"), .serial = S("PF-1"), .brand = S("Lenovo"), .model = S("X1"), .device_kind = DEVICE_NOTEBOOK, .proof = -1,
		.invoiced_on = NO_DAY, .fault = S("不开机"), .window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL };
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	int64_t id;

	(void)arg;
	TRY(org_add(c, &o, &id));
	TRY(order_register(c, &n, &id));
	TRY(order_by_id(c, id, &order));
	TRY(model_rank_set(c, S("lenovo"), S("x1"), 6));
	return loaner_add(c, &(struct loaner_new){ .code = S("BY-1"), .serial = S("L-1"), .brand = S("Lenovo"), .model = S("L14"), .org = S("HQ"), .kind = -1, .rank = 5 }, &loaner);
}

static enum err add_it(struct ctx *c, void *arg) { return loaner_add(c, arg, &loaner); }
static enum err lend_it(struct ctx *c, void *arg) { return loan_out(c, &order, arg, &loan); }
static enum err back_it(struct ctx *c, void *arg) { return loan_back(c, loan.no, loan.ver, str_c(arg), &loan); }
static enum err erase_it(struct ctx *c, void *arg) { return loan_erase(c, loan.no, loan.ver, *(int *)arg, S(""), &loan); }
static enum err retire_it(struct ctx *c, void *arg) { return loaner_retire(c, S("BY-1"), loaner.ver, str_c(arg)); }

static struct loan_new terms(void)
{
	return (struct loan_new){ .code = S("BY-1"), .condition = S("完好"), .accessories = S("电源"), .signer = S("单雄信"), .signature = { png, sizeof png - 1 },
		.reason = S("高配备机已借完"), .due_on = { 20784 + 14 } };
}

static void pool_on(struct world *w)
{
	static const struct { const char *field; struct loaner_new n; } rows[] = {
		{ "code", { .code = { NULL, 0 }, .rank = 3 } }, { "serial", { .code = { "B", 1 }, .rank = 3 } }, { "rank", { .code = { "B", 1 }, .serial = { "S", 1 } } },
		{ "rank", { .code = { "B", 1 }, .serial = { "S", 1 }, .rank = 10 } }, { "org", { .code = { "B", 1 }, .serial = { "S", 1 }, .rank = 1, .org = { "NO", 2 } } },
		{ "code", { .code = { "BY-1", 4 }, .serial = { "S", 1 }, .rank = 1, .org = { "HQ", 2 } } }, { "code", { .code = { "B", 1 }, .serial = { "L-1", 3 }, .brand = { "Lenovo", 6 }, .rank = 1, .org = { "HQ", 2 } } },
	};
	struct loaner *l;
	size_t n;

	CHECK(!world_write(w, build, NULL));
	for (size_t i = 0; i < LEN(rows); i++) {
		struct loaner_new bad = rows[i].n;

		CHECK_ROW(i, world_write(w, add_it, &bad) == ERR_INVALID && world_field(w, rows[i].field));
	}
	world_calm(w);
	CHECK(!loaner_list(&w->c, LOANER_READY, 5, &l, &n) && n == 1 && l[0].rank == 5);
	CHECK(!loaner_list(&w->c, LOANER_READY, 6, &l, &n) && n == 0);
}
static void pool(void **state) { (void)state; world_each(house_slices, pool_on); }

static enum err cancel_it(struct ctx *c, void *arg)
{
	struct order_act a = { .ev = ORDER_EV_CANCEL, .reason = S("客户取消"), .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT,
		.device_at = NO_INSTANT, .fee = NO_MONEY };
	struct order o;

	(void)arg;
	TRY(order_by_id(c, order.id, &o));
	a.ver = o.ver;
	return order_act(c, o.no, &a, &o);
}

static enum err other_order(struct ctx *c, void *arg)
{
	struct order_new n = { .kind = -1, .mode = MODE_CARRY_IN, .channel = -1, .priority = -1, .frequency = 0, .data_choice = 0, .customer_id = NIL, .device_id = NIL,
		.customer_name = S("罗成"), .phone = S("139 0013 9000"), .serial = S("PF-2"), .brand = S("Lenovo"), .model = S("X1"), .device_kind = DEVICE_NOTEBOOK, .proof = -1,
		.invoiced_on = NO_DAY, .fault = S("花屏"), .window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL };

	(void)arg;
	return order_register(c, &n, &other);
}

struct keeping { int64_t order; int days; };
static enum err keep_it(struct ctx *c, void *arg)
{
	const struct keeping *k = arg;
	struct order o = order;

	o.id = k->order;
	return loaner_keep(c, &o, S("BY-1"), (day){ tz_day(c->who->zone, c->now).d + k->days });
}

static bool still_ready(struct world *w)
{
	struct loaner l;

	return !loaner_get(&w->c, S("BY-1"), &l) && l.state == LOANER_READY;
}

static void way_on(struct world *w)
{
	char dir[] = "/tmp/loaner-unit-XXXXXX";
	int none = -1, overwrite = 0;
	struct loan_new n = terms();

	CHECK(mkdtemp(dir));
	attachment_dir(dir);
	CHECK(!world_write(w, build, NULL));
	n.signature = (str){ 0 };
	CHECK(world_write(w, lend_it, &n) == ERR_INVALID && world_field(w, "signature"));
	n = terms();
	n.due_on.d = 20000;
	CHECK(world_write(w, lend_it, &n) == ERR_INVALID && world_field(w, "due_on"));
	n = terms();
	n.reason = (str){ 0 };
	CHECK(world_write(w, lend_it, &n) == ERR_INVALID && world_field(w, "reason"));
	n = terms();
	/* Kept for somebody else until tomorrow, it is not lent here; the day after it is. */
	CHECK(world_write(w, keep_it, &(struct keeping){ order.id, -1 }) == ERR_INVALID && world_field(w, "until"));
	CHECK(!world_write(w, other_order, NULL));
	CHECK(!world_write(w, keep_it, &(struct keeping){ other, 1 }));
	CHECK(world_write(w, keep_it, &(struct keeping){ order.id, 1 }) == ERR_CONFLICT);
	CHECK(world_write(w, lend_it, &n) == ERR_INVALID && world_field(w, "code"));
	w->c.now.ms += 2 * 86400000LL;
	CHECK(!world_write(w, keep_it, &(struct keeping){ order.id, 1 }));
	w->c.now = world_now;
	world_torture(w, lend_it, &n, still_ready);
	CHECK(loan.state == LOANER_OUT && str_eq(loan.code, S("BY-1")));
	CHECK(world_write(w, lend_it, &n) == ERR_INVALID && world_field(w, "code"));
	CHECK(world_write(w, retire_it, "旧") == ERR_CONFLICT);
	CHECK(world_write(w, cancel_it, NULL) == ERR_CONFLICT);
	CHECK(world_write(w, erase_it, &overwrite) == ERR_CONFLICT);
	CHECK(world_write(w, back_it, "") == ERR_INVALID && world_field(w, "condition"));
	CHECK(!world_write(w, back_it, "完好"));
	/* Not lent again before the data are gone. */
	CHECK(world_write(w, lend_it, &n) == ERR_INVALID && world_field(w, "code"));
	CHECK(world_write(w, erase_it, &none) == ERR_INVALID && world_field(w, "method"));
	CHECK(!world_write(w, erase_it, &overwrite));
	CHECK(loan.state == LOANER_READY && loan.erased_at.ms == world_now.ms && still_ready(w));
	CHECK(!world_write(w, lend_it, &n));
	CHECK(!world_write(w, back_it, "完好"));
	CHECK(!world_write(w, cancel_it, NULL));
}
static void way(void **state) { (void)state; world_each(house_slices, way_on); }

static void remind_on(struct world *w)
{
	char dir[] = "/tmp/loaner-unit-XXXXXX";
	struct loan_new n = terms();
	struct order_message *m;
	size_t count;

	CHECK(mkdtemp(dir));
	attachment_dir(dir);
	CHECK(!world_write(w, build, NULL));
	n.due_on.d = tz_day(w->who.zone, world_now).d + 2;
	CHECK(!world_write(w, lend_it, &n));
	CHECK(!loan_remind(&w->c));
	CHECK(!order_talk(&w->c, order.id, true, NIL, 200, &m, &count) && count == 0);
	w->c.now.ms += 86400000LL;
	CHECK(!loan_remind(&w->c) && !loan_remind(&w->c));
	CHECK(!order_talk(&w->c, order.id, true, NIL, 200, &m, &count) && count == 1 && m[0].internal);
	w->c.now = world_now;
}
static void remind(void **state) { (void)state; world_each(house_slices, remind_on); }

UNIT_GROUP(loaner, T(pool), T(way), T(remind))
