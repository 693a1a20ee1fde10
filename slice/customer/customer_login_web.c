/* customer_login_web.c — giving a customer, an organisation or its employee a login of the portal [S14]. */
#include "customer_login.html.h"
#include "slice/account/account.h"
#include "slice/customer/customer_view.h"

struct login_in { str login, employee; };
FORM(customer_login_form, struct login_in,
	INPUT(struct login_in, login, IN_TOKEN, N_("Login"), .required = true, .max = 64, .hint = N_("A new one or one that belongs to nobody")),
	INPUT(struct login_in, employee, IN_TEXT, N_("Name of the employee"), .max = 80, .hint = N_("Empty: the login acts for the organisation itself")));
static const struct field page_out[] = { FIELD(struct customer_login_page, login), FIELD(struct customer_login_page, password), FIELD(struct customer_login_page, customer_no), { 0 } };
static void draw(struct out *o, const struct ctx *c, const void *m) { customer_login_html(o, c, m); }
const struct view customer_login_view = { "customer_login", N_("Portal login"), draw, page_out, sizeof(struct customer_login_page) };

static enum err answer(struct ctx *c, const struct customer *k, str login, str password, struct reply *out)
{
	struct customer_login_page *p = NEW(c->a, struct customer_login_page);

	*p = (struct customer_login_page){ login, password, k->no };
	out->view = &customer_login_view;
	out->model = p;
	return ERR_OK;
}

struct linking { const struct login_in *f; const struct customer *k; str hash; };

static enum err link_it(struct ctx *c, void *arg)
{
	const struct linking *l = arg;

	return customer_link(c, l->k, l->f->login, l->f->employee, l->hash);
}

/* Runs outside the usual write: hashing takes long, and an answer with a password in it is not kept for repeated requests. */
enum err customer_login_add(struct ctx *c, struct req *r, struct reply *out)
{
	struct linking l = { .f = r->form };
	struct customer k;
	struct user u;
	str password = { 0 };
	enum err e;

	TRY(customer_by_no(c, r->arg[0], &k));
	l.k = &k;
	e = user_by_login(c, l.f->login, &u);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		password = password_random(c->a);
		e = password_hash(c, password, &l.hash);
	}
	TRY(e);
	TRY(db_write(db_of(c->db), c, link_it, &l));
	out->created = r->as == AS_JSON;
	return answer(c, &k, l.f->login, password, out);
}

enum err customer_login_drop(struct ctx *c, struct req *r, struct reply *out)
{
	struct customer k;

	TRY(customer_by_no(c, r->arg[0], &k));
	TRY(customer_unlink(c, &k, r->arg[1]));
	out->location = arena_fmt(c->a, "/customers/%.*s", STR_ARG(k.no));
	out->flash = trf(c, N_("{1} no longer acts for {2}."), r->arg[1], k.name);
	return answer(c, &k, r->arg[1], (str){ 0 }, out);
}
