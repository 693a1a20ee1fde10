/* exposure_notice.c — once a day who answers for it is told where a right comes due soon: quality, and the manager of the region. Each danger is told once when it
 * comes near and once when the limit is passed. */
#include "slice/entitlement/entitlement_int.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"

#define N(m) FIELD(struct exposure_notice, m)
static const struct field notice_fields[] = {
	N(id), N(device_id), N(order_no), N(serial), FIELD_ENUM(struct exposure_notice, danger, danger_names), N(reached), N(bound), N(role), N(receiver), N(at), N(seen_at), { 0 }
};

/* "1.4.17." → "1.4."; the top stays. */
static str place_above(str path)
{
	size_t cut = path.n ? path.n - 1 : 0;

	while (cut && path.p[cut - 1] != '.')
		cut--;
	return cut ? (str){ path.p, cut } : path;
}

/* Quality is anybody under the same top; a region's manager is found at the nearest place above the order, but not at the top, which is no region. */
static enum err receiver_of(struct ctx *c, int role, str path, struct user *ret, bool *ret_found)
{
	struct user *u;
	size_t n;

	*ret_found = false;
	if (!path.n || path.p[path.n - 1] != '.')
		return ERR_OK;
	for (str at = path, above = place_above(at);; at = above, above = place_above(at)) {
		bool top = above.n == at.n;

		if (top != (role == ROLE_QUALITY)) {
			if (top)
				return ERR_OK;
			if (role == ROLE_QUALITY)
				continue;
		}
		TRY(user_at(c, (enum role)role, at, &u, &n));
		if (n) {
			*ret = u[0];
			*ret_found = true;
		}
		if (n || top)
			return ERR_OK;
	}
}

static enum err tell(struct ctx *c, const struct exposed *x, int role)
{
	struct user u = { .id = NIL };
	int64_t known, id;
	bool found;

	TRY(db_int(c, &q_notice_known, BIND(P(order_no, x->order_no), P(danger, danger_names[x->danger]), P(over, (int64_t)(x->reached > x->limit)), P(role, role_names[role])), &known));
	if (known)
		return ERR_OK;
	TRY(receiver_of(c, role, x->org_path, &u, &found));
	TRY(db_insert(c, &q_notice_insert, BIND(P(device_id, x->device_id), P(order_no, x->order_no), P(org_path, x->org_path), P(danger, danger_names[x->danger]),
		P(over, (int64_t)(x->reached > x->limit)), P(reached, x->reached), P(bound, x->limit), P(role, role_names[role]), P(receiver_id, u.id), P(receiver, str_or_none(u.name)), P(now, c->now)), &id));
	return audit_add(c, "order", x->order_id, "exposure", BIND(P(danger, danger_names[x->danger]), P(reached, x->reached), P(limit, x->limit), P(receiver, u.name)));
}

static enum err tell_all(struct ctx *c, void *arg)
{
	struct exposed *x;
	size_t n;

	(void)arg;
	TRY(exposure(c, &x, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(tell(c, &x[i], ROLE_QUALITY));
		TRY(tell(c, &x[i], ROLE_REGIONAL_MANAGER));
	}
	return ERR_OK;
}

enum err exposure_tell(struct ctx *c)
{
	return db_write(db_of(c->db), c, tell_all, NULL);
}

enum err exposure_notices(struct ctx *c, struct exposure_notice **ret, size_t *ret_n)
{
	return db_rows(c, &q_notices, BIND(P(receiver_id, c->who->id), P(limit, (int64_t)NOTICES_SHOWN)), notice_fields, sizeof **ret, NOTICES_SHOWN, ret, ret_n);
}

enum err exposure_seen(struct ctx *c)
{
	assert(db_writing(c->db));
	return db_exec(c, &q_notices_seen, BIND(P(receiver_id, c->who->id), P(now, c->now)), -1);
}
