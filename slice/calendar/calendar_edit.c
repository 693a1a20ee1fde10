/* calendar_edit.c — a definition as people type it: "09:00-12:00 13:30-18:00" a weekday, "2026-10-01/2026-10-07 closed" a line. */
#include "base/i18n.h"
#include "slice/calendar/calendar_view.h"

static const char *const keys[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

/* ---- lines to JSON ---- */

/* What people also type: en dashes, full-width colons and commas. */
static str plain_line(struct arena *a, str s)
{
	static const struct { const char *from; char to; } swaps[] = { { "–", '-' }, { "—", '-' }, { "～", '-' }, { "：", ':' }, { "，", ' ' }, { "、", ' ' }, { ",", ' ' }, { "\t", ' ' } };
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t k = 0;

		while (k < LEN(swaps) && !str_starts((str){ s.p + i, s.n - i }, str_c(swaps[k].from)))
			k++;
		d[n++] = k < LEN(swaps) ? swaps[k].to : s.p[i];
		i += k < LEN(swaps) ? strlen(swaps[k].from) : 1;
	}
	return str_trim((str){ d, n });
}

static bool closed_word(str s)
{
	return str_eq(s, S("closed")) || str_eq(s, S("休")) || str_eq(s, S("休息")) || str_eq(s, S("-"));
}

/* "9:00" gets its leading zero; the parser of definitions judges the rest. */
static void put_window(struct out *o, struct ctx *c, str w)
{
	str from;

	if (!str_cut(&w, '-', &from))
		return;
	json_str(o, arena_fmt(c->a, "%s%.*s-%s%.*s", from.n == 4 ? "0" : "", STR_ARG(from), w.n == 4 ? "0" : "", STR_ARG(w)));
}

static void put_windows(struct out *o, struct ctx *c, str line)
{
	bool first = true;
	str w;

	out_lit(o, "[", 1);
	while (str_cut(&line, ' ', &w)) {
		if (!w.n || closed_word(w))
			continue;
		if (!first)
			out_lit(o, ",", 1);
		put_window(o, c, w);
		first = false;
	}
	out_lit(o, "]", 1);
}

static void put_key(struct out *o, str key, bool *first)
{
	if (!*first)
		out_lit(o, ",", 1);
	*first = false;
	json_str(o, key);
	out_lit(o, ":", 1);
}

static void put_week(struct out *o, struct ctx *c, const struct calendar_in *in)
{
	const str line[7] = { in->mon, in->tue, in->wed, in->thu, in->fri, in->sat, in->sun };
	bool first = true;

	out_lit(o, "{", 1);
	for (size_t d = 0; d < 7; d++) {
		put_key(o, str_c(keys[d]), &first);
		put_windows(o, c, plain_line(c->a, line[d]));
	}
	out_lit(o, "}", 1);
}

static void put_days(struct out *o, struct ctx *c, str lines)
{
	bool first = true;
	str line, date;

	out_lit(o, "{", 1);
	while (str_cut(&lines, '\n', &line)) {
		line = plain_line(c->a, str_trim(line));
		if (!str_cut(&line, ' ', &date))
			continue;
		put_key(o, date, &first);
		put_windows(o, c, line);
	}
	out_lit(o, "}", 1);
}

enum err calendar_compose(struct ctx *c, const struct calendar_in *in, str *ret)
{
	struct out o = { 0 };
	bool first = true;

	if (in->definition.n) {
		*ret = in->definition;
		return ERR_OK;
	}
	if (!in->zone.n)
		return fail_field(c, "zone", N_("A time zone is needed, such as Asia/Shanghai."));
	buf_init(&o.b, 1 << 20);
	out_lit(&o, "{", 1);
	put_key(&o, S("zone"), &first);
	json_str(&o, in->zone);
	put_key(&o, S("week"), &first);
	put_week(&o, c, in);
	put_key(&o, S("days"), &first);
	put_days(&o, c, in->days);
	if (in->national.n) {
		put_key(&o, S("national"), &first);
		json_str(&o, in->national);
	}
	out_lit(&o, "}", 1);
	*ret = arena_str(c->a, (str){ o.b.p, o.b.n });
	buf_free(&o.b);
	return ERR_OK;
}

/* ---- definition to lines ---- */

static str hours_line(struct ctx *c, struct cal_hours h)
{
	str text = S("");

	for (size_t i = 0; i < h.n; i++) {
		int to = h.w[i].to > CAL_DAY_MIN ? h.w[i].to - CAL_DAY_MIN : h.w[i].to;

		text = arena_fmt(c->a, "%.*s%s%02d:%02d-%02d:%02d", STR_ARG(text), i ? " " : "", h.w[i].from / 60, h.w[i].from % 60, to / 60, to % 60);
	}
	return text;
}

static str override_lines(struct ctx *c, str text, const struct cal_override *o, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool range = o[i].to.d != o[i].from.d;
		str hours = o[i].hours.n ? hours_line(c, o[i].hours) : S("closed");

		text = arena_fmt(c->a, "%.*s%.*s%s%.*s %.*s\n", STR_ARG(text), STR_ARG(day_iso(c->a, o[i].from)), range ? "/" : "",
			STR_ARG(range ? day_iso(c->a, o[i].to) : S("")), STR_ARG(hours));
	}
	return text;
}

struct calendar_lines calendar_lines_of(struct ctx *c, const struct cal_def *def)
{
	struct calendar_lines l = { .zone = tz_name(def->zone), .national = def->national ? str_c(def->national->code) : S("") };

	for (int d = 0; d < 7; d++)
		l.week[d] = hours_line(c, def->week[d]);
	l.days = override_lines(c, S(""), def->range, def->n_range);
	l.days = override_lines(c, l.days, def->single, def->n_single);
	return l;
}
