#include "slice/audit/audit_int.h"
#include "view/view.h"
#include "audit.sql.h"

enum { DATA_MAX = 256 * 1024, LIST_MAX = 200, ERASE_MAX = 100000 };

const struct field event_fields[] = { EVENT_FIELDS, { 0 } };

/* ---- hashing ---- */

void hash_begin(crypto_generichash_state *h, const char *what)
{
	crypto_generichash_init(h, NULL, 0, HASH_BYTES);
	hash_str(h, str_c(what));
}

void hash_int(crypto_generichash_state *h, int64_t i)
{
	unsigned char b[8];

	for (size_t k = 0; k < sizeof b; k++)
		b[k] = (unsigned char)((uint64_t)i >> (8 * k));
	crypto_generichash_update(h, b, sizeof b);
}

void hash_str(crypto_generichash_state *h, str s)
{
	hash_int(h, s.p ? (int64_t)s.n : -1);
	if (s.n)
		crypto_generichash_update(h, (const unsigned char *)s.p, s.n);
}

str hash_end(struct arena *a, crypto_generichash_state *h)
{
	unsigned char b[HASH_BYTES];

	crypto_generichash_final(h, b, sizeof b);
	return str_base64(a, b, sizeof b);
}

str event_data_hash(struct arena *a, const struct event *e)
{
	crypto_generichash_state h;

	hash_begin(&h, "data");
	hash_str(&h, e->salt);
	hash_str(&h, e->data.s);
	return hash_end(a, &h);
}

str event_hash(struct arena *a, const struct event *e, str prev)
{
	crypto_generichash_state h;

	hash_begin(&h, "event");
	hash_str(&h, e->subject_kind);
	hash_int(&h, e->subject_id);
	hash_int(&h, e->seq);
	hash_int(&h, e->at.ms);
	hash_int(&h, e->device_at.ms);
	hash_int(&h, e->user_id);
	hash_str(&h, e->actor);
	hash_str(&h, e->kind);
	hash_str(&h, e->data.s.p ? event_data_hash(a, e) : e->data_hash);
	hash_str(&h, prev);
	return hash_end(a, &h);
}

/* ---- adding ---- */

struct head { int64_t seq; str hash; };
static const struct field head_fields[] = { FIELD(struct head, seq), FIELD(struct head, hash), { 0 } };

json audit_data(struct ctx *c, const struct bind *data)
{
	struct out o;
	str text;
	bool any = false;

	buf_init(&o.b, DATA_MAX);
	buf_c(&o.b, '{');
	for (; data && data->name; data++) {
		if (data->v.kind == K_NONE)
			continue;
		if (any)
			buf_c(&o.b, ',');
		any = true;
		json_str(&o, str_c(data->name));
		buf_c(&o.b, ':');
		json_val(&o, c, data->v);
	}
	buf_c(&o.b, '}');
	if (o.b.overflow)
		BUG("audit data larger than %d", DATA_MAX);
	text = arena_str(c->a, (str){ o.b.p, o.b.n });
	buf_free(&o.b);
	return (json){ text };
}

static str salt_new(struct arena *a)
{
	unsigned char b[SALT_BYTES];

	randombytes_buf(b, sizeof b);
	return str_base64(a, b, sizeof b);
}

enum err audit_put(struct ctx *c, const struct audit_entry *in)
{
	struct head head;
	struct event e = {
		.subject_kind = str_c(in->subject_kind), .subject_id = in->subject_id, .at = in->at, .device_at = in->device_at,
		.user_id = c->who->id, .actor = in->actor.p ? in->actor : c->who->name, .kind = str_c(in->kind), .data = in->data,
		.salt = salt_new(c->a),
	};

	assert(db_writing(c->db));
	if (!e.actor.p)
		e.actor = S("");
	TRY(db_row(c, &q_audit_head_next, BIND(P(subject_kind, e.subject_kind), P(subject_id, e.subject_id)), head_fields, &head));
	e.seq = head.seq;
	e.hash = event_hash(c->a, &e, head.hash);
	TRY(db_exec(c, &q_audit_event_add, BIND(P(subject_kind, e.subject_kind), P(subject_id, e.subject_id), P(seq, e.seq), P(at, e.at),
		P(device_at, e.device_at), P(user_id, e.user_id), P(actor, e.actor), P(kind, e.kind), P(data, e.data.s), P(salt, e.salt),
		P(hash, e.hash)), 1));
	return db_exec(c, &q_audit_head_set, BIND(P(hash, e.hash), P(subject_kind, e.subject_kind), P(subject_id, e.subject_id)), 1);
}

enum err audit_add_at(struct ctx *c, const char *subject_kind, int64_t subject_id, const char *kind, const struct bind *data, instant device_at)
{
	return audit_put(c, &(struct audit_entry){ subject_kind, subject_id, kind, audit_data(c, data), c->now, device_at, { 0 } });
}

enum err audit_add(struct ctx *c, const char *subject_kind, int64_t subject_id, const char *kind, const struct bind *data)
{
	return audit_add_at(c, subject_kind, subject_id, kind, data, NO_INSTANT);
}

struct shown { const char *subject_kind; int64_t subject_id; const char *what; };

static enum err put_shown(struct ctx *c, void *arg)
{
	const struct shown *s = arg;

	return audit_add(c, s->subject_kind, s->subject_id, "read", BIND(P(what, s->what)));
}

enum err audit_read(struct ctx *c, const char *subject_kind, int64_t subject_id, const char *what)
{
	struct shown s = { subject_kind, subject_id, what };

	return db_writing(c->db) ? put_shown(c, &s) : db_write(db_of(c->db), c, put_shown, &s);
}

/* ---- reading ---- */

static int64_t limit_of(int limit) { return limit > 0 && limit < LIST_MAX ? limit : LIST_MAX; }

enum err audit_list(struct ctx *c, const char *subject_kind, int64_t subject_id, int64_t after, int limit, struct event **ret, size_t *ret_n)
{
	return db_rows(c, &q_audit_event_of, BIND(P(subject_kind, subject_kind), P(subject_id, subject_id), P(after, after), P(limit, limit_of(limit))),
		event_fields, sizeof(struct event), LIST_MAX, ret, ret_n);
}

enum err audit_last(struct ctx *c, const char *subject_kind, int64_t subject_id, int limit, struct event **ret, size_t *ret_n)
{
	return db_rows(c, &q_audit_event_last, BIND(P(subject_kind, subject_kind), P(subject_id, subject_id), P(limit, limit_of(limit))), event_fields, sizeof(struct event),
		LIST_MAX, ret, ret_n);
}

enum err audit_search(struct ctx *c, const struct audit_query *q, struct event **ret, size_t *ret_n)
{
	int64_t before = q->before == NIL ? INT64_MAX : q->before;

	return db_rows(c, &q_audit_event_search, BIND(P(before, before), P(subject_kind, q->subject_kind), P(subject_id, q->subject_id),
		P(user_id, q->user_id), P(kind, q->kind), P(from, q->from), P(until, q->until), P(limit, limit_of(q->limit))),
		event_fields, sizeof(struct event), LIST_MAX, ret, ret_n);
}

/* ---- erasing ---- */

enum err audit_erase(struct ctx *c, const char *subject_kind, int64_t subject_id, str why)
{
	int64_t seq = 0;

	assert(db_writing(c->db));
	for (;;) {
		struct event *e;
		size_t n;

		TRY(audit_list(c, subject_kind, subject_id, seq, LIST_MAX, &e, &n));
		for (size_t i = 0; i < n; i++) {
			seq = e[i].seq;
			if (e[i].data.s.p)
				TRY(db_exec(c, &q_audit_event_blank, BIND(P(data_hash, event_data_hash(c->a, &e[i])), P(id, e[i].id)), 1));
		}
		if (n < LIST_MAX || seq >= ERASE_MAX)
			break;
	}
	return audit_add(c, subject_kind, subject_id, "erased", BIND(P(upto, seq), P(why, why)));
}
