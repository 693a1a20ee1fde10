#include "slice/account/account_int.h"
#include "http/http.h"
#include "account.sql.h"

static const struct db_schema schema = { "account", account_migrations, account_statements };

static const struct setting settings[] = {
	{ "name", IN_TEXT, "报修·保修", N_("Name of the service as customers see it") },
	{ "lang", IN_TEXT, "zh", N_("Language for visitors: zh or en") },
	{ "zone", IN_TEXT, "Asia/Shanghai", N_("Time zone for numbers, papers and people without one of their own") },
	{ "password.min", IN_INT, "10", N_("Characters a password needs at least") },
	{ "password.first_change", IN_BOOL, "1", N_("New people change their password at the first sign-in") },
	{ "session.idle_hours", IN_INT, "12", N_("Hours without use after which a session ends") },
	{ "session.max_days", IN_INT, "30", N_("Days after which a session ends in any case") },
	{ "series.order", IN_TEXT, "BX{date}{4}", N_("Number pattern of work orders") },
	{ "series.customer", IN_TEXT, "KH{date}{4}", N_("Number pattern of customers") },
	{ "series.contract", IN_TEXT, "HT{year}{5}", N_("Number pattern of contracts") },
	{ "series.requisition", IN_TEXT, "SL{date}{4}", N_("Number pattern of requisitions") },
	{ "series.return", IN_TEXT, "FH{date}{4}", N_("Number pattern of old part returns") },
	{ "series.writeoff", IN_TEXT, "XZ{date}{4}", N_("Number pattern of write-offs") },
	{ "series.transfer", IN_TEXT, "DB{date}{4}", N_("Number pattern of stock transfers") },
	{ "series.stocktake", IN_TEXT, "PD{date}{4}", N_("Number pattern of stock counts") },
	{ "series.purchase", IN_TEXT, "CG{date}{4}", N_("Number pattern of purchase orders") },
	{ "series.loan", IN_TEXT, "JY{date}{4}", N_("Number pattern of loaner slips") },
	{ "series.quote", IN_TEXT, "BJ{date}{4}", N_("Number pattern of quotes") },
	{ "series.receipt", IN_TEXT, "SJ{date}{4}", N_("Number pattern of receipts") },
	{ "series.handin", IN_TEXT, "JK{date}{4}", N_("Number pattern of cash hand-ins") },
	{ "series.settlement", IN_TEXT, "JS{date}{4}", N_("Number pattern of station settlements") },
	{ "series.complaint", IN_TEXT, "TS{date}{4}", N_("Number pattern of complaints") },
	{ "series.rma", IN_TEXT, "FX{date}{4}", N_("Number pattern of depot batches") },
	{ "series.recall", IN_TEXT, "ZH{year}{3}", N_("Number pattern of recalls") },
};

static enum err outbox_job(struct ctx *c)
{
	int done;

	return outbox_run(c, 50, &done);
}

static const struct job jobs[] = {
	{ "account.sweep", 60 * 1000, session_sweep, N_("Notes the last use of sessions and removes what has expired") },
	{ "account.outbox", 5 * 1000, outbox_job, N_("Sends what waits in the outbox") },
};

const struct slice slice_account = { .name = "account", .schema = &schema, .settings = settings, .n_settings = LEN(settings), .jobs = jobs, .n_jobs = LEN(jobs) };
