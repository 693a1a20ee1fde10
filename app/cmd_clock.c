/* cmd_clock.c — `baoxiu clock test FILE` runs clock vectors; `clock explain ORDER` tells how deadlines came about. */
#include "app/clock_vectors.h"
#include "app/cmd.h"
#include "app/house.h"
#include "base/i18n.h"
#include "slice/order/order.h"
#include "slice/sla/sla.h"

static enum err explain(struct ctx *c, FILE *out, str no)
{
	struct sla_story *s;
	struct order o;
	size_t n;

	TRY(order_get(c, no, &o));
	TRY(sla_explain(c, o.id, &s, &n));
	fprintf(out, "%.*s\n", STR_ARG(o.no));
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "\n%.*s\n", STR_ARG(s[i].title));
		for (size_t k = 0; k < s[i].n_line; k++)
			fprintf(out, "  %.*s\n", STR_ARG(s[i].line[k].text));
	}
	if (!n)
		fprintf(out, "%.*s\n", STR_ARG(_("No clock runs: no service level has a target for this.")));
	return ERR_OK;
}

static int explain_order(const char *no, const char *db, const char *data)
{
	struct house h;
	enum err e;

	if (!house_open(&h, db, data))
		return EXIT_DIFFERENT;
	e = explain(&h.c, stdout, str_c(no));
	if (e == ERR_NOT_FOUND)
		fprintf(stderr, "baoxiu: %s: there is no such order\n", no);
	else if (e)
		house_complain(&h, no);
	house_close(&h);
	return e ? EXIT_DIFFERENT : EXIT_DONE;
}

int cmd_clock(int argc, char **argv)
{
	const char *db = NULL, *data = NULL;
	const struct option_row rows[] = { { "--db", &db, NULL }, { "--data", &data, NULL } };

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc == 3 && !strcmp(argv[1], "test"))
		return clock_run_file(argv[2], stdout, stderr);
	if (argc == 3 && !strcmp(argv[1], "explain"))
		return explain_order(argv[2], db, data);
	return usage_error("clock", "say what: test FILE or explain ORDER");
}
