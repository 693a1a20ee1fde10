/* json.c — JSON written straight from structs, no tree in between. */
#include "view/plain.h"
#include "base/time.h"

const void *field_sub(const struct field *f, const void *obj)
{
	const void *sub;

	memcpy(&sub, (const char *)obj + f->off, sizeof sub);
	return sub;
}

const char *field_list(const struct field *f, const void *obj, size_t *ret_n)
{
	memcpy(ret_n, (const char *)obj + f->off_n, sizeof *ret_n);
	return field_sub(f, obj);
}

void json_str(struct out *o, str s)
{
	static const char hex[] = "0123456789abcdef";
	static const bool special[256] = { [0 ... 0x1F] = true, ['"'] = true, ['\\'] = true, [0x7F] = true };
	size_t from = 0;

	buf_c(&o->b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		char b[6] = "\\u00";

		if (!special[ch])
			continue;
		buf_put(&o->b, s.p + from, i - from);
		from = i + 1;
		if (ch == '"' || ch == '\\') {
			b[1] = (char)ch;
			buf_put(&o->b, b, 2);
		} else if (ch == '\n' || ch == '\t' || ch == '\r') {
			b[1] = ch == '\n' ? 'n' : ch == '\t' ? 't' : 'r';
			buf_put(&o->b, b, 2);
		} else {
			b[4] = hex[ch >> 4], b[5] = hex[ch & 15];
			buf_put(&o->b, b, sizeof b);
		}
	}
	if (s.n > from)
		buf_put(&o->b, s.p + from, s.n - from);
	buf_c(&o->b, '"');
}

/* Text known to need no escape. */
static void json_plain(struct out *o, str s)
{
	buf_c(&o->b, '"');
	buf_str(&o->b, s);
	buf_c(&o->b, '"');
}

static void json_money(struct out *o, struct val v)
{
	buf_str(&o->b, S("{\"amount\":"));
	buf_int(&o->b, v.i);
	buf_str(&o->b, S(",\"currency\":"));
	json_str(o, (str){ v.cur, strnlen(v.cur, 3) });
	buf_c(&o->b, '}');
}

void json_val(struct out *o, const struct ctx *c, struct val v)
{
	struct arena_mark m;

	switch (v.kind) {
	case K_NONE: buf_str(&o->b, S("null")); return;
	case K_INT: buf_int(&o->b, v.i); return;
	case K_BOOL: buf_str(&o->b, v.i ? S("true") : S("false")); return;
	case K_STR: case K_ENUM: case K_HTML: json_str(o, v.s); return;
	case K_JSON: buf_str(&o->b, v.s); return;
	case K_MONEY: json_money(o, v); return;
	case K_INSTANT: case K_DAY:
		m = arena_mark(c->a);
		json_plain(o, plain(c, v, false));
		arena_reset(c->a, m);
		return;
	case K_OBJ: case K_LIST: break;
	}
	BUG("a struct is no JSON scalar");
}

/* One element of a list without descriptor: texts or 64-bit integers, told by their size. */
static void json_bare(struct out *o, const struct field *f, const char *p)
{
	str s;
	int64_t i;

	if (f->size == sizeof s) {
		memcpy(&s, p, sizeof s);
		json_val(o, NULL, v_str(s));
	} else if (f->size == sizeof i) {
		memcpy(&i, p, sizeof i);
		json_val(o, NULL, v_int(i));
	} else {
		BUG("list %s has no descriptor", f->name);
	}
}

static void json_list(struct out *o, const struct ctx *c, const struct field *f, const void *obj)
{
	size_t n;
	const char *p = field_list(f, obj, &n);

	buf_c(&o->b, '[');
	for (size_t i = 0; i < n; i++, p += f->size) {
		if (i)
			buf_c(&o->b, ',');
		if (f->sub)
			json_obj(o, c, f->sub, p);
		else
			json_bare(o, f, p);
	}
	buf_c(&o->b, ']');
}

void json_obj(struct out *o, const struct ctx *c, const struct field *f, const void *obj)
{
	char sep = '{';

	if (!obj) {
		json_val(o, c, (struct val){ 0 });
		return;
	}
	if (!f->name)
		buf_c(&o->b, '{');
	for (; f->name; f++, sep = ',') {
		buf_c(&o->b, sep);
		json_plain(o, str_c(f->name));
		buf_c(&o->b, ':');
		if (f->kind == K_OBJ)
			json_obj(o, c, f->sub, field_sub(f, obj));
		else if (f->kind == K_LIST)
			json_list(o, c, f, obj);
		else
			json_val(o, c, field_get(f, obj));
	}
	buf_c(&o->b, '}');
}
