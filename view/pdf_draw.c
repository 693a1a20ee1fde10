/* pdf_draw.c — lays the blocks of a paper out and draws them. Lengths are points (1/72 inch).
 * Pages are recorded first and written once their number is known. */
#include "view/pdf_int.h"
#include "base/i18n.h"
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#define MM (72.0 / 25.4)
#define FONT "WenQuanYi Micro Hei, Noto Sans CJK SC, sans-serif"
enum { PAGES = 200, COLS = 16, PNG_SIDE = 4000 };

struct sheet {
	double w, h, x, top, bottom;   /* margins: x at both sides */
	double title, section, body, small;
	double gap;                    /* between blocks */
	bool black;                    /* thermal heads print no grey */
	bool flows;                    /* one page as long as needed */
	size_t pair_cols;
	double label;                  /* least width of a pair's label */
};
static const struct sheet sheets[] = {
	[PAPER_A4] = { 210 * MM, 297 * MM, 18 * MM, 16 * MM, 18 * MM, 19, 11.5, 9.5, 8.5, 12, false, false, 2, 46 },
	[PAPER_80MM] = { 80 * MM, 2000 * MM, 4 * MM, 4 * MM, 8 * MM, 13, 10, 9, 8, 7, true, true, 1, 30 },
	[PAPER_LABEL] = { 60 * MM, 40 * MM, 2.5 * MM, 2.5 * MM, 2 * MM, 11, 9, 8, 7, 2, true, false, 1, 20 },
};

enum ink { INK, GREY, ACCENT, LINE, FILL };
static const double inks[][3] = {
	[INK] = { 0.10, 0.12, 0.16 }, [GREY] = { 0.40, 0.44, 0.50 }, [ACCENT] = { 0.07, 0.33, 0.58 }, [LINE] = { 0.80, 0.83, 0.86 },
	[FILL] = { 0.945, 0.955, 0.968 },
};

struct draw {
	const struct pdf *d;
	const struct sheet *s;
	PangoContext *pango;
	cairo_surface_t *page[PAGES];
	size_t pages;
	cairo_t *cr;
	double y;
	double taken, left, right;     /* above y = taken the QR code narrows the page */
	bool titled;
	enum err e;
};

static double x0(const struct draw *w) { return w->s->x + (w->y < w->taken ? w->left : 0); }
static double x1(const struct draw *w) { return w->s->w - w->s->x - (w->y < w->taken ? w->right : 0); }
static double floor_of(const struct draw *w) { return w->s->h - w->s->bottom; }

static void ink(struct draw *w, enum ink i)
{
	if (w->s->black && i != FILL)
		cairo_set_source_rgb(w->cr, 0, 0, 0);
	else
		cairo_set_source_rgb(w->cr, inks[i][0], inks[i][1], inks[i][2]);
}

static void rule(struct draw *w, double x, double to, double y, double width, enum ink i)
{
	ink(w, i);
	cairo_set_line_width(w->cr, width);
	cairo_move_to(w->cr, x, y);
	cairo_line_to(w->cr, to, y);
	cairo_stroke(w->cr);
}

/* ---- pages ---- */

static void new_page(struct draw *w)
{
	cairo_rectangle_t all = { 0, 0, w->s->w, w->s->h };

	if (w->cr)
		cairo_destroy(w->cr);
	if (w->pages == PAGES) {
		w->e = ERR_TOO_LARGE;
		w->pages--;
		cairo_surface_destroy(w->page[w->pages]);
	}
	w->page[w->pages] = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &all);
	w->cr = cairo_create(w->page[w->pages++]);
	w->y = w->s->top;
	w->taken = 0;
}

/* Room for h points, on a new page if this one has not that much. */
static void need(struct draw *w, double h)
{
	if (w->y + h > floor_of(w) && w->y > w->s->top)
		new_page(w);
}

static void space(struct draw *w, double h)
{
	if (w->y > w->s->top)
		w->y += h;
}

/* ---- text ---- */

static PangoLayout *lay(struct draw *w, str s, double size, bool bold, double width)
{
	PangoFontDescription *f = pango_font_description_from_string(FONT);
	PangoLayout *l = pango_layout_new(w->pango);

	pango_font_description_set_size(f, (int)(size * PANGO_SCALE));
	pango_font_description_set_weight(f, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(l, f);
	pango_font_description_free(f);
	pango_layout_set_text(l, s.p ? s.p : "", (int)(s.n > 100000 ? 0 : s.n));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(l, 1.22f);
	if (width > 0)
		pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	return l;
}

static double width_of(PangoLayout *l)
{
	int x, y;

	pango_layout_get_size(l, &x, &y);
	return (double)x / PANGO_SCALE;
}

static double height_of(PangoLayout *l)
{
	int x, y;

	pango_layout_get_size(l, &x, &y);
	return (double)y / PANGO_SCALE;
}

static void show_at(struct draw *w, PangoLayout *l, double x, double y, enum ink i)
{
	ink(w, i);
	cairo_move_to(w->cr, x, y);
	pango_cairo_show_layout(w->cr, l);
}

static double baseline_of(PangoLayout *l) { return (double)pango_layout_get_baseline(l) / PANGO_SCALE; }

/* Draws lines of l from number `from` on, as many as fit into `room`; returns the first one left over and the height used. */
static int show_lines(struct draw *w, PangoLayout *l, double x, double y, int from, double room, double *ret_h)
{
	PangoLayoutIter *it = pango_layout_get_iter(l);
	double start = 0;
	int k = 0;

	*ret_h = 0;
	ink(w, INK);
	do {
		PangoRectangle r;
		int top, end;
		double bottom;

		pango_layout_iter_get_line_extents(it, NULL, &r);
		pango_layout_iter_get_line_yrange(it, &top, &end);
		if (k == from)
			start = (double)top / PANGO_SCALE;
		bottom = (double)end / PANGO_SCALE - start;
		if (k >= from && bottom > room + 0.01)
			break;
		if (k >= from) {
			cairo_move_to(w->cr, x + (double)r.x / PANGO_SCALE, y + (double)pango_layout_iter_get_baseline(it) / PANGO_SCALE - start);
			pango_cairo_show_layout_line(w->cr, pango_layout_iter_get_line_readonly(it));
			*ret_h = bottom;
		}
		k++;
	} while (pango_layout_iter_next_line(it));
	pango_layout_iter_free(it);
	return k > from ? k : from;
}

/* Bold, on one line if a somewhat smaller size allows it. */
static PangoLayout *lay_fit(struct draw *w, str s, double size, double width)
{
	PangoLayout *l = lay(w, s, size, true, width);

	for (double k = size * 0.95; pango_layout_get_line_count(l) > 1 && k > size * 0.7; k *= 0.95) {
		g_object_unref(l);
		l = lay(w, s, k, true, width);
	}
	return l;
}

/* ---- blocks ---- */

static void heading(struct draw *w, const struct pdf_block *b)
{
	bool title = !w->titled;
	double size = title ? w->s->title : w->s->section, h;
	PangoLayout *l, *r;

	if (w->d->paper == PAPER_LABEL && w->titled && w->y > w->s->top) {
		new_page(w);
		size = w->s->title;
	}
	space(w, title ? 0 : w->s->gap);
	r = lay(w, b->right, title ? w->s->section : w->s->body, false, 0);
	l = lay_fit(w, b->text, size, x1(w) - x0(w) - (b->right.n ? width_of(r) + w->s->body : 0));
	h = height_of(l);
	need(w, h + 4 * w->s->body);           /* no heading alone at the foot of a page */
	show_at(w, l, x0(w), w->y, INK);
	if (b->right.n)
		show_at(w, r, x1(w) - width_of(r), w->y + baseline_of(l) - baseline_of(r), GREY);
	w->y += h + (title ? 5 : 2.5);
	if (w->d->paper != PAPER_LABEL) {
		if (title || !b->next || b->next->kind != B_TABLE)
			rule(w, x0(w), x1(w), w->y, title ? 1.4 : 0.5, title ? ACCENT : LINE);
		w->y += title ? 9 : 6;
	}
	w->titled = true;
	g_object_unref(l);
	g_object_unref(r);
}

static void qr_modules(struct draw *w, const QRcode *q, double x, double y, double side)
{
	double m = side / q->width;

	cairo_set_source_rgb(w->cr, 0, 0, 0);
	for (int r = 0; r < q->width; r++) {
		for (int k = 0, run; k < q->width; k += run ? run : 1) {
			for (run = 0; k + run < q->width && (q->data[r * q->width + k + run] & 1);)
				run++;
			if (run)
				cairo_rectangle(w->cr, x + k * m, y + r * m, run * m, m);
		}
	}
	cairo_fill(w->cr);
}

static void qr_block(struct draw *w, const struct pdf_block *b)
{
	double side = b->mm * MM, x;
	char *text = strndup(b->text.p, b->text.n);
	QRcode *q = text ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;

	free(text);
	if (!q) {
		w->e = ERR_TOO_LARGE;
		return;
	}
	need(w, side);
	x = w->s->w - w->s->x - side;
	if (w->d->paper == PAPER_80MM) {
		space(w, w->s->gap);
		x = (w->s->w - side) / 2;
	} else if (w->d->paper == PAPER_LABEL) {
		x = w->s->x;
	}
	qr_modules(w, q, x, w->y, side);
	QRcode_free(q);
	if (w->d->paper == PAPER_80MM) {
		w->y += side + w->s->gap;
		return;
	}
	w->taken = w->y + side + 4;
	w->left = w->d->paper == PAPER_LABEL ? side + 6 : 0;
	w->right = w->d->paper == PAPER_A4 ? side + 16 : 0;
}

/* Widest label of the pairs from b on, at most a share of the column. */
static double label_width(struct draw *w, const struct pdf_block *b, double column)
{
	double max = w->s->label - w->s->small;

	for (; b && b->kind == B_PAIR; b = b->next) {
		PangoLayout *l = lay(w, b->text, w->s->small, false, 0);

		max = width_of(l) > max ? width_of(l) : max;
		g_object_unref(l);
	}
	max += w->s->small;
	return max > column * 0.42 ? column * 0.42 : max;
}

struct cell { PangoLayout *label, *value; double h; bool wide; };

static struct cell pair_cell(struct draw *w, const struct pdf_block *b, double lw, double column, double all)
{
	struct cell c = { .label = lay(w, b->text, w->s->small, false, lw - 4), .value = lay(w, b->right, w->s->body, false, 0) };
	double lh;

	c.wide = width_of(c.value) > column - lw;
	pango_layout_set_width(c.value, (int)((c.wide ? all - lw : column - lw) * PANGO_SCALE));
	lh = height_of(c.label) + baseline_of(c.value) - baseline_of(c.label);
	c.h = height_of(c.value) > lh ? height_of(c.value) : lh;
	return c;
}

/* A run of pairs; returns the block behind it. Long values take the whole width. */
static const struct pdf_block *pairs(struct draw *w, const struct pdf_block *b)
{
	size_t at = 0, cols = w->s->pair_cols;
	double row_h = 0, left = x0(w), all = x1(w) - left, column = (all - (cols > 1 ? 16 : 0)) / (double)cols, lw = label_width(w, b, column);

	while (b && b->kind == B_PAIR) {
		struct cell c = pair_cell(w, b, lw, column, all);

		if (c.wide && at) {
			w->y += row_h + 3;
			at = 0;
			row_h = 0;
			g_object_unref(c.label);
			g_object_unref(c.value);
			continue;
		}
		if (!at && c.h < floor_of(w) - w->s->top)
			need(w, c.h);
		show_at(w, c.label, left + (double)at * (column + 16), w->y + baseline_of(c.value) - baseline_of(c.label), GREY);
		show_at(w, c.value, left + (double)at * (column + 16) + lw, w->y, INK);
		row_h = c.h > row_h ? c.h : row_h;
		at = c.wide ? cols : at + 1;
		g_object_unref(c.label);
		g_object_unref(c.value);
		b = b->next;
		if (at >= cols || !b || b->kind != B_PAIR) {
			w->y += row_h + (w->s->black ? 1.5 : 3.5);
			at = 0;
			row_h = 0;
		}
	}
	return b;
}

static void para(struct draw *w, const struct pdf_block *b)
{
	PangoLayout *l = lay(w, b->text, w->s->body, false, x1(w) - x0(w));
	int k = 0, n = pango_layout_get_line_count(l);
	double h;

	space(w, w->s->gap / 3);
	need(w, n > 1 ? 3 * w->s->body : w->s->body);
	while (k < n && !w->e) {
		bool fresh = w->y <= w->s->top;
		int next = show_lines(w, l, x0(w), w->y, k, floor_of(w) - w->y, &h);

		if (next == k && fresh)
			break;
		k = next;
		w->y += h;
		if (k < n)
			new_page(w);
	}
	w->y += w->s->gap / 3;
	g_object_unref(l);
}

/* ---- tables ---- */

struct table {
	const struct pdf_block *b;
	double x[COLS + 1];
	bool number[COLS];
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

static void table_columns(struct draw *w, struct table *t)
{
	const struct pdf_block *b = t->b;
	double sum = 0, at = x0(w), all = x1(w) - at;

	for (size_t k = 0; k < b->cols; k++)
		sum += b->weight[k] > 0 ? b->weight[k] : 1;
	for (size_t k = 0; k < b->cols; k++) {
		t->x[k] = at;
		at += all * (b->weight[k] > 0 ? b->weight[k] : 1) / sum;
		t->number[k] = b->rows > 0;
		for (size_t r = 0; r < b->rows; r++)
			t->number[k] &= numeric(b->cell[r * b->cols + k]);
	}
	t->x[b->cols] = at;
}

static void row_lay(struct draw *w, const struct table *t, const str *cell, bool head, PangoLayout *ret[COLS], double *ret_h)
{
	*ret_h = 0;
	for (size_t k = 0; k < t->b->cols; k++) {
		PangoLayout *l = lay(w, cell[k], head ? w->s->small : w->s->body, head && w->s->black, t->x[k + 1] - t->x[k] - 2 * t->pad_x);

		pango_layout_set_alignment(l, t->number[k] ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
		*ret_h = height_of(l) > *ret_h ? height_of(l) : *ret_h;
		ret[k] = l;
	}
}

static void row_free(PangoLayout *l[COLS], size_t n)
{
	for (size_t k = 0; k < n; k++)
		g_object_unref(l[k]);
}

static void table_head(struct draw *w, const struct table *t)
{
	PangoLayout *l[COLS];
	double h;

	row_lay(w, t, t->b->head, true, l, &h);
	if (!w->s->black) {
		ink(w, FILL);
		cairo_rectangle(w->cr, t->x[0], w->y, t->x[t->b->cols] - t->x[0], h + 2 * t->pad_y);
		cairo_fill(w->cr);
	}
	for (size_t k = 0; k < t->b->cols; k++)
		show_at(w, l[k], t->x[k] + t->pad_x, w->y + t->pad_y, GREY);
	w->y += h + 2 * t->pad_y;
	rule(w, t->x[0], t->x[t->b->cols], w->y, w->s->black ? 0.8 : 0.5, LINE);
	row_free(l, t->b->cols);
}

/* One row; a row longer than a page goes on on the next. */
static void table_row(struct draw *w, const struct table *t, const str *cell)
{
	PangoLayout *l[COLS];
	int at[COLS] = { 0 };
	double h;
	bool more = true;

	row_lay(w, t, cell, false, l, &h);
	if (w->y + h + 2 * t->pad_y > floor_of(w)) {
		new_page(w);
		table_head(w, t);
	}
	while (more && !w->e) {
		double room = floor_of(w) - w->y - 2 * t->pad_y, used = 0;
		bool moved = false;

		more = false;
		for (size_t k = 0; k < t->b->cols; k++) {
			int next = show_lines(w, l[k], t->x[k] + t->pad_x, w->y + t->pad_y, at[k], room, &h);

			moved |= next > at[k];
			at[k] = next;
			used = h > used ? h : used;
			more |= next < pango_layout_get_line_count(l[k]);
		}
		w->y += used + 2 * t->pad_y;
		rule(w, t->x[0], t->x[t->b->cols], w->y, w->s->black ? 0.3 : 0.5, LINE);
		if (more && !moved)
			break;
		if (more) {
			new_page(w);
			table_head(w, t);
		}
	}
	row_free(l, t->b->cols);
}

static void table(struct draw *w, const struct pdf_block *b)
{
	struct table t = { .b = b, .pad_x = w->s->black ? 2 : 6, .pad_y = w->s->black ? 1.5 : 4 };

	if (b->cols == 0 || b->cols > COLS)
		return;
	if (w->y < w->taken)
		w->y = w->taken;
	space(w, w->s->gap / 3);
	need(w, 6 * w->s->body);
	table_columns(w, &t);
	table_head(w, &t);
	for (size_t r = 0; r < b->rows && !w->e; r++)
		table_row(w, &t, b->cell + r * b->cols);
	w->y += w->s->gap / 2;
}

/* ---- signatures ---- */

struct bytes { str s; size_t at; };

static cairo_status_t read_bytes(void *arg, unsigned char *to, unsigned n)
{
	struct bytes *b = arg;

	if (b->s.n - b->at < n)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(to, b->s.p + b->at, n);
	b->at += n;
	return CAIRO_STATUS_SUCCESS;
}

static unsigned be32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (unsigned)u[0] << 24 | (unsigned)u[1] << 16 | (unsigned)u[2] << 8 | u[3];
}

/* NULL when it is no PNG of reasonable size. */
static cairo_surface_t *png(str s)
{
	struct bytes b = { .s = s };
	cairo_surface_t *img;

	if (s.n < 33 || memcmp(s.p, "\x89PNG\r\n\x1a\n", 8) || be32(s.p + 16) - 1 >= PNG_SIDE || be32(s.p + 20) - 1 >= PNG_SIDE)
		return NULL;
	img = cairo_image_surface_create_from_png_stream(read_bytes, &b);
	if (cairo_surface_status(img) == CAIRO_STATUS_SUCCESS)
		return img;
	cairo_surface_destroy(img);
	return NULL;
}

static void signature(struct draw *w, str bytes, double x, double y, double width, double height)
{
	cairo_surface_t *img = png(bytes);
	double iw, ih, k;

	if (!img)
		return;
	iw = cairo_image_surface_get_width(img);
	ih = cairo_image_surface_get_height(img);
	k = width / iw < height / ih ? width / iw : height / ih;
	cairo_save(w->cr);
	cairo_translate(w->cr, x, y + height - ih * k);
	cairo_scale(w->cr, k, k);
	cairo_set_source_surface(w->cr, img, 0, 0);
	cairo_paint(w->cr);
	cairo_restore(w->cr);
	cairo_surface_destroy(img);
}

static void sign(struct draw *w, const struct pdf_block *b)
{
	size_t across = b->cols < 1 ? 1 : w->s->pair_cols == 1 ? 1 : b->cols > 3 ? 3 : b->cols;
	double gap = 18, width = (x1(w) - x0(w) - gap * (double)(across - 1)) / (double)across, h = w->s->black ? 34 : 46;

	if (w->y < w->taken)
		w->y = w->taken;
	space(w, w->s->gap);
	for (size_t i = 0; i < b->cols && !w->e; i++) {
		PangoLayout *l = lay(w, b->head[i], w->s->small, false, width);
		double x;

		if (i % across == 0)
			need(w, h + height_of(l) + 6);
		x = x0(w) + (double)(i % across) * (width + gap);
		if (b->cell && b->cell[i].n)
			signature(w, b->cell[i], x + 4, w->y, width - 8, h - 4);
		rule(w, x, x + width, w->y + h, 0.7, INK);
		show_at(w, l, x, w->y + h + 3, GREY);
		if (i % across == across - 1 || i + 1 == b->cols)
			w->y += h + height_of(l) + 10;
		g_object_unref(l);
	}
}

/* ---- the whole ---- */

static void blocks(struct draw *w)
{
	const struct pdf_block *b = w->d->first, *early = NULL;

	/* The code stands at the top, beside the title, whichever comes first. */
	if (b && b->kind == B_HEADING && b->next && b->next->kind == B_QR && w->d->paper != PAPER_80MM) {
		early = b->next;
		qr_block(w, early);
	}
	while (b && !w->e) {
		const struct pdf_block *next = b->next;

		switch (b->kind) {
		case B_HEADING: heading(w, b); break;
		case B_QR: if (b != early) qr_block(w, b); break;
		case B_PAIR: next = pairs(w, b); break;
		case B_PARA: para(w, b); break;
		case B_TABLE: table(w, b); break;
		case B_SIGN: sign(w, b); break;
		}
		b = next;
	}
}

static void foot(struct draw *w, size_t i)
{
	char n[32];
	double y = w->s->h - 11 * MM;
	PangoLayout *l, *r;

	snprintf(n, sizeof n, "%zu / %zu", i + 1, w->pages);
	l = lay(w, w->d->title, 7.5, false, 0);
	r = lay(w, str_c(n), 7.5, false, 0);
	show_at(w, l, w->s->x, y, GREY);
	show_at(w, r, w->s->w - w->s->x - width_of(r), y, GREY);
	g_object_unref(l);
	g_object_unref(r);
}

static cairo_status_t write_bytes(void *arg, const unsigned char *p, unsigned n)
{
	buf_put(arg, p, n);
	return ((struct buf *)arg)->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void write_pages(struct draw *w, struct buf *b)
{
	double h = w->s->flows && w->pages == 1 ? w->y + w->s->bottom : w->s->h;
	cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(write_bytes, b, w->s->w, h);

	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, w->d->title.p);
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "baoxiu");
	cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, w->d->made.p);
	w->cr = cairo_create(pdf);
	for (size_t i = 0; i < w->pages; i++) {
		cairo_set_source_surface(w->cr, w->page[i], 0, 0);
		cairo_paint(w->cr);
		if (w->d->paper == PAPER_A4)
			foot(w, i);
		cairo_show_page(w->cr);
	}
	cairo_destroy(w->cr);
	cairo_surface_finish(pdf);
	if (cairo_surface_status(pdf) != CAIRO_STATUS_SUCCESS && !w->e)
		w->e = b->overflow ? ERR_TOO_LARGE : ERR_BUSY;
	cairo_surface_destroy(pdf);
}

static PangoContext *open_pango(void)
{
	static PangoFontMap *fonts;            /* the process's one map; callers hold the lock */
	cairo_font_options_t *o = cairo_font_options_create();
	PangoContext *p;

	if (!fonts) {
		fonts = pango_cairo_font_map_new();
		pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(fonts), 72);
	}
	p = pango_font_map_create_context(fonts);
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(p, o);
	pango_context_set_round_glyph_positions(p, FALSE);
	pango_context_set_language(p, pango_language_from_string("zh-cn"));
	cairo_font_options_destroy(o);
	return p;
}

enum err pdf_draw(const struct pdf *d, struct buf *b)
{
	struct draw w = { .d = d, .s = &sheets[d->paper], .pango = open_pango() };

	new_page(&w);
	blocks(&w);
	cairo_destroy(w.cr);
	if (!w.e)
		write_pages(&w, b);
	for (size_t i = 0; i < w.pages; i++)
		cairo_surface_destroy(w.page[i]);
	g_object_unref(w.pango);
	return w.e;
}
