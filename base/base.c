/* base.c — outcomes, text, arena, buffer, fields, diagnostics. */
#include "base/base.h"
#include "base/fmt.h"
#include <sodium.h>
#include <stdarg.h>

const struct err_info err_info[ERR_N] = {
#define X(n, s, c, t) [ERR_##n] = { s, c, t },
	ERR_LIST(X)
#undef X
};

/* ---- text ---- */

int str_cmp(str a, str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n ? memcmp(a.p, b.p, n) : 0;

	return d ? d : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix) { return s.n >= prefix.n && (!prefix.n || !memcmp(s.p, prefix.p, prefix.n)); }
bool str_ends(str s, str suffix) { return s.n >= suffix.n && (!suffix.n || !memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n)); }

bool str_find(str s, str needle, size_t *ret_at)
{
	const char *hit;

	if (!needle.n || !s.n)
		return false;
	hit = memmem(s.p, s.n, needle.p, needle.n);
	if (hit && ret_at)
		*ret_at = (size_t)(hit - s.p);
	return hit != NULL;
}

static size_t blank_at_start(str s)
{
	if (s.n && strchr(" \t\r\n", s.p[0]) && s.p[0])
		return 1;
	return str_starts(s, S("\xE3\x80\x80")) ? 3 : 0;
}

static size_t blank_at_end(str s)
{
	if (s.n && s.p[s.n - 1] && strchr(" \t\r\n", s.p[s.n - 1]))
		return 1;
	return str_ends(s, S("\xE3\x80\x80")) ? 3 : 0;
}

str str_trim(str s)
{
	size_t k;

	while ((k = blank_at_start(s)))
		s.p += k, s.n -= k;
	while ((k = blank_at_end(s)))
		s.n -= k;
	return s;
}

bool str_cut(str *s, char sep, str *ret_piece)
{
	const char *hit;

	if (!s->n)
		return false;
	hit = memchr(s->p, sep, s->n);
	ret_piece->p = s->p;
	ret_piece->n = hit ? (size_t)(hit - s->p) : s->n;
	s->p += ret_piece->n + (hit != NULL);
	s->n -= ret_piece->n + (hit != NULL);
	return true;
}

bool str_int(str s, int64_t *ret)
{
	bool minus = s.n && s.p[0] == '-';
	int64_t v = 0;

	if (s.n <= minus || s.n > 20)
		return false;
	for (size_t i = minus; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || __builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v))
			return false;
	}
	if (!minus && __builtin_mul_overflow(v, -1, &v))
		return false;
	*ret = v;
	return true;
}

/* Length of the well-formed sequence at p, 0 if there is none. */
static size_t utf8_seq(const unsigned char *p, size_t n, uint32_t *ret)
{
	uint32_t c = p[0];
	size_t k = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;

	if (!k || k > n)
		return 0;
	if (k > 1)
		c &= 0x7Fu >> k;
	for (size_t i = 1; i < k; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3Fu);
	}
	if ((k == 3 && (c < 0x800 || (c >= 0xD800 && c < 0xE000))) || (k == 4 && (c < 0x10000 || c > 0x10FFFF)))
		return 0;
	*ret = c;
	return k;
}

bool utf8_valid(str s)
{
	for (size_t i = 0, k; i < s.n; i += k) {
		uint32_t c;

		k = utf8_seq((const unsigned char *)s.p + i, s.n - i, &c);
		if (!k || (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
			return false;
		if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
			return false;
	}
	return true;
}

uint32_t utf8_next(str s, size_t *i)
{
	uint32_t c = 0xFFFD;
	size_t k = utf8_seq((const unsigned char *)s.p + *i, s.n - *i, &c);

	*i += k ? k : 1;
	return c;
}

size_t utf8_len(str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

/* ---- arena ---- */

struct arena_chunk { struct arena_chunk *prev; size_t at, size; _Alignas(16) char data[]; };
enum { CHUNK_MIN = 16 * 1024 };

static void arena_abort(void) { BUG("arena cap passed"); }
_Thread_local void (*arena_full)(void) = arena_abort;

void arena_init(struct arena *a, size_t cap) { *a = (struct arena){ .cap = cap }; }

static void drop_to(struct arena *a, struct arena_chunk *stop)
{
	while (a->head != stop) {
		struct arena_chunk *prev = a->head->prev;

		free(a->head);
		a->head = prev;
	}
}

void arena_clear(struct arena *a)
{
	struct arena_chunk *first = a->head;

	while (first && first->prev)
		first = first->prev;
	drop_to(a, first);
	if (first)
		first->at = 0;
	a->used = 0;
}

void arena_free(struct arena *a)
{
	drop_to(a, NULL);
	a->used = 0;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct arena_chunk *h = a->head;
	void *p;

	n = (n + 15) & ~(size_t)15;
	if (n > a->cap || a->used > a->cap - n)
		arena_full();
	if (!h || n > h->size - h->at) {
		size_t size = h ? h->size * 2 : CHUNK_MIN;

		if (size > 1 << 20)
			size = 1 << 20;
		if (size < n)
			size = n;
		h = malloc(sizeof *h + size);
		if (!h)
			BUG("out of memory");
		h->prev = a->head;
		h->at = 0;
		h->size = size;
		a->head = h;
	}
	p = h->data + h->at;
	h->at += n;
	a->used += n;
	return memset(p, 0, n);
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->head, a->used, a->head ? a->head->at : 0 };
}

void arena_reset(struct arena *a, struct arena_mark m)
{
	drop_to(a, m.head);
	if (m.head)
		m.head->at = m.at;
	a->used = m.used;
}

str arena_str(struct arena *a, str s)
{
	char *d;

	if (!s.p)
		return s;
	d = arena_alloc(a, s.n + 1);
	if (s.n)
		memcpy(d, s.p, s.n);
	return (str){ d, s.n };
}

char *arena_cstr(struct arena *a, str s)
{
	char *d = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(d, s.p, s.n);
	return d;
}

__attribute__((nonnull(2))) str arena_fmt(struct arena *a, const char *fmt, ...)
{
	char here[FMT_ROOM], *d;
	va_list ap;
	size_t have;
	bool done;
	int n;

	va_start(ap, fmt);
	done = fmt_text(here, sizeof here, &have, fmt, ap);
	va_end(ap);
	if (done) {
		d = arena_alloc(a, have + 1);
		memcpy(d, here, have);
		return (str){ d, have };
	}
	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		BUG("format %s", fmt);
	d = arena_alloc(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(d, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (str){ d, (size_t)n };
}

str str_behind(struct arena *a, str prefix) { return arena_fmt(a, "%.*s\xf4\x8f\xbf\xbf", STR_ARG(prefix)); }

str arena_join(struct arena *a, const str *parts, size_t n, str sep)
{
	size_t total = 0, at = 0;
	char *d;

	for (size_t i = 0; i < n; i++)
		total += parts[i].n + (i ? sep.n : 0);
	d = arena_alloc(a, total + 1);
	for (size_t i = 0; i < n; i++) {
		if (i && sep.n)
			memcpy(d + at, sep.p, sep.n), at += sep.n;
		if (parts[i].n)
			memcpy(d + at, parts[i].p, parts[i].n), at += parts[i].n;
	}
	return (str){ d, total };
}

str str_base64(struct arena *a, const void *bytes, size_t n)
{
	size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *d = arena_alloc(a, room);

	sodium_bin2base64(d, room, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return (str){ d, room - 1 };
}

/* ---- buffer ---- */

void buf_init(struct buf *b, size_t cap) { *b = (struct buf){ .cap = cap }; }

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ .cap = b->cap };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->overflow = false;
}

void buf_more(struct buf *b, const void *p, size_t n)
{
	if (b->overflow || n > b->cap - b->n) {
		b->overflow = true;
		return;
	}
	if (n > b->room - b->n) {
		size_t room = b->room ? b->room : 4096;

		while (room < b->n + n)
			room *= 2;
		b->p = realloc(b->p, room);
		if (!b->p)
			BUG("out of memory");
		b->room = room;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void buf_int(struct buf *b, int64_t i)
{
	char d[FMT_INT];

	if (i < 0)
		buf_put(b, "-", 1);
	buf_put(b, d, fmt_uint(d, i < 0 ? 0 - (uint64_t)i : (uint64_t)i));
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	char d[FMT_ROOM];
	va_list ap;
	size_t have;
	bool done;
	int n;

	va_start(ap, fmt);
	done = fmt_text(d, sizeof d, &have, fmt, ap);
	va_end(ap);
	if (done) {
		buf_put(b, d, have);
		return;
	}
	va_start(ap, fmt);
	n = vsnprintf(d, sizeof d, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof d)
		BUG("format too long: %s", fmt);
	buf_put(b, d, (size_t)n);
}

/* ---- fields ---- */

int name_index(const char *const *names, str name)
{
	for (int i = 0; names[i]; i++)
		if (str_eq(str_c(names[i]), name))
			return i;
	return -1;
}

static int64_t int_of(const char *p, uint32_t size)
{
	int64_t v64;
	int32_t v32;
	int16_t v16;

	switch (size) {
	case 8: memcpy(&v64, p, 8); return v64;
	case 4: memcpy(&v32, p, 4); return v32;
	case 2: memcpy(&v16, p, 2); return v16;
	case 1: return *(const unsigned char *)p;
	}
	BUG("integer member of %u bytes", size);
}

struct val field_get(const struct field *f, const void *obj)
{
	const char *p = (const char *)obj + f->off;
	str s;
	money m;
	int64_t i;

	switch (f->kind) {
	case K_STR: memcpy(&s, p, sizeof s); return v_str(s);
	case K_HTML: memcpy(&s, p, sizeof s); return v_html((html){ s });
	case K_JSON: memcpy(&s, p, sizeof s); return v_json((json){ s });
	case K_BOOL: return v_bool(*(const bool *)p);
	case K_INT: return v_int(int_of(p, f->size));
	case K_INSTANT: memcpy(&i, p, sizeof i); return v_instant((instant){ i });
	case K_DAY: memcpy(&i, p, sizeof i); return v_day((day){ i });
	case K_MONEY: memcpy(&m, p, sizeof m); return v_money(m);
	case K_ENUM:
		i = int_of(p, f->size);
		return i < 0 ? (struct val){ 0 } : v_cstr(f->names[i]);
	case K_NONE: case K_OBJ: case K_LIST: break;
	}
	BUG("field %s has no scalar value", f->name);
}

static void int_put(char *p, uint32_t size, int64_t i)
{
	int32_t v32 = (int32_t)i;
	int16_t v16 = (int16_t)i;

	switch (size) {
	case 8: memcpy(p, &i, 8); return;
	case 4: memcpy(p, &v32, 4); return;
	case 2: memcpy(p, &v16, 2); return;
	case 1: *(unsigned char *)p = (unsigned char)i; return;
	}
	BUG("integer member of %u bytes", size);
}

void field_set(const struct field *f, void *obj, struct val v)
{
	char *p = (char *)obj + f->off;
	int64_t i = v.kind == K_NONE ? NIL : v.i;
	money m = { .minor = i };

	switch (f->kind) {
	case K_STR: case K_HTML: case K_JSON: memcpy(p, &v.s, sizeof v.s); return;
	case K_BOOL: *(bool *)p = v.kind != K_NONE && v.i; return;
	case K_INT: case K_INSTANT: case K_DAY: int_put(p, f->size, i); return;
	case K_MONEY: memcpy(m.cur, v.cur, 4); memcpy(p, &m, sizeof m); return;
	case K_ENUM: int_put(p, f->size, v.kind == K_NONE ? -1 : name_index(f->names, v.s)); return;
	case K_NONE: case K_OBJ: case K_LIST: break;
	}
	BUG("field %s takes no scalar value", f->name);
}

/* ---- diagnostics ---- */

void diag_note(struct ctx *c, enum err code, const char *text, const struct val *arg, size_t n, const char *file, int line)
{
	struct diag *d = &c->diag;

	if (d->code)
		return;
	d->code = code;
	d->text = text;
	d->file = file;
	d->line = line;
	for (size_t i = 0; i < n && i < LEN(d->arg); i++)
		d->arg[i] = arg[i + 1];
}

void diag_field_note(struct ctx *c, const char *name, const char *text, const struct val *arg, size_t n, const char *file, int line)
{
	struct diag *d = &c->diag;

	if (d->n < DIAG_FIELDS) {
		struct diag_field *f = &d->f[d->n++];

		*f = (struct diag_field){ .field = name, .text = text };
		for (size_t i = 0; i < n && i < LEN(f->arg); i++)
			f->arg[i] = arg[i + 1];
	}
	diag_note(c, ERR_INVALID, NULL, arg, 0, file, line);
}

enum err sight_of(struct ctx *c, struct in_sight *ret)
{
	*ret = (struct in_sight){ .own = NIL, .customer = NIL };
	switch (c->who->sight) {
	case SIGHT_ALL: return ERR_OK;
	case SIGHT_ORG:
		/* No path begins with "!": who has no place sees no place. */
		ret->org_lo = c->who->org_path.n ? c->who->org_path : S("!");
		ret->org_hi = str_behind(c->a, ret->org_lo);
		return ERR_OK;
	/* No row has the id -1: who is nobody in particular sees nothing, not everything. */
	case SIGHT_OWN: ret->own = c->who->id == NIL ? -1 : c->who->id; return ERR_OK;
	case SIGHT_CUSTOMER: ret->customer = c->who->customer_id == NIL ? -1 : c->who->customer_id; return ERR_OK;
	case SIGHT_NONE: break;
	}
	return fail(c, ERR_NOT_FOUND, NULL);
}
