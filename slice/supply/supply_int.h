/* supply_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/supply/supply.h"
#include "supply.sql.h"
/* Who buys and counts sees their place and what is below; NOT_FOUND for everybody else. */
MUST enum err supply_sight(struct ctx *c, struct in_sight *ret);
