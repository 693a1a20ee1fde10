/* csv.c — structs as CSV for spreadsheets and programs. Money takes two columns: amount and currency. */
#include "view/plain.h"
#include "base/csv.h"

struct csv_out { struct out *o; const struct ctx *c; bool first; };

static void put(struct csv_out *w, str s)
{
	csv_put(&w->o->b, s, w->first);
	w->first = false;
}

static void head_cell(void *arg, const struct field *f, str name)
{
	struct csv_out *w = arg;

	put(w, name);
	if (f->kind == K_MONEY)
		put(w, arena_fmt(w->c->a, "%.*s.currency", STR_ARG(name)));
}

static void row_cell(void *arg, const struct field *f, struct val v)
{
	struct csv_out *w = arg;

	put(w, plain(w->c, v, false));
	if (f->kind == K_MONEY)
		put(w, (str){ v.cur, v.kind == K_NONE ? 0 : strnlen(v.cur, 3) });
}

void csv_head(struct out *o, const struct ctx *c, const struct field *f)
{
	struct csv_out w = { o, c, true };
	struct arena_mark m = arena_mark(c->a);

	buf_str(&o->b, S("\xEF\xBB\xBF"));      /* else spreadsheets take Chinese for Latin */
	flat_names(c->a, f, head_cell, &w);
	buf_str(&o->b, S("\r\n"));
	arena_reset(c->a, m);
}

void csv_row(struct out *o, const struct ctx *c, const struct field *f, const void *obj)
{
	struct csv_out w = { o, c, true };
	struct arena_mark m = arena_mark(c->a);

	flat_cells(f, obj, row_cell, &w);
	buf_str(&o->b, S("\r\n"));
	arena_reset(c->a, m);
}
