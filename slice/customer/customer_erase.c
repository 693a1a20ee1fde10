/* customer_erase.c — a person's wish to be forgotten: names, numbers and addresses are blanked here and wherever other departments keep them [A4]. */
#include "base/i18n.h"
#include "customer.sql.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"

enum { MERGED_MAX = 200 };

static enum err close_logins(struct ctx *c, const struct customer *k)
{
	struct customer_login *l;
	struct user u;
	size_t n;

	TRY(customer_logins(c, k, &l, &n));
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(l[i].customer_no, k->no))
			continue;
		TRY(user_get(c, l[i].id, &u));
		u.active = false;
		u.name = CUSTOMER_ERASED;
		u.phone = u.email = (str){ 0 };
		u.customer_id = NIL;
		TRY(user_save(c, &u));
		TRY(audit_erase(c, "user", u.id, S("customer erased")));
	}
	return ERR_OK;
}

static enum err blank(struct ctx *c, int64_t id, str why)
{
	TRY(db_exec(c, &q_customer_blank, BIND(P(name, CUSTOMER_ERASED), P(id, id)), 1));
	TRY(db_exec(c, &q_contact_drop, BIND(P(customer_id, id)), -1));
	TRY(db_exec(c, &q_address_drop, BIND(P(customer_id, id)), -1));
	return audit_erase(c, "customer", id, why);
}

struct row { int64_t id; };

enum err customer_erase(struct ctx *c, const struct customer *k, int64_t ver, str why)
{
	static const struct field f[] = { FIELD(struct row, id), { 0 } };
	struct row *merged;
	size_t n;

	assert(db_writing(c->db));
	if (!str_trim(why).n)
		return fail_field(c, "why", N_("Please give the reason."));
	if (k->ver != ver)
		return fail(c, ERR_CONFLICT, NULL);
	for (const struct customer_erased *const *e = customer_erased; *e; e++)
		TRY((*e)->on(c, k->id, why));
	TRY(close_logins(c, k));
	TRY(db_rows(c, &q_customer_merged_ids, BIND(P(id, k->id)), f, sizeof *merged, MERGED_MAX, &merged, &n));
	for (size_t i = 0; i < n; i++)
		TRY(blank(c, merged[i].id, why));
	return blank(c, k->id, why);
}
