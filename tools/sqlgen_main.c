/* sqlgen IN.sql OUT.c OUT.h */
#include "tools/sqlgen.h"
#include <stdlib.h>

static char *slurp(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *p = NULL;
	size_t n = 0, got = 0;

	if (!f) {
		perror(path);
		return NULL;
	}
	do {
		n += got;
		p = realloc(p, n + 65536);
		if (!p)
			abort();
		got = fread(p + n, 1, 65536, f);
	} while (got);
	fclose(f);
	*ret_n = n;
	return p;
}

int main(int argc, char **argv)
{
	FILE *c, *h;
	size_t n;
	char *text;
	bool ok;

	if (argc != 4) {
		fputs("usage: sqlgen IN.sql OUT.c OUT.h\n", stderr);
		return 2;
	}
	text = slurp(argv[1], &n);
	if (!text)
		return 1;
	c = fopen(argv[2], "w");
	h = fopen(argv[3], "w");
	ok = c && h && sqlgen(argv[1], text, n, argv[3], c, h, stderr);
	if (!c || !h)
		perror(c ? argv[3] : argv[2]);
	ok = c && !fclose(c) && ok;
	ok = h && !fclose(h) && ok;
	free(text);
	if (!ok) {
		remove(argv[2]);
		remove(argv[3]);
	}
	return !ok;
}
