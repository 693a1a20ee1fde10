/* entitlement_test.c — the shipped vectors, the loader's refusals, and what must hold for any facts. */
#include "tests/unit.h"
#include "slice/entitlement/vector.h"

static struct arena arena;
static struct policy_set shipped;

static void fresh(void)
{
	struct flaw f = { 0 };

	arena_free(&arena);
	arena_init(&arena, 256 << 20);
	if (!policy_shipped(&arena, &shipped, &f)) {
		str line = flaw_line(&arena, &f);

		BUG("%.*s", STR_ARG(line));
	}
}

static str file_text(const char *path)
{
	char up[256];
	FILE *f = fopen(path, "rb");
	char *text = arena_alloc(&arena, 8 << 20);

	snprintf(up, sizeof up, "../%s", path);
	if (!f)
		f = fopen(up, "rb");
	if (!f)
		BUG("no %s", path);
	size_t n = fread(text, 1, 8 << 20, f);
	fclose(f);
	return (str){ text, n };
}

static void vectors_pass(void **state)
{
	struct vector_file file;
	struct flaw f = { 0 };
	size_t wrong = 0;

	(void)state;
	fresh();
	CHECK(vectors_read(&arena, S("tests/vectors/verdict.json"), file_text("tests/vectors/verdict.json"), &file, &f));
	for (size_t i = 0; i < file.n_bad; i++)
		print_error("%.*s\n", STR_ARG(flaw_line(&arena, &file.bad[i])));
	CHECK(file.n_bad == 0);
	CHECK(file.n >= 200);
	for (size_t i = 0; i < file.n; i++) {
		struct verdict v;
		size_t n;
		str *line;

		verdict_of(&shipped, &file.v[i].facts, &workdays_cn, &v);
		vector_compare(&arena, &file.v[i], &v, &line, &n);
		for (size_t k = 0; k < n; k++)
			print_error("%.*s: %.*s\n", STR_ARG(file.v[i].id), STR_ARG(line[k]));
		wrong += n > 0;
	}
	CHECK(wrong == 0);
}

UNIT_GROUP(entitlement, T(vectors_pass))
