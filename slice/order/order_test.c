/* The order's life: a repair goes from the call to the closed file, and what is wrong is refused whole. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/order/order_test_bed.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/org/org.h"

static const char png[] = "\x89PNG\r\n\x1a\n0000";

/* ---- the story ---- */

static void to_engineer(struct world *w)
{
	struct order_act a = act(ORDER_EV_ACCEPT);

	as(w, role_info[ROLE_ADMIN].perms, SIGHT_ALL, order_net.engineer + 100, (str){ 0 });
	w->who.id = NIL + 1;
	w->who = (struct actor){ .id = order_net.engineer, .perms = PERM_ALL, .sight = SIGHT_ALL, .org_id = NIL, .customer_id = NIL, .name = S("boss"), .login = S("boss"),
		.lang = "en", .zone = w->who.zone };
	CHECK(!fire_it(w, a));
	to_station(w);
}

static void repair_on(struct world *w)
{
	struct order_act a;
	struct order o;
	struct event *e;
	size_t n;

	start(w);
	o = now_of(w);
	CHECK(o.state == ORDER_REGISTERED && o.kind == KIND_REPAIR && str_starts(o.no, S("BX")) && o.follow_token.n >= 20);
	CHECK(str_eq(o.serial, S("PF-3A 0001")) && str_eq(o.customer, S("单雄信")));
	to_engineer(w);
	as_engineer(w);
	CHECK(!fire_it(w, act(ORDER_EV_TAKE)));
	a = act(ORDER_EV_APPOINT), a.from = (instant){ world_now.ms + 3600000 };
	CHECK(!fire_it(w, a));
	CHECK(!fire_it(w, act(ORDER_EV_DEPART)));
	CHECK(!fire_it(w, act(ORDER_EV_ARRIVE)));
	a = act(ORDER_EV_DIAGNOSE), a.verdict = 1, a.finding = S("液晶屏破裂"), a.cause = S("quality");
	CHECK(!fire_it(w, a));
	a = act(ORDER_EV_WAIT), a.wait = WAIT_PARTS, a.reason = S("等屏");
	CHECK(!fire_it(w, a));
	CHECK(now_of(w).state == ORDER_WAITING && now_of(w).wait_from == ORDER_DIAGNOSED);
	CHECK(!fire_it(w, act(ORDER_EV_RESUME)));
	CHECK(now_of(w).state == ORDER_DIAGNOSED && now_of(w).wait == -1);
	a = act(ORDER_EV_REPAIR), a.result = S("更换液晶屏");
	CHECK(!fire_it(w, a));
	a = act(ORDER_EV_HAND_OVER), a.signer = S("单雄信");
	CHECK(fire_it(w, a) == ERR_INVALID && world_field(w, "signature"));
	a.signature = (str){ png, sizeof png - 1 };
	CHECK(!fire_it(w, a));
	CHECK(now_of(w).handed_over_at.ms == world_now.ms && now_of(w).signature_id > 0);
	a = act(ORDER_EV_CALL_BACK), a.satisfaction = 5;
	CHECK(fire_it(w, a) == ERR_FORBIDDEN);
	w->who = (struct actor){ .id = NIL, .perms = PERM_ALL, .sight = SIGHT_ALL, .org_id = NIL, .customer_id = NIL, .name = S("x"), .lang = "en", .zone = w->who.zone };
	w->who.id = order_net.engineer + 1;
	world_calm(w);
	CHECK(!audit_list(&w->c, "order", order_id, 0, 200, &e, &n));
	CHECK(str_eq(e[n - 3].kind, S("pass")) || str_eq(e[n - 2].kind, S("pass")));     /* told by the signature */
	CHECK(n == 15 && str_eq(e[0].kind, S("register")) && str_eq(e[n - 1].kind, S("hand_over")));
	CHECK(str_eq(event_text(&w->c, &e[n - 1], "to"), S("handed_over")));
}

/* The customer refuses within seven working days; Sunday 22 November 2026 → the seventh is Tuesday 1 December. */
static void refusal_on(struct world *w)
{
	struct order_act a;
	day last;

	start(w);
	CHECK(!order_refusal_until(&w->c, world_now, &last) && last.d == day_of(2026, 12, 1).d);
	a = act(ORDER_EV_SOLVE), a.result = S("重装驱动");
	CHECK(!fire_it(w, a));
	w->who = (struct actor){ .id = NIL, .sight = SIGHT_CUSTOMER, .customer_id = now_of(w).customer_id, .org_id = NIL, .name = S("customer"), .lang = "zh", .zone = w->who.zone };
	a = act(ORDER_EV_REFUSE), a.reason = S("又坏了");
	w->c.now.ms += 10LL * 86400000;
	CHECK(fire_it(w, a) == ERR_CONFLICT);
	w->c.now.ms -= 2LL * 86400000;
	CHECK(!fire_it(w, a));
	CHECK(now_of(w).state == ORDER_TRIAGED && now_of(w).reopened == 1);
}

/* ---- what is refused ---- */

static void refusals_on(struct world *w)
{
	struct order_new n = a_request();
	struct order_act a;

	start(w);
	CHECK(world_write(w, register_it, &n) == ERR_CONFLICT);        /* the serial has an open order */
	n.in_spite = true;
	CHECK(!world_write(w, register_it, &n));
	n = a_request(), n.fault = S("  ");
	CHECK(world_write(w, register_it, &n) == ERR_INVALID && world_field(w, "fault"));
	n = a_request(), n.symptom = S("NOPE"), n.in_spite = true;
	CHECK(world_write(w, register_it, &n) == ERR_INVALID && world_field(w, "symptom"));
	n = a_request(), n.unlock = S("1234"), n.in_spite = true;
	CHECK(world_write(w, register_it, &n) == ERR_INVALID && world_field(w, "unlock"));
	a = act(ORDER_EV_DISPATCH), a.ver = 99;
	CHECK(fire_it(w, a) == ERR_CONFLICT);                          /* stale */
	CHECK(fire_it(w, act(ORDER_EV_PASS)) == ERR_CONFLICT);         /* illegal from here */
	CHECK(fire_it(w, act(ORDER_EV_SOLVE)) == ERR_INVALID && world_field(w, "result"));
	CHECK(!fire_it(w, act(ORDER_EV_ACCEPT)));
	a = act(ORDER_EV_DISPATCH), a.station = S("NO-SUCH");
	CHECK(fire_it(w, a) == ERR_INVALID && world_field(w, "station"));
	a.station = S("EAST");
	CHECK(fire_it(w, a) == ERR_INVALID && world_field(w, "station"));
	a.station = S("HZ01");
	CHECK(!fire_it(w, a));
	a = act(ORDER_EV_ASSIGN), a.engineer = S("nobody");
	CHECK(fire_it(w, a) == ERR_INVALID && world_field(w, "engineer"));
}

static void sight_on(struct world *w)
{
	struct order o, seen;
	struct org s;

	start(w);
	o = now_of(w);
	CHECK(!order_get(&w->c, o.no, &seen));
	as_engineer(w);
	CHECK(order_get(&w->c, o.no, &seen) == ERR_NOT_FOUND);         /* not their job */
	world_calm(w);
	CHECK(!org_get(&w->c, order_net.station, &s));
	as(w, role_info[ROLE_STATION_HEAD].perms, SIGHT_ORG, order_net.engineer, s.path);
	CHECK(order_get(&w->c, o.no, &seen) == ERR_NOT_FOUND);         /* not yet dispatched to them */
	world_calm(w);
	CHECK(!order_by_token(&w->c, o.follow_token, &seen));
	CHECK(order_by_token(&w->c, S("short"), &seen) == ERR_NOT_FOUND);
}

static void lists_on(struct world *w)
{
	struct order_filter f = { .state = -1, .kind = -1, .wait = -1, .customer_id = NIL, .device_id = NIL, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = 2 };
	static const char *const words[] = { "碎裂", "屏", "thinkpad", "PF-3A" };
	struct order_row *row;
	struct order_count *count;
	int64_t next;
	size_t n;

	start(w);
	for (int i = 0; i < 4; i++) {
		struct order_new more = a_request();

		more.serial = arena_fmt(&w->a, "SN%d", i);
		CHECK(!world_write(w, register_it, &more));
	}
	CHECK(!order_list(&w->c, &f, &row, &n, &next) && n == 2 && next == row[1].id);
	f.before = next;
	CHECK(!order_list(&w->c, &f, &row, &n, &next) && n == 2 && next != NIL);
	f.before = next;
	CHECK(!order_list(&w->c, &f, &row, &n, &next) && n == 1 && next == NIL);
	f.before = NIL, f.by_due = true, f.open_only = true;
	CHECK(!order_list(&w->c, &f, &row, &n, &next) && n == 2);
	f.before = next;
	CHECK(!order_list(&w->c, &f, &row, &n, &next) && n == 2);
	f = (struct order_filter){ .state = -1, .kind = -1, .wait = -1, .customer_id = NIL, .device_id = NIL, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = 50 };
	for (size_t i = 0; i < LEN(words); i++) {
		f.q = str_c(words[i]);
		world_calm(w);
		CHECK_ROW(i, !order_list(&w->c, &f, &row, &n, &next) && n >= 1);
	}
	CHECK(!order_counts(&w->c, NULL, &count, &n) && n == 1 && count[0].n == 5 && count[0].state == ORDER_REGISTERED);
}

/* A station's search finds its own, from the moment an order is given to it; beginnings in mid-text only where whole words find nothing. */
static void station_words_on(struct world *w)
{
	static const struct { const char *station, *q; size_t n; } row[] = {
		{ "HZ01", "碎裂", 1 }, { "HZ01", "sn77", 0 }, { "", "碎裂", 2 }, { "", "thinkpad 碎裂", 2 }, { "HZ01", "thinkp 碎裂", 1 }, { "", "thinkpad pf", 1 }, { "", "thinkq 碎裂", 0 },
	};
	struct order_new more = a_request();
	struct order_row *found;
	int64_t next;
	size_t n;

	start(w);
	to_engineer(w);
	as(w, role_info[ROLE_AGENT].perms, SIGHT_ALL, NIL, S("1."));
	more.serial = S("SN77");
	CHECK(!world_write(w, register_it, &more));
	for (size_t i = 0; i < LEN(row); i++) {
		struct order_filter f = { ORDER_FILTER_ANY, .station = str_c(row[i].station), .q = str_c(row[i].q), .limit = 50 };

		world_calm(w);
		CHECK_ROW(i, !order_list(&w->c, &f, &found, &n, &next) && n == row[i].n);
		f.limit = 1;
		CHECK_ROW(i, !order_list(&w->c, &f, &found, &n, &next) && n == (row[i].n != 0) && (next == NIL) == (row[i].n < 2));
	}
}

/* ---- every database operation fails in turn ---- */

static enum err count_all(struct world *w, int64_t *ret)
{
	struct order_filter f = { .state = -1, .kind = -1, .wait = -1, .customer_id = NIL, .device_id = NIL, .before = NIL, .opened_from = NO_DAY, .opened_until = NO_DAY, .closed_from = NO_DAY, .closed_until = NO_DAY, .limit = 200 };
	struct order_row *row;
	int64_t next;
	size_t n;

	world_calm(w);
	TRY(order_list(&w->c, &f, &row, &n, &next));
	*ret = (int64_t)n;
	return ERR_OK;
}

static bool still_one(struct world *w)
{
	int64_t n = 0;

	return !count_all(w, &n) && n == 1;
}

static void torture_register_on(struct world *w)
{
	struct order_new n = a_request();

	start(w);
	n.serial = S("OTHER");
	n.customer_name = S("秦琼");
	n.phone = S("13900000000");
	world_torture(w, register_it, &n, still_one);
}

static bool still_registered(struct world *w) { return now_of(w).state == ORDER_REGISTERED && now_of(w).ver == 1; }

static void torture_move_on(struct world *w)
{
	struct firing s = { .a = act(ORDER_EV_ACCEPT) };

	start(w);
	s.no = now_of(w).no;
	s.a.ver = 1;
	world_torture(w, act_it, &s, still_registered);
}

/* ---- what the pages rely on ---- */

static void family_on(struct world *w)
{
	struct order_new n = a_request();
	struct order first, child;
	struct order_row *row;
	struct edit k;
	size_t rows;

	start(w);
	first = now_of(w);
	n.parent = S("BX0000000000");
	CHECK(world_write(w, register_it, &n) == ERR_INVALID && world_field(w, "parent"));
	n.parent = first.no, n.lat = 30274100, n.lon = 120155100;
	CHECK(!world_write(w, register_it, &n));
	child = now_of(w);
	CHECK(child.parent_id == first.id && child.lat == 30274100);
	CHECK(!order_children(&w->c, first.id, &row, &rows) && rows == 1 && str_eq(row[0].no, child.no));
	k = (struct edit){ n, child.no, child.ver };
	k.n.lat = k.n.lon = NIL;
	CHECK(!world_write(w, edit_it, &k) && now_of(w).lat == 30274100);
	k.ver++, k.n.address = S("杭州市拱墅区湖墅南路 2 号");
	CHECK(!world_write(w, edit_it, &k) && now_of(w).lat == NIL);
}

static void places_on(struct world *w)
{
	static const struct { const char *org; size_t states; } row[] = { { "HZ01", 0 }, { "EAST", 0 }, { "HQ", 1 } };
	struct order_count *count;
	size_t n;

	start(w);
	for (size_t i = 0; i < LEN(row); i++) {
		struct order_filter f = { ORDER_FILTER_ANY, .org = str_c(row[i].org) };

		CHECK_ROW(i, !order_counts(&w->c, &f, &count, &n) && n == row[i].states);
	}
	as(w, role_info[ROLE_DISPATCHER].perms, SIGHT_ORG, NIL, S("1.2."));
	CHECK(order_counts(&w->c, &(struct order_filter){ ORDER_FILTER_ANY, .org = S("HQ") }, &count, &n) == ERR_NOT_FOUND);
}

/* Long talk: the page has the newest, the rest is reached from the beginning. */
static enum err chatter(struct ctx *c, void *arg)
{
	struct order o = *(const struct order *)arg;

	for (int i = 1; i <= 23; i++)
		TRY(order_say(c, &o, arena_fmt(c->a, "%d", i), i % 2 == 0, S("x")));
	return ERR_OK;
}

static bool runs(const struct order_message *m, size_t n, int first, int step)
{
	int64_t said;

	for (size_t i = 0; i < n; i++)
		if (!str_int(m[i].text, &said) || said != first + (int)i * step)
			return false;
	return true;
}

static void talk_on(struct world *w)
{
	struct order_message *m;
	struct order o;
	size_t n;
	bool more;

	start(w);
	o = now_of(w);
	CHECK(!world_write(w, chatter, &o));
	CHECK(!order_talk_last(&w->c, o.id, true, 10, &m, &n, &more) && n == 10 && more && runs(m, n, 14, 1));
	CHECK(!order_talk_last(&w->c, o.id, true, 23, &m, &n, &more) && n == 23 && !more && runs(m, n, 1, 1));
	CHECK(!order_talk_last(&w->c, o.id, false, 5, &m, &n, &more) && n == 5 && more && runs(m, n, 15, 2));
	CHECK(!order_talk(&w->c, o.id, true, NIL, 20, &m, &n) && n == 20 && runs(m, n, 1, 1));
	CHECK(!order_talk(&w->c, o.id, true, m[n - 1].id, 20, &m, &n) && n == 3 && runs(m, n, 21, 1));
	CHECK(!order_talk(&w->c, o.id, false, NIL, 20, &m, &n) && n == 12 && runs(m, n, 1, 2));
}

/* ---- what comes in ---- */

static void accessories_on(struct world *w)
{
	struct order_item things[] = { { S("电源适配器"), 1 }, { S("电脑包"), 2 } };
	struct edit e = { .n = a_request() };
	struct order o;

	start(w);
	e.n.serial = S("PF-ACC-1"), e.n.accessories = things, e.n.n_accessories = LEN(things);
	CHECK(!world_write(w, register_it, &e.n));
	o = now_of(w);
	CHECK(o.n_accessories == 2 && str_eq(o.accessories[1].name, S("电脑包")) && o.accessories[1].qty == 2);
	e.no = o.no, e.ver = o.ver, e.n.n_accessories = 1, things[0].qty = 3;
	CHECK(!world_write(w, edit_it, &e));
	o = now_of(w);
	CHECK(o.n_accessories == 1 && o.accessories[0].qty == 3);
}

/* A unit that nobody was to have yet belongs to the station that takes it in; head office keeps nothing. */
static void takes_in_on(struct world *w)
{
	struct order_new n = a_request();

	start(w);
	n.mode = MODE_CARRY_IN;
	for (int i = 0; i < 2; i++) {
		n.serial = arena_fmt(&w->a, "PF-IN-%d", i);
		as_system(w);
		w->who.org_id = NIL;
		CHECK(!world_write(w, register_it, &n) && now_of(w).station_id == NIL);
		w->who.org_id = i ? order_net.station : order_net.hq;
		CHECK_ROW(i, !fire_it(w, act(ORDER_EV_RECEIVE)) && now_of(w).unit_in && now_of(w).state == ORDER_RECEIVED);
		CHECK_ROW(i, now_of(w).station_id == (i ? order_net.station : NIL));
	}
	w->who.org_id = NIL;
}

ON(accessories)
ON(takes_in)
ON(repair)
ON(refusal)
ON(refusals)
ON(sight)
ON(lists)
ON(station_words)
ON(family)
ON(places)
ON(talk)
ON(torture_register)
ON(torture_move)

UNIT_GROUP(order, T(accessories), T(takes_in), T(repair), T(refusal), T(refusals), T(sight), T(lists), T(station_words), T(family), T(places), T(talk), T(torture_register), T(torture_move))
