/* The trail: what is added reads back, and no forgery by hand on the tables goes unseen. */
#include "tests/unit.h"
#include "tests/world.h"
#include "base/time.h"
#include "slice/audit/audit.h"
#include "slice/audit/audit_test.sql.h"

extern const struct slice slice_audit, slice_account;
static const struct db_schema test_schema = { "audit_test", audit_test_migrations, audit_test_statements };
static const struct slice test_slice = { .name = "audit_test", .schema = &test_schema };
static const struct slice *const slices[] = { &slice_audit, &slice_account, &test_slice, NULL };

static enum err add_some(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(audit_add(c, "order", 7, "registered", BIND(P(no, "BX2611220001"), P(fault, "屏幕 \"碎\""))));
	TRY(audit_add(c, "order", 7, "moved", BIND(P(from, "registered"), P(to, "triaged"), P(note, (str){ 0 }))));
	TRY(audit_add(c, "customer", 7, "added", NULL));
	TRY(audit_add_at(c, "order", 7, "moved", BIND(P(from, "triaged"), P(to, "assigned")), (instant){ c->now.ms - 5000 }));
	return ERR_OK;
}

static enum err anchor(struct ctx *c, void *arg)
{
	(void)arg;
	return audit_anchor(c);
}

static enum err exec(struct ctx *c, void *arg) { return db_exec(c, arg, BIND(), -1); }

static int64_t differences(struct world *w)
{
	struct audit_walk walk = { 0 };

	world_calm(w);
	CHECK(!audit_verify(&w->c, &walk));
	return walk.differences;
}

static void reads_back_on(struct world *w)
{
	struct audit_walk walk = { 0 };
	struct event *e;
	size_t n;

	CHECK(!world_write(w, add_some, NULL));
	CHECK(!audit_list(&w->c, "order", 7, 0, 0, &e, &n));
	CHECK(n == 3 && e[0].seq == 1 && e[2].seq == 3);
	CHECK(str_eq(e[0].data.s, S("{\"no\":\"BX2611220001\",\"fault\":\"屏幕 \\\"碎\\\"\"}")));
	CHECK(str_eq(e[1].data.s, S("{\"from\":\"registered\",\"to\":\"triaged\"}")));
	CHECK(e[1].at.ms == world_now.ms && e[1].device_at.ms == NIL && e[2].device_at.ms == world_now.ms - 5000);
	CHECK(str_eq(e[1].actor, S("system")) && e[1].user_id == NIL);
	CHECK(!audit_last(&w->c, "order", 7, 2, &e, &n) && n == 2 && e[0].seq == e[1].seq + 1);
	CHECK(!audit_list(&w->c, "order", 7, 2, 0, &e, &n));
	CHECK(n == 1 && e[0].seq == 3);
	CHECK(!audit_read(&w->c, "customer", 7, "phone"));
	CHECK(!audit_list(&w->c, "customer", 7, 1, 0, &e, &n));
	CHECK(n == 1 && str_eq(e[0].kind, S("read")) && str_eq(e[0].data.s, S("{\"what\":\"phone\"}")));
	CHECK(!audit_verify(&w->c, &walk));
	CHECK(walk.differences == 0 && walk.events == 5 && walk.subjects == 2);
}

static void searches_on(struct world *w)
{
	static const struct { struct audit_query q; size_t n; } rows[] = {
		{ { .subject_id = NIL, .user_id = NIL, .before = NIL, .from = { NIL }, .until = { NIL } }, 4 },
		{ { .subject_kind = { "order", 5 }, .subject_id = NIL, .user_id = NIL, .before = NIL, .from = { NIL }, .until = { NIL } }, 3 },
		{ { .subject_kind = { "order", 5 }, .subject_id = 8, .user_id = NIL, .before = NIL, .from = { NIL }, .until = { NIL } }, 0 },
		{ { .kind = { "moved", 5 }, .subject_id = NIL, .user_id = NIL, .before = NIL, .from = { NIL }, .until = { NIL } }, 2 },
		{ { .subject_id = NIL, .user_id = 1, .before = NIL, .from = { NIL }, .until = { NIL } }, 0 },
		{ { .subject_id = NIL, .user_id = NIL, .before = 3, .from = { NIL }, .until = { NIL } }, 2 },
		{ { .subject_id = NIL, .user_id = NIL, .before = NIL, .from = { NIL }, .until = { NIL }, .limit = 1 }, 1 },
		{ { .subject_id = NIL, .user_id = NIL, .before = NIL, .from = { 1795314600001 }, .until = { NIL } }, 0 },
		{ { .subject_id = NIL, .user_id = NIL, .before = NIL, .from = { NIL }, .until = { 1795314600001 } }, 4 },
	};

	CHECK(!world_write(w, add_some, NULL));
	for (size_t i = 0; i < LEN(rows); i++) {
		struct event *e;
		size_t n;

		CHECK(!audit_search(&w->c, &rows[i].q, &e, &n));
		CHECK_ROW(i, n == rows[i].n);
		CHECK_ROW(i, n < 2 || e[0].id > e[1].id);
	}
}

/* Each forgery on its own database; twice where the forger also mends the head row, which only the anchor sees. */
static const struct sql *const *forgery;
static void forged_on(struct world *w)
{
	CHECK(!world_write(w, add_some, NULL));
	CHECK(!world_write(w, anchor, NULL));
	CHECK(!world_write(w, add_some, NULL));
	CHECK(!world_write(w, anchor, NULL));
	CHECK(differences(w) == 0);
	for (const struct sql *const *q = forgery; *q; q++)
		CHECK(!world_write(w, exec, (void *)(size_t)*q));
	if (!differences(w)) {
		print_error("unseen: %s\n", (*forgery)->name);
		CHECK(false);
	}
}

static void forgeries(void **state)
{
	static const struct sql *const rows[][4] = {
		{ &q_forge_edit }, { &q_forge_actor }, { &q_forge_at }, { &q_forge_delete_middle }, { &q_forge_delete_tail }, { &q_forge_order },
		{ &q_forge_delete_subject }, { &q_forge_delete_subject, &q_forge_delete_head }, { &q_forge_delete_head }, { &q_forge_blank },
		{ &q_forge_anchor }, { &q_forge_head },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		forgery = rows[i];
		world_each(slices, forged_on);
	}
}

/* The newest events, not anchored yet. */
static void forged_tail_on(struct world *w)
{
	CHECK(!world_write(w, add_some, NULL));
	CHECK(differences(w) == 0);
	CHECK(!world_write(w, exec, (void *)(size_t)&q_forge_insert));
	CHECK(differences(w) > 0);
}

static void cut_tail_on(struct world *w)
{
	CHECK(!world_write(w, add_some, NULL));
	CHECK(!world_write(w, exec, (void *)(size_t)&q_forge_delete_tail));
	CHECK(differences(w) > 0);
}

static enum err erase(struct ctx *c, void *arg)
{
	(void)arg;
	return audit_erase(c, "order", 7, S("the customer asked"));
}

static void erased_on(struct world *w)
{
	struct event *e;
	size_t n;

	CHECK(!world_write(w, add_some, NULL));
	CHECK(!world_write(w, anchor, NULL));
	CHECK(!world_write(w, erase, NULL));
	CHECK(differences(w) == 0);
	CHECK(!audit_list(&w->c, "order", 7, 0, 0, &e, &n));
	CHECK(n == 4 && !e[0].data.s.p && !e[0].salt.p && !e[2].data.s.p && e[3].data.s.p && str_eq(e[3].kind, S("erased")));
	CHECK(!world_write(w, erase, NULL));
	CHECK(differences(w) == 0);
}

static enum err resign(struct ctx *c, void *arg)
{
	(void)arg;
	TRY(db_exec(c, &q_forge_sign, BIND(), 1));
	return ERR_OK;
}

static void signed_on(struct world *w)
{
	unsigned char key[32] = { 1, 2, 3 };
	struct audit_walk walk = { 0 };

	audit_key(key);
	CHECK(!world_write(w, add_some, NULL));
	CHECK(!world_write(w, anchor, NULL));
	CHECK(!audit_verify(&w->c, &walk) && !walk.differences && !walk.unsigned_anchors && walk.anchors == 1);
	key[0] = 9;
	audit_key(key);
	CHECK(!audit_verify(&w->c, &walk) && !walk.differences && walk.unsigned_anchors == 1);
	key[0] = 1;
	audit_key(key);
	CHECK(!world_write(w, resign, NULL));
	CHECK(!audit_verify(&w->c, &walk) && walk.differences == 1);
	audit_key(NULL);
}

static bool nothing_there(struct world *w)
{
	struct event *e;
	size_t n;

	return !audit_list(&w->c, "order", 7, 0, 0, &e, &n) && !n && !differences(w);
}

static void torture_on(struct world *w) { world_torture(w, add_some, NULL, nothing_there); }

enum { MANY = 2000 };
static enum err add_many(struct ctx *c, void *arg)
{
	(void)arg;
	for (int64_t i = 0; i < MANY; i++) {
		struct arena_mark m = arena_mark(c->a);

		TRY(audit_add(c, "order", i % 100 + 1, "moved", BIND(P(from, "registered"), P(to, "triaged"), P(reason, "remote advice first"))));
		arena_reset(c->a, m);
	}
	return ERR_OK;
}

static void many_on(struct world *w)
{
	int64_t from = clock_mono_us(), each;

	CHECK(!world_write(w, add_many, NULL));
	each = (clock_mono_us() - from) / MANY;
	if (getenv("UNIT_TIMES"))
		print_message("audit_add %lld us\n", (long long)each);
	CHECK(!world_write(w, anchor, NULL));
	from = clock_mono_us();
	CHECK(differences(w) == 0);
	if (getenv("UNIT_TIMES"))
		print_message("audit_verify %lld us an event\n", (long long)((clock_mono_us() - from) / MANY));
}

static void reads_back(void **state) { (void)state; world_each(slices, reads_back_on); }
static void searches(void **state) { (void)state; world_each(slices, searches_on); }
static void tail(void **state) { (void)state; world_each(slices, forged_tail_on); world_each(slices, cut_tail_on); }
static void erased(void **state) { (void)state; world_each(slices, erased_on); }
static void signatures(void **state) { (void)state; world_each(slices, signed_on); }
static void torture(void **state) { (void)state; world_each(slices, torture_on); }
static void many(void **state) { (void)state; world_each(slices, many_on); }

UNIT_GROUP(audit, T(reads_back), T(searches), T(forgeries), T(tail), T(erased), T(signatures), T(torture), T(many))
