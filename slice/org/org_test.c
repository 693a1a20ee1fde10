/* The network: what stands where in the tree, and who serves a place. */
#include "tests/unit.h"
#include "tests/world.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/org/org_int.h"

extern const struct slice slice_audit, slice_account, slice_org;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_org, NULL };
extern const struct slice *const house_slices[];       /* who hears of a move */

/* ---- a small network: invented places at round coordinates ---- */

static const struct division divisions[] = {
	{ { "33", 2 }, { 0 }, { "浙江", 6 }, { "浙江省", 9 }, { 0 }, 1, 29000000, 120000000 },
	{ { "3301", 4 }, { "33", 2 }, { "杭州", 6 }, { "杭州市", 9 }, { 0 }, 2, 30270000, 120150000 },
	{ { "330106", 6 }, { "3301", 4 }, { "西湖", 6 }, { "西湖区", 9 }, { 0 }, 3, 30260000, 120130000 },
	{ { "330106001", 9 }, { "330106", 6 }, { "北山", 6 }, { "北山街道", 12 }, { 0 }, 4, NIL, NIL },
	{ { "3302", 4 }, { "33", 2 }, { "宁波", 6 }, { "宁波市", 9 }, { 0 }, 2, 29870000, 121550000 },
	{ { "11", 2 }, { 0 }, { "北京", 6 }, { "北京市", 9 }, { 0 }, 1, 39900000, 116400000 },
	{ { "110105", 6 }, { "11", 2 }, { "朝阳", 6 }, { "朝阳区", 9 }, { 0 }, 3, 39920000, 116440000 },
};
static const struct org_row rows[] = {
	{ { "HQ", 2 }, { 0 }, { "hq", 2 }, { "总部", 6 }, { "Headquarters", 12 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
	{ { "E", 1 }, { "HQ", 2 }, { "region", 6 }, { "华东", 6 }, { "East", 4 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
	{ { "N", 1 }, { "HQ", 2 }, { "region", 6 }, { "华北", 6 }, { "North", 5 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
	{ { "HZ1", 3 }, { "E", 1 }, { 0 }, { "杭州一站", 12 }, { 0 }, { 0 }, { 0 }, { "30.28", 5 }, { "120.16", 6 }, { "3301", 4 }, { "Lenovo:2; HP", 12 }, { "12", 2 } },
	{ { "HZ2", 3 }, { "E", 1 }, { 0 }, { "西湖站", 9 }, { 0 }, { 0 }, { 0 }, { "30.25", 5 }, { "120.12", 6 }, { "330106", 6 }, { "HP:4", 4 }, { 0 } },
	{ { "BJ1", 3 }, { "N", 1 }, { 0 }, { "北京站", 9 }, { 0 }, { 0 }, { 0 }, { "39.91", 5 }, { "116.41", 6 }, { "11", 2 }, { 0 }, { 0 } },
};

static enum err network(struct ctx *c, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < LEN(divisions); i++)
		TRY(division_put(c, &divisions[i]));
	for (size_t i = 0; i < LEN(rows); i++)
		TRY(org_import_row(c, &rows[i]));
	return ERR_OK;
}

static void build(struct world *w)
{
	if (!world_write(w, network, NULL))
		return;
	print_error("%s: %s\n", w->c.diag.n ? w->c.diag.f[0].field : "", w->c.diag.n ? w->c.diag.f[0].text : "");
	CHECK(false);
}

static struct org get(struct world *w, const char *code)
{
	struct org o;

	CHECK(!org_by_code(&w->c, str_c(code), &o));
	return o;
}

/* ---- the tree ---- */

static void tree_on(struct world *w)
{
	struct org hz, up, *list;
	size_t n;

	build(w);
	build(w);
	hz = get(w, " HZ1 ");
	CHECK(hz.kind == ORG_STATION && hz.lat == 30280000 && hz.lon == 120160000 && hz.capacity == 12 && hz.ver == 2);
	CHECK(hz.n_areas == 1 && str_eq(hz.areas[0].name, S("杭州市")) && hz.n_brands == 2 && str_eq(hz.brands[1].brand, S("Lenovo")) && hz.brands[1].level == 2);
	CHECK(str_starts(hz.path, get(w, "E").path) && str_starts(get(w, "E").path, get(w, "HQ").path));
	CHECK(!org_above(&w->c, hz.id, ORG_REGION, &up) && str_eq(up.code, S("E")));
	CHECK(!org_above(&w->c, hz.id, ORG_HQ, &up) && str_eq(up.code, S("HQ")));
	CHECK(org_above(&w->c, up.id, ORG_HQ, &up) == ERR_NOT_FOUND);
	CHECK(!org_list(&w->c, -1, (str){ 0 }, &list, &n) && n == 6 && list[0].kind == ORG_HQ);
	CHECK(!org_list(&w->c, ORG_STATION, get(w, "E").path, &list, &n) && n == 2);
	CHECK(!org_list(&w->c, ORG_STATION, (str){ 0 }, &list, &n) && n == 3);
	CHECK(str_eq(org_title(&w->c, &up), S("Headquarters")));
	w->who.lang = "zh";
	CHECK(str_eq(org_title(&w->c, &up), S("总部")));
}

static enum err save(struct ctx *c, void *arg) { return org_save(c, arg); }
static enum err add(struct ctx *c, void *arg)
{
	int64_t id;

	return org_add(c, arg, &id);
}

static void refused_on(struct world *w)
{
	struct org hq, e, hz;

	build(w);
	hq = get(w, "HQ");
	e = get(w, "E");
	hz = get(w, "HZ1");
	struct { const char *field; struct org o; } bad[] = {
		{ "code", { .kind = ORG_STATION, .parent_id = e.id, .code = S("HZ1"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = NIL } },
		{ "code", { .kind = ORG_STATION, .parent_id = e.id, .code = S("a b"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = NIL } },
		{ "name", { .kind = ORG_STATION, .parent_id = e.id, .code = S("X"), .name = S(" "), .lat = NIL, .lon = NIL, .capacity = NIL } },
		{ "parent_id", { .kind = ORG_STATION, .parent_id = NIL, .code = S("X"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = NIL } },
		{ "parent_id", { .kind = ORG_STATION, .parent_id = hz.id, .code = S("X"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = NIL } },
		{ "kind", { .kind = ORG_HQ, .parent_id = NIL, .code = S("X"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = NIL } },
		{ "lon", { .kind = ORG_STATION, .parent_id = e.id, .code = S("X"), .name = S("x"), .lat = 1, .lon = NIL, .capacity = NIL } },
		{ "lat", { .kind = ORG_STATION, .parent_id = e.id, .code = S("X"), .name = S("x"), .lat = 90000001, .lon = 0, .capacity = NIL } },
		{ "capacity", { .kind = ORG_STATION, .parent_id = e.id, .code = S("X"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = -1 } },
		{ "areas", { .kind = ORG_STATION, .parent_id = e.id, .code = S("X"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = NIL,
			.areas = &(struct org_area){ 0, S("99"), { 0 } }, .n_areas = 1 } },
		{ "brands", { .kind = ORG_STATION, .parent_id = e.id, .code = S("X"), .name = S("x"), .lat = NIL, .lon = NIL, .capacity = NIL,
			.brands = &(struct org_brand){ 0, S("HP"), 5, NO_DAY, NO_DAY }, .n_brands = 1 } },
	};

	for (size_t i = 0; i < LEN(bad); i++) {
		bad[i].o.calendar_id = NIL;
		CHECK_ROW(i, world_write(w, add, &bad[i].o) == ERR_INVALID && world_field(w, bad[i].field));
	}
	e.parent_id = e.id;
	CHECK(world_write(w, save, &e) == ERR_INVALID && world_field(w, "parent_id"));
	hz.code = S("BJ1");
	CHECK(world_write(w, save, &hz) == ERR_INVALID && world_field(w, "code"));
	hz.code = S("HZ1");
	hz.ver--;
	CHECK(world_write(w, save, &hz) == ERR_CONFLICT);
	hq.kind = ORG_REGION;
	CHECK(world_write(w, save, &hq) == ERR_INVALID && world_field(w, "kind"));
}

struct person { int64_t id, org; str path; };
static enum err hire(struct ctx *c, void *arg)
{
	struct person *p = arg;
	struct user u = { .login = S("anna"), .name = S("Anna"), .lang = S("en"), .active = true, .customer_id = NIL };

	TRY(user_add(c, &u, (str){ 0 }, &p->id));
	return user_grant(c, p->id, ROLE_ENGINEER, p->org, p->path);
}

static void moving_on(struct world *w)
{
	struct person p = { 0 };
	const struct actor *who;
	struct org hz, e, n;

	build(w);
	hz = get(w, "HZ1");
	p.org = hz.id;
	p.path = hz.path;
	CHECK(!world_write(w, hire, &p));
	e = get(w, "E");
	n = get(w, "N");
	e.parent_id = n.id;
	CHECK(!world_write(w, save, &e));
	hz = get(w, "HZ1");
	CHECK(str_starts(hz.path, get(w, "E").path) && str_starts(hz.path, n.path));
	CHECK(!account_actor(&w->c, p.id, &who) && str_eq(who->org_path, hz.path));
	n.parent_id = e.id;
	CHECK(world_write(w, save, &n) == ERR_INVALID && world_field(w, "parent_id"));
	CHECK(str_eq(get(w, "BJ1").path, arena_fmt(&w->a, "%.*s%lld.", STR_ARG(get(w, "N").path), (long long)get(w, "BJ1").id)));
}

/* ---- who serves a place ---- */

static void distances(void **state)
{
	static const struct { int64_t a, b, c, d, m; } far[] = {
		{ 0, 0, 0, 0, 0 }, { 0, 0, 1000000, 0, 111195 }, { 0, 0, 0, 1000000, 111195 }, { 60000000, 0, 60000000, 1000000, 55597 },
		{ 0, 179500000, 0, -179500000, 111195 }, { 90000000, 0, -90000000, 0, 20015115 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(far); i++) {
		int64_t m = org_distance_m(far[i].a, far[i].b, far[i].c, far[i].d);

		CHECK_ROW(i, m >= far[i].m - 2 && m <= far[i].m + 2);
	}
}

static str codes(struct world *w, const struct org_hit *hit, size_t n)
{
	str all = S("");

	for (size_t i = 0; i < n; i++)
		all = arena_fmt(&w->a, "%.*s%s%.*s%s", STR_ARG(all), i ? " " : "", STR_ARG(hit[i].org.code), hit[i].own_area ? "*" : "");
	return all;
}

static void serving_on(struct world *w)
{
	static const struct { const char *division, *brand; int64_t level; int n; const char *codes; } ask[] = {
		{ "330106001", NULL, 1, 3, "HZ2* HZ1* BJ1" },
		{ "330106", NULL, 1, 1, "HZ2*" },
		{ "3301", NULL, 1, 3, "HZ1* HZ2 BJ1" },
		{ "330106", "lenovo", 2, 3, "HZ1* BJ1" },
		{ "330106", "lenovo", 3, 3, "BJ1" },
		{ "330106", "HP", 4, 3, "HZ2* BJ1" },
		{ "3302", NULL, 1, 3, "HZ1 HZ2 BJ1" },
		{ "110105", "Dell", 1, 3, "BJ1*" },
		{ "99", NULL, 1, 3, "" },
		{ "330200", NULL, 1, 3, "HZ1 HZ2 BJ1" },           /* a city in full */
	};
	struct org_hit *hit;
	struct org o;
	size_t n;

	build(w);
	for (size_t i = 0; i < LEN(ask); i++) {
		CHECK(!org_for_area(&w->c, str_c(ask[i].division), str_c(ask[i].brand), ask[i].level, ask[i].n, &hit, &n));
		if (!str_eq(codes(w, hit, n), str_c(ask[i].codes)))
			print_error("%.*s\n", STR_ARG(codes(w, hit, n)));
		CHECK_ROW(i, str_eq(codes(w, hit, n), str_c(ask[i].codes)));
	}
	CHECK(!org_for_area(&w->c, S("3302"), (str){ 0 }, 1, 1, &hit, &n));
	CHECK(hit[0].extra_m == hit[0].distance_m && hit[0].extra_m > 100000 && hit[0].extra_m < 200000);
	CHECK(!org_nearest(&w->c, 39900000, 116400000, (str){ 0 }, 1, 2, &hit, &n) && n == 2 && str_eq(hit[0].org.code, S("BJ1")));
	CHECK(hit[0].distance_m < 2000 && hit[1].distance_m > 1000000);
	CHECK(!org_nearest(&w->c, -45000000, -170000000, (str){ 0 }, 1, 9, &hit, &n) && n == 3);
	o = get(w, "BJ1");
	o.active = false;
	CHECK(!world_write(w, save, &o));
	CHECK(!org_nearest(&w->c, 39900000, 116400000, (str){ 0 }, 1, 9, &hit, &n) && n == 2);
}

static void authorised_on(struct world *w)
{
	day today = tz_day(w->who.zone, w->c.now);
	struct org_brand b = { .brand = S("Lenovo"), .level = 2 };
	struct { int64_t from, until; size_t n; } spans[] = {
		{ NIL, NIL, 1 }, { today.d, today.d, 1 }, { today.d + 1, NIL, 0 }, { NIL, today.d - 1, 0 },
	};

	build(w);
	for (size_t i = 0; i < LEN(spans); i++) {
		struct org o = get(w, "BJ1");
		struct org_hit *hit;
		size_t n;

		b.from.d = spans[i].from;
		b.until.d = spans[i].until;
		o.brands = &b;
		o.n_brands = 1;
		CHECK(!world_write(w, save, &o));
		CHECK(!org_for_area(&w->c, S("110105"), S("LENOVO"), 1, 1, &hit, &n));
		CHECK_ROW(i, n == 1 && hit[0].own_area == (spans[i].n > 0));
	}
}

/* ---- divisions ---- */

static void divisions_on(struct world *w)
{
	static const struct { const char *text, *code; } find[] = {
		{ "杭州", "3301" }, { "hangzhou", "3301" }, { "HANG", "3301" }, { "3301", "3301" }, { "西湖区", "330106" }, { "火星", NULL }, { "", NULL }, { "%", NULL },
	}, in[] = {
		{ "浙江省杭州市西湖区北山街道1号", "330106001" }, { "杭州市西湖区某路2号", "330106" }, { "浙江西湖区", "330106" }, { "北京市朝阳区", "110105" },
		{ "西湖区", "330106" }, { "宁波", "3302" }, { "Nowhere Street 1", NULL },
	};
	struct division *d, at;
	size_t n;

	build(w);
	for (size_t i = 0; i < LEN(find); i++) {
		CHECK(!division_find(&w->c, str_c(find[i].text), &d, &n));
		CHECK_ROW(i, find[i].code ? n > 0 && str_eq(d[0].code, str_c(find[i].code)) : n == 0);
	}
	for (size_t i = 0; i < LEN(in); i++) {
		enum err e = division_of_address(&w->c, str_c(in[i].text), &at);

		CHECK_ROW(i, e == (in[i].code ? ERR_OK : ERR_NOT_FOUND));
		CHECK_ROW(i, e || str_eq(at.code, str_c(in[i].code)));
	}
}

static enum err put_division(struct ctx *c, void *arg) { return division_put(c, arg); }

static void bad_divisions_on(struct world *w)
{
	struct { const char *field; struct division d; } bad[] = {
		{ "code", { .name = S("x"), .level = 1 } }, { "name", { .code = S("1"), .level = 1 } }, { "level", { .code = S("1"), .name = S("x"), .level = 0 } },
		{ "parent", { .code = S("1"), .name = S("x"), .level = 2, .parent = S("no") } },
		{ "parent", { .code = S("33"), .name = S("x"), .level = 1, .parent = S("3301") } },
	};

	build(w);
	for (size_t i = 0; i < LEN(bad); i++)
		CHECK_ROW(i, world_write(w, put_division, &bad[i].d) == ERR_INVALID && world_field(w, bad[i].field));
}

static void coordinates(void **state)
{
	static const struct { const char *text; bool ok; int64_t v; } text[] = {
		{ "31.2304", true, 31230400 }, { "-0.5", true, -500000 }, { "90", true, 90000000 }, { "90.000001", false, 0 }, { "", true, NIL }, { "1.", true, 1000000 },
		{ "x", false, 0 }, { "1.2.3", false, 0 }, { "--1", false, 0 }, { "1e3", false, 0 }, { "30.1234567", true, 30123456 }, { "-", false, 0 },
	};
	struct arena a;
	int64_t v;

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < LEN(text); i++) {
		CHECK_ROW(i, micro_parse(str_c(text[i].text), LAT_MAX, &v) == text[i].ok);
		CHECK_ROW(i, !text[i].ok || v == text[i].v);
	}
	CHECK(str_eq(micro_show(&a, -500000), S("-0.500000")) && !micro_show(&a, NIL).p);
	arena_free(&a);
}

/* ---- staff ---- */

static enum err put_cert(struct ctx *c, void *arg)
{
	struct cert *ct = arg;

	return cert_put(c, ct, &ct->id);
}
static enum err drop_cert(struct ctx *c, void *arg)
{
	const struct cert *ct = arg;

	return cert_remove(c, ct->user_id, ct->id);
}
static enum err plan(struct ctx *c, void *arg)
{
	const struct person *p = arg;

	TRY(roster_set(c, p->id, p->org, (day){ 20000 }, SHIFT_OFF));
	TRY(roster_set(c, p->id, p->org, (day){ 20001 }, SHIFT_DAY));
	return roster_set(c, p->id, p->org, (day){ 20000 }, SHIFT_LATE);
}

static void staff_on(struct world *w)
{
	struct org hz;
	struct person p = { 0 };
	struct cert ct = { .id = NIL, .skill = S("Notebook"), .level = 2, .from = { 20000 }, .until = { 20010 } }, *list;
	struct { const char *skill; int64_t level, on; bool ok; } ask[] = {
		{ "notebook", 2, 20000, true }, { "NOTEBOOK", 1, 20010, true }, { "notebook", 3, 20005, false }, { "notebook", 1, 20011, false },
		{ "notebook", 1, 19999, false }, { "printer", 1, 20005, false },
	};
	struct shift_row *sh;
	enum shift s;
	size_t n;
	bool ok;

	build(w);
	hz = get(w, "HZ1");
	p.org = hz.id;
	p.path = hz.path;
	CHECK(!world_write(w, hire, &p));
	ct.user_id = p.id;
	CHECK(!world_write(w, put_cert, &ct));
	CHECK(!world_write(w, put_cert, &ct));
	CHECK(!cert_list(&w->c, p.id, &list, &n) && n == 1 && list[0].until.d == 20010);
	for (size_t i = 0; i < LEN(ask); i++) {
		CHECK(!cert_valid(&w->c, p.id, str_c(ask[i].skill), ask[i].level, (day){ ask[i].on }, &ok));
		CHECK_ROW(i, ok == ask[i].ok);
	}
	ct.level = 9;
	CHECK(world_write(w, put_cert, &ct) == ERR_INVALID && world_field(w, "level"));
	CHECK(!world_write(w, drop_cert, &ct));
	CHECK(world_write(w, drop_cert, &ct) == ERR_NOT_FOUND);
	CHECK(!world_write(w, plan, &p));
	CHECK(!roster_on(&w->c, p.id, (day){ 20000 }, &s, &ok) && ok && s == SHIFT_LATE);
	CHECK(!roster_on(&w->c, p.id, (day){ 20002 }, &s, &ok) && !ok);
	CHECK(!roster_list(&w->c, get(w, "E").path, (day){ 20000 }, (day){ 20006 }, &sh, &n) && n == 2 && str_eq(sh[0].name, S("Anna")));
	CHECK(!roster_list(&w->c, get(w, "N").path, (day){ 20000 }, (day){ 20006 }, &sh, &n) && n == 0);
}

/* ---- torture ---- */

static bool empty(struct world *w)
{
	struct org *o;
	struct division d;
	size_t n;

	return !org_list(&w->c, -1, (str){ 0 }, &o, &n) && !n && division_get(&w->c, S("33"), &d) == ERR_NOT_FOUND;
}

static void torture_on(struct world *w) { world_torture(w, network, NULL, empty); }

static void tree(void **state) { (void)state; world_each(slices, tree_on); }
static void refused(void **state) { (void)state; world_each(slices, refused_on); }
static void moving(void **state) { (void)state; world_each(house_slices, moving_on); }
static void serving(void **state) { (void)state; world_each(slices, serving_on); }
static void authorised(void **state) { (void)state; world_each(slices, authorised_on); }
static void division(void **state) { (void)state; world_each(slices, divisions_on); world_each(slices, bad_divisions_on); }
static void staff(void **state) { (void)state; world_each(slices, staff_on); }
static void torture(void **state) { (void)state; world_each(slices, torture_on); }

UNIT_GROUP(org, T(tree), T(refused), T(moving), T(distances), T(serving), T(authorised), T(division), T(coordinates), T(staff), T(torture))
