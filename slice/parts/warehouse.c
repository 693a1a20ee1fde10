/* warehouse.c — places for stock: one for each org, one for each engineer. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/org/org.h"
#include "slice/parts/parts_int.h"

const char *const warehouse_kinds[] = { "hq", "region", "station", "van", "outside", NULL };
const char *const warehouse_kind_titles[] = { N_("Head office"), N_("Region"), N_("Station"), N_("Engineer"), N_("Outside"), NULL };

#define W(m) FIELD(struct warehouse, m)
static const struct field warehouse_fields[] = {
	W(id), W(ver), W(code), FIELD_ENUM(struct warehouse, kind, warehouse_kinds), W(name), W(org_id), W(org_path), W(user_id), W(active), { 0 }
};

enum err paper_sight(struct ctx *c, struct in_sight *ret)
{
	TRY(sight_of(c, ret));
	return ret->customer != NIL ? fail(c, ERR_NOT_FOUND, NULL) : ERR_OK;
}

enum err warehouse_get(struct ctx *c, int64_t id, struct warehouse *ret) { return db_row(c, &q_warehouse_one, BIND(P(id, id)), warehouse_fields, ret); }

static enum err make(struct ctx *c, const struct warehouse *w, struct warehouse *ret)
{
	int64_t id;

	TRY(db_insert(c, &q_warehouse_insert, BIND(P(code, w->code), P(kind, warehouse_kinds[w->kind]), P(name, w->name), P(org_id, w->org_id), P(org_path, w->org_path),
		P(user_id, w->user_id)), &id));
	TRY(audit_add(c, "warehouse", id, "added", BIND(P(code, w->code), P(name, w->name))));
	return warehouse_get(c, id, ret);
}

enum err warehouse_of_org(struct ctx *c, int64_t org_id, struct warehouse *ret)
{
	static const enum warehouse_kind kind_of[ORG_KIND_N] = { [ORG_HQ] = WAREHOUSE_HQ, [ORG_REGION] = WAREHOUSE_REGION, [ORG_STATION] = WAREHOUSE_STATION };
	enum err e = db_row(c, &q_warehouse_one, BIND(P(org_id, org_id)), warehouse_fields, ret);
	struct org o;

	if (e != ERR_NOT_FOUND)
		return e;
	TRY(org_get(c, org_id, &o));
	*ret = (struct warehouse){ .code = o.code, .kind = (int)kind_of[o.kind], .name = o.name, .org_id = o.id, .org_path = o.path, .user_id = NIL, .active = true };
	return db_writing(c->db) ? make(c, ret, ret) : ERR_OK;
}

enum err warehouse_list(struct ctx *c, struct warehouse **ret, size_t *ret_n)
{
	struct warehouse *of_org, *van;
	struct in_sight s;
	size_t n_org, n_van;

	TRY(org_sight(c, &s));
	TRY(db_rows(c, &q_warehouse_orgs, BIND(P(org_lo, s.org_lo), P(org_hi, s.org_hi)), warehouse_fields, sizeof *of_org, 2000, &of_org, &n_org));
	TRY(db_rows(c, &q_warehouse_vans, BIND(SIGHT_BINDS(s)), warehouse_fields, sizeof *van, 2000, &van, &n_van));
	*ret = NEW_N(c->a, struct warehouse, n_org + n_van + 1);
	for (size_t i = 0; i < n_org; i++)
		(*ret)[i] = of_org[i];
	for (size_t i = 0; i < n_van; i++)
		(*ret)[n_org + i] = van[i];
	*ret_n = n_org + n_van;
	return ERR_OK;
}

/* Where an engineer works: their first role that is the engineer's. */
static enum err workplace(struct ctx *c, const struct user *u, int64_t *ret_org, str *ret_path)
{
	for (size_t i = 0; i < u->n_roles; i++)
		if (u->roles[i].org_id != NIL && (u->roles[i].role == ROLE_ENGINEER || i + 1 == u->n_roles)) {
			*ret_org = u->roles[i].org_id;
			*ret_path = u->roles[i].org_path;
			return ERR_OK;
		}
	return fail(c, ERR_INVALID, N_("{1} does not work at any place of the network."), u->name);
}

enum err warehouse_of_user(struct ctx *c, int64_t user_id, struct warehouse *ret)
{
	enum err e = db_row(c, &q_warehouse_one, BIND(P(user_id, user_id)), warehouse_fields, ret);
	struct warehouse w = { .kind = WAREHOUSE_VAN, .user_id = user_id };
	struct user u;

	if (e && e != ERR_NOT_FOUND)
		return e;
	if (!e && !db_writing(c->db))
		return ERR_OK;
	TRY(user_get(c, user_id, &u));
	TRY(workplace(c, &u, &w.org_id, &w.org_path));
	w.code = arena_fmt(c->a, "@%.*s", STR_ARG(u.login));
	w.name = u.name;
	if (e == ERR_NOT_FOUND)
		return db_writing(c->db) ? make(c, &w, ret) : fail(c, ERR_NOT_FOUND, NULL);
	if (str_eq(ret->org_path, w.org_path) && str_eq(ret->name, w.name))
		return ERR_OK;
	/* The person moved in the network: what they carry goes with them. */
	TRY(db_exec(c, &q_warehouse_move, BIND(P(id, ret->id), P(org_id, w.org_id), P(org_path, w.org_path), P(name, w.name)), 1));
	return warehouse_get(c, ret->id, ret);
}

/* An engineer in sight who carried nothing until now. */
static enum err by_login(struct ctx *c, str login, const struct in_sight *s, struct warehouse *ret)
{
	int64_t org_id;
	struct user u;
	str path;

	TRY(user_by_login(c, login, &u));
	TRY(workplace(c, &u, &org_id, &path));
	if ((s->org_lo.p && !str_starts(path, s->org_lo)) || (s->own != NIL && s->own != u.id))
		return fail(c, ERR_NOT_FOUND, NULL);
	return warehouse_of_user(c, u.id, ret);
}

/* An org in sight whose warehouse was not needed until now. */
static enum err by_org_code(struct ctx *c, str code, const struct in_sight *s, struct warehouse *ret)
{
	struct org o;

	if (str_starts(code, S("@")))
		return by_login(c, (str){ code.p + 1, code.n - 1 }, s, ret);
	TRY(org_by_code(c, code, &o));
	if (s->org_lo.p && !str_starts(o.path, s->org_lo))
		return fail(c, ERR_NOT_FOUND, NULL);
	return warehouse_of_org(c, o.id, ret);
}

enum err warehouse_by_code(struct ctx *c, str code, struct warehouse *ret)
{
	struct in_sight s;
	enum err e;

	TRY(org_sight(c, &s));
	e = db_row(c, &q_warehouse_one, BIND(P(code, code), SIGHT_BINDS(s)), warehouse_fields, ret);
	return e == ERR_NOT_FOUND ? by_org_code(c, code, &s, ret) : e;
}
