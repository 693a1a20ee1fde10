/* money_web.c — the doors of money: settings, and the schema of the room. */
#include "money.sql.h"
#include "http/http.h"
#include "slice/account/perm.h"
#include "slice/money/money.h"

static const struct setting settings[] = {
	{ "series.waiver", IN_TEXT, "HX{date}{4}", N_("Number pattern of discounts, compensations and write-offs") },
	{ "money.quote_required", IN_BOOL, "1", N_("A fee is only taken when the customer approved a quote") },
	{ "money.quote_days", IN_INT, "30", N_("Days for which a quote is valid") },
	{ "money.quote_binding_days", IN_INT, "30", N_("Days for which a quote binds us at least, as the law says") },
	{ "money.diagnosis_waived", IN_BOOL, "1", N_("The diagnosis is free when the customer accepts the quote") },
	{ "money.receipt_no_required", IN_BOOL, "1", N_("A receipt needs an invoice or receipt number before it is countersigned") },
	{ "money.cash_round", IN_INT, "1", N_("Cash fees are rounded down to this many minor units (10 = one jiao)") },
	{ "money.limit.station", IN_TEXT, "200.00", N_("What a station head may grant alone") },
	{ "money.limit.region", IN_TEXT, "2000.00", N_("What a regional manager may grant alone") },
	{ "money.limit.finance", IN_TEXT, "5000.00", N_("What finance may grant alone") },
	{ "money.limit.manager", IN_TEXT, "1000000.00", N_("What the general manager (an administrator) may grant") },
	{ "money.large", IN_TEXT, "500.00", N_("Above this a compensation needs a technical verdict and an agreement with the customer") },
};
static const struct db_schema schema = { "money", money_migrations, money_statements };
const struct slice slice_money = { .name = "money", .schema = &schema, .settings = settings, .n_settings = LEN(settings) };
