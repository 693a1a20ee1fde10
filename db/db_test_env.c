/* Emptying what the tests wrote. */
#include "tests/unit.h"
#include "db/db_test.h"
#include <dirent.h>
#include <libpq-fe.h>
#include <unistd.h>

void db_test_remove(const char *dir)
{
	DIR *d = opendir(dir);
	const struct dirent *e;

	CHECK(d);
	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			CHECK(!unlinkat(dirfd(d), e->d_name, 0));
	closedir(d);
	CHECK(!rmdir(dir));
}

void db_test_wipe(const char *url)
{
	PGconn *h = PQconnectdb(url);
	PGresult *r = PQexec(h, "SET client_min_messages = error; DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public");

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		print_error("%s", PQerrorMessage(h));
	CHECK(PQresultStatus(r) == PGRES_COMMAND_OK);
	PQclear(r);
	PQfinish(h);
}
