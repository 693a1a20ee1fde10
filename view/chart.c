/* chart.c — bars, lines, slices. Coordinates are whole units of the viewBox but for arcs and thin bars. */
#include "view/chart.h"
#include "base/i18n.h"
#include <math.h>

enum { W = 640, H = 240, RIGHT = 8, TOP = 12, FOOT = 28, KEY = 22, SERIES = 6, TICKS = 5 };

struct plot {
	struct out o;
	const struct ctx *c;
	const struct chart *m;
	size_t n_series;
	double lo, hi, step;           /* of the value axis */
	double left, bottom;
};

static void put(struct plot *p, const char *s) { buf_put(&p->o.b, s, strlen(s)); }

static str number(const struct plot *p, int64_t v)
{
	struct val x = v_int(v);

	if (*p->m->cur) {
		x.kind = K_MONEY;
		memcpy(x.cur, p->m->cur, sizeof x.cur);
	}
	return p->m->unit ? arena_fmt(p->c->a, "%.*s%s", STR_ARG(show(p->c, x)), p->m->unit) : show(p->c, x);
}

static int64_t value(const struct plot *p, size_t s, size_t i)
{
	int64_t v = p->m->series[s].v[i];

	return v == NIL ? 0 : v;
}

/* <title> of a mark: "March, Hangzhou: 12". */
static void mark_title(struct plot *p, size_t s, size_t i)
{
	put(p, "<title>");
	out_text(&p->o, p->c, v_str(p->m->label[i]));
	if (p->n_series > 1) {
		put(p, ", ");
		out_text(&p->o, p->c, v_str(p->m->series[s].name));
	}
	put(p, ": ");
	out_text(&p->o, p->c, v_str(number(p, p->m->series[s].v[i])));
	put(p, "</title>");
}

/* Everything once more in words, for those who cannot see it. */
static void describe(struct plot *p)
{
	put(p, "<desc>");
	for (size_t s = 0; s < p->n_series; s++) {
		if (p->m->series[s].name.n) {
			out_text(&p->o, p->c, v_str(p->m->series[s].name));
			put(p, ": ");
		}
		for (size_t i = 0; i < p->m->n; i++) {
			if (p->m->series[s].v[i] == NIL)
				continue;
			out_text(&p->o, p->c, v_str(p->m->label[i]));
			put(p, " ");
			out_text(&p->o, p->c, v_str(number(p, p->m->series[s].v[i])));
			put(p, "; ");
		}
	}
	put(p, "</desc>");
}

static void open_svg(struct plot *p, const char *class, int w, int h)
{
	buf_fmt(&p->o.b, "<svg class=\"%s\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", class, w, h);
	out_attr(&p->o, p->c, v_str(p->m->title));
	put(p, "\"><title>");
	out_text(&p->o, p->c, v_str(p->m->title));
	put(p, "</title>");
}

static html close_svg(struct plot *p)
{
	str s;

	put(p, "</svg>");
	s = p->o.b.overflow ? S("") : arena_str(p->c->a, (str){ p->o.b.p, p->o.b.n });
	buf_free(&p->o.b);
	return (html){ s };
}

static void begin(struct plot *p, const struct ctx *c, const struct chart *m)
{
	*p = (struct plot){ .c = c, .m = m, .n_series = m->n_series > SERIES ? SERIES : m->n_series };
	buf_init(&p->o.b, 1 << 20);
	p->bottom = H - FOOT - (p->n_series > 1 ? KEY : 0);
}

/* The least of 1, 2, 5 × 10^k that makes at most TICKS steps of `range`. */
static double nice_step(double range)
{
	double k = 1;

	while (k * 10 * TICKS < range)
		k *= 10;
	for (int i = 0; i < 3; i++) {
		static const double of[] = { 1, 2, 5 };

		if (k * of[i] * TICKS >= range)
			return k * of[i];
	}
	return k * 10;
}

static void scale(struct plot *p, bool stacked)
{
	double lo = 0, hi = 0;

	for (size_t i = 0; i < p->m->n; i++) {
		double sum = 0;

		for (size_t s = 0; s < p->n_series; s++) {
			double v = (double)value(p, s, i);

			sum = stacked ? sum + (v > 0 ? v : 0) : v;
			lo = !stacked && sum < lo ? sum : lo;
			hi = sum > hi ? sum : hi;
		}
	}
	p->step = nice_step(hi - lo > 1 ? hi - lo : 1);
	p->lo = floor(lo / p->step) * p->step;
	p->hi = ceil(hi / p->step) * p->step;
	if (p->hi <= p->lo)
		p->hi = p->lo + p->step;
}

/* A value of the axis: whole amounts without their zeros. */
static str tick(const struct plot *p, double v)
{
	str s = number(p, (int64_t)v), zeros = S(".00");

	return *p->m->cur && str_ends(s, zeros) ? (str){ s.p, s.n - zeros.n } : s;
}

/* The plot begins right of the longest value. */
static void make_room(struct plot *p)
{
	size_t longest = 3;

	for (double v = p->lo; v <= p->hi + p->step / 2; v += p->step) {
		size_t n = utf8_len(tick(p, v));

		longest = n > longest ? n : longest;
	}
	p->left = 14 + 6.4 * (double)longest;
}

static double y_of(const struct plot *p, double v) { return p->bottom - (v - p->lo) * (p->bottom - TOP) / (p->hi - p->lo); }
static double slot(const struct plot *p) { return (W - p->left - RIGHT) / (double)(p->m->n ? p->m->n : 1); }

static void axes(struct plot *p)
{
	size_t every = (p->m->n + 11) / 12;

	make_room(p);
	for (double v = p->lo; v <= p->hi + p->step / 2; v += p->step) {
		buf_fmt(&p->o.b, "<path class=\"grid\" d=\"M%.1f %.1fH%d\"/><text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">",
			p->left, y_of(p, v), W - RIGHT, p->left - 6, y_of(p, v) + 4);
		out_text(&p->o, p->c, v_str(tick(p, v)));
		put(p, "</text>");
	}
	for (size_t i = 0; i < p->m->n; i += every ? every : 1) {
		buf_fmt(&p->o.b, "<text class=\"axis\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", p->left + slot(p) * ((double)i + 0.5), p->bottom + 18);
		out_text(&p->o, p->c, v_str(p->m->label[i]));
		put(p, "</text>");
	}
	for (size_t s = 0; s < p->n_series && p->n_series > 1; s++) {
		double x = p->left + (W - p->left - RIGHT) / (double)p->n_series * (double)s;

		buf_fmt(&p->o.b, "<rect class=\"key c%zu\" x=\"%.1f\" y=\"%d\" width=\"10\" height=\"10\" rx=\"2\"/><text class=\"axis\" x=\"%.1f\" y=\"%d\">",
			s + 1, x, H - 14, x + 15, H - 5);
		out_text(&p->o, p->c, v_str(p->m->series[s].name));
		put(p, "</text>");
	}
}

static void bar(struct plot *p, size_t s, size_t i, double x, double width, double from, double to)
{
	double top = y_of(p, to > from ? to : from), h = fabs(y_of(p, from) - y_of(p, to));

	buf_fmt(&p->o.b, "<rect class=\"bar c%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\">", s + 1, x, top, width, h);
	mark_title(p, s, i);
	put(p, "</rect>");
}

static html bars(const struct ctx *c, const struct chart *m, bool stacked)
{
	struct plot p;

	begin(&p, c, m);
	scale(&p, stacked);
	open_svg(&p, "chart", W, H);
	describe(&p);
	axes(&p);
	for (size_t i = 0; i < m->n; i++) {
		double wide = slot(&p) * 0.7 > 64 ? 64 : slot(&p) * 0.7, x = p.left + slot(&p) * ((double)i + 0.5) - wide / 2, sum = 0;
		double one = stacked ? wide : wide / (double)p.n_series;

		for (size_t s = 0; s < p.n_series; s++) {
			double v = (double)value(&p, s, i);

			if (m->series[s].v[i] == NIL || (stacked && v <= 0))
				continue;
			bar(&p, s, i, stacked ? x : x + one * (double)s, one - (one > 6 ? 1 : 0), sum, sum + v);
			sum += stacked ? v : 0;
		}
	}
	return close_svg(&p);
}

html chart_bar(const struct ctx *c, const struct chart *m) { return bars(c, m, false); }
html chart_stack(const struct ctx *c, const struct chart *m) { return bars(c, m, true); }

html chart_line(const struct ctx *c, const struct chart *m)
{
	struct plot p;

	begin(&p, c, m);
	scale(&p, false);
	open_svg(&p, "chart", W, H);
	describe(&p);
	axes(&p);
	for (size_t s = 0; s < p.n_series; s++) {
		bool pen = false;

		buf_fmt(&p.o.b, "<path class=\"line c%zu\" fill=\"none\" d=\"", s + 1);
		for (size_t i = 0; i < m->n; i++) {
			if (m->series[s].v[i] != NIL)
				buf_fmt(&p.o.b, "%c%.1f %.1f", pen ? 'L' : 'M', p.left + slot(&p) * ((double)i + 0.5), y_of(&p, (double)value(&p, s, i)));
			pen = m->series[s].v[i] != NIL;
		}
		put(&p, "\"/>");
		for (size_t i = 0; i < m->n; i++) {
			if (m->series[s].v[i] == NIL)
				continue;
			buf_fmt(&p.o.b, "<circle class=\"dot c%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\">", s + 1, p.left + slot(&p) * ((double)i + 0.5),
				y_of(&p, (double)value(&p, s, i)));
			mark_title(&p, s, i);
			put(&p, "</circle>");
		}
	}
	return close_svg(&p);
}

/* A ring segment from share a to b of the whole, clockwise from the top. */
static void slice(struct plot *p, size_t i, double a, double b)
{
	double from = a * 2 * M_PI, to = (b - a > 0.9999 ? a + 0.9999 : b) * 2 * M_PI;
	int large = to - from > M_PI;

	buf_fmt(&p->o.b, "<path class=\"slice c%zu\" d=\"M%.2f %.2fA80 80 0 %d 1 %.2f %.2fL%.2f %.2fA52 52 0 %d 0 %.2f %.2fZ\">", i % SERIES + 1,
		90 + 80 * sin(from), 90 - 80 * cos(from), large, 90 + 80 * sin(to), 90 - 80 * cos(to),
		90 + 52 * sin(to), 90 - 52 * cos(to), large, 90 + 52 * sin(from), 90 - 52 * cos(from));
	mark_title(p, 0, i);
	put(p, "</path>");
}

html chart_donut(const struct ctx *c, const struct chart *m)
{
	struct plot p;
	int64_t total = 0;
	double at = 0;
	int h = m->n > 7 ? 20 + (int)m->n * 22 : 180;

	begin(&p, c, m);
	p.n_series = 1;
	for (size_t i = 0; i < m->n; i++)
		total += value(&p, 0, i) > 0 ? value(&p, 0, i) : 0;
	open_svg(&p, "donut", 420, h);
	describe(&p);
	for (size_t i = 0; i < m->n; i++) {
		double share = total && value(&p, 0, i) > 0 ? (double)value(&p, 0, i) / (double)total : 0;

		if (share > 0)
			slice(&p, i, at, at + share);
		at += share;
		buf_fmt(&p.o.b, "<rect class=\"key c%zu\" x=\"200\" y=\"%zu\" width=\"10\" height=\"10\" rx=\"2\"/><text class=\"axis\" x=\"216\" y=\"%zu\">",
			i % SERIES + 1, 16 + 22 * i, 25 + 22 * i);
		out_text(&p.o, c, v_str(m->label[i]));
		buf_fmt(&p.o.b, "</text><text class=\"num\" x=\"410\" y=\"%zu\" text-anchor=\"end\">", 25 + 22 * i);
		out_text(&p.o, c, v_str(number(&p, m->series[0].v[i])));
		put(&p, "</text>");
	}
	put(&p, "<text class=\"num\" x=\"90\" y=\"95\" text-anchor=\"middle\">");
	out_text(&p.o, c, v_str(number(&p, total)));
	put(&p, "</text>");
	return close_svg(&p);
}

html chart_spark(const struct ctx *c, str title, const int64_t *v, size_t n)
{
	struct chart m = { .title = title };
	struct plot p;
	int64_t lo = INT64_MAX, hi = INT64_MIN;
	bool pen = false;

	begin(&p, c, &m);
	for (size_t i = 0; i < n; i++) {
		if (v[i] != NIL) {
			lo = v[i] < lo ? v[i] : lo;
			hi = v[i] > hi ? v[i] : hi;
		}
	}
	open_svg(&p, "spark", 100, 24);
	put(&p, "<path class=\"line c1\" fill=\"none\" d=\"");
	for (size_t i = 0; i < n; i++) {
		if (v[i] != NIL)
			buf_fmt(&p.o.b, "%c%.1f %.1f", pen ? 'L' : 'M', n > 1 ? 2 + 96.0 * (double)i / (double)(n - 1) : 50,
				hi > lo ? 22 - 20 * ((double)v[i] - (double)lo) / ((double)hi - (double)lo) : 12);
		pen = v[i] != NIL;
	}
	put(&p, "\"/>");
	return close_svg(&p);
}
