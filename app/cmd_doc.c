#include "app/cmd.h"
#include "app/house.h"
#include "base/time.h"
#include "slice/account/account.h"

static int doc_api(void)
{
	struct arena a;
	struct ctx c = { .a = &a, .who = &actor_system, .now = clock_now() };
	struct out o;
	bool ok;

	arena_init(&a, 16 << 20);
	buf_init(&o.b, 16 << 20);
	http_openapi(&o, &c, &house_app);
	ok = !o.b.overflow && fwrite(o.b.p, 1, o.b.n, stdout) == o.b.n && putchar('\n') != EOF;
	buf_free(&o.b);
	arena_free(&a);
	return ok ? EXIT_DONE : EXIT_DIFFERENT;
}

static const struct { const char *name; int (*print)(void); } page[] = { { "api", doc_api } };

int cmd_doc(int argc, char **argv)
{
	for (size_t i = 0; i < LEN(page) && argc == 2; i++)
		if (!strcmp(argv[1], page[i].name))
			return page[i].print();
	return usage_error("doc", "say what: api");
}
