/* outbox.c — what must happen outside the database is written with the change and done after COMMIT, at least once; and the
 * answers kept for repeated requests. */
#include "slice/account/account_int.h"
#include "base/time.h"
#include "slice/audit/audit.h"
#include "account.sql.h"

enum { AGAIN_FIRST = 60 * 1000, AGAIN_MAX = 6 * 3600 * 1000, LEASE = 10 * 60 * 1000, LIST_MAX = 200 };

static const struct field item_fields[] = {
	FIELD(struct outbox_item, id), FIELD(struct outbox_item, topic), FIELD(struct outbox_item, payload), FIELD(struct outbox_item, tries),
	FIELD(struct outbox_item, at), FIELD(struct outbox_item, last_error), { 0 }
};
static const struct outbox_handler *handlers;
static size_t n_handlers;

void outbox_use(const struct outbox_handler *table, size_t n)
{
	handlers = table;
	n_handlers = n;
}

/* ---- putting ---- */

enum err outbox_put_at(struct ctx *c, const char *topic, json payload, instant not_before, int64_t *ret_id)
{
	instant due = not_before.ms == NIL ? c->now : not_before;

	assert(db_writing(c->db));
	return db_insert(c, &q_outbox_put, BIND(P(topic, topic), P(payload, payload.s), P(at, c->now), P(due_at, due)), ret_id);
}

enum err outbox_put(struct ctx *c, const char *topic, const struct bind *payload)
{
	int64_t id;

	return outbox_put_at(c, topic, audit_data(c, payload), NO_INSTANT, &id);
}

enum err outbox_cancel(struct ctx *c, int64_t id)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_outbox_cancel, BIND(P(id, id)), 1);
}

/* ---- doing ---- */

static const struct outbox_handler *handler_of(str topic)
{
	for (size_t i = 0; i < n_handlers; i++)
		if (str_eq(str_c(handlers[i].topic), topic))
			return &handlers[i];
	return NULL;
}

struct claim { int64_t lease; struct outbox_item *item; size_t n; };

/* Whoever dies with an item in hand loses it when the lease ends. One at a time: the lease counts from when it is begun, not from when those before it were. */
static enum err claim_write(struct ctx *c, void *arg)
{
	struct claim *cl = arg;

	return db_rows(c, &q_outbox_claim, BIND(P(lease, cl->lease), P(now, c->now)), item_fields, sizeof *cl->item, 1, &cl->item, &cl->n);
}

struct outcome { const struct outbox_item *item; bool ok; str why; };

static int64_t again_after(int64_t tries)
{
	return tries > 9 ? AGAIN_MAX : (AGAIN_FIRST << (tries - 1)) < AGAIN_MAX ? AGAIN_FIRST << (tries - 1) : AGAIN_MAX;
}

static enum err outcome_write(struct ctx *c, void *arg)
{
	const struct outcome *o = arg;

	if (o->ok)
		return db_exec(c, &q_outbox_done, BIND(P(id, o->item->id)), -1);
	return db_exec(c, &q_outbox_again, BIND(P(due_at, c->now.ms + again_after(o->item->tries)), P(dead, o->item->tries >= OUTBOX_TRIES),
		P(why, o->why), P(id, o->item->id)), 1);
}

static enum err run_one(struct ctx *c, const struct outbox_item *it)
{
	const struct outbox_handler *h = handler_of(it->topic);
	struct outcome o = { .item = it, .why = S("nobody handles this topic") };
	struct diag kept = c->diag;

	if (h) {
		o.why = S("failed");
		o.ok = h->run(c, it, &o.why) == ERR_OK;
	}
	c->diag = kept;
	return db_write(db_of(c->db), c, outcome_write, &o);
}

enum err outbox_run(struct ctx *c, int max, int *ret_done)
{
	int64_t begun = clock_mono_us();

	assert(!db_writing(c->db));
	for (*ret_done = 0; *ret_done < max; ++*ret_done) {
		struct claim cl = { .lease = c->now.ms + (clock_mono_us() - begun) / 1000 + LEASE };

		TRY(db_write(db_of(c->db), c, claim_write, &cl));
		if (!cl.n)
			return ERR_OK;
		TRY(run_one(c, cl.item));
	}
	return ERR_OK;
}

enum err outbox_dead(struct ctx *c, struct outbox_item **ret, size_t *ret_n)
{
	return db_rows(c, &q_outbox_dead, BIND(), item_fields, sizeof(struct outbox_item), LIST_MAX, ret, ret_n);
}

enum err outbox_retry(struct ctx *c, int64_t id)
{
	enum err e;

	assert(db_writing(c->db));
	e = db_exec(c, &q_outbox_retry, BIND(P(now, c->now), P(id, id)), 1);
	return e == ERR_CONFLICT ? ERR_NOT_FOUND : e;
}

/* ---- idempotency ---- */

struct kept { str sha256, body, location; int64_t status; };
static const struct field kept_fields[] = {
	FIELD(struct kept, sha256), FIELD(struct kept, status), FIELD(struct kept, body), FIELD(struct kept, location), { 0 }
};

static int64_t owner_of(const struct ctx *c) { return c->who->id == NIL ? 0 : c->who->id; }

enum err idem_find(struct ctx *c, str key, str sha256, bool *ret_hit, int *ret_status, str *ret_body, str *ret_location)
{
	struct kept *k;
	size_t n;

	TRY(db_rows(c, &q_idem_find, BIND(P(user_id, owner_of(c)), P(key, key)), kept_fields, sizeof *k, 1, &k, &n));
	*ret_hit = n > 0;
	if (!n)
		return ERR_OK;
	if (!str_eq(k->sha256, sha256))
		return fail(c, ERR_CONFLICT, N_("This Idempotency-Key was used for another request."));
	*ret_status = (int)k->status;
	*ret_body = k->body;
	*ret_location = k->location;
	return ERR_OK;
}

enum err idem_store(struct ctx *c, str key, str sha256, int status, str body, str location)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_idem_add, BIND(P(user_id, owner_of(c)), P(key, key), P(sha256, sha256), P(status, status), P(body, body.p ? body : S("")),
		P(location, location), P(at, c->now)), 1);
}
