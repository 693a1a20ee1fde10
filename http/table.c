/* table.c — a model as CSV or XLSX. */
#include "http/http_int.h"
#include <fcntl.h>
#include <unistd.h>

static const struct field *rows_of(const struct field *f)
{
	const struct field *hit = NULL;

	for (; f->name; f++) {
		if (f->kind == K_LIST && hit)
			return NULL;
		hit = f->kind == K_LIST ? f : hit;
	}
	return hit;
}

/* A model that holds one list is a table of that list; any other is a table of one row. */
static const struct field *table(const struct view *v, const void *model, const char **ret_row, size_t *ret_n, size_t *ret_size)
{
	const struct field *list = rows_of(v->fields);

	*ret_row = model;
	*ret_n = 1;
	*ret_size = v->size;
	if (!list)
		return v->fields;
	memcpy(ret_row, (const char *)model + list->off, sizeof *ret_row);
	memcpy(ret_n, (const char *)model + list->off_n, sizeof *ret_n);
	*ret_size = list->size;
	return list->sub;
}

static void as_csv(struct exchange *x, const struct view *v, const void *model)
{
	const char *row;
	size_t n, size;
	const struct field *f = table(v, model, &row, &n, &size);

	csv_head(&x->ans.o, &x->c, f);
	for (size_t i = 0; i < n; i++)
		csv_row(&x->ans.o, &x->c, f, row + i * size);
	answer_head(x, S("Content-Type"), S("text/csv; charset=utf-8"));
	attachment(x, arena_fmt(&x->a, "%s.csv", v->name), false);
}

static enum err as_xlsx(struct exchange *x, const struct view *v, const void *model)
{
	str path = arena_fmt(&x->a, "%s/sheet-XXXXXX", x->sh->dir);
	int fd = mkostemp((char *)(uintptr_t)path.p, O_CLOEXEC);
	const struct field *f;
	struct xlsx *sheet;
	const char *row;
	size_t n, size;

	if (fd < 0)
		return ERR_FULL;
	close(fd);
	x->ans.file = path;
	x->ans.remove = true;
	f = table(v, model, &row, &n, &size);
	TRY(xlsx_open(&x->c, path.p, v->name, f, &sheet));
	for (size_t i = 0; i < n; i++)
		xlsx_row(sheet, &x->c, row + i * size);
	answer_head(x, S("Content-Type"), S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"));
	attachment(x, arena_fmt(&x->a, "%s.xlsx", v->name), false);
	return xlsx_close(sheet);
}

enum err respond_table(struct exchange *x, const struct view *v, const void *model)
{
	if (x->r.as == AS_XLSX)
		return as_xlsx(x, v, model);
	as_csv(x, v, model);
	return ERR_OK;
}
