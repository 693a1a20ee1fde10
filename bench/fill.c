/* fill.c — orders: 10,000 through the departments' verbs, the rest as copies of their rows. Most happened in the past, one of 125 is open. Stands on the network
 * of `baoxiu demo`. */
#include "bench/bench.h"
#include "bench/copies.h"
#include "app/house.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order_past.h"
#include "slice/org/org.h"

enum { MADE = 10000 /* by verbs */, BATCH = 1000, OPEN_EVERY = 125, STATIONS_MAX = 200, DAYS = 1000 };
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

/* ---- copies: order i has customer i/4 and device i/2, as above ---- */

#define DIGITS(text, from, each) "substr(CAST(1000000000 + CAST(substr(" text ", " #from ") AS BIGINT) + $k * " #each " AS TEXT), 2)"
#define PHONE(column) "substr(" column ", 1, 3) || substr(CAST(100000000 + CAST(substr(" column ", 4) AS BIGINT) + $k * 2500 AS TEXT), 2)"
static const struct change of_customer[] = {
	{ "id", "id + @customer" }, { "no", "'KH' || $6 || substr(no, 9)" }, { "external_ref", "external_ref || '-' || $6" }, { 0 }
};
static const struct change of_contact[] = {
	{ "id", "id + @contact" }, { "customer_id", "customer_id + @customer" }, { "phone", PHONE("phone") }, { "phone_key", PHONE("phone_key") },
	{ "phone_tail", "substr(" PHONE("phone_key") ", 8)" }, { 0 }
};
static const struct change of_address[] = { { "id", "id + @address" }, { "customer_id", "customer_id + @customer" }, { 0 } };
static const struct change of_device[] = {
	{ "id", "id + @device" }, { "customer_id", "customer_id + @customer" }, { "serial", "'BX' || " DIGITS("serial", 3, 5000) }, { "serial_key", "'bx' || " DIGITS("serial_key", 3, 5000) }, { 0 }
};
static const struct change of_order[] = {
	{ "id", "id + @work_order" }, { "no", "'BX' || $6 || substr(no, 9)" }, { "follow_token", "substr(follow_token, 1, 16) || $6" }, { "customer_id", "customer_id + @customer" },
	{ "device_id", "device_id + @device" }, { "opened_at", "opened_at + $k * 1000" }, { "closed_at", "closed_at + $k * 1000" }, { "external_ref", "external_ref || '-' || $6" }, { 0 }
};
static const struct change of_event[] = {
	{ "id", "id + @audit_event" }, { "subject_id", "subject_id + CASE subject_kind WHEN 'order' THEN @work_order WHEN 'device' THEN @device ELSE @customer END" }, { 0 }
};
static const struct change of_head[] = { of_event[1], { 0 } };
static const struct change of_clock[] = { { "id", "id + @sla_clock" }, { "subject_id", "subject_id + @work_order" }, { 0 } };
static const struct change of_move[] = { { "id", "id + @sla_move" }, { "clock_id", "clock_id + @sla_clock" }, { 0 } };

static const char subjects[] = "subject_kind = 'order' AND subject_id > <work_order AND subject_id <= >work_order OR subject_kind = 'device' AND subject_id > <device AND subject_id <= >device "
	"OR subject_kind = 'customer' AND subject_id > <customer AND subject_id <= >customer";
static const struct copy order_copies[] = {
	{ "customer", "id > <customer AND id <= >customer", of_customer },
	{ "contact", "id > <contact AND id <= >contact", of_contact },
	{ "address", "id > <address AND id <= >address", of_address },
	{ "device", "id > <device AND id <= >device", of_device },
	{ "work_order", "id > <work_order AND id <= >work_order", of_order },
	{ "audit_event", "id > <audit_event AND id <= >audit_event", of_event },
	{ "audit_head", subjects, of_head },
	{ "sla_clock", "id > <sla_clock AND id <= >sla_clock", of_clock },
	{ "sla_move", "id > <sla_move AND id <= >sla_move", of_move },
};
/* The order's number is among its words. */
static const char fts_lite[] = "INSERT INTO order_fts(rowid, words) SELECT f.rowid + @work_order, replace(f.words, lower(o.no), 'bx' || $6 || substr(o.no, 9)) "
	"FROM work_order o JOIN order_fts f ON f.rowid = o.id WHERE o.id > <work_order AND o.id <= >work_order";
static const char fts_pg[] = "INSERT INTO order_fts(id, words) SELECT f.id + @work_order, replace(f.words::text, lower(o.no), 'bx' || $6 || substr(o.no, 9))::tsvector "
	"FROM work_order o JOIN order_fts f ON f.id = o.id WHERE o.id > <work_order AND o.id <= >work_order";

static const struct copies orders = {
	.table = { "customer", "contact", "address", "device", "work_order", "audit_event", "sla_clock", "sla_move" }, .copy = order_copies, .n = LEN(order_copies), .lite = fts_lite, .pg = fts_pg,
};

/* Before and after the verbs: notes which rows are the pattern. */
static void mark(const char *url, bool end)
{
	struct raw *r = raw_open(url, true);
	char sql[300];

	if (!end)
		raw_exec(r, "CREATE TABLE bench_mark(name TEXT PRIMARY KEY, low BIGINT NOT NULL, high BIGINT)");
	for (int i = 0; orders.table[i]; i++) {
		long long last = raw_int(r, "SELECT coalesce(max(id), 0) FROM %s", orders.table[i]);

		if (end)
			snprintf(sql, sizeof sql, "UPDATE bench_mark SET high = %lld WHERE name = '%s'", last, orders.table[i]);
		else
			snprintf(sql, sizeof sql, "INSERT INTO bench_mark(name, low) VALUES ('%s', %lld)", orders.table[i], last);
		raw_exec(r, sql);
	}
	raw_close(r);
}

static void by_copies(const char *url, int64_t from, int64_t to)
{
	struct raw *r = raw_open(url, true);
	struct range range[COPY_TABLES];

	for (int i = 0; orders.table[i]; i++) {
		range[i].low = raw_int(r, "SELECT low FROM bench_mark WHERE name = '%s'", orders.table[i]);
		range[i].high = raw_int(r, "SELECT high FROM bench_mark WHERE name = '%s'", orders.table[i]);
	}
	copies_make(r, &orders, range, from / MADE, to / MADE);
	raw_close(r);
}

static bool by_verbs(const char *url, const char *data, int64_t from, int64_t to)
{
	static struct fill f;

	if (!house_open(&f.h, url, data))
		return false;
	arena_init(&f.keep, 16 << 20);
	if (prepare(&f)) {
		house_complain(&f.h, "fill: run baoxiu demo first");
		return false;
	}
	for (f.from = from; f.from < to; f.from = f.to) {
		f.to = f.from + BATCH < to ? f.from + BATCH : to;
		house_renew(&f.h);
		if (db_write(f.h.db, &f.h.c, put_batch, &f)) {
			house_complain(&f.h, "fill");
			return false;
		}
	}
	house_close(&f.h);
	arena_free(&f.keep);
	return true;
}

int bench_fill(int argc, char **argv)
{
	int64_t from = argc == 5 ? atoll(argv[3]) : -1, to = argc == 5 ? atoll(argv[4]) : -1, began = clock_mono_us();

	if (from < 0 || to <= from || from % MADE || to % MADE)
		return 2;
	if (!from) {
		mark(argv[1], false);
		if (!by_verbs(argv[1], argv[2], 0, MADE))
			return 1;
		mark(argv[1], true);
	}
	if (to > MADE)
		by_copies(argv[1], from ? from : MADE, to);
	began = clock_mono_us() - began;
	printf("{\"orders\": %lld, \"us\": %lld}\n", (long long)(to - from), (long long)began);
	return 0;
}
