/* keep_policy.c — policies in the database, and the linked set every verdict uses. */
#include "slice/entitlement/entitlement.h"
#include "base/embed.h"
#include "base/i18n.h"
#include "slice/audit/audit.h"
#include "slice/calendar/calendar.h"
#include "slice/entitlement/vector.h"
#include "entitlement.sql.h"
#include <pthread.h>
#include <stdatomic.h>

#define R(m) FIELD(struct policy_row, m)
static const struct field row_fields[] = {
	R(id), R(code), R(version), FIELD_ENUM(struct policy_row, kind, policy_kind_names), R(title_en), R(title_zh), R(from_on), R(to_on),
	FIELD_ENUM(struct policy_row, confidence, confidence_names), R(created_at), R(created_by), { 0 }
};
struct body { str code, body; int64_t version; day to_on; };
static const struct field body_fields[] = { FIELD(struct body, code), FIELD(struct body, version), FIELD(struct body, to_on), FIELD(struct body, body), { 0 } };

/* Sets once linked stay until the process ends: verdicts point into them, and policies and published holidays change a few times a year. */
struct marks { int64_t policies, holidays; };
static const struct field marks_fields[] = { FIELD(struct marks, policies), FIELD(struct marks, holidays), { 0 } };
struct linked { struct arena a; const struct db *db; struct marks mark; struct policy_set set; struct rules rules; struct linked *next; };
static struct linked *linked;
static pthread_mutex_t linked_lock = PTHREAD_MUTEX_INITIALIZER;

static enum err mark_changed(struct ctx *c)
{
	static atomic_int count;

	return db_exec(c, &q_policy_mark_set, BIND(P(n, (c->now.ms << 12) + (atomic_fetch_add(&count, 1) & 4095) + 1)), 1);
}

/* ---- the set in use ---- */

static enum err bodies(struct ctx *c, str code, int64_t version, struct body **ret, size_t *ret_n)
{
	return db_rows(c, &q_policy_bodies, BIND(P(code, code), P(version, version)), body_fields, sizeof(struct body), POLICIES_MAX, ret, ret_n);
}

static str version_name(struct arena *a, str code, int64_t version) { return arena_fmt(a, "%.*s@%lld", STR_ARG(code), (long long)version); }

/* Reads n bodies into set; text and names are copied to a. The column's last day beats the file's: versions are closed there. */
static bool read_bodies(struct arena *a, const struct body *b, size_t n, struct policy_set *set, struct flaw *f)
{
	for (size_t i = 0; i < n; i++) {
		struct policy *p = &set->p[set->n++];

		if (!policy_read(a, version_name(a, b[i].code, b[i].version), arena_str(a, b[i].body), p, f))
			return false;
		p->to = b[i].to_on;
	}
	return true;
}

static enum err flawed(struct ctx *c, const struct flaw *f)
{
	str reason = trf_(c, f->text, f->arg, LEN(f->arg)), place = trf(c, N_("{1}, line {2}"), f->file, f->line);

	(void)fail_field(c, "body", N_("{1}: {2}"), place, reason);
	return ERR_INVALID;
}

static bool works(const void *of, day d) { return workday_cn(of, d); }
static bool published(const void *of, int year) { return national_published(of, year); }

static struct workdays days_known(struct ctx *c, struct arena *a)
{
	struct arena *own = c->a;
	const struct national *stored;

	c->a = a;
	stored = national_stored(c, S("CN"));
	c->a = own;
	return stored ? (struct workdays){ works, published, stored } : workdays_cn;
}

static enum err link_all(struct ctx *c, struct marks mark, struct linked **ret)
{
	struct arena a;
	struct linked *l;
	struct flaw f = { 0 };
	struct body *b;
	size_t n;

	TRY(bodies(c, (str){ 0 }, NIL, &b, &n));
	arena_init(&a, 64 << 20);
	l = NEW(&a, struct linked);
	l->set.p = NEW_N(&a, struct policy, n + 1);
	if (!read_bodies(&a, b, n, &l->set, &f) || !policy_link(&a, &l->set, &f)) {
		(void)flawed(c, &f);
		arena_free(&a);
		return ERR_INVALID;
	}
	l->rules = (struct rules){ &l->set, days_known(c, &a) };
	l->a = a;
	l->db = db_of(c->db);
	l->mark = mark;
	*ret = l;
	return ERR_OK;
}

static const struct linked *linked_find(const struct db *db, struct marks mark)
{
	const struct linked *hit = NULL;

	pthread_mutex_lock(&linked_lock);
	for (const struct linked *l = linked; l && !hit; l = l->next)
		hit = l->db == db && l->mark.policies == mark.policies && l->mark.holidays == mark.holidays ? l : NULL;
	pthread_mutex_unlock(&linked_lock);
	return hit;
}

/* Asked once while nothing was committed. */
static enum err marks_now(struct ctx *c, struct marks *ret)
{
	static _Thread_local struct { uint64_t epoch; struct marks mark; } seen;
	uint64_t epoch = conn_epoch(c->db);

	if (!epoch || epoch != seen.epoch) {
		TRY(db_row(c, &q_policy_mark, BIND(), marks_fields, &seen.mark));
		seen.epoch = epoch;
	}
	*ret = seen.mark;
	return ERR_OK;
}

enum err rules_in_use(struct ctx *c, struct rules *ret)
{
	const struct linked *known;
	struct linked *l;
	struct marks mark;

	TRY(marks_now(c, &mark));
	known = linked_find(db_of(c->db), mark);
	if (known) {
		*ret = known->rules;
		return ERR_OK;
	}
	TRY(link_all(c, mark, &l));
	*ret = l->rules;
	pthread_mutex_lock(&linked_lock);
	l->next = linked;
	linked = l;
	pthread_mutex_unlock(&linked_lock);
	return ERR_OK;
}

enum err policies(struct ctx *c, const struct policy_set **ret)
{
	struct rules by;

	TRY(rules_in_use(c, &by));
	*ret = by.set;
	return ERR_OK;
}

/* ---- reading ---- */

enum err policy_list(struct ctx *c, str code, struct policy_row **ret, size_t *ret_n)
{
	return db_rows(c, &q_policy_list, BIND(P(code, code)), row_fields, sizeof(struct policy_row), POLICIES_MAX, ret, ret_n);
}

enum err policy_body(struct ctx *c, str code, int64_t version, str *ret)
{
	struct body *b;
	size_t n;

	TRY(bodies(c, code, version, &b, &n));
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	*ret = b[0].body;
	return ERR_OK;
}

/* ---- changing ---- */

static enum err insert(struct ctx *c, const struct policy *p, str body)
{
	int64_t id;

	TRY(db_insert(c, &q_policy_insert, BIND(P(code, p->id), P(version, p->version), P(kind, policy_kind_names[p->kind]), P(title_en, p->title.en),
		P(title_zh, p->title.zh), P(from_on, p->from), P(to_on, p->to), P(confidence, confidence_names[p->confidence]), P(body, body), P(now, c->now),
		P(by, c->who->name.n ? c->who->name : S("system"))), &id));
	return audit_add(c, "policy", id, "added", BIND(P(code, p->id), P(version, p->version), P(title, p->title.en)));
}

static const struct body *known(const struct body *b, size_t n, const struct policy *p)
{
	for (size_t i = 0; i < n; i++) {
		if (b[i].version == p->version && str_eq(b[i].code, p->id))
			return &b[i];
	}
	return NULL;
}

struct piece { str file, text; };

/* Pieces that are new, together with all that is there, must make a sound set; then they are stored. */
static enum err take_in(struct ctx *c, const struct piece *piece, size_t n_piece, bool newer_text_is_fine, size_t *ret_added)
{
	struct policy_set set = { 0 };
	struct policy *fresh = NEW_N(c->a, struct policy, n_piece + 1);
	str *body = NEW_N(c->a, str, n_piece + 1);
	struct flaw f = { 0 };
	struct body *b;
	size_t n, added = 0;

	TRY(bodies(c, (str){ 0 }, NIL, &b, &n));
	for (size_t i = 0; i < n_piece; i++) {
		const struct body *old;

		if (!policy_read(c->a, piece[i].file, piece[i].text, &fresh[added], &f))
			return flawed(c, &f);
		old = known(b, n, &fresh[added]);
		if (old && !newer_text_is_fine && !str_eq(old->body, piece[i].text))
			return fail(c, ERR_CONFLICT, N_("{1} version {2} is in the house with another text; give the new text the next number."), fresh[added].id, fresh[added].version);
		if (!old)
			body[added++] = piece[i].text;
	}
	if (n + added > POLICIES_MAX)
		return fail(c, ERR_TOO_LARGE, NULL);
	set.p = NEW_N(c->a, struct policy, n + added + 1);
	if (!read_bodies(c->a, b, n, &set, &f))
		return flawed(c, &f);
	memcpy(set.p + set.n, fresh, added * sizeof *fresh);
	set.n += added;
	if (!policy_link(c->a, &set, &f))
		return flawed(c, &f);
	for (size_t i = 0; i < added; i++)
		TRY(insert(c, &fresh[i], body[i]));
	*ret_added = added;
	return added ? mark_changed(c) : ERR_OK;
}

/* The elements of a list, cut out of its text, or the whole text when it is one policy. */
static enum err cut(struct ctx *c, str file, str text, struct piece **ret, size_t *ret_n)
{
	struct flaw f = { 0 };
	const struct node *root;
	size_t n = 0;

	if (!doc_parse(c->a, file, text, &root, &f))
		return flawed(c, &f);
	for (const struct node *e = root->kind == NODE_LIST ? root->child : NULL; e; e = e->next)
		n++;
	*ret = NEW_N(c->a, struct piece, n + 1);
	*ret_n = root->kind == NODE_LIST ? n : 1;
	(*ret)[0] = (struct piece){ file, text };
	n = 0;
	for (const struct node *e = root->kind == NODE_LIST ? root->child : NULL; e; e = e->next)
		(*ret)[n++] = (struct piece){ arena_fmt(c->a, "%.*s (from line %d)", STR_ARG(file), e->line), e->text };
	return ERR_OK;
}

enum err policy_import(struct ctx *c, str file, str text, size_t *ret_added)
{
	struct piece *piece = NULL;
	size_t n = 0;

	assert(db_writing(c->db));
	if (text.n > (size_t)POLICY_FILE_MAX * 32)
		return fail(c, ERR_TOO_LARGE, NULL);
	TRY(cut(c, file, text, &piece, &n));
	return take_in(c, piece, n, false, ret_added);
}

/* A draft takes the place of its own version, or follows the one before it, which then ends the day before. */
static void put_draft(struct policy_set *set, const struct policy *p)
{
	for (size_t i = 0; i < set->n; i++) {
		struct policy *old = &set->p[i];

		if (!str_eq(old->id, p->id))
			continue;
		if (old->version == p->version) {
			*old = *p;
			return;
		}
		if (old->version < p->version && (old->to.d == NIL || old->to.d >= p->from.d))
			old->to.d = p->from.d - 1;
	}
	set->p[set->n++] = *p;
}

enum err policy_draft(struct ctx *c, str file, str text, struct policy_set *ret)
{
	struct policy_set set = { 0 };
	struct policy draft;
	struct flaw f = { 0 };
	struct piece *piece = NULL;
	size_t n_piece = 0, n;
	struct body *b;

	TRY(cut(c, file, text, &piece, &n_piece));
	TRY(bodies(c, (str){ 0 }, NIL, &b, &n));
	set.p = NEW_N(c->a, struct policy, n + n_piece + 1);
	if (!read_bodies(c->a, b, n, &set, &f))
		return flawed(c, &f);
	for (size_t i = 0; i < n_piece; i++) {
		if (!policy_read(c->a, piece[i].file, piece[i].text, &draft, &f))
			return flawed(c, &f);
		put_draft(&set, &draft);
	}
	if (!policy_link(c->a, &set, &f))
		return flawed(c, &f);
	*ret = set;
	return ERR_OK;
}

enum err entitlement_seed(struct ctx *c)
{
	struct piece piece[POLICIES_MAX];
	size_t n = 0, added;

	assert(db_writing(c->db));
	for (const struct embedded *e = embedded_data; e->name; e++) {
		if (n < POLICIES_MAX && str_starts(str_c(e->name), S("policies/")) && str_ends(str_c(e->name), S(".json")))
			piece[n++] = (struct piece){ str_c(e->name), embedded_str(e) };
	}
	return take_in(c, piece, n, true, &added);
}

enum err policy_close(struct ctx *c, str code, int64_t version, day to)
{
	struct policy_row *row;
	size_t n, at;

	assert(db_writing(c->db));
	TRY(policy_list(c, code, &row, &n));
	for (at = 0; at < n && row[at].version != version; at++)
		;
	if (at == n)
		return fail(c, ERR_NOT_FOUND, NULL);
	if (to.d != NIL && to.d < row[at].from_on.d)
		return fail_field(c, "to", N_("It begins on {1}."), row[at].from_on);
	if (at + 1 < n && (to.d == NIL || to.d >= row[at + 1].from_on.d))
		return fail_field(c, "to", N_("The next version begins on {1}."), row[at + 1].from_on);
	TRY(db_exec(c, &q_policy_close, BIND(P(code, code), P(version, version), P(to_on, to)), 1));
	TRY(audit_add(c, "policy", row[at].id, "closed", BIND(P(to, to))));
	return mark_changed(c);
}
