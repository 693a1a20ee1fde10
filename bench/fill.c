/* fill.c — many orders fast: most happened in the past, a few are open. Stands on the network of `baoxiu demo`. */
#include "bench/bench.h"
#include "app/house.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order_past.h"
#include "slice/org/org.h"

enum { BATCH = 1000, OPEN_EVERY = 25, STATIONS_MAX = 200, DAYS = 1000 };
#define DAY_MS 86400000LL

struct fill { struct house h; struct org *station; size_t n_stations; const struct actor *agent; int64_t from, to; struct arena keep; };

static const char *const faults[] = { "无法开机,按电源键没有反应", "屏幕右侧有三条竖线", "开机提示 No bootable device", "键盘部分按键失灵", "打印卡纸", "每天蓝屏两三次", "电池不充电", "风扇噪音大" };
static const char *const names[] = { "王伟", "李娜", "张敏", "刘洋", "陈静", "杨磊", "赵勇", "黄艳", "周杰", "吴涛" };

static uint64_t mix(uint64_t x)
{
	x ^= x >> 31, x *= 0x7fb5d329728ea185u;
	x ^= x >> 27, x *= 0x81dadef4bc2dd44du;
	return x ^ x >> 33;
}

/* Every fourth order brings a new customer, every second a new device. */
static enum err customer_and_device(struct ctx *c, const struct fill *f, int64_t i, int64_t *ret_customer, int64_t *ret_device)
{
	str name = arena_fmt(c->a, "%s%lld", names[mix((uint64_t)i / 4) % LEN(names)], (long long)(i / 4)), serial = arena_fmt(c->a, "BX%09lld", (long long)(i / 2));
	struct customer_new k = { .name = name, .phone = arena_fmt(c->a, "142%08lld", (long long)(i / 4 % 100000000)), .address = S("人民路 1 号"), .kind = CUSTOMER_PERSON,
		.org_id = NIL, .lat = NIL, .lon = NIL, .external_ref = arena_fmt(c->a, "bench-%lld", (long long)(i / 4)) };
	struct customer who;
	struct device d;
	enum err e = customer_by_ref(c, k.external_ref, &who);

	(void)f;
	c->diag = (struct diag){ 0 };
	*ret_customer = who.id;
	if (e == ERR_NOT_FOUND)
		e = customer_add(c, &k, ret_customer);
	TRY(e);
	e = device_find(c, serial, S("Lenovo"), &d);
	c->diag = (struct diag){ 0 };
	*ret_device = d.id;
	if (e != ERR_NOT_FOUND)
		return e;
	return device_add(c, &(struct device){ .serial = serial, .brand = S("Lenovo"), .model = S("ThinkPad T14"), .kind = DEVICE_NOTEBOOK, .proof = PROOF_INVOICE,
		.customer_id = *ret_customer, .product_id = NIL, .replaced_by = NIL, .factory_on = NO_DAY, .invoiced_on = { 20000 + i % 500 }, .delivered_on = NO_DAY,
		.installed_on = NO_DAY, .accepted_on = NO_DAY }, ret_device);
}

static enum err past_order(struct ctx *c, const struct fill *f, int64_t i, int64_t customer, int64_t device)
{
	const struct org *s = &f->station[mix((uint64_t)i) % f->n_stations];
	int64_t opened = c->now.ms - (DAYS - i % DAYS) * DAY_MS / 2 - 3 * DAY_MS, id;
	const struct order_past_step step[] = {
		{ ORDER_ACCEPTED, -1, { opened + 600000 }, { 0 }, { 0 } }, { ORDER_DIAGNOSED, -1, { opened + 9000000 }, { 0 }, { 0 } }, { ORDER_CLOSED, -1, { opened + 2 * DAY_MS }, { 0 }, { 0 } },
	};
	bool known;

	return order_import(c, &(struct order_past){ .external_ref = arena_fmt(c->a, "bench-%lld", (long long)i), .mode = 1, .priority = 1, .verdict = 1, .customer_id = customer,
		.device_id = device, .station_id = s->id, .org_path = s->path, .contact_name = str_c(names[i % (int64_t)LEN(names)]), .fault = str_c(faults[mix((uint64_t)i) % LEN(faults)]),
		.finding = S("检测确认故障"), .result = S("更换部件,测试正常"), .actor = S("bench"), .opened_at = { opened }, .steps = step, .n_steps = LEN(step) }, &id, &known);
}

static enum err open_order(struct ctx *c, const struct fill *f, int64_t i, int64_t customer, int64_t device)
{
	const struct org *s = &f->station[mix((uint64_t)i) % f->n_stations];
	struct order_new n = { .kind = -1, .mode = MODE_ONSITE, .channel = -1, .priority = -1, .frequency = -1, .data_choice = -1, .customer_id = customer, .device_id = device,
		.device_kind = -1, .proof = -1, .invoiced_on = NO_DAY, .fault = str_c(faults[mix((uint64_t)i) % LEN(faults)]), .window_from = NO_INSTANT, .window_to = NO_INSTANT,
		.in_spite = true, .lat = NIL, .lon = NIL };
	struct order_act a = { .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT, .device_at = NO_INSTANT, .fee = { NIL, "CNY" }, .station = s->code };
	struct order o;
	int64_t id;

	TRY(order_register(c, &n, &id));
	for (int k = 0; k < (i / OPEN_EVERY) % 3; k++) {
		TRY(order_by_id(c, id, &o));
		a.ev = k ? ORDER_EV_DISPATCH : ORDER_EV_ACCEPT;
		a.ver = o.ver;
		TRY(order_fire(c, &o, &a));
	}
	return ERR_OK;
}

static enum err put_batch(struct ctx *c, void *arg)
{
	const struct fill *f = arg;

	c->who = f->agent;
	for (int64_t i = f->from; i < f->to; i++) {
		struct arena_mark m = arena_mark(c->a);
		int64_t customer, device;

		TRY(customer_and_device(c, f, i, &customer, &device));
		TRY(i % OPEN_EVERY ? past_order(c, f, i, customer, device) : open_order(c, f, i, customer, device));
		arena_reset(c->a, m);
	}
	return ERR_OK;
}

static enum err prepare(struct fill *f)
{
	struct ctx lasting = f->h.c;
	struct user agent;

	lasting.a = &f->keep;
	TRY(org_list(&lasting, ORG_STATION, (str){ 0 }, &f->station, &f->n_stations));
	TRY(user_by_login(&lasting, S("agent"), &agent));
	return account_actor(&lasting, agent.id, &f->agent);
}

int bench_fill(int argc, char **argv)
{
	static struct fill f;
	int64_t from = argc == 5 ? atoll(argv[3]) : -1, to = argc == 5 ? atoll(argv[4]) : -1, began = clock_mono_us();

	if (from < 0 || to < from || !house_open(&f.h, argv[1], argv[2]))
		return 2;
	arena_init(&f.keep, 16 << 20);
	if (prepare(&f)) {
		house_complain(&f.h, "fill: run baoxiu demo first");
		return 1;
	}
	for (f.from = from; f.from < to; f.from = f.to) {
		f.to = f.from + BATCH < to ? f.from + BATCH : to;
		house_renew(&f.h);
		if (db_write(f.h.db, &f.h.c, put_batch, &f)) {
			house_complain(&f.h, "fill");
			return 1;
		}
	}
	house_close(&f.h);
	arena_free(&f.keep);
	began = clock_mono_us() - began;
	printf("{\"orders\": %lld, \"us\": %lld}\n", (long long)(to - from), (long long)began);
	return 0;
}
