#include "base/i18n.h"
#include "base/mo.h"
#include "base/money.h"
#include "base/time.h"
#include "tests/unit.h"

static struct arena arena;
static struct actor reader;
static struct ctx ctx;

static struct ctx *as(const char *lang)
{
	arena_free(&arena);
	arena_init(&arena, 1 << 20);
	reader = (struct actor){ .lang = lang, .zone = tz_get(S("Asia/Shanghai")) };
	ctx = (struct ctx){ .a = &arena, .who = &reader };
	CHECK(instant_parse(S("2026-11-22T14:30:00+08:00"), NULL, &ctx.now));
	return &ctx;
}

static void texts(void **state)
{
	struct ctx *c = as("zh");

	(void)state;
	CHECK(str_eq(_("Done."), S("完成。")));
	CHECK(str_eq(tr_lang("en", "Done."), S("Done.")));
	CHECK(str_eq(tr_lang("fr", "Done."), S("完成。")));
	CHECK(str_eq(tr_lang(NULL, "Done."), S("完成。")));
	CHECK(str_eq(tr_lang("zh", "no such text"), S("no such text")));
	CHECK(str_eq(tr_lang("zh", ""), S("")));
	for (int e = 0; e < ERR_N; e++)
		CHECK_ROW(e, !str_eq(tr_lang("zh", err_info[e].text), str_c(err_info[e].text)));
	arena_free(&arena);
}

static void filling(void **state)
{
	struct ctx *c = as("en");

	(void)state;
	CHECK(str_eq(trf(c, "{2} before {1}, {3} and {x}", 5, S("five")), S("five before 5, {3} and {x}")));
	CHECK(str_eq(trf(c, "{1}{1}{", CNY(100)), S("¥1.00¥1.00{")));
	CHECK(str_eq(trn(c, "{1} order", "{1} orders", 1), S("1 order")));
	CHECK(str_eq(trn(c, "{1} order", "{1} orders", 0), S("0 orders")));
	c = as("zh");
	CHECK(str_eq(trn(c, "{1} second", "{1} s", 1), S("1 秒")));
	arena_free(&arena);
}

static void values(void **state)
{
	struct ctx *c = as("en");
	static const struct { struct val v; const char *text; } rows[] = {
		{ { .kind = K_NONE }, "" }, { { .kind = K_INT, .i = -1234567 }, "-1234567" }, { { .kind = K_BOOL, .i = 1 }, "yes" },
		{ { .kind = K_DAY, .i = 0 }, "1970-01-01" }, { { .kind = K_INSTANT, .i = 0 }, "1970-01-01 08:00" },
		{ { .kind = K_MONEY, .i = 123450, .cur = "CNY" }, "¥1,234.50" }, { { .kind = K_MONEY, .i = -5, .cur = "CNY" }, "-¥0.05" },
		{ { .kind = K_MONEY, .i = 100000, .cur = "CNY" }, "¥1,000.00" }, { { .kind = K_MONEY, .i = 1234567, .cur = "JPY" }, "JP¥1,234,567" },
		{ { .kind = K_MONEY, .i = 12300, .cur = "SEK" }, "SEK 123.00" }, { { .kind = K_STR, .s = { "x", 1 } }, "x" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(show(c, rows[i].v), str_c(rows[i].text)));
	reader.zone = NULL;
	CHECK(str_eq(show(c, V((instant){ 0 })), S("1970-01-01 00:00")));
	arena_free(&arena);
}

static void ago(void **state)
{
	static const struct { const char *t, *en, *zh; } rows[] = {
		{ "2026-11-22T14:29:30+08:00", "just now", "刚刚" },           { "2026-11-22T14:30:59+08:00", "in a moment", "马上" },
		{ "2026-11-22T14:25:00+08:00", "5 min ago", "5 分钟前" },      { "2026-11-22T15:29:59+08:00", "in 59 min", "59 分钟后" },
		{ "2026-11-22T00:00:00+08:00", "today 00:00", "今天 00:00" },  { "2026-11-22T23:59:00+08:00", "today 23:59", "今天 23:59" },
		{ "2026-11-21T09:05:00+08:00", "yesterday 09:05", "昨天 09:05" }, { "2026-11-23T08:00:00+08:00", "tomorrow 08:00", "明天 08:00" },
		{ "2026-03-01T08:00:00+08:00", "03-01 08:00", "03-01 08:00" }, { "2025-11-22T14:30:00+08:00", "2025-11-22 14:30", "2025-11-22 14:30" },
		{ "2026-11-22T06:00:00Z", "30 min ago", "30 分钟前" },
	};
	instant t;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, instant_parse(str_c(rows[i].t), NULL, &t));
		CHECK_ROW(i, str_eq(show_ago(as("en"), t), str_c(rows[i].en)));
		CHECK_ROW(i, str_eq(show_ago(as("zh"), t), str_c(rows[i].zh)));
	}
	CHECK(str_eq(show_ago(as("zh"), NO_INSTANT), S("")));
	arena_free(&arena);
}

static void spans(void **state)
{
	static const struct { int64_t ms; const char *en, *zh; } rows[] = {
		{ 7800000, "2 h 10 min", "2 小时 10 分" }, { 59999, "59 s", "59 秒" },      { 0, "0 s", "0 秒" },           { 60000, "1 min", "1 分钟" },
		{ 3600000, "1 h", "1 小时" },              { 86400000, "1 d", "1 天" },      { 97200000, "1 d 3 h", "1 天 3 小时" }, { -7800000, "-2 h 10 min", "-2 小时 10 分" },
		{ NIL, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		CHECK_ROW(i, str_eq(show_span(as("en"), rows[i].ms), str_c(rows[i].en)));
		CHECK_ROW(i, str_eq(show_span(as("zh"), rows[i].ms), str_c(rows[i].zh)));
	}
	arena_free(&arena);
}

/* ---- the .mo reader on a catalogue of two texts, and on every way to break one byte or cut it short ---- */

static const unsigned char small_mo[] = {
	0xde, 0x12, 0x04, 0x95, 0, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 44, 0, 0, 0, 5, 0, 0, 0, 60, 0, 0, 0,
	1, 0, 0, 0, 80, 0, 0, 0, 2, 0, 0, 0, 82, 0, 0, 0,    /* keys "a", "bc" */
	3, 0, 0, 0, 85, 0, 0, 0, 1, 0, 0, 0, 89, 0, 0, 0,    /* texts "xyz", "q" */
	2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	'a', 0, 'b', 'c', 0, 'x', 'y', 'z', 0, 'q', 0,
};

static void catalogue(void **state)
{
	struct mo m;

	(void)state;
	/* "a" hashes to 97, slot 2; "bc" to 1667, slot 2 as well, and so by a step of 1 + 1667 % 3 on to slot 0. */
	CHECK(mo_open(&m, small_mo, sizeof small_mo));
	CHECK(str_eq(mo_find(&m, "a", NULL), S("xyz")));
	CHECK(str_eq(mo_find(&m, "bc", NULL), S("q")));
	CHECK(!mo_find(&m, "b", NULL).p && !mo_find(&m, "", NULL).p && !mo_find(&m, "abc", NULL).p);
}

static void broken_catalogue(void **state)
{
	unsigned char *copy;
	struct mo m;
	size_t refused = 0;

	(void)state;
	for (size_t n = 0; n < sizeof small_mo; n++) {
		copy = malloc(n + 1);
		CHECK(copy);
		memcpy(copy, small_mo, n);
		CHECK_ROW(n, !mo_open(&m, copy, n));
		free(copy);
	}
	for (size_t i = 0; i < sizeof small_mo; i++) {
		for (int v = 0; v < 256; v += 5) {
			copy = malloc(sizeof small_mo);
			CHECK(copy);
			memcpy(copy, small_mo, sizeof small_mo);
			copy[i] = (unsigned char)v;
			if (mo_open(&m, copy, sizeof small_mo))
				(void)mo_find(&m, "a", NULL), (void)mo_find(&m, "bc", NULL);
			else
				refused++;
			free(copy);
		}
	}
	CHECK(refused > 1000);
}

UNIT_GROUP(i18n, T(texts), T(filling), T(values), T(ago), T(spans), T(catalogue), T(broken_catalogue))
