/* input.c — one value of a form: forgiving to read, strict in what it lets through. */
#include "http/http_int.h"
#include "base/i18n.h"
#include "base/money.h"
#include "base/time.h"

static void *member(const struct input *in, void *obj) { return (char *)obj + in->off; }

/* Full-width forms (U+FF01–FF5E) and ideographic blanks become ASCII: what a Chinese keyboard types for digits and signs. */
static str narrow(struct arena *a, str s)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t from = i;
		uint32_t cp = utf8_next(s, &i);

		if (cp >= 0xFF01 && cp <= 0xFF5E) {
			d[n++] = (char)(cp - 0xFF01 + '!');
		} else if (cp == 0x3000 || cp == 0xA0) {
			d[n++] = ' ';
		} else {
			memcpy(d + n, s.p + from, i - from);
			n += i - from;
		}
	}
	return str_trim((str){ d, n });
}

static str without(struct arena *a, str s, const char *drop)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (!strchr(drop, s.p[i]))
			d[n++] = s.p[i];
	return (str){ d, n };
}

/* Runs of line ends and tabs become one blank. */
static str one_line(struct arena *a, str s)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool control = s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t';

		if (!control)
			d[n++] = s.p[i];
		else if (n && d[n - 1] != ' ')
			d[n++] = ' ';
	}
	return str_trim((str){ d, n });
}

static str unix_lines(struct arena *a, str s)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n')
			continue;
		d[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
	}
	return str_trim((str){ d, n });
}

int64_t input_most(const struct input *in)
{
	if (in->max)
		return in->max;
	switch (in->kind) {
	case IN_FILES: return 10;
	case IN_LIST: return LIST_MAX_DEFAULT;
	case IN_LINES: return 4000;
	case IN_EMAIL: return 254;
	case IN_SERIAL: return 64;
	case IN_PHONE: return 30;
	case IN_TOKEN: return 512;
	case IN_JSON: return 100000;
	default: return 200;
	}
}

static bool length_ok(struct ctx *c, const struct input *in, const char *path, str s)
{
	int64_t n = (int64_t)utf8_len(s);

	if (n > input_most(in)) {
		(void)fail_field(c, path, N_("At most {1} characters, this has {2}."), input_most(in), n);
		return false;
	}
	if (in->min != NIL && n < in->min) {
		(void)fail_field(c, path, N_("At least {1} characters."), in->min);
		return false;
	}
	return true;
}

static void set_str(const struct input *in, void *obj, str s) { memcpy(member(in, obj), &s, sizeof s); }

static void text(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	if (length_ok(c, in, path, s))
		set_str(in, obj, s);
}

static void phone(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	size_t digits = 0;

	s = without(c->a, narrow(c->a, s), " ().\t");
	for (size_t i = 0; i < s.n; i++) {
		bool digit = s.p[i] >= '0' && s.p[i] <= '9';

		digits += digit;
		if (!digit && s.p[i] != '-' && (s.p[i] != '+' || i)) {
			digits = 0;
			break;
		}
	}
	if (digits < 5 || digits > 20) {
		(void)fail_field(c, path, N_("Enter a telephone number such as 13800138000 or 0571-88886666."));
		return;
	}
	if (digits == 11 && s.p[0] == '1')
		s = without(c->a, s, "-");
	set_str(in, obj, s);
}

static bool email_ok(str s)
{
	const char *at = s.n ? memchr(s.p, '@', s.n) : NULL;
	str host;

	if (!at || at == s.p || s.n > 254)
		return false;
	host = (str){ at + 1, s.n - (size_t)(at + 1 - s.p) };
	if (host.n < 3 || !memchr(host.p, '.', host.n) || host.p[0] == '.' || host.p[host.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || strchr("<>\",;:\\()[]", s.p[i]))
			return false;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] == '@' || (host.p[i] == '.' && i && host.p[i - 1] == '.'))
			return false;
	return true;
}

static void email(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	s = arena_str(c->a, narrow(c->a, s));
	if (!email_ok(s)) {
		(void)fail_field(c, path, N_("Enter an e-mail address such as name@example.com."));
		return;
	}
	for (char *p = memchr((char *)(uintptr_t)s.p, '@', s.n); *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
	set_str(in, obj, s);
}

static void serial(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	char *p;

	s = arena_str(c->a, without(c->a, narrow(c->a, s), " \t\r\n"));
	p = (char *)(uintptr_t)s.p;
	for (size_t i = 0; i < s.n; i++) {
		bool word = (p[i] >= '0' && p[i] <= '9') || (p[i] >= 'A' && p[i] <= 'Z');

		if (p[i] >= 'a' && p[i] <= 'z') {
			p[i] = (char)(p[i] & ~0x20);
		} else if (!word && !strchr("-./_:", p[i])) {
			(void)fail_field(c, path, N_("Use letters, digits and - . / _ : only."));
			return;
		}
	}
	text(c, in, path, s, obj);
}

static void token(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	s = str_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~') {
			(void)fail_field(c, path, N_("Use letters, digits and signs without blanks."));
			return;
		}
	}
	text(c, in, path, s, obj);
}

void input_int(struct ctx *c, const struct input *in, const char *path, int64_t i, void *obj)
{
	bool low = in->min != NIL && i < in->min, high = in->max && i > in->max;

	if (i == NIL)
		(void)fail_field(c, path, N_("Enter a whole number."));
	else if ((low || high) && in->min != NIL && in->max)
		(void)fail_field(c, path, N_("Enter a whole number from {1} to {2}."), in->min, in->max);
	else if (low)
		(void)fail_field(c, path, N_("Enter a whole number of at least {1}."), in->min);
	else if (high)
		(void)fail_field(c, path, N_("Enter a whole number of at most {1}."), in->max);
	else
		memcpy(member(in, obj), &i, sizeof i);
}

static void whole(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	int64_t i;

	s = without(c->a, narrow(c->a, s), ",");
	if (s.n && s.p[0] == '+')
		s.p++, s.n--;
	input_int(c, in, path, str_int(s, &i) ? i : NIL, obj);
}

static void truth(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	static const char *const yes[] = { "1", "true", "on", "yes", NULL }, *const no[] = { "0", "false", "off", "no", NULL };
	bool on = name_index(yes, str_trim(s)) >= 0;

	if (!on && name_index(no, str_trim(s)) < 0)
		(void)fail_field(c, path, N_("Choose yes or no."));
	else
		*(bool *)member(in, obj) = on;
}

static void civil_day(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	day d;

	if (day_parse(narrow(c->a, s), &d))
		memcpy(member(in, obj), &d, sizeof d);
	else
		(void)fail_field(c, path, N_("Enter a date such as 2026-11-22."));
}

static void moment(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	instant t;

	if (instant_parse(narrow(c->a, s), c->who->zone, &t))
		memcpy(member(in, obj), &t, sizeof t);
	else
		(void)fail_field(c, path, N_("Enter a date and time such as 2026-11-22 14:30."));
}

static void amount(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	money m;

	if (!money_parse(narrow(c->a, s), "CNY", &m))
		(void)fail_field(c, path, N_("Enter an amount such as 1234.50."));
	else if ((in->min != NIL && m.minor < in->min) || (in->max && m.minor > in->max))
		(void)fail_field(c, path, N_("This amount is outside the allowed range."));
	else
		memcpy(member(in, obj), &m, sizeof m);
}

static void choice(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	int i = name_index(in->names, str_trim(s));
	struct buf b;
	str all;

	if (i >= 0) {
		memcpy(member(in, obj), &i, sizeof i);
		return;
	}
	buf_init(&b, 1000);
	for (size_t k = 0; in->names[k]; k++) {
		buf_str(&b, k ? S(", ") : S(""));
		buf_str(&b, str_c(in->names[k]));
	}
	all = arena_str(c->a, (str){ b.p, b.n });
	buf_free(&b);
	(void)fail_field(c, path, N_("Choose one of: {1}."), all);
}

void input_text(struct ctx *c, const struct input *in, const char *path, str s, void *obj)
{
	if (!utf8_valid(s)) {
		(void)fail_field(c, path, N_("This text holds characters that cannot be accepted."));
		return;
	}
	if (in->kind != IN_SECRET && !narrow(c->a, s).n) {
		input_absent(c, in, path, obj);
		return;
	}
	switch (in->kind) {
	case IN_TEXT: text(c, in, path, one_line(c->a, s), obj); return;
	case IN_LINES: text(c, in, path, unix_lines(c->a, s), obj); return;
	case IN_SECRET: text(c, in, path, s, obj); return;
	case IN_TOKEN: token(c, in, path, s, obj); return;
	case IN_SERIAL: serial(c, in, path, s, obj); return;
	case IN_PHONE: phone(c, in, path, s, obj); return;
	case IN_EMAIL: email(c, in, path, s, obj); return;
	case IN_INT: whole(c, in, path, s, obj); return;
	case IN_BOOL: truth(c, in, path, s, obj); return;
	case IN_DAY: civil_day(c, in, path, s, obj); return;
	case IN_INSTANT: moment(c, in, path, s, obj); return;
	case IN_MONEY: amount(c, in, path, s, obj); return;
	case IN_ENUM: choice(c, in, path, s, obj); return;
	case IN_JSON: text(c, in, path, s, obj); return;
	case IN_FILES: case IN_LIST: break;
	}
	(void)fail_field(c, path, N_("A single text is not expected here."));
}

/* The member of what was not sent: NIL, -1, NULL by kind; zeroed memory serves the rest. */
void input_absent(struct ctx *c, const struct input *in, const char *path, void *obj)
{
	static const money no_money = { .minor = NIL };
	static const int64_t nil = NIL;
	static const int none = -1;

	switch (in->kind) {
	case IN_INT: case IN_DAY: case IN_INSTANT: memcpy(member(in, obj), &nil, sizeof nil); break;
	case IN_MONEY: memcpy(member(in, obj), &no_money, sizeof no_money); break;
	case IN_ENUM: memcpy(member(in, obj), &none, sizeof none); break;
	default: break;
	}
	if (in->required)
		(void)fail_field(c, path, N_("Please fill this in."));
}

bool input_count(struct ctx *c, const struct input *in, const char *path, size_t n)
{
	int64_t max = input_most(in);

	if ((int64_t)n > max)
		(void)fail_field(c, path, N_("At most {1} entries, these are {2}."), max, (int64_t)n);
	else if ((in->min != NIL && (int64_t)n < in->min) || (in->required && !n))
		(void)fail_field(c, path, N_("At least {1} entries."), in->min == NIL ? (int64_t)1 : in->min);
	else
		return true;
	return false;
}
