/* kit.c — parts that a job usually takes together. */
#include "base/i18n.h"
#include "slice/audit/audit.h"
#include "slice/parts/requisition_int.h"

static const struct field kit_fields[] = { FIELD(struct kit, id), FIELD(struct kit, code), FIELD(struct kit, name), { 0 } };
static const struct field line_fields[] = { FIELD(struct req_wish, part_no), FIELD(struct req_wish, qty), FIELD(struct req_wish, note), { 0 } };

static enum err load_lines(struct ctx *c, struct kit *k)
{
	return db_rows(c, &q_kit_lines, BIND(P(kit_id, k->id)), line_fields, sizeof *k->lines, 50, &k->lines, &k->n);
}

enum err kit_get(struct ctx *c, str code, struct kit *ret)
{
	TRY(db_row(c, &q_kits, BIND(P(code, str_trim(code))), kit_fields, ret));
	return load_lines(c, ret);
}

enum err kit_list(struct ctx *c, struct kit **ret, size_t *ret_n)
{
	TRY(db_rows(c, &q_kits, BIND(), kit_fields, sizeof **ret, 200, ret, ret_n));
	for (size_t i = 0; i < *ret_n; i++)
		TRY(load_lines(c, &(*ret)[i]));
	return ERR_OK;
}

static enum err put_line(struct ctx *c, int64_t kit_id, const struct req_wish *w, size_t at)
{
	struct spare p;
	enum err e = part_by_code(c, w->part_no, &p);

	if (e == ERR_NOT_FOUND) {
		c->diag = (struct diag){ 0 };
		return fail_field(c, arena_fmt(c->a, "lines.%zu.part_no", at).p, N_("There is no part {1}."), w->part_no);
	}
	TRY(e);
	if (w->qty < 1 || w->qty > 1000)
		return fail_field(c, arena_fmt(c->a, "lines.%zu.qty", at).p, N_("A quantity is a whole number from 1 to {1}."), 1000);
	e = db_exec(c, &q_kit_line_put, BIND(P(kit_id, kit_id), P(part_id, p.id), P(qty, w->qty)), 1);
	if (e != ERR_CONFLICT)
		return e;
	c->diag = (struct diag){ 0 };
	return fail_field(c, arena_fmt(c->a, "lines.%zu.part_no", at).p, N_("{1} stands here twice."), p.no);
}

enum err kit_put(struct ctx *c, const struct kit *k)
{
	int64_t id;

	assert(db_writing(c->db));
	if (!str_trim(k->code).n)
		return fail_field(c, "code", N_("A kit needs a code."));
	if (!str_trim(k->name).n)
		return fail_field(c, "name", N_("A kit needs a name."));
	TRY(db_insert(c, &q_kit_put, BIND(P(code, str_trim(k->code)), P(name, k->name)), &id));
	TRY(db_exec(c, &q_kit_lines_drop, BIND(P(kit_id, id)), -1));
	for (size_t i = 0; i < k->n; i++)
		TRY(put_line(c, id, &k->lines[i], i));
	if (!k->n)
		TRY(db_exec(c, &q_kit_drop, BIND(P(id, id)), 1));
	return audit_add(c, "kit", id, k->n ? "saved" : "dropped", BIND(P(code, k->code), P(name, k->name)));
}
