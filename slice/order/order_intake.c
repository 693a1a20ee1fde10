/* order_intake.c — from a call to a registered order: who, which machine, what ails it, what the clerk should know before saving [O1–O3]. */
#include "base/i18n.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement.h"
#include "slice/order/order_int.h"
#include "slice/org/org.h"
#include "slice/product/product.h"
#include "slice/sla/sla.h"

enum { REPEAT_DAYS = 30 };
/* Another order of the same machine, and where it is: its station, or the head office while it has none. */
struct open_order { str no, fault, place, place_phone; };
static const struct field open_fields[] = { FIELD(struct open_order, no), FIELD(struct open_order, fault), FIELD(struct open_order, place), FIELD(struct open_order, place_phone), { 0 } };

/* The device a request means: by id, or by serial. *ret_found false when it is not known yet. */
static enum err known_device(struct ctx *c, const struct order_new *n, struct device *ret, bool *ret_found)
{
	enum err e;

	*ret_found = true;
	if (n->device_id != NIL)
		return device_get(c, n->device_id, ret);
	*ret_found = false;
	if (!n->serial.n)
		return ERR_OK;
	e = device_known(c, n->serial, n->brand, ret);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	if (e == ERR_CONFLICT)
		return fail_field(c, "brand", N_("Several makers use this serial number. Please give the brand."));
	*ret_found = !e;
	return e;
}

static enum err find_last(struct ctx *c, const struct sql *q, const struct bind *b, struct open_order *ret, bool *ret_found)
{
	enum err e = db_row(c, q, b, open_fields, ret);

	*ret_found = !e;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

static enum err open_of(struct ctx *c, int64_t device_id, struct open_order *ret, bool *ret_found)
{
	return find_last(c, &q_order_open_of_device, BIND(P(device_id, device_id)), ret, ret_found);
}

static enum err recent_of(struct ctx *c, int64_t device_id, struct open_order *ret, bool *ret_found)
{
	return find_last(c, &q_order_last_of_device, BIND(P(device_id, device_id), P(since, c->now.ms - REPEAT_DAYS * 86400000LL)), ret, ret_found);
}

/* Who may not see the order learns where the machine is and whom to ring, and neither number nor fault [N5]. */
static enum err sees(struct ctx *c, const struct open_order *other, bool *ret)
{
	struct order o;
	enum err e = order_get(c, other->no, &o);

	*ret = !e;
	if (e == ERR_NOT_FOUND)
		c->diag = (struct diag){ 0 };
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static void warn(struct order_warning *w, size_t *n, const char *code, str text, str href)
{
	w[(*n)++] = (struct order_warning){ code, text, href };
}

static enum err warn_of_open(struct ctx *c, int64_t device_id, struct order_warning *w, size_t *n)
{
	struct open_order last;
	bool hit, seen = false;

	TRY(open_of(c, device_id, &last, &hit));
	if (hit)
		TRY(sees(c, &last, &seen));
	if (hit && seen)
		warn(w, n, "open_order", trf(c, N_("This serial number has the open order {1}: {2}"), last.no, last.fault), arena_fmt(c->a, "/orders/%.*s", STR_ARG(last.no)));
	else if (hit)
		warn(w, n, "open_order", trf(c, N_("This device is already in repair at {1}. Please ring them: {2}"), last.place, last.place_phone), (str){ 0 });
	return ERR_OK;
}

static enum err warn_of_repeat(struct ctx *c, int64_t device_id, struct order_warning *w, size_t *n)
{
	struct open_order last;
	bool hit, seen = false;

	TRY(recent_of(c, device_id, &last, &hit));
	if (hit)
		TRY(sees(c, &last, &seen));
	if (hit && seen)
		warn(w, n, "repeat", trf(c, N_("Repaired less than 30 days ago under {1}: {2}"), last.no, last.fault), arena_fmt(c->a, "/orders/%.*s", STR_ARG(last.no)));
	else if (hit)
		warn(w, n, "repeat", trf(c, N_("Repaired less than 30 days ago at {1}. Please ring them: {2}"), last.place, last.place_phone), (str){ 0 });
	return ERR_OK;
}

enum err order_check(struct ctx *c, const struct order_new *n, struct order_warning **ret, size_t *ret_n)
{
	struct order_warning *w = NEW_N(c->a, struct order_warning, 8);
	struct customer_hit *like;
	struct device d;
	size_t count = 0, n_like;
	bool found;

	TRY(known_device(c, n, &d, &found));
	if (found) {
		TRY(warn_of_open(c, d.id, w, &count));
		TRY(warn_of_repeat(c, d.id, w, &count));
		if (d.recall_open)
			warn(w, &count, "recall", _("This device is part of an open recall."), arena_fmt(c->a, "/devices/%lld", (long long)d.id));
		if (d.replaced_by != NIL)
			warn(w, &count, "replaced", _("This unit was exchanged; the customer should hold another one."), arena_fmt(c->a, "/devices/%lld", (long long)d.id));
	}
	if (n->customer_id == NIL && n->phone.n) {
		TRY(customer_like(c, n->phone, n->customer_name, &like, &n_like));
		for (size_t i = 0; i < n_like && count < 8; i++)
			warn(w, &count, "customer", trf(c, N_("Known customer: {1}"), like[i].name), arena_fmt(c->a, "/customers/%.*s", STR_ARG(like[i].no)));
	}
	*ret = w;
	*ret_n = count;
	return ERR_OK;
}

/* ---- who and what, found or made ---- */

/* The owner of a known machine, when the clerk may see them: who brings a stranger's machine says who they are. */
static enum err owner_of(struct ctx *c, const struct device *d, struct customer *ret)
{
	enum err e = d->customer_id == NIL ? ERR_NOT_FOUND : customer_get(c, d->customer_id, ret);

	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return fail_field(c, "customer_name", N_("Who reports this? Please give a name."));
}

static enum err customer_for(struct ctx *c, const struct order_new *n, const struct device *d, const struct org *at, struct customer *ret)
{
	struct customer_new fresh = { .name = n->customer_name, .phone = n->phone, .email = n->email, .address = n->address, .division = n->division,
		.kind = CUSTOMER_PERSON, .org_id = NIL, .lat = n->lat, .lon = n->lon };
	enum err e = ERR_NOT_FOUND;
	int64_t id;

	if (n->customer_id != NIL)
		return customer_get(c, n->customer_id, ret);
	if (!n->customer_name.n)
		return owner_of(c, d, ret);
	if (n->phone.n)
		e = customer_same(c, n->phone, n->customer_name, &id);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		e = customer_add(c, &fresh, &id);
	}
	TRY(e);
	TRY(org_holds(c, ORG_CUSTOMER, id, at->path));
	return customer_get(c, id, ret);
}

static enum err device_for(struct ctx *c, const struct order_new *n, const struct customer *who, struct device *d, bool known)
{
	if (known) {
		if (d->customer_id == NIL)
			return device_set_owner(c, d->id, who->id);
		return ERR_OK;
	}
	if (!n->serial.n && !n->model.n) {
		d->id = NIL;
		return ERR_OK;
	}
	*d = (struct device){ .serial = n->serial, .brand = n->brand, .model = n->model, .kind = n->device_kind < 0 ? DEVICE_OTHER : n->device_kind,
		.proof = n->proof < 0 ? (n->invoice_no.n ? PROOF_INVOICE : PROOF_NONE) : n->proof, .invoice_no = n->invoice_no, .invoiced_on = n->invoiced_on,
		.customer_id = who->id, .product_id = NIL, .replaced_by = NIL, .factory_on = NO_DAY, .delivered_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY };
	return device_add(c, d, &d->id);
}

/* Where the order begins: the counter's own station, a region's own desk, else the call centre's root until it is dispatched. */
static enum err first_place(struct ctx *c, const struct order_new *n, struct org *ret, bool *ret_station)
{
	*ret_station = true;
	if (n->station.n) {
		TRY(org_by_code(c, n->station, ret));
		if (c->who->sight == SIGHT_ORG && !str_starts(ret->path, c->who->org_path))
			return fail_field(c, "station", N_("Station {1} is not in your region."), n->station);
		return ERR_OK;
	}
	if (c->who->org_id == NIL) {
		*ret_station = false;
		return org_root(c, ret);
	}
	TRY(org_get(c, c->who->org_id, ret));
	*ret_station = ret->kind == ORG_STATION;
	return *ret_station || c->who->sight == SIGHT_ORG ? ERR_OK : org_root(c, ret);
}

static enum err check_facts(struct ctx *c, const struct order_new *n)
{
	struct code k;
	enum err e;

	if (!str_trim(n->fault).n)
		return fail_field(c, "fault", N_("What does the customer say is wrong?"));
	if (n->window_from.ms != NIL && n->window_to.ms != NIL && n->window_to.ms <= n->window_from.ms)
		return fail_field(c, "window_to", N_("The wanted time ends before it begins."));
	if (n->symptom.n) {
		e = symptom_get(c, n->symptom, &k);
		if (e == ERR_NOT_FOUND) {
			c->diag = (struct diag){ 0 };
			return fail_field(c, "symptom", N_("There is no symptom code {1}."), n->symptom);
		}
		TRY(e);
	}
	return ERR_OK;
}

/* What was set by hand, else by the matrix of who is affected and how soon, else what it was. */
static enum err priority_of(struct ctx *c, const struct order_new *n, int was, int *ret)
{
	*ret = n->priority < 0 ? was : n->priority;
	if (n->impact < 0 || n->impact > 3)
		return fail_field(c, "impact", N_("Who is affected: one person, a group or everybody."));
	if (n->urgency < 0 || n->urgency > 3)
		return fail_field(c, "urgency", N_("How soon: it can wait, soon or now."));
	return n->priority < 0 && n->impact && n->urgency ? sla_priority_of(c, n->impact - 1, n->urgency - 1, ret) : ERR_OK;
}

static enum err insert(struct ctx *c, const struct order_new *n, const struct customer *who, const struct device *d, const struct org *at, bool station, int64_t parent_id, int64_t *ret_id)
{
	str no, sealed, phone = n->phone.n ? n->phone : who->phone, address = n->address.n ? n->address : who->address;
	enum order_state state = station ? ORDER_STATION_ASSIGNED : ORDER_REGISTERED;
	int priority;

	TRY(priority_of(c, n, SLA_NORMAL, &priority));
	TRY(order_seal(c, n->unlock, &sealed));
	TRY(series_next(c, "order", &no));
	return db_insert(c, &q_order_insert, BIND(P(no, no), P(follow_token, order_token(c)), P(kind, order_kinds[n->kind < 0 ? KIND_REPAIR : n->kind]),
		P(mode, order_modes[n->mode < 0 ? MODE_ONSITE : n->mode]), P(channel, order_channels[n->channel < 0 ? CHANNEL_PHONE : n->channel]),
		P(state, order_states[state]), P(priority, order_priorities[priority]), P(customer_id, who->id), P(device_id, d->id),
		P(contact_name, n->customer_name.n ? n->customer_name : who->name), P(phone, phone), P(email, n->email.n ? n->email : who->email), P(address, address),
		P(division, n->division.n ? n->division : who->division), P(lat, n->lat), P(lon, n->lon), { "station_id", station ? v_int(at->id) : (struct val){ 0 } },
		P(org_path, at->path), P(travel_m, (int64_t)NIL), P(agent_id, c->who->id), P(parent_id, parent_id), P(fault, str_trim(n->fault)), P(symptom, n->symptom),
		P(self_test, n->self_test), { "frequency", n->frequency < 0 ? (struct val){ 0 } : v_cstr(order_frequencies[n->frequency]) }, P(condition, n->condition),
		P(note, n->note), { "data_choice", n->data_choice < 0 ? (struct val){ 0 } : v_cstr(order_data_choices[n->data_choice]) }, P(unlock_sealed, sealed),
		P(coverage, (str){ 0 }), P(currency, "CNY"), P(window_from, n->window_from), P(window_to, n->window_to), P(due_at, (int64_t)DUE_NEVER), P(now, c->now),
		P(external_ref, n->external_ref)), ret_id);
}

static enum err parent_of(struct ctx *c, str no, int64_t *ret)
{
	struct order o;
	enum err e;

	*ret = NIL;
	if (!no.n)
		return ERR_OK;
	e = order_get(c, no, &o);
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "parent", N_("There is no order {1}."), no);
	}
	*ret = o.id;
	return e;
}

static enum err not_yet_open(struct ctx *c, int64_t device_id)
{
	struct open_order last;
	bool hit, seen;

	TRY(open_of(c, device_id, &last, &hit));
	if (!hit)
		return ERR_OK;
	TRY(sees(c, &last, &seen));
	if (!seen)
		return fail(c, ERR_CONFLICT, N_("This device is already in repair at {1} (telephone {2}). Ring them, or register in spite of it."), last.place, last.place_phone);
	return fail(c, ERR_CONFLICT, N_("This serial number already has the open order {1} ({2}). Add to it, or register in spite of it."), last.no, last.fault);
}

/* known: the address on the customer's file, which serves when none is given. */
static enum err visit_has_place(struct ctx *c, const struct order_new *n, str known)
{
	if (n->mode == MODE_ONSITE && !n->address.n && !known.n)
		return fail_field(c, "address", N_("A visit needs an address."));
	return ERR_OK;
}

enum err order_register(struct ctx *c, const struct order_new *n, int64_t *ret_id)
{
	struct customer who;
	struct device d = { .id = NIL, .customer_id = NIL };
	struct order o;
	struct org at;
	bool known, station;
	int64_t id, parent_id;

	TRY(check_facts(c, n));
	TRY(parent_of(c, n->parent, &parent_id));
	TRY(known_device(c, n, &d, &known));
	if (known && !n->in_spite && parent_id == NIL)
		TRY(not_yet_open(c, d.id));
	TRY(first_place(c, n, &at, &station));
	TRY(customer_for(c, n, &d, &at, &who));
	TRY(visit_has_place(c, n, who.address));
	TRY(device_for(c, n, &who, &d, known));
	TRY(order_held(c, who.id, d.id, at.path));
	TRY(insert(c, n, &who, &d, &at, station, parent_id, &id));
	for (size_t i = 0; i < n->n_accessories; i++)
		TRY(db_exec(c, &q_order_accessory_insert, BIND(P(order_id, id), P(name, n->accessories[i].name), P(qty, n->accessories[i].qty)), 1));
	TRY(order_load(c, BIND(P(id, id)), &o));
	TRY(order_clocks_begin(c, &o));
	if (o.kind == KIND_REPAIR && d.id != NIL) {
		struct ask a = ask_today(c);

		a.order_id = id;
		TRY(entitlement_note(c, d.id, STAGE_INTAKE, &a));
	}
	TRY(audit_add(c, "order", id, "register", BIND(P(no, o.no), P(to, order_states[o.state]), P(kind, order_kinds[o.kind]), P(mode, order_modes[o.mode]),
		P(channel, order_channels[o.channel]), P(customer, o.customer_no), P(serial, o.serial), P(fault, o.fault),
		P(priority, order_priorities[o.priority]), { "impact", n->impact ? v_int(n->impact) : (struct val){ 0 } }, { "urgency", n->urgency ? v_int(n->urgency) : (struct val){ 0 } })));
	for (const struct order_hook *const *h = order_hooks; *h; h++)
		if ((*h)->begun)
			TRY((*h)->begun(c, &o));
	TRY(order_index(c, &o));
	*ret_id = id;
	return ERR_OK;
}

/* ---- later corrections ---- */

enum err order_edit(struct ctx *c, str no, const struct order_new *n, int64_t ver)
{
	struct order o;
	int priority;
	bool moved;

	TRY(order_get(c, no, &o));
	moved = !str_eq(n->address, o.address);
	TRY(check_facts(c, n));
	TRY(visit_has_place(c, n, (str){ 0 }));
	TRY(priority_of(c, n, o.priority, &priority));
	TRY(db_exec(c, &q_order_facts, BIND(P(id, o.id), P(ver, ver), P(contact_name, n->customer_name.n ? n->customer_name : o.customer), P(phone, n->phone), P(email, n->email),
		P(address, n->address), P(division, n->division), P(lat, moved ? n->lat : o.lat), P(lon, moved ? n->lon : o.lon), P(fault, str_trim(n->fault)), P(symptom, n->symptom), P(self_test, n->self_test),
		{ "frequency", n->frequency < 0 ? (struct val){ 0 } : v_cstr(order_frequencies[n->frequency]) }, P(condition, n->condition), P(note, n->note),
		{ "data_choice", n->data_choice < 0 ? (struct val){ 0 } : v_cstr(order_data_choices[n->data_choice]) },
		P(priority, order_priorities[priority]), P(window_from, n->window_from), P(window_to, n->window_to)), 1));
	TRY(audit_add(c, "order", o.id, "edit", BIND(P(fault_old, o.fault), P(fault, n->fault), P(phone_old, o.phone), P(phone, n->phone), P(address_old, o.address),
		P(address, n->address), P(condition_old, o.condition), P(condition, n->condition), P(priority_old, order_priorities[o.priority]),
		P(priority, order_priorities[priority]))));
	TRY(db_exec(c, &q_order_accessories_drop, BIND(P(order_id, o.id)), -1));
	for (size_t i = 0; i < n->n_accessories; i++)
		TRY(db_exec(c, &q_order_accessory_insert, BIND(P(order_id, o.id), P(name, n->accessories[i].name), P(qty, n->accessories[i].qty)), 1));
	TRY(order_load(c, BIND(P(id, o.id)), &o));
	TRY(order_clocks_facts(c, &o));
	return order_index(c, &o);
}
