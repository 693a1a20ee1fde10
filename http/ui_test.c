/* ui_test.c — the kit: fields by kind, typed values and errors after a failure, clocks, addresses. */
#include "tests/unit.h"
#include "base/money.h"
#include "base/time.h"
#include "http/ui.h"

struct sample { str name, note, serial, mail; int64_t count, ver; bool keep; day bought_on; instant visit_at; money fee; int kind; };
static const char *const kinds[] = { "repair", "install", NULL };
static const char *const kind_titles[] = { N_("Back"), N_("Scan") };
FORM(sample_form, struct sample,
	INPUT(struct sample, name, IN_TEXT, N_("Reason"), .required = true, .max = 40, .hint = N_("Copy")),
	INPUT(struct sample, note, IN_LINES, N_("Reason")),
	INPUT(struct sample, serial, IN_SERIAL, N_("Scan")),
	INPUT(struct sample, mail, IN_SECRET, N_("Reason")),
	INPUT(struct sample, count, IN_INT, N_("Progress")),
	INPUT(struct sample, keep, IN_BOOL, N_("Paused")),
	INPUT(struct sample, bought_on, IN_DAY, N_("Reason")),
	INPUT(struct sample, visit_at, IN_INSTANT, N_("Reason")),
	INPUT(struct sample, fee, IN_MONEY, N_("Reason")),
	INPUT(struct sample, kind, IN_ENUM, N_("Progress"), .names = kinds));

struct bench { struct arena a; struct actor who; struct ctx c; struct out o; struct route row; struct req r; };

static void bench_open(struct bench *b)
{
	memset(b, 0, sizeof *b);
	arena_init(&b->a, 1 << 20);
	b->who = (struct actor){ .id = 7, .name = S("x"), .lang = "en", .zone = tz_get(S("Asia/Shanghai")) };
	b->c = (struct ctx){ .a = &b->a, .who = &b->who, .now = { 1795336200000 }, .trace = S("t0") };
	b->row.form = &sample_form;
	b->r = (struct req){ .route = &b->row, .path = S("/orders"), .query = S("a=1&after=zz&b=%E4%B8%AD"), .csrf = S("tok"), .base = S("http://x") };
	buf_init(&b->o.b, 1 << 20);
}

static void bench_close(struct bench *b)
{
	buf_free(&b->o.b);
	arena_free(&b->a);
}

static bool holds(const struct bench *b, const char *text)
{
	size_t at;

	return str_find((str){ b->o.b.p, b->o.b.n }, str_c(text), &at);
}

static void test_fields(void **state)
{
	static const struct ui_more titled = { .titles = kind_titles }, listed = { .prefix = "lines.2." };
	const struct { const char *name; struct val v; const struct ui_more *more; const char *want[4]; } row[] = {
		{ "name", V(S("a<\"b")), NULL, { "value=\"a&lt;&quot;b\"", " required", "maxlength=\"40\"", "aria-describedby=\"sample_form-name-hint\"" } },
		{ "note", V(S("two\nlines")), NULL, { ">\ntwo\nlines</textarea>", "field-wide", "for=\"sample_form-note\"" } },
		{ "serial", V(S("PF3")), NULL, { "data-scan=\"sample_form-serial\"", "class=\"serial\"" } },
		{ "count", V(12), NULL, { "value=\"12\"", "inputmode=\"numeric\"" } },
		{ "count", { 0 }, NULL, { "value=\"\"" } },
		{ "keep", V(true), NULL, { "type=\"checkbox\"", " checked" } },
		{ "bought_on", V(((day){ 20000 })), NULL, { "type=\"date\"", "value=\"2024-10-04\"" } },
		{ "visit_at", V(((instant){ 1795336200000 })), NULL, { "type=\"datetime-local\"", "value=\"2026-11-22T16:30\"" } },
		{ "fee", V(CNY(123450)), NULL, { "value=\"1234.50\"", "inputmode=\"decimal\"" } },
		{ "kind", V(1), &titled, { "<option value=\"install\" selected>Scan</option>", "<option value=\"repair\">Back</option>", "<option value=\"\">—</option>" } },
		{ "kind", V(-1), NULL, { "<option value=\"\" selected>", ">install</option>" } },
		{ "name", V(S("x")), &listed, { "name=\"lines.2.name\"", "id=\"sample_form-lines.2.name\"" } },
	};
	(void)state;
	for (size_t i = 0; i < LEN(row); i++) {
		struct bench b;

		bench_open(&b);
		ui_field_with(&b.o, &b.c, &b.r, &sample_form, row[i].name, row[i].v, row[i].more);
		for (size_t k = 0; k < LEN(row[i].want) && row[i].want[k]; k++)
			CHECK_ROW(i * 10 + k, holds(&b, row[i].want[k]));
		CHECK_ROW(i, !holds(&b, "aria-invalid"));
		bench_close(&b);
	}
}

static void test_failed(void **state)
{
	static const struct pair typed[] = { { { "name", 4 }, { "tip<", 4 } }, { { "mail", 4 }, { "hush", 4 } } };
	struct bench b;

	(void)state;
	bench_open(&b);
	b.r.failed = true;
	b.r.typed = typed;
	b.r.n_typed = LEN(typed);
	CHECK(fail_field(&b.c, "name", "Late by {1}", 5) == ERR_INVALID);
	ui_errors(&b.o, &b.c, &b.r, &sample_form);
	CHECK(holds(&b, "<a href=\"#sample_form-name\">Reason: Late by 5</a>"));
	ui_field(&b.o, &b.c, &b.r, &sample_form, "name", V(S("stored")));
	CHECK(holds(&b, "value=\"tip&lt;\""));
	CHECK(!holds(&b, "stored"));
	CHECK(holds(&b, "aria-invalid=\"true\""));
	CHECK(holds(&b, "aria-describedby=\"sample_form-name-hint sample_form-name-error\""));
	ui_field(&b.o, &b.c, &b.r, &sample_form, "mail", V(S("s3cret")));
	CHECK(!holds(&b, "hush") && !holds(&b, "s3cret"));
	ui_field(&b.o, &b.c, &b.r, &sample_form, "keep", V(true));
	CHECK(!holds(&b, " checked"));
	bench_close(&b);
}

/* A page with two forms: only the one that failed shows its errors. */
static void test_other_form(void **state)
{
	FORM(other_form, struct sample, INPUT(struct sample, name, IN_TEXT, N_("Reason")));
	struct bench b;

	(void)state;
	bench_open(&b);
	b.r.failed = true;
	CHECK(fail_field(&b.c, "name", "Paused") == ERR_INVALID);
	ui_errors(&b.o, &b.c, &b.r, &other_form);
	CHECK(b.o.b.n == 0);
	ui_field(&b.o, &b.c, &b.r, &other_form, "name", V(S("stored")));
	CHECK(holds(&b, "value=\"stored\"") && !holds(&b, "aria-invalid"));
	bench_close(&b);
}

static void test_due(void **state)
{
	enum { MIN = 60000 };
	static const struct { int64_t due, done; const char *paused, *want, *tone; bool ticks; } row[] = {
		{ 130 * MIN, NIL, NULL, "left", "due-ok", true },
		{ 48 * MIN, NIL, NULL, "left", "due-warn", true },
		{ -25 * MIN, NIL, NULL, "Overdue", "due-bad", true },
		{ -25 * MIN, NIL, "parts", "Paused: parts", "due-idle", false },
		{ 10 * MIN, 5 * MIN, NULL, "In time", "due-ok", false },
		{ 10 * MIN, 15 * MIN, NULL, "Late by", "due-bad", false },
	};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < LEN(row); i++) {
		bench_open(&b);
		ui_due(&b.o, &b.c, (instant){ b.c.now.ms + row[i].due }, str_c(row[i].paused), row[i].done == NIL ? NO_INSTANT : (instant){ b.c.now.ms + row[i].done });
		CHECK_ROW(i, holds(&b, row[i].want));
		CHECK_ROW(i, holds(&b, row[i].tone));
		CHECK_ROW(i, holds(&b, "data-due=\"2026-11-22T") == row[i].ticks);
		bench_close(&b);
	}
	bench_open(&b);
	ui_due(&b.o, &b.c, NO_INSTANT, (str){ 0 }, NO_INSTANT);
	CHECK(b.o.b.n == 0);
	bench_close(&b);
}

static void test_addresses(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	CHECK(str_eq(ui_here(&b.c, &b.r, "a", S("x&y")), S("/orders?b=%E4%B8%AD&a=x%26y")));
	CHECK(str_eq(ui_here(&b.c, &b.r, "a", (str){ 0 }), S("/orders?b=%E4%B8%AD")));
	CHECK(str_eq(ui_query(&b.c, &b.r, "b"), S("中")));
	CHECK(!ui_query(&b.c, &b.r, "c").p);
	ui_pager(&b.o, &b.c, &b.r, S("k1"));
	CHECK(holds(&b, "href=\"/orders?a=1&amp;b=%E4%B8%AD&amp;after=k1\""));
	bench_close(&b);
}

/* What is typed joins the filters of the address; what is exported is what is shown. */
static void test_list_bar(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	b.r.query = S("state=closed&after=zz&q=%3Cx%3E&org=ST1&empty=");
	ui_list_bar(&b.o, &b.c, &b.r, S("/orders"), S("Search"), S("Number"), 50, S("k1"));
	CHECK(holds(&b, "name=\"q\" value=\"&lt;x&gt;\"") && holds(&b, "name=\"state\" value=\"closed\"") && holds(&b, "name=\"org\" value=\"ST1\""));
	CHECK(!holds(&b, "name=\"after\"") && !holds(&b, "name=\"empty\"") && holds(&b, "href=\"/orders\">Show all"));
	CHECK(holds(&b, "href=\"/orders?state=closed&amp;after=zz&amp;q=%3Cx%3E&amp;org=ST1&amp;empty=&amp;format=csv\"") && holds(&b, "format=xlsx") && holds(&b, "50 shown, more follow"));
	bench_close(&b);
	bench_open(&b);
	b.r.query = S("after=zz");
	ui_list_bar(&b.o, &b.c, &b.r, S("/orders"), S("Search"), S("Number"), 0, (str){ 0 });
	CHECK(!holds(&b, "Show all") && !holds(&b, "format=csv") && !holds(&b, " shown"));
	bench_close(&b);
}

static void test_hidden(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	ui_hidden(&b.o, &b.c, &b.r);
	ui_hidden(&b.o, &b.c, &b.r);
	CHECK(holds(&b, "name=\"_csrf\" value=\"tok\""));
	CHECK(holds(&b, "name=\"_key\" value=\"t0-0\""));
	CHECK(!holds(&b, "value=\"t0-0\"><input type=\"hidden\" name=\"_csrf\" value=\"tok\"><input type=\"hidden\" name=\"_key\" value=\"t0-0\""));
	bench_close(&b);
}

static void test_phone(void **state)
{
	struct bench b;

	(void)state;
	bench_open(&b);
	ui_phone(&b.o, &b.c, S("+86 138-0000 1111"));
	CHECK(holds(&b, "href=\"tel:+8613800001111\"") || holds(&b, "href=\"tel:%2B8613800001111\""));
	ui_phone(&b.o, &b.c, S("138****5678"));
	CHECK(!holds(&b, "tel:138"));
	bench_close(&b);
}

UNIT_GROUP(ui, T(test_fields), T(test_failed), T(test_other_form), T(test_due), T(test_addresses), T(test_list_bar), T(test_hidden), T(test_phone))
