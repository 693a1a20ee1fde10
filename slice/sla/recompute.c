/* recompute.c — deadlines follow their calendar: a million of them after an edit, or only counted before it. */
#include "slice/sla/sla_int.h"

enum { CHUNK = 4000, MAX_SPANS = 400000, PREVIEW_MAX = 200000, SCRATCH_BYTES = 16 << 20 };

static const struct field row_fields[] = {
	FIELD(struct sla_clock, id), FIELD(struct sla_clock, ver), FIELD(struct sla_clock, subject_id), FIELD_ENUM(struct sla_clock, kind, sla_kinds),
	FIELD_ENUM(struct sla_clock, tier, sla_tiers), FIELD(struct sla_clock, level_id), FIELD(struct sla_clock, calendar_id),
	FIELD(struct sla_clock, target), FIELD(struct sla_clock, counted_from), FIELD(struct sla_clock, carried_ms), FIELD(struct sla_clock, due_at),
	FIELD(struct sla_clock, unpublished), FIELD(struct sla_clock, stage), FIELD(struct sla_clock, next_at), { 0 }
};
static const struct field pause_fields[] = { FIELD(struct sla_pause, clock_id), FIELD(struct sla_pause, from_at), FIELD(struct sla_pause, to_at), { 0 } };
#define W(m) FIELD(struct sla_walk, m)
static const struct field walk_fields[] = { W(calendar_id), W(rev), W(last_id), W(looked), W(moved), W(begun_at), W(done_at), { 0 } };

/* Clocks on a calendar by id, with all their pauses, in two statements. */
struct chunk {
	struct sla_clock *k; size_t n;
	struct sla_pause *pause; size_t n_pause, next;
	struct span *span;                             /* room for all pauses */
};

static enum err read_chunk(struct ctx *c, int64_t calendar_id, int64_t after, struct chunk *ch)
{
	*ch = (struct chunk){ 0 };
	TRY(db_rows(c, &q_clocks_on, BIND(P(calendar_id, calendar_id), P(after, after), P(limit, CHUNK)), row_fields, sizeof *ch->k, CHUNK, &ch->k, &ch->n));
	if (!ch->n)
		return ERR_OK;
	TRY(db_rows(c, &q_pauses_on, BIND(P(calendar_id, calendar_id), P(after, after), P(last, ch->k[ch->n - 1].id), P(limit, MAX_SPANS)), pause_fields,
		sizeof *ch->pause, MAX_SPANS, &ch->pause, &ch->n_pause));
	ch->span = NEW_N(c->a, struct span, ch->n_pause + 1);
	return ERR_OK;
}

/* The clock of the next row; pauses come in the same order as rows. */
static void running_of(struct chunk *ch, struct cal *cal, const struct sla_clock *k, struct sla_running *ret)
{
	struct span *s = ch->span + ch->next;
	size_t n = 0;

	while (ch->next < ch->n_pause && ch->pause[ch->next].clock_id == k->id) {
		s[n++] = (struct span){ ch->pause[ch->next].from_at, ch->pause[ch->next].to_at };
		ch->next++;
	}
	sla_clock_with(cal, k, s, n, NO_INSTANT, ret);
}

/* ---- after an edit ---- */

static enum err move_one(struct ctx *c, struct sla_clock *k, instant before, struct sla_walk *w)
{
	struct sla_news news = { .what = SLA_MOVED, .subject_id = k->subject_id, .clock = k };
	bool due = before.ms != k->due_at.ms;

	TRY(db_exec(c, &q_clock_moved, BIND(P(id, k->id), P(ver, k->ver), P(rev, w->rev), P(due_at, k->due_at), P(unpublished, k->unpublished), P(next_at, k->next_at),
		P(moved_from, due ? before : NO_INSTANT), P(moved_at, due ? c->now : NO_INSTANT)), 1));
	if (!due)
		return ERR_OK;
	w->moved++;
	TRY(sla_note(c, k, before, WHY_CALENDAR, c->now));
	return sla_tell(c, &news);
}

static enum err recompute_one(struct ctx *c, struct sla_book *b, struct sla_clock *k, const struct sla_running *r, struct sla_walk *w)
{
	const struct sla_clock old = *k;
	const struct level *l;

	TRY(sla_book_level(c, b, k->level_id, &l));
	sla_compute(l, k, r);
	w->looked++;
	w->last_id = k->id;
	if (k->due_at.ms == old.due_at.ms && k->next_at.ms == old.next_at.ms && k->unpublished == old.unpublished)
		return ERR_OK;
	return move_one(c, k, old.due_at, w);
}

/* Where the last chunk ended; from the beginning when the calendar changed since. */
static enum err walk_on(struct ctx *c, int64_t calendar_id, int64_t rev, struct sla_walk *ret)
{
	enum err e = db_row(c, &q_walk, BIND(P(calendar_id, calendar_id)), walk_fields, ret);

	if (e && e != ERR_NOT_FOUND)
		return e;
	if (e || ret->rev != rev)
		*ret = (struct sla_walk){ .calendar_id = calendar_id, .rev = rev, .begun_at = c->now, .done_at = NO_INSTANT };
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

/* Several nodes at it take turns: each chunk begins where the last one, whoever did it, ended. */
static enum err recompute_chunk(struct ctx *c, void *arg)
{
	struct sla_book b = { 0 };
	int64_t calendar_id = *(int64_t *)arg;
	struct sla_walk w;
	struct chunk ch;
	struct cal *cal;
	int64_t rev;

	TRY(sla_book_cal(c, &b, calendar_id, &cal, &rev));
	TRY(walk_on(c, calendar_id, rev, &w));
	if (w.done_at.ms != NIL)
		return ERR_OK;
	TRY(read_chunk(c, calendar_id, w.last_id, &ch));
	for (size_t i = 0; i < ch.n; i++) {
		struct sla_running r;

		running_of(&ch, cal, &ch.k[i], &r);
		TRY(recompute_one(c, &b, &ch.k[i], &r, &w));
	}
	w.done_at = ch.n < CHUNK ? c->now : NO_INSTANT;
	return db_exec(c, &q_walk_put, BIND(P(calendar_id, w.calendar_id), P(rev, w.rev), P(last_id, w.last_id), P(looked, w.looked), P(moved, w.moved),
		P(begun_at, w.begun_at), P(done_at, w.done_at)), 1);
}

enum err sla_recompute_some(struct ctx *c, bool *ret_more)
{
	struct arena_mark m = arena_mark(c->a);
	int64_t calendar_id;
	enum err e = db_int(c, &q_walk_due, BIND(), &calendar_id);

	*ret_more = !e;
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	TRY(db_write(db_of(c->db), c, recompute_chunk, &calendar_id));
	arena_reset(c->a, m);
	return ERR_OK;
}

enum err sla_recompute(struct ctx *c)
{
	bool more = true;

	while (more)
		TRY(sla_recompute_some(c, &more));
	return ERR_OK;
}

/* ---- before an edit ---- */

static enum err count_moves(struct ctx *c, struct cal *after, int64_t calendar_id, int64_t *ret)
{
	int64_t last = 0;
	struct chunk ch;

	do {
		struct arena_mark m = arena_mark(c->a);

		TRY(read_chunk(c, calendar_id, last, &ch));
		for (size_t i = 0; i < ch.n; i++) {
			struct sla_running r;

			running_of(&ch, after, &ch.k[i], &r);
			*ret += clock_due(&r.clock).due.ms != ch.k[i].due_at.ms;
			last = ch.k[i].id;
		}
		arena_reset(c->a, m);
	} while (ch.n == CHUNK);
	return ERR_OK;
}

/* Rows come and go in an arena of their own: the calendar may grow in the caller's meanwhile. */
static enum err preview(struct ctx *c, int64_t calendar_id, struct cal *after, int64_t *ret_clocks, int64_t *ret_moved)
{
	struct arena scratch;
	struct ctx own = *c;
	enum err e;

	*ret_moved = 0;
	TRY(db_int(c, &q_clock_count_of_calendar, BIND(P(calendar_id, calendar_id)), ret_clocks));
	if (*ret_clocks > PREVIEW_MAX) {
		*ret_moved = NIL;
		return ERR_OK;
	}
	arena_init(&scratch, SCRATCH_BYTES);
	own.a = &scratch;
	e = count_moves(&own, after, calendar_id, ret_moved);
	arena_free(&scratch);
	return e ? fail(c, e, NULL) : ERR_OK;
}

/* ---- how far it came ---- */

/* Counted only while there is something to wait for. */
static enum err progress(struct ctx *c, int64_t calendar_id, struct calendar_progress *ret)
{
	enum err e;
	struct calendar k;
	struct sla_walk w = { .done_at = NO_INSTANT };

	TRY(calendar_by_id(c, calendar_id, &k));
	e = db_row(c, &q_walk, BIND(P(calendar_id, calendar_id)), walk_fields, &w);
	if (e && e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	*ret = (struct calendar_progress){ w.rev, w.looked, w.moved, 0, w.begun_at, w.done_at };
	if (w.rev == k.rev && w.done_at.ms != NIL)
		return ERR_OK;
	return db_int(c, &q_clock_count_of_calendar, BIND(P(calendar_id, calendar_id)), &ret->clocks);
}

const struct calendar_watch sla_calendar_watch = { preview, progress };
