/* parse.c — the small grammars of HTTP: tokens, escapes, cookies, parameters, qualities. */
#include "http/http_int.h"
#include "base/i18n.h"
#include <sodium.h>
#include <strings.h>

bool is_token(str s)
{
	static const char extra[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		bool word = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');

		if (!word && (!ch || !strchr(extra, ch)))
			return false;
	}
	return s.n > 0;
}

bool str_ieq(str a, str b) { return a.n == b.n && (!a.n || !strncasecmp(a.p, b.p, a.n)); }

bool bytes_eq(str a, str b) { return a.n == b.n && a.n && !sodium_memcmp(a.p, b.p, a.n); }

static int hex(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch |= 0x20;
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

bool url_decode(struct arena *a, str s, bool plus, str *ret)
{
	char *d = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int hi, lo;

		if (s.p[i] != '%') {
			d[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
			continue;
		}
		if (s.n - i < 3 || (hi = hex(s.p[i + 1])) < 0 || (lo = hex(s.p[i + 2])) < 0)
			return false;
		d[n++] = (char)(hi << 4 | lo);
		i += 2;
	}
	*ret = (str){ d, n };
	return utf8_valid(*ret);
}

void url_encode(struct buf *b, str s)
{
	static const char digit[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		bool plain = (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '-' || ch == '.' || ch == '_' || ch == '~';

		if (plain) {
			buf_c(b, (char)ch);
		} else {
			buf_c(b, '%');
			buf_c(b, digit[ch >> 4]);
			buf_c(b, digit[ch & 15]);
		}
	}
}

enum err pairs_parse(struct ctx *c, str text, struct pair **ret, size_t *ret_n)
{
	size_t room = 1, n = 0;
	struct pair *p;
	str piece;

	for (size_t i = 0; i < text.n; i++)
		room += text.p[i] == '&';
	if (room > PAIRS_MAX)
		return fail(c, ERR_TOO_LARGE, N_("Too many fields."));
	p = NEW_N(c->a, struct pair, room);
	while (str_cut(&text, '&', &piece)) {
		const char *eq = piece.n ? memchr(piece.p, '=', piece.n) : NULL;
		str name = { piece.p, eq ? (size_t)(eq - piece.p) : piece.n };
		str value = eq ? (str){ eq + 1, piece.n - name.n - 1 } : S("");

		if (!piece.n)
			continue;
		if (!url_decode(c->a, name, true, &p[n].name) || !url_decode(c->a, value, true, &p[n].value))
			return fail(c, ERR_MALFORMED, N_("The request holds text that cannot be accepted."));
		n++;
	}
	*ret = p;
	*ret_n = n;
	return ERR_OK;
}

str pair_get(const struct pair *p, size_t n, str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(p[i].name, name))
			return p[i].value;
	return (str){ 0 };
}

str cookie_get(str header, str name)
{
	str piece;

	while (str_cut(&header, ';', &piece)) {
		piece = str_trim(piece);
		if (piece.n > name.n && piece.p[name.n] == '=' && str_starts(piece, name))
			return (str){ piece.p + name.n + 1, piece.n - name.n - 1 };
	}
	return (str){ 0 };
}

/* Value behind '=': token or quoted string with backslash escapes; moves *s behind it. */
static bool param_value(struct arena *a, str *s, str *ret)
{
	char *d;
	size_t n = 0, i = 1;

	if (!s->n || s->p[0] != '"') {
		const char *end = s->n ? memchr(s->p, ';', s->n) : NULL;

		*ret = str_trim((str){ s->p, end ? (size_t)(end - s->p) : s->n });
		s->p += ret->n;
		s->n -= ret->n;
		return true;
	}
	d = arena_alloc(a, s->n);
	for (; i < s->n && s->p[i] != '"'; i++) {
		if (s->p[i] == '\\' && i + 1 < s->n && (s->p[i + 1] == '"' || s->p[i + 1] == '\\'))
			i++;
		d[n++] = s->p[i];
	}
	if (i >= s->n)
		return false;
	*ret = (str){ d, n };
	s->p += i + 1;
	s->n -= i + 1;
	return true;
}

str param_get(struct arena *a, str header, str name)
{
	str skip;

	if (!str_cut(&header, ';', &skip))
		return (str){ 0 };
	while (header.n) {
		const char *eq = memchr(header.p, '=', header.n);
		str key, value;

		if (!eq)
			break;
		key = str_trim((str){ header.p, (size_t)(eq - header.p) });
		header.n -= (size_t)(eq + 1 - header.p);
		header.p = eq + 1;
		if (!param_value(a, &header, &value))
			break;
		if (str_ieq(key, name))
			return value;
		str_cut(&header, ';', &skip);
	}
	return (str){ 0 };
}

/* "0.8" → 800 */
static int quality(str q)
{
	int v = 0, scale = 100;

	q = str_trim(q);
	if (!q.n || (q.p[0] != '0' && q.p[0] != '1'))
		return 0;
	v = (q.p[0] - '0') * 1000;
	for (size_t i = 2; i < q.n && i < 5 && q.p[i] >= '0' && q.p[i] <= '9'; i++, scale /= 10)
		v += (q.p[i] - '0') * scale;
	return v > 1000 ? 1000 : v;
}

int accept_q(str header, str what)
{
	str item;

	while (str_cut(&header, ',', &item)) {
		str name, par;
		int q = 1000;

		if (!str_cut(&item, ';', &name) || !str_ieq(str_trim(name), what))
			continue;
		while (str_cut(&item, ';', &par)) {
			par = str_trim(par);
			if (str_starts(par, S("q=")))
				q = quality((str){ par.p + 2, par.n - 2 });
		}
		return q;
	}
	return -1;
}
