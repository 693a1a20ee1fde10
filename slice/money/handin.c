/* handin.c — cash goes up: from the engineer to the station, from the station to the bank, counted by who receives it [F2, S11]. */
#include "base/i18n.h"
#include "slice/account/account.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/money/money_int.h"
#include "slice/org/org.h"

#define H(m) FIELD(struct handin, m)
static const char *const handin_states[] = { "submitted", "counted", "confirmed", "withdrawn", NULL };
static const struct field row_fields[] = {
	H(id), H(ver), H(holder_id), H(org_id), H(by_id), H(counted_id), H(no), H(holder), H(org_path), H(station), H(reference), H(reason), H(by_name), H(counted_by), H(confirmed_by),
	FIELD_ENUM(struct handin, level, handin_levels), FIELD_ENUM(struct handin, state, handin_states), H(declared), H(counted), H(at), H(counted_at), H(confirmed_at), { 0 }
};
const struct field handin_fields[] = {
	H(no), H(ver), FIELD_ENUM(struct handin, level, handin_levels), FIELD_ENUM(struct handin, state, handin_states), H(holder), H(station), H(declared), H(counted), H(reference), H(reason),
	H(by_name), H(at), H(counted_by), H(counted_at), H(confirmed_by), H(confirmed_at), { 0 }
};

/* ---- reading ---- */

enum err handin_get(struct ctx *c, str no, struct handin *ret)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_row(c, &q_handins, BIND(P(no, no), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(limit, 1)), row_fields, ret);
}

enum err handin_list(struct ctx *c, const struct money_filter *f, struct handin **ret, size_t *ret_n)
{
	struct in_sight s;
	str state = f->state < 0 ? (str){ 0 } : str_c(handin_states[f->state]);

	TRY(money_scope(c, &s));
	return db_rows(c, &q_handins, BIND(P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(own, s.own), P(state, state), P(before, f->before), P(limit, (int64_t)f->limit)),
		row_fields, sizeof **ret, f->limit, ret, ret_n);
}

/* ---- handing in ---- */

static enum err station_of(struct ctx *c, str code, struct org *ret)
{
	bool found = true;

	if (code.n)
		TRY(money_if_found(c, org_by_code(c, code, ret), &found));
	else if (c->who->org_id != NIL)
		TRY(org_get(c, c->who->org_id, ret));
	else
		found = false;
	if (!found)
		return fail_field(c, "station", N_("Which station?"));
	if (c->who->sight == SIGHT_ORG && !str_starts(ret->path, c->who->org_path))
		return fail(c, ERR_NOT_FOUND, NULL);
	return ERR_OK;
}

/* Whose cash it is and who receives it. */
static enum err holder_for(struct ctx *c, int level, str station, const char cur[4], struct handin *h)
{
	struct org at;

	TRY(station_of(c, station, &at));
	h->level = level;
	h->org_id = at.id;
	h->org_path = at.path;
	h->holder_id = level == LEVEL_ENGINEER ? c->who->id : at.id;
	h->holder = level == LEVEL_ENGINEER ? c->who->name : org_title(c, &at);
	return cash_balance(c, level == LEVEL_ENGINEER ? CASH_ENGINEER : CASH_STATION, h->holder_id, cur, &h->declared);
}

static enum err may_submit(struct ctx *c, int level)
{
	if (level == LEVEL_ENGINEER ? may(c, PERM_MONEY_HANDIN) : may(c, PERM_MONEY_COUNTERSIGN))
		return ERR_OK;
	return fail(c, ERR_FORBIDDEN, NULL);
}

enum err handin_submit(struct ctx *c, const struct handin_new *n, struct handin *ret)
{
	struct handin h = { 0 };
	int level = n->level;
	char cur[4];
	bool open;
	int64_t id;

	assert(db_writing(c->db));
	TRY(may_submit(c, level));
	if (n->currency.n)
		money_cur(n->currency, cur);
	else
		money_house_cur(c, cur);
	TRY(holder_for(c, level, n->station, cur, &h));
	if (h.declared.minor <= 0)
		return fail_field(c, "level", N_("There is no cash to hand in."));
	TRY(money_if_found(c, db_int(c, &q_handin_open, BIND(P(level, handin_levels[level]), P(holder_id, h.holder_id), P(currency, (const char *)cur)), &id), &open));
	if (open)
		return fail(c, ERR_CONFLICT, N_("A hand-in still waits to be counted."));
	TRY(series_next(c, "handin", &h.no));
	TRY(db_insert(c, &q_handin_insert, BIND(P(no, h.no), P(level, handin_levels[level]), P(holder_id, h.holder_id), P(holder, h.holder), P(org_id, h.org_id), P(org_path, h.org_path),
		P(declared, h.declared), P(currency, (const char *)cur), P(reference, n->reference), P(by_id, c->who->id), P(by_name, c->who->name), P(now, c->now)), &id));
	TRY(db_exec(c, &q_receipts_into_handin, BIND(P(handin_id, id), P(holder_kind, cash_kinds[level == LEVEL_ENGINEER ? CASH_ENGINEER : CASH_STATION]), P(holder_id, h.holder_id), P(currency, (const char *)cur)), -1));
	TRY(audit_add(c, "handin", id, "submitted", BIND(P(no, h.no), P(declared, h.declared), P(holder, h.holder))));
	return db_row(c, &q_handins, BIND(P(no, h.no), P(limit, 1)), row_fields, ret);
}

/* ---- moves ---- */

static enum err counted(struct ctx *c, struct handin *h, const struct money_act *a)
{
	bool to_bank = h->level == LEVEL_STATION;
	struct cash_doc d = CASH_DOC("handin", NIL, h->no, h->declared);

	if (to_bank && !may(c, PERM_MONEY_FINANCE))
		return fail(c, ERR_FORBIDDEN, N_("What a station brings to the bank is counted by finance."));
	TRY(money_same(c, "counted", a->counted, h->declared.cur));
	if (a->counted.minor != h->declared.minor && !str_trim(a->reason).n)
		return fail_field(c, "reason", N_("{1} were declared. Please say why the count differs."), h->declared);
	h->counted = a->counted;
	h->reason = a->reason;
	h->counted_id = c->who->id;
	h->counted_by = c->who->name;
	h->counted_at = c->now;
	return cash_post(c, &d, (const struct cash_line[]){
		{ to_bank ? CASH_BANK : CASH_STATION, to_bank ? 0 : h->org_id, { 0 }, to_bank ? (str){ 0 } : h->org_path, h->counted.minor },
		{ CASH_DIFFERENCE, h->org_id, { 0 }, h->org_path, h->declared.minor - h->counted.minor },
		{ to_bank ? CASH_STATION : CASH_ENGINEER, h->holder_id, { 0 }, h->org_path, -h->declared.minor },
	}, 3);
}

static enum err confirmed(struct ctx *c, struct handin *h, const struct money_act *a)
{
	(void)a;
	h->confirmed_by = c->who->name;
	h->confirmed_at = c->now;
	return ERR_OK;
}

static enum err withdrawn(struct ctx *c, struct handin *h, const struct money_act *a)
{
	h->reason = a->reason;
	return db_exec(c, &q_receipts_out_of_handin, BIND(P(handin_id, h->id)), -1);
}

static enum err (*const effects[])(struct ctx *c, struct handin *h, const struct money_act *a) = {
	[HANDIN_EV_COUNT] = counted, [HANDIN_EV_CONFIRM] = confirmed, [HANDIN_EV_WITHDRAW] = withdrawn,
};

enum err handin_act(struct ctx *c, str no, const struct money_act *a, struct handin *ret)
{
	const struct money_move *m;
	struct handin h;

	TRY(handin_get(c, no, &h));
	TRY(money_move_check(c, &handin_table, h.state, a->ver, h.by_id, a, &m));
	TRY(effects[a->ev](c, &h, a));
	TRY(db_exec(c, &q_handin_set, BIND(P(id, h.id), P(ver, h.ver), P(state, handin_states[m->to]), P(counted, h.counted), P(reason, h.reason), P(counted_id, h.counted_id),
		P(counted_by, h.counted_by), P(counted_at, h.counted_at), P(confirmed_by, h.confirmed_by), P(confirmed_at, h.confirmed_at)), 1));
	TRY(audit_add(c, "handin", h.id, handin_table.events[a->ev], BIND(P(no, h.no), P(declared, h.declared), P(counted, h.counted), P(reason, a->reason))));
	return handin_get(c, no, ret);
}
