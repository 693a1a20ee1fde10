/* fee_parts.c — a part used becomes a fee line: at list price or cost and margin, free when the verdict covers it; a use taken back takes the line with it [F1, S2, W2]. */
#include "slice/account/account.h"
#include "slice/money/money_int.h"
#include "slice/parts/requisition.h"

static enum err link_use(struct ctx *c, int64_t use_id, int64_t line_id, int64_t qty, bool made)
{
	return db_exec(c, &q_fee_use_insert, BIND(P(use_id, use_id), P(line_id, line_id), P(qty, qty), P(made, made)), 1);
}

/* What was quoted before the repair is not charged again when the part goes in. */
static enum err used(struct ctx *c, const struct order *o, const struct spare *p, const struct part_use *u)
{
	int64_t line;
	bool quoted;

	if (!setting_bool(c, "money.parts_become_lines"))
		return ERR_OK;
	TRY(money_if_found(c, db_int(c, &q_fee_line_quoted, BIND(P(order_id, o->id), P(code, p->no), P(qty, u->qty)), &line), &quoted));
	if (!quoted)
		TRY(fee_of_part(c, o, p, u->qty, &line));
	return link_use(c, u->id, line, u->qty, !quoted);
}

struct linked { int64_t line_id, ver; bool made; };
static const struct field linked_fields[] = { FIELD(struct linked, line_id), FIELD(struct linked, ver), FIELD(struct linked, made), { 0 } };

static enum err taken_back(struct ctx *c, const struct order *o, const struct part_use *u)
{
	struct linked l;
	bool found;

	TRY(money_if_found(c, db_row(c, &q_fee_use, BIND(P(use_id, u->id)), linked_fields, &l), &found));
	if (!found)
		return ERR_OK;
	TRY(db_exec(c, &q_fee_use_drop, BIND(P(use_id, u->id)), 1));
	return l.made ? fee_strike(c, o, l.line_id, l.ver, _("The part was not used after all.")) : ERR_OK;
}

static enum err on_part(struct ctx *c, const struct order *o, const struct spare *p, const struct part_use *u, bool back)
{
	return back ? taken_back(c, o, u) : used(c, o, p, u);
}
const struct part_hook money_part_hook = { "money", on_part };
