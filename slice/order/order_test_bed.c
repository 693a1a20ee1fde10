/* order_test_bed.c — see order_test_bed.h. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/order/order_test_bed.h"
#include "base/money.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/calendar/calendar.h"
#include "slice/device/device.h"
#include "slice/org/org.h"
#include "slice/sla/sla.h"

struct order_net order_net;

static enum err add_user(struct ctx *c, const char *login, enum role role, int64_t org, str path, int64_t *ret)
{
	TRY(user_add(c, &(struct user){ .login = str_c(login), .name = str_c(login), .lang = S("zh"), .active = true, .customer_id = NIL }, (str){ 0 }, ret));
	return user_grant(c, *ret, role, org, path);
}

static enum err build(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };

	(void)arg;
	TRY(org_add(c, &o, &order_net.hq));
	o.kind = ORG_REGION, o.code = S("EAST"), o.name = S("华东"), o.parent_id = order_net.hq;
	TRY(org_add(c, &o, &order_net.region));
	o.kind = ORG_STATION, o.code = S("HZ01"), o.name = S("杭州一站"), o.parent_id = order_net.region;
	TRY(org_add(c, &o, &order_net.station));
	TRY(org_get(c, order_net.station, &o));
	return add_user(c, "eng", ROLE_ENGINEER, order_net.station, o.path, &order_net.engineer);
}

static enum err seed(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(calendar_seed(c));
	return sla_seed(c);
}

struct order_new a_request(void)
{
	return (struct order_new){ .kind = -1, .mode = MODE_ONSITE, .channel = -1, .priority = -1, .frequency = 0, .data_choice = 0, .customer_id = NIL, .device_id = NIL,
		.customer_name = S("单雄信"), .phone = S("138 0013 8000"), .address = S("杭州市西湖区文三路 1 号"), .serial = S("PF-3A 0001"), .brand = S("Lenovo"),
		.model = S("ThinkPad X1"), .device_kind = DEVICE_NOTEBOOK, .proof = -1, .invoiced_on = NO_DAY, .fault = S("屏幕碎裂,无法开机"), .window_from = NO_INSTANT,
		.window_to = NO_INSTANT, .lat = NIL, .lon = NIL };
}

int64_t order_id;
enum err register_it(struct ctx *c, void *arg) { return order_register(c, arg, &order_id); }

enum err act_it(struct ctx *c, void *arg)
{
	struct firing *s = arg;

	return order_act(c, s->no, &s->a, &s->out);
}

struct order now_of(struct world *w)
{
	struct order o = { 0 };

	world_calm(w);
	CHECK(!order_load(&w->c, BIND(P(id, order_id)), &o));
	return o;
}

struct order_act act(int ev)
{
	return (struct order_act){ .ev = ev, .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT, .device_at = NO_INSTANT, .fee = NO_MONEY };
}

enum err fire_it(struct world *w, struct order_act a)
{
	struct order o = now_of(w);
	struct firing s = { .a = a, .no = o.no };

	if (!s.a.ver)
		s.a.ver = o.ver;
	return world_write(w, act_it, &s);
}

void as(struct world *w, uint64_t perms, enum sight sight, int64_t id, str path)
{
	w->who.perms = perms;
	w->who.sight = sight;
	w->who.id = id;
	w->who.org_path = path;
}

void as_engineer(struct world *w) { as(w, role_info[ROLE_ENGINEER].perms, SIGHT_OWN, order_net.engineer, (str){ 0 }); }
void as_system(struct world *w) { as(w, PERM_ALL, SIGHT_ALL, NIL, (str){ 0 }); w->who.id = actor_system.id; }

void start(struct world *w)
{
	struct order_new n = a_request();
	static char dir[] = "/tmp/baoxiu-order-XXXXXX";

	if (strstr(dir, "XXXXXX"))
		CHECK(mkdtemp(dir));
	attachment_dir(dir);
	secret_key_use(NULL);
	as_system(w);
	CHECK(!world_write(w, seed, NULL));
	CHECK(!world_write(w, build, NULL));
	CHECK(!world_write(w, register_it, &n));
}

enum err edit_it(struct ctx *c, void *arg)
{
	struct edit *e = arg;

	return order_edit(c, e->no, &e->n, e->ver);
}

void to_station(struct world *w)
{
	struct order_act a = act(ORDER_EV_DISPATCH);

	a.station = S("HZ01");
	CHECK(!fire_it(w, a));
	a = act(ORDER_EV_ASSIGN), a.engineer = S("eng");
	CHECK(!fire_it(w, a));
}
