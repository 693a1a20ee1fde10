/* timeline.c — how long each part of a device is covered and by what, as bars on one scale. */
#include "slice/entitlement/entitlement_int.h"
#include "slice/entitlement/entitlement_view.h"

enum { SCALE = 1000, LANE = 9, MARGIN_DAYS = 20 };

/* ---- which parts ---- */

static uint64_t parts_shown(const struct facts *f, const struct verdict *v)
{
	uint64_t bits = (uint64_t)1 << PART_WHOLE | (uint64_t)1 << PART_BATTERY;

	for (size_t i = 0; i < v->n && f->kind >= 0; i++) {
		if (v->candidate[i].policy)
			bits |= v->candidate[i].policy->main[f->kind];
	}
	for (size_t i = 0; i < f->n_stay; i++)
		bits |= f->stay[i].replaced;
	return bits;
}

/* ---- one part ---- */

static bool within(const struct cover_span *s, size_t n, const struct stretch *k)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i].from.d <= k->start.d && k->end.d <= s[i].to.d)
			return true;
	}
	return false;
}

/* A unit that was exchanged is covered up to that day. */
static day upto(const struct facts *f, day end) { return f->gone.d != NIL && f->gone.d < end.d ? f->gone : end; }

/* The periods a policy covers this part for, without those that lie in a longer one; returns how many. */
static size_t spans_of_policy(const struct ctx *c, const struct facts *f, const struct candidate *k, struct cover_span *ret)
{
	enum part_class class = part_class(k->policy, f->kind, (enum part)f->part);
	bool speaks = k->why == LOST_WON || k->why == LOST_BEATEN || k->why == LOST_EXPIRED || k->why == LOST_UNDECIDED || k->why == LOST_USED_UP || k->why == LOST_GONE;
	size_t n = 0;

	for (size_t i = 0; speaks && i < k->policy->n_cover && n < PERIODS; i++) {
		const struct cover *r = &k->policy->cover[i];
		const struct stretch *s = r->when.in < 0 ? NULL : &k->clock[r->when.in];

		if (s && s->on && s->end.d != NIL && r->pct[COST_PARTS] > 0 && (r->classes >> class & 1) && (r->causes >> CAUSE_QUALITY & 1) && s->start.d < upto(f, s->end).d && !within(ret, n, s))
			ret[n++] = (struct cover_span){ .policy = k->id, .title = text2_for(k->policy->title, c->who->lang), .from = s->start, .to = upto(f, s->end), .days_added = s->not_counted,
				.running = f->on.d <= upto(f, s->end).d && k->why != LOST_GONE, .anew = s->anew, .unproven = s->unproven };
	}
	return n;
}

static void fill_row(struct ctx *c, const struct rules *by, const struct facts *f, struct cover_row *row)
{
	struct verdict *v = NEW(c->a, struct verdict);
	const struct cover_span *last = NULL;

	verdict_of(by->set, f, &by->days, v);
	row->part = str_c(part_names[f->part]);
	row->title = tr(c, part_texts[f->part]);
	row->pay = str_c(pay_names[v->pay[COST_PARTS]]);
	row->until = NO_DAY;
	row->span = NEW_N(c->a, struct cover_span, v->n * PERIODS + 1);
	for (size_t i = 0; i < v->n; i++) {
		if (v->candidate[i].policy)
			row->n += spans_of_policy(c, f, &v->candidate[i], &row->span[row->n]);
	}
	for (size_t i = 0; i < row->n; i++) {
		if (!last || row->span[i].to.d > last->to.d)
			last = &row->span[i];
	}
	if (last)
		row->until = last->to;
	row->words = last ? trf(c, last->running ? N_("{1}: covered until {2} by {3}") : N_("{1}: was covered until {2} by {3}"), row->title, last->to, last->title)
		: trf(c, N_("{1}: nothing covers it"), row->title);
}

/* ---- the scale ---- */

static void widen(struct coverage *m, day d)
{
	if (d.d == NIL)
		return;
	if (d.d < m->low.d)
		m->low = d;
	if (d.d > m->high.d)
		m->high = d;
}

static int64_t place(const struct coverage *m, day d)
{
	int64_t wide = m->high.d - m->low.d, at = d.d == NIL ? wide : d.d - m->low.d;

	return at < 0 ? 0 : at > wide ? SCALE : at * SCALE / wide;
}

static struct cover_bar bar(const struct coverage *m, day from, day to, int64_t least)
{
	struct cover_bar b = { .x = place(m, from), .width = place(m, to) - place(m, from) };

	if (b.width < least)
		b.width = least;
	if (b.x > SCALE - b.width)
		b.x = SCALE - b.width;
	return b;
}

static void place_row(struct ctx *c, struct coverage *m, struct cover_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		row->span[i].bar = bar(m, row->span[i].from, row->span[i].to, 4);
		row->span[i].bar.y = (int64_t)i * LANE + 1;
		row->span[i].words = trf(c, N_("{1}: {2} – {3}"), row->span[i].title, row->span[i].from, row->span[i].to);
	}
	row->height = (int64_t)(row->n ? row->n : 1) * LANE + 2;
}

static void place_stays(struct ctx *c, struct coverage *m, const struct facts *f)
{
	m->stay = NEW_N(c->a, struct cover_bar, f->n_stay + 1);
	for (size_t i = 0; i < f->n_stay; i++) {
		m->stay[m->n_stay] = bar(m, f->stay[i].in, f->stay[i].out, 3);
		m->stay[m->n_stay++].words = f->stay[i].out.d == NIL ? trf(c, N_("In repair since {1}"), f->stay[i].in) : trf(c, N_("In repair {1} – {2}"), f->stay[i].in, f->stay[i].out);
	}
}

/* ---- the whole ---- */

enum err coverage_by(struct ctx *c, const struct facts *known, struct coverage *ret)
{
	struct verdict *v = NEW(c->a, struct verdict);
	struct facts f = *known;
	struct coverage m = { .today = f.on, .low = f.on, .high = f.on, .row = NEW_N(c->a, struct cover_row, PARTS) };
	struct rules by;
	uint64_t parts;

	TRY(rules_in_use(c, &by));
	f.cause = CAUSE_QUALITY;
	f.part = PART_WHOLE;
	verdict_of(by.set, &f, &by.days, v);
	parts = parts_shown(&f, v);
	for (f.part = 0; f.part < PARTS; f.part++) {
		struct cover_row *row = &m.row[m.n];

		if (!(parts >> f.part & 1))
			continue;
		fill_row(c, &by, &f, row);
		m.any = m.any || row->n;
		for (size_t i = 0; i < row->n; i++) {
			widen(&m, row->span[i].from);
			widen(&m, row->span[i].to);
		}
		m.n++;
	}
	m.low.d -= MARGIN_DAYS;
	m.high.d += MARGIN_DAYS;
	for (size_t i = 0; i < m.n; i++)
		place_row(c, &m, &m.row[i]);
	m.today_x = place(&m, f.on);
	place_stays(c, &m, &f);
	*ret = m;
	return ERR_OK;
}

enum err coverage_of(struct ctx *c, const struct device *d, day on, struct coverage *ret)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct ask a = ask_today(c);

	a.on = on;
	TRY(entitlement_of(c, d, &a, e));
	return coverage_by(c, &e->facts, ret);
}
