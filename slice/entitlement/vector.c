/* vector.c — reads vector files and compares verdicts with what they expect. */
#include "slice/entitlement/vector.h"

struct differ { struct arena *a; str *line; size_t n, max; };

/* ---- reading ---- */

static bool in_names(const struct node *n, const char *const *names)
{
	return n->kind == NODE_STR && name_index(names, n->s) >= 0;
}

static bool list_in_names(const struct node *n, const char *const *names)
{
	if (n->kind != NODE_LIST)
		return false;
	for (const struct node *e = n->child; e; e = e->next) {
		if (!in_names(e, names))
			return false;
	}
	return true;
}

static bool until_is_sound(const struct node *n)
{
	day d;

	if (n->kind != NODE_MAP)
		return false;
	for (const struct node *e = n->child; e; e = e->next) {
		if (name_index(period_names, e->name) < 0 || !(e->kind == NODE_NULL || (e->kind == NODE_STR && day_parse(e->s, &d))))
			return false;
	}
	return true;
}

static bool map_in_names(const struct node *n, const char *const *names)
{
	if (n->kind != NODE_MAP)
		return false;
	for (const struct node *e = n->child; e; e = e->next) {
		if (!in_names(e, names))
			return false;
	}
	return true;
}

static bool expectation_is_sound(const struct node *n)
{
	if (name_index(cost_names, n->name) >= 0)
		return in_names(n, pay_names);
	if (str_eq(n->name, S("source")))
		return n->kind == NODE_STR || n->kind == NODE_NULL;
	if (str_eq(n->name, S("options")) || str_eq(n->name, S("also")))
		return list_in_names(n, option_names);
	if (str_eq(n->name, S("missing")))
		return list_in_names(n, missing_names);
	if (str_eq(n->name, S("lost")))
		return map_in_names(n, lost_names);
	return str_eq(n->name, S("until")) && until_is_sound(n);
}

static bool read_vector(const struct reader *r, const struct node *n, struct vector *ret)
{
	const struct node *id = n->kind == NODE_MAP ? node_get(n, "id") : NULL;

	if (!id || id->kind != NODE_STR || !id->s.n)
		return flaw_at(r->flaw, r->file, n->line, N_("\"{1}\" is missing"), "id");
	ret->id = id->s;
	ret->expect = node_get(n, "expect");
	if (!ret->expect || ret->expect->kind != NODE_MAP)
		return flaw_at(r->flaw, r->file, n->line, N_("{1}: \"{2}\" is missing"), ret->id, "expect");
	for (const struct node *e = ret->expect->child; e; e = e->next) {
		if (!expectation_is_sound(e))
			return flaw_at(r->flaw, r->file, e->line, N_("{1}: \"{2}\" cannot be expected so"), ret->id, e->name);
	}
	return facts_read(r, n, &ret->facts);
}

/* The flaw names the vector, whatever part of it is wrong. */
static struct flaw named(struct arena *a, const struct flaw *f, str id)
{
	struct flaw named = *f;
	str why = flaw_line(a, f);
	str own = arena_fmt(a, "%.*s: ", STR_ARG(id));
	size_t at;

	if (!id.n || !str_find(why, S(": "), &at))
		return named;
	why = (str){ why.p + at + 2, why.n - at - 2 };
	if (str_starts(why, own))
		return named;
	named.text = N_("{1}: {2}");
	named.arg[0] = v_str(id);
	named.arg[1] = v_str(why);
	return named;
}

static bool known_id(const struct vector_file *f, str id)
{
	for (size_t i = 0; i < f->n; i++) {
		if (str_eq(f->v[i].id, id))
			return true;
	}
	return false;
}

bool vectors_read(struct arena *a, str file, str text, struct vector_file *ret, struct flaw *f)
{
	const struct node *root, *list;
	size_t n = 0;

	if (!doc_parse(a, file, text, &root, f))
		return false;
	list = root->kind == NODE_MAP ? node_get(root, "vectors") : NULL;
	if (!list || list->kind != NODE_LIST)
		return flaw_at(f, file, root->line, N_("\"{1}\" must be a list"), "vectors");
	for (const struct node *e = list->child; e; e = e->next)
		n++;
	*ret = (struct vector_file){ .v = NEW_N(a, struct vector, n + 1), .bad = NEW_N(a, struct flaw, n + 1) };
	for (const struct node *e = list->child; e; e = e->next) {
		struct flaw bad = { 0 };
		struct vector v = { 0 };
		const struct reader r = { a, file, &bad };

		if (read_vector(&r, e, &v) && known_id(ret, v.id))
			(void)flaw_at(&bad, file, e->line, N_("{1}: another vector has this id"), v.id);
		if (bad.text)
			ret->bad[ret->n_bad++] = named(a, &bad, v.id);
		else
			ret->v[ret->n++] = v;
	}
	return true;
}

/* ---- comparing ---- */

static void differs(struct differ *d, str key, str want, str got)
{
	if (d->n < d->max && !str_eq(want, got))
		d->line[d->n++] = arena_fmt(d->a, "%.*s expected %.*s, got %.*s", STR_ARG(key), STR_ARG(want), STR_ARG(got));
}

static str names_of(struct arena *a, uint64_t bits, const char *const *names)
{
	str part[64];
	size_t n = 0;

	for (size_t i = 0; names[i]; i++) {
		if (bits >> i & 1)
			part[n++] = str_c(names[i]);
	}
	return n ? arena_join(a, part, n, S(" ")) : S("nothing");
}

static void compare_set(struct differ *d, const struct node *want, uint64_t got, const char *const *names)
{
	uint64_t bits = 0;

	for (const struct node *e = want->child; e; e = e->next)
		bits |= (uint64_t)1 << name_index(names, e->s);
	differs(d, want->name, names_of(d->a, bits, names), names_of(d->a, got, names));
}

static void compare_until(struct differ *d, const struct node *want, const struct verdict *v)
{
	for (const struct node *e = want->child; e; e = e->next) {
		day got = v->until[name_index(period_names, e->name)];

		differs(d, arena_fmt(d->a, "until.%.*s", STR_ARG(e->name)), e->kind == NODE_NULL ? S("null") : e->s, got.d == NIL ? S("null") : day_iso(d->a, got));
	}
}

static void compare_lost(struct differ *d, const struct node *want, const struct verdict *v)
{
	for (const struct node *e = want->child; e; e = e->next) {
		str got = S("not weighed");

		for (size_t i = 0; i < v->n; i++) {
			if (str_eq(v->candidate[i].id, e->name))
				got = str_c(lost_names[v->candidate[i].why]);
		}
		differs(d, arena_fmt(d->a, "lost.%.*s", STR_ARG(e->name)), e->s, got);
	}
}

void vector_compare(struct arena *a, const struct vector *x, const struct verdict *v, str **ret, size_t *ret_n)
{
	enum { DIFFERENCES = 32 };
	struct differ d = { a, NEW_N(a, str, DIFFERENCES), 0, DIFFERENCES };

	for (const struct node *e = x->expect->child; e; e = e->next) {
		int cost = name_index(cost_names, e->name);

		if (cost >= 0)
			differs(&d, e->name, e->s, str_c(pay_names[v->pay[cost]]));
		else if (str_eq(e->name, S("source")))
			differs(&d, e->name, e->kind == NODE_NULL ? S("null") : e->s, v->winner ? v->winner->id : S("null"));
		else if (str_eq(e->name, S("options")))
			compare_set(&d, e, v->options, option_names);
		else if (str_eq(e->name, S("also")))
			compare_set(&d, e, v->also, option_names);
		else if (str_eq(e->name, S("missing")))
			compare_set(&d, e, v->missing, missing_names);
		else if (str_eq(e->name, S("lost")))
			compare_lost(&d, e, v);
		else
			compare_until(&d, e, v);
	}
	*ret = d.line;
	*ret_n = d.n;
}
