/* bulk.c — a verdict on every device: four statements for each slice of ids, no other look-up. */
#include "slice/entitlement/entitlement_int.h"
#include "slice/customer/customer.h"

enum { SLICE_OF_IDS = 2000 };

struct device_row { int64_t id; str serial, kind, proof, division, customer_kind; day factory_on, invoiced_on, delivered_on, installed_on, accepted_on; bool second_hand, recall_open; };
#define D(m) FIELD(struct device_row, m)
static const struct field device_fields[] = {
	D(id), D(serial), D(kind), D(proof), D(division), D(factory_on), D(invoiced_on), D(delivered_on), D(installed_on), D(accepted_on), D(second_hand), D(recall_open), D(customer_kind), { 0 }
};
struct id_row { int64_t id; };
static const struct field id_fields[] = { FIELD(struct id_row, id), { 0 } };

struct slice_of {
	struct device_row *d; size_t n;
	struct repair_row *r; size_t n_r, at_r;
	struct wait_row *w; size_t n_w, at_w;
	struct promise_row *p; size_t n_p, at_p;
	struct id_row *swapped; size_t n_swapped, at_swapped;
};
struct bulk { struct ctx *c; const struct rules *by; day on; struct tally *t; void (*each)(void *, int64_t, str, const struct verdict *); void *arg; };

static enum err load(struct ctx *c, int64_t low, int64_t high, struct slice_of *s)
{
	const struct bind *b = BIND(P(low, low), P(high, high), P(limit, (int64_t)SLICE_OF_IDS));
	const struct bind *range = BIND(P(low, low), P(high, high));

	TRY(db_rows(c, &q_bulk_devices, b, device_fields, sizeof *s->d, SLICE_OF_IDS, &s->d, &s->n));
	TRY(db_rows(c, &q_bulk_repairs, range, repair_row_fields, sizeof *s->r, SLICE_OF_IDS * STAYS_MAX, &s->r, &s->n_r));
	TRY(db_rows(c, &q_bulk_waits, range, wait_row_fields, sizeof *s->w, SLICE_OF_IDS * STAYS_MAX, &s->w, &s->n_w));
	TRY(db_rows(c, &q_bulk_swapped, range, id_fields, sizeof *s->swapped, SLICE_OF_IDS, &s->swapped, &s->n_swapped));
	return promises_between(c, low, high, &s->p, &s->n_p);
}

/* Rows of all tables ascend by device: those of d stand at the cursors. */
static void take_rows(struct bulk *b, struct slice_of *s, const struct device_row *d, struct facts *f)
{
	struct stay *stay;
	size_t n = 0, from;

	while (s->at_r < s->n_r && s->r[s->at_r].device_id < d->id)
		s->at_r++;
	for (from = s->at_r; s->at_r < s->n_r && s->r[s->at_r].device_id == d->id; s->at_r++)
		n++;
	f->n_stay = n < STAYS_MAX ? n : STAYS_MAX;
	f->stay = stay = NEW_N(b->c->a, struct stay, f->n_stay + 1);
	for (size_t i = 0; i < f->n_stay; i++) {
		stay[i] = stay_of(&s->r[from + i]);
		while (s->at_w < s->n_w && s->w[s->at_w].record_id < s->r[from + i].id)
			s->at_w++;
		(void)waits_of(ROWS_FROM(s->w, s->at_w), s->n_w - s->at_w, s->r[from + i].id, b->c->a, &stay[i]);
	}
	while (s->at_p < s->n_p && s->p[s->at_p].device_id < d->id)
		s->at_p++;
	for (n = 0; s->at_p + n < s->n_p && s->p[s->at_p + n].device_id == d->id; n++)
		;
	facts_policies(b->c->a, b->by->set, ROWS_FROM(s->p, s->at_p), n, f);
}

static bool is_swapped(struct slice_of *s, int64_t id)
{
	while (s->at_swapped < s->n_swapped && s->swapped[s->at_swapped].id < id)
		s->at_swapped++;
	return s->at_swapped < s->n_swapped && s->swapped[s->at_swapped].id == id;
}

static enum err facts_of(struct bulk *b, struct slice_of *s, const struct device_row *d, struct facts *f)
{
	if (is_swapped(s, d->id)) {
		struct ask a = { .on = b->on, .part = PART_WHOLE, .cause = CAUSE_QUALITY, .listed = 0, .order_id = NIL };

		return entitlement_facts(b->c, d->id, &a, f);
	}
	facts_init(f);
	f->on = b->on;
	f->cause = CAUSE_QUALITY;
	f->listed = 0;
	f->kind = machine_of(d->kind);
	f->used = d->second_hand;
	f->recall = d->recall_open;
	f->proof = proven_by(d->proof);
	f->buyer = !d->customer_kind.n ? -1 : str_eq(d->customer_kind, S("organisation")) ? BUYER_BUSINESS : BUYER_CONSUMER;
	f->province = place_of_division(d->division);
	f->basis[START_FACTORY] = d->factory_on;
	f->basis[START_INVOICED] = d->invoiced_on;
	f->basis[START_DELIVERED] = d->delivered_on;
	f->basis[START_INSTALLED] = d->installed_on;
	f->basis[START_ACCEPTED] = d->accepted_on;
	take_rows(b, s, d, f);
	return ERR_OK;
}

static enum err run_slice(struct bulk *b, int64_t low, int64_t high)
{
	struct slice_of s = { 0 };
	struct verdict *v = NEW(b->c->a, struct verdict);

	TRY(load(b->c, low, high, &s));
	for (size_t i = 0; i < s.n; i++) {
		struct arena_mark mark = arena_mark(b->c->a);
		struct facts f;

		TRY(facts_of(b, &s, &s.d[i], &f));
		verdict_of(b->by->set, &f, &b->by->days, v);
		b->t->devices++;
		b->t->pay[v->pay[COST_PARTS]]++;
		b->t->unverified += v->winner && v->winner->policy->confidence;
		b->t->no_start += (v->missing >> MISSING_PROOF & 1) != 0;
		if (b->each)
			b->each(b->arg, s.d[i].id, s.d[i].serial, v);
		arena_reset(b->c->a, mark);
	}
	return ERR_OK;
}

enum err entitlement_bulk(struct ctx *c, const struct rules *by, day on, int64_t low, int64_t high, struct tally *t,
	void (*each)(void *arg, int64_t device_id, str serial, const struct verdict *v), void *arg)
{
	struct bulk b = { c, by, on, t, each, arg };

	for (int64_t at = low; at < high; at += SLICE_OF_IDS) {
		struct arena_mark mark = arena_mark(c->a);

		TRY(run_slice(&b, at, at + SLICE_OF_IDS < high ? at + SLICE_OF_IDS : high));
		arena_reset(c->a, mark);
	}
	return ERR_OK;
}

enum err entitlement_last_device(struct ctx *c, int64_t *ret) { return db_int(c, &q_device_last, BIND(), ret); }
