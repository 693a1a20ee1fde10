/* pdf_table.c — tables: shared widths, heads repeated on every page, rows that may go on on the next one. */
#include "view/pdf_page.h"

struct table {
	const struct pdf_block *b;
	double x[PDF_COLS + 1];
	bool number[PDF_COLS];
	double pad_x, pad_y;
};

static bool numeric(str s)
{
	static const char also[] = "0123456789.,-+%$/ ";
	bool digit = false;

	for (size_t i = 0; i < s.n; i++) {
		if (str_starts((str){ s.p + i, s.n - i }, S("¥"))) {
			i++;
			continue;
		}
		if (!s.p[i] || !strchr(also, s.p[i]))
			return false;
		digit |= s.p[i] >= '0' && s.p[i] <= '9';
	}
	return digit || !s.n;
}

/* Width a column of numbers takes so that none is broken: its longest cell, at most a third of the table. 0 for columns of text. */
static double number_width(struct draw *w, const struct table *t, size_t k, double all)
{
	const struct pdf_block *b = t->b;
	str longest = { "", 0 };
	PangoLayout *l;
	double width;

	for (size_t r = 0; r < b->rows && t->number[k]; r++)
		if (b->cell[r * b->cols + k].n > longest.n)
			longest = b->cell[r * b->cols + k];
	if (!longest.n)
		return 0;
	l = pg_lay(w, longest, w->s->body, false, 0);
	width = pg_width(l) + 2 * t->pad_x + 0.5;
	g_object_unref(l);
	return width > all / 3 ? all / 3 : width;
}

static bool numbers_only(const struct pdf_block *b, size_t k)
{
	bool any = false;

	for (size_t r = 0; r < b->rows; r++) {
		if (!numeric(b->cell[r * b->cols + k]))
			return false;
		any |= b->cell[r * b->cols + k].n > 0;
	}
	return any;
}

/* Shares the width by weight; numbers that need more than their share get it from the rest. */
static void table_columns(struct draw *w, struct table *t)
{
	const struct pdf_block *b = t->b;
	double sum = 0, at = pg_left(w), all = pg_right(w) - at, rest = all, width[PDF_COLS];

	for (size_t k = 0; k < b->cols; k++) {
		t->number[k] = numbers_only(b, k);
		sum += b->weight[k] > 0 ? b->weight[k] : 1;
	}
	for (size_t k = 0; k < b->cols; k++) {
		int weight = b->weight[k] > 0 ? b->weight[k] : 1;

		width[k] = number_width(w, t, k, all);
		if (width[k] > rest * weight / sum) {
			rest -= width[k];
			sum -= weight;
		} else {
			width[k] = 0;
		}
	}
	for (size_t k = 0; k < b->cols; k++) {
		t->x[k] = at;
		at += width[k] > 0 || sum <= 0 ? width[k] : rest * (b->weight[k] > 0 ? b->weight[k] : 1) / sum;
	}
	t->x[b->cols] = at;
}

static void row_lay(struct draw *w, const struct table *t, const str *cell, bool head, PangoLayout *ret[PDF_COLS], double *ret_h)
{
	*ret_h = 0;
	for (size_t k = 0; k < t->b->cols; k++) {
		PangoLayout *l = pg_lay(w, cell[k], head ? w->s->small : w->s->body, head && w->s->black, t->x[k + 1] - t->x[k] - 2 * t->pad_x);

		pango_layout_set_alignment(l, t->number[k] ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
		*ret_h = pg_height(l) > *ret_h ? pg_height(l) : *ret_h;
		ret[k] = l;
	}
}

static void row_free(PangoLayout *l[PDF_COLS], size_t n)
{
	for (size_t k = 0; k < n; k++)
		g_object_unref(l[k]);
}

static void table_head(struct draw *w, const struct table *t)
{
	PangoLayout *l[PDF_COLS];
	double h;

	row_lay(w, t, t->b->head, true, l, &h);
	if (!w->s->black) {
		pg_ink(w, FILL);
		cairo_rectangle(w->cr, t->x[0], w->y, t->x[t->b->cols] - t->x[0], h + 2 * t->pad_y);
		cairo_fill(w->cr);
	}
	for (size_t k = 0; k < t->b->cols; k++)
		pg_show(w, l[k], t->x[k] + t->pad_x, w->y + t->pad_y, GREY);
	w->y += h + 2 * t->pad_y;
	pg_rule(w, t->x[0], t->x[t->b->cols], w->y, w->s->black ? 0.8 : 0.5, LINE);
	row_free(l, t->b->cols);
}

/* One row; a row longer than a page goes on on the next. */
static void table_row(struct draw *w, const struct table *t, const str *cell)
{
	PangoLayout *l[PDF_COLS];
	int at[PDF_COLS] = { 0 };
	double h;
	bool more = true;

	row_lay(w, t, cell, false, l, &h);
	if (w->y + h + 2 * t->pad_y > pg_floor(w)) {
		pg_new(w);
		table_head(w, t);
	}
	while (more && !w->e) {
		double room = pg_floor(w) - w->y - 2 * t->pad_y, used = 0;
		bool moved = false;

		more = false;
		for (size_t k = 0; k < t->b->cols; k++) {
			int next = pg_lines(w, l[k], t->x[k] + t->pad_x, w->y + t->pad_y, at[k], room, &h);

			moved |= next > at[k];
			at[k] = next;
			used = h > used ? h : used;
			more |= next < pango_layout_get_line_count(l[k]);
		}
		w->y += used + 2 * t->pad_y;
		pg_rule(w, t->x[0], t->x[t->b->cols], w->y, w->s->black ? 0.3 : 0.5, LINE);
		if (more && !moved)
			break;
		if (more) {
			pg_new(w);
			table_head(w, t);
		}
	}
	row_free(l, t->b->cols);
}

void pg_table(struct draw *w, const struct pdf_block *b)
{
	struct table t = { .b = b, .pad_x = w->s->black ? 2 : 6, .pad_y = w->s->black ? 1.5 : 4 };

	if (w->y < w->taken)
		w->y = w->taken;
	pg_space(w, w->s->gap / 3);
	pg_need(w, 6 * w->s->body);
	table_columns(w, &t);
	table_head(w, &t);
	for (size_t r = 0; r < b->rows && !w->e; r++)
		table_row(w, &t, b->cell + r * b->cols);
	w->y += w->s->gap / 2;
}
