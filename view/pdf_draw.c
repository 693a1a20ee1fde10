/* pdf_draw.c — a whole paper. Its pages are recorded first and written once their number is known. */
#include "view/pdf_page.h"
#include <cairo-pdf.h>

static const struct sheet sheets[] = {
	[PAPER_A4] = { 210 * MM, 297 * MM, 18 * MM, 16 * MM, 18 * MM, 19, 11.5, 9.5, 8.5, 12, false, false, 2, 46 },
	[PAPER_80MM] = { 80 * MM, 2000 * MM, 4 * MM, 4 * MM, 8 * MM, 13, 10, 9, 8, 7, true, true, 1, 30 },
	[PAPER_LABEL] = { 60 * MM, 40 * MM, 2.5 * MM, 2.5 * MM, 2 * MM, 11, 9, 8, 7, 2, true, false, 1, 20 },
};

/* The code stands beside the title, so it is drawn first; the heading of a further label turns the page. */
static const struct pdf_block *code_beside(struct draw *w, const struct pdf_block *b)
{
	bool label = w->d->paper == PAPER_LABEL;

	if (!b->next || b->next->kind != B_QR || (!label && (w->d->paper != PAPER_A4 || w->titled)))
		return NULL;
	if (label && w->y > w->s->top)
		pg_new(w);
	pg_qr(w, b->next);
	return b->next;
}

static void blocks(struct draw *w)
{
	const struct pdf_block *b = w->d->first, *drawn = NULL;

	while (b && !w->e) {
		const struct pdf_block *next = b->next;

		switch (b->kind) {
		case B_HEADING:
			drawn = code_beside(w, b);
			pg_heading(w, b);
			break;
		case B_QR:
			if (b != drawn)
				pg_qr(w, b);
			break;
		case B_PAIR: next = pg_pairs(w, b); break;
		case B_PARA: pg_para(w, b); break;
		case B_TABLE: pg_table(w, b); break;
		case B_SIGN: pg_sign(w, b); break;
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
	l = pg_lay(w, w->d->title, 7.5, false, 0);
	r = pg_lay(w, str_c(n), 7.5, false, 0);
	pg_show(w, l, w->s->x, y, GREY);
	pg_show(w, r, w->s->w - w->s->x - pg_width(r), y, GREY);
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

	pg_new(&w);
	blocks(&w);
	cairo_destroy(w.cr);
	if (!w.e)
		write_pages(&w, b);
	for (size_t i = 0; i < w.pages; i++)
		cairo_surface_destroy(w.page[i]);
	g_object_unref(w.pango);
	return w.e;
}
