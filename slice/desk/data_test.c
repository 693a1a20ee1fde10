/* What is kept of a person is handed out whole and logged; erased, nothing of it is found any more, and the repairs and the chain of events stay. */
#include "tests/unit.h"
#include "tests/door.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "slice/order/order_test_bed.h"

struct wish { struct customer k; int64_t ver; str why; };
static enum err erase_it(struct ctx *c, void *arg) { const struct wish *w = arg; return customer_erase(c, &w->k, w->ver, w->why); }
static enum err say_it(struct ctx *c, void *arg) { return order_say(c, arg, S("我家密码 1234"), false, S("单雄信")); }

static bool in_orders(struct world *w, const char *words)
{
	struct order_filter f = { ORDER_FILTER_ANY };
	struct order_row *row;
	int64_t next;
	size_t n;

	f.q = str_c(words);
	CHECK(!order_list(&w->c, &f, &row, &n, &next));
	return n > 0;
}

static void forgetting_on(struct world *w)
{
	struct audit_walk walk = { 0 };
	struct wish wish = { .why = S("asked for it") };
	struct order_message *said;
	struct customer_hit *hit;
	struct order o;
	size_t n;
	bool more;

	start(w);
	o = now_of(w);
	w->who.sight = SIGHT_CUSTOMER, w->who.customer_id = o.customer_id;
	CHECK(!world_write(w, say_it, &o));
	as_system(w);
	w->who.customer_id = NIL;
	CHECK(in_orders(w, "单雄信") && in_orders(w, "138 0013 8000") && !customer_search(&w->c, S("单雄信"), NIL, 10, &hit, &n) && n == 1);
	CHECK(!customer_get(&w->c, o.customer_id, &wish.k));
	wish.ver = wish.k.ver;
	CHECK(world_write(w, erase_it, &wish) == ERR_CONFLICT);
	{
		struct order_act a = act(ORDER_EV_CANCEL);

		a.reason = S("moved away");
		CHECK(!fire_it(w, a));
	}
	wish.ver++;
	CHECK(world_write(w, erase_it, &wish) == ERR_CONFLICT);
	wish.ver--, wish.why = S(" ");
	CHECK(world_write(w, erase_it, &wish) == ERR_INVALID && world_field(w, "why"));
	wish.why = S("asked for it");
	CHECK(!world_write(w, erase_it, &wish));
	o = now_of(w);
	CHECK(str_eq(o.customer, CUSTOMER_ERASED) && !o.phone.n && !o.address.n && o.lat == NIL && str_eq(o.fault, a_request().fault));
	CHECK(!order_talk_last(&w->c, o.id, false, 10, &said, &n, &more) && n == 1 && str_eq(said[0].text, CUSTOMER_ERASED));
	CHECK(!in_orders(w, "单雄信") && !in_orders(w, "138 0013 8000") && in_orders(w, "屏幕"));
	CHECK(!customer_search(&w->c, S("单雄信"), NIL, 10, &hit, &n) && !n && !customer_search(&w->c, S("13800138000"), NIL, 10, &hit, &n) && !n);
	CHECK(!customer_get(&w->c, o.customer_id, &wish.k) && !wish.k.n_contacts && !wish.k.n_addresses && str_eq(wish.k.name, CUSTOMER_ERASED));
	CHECK(!audit_verify(&w->c, &walk) && !walk.differences);
}
ON(forgetting)

static void handing_out_on(struct world *w)
{
	struct customer k;
	struct event *e;
	struct door d;
	size_t n;

	start(w);
	CHECK(!customer_get(&w->c, now_of(w).customer_id, &k));
	door_open(&d, w, house_slices, "boss", ROLE_ADMIN, order_net.hq, S("1."));
	door_ask(&d, "GET", arena_fmt(w->c.a, "/api/v1/customers/%.*s/data", STR_ARG(k.no)).p, "");
	CHECK(d.a.status == 200 && door_says(&d, "单雄信") && door_says(&d, "138 0013 8000") && door_says(&d, "PF-3A 0001") && door_says(&d, "文三路"));
	world_calm(w);
	CHECK(!audit_last(&w->c, "customer", k.id, 1, &e, &n) && n == 1 && str_eq(e[0].kind, S("read")) && str_eq(event_text(&w->c, &e[0], "what"), S("export")));
	door_ask(&d, "GET", arena_fmt(w->c.a, "/customers/%.*s", STR_ARG(k.no)).p, "");
	CHECK(d.a.status == 200 && door_says(&d, "/data\"") && door_says(&d, "/erase\""));
	door_ask(&d, "POST", arena_fmt(w->c.a, "/customers/%.*s/erase", STR_ARG(k.no)).p, "ver=1&why=asked");
	CHECK(d.a.status == 409);
	door_close(&d);
	door_open(&d, w, house_slices, "agent1", ROLE_AGENT, order_net.hq, S("1."));
	door_ask(&d, "GET", arena_fmt(w->c.a, "/api/v1/customers/%.*s/data", STR_ARG(k.no)).p, "");
	CHECK(d.a.status == 403);
	door_close(&d);
}
ON(handing_out)

UNIT_GROUP(data_wish, T(forgetting), T(handing_out))
