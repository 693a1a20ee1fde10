#include "base/sheet.h"
#include "base/sheet_int.h"
#include "tests/unit.h"
#include <unistd.h>
#include <xlsxwriter.h>

/* Rows joined by '|', cells by '^'; what is wrong behind '!'. */
static void read_all(const char *path, struct buf *out)
{
	const char *why = NULL;
	struct sheet *s = sheet_open(path, &why);

	buf_init(out, 1 << 20);
	if (!s) {
		buf_fmt(out, "!%s", why);
		return;
	}
	for (bool first = true; sheet_next(s); first = false) {
		buf_str(out, first ? S("") : S("|"));
		for (size_t i = 0; i < s->n; i++)
			buf_str(out, i ? S("^") : S("")), buf_str(out, s->cell[i]);
	}
	if (s->error)
		buf_fmt(out, "!%s", s->error);
	sheet_close(s);
}

static bool reads(const char *bytes, size_t n, const char *want)
{
	char path[] = "/tmp/baoxiu-sheet-XXXXXX";
	int fd = mkstemp(path);
	struct buf got;
	bool same;

	CHECK(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
	close(fd);
	read_all(path, &got);
	unlink(path);
	same = *want == '!' ? str_starts((str){ got.p, got.n }, str_c(want)) : str_eq((str){ got.p, got.n }, str_c(want));
	buf_free(&got);
	return same;
}

static void test_letters(void **state)
{
	static const struct { const char *bytes; size_t n; const char *want; } rows[] = {
#define ROW(bytes, want) { bytes, sizeof(bytes) - 1, want }
		ROW("编号,名称\nA,风扇\n", "编号^名称|A^风扇"),
		ROW("\xEF\xBB\xBF编号;名称\r\nA;风扇\r\n", "编号^名称|A^风扇"),
		ROW("\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6\nA,\xB7\xE7\xC9\xC8\n", "编号^名称|A^风扇"),                     /* GB18030 */
		ROW("\xFF\xFE\x16\x7F\xF7\x53\t\0A\0\n\0", "编号^A"),                                                 /* UTF-16 with tabs */
		ROW("", ""),
		ROW("\xE2\x80\xAE" "abc\n", "!The file is not clean UTF-8"),                             /* a bidi override, not Chinese */
		ROW("a\0b", "!This is not a table"),
		ROW("\xD0\xCF\x11\xE0 old", "!This is an old Excel file"),
		ROW("%PDF-1.7", "!This is a PDF"),
		ROW("PK\3\4 not really", "!This is not an .xlsx workbook"),
#undef ROW
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, reads(rows[i].bytes, rows[i].n, rows[i].want));
}

static void test_workbook(void **state)
{
	const char *path = "/tmp/baoxiu-sheet-test.xlsx";
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *hidden = workbook_add_worksheet(book, "hidden"), *sheet = workbook_add_worksheet(book, "库存");
	lxw_format *date = workbook_add_format(book), *percent = workbook_add_format(book);
	lxw_datetime when = { .year = 2025, .month = 3, .day = 8, .hour = 14, .min = 30 }, midnight = { .year = 2024, .month = 2, .day = 29 };
	struct buf got;

	(void)state;
	format_set_num_format(date, "yyyy\"年\"m\"月\"d\"日\" hh:mm");
	format_set_num_format(percent, "0%");
	worksheet_write_string(hidden, 0, 0, "not this", NULL);
	worksheet_hide(hidden);
	worksheet_activate(sheet);
	worksheet_set_first_sheet(sheet);
	worksheet_write_string(sheet, 0, 0, "备件编号", NULL);
	worksheet_write_string(sheet, 0, 2, "数量", NULL);
	worksheet_write_number(sheet, 4, 0, 6901234567890.0, NULL);
	worksheet_write_number(sheet, 4, 1, 0.1 + 0.2, NULL);
	worksheet_write_datetime(sheet, 4, 2, &when, date);
	worksheet_write_datetime(sheet, 4, 3, &midnight, date);
	worksheet_write_number(sheet, 4, 4, 0.06, percent);
	worksheet_write_boolean(sheet, 4, 5, 1, NULL);
	worksheet_write_string(sheet, 4, 6, "a<b>&\"c\"", NULL);
	CHECK(!workbook_close(book));
	read_all(path, &got);
	unlink(path);
	CHECK(str_eq((str){ got.p, got.n }, S("备件编号^^数量|6901234567890^0.3^2025-03-08 14:30^2024-02-29^6%^1^a<b>&\"c\"")));
	buf_free(&got);
}

static void test_forms(void **state)
{
	static const struct { int id; const char *code; enum cell_form want; } rows[] = {
		{ 0, NULL, CELL_PLAIN }, { 14, NULL, CELL_DATE }, { 22, NULL, CELL_MOMENT }, { 20, NULL, CELL_CLOCK }, { 10, NULL, CELL_PERCENT }, { 31, NULL, CELL_DATE },
		{ 170, "General", CELL_PLAIN }, { 170, "\"day\" 0.00", CELL_PLAIN }, { 170, "[$-804]yyyy-m-d", CELL_DATE }, { 170, "[h]:mm:ss", CELL_CLOCK }, { 170, "0.0%", CELL_PERCENT },
		{ 170, "#,##0\\d", CELL_PLAIN },
	};
	static const struct { const char *number; enum cell_form form; bool from_1904; const char *want; } shown[] = {
		{ "45724", CELL_DATE, false, "2025-03-08" }, { "44262", CELL_DATE, true, "2025-03-08" }, { "0.354166666666667", CELL_CLOCK, false, "08:30" },
		{ "45724", CELL_PLAIN, false, "45724" }, { "1.2345678900000001E+17", CELL_PLAIN, false, "123456789000000000" }, { "12.5", CELL_PLAIN, false, "12.5" },
		{ "nonsense", CELL_DATE, false, "nonsense" }, { "-1", CELL_DATE, false, "-1" }, { "1e999", CELL_PLAIN, false, "1e999" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		CHECK_ROW(i, rows[i].want == cell_form_of(rows[i].id, rows[i].code));
	for (size_t i = 0; i < LEN(shown); i++) {
		struct buf b;

		buf_init(&b, 1000);
		cell_show(&b, shown[i].number, shown[i].form, shown[i].from_1904);
		CHECK_ROW(i, str_eq((str){ b.p, b.n }, str_c(shown[i].want)));
		buf_free(&b);
	}
}

UNIT_GROUP(sheet, T(test_letters), T(test_workbook), T(test_forms))
