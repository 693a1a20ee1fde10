#include "slice/audit/audit_int.h"
#include "http/http.h"
#include "audit.sql.h"

static const struct db_schema schema = { "audit", audit_migrations, audit_statements };

static enum err write_anchor(struct ctx *c, void *arg)
{
	(void)arg;
	return audit_anchor(c);
}

static enum err anchor_job(struct ctx *c) { return db_write(db_of(c->db), c, write_anchor, NULL); }

static const struct job jobs[] = { { "audit.anchor", 60 * 1000, anchor_job, N_("Chains new events of the audit trail over all subjects") } };

const struct slice slice_audit = { .name = "audit", .schema = &schema, .jobs = jobs, .n_jobs = LEN(jobs) };
