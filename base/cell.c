/* cell.c — what a number in a workbook means: its format says whether it is a day, a percentage or just a number. */
#include "base/sheet_int.h"
#include "base/time.h"
#include <math.h>

enum { EPOCH_1900 = 25569, EPOCH_1904 = 24107, DAY_S = 86400 };        /* serial of 1970-01-01 */

/* Letters that stand for parts of a time, outside quotes, brackets and escapes. */
static void letters_of(const char *code, bool *ret_date, bool *ret_clock, bool *ret_percent)
{
	char until = 0;

	for (const char *p = code; *p; p++) {
		if (until) {
			until = *p == until ? 0 : until;
			continue;
		}
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '"' || *p == '[')
			until = *p == '"' ? '"' : ']';
		else if (strchr("yYdD", *p))
			*ret_date = true;
		else if (strchr("hHsS", *p))
			*ret_clock = true;
		else if (*p == '%')
			*ret_percent = true;
	}
}

enum cell_form cell_form_of(int id, const char *code)
{
	bool date = false, clock = false, percent = false;

	if (code)
		letters_of(code, &date, &clock, &percent);
	else if (id == 9 || id == 10)
		percent = true;
	else if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
		date = true, clock = id == 22;
	else if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47))
		clock = true;
	return date ? clock ? CELL_MOMENT : CELL_DATE : clock ? CELL_CLOCK : percent ? CELL_PERCENT : CELL_PLAIN;
}

static void show_time(struct buf *b, double serial, enum cell_form form, bool from_1904)
{
	int64_t s = llround(serial * DAY_S), day_n = s / DAY_S - (from_1904 ? EPOCH_1904 : EPOCH_1900), in_day = s % DAY_S;
	int y, mo, d;

	if (form != CELL_CLOCK) {
		day_split((day){ day_n }, &y, &mo, &d);
		buf_fmt(b, "%04d-%02d-%02d", y, mo, d);
	}
	if (form == CELL_CLOCK || (form == CELL_MOMENT && in_day))
		buf_fmt(b, "%s%02d:%02d", form == CELL_CLOCK ? "" : " ", (int)(in_day / 3600), (int)(in_day / 60 % 60));
	if ((form == CELL_CLOCK || form == CELL_MOMENT) && in_day % 60)
		buf_fmt(b, ":%02d", (int)(in_day % 60));
}

/* Fifteen digits are all a workbook knows; the rest are zeros, as its program shows them. */
static void show_long(struct buf *b, double v)
{
	char text[40];
	long e;

	snprintf(text, sizeof text, "%.14e", v);
	for (const char *p = text; *p && *p != 'e'; p++)
		if (*p != '.')
			buf_c(b, *p);
	e = strtol(strchr(text, 'e') + 1, NULL, 10);
	for (long i = 14; i < e; i++)
		buf_c(b, '0');
}

void cell_show(struct buf *b, const char *number, enum cell_form form, bool from_1904)
{
	char *end;
	double v = strtod(number, &end);
	size_t n = strlen(number);

	if (end == number || *end || !isfinite(v)) {
		buf_str(b, str_c(number));
		return;
	}
	if (form != CELL_PLAIN && form != CELL_PERCENT && v >= 0 && v < 2958466) {
		show_time(b, v, form, from_1904);
		return;
	}
	if (form == CELL_PERCENT)
		buf_fmt(b, "%.10g%%", v * 100);
	else if (strspn(number, "-0123456789") == n)
		buf_str(b, str_c(number));
	else if (fabs(v) >= 1e15 && fabs(v) < 1e30)
		show_long(b, v);
	else
		buf_fmt(b, "%.15g", v);
}
