#include "app/cmd.h"
#include "app/doc.h"
#include "app/house.h"
#include "base/time.h"
#include "slice/account/account.h"

static void doc_api(FILE *f, const struct ctx *c)
{
	struct ctx own = *c;
	struct out o;

	buf_init(&o.b, 16 << 20);
	http_openapi(&o, &own, &house_app);
	if (o.b.overflow)
		BUG("the interface's description is larger than 16 MB");
	fwrite(o.b.p, 1, o.b.n, f);
	fputc('\n', f);
	buf_free(&o.b);
}

static const struct { const char *name; void (*print)(FILE *f, const struct ctx *c); } page[] = {
	{ "states", doc_states }, { "permissions", doc_permissions }, { "settings", doc_settings }, { "api", doc_api },
};

int cmd_doc(int argc, char **argv)
{
	const char *lang = getenv("LANG");
	struct actor who = actor_system;
	struct arena a;
	struct ctx c = { .a = &a, .who = &who, .now = clock_now() };

	who.lang = lang && !strncmp(lang, "zh", 2) ? "zh" : "en";
	for (size_t i = 0; i < LEN(page) && argc == 2; i++) {
		if (strcmp(argv[1], page[i].name))
			continue;
		arena_init(&a, 16 << 20);
		page[i].print(stdout, &c);
		arena_free(&a);
		return fflush(stdout) || ferror(stdout) ? EXIT_DIFFERENT : EXIT_DONE;
	}
	return usage_error("doc", "say what: states, permissions, settings or api");
}
