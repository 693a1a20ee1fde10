/* The ledger under stress: every database operation fails in turn, and many people at once take, refund and count. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/money/fees_world_test.h"
#include "slice/account/account.h"
#include <pthread.h>

/* ---- every database operation fails in turn ---- */

struct doing { struct order o; struct fee_new n; struct receipt_new r; struct receipt got; struct handin h; struct quote q; struct waiver v; struct money_act a; int64_t id; };
static enum err line_it(struct ctx *c, void *arg) { struct doing *j = arg; return fee_add(c, &j->o, &j->n, &j->id); }
static enum err quote_it(struct ctx *c, void *arg) { struct doing *j = arg; return quote_make(c, &j->o, &(struct quote_new){ S("换屏"), NO_DAY, NO_MONEY }, &j->q); }
static enum err answer_it(struct ctx *c, void *arg) { struct doing *j = arg; return quote_act(c, &j->o, j->q.no, &j->a, &j->q); }
static enum err pay_it(struct ctx *c, void *arg) { struct doing *j = arg; return receipt_take(c, &j->o, &j->r, &j->got); }
static enum err sign_it(struct ctx *c, void *arg) { struct doing *j = arg; return receipt_act(c, j->got.no, &j->a, &j->got); }
static enum err submit_it(struct ctx *c, void *arg) { struct doing *j = arg; return handin_submit(c, &(struct handin_new){ .level = LEVEL_ENGINEER }, &j->h); }
static enum err count_it(struct ctx *c, void *arg) { struct doing *j = arg; return handin_act(c, j->h.no, &j->a, &j->h); }
static enum err waive_it(struct ctx *c, void *arg) { struct doing *j = arg; return waiver_request(c, &j->o, &(struct waiver_new){ WAIVER_COMPENSATION, CNY(500), S("赔偿"), { 0 }, { 0 } }, &j->v); }

/* What the whole is now, so that a failed write can be seen to have left it alone. */
struct sum { int64_t fee, due, paid, held, station, ver; size_t lines; bool sound; };
static struct sum before;

static struct sum sum_of(struct world *w)
{
	struct order o = money_order(w);
	struct fee_state f = money_state(w);
	struct fee_line *l;
	struct sum s = { .fee = o.fee.minor, .due = f.due.minor, .paid = f.paid.minor, .ver = o.ver };

	CHECK(!fee_lines(&w->c, o.id, true, &l, &s.lines));
	s.held = money_at(w, CASH_ENGINEER, till.engineer, "CNY");
	s.station = money_at(w, CASH_STATION, till.station, "CNY");
	s.sound = money_sound(w);
	return s;
}

static bool unchanged(struct world *w)
{
	struct sum s = sum_of(w);

	return s.sound && s.fee == before.fee && s.due == before.due && s.paid == before.paid && s.held == before.held && s.station == before.station && s.ver == before.ver
		&& s.lines == before.lines;
}

static void torture(struct world *w, enum err (*fn)(struct ctx *c, void *arg), struct doing *j)
{
	before = sum_of(w);
	j->o = money_order(w);
	world_torture(w, fn, j, unchanged);
	CHECK(money_sound(w));
}

static void torture_on(struct world *w)
{
	struct doing j = { .n = { .code = S("GS-LCD"), .kind = -1, .unit_price = NO_MONEY, .qty = 1, .distance_m = NIL, .basis = WHY_PAID, .reason = S("过保") },
		.r = { .kind = RECEIPT_PAYMENT, .method = METHOD_CASH, .amount = CNY(18001), .receipt_no = S("No1"), .on = NO_DAY } };

	money_start(w);
	torture(w, line_it, &j);
	torture(w, quote_it, &j);
	j.a = money_act(QUOTE_EV_APPROVE, j.q.ver), j.a.signer = S("单雄信");
	torture(w, answer_it, &j);
	torture(w, pay_it, &j);
	money_as(w, AS_HEAD);
	j.a = money_act(RECEIPT_EV_COUNTERSIGN, j.got.ver);
	torture(w, sign_it, &j);
	money_as(w, AS_ENGINEER);
	torture(w, submit_it, &j);
	money_as(w, AS_HEAD);
	j.a = money_act(HANDIN_EV_COUNT, j.h.ver), j.a.counted = CNY(18000), j.a.reason = S("少一分");
	torture(w, count_it, &j);
	torture(w, waive_it, &j);
	CHECK(sum_of(w).station == 18000 && sum_of(w).held == 0);
}

/* ---- many at once ---- */

enum { TELLERS = 6, DEALS = 12 };
struct teller { struct db *db; const struct actor *who; struct order o; int seed; int64_t taken, given, counted; pthread_t thread; };
struct deal { struct teller *t; int k; };

/* One of: take a yuan, give a yuan back, hand in, count: whatever the rules refuse is refused. */
static enum err deal_it(struct ctx *c, void *arg)
{
	struct deal *d = arg;
	struct order o;
	struct receipt r;
	struct handin h, *open;
	size_t n;

	TRY(order_fresh(c, d->t->o.id, &o));
	switch ((d->t->seed + d->k) % 4) {
	case 0:
	case 1: return receipt_take(c, &o, &(struct receipt_new){ .kind = RECEIPT_PAYMENT, .method = METHOD_CASH, .amount = CNY(100), .on = NO_DAY }, &r);
	case 2: return handin_submit(c, &(struct handin_new){ .level = LEVEL_ENGINEER, .station = S("HZ01") }, &h);
	default: break;
	}
	TRY(handin_list(c, &(struct money_filter){ .state = HANDIN_SUBMITTED, .before = NIL, .limit = 1 }, &open, &n));
	if (!n)
		return ERR_OK;
	c->who = d->t->who + 1;
	return handin_act(c, open->no, &(struct money_act){ .ev = HANDIN_EV_COUNT, .ver = open->ver, .how = -1, .counted = open->declared }, &h);
}

static void *deals(void *arg)
{
	struct teller *t = arg;
	struct conn *cn;
	struct arena a;

	arena_init(&a, 16 << 20);
	if (db_conn_open(t->db, &cn))
		return NULL;
	for (int k = 0; k < DEALS; k++) {
		struct ctx c = { .a = &a, .db = cn, .who = t->who, .now = world_now };
		enum err e = db_write(t->db, &c, deal_it, &(struct deal){ t, k });

		t->taken += !e && (t->seed + k) % 4 < 2;
		arena_clear(&a);
	}
	db_conn_close(cn);
	arena_free(&a);
	return NULL;
}

static void at_once_on(struct world *w)
{
	struct teller t[TELLERS] = { { 0 } };
	struct actor who[2];
	struct quote q;
	int64_t taken = 0, held, station;

	money_start(w);
	CHECK(!money_line(w, "LCD-140", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	who[0] = w->who;
	money_as(w, AS_HEAD);
	who[1] = w->who;
	for (int i = 0; i < TELLERS; i++) {
		t[i] = (struct teller){ .db = w->db, .who = who, .o = money_order(w), .seed = i };
		CHECK(!pthread_create(&t[i].thread, NULL, deals, &t[i]));
	}
	for (int i = 0; i < TELLERS; i++) {
		pthread_join(t[i].thread, NULL);
		taken += t[i].taken;
	}
	money_as(w, AS_SYSTEM);
	held = money_at(w, CASH_ENGINEER, till.engineer, "CNY");
	station = money_at(w, CASH_STATION, till.station, "CNY");
	CHECK(taken > TELLERS && held >= 0 && held + station == 100 * taken);
	CHECK(money_state(w).paid.minor == 100 * taken && money_state(w).due.minor == 68000 - 100 * taken);
	CHECK(money_sound(w));
}

/* ---- invoices: asked for, failed, written by hand; never in the way ---- */

struct bill { str receipt; struct invoice i; int64_t ver; str number; };
static enum err ask_it(struct ctx *c, void *arg) { struct bill *b = arg; return invoice_ask(c, b->receipt, &(struct invoice_new){ S("杭州某公司"), S("91330100X"), { 0 } }, &b->i); }
static enum err issue_it(struct ctx *c, void *arg) { struct bill *b = arg; return invoice_issue(c, b->i.id, b->ver, b->number, (str){ 0 }, &b->i); }
static enum err fail_it(struct ctx *c, void *arg) { struct bill *b = arg; return invoice_answered(c, b->i.id, (str){ 0 }, (str){ 0 }, S("HTTP 503")); }
static enum err answer_bill(struct ctx *c, void *arg) { struct bill *b = arg; return invoice_answered(c, b->i.id, S("E-9"), (str){ 0 }, (str){ 0 }); }
static enum err url_it(struct ctx *c, void *arg) { (void)arg; return setting_set(c, "money.invoice_url", S("http://127.0.0.1:9/")); }

static void invoices_on(struct world *w)
{
	struct receipt r, r2;
	struct invoice *open;
	struct quote q;
	struct bill b, late;
	size_t n;

	money_start(w);
	CHECK(!money_line(w, "GS-LCD", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	CHECK(!money_pay(w, RECEIPT_DEPOSIT, METHOD_CASH, 8001, "No1", &r) && !money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 10000, "No2", &r2));
	b = (struct bill){ .receipt = r.no };
	CHECK(!world_write(w, ask_it, &b) && b.i.state == INVOICE_WANTED && b.i.amount.minor == 8001 && b.i.tax.minor == 453);
	CHECK(world_write(w, ask_it, &b) == ERR_CONFLICT);
	b.ver = b.i.ver;
	b.number = S("2600001");
	CHECK(world_write(w, issue_it, &b) == ERR_FORBIDDEN);
	money_as(w, AS_ADMIN);
	CHECK(!world_write(w, url_it, NULL));
	money_as(w, AS_FINANCE);
	CHECK(!world_write(w, issue_it, &b) && b.i.state == INVOICE_ISSUED);
	CHECK(world_write(w, issue_it, &b) == ERR_CONFLICT);
	late = (struct bill){ .receipt = r2.no };
	CHECK(!world_write(w, ask_it, &late) && late.i.state == INVOICE_SENT);
	CHECK(!world_write(w, fail_it, &late));
	CHECK(!invoice_open(&w->c, NIL, 10, &open, &n) && n == 1 && open[0].state == INVOICE_FAILED && str_eq(open[0].why, S("HTTP 503")));
	late.ver = open[0].ver;
	late.number = S("2600001");
	CHECK(world_write(w, issue_it, &late) == ERR_INVALID && world_field(w, "number"));
	CHECK(!world_write(w, answer_bill, &late));
	world_calm(w);
	CHECK(!invoice_get(&w->c, late.i.id, &late.i) && late.i.state == INVOICE_ISSUED && str_eq(late.i.number, S("E-9")));
	CHECK(!world_write(w, fail_it, &late) && !invoice_get(&w->c, late.i.id, &late.i) && late.i.state == INVOICE_ISSUED);
}
static void invoices(void **state) { (void)state; world_each(house_slices, invoices_on); }

static void torture_all(void **state) { (void)state; world_each(house_slices, torture_on); }
static void at_once(void **state) { (void)state; world_each_file(house_slices, at_once_on); }

UNIT_GROUP(till, T(torture_all), T(at_once), T(invoices))
