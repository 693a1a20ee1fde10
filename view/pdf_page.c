/* pdf_page.c — pages, ink and text. */
#include "view/pdf_page.h"

#define FONT "WenQuanYi Micro Hei, Noto Sans CJK SC, sans-serif"

static const double inks[][3] = {
	[INK] = { 0.10, 0.12, 0.16 }, [GREY] = { 0.40, 0.44, 0.50 }, [ACCENT] = { 0.07, 0.33, 0.58 }, [LINE] = { 0.80, 0.83, 0.86 },
	[FILL] = { 0.945, 0.955, 0.968 },
};

double pg_left(const struct draw *w) { return w->s->x + (w->y < w->taken ? w->left : 0); }
double pg_right(const struct draw *w) { return w->s->w - w->s->x - (w->y < w->taken ? w->right : 0); }
double pg_floor(const struct draw *w) { return w->s->h - w->s->bottom; }

void pg_ink(struct draw *w, enum ink i)
{
	if (w->s->black && i != FILL)
		cairo_set_source_rgb(w->cr, 0, 0, 0);
	else
		cairo_set_source_rgb(w->cr, inks[i][0], inks[i][1], inks[i][2]);
}

void pg_rule(struct draw *w, double x, double to, double y, double width, enum ink i)
{
	pg_ink(w, i);
	cairo_set_line_width(w->cr, width);
	cairo_move_to(w->cr, x, y);
	cairo_line_to(w->cr, to, y);
	cairo_stroke(w->cr);
}

/* ---- pages ---- */

void pg_new(struct draw *w)
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

void pg_need(struct draw *w, double h)
{
	if (w->y + h > pg_floor(w) && w->y > w->s->top)
		pg_new(w);
}

void pg_space(struct draw *w, double h)
{
	if (w->y > w->s->top)
		w->y += h;
}

/* ---- text ---- */

PangoLayout *pg_lay(struct draw *w, str s, double size, bool bold, double width)
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

double pg_width(PangoLayout *l)
{
	int x, y;

	pango_layout_get_size(l, &x, &y);
	return (double)x / PANGO_SCALE;
}

double pg_height(PangoLayout *l)
{
	int x, y;

	pango_layout_get_size(l, &x, &y);
	return (double)y / PANGO_SCALE;
}

void pg_show(struct draw *w, PangoLayout *l, double x, double y, enum ink i)
{
	pg_ink(w, i);
	cairo_move_to(w->cr, x, y);
	pango_cairo_show_layout(w->cr, l);
}

double pg_baseline(PangoLayout *l) { return (double)pango_layout_get_baseline(l) / PANGO_SCALE; }

int pg_lines(struct draw *w, PangoLayout *l, double x, double y, int from, double room, double *ret_h)
{
	PangoLayoutIter *it = pango_layout_get_iter(l);
	double start = 0;
	int k = 0;

	*ret_h = 0;
	pg_ink(w, INK);
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
