/* sla_seed.c — what is shipped: levels of data/levels, pause reasons, the priority matrix. */
#include "base/embed.h"
#include "slice/sla/sla_int.h"
#include <jansson.h>

#define S_(lit) { lit, sizeof(lit) - 1 }
static const struct pause_reason reasons[] = {
	{ S_("customer"), S_("等待客户答复"), S_("Waiting for the customer"), PARTY_CUSTOMER, ENDS_ANSWER, true, true, true },
	{ S_("quote"), S_("等待客户确认报价"), S_("Waiting for the quote to be approved"), PARTY_CUSTOMER, ENDS_ANSWER, true, true, true },
	{ S_("later"), S_("客户要求改期"), S_("The customer asked for a later date"), PARTY_CUSTOMER, ENDS_DATE, true, true, true },
	{ S_("courier"), S_("运输途中"), S_("On the way with a courier"), PARTY_COURIER, ENDS_ARRIVAL, true, true, true },
	{ S_("parts"), S_("等待备件"), S_("Waiting for parts"), PARTY_MAKER, ENDS_ARRIVAL, false, true, true },
	{ S_("vendor"), S_("等待厂商"), S_("Waiting for the maker"), PARTY_MAKER, ENDS_ARRIVAL, false, true, true },
	{ S_("higher_tier"), S_("等待上级支持"), S_("Waiting for a higher tier"), PARTY_STATION, ENDS_MANUAL, false, true, true },
	{ S_("closed"), S_("工单已完结"), S_("The order was closed"), PARTY_NONE, ENDS_MANUAL, true, true, true },
};
static const struct matrix_cell matrix[] = {
	{ 0, 0, SLA_LOW }, { 0, 1, SLA_NORMAL }, { 0, 2, SLA_HIGH },
	{ 1, 0, SLA_NORMAL }, { 1, 1, SLA_NORMAL }, { 1, 2, SLA_HIGH },
	{ 2, 0, SLA_HIGH }, { 2, 1, SLA_HIGH }, { 2, 2, SLA_URGENT },
};

/* ---- levels from JSON; a mistake in a shipped file is a defect ---- */

struct file { struct ctx *c; const char *name; };

static str text(const struct file *f, const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);

	return v ? arena_str(f->c->a, (str){ json_string_value(v), json_string_length(v) }) : (str){ 0 };
}

static int word(const struct file *f, const json_t *j, const char *key, const char *const *names, int fallback)
{
	str s = text(f, j, key);
	int i = s.p ? name_index(names, s) : fallback;

	if (s.p && i < 0)
		BUG("%s: %s is no %s", f->name, s.p, key);
	return i;
}

static void read_targets(const struct file *f, const json_t *list, struct level *l)
{
	l->n_target = json_array_size(list);
	l->target = NEW_N(f->c->a, struct level_target, l->n_target + 1);
	for (size_t i = 0; i < l->n_target; i++) {
		const json_t *j = json_array_get(list, i);

		l->target[i] = (struct level_target){ word(f, j, "clock", sla_kinds, -1), word(f, j, "tier", sla_tiers, SLA_CUSTOMER), text(f, j, "order_kind"),
			word(f, j, "priority", sla_priorities, -1), word(f, j, "area", sla_areas, -1), text(f, j, "target") };
	}
}

static void read_pauses(const struct file *f, const json_t *list, struct level *l)
{
	l->n_pause = json_array_size(list);
	l->pause = NEW_N(f->c->a, struct level_pause, l->n_pause + 1);
	for (size_t i = 0; i < l->n_pause; i++) {
		const json_t *j = json_array_get(list, i);

		l->pause[i] = (struct level_pause){ text(f, j, "reason"), json_is_true(json_object_get(j, "stops")) };
	}
}

static void read_escalations(const struct file *f, const json_t *list, struct level *l)
{
	l->n_escalation = json_array_size(list);
	l->escalation = NEW_N(f->c->a, struct level_escalation, l->n_escalation + 1);
	for (size_t i = 0; i < l->n_escalation; i++) {
		const json_t *j = json_array_get(list, i);

		l->escalation[i] = (struct level_escalation){ word(f, j, "clock", sla_kinds, -1), json_integer_value(json_object_get(j, "step")), text(f, j, "after"),
			word(f, j, "tier", sla_tiers, -1), text(f, j, "role") };
	}
}

static void read_starts(const struct file *f, const json_t *list, struct level *l)
{
	l->n_start = json_array_size(list);
	l->start = NEW_N(f->c->a, struct level_start, l->n_start + 1);
	for (size_t i = 0; i < l->n_start; i++) {
		const json_t *j = json_array_get(list, i);

		l->start[i] = (struct level_start){ word(f, j, "missed", sla_kinds, -1), word(f, j, "starts", sla_kinds, -1) };
	}
}

static enum err seed_level(struct ctx *c, const struct embedded *e, bool bind_default)
{
	json_t *j = json_loadb((const char *)e->bytes, e->n, JSON_REJECT_DUPLICATES, NULL);
	struct file f = { c, e->name };
	struct level l = { .code = text(&f, j, "code"), .name = text(&f, j, "name"), .name_en = text(&f, j, "name_en"), .calendar = text(&f, j, "calendar"),
		.note = text(&f, j, "note"), .active = true }, known;
	struct level_binding binding = { .basis = BASIS_DEFAULT };
	int64_t id;
	enum err err = level_get(c, l.code, &known);

	read_targets(&f, json_object_get(j, "targets"), &l);
	read_pauses(&f, json_object_get(j, "pauses"), &l);
	read_escalations(&f, json_object_get(j, "escalations"), &l);
	read_starts(&f, json_object_get(j, "starts"), &l);
	if (json_is_true(json_object_get(j, "default")) && bind_default) {
		l.binding = &binding;
		l.n_binding = 1;
	}
	json_decref(j);
	if (err != ERR_NOT_FOUND)
		return err;
	c->diag = (struct diag){ 0 };
	return level_add(c, &l, &id);
}

/* ---- all of it ---- */

static enum err seed_reasons(struct ctx *c)
{
	struct pause_reason *known;
	size_t n;

	TRY(pause_reason_list(c, &known, &n));
	for (size_t i = 0; i < LEN(reasons); i++) {
		size_t k = 0;

		while (k < n && !str_eq(known[k].code, reasons[i].code))
			k++;
		if (k == n)
			TRY(pause_reason_put(c, &reasons[i]));
	}
	return ERR_OK;
}

enum err sla_seed(struct ctx *c)
{
	struct matrix_cell *cell;
	size_t n;
	struct level_choice chosen;

	assert(db_writing(c->db));
	TRY(seed_reasons(c));
	TRY(sla_matrix(c, &cell, &n));
	for (size_t i = 0; !n && i < LEN(matrix); i++)
		TRY(sla_matrix_set(c, &matrix[i]));
	TRY(level_choose(c, &(struct sla_facts){ .contract_id = NIL, .customer_id = NIL, .product_id = NIL, .station_id = NIL }, &chosen));
	for (const struct embedded *e = embedded_data; e->name; e++)
		if (str_starts(str_c(e->name), S("levels/")))
			TRY(seed_level(c, e, chosen.level_id == NIL));
	return ERR_OK;
}
