/* parts_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/parts/parts.h"
#include "parts.sql.h"

/* Whose warehouses and papers the reader sees: an org and what is below; an engineer their station's and their own. */
struct parts_scope { str org_lo, org_hi; int64_t own; };
MUST enum err parts_scope(struct ctx *c, struct parts_scope *ret);     /* NOT_FOUND: nothing at all */
#define SCOPE_BINDS(s) P(org_lo, (s).org_lo), P(org_hi, (s).org_hi), P(own, (s).own)
extern const struct field part_fields_db[], serial_fields[];
