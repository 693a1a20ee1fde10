/* doc.c — the parser. Recursion is bounded by DEPTH. */
#include "slice/entitlement/doc.h"
#include "base/i18n.h"

enum { DEPTH = 32 };
struct in { struct arena *a; str file, text; size_t at; int line; struct flaw *flaw; };

bool flaw_set(struct flaw *f, str file, int line, const char *text, const struct val arg[2])
{
	if (!f->text)
		*f = (struct flaw){ .file = file, .line = line, .text = text, .arg = { arg[0], arg[1] } };
	return false;
}

static void put_arg(struct arena *a, struct buf *b, struct val v)
{
	if (v.kind == K_INT)
		buf_int(b, v.i);
	else
		buf_str(b, v.kind == K_DAY ? day_iso(a, (day){ v.i }) : v.s);
}

str flaw_line(struct arena *a, const struct flaw *f)
{
	struct buf b;
	str ret;

	buf_init(&b, 4096);
	buf_fmt(&b, "%.*s:%d: ", STR_ARG(f->file), f->line);
	for (const char *p = f->text; *p; p++) {
		if (p[0] == '{' && (p[1] == '1' || p[1] == '2') && p[2] == '}') {
			put_arg(a, &b, f->arg[p[1] - '1']);
			p += 2;
		} else {
			buf_c(&b, *p);
		}
	}
	ret = arena_str(a, (str){ b.p, b.n });
	buf_free(&b);
	return ret;
}

#define bad(in, text, ...) flaw_at((in)->flaw, (in)->file, (in)->line, text, __VA_ARGS__)

static int peek(const struct in *in) { return in->at < in->text.n ? (unsigned char)in->text.p[in->at] : -1; }

static void blanks(struct in *in)
{
	for (int c; (c = peek(in)) == ' ' || c == '\t' || c == '\r' || c == '\n'; in->at++)
		in->line += c == '\n';
}

static bool expect(struct in *in, char c)
{
	blanks(in);
	if (peek(in) != (unsigned char)c)
		return bad(in, N_("expected {1}"), c == ':' ? "':'" : c == '"' ? "a text in quotes" : "another sign");
	in->at++;
	return true;
}

static int hex4(const struct in *in, size_t at)
{
	int v = 0;

	if (at + 4 > in->text.n)
		return -1;
	for (size_t i = at; i < at + 4; i++) {
		char c = in->text.p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

static size_t utf8_put(char *d, uint32_t c)
{
	if (c < 0x80)
		return d[0] = (char)c, 1;
	if (c < 0x800)
		return d[0] = (char)(0xC0 | c >> 6), d[1] = (char)(0x80 | (c & 63)), 2;
	if (c < 0x10000)
		return d[0] = (char)(0xE0 | c >> 12), d[1] = (char)(0x80 | (c >> 6 & 63)), d[2] = (char)(0x80 | (c & 63)), 3;
	d[0] = (char)(0xF0 | c >> 18), d[1] = (char)(0x80 | (c >> 12 & 63)), d[2] = (char)(0x80 | (c >> 6 & 63)), d[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* Behind a backslash. Writes at most four bytes at d; 0 when the escape is none. */
static size_t escape(struct in *in, char *d)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	int c = peek(in), hi, lo;
	const char *hit = c > 0 ? strchr(from, c) : NULL;

	in->at++;
	if (hit)
		return *d = to[hit - from], 1;
	if (c != 'u' || (hi = hex4(in, in->at)) < 0)
		return 0;
	in->at += 4;
	if (hi < 0xD800 || hi > 0xDFFF)
		return utf8_put(d, (uint32_t)hi);
	if (hi > 0xDBFF || peek(in) != '\\' || in->at + 1 >= in->text.n || in->text.p[in->at + 1] != 'u')
		return 0;
	lo = hex4(in, in->at + 2);
	if (lo < 0xDC00 || lo > 0xDFFF)
		return 0;
	in->at += 6;
	return utf8_put(d, 0x10000u + ((uint32_t)(hi - 0xD800) << 10) + (uint32_t)(lo - 0xDC00));
}

static bool text(struct in *in, str *ret)
{
	size_t end, n = 0;
	char *d;

	if (!expect(in, '"'))
		return false;
	for (end = in->at; end < in->text.n && in->text.p[end] != '"'; end++)
		end += in->text.p[end] == '\\';
	if (end >= in->text.n)
		return bad(in, N_("the text has no closing quote"));
	d = arena_alloc(in->a, end - in->at + 1);
	while (in->at < end) {
		char c = in->text.p[in->at++];
		size_t k = 1;

		if (c == '\\')
			k = escape(in, d + n);
		else
			d[n] = c;
		if (!k || (c >= 0 && c < 0x20))
			return bad(in, N_("bad escape or control character in a text"));
		n += k;
	}
	in->at = end + 1;
	*ret = (str){ d, n };
	return utf8_valid(*ret) || bad(in, N_("a text is not clean UTF-8"));
}

static bool number(struct in *in, struct node *n)
{
	size_t from = in->at;
	str s;

	in->at += peek(in) == '-';
	while (peek(in) >= '0' && peek(in) <= '9')
		in->at++;
	s = (str){ in->text.p + from, in->at - from };
	if (peek(in) == '.' || peek(in) == 'e' || peek(in) == 'E')
		return bad(in, N_("only whole numbers are accepted"));
	n->kind = NODE_INT;
	if (!str_int(s, &n->i) || n->i == NIL || (s.n > 1 && s.p[s.p[0] == '-'] == '0'))
		return bad(in, N_("\"{1}\" is no number"), s);
	return true;
}

static bool word(struct in *in, struct node *n)
{
	static const struct { const char *w; enum node_kind kind; int v; } words[] =
		{ { "null", NODE_NULL, 0 }, { "true", NODE_BOOL, 1 }, { "false", NODE_BOOL, 0 } };
	str rest = { in->text.p + in->at, in->text.n - in->at };

	for (size_t i = 0; i < LEN(words); i++) {
		if (!str_starts(rest, str_c(words[i].w)))
			continue;
		n->kind = words[i].kind;
		n->i = words[i].v;
		in->at += strlen(words[i].w);
		return true;
	}
	return rest.n ? bad(in, N_("not JSON")) : bad(in, N_("the file ends too early"));
}

static bool value(struct in *in, struct node *n, int depth);

static bool child(struct in *in, const struct node *parent, struct node *n, int depth)
{
	if (parent->kind == NODE_LIST)
		return value(in, n, depth);
	blanks(in);
	if (!text(in, &n->name))
		return false;
	for (const struct node *o = parent->child; o; o = o->next) {
		if (o != n && str_eq(o->name, n->name))
			return bad(in, N_("\"{1}\" is given twice (first in line {2})"), n->name, o->line);
	}
	return expect(in, ':') && value(in, n, depth);
}

/* A list or a map, behind its opening sign. */
static bool group(struct in *in, struct node *n, char close, int depth)
{
	const struct node **tail = &n->child;
	size_t from = in->at - 1;

	if (depth > DEPTH)
		return bad(in, N_("nested too deeply"));
	blanks(in);
	while (peek(in) != close) {
		struct node *k = NEW(in->a, struct node);

		*tail = k;
		tail = &k->next;
		if (!child(in, n, k, depth))
			return false;
		blanks(in);
		if (peek(in) != ',' && peek(in) != close)
			return bad(in, N_("expected {1}"), close == ']' ? "',' or ']'" : "',' or '}'");
		if (peek(in) != ',')
			break;
		in->at++;
		blanks(in);
		if (peek(in) == close)
			return bad(in, N_("a comma with nothing behind it"));
	}
	in->at++;
	n->text = (str){ in->text.p + from, in->at - from };
	return true;
}

static bool value(struct in *in, struct node *n, int depth)
{
	int c;

	blanks(in);
	n->line = in->line;
	c = peek(in);
	if (c == '{' || c == '[') {
		n->kind = c == '{' ? NODE_MAP : NODE_LIST;
		in->at++;
		return group(in, n, c == '{' ? '}' : ']', depth + 1);
	}
	if (c == '"') {
		n->kind = NODE_STR;
		return text(in, &n->s);
	}
	return c == '-' || (c >= '0' && c <= '9') ? number(in, n) : word(in, n);
}

bool doc_parse(struct arena *a, str file, str txt, const struct node **ret, struct flaw *f)
{
	struct in in = { .a = a, .file = file, .text = txt, .line = 1, .flaw = f };
	struct node *n = NEW(a, struct node);

	if (!value(&in, n, 0))
		return false;
	blanks(&in);
	if (in.at < txt.n)
		return bad(&in, N_("something stands behind the end"));
	*ret = n;
	return true;
}

const struct node *node_get(const struct node *map, const char *name)
{
	for (const struct node *n = map->child; n; n = n->next) {
		if (str_eq(n->name, str_c(name)))
			return n->kind == NODE_NULL ? NULL : n;
	}
	return NULL;
}
