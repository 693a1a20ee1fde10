/* cmd_verify.c — `baoxiu verify`. */
#include "app/cmd.h"
#include "app/verify.h"
#include <unistd.h>

struct teller { bool tty; const char *what; };

static void found(void *arg, str what)
{
	const struct teller *t = arg;

	if (t->tty)
		fputs("\r\033[K", stderr);
	fprintf(stderr, "baoxiu: verify: %.*s\n", STR_ARG(what));
}

static void begins(void *arg, const char *what)
{
	struct teller *t = arg;

	t->what = what;
	if (t->tty)
		fprintf(stderr, "\r\033[K%s …", what);
}

static void progress(void *arg, int64_t done, int64_t total)
{
	const struct teller *t = arg;

	if (t->tty && total > 0)
		fprintf(stderr, "\r\033[K%s: %lld %%", t->what, (long long)(done * 100 / total));
}

int cmd_verify(int argc, char **argv)
{
	const char *db = NULL, *data = NULL;
	const struct option_row rows[] = { { "--db", &db, NULL }, { "--data", &data, NULL } };
	struct teller t = { .tty = isatty(2) };
	struct verify v = { .found = found, .begins = begins, .progress = progress, .arg = &t };
	struct house h;
	enum err e;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc > 1)
		return usage_error(argv[1], "verify takes only options");
	if (!house_open(&h, db, data))
		return EXIT_DIFFERENT;
	e = house_verify(&h, &v);
	if (t.tty)
		fputs("\r\033[K", stderr);
	if (e)
		house_complain(&h, "verify");
	else if (v.differences)
		fprintf(stderr, "baoxiu: verify: %lld differences; restore a backup, or ask who had access to the database\n", (long long)v.differences);
	else
		printf("verify: %lld orders, %lld events, %lld files: all agree; audit anchor %.*s\n", (long long)v.orders, (long long)v.events, (long long)v.files, STR_ARG(v.tip));
	house_close(&h);
	return e || v.differences ? EXIT_DIFFERENT : EXIT_DONE;
}
