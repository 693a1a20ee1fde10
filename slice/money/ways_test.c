/* Money's by-ways: parts used become lines, free visits and months, several currencies, closed periods. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/money/fees_world_test.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/parts/requisition.h"

/* ---- parts used become lines [F1, W2] ---- */

struct fitting { struct order o; struct spare p; struct part_use_new n; struct part_use u; int64_t qty; };

static enum err stock_it(struct ctx *c, void *arg)
{
	struct fitting *f = arg;
	struct warehouse van;
	bool added;
	int64_t id;

	TRY(part_add(c, &f->p, &id));
	TRY(part_get(c, id, &f->p));
	TRY(warehouse_of_user(c, till.engineer, &van));
	return stock_open(c, &f->p, &van, f->qty, 1000 * f->qty, NULL, 0, &added);
}
static enum err use_it(struct ctx *c, void *arg) { struct fitting *f = arg; return part_use(c, &f->o, &f->n); }
static enum err back_it(struct ctx *c, void *arg) { struct fitting *f = arg; return part_use_tell(c, &f->o, &f->p, &f->u, true); }

static struct spare spare(const char *no, const char *name, int64_t price, int64_t cost)
{
	return (struct spare){ .no = str_c(no), .name = str_c(name), .unit = S("件"), .class = PART_ORDINARY, .active = true, .supplier_months = NIL,
		.price = price < 0 ? NO_MONEY : CNY(price), .cost = cost < 0 ? NO_MONEY : CNY(cost) };
}

static void stock(struct world *w, struct fitting *f, struct spare p)
{
	money_as(w, AS_SYSTEM);
	*f = (struct fitting){ .p = p, .qty = 5, .n = { .part_no = p.no, .qty = 1, .no_old = -1 } };
	CHECK(!world_write(w, stock_it, f));
	money_as(w, AS_ENGINEER);
}

static struct fee_line *lines_now(struct world *w, size_t *n)
{
	struct fee_line *l;

	world_calm(w);
	CHECK(!fee_lines(&w->c, money_order(w).id, true, &l, n));
	return l;
}

static void use(struct world *w, struct fitting *f, int64_t qty)
{
	struct part_use *u;
	size_t n;

	f->o = money_order(w);
	f->n.qty = qty;
	CHECK(!world_write(w, use_it, f));
	CHECK(!part_uses(&w->c, f->o.id, &u, &n) && n);
	f->u = u[n - 1];
}

static void parts_on(struct world *w)
{
	static const struct { const char *no, *name; int64_t price, cost, unit; const char *by; } rows[] = {
		{ "LCD-140", "14 寸液晶屏", 99900, 1000, 68000, "STD/1" },      /* the list goes before the catalogue */
		{ "KB-1", "键盘", 12000, 9000, 12000, "STD/1" },                  /* the catalogue's price */
		{ "FAN-1", "风扇", -1, 3333, 4166, "STD/1" },                     /* cost and 25 % */
		{ "X-1", "杂件", -1, -1, 0, "no price" },                         /* nobody knows */
	};
	struct fitting f[LEN(rows)];
	struct fee_line *l;
	size_t n;

	money_start(w);
	for (size_t i = 0; i < LEN(rows); i++) {
		stock(w, &f[i], spare(rows[i].no, rows[i].name, rows[i].price, rows[i].cost));
		use(w, &f[i], 2);
		l = lines_now(w, &n);
		CHECK_ROW(i, n == i + 1 && l[i].kind == FEE_PART && l[i].qty == 2 && l[i].unit_price.minor == rows[i].unit && str_eq(l[i].priced_by, str_c(rows[i].by)));
		CHECK_ROW(i, l[i].basis == WHY_OPEN && money_order(w).fee.minor == 0);
	}
	CHECK(money_quote(w, &(struct quote){ 0 }) == ERR_CONFLICT && money_move(w, ORDER_EV_CANCEL) != ERR_OK);
	f[0].o = money_order(w);
	CHECK(!world_write(w, back_it, &f[0]) && lines_now(w, &n) && n == LEN(rows) - 1);
	CHECK(!world_write(w, back_it, &f[0]) && lines_now(w, &n) && n == LEN(rows) - 1);       /* once is enough */
	CHECK(money_sound(w));
}

/* What was quoted is not charged again; beyond it a line of its own. */
static void quoted_part_on(struct world *w)
{
	struct fitting f, first;
	struct quote q;
	size_t n;

	money_start(w);
	stock(w, &f, spare("LCD-140", "14 寸液晶屏", -1, 1000));
	CHECK(!money_line(w, "LCD-140", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	use(w, &f, 1);
	first = f;
	CHECK(lines_now(w, &n) && n == 1 && money_order(w).fee.minor == 68000);
	use(w, &f, 1);
	CHECK(lines_now(w, &n) && n == 2);
	f.o = money_order(w);
	CHECK(!world_write(w, back_it, &f) && lines_now(w, &n) && n == 1);
	first.o = money_order(w);
	CHECK(!world_write(w, back_it, &first) && lines_now(w, &n) && n == 1 && money_order(w).fee.minor == 68000);
	use(w, &f, 1);
	CHECK(lines_now(w, &n) && n == 1 && money_sound(w));
}

/* ---- free visits and months on any order [S2] ---- */

struct pricing { struct price_new n; struct price_list l; struct price_item i; };
static enum err list_it(struct ctx *c, void *arg)
{
	struct pricing *p = arg;

	TRY(price_draft(c, &p->n, &p->l));
	TRY(price_put(c, &p->l, &p->i));
	TRY(price_get(c, p->l.code, p->l.version, &p->l));
	return price_publish(c, &p->l);
}
static enum err grant_it(struct ctx *c, void *arg) { int64_t id; return allowance_add(c, arg, &id); }
struct striking { struct order o; int64_t id, ver; };
static enum err strike_it(struct ctx *c, void *arg) { struct striking *s = arg; return fee_strike(c, &s->o, s->id, s->ver, S("算错")); }

static void strike(struct world *w, const struct fee_line *l)
{
	struct striking s = { money_order(w), l->id, l->ver };

	CHECK(!world_write(w, strike_it, &s));
}

static int64_t months_used(struct world *w)
{
	struct allowance *a;
	size_t n;

	world_calm(w);
	CHECK(!allowance_of_customer(&w->c, money_order(w).customer_id, &a, &n) && n == 1);
	return a[0].used;
}

static void support_on(struct world *w)
{
	struct pricing p = { .n = { .code = S("HZ"), .name = S("杭州价"), .org = S("HZ01"), .copy_of = S("STD"), .tax_bp = 600 }, .i = { .kind = FEE_LABOUR, .code = S("XT"),
		.name_zh = S("系统安装"), .to_m = PRICE_FAR, .unit_price = CNY(6000), .tax_bp = -1, .support = true } };
	struct allowance a = { .kind = ALLOWANCE_SUPPORT, .granted = 2, .device_id = NIL, .source = S("承诺书 HT-2") };
	struct fee_line *l;
	size_t n;

	money_start(w);
	p.n.valid_from = a.valid_from = money_today(&w->c);
	a.valid_until = (day){ a.valid_from.d + 200 };
	a.customer_id = money_order(w).customer_id;
	CHECK(!world_write(w, list_it, &p) && !world_write(w, grant_it, &a));
	CHECK(!money_line(w, "XT", -1, NULL) && months_used(w) == 1);
	CHECK(!money_line(w, "XT", -1, NULL) && months_used(w) == 1);          /* the same month */
	l = lines_now(w, &n);
	strike(w, &l[0]);
	CHECK(months_used(w) == 1);                                            /* the second line lives on it */
	l = lines_now(w, &n);
	strike(w, &l[0]);
	CHECK(months_used(w) == 0);
	CHECK(!money_line(w, "XT", -1, NULL) && months_used(w) == 1);
	w->c.now.ms += 31LL * 86400000;
	CHECK(!money_line(w, "XT", -1, NULL) && months_used(w) == 2);
	CHECK(!money_line(w, "XT", -1, NULL) && months_used(w) == 2);          /* used up, but this month is open */
	w->c.now.ms += 31LL * 86400000;
	CHECK(money_line(w, "XT", -1, NULL) == ERR_INVALID && world_field(w, "basis"));
	CHECK(money_line(w, "GS-LCD", -1, NULL) == ERR_INVALID);               /* repair labour is no support */
	CHECK(!money_line(w, "XT", WHY_PAID, "用完") && money_order(w).fee.minor == 6000 && money_sound(w));
	w->c.now = world_now;
}

/* ---- several currencies [F6] ---- */

struct paying { struct order o; struct receipt_new n; struct receipt r; };
static enum err pay_it(struct ctx *c, void *arg) { struct paying *p = arg; return receipt_take(c, &p->o, &p->n, &p->r); }
struct adding { struct order o; struct fee_new n; int64_t id; };
static enum err add_it(struct ctx *c, void *arg) { struct adding *a = arg; return fee_add(c, &a->o, &a->n, &a->id); }
static enum err limit_it(struct ctx *c, void *arg) { (void)arg; return setting_set(c, "money.limit.station", S("200.00; USD 30; JPY 500")); }
struct handing { struct handin_new n; struct handin h; struct money_act a; };
static enum err submit_it(struct ctx *c, void *arg) { struct handing *h = arg; return handin_submit(c, &h->n, &h->h); }
static enum err count_it(struct ctx *c, void *arg) { struct handing *h = arg; return handin_act(c, h->h.no, &h->a, &h->h); }

static money of(int64_t minor, const char *cur)
{
	money m = { .minor = minor };

	memcpy(m.cur, cur, 4);
	return m;
}

static void currencies_on(struct world *w)
{
	struct pricing p = { .n = { .code = S("YEN"), .name = S("日元价"), .org = S("HZ01"), .currency = S("JPY"), .margin_bp = 2500, .tax_bp = 1000 }, .i = { .kind = FEE_LABOUR,
		.code = S("W"), .name_zh = S("工时"), .to_m = PRICE_FAR, .unit_price = of(8001, "JPY"), .tax_bp = -1 } };
	struct adding by_hand = { .n = { .kind = FEE_OTHER, .name = S("快递"), .unit_price = CNY(100), .qty = 1, .distance_m = NIL, .basis = WHY_PAID, .reason = S("自付") } };
	struct paying pay = { .n = { .kind = RECEIPT_PAYMENT, .method = METHOD_CASH, .amount = CNY(8001), .on = NO_DAY } };
	struct handing h = { .n = { .level = LEVEL_ENGINEER } };
	struct quote q;
	money *m;
	size_t n;

	money_start(w);
	p.n.valid_from = money_today(&w->c);
	p.n.copy_of = S("STD");
	CHECK(world_write(w, list_it, &p) == ERR_INVALID && world_field(w, "currency"));
	p.n.copy_of = (str){ 0 };
	p.i.unit_price = CNY(8001);
	CHECK(world_write(w, list_it, &p) == ERR_INVALID && world_field(w, "unit_price"));
	p.i.unit_price = of(8001, "JPY");
	CHECK(!world_write(w, list_it, &p));
	CHECK(!money_line(w, "W", WHY_PAID, "过保") && money_order(w).fee.minor == 8001 && money_is(money_order(w).fee, "JPY"));
	CHECK(money_state(w).tax.minor == 727);                /* 8001 × 10 ÷ 110 = 727.36 */
	by_hand.o = money_order(w);
	CHECK(world_write(w, add_it, &by_hand) == ERR_INVALID && world_field(w, "unit_price"));
	CHECK(!money_quote(w, &q) && money_is(q.total, "JPY") && !money_decide(w, QUOTE_EV_APPROVE));
	pay.o = money_order(w);
	CHECK(world_write(w, pay_it, &pay) == ERR_INVALID && world_field(w, "amount") && money_state(w).paid.minor == 0);
	pay.n.amount = of(8001, "JPY");
	CHECK(!world_write(w, pay_it, &pay) && money_state(w).due.minor == 0);
	CHECK(!cash_held(&w->c, till.engineer, &m, &n) && n == 1 && m[0].minor == 8001 && money_is(m[0], "JPY"));
	CHECK(world_write(w, submit_it, &h) == ERR_INVALID);   /* no yuan held */
	h.n.currency = S("JPY");
	CHECK(!world_write(w, submit_it, &h) && h.h.declared.minor == 8001);
	money_as(w, AS_HEAD);
	h.a = money_act(HANDIN_EV_COUNT, h.h.ver);
	h.a.counted = CNY(8001);
	CHECK(world_write(w, count_it, &h) == ERR_INVALID && world_field(w, "counted"));
	h.a.counted = of(8001, "JPY");
	CHECK(!world_write(w, count_it, &h) && money_at(w, CASH_STATION, till.station, "JPY") == 8001 && money_at(w, CASH_STATION, till.station, "CNY") == 0);
	money_as(w, AS_ADMIN);
	CHECK(!world_write(w, limit_it, NULL));
	money_as(w, AS_HEAD);
	CHECK(waiver_limit(&w->c, "CNY").minor == 20000 && waiver_limit(&w->c, "USD").minor == 3000 && waiver_limit(&w->c, "JPY").minor == 500 && waiver_limit(&w->c, "EUR").minor == 0);
	CHECK(money_sound(w));
}

/* ---- closed periods ---- */

struct closing { day until; struct cash_period p; };
static enum err close_it(struct ctx *c, void *arg) { struct closing *k = arg; return money_period_close(c, k->until, &k->p); }
static enum err reopen_it(struct ctx *c, void *arg) { struct closing *k = arg; return cash_period_reopen(c, k->p.id, S("补记")); }

static void periods_on(struct world *w)
{
	struct paying pay = { .n = { .kind = RECEIPT_DEPOSIT, .method = METHOD_CASH, .amount = CNY(100), .receipt_no = S("No9") } };
	struct closing k;
	struct receipt r;
	struct quote q;

	money_start(w);
	k.until = money_today(&w->c);
	CHECK(!money_line(w, "GS-LCD", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	CHECK(!money_pay(w, RECEIPT_DEPOSIT, METHOD_CASH, 8000, "No1", &r));
	CHECK(world_write(w, close_it, &k) == ERR_FORBIDDEN);
	money_as(w, AS_FINANCE);
	CHECK(world_write(w, close_it, &k) != ERR_OK);                         /* today is not over */
	w->c.now.ms += 86400000;
	CHECK(world_write(w, close_it, &k) == ERR_CONFLICT);                   /* a receipt is not countersigned */
	money_as(w, AS_HEAD);
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_COUNTERSIGN, NULL, NULL));
	money_as(w, AS_FINANCE);
	CHECK(!world_write(w, close_it, &k) && k.p.until.d == k.until.d && world_write(w, close_it, &k) == ERR_INVALID);
	money_as(w, AS_ENGINEER);
	pay.o = money_order(w);
	pay.n.on = k.until;
	CHECK(world_write(w, pay_it, &pay) == ERR_INVALID && world_field(w, "on"));
	pay.n.on.d += 2;
	CHECK(world_write(w, pay_it, &pay) == ERR_INVALID && world_field(w, "on"));     /* still to come */
	pay.n.on.d--;
	CHECK(money_state(w).paid.minor == 8000 && !world_write(w, pay_it, &pay) && money_state(w).paid.minor == 8100 && money_sound(w));
	money_as(w, AS_HEAD);
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_DISPUTE, NULL, "查") && !money_receipt(w, r.no, RECEIPT_EV_VOID, NULL, "重开") && money_sound(w));    /* leaves today's books, not the closed ones */
	money_as(w, AS_FINANCE);
	CHECK(world_write(w, reopen_it, &k) == ERR_FORBIDDEN);
	money_as(w, AS_ADMIN);
	CHECK(!world_write(w, reopen_it, &k));
	money_as(w, AS_ENGINEER);
	pay.n.on = k.until, pay.n.receipt_no = S("No10"), pay.o = money_order(w);
	CHECK(!world_write(w, pay_it, &pay) && money_sound(w));
	w->c.now = world_now;
}

#define ON(name) static void name(void **state) { (void)state; world_each(house_slices, name##_on); }
ON(parts)
ON(quoted_part)
ON(support)
ON(currencies)
ON(periods)

UNIT_GROUP(ways, T(parts), T(quoted_part), T(support), T(currencies), T(periods))
