/* db_migrate.c — schema steps, each once, in order, in a transaction of its own. */
#include "db/db_int.h"
#include "db/schema.sql.h"
#include "base/i18n.h"

struct step_job { const char *slice; const struct migration *step; int64_t last; };

static enum err script(struct ctx *c, const struct migration *m, const char *what)
{
	struct conn *cn = c->db;
	const char *text = cn->eng->id == DB_POSTGRES && m->pg ? m->pg : m->text;

	if (db_fault(cn->db, cn, "script") || !cn->eng->script(cn, text))
		return conn_report(cn, c, what);
	return ERR_OK;
}

static enum err create_table(struct ctx *c, void *arg)
{
	(void)arg;
	return script(c, schema_migrations, "schema_step");
}

/* Asks anew inside the transaction: another process may have come first. */
static enum err take_step(struct ctx *c, void *arg)
{
	struct step_job *j = arg;
	int64_t have;

	c->db->deadline = 0;
	TRY(db_exec(c, &q_schema_patience, BIND(), -1));
	TRY(db_exec(c, &q_schema_lock, BIND(), -1));
	TRY(db_int(c, &q_schema_version, BIND(P(slice, j->slice)), &have));
	if (have > j->last)
		return fail(c, ERR_CONFLICT, N_("The database was written by a newer version of this program."));
	if (j->step->version <= have)
		return ERR_OK;
	TRY(script(c, j->step, j->slice));
	return db_exec(c, &q_schema_step_add, BIND(P(slice, j->slice), P(version, j->step->version), P(at, c->now)), 1);
}

static enum err migrate_one(struct db *db, struct ctx *c, const struct db_schema *s)
{
	struct step_job j = { .slice = s->name, .step = s->steps };

	for (const struct migration *m = s->steps; m && m->version; m++)
		j.last = m->version;
	for (; j.step && j.step->version; j.step++)
		TRY(db_write(db, c, take_step, &j));
	return ERR_OK;
}

enum err db_migrate(struct db *db, struct ctx *c, const struct db_schema *const *list)
{
	/* Two processes that both find no table: one fails once. */
	if (db_write(db, c, create_table, NULL)) {
		c->diag = (struct diag){ 0 };
		TRY(db_write(db, c, create_table, NULL));
	}
	for (; *list; list++)
		TRY(migrate_one(db, c, *list));
	return ERR_OK;
}
