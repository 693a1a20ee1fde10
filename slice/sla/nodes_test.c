/* nodes_test.c — several nodes let time pass over the same clocks: each stage is told once. */
#include "tests/unit.h"
#include "tests/world.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/sla/sla_int.h"
#include <pthread.h>

extern const struct slice slice_audit, slice_account, slice_calendar, slice_sla;
static const struct slice *const slices[] = { &slice_audit, &slice_account, &slice_calendar, &slice_sla, NULL };
#define BEGIN 1772413200000LL                          /* 2026-03-02 09:00 in Asia/Shanghai */

static const struct sla_facts plain = { .contract_id = NIL, .customer_id = NIL, .product_id = NIL, .station_id = NIL, .tier_calendar_id = NIL, .order_kind = { "repair", 6 },
	.org_path = { "1.3.12.", 7 }, .priority = SLA_NORMAL, .area = AREA_CITY };

/* Around the clock 8 h, escalated at once and two hours later. */
static enum err setup(struct ctx *c, void *arg)
{
	struct level_target target = { SLA_FIX, SLA_CUSTOMER, { 0 }, -1, -1, { "8h", 2 } };
	struct level_escalation step[] = { { SLA_FIX, 1, { "0m", 2 }, SLA_STATION, { "station_head", 12 } }, { SLA_FIX, 2, { "2h", 2 }, SLA_REGION, { "regional_manager", 16 } } };
	struct level_binding whom = { .basis = BASIS_DEFAULT };
	const struct level l = { .code = S("eight"), .name = S("八"), .name_en = S("Eight"), .calendar = S("7x24"), .active = true, .target = &target, .n_target = 1,
		.escalation = step, .n_escalation = LEN(step), .binding = &whom, .n_binding = 1 };
	int64_t id;

	(void)arg;
	TRY(calendar_seed(c));
	return level_add(c, &l, &id);
}

enum { NODES = 4, SUBJECTS = 60, FIRST = 500, HOURS = 36 };

/* Heard inside the write that notes it, and kept with it: what was rolled back was not told. */
static enum err write_down(struct ctx *c, const struct sla_news *n)
{
	return audit_add(c, "told", n->subject_id, sla_whats[n->what], BIND(P(stage, n->clock->stage)));
}

static const struct sla_hook scribe = { "scribe", write_down };
static const struct sla_hook *const scribes[] = { &scribe, NULL };

static enum err start_some(struct ctx *c, void *arg)
{
	(void)arg;
	for (int64_t id = FIRST; id < FIRST + SUBJECTS; id++)
		TRY(sla_start(c, id, &plain, SLA_BIT(SLA_FIX), SLA_CUSTOMER, (instant){ c->now.ms + id % 7 * 60000 }));
	return ERR_OK;
}

struct node { struct world *w; int wrong; pthread_t t; };

/* Every node lets the hours pass by itself. One that comes too late is refused or finds nothing; the next round goes on. */
static void *node_main(void *arg)
{
	struct node *k = arg;
	struct conn *cn;
	struct arena a;

	arena_init(&a, 32 << 20);
	if (db_conn_open(k->w->db, &cn)) {
		k->wrong = 1;
		return NULL;
	}
	for (int64_t hour = 0; hour <= HOURS; hour++) {
		struct ctx c = { .a = &a, .db = cn, .who = &actor_system, .now = { BEGIN + 3600000 + hour * 3600000 } };
		enum err e = sla_tick(&c);

		k->wrong += e && e != ERR_CONFLICT;
		arena_clear(&a);
	}
	db_conn_close(cn);
	arena_free(&a);
	return NULL;
}

static void nodes_on(struct world *w)
{
	static const char *const story[] = { "warn", "warn", "warn", "breach", "escalate", "escalate" };
	static const int64_t stage[] = { 50, 75, 90, 100, 101, 102 };
	struct node k[NODES];
	struct event *e;
	size_t n;

	CHECK(!world_write(w, setup, NULL));
	w->c.now.ms = BEGIN;
	CHECK(!world_write(w, start_some, NULL));
	for (int i = 0; i < NODES; i++) {
		k[i] = (struct node){ .w = w };
		CHECK(!pthread_create(&k[i].t, NULL, node_main, &k[i]));
	}
	for (int i = 0; i < NODES; i++) {
		pthread_join(k[i].t, NULL);
		CHECK_ROW(i, k[i].wrong == 0);
	}
	w->c.now.ms = BEGIN + 40LL * 3600000;
	CHECK(!sla_tick(&w->c));
	for (int64_t id = FIRST; id < FIRST + SUBJECTS; id++) {
		CHECK_ROW(id, !audit_list(&w->c, "told", id, 0, 200, &e, &n) && n == LEN(story));
		for (size_t i = 0; i < n; i++) {
			CHECK_ROW(id, str_eq(e[i].kind, str_c(story[i])));
			CHECK_ROW(id, str_eq(event_text(&w->c, &e[i], "stage"), arena_fmt(w->c.a, "%lld", (long long)stage[i])));
		}
	}
}

static void nodes(void **state) { (void)state; sla_use(scribes); world_each_file(slices, nodes_on); }
UNIT_GROUP(sla_nodes, T(nodes))
