/* device.c — see device.h. */
#include "base/i18n.h"
#include "base/words.h"
#include "db/db.h"
#include "slice/audit/audit.h"
#include "slice/device/device.h"
#include "slice/org/org.h"
#include "device.sql.h"

const char *const device_kinds[] = { "notebook", "desktop", "all-in-one", "workstation", "server", "tablet", "printer", "monitor", "pos", "network", "other", NULL };
const char *const device_kind_titles[] = { N_("Notebook"), N_("Desktop"), N_("All-in-one"), N_("Workstation"), N_("Server"), N_("Tablet"), N_("Printer"), N_("Monitor"),
	N_("POS terminal"), N_("Network device"), N_("Other"), NULL };
const char *const device_proofs[] = { "none", "invoice", "card", "contract", NULL };
const char *const device_proof_titles[] = { N_("No proof"), N_("Invoice"), N_("Warranty card"), N_("Contract"), NULL };

#define D(m) FIELD(struct device, m)
static const struct field device_row[] = {
	D(id), D(ver), D(serial), D(brand), D(model), FIELD_ENUM(struct device, kind, device_kinds), D(config), D(product_id), D(customer_id), D(customer_no), D(customer_name),
	D(asset_no), D(department), D(user_name), D(location), D(division), FIELD_ENUM(struct device, proof, device_proofs), D(invoice_no), D(factory_on), D(invoiced_on),
	D(delivered_on), D(installed_on), D(accepted_on), D(loaner), D(second_hand), D(recall_open), D(replaced_by), D(note), D(external_ref), D(created_at), { 0 }
};


/* Serials are compared without blanks, dashes and case: people read them aloud. */
str serial_key(struct arena *a, str serial)
{
	str f = fold(a, serial);
	char *d = arena_alloc(a, f.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < f.n; i++)
		if (f.p[i] != ' ' && f.p[i] != '-' && f.p[i] != '_' && f.p[i] != '/')
			d[n++] = f.p[i];
	return (str){ d, n };
}


static enum err check(struct ctx *c, const struct device *d)
{
	const struct { const char *field; day on; } dates[] = {
		{ "invoiced_on", d->invoiced_on }, { "delivered_on", d->delivered_on }, { "installed_on", d->installed_on }, { "accepted_on", d->accepted_on },
	};

	if (!d->model.n && !d->serial.n)
		return fail_field(c, "serial", N_("A device needs a serial number or at least a model."));
	for (size_t i = 0; i < LEN(dates); i++)
		if (dates[i].on.d != NIL && d->factory_on.d != NIL && dates[i].on.d < d->factory_on.d)
			return fail_field(c, dates[i].field, N_("This lies before the device was made ({1})."), d->factory_on);
	return ERR_OK;
}

/* A device without a readable serial gets none that could collide: its id later tells it apart. */
static str key_or_unique(struct ctx *c, const struct device *d)
{
	str k = serial_key(c->a, d->serial);

	return k.n ? k : arena_fmt(c->a, "?%lld-%p", (long long)c->now.ms, (const void *)d);
}

#define DEVICE_BINDS(c, d) P(serial, (d)->serial.p ? (d)->serial : S("")), P(serial_key, key_or_unique(c, d)), P(brand, (d)->brand.p ? (d)->brand : S("")), \
	P(brand_key, fold((c)->a, (d)->brand.p ? (d)->brand : S(""))), P(model, (d)->model.p ? (d)->model : S("")), \
	P(model_key, fold((c)->a, (d)->model.p ? (d)->model : S(""))), P(kind, device_kinds[(d)->kind < 0 ? DEVICE_OTHER : (d)->kind]), P(config, str_or_none((d)->config)), \
	P(customer_id, (d)->customer_id), P(asset_no, str_or_none((d)->asset_no)), P(department, str_or_none((d)->department)), P(user_name, str_or_none((d)->user_name)), \
	P(location, str_or_none((d)->location)), P(division, str_or_none((d)->division)), P(proof, device_proofs[(d)->proof < 0 ? PROOF_NONE : (d)->proof]), \
	P(invoice_no, str_or_none((d)->invoice_no)), P(factory_on, (d)->factory_on), P(invoiced_on, (d)->invoiced_on), P(delivered_on, (d)->delivered_on), \
	P(installed_on, (d)->installed_on), P(accepted_on, (d)->accepted_on), P(loaner, (d)->loaner), P(second_hand, (d)->second_hand), P(note, str_or_none((d)->note))

enum err device_add(struct ctx *c, const struct device *n, int64_t *ret_id)
{
	enum err e;

	assert(db_writing(c->db));
	TRY(check(c, n));
	e = db_insert(c, &q_device_insert, BIND(DEVICE_BINDS(c, n), P(product_id, n->product_id), P(external_ref, str_or_none(n->external_ref)), P(now, c->now)), ret_id);
	if (e == ERR_CONFLICT) {
		c->diag = (struct diag){ 0 };
		return fail(c, ERR_CONFLICT, N_("The serial number {1} is registered already."), n->serial);
	}
	TRY(e);
	TRY(org_registers(c, ORG_DEVICE, *ret_id));
	return audit_add(c, "device", *ret_id, "add", BIND(P(serial, n->serial), P(brand, n->brand), P(model, n->model)));
}

enum err device_save(struct ctx *c, const struct device *d)
{
	assert(db_writing(c->db));
	TRY(check(c, d));
	TRY(db_exec(c, &q_device_save, BIND(DEVICE_BINDS(c, d), P(id, d->id), P(ver, d->ver)), 1));
	return audit_add(c, "device", d->id, "edit", BIND(P(serial, d->serial), P(model, d->model), P(invoice_no, d->invoice_no), P(invoiced_on, d->invoiced_on)));
}

/* Bulk: no event per unit (the run itself is one); what is known stays as it is. */
enum err device_import(struct ctx *c, const struct device *n, bool *ret_added)
{
	int64_t id;
	enum err e;

	assert(db_writing(c->db));
	TRY(check(c, n));
	e = db_int(c, &q_device_import, BIND(DEVICE_BINDS(c, n), P(product_id, n->product_id), P(external_ref, str_or_none(n->external_ref)), P(now, c->now)), &id);
	*ret_added = !e;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* A portal user sees their own devices and their employer's [S14], who works at a place those it deals with. */
static int64_t owner_gate(const struct ctx *c)
{
	if (c->who->sight != SIGHT_CUSTOMER)
		return NIL;
	return c->who->customer_id == NIL ? 0 : c->who->customer_id;   /* 0: nobody's */
}

#define ANY_BRAND P(brand_key, (str){ 0 })
#define IN_SIGHT(c) P(owner, owner_gate(c)), P(org, org_gate(c))

enum err device_get(struct ctx *c, int64_t id, struct device *ret)
{
	return db_row(c, &q_device_find, BIND(ANY_BRAND, P(id, id), IN_SIGHT(c)), device_row, ret);
}

enum err device_by_ref(struct ctx *c, str ref, struct device *ret)
{
	return db_row(c, &q_device_find, BIND(ANY_BRAND, P(ref, ref)), device_row, ret);
}

enum err device_by_serial(struct ctx *c, str serial, struct device **ret, size_t *ret_n)
{
	return db_rows(c, &q_device_find, BIND(ANY_BRAND, P(serial_key, serial_key(c->a, serial)), IN_SIGHT(c)), device_row, sizeof **ret, 200, ret, ret_n);
}

/* The brand decides only between several makers. */
static enum err find_one(struct ctx *c, str serial, str brand, int64_t owner, int64_t org, struct device *ret)
{
	str key = serial_key(c->a, serial), brand_key = { 0 };
	struct device *d;
	size_t n;

	TRY(db_rows(c, &q_device_find, BIND(P(serial_key, key), P(brand_key, brand_key), P(owner, owner), P(org, org)), device_row, sizeof *d, 200, &d, &n));
	if (n > 1 && brand.n) {
		brand_key = fold(c->a, brand);
		TRY(db_rows(c, &q_device_find, BIND(P(serial_key, key), P(brand_key, brand_key), P(owner, owner), P(org, org)), device_row, sizeof *d, 200, &d, &n));
	}
	if (!n)
		return fail(c, ERR_NOT_FOUND, NULL);
	if (n > 1)
		return fail(c, ERR_CONFLICT, N_("Several makers use this serial number. Please give the brand."));
	*ret = d[0];
	return ERR_OK;
}

enum err device_find(struct ctx *c, str serial, str brand, struct device *ret) { return find_one(c, serial, brand, owner_gate(c), org_gate(c), ret); }
enum err device_known(struct ctx *c, str serial, str brand, struct device *ret) { return find_one(c, serial, brand, NIL, NIL, ret); }

enum err device_of_customer(struct ctx *c, int64_t customer_id, struct device **ret, size_t *ret_n)
{
	return db_rows(c, &q_device_of, BIND(P(owner, customer_id == NIL ? 0 : customer_id), P(org, org_gate(c))), device_row, sizeof **ret, 200, ret, ret_n);
}

enum err device_list(struct ctx *c, int64_t before, size_t max, struct device **ret, size_t *ret_n)
{
	int64_t at = org_gate(c);

	if (at != NIL)
		return db_rows(c, &q_device_list_at, BIND(P(org, at), P(before, before), P(limit, (int64_t)max)), device_row, sizeof **ret, 201, ret, ret_n);
	return db_rows(c, &q_device_list, BIND(P(before, before), P(owner, owner_gate(c)), P(limit, (int64_t)max)), device_row, sizeof **ret, 201, ret, ret_n);
}

enum err device_search(struct ctx *c, str words, size_t max, struct device **ret, size_t *ret_n)
{
	str key = serial_key(c->a, words), model = fold(c->a, words);

	TRY(db_rows(c, &q_device_prefix, BIND(P(serial_lo, key), P(serial_hi, str_behind(c->a, key)), IN_SIGHT(c), P(limit, (int64_t)max)), device_row,
		sizeof **ret, 200, ret, ret_n));
	if (*ret_n)
		return ERR_OK;
	TRY(db_rows(c, &q_device_find, BIND(ANY_BRAND, P(asset_no, str_trim(words)), IN_SIGHT(c)), device_row, sizeof **ret, 200, ret, ret_n));
	if (*ret_n)
		return ERR_OK;
	return db_rows(c, &q_device_prefix, BIND(P(model_lo, model), P(model_hi, str_behind(c->a, model)), IN_SIGHT(c), P(limit, (int64_t)max)), device_row,
		sizeof **ret, 200, ret, ret_n);
}

enum err device_set_owner(struct ctx *c, int64_t id, int64_t customer_id)
{
	TRY(db_exec(c, &q_device_owner, BIND(P(id, id), P(customer_id, customer_id)), 1));
	return audit_add(c, "device", id, "owner", BIND(P(customer, customer_id)));
}

enum err device_customer_merged(struct ctx *c, int64_t keep, int64_t drop)
{
	return db_exec(c, &q_device_owner_move, BIND(P(keep, keep), P(drop, drop)), -1);
}

/* ---- genealogy ---- */

const char *const unit_conditions[] = { "new", "refurbished", NULL };
const char *const unit_condition_titles[] = { N_("New"), N_("Refurbished"), NULL };
const char *const unit_fates[] = { "open", "maker", "refurbish", "scrap", "kept", NULL };
const char *const unit_fate_titles[] = { N_("Not decided yet"), N_("Back to the maker"), N_("To be refurbished"), N_("Scrapped"), N_("Left with the customer"), NULL };

struct last_swap { int64_t id; int fate; };
static enum err last_swap(struct ctx *c, int64_t old_id, struct last_swap *ret)
{
	static const struct field f[] = { FIELD(struct last_swap, id), FIELD_ENUM(struct last_swap, fate, unit_fates), { 0 } };

	return db_row(c, &q_device_swap_last, BIND(P(old_id, old_id)), f, ret);
}

enum err device_reusable(struct ctx *c, int64_t id, bool *ret)
{
	struct last_swap s;
	enum err e = last_swap(c, id, &s);

	*ret = !e && s.fate == FATE_REFURBISH;
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return ERR_OK;
}

enum err device_fate_set(struct ctx *c, int64_t old_id, int fate, str note)
{
	struct last_swap s;

	assert(db_writing(c->db));
	TRY(last_swap(c, old_id, &s));
	TRY(db_exec(c, &q_device_fate, BIND(P(id, s.id), P(fate, unit_fates[fate]), P(fate_note, str_or_none(note))), 1));
	return audit_add(c, "device", old_id, "fate", BIND(P(fate, unit_fates[fate]), P(note, str_or_none(note))));
}

/* A refurbished unit begins another life; its lineage keeps the first. */
static enum err lives_again(struct ctx *c, int64_t id)
{
	bool reusable;

	TRY(device_reusable(c, id, &reusable));
	if (!reusable)
		return fail(c, ERR_CONFLICT, N_("This unit was exchanged already."));
	return db_exec(c, &q_device_lives_again, BIND(P(id, id)), 1);
}

enum err device_swap(struct ctx *c, const struct device_swap *s)
{
	struct device was, next;

	assert(db_writing(c->db));
	TRY(db_row(c, &q_device_find, BIND(P(brand_key, (str){ 0 }), P(id, s->old_id)), device_row, &was));
	TRY(db_row(c, &q_device_find, BIND(P(brand_key, (str){ 0 }), P(id, s->new_id)), device_row, &next));
	if (s->old_id == s->new_id || was.replaced_by != NIL)
		return fail(c, ERR_CONFLICT, N_("This unit was exchanged already."));
	if (next.replaced_by != NIL)
		TRY(lives_again(c, s->new_id));
	TRY(db_exec(c, &q_device_replaced, BIND(P(old_id, s->old_id), P(new_id, s->new_id)), 1));
	TRY(db_exec(c, &q_device_swap_insert, BIND(P(old_id, s->old_id), P(new_id, s->new_id), P(reason, s->reason), P(order_id, s->order_id),
		P(condition, unit_conditions[s->condition]), P(fate, unit_fates[s->fate]), P(fate_note, str_or_none(s->fate_note)), P(now, c->now)), 1));
	if (was.customer_id != NIL && was.customer_id != next.customer_id)
		TRY(device_set_owner(c, s->new_id, was.customer_id));
	TRY(audit_add(c, "device", s->new_id, "given_for", BIND(P(old, was.serial), P(order, s->order_id))));
	return audit_add(c, "device", s->old_id, "swap", BIND(P(new, next.serial), P(reason, s->reason), P(fate, unit_fates[s->fate])));
}

enum err device_part_change(struct ctx *c, int64_t device_id, str part_no, str serial_out, str serial_in, int64_t order_id)
{
	TRY(db_exec(c, &q_device_part_insert, BIND(P(device_id, device_id), P(part_no, part_no), P(serial_out, str_or_none(serial_out)), P(serial_in, str_or_none(serial_in)),
		P(order_id, order_id), P(now, c->now)), 1));
	return audit_add(c, "device", device_id, "part", BIND(P(part_no, part_no), P(out, serial_out), P(in, serial_in)));
}

enum err device_parts(struct ctx *c, int64_t device_id, struct device_part **ret, size_t *ret_n)
{
	static const struct field f[] = { FIELD(struct device_part, part_no), FIELD(struct device_part, serial_out), FIELD(struct device_part, serial_in),
		FIELD(struct device_part, order_id), FIELD(struct device_part, at), { 0 } };

	return db_rows(c, &q_device_parts, BIND(P(device_id, device_id)), f, sizeof **ret, 200, ret, ret_n);
}

enum err device_lineage(struct ctx *c, int64_t device_id, struct device_swap_row **ret, size_t *ret_n)
{
#define S_(m) FIELD(struct device_swap_row, m)
	static const struct field f[] = { S_(reason), S_(at), S_(order_id), S_(old_id), S_(new_id), S_(old_serial), S_(new_serial), S_(fate_note),
		FIELD_ENUM(struct device_swap_row, condition, unit_conditions), FIELD_ENUM(struct device_swap_row, fate, unit_fates), { 0 } };
#undef S_

	return db_rows(c, &q_device_lineage, BIND(P(device_id, device_id)), f, sizeof **ret, 50, ret, ret_n);
}
