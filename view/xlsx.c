/* xlsx.c — structs as a workbook, one row in memory at a time. Dates, money and numbers are real ones. */
#include "view/plain.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"
#include <xlsxwriter.h>

enum { COLS = 200, ROWS = 1048576, CELL = 32767, CURRENCIES = 8, WIDE = 60 };

struct xlsx {
	struct ctx *c;
	const struct field *f;
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *head, *day, *instant;
	struct { char cur[4]; lxw_format *format; } money[CURRENCIES];
	lxw_row_t row;
	lxw_col_t col, cols;
	int width[COLS];
	lxw_error e;
};

static lxw_format *format(struct xlsx *x, const char *pattern)
{
	lxw_format *f = workbook_add_format(x->book);

	format_set_num_format(f, pattern);
	format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
	return f;
}

static lxw_format *money_format(struct xlsx *x, const char cur[4])
{
	static const char zeros[] = ".000";
	char pattern[64];
	size_t i = 0;
	int digits = money_digits(cur);

	while (i < CURRENCIES && x->money[i].format && memcmp(x->money[i].cur, cur, 4))
		i++;
	if (i == CURRENCIES)
		return NULL;
	if (!x->money[i].format) {
		snprintf(pattern, sizeof pattern, "\"%s\"#,##0%.*s", money_symbol(cur), digits ? digits + 1 : 0, zeros);
		memcpy(x->money[i].cur, cur, 4);
		x->money[i].format = format(x, pattern);
	}
	return x->money[i].format;
}

/* Han characters are twice as wide. */
static int columns_of(str s)
{
	int n = 0;

	for (size_t i = 0; i < s.n;)
		n += utf8_next(s, &i) >= 0x1100 ? 2 : 1;
	return n;
}

static void note(struct xlsx *x, lxw_error e, int width)
{
	if (e && !x->e)
		x->e = e;
	width = width > WIDE ? WIDE : width;
	if (width > x->width[x->col])
		x->width[x->col] = width;
	x->col++;
}

static void put_text(struct xlsx *x, str s, lxw_format *f)
{
	size_t n = s.n, at = 0;

	if (n > CELL)
		for (n = 0; utf8_next(s, &at), at <= CELL;)
			n = at;
	note(x, worksheet_write_string(x->sheet, x->row, x->col, arena_cstr(x->c->a, (str){ s.p, n }), f), columns_of(s) + 2);
}

static void put_number(struct xlsx *x, double n, lxw_format *f, int width)
{
	note(x, worksheet_write_number(x->sheet, x->row, x->col, n, f), width);
}

static double pow10_of(int digits)
{
	return digits == 0 ? 1 : digits == 3 ? 1000 : 100;
}

/* Spreadsheets count days from 1899-12-30. */
static double serial(const struct ctx *c, instant t)
{
	int64_t local = t.ms + (int64_t)tz_offset(c->who ? c->who->zone : NULL, t) * 1000;

	return (double)local / 86400000.0 + 25569;
}

static void row_cell(void *arg, const struct field *f, struct val v)
{
	struct xlsx *x = arg;
	bool exact = v.i <= (1LL << 53) && v.i >= -(1LL << 53);       /* a spreadsheet's numbers are doubles */

	(void)f;
	if (x->col >= COLS)
		return;
	if (v.kind == K_NONE)
		note(x, LXW_NO_ERROR, 0);
	else if (v.kind == K_INT && exact)
		put_number(x, (double)v.i, NULL, 12);
	else if (v.kind == K_DAY && v.i > -25569)
		put_number(x, (double)v.i + 25569, x->day, 12);
	else if (v.kind == K_INSTANT && v.i > 0)
		put_number(x, serial(x->c, (instant){ v.i }), x->instant, 18);
	else if (v.kind == K_MONEY && exact)
		put_number(x, (double)v.i / pow10_of(money_digits(v.cur)), money_format(x, v.cur), 15);
	else if (v.kind == K_BOOL)
		put_text(x, show(x->c, v), NULL);
	else
		put_text(x, plain(x->c, v, false), NULL);
}

/* customer.created_at → Customer created at, in the reader's language if the catalogue has it. */
static void head_cell(void *arg, const struct field *f, str name)
{
	struct xlsx *x = arg;
	char *p = arena_cstr(x->c->a, name);

	(void)f;
	if (x->col >= COLS)
		return;
	for (size_t i = 0; p[i]; i++)
		if (p[i] == '_' || p[i] == '.')
			p[i] = ' ';
	if (*p >= 'a' && *p <= 'z')
		*p = (char)(*p - 'a' + 'A');
	put_text(x, tr(x->c, p), x->head);
}

static void sheet_name(const char *from, char to[32])
{
	str s = str_c(from);
	size_t n = 0, at = 0;

	while (at < s.n) {
		utf8_next(s, &at);
		if (at > 31)
			break;
		n = at;
	}
	memcpy(to, from, n);
	to[n] = 0;
	for (size_t i = 0; i < n; i++)
		if (strchr("[]:*?/\\'", to[i]))
			to[i] = '-';
}

enum err xlsx_open(struct ctx *c, const char *path, const char *sheet, const struct field *f, struct xlsx **ret)
{
	struct xlsx *x = NEW(c->a, struct xlsx);
	lxw_workbook_options how = { .constant_memory = LXW_TRUE };
	struct arena_mark m;
	char name[32];

	x->c = c;
	x->f = f;
	x->book = workbook_new_opt(path, &how);
	if (!x->book)
		return fail(c, ERR_BUSY, NULL);
	sheet_name(sheet, name);
	x->sheet = workbook_add_worksheet(x->book, *name ? name : NULL);
	if (!x->sheet) {
		workbook_close(x->book);
		return fail(c, ERR_FULL, NULL);
	}
	x->head = format(x, "General");
	format_set_bold(x->head);
	format_set_bottom(x->head, LXW_BORDER_THIN);
	x->day = format(x, "yyyy-mm-dd");
	x->instant = format(x, "yyyy-mm-dd hh:mm");
	m = arena_mark(c->a);
	flat_names(c->a, f, head_cell, x);
	arena_reset(c->a, m);
	x->cols = x->col;
	x->row = 1;
	worksheet_freeze_panes(x->sheet, 1, 0);
	*ret = x;
	return ERR_OK;
}

void xlsx_row(struct xlsx *x, const struct ctx *c, const void *obj)
{
	struct arena_mark m = arena_mark(c->a);

	if (x->row >= ROWS) {
		x->e = LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE;
		return;
	}
	x->col = 0;
	flat_cells(x->f, obj, row_cell, x);
	x->row++;
	arena_reset(c->a, m);
}

enum err xlsx_close(struct xlsx *x)
{
	lxw_error e;

	for (lxw_col_t k = 0; k < x->cols; k++)
		worksheet_set_column(x->sheet, k, k, x->width[k] < 8 ? 8 : x->width[k], NULL);
	if (x->cols && x->row > 1)
		worksheet_autofilter(x->sheet, 0, 0, x->row - 1, (lxw_col_t)(x->cols - 1));
	e = workbook_close(x->book);
	if (x->e == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE)
		return fail(x->c, ERR_TOO_LARGE, N_("A workbook holds at most 1,048,575 rows. Narrow the list down."));
	return e || x->e ? fail(x->c, ERR_FULL, NULL) : ERR_OK;
}
