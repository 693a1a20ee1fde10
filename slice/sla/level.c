/* level.c — service levels: kept, checked, chosen. */
#include "base/words.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/sla/sla_int.h"

enum { MAX_PARTS = 500, MAX_BINDINGS = 5000 };

static const struct field target_fields[] = {
	FIELD_ENUM(struct level_target, kind, sla_kinds), FIELD_ENUM(struct level_target, tier, sla_tiers), FIELD(struct level_target, order_kind),
	FIELD_ENUM(struct level_target, priority, sla_priorities), FIELD_ENUM(struct level_target, area, sla_areas), FIELD(struct level_target, target), { 0 }
};
static const struct field pause_fields[] = { FIELD(struct level_pause, reason), FIELD(struct level_pause, stops), { 0 } };
static const struct field escalation_fields[] = {
	FIELD_ENUM(struct level_escalation, kind, sla_kinds), FIELD(struct level_escalation, step), FIELD(struct level_escalation, after),
	FIELD_ENUM(struct level_escalation, tier, sla_tiers), FIELD(struct level_escalation, role), { 0 }
};
static const struct field binding_fields[] = { FIELD_ENUM(struct level_binding, basis, sla_bases), FIELD(struct level_binding, basis_id), FIELD(struct level_binding, brand), { 0 } };
static const struct field start_fields[] = { FIELD_ENUM(struct level_start, kind, sla_kinds), FIELD_ENUM(struct level_start, starts, sla_kinds), { 0 } };
#define L(m) FIELD(struct level, m)
const struct field level_fields[] = {
	L(id), L(ver), L(code), L(name), L(name_en), L(calendar), L(note), L(active),
	{ .name = "targets", .off = offsetof(struct level, target), .kind = K_LIST, .size = sizeof(struct level_target), .off_n = offsetof(struct level, n_target), .sub = target_fields },
	{ .name = "pauses", .off = offsetof(struct level, pause), .kind = K_LIST, .size = sizeof(struct level_pause), .off_n = offsetof(struct level, n_pause), .sub = pause_fields },
	{ .name = "escalations", .off = offsetof(struct level, escalation), .kind = K_LIST, .size = sizeof(struct level_escalation), .off_n = offsetof(struct level, n_escalation), .sub = escalation_fields },
	{ .name = "bindings", .off = offsetof(struct level, binding), .kind = K_LIST, .size = sizeof(struct level_binding), .off_n = offsetof(struct level, n_binding), .sub = binding_fields },
	{ .name = "starts", .off = offsetof(struct level, start), .kind = K_LIST, .size = sizeof(struct level_start), .off_n = offsetof(struct level, n_start), .sub = start_fields },
	{ 0 }
};
static const struct field row_fields[] = { L(id), L(ver), L(code), L(name), L(name_en), L(calendar_id), L(calendar), L(note), L(active), { 0 } };

str level_title(const struct ctx *c, const struct level *l)
{
	return c->who && !strcmp(c->who->lang, "en") ? l->name_en : l->name;
}

/* ---- reading ---- */

enum err level_list(struct ctx *c, struct level **ret, size_t *ret_n)
{
	return db_rows(c, &q_level_list, BIND(), row_fields, sizeof(struct level), 500, ret, ret_n);
}

static enum err load_parts(struct ctx *c, struct level *l)
{
	const struct bind *id = BIND(P(id, l->id));

	TRY(db_rows(c, &q_level_targets, id, target_fields, sizeof *l->target, MAX_PARTS, &l->target, &l->n_target));
	TRY(db_rows(c, &q_level_pauses, id, pause_fields, sizeof *l->pause, MAX_PARTS, &l->pause, &l->n_pause));
	TRY(db_rows(c, &q_level_escalations, id, escalation_fields, sizeof *l->escalation, MAX_PARTS, &l->escalation, &l->n_escalation));
	TRY(db_rows(c, &q_level_starts, id, start_fields, sizeof *l->start, MAX_PARTS, &l->start, &l->n_start));
	return db_rows(c, &q_level_bindings, id, binding_fields, sizeof *l->binding, MAX_BINDINGS, &l->binding, &l->n_binding);
}

enum err level_get(struct ctx *c, str code, struct level *ret)
{
	TRY(db_row(c, &q_level_list, BIND(P(code, code)), row_fields, ret));
	return load_parts(c, ret);
}

enum err level_pauses(struct ctx *c, int64_t id, struct level_pause **ret, size_t *ret_n)
{
	return db_rows(c, &q_level_pauses, BIND(P(id, id)), pause_fields, sizeof **ret, MAX_PARTS, ret, ret_n);
}

enum err level_by_id(struct ctx *c, int64_t id, struct level *ret)
{
	const struct bind *b = BIND(P(id, id));

	TRY(db_row(c, &q_level_list, b, row_fields, ret));
	TRY(db_rows(c, &q_level_targets, b, target_fields, sizeof *ret->target, MAX_PARTS, &ret->target, &ret->n_target));
	TRY(db_rows(c, &q_level_pauses, b, pause_fields, sizeof *ret->pause, MAX_PARTS, &ret->pause, &ret->n_pause));
	TRY(db_rows(c, &q_level_starts, b, start_fields, sizeof *ret->start, MAX_PARTS, &ret->start, &ret->n_start));
	return db_rows(c, &q_level_escalations, b, escalation_fields, sizeof *ret->escalation, MAX_PARTS, &ret->escalation, &ret->n_escalation);
}

/* ---- choosing ---- */

struct chosen { int basis; int64_t level_id, calendar_id; };
static const struct field chosen_fields[] = { FIELD_ENUM(struct chosen, basis, sla_bases), FIELD(struct chosen, level_id), FIELD(struct chosen, calendar_id), { 0 } };

enum err level_choose(struct ctx *c, const struct sla_facts *f, struct level_choice *ret)
{
	const struct bind *b = BIND(P(contract_id, f->contract_id), P(customer_id, f->customer_id), P(product_id, f->product_id), P(station_id, f->station_id),
		P(brand_key, fold(c->a, f->brand)));
	struct chosen *hit;
	int best = BASIS_N;
	size_t n;

	TRY(db_rows(c, &q_level_choose, b, chosen_fields, sizeof *hit, 10, &hit, &n));
	*ret = (struct level_choice){ NIL, NIL };
	for (size_t i = 0; i < n; i++)
		if (hit[i].basis < best) {
			best = hit[i].basis;
			*ret = (struct level_choice){ hit[i].level_id, hit[i].calendar_id };
		}
	return ERR_OK;
}

/* How closely a row fits; -1: not at all. */
static int fit(const struct level_target *t, const struct sla_facts *f)
{
	if (t->order_kind.n && !str_eq(t->order_kind, f->order_kind))
		return -1;
	if ((t->priority >= 0 && t->priority != f->priority) || (t->area >= 0 && t->area != f->area))
		return -1;
	return (t->order_kind.n ? 4 : 0) + (t->priority >= 0 ? 2 : 0) + (t->area >= 0 ? 1 : 0);
}

const struct level_target *level_target_for(const struct level *l, const struct sla_facts *f, enum sla_kind kind, enum sla_tier tier)
{
	const struct level_target *best = NULL;
	int score = -1;

	for (size_t i = 0; i < l->n_target; i++) {
		const struct level_target *t = &l->target[i];

		if (t->kind == (int)kind && t->tier == (int)tier && fit(t, f) > score) {
			best = t;
			score = fit(t, f);
		}
	}
	return best;
}

/* ---- checking ---- */

static str brand_key(struct ctx *c, const struct level_binding *b) { return b->brand.n ? fold(c->a, str_trim(b->brand)) : S(""); }

static const char *at(struct ctx *c, const char *list, size_t i, const char *key)
{
	return arena_fmt(c->a, "%s.%zu.%s", list, i, key).p;
}

static bool same_conditions(const struct level_target *a, const struct level_target *b)
{
	return a->kind == b->kind && a->tier == b->tier && str_eq(a->order_kind, b->order_kind) && a->priority == b->priority && a->area == b->area;
}

static void check_targets(struct ctx *c, const struct level *l)
{
	struct target t;

	for (size_t i = 0; i < l->n_target; i++) {
		if (!target_parse(l->target[i].target, &t))
			(void)fail_field(c, at(c, "targets", i, "target"), N_("A target is 90m, 8h, 1h30m, 3wd or 2cd."));
		if (l->target[i].kind < 0 || l->target[i].tier < 0)
			(void)fail_field(c, at(c, "targets", i, "kind"), N_("Which clock is this target for?"));
		for (size_t k = 0; k < i; k++)
			if (same_conditions(&l->target[i], &l->target[k]))
				(void)fail_field(c, at(c, "targets", i, "kind"), N_("Another target has the same conditions: one of them could never apply."));
	}
}

static void check_escalations(struct ctx *c, const struct level *l)
{
	int64_t ms;

	for (size_t i = 0; i < l->n_escalation; i++) {
		const struct level_escalation *e = &l->escalation[i];

		if (!duration_parse(e->after, &ms))
			(void)fail_field(c, at(c, "escalations", i, "after"), N_("A duration is expected, such as 5h30m."));
		if (e->tier <= SLA_CUSTOMER)
			(void)fail_field(c, at(c, "escalations", i, "tier"), N_("Escalation goes to a tier: station, region or hq."));
		if (name_index(role_names, e->role) < 0)
			(void)fail_field(c, at(c, "escalations", i, "role"), N_("There is no role {1}."), e->role);
		if (e->step < 1 || e->step > 9)
			(void)fail_field(c, at(c, "escalations", i, "step"), N_("Steps are 1 to 9."));
		for (size_t k = 0; k < i; k++)
			if (l->escalation[k].kind == e->kind && l->escalation[k].step == e->step)
				(void)fail_field(c, at(c, "escalations", i, "step"), N_("This step is there twice."));
	}
}

static bool promises(const struct level *l, int kind)
{
	for (size_t i = 0; i < l->n_target; i++)
		if (l->target[i].kind == kind && l->target[i].tier == SLA_CUSTOMER)
			return true;
	return false;
}

static void check_starts(struct ctx *c, const struct level *l)
{
	for (size_t i = 0; i < l->n_start; i++) {
		const struct level_start *s = &l->start[i];

		if (s->kind < 0 || s->kind == SLA_SPARE || s->starts < 0 || s->starts == s->kind) {
			(void)fail_field(c, at(c, "starts", i, "starts"), N_("Which clock starts when which other one is missed?"));
			continue;
		}
		if (!promises(l, s->kind) || !promises(l, s->starts))
			(void)fail_field(c, at(c, "starts", i, "starts"), N_("Both clocks need a target for the customer."));
		for (size_t k = 0; k < i; k++)
			if (l->start[k].kind == s->kind && l->start[k].starts == s->starts)
				(void)fail_field(c, at(c, "starts", i, "starts"), N_("This is there twice."));
	}
}

static enum err check_pauses(struct ctx *c, const struct level *l)
{
	struct pause_reason *r;
	size_t n, k;

	TRY(pause_reason_list(c, &r, &n));
	for (size_t i = 0; i < l->n_pause; i++) {
		for (k = 0; k < n && !str_eq(r[k].code, l->pause[i].reason); k++)
			;
		if (k == n)
			(void)fail_field(c, at(c, "pauses", i, "reason"), N_("There is no reason for a pause called {1}."), l->pause[i].reason);
	}
	return ERR_OK;
}

static bool names_one(const struct level_binding *b)
{
	if (b->basis == BASIS_BRAND)
		return b->basis_id == 0 && str_trim(b->brand).n;
	return b->basis > BASIS_CONTRACT && (b->basis == BASIS_DEFAULT) == (b->basis_id == 0) && !b->brand.n;
}

/* Two levels for the same customer would be a tie: refused here, not decided at random later. */
static enum err check_bindings(struct ctx *c, const struct level *l)
{
	for (size_t i = 0; i < l->n_binding; i++) {
		const struct level_binding *b = &l->binding[i];
		int64_t other;
		enum err e;

		if (b->basis == BASIS_CONTRACT) {
			(void)fail_field(c, at(c, "bindings", i, "basis"), N_("A contract names its service level itself."));
			continue;
		}
		if (!names_one(b)) {
			(void)fail_field(c, at(c, "bindings", i, "basis_id"), N_("Which one? The default has no number, a brand has its name, everything else has a number."));
			continue;
		}
		e = db_int(c, &q_level_bound, BIND(P(basis, sla_bases[b->basis]), P(basis_id, b->basis_id), P(brand_key, brand_key(c, b))), &other);
		if (e && e != ERR_NOT_FOUND)
			return e;
		if (e)
			c->diag.code = c->diag.n ? ERR_INVALID : ERR_OK;
		else if (other != l->id)
			(void)fail_field(c, at(c, "bindings", i, "basis_id"), N_("Another service level applies to this already: there can be one only."));
	}
	return ERR_OK;
}

static enum err check(struct ctx *c, const struct level *l, struct calendar *ret)
{
	enum err e = calendar_by_code(c, l->calendar, ret);

	if (e && e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	if (e)
		(void)fail_field(c, "calendar", N_("There is no calendar {1}."), l->calendar);
	if (!str_trim(l->name).n)
		(void)fail_field(c, "name", N_("A name is needed."));
	if (!str_trim(l->name_en).n)
		(void)fail_field(c, "name_en", N_("A name is needed."));
	check_targets(c, l);
	check_escalations(c, l);
	check_starts(c, l);
	TRY(check_pauses(c, l));
	TRY(check_bindings(c, l));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

/* ---- saving ---- */

static str name_or_blank(const char *const *names, int i) { return i < 0 ? S("") : str_c(names[i]); }

static enum err put_parts(struct ctx *c, const struct level *l)
{
	TRY(db_exec(c, &q_level_targets_clear, BIND(P(id, l->id)), -1));
	TRY(db_exec(c, &q_level_pauses_clear, BIND(P(id, l->id)), -1));
	TRY(db_exec(c, &q_level_escalations_clear, BIND(P(id, l->id)), -1));
	TRY(db_exec(c, &q_level_starts_clear, BIND(P(id, l->id)), -1));
	TRY(db_exec(c, &q_level_bindings_clear, BIND(P(id, l->id)), -1));
	for (size_t i = 0; i < l->n_target; i++) {
		const struct level_target *t = &l->target[i];

		TRY(db_exec(c, &q_level_target_insert, BIND(P(id, l->id), P(kind, sla_kinds[t->kind]), P(tier, sla_tiers[t->tier]),
			P(order_kind, t->order_kind.n ? t->order_kind : S("")), P(priority, name_or_blank(sla_priorities, t->priority)),
			P(area, name_or_blank(sla_areas, t->area)), P(target, t->target)), 1));
	}
	for (size_t i = 0; i < l->n_start; i++)
		TRY(db_exec(c, &q_level_start_insert, BIND(P(id, l->id), P(kind, sla_kinds[l->start[i].kind]), P(starts, sla_kinds[l->start[i].starts])), 1));
	for (size_t i = 0; i < l->n_pause; i++)
		TRY(db_exec(c, &q_level_pause_insert, BIND(P(id, l->id), P(reason, l->pause[i].reason), P(stops, l->pause[i].stops)), 1));
	for (size_t i = 0; i < l->n_escalation; i++) {
		const struct level_escalation *e = &l->escalation[i];

		TRY(db_exec(c, &q_level_escalation_insert, BIND(P(id, l->id), P(kind, sla_kinds[e->kind]), P(step, e->step), P(after, e->after),
			P(tier, sla_tiers[e->tier]), P(role, e->role)), 1));
	}
	for (size_t i = 0; i < l->n_binding; i++)
		TRY(db_exec(c, &q_level_binding_insert, BIND(P(id, l->id), P(basis, sla_bases[l->binding[i].basis]), P(basis_id, l->binding[i].basis_id),
			P(brand_key, brand_key(c, &l->binding[i])), P(brand, str_or_none(str_trim(l->binding[i].brand)))), 1));
	return ERR_OK;
}

enum err level_add(struct ctx *c, const struct level *l, int64_t *ret_id)
{
	struct level fresh = *l, other;
	struct calendar k;
	enum err e;

	assert(db_writing(c->db));
	fresh.id = NIL;
	if (!l->code.n || l->code.n > 40)
		return fail_field(c, "code", N_("A code is needed, such as standard."));
	e = level_get(c, l->code, &other);
	if (!e)
		return fail_field(c, "code", N_("There is a service level {1} already."), l->code);
	if (e != ERR_NOT_FOUND)
		return e;
	TRY(check(c, &fresh, &k));
	TRY(db_insert(c, &q_level_insert, BIND(P(code, l->code), P(name, l->name), P(name_en, l->name_en), P(calendar_id, k.id), P(note, l->note), P(active, l->active)), &fresh.id));
	TRY(put_parts(c, &fresh));
	*ret_id = fresh.id;
	return audit_add(c, "level", fresh.id, "add", BIND(P(code, l->code)));
}

enum err level_save(struct ctx *c, const struct level *l)
{
	struct calendar k;

	assert(db_writing(c->db));
	TRY(check(c, l, &k));
	TRY(db_exec(c, &q_level_save, BIND(P(id, l->id), P(ver, l->ver), P(name, l->name), P(name_en, l->name_en), P(calendar_id, k.id), P(note, l->note), P(active, l->active)), 1));
	TRY(put_parts(c, l));
	return audit_add(c, "level", l->id, "change", BIND(P(code, l->code), P(calendar, l->calendar)));
}

/* ---- whom it applies to, said elsewhere ---- */

static enum err calendar_named(struct ctx *c, str code, int64_t *ret)
{
	struct calendar k;
	enum err e;

	*ret = NIL;
	if (!code.n)
		return ERR_OK;
	e = calendar_by_code(c, code, &k);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "calendar", N_("There is no calendar {1}."), code);
	}
	*ret = e ? NIL : k.id;
	return e;
}

enum err sla_contract_bind(struct ctx *c, int64_t contract_id, str level, str calendar)
{
	int64_t calendar_id;
	struct level l;
	enum err e;

	assert(db_writing(c->db));
	if (!level.n)
		return db_exec(c, &q_contract_unbind, BIND(P(contract_id, contract_id)), -1);
	TRY(calendar_named(c, calendar, &calendar_id));
	e = db_row(c, &q_level_list, BIND(P(code, level)), row_fields, &l);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "level", N_("There is no service level {1}."), level);
	}
	TRY(e);
	return db_exec(c, &q_contract_bind, BIND(P(contract_id, contract_id), P(level_id, l.id), P(calendar_id, calendar_id)), 1);
}

enum err level_contracts(struct ctx *c, int64_t level_id, int64_t *ret) { return db_int(c, &q_level_contracts, BIND(P(id, level_id)), ret); }

/* Who has a level's page open must read it again. */
enum err level_customer_merged(struct ctx *c, int64_t keep, int64_t drop)
{
	TRY(db_exec(c, &q_bound_touch, BIND(P(customer_id, drop)), -1));
	TRY(db_exec(c, &q_bound_move, BIND(P(keep, keep), P(drop, drop)), -1));
	return db_exec(c, &q_bound_drop, BIND(P(customer_id, drop)), -1);
}
