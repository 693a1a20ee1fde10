/* redact.c — hides what the reader may not see, in the model, before any renderer looks at it [N5, A4]. */
#include "view/plain.h"

static const struct { const char *p; size_t n; } stars[] = { { "*", 1 }, { "**", 2 }, { "***", 3 }, { "****", 4 } };

/* The first `head` and last `tail` code points with stars between. */
static str keep_ends(struct arena *a, str s, size_t head, size_t tail, size_t star)
{
	size_t len = utf8_len(s), from = 0, to = 0, at = 0;

	if (len <= head + tail)
		return arena_fmt(a, "%s", stars[star - 1].p);
	for (size_t k = 0; at < s.n; k++) {
		if (k == head)
			from = at;
		if (k == len - tail)
			to = at;
		utf8_next(s, &at);
	}
	to = tail ? to : s.n;
	return arena_fmt(a, "%.*s%s%.*s", (int)from, s.p, stars[star - 1].p, (int)(s.n - to), s.p + to);
}

static size_t digits_of(str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] >= '0' && s.p[i] <= '9';
	return n;
}

static bool looks_like_number(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("0123456789+-() /.xX", s.p[i]) || !s.p[i])
			return false;
	return digits_of(s) >= 5;
}

str mask_text(struct arena *a, str s)
{
	size_t at, n = digits_of(s);

	if (!s.n)
		return s;
	if (str_find(s, S("@"), &at) && at + 1 < s.n) {
		str user = keep_ends(a, (str){ s.p, at }, 1, 0, 3), host = { s.p + at, s.n - at };

		return arena_join(a, (const str[]){ user, host }, 2, S(""));
	}
	if (looks_like_number(s))
		return n >= 11 ? keep_ends(a, s, 3, 4, 4) : keep_ends(a, s, 1, 2, 4);
	if (utf8_len(s) <= 4)
		return keep_ends(a, s, 1, 0, 1);
	return keep_ends(a, s, 2, 0, 3);
}

static void hide(const struct ctx *c, const struct field *f, void *obj)
{
	char *p = (char *)obj + f->off;
	struct val v;

	if (f->kind == K_OBJ || f->kind == K_LIST) {
		memset(p, 0, sizeof(void *));
		if (f->kind == K_LIST)
			memset((char *)obj + f->off_n, 0, sizeof(size_t));
		return;
	}
	v = field_get(f, obj);
	v = f->mask && v.kind == K_STR ? v_str(mask_text(c->a, v.s)) : (struct val){ 0 };
	field_set(f, obj, v);
}

void view_redact(const struct ctx *c, const struct field *f, void *model)
{
	size_t n;
	char *p;

	if (!model || !f)
		return;
	for (; f->name; f++) {
		if (f->need && !may(c, f->need)) {
			hide(c, f, model);
		} else if (f->kind == K_OBJ) {
			memcpy(&p, (char *)model + f->off, sizeof p);
			view_redact(c, f->sub, p);
		} else if (f->kind == K_LIST && f->sub) {
			memcpy(&p, (char *)model + f->off, sizeof p);
			memcpy(&n, (char *)model + f->off_n, sizeof n);
			for (size_t i = 0; i < n; i++, p += f->size)
				view_redact(c, f->sub, p);
		}
	}
}
