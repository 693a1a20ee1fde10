/* data_web.c — what is kept of a person: handed out as one document, or erased, from the customer's page [A4]. Each is logged. */
#include "base/i18n.h"
#include "desk.html.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/desk/desk_view.h"
#include "slice/notice/notice.h"

enum { PAGE = 200, ORDERS_MAX = 1000 };

struct said { str order, author, text; instant at; };
struct sent { str order, event, receiver, subject, body; instant at; };
struct data_page {
	struct customer *customer;
	struct order_row *orders; size_t n_orders;
	struct device *devices; size_t n_devices;
	struct said *messages; size_t n_messages;
	struct sent *notices; size_t n_notices;
};
#define PII(T, m) FIELD_IF(T, m, PERM_CUSTOMER_PII)
static const struct field contact_out[] = { FIELD(struct contact, name), PII(struct contact, phone), PII(struct contact, email), FIELD(struct contact, title), { 0 } };
static const struct field address_out[] = { FIELD(struct address, label), FIELD(struct address, division), PII(struct address, text), { 0 } };
static const struct field customer_out[] = {
	FIELD(struct customer, no), FIELD_ENUM(struct customer, kind, customer_kinds), FIELD(struct customer, name), FIELD(struct customer, note), FIELD(struct customer, external_ref),
	FIELD(struct customer, created_at), FIELD_LIST(struct customer, contacts, n_contacts, contact_out), FIELD_LIST(struct customer, addresses, n_addresses, address_out), { 0 }
};
static const struct field thing_out[] = { FIELD(struct device, serial), FIELD(struct device, brand), FIELD(struct device, model), FIELD(struct device, invoice_no), FIELD(struct device, invoiced_on), { 0 } };
static const struct field said_out[] = { FIELD(struct said, order), FIELD(struct said, at), FIELD(struct said, author), FIELD(struct said, text), { 0 } };
static const struct field sent_out[] = {
	FIELD(struct sent, order), FIELD(struct sent, at), FIELD(struct sent, event), PII(struct sent, receiver), FIELD(struct sent, subject), FIELD(struct sent, body), { 0 }
};
static const struct field data_out[] = {
	FIELD_OBJ(struct data_page, customer, customer_out), FIELD_LIST(struct data_page, orders, n_orders, order_row_fields), FIELD_LIST(struct data_page, devices, n_devices, thing_out),
	FIELD_LIST(struct data_page, messages, n_messages, said_out), FIELD_LIST(struct data_page, notices, n_notices, sent_out), { 0 }
};
const struct view customer_data_view = { "customer_data", N_("Personal data"), NULL, data_out, sizeof(struct data_page) };

struct erase_in { int64_t ver; str why; };
FORM(customer_erase_form, struct erase_in,
	INPUT(struct erase_in, ver, IN_INT, N_("Version"), .required = true, .min = 1, .max = INT64_MAX),
	INPUT(struct erase_in, why, IN_TEXT, N_("Reason"), .required = true, .max = 200));

static enum err all_orders(struct ctx *c, int64_t customer_id, struct data_page *p)
{
	struct order_filter f = { ORDER_FILTER_ANY };
	int64_t next = NIL;

	f.customer_id = customer_id;
	f.limit = PAGE;
	p->orders = NEW_N(c->a, struct order_row, ORDERS_MAX + PAGE);
	do {
		struct order_row *row;
		size_t n;

		f.before = next;
		TRY(order_list(c, &f, &row, &n, &next));
		memcpy(p->orders + p->n_orders, row, n * sizeof *row);
		p->n_orders += n;
	} while (next != NIL && p->n_orders < ORDERS_MAX);
	return ERR_OK;
}

/* What was said and sent on one order, behind what is there already. */
static enum err of_order(struct ctx *c, const struct order_row *o, struct data_page *p)
{
	struct order_message *m;
	struct notice *sent;
	size_t n, n_sent;
	bool more;

	TRY(order_talk_last(c, o->id, false, PAGE, &m, &n, &more));
	TRY(notice_of_order(c, o->id, &sent, &n_sent));
	for (size_t i = 0; i < n; i++)
		p->messages[p->n_messages++] = (struct said){ o->no, m[i].author, m[i].text, m[i].at };
	for (size_t i = 0; i < n_sent; i++)
		p->notices[p->n_notices++] = (struct sent){ o->no, sent[i].event, sent[i].receiver, sent[i].subject, sent[i].body, sent[i].at };
	return ERR_OK;
}

enum err customer_data(struct ctx *c, struct req *r, struct reply *out)
{
	struct data_page *p = NEW(c->a, struct data_page);

	p->customer = NEW(c->a, struct customer);
	TRY(customer_by_no(c, r->arg[0], p->customer));
	TRY(all_orders(c, p->customer->id, p));
	TRY(device_of_customer(c, p->customer->id, &p->devices, &p->n_devices));
	p->messages = NEW_N(c->a, struct said, p->n_orders * PAGE + 1);
	p->notices = NEW_N(c->a, struct sent, p->n_orders * 20 + 1);
	for (size_t i = 0; i < p->n_orders; i++)
		TRY(of_order(c, &p->orders[i], p));
	TRY(audit_read(c, "customer", p->customer->id, "export"));
	out->view = &customer_data_view;
	out->model = p;
	return ERR_OK;
}

enum err customer_data_erase(struct ctx *c, struct req *r, struct reply *out)
{
	const struct erase_in *in = r->form;
	struct customer k;

	TRY(customer_by_no(c, r->arg[0], &k));
	TRY(customer_erase(c, &k, in->ver, in->why));
	live_touch(c, "orders");
	out->location = arena_fmt(c->a, "/customers/%.*s", STR_ARG(k.no));
	out->flash = _("The personal data are erased.");
	return ERR_OK;
}

static enum err load(struct ctx *c, const struct customer *k, void **ret)
{
	*ret = may(c, PERM_CUSTOMER_ERASE | PERM_CUSTOMER_PII) && !str_eq(k->name, CUSTOMER_ERASED) ? NEW(c->a, struct data_page) : NULL;
	return ERR_OK;
}

static void draw(struct out *o, const struct ctx *c, const struct req *r, const struct customer *k, void *unused)
{
	(void)unused;
	personal_data_html(o, c, r, k);
}
const struct customer_panel desk_customer_data = { N_("Personal data"), load, draw };
