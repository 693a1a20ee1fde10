/* level_apply.c — a revised service level and the clocks that still run by the old one: shown first, then moved. */
#include "slice/audit/audit.h"
#include "slice/sla/sla_int.h"

enum { LOOK = 20000, SHOWN = 20, PAGE = 500 };

static const struct field lag_row_fields[] = {
	FIELD(struct level_lag_row, subject_id), FIELD_ENUM(struct level_lag_row, kind, sla_kinds), FIELD_ENUM(struct level_lag_row, tier, sla_tiers),
	FIELD(struct level_lag_row, before), FIELD(struct level_lag_row, after), FIELD(struct level_lag_row, due_before), FIELD(struct level_lag_row, due_after), { 0 }
};
const struct field level_lag_fields[] = {
	FIELD(struct level_lag, clocks), FIELD(struct level_lag, older), FIELD(struct level_lag, moves), FIELD(struct level_lag, more),
	FIELD_LIST(struct level_lag, row, n_row, lag_row_fields), { 0 }
};

/* Visits the running clocks of a level that lag behind it, in order, until fn is done. */
struct walk { const struct level *l; struct sla_book b; int64_t clocks; struct level_lag *lag; int64_t changed, room; };
typedef enum err visit(struct ctx *c, struct walk *w, struct sla_clock *k, const struct level_target *t);

static const struct level_target *lagging(const struct level *l, const struct sla_clock *k)
{
	struct sla_facts f = sla_facts_of(k);
	const struct level_target *t = level_target_for(l, &f, (enum sla_kind)k->kind, (enum sla_tier)k->tier);

	return t && (!str_eq(t->target, k->target) || (!k->own_calendar && k->calendar_id != l->calendar_id)) ? t : NULL;
}

static struct sla_terms terms(const struct walk *w, const struct sla_clock *k) { return (struct sla_terms){ w->l, k->own_calendar ? k->calendar_id : NIL }; }

static enum err each(struct ctx *c, struct walk *w, visit *fn)
{
	struct sla_clock *k;
	int64_t after = 0;
	size_t n;

	do {
		TRY(db_rows(c, &q_clocks_of_level, BIND(P(level_id, w->l->id), P(after, after), P(limit, PAGE)), sla_clock_fields, sizeof *k, PAGE, &k, &n));
		TRY(sla_book_pauses(c, &w->b, k, n));
		for (size_t i = 0; i < n && w->room > 0; i++) {
			const struct level_target *t = lagging(w->l, &k[i]);

			w->clocks++;
			after = k[i].id;
			if (t)
				TRY(fn(c, w, &k[i], t));
		}
	} while (n == PAGE && w->room > 0 && w->clocks < LOOK);
	return ERR_OK;
}

/* What it would be: the same arithmetic as applying it, on a copy. */
static enum err look(struct ctx *c, struct walk *w, struct sla_clock *k, const struct level_target *t)
{
	struct level_lag *lag = w->lag;
	struct sla_terms by = terms(w, k);
	struct sla_clock then = *k;

	lag->older++;
	TRY(sla_retime(c, &w->b, &then, &by, t, c->now));
	lag->moves += then.due_at.ms != k->due_at.ms;
	if (lag->n_row < SHOWN)
		lag->row[lag->n_row++] = (struct level_lag_row){ k->subject_id, k->kind, k->tier, k->target, t->target, k->due_at, then.due_at };
	return ERR_OK;
}

enum err level_lag(struct ctx *c, const struct level *l, struct level_lag *ret)
{
	struct walk w = { .l = l, .lag = ret, .room = INT64_MAX };

	*ret = (struct level_lag){ .row = NEW_N(c->a, struct level_lag_row, SHOWN) };
	TRY(each(c, &w, look));
	ret->clocks = w.clocks;
	ret->more = w.clocks >= LOOK;
	return ERR_OK;
}

static enum err change(struct ctx *c, struct walk *w, struct sla_clock *k, const struct level_target *t)
{
	struct sla_news news = { .what = SLA_MOVED, .subject_id = k->subject_id, .clock = k };
	struct sla_terms by = terms(w, k);
	instant before = k->due_at;

	TRY(sla_retarget(c, &w->b, k, &by, t, WHY_LEVEL, c->now));
	w->changed++;
	w->room--;
	return before.ms != k->due_at.ms ? sla_tell(c, &news) : ERR_OK;
}

enum err level_apply(struct ctx *c, const struct level *l, int64_t *ret_changed)
{
	struct walk w = { .l = l, .room = LEVEL_APPLY };

	assert(db_writing(c->db));
	TRY(each(c, &w, change));
	*ret_changed = w.changed;
	return audit_add(c, "level", l->id, "apply", BIND(P(code, l->code), P(clocks, w.changed)));
}
