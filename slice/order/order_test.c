/* The order's life: the table is sound, a repair goes from the call to the closed file, and what is wrong is refused whole. */
#include "tests/unit.h"
#include "tests/world.h"
#include "base/money.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/order/order_int.h"
#include "slice/calendar/calendar.h"
#include "slice/org/org.h"
#include "slice/product/product.h"
#include "slice/sla/sla.h"

/* The whole house: hooks of other departments hear of every move. */
extern const struct slice *const house_slices[];
static const char png[] = "\x89PNG\r\n\x1a\n0000";

/* ---- the table ---- */

static bool state_open(int s)
{
	static const bool open[] = {
#define X(id, name, title, is_open, tone) is_open,
		ORDER_STATES(X)
#undef X
	};

	return open[s];
}

static void every_state_is_reached(void **state)
{
	unsigned reach = 1u << ORDER_REGISTERED | 1u << ORDER_STATION_ASSIGNED;

	(void)state;
	for (int round = 0; round < ORDER_STATE_N; round++)
		for (size_t i = 0; i < order_moves_n; i++)
			if ((order_moves[i].from & reach) && order_moves[i].to != ORDER_STATE_N)
				reach |= 1u << order_moves[i].to;
	CHECK(reach == (1u << ORDER_STATE_N) - 1);
}

static void every_open_state_has_a_way_on(void **state)
{
	(void)state;
	for (int s = 0; s < ORDER_STATE_N; s++)
		for (int mode = 0; mode < MODE_N; mode++) {
			bool on = false;

			for (size_t i = 0; i < order_moves_n; i++)
				on = on || ((order_moves[i].from & 1u << s) && (!order_moves[i].modes || (order_moves[i].modes & 1u << mode)));
			CHECK_ROW(s, on || !state_open(s));
		}
}

/* One primary action a screen: for each state and mode, staff have at most one, and an open state has one. */
static void one_primary_each(void **state)
{
	(void)state;
	for (int s = 0; s < ORDER_STATE_N; s++)
		for (int mode = 0; mode < MODE_N; mode++) {
			int n = 0;

			for (size_t i = 0; i < order_moves_n; i++) {
				const struct order_move *m = &order_moves[i];

				n += m->primary && (m->from & 1u << s) && (!m->modes || (m->modes & 1u << mode)) && (m->who & (WHO_STAFF | WHO_ENGINEER));
			}
			CHECK_ROW(s * 10 + mode, n <= 1);
			CHECK_ROW(s * 10 + mode, n == 1 || !state_open(s) || (mode != MODE_ONSITE && mode != MODE_CARRY_IN) || s == ORDER_RECEIVED
				|| s == ORDER_APPOINTED || s == ORDER_UNDER_WAY || s == ORDER_ARRIVED);
		}
}

static void rows_do_not_fight(void **state)
{
	(void)state;
	for (size_t i = 0; i < order_moves_n; i++) {
		const struct order_move *a = &order_moves[i];

		CHECK_ROW(i, a->from && (a->need || (a->who & WHO_CUSTOMER)));
		for (size_t k = i + 1; k < order_moves_n; k++) {
			const struct order_move *b = &order_moves[k];
			bool modes = !a->modes || !b->modes || (a->modes & b->modes);

			CHECK_ROW(i, !(a->ev == b->ev && (a->from & b->from) && modes && (a->who & b->who)));
		}
	}
}

/* ---- a small network ---- */

struct net { int64_t hq, region, station, engineer, storekeeper; };
static struct net net;

static enum err add_user(struct ctx *c, const char *login, enum role role, int64_t org, str path, int64_t *ret)
{
	TRY(user_add(c, &(struct user){ .login = str_c(login), .name = str_c(login), .lang = S("zh"), .active = true, .customer_id = NIL }, (str){ 0 }, ret));
	return user_grant(c, *ret, role, org, path);
}

static enum err build(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };

	(void)arg;
	TRY(org_add(c, &o, &net.hq));
	o.kind = ORG_REGION, o.code = S("EAST"), o.name = S("华东"), o.parent_id = net.hq;
	TRY(org_add(c, &o, &net.region));
	o.kind = ORG_STATION, o.code = S("HZ01"), o.name = S("杭州一站"), o.parent_id = net.region;
	TRY(org_add(c, &o, &net.station));
	TRY(org_get(c, net.station, &o));
	return add_user(c, "eng", ROLE_ENGINEER, net.station, o.path, &net.engineer);
}

static enum err seed(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(calendar_seed(c));
	return sla_seed(c);
}

static struct order_new a_request(void)
{
	return (struct order_new){ .kind = -1, .mode = MODE_ONSITE, .channel = -1, .priority = -1, .frequency = 0, .data_choice = 0, .customer_id = NIL, .device_id = NIL,
		.customer_name = S("单雄信"), .phone = S("138 0013 8000"), .address = S("杭州市西湖区文三路 1 号"), .serial = S("PF-3A 0001"), .brand = S("Lenovo"),
		.model = S("ThinkPad X1"), .device_kind = DEVICE_NOTEBOOK, .proof = -1, .invoiced_on = NO_DAY, .fault = S("屏幕碎裂,无法开机"), .window_from = NO_INSTANT,
		.window_to = NO_INSTANT, .lat = NIL, .lon = NIL };
}

static int64_t order_id;
static enum err register_it(struct ctx *c, void *arg) { return order_register(c, arg, &order_id); }

struct firing { struct order_act a; str no; struct order out; };
static enum err act_it(struct ctx *c, void *arg)
{
	struct firing *s = arg;

	return order_act(c, s->no, &s->a, &s->out);
}

static struct order now_of(struct world *w)
{
	struct order o = { 0 };

	world_calm(w);
	CHECK(!order_load(&w->c, BIND(P(id, order_id)), &o));
	return o;
}

static struct order_act act(int ev)
{
	return (struct order_act){ .ev = ev, .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT, .device_at = NO_INSTANT, .fee = NO_MONEY };
}

static enum err fire_it(struct world *w, struct order_act a)
{
	struct order o = now_of(w);
	struct firing s = { .a = a, .no = o.no };

	if (!s.a.ver)
		s.a.ver = o.ver;
	return world_write(w, act_it, &s);
}

static void as(struct world *w, uint64_t perms, enum sight sight, int64_t id, str path)
{
	w->who.perms = perms;
	w->who.sight = sight;
	w->who.id = id;
	w->who.org_path = path;
}

static void as_engineer(struct world *w) { as(w, role_info[ROLE_ENGINEER].perms, SIGHT_OWN, net.engineer, (str){ 0 }); }
static void as_system(struct world *w) { as(w, PERM_ALL, SIGHT_ALL, NIL, (str){ 0 }); w->who.id = actor_system.id; }

static void start(struct world *w)
{
	struct order_new n = a_request();
	static char dir[] = "/tmp/baoxiu-order-XXXXXX";

	if (strstr(dir, "XXXXXX"))
		CHECK(mkdtemp(dir));
	attachment_dir(dir);
	order_secret_key(NULL);
	as_system(w);
	CHECK(!world_write(w, seed, NULL));
	CHECK(!world_write(w, build, NULL));
	CHECK(!world_write(w, register_it, &n));
}

/* ---- the story ---- */

static void to_station(struct world *w)
{
	struct order_act a = act(ORDER_EV_DISPATCH);

	a.station = S("HZ01");
	CHECK(!fire_it(w, a));
	a = act(ORDER_EV_ASSIGN), a.engineer = S("eng");
	CHECK(!fire_it(w, a));
}

static void to_engineer(struct world *w)
{
	struct order_act a = act(ORDER_EV_ACCEPT);

	as(w, role_info[ROLE_ADMIN].perms, SIGHT_ALL, net.engineer + 100, (str){ 0 });
	w->who.id = NIL + 1;
	w->who = (struct actor){ .id = net.engineer, .perms = PERM_ALL, .sight = SIGHT_ALL, .org_id = NIL, .customer_id = NIL, .name = S("boss"), .login = S("boss"),
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
	CHECK(!fire_it(w, act(ORDER_EV_PASS)));
	a = act(ORDER_EV_HAND_OVER), a.signer = S("单雄信");
	CHECK(fire_it(w, a) == ERR_INVALID && world_field(w, "signature"));
	a.signature = (str){ png, sizeof png - 1 };
	CHECK(!fire_it(w, a));
	CHECK(now_of(w).handed_over_at.ms == world_now.ms && now_of(w).signature_id > 0);
	a = act(ORDER_EV_CALL_BACK), a.satisfaction = 5;
	CHECK(fire_it(w, a) == ERR_FORBIDDEN);
	w->who = (struct actor){ .id = NIL, .perms = PERM_ALL, .sight = SIGHT_ALL, .org_id = NIL, .customer_id = NIL, .name = S("x"), .lang = "en", .zone = w->who.zone };
	w->who.id = net.engineer + 1;
	world_calm(w);
	CHECK(!audit_list(&w->c, "order", order_id, 0, 200, &e, &n));
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
	CHECK(!org_get(&w->c, net.station, &s));
	as(w, role_info[ROLE_STATION_HEAD].perms, SIGHT_ORG, net.engineer, s.path);
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

/* ---- clocks ---- */

/* A customer, product or station gets a level of its own whose fix takes 3 h; it reaches orders by intake and by dispatch. */
static enum err bind_level(struct ctx *c, void *arg)
{
	struct level_target fix[] = { { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, S("3h") } };
	struct level l = { .code = S("own"), .name = S("专属"), .name_en = S("Own"), .calendar = S("7x24"), .active = true, .target = fix, .n_target = 1, .binding = arg, .n_binding = 1 };
	int64_t id;

	return level_add(c, &l, &id);
}

static str level_of(struct world *w, int kind)
{
	struct sla_clock *k;
	size_t n;

	CHECK(!sla_clocks(&w->c, order_id, &k, &n));
	for (size_t i = 0; i < n; i++)
		if (k[i].kind == kind && k[i].tier == SLA_CUSTOMER)
			return k[i].level;
	return S("none");
}

static enum err a_product(struct ctx *c, void *arg)
{
	return product_add(c, &(struct product){ .brand = S("LENOVO"), .model = S("Thinkpad x1"), .kind = S("notebook") }, arg);
}

static void level_station_on(struct world *w)
{
	struct level_binding b = { .basis = BASIS_STATION };
	struct order_act a;

	start(w);
	CHECK(str_eq(level_of(w, SLA_FIX), S("standard")));
	b.basis_id = net.station;
	CHECK(!world_write(w, bind_level, &b));
	CHECK(!fire_it(w, act(ORDER_EV_ACCEPT)));
	a = act(ORDER_EV_DISPATCH), a.station = S("HZ01");
	CHECK(!fire_it(w, a) && str_eq(level_of(w, SLA_FIX), S("own")));
}

static void level_by_intake(struct world *w, int basis)
{
	struct order_new n = a_request();
	struct level_binding b = { .basis = basis };

	start(w);
	CHECK(!world_write(w, a_product, &b.basis_id));
	if (basis == BASIS_CUSTOMER)
		b.basis_id = now_of(w).customer_id;
	CHECK(!world_write(w, bind_level, &b));
	n.serial = S("PF-OTHER");
	CHECK(!world_write(w, register_it, &n) && str_eq(level_of(w, SLA_FIX), S("own")));
	CHECK(now_of(w).due_at.ms == world_now.ms + 3 * 3600000);
	n.serial = S("PF-THIRD"), n.model = S("Latitude"), n.customer_name = S("秦琼"), n.phone = S("13900000000");
	CHECK(!world_write(w, register_it, &n) && str_eq(level_of(w, SLA_FIX), S("standard")));
}
static void level_customer_on(struct world *w) { level_by_intake(w, BASIS_CUSTOMER); }
static void level_product_on(struct world *w) { level_by_intake(w, BASIS_PRODUCT); }

/* Impact × urgency give the priority unless it is set by hand; a change mid-way reaches the clocks. */
struct edit { struct order_new n; str no; int64_t ver; };
static enum err edit_it(struct ctx *c, void *arg)
{
	struct edit *e = arg;

	return order_edit(c, e->no, &e->n, e->ver);
}

static void priority_on(struct world *w)
{
	static const struct { int impact, urgency, by_hand, priority; } row[] = {
		{ 3, 3, -1, SLA_URGENT }, { 1, 1, -1, SLA_LOW }, { 3, 3, SLA_LOW, SLA_LOW }, { 3, 0, -1, SLA_NORMAL }, { 0, 0, -1, SLA_NORMAL },
	};
	struct edit e = { .n = a_request() };
	struct order o;

	start(w);
	o = now_of(w);
	CHECK(o.due_at.ms == world_now.ms + 3600000);                  /* answer in 1 h; 30 min when urgent */
	e.no = o.no, e.ver = o.ver, e.n.priority = SLA_URGENT;
	CHECK(!world_write(w, edit_it, &e));
	CHECK(now_of(w).priority == SLA_URGENT && now_of(w).due_at.ms == world_now.ms + 1800000);
	for (size_t i = 0; i < LEN(row); i++) {
		struct order_new n = a_request();

		n.in_spite = true, n.impact = row[i].impact, n.urgency = row[i].urgency, n.priority = row[i].by_hand;
		CHECK_ROW(i, !world_write(w, register_it, &n) && now_of(w).priority == row[i].priority);
	}
	e.n.in_spite = true, e.n.impact = 4;
	CHECK(world_write(w, register_it, &e.n) == ERR_INVALID && world_field(w, "impact"));
}

/* Recorded without network: counted from then, within what the server knows. */
static void offline_on(struct world *w)
{
	const int64_t t0 = world_now.ms, minute = 60000;
	struct sla_clock *k;
	struct order_act a;
	size_t n;

	start(w);
	w->c.now.ms = t0 + 10 * minute;
	CHECK(!fire_it(w, act(ORDER_EV_ACCEPT)));
	to_station(w);
	as_engineer(w);
	CHECK(!fire_it(w, act(ORDER_EV_TAKE)));
	/* On the road at +20, there at +50; heard of at +200, when the promise of 2 h to arrive had long passed and was told of. */
	w->c.now.ms = t0 + 200 * minute;
	world_calm(w);
	CHECK(!sla_tick(&w->c));
	a = act(ORDER_EV_DEPART), a.device_at.ms = t0 + 20 * minute;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 20 * minute);
	a = act(ORDER_EV_ARRIVE), a.device_at.ms = t0 + 50 * minute;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 50 * minute);
	CHECK(!sla_clocks(&w->c, order_id, &k, &n));
	for (size_t i = 0; i < n; i++)
		CHECK_ROW(i, k[i].kind != SLA_ARRIVE || k[i].tier != SLA_CUSTOMER || (k[i].met && k[i].stopped_at.ms == t0 + 50 * minute && k[i].breached_at.ms == NIL));
	/* A clock that runs behind or ahead: not before the last event it had seen, not after receipt. */
	a = act(ORDER_EV_DIAGNOSE), a.verdict = 1, a.finding = S("x"), a.device_at.ms = t0;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 50 * minute);
	a = act(ORDER_EV_REPAIR), a.result = S("x"), a.device_at.ms = t0 + 900 * minute;
	CHECK(!fire_it(w, a) && now_of(w).state_at.ms == t0 + 200 * minute);
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

static void handed_back(void **state)
{
	struct order_item item[] = { { S("电源适配器"), 1 } };
	struct order o = { .mode = MODE_MAIL_IN, .accessories = item, .n_accessories = 1 };
	struct order_act a = act(ORDER_EV_HAND_OVER);
	struct world w = { 0 };

	(void)state;
	arena_init(&w.a, 1 << 16);
	w.c = (struct ctx){ .a = &w.a, .who = &w.who };
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_OK);
	a.ticked = true;
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_INVALID && world_field(&w, "note"));
	a.returned = &item[0].name, a.n_returned = 1;
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_OK);
	a.n_returned = 0, a.note = S("客户同意留下");
	CHECK(order_guard_signature(&w.c, &o, &a) == ERR_OK);
	arena_free(&w.a);
}

struct correction { str no; struct order_new n; int64_t ver; };
static enum err correct_it(struct ctx *c, void *arg)
{
	const struct correction *k = arg;

	return order_edit(c, k->no, &k->n, k->ver);
}

static void family_on(struct world *w)
{
	struct order_new n = a_request();
	struct order first, child;
	struct order_row *row;
	struct correction k;
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
	k = (struct correction){ child.no, n, child.ver };
	k.n.lat = k.n.lon = NIL;
	CHECK(!world_write(w, correct_it, &k) && now_of(w).lat == 30274100);
	k.ver++, k.n.address = S("杭州市拱墅区湖墅南路 2 号");
	CHECK(!world_write(w, correct_it, &k) && now_of(w).lat == NIL);
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

#define ON(name) static void name(void **state) { (void)state; world_each(house_slices, name##_on); }
ON(repair)
ON(refusal)
ON(refusals)
ON(sight)
ON(lists)
ON(level_station)
ON(level_customer)
ON(level_product)
ON(priority)
ON(offline)
ON(family)
ON(places)
ON(torture_register)
ON(torture_move)

UNIT_GROUP(order, T(every_state_is_reached), T(every_open_state_has_a_way_on), T(one_primary_each), T(rows_do_not_fight), T(repair), T(refusal), T(refusals), T(sight), T(lists), T(handed_back), T(family), T(places),
	T(level_station), T(level_customer), T(level_product), T(priority), T(offline), T(torture_register), T(torture_move))
