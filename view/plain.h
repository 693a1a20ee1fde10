/* plain.h — what the renderers of view/ share. */
#pragma once
#include "view/view.h"
/* A scalar as programs read it: RFC 3339, 2026-11-22, 1234.50, true; for_input: an instant as <input type=datetime-local> wants it.
 * Lives in c->a or where v's text does. */
str plain(const struct ctx *c, struct val v, bool for_input);
/* Structs and lists inside a struct. NULL object = absent. */
const void *field_sub(const struct field *f, const void *obj);
const char *field_list(const struct field *f, const void *obj, size_t *ret_n);
/* A struct as one row: structs inside are opened (names joined by a dot), lists counted. Names and cells come in the same order. */
typedef void flat_cell(void *arg, const struct field *f, struct val v);
void flat_cells(const struct field *f, const void *obj, flat_cell *each, void *arg);
typedef void flat_name(void *arg, const struct field *f, str name);
void flat_names(struct arena *a, const struct field *f, flat_name *each, void *arg);
