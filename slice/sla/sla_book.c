/* sla_book.c — calendars, levels and pauses read once a call, and the clock that a row stands for. */
#include "slice/sla/sla_int.h"

enum { MAX_PAUSES = 20000, ID_CHARS = 21 };

/* ---- calendars and levels ---- */

enum err sla_book_cal(struct ctx *c, struct sla_book *b, int64_t id, struct cal **ret, int64_t *ret_rev)
{
	size_t i = 0;

	while (i < b->n_cals && b->cal[i].id != id)
		i++;
	if (i == b->n_cals) {
		if (i == BOOK_MAX)
			i = 0;
		TRY(calendar_load_rev(c, id, &b->cal[i].cal, &b->cal[i].rev));
		b->cal[i].id = id;
		b->n_cals += i == b->n_cals;
	}
	*ret = b->cal[i].cal;
	*ret_rev = b->cal[i].rev;
	return ERR_OK;
}

enum err sla_book_level(struct ctx *c, struct sla_book *b, int64_t id, const struct level **ret)
{
	struct level *l;
	size_t i = 0;

	while (i < b->n_levels && b->level[i]->id != id)
		i++;
	if (i == b->n_levels) {
		if (i == BOOK_MAX)
			i = 0;
		l = NEW(c->a, struct level);
		TRY(level_by_id(c, id, l));
		b->level[i] = l;
		b->n_levels += i == b->n_levels;
	}
	*ret = b->level[i];
	return ERR_OK;
}

/* ---- pauses ---- */

static const struct field pause_row[] = {
	FIELD(struct sla_pause, id), FIELD(struct sla_pause, subject_id), FIELD(struct sla_pause, clock_id), FIELD(struct sla_pause, reason), FIELD(struct sla_pause, title),
	FIELD(struct sla_pause, title_en), FIELD_ENUM(struct sla_pause, party, sla_parties), FIELD(struct sla_pause, from_at), FIELD(struct sla_pause, to_at),
	FIELD(struct sla_pause, until_at), FIELD(struct sla_pause, note), FIELD(struct sla_pause, by_name), FIELD(struct sla_pause, stops_customer), FIELD(struct sla_pause, stops_tier), { 0 }
};

/* "[7,7,9]" */
static str subjects_json(struct ctx *c, const struct sla_clock *k, size_t n)
{
	size_t room = n * (ID_CHARS + 1) + 3, at = 0;
	char *text = NEW_N(c->a, char, room);

	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, room - at, "%c%lld", i ? ',' : '[', (long long)k[i].subject_id);
	snprintf(text + at, room - at, "]");
	return (str){ text, at + 1 };
}

enum err sla_book_pauses(struct ctx *c, struct sla_book *b, const struct sla_clock *k, size_t n)
{
	int64_t *subject = NEW_N(c->a, int64_t, n + 1);

	sla_book_forget(b);
	if (!n)
		return ERR_OK;
	TRY(db_rows(c, &q_pauses_of, BIND(P(subjects, subjects_json(c, k, n))), pause_row, sizeof *b->pause, MAX_PAUSES, &b->pause, &b->n_pauses));
	for (size_t i = 0; i < n; i++)
		subject[i] = k[i].subject_id;
	b->subject = subject;
	b->n_subjects = n;
	return ERR_OK;
}

void sla_book_forget(struct sla_book *b) { b->n_subjects = b->n_pauses = 0; }

static bool has_read(const struct sla_book *b, int64_t subject)
{
	for (size_t i = 0; i < b->n_subjects; i++)
		if (b->subject[i] == subject)
			return true;
	return false;
}

/* What a level says about reasons. */
static enum err rules_of(struct ctx *c, struct sla_book *b, int64_t level, const struct level_rules **ret)
{
	size_t i = 0;

	while (i < b->n_rules && b->rules[i].level != level)
		i++;
	if (i == b->n_rules) {
		if (i == BOOK_MAX)
			i = 0;
		TRY(level_pauses(c, level, &b->rules[i].pause, &b->rules[i].n));
		b->rules[i].level = level;
		b->n_rules += i == b->n_rules;
	}
	*ret = &b->rules[i];
	return ERR_OK;
}

/* A pause of one clock stops that one; else the reason says which stop, and the level what holds for its customers. */
static enum err stops(struct ctx *c, struct sla_book *b, const struct sla_pause *p, const struct sla_clock *k, bool *ret)
{
	const struct level_rules *by;

	*ret = p->clock_id != NIL ? p->clock_id == k->id : p->stops_tier;
	if (p->clock_id != NIL || k->tier != SLA_CUSTOMER)
		return ERR_OK;
	*ret = p->stops_customer;
	TRY(rules_of(c, b, k->level_id, &by));
	for (size_t i = 0; i < by->n; i++)
		if (str_eq(by->pause[i].reason, p->reason))
			*ret = by->pause[i].stops;
	return ERR_OK;
}

static enum err pauses_of(struct ctx *c, struct sla_book *b, const struct sla_clock *k, struct sla_pause **ret, size_t *ret_n)
{
	size_t from = 0, n = 0, to;

	if (!has_read(b, k->subject_id))
		TRY(sla_book_pauses(c, b, k, 1));
	while (from < b->n_pauses && b->pause[from].subject_id != k->subject_id)
		from++;
	for (to = from; to < b->n_pauses && b->pause[to].subject_id == k->subject_id; to++)
		;
	*ret = NEW_N(c->a, struct sla_pause, to - from + 1);
	for (size_t i = from; i < to; i++) {
		bool stopped;

		TRY(stops(c, b, &b->pause[i], k, &stopped));
		if (stopped)
			(*ret)[n++] = b->pause[i];
	}
	*ret_n = n;
	return ERR_OK;
}

/* ---- from row to clock ---- */

struct target sla_target_of(const struct sla_clock *k)
{
	struct target t;

	if (!target_parse(k->target, &t))
		BUG("clock %lld has target %.*s", (long long)k->id, STR_ARG(k->target));
	if (t.unit == TARGET_TIME)
		t.n = t.n > k->carried_ms ? t.n - k->carried_ms : 0;
	return t;
}

void sla_clock_with(struct cal *cal, const struct sla_clock *k, struct span *span, size_t n, instant seen, struct sla_running *ret)
{
	*ret = (struct sla_running){ .clock = { .cal = cal, .start = k->counted_from, .target = sla_target_of(k), .pause = span, .n = n }, .span = span, .n = n };
	for (size_t i = 0; i < n; i++) {
		if (span[i].to.ms != NIL)
			continue;
		ret->open = true;
		if (seen.ms != NIL)
			span[i].to.ms = seen.ms > span[i].from.ms ? seen.ms : span[i].from.ms;
	}
}

enum err sla_clock_of(struct ctx *c, struct sla_book *b, const struct sla_clock *k, instant seen, struct sla_running *ret)
{
	struct sla_pause *p;
	struct span *span;
	struct cal *cal;
	int64_t rev;
	size_t n;

	TRY(sla_book_cal(c, b, k->calendar_id, &cal, &rev));
	TRY(pauses_of(c, b, k, &p, &n));
	span = NEW_N(c->a, struct span, n + 1);
	for (size_t i = 0; i < n; i++)
		span[i] = (struct span){ p[i].from_at, p[i].to_at };
	sla_clock_with(cal, k, span, n, seen, ret);
	ret->pause = p;
	return ERR_OK;
}

int64_t sla_next_stage(int64_t stage) { return stage < 50 ? 50 : stage < 75 ? 75 : stage < 90 ? 90 : stage < 100 ? 100 : stage + 1; }

/* The n-th escalation of a kind, from 1; NULL after the last. Steps come in order. */
static const struct level_escalation *escalation(const struct level *l, int kind, int64_t n)
{
	for (size_t i = 0; i < l->n_escalation; i++)
		if (l->escalation[i].kind == kind && !--n)
			return &l->escalation[i];
	return NULL;
}

instant sla_stage_at(const struct level *l, const struct sla_clock *k, const struct sla_running *r, int64_t stage)
{
	struct clock part = r->clock;
	const struct level_escalation *e;
	struct target whole;
	int64_t after;

	if (stage > 100) {
		e = escalation(l, k->kind, stage - 100);
		if (!e || k->due_at.ms == NIL || !duration_parse(e->after, &after))
			return NO_INSTANT;
		return cal_add(part.cal, k->due_at, after);
	}
	if (part.target.unit != TARGET_TIME || stage == 100)
		return clock_point(&part, (int)stage).due;
	/* Percent of the whole target, though part of it was used on another calendar. */
	(void)target_parse(k->target, &whole);
	part.target.n = whole.n * stage / 100 > k->carried_ms ? whole.n * stage / 100 - k->carried_ms : 0;
	return clock_due(&part).due;
}

void sla_compute(const struct level *l, struct sla_clock *k, const struct sla_running *r)
{
	struct clock_due due = clock_due(&r->clock);

	k->due_at = due.due;
	k->unpublished = due.unpublished;
	k->paused = r->open;
	k->next_at = r->open || due.due.ms == NIL ? NO_INSTANT : sla_stage_at(l, k, r, sla_next_stage(k->stage));
}

enum err sla_refresh(struct ctx *c, struct sla_book *b, struct sla_clock *k)
{
	const struct level *l;
	struct sla_running r;
	struct cal *cal;

	TRY(sla_book_level(c, b, k->level_id, &l));
	TRY(sla_book_cal(c, b, k->calendar_id, &cal, &k->calendar_rev));
	TRY(sla_clock_of(c, b, k, NO_INSTANT, &r));
	sla_compute(l, k, &r);
	k->last_pause = r.n ? r.pause[r.n - 1].id : NIL;
	return ERR_OK;
}
