/* customer_view.h — models of the customer's pages. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/customer/customer.h"

enum { CUSTOMER_PANELS = 8 };
/* What other departments show in a customer's file (devices, orders, money): the app lists them, NULL-terminated, at most CUSTOMER_PANELS. */
struct customer_panel {
	const char *title;
	enum err (*load)(struct ctx *c, const struct customer *k, void **ret_data);     /* NULL: not shown to this reader */
	void (*draw)(struct out *o, const struct ctx *c, const struct req *r, const struct customer *k, void *data);
};
extern const struct customer_panel *const customer_panels[];
struct customer_panel_data { const struct customer_panel *panel; void *data; };
struct customer_page {
	struct customer k;
	struct req *req;
	struct customer_panel_data panel[CUSTOMER_PANELS]; size_t n_panel;
	struct customer_hit *employee; size_t n_employee;              /* of an organisation; the newest */
	struct customer_login *login; size_t n_login;                  /* for who may edit the customer */
	str org_no, org_name;                                          /* whose employee this is */
};
/* A login and, once, its first password; absent: it had one. */
struct customer_login_page { str login, password, customer_no; };
struct customer_list_page { struct customer_hit *items; size_t n; struct req *req; str next; };
struct customer_form_page { struct customer k; struct req *req; bool edit; };
struct customer_in { str name, phone, email, title, address, division, note, org; int kind; bool key_customer; int64_t ver; };
extern const struct form customer_in_form, customer_merge_form, customer_login_form;
extern const struct view customer_login_view;
/* customer_login_web.c */
handler customer_login_add, customer_login_drop;
extern const struct field customer_hit_out[];
