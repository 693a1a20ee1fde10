/* coverage_test.c — orders and entitlement together: a denied warranty with its evidence and seal, what lines cost by the verdict, parts that restart their clock,
 * visits used up, on both engines. */
#include "tests/unit.h"
#include "tests/world.h"
#include "tests/door.h"
#include "app/coverage.h"
#include "app/wiring.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/money/fees_world_test.h"
#include "slice/parts/requisition.h"
#include "slice/ruling/ruling.h"

static struct ruling ruling;
static struct order order;

/* The order of money's little house, its device bought a month ago in Hangzhou, broken by a drop. */
static enum err date_device(struct ctx *c, void *arg)
{
	struct device d;

	(void)arg;
	TRY(entitlement_seed(c));
	TRY(device_get(c, order.device_id, &d));
	d.kind = DEVICE_NOTEBOOK;
	d.proof = PROOF_INVOICE;
	d.invoice_no = S("25332000001");
	d.invoiced_on = d.delivered_on = day_of(2026, 10, 20);
	return device_save(c, &d);
}

static void begin(struct world *w, const char *cause)
{
	wiring_use();
	money_start(w);
	money_as(w, AS_SYSTEM);
	order = money_order(w);
	CHECK(!world_write(w, date_device, NULL));
	order.cause = str_c(cause);
	order.fault_code = (str){ 0 };
	money_as(w, AS_ENGINEER);
}

/* ---- the ruling ---- */

static enum err open_it(struct ctx *c, void *arg)
{
	return ruling_open(c, &order, &(struct ruling_new){ PART_DISPLAY, -1, str_c(arg) }, &ruling);
}

static enum err prove_it(struct ctx *c, void *arg)
{
	int kind = *(int *)arg;
	struct evidence_new n = { kind, kind == EVIDENCE_SECOND ? S("agreed: a mark of impact") : (str){ 0 }, NIL };

	if (kind != EVIDENCE_SECOND)
		TRY(attachment_bytes(c, "order", order.id, S("corner.png"), S("image/png"), S("\x89PNG\r\n\x1a\n0000"), true, &n.attachment_id));
	return ruling_prove(c, &ruling, &n);
}

static enum err words_only(struct ctx *c, void *arg)
{
	return ruling_prove(c, &ruling, &(struct evidence_new){ *(int *)arg, S("looks broken"), NIL });
}

static enum err seal_it(struct ctx *c, void *arg)
{
	(void)arg;
	return ruling_seal(c, &order, &ruling, ruling.ver);
}

static enum err withdraw_it(struct ctx *c, void *arg) { return ruling_withdraw(c, &ruling, ruling.ver, str_c(arg)); }

static void count(void *arg, str what)
{
	print_error("%.*s\n", STR_ARG(what));
	++*(int *)arg;
}

static bool missing_is(struct world *w, uint64_t bits)
{
	struct ruling_proof *e;
	uint64_t missing;
	size_t n;

	CHECK(!ruling_evidence(&w->c, &ruling, &e, &n, &missing));
	return missing == bits;
}

#define BIT(k) ((uint64_t)1 << EVIDENCE_##k)
static void gather(struct world *w)
{
	int damage = EVIDENCE_DAMAGE, label = EVIDENCE_LABEL, second = EVIDENCE_SECOND;

	CHECK(!world_write(w, open_it, (void *)(uintptr_t)"a corner is dented"));
	CHECK(missing_is(w, BIT(DAMAGE) | BIT(LABEL) | BIT(SECOND)));
	CHECK(world_write(w, words_only, &damage) == ERR_INVALID && world_field(w, "file"));
	CHECK(world_write(w, seal_it, NULL) == ERR_CONFLICT);
	CHECK(!world_write(w, prove_it, &damage) && !world_write(w, prove_it, &label));
	CHECK(world_write(w, prove_it, &second) == ERR_FORBIDDEN);
	CHECK(world_write(w, seal_it, NULL) == ERR_CONFLICT);
	money_as(w, AS_HEAD);
	CHECK(!world_write(w, prove_it, &second));
	money_as(w, AS_ENGINEER);
}

static void ruling_on(struct world *w)
{
	unsigned char key[32] = { 7 };
	struct ruling other;
	struct sealed s;
	int wrong = 0;

	begin(w, "drop");
	audit_key(key);
	CHECK(world_write(w, open_it, (void *)(uintptr_t)" ") == ERR_INVALID && world_field(w, "finding"));
	gather(w);
	CHECK(world_write(w, open_it, (void *)(uintptr_t)"again") == ERR_CONFLICT);
	CHECK(ruling_stands(&w->c, &order) == ERR_CONFLICT);
	world_calm(w);
	CHECK(!world_write(w, seal_it, NULL));
	CHECK(world_write(w, seal_it, NULL) == ERR_CONFLICT);
	CHECK(!ruling_of_order(&w->c, order.id, &ruling) && ruling.state == RULING_SEALED && ruling.hash.n == 64 && ruling.sign.n);
	CHECK(!ruling_stands(&w->c, &order));
	CHECK(!ruling_sealed(&w->c, &ruling, &s) && s.n_proof == 3 && s.n_clause >= 1 && str_eq(s.finding, S("a corner is dented")) && str_eq(s.order, order.no));
	CHECK(str_find(s.clause[0].en, S("Art. 28"), NULL) && str_find(s.clause[0].zh, S("第二十八条"), NULL));
	CHECK(ruling_unchanged(w->c.a, &ruling));
	other = ruling;
	other.body = arena_fmt(w->c.a, "%.*s ", STR_ARG(ruling.body));
	CHECK(!ruling_unchanged(w->c.a, &other));
	other = ruling;
	other.sign = audit_sign(w->c.a, S("something else"));
	CHECK(!ruling_unchanged(w->c.a, &other));
	CHECK(!ruling_verify(&w->c, count, &wrong) && !wrong);
	CHECK(world_write(w, withdraw_it, (void *)(uintptr_t)"the customer showed a video") == ERR_FORBIDDEN);
	money_as(w, AS_HEAD);
	CHECK(!world_write(w, withdraw_it, (void *)(uintptr_t)"the customer showed a video"));
	CHECK(ruling_stands(&w->c, &order) == ERR_CONFLICT);
	world_calm(w);
	CHECK(!ruling_by_token(&w->c, ruling.token, &other) && other.state == RULING_WITHDRAWN);
	audit_key(NULL);
}

/* What is covered, and what nobody excludes, cannot be ruled out. */
static void not_excluded_on(struct world *w)
{
	begin(w, "quality");
	CHECK(world_write(w, open_it, (void *)(uintptr_t)"dented") == ERR_INVALID && world_field(w, "cause"));
	order.cause = S("wear");
	CHECK(world_write(w, open_it, (void *)(uintptr_t)"worn") == ERR_INVALID && world_field(w, "cause"));
	world_calm(w);
}

/* ---- what lines cost ---- */

struct line { struct fee_new n; int64_t id; };
static enum err add_line(struct ctx *c, void *arg)
{
	struct line *l = arg;

	return fee_add(c, &order, &l->n, &l->id);
}

static enum err quote_lines(struct ctx *c, void *arg)
{
	struct quote q;

	(void)arg;
	return quote_make(c, &order, &(struct quote_new){ .content = S("new display"), .valid_until = NO_DAY, .deposit = NO_MONEY }, &q);
}

static struct line line_of(const char *code, int basis, const char *reason)
{
	return (struct line){ { .code = str_c(code), .kind = -1, .unit_price = NO_MONEY, .qty = 1, .distance_m = NIL, .basis = basis, .reason = str_c(reason) }, 0 };
}

static struct fee_line last_line(struct world *w)
{
	struct fee_line *l;
	size_t n;

	CHECK(!fee_lines(&w->c, order.id, true, &l, &n) && n);
	return l[n - 1];
}

static void lines_on(struct world *w)
{
	struct line part = line_of("LCD-140", -1, ""), paid = line_of("LCD-140", WHY_PAID, "old"), wish = line_of("LCD-140", WHY_WISH, "a brighter one"), visit = line_of("SM", -1, "");
	struct kept *k;
	size_t n;

	begin(w, "quality");
	CHECK(!world_write(w, add_line, &part));
	CHECK(last_line(w).basis == WHY_WARRANTY && last_line(w).free && str_starts(last_line(w).reason, S("cn-")) && str_find(last_line(w).reason, S("/c"), NULL));
	CHECK(world_write(w, add_line, &paid) == ERR_INVALID && world_field(w, "basis"));
	CHECK(!world_write(w, add_line, &wish) && !last_line(w).free);
	world_calm(w);
	CHECK(!world_write(w, add_line, &visit) || world_field(w, "basis"));
	world_calm(w);
	money_as(w, AS_HEAD);
	CHECK(!world_write(w, add_line, &paid) && last_line(w).basis == WHY_PAID);
	money_as(w, AS_SYSTEM);
	CHECK(!kept_list(&w->c, NIL, order.id, NIL, 20, &k, &n) && n >= 3 && str_eq(k[n - 1].stage, S("intake")) && str_eq(k[0].stage, S("quote")) && str_eq(k[0].part, S("display")));
}

static void excluded_lines_on(struct world *w)
{
	struct line part = line_of("LCD-140", -1, "");

	begin(w, "drop");
	CHECK(!world_write(w, add_line, &part));
	CHECK(last_line(w).basis == WHY_EXCLUDED && !last_line(w).free && str_find(last_line(w).reason, S("/x"), NULL));
	CHECK(world_write(w, quote_lines, NULL) == ERR_CONFLICT);
	gather(w);
	CHECK(!world_write(w, seal_it, NULL));
	CHECK(!world_write(w, quote_lines, NULL));
	world_calm(w);
}

/* ---- parts and their clocks ---- */

static enum err repair_begins(struct ctx *c, void *arg)
{
	(void)arg;
	return repair_in(c, &(struct repair_of){ order.device_id, order.id, order.no, order.org_path }, day_of(2026, 11, 16));
}
static enum err repair_ends(struct ctx *c, void *arg)
{
	(void)arg;
	return repair_out(c, order.id, day_of(2026, 11, 20), 1, false);
}
static enum err fit_display(struct ctx *c, void *arg)
{
	(void)arg;
	return repair_parts(c, order.id, (uint64_t)1 << PART_DISPLAY);
}

static enum err catalogue_it(struct ctx *c, void *arg)
{
	int64_t id;

	return part_add(c, arg, &id);
}

static bool says(const struct entitlement *e, const char *words)
{
	for (size_t i = 0; i < e->n_line; i++)
		if (str_find(e->line[i], str_c(words), NULL))
			return true;
	return false;
}

static void parts_on(struct world *w)
{
	struct ask a = { .on = day_of(2026, 11, 22), .part = PART_DISPLAY, .cause = CAUSE_QUALITY, .listed = -1, .order_id = NIL };
	struct entitlement *e = NEW(w->c.a, struct entitlement);

	begin(w, "quality");
	money_as(w, AS_SYSTEM);
	CHECK(!world_write(w, repair_begins, NULL) && !world_write(w, fit_display, NULL) && !world_write(w, repair_ends, NULL));
	CHECK(!entitlement_for(&w->c, order.device_id, &a, e) && e->v.until[PERIOD_MAIN].d == day_of(2028, 11, 20).d);
	a.part = PART_MAINBOARD;
	CHECK(!entitlement_for(&w->c, order.device_id, &a, e) && e->v.until[PERIOD_MAIN].d == day_of(2028, 10, 24).d);
	CHECK(part_by_words(S("液晶屏")) == PART_DISPLAY && part_by_words(S("屏排线")) == PART_CABLE && part_by_words(S("电源适配器")) == PART_ADAPTER);
	CHECK(part_by_words(S("Program memory, 16 GB RAM")) == PART_MEMORY && part_by_words(S("Frame")) == PART_OTHER && part_by_words(S("螺丝包")) == PART_OTHER);
}

/* The catalogue goes before the words of a name, and the verdict says which it was. */
static void catalogue_on(struct world *w)
{
	static const struct { const char *name; int class, kind; enum part part; enum part_by by; } rows[] = {
		{ "14 寸液晶屏", PART_ORDINARY, PART_WHOLE, PART_DISPLAY, PART_BY_WORDS },
		{ "屏轴组件", PART_ORDINARY, PART_HINGE, PART_HINGE, PART_BY_CATALOGUE },
		{ "Adapter board", PART_MAIN, PART_MAINBOARD, PART_MAINBOARD, PART_BY_CATALOGUE },
		{ "硬盘螺丝 内存", PART_CONSUMABLE, PART_WHOLE, PART_WORN, PART_BY_CATALOGUE },
		{ "硒鼓", PART_CONSUMABLE, PART_WHOLE, PART_TONER, PART_BY_CATALOGUE },
		{ "电池", PART_CONSUMABLE, PART_WHOLE, PART_BATTERY, PART_BY_CATALOGUE },
		{ "支架", PART_ORDINARY, PART_WHOLE, PART_OTHER, PART_BY_WORDS },
	};
	struct spare lcd = { .no = S("LCD-140"), .name = S("屏排线总成"), .class = PART_MAIN, .kind = PART_DISPLAY, .active = true, .supplier_months = NIL, .price = NO_MONEY, .cost = NO_MONEY };
	struct line part = line_of("LCD-140", -1, "");
	struct fee_said said;
	enum part_by by;

	for (size_t i = 0; i < LEN(rows); i++) {
		const struct spare p = { .name = str_c(rows[i].name), .class = rows[i].class, .kind = rows[i].kind };

		CHECK(spare_part(&p, &by) == rows[i].part && by == rows[i].by);
	}
	begin(w, "quality");
	money_as(w, AS_SYSTEM);
	CHECK(!fee_basis_said(&w->c, &order, FEE_PART, S("LCD-140"), S("屏排线总成"), &said) && said.by && said.by->facts.part == PART_CABLE && says(said.by, "was read from the words “屏排线总成”"));
	CHECK(!world_write(w, catalogue_it, &lcd) && !world_write(w, add_line, &part));
	CHECK(!fee_basis_said(&w->c, &order, FEE_PART, S("LCD-140"), S("屏排线总成"), &said) && said.by->facts.part == PART_DISPLAY && says(said.by, "says the part catalogue (“屏排线总成”)"));
}

/* ---- doors ---- */

static void doors_on(struct world *w)
{
	str page, api, v;
	struct door d;

	begin(w, "drop");
	gather(w);
	CHECK(!world_write(w, seal_it, NULL) && !ruling_of_order(&w->c, order.id, &ruling));
	money_as(w, AS_SYSTEM);
	page = arena_fmt(&w->a, "/orders/%.*s/ruling", STR_ARG(order.no));
	api = arena_fmt(&w->a, "/api/v1%.*s", STR_ARG(page));
	v = arena_fmt(&w->a, "/api/v1/v/%.*s", STR_ARG(ruling.token));
	door_open(&d, w, house_slices, "ruth", ROLE_ADMIN, till.hq, S("1."));
	door_ask(&d, "GET", page.p, "");
	CHECK(d.a.status == 200 && door_says(&d, "a corner is dented") && door_says(&d, ruling.hash.p));
	door_ask(&d, "GET", api.p, "");
	CHECK(d.a.status == 200 && door_says(&d, "\"state\":\"sealed\"") && door_says(&d, "\"met\":true"));
	door_close(&d);
	door_open(&d, w, house_slices, "", -1, NIL, (str){ 0 });
	door_ask(&d, "GET", v.p, "");
	CHECK(d.a.status == 200 && door_says(&d, "\"unchanged\":true") && door_says(&d, "\"finding\":\"a corner is dented\""));
	door_ask(&d, "GET", v.p + strlen("/api/v1"), "");
	CHECK(d.a.status == 200 && door_says(&d, "The seal holds"));
	door_ask(&d, "GET", arena_fmt(&w->a, "/v/%.*s/paper", STR_ARG(ruling.token)).p, "");
	CHECK(d.a.status == 200 && door_says(&d, "%PDF"));
	door_ask(&d, "GET", "/v/nobody", "");
	CHECK(d.a.status == 404);
	door_ask(&d, "GET", page.p, "");
	CHECK(d.a.status != 200);
	door_close(&d);
}

#define ON_BOTH(name) static void name##_both(void **state) { (void)state; world_each(house_slices, name##_on); }
ON_BOTH(ruling)
ON_BOTH(not_excluded)
ON_BOTH(lines)
ON_BOTH(excluded_lines)
ON_BOTH(parts)
ON_BOTH(catalogue)
ON_BOTH(doors)
UNIT_GROUP(coverage, T(ruling_both), T(not_excluded_both), T(lines_both), T(excluded_lines_both), T(parts_both), T(catalogue_both), T(doors_both))
