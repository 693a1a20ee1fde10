/* order_erase.c — orders of a person who wishes to be forgotten: who, where and how to reach them is blanked, the repair itself stays [A4]. */
#include "base/i18n.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "slice/order/order_int.h"

enum { ORDERS_MAX = 2000 };
struct row { int64_t id; bool open; };

enum err order_customer_erased(struct ctx *c, int64_t customer_id, str why)
{
	static const struct field f[] = { FIELD(struct row, id), FIELD(struct row, open), { 0 } };
	struct row *r;
	struct order o;
	size_t n;

	TRY(db_rows(c, &q_order_ids_of, BIND(P(customer_id, customer_id)), f, sizeof *r, ORDERS_MAX, &r, &n));
	for (size_t i = 0; i < n; i++)
		if (r[i].open)
			return fail(c, ERR_CONFLICT, N_("An order of this customer is still open. Close or cancel it first."));
	TRY(db_exec(c, &q_order_erase, BIND(P(name, CUSTOMER_ERASED), P(customer_id, customer_id)), -1));
	TRY(db_exec(c, &q_order_messages_erase, BIND(P(name, CUSTOMER_ERASED), P(customer_id, customer_id)), -1));
	for (size_t i = 0; i < n; i++) {
		struct arena_mark m = arena_mark(c->a);

		TRY(order_load(c, BIND(P(id, r[i].id)), &o));
		TRY(order_index(c, &o));
		TRY(audit_erase(c, "order", o.id, why));
		arena_reset(c->a, m);
	}
	return ERR_OK;
}
