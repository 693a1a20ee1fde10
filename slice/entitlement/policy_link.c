/* policy_link.c — what a policy inherits, and whether the set as a whole makes sense. */
#include "slice/entitlement/policy.h"
#include "base/i18n.h"

enum mark { FRESH, OPEN, DONE };
struct link { struct arena *a; struct policy_set *set; unsigned char *mark; struct flaw *f; };

#define bad(p, l, text, ...) flaw_at((l)->f, (p)->file, (p)->line, text, __VA_ARGS__)

const struct policy *policy_at(const struct policy_set *set, str id, day on)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct policy *p = &set->p[i];

		if (str_eq(p->id, id) && p->from.d <= on.d && (p->to.d == NIL || on.d <= p->to.d))
			return p;
	}
	return NULL;
}

const struct policy *policy_version(const struct policy_set *set, str id, int version)
{
	for (size_t i = 0; i < set->n; i++) {
		if (set->p[i].version == version && str_eq(set->p[i].id, id))
			return &set->p[i];
	}
	return NULL;
}

/* What `id` means when a policy that begins on `from` refers to it: its own predecessor, the version in force then, else the first to come. */
static struct policy *referred(const struct link *l, const struct policy *p, str id)
{
	const struct policy *hit = str_eq(id, p->id) ? policy_version(l->set, id, p->version - 1) : policy_at(l->set, id, p->from);

	for (size_t i = 0; !hit && i < l->set->n && !str_eq(id, p->id); i++) {
		if (str_eq(l->set->p[i].id, id) && l->set->p[i].from.d > p->from.d)
			hit = &l->set->p[i];
	}
	return hit ? &l->set->p[hit - l->set->p] : NULL;
}

static void inherit_periods(struct policy *p, const struct policy *base)
{
	for (size_t i = 0; i < PERIODS; i++) {
		if (!p->period[i].line)
			p->period[i] = base->period[i];
	}
}

/* Sections the file does not have come from the policy it extends; of its clocks, those it does not name. */
static void take_over(struct policy *p, const struct policy *base)
{
	inherit_periods(p, base);
#define TAKE(key, ...) if (!policy_gives(p, key)) { __VA_ARGS__; }
	TAKE("overlays", p->overlays = base->overlays)
	TAKE("place", p->place = base->place; p->n_place = base->n_place)
	TAKE("for", p->scope = base->scope)
	TAKE("main_parts", memcpy(p->main, base->main, sizeof p->main))
	TAKE("presumption", p->presumption = base->presumption)
	TAKE("coverage", p->cover = base->cover; p->n_cover = base->n_cover)
	TAKE("remedies", p->remedy = base->remedy; p->n_remedy = base->n_remedy)
	TAKE("exclusions", p->exclusion = base->exclusion; p->n_exclusion = base->n_exclusion)
	TAKE("promises", p->promise = base->promise; p->n_promise = base->n_promise)
	TAKE("documents", p->paper = base->paper; p->n_paper = base->n_paper)
#undef TAKE
}

static void *joined(struct arena *a, const void *x, size_t nx, const void *y, size_t ny, size_t size)
{
	char *both = arena_alloc(a, (nx + ny ? nx + ny : 1) * size);

	if (nx)
		memcpy(both, x, nx * size);
	if (ny)
		memcpy(both + nx * size, y, ny * size);
	return both;
}

/* An overlay adds to a base: its own rows come first, what it does not speak of is the base's. */
static void lay_over(struct arena *a, struct policy *p, const struct policy *base)
{
	inherit_periods(p, base);
#define ADD(m, n) (p->m = joined(a, p->m, p->n, base->m, base->n, sizeof *p->m), p->n += base->n)
	ADD(cover, n_cover);
	ADD(remedy, n_remedy);
	ADD(exclusion, n_exclusion);
	ADD(promise, n_promise);
	ADD(paper, n_paper);
#undef ADD
	if (!p->scope.line)
		p->scope = base->scope;
	if (!policy_gives(p, "main_parts"))
		memcpy(p->main, base->main, sizeof p->main);
	if (!p->presumption.line)
		p->presumption = base->presumption;
}

static bool resolve(const struct link *l, struct policy *p, bool overlay)
{
	unsigned char *mark = &l->mark[p - l->set->p];
	str id = overlay ? p->overlays : p->extends;
	struct policy *base;

	if (*mark == DONE)
		return true;
	if (*mark == OPEN)
		return bad(p, l, N_("\"{1}\" comes round to itself through \"{2}\""), p->id, overlay ? S("overlays") : S("extends"));
	*mark = OPEN;
	if (id.n) {
		base = referred(l, p, id);
		if (!base)
			return bad(p, l, N_("there is no policy \"{1}\" to build on"), id);
		if (!resolve(l, base, overlay))
			return false;
		if (overlay)
			lay_over(l->a, p, base);
		else
			take_over(p, base);
	}
	*mark = DONE;
	return true;
}

static int by_id(const void *x, const void *y)
{
	const struct policy *a = x, *b = y;
	int d = str_cmp(a->id, b->id);

	return d ? d : (a->version > b->version) - (a->version < b->version);
}

/* Versions of one id follow each other without overlap. */
static bool check_versions(const struct link *l)
{
	for (size_t i = 1; i < l->set->n; i++) {
		const struct policy *a = &l->set->p[i - 1], *b = &l->set->p[i];

		if (!str_eq(a->id, b->id))
			continue;
		if (a->version == b->version)
			return bad(b, l, N_("\"{1}\" version {2} is there twice"), b->id, b->version);
		if (a->to.d == NIL || a->to.d >= b->from.d)
			return bad(b, l, N_("\"{1}\" version {2} overlaps the version before it"), b->id, b->version);
	}
	return true;
}

static bool check_cond(const struct link *l, const struct policy *p, const struct cond *c)
{
	const int asked[] = { c->in, c->after };

	for (size_t i = 0; i < LEN(asked); i++) {
		if (asked[i] >= 0 && !p->period[asked[i]].line)
			return flaw_at(l->f, p->file, c->line, N_("there is no clock \"{1}\" in \"{2}\""), period_names[asked[i]], p->id);
	}
	return true;
}

static bool check_sound(const struct link *l, const struct policy *p)
{
	const struct presumption *pr = &p->presumption;

	if (!p->n_cover)
		return bad(p, l, N_("\"{1}\" covers nothing"), p->id);
	for (size_t i = 0; i < p->n_cover; i++) {
		if (!check_cond(l, p, &p->cover[i].when))
			return false;
	}
	for (size_t i = 0; i < p->n_remedy; i++) {
		if (!check_cond(l, p, &p->remedy[i].when))
			return false;
	}
	for (size_t i = 0; i < PERIODS; i++) {
		const struct period *q = &p->period[i];

		if (q->line && (q->on_exchange == RESTART_KEEP || q->on_part == RESTART_KEEP) && !q->keep.unit)
			return flaw_at(l->f, p->file, q->line, N_("\"keep\" is missing"));
	}
	for (size_t i = 0; i < p->n_exclusion; i++) {
		const struct exclusion *x = &p->exclusion[i];

		if (x->lifted && !(x->causes & CAUSES_ACCIDENT))
			return flaw_at(l->f, p->file, x->line, N_("accident cover answers for none of these causes"));
	}
	if (pr->line && (pr->in >= 0) == (pr->length.unit != 0))
		return flaw_at(l->f, p->file, pr->line, N_("\"presumption\" needs either \"length\" or \"in\""));
	if (pr->in >= 0 && !p->period[pr->in].line)
		return flaw_at(l->f, p->file, pr->line, N_("there is no clock \"{1}\" in \"{2}\""), period_names[pr->in], p->id);
	return true;
}

bool policy_link(struct arena *a, struct policy_set *set, struct flaw *f)
{
	struct link l = { a, set, arena_alloc(a, set->n + 1), f };

	if (set->n > 1)
		qsort(set->p, set->n, sizeof *set->p, by_id);
	if (!check_versions(&l))
		return false;
	for (int overlay = 0; overlay < 2; overlay++) {
		memset(l.mark, FRESH, set->n);
		for (size_t i = 0; i < set->n; i++) {
			if (!resolve(&l, &set->p[i], overlay))
				return false;
		}
	}
	for (size_t i = 0; i < set->n; i++) {
		if (!check_sound(&l, &set->p[i]))
			return false;
	}
	return true;
}
