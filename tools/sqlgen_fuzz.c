/* Whatever the file holds, the compiler neither crashes nor leaks. */
#include "tools/sqlgen.c"
#include "tools/sqlgen_out.c"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t n)
{
	static FILE *null;

	if (!null)
		null = fopen("/dev/null", "w");
	if (null)
		sqlgen("fuzz.sql", (const char *)data, n, "fuzz.sql.h", null, null, null);
	return 0;
}
