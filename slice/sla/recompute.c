/* recompute.c — deadlines follow their calendar: a million of them after an edit, or only counted before it. */
#include "slice/sla/sla_int.h"

enum { CHUNK = 1000, MAX_SPANS = 200000, PREVIEW_MAX = 200000, SCRATCH_BYTES = 16 << 20 };

static const struct field row_fields[] = {
	FIELD(struct sla_clock, id), FIELD(struct sla_clock, ver), FIELD(struct sla_clock, subject_id), FIELD_ENUM(struct sla_clock, kind, sla_kinds),
	FIELD_ENUM(struct sla_clock, tier, sla_tiers), FIELD(struct sla_clock, level_id), FIELD(struct sla_clock, calendar_id), FIELD(struct sla_clock, calendar_rev),
	FIELD(struct sla_clock, target), FIELD(struct sla_clock, counted_from), FIELD(struct sla_clock, carried_ms), FIELD(struct sla_clock, due_at),
	FIELD(struct sla_clock, unpublished), FIELD(struct sla_clock, stage), FIELD(struct sla_clock, next_at), { 0 }
};
static const struct field pause_fields[] = { FIELD(struct sla_pause, clock_id), FIELD(struct sla_pause, from_at), FIELD(struct sla_pause, to_at), { 0 } };

/* Clocks on a calendar by revision and id, with all their pauses, in two statements. below: only older revisions; NIL: all. */
struct chunk {
	int64_t calendar_id, below, after_rev, after;
	struct sla_clock *k; size_t n;
	struct sla_pause *pause; size_t n_pause, next;
	struct span *span;                             /* room for all pauses */
};

static enum err read_chunk(struct ctx *c, struct chunk *ch)
{
	const struct sla_clock *last;

	TRY(db_rows(c, &q_clocks_on, BIND(P(calendar_id, ch->calendar_id), P(after_rev, ch->after_rev), P(after, ch->after), P(below, ch->below), P(limit, CHUNK)),
		row_fields, sizeof *ch->k, CHUNK, &ch->k, &ch->n));
	ch->n_pause = ch->next = 0;
	if (!ch->n)
		return ERR_OK;
	last = &ch->k[ch->n - 1];
	TRY(db_rows(c, &q_pauses_on, BIND(P(calendar_id, ch->calendar_id), P(after_rev, ch->after_rev), P(after, ch->after), P(last_rev, last->calendar_rev), P(last, last->id),
		P(limit, MAX_SPANS)), pause_fields, sizeof *ch->pause, MAX_SPANS, &ch->pause, &ch->n_pause));
	ch->span = NEW_N(c->a, struct span, ch->n_pause + 1);
	ch->after_rev = last->calendar_rev;
	ch->after = last->id;
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

static enum err move_one(struct ctx *c, struct sla_clock *k, instant before)
{
	struct sla_news news = { .what = SLA_MOVED, .subject_id = k->subject_id, .clock = k };
	bool due = before.ms != k->due_at.ms;

	k->moved_from = due ? before : NO_INSTANT;
	k->moved_at = due ? c->now : NO_INSTANT;
	TRY(db_exec(c, &q_clock_moved, BIND(P(id, k->id), P(ver, k->ver), P(rev, k->calendar_rev), P(due_at, k->due_at), P(unpublished, k->unpublished), P(next_at, k->next_at),
		P(moved_from, k->moved_from), P(moved_at, k->moved_at)), 1));
	return due ? sla_tell(c, &news) : ERR_OK;
}

static enum err recompute_chunk(struct ctx *c, void *arg)
{
	struct sla_book b = { 0 };
	struct chunk *ch = arg;
	int64_t first = INT64_MAX, last = 0, rev;
	struct cal *cal;

	ch->after_rev = -1;
	ch->after = 0;
	TRY(sla_book_cal(c, &b, ch->calendar_id, &cal, &rev));
	ch->below = rev;
	TRY(read_chunk(c, ch));
	for (size_t i = 0; i < ch->n; i++) {
		struct sla_clock *k = &ch->k[i], old = *k;
		const struct level *l;
		struct sla_running r;

		TRY(sla_book_level(c, &b, k->level_id, &l));
		running_of(ch, cal, k, &r);
		sla_compute(l, k, &r);
		first = k->id < first ? k->id : first;
		last = k->id > last ? k->id : last;
		k->calendar_rev = rev;
		if (k->due_at.ms != old.due_at.ms || k->next_at.ms != old.next_at.ms || k->unpublished != old.unpublished)
			TRY(move_one(c, k, old.due_at));
	}
	if (!ch->n)
		return ERR_OK;
	TRY(db_exec(c, &q_clocks_same, BIND(P(calendar_id, ch->calendar_id), P(rev, rev), P(last_rev, ch->after_rev), P(last, ch->after)), -1));
	return db_exec(c, &q_told_by_calendar, BIND(P(calendar_id, ch->calendar_id), P(rev, rev), P(first, first), P(last, last), P(now, c->now)), -1);
}

enum err sla_recompute(struct ctx *c)
{
	struct calendar *k;
	size_t n;

	TRY(calendar_list(c, &k, &n));
	for (size_t i = 0; i < n; i++) {
		struct chunk ch = { .calendar_id = k[i].id };

		do {
			struct arena_mark m = arena_mark(c->a);

			TRY(db_write(db_of(c->db), c, recompute_chunk, &ch));
			arena_reset(c->a, m);
		} while (ch.n == CHUNK);
	}
	return ERR_OK;
}

/* ---- before an edit ---- */

static enum err count_moves(struct ctx *c, struct cal *after, int64_t calendar_id, int64_t *ret)
{
	struct chunk ch = { .calendar_id = calendar_id, .below = NIL, .after_rev = -1 };

	do {
		struct arena_mark m = arena_mark(c->a);

		TRY(read_chunk(c, &ch));
		for (size_t i = 0; i < ch.n; i++) {
			struct sla_running r;

			running_of(&ch, after, &ch.k[i], &r);
			*ret += clock_due(&r.clock).due.ms != ch.k[i].due_at.ms;
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

const struct calendar_watch sla_calendar_watch = { preview };
