/* receivable.c — what customers owe, by how long it should have been paid, confirmed by finance when it is to be paid later; and closing the books [F2, F5]. */
#include "base/i18n.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/money/money_int.h"

const char *const receivable_ages[] = { "not_due", "d30", "d60", "d90", "older", NULL };
const char *const receivable_age_titles[] = { N_("Not due yet"), N_("1 to 30 days late"), N_("31 to 60 days late"), N_("61 to 90 days late"), N_("More than 90 days late"), NULL };
/* Days overdue: from, to. */
static const struct { int64_t from, to; } ages[AGE_N] = { { -1000000, 0 }, { 1, 30 }, { 31, 60 }, { 61, 90 }, { 91, 1000000 } };

const struct field receivable_fields[] = {
	FIELD(struct receivable, id), FIELD(struct receivable, order_no), FIELD(struct receivable, customer), FIELD(struct receivable, station), FIELD(struct receivable, amount),
	FIELD(struct receivable, due_on), FIELD(struct receivable, age_days), FIELD(struct receivable, agreed), FIELD(struct receivable, agreed_by), FIELD(struct receivable, agreed_why), { 0 }
};
const struct field receivable_sum_fields[] = {
	FIELD(struct receivable_sum, n), FIELD(struct receivable_sum, not_due), FIELD(struct receivable_sum, d30), FIELD(struct receivable_sum, d60), FIELD(struct receivable_sum, d90),
	FIELD(struct receivable_sum, older), FIELD(struct receivable_sum, total), { 0 }
};

enum err receivables(struct ctx *c, int age, int64_t after, size_t limit, struct receivable **ret, size_t *ret_n)
{
	struct in_sight s;
	int64_t after_due = NIL, today = money_today(c).d;

	TRY(money_scope(c, &s));
	if (after != NIL)
		TRY(db_int(c, &q_receivable_due, BIND(P(id, after)), &after_due));
	return db_rows(c, &q_receivables, BIND(P(today, today), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(due_lo, age < 0 ? NIL : today - ages[age].to),
		P(due_hi, age < 0 ? NIL : today - ages[age].from), P(after, after), P(after_due, after_due), P(limit, (int64_t)limit)), receivable_fields, sizeof **ret, limit, ret, ret_n);
}

enum err receivable_sums(struct ctx *c, struct receivable_sum **ret, size_t *ret_n)
{
	struct in_sight s;

	TRY(money_scope(c, &s));
	return db_rows(c, &q_receivable_sums, BIND(P(today, money_today(c).d), P(org_lo, s.org_lo), P(org_hi, s.org_hi), P(limit, CURRENCIES_MAX)), receivable_sum_fields,
		sizeof **ret, CURRENCIES_MAX, ret, ret_n);
}

enum err fee_on_account(struct ctx *c, const struct order *o, day due_on, str reason)
{
	assert(db_writing(c->db));
	if (!may(c, PERM_MONEY_FINANCE))
		return fail(c, ERR_FORBIDDEN, N_("Payment on account is granted by finance."));
	if (due_on.d == NIL || due_on.d < money_today(c).d)
		return fail_field(c, "due_on", N_("Until which day may the customer pay?"));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(fee_bill(c, o));
	TRY(db_exec(c, &q_on_account_put, BIND(P(order_id, o->id), P(due_on, due_on), P(reason, reason), P(by_name, c->who->name), P(now, c->now)), 1));
	TRY(cash_customer_due(c, o->id, due_on));
	return audit_add(c, "order", o->id, "on_account", BIND(P(until, due_on), P(reason, reason)));
}

/* ---- closing a period: nothing of it may still be open ---- */

enum err money_period_waits(struct ctx *c, day until, struct period_waits *ret)
{
	TRY(db_int(c, &q_period_open_receipts, BIND(P(until, until)), &ret->receipts));
	return db_int(c, &q_period_open_handins, BIND(P(until_at, money_day_end(c, until))), &ret->handins);
}

enum err money_period_close(struct ctx *c, day until, struct cash_period *ret)
{
	struct period_waits open;

	assert(db_writing(c->db));
	if (until.d != NIL) {
		TRY(money_period_waits(c, until, &open));
		if (open.receipts && may(c, PERM_MONEY_FINANCE))
			return fail(c, ERR_CONFLICT, N_("{1} receipts up to that day are not countersigned yet."), open.receipts);
		if (open.handins && may(c, PERM_MONEY_FINANCE))
			return fail(c, ERR_CONFLICT, N_("{1} hand-ins up to that day are not counted yet."), open.handins);
	}
	return cash_period_close(c, until, ret);
}
