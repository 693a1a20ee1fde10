/* import.h — tables that come in: what a kind of file is, which heading means which column, and how a file becomes records. [A3]
 *
 * A department that takes lists declares a `struct import_kind` and has it entered in import_kinds (app/import_kinds.c); the page /imports and
 * the command `import` then take its files as people have them: CSV or XLSX, Chinese or English headings, a title above the headings.
 * Which heading means what is proposed from `also`, corrected by a person and kept under a name for the next file (import_map).
 * Owns import_map, import_file. */
#pragma once
#include "base/base.h"

struct db;
struct import_run;

struct import_col {
	const char *name;                              /* ours; also what errors and the map call it */
	const char *also;                              /* other headings people use, blank-separated lower case, Chinese included */
	bool required;
};
/* One record: cell[i] belongs to col[i] of the kind, absent when the file has no such column; raw is the whole record as name/value pairs of JSON. */
struct import_row { const str *cell; int64_t line; json raw; };
enum import_fate { IMPORT_ADDED, IMPORT_KNOWN, IMPORT_MORE };  /* MORE: kept until the next records complete it (event logs) */
struct import_kind {
	const char *name, *about;                      /* about: N_() */
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
	uint64_t need;                                 /* permission to import it on the page; 0: PERM_IMPORT */
};
extern const struct import_kind *const import_kinds[];         /* NULL-terminated; the app's list */
const struct import_kind *import_kind_of(str name);            /* NULL: no such kind */

/* Things a run looks up again and again, by text: ids of customers, divisions … Lives as long as the run. */
MUST bool import_known(struct import_run *run, const char *what, str key, int64_t *ret_id);
void import_remember(struct import_run *run, const char *what, str key, int64_t id);
/* A remark on one record that was taken nevertheless (a step that has no place here): goes to the report file as a row of its own. */
void import_remark(struct import_run *run, const struct import_row *r, str text);
str import_path(const struct import_run *run);                  /* the file's name as given */
str import_cell(const struct import_kind *k, const struct import_row *r, const char *col);

/* ---- headings ---- */
/* How a heading is compared: folded, without blanks, stars and what stands in brackets: "备件编号（必填）*" is "备件编号", "Part No." is "part_no". */
str import_heading(struct arena *a, str head);
/* at[i]: index of the heading that is column i of k, -1 none. map: JSON {"their heading": "our column"}, "" leaves a heading out; absent: by name alone. */
void import_match(struct arena *a, const struct import_kind *k, const str *head, size_t n, json map, int *at);
/* What a file looks like: where its headings stand, which column each is, and the first records. */
struct import_sample { const str *cell; };                      /* a cell a heading */
struct import_look { str *head; size_t n; int64_t line; int *at; str missing /* first required column without a heading; absent: none */; struct import_sample *row; size_t n_row; };
/* INVALID of "file": not a table. Reads the file only. */
MUST enum err import_look(struct ctx *c, const struct import_kind *k, const char *path, json map, struct import_look *ret);

/* ---- kept maps, by kind and name ---- */
struct import_map { int64_t id; str kind, name, body; instant at; };
MUST enum err import_map_put(struct ctx *c, const struct import_kind *k, str name, str body);  /* adds or replaces; INVALID of "name" */
MUST enum err import_map_get(struct ctx *c, const struct import_kind *k, str name, json *ret); /* NOT_FOUND */
MUST enum err import_map_list(struct ctx *c, const struct import_kind *k, struct import_map **ret, size_t *ret_n);     /* by name, at most 200 */
MUST enum err import_map_drop(struct ctx *c, int64_t id);

/* ---- running ---- */
struct import_note { int64_t line; str reason, record; };       /* record: the cells as CSV */
struct import_done { int64_t added, known, refused, remarks; str head /* our columns as CSV, for a list of what was refused */; };
struct import_job {
	const struct import_kind *kind;
	const char *path;
	json map;
	bool dry;                                      /* does the work and takes it back, chunk by chunk: a record that leans on one far above is judged without it; trees in one write */
	size_t chunk;                                  /* records a write, so that others write in between; 0: 1000 */
	void (*note)(void *arg, const struct import_note *n, const struct import_done *d);     /* what was refused, once it is certain; text lives for the call */
	void (*tell)(void *arg, const struct import_done *d);          /* now and then */
	void *arg;
};
/* Chunks are committed whole; within one, what is refused is left out alone. Outside a write; opens its own on db.
 * INVALID of "file": not a table, or a required column is missing; what was read before damage stands. */
MUST enum err import_run(struct ctx *c, struct db *db, const struct import_job *j, struct import_done *ret);
