/* chart.h — simple charts and QR codes as inline SVG: no script, prints, reads aloud. Results live in c->a.
 *
 * Colours are the style sheet's: every mark has class c1…c6 and a role: .bar .line .dot .slice .key (filled or stroked with the class's
 * colour), .grid, .axis (text), .num (text). The root is svg.chart, svg.spark, svg.donut or svg.qr. */
#pragma once
#include "view/view.h"

/* What the numbers are: plain, percent, or minor units of `cur`. */
struct chart {
	str title;                     /* accessible name */
	const str *label;              /* n, along the axis or one per slice */
	size_t n;
	const struct series *series;
	size_t n_series;               /* at most 6; a donut shows the first */
	char cur[4];                   /* "" = plain numbers */
	const char *unit;              /* behind a number: "%", " h"; NULL = none */
};
struct series { str name; const int64_t *v; };   /* chart.n values, NIL = gap */

html chart_bar(const struct ctx *c, const struct chart *m);    /* series side by side */
html chart_stack(const struct ctx *c, const struct chart *m);  /* series on top of each other; values from 0 */
html chart_line(const struct ctx *c, const struct chart *m);
html chart_donut(const struct ctx *c, const struct chart *m);
html chart_spark(const struct ctx *c, str title, const int64_t *v, size_t n);
/* Empty when content is longer than a code holds (about 2000 bytes). */
html qr_svg(const struct ctx *c, str content, str title);
