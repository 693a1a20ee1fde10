/* calendar_test.c — definitions read and refused, arithmetic against a walk of minutes, national totals. */
#include "tests/unit.h"
#include "base/i18n.h"
#include "slice/calendar/clock.h"

static struct arena arena;
static struct ctx ctx;

static struct ctx *fresh(void)
{
	static const struct actor someone = { .lang = "en" };

	arena_free(&arena);
	arena_init(&arena, 256 << 20);
	ctx = (struct ctx){ .a = &arena, .who = &someone };
	return &ctx;
}

static struct cal *cal_of(const char *text)
{
	struct cal_def *def = NEW(&arena, struct cal_def);

	if (cal_parse(&ctx, str_c(text), "", NO_DAY, national_builtin, def))
		BUG("%s: %s", ctx.diag.f[0].field, ctx.diag.f[0].text);
	return cal_compile(&arena, def, 1);
}

static instant at(const char *text)
{
	instant t;

	if (!instant_parse(str_c(text), tz_get(S("Asia/Shanghai")), &t))
		BUG("instant %s", text);
	return t;
}

/* ---- definitions ---- */

static const struct { const char *text, *field, *why; } refused[] = {
	{ "[]", "definition", "A calendar is an object" },
	{ "{\"week\":{}}", "zone", "A time zone is needed" },
	{ "{\"zone\":\"UTC\"}", "week", "The weekly windows are needed" },
	{ "{\"zone\":\"Mars/Base\",\"week\":{}}", "zone", "is no known time zone" },
	{ "{\"zone\":\"../etc/passwd\",\"week\":{}}", "zone", "is no known time zone" },
	{ "{\"zone\":7,\"week\":{}}", "zone", "is no known time zone" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"holidays\":[]}", "holidays", "no such key" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"national\":\"XX\"}", "national", "No national holidays" },
	{ "{\"zone\":\"UTC\",\"week\":[]}", "week", "An object of days" },
	{ "{\"zone\":\"UTC\",\"week\":{\"monday\":[]}}", "week.monday", "Days are mon" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon-\":[]}}", "week.mon-", "Days are mon" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon-wed\":[],\"tue\":[]}}", "week.tue", "given twice" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[],\"mon\":[]}}", "definition", "not JSON" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":\"09:00-18:00\"}}", "week.mon", "A list of windows" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"9:00-18:00\"]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"09:00-24:01\"]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"24:00-06:00\"]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"09:60-18:00\"]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"-9:00-18:00\"]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"09:00-09:00\"]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"09:00-18:00 \"]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[540]}}", "week.mon", "is no window" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"09:00-12:00\",\"11:59-18:00\"]}}", "week.mon", "overlap" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon\":[\"22:00-06:00\",\"23:00-24:00\"]}}", "week.mon", "overlap" },
	{ "{\"zone\":\"UTC\",\"week\":{\"mon-tue\":[\"22:00-06:00\",\"05:00-07:00\"]}}", "week.mon", "overlaps the next day" },
	{ "{\"zone\":\"UTC\",\"week\":{\"sun\":[\"22:00-06:00\"],\"mon\":[\"05:59-07:00\"]}}", "week.sun", "overlaps the next day" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":[]}", "days", "An object of dates" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":{\"2026-02-29\":[]}}", "days.2026-02-29", "A date or a range" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":{\"2026-02-01/\":[]}}", "days.2026-02-01/", "A date or a range" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":{\"2026-02-02/2026-02-01\":[]}}", "days.2026-02-02/2026-02-01", "ends before it starts" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":{\"2026-02-02/2046-02-01\":[]}}", "days.2026-02-02/2046-02-01", "at most ten years" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":{\"2026-02-02/2026-02-05\":[],\"2026-02-05/2026-02-06\":[]}}", "days.2026-02-05", "Two overrides" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":{\"2025-12-31\":[]}}", "days.2025-12-31", "before 2026-01-01" },
	{ "{\"zone\":\"UTC\",\"week\":{},\"days\":{\"2025-12-31/2026-02-06\":[]}}", "days.2025-12-31/2026-02-06", "before 2026-01-01" },
	{ "{\"zone\":\"UTC\",\"week\":{}", "definition", "not JSON" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(refused); i++) {
		struct ctx *c = fresh();
		struct cal_def def;
		str why;

		CHECK_ROW(i, cal_parse(c, str_c(refused[i].text), "", day_of(2026, 1, 1), national_builtin, &def) == ERR_INVALID);
		CHECK_ROW(i, c->diag.n == 1 && !strcmp(c->diag.f[0].field, refused[i].field));
		why = trf_(c, c->diag.f[0].text, c->diag.f[0].arg, 2);
		CHECK_ROW(i, str_find(why, str_c(refused[i].why), NULL));
	}
}

static void test_path(void **state)
{
	struct ctx *c = fresh();
	struct cal_def def;

	(void)state;
	CHECK(cal_parse(c, S("{\"zone\":\"UTC\",\"week\":{\"mon\":[\"x\"]}}"), "calendars.office", NO_DAY, national_builtin, &def));
	CHECK(!strcmp(c->diag.f[0].field, "calendars.office.week.mon"));
}

static void test_rules(void **state)
{
	static const struct { int mo, d; enum cal_rule rule; size_t windows; } row[] = {
		{ 3, 2, CAL_WEEK, 2 }, { 3, 1, CAL_WEEK, 0 }, { 2, 16, CAL_HOLIDAY, 0 }, { 2, 14, CAL_MAKEUP, 2 },
		{ 2, 17, CAL_OVERRIDE, 1 }, { 3, 7, CAL_WEEK, 1 }, { 10, 10, CAL_OVERRIDE, 0 },
	};
	enum cal_rule rule;
	struct cal *cal;

	(void)state;
	(void)fresh();
	cal = cal_of("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"13:00-18:00\",\"09:00-12:00\"],\"sat\":[\"10:00-12:00\"]},\"national\":\"CN\","
		     "\"days\":{\"2026-02-17\":[\"10:00-11:00\"],\"2026-10-10\":[]}}");
	for (size_t i = 0; i < LEN(row); i++) {
		struct cal_hours h = cal_hours_on(cal, day_of(2026, row[i].mo, row[i].d), &rule);

		CHECK_ROW(i, rule == row[i].rule);
		CHECK_ROW(i, h.n == row[i].windows);
		CHECK_ROW(i, cal_workday(cal, day_of(2026, row[i].mo, row[i].d)) == (row[i].windows > 0));
		CHECK_ROW(i, h.n < 2 || h.w[0].from == 9 * 60);
	}
}

/* Two versions: from 1 April the shop opens at 10:00. */
static void test_versions(void **state)
{
	struct cal_def def[2];
	struct cal *cal;

	(void)state;
	(void)fresh();
	CHECK(!cal_parse(&ctx, S("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-18:00\"]}}"), "", NO_DAY, national_builtin, &def[0]));
	CHECK(!cal_parse(&ctx, S("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"10:00-18:00\"]}}"), "", day_of(2026, 4, 1), national_builtin, &def[1]));
	cal = cal_compile(&arena, def, 2);
	CHECK(cal_add(cal, at("2026-03-31T17:00:00"), 2 * 3600000).ms == at("2026-04-01T11:00:00").ms);
	CHECK(cal_add(cal, at("2026-03-30T17:00:00"), 2 * 3600000).ms == at("2026-03-31T10:00:00").ms);
}

/* ---- national days ---- */

static void test_national(void **state)
{
	static const int total[] = { 249, 250, 249, 249, 251, 248, 248 };
	const struct national *cn = national_shipped(S("CN"));

	(void)state;
	CHECK(cn && !national_shipped(S("XX")));
	for (int y = 2020; y <= 2026; y++) {
		int n = 0;

		for (day d = day_of(y, 1, 1); d.d <= day_of(y, 12, 31).d; d.d++)
			n += national_workday(cn, d);
		CHECK_ROW(y, n == total[y - 2020]);
		CHECK_ROW(y, national_published(cn, y));
	}
	CHECK(!national_published(cn, 2019) && !national_published(cn, 2027));
	CHECK(!national_find(NULL, day_of(2026, 1, 1)));
	for (size_t i = 1; i < cn->n; i++)
		CHECK_ROW(i, cn->day[i].d > cn->day[i - 1].d);
}

/* ---- days ---- */

static void test_add_workdays(void **state)
{
	struct cal *cal;
	day d = day_of(2026, 1, 31);

	(void)state;
	(void)fresh();
	cal = cal_of("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-18:00\"]},\"national\":\"CN\"}");
	for (int n = 1; n <= 600; n++) {
		do
			d.d++;
		while (!cal_workday(cal, d));
		CHECK_ROW(n, cal_add_workdays(cal, day_of(2026, 1, 31), n).d == d.d);
		CHECK_ROW(n, cal_workdays(cal, day_of(2026, 2, 1), d) == n);
	}
	CHECK(cal_workdays(cal, day_of(2026, 2, 1), day_of(2026, 1, 31)) == 0);
	CHECK(cal_day_end(cal, day_of(2026, 2, 14)).ms == at("2026-02-14T18:00:00").ms);
	CHECK(cal_day_end(cal, day_of(2026, 2, 15)).ms == NIL);
	CHECK(cal_add_workdays(cal_of("{\"zone\":\"UTC\",\"week\":{}}"), d, 1).d == NIL);
}

static void test_change(void **state)
{
	static const struct { const char *t, *limit, *next; bool open; } row[] = {
		{ "2026-03-02T08:00:00", "2026-03-09T00:00:00", "2026-03-02T09:00:00", false },
		{ "2026-03-02T09:00:00", "2026-03-09T00:00:00", "2026-03-02T12:00:00", true },
		{ "2026-03-02T09:00:00", "2026-03-02T10:00:00", "2026-03-02T10:00:00", true },
		{ "2026-03-02T12:00:00", "2026-03-09T00:00:00", "2026-03-02T13:30:00", false },
		{ "2026-03-06T18:00:00", "2026-03-09T00:00:00", "2026-03-09T00:00:00", false },
		{ "2026-03-06T18:00:00", "2026-03-06T17:00:00", "2026-03-06T17:00:00", false },
	};
	struct cal *cal;

	(void)state;
	(void)fresh();
	cal = cal_of("{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-12:00\",\"13:30-18:00\"]}}");
	for (size_t i = 0; i < LEN(row); i++) {
		CHECK_ROW(i, cal_change(cal, at(row[i].t), at(row[i].limit)).ms == at(row[i].next).ms);
		CHECK_ROW(i, cal_open(cal, at(row[i].t)) == row[i].open);
	}
}

/* Far apart, outside the computed centuries, and asked in any order: still one answer. */
static void test_far(void **state)
{
	static const char text[] = "{\"zone\":\"UTC\",\"week\":{\"mon-sun\":[\"00:00-12:00\"]}}";
	instant y1970 = { 0 }, y2099 = { day_of(2099, 12, 1).d * 86400000 }, now = at("2026-03-02T10:00:00Z");
	struct cal *cal;

	(void)state;
	(void)fresh();
	cal = cal_of(text);
	CHECK(cal_between(cal, now, (instant){ now.ms + 86400000 }) == 12 * 3600000);
	CHECK(cal_between(cal, y1970, y2099) == (y2099.ms - y1970.ms) / 2);
	CHECK(cal_between(cal, (instant){ INT64_MIN + 1 }, y1970) == 0);
	CHECK(cal_add(cal, y2099, 3600000LL * 24 * 365).ms == NIL);
	CHECK(cal_add(cal, (instant){ INT64_MAX }, 1).ms == NIL);
	cal = cal_of(text);
	CHECK(cal_add(cal, y1970, (y2099.ms - y1970.ms) / 2).ms == y2099.ms - 12 * 3600000);
	CHECK(cal_workdays(cal, (day){ -1000 }, (day){ 1000000 }) == 47482);
}

/* At the edges of what is compiled so far, in the zone furthest ahead and over midnight, a calendar answers like a fresh one. */
static void test_edges(void **state)
{
	static const char text[] = "{\"zone\":\"Pacific/Kiritimati\",\"week\":{\"mon-sun\":[\"22:00-21:00\"]}}";
	instant start = { day_of(2026, 3, 2).d * 86400000 };
	struct cal *worn, *fresh_one;

	(void)state;
	(void)fresh();
	for (int sign = -1; sign <= 1; sign += 2) {
		worn = cal_of(text);
		(void)cal_add(worn, start, 1);
		for (int h = 395 * 24; h < 406 * 24; h++) {
			instant t = { start.ms + sign * h * 3600000LL }, end = { t.ms + 1800000 };

			fresh_one = cal_of(text);
			CHECK_ROW(h, cal_between(worn, t, end) == cal_between(fresh_one, t, end));
			CHECK_ROW(h, cal_add(worn, t, 1800000).ms == cal_add(fresh_one, t, 1800000).ms);
			if (h % 24 == 0)
				worn = cal_of(text), (void)cal_add(worn, start, 1);
		}
	}
}

/* ---- against a walk of minutes ---- */

enum { WALK_DAYS = 120, WALK_MIN = WALK_DAYS * CAL_DAY_MIN, MINUTE = 60000 };
struct walk {
	str text;
	struct cal *cal;
	const struct tz *zone;
	struct cal_window week[7][3];
	size_t n_week[7];
	day special;
	struct cal_window special_w;
	bool national;
	int64_t first;                                 /* ms of minute 0 */
	bool open[WALK_MIN];
};

static uint64_t seed;

static int64_t rnd(int64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int64_t)(seed % (uint64_t)below);
}

static str window_text(struct cal_window w)
{
	int to = w.to > CAL_DAY_MIN ? w.to - CAL_DAY_MIN : w.to;

	return arena_fmt(&arena, "\"%02d:%02d-%02d:%02d\"", w.from / 60, w.from % 60, to / 60, to % 60);
}

static void random_week(struct walk *w)
{
	static const char *const name[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

	w->text = S("");
	for (int d = 0; d < 7; d++) {
		int16_t t = (int16_t)rnd(10 * 60);

		w->n_week[d] = (size_t)rnd(d < 5 ? 4 : 2);
		w->text = arena_fmt(&arena, "%.*s%s\"%s\":[", STR_ARG(w->text), d ? "," : "", name[d]);
		for (size_t i = 0; i < w->n_week[d]; i++) {
			struct cal_window *x = &w->week[d][i];

			*x = (struct cal_window){ t, (int16_t)(t + 1 + rnd(5 * 60)) };
			t = (int16_t)(x->to + rnd(120));
			w->text = arena_fmt(&arena, "%.*s%s%.*s", STR_ARG(w->text), i ? "," : "", STR_ARG(window_text(*x)));
		}
		w->text = arena_fmt(&arena, "%.*s]", STR_ARG(w->text));
	}
}

static bool ref_hours(const struct walk *w, day d, const struct cal_window **ret, size_t *ret_n)
{
	const struct national_day *nd = w->national ? national_find(national_shipped(S("CN")), d) : NULL;
	int weekday = day_weekday(d);

	*ret = w->week[weekday];
	*ret_n = w->n_week[weekday];
	if (nd && nd->work && weekday > 4)
		*ret = w->week[4], *ret_n = w->n_week[4];
	if (nd && !nd->work)
		*ret_n = 0;
	if (d.d == w->special.d)
		*ret = &w->special_w, *ret_n = 1;
	return *ret_n > 0;
}

static int64_t ref_wall(const struct walk *w, day d, int minute)
{
	struct civil c = { .h = minute % CAL_DAY_MIN / 60, .mi = minute % 60 };

	d.d += minute / CAL_DAY_MIN;
	day_split(d, &c.y, &c.mo, &c.d);
	return tz_instant(w->zone, c).ms;
}

static void ref_open(struct walk *w, day first)
{
	const struct cal_window *x;
	size_t n;

	memset(w->open, 0, sizeof w->open);
	w->first = first.d * 86400000;
	for (day d = { first.d - 3 }; d.d < first.d + WALK_DAYS + 3; d.d++) {
		(void)ref_hours(w, d, &x, &n);
		for (size_t i = 0; i < n; i++)
			for (int64_t t = ref_wall(w, d, x[i].from); t < ref_wall(w, d, x[i].to); t += MINUTE)
				if (t >= w->first && t < w->first + (int64_t)WALK_MIN * MINUTE)
					w->open[(t - w->first) / MINUTE] = true;
	}
}

static void random_calendar(struct walk *w)
{
	static const char *const zone[] = { "Asia/Shanghai", "UTC", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca" };
	const char *z = zone[rnd(LEN(zone))];
	day first = day_of(2026, rnd(2) ? 2 : 9, 1);

	random_week(w);
	w->zone = tz_get(str_c(z));
	w->national = rnd(2);
	w->special = (day){ first.d + 5 + rnd(60) };
	w->special_w = (struct cal_window){ (int16_t)rnd(600), 0 };
	w->special_w.to = (int16_t)(w->special_w.from + 1 + rnd(1439));
	w->text = arena_fmt(&arena, "{\"zone\":\"%s\",\"week\":{%.*s},%s\"days\":{\"%.*s\":[%.*s]}}", z, STR_ARG(w->text), w->national ? "\"national\":\"CN\"," : "",
		STR_ARG(day_iso(&arena, w->special)), STR_ARG(window_text(w->special_w)));
	w->cal = cal_of(w->text.p);
	ref_open(w, first);
}

/* First minute at which `need` open minutes outside pauses have passed since minute from; -1: not within the walk. */
static int64_t ref_add(const struct walk *w, const bool *paused, int64_t from, int64_t need)
{
	for (int64_t m = from; m < WALK_MIN; m++) {
		if (!need)
			return m;
		need -= w->open[m] && !(paused && paused[m]);
	}
	return -1;
}

static int64_t ref_between(const struct walk *w, int64_t a, int64_t b)
{
	int64_t n = 0;

	for (; a < b; a++)
		n += w->open[a];
	return n;
}

static void check_arithmetic(size_t row, struct walk *w)
{
	for (int i = 0; i < 40; i++) {
		int64_t a = rnd(WALK_MIN / 2), b = a + rnd(WALK_MIN / 3), need = 1 + rnd(100 * 60), end = ref_add(w, NULL, a, need);
		instant ta = { w->first + a * MINUTE }, tb = { w->first + b * MINUTE };

		CHECK_ROW(row, cal_between(w->cal, ta, tb) == ref_between(w, a, b) * MINUTE);
		CHECK_ROW(row, end < 0 || cal_add(w->cal, ta, need * MINUTE).ms == w->first + end * MINUTE);
		CHECK_ROW(row, cal_open(w->cal, ta) == w->open[a]);
	}
}

static void check_laws(size_t row, struct walk *w)
{
	for (int i = 0; i < 40; i++) {
		instant s = { w->first + rnd(60LL * 86400000) }, later = { s.ms + rnd(86400000) };
		int64_t x = 1 + rnd(40 * 3600000), y = 1 + rnd(40 * 3600000);
		instant due = cal_add(w->cal, s, x);

		if (due.ms == NIL)
			continue;
		CHECK_ROW(row, cal_between(w->cal, s, due) == x);
		CHECK_ROW(row, cal_between(w->cal, s, (instant){ due.ms - 1 }) == x - 1);
		CHECK_ROW(row, cal_add(w->cal, due, y).ms == cal_add(w->cal, s, x + y).ms);
		CHECK_ROW(row, cal_add(w->cal, later, x).ms >= due.ms);
		CHECK_ROW(row, cal_add(w->cal, s, x + 1).ms > due.ms);
		CHECK_ROW(row, cal_between(w->cal, s, later) + cal_between(w->cal, later, due) == x || later.ms > due.ms);
	}
}

static size_t random_pauses(struct span *p, bool *paused, const struct walk *w, int64_t start)
{
	size_t n = (size_t)rnd(6);

	memset(paused, 0, WALK_MIN);
	for (size_t i = 0; i < n; i++) {
		int64_t from = start - 600 + rnd(6000), to = from + rnd(3000);

		from = from < 0 ? 0 : from;
		to = to < from ? from : to;
		p[i] = (struct span){ { w->first + from * MINUTE }, { w->first + to * MINUTE } };
		for (int64_t m = from; m < to; m++)
			paused[m] = true;
	}
	span_sort(p, n);
	return n;
}

static void check_clock(size_t row, struct walk *w)
{
	static bool paused[WALK_MIN];
	struct span p[6];

	for (int i = 0; i < 30; i++) {
		int64_t start = rnd(30 * CAL_DAY_MIN), need = 1 + rnd(60 * 60), end;
		struct clock k = { .cal = w->cal, .start = { w->first + start * MINUTE }, .target = { TARGET_TIME, need * MINUTE }, .pause = p };
		instant at_any = { k.start.ms + rnd(20LL * 86400000) };
		struct clock_used u;
		struct clock_due d;

		k.n = random_pauses(p, paused, w, start);
		end = ref_add(w, paused, start, need);
		if (end < 0)
			continue;
		d = clock_due(&k);
		CHECK_ROW(row, d.state == CLOCK_DUE && d.due.ms == w->first + end * MINUTE);
		u = clock_used(&k, d.due);
		CHECK_ROW(row, u.net == need * MINUTE && u.left == 0);
		u = clock_used(&k, at_any);
		CHECK_ROW(row, u.net <= u.gross && (at_any.ms > d.due.ms ? u.left <= 0 : u.net + u.left == need * MINUTE));
		CHECK_ROW(row, clock_point(&k, 50).due.ms <= clock_point(&k, 90).due.ms && clock_point(&k, 90).due.ms <= d.due.ms);
		CHECK_ROW(row, clock_used(&k, clock_point(&k, 50).due).net == need * MINUTE / 2);
	}
}

static void test_walk(void **state)
{
	static struct walk w;

	(void)state;
	seed = 20261122;
	for (size_t i = 0; i < 60; i++) {
		(void)fresh();
		random_calendar(&w);
		check_arithmetic(i, &w);
		check_laws(i, &w);
		check_clock(i, &w);
	}
	arena_free(&arena);
}

UNIT_GROUP(calendar, T(test_refused), T(test_path), T(test_rules), T(test_versions), T(test_national), T(test_add_workdays), T(test_change), T(test_far), T(test_edges), T(test_walk))
