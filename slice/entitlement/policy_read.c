/* policy_read.c — the keys of a policy file. */
#include "slice/entitlement/policy.h"
#include "base/i18n.h"

#define X(n, code, ...) code,
const char *const policy_kind_names[] = { POLICY_KIND_LIST(X) NULL };
const char *const basis_names[] = { START_LIST(X) NULL };
const char *const period_names[] = { PERIOD_LIST(X) NULL };
const char *const cost_names[] = { COST_LIST(X) NULL };
const char *const cause_names[] = { CAUSE_LIST(X) NULL };
const char *const class_names[] = { CLASS_LIST(X) NULL };
const char *const part_names[] = { PART_LIST(X) NULL };
const char *const machine_names[] = { MACHINE_LIST(X) NULL };
const char *const payer_names[] = { PAYER_LIST(X) NULL };
const char *const option_names[] = { OPTION_LIST(X) NULL };
const char *const evidence_names[] = { EVIDENCE_LIST(X) NULL };
static const char *const excluded_if_names[] = { EXCLUDED_IF_LIST(X) NULL };
#undef X
#define X(n, code, text, ...) text,
const char *const policy_kind_texts[] = { POLICY_KIND_LIST(X) NULL };
const char *const basis_texts[] = { START_LIST(X) NULL };
const char *const period_texts[] = { PERIOD_LIST(X) NULL };
const char *const cost_texts[] = { COST_LIST(X) NULL };
const char *const cause_texts[] = { CAUSE_LIST(X) NULL };
const char *const payer_texts[] = { PAYER_LIST(X) NULL };
const char *const option_texts[] = { OPTION_LIST(X) NULL };
const char *const evidence_texts[] = { EVIDENCE_LIST(X) NULL };
#undef X
#define X(n, code, class, text) text,
const char *const part_texts[] = { PART_LIST(X) NULL };
#undef X
#define X(n, code, class, ...) CLASS_##class,
const unsigned char part_class_of[PARTS] = { PART_LIST(X) };
#undef X
const char *const buyer_names[] = { "consumer", "business", NULL };
const char *const confidence_names[] = { "confirmed", "unverified", NULL };
static const char *const bearer_names[] = { "operator", "customer", NULL };
static const char *const exclude_names[] = { "repair", "waiting", NULL };
static const char *const restart_names[] = { "no", "anew", "keep", NULL };

static const struct { const char *name; enum part part; } part_alias[] = {
	{ "motherboard", PART_MAINBOARD }, { "main-board", PART_MAINBOARD }, { "processor", PART_CPU }, { "ram", PART_MEMORY }, { "screen", PART_DISPLAY }, { "lcd", PART_DISPLAY },
	{ "disk", PART_DISK }, { "hdd", PART_DISK }, { "ssd", PART_DISK }, { "harddisk", PART_DISK }, { "adapter", PART_ADAPTER }, { "ac-adapter", PART_ADAPTER },
	{ "psu", PART_PSU }, { "graphics", PART_GRAPHICS }, { "gpu", PART_GRAPHICS }, { "video-card", PART_GRAPHICS }, { "whole-machine", PART_WHOLE },
	{ "machine", PART_WHOLE }, { "ink", PART_TONER }, { "wlan", PART_NETWORK }, { "housing", PART_CASE },
};

enum part part_of(str code)
{
	int i = name_index(part_names, code);

	if (i >= 0)
		return (enum part)i;
	for (size_t k = 0; k < LEN(part_alias); k++) {
		if (str_eq(code, str_c(part_alias[k].name)))
			return part_alias[k].part;
	}
	return PART_OTHER;
}

#define bad(r, n, text, ...) flaw_at((r)->flaw, (r)->file, (n)->line, text, __VA_ARGS__)

bool place_valid(str s)
{
	bool ok = s.n >= 2 && s.n <= 6 && s.n != 3 && (s.n == 2 || s.p[2] == '-');

	for (size_t i = 0; i < s.n; i++)
		ok = ok && (i == 2 || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (i > 2 && s.p[i] >= '0' && s.p[i] <= '9'));
	return ok;
}

static bool own_place(const struct reader *r, const struct node *n, void *member)
{
	if (n->kind != NODE_STR || !place_valid(n->s))
		return bad(r, n, N_("\"{1}\" must be a place such as CN-ZJ or DE (ISO 3166)"), n->kind == NODE_STR ? n->s : S("place"));
	*(str *)member = n->s;
	return true;
}

/* {"latest": […]} or {"first": […]} */
static bool own_start(const struct reader *r, const struct node *n, void *member)
{
	static const struct key keys[] = {
		KEY_AS(struct period, "latest", basis, KEY_ORDER, .names = basis_names, .off_n = offsetof(struct period, n_basis), .max = STARTS),
		KEY_AS(struct period, "first", basis, KEY_ORDER, .names = basis_names, .off_n = offsetof(struct period, n_basis), .max = STARTS),
		{ 0 }
	};
	struct period *p = (void *)((char *)member - offsetof(struct period, basis));
	int line = p->line;
	bool ok = doc_read(r, n, keys, p);

	p->line = line;
	p->latest = ok && node_get(n, "latest");
	return ok && ((p->n_basis && !n->child->next) || bad(r, n, N_("\"start\" needs one list, \"latest\" or \"first\"")));
}

static bool own_main(const struct reader *r, const struct node *n, void *member)
{
	struct { int line; uint64_t parts; } m = { 0 };
	static const struct key keys[] = { { .name = "parts", .kind = KEY_MASK, .off = offsetof(__typeof__(m), parts), .names = part_names }, { 0 } };
	const struct node list = { .kind = n->kind, .line = n->line, .name = S("parts"), .child = n->child };
	const struct node map = { .kind = NODE_MAP, .line = n->line, .child = &list };

	if (!doc_read(r, &map, keys, &m))
		return false;
	*(uint64_t *)member = m.parts;
	return true;
}

static bool own_percent(const struct reader *r, const struct node *n, void *member)
{
	if (n->kind != NODE_INT || n->i < 0 || n->i > 100)
		return bad(r, n, N_("\"{1}\" must be a percentage from 0 to 100"), n->name);
	*(int *)member = (int)n->i;
	return true;
}

static bool own_text(const struct reader *r, const struct node *n, void *member)
{
	struct { int line; struct text2 t; } m = { 0 };
	static const struct key keys[] = { { .name = "text", .kind = KEY_TEXT, .off = offsetof(__typeof__(m), t) }, { 0 } };
	struct node one = *n;
	const struct node map = { .kind = NODE_MAP, .line = n->line, .child = &one };

	one.name = S("text");
	one.next = NULL;
	if (!doc_read(r, &map, keys, &m))
		return false;
	*(struct text2 *)member = m.t;
	return true;
}

static void start_cond(void *e)
{
	*(struct cond *)e = (struct cond){ .in = -1, .after = -1, .listed = -1, .same_model = -1, .declined = -1, .unrepairable = -1, .recall = -1, .buyer = -1, .proof = -1, .day_max = -1,
		.failed_repairs = -1, .repair_days_over = -1, .repair_days_total_over = -1, .waiting_days_over = -1, .open_days_over = -1 };
}

static void start_period(void *e) { *(struct period *)e = (struct period){ .unproven = -1, .extend.from = NO_DAY }; }
static void start_remedy(void *e) { start_cond(&((struct remedy *)e)->when); }
static void start_scope(void *e) { *(struct scope *)e = (struct scope){ .buyer = -1 }; }
static void start_presumption(void *e) { *(struct presumption *)e = (struct presumption){ .in = -1 }; }

static void start_cover(void *e)
{
	struct cover *c = e;

	start_cond(&c->when);
	c->visits = c->claims = -1;
	for (size_t i = 0; i < COSTS; i++)
		c->pct[i] = -1;
}

static const struct key extend_keys[] = {
	KEY(struct extend, from, KEY_DAY, .required = true), KEY(struct extend, by, KEY_SPAN, .required = true), KEY(struct extend, clause, KEY_TEXT, .required = true), { 0 }
};
static const struct key period_keys[] = {
	KEY_AS(struct period, "start", basis, KEY_OWN, .own = own_start, .required = true),
	KEY_AS(struct period, "without_proof", unproven, KEY_ENUM, .names = basis_names),
	KEY_AS(struct period, "without_proof_plus", unproven_plus, KEY_SPAN),
	KEY(struct period, length, KEY_SPAN, .required = true),
	KEY(struct period, floor, KEY_SPAN),
	KEY(struct period, blank, KEY_FLAG),
	KEY_AS(struct period, "not_counted", excludes, KEY_MASK, .names = exclude_names),
	KEY_AS(struct period, "holiday_roll", roll, KEY_FLAG),
	KEY(struct period, on_exchange, KEY_ENUM, .names = restart_names),
	KEY(struct period, on_part, KEY_ENUM, .names = restart_names),
	KEY(struct period, keep, KEY_SPAN),
	KEY(struct period, extend, KEY_MAP, .sub = extend_keys),
	KEY(struct period, clause, KEY_TEXT, .required = true),
	{ 0 }
};
static const struct key cond_keys[] = {
	KEY(struct cond, in, KEY_ENUM, .names = period_names),
	KEY(struct cond, after, KEY_ENUM, .names = period_names),
	KEY(struct cond, listed, KEY_FLAG),
	KEY(struct cond, same_model, KEY_FLAG),
	KEY(struct cond, declined, KEY_FLAG),
	KEY(struct cond, unrepairable, KEY_FLAG),
	KEY(struct cond, recall, KEY_FLAG),
	KEY(struct cond, proof, KEY_FLAG),
	KEY(struct cond, day_max, KEY_INT, .min = 0, .max = 9999),
	KEY(struct cond, buyer, KEY_ENUM, .names = buyer_names),
	KEY(struct cond, failed_repairs, KEY_INT, .min = 1, .max = 99),
	KEY(struct cond, repair_days_over, KEY_INT, .min = 0, .max = 9999),
	KEY(struct cond, repair_days_total_over, KEY_INT, .min = 0, .max = 9999),
	KEY(struct cond, waiting_days_over, KEY_INT, .min = 0, .max = 9999),
	KEY(struct cond, open_days_over, KEY_INT, .min = 0, .max = 9999),
	KEY(struct cond, causes, KEY_MASK, .names = cause_names),
	KEY(struct cond, classes, KEY_MASK, .names = class_names),
	{ 0 }
};
static const struct key cover_keys[] = {
	KEY(struct cover, when, KEY_MAP, .sub = cond_keys, .start = start_cond, .required = true),
	KEY_AS(struct cover, "parts", classes, KEY_MASK, .names = class_names, .required = true),
	KEY(struct cover, causes, KEY_MASK, .names = cause_names, .required = true),
	KEY_AS(struct cover, "percent", pct, KEY_NAMED, .names = cost_names, .size = sizeof(int), .own = own_percent, .required = true),
	KEY(struct cover, payer, KEY_ENUM, .names = payer_names, .required = true),
	KEY(struct cover, visits, KEY_INT, .min = 0, .max = 9999),
	KEY(struct cover, claims, KEY_INT, .min = 0, .max = 9999),
	KEY_AS(struct cover, "visits_blank", blank, KEY_FLAG),
	KEY(struct cover, clause, KEY_TEXT, .required = true),
	KEY(struct cover, text, KEY_TEXT, .required = true),
	KEY(struct cover, confidence, KEY_ENUM, .names = confidence_names),
	{ 0 }
};
static const struct key remedy_keys[] = {
	KEY(struct remedy, when, KEY_MAP, .sub = cond_keys, .start = start_cond, .required = true),
	KEY(struct remedy, options, KEY_MASK, .names = option_names, .required = true),
	KEY(struct remedy, also, KEY_MASK, .names = option_names),
	KEY(struct remedy, clause, KEY_TEXT, .required = true),
	KEY(struct remedy, text, KEY_TEXT, .required = true),
	KEY(struct remedy, confidence, KEY_ENUM, .names = confidence_names),
	{ 0 }
};
static const struct key exclusion_keys[] = {
	KEY(struct exclusion, code, KEY_CODE, .required = true),
	KEY(struct exclusion, causes, KEY_MASK, .names = cause_names),
	KEY_AS(struct exclusion, "if", when, KEY_MASK, .names = excluded_if_names),
	KEY(struct exclusion, text, KEY_TEXT, .required = true),
	KEY(struct exclusion, clause, KEY_TEXT, .required = true),
	KEY(struct exclusion, evidence, KEY_MASK, .names = evidence_names, .required = true),
	KEY(struct exclusion, proof, KEY_ENUM, .names = bearer_names, .required = true),
	KEY_AS(struct exclusion, "lifted_by_accident_cover", lifted, KEY_FLAG),
	{ 0 }
};
static const struct key presumption_keys[] = {
	KEY(struct presumption, length, KEY_SPAN), KEY(struct presumption, in, KEY_ENUM, .names = period_names),
	KEY(struct presumption, clause, KEY_TEXT, .required = true), { 0 }
};
static const struct key scope_keys[] = {
	KEY(struct scope, buyer, KEY_ENUM, .names = buyer_names), KEY(struct scope, kinds, KEY_MASK, .names = machine_names),
	KEY(struct scope, parts, KEY_MASK, .names = part_names), KEY(struct scope, original_owner, KEY_FLAG), { 0 }
};
static const struct key promise_keys[] = {
	KEY(struct promise, code, KEY_CODE, .required = true), KEY(struct promise, value, KEY_STR), KEY(struct promise, text, KEY_TEXT, .required = true),
	KEY(struct promise, confidence, KEY_ENUM, .names = confidence_names), { 0 }
};
static const struct key paper_keys[] = {
	KEY(struct policy_paper, code, KEY_CODE, .required = true), KEY(struct policy_paper, text, KEY_TEXT, .required = true), { 0 }
};
static const struct key policy_keys[] = {
	KEY(struct policy, id, KEY_CODE, .required = true),
	KEY(struct policy, version, KEY_INT, .required = true, .min = 1, .max = 9999),
	KEY(struct policy, extends, KEY_CODE),
	KEY(struct policy, overlays, KEY_CODE),
	KEY(struct policy, title, KEY_TEXT, .required = true),
	KEY(struct policy, kind, KEY_ENUM, .required = true, .names = policy_kind_names),
	KEY(struct policy, place, KEY_LIST, KEY_MANY(struct policy, place, n_place), .own = own_place),
	KEY(struct policy, from, KEY_DAY, .required = true),
	KEY(struct policy, to, KEY_DAY),
	KEY(struct policy, source, KEY_TEXT, .required = true),
	KEY(struct policy, confidence, KEY_ENUM, .required = true, .names = confidence_names),
	KEY_AS(struct policy, "notes", note, KEY_LIST, KEY_MANY(struct policy, note, n_note), .own = own_text),
	KEY_AS(struct policy, "for", scope, KEY_MAP, .sub = scope_keys, .start = start_scope),
	KEY_AS(struct policy, "main_parts", main, KEY_NAMED, .names = machine_names, .size = sizeof(uint64_t), .own = own_main),
	KEY_AS(struct policy, "clocks", period, KEY_NAMED, .names = period_names, .size = sizeof(struct period), .sub = period_keys, .start = start_period),
	KEY(struct policy, presumption, KEY_MAP, .sub = presumption_keys, .start = start_presumption),
	KEY_AS(struct policy, "coverage", cover, KEY_LIST, KEY_MANY(struct policy, cover, n_cover), .sub = cover_keys, .start = start_cover),
	KEY_AS(struct policy, "remedies", remedy, KEY_LIST, KEY_MANY(struct policy, remedy, n_remedy), .sub = remedy_keys, .start = start_remedy),
	KEY_AS(struct policy, "exclusions", exclusion, KEY_LIST, KEY_MANY(struct policy, exclusion, n_exclusion), .sub = exclusion_keys),
	KEY_AS(struct policy, "promises", promise, KEY_LIST, KEY_MANY(struct policy, promise, n_promise), .sub = promise_keys),
	KEY_AS(struct policy, "documents", paper, KEY_LIST, KEY_MANY(struct policy, paper, n_paper), .sub = paper_keys),
	{ 0 }
};

bool policy_gives(const struct policy *p, const char *key)
{
	size_t i = 0;

	while (policy_keys[i].name && strcmp(policy_keys[i].name, key) != 0)
		i++;
	return p->given >> i & 1;
}

bool policy_read(struct arena *a, str file, str text, struct policy *ret, struct flaw *f)
{
	const struct reader r = { a, file, f };
	struct policy p = { .file = file, .from = NO_DAY, .to = NO_DAY };
	const struct node *n;

	start_scope(&p.scope);
	start_presumption(&p.presumption);
	if (text.n > POLICY_FILE_MAX)
		return flaw_at(f, file, 1, N_("the file is larger than {1} bytes"), (int)POLICY_FILE_MAX);
	if (!doc_parse(a, file, text, &n, f) || !doc_read(&r, n, policy_keys, &p))
		return false;
	for (size_t i = 0; policy_keys[i].name; i++)
		p.given |= (uint64_t)(node_get(n, policy_keys[i].name) != NULL) << i;
	if (p.to.d != NIL && p.to.d < p.from.d)
		return flaw_at(f, file, node_get(n, "to")->line, N_("it ends on {1}, before it begins"), p.to);
	*ret = p;
	return true;
}
