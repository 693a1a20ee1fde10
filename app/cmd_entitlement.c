/* cmd_entitlement.c — `baoxiu entitlement test FILE`: runs verdict vectors, prints every difference. */
#include "app/cmd_entitlement.h"
#include "app/cmd.h"
#include "slice/entitlement/vector.h"

enum { FILE_MAX_BYTES = 64 << 20, ARENA_MAX = 1 << 30 };

static bool read_file(const char *path, struct buf *b)
{
	FILE *f = fopen(path, "rb");
	char piece[65536];
	size_t n;
	bool ok;

	if (!f)
		return false;
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_put(b, piece, n);
	ok = !ferror(f) && !b->overflow;
	fclose(f);
	return ok;
}

static int refuse(FILE *err, struct arena *a, const struct flaw *f)
{
	str line = flaw_line(a, f);

	fprintf(err, "baoxiu: entitlement test: %.*s\n", STR_ARG(line));
	return EXIT_USAGE;
}

static int run(FILE *out, FILE *err, const char *file, struct arena *a, const struct policy_set *set, const struct vector_file *f)
{
	size_t wrong = 0;

	for (size_t i = 0; i < f->n_bad; i++)
		(void)refuse(err, a, &f->bad[i]);
	for (size_t i = 0; i < f->n; i++) {
		struct verdict v;
		size_t n;
		str *line;

		verdict_of(set, &f->v[i].facts, &workdays_cn, &v);
		vector_compare(a, &f->v[i], &v, &line, &n);
		for (size_t k = 0; k < n; k++)
			fprintf(out, "%.*s: %.*s\n", STR_ARG(f->v[i].id), STR_ARG(line[k]));
		wrong += n > 0;
	}
	if (wrong)
		fprintf(out, "%s: %zu of %zu vectors differ\n", file, wrong, f->n);
	else
		fprintf(out, "%s: %zu vectors as expected\n", file, f->n);
	if (f->n_bad)
		fprintf(err, "baoxiu: entitlement test: %s: %zu vectors cannot be read\n", file, f->n_bad);
	return f->n_bad ? EXIT_USAGE : wrong ? EXIT_DIFFERENT : EXIT_DONE;
}

int entitlement_run_file(const char *file, FILE *out, FILE *err)
{
	struct arena a;
	struct buf text;
	struct policy_set set;
	struct vector_file f;
	struct flaw flaw = { 0 };
	int rc = EXIT_USAGE;

	arena_init(&a, ARENA_MAX);
	buf_init(&text, FILE_MAX_BYTES);
	if (!read_file(file, &text))
		fprintf(err, "baoxiu: entitlement test: %s: cannot be read, or is larger than %d bytes\n", file, FILE_MAX_BYTES);
	else if (!policy_shipped(&a, &set, &flaw) || !vectors_read(&a, str_c(file), (str){ text.p, text.n }, &f, &flaw))
		rc = refuse(err, &a, &flaw);
	else
		rc = run(out, err, file, &a, &set, &f);
	buf_free(&text);
	arena_free(&a);
	return rc;
}

int cmd_entitlement(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "test"))
		return entitlement_run_file(argv[2], stdout, stderr);
	return usage_error("entitlement", "say what: test FILE");
}
