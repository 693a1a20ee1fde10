/* out.c — template text and the values in its holes, escaped for where they stand. */
#include "view/plain.h"
#include "base/money.h"
#include "base/time.h"

static const str entity[256] = {
	['&'] = { "&amp;", 5 }, ['<'] = { "&lt;", 4 }, ['>'] = { "&gt;", 4 }, ['"'] = { "&quot;", 6 }, ['\''] = { "&#39;", 5 },
};

void out_lit(struct out *o, const char *p, size_t n)
{
	buf_put(&o->b, p, n);
}

static void escape(struct out *o, str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		str e = entity[(unsigned char)s.p[i]];

		if (!e.n)
			continue;
		buf_put(&o->b, s.p + from, i - from);
		buf_str(&o->b, e);
		from = i + 1;
	}
	if (s.n > from)
		buf_put(&o->b, s.p + from, s.n - from);
}

static void escape_shown(struct out *o, const struct ctx *c, struct val v)
{
	struct arena_mark m = arena_mark(c->a);

	escape(o, show(c, v));
	arena_reset(c->a, m);
}

void out_text(struct out *o, const struct ctx *c, struct val v)
{
	switch (v.kind) {
	case K_NONE: return;
	case K_INT: buf_int(&o->b, v.i); return;
	case K_STR: case K_JSON: escape(o, v.s); return;
	case K_HTML: buf_str(&o->b, v.s); return;
	case K_BOOL: case K_INSTANT: case K_DAY: case K_MONEY: case K_ENUM: escape_shown(o, c, v); return;
	case K_OBJ: case K_LIST: break;
	}
	BUG("a hole takes one value");
}

void out_attr(struct out *o, const struct ctx *c, struct val v)
{
	if (v.kind == K_HTML)
		BUG("html in an attribute");
	if (v.kind == K_BOOL)
		escape(o, v.i ? S("true") : S("false"));        /* aria-* and the like: no words for people */
	else
		out_text(o, c, v);
}

static str local_minutes(const struct ctx *c, instant t)
{
	struct civil l = tz_civil(c->who ? c->who->zone : NULL, t);

	return arena_fmt(c->a, "%04d-%02d-%02dT%02d:%02d", l.y, l.mo, l.d, l.h, l.mi);
}

str plain(const struct ctx *c, struct val v, bool for_input)
{
	money m = { .minor = v.i };

	switch (v.kind) {
	case K_NONE: return S("");
	case K_INT: return arena_fmt(c->a, "%lld", (long long)v.i);
	case K_BOOL: return v.i ? S("true") : S("false");
	case K_STR: case K_JSON: case K_ENUM: return v.s;
	case K_DAY: return day_iso(c->a, (day){ v.i });
	case K_INSTANT:
		return for_input ? local_minutes(c, (instant){ v.i }) : instant_iso(c->a, c->who ? c->who->zone : NULL, (instant){ v.i });
	case K_MONEY:
		memcpy(m.cur, v.cur, sizeof m.cur);
		return money_plain(c->a, m);
	case K_HTML: case K_OBJ: case K_LIST: break;
	}
	BUG("no plain form of this value");
}

static void escape_plain(struct out *o, const struct ctx *c, struct val v, bool for_input)
{
	struct arena_mark m;

	if (v.kind == K_STR || v.kind == K_INT) {
		out_text(o, c, v);
		return;
	}
	m = arena_mark(c->a);
	escape(o, plain(c, v, for_input));
	arena_reset(c->a, m);
}

void out_value(struct out *o, const struct ctx *c, struct val v) { escape_plain(o, c, v, true); }
void out_iso(struct out *o, const struct ctx *c, struct val v) { escape_plain(o, c, v, false); }

/* Control characters and backslashes are what browsers drop or rewrite before they look for the scheme. */
static bool harmless(str s)
{
	static const str starts[] = {
		{ "/", 1 }, { "?", 1 }, { "#", 1 }, { "http://", 7 }, { "https://", 8 }, { "mailto:", 7 }, { "tel:", 4 },
	};

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == '\\' || s.p[i] == 0x7F)
			return false;
	for (size_t i = 0; i < LEN(starts); i++)
		if (s.n >= starts[i].n && !strncasecmp(s.p, starts[i].p, starts[i].n))
			return true;
	return false;
}

void out_url(struct out *o, const struct ctx *c, struct val v)
{
	(void)c;
	if (v.kind == K_STR && harmless(v.s))
		escape(o, v.s);
	else
		out_lit(o, "#", 1);
}

void out_urlpart(struct out *o, const struct ctx *c, struct val v)
{
	static const char hex[] = "0123456789ABCDEF", ok[] = "-._~";
	struct arena_mark m = arena_mark(c->a);
	str s = plain(c, v, false);

	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		char b[3] = { '%', hex[ch >> 4], hex[ch & 15] };
		bool letter = (ch >= '0' && ch <= '9') || ((ch | 32) >= 'a' && (ch | 32) <= 'z') || (ch && strchr(ok, (char)ch));

		buf_put(&o->b, letter ? s.p + i : b, letter ? 1 : 3);
	}
	arena_reset(c->a, m);
}
