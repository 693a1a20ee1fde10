/* facts_read.c — facts as people and other programs write them. */
#include "slice/entitlement/verdict.h"

#define bad(r, n, text, ...) flaw_at((r)->flaw, (r)->file, (n)->line, text, __VA_ARGS__)

static const struct { const char *name; int kind; } kind_alias[] = {
	{ "laptop", MACHINE_NOTEBOOK }, { "pc", MACHINE_DESKTOP }, { "keyboard", MACHINE_PERIPHERAL }, { "mouse", MACHINE_PERIPHERAL },
};

static bool own_kind(const struct reader *r, const struct node *n, void *member)
{
	int kind = n->kind == NODE_STR ? name_index(machine_names, n->s) : -1;

	for (size_t i = 0; i < LEN(kind_alias) && kind < 0 && n->kind == NODE_STR; i++) {
		if (str_eq(n->s, str_c(kind_alias[i].name)))
			kind = kind_alias[i].kind;
	}
	if (kind < 0)
		return bad(r, n, N_("\"{1}\" does not know \"{2}\""), n->name, n->kind == NODE_STR ? n->s : S("?"));
	*(int *)member = kind;
	return true;
}

static bool own_part(const struct reader *r, const struct node *n, void *member)
{
	if (n->kind != NODE_STR || !n->s.n)
		return bad(r, n, N_("\"{1}\" must be a text"), n->name);
	*(int *)member = (int)part_of(n->s);
	return true;
}

static bool own_parts(const struct reader *r, const struct node *n, void *member)
{
	int part = PART_OTHER;

	if (n->kind != NODE_LIST)
		return bad(r, n, N_("\"{1}\" must be a list"), n->name);
	*(uint64_t *)member = 0;
	for (const struct node *e = n->child; e; e = e->next) {
		if (!own_part(r, e, &part))
			return false;
		*(uint64_t *)member |= (uint64_t)1 << part;
	}
	return true;
}

static bool own_day(const struct reader *r, const struct node *n, day *ret)
{
	return (n->kind == NODE_STR && n->s.n == 10 && n->s.p[4] == '-' && day_parse(n->s, ret)) || bad(r, n, N_("\"{1}\" is no date that exists (YYYY-MM-DD)"), n->s);
}

/* A single day, or [from, to) with null for one that goes on. */
static bool own_gap(const struct reader *r, const struct node *n, void *member)
{
	struct gap *g = member;
	const struct node *from = n->child, *to = from ? from->next : NULL;

	g->to = NO_DAY;
	if (n->kind == NODE_STR) {
		if (!own_day(r, n, &g->from))
			return false;
		g->to.d = g->from.d + 1;
		return true;
	}
	if (n->kind != NODE_LIST || !to || to->next)
		return bad(r, n, N_("waiting is a list of days or of [from, to]"));
	if (!own_day(r, from, &g->from) || (to->kind != NODE_NULL && !own_day(r, to, &g->to)))
		return false;
	return to->kind == NODE_NULL || g->to.d >= g->from.d || bad(r, to, N_("it ends before it begins"));
}

static bool own_province(const struct reader *r, const struct node *n, void *member)
{
	if (n->kind != NODE_STR || !place_valid(n->s))
		return bad(r, n, N_("\"{1}\" must be a place such as CN-ZJ or DE (ISO 3166)"), n->name);
	*(str *)member = n->s;
	return true;
}

static void start_stay(void *e) { *(struct stay *)e = (struct stay){ .in = NO_DAY, .out = NO_DAY, .fixed = -1 }; }
static void start_terms(void *e) { *(struct terms *)e = (struct terms){ .period = -1, .visits = -1, .visits_used = -1, .claims_used = -1 }; }

static const struct key device_keys[] = {
	KEY(struct facts, kind, KEY_OWN, .own = own_kind), KEY(struct facts, used, KEY_FLAG), KEY(struct facts, marked, KEY_FLAG),
	KEY(struct facts, bought_in, KEY_FLAG), KEY(struct facts, recall, KEY_FLAG), KEY(struct facts, gone, KEY_DAY), KEY(struct facts, replaces, KEY_STR), { 0 }
};
#define BASIS(name_, b) { .name = (name_), .kind = KEY_DAY, .off = offsetof(struct facts, basis) + (b) * sizeof(day) }
static const struct key fact_keys[] = {
	BASIS("invoiced", START_INVOICED), BASIS("delivered", START_DELIVERED), BASIS("installed", START_INSTALLED), BASIS("accepted", START_ACCEPTED),
	BASIS("factory", START_FACTORY),
	KEY(struct facts, proof, KEY_ENUM, .names = proof_names), KEY(struct facts, buyer, KEY_ENUM, .names = buyer_names),
	KEY(struct facts, province, KEY_OWN, .own = own_province), KEY(struct facts, original_owner, KEY_FLAG), KEY(struct facts, same_model, KEY_FLAG),
	KEY(struct facts, declined, KEY_FLAG), KEY(struct facts, unrepairable, KEY_FLAG),
	KEY(struct facts, visits_used, KEY_INT, .max = 9999), KEY(struct facts, claims_used, KEY_INT, .max = 9999), { 0 }
};
static const struct key fault_keys[] = { KEY(struct facts, listed, KEY_FLAG), KEY(struct facts, cause, KEY_ENUM, .names = cause_names), { 0 } };
static const struct key stay_keys[] = {
	KEY(struct stay, in, KEY_DAY, .required = true), KEY(struct stay, out, KEY_DAY), KEY(struct stay, fixed, KEY_FLAG), KEY(struct stay, exchanged, KEY_FLAG),
	KEY(struct stay, replaced, KEY_OWN, .own = own_parts),
	KEY(struct stay, waiting, KEY_LIST, KEY_MANY(struct stay, waiting, n_waiting), .max = WAITS_MAX, .own = own_gap), { 0 }
};
static const struct key terms_keys[] = {
	KEY(struct terms, policy, KEY_CODE, .required = true), KEY_AS(struct terms, "clock", period, KEY_ENUM, .names = period_names),
	KEY(struct terms, length, KEY_SPAN), KEY(struct terms, visits, KEY_INT, .max = 9999), KEY(struct terms, visits_used, KEY_INT, .max = 9999),
	KEY(struct terms, claims_used, KEY_INT, .max = 9999), { 0 }
};
static const struct key question_keys[] = {
	KEY(struct facts, on, KEY_DAY, .required = true),
	KEY_AS(struct facts, "policies", policy, KEY_STRS, .off_n = offsetof(struct facts, n_policy), .max = LISTED_MAX),
	{ .name = "device", .kind = KEY_MAP, .sub = device_keys }, KEY(struct facts, part, KEY_OWN, .own = own_part),
	{ .name = "facts", .kind = KEY_MAP, .sub = fact_keys }, { .name = "fault", .kind = KEY_MAP, .sub = fault_keys },
	KEY_AS(struct facts, "history", stay, KEY_LIST, KEY_MANY(struct facts, stay, n_stay), .max = STAYS_MAX, .sub = stay_keys, .start = start_stay),
	KEY(struct facts, terms, KEY_LIST, KEY_MANY(struct facts, terms, n_terms), .sub = terms_keys, .start = start_terms),
	{ .name = "id", .kind = KEY_ANY }, { .name = "why", .kind = KEY_ANY }, { .name = "expect", .kind = KEY_ANY }, { 0 }
};

static int by_in(const void *x, const void *y)
{
	const struct stay *a = x, *b = y;

	return (a->in.d > b->in.d) - (a->in.d < b->in.d);
}

bool facts_read(const struct reader *r, const struct node *n, struct facts *ret)
{
	struct facts f;

	facts_init(&f);
	if (!doc_read(r, n, question_keys, &f))
		return false;
	for (size_t i = 0; i < f.n_stay; i++) {
		const struct stay *s = &f.stay[i];

		if (s->out.d != NIL && s->out.d < s->in.d)
			return flaw_at(r->flaw, r->file, s->line, N_("it ends before it begins"));
	}
	if (f.n_stay > 1)
		qsort((struct stay *)(uintptr_t)f.stay, f.n_stay, sizeof *f.stay, by_in);
	f.line = n->line;
	*ret = f;
	return true;
}
