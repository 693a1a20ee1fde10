/* clock.c — the deadline of a clock, and what of it is used up. */
#include "slice/calendar/clock_int.h"

static const instant FOREVER = { INT64_MAX };

static instant earlier(instant a, instant b) { return a.ms < b.ms ? a : b; }
static bool is_open(instant to) { return to.ms == NIL; }

static int by_from(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->from.ms > y->from.ms) - (x->from.ms < y->from.ms);
}

void span_sort(struct span *s, size_t n)
{
	if (n > 1)
		qsort(s, n, sizeof *s, by_from);
}

bool next_block(const struct clock *k, size_t *i, struct block *ret)
{
	while (*i < k->n) {
		struct block b = { k->pause[*i].from, k->pause[*i].to, *i };

		for (++*i; *i < k->n && !is_open(b.to) && k->pause[*i].from.ms <= b.to.ms; ++*i)
			if (is_open(k->pause[*i].to) || k->pause[*i].to.ms > b.to.ms)
				b.to = k->pause[*i].to;
		if (is_open(b.to))
			*i = k->n;
		if (b.from.ms < k->start.ms)
			b.from = k->start;
		if (is_open(b.to) || b.to.ms > b.from.ms) {
			*ret = b;
			return true;
		}
	}
	return false;
}

/* ---- the deadline without pauses ---- */

static instant days_later(const struct tz *z, instant t, int64_t n)
{
	struct civil c = tz_civil(z, t);

	day_split((day){ day_of(c.y, c.mo, c.d).d + n }, &c.y, &c.mo, &c.d);
	return tz_instant(z, c);
}

static instant base_due(const struct clock *k)
{
	day d;

	switch (k->target.unit) {
	case TARGET_TIME:
		return cal_add(k->cal, k->start, k->target.n);
	case TARGET_WORKDAYS:
		d = cal_add_workdays(k->cal, tz_day(cal_zone(k->cal), k->start), k->target.n);
		return d.d == NIL ? NO_INSTANT : cal_day_end(k->cal, d);
	case TARGET_DAYS:
		return days_later(cal_zone(k->cal), k->start, k->target.n);
	}
	BUG("target unit %d", (int)k->target.unit);
}

/* A stage before the deadline: days of a cd target pass by the wall clock, everything else by business time. */
static instant base_point(const struct clock *k, int percent)
{
	instant due = base_due(k);

	if (due.ms == NIL || percent == 100)
		return due;
	if (k->target.unit == TARGET_DAYS)
		return (instant){ k->start.ms + (due.ms - k->start.ms) * percent / 100 };
	return cal_add(k->cal, k->start, cal_between(k->cal, k->start, due) * percent / 100);
}

/* ---- pauses ---- */

/* Moves at by the business time of every pause begun before it. Pauses are seen as they stood at `seen`: later ones do not exist yet, an open one
 * ends there. */
static struct clock_due postpone(const struct clock *k, instant at, instant seen)
{
	struct block b;
	size_t i = 0;

	while (at.ms != NIL && next_block(k, &i, &b) && b.from.ms < at.ms && b.from.ms < seen.ms) {
		if (is_open(b.to) && seen.ms == FOREVER.ms)
			return (struct clock_due){ CLOCK_PAUSED, NO_INSTANT, 0 };
		at = cal_add(k->cal, at, cal_between(k->cal, b.from, is_open(b.to) ? seen : earlier(b.to, seen)));
	}
	return (struct clock_due){ at.ms == NIL ? CLOCK_NEVER : CLOCK_DUE, at, 0 };
}

struct clock_due clock_point(const struct clock *k, int percent)
{
	struct clock_due r = postpone(k, base_point(k, percent), FOREVER);

	if (r.state == CLOCK_DUE)
		r.unpublished = cal_unpublished(k->cal, k->start, r.due);
	return r;
}

struct clock_due clock_due(const struct clock *k)
{
	return clock_point(k, 100);
}

struct clock_used clock_used(const struct clock *k, instant at)
{
	struct clock_used u = { .gross = cal_between(k->cal, k->start, at), .left = NIL };
	instant due = postpone(k, base_due(k), at).due;
	struct block b;
	size_t i = 0;

	u.net = u.gross;
	while (next_block(k, &i, &b) && b.from.ms <= at.ms) {
		u.paused = is_open(b.to) || b.to.ms > at.ms;
		u.net -= cal_between(k->cal, b.from, u.paused ? at : b.to);
	}
	if (due.ms != NIL)
		u.left = at.ms <= due.ms ? cal_between(k->cal, at, due) : -cal_between(k->cal, due, at);
	return u;
}
