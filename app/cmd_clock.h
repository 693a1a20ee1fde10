/* cmd_clock.h — `baoxiu clock …`. */
#pragma once
#include "base/base.h"
int cmd_clock(int argc, char **argv);                  /* argv[0] is "clock"; the process's exit code */
/* 0 all as expected, 1 differences (on out, one line each, by vector id), 2 the file cannot be used (on err, naming file, vector and key). */
int clock_run_file(const char *file, FILE *out, FILE *err);
