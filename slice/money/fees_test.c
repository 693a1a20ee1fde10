/* Money: rounding, the fee of an order, the story from the price list to the bank, authority, and what is refused. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/money/fees_world_test.h"
#include "base/time.h"
#include "slice/account/account.h"

/* ---- pure ---- */

static void rounding(void **state)
{
	static const struct { int64_t gross, bp, tax; } tax[] = {
		{ 10600, 600, 600 }, { 11300, 1300, 1300 }, { 1, 1300, 0 }, { 100, 600, 6 }, { 18001, 600, 1019 }, { 68000, 1300, 7823 }, { 0, 600, 0 }, { 500, 0, 0 },
	};
	static const struct { int64_t cost, bp, price; } margin[] = { { 10000, 2500, 12500 }, { 3333, 2500, 4166 }, { 1, 5000, 2 }, { 3, 5000, 5 }, { 99, 0, 99 } };
	static const struct { int64_t amount, unit, down; } cash[] = { { 18001, 1, 18001 }, { 18001, 10, 18000 }, { 18099, 100, 18000 }, { 9, 10, 0 }, { 50, 10, 50 }, { 50, 0, 50 } };

	(void)state;
	for (size_t i = 0; i < LEN(tax); i++)
		CHECK_ROW(i, money_tax_inside(CNY(tax[i].gross), tax[i].bp).minor == tax[i].tax);
	for (size_t i = 0; i < LEN(margin); i++)
		CHECK_ROW(i, money_with_margin(CNY(margin[i].cost), margin[i].bp).minor == margin[i].price);
	for (size_t i = 0; i < LEN(cash); i++)
		CHECK_ROW(i, money_cash_down(CNY(cash[i].amount), cash[i].unit).minor == cash[i].down);
}

static const struct money_table *const tables[] = { &quote_table, &receipt_table, &handin_table, &waiver_table };

static void tables_are_sound(void **state)
{
	(void)state;
	for (size_t t = 0; t < LEN(tables); t++) {
		const struct money_table *tab = tables[t];
		unsigned reach = 1, all = 0;

		for (int s = 0; tab->states[s]; s++)
			all |= 1u << s;
		for (int round = 0; round < 6; round++)
			for (size_t i = 0; i < tab->n; i++)
				if (tab->move[i].from & reach)
					reach |= 1u << tab->move[i].to;
		CHECK_ROW(t, reach == all);
		for (size_t i = 0; i < tab->n; i++) {
			CHECK_ROW(i, tab->move[i].any && !(tab->move[i].from & ~all));
			for (size_t k = i + 1; k < tab->n; k++)
				CHECK_ROW(k, tab->move[i].ev != tab->move[k].ev || !(tab->move[i].from & tab->move[k].from));
		}
	}
}

/* ---- price lists ---- */

static void bands_on(struct world *w)
{
	static const struct { int64_t m, minor; } rows[] = { { 0, 3000 }, { 9999, 3000 }, { 10000, 6000 }, { 29999, 6000 }, { 30000, 12000 }, { 2000000, 12000 } };
	struct price_list l;
	struct price_item i;
	struct order o;

	money_start(w);
	o = money_order(w);
	CHECK(!price_list_for(&w->c, o.org_path, &l) && str_eq(l.code, S("STD")) && l.version == 1);
	for (size_t r = 0; r < LEN(rows); r++)
		CHECK_ROW(r, !price_item_for(&w->c, &l, S("SM"), (str){ 0 }, rows[r].m, &i) && i.unit_price.minor == rows[r].minor);
	CHECK(!price_item_for(&w->c, &l, S("GS-LCD"), S("ThinkPad X1"), 0, &i) && i.unit_price.minor == 18001);
	CHECK(!price_item_for(&w->c, &l, S("GS-LCD"), S("Other"), 0, &i) && i.unit_price.minor == 15000);
	CHECK(price_item_for(&w->c, &l, S("NONE"), (str){ 0 }, 0, &i) == ERR_NOT_FOUND);
}

struct drafting { struct price_new n; struct price_list l; struct price_item i; };
static enum err draft_it(struct ctx *c, void *arg) { struct drafting *d = arg; return price_draft(c, &d->n, &d->l); }
static enum err put_it(struct ctx *c, void *arg) { struct drafting *d = arg; return price_put(c, &d->l, &d->i); }
static enum err publish_it(struct ctx *c, void *arg) { struct drafting *d = arg; TRY(price_get(c, d->l.code, d->l.version, &d->l)); return price_publish(c, &d->l); }

/* A new version copies the old, comes into force on its day, and leaves the old as it was; a region's own list goes before. */
static void versions_on(struct world *w)
{
	struct drafting d = { .n = { .code = S("STD"), .name = S("标准价 2"), .copy_of = S("STD"), .margin_bp = 3000, .tax_bp = 600 } };
	struct price_list l;
	struct price_item i;
	struct order o;

	money_start(w);
	o = money_order(w);
	d.n.valid_from = (day){ money_today(&w->c).d + 1 };
	money_as(w, AS_FINANCE);
	CHECK(!world_write(w, draft_it, &d) && d.l.version == 2 && d.l.items == 7);
	d.i = (struct price_item){ .kind = FEE_DIAGNOSIS, .code = S("ZD"), .name_zh = S("检测费"), .from_m = 0, .to_m = PRICE_FAR, .unit_price = CNY(5500), .tax_bp = -1 };
	CHECK(!world_write(w, put_it, &d));
	d.i = (struct price_item){ .kind = FEE_VISIT, .code = S("SM"), .name_zh = S("上门费"), .from_m = 5000, .to_m = 15000, .unit_price = CNY(1), .tax_bp = -1 };
	CHECK(world_write(w, put_it, &d) == ERR_INVALID && world_field(w, "from_m"));
	CHECK(!world_write(w, publish_it, &d));
	CHECK(world_write(w, put_it, &d) == ERR_INVALID || world_write(w, put_it, &d) == ERR_CONFLICT);
	world_calm(w);
	CHECK(!price_list_for(&w->c, o.org_path, &l) && l.version == 1);
	w->c.now.ms += 86400000;
	CHECK(!price_list_for(&w->c, o.org_path, &l) && l.version == 2);
	CHECK(!price_item_for(&w->c, &l, S("ZD"), (str){ 0 }, 0, &i) && i.unit_price.minor == 5500);
	d = (struct drafting){ .n = { .code = S("EAST"), .name = S("华东价"), .org = S("EAST"), .copy_of = S("STD"), .tax_bp = 600, .valid_from = { money_today(&w->c).d } } };
	CHECK(!world_write(w, draft_it, &d) && !world_write(w, publish_it, &d));
	CHECK(!price_list_for(&w->c, o.org_path, &l) && str_eq(l.code, S("EAST")));
	d.n.org = S("NOWHERE");
	CHECK(world_write(w, draft_it, &d) == ERR_INVALID && world_field(w, "org"));
}

/* ---- lines ---- */

struct adding { struct order o; struct fee_new n; int64_t id; };
static enum err add_it(struct ctx *c, void *arg) { struct adding *a = arg; return fee_add(c, &a->o, &a->n, &a->id); }
struct striking { struct order o; int64_t id, ver; int basis; };
static enum err strike_it(struct ctx *c, void *arg) { struct striking *s = arg; return fee_strike(c, &s->o, s->id, s->ver, S("算错")); }
static enum err rebase_it(struct ctx *c, void *arg) { struct striking *s = arg; return fee_rebase(c, &s->o, s->id, s->ver, s->basis, S("保内")); }

static void lines_on(struct world *w)
{
	static const struct { struct fee_new n; const char *wrong; } bad[] = {
		{ { .code = { "NONE", 4 }, .kind = -1, .unit_price = { NIL, "" }, .qty = 1, .distance_m = NIL, .basis = WHY_PAID, .reason = { "x", 1 } }, "code" },
		{ { .kind = -1, .name = { "x", 1 }, .unit_price = { 100, "CNY" }, .qty = 1, .distance_m = NIL, .basis = WHY_PAID, .reason = { "x", 1 } }, "kind" },
		{ { .kind = FEE_OTHER, .name = { "x", 1 }, .unit_price = { NIL, "" }, .qty = 1, .distance_m = NIL, .basis = WHY_PAID, .reason = { "x", 1 } }, "unit_price" },
		{ { .code = { "ZD", 2 }, .kind = -1, .unit_price = { NIL, "" }, .qty = 0, .distance_m = NIL, .basis = WHY_PAID, .reason = { "x", 1 } }, "qty" },
		{ { .code = { "ZD", 2 }, .kind = -1, .unit_price = { NIL, "" }, .qty = 1, .distance_m = NIL, .basis = -1 }, "basis" },
		{ { .code = { "ZD", 2 }, .kind = -1, .unit_price = { NIL, "" }, .qty = 1, .distance_m = NIL, .basis = WHY_WARRANTY }, "reason" },
		{ { .code = { "ZD", 2 }, .kind = -1, .unit_price = { NIL, "" }, .qty = 1, .distance_m = NIL, .basis = WHY_ACCEPTED, .reason = { "x", 1 } }, "basis" },
		{ { .code = { "ZD", 2 }, .kind = -1, .unit_price = { NIL, "" }, .qty = 1, .distance_m = NIL, .basis = WHY_GOODWILL, .reason = { "x", 1 } }, "basis" },
	};
	struct adding a = { .n = { .code = S("PN-777"), .kind = FEE_PART, .name = S("键盘"), .unit_price = CNY(3333), .qty = 3, .distance_m = NIL, .basis = WHY_PAID, .reason = S("过保") } };
	struct striking s;
	struct fee_line *l;
	size_t n;

	money_start(w);
	for (size_t i = 0; i < LEN(bad); i++) {
		a.o = money_order(w);
		CHECK_ROW(i, world_write(w, add_it, &(struct adding){ a.o, bad[i].n, 0 }) == ERR_INVALID && world_field(w, bad[i].wrong));
	}
	a.o = money_order(w);
	CHECK(!world_write(w, add_it, &a));                    /* cost 33.33 and 25 %: 41.66 each */
	CHECK(money_order(w).fee.minor == 3 * 4166);
	CHECK(!money_line(w, "GS-LCD", WHY_PAID, "过保") && money_order(w).fee.minor == 3 * 4166 + 18001);
	CHECK(!money_line(w, "SM", WHY_WARRANTY, "保内") && money_order(w).fee.minor == 3 * 4166 + 18001);
	CHECK(!fee_lines(&w->c, a.o.id, true, &l, &n) && n == 3 && !l[0].free && l[2].free && str_eq(l[1].priced_by, S("STD/1")));
	s = (struct striking){ money_order(w), l[0].id, l[0].ver + 1, WHY_WARRANTY };
	CHECK(world_write(w, strike_it, &s) == ERR_CONFLICT);
	s.ver = l[0].ver;
	CHECK(!world_write(w, strike_it, &s) && money_order(w).fee.minor == 18001);
	CHECK(world_write(w, strike_it, &s) == ERR_CONFLICT);
	s = (struct striking){ money_order(w), l[1].id, l[1].ver, WHY_WARRANTY };
	CHECK(!world_write(w, rebase_it, &s) && money_order(w).fee.minor == 0);
	CHECK(money_sound(w));
}

static enum err grant_it(struct ctx *c, void *arg) { int64_t id; return allowance_add(c, arg, &id); }

/* Two free visits: the third is paid for; a struck line gives its visit back. */
static void allowance_on(struct world *w)
{
	struct allowance a = { .kind = ALLOWANCE_VISIT, .granted = 2, .device_id = NIL, .source = S("承诺书 HT-1") }, *left;
	struct fee_line *l;
	struct striking s;
	size_t n;

	money_start(w);
	a.customer_id = money_order(w).customer_id;
	a.valid_from = (day){ money_today(&w->c).d - 10 };
	a.valid_until = (day){ money_today(&w->c).d + 10 };
	CHECK(!world_write(w, grant_it, &a));
	CHECK(!money_line(w, "SM", -1, NULL) && !money_line(w, "SM", -1, NULL));
	CHECK(money_line(w, "SM", -1, NULL) == ERR_INVALID && world_field(w, "basis"));
	CHECK(!money_line(w, "SM", WHY_PAID, "第三次"));
	CHECK(money_order(w).fee.minor == 3000);
	CHECK(!fee_lines(&w->c, money_order(w).id, true, &l, &n) && n == 3 && l[0].basis == WHY_ALLOWANCE && l[0].free);
	s = (struct striking){ money_order(w), l[0].id, l[0].ver, 0 };
	CHECK(!world_write(w, strike_it, &s));
	s.o = money_order(w);
	CHECK(!allowance_left(&w->c, &s.o, &left, &n) && n == 1 && left[0].used == 1);
}

/* ---- quotes ---- */

static void quote_on(struct world *w)
{
	struct quote q;
	struct fee_state f;

	money_start(w);
	CHECK(money_quote(w, &q) == ERR_CONFLICT);
	CHECK(!money_line(w, "ZD", WHY_PAID, "过保") && !money_line(w, "GS-LCD", WHY_PAID, "过保") && !money_line(w, "LCD-140", WHY_PAID, "过保"));
	CHECK(!money_quote(w, &q) && q.total.minor == 18001 + 68000 && q.tax.minor == 1019 + 7823 && q.n_lines == 3 && q.lines[0].basis == WHY_ACCEPTED);
	CHECK(q.valid_until.d == money_today(&w->c).d + 30 && money_order(w).fee.minor == 5000 + 18001 + 68000);
	CHECK(money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 100, "A1", NULL) == ERR_CONFLICT);
	CHECK(!money_move(w, ORDER_EV_WAIT));
	money_as(w, AS_CUSTOMER);
	CHECK(!money_decide(w, QUOTE_EV_APPROVE));
	money_as(w, AS_ENGINEER);
	f = money_state(w);
	CHECK(f.fee.minor == 86001 && f.approved.minor == 86001 && f.due.minor == 86001);
	CHECK(money_order(w).state == ORDER_ENGINEER_ACCEPTED);        /* it no longer waits */
	CHECK(money_decide(w, QUOTE_EV_REFUSE) == ERR_CONFLICT);
	CHECK(!money_line(w, "SM", WHY_PAID, "再跑一趟"));
	CHECK(money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 100, "A1", NULL) == ERR_CONFLICT);     /* more than agreed */
	CHECK(!money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	CHECK(!money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 89001, "A1", NULL));
	CHECK(money_sound(w));
}

/* Refused: the work is struck, the diagnosis stays due. Too late: refused by us. Changed: not what was shown. */
static void quote_refused_on(struct world *w)
{
	struct quote q;

	money_start(w);
	CHECK(!money_line(w, "ZD", WHY_PAID, "过保") && !money_line(w, "GS-LCD", WHY_PAID, "过保"));
	CHECK(!money_quote(w, &q));
	CHECK(!money_line(w, "SM", WHY_PAID, "过保"));
	CHECK(money_decide(w, QUOTE_EV_APPROVE) == ERR_CONFLICT);
	CHECK(!money_quote(w, &q));
	w->c.now.ms += 31LL * 86400000;
	CHECK(money_decide(w, QUOTE_EV_APPROVE) == ERR_CONFLICT);
	w->c.now = world_now;
	CHECK(!money_decide(w, QUOTE_EV_REFUSE));
	CHECK(money_order(w).fee.minor == 5000 + 3000 && money_sound(w));
	CHECK(!money_quote(w, &q) && q.total.minor == 8000 && !money_decide(w, QUOTE_EV_APPROVE));
	CHECK(!money_pay(w, RECEIPT_PAYMENT, METHOD_WECHAT, 8000, "A7", NULL));
	CHECK(money_state(w).due.minor == 0);
}

/* ---- the whole story ---- */

struct handing { int level; str station, no; struct handin h; struct money_act a; };
static enum err submit_it(struct ctx *c, void *arg) { struct handing *h = arg; return handin_submit(c, &(struct handin_new){ .level = h->level, .station = h->station }, &h->h); }
static enum err handin_it(struct ctx *c, void *arg) { struct handing *h = arg; return handin_act(c, h->h.no, &h->a, &h->h); }

static enum err hand_in(struct world *w, struct handing *h, int ev, int64_t counted, const char *reason)
{
	h->a = money_act(ev, h->h.ver);
	h->a.counted = counted < 0 ? NO_MONEY : CNY(counted);
	h->a.reason = str_c(reason);
	return world_write(w, handin_it, h);
}

static void repair(struct world *w)
{
	static const int evs[] = { ORDER_EV_DEPART, ORDER_EV_ARRIVE, ORDER_EV_DIAGNOSE, ORDER_EV_REPAIR, ORDER_EV_PASS, ORDER_EV_HAND_OVER };

	for (size_t i = 0; i < LEN(evs); i++)
		CHECK_ROW(i, !money_move(w, evs[i]));
	money_as(w, AS_ADMIN);
	CHECK(!money_move(w, ORDER_EV_CALL_BACK));
}

static int64_t held(struct world *w, enum cash_kind kind, int64_t owner)
{
	return money_at(w, kind, owner, "CNY");
}

/* A day's entries end at the book's balance; another station, another engineer and a customer see none of them. */
static void books_seen(struct world *w, const struct cash_book *book, size_t n)
{
	day today = money_today(&w->c);
	struct cash_book *others;
	struct cash_entry *e;
	size_t k;

	for (size_t i = 0; i < n; i++) {
		money_as(w, AS_HEAD);
		CHECK_ROW(i, !cash_journal(&w->c, book[i].id, today, &e, &k) && k && e[k - 1].balance.minor == book[i].closing.minor);
		w->who.org_path = S("1.999.");
		CHECK_ROW(i, cash_journal(&w->c, book[i].id, today, &e, &k) == ERR_NOT_FOUND);
		CHECK_ROW(i, !cash_books(&w->c, today, NIL, 50, &others, &k) && k == 0);
		money_as(w, AS_ENGINEER);
		w->who.id = till.head;
		CHECK_ROW(i, cash_journal(&w->c, book[i].id, today, &e, &k) == ERR_NOT_FOUND);
		money_as(w, AS_CUSTOMER);
		CHECK_ROW(i, cash_journal(&w->c, book[i].id, today, &e, &k) == ERR_NOT_FOUND);
	}
}

static void story_on(struct world *w)
{
	struct handing h = { .level = LEVEL_ENGINEER };
	struct cash_book *book;
	struct receipt r;
	struct quote q;
	size_t n;

	money_start(w);
	CHECK(!money_line(w, "ZD", WHY_PAID, "过保") && !money_line(w, "SM", WHY_PAID, "过保") && !money_line(w, "GS-LCD", WHY_PAID, "过保"));
	CHECK(!money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	repair(w);
	CHECK(money_move(w, ORDER_EV_SETTLE) == ERR_CONFLICT);         /* unpaid */
	money_as(w, AS_ENGINEER);
	CHECK(money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 21002, "No1", &r) == ERR_INVALID && world_field(w, "amount"));
	CHECK(!money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 21001, "No1", &r) && str_starts(r.no, S("SJ")));
	CHECK(held(w, CASH_ENGINEER, till.engineer) == 21001 && money_state(w).due.minor == 0);
	CHECK(money_receipt(w, r.no, RECEIPT_EV_COUNTERSIGN, NULL, NULL) == ERR_FORBIDDEN);
	money_as(w, AS_ADMIN);
	CHECK(money_move(w, ORDER_EV_SETTLE) == ERR_CONFLICT);         /* not countersigned */
	money_as(w, AS_HEAD);
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_COUNTERSIGN, NULL, NULL));
	money_as(w, AS_ENGINEER);
	CHECK(!world_write(w, submit_it, &h) && h.h.declared.minor == 21001);
	CHECK(world_write(w, submit_it, &(struct handing){ .level = LEVEL_ENGINEER }) == ERR_CONFLICT);
	CHECK(hand_in(w, &h, HANDIN_EV_COUNT, 21001, NULL) == ERR_FORBIDDEN);
	money_as(w, AS_HEAD);
	CHECK(hand_in(w, &h, HANDIN_EV_COUNT, -1, NULL) == ERR_INVALID && world_field(w, "counted"));
	CHECK(hand_in(w, &h, HANDIN_EV_COUNT, 20001, NULL) == ERR_INVALID && world_field(w, "reason"));
	CHECK(!hand_in(w, &h, HANDIN_EV_COUNT, 20001, "少 10 元,次日补"));
	CHECK(held(w, CASH_ENGINEER, till.engineer) == 0 && held(w, CASH_STATION, till.station) == 20001 && held(w, CASH_DIFFERENCE, till.station) == 1000);
	CHECK(!cash_books(&w->c, money_today(&w->c), NIL, 50, &book, &n) && n >= 2);
	for (size_t i = 0; i < n; i++)
		CHECK_ROW(i, book[i].opening.minor + book[i].taken.minor + book[i].given.minor == book[i].closing.minor);
	books_seen(w, book, n);
	money_as(w, AS_HEAD);
	h = (struct handing){ .level = LEVEL_STATION };
	CHECK(!world_write(w, submit_it, &h) && h.h.declared.minor == 20001);
	CHECK(hand_in(w, &h, HANDIN_EV_COUNT, 20001, NULL) == ERR_FORBIDDEN);
	money_as(w, AS_FINANCE);
	CHECK(!hand_in(w, &h, HANDIN_EV_COUNT, 20001, NULL) && !hand_in(w, &h, HANDIN_EV_CONFIRM, -1, NULL));
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_CONFIRM, NULL, NULL));
	CHECK(held(w, CASH_BANK, 0) == 20001 && held(w, CASH_STATION, till.station) == 0);
	money_as(w, AS_ADMIN);
	CHECK(!money_move(w, ORDER_EV_SETTLE) && money_order(w).state == ORDER_SETTLED && money_order(w).fee.minor == 21001);
	CHECK(money_line(w, "ZD", WHY_PAID, "晚了") == ERR_CONFLICT);
	CHECK(money_sound(w));
}

/* ---- what is refused, taken back, given back ---- */

static void receipts_on(struct world *w)
{
	struct receipt r, e;
	struct quote q;

	money_start(w);
	CHECK(!money_line(w, "GS-LCD", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	CHECK(!money_pay(w, RECEIPT_DEPOSIT, METHOD_CASH, 8000, "No1", &r));
	CHECK(money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 100, "No1", NULL) == ERR_INVALID && world_field(w, "receipt_no"));
	CHECK(!money_pay(w, RECEIPT_PAYMENT, METHOD_ALIPAY, 10001, NULL, &e));
	CHECK(money_state(w).due.minor == 0 && money_state(w).open_receipts == 2);
	CHECK(money_pay(w, RECEIPT_REFUND, METHOD_CASH, 100, NULL, NULL) == ERR_FORBIDDEN);
	money_as(w, AS_HEAD);
	CHECK(money_receipt(w, e.no, RECEIPT_EV_COUNTERSIGN, NULL, NULL) == ERR_INVALID && world_field(w, "receipt_no"));
	CHECK(!money_receipt(w, e.no, RECEIPT_EV_COUNTERSIGN, "No2", NULL));
	CHECK(money_receipt(w, r.no, RECEIPT_EV_DISPUTE, NULL, NULL) == ERR_INVALID && world_field(w, "reason"));
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_DISPUTE, NULL, "金额不符"));
	CHECK(money_receipt(w, r.no, RECEIPT_EV_COUNTERSIGN, NULL, NULL) == ERR_CONFLICT);
	money_as(w, AS_ENGINEER);
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_CORRECT, "No3", NULL));
	money_as(w, AS_HEAD);
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_VOID, NULL, "重开"));
	CHECK(money_state(w).due.minor == 8000 && held(w, CASH_ENGINEER, till.engineer) == 0);
	money_as(w, AS_ENGINEER);
	CHECK(!money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 8000, "No1", &r));    /* a void number is free again */
	money_as(w, AS_FINANCE);
	CHECK(!money_receipt(w, e.no, RECEIPT_EV_CONFIRM, NULL, NULL) && held(w, CASH_BANK, 0) == 10001 && held(w, CASH_TRANSIT, till.station) == 0);
	CHECK(money_sound(w));
}

static enum err round_it(struct ctx *c, void *arg) { (void)arg; return setting_set(c, "money.cash_round", S("100")); }

/* Cash is taken in whole yuan: the jiao and fen are left to the customer, and stand in the books. */
static void cash_rounded_on(struct world *w)
{
	struct quote q;
	struct receipt r;

	money_start(w);
	CHECK(!money_line(w, "GS-LCD", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	money_as(w, AS_ADMIN);
	CHECK(!world_write(w, round_it, NULL));
	money_as(w, AS_ENGINEER);
	CHECK(!money_pay(w, RECEIPT_PAYMENT, METHOD_CASH, 18000, "No1", &r) && r.rounding.minor == 1 && money_state(w).due.minor == 0);
	money_as(w, AS_HEAD);
	CHECK(!money_receipt(w, r.no, RECEIPT_EV_VOID, NULL, "重开") && money_state(w).due.minor == 18001);
	CHECK(!money_pay(w, RECEIPT_PAYMENT, METHOD_WECHAT, 18000, "No1", &r) && money_state(w).due.minor == 1);
	CHECK(money_sound(w));
}

/* ---- authority [S6] ---- */

struct asking { struct order o; struct waiver_new n; struct waiver v; struct money_act a; };
static enum err ask_it(struct ctx *c, void *arg) { struct asking *a = arg; return waiver_request(c, &a->o, &a->n, &a->v); }
static enum err waive_it(struct ctx *c, void *arg) { struct asking *a = arg; return waiver_act(c, a->v.no, &a->a, &a->v); }

static void authority_on(struct world *w)
{
	static const struct { enum who who; int64_t limit; } rows[] = { { AS_ENGINEER, 0 }, { AS_HEAD, 20000 }, { AS_MANAGER, 200000 }, { AS_FINANCE, 500000 }, { AS_ADMIN, 100000000 } };

	money_start(w);
	for (size_t i = 0; i < LEN(rows); i++) {
		money_as(w, rows[i].who);
		CHECK_ROW(i, waiver_limit(&w->c, "CNY").minor == rows[i].limit);
	}
}

static enum err decide(struct world *w, struct asking *a, int ev)
{
	a->a = money_act(ev, a->v.ver);
	a->a.reason = S("同意");
	return world_write(w, waive_it, a);
}

static void waivers_on(struct world *w)
{
	struct asking a = { .n = { .kind = WAIVER_WRITEOFF, .amount = CNY(20001), .reason = S("客户拒付") } };
	struct receipt r;
	struct quote q;

	money_start(w);
	CHECK(!money_line(w, "LCD-140", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	repair(w);
	money_as(w, AS_HEAD);
	a.o = money_order(w);
	CHECK(!world_write(w, ask_it, &a) && a.v.state == WAIVER_REQUESTED && money_state(w).due.minor == 68000);
	CHECK(decide(w, &a, WAIVER_EV_APPROVE) == ERR_FORBIDDEN);
	money_as(w, AS_MANAGER);
	CHECK(!decide(w, &a, WAIVER_EV_APPROVE) && money_state(w).due.minor == 68000 - 20001);
	a.n = (struct waiver_new){ .kind = WAIVER_DISCOUNT, .amount = CNY(47999), .reason = S("老客户") };
	a.o = money_order(w);
	CHECK(!world_write(w, ask_it, &a) && a.v.state == WAIVER_APPROVED);
	a.n.amount = CNY(1);
	CHECK(world_write(w, ask_it, &a) == ERR_INVALID && world_field(w, "amount"));
	money_as(w, AS_FINANCE);
	CHECK(!decide(w, &a, WAIVER_EV_NOTE) && a.v.state == WAIVER_NOTED);
	CHECK(!money_move(w, ORDER_EV_SETTLE));                        /* written off within authority */
	a.n = (struct waiver_new){ .kind = WAIVER_COMPENSATION, .amount = CNY(60000), .reason = S("赔偿") };
	a.o = money_order(w);
	CHECK(world_write(w, ask_it, &a) == ERR_INVALID && world_field(w, "technical") && world_field(w, "agreement"));
	a.n.technical = S("主板自燃,非人为"), a.n.agreement = S("双方签字");
	CHECK(!world_write(w, ask_it, &a) && a.v.state == WAIVER_APPROVED && money_state(w).due.minor == -60000);
	CHECK(money_pay(w, RECEIPT_REFUND, METHOD_TRANSFER, 60001, NULL, NULL) == ERR_INVALID && world_field(w, "amount"));
	CHECK(!money_pay(w, RECEIPT_REFUND, METHOD_TRANSFER, 60000, NULL, &r) && money_state(w).due.minor == 0);
	money_as(w, AS_HEAD);
	CHECK(money_pay(w, RECEIPT_REFUND, METHOD_CASH, 1, NULL, NULL) == ERR_INVALID);
	CHECK(money_sound(w));
}

/* Cash that is not there cannot be given back. */
static void no_cash_on(struct world *w)
{
	struct asking a = { .n = { .kind = WAIVER_COMPENSATION, .amount = CNY(10000), .reason = S("赔偿") } };

	money_start(w);
	money_as(w, AS_HEAD);
	a.o = money_order(w);
	CHECK(!world_write(w, ask_it, &a) && a.v.state == WAIVER_APPROVED);
	CHECK(money_pay(w, RECEIPT_REFUND, METHOD_CASH, 10000, NULL, NULL) == ERR_CONFLICT);
	CHECK(money_state(w).due.minor == -10000 && money_sound(w));
}

/* ---- receivables ---- */

struct later { struct order o; day on; };
static enum err later_it(struct ctx *c, void *arg) { struct later *l = arg; return fee_on_account(c, &l->o, l->on, S("月结客户")); }

static void on_account_on(struct world *w)
{
	static const struct { int64_t days; int age; } late[] = { { -30, AGE_NOT_DUE }, { 0, AGE_NOT_DUE }, { 1, AGE_30 }, { 30, AGE_30 }, { 31, AGE_60 }, { 60, AGE_60 }, { 61, AGE_90 },
		{ 90, AGE_90 }, { 91, AGE_OLDER }, { 1000, AGE_OLDER } };
	struct receivable *r;
	struct receivable_sum *s;
	struct quote q;
	struct later l;
	size_t n, k;

	money_start(w);
	CHECK(!money_line(w, "GS-LCD", WHY_PAID, "过保") && !money_quote(w, &q) && !money_decide(w, QUOTE_EV_APPROVE));
	repair(w);
	l = (struct later){ money_order(w), { money_today(&w->c).d + 30 } };
	money_as(w, AS_HEAD);
	CHECK(world_write(w, later_it, &l) == ERR_FORBIDDEN);
	money_as(w, AS_FINANCE);
	CHECK(!world_write(w, later_it, &l) && !money_move(w, ORDER_EV_SETTLE));
	CHECK(!receivables(&w->c, -1, NIL, 50, &r, &n) && n == 1 && r[0].amount.minor == 18001 && r[0].agreed && r[0].due_on.d == l.on.d);
	for (size_t i = 0; i < LEN(late); i++) {
		w->c.now.ms = world_now.ms + (30LL + late[i].days) * 86400000;
		CHECK_ROW(i, !receivable_sums(&w->c, &s, &k) && k == 1 && s[0].n == 1 && s[0].total.minor == 18001);
		for (int a = 0; a < AGE_N; a++)
			CHECK_ROW(i, !receivables(&w->c, a, NIL, 50, &r, &n) && n == (a == late[i].age));
		CHECK_ROW(i, (&s[0].not_due)[late[i].age].minor == 18001);
	}
	CHECK(!receivables(&w->c, -1, NIL, 50, &r, &n) && n == 1 && !receivables(&w->c, -1, r[0].id, 50, &r, &n) && n == 0);
	w->c.now = world_now;
	CHECK(money_sound(w));
}

#define ON(name) static void name(void **state) { (void)state; world_each(house_slices, name##_on); }
ON(bands)
ON(versions)
ON(lines)
ON(allowance)
ON(quote)
ON(quote_refused)
ON(story)
ON(receipts)
ON(cash_rounded)
ON(authority)
ON(waivers)
ON(no_cash)
ON(on_account)

UNIT_GROUP(fees, T(rounding), T(tables_are_sound), T(bands), T(versions), T(lines), T(allowance), T(quote), T(quote_refused), T(story), T(receipts), T(cash_rounded), T(authority), T(waivers),
	T(no_cash), T(on_account))
