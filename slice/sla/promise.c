/* promise.c — what the customer was told: each promise, every change of it, and why. */
#include "slice/sla/sla_int.h"

enum { MAX_CLOCKS = 100, MAX_MOVES = 500 };

struct move { int64_t clock_id; int why, party; instant at, due_from, due_to, from_at, to_at; str title, title_en; };
static const struct field move_fields[] = {
	FIELD(struct move, clock_id), FIELD(struct move, at), FIELD_ENUM(struct move, why, sla_whys), FIELD(struct move, due_from), FIELD(struct move, due_to),
	FIELD(struct move, title), FIELD(struct move, title_en), FIELD_ENUM(struct move, party, sla_parties), FIELD(struct move, from_at), FIELD(struct move, to_at), { 0 }
};
static const struct field line_fields[] = { FIELD(struct sla_told_line, at), FIELD(struct sla_told_line, text), { 0 } };
#define T(m) FIELD(struct sla_told, m)
const struct field sla_told_fields[] = {
	FIELD_ENUM(struct sla_told, kind, sla_kinds), T(title), T(due), T(paused), T(waits), T(stopped_at), T(met),
	{ .name = "lines", .off = offsetof(struct sla_told, line), .kind = K_LIST, .size = sizeof(struct sla_told_line), .off_n = offsetof(struct sla_told, n_line), .sub = line_fields },
	{ 0 }
};

static bool english(const struct ctx *c) { return c->who && !strcmp(c->who->lang, "en"); }

str sla_waits(const struct ctx *c, const struct sla_pause *p, bool internal)
{
	str why = english(c) ? p->title_en : p->title, who = tr(c, sla_party_titles[p->party]);

	if (internal && p->note.n)
		why = arena_fmt(c->a, "%.*s (%.*s)", STR_ARG(why), STR_ARG(p->note));
	return p->until_at.ms == NIL ? trf(c, N_("{1}, since {2}; waiting for: {3}"), why, p->from_at, who)
		: trf(c, N_("{1}, since {2}, until {3} at the latest; waiting for: {4}"), why, p->from_at, p->until_at, who);
}

/* was: the promise before the clock stood still. */
static str words(const struct ctx *c, const struct move *m, instant was)
{
	static const char *const because[WHY_N] = {
		[WHY_CALENDAR] = N_("the working hours changed"), [WHY_FACTS] = N_("priority, service level or place changed"), [WHY_LEVEL] = N_("the service level was revised"),
		[WHY_REOPENED] = N_("the work was taken up again"),
	};
	str reason = english(c) ? m->title_en : m->title;

	if (m->why == WHY_STARTED)
		return m->due_to.ms == NIL ? _("Promised; the time stands still at first") : trf(c, N_("Promised until {1}"), m->due_to);
	if (m->due_to.ms == NIL)
		return trf(c, N_("The time stands still: {1}"), reason.n ? reason : because[m->why] ? tr(c, because[m->why]) : S("–"));
	if (m->why != WHY_RESUMED)
		return trf(c, N_("Moved to {1}, because {2}"), m->due_to, because[m->why] ? tr(c, because[m->why]) : S("–"));
	if (was.ms == m->due_to.ms)
		return trf(c, N_("Goes on; still promised until {1}"), m->due_to);
	return trf(c, N_("Moved to {1}, because of “{2}” from {3} to {4}"), m->due_to, reason, m->from_at, m->to_at);
}

/* Staff see the number of what was waited for elsewhere; here only who and what. */
static void tell(struct ctx *c, const struct sla_clock *k, const struct move *m, size_t n, struct sla_told *t)
{
	instant was = NO_INSTANT;

	t->line = NEW_N(c->a, struct sla_told_line, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (m[i].clock_id != k->id)
			continue;
		t->line[t->n_line++] = (struct sla_told_line){ m[i].at, words(c, &m[i], was) };
		was = m[i].due_to.ms == NIL ? was : m[i].due_to;
	}
	if (k->stopped_at.ms != NIL)
		t->line[t->n_line++] = (struct sla_told_line){ k->stopped_at, k->met ? _("Done, as promised") : _("Done, later than promised") };
}

/* The pause that holds a clock now: the latest that is open. */
static const struct sla_pause *open_pause(const struct sla_pause *p, size_t n)
{
	while (n > 0 && p[n - 1].to_at.ms != NIL)
		n--;
	return n ? &p[n - 1] : NULL;
}

enum err sla_told(struct ctx *c, int64_t subject, struct sla_told **ret, size_t *ret_n)
{
	struct sla_book b = { 0 };
	struct sla_clock *k;
	size_t n;

	TRY(sla_clocks(c, subject, &k, &n));
	TRY(sla_book_pauses(c, &b, k, n ? 1 : 0));
	return sla_told_of(c, &b, k, n, ret, ret_n);
}

enum err sla_told_of(struct ctx *c, const struct sla_book *b, const struct sla_clock *k, size_t n, struct sla_told **ret, size_t *ret_n)
{
	const struct sla_pause *open;
	struct move *m;
	size_t n_move, told = 0;
	struct sla_told *t;

	*ret_n = 0;
	if (!n)
		return ERR_OK;
	TRY(db_rows(c, &q_told, BIND(P(subject_id, k->subject_id)), move_fields, sizeof *m, MAX_MOVES, &m, &n_move));
	open = open_pause(b->pause, b->n_pauses);
	t = NEW_N(c->a, struct sla_told, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (k[i].tier != SLA_CUSTOMER)
			continue;
		t[told] = (struct sla_told){ .kind = k[i].kind, .title = tr(c, sla_kind_titles[k[i].kind]), .due = k[i].due_at, .stopped_at = k[i].stopped_at,
			.paused = k[i].paused, .met = k[i].met };
		if (k[i].paused && open)
			t[told].waits = sla_waits(c, open, false);
		tell(c, &k[i], m, n_move, &t[told++]);
	}
	*ret = t;
	*ret_n = told;
	return ERR_OK;
}
