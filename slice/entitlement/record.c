/* record.c — promises made for a device, and the repairer's record that the law counts by. */
#include "slice/entitlement/entitlement_int.h"
#include "slice/audit/audit.h"

#define W(m) FIELD(struct promise_row, m)
static const struct field promise_fields[] = { W(device_id), W(policy), W(contract), W(clock), W(length), W(visits), W(visits_used), W(claims_used), { 0 } };
#define R(m) FIELD(struct repair_row, m)
const struct field repair_row_fields[] = { R(id), R(device_id), R(order_id), R(in_on), R(out_on), R(fixed), R(exchanged), R(replaced), { 0 } };
const struct field wait_row_fields[] = { FIELD(struct wait_row, record_id), FIELD(struct wait_row, from_on), FIELD(struct wait_row, to_on), { 0 } };

/* ---- promises ---- */

enum err promise_put(struct ctx *c, const struct promise_row *p)
{
	const struct policy_set *set;
	struct span_of length;
	bool known = false;
	int64_t id;

	assert(db_writing(c->db));
	TRY(policies(c, &set));
	for (size_t i = 0; i < set->n; i++)
		known = known || str_eq(set->p[i].id, p->policy);
	if (!known)
		return fail_field(c, "policy", N_("There is no policy {1}."), p->policy);
	if (p->length.n && !span_parse(p->length, &length))
		return fail_field(c, "length", N_("A length is written as 180d, 18m or 3y."));
	if (p->clock.n && name_index(period_names, p->clock) < 0)
		return fail_field(c, "clock", N_("There is no clock {1}."), p->clock);
	if (p->visits != NIL && p->visits < 0)
		return fail_field(c, "visits", N_("This cannot be negative."));
	TRY(db_insert(c, &q_promise_put, BIND(P(device_id, p->device_id), P(policy, p->policy), P(contract, str_or_none(p->contract)),
		P(clock, str_or_none(p->clock)), P(length, str_or_none(p->length)), P(visits, p->visits), P(now, c->now)), &id));
	return audit_add(c, "device", p->device_id, "promised", BIND(P(policy, p->policy), P(contract, str_or_none(p->contract)), P(length, str_or_none(p->length))));
}

enum err promise_drop(struct ctx *c, int64_t device_id, str policy)
{
	enum err e;

	assert(db_writing(c->db));
	e = db_exec(c, &q_promise_drop, BIND(P(device_id, device_id), P(policy, policy)), 1);
	if (e == ERR_CONFLICT) {
		c->diag = (struct diag){ 0 };
		return fail(c, ERR_NOT_FOUND, NULL);
	}
	TRY(e);
	return audit_add(c, "device", device_id, "promise_dropped", BIND(P(policy, policy)));
}

enum err promise_used(struct ctx *c, int64_t device_id, str policy, int visits, int claims)
{
	struct promise_row *p;
	size_t n;

	assert(db_writing(c->db));
	TRY(promise_lineage(c, device_id, NIL, &p, &n));
	for (size_t i = 0; i < n; i++) {
		if (str_eq(p[i].policy, policy))
			return db_exec(c, &q_promise_use, BIND(P(device_id, p[i].device_id), P(policy, policy), P(visits, visits), P(claims, claims)), 1);
	}
	return ERR_OK;
}

/* Visits and claims of a promise are used up by the order that was settled on it: once, also when it is settled again. */
static enum err spend(struct ctx *c, int64_t order_id, const struct promise_row *p, int visits, int claims)
{
	int64_t known;

	TRY(db_int(c, &q_promise_use_known, BIND(P(order_id, order_id), P(policy, p->policy)), &known));
	if (known)
		return ERR_OK;
	TRY(db_exec(c, &q_promise_use_insert, BIND(P(order_id, order_id), P(policy, p->policy), P(device_id, p->device_id), P(visits, visits), P(claims, claims), P(now, c->now)), 1));
	TRY(promise_used(c, p->device_id, p->policy, visits, claims));
	return audit_add(c, "device", p->device_id, "promise_used", BIND(P(policy, p->policy), P(order, order_id), P(visits, visits), P(claims, claims)));
}

/* A limit the winning row, or the contract, sets. */
static bool counts_visits(const struct verdict *v, const struct promise_row *p)
{
	const struct candidate *k = v->by[COST_TRAVEL];

	return k && str_eq(k->id, p->policy) && (p->visits != NIL || k->cover[COST_TRAVEL]->visits >= 0);
}

static bool counts_claims(const struct verdict *v, const struct promise_row *p)
{
	for (size_t i = COST_PARTS; i <= COST_LABOUR; i++) {
		const struct candidate *k = v->by[i];

		if (k && str_eq(k->id, p->policy) && k->cover[i]->claims >= 0)
			return true;
	}
	return false;
}

enum err promises_spend(struct ctx *c, int64_t device_id, int64_t order_id, const struct verdict *v, bool visited)
{
	struct promise_row *p;
	size_t n;

	assert(db_writing(c->db));
	TRY(promise_lineage(c, device_id, NIL, &p, &n));
	for (size_t i = 0; i < n; i++) {
		int visits = visited && counts_visits(v, &p[i]), claims = counts_claims(v, &p[i]);

		if (visits || claims)
			TRY(spend(c, order_id, &p[i], visits, claims));
	}
	return ERR_OK;
}

enum err promise_list(struct ctx *c, int64_t device_id, struct promise_row **ret, size_t *ret_n)
{
	return db_rows(c, &q_promises, BIND(P(device_id, device_id)), promise_fields, sizeof(struct promise_row), LISTED_MAX, ret, ret_n);
}

/* The same pack is promised to a unit and to the one it replaced: the nearer counts, what was used adds up. */
enum err promise_lineage(struct ctx *c, int64_t device_id, int64_t without_order, struct promise_row **ret, size_t *ret_n)
{
	struct promise_row *p;
	size_t n, kept = 0;

	TRY(db_rows(c, &q_promises_lineage, BIND(P(device_id, device_id), P(order_id, without_order), P(limit, (int64_t)LISTED_MAX)), promise_fields, sizeof *p, LISTED_MAX, &p, &n));
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < kept && !str_eq(p[k].policy, p[i].policy))
			k++;
		if (k == kept) {
			p[kept++] = p[i];
			continue;
		}
		p[k].visits_used += p[i].visits_used;
		p[k].claims_used += p[i].claims_used;
	}
	*ret = p;
	*ret_n = kept;
	return ERR_OK;
}

enum err promises_between(struct ctx *c, int64_t low, int64_t high, struct promise_row **ret, size_t *ret_n)
{
	return db_rows(c, &q_promises, BIND(P(low, low), P(high, high)), promise_fields, sizeof(struct promise_row), (size_t)(high - low) * LISTED_MAX, ret, ret_n);
}

/* ---- the repairer's record ---- */

/* The last record of an order; ERR_NOT_FOUND without one is no failure for callers who only add to it. */
static enum err record_of(struct ctx *c, int64_t order_id, struct repair_row *ret, bool *ret_there)
{
	enum err e = db_row(c, &q_repair_of_order, BIND(P(order_id, order_id)), repair_row_fields, ret);

	*ret_there = !e;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

enum err repair_in(struct ctx *c, const struct repair_of *r, day on)
{
	struct repair_row last;
	bool there;
	int64_t id;

	assert(db_writing(c->db));
	TRY(record_of(c, r->order_id, &last, &there));
	if (there && last.out_on.d == NIL)
		return ERR_OK;
	return db_insert(c, &q_repair_in, BIND(P(device_id, r->device_id), P(order_id, r->order_id), P(order_no, r->order_no),
		P(org_path, r->org_path.p ? r->org_path : S("")), P(on, on)), &id);
}

enum err repair_wait(struct ctx *c, int64_t order_id, day on)
{
	struct repair_row r;
	bool there;
	int64_t id;
	enum err e;

	assert(db_writing(c->db));
	TRY(record_of(c, order_id, &r, &there));
	if (!there)
		return ERR_OK;
	e = db_int(c, &q_repair_wait_open, BIND(P(record_id, r.id)), &id);
	if (!e)
		return ERR_OK;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return db_insert(c, &q_repair_wait_insert, BIND(P(record_id, r.id), P(on, on)), &id);
}

enum err repair_resume(struct ctx *c, int64_t order_id, day on)
{
	struct repair_row r;
	bool there;

	assert(db_writing(c->db));
	TRY(record_of(c, order_id, &r, &there));
	return there ? db_exec(c, &q_repair_wait_end, BIND(P(record_id, r.id), P(on, on)), -1) : ERR_OK;
}

enum err repair_parts(struct ctx *c, int64_t order_id, uint64_t parts)
{
	struct repair_row r;
	bool there;

	assert(db_writing(c->db));
	TRY(record_of(c, order_id, &r, &there));
	return there ? db_exec(c, &q_repair_parts, BIND(P(id, r.id), P(replaced, (int64_t)parts)), 1) : ERR_OK;
}

enum err repair_part(struct ctx *c, int64_t order_id, enum part part)
{
	struct repair_row r;
	bool there;

	assert(db_writing(c->db));
	TRY(record_of(c, order_id, &r, &there));
	return there ? repair_parts(c, order_id, (uint64_t)r.replaced | (uint64_t)1 << part) : ERR_OK;
}

enum err repair_out(struct ctx *c, int64_t order_id, day on, int fixed, bool exchanged)
{
	struct repair_row r;
	bool there;

	assert(db_writing(c->db));
	TRY(record_of(c, order_id, &r, &there));
	if (!there)
		return ERR_OK;
	TRY(db_exec(c, &q_repair_wait_end, BIND(P(record_id, r.id), P(on, on)), -1));
	return db_exec(c, &q_repair_out, BIND(P(id, r.id), P(on, on), P(fixed, fixed < 0 ? NIL : (int64_t)fixed), P(exchanged, exchanged), P(replaced, r.replaced)), 1);
}

enum err repair_judged(struct ctx *c, int64_t order_id, bool fixed)
{
	struct repair_row r;
	bool there;

	assert(db_writing(c->db));
	TRY(record_of(c, order_id, &r, &there));
	return there ? db_exec(c, &q_repair_judged, BIND(P(id, r.id), P(fixed, (int64_t)fixed)), 1) : ERR_OK;
}

enum err remedy_demanded(struct ctx *c, const struct repair_of *r, enum option remedy, day on)
{
	int64_t id;

	assert(db_writing(c->db));
	return db_insert(c, &q_demand_insert, BIND(P(device_id, r->device_id), P(order_id, r->order_id), P(order_no, r->order_no),
		P(org_path, r->org_path.p ? r->org_path : S("")), P(remedy, option_names[remedy]), P(on, on)), &id);
}

enum err remedy_done(struct ctx *c, int64_t order_id, day on)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_demand_done, BIND(P(order_id, order_id), P(on, on)), -1);
}

/* ---- rows to stays ---- */

struct stay stay_of(const struct repair_row *r)
{
	return (struct stay){ .in = r->in_on, .out = r->out_on, .fixed = r->fixed == NIL ? -1 : (int)r->fixed, .exchanged = r->exchanged, .replaced = (uint64_t)r->replaced };
}

size_t waits_of(const struct wait_row *w, size_t n, int64_t record_id, struct arena *a, struct stay *s)
{
	size_t count = 0;

	while (count < n && w[count].record_id == record_id)
		count++;
	s->n_waiting = count < WAITS_MAX ? count : WAITS_MAX;
	s->waiting = NEW_N(a, struct gap, s->n_waiting + 1);
	for (size_t i = 0; i < s->n_waiting; i++)
		s->waiting[i] = (struct gap){ w[i].from_on, w[i].to_on };
	return count;
}
