/* sla_web.c — service levels, reasons for pauses, priorities: pages and API. */
#include "sla.html.h"
#include "slice/account/perm.h"
#include "slice/sla/sla_int.h"
#include "slice/sla/sla_view.h"

static const struct db_schema schema = { "sla", sla_migrations, sla_statements };

str pause_reason_title(const struct ctx *c, const struct pause_reason *r)
{
	return !strcmp(c->who->lang, "en") ? r->title_en : r->title;
}

/* ---- what goes out ---- */

static const struct field row_out[] = {
	FIELD(struct level, code), FIELD(struct level, ver), FIELD(struct level, name), FIELD(struct level, name_en), FIELD(struct level, calendar),
	FIELD(struct level, note), FIELD(struct level, active), { 0 }
};
static const struct field list_out[] = {
	FIELD_LIST(struct level_list_page, items, n, row_out), FIELD_LIST(struct level_list_page, reasons, n_reasons, pause_reason_fields),
	FIELD_LIST(struct level_list_page, priorities, n_priorities, matrix_fields), { 0 }
};
static const struct field story_out[] = { FIELD_LIST(struct sla_story_page, items, n, sla_story_fields), { 0 } };

static const struct field told_out[] = { FIELD_LIST(struct sla_told_page, items, n, sla_told_fields), { 0 } };

static void draw_list(struct out *o, const struct ctx *c, const void *m) { level_list_html(o, c, m); }
static void draw_one(struct out *o, const struct ctx *c, const void *m) { level_html(o, c, m); }
static const struct view list_view = { "level_list", N_("Service levels"), draw_list, list_out, sizeof(struct level_list_page) };
const struct view sla_story_view = { "clock_list", N_("Clocks"), NULL, story_out, sizeof(struct sla_story_page) };
static void draw_lag(struct out *o, const struct ctx *c, const void *m) { level_lag_html(o, c, m); }
const struct view level_lag_view = { "level_lag", N_("Clocks by an older target"), draw_lag, level_lag_fields, sizeof(struct level_lag_page) };
const struct view sla_told_view = { "promise_list", N_("Promises"), NULL, told_out, sizeof(struct sla_told_page) };
static const struct view one_view = { "level", N_("Service level"), draw_one, level_fields, sizeof(struct level_page) };

/* ---- what comes in ---- */

#define TARGET(m, kind_, label, ...) INPUT(struct level_target, m, kind_, label, __VA_ARGS__)
FORM(level_target_form, struct level_target,
	TARGET(kind, IN_ENUM, N_("Clock"), .names = sla_kinds),
	TARGET(tier, IN_ENUM, N_("Whose"), .names = sla_tiers),
	TARGET(order_kind, IN_TOKEN, N_("Kind of order"), .max = 20),
	TARGET(priority, IN_ENUM, N_("Priority"), .names = sla_priorities),
	TARGET(area, IN_ENUM, N_("Area"), .names = sla_areas),
	TARGET(target, IN_TOKEN, N_("Target"), .max = 20));
FORM(level_pause_form, struct level_pause,
	INPUT(struct level_pause, reason, IN_TOKEN, N_("Reason"), .required = true, .max = 40),
	INPUT(struct level_pause, stops, IN_BOOL, N_("Stops the customer's clock")));
#define STEP(m, kind_, label, ...) INPUT(struct level_escalation, m, kind_, label, __VA_ARGS__)
FORM(level_escalation_form, struct level_escalation,
	STEP(kind, IN_ENUM, N_("Clock"), .names = sla_kinds),
	STEP(step, IN_INT, N_("Step"), .min = 1, .max = 9),
	STEP(after, IN_TOKEN, N_("After"), .max = 20),
	STEP(tier, IN_ENUM, N_("Whom"), .names = sla_tiers),
	STEP(role, IN_TOKEN, N_("Role"), .max = 40));
FORM(level_binding_form, struct level_binding,
	INPUT(struct level_binding, basis, IN_ENUM, N_("Basis"), .names = sla_bases),
	INPUT(struct level_binding, basis_id, IN_INT, N_("Number"), .min = 0),
	INPUT(struct level_binding, brand, IN_TEXT, N_("Brand"), .max = 60));
FORM(level_start_form, struct level_start,
	INPUT(struct level_start, kind, IN_ENUM, N_("Missed"), .names = sla_kinds),
	INPUT(struct level_start, starts, IN_ENUM, N_("Starts"), .names = sla_kinds));
FORM(level_bind_form, struct level_bind_in,
	INPUT(struct level_bind_in, ver, IN_INT, N_("Version"), .required = true, .min = 1),
	INPUT(struct level_bind_in, basis, IN_ENUM, N_("Basis"), .names = sla_bases, .required = true),
	INPUT(struct level_bind_in, basis_id, IN_INT, N_("Number"), .required = true, .min = 0),
	INPUT(struct level_bind_in, brand, IN_TEXT, N_("Brand"), .max = 60));
FORM_STATIC(apply_form, struct level_bind_in,
	INPUT(struct level_bind_in, ver, IN_INT, N_("Version"), .required = true, .min = 1));
#define F(m, kind_, label, ...) INPUT(struct level_in, m, kind_, label, __VA_ARGS__)
#define LIST(m, label, most, form_) F(m, IN_LIST, label, .max = (most), .sub = &(form_), .off_n = offsetof(struct level_in, n_##m))
FORM(level_form, struct level_in,
	F(ver, IN_INT, N_("Version"), .min = 1),
	F(code, IN_TOKEN, N_("Code"), .max = 40, .hint = N_("standard")),
	F(name, IN_TEXT, N_("Chinese name"), .required = true, .max = 100),
	F(name_en, IN_TEXT, N_("English name"), .required = true, .max = 100),
	F(calendar, IN_TOKEN, N_("Calendar"), .required = true, .max = 40),
	F(note, IN_TEXT, N_("Note"), .max = 300),
	F(active, IN_BOOL, N_("In use")),
	LIST(targets, N_("Targets"), 200, level_target_form),
	LIST(pauses, N_("Pauses"), 100, level_pause_form),
	LIST(escalations, N_("Escalation after a breach"), 100, level_escalation_form),
	LIST(starts, N_("Started by a missed promise"), 30, level_start_form),
	LIST(bindings, N_("Applies to"), 2000, level_binding_form));
#undef F
#define F(m, kind_, label, ...) INPUT(struct pause_reason, m, kind_, label, __VA_ARGS__)
FORM(pause_reason_form, struct pause_reason,
	F(code, IN_TOKEN, N_("Code"), .required = true, .max = 40),
	F(title, IN_TEXT, N_("Chinese name"), .required = true, .max = 100),
	F(title_en, IN_TEXT, N_("English name"), .required = true, .max = 100),
	F(party, IN_ENUM, N_("Who is waited for"), .required = true, .names = sla_parties),
	F(ends, IN_ENUM, N_("Ends when"), .required = true, .names = sla_ends),
	F(stops_customer, IN_BOOL, N_("Stops the customer's clock")),
	F(stops_tier, IN_BOOL, N_("Stops the tier's clock")),
	F(active, IN_BOOL, N_("In use")));
#undef F
#define F(m, kind_, label, ...) INPUT(struct matrix_cell, m, kind_, label, __VA_ARGS__)
FORM(matrix_form, struct matrix_cell,
	F(impact, IN_INT, N_("Who is affected (0–2)"), .required = true, .min = 0, .max = 2),
	F(urgency, IN_INT, N_("How soon (0–2)"), .required = true, .min = 0, .max = 2),
	F(priority, IN_ENUM, N_("Priority"), .required = true, .names = sla_priorities));

/* ---- reading ---- */

static enum err list_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct level_list_page *p = NEW(c->a, struct level_list_page);

	p->req = r;
	p->may_edit = may(c, PERM_POLICY);
	TRY(level_list(c, &p->items, &p->n));
	TRY(pause_reason_list(c, &p->reasons, &p->n_reasons));
	TRY(sla_matrix(c, &p->priorities, &p->n_priorities));
	out->view = &list_view;
	out->model = p;
	return ERR_OK;
}

static enum err fill_choices(struct ctx *c, struct req *r, struct level_page *p)
{
	struct calendar *k;

	p->req = r;
	p->may_edit = may(c, PERM_POLICY);
	TRY(pause_reason_list(c, &p->reason, &p->n_reasons));
	TRY(calendar_list(c, &k, &p->n_calendars));
	p->calendar = NEW_N(c->a, struct ui_option, p->n_calendars + 1);
	for (size_t i = 0; i < p->n_calendars; i++)
		p->calendar[i] = (struct ui_option){ k[i].code, calendar_title(c, &k[i]) };
	return ERR_OK;
}

static enum err answer_level(struct ctx *c, struct req *r, str code, struct reply *out)
{
	struct level_page *p = NEW(c->a, struct level_page);

	TRY(level_get(c, code, &p->l));
	if (r->as == AS_HTML)
		TRY(fill_choices(c, r, p));
	if (r->as == AS_HTML && p->may_edit) {
		p->who = ui_query(c, r, "who");
		TRY(level_names(c, &p->l, &p->bound, &p->n_bound));
		TRY(level_contracts(c, p->l.id, &p->contracts));
		TRY(level_whom(c, p->who, &p->hit, &p->n_hit));
		TRY(level_lag(c, &p->l, &p->lag));
	}
	out->view = &one_view;
	out->model = p;
	out->title = level_title(c, &p->l);
	out->ver = p->l.ver;
	return ERR_OK;
}

static enum err level_show(struct ctx *c, struct req *r, struct reply *out) { return answer_level(c, r, r->arg[0], out); }

static enum err new_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct level_page *p = NEW(c->a, struct level_page);

	p->fresh = true;
	p->l.active = true;
	TRY(fill_choices(c, r, p));
	out->view = &one_view;
	out->model = p;
	out->title = _("New service level");
	return ERR_OK;
}

/* ---- changing ---- */

/* Blank rows of the page are no rows; a target without a tier is the customer's; the default has no number. */
static struct level level_of(const struct level_in *in)
{
	struct level l = { .id = NIL, .ver = in->ver, .code = in->code, .name = in->name, .name_en = in->name_en, .calendar = in->calendar, .note = in->note,
		.active = in->active, .target = in->targets, .pause = in->pauses, .n_pause = in->n_pauses, .escalation = in->escalations, .binding = in->bindings,
		.start = in->starts };

	for (size_t i = 0; i < in->n_targets; i++) {
		struct level_target t = in->targets[i];

		t.tier = t.tier < 0 ? SLA_CUSTOMER : t.tier;
		if (t.target.n)
			l.target[l.n_target++] = t;
	}
	for (size_t i = 0; i < in->n_escalations; i++)
		if (in->escalations[i].kind >= 0)
			l.escalation[l.n_escalation++] = in->escalations[i];
	for (size_t i = 0; i < in->n_starts; i++)
		if (in->starts[i].kind >= 0 || in->starts[i].starts >= 0)
			l.start[l.n_start++] = in->starts[i];
	for (size_t i = 0; i < in->n_bindings; i++) {
		struct level_binding b = in->bindings[i];

		b.basis_id = b.basis_id == NIL ? 0 : b.basis_id;
		if (b.basis >= 0)
			l.binding[l.n_binding++] = b;
	}
	return l;
}

static enum err saved(struct ctx *c, struct req *r, str code, struct reply *out)
{
	out->location = arena_fmt(c->a, "/services/%.*s", STR_ARG(code));
	out->flash = _("Saved.");
	return r->as == AS_JSON ? answer_level(c, r, code, out) : ERR_OK;
}

static enum err level_make(struct ctx *c, struct req *r, struct reply *out)
{
	struct level l = level_of(r->form);
	int64_t id;

	TRY(level_add(c, &l, &id));
	out->created = true;
	return saved(c, r, l.code, out);
}

static enum err level_change(struct ctx *c, struct req *r, struct reply *out)
{
	struct level l = level_of(r->form), old;

	TRY(level_get(c, r->arg[0], &old));
	if (l.ver == NIL)
		return fail_field(c, "ver", N_("The version that was read is needed."));
	l.id = old.id;
	l.code = old.code;
	TRY(level_save(c, &l));
	return saved(c, r, l.code, out);
}

static enum err reason_save(struct ctx *c, struct req *r, struct reply *out)
{
	TRY(pause_reason_put(c, r->form));
	out->location = S("/services");
	out->flash = _("Saved.");
	return r->as == AS_JSON ? list_show(c, r, out) : ERR_OK;
}

static enum err matrix_save(struct ctx *c, struct req *r, struct reply *out)
{
	TRY(sla_matrix_set(c, r->form));
	out->location = S("/services");
	out->flash = _("Saved.");
	return r->as == AS_JSON ? list_show(c, r, out) : ERR_OK;
}

/* ---- tables ---- */

static const struct route routes[] = {
	{ "GET", "/services", PERM_STAFF, 0, NULL, list_show, &list_view, .summary = "Service levels, reasons for pauses, priorities" },
	{ "POST", "/services", PERM_POLICY, 0, &level_form, level_make, &one_view, new_show, .summary = "Add a service level" },
	{ "GET", "/services/new", PERM_POLICY, R_PAGE, NULL, new_show, &one_view, .summary = "New service level" },
	{ "POST", "/services/reasons", PERM_POLICY, 0, &pause_reason_form, reason_save, &list_view, list_show, .summary = "Add or change a reason for pauses" },
	{ "POST", "/services/priorities", PERM_POLICY, 0, &matrix_form, matrix_save, &list_view, list_show, .summary = "Change a cell of the priority matrix" },
	{ "GET", "/services/{code}", PERM_STAFF, 0, NULL, level_show, &one_view, .summary = "One service level with targets, pauses, escalation and bindings" },
	{ "POST", "/services/{code}", PERM_POLICY, 0, &level_form, level_change, &one_view, level_show, .summary = "Change a service level; running clocks keep their target" },
	{ "POST", "/services/{code}/bindings", PERM_POLICY, 0, &level_bind_form, level_bind, NULL, level_show, .summary = "Let a service level apply to one customer, product, brand or station" },
	{ "POST", "/services/{code}/bindings/drop", PERM_POLICY, 0, &level_bind_form, level_unbind, NULL, level_show, .summary = "Let it no longer apply to one of them" },
	{ "GET", "/services/{code}/clocks", PERM_STAFF, 0, NULL, level_lag_show, &level_lag_view, .summary = "Running clocks by an older target of a level, and what today's would change" },
	{ "POST", "/services/{code}/clocks", PERM_POLICY, 0, &apply_form, level_apply_post, NULL, level_show, .summary = "Give running clocks today's target, at most 5000 at once" },
};

/* Who looks at a calendar sees how far it came. */
static enum err recompute_job(struct ctx *c)
{
	bool more = true;

	while (more) {
		TRY(sla_recompute_some(c, &more));
		if (more)
			live_touch(c, "calendars");
	}
	return ERR_OK;
}

static const struct job jobs[] = {
	{ "sla.tick", 10 * 1000, sla_tick, N_("Ends dated pauses, warns of deadlines, tells of breaches and escalates") },
	{ "sla.recompute", 5 * 1000, recompute_job, N_("Recomputes deadlines whose calendar changed") },
};

const struct slice slice_sla = { .name = "sla", .schema = &schema, SLICE_ROUTES(routes), .jobs = jobs, .n_jobs = LEN(jobs) };
