/* parts_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/parts/parts.h"
#include "parts.sql.h"

/* Of warehouses an engineer sees their place's and their own (org_sight); of papers and movements only what is theirs. NOT_FOUND: customers. */
MUST enum err paper_sight(struct ctx *c, struct in_sight *ret);
#define SIGHT_BINDS(s) P(org_lo, (s).org_lo), P(org_hi, (s).org_hi), P(own, (s).own)
extern const struct field part_fields_db[], serial_fields[];
