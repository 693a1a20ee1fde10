/* demo_orders.c — stories of repairs, laid over the last ninety days and told step by step in the order of time, so that numbers, events and
 * states are what they would be had it all happened. */
#include "app/demo.h"
#include "view/view.h"
#include "base/i18n.h"
#include "base/time.h"
#include "slice/device/device.h"
#include "slice/exchange/exchange.h"
#include "slice/money/money.h"
#include "slice/order/order.h"
#include "slice/org/org.h"

enum { STEPS_MAX = 32, BATCH = 400, TOLD_MOMENTS = 600, FREE_MONTHS = 24, OPENS = 8 * 60 + 30, CLOSES = 18 * 60 + 30 };
#define MINUTE 60000LL
#define DAY_MS 86400000LL

enum who { BY_AGENT, BY_HEAD, BY_DISPATCHER, BY_ENGINEER, BY_CUSTOMER, BY_FINANCE };
/* after: minutes since the step before, from … to. pick: which station (2 the other one) or engineer (1 the colleague, 2 of the other station), or
 * what is waited for. */
struct step { enum order_event ev; enum who by; int from, to, pick; };
struct story { int kind, mode, channel; int weight; bool counter; struct step step[STEPS_MAX]; };
#define END { .ev = ORDER_EVENT_N }

/* Minutes. */
#define ACCEPTED { ORDER_EV_ACCEPT, BY_AGENT, 1, 8, 0 }, { ORDER_EV_DISPATCH, BY_AGENT, 2, 15, 0 }
#define TAKEN { ORDER_EV_ASSIGN, BY_HEAD, 5, 60, 0 }, { ORDER_EV_TAKE, BY_ENGINEER, 3, 40, 0 }
#define VISITED { ORDER_EV_APPOINT, BY_ENGINEER, 5, 30, 0 }, { ORDER_EV_DEPART, BY_ENGINEER, 60, 1500, 0 }, { ORDER_EV_ARRIVE, BY_ENGINEER, 15, 70, 0 }, \
	{ ORDER_EV_DIAGNOSE, BY_ENGINEER, 10, 40, 0 }
#define MENDED { ORDER_EV_REPAIR, BY_ENGINEER, 20, 120, 0 }, { ORDER_EV_PASS, BY_ENGINEER, 10, 40, 0 }
#define RETURNED { ORDER_EV_HAND_OVER, BY_ENGINEER, 5, 60, 0 }
#define CALLED { ORDER_EV_CALL_BACK, BY_AGENT, 1440, 8000, 0 }
#define CLEARED { ORDER_EV_SETTLE, BY_FINANCE, 600, 4000, 0 }, { ORDER_EV_CLOSE, BY_HEAD, 300, 2000, 0 }
#define PARTS_CAME { ORDER_EV_WAIT, BY_ENGINEER, 5, 30, WAIT_PARTS }, { ORDER_EV_RESUME, BY_ENGINEER, 1200, 6000, 0 }
#define QUOTE_AGREED { ORDER_EV_WAIT, BY_ENGINEER, 5, 60, WAIT_QUOTE }, { ORDER_EV_RESUME, BY_ENGINEER, 60, 2400, 0 }

static const struct story stories[] = {
	{ KIND_REPAIR, MODE_ONSITE, CHANNEL_PHONE, 26, false, { ACCEPTED, TAKEN, VISITED, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_REPAIR, MODE_ONSITE, CHANNEL_PHONE, 14, false, { ACCEPTED, TAKEN, VISITED, PARTS_CAME, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_REPAIR, MODE_ONSITE, CHANNEL_WEB, 8, false, { { ORDER_EV_TRIAGE, BY_AGENT, 3, 20, 0 }, ACCEPTED, { ORDER_EV_ASSIGN, BY_DISPATCHER, 5, 60, 0 },
		{ ORDER_EV_DECLINE, BY_ENGINEER, 5, 60, 0 }, { ORDER_EV_ASSIGN, BY_DISPATCHER, 5, 60, 1 }, { ORDER_EV_TAKE, BY_ENGINEER, 3, 40, 0 }, VISITED, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_REPAIR, MODE_ONSITE, CHANNEL_PHONE, 3, false, { ACCEPTED, { ORDER_EV_STATION_DECLINE, BY_HEAD, 10, 90, 0 }, { ORDER_EV_DISPATCH, BY_AGENT, 5, 30, 2 },
		{ ORDER_EV_ASSIGN, BY_HEAD, 5, 60, 2 }, { ORDER_EV_TAKE, BY_ENGINEER, 3, 40, 0 }, VISITED, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_REPAIR, MODE_CARRY_IN, CHANNEL_COUNTER, 16, true, { { ORDER_EV_RECEIVE, BY_HEAD, 1, 6, 0 }, TAKEN, { ORDER_EV_DIAGNOSE, BY_ENGINEER, 30, 600, 0 }, MENDED,
		{ ORDER_EV_HAND_OVER, BY_ENGINEER, 120, 2400, 0 }, CALLED, CLEARED, END } },
	{ KIND_REPAIR, MODE_CARRY_IN, CHANNEL_COUNTER, 10, true, { { ORDER_EV_RECEIVE, BY_HEAD, 1, 6, 0 }, TAKEN, { ORDER_EV_DIAGNOSE, BY_ENGINEER, 30, 600, 0 }, QUOTE_AGREED, PARTS_CAME,
		{ ORDER_EV_REPAIR, BY_ENGINEER, 30, 240, 0 }, { ORDER_EV_FAIL, BY_ENGINEER, 10, 60, 0 }, MENDED, { ORDER_EV_HAND_OVER, BY_ENGINEER, 120, 2400, 0 }, CALLED, CLEARED, END } },
	{ KIND_REPAIR, MODE_MAIL_IN, CHANNEL_WEB, 6, false, { ACCEPTED, { ORDER_EV_RECEIVE, BY_HEAD, 2000, 6000, 0 }, TAKEN, { ORDER_EV_DIAGNOSE, BY_ENGINEER, 60, 1500, 0 },
		{ ORDER_EV_WAIT, BY_ENGINEER, 5, 60, WAIT_CUSTOMER }, { ORDER_EV_RESUME, BY_ENGINEER, 300, 3000, 0 }, MENDED, { ORDER_EV_HAND_OVER, BY_ENGINEER, 600, 3000, 0 },
		{ ORDER_EV_CONFIRM, BY_CUSTOMER, 2000, 6000, 0 }, CLEARED, END } },
	{ KIND_REPAIR, MODE_DEPOT, CHANNEL_EMAIL, 4, false, { ACCEPTED, { ORDER_EV_RECEIVE, BY_HEAD, 1000, 4000, 0 }, TAKEN, { ORDER_EV_DIAGNOSE, BY_ENGINEER, 60, 1500, 0 },
		{ ORDER_EV_ESCALATE, BY_ENGINEER, 30, 300, 0 }, { ORDER_EV_RESUME, BY_ENGINEER, 1500, 7000, 0 }, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_SUPPORT, MODE_REMOTE, CHANNEL_PHONE, 12, false, { { ORDER_EV_TRIAGE, BY_AGENT, 2, 10, 0 }, { ORDER_EV_SOLVE, BY_AGENT, 10, 60, 0 }, CALLED, CLEARED, END } },
	{ KIND_SUPPORT, MODE_REMOTE, CHANNEL_CLIENT, 4, false, { ACCEPTED, TAKEN, { ORDER_EV_SOLVE, BY_ENGINEER, 15, 120, 0 }, { ORDER_EV_CONFIRM, BY_CUSTOMER, 10, 2000, 0 }, CLEARED, END } },
	{ KIND_INSTALLATION, MODE_ONSITE, CHANNEL_EMAIL, 4, false, { ACCEPTED, TAKEN, VISITED, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_INSPECTION, MODE_ONSITE, CHANNEL_API, 3, false, { ACCEPTED, TAKEN, VISITED, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_REPAIR, MODE_ONSITE, CHANNEL_PHONE, 3, false, { ACCEPTED, { ORDER_EV_CANCEL, BY_AGENT, 30, 600, 0 }, END } },
	{ KIND_CONSULTATION, MODE_REMOTE, CHANNEL_WEB, 2, false, { { ORDER_EV_TRIAGE, BY_AGENT, 3, 30, 0 }, { ORDER_EV_REJECT, BY_AGENT, 10, 120, 0 }, END } },
	{ KIND_REPAIR, MODE_ONSITE, CHANNEL_PHONE, 3, false, { ACCEPTED, TAKEN, VISITED, MENDED, RETURNED, { ORDER_EV_REFUSE, BY_CUSTOMER, 300, 3000, 0 }, { ORDER_EV_ACCEPT, BY_AGENT, 10, 90, 0 },
		{ ORDER_EV_DISPATCH, BY_AGENT, 10, 60, 2 }, { ORDER_EV_ASSIGN, BY_HEAD, 10, 60, 2 }, { ORDER_EV_TAKE, BY_ENGINEER, 5, 40, 0 }, VISITED, MENDED, RETURNED, CALLED, CLEARED, END } },
	{ KIND_COMPLAINT, MODE_CARRY_IN, CHANNEL_COUNTER, 2, true, { { ORDER_EV_RECEIVE, BY_HEAD, 1, 6, 0 }, TAKEN, { ORDER_EV_DIAGNOSE, BY_ENGINEER, 30, 600, 0 }, MENDED, RETURNED, CALLED, CLEARED,
		{ ORDER_EV_REOPEN, BY_AGENT, 600, 3000, 0 }, { ORDER_EV_SOLVE, BY_AGENT, 60, 900, 0 }, CALLED, CLEARED, END } },
};

struct plan {
	const struct story *story;
	size_t n;                                      /* steps of the story that are told */
	int customer, device, reporter, trouble, priority, station[2];
	const struct demo_staff *engineer[3], *head, *agent;
	int64_t at[STEPS_MAX + 1];                     /* [0] registered, [i + 1] of step i; those ahead of us are not told */
	int64_t id;
	bool stopped;
};
struct moment { int64_t at; int plan, step; };         /* step -1: registered */
struct telling { struct demo *d; struct plan *plan; const struct moment *m; size_t n; str signature; };

/* ---- laying out ---- */

/* Work is done by day. */
static int64_t by_day(struct demo *d, int64_t ms)
{
	const struct tz *z = d->h.c.who->zone;
	struct civil t = tz_civil(z, (instant){ ms });
	int minute = t.h * 60 + t.mi;

	if (minute >= OPENS && minute < CLOSES)
		return ms;
	if (minute >= CLOSES)
		ms += DAY_MS;
	return ms - minute * MINUTE % DAY_MS + (OPENS + (int)demo_next(&d->r, 90)) * MINUTE;
}

static size_t length_of(const struct story *s)
{
	size_t n = 0;

	while (s->step[n].ev != ORDER_EVENT_N)
		n++;
	return n;
}

static int some_trouble(struct demo *d, const char *kind)
{
	for (;;) {
		uint32_t i = demo_next(&d->r, (uint32_t)demo_troubles_n);

		if (strstr(demo_troubles[i].kinds, kind))
			return (int)i;
	}
}

static const struct demo_staff *colleague(struct demo *d, const struct demo_staff *of)
{
	for (int i = 0; i < 20; i++) {
		const struct demo_staff *s = demo_one(d, ROLE_ENGINEER, of->station);

		if (s != of)
			return s;
	}
	return of;
}

/* The nearest other station of the region; there is one in each. */
static int neighbour(const struct demo *d, int station)
{
	const struct demo_city *here = d->station[station].city;
	int best = station;
	int64_t best_m = INT64_MAX;

	for (size_t i = 0; i < d->n_stations; i++) {
		const struct demo_city *k = d->station[i].city;
		int64_t m = org_distance_m(k->lat, k->lon, here->lat, here->lon);

		if ((int)i != station && d->station[i].region == d->station[station].region && m < best_m)
			best = (int)i, best_m = m;
	}
	return best;
}

/* Of a firm, one of its people calls. */
static int reporter_of(struct demo *d, int customer)
{
	int found[DEMO_CUSTOMERS / 50], n = 0;

	for (int i = 0; i < DEMO_CUSTOMERS && d->customer[customer].org && n < (int)LEN(found); i++)
		if (d->customer[i].employer == customer)
			found[n++] = i;
	return n ? found[demo_next(&d->r, (uint32_t)n)] : customer;
}

static void cast(struct demo *d, struct plan *p, int device)
{
	const struct demo_device *x = &d->device[device];

	p->device = device;
	p->customer = x->customer;
	p->reporter = reporter_of(d, p->customer);
	p->trouble = some_trouble(d, demo_models[x->model].kind);
	p->priority = demo_chance(&d->r, 10) ? 3 : demo_chance(&d->r, 15) ? 2 : 1;
	p->station[0] = d->customer[p->customer].station;
	p->station[1] = neighbour(d, p->station[0]);
	p->engineer[0] = demo_one(d, ROLE_ENGINEER, p->station[0]);
	p->engineer[1] = colleague(d, p->engineer[0]);
	p->engineer[2] = demo_one(d, ROLE_ENGINEER, p->station[1]);
	p->head = demo_one(d, ROLE_STATION_HEAD, p->station[0]);
	p->agent = demo_one(d, ROLE_AGENT, -1);
}

static void lay_out(struct demo *d, struct plan *p, int64_t opened, bool days_only)
{
	int64_t t = p->at[0] = days_only ? by_day(d, opened) : opened;

	for (size_t i = 0; i < length_of(p->story); i++) {
		const struct step *s = &p->story->step[i];

		t += (s->from + (int)demo_next(&d->r, (uint32_t)(s->to - s->from + 1))) * MINUTE + demo_next(&d->r, 60) * 1000;
		p->at[i + 1] = t = days_only ? by_day(d, t) : t;
	}
}

/* Moved so that the last told step has just happened. */
static void end_now(struct demo *d, struct plan *p)
{
	int64_t by = d->now.ms - (2 + demo_next(&d->r, 100)) * MINUTE - p->at[p->n];

	for (size_t i = 0; i <= length_of(p->story); i++)
		p->at[i] += by;
}

/* Each story once up to each of its steps, so that no state is missing; the others as they come. */
static size_t plan_all(struct demo *d, struct plan *p)
{
	int all = 0;
	size_t n = 0;

	for (size_t i = 0; i < LEN(stories); i++) {
		all += stories[i].weight;
		for (size_t k = 0; k <= length_of(&stories[i]); k++, n++) {
			p[n] = (struct plan){ .story = &stories[i], .n = k, .id = NIL };
			cast(d, &p[n], (int)(n % 7 ? demo_next(&d->r, DEMO_DEVICES) : DEMO_DEVICES - 1 - demo_next(&d->r, 4)));
			lay_out(d, &p[n], 0, false);
			end_now(d, &p[n]);
		}
	}
	for (; n < DEMO_ORDERS; n++) {
		int at = (int)demo_next(&d->r, (uint32_t)all);
		size_t i = 0;

		while ((at -= stories[i].weight) >= 0)
			i++;
		p[n] = (struct plan){ .story = &stories[i], .n = length_of(&stories[i]), .id = NIL };
		cast(d, &p[n], (int)demo_next(&d->r, DEMO_DEVICES));
		lay_out(d, &p[n], d->now.ms - (int64_t)demo_next(&d->r, DEMO_HISTORY_DAYS * 1440) * MINUTE, true);
	}
	return n;
}

/* ---- telling ---- */

static const struct demo_staff *staff_with(const struct demo *d, int64_t id)
{
	for (size_t i = 0; i < d->n_staff; i++)
		if (d->staff[i].id == id)
			return &d->staff[i];
	return NULL;
}

static const struct actor *actor_for(struct telling *t, const struct plan *p, const struct step *s, const struct order *o, struct ctx *c)
{
	struct demo *d = t->d;
	const struct demo_staff *engineer = o->engineer_id == NIL ? NULL : staff_with(d, o->engineer_id);
	int at = o->station_id == d->station[p->station[1]].id ? p->station[1] : p->station[0];
	struct actor *a;

	switch (s->by) {
	case BY_AGENT: return p->agent->actor;
	case BY_HEAD: return demo_one(d, ROLE_STATION_HEAD, at)->actor;
	case BY_DISPATCHER: return demo_one(d, ROLE_DISPATCHER, at)->actor;
	case BY_ENGINEER: return (engineer ? engineer : p->engineer[0])->actor;
	case BY_FINANCE: return demo_one(d, ROLE_FINANCE, -1)->actor;
	case BY_CUSTOMER: break;
	}
	a = NEW(c->a, struct actor);
	*a = d->portal;
	a->id = p->customer == DEMO_CUSTOMERS - 1 ? a->id : NIL;
	a->customer_id = o->customer_id;
	a->name = o->customer;
	return a;
}

static const struct { enum order_event ev; const char *text[3]; } reasons[] = {
	{ ORDER_EV_STATION_DECLINE, { "今日派工已满，无法按时上门", "无该品牌四级维修授权", "人员外出培训" } }, { ORDER_EV_DECLINE, { "与已预约工单时间冲突", "车辆故障", "缺少该机型认证" } },
	{ ORDER_EV_ESCALATE, { "需芯片级维修，送总部维修中心", "阵列数据恢复需二线支持", "疑似批次问题，请质量部判断" } }, { ORDER_EV_FAIL, { "老化测试 40 分钟后重启", "拷机温度偏高", "无线信号仍弱" } },
	{ ORDER_EV_REFUSE, { "当天晚上又出现同样的问题", "换了零件还是有异响", "打印还是卡纸" } }, { ORDER_EV_REOPEN, { "客户来电:问题重现", "回访发现未解决", "结算资料有误，退回处理" } },
	{ ORDER_EV_CANCEL, { "客户已自行解决", "重复报修", "客户改期，另行报修" } }, { ORDER_EV_REJECT, { "非本公司授权品牌", "仅咨询，无需维修", "超出服务范围" } },
};
static const char *const wait_reasons[] = { [WAIT_CUSTOMER] = "等客户确认数据备份", [WAIT_QUOTE] = "报价已发，等客户确认", [WAIT_PARTS] = "备件在途，预计两天到货",
	[WAIT_HIGHER_TIER] = "等二线意见", [WAIT_VENDOR] = "等厂商回复" };

static str reason_for(enum order_event ev, int salt)
{
	for (size_t i = 0; i < LEN(reasons); i++)
		if (reasons[i].ev == ev)
			return str_c(reasons[i].text[salt % 3]);
	return (str){ 0 };
}

static bool in_warranty(const struct demo *d, const struct plan *p)
{
	const struct demo_device *x = &d->device[p->device];
	day opened = tz_day(d->h.c.who->zone, (instant){ p->at[0] });

	return opened.d <= day_add_months(x->invoiced, FREE_MONTHS).d;
}

/* What the customer pays: nothing for the maker's fault within the warranty. */
static money fee_of(const struct demo *d, const struct plan *p)
{
	const struct demo_trouble *t = &demo_troubles[p->trouble];
	bool free = !t->fee || (in_warranty(d, p) && !strcmp(t->cause, "quality"));

	return (money){ free ? 0 : t->fee, "CNY" };
}

static int verdict_of_plan(struct demo *d, const struct plan *p)
{
	const struct demo_trouble *t = &demo_troubles[p->trouble];
	int64_t *by = &d->device[p->device].exchanged_by;

	if (fee_of(d, p).minor > 0)
		return name_index(order_verdicts, S("paid"));
	if (p->id % 23 == 0 && !*by)
		*by = p->id;
	return name_index(order_verdicts, *by == p->id ? S("exchange") : str_c(t->verdict));
}

static void fill_visit(const struct plan *p, size_t i, struct order_act *a)
{
	int64_t arrive = p->at[i + 3], half = 30 * MINUTE;

	a->from.ms = arrive - arrive % half;
	if (a->from.ms <= p->at[i + 1])
		a->from.ms += half;
	a->until.ms = a->from.ms + 4 * half;
}

static void fill(const struct telling *t, const struct plan *p, size_t i, const struct order *o, struct order_act *a)
{
	const struct step *s = &p->story->step[i];
	const struct demo_trouble *k = &demo_troubles[p->trouble];
	int salt = (int)(p->id + (int64_t)i);

	*a = (struct order_act){ .ev = (int)s->ev, .ver = o->ver, .wait = -1, .verdict = -1, .satisfaction = -1, .from = NO_INSTANT, .until = NO_INSTANT, .device_at = NO_INSTANT,
		.fee = { NIL, "CNY" }, .reason = reason_for(s->ev, salt) };
	switch (s->ev) {
	case ORDER_EV_TRIAGE: a->advice = S("已指导客户重启并断开外设，问题仍在"); break;
	case ORDER_EV_SOLVE: a->result = S("远程处理完成，客户当场试用正常"); a->solved = true; break;
	case ORDER_EV_DISPATCH: a->station = t->d->station[p->station[s->pick == 2]].code; break;
	case ORDER_EV_ASSIGN: a->engineer = p->engineer[s->pick]->login; break;
	case ORDER_EV_APPOINT: fill_visit(p, i, a); break;
	case ORDER_EV_WAIT:
		a->wait = s->pick == WAIT_QUOTE && fee_of(t->d, p).minor <= 0 ? WAIT_CUSTOMER : s->pick;
		a->reason = str_c(wait_reasons[a->wait]);
		break;
	case ORDER_EV_DIAGNOSE:
		a->verdict = verdict_of_plan(t->d, p);
		a->finding = str_c(k->finding), a->fault_code = str_c(k->fault), a->cause = str_c(k->cause);
		break;
	case ORDER_EV_REPAIR: a->result = str_c(k->result); break;
	case ORDER_EV_HAND_OVER: a->signer = o->customer; a->signature = t->signature; break;
	case ORDER_EV_CALL_BACK: a->satisfaction = salt % 19 == 0 ? 1 : salt % 11 == 0 ? 3 : salt % 3 == 0 ? 4 : 5; a->solved = true; break;
	default: break;
	}
}

static enum err registered(struct telling *t, struct ctx *c, struct plan *p)
{
	struct demo *d = t->d;
	const struct demo_customer *k = &d->customer[p->customer], *who = &d->customer[p->reporter];
	const struct demo_trouble *x = &demo_troubles[p->trouble];
	struct order_item with[] = { { S("电源适配器"), 1 }, { S("电脑包"), 1 } };
	bool plain = p->story->kind == KIND_INSTALLATION || p->story->kind == KIND_INSPECTION;
	struct order_new n = { .kind = p->story->kind, .mode = p->story->mode, .channel = p->story->channel, .priority = p->priority, .frequency = plain ? -1 : p->trouble % 3,
		.data_choice = p->story->counter ? p->device % 3 : -1, .customer_id = k->id, .device_id = d->device[p->device].id, .customer_name = who->name, .phone = who->phone,
		.address = k->address, .division = str_c(k->city->code), .device_kind = -1, .proof = -1, .invoiced_on = NO_DAY,
		.fault = p->story->kind == KIND_INSTALLATION ? S("新机到货，请上门安装调试") : p->story->kind == KIND_INSPECTION ? S("季度巡检") : str_c(x->said),
		.symptom = plain ? (str){ 0 } : str_c(x->symptom), .window_from = NO_INSTANT, .window_to = NO_INSTANT, .in_spite = true, .lat = k->city->lat, .lon = k->city->lon };

	if (p->story->counter) {
		n.accessories = with;
		n.n_accessories = (size_t)(p->device % 3);
		n.condition = S("外壳有轻微划痕，螺丝齐全");
	}
	if (p->story->counter) {
		TRY(org_holds(c, ORG_CUSTOMER, k->id, p->head->actor->org_path));
		TRY(org_holds(c, ORG_DEVICE, d->device[p->device].id, p->head->actor->org_path));
	}
	c->who = (p->story->counter ? p->head : p->agent)->actor;
	return order_register(c, &n, &p->id);
}

static enum err small_talk(struct ctx *c, const struct order *o, const struct actor *customer, int salt)
{
	static const struct { bool customer, internal; const char *text; } talk[] = {
		{ true, false, "请问大概什么时候能修好?" }, { false, false, "您好，工程师已接单，将提前电话联系您。" }, { false, true, "客户比较着急，请优先安排。" },
		{ true, false, "上门前请先打电话，谢谢。" }, { false, true, "同机型本月第三次报修，留意批次。" }, { false, false, "备件已发出，预计后天到站。" },
	};
	const struct actor *staff = c->who;
	size_t i = (size_t)salt % LEN(talk);
	enum err e;

	if (talk[i].customer)
		c->who = customer;
	e = order_say(c, o, str_c(talk[i].text), talk[i].internal, c->who->name);
	c->who = staff;
	return e;
}

/* What the step means for the money, as who did it; the order is read anew, it has moved. */
static enum err money_of(struct telling *t, struct ctx *c, struct plan *p, size_t i, int salt)
{
	const struct step *s = &p->story->step[i], *next = i + 1 < p->n ? s + 1 : NULL;
	bool answered = s->ev == ORDER_EV_CALL_BACK || s->ev == ORDER_EV_CONFIRM || s->ev == ORDER_EV_REFUSE || s->ev == ORDER_EV_REOPEN;
	struct demo *d = t->d;
	const struct actor *head, *finance = demo_one(d, ROLE_FINANCE, -1)->actor;
	const struct demo_staff *engineer;
	struct order o;

	if (s->ev != ORDER_EV_DIAGNOSE && s->ev != ORDER_EV_HAND_OVER && s->ev != ORDER_EV_SETTLE && !answered)
		return ERR_OK;
	TRY(order_fresh(c, p->id, &o));
	head = demo_one(d, ROLE_STATION_HEAD, o.station_id == d->station[p->station[1]].id ? p->station[1] : p->station[0])->actor;
	if (s->ev == ORDER_EV_DIAGNOSE)
		return o.fee.minor == NIL ? demo_quote(c, &o, fee_of(d, p).minor, next && next->ev == ORDER_EV_WAIT && next->pick == WAIT_QUOTE, head, t->signature) : ERR_OK;
	if (s->ev == ORDER_EV_HAND_OVER && salt % 17 == 0) {
		c->who = finance;
		return demo_pay_later(c, &o);
	}
	if (s->ev == ORDER_EV_HAND_OVER)
		return demo_pay(c, &o, salt);
	engineer = o.engineer_id == NIL ? NULL : staff_with(d, o.engineer_id);
	c->who = head;
	if (!answered)
		return salt % 7 == 0 ? demo_hand_in(c, head, finance, LEVEL_STATION, o.station, salt) : ERR_OK;
	TRY(demo_countersign(c, &o));
	return engineer && salt % 3 == 0 ? demo_hand_in(c, engineer->actor, head, LEVEL_ENGINEER, o.station, salt) : ERR_OK;
}

/* What the step means for parts: by engineers only, who ask, use and bring back. */
static enum err parts_of(struct telling *t, struct ctx *c, struct plan *p, size_t i, int salt)
{
	const struct step *s = &p->story->step[i];
	const struct step *wait = s->ev == ORDER_EV_RESUME && i ? s - 1 : s;
	struct order o;

	if (s->by != BY_ENGINEER || (s->ev != ORDER_EV_WAIT && s->ev != ORDER_EV_RESUME && s->ev != ORDER_EV_REPAIR && s->ev != ORDER_EV_HAND_OVER))
		return ERR_OK;
	TRY(order_fresh(c, p->id, &o));
	return demo_parts(t->d, c, &o, s->ev, wait->ev == ORDER_EV_WAIT && wait->pick == WAIT_PARTS, salt, t->signature);
}

/* Another unit of the same model for theirs; the old one is on its way somewhere. */
static enum err unit_given(struct ctx *c, const struct order *o, int salt)
{
	static const int fates[] = { FATE_MAKER, FATE_REFURBISH, FATE_OPEN, FATE_SCRAP };
	struct unit_exchange e;

	TRY(exchange_of_order(c, o, &e));
	if (e.state != EXCHANGE_NONE)
		return ERR_OK;
	e.serial = arena_fmt(c->a, "X%.*s", STR_ARG(e.old_serial));
	e.fate = fates[salt % 4];
	return exchange_record(c, o, &e);
}

static enum err moved(struct telling *t, struct ctx *c, struct plan *p, size_t i)
{
	bool woken = false;
	static const struct step as_customer = { .by = BY_CUSTOMER };
	const struct step *s = &p->story->step[i];
	int salt = (int)(p->id * 7 + (int64_t)i);
	struct order_act a;
	struct order o;

	TRY(order_by_id(c, p->id, &o));
	c->who = actor_for(t, p, s, &o, c);
	fill(t, p, i, &o, &a);
	if (s->ev == ORDER_EV_RESUME && o.wait == WAIT_QUOTE)
		TRY(demo_accept(c, &o, &woken));
	if (woken)
		return ERR_OK;
	if (s->ev == ORDER_EV_HAND_OVER && exchange_due(&o))
		TRY(unit_given(c, &o, salt));
	TRY(order_fire(c, &o, &a));
	TRY(parts_of(t, c, p, i, salt));
	TRY(money_of(t, c, p, i, salt));
	if (salt % 13 || s->by == BY_CUSTOMER)
		return ERR_OK;
	return small_talk(c, &o, actor_for(t, p, &as_customer, &o, c), salt / 13);
}

struct one { struct telling *t; const struct moment *m; };
static enum err tell_one(struct ctx *c, void *arg)
{
	struct one *x = arg;
	struct plan *p = &x->t->plan[x->m->plan];

	return x->m->step < 0 ? registered(x->t, c, p) : moved(x->t, c, p, (size_t)x->m->step);
}

/* A rule may refuse a step (a part is missing, a customer must agree first): then this history rests where it is. */
static enum err tell_batch(struct ctx *c, void *arg)
{
	struct telling *t = arg;
	const struct actor *system = c->who;
	instant now = c->now;

	for (size_t i = 0; i < t->n; i++) {
		struct arena_mark mark = arena_mark(c->a);
		struct plan *p = &t->plan[t->m[i].plan];
		enum err e;

		if (p->stopped)
			continue;
		c->now.ms = t->m[i].at;
		e = db_write(t->d->h.db, c, tell_one, &(struct one){ t, &t->m[i] });
		if (e == ERR_DB || e == ERR_FULL)
			return e;
		if (e) {
			const struct diag_field *f = &c->diag.f[0];
			str why = c->diag.n ? arena_fmt(c->a, "%s: %.*s", f->field, STR_ARG(trf_(c, f->text, f->arg, DIAG_ARGS)))
				: trf_(c, c->diag.text ? c->diag.text : err_info[e].text, c->diag.arg, DIAG_ARGS);
			const char *what = t->m[i].step < 0 ? "register" : order_events[p->story->step[t->m[i].step].ev];

			if (!t->d->stopped++)
				t->d->stop_reason = arena_fmt(&t->d->keep, "%s: %.*s", what, STR_ARG(why));
			p->stopped = true;
			c->diag = (struct diag){ 0 };
		}
		c->who = system;
		c->now = now;
		arena_reset(c->a, mark);
	}
	return ERR_OK;
}

static int by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->plan != y->plan ? x->plan - y->plan : x->step - y->step;
}

static size_t moments_of(struct demo *d, const struct plan *p, size_t n, struct moment *m)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t s = 0; s <= p[i].n && p[i].at[s] <= d->now.ms; s++)
			m[k++] = (struct moment){ p[i].at[s], (int)i, (int)s - 1 };
	qsort(m, k, sizeof *m, by_time);
	return k;
}

/* ---- a signature, drawn ---- */

static str draw_signature(struct demo *d)
{
	static const int curve[][6] = { { 40, 10, 60, 90, 80, 40 }, { 95, 5, 110, 95, 130, 50 }, { 150, 20, 160, 80, 190, 45 }, { 215, 20, 220, 70, 280, 35 } };

	return png_stroke(&d->keep, curve, LEN(curve));
}

static bool in_write(struct demo *d, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
	house_renew(&d->h);
	if (!db_write(d->h.db, &d->h.c, fn, arg))
		return true;
	house_complain(&d->h, "demo: orders");
	return false;
}

bool demo_orders(struct demo *d)
{
	bool telling = false;
	size_t room = (size_t)DEMO_ORDERS + LEN(stories) * STEPS_MAX, n, k;
	struct plan *plan = NEW_N(&d->keep, struct plan, room);
	struct moment *m = NEW_N(&d->keep, struct moment, room * (STEPS_MAX + 1));
	struct telling t = { .d = d, .plan = plan, .signature = draw_signature(d) };

	house_renew(&d->h);
	n = plan_all(d, plan);
	k = moments_of(d, plan, n, m);
	for (size_t i = 0; i < k; i += t.n) {
		t.m = m + i;
		t.n = k - i < BATCH ? k - i : BATCH;
		if (i + TOLD_MOMENTS >= k && !telling && !in_write(d, demo_notices_on, d))
			return false;
		telling = i + TOLD_MOMENTS >= k;
		if (!in_write(d, tell_batch, &t))
			return false;
	}
	return in_write(d, demo_notices_told, d);
}
