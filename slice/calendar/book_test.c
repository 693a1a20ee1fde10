/* book_test.c — stored calendars: versions, national years, what a change would do. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/calendar/clock.h"

extern const struct slice slice_audit, slice_account, slice_calendar;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, NULL };

#define NINE "{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-18:00\"]},\"national\":\"CN\"}"
#define TEN "{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"10:00-18:00\"]},\"national\":\"CN\"}"

static enum err seed(struct ctx *c, void *arg)
{
	(void)arg;
	return calendar_seed(c);
}

struct revise { int64_t id, ver; const char *since, *text; };

static enum err revise(struct ctx *c, void *arg)
{
	const struct revise *r = arg;
	struct calendar_version v = { .since = NO_DAY, .definition = str_c(r->text) };

	if (r->since)
		(void)day_parse(str_c(r->since), &v.since);
	return calendar_revise(c, r->id, r->ver, &v);
}

static enum err withdraw(struct ctx *c, void *arg)
{
	const struct revise *r = arg;
	day d = { 0 };

	if (r->since)
		(void)day_parse(str_c(r->since), &d);
	return calendar_withdraw(c, r->id, r->ver, d);
}

static enum err import_year(struct ctx *c, void *arg)
{
	struct national_import done;

	return national_import(c, str_c(arg), &done);
}

static instant at(const char *text)
{
	instant t;

	CHECK(instant_parse(str_c(text), tz_get(S("Asia/Shanghai")), &t));
	return t;
}

/* Where one hour from Monday 08:00 ends. */
static int64_t one_hour(struct world *w, int64_t id, const char *from)
{
	struct cal *cal;

	CHECK(!calendar_load(&w->c, id, &cal));
	return cal_add(cal, at(from), 3600000).ms;
}

/* ---- what is shipped ---- */

static void seeded_on(struct world *w)
{
	struct calendar *k, statutory;
	struct cal *cal;
	size_t n;

	CHECK(!world_write(w, seed, NULL));
	CHECK(!world_write(w, seed, NULL));
	CHECK(!calendar_list(&w->c, &k, &n) && n == 4);
	CHECK(!calendar_default(&w->c, &statutory) && str_eq(statutory.code, S("statutory")));
	CHECK(!calendar_load(&w->c, statutory.id, &cal));
	CHECK(cal_workdays(cal, day_of(2025, 1, 1), day_of(2025, 12, 31)) == 248);
	CHECK(cal_workdays(cal, day_of(2022, 12, 31), day_of(2022, 12, 31)) == 0);
	CHECK(cal_unpublished(cal, at("2026-12-01T00:00"), at("2027-01-02T00:00")) == 2027);
	CHECK(calendar_by_code(&w->c, S("nowhere"), &statutory) == ERR_NOT_FOUND);
}

/* ---- versions ---- */

struct add { const char *code, *name, *text; int64_t id; };

static enum err add(struct ctx *c, void *arg)
{
	struct add *a = arg;
	struct calendar k = { .code = str_c(a->code), .name = str_c(a->name), .name_en = str_c(a->name) };

	return calendar_add(c, &k, str_c(a->text), &a->id);
}

static void adding_on(struct world *w)
{
	struct add rows[] = {
		{ "night", "Night", NINE, 0 }, { "Night", "Night", NINE, 0 }, { "", "Night", NINE, 0 }, { "night", "Night", NINE, 0 }, { "day", " ", NINE, 0 },
		{ "day", "Day", "{}", 0 }, { "day", "Day", "{\"zone\":\"UTC\",\"week\":{},\"national\":\"XX\"}", 0 },
	};
	static const char *const field[] = { NULL, "code", "code", "code", "name", "definition.zone", "definition.national" };

	CHECK(!world_write(w, seed, NULL));
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, world_write(w, add, &rows[i]) == (field[i] ? ERR_INVALID : ERR_OK));
		CHECK_ROW(i, !field[i] || world_field(w, field[i]));
	}
}

static void versions_on(struct world *w)
{
	struct add k = { "shop", "Shop", NINE, 0 };
	struct calendar_version *v;
	struct calendar now;
	size_t n;

	CHECK(!world_write(w, seed, NULL));
	CHECK(!world_write(w, add, &k));
	CHECK(!world_write(w, revise, &(struct revise){ k.id, 1, "2026-04-01", TEN }));
	CHECK(one_hour(w, k.id, "2026-03-31T08:00") == at("2026-03-31T10:00").ms);
	CHECK(one_hour(w, k.id, "2026-04-01T08:00") == at("2026-04-01T11:00").ms);
	/* The same day again replaces, a stale one is refused, an earlier one goes between. */
	CHECK(world_write(w, revise, &(struct revise){ k.id, 1, "2026-04-01", NINE }) == ERR_CONFLICT);
	CHECK(!world_write(w, revise, &(struct revise){ k.id, 2, "2026-04-01", NINE }));
	CHECK(one_hour(w, k.id, "2026-04-01T08:00") == at("2026-04-01T10:00").ms);
	CHECK(!world_write(w, revise, &(struct revise){ k.id, 3, "2026-03-30", TEN }));
	CHECK(one_hour(w, k.id, "2026-03-31T08:00") == at("2026-03-31T11:00").ms);
	CHECK(!calendar_versions(&w->c, k.id, &v, &n) && n == 3 && v[0].since.d == 0);
	CHECK(!calendar_by_id(&w->c, k.id, &now) && now.ver == 4 && now.rev == 4);
	CHECK(!world_write(w, withdraw, &(struct revise){ k.id, 4, "2026-03-30", NULL }));
	CHECK(one_hour(w, k.id, "2026-03-31T08:00") == at("2026-03-31T10:00").ms);
	CHECK(world_write(w, withdraw, &(struct revise){ k.id, 5, NULL, NULL }) == ERR_CONFLICT);
	CHECK(world_write(w, withdraw, &(struct revise){ k.id, 5, "2026-03-30", NULL }) == ERR_CONFLICT);
}

static void refused_on(struct world *w)
{
	static const struct { const char *since, *text, *field; } row[] = {
		{ NULL, NINE, "since" },
		{ "2026-04-01", "{", "definition" },
		{ "2026-04-01", "{\"zone\":\"UTC\",\"week\":{}}", "definition.zone" },
		{ "2026-04-01", "{\"zone\":\"Asia/Shanghai\",\"week\":{},\"days\":{\"2026-03-31\":[]}}", "definition.days.2026-03-31" },
	};
	struct add k = { "shop", "Shop", NINE, 0 };

	CHECK(!world_write(w, seed, NULL));
	CHECK(!world_write(w, add, &k));
	for (size_t i = 0; i < LEN(row); i++) {
		CHECK_ROW(i, world_write(w, revise, &(struct revise){ k.id, 1, row[i].since, row[i].text }) == ERR_INVALID);
		CHECK_ROW(i, world_field(w, row[i].field));
	}
	CHECK(world_write(w, revise, &(struct revise){ 4711, 1, "2026-04-01", NINE }) == ERR_NOT_FOUND);
}

static void diff_on(struct world *w)
{
	struct calendar_version v = { .since = day_of(2026, 4, 1), .definition = S(TEN) };
	struct add k = { "shop", "Shop", NINE, 0 };
	struct calendar_change *change;
	struct cal *before, *after;
	size_t n;

	CHECK(!world_write(w, seed, NULL));
	CHECK(!world_write(w, add, &k));
	CHECK(!calendar_load(&w->c, k.id, &before));
	CHECK(!calendar_draft(&w->c, k.id, &v, &after));
	calendar_diff(&w->c, before, after, day_of(2026, 3, 30), day_of(2026, 4, 7), 50, &change, &n);
	/* 1 to 3 April and Tuesday 7: 4 to 6 April are a holiday in both. */
	CHECK(n == 4 && change[0].on.d == day_of(2026, 4, 1).d && change[3].on.d == day_of(2026, 4, 7).d);
	CHECK(str_eq(change[0].before, S("09:00–18:00")) && str_eq(change[0].after, S("10:00–18:00")));
	CHECK(one_hour(w, k.id, "2026-04-01T08:00") == at("2026-04-01T10:00").ms);
}

/* ---- national years ---- */

#define Y27 "{\"country\":\"CN\",\"year\":2027,\"off\":[\"2027-01-01\"],\"work\":[\"2027-01-02\"]}"
static const struct { const char *text, *field; } imports[] = {
	{ Y27, NULL },
	{ "{\"year\":2027,\"days\":[{\"name\":\"x\",\"date\":\"2027-01-01\",\"isOffDay\":true},{\"date\":\"2027-01-02\",\"isOffDay\":false}]}", NULL },
	{ "[", "file" }, { "[]", "file" }, { "{\"off\":[],\"work\":[]}", "year" },
	{ "{\"year\":2027,\"off\":[\"2027-01-01\"]}", "work" },
	{ "{\"year\":2027,\"off\":[],\"work\":[]}", "off" },
	{ "{\"year\":2027,\"days\":[]}", "off" },
	{ "{\"year\":2027,\"off\":[\"2027-02-29\"],\"work\":[]}", "off" },
	{ "{\"year\":2027,\"off\":[\"2026-11-30\"],\"work\":[]}", "off" },
	{ "{\"year\":2027,\"off\":[\"2027-01-01\"],\"work\":[\"2027-01-01\"]}", "work" },
	{ "{\"year\":2027,\"country\":\"china\",\"off\":[\"2027-01-01\"],\"work\":[]}", "country" },
	{ "{\"year\":2027,\"days\":[{\"date\":\"2027-01-01\"}]}", "days" },
};

static void import_on(struct world *w)
{
	struct calendar k, always;
	int64_t rev;

	CHECK(!world_write(w, seed, NULL));
	CHECK(!calendar_by_code(&w->c, S("statutory"), &k));
	rev = k.rev;
	CHECK(one_hour(w, k.id, "2026-12-31T18:30") == at("2027-01-01T10:00").ms);
	for (size_t i = 0; i < LEN(imports); i++) {
		CHECK_ROW(i, world_write(w, import_year, (void *)(uintptr_t)imports[i].text) == (imports[i].field ? ERR_INVALID : ERR_OK));
		CHECK_ROW(i, !imports[i].field || world_field(w, imports[i].field));
	}
	CHECK(one_hour(w, k.id, "2026-12-31T18:30") == at("2027-01-02T10:00").ms);
	CHECK(!calendar_by_code(&w->c, S("statutory"), &k) && k.rev == rev + 2);
	CHECK(!calendar_by_code(&w->c, S("7x24"), &always) && always.rev == 1);
	/* A corrected year replaces what it said before. */
	CHECK(!world_write(w, import_year, (void *)(uintptr_t) "{\"country\":\"CN\",\"year\":2027,\"off\":[\"2027-01-02\"],\"work\":[]}"));
	CHECK(one_hour(w, k.id, "2026-12-31T18:30") == at("2027-01-01T10:00").ms);
	CHECK(!national_stored(&w->c, S("XX")) && !national_stored(&w->c, S("")) && !national_stored(&w->c, S("CHINA")));
}

static bool untouched(struct world *w)
{
	struct calendar k;

	return !calendar_by_code(&w->c, S("statutory"), &k) && one_hour(w, k.id, "2026-12-31T18:30") == at("2027-01-01T10:00").ms;
}

static void torture_on(struct world *w)
{
	CHECK(!world_write(w, seed, NULL));
	world_torture(w, import_year, (void *)(uintptr_t)Y27, untouched);
	CHECK(!untouched(w));
}

#define EACH(name) static void name(void **state) { (void)state; world_each(slices, name##_on); }
EACH(seeded) EACH(adding) EACH(versions) EACH(refused) EACH(diff) EACH(import) EACH(torture)
UNIT_GROUP(book, T(seeded), T(adding), T(versions), T(refused), T(diff), T(import), T(torture))
