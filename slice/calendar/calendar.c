/* calendar.c — compiled calendars: prefix sums of business time, and arithmetic on them. */
#include "slice/calendar/calendar_int.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, DAY_FIRST = 0 /* 1970-01-01 */, DAY_END = 47482 /* 2100-01-01 */, SPREAD = 400 /* days to each side at first */ };

/* Windows of the days [first, end) as instants. bucket[i] is the first window that starts at or after base + i days: the way from an instant
 * to its window is one division and a few steps, whatever the range. */
struct cal {
	struct arena *a;
	const struct cal_def *version;
	size_t n_versions;
	int64_t first, end;
	int64_t base;
	size_t n, n_buckets;
	int64_t *from, *to;
	int64_t *before;                               /* n + 1: business ms of the windows before k */
	uint32_t *bucket;
	uint32_t *worked;                              /* end - first + 1: working days before first + i */
};

/* ---- national sets ---- */

const struct national_day *national_find(const struct national *nat, day d)
{
	size_t lo = 0, hi = nat ? nat->n : 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (nat->day[mid].d < d.d)
			lo = mid + 1;
		else
			hi = mid;
	}
	return nat && lo < nat->n && nat->day[lo].d == d.d ? &nat->day[lo] : NULL;
}

bool national_published(const struct national *nat, int year)
{
	for (size_t i = 0; i < nat->n_years; i++)
		if (nat->year[i] == year)
			return true;
	return false;
}

bool national_workday(const struct national *nat, day d)
{
	const struct national_day *nd = national_find(nat, d);

	return nd ? nd->work : day_weekday(d) < 5;
}

const struct national *national_builtin(struct ctx *c, str code)
{
	(void)c;
	return national_shipped(code);
}

/* ---- what rules a day ---- */

static const struct cal_override *override_on(const struct cal_override *o, size_t n, day d)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (o[mid].to.d < d.d)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && o[lo].from.d <= d.d ? &o[lo] : NULL;
}

static const struct cal_def *def_on(const struct cal *cal, day d)
{
	size_t i = cal->n_versions - 1;

	while (i > 0 && cal->version[i].since.d > d.d)
		i--;
	return &cal->version[i];
}

struct cal_hours cal_hours_on(const struct cal *cal, day d, enum cal_rule *ret_rule)
{
	const struct cal_def *def = def_on(cal, d);
	const struct cal_override *o = override_on(def->single, def->n_single, d);
	const struct national_day *nd;
	int weekday = day_weekday(d);

	if (!o)
		o = override_on(def->range, def->n_range, d);
	if (o) {
		*ret_rule = CAL_OVERRIDE;
		return o->hours;
	}
	nd = national_find(def->national, d);
	if (nd && !nd->work) {
		*ret_rule = CAL_HOLIDAY;
		return (struct cal_hours){ NULL, 0 };
	}
	if (nd && weekday >= 5) {
		*ret_rule = CAL_MAKEUP;
		return def->week[4];
	}
	*ret_rule = CAL_WEEK;
	return def->week[weekday];
}

/* ---- compiling ---- */

static int64_t wall(const struct tz *z, int64_t d, int minute)
{
	struct civil t = { .h = minute / 60 % 24, .mi = minute % 60 };

	day_split((day){ d + minute / CAL_DAY_MIN }, &t.y, &t.mo, &t.d);
	return tz_instant(z, t).ms;
}

static size_t count_windows(const struct cal *cal, int64_t first, int64_t end)
{
	enum cal_rule rule;
	size_t n = 0;

	for (int64_t d = first; d < end; d++)
		n += cal_hours_on(cal, (day){ d }, &rule).n;
	return n;
}

/* A window that begins inside or at the end of the one before (midnight; a night shift running into special hours) makes that one longer. */
static void add_window(struct cal *cal, int64_t from, int64_t to)
{
	if (to <= from || (cal->n && to <= cal->to[cal->n - 1]))
		return;
	if (!cal->n || from > cal->to[cal->n - 1])
		cal->from[cal->n++] = from;
	cal->to[cal->n - 1] = to;
	cal->before[cal->n] = cal->before[cal->n - 1] + to - cal->from[cal->n - 1];
}

static void fill_buckets(struct cal *cal)
{
	uint32_t k = 0;

	for (size_t i = 0; i < cal->n_buckets; i++) {
		while (k < cal->n && cal->from[k] < cal->base + (int64_t)i * DAY_MS)
			k++;
		cal->bucket[i] = k;
	}
}

static void build(struct cal *cal, int64_t first, int64_t end)
{
	size_t room = count_windows(cal, first, end), days = (size_t)(end - first);
	const struct tz *z = cal->version[0].zone;
	enum cal_rule rule;

	cal->first = first;
	cal->end = end;
	cal->n = 0;
	cal->from = NEW_N(cal->a, int64_t, room + 1);
	cal->to = NEW_N(cal->a, int64_t, room + 1);
	cal->before = NEW_N(cal->a, int64_t, room + 1);
	cal->worked = NEW_N(cal->a, uint32_t, days + 1);
	for (int64_t d = first; d < end; d++) {
		struct cal_hours h = cal_hours_on(cal, (day){ d }, &rule);

		cal->worked[d - first + 1] = cal->worked[d - first] + (h.n > 0);
		for (size_t i = 0; i < h.n; i++)
			add_window(cal, wall(z, d, h.w[i].from), wall(z, d, h.w[i].to));
	}
	cal->base = (first - 1) * DAY_MS;
	cal->n_buckets = days + 3;
	cal->bucket = NEW_N(cal->a, uint32_t, cal->n_buckets);
	fill_buckets(cal);
}

struct cal *cal_compile(struct arena *a, const struct cal_def *version, size_t n)
{
	struct cal *cal = NEW(a, struct cal);

	assert(n > 0);
	cal->a = a;
	cal->version = version;
	cal->n_versions = n;
	return cal;
}

void cal_moved(struct cal *cal, struct arena *a) { cal->a = a; }

const struct tz *cal_zone(const struct cal *cal) { return cal->version[0].zone; }

static int64_t clamp(int64_t v, int64_t lo, int64_t hi) { return v < lo ? lo : v > hi ? hi : v; }

/* Makes [lo, hi) part of the compiled range. Each widening at least doubles it, so its cost is spread over the days it serves. */
static void cover(struct cal *cal, int64_t lo, int64_t hi)
{
	int64_t have = cal->end - cal->first;

	if (have && lo >= cal->first && hi <= cal->end)
		return;
	if (!have) {
		lo -= SPREAD;
		hi += SPREAD;
	} else {
		lo = lo < cal->first ? lo - have / 2 : cal->first;
		hi = hi > cal->end ? hi + have : cal->end;
	}
	build(cal, clamp(lo, DAY_FIRST, DAY_END), clamp(hi, DAY_FIRST, DAY_END));
}

/* ---- arithmetic ---- */

static int64_t floor_day(int64_t ms) { return ms / DAY_MS - (ms % DAY_MS < 0); }
static int64_t in_range(instant t) { return clamp(t.ms, (int64_t)DAY_FIRST * DAY_MS, (int64_t)DAY_END * DAY_MS); }

/* Two days to each side: zones reach 14 hours, and a window of the day before may run 24 hours on. */
static void cover_instant(struct cal *cal, int64_t ms)
{
	int64_t d = floor_day(ms);

	cover(cal, clamp(d - 3, DAY_FIRST, DAY_END), clamp(d + 4, DAY_FIRST, DAY_END));
}

/* Number of windows that start at or before t, which is covered. */
static size_t windows_until(const struct cal *cal, int64_t t)
{
	int64_t i = clamp((t - cal->base) / DAY_MS, 0, (int64_t)cal->n_buckets - 1);
	size_t k = cal->bucket[i];

	while (k < cal->n && cal->from[k] <= t)
		k++;
	while (k > 0 && cal->from[k - 1] > t)
		k--;
	return k;
}

static int64_t used_at(const struct cal *cal, int64_t t)
{
	size_t k = windows_until(cal, t);

	if (k == 0)
		return 0;
	k--;
	return cal->before[k] + (t < cal->to[k] ? t : cal->to[k]) - cal->from[k];
}

/* The window in which the sum of business time first reaches goal: before[k] < goal <= before[k + 1]. Gallops from k. */
static size_t window_of_sum(const struct cal *cal, size_t k, int64_t goal)
{
	size_t step = 1, lo = k, hi = k;

	while (hi < cal->n && cal->before[hi + 1] < goal) {
		lo = hi + 1;
		hi += step;
		step *= 2;
	}
	if (hi > cal->n)
		hi = cal->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (cal->before[mid + 1] < goal)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

instant cal_add(struct cal *cal, instant start, int64_t ms)
{
	int64_t t = in_range(start), goal;
	size_t k;

	assert(ms >= 0);
	if (ms == 0)
		return start;
	cover_instant(cal, t);
	for (;;) {
		k = windows_until(cal, t);
		k -= k > 0;
		goal = used_at(cal, t) + ms;
		if (cal->before[cal->n] >= goal)
			break;
		if (cal->end == DAY_END)
			return NO_INSTANT;
		cover(cal, cal->first, cal->end + 1);
	}
	k = window_of_sum(cal, k, goal);
	return (instant){ cal->from[k] + goal - cal->before[k] };
}

int64_t cal_between(struct cal *cal, instant a, instant b)
{
	int64_t from = in_range(a), to = in_range(b);

	if (to <= from)
		return 0;
	cover_instant(cal, from);
	cover_instant(cal, to);
	return used_at(cal, to) - used_at(cal, from);
}

bool cal_open(struct cal *cal, instant t)
{
	int64_t at = in_range(t);
	size_t k;

	cover_instant(cal, at);
	k = windows_until(cal, at);
	return k > 0 && at < cal->to[k - 1];
}

instant cal_change(struct cal *cal, instant t, instant limit)
{
	int64_t at = in_range(t), end = in_range(limit), next;
	size_t k;

	if (end <= at)
		return limit;
	cover_instant(cal, at);
	cover_instant(cal, end);
	k = windows_until(cal, at);
	if (k > 0 && at < cal->to[k - 1])
		next = cal->to[k - 1];
	else
		next = k < cal->n ? cal->from[k] : end;
	return (instant){ next < end ? next : end };
}

/* ---- days ---- */

bool cal_workday(struct cal *cal, day d)
{
	enum cal_rule rule;

	return cal_hours_on(cal, d, &rule).n > 0;
}

int64_t cal_workdays(struct cal *cal, day from, day to)
{
	int64_t lo = clamp(from.d, DAY_FIRST, DAY_END), hi = clamp(to.d, DAY_FIRST - 1, DAY_END - 1) + 1;

	if (hi <= lo)
		return 0;
	cover(cal, lo, hi);
	return (int64_t)cal->worked[hi - cal->first] - (int64_t)cal->worked[lo - cal->first];
}

day cal_add_workdays(struct cal *cal, day from, int64_t n)
{
	int64_t d = clamp(from.d, DAY_FIRST, DAY_END - 1), lo, hi, goal;

	assert(n >= 1);
	cover(cal, d, d + 1);
	for (;;) {
		goal = cal->worked[d + 1 - cal->first] + n;
		if (cal->worked[cal->end - cal->first] >= goal)
			break;
		if (cal->end == DAY_END)
			return NO_DAY;
		cover(cal, cal->first, cal->end + 1);
	}
	lo = d - cal->first + 1;
	hi = cal->end - cal->first;
	while (lo < hi) {
		int64_t mid = lo + (hi - lo) / 2;

		if (cal->worked[mid] < goal)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (day){ cal->first + lo - 1 };
}

instant cal_day_end(struct cal *cal, day d)
{
	enum cal_rule rule;
	struct cal_hours h = cal_hours_on(cal, d, &rule);

	return h.n ? (instant){ wall(cal_zone(cal), d.d, h.w[h.n - 1].to) } : NO_INSTANT;
}

int cal_unpublished(const struct cal *cal, instant a, instant b)
{
	day last = tz_day(cal_zone(cal), (instant){ in_range(b) });
	int y = tz_civil(cal_zone(cal), (instant){ in_range(a) }).y, end = tz_civil(cal_zone(cal), (instant){ in_range(b) }).y;
	const struct national *nat;

	for (; y <= end; y++) {
		day d = day_of(y, 12, 31);

		nat = def_on(cal, d.d < last.d ? d : last)->national;
		if (nat && !national_published(nat, y))
			return y;
	}
	return 0;
}
