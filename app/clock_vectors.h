/* clock_vectors.h — runs a file of clock vectors, for the command and the tests. */
#pragma once
#include "base/base.h"
/* 0 all as expected, 1 differences (on out, one line each, by vector id), 2 the file cannot be used (on err, naming file, vector and key). */
int clock_run_file(const char *file, FILE *out, FILE *err);
