/* i18n.c — catalogues and how values read for a person. */
#include "base/i18n.h"
#include "base/mo.h"
#include "base/money.h"
#include "base/time.h"
#include <pthread.h>

const char *const i18n_langs[] = { "zh", "en", NULL };

/* po/catalogue.py makes these from po/<room>.zh.po. */
extern const unsigned char mo_zh[];
extern const size_t mo_zh_n;

static struct mo zh;

static void open_catalogue(void)
{
	if (!mo_open(&zh, mo_zh, mo_zh_n))
		BUG("the built-in catalogue is broken");
}

/* A page asks for the same few literals again and again: found by their address, and certain by their bytes. */
enum { RECENT = 2048 };
struct recent { const char *text, *key; str t; };

static str zh_of(const char *text)
{
	static _Thread_local struct recent recent[RECENT];
	struct recent *r = &recent[((uintptr_t)text >> 3 ^ (uintptr_t)text >> 12) % RECENT];

	if (r->text == text && !strcmp(r->key, text))
		return r->t;
	r->t = mo_find(&zh, text, &r->key);
	r->text = r->key ? text : NULL;
	return r->t;
}

str tr_lang(const char *lang, const char *text)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	str t;

	if (lang && !strcmp(lang, "en"))
		return str_c(text);
	pthread_once(&once, open_catalogue);
	/* The empty key is the catalogue's header. */
	t = *text ? zh_of(text) : (str){ 0 };
	return t.n ? t : str_c(text);
}

static const char *lang_of(const struct ctx *c) { return c->who ? c->who->lang : NULL; }
static const struct tz *zone_of(const struct ctx *c) { return c->who ? c->who->zone : NULL; }

str tr(const struct ctx *c, const char *text) { return tr_lang(lang_of(c), text); }

/* Number of the placeholder {1}…{9} at s[i], 0 if there is none. */
static size_t place_at(str s, size_t i)
{
	bool is = s.n - i >= 3 && s.p[i] == '{' && s.p[i + 1] >= '1' && s.p[i + 1] <= '9' && s.p[i + 2] == '}';

	return is ? (size_t)(s.p[i + 1] - '0') : 0;
}

static str fill(struct arena *a, str text, const str *part, size_t n)
{
	size_t total = 0, at = 0, k;
	char *d;

	for (size_t i = 0; i < text.n; i++) {
		k = place_at(text, i);
		total += k && k <= n ? part[k - 1].n : 1;
		if (k && k <= n)
			i += 2;
	}
	d = arena_alloc(a, total + 1);
	for (size_t i = 0; i < text.n; i++) {
		k = place_at(text, i);
		if (!k || k > n) {
			d[at++] = text.p[i];
			continue;
		}
		if (part[k - 1].n)
			memcpy(d + at, part[k - 1].p, part[k - 1].n);
		at += part[k - 1].n;
		i += 2;
	}
	return (str){ d, total };
}

str trf_(const struct ctx *c, const char *text, const struct val *v, size_t n)
{
	str part[9];

	if (n > LEN(part))
		n = LEN(part);
	for (size_t i = 0; i < n; i++)
		part[i] = show(c, v[i]);
	return fill(c->a, tr(c, text), part, n);
}

str trn(const struct ctx *c, const char *one, const char *many, int64_t n)
{
	const char *lang = lang_of(c);
	bool single = lang && !strcmp(lang, "en") && n == 1;
	str number = show(c, v_int(n));

	return fill(c->a, single ? str_c(one) : tr(c, many), &number, 1);
}

static str show_civil(struct arena *a, struct civil t)
{
	return arena_fmt(a, "%04d-%02d-%02d %02d:%02d", t.y, t.mo, t.d, t.h, t.mi);
}

/* ¥1,234.50: the sign first, then the currency, digits in groups of three. */
static str show_money(struct arena *a, money m)
{
	str plain = money_plain(a, m), symbol;
	size_t whole, at = 0;
	bool minus = str_starts(plain, S("-"));
	char *d = arena_alloc(a, plain.n + plain.n / 3 + 2);

	if (minus)
		plain.p++, plain.n--;
	if (!str_find(plain, S("."), &whole))
		whole = plain.n;
	for (size_t i = 0; i < plain.n; i++) {
		if (i && i < whole && (whole - i) % 3 == 0)
			d[at++] = ',';
		d[at++] = plain.p[i];
	}
	symbol = str_c(money_symbol(m.cur));
	return arena_fmt(a, "%s%.*s%s%.*s", minus ? "-" : "", STR_ARG(symbol), str_eq(symbol, str_c(m.cur)) ? " " : "", (int)at, d);
}

str show(const struct ctx *c, struct val v)
{
	money m = { .minor = v.i };

	switch (v.kind) {
	case K_NONE: return S("");
	case K_INT: return arena_fmt(c->a, "%lld", (long long)v.i);
	case K_BOOL: return v.i ? _("yes") : _("no");
	case K_INSTANT: return show_civil(c->a, tz_civil(zone_of(c), (instant){ v.i }));
	case K_DAY: return day_iso(c->a, (day){ v.i });
	case K_MONEY: memcpy(m.cur, v.cur, 4); return show_money(c->a, m);
	case K_STR: case K_ENUM: case K_HTML: case K_JSON: case K_OBJ: case K_LIST: break;
	}
	return v.s.p ? v.s : S("");
}

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

str show_ago(const struct ctx *c, instant t)
{
	const struct tz *z = zone_of(c);
	int64_t ahead, days;
	struct civil then, now;
	str clock;

	if (t.ms == NIL)
		return S("");
	ahead = t.ms - c->now.ms;
	if (ahead > -MINUTE && ahead < MINUTE)
		return ahead <= 0 ? _("just now") : _("in a moment");
	if (ahead > -HOUR && ahead < HOUR)
		return ahead < 0 ? trf(c, N_("{1} min ago"), -ahead / MINUTE) : trf(c, N_("in {1} min"), ahead / MINUTE);
	then = tz_civil(z, t);
	now = tz_civil(z, c->now);
	days = tz_day(z, t).d - tz_day(z, c->now).d;
	clock = arena_fmt(c->a, "%02d:%02d", then.h, then.mi);
	if (days == 0)
		return trf(c, N_("today {1}"), clock);
	if (days == -1)
		return trf(c, N_("yesterday {1}"), clock);
	if (days == 1)
		return trf(c, N_("tomorrow {1}"), clock);
	if (then.y == now.y)
		return arena_fmt(c->a, "%02d-%02d %.*s", then.mo, then.d, STR_ARG(clock));
	return show_civil(c->a, then);
}

static str span(const struct ctx *c, int64_t ms)
{
	int64_t d = ms / DAY, h = ms / HOUR % 24, min = ms / MINUTE % 60;

	if (d)
		return h ? trf(c, N_("{1} d {2} h"), d, h) : trf(c, N_("{1} d"), d);
	if (h)
		return min ? trf(c, N_("{1} h {2} min"), h, min) : trf(c, N_("{1} h"), h);
	return min ? trf(c, N_("{1} min"), min) : trf(c, N_("{1} s"), ms / SECOND);
}

str show_span(const struct ctx *c, int64_t ms)
{
	str s;

	if (ms == NIL)
		return S("");
	if (ms >= 0)
		return span(c, ms);
	s = span(c, -ms);
	return arena_fmt(c->a, "-%.*s", STR_ARG(s));
}
