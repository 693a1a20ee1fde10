/* clock_row.c — clocks of a subject: started, paused, stopped; their deadline kept on the row. */
#include "slice/audit/audit.h"
#include "slice/sla/sla_int.h"

enum { MAX_CLOCKS = 100, MAX_PAUSES = 1000 };

#define K(m) FIELD(struct sla_clock, m)
const struct field sla_clock_fields[] = {
	K(id), K(ver), K(subject_id), FIELD_ENUM(struct sla_clock, kind, sla_kinds), FIELD_ENUM(struct sla_clock, tier, sla_tiers), K(level_id), K(level),
	K(calendar_id), K(calendar_rev), K(own_calendar), K(org_path), K(order_kind),
	FIELD_ENUM(struct sla_clock, priority, sla_priorities), FIELD_ENUM(struct sla_clock, area, sla_areas), K(target), K(started_at), K(counted_from), K(carried_ms), K(due_at), K(paused), K(unpublished), K(stage),
	K(next_at), K(breached_at), K(stopped_at), K(gross_ms), K(net_ms), K(met), K(moved_from), K(moved_at), { 0 }
};
#define S_(m) FIELD(struct sla_pause, m)
const struct field sla_pause_fields[] = {
	S_(id), S_(clock_id), S_(reason), S_(title), S_(title_en), FIELD_ENUM(struct sla_pause, party, sla_parties), S_(from_at), S_(to_at), S_(until_at), S_(note), S_(by_name), { 0 }
};

static str word(const char *const *names, int i) { return i < 0 ? S("") : str_c(names[i]); }

enum err sla_store(struct ctx *c, struct sla_clock *k)
{
	TRY(db_exec(c, &q_clock_set, BIND(P(id, k->id), P(ver, k->ver), P(level_id, k->level_id), P(calendar_id, k->calendar_id), P(calendar_rev, k->calendar_rev),
		P(own_calendar, k->own_calendar), P(org_path, k->org_path), P(order_kind, k->order_kind.n ? k->order_kind : S("")), P(priority, word(sla_priorities, k->priority)), P(area, word(sla_areas, k->area)),
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

/* What a clock of a tier is to run by. level NULL: not even a default is bound. */
static enum err terms_of(struct ctx *c, struct sla_book *b, const struct sla_facts *f, enum sla_tier tier, struct sla_terms *ret)
{
	struct level_choice choice;

	TRY(level_choose(c, f, &choice));
	*ret = (struct sla_terms){ NULL, tier == SLA_STATION && f->tier_calendar_id != NIL ? f->tier_calendar_id : choice.calendar_id };
	return choice.level_id == NIL ? ERR_OK : sla_book_level(c, b, choice.level_id, &ret->level);
}

/* The same again for what follows from a clock. */
static struct sla_terms terms_as(const struct level *l, const struct sla_clock *k) { return (struct sla_terms){ l, k->own_calendar ? k->calendar_id : NIL }; }

static int64_t calendar_of(const struct sla_terms *by) { return by->calendar_id == NIL ? by->level->calendar_id : by->calendar_id; }

static enum err start_one(struct ctx *c, struct sla_book *b, int64_t subject, const struct sla_terms *by, const struct level_target *t, const struct sla_facts *f, instant at)
{
	struct sla_clock k = { .id = NIL, .ver = 1, .subject_id = subject, .kind = t->kind, .tier = t->tier, .level_id = by->level->id, .level = by->level->code,
		.calendar_id = calendar_of(by), .own_calendar = by->calendar_id != NIL, .target = t->target,
		.org_path = f->org_path.n ? f->org_path : S(""), .order_kind = f->order_kind, .priority = f->priority, .area = f->area, .started_at = at, .counted_from = at,
		.stopped_at = NO_INSTANT, .breached_at = NO_INSTANT, .moved_from = NO_INSTANT, .moved_at = NO_INSTANT, .gross_ms = NIL, .net_ms = NIL };

	TRY(sla_refresh(c, b, &k));
	TRY(db_insert(c, &q_clock_insert, BIND(P(subject_id, subject), P(kind, sla_kinds[k.kind]), P(tier, sla_tiers[k.tier]), P(level_id, k.level_id),
		P(calendar_id, k.calendar_id), P(calendar_rev, k.calendar_rev), P(own_calendar, k.own_calendar), P(org_path, k.org_path),
		P(order_kind, k.order_kind.n ? k.order_kind : S("")), P(priority, word(sla_priorities, k.priority)), P(area, word(sla_areas, k.area)), P(target, k.target),
		P(started_at, at), P(due_at, k.due_at), P(paused, k.paused), P(unpublished, k.unpublished), P(next_at, k.next_at)), &k.id));
	return sla_note(c, &k, NO_INSTANT, WHY_STARTED, at);
}

enum err sla_start(struct ctx *c, int64_t subject, const struct sla_facts *f, unsigned kinds, enum sla_tier tier, instant at)
{
	struct sla_book b = { 0 };
	const struct level_target *t;
	struct sla_terms by;
	struct sla_clock *k;
	size_t n;

	assert(db_writing(c->db));
	TRY(terms_of(c, &b, f, tier, &by));
	if (!by.level)
		return ERR_OK;
	TRY(running(c, subject, &k, &n));
	for (int kind = 0; kind < SLA_KIND_N; kind++) {
		if (!(kinds & SLA_BIT(kind)) || runs(k, n, kind, (int)tier))
			continue;
		t = level_target_for(by.level, f, (enum sla_kind)kind, tier);
		if (t)
			TRY(start_one(c, &b, subject, &by, t, f, at));
	}
	return ERR_OK;
}

struct sla_facts sla_facts_of(const struct sla_clock *k)
{
	return (struct sla_facts){ .contract_id = NIL, .customer_id = NIL, .product_id = NIL, .station_id = NIL, .tier_calendar_id = NIL, .order_kind = k->order_kind,
		.org_path = k->org_path, .priority = k->priority, .area = k->area };
}

enum err sla_start_after(struct ctx *c, struct sla_book *b, const struct level *l, const struct sla_clock *k)
{
	struct sla_facts f = sla_facts_of(k);
	struct sla_terms by = terms_as(l, k);
	struct sla_clock *all;
	size_t n;

	if (k->tier != SLA_CUSTOMER || !l->n_start)
		return ERR_OK;
	TRY(running(c, k->subject_id, &all, &n));
	for (size_t i = 0; i < l->n_start; i++) {
		const struct level_target *t = level_target_for(l, &f, (enum sla_kind)l->start[i].starts, SLA_CUSTOMER);

		if (t && l->start[i].kind == k->kind && !runs(all, n, t->kind, t->tier))
			TRY(start_one(c, b, k->subject_id, &by, t, &f, k->breached_at));
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
		sla_book_forget(&b);
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
static enum err change_calendar(struct ctx *c, struct sla_book *b, struct sla_clock *k, int64_t calendar_id, instant at)
{
	struct sla_running r;

	if (k->calendar_id == calendar_id)
		return ERR_OK;
	if (sla_target_of(k).unit == TARGET_TIME && at.ms > k->counted_from.ms) {
		TRY(sla_clock_of(c, b, k, NO_INSTANT, &r));
		k->carried_ms += clock_used(&r.clock, at).net;
		k->counted_from = at;
	}
	k->calendar_id = calendar_id;
	return ERR_OK;
}

enum err sla_retime(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct sla_terms *by, const struct level_target *t, instant at)
{
	if (t) {
		TRY(change_calendar(c, b, k, calendar_of(by), at));
		k->own_calendar = by->calendar_id != NIL;
		k->level_id = by->level->id;
		k->level = by->level->code;
		k->target = t->target;
	}
	return sla_refresh(c, b, k);
}

enum err sla_retarget(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct sla_terms *by, const struct level_target *t, enum sla_why why, instant at)
{
	instant before = k->due_at;

	TRY(sla_retime(c, b, k, by, t, at));
	if (before.ms != k->due_at.ms && before.ms != NIL) {
		k->moved_from = before;
		k->moved_at = at;
	}
	TRY(sla_store(c, k));
	return sla_note(c, k, before, why, at);
}

/* The deadline as it is, or would be if what it waits for came now. */
static enum err due_now(struct ctx *c, struct sla_book *b, const struct sla_clock *k, instant at, instant *ret)
{
	struct sla_running r;

	TRY(sla_clock_of(c, b, k, at, &r));
	*ret = clock_due(&r.clock).due;
	return ERR_OK;
}

static enum err would_be_later(struct ctx *c, struct sla_book *b, const struct sla_clock *k, const struct sla_terms *by, const struct level_target *t, instant at, bool *ret)
{
	struct sla_clock then = *k;
	instant now, later;

	TRY(sla_retime(c, b, &then, by, t, at));
	TRY(due_now(c, b, k, at, &now));
	TRY(due_now(c, b, &then, at, &later));
	*ret = now.ms != NIL && (later.ms == NIL || later.ms > now.ms);
	return ERR_OK;
}

static enum err take_sooner(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct sla_terms *by, const struct sla_facts *f, instant at)
{
	const struct level_target *t = level_target_for(by->level, f, (enum sla_kind)k->kind, (enum sla_tier)k->tier);
	bool later;

	TRY(would_be_later(c, b, k, by, t, at, &later));
	return later ? ERR_OK : sla_retarget(c, b, k, by, t, WHY_FACTS, at);
}

static enum err take_facts(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct sla_terms *by, const struct sla_facts *f, instant at)
{
	if (f->org_path.n)
		k->org_path = f->org_path;
	k->order_kind = f->order_kind;
	k->priority = f->priority;
	k->area = f->area;
	return sla_retarget(c, b, k, by, level_target_for(by->level, f, (enum sla_kind)k->kind, (enum sla_tier)k->tier), WHY_FACTS, at);
}

static enum err facts_changed(struct ctx *c, int64_t subject, const struct sla_facts *f, bool sooner, instant at)
{
	struct sla_book b = { 0 };
	struct sla_terms by[SLA_TIER_N];
	struct sla_clock *k;
	size_t n;

	assert(db_writing(c->db));
	TRY(running(c, subject, &k, &n));
	if (!n)
		return ERR_OK;
	TRY(terms_of(c, &b, f, SLA_CUSTOMER, &by[SLA_CUSTOMER]));
	if (!by[SLA_CUSTOMER].level)
		return ERR_OK;
	by[SLA_STATION] = by[SLA_REGION] = by[SLA_HQ] = by[SLA_CUSTOMER];
	if (f->tier_calendar_id != NIL)
		by[SLA_STATION].calendar_id = f->tier_calendar_id;
	for (size_t i = 0; i < n; i++)
		TRY((sooner ? take_sooner : take_facts)(c, &b, &k[i], &by[k[i].tier], f, at));
	return ERR_OK;
}

enum err sla_facts_changed(struct ctx *c, int64_t subject, const struct sla_facts *f, instant at) { return facts_changed(c, subject, f, false, at); }
enum err sla_facts_sooner(struct ctx *c, int64_t subject, const struct sla_facts *f, instant at) { return facts_changed(c, subject, f, true, at); }
