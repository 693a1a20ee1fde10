/* clock_test.c — targets, the vector file and its command, explanations. */
#include "tests/unit.h"
#include "app/clock_vectors.h"
#include "slice/calendar/clock.h"
#include <unistd.h>

static struct arena arena;
static struct ctx ctx;

static struct ctx *fresh(const char *lang)
{
	static struct actor someone;

	someone = (struct actor){ .lang = lang };
	arena_free(&arena);
	arena_init(&arena, 64 << 20);
	ctx = (struct ctx){ .a = &arena, .who = &someone };
	return &ctx;
}

/* ---- targets ---- */

static const struct { const char *text; enum target_unit unit; int64_t n; const char *back; } target_row[] = {
	{ "90m", TARGET_TIME, 5400000, "1h30m" }, { "8h", TARGET_TIME, 28800000, "8h" }, { "1h30m", TARGET_TIME, 5400000, "1h30m" },
	{ "0m", TARGET_TIME, 0, "0m" }, { "45s", TARGET_TIME, 45000, "45s" }, { "2h5s", TARGET_TIME, 7205000, "2h5s" },
	{ "3wd", TARGET_WORKDAYS, 3, "3wd" }, { "2cd", TARGET_DAYS, 2, "2cd" }, { "0cd", TARGET_DAYS, 0, "0cd" }, { "8784h", TARGET_TIME, 8784LL * 3600000, "8784h" },
};
static const char *const target_bad[] = {
	"", "h", "8", "8 h", " 8h", "8h ", "-8h", "+8h", "1.5h", "30m1h", "1h1h", "0wd", "wd", "3wd1h", "1h3wd", "3d", "3661cd", "999999999h", "99999999h", "八h",
};

static void test_targets(void **state)
{
	struct target t;

	(void)state;
	(void)fresh("en");
	for (size_t i = 0; i < LEN(target_row); i++) {
		CHECK_ROW(i, target_parse(str_c(target_row[i].text), &t) && t.unit == target_row[i].unit && t.n == target_row[i].n);
		CHECK_ROW(i, str_eq(target_print(&arena, t), str_c(target_row[i].back)));
	}
	for (size_t i = 0; i < LEN(target_bad); i++)
		CHECK_ROW(i, !target_parse(str_c(target_bad[i]), &t));
	CHECK(str_eq(duration_print(&arena, -5400000), S("-1h30m")));
}

/* ---- the command ---- */

static const char *vector_file(void)
{
	return access("tests/vectors/clock.json", R_OK) ? "../tests/vectors/clock.json" : "tests/vectors/clock.json";
}

static void test_vectors(void **state)
{
	char *said;
	size_t n;
	FILE *out = open_memstream(&said, &n);
	int rc = clock_run_file(vector_file(), out, stderr);

	(void)state;
	fclose(out);
	if (rc)
		print_error("%s", said);
	CHECK(rc == 0);
	free(said);
}

#define CALS "{\"calendars\":{\"a\":{\"zone\":\"UTC\",\"week\":{\"mon-fri\":[\"09:00-17:00\"]}}},\"vectors\":["
#define DUE "{\"id\":\"v1\",\"calendar\":\"a\",\"start\":\"2026-03-02T09:00:00Z\",\"target\":\"1h\""
static const struct { const char *text; int rc; const char *says; } file_row[] = {
	{ CALS "]}", 0, "0 vectors, all as expected" },
	{ CALS DUE ",\"due\":\"2026-03-02T10:00:00Z\"}]}", 0, "1 vectors, all as expected" },
	{ CALS DUE ",\"due\":\"2026-03-02T11:00:00Z\"}]}", 1, "v1: due expected 2026-03-02T11:00:00+00:00, got 2026-03-02T10:00:00" },
	{ CALS DUE ",\"due\":null}]}", 1, "v1: due expected null, got 2026-03-02T10:00:00" },
	{ CALS DUE ",\"due\":null,\"pauses\":[[\"2026-03-02T09:30:00Z\",null]]}]}", 0, "1 vectors" },
	{ CALS DUE ",\"due\":\"2026-03-02T10:00:00Z\",\"unpublished\":2026}]}", 1, "v1: unpublished expected 2026, got 0" },
	{ CALS "{\"id\":\"s\",\"calendar\":\"a\",\"start\":\"2026-03-02T09:00:00Z\",\"end\":\"2026-03-02T10:00:00Z\",\"business\":\"2h\"}]}", 1, "s: business expected 2h, got 1h" },
	{ CALS "{\"id\":\"c\",\"calendar\":\"a\",\"from\":\"2026-03-02\",\"to\":\"2026-03-08\",\"workdays\":6}]}", 1, "c: workdays expected 6, got 5" },
	{ CALS DUE "}]}", 2, "v1: due: This key is missing." },
	{ CALS DUE ",\"due\":null,\"pause\":[]}]}", 2, "v1: pause: A vector of this kind has no such key." },
	{ CALS DUE ",\"due\":null,\"business\":\"1h\"}]}", 2, "v1: business: A vector of this kind" },
	{ CALS DUE ",\"due\":7}]}", 2, "v1: due: An instant is expected" },
	{ CALS DUE ",\"due\":null,\"pauses\":[[\"2026-03-02T09:30:00Z\"]]}]}", 2, "v1: pauses: A pause is" },
	{ CALS DUE ",\"due\":null,\"pauses\":[[\"2026-03-02T09:30:00Z\",\"2026-03-02T09:29:00Z\"]]}]}", 2, "v1: pauses: A pause ends before" },
	{ CALS DUE ",\"due\":null}," DUE ",\"due\":null}]}", 2, "v1: id: Two vectors" },
	{ CALS "{\"id\":\"x\",\"calendar\":\"b\"}]}", 2, "x: calendar: There is no such calendar" },
	{ CALS "{\"id\":\"x\",\"calendar\":\"a\"}]}", 2, "x: target: A vector asks for" },
	{ CALS "{\"calendar\":\"a\"}]}", 2, "vector 1: id: This key is missing" },
	{ CALS "7]}", 2, "vector 1: id" },
	{ "{\"calendars\":{},\"vectors\":[],\"more\":1}", 2, "more: The file has" },
	{ "{\"calendars\":{\"a\":{\"zone\":\"UTC\",\"week\":{\"mon\":[\"1\"]}}},\"vectors\":[]}", 2, "calendars.a.week.mon: “1” is no window" },
	{ "{\"calendars\":{}}", 2, "vectors: A list of vectors" },
	{ "{\"vectors\":[]}", 2, "calendars: An object of calendars" },
	{ "[", 2, "line 1" },
};

static void test_files(void **state)
{
	char path[] = "/tmp/clock-test-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	CHECK(fd >= 0);
	for (size_t i = 0; i < LEN(file_row); i++) {
		size_t n, len = strlen(file_row[i].text);
		char *said;
		FILE *out = open_memstream(&said, &n);

		CHECK_ROW(i, !ftruncate(fd, 0) && pwrite(fd, file_row[i].text, len, 0) == (ssize_t)len);
		CHECK_ROW(i, clock_run_file(path, out, out) == file_row[i].rc);
		fclose(out);
		if (!strstr(said, file_row[i].says))
			print_error("%s", said);
		CHECK_ROW(i, strstr(said, file_row[i].says));
		CHECK_ROW(i, file_row[i].rc != 2 || strstr(said, path));
		free(said);
	}
	close(fd);
	unlink(path);
	CHECK(clock_run_file(path, stdout, fopen("/dev/null", "w")) == 2);
}

/* ---- explanations ---- */

static const char *const story_en[] = {
	"2026-02-27 Fri 10:00: the clock starts",
	"2026-02-27 Fri 10:00–12:00: 2 h used, 14 h left",
	"2026-02-27 Fri 12:00–13:30: break",
	"2026-02-27 Fri 13:30–14:00: 30 min used, 13 h 30 min left",
	"2026-02-27 Fri 14:00–15:00: paused, customer away; 1 h of business time does not count",
	"2026-02-27 Fri 15:00–18:00: 3 h used, 10 h 30 min left",
	"2026-02-27 Fri 18:00 – 2026-02-28 Sat 09:00: closed",
	"2026-02-28 Sat 09:00–12:00 (make-up workday): 3 h used, 7 h 30 min left",
	"2026-02-28 Sat 12:00–13:30: break",
	"2026-02-28 Sat 13:30–18:00 (make-up workday): 4 h 30 min used, 3 h left",
	"2026-02-28 Sat 18:00 – 2026-03-02 Mon 09:00: closed",
	"2026-03-02 Mon 09:00–12:00: 3 h used, 0 min left",
	"2026-03-02 Mon 12:00: due",
};

static struct clock office_clock(const char *start, const char *target, const struct span *p, size_t n)
{
	static const char text[] = "{\"zone\":\"Asia/Shanghai\",\"week\":{\"mon-fri\":[\"09:00-12:00\",\"13:30-18:00\"]},\"national\":\"CN\"}";
	struct cal_def *def = NEW(&arena, struct cal_def);
	struct clock k = { .pause = p, .n = n };

	CHECK(!cal_parse(&ctx, str_c(text), "", NO_DAY, national_builtin, def));
	CHECK(instant_parse(str_c(start), def->zone, &k.start));
	CHECK(target_parse(str_c(target), &k.target));
	k.cal = cal_compile(&arena, def, 1);
	return k;
}

static instant at(const char *text)
{
	instant t;

	CHECK(instant_parse(str_c(text), tz_get(S("Asia/Shanghai")), &t));
	return t;
}

static void test_story(void **state)
{
	struct span p = { at("2026-02-27T14:00:00"), at("2026-02-27T15:00:00") };
	struct step step[40];
	struct clock k;
	size_t n;

	(void)state;
	(void)fresh("en");
	k = office_clock("2026-02-27T10:00:00", "16h", &p, 1);
	n = clock_explain(&k, step, LEN(step));
	for (size_t i = 0; i < n && i < LEN(story_en); i++) {
		str got = step_text(&ctx, cal_zone(k.cal), &step[i], S("customer away"));

		if (!str_eq(got, str_c(story_en[i])))
			print_error("%.*s\n", STR_ARG(got));
		CHECK_ROW(i, str_eq(got, str_c(story_en[i])));
	}
	CHECK(n == LEN(story_en));
}

static const struct { const char *start, *target, *pause, *until; size_t n; const char *lang, *has, *last; } outcome[] = {
	{ "2026-02-13T15:00:00", "3wd", NULL, NULL, 3, "en", "working day 3 after", "2026-02-25 Wed 18:00: due" },
	{ "2026-02-13T15:00:00", "2cd", NULL, NULL, 3, "en", "2 calendar days later", "2026-02-15 Sun 15:00: due" },
	{ "2026-03-02T09:00:00", "300h", NULL, NULL, 0, "en", "38 working days", "due" },
	{ "2026-03-02T10:00:00", "8h", "2026-03-02T11:00:00", NULL, 4, "en", "Mon 11:00: paused, why", "Paused since 2026-03-02 Mon 11:00: there is no deadline" },
	{ "2026-12-31T17:00:00", "2h", NULL, NULL, 6, "en", "Fri 10:00: due", "public holidays of 2027 are not published" },
	{ "2026-04-30T17:00:00", "2h", NULL, NULL, 0, "en", "2026-04-30 Thu 18:00 – 2026-05-06 Wed 09:00: public holiday", "due" },
	{ "2099-12-31T17:00:00", "2h", NULL, NULL, 2, "en", "the clock starts", "too little business time" },
	{ "2026-03-02T10:00:00", "1h", NULL, NULL, 3, "zh", "2026-03-02 周一 10:00", "到期" },
};

static void test_outcomes(void **state)
{
	struct step step[40];

	(void)state;
	for (size_t i = 0; i < LEN(outcome); i++) {
		struct ctx *c = fresh(outcome[i].lang);
		struct span p = { outcome[i].pause ? at(outcome[i].pause) : NO_INSTANT, NO_INSTANT };
		struct clock k = office_clock(outcome[i].start, outcome[i].target, &p, outcome[i].pause != NULL);
		size_t n = clock_explain(&k, step, LEN(step)), told = 0;

		CHECK_ROW(i, !outcome[i].n || n == outcome[i].n);
		for (size_t s = 0; s < n; s++)
			told += str_find(step_text(c, cal_zone(k.cal), &step[s], S("why")), str_c(outcome[i].has), NULL);
		CHECK_ROW(i, told > 0);
		CHECK_ROW(i, str_find(step_text(c, cal_zone(k.cal), &step[n - 1], S("why")), str_c(outcome[i].last), NULL));
		CHECK_ROW(i, clock_explain(&k, step, STEPS_MIN) <= STEPS_MIN);
	}
	arena_free(&arena);
}

UNIT_GROUP(clock, T(test_targets), T(test_vectors), T(test_files), T(test_story), T(test_outcomes))
