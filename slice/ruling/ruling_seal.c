/* ruling_seal.c — the text that is sealed, its hash and signature, and the check of both. */
#include <sodium.h>
#include "base/i18n.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/ruling/ruling_int.h"
#include "view/view.h"

enum { BODY_MAX = 256 * 1024, UNTOLD_MAX = 1000, SEALED_AT_ONCE = 500 };

/* ---- one table writes it, another reads it back ---- */

#define C(m) FIELD(struct sealed_clause, m)
static const struct field clause_fields[] = { C(reference), C(en), C(zh), { 0 } };
#define P_(m) FIELD(struct sealed_proof, m)
static const struct field proof_fields[] = { FIELD_ENUM(struct sealed_proof, kind, evidence_names), P_(words), P_(file), P_(sha256), P_(by), P_(at), { 0 } };
#define S_(m) FIELD(struct sealed, m)
static const struct field sealed_fields[] = {
	S_(no), S_(order), S_(serial), S_(device), S_(on), FIELD_ENUM(struct sealed, part, part_names), FIELD_ENUM(struct sealed, cause, cause_names), S_(finding),
	FIELD_LIST(struct sealed, clause, n_clause, clause_fields), FIELD_LIST(struct sealed, proof, n_proof, proof_fields), S_(opened_by), S_(sealed_by), S_(sealed_at), { 0 }
};
#define KC(m) KEY(struct sealed_clause, m, KEY_STR)
static const struct key clause_keys[] = { KC(reference), KC(en), KC(zh), { 0 } };
#define KP(m) KEY(struct sealed_proof, m, KEY_STR)
static const struct key proof_keys[] = { KEY(struct sealed_proof, kind, KEY_ENUM, .names = evidence_names), KP(words), KP(file), KP(sha256), KP(by), KP(at), { 0 } };
#define KS(m) KEY(struct sealed, m, KEY_STR)
static const struct key sealed_keys[] = {
	KS(no), KS(order), KS(serial), KS(device), KEY(struct sealed, on, KEY_DAY), KEY(struct sealed, part, KEY_ENUM, .names = part_names),
	KEY(struct sealed, cause, KEY_ENUM, .names = cause_names), KS(finding), KEY(struct sealed, clause, KEY_LIST, KEY_MANY(struct sealed, clause, n_clause), .sub = clause_keys),
	KEY(struct sealed, proof, KEY_LIST, KEY_MANY(struct sealed, proof, n_proof), .sub = proof_keys), KS(opened_by), KS(sealed_by), KS(sealed_at), { 0 }
};

enum err ruling_sealed(struct ctx *c, const struct ruling *r, struct sealed *ret)
{
	struct flaw f = { 0 };
	const struct reader in = { c->a, r->no, &f };
	const struct node *n;

	*ret = (struct sealed){ .on = NO_DAY };
	if (!doc_parse(c->a, r->no, r->body, &n, &f) || !doc_read(&in, n, sealed_keys, ret))
		return fail_field(c, "finding", N_("The ruling cannot be read: {1}"), trf_(c, f.text, f.arg, LEN(f.arg)));
	return ERR_OK;
}

/* ---- the text ---- */

static str in_language(const struct ctx *c, const struct policy_set *set, str reference, const char *lang)
{
	struct actor reader = *c->who;
	struct ctx at = *c;

	reader.lang = lang;
	at.who = &reader;
	return reference_told(&at, set, reference);
}

static enum err fill_clauses(struct ctx *c, const struct ruling *r, struct sealed *s)
{
	str rest = r->clauses, one;
	struct rules by;

	TRY(rules_in_use(c, &by));
	s->clause = NEW_N(c->a, struct sealed_clause, LISTED_MAX);
	while (s->n_clause < LISTED_MAX && str_cut(&rest, ' ', &one))
		s->clause[s->n_clause++] = (struct sealed_clause){ 0, one, in_language(c, by.set, one, "en"), in_language(c, by.set, one, "zh") };
	return ERR_OK;
}

static enum err fill_proofs(struct ctx *c, const struct ruling *r, struct sealed *s)
{
	struct ruling_proof *e;
	uint64_t missing;
	str names[EVIDENCES];
	size_t n = 0;

	TRY(ruling_evidence(c, r, &e, &s->n_proof, &missing));
	for (size_t i = 0; i < EVIDENCES; i++) {
		if (missing >> i & 1)
			names[n++] = tr(c, evidence_texts[i]);
	}
	if (n)
		return fail(c, ERR_CONFLICT, N_("Evidence is missing: {1}."), arena_join(c->a, names, n, _(", ")));
	s->proof = NEW_N(c->a, struct sealed_proof, s->n_proof + 1);
	for (size_t i = 0; i < s->n_proof; i++)
		s->proof[i] = (struct sealed_proof){ 0, e[i].kind, e[i].words, e[i].file, e[i].sha256, e[i].by_name, instant_iso(c->a, c->who->zone, e[i].at) };
	return ERR_OK;
}

static str hash_of(struct arena *a, str body)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char *hex = arena_alloc(a, sizeof sum * 2 + 1);

	crypto_hash_sha256(sum, (const unsigned char *)body.p, body.n);
	sodium_bin2hex(hex, sizeof sum * 2 + 1, sum, sizeof sum);
	return str_c(hex);
}

static enum err text_of(struct ctx *c, const struct order *o, const struct ruling *r, str *ret)
{
	struct sealed s = { 0, r->no, o->no, o->serial, str_trim(arena_fmt(c->a, "%.*s %.*s", STR_ARG(o->brand), STR_ARG(o->model))), r->finding, r->opened_by,
		c->who->name.n ? c->who->name : S("system"), instant_iso(c->a, c->who->zone, c->now), .on = r->on_day, .part = r->part, .cause = r->cause };
	struct out out;

	TRY(fill_clauses(c, r, &s));
	TRY(fill_proofs(c, r, &s));
	buf_init(&out.b, BODY_MAX);
	json_obj(&out, c, sealed_fields, &s);
	*ret = arena_str(c->a, (str){ out.b.p, out.b.n });
	buf_free(&out.b);
	return ERR_OK;
}

enum err ruling_seal(struct ctx *c, const struct order *o, const struct ruling *r, int64_t ver)
{
	struct ruling done = *r;
	struct sealed back;

	assert(db_writing(c->db));
	if (!(c->who->perms & (PERM_ORDER_TEST | PERM_VERDICT_OVERRIDE)))
		return fail(c, ERR_FORBIDDEN, NULL);
	if (r->state != RULING_OPEN)
		return fail(c, ERR_CONFLICT, N_("The ruling is “{1}”."), tr(c, ruling_state_titles[r->state]));
	TRY(text_of(c, o, r, &done.body));
	TRY(ruling_sealed(c, &done, &back));
	done.hash = hash_of(c->a, done.body);
	done.sign = audit_sign(c->a, done.body);
	TRY(db_exec(c, &q_ruling_seal, BIND(P(id, r->id), P(ver, ver), P(now, c->now), P(by_name, back.sealed_by), P(body, done.body), P(hash, done.hash), P(sign, str_or_none(done.sign)),
		P(public_key, str_or_none(audit_public_key(c->a)))), 1));
	return audit_add(c, "order", r->order_id, "ruling_sealed", BIND(P(ruling, r->no), P(hash, done.hash), P(sign, str_or_none(done.sign))));
}

/* ---- the check ---- */

bool ruling_unchanged(struct arena *a, const struct ruling *r)
{
	return r->hash.n && str_eq(hash_of(a, r->body), r->hash) && (!r->sign.n || audit_signed(r->body, r->sign, r->public_key));
}

struct sentence { str text; };
static const struct field sentence_fields[] = { FIELD(struct sentence, text), { 0 } };

/* The audit trail is proved by itself; a hash it does not know was put here past the house. */
static enum err check_told(struct ctx *c, void (*found)(void *arg, str what), void *arg)
{
	struct sentence *s;
	size_t n;

	TRY(db_rows(c, &q_rulings_untold, BIND(P(limit, UNTOLD_MAX)), sentence_fields, sizeof *s, UNTOLD_MAX, &s, &n));
	for (size_t i = 0; i < n; i++)
		found(arg, arena_fmt(c->a, "ruling %.*s: the audit trail does not know its seal", STR_ARG(s[i].text)));
	return ERR_OK;
}

static void check_one(struct ctx *c, const struct ruling *r, void (*found)(void *arg, str what), void *arg)
{
	struct sealed s;

	if (!ruling_unchanged(c->a, r))
		found(arg, arena_fmt(c->a, "ruling %.*s: its text is not the one that was sealed", STR_ARG(r->no)));
	else if (ruling_sealed(c, r, &s) || !str_eq(s.no, r->no) || !str_eq(s.order, r->order_no))
		found(arg, arena_fmt(c->a, "ruling %.*s: its sealed text speaks of something else", STR_ARG(r->no)));
	c->diag = (struct diag){ 0 };
}

enum err ruling_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg)
{
	int64_t after = 0;
	struct ruling *r;
	size_t n;

	do {
		struct arena_mark m = arena_mark(c->a);

		TRY(db_rows(c, &q_rulings_after, BIND(P(after, after), P(limit, SEALED_AT_ONCE)), ruling_row_fields, sizeof *r, SEALED_AT_ONCE, &r, &n));
		for (size_t i = 0; i < n; i++)
			check_one(c, &r[i], found, arg);
		after = n ? r[n - 1].id : after;
		arena_reset(c->a, m);
	} while (n == SEALED_AT_ONCE);
	return check_told(c, found, arg);
}
