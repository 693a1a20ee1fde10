/* sla_tick.c — what time itself brings about: pauses end, clocks warn, breach, escalate. */
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/sla/sla_int.h"

enum { BATCH = 100 };

static const struct sla_hook *const none[] = { NULL };
static const struct sla_hook *const *hooks = none;

void sla_use(const struct sla_hook *const *list) { hooks = list; }

enum err sla_tell(struct ctx *c, const struct sla_news *n)
{
	for (const struct sla_hook *const *h = hooks; *h; h++)
		TRY((*h)->on(c, n));
	return ERR_OK;
}

/* ---- dated pauses ---- */

struct over { int64_t id, subject_id; instant until_at; };
static const struct field over_fields[] = { FIELD(struct over, id), FIELD(struct over, subject_id), FIELD(struct over, until_at), { 0 } };

static enum err resume_clocks(struct ctx *c, const struct over *p)
{
	struct sla_news news = { .what = SLA_RESUMED, .subject_id = p->subject_id };

	TRY(sla_pause_ended(c, p->subject_id, p->until_at));
	return sla_tell(c, &news);
}

static enum err end_pauses(struct ctx *c, void *arg)
{
	struct over *p;
	size_t *n = arg;

	TRY(db_rows(c, &q_pauses_over, BIND(P(now, c->now), P(limit, BATCH)), over_fields, sizeof *p, BATCH, &p, n));
	for (size_t i = 0; i < *n; i++) {
		TRY(db_exec(c, &q_pause_end_one, BIND(P(id, p[i].id), P(at, p[i].until_at)), 1));
		TRY(resume_clocks(c, &p[i]));
	}
	return ERR_OK;
}

/* ---- stages ---- */

/* Where a tier above a place is: the place itself, one up, the top. */
static str tier_path(str path, int tier)
{
	size_t cut = path.n;

	if (tier == SLA_HQ) {
		str rest = path, first;

		return str_cut(&rest, '.', &first) ? (str){ path.p, first.n + (first.n < path.n) } : path;
	}
	if (tier != SLA_REGION || cut < 2)
		return path;
	for (cut--; cut > 0 && path.p[cut - 1] != '.'; cut--)
		;
	return cut ? (str){ path.p, cut } : path;
}

/* Somebody with the role at that tier, else further up. */
static enum err receiver(struct ctx *c, const struct sla_clock *k, struct sla_news *n)
{
	int role = name_index(role_names, n->role);
	str path = tier_path(k->org_path, n->tier), up;
	struct user *u;
	size_t found;

	n->receiver_id = NIL;
	while (role >= 0) {
		TRY(user_at(c, (enum role)role, path, &u, &found));
		if (found) {
			n->receiver_id = u[0].id;
			n->receiver = u[0].name;
			return ERR_OK;
		}
		up = tier_path(path, SLA_REGION);
		if (up.n == path.n)
			break;
		path = up;
	}
	return ERR_OK;
}

static enum err escalate(struct ctx *c, const struct level *l, const struct sla_clock *k, int64_t nth)
{
	struct sla_news n = { .what = SLA_ESCALATE, .subject_id = k->subject_id, .clock = k };

	for (size_t i = 0; i < l->n_escalation; i++) {
		if (l->escalation[i].kind != k->kind || --nth)
			continue;
		n.tier = l->escalation[i].tier;
		n.role = l->escalation[i].role;
		TRY(receiver(c, k, &n));
		TRY(db_exec(c, &q_escalation_insert, BIND(P(clock_id, k->id), P(step, k->stage - 100), P(at, c->now), P(tier, sla_tiers[n.tier]), P(role, n.role),
			P(receiver_id, n.receiver_id), P(receiver, n.receiver)), 1));
		return sla_tell(c, &n);
	}
	return ERR_OK;
}

static enum err tell_stage(struct ctx *c, const struct level *l, const struct sla_clock *k)
{
	struct sla_news n = { .what = k->stage == 100 ? SLA_BREACH : SLA_WARN, .subject_id = k->subject_id, .clock = k, .percent = (int)k->stage };

	return k->stage > 100 ? escalate(c, l, k, k->stage - 100) : sla_tell(c, &n);
}

/* All stages that have come, in order. Each is noted on the row before it is told, in one write; who hears of it may change the clock and its pauses. */
static enum err fire(struct ctx *c, struct sla_book *b, struct sla_clock *k)
{
	struct sla_book fresh = *b;
	const struct level *l;
	int64_t id = k->id;

	for (;;) {
		TRY(sla_refresh(c, b, k));
		TRY(sla_book_level(c, b, k->level_id, &l));
		if (k->next_at.ms == NIL || k->next_at.ms > c->now.ms)
			return sla_store(c, k);
		k->stage = sla_next_stage(k->stage);
		if (k->stage == 100)
			k->breached_at = k->due_at;
		TRY(sla_store(c, k));
		if (k->stage == 100)
			TRY(sla_start_after(c, b, l, k));
		TRY(tell_stage(c, l, k));
		TRY(db_row(c, &q_clock_one, BIND(P(id, id)), sla_clock_fields, k));
		if (k->stopped_at.ms != NIL)
			return ERR_OK;
		sla_book_forget(&fresh);
		b = &fresh;
	}
}

static bool seen_before(const struct sla_clock *k, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (k[j].subject_id == k[i].subject_id)
			return true;
	return false;
}

static enum err fire_stages(struct ctx *c, void *arg)
{
	struct sla_book b = { 0 };
	struct sla_clock *k;
	size_t *n = arg;

	TRY(db_rows(c, &q_clocks_next, BIND(P(now, c->now), P(limit, BATCH)), sla_clock_fields, sizeof *k, BATCH, &k, n));
	TRY(sla_book_pauses(c, &b, k, *n));
	for (size_t i = 0; i < *n; i++) {
		/* What was told of another clock of the same subject may have changed this one. */
		if (seen_before(k, i)) {
			sla_book_forget(&b);
			TRY(db_row(c, &q_clock_one, BIND(P(id, k[i].id)), sla_clock_fields, &k[i]));
			if (k[i].next_at.ms == NIL || k[i].next_at.ms > c->now.ms)
				continue;
		}
		TRY(fire(c, &b, &k[i]));
	}
	return ERR_OK;
}

static enum err in_batches(struct ctx *c, enum err (*fn)(struct ctx *, void *), size_t full)
{
	size_t n;

	do {
		struct arena_mark m = arena_mark(c->a);

		n = 0;
		TRY(db_write(db_of(c->db), c, fn, &n));
		arena_reset(c->a, m);
	} while (n == full);
	return ERR_OK;
}

enum err sla_escalation_seen(struct ctx *c, int64_t id)
{
	enum err e;

	assert(db_writing(c->db));
	e = db_exec(c, &q_escalation_seen, BIND(P(id, id), P(receiver_id, c->who->id), P(now, c->now)), 1);
	return e == ERR_CONFLICT ? ERR_NOT_FOUND : e;
}

enum err sla_tick(struct ctx *c)
{
	TRY(in_batches(c, end_pauses, BATCH));
	return in_batches(c, fire_stages, BATCH);
}
