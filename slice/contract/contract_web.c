/* contract_web.c — the doors of service contracts: list, one contract, what it covers; panels of customers and machines. */
#include "base/time.h"
#include "contract.html.h"
#include "contract.sql.h"
#include "slice/account/perm.h"
#include "slice/contract/contract_view.h"
#include "slice/sla/sla.h"

static const struct db_schema schema = { "contract", contract_migrations, contract_statements };

/* ---- what goes out ---- */

#define K(m) FIELD(struct contract, m)
static const struct field cover_out[] = {
	FIELD(struct contract_cover, id), FIELD_ENUM(struct contract_cover, kind, contract_covers), FIELD(struct contract_cover, name), FIELD(struct contract_cover, serial), { 0 }
};
static const struct field one_out[] = {
	K(no), K(ver), K(title), K(customer_no), K(customer), K(level), K(calendar), K(from_on), K(until_on), K(whole), K(active), FIELD_IF(struct contract, note, PERM_STAFF),
	FIELD_LIST(struct contract, cover, n_cover, cover_out), { 0 }
};
static const struct field row_out[] = {
	K(no), K(ver), K(title), K(customer_no), K(customer), K(level), K(calendar), K(from_on), K(until_on), K(whole), K(active), { 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct contract_list_page, items, n, row_out), { 0 } };
static void draw_list(struct out *o, const struct ctx *c, const void *m) { contract_list_html(o, c, m); }
static void draw_one(struct out *o, const struct ctx *c, const void *m) { contract_html(o, c, m); }
static const struct view list_view = { "contract_list", N_("Service contracts"), draw_list, list_out, sizeof(struct contract_list_page) };
static const struct view one_view = { "contract", N_("Service contract"), draw_one, one_out, sizeof(struct contract_page) };

/* ---- what comes in ---- */

#define F(m, kind, label, ...) INPUT(struct contract_in, m, kind, label, __VA_ARGS__)
FORM(contract_form, struct contract_in,
	F(ver, IN_INT, N_("Version"), .min = 1),
	F(customer, IN_TOKEN, N_("Customer number"), .max = 40),
	F(title, IN_TEXT, N_("What was agreed"), .required = true, .max = 120, .hint = N_("3 years on site, next working day")),
	F(level, IN_TOKEN, N_("Service level"), .required = true, .max = 40),
	F(calendar, IN_TOKEN, N_("Hours of its own"), .max = 40),
	F(from_on, IN_DAY, N_("From"), .required = true),
	F(until_on, IN_DAY, N_("Until"), .required = true),
	F(whole, IN_BOOL, N_("Covers all machines of the customer")),
	F(active, IN_BOOL, N_("In use")),
	F(note, IN_LINES, N_("Note"), .max = 1000));
FORM(contract_cover_form, struct contract_cover_in,
	INPUT(struct contract_cover_in, ver, IN_INT, N_("Version"), .required = true, .min = 1),
	INPUT(struct contract_cover_in, kind, IN_ENUM, N_("What is covered"), .required = true, .names = contract_covers),
	INPUT(struct contract_cover_in, what, IN_TEXT, N_("Serial number, model or brand"), .required = true, .max = 120));
struct cover_drop_in { int64_t ver, id; };
FORM_STATIC(cover_drop_form, struct cover_drop_in,
	INPUT(struct cover_drop_in, ver, IN_INT, N_("Version"), .required = true, .min = 1),
	INPUT(struct cover_drop_in, id, IN_INT, N_("Number"), .required = true, .min = 1));
FORM_STATIC(list_form, struct contract_list_in,
	INPUT(struct contract_list_in, q, IN_TEXT, N_("Words"), .max = 100),
	INPUT(struct contract_list_in, level, IN_TOKEN, N_("Service level"), .max = 40),
	INPUT(struct contract_list_in, after, IN_INT, N_("Page marker"), .min = 1),
	INPUT(struct contract_list_in, limit, IN_INT, N_("Rows per page"), .min = 1, .max = 200));

/* ---- words ---- */

enum { TO_COME, RUNNING, OVER };

static int state_of(const struct contract *k, day today)
{
	return !k->active || k->until_on.d < today.d ? OVER : k->from_on.d > today.d ? TO_COME : RUNNING;
}

enum tone contract_tone(const struct contract *k, day today)
{
	static const enum tone tones[] = { TONE_INFO, TONE_OK, TONE_IDLE };

	return tones[state_of(k, today)];
}

str contract_state(const struct ctx *c, const struct contract *k, day today)
{
	static const char *const words[] = { N_("To come"), N_("Valid now"), N_("Over") };

	return tr(c, words[state_of(k, today)]);
}

str contract_level_title(const struct ctx *c, const struct contract *k) { return !strcmp(c->who->lang, "en") ? k->level_name_en : k->level_name; }

/* ---- list ---- */

static enum err list_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct contract_list_page *p = NEW(c->a, struct contract_list_page);
	const struct contract_list_in *in = r->form;
	struct contract_filter f = { in->q, in->level, NIL, in->after, (size_t)list_limit(in->limit) };
	int64_t next;

	p->req = r;
	p->level = in->level;
	p->today = tz_day(c->who->zone, c->now);
	p->may_edit = may(c, PERM_POLICY);
	TRY(contract_list(c, &f, &p->items, &p->n, &next));
	if (next != NIL)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)next);
	out->view = &list_view;
	out->model = p;
	return ERR_OK;
}

/* ---- one ---- */

static enum err fill_choices(struct ctx *c, struct contract_page *p)
{
	struct calendar *k;
	struct level *l;
	size_t n;

	TRY(level_list(c, &l, &n));
	p->level = NEW_N(c->a, struct ui_option, n + 1);
	for (size_t i = 0; i < n; i++)
		if (l[i].active || str_eq(l[i].code, p->k.level))
			p->level[p->n_level++] = (struct ui_option){ l[i].code, level_title(c, &l[i]) };
	TRY(calendar_list(c, &k, &n));
	p->calendar = NEW_N(c->a, struct ui_option, n + 1);
	p->calendar[p->n_calendar++] = (struct ui_option){ S(""), _("Those of the service level") };
	for (size_t i = 0; i < n; i++)
		p->calendar[p->n_calendar++] = (struct ui_option){ k[i].code, calendar_title(c, &k[i]) };
	return ERR_OK;
}

static bool listed(const struct contract *k, int64_t device_id)
{
	for (size_t i = 0; i < k->n_cover; i++)
		if (k->cover[i].device_id == device_id)
			return true;
	return false;
}

static enum err fill_own(struct ctx *c, struct contract_page *p)
{
	struct device *d;
	size_t n;

	TRY(device_of_customer(c, p->k.customer_id, &d, &n));
	p->own = d;
	for (size_t i = 0; i < n; i++)
		if (d[i].serial.n && !listed(&p->k, d[i].id))
			p->own[p->n_own++] = d[i];
	return ERR_OK;
}

static enum err answer_one(struct ctx *c, struct req *r, str no, struct reply *out)
{
	struct contract_page *p = NEW(c->a, struct contract_page);

	p->req = r;
	p->today = tz_day(c->who->zone, c->now);
	p->may_edit = may(c, PERM_POLICY);
	TRY(contract_get(c, no, &p->k));
	if (r->as == AS_HTML && p->may_edit) {
		TRY(fill_choices(c, p));
		TRY(fill_own(c, p));
	}
	out->view = &one_view;
	out->model = p;
	out->title = p->k.no;
	out->ver = p->k.ver;
	return ERR_OK;
}

static enum err one_show(struct ctx *c, struct req *r, struct reply *out) { return answer_one(c, r, r->arg[0], out); }

static enum err new_show(struct ctx *c, struct req *r, struct reply *out)
{
	struct contract_page *p = NEW(c->a, struct contract_page);
	struct civil end;

	p->req = r;
	p->fresh = p->may_edit = true;
	p->today = tz_day(c->who->zone, c->now);
	end = tz_civil(c->who->zone, c->now);
	p->k = (struct contract){ .active = true, .whole = true, .customer_no = ui_query(c, r, "customer"), .from_on = p->today, .until_on = { day_of(end.y + 1, end.mo, end.d).d - 1 } };
	TRY(fill_choices(c, p));
	out->view = &one_view;
	out->model = p;
	out->title = _("New service contract");
	return ERR_OK;
}

/* ---- changing ---- */

static enum err done(struct ctx *c, struct req *r, str no, struct reply *out)
{
	TRY(answer_one(c, r, no, out));
	out->location = arena_fmt(c->a, "/contracts/%.*s", STR_ARG(no));
	out->flash = _("Saved.");
	return ERR_OK;
}

static void take(struct contract *k, const struct contract_in *in)
{
	k->title = in->title;
	k->level = in->level;
	k->calendar = in->calendar;
	k->from_on = in->from_on;
	k->until_on = in->until_on;
	k->whole = in->whole;
	k->note = in->note;
	k->active = in->active;
}

static enum err make(struct ctx *c, struct req *r, struct reply *out)
{
	const struct contract_in *in = r->form;
	struct contract k = { 0 };
	struct customer who;
	struct contract *made;
	int64_t id, next;
	size_t n;
	enum err e = in->customer.n ? customer_by_no(c, in->customer, &who) : ERR_NOT_FOUND;

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "customer", N_("There is no customer {1}."), in->customer.n ? in->customer : S("–"));
	}
	TRY(e);
	take(&k, in);
	k.customer_id = who.id;
	k.active = true;
	TRY(contract_add(c, &k, &id));
	TRY(contract_list(c, &(struct contract_filter){ .customer_id = who.id, .before = NIL, .limit = 1 }, &made, &n, &next));
	out->created = true;
	return done(c, r, made[0].no, out);
}

static enum err change(struct ctx *c, struct req *r, struct reply *out)
{
	const struct contract_in *in = r->form;
	struct contract k;

	if (in->ver == NIL)
		return fail_field(c, "ver", N_("The version that was read is needed."));
	TRY(contract_get(c, r->arg[0], &k));
	take(&k, in);
	k.ver = in->ver;
	TRY(contract_save(c, &k));
	return done(c, r, k.no, out);
}

static enum err cover(struct ctx *c, struct req *r, struct reply *out)
{
	const struct contract_cover_in *in = r->form;
	struct contract k;

	TRY(contract_get(c, r->arg[0], &k));
	k.ver = in->ver;
	TRY(contract_cover_add(c, &k, in->kind, in->what));
	return done(c, r, k.no, out);
}

static enum err uncover(struct ctx *c, struct req *r, struct reply *out)
{
	const struct cover_drop_in *in = r->form;
	struct contract k;

	TRY(contract_get(c, r->arg[0], &k));
	k.ver = in->ver;
	TRY(contract_cover_drop(c, &k, in->id));
	return done(c, r, k.no, out);
}

/* ---- panels ---- */

static struct contract_rows *rows(struct ctx *c)
{
	struct contract_rows *p = NEW(c->a, struct contract_rows);

	p->today = tz_day(c->who->zone, c->now);
	p->may_edit = may(c, PERM_POLICY);
	return p;
}

static enum err load_customer(struct ctx *c, const struct customer *k, void **ret)
{
	struct contract_rows *p = rows(c);
	int64_t next;

	TRY(contract_list(c, &(struct contract_filter){ .customer_id = k->id, .before = NIL, .limit = 20 }, &p->items, &p->n, &next));
	*ret = p;
	return ERR_OK;
}

static void draw_customer(struct out *o, const struct ctx *c, const struct req *r, const struct customer *k, void *data)
{
	(void)r;
	contract_of_customer_html(o, c, data, k->no);
}

static enum err load_device(struct ctx *c, const struct device *d, void **ret)
{
	struct contract_rows *p = rows(c);
	const struct contract_ask a = { d->customer_id, d->id, d->product_id, d->brand, p->today };

	TRY(contract_of_device(c, &a, &p->items, &p->n));
	*ret = p;
	return ERR_OK;
}

static void draw_device(struct out *o, const struct ctx *c, const struct req *r, const struct device *d, void *data)
{
	(void)r, (void)d;
	contract_rows_html(o, c, data);
}

const struct customer_panel contract_customer_panel = { N_("Service contracts"), load_customer, draw_customer };
const struct device_panel contract_device_panel = { N_("Service contracts"), load_device, draw_device };

/* ---- tables ---- */

static const struct route routes[] = {
	{ "GET", "/contracts", PERM_STAFF | PERM_CUSTOMER_READ, 0, &list_form, list_show, &list_view, .summary = "Service contracts, newest first; by words or service level" },
	{ "POST", "/contracts", PERM_POLICY | PERM_CUSTOMER_READ, 0, &contract_form, make, &one_view, new_show, .summary = "Sign a service contract with a customer" },
	{ "GET", "/contracts/new", PERM_POLICY | PERM_CUSTOMER_READ, R_PAGE, NULL, new_show, &one_view, .summary = "New service contract" },
	{ "GET", "/contracts/{no}", PERM_STAFF | PERM_CUSTOMER_READ, 0, NULL, one_show, &one_view, .summary = "One service contract with what it covers" },
	{ "POST", "/contracts/{no}", PERM_POLICY | PERM_CUSTOMER_READ, 0, &contract_form, change, &one_view, one_show, .summary = "Change a service contract; orders under way follow where it is better, or when it was ended" },
	{ "POST", "/contracts/{no}/cover", PERM_POLICY | PERM_CUSTOMER_READ, 0, &contract_cover_form, cover, &one_view, one_show, .summary = "Cover a machine, a model or a brand" },
	{ "POST", "/contracts/{no}/cover/drop", PERM_POLICY | PERM_CUSTOMER_READ, 0, &cover_drop_form, uncover, &one_view, one_show, .summary = "Cover it no longer" },
};

const struct slice slice_contract = { .name = "contract", .schema = &schema, SLICE_ROUTES(routes) };
