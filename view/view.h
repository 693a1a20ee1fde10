/* view.h — the only code that makes markup, JSON, CSV, XLSX and PDF. Knows no business word.
 *
 * Templates: slice/x/x.html is compiled by tools/tplc to x.html.c/.h. Lines:
 *   @include "slice/order/order.h"
 *   @template order_page(const struct order_page *m)     until @end: void order_page(struct out *o, const struct ctx *c, const struct order_page *m)
 *   @static template row(…)                              the same, local to the file
 *   @for (size_t i = 0; i < m->n; i++) … @end            C loop;  @while (…) … @end
 *   @if (cond) … @elif (cond) … @else … @end             C condition
 *   @let const struct line *l = &m->line[i];             C declaration or statement
 *   @call row(l)                                         another template: row(o, c, l)
 *   @// remark
 * Holes: {{expr}} typed by V(): text escaped, int digits, instant/day/money shown for the reader, html as it stands. {{_("Text")}} translates.
 *   In an attribute value (quoted only) the same, escaped; html does not compile there. In value/min/max a day, instant or money reads as
 *   inputs want it (2026-11-22, 2026-11-22T14:30, 1234.50), in datetime and data-* as programs do (RFC 3339). hx-vals and hx-headers take json. At the start of href/src/action/formaction/hx-get|post|put|patch|delete
 *   the value passes a scheme check (/, ?, #, http, https, mailto, tel; else "#"); after a literal prefix it is percent-encoded.
 *   {{?checked: cond}} inside a tag writes a boolean attribute when cond holds.
 *   Refused at build: a hole in script/style, in an on*= or style= or hx-on attribute, in an unquoted attribute, a tag or attribute name, a comment;
 *   blocks that open and close in different places of the markup. There is no raw syntax. */
#pragma once
#include "base/base.h"
#include "base/i18n.h"

struct out { struct buf b; };                          /* a page or document being made; cap from settings */
void out_lit(struct out *o, const char *p, size_t n);  /* template text */
void out_text(struct out *o, const struct ctx *c, struct val v);
void out_attr(struct out *o, const struct ctx *c, struct val v);
void out_url(struct out *o, const struct ctx *c, struct val v);       /* start of a URL attribute */
void out_urlpart(struct out *o, const struct ctx *c, struct val v);   /* behind a literal prefix of a URL attribute */
void out_value(struct out *o, const struct ctx *c, struct val v);     /* value, min, max of an input */
void out_iso(struct out *o, const struct ctx *c, struct val v);       /* datetime, data-* */
/* A hole in an attribute or a title: html does not compile there. */
void out_html_refused(struct out *o, const struct ctx *c, struct val v) __attribute__((error("html cannot stand in an attribute or a title")));
#define OUT_ATTR(fn, x) _Generic((x), html: out_html_refused, default: fn)(o, c, V(x))

/* A view: one model, every rendering. page draws the inside of <main> (the frame is the app's). */
struct view {
	const char *name;                              /* also the schema's name in OpenAPI */
	const char *title;                             /* catalogue key; page title when the model has none */
	void (*page)(struct out *o, const struct ctx *c, const void *model);
	const struct field *fields;                    /* JSON, CSV, XLSX, OpenAPI schema */
	size_t size;
};
/* Blanks or masks what the reader may not see, in place, once, before any renderer. */
void view_redact(const struct ctx *c, const struct field *f, void *model);
/* 138****5678 · 王* · a***@example.com: by the look of the text. */
str mask_text(struct arena *a, str s);

/* Streaming JSON: instants RFC 3339 in the reader's zone, money {"amount": minor units, "currency"}, days YYYY-MM-DD, enums by name, absent = null.
 * A list without descriptor holds str (size 16) or int64_t (size 8) elements. K_JSON goes out as it stands. */
void json_obj(struct out *o, const struct ctx *c, const struct field *f, const void *obj);
void json_val(struct out *o, const struct ctx *c, struct val v);
void json_str(struct out *o, str s);
/* One record / header of CSV (formula cells neutralised, BOM in the header). Lists inside are counted, objects flattened with a dot,
 * money takes two columns (price, price.currency), instants are RFC 3339. */
void csv_head(struct out *o, const struct ctx *c, const struct field *f);
void csv_row(struct out *o, const struct ctx *c, const struct field *f, const void *obj);
/* A workbook at path: real numbers, dates and money; header frozen and filtered. Headings are the field names as words, looked up in the
 * catalogue: owner.created_at reads _("Owner created at"). ERR_FULL: not writable; ERR_TOO_LARGE: too many rows. */
struct xlsx;
MUST enum err xlsx_open(struct ctx *c, const char *path, const char *sheet, const struct field *f, struct xlsx **ret);
void xlsx_row(struct xlsx *x, const struct ctx *c, const void *obj);
MUST enum err xlsx_close(struct xlsx *x);              /* writes the file */

/* PDF papers: A4, 80 mm thermal (as long as needed) or label (60 × 40 mm); Chinese and Latin; text flows, pages break, tables repeat their
 * head. The calls only record, texts are copied; pdf_close draws, one paper at a time in the process. At most 200 pages (ERR_TOO_LARGE).
 * The first heading is the title, later ones begin a section; on labels each heading begins a new label. */
enum paper { PAPER_A4, PAPER_80MM, PAPER_LABEL };
struct pdf;
MUST enum err pdf_open(struct ctx *c, enum paper p, str title, struct pdf **ret);
void pdf_heading(struct pdf *d, str text, str right);  /* title at left, e.g. the number at right */
void pdf_qr(struct pdf *d, str content, double mm);    /* top right (A4), centred (thermal), left (label) */
void pdf_pair(struct pdf *d, str label, str value);    /* label: value; two columns on A4, long values across */
void pdf_para(struct pdf *d, str text);
void pdf_table(struct pdf *d, const str *head, const int *weight, size_t cols /* ≤ 16 */, const str *cells, size_t rows);   /* columns of numbers align right */
void pdf_sign(struct pdf *d, const str *label, size_t n, const str *png /* may be NULL, or an image each */);
MUST enum err pdf_close(struct pdf *d, str *ret_bytes);/* bytes in c->a */

/* A pen's line of curves (two controls and an end each) on 300 × 100, as PNG bytes in a. */
str png_stroke(struct arena *a, const int (*at)[6], size_t n);
