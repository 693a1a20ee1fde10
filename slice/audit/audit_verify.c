/* audit_verify.c — anchors over all subjects, and the walk that proves nothing was edited, removed, inserted or cut. */
#include "slice/audit/audit_int.h"
#include "audit.sql.h"

enum { ANCHOR_MAX = 5000, ANCHOR_PAGE = 500, PROGRESS_EVERY = 4096 };

const struct field anchor_fields[] = {
	FIELD(struct anchor, id), FIELD(struct anchor, upto_id), FIELD(struct anchor, events), FIELD(struct anchor, at),
	FIELD(struct anchor, hash), FIELD(struct anchor, sign), { 0 }
};
const struct field anchor_item_fields[] = { FIELD(struct anchor_item, id), FIELD(struct anchor_item, hash), { 0 } };

static unsigned char sign_key[crypto_generichash_KEYBYTES];
static bool sign_on;

void audit_key(const unsigned char *key)
{
	sign_on = key != NULL;
	if (key)
		memcpy(sign_key, key, sizeof sign_key);
}

/* First the key's own fingerprint, so that a copy restored beside another key is not taken for a forgery. */
enum { KEY_NAME = 10 };

str anchor_sign(struct arena *a, str hash)
{
	crypto_generichash_state h;
	str name;

	if (!sign_on)
		return (str){ 0 };
	crypto_generichash_init(&h, sign_key, sizeof sign_key, HASH_BYTES);
	hash_str(&h, S("key"));
	name = hash_end(a, &h);
	name.n = KEY_NAME;
	crypto_generichash_init(&h, sign_key, sizeof sign_key, HASH_BYTES);
	hash_str(&h, hash);
	return arena_join(a, (const str[]){ name, hash_end(a, &h) }, 2, S(""));
}

bool anchor_derive(const char *purpose, unsigned char *ret, size_t n)
{
	if (sign_on)
		crypto_generichash(ret, n, (const unsigned char *)purpose, strlen(purpose), sign_key, sizeof sign_key);
	return sign_on;
}

static bool same_key(str a, str b) { return a.n > KEY_NAME && b.n > KEY_NAME && !memcmp(a.p, b.p, KEY_NAME); }

void anchor_begin(crypto_generichash_state *h, str prev)
{
	hash_begin(h, "anchor");
	hash_str(h, prev);
}

static void anchor_step(crypto_generichash_state *h, const struct anchor_item *it)
{
	hash_int(h, it->id);
	hash_str(h, it->hash);
}

enum err audit_anchor(struct ctx *c)
{
	struct anchor last = { .hash = S("") }, next;
	struct anchor_item *it;
	crypto_generichash_state h;
	size_t n;
	enum err e;

	assert(db_writing(c->db));
	/* On PostgreSQL ids are given before commit: wait until no insert is under way, or a late one would slip below the anchor. */
	TRY(db_exec(c, &q_audit_quiet, BIND(), -1));
	e = db_row(c, &q_audit_anchor_last, BIND(), anchor_fields, &last);
	if (e && e != ERR_NOT_FOUND)
		return e;
	for (;;) {
		struct arena_mark m;

		TRY(db_rows(c, &q_audit_anchor_next, BIND(P(after, last.upto_id), P(limit, (int64_t)ANCHOR_MAX)), anchor_item_fields,
			sizeof *it, ANCHOR_MAX, &it, &n));
		if (!n)
			return ERR_OK;
		anchor_begin(&h, last.hash);
		for (size_t i = 0; i < n; i++)
			anchor_step(&h, &it[i]);
		next = (struct anchor){ .id = last.id + 1, .upto_id = it[n - 1].id, .events = (int64_t)n, .at = c->now, .hash = hash_end(c->a, &h) };
		m = arena_mark(c->a);
		TRY(db_exec(c, &q_audit_anchor_add, BIND(P(id, next.id), P(upto_id, next.upto_id), P(events, next.events), P(at, next.at),
			P(hash, next.hash), P(sign, anchor_sign(c->a, next.hash))), 1));
		arena_reset(c->a, m);
		last = next;
	}
}

/* ---- the walk over anchors ---- */

static void found(struct audit_walk *w, str what)
{
	w->differences++;
	if (w->found)
		w->found(w->arg, what);
}

struct span { crypto_generichash_state h; int64_t n; };

static enum err span_add(struct ctx *c, void *row, void *arg)
{
	struct span *s = arg;

	(void)c;
	anchor_step(&s->h, row);
	s->n++;
	return ERR_OK;
}

static enum err check_anchor(struct ctx *c, struct audit_walk *w, const struct anchor *prev, const struct anchor *a)
{
	struct span s = { .n = 0 };
	str sign = anchor_sign(c->a, a->hash), hash;

	anchor_begin(&s.h, prev->hash);
	TRY(db_each(c, &q_audit_walk_ids, BIND(P(after, prev->upto_id), P(upto, a->upto_id)), anchor_item_fields, sizeof(struct anchor_item), span_add, &s));
	hash = hash_end(c->a, &s.h);
	if (a->id != prev->id + 1)
		found(w, arena_fmt(c->a, "anchor %lld: the one before is missing", (long long)a->id));
	if (s.n != a->events)
		found(w, arena_fmt(c->a, "anchor %lld: %lld events up to %lld, there were %lld", (long long)a->id, (long long)s.n,
			(long long)a->upto_id, (long long)a->events));
	else if (!str_eq(hash, a->hash))
		found(w, arena_fmt(c->a, "anchor %lld: events up to %lld are not those that were anchored", (long long)a->id, (long long)a->upto_id));
	if (!same_key(sign, a->sign))
		w->unsigned_anchors++;
	else if (!str_eq(sign, a->sign))
		found(w, arena_fmt(c->a, "anchor %lld: the signature is not ours", (long long)a->id));
	return ERR_OK;
}

static enum err walk_anchors(struct ctx *c, struct audit_walk *w)
{
	struct anchor prev = { .hash = S("") }, *a;
	size_t n;

	do {
		TRY(db_rows(c, &q_audit_anchors, BIND(P(after, prev.id), P(limit, (int64_t)ANCHOR_PAGE)), anchor_fields, sizeof *a, ANCHOR_PAGE, &a, &n));
		for (size_t i = 0; i < n; i++) {
			TRY(check_anchor(c, w, &prev, &a[i]));
			prev = a[i];
			w->anchors++;
		}
	} while (n == ANCHOR_PAGE);
	w->tip = arena_fmt(c->a, "%lld %.*s", (long long)prev.id, STR_ARG(prev.hash));
	return ERR_OK;
}

/* ---- the walk over subjects ---- */

struct step { struct event e; int64_t head_seq; str head_hash; };      /* e first: its fields serve both */
static const struct field step_fields[] = { EVENT_FIELDS, FIELD(struct step, head_seq), FIELD(struct step, head_hash), { 0 } };

/* The row before, copied: rows are reused. blank: erased rows that no "erased" event has explained yet. */
struct stand {
	struct audit_walk *w;
	bool blank;
	char kind[64], hash[HASH_TEXT], head_hash[HASH_TEXT];
	int64_t id, seq, head_seq, total;
};

static void keep(char *d, size_t room, str s) { snprintf(d, room, "%.*s", STR_ARG(s)); }

static void complain(struct ctx *c, struct stand *s, const char *what)
{
	found(s->w, arena_fmt(c->a, "%s %lld: %s after event %lld", s->kind, (long long)s->id, what, (long long)s->seq));
}

/* The last row of a subject has been seen: does the head agree? */
static void leave(struct ctx *c, struct stand *s)
{
	if (!s->kind[0])
		return;
	if (s->head_seq == NIL)
		complain(c, s, "the head is missing");
	else if (s->head_seq > s->seq)
		complain(c, s, "events were removed");
	else if (s->head_seq < s->seq)
		complain(c, s, "events were added");
	else if (strcmp(s->hash, s->head_hash))
		complain(c, s, "the last hash is not the head's");
	if (s->blank)
		complain(c, s, "data were blanked without an erasure");
}

static void enter(struct stand *s, const struct step *r)
{
	keep(s->kind, sizeof s->kind, r->e.subject_kind);
	s->id = r->e.subject_id;
	s->seq = 0;
	s->hash[0] = 0;
	s->head_seq = r->head_seq;
	keep(s->head_hash, sizeof s->head_hash, r->head_hash);
	s->blank = false;
	s->w->subjects++;
}

static enum err walk_step(struct ctx *c, void *row, void *arg)
{
	const struct step *r = row;
	struct arena_mark m = arena_mark(c->a);
	struct stand *s = arg;

	if (!str_eq(r->e.subject_kind, str_c(s->kind)) || r->e.subject_id != s->id) {
		leave(c, s);
		enter(s, r);
	}
	if (r->e.seq != s->seq + 1)
		complain(c, s, "events are missing");
	if (!str_eq(event_hash(c->a, &r->e, str_c(s->hash)), r->e.hash))
		complain(c, s, "the chain is broken");
	s->seq = r->e.seq;
	keep(s->hash, sizeof s->hash, r->e.hash);
	if (!r->e.data.s.p)
		s->blank = true;
	else if (str_eq(r->e.kind, S("erased")))
		s->blank = false;
	s->w->events++;
	if (s->w->progress && s->w->events % PROGRESS_EVERY == 0)
		s->w->progress(s->w->arg, s->w->events, s->total);
	arena_reset(c->a, m);
	return ERR_OK;
}

struct bare { str subject_kind; int64_t subject_id, seq; str hash; };
static const struct field bare_fields[] = {
	FIELD(struct bare, subject_kind), FIELD(struct bare, subject_id), FIELD(struct bare, seq), FIELD(struct bare, hash), { 0 }
};

static enum err bare_head(struct ctx *c, void *row, void *arg)
{
	const struct bare *b = row;

	found(arg, arena_fmt(c->a, "%.*s %lld: all %lld events were removed", STR_ARG(b->subject_kind), (long long)b->subject_id, (long long)b->seq));
	return ERR_OK;
}

enum err audit_verify(struct ctx *c, struct audit_walk *w)
{
	struct stand s = { .w = w };

	w->events = w->subjects = w->anchors = w->unsigned_anchors = w->differences = 0;
	TRY(db_int(c, &q_audit_count, BIND(), &s.total));
	TRY(walk_anchors(c, w));
	TRY(db_each(c, &q_audit_walk, BIND(), step_fields, sizeof(struct step), walk_step, &s));
	leave(c, &s);
	TRY(db_each(c, &q_audit_bare_heads, BIND(), bare_fields, sizeof(struct bare), bare_head, w));
	if (w->progress)
		w->progress(w->arg, w->events, s.total);
	return ERR_OK;
}
