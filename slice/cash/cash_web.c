/* cash_web.c — the room's setting and schema; its books are shown by the till and by finance. */
#include "cash.sql.h"
#include "http/http.h"

static const struct setting settings[] = {
	{ "money.currency", IN_TEXT, "CNY", N_("Currency of the house: of fees where no price list says another") },
};
static const struct db_schema schema = { "cash", cash_migrations, cash_statements };
const struct slice slice_cash = { .name = "cash", .schema = &schema, .settings = settings, .n_settings = LEN(settings) };
