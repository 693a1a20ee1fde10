/* doc_read.c — from nodes to structs, by table. */
#include "slice/entitlement/doc.h"
#include "base/i18n.h"

#define bad(r, n, text, ...) flaw_at((r)->flaw, (r)->file, (n)->line, text, __VA_ARGS__)

bool span_parse(str s, struct span_of *ret)
{
	int64_t n;

	if (s.n < 2 || !strchr("dmy", s.p[s.n - 1]) || !str_int((str){ s.p, s.n - 1 }, &n) || n < 0 || n > 9999)
		return false;
	*ret = (struct span_of){ (int16_t)n, s.p[s.n - 1] };
	return true;
}

str span_print(struct arena *a, struct span_of s)
{
	return s.unit ? arena_fmt(a, "%d%c", s.n, s.unit) : (str){ 0 };
}

day span_add(day from, struct span_of s)
{
	if (s.unit == 'd' || !s.unit)
		return (day){ from.d + s.n };
	return day_add_months(from, s.unit == 'y' ? s.n * 12 : s.n);
}

str text2_for(struct text2 t, const char *lang)
{
	return lang && !strcmp(lang, "zh") ? t.zh : t.en;
}

static bool is_code(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.p[i]))
			return false;
	}
	return s.n && s.n <= 64;
}

static bool read_text(const struct reader *r, const struct node *n, struct text2 *t)
{
	const struct node *en, *zh;

	if (n->kind != NODE_MAP)
		return bad(r, n, N_("\"{1}\" must be a text in both languages: {\"en\": …, \"zh\": …}"), n->name);
	en = node_get(n, "en");
	zh = node_get(n, "zh");
	for (const struct node *k = n->child; k; k = k->next) {
		if (k->kind != NODE_STR || !str_trim(k->s).n)
			return bad(r, k, N_("the text of \"{1}\" is empty"), n->name);
		if (k != en && k != zh)
			return bad(r, k, N_("unknown key \"{1}\""), k->name);
	}
	if (!en || !zh)
		return bad(r, n, N_("\"{1}\" is missing in language \"{2}\""), n->name, en ? "zh" : "en");
	*t = (struct text2){ en->s, zh->s };
	return true;
}

static bool read_name(const struct reader *r, const struct node *n, const struct key *k, int *ret)
{
	int i = n->kind == NODE_STR ? name_index(k->names, n->s) : -1;

	if (i < 0)
		return bad(r, n, N_("\"{1}\" does not know \"{2}\""), k->name, n->kind == NODE_STR ? n->s : S("?"));
	*ret = i;
	return true;
}

static bool read_names(const struct reader *r, const struct node *n, const struct key *k, char *out)
{
	uint64_t *mask = (void *)(out + k->off);
	int *order = (void *)(out + k->off), i;
	size_t count = 0, max = (size_t)k->max;

	if (n->kind != NODE_LIST)
		return bad(r, n, N_("\"{1}\" must be a list"), k->name);
	if (k->kind == KEY_MASK)
		*mask = 0;
	for (const struct node *e = n->child; e; e = e->next) {
		if (!read_name(r, e, k, &i))
			return false;
		if (k->kind == KEY_MASK)
			*mask |= (uint64_t)1 << i;
		else if (count >= max)
			return bad(r, e, N_("\"{1}\" has too many entries"), k->name);
		else
			order[count++] = i;
	}
	if (k->kind == KEY_ORDER)
		memcpy(out + k->off_n, &count, sizeof count);
	return true;
}

static bool read_named(const struct reader *r, const struct node *n, const struct key *k, char *out)
{
	if (n->kind != NODE_MAP)
		return bad(r, n, N_("\"{1}\" must be a map"), k->name);
	for (const struct node *e = n->child; e; e = e->next) {
		int i = name_index(k->names, e->name);
		char *at = out + k->off + (size_t)(i < 0 ? 0 : i) * k->size;

		if (i < 0)
			return bad(r, e, N_("\"{1}\" does not know \"{2}\""), k->name, e->name);
		if (e->kind == NODE_NULL)
			continue;
		if (k->start)
			k->start(at);
		if (!(k->sub ? doc_read(r, e, k->sub, at) : k->own(r, e, at)))
			return false;
	}
	return true;
}

static bool read_list(const struct reader *r, const struct node *n, const struct key *k, char *out)
{
	size_t count = 0, max = k->max ? (size_t)k->max : 64;
	char *list;

	if (n->kind != NODE_LIST)
		return bad(r, n, N_("\"{1}\" must be a list"), k->name);
	for (const struct node *e = n->child; e; e = e->next)
		count++;
	if (count > max)
		return bad(r, n, N_("\"{1}\" has too many entries"), k->name);
	list = arena_alloc(r->a, (count ? count : 1) * k->size);
	memcpy(out + k->off, &list, sizeof list);
	memcpy(out + k->off_n, &count, sizeof count);
	for (const struct node *e = n->child; e; e = e->next, list += k->size) {
		if (k->start)
			k->start(list);
		if (!(k->sub ? doc_read(r, e, k->sub, list) : k->own(r, e, list)))
			return false;
	}
	return true;
}

static bool own_str(const struct reader *r, const struct node *n, void *member)
{
	if (n->kind != NODE_STR)
		return bad(r, n, N_("a text is expected here"));
	*(str *)member = n->s;
	return true;
}

static bool read_one(const struct reader *r, const struct node *n, const struct key *k, char *out)
{
	void *at = out + k->off;
	struct key list = *k;

	switch (k->kind) {
	case KEY_STR:
	case KEY_CODE:
		if (n->kind != NODE_STR || !n->s.n || (k->kind == KEY_CODE && !is_code(n->s)))
			return bad(r, n, k->kind == KEY_CODE ? N_("\"{1}\" must be a short name of a–z, 0–9 and hyphens") : N_("\"{1}\" must be a text"), k->name);
		*(str *)at = n->s;
		return true;
	case KEY_TEXT:
		return read_text(r, n, at);
	case KEY_DAY:
		return (n->kind == NODE_STR && n->s.n == 10 && n->s.p[4] == '-' && day_parse(n->s, at))
			|| bad(r, n, N_("\"{1}\" is no date that exists (YYYY-MM-DD)"), k->name);
	case KEY_SPAN:
		return (n->kind == NODE_STR && span_parse(n->s, at)) || bad(r, n, N_("\"{1}\" must be a length such as 7d, 18m or 2y"), k->name);
	case KEY_INT:
		if (n->kind != NODE_INT || n->i < k->min || n->i > k->max)
			return bad(r, n, N_("\"{1}\" must be a whole number in its range"), k->name);
		*(int *)at = (int)n->i;
		return true;
	case KEY_FLAG:
		if (n->kind != NODE_BOOL)
			return bad(r, n, N_("\"{1}\" must be true or false"), k->name);
		*(int *)at = (int)n->i;
		return true;
	case KEY_ENUM:
		return read_name(r, n, k, at);
	case KEY_MASK:
	case KEY_ORDER:
		return read_names(r, n, k, out);
	case KEY_MAP:
		if (k->start)
			k->start(at);
		return doc_read(r, n, k->sub, at);
	case KEY_NAMED:
		return read_named(r, n, k, out);
	case KEY_LIST:
		return read_list(r, n, k, out);
	case KEY_STRS:
		list.size = sizeof(str);
		list.sub = NULL;
		list.own = own_str;
		return read_list(r, n, &list, out);
	case KEY_OWN:
		return k->own(r, n, at);
	case KEY_ANY:
		return true;
	}
	return false;
}

bool doc_read(const struct reader *r, const struct node *n, const struct key *keys, void *out)
{
	const struct key *k;

	if (n->kind != NODE_MAP)
		return bad(r, n, N_("a map {…} is expected here"));
	*(int *)out = n->line;
	for (const struct node *e = n->child; e; e = e->next) {
		for (k = keys; k->name && !str_eq(str_c(k->name), e->name); k++)
			;
		if (!k->name)
			return bad(r, e, N_("unknown key \"{1}\""), e->name);
		if (e->kind != NODE_NULL && !read_one(r, e, k, out))
			return false;
	}
	for (k = keys; k->name; k++) {
		if (k->required && !node_get(n, k->name))
			return bad(r, n, N_("\"{1}\" is missing"), k->name);
	}
	return true;
}
