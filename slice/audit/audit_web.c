#include "slice/audit/audit_int.h"
#include "slice/audit/audit_view.h"
#include "audit.html.h"
#include "audit.sql.h"
#include "base/time.h"
#include "slice/account/perm.h"

static const struct db_schema schema = { "audit", audit_migrations, audit_statements };

struct audit_in { str subject_kind, kind, after; int64_t subject_id, user_id, limit; day from, until; };
FORM(audit_form, struct audit_in,
	INPUT(struct audit_in, subject_kind, IN_TOKEN, N_("About"), .hint = N_("order, customer, user, org …")),
	INPUT(struct audit_in, subject_id, IN_INT, N_("Record"), .min = 0, .max = INT64_MAX),
	INPUT(struct audit_in, kind, IN_TOKEN, N_("What"), .hint = N_("moved, read, signed_in …")),
	INPUT(struct audit_in, user_id, IN_INT, N_("User"), .min = 1, .max = INT64_MAX),
	INPUT(struct audit_in, from, IN_DAY, N_("From")),
	INPUT(struct audit_in, until, IN_DAY, N_("Until")),
	LIST_INPUTS(struct audit_in));

static const struct field shown_fields[] = {
	FIELD(struct event, id), FIELD(struct event, subject_kind), FIELD(struct event, subject_id), FIELD(struct event, seq), FIELD(struct event, at),
	FIELD(struct event, device_at), FIELD(struct event, user_id), FIELD(struct event, actor), FIELD(struct event, kind), FIELD(struct event, data),
	FIELD(struct event, hash), { 0 }
};
static const struct field page_fields[] = { FIELD_LIST(struct audit_page, items, n, shown_fields), { 0 } };
static void draw(struct out *o, const struct ctx *c, const void *m) { audit_html(o, c, m); }
static const struct view audit_view = { "audit", N_("Audit trail"), draw, page_fields, sizeof(struct audit_page) };

static instant start_of(const struct ctx *c, day d, int64_t later)
{
	struct civil t = { 0 };

	if (d.d == NIL)
		return NO_INSTANT;
	day_split((day){ d.d + later }, &t.y, &t.mo, &t.d);
	return tz_instant(c->who->zone, t);
}

static enum err show_audit(struct ctx *c, struct req *r, struct reply *out)
{
	const struct audit_in *f = r->form;
	struct audit_page *m = NEW(c->a, struct audit_page);
	struct audit_query q = { .subject_kind = str_or_none(f->subject_kind), .kind = str_or_none(f->kind), .subject_id = f->subject_id, .user_id = f->user_id,
		.from = start_of(c, f->from, 0), .until = start_of(c, f->until, 1), .before = NIL, .limit = (int)list_limit(f->limit) };

	if (f->after.n && !str_int(f->after, &q.before))
		return fail_field(c, "after", N_("This page marker is not ours."));
	m->req = r;
	TRY(audit_search(c, &q, &m->items, &m->n));
	if (m->n == (size_t)q.limit)
		out->next = m->next = arena_fmt(c->a, "%lld", (long long)m->items[m->n - 1].id);
	out->view = &audit_view;
	out->model = m;
	return ERR_OK;
}

static enum err write_anchor(struct ctx *c, void *arg)
{
	(void)arg;
	return audit_anchor(c);
}

static enum err anchor_job(struct ctx *c) { return db_write(db_of(c->db), c, write_anchor, NULL); }

static const struct route routes[] = {
	{ "GET", "/admin/audit", PERM_AUDIT_READ, R_PAGE, &audit_form, show_audit, &audit_view, .summary = "The audit trail" },
	{ "GET", "/events", PERM_AUDIT_READ, R_API, &audit_form, show_audit, &audit_view, .summary = "Events of all records, newest first" },
};
static const struct job jobs[] = { { "audit.anchor", 60 * 1000, anchor_job, N_("Chains new events of the audit trail over all subjects") } };

const struct slice slice_audit = { .name = "audit", .schema = &schema, SLICE_ROUTES(routes), .jobs = jobs, .n_jobs = LEN(jobs) };
