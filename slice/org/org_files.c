/* org_files.c — which customers and devices a place of the network deals with: what its people may see [N5]. */
#include "slice/org/org_int.h"
#include "org.sql.h"

static bool is_root(str path)
{
	const char *dot = memchr(path.p, '.', path.n);

	return !dot || dot == path.p + path.n - 1;
}

int64_t org_gate(const struct ctx *c)
{
	if (c->who->sight != SIGHT_ORG && c->who->sight != SIGHT_OWN)
		return NIL;
	if (!c->who->org_path.n || c->who->org_id == NIL)
		return -1;
	return is_root(c->who->org_path) ? NIL : c->who->org_id;
}

enum err org_holds(struct ctx *c, str kind, int64_t id, str path)
{
	assert(db_writing(c->db));
	if (id == NIL || !path.n || is_root(path))
		return ERR_OK;
	return db_exec(c, &q_org_file_put, BIND(P(path, path), P(kind, kind), P(of_id, id)), -1);
}

enum err org_registers(struct ctx *c, str kind, int64_t id)
{
	return org_gate(c) == NIL ? ERR_OK : org_holds(c, kind, id, c->who->org_path);
}

enum err org_holds_merged(struct ctx *c, str kind, int64_t keep, int64_t drop)
{
	return db_exec(c, &q_org_file_merge, BIND(P(kind, kind), P(keep, keep), P(dropped, drop)), -1);
}

enum err org_files_follow(struct ctx *c, int64_t id, int64_t old_parent)
{
	struct org above;

	TRY(db_exec(c, &q_org_file_rise, BIND(P(id, id)), -1));
	for (int64_t at = old_parent; at != NIL; at = above.parent_id) {
		TRY(org_get(c, at, &above));
		if (above.parent_id != NIL)
			TRY(db_exec(c, &q_org_file_leave, BIND(P(above, at), P(moved, id)), -1));
	}
	return ERR_OK;
}
