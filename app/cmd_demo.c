/* cmd_demo.c — `baoxiu demo`: fills an empty database with a service network that looks lived in, and prints who may sign in. */
#include "app/cmd.h"
#include "app/demo.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/customer/customer.h"
#include "slice/org/org.h"
#include <unistd.h>

static const char password[] = "demo-baoxiu";

/* False, and told, when the database holds anything already. */
static bool is_empty(struct demo *d)
{
	struct ctx *c = &d->h.c;
	struct customer_hit *hit;
	struct org root;
	size_t n = 0;

	if (org_root(c, &root) == ERR_NOT_FOUND && !customer_search(c, S(""), NIL, 1, &hit, &n) && !n)
		return true;
	fprintf(stderr, "baoxiu: demo: the database is not empty; name another one with --db\n");
	return false;
}

static bool fill(struct demo *d)
{
	static const struct { const char *what; enum err (*put)(struct ctx *c, void *demo); } stage[] = {
		{ "network", demo_network }, { "prices", demo_prices }, { "catalogue", demo_catalogue }, { "stock", demo_stock }, { "customers", demo_customers }, { "devices", demo_devices }, { "contracts", demo_contracts },
	};

	if (password_hash(&d->h.c, str_c(password), &d->hash)) {
		house_complain(&d->h, "demo");
		return false;
	}
	d->hash = arena_str(&d->keep, d->hash);
	for (size_t i = 0; i < LEN(stage); i++) {
		house_renew(&d->h);
		if (isatty(2))
			fprintf(stderr, "%s … ", stage[i].what);
		if (db_write(d->h.db, &d->h.c, stage[i].put, d)) {
			house_complain(&d->h, stage[i].what);
			return false;
		}
	}
	if (isatty(2))
		fprintf(stderr, "orders … ");
	if (!demo_orders(d))
		return false;
	if (isatty(2))
		fprintf(stderr, "done\n");
	if (d->stopped)
		fprintf(stderr, "baoxiu: demo: %zu histories end early; the first at %.*s\n", d->stopped, STR_ARG(d->stop_reason));
	return true;
}

static void print_logins(void)
{
	printf("Logins of the demo (role login password):\n\n");
	for (int r = 0; r < ROLE_N; r++)
		printf("%s %s %s\n", role_names[r], role_names[r], password);
}

int cmd_demo(int argc, char **argv)
{
	static struct demo d;
	const char *db = NULL, *data = NULL;
	const struct option_row rows[] = { { "--db", &db, NULL }, { "--data", &data, NULL } };
	bool done;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc > 1)
		return usage_error(argv[1], "demo takes only options");
	if (!house_open(&d.h, db, data))
		return EXIT_DIFFERENT;
	arena_init(&d.keep, 64 << 20);
	d.r.s = 20261122;
	d.now = d.h.c.now;
	d.customer = NEW_N(&d.keep, struct demo_customer, DEMO_CUSTOMERS);
	d.device = NEW_N(&d.keep, struct demo_device, DEMO_DEVICES);
	done = is_empty(&d) && fill(&d);
	house_close(&d.h);
	arena_free(&d.keep);
	if (done)
		print_logins();
	return done ? EXIT_DONE : EXIT_DIFFERENT;
}
