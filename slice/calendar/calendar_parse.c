/* calendar_parse.c — a calendar's definition from JSON: strict, every refusal names its field. */
#include "slice/calendar/calendar.h"
#include "base/i18n.h"
#include <jansson.h>

enum { MAX_OVERRIDES = 2000, OVERRIDE_SPAN = 3660 /* days */ };

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun", NULL };

struct reader { struct ctx *c; const char *at; day since; };

/* "calendars.office" + "week" + "mon" → "calendars.office.week.mon" */
static const char *path(const struct reader *r, const char *part, const char *key)
{
	const char *dot = r->at[0] && part[0] ? "." : "", *dot2 = key[0] ? "." : "";

	return arena_fmt(r->c->a, "%s%s%s%s%s", r->at, dot, part, dot2, key).p;
}

static str text_of(const json_t *j) { return (str){ json_string_value(j), json_string_length(j) }; }

/* ---- windows ---- */

static bool clock_minutes(str s, int16_t *ret)
{
	int64_t h, m;

	if (s.n != 5 || s.p[2] != ':' || strspn(s.p, "0123456789") < 2 || strspn(s.p + 3, "0123456789") < 2)
		return false;
	if (!str_int((str){ s.p, 2 }, &h) || !str_int((str){ s.p + 3, 2 }, &m) || m > 59 || h * 60 + m > CAL_DAY_MIN)
		return false;
	*ret = (int16_t)(h * 60 + m);
	return true;
}

static bool window_parse(str s, struct cal_window *ret)
{
	if (s.n != 11 || s.p[5] != '-' || !clock_minutes((str){ s.p, 5 }, &ret->from) || !clock_minutes((str){ s.p + 6, 5 }, &ret->to))
		return false;
	if (ret->from == ret->to || ret->from == CAL_DAY_MIN)
		return false;
	if (ret->to < ret->from)
		ret->to = (int16_t)(ret->to + CAL_DAY_MIN);
	return true;
}

static void insert_window(struct cal_window *w, size_t n, struct cal_window new)
{
	for (; n > 0 && w[n - 1].from > new.from; n--)
		w[n] = w[n - 1];
	w[n] = new;
}

static enum err read_hours(const struct reader *r, const char *part, const char *key, const json_t *j, struct cal_hours *ret)
{
	const char *at = path(r, part, key);
	size_t n = json_array_size(j);
	struct cal_window *w, one;

	if (!json_is_array(j))
		return fail_field(r->c, at, N_("A list of windows is expected, such as [\"09:00-12:00\", \"13:30-18:00\"]."));
	if (n > CAL_WINDOWS)
		return fail_field(r->c, at, N_("At most {1} windows a day are allowed."), CAL_WINDOWS);
	w = NEW_N(r->c->a, struct cal_window, n + 1);
	for (size_t i = 0; i < n; i++) {
		str s = text_of(json_array_get(j, i));

		if (!window_parse(s, &one))
			return fail_field(r->c, at, N_("“{1}” is no window: write it as 09:00-18:00, at most to 24:00; 22:00-06:00 runs over midnight."), arena_str(r->c->a, s));
		insert_window(w, i, one);
	}
	for (size_t i = 1; i < n; i++)
		if (w[i].from < w[i - 1].to)
			return fail_field(r->c, at, N_("Two windows of this day overlap."));
	*ret = (struct cal_hours){ w, n };
	return ERR_OK;
}

/* ---- week ---- */

static bool weekday_range(str key, int *ret_from, int *ret_to)
{
	str from;

	if (!str_cut(&key, '-', &from))
		return false;
	*ret_from = name_index(weekdays, from);
	*ret_to = key.p == from.p + from.n ? *ret_from : name_index(weekdays, key);
	return *ret_from >= 0 && *ret_to >= 0;
}

static enum err read_week(const struct reader *r, const json_t *j, struct cal_def *def)
{
	bool given[7] = { false };
	const char *key;
	json_t *v;

	if (!json_is_object(j))
		return fail_field(r->c, path(r, "week", ""), N_("An object of days is expected, such as { \"mon-fri\": [\"09:00-18:00\"] }."));
	json_object_foreach((json_t *)j, key, v) {
		struct cal_hours h;
		int d, to;

		if (!weekday_range(str_c(key), &d, &to))
			return fail_field(r->c, path(r, "week", key), N_("Days are mon tue wed thu fri sat sun or a range such as mon-fri."));
		TRY(read_hours(r, "week", key, v, &h));
		for (;; d = (d + 1) % 7) {
			if (given[d])
				return fail_field(r->c, path(r, "week", key), N_("{1} is given twice."), weekdays[d]);
			given[d] = true;
			def->week[d] = h;
			if (d == to)
				break;
		}
	}
	for (int d = 0; d < 7; d++) {
		struct cal_hours today = def->week[d], next = def->week[(d + 1) % 7];

		if (today.n && next.n && today.w[today.n - 1].to > next.w[0].from + CAL_DAY_MIN)
			return fail_field(r->c, path(r, "week", weekdays[d]), N_("The window over midnight overlaps the next day's first window."));
	}
	return ERR_OK;
}

/* ---- overrides ---- */

static bool override_key(str key, struct cal_override *ret)
{
	str from;

	if (!str_cut(&key, '/', &from) || !day_parse(from, &ret->from))
		return false;
	ret->to = ret->from;
	return key.p == from.p + from.n || day_parse(key, &ret->to);
}

static int by_from(const void *a, const void *b)
{
	const struct cal_override *x = a, *y = b;

	return (x->from.d > y->from.d) - (x->from.d < y->from.d);
}

static enum err check_override(const struct reader *r, const char *key, const struct cal_override *o)
{
	const char *at = path(r, "days", key);

	if (o->to.d < o->from.d)
		return fail_field(r->c, at, N_("The range ends before it starts."));
	if (o->to.d - o->from.d >= OVERRIDE_SPAN)
		return fail_field(r->c, at, N_("A range covers at most ten years."));
	if (r->since.d != NIL && o->from.d < r->since.d)
		return fail_field(r->c, at, N_("This is before {1}, the first day of this version."), r->since);
	return ERR_OK;
}

static enum err check_apart(const struct reader *r, const struct cal_override *o, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (o[i].from.d <= o[i - 1].to.d)
			return fail_field(r->c, path(r, "days", day_iso(r->c->a, o[i].from).p), N_("Two overrides cover this day."));
	return ERR_OK;
}

static enum err read_days(const struct reader *r, const json_t *j, struct cal_def *def)
{
	size_t n = json_object_size(j);
	struct cal_override *single, *range, o;
	const char *key;
	json_t *v;

	if (!json_is_object(j))
		return fail_field(r->c, path(r, "days", ""), N_("An object of dates is expected, such as { \"2026-10-01/2026-10-07\": [] }."));
	if (n > MAX_OVERRIDES)
		return fail_field(r->c, path(r, "days", ""), N_("At most {1} overrides are allowed."), MAX_OVERRIDES);
	single = NEW_N(r->c->a, struct cal_override, n + 1);
	range = NEW_N(r->c->a, struct cal_override, n + 1);
	json_object_foreach((json_t *)j, key, v) {
		if (!override_key(str_c(key), &o))
			return fail_field(r->c, path(r, "days", key), N_("A date or a range is expected: 2026-10-01 or 2026-10-01/2026-10-07."));
		TRY(check_override(r, key, &o));
		TRY(read_hours(r, "days", key, v, &o.hours));
		if (o.from.d == o.to.d)
			single[def->n_single++] = o;
		else
			range[def->n_range++] = o;
	}
	qsort(single, def->n_single, sizeof *single, by_from);
	qsort(range, def->n_range, sizeof *range, by_from);
	def->single = single;
	def->range = range;
	TRY(check_apart(r, single, def->n_single));
	return check_apart(r, range, def->n_range);
}

/* ---- the whole ---- */

static enum err read_zone(const struct reader *r, const json_t *j, struct cal_def *def)
{
	str name = text_of(j);

	def->zone = name.n ? tz_get(name) : NULL;
	if (!def->zone)
		return fail_field(r->c, path(r, "zone", ""), N_("“{1}” is no known time zone: give an IANA name such as Asia/Shanghai."), arena_str(r->c->a, name));
	return ERR_OK;
}

static enum err read_national(const struct reader *r, const json_t *j, national_source *nat, struct cal_def *def)
{
	str code = text_of(j);

	if (json_is_null(j))
		return ERR_OK;
	def->national = code.n ? nat(r->c, code) : NULL;
	if (!def->national)
		return fail_field(r->c, path(r, "national", ""), N_("No national holidays are known for “{1}”."), arena_str(r->c->a, code));
	return ERR_OK;
}

enum err cal_parse_json(struct ctx *c, const struct json_t *j, const char *at, day since, national_source *nat, struct cal_def *ret)
{
	struct reader r = { c, at, since };
	struct cal_def def = { .since = since };
	const char *key;
	json_t *v;

	if (!json_is_object(j))
		return fail_field(c, at[0] ? at : "definition", N_("A calendar is an object with zone, week, days and national."));
	if (!json_object_get(j, "zone"))
		return fail_field(c, path(&r, "zone", ""), N_("A time zone is needed, such as Asia/Shanghai."));
	if (!json_object_get(j, "week"))
		return fail_field(c, path(&r, "week", ""), N_("The weekly windows are needed."));
	json_object_foreach((json_t *)j, key, v) {
		if (!strcmp(key, "zone"))
			TRY(read_zone(&r, v, &def));
		else if (!strcmp(key, "week"))
			TRY(read_week(&r, v, &def));
		else if (!strcmp(key, "days"))
			TRY(read_days(&r, v, &def));
		else if (!strcmp(key, "national"))
			TRY(read_national(&r, v, nat, &def));
		else
			return fail_field(c, path(&r, key, ""), N_("A calendar has no such key; known are zone, week, days and national."));
	}
	*ret = def;
	return ERR_OK;
}

enum err cal_parse(struct ctx *c, str text, const char *at, day since, national_source *nat, struct cal_def *ret)
{
	json_error_t why;
	json_t *j = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &why);
	enum err e;

	if (!j)
		return fail_field(c, at[0] ? at : "definition", N_("This is not JSON: {1} in line {2}."), arena_str(c->a, str_c(why.text)), why.line);
	e = cal_parse_json(c, j, at, since, nat, ret);
	json_decref(j);
	return e;
}
