/* level_words.c — reasons for pauses and the priority matrix. */
#include "slice/audit/audit.h"
#include "slice/sla/sla_int.h"

#define R(m) FIELD(struct pause_reason, m)
const struct field pause_reason_fields[] = {
	R(code), R(title), R(title_en), FIELD_ENUM(struct pause_reason, party, sla_parties), FIELD_ENUM(struct pause_reason, ends, sla_ends),
	R(stops_customer), R(stops_tier), R(active), { 0 }
};
const struct field matrix_fields[] = {
	FIELD(struct matrix_cell, impact), FIELD(struct matrix_cell, urgency), FIELD_ENUM(struct matrix_cell, priority, sla_priorities), { 0 }
};

enum err pause_reason_list(struct ctx *c, struct pause_reason **ret, size_t *ret_n)
{
	return db_rows(c, &q_pause_reasons, BIND(), pause_reason_fields, sizeof(struct pause_reason), 200, ret, ret_n);
}

enum err pause_reason_put(struct ctx *c, const struct pause_reason *r)
{
	assert(db_writing(c->db));
	if (!r->code.n || !str_trim(r->title).n || !str_trim(r->title_en).n)
		return fail_field(c, r->code.n ? "title" : "code", N_("A name is needed."));
	TRY(db_exec(c, &q_pause_reason_put, BIND(P(code, r->code), P(title, r->title), P(title_en, r->title_en), P(party, sla_parties[r->party]), P(ends, sla_ends[r->ends]),
		P(stops_customer, r->stops_customer), P(stops_tier, r->stops_tier), P(active, r->active)), 1));
	return audit_add(c, "pause_reason", 0, "put", BIND(P(code, r->code), P(stops_customer, r->stops_customer), P(stops_tier, r->stops_tier)));
}

enum err sla_matrix(struct ctx *c, struct matrix_cell **ret, size_t *ret_n)
{
	return db_rows(c, &q_matrix, BIND(), matrix_fields, sizeof(struct matrix_cell), 9, ret, ret_n);
}

enum err sla_matrix_set(struct ctx *c, const struct matrix_cell *cell)
{
	assert(db_writing(c->db));
	if (cell->impact < 0 || cell->impact > 2 || cell->urgency < 0 || cell->urgency > 2)
		return fail_field(c, "impact", N_("Impact and urgency are 0, 1 or 2."));
	return db_exec(c, &q_matrix_put, BIND(P(impact, cell->impact), P(urgency, cell->urgency), P(priority, sla_priorities[cell->priority])), 1);
}

enum err sla_priority_of(struct ctx *c, int impact, int urgency, int *ret)
{
	struct matrix_cell *cell;
	size_t n;

	TRY(sla_matrix(c, &cell, &n));
	*ret = SLA_NORMAL;
	for (size_t i = 0; i < n; i++)
		if (cell[i].impact == impact && cell[i].urgency == urgency)
			*ret = cell[i].priority;
	return ERR_OK;
}
