/* ruling_int.h — what the files of this room share. */
#pragma once
#include "slice/account/perm.h"
#include "slice/ruling/ruling.h"
#include "ruling.sql.h"

extern const struct field ruling_row_fields[];
