#include "http/http.h"
#include "base/i18n.h"
#include "calendar.sql.h"
#include "slice/calendar/calendar_int.h"

static const struct db_schema schema = { "calendar", calendar_migrations, calendar_statements };

const struct calendar_watch *calendar_watcher;

void calendar_use(const struct calendar_watch *w) { calendar_watcher = w; }

static const struct setting settings[] = {
	{ "calendar.default", IN_TEXT, "statutory", N_("Calendar where nothing else is said") },
};

const struct slice slice_calendar = { .name = "calendar", .schema = &schema, .settings = settings, .n_settings = LEN(settings) };
