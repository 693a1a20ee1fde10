/* sla_explain.c — each clock of a subject with its story. */
#include "slice/sla/sla_int.h"

enum { MAX_STEPS = 60, EXTRA_LINES = 8 };

static const struct field line_fields[] = { FIELD(struct sla_line, text), { 0 } };
const struct field sla_story_fields[] = {
	FIELD(struct sla_story, title),
	FIELD(struct sla_story, waits),
	FIELD_OBJ(struct sla_story, clock, sla_clock_fields),
	{ .name = "lines", .off = offsetof(struct sla_story, line), .kind = K_LIST, .size = sizeof(struct sla_line), .off_n = offsetof(struct sla_story, n_line), .sub = line_fields },
	{ 0 }
};

static void add(struct sla_story *s, str text) { s->line[s->n_line++].text = text; }

static str why(const struct ctx *c, const struct sla_pause *p)
{
	str title = c->who && !strcmp(c->who->lang, "en") ? p->title_en : p->title;

	return p->note.n ? arena_fmt(c->a, "%.*s (%.*s)", STR_ARG(title), STR_ARG(p->note)) : title;
}

/* How it ended, or what else moved it. */
static void tell_rest(struct ctx *c, struct sla_story *s)
{
	const struct sla_clock *k = s->clock;

	if (k->carried_ms)
		add(s, trf(c, N_("Before that {1} were used on another calendar"), business_text(c, k->carried_ms)));
	if (k->moved_at.ms != NIL)
		add(s, trf(c, N_("On {1} the deadline moved from {2} because calendar, level or priority changed"), k->moved_at, k->moved_from));
	if (k->stopped_at.ms != NIL)
		add(s, trf(c, N_("Stopped {1}: {2} of business time, {3} without pauses"), k->stopped_at, business_text(c, k->gross_ms), business_text(c, k->net_ms)));
	if (k->stopped_at.ms != NIL)
		add(s, k->met ? _("Kept in time") : _("Too late"));
	else if (k->breached_at.ms != NIL)
		add(s, trf(c, N_("Overdue since {1}"), k->breached_at));
}

static enum err tell_clock(struct ctx *c, struct sla_book *b, struct sla_story *s)
{
	const struct sla_clock *k = s->clock;
	struct step step[MAX_STEPS];
	struct sla_running r;
	size_t n;

	TRY(sla_clock_of(c, b, k, k->stopped_at, &r));
	n = clock_explain(&r.clock, step, LEN(step));
	s->title = trf(c, N_("{1} · {2} · {3}"), tr(c, sla_kind_titles[k->kind]), tr(c, sla_tier_titles[k->tier]), target_text(c, k->target));
	s->line = NEW_N(c->a, struct sla_line, n + EXTRA_LINES);
	add(s, trf(c, N_("Service level {1}"), k->level));
	for (size_t i = 0; i < n; i++)
		add(s, step_text(c, cal_zone(r.clock.cal), &step[i], step[i].kind == STEP_PAUSE ? why(c, &r.pause[step[i].pause]) : (str){ 0 }));
	if (k->paused && r.n)
		s->waits = sla_waits(c, &r.pause[r.n - 1], true);
	tell_rest(c, s);
	return ERR_OK;
}

static enum err tell_all(struct ctx *c, struct sla_book *b, struct sla_clock *k, size_t n, struct sla_story **ret)
{
	struct sla_story *s = NEW_N(c->a, struct sla_story, n + 1);

	for (size_t i = 0; i < n; i++) {
		s[i].clock = &k[i];
		TRY(tell_clock(c, b, &s[i]));
	}
	*ret = s;
	return ERR_OK;
}

enum err sla_explain(struct ctx *c, int64_t subject, struct sla_story **ret, size_t *ret_n)
{
	struct sla_book b = { 0 };
	struct sla_clock *k;

	TRY(sla_clocks(c, subject, &k, ret_n));
	return tell_all(c, &b, k, *ret_n, ret);
}

enum err sla_explain_told(struct ctx *c, int64_t subject, struct sla_story **ret, size_t *ret_n, struct sla_told **ret_told, size_t *ret_n_told)
{
	struct sla_book b = { 0 };
	struct sla_clock *k;

	TRY(sla_clocks(c, subject, &k, ret_n));
	TRY(tell_all(c, &b, k, *ret_n, ret));
	return sla_told_of(c, &b, k, *ret_n, ret_told, ret_n_told);
}
