/* Holes: what the escaping makes of hostile values, and a template with one of everything. */
#include "tests/unit.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"
#include "view/plain.h"
#include "view/golden.html.h"

static struct arena arena;
static struct actor who;
static struct ctx ctx;
static struct out out;

static int open_ctx(void **state)
{
	(void)state;
	arena_init(&arena, 8 << 20);
	who = (struct actor){ .lang = "en", .zone = tz_get(S("Asia/Shanghai")) };
	ctx = (struct ctx){ .a = &arena, .who = &who, .now = { 1795350000000 } };
	buf_init(&out.b, 8 << 20);
	return 0;
}

static int close_ctx(void **state)
{
	(void)state;
	buf_free(&out.b);
	arena_free(&arena);
	return 0;
}

typedef void hole(struct out *o, const struct ctx *c, struct val v);

static str written(hole *fn, struct val v)
{
	buf_clear(&out.b);
	fn(&out, &ctx, v);
	return (str){ out.b.n ? out.b.p : "", out.b.n };
}

static void escaping(void **state)
{
	static const struct { hole *fn; const char *in, *want; } rows[] = {
		{ out_text, "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;" },
		{ out_text, "a & b", "a &amp; b" },
		{ out_text, "&lt;", "&amp;lt;" },
		{ out_text, "维修", "维修" },
		{ out_text, "", "" },
		{ out_attr, "\" onclick=\"x", "&quot; onclick=&quot;x" },
		{ out_attr, "' autofocus onfocus='x", "&#39; autofocus onfocus=&#39;x" },
		{ out_attr, "</title><img src=x>", "&lt;/title&gt;&lt;img src=x&gt;" },
		{ out_value, "\"><svg onload=x>", "&quot;&gt;&lt;svg onload=x&gt;" },
		{ out_iso, "'\"", "&#39;&quot;" },
		{ out_url, "/orders/1?a=1&b=2", "/orders/1?a=1&amp;b=2" },
		{ out_url, "#top", "#top" },
		{ out_url, "?page=2", "?page=2" },
		{ out_url, "https://example.com/", "https://example.com/" },
		{ out_url, "HTTPS://example.com/", "HTTPS://example.com/" },
		{ out_url, "mailto:a@example.com", "mailto:a@example.com" },
		{ out_url, "tel:+86138", "tel:+86138" },
		{ out_url, "javascript:alert(1)", "#" },
		{ out_url, "JaVaScRiPt:alert(1)", "#" },
		{ out_url, " javascript:alert(1)", "#" },
		{ out_url, "\tjavascript:alert(1)", "#" },
		{ out_url, "java\nscript:alert(1)", "#" },
		{ out_url, "/\n/evil.example", "#" },
		{ out_url, "/\\evil.example", "#" },
		{ out_url, "data:text/html,x", "#" },
		{ out_url, "vbscript:x", "#" },
		{ out_url, "httpx://a", "#" },
		{ out_url, "http:javascript", "#" },
		{ out_url, "\x01javascript:x", "#" },
		{ out_url, "", "#" },
		{ out_url, "orders", "#" },
		{ out_url, "/a\"><script>", "/a&quot;&gt;&lt;script&gt;" },
		{ out_urlpart, "a/b?c#d&e=f", "a%2Fb%3Fc%23d%26e%3Df" },
		{ out_urlpart, "维", "%E7%BB%B4" },
		{ out_urlpart, "javascript:x", "javascript%3Ax" },
		{ out_urlpart, "\"'<> %", "%22%27%3C%3E%20%25" },
		{ out_urlpart, "AZaz09-._~", "AZaz09-._~" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(written(rows[i].fn, v_cstr(rows[i].in)), str_c(rows[i].want)));
}

static void kinds(void **state)
{
	const instant t = { 1795350600000 };    /* 2026-11-22 20:30 in Shanghai */
	const struct { hole *fn; struct val v; const char *want; } rows[] = {
		{ out_text, v_int(-7), "-7" }, { out_text, v_int(NIL), "" }, { out_text, v_bool(true), "yes" },
		{ out_text, v_money(CNY(123450)), "¥1,234.50" }, { out_text, v_money(NO_MONEY), "" },
		{ out_text, v_html((html){ S("<b>x</b>") }), "<b>x</b>" }, { out_text, v_json((json){ S("{\"a\":1}") }), "{&quot;a&quot;:1}" },
		{ out_attr, v_bool(false), "false" }, { out_attr, v_int(3), "3" }, { out_attr, v_str((str){ NULL, 0 }), "" },
		{ out_value, v_money(CNY(123450)), "1234.50" }, { out_value, v_instant(t), "2026-11-22T20:30" },
		{ out_value, v_day((day){ 20779 }), "2026-11-22" },
		{ out_iso, v_instant(t), "2026-11-22T20:30:00+08:00" }, { out_iso, v_bool(true), "true" },
		{ out_urlpart, v_day((day){ 20779 }), "2026-11-22" }, { out_urlpart, v_int(12), "12" }, { out_url, v_int(12), "#" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, str_eq(written(rows[i].fn, rows[i].v), str_c(rows[i].want)));
	CHECK(arena.used == 0);                 /* holes leave nothing behind */
}

static const char golden_page[] =
	"<!doctype html>\n<title>&lt;A&amp;B&gt; · baoxiu</title>\n"
	"<main id=\"m\" data-n=\"2\" class='c many'>\n<h1>Done. &lt;A&amp;B&gt;</h1>\n"
	"<a href=\"#\">javascript:x</a>\n"
	"<a href=\"/find?q=%3CA%26B%3E&amp;from=2026-11-22\" hx-get=\"#\">x</a>\n"
	"<p>2 of {{ yes</p>\n<table>\n"
	"<tr >\n<td><a href=\"/orders/BX%2F1\">BX/1</a></td>\n<td title=\"&quot;q&quot;\">&quot;q&quot;</td>\n<td>¥0.05</td>\n"
	"<td><time datetime=\"2026-11-22T20:30:00+08:00\">2026-11-22 20:30</time></td>\n</tr>\n"
	"<tr class=\"last\" >\n<td><a href=\"/orders/BX2\">BX2</a></td>\n<td title=\"\"></td>\n<td></td>\n"
	"<td><time datetime=\"\"></time></td>\n</tr>\n"
	"</table>\n<form action=\"/save\">\n<input type=\"checkbox\" name=\"a\" checked>\n"
	"<input type=\"date\" value=\"2026-11-22\"><input type=\"datetime-local\" value=\"2026-11-22T20:30\">\n"
	"<input value=\"1234.50\" aria-busy=\"true\">\n"
	"<textarea name=\"t\">\n\n &lt;/textarea&gt;</textarea>\n"
	"<pre>  two\n    four \n &lt;/textarea&gt;</pre>\n</form>\n"
	"<div hx-vals='{&quot;a&quot;:1}'><b>m</b></div>\n<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg><br/>\n</main>\n";

static void page(void **state)
{
	struct golden_row rows[] = {
		{ S("BX/1"), S("\"q\""), CNY(5), { 1795350600000 } }, { S("BX2"), { NULL, 0 }, NO_MONEY, NO_INSTANT },
	};
	struct golden m = {
		.title = S("<A&B>"), .link = S("javascript:x"), .text = S("\n </textarea>"), .mark = { S("<b>m</b>") }, .vals = { S("{\"a\":1}") },
		.yes = true, .on = { 20779 }, .at = { 1795350600000 }, .price = CNY(123450), .row = rows, .n = 2,
	};

	(void)state;
	buf_clear(&out.b);
	golden(&out, &ctx, &m);
	if (!str_eq((str){ out.b.p, out.b.n }, str_c(golden_page)))
		print_error("%.*s\n", (int)out.b.n, out.b.p);
	CHECK(str_eq((str){ out.b.p, out.b.n }, str_c(golden_page)));
	m.n = 0;
	buf_clear(&out.b);
	golden(&out, &ctx, &m);
	CHECK(str_find((str){ out.b.p, out.b.n }, S("<p>none</p>\n<table>\n</table>"), NULL));
}

/* Microseconds to render a page of 100 rows, the best of a few rounds. */
static int64_t page_us(money price, instant at)
{
	struct golden_row rows[100];
	struct golden m = { .row = rows, .n = LEN(rows) };
	int64_t best = INT64_MAX;

	for (size_t i = 0; i < LEN(rows); i++)
		rows[i] = (struct golden_row){ S("BX2611220001"), S("屏幕 <碎裂> & \"花屏\""), price, at };
	for (int i = 0; i < 100; i++) {
		int64_t t0 = clock_mono_us();

		buf_clear(&out.b);
		golden_list(&out, &ctx, &m);
		t0 = clock_mono_us() - t0;
		best = t0 < best ? t0 : best;
	}
	return best;
}

/* Prints what a page costs; fails only when it is out of all proportion. */
static void speed(void **state)
{
	int64_t text = page_us(NO_MONEY, NO_INSTANT), full = page_us(CNY(123450), (instant){ 1795350600000 });

	(void)state;
	print_message("100 rows, %zu bytes: %lld us a page, %lld us without money and times\n", out.b.n, (long long)full, (long long)text);
	CHECK(full < 50000);
}

int out_test(void);
int out_test(void)
{
	const struct CMUnitTest tests[] = { T(escaping), T(kinds), T(page), T(speed) };

	return cmocka_run_group_tests_name("out", tests, open_ctx, close_ctx);
}
