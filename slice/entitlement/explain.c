/* explain.c — a verdict in sentences a layman can check: each with its dates and its clause. */
#include "slice/entitlement/verdict.h"
#include "base/i18n.h"

enum { LINES_MAX = 96 };
struct lines { const struct ctx *c; const struct facts *f; const struct verdict *v; str *p; size_t n; };

static void add(struct lines *l, str s)
{
	if (l->n < LINES_MAX)
		l->p[l->n++] = s;
}

static str in_language(const struct lines *l, struct text2 t) { return text2_for(t, l->c->who->lang); }

/* "first part second part": Chinese sentences follow each other without a blank. */
static str then(const struct lines *l, str a, str b)
{
	const str parts[] = { a, b };
	bool zh = l->c->who->lang && !strcmp(l->c->who->lang, "zh");

	return !a.n ? b : !b.n ? a : arena_join(l->c->a, parts, 2, zh ? S("") : S(" "));
}

static str listed(const struct lines *l, uint64_t bits, const char *const *texts)
{
	str part[64];
	size_t n = 0;

	for (size_t i = 0; texts[i]; i++) {
		if (bits >> i & 1)
			part[n++] = tr(l->c, texts[i]);
	}
	return arena_join(l->c->a, part, n, tr(l->c, N_(", ")));
}

static str with_clause(const struct lines *l, struct text2 text, struct text2 clause)
{
	return trf(l->c, N_("{1} ({2})"), in_language(l, text), in_language(l, clause));
}

static str name_of(const struct lines *l, const struct candidate *k)
{
	return k->policy ? in_language(l, k->policy->title) : k->id;
}

/* ---- clocks ---- */

static str how_it_came(const struct lines *l, const struct candidate *k, enum period_name name)
{
	const struct stretch *s = &k->clock[name];
	str t = { 0 };

	if (s->unproven)
		t = then(l, t, tr(l->c, N_("There is no proof of purchase, so the factory date counts.")));
	if (s->not_counted)
		t = then(l, t, trf(l->c, N_("Days in repair or waiting for parts that do not count: {1}."), s->not_counted));
	if (s->extended)
		t = then(l, t, trf(l->c, N_("A repair under the guarantee lengthened it once ({1})."), in_language(l, k->policy->period[name].extend.clause)));
	if (s->kept)
		t = then(l, t, tr(l->c, N_("After the repair a least period is left.")));
	if (s->rolled)
		t = then(l, t, tr(l->c, N_("Its last day was no working day and moves to the next one.")));
	if (s->unpublished)
		t = then(l, t, tr(l->c, N_("The holidays of that year are not published yet; weekends and the holidays of fixed date are considered.")));
	return t;
}

static void tell_clock(struct lines *l, const struct candidate *k, enum period_name name)
{
	const struct stretch *s = &k->clock[name];
	str what = tr(l->c, period_texts[name]), from, line;

	if (!s->on || s->end.d == NIL)
		return;
	from = !s->anew ? tr(l->c, basis_texts[s->basis]) : s->start.d == facts_exchanged(l->f).d ? tr(l->c, N_("begun again by the exchange of the unit"))
		: tr(l->c, N_("begun again by a new part"));
	line = trf(l->c, N_("{1}: from {2} ({3}) until {4}."), what, s->start, from, s->end);
	line = then(l, line, how_it_came(l, k, name));
	add(l, trf(l->c, N_("{1} ({2})"), line, in_language(l, k->policy->period[name].clause)));
}

static void tell_clocks(struct lines *l, const struct candidate *k)
{
	for (size_t i = 0; i < PERIODS; i++)
		tell_clock(l, k, (enum period_name)i);
}

/* ---- what counts ---- */

static void tell_coverage(struct lines *l, const struct candidate *k)
{
	for (size_t i = 0; i < COSTS; i++) {
		const struct cover *r = k->cover[i];
		bool told = false;

		for (size_t j = 0; j < i; j++)
			told = told || k->cover[j] == r;
		if (r && !told)
			add(l, with_clause(l, r->text, r->clause));
	}
}

static void tell_remedy(struct lines *l, const struct candidate *k)
{
	const struct verdict *v = l->v;

	if (!k->remedy)
		return;
	add(l, with_clause(l, k->remedy->text, k->remedy->clause));
	if (v->failed)
		add(l, trf(l->c, N_("Repairs that failed on this unit: {1}."), v->failed));
	if (v->repair_days_total)
		add(l, trf(l->c, N_("Days in repair on this unit: {1}, the longest repair {2} without waiting, waiting for parts {3}."), v->repair_days_total, v->repair_days, v->waiting_days));
	if (v->also)
		add(l, trf(l->c, N_("May be had instead: {1}."), listed(l, v->also, option_texts)));
	if (v->also >> OPTION_REFUND_LESS & 1)
		add(l, trf(l->c, N_("Days of use for a reduced refund: {1}."), v->used_days));
}

static void tell_winner(struct lines *l, const struct candidate *k)
{
	add(l, trf(l->c, N_("What counts: {1}, version {2}, {3}."), name_of(l, k), k->policy->version, in_language(l, k->policy->source)));
	tell_clocks(l, k);
	tell_coverage(l, k);
	if (k->presumed)
		add(l, trf(l->c, N_("The cause is not known. The seller would have to prove that it is no fault of quality ({1})."), in_language(l, k->policy->presumption.clause)));
	tell_remedy(l, k);
}

/* ---- the others ---- */

static void tell_exclusion(struct lines *l, const struct candidate *k)
{
	const struct exclusion *x = k->exclusion;

	add(l, trf(l->c, N_("{1} excludes this: {2} ({3})"), name_of(l, k), in_language(l, x->text), in_language(l, x->clause)));
	if (x->evidence)
		add(l, trf(l->c, x->proof ? N_("The customer has to prove otherwise: {1}.") : N_("The operator has to prove it: {1}."), listed(l, x->evidence, evidence_texts)));
	if (x->lifted && ((uint64_t)1 << l->f->cause & CAUSES_ACCIDENT))
		add(l, tr(l->c, N_("An accident cover would answer for it.")));
}

static void tell_loser(struct lines *l, const struct candidate *k)
{
	if (k->why == LOST_EXCLUDED && k->exclusion) {
		tell_exclusion(l, k);
	} else {
		add(l, trf(l->c, N_("{1} {2}."), name_of(l, k), tr(l->c, lost_texts[k->why])));
	}
	if (k->policy && (k->why == LOST_EXPIRED || k->why == LOST_UNDECIDED || (!l->v->winner && k->why == LOST_EXCLUDED)))
		tell_clocks(l, k);
}

/* ---- what is missing, and what would follow ---- */

static str would_follow(const struct lines *l, enum missing m)
{
	static const char *const text[MISSINGS] = {
		[MISSING_PROOF] = N_("With a proof the periods begin on the day of purchase instead of the factory date, and a refund may be open."),
		[MISSING_INVOICED] = N_("The period would begin with it."),
		[MISSING_DELIVERED] = N_("The period would begin with it."),
		[MISSING_INSTALLED] = N_("The period would begin with it."),
		[MISSING_ACCEPTED] = N_("The period would begin with it."),
		[MISSING_FACTORY] = N_("Without a proof the period would begin with it."),
		[MISSING_BUYER] = N_("Taken as a consumer; for a business the statute would not hold."),
		[MISSING_PROVINCE] = N_("A province may give more than the national rule."),
		[MISSING_CAUSE] = N_("A fault of quality is free; an excluded cause, if proved, is to be paid."),
		[MISSING_LISTED] = N_("A listed fault opens exchange, and refund within seven days."),
		[MISSING_OWNER] = N_("For anyone but the first buyer this promise would not hold."),
		[MISSING_TERMS] = N_("What the contract filled in decides length and visits."),
		[MISSING_KIND] = N_("The kind decides which parts are main parts."),
	};

	return tr(l->c, text[m]);
}

static void tell_missing(struct lines *l)
{
	for (size_t i = 0; i < MISSINGS; i++) {
		if (l->v->missing >> i & 1)
			add(l, then(l, trf(l->c, N_("Missing: {1}."), tr(l->c, missing_texts[i])), would_follow(l, (enum missing)i)));
	}
}

static void tell_lineage(struct lines *l)
{
	const struct facts *f = l->f;
	day given = facts_exchanged(f);

	if (f->replaces.n && given.d != NIL)
		add(l, trf(l->c, N_("This unit was given for {1} on {2}: what was due to that one is due to this one, and periods begin again or go on as each policy says."), f->replaces, given));
	else if (f->replaces.n)
		add(l, trf(l->c, N_("This unit was given for {1}: what was due to that one is due to this one."), f->replaces));
	if (f->gone.d != NIL && f->on.d >= f->gone.d)
		add(l, trf(l->c, N_("This unit was exchanged on {1}; what was due to it is due to the one the customer got."), f->gone));
}

static bool unverified(const struct candidate *k)
{
	bool rows = k->remedy && k->remedy->confidence;

	for (size_t i = 0; i < COSTS; i++)
		rows = rows || (k->cover[i] && k->cover[i]->confidence);
	return rows || k->policy->confidence;
}

void verdict_explain(const struct ctx *c, const struct facts *f, const struct verdict *v, str **ret, size_t *ret_n)
{
	struct lines l = { c, f, v, NEW_N(c->a, str, LINES_MAX), 0 };

	add(&l, trf(c, N_("Asked on {1} for: {2}; cause: {3}."), f->on, tr(c, part_texts[f->part]), tr(c, cause_texts[f->cause])));
	if (f->part_by == PART_BY_CATALOGUE)
		add(&l, trf(c, N_("Which part it is says the part catalogue (“{1}”)."), f->part_words));
	if (f->part_by == PART_BY_WORDS)
		add(&l, trf(c, N_("Which part it is was read from the words “{1}”; the part catalogue does not say."), f->part_words));
	tell_lineage(&l);
	if (v->winner)
		tell_winner(&l, v->winner);
	else
		add(&l, tr(c, v->pay[COST_PARTS] == PAY_DECIDE || v->pay[COST_LABOUR] == PAY_DECIDE ? N_("It cannot be decided yet.") : N_("Nothing covers this; the customer pays, and is told the price first.")));
	for (size_t i = 0; i < v->n; i++) {
		if (&v->candidate[i] != v->winner)
			tell_loser(&l, &v->candidate[i]);
	}
	tell_missing(&l);
	if (v->winner && unverified(v->winner))
		add(&l, tr(c, N_("Some of these rules are not verified against their official text; the policy's notes say which.")));
	*ret = l.p;
	*ret_n = l.n;
}
