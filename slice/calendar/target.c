/* target.c — targets and durations: how they are written. */
#include "slice/calendar/clock.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, MAX_DAYS = 3660 };
#define MAX_MS ((int64_t)MAX_DAYS * 24 * HOUR_MS)

static const struct { char letter; int64_t ms; } units[] = { { 'h', HOUR_MS }, { 'm', MINUTE_MS }, { 's', 1000 } };

/* Digits at the start of *s, at most eight of them. */
static bool cut_number(str *s, int64_t *ret)
{
	size_t n = 0;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	if (n == 0 || n > 8 || !str_int((str){ s->p, n }, ret))
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

bool duration_parse(str s, int64_t *ret_ms)
{
	int64_t sum = 0, v;
	size_t unit = 0;

	if (!s.n)
		return false;
	while (s.n) {
		if (!cut_number(&s, &v) || !s.n)
			return false;
		while (unit < LEN(units) && units[unit].letter != s.p[0])
			unit++;
		if (unit == LEN(units))
			return false;
		sum += v * units[unit++].ms;
		s.p++;
		s.n--;
	}
	if (sum > MAX_MS)
		return false;
	*ret_ms = sum;
	return true;
}

bool target_parse(str s, struct target *ret)
{
	str rest = s;
	int64_t n;

	if (duration_parse(s, &n)) {
		*ret = (struct target){ TARGET_TIME, n };
		return true;
	}
	if (!cut_number(&rest, &n) || n > MAX_DAYS)
		return false;
	if (str_eq(rest, S("wd")) && n > 0)
		*ret = (struct target){ TARGET_WORKDAYS, n };
	else if (str_eq(rest, S("cd")))
		*ret = (struct target){ TARGET_DAYS, n };
	else
		return false;
	return true;
}

str duration_print(struct arena *a, int64_t ms)
{
	int64_t left = ms < 0 ? -ms : ms;
	str text = arena_str(a, ms < 0 ? S("-") : S(""));

	if (left < 1000)
		return S("0m");
	for (size_t i = 0; i < LEN(units); i++) {
		if (left >= units[i].ms)
			text = arena_fmt(a, "%.*s%lld%c", STR_ARG(text), (long long)(left / units[i].ms), units[i].letter);
		left %= units[i].ms;
	}
	return text;
}

str target_print(struct arena *a, struct target t)
{
	if (t.unit == TARGET_TIME)
		return duration_print(a, t.n);
	return arena_fmt(a, "%lld%s", (long long)t.n, t.unit == TARGET_WORKDAYS ? "wd" : "cd");
}
