/* facts_json.c — facts as in a verdict vector; the opposite of facts_read. */
#include "slice/entitlement/entitlement_int.h"
#include "slice/audit/audit.h"

static struct val flag(int f) { return f < 0 ? (struct val){ 0 } : v_bool(f); }
static struct val name(const char *const *names, int i) { return i < 0 ? (struct val){ 0 } : v_cstr(names[i]); }

/* JSON texts as one list. */
static json list_of(struct arena *a, const json *item, size_t n)
{
	str *part = NEW_N(a, str, n + 1);
	str inside;

	for (size_t i = 0; i < n; i++)
		part[i] = item[i].s;
	inside = n ? arena_join(a, part, n, S(",")) : S("");
	return (json){ arena_fmt(a, "[%.*s]", STR_ARG(inside)) };
}

/* A text without quotes or controls inside: codes, dates. */
static json word(struct arena *a, str s) { return (json){ arena_fmt(a, "\"%.*s\"", STR_ARG(s)) }; }

static json words(struct arena *a, uint64_t bits, const char *const *names)
{
	json item[64];
	size_t n = 0;

	for (size_t i = 0; names[i]; i++) {
		if (bits >> i & 1)
			item[n++] = word(a, str_c(names[i]));
	}
	return list_of(a, item, n);
}

static json gap_json(struct arena *a, const struct gap *g)
{
	json ends[2] = { word(a, day_iso(a, g->from)), g->to.d == NIL ? (json){ S("null") } : word(a, day_iso(a, g->to)) };

	return list_of(a, ends, 2);
}

static json stay_json(struct ctx *c, const struct stay *s)
{
	json gap[WAITS_MAX];

	for (size_t i = 0; i < s->n_waiting; i++)
		gap[i] = gap_json(c->a, &s->waiting[i]);
	return audit_data(c, BIND(P(in, s->in), P(out, s->out), { "fixed", flag(s->fixed) }, P(waiting, list_of(c->a, gap, s->n_waiting)),
		P(replaced, words(c->a, s->replaced, part_names)), P(exchanged, (bool)(s->exchanged == 1))));
}

static json terms_json(struct ctx *c, const struct terms *t)
{
	return audit_data(c, BIND(P(policy, t->policy), { "clock", name(period_names, t->period) }, P(length, t->period < 0 ? (str){ 0 } : span_print(c->a, t->length)),
		P(visits, t->visits < 0 ? NIL : (int64_t)t->visits), P(visits_used, t->visits_used < 0 ? NIL : (int64_t)t->visits_used),
		P(claims_used, t->claims_used < 0 ? NIL : (int64_t)t->claims_used)));
}

static json dates_json(struct ctx *c, const struct facts *f)
{
	const day *b = f->basis;

	return audit_data(c, BIND(P(invoiced, b[START_INVOICED]), P(delivered, b[START_DELIVERED]), P(installed, b[START_INSTALLED]), P(accepted, b[START_ACCEPTED]),
		P(factory, b[START_FACTORY]), P(proof, proof_names[f->proof]), { "buyer", name(buyer_names, f->buyer) }, P(province, f->province),
		{ "original_owner", flag(f->original_owner) }, { "same_model", flag(f->same_model) }, { "declined", flag(f->declined) },
		{ "unrepairable", flag(f->unrepairable) }, P(visits_used, f->visits_used), P(claims_used, f->claims_used)));
}

json facts_json(struct ctx *c, const struct facts *f)
{
	json *policy = NEW_N(c->a, json, f->n_policy + 1), *stay = NEW_N(c->a, json, f->n_stay + 1), *terms = NEW_N(c->a, json, f->n_terms + 1);
	json device = audit_data(c, BIND({ "kind", name(machine_names, f->kind) }, { "used", flag(f->used) }, { "marked", flag(f->marked) }, { "bought_in", flag(f->bought_in) },
		{ "recall", flag(f->recall) }, P(gone, f->gone), P(replaces, str_or_none(f->replaces))));
	json fault = audit_data(c, BIND({ "listed", flag(f->listed) }, P(cause, cause_names[f->cause])));

	for (size_t i = 0; i < f->n_policy; i++)
		policy[i] = word(c->a, f->policy[i]);
	for (size_t i = 0; i < f->n_stay; i++)
		stay[i] = stay_json(c, &f->stay[i]);
	for (size_t i = 0; i < f->n_terms; i++)
		terms[i] = terms_json(c, &f->terms[i]);
	return audit_data(c, BIND(P(on, f->on), P(policies, list_of(c->a, policy, f->n_policy)), P(device, device), P(part, part_names[f->part]),
		P(facts, dates_json(c, f)), P(fault, fault), P(history, list_of(c->a, stay, f->n_stay)), P(terms, list_of(c->a, terms, f->n_terms))));
}
