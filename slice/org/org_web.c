#include "slice/org/org_int.h"
#include "http/http.h"
#include "org.sql.h"

static const struct db_schema schema = { "org", org_migrations, org_statements };

const struct slice slice_org = { .name = "org", .schema = &schema };
