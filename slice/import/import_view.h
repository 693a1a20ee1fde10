/* import_view.h — models of the pages of tables that come in. */
#pragma once
#include "http/http.h"
#include "http/ui.h"
#include "slice/import/import.h"

struct import_file {
	int64_t id, ver, file_id, added, known, refused, progress /* records judged while it is tried or taken in; NIL */;
	str kind, name, sha256, map, map_name, why, notes;
	int state;                                     /* of import_states */
	instant created_at, state_at;
};
enum { IMPORT_BROUGHT, IMPORT_TRIED, IMPORT_DONE, IMPORT_DROPPED };
extern const char *const import_states[], *const import_state_titles[];
struct import_refused { int64_t line; str reason, record; };
/* One of our columns: which of their headings it is, and what stands under it. */
struct import_column { str column, title, heading, sample; bool required; };   /* title: as the reader's tables head it */
struct import_file_page {
	struct import_file f;                          /* first: its field table serves both */
	str title;
	struct import_column *columns; size_t n_columns;
	struct ui_option *heading; size_t n_heading;
	struct ui_option *map; size_t n_map;
	struct import_refused *refused_rows; size_t n_refused_rows;
	int64_t head_line;
	bool may_run, table;                           /* table: not a JSON file, so it has headings */
	struct req *req;
};
struct import_kind_row { str name, title; struct import_column *columns; size_t n_columns; };
struct import_list_page { struct import_file *items; size_t n; struct import_kind_row *kind; size_t n_kind; struct ui_option *option; str chosen; struct req *req; };
struct import_upload_in { str kind; struct upload *file; size_t n_file; };
struct import_act_in { int event; int64_t ver; struct import_column *columns; size_t n_columns; str map, name; };
extern const struct form import_upload_form, import_act_form, import_column_form;
/* The gate of kept files: theirs who brought them. */
MUST enum err import_file_seen(struct ctx *c, int64_t id);
