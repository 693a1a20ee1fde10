/* unit.c — runs the test groups of all rooms, in an order shuffled by a printed seed (UNIT_SEED repeats one; arguments name groups). */
#include "base/base.h"
#include "base/time.h"
#include "unit_list.h"

#define X(n) int n##_test(void);
UNIT_LIST
#undef X
static const struct { const char *name; int (*run)(void); } group[] = {
#define X(n) { #n, n##_test },
	UNIT_LIST
#undef X
};

static bool wanted(const char *name, int argc, char **argv)
{
	if (argc < 2)
		return true;
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const char *given = getenv("UNIT_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)clock_now().ms;
	size_t order[LEN(group)];
	int failed = 0;

	printf("UNIT_SEED=%u\n", seed);
	for (size_t i = 0; i < LEN(group); i++)
		order[i] = i;
	srand(seed);
	for (size_t i = LEN(group) - 1; i > 0; i--) {
		size_t k = (size_t)rand() % (i + 1), t = order[i];
		order[i] = order[k];
		order[k] = t;
	}
	for (size_t i = 0; i < LEN(group); i++)
		if (wanted(group[order[i]].name, argc, argv))
			failed += group[order[i]].run() != 0;
	return failed != 0;
}
