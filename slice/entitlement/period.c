/* period.c — when a clock starts, what lengthens it, and its last day. The start day is not counted: a period of n days ends n days after it. */
#include "slice/entitlement/verdict.h"

enum { GAPS_MAX = STAYS_MAX * (1 + WAITS_MAX) };

static int64_t gap_end(const struct facts *f, day to) { return to.d == NIL ? f->on.d : to.d; }

day facts_exchanged(const struct facts *f)
{
	day last = NO_DAY;

	for (size_t i = 0; i < f->n_stay; i++) {
		const struct stay *s = &f->stay[i];

		if (s->exchanged == 1 && s->out.d != NIL && s->out.d <= f->on.d && s->out.d > last.d)
			last = s->out;
	}
	return last;
}

static day part_replaced(const struct facts *f)
{
	day last = NO_DAY;

	for (size_t i = 0; i < f->n_stay; i++) {
		const struct stay *s = &f->stay[i];

		if ((s->replaced >> f->part & 1) && s->out.d != NIL && s->out.d <= f->on.d && s->out.d > last.d)
			last = s->out;
	}
	return last;
}

static day last_repaired(const struct facts *f)
{
	day last = NO_DAY;

	for (size_t i = 0; i < f->n_stay; i++) {
		if (f->stay[i].out.d != NIL && f->stay[i].out.d <= f->on.d && f->stay[i].out.d > last.d)
			last = f->stay[i].out;
	}
	return last;
}

day facts_sale(const struct facts *f)
{
	static const enum basis sale[] = { START_INVOICED, START_DELIVERED, START_ACCEPTED, START_INSTALLED };
	day first = NO_DAY;

	for (size_t i = 0; i < LEN(sale); i++) {
		if (f->basis[sale[i]].d != NIL && (first.d == NIL || f->basis[sale[i]].d < first.d))
			first = f->basis[sale[i]];
	}
	if (first.d == NIL)
		first = f->basis[START_FACTORY];
	return first.d == NIL ? f->on : first;
}

enum part_class part_class(const struct policy *p, int kind, enum part part)
{
	return kind >= 0 && (p->main[kind] >> part & 1) ? CLASS_MAIN : (enum part_class)part_class_of[part];
}

/* ---- days that do not count ---- */

static size_t put_gap(struct gap *g, size_t n, int64_t from, int64_t to)
{
	size_t i = n;

	if (from >= to || n == GAPS_MAX)
		return n;
	for (; i && g[i - 1].from.d > from; i--)
		g[i] = g[i - 1];
	g[i] = (struct gap){ { from }, { to } };
	return n + 1;
}

int days_not_counted(const struct facts *f, uint64_t excludes, day from, day to)
{
	struct gap g[GAPS_MAX];
	int64_t days = 0, at = from.d + 1, last = to.d + 1;
	size_t n = 0;

	for (size_t i = 0; i < f->n_stay && i < STAYS_MAX; i++) {
		const struct stay *s = &f->stay[i];

		if (excludes & EXCLUDE_REPAIR)
			n = put_gap(g, n, s->in.d, gap_end(f, s->out));
		for (size_t k = 0; (excludes & EXCLUDE_WAITING) && k < s->n_waiting; k++)
			n = put_gap(g, n, s->waiting[k].from.d, gap_end(f, s->waiting[k].to));
	}
	for (size_t i = 0; i < n; i++) {
		int64_t a = g[i].from.d > at ? g[i].from.d : at, b = g[i].to.d < last ? g[i].to.d : last;

		if (b > a) {
			days += b - a;
			at = b;
		}
	}
	return (int)days;
}

/* ---- start ---- */

static day basis_day(const struct facts *f, int basis)
{
	return basis == START_REPAIRED ? last_repaired(f) : f->basis[basis];
}

static void start_by_basis(const struct period *p, const struct facts *f, struct stretch *s)
{
	if (f->proof == PROVEN_NONE && p->unproven >= 0 && f->basis[p->unproven].d != NIL) {
		s->start = span_add(f->basis[p->unproven], p->unproven_plus);
		s->basis = (short)p->unproven;
		s->unproven = true;
		return;
	}
	for (size_t i = 0; i < p->n_basis; i++) {
		day d = basis_day(f, p->basis[i]);

		if (d.d == NIL || (s->start.d != NIL && (!p->latest || d.d <= s->start.d)))
			continue;
		s->start = d;
		s->basis = (short)p->basis[i];
	}
}

/* A clock of one class of parts is started again only by a new part of that class. */
static bool part_counts(const struct policy *p, enum period_name name, const struct facts *f)
{
	enum part_class class = part_class(p, f->kind, (enum part)f->part);

	if (f->part == PART_WHOLE || f->part == PART_OTHER)
		return false;
	return name == PERIOD_MAIN ? class == CLASS_MAIN : name == PERIOD_PART ? class == CLASS_PART : name == PERIOD_BATTERY ? class == CLASS_BATTERY : true;
}

static void start_again(struct stretch *s, day d)
{
	if (d.d == NIL || d.d < s->start.d)
		return;
	s->start = d;
	s->anew = true;
	s->unproven = false;
}

/* ---- end ---- */

static struct span_of length_of(const struct policy *p, enum period_name name, const struct facts *f, day start)
{
	const struct period *q = &p->period[name];
	struct span_of least = f->used == 1 && q->floor.unit ? q->floor : q->length;

	for (size_t i = 0; i < f->n_terms; i++) {
		const struct terms *t = &f->terms[i];

		if (t->period != (int)name || !str_eq(t->policy, p->id))
			continue;
		return q->blank || span_add(start, t->length).d > span_add(start, least).d ? t->length : least;
	}
	return q->length;
}

static void lengthen(const struct period *q, const struct facts *f, struct stretch *s)
{
	int n;

	while ((n = days_not_counted(f, q->excludes, s->start, s->end)) != s->not_counted) {
		s->not_counted = n;
		s->end.d = s->plain.d + n;
	}
}

/* Once, when a repair within the period was done since the day the rule began. */
static void extend(const struct period *q, const struct facts *f, struct stretch *s)
{
	for (size_t i = 0; q->extend.from.d != NIL && i < f->n_stay && !s->extended; i++) {
		const struct stay *r = &f->stay[i];

		if (r->out.d == NIL || r->out.d > f->on.d || r->out.d < q->extend.from.d || r->in.d < s->start.d || r->in.d > s->end.d || r->fixed == 0 || r->exchanged == 1)
			continue;
		s->end = span_add(s->end, q->extend.by);
		s->extended = true;
	}
}

static void keep(const struct period *q, day since, struct stretch *s)
{
	day least = since.d == NIL ? since : span_add(since, q->keep);

	if (least.d == NIL || least.d <= s->end.d)
		return;
	s->end = least;
	s->kept = true;
}

static void roll(const struct workdays *w, struct stretch *s)
{
	int64_t end = s->end.d;
	int y, mo, d;

	day_split(s->end, &y, &mo, &d);
	s->unpublished = !w->published(w->of, y);
	while (!w->works(w->of, s->end) && s->end.d < end + 31)
		s->end.d++;
	s->rolled = s->end.d != end;
}

struct stretch stretch_of(const struct policy *p, enum period_name name, const struct facts *f, const struct workdays *w)
{
	const struct period *q = &p->period[name];
	struct stretch s = { .on = q->line != 0, .start = NO_DAY, .end = NO_DAY, .plain = NO_DAY };
	day exchanged = facts_exchanged(f), replaced = part_counts(p, name, f) ? part_replaced(f) : NO_DAY;
	struct span_of length;

	if (!s.on)
		return s;
	start_by_basis(q, f, &s);
	if (q->on_exchange == RESTART_ANEW)
		start_again(&s, exchanged);
	if (q->on_part == RESTART_ANEW)
		start_again(&s, replaced);
	if (s.start.d == NIL) {
		s.on = q->basis[0] != START_REPAIRED;          /* never repaired: no such clock */
		return s;
	}
	length = length_of(p, name, f, s.start);
	if (q->blank && !length.n)
		return s;
	s.plain = s.end = span_add(s.start, length);
	lengthen(q, f, &s);
	extend(q, f, &s);
	if (q->on_exchange == RESTART_KEEP)
		keep(q, exchanged, &s);
	if (q->on_part == RESTART_KEEP)
		keep(q, replaced, &s);
	if (q->roll)
		roll(w, &s);
	return s;
}

enum run stretch_run(const struct stretch *s, day on)
{
	return s->end.d == NIL ? RUN_UNKNOWN : on.d <= s->end.d ? RUN_ON : RUN_OVER;
}
