#include "bench/bench.h"

int main(int argc, char **argv)
{
	static const struct { const char *name; int (*run)(int argc, char **argv); } tool[] = {
		{ "fill", bench_fill }, { "load", bench_load }, { "page", bench_page }, { "insert", bench_insert }, { "clock", bench_clock }, { "stock", bench_stock },
		{ "verdict", bench_verdict },
	};

	for (size_t i = 0; argc > 1 && i < LEN(tool); i++)
		if (!strcmp(argv[1], tool[i].name))
			return tool[i].run(argc - 1, argv + 1);
	fputs("bench: fill | load | page | insert | clock | stock | verdict; started by bench/run\n", stderr);
	return 2;
}
