/* pdf_page.h — drawing on the pages of a paper. Lengths are points (1/72 inch); y grows downwards. */
#pragma once
#include "view/pdf_int.h"
#include <pango/pangocairo.h>

#define MM (72.0 / 25.4)
enum { PAGES = 200 };

struct sheet {
	double w, h, x, top, bottom;   /* margins: x at both sides */
	double title, section, body, small;
	double gap;                    /* between blocks */
	bool black;                    /* thermal heads print no grey */
	bool flows;                    /* one page as long as needed */
	size_t pair_cols;
	double label;                  /* least width of a pair's label */
};

enum ink { INK, GREY, ACCENT, LINE, FILL };

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

/* ---- pdf_page.c ---- */
double pg_left(const struct draw *w);           /* of the text at w->y */
double pg_right(const struct draw *w);
double pg_floor(const struct draw *w);
void pg_ink(struct draw *w, enum ink i);
void pg_rule(struct draw *w, double x, double to, double y, double width, enum ink i);
void pg_new(struct draw *w);
void pg_need(struct draw *w, double h);         /* room for h points, on a new page if this one has not that much */
void pg_space(struct draw *w, double h);        /* but not at the top of a page */
/* Text laid out; width 0 = one line. g_object_unref it. */
PangoLayout *pg_lay(struct draw *w, str s, double size, bool bold, double width);
double pg_width(PangoLayout *l);
double pg_height(PangoLayout *l);
double pg_baseline(PangoLayout *l);
void pg_show(struct draw *w, PangoLayout *l, double x, double y, enum ink i);
/* Draws lines of l from number `from` on, as many as fit into `room`; returns the first one left over and the height used. */
int pg_lines(struct draw *w, PangoLayout *l, double x, double y, int from, double room, double *ret_h);

/* ---- pdf_block.c, pdf_table.c ---- */
void pg_heading(struct draw *w, const struct pdf_block *b);
void pg_qr(struct draw *w, const struct pdf_block *b);
const struct pdf_block *pg_pairs(struct draw *w, const struct pdf_block *b);    /* a run of pairs; returns the block behind it */
void pg_para(struct draw *w, const struct pdf_block *b);
void pg_sign(struct draw *w, const struct pdf_block *b);
void pg_table(struct draw *w, const struct pdf_block *b);
