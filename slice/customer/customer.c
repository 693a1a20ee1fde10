/* customer.c — see customer.h. */
#include "base/i18n.h"
#include "base/words.h"
#include "db/db.h"
#include "slice/account/account.h"
#include "slice/audit/audit.h"
#include "slice/customer/customer.h"
#include "slice/org/org.h"
#include "customer.sql.h"

const char *const customer_kinds[] = { "person", "organisation", NULL };
enum { PHONE_TAIL = 4, MERGE_HOPS = 20 };

static const struct field contact_fields[] = {
	FIELD(struct contact, id), FIELD(struct contact, name), FIELD(struct contact, phone), FIELD(struct contact, email), FIELD(struct contact, title),
	FIELD(struct contact, is_main), { 0 }
};
static const struct field address_fields[] = {
	FIELD(struct address, id), FIELD(struct address, label), FIELD(struct address, division), FIELD(struct address, text), FIELD(struct address, lat),
	FIELD(struct address, lon), FIELD(struct address, is_main), { 0 }
};
static const struct field customer_row[] = {
	FIELD(struct customer, id), FIELD(struct customer, ver), FIELD(struct customer, no), FIELD_ENUM(struct customer, kind, customer_kinds),
	FIELD(struct customer, name), FIELD(struct customer, note), FIELD(struct customer, key_customer), FIELD(struct customer, merged_into),
	FIELD(struct customer, org_id), FIELD(struct customer, external_ref), FIELD(struct customer, created_at), FIELD(struct customer, phone),
	FIELD(struct customer, email), FIELD(struct customer, address), FIELD(struct customer, division), { 0 }
};
static const struct field hit_row[] = {
	FIELD(struct customer_hit, id), FIELD(struct customer_hit, no), FIELD(struct customer_hit, name), FIELD(struct customer_hit, phone),
	FIELD(struct customer_hit, address), FIELD(struct customer_hit, key_customer), { 0 }
};

static str tail_of(str key) { return key.n < PHONE_TAIL ? (str){ 0 } : (str){ key.p + key.n - PHONE_TAIL, PHONE_TAIL }; }


/* ---- adding ---- */

static enum err contact_add(struct ctx *c, int64_t customer_id, const struct contact *k, int64_t *ret_id)
{
	str key = phone_key(c->a, k->phone);

	return db_insert(c, &q_contact_insert, BIND(P(customer_id, customer_id), P(name, k->name), P(phone, str_or_none(k->phone)), P(phone_key, str_or_none(key)),
		P(phone_tail, tail_of(key)), P(email, str_or_none(k->email)), P(email_key, str_or_none(fold(c->a, k->email))), P(title, str_or_none(k->title)), P(is_main, k->is_main)), ret_id);
}

static enum err address_add(struct ctx *c, int64_t customer_id, const struct address *a, int64_t *ret_id)
{
	return db_insert(c, &q_address_insert, BIND(P(customer_id, customer_id), P(label, str_or_none(a->label)), P(division, str_or_none(a->division)), P(text, a->text),
		P(lat, a->lat), P(lon, a->lon), P(is_main, a->is_main)), ret_id);
}

enum err customer_add(struct ctx *c, const struct customer_new *n, int64_t *ret_id)
{
	struct contact k = { .name = str_trim(n->name), .phone = n->phone, .email = n->email, .title = n->title, .is_main = true };
	struct address a = { .text = str_trim(n->address), .division = n->division, .lat = n->lat, .lon = n->lon, .is_main = true };
	int64_t id, part;
	str no, spelled;

	assert(db_writing(c->db));
	if (!k.name.n)
		return fail_field(c, "name", N_("A customer needs a name."));
	spelled = pinyin(c->a, k.name);
	TRY(series_next(c, "customer", &no));
	TRY(db_insert(c, &q_customer_insert, BIND(P(no, no), P(kind, customer_kinds[n->kind < 0 ? CUSTOMER_PERSON : n->kind]), P(name, k.name), P(name_key, fold(c->a, k.name)),
		P(pinyin, unspaced(c->a, spelled)), P(initials, initials(c->a, spelled)), P(sort_key, sort_key(c->a, k.name)), P(note, str_or_none(n->note)),
		P(key_customer, n->key_customer), P(org_id, n->org_id), P(external_ref, str_or_none(n->external_ref)), P(now, c->now)), &id));
	TRY(contact_add(c, id, &k, &part));
	if (a.text.n)
		TRY(address_add(c, id, &a, &part));
	TRY(org_registers(c, ORG_CUSTOMER, id));
	TRY(audit_add(c, "customer", id, "add", BIND(P(no, no), P(name, k.name))));
	*ret_id = id;
	return ERR_OK;
}

/* ---- reading ---- */

static enum err load_parts(struct ctx *c, struct customer *k)
{
	TRY(db_rows(c, &q_customer_contacts, BIND(P(customer_id, k->id)), contact_fields, sizeof *k->contacts, 50, &k->contacts, &k->n_contacts));
	return db_rows(c, &q_customer_addresses, BIND(P(customer_id, k->id)), address_fields, sizeof *k->addresses, 50, &k->addresses, &k->n_addresses);
}

/* A portal user's world is their own file. */
static bool in_sight(const struct ctx *c, const struct customer *k)
{
	return c->who->sight != SIGHT_CUSTOMER || k->id == c->who->customer_id;
}

enum err customer_get(struct ctx *c, int64_t id, struct customer *ret)
{
	struct customer k = { .merged_into = id };

	for (int hop = 0; k.merged_into != NIL; hop++) {
		if (hop == MERGE_HOPS)
			BUG("customer %lld merged in a circle", (long long)id);
		TRY(db_row(c, &q_customer_one, BIND(P(id, k.merged_into), P(org, org_gate(c))), customer_row, &k));
	}
	if (!in_sight(c, &k))
		return fail(c, ERR_NOT_FOUND, NULL);
	TRY(load_parts(c, &k));
	*ret = k;
	return ERR_OK;
}

enum err customer_by_no(struct ctx *c, str no, struct customer *ret)
{
	struct customer k = { 0 };

	TRY(db_row(c, &q_customer_one, BIND(P(no, no)), customer_row, &k));
	return customer_get(c, k.id, ret);
}

enum err customer_by_ref(struct ctx *c, str ref, struct customer *ret)
{
	struct customer k = { 0 };

	TRY(db_row(c, &q_customer_one, BIND(P(ref, ref)), customer_row, &k));
	return customer_get(c, k.id, ret);
}

/* ---- who may this be ---- */

struct hits { struct customer_hit *row; size_t n, max; };

/* Adds what is not there yet. */
static void gather(struct hits *h, const struct customer_hit *from, size_t n)
{
	for (size_t i = 0; i < n && h->n < h->max; i++) {
		bool known = false;

		for (size_t k = 0; k < h->n && !known; k++)
			known = h->row[k].id == from[i].id;
		if (!known)
			h->row[h->n++] = from[i];
	}
}

static enum err add_hits(struct ctx *c, struct hits *h, const struct sql *q, const struct bind *b)
{
	struct customer_hit *row;
	size_t n;

	if (h->n == h->max)
		return ERR_OK;
	TRY(db_rows(c, q, b, hit_row, sizeof *row, 200, &row, &n));
	gather(h, row, n);
	return ERR_OK;
}

static struct hits room_for(struct ctx *c, size_t max) { return (struct hits){ NEW_N(c->a, struct customer_hit, max), 0, max }; }

enum err customer_like(struct ctx *c, str phone, str name, struct customer_hit **ret, size_t *ret_n)
{
	struct hits h = room_for(c, 20);
	str key = phone_key(c->a, phone), folded = fold(c->a, name);

	if (key.n >= PHONE_TAIL)
		TRY(add_hits(c, &h, &q_customer_by_phone, BIND(P(org, org_gate(c)), P(phone, key))));
	if (!h.n && folded.n)
		TRY(add_hits(c, &h, &q_customer_by_name, BIND(P(org, org_gate(c)), P(name_lo, folded), P(name_hi, arena_fmt(c->a, "%.*s\x01", STR_ARG(folded))))));
	*ret = h.row;
	*ret_n = h.n;
	return ERR_OK;
}

static enum err by_phone(struct ctx *c, struct hits *h, str key)
{
	if (key.n == PHONE_TAIL)
		return add_hits(c, h, &q_customer_by_phone, BIND(P(org, org_gate(c)), P(tail, key)));
	return add_hits(c, h, &q_customer_by_phone, BIND(P(org, org_gate(c)), P(lo, key), P(hi, arena_fmt(c->a, "%.*s:", STR_ARG(key)))));
}

enum err customer_search(struct ctx *c, str words, int64_t before, size_t max, struct customer_hit **ret, size_t *ret_n)
{
	struct hits h = room_for(c, max);
	str w = str_trim(words), key = phone_key(c->a, w), folded = fold(c->a, w), sound = unspaced(c->a, folded);

	if (!w.n)
		return customer_employees(c, NIL, before, max, ret, ret_n);
	if (key.n >= PHONE_TAIL)
		TRY(by_phone(c, &h, key));
	TRY(add_hits(c, &h, &q_customer_by_name, BIND(P(org, org_gate(c)), P(name_lo, folded), P(name_hi, str_behind(c->a, folded)))));
	TRY(add_hits(c, &h, &q_customer_by_name, BIND(P(org, org_gate(c)), P(initials, sound))));
	TRY(add_hits(c, &h, &q_customer_by_name, BIND(P(org, org_gate(c)), P(pinyin_lo, sound), P(pinyin_hi, str_behind(c->a, sound)))));
	*ret = h.row;
	*ret_n = h.n;
	return ERR_OK;
}

enum err customer_employees(struct ctx *c, int64_t org_id, int64_t before, size_t max, struct customer_hit **ret, size_t *ret_n)
{
	int64_t at = org_gate(c);

	if (at != NIL)
		return db_rows(c, &q_customer_list_at, BIND(P(org, at), P(org_id, org_id), P(before, before), P(limit, (int64_t)max)), hit_row, sizeof **ret, 200, ret, ret_n);
	return db_rows(c, &q_customer_list, BIND(P(org_id, org_id), P(before, before), P(limit, (int64_t)max)), hit_row, sizeof **ret, 200, ret, ret_n);
}

enum err customer_same(struct ctx *c, str phone, str name, int64_t *ret_id)
{
	return db_int(c, &q_customer_same, BIND(P(phone, phone_key(c->a, phone)), P(name, name)), ret_id);
}

/* ---- changing ---- */

enum err customer_save(struct ctx *c, const struct customer *k)
{
	str name = str_trim(k->name), spelled = pinyin(c->a, name);

	assert(db_writing(c->db));
	if (!name.n)
		return fail_field(c, "name", N_("A customer needs a name."));
	TRY(db_exec(c, &q_customer_save, BIND(P(id, k->id), P(ver, k->ver), P(kind, customer_kinds[k->kind]), P(name, name), P(name_key, fold(c->a, name)),
		P(pinyin, unspaced(c->a, spelled)), P(initials, initials(c->a, spelled)), P(sort_key, sort_key(c->a, name)), P(note, str_or_none(k->note)), P(key_customer, k->key_customer)), 1));
	return audit_add(c, "customer", k->id, "edit", BIND(P(name, name), P(key_customer, k->key_customer), P(note, k->note)));
}

enum err customer_contact_put(struct ctx *c, int64_t customer_id, const struct contact *k, int64_t *ret_id)
{
	str key = phone_key(c->a, k->phone);

	if (!str_trim(k->name).n)
		return fail_field(c, "name", N_("A contact needs a name."));
	if (k->is_main)
		TRY(db_exec(c, &q_contact_main_off, BIND(P(customer_id, customer_id)), -1));
	TRY(audit_add(c, "customer", customer_id, "contact", BIND(P(name, k->name), P(phone, k->phone), P(email, k->email))));
	if (k->id == NIL)
		return contact_add(c, customer_id, k, ret_id);
	*ret_id = k->id;
	return db_exec(c, &q_contact_save, BIND(P(id, k->id), P(customer_id, customer_id), P(name, k->name), P(phone, str_or_none(k->phone)), P(phone_key, str_or_none(key)),
		P(phone_tail, tail_of(key)), P(email, str_or_none(k->email)), P(email_key, str_or_none(fold(c->a, k->email))), P(title, str_or_none(k->title)), P(is_main, k->is_main)), 1);
}

enum err customer_address_put(struct ctx *c, int64_t customer_id, const struct address *a, int64_t *ret_id)
{
	if (!str_trim(a->text).n)
		return fail_field(c, "text", N_("Please give the address."));
	if (a->is_main)
		TRY(db_exec(c, &q_address_main_off, BIND(P(customer_id, customer_id)), -1));
	TRY(audit_add(c, "customer", customer_id, "address", BIND(P(text, a->text), P(division, a->division))));
	return address_add(c, customer_id, a, ret_id);
}

enum err customer_merge(struct ctx *c, int64_t keep, int64_t drop, int64_t ver)
{
	struct customer k;

	assert(db_writing(c->db));
	if (keep == drop)
		return fail_field(c, "keep", N_("A customer cannot be merged with themselves."));
	TRY(customer_get(c, keep, &k));
	TRY(db_exec(c, &q_customer_merge, BIND(P(keep, k.id), P(drop, drop), P(ver, ver)), 1));
	TRY(db_exec(c, &q_customer_merge_chain, BIND(P(keep, k.id), P(drop, drop)), -1));
	TRY(org_holds_merged(c, ORG_CUSTOMER, k.id, drop));
	TRY(db_exec(c, &q_contact_move, BIND(P(keep, k.id), P(drop, drop)), -1));
	TRY(db_exec(c, &q_address_move, BIND(P(keep, k.id), P(drop, drop)), -1));
	for (const struct customer_merged *const *m = customer_merged; *m; m++)
		TRY((*m)->on(c, k.id, drop));
	TRY(audit_add(c, "customer", k.id, "merge", BIND(P(merged, drop))));
	return audit_add(c, "customer", drop, "merged", BIND(P(into, k.id)));
}
