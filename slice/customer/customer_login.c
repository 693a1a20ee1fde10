/* customer_login.c — which login acts for which customer in the portal: a person, an organisation, or an organisation's employee [S14]. */
#include "base/i18n.h"
#include "db/db.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "customer.sql.h"

static const struct field login_row[] = {
	FIELD(struct customer_login, id), FIELD(struct customer_login, login), FIELD(struct customer_login, name), FIELD(struct customer_login, customer_no),
	FIELD(struct customer_login, active), FIELD(struct customer_login, login_at), { 0 }
};

enum err customer_logins(struct ctx *c, const struct customer *k, struct customer_login **ret, size_t *ret_n)
{
	return db_rows(c, &q_customer_logins, BIND(P(id, k->id)), login_row, sizeof **ret, 200, ret, ret_n);
}

static bool is_staff(const struct user *u)
{
	for (size_t i = 0; i < u->n_roles; i++)
		if (u->roles[i].role != ROLE_CUSTOMER)
			return true;
	return false;
}

/* Who stands behind the login: k, or an employee of k with a file of their own. */
static enum err person_of(struct ctx *c, const struct customer *k, str employee, const struct user *u, int64_t *ret)
{
	struct customer_new n = { .name = str_trim(employee), .phone = u->phone, .email = u->email, .kind = CUSTOMER_PERSON, .org_id = k->id, .lat = NIL, .lon = NIL };

	*ret = k->id;
	if (!n.name.n)
		return ERR_OK;
	if (k->kind != CUSTOMER_ORGANISATION)
		return fail_field(c, "employee", N_("Only an organisation has employees."));
	return customer_add(c, &n, ret);
}

static enum err fresh_login(struct ctx *c, const struct customer *k, str login, str employee, str hash, struct user *u)
{
	*u = (struct user){ .login = login, .name = str_trim(employee).n ? employee : k->name, .lang = setting_str(c, "lang"), .active = true, .customer_id = NIL,
		.must_change = setting_bool(c, "password.first_change") };
	TRY(user_add(c, u, hash, &u->id));
	TRY(user_grant(c, u->id, ROLE_CUSTOMER, NIL, (str){ 0 }));
	return user_get(c, u->id, u);
}

static enum err known_login(struct ctx *c, str login, struct user *u)
{
	enum err e = user_by_login(c, login, u);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "login", N_("There is no login {1}."), login);
	}
	TRY(e);
	if (is_staff(u))
		return fail_field(c, "login", N_("{1} works here and cannot be a customer's login."), u->login);
	if (u->customer_id != NIL)
		return fail_field(c, "login", N_("The login {1} belongs to a customer already. Take it from them first."), u->login);
	TRY(user_grant(c, u->id, ROLE_CUSTOMER, NIL, (str){ 0 }));
	return user_get(c, u->id, u);
}

enum err customer_link(struct ctx *c, const struct customer *k, str login, str employee, str hash)
{
	struct user u;

	assert(db_writing(c->db));
	TRY(hash.n ? fresh_login(c, k, login, employee, hash, &u) : known_login(c, login, &u));
	TRY(person_of(c, k, employee, &u, &u.customer_id));
	TRY(user_save(c, &u));
	return audit_add(c, "customer", u.customer_id, "login", BIND(P(login, u.login)));
}

enum err customer_unlink(struct ctx *c, const struct customer *k, str login)
{
	struct customer_login *l;
	struct user u;
	size_t n;

	assert(db_writing(c->db));
	TRY(customer_logins(c, k, &l, &n));
	for (size_t i = 0; i < n; i++) {
		int64_t was;

		if (!str_eq(l[i].login, login))
			continue;
		TRY(user_get(c, l[i].id, &u));
		was = u.customer_id;
		u.customer_id = NIL;
		TRY(user_save(c, &u));
		return audit_add(c, "customer", was, "login_off", BIND(P(login, u.login)));
	}
	return fail(c, ERR_NOT_FOUND, NULL);
}
