/* cmd_entitlement.c — `baoxiu entitlement …`: runs verdict vectors, prints every difference; one verdict with its reasons; all devices. */
#include "app/cmd_entitlement.h"
#include "app/cmd.h"
#include "app/house.h"
#include "base/csv.h"
#include "base/time.h"
#include "slice/account/account.h"
#include "slice/device/device.h"
#include "slice/entitlement/entitlement.h"
#include "slice/entitlement/vector.h"
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

/* ---- vectors ---- */

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

/* ---- one device ---- */

struct asked { const char *db, *data, *on, *part, *cause, *out; };

static int told(struct house *h, const struct device *d, const struct ask *a)
{
	struct entitlement *e = NEW(h->c.a, struct entitlement);

	if (entitlement_for(&h->c, d->id, a, e)) {
		house_complain(h, "entitlement check");
		return EXIT_DIFFERENT;
	}
	printf("%.*s %.*s %.*s\n", STR_ARG(d->serial), STR_ARG(d->brand), STR_ARG(d->model));
	for (size_t i = 0; i < COSTS; i++) {
		const struct candidate *by = e->v.by[i];

		printf("  %-10s %s%s%.*s\n", cost_names[i], pay_names[e->v.pay[i]], by ? "  by " : "", STR_ARG(by ? by->id : S("")));
	}
	for (size_t i = 0; i < e->n_line; i++)
		printf("%3zu. %.*s\n", i + 1, STR_ARG(e->line[i]));
	return EXIT_DONE;
}

static bool ask_read(const struct asked *q, struct ask *a)
{
	if (q->on && !day_parse(str_c(q->on), &a->on))
		return usage_error("--on", "a date that exists is expected, YYYY-MM-DD"), false;
	if (q->part && (a->part = name_index(part_names, str_c(q->part))) < 0)
		return usage_error("--part", "no such part"), false;
	if (q->cause && (a->cause = name_index(cause_names, str_c(q->cause))) < 0)
		return usage_error("--cause", "no such cause"), false;
	return true;
}

static int check(const char *serial, const struct asked *q)
{
	struct house h;
	struct device *d;
	struct ask a;
	size_t n;
	int rc = EXIT_DONE;

	if (!house_open(&h, q->db, q->data))
		return EXIT_DIFFERENT;
	a = ask_today(&h.c);
	a.cause = CAUSE_QUALITY;
	if (!ask_read(q, &a)) {
		rc = EXIT_USAGE;
	} else if (device_by_serial(&h.c, str_c(serial), &d, &n) || !n) {
		fprintf(stderr, "baoxiu: entitlement check: no device %s; register it, or look for its serial with another spelling\n", serial);
		rc = EXIT_DIFFERENT;
	} else {
		for (size_t i = 0; i < n && !rc; i++)
			rc = told(&h, &d[i], &a);
	}
	house_close(&h);
	return rc;
}

/* ---- all devices: threads take pieces of the id range until none is left ---- */

enum { THREADS_MAX = 64, PIECE = 4000, LINE_MAX_BYTES = 4096 };

struct bulk {
	struct db *db;
	struct rules by;
	day on;
	int64_t last;
	_Atomic int64_t next;
	instant now;
	FILE *out;
	pthread_mutex_t writing;
};
struct worker { pthread_t thread; struct bulk *b; struct tally t; enum err e; struct buf line; };

static void line_of(void *arg, int64_t id, str serial, const struct verdict *v)
{
	struct worker *w = arg;
	struct buf *b = &w->line;
	day whole = v->until[PERIOD_WHOLE], main_part = v->until[PERIOD_MAIN];
	int y, mo, d;

	buf_int(b, id);
	csv_put(b, serial, false);
	buf_fmt(b, ",%s,%s,%.*s", pay_names[v->pay[COST_PARTS]], pay_names[v->pay[COST_LABOUR]], STR_ARG(v->winner ? v->winner->id : S("")));
	for (int i = 0; i < 2; i++) {
		const day end = i ? main_part : whole;

		buf_c(b, ',');
		if (end.d == NIL)
			continue;
		day_split(end, &y, &mo, &d);
		buf_fmt(b, "%04d-%02d-%02d", y, mo, d);
	}
	buf_c(b, '\n');
}

static void write_out(struct worker *w)
{
	if (!w->b->out || !w->line.n)
		return;
	pthread_mutex_lock(&w->b->writing);
	fwrite(w->line.p, 1, w->line.n, w->b->out);
	pthread_mutex_unlock(&w->b->writing);
	buf_clear(&w->line);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct bulk *b = w->b;
	struct arena a;
	struct conn *cn;
	struct ctx c = { .a = &a, .who = &actor_system, .now = b->now };
	int64_t low;

	w->e = db_conn_open(b->db, &cn);
	if (w->e)
		return NULL;
	arena_init(&a, 512 << 20);
	c.db = cn;
	while (!w->e && (low = atomic_fetch_add(&b->next, PIECE)) < b->last) {
		w->e = db_read_begin(cn);
		if (!w->e)
			w->e = entitlement_bulk(&c, &b->by, b->on, low, low + PIECE < b->last ? low + PIECE : b->last, &w->t, b->out ? line_of : NULL, w);
		db_read_end(cn);
		write_out(w);
	}
	db_conn_close(cn);
	arena_free(&a);
	return NULL;
}

static int summary(const struct worker *w, size_t n, int64_t us)
{
	struct tally t = { 0 };
	bool failed = false;

	for (size_t i = 0; i < n; i++) {
		t.devices += w[i].t.devices;
		t.unverified += w[i].t.unverified;
		t.no_start += w[i].t.no_start;
		for (size_t k = 0; k < LEN(t.pay); k++)
			t.pay[k] += w[i].t.pay[k];
		failed = failed || w[i].e;
	}
	printf("%lld devices in %lld ms on %zu threads\n", (long long)t.devices, (long long)(us / 1000), n);
	for (size_t k = 0; k < LEN(t.pay); k++)
		printf("  parts %-7s %lld\n", pay_names[k], (long long)t.pay[k]);
	printf("  without proof  %lld\n  by rules not verified  %lld\n", (long long)t.no_start, (long long)t.unverified);
	if (failed)
		fputs("baoxiu: entitlement bulk: some devices could not be read; see the database's log and run it again\n", stderr);
	return failed ? EXIT_DIFFERENT : EXIT_DONE;
}

static int bulk_run(struct house *h, struct bulk *b)
{
	struct worker w[THREADS_MAX] = { 0 };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
	int64_t began = clock_mono_us();

	if (rules_in_use(&h->c, &b->by) || entitlement_last_device(&h->c, &b->last)) {
		house_complain(h, "entitlement bulk");
		return EXIT_DIFFERENT;
	}
	if (b->out)
		fputs("id,serial,parts,labour,source,whole_until,main_until\n", b->out);
	for (size_t i = 0; i < n; i++) {
		w[i].b = b;
		buf_init(&w[i].line, (size_t)PIECE * LINE_MAX_BYTES);
		if (pthread_create(&w[i].thread, NULL, work, &w[i]))
			BUG("no thread");
	}
	for (size_t i = 0; i < n; i++) {
		pthread_join(w[i].thread, NULL);
		buf_free(&w[i].line);
	}
	return summary(w, n, clock_mono_us() - began);
}

static int bulk(const struct asked *q)
{
	struct house h;
	struct bulk b = { .writing = PTHREAD_MUTEX_INITIALIZER };
	struct ask a;
	int rc = EXIT_USAGE;

	if (!house_open(&h, q->db, q->data))
		return EXIT_DIFFERENT;
	a = ask_today(&h.c);
	b.db = h.db;
	b.now = h.c.now;
	if (ask_read(q, &a)) {
		b.on = a.on;
		b.out = q->out ? fopen(q->out, "w") : NULL;
		rc = q->out && !b.out ? usage_error(q->out, strerror(errno)) : bulk_run(&h, &b);
	}
	if (b.out && fclose(b.out))
		rc = EXIT_DIFFERENT;
	house_close(&h);
	return rc;
}

int cmd_entitlement(int argc, char **argv)
{
	struct asked q = { 0 };
	const struct option_row rows[] = {
		{ "--db", &q.db, NULL }, { "--data", &q.data, NULL }, { "--on", &q.on, NULL }, { "--part", &q.part, NULL }, { "--cause", &q.cause, NULL }, { "--out", &q.out, NULL },
	};

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc == 3 && !strcmp(argv[1], "test"))
		return entitlement_run_file(argv[2], stdout, stderr);
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(argv[2], &q);
	if (argc == 2 && !strcmp(argv[1], "bulk"))
		return bulk(&q);
	return usage_error("entitlement", "say what: test FILE, check SERIAL or bulk");
}
