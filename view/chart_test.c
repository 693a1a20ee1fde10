/* Charts and codes: well-formed, escaped, complete in words. */
#include "tests/unit.h"
#include "base/time.h"
#include "view/chart.h"

#define LIT(s) { s, sizeof(s) - 1 }

static struct arena arena;
static struct actor who = { .lang = "en" };
static struct ctx ctx = { .a = &arena, .who = &who };

static int open_arena(void **state)
{
	(void)state;
	arena_init(&arena, 8 << 20);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

/* Tags balance and no attribute value is left open: enough for markup that we alone write. */
static bool well_formed(str s)
{
	int depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			quoted = !quoted && depth > 0 ? true : false;
		if (quoted)
			continue;
		if (s.p[i] == '<')
			depth += s.p[i + 1] == '/' ? -1 : 1;
		if (s.p[i] == '/' && s.p[i + 1] == '>')
			depth--;
		if (depth < 0 || (unsigned char)s.p[i] == 0)
			return false;
	}
	return depth == 0 && !quoted;
}

static size_t count(str s, const char *what)
{
	size_t n = 0, at;

	for (str w = str_c(what); str_find(s, w, &at); n++)
		s.p += at + 1, s.n -= at + 1;
	return n;
}

static const str label[] = { LIT("<b>Mon"), LIT("Tue"), LIT("周三") };
static const int64_t first[] = { 5, NIL, 12 }, second[] = { 1, 2, 3 }, minus[] = { -5, 0, 4 }, none[] = { 0, 0, 0 }, huge[] = { INT64_MAX / 2, 1, 2 };

static void charts(void **state)
{
	static const struct { html (*draw)(const struct ctx *, const struct chart *); const int64_t *a, *b; size_t n; const char *mark; size_t marks; } rows[] = {
		{ chart_bar, first, second, 3, "<rect class=\"bar", 5 }, { chart_bar, minus, NULL, 3, "<rect class=\"bar", 3 },
		{ chart_stack, first, second, 3, "<rect class=\"bar", 5 }, { chart_line, first, second, 3, "<circle", 5 },
		{ chart_donut, first, NULL, 3, "<path class=\"slice", 2 }, { chart_donut, none, NULL, 3, "<path class=\"slice", 0 },
		{ chart_line, none, NULL, 3, "<circle", 3 }, { chart_bar, first, NULL, 0, "<rect class=\"bar", 0 }, { chart_bar, huge, NULL, 3, "<rect class=\"bar", 3 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct series s[2] = { { S("in & out"), rows[i].a }, { S("back"), rows[i].b } };
		struct chart m = { .title = S("\"Title\""), .label = label, .n = rows[i].n, .series = s, .n_series = rows[i].b ? 2 : 1 };
		str svg = rows[i].draw(&ctx, &m).s;

		CHECK_ROW(i, str_starts(svg, S("<svg class=")) && well_formed(svg));
		CHECK_ROW(i, count(svg, rows[i].mark) == rows[i].marks);
		CHECK_ROW(i, !count(svg, "<b>") && !count(svg, "nan") && !count(svg, "inf") && !count(svg, "style="));
		CHECK_ROW(i, count(svg, "aria-label=\"&quot;Title&quot;\"") == 1 && count(svg, "<desc>") == 1);
		CHECK_ROW(i, !rows[i].n || count(svg, "&lt;b&gt;Mon") > 0);
	}
}

static void money_axis(void **state)
{
	static const int64_t v[] = { 123450, 90000, 0 };
	struct series s = { S(""), v };
	struct chart m = { .title = S("Takings"), .label = label, .n = 3, .series = &s, .n_series = 1, .cur = "CNY" };

	(void)state;
	CHECK(count(chart_bar(&ctx, &m).s, "¥1,234.50") == 2);         /* in the description and on the bar */
	CHECK(count(chart_bar(&ctx, &m).s, "¥1,500</text>") == 1);
	memset(m.cur, 0, 4);
	m.unit = "%";
	CHECK(count(chart_bar(&ctx, &m).s, "150000%</text>") == 1);
}

static void spark(void **state)
{
	static const int64_t v[] = { 1, 5, NIL, 3 };

	(void)state;
	CHECK(count(chart_spark(&ctx, S("week"), v, 4).s, "d=\"M2.0 22.0L34.0 2.0M98.0 12.0\"") == 1);
	CHECK(well_formed(chart_spark(&ctx, S("week"), v, 0).s) && well_formed(chart_spark(&ctx, S("one"), v, 1).s));
}

static void codes(void **state)
{
	static char big[4000];
	str svg = qr_svg(&ctx, S("https://example.com/t/abc"), S("<Follow>")).s;

	(void)state;
	CHECK(well_formed(svg) && count(svg, "&lt;Follow&gt;") == 1 && count(svg, "viewBox=\"0 0 33 33\"") == 1);
	CHECK(count(svg, "M4 4h7v1h-7z") == 1);                        /* the finder at the top left */
	memset(big, 'x', sizeof big);
	CHECK(qr_svg(&ctx, (str){ big, sizeof big }, S("")).s.n == 0 && qr_svg(&ctx, S(""), S("")).s.n == 0);
}

int chart_test(void);
int chart_test(void)
{
	const struct CMUnitTest tests[] = { T(charts), T(money_axis), T(spark), T(codes) };

	return cmocka_run_group_tests_name("chart", tests, open_arena, close_arena);
}
