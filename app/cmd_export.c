/* cmd_export.c — `baoxiu export KIND`: rows stream from the database to a file or stdout; memory does not grow with them. */
#include "app/cmd.h"
#include "app/export.h"
#include "app/house.h"
#include "base/csv.h"
#include "base/i18n.h"
#include "base/time.h"
#include "export.sql.h"
#include "view/view.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { FLUSH_AT = 1 << 16, ROOM = 16 << 20 };
enum export_form { FORM_CSV, FORM_JSON, FORM_XLSX };
static const char *const form_names[] = { "csv", "json", "xlsx", NULL };

struct export {
	const struct export_kind *kind;
	enum export_form form;
	bool plain;                                    /* cells as they are, formulas too */
	struct house h;
	struct out o;
	FILE *f;
	struct xlsx *x;
	int64_t rows, told_us;
	bool tty;
};

static const struct db_schema export_schema = { "export", export_migrations, export_statements };
const struct slice slice_export = { .name = "export", .schema = &export_schema };

/* ---- one row in each form ---- */

static enum err drain(struct export *e)
{
	bool bad = e->o.b.overflow || fwrite(e->o.b.p, 1, e->o.b.n, e->f) != e->o.b.n;

	buf_clear(&e->o.b);
	return bad ? fail(&e->h.c, ERR_FULL, NULL) : ERR_OK;
}

/* For programs: no apostrophe before what a spreadsheet would run. */
static void plain_row(struct out *o, struct ctx *c, const struct field *f, const void *row)
{
	struct out one;
	bool first = true;

	for (; f->name; f++, first = false) {
		struct val v = field_get(f, row);

		buf_init(&one.b, ROOM);
		if (v.kind == K_STR || v.kind == K_JSON)
			buf_str(&one.b, v.s);
		else if (v.kind != K_NONE)
			out_iso(&one, c, v);
		if (!first)
			buf_c(&o->b, ',');
		buf_c(&o->b, '"');
		for (size_t i = 0; i < one.b.n; i++) {
			if (one.b.p[i] == '"')
				buf_c(&o->b, '"');
			buf_c(&o->b, one.b.p[i]);
		}
		buf_c(&o->b, '"');
		if (f->kind == K_MONEY)
			buf_fmt(&o->b, ",%s", v.kind == K_NONE ? "" : v.cur);
		buf_free(&one.b);
	}
	buf_str(&o->b, S("\r\n"));
}

static void put_row(struct export *e, struct ctx *c, const void *row)
{
	switch (e->form) {
	case FORM_CSV:
		if (e->plain)
			plain_row(&e->o, c, e->kind->out, row);
		else
			csv_row(&e->o, c, e->kind->out, row);
		return;
	case FORM_JSON:
		buf_str(&e->o.b, e->rows ? S(",\n") : S("\n"));
		/* A list of documents is a list of documents, not of objects that hold one. */
		if (e->kind->out[0].kind == K_JSON)
			json_val(&e->o, c, field_get(&e->kind->out[0], row));
		else
			json_obj(&e->o, c, e->kind->out, row);
		return;
	case FORM_XLSX:
		xlsx_row(e->x, c, row);
		return;
	}
}

static void tell(struct export *e)
{
	int64_t now = clock_mono_us();

	if (!e->tty || now - e->told_us < 200000)
		return;
	e->told_us = now;
	fprintf(stderr, "\r\033[K%s: %lld", e->kind->name, (long long)e->rows);
}

static enum err each_row(struct ctx *c, void *row, void *arg)
{
	struct arena_mark m = arena_mark(c->a);
	struct export *e = arg;

	if (e->kind->work_out)
		TRY(e->kind->work_out(c, row));
	put_row(e, c, row);
	e->rows++;
	arena_reset(c->a, m);
	tell(e);
	return e->form != FORM_XLSX && e->o.b.n > FLUSH_AT ? drain(e) : ERR_OK;
}

/* ---- the whole ---- */

static enum err begin(struct export *e, const char *path)
{
	struct ctx *c = &e->h.c;

	switch (e->form) {
	case FORM_CSV: csv_head(&e->o, c, e->kind->out); break;
	case FORM_JSON: buf_c(&e->o.b, '['); break;
	case FORM_XLSX: return xlsx_open(c, path, e->kind->name, e->kind->out, &e->x);
	}
	return ERR_OK;
}

static enum err finish(struct export *e)
{
	if (e->form == FORM_XLSX)
		return xlsx_close(e->x);
	if (e->form == FORM_JSON)
		buf_str(&e->o.b, S("\n]\n"));
	TRY(drain(e));
	return fflush(e->f) ? fail(&e->h.c, ERR_FULL, NULL) : ERR_OK;
}

static enum err write_rows(struct export *e, const char *path, instant since)
{
	struct ctx *c = &e->h.c;

	TRY(begin(e, path));
	TRY(db_each(c, e->kind->q, e->kind->since ? BIND(P(since, since)) : BIND(), e->kind->in, e->kind->size, each_row, e));
	return finish(e);
}

/* A workbook is only written to a file: without a name, to one that goes on to stdout. */
static bool pass_on(const char *path)
{
	FILE *f = fopen(path, "rbe");
	static char piece[1 << 16];
	size_t n;
	bool done = f != NULL;

	while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
		done = done && fwrite(piece, 1, n, stdout) == n;
	if (f)
		fclose(f);
	return done && !fflush(stdout);
}

static bool run(struct export *e, const char *file, instant since)
{
	char temp[] = "/tmp/baoxiu-export-XXXXXX";
	bool to_temp = e->form == FORM_XLSX && !file;
	int fd = to_temp ? mkstemp(temp) : -1;
	enum err bad;

	if (fd >= 0)
		close(fd);
	e->f = file && e->form != FORM_XLSX ? fopen(file, "wbe") : stdout;
	if (!e->f || (to_temp && fd < 0)) {
		fprintf(stderr, "baoxiu: export: %s: %s\n", file ? file : temp, strerror(errno));
		return false;
	}
	buf_init(&e->o.b, ROOM);
	bad = db_read_begin(e->h.conn);
	if (!bad)
		bad = write_rows(e, to_temp ? temp : file, since);
	db_read_end(e->h.conn);
	buf_free(&e->o.b);
	if (e->f != stdout && fclose(e->f) && !bad)
		bad = fail(&e->h.c, ERR_FULL, NULL);
	if (!bad && to_temp && !pass_on(temp))
		bad = fail(&e->h.c, ERR_FULL, NULL);
	if (to_temp)
		unlink(temp);
	if (e->tty)
		fputs("\r\033[K", stderr);
	if (bad)
		house_complain(&e->h, "export");
	return !bad;
}

static int usage(const char *what)
{
	fprintf(stderr, "baoxiu: export: %s; the kinds are:\n", what);
	for (const struct export_kind *const *k = export_kinds; *k; k++)
		fprintf(stderr, "  %-10s %s\n", (*k)->name, (*k)->about);
	return EXIT_USAGE;
}

static const struct export_kind *kind_of(const char *name)
{
	for (const struct export_kind *const *k = export_kinds; *k; k++)
		if (!strcmp((*k)->name, name))
			return *k;
	return NULL;
}

int cmd_export(int argc, char **argv)
{
	const char *db = NULL, *data = NULL, *format = "csv", *since_text = NULL;
	struct export e = { .tty = isatty(2) && !isatty(1) };
	const struct option_row rows[] = {
		{ "--db", &db, NULL }, { "--data", &data, NULL }, { "--format", &format, NULL }, { "--since", &since_text, NULL }, { "--plain", NULL, &e.plain },
	};
	instant since = NO_INSTANT;
	int form;
	bool done;

	if (!options_take(&argc, argv, rows, LEN(rows)))
		return EXIT_USAGE;
	if (argc != 2 && argc != 3)
		return usage("it takes a kind and, if you like, a file");
	e.kind = kind_of(argv[1]);
	if (!e.kind)
		return usage("there is no such kind");
	form = name_index(form_names, str_c(format));
	if (form < 0)
		return usage_error("--format", "must be csv, json or xlsx");
	e.form = (enum export_form)form;
	if (since_text && !instant_parse(str_c(since_text), tz_get(S("Asia/Shanghai")), &since))
		return usage_error("--since", "must look like 2026-11-22 or 2026-11-22T14:30:00+08:00");
	if (since_text && !e.kind->since)
		return usage_error("--since", "rows of this kind have no time");
	if (!house_open(&e.h, db, data))
		return EXIT_DIFFERENT;
	db_patient(e.h.db);
	db_conn_close(e.h.conn);
	done = !db_conn_open(e.h.db, &e.h.conn);
	if (done) {
		house_renew(&e.h);
		done = run(&e, argc == 3 ? argv[2] : NULL, since);
	}
	house_close(&e.h);
	return done ? EXIT_DONE : EXIT_DIFFERENT;
}
