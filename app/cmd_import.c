/* cmd_import.c — reads a table into the house: columns matched by name, chunks committed whole, what is refused written to FILE.rejected.csv. */
#include "app/cmd.h"
#include "app/house.h"
#include "app/import.h"
#include "base/csv.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/words.h"
#include <jansson.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 1000, COLS = 64, KNOWN_SLOTS = 1 << 14, HELD = 1 << 16 };

struct known { str key; int64_t id; };
struct import_run {
	const struct import_kind *kind;
	struct house house;
	struct arena keep;                             /* what import_remember keeps */
	struct known *known; size_t n_known;
	struct csv csv;
	int at[COLS];                                  /* our column → index in the file, -1 none */
	FILE *in, *rejected;
	const char *path;
	str rejected_path, head;
	struct import_row *row; size_t n_row;          /* the chunk */
	struct import_row *held; size_t n_held;        /* of kinds that are tried again; their cells lie in held_in */
	struct arena held_in;
	bool careful, dry, took_back, tty, last;
	int64_t added, same, refused, remarks, bytes, began_us, told_us;
	struct arena chunk;
	struct pending { int64_t line; str text; } *pending; size_t n_pending;
};

/* ---- remembered ids: open addressing, doubled when half full ---- */

static size_t slot_of(const struct import_run *run, str key)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (size_t k = 0; k < key.n; k++)
		h = (h ^ (unsigned char)key.p[k]) * 1099511628211u;
	for (i = h & (KNOWN_SLOTS - 1); run->known[i].key.p && !str_eq(run->known[i].key, key); i = (i + 1) & (KNOWN_SLOTS - 1))
		;
	return i;
}

static str known_key(struct arena *a, const char *what, str key) { return arena_fmt(a, "%s\x1f%.*s", what, STR_ARG(key)); }

bool import_known(struct import_run *run, const char *what, str key, int64_t *ret_id)
{
	size_t i = slot_of(run, known_key(&run->chunk, what, key));

	if (!run->known[i].key.p)
		return false;
	*ret_id = run->known[i].id;
	return true;
}

void import_remember(struct import_run *run, const char *what, str key, int64_t id)
{
	size_t i;

	if (run->n_known >= KNOWN_SLOTS / 2) {         /* start over rather than grow without end */
		memset(run->known, 0, sizeof *run->known * KNOWN_SLOTS);
		run->n_known = 0;
		arena_clear(&run->keep);
	}
	i = slot_of(run, known_key(&run->chunk, what, key));
	if (!run->known[i].key.p)
		run->n_known++;
	run->known[i] = (struct known){ known_key(&run->keep, what, key), id };
}

str import_path(const struct import_run *run) { return str_c(run->path); }

bool import_micro(str v, int64_t *ret)
{
	bool minus = v.n && v.p[0] == '-';
	int64_t whole = 0, part = 0, scale = 1000000;
	str left, rest = { v.p + minus, v.n - minus };

	if (!str_cut(&rest, '.', &left) || !str_int(left, &whole) || whole > 180 || rest.n > 15)
		return false;
	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return false;
		if (scale > 1)
			part = part * 10 + (rest.p[i] - '0'), scale /= 10;
	}
	*ret = (whole * 1000000 + part * scale) * (minus ? -1 : 1);
	return true;
}

str import_cell(const struct import_kind *k, const struct import_row *r, const char *col)
{
	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->col[i].name, col))
			return r->cell[i];
	BUG("import %s has no column %s", k->name, col);
}

/* ---- files ---- */

static ssize_t gz_read(void *g, char *p, size_t n) { return gzread(g, p, (unsigned)n); }
static int gz_close(void *g) { return gzclose(g) == Z_OK ? 0 : -1; }

/* Plain and gzip files alike. */
static FILE *open_any(const char *path)
{
	gzFile g = gzopen(path, "rb");

	return g ? fopencookie(g, "r", (cookie_io_functions_t){ .read = gz_read, .close = gz_close }) : NULL;
}

/* Written when the chunk is certain; the reason is a column of its own. */
static void write_refusals(struct import_run *run)
{
	struct buf b;

	if (!run->n_pending)
		return;
	if (!run->rejected) {
		run->rejected = fopen(run->rejected_path.p, "w");
		if (!run->rejected) {
			fprintf(stderr, "baoxiu: %s: it cannot be written; what was refused follows\n", run->rejected_path.p);
			run->rejected = stderr;
		}
		fprintf(run->rejected, "line,reason,%.*s\n", STR_ARG(run->head));
	}
	buf_init(&b, 1 << 24);
	for (size_t i = 0; i < run->n_pending; i++)
		buf_fmt(&b, "%lld,", (long long)run->pending[i].line), buf_str(&b, run->pending[i].text), buf_c(&b, '\n');
	fwrite(b.p, 1, b.n, run->rejected);
	fflush(run->rejected);
	buf_free(&b);
	run->n_pending = 0;
}

static void note_row(struct import_run *run, const struct import_row *r, str reason)
{
	struct buf b;

	if (run->n_pending == CHUNK * 4)
		return;
	buf_init(&b, 1 << 20);
	csv_put(&b, reason, true);
	for (size_t i = 0; i < run->kind->n; i++)
		csv_put(&b, r->cell[i], false);
	run->pending[run->n_pending++] = (struct pending){ r->line, arena_str(&run->chunk, (str){ b.p, b.n }) };
	buf_free(&b);
}

void import_remark(struct import_run *run, const struct import_row *r, str text)
{
	run->remarks++;
	note_row(run, r, text);
}

/* "column: reason" of what failed last. */
static str reason_of(struct import_run *run)
{
	struct ctx *c = &run->house.c;
	const struct diag *d = &c->diag;
	const struct diag_field *f = &d->f[0];

	if (d->n)
		return arena_fmt(&run->chunk, "%s: %.*s", f->field, STR_ARG(trf_(c, f->text, f->arg, DIAG_ARGS)));
	return arena_str(&run->chunk, trf_(c, d->text ? d->text : err_info[d->code].text, d->arg, DIAG_ARGS));
}

/* ---- columns ---- */

static bool word_in(const char *list, str word)
{
	str all = str_c(list ? list : ""), one;

	while (str_cut(&all, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

static str mapped(struct import_run *run, json_t *map, str head)
{
	json_t *to = map ? json_object_getn(map, head.p, head.n) : NULL;

	(void)run;
	return json_is_string(to) ? str_c(json_string_value(to)) : head;
}

static bool match_columns(struct import_run *run, json_t *map)
{
	const struct import_kind *k = run->kind;
	struct buf head;

	buf_init(&head, 1 << 16);
	for (size_t i = 0; i < k->n; i++) {
		run->at[i] = -1;
		for (size_t h = 0; h < run->csv.n; h++) {
			str name = fold(&run->keep, str_trim(mapped(run, map, str_trim(run->csv.cell[h]))));

			if (run->at[i] < 0 && (str_eq(name, str_c(k->col[i].name)) || word_in(k->col[i].also, name)))
				run->at[i] = (int)h;
		}
		csv_put(&head, str_c(k->col[i].name), i == 0);
		if (k->col[i].required && run->at[i] < 0) {
			fprintf(stderr, "baoxiu: %s: no column \"%s\"; name it so, or give --map FILE with {\"their heading\": \"%s\"}\n", run->path, k->col[i].name, k->col[i].name);
			buf_free(&head);
			return false;
		}
	}
	run->head = arena_str(&run->keep, (str){ head.p, head.n });
	buf_free(&head);
	return true;
}

/* The apostrophe that exports put before what a spreadsheet would run. */
static str unquoted(str v)
{
	bool ours = v.n > 1 && v.p[0] == '\'' && v.p[1] && strchr("=+-@\t\r", v.p[1]);

	return ours ? (str){ v.p + 1, v.n - 1 } : v;
}

static json raw_of(struct import_run *run, const str *names)
{
	struct buf b;
	json j;

	buf_init(&b, 1 << 20);
	buf_c(&b, '{');
	for (size_t i = 0; i < run->csv.n; i++) {
		str cell = unquoted(run->csv.cell[i]);
		json_t *name = json_stringn(names[i].p, names[i].n), *value = json_stringn(cell.p, cell.n);
		char *n = name ? json_dumps(name, JSON_ENCODE_ANY) : NULL, *v = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

		if (n && v) {
			if (b.n > 1)
				buf_c(&b, ',');
			buf_str(&b, str_c(n)), buf_c(&b, ':'), buf_str(&b, str_c(v));
		}
		free(n);
		free(v);
		json_decref(name);
		json_decref(value);
	}
	buf_c(&b, '}');
	j.s = arena_str(&run->chunk, (str){ b.p, b.n });
	buf_free(&b);
	return j;
}

/* ---- chunks ---- */

struct part { struct import_run *run; const struct import_row *r; size_t n; enum import_fate fate; };

static enum err take_part(struct ctx *c, void *arg)
{
	struct part *p = arg;

	return p->run->kind->rows ? p->run->kind->rows(c, p->run, p->r, p->n, &p->fate) : p->run->kind->row(c, p->run, p->r, &p->fate);
}

/* Records that belong together, from i on. */
static size_t part_length(const struct import_run *run, size_t i)
{
	size_t n = 1;

	if (!run->kind->group)
		return 1;
	while (i + n < run->n_row && str_eq(import_cell(run->kind, &run->row[i], run->kind->group), import_cell(run->kind, &run->row[i + n], run->kind->group)))
		n++;
	return n;
}

/* Keeps a refused record for when the rest is in. */
static bool hold(struct import_run *run, const struct import_row *r)
{
	struct import_row *h;
	str *cell;

	if (!run->kind->again || run->last || run->n_held == HELD)
		return false;
	h = &run->held[run->n_held++];
	cell = NEW_N(&run->held_in, str, run->kind->n);
	for (size_t i = 0; i < run->kind->n; i++)
		cell[i] = arena_str(&run->held_in, r->cell[i]);
	*h = (struct import_row){ .cell = cell, .line = r->line };
	return true;
}

static enum err take_chunk(struct ctx *c, void *arg)
{
	struct import_run *run = arg;
	int64_t added = 0, same = 0, refused = 0;

	run->n_pending = 0;
	for (size_t i = 0, n; i < run->n_row; i += n) {
		struct part p = { run, &run->row[i], n = part_length(run, i), IMPORT_ADDED };
		struct arena_mark m = arena_mark(c->a);
		/* First without savepoints; a chunk in which something is refused is done again carefully. */
		enum err e = run->careful ? db_write(run->house.db, c, take_part, &p) : take_part(c, &p);

		if (e && (!run->careful || e == ERR_FULL))
			return e;
		if (e) {
			for (size_t k = 0; k < n; k++) {
				if (hold(run, &run->row[i + k]))
					continue;
				note_row(run, &run->row[i + k], reason_of(run));
				refused++;
			}
			c->diag = (struct diag){ 0 };
		} else {
			*(p.fate == IMPORT_ADDED ? &added : &same) += (int64_t)n;
		}
		arena_reset(c->a, m);
	}
	run->added += added, run->same += same, run->refused += refused;
	/* A dry run does the work and takes it back. */
	run->took_back = run->dry;
	return run->dry ? fail(c, ERR_CONFLICT, NULL) : ERR_OK;
}

static bool flush(struct import_run *run)
{
	enum err e = ERR_OK;

	if (!run->n_row)
		return true;
	house_renew(&run->house);
	run->careful = run->took_back = false;
	e = db_write(run->house.db, &run->house.c, take_chunk, run);
	if (e && !run->took_back) {
		house_renew(&run->house);
		run->careful = true;
		e = db_write(run->house.db, &run->house.c, take_chunk, run);
	}
	if (run->took_back)
		e = ERR_OK;
	if (e) {
		house_complain(&run->house, run->path);
		return false;
	}
	write_refusals(run);
	run->n_row = 0;
	arena_clear(&run->chunk);
	return true;
}

/* Tries the held records round by round, as long as a round takes some in; the last round refuses. */
static bool flush_held(struct import_run *run)
{
	size_t before;

	do {
		struct import_row *from = run->held;
		struct arena was = run->held_in;

		before = run->n_held;
		run->held = calloc(HELD, sizeof *run->held);
		run->n_held = 0;
		arena_init(&run->held_in, 256 << 20);
		for (size_t i = 0; i < before; i++) {
			run->row[run->n_row++] = from[i];
			if ((run->n_row == CHUNK || i + 1 == before) && !flush(run))
				break;
		}
		free(from);
		arena_free(&was);
		if (run->n_row)
			return false;
		run->last = run->n_held == before;
	} while (run->n_held);
	return true;
}

static void tell(struct import_run *run, bool last)
{
	int64_t now = clock_mono_us();

	if (!run->tty || (!last && now - run->told_us < 200000))
		return;
	run->told_us = now;
	fprintf(stderr, "\r%lld read, %lld new, %lld known, %lld refused, %lld/s ", (long long)run->added + run->same + run->refused, (long long)run->added,
		(long long)run->same, (long long)run->refused, (run->added + run->same) * 1000000LL / (now - run->began_us + 1));
	if (last)
		fputc('\n', stderr);
}

static bool all_valid(const struct csv *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!utf8_valid(r->cell[i]))
			return false;
	return true;
}

static void keep_row(struct import_run *run, const str *names)
{
	struct import_row *r = &run->row[run->n_row++];
	str *cell = NEW_N(&run->chunk, str, run->kind->n);

	for (size_t i = 0; i < run->kind->n; i++) {
		size_t at = (size_t)run->at[i];
		str v = run->at[i] >= 0 && at < run->csv.n ? unquoted(str_trim(run->csv.cell[at])) : (str){ 0 };

		cell[i] = v.n ? arena_str(&run->chunk, v) : (str){ 0 };
	}
	*r = (struct import_row){ .cell = cell, .line = run->csv.line };
	if (run->kind->raw)
		r->raw = raw_of(run, names);
}

/* A group is not torn between chunks, unless it alone is larger than the room. */
static bool chunk_full(const struct import_run *run)
{
	const struct import_kind *k = run->kind;

	if (run->n_row < CHUNK || run->n_row == CHUNK * 4 || !k->group)
		return run->n_row >= CHUNK;
	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->col[i].name, k->group))
			return !str_eq(run->row[run->n_row - 1].cell[i], str_trim(run->csv.cell[run->at[i]]));
	BUG("import %s has no column %s", k->name, k->group);
}

static bool read_table(struct import_run *run, json_t *map)
{
	str *names;
	size_t n_names;

	if (!csv_next(&run->csv)) {
		fprintf(stderr, "baoxiu: %s: it has no heading line\n", run->path);
		return false;
	}
	n_names = run->csv.n;
	names = NEW_N(&run->keep, str, n_names);
	for (size_t i = 0; i < n_names; i++)
		names[i] = arena_str(&run->keep, run->csv.cell[i]);
	if (!match_columns(run, map))
		return false;
	while (csv_next(&run->csv)) {
		struct import_row bad = { .line = run->csv.line, .cell = NEW_N(&run->chunk, str, run->kind->n) };

		if (run->csv.n == 1 && !run->csv.cell[0].n)
			continue;
		if (run->csv.n != n_names || !all_valid(&run->csv)) {
			note_row(run, &bad, run->csv.n != n_names ? arena_fmt(&run->chunk, "%zu cells instead of %zu", run->csv.n, n_names) : S("not valid UTF-8"));
			run->refused++;
			write_refusals(run);
			continue;
		}
		if (chunk_full(run) && !flush(run))
			return false;
		keep_row(run, names);
		tell(run, false);
	}
	if (run->csv.error)
		fprintf(stderr, "baoxiu: %s: line %lld: %s\n", run->path, (long long)run->csv.line, run->csv.error);
	return flush(run) && flush_held(run) && !run->csv.error;
}

static const struct import_kind *kind_of(const char *name)
{
	for (const struct import_kind *const *k = import_kinds; *k; k++)
		if (!strcmp((*k)->name, name))
			return *k;
	return NULL;
}

static int usage(const char *what)
{
	fprintf(stderr, "baoxiu: import: %s; the kinds are:\n", what);
	for (const struct import_kind *const *k = import_kinds; *k; k++)
		fprintf(stderr, "  %-10s %s\n", (*k)->name, (*k)->about);
	return EXIT_USAGE;
}

struct whole { struct import_run *run; str bytes; bool fine; };
static enum err take_file(struct ctx *c, void *arg)
{
	struct whole *w = arg;

	TRY(w->run->kind->file(c, w->run, w->bytes));
	w->fine = true;
	return w->run->dry ? ERR_CONFLICT : ERR_OK;    /* a trial is rolled back */
}

static bool read_whole(struct import_run *run)
{
	struct whole w = { .run = run };
	struct buf b;
	char part[65536];
	bool done;

	buf_init(&b, 64 << 20);
	for (size_t n; (n = fread(part, 1, sizeof part, run->in)) > 0;)
		buf_put(&b, part, n);
	w.bytes = (str){ b.p, b.n };
	done = !b.overflow && (!db_write(run->house.db, &run->house.c, take_file, &w) || (run->dry && w.fine));
	if (!done)
		house_complain(&run->house, run->path);
	else
		run->added++;
	buf_free(&b);
	return done;
}

static bool run_import(struct import_run *run, json_t *map)
{
	bool done, refused_in;

	arena_init(&run->keep, 256 << 20);
	arena_init(&run->chunk, 512 << 20);
	run->known = calloc(KNOWN_SLOTS, sizeof *run->known);
	run->row = calloc(CHUNK * 4, sizeof *run->row);
	run->pending = calloc(CHUNK * 4, sizeof *run->pending);
	run->held = calloc(HELD, sizeof *run->held);
	arena_init(&run->held_in, 256 << 20);
	run->rejected_path = arena_fmt(&run->keep, "%s.rejected.csv", run->path);
	(void)unlink(run->rejected_path.p);            /* of an earlier run */
	run->tty = isatty(2);
	run->began_us = clock_mono_us();
	if (!run->kind->file)
		csv_init(&run->csv, run->in, 0);
	done = run->kind->file ? read_whole(run) : read_table(run, map);
	tell(run, true);
	if (!run->kind->file)
		csv_free(&run->csv);
	free(run->known);
	free(run->row);
	free(run->pending);
	free(run->held);
	arena_free(&run->held_in);
	arena_free(&run->chunk);
	refused_in = run->rejected && run->rejected != stderr;
	if (refused_in)
		fclose(run->rejected);
	printf("%s: %lld new, %lld known already, %lld refused, %lld remarks%s%.*s\n", run->kind->name, (long long)run->added, (long long)run->same, (long long)run->refused,
		(long long)run->remarks, refused_in ? "; see " : "", refused_in ? (int)run->rejected_path.n : 0, run->rejected_path.p);
	arena_free(&run->keep);
	return done;
}

int cmd_import(int argc, char **argv)
{
	const char *db = NULL, *data = NULL, *map_path = NULL;
	struct import_run run = { 0 };
	const struct option_row rows[] = { { "--db", &db, NULL }, { "--data", &data, NULL }, { "--map", &map_path, NULL }, { "--dry-run", NULL, &run.dry } };
	json_t *map = NULL;
	json_error_t why;
	bool done;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc != 3)
		return usage("it takes a kind and a file");
	run.kind = kind_of(argv[1]);
	if (!run.kind)
		return usage("there is no such kind");
	run.path = argv[2];
	if (map_path && !(map = json_load_file(map_path, JSON_REJECT_DUPLICATES, &why))) {
		fprintf(stderr, "baoxiu: %s:%d: %s\n", map_path, why.line, why.text);
		return EXIT_USAGE;
	}
	run.in = open_any(run.path);
	if (!run.in) {
		json_decref(map);
		return usage_error(run.path, "it cannot be read");
	}
	done = house_open(&run.house, db, data);
	if (done) {
		done = run_import(&run, map);
		house_close(&run.house);
	}
	fclose(run.in);
	json_decref(map);
	return done && !run.refused ? EXIT_DONE : EXIT_DIFFERENT;
}
