/* sla_test.c — clocks of an order: started, paused, moved, stopped, told of. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account.h"
#include "slice/sla/sla_int.h"

extern const struct slice slice_audit, slice_account, slice_calendar, slice_sla;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, &slice_sla, NULL };
enum { SUBJECT = 7 };

/* Mon–Fri 9–18 with national days; answer 1 h, fix 8 h, arrive by area; escalates to the station at once, to the region two hours later. */
#define OFFICE "{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-18:00\"]},\"national\":\"CN\"}"

static instant at(const char *text)
{
	instant t;

	CHECK(instant_parse(str_c(text), tz_get(S("Asia/Shanghai")), &t));
	return t;
}

static void now(struct world *w, const char *text) { w->c.now = at(text); }

/* ---- a world with two levels ---- */

static const struct sla_facts plain = { .contract_id = NIL, .customer_id = NIL, .product_id = NIL, .station_id = NIL, .tier_calendar_id = NIL, .order_kind = { "repair", 6 },
	.org_path = { "1.3.12.", 7 }, .priority = SLA_NORMAL, .area = AREA_CITY };
static struct level_target targets[] = {
	{ SLA_ANSWER, SLA_CUSTOMER, { 0 }, -1, -1, { "1h", 2 } }, { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, { "8h", 2 } },
	{ SLA_FIX, SLA_CUSTOMER, { 0 }, SLA_URGENT, -1, { "4h", 2 } }, { SLA_FIX, SLA_CUSTOMER, { "complaint", 9 }, -1, -1, { "3wd", 3 } },
	{ SLA_ARRIVE, SLA_CUSTOMER, { 0 }, -1, AREA_CITY, { "2h", 2 } }, { SLA_ARRIVE, SLA_CUSTOMER, { 0 }, -1, AREA_PROVINCE, { "48h", 3 } },
	{ SLA_FIX, SLA_STATION, { 0 }, -1, -1, { "6h", 2 } },
};
static struct level_escalation steps[] = {
	{ SLA_FIX, 1, { "0m", 2 }, SLA_STATION, { "station_head", 12 } }, { SLA_FIX, 2, { "2h", 2 }, SLA_REGION, { "regional_manager", 16 } },
};
static struct level_pause pauses[] = { { { "parts", 5 }, false }, { { "customer", 8 }, true } };
static struct level_binding by_default = { .basis = BASIS_DEFAULT };
static struct level_target contract_targets[] = { { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, { "16h", 3 } } };

static enum err setup(struct ctx *c, void *arg)
{
	struct calendar office = { .code = S("nine"), .name = S("九点"), .name_en = S("Nine") };
	struct level l = { .code = S("base"), .name = S("基本"), .name_en = S("Base"), .calendar = S("nine"), .active = true, .target = targets, .n_target = LEN(targets),
		.pause = pauses, .n_pause = LEN(pauses), .escalation = steps, .n_escalation = LEN(steps), .binding = &by_default, .n_binding = 1 };
	struct level k = { .code = S("contract"), .name = S("合同"), .name_en = S("Contract"), .calendar = S("7x24"), .active = true, .target = contract_targets,
		.n_target = 1 };
	struct pause_reason parts = { S("parts"), S("备件"), S("Waiting for parts"), PARTY_MAKER, ENDS_ARRIVAL, true, true, true };
	struct pause_reason customer = { S("customer"), S("等待客户答复"), S("Waiting for the customer"), PARTY_CUSTOMER, ENDS_ANSWER, true, true, true };
	int64_t id;

	(void)arg;
	TRY(pause_reason_put(c, &parts));
	TRY(pause_reason_put(c, &customer));
	TRY(calendar_seed(c));
	TRY(calendar_add(c, &office, S(OFFICE), &id));
	TRY(level_add(c, &l, &id));
	TRY(level_add(c, &k, &id));
	TRY(sla_contract_bind(c, 5, S("contract"), (str){ 0 }));
	return sla_seed(c);
}

struct act { int verb; struct sla_facts f; unsigned kinds; int tier; const char *at, *reason, *until; };
enum { START, STOP, PAUSE, RESUME, REOPEN, FACTS };

static enum err act_on(struct ctx *c, void *arg)
{
	const struct act *a = arg;
	struct sla_pause_new p = { .reason = str_c(a->reason), .party = -1, .until = a->until ? at(a->until) : NO_INSTANT };

	switch (a->verb) {
	case START: return sla_start(c, SUBJECT, &a->f, a->kinds, (enum sla_tier)a->tier, at(a->at));
	case STOP: return sla_stop(c, SUBJECT, a->kinds, a->tier, at(a->at));
	case PAUSE: return sla_pause(c, SUBJECT, &p, at(a->at));
	case RESUME: return sla_resume(c, SUBJECT, at(a->at));
	case REOPEN: return sla_reopen(c, SUBJECT, a->kinds, at(a->at));
	default: return sla_facts_changed(c, SUBJECT, &a->f, at(a->at));
	}
}

static enum err act(struct world *w, struct act a) { return world_write(w, act_on, &a); }
#define DO(...) CHECK(!act(w, (struct act){ __VA_ARGS__ }))

static struct sla_clock clock_now_of(struct world *w, int kind, int tier)
{
	struct sla_clock *k, none = { .id = NIL };
	size_t n;

	CHECK(!sla_clocks(&w->c, SUBJECT, &k, &n));
	for (size_t i = n; i-- > 0;)
		if (k[i].kind == kind && k[i].tier == tier)
			return k[i];
	return none;
}

static bool due_is(struct world *w, int kind, const char *text)
{
	int64_t due = clock_now_of(w, kind, SLA_CUSTOMER).due_at.ms;

	if (text && due != at(text).ms)
		print_error("due %s\n", instant_iso(w->c.a, tz_get(S("Asia/Shanghai")), (instant){ due }).p);
	return text ? due == at(text).ms : due == NIL;
}

/* ---- choosing ---- */

static void choose_on(struct world *w)
{
	static const struct { int priority, area; const char *order_kind; int64_t contract; const char *fix, *arrive; } row[] = {
		{ SLA_NORMAL, AREA_CITY, "repair", NIL, "8h", "2h" }, { SLA_URGENT, AREA_CITY, "repair", NIL, "4h", "2h" },
		{ SLA_URGENT, AREA_PROVINCE, "complaint", NIL, "3wd", "48h" }, { SLA_LOW, -1, "repair", NIL, "8h", NULL },
		{ SLA_NORMAL, AREA_CITY, "repair", 5, "16h", NULL }, { SLA_NORMAL, AREA_CITY, "repair", 6, "8h", "2h" },
	};

	CHECK(!world_write(w, setup, NULL));
	for (size_t i = 0; i < LEN(row); i++) {
		struct sla_facts f = plain;
		const struct level_target *t;
		struct level_choice choice;
		struct level l;

		f.priority = row[i].priority;
		f.area = row[i].area;
		f.order_kind = str_c(row[i].order_kind);
		f.contract_id = row[i].contract;
		CHECK_ROW(i, !level_choose(&w->c, &f, &choice) && !level_by_id(&w->c, choice.level_id, &l));
		t = level_target_for(&l, &f, SLA_FIX, SLA_CUSTOMER);
		CHECK_ROW(i, t && str_eq(t->target, str_c(row[i].fix)));
		t = level_target_for(&l, &f, SLA_ARRIVE, SLA_CUSTOMER);
		CHECK_ROW(i, row[i].arrive ? t && str_eq(t->target, str_c(row[i].arrive)) : !t);
	}
}

/* ---- whom a level applies to ---- */

static struct level_target one_hour[] = { { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, { "1h", 2 } }, { SLA_FIX, SLA_STATION, { 0 }, -1, -1, { "1h", 2 } } };
struct bound_as { const char *code; struct level_binding b; };

static enum err bound_level(struct ctx *c, void *arg)
{
	struct bound_as *a = arg;
	struct level l = { .code = str_c(a->code), .name = S("x"), .name_en = S("x"), .calendar = S("7x24"), .active = true, .target = one_hour, .n_target = LEN(one_hour),
		.binding = &a->b, .n_binding = 1 };
	int64_t id;

	return level_add(c, &l, &id);
}

static str chosen(struct world *w, const struct sla_facts *f)
{
	struct level_choice choice;
	struct level l;

	CHECK(!level_choose(&w->c, f, &choice) && !level_by_id(&w->c, choice.level_id, &l));
	return l.code;
}

/* Contract before customer, product, brand, station and default; a brand however it is written. */
static void rank_on(struct world *w)
{
	struct bound_as of[] = { { "station", { BASIS_STATION, 4, { 0 } } }, { "brand", { BASIS_BRAND, 0, { "Lenovo", 6 } } }, { "product", { BASIS_PRODUCT, 3, { 0 } } },
		{ "customer", { BASIS_CUSTOMER, 2, { 0 } } } };
	struct bound_as twice = { "twice", { BASIS_BRAND, 0, { " LENOVO ", 8 } } };
	struct sla_facts f = plain;

	CHECK(!world_write(w, setup, NULL));
	for (size_t i = 0; i < LEN(of); i++)
		CHECK_ROW(i, !world_write(w, bound_level, &of[i]));
	CHECK(world_write(w, bound_level, &twice) == ERR_INVALID && world_field(w, "bindings.0.basis_id"));
	world_calm(w);
	CHECK(str_eq(chosen(w, &f), S("base")));
	f.station_id = 4;
	CHECK(str_eq(chosen(w, &f), S("station")));
	f.brand = S("lenovo");
	CHECK(str_eq(chosen(w, &f), S("brand")));
	f.product_id = 3;
	CHECK(str_eq(chosen(w, &f), S("product")));
	f.customer_id = 2;
	CHECK(str_eq(chosen(w, &f), S("customer")));
	f.contract_id = 5;
	CHECK(str_eq(chosen(w, &f), S("contract")));
}

struct merging { int64_t keep, drop; };
static enum err merge(struct ctx *c, void *arg)
{
	const struct merging *p = arg;

	return level_customer_merged(c, p->keep, p->drop);
}

/* The kept customer takes over the other's level unless it has its own; an open editor must read again. */
static void merged_on(struct world *w)
{
	struct bound_as of[] = { { "first", { BASIS_CUSTOMER, 21, { 0 } } }, { "second", { BASIS_CUSTOMER, 22, { 0 } } } };
	struct merging gains = { 30, 21 }, keeps = { 30, 22 };
	struct sla_facts f = plain;
	struct level l;

	CHECK(!world_write(w, setup, NULL));
	CHECK(!world_write(w, bound_level, &of[0]) && !world_write(w, bound_level, &of[1]));
	CHECK(!world_write(w, merge, &gains));
	f.customer_id = 30;
	CHECK(str_eq(chosen(w, &f), S("first")));
	CHECK(!level_get(&w->c, S("first"), &l) && l.ver == 2 && l.n_binding == 1 && l.binding[0].basis_id == 30);
	CHECK(!world_write(w, merge, &keeps) && str_eq(chosen(w, &f), S("first")));
	CHECK(!level_get(&w->c, S("second"), &l) && l.ver == 2 && l.n_binding == 0);
	f.customer_id = 22;
	CHECK(str_eq(chosen(w, &f), S("base")));
}

static enum err contract_hours(struct ctx *c, void *arg)
{
	(void)arg;
	return sla_contract_bind(c, 8, S("base"), S("7x24"));
}

static enum err contract_wrong(struct ctx *c, void *arg) { return sla_contract_bind(c, 8, arg ? S("none") : S("base"), arg ? (str){ 0 } : S("none")); }

/* A contract's own hours count for its customer, the station's for the station; the level's calendar is not what they lag behind. */
static void own_hours_on(struct world *w)
{
	struct sla_facts f = plain;
	struct calendar always;
	struct level_lag lag;
	struct level l;

	CHECK(!world_write(w, setup, NULL) && !world_write(w, contract_hours, NULL));
	CHECK(world_write(w, contract_wrong, NULL) == ERR_INVALID && world_field(w, "calendar"));
	CHECK(world_write(w, contract_wrong, w) == ERR_INVALID && world_field(w, "level"));
	world_calm(w);
	CHECK(!calendar_by_code(&w->c, S("7x24"), &always));
	now(w, "2026-03-02T17:00");
	DO(.verb = START, .f = f, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_STATION, .at = "2026-03-02T17:00");
	CHECK(clock_now_of(w, SLA_FIX, SLA_STATION).due_at.ms == at("2026-03-03T14:00").ms && !clock_now_of(w, SLA_FIX, SLA_STATION).own_calendar);
	DO(.verb = STOP, .kinds = SLA_ALL_KINDS, .tier = -1, .at = "2026-03-02T17:00");
	f.contract_id = 8;
	DO(.verb = START, .f = f, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T17:00");
	CHECK(due_is(w, SLA_FIX, "2026-03-03T01:00") && clock_now_of(w, SLA_FIX, SLA_CUSTOMER).own_calendar);
	f.contract_id = NIL;
	f.tier_calendar_id = always.id;
	DO(.verb = START, .f = f, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_STATION, .at = "2026-03-02T17:00");
	CHECK(clock_now_of(w, SLA_FIX, SLA_STATION).due_at.ms == at("2026-03-02T23:00").ms);
	CHECK(!level_get(&w->c, S("base"), &l) && !level_lag(&w->c, &l, &lag) && lag.clocks == 2 && lag.older == 0);
	/* The contract no longer holds: the rest counts by the level's hours; the station's clock is its own all along. */
	DO(.verb = FACTS, .f = f, .at = "2026-03-02T18:00");
	CHECK(due_is(w, SLA_FIX, "2026-03-03T16:00") && !clock_now_of(w, SLA_FIX, SLA_CUSTOMER).own_calendar);
	CHECK(clock_now_of(w, SLA_FIX, SLA_STATION).due_at.ms == at("2026-03-02T23:00").ms);
}

/* ---- start, pause, stop ---- */

static void life_on(struct world *w)
{
	struct sla_promise p;
	struct sla_clock k;

	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_ALL_KINDS, .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_ALL_KINDS, .tier = SLA_CUSTOMER, .at = "2026-03-02T11:00");        /* runs already: stays */
	CHECK(due_is(w, SLA_ANSWER, "2026-03-02T11:00") && due_is(w, SLA_FIX, "2026-03-02T18:00") && due_is(w, SLA_ARRIVE, "2026-03-02T12:00"));
	CHECK(clock_now_of(w, SLA_ASSIGN, SLA_CUSTOMER).id == NIL);
	CHECK(!sla_due(&w->c, SUBJECT, &p) && p.due.ms == at("2026-03-02T11:00").ms && p.kind == SLA_ANSWER && !p.paused);
	DO(.verb = STOP, .kinds = SLA_BIT(SLA_ANSWER) | SLA_BIT(SLA_ARRIVE), .tier = -1, .at = "2026-03-02T10:40");
	k = clock_now_of(w, SLA_ANSWER, SLA_CUSTOMER);
	CHECK(k.met && k.gross_ms == 40 * 60000 && k.net_ms == 40 * 60000 && k.stopped_at.ms == at("2026-03-02T10:40").ms && k.next_at.ms == NIL);
	/* The case of the specification: two pauses, due Tuesday 12:00. */
	DO(.verb = PAUSE, .at = "2026-03-02T12:00", .reason = "customer");
	CHECK(due_is(w, SLA_FIX, NULL) && clock_now_of(w, SLA_FIX, SLA_CUSTOMER).paused);
	CHECK(!sla_due(&w->c, SUBJECT, &p) && p.due.ms == NIL && p.paused && p.kind == -1);
	DO(.verb = RESUME, .at = "2026-03-02T14:00");
	CHECK(due_is(w, SLA_FIX, "2026-03-03T11:00"));
	DO(.verb = PAUSE, .at = "2026-03-03T09:30", .reason = "quote");
	DO(.verb = RESUME, .at = "2026-03-03T10:30");
	DO(.verb = RESUME, .at = "2026-03-03T10:35");
	CHECK(due_is(w, SLA_FIX, "2026-03-03T12:00"));
	DO(.verb = STOP, .kinds = SLA_ALL_KINDS, .tier = -1, .at = "2026-03-03T11:00");
	k = clock_now_of(w, SLA_FIX, SLA_CUSTOMER);
	CHECK(k.met && k.gross_ms == 10 * 3600000 && k.net_ms == 7 * 3600000);
	CHECK(!sla_due(&w->c, SUBJECT, &p) && p.due.ms == NIL && !p.paused);
}

/* Waiting for parts does not stop the customer's clock on this level, but the station's. */
static void settings_on(struct world *w)
{
	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_STATION, .at = "2026-03-02T10:30");
	DO(.verb = PAUSE, .at = "2026-03-02T12:00", .reason = "parts");
	CHECK(!clock_now_of(w, SLA_FIX, SLA_CUSTOMER).paused && due_is(w, SLA_FIX, "2026-03-02T18:00"));
	CHECK(clock_now_of(w, SLA_FIX, SLA_STATION).paused && clock_now_of(w, SLA_FIX, SLA_STATION).due_at.ms == NIL);
	DO(.verb = RESUME, .at = "2026-03-02T13:00");
	CHECK(clock_now_of(w, SLA_FIX, SLA_STATION).due_at.ms == at("2026-03-02T17:30").ms);
	/* The tier's clock ends with the hand-over, the customer's goes on. */
	DO(.verb = STOP, .kinds = SLA_ALL_KINDS, .tier = SLA_STATION, .at = "2026-03-02T15:00");
	CHECK(clock_now_of(w, SLA_FIX, SLA_STATION).stopped_at.ms != NIL && clock_now_of(w, SLA_FIX, SLA_CUSTOMER).stopped_at.ms == NIL);
}

static void bad_pauses_on(struct world *w)
{
	static const struct { const char *reason, *until, *field; } row[] = {
		{ "sleep", NULL, "reason" }, { "later", NULL, "until" }, { "customer", "2026-03-02T11:00", "until" },
	};

	CHECK(!world_write(w, setup, NULL));
	for (size_t i = 0; i < LEN(row); i++) {
		CHECK_ROW(i, act(w, (struct act){ .verb = PAUSE, .at = "2026-03-02T11:00", .reason = row[i].reason, .until = row[i].until }) == ERR_INVALID);
		CHECK_ROW(i, world_field(w, row[i].field));
	}
}

static void reopen_on(struct world *w)
{
	struct sla_clock k;

	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	DO(.verb = STOP, .kinds = SLA_BIT(SLA_FIX), .tier = -1, .at = "2026-03-02T17:00");
	DO(.verb = REOPEN, .kinds = SLA_BIT(SLA_FIX), .at = "2026-03-05T09:00");
	k = clock_now_of(w, SLA_FIX, SLA_CUSTOMER);
	CHECK(k.stopped_at.ms == NIL && k.net_ms == NIL && due_is(w, SLA_FIX, "2026-03-05T10:00"));
	DO(.verb = STOP, .kinds = SLA_BIT(SLA_FIX), .tier = -1, .at = "2026-03-05T11:00");
	k = clock_now_of(w, SLA_FIX, SLA_CUSTOMER);
	CHECK(!k.met && k.net_ms == 9 * 3600000 && k.breached_at.ms == at("2026-03-05T10:00").ms);
}

/* ---- facts change ---- */

static void facts_on(struct world *w)
{
	struct sla_facts urgent = plain, contract = plain;
	struct sla_clock k;

	urgent.priority = SLA_URGENT;
	contract.contract_id = 5;
	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX) | SLA_BIT(SLA_ANSWER), .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	DO(.verb = PAUSE, .at = "2026-03-02T11:00", .reason = "customer");
	DO(.verb = FACTS, .f = urgent, .at = "2026-03-02T11:30");
	CHECK(due_is(w, SLA_FIX, NULL));
	DO(.verb = RESUME, .at = "2026-03-02T16:00");
	/* 1 h used, 4 h now: 2 h today, 1 h tomorrow. */
	CHECK(due_is(w, SLA_FIX, "2026-03-03T10:00"));
	/* A contract around the clock with 16 h: 2 h are used at 17:00, 14 h remain. Answer has no target there and keeps its own. */
	DO(.verb = FACTS, .f = contract, .at = "2026-03-02T17:00");
	k = clock_now_of(w, SLA_FIX, SLA_CUSTOMER);
	CHECK(due_is(w, SLA_FIX, "2026-03-03T07:00") && k.carried_ms == 2 * 3600000 && str_eq(k.level, S("contract")));
	CHECK(k.moved_from.ms == at("2026-03-03T10:00").ms && k.moved_at.ms == at("2026-03-02T17:00").ms);
	CHECK(str_eq(clock_now_of(w, SLA_ANSWER, SLA_CUSTOMER).level, S("base")));
	/* Half of the 16 h: 6 h after the change. */
	CHECK(k.next_at.ms == at("2026-03-02T23:00").ms && k.stage == 0);
}

/* ---- what time brings ---- */

struct told { enum sla_what what; int percent, tier; int64_t receiver; };
static struct told told[64];
static size_t n_told;

static enum err listen(struct ctx *c, const struct sla_news *n)
{
	(void)c;
	if (n_told < LEN(told))
		told[n_told++] = (struct told){ n->what, n->percent, n->tier, n->receiver_id };
	return ERR_OK;
}

static const struct sla_hook ear = { "test", listen };
static const struct sla_hook *const ears[] = { &ear, NULL };

static size_t tick(struct world *w, const char *text)
{
	now(w, text);
	n_told = 0;
	world_calm(w);
	CHECK(!sla_tick(&w->c));
	return n_told;
}

static enum err manager(struct ctx *c, void *arg)
{
	struct user u = { .login = S("rm"), .name = S("大区"), .lang = S("zh"), .active = true, .customer_id = NIL };

	TRY(user_add(c, &u, (str){ 0 }, arg));
	return user_grant(c, *(int64_t *)arg, ROLE_REGIONAL_MANAGER, 3, S("1.3."));
}

static void stages_on(struct world *w)
{
	int64_t who;

	CHECK(!world_write(w, setup, NULL));
	CHECK(!world_write(w, manager, &who));
	now(w, "2026-03-02T09:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T09:00");     /* due 17:00 */
	CHECK(tick(w, "2026-03-02T12:59") == 0);
	CHECK(tick(w, "2026-03-02T13:00") == 1 && told[0].what == SLA_WARN && told[0].percent == 50);
	CHECK(tick(w, "2026-03-02T13:00") == 0);
	/* Nothing while it stands still; afterwards the stages follow the moved deadline. */
	DO(.verb = PAUSE, .at = "2026-03-02T14:00", .reason = "customer");
	CHECK(tick(w, "2026-03-02T17:30") == 0);
	now(w, "2026-03-02T17:00");
	DO(.verb = RESUME, .at = "2026-03-02T17:00");
	CHECK(tick(w, "2026-03-02T17:59") == 0);
	CHECK(tick(w, "2026-03-02T18:00") == 1 && told[0].percent == 75);
	/* Down for a while: what was missed is told in order, once. */
	CHECK(tick(w, "2026-03-03T11:00") == 3 && told[0].percent == 90 && told[1].what == SLA_BREACH && told[2].what == SLA_ESCALATE);
	CHECK(told[2].tier == SLA_STATION && clock_now_of(w, SLA_FIX, SLA_CUSTOMER).breached_at.ms == at("2026-03-03T11:00").ms);
	CHECK(tick(w, "2026-03-03T12:59") == 0);
	CHECK(tick(w, "2026-03-03T13:00") == 1 && told[0].what == SLA_ESCALATE && told[0].tier == SLA_REGION && told[0].receiver == who);
	CHECK(tick(w, "2026-03-09T13:00") == 0);
	DO(.verb = STOP, .kinds = SLA_ALL_KINDS, .tier = -1, .at = "2026-03-09T13:00");
	CHECK(!clock_now_of(w, SLA_FIX, SLA_CUSTOMER).met);
}

/* Who hears of a breach may stop the clock: nothing more is told of it then. */
static enum err stopper_on(struct ctx *c, const struct sla_news *n)
{
	TRY(listen(c, n));
	return n->what == SLA_BREACH ? sla_stop(c, n->subject_id, SLA_ALL_KINDS, -1, c->now) : ERR_OK;
}

static const struct sla_hook stopper = { "stopper", stopper_on };
static const struct sla_hook *const stoppers[] = { &stopper, NULL };

static void stopped_by_hook_on(struct world *w)
{
	CHECK(!world_write(w, setup, NULL));
	sla_use(stoppers);
	now(w, "2026-03-02T09:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T09:00");
	CHECK(tick(w, "2026-03-09T12:00") == 4 && told[3].what == SLA_BREACH);
	CHECK(clock_now_of(w, SLA_FIX, SLA_CUSTOMER).stopped_at.ms == at("2026-03-09T12:00").ms);
	CHECK(tick(w, "2026-03-10T12:00") == 0);
}

static void dated_pause_on(struct world *w)
{
	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	DO(.verb = PAUSE, .at = "2026-03-02T11:00", .reason = "later", .until = "2026-03-04T09:00");
	CHECK(tick(w, "2026-03-04T08:59") == 0 && due_is(w, SLA_FIX, NULL));
	/* It ends at its date, not when the job got to it. */
	CHECK(tick(w, "2026-03-04T09:20") == 1 && told[0].what == SLA_RESUMED && due_is(w, SLA_FIX, "2026-03-04T16:00"));
	CHECK(tick(w, "2026-03-04T09:25") == 0);
}

/* A stop that comes before the job noticed still tells of the breach, and only once. */
static void late_stop_on(struct world *w)
{
	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_ANSWER), .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	n_told = 0;
	DO(.verb = STOP, .kinds = SLA_ALL_KINDS, .tier = -1, .at = "2026-03-02T11:01");
	CHECK(n_told == 1 && told[0].what == SLA_BREACH);
	CHECK(tick(w, "2026-03-02T12:00") == 0);
}

/* ---- calendars edited while clocks run ---- */

static enum err close_tuesday(struct ctx *c, void *arg)
{
	struct calendar k;
	struct calendar_version v = { .since = day_of(2026, 3, 1),
		.definition = S("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-18:00\"]},\"national\":\"CN\",\"days\":{\"2026-03-03\":[]}}") };

	TRY(calendar_by_code(c, S("nine"), &k));
	*(int64_t *)arg = k.id;
	return calendar_revise(c, k.id, k.ver, &v);
}

static void recompute_on(struct world *w)
{
	struct calendar_version v = { .since = day_of(2026, 3, 1), .definition = S("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-18:00\"]},\"days\":{\"2026-03-03\":[]}}") };
	int64_t id, clocks, moved;
	struct calendar nine;
	struct sla_clock k;
	struct cal *after;

	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T12:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX) | SLA_BIT(SLA_ANSWER), .tier = SLA_CUSTOMER, .at = "2026-03-02T12:00");
	DO(.verb = STOP, .kinds = SLA_BIT(SLA_ANSWER), .tier = -1, .at = "2026-03-02T12:30");
	CHECK(due_is(w, SLA_FIX, "2026-03-03T11:00"));
	CHECK(!calendar_by_code(&w->c, S("nine"), &nine) && !calendar_draft(&w->c, nine.id, &v, &after));
	CHECK(!sla_calendar_watch.preview(&w->c, nine.id, after, &clocks, &moved) && clocks == 1 && moved == 1);
	CHECK(due_is(w, SLA_FIX, "2026-03-03T11:00"));
	CHECK(!world_write(w, close_tuesday, &id));
	n_told = 0;
	CHECK(!sla_recompute(&w->c) && n_told == 1 && told[0].what == SLA_MOVED);
	CHECK(due_is(w, SLA_FIX, "2026-03-04T11:00"));
	k = clock_now_of(w, SLA_FIX, SLA_CUSTOMER);
	CHECK(k.moved_from.ms == at("2026-03-03T11:00").ms);
	k = clock_now_of(w, SLA_ANSWER, SLA_CUSTOMER);
	CHECK(k.moved_from.ms == NIL && k.calendar_rev == 1);
	n_told = 0;
	CHECK(!sla_recompute(&w->c) && n_told == 0);
}

/* ---- explanation ---- */

static bool tells(const struct sla_story *s, const char *text)
{
	for (size_t i = 0; i < s->n_line; i++)
		if (str_find(s->line[i].text, str_c(text), NULL))
			return true;
	return false;
}

static void explain_on(struct world *w)
{
	struct sla_story *s;
	size_t n;

	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	DO(.verb = PAUSE, .at = "2026-03-02T12:00", .reason = "customer");
	CHECK(!sla_explain(&w->c, SUBJECT, &s, &n) && n == 1 && tells(&s[0], "Paused since 2026-03-02 Mon 12:00"));
	DO(.verb = RESUME, .at = "2026-03-02T14:00");
	CHECK(!sla_explain(&w->c, SUBJECT, &s, &n) && n == 1);
	CHECK(str_eq(s[0].title, S("Fix · Promise to the customer · 8 h")) && tells(&s[0], "Service level base"));
	CHECK(tells(&s[0], "2026-03-02 Mon 12:00–14:00: paused, Waiting for the customer; 2 h of business time does not count"));
	CHECK(tells(&s[0], "2026-03-03 Tue 11:00: due") && !tells(&s[0], "Stopped"));
	DO(.verb = STOP, .kinds = SLA_ALL_KINDS, .tier = -1, .at = "2026-03-03T11:30");
	CHECK(!sla_explain(&w->c, SUBJECT, &s, &n) && tells(&s[0], "Too late") && tells(&s[0], "Stopped 2026-03-03 11:30"));
	w->who.lang = "zh";
	CHECK(!sla_explain(&w->c, SUBJECT, &s, &n) && tells(&s[0], "等待客户答复") && tells(&s[0], "未按时") && str_find(s[0].title, S("8 小时"), NULL));
}

/* ---- what the customer was told ---- */

static bool told_line(const struct sla_told *t, size_t i, const char *text)
{
	bool right = i < t->n_line && str_find(t->line[i].text, str_c(text), NULL);

	if (!right && i < t->n_line)
		print_error("told: %.*s\n", STR_ARG(t->line[i].text));
	return right;
}

static void promise_on(struct world *w)
{
	struct sla_facts urgent = plain;
	struct sla_told *t;
	int64_t calendar;
	size_t n;

	urgent.priority = SLA_URGENT;
	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_BIT(SLA_FIX), .tier = SLA_STATION, .at = "2026-03-02T10:00");
	DO(.verb = PAUSE, .at = "2026-03-02T12:00", .reason = "customer");
	CHECK(!sla_told(&w->c, SUBJECT, &t, &n) && n == 1 && t[0].paused && t[0].n_line == 2);
	CHECK(str_eq(t[0].waits, S("Waiting for the customer, since 2026-03-02 12:00; waiting for: Customer")));
	DO(.verb = RESUME, .at = "2026-03-02T14:00");
	DO(.verb = RESUME, .at = "2026-03-02T14:30");
	/* A pause that does not stop this clock is nothing to tell; one without business time moves nothing. */
	DO(.verb = PAUSE, .at = "2026-03-02T15:00", .reason = "parts");
	DO(.verb = RESUME, .at = "2026-03-02T16:00");
	DO(.verb = PAUSE, .at = "2026-03-02T18:10", .reason = "quote");
	DO(.verb = RESUME, .at = "2026-03-02T20:00");
	CHECK(!world_write(w, close_tuesday, &calendar) && !sla_recompute(&w->c));
	DO(.verb = FACTS, .f = urgent, .at = "2026-03-02T20:10");
	DO(.verb = STOP, .kinds = SLA_ALL_KINDS, .tier = -1, .at = "2026-03-04T11:00");
	CHECK(!sla_told(&w->c, SUBJECT, &t, &n) && n == 1 && t[0].n_line == 8 && !t[0].paused && !t[0].waits.n);
	CHECK(told_line(&t[0], 0, "Promised until 2026-03-02 18:00"));
	CHECK(told_line(&t[0], 1, "The time stands still: Waiting for the customer"));
	CHECK(told_line(&t[0], 2, "Moved to 2026-03-03 11:00, because of “Waiting for the customer” from 2026-03-02 12:00 to 2026-03-02 14:00"));
	CHECK(told_line(&t[0], 3, "The time stands still: Waiting for the quote to be approved"));
	CHECK(told_line(&t[0], 4, "Goes on; still promised until 2026-03-03 11:00"));
	CHECK(told_line(&t[0], 5, "Moved to 2026-03-04 11:00, because the working hours changed"));
	CHECK(told_line(&t[0], 6, "Moved to 2026-03-02 16:00, because priority"));
	CHECK(told_line(&t[0], 7, "Done, later than promised"));
}

/* Many clocks, some with pauses, some touching an old revision: recomputed in bulk they are as if each were computed alone. */
static enum err start_many(struct ctx *c, void *arg)
{
	int64_t *n = arg;

	for (int64_t id = 1000; id < 1000 + *n; id++) {
		c->now = (instant){ at("2026-03-02T09:00").ms + id % 97 * 60000 };
		TRY(sla_start(c, id, &plain, SLA_BIT(SLA_FIX) | SLA_BIT(SLA_ANSWER), SLA_CUSTOMER, c->now));
		if (id % 5 == 0)
			TRY(sla_pause(c, id, &(struct sla_pause_new){ S("customer"), -1, NO_INSTANT, { 0 } }, (instant){ c->now.ms + 600000 }));
		if (id % 10 == 0)
			TRY(sla_resume(c, id, (instant){ c->now.ms + 4 * 3600000 }));
	}
	return ERR_OK;
}

static void bulk_on(struct world *w)
{
	int64_t many = 5003, calendar;
	struct calendar_progress p;
	struct sla_book b = { 0 };
	struct sla_clock *k, alone;
	size_t n;

	CHECK(!world_write(w, setup, NULL));
	CHECK(!world_write(w, start_many, &many) && !world_write(w, close_tuesday, &calendar));
	n_told = 0;
	CHECK(!sla_calendar_watch.progress(&w->c, calendar, &p) && p.rev != 2 && p.clocks == 2 * many);
	CHECK(!sla_recompute(&w->c) && n_told == LEN(told));
	CHECK(!sla_calendar_watch.progress(&w->c, calendar, &p) && p.rev == 2 && p.looked == 2 * many && p.moved > many / 3 && p.moved < many && p.done_at.ms == w->c.now.ms);
	for (int64_t id = 1000; id < 1000 + many; id += 1) {
		CHECK_ROW(id, !sla_clocks(&w->c, id, &k, &n) && n == 2);
		for (size_t i = 0; i < n; i++) {
			alone = k[i];
			CHECK_ROW(id, !sla_refresh(&w->c, &b, &alone) && alone.due_at.ms == k[i].due_at.ms && alone.next_at.ms == k[i].next_at.ms && alone.paused == k[i].paused);
		}
	}
	n_told = 0;
	CHECK(!sla_recompute(&w->c) && n_told == 0);
}

/* ---- a missed promise starts another; a revised level reaches running clocks when asked to ---- */

static enum err revise(struct ctx *c, void *arg)
{
	struct level_start spare[] = { { SLA_FIX, SLA_SPARE } };
	struct level_target two[] = { { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, { arg, 2 } }, { SLA_SPARE, SLA_CUSTOMER, { 0 }, -1, -1, { "3h", 2 } } };
	struct level l;

	TRY(level_get(c, S("base"), &l));
	l.target = two;
	l.n_target = LEN(two);
	l.start = spare;
	l.n_start = 1;
	return level_save(c, &l);
}

static enum err apply_now(struct ctx *c, void *arg)
{
	struct level l;

	TRY(level_get(c, S("base"), &l));
	return level_apply(c, &l, arg);
}

static void starts_on(struct world *w)
{
	struct sla_clock spare;

	CHECK(!world_write(w, setup, NULL) && !world_write(w, revise, (void *)(uintptr_t)"8h"));
	DO(.verb = START, .f = plain, .kinds = SLA_ALL_KINDS & ~SLA_BIT(SLA_SPARE), .tier = SLA_CUSTOMER, .at = "2026-03-02T09:00");
	(void)tick(w, "2026-03-02T16:59");
	CHECK(clock_now_of(w, SLA_SPARE, SLA_CUSTOMER).id == NIL);
	(void)tick(w, "2026-03-02T17:20");
	spare = clock_now_of(w, SLA_SPARE, SLA_CUSTOMER);
	CHECK(spare.id != NIL && spare.started_at.ms == at("2026-03-02T17:00").ms && spare.due_at.ms == at("2026-03-03T11:00").ms);
	(void)tick(w, "2026-03-02T17:30");
	CHECK(clock_now_of(w, SLA_SPARE, SLA_CUSTOMER).id == spare.id);
}

static void apply_on(struct world *w)
{
	struct level_lag lag;
	int64_t changed;
	struct level l;

	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_ALL_KINDS, .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	CHECK(!world_write(w, revise, (void *)(uintptr_t)"6h"));
	CHECK(due_is(w, SLA_FIX, "2026-03-02T18:00"));
	CHECK(!level_get(&w->c, S("base"), &l) && !level_lag(&w->c, &l, &lag) && lag.clocks == 3 && lag.older == 1 && lag.moves == 1 && lag.n_row == 1);
	CHECK(str_eq(lag.row[0].before, S("8h")) && str_eq(lag.row[0].after, S("6h")) && lag.row[0].due_after.ms == at("2026-03-02T16:00").ms);
	CHECK(due_is(w, SLA_FIX, "2026-03-02T18:00"));
	CHECK(!world_write(w, apply_now, &changed) && changed == 1 && due_is(w, SLA_FIX, "2026-03-02T16:00"));
	CHECK(!level_lag(&w->c, &l, &lag) && lag.older == 0);
	CHECK(!world_write(w, apply_now, &changed) && changed == 0);
}

/* ---- levels ---- */

static enum err save_level(struct ctx *c, void *arg)
{
	struct level *l = arg;
	int64_t id;

	return l->id == NIL ? level_add(c, l, &id) : level_save(c, l);
}

static void levels_on(struct world *w)
{
	struct level_target twice[] = { targets[0], targets[0] }, bad[] = { targets[0] };
	struct level_escalation wrong[] = { { SLA_FIX, 1, { "soon", 4 }, SLA_CUSTOMER, { "chief", 5 } } };
	struct level_pause unknown[] = { { S("sleep"), true } };
	struct level_start early[] = { { SLA_FIX, SLA_SPARE } };
	struct level_binding lone[] = { { BASIS_STATION, 4, { 0 } }, { BASIS_BRAND, 0, { 0 } } }, taken[] = { { BASIS_DEFAULT, 0, { 0 } } },
		itself[] = { { BASIS_CONTRACT, 5, { 0 } } };
	struct level l, fresh = { .id = NIL, .code = S("fresh"), .name = S("新"), .name_en = S("Fresh"), .calendar = S("nine"), .active = true };
	const struct { struct level l; const char *field; } row[] = {
		{ { .id = NIL, .code = S("base"), .name = S("x"), .name_en = S("x"), .calendar = S("nine") }, "code" },
		{ { .id = NIL, .code = S("x"), .name = S(""), .name_en = S("x"), .calendar = S("nine") }, "name" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("ten") }, "calendar" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .target = twice, .n_target = 2 }, "targets.1.kind" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .target = bad, .n_target = 1 }, "targets.0.target" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .escalation = wrong, .n_escalation = 1 }, "escalations.0.role" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .escalation = wrong, .n_escalation = 1 }, "escalations.0.after" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .pause = unknown, .n_pause = 1 }, "pauses.0.reason" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .binding = lone, .n_binding = 2 }, "bindings.1.basis_id" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .start = early, .n_start = 1 }, "starts.0.starts" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .binding = taken, .n_binding = 1 }, "bindings.0.basis_id" },
		{ { .id = NIL, .code = S("x"), .name = S("x"), .name_en = S("x"), .calendar = S("nine"), .binding = itself, .n_binding = 1 }, "bindings.0.basis" },
	};

	bad[0].target = S("8 h");
	CHECK(!world_write(w, setup, NULL));
	for (size_t i = 0; i < LEN(row); i++) {
		struct level one = row[i].l;

		CHECK_ROW(i, world_write(w, save_level, &one) == ERR_INVALID);
		CHECK_ROW(i, world_field(w, row[i].field));
	}
	CHECK(!world_write(w, save_level, &fresh));
	CHECK(!level_get(&w->c, S("base"), &l) && l.n_target == LEN(targets) && l.n_pause == 2 && l.n_escalation == 2 && l.n_binding == 1);
	l.n_target = 1;
	CHECK(!world_write(w, save_level, &l));
	CHECK(world_write(w, save_level, &l) == ERR_CONFLICT);
	CHECK(!level_get(&w->c, S("base"), &l) && l.n_target == 1 && l.ver == 2);
}

static enum err seed_again(struct ctx *c, void *arg)
{
	(void)arg;
	return sla_seed(c);
}

static void seeds_on(struct world *w)
{
	struct pause_reason *r;
	struct level *l;
	size_t n;
	int p;

	CHECK(!world_write(w, setup, NULL));
	CHECK(!world_write(w, seed_again, NULL));
	CHECK(!level_list(&w->c, &l, &n) && n == 7);
	CHECK(!pause_reason_list(&w->c, &r, &n) && n == 8);
	CHECK(!sla_priority_of(&w->c, 2, 2, &p) && p == SLA_URGENT);
	CHECK(!sla_priority_of(&w->c, 0, 0, &p) && p == SLA_LOW);
	/* Our own default stays when the shipped one arrives. */
	CHECK(!level_get(&w->c, S("standard"), l) && l->n_binding == 0 && l->n_target == 16);
}

/* ---- nothing half done ---- */

static struct act pause_act = { .verb = PAUSE, .at = "2026-03-02T12:00", .reason = "customer" };

static bool not_paused(struct world *w)
{
	struct sla_pause *p;
	size_t n;

	return !sla_pauses(&w->c, SUBJECT, &p, &n) && n == 0 && due_is(w, SLA_FIX, "2026-03-02T18:00");
}

static void torture_on(struct world *w)
{
	CHECK(!world_write(w, setup, NULL));
	now(w, "2026-03-02T10:00");
	DO(.verb = START, .f = plain, .kinds = SLA_ALL_KINDS, .tier = SLA_CUSTOMER, .at = "2026-03-02T10:00");
	world_torture(w, act_on, &pause_act, not_paused);
}

#define EACH(name) static void name(void **state) { (void)state; sla_use(ears); world_each(slices, name##_on); }
EACH(choose) EACH(rank) EACH(merged) EACH(own_hours) EACH(life) EACH(settings) EACH(bad_pauses) EACH(reopen) EACH(facts) EACH(stages) EACH(stopped_by_hook) EACH(dated_pause) EACH(late_stop) EACH(recompute)
EACH(explain) EACH(promise) EACH(bulk) EACH(starts) EACH(apply) EACH(levels) EACH(seeds) EACH(torture)
UNIT_GROUP(sla, T(choose), T(rank), T(merged), T(own_hours), T(life), T(settings), T(bad_pauses), T(reopen), T(facts), T(stages), T(stopped_by_hook), T(dated_pause), T(late_stop), T(recompute), T(explain), T(promise), T(bulk), T(starts), T(apply), T(levels),
	T(seeds), T(torture))
