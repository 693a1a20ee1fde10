/* cmd_import.c — `baoxiu import KIND FILE`: the same run as the page's; what is refused is written to FILE.rejected.csv. */
#include "app/cmd.h"
#include "app/house.h"
#include "base/csv.h"
#include "base/time.h"
#include "slice/import/import.h"
#include <jansson.h>
#include <unistd.h>

struct told { const char *path; char *rejected_path; FILE *rejected; int64_t began_us; bool tty; };

static void note(void *arg, const struct import_note *n, const struct import_done *d)
{
	struct told *t = arg;
	struct buf b;

	if (!t->rejected) {
		t->rejected = fopen(t->rejected_path, "w");
		if (!t->rejected) {
			fprintf(stderr, "baoxiu: %s: it cannot be written; what was refused follows\n", t->rejected_path);
			t->rejected = stderr;
		}
		fprintf(t->rejected, "line,reason,%.*s\n", STR_ARG(d->head));
	}
	buf_init(&b, 1 << 20);
	csv_put(&b, n->reason, true);
	fprintf(t->rejected, "%lld,%.*s,%.*s\n", (long long)n->line, (int)b.n, b.p, STR_ARG(n->record));
	buf_free(&b);
}

static void tell(void *arg, const struct import_done *d)
{
	const struct told *t = arg;

	if (t->tty)
		fprintf(stderr, "\r%lld read, %lld new, %lld known, %lld refused, %lld/s ", (long long)d->added + d->known + d->refused, (long long)d->added, (long long)d->known,
			(long long)d->refused, (d->added + d->known) * 1000000LL / (clock_mono_us() - t->began_us + 1));
}

static int usage(const char *what)
{
	fprintf(stderr, "baoxiu: import: %s; the kinds are:\n", what);
	for (const struct import_kind *const *k = import_kinds; *k; k++)
		fprintf(stderr, "  %-10s %s\n", (*k)->name, (*k)->about);
	return EXIT_USAGE;
}

/* --map names a file with {"their heading": "our column"}, or a map kept under that name. False: told on stderr. */
static bool find_map(struct house *h, const struct import_kind *k, const char *name, json *ret)
{
	json_error_t why;
	json_t *map;
	char *text;

	if (!name)
		return true;
	if (access(name, F_OK)) {
		if (!import_map_get(&h->c, k, str_c(name), ret)) {
			ret->s = arena_str(&h->keep, ret->s);
			return true;
		}
		fprintf(stderr, "baoxiu: import: --map %s is neither a file nor a kept map of %s\n", name, k->name);
		return false;
	}
	map = json_load_file(name, JSON_REJECT_DUPLICATES, &why);
	if (!map) {
		fprintf(stderr, "baoxiu: %s:%d: %s\n", name, why.line, why.text);
		return false;
	}
	text = json_dumps(map, JSON_COMPACT);
	ret->s = arena_str(&h->keep, str_c(text));
	free(text);
	json_decref(map);
	return true;
}

static bool run(struct house *h, struct import_job *j, bool *ret_refused)
{
	struct told t = { .path = j->path, .tty = isatty(2), .began_us = clock_mono_us() };
	struct import_done d = { 0 };
	bool in_file;
	enum err e;

	if (asprintf(&t.rejected_path, "%s.rejected.csv", j->path) < 0)
		BUG("out of memory");
	(void)unlink(t.rejected_path);                 /* of an earlier run */
	j->note = note, j->tell = tell, j->arg = &t;
	house_renew(h);
	e = import_run(&h->c, h->db, j, &d);
	in_file = t.rejected && t.rejected != stderr;
	tell(&t, &d);
	if (t.tty)
		fputc('\n', stderr);
	if (e)
		house_complain(h, j->path);
	printf("%s: %lld new, %lld known already, %lld refused, %lld remarks%s%s\n", j->kind->name, (long long)d.added, (long long)d.known, (long long)d.refused, (long long)d.remarks,
		in_file ? "; see " : "", in_file ? t.rejected_path : "");
	if (in_file)
		fclose(t.rejected);
	free(t.rejected_path);
	*ret_refused = d.refused > 0;
	return !e;
}

int cmd_import(int argc, char **argv)
{
	const char *db = NULL, *data = NULL, *map = NULL;
	struct import_job j = { 0 };
	const struct option_row rows[] = { { "--db", &db, NULL }, { "--data", &data, NULL }, { "--map", &map, NULL }, { "--dry-run", NULL, &j.dry } };
	struct house h = { 0 };
	bool done, refused = false;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc != 3)
		return usage("it takes a kind and a file");
	j.kind = import_kind_of(str_c(argv[1]));
	if (!j.kind)
		return usage("there is no such kind");
	j.path = argv[2];
	if (access(j.path, R_OK))
		return usage_error(j.path, "it cannot be read");
	if (!house_open(&h, db, data))
		return EXIT_DIFFERENT;
	db_patient(h.db);                              /* a trial is one write, however long the file */
	if (!find_map(&h, j.kind, map, &j.map)) {
		house_close(&h);
		return EXIT_USAGE;
	}
	done = run(&h, &j, &refused);
	house_close(&h);
	return done && !refused ? EXIT_DONE : EXIT_DIFFERENT;
}
