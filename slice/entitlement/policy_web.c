/* policy_web.c — policies for the administrator: list, one version, compare, bring in, try on past verdicts. */
#include "slice/entitlement/entitlement_web.h"
#include "entitlement.html.h"
#include "base/i18n.h"
#include "slice/account/perm.h"

enum { DIFF_LINES = 800, REPLAYED = 500 };

#define R(m) FIELD(struct policy_row, m)
static const struct field row_out[] = {
	R(code), R(version), FIELD_ENUM(struct policy_row, kind, policy_kind_names), R(title_en), R(title_zh), R(from_on), R(to_on),
	FIELD_ENUM(struct policy_row, confidence, confidence_names), R(created_at), R(created_by), { 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct policy_list_page, items, n, row_out), { 0 } };
static const struct field policy_out[] = {
	{ .name = "code", .off = offsetof(struct policy_page, row.code), .kind = K_STR, .size = sizeof(str) },
	{ .name = "version", .off = offsetof(struct policy_page, row.version), .kind = K_INT, .size = sizeof(int64_t) },
	{ .name = "from_on", .off = offsetof(struct policy_page, row.from_on), .kind = K_DAY, .size = sizeof(day) },
	{ .name = "to_on", .off = offsetof(struct policy_page, row.to_on), .kind = K_DAY, .size = sizeof(day) },
	FIELD(struct policy_page, body), { .name = "versions", .off = offsetof(struct policy_page, version), .kind = K_LIST, .size = sizeof(struct policy_row),
		.off_n = offsetof(struct policy_page, n_version), .sub = row_out }, { 0 }
};
static const struct field diff_line_out[] = { FIELD(struct diff_line, sign), FIELD(struct diff_line, text), { 0 } };
static const struct field diff_out[] = {
	FIELD(struct policy_diff_page, code), FIELD(struct policy_diff_page, a), FIELD(struct policy_diff_page, b),
	{ .name = "lines", .off = offsetof(struct policy_diff_page, line), .kind = K_LIST, .size = sizeof(struct diff_line), .off_n = offsetof(struct policy_diff_page, n), .sub = diff_line_out }, { 0 }
};
#define RR(m) FIELD(struct replay_row, m)
static const struct field replay_row_out[] = {
	RR(id), RR(device_id), RR(at), RR(part), RR(old_source), RR(new_source), RR(old_parts), RR(new_parts), RR(old_options), RR(new_options), RR(changed), { 0 }
};
static const struct field left_fields[] = { FIELD(struct left_out, reason), FIELD(struct left_out, text), FIELD(struct left_out, n), { 0 } };
static const struct field replay_out[] = {
	FIELD_LIST(struct replay_page, items, n, replay_row_out), FIELD(struct replay_page, changed),
	{ .name = "left_out", .off = offsetof(struct replay_page, left), .kind = K_LIST, .size = sizeof(struct left_out), .off_n = offsetof(struct replay_page, n_left), .sub = left_fields }, { 0 }
};

static void draw_list(struct out *o, const struct ctx *c, const void *m) { policies_html(o, c, m); }
static void draw_policy(struct out *o, const struct ctx *c, const void *m) { policy_html(o, c, m); }
static void draw_diff(struct out *o, const struct ctx *c, const void *m) { policy_diff_html(o, c, m); }
static void draw_form(struct out *o, const struct ctx *c, const void *m) { policy_form_html(o, c, m); }
static void draw_replay(struct out *o, const struct ctx *c, const void *m) { replay_html(o, c, m); }
const struct view policy_list_view = { "policy_list", N_("Warranty policies"), draw_list, list_out, sizeof(struct policy_list_page) };
const struct view policy_view = { "policy", N_("Warranty policy"), draw_policy, policy_out, sizeof(struct policy_page) };
const struct view policy_diff_view = { "policy_diff", N_("Compare versions"), draw_diff, diff_out, sizeof(struct policy_diff_page) };
const struct view policy_form_view = { "policy_form", N_("Bring in a policy"), draw_form, NULL, 0 };
const struct view replay_view = { "replay", N_("Past verdicts under other rules"), draw_replay, replay_out, sizeof(struct replay_page) };

struct policy_in { str body; };
FORM(policy_form, struct policy_in, INPUT(struct policy_in, body, IN_LINES, N_("Policy file (JSON)"), .required = true, .max = POLICY_FILE_MAX));
struct compare_in { int64_t a, b; };
FORM(compare_form, struct compare_in,
	INPUT(struct compare_in, a, IN_INT, N_("Version"), .required = true, .min = 1, .max = 9999),
	INPUT(struct compare_in, b, IN_INT, N_("Other version"), .required = true, .min = 1, .max = 9999));
struct replay_in { int64_t limit; str after; };
FORM(replay_form, struct replay_in, LIST_INPUTS(struct replay_in));
struct close_in { day to; };
FORM(close_form, struct close_in, INPUT(struct close_in, to, IN_DAY, N_("Last day")));

/* ---- list and one ---- */

enum err policies_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct policy_list_page *p = NEW(c->a, struct policy_list_page);

	p->req = r;
	TRY(policy_list(c, (str){ 0 }, &p->items, &p->n));
	out->view = &policy_list_view;
	out->model = p;
	return ERR_OK;
}

enum err policy_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct policy_page *p = NEW(c->a, struct policy_page);
	const struct policy_set *set;
	int64_t version = NIL;

	if (r->arg[1].n && !str_int(r->arg[1], &version))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(policy_list(c, r->arg[0], &p->version, &p->n_version));
	for (size_t i = 0; i < p->n_version; i++) {
		if (version == NIL || p->version[i].version == version)
			p->row = p->version[i];
	}
	if (!p->row.code.n)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(policies(c, &set));
	p->policy = policy_version(set, p->row.code, (int)p->row.version);
	if (!p->policy)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(policy_body(c, p->row.code, p->row.version, &p->body));
	p->req = r;
	out->view = &policy_view;
	out->model = p;
	out->title = text2_for(p->policy->title, c->who->lang);
	return ERR_OK;
}

enum err policy_end(struct ctx *c, struct req *r, struct reply *out)
{
	const struct close_in *in = r->form;
	int64_t version;

	if (!str_int(r->arg[1], &version))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(policy_close(c, r->arg[0], version, in->to));
	out->location = arena_fmt(c->a, "/policies/%.*s/%lld", STR_ARG(r->arg[0]), (long long)version);
	out->flash = _("Saved.");
	return r->as == AS_JSON ? policy_show(c, r, out) : ERR_OK;
}

/* ---- bringing in ---- */

enum err policy_form_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct policy_form_page *p = NEW(c->a, struct policy_form_page);
	str from = ui_query(c, r, "from"), code;
	int64_t version;

	p->req = r;
	if (str_cut(&from, '@', &code) && str_int(from, &version))
		TRY(policy_body(c, code, version, &p->body));
	out->view = &policy_form_view;
	out->model = p;
	return ERR_OK;
}

enum err policy_form_again(struct ctx *c, struct req *r, struct reply *out)
{
	struct policy_form_page *p = NEW(c->a, struct policy_form_page);

	(void)c;
	p->req = r;
	out->view = &policy_form_view;
	out->model = p;
	return ERR_OK;
}

enum err policy_add(struct ctx *c, struct req *r, struct reply *out)
{
	const struct policy_in *in = r->form;
	size_t added;

	TRY(policy_import(c, _("the text given"), in->body, &added));
	out->location = S("/policies");
	out->created = added > 0;
	out->flash = trf(c, N_("New versions: {1}."), (int64_t)added);
	return policies_show(c, r, out);
}

/* ---- comparing: longest common lines by dynamic programming over the two texts ---- */

static size_t lines_of(struct arena *a, str text, str **ret)
{
	size_t n = 0;
	str line;

	*ret = NEW_N(a, str, DIFF_LINES);
	while (n < DIFF_LINES && str_cut(&text, '\n', &line))
		(*ret)[n++] = line;
	return n;
}

static void diff(struct arena *a, str x, str y, struct policy_diff_page *p)
{
	str *s, *t;
	size_t n = lines_of(a, x, &s), m = lines_of(a, y, &t), i = 0, j = 0;
	uint16_t *len = NEW_N(a, uint16_t, (n + 1) * (m + 1));
#define LCS(i_, j_) len[(i_) * (m + 1) + (j_)]

	for (size_t u = n; u-- > 0;) {
		for (size_t v = m; v-- > 0;)
			LCS(u, v) = str_eq(s[u], t[v]) ? (uint16_t)(LCS(u + 1, v + 1) + 1) : LCS(u + 1, v) > LCS(u, v + 1) ? LCS(u + 1, v) : LCS(u, v + 1);
	}
	p->line = NEW_N(a, struct diff_line, n + m + 1);
	while (i < n || j < m) {
		if (i < n && j < m && str_eq(s[i], t[j]))
			p->line[p->n++] = (struct diff_line){ S(" "), s[i] }, i++, j++;
		else if (j == m || (i < n && LCS(i + 1, j) >= LCS(i, j + 1)))
			p->line[p->n++] = (struct diff_line){ S("-"), s[i++] };
		else
			p->line[p->n++] = (struct diff_line){ S("+"), t[j++] };
	}
#undef LCS
}

enum err policy_compare(struct ctx *c, struct req *r, struct reply *out)
{
	struct policy_diff_page *p = NEW(c->a, struct policy_diff_page);
	const struct compare_in *in = r->form;
	str x, y;

	p->req = r;
	p->code = r->arg[0];
	p->a = in->a;
	p->b = in->b;
	TRY(policy_body(c, p->code, p->a, &x));
	TRY(policy_body(c, p->code, p->b, &y));
	diff(c->a, x, y, p);
	out->view = &policy_diff_view;
	out->model = p;
	return ERR_OK;
}

/* ---- trying rules on the past ---- */

static str joined(struct arena *a, uint64_t options)
{
	str part[OPTIONS];
	size_t n = 0;

	for (size_t i = 0; i < OPTIONS; i++) {
		if (options >> i & 1)
			part[n++] = str_c(option_names[i]);
	}
	return n ? arena_join(a, part, n, S(" ")) : S("");
}

static void leave_out(struct ctx *c, struct replay_page *p, const char *reason, const char *text, int64_t n)
{
	if (n > 0)
		p->left[p->n_left++] = (struct left_out){ str_c(reason), tr(c, text), n };
}

static enum err count_left_out(struct ctx *c, int64_t last, int64_t unreadable, struct replay_page *p)
{
	struct unjudged u = { 0 };
	int64_t older = 0;

	p->left = NEW_N(c->a, struct left_out, LEFT_OUT_MAX);
	if (last != NIL)
		TRY(kept_older(c, last, &older));
	TRY(orders_unjudged(c, &u));
	leave_out(c, p, "older", N_("older verdicts, which this page does not reach"), older);
	leave_out(c, p, "unreadable", N_("verdicts whose facts cannot be read any more"), unreadable);
	leave_out(c, p, "imported", N_("orders brought in from elsewhere: no verdict was given here"), u.imported);
	leave_out(c, p, "no-device", N_("orders that name no device"), u.no_device);
	leave_out(c, p, "not-asked", N_("other orders nobody asked a verdict for"), u.other);
	return ERR_OK;
}

static struct replay_row compared(struct ctx *c, const struct kept *k, const struct entitlement *e)
{
	struct replay_row row = { .id = k->id, .device_id = k->device_id, .at = k->at, .part = k->part, .old_source = k->source,
		.new_source = e->v.winner ? e->v.winner->id : (str){ 0 }, .old_parts = k->parts, .new_parts = str_c(pay_names[e->v.pay[COST_PARTS]]),
		.old_options = k->options, .new_options = joined(c->a, e->v.options) };

	row.changed = !str_eq(row.old_source, row.new_source) || !str_eq(row.old_parts, row.new_parts) || !str_eq(row.old_options, row.new_options);
	return row;
}

static enum err replay(struct ctx *c, const struct rules *by, int64_t before, size_t limit, struct replay_page *p)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	int64_t unreadable = 0;
	struct kept *k;
	size_t n;

	TRY(kept_list(c, NIL, NIL, before, limit, &k, &n));
	p->items = NEW_N(c->a, struct replay_row, n + 1);
	for (size_t i = 0; i < n; i++) {
		enum err err = kept_replay(c, &k[i], by, e);

		if (err == ERR_INVALID) {
			c->diag = (struct diag){ 0 };
			unreadable++;
			continue;
		}
		TRY(err);
		p->items[p->n] = compared(c, &k[i], e);
		p->changed += p->items[p->n++].changed;
	}
	if (n == limit)
		p->next = arena_fmt(c->a, "%lld", (long long)k[n - 1].id);
	return count_left_out(c, n ? k[n - 1].id : NIL, unreadable, p);
}

enum err replay_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct replay_page *p = NEW(c->a, struct replay_page);
	const struct replay_in *in = r->form;
	struct rules by;
	int64_t before = NIL;

	if (in->after.n && !str_int(in->after, &before))
		return fail_field(c, "after", N_("This page marker is not ours."));
	TRY(rules_in_use(c, &by));
	p->req = r;
	TRY(replay(c, &by, before, (size_t)list_limit(in->limit), p));
	out->next = p->next;
	out->view = &replay_view;
	out->model = p;
	return ERR_OK;
}

enum err replay_draft(struct ctx *c, struct req *r, struct reply *out)
{
	struct replay_page *p = NEW(c->a, struct replay_page);
	const struct policy_in *in = r->form;
	struct policy_set draft;
	struct rules by;

	TRY(rules_in_use(c, &by));
	TRY(policy_draft(c, _("the text given"), in->body, &draft));
	by.set = &draft;
	p->req = r;
	TRY(replay(c, &by, NIL, REPLAYED, p));
	p->next = (str){ 0 };
	out->view = &replay_view;
	out->model = p;
	return ERR_OK;
}
