/* import_people.c — who works here, and the customers who sign in. Passwords do not travel: `baoxiu user password LOGIN` gives one. */
#include "slice/import/import.h"
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/org/org.h"

enum { PE_LOGIN, PE_NAME, PE_ROLES, PE_PHONE, PE_EMAIL, PE_LANG, PE_ZONE, PE_CUSTOMER, PE_ACTIVE, PE_N };
static const struct import_col cols[PE_N] = {
	[PE_LOGIN] = { "login", "登录名 账号 用户名 工号", true }, [PE_NAME] = { "name", "姓名", true }, [PE_ROLES] = { "roles", "role 角色 岗位", true },
	[PE_PHONE] = { "phone", "电话 手机 联系电话", false }, [PE_EMAIL] = { "email", "邮箱 电子邮箱", false }, [PE_LANG] = { "lang", "语言", false },
	[PE_ZONE] = { "zone", "时区", false }, [PE_CUSTOMER] = { "customer", "客户编号", false }, [PE_ACTIVE] = { "active", "启用 在职", false },
};

static enum err place_of(struct ctx *c, str code, struct org *ret)
{
	enum err e = code.n ? org_by_code(c, code, ret) : ERR_OK;

	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return fail_field(c, "roles", N_("There is no station {1}; import stations first."), code);
}

/* "engineer@ST3301;storekeeper@ST3301"; a role without a place stands alone. */
static enum err grant_all(struct ctx *c, int64_t id, str roles)
{
	str one, name;

	while (str_cut(&roles, ';', &one)) {
		struct org at = { .id = NIL };
		str rest = str_trim(one);
		int role;

		str_cut(&rest, '@', &name);
		role = name_index(role_names, name);
		if (role < 0)
			return fail_field(c, "roles", N_("“{1}” is none of the words known here."), name);
		TRY(place_of(c, rest, &at));
		TRY(user_grant(c, id, (enum role)role, at.id, at.path));
	}
	return ERR_OK;
}

static enum err customer_of(struct ctx *c, str ref, int64_t *ret)
{
	struct customer k;
	enum err e;

	*ret = NIL;
	if (!ref.n)
		return ERR_OK;
	e = customer_by_ref(c, ref, &k);
	if (e == ERR_NOT_FOUND)
		e = customer_by_no(c, ref, &k);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "customer", N_("There is no customer {1}."), ref);
	}
	TRY(e);
	c->diag = (struct diag){ 0 };
	*ret = k.id;
	return ERR_OK;
}

static enum err person_row(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret)
{
	const str *v = r->cell;
	struct user u = { .login = v[PE_LOGIN], .name = v[PE_NAME], .phone = v[PE_PHONE], .email = v[PE_EMAIL], .zone = v[PE_ZONE], .lang = v[PE_LANG].n ? v[PE_LANG] : S("zh"),
		.active = !str_eq(v[PE_ACTIVE], S("0")) && !str_eq(v[PE_ACTIVE], S("否")) }, old;
	enum err e = user_by_login(c, u.login, &old);
	int64_t id;

	(void)run;
	*ret = e ? IMPORT_ADDED : IMPORT_KNOWN;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	TRY(customer_of(c, v[PE_CUSTOMER], &u.customer_id));
	TRY(user_add(c, &u, (str){ 0 }, &id));
	return grant_all(c, id, v[PE_ROLES]);
}
extern const struct import_kind import_people;
const struct import_kind import_people = { "people", N_("Logins with their roles (engineer@ST3301); passwords do not travel"), cols, PE_N, .row = person_row, .need = PERM_USER_EDIT };
