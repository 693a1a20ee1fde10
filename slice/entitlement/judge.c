/* judge.c — the facts of a device as recorded, the verdict on them, verdicts kept and added to. */
#include "slice/entitlement/entitlement_int.h"
#include "base/money.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/product/product.h"

/* ---- facts ---- */

struct dates { day factory_on, invoiced_on, delivered_on, installed_on, accepted_on; str serial, proof, owner_kind, owner_division; instant gone_at; };
#define D(m) FIELD(struct dates, m)
static const struct field date_fields[] = { D(factory_on), D(invoiced_on), D(delivered_on), D(installed_on), D(accepted_on), D(serial), D(proof), D(owner_kind), D(owner_division), D(gone_at), { 0 } };

int machine_of(str kind) { return name_index(machine_names, kind); }

int proven_by(str proof)
{
	int i = name_index(proof_names, proof);

	return i >= 0 ? i : str_eq(proof, S("card")) ? PROVEN_CARD : PROVEN_NONE;
}

/* First two digits of a division code (GB/T 2260) and the province's code (ISO 3166-2). */
static const struct { const char code[3], iso[3]; } province[] = {
	{ "11", "BJ" }, { "12", "TJ" }, { "13", "HE" }, { "14", "SX" }, { "15", "NM" }, { "21", "LN" }, { "22", "JL" }, { "23", "HL" }, { "31", "SH" }, { "32", "JS" },
	{ "33", "ZJ" }, { "34", "AH" }, { "35", "FJ" }, { "36", "JX" }, { "37", "SD" }, { "41", "HA" }, { "42", "HB" }, { "43", "HN" }, { "44", "GD" }, { "45", "GX" },
	{ "46", "HI" }, { "50", "CQ" }, { "51", "SC" }, { "52", "GZ" }, { "53", "YN" }, { "54", "XZ" }, { "61", "SN" }, { "62", "GS" }, { "63", "QH" }, { "64", "NX" },
	{ "65", "XJ" }, { "71", "TW" }, { "81", "HK" }, { "82", "MO" },
};
static const char iso[LEN(province)][6] = {
	"CN-BJ", "CN-TJ", "CN-HE", "CN-SX", "CN-NM", "CN-LN", "CN-JL", "CN-HL", "CN-SH", "CN-JS", "CN-ZJ", "CN-AH", "CN-FJ", "CN-JX", "CN-SD", "CN-HA", "CN-HB", "CN-HN",
	"CN-GD", "CN-GX", "CN-HI", "CN-CQ", "CN-SC", "CN-GZ", "CN-YN", "CN-XZ", "CN-SN", "CN-GS", "CN-QH", "CN-NX", "CN-XJ", "CN-TW", "CN-HK", "CN-MO",
};

str place_of_division(str division)
{
	for (size_t i = 0; i < LEN(province); i++) {
		if (division.n >= 6 && str_starts(division, str_c(province[i].code)))
			return str_c(iso[i]);
	}
	return S("CN");
}

struct ask ask_today(const struct ctx *c)
{
	return (struct ask){ .on = tz_day(c->who->zone, c->now), .part = PART_WHOLE, .cause = -1, .listed = -1, .order_id = NIL };
}

static bool named_already(const struct facts *f, str id)
{
	for (size_t i = 0; i < f->n_policy; i++) {
		if (str_eq(f->policy[i], id))
			return true;
	}
	return false;
}

void facts_policies(struct arena *a, const struct policy_set *set, const struct promise_row *p, size_t n, struct facts *f)
{
	str *id = NEW_N(a, str, LISTED_MAX);
	struct terms *t = NEW_N(a, struct terms, n + 1);

	f->policy = id;
	f->n_policy = 0;
	for (size_t i = 0; i < set->n && f->n_policy < LISTED_MAX; i++) {
		const struct policy *s = &set->p[i];

		bool of_law = s->kind == POLICY_STATUTE || (s->kind == POLICY_RECALL && f->recall == 1);

		if (of_law && policy_place(s, f->province) != LOST_ELSEWHERE && !named_already(f, s->id))
			id[f->n_policy++] = s->id;
	}
	f->terms = t;
	f->n_terms = 0;
	for (size_t i = 0; i < n && f->n_policy < LISTED_MAX; i++) {
		struct terms *one = &t[f->n_terms++];

		id[f->n_policy++] = p[i].policy;
		*one = (struct terms){ .policy = p[i].policy, .period = -1, .visits = p[i].visits == NIL ? -1 : (int)p[i].visits,
			.visits_used = (int)p[i].visits_used, .claims_used = (int)p[i].claims_used };
		if (p[i].length.n && span_parse(p[i].length, &one->length))
			one->period = p[i].clock.n ? name_index(period_names, p[i].clock) : PERIOD_WHOLE;
	}
}

/* Dates of the first unit of the lineage count, the last row is the unit itself: whose it is, where, and when it was given away. */
static enum err take_dates(struct ctx *c, const struct device *unit, struct facts *f)
{
	struct dates *d;
	size_t n;

	TRY(db_rows(c, &q_lineage_dates, BIND(P(device_id, unit->id)), date_fields, sizeof *d, 16, &d, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	f->basis[START_FACTORY] = d[0].factory_on;
	f->basis[START_INVOICED] = d[0].invoiced_on;
	f->basis[START_DELIVERED] = d[0].delivered_on;
	f->basis[START_INSTALLED] = d[0].installed_on;
	f->basis[START_ACCEPTED] = d[0].accepted_on;
	f->proof = proven_by(d[0].proof);
	f->buyer = !d[n - 1].owner_kind.n ? -1 : str_eq(d[n - 1].owner_kind, S("organisation")) ? BUYER_BUSINESS : BUYER_CONSUMER;
	f->province = place_of_division(unit->division);
	if (f->province.n == 2)
		f->province = place_of_division(d[n - 1].owner_division);
	if (n > 1)
		f->replaces = d[n - 2].serial;
	if (unit->replaced_by != NIL && d[n - 1].gone_at.ms != NIL)
		f->gone = tz_day(c->who->zone, d[n - 1].gone_at);
	return ERR_OK;
}

/* What an order does itself starts no clock for it; what took the unit away starts none for it either. */
static void starts_nothing(const struct facts *f, const struct repair_row *r, int64_t order_id, struct stay *s)
{
	bool own = order_id != NIL && r->order_id == order_id;

	if (own) {
		s->out = NO_DAY;
		s->fixed = -1;
		s->replaced = 0;
	}
	if (own || (f->gone.d != NIL && s->out.d != NIL && s->out.d >= f->gone.d))
		s->exchanged = 0;
}

static enum err take_stays(struct ctx *c, int64_t device_id, int64_t order_id, struct facts *f)
{
	struct repair_row *r;
	struct wait_row *w;
	size_t n_w;
	struct stay *s;

	TRY(db_rows(c, &q_repairs, BIND(P(device_id, device_id), P(limit, (int64_t)STAYS_MAX)), repair_row_fields, sizeof *r, STAYS_MAX, &r, &f->n_stay));
	if (!f->n_stay)
		return ERR_OK;
	TRY(db_rows(c, &q_repair_waits, BIND(P(device_id, device_id), P(limit, (int64_t)STAYS_MAX * WAITS_MAX)), wait_row_fields, sizeof *w, STAYS_MAX * WAITS_MAX, &w, &n_w));
	f->stay = s = NEW_N(c->a, struct stay, f->n_stay + 1);
	for (size_t i = 0; i < f->n_stay; i++) {
		size_t first = 0;

		s[i] = stay_of(&r[i]);
		starts_nothing(f, &r[i], order_id, &s[i]);
		while (first < n_w && w[first].record_id != r[i].id)
			first++;
		(void)waits_of(ROWS_FROM(w, first), n_w - first, r[i].id, c->a, &s[i]);
	}
	return ERR_OK;
}

static enum err facts_of(struct ctx *c, const struct policy_set *set, const struct device *d, const struct ask *a, struct facts *ret)
{
	struct promise_row *p;
	struct facts f;
	size_t n;

	facts_init(&f);
	f.on = a->on;
	f.part = a->part < 0 ? PART_WHOLE : a->part;
	f.part_by = a->part_by;
	f.part_words = a->part_words;
	f.cause = a->cause < 0 ? CAUSE_UNKNOWN : a->cause;
	f.listed = a->listed;
	f.kind = machine_of(str_c(device_kinds[d->kind]));
	f.used = d->second_hand;
	f.recall = d->recall_open;
	TRY(take_dates(c, d, &f));
	if (a->place.n)
		f.province = a->place;
	/* On the day of the exchange its own order still asks for the unit that came in. */
	if (a->order_id != NIL && f.gone.d == a->on.d)
		f.gone = NO_DAY;
	TRY(take_stays(c, d->id, a->order_id, &f));
	TRY(promise_lineage(c, d->id, a->order_id, &p, &n));
	facts_policies(c->a, set, p, n, &f);
	*ret = f;
	return ERR_OK;
}

enum err entitlement_facts(struct ctx *c, int64_t device_id, const struct ask *a, struct facts *ret)
{
	const struct policy_set *set;
	struct device d;

	TRY(device_get(c, device_id, &d));
	TRY(policies(c, &set));
	return facts_of(c, set, &d, a, ret);
}

enum err part_of_fault(struct ctx *c, str fault_code, struct ask *ret)
{
	struct code k;
	enum part part;
	enum err e;

	ret->part = PART_WHOLE;
	if (!fault_code.n)
		return ERR_OK;
	e = fault_get(c, fault_code, &k);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	part = part_by_words(k.name_zh);
	if (part == PART_OTHER)
		part = part_by_words(k.name_en);
	if (part == PART_OTHER)
		return ERR_OK;
	ret->part = (int)part;
	ret->part_by = PART_BY_WORDS;
	ret->part_words = !strcmp(c->who->lang, "zh") ? k.name_zh : k.name_en;
	return ERR_OK;
}

/* ---- verdicts ---- */

void entitlement_judge(struct ctx *c, const struct rules *by, struct entitlement *e)
{
	verdict_of(by->set, &e->facts, &by->days, &e->v);
	verdict_explain(c, &e->facts, &e->v, &e->line, &e->n_line);
}

enum err entitlement_of(struct ctx *c, const struct device *d, const struct ask *a, struct entitlement *ret)
{
	struct rules by;

	TRY(rules_in_use(c, &by));
	TRY(facts_of(c, by.set, d, a, &ret->facts));
	entitlement_judge(c, &by, ret);
	return ERR_OK;
}

enum err entitlement_for(struct ctx *c, int64_t device_id, const struct ask *a, struct entitlement *ret)
{
	struct device d;

	TRY(device_get(c, device_id, &d));
	return entitlement_of(c, &d, a, ret);
}

enum err entitlement_in_order(struct ctx *c, int64_t device_id, const struct ask *a, struct entitlement *ret)
{
	const struct actor *who = c->who;
	struct device d;
	enum err e;

	c->who = &actor_system;
	e = device_get(c, device_id, &d);
	c->who = who;
	TRY(e);
	return entitlement_of(c, &d, a, ret);
}

#define K(m) FIELD(struct kept, m)
static const struct field kept_fields[] = {
	K(id), K(device_id), K(order_id), K(on_day), K(stage), K(part), K(cause), K(facts), K(used), K(source), K(parts), K(labour), K(travel), K(loaner), K(transport), K(options),
	K(until), K(at), K(actor), K(goodwill_parts), K(goodwill_labour), K(goodwill_travel), K(goodwill_reason), K(goodwill_amount), K(goodwill_currency), K(goodwill_actor), { 0 }
};

static str words_of(struct arena *a, uint64_t bits, const char *const *names)
{
	str part[64];
	size_t n = 0;

	for (size_t i = 0; names[i]; i++) {
		if (bits >> i & 1)
			part[n++] = str_c(names[i]);
	}
	return n ? arena_join(a, part, n, S(" ")) : S("");
}

/* "cn-sanbao-pc@2 pack-36m@1": every policy that was weighed, in its version. */
static str used_of(struct arena *a, const struct verdict *v)
{
	str part[LISTED_MAX];
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		if (v->candidate[i].policy)
			part[n++] = arena_fmt(a, "%.*s@%d", STR_ARG(v->candidate[i].id), v->candidate[i].policy->version);
	}
	return n ? arena_join(a, part, n, S(" ")) : S("");
}

static json until_json(struct ctx *c, const struct verdict *v)
{
	struct bind b[PERIODS + 1] = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < PERIODS; i++) {
		if (v->until[i].d != NIL)
			b[n++] = (struct bind){ period_names[i], V(v->until[i]) };
	}
	return audit_data(c, b);
}

#define X(id, name, title) name,
const char *const stage_names[] = { STAGE_LIST(X) NULL };
#undef X
#define X(id, name, title) title,
const char *const stage_texts[] = { STAGE_LIST(X) NULL };
#undef X

enum err entitlement_keep(struct ctx *c, int64_t device_id, int64_t order_id, enum stage stage, const struct entitlement *e, int64_t *ret_id)
{
	const struct verdict *v = &e->v;

	assert(db_writing(c->db));
	TRY(db_insert(c, &q_verdict_insert, BIND(P(device_id, device_id), P(order_id, order_id), P(stage, stage_names[stage]), P(on, e->facts.on), P(part, part_names[e->facts.part]),
		P(cause, cause_names[e->facts.cause]), P(facts, facts_json(c, &e->facts).s), P(used, used_of(c->a, v)), P(source, v->winner ? v->winner->id : (str){ 0 }),
		P(parts, pay_names[v->pay[COST_PARTS]]), P(labour, pay_names[v->pay[COST_LABOUR]]), P(travel, pay_names[v->pay[COST_TRAVEL]]),
		P(loaner, pay_names[v->pay[COST_LOANER]]), P(transport, pay_names[v->pay[COST_TRANSPORT]]), P(options, words_of(c->a, v->options, option_names)),
		P(until, until_json(c, v).s), P(now, c->now), P(actor, c->who->name.n ? c->who->name : S("system"))), ret_id));
	return audit_add(c, "device", device_id, "verdict", BIND(P(verdict, *ret_id), P(stage, stage_names[stage]), P(source, v->winner ? v->winner->id : (str){ 0 }),
		P(parts, pay_names[v->pay[COST_PARTS]]), P(labour, pay_names[v->pay[COST_LABOUR]])));
}

enum err entitlement_note(struct ctx *c, int64_t device_id, enum stage stage, const struct ask *a)
{
	struct entitlement *e = NEW(c->a, struct entitlement);
	int64_t id;

	TRY(entitlement_in_order(c, device_id, a, e));
	return entitlement_keep(c, device_id, a->order_id, stage, e, &id);
}

enum err kept_list(struct ctx *c, int64_t device_id, int64_t order_id, int64_t before, size_t max, struct kept **ret, size_t *ret_n)
{
	return db_rows(c, &q_verdicts, BIND(P(device_id, device_id), P(order_id, order_id), P(before, before), P(limit, (int64_t)max)), kept_fields, sizeof(struct kept),
		max, ret, ret_n);
}

enum err kept_older(struct ctx *c, int64_t than, int64_t *ret) { return db_int(c, &q_verdicts_older, BIND(P(id, than)), ret); }

enum err kept_get(struct ctx *c, int64_t id, struct kept *ret)
{
	return db_row(c, &q_verdicts, BIND(P(id, id), P(limit, 1)), kept_fields, ret);
}

enum err kept_replay(struct ctx *c, const struct kept *k, const struct rules *by, struct entitlement *ret)
{
	struct flaw f = { 0 };
	const struct reader r = { c->a, S("facts"), &f };
	const struct node *n;

	if (!doc_parse(c->a, S("facts"), k->facts, &n, &f) || !facts_read(&r, n, &ret->facts))
		return fail_field(c, "facts", N_("The facts kept cannot be read: {1}"), trf_(c, f.text, f.arg, LEN(f.arg)));
	entitlement_judge(c, by, ret);
	return ERR_OK;
}

/* ---- goodwill ---- */

static enum err adds(struct ctx *c, const char *field, int given, str verdict)
{
	if (given >= 0 && given > name_index(pay_names, verdict))
		return fail_field(c, field, N_("The verdict gives more already; goodwill only adds."));
	return ERR_OK;
}

static struct val pay_or_none(int pay) { return pay < 0 ? (struct val){ 0 } : v_cstr(pay_names[pay]); }

money goodwill_limit(struct ctx *c)
{
	if (may(c, PERM_MONEY_FINANCE))
		return CNY(MONEY_MAX);
	return CNY(may(c, PERM_VERDICT_OVERRIDE) ? setting_int(c, "entitlement.goodwill_limit") : 0);
}

enum err goodwill_add(struct ctx *c, int64_t verdict_id, const struct goodwill *g)
{
	struct kept k;
	int64_t id;
	enum err e;

	assert(db_writing(c->db));
	if (!may(c, PERM_VERDICT_OVERRIDE))
		return fail(c, ERR_FORBIDDEN, NULL);
	TRY(kept_get(c, verdict_id, &k));
	if (!str_trim(g->reason).n)
		return fail_field(c, "reason", N_("Say why."));
	if (g->parts < 0 && g->labour < 0 && g->travel < 0)
		return fail_field(c, "parts", N_("Say what is given: parts, labour or travel."));
	TRY(adds(c, "parts", g->parts, k.parts));
	TRY(adds(c, "labour", g->labour, k.labour));
	TRY(adds(c, "travel", g->travel, k.travel));
	if (g->amount.minor == NIL || g->amount.minor < 0)
		return fail_field(c, "amount", N_("Say what it is worth, so that the limit can be checked."));
	if (g->amount.minor > goodwill_limit(c).minor)
		return fail(c, ERR_FORBIDDEN, N_("This is above your limit; finance has to grant it."));
	e = db_insert(c, &q_goodwill_insert, BIND(P(verdict_id, verdict_id), { "parts", pay_or_none(g->parts) }, { "labour", pay_or_none(g->labour) },
		{ "travel", pay_or_none(g->travel) }, P(reason, str_trim(g->reason)), P(amount, g->amount.minor), P(currency, (const char *)g->amount.cur), P(now, c->now),
		P(actor, c->who->name.n ? c->who->name : S("system"))), &id);
	if (e == ERR_CONFLICT) {
		c->diag = (struct diag){ 0 };
		return fail(c, ERR_CONFLICT, N_("Goodwill was granted on this verdict already."));
	}
	TRY(e);
	return audit_add(c, "device", k.device_id, "goodwill", BIND(P(verdict, verdict_id), P(reason, str_trim(g->reason)), P(amount, g->amount.minor)));
}
