/* import.h — what a kind of file is: its columns, and what one record becomes. cmd_import.c reads files by these tables; a department adds a row
 * to import_kinds in app/import_kinds.c. */
#pragma once
#include "base/base.h"

struct import_col {
	const char *name;                              /* ours; also what errors and the map file call it */
	const char *also;                              /* other headings people use, blank-separated lower case, Chinese included */
	bool required;
};
/* One record: cell[i] belongs to col[i] of the kind, absent when the file has no such column; raw is the whole record as name/value pairs of JSON. */
struct import_row { const str *cell; int64_t line; json raw; };
enum import_fate { IMPORT_ADDED, IMPORT_KNOWN, IMPORT_MORE };  /* MORE: kept until the next records complete it (event logs) */
struct import_run;
struct import_kind {
	const char *name, *about;
	const struct import_col *col; size_t n;
	/* In a write. Errors name the column by fail_field. */
	enum err (*row)(struct ctx *c, struct import_run *run, const struct import_row *r, enum import_fate *ret);
	/* Group of records that belong together (event logs): text of this column changes → flush. NULL: each record alone. */
	const char *group;
	/* With group: all records of one group. */
	enum err (*rows)(struct ctx *c, struct import_run *run, const struct import_row *r, size_t n, enum import_fate *ret);
	/* Records may name others of the same file that come later (a tree): what is refused is tried again once the rest is in. */
	bool again;
	bool raw;                                      /* records are wanted whole (import_row.raw) */
	/* A file that is no table (JSON): reads it whole instead. */
	enum err (*file)(struct ctx *c, struct import_run *run, str bytes);
};
extern const struct import_kind import_orders;
extern const struct import_kind *const import_kinds[];         /* NULL-terminated */
/* Things a run looks up again and again, by text: ids of customers, divisions … Lives as long as the run. */
MUST bool import_known(struct import_run *run, const char *what, str key, int64_t *ret_id);
void import_remember(struct import_run *run, const char *what, str key, int64_t id);
/* A remark on one record that was taken nevertheless (a step that has no place here): goes to the report file as a row of its own. */
void import_remark(struct import_run *run, const struct import_row *r, str text);
str import_path(const struct import_run *run);                  /* the file's name as given */
str import_cell(const struct import_kind *k, const struct import_row *r, const char *col);
/* "120.155" to 120155000. */
MUST bool import_micro(str v, int64_t *ret);
int import_device_kind(struct arena *a, str word);             /* what people call it → enum of device.h */
