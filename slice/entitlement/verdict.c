/* verdict.c — weighs every policy by itself, then takes the best for the customer. */
#include "slice/entitlement/verdict.h"
#include "base/i18n.h"

#define X(n, code, ...) code,
const char *const proof_names[] = { PROVEN_LIST(X) NULL };
const char *const lost_names[] = { LOST_LIST(X) NULL };
const char *const missing_names[] = { MISSING_LIST(X) NULL };
#undef X
#define X(n, code, text) text,
const char *const lost_texts[] = { LOST_LIST(X) NULL };
const char *const missing_texts[] = { MISSING_LIST(X) NULL };
#undef X
const char *const pay_names[] = { "free", "shared", "decide", "paid", NULL };
const char *const pay_texts[] = { N_("free"), N_("shared"), N_("to be decided"), N_("to be paid"), NULL };

#define BIT(i) ((uint64_t)1 << (i))
enum tri { NO, YES, OPEN };                            /* OPEN: a fact is missing */

void facts_init(struct facts *f)
{
	*f = (struct facts){ .on = NO_DAY, .kind = -1, .part = PART_WHOLE, .proof = PROVEN_NONE, .buyer = -1, .original_owner = -1, .used = -1, .marked = -1,
		.bought_in = -1, .recall = -1, .same_model = -1, .declined = -1, .unrepairable = -1, .listed = -1, .cause = CAUSE_UNKNOWN, .gone = NO_DAY };
	for (size_t i = 0; i < STARTS; i++)
		f->basis[i] = NO_DAY;
}

/* ---- what the stays on this unit add up to ---- */

static int stay_days(const struct facts *f, const struct stay *s)
{
	int64_t out = s->out.d == NIL ? f->on.d : s->out.d;

	return out > s->in.d ? (int)(out - s->in.d) : 0;
}

static int waiting_within(const struct facts *f, const struct stay *s, bool inside)
{
	int64_t out = s->out.d == NIL ? f->on.d : s->out.d, n = 0, at = NIL;

	for (size_t i = 0; i < s->n_waiting; i++) {
		int64_t a = s->waiting[i].from.d, b = s->waiting[i].to.d == NIL ? f->on.d : s->waiting[i].to.d;

		if (inside && a < s->in.d)
			a = s->in.d;
		if (inside && b > out)
			b = out;
		if (a < at)
			a = at;
		n += b > a ? b - a : 0;
		at = b > at ? b : at;
	}
	return (int)n;
}

static void at_least(int *v, int n) { *v = n > *v ? n : *v; }

static void count_stays(const struct facts *f, struct verdict *v)
{
	day unit_since = facts_exchanged(f);

	for (size_t i = 0; i < f->n_stay && i < STAYS_MAX; i++) {
		const struct stay *s = &f->stay[i];
		bool done = s->out.d != NIL && s->out.d <= f->on.d;

		if (s->in.d < unit_since.d || s->in.d > f->on.d || (s->exchanged == 1 && done))
			continue;
		v->failed += done && s->fixed == 0;
		at_least(&v->repair_days, stay_days(f, s) - waiting_within(f, s, true));
		at_least(&v->waiting_days, waiting_within(f, s, false));
		if (!done)
			at_least(&v->open_days, (int)(f->on.d - s->in.d));
	}
	if (unit_since.d == NIL && f->n_stay)
		unit_since = f->stay[0].in;
	v->repair_days_total = f->n_stay ? days_not_counted(f, EXCLUDE_REPAIR, (day){ unit_since.d - 1 }, f->on) : 0;
}

/* ---- conditions ---- */

static enum tri flag(int asked, int known) { return asked < 0 || asked == known ? YES : known < 0 ? OPEN : NO; }
static enum tri over(int asked, int n) { return asked < 0 || n > asked ? YES : NO; }

static enum tri clock_is(const struct candidate *k, int name, day on, enum run want)
{
	enum run run = name < 0 ? want : stretch_run(&k->clock[name], on);

	if (name >= 0 && !k->clock[name].on)
		return NO;
	return run == want ? YES : run == RUN_UNKNOWN ? OPEN : NO;
}

static enum tri within_days(const struct candidate *k, const struct cond *c, day on)
{
	day start = c->in < 0 ? NO_DAY : k->clock[c->in].start;

	return c->day_max < 0 ? YES : start.d == NIL ? OPEN : on.d <= start.d + c->day_max ? YES : NO;
}

static enum tri holds(const struct candidate *k, const struct cond *c, const struct facts *f, const struct verdict *v)
{
	enum part_class class = part_class(k->policy, f->kind, (enum part)f->part);
	bool papers = f->proof == PROVEN_INVOICE || f->proof == PROVEN_CERTIFICATE || f->proof == PROVEN_CARD;
	const enum tri all[] = {
		clock_is(k, c->in, f->on, RUN_ON), clock_is(k, c->after, f->on, RUN_OVER), within_days(k, c, f->on),
		flag(c->listed, f->listed), flag(c->same_model, f->same_model), flag(c->declined, f->declined), flag(c->unrepairable, f->unrepairable),
		flag(c->recall, f->recall < 0 ? 0 : f->recall),
		flag(c->buyer, f->buyer < 0 ? BUYER_CONSUMER : f->buyer), flag(c->proof, papers),
		c->failed_repairs < 0 || v->failed >= c->failed_repairs ? YES : NO,
		over(c->repair_days_over, v->repair_days), over(c->repair_days_total_over, v->repair_days_total),
		over(c->waiting_days_over, v->waiting_days), over(c->open_days_over, v->open_days),
		!c->causes || (c->causes & BIT(f->cause)) ? YES : NO, !c->classes || (c->classes & BIT(class)) ? YES : NO,
	};
	enum tri ret = YES;

	for (size_t i = 0; i < LEN(all); i++) {
		if (all[i] == NO)
			return NO;
		if (all[i] == OPEN)
			ret = OPEN;
	}
	return ret;
}

/* ---- does the policy speak about this at all ---- */

/* A policy for a country holds in its provinces; a provincial one stays open while only the country, or nothing, is known. */
enum lost policy_place(const struct policy *p, str province)
{
	enum lost ret = LOST_ELSEWHERE;

	if (!p->n_place)
		return LOST_WON;
	for (size_t i = 0; i < p->n_place; i++) {
		str place = p->place[i];

		if (str_eq(place, province) || (str_starts(province, place) && province.p[place.n] == '-') || (!province.n && place.n == 2))
			return LOST_WON;
		if (place.n > 2 && (!province.n || (province.n == 2 && str_starts(place, province))))
			ret = LOST_PLACE_UNKNOWN;
	}
	return ret;
}

static enum lost scope_fits(struct candidate *k, const struct facts *f)
{
	const struct policy *p = k->policy;
	enum lost place = policy_place(p, f->province);

	if (place == LOST_PLACE_UNKNOWN)
		k->missing |= BIT(MISSING_PROVINCE);
	if (place)
		return place;
	if (p->scope.buyer >= 0 && f->buyer < 0)
		k->missing |= BIT(MISSING_BUYER);
	if (p->scope.buyer >= 0 && f->buyer >= 0 && f->buyer != p->scope.buyer)
		return LOST_BUYER;
	if (p->scope.kinds && f->kind >= 0 && !(p->scope.kinds & BIT(f->kind)))
		return LOST_KIND;
	if (p->scope.kinds && f->kind < 0)
		k->missing |= BIT(MISSING_KIND);
	if (p->scope.parts && !(p->scope.parts & BIT(f->part)))
		return LOST_PART;
	return p->scope.original_owner && f->original_owner == 0 ? LOST_OWNER : LOST_WON;
}

/* ---- exclusions ---- */

static bool datable_otherwise(const struct policy *p)
{
	for (size_t i = 0; i < PERIODS; i++) {
		if (p->period[i].line && p->period[i].unproven >= 0)
			return true;
	}
	return false;
}

static bool excluded(const struct policy *p, const struct exclusion *x, const struct facts *f)
{
	const bool is[EXCLUDED_IFS] = {
		[EXCLUDED_IF_NO_PROOF] = f->proof == PROVEN_NONE && !datable_otherwise(p),
		[EXCLUDED_IF_NOT_ORIGINAL] = f->original_owner == 0,
		[EXCLUDED_IF_UNMARKED] = f->marked == 0,
		[EXCLUDED_IF_BOUGHT_IN] = f->bought_in == 1,
	};

	for (size_t i = 0; i < EXCLUDED_IFS; i++) {
		if ((x->when >> i & 1) && is[i])
			return true;
	}
	return x->causes >> f->cause & 1;
}

static const struct exclusion *exclusion_of(const struct policy *p, const struct facts *f, bool by_cause)
{
	for (size_t i = 0; i < p->n_exclusion; i++) {
		const struct exclusion *x = &p->exclusion[i];

		if (excluded(p, x, f) && by_cause == (x->causes >> f->cause & 1))
			return x;
	}
	return NULL;
}

/* ---- coverage ---- */

static bool presumed_quality(const struct candidate *k, const struct facts *f)
{
	const struct presumption *p = &k->policy->presumption;
	day start = k->clock[PERIOD_WHOLE].start;

	if (!p->line)
		return false;
	if (p->in >= 0)
		return stretch_run(&k->clock[p->in], f->on) == RUN_ON;
	return start.d != NIL && f->on.d <= span_add(start, p->length).d;
}

static enum tri cause_fits(const struct candidate *k, const struct cover *r, const struct facts *f)
{
	if (r->causes >> f->cause & 1)
		return YES;
	if (f->cause != CAUSE_UNKNOWN || !(r->causes >> CAUSE_QUALITY & 1))
		return NO;
	return presumed_quality(k, f) ? YES : OPEN;
}

/* What a promise counts: how many visits it gives (-1: any number), how many visits and claims went. */
struct counted { int visits, visits_used, claims_used; };

static struct counted counted_by(const struct candidate *k, const struct cover *r, const struct facts *f)
{
	struct counted n = { r->visits, f->visits_used, f->claims_used };

	for (size_t i = 0; i < f->n_terms; i++) {
		const struct terms *t = &f->terms[i];

		if (!str_eq(t->policy, k->policy->id))
			continue;
		n.visits = t->visits >= 0 ? t->visits : n.visits;
		n.visits_used = t->visits_used >= 0 ? t->visits_used : n.visits_used;
		n.claims_used = t->claims_used >= 0 ? t->claims_used : n.claims_used;
	}
	return n;
}

static uint64_t missing_basis(const struct period *q)
{
	static const unsigned char of_basis[STARTS] = { [START_INVOICED] = MISSING_INVOICED, [START_DELIVERED] = MISSING_DELIVERED,
		[START_INSTALLED] = MISSING_INSTALLED, [START_ACCEPTED] = MISSING_ACCEPTED, [START_FACTORY] = MISSING_FACTORY };

	return q->basis[0] == START_REPAIRED ? 0 : BIT(of_basis[q->basis[0]]);
}

static enum lost open_because(struct candidate *k, const struct cond *c)
{
	if (c->in < 0 || k->clock[c->in].end.d != NIL)
		return LOST_UNDECIDED;
	k->missing |= k->clock[c->in].start.d == NIL ? missing_basis(&k->policy->period[c->in]) : BIT(MISSING_TERMS);
	return LOST_NO_START;
}

/* What one row gives to one cost class; LOST_WON: it covers, LOST_PART: it is about something else. */
static enum lost row_gives(struct candidate *k, const struct cover *r, enum cost cost, const struct facts *f, const struct verdict *v, enum pay *ret)
{
	enum part_class class = part_class(k->policy, f->kind, (enum part)f->part);
	enum tri cond, cause;
	struct counted n = counted_by(k, r, f);

	*ret = PAY_PAID;
	if (r->pct[cost] <= 0 || !(r->classes >> class & 1) || (r->when.in >= 0 && !k->clock[r->when.in].on))
		return LOST_PART;
	cond = holds(k, &r->when, f, v);
	cause = cause_fits(k, r, f);
	if (clock_is(k, r->when.in, f->on, RUN_ON) == NO)
		return LOST_EXPIRED;
	if (cond == NO || cause == NO)
		return LOST_NOT_COVERED;
	if ((r->claims >= 0 && n.claims_used >= r->claims) || (cost == COST_TRAVEL && n.visits >= 0 && n.visits_used >= n.visits))
		return LOST_USED_UP;
	*ret = PAY_DECIDE;
	if (cond == OPEN)
		return open_because(k, &r->when);
	if (cause == OPEN)
		return LOST_UNDECIDED;
	if (cost == COST_TRAVEL && r->blank && n.visits < 0) {
		k->missing |= BIT(MISSING_TERMS);
		return LOST_UNDECIDED;
	}
	*ret = r->pct[cost] == 100 ? PAY_FREE : PAY_SHARED;
	return LOST_WON;
}

/* Of several reasons the one closest to covering is told. */
static int nearness(enum lost why)
{
	static const unsigned char near[LOSTS] = { [LOST_WON] = 9, [LOST_UNDECIDED] = 6, [LOST_NO_START] = 5, [LOST_USED_UP] = 4,
		[LOST_NOT_COVERED] = 3, [LOST_EXPIRED] = 2 };

	return near[why];
}

static enum lost cover_cost(struct candidate *k, enum cost cost, const struct facts *f, const struct verdict *v)
{
	enum lost best = LOST_PART;

	for (size_t i = 0; i < k->policy->n_cover; i++) {
		const struct cover *r = &k->policy->cover[i];
		enum pay pay;
		enum lost why = row_gives(k, r, cost, f, v, &pay);

		if (pay < k->pay[cost] || (pay == k->pay[cost] && pay != PAY_PAID && r->pct[cost] > k->percent[cost])) {
			k->pay[cost] = pay;
			k->percent[cost] = pay == PAY_DECIDE ? 0 : r->pct[cost];
			k->cover[cost] = r;
		}
		if (nearness(why) > nearness(best))
			best = why;
	}
	return best == LOST_PART ? LOST_NOT_COVERED : best;
}

static bool any_running(const struct candidate *k, day on)
{
	for (size_t i = 0; i < PERIODS; i++) {
		if (k->clock[i].on && stretch_run(&k->clock[i], on) == RUN_ON)
			return true;
	}
	return false;
}

static void note_missing(struct candidate *k, const struct facts *f)
{
	for (size_t i = 0; i < PERIODS; i++) {
		const struct period *q = &k->policy->period[i];

		if (k->clock[i].unproven)
			k->missing |= BIT(MISSING_PROOF);
		else if (k->clock[i].on && !q->latest && !k->clock[i].anew && k->clock[i].start.d != NIL && k->clock[i].basis != q->basis[0])
			k->missing |= missing_basis(q);
	}
	if (f->proof == PROVEN_NONE && k->why == LOST_NO_START && datable_otherwise(k->policy))
		k->missing |= BIT(MISSING_PROOF);
	if (f->cause == CAUSE_UNKNOWN && (k->presumed || k->why == LOST_UNDECIDED))
		k->missing |= BIT(MISSING_CAUSE);
	if (k->policy->scope.original_owner && f->original_owner < 0)
		k->missing |= BIT(MISSING_OWNER);
	for (size_t i = 0; i < f->n_terms + 1 && k->policy->period[PERIOD_WHOLE].blank; i++) {
		if (i < f->n_terms && str_eq(f->terms[i].policy, k->policy->id) && f->terms[i].period == PERIOD_WHOLE)
			break;
		if (i == f->n_terms)
			k->missing |= BIT(MISSING_TERMS);
	}
}

/* ---- remedies ---- */

static void choose_remedy(struct candidate *k, const struct facts *f, const struct verdict *v)
{
	for (size_t i = 0; i < k->policy->n_remedy; i++) {
		const struct remedy *r = &k->policy->remedy[i];
		enum tri t = holds(k, &r->when, f, v);

		if (t == OPEN && r->when.listed == 1 && f->listed < 0)
			k->missing |= BIT(MISSING_LISTED);
		if (t != YES)
			continue;
		k->remedy = r;
		return;
	}
}

/* ---- one policy ---- */

static void weigh(struct candidate *k, const struct facts *f, const struct workdays *w, const struct verdict *v)
{
	const struct exclusion *by_cause, *by_fact;

	for (size_t i = 0; i < COSTS; i++)
		k->pay[i] = PAY_PAID;
	k->why = k->policy ? scope_fits(k, f) : k->why;
	if (k->why)
		return;
	for (size_t i = 0; i < PERIODS; i++)
		k->clock[i] = stretch_of(k->policy, (enum period_name)i, f, w);
	if (f->gone.d != NIL && f->on.d >= f->gone.d) {
		k->why = LOST_GONE;
		return;
	}
	by_fact = exclusion_of(k->policy, f, false);
	by_cause = exclusion_of(k->policy, f, true);
	for (size_t i = 0; i < COSTS && !by_fact; i++) {
		enum lost why = cover_cost(k, (enum cost)i, f, v);

		if (i == COST_PARTS || (i == COST_LABOUR && nearness(why) > nearness(k->why)))
			k->why = why;
	}
	if (by_fact)
		k->why = LOST_EXCLUDED;
	else if (by_cause && k->why == LOST_NOT_COVERED && any_running(k, f->on))
		k->why = LOST_EXCLUDED;
	k->exclusion = k->why != LOST_EXCLUDED ? NULL : by_fact ? by_fact : by_cause;
	if (by_fact && (by_fact->when >> EXCLUDED_IF_NO_PROOF & 1))
		k->missing |= BIT(MISSING_PROOF);
	k->presumed = k->why == LOST_WON && f->cause == CAUSE_UNKNOWN && presumed_quality(k, f);
	note_missing(k, f);
	if (k->why == LOST_WON)
		choose_remedy(k, f, v);
}

/* ---- the best for the customer ---- */

static int top_option(uint64_t options) { return options ? 63 - __builtin_clzll(options) : -1; }

static int extras(const struct candidate *k)
{
	return (k->pay[COST_TRAVEL] == PAY_FREE) + (k->pay[COST_LOANER] == PAY_FREE) + (k->pay[COST_TRANSPORT] == PAY_FREE);
}

static int64_t lasts(const struct candidate *k)
{
	const struct cover *r = k->cover[COST_PARTS];

	return r && r->when.in >= 0 ? k->clock[r->when.in].end.d : NIL;
}

static int order(int64_t a, int64_t b) { return (a > b) - (a < b); }

/* > 0: a is better. Money first, then what may be chosen, then what comes on top, then how long; a law before a promise. */
static int better(const struct candidate *a, const struct candidate *b)
{
	uint64_t oa = a->remedy ? a->remedy->options : 0, ob = b->remedy ? b->remedy->options : 0;
	const int by[] = {
		order(b->pay[COST_PARTS], a->pay[COST_PARTS]), order(b->pay[COST_LABOUR], a->pay[COST_LABOUR]),
		order(a->percent[COST_PARTS], b->percent[COST_PARTS]), order(a->percent[COST_LABOUR], b->percent[COST_LABOUR]),
		order(top_option(oa), top_option(ob)), order(__builtin_popcountll(oa), __builtin_popcountll(ob)),
		order(extras(a), extras(b)), order(lasts(a), lasts(b)), order(b->policy->kind, a->policy->kind), order(b->policy->overlays.n > 0, a->policy->overlays.n > 0),
	};

	for (size_t i = 0; i < LEN(by); i++) {
		if (by[i])
			return by[i];
	}
	return 0;
}

static bool gives(const struct candidate *k)
{
	for (size_t i = 0; i < COSTS; i++) {
		if (k->pay[i] < PAY_DECIDE)
			return true;
	}
	return false;
}

static void take_costs(struct verdict *v)
{
	for (size_t c = 0; c < COSTS; c++) {
		v->pay[c] = PAY_PAID;
		for (size_t i = 0; i < v->n; i++) {
			const struct candidate *k = &v->candidate[i];
			bool more = k->pay[c] < v->pay[c] || (k->pay[c] == v->pay[c] && (k->percent[c] > v->percent[c] || (v->by[c] && k == v->winner && k->percent[c] == v->percent[c])));

			if (!more)
				continue;
			v->pay[c] = k->pay[c];
			v->percent[c] = k->percent[c];
			v->by[c] = k->pay[c] < PAY_DECIDE ? k : NULL;
		}
	}
}

static void take_deadlines(struct verdict *v)
{
	for (size_t p = 0; p < PERIODS; p++) {
		v->until[p] = NO_DAY;
		for (size_t i = 0; i < v->n; i++) {
			const struct candidate *k = &v->candidate[i];

			if (!k->clock[p].on || k->why == LOST_GONE || k->clock[p].end.d == NIL || k->clock[p].end.d <= v->until[p].d)
				continue;
			v->until[p] = k->clock[p].end;
			v->until_by[p] = k;
		}
	}
}

static void take_winner(struct verdict *v, const struct facts *f)
{
	struct candidate *best = NULL;

	for (size_t i = 0; i < v->n; i++) {
		struct candidate *k = &v->candidate[i];

		if (gives(k) && (!best || better(k, best) > 0))
			best = k;
	}
	for (size_t i = 0; i < v->n; i++) {
		v->missing |= v->candidate[i].missing;
		if (v->candidate[i].why == LOST_WON && &v->candidate[i] != best)
			v->candidate[i].why = LOST_BEATEN;
	}
	v->winner = best;
	if (!best || !best->remedy)
		return;
	v->options = best->remedy->options;
	v->also = best->remedy->also & ~v->options;
	if (best->clock[PERIOD_WHOLE].start.d != NIL && f->on.d > best->clock[PERIOD_WHOLE].start.d)
		v->used_days = (int)(f->on.d - best->clock[PERIOD_WHOLE].start.d) - days_not_counted(f, EXCLUDE_REPAIR | EXCLUDE_WAITING, best->clock[PERIOD_WHOLE].start, f->on);
}

static void list_candidates(const struct policy_set *set, const struct facts *f, struct verdict *v)
{
	day sale = facts_sale(f);

	for (size_t i = 0; i < f->n_policy && v->n < LISTED_MAX; i++) {
		struct candidate *k = &v->candidate[v->n++];

		k->id = f->policy[i];
		k->policy = policy_at(set, k->id, sale);
		k->why = k->policy ? LOST_WON : LOST_UNKNOWN_ID;
		for (size_t j = 0; !k->policy && j < set->n; j++) {
			if (str_eq(set->p[j].id, k->id))
				k->why = LOST_NOT_IN_FORCE;
		}
	}
	for (size_t i = 0; !f->n_policy && i < set->n && v->n < LISTED_MAX; i++) {
		const struct policy *p = &set->p[i];

		if (p->kind == POLICY_STATUTE && policy_place(p, f->province) == LOST_WON && policy_at(set, p->id, sale) == p)
			v->candidate[v->n++] = (struct candidate){ .id = p->id, .policy = p };
	}
}

void verdict_of(const struct policy_set *set, const struct facts *f, const struct workdays *w, struct verdict *ret)
{
	memset(ret, 0, sizeof *ret);
	count_stays(f, ret);
	list_candidates(set, f, ret);
	for (size_t i = 0; i < ret->n; i++)
		weigh(&ret->candidate[i], f, w, ret);
	take_winner(ret, f);
	take_costs(ret);
	take_deadlines(ret);
}

bool verdict_covers(const struct verdict *a, const struct verdict *b)
{
	for (size_t i = 0; i < COSTS; i++) {
		if (a->pay[i] > b->pay[i] || (a->pay[i] == b->pay[i] && a->percent[i] < b->percent[i]))
			return false;
	}
	return true;
}
