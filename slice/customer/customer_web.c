/* customer_web.c — customers: search, the file of one customer [P1, ui 2], merging, and the same over the API. */
#include "customer.html.h"
#include "customer.sql.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer_view.h"

#define K(m) FIELD(struct customer, m)
#define PII(T, m) FIELD_MASK(T, m, PERM_CUSTOMER_PII)
static const struct field contact_out[] = {
	FIELD(struct contact, id), FIELD(struct contact, name), PII(struct contact, phone), PII(struct contact, email), FIELD(struct contact, title),
	FIELD(struct contact, is_main), { 0 }
};
static const struct field address_out[] = {
	FIELD(struct address, id), FIELD(struct address, label), FIELD(struct address, division), PII(struct address, text), FIELD(struct address, is_main), { 0 }
};
static const struct field login_out[] = {
	FIELD(struct customer_login, login), FIELD(struct customer_login, name), FIELD(struct customer_login, customer_no), FIELD(struct customer_login, active),
	FIELD(struct customer_login, login_at), { 0 }
};
static const struct field customer_out[] = {
	K(no), K(ver), FIELD_ENUM(struct customer, kind, customer_kinds), K(name), K(key_customer), PII(struct customer, phone), PII(struct customer, email),
	PII(struct customer, address), K(division), FIELD_IF(struct customer, note, PERM_STAFF), K(created_at),
	FIELD_LIST(struct customer, contacts, n_contacts, contact_out), FIELD_LIST(struct customer, addresses, n_addresses, address_out),
	{ .name = "employer", .off = offsetof(struct customer_page, org_no), .kind = K_STR },
	{ .name = "employees", .off = offsetof(struct customer_page, employee), .kind = K_LIST, .size = sizeof(struct customer_hit), .off_n = offsetof(struct customer_page, n_employee), .sub = customer_hit_out },
	{ .name = "logins", .off = offsetof(struct customer_page, login), .kind = K_LIST, .size = sizeof(struct customer_login), .off_n = offsetof(struct customer_page, n_login), .sub = login_out },
	{ 0 }
};
const struct field customer_hit_out[] = {
	FIELD(struct customer_hit, no), FIELD(struct customer_hit, name), PII(struct customer_hit, phone), PII(struct customer_hit, address),
	FIELD(struct customer_hit, key_customer), { 0 }
};
static const struct field list_out[] = { FIELD_LIST(struct customer_list_page, items, n, customer_hit_out), { 0 } };
static void draw_one(struct out *o, const struct ctx *c, const void *m) { customer_page_html(o, c, m); }
static void draw_list(struct out *o, const struct ctx *c, const void *m) { customer_list_html(o, c, m); }
static void draw_form(struct out *o, const struct ctx *c, const void *m) { customer_form_html(o, c, m); }
static const struct view customer_view = { "customer", N_("Customer"), draw_one, customer_out, sizeof(struct customer_page) };
static const struct view customer_list_view = { "customer_list", N_("Customers"), draw_list, list_out, sizeof(struct customer_list_page) };
static const struct view customer_form_view = { "customer_form", N_("Customer"), draw_form, NULL, 0 };

#define F(m, kind, label, ...) INPUT(struct customer_in, m, kind, label, __VA_ARGS__)
FORM(customer_in_form, struct customer_in,
	F(name, IN_TEXT, N_("Name"), .required = true, .max = 100),
	F(kind, IN_ENUM, N_("Person or organisation"), .names = customer_kinds),
	F(phone, IN_PHONE, N_("Phone"), .hint = N_("138 0013 8000 or 010-8888 1234")),
	F(email, IN_EMAIL, N_("E-mail")),
	F(title, IN_TEXT, N_("Contact's position"), .max = 60),
	F(address, IN_TEXT, N_("Address"), .max = 300),
	F(division, IN_TOKEN, N_("Division code"), .max = 12),
	F(key_customer, IN_BOOL, N_("Key customer")),
	F(note, IN_LINES, N_("Note"), .max = 2000),
	F(org, IN_TOKEN, N_("Employee of (customer number)"), .max = 40),
	F(ver, IN_INT, N_("Version"), .min = 1, .max = INT64_MAX));
#undef F
struct merge_in { str into; int64_t ver; };
FORM(customer_merge_form, struct merge_in,
	INPUT(struct merge_in, into, IN_TOKEN, N_("Keep which customer (number)"), .required = true, .max = 40),
	INPUT(struct merge_in, ver, IN_INT, N_("Version"), .required = true, .min = 1));
struct list_in { str q; int64_t after, limit; };
FORM_STATIC(list_form, struct list_in,
	INPUT(struct list_in, q, IN_TEXT, N_("Words"), .max = 100),
	INPUT(struct list_in, after, IN_INT, N_("Cursor"), .min = 1),
	INPUT(struct list_in, limit, IN_INT, N_("Rows"), .min = 1, .max = 200));

/* The organisation an employee belongs to, as far as the reader sees it. */
static enum err load_employer(struct ctx *c, struct customer_page *p)
{
	struct customer org;
	enum err e = p->k.org_id == NIL ? ERR_NOT_FOUND : customer_get(c, p->k.org_id, &org);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	p->org_no = org.no;
	p->org_name = org.name;
	return ERR_OK;
}

static enum err answer(struct ctx *c, struct req *r, const struct customer *k, struct reply *out)
{
	struct customer_page *p = NEW(c->a, struct customer_page);

	p->k = *k;
	p->req = r;
	TRY(load_employer(c, p));
	if (k->kind == CUSTOMER_ORGANISATION)
		TRY(customer_employees(c, k->id, NIL, 50, &p->employee, &p->n_employee));
	if (may(c, PERM_CUSTOMER_EDIT))
		TRY(customer_logins(c, k, &p->login, &p->n_login));
	if (r->as == AS_HTML)
		for (const struct customer_panel *const *pn = customer_panels; *pn; pn++) {
			void *data = NULL;

			TRY((*pn)->load(c, k, &data));
			if (data)
				p->panel[p->n_panel++] = (struct customer_panel_data){ *pn, data };
		}
	out->view = &customer_view;
	out->model = p;
	out->title = k->name;
	out->ver = k->ver;
	return ERR_OK;
}

static enum err show_one(struct ctx *c, struct req *r, struct reply *out)
{
	struct customer k;

	TRY(customer_by_no(c, r->arg[0], &k));
	return answer(c, r, &k, out);
}

static enum err list(struct ctx *c, struct req *r, struct reply *out)
{
	struct customer_list_page *p = NEW(c->a, struct customer_list_page);
	const struct list_in *in = r->form;
	size_t limit = in->limit == NIL ? 50 : (size_t)in->limit;

	p->req = r;
	TRY(customer_search(c, in->q, in->after, limit, &p->items, &p->n));
	if (!in->q.n && p->n == limit)
		p->next = out->next = arena_fmt(c->a, "%lld", (long long)p->items[p->n - 1].id);
	out->view = &customer_list_view;
	out->model = p;
	return ERR_OK;
}

static enum err new_form(struct ctx *c, struct req *r, struct reply *out)
{
	struct customer_form_page *p = NEW(c->a, struct customer_form_page);

	p->req = r;
	out->view = &customer_form_view;
	out->model = p;
	return ERR_OK;
}

static enum err edit_form(struct ctx *c, struct req *r, struct reply *out)
{
	struct customer_form_page *p = NEW(c->a, struct customer_form_page);

	TRY(customer_by_no(c, r->arg[0], &p->k));
	p->req = r;
	p->edit = true;
	out->view = &customer_form_view;
	out->model = p;
	return ERR_OK;
}

static enum err employer_of(struct ctx *c, str no, int64_t *ret)
{
	struct customer org = { .id = NIL };
	enum err e = no.n ? customer_by_no(c, no, &org) : ERR_OK;

	if (e == ERR_NOT_FOUND || (!e && no.n && org.kind != CUSTOMER_ORGANISATION)) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "org", N_("There is no organisation {1}."), no);
	}
	*ret = org.id;
	return e;
}

static enum err add(struct ctx *c, struct req *r, struct reply *out)
{
	const struct customer_in *in = r->form;
	struct customer_new n = { .name = in->name, .phone = in->phone, .email = in->email, .title = in->title, .address = in->address, .division = in->division,
		.note = in->note, .kind = in->kind, .key_customer = in->key_customer, .org_id = NIL, .lat = NIL, .lon = NIL };
	struct customer k;
	int64_t id;

	TRY(employer_of(c, in->org, &n.org_id));
	TRY(customer_add(c, &n, &id));
	TRY(customer_get(c, id, &k));
	out->created = true;
	out->location = arena_fmt(c->a, "/customers/%.*s", STR_ARG(k.no));
	return answer(c, r, &k, out);
}

/* The main contact and address follow the form: what differs is added and becomes the main one; the old stays in the file. */
static enum err follow_contact(struct ctx *c, const struct customer *k, const struct customer_in *in)
{
	struct contact n = { .id = NIL, .name = in->name, .phone = in->phone, .email = in->email, .title = in->title, .is_main = true };
	struct address a = { .id = NIL, .text = in->address, .division = in->division, .lat = NIL, .lon = NIL, .is_main = true };
	int64_t id;

	if (k->n_contacts && k->contacts[0].is_main)
		n.id = k->contacts[0].id;
	if (!str_eq(in->phone, k->phone) || !str_eq(in->email, k->email) || !str_eq(in->name, k->name))
		TRY(customer_contact_put(c, k->id, &n, &id));
	if (in->address.n && !str_eq(in->address, k->address))
		TRY(customer_address_put(c, k->id, &a, &id));
	return ERR_OK;
}

static enum err save(struct ctx *c, struct req *r, struct reply *out)
{
	const struct customer_in *in = r->form;
	struct customer k;

	if (in->ver == NIL)
		return fail_field(c, "ver", N_("Please say which version you changed (If-Match)."));
	TRY(customer_by_no(c, r->arg[0], &k));
	k.ver = in->ver;
	TRY(follow_contact(c, &k, in));
	k.name = in->name;
	k.note = in->note;
	k.key_customer = in->key_customer;
	k.kind = in->kind < 0 ? k.kind : in->kind;
	TRY(customer_save(c, &k));
	TRY(customer_get(c, k.id, &k));
	out->location = arena_fmt(c->a, "/customers/%.*s", STR_ARG(k.no));
	return answer(c, r, &k, out);
}

static enum err merge(struct ctx *c, struct req *r, struct reply *out)
{
	const struct merge_in *in = r->form;
	struct customer drop, keep;
	enum err e;

	TRY(customer_by_no(c, r->arg[0], &drop));
	e = customer_by_no(c, in->into, &keep);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "into", N_("There is no customer {1}."), in->into);
	}
	TRY(e);
	TRY(customer_merge(c, keep.id, drop.id, in->ver));
	TRY(customer_get(c, keep.id, &keep));
	out->location = arena_fmt(c->a, "/customers/%.*s", STR_ARG(keep.no));
	out->flash = trf(c, N_("{1} is now part of {2}."), drop.no, keep.no);
	return answer(c, r, &keep, out);
}

static const struct route routes[] = {
	{ "GET", "/customers", PERM_CUSTOMER_READ, 0, &list_form, list, &customer_list_view, .summary = "Find customers by phone, name, pinyin or initials" },
	{ "POST", "/customers", PERM_CUSTOMER_EDIT, 0, &customer_in_form, add, &customer_view, .again = new_form, .summary = "Add a customer" },
	{ "GET", "/customers/new", PERM_CUSTOMER_EDIT, R_PAGE, NULL, new_form, &customer_form_view, .summary = "Form of a new customer" },
	{ "GET", "/customers/{no}", PERM_CUSTOMER_READ, 0, NULL, show_one, &customer_view, .summary = "One customer" },
	{ "GET", "/customers/{no}/edit", PERM_CUSTOMER_EDIT, R_PAGE, NULL, edit_form, &customer_form_view, .summary = "Form to change a customer" },
	{ "PUT", "/customers/{no}", PERM_CUSTOMER_EDIT, R_API, &customer_in_form, save, &customer_view, .summary = "Change a customer" },
	{ "POST", "/customers/{no}/edit", PERM_CUSTOMER_EDIT, R_PAGE, &customer_in_form, save, &customer_view, .again = edit_form, .summary = "Change a customer" },
	{ "POST", "/customers/{no}/logins", PERM_CUSTOMER_EDIT | PERM_CUSTOMER_PII, R_SLOW, &customer_login_form, customer_login_add, &customer_login_view, .again = show_one, .summary = "Let a login act for the customer, or for an employee of the organisation, in the portal" },
	{ "POST", "/customers/{no}/logins/{login}/end", PERM_CUSTOMER_EDIT | PERM_CUSTOMER_PII, 0, NULL, customer_login_drop, &customer_login_view, .summary = "The login acts for the customer no longer" },
	{ "POST", "/customers/{no}/merge", PERM_CUSTOMER_ERASE, 0, &customer_merge_form, merge, &customer_view, .again = show_one, .summary = "Merge a duplicate into another customer" },
};
static const struct db_schema schema = { "customer", customer_migrations, customer_statements };
const struct slice slice_customer = { .name = "customer", .schema = &schema, SLICE_ROUTES(routes) };
