/* product.c — see product.h. */
#include "base/i18n.h"
#include "base/words.h"
#include "db/db.h"
#include "slice/product/product.h"
#include "product.sql.h"

static const struct field product_row[] = {
	FIELD(struct product, id), FIELD(struct product, ver), FIELD(struct product, brand), FIELD(struct product, model), FIELD(struct product, series),
	FIELD(struct product, kind), FIELD(struct product, config), FIELD(struct product, note), FIELD(struct product, active), { 0 }
};
const struct field code_fields[] = {
	FIELD(struct code, id), FIELD(struct code, code), FIELD(struct code, grp), FIELD(struct code, name_zh), FIELD(struct code, name_en), FIELD(struct code, source), { 0 }
};

enum err product_add(struct ctx *c, const struct product *p, int64_t *ret_id)
{
	str brand = fold(c->a, p->brand), model = fold(c->a, p->model);
	struct product old;
	enum err e;

	assert(db_writing(c->db));
	if (!model.n)
		return fail_field(c, "model", N_("A product needs a model name."));
	e = db_row(c, &q_product_by_model, BIND(P(brand_key, brand), P(model_key, model)), product_row, &old);
	if (!e) {
		*ret_id = old.id;
		return ERR_OK;
	}
	if (e != ERR_NOT_FOUND)
		return e;
	c->diag = (struct diag){ 0 };
	return db_insert(c, &q_product_insert, BIND(P(brand, p->brand), P(brand_key, brand), P(model, p->model), P(model_key, model), P(series, p->series), P(kind, p->kind),
		P(config, p->config), P(note, p->note)), ret_id);
}

enum err product_get(struct ctx *c, int64_t id, struct product *ret) { return db_row(c, &q_product_one, BIND(P(id, id)), product_row, ret); }

enum err product_find(struct ctx *c, str words, int64_t before, size_t max, struct product **ret, size_t *ret_n)
{
	str lo = fold(c->a, str_trim(words));
	str hi = lo.n ? str_behind(c->a, lo) : (str){ 0 };

	return db_rows(c, &q_product_find, BIND(P(lo, lo.n ? lo : hi), P(hi, hi), P(before, before), P(limit, (int64_t)max)), product_row, sizeof **ret, 201, ret, ret_n);
}

enum err product_brands(struct ctx *c, str start, size_t max, struct product **ret, size_t *ret_n)
{
	static const struct field brand_field[] = { FIELD(struct product, brand), { 0 } };
	str lo = fold(c->a, str_trim(start));

	*ret_n = 0;
	return lo.n ? db_rows(c, &q_product_brands, BIND(P(lo, lo), P(hi, str_behind(c->a, lo)), P(limit, (int64_t)max)), brand_field, sizeof **ret, 201, ret, ret_n) : ERR_OK;
}

/* LIKE with the reader's % and _ taken literally is not needed: codes and names hold neither. */
static str like(struct ctx *c, str words)
{
	str w = str_trim(words);

	return w.n ? arena_fmt(c->a, "%%%.*s%%", STR_ARG(w)) : (str){ 0 };
}

enum err symptom_list(struct ctx *c, str words, size_t max, struct code **ret, size_t *ret_n)
{
	return db_rows(c, &q_symptom_list, BIND(P(like, like(c, words)), P(limit, (int64_t)max)), code_fields, sizeof **ret, 1000, ret, ret_n);
}

enum err fault_list(struct ctx *c, str words, size_t max, struct code **ret, size_t *ret_n)
{
	return db_rows(c, &q_fault_list, BIND(P(like, like(c, words)), P(limit, (int64_t)max)), code_fields, sizeof **ret, 1000, ret, ret_n);
}

enum err symptom_get(struct ctx *c, str code, struct code *ret) { return db_row(c, &q_symptom_list, BIND(P(code, code), P(limit, 1)), code_fields, ret); }
enum err fault_get(struct ctx *c, str code, struct code *ret) { return db_row(c, &q_fault_list, BIND(P(code, code), P(limit, 1)), code_fields, ret); }

enum err code_put(struct ctx *c, bool fault, const struct code *k)
{
	assert(db_writing(c->db));
	if (!k->code.n)
		return fail_field(c, "code", N_("A code cannot be empty."));
	return db_exec(c, fault ? &q_fault_put : &q_symptom_put, BIND(P(code, k->code), P(grp, k->grp), P(name_zh, k->name_zh), P(name_en, k->name_en), P(source, k->source)), 1);
}

str code_title(const struct ctx *c, const struct code *k) { return !strcmp(c->who->lang, "zh") ? k->name_zh : k->name_en; }
