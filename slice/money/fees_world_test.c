#include "tests/unit.h"
#include "tests/world.h"
#include "slice/money/fees_world_test.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/calendar/calendar.h"
#include "slice/org/org.h"
#include "slice/sla/sla.h"

struct money_net till;

static enum err add_user(struct ctx *c, const char *login, enum role role, int64_t org, int64_t *ret)
{
	struct org o;

	TRY(org_get(c, org, &o));
	TRY(user_add(c, &(struct user){ .login = str_c(login), .name = str_c(login), .lang = S("en"), .active = true, .customer_id = NIL }, (str){ 0 }, ret));
	return user_grant(c, *ret, role, org, o.path);
}

static enum err prices(struct ctx *c)
{
	static const struct { int kind; const char *code, *zh, *en, *model; int64_t from, to, minor; } rows[] = {
		{ FEE_DIAGNOSIS, "ZD", "检测费", "Diagnosis", "", 0, PRICE_FAR, 5000 },
		{ FEE_VISIT, "SM", "上门费", "Visit", "", 0, 10000, 3000 },
		{ FEE_VISIT, "SM", "上门费", "Visit", "", 10000, 30000, 6000 },
		{ FEE_VISIT, "SM", "上门费", "Visit", "", 30000, PRICE_FAR, 12000 },
		{ FEE_LABOUR, "GS-LCD", "更换液晶屏工时", "Labour: display", "", 0, PRICE_FAR, 15000 },
		{ FEE_LABOUR, "GS-LCD", "更换液晶屏工时", "Labour: display", "ThinkPad X1", 0, PRICE_FAR, 18001 },
		{ FEE_PART, "LCD-140", "14 寸液晶屏", "14-inch display", "", 0, PRICE_FAR, 68000 },
	};
	struct price_list l;

	TRY(price_draft(c, &(struct price_new){ .code = S("STD"), .name = S("标准价"), .valid_from = { money_today(c).d }, .margin_bp = 2500, .tax_bp = 600 }, &l));
	for (size_t i = 0; i < LEN(rows); i++)
		TRY(price_put(c, &l, &(struct price_item){ .kind = rows[i].kind, .code = str_c(rows[i].code), .name_zh = str_c(rows[i].zh), .name_en = str_c(rows[i].en),
			.model = str_c(rows[i].model), .from_m = rows[i].from, .to_m = rows[i].to, .unit_price = CNY(rows[i].minor), .tax_bp = rows[i].kind == FEE_PART ? 1300 : -1 }));
	TRY(price_get(c, S("STD"), 1, &l));
	return price_publish(c, &l);
}

static struct order_act act(int ev)
{
	return (struct order_act){ .ev = ev, .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT, .device_at = NO_INSTANT, .fee = NO_MONEY };
}

static enum err fire(struct ctx *c, struct order_act a, str no)
{
	struct order o;

	TRY(order_get(c, no, &o));
	a.ver = o.ver;
	return order_act(c, no, &a, &o);
}

static enum err build(struct ctx *c, void *arg)
{
	struct org o = { .kind = ORG_HQ, .code = S("HQ"), .name = S("总部"), .active = true, .parent_id = NIL, .lat = NIL, .lon = NIL, .calendar_id = NIL, .capacity = NIL };
	struct order_new n = { .kind = -1, .mode = MODE_ONSITE, .channel = -1, .priority = -1, .frequency = -1, .data_choice = -1, .customer_id = NIL, .device_id = NIL,
		.customer_name = S("单雄信"), .phone = S("13800138000"), .address = S("杭州市西湖区文三路 1 号"), .serial = S("PF3A0001"), .brand = S("Lenovo"), .model = S("ThinkPad X1"),
		.device_kind = 0, .proof = -1, .invoiced_on = NO_DAY, .fault = S("屏幕碎裂"), .window_from = NO_INSTANT, .window_to = NO_INSTANT, .lat = NIL, .lon = NIL };
	struct order_act to = act(ORDER_EV_DISPATCH), give = act(ORDER_EV_ASSIGN);
	struct order saved;
	int64_t id;

	(void)arg;
	TRY(calendar_seed(c));
	TRY(sla_seed(c));
	TRY(org_add(c, &o, &till.hq));
	o.kind = ORG_REGION, o.code = S("EAST"), o.name = S("华东"), o.parent_id = till.hq;
	TRY(org_add(c, &o, &till.region));
	o.kind = ORG_STATION, o.code = S("HZ01"), o.name = S("杭州一站"), o.parent_id = till.region;
	TRY(org_add(c, &o, &till.station));
	TRY(add_user(c, "eng", ROLE_ENGINEER, till.station, &till.engineer));
	TRY(add_user(c, "head", ROLE_STATION_HEAD, till.station, &till.head));
	TRY(add_user(c, "fin", ROLE_FINANCE, till.hq, &till.finance));
	TRY(add_user(c, "manager", ROLE_REGIONAL_MANAGER, till.region, &till.manager));
	TRY(add_user(c, "admin", ROLE_ADMIN, till.hq, &till.admin));
	TRY(prices(c));
	TRY(order_register(c, &n, &id));
	TRY(order_by_id(c, id, &saved));
	till.no = saved.no;
	TRY(fire(c, act(ORDER_EV_ACCEPT), till.no));
	to.station = S("HZ01"), give.engineer = S("eng");
	TRY(fire(c, to, till.no));
	TRY(fire(c, give, till.no));
	return fire(c, act(ORDER_EV_TAKE), till.no);
}

void money_as(struct world *w, enum who who)
{
	const int64_t id[] = { till.engineer, till.head, till.finance, till.manager, till.admin };
	const struct tz *zone = w->who.zone;
	const struct actor *a;

	world_calm(w);
	if (who == AS_SYSTEM) {
		w->who = actor_system;
	} else if (who == AS_CUSTOMER) {
		w->who = (struct actor){ .id = NIL, .sight = SIGHT_CUSTOMER, .org_id = NIL, .customer_id = NIL, .name = S("单雄信") };
	} else {
		CHECK(!account_actor(&w->c, id[who], &a));
		w->who = *a;
	}
	w->who.lang = "en";
	w->who.zone = zone;
}

void money_start(struct world *w)
{
	static char dir[] = "/tmp/baoxiu-money-XXXXXX";

	if (strstr(dir, "XXXXXX"))
		CHECK(mkdtemp(dir));
	attachment_dir(dir);
	money_as(w, AS_SYSTEM);
	CHECK(!world_write(w, build, NULL));
	money_as(w, AS_ENGINEER);
}

struct order money_order(struct world *w)
{
	const struct actor *who = w->c.who;
	struct order o = { 0 };

	world_calm(w);
	w->c.who = &actor_system;
	CHECK(!order_get(&w->c, till.no, &o));
	w->c.who = who;
	return o;
}

struct fee_state money_state(struct world *w)
{
	struct order o = money_order(w);
	struct fee_state f = { 0 };

	CHECK(!fee_state(&w->c, &o, &f));
	return f;
}

int64_t money_at(struct world *w, enum cash_kind kind, int64_t owner, const char cur[4])
{
	money m = CNY(-1);

	world_calm(w);
	CHECK(!cash_balance(&w->c, kind, owner, cur, &m));
	return m.minor;
}

static void count_wrong(void *arg, str what)
{
	print_error("%.*s\n", STR_ARG(what));
	++*(int *)arg;
}

bool money_sound(struct world *w)
{
	int wrong = 0;

	world_calm(w);
	CHECK(!money_verify(&w->c, count_wrong, &wrong));
	return !wrong;
}

struct money_act money_act(int ev, int64_t ver) { return (struct money_act){ .ev = ev, .ver = ver, .how = -1, .counted = NO_MONEY }; }

struct adding { struct order o; struct fee_new n; int64_t id; };
static enum err add_it(struct ctx *c, void *arg)
{
	struct adding *a = arg;

	return fee_add(c, &a->o, &a->n, &a->id);
}

enum err money_line(struct world *w, const char *code, int basis, const char *reason)
{
	struct adding a = { money_order(w), { .code = str_c(code), .kind = -1, .unit_price = NO_MONEY, .qty = 1, .distance_m = NIL, .basis = basis, .reason = str_c(reason) }, 0 };

	return world_write(w, add_it, &a);
}

struct quoting { struct order o; struct quote_new n; struct money_act a; struct quote q; };
static enum err quote_it(struct ctx *c, void *arg)
{
	struct quoting *q = arg;

	return quote_make(c, &q->o, &q->n, &q->q);
}

enum err money_quote(struct world *w, struct quote *ret)
{
	struct quoting q = { .o = money_order(w), .n = { .content = S("更换屏幕"), .valid_until = NO_DAY, .deposit = NO_MONEY } };
	enum err e = world_write(w, quote_it, &q);

	*ret = q.q;
	return e;
}

static enum err decide_it(struct ctx *c, void *arg)
{
	struct quoting *q = arg;

	return quote_act(c, &q->o, q->q.no, &q->a, &q->q);
}

enum err money_decide(struct world *w, int ev)
{
	static const char png[] = "\x89PNG\r\n\x1a\n0000";
	struct quoting q = { .o = money_order(w) };

	CHECK(!quote_of_order(&w->c, &q.o, &q.q));
	q.a = money_act(ev, q.q.ver);
	q.a.signer = S("单雄信");
	q.a.reason = S("太贵");
	q.a.signature = (str){ png, sizeof png - 1 };
	return world_write(w, decide_it, &q);
}

struct paying { struct order o; struct receipt_new n; struct receipt r; struct money_act a; str no; };
static enum err pay_it(struct ctx *c, void *arg)
{
	struct paying *p = arg;

	return receipt_take(c, &p->o, &p->n, &p->r);
}

enum err money_pay(struct world *w, int kind, int method, int64_t minor, const char *receipt_no, struct receipt *ret)
{
	struct paying p = { .o = money_order(w), .n = { .kind = kind, .method = method, .amount = CNY(minor), .receipt_no = str_c(receipt_no), .reason = S("退款"), .on = NO_DAY } };
	enum err e;

	if (method != METHOD_CASH)
		p.n.reference = S("4200001");
	e = world_write(w, pay_it, &p);
	if (ret)
		*ret = p.r;
	return e;
}

static enum err receipt_it(struct ctx *c, void *arg)
{
	struct paying *p = arg;

	return receipt_act(c, p->no, &p->a, &p->r);
}

enum err money_receipt(struct world *w, str no, int ev, const char *receipt_no, const char *reason)
{
	struct paying p = { .no = no };
	const struct actor *who = w->c.who;

	world_calm(w);
	w->c.who = &actor_system;
	CHECK(!receipt_get(&w->c, no, &p.r));
	w->c.who = who;
	p.a = money_act(ev, p.r.ver);
	p.a.receipt_no = str_c(receipt_no);
	p.a.reason = str_c(reason);
	return world_write(w, receipt_it, &p);
}

struct moving { struct order_act a; struct order o; };
static enum err move_it(struct ctx *c, void *arg)
{
	struct moving *m = arg;

	return fire(c, m->a, till.no);
}

enum err money_move(struct world *w, int ev)
{
	struct moving m = { .a = act(ev) };

	m.a.reason = m.a.result = m.a.finding = m.a.signer = S("好");
	m.a.signature = S("\x89PNG\r\n\x1a\n0000");
	m.a.verdict = 1;
	m.a.satisfaction = 5;
	m.a.wait = WAIT_QUOTE;
	return world_write(w, move_it, &m);
}
