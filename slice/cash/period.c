/* period.c — closed periods: their totals are kept, nothing is posted into them, and verify compares them with the ledger [F2]. */
#include "base/i18n.h"
#include "slice/account/perm.h"
#include "slice/audit/audit.h"
#include "slice/cash/cash_int.h"

enum { PERIODS_MAX = 60, TOTALS_MAX = 500 };
#define P_(m) FIELD(struct cash_period, m)
const struct field cash_period_fields[] = { P_(id), { .name = "until_on", .off = offsetof(struct cash_period, until), .kind = K_DAY, .size = sizeof(day) }, P_(at), P_(by_name), P_(opened_by),
	P_(opened_why), P_(opened_at), { 0 } };

enum err cash_closed_until(struct ctx *c, day *ret)
{
	int64_t d;

	TRY(db_int(c, &q_period_until, BIND(), &d));
	*ret = (day){ d };
	return ERR_OK;
}

enum err cash_periods(struct ctx *c, struct cash_period **ret, size_t *ret_n)
{
	return db_rows(c, &q_periods, BIND(P(limit, PERIODS_MAX)), cash_period_fields, sizeof **ret, PERIODS_MAX, ret, ret_n);
}

static enum err check_close(struct ctx *c, day until)
{
	day last;

	if (!may(c, PERM_MONEY_FINANCE))
		return fail(c, ERR_FORBIDDEN, NULL);
	if (until.d == NIL || until.d >= money_today(c).d)
		return fail_field(c, "until", N_("Only days that are over can be closed."));
	TRY(cash_closed_until(c, &last));
	if (last.d != NIL && until.d <= last.d)
		return fail_field(c, "until", N_("The books are closed up to {1}."), last);
	return ERR_OK;
}

enum err cash_period_close(struct ctx *c, day until, struct cash_period *ret)
{
	int64_t id;

	assert(db_writing(c->db));
	TRY(check_close(c, until));
	TRY(db_insert(c, &q_period_insert, BIND(P(until_on, until), P(now, c->now), P(by_name, c->who->name)), &id));
	TRY(db_exec(c, &q_period_totals_keep, BIND(P(period_id, id), P(until_on, until)), -1));
	TRY(audit_add(c, "cash_period", id, "closed", BIND(P(until, until))));
	return db_row(c, &q_periods, BIND(P(id, id), P(limit, 1)), cash_period_fields, ret);
}

enum err cash_period_reopen(struct ctx *c, int64_t id, str reason)
{
	struct cash_period there;
	int64_t last;

	assert(db_writing(c->db));
	if (!may(c, PERM_SETTINGS))
		return fail(c, ERR_FORBIDDEN, N_("Closed books are opened again by an administrator."));
	if (!str_trim(reason).n)
		return fail_field(c, "reason", N_("Please give the reason."));
	TRY(db_int(c, &q_period_last, BIND(), &last));
	TRY(db_row(c, &q_periods, BIND(P(id, id), P(limit, 1)), cash_period_fields, &there));
	if (last != id)
		return fail(c, ERR_CONFLICT, N_("Only the last period can be opened again."));
	TRY(db_exec(c, &q_period_reopen, BIND(P(id, id), P(opened_by, c->who->name), P(opened_why, reason), P(now, c->now)), 1));
	return audit_add(c, "cash_period", id, "reopened", BIND(P(reason, reason)));
}

struct off { str kind, currency; day until; int64_t kept, now; };
static const struct field off_fields[] = { FIELD(struct off, kind), FIELD(struct off, currency), FIELD(struct off, until), FIELD(struct off, kept), FIELD(struct off, now), { 0 } };

enum err cash_period_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg)
{
	struct off *w;
	size_t n;

	TRY(db_rows(c, &q_period_totals_off, BIND(P(limit, TOTALS_MAX)), off_fields, sizeof *w, TOTALS_MAX, &w, &n));
	for (size_t i = 0; i < n; i++)
		found(arg, arena_fmt(c->a, "the period closed up to day %lld kept %lld for %.*s in %.*s, the ledger says %lld", (long long)w[i].until.d, (long long)w[i].kept, STR_ARG(w[i].kind),
			STR_ARG(w[i].currency), (long long)w[i].now));
	return ERR_OK;
}
