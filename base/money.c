/* money.c — the only place that knows decimals, symbols and rounding. */
#include "base/money.h"

/* Currencies that do not have two decimals, or whose symbol people know. */
static const struct { char cur[4]; int digits; const char *symbol; } known[] = {
	{ "CNY", 2, "¥" },   { "USD", 2, "US$" }, { "EUR", 2, "€" },    { "GBP", 2, "£" },    { "HKD", 2, "HK$" },  { "TWD", 2, "NT$" },
	{ "MOP", 2, "MOP$" }, { "SGD", 2, "S$" }, { "JPY", 0, "JP¥" },  { "KRW", 0, "₩" },    { "VND", 0, "₫" },    { "CLP", 0, NULL },
	{ "ISK", 0, NULL }, { "UGX", 0, NULL }, { "XAF", 0, NULL }, { "XOF", 0, NULL }, { "XPF", 0, NULL }, { "PYG", 0, NULL },
	{ "BHD", 3, NULL }, { "IQD", 3, NULL }, { "JOD", 3, NULL }, { "KWD", 3, NULL }, { "LYD", 3, NULL }, { "OMR", 3, NULL },
	{ "TND", 3, NULL },
};

static size_t find(const char cur[4])
{
	for (size_t i = 0; i < LEN(known); i++)
		if (!memcmp(known[i].cur, cur, 4))
			return i;
	return LEN(known);
}

int money_digits(const char cur[4])
{
	size_t i = find(cur);

	return i < LEN(known) ? known[i].digits : 2;
}

const char *money_symbol(const char cur[4])
{
	size_t i = find(cur);

	return i < LEN(known) && known[i].symbol ? known[i].symbol : cur;
}

/* Full-width forms become ASCII. False when it is too long to be an amount. */
static bool ascii_form(str s, char *d, size_t room, str *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		uint32_t c = utf8_next(s, &i);

		if (n + 4 > room)
			return false;
		if (c >= 0xFF01 && c <= 0xFF5E)
			d[n++] = (char)(c - 0xFEE0);
		else if (c == 0x2212)
			d[n++] = '-';
		else
			while (from < i)
				d[n++] = s.p[from++];
	}
	*ret = (str){ d, n };
	return true;
}

/* Blanks and the currency's own marks at either end go. */
static str strip_marks(str t, const char cur[4])
{
	static const char *const yuan[] = { "¥", "￥", "RMB", "元", "圆" };
	size_t n = strcmp(cur, "CNY") ? 0 : LEN(yuan);

	t = str_trim(t);
	for (size_t k = 0; k < n + 2; k++) {
		str mark = str_c(k < n ? yuan[k] : k == n ? cur : money_symbol(cur));

		if (str_starts(t, mark))
			t = str_trim((str){ t.p + mark.n, t.n - mark.n });
		if (str_ends(t, mark))
			t = str_trim((str){ t.p, t.n - mark.n });
	}
	return t;
}

/* Digits before the decimal point, commas only between groups of three. Moves *i behind them. */
static bool whole_part(str s, size_t *i, int64_t *ret)
{
	size_t digits = 0, since = 0;
	bool grouped = false;
	int64_t v = 0;

	for (; *i < s.n && s.p[*i] != '.'; ++*i) {
		char c = s.p[*i];

		if (c == ',') {
			if (!digits || (grouped ? since != 3 : digits > 3))
				return false;
			grouped = true;
			since = 0;
			continue;
		}
		if (c < '0' || c > '9' || __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, c - '0', &v))
			return false;
		digits++;
		since++;
	}
	*ret = v;
	return digits && (!grouped || since == 3);
}

bool money_parse(str s, const char cur[4], money *ret)
{
	char d[128];
	bool minus;
	size_t i = 0;
	int64_t v;
	int left = money_digits(cur);
	money m = { 0 };

	if (!ascii_form(s, d, sizeof d, &s))
		return false;
	s = strip_marks(s, cur);
	minus = str_starts(s, S("-"));
	if (minus)
		s = strip_marks((str){ s.p + 1, s.n - 1 }, cur);
	if (!whole_part(s, &i, &v) || (i < s.n && (++i == s.n || !left)))
		return false;
	for (; i < s.n; i++, left--)
		if (!left || s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, s.p[i] - '0', &v))
			return false;
	for (; left; left--)
		if (__builtin_mul_overflow(v, 10, &v))
			return false;
	if (v > MONEY_MAX)
		return false;
	m.minor = minus ? -v : v;
	memcpy(m.cur, cur, 4);
	*ret = m;
	return true;
}

str money_plain(struct arena *a, money m)
{
	int digits = money_digits(m.cur);
	uint64_t scale = 1, u = m.minor < 0 ? 0 - (uint64_t)m.minor : (uint64_t)m.minor;
	const char *sign = m.minor < 0 ? "-" : "";

	if (m.minor == NIL)
		return S("");
	for (int i = 0; i < digits; i++)
		scale *= 10;
	if (!digits)
		return arena_fmt(a, "%s%llu", sign, (unsigned long long)u);
	return arena_fmt(a, "%s%llu.%0*llu", sign, (unsigned long long)(u / scale), digits, (unsigned long long)(u % scale));
}

money money_add(money a, money b)
{
	if (a.minor == NIL || b.minor == NIL || memcmp(a.cur, b.cur, 4))
		BUG("adding %.3s to %.3s", b.cur, a.cur);
	if (__builtin_add_overflow(a.minor, b.minor, &a.minor) || a.minor == NIL)
		BUG("a sum of money overflows");
	return a;
}

money money_part(money m, int64_t num, int64_t den)
{
	__int128 p, q, r;

	if (m.minor == NIL || !den)
		BUG("a part of no money, or divided by 0");
	p = (__int128)m.minor * num;
	q = p / den;
	r = p % den;
	if (r < 0)
		r = -r;
	if (2 * r >= (den < 0 ? -(__int128)den : den))
		q += (p < 0) == (den < 0) ? 1 : -1;
	if (q > INT64_MAX || q <= INT64_MIN)
		BUG("a part of money overflows");
	m.minor = (int64_t)q;
	return m;
}

money money_zero(const char cur[4])
{
	money m = { .minor = 0 };

	memcpy(m.cur, cur, 4);
	return m;
}

money money_minus(money m)
{
	m.minor = m.minor == NIL ? NIL : -m.minor;
	return m;
}

bool money_is(money m, const char cur[4]) { return !memcmp(m.cur, cur, 4); }
