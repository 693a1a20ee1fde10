/* time.c — days, texts of times, and the clock. */
#include "base/time.h"
#include <time.h>

/* Days are counted in years that begin on 1 March, so that a leap day is a year's last; 400 years have 146097 days. */
enum { ERA_DAYS = 146097, TO_1970 = 719468 };

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

day day_of(int y, int mo, int d)
{
	int64_t months = (int64_t)y * 12 + mo - 3, year = floor_div(months, 12), m = months - year * 12;
	int64_t era = floor_div(year, 400), yoe = year - era * 400;

	return (day){ era * ERA_DAYS + yoe * 365 + yoe / 4 - yoe / 100 + (153 * m + 2) / 5 + d - 1 - TO_1970 };
}

void day_split(day t, int *ret_y, int *ret_mo, int *ret_d)
{
	int64_t n = t.d + TO_1970, era = floor_div(n, ERA_DAYS), doe = n - era * ERA_DAYS;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / (ERA_DAYS - 1)) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), m = (5 * doy + 2) / 153;

	*ret_d = (int)(doy - (153 * m + 2) / 5 + 1);
	*ret_mo = (int)(m < 10 ? m + 3 : m - 9);
	*ret_y = (int)(yoe + era * 400 + (m >= 10));
}

int day_weekday(day d) { return (int)((d.d + 3) - floor_div(d.d + 3, 7) * 7); }

static int month_length(int y, int mo) { return (int)(day_of(y, mo + 1, 1).d - day_of(y, mo, 1).d); }

day day_add_months(day t, int months)
{
	int y, mo, d, last;

	if (t.d == NIL)
		return t;
	day_split(t, &y, &mo, &d);
	last = month_length(y, mo + months);
	return day_of(y, mo + months, d < last ? d : last);
}

/* ---- reading ---- */

/* Between lo and hi digits at s[*i]. */
static bool digits(str s, size_t *i, size_t lo, size_t hi, int *ret)
{
	size_t from = *i;
	int v = 0;

	for (; *i < s.n && *i - from < hi && s.p[*i] >= '0' && s.p[*i] <= '9'; ++*i)
		v = v * 10 + (s.p[*i] - '0');
	*ret = v;
	return *i - from >= lo;
}

static bool token(str s, size_t *i, str t)
{
	if (!str_starts((str){ s.p + *i, s.n - *i }, t))
		return false;
	*i += t.n;
	return true;
}

/* The date at the start of s. */
static bool date(str s, size_t *i, struct civil *c)
{
	static const char *const forms[][3] = { { "-", "-", "" }, { "/", "/", "" }, { ".", ".", "" }, { "年", "月", "日" } };
	size_t f = 0;

	if (!digits(s, i, 4, 4, &c->y))
		return false;
	while (f < LEN(forms) && !token(s, i, str_c(forms[f][0])))
		f++;
	if (f == LEN(forms) || !digits(s, i, 1, 2, &c->mo) || !token(s, i, str_c(forms[f][1])) || !digits(s, i, 1, 2, &c->d) ||
	    !token(s, i, str_c(forms[f][2])))
		return false;
	return c->y && c->mo >= 1 && c->mo <= 12 && c->d >= 1 && c->d <= month_length(c->y, c->mo);
}

bool day_parse(str s, day *ret)
{
	struct civil c = { 0 };
	size_t i = 0;

	s = str_trim(s);
	if (!date(s, &i, &c) || i != s.n)
		return false;
	*ret = day_of(c.y, c.mo, c.d);
	return true;
}

/* HH:MM[:SS[.fraction]] */
static bool clock_time(str s, size_t *i, struct civil *c)
{
	int scale = 100;

	if (!digits(s, i, 2, 2, &c->h) || !token(s, i, S(":")) || !digits(s, i, 2, 2, &c->mi))
		return false;
	if (token(s, i, S(":")) && !digits(s, i, 2, 2, &c->s))
		return false;
	if (token(s, i, S("."))) {
		size_t from = *i;

		for (; *i < s.n && s.p[*i] >= '0' && s.p[*i] <= '9'; ++*i, scale /= 10)
			c->ms += (s.p[*i] - '0') * scale;
		if (*i == from)
			return false;
	}
	/* A leap second counts as the one that follows. */
	return c->h < 24 && c->mi < 60 && c->s <= 60;
}

/* Z or ±HH:MM or ±HHMM, in seconds. */
static bool offset(str s, size_t *i, int *ret)
{
	int h = 0, mi = 0, sign = 1;

	if (token(s, i, S("Z")) || token(s, i, S("z"))) {
		*ret = 0;
		return true;
	}
	if (token(s, i, S("-")))
		sign = -1;
	else if (!token(s, i, S("+")))
		return false;
	if (!digits(s, i, 2, 2, &h))
		return false;
	(void)token(s, i, S(":"));
	if (!digits(s, i, 2, 2, &mi) || h > 23 || mi > 59)
		return false;
	*ret = sign * (h * 3600 + mi * 60);
	return true;
}

bool instant_parse(str s, const struct tz *z, instant *ret)
{
	struct civil c = { 0 };
	size_t i = 0;
	int off;

	s = str_trim(s);
	if (!date(s, &i, &c))
		return false;
	if (!token(s, &i, S("T")) && !token(s, &i, S("t")) && !token(s, &i, S(" ")))
		return false;
	if (!clock_time(s, &i, &c))
		return false;
	if (i == s.n) {
		*ret = tz_instant(z, c);
		return true;
	}
	if (!offset(s, &i, &off) || i != s.n)
		return false;
	*ret = (instant){ tz_instant(NULL, c).ms - off * 1000LL };
	return true;
}

/* ---- writing ---- */

str day_iso(struct arena *a, day t)
{
	int y, mo, d;

	if (t.d == NIL)
		return S("");
	day_split(t, &y, &mo, &d);
	return arena_fmt(a, "%04d-%02d-%02d", y, mo, d);
}

/* n digits of i at p; returns what is behind them. */
static char *put_digits(char *p, int i, int n)
{
	for (int k = n; k-- > 0; i /= 10)
		p[k] = (char)('0' + i % 10);
	return p + n;
}

static char *put_offset(char *p, int off)
{
	*p++ = off < 0 ? '-' : '+';
	p = put_digits(p, abs(off) / 60, 2);
	*p++ = ':';
	return put_digits(p, abs(off) % 60, 2);
}

/* Lists hold hundreds: written digit by digit, no format read. */
str instant_iso(struct arena *a, const struct tz *z, instant t)
{
	struct civil c;
	char *d, *p;
	int off;

	if (t.ms == NIL)
		return S("");
	/* RFC 3339 has no seconds in an offset: local mean times are written in whole minutes, the instant stays exact. */
	off = tz_offset(z, t) / 60;
	c = tz_civil(NULL, (instant){ t.ms + off * 60000LL });
	if (c.y < 0 || c.y > 9999)
		return arena_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.y, c.mo, c.d, c.h, c.mi, c.s);
	p = d = arena_alloc(a, 32);
	p = put_digits(p, c.y, 4), *p++ = '-', p = put_digits(p, c.mo, 2), *p++ = '-', p = put_digits(p, c.d, 2), *p++ = 'T';
	p = put_digits(p, c.h, 2), *p++ = ':', p = put_digits(p, c.mi, 2), *p++ = ':', p = put_digits(p, c.s, 2);
	if (c.ms)
		*p++ = '.', p = put_digits(p, c.ms, 3);
	if (z)
		p = put_offset(p, off);
	else
		*p++ = 'Z';
	return (str){ d, (size_t)(p - d) };
}

/* ---- the clock ---- */

instant clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (instant){ t.tv_sec * 1000 + t.tv_nsec / 1000000 };
}

int64_t clock_mono_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
