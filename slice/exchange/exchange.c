/* exchange.c — see exchange.h. */
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include "db/db.h"
#include "exchange.sql.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/contract/contract.h"
#include "slice/exchange/exchange.h"
#include "slice/org/org.h"

#define X(id, name, title) name,
const char *const exchange_states[] = { EXCHANGE_STATES(X) NULL };
#undef X
#define X(id, name, title) title,
const char *const exchange_state_titles[] = { EXCHANGE_STATES(X) NULL };
#undef X

#define E(m) FIELD(struct unit_exchange, m)
static const struct field row_fields[] = {
	E(id), E(ver), E(order_id), E(old_id), E(new_id), E(serial), E(brand), E(model), E(config), E(not_lower), FIELD_ENUM(struct unit_exchange, condition, unit_conditions),
	E(invoice_no), E(invoiced_on), E(delivered_on), E(note), FIELD_ENUM(struct unit_exchange, fate, unit_fates), E(fate_note), E(by_name), E(recorded_at), E(done_at),
	E(old_serial), E(old_brand), E(old_model), { 0 }
};

/* ---- reading ---- */

/* Who sees the order sees the units in it. */
static enum err unit_of(struct ctx *c, int64_t id, struct device *ret)
{
	const struct actor *who = c->who;
	enum err e;

	c->who = &actor_system;
	e = device_get(c, id, ret);
	c->who = who;
	return e;
}

static enum err last_of(struct ctx *c, int64_t order_id, struct unit_exchange *ret, bool *ret_there)
{
	enum err e = db_row(c, &q_exchange_of_order, BIND(P(order_id, order_id)), row_fields, ret);

	*ret_there = !e;
	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return ERR_OK;
	}
	TRY(e);
	ret->state = ret->done_at.ms == NIL ? EXCHANGE_RECORDED : EXCHANGE_DONE;
	return ERR_OK;
}

bool exchange_due(const struct order *o)
{
	return o->device_id != NIL && o->verdict >= 0 && str_eq(str_c(order_verdicts[o->verdict]), S("exchange"));
}

static bool in_hand(const struct order *o)
{
	return o->state == ORDER_DIAGNOSED || o->state == ORDER_WAITING || o->state == ORDER_REPAIRED || o->state == ORDER_TESTED;
}

bool exchange_may(const struct ctx *c, const struct order *o)
{
	return may(c, PERM_ORDER_WORK) && (o->engineer_id == c->who->id || may(c, PERM_ORDER_ASSIGN));
}

/* The order's unit, or the one that was given for it before: an order reopened is about the unit the customer holds. */
static enum err begin(struct ctx *c, const struct order *o, int64_t unit_id, struct unit_exchange *ret)
{
	struct device d;

	TRY(unit_of(c, unit_id, &d));
	*ret = (struct unit_exchange){ .order_id = o->id, .old_id = d.id, .new_id = NIL, .old_serial = d.serial, .old_brand = d.brand, .old_model = d.model, .brand = d.brand,
		.model = d.model, .config = d.config, .invoiced_on = NO_DAY, .delivered_on = NO_DAY, .recorded_at = NO_INSTANT, .done_at = NO_INSTANT };
	return ERR_OK;
}

enum err exchange_of_order(struct ctx *c, const struct order *o, struct unit_exchange *ret)
{
	struct unit_exchange last;
	bool there;

	TRY(last_of(c, o->id, &last, &there));
	if (there && (last.state == EXCHANGE_RECORDED || !in_hand(o) || !exchange_due(o))) {
		*ret = last;
		return ERR_OK;
	}
	if (!exchange_due(o))
		return fail(c, ERR_NOT_FOUND, NULL);
	return begin(c, o, there ? last.new_id : o->device_id, ret);
}

/* ---- what is refused ---- */

static enum err check_words(struct ctx *c, const struct unit_exchange *e)
{
	day today = tz_day(c->who->zone, c->now);
	bool same = str_eq(fold(c->a, e->model), fold(c->a, e->old_model)) && str_eq(fold(c->a, e->brand), fold(c->a, e->old_brand));

	if (!serial_key(c->a, e->serial).n)
		(void)fail_field(c, "serial", N_("The serial number of the new unit is needed."));
	else if (str_eq(serial_key(c->a, e->serial), serial_key(c->a, e->old_serial)))
		(void)fail_field(c, "serial", N_("This is the serial number of the unit that came in."));
	if (!str_trim(e->model).n)
		(void)fail_field(c, "model", N_("Which model is given?"));
	else if (!same && !e->not_lower)
		(void)fail_field(c, "not_lower", N_("It is another model than {1}: say that it is not lower, or give the same."), e->old_model);
	if (e->condition == UNIT_REFURBISHED && !str_trim(e->note).n)
		(void)fail_field(c, "note", N_("The law gives a new unit. Say when and how the customer agreed to a refurbished one."));
	if (e->invoiced_on.d != NIL && e->invoiced_on.d > today.d)
		(void)fail_field(c, "invoiced_on", N_("This lies in the future."));
	if (e->delivered_on.d != NIL && e->delivered_on.d > today.d)
		(void)fail_field(c, "delivered_on", N_("This lies in the future."));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

static enum err none_open(struct ctx *c, const struct device *d)
{
	const struct actor *who = c->who;
	struct order_filter f = { ORDER_FILTER_ANY, .open_only = true };
	struct order_row *row;
	int64_t next;
	size_t n;
	enum err e;

	f.device_id = d->id;
	c->who = &actor_system;
	e = order_list(c, &f, &row, &n, &next);
	c->who = who;
	TRY(e);
	return n ? fail(c, ERR_CONFLICT, N_("The unit {1} is itself in repair: order {2}."), d->serial, row[0].no) : ERR_OK;
}

/* A unit that is registered already: only one nobody owns, the customer's own, or one that came back to be refurbished. */
static enum err check_unit(struct ctx *c, const struct order *o, const struct unit_exchange *e, const struct device *d)
{
	struct device old;
	bool reusable;

	if (d->id == e->old_id)
		return fail_field(c, "serial", N_("This is the serial number of the unit that came in."));
	TRY(device_reusable(c, d->id, &reusable));
	if (d->replaced_by != NIL && (!reusable || e->condition != UNIT_REFURBISHED))
		return fail(c, ERR_CONFLICT, N_("The unit {1} was itself exchanged; it can be given again only as refurbished, once it came back for that."), d->serial);
	if (d->replaced_by != NIL)
		return ERR_OK;                         /* the order that took it in is done with it */
	TRY(none_open(c, d));
	if (d->loaner)
		return fail(c, ERR_CONFLICT, N_("The unit {1} is a loaner."), d->serial);
	TRY(unit_of(c, e->old_id, &old));
	if (d->customer_id != NIL && d->customer_id != old.customer_id && d->customer_id != o->customer_id)
		return fail(c, ERR_CONFLICT, N_("The serial number {1} is registered to another customer."), d->serial);
	return ERR_OK;
}

static enum err known_unit(struct ctx *c, const struct unit_exchange *e, struct device *ret, bool *ret_known)
{
	enum err err = device_known(c, e->serial, e->brand, ret);

	*ret_known = !err && str_eq(fold(c->a, ret->brand), fold(c->a, e->brand));
	if (err != ERR_NOT_FOUND)
		return err;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

static enum err check(struct ctx *c, const struct order *o, const struct unit_exchange *e)
{
	struct device d;
	bool known;

	TRY(check_words(c, e));
	TRY(known_unit(c, e, &d, &known));
	return known ? check_unit(c, o, e, &d) : ERR_OK;
}

/* ---- recording ---- */

static enum err may_record(struct ctx *c, const struct order *o)
{
	if (!exchange_may(c, o))
		return fail(c, ERR_FORBIDDEN, N_("Who hands the order over records the exchange."));
	if (!exchange_due(o))
		return fail(c, ERR_CONFLICT, N_("The diagnosis of this order is no exchange."));
	return in_hand(o) ? ERR_OK : fail(c, ERR_CONFLICT, N_("A new unit is recorded between diagnosis and hand-over; the order is “{1}”."), tr(c, order_state_titles[o->state]));
}

#define WORD_BINDS(e) P(serial, str_trim((e)->serial)), P(brand, str_trim((e)->brand)), P(model, str_trim((e)->model)), P(config, str_or_none(str_trim((e)->config))), \
	P(not_lower, (e)->not_lower), P(condition, unit_conditions[(e)->condition]), P(invoice_no, str_or_none(str_trim((e)->invoice_no))), P(invoiced_on, (e)->invoiced_on), \
	P(delivered_on, (e)->delivered_on), P(note, str_or_none(str_trim((e)->note))), P(fate, unit_fates[(e)->fate]), P(fate_note, str_or_none(str_trim((e)->fate_note)))

static str recorder(const struct ctx *c) { return c->who->name.n ? c->who->name : S("system"); }

static enum err stale(struct ctx *c) { return fail(c, ERR_CONFLICT, N_("Somebody else recorded a unit meanwhile. Reload to see which.")); }

enum err exchange_record(struct ctx *c, const struct order *o, const struct unit_exchange *given)
{
	struct unit_exchange e = *given, was;
	int64_t id;

	assert(db_writing(c->db));
	TRY(may_record(c, o));
	TRY(exchange_of_order(c, o, &was));
	if (was.ver != given->ver)
		return stale(c);
	e.old_id = was.old_id, e.old_serial = was.old_serial, e.old_model = was.old_model, e.old_brand = was.old_brand;
	e.brand = str_trim(e.brand).n ? e.brand : was.old_brand;
	e.model = str_trim(e.model).n ? e.model : was.old_model;
	TRY(check(c, o, &e));
	if (was.ver)
		TRY(db_exec(c, &q_exchange_save, BIND(P(id, was.id), P(ver, was.ver), WORD_BINDS(&e), P(by_name, recorder(c)), P(now, c->now)), 1));
	else
		TRY(db_insert(c, &q_exchange_insert, BIND(P(order_id, o->id), P(old_id, e.old_id), WORD_BINDS(&e), P(by_name, recorder(c)), P(now, c->now)), &id));
	return audit_add(c, "order", o->id, "exchange_recorded", BIND(P(what, arena_fmt(c->a, "%.*s → %.*s", STR_ARG(e.old_serial), STR_ARG(str_trim(e.serial)))),
		P(model, str_trim(e.model)), P(condition, unit_conditions[e.condition]), P(note, str_or_none(str_trim(e.note))), P(fate, unit_fates[e.fate])));
}

enum err exchange_fate(struct ctx *c, const struct order *o, int64_t ver, int fate, str note)
{
	struct unit_exchange e;
	bool there;

	assert(db_writing(c->db));
	if (!(c->who->perms & (PERM_ORDER_WORK | PERM_PARTS_RECEIVE | PERM_QUALITY)))
		return fail(c, ERR_FORBIDDEN, N_("Who works on orders, receives goods or answers for quality says where a unit goes."));
	TRY(last_of(c, o->id, &e, &there));
	if (!there)
		return fail(c, ERR_CONFLICT, N_("No new unit is recorded on this order."));
	if (db_exec(c, &q_exchange_fate, BIND(P(id, e.id), P(ver, ver), P(fate, unit_fates[fate]), P(fate_note, str_or_none(str_trim(note)))), 1)) {
		c->diag = (struct diag){ 0 };
		return stale(c);
	}
	if (e.state == EXCHANGE_DONE)
		TRY(device_fate_set(c, e.old_id, fate, str_trim(note)));
	return audit_add(c, "order", o->id, "exchange_fate", BIND(P(what, e.old_serial), P(fate, unit_fates[fate]), P(note, str_or_none(str_trim(note)))));
}

/* ---- taking effect ---- */

/* Owner and place of the old unit; dates and papers of its own. */
static struct device successor(const struct device *old, const struct unit_exchange *e, struct device d, day today)
{
	d.customer_id = old->customer_id;
	d.asset_no = old->asset_no, d.department = old->department, d.user_name = old->user_name, d.location = old->location, d.division = old->division;
	d.serial = e->serial, d.brand = e->brand, d.model = e->model, d.config = e->config;
	d.kind = old->kind;
	d.second_hand = old->second_hand;              /* what was bought counts, not what is given for it */
	if (d.replaced_by != NIL)
		return d;                              /* its first life's dates are those of the unit that was given for it */
	d.proof = e->invoice_no.n ? PROOF_INVOICE : old->proof;
	d.invoice_no = e->invoice_no.n ? e->invoice_no : old->invoice_no;
	d.invoiced_on = e->invoiced_on;
	d.delivered_on = e->delivered_on.d != NIL ? e->delivered_on : today;
	return d;
}

static enum err register_unit(struct ctx *c, const struct order *o, const struct unit_exchange *e, const struct device *old, int64_t *ret_id)
{
	day today = tz_day(c->who->zone, c->now);
	struct device d = { .product_id = NIL, .replaced_by = NIL, .factory_on = NO_DAY, .installed_on = NO_DAY, .accepted_on = NO_DAY }, found;
	bool known, same = str_eq(fold(c->a, e->model), fold(c->a, old->model));

	TRY(known_unit(c, e, &found, &known));
	if (known) {
		TRY(check_unit(c, o, e, &found));
		d = successor(old, e, found, today);
		*ret_id = found.id;
		return device_save(c, &d);
	}
	d = successor(old, e, d, today);
	d.product_id = same ? old->product_id : NIL;
	return device_add(c, &d, ret_id);
}

static enum err handed_over(struct ctx *c, const struct order *o)
{
	struct unit_exchange e;
	struct device old;
	int64_t id;

	TRY(exchange_of_order(c, o, &e));
	if (e.state != EXCHANGE_RECORDED)
		return fail(c, ERR_CONFLICT, N_("Record the unit the customer gets before handing it over."));
	TRY(unit_of(c, e.old_id, &old));
	TRY(register_unit(c, o, &e, &old, &id));
	TRY(device_swap(c, &(struct device_swap){ .old_id = e.old_id, .new_id = id, .order_id = o->id, .reason = o->no, .condition = e.condition,
		.fate = e.fate, .fate_note = e.fate_note }));
	TRY(contract_device_swapped(c, e.old_id, id));
	TRY(org_holds(c, ORG_DEVICE, id, o->org_path));
	TRY(db_exec(c, &q_exchange_done, BIND(P(id, e.id), P(new_id, id), P(now, c->now)), 1));
	return audit_add(c, "order", o->id, "exchanged", BIND(P(what, arena_fmt(c->a, "%.*s → %.*s", STR_ARG(old.serial), STR_ARG(e.serial))), P(old, e.old_id), P(new, id)));
}

static enum err dropped(struct ctx *c, const struct order *o)
{
	struct unit_exchange e;
	bool there;

	TRY(last_of(c, o->id, &e, &there));
	if (!there || e.state != EXCHANGE_RECORDED)
		return ERR_OK;
	TRY(db_exec(c, &q_exchange_drop, BIND(P(order_id, o->id)), 1));
	return audit_add(c, "order", o->id, "exchange_dropped", BIND(P(what, e.serial)));
}

static enum err on_move(struct ctx *c, const struct order *o, const struct order_move *m, const struct order_act *a)
{
	(void)a;
	if (m->ev == ORDER_EV_HAND_OVER && exchange_due(o))
		return handed_over(c, o);
	if (o->device_id != NIL && ((m->ev == ORDER_EV_DIAGNOSE && !exchange_due(o)) || m->ev == ORDER_EV_CANCEL || m->ev == ORDER_EV_REJECT))
		return dropped(c, o);
	return ERR_OK;
}

const struct order_hook exchange_order_hook = { .name = "exchange", .on = on_move };
