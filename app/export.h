/* export.h — what a kind of export is: a statement, the shape of its rows, and what is worked out for each of them. The columns are those that
 * `import` of the same kind reads. */
#pragma once
#include "db/db.h"
#include "http/http.h"

struct export_kind {
	const char *name, *about;
	const struct sql *q; bool since;               /* takes :since */
	const struct field *in;                        /* of the statement's columns */
	const struct field *out;                       /* of what is written; may show less or more */
	size_t size;
	enum err (*work_out)(struct ctx *c, void *row);/* may be NULL; texts in c->a */
};
extern const struct export_kind export_orders, export_ords;
extern const struct export_kind *const export_kinds[];         /* NULL-terminated */
extern const struct slice slice_export;                /* its statements */
str export_degrees(struct arena *a, int64_t micro);            /* 120155000 to "120.155"; absent for NIL */
