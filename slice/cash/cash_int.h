/* cash_int.h — what the files of this room share. */
#pragma once
#include "db/db.h"
#include "slice/cash/cash.h"
#include "cash.sql.h"

/* A closed period's totals against what the ledger says today. */
MUST enum err cash_period_verify(struct ctx *c, void (*found)(void *arg, str what), void *arg);
