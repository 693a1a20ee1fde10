#include "http/http.h"
#include "base/i18n.h"
#include "calendar.sql.h"
#include "slice/calendar/calendar_int.h"

static const struct db_schema schema = { "calendar", calendar_migrations, calendar_statements };

static const struct setting settings[] = {
	{ "calendar.default", IN_TEXT, "statutory", N_("Calendar where nothing else is said") },
};

const struct slice slice_calendar = { .name = "calendar", .schema = &schema, .settings = settings, .n_settings = LEN(settings) };
