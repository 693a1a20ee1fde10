/* price.c — price lists with versions, and free visits and support months [F1, S2]. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/money/money_int.h"
#include "slice/org/org.h"

static const struct field list_fields[] = {
	FIELD(struct price_list, id), FIELD(struct price_list, ver), FIELD(struct price_list, version), FIELD(struct price_list, org_id), FIELD(struct price_list, items),
	FIELD(struct price_list, code), FIELD(struct price_list, name), FIELD(struct price_list, org), FIELD(struct price_list, org_path), FIELD(struct price_list, currency),
	FIELD_ENUM(struct price_list, state, price_states), FIELD(struct price_list, valid_from), FIELD(struct price_list, margin_bp), FIELD(struct price_list, tax_bp),
	FIELD(struct price_list, published_at), { 0 }
};
static const struct field item_fields[] = {
	FIELD(struct price_item, id), FIELD(struct price_item, list_id), FIELD_ENUM(struct price_item, kind, fee_kinds), FIELD(struct price_item, code),
	FIELD(struct price_item, name_zh), FIELD(struct price_item, name_en), FIELD(struct price_item, model), FIELD(struct price_item, from_m),
	FIELD(struct price_item, to_m), FIELD(struct price_item, unit_price), FIELD(struct price_item, tax_bp), FIELD(struct price_item, support), { 0 }
};
static const struct field allowance_fields[] = {
	FIELD(struct allowance, id), FIELD(struct allowance, customer_id), FIELD(struct allowance, device_id), FIELD_ENUM(struct allowance, kind, allowance_kinds),
	FIELD(struct allowance, granted), FIELD(struct allowance, used), FIELD(struct allowance, valid_from), FIELD(struct allowance, valid_until),
	FIELD(struct allowance, source), FIELD(struct allowance, month_from), FIELD(struct allowance, device), { 0 }
};
const struct field allowance_out[] = {
	FIELD(struct allowance, id), FIELD_ENUM(struct allowance, kind, allowance_kinds), FIELD(struct allowance, device), FIELD(struct allowance, granted), FIELD(struct allowance, used),
	FIELD(struct allowance, valid_from), FIELD(struct allowance, valid_until), FIELD(struct allowance, source), { 0 }
};

str price_item_name(const struct ctx *c, const struct price_item *i) { return !strcmp(c->who->lang, "zh") || !i->name_en.n ? i->name_zh : i->name_en; }

/* ---- reading ---- */

enum err price_get(struct ctx *c, str code, int64_t version, struct price_list *ret)
{
	if (version == NIL)
		TRY(db_int(c, &q_price_version_last, BIND(P(code, code)), &version));
	if (version == NIL)
		return fail(c, ERR_NOT_FOUND, N_("There is no price list {1}."), code);
	return db_row(c, &q_price_list_one, BIND(P(code, code), P(version, version)), list_fields, ret);
}

enum err price_lists(struct ctx *c, int64_t before, size_t limit, struct price_list **ret, size_t *ret_n)
{
	return db_rows(c, &q_price_lists, BIND(P(before, before), P(limit, (int64_t)limit)), list_fields, sizeof **ret, limit, ret, ret_n);
}

enum err price_items(struct ctx *c, int64_t list_id, struct price_item **ret, size_t *ret_n)
{
	return db_rows(c, &q_price_items, BIND(P(list_id, list_id)), item_fields, sizeof **ret, 2000, ret, ret_n);
}

enum err price_list_for(struct ctx *c, str org_path, struct price_list *ret)
{
	return db_row(c, &q_price_list_for, BIND(P(today, money_today(c)), P(org_path, org_path)), list_fields, ret);
}

enum err price_item_for(struct ctx *c, const struct price_list *l, str code, str model, int64_t distance_m, struct price_item *ret)
{
	return db_row(c, &q_price_item_for, BIND(P(list_id, l->id), P(code, code), P(model, model.n ? model : S("")), P(distance, distance_m)), item_fields, ret);
}

/* ---- changing ---- */

static bool currency_code(str s)
{
	bool fine = s.n == 3;

	for (size_t i = 0; i < s.n && fine; i++)
		fine = s.p[i] >= 'A' && s.p[i] <= 'Z';
	return fine;
}

/* Closed books keep the prices they were made with. */
static enum err check_day(struct ctx *c, day from)
{
	day closed;

	TRY(cash_closed_until(c, &closed));
	if (closed.d != NIL && from.d <= closed.d)
		return fail_field(c, "valid_from", N_("The books are closed up to {1}."), closed);
	return ERR_OK;
}

static enum err check_list(struct ctx *c, const struct price_new *n)
{
	if (!n->code.n)
		(void)fail_field(c, "code", N_("A price list needs a short code, for example STD."));
	if (!n->name.n)
		(void)fail_field(c, "name", N_("Please give a name."));
	if (n->valid_from.d == NIL)
		(void)fail_field(c, "valid_from", N_("From which day is it valid?"));
	if (n->margin_bp < 0 || n->margin_bp > 100000)
		(void)fail_field(c, "margin_bp", N_("The margin lies between 0 and 1000 percent."));
	if (n->tax_bp < 0 || n->tax_bp > 10000)
		(void)fail_field(c, "tax_bp", N_("A tax rate lies between 0 and 100 percent."));
	if (n->currency.n && !currency_code(n->currency))
		(void)fail_field(c, "currency", N_("A currency is three capital letters, for example CNY."));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

static enum err list_org(struct ctx *c, str code, struct org *ret)
{
	bool found;

	if (!code.n)
		return org_root(c, ret);
	TRY(money_if_found(c, org_by_code(c, code, ret), &found));
	return found ? ERR_OK : fail_field(c, "org", N_("There is no region or station {1}."), code);
}

enum err price_draft(struct ctx *c, const struct price_new *n, struct price_list *ret)
{
	struct price_list from = { .id = NIL };
	int64_t version, id;
	struct org at;
	str currency;

	TRY(check_list(c, n));
	TRY(check_day(c, n->valid_from));
	TRY(list_org(c, n->org, &at));
	if (n->copy_of.n)
		TRY(price_get(c, n->copy_of, NIL, &from));
	currency = n->currency.n ? n->currency : from.id != NIL ? from.currency : setting_str(c, "money.currency");
	if (from.id != NIL && !str_eq(currency, from.currency))
		return fail_field(c, "currency", N_("Prices in {1} cannot be copied into a list in {2}."), from.currency, currency);
	TRY(db_int(c, &q_price_version_last, BIND(P(code, n->code)), &version));
	version = version == NIL ? 1 : version + 1;
	TRY(db_insert(c, &q_price_list_insert, BIND(P(code, n->code), P(version, version), P(name, n->name), P(org_id, at.id), P(org_path, at.path), P(currency, currency),
		P(valid_from, n->valid_from), P(margin_bp, n->margin_bp), P(tax_bp, n->tax_bp), P(by_id, c->who->id)), &id));
	if (from.id != NIL)
		TRY(db_exec(c, &q_price_items_copy, BIND(P(from_id, from.id), P(to_id, id)), -1));
	TRY(audit_add(c, "price_list", id, "drafted", BIND(P(code, n->code), P(version, version), P(org, at.code), P(copy_of, n->copy_of))));
	return price_get(c, n->code, version, ret);
}

/* A draft is anybody's in finance; what is in force stands. */
static enum err touch_draft(struct ctx *c, const struct price_list *l)
{
	enum err e = db_exec(c, &q_price_list_touch, BIND(P(id, l->id)), 1);

	if (e == ERR_CONFLICT)
		return fail(c, ERR_CONFLICT, N_("Only a draft can be changed. Make a new version."));
	return e;
}

static enum err check_item(struct ctx *c, const struct price_list *l, const struct price_item *i)
{
	char cur[4];

	money_cur(l->currency, cur);
	if (i->kind < 0)
		(void)fail_field(c, "kind", N_("What kind of fee is it?"));
	if (!i->code.n)
		(void)fail_field(c, "code", N_("A price needs a code."));
	if (!i->name_zh.n)
		(void)fail_field(c, "name_zh", N_("Please give a name."));
	if (i->unit_price.minor == NIL || i->unit_price.minor < 0)
		(void)fail_field(c, "unit_price", N_("Please give a price, for example 80.00."));
	else
		(void)money_same(c, "unit_price", i->unit_price, cur);
	if (i->from_m < 0 || i->to_m <= i->from_m)
		(void)fail_field(c, "to_m", N_("The distance band ends before it begins."));
	if (i->tax_bp > 10000)
		(void)fail_field(c, "tax_bp", N_("A tax rate lies between 0 and 100 percent."));
	return c->diag.n ? ERR_INVALID : ERR_OK;
}

/* Bands of one code must not overlap, or the price of a visit would depend on chance. */
static enum err check_bands(struct ctx *c, const struct price_list *l, const struct price_item *n)
{
	struct price_item *i;
	size_t count;

	TRY(price_items(c, l->id, &i, &count));
	for (size_t k = 0; k < count; k++)
		if (str_eq(i[k].code, n->code) && str_eq(i[k].model, n->model) && i[k].from_m != n->from_m && i[k].from_m < n->to_m && n->from_m < i[k].to_m)
			return fail_field(c, "from_m", N_("The band overlaps the one from {1} m."), i[k].from_m);
	return ERR_OK;
}

enum err price_put(struct ctx *c, const struct price_list *l, const struct price_item *i)
{
	struct price_item n = *i;

	TRY(check_item(c, l, i));
	if (!n.model.n)
		n.model = S("");
	if (!n.name_en.n)
		n.name_en = S("");
	if (n.tax_bp < 0)
		n.tax_bp = l->tax_bp;
	TRY(check_bands(c, l, &n));
	TRY(touch_draft(c, l));
	TRY(db_exec(c, &q_price_item_put, BIND(P(list_id, l->id), P(kind, fee_kinds[n.kind]), P(code, n.code), P(name_zh, n.name_zh), P(name_en, n.name_en), P(model, n.model),
		P(from_m, n.from_m), P(to_m, n.to_m), P(unit_price, n.unit_price), P(currency, l->currency), P(tax_bp, n.tax_bp), P(support, n.support)), 1));
	return audit_add(c, "price_list", l->id, "priced", BIND(P(code, n.code), P(model, n.model), P(from_m, n.from_m), P(unit_price, n.unit_price)));
}

static bool same_price(const struct price_item *a, const struct price_item *b, int64_t list_tax)
{
	return a->kind == b->kind && str_eq(a->name_zh, b->name_zh) && str_eq(a->name_en, b->name_en) && a->to_m == b->to_m && a->unit_price.minor == b->unit_price.minor && a->support == b->support
		&& money_is(a->unit_price, b->unit_price.cur) && a->tax_bp == (b->tax_bp < 0 ? list_tax : b->tax_bp);
}

static enum err says_so(struct ctx *c, const struct price_list *l, const struct price_item *i, bool *ret)
{
	struct price_item *old;
	size_t n;

	*ret = false;
	TRY(price_items(c, l->id, &old, &n));
	for (size_t k = 0; k < n && !*ret; k++)
		*ret = str_eq(old[k].code, i->code) && str_eq(old[k].model, i->model) && old[k].from_m == i->from_m && same_price(&old[k], i, l->tax_bp);
	return ERR_OK;
}

enum err price_merge(struct ctx *c, str list, const struct price_item *i, bool *ret_changed)
{
	struct price_new n = { .code = list, .name = list, .valid_from = { money_today(c).d }, .margin_bp = 2500, .tax_bp = 600, .currency = S_CUR(i->unit_price) };
	struct price_list l;
	bool found, same = false;

	TRY(money_if_found(c, price_get(c, list, NIL, &l), &found));
	if (found)
		TRY(says_so(c, &l, i, &same));
	*ret_changed = !same;
	if (same)
		return ERR_OK;
	if (found)
		n = (struct price_new){ .code = list, .name = l.name, .org = l.org, .valid_from = { money_today(c).d + 1 }, .margin_bp = l.margin_bp, .tax_bp = l.tax_bp, .copy_of = list };
	if (!found || l.state != PRICE_DRAFT)
		TRY(price_draft(c, &n, &l));
	return price_put(c, &l, i);
}

enum err price_drop(struct ctx *c, const struct price_list *l, int64_t item_id)
{
	enum err e;

	TRY(touch_draft(c, l));
	e = db_exec(c, &q_price_item_drop, BIND(P(id, item_id), P(list_id, l->id)), 1);
	if (e == ERR_CONFLICT)
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(e);
	return audit_add(c, "price_list", l->id, "dropped", BIND(P(item, item_id)));
}

static enum err set_state(struct ctx *c, const struct price_list *l, int from, int to)
{
	enum err e;

	if (l->state != from)
		return fail(c, ERR_CONFLICT, N_("This version is “{1}”."), tr(c, price_state_titles[l->state]));
	e = db_exec(c, &q_price_list_state, BIND(P(id, l->id), P(ver, l->ver), P(state, price_states[to]), P(published_at, c->now)), 1);
	if (e == ERR_CONFLICT)
		return fail(c, ERR_CONFLICT, NULL);
	TRY(e);
	return audit_add(c, "price_list", l->id, price_states[to], BIND(P(version, l->version)));
}

enum err price_publish(struct ctx *c, const struct price_list *l)
{
	if (!l->items)
		return fail(c, ERR_CONFLICT, N_("A price list without prices cannot come into force."));
	return set_state(c, l, PRICE_DRAFT, PRICE_PUBLISHED);
}

enum err price_retire(struct ctx *c, const struct price_list *l) { return set_state(c, l, PRICE_PUBLISHED, PRICE_RETIRED); }

/* ---- free visits and support months ---- */

enum err allowance_add(struct ctx *c, const struct allowance *a, int64_t *ret_id)
{
	if (a->kind < 0)
		return fail_field(c, "kind", N_("Free visits or support months?"));
	if (a->granted == NIL || a->granted <= 0)
		return fail_field(c, "granted", N_("How many are free?"));
	if (a->valid_from.d == NIL || a->valid_until.d == NIL || a->valid_until.d < a->valid_from.d)
		return fail_field(c, "valid_until", N_("The end lies before the beginning."));
	if (!a->source.n)
		return fail_field(c, "source", N_("Which contract or promise grants it?"));
	TRY(db_insert(c, &q_allowance_add, BIND(P(customer_id, a->customer_id), P(device_id, a->device_id), P(kind, allowance_kinds[a->kind]), P(granted, a->granted),
		P(valid_from, a->valid_from), P(valid_until, a->valid_until), P(source, a->source)), ret_id));
	return audit_add(c, "customer", a->customer_id, "allowance", BIND(P(kind, allowance_kinds[a->kind]), P(granted, a->granted), P(source, a->source)));
}

enum { ALLOWANCES_MAX = 100 };

static enum err left(struct ctx *c, const struct order *o, int64_t open, struct allowance **ret, size_t *ret_n)
{
	return db_rows(c, &q_allowance_left, BIND(P(customer_id, o->customer_id), P(device_id, o->device_id), P(today, money_today(c)), P(open, open)), allowance_fields, sizeof **ret, 20,
		ret, ret_n);
}

enum err allowance_left(struct ctx *c, const struct order *o, struct allowance **ret, size_t *ret_n)
{
	return left(c, o, 0, ret, ret_n);
}

enum err allowance_usable(struct ctx *c, const struct order *o, struct allowance **ret, size_t *ret_n) { return left(c, o, 1, ret, ret_n); }

enum err allowance_of_customer(struct ctx *c, int64_t customer_id, struct allowance **ret, size_t *ret_n)
{
	return db_rows(c, &q_allowances, BIND(P(customer_id, customer_id), P(limit, ALLOWANCES_MAX)), allowance_fields, sizeof **ret, ALLOWANCES_MAX, ret, ret_n);
}
