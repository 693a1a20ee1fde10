/* parts_web.c — the doors of parts and stock. */
#include "http/http.h"
#include "slice/parts/parts_int.h"

static const struct db_schema parts_schema = { "parts", parts_migrations, parts_statements };
const struct slice slice_parts = { .name = "parts", .schema = &parts_schema };
