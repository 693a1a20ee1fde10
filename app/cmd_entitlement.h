/* cmd_entitlement.h — `baoxiu entitlement …`. */
#pragma once
#include "base/base.h"
/* 0 all as expected, 1 differences (on out, by vector id), 2 the file or a vector cannot be read (on err, naming file, line and vector). */
int entitlement_run_file(const char *file, FILE *out, FILE *err);
