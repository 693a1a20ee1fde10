/* flat.c — a struct as one row of cells: structs inside are opened, lists counted. */
#include "view/plain.h"

enum { DEEP = 4 };                     /* structs inside structs that a row opens */

static void cells(const struct field *f, const void *obj, flat_cell *each, void *arg, int deep)
{
	size_t n;

	for (; f->name; f++) {
		if (f->kind == K_OBJ) {
			if (deep < DEEP)
				cells(f->sub, obj ? field_sub(f, obj) : NULL, each, arg, deep + 1);
		} else if (!obj) {
			each(arg, f, (struct val){ 0 });
		} else if (f->kind == K_LIST) {
			field_list(f, obj, &n);
			each(arg, f, v_uint(n));
		} else {
			each(arg, f, field_get(f, obj));
		}
	}
}

void flat_cells(const struct field *f, const void *obj, flat_cell *each, void *arg) { cells(f, obj, each, arg, 0); }

static void names(struct arena *a, const struct field *f, str prefix, flat_name *each, void *arg, int deep)
{
	for (; f->name; f++) {
		str name = prefix.n ? arena_join(a, (const str[]){ prefix, str_c(f->name) }, 2, S(".")) : str_c(f->name);

		if (f->kind != K_OBJ)
			each(arg, f, name);
		else if (deep < DEEP)
			names(a, f->sub, name, each, arg, deep + 1);
	}
}

void flat_names(struct arena *a, const struct field *f, flat_name *each, void *arg) { names(a, f, S(""), each, arg, 0); }
