/* import_kinds.h — cells that several kinds of file have. */
#pragma once
#include "slice/import/import.h"

/* "120.155" to 120155000. */
MUST bool import_micro(str v, int64_t *ret);
int import_device_kind(struct arena *a, str word);             /* what people call it → enum of device.h */
