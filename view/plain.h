/* plain.h — what the renderers of view/ share. */
#pragma once
#include "view/view.h"
/* A scalar as programs read it: RFC 3339, 2026-11-22, 1234.50, true; for_input: an instant as <input type=datetime-local> wants it.
 * Lives in c->a or where v's text does. */
str plain(const struct ctx *c, struct val v, bool for_input);
/* Structs and lists inside a struct. NULL object = absent. */
const void *field_sub(const struct field *f, const void *obj);
const char *field_list(const struct field *f, const void *obj, size_t *ret_n);
