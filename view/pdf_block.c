/* pdf_block.c — headings, codes, pairs, paragraphs and signatures. */
#include "view/pdf_page.h"
#include <qrencode.h>

enum { PNG_SIDE = 4000 };                /* pixels; a signature is smaller */

/* Bold, on one line if a somewhat smaller size allows it. */
static PangoLayout *lay_fit(struct draw *w, str s, double size, double width)
{
	PangoLayout *l = pg_lay(w, s, size, true, width);

	for (double k = size * 0.95; pango_layout_get_line_count(l) > 1 && k > size * 0.7; k *= 0.95) {
		g_object_unref(l);
		l = pg_lay(w, s, k, true, width);
	}
	return l;
}

void pg_heading(struct draw *w, const struct pdf_block *b)
{
	bool title = !w->titled || w->d->paper == PAPER_LABEL;
	double size = title ? w->s->title : w->s->section, h;
	PangoLayout *l, *r;

	if (w->d->paper == PAPER_LABEL && w->y > w->s->top)
		pg_new(w);
	pg_space(w, title ? 0 : w->s->gap);
	r = pg_lay(w, b->right, title ? w->s->section : w->s->body, false, 0);
	l = lay_fit(w, b->text, size, pg_right(w) - pg_left(w) - (b->right.n ? pg_width(r) + w->s->body : 0));
	h = pg_height(l);
	pg_need(w, h + (b->next && (b->next->kind == B_TABLE || b->next->kind == B_SIGN) ? 10 : 5) * w->s->body);      /* not alone at the foot */
	pg_show(w, l, pg_left(w), w->y, INK);
	if (b->right.n)
		pg_show(w, r, pg_right(w) - pg_width(r), w->y + pg_baseline(l) - pg_baseline(r), GREY);
	w->y += h + (title ? 5 : 2.5);
	if (w->d->paper != PAPER_LABEL) {
		if (title || !b->next || b->next->kind != B_TABLE)
			pg_rule(w, pg_left(w), pg_right(w), w->y, title ? 1.4 : 0.5, title ? ACCENT : LINE);
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

void pg_qr(struct draw *w, const struct pdf_block *b)
{
	double side = b->mm * MM, x;
	char *text = strndup(b->text.p, b->text.n);
	QRcode *q = text ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;

	free(text);
	if (!q) {
		w->e = ERR_TOO_LARGE;
		return;
	}
	pg_need(w, side);
	x = w->s->w - w->s->x - side;
	if (w->d->paper == PAPER_80MM) {
		pg_space(w, w->s->gap);
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
		PangoLayout *l = pg_lay(w, b->text, w->s->small, false, 0);

		max = pg_width(l) > max ? pg_width(l) : max;
		g_object_unref(l);
	}
	max += w->s->small;
	return max > column * 0.42 ? column * 0.42 : max;
}

struct cell { PangoLayout *label, *value; double h; bool wide; };

static struct cell pair_cell(struct draw *w, const struct pdf_block *b, double lw, double column, double all)
{
	struct cell c = { .label = pg_lay(w, b->text, w->s->small, false, lw - 4), .value = pg_lay(w, b->right, w->s->body, false, 0) };
	double lh;

	c.wide = pg_width(c.value) > column - lw;
	pango_layout_set_width(c.value, (int)((c.wide ? all - lw : column - lw) * PANGO_SCALE));
	lh = pg_height(c.label) + pg_baseline(c.value) - pg_baseline(c.label);
	c.h = pg_height(c.value) > lh ? pg_height(c.value) : lh;
	return c;
}

/* A run of pairs; returns the block behind it. Long values take the whole width. */
const struct pdf_block *pg_pairs(struct draw *w, const struct pdf_block *b)
{
	size_t at = 0, cols = w->s->pair_cols;
	double row_h = 0, left = pg_left(w), all = pg_right(w) - left, column = (all - (cols > 1 ? 16 : 0)) / (double)cols, lw = label_width(w, b, column);

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
		if (!at && c.h < pg_floor(w) - w->s->top)
			pg_need(w, c.h);
		pg_show(w, c.label, left + (double)at * (column + 16), w->y + pg_baseline(c.value) - pg_baseline(c.label), GREY);
		pg_show(w, c.value, left + (double)at * (column + 16) + lw, w->y, INK);
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

void pg_para(struct draw *w, const struct pdf_block *b)
{
	PangoLayout *l = pg_lay(w, b->text, w->s->body, false, pg_right(w) - pg_left(w));
	int k = 0, n = pango_layout_get_line_count(l);
	double h;

	pg_space(w, w->s->gap / 3);
	pg_need(w, n > 1 ? 3 * w->s->body : w->s->body);
	while (k < n && !w->e) {
		bool fresh = w->y <= w->s->top;
		int next = pg_lines(w, l, pg_left(w), w->y, k, pg_floor(w) - w->y, &h);

		if (next == k && fresh)
			break;
		k = next;
		w->y += h;
		if (k < n)
			pg_new(w);
	}
	w->y += w->s->gap / 3;
	g_object_unref(l);
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

void pg_sign(struct draw *w, const struct pdf_block *b)
{
	size_t across = b->cols < 1 ? 1 : w->s->pair_cols == 1 ? 1 : b->cols > 3 ? 3 : b->cols;
	double gap = 18, width = (pg_right(w) - pg_left(w) - gap * (double)(across - 1)) / (double)across, h = w->s->black ? 34 : 46;

	if (w->y < w->taken)
		w->y = w->taken;
	pg_space(w, w->s->gap);
	for (size_t i = 0; i < b->cols && !w->e; i++) {
		PangoLayout *l = pg_lay(w, b->head[i], w->s->small, false, width);
		double x;

		if (i % across == 0)
			pg_need(w, h + pg_height(l) + 6);
		x = pg_left(w) + (double)(i % across) * (width + gap);
		if (b->cell && b->cell[i].n)
			signature(w, b->cell[i], x + 4, w->y, width - 8, h - 4);
		pg_rule(w, x, x + width, w->y + h, 0.7, INK);
		pg_show(w, l, x, w->y + h + 3, GREY);
		if (i % across == across - 1 || i + 1 == b->cols)
			w->y += h + pg_height(l) + 10;
		g_object_unref(l);
	}
}
