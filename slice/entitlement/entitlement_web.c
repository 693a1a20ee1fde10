/* entitlement_web.c — what is this device entitled to: page, panel, API; verdicts kept, goodwill, promises; the legal-exposure list. */
#include "slice/entitlement/entitlement_web.h"
#include "entitlement.html.h"
#include "timeline.html.h"
#include "entitlement.sql.h"
#include "base/i18n.h"
#include "base/money.h"
#include "slice/account/perm.h"

enum { KEPT_SHOWN = 20 };

/* ---- the verdict as people and programs see it ---- */

#define W(m) FIELD(struct word_view, m)
static const struct field word_fields[] = { W(code), W(title), { 0 } };
#define C(m) FIELD(struct cost_view, m)
static const struct field cost_fields[] = { C(cost), C(pay), C(percent), C(payer), C(source), { 0 } };
#define U(m) FIELD(struct until_view, m)
static const struct field until_fields[] = { U(clock), U(until), U(source), { 0 } };
#define L(m) FIELD(struct lost_view, m)
static const struct field lost_fields[] = { L(policy), L(why), L(title), L(why_title), { 0 } };
#define V_(m) FIELD(struct verdict_view, m)
#define VL(name_, m, n_, f) { .name = name_, .off = offsetof(struct verdict_view, m), .kind = K_LIST, .size = sizeof(*((struct verdict_view *)0)->m), .off_n = offsetof(struct verdict_view, n_), .sub = f }
const struct field verdict_view_fields[] = {
	V_(on), V_(part), V_(cause), V_(summary), V_(source), V_(source_title), V_(used), VL("costs", cost, n_cost, cost_fields), VL("options", option, n_option, word_fields),
	VL("also", also, n_also, word_fields), VL("until", until, n_until, until_fields), VL("lost", lost, n_lost, lost_fields),
	VL("missing", missing, n_missing, word_fields), VL("explanation", line, n_line, word_fields), V_(unverified), { 0 }
};

static struct word_view *words_of(struct ctx *c, uint64_t bits, const char *const *names, const char *const *texts, size_t *ret_n)
{
	struct word_view *w = NEW_N(c->a, struct word_view, 64);
	size_t n = 0;

	for (size_t i = 0; names[i]; i++) {
		if (bits >> i & 1)
			w[n++] = (struct word_view){ str_c(names[i]), tr(c, texts[i]) };
	}
	*ret_n = n;
	return w;
}

static str title_of(const struct ctx *c, const struct candidate *k) { return k->policy ? text2_for(k->policy->title, c->who->lang) : k->id; }

static void fill_costs(struct ctx *c, const struct verdict *v, struct verdict_view *out)
{
	static const enum tone tone[] = { TONE_OK, TONE_WARN, TONE_INFO, TONE_IDLE };

	out->cost = NEW_N(c->a, struct cost_view, COSTS);
	out->n_cost = COSTS;
	for (size_t i = 0; i < COSTS; i++) {
		const struct candidate *by = v->by[i];

		out->cost[i] = (struct cost_view){ .cost = str_c(cost_names[i]), .title = tr(c, cost_texts[i]), .pay = str_c(pay_names[v->pay[i]]),
			.pay_title = tr(c, pay_texts[v->pay[i]]), .percent = v->percent[i], .tone = tone[v->pay[i]], .source = by ? by->id : (str){ 0 },
			.payer = by && by->cover[i] ? tr(c, payer_texts[by->cover[i]->payer]) : (str){ 0 } };
	}
}

static void fill_rest(struct ctx *c, const struct verdict *v, struct verdict_view *out)
{
	out->until = NEW_N(c->a, struct until_view, PERIODS);
	for (size_t i = 0; i < PERIODS; i++) {
		if (v->until[i].d != NIL)
			out->until[out->n_until++] = (struct until_view){ str_c(period_names[i]), tr(c, period_texts[i]), v->until[i], v->until_by[i]->id, title_of(c, v->until_by[i]), v->until[i].d < out->on.d };
	}
	out->lost = NEW_N(c->a, struct lost_view, LISTED_MAX);
	for (size_t i = 0; i < v->n; i++) {
		const struct candidate *k = &v->candidate[i];

		if (k != v->winner)
			out->lost[out->n_lost++] = (struct lost_view){ k->id, title_of(c, k), str_c(lost_names[k->why]), tr(c, lost_texts[k->why]) };
	}
}

static bool exchanged_away(const struct verdict *v)
{
	for (size_t i = 0; i < v->n; i++) {
		if (v->candidate[i].why == LOST_GONE)
			return true;
	}
	return false;
}

static str summary_of(const struct ctx *c, const struct verdict *v)
{
	switch (v->pay[COST_PARTS]) {
	case PAY_FREE:
		return trf(c, N_("Free by {1}."), title_of(c, v->by[COST_PARTS]));
	case PAY_SHARED:
		return trf(c, N_("Covered in part by {1}."), title_of(c, v->by[COST_PARTS]));
	case PAY_DECIDE:
		return _("Free if the diagnosis finds a fault of quality; otherwise the price is told before any work.");
	case PAY_PAID:
		break;
	}
	return exchanged_away(v) ? _("This unit was exchanged: what was due to it is due to the one the customer got.") : _("To be paid; the price is told before any work.");
}

void verdict_view_fill(struct ctx *c, const struct entitlement *e, struct verdict_view *out)
{
	const struct verdict *v = &e->v;

	*out = (struct verdict_view){ .on = e->facts.on, .part = str_c(part_names[e->facts.part]), .part_title = tr(c, part_texts[e->facts.part]),
		.cause = str_c(cause_names[e->facts.cause]), .cause_title = tr(c, cause_texts[e->facts.cause]) };
	if (v->winner) {
		out->source = v->winner->id;
		out->source_title = title_of(c, v->winner);
		out->used = arena_fmt(c->a, "%.*s@%d", STR_ARG(v->winner->id), v->winner->policy->version);
		out->unverified = v->winner->policy->confidence;
	}
	out->summary = summary_of(c, v);
	fill_costs(c, v, out);
	fill_rest(c, v, out);
	out->option = words_of(c, v->options, option_names, option_texts, &out->n_option);
	out->also = words_of(c, v->also, option_names, option_texts, &out->n_also);
	out->missing = words_of(c, v->missing, missing_names, missing_texts, &out->n_missing);
	out->line = NEW_N(c->a, struct word_view, e->n_line + 1);
	out->n_line = e->n_line;
	for (size_t i = 0; i < e->n_line; i++)
		out->line[i] = (struct word_view){ arena_fmt(c->a, "%zu", i + 1), e->line[i] };
}

/* ---- words for the pages ---- */

const char *const entitlement_no_yes[] = { N_("No"), N_("Yes"), NULL };
const char *const entitlement_grants[] = { N_("free"), N_("shared"), NULL };

str entitlement_word(const struct ctx *c, const char *const *names, const char *const *texts, str code)
{
	int i = name_index(names, code);

	return i < 0 ? code : tr(c, texts[i]);
}

str entitlement_words(const struct ctx *c, const char *const *names, const char *const *texts, str codes)
{
	str word[OPTIONS], one;
	size_t n = 0;

	while (n < OPTIONS && str_cut(&codes, ' ', &one))
		word[n++] = entitlement_word(c, names, texts, one);
	return arena_join(c->a, word, n, tr(c, N_(", ")));
}

size_t entitlement_packs(const struct ctx *c, const struct entitlement_page *m, struct ui_option *out)
{
	for (size_t i = 0; i < m->n_pack; i++)
		out[i] = (struct ui_option){ m->pack[i].code, text2_for((struct text2){ m->pack[i].title_en, m->pack[i].title_zh }, c->who->lang) };
	return m->n_pack;
}

/* ---- one device ---- */

struct ask_in { int part, cause, listed; day on; };
static const char *const no_yes[] = { "no", "yes", NULL };
FORM(ask_form, struct ask_in,
	INPUT(struct ask_in, part, IN_ENUM, N_("Part"), .names = part_names),
	INPUT(struct ask_in, cause, IN_ENUM, N_("Cause"), .names = cause_names),
	INPUT(struct ask_in, listed, IN_ENUM, N_("On the statutory list"), .names = no_yes),
	INPUT(struct ask_in, on, IN_DAY, N_("On the day")));
struct keep_in { int part, cause, listed; day on; int64_t order; };
FORM_STATIC(keep_form, struct keep_in,
	INPUT(struct keep_in, part, IN_ENUM, N_("Part"), .names = part_names),
	INPUT(struct keep_in, cause, IN_ENUM, N_("Cause"), .names = cause_names),
	INPUT(struct keep_in, listed, IN_ENUM, N_("On the statutory list"), .names = no_yes),
	INPUT(struct keep_in, on, IN_DAY, N_("On the day")),
	INPUT(struct keep_in, order, IN_INT, N_("Order"), .min = 1, .max = INT64_MAX));
struct promise_in { str policy, contract, length; int64_t visits; int clock; };
FORM(promise_form, struct promise_in,
	INPUT(struct promise_in, policy, IN_TOKEN, N_("Policy"), .required = true, .max = 64),
	INPUT(struct promise_in, contract, IN_TEXT, N_("Contract number"), .max = 60),
	INPUT(struct promise_in, clock, IN_ENUM, N_("Clock"), .names = period_names),
	INPUT(struct promise_in, length, IN_TOKEN, N_("Length"), .max = 8, .hint = N_("180d, 18m or 3y")),
	INPUT(struct promise_in, visits, IN_INT, N_("Free visits"), .min = 0, .max = 9999));
struct goodwill_in { int parts, labour, travel; str reason; money amount; };
static const char *const grants[] = { "free", "shared", NULL };
FORM(goodwill_form, struct goodwill_in,
	INPUT(struct goodwill_in, parts, IN_ENUM, N_("Parts"), .names = grants),
	INPUT(struct goodwill_in, labour, IN_ENUM, N_("Labour"), .names = grants),
	INPUT(struct goodwill_in, travel, IN_ENUM, N_("Travel"), .names = grants),
	INPUT(struct goodwill_in, amount, IN_MONEY, N_("What it is worth"), .required = true),
	INPUT(struct goodwill_in, reason, IN_LINES, N_("Reason"), .required = true, .max = 500));

static const struct field kept_out[] = {
	FIELD(struct kept, id), FIELD(struct kept, device_id), FIELD(struct kept, order_id), FIELD(struct kept, on_day), FIELD(struct kept, stage), FIELD(struct kept, part), FIELD(struct kept, cause),
	FIELD(struct kept, used), FIELD(struct kept, source), FIELD(struct kept, parts), FIELD(struct kept, labour), FIELD(struct kept, travel),
	FIELD(struct kept, loaner), FIELD(struct kept, transport), FIELD(struct kept, options), FIELD(struct kept, at), FIELD(struct kept, actor),
	FIELD(struct kept, goodwill_parts), FIELD(struct kept, goodwill_labour), FIELD(struct kept, goodwill_travel), FIELD(struct kept, goodwill_reason),
	FIELD(struct kept, goodwill_amount), FIELD(struct kept, goodwill_actor), { 0 }
};
static const struct field promise_out[] = {
	FIELD(struct promise_row, policy), FIELD(struct promise_row, contract), FIELD(struct promise_row, clock), FIELD(struct promise_row, length),
	FIELD(struct promise_row, visits), FIELD(struct promise_row, visits_used), FIELD(struct promise_row, claims_used), { 0 }
};
static const struct field page_out[] = {
	V_(on), V_(part), V_(cause), V_(summary), V_(source), V_(source_title), V_(used), VL("costs", cost, n_cost, cost_fields), VL("options", option, n_option, word_fields),
	VL("also", also, n_also, word_fields), VL("until", until, n_until, until_fields), VL("lost", lost, n_lost, lost_fields),
	VL("missing", missing, n_missing, word_fields), VL("explanation", line, n_line, word_fields), V_(unverified),
	FIELD_OBJ(struct entitlement_page, coverage, coverage_fields),
	{ .name = "kept", .off = offsetof(struct entitlement_page, kept), .kind = K_LIST, .size = sizeof(struct kept), .off_n = offsetof(struct entitlement_page, n_kept), .sub = kept_out },
	{ .name = "promises", .off = offsetof(struct entitlement_page, promise), .kind = K_LIST, .size = sizeof(struct promise_row), .off_n = offsetof(struct entitlement_page, n_promise), .sub = promise_out },
	{ 0 }
};
static void draw_entitlement(struct out *o, const struct ctx *c, const void *m) { entitlement_html(o, c, m); }
static void draw_exposure(struct out *o, const struct ctx *c, const void *m) { exposure_html(o, c, m); }
static const struct view entitlement_view = { "entitlement", N_("Entitlement"), draw_entitlement, page_out, sizeof(struct entitlement_page) };
static const struct view kept_view = { "verdict", N_("Verdict"), NULL, kept_out, sizeof(struct kept) };
#define E(m) FIELD(struct exposed, m)
static const struct field exposed_out[] = { E(device_id), FIELD_ENUM(struct exposed, danger, danger_names), E(order_no), E(serial), E(brand), E(model), E(since), E(reached), E(limit), E(unit), E(why), E(todo), { 0 } };
#define EN(m) FIELD(struct exposure_notice, m)
static const struct field notice_out[] = { EN(order_no), EN(serial), FIELD_ENUM(struct exposure_notice, danger, danger_names), EN(reached), { .name = "limit", .off = offsetof(struct exposure_notice, bound), .kind = K_INT, .size = sizeof(int64_t) }, EN(role), EN(at), EN(seen_at), { 0 } };
static const struct field exposure_out[] = { FIELD_LIST(struct exposure_page, items, n, exposed_out), FIELD_LIST(struct exposure_page, notice, n_notice, notice_out), FIELD(struct exposure_page, unseen), { 0 } };
static const struct view exposure_view = { "exposure", N_("Legal exposure"), draw_exposure, exposure_out, sizeof(struct exposure_page) };

static struct ask ask_of(const struct ctx *c, const struct ask_in *in)
{
	struct ask a = ask_today(c);

	a.part = in->part < 0 ? PART_WHOLE : in->part;
	a.cause = in->cause;
	a.listed = in->listed;
	if (in->on.d != NIL)
		a.on = in->on;
	return a;
}

static enum err packs(struct ctx *c, struct entitlement_page *p)
{
	struct policy_row *row;
	size_t n;
	struct policy_row *pack;

	TRY(policy_list(c, (str){ 0 }, &row, &n));
	p->pack = pack = NEW_N(c->a, struct policy_row, n + 1);
	for (size_t i = 0; i < n; i++) {
		if (row[i].kind != POLICY_STATUTE && (i + 1 == n || !str_eq(row[i].code, row[i + 1].code)))
			pack[p->n_pack++] = row[i];
	}
	return ERR_OK;
}

static enum err fill_page(struct ctx *c, struct req *r, int64_t id, const struct ask *a, struct entitlement_page **ret)
{
	struct entitlement_page *p = NEW(c->a, struct entitlement_page);
	struct entitlement *e = NEW(c->a, struct entitlement);

	TRY(device_get(c, id, &p->d));
	TRY(entitlement_of(c, &p->d, a, e));
	verdict_view_fill(c, e, &p->v);
	p->coverage = NEW(c->a, struct coverage);
	TRY(coverage_by(c, &e->facts, p->coverage));
	p->req = r;
	p->device_name = p->d.serial.n ? p->d.serial : p->d.model;
	p->may_promise = may(c, PERM_DEVICE_EDIT);
	p->may_keep = may(c, PERM_STAFF);
	p->may_goodwill = may(c, PERM_VERDICT_OVERRIDE);
	if (may(c, PERM_STAFF))
		TRY(kept_list(c, id, NIL, NIL, KEPT_SHOWN, &p->kept, &p->n_kept));
	TRY(promise_list(c, id, &p->promise, &p->n_promise));
	if (r->as == AS_HTML && p->may_promise)
		TRY(packs(c, p));
	*ret = p;
	return ERR_OK;
}

static enum err device_id_of(struct ctx *c, str arg, int64_t *ret)
{
	return str_int(arg, ret) ? ERR_OK : fail(c, ERR_NOT_FOUND, NULL);
}

static enum err show_device(struct ctx *c, struct req *r, struct reply *out)
{
	static const struct ask_in none = { .part = -1, .cause = -1, .listed = -1, .on = NO_DAY };
	struct entitlement_page *p;
	struct ask a = ask_of(c, r->form ? r->form : &none);
	int64_t id;

	TRY(device_id_of(c, r->arg[0], &id));
	TRY(fill_page(c, r, id, &a, &p));
	out->view = &entitlement_view;
	out->model = p;
	out->title = trf(c, N_("Entitlement of {1}"), p->device_name);
	return ERR_OK;
}

/* After a form of this page failed its fields are not the question's. */
static enum err show_again(struct ctx *c, struct req *r, struct reply *out)
{
	r->form = NULL;
	return show_device(c, r, out);
}

static enum err keep(struct ctx *c, struct req *r, struct reply *out)
{
	const struct keep_in *in = r->form;
	struct ask a = ask_of(c, &(struct ask_in){ in->part, in->cause, in->listed, in->on });
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct kept *k = NEW(c->a, struct kept);
	int64_t id, kept;

	TRY(device_id_of(c, r->arg[0], &id));
	a.order_id = in->order;
	TRY(entitlement_for(c, id, &a, e));
	TRY(entitlement_keep(c, id, in->order, STAGE_ASKED, e, &kept));
	TRY(kept_get(c, kept, k));
	out->view = &kept_view;
	out->model = k;
	out->created = true;
	out->location = arena_fmt(c->a, "/devices/%lld/entitlement", (long long)id);
	out->flash = _("The verdict is kept.");
	return ERR_OK;
}

static enum err grant(struct ctx *c, struct req *r, struct reply *out)
{
	const struct goodwill_in *in = r->form;
	const struct goodwill g = { in->parts, in->labour, in->travel, in->reason, in->amount };
	struct kept *k = NEW(c->a, struct kept);
	struct device d;
	int64_t id;

	TRY(device_id_of(c, r->arg[0], &id));
	TRY(kept_get(c, id, k));
	TRY(device_get(c, k->device_id, &d));
	TRY(goodwill_add(c, id, &g));
	TRY(kept_get(c, id, k));
	out->view = &kept_view;
	out->model = k;
	out->location = arena_fmt(c->a, "/devices/%lld/entitlement", (long long)k->device_id);
	out->flash = _("Goodwill granted.");
	return ERR_OK;
}

static enum err grant_again(struct ctx *c, struct req *r, struct reply *out)
{
	struct kept k;
	int64_t id;

	TRY(device_id_of(c, r->arg[0], &id));
	TRY(kept_get(c, id, &k));
	r->arg[0] = arena_fmt(c->a, "%lld", (long long)k.device_id);
	return show_again(c, r, out);
}

static enum err promise(struct ctx *c, struct req *r, struct reply *out)
{
	const struct promise_in *in = r->form;
	struct promise_row p = { .policy = in->policy, .contract = in->contract, .length = in->length, .visits = in->visits,
		.clock = in->clock < 0 ? (str){ 0 } : str_c(period_names[in->clock]) };
	struct device d;

	TRY(device_id_of(c, r->arg[0], &p.device_id));
	TRY(device_get(c, p.device_id, &d));
	TRY(promise_put(c, &p));
	out->location = arena_fmt(c->a, "/devices/%lld/entitlement", (long long)p.device_id);
	out->flash = _("Saved.");
	return r->as == AS_JSON ? show_again(c, r, out) : ERR_OK;
}

static enum err unpromise(struct ctx *c, struct req *r, struct reply *out)
{
	struct device d;
	int64_t id;

	TRY(device_id_of(c, r->arg[0], &id));
	TRY(device_get(c, id, &d));
	TRY(promise_drop(c, id, r->arg[1]));
	out->location = arena_fmt(c->a, "/devices/%lld/entitlement", (long long)id);
	out->flash = _("Removed.");
	return r->as == AS_JSON ? show_again(c, r, out) : ERR_OK;
}

static enum err show_exposure(struct ctx *c, struct req *r, struct reply *out)
{
	struct exposure_page *p = NEW(c->a, struct exposure_page);

	p->req = r;
	TRY(exposure(c, &p->items, &p->n));
	TRY(exposure_notices(c, &p->notice, &p->n_notice));
	for (size_t i = 0; i < p->n_notice; i++)
		p->unseen += p->notice[i].seen_at.ms == NIL;
	out->view = &exposure_view;
	out->model = p;
	return ERR_OK;
}

static enum err see_notices(struct ctx *c, struct req *r, struct reply *out)
{
	TRY(exposure_seen(c));
	out->location = S("/exposure");
	out->flash = _("Noted.");
	return r->as == AS_JSON ? show_exposure(c, r, out) : ERR_OK;
}

/* ---- the panels on a device's page ---- */

static enum err load_timeline(struct ctx *c, const struct device *d, void **ret)
{
	struct coverage *m = NEW(c->a, struct coverage);

	TRY(coverage_of(c, d, ask_today(c).on, m));
	*ret = m;
	return ERR_OK;
}

static void draw_timeline(struct out *o, const struct ctx *c, const struct req *r, const struct device *d, void *data)
{
	(void)r, (void)d;
	entitlement_timeline_html(o, c, data);
}

const struct device_panel entitlement_timeline_panel = { N_("Coverage, part by part"), load_timeline, draw_timeline };

static enum err load_panel(struct ctx *c, const struct device *d, void **ret)
{
	struct verdict_view *v = NEW(c->a, struct verdict_view);
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct ask a = ask_today(c);

	a.cause = CAUSE_QUALITY;
	TRY(entitlement_of(c, d, &a, e));
	verdict_view_fill(c, e, v);
	*ret = v;
	return ERR_OK;
}

static void draw_panel(struct out *o, const struct ctx *c, const struct req *r, const struct device *d, void *data)
{
	(void)r;
	entitlement_panel_html(o, c, data, d);
}

const struct device_panel entitlement_device_panel = { N_("What is it entitled to today"), load_panel, draw_panel };

static const struct setting settings[] = {
	{ "entitlement.goodwill_limit", IN_INT, "50000", N_("Goodwill up to this amount (in the currency's smallest unit) needs no grant by finance") },
};
static const struct db_schema schema = { "entitlement", entitlement_migrations, entitlement_statements };
static const struct route routes[] = {
	{ "GET", "/devices/{id}/entitlement", PERM_DEVICE_READ, 0, &ask_form, show_device, &entitlement_view, .summary = "What a device is entitled to: part, cause and day may be given" },
	{ "POST", "/devices/{id}/verdicts", PERM_STAFF, 0, &keep_form, keep, &kept_view, .again = show_again, .summary = "Give a verdict and keep it with the facts and policy versions used" },
	{ "POST", "/verdicts/{id}/goodwill", PERM_VERDICT_OVERRIDE, 0, &goodwill_form, grant, &kept_view, .again = grant_again, .summary = "Add goodwill to a verdict" },
	{ "POST", "/devices/{id}/promises", PERM_DEVICE_EDIT, 0, &promise_form, promise, &entitlement_view, .again = show_again, .summary = "Record a pack, contract or cover of a device" },
	{ "POST", "/devices/{id}/promises/{policy}/remove", PERM_DEVICE_EDIT, 0, NULL, unpromise, &entitlement_view, .summary = "Remove a pack, contract or cover of a device" },
	{ "GET", "/exposure", PERM_REPORT, 0, NULL, show_exposure, &exposure_view, .summary = "Units and remedies about to become a legal claim, and what to do" },
	{ "POST", "/exposure/seen", PERM_REPORT, 0, NULL, see_notices, &exposure_view, .summary = "Take note of what one was told about legal exposure" },
	{ "GET", "/covered", 0, R_PUBLIC | R_PAGE, NULL, covered_show, &covered_view, .summary = "Form: is my computer still covered?" },
	{ "POST", "/covered", 0, R_PUBLIC | R_LIMIT | R_READ, &covered_form, covered_ask, &covered_view, .again = covered_show, .summary = "Is a computer still covered? By serial number and proof of purchase; else what the law says by the day" },
	POLICY_ROUTES
};
static const struct job jobs[] = { { "exposure", 24 * 3600 * 1000, exposure_tell, N_("Tells quality and the regions where a legal claim is about to come due") } };
const struct slice slice_entitlement = { .name = "entitlement", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings), .jobs = jobs, .n_jobs = LEN(jobs) };
