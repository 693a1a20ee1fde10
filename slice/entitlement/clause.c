/* clause.c — which rule decided, kept as a short reference and told in anybody's language. */
#include "slice/entitlement/entitlement.h"
#include "base/i18n.h"

/* c coverage row · x exclusion · e has run out · n covers something else */
struct reference { str code; int64_t version, at; char list; day until; };

/* ---- writing ---- */

/* The last day of what would have covered this part. */
static day covered_until(const struct candidate *k, const struct facts *f, enum cost cost)
{
	enum part_class class = part_class(k->policy, f->kind, (enum part)f->part);
	day last = NO_DAY;

	for (size_t i = 0; i < k->policy->n_cover; i++) {
		const struct cover *r = &k->policy->cover[i];

		if (r->when.in >= 0 && r->pct[cost] > 0 && (r->classes >> class & 1) && k->clock[r->when.in].end.d > last.d)
			last = k->clock[r->when.in].end;
	}
	return last;
}

/* Who says no: an exclusion before a period that has run out, that before one that never covered it. */
static const struct candidate *denied_by(const struct verdict *v)
{
	static const enum lost why[] = { LOST_EXCLUDED, LOST_EXPIRED, LOST_USED_UP, LOST_NOT_COVERED };

	for (size_t w = 0; w < LEN(why); w++) {
		for (size_t i = 0; i < v->n; i++) {
			if (v->candidate[i].policy && v->candidate[i].why == why[w])
				return &v->candidate[i];
		}
	}
	return NULL;
}

const struct candidate *verdict_decided_by(const struct verdict *v, enum cost cost)
{
	return v->pay[cost] < PAY_DECIDE ? v->by[cost] : v->pay[cost] == PAY_DECIDE ? NULL : denied_by(v);
}

str verdict_reference(struct arena *a, const struct facts *f, const struct verdict *v, enum cost cost)
{
	const struct candidate *k = verdict_decided_by(v, cost);
	struct reference r = { .list = 'n', .until = NO_DAY };
	str end;

	if (!k)
		return (str){ 0 };
	if (v->pay[cost] < PAY_DECIDE) {
		r.list = 'c';
		r.at = k->cover[cost] - k->policy->cover;
		r.until = k->cover[cost]->when.in < 0 ? NO_DAY : k->clock[k->cover[cost]->when.in].end;
	} else if (k->why == LOST_EXCLUDED) {
		r.list = 'x';
		r.at = k->exclusion - k->policy->exclusion;
	} else if (k->why == LOST_EXPIRED) {
		r.list = 'e';
		r.until = covered_until(k, f, cost);
	}
	end = r.until.d == NIL ? S("") : arena_fmt(a, "/%.*s", STR_ARG(day_iso(a, r.until)));
	return arena_fmt(a, "%.*s@%d/%c%lld%.*s", STR_ARG(k->id), k->policy->version, r.list, (long long)r.at, STR_ARG(end));
}

/* ---- reading ---- */

static bool reference_read(str s, struct reference *ret)
{
	str version, at;

	*ret = (struct reference){ .until = NO_DAY };
	if (!str_cut(&s, '@', &ret->code) || !s.p || !str_cut(&s, '/', &version) || !str_int(version, &ret->version) || !str_cut(&s, '/', &at) || at.n < 2)
		return false;
	ret->list = at.p[0];
	return strchr("cxen", ret->list) && str_int((str){ at.p + 1, at.n - 1 }, &ret->at) && ret->at >= 0 && (!s.n || day_parse(s, &ret->until));
}

static str covered(const struct ctx *c, const struct reference *r, str title, const struct cover *k)
{
	str text = text2_for(k->text, c->who->lang), clause = text2_for(k->clause, c->who->lang);

	return r->until.d == NIL ? trf(c, N_("{1}: {2} ({3})"), title, text, clause) : trf(c, N_("{1}: {2} ({3}), until {4}"), title, text, clause, r->until);
}

static str told(const struct ctx *c, const struct reference *r, const struct policy *p)
{
	str title = text2_for(p->title, c->who->lang);
	size_t at = (size_t)r->at;

	if (r->list == 'c' && at < p->n_cover)
		return covered(c, r, title, &p->cover[at]);
	if (r->list == 'x' && at < p->n_exclusion)
		return trf(c, N_("{1} excludes this: {2} ({3})"), title, text2_for(p->exclusion[at].text, c->who->lang), text2_for(p->exclusion[at].clause, c->who->lang));
	if (r->list == 'e')
		return r->until.d == NIL ? trf(c, N_("{1} has run out."), title) : trf(c, N_("{1} ran until {2}."), title, r->until);
	return trf(c, N_("{1} does not cover this."), title);
}

str reference_told(const struct ctx *c, const struct policy_set *set, str reference)
{
	struct reference r;
	const struct policy *p = reference_read(reference, &r) ? policy_version(set, r.code, (int)r.version) : NULL;

	return p ? told(c, &r, p) : reference;
}
