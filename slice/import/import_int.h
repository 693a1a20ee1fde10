/* import_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/import/import.h"
#include "import.sql.h"
#include <jansson.h>

struct sheet;
enum { IMPORT_AHEAD = 20 };                            /* rows among which the headings are looked for */
struct import_raw { const str *cell; size_t n; int64_t line; };
struct import_raw import_raw_copy(struct arena *a, const struct sheet *s);
/* Text of root in a; root is given back. */
json import_json(struct arena *a, json_t *root);
/* Titles may stand above the headings: the row with most headings we know; when none is, the first more than half as full as the fullest. */
size_t import_head_row(struct arena *a, const struct import_kind *k, const struct import_raw *row, size_t n, json map);
