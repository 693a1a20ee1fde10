#include "base/time.h"
#include "tests/unit.h"
#include <time.h>

static struct arena arena;
static struct arena *fresh(void)
{
	arena_free(&arena);
	arena_init(&arena, 1 << 20);
	return &arena;
}

static void days(void **state)
{
	static const struct { int y, mo, d; int64_t day; int weekday; } rows[] = {
		{ 1970, 1, 1, 0, 3 },       { 1969, 12, 31, -1, 2 },  { 2000, 2, 29, 11016, 1 }, { 2000, 3, 1, 11017, 2 }, { 2026, 11, 22, 20779, 6 },
		{ 1900, 3, 1, -25508, 3 }, { 1, 1, 1, -719162, 0 }, { 9999, 12, 31, 2932896, 4 }, { 2100, 3, 1, 47541, 0 },
	};
	int y, mo, d;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, day_of(rows[i].y, rows[i].mo, rows[i].d).d == rows[i].day);
		CHECK_ROW(i, day_weekday((day){ rows[i].day }) == rows[i].weekday);
	}
	for (int64_t n = -800000; n < 3000000; n += 7) {
		day_split((day){ n }, &y, &mo, &d);
		CHECK_ROW(n, day_of(y, mo, d).d == n && mo >= 1 && mo <= 12 && d >= 1 && d <= 31);
	}
}

static void months(void **state)
{
	static const struct { const char *from; int months; const char *to; } rows[] = {
		{ "2026-01-31", 1, "2026-02-28" }, { "2024-01-31", 1, "2024-02-29" },   { "2024-02-29", 12, "2025-02-28" }, { "2024-02-29", 48, "2028-02-29" },
		{ "2026-03-31", -1, "2026-02-28" }, { "2026-01-15", -13, "2024-12-15" }, { "2026-11-22", 24, "2028-11-22" }, { "2026-12-31", 2, "2027-02-28" },
	};
	struct arena *a = fresh();
	day d;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, day_parse(str_c(rows[i].from), &d));
		CHECK_ROW(i, str_eq(day_iso(a, day_add_months(d, rows[i].months)), str_c(rows[i].to)));
	}
	CHECK(day_add_months(NO_DAY, 1).d == NIL);
	arena_free(a);
}

static void day_texts(void **state)
{
	static const struct { const char *text, *iso; } rows[] = {
		{ "2026-11-22", "2026-11-22" },     { " 2026/1/2 ", "2026-01-02" }, { "2026年11月2日", "2026-11-02" }, { "2026.3.14", "2026-03-14" },
		{ "2024-02-29", "2024-02-29" },     { "2026-02-29", NULL },         { "2026-13-01", NULL },            { "2026-00-10", NULL },
		{ "2026-04-31", NULL },             { "2026-11/22", NULL },         { "26-11-22", NULL },              { "2026-11-22x", NULL },
		{ "2026-11", NULL },                { "", NULL },                   { "0000-01-01", NULL },            { "2026年11月2", NULL },
		{ "20261-1-1", NULL },              { "2026-1-001", NULL },
	};
	struct arena *a = fresh();

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		day d = NO_DAY;

		CHECK_ROW(i, day_parse(str_c(rows[i].text), &d) == (rows[i].iso != NULL));
		CHECK_ROW(i, rows[i].iso ? str_eq(day_iso(a, d), str_c(rows[i].iso)) : d.d == NIL);
	}
	arena_free(a);
}

static void instant_texts(void **state)
{
	static const struct { const char *text, *zone, *iso; } rows[] = {
		{ "2026-11-22T14:30:00+08:00", "Asia/Shanghai", "2026-11-22T14:30:00+08:00" },
		{ "2026-11-22T06:30:00Z", "Asia/Shanghai", "2026-11-22T14:30:00+08:00" },
		{ "2026-11-22t06:30:00.25z", "Asia/Shanghai", "2026-11-22T14:30:00.250+08:00" },
		{ "2026-11-22 14:30", "Asia/Shanghai", "2026-11-22T14:30:00+08:00" },
		{ "2026年11月22日 14:30", "Asia/Shanghai", "2026-11-22T14:30:00+08:00" },
		{ "2026-11-22T14:30:00-0330", "America/St_Johns", "2026-11-22T14:30:00-03:30" },
		{ "2026-06-30T23:59:60Z", "UTC", "2026-07-01T00:00:00+00:00" },
		{ "2026-03-29 02:30", "Europe/Berlin", "2026-03-29T03:30:00+02:00" },
		{ "2026-10-25 02:30", "Europe/Berlin", "2026-10-25T02:30:00+02:00" },
		{ "2026-03-08 02:15", "America/New_York", "2026-03-08T03:15:00-04:00" },
		{ "2011-12-30 12:00", "Pacific/Apia", "2011-12-31T12:00:00+14:00" },
		{ "1900-01-01 00:00", "Asia/Shanghai", "1899-12-31T23:59:17+08:05" },
		{ "2500-07-01 12:00", "Europe/Berlin", "2500-07-01T12:00:00+02:00" },
		{ "1960-01-01 00:00:00.5", "UTC", "1960-01-01T00:00:00.500+00:00" },
		{ "2026-11-22", "UTC", NULL }, { "2026-11-22T24:00:00Z", "UTC", NULL }, { "2026-11-22T14:60:00Z", "UTC", NULL },
		{ "2026-11-22T14:30:00+8:00", "UTC", NULL }, { "2026-11-22T14:30:00+08:60", "UTC", NULL }, { "2026-11-22T14:30:00.Z", "UTC", NULL },
		{ "2026-11-22X14:30:00Z", "UTC", NULL }, { "2026-11-22T14:30:00Z ?", "UTC", NULL }, { "", "UTC", NULL }, { "2026-02-30T00:00:00Z", "UTC", NULL },
		{ "2026-11-22T14:30:61Z", "UTC", NULL },
	};
	struct arena *a = fresh();

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct tz *z = tz_get(str_c(rows[i].zone));
		instant t = NO_INSTANT;

		CHECK_ROW(i, z && instant_parse(str_c(rows[i].text), z, &t) == (rows[i].iso != NULL));
		CHECK_ROW(i, rows[i].iso ? str_eq(instant_iso(a, z, t), str_c(rows[i].iso)) : t.ms == NIL);
	}
	CHECK(str_eq(instant_iso(a, NULL, (instant){ -1 }), S("1969-12-31T23:59:59.999Z")));
	arena_free(a);
}

static void zone_names(void **state)
{
	static const struct { const char *name; bool ok; } rows[] = {
		{ "Asia/Shanghai", true }, { "UTC", true }, { "Etc/GMT+5", true }, { "America/Argentina/Buenos_Aires", true },
		{ "", false }, { "/etc/localtime", false }, { "../zoneinfo/UTC", false }, { "Asia/../UTC", false }, { "Asia", false }, { "zone.tab", false },
		{ "Asia/Nowhere", false }, { "right/UTC", false }, { "Asia/Shanghai\n", false },
		{ "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct tz *z = tz_get(str_c(rows[i].name));

		CHECK_ROW(i, (z != NULL) == rows[i].ok);
		CHECK_ROW(i, !z || str_eq(tz_name(z), str_c(rows[i].name)));
		CHECK_ROW(i, tz_get(str_c(rows[i].name)) == z);
	}
}

/* ---- against the C library ---- */

static int libc_offset(int64_t s)
{
	struct tm tm;
	time_t t = s;

	localtime_r(&t, &tm);
	return (int)tm.tm_gmtoff;
}

static bool same(const struct tz *z, int64_t s)
{
	instant t = { s * 1000 };
	struct civil c = tz_civil(z, t);
	struct tm tm;
	time_t libc = s;

	localtime_r(&libc, &tm);
	return tz_offset(z, t) == tm.tm_gmtoff && c.y == tm.tm_year + 1900 && c.mo == tm.tm_mon + 1 && c.d == tm.tm_mday && c.h == tm.tm_hour &&
	       c.mi == tm.tm_min && c.s == tm.tm_sec && day_weekday(tz_day(z, t)) == (tm.tm_wday + 6) % 7;
}

/* A local time means its instant again, or the earlier of two; at a gap of g seconds what was skipped reads g later. */
static bool returns(const struct tz *z, int64_t s)
{
	instant t = { s * 1000 }, back = tz_instant(z, tz_civil(z, t));

	if (back.ms == t.ms)
		return true;
	return back.ms < t.ms && tz_civil(z, back).mi == tz_civil(z, t).mi && tz_civil(z, back).h == tz_civil(z, t).h;
}

/* The second at which the offset changes between lo and hi, by the C library. */
static int64_t edge(int64_t lo, int64_t hi)
{
	int off = libc_offset(lo);

	while (hi - lo > 1) {
		int64_t mid = lo + (hi - lo) / 2;

		if (libc_offset(mid) == off)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

static void check_at(const struct tz *z, int64_t s, const char *name)
{
	if (same(z, s) && returns(z, s))
		return;
	print_error("%s differs at %lld\n", name, (long long)s);
	CHECK(false);
}

static void agree(const struct tz *z, const char *name, size_t *edges)
{
	enum { STEP = 86400 * 61 };
	int64_t prev = day_of(1969, 12, 1).d * 86400;

	for (int64_t s = prev + STEP; s < day_of(2110, 1, 1).d * 86400; prev = s, s += STEP + s % 977) {
		if (libc_offset(prev) != libc_offset(s)) {
			int64_t e = edge(prev, s);

			++*edges;
			for (int64_t near = e - 1; near <= e + 7200; near += 7201)
				check_at(z, near, name);
			check_at(z, e, name);
		}
		check_at(z, s, name);
	}
}

static void all_zones(void **state)
{
	FILE *f = fopen("/usr/share/zoneinfo/zone1970.tab", "re");
	char line[512];
	size_t zones = 0, edges = 0;
	const char *was = getenv("TZ");
	char *keep = was ? strdup(was) : NULL;

	(void)state;
	CHECK(f);
	while (fgets(line, sizeof line, f)) {
		str s = str_c(line), name = { 0 };
		char env[128];

		if (*line == '#')
			continue;
		for (int i = 0; i < 3; i++)
			CHECK(str_cut(&s, '\t', &name));
		name = str_trim(name);
		snprintf(env, sizeof env, "%.*s", STR_ARG(name));
		setenv("TZ", env, 1);
		tzset();
		CHECK_ROW(zones, tz_get(name));
		agree(tz_get(name), env, &edges);
		zones++;
	}
	fclose(f);
	if (keep)
		setenv("TZ", keep, 1);
	else
		unsetenv("TZ");
	tzset();
	free(keep);
	CHECK(zones > 250 && edges > 10000);
}

UNIT_GROUP(time, T(days), T(months), T(day_texts), T(instant_texts), T(zone_names), T(all_zones))
