/* import_kinds.h — cells that several kinds of file have. */
#pragma once
#include "slice/import/import.h"

/* "120.155" to 120155000. */
MUST bool import_micro(str v, int64_t *ret);
/* A customer by our number or their own, remembered for the run; NIL when none is named. INVALID of col. */
MUST enum err import_owner(struct ctx *c, struct import_run *run, const char *col, str no, int64_t *ret);
int import_device_kind(struct arena *a, str word);             /* what people call it → enum of device.h */
