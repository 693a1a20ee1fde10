/* import_run.c — reads a table into the house: columns matched by heading, chunks committed whole, what is refused told with its reason. */
#include "base/csv.h"
#include "base/i18n.h"
#include "base/sheet.h"
#include "base/time.h"
#include "slice/import/import_int.h"
#include <zlib.h>

enum { CHUNK = 1000, HELD = 1 << 16, KNOWN_SLOTS = 1 << 14, WHOLE_MAX = 64 << 20 };

struct known { str key; int64_t id; };
struct import_run {
	const struct import_job *job;
	const struct import_kind *kind;
	struct db *db;
	struct ctx c;                                  /* the caller's, with an arena of its own */
	struct arena work, lasting, keep, chunk;       /* one write; the whole run; what import_remember keeps; the rows under way */
	struct known *known; size_t n_known;
	struct sheet *sheet;
	struct import_raw ahead[IMPORT_AHEAD]; size_t n_ahead, next_ahead;
	struct import_raw at_row;
	str *head; size_t n_head;
	int *at;                                       /* our column → index of the heading, -1 none */
	struct import_row *row; size_t n_row;          /* the chunk */
	struct import_note *pending; size_t n_pending;
	struct import_row *held; size_t n_held, held_before;    /* of kinds that are tried again */
	bool careful, tried, again, last;              /* tried: the trial came to its end; again: rows are held ones */
	size_t chunk_rows;
	struct import_done done, sum;                  /* of the run; of the chunk, counted when it is certain */
	int64_t told_us;
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

str import_path(const struct import_run *run) { return str_c(run->job->path); }

str import_cell(const struct import_kind *k, const struct import_row *r, const char *col)
{
	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->col[i].name, col))
			return r->cell[i];
	BUG("import %s has no column %s", k->name, col);
}

/* ---- what is refused ---- */

static void note_row(struct import_run *run, const struct import_row *r, str reason)
{
	struct buf b;

	if (run->n_pending == CHUNK * 4)
		return;
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < run->kind->n; i++)
		csv_put(&b, r->cell[i], i == 0);
	run->pending[run->n_pending++] = (struct import_note){ r->line, arena_str(&run->chunk, reason), arena_str(&run->chunk, (str){ b.p, b.n }) };
	buf_free(&b);
}

static void tell_notes(struct import_run *run)
{
	for (size_t i = 0; i < run->n_pending && run->job->note; i++)
		run->job->note(run->job->arg, &run->pending[i], &run->done);
	run->n_pending = 0;
}

void import_remark(struct import_run *run, const struct import_row *r, str text)
{
	run->sum.remarks++;
	note_row(run, r, text);
}

/* "column: reason" of what failed last. */
static str reason_of(struct import_run *run)
{
	struct ctx *c = &run->c;
	const struct diag *d = &c->diag;
	const struct diag_field *f = &d->f[0];

	if (d->n)
		return arena_fmt(&run->chunk, "%s: %.*s", f->field, STR_ARG(trf_(c, f->text, f->arg, DIAG_ARGS)));
	return arena_str(&run->chunk, trf_(c, d->text ? d->text : err_info[d->code].text, d->arg, DIAG_ARGS));
}

/* ---- rows ---- */

/* The apostrophe that exports put before what a spreadsheet would run. */
static str unquoted(str v)
{
	bool ours = v.n > 1 && v.p[0] == '\'' && v.p[1] && strchr("=+-@\t\r", v.p[1]);

	return ours ? (str){ v.p + 1, v.n - 1 } : v;
}

static json raw_of(struct import_run *run)
{
	json_t *root = json_object();

	for (size_t i = 0; i < run->at_row.n && i < run->n_head; i++) {
		str cell = unquoted(run->at_row.cell[i]);

		json_object_setn_new(root, run->head[i].p, run->head[i].n, json_stringn(cell.p, cell.n));
	}
	return import_json(&run->chunk, root);
}

static void keep_row(struct import_run *run)
{
	const struct import_raw *raw = &run->at_row;
	struct import_row *r = &run->row[run->n_row++];
	str *cell = NEW_N(&run->chunk, str, run->kind->n);

	for (size_t i = 0; i < run->kind->n; i++) {
		size_t at = (size_t)run->at[i];
		str v = run->at[i] >= 0 && at < raw->n ? unquoted(str_trim(raw->cell[at])) : (str){ 0 };

		cell[i] = v.n ? arena_str(&run->chunk, v) : (str){ 0 };
	}
	*r = (struct import_row){ .cell = cell, .line = raw->line };
	if (run->kind->raw)
		r->raw = raw_of(run);
}

static bool next_row(struct import_run *run)
{
	if (run->next_ahead < run->n_ahead) {
		run->at_row = run->ahead[run->next_ahead++];
		return true;
	}
	if (!sheet_next(run->sheet))
		return false;
	run->at_row = (struct import_raw){ run->sheet->cell, run->sheet->n, run->sheet->line };
	return true;
}

/* Records of a text file must be as wide as its headings: a stray comma shifts what stands behind it. Cells of a workbook know their column. */
static bool ragged(const struct import_run *run) { return !run->sheet->padded && run->at_row.n != run->n_head; }

static bool all_valid(const struct import_raw *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (!utf8_valid(r->cell[i]))
			return false;
	return true;
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
	struct import_row *h = &run->held[run->n_held];
	str *cell;

	if (!run->kind->again || run->last || run->n_held == HELD)
		return false;
	*h = *r;
	run->n_held++;
	if (run->again)
		return true;
	cell = NEW_N(&run->lasting, str, run->kind->n);
	for (size_t i = 0; i < run->kind->n; i++)
		cell[i] = arena_str(&run->lasting, r->cell[i]);
	h->cell = cell;
	return true;
}

static enum err take_chunk(struct ctx *c, void *arg)
{
	struct import_run *run = arg;
	struct import_done *sum = &run->sum;

	*sum = (struct import_done){ 0 };
	run->n_pending = 0;
	run->n_held = run->held_before;
	for (size_t i = 0, n; i < run->n_row; i += n) {
		struct part p = { run, &run->row[i], n = part_length(run, i), IMPORT_ADDED };
		struct arena_mark m = arena_mark(c->a);
		/* First without savepoints; a chunk in which something is refused is done again carefully. */
		enum err e = run->careful ? db_write(run->db, c, take_part, &p) : take_part(c, &p);

		if (e && (!run->careful || e == ERR_FULL))
			return e;
		if (e) {
			for (size_t k = 0; k < n; k++) {
				if (hold(run, &run->row[i + k]))
					continue;
				note_row(run, &run->row[i + k], reason_of(run));
				sum->refused++;
			}
			c->diag = (struct diag){ 0 };
		} else {
			*(p.fate == IMPORT_ADDED ? &sum->added : &sum->known) += (int64_t)n;
		}
		arena_reset(c->a, m);
	}
	return ERR_OK;
}

static void renew(struct import_run *run)
{
	arena_clear(&run->work);
	run->c.diag = (struct diag){ 0 };
}

static enum err take_and_undo(struct ctx *c, void *arg)
{
	struct import_run *run = arg;

	TRY(take_chunk(c, run));
	run->tried = true;
	return fail(c, ERR_CONFLICT, NULL);
}

/* A trial takes each chunk back at once: the writer is free in between, and what was remembered of it is no more. */
static enum err write_chunk(struct import_run *run)
{
	enum err e;

	if (!run->job->dry || run->kind->again)
		return db_write(run->db, &run->c, take_chunk, run);
	run->tried = false;
	e = db_write(run->db, &run->c, take_and_undo, run);
	memset(run->known, 0, sizeof *run->known * KNOWN_SLOTS);
	run->n_known = 0;
	arena_clear(&run->keep);
	return run->tried ? ERR_OK : e;
}

static enum err flush(struct import_run *run)
{
	enum err e = ERR_OK;

	if (!run->n_row)
		return ERR_OK;
	renew(run);
	run->careful = false;
	run->held_before = run->n_held;
	e = write_chunk(run);
	if (e) {
		renew(run);
		run->careful = true;
		e = write_chunk(run);
	}
	TRY(e);
	run->done.added += run->sum.added, run->done.known += run->sum.known, run->done.refused += run->sum.refused, run->done.remarks += run->sum.remarks;
	tell_notes(run);
	run->n_row = 0;
	arena_clear(&run->chunk);
	return ERR_OK;
}

/* Tries the held records round by round, as long as a round takes some in; the last round refuses. */
static enum err flush_held(struct import_run *run)
{
	run->again = true;
	while (run->n_held) {
		size_t n = run->n_held;
		struct import_row *from = NEW_N(&run->lasting, struct import_row, n);

		memcpy(from, run->held, n * sizeof *from);
		run->n_held = 0;
		for (size_t i = 0; i < n; i++) {
			run->row[run->n_row++] = from[i];
			if (run->n_row == run->chunk_rows || i + 1 == n)
				TRY(flush(run));
		}
		run->last = run->n_held == n;
	}
	return ERR_OK;
}

/* A group is not torn between chunks, unless it alone is larger than the room. */
static bool chunk_full(const struct import_run *run)
{
	const struct import_kind *k = run->kind;

	if (run->n_row < run->chunk_rows || run->n_row == CHUNK * 4 || !k->group)
		return run->n_row >= run->chunk_rows;
	for (size_t i = 0; i < k->n; i++)
		if (!strcmp(k->col[i].name, k->group))
			return !str_eq(run->row[run->n_row - 1].cell[i], str_trim(run->at_row.cell[run->at[i]]));
	BUG("import %s has no column %s", k->name, k->group);
}

static void refuse_raw(struct import_run *run, str reason)
{
	struct import_row bad = { .line = run->at_row.line, .cell = NEW_N(&run->chunk, str, run->kind->n) };

	run->done.refused++;
	note_row(run, &bad, reason);
}

static enum err take_row(struct import_run *run)
{
	if (run->at_row.n == 1 && !run->at_row.cell[0].n)
		return ERR_OK;
	if (chunk_full(run))
		TRY(flush(run));
	if (ragged(run) || !all_valid(&run->at_row)) {
		TRY(flush(run));
		refuse_raw(run, ragged(run) ? trf(&run->c, N_("{1} cells instead of {2}"), run->at_row.n, run->n_head) : tr(&run->c, N_("not valid UTF-8")));
		tell_notes(run);
		arena_clear(&run->chunk);
		return ERR_OK;
	}
	keep_row(run);
	if (run->job->tell && clock_mono_us() - run->told_us > 200000) {
		run->told_us = clock_mono_us();
		run->job->tell(run->job->arg, &run->done);
	}
	return ERR_OK;
}

/* ---- the whole ---- */

static enum err find_heads(struct import_run *run)
{
	const struct import_kind *k = run->kind;
	struct buf b;

	while (run->n_ahead < IMPORT_AHEAD && sheet_next(run->sheet))
		run->ahead[run->n_ahead++] = import_raw_copy(&run->lasting, run->sheet);
	if (!run->n_ahead)
		return fail_field(&run->c, "file", run->sheet->error ? run->sheet->error : N_("The table is empty."));
	run->next_ahead = import_head_row(&run->lasting, k, run->ahead, run->n_ahead, run->job->map);
	run->at_row = run->ahead[run->next_ahead++];
	run->head = (str *)(uintptr_t)run->at_row.cell;
	run->n_head = run->at_row.n;
	run->at = NEW_N(&run->lasting, int, k->n + 1);
	import_match(&run->lasting, k, run->head, run->n_head, run->job->map, run->at);
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < k->n; i++)
		csv_put(&b, str_c(k->col[i].name), i == 0);
	run->done.head = arena_str(&run->lasting, (str){ b.p, b.n });
	buf_free(&b);
	for (size_t i = 0; i < k->n; i++)
		if (k->col[i].required && run->at[i] < 0)
			return fail_field(&run->c, "file", N_("No heading is the column “{1}”. Say which one is."), k->col[i].name);
	return ERR_OK;
}

static enum err run_table(struct import_run *run)
{
	const char *why;

	run->sheet = sheet_open(run->job->path, &why);
	if (!run->sheet)
		return fail_field(&run->c, "file", why);
	TRY(find_heads(run));
	while (next_row(run))
		TRY(take_row(run));
	TRY(flush(run));
	TRY(flush_held(run));
	return run->sheet->error ? fail_field(&run->c, "file", N_("Line {1}: {2}"), run->sheet->line, tr(&run->c, run->sheet->error)) : ERR_OK;
}

/* The trial of a tree does the work in one write and takes it back; an engine may want it done over. */
static enum err run_trial(struct ctx *c, void *arg)
{
	struct import_run *run = arg;

	if (run->sheet)
		sheet_close(run->sheet);
	run->sheet = NULL;
	run->done = (struct import_done){ 0 };
	run->n_ahead = run->n_row = run->n_pending = run->n_held = 0;
	run->again = run->last = run->tried = false;
	TRY(run_table(run));
	run->tried = true;
	return fail(c, ERR_CONFLICT, NULL);
}

struct whole { struct import_run *run; str bytes; bool fine; };

static enum err take_file(struct ctx *c, void *arg)
{
	struct whole *w = arg;

	TRY(w->run->kind->file(c, w->run, w->bytes));
	w->fine = true;
	return w->run->job->dry ? ERR_CONFLICT : ERR_OK;
}

static enum err run_whole(struct import_run *run)
{
	struct whole w = { .run = run };
	gzFile g = gzopen(run->job->path, "rb");
	char piece[1 << 15];
	struct buf b;
	enum err e;
	int n;

	if (!g)
		return fail_field(&run->c, "file", N_("The file cannot be read."));
	buf_init(&b, WHOLE_MAX);
	while ((n = gzread(g, piece, sizeof piece)) > 0)
		buf_put(&b, piece, (size_t)n);
	gzclose(g);
	w.bytes = (str){ b.p, b.n };
	e = b.overflow ? fail(&run->c, ERR_TOO_LARGE, NULL) : db_write(run->db, &run->c, take_file, &w);
	buf_free(&b);
	if (w.fine)
		run->done.added++;
	return run->job->dry && w.fine ? ERR_OK : e;
}

/* What failed is told in the caller's memory: ours goes. */
static void hand_back(struct ctx *c, const struct import_run *run)
{
	c->diag = run->c.diag;
	for (size_t i = 0; i < DIAG_ARGS; i++)
		c->diag.arg[i].s = arena_str(c->a, c->diag.arg[i].s);
	for (size_t i = 0; i < c->diag.n; i++)
		for (size_t k = 0; k < DIAG_ARGS; k++)
			c->diag.f[i].arg[k].s = arena_str(c->a, c->diag.f[i].arg[k].s);
}

enum err import_run(struct ctx *c, struct db *db, const struct import_job *j, struct import_done *ret)
{
	struct import_run run = { .job = j, .kind = j->kind, .db = db, .c = *c };
	enum err e;

	arena_init(&run.work, 256 << 20);
	arena_init(&run.lasting, 64 << 20);
	arena_init(&run.keep, 256 << 20);
	arena_init(&run.chunk, 512 << 20);
	run.c.a = &run.work;
	run.chunk_rows = j->chunk ? j->chunk : CHUNK;
	run.known = NEW_N(&run.lasting, struct known, KNOWN_SLOTS);
	run.row = NEW_N(&run.lasting, struct import_row, CHUNK * 4);
	run.pending = NEW_N(&run.lasting, struct import_note, CHUNK * 4);
	run.held = NEW_N(&run.lasting, struct import_row, j->kind->again ? HELD : 1);
	if (j->kind->file)
		e = run_whole(&run);
	else if (j->dry && j->kind->again)
		e = db_write(db, &run.c, run_trial, &run), e = run.tried ? ERR_OK : e;
	else
		e = run_table(&run);
	if (e)
		hand_back(c, &run);
	if (run.sheet)
		sheet_close(run.sheet);
	*ret = run.done;
	ret->head = arena_str(c->a, run.done.head);
	arena_free(&run.work);
	arena_free(&run.lasting);
	arena_free(&run.keep);
	arena_free(&run.chunk);
	return e;
}
