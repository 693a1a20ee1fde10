#include "http/http.h"
#include "slice/sla/sla_int.h"

static const struct db_schema schema = { "sla", sla_migrations, sla_statements };

static const struct job jobs[] = {
	{ "sla.tick", 10 * 1000, sla_tick, N_("Ends dated pauses, warns of deadlines, tells of breaches and escalates") },
	{ "sla.recompute", 15 * 1000, sla_recompute, N_("Recomputes deadlines whose calendar changed") },
};

const struct slice slice_sla = { .name = "sla", .schema = &schema, .jobs = jobs, .n_jobs = LEN(jobs) };
