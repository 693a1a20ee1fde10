/* part.c — the catalogue. */
#include "base/i18n.h"
#include "base/money.h"
#include "base/words.h"
#include "slice/audit/audit.h"
#include "slice/parts/parts_int.h"

const char *const part_classes[] = { "main", "ordinary", "consumable", NULL };
const char *const part_class_titles[] = { N_("Main part"), N_("Ordinary part"), N_("Consumable"), NULL };

#define P_(m) FIELD(struct spare, m)
const struct field part_fields_db[] = {
	P_(id), P_(ver), P_(no), P_(name), P_(spec), P_(unit), FIELD_ENUM(struct spare, class, part_classes), FIELD_ENUM(struct spare, kind, part_names), P_(brand), P_(maker_no), P_(barcode), P_(serial_tracked),
	P_(owes_old), P_(supplier_months), P_(price), P_(cost), P_(active), FIELD(struct spare, currency), { 0 }
};

enum part spare_part(const struct spare *p, enum part_by *ret_by)
{
	enum part said = part_by_words(p->name);

	*ret_by = p->kind > PART_WHOLE || p->class == PART_CONSUMABLE ? PART_BY_CATALOGUE : PART_BY_WORDS;
	if (p->kind > PART_WHOLE)
		return (enum part)p->kind;
	/* A consumable is never a part of the machine, whatever its name holds; a battery has a period of its own. */
	return p->class == PART_CONSUMABLE && (part_class_of[said] == CLASS_PART || part_class_of[said] == CLASS_SOFTWARE) ? PART_WORN : said;
}

static str no_key(struct ctx *c, str no) { return fold(c->a, str_trim(no)); }

static enum err check(struct ctx *c, const struct spare *p)
{
	if (!str_trim(p->no).n)
		return fail_field(c, "no", N_("A part needs its number."));
	if (!str_trim(p->name).n)
		return fail_field(c, "name", N_("A part needs a name."));
	if (p->price.minor != NIL && (p->price.minor < 0 || p->price.minor > MONEY_MAX))
		return fail_field(c, "price", N_("A price is not negative."));
	if (p->cost.minor != NIL && (p->cost.minor < 0 || p->cost.minor > MONEY_MAX))
		return fail_field(c, "cost", N_("A cost is not negative."));
	return ERR_OK;
}

static enum err index_part(struct ctx *c, int64_t id, const struct spare *p)
{
	const str spelled = pinyin(c->a, p->name), texts[] = { p->no, p->name, p->spec, p->brand, p->maker_no, p->barcode, spelled, initials(c->a, spelled) };

	return db_exec(c, &q_part_fts_put, BIND(P(id, id), P(words, index_words(c->a, arena_join(c->a, texts, LEN(texts), S(" "))))), -1);
}

#define PART_BINDS(p) P(name, (p)->name), P(spec, str_or_none((p)->spec)), P(unit, (p)->unit.n ? (p)->unit : S("pc")), \
	P(class, part_classes[(p)->class < 0 ? PART_ORDINARY : (p)->class]), { "kind", (p)->kind > PART_WHOLE ? v_cstr(part_names[(p)->kind]) : (struct val){ 0 } }, P(brand, str_or_none((p)->brand)), P(maker_no, str_or_none((p)->maker_no)), \
	P(barcode, str_or_none((p)->barcode)), P(owes_old, (p)->owes_old), P(supplier_months, (p)->supplier_months), P(price, (p)->price.minor), \
	P(cost, (p)->cost.minor), P(active, (p)->active)

enum err part_add(struct ctx *c, const struct spare *p, int64_t *ret_id)
{
	str currency = p->currency.n ? p->currency : S("CNY");
	enum err e;

	assert(db_writing(c->db));
	TRY(check(c, p));
	e = db_insert(c, &q_part_insert, BIND(P(no, str_trim(p->no)), P(no_key, no_key(c, p->no)), P(serial_tracked, p->serial_tracked), P(currency, currency), PART_BINDS(p),
		P(now, c->now)), ret_id);
	if (e == ERR_CONFLICT) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, "no", N_("There is a part {1} already."), p->no);
	}
	TRY(e);
	TRY(index_part(c, *ret_id, p));
	return audit_add(c, "part", *ret_id, "added", BIND(P(no, p->no), P(name, p->name)));
}

enum err part_save(struct ctx *c, const struct spare *p)
{
	assert(db_writing(c->db));
	TRY(check(c, p));
	TRY(db_exec(c, &q_part_save, BIND(P(id, p->id), P(ver, p->ver), PART_BINDS(p)), 1));
	TRY(index_part(c, p->id, p));
	return audit_add(c, "part", p->id, "changed", BIND(P(name, p->name), P(price, p->price), P(active, p->active)));
}

enum err part_get(struct ctx *c, int64_t id, struct spare *ret) { return db_row(c, &q_part_one, BIND(P(id, id)), part_fields_db, ret); }
enum err part_by_no(struct ctx *c, str no, struct spare *ret) { return db_row(c, &q_part_one, BIND(P(key, no_key(c, no))), part_fields_db, ret); }

enum err part_by_code(struct ctx *c, str code, struct spare *ret)
{
	enum err e = part_by_no(c, code, ret);

	return e == ERR_NOT_FOUND ? db_row(c, &q_part_one, BIND(P(barcode, str_trim(code))), part_fields_db, ret) : e;
}

enum err part_list(struct ctx *c, str words, str after, size_t max, struct spare **ret, size_t *ret_n)
{
	str query = words.n ? fts_query(c->a, words, false, db_engine(db_of(c->db))) : (str){ 0 };

	return db_rows(c, &q_part_list, BIND(P(words, query), P(after, after.n ? no_key(c, after) : (str){ 0 }), P(limit, (int64_t)max)), part_fields_db, sizeof **ret, max, ret, ret_n);
}

enum err part_put(struct ctx *c, const struct spare *p, int64_t *ret_id, bool *ret_added)
{
	struct spare old, fresh = *p;
	enum err e = part_by_no(c, p->no, &old);

	*ret_added = e == ERR_NOT_FOUND;
	if (*ret_added)
		return part_add(c, p, ret_id);
	TRY(e);
	fresh.id = *ret_id = old.id;
	fresh.ver = old.ver;
	return part_save(c, &fresh);
}

enum err part_paid(struct ctx *c, int64_t id, money cost) { return db_exec(c, &q_part_cost, BIND(P(id, id), P(cost, cost.minor)), 1); }
