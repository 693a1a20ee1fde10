/* import_file.h — what the page does with a file; none of it inside a write, each opens its own. */
#pragma once
#include "slice/import/import_int.h"
#include "slice/import/import_view.h"

bool import_may(const struct ctx *c, const struct import_kind *k);
/* NOT_FOUND: not theirs, or a kind they may not import. */
MUST enum err import_file_get(struct ctx *c, int64_t id, struct import_file *ret, const struct import_kind **ret_kind);
MUST enum err import_file_list(struct ctx *c, size_t max, struct import_file **ret, size_t *ret_n);    /* the reader's, newest first */
str import_file_path(struct ctx *c, const struct import_file *f);      /* where it lies, NUL-terminated */
/* Keeps the file. */
MUST enum err import_file_add(struct ctx *c, const struct import_kind *k, const struct upload *u, int64_t *ret_id);
/* By f->map, a file not tried yet by a kept map that fits: a trial, or for good, in short writes; the result is stored. CONFLICT: stale. */
MUST enum err import_file_run(struct ctx *c, const struct import_kind *k, struct import_file *f, bool dry);
MUST enum err import_file_drop(struct ctx *c, struct import_file *f);
