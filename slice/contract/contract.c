/* contract.c — see contract.h. */
#include "base/i18n.h"
#include "base/words.h"
#include "contract.sql.h"
#include "db/db.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/contract/contract.h"
#include "slice/customer/customer.h"
#include "slice/device/device.h"
#include "slice/org/org.h"
#include "slice/product/product.h"
#include "slice/sla/sla.h"

enum { MAX_COVERS = 2000, MAX_SAME = 20 };

const char *const contract_covers[] = { "device", "product", "brand", NULL };
const char *const contract_cover_titles[] = { N_("One machine (serial number)"), N_("All of one model"), N_("All of one brand"), NULL };

#define K(m) FIELD(struct contract, m)
static const struct field row_fields[] = {
	K(id), K(ver), K(no), K(ref), K(customer_id), K(title), K(from_on), K(until_on), K(whole), K(note), K(active), K(customer_no), K(customer),
	K(level), K(level_name), K(level_name_en), K(calendar), { 0 }
};
#define V_(m) FIELD(struct contract_cover, m)
static const struct field cover_fields[] = {
	V_(id), FIELD_ENUM(struct contract_cover, kind, contract_covers), V_(device_id), V_(product_id), V_(brand), V_(name), V_(serial), { 0 }
};

/* ---- reading ---- */

enum err contract_get(struct ctx *c, str no, struct contract *ret)
{
	TRY(db_row(c, &q_contract_one, BIND(P(no, no), P(org, org_gate(c))), row_fields, ret));
	return db_rows(c, &q_contract_covers, BIND(P(contract_id, ret->id)), cover_fields, sizeof *ret->cover, MAX_COVERS, &ret->cover, &ret->n_cover);
}

enum err contract_list(struct ctx *c, const struct contract_filter *f, struct contract **ret, size_t *ret_n, int64_t *ret_next)
{
	str words = str_trim(f->words), like = words.n ? arena_fmt(c->a, "%%%.*s%%", STR_ARG(words)) : (str){ 0 };

	TRY(db_rows(c, &q_contract_list, BIND(P(before, f->before), P(customer_id, f->customer_id), P(level, str_or_none(f->level)), P(like, like), P(org, org_gate(c)),
		P(limit, (int64_t)f->limit + 1)), row_fields, sizeof **ret, f->limit + 1, ret, ret_n));
	*ret_next = NIL;
	if (*ret_n > f->limit)
		*ret_next = (*ret)[--*ret_n - 1].id;
	return ERR_OK;
}

#define ASK_BINDS(c, a) P(customer_id, (a)->customer_id), P(device_id, (a)->device_id), P(product_id, (a)->product_id), P(on, (a)->on), \
	P(brand_key, str_or_none(fold((c)->a, (a)->brand)))

enum err contract_for(struct ctx *c, const struct contract_ask *a, int64_t *ret_id)
{
	enum err e = db_int(c, &q_contract_for, BIND(ASK_BINDS(c, a)), ret_id);

	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	*ret_id = NIL;
	return ERR_OK;
}

enum err contract_of_device(struct ctx *c, const struct contract_ask *a, struct contract **ret, size_t *ret_n)
{
	return db_rows(c, &q_contract_of_device, BIND(ASK_BINDS(c, a), P(org, org_gate(c))), row_fields, sizeof **ret, MAX_SAME, ret, ret_n);
}

enum err contract_by_ref(struct ctx *c, str ref, struct contract *ret)
{
	TRY(db_row(c, &q_contract_by_ref, BIND(P(ref, ref)), row_fields, ret));
	return db_rows(c, &q_contract_covers, BIND(P(contract_id, ret->id)), cover_fields, sizeof *ret->cover, MAX_COVERS, &ret->cover, &ret->n_cover);
}

/* ---- made and changed ---- */

static enum err check(struct ctx *c, const struct contract *k)
{
	if (!str_trim(k->title).n)
		(void)fail_field(c, "title", N_("A name is needed."));
	if (!k->level.n)
		(void)fail_field(c, "level", N_("Which service level was agreed?"));
	if (k->from_on.d == NIL)
		(void)fail_field(c, "from_on", N_("From which day on?"));
	if (k->until_on.d == NIL)
		(void)fail_field(c, "until_on", N_("Until which day?"));
	else if (k->until_on.d < k->from_on.d)
		(void)fail_field(c, "until_on", N_("A contract ends after it begins."));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

bool contract_runs(const struct contract *k, day on) { return k->active && k->from_on.d <= on.d && on.d <= k->until_on.d; }

static enum err tell(struct ctx *c, const struct contract *k)
{
	for (const struct contract_news *const *n = contract_news; *n; n++)
		TRY((*n)->on(c, k));
	return ERR_OK;
}

enum err contract_add(struct ctx *c, const struct contract *given, int64_t *ret_id)
{
	struct contract made = *given, *k = &made;
	struct customer who;

	assert(db_writing(c->db));
	TRY(check(c, k));
	TRY(customer_get(c, k->customer_id, &who));
	TRY(series_next(c, "contract", &k->no));
	TRY(db_insert(c, &q_contract_insert, BIND(P(no, k->no), P(ref, str_or_none(k->ref)), P(customer_id, who.id), P(title, str_trim(k->title)), P(from_on, k->from_on),
		P(until_on, k->until_on), P(whole, k->whole), P(note, str_or_none(k->note)), P(active, k->active), P(created_by, c->who->name), P(now, c->now)), &k->id));
	TRY(sla_contract_bind(c, k->id, k->level, k->calendar));
	TRY(audit_add(c, "contract", k->id, "add", BIND(P(no, k->no), P(customer, who.no), P(level, k->level), P(calendar, str_or_none(k->calendar)),
		P(from, k->from_on), P(until, k->until_on))));
	*ret_id = k->id;
	return k->whole ? tell(c, k) : ERR_OK;
}

enum err contract_save(struct ctx *c, const struct contract *k)
{
	assert(db_writing(c->db));
	TRY(check(c, k));
	TRY(db_exec(c, &q_contract_save, BIND(P(id, k->id), P(ver, k->ver), P(title, str_trim(k->title)), P(from_on, k->from_on), P(until_on, k->until_on), P(whole, k->whole),
		P(note, str_or_none(k->note)), P(active, k->active)), 1));
	TRY(sla_contract_bind(c, k->id, k->level, k->calendar));
	TRY(audit_add(c, "contract", k->id, "change", BIND(P(level, k->level), P(calendar, str_or_none(k->calendar)), P(from, k->from_on), P(until, k->until_on), P(active, k->active))));
	return tell(c, k);
}

/* ---- what it covers ---- */

static enum err device_meant(struct ctx *c, str what, struct contract_cover *ret)
{
	struct device *d;
	size_t n;

	TRY(device_by_serial(c, what, &d, &n));
	if (n != 1)
		return fail_field(c, "what", n ? N_("Several makers have this serial number: open the machine and look there.") : N_("No machine with the serial number {1} is known."), what);
	ret->device_id = d[0].id;
	return ERR_OK;
}

/* A model, alone or behind its brand. */
static enum err product_meant(struct ctx *c, str what, struct contract_cover *ret)
{
	str key = fold(c->a, what), rest = key, brand;
	struct product *p;
	size_t n, hits = 0;

	TRY(product_find(c, key, NIL, MAX_SAME, &p, &n));
	if (!n && str_cut(&rest, ' ', &brand))
		TRY(product_find(c, rest, NIL, MAX_SAME, &p, &n));
	for (size_t i = 0; i < n; i++) {
		str model = fold(c->a, p[i].model), full = fold(c->a, arena_fmt(c->a, "%.*s %.*s", STR_ARG(p[i].brand), STR_ARG(p[i].model)));

		if (!str_eq(model, key) && !str_eq(full, key))
			continue;
		ret->product_id = p[i].id;
		hits++;
	}
	if (hits == 1)
		return ERR_OK;
	return fail_field(c, "what", hits ? N_("Several makers have a model of this name: write its brand before it.") : N_("There is no model {1}."), what);
}

enum err contract_cover_add(struct ctx *c, const struct contract *k, int kind, str what)
{
	struct contract_cover v = { .kind = kind, .device_id = NIL, .product_id = NIL };

	assert(db_writing(c->db));
	what = str_trim(what);
	if (!what.n || kind < 0 || kind >= COVER_N)
		return fail_field(c, "what", N_("A serial number, a model or a brand is needed."));
	if (kind == COVER_DEVICE)
		TRY(device_meant(c, what, &v));
	else if (kind == COVER_PRODUCT)
		TRY(product_meant(c, what, &v));
	else
		v.brand = what;
	for (size_t i = 0; i < k->n_cover; i++) {
		const struct contract_cover *old = &k->cover[i];

		if (old->kind == kind && (kind == COVER_BRAND ? str_eq(fold(c->a, old->brand), fold(c->a, what)) : old->device_id == v.device_id && old->product_id == v.product_id))
			return fail_field(c, "what", N_("This is covered already."));
	}
	TRY(db_exec(c, &q_contract_touch, BIND(P(id, k->id), P(ver, k->ver)), 1));
	TRY(db_exec(c, &q_contract_cover_insert, BIND(P(contract_id, k->id), P(kind, contract_covers[kind]), P(device_id, v.device_id), P(product_id, v.product_id),
		P(brand_key, str_or_none(fold(c->a, v.brand))), P(brand, str_or_none(v.brand))), 1));
	TRY(audit_add(c, "contract", k->id, "cover", BIND(P(kind, contract_covers[kind]), P(what, what))));
	return tell(c, k);
}

enum err contract_cover_drop(struct ctx *c, const struct contract *k, int64_t cover_id)
{
	assert(db_writing(c->db));
	for (size_t i = 0; i < k->n_cover; i++) {
		const struct contract_cover *v = &k->cover[i];

		if (v->id != cover_id)
			continue;
		TRY(db_exec(c, &q_contract_touch, BIND(P(id, k->id), P(ver, k->ver)), 1));
		TRY(db_exec(c, &q_contract_cover_drop, BIND(P(contract_id, k->id), P(id, cover_id)), 1));
		return audit_add(c, "contract", k->id, "uncover", BIND(P(kind, contract_covers[v->kind]), P(what, v->serial.n ? v->serial : v->name)));
	}
	return fail(c, ERR_NOT_FOUND, NULL);
}

struct swapped { int64_t id, cover_id; };

enum err contract_device_swapped(struct ctx *c, int64_t old_id, int64_t new_id)
{
	static const struct field f[] = { FIELD(struct swapped, id), FIELD(struct swapped, cover_id), { 0 } };
	struct swapped *k;
	size_t n;

	assert(db_writing(c->db));
	TRY(db_rows(c, &q_contracts_naming, BIND(P(device_id, old_id), P(new_id, new_id)), f, sizeof *k, MAX_SAME, &k, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(db_exec(c, &q_contract_cover_swap, BIND(P(id, k[i].cover_id), P(device_id, new_id)), 1));
		TRY(db_exec(c, &q_contract_changed, BIND(P(id, k[i].id)), 1));
		TRY(audit_add(c, "contract", k[i].id, "swap", BIND(P(old, old_id), P(new, new_id))));
	}
	return ERR_OK;
}

enum err contract_customer_merged(struct ctx *c, int64_t keep, int64_t drop)
{
	return db_exec(c, &q_contract_customer_move, BIND(P(keep, keep), P(drop, drop)), -1);
}
