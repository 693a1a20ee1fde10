/* ruling_web.c — the doors of exclusion rulings: on the order for staff, by its token for whoever holds the paper. */
#include "base/i18n.h"
#include "ruling.html.h"
#include "slice/account/perm.h"
#include "slice/attachment/attachment.h"
#include "slice/ruling/ruling_int.h"
#include "slice/ruling/ruling_view.h"

#define R(m) FIELD(struct ruling, m)
#define E(m) FIELD(struct ruling_proof, m)
static const struct field proof_out[] = { FIELD_ENUM(struct ruling_proof, kind, evidence_names), E(words), E(attachment_id), E(file), E(sha256), E(by_name), E(at), { 0 } };
static const struct field need_out[] = { FIELD(struct proof_view, kind), FIELD(struct proof_view, title), FIELD(struct proof_view, met), { 0 } };
#define RULING_OUT R(no), R(ver), R(order_no), FIELD_ENUM(struct ruling, state, ruling_states), R(on_day), FIELD_ENUM(struct ruling, part, part_names), \
	FIELD_ENUM(struct ruling, cause, cause_names), R(finding), R(opened_at), R(opened_by), R(sealed_at), R(sealed_by), R(hash), R(sign), R(public_key), R(withdrawn_at), R(reason)
static const struct field page_out[] = {
	RULING_OUT, FIELD_LIST(struct ruling_page, clause, n_clause, NULL), FIELD_LIST(struct ruling_page, need, n_need, need_out), FIELD_LIST(struct ruling_page, proof, n_proof, proof_out),
	FIELD(struct ruling_page, verify_url), { 0 }
};
static const struct field told_out[] = {
	FIELD_ENUM(struct ruling, state, ruling_states), R(no), R(hash), R(sign), R(public_key), R(sealed_at), R(withdrawn_at), R(reason), FIELD(struct ruling_told, unchanged),
	FIELD(struct ruling_told, body), { 0 }
};
static void draw_page(struct out *o, const struct ctx *c, const void *m) { ruling_html(o, c, m); }
static void draw_told(struct out *o, const struct ctx *c, const void *m) { ruling_told_html(o, c, m); }
static const struct view ruling_view = { "ruling", N_("Exclusion ruling"), draw_page, page_out, sizeof(struct ruling_page) };
static const struct view told_view = { "sealed_ruling", N_("Exclusion ruling"), draw_told, told_out, sizeof(struct ruling_told) };

FORM(ruling_form, struct ruling_in,
	INPUT(struct ruling_in, cause, IN_ENUM, N_("Cause"), .names = cause_names),
	INPUT(struct ruling_in, part, IN_ENUM, N_("Part"), .names = part_names),
	INPUT(struct ruling_in, finding, IN_LINES, N_("What was found"), .required = true, .max = 2000));
FORM(proof_form, struct proof_in,
	INPUT(struct proof_in, kind, IN_ENUM, N_("Evidence"), .names = evidence_names, .required = true),
	INPUT(struct proof_in, words, IN_LINES, N_("Words or measured value"), .max = 2000),
	{ .name = "file", .label = N_("Photo or file"), .off = offsetof(struct proof_in, file), .kind = IN_FILES, .max = 1, .off_n = offsetof(struct proof_in, n_file) },
	INPUT(struct proof_in, attachment, IN_INT, N_("A file of the order"), .min = 1, .max = INT64_MAX));
FORM(ruling_seal_form, struct ruling_act_in, INPUT(struct ruling_act_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX));
FORM(ruling_withdraw_form, struct ruling_act_in,
	INPUT(struct ruling_act_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct ruling_act_in, reason, IN_LINES, N_("Reason"), .required = true, .max = 500));

str ruling_words(const struct ctx *c, const struct sealed_clause *k) { return !strcmp(c->who->lang, "zh") ? k->zh : k->en; }

/* ---- models ---- */

static enum err tell_clauses(struct ctx *c, const struct ruling *r, str **ret, size_t *ret_n)
{
	str rest = r->clauses, one;
	struct rules by;

	TRY(rules_in_use(c, &by));
	*ret = NEW_N(c->a, str, LISTED_MAX);
	for (*ret_n = 0; *ret_n < LISTED_MAX && str_cut(&rest, ' ', &one); ++*ret_n)
		(*ret)[*ret_n] = reference_told(c, by.set, one);
	return ERR_OK;
}

static enum err found(struct ctx *c, enum err e, bool *ret)
{
	*ret = !e;
	if (e == ERR_NOT_FOUND)
		c->diag = (struct diag){ 0 };
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err fill_proofs(struct ctx *c, struct ruling_page *p)
{
	uint64_t missing;

	TRY(ruling_evidence(c, &p->r, &p->proof, &p->n_proof, &missing));
	p->need = NEW_N(c->a, struct proof_view, EVIDENCES);
	for (size_t i = 0; i < EVIDENCES; i++) {
		if ((uint64_t)p->r.needs >> i & 1)
			p->need[p->n_need++] = (struct proof_view){ str_c(evidence_names[i]), tr(c, evidence_texts[i]), !(missing >> i & 1) };
	}
	p->complete = !missing;
	return ERR_OK;
}

static enum err fill(struct ctx *c, struct req *r, struct ruling_page **ret)
{
	struct ruling_page *p = NEW(c->a, struct ruling_page);

	p->req = r;
	p->r.ver = NIL;
	TRY(order_get(c, r->arg[0], &p->o));
	TRY(found(c, ruling_of_order(c, p->o.id, &p->r), &p->there));
	p->may_work = c->who->perms & (PERM_ORDER_WORK | PERM_ORDER_TEST | PERM_VERDICT_OVERRIDE);
	p->may_seal = c->who->perms & (PERM_ORDER_TEST | PERM_VERDICT_OVERRIDE);
	p->may_withdraw = p->may_work && (p->r.state != RULING_SEALED || may(c, PERM_VERDICT_OVERRIDE));
	*ret = p;
	if (!p->there)
		return ERR_OK;
	p->verify_url = arena_fmt(c->a, "%.*s/v/%.*s", STR_ARG(r->base), STR_ARG(p->r.token));
	TRY(tell_clauses(c, &p->r, &p->clause, &p->n_clause));
	return fill_proofs(c, p);
}

static enum err show_one(struct ctx *c, struct req *r, struct reply *out)
{
	struct ruling_page *p;

	TRY(fill(c, r, &p));
	if (!p->there && r->as != AS_HTML)
		return fail(c, ERR_NOT_FOUND, NULL);
	c->diag = (struct diag){ 0 };
	out->view = &ruling_view;
	out->model = p;
	out->title = arena_fmt(c->a, "%.*s %.*s", STR_ARG(_("Exclusion ruling")), STR_ARG(p->there ? p->r.no : p->o.no));
	out->ver = p->there ? p->r.ver : 0;
	return ERR_OK;
}

static enum err done(struct ctx *c, struct req *r, str flash, struct reply *out)
{
	out->location = arena_fmt(c->a, "/orders/%.*s/ruling", STR_ARG(r->arg[0]));
	out->flash = flash;
	live_touch(c, "orders");
	return show_one(c, r, out);
}

/* ---- staff ---- */

static enum err of_order(struct ctx *c, struct req *r, struct order *o, struct ruling *ret)
{
	TRY(order_get(c, r->arg[0], o));
	return ruling_of_order(c, o->id, ret);
}

static enum err open_one(struct ctx *c, struct req *r, struct reply *out)
{
	const struct ruling_in *in = r->form;
	struct ruling made;
	struct order o;

	TRY(order_get(c, r->arg[0], &o));
	TRY(ruling_open(c, &o, &(struct ruling_new){ in->part, in->cause, in->finding }, &made));
	out->created = true;
	return done(c, r, trf(c, N_("Ruling {1} is open: add the evidence."), made.no), out);
}

static enum err prove(struct ctx *c, struct req *r, struct reply *out)
{
	const struct proof_in *in = r->form;
	struct evidence_new n = { in->kind, in->words, in->attachment };
	struct ruling one;
	struct order o;

	TRY(of_order(c, r, &o, &one));
	if (in->n_file) {
		const struct upload *u = &in->file[0];

		TRY(attachment_add(c, "order", o.id, &(struct attachment_file){ u->name, u->type, u->path, u->sha256, u->size }, true, &n.attachment_id));
	}
	TRY(ruling_prove(c, &one, &n));
	return done(c, r, _("The evidence is kept."), out);
}

static enum err seal(struct ctx *c, struct req *r, struct reply *out)
{
	const struct ruling_act_in *in = r->form;
	struct ruling one;
	struct order o;

	TRY(of_order(c, r, &o, &one));
	TRY(ruling_seal(c, &o, &one, in->ver));
	return done(c, r, _("The ruling is sealed; the customer finds it on the page of the repair."), out);
}

static enum err withdraw(struct ctx *c, struct req *r, struct reply *out)
{
	const struct ruling_act_in *in = r->form;
	struct ruling one;
	struct order o;

	TRY(of_order(c, r, &o, &one));
	TRY(ruling_withdraw(c, &one, in->ver, in->reason));
	return done(c, r, _("The ruling is withdrawn."), out);
}

/* ---- whoever holds the paper ---- */

static enum err told(struct ctx *c, struct req *r, struct ruling_told **ret)
{
	struct ruling_told *t = NEW(c->a, struct ruling_told);

	t->req = r;
	TRY(ruling_by_token(c, r->arg[0], &t->r));
	TRY(ruling_sealed(c, &t->r, &t->s));
	t->unchanged = ruling_unchanged(c->a, &t->r);
	t->body = (json){ t->r.body };
	t->url = arena_fmt(c->a, "%.*s/v/%.*s", STR_ARG(r->base), STR_ARG(t->r.token));
	t->clause = NEW_N(c->a, str, t->s.n_clause + 1);
	for (; t->n_clause < t->s.n_clause; t->n_clause++)
		t->clause[t->n_clause] = ruling_words(c, &t->s.clause[t->n_clause]);
	*ret = t;
	return ERR_OK;
}

static enum err check(struct ctx *c, struct req *r, struct reply *out)
{
	struct ruling_told *t;

	TRY(told(c, r, &t));
	out->view = &told_view;
	out->model = t;
	out->title = arena_fmt(c->a, "%.*s %.*s", STR_ARG(_("Exclusion ruling")), STR_ARG(t->r.no));
	return ERR_OK;
}

static enum err paper(struct ctx *c, struct req *r, struct reply *out)
{
	struct ruling_told *t;

	TRY(told(c, r, &t));
	return ruling_paper(c, t, out);
}

/* ---- on the pages of others ---- */

static bool called_for(const struct order *o)
{
	return o->cause.n && !str_eq(o->cause, S("quality")) && !str_eq(o->cause, S("unknown")) && !str_eq(o->cause, S("wear")) && !str_eq(o->cause, S("consumable"));
}

enum err ruling_hint_load(struct ctx *c, const struct order *o, struct ruling_hint **ret)
{
	struct ruling_hint *h = NEW(c->a, struct ruling_hint);
	uint64_t missing;

	*ret = NULL;
	TRY(found(c, ruling_of_order(c, o->id, &h->r), &h->there));
	if (!h->there && !called_for(o))
		return ERR_OK;
	h->o = *o;
	*ret = h;
	if (!h->there)
		return ERR_OK;
	TRY(tell_clauses(c, &h->r, &h->clause, &h->n_clause));
	return ruling_evidence(c, &h->r, &h->proof, &h->n_proof, &missing);
}

static const struct setting settings[] = { { "series.ruling", IN_TEXT, "PD{date}{4}", N_("Number pattern of exclusion rulings") } };
static const struct db_schema schema = { "ruling", ruling_migrations, ruling_statements };
static const struct route routes[] = {
	{ "GET", "/orders/{no}/ruling", PERM_ORDER_READ, 0, NULL, show_one, &ruling_view, .summary = "The exclusion ruling of an order: clauses, evidence asked for and there, seal" },
	{ "POST", "/orders/{no}/ruling", PERM_ORDER_READ, 0, &ruling_form, open_one, &ruling_view, .again = show_one, .summary = "Open an exclusion ruling: which clauses exclude the fault, what evidence they ask for" },
	{ "POST", "/orders/{no}/ruling/evidence", PERM_ORDER_READ, 0, &proof_form, prove, &ruling_view, .again = show_one, .summary = "Add evidence: photo, measurement, statement, second opinion" },
	{ "POST", "/orders/{no}/ruling/seal", PERM_ORDER_READ, 0, &ruling_seal_form, seal, &ruling_view, .again = show_one, .summary = "Seal a ruling whose evidence is complete" },
	{ "POST", "/orders/{no}/ruling/withdraw", PERM_ORDER_READ, 0, &ruling_withdraw_form, withdraw, &ruling_view, .again = show_one, .summary = "Withdraw a ruling with a reason" },
	{ "GET", "/v/{token}", 0, R_PUBLIC, NULL, check, &told_view, .summary = "Check a sealed ruling: its text, hash and signature" },
	{ "GET", "/v/{token}/paper", 0, R_PUBLIC, NULL, paper, NULL, .summary = "The sealed ruling as PDF" },
};
const struct slice slice_ruling = { .name = "ruling", .schema = &schema, SLICE_ROUTES(routes), .settings = settings, .n_settings = LEN(settings) };
