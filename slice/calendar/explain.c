/* explain.c — a deadline's story, step by step and in words. */
#include "slice/calendar/clock_int.h"
#include "base/i18n.h"

enum { LONG_DAYS = 4 };                                /* more whole working days than this become one line */

struct story {
	const struct clock *k;
	struct step *step;
	size_t n, max;
	int64_t left;
};

static void tell(struct story *s, struct step step)
{
	if (s->n + 3 < s->max)
		s->step[s->n++] = step;
}

static void conclude(struct story *s, struct step step)
{
	s->step[s->n++] = step;
}

static instant midnight(const struct tz *z, day d)
{
	struct civil c = { 0 };

	day_split(d, &c.y, &c.mo, &c.d);
	return tz_instant(z, c);
}

/* ---- closed times ---- */

static enum step_kind why_closed(struct cal *cal, instant from, instant to)
{
	const struct tz *z = cal_zone(cal);
	day a = tz_day(z, from), b = tz_day(z, to);
	struct civil t = tz_civil(z, from);
	enum cal_rule rule;
	struct cal_hours h = cal_hours_on(cal, a, &rule);

	if (a.d == b.d && h.n > 1 && t.h * 60 + t.mi >= h.w[0].to && t.h * 60 + t.mi < h.w[h.n - 1].from)
		return STEP_BREAK;
	for (day d = a; d.d <= b.d && d.d - a.d < 60; d.d++) {
		(void)cal_hours_on(cal, d, &rule);
		if (rule == CAL_HOLIDAY)
			return STEP_HOLIDAY;
	}
	return STEP_CLOSED;
}

/* ---- a stretch without pauses ---- */

static instant tell_span(struct story *s, instant from, instant limit)
{
	struct cal *cal = s->k->cal;
	instant to = cal_change(cal, from, limit);
	struct step step = { .from = from, .to = to };

	if (cal_open(cal, from)) {
		step.kind = STEP_WORK;
		step.ms = to.ms - from.ms;
		s->left -= step.ms;
		step.left = s->left;
		(void)cal_hours_on(cal, tz_day(cal_zone(cal), from), &step.rule);
	} else {
		step.kind = why_closed(cal, from, to);
	}
	tell(s, step);
	return to;
}

static instant tell_long(struct story *s, instant from, day last)
{
	struct cal *cal = s->k->cal;
	instant to = midnight(cal_zone(cal), last);
	day first = tz_day(cal_zone(cal), from);
	struct step step = { .kind = STEP_LONG, .from = from, .to = to, .ms = cal_between(cal, from, to) };

	s->left -= step.ms;
	step.left = s->left;
	step.n = cal_workdays(cal, first, (day){ last.d - 1 });
	tell(s, step);
	return to;
}

static void tell_stretch(struct story *s, instant from, instant limit)
{
	const struct tz *z = cal_zone(s->k->cal);
	day first = tz_day(z, from), last = tz_day(z, limit);
	bool shorten = cal_workdays(s->k->cal, (day){ first.d + 1 }, (day){ last.d - 1 }) > LONG_DAYS;
	instant next_day = midnight(z, (day){ first.d + 1 });

	while (from.ms < limit.ms) {
		if (shorten && from.ms >= next_day.ms) {
			from = tell_long(s, from, last);
			shorten = false;
			continue;
		}
		from = tell_span(s, from, shorten && next_day.ms < limit.ms ? next_day : limit);
	}
}

/* ---- pauses ---- */

static void tell_pause(struct story *s, const struct block *b)
{
	struct step step = { .kind = STEP_PAUSE, .from = b->from, .to = b->to, .pause = b->pause };

	if (b->to.ms != NIL)
		step.ms = cal_between(s->k->cal, b->from, b->to);
	tell(s, step);
}

/* The walk of a time target; of a wd or cd target only the pauses are told. Returns where an open pause begins, else NO_INSTANT. */
static instant tell_way(struct story *s, struct clock_due due)
{
	instant at = s->k->start;
	bool walk = s->k->target.unit == TARGET_TIME;
	struct block b;
	size_t i = 0;

	while (next_block(s->k, &i, &b) && (due.state == CLOCK_PAUSED || b.from.ms < due.due.ms)) {
		if (walk)
			tell_stretch(s, at, b.from);
		tell_pause(s, &b);
		if (b.to.ms == NIL)
			return b.from;
		at = b.to;
	}
	if (walk && due.state == CLOCK_DUE)
		tell_stretch(s, at, due.due);
	return NO_INSTANT;
}

size_t clock_explain(const struct clock *k, struct step *ret, size_t max)
{
	struct story s = { .k = k, .step = ret, .max = max, .left = k->target.unit == TARGET_TIME ? k->target.n : NIL };
	struct clock_due due = clock_due(k);
	instant open = NO_INSTANT;

	assert(max >= STEPS_MIN);
	tell(&s, (struct step){ .kind = STEP_START, .from = k->start, .to = NO_INSTANT });
	if (k->target.unit != TARGET_TIME)
		tell(&s, (struct step){ .kind = k->target.unit == TARGET_DAYS ? STEP_DAYS : STEP_WORKDAYS, .from = k->start, .to = NO_INSTANT, .n = k->target.n });
	if (due.state != CLOCK_NEVER)
		open = tell_way(&s, due);
	switch (due.state) {
	case CLOCK_DUE:
		conclude(&s, (struct step){ .kind = STEP_DUE, .from = due.due, .to = NO_INSTANT });
		break;
	case CLOCK_PAUSED:
		conclude(&s, (struct step){ .kind = STEP_OPEN, .from = open, .to = NO_INSTANT });
		break;
	case CLOCK_NEVER:
		conclude(&s, (struct step){ .kind = STEP_NEVER, .from = k->start, .to = NO_INSTANT });
	}
	if (due.unpublished)
		conclude(&s, (struct step){ .kind = STEP_UNPUBLISHED, .from = due.due, .to = NO_INSTANT, .n = due.unpublished });
	return s.n;
}

/* ---- words ---- */

static const char *const weekday_names[] = { N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun") };

static str moment(const struct ctx *c, const struct tz *z, instant t)
{
	struct civil v = tz_civil(z, t);
	str weekday = tr(c, weekday_names[day_weekday(day_of(v.y, v.mo, v.d))]);

	return arena_fmt(c->a, "%04d-%02d-%02d %.*s %02d:%02d", v.y, v.mo, v.d, STR_ARG(weekday), v.h, v.mi);
}

/* "2026-03-02 Mon 10:00–12:00", with the second date when it differs. */
static str stretch(const struct ctx *c, const struct tz *z, const struct step *s)
{
	str from = moment(c, z, s->from);
	struct civil v;

	if (s->to.ms == NIL)
		return from;
	v = tz_civil(z, s->to);
	if (tz_day(z, s->from).d == tz_day(z, s->to).d)
		return arena_fmt(c->a, "%.*s–%02d:%02d", STR_ARG(from), v.h, v.mi);
	if (tz_day(z, s->from).d + 1 == tz_day(z, s->to).d && !v.h && !v.mi)
		return arena_fmt(c->a, "%.*s–24:00", STR_ARG(from));
	return arena_fmt(c->a, "%.*s – %.*s", STR_ARG(from), STR_ARG(moment(c, z, s->to)));
}

str business_text(const struct ctx *c, int64_t ms)
{
	int64_t h = ms / 3600000, min = ms / 60000 % 60;

	if (h && min)
		return trf(c, N_("{1} h {2} min"), h, min);
	if (h)
		return trf(c, N_("{1} h"), h);
	return ms && !min ? trf(c, N_("{1} s"), ms / 1000) : trf(c, N_("{1} min"), min);
}

str target_text(const struct ctx *c, str target)
{
	struct target t;

	if (!target_parse(target, &t))
		return target;
	if (t.unit == TARGET_TIME)
		return business_text(c, t.n);
	return t.unit == TARGET_WORKDAYS ? trn(c, "{1} working day", "{1} working days", t.n) : trn(c, "{1} calendar day", "{1} calendar days", t.n);
}

static str work_text(const struct ctx *c, str when, const struct step *s)
{
	str used = business_text(c, s->ms), left = business_text(c, s->left);

	return s->rule == CAL_MAKEUP ? trf(c, N_("{1} (make-up workday): {2} used, {3} left"), when, used, left) :
		trf(c, N_("{1}: {2} used, {3} left"), when, used, left);
}

static str pause_text(const struct ctx *c, str when, const struct step *s, str why)
{
	str covered = business_text(c, s->ms);

	if (s->to.ms == NIL)
		return why.n ? trf(c, N_("{1}: paused, {2}"), when, why) : trf(c, N_("{1}: paused"), when);
	return why.n ? trf(c, N_("{1}: paused, {2}; {3} of business time does not count"), when, why, covered) :
		trf(c, N_("{1}: paused; {2} of business time does not count"), when, covered);
}

str step_text(const struct ctx *c, const struct tz *zone, const struct step *s, str why)
{
	str when = stretch(c, zone, s);

	switch (s->kind) {
	case STEP_START:       return trf(c, N_("{1}: the clock starts"), when);
	case STEP_WORK:        return work_text(c, when, s);
	case STEP_BREAK:       return trf(c, N_("{1}: break"), when);
	case STEP_CLOSED:      return trf(c, N_("{1}: closed"), when);
	case STEP_HOLIDAY:     return trf(c, N_("{1}: public holiday"), when);
	case STEP_PAUSE:       return pause_text(c, when, s, why);
	case STEP_LONG:        return trf(c, N_("{1}: {2} working days, {3} used, {4} left"), when, s->n, business_text(c, s->ms), business_text(c, s->left));
	case STEP_WORKDAYS:    return trf(c, N_("The end of working day {1} after the day of the start counts"), s->n);
	case STEP_DAYS:        return trf(c, N_("The same clock time {1} calendar days later counts"), s->n);
	case STEP_DUE:         return trf(c, N_("{1}: due"), when);
	case STEP_OPEN:        return trf(c, N_("Paused since {1}: there is no deadline until the clock runs again"), when);
	case STEP_NEVER:       return _("The calendar has too little business time: there is no deadline");
	case STEP_UNPUBLISHED: return trf(c, N_("The public holidays of {1} are not published: the deadline may still move"), arena_fmt(c->a, "%lld", (long long)s->n));
	}
	BUG("step kind %d", (int)s->kind);
}
