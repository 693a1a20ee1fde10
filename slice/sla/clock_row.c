/* clock_row.c — clocks of a subject: started, paused, stopped; their deadline kept on the row. */
#include "slice/audit/audit.h"
#include "slice/sla/sla_int.h"

enum { MAX_CLOCKS = 100, MAX_PAUSES = 1000 };

#define K(m) FIELD(struct sla_clock, m)
const struct field sla_clock_fields[] = {
	K(id), K(ver), K(subject_id), FIELD_ENUM(struct sla_clock, kind, sla_kinds), FIELD_ENUM(struct sla_clock, tier, sla_tiers), K(level_id), K(level),
	K(calendar_id), K(calendar_rev), K(org_path), K(order_kind),
	FIELD_ENUM(struct sla_clock, priority, sla_priorities), FIELD_ENUM(struct sla_clock, area, sla_areas), K(target), K(started_at), K(counted_from), K(carried_ms), K(due_at), K(paused), K(unpublished), K(stage),
	K(next_at), K(breached_at), K(stopped_at), K(gross_ms), K(net_ms), K(met), K(moved_from), K(moved_at), { 0 }
};
#define S_(m) FIELD(struct sla_pause, m)
const struct field sla_pause_fields[] = {
	S_(id), S_(clock_id), S_(reason), S_(title), S_(title_en), FIELD_ENUM(struct sla_pause, party, sla_parties), S_(from_at), S_(to_at), S_(until_at), S_(note), S_(by_name), { 0 }
};

/* ---- opened once a call ---- */

enum err sla_book_cal(struct ctx *c, struct sla_book *b, int64_t id, struct cal **ret, int64_t *ret_rev)
{
	struct calendar k;
	size_t i = 0;

	while (i < b->n_cals && b->cal[i].id != id)
		i++;
	if (i == b->n_cals) {
		if (i == BOOK_MAX)
			i = 0;
		TRY(calendar_by_id(c, id, &k));
		TRY(calendar_load(c, id, &b->cal[i].cal));
		b->cal[i].id = id;
		b->cal[i].rev = k.rev;
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

/* ---- from row to clock ---- */

static enum err pauses_of(struct ctx *c, const struct sla_clock *k, struct sla_pause **ret, size_t *ret_n)
{
	int64_t customer = k->tier == SLA_CUSTOMER;

	return db_rows(c, &q_pauses_of_clock, BIND(P(subject_id, k->subject_id), P(clock_id, k->id), P(level_id, k->level_id), P(customer, customer)), sla_pause_fields,
		sizeof(struct sla_pause), MAX_PAUSES, ret, ret_n);
}

static struct target target_of(const struct sla_clock *k)
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
	*ret = (struct sla_running){ .clock = { .cal = cal, .start = k->counted_from, .target = target_of(k), .pause = span, .n = n }, .span = span, .n = n };
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
	TRY(pauses_of(c, k, &p, &n));
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

static str word(const char *const *names, int i) { return i < 0 ? S("") : str_c(names[i]); }

enum err sla_store(struct ctx *c, struct sla_clock *k)
{
	TRY(db_exec(c, &q_clock_set, BIND(P(id, k->id), P(ver, k->ver), P(level_id, k->level_id), P(calendar_id, k->calendar_id), P(calendar_rev, k->calendar_rev),
		P(org_path, k->org_path), P(order_kind, k->order_kind.n ? k->order_kind : S("")), P(priority, word(sla_priorities, k->priority)), P(area, word(sla_areas, k->area)),
		P(target, k->target), P(counted_from, k->counted_from), P(carried_ms, k->carried_ms), P(due_at, k->due_at), P(paused, k->paused),
		P(unpublished, k->unpublished), P(stage, k->stage), P(next_at, k->next_at), P(breached_at, k->breached_at), P(stopped_at, k->stopped_at),
		P(gross_ms, k->gross_ms), P(net_ms, k->net_ms), P(met, k->met), P(moved_from, k->moved_from), P(moved_at, k->moved_at)), 1));
	k->ver++;
	return ERR_OK;
}

enum err sla_note(struct ctx *c, const struct sla_clock *k, instant before, enum sla_why why, instant at)
{
	if (k->tier != SLA_CUSTOMER || (before.ms == k->due_at.ms && why != WHY_RESUMED))
		return ERR_OK;
	return db_exec(c, &q_told_insert, BIND(P(clock_id, k->id), P(at, at), P(why, sla_whys[why]), P(due_from, before), P(due_to, k->due_at),
		P(pause_id, why == WHY_PAUSED || why == WHY_RESUMED ? k->last_pause : NIL)), 1);
}

/* ---- reading ---- */

enum err sla_clocks(struct ctx *c, int64_t subject, struct sla_clock **ret, size_t *ret_n)
{
	return db_rows(c, &q_clocks, BIND(P(subject_id, subject)), sla_clock_fields, sizeof(struct sla_clock), MAX_CLOCKS, ret, ret_n);
}

static enum err running(struct ctx *c, int64_t subject, struct sla_clock **ret, size_t *ret_n)
{
	return db_rows(c, &q_clocks, BIND(P(subject_id, subject), P(running, 1)), sla_clock_fields, sizeof(struct sla_clock), MAX_CLOCKS, ret, ret_n);
}

enum err sla_pauses(struct ctx *c, int64_t subject, struct sla_pause **ret, size_t *ret_n)
{
	return db_rows(c, &q_pauses, BIND(P(subject_id, subject)), sla_pause_fields, sizeof(struct sla_pause), MAX_PAUSES, ret, ret_n);
}

enum err sla_due(struct ctx *c, int64_t subject, struct sla_promise *ret)
{
	struct sla_promise p = { NO_INSTANT, -1, false, 0 };
	struct sla_clock *k;
	size_t n, all = 0, still = 0;

	TRY(running(c, subject, &k, &n));
	for (size_t i = 0; i < n; i++) {
		if (k[i].tier != SLA_CUSTOMER)
			continue;
		all++;
		still += k[i].paused;
		if (k[i].due_at.ms == NIL || (p.due.ms != NIL && p.due.ms <= k[i].due_at.ms))
			continue;
		p.due = k[i].due_at;
		p.kind = k[i].kind;
		p.unpublished = k[i].unpublished;
	}
	p.paused = all > 0 && still == all;
	*ret = p;
	return ERR_OK;
}

/* ---- start ---- */

static bool runs(const struct sla_clock *k, size_t n, int kind, int tier)
{
	for (size_t i = 0; i < n; i++)
		if (k[i].kind == kind && k[i].tier == tier)
			return true;
	return false;
}

static enum err start_one(struct ctx *c, struct sla_book *b, int64_t subject, const struct level *l, const struct level_target *t, const struct sla_facts *f, instant at)
{
	struct sla_clock k = { .ver = 1, .subject_id = subject, .kind = t->kind, .tier = t->tier, .level_id = l->id, .calendar_id = l->calendar_id, .target = t->target,
		.org_path = f->org_path.n ? f->org_path : S(""), .order_kind = f->order_kind, .priority = f->priority, .area = f->area, .started_at = at, .counted_from = at,
		.due_at = NO_INSTANT, .next_at = NO_INSTANT, .stopped_at = NO_INSTANT, .breached_at = NO_INSTANT, .moved_from = NO_INSTANT, .moved_at = NO_INSTANT,
		.gross_ms = NIL, .net_ms = NIL };
	struct cal *cal;

	TRY(sla_book_cal(c, b, k.calendar_id, &cal, &k.calendar_rev));
	TRY(db_insert(c, &q_clock_insert, BIND(P(subject_id, subject), P(kind, sla_kinds[k.kind]), P(tier, sla_tiers[k.tier]), P(level_id, k.level_id),
		P(calendar_id, k.calendar_id), P(calendar_rev, k.calendar_rev), P(org_path, k.org_path), P(order_kind, k.order_kind.n ? k.order_kind : S("")),
		P(priority, word(sla_priorities, k.priority)), P(area, word(sla_areas, k.area)), P(target, k.target), P(started_at, at)), &k.id));
	TRY(sla_refresh(c, b, &k));
	TRY(sla_store(c, &k));
	return sla_note(c, &k, NO_INSTANT, WHY_STARTED, at);
}

enum err sla_start(struct ctx *c, int64_t subject, const struct sla_facts *f, unsigned kinds, enum sla_tier tier, instant at)
{
	struct sla_book b = { 0 };
	const struct level_target *t;
	const struct level *l;
	struct sla_clock *k;
	int64_t level;
	size_t n;

	assert(db_writing(c->db));
	TRY(level_choose(c, f, &level));
	if (level == NIL)
		return ERR_OK;
	TRY(sla_book_level(c, &b, level, &l));
	TRY(running(c, subject, &k, &n));
	for (int kind = 0; kind < SLA_KIND_N; kind++) {
		if (!(kinds & SLA_BIT(kind)) || runs(k, n, kind, (int)tier))
			continue;
		t = level_target_for(l, f, (enum sla_kind)kind, tier);
		if (t)
			TRY(start_one(c, &b, subject, l, t, f, at));
	}
	return ERR_OK;
}

struct sla_facts sla_facts_of(const struct sla_clock *k)
{
	return (struct sla_facts){ NIL, NIL, NIL, NIL, k->order_kind, k->org_path, k->priority, k->area };
}

enum err sla_start_after(struct ctx *c, struct sla_book *b, const struct level *l, const struct sla_clock *k)
{
	struct sla_facts f = sla_facts_of(k);
	struct sla_clock *all;
	size_t n;

	if (k->tier != SLA_CUSTOMER || !l->n_start)
		return ERR_OK;
	TRY(running(c, k->subject_id, &all, &n));
	for (size_t i = 0; i < l->n_start; i++) {
		const struct level_target *t = level_target_for(l, &f, (enum sla_kind)l->start[i].starts, SLA_CUSTOMER);

		if (t && l->start[i].kind == k->kind && !runs(all, n, t->kind, t->tier))
			TRY(start_one(c, b, k->subject_id, l, t, &f, k->breached_at));
	}
	return ERR_OK;
}

/* ---- stop and reopen ---- */

static enum err stop_one(struct ctx *c, struct sla_book *b, struct sla_clock *k, instant at)
{
	struct sla_news late = { .what = SLA_BREACH, .subject_id = k->subject_id, .clock = k };
	struct sla_running r;
	struct clock_used u;

	if (at.ms < k->counted_from.ms)
		at = k->counted_from;
	TRY(sla_clock_of(c, b, k, at, &r));
	u = clock_used(&r.clock, at);
	k->due_at = clock_due(&r.clock).due;
	k->gross_ms = u.gross + k->carried_ms;
	k->net_ms = u.net + k->carried_ms;
	k->met = k->due_at.ms == NIL || at.ms <= k->due_at.ms;
	k->stopped_at = at;
	k->paused = false;
	k->next_at = NO_INSTANT;
	/* Heard of late: what was recorded offline in time was in time. */
	if (k->met)
		k->breached_at = NO_INSTANT;
	if (k->met || k->stage >= 100)
		return sla_store(c, k);
	/* Late, and stopped before the job noticed: it is told all the same. */
	k->stage = 100;
	k->breached_at = k->due_at;
	TRY(sla_store(c, k));
	return sla_tell(c, &late);
}

enum err sla_stop(struct ctx *c, int64_t subject, unsigned kinds, int tier, instant at)
{
	struct sla_book b = { 0 };
	struct sla_clock *k;
	size_t n;

	assert(db_writing(c->db));
	TRY(running(c, subject, &k, &n));
	for (size_t i = 0; i < n; i++)
		if ((kinds & SLA_BIT(k[i].kind)) && (tier < 0 || tier == k[i].tier))
			TRY(stop_one(c, &b, &k[i], at));
	return ERR_OK;
}

/* The last of its kind and tier, and stopped. */
static bool may_reopen(const struct sla_clock *k, size_t n, size_t i)
{
	if (k[i].stopped_at.ms == NIL)
		return false;
	for (size_t j = 0; j < n; j++)
		if (j != i && k[j].kind == k[i].kind && k[j].tier == k[i].tier && (k[j].stopped_at.ms == NIL || k[j].id > k[i].id))
			return false;
	return true;
}

enum err sla_reopen(struct ctx *c, int64_t subject, unsigned kinds, instant at)
{
	struct sla_book b = { 0 };
	struct sla_clock *k;
	instant before;
	size_t n;

	assert(db_writing(c->db));
	TRY(sla_clocks(c, subject, &k, &n));
	for (size_t i = 0; i < n; i++) {
		if (!(kinds & SLA_BIT(k[i].kind)) || !may_reopen(k, n, i))
			continue;
		TRY(db_exec(c, &q_pause_insert, BIND(P(subject_id, subject), P(clock_id, k[i].id), P(reason, "closed"), P(party, "none"), P(from_at, k[i].stopped_at),
			P(to_at, at), P(until_at, NO_INSTANT), P(note, (str){ 0 }), P(by_name, c->who->name)), 1));
		k[i].stopped_at = NO_INSTANT;
		k[i].gross_ms = k[i].net_ms = NIL;
		k[i].met = false;
		before = k[i].due_at;
		TRY(sla_refresh(c, &b, &k[i]));
		TRY(sla_store(c, &k[i]));
		TRY(sla_note(c, &k[i], before, WHY_REOPENED, at));
	}
	return ERR_OK;
}

/* ---- pauses ---- */

/* A pause began or ended: a clock it does not stop stays as it is. */
static enum err refresh_all(struct ctx *c, int64_t subject, enum sla_why why, instant at)
{
	struct sla_book b = { 0 };
	struct sla_clock *k;
	size_t n;

	TRY(running(c, subject, &k, &n));
	for (size_t i = 0; i < n; i++) {
		instant before = k[i].due_at;
		bool paused = k[i].paused;

		TRY(sla_refresh(c, &b, &k[i]));
		TRY(sla_store(c, &k[i]));
		if (paused != k[i].paused)
			TRY(sla_note(c, &k[i], before, why, at));
	}
	return ERR_OK;
}

enum err sla_pause_ended(struct ctx *c, int64_t subject, instant at) { return refresh_all(c, subject, WHY_RESUMED, at); }

enum err sla_pause(struct ctx *c, int64_t subject, const struct sla_pause_new *p, instant at)
{
	struct pause_reason r;
	enum err e = db_row(c, &q_pause_reasons, BIND(P(code, p->reason)), pause_reason_fields, &r);

	assert(db_writing(c->db));
	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || !r.active) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "reason", N_("There is no reason for a pause called {1}."), p->reason);
	}
	if (p->until.ms != NIL && p->until.ms <= at.ms)
		return fail_field(c, "until", N_("A pause ends after it begins."));
	if (p->until.ms == NIL && r.ends == ENDS_DATE)
		return fail_field(c, "until", N_("This kind of pause needs the date it ends."));
	TRY(db_exec(c, &q_pause_insert, BIND(P(subject_id, subject), P(clock_id, (int64_t)NIL), P(reason, r.code), P(party, sla_parties[p->party < 0 ? r.party : p->party]),
		P(from_at, at), P(to_at, NO_INSTANT), P(until_at, p->until), P(note, p->note), P(by_name, c->who->name)), 1));
	return refresh_all(c, subject, WHY_PAUSED, at);
}

enum err sla_resume(struct ctx *c, int64_t subject, instant at)
{
	assert(db_writing(c->db));
	TRY(db_exec(c, &q_pause_end, BIND(P(subject_id, subject), P(at, at)), -1));
	return sla_pause_ended(c, subject, at);
}

/* ---- facts ---- */

/* Another calendar counts from now on; what was used by the old one stays used. Days are counted anew from the start. */
static enum err change_calendar(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct level *l, instant at)
{
	struct sla_running r;

	if (k->calendar_id == l->calendar_id)
		return ERR_OK;
	if (target_of(k).unit == TARGET_TIME && at.ms > k->counted_from.ms) {
		TRY(sla_clock_of(c, b, k, NO_INSTANT, &r));
		k->carried_ms += clock_used(&r.clock, at).net;
		k->counted_from = at;
	}
	k->calendar_id = l->calendar_id;
	return ERR_OK;
}

enum err sla_retime(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct level *l, const struct level_target *t, instant at)
{
	if (t) {
		TRY(change_calendar(c, b, k, l, at));
		k->level_id = l->id;
		k->level = l->code;
		k->target = t->target;
	}
	return sla_refresh(c, b, k);
}

enum err sla_retarget(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct level *l, const struct level_target *t, enum sla_why why, instant at)
{
	instant before = k->due_at;

	TRY(sla_retime(c, b, k, l, t, at));
	if (before.ms != k->due_at.ms && before.ms != NIL) {
		k->moved_from = before;
		k->moved_at = at;
	}
	TRY(sla_store(c, k));
	return sla_note(c, k, before, why, at);
}

static enum err take_facts(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct level *l, const struct sla_facts *f, instant at)
{
	if (f->org_path.n)
		k->org_path = f->org_path;
	k->order_kind = f->order_kind;
	k->priority = f->priority;
	k->area = f->area;
	return sla_retarget(c, b, k, l, level_target_for(l, f, (enum sla_kind)k->kind, (enum sla_tier)k->tier), WHY_FACTS, at);
}

enum err sla_facts_changed(struct ctx *c, int64_t subject, const struct sla_facts *f, instant at)
{
	struct sla_book b = { 0 };
	const struct level *l;
	struct sla_clock *k;
	int64_t level;
	size_t n;

	assert(db_writing(c->db));
	TRY(level_choose(c, f, &level));
	TRY(running(c, subject, &k, &n));
	if (level == NIL || !n)
		return ERR_OK;
	TRY(sla_book_level(c, &b, level, &l));
	for (size_t i = 0; i < n; i++)
		TRY(take_facts(c, &b, &k[i], l, f, at));
	return ERR_OK;
}
