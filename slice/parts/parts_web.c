/* parts_web.c — the doors of parts and stock. */
#include "http/http.h"
#include "slice/parts/parts_int.h"

static const struct setting parts_settings[] = {
	{ "series.old_part", IN_TEXT, "JJ{date}{4}", N_("Number pattern of old parts' labels") },
	{ "parts.free_limit", IN_MONEY, "300", N_("Requests for parts worth up to this need no approval") },
	{ "parts.station_limit", IN_MONEY, "5000", N_("Requests for parts worth more than this are approved above the station") },
	{ "parts.reserve_days", IN_INT, "7", N_("Days approved parts are kept for a request") },
	{ "parts.old_days", IN_INT, "7", N_("Days in which an old part must come back") },
};
static const struct db_schema parts_schema = { "parts", parts_migrations, parts_statements };
const struct slice slice_parts = { .name = "parts", .schema = &parts_schema, .settings = parts_settings, .n_settings = LEN(parts_settings) };
