/* ruling.c — see ruling.h: opening, proving, withdrawing, and who asks for it. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/attachment/attachment.h"
#include "slice/audit/audit.h"
#include "slice/ruling/ruling_int.h"

enum { EVIDENCE_MAX = 60 };
#define X(id, name, title) name,
const char *const ruling_states[] = { RULING_STATES(X) NULL };
#undef X
#define X(id, name, title) title,
const char *const ruling_state_titles[] = { RULING_STATES(X) NULL };
#undef X

#define R(m) FIELD(struct ruling, m)
const struct field ruling_row_fields[] = {
	R(id), R(ver), R(no), R(order_id), R(order_no), R(device_id), R(org_path), FIELD_ENUM(struct ruling, state, ruling_states), R(on_day),
	FIELD_ENUM(struct ruling, part, part_names), FIELD_ENUM(struct ruling, cause, cause_names), R(clauses), R(needs), R(finding), R(token), R(opened_at), R(opened_id), R(opened_by),
	R(sealed_at), R(sealed_by), R(body), R(hash), R(sign), R(public_key), R(withdrawn_at), R(withdrawn_by), R(reason), { 0 }
};
#define E(m) FIELD(struct ruling_proof, m)
static const struct field evidence_fields[] = {
	E(id), FIELD_ENUM(struct ruling_proof, kind, evidence_names), E(words), E(attachment_id), E(file), E(sha256), E(by_id), E(by_name), E(at), { 0 }
};

/* ---- reading ---- */

enum err ruling_of_order(struct ctx *c, int64_t order_id, struct ruling *ret)
{
	return db_row(c, &q_rulings, BIND(P(order_id, order_id), P(limit, 1)), ruling_row_fields, ret);
}

enum err ruling_by_token(struct ctx *c, str token, struct ruling *ret)
{
	return db_row(c, &q_rulings, BIND(P(token, token), P(limit, 1)), ruling_row_fields, ret);
}

enum err ruling_evidence(struct ctx *c, const struct ruling *r, struct ruling_proof **ret, size_t *ret_n, uint64_t *ret_missing)
{
	TRY(db_rows(c, &q_evidence, BIND(P(ruling_id, r->id), P(limit, EVIDENCE_MAX)), evidence_fields, sizeof **ret, EVIDENCE_MAX, ret, ret_n));
	*ret_missing = (uint64_t)r->needs;
	for (size_t i = 0; i < *ret_n; i++)
		*ret_missing &= ~((uint64_t)1 << (*ret)[i].kind);
	return ERR_OK;
}

/* ---- opening ---- */

static enum err may_rule(struct ctx *c)
{
	return c->who->perms & (PERM_ORDER_WORK | PERM_ORDER_TEST | PERM_VERDICT_OVERRIDE) ? ERR_OK : fail(c, ERR_FORBIDDEN, N_("Only who works on orders decides on exclusions."));
}

static enum err none_yet(struct ctx *c, const struct order *o)
{
	struct ruling r;
	enum err e = ruling_of_order(c, o->id, &r);

	if (!e && r.state != RULING_WITHDRAWN)
		return fail(c, ERR_CONFLICT, N_("There is the ruling {1} on this order already; withdraw it first."), r.no);
	if (e && e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

/* Every policy that would have to pay, and does not because of this cause. */
static void exclusions(struct arena *a, const struct verdict *v, str *ret_clauses, uint64_t *ret_needs)
{
	str part[LISTED_MAX];
	size_t n = 0;

	*ret_needs = 0;
	for (size_t i = 0; i < v->n; i++) {
		const struct candidate *k = &v->candidate[i];

		if (k->why != LOST_EXCLUDED || !k->exclusion)
			continue;
		part[n++] = arena_fmt(a, "%.*s@%d/x%td", STR_ARG(k->id), k->policy->version, k->exclusion - k->policy->exclusion);
		if (!k->exclusion->proof)
			*ret_needs |= k->exclusion->evidence;
	}
	*ret_clauses = n ? arena_join(a, part, n, S(" ")) : S("");
}

static enum err judge(struct ctx *c, const struct order *o, const struct ruling_new *n, struct ruling *r)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	struct ask a = ask_today(c);
	uint64_t needs;

	a.on = tz_day(c->who->zone, o->opened_at);
	a.order_id = o->id;
	a.cause = n->cause >= 0 ? n->cause : o->cause.n ? name_index(cause_names, o->cause) : -1;
	if (a.cause < 0)
		return fail_field(c, "cause", N_("What caused the fault?"));
	if (n->part >= 0)
		a.part = n->part;
	else
		TRY(part_of_fault(c, o->fault_code, &a));
	TRY(entitlement_in_order(c, o->device_id, &a, e));
	for (size_t i = COST_PARTS; i <= COST_LABOUR; i++) {
		if (e->v.pay[i] < PAY_PAID)
			return fail_field(c, "cause", N_("Here nothing is excluded: {1}"), e->n_line > 1 ? e->line[1] : S(""));
	}
	exclusions(c->a, &e->v, &r->clauses, &needs);
	if (!r->clauses.n)
		return fail_field(c, "cause", N_("No policy in force on that day excludes this; it is not covered anyway."));
	r->needs = (int64_t)needs;
	r->on_day = a.on;
	r->part = a.part;
	r->cause = a.cause;
	return ERR_OK;
}

enum err ruling_open(struct ctx *c, const struct order *o, const struct ruling_new *n, struct ruling *ret)
{
	struct ruling r = { 0 };
	int64_t id;

	assert(db_writing(c->db));
	TRY(may_rule(c));
	if (o->device_id == NIL)
		return fail(c, ERR_CONFLICT, N_("The order names no device."));
	if (!str_trim(n->finding).n)
		return fail_field(c, "finding", N_("Say what was found."));
	TRY(none_yet(c, o));
	TRY(judge(c, o, n, &r));
	TRY(series_next(c, "ruling", &r.no));
	TRY(db_insert(c, &q_ruling_insert, BIND(P(no, r.no), P(order_id, o->id), P(device_id, o->device_id), P(org_path, o->org_path), P(on, r.on_day), P(part, part_names[r.part]),
		P(cause, cause_names[r.cause]), P(clauses, r.clauses), P(needs, r.needs), P(finding, str_trim(n->finding)), P(token, password_random(c->a)), P(now, c->now),
		P(by_id, c->who->id), P(by_name, c->who->name.n ? c->who->name : S("system"))), &id));
	TRY(audit_add(c, "order", o->id, "ruling_open", BIND(P(ruling, r.no), P(cause, cause_names[r.cause]), P(clauses, r.clauses), P(text, str_trim(n->finding)))));
	return ruling_of_order(c, o->id, ret);
}

/* ---- proving ---- */

static bool wants_picture(int kind) { return str_starts(str_c(evidence_names[kind]), S("photo-")); }

static bool has_figure(str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	}
	return false;
}

static enum err check_proof(struct ctx *c, const struct ruling *r, const struct evidence_new *n, const struct attachment *f)
{
	str words = str_trim(n->words);

	if (n->kind < 0 || n->kind >= EVIDENCES)
		return fail_field(c, "kind", N_("What kind of evidence is it?"));
	if (wants_picture(n->kind) && !str_starts(f->type, S("image/")))
		return fail_field(c, "file", N_("Please add the photo."));
	if (n->kind == EVIDENCE_VOLTAGE && !has_figure(words))
		return fail_field(c, "words", N_("Please give the measured value, for example 253 V."));
	if (n->kind == EVIDENCE_SECOND && !words.n)
		return fail_field(c, "words", N_("Please give the opinion in words."));
	if (n->kind == EVIDENCE_SECOND && c->who->id == r->opened_id)
		return fail(c, ERR_FORBIDDEN, N_("A second opinion comes from another person."));
	if (!words.n && n->attachment_id == NIL)
		return fail_field(c, "words", N_("Please add words or a file."));
	return ERR_OK;
}

enum err ruling_prove(struct ctx *c, const struct ruling *r, const struct evidence_new *n)
{
	struct attachment f = { 0 };
	int64_t id;

	assert(db_writing(c->db));
	TRY(may_rule(c));
	if (r->state != RULING_OPEN)
		return fail(c, ERR_CONFLICT, N_("The ruling is “{1}”."), tr(c, ruling_state_titles[r->state]));
	if (n->attachment_id != NIL)
		TRY(attachment_get(c, n->attachment_id, &f));
	TRY(check_proof(c, r, n, &f));
	TRY(db_insert(c, &q_evidence_insert, BIND(P(ruling_id, r->id), P(kind, evidence_names[n->kind]), P(words, str_or_none(str_trim(n->words))), P(attachment_id, n->attachment_id),
		P(file, str_or_none(f.name)), P(sha256, str_or_none(f.sha256)), P(by_id, c->who->id), P(by_name, c->who->name.n ? c->who->name : S("system")), P(now, c->now)), &id));
	return audit_add(c, "order", r->order_id, "ruling_evidence", BIND(P(ruling, r->no), P(evidence, evidence_names[n->kind]), P(text, str_trim(n->words)), P(sha256, f.sha256)));
}

/* ---- withdrawing, and who relies on it ---- */

enum err ruling_withdraw(struct ctx *c, const struct ruling *r, int64_t ver, str reason)
{
	assert(db_writing(c->db));
	TRY(may_rule(c));
	if (r->state == RULING_SEALED && !may(c, PERM_VERDICT_OVERRIDE))
		return fail(c, ERR_FORBIDDEN, N_("A sealed ruling is withdrawn by who may override verdicts."));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(db_exec(c, &q_ruling_withdraw, BIND(P(id, r->id), P(ver, ver), P(now, c->now), P(by_name, c->who->name.n ? c->who->name : S("system")), P(reason, str_trim(reason))), 1));
	return audit_add(c, "order", r->order_id, "ruling_withdrawn", BIND(P(ruling, r->no), P(reason, str_trim(reason))));
}

enum err ruling_stands(struct ctx *c, const struct order *o)
{
	struct ruling r;
	enum err e = ruling_of_order(c, o->id, &r);

	if (e && e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	if (e || r.state != RULING_SEALED)
		return fail(c, ERR_CONFLICT, N_("The warranty is denied here: gather the evidence and seal the exclusion ruling first."));
	if (o->cause.n && !str_eq(o->cause, str_c(cause_names[r.cause])))
		return fail(c, ERR_CONFLICT, N_("The ruling {1} names another cause; withdraw it and rule anew."), r.no);
	return ERR_OK;
}
