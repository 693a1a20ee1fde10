/* db_pg.c — the PostgreSQL engine. */
#include "db/db_int.h"

enum err pg_open(const char *url, struct arena *a, struct db **ret, str *ret_why)
{
	(void)url; (void)a; (void)ret;
	*ret_why = S("PostgreSQL is not supported by this build");
	return ERR_DB;
}
